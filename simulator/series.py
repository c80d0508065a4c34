"""The typed model of a series: scenarios in an order, and what one carries over to the next.

A series is a file of its own. An episode is a scenario like any other: it can be played alone, from its authored start; in a
series, what is declared here stands as the episode before left it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from scoring.clock import Span
from scoring.fields import doc

NAMED = ("facts", "spans", "meters", "statuses", "items", "releases")  # what is carried by name


@dataclass(frozen=True, slots=True, kw_only=True)
class Carries:
    """What carries over from one episode to the next. What is not named begins as its scenario says."""

    duties: bool = doc(
        "Open duties and lines go on: every fact that a rule of the setting reads is carried over.", default=False
    )
    facts: tuple[str, ...] = doc(
        "Facts, with all their moments. Duties and lines that they opened stay open.", default=(), one_or_many=True
    )
    spans: tuple[str, ...] = doc(
        "Things that can stop: the facts that begin and end them.", default=(), one_or_many=True
    )
    meters: tuple[str, ...] = doc("Meters, at the value they had.", default=(), one_or_many=True)
    statuses: tuple[str, ...] = doc("Statuses, at the value they had.", default=(), one_or_many=True)
    items: tuple[str, ...] = doc("Items: who knows them, and from whom.", default=(), one_or_many=True)
    releases: tuple[str, ...] = doc("Releases: asked for, signed, run out, taken back.", default=(), one_or_many=True)
    voice: Literal["says", "felt"] | None = doc(
        "What the survivor says as the next episode opens: the line of the ending before that is written for it (says), or "
        "her account of it from the debrief (felt).",
        default=None,
    )
    renamed: Mapping[str, str] = doc("Where the next scenario calls it otherwise: name there: name here.", factory=dict)

    @property
    def anything(self) -> bool:
        """Whether anything at all is named."""
        return self.duties or self.voice is not None or any(getattr(self, kind) for kind in NAMED)

    def pairs(self, kind: str) -> dict[str, str]:
        """The names of a kind, as they are there: as they are here."""
        return {name: self.renamed.get(name, name) for name in getattr(self, kind)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One scenario of a series."""

    scenario: str = doc("The scenario's id.")
    after: Span | None = doc(
        "How long after the end of the episode before it begins: “3 days”, “next business day 09:00”. Without it, at its own "
        "`starts`, or at the end of the one before if that was later.",
        default=None,
    )
    seats: Mapping[str, str] = doc(
        "Seats that are played on by others: seat there: seat here. A seat of the same name is played on by itself.",
        factory=dict,
    )
    carries: Carries | None = doc("What it takes over, if not what the whole series carries.", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Scenarios in an order, of which each goes on where the one before ended."""

    id: str
    title: str = doc("The series' title.")
    summary: str = doc("Two sentences for the library's page, without giving the story away.")
    episodes: tuple[Episode, ...] = doc("The scenarios, in their order; two at least.", shorthand="scenario")
    carries: Carries | None = doc(
        "What carries over from each episode to the next, where the later one says nothing else.", default=None
    )

    def taken_over(self, number: int) -> Carries:
        """What episode `number` (from 1) takes over from the one before."""
        return self.episodes[number - 1].carries or self.carries or Carries()

    def next_number(self, number: int) -> int | None:
        """The number of the episode after this one; None after the last."""
        return number + 1 if number < len(self.episodes) else None


def seat_map(episode: Episode, there: Mapping[str, object], here: Mapping[str, object]) -> dict[str, str]:
    """Seat there → the seat that plays it on here. Seats that nobody plays on are left out."""
    taken = set(episode.seats.values())
    own = {seat: seat for seat in there if seat in here and seat not in taken and seat not in episode.seats}
    return {**own, **{old: new for old, new in episode.seats.items() if old in there and new in here}}
