"""`handoff list --topics`: which scenario trains what, by how many decisions."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator, Mapping
from string import ascii_uppercase
from typing import Any

from scoring.rules import Vocabulary
from simulator.library import Card, Library


def rows_of(shelf: Library) -> dict[str, dict[str, str]]:
    """What can be trained: a heading, and under it each id with what it means."""
    vocabulary: Vocabulary | None = shelf.value("vocabulary")
    if vocabulary is None:
        return {}
    return {
        "Topics": dict.fromkeys(vocabulary.topics, ""),
        "Typical errors": dict(vocabulary.errors),
        "Dilemmas": dict(vocabulary.dilemmas),
    }


def as_data(shelf: Library) -> dict[str, Any]:
    """{id: {scenario: [scenes]}}, whether or not any scenario trains it."""
    cards = shelf.scenarios()
    return {
        mark: {card.id: list(card.trains[mark]) for card in cards if mark in card.trains}
        for rows in rows_of(shelf).values()
        for mark in rows
    }


def as_lines(shelf: Library) -> Iterator[str]:
    """The matrix: a column for each scenario, and how many of its scenes turn on it."""
    cards = [card for card in shelf.scenarios() if card.trains]
    width = shutil.get_terminal_size((80, 24)).columns
    names = dict(zip((card.id for card in cards), _letters(), strict=False))
    for card in cards:
        yield f"{names[card.id]:>2}  {card.id:<26}  {card.title}"[:width]
    for heading, rows in rows_of(shelf).items():
        yield ""
        yield f"{heading:<26}" + "".join(f"{names[card.id]:>3}" for card in cards)
        for mark, meaning in rows.items():
            yield f"{mark:<26}" + "".join(_cell(card, mark) for card in cards)
            if meaning:
                yield from textwrap.wrap(meaning, width, initial_indent="    ", subsequent_indent="    ")
    missing = [mark for rows in rows_of(shelf).values() for mark in rows if not any(mark in c.trains for c in cards)]
    yield ""
    yield "Numbers: scenes of a scenario in which a decision turns on it."
    said = f"No scenario at hand trains: {', '.join(missing)}." if missing else "Every row is trained by some scenario."
    yield from textwrap.wrap(said, width)


def _cell(card: Card, mark: str) -> str:
    scenes: Mapping[str, tuple[str, ...]] = card.trains
    return f"{len(scenes[mark]) if mark in scenes else '·':>3}"


def _letters() -> Iterator[str]:
    """A, B, …, Z, AA, AB, …"""
    yield from ascii_uppercase
    for first in ascii_uppercase:
        yield from (first + second for second in ascii_uppercase)
