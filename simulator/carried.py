"""What an episode of a series begins with: the state that the one before left, as a plain value.

It is kept in event 0, so that a session is complete in itself. Minutes count from the opening of this episode and are not
above 0; steps are below 0. Names, seats and items are this episode's own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from scoring.record import FormState, Knowing

SOMEBODY_ELSE = "somebody else"  # the source of what a seat that is not here any more once told


class BadCarried(ValueError):
    """A stored carried state is not one that fits here."""


class Before(NamedTuple):
    """A moment before the opening at which the rules were asked. `facts`: what then happened, by whose hand; `seats`: who was there."""

    minute: int
    step: int
    facts: tuple[tuple[str, str | None], ...]
    seats: tuple[str, ...]


@dataclass(frozen=True)
class Carried:
    """A carried state; without anything, an episode begins as its scenario says.

    `begins`: the moment of the opening. `ended`: the minute at which the episode before ended. `since`: for each fact that is
    carried, the step from which it was followed. `items`, `seats`: who knows these items is carried for these seats.
    `settled`: rules (and which instance of them) that the episode before settled in a way that its record does not tell.
    `broken`: confidences broken before: who told whom which item. `voice`: what the survivor says now; `heard_by` these seats.
    """

    begins: datetime | None = None
    ended: int = 0
    moments: tuple[Before, ...] = ()
    since: Mapping[str, int] = field(default_factory=dict)
    meters: Mapping[str, int] = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)
    items: frozenset[str] = frozenset()
    seats: frozenset[str] = frozenset()
    known: Mapping[tuple[str, str], Knowing] = field(default_factory=dict)
    forms: Mapping[str, FormState] = field(default_factory=dict)
    settled: frozenset[tuple[str, int]] = frozenset()
    broken: tuple[tuple[str, str, str], ...] = ()
    voice: str = ""
    heard_by: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether the episode begins as its scenario says."""
        return self.begins is None

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the whole, in hex; empty for nothing."""
        if self.nothing:
            return ""
        return hashlib.sha256(json.dumps(to_plain(self), sort_keys=True).encode()).hexdigest()


NOTHING = Carried()


def to_plain(carried: Carried) -> dict[str, Any]:
    """The state as JSON data; empty for nothing."""
    if carried.begins is None:
        return {}
    return {
        "begins": carried.begins.isoformat(timespec="minutes"),
        "ended": carried.ended,
        "moments": [[m.minute, m.step, [list(f) for f in m.facts], list(m.seats)] for m in carried.moments],
        "since": dict(carried.since),
        "meters": dict(carried.meters),
        "statuses": dict(carried.statuses),
        "items": sorted(carried.items),
        "seats": sorted(carried.seats),
        "known": [[seat, item, *knowing] for (seat, item), knowing in carried.known.items()],
        "forms": {name: list(form) for name, form in carried.forms.items()},
        "settled": sorted([key, index] for key, index in carried.settled),
        "broken": [list(each) for each in carried.broken],
        "voice": carried.voice,
        "heard_by": list(carried.heard_by),
    }


def from_plain(data: Mapping[str, Any]) -> Carried:
    """The state that `to_plain` wrote. Raises BadCarried."""
    if not data:
        return NOTHING
    try:
        return Carried(
            begins=datetime.fromisoformat(data["begins"]),
            ended=data["ended"],
            moments=tuple(
                Before(minute, step, tuple((fact, seat) for fact, seat in facts), tuple(seats))
                for minute, step, facts, seats in data["moments"]
            ),
            since=dict(data["since"]),
            meters=dict(data["meters"]),
            statuses=dict(data["statuses"]),
            items=frozenset(data["items"]),
            seats=frozenset(data["seats"]),
            known={(seat, item): Knowing(*knowing) for seat, item, *knowing in data["known"]},
            forms={name: FormState(*form) for name, form in data["forms"].items()},
            settled=frozenset((key, index) for key, index in data["settled"]),
            broken=tuple((seat, told, item) for seat, told, item in data["broken"]),
            voice=data["voice"],
            heard_by=tuple(data["heard_by"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadCarried(f"what was carried over from the episode before cannot be read: {error}") from None
