"""A chart as cells of a terminal: boxes with their words, lines made of box-drawing characters. No colours: roles.

Nothing is painted that nobody looks at: a row is made when it is asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from rich.cells import cell_len, set_cell_size

from facilitator.chart import Chart, Kind
from facilitator.chart_layout import Plan, Stroke, plan
from facilitator.lenses import Lens

Zoom = Literal["ids", "titles", "all"]
Role = Literal["gap", "line", "frame", "mark", "name", "words"]
ZOOMS: tuple[Zoom, ...] = ("ids", "titles", "all")

_UP, _DOWN, _LEFT, _RIGHT = 1, 2, 4, 8
_ACROSS = _LEFT | _RIGHT
_GLYPHS = " ╵╷│╴┘┐┤╶└┌├─┴┬┼"
_TIP = "▼"
_BACK = "↺"
_FRAMES: dict[Kind, tuple[str, ...]] = {
    "decision": tuple("┌─┐│└┘"),
    "together": tuple("╔═╗║╚╝"),
    "chance": tuple("╭╌╮┊╰╯"),
    "narration": tuple("╭─╮│╰╯"),
    "ending": tuple("┏━┓┃┗┛"),
}
_BRACKETS: dict[Kind, str] = {"decision": "[]", "together": "{}", "chance": "<>", "narration": "()", "ending": "┃┃"}
_WIDEST: dict[Zoom, int] = {"ids": 26, "titles": 22, "all": 40}


@dataclass(frozen=True, slots=True)
class Piece:
    """Some cells of a row. `scenes`: the one they belong to; for a line, those it comes from; none between."""

    text: str
    role: Role
    scenes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cells:
    """A chart at one zoom, through one lens."""

    plan: Plan
    drawn: Mapping[str, tuple[tuple[Piece, ...], ...]]  # scene → the rows of its box, each as wide as the box

    @property
    def width(self) -> int:
        return self.plan.width

    @property
    def height(self) -> int:
        return self.plan.height

    def row(self, y: int) -> tuple[Piece, ...]:
        """One row from its first column to the last that shows anything."""
        pieces: list[Piece] = []
        column = 0
        for x, found in sorted([*self._boxes[y], *self._line(y)], key=lambda each: each[0]):
            if x < column:
                continue
            if x > column:
                pieces.append(Piece(" " * (x - column), "gap"))
            pieces += found
            column = x + sum(cell_len(piece.text) for piece in found)
        return tuple(pieces)

    @cached_property
    def _boxes(self) -> Mapping[int, list[tuple[int, tuple[Piece, ...]]]]:
        rows: defaultdict[int, list[tuple[int, tuple[Piece, ...]]]] = defaultdict(list)
        for scene, box in self.plan.boxes.items():
            for number, pieces in enumerate(self.drawn[scene]):
                rows[box.y + number].append((box.x, pieces))
        return rows

    @cached_property
    def _across(self) -> Mapping[int, list[Stroke]]:
        rows: defaultdict[int, list[Stroke]] = defaultdict(list)
        for stroke in self.plan.strokes:
            for y in range(stroke.y1, stroke.y2 + 1):
                rows[y].append(stroke)
        return rows

    def _line(self, y: int) -> list[tuple[int, tuple[Piece, ...]]]:
        """The line cells of a row, cell by cell."""
        here: defaultdict[int, dict[int, int]] = defaultdict(dict)  # column → net → directions
        sources: defaultdict[int, dict[str, None]] = defaultdict(dict)
        tips: set[int] = set()
        for stroke in self._across.get(y, ()):
            if stroke.x1 == stroke.x2:
                up = _UP if y > stroke.y1 or stroke.from_above else 0
                down = _DOWN if y < stroke.y2 or stroke.onward else 0
                cell = here[stroke.x1]
                cell[stroke.net] = cell.get(stroke.net, 0) | up | down
                sources[stroke.x1].update(dict.fromkeys(stroke.sources))
                if stroke.tip and y == stroke.y2:
                    tips.add(stroke.x1)
                continue
            for x in range(stroke.x1, stroke.x2 + 1):
                cell = here[x]
                ways = (_LEFT if x > stroke.x1 else 0) | (_RIGHT if x < stroke.x2 else 0)
                cell[stroke.net] = cell.get(stroke.net, 0) | ways
                sources[x].update(dict.fromkeys(stroke.sources))
        return [
            (x, (Piece(_TIP if x in tips else _glyph(cell), "line", tuple(sources[x])),))
            for x, cell in sorted(here.items())
        ]


def _glyph(nets: Mapping[int, int]) -> str:
    """The character of a cell. Where one line only passes over another, the upright one is drawn whole."""
    ways = list(nets.values())
    if len(ways) > 1 and any(way == _ACROSS for way in ways) and any(way and not way & _ACROSS for way in ways):
        ways = [way for way in ways if way != _ACROSS]
    together = 0
    for way in ways:
        together |= way
    return _GLYPHS[together]


def cells(chart: Chart, lens: Lens, zoom: Zoom) -> Cells:
    """Lay a chart out and draw its boxes."""
    returning = {source for source, _ in chart.aside}
    drawn = {scene: _box(chart, lens, zoom, scene, scene in returning) for scene in chart.scenes}
    sizes = {scene: (sum(cell_len(piece.text) for piece in rows[0]), len(rows)) for scene, rows in drawn.items()}
    return Cells(plan(chart, sizes), drawn)


def _box(chart: Chart, lens: Lens, zoom: Zoom, scene: str, back: bool) -> tuple[tuple[Piece, ...], ...]:
    """The rows of a scene's box, all of one odd width: a line can then come out of its middle."""
    kind, mark = chart.kind(scene), lens.marks[scene].letters
    if zoom == "ids":
        left, right = _BRACKETS[kind][0], _BRACKETS[kind][1]
        name = _short(scene, _WIDEST["ids"]) + (f" {_BACK}" if back else "")
        if (cell_len(mark) + cell_len(name)) % 2:
            name += " "
        return (_row(scene, (left, "frame"), (mark, "mark"), (f" {name}", "name"), (right, "frame")),)
    room = _WIDEST[zoom] - 4
    lines: list[tuple[str, Role]] = [(line, "name") for line in _wrap(chart.name(scene), room, 2)]
    if zoom == "all":
        lines += [(_short(line, room), "words") for line in _words(chart, scene)]
    tail = f" {_BACK}" if back else ""
    inner = max([*(cell_len(line) for line, _ in lines), cell_len(mark) + cell_len(tail) + 3]) | 1
    nw, top, ne, side, sw, se = _FRAMES[kind]
    rule = top * (inner - cell_len(mark) - cell_len(tail) - 2)
    rows = [_row(scene, (f"{nw}{top} ", "frame"), (mark, "mark"), (f" {rule}{tail}{top}{ne}", "frame"))]
    for line, role in lines:
        rows.append(_row(scene, (f"{side} ", "frame"), (set_cell_size(line, inner), role), (f" {side}", "frame")))
    rows.append(_row(scene, (sw + top * (inner + 2) + se, "frame")))
    return tuple(rows)


def _row(scene: str, *parts: tuple[str, Role]) -> tuple[Piece, ...]:
    return tuple(Piece(text, role, (scene,)) for text, role in parts)


def _words(chart: Chart, scene: str) -> list[str]:
    """What the largest zoom adds: the id, who acts, and each action with where it leads."""
    lines = [scene, chart.who(scene)]
    for action in chart.scenes[scene].actions.values():
        targets = list(dict.fromkeys(way.target for way in chart.ways_from(scene, action.id)))
        lines.append(f"· {action.id}" + (f" → {', '.join(targets)}" if targets else ""))
    targets = list(dict.fromkeys(way.target for way in chart.ways_from(scene, "")))
    return lines + ([f"→ {', '.join(targets)}"] if targets else [])


def _short(text: str, width: int) -> str:
    return text if cell_len(text) <= width else set_cell_size(text, width - 1).rstrip() + "…"


def _wrap(text: str, width: int, lines: int) -> list[str]:
    """The text in at most so many lines, the last one cut if need be."""
    found: list[str] = [""]
    for word in text.split():
        longer = f"{found[-1]} {word}".strip()
        if cell_len(longer) <= width or not found[-1]:
            found[-1] = longer
        else:
            found.append(word)
    if len(found) > lines:
        found = [*found[: lines - 1], " ".join(found[lines - 1 :])]
    return [_short(line, width) for line in found]
