"""The map itself: a window on a chart's cells, with one scene selected."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.events import Click
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from facilitator.chart import Chart
from facilitator.chart_cells import Cells, Piece
from facilitator.lenses import Lens


class MapCanvas(ScrollView, can_focus=True):
    """Draws only the rows that are seen. The selected scene has ▶ at its corner, a found one ◆ at its end."""

    DEFAULT_CSS = """
    MapCanvas {
        background: $background;
        .map--line { color: $quiet; }
        .map--way { color: $primary; text-style: bold; }
        .map--name { color: $foreground; }
        .map--words { color: $quiet; }
        .map--selected { background: $block-cursor-background; color: $block-cursor-foreground; text-style: bold; }
        .map--first { color: $primary; }
        .map--second { color: $accent; }
        .map--third { color: $success; }
        .map--fourth { color: $secondary; }
        .map--good { color: $success; }
        .map--attention { color: $warning; }
        .map--bad { color: $error; }
        .map--quiet { color: $quiet; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"map--{name}"
        for name in (
            "line", "way", "name", "words", "selected", "first", "second", "third", "fourth", "good", "attention", "bad",
            "quiet",
        )
    }  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "along('down')", "On", id="map.down", tooltip="To a scene that this one leads to", show=False),
        Binding("up", "along('up')", "Back", id="map.up", tooltip="To a scene that leads here", show=False),
        Binding("left", "along('left')", "Left", id="map.left", tooltip="To the scene on the left", show=False),
        Binding("right", "along('right')", "Right", id="map.right", tooltip="To the scene on the right", show=False),
        Binding("home", "ends(True)", "First", id="map.first", tooltip="To the opening", show=False),
        Binding("end", "ends(False)", "Last", id="map.last", tooltip="To the last ending", show=False),
        Binding("enter", "open", "Card", id="map.open", tooltip="Everything about the selected scene", show=False),
    ]

    class Moved(Message):
        """Another scene is selected."""

        def __init__(self, scene: str):
            super().__init__()
            self.scene = scene

    class Opened(Message):
        """Somebody wants to read the selected scene."""

        def __init__(self, scene: str):
            super().__init__()
            self.scene = scene

    def __init__(self, id: str | None = None):
        super().__init__(id=id)
        self._chart: Chart | None = None
        self._lens: Lens | None = None
        self._cells: Cells | None = None
        self._rows: dict[int, tuple[Piece, ...]] = {}
        self._styles: dict[str, Style] = {}
        self._trail: list[str] = []  # the scenes we came down through, so that “up” goes back the same way
        self.selected = ""
        self.found: frozenset[str] = frozenset()

    def show(self, chart: Chart, lens: Lens, cells: Cells, selected: str) -> None:
        """Draw this chart, with this scene selected and in sight."""
        self._chart, self._lens, self._cells = chart, lens, cells
        self._rows.clear()
        self.virtual_size = Size(cells.width, cells.height)
        self.select(selected)

    def select(self, scene: str) -> None:
        self.selected = scene
        if self._cells is None:
            return
        self.call_after_refresh(self._keep_in_sight)
        self.refresh()

    def _keep_in_sight(self) -> None:
        """Bring the selected scene to the middle when it stands near an edge of the window, or outside of it."""
        if self._cells is None:
            return
        box = self._cells.plan.boxes[self.selected]
        window = self.scrollable_content_region.size
        left, top = self.scroll_offset
        aside, above = window.width // 5, 4
        if not left + aside <= box.x <= box.x + box.width <= left + window.width - aside:
            left = box.centre - window.width // 2
        if not top + above <= box.y <= box.y + box.height <= top + window.height - above:
            top = box.y + box.height // 2 - window.height // 2
        self.scroll_to(left, top, animate=False)

    def mark_found(self, scenes: Iterable[str]) -> None:
        self.found = frozenset(scenes)
        self.refresh()

    # --- drawing ------------------------------------------------------------------------------------------------

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._styles.clear()  # light or dark

    def render_line(self, y: int) -> Strip:
        left, top = self.scroll_offset
        width = self.size.width
        ground = self.rich_style
        segments: list[Segment] = []
        column = 0
        for piece in self._row(top + y):
            end = column + cell_len(piece.text)
            if end > left and column < left + width:
                segments.append(Segment(piece.text, ground + self._style(piece)))
            elif end <= left:
                segments.append(Segment(" " * (end - column), ground))
            column = end
        return Strip(segments, column).crop_extend(left, left + width, ground)

    def _row(self, number: int) -> tuple[Piece, ...]:
        if self._cells is None or number >= self._cells.height:
            return ()
        if number not in self._rows:
            self._rows[number] = self._cells.row(number)
        pieces = self._rows[number]
        firsts = [
            box
            for scene in {self.selected, *self.found}
            if (box := self._cells.plan.boxes.get(scene)) and box.y == number
        ]
        return self._marked(pieces) if firsts else pieces

    def _marked(self, pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
        """The first row of some box that is selected or found, with the marks that say so without colour."""
        drawn: list[Piece] = []
        for index, piece in enumerate(pieces):
            scene = piece.scenes[0] if piece.scenes and piece.role == "frame" else ""
            begins = scene and (index == 0 or pieces[index - 1].scenes != piece.scenes)
            ends = scene and (index + 1 == len(pieces) or pieces[index + 1].scenes != piece.scenes)
            text = piece.text
            if begins and scene == self.selected:
                text = "▶" + text[1:]
            if ends and not begins and scene in self.found:
                text = text[:-1] + "◆"
            drawn.append(Piece(text, piece.role, piece.scenes))
        return tuple(drawn)

    def _style(self, piece: Piece) -> Style:
        if piece.role == "gap":
            return Style.null()
        if piece.role == "line":
            return self._named("way" if self.selected in piece.scenes else "line")
        scene = piece.scenes[0]
        if scene == self.selected:
            return self._named("selected")
        if piece.role in ("frame", "mark") and self._lens is not None:
            style = self._named(self._lens.marks[scene].tone)
            return style + Style(bold=True) if piece.role == "mark" else style
        return self._named(piece.role)

    def _named(self, name: str) -> Style:
        if name not in self._styles:
            self._styles[name] = self.get_component_rich_style(f"map--{name}", partial=True)
        return self._styles[name]

    # --- moving -------------------------------------------------------------------------------------------------

    def action_along(self, direction: str) -> None:
        if self._chart is None or self._cells is None:
            return
        target = self._beside(direction) if direction in ("left", "right") else self._next(direction == "down")
        if target is not None:
            self._move(target)

    def _next(self, down: bool) -> str | None:
        """The scene that a way leads to, or comes from: where we came from if that is one, else the nearest."""
        assert self._chart is not None
        chart, back = self._chart, self._chart.leading_back
        if down:
            found = [each for each in chart.after[self.selected] if (self.selected, each) not in back]
            found = found or list(chart.after[self.selected])
            target = self._nearest(found)
            if target is not None:
                self._trail.append(self.selected)
            return target
        found = [each for each in chart.before[self.selected] if (each, self.selected) not in back]
        while self._trail:
            before = self._trail.pop()
            if before in found:
                return before
        return self._nearest(found)

    def _beside(self, direction: str) -> str | None:
        assert self._chart is not None and self._cells is not None
        boxes = self._cells.plan.boxes
        layer = next(layer for layer in self._chart.layers if self.selected in layer)
        row = sorted(layer, key=lambda scene: boxes[scene].x)
        index = row.index(self.selected) + (1 if direction == "right" else -1)
        return row[index] if 0 <= index < len(row) else None

    def _nearest(self, scenes: list[str]) -> str | None:
        assert self._cells is not None
        boxes = self._cells.plan.boxes
        here = boxes[self.selected].centre
        return min(scenes, key=lambda scene: (abs(boxes[scene].centre - here), boxes[scene].x), default=None)

    def action_ends(self, first: bool) -> None:
        if self._chart is not None:
            self._move(self._chart.opening if first else self._chart.order[-1])

    def action_open(self) -> None:
        if self._chart is not None:
            self.post_message(self.Opened(self.selected))

    def on_click(self, event: Click) -> None:
        if self._cells is None:
            return
        x, y = event.x + self.scroll_offset.x, event.y + self.scroll_offset.y
        for scene, box in self._cells.plan.boxes.items():
            if box.x <= x < box.x + box.width and box.y <= y < box.y + box.height:
                if scene == self.selected:
                    self.action_open()
                else:
                    self._move(scene)
                return

    def _move(self, scene: str) -> None:
        self.select(scene)
        self.post_message(self.Moved(scene))
