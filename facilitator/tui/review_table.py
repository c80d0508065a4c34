"""The list of sessions on the screen: a window on a list of any length, which asks for the pages it shows.

The framework's table holds every row; a hundred thousand of them take it a minute. This one holds the pages that were
looked at last and draws the lines in sight.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.events import Click, Resize
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

if TYPE_CHECKING:
    from simulator.discretion import Listed
    from simulator.log.listing import Sort

PAGE = 100  # rows asked for at once
KEPT = 20  # pages held
GAP = 2


class Column(NamedTuple):
    """A column: its heading, its width in cells, what it shows, and by what it sorts, if it does."""

    title: str
    width: int
    cell: Callable[[Listed], str]
    sort: Sort | None = None


def _agencies(row: Listed) -> str:
    return ", ".join(sorted({place.agency for place in row.seats if place.agency}, key=str.casefold))


COLUMNS = (
    Column("Began", 16, lambda row: f"{row.created.astimezone():%Y-%m-%d %H:%M}", "began"),
    Column("Scenario", 20, lambda row: row.title, "scenario"),
    Column("Agencies", 26, _agencies, "agency"),
    Column("Workshop", 22, lambda row: row.workshop, "workshop"),
    Column("Agreement", 14, lambda row: row.mou, "mou"),
    Column("Law", 12, lambda row: row.jurisdiction, "jurisdiction"),
    Column("State", 10, lambda row: "finished" if row.finished else "unfinished", "state"),
    Column("Who", 24, lambda row: row.who),
    Column("Session", 8, lambda row: row.id[:8]),
)
SORTED = tuple(column for column in COLUMNS if column.sort)  # numbered: a digit sorts by one
WIDTH = sum(column.width + GAP for column in COLUMNS) + GAP


class SessionTable(ScrollView, can_focus=True):
    """Lines of sessions. The line the cursor stands on has ▶ before it; ▲ or ▼ is beside the heading it is sorted by."""

    DEFAULT_CSS = """
    SessionTable {
        background: $background; scrollbar-size-vertical: 1;
        .table--head { color: $primary; text-style: bold; background: $surface; }
        .table--row { color: $foreground; }
        .table--other { color: $foreground; background: $surface; }
        .table--quiet { color: $quiet; }
        .table--cursor { background: $block-cursor-background; color: $block-cursor-foreground; text-style: bold; }
        .table--blurred { background: $block-cursor-blurred-background; color: $block-cursor-blurred-foreground; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"table--{name}" for name in ("head", "row", "other", "quiet", "cursor", "blurred")
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move(1)", "Down", id="table.down", tooltip="To the next session", show=False),
        Binding("up", "move(-1)", "Up", id="table.up", tooltip="To the session before", show=False),
        Binding("pagedown", "leaf(1)", "Page down", id="table.leaf-down", tooltip="A screenful on", show=False),
        Binding("pageup", "leaf(-1)", "Page up", id="table.leaf-up", tooltip="A screenful back", show=False),
        Binding("home", "stand(0)", "First", id="table.first", tooltip="To the first session", show=False),
        Binding("end", "stand(-1)", "Last", id="table.last", tooltip="To the last session", show=False),
        Binding("right", "aside(1)", "Right", id="table.right", tooltip="The columns on the right", show=False),
        Binding("left", "aside(-1)", "Left", id="table.left", tooltip="The columns on the left", show=False),
        Binding("enter", "open", "Open", id="table.open", tooltip="Open the session as its debrief", show=False),
    ]

    class Asked(Message):
        """A page is in sight that is not held. `reading`: which list it belongs to."""

        def __init__(self, reading: int, page: int):
            super().__init__()
            self.reading, self.page = reading, page

    class Opened(Message):
        """Somebody wants to see a session."""

        def __init__(self, session: str):
            super().__init__()
            self.session = session

    class Headed(Message):
        """A heading was clicked that the list can be sorted by."""

        def __init__(self, sort: Sort):
            super().__init__()
            self.sort = sort

    def __init__(self, id: str | None = None):
        super().__init__(id=id)
        self.total = 0
        self.cursor = 0
        self.reading = 0
        self._sort: tuple[Sort, bool] = ("began", True)
        self._pages: OrderedDict[int, Sequence[Listed]] = OrderedDict()
        self._awaited: int | None = None
        self._styles: dict[str, Style] = {}

    def show(self, total: int, first: Sequence[Listed], page: int, sort: Sort, descending: bool, cursor: int) -> None:
        """Begin with another list: how long it is, one page of it, and where the cursor is to stand."""
        self.reading += 1
        self._sort = (sort, descending)
        self._pages.clear()
        self._pages[page] = first
        self._awaited = None
        self.total = total
        self.virtual_size = Size(WIDTH, total + 1)
        self.cursor = min(cursor, max(total - 1, 0))
        self.call_after_refresh(self._keep_in_sight)
        self.refresh()

    def put(self, reading: int, page: int, rows: Sequence[Listed]) -> None:
        """A page that was asked for; one of an earlier list is dropped."""
        if reading != self.reading:
            return
        self._awaited = None
        self._pages[page] = rows
        while len(self._pages) > KEPT:
            self._pages.popitem(last=False)
        self.refresh()
        self._ask()

    def give_up(self) -> None:
        """The page that was asked for will not come; moving on asks again."""
        self._awaited = None

    @property
    def current(self) -> Listed | None:
        """The session the cursor stands on, if its page has come."""
        return self._row(self.cursor)

    def _row(self, number: int) -> Listed | None:
        page, at = divmod(number, PAGE)
        rows = self._pages.get(page, ())
        return rows[at] if number < self.total and at < len(rows) else None

    def _ask(self) -> None:
        """Ask for a page in sight that is not held, one at a time: who races through the list waits for the end alone."""
        if self._awaited is not None or not self.total:
            return
        top = self.scroll_offset.y
        last = min(top + max(self._room, 1), self.total) - 1
        for page in range(top // PAGE, last // PAGE + 1):
            if page in self._pages:
                self._pages.move_to_end(page)
            else:
                self._awaited = page
                self.post_message(self.Asked(self.reading, page))
                return

    @property
    def _room(self) -> int:
        """Lines for sessions, below the headings."""
        return self.scrollable_content_region.height - 1

    # --- drawing ------------------------------------------------------------------------------------------------

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._styles.clear()  # light or dark

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._ask()

    def on_resize(self, event: Resize) -> None:
        self.call_after_refresh(self._keep_in_sight)

    def render_line(self, y: int) -> Strip:
        left, top = self.scroll_offset
        width = self.size.width
        if y == 0:
            mark, text, style = "", self._headings(), self._named("head")
        else:
            mark, text, style = self._line(top + y - 1)
        # The mark stays where it is while the columns move under it: without colour it is all there is.
        cells = Strip([Segment(set_cell_size(text, max(WIDTH, left + width)), style)])
        return Strip([Segment(set_cell_size(mark, GAP), style), *cells.crop(left, left + width - GAP)])

    def _headings(self) -> str:
        sort, descending = self._sort
        number, parts = 0, []
        for column in COLUMNS:
            title = column.title
            if column.sort:
                number += 1
                title = f"{number} {title}" + (f" {'▼' if descending else '▲'}" if column.sort == sort else "")
            parts.append(_fit(title, column.width))
        return (" " * GAP).join(parts)

    def _line(self, number: int) -> tuple[str, str, Style]:
        if number >= self.total:
            return "", "", self._named("row")
        row, here = self._row(number), number == self.cursor
        cells = [_fit(column.cell(row), column.width) for column in COLUMNS] if row else ["…"]
        style = ("cursor" if self.has_focus else "blurred") if here else "quiet" if row is None else "row"
        if style == "row" and number % 2:
            style = "other"
        return "▶" if here else "", (" " * GAP).join(cells), self._named(style)

    def _named(self, name: str) -> Style:
        if name not in self._styles:
            self._styles[name] = self.get_component_rich_style(f"table--{name}")
        return self._styles[name]

    # --- moving -------------------------------------------------------------------------------------------------

    def action_move(self, by: int) -> None:
        self._stand(self.cursor + by)

    def action_leaf(self, by: int) -> None:
        self._stand(self.cursor + by * max(self._room - 1, 1))

    def action_stand(self, number: int) -> None:
        self._stand(number if number >= 0 else self.total - 1)

    def action_aside(self, by: int) -> None:
        """On to the next column that does not stand at the edge yet."""
        left = round(self.scroll_target_x)
        edges, edge = [0], 0
        for column in COLUMNS:
            edge += column.width + GAP
            edges.append(edge)
        found = [each for each in edges if (each > left if by > 0 else each < left)]
        if found:
            self.scroll_to(x=min(found) if by > 0 else max(found), animate=False)

    def action_open(self) -> None:
        row = self.current
        if row is not None:
            self.post_message(self.Opened(row.id))

    def _stand(self, number: int) -> None:
        if self.total:
            self.cursor = min(max(number, 0), self.total - 1)
            self._keep_in_sight()
            self.refresh()

    def _keep_in_sight(self) -> None:
        top, room = self.scroll_offset.y, max(self._room, 1)
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False)
        elif self.cursor >= top + room:
            self.scroll_to(y=self.cursor - room + 1, animate=False)
        self._ask()

    def on_click(self, event: Click) -> None:
        if event.y == 0:
            self._head(event.x - GAP + self.scroll_offset.x)
            return
        number = event.y - 1 + self.scroll_offset.y
        if number >= self.total:
            return
        if number == self.cursor:
            self.action_open()
        else:
            self._stand(number)

    def _head(self, x: int) -> None:
        edge = 0
        for column in COLUMNS:
            if edge <= x < edge + column.width and column.sort:
                self.post_message(self.Headed(column.sort))
                return
            edge += column.width + GAP


def _fit(text: str, width: int) -> str:
    """The text in exactly so many cells, on one line, with … where it goes on."""
    flat = "".join(each if each.isprintable() else " " for each in text)
    return set_cell_size(flat, width) if cell_len(flat) <= width else set_cell_size(flat, width - 1) + "…"
