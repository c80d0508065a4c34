"""Tellings in words, for every place that shows them. Blame-free: what was told, how, by what right, and what came with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from scoring.rights import Channel
from simulator.citations import source
from simulator.game import Game
from simulator.told import OwedThing, Told

HEADING = "Who told whom what, and by what right"
NOTHING = "In this play nobody passed on anything that a right or a line of telling is about."
HOW: dict[Channel, str] = {
    "in-person": "in person",
    "phone": "by phone",
    "message": "by message",
    "meeting": "at a meeting",
    "shared-database": "in a shared database",
}
MARKS = {"lawful": "✓", "duty": "✓", "courtesy": "✓", "line": "✗", "unbound": "–"}
_STANDS = {
    "lawful": "Lawful: {}.",
    "duty": "The law asks for it: {}.",
    "courtesy": "Allowed, and owed to nobody: {}.",
    "line": "The law does not allow it: {}.",
    "unbound": "No line of law binds this role here; its own code of practice does. What was lacking: {}.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentences:
    """Items told at once, to one, by one right. `items`: what was told; `stands`: how that stands; `owed`: what came with it."""

    first: Told
    items: str
    stands: str
    owed: tuple[str, ...]

    @property
    def how(self) -> str:
        return HOW[self.first.channel]


def sentences(tellings: Sequence[Told], game: Game) -> Iterator[Sentences]:
    """The tellings in their order; what was told at once and stands alike is told at once here."""
    items = game.scenario.items

    def alike(each: Told) -> tuple[object, ...]:
        return (each.step, each.minute, each.seat, each.told, each.channel, each.standing, each.right, each.again,
                each.unasked, each.owes)  # fmt: skip

    for _, group in groupby(tellings, alike):
        found = list(group)
        first = found[0]
        yield Sentences(
            first=first,
            items="; ".join(items[each.item].text for each in found),
            stands=_stands(first),
            owed=tuple(_owed(each, game) for each in first.owes),
        )


def _stands(telling: Told) -> str:
    said = _STANDS[telling.standing].format(source(telling.right).rstrip("."))
    if telling.again:
        return f"{said} It was told again; the line is counted once."
    return f"{said} She could have been asked for a release first." if telling.unasked else said


def _owed(owed: OwedThing, game: Game) -> str:
    """`Plan with the survivor for safety. (Done before, Sat 10 Jan, 00:40.)`"""
    if owed.minute is None:
        return f"{owed.text} (Not seen in this play.)" if owed.seen == "not seen" else owed.text
    at = game.calendar.at(owed.minute)
    return f"{owed.text} (Done {owed.seen}, {at:%a} {at.day} {at:%b, %H:%M}.)"


def lines(tellings: Sequence[Told], game: Game, names: dict[str, str]) -> Iterator[str]:
    """The tellings as lines of plain text."""
    if not tellings:
        if game.scenario.items:
            yield NOTHING
        return
    for each in sentences(tellings, game):
        when = f"{game.calendar.at(each.first.minute):%a %H:%M}"
        yield f"{when} · {who(each.first, names)}, {each.how}: {each.items}"
        yield f"   {each.stands}"
        for owed in each.owed:
            yield f"   With it comes: {owed}"


def who(telling: Told, names: dict[str, str]) -> str:
    """`Maya Ellison (computer) to Officer Reyes`."""
    return f"{names[telling.seat]}{' (computer)' if telling.by_computer else ''} to {names[telling.told]}"
