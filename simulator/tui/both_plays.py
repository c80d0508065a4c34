"""Two plays beside each other as a page of the debrief: two columns, the first play on the left."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import zip_longest
from textwrap import wrap
from typing import TYPE_CHECKING

from textual.content import Content

from simulator.beside import LEAD

if TYPE_CHECKING:
    from simulator.beside import Beside, Row, SeatBeside

NAME = "Both plays"
COLUMN = 35  # cells; two of them and what stands between fit a screen of 80
Part = str | tuple[str, str]


def both_plays(both: Beside) -> tuple[str, tuple[Content, ...]]:
    """What stands above the page, and its blocks."""
    if both.missing:
        return both.missing, ()
    assert both.ending is not None
    shown = [_block("How it ended", [both.ending])]
    shown += [_block(heading, rows) for heading, rows in (("Lines", both.lines), ("Duties", both.duties)) if rows]
    shown.append(_block("Objectives", both.objectives))
    return LEAD, (*shown, *map(_seat, both.seats))


def _block(heading: str, rows: Iterable[Row]) -> Content:
    parts: list[Part] = [(heading, "bold $primary"), *_columns("First play", "Second play", "$quiet")]
    for row in rows:
        parts += ["\n", (row.what, "bold"), *_columns(row.first, row.then)]
    return Content.assemble(*parts)


def _seat(seat: SeatBeside) -> Content:
    parts: list[Part] = [
        (seat.name, "bold $primary"),
        *_columns("First play", "Second play", "$quiet"),
        *_columns(seat.first, seat.then),
    ]
    for row in seat.practice:
        parts += ["\n", (row.what, "bold"), *_columns(row.first, row.then)]
    if seat.turning_first or seat.turning_then:
        parts += ["\n", ("Turning points", "bold")]
        for first, then in zip_longest(seat.turning_first, seat.turning_then, fillvalue=""):
            parts += _columns(first or "–", then or "–")
    return Content.assemble(*parts)


def _columns(first: str, then: str, style: str = "") -> list[Part]:
    """Two texts beside each other, each folded to its own column, on lines of their own."""
    found: list[Part] = []
    for left, right in zip_longest(wrap(first, COLUMN), wrap(then, COLUMN), fillvalue=""):
        line = f"  {left:<{COLUMN}}  {right}".rstrip()
        found += ["\n", (line, style) if style else line]
    return found
