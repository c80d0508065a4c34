"""A pair in one line of the room's table, for a line of any width. Pure: texts in, text out."""

from __future__ import annotations

from datetime import datetime

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from facilitator.room import Pair, Person, state_words, waited
from simulator.tui.words import clock

WIDE = 110  # columns from which on the day of the story's clock is told too
NARROW = 70  # columns below which a pair takes two lines, and no columns stand above them
THERE, AWAY = "●", "○"


def heading(width: int) -> Content:
    """What the columns are."""
    cells = ("", "Who", "Scene", "Turn", "Story", "Waits", "")
    return Content.styled(_line(cells, width), "bold $quiet")


def row(number: int, pair: Pair, width: int, now: datetime) -> Content:
    """A pair's line. ● is there, ○ is not; what is paused or asked says so in words."""
    if width < NARROW:
        return _folded(number, pair, width, now)
    cells = (
        str(number),
        " ".join(map(_person, pair.people)),
        pair.scene,
        " + ".join(pair.turn),
        clock(pair.clock) if width >= WIDE else f"{pair.clock:%H:%M}",
        waited(pair, now),
        state_words(pair),
    )
    return Content(_line(cells, width))


def _folded(number: int, pair: Pair, width: int, now: datetime) -> Content:
    """A pair in two lines, each as wide as asked for: who and what is to be said of them; where they are and how long."""
    left = width - 3
    state = state_words(pair)
    who = _fit(" ".join(map(_person, pair.people)), left - cell_len(state) - 1)
    times = f"{pair.clock:%H:%M} {waited(pair, now):>6}"
    where = " · ".join(part for part in (pair.scene, " + ".join(pair.turn)) if part)
    where = _fit(where, left - cell_len(times) - 1)
    return Content(f"{number:<2} {who} {state}\n   {where} {times}")


def _person(person: Person) -> str:
    mark = "" if person.there is None else THERE if person.there else AWAY
    return f"{mark}{person.alias or person.name}"


def _line(cells: tuple[str, ...], width: int) -> str:
    return " ".join(_fit(cell, size) for cell, size in zip(cells, _widths(width), strict=True))


def _widths(width: int) -> tuple[int, ...]:
    """Columns: number, who, scene, turn, story clock, waits, state. What is left is shared by the three that hold names."""
    fixed = (2, 9 if width >= WIDE else 5, 6, 13)
    left = max(30, width - sum(fixed) - 6)
    who, scene = left * 36 // 100, left * 37 // 100
    return fixed[0], who, scene, left - who - scene, *fixed[1:]


def _fit(text: str, size: int) -> str:
    if cell_len(text) > size:
        return (
            set_cell_size(text, size - 1).rstrip()
            + "…"
            + " " * (size - 1 - cell_len(set_cell_size(text, size - 1).rstrip()))
        )
    return set_cell_size(text, size)
