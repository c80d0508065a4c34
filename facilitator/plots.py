"""Intervals drawn with the characters of a terminal: values in, lines of text out. No colour, any width from 30 columns.

    Riverside PD                              64 % (58–70 %), n = 412
    ·              ·              ·      ├───●────┤             ·
    └──────────────┴──────────────┴──────────────┴──────────────┘
    0 %            25 %           50 %           75 %       100 %

The words stand beside every drawing and say the same; a screen reader needs nothing else.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, isfinite
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

LEAST, MOST = 28, 73  # columns of a drawing
BESIDE = 100  # from this width on, label, drawing and words stand on one line


class Row(NamedTuple):
    """One figure: what it is of, what it says, and where it lies if it may be drawn."""

    label: str
    words: str
    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """From where to where a drawing goes, and what is written under it."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]


SHARE = Scale(0.0, 1.0, ((0.0, "0 %"), (0.25, "25 %"), (0.5, "50 %"), (0.75, "75 %"), (1.0, "100 %")))


@dataclass(frozen=True, slots=True)
class Signs:
    """The characters of a drawing."""

    left: str
    bar: str
    right: str
    point: str
    grid: str
    axis: str
    first: str
    tick: str
    last: str


BOX = Signs("├", "─", "┤", "●", "·", "─", "└", "┴", "┘")
ASCII = Signs("|", "-", "|", "o", ".", "-", "+", "+", "+")


def signs(environ: Mapping[str, str] | None = None) -> Signs:
    """Box-drawing characters, unless the terminal's locale names an encoding that has none."""
    given = os.environ if environ is None else environ
    locale = given.get("LC_ALL") or given.get("LC_CTYPE") or given.get("LANG") or ""
    encoding = locale.partition(".")[2].partition("@")[0].lower().replace("-", "")
    return ASCII if encoding not in ("", "utf8") else BOX


def apart(rows: Sequence[Row]) -> Scale:
    """A scale for differences of shares: nought in the middle, as far to both sides as the farthest end, in steps of ten."""
    ends = [abs(end) for row in rows for end in (row.value, row.low, row.high) if end is not None and isfinite(end)]
    far = max(ceil(max(ends, default=0.0) * 10 - 1e-9), 1)
    half = (far + far % 2) / 2
    ticks = [-2 * half, -half, 0.0, half, 2 * half]
    return Scale(ticks[0] / 10, ticks[-1] / 10, tuple((each / 10, _signed(round(each * 10))) for each in ticks))


def _signed(points: int) -> str:
    return f"{'−' if points < 0 else '+' if points else ''}{abs(points)}"


def intervals(rows: Sequence[Row], scale: Scale, width: int, drawn: Signs = BOX, *, below: bool = True) -> list[str]:
    """The rows as lines of at most `width` cells, with the scale `below` if anything was drawn."""
    label = max((cell_len(row.label) for row in rows), default=0)
    words = max((cell_len(row.words) for row in rows), default=0)
    room = width - label - words - 4
    any_drawn = below and any(row.value is not None for row in rows)
    if width >= BESIDE and room >= LEAST:
        room = _even(min(room, MOST))
        lines = [
            f"{set_cell_size(row.label, label)}  {draw(row, scale, room, drawn)}  {row.words}".rstrip() for row in rows
        ]
        return lines + [" " * (label + 2) + line for line in (axis(scale, room, drawn) if any_drawn else ())]
    room = _even(max(min(width, MOST), 2))
    lines = []
    for row in rows:
        lines += _above(row, label, width)
        if row.value is not None:
            lines.append(draw(row, scale, room, drawn).rstrip())
    return lines + (axis(scale, room, drawn) if any_drawn else [])


def _even(room: int) -> int:
    """So wide that four steps of a scale are equally long."""
    return room - (room - 1) % 4 if room > 8 else room


def _above(row: Row, label: int, width: int) -> list[str]:
    """Label and words over a drawing: on one line if they fit."""
    if not row.label:
        return _folded(row.words, width, "")
    if label + 2 + cell_len(row.words) <= width:
        return [f"{set_cell_size(row.label, label)}  {row.words}"]
    if cell_len(row.label) + 2 + cell_len(row.words) <= width:
        return [f"{row.label}  {row.words}"]
    return [*_folded(row.label, width, ""), *_folded(row.words, width, "  ")]


def _folded(text: str, width: int, indent: str) -> list[str]:
    lines = [indent]
    for word in text.split():
        longer = lines[-1] + ("" if lines[-1].strip() == "" else " ") + word
        if cell_len(longer) <= width or not lines[-1].strip():
            lines[-1] = longer
        else:
            lines.append(indent + word)
    return lines


def draw(row: Row, scale: Scale, width: int, drawn: Signs = BOX) -> str:
    """One figure on its scale, exactly `width` cells. What lies outside of the scale is drawn at its end."""
    cells = [" "] * width
    for at, _ in scale.ticks:
        cells[_column(at, scale, width)] = drawn.grid
    if row.value is None:
        return "".join(cells)
    if row.low is not None and row.high is not None:
        low, high = _column(row.low, scale, width), _column(row.high, scale, width)
        if high - low > 1:  # narrower than two cells: the point alone, which no end makes lopsided
            cells[low : high + 1] = [drawn.left, *drawn.bar * (high - low - 1), drawn.right]
    cells[_column(row.value, scale, width)] = drawn.point
    return "".join(cells)


def axis(scale: Scale, width: int, drawn: Signs = BOX) -> list[str]:
    """The two lines under a drawing: a rule with ticks, and what they stand for."""
    rule = [drawn.axis] * width
    text = [" "] * width
    for number, (at, said) in enumerate(scale.ticks):
        column = _column(at, scale, width)
        last = number == len(scale.ticks) - 1
        rule[column] = drawn.first if number == 0 else drawn.last if last else drawn.tick
        begin = max(min(column - (0 if number == 0 else len(said) // 2), width - len(said)), 0)
        if not "".join(text[max(begin - 1, 0) : begin + len(said)]).strip():
            text[begin : begin + len(said)] = said
    return ["".join(rule), "".join(text).rstrip()]


def _column(value: float, scale: Scale, width: int) -> int:
    share = (value - scale.low) / (scale.high - scale.low)
    return round(min(max(share, 0.0), 1.0) * (width - 1))


def letters(counts: Sequence[tuple[str, int]], width: int) -> str:
    """Shares of a whole as a bar of its own letters: “PPPPPPPSSSMU”. Who has any has at least one."""
    whole = sum(number for _, number in counts)
    if not whole:
        return ""
    exact = [number * width / whole for _, number in counts]
    cells = [max(int(share), 1) if share else 0 for share in exact]
    while sum(cells) != width and width >= len(counts):
        by = 1 if sum(cells) < width else -1
        open_to = [at for at, share in enumerate(exact) if share and (by > 0 or cells[at] > 1)]
        at = max(open_to, key=lambda at: by * (exact[at] - cells[at]))
        cells[at] += by
    return "".join(letter * count for (letter, _), count in zip(counts, cells, strict=True))
