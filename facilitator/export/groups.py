"""Which sessions may leave the house without naming somebody: small groups stay out, and what stays out is no small group.

A *kind* of session is all that its rows say of whom they may be about: setting, month, and which agency sat where. A
*group* is the people of one agency in one seat of one setting within one period. A session is told

- with its month, if every group it belongs to in that month has at least five people;
- otherwise with its year, if among the sessions told by the year every group has;
- otherwise not at all.

Leaving a session out makes other groups smaller, so this goes on until nothing changes (primary suppression). And if the people
left out of a setting were fewer than five, whoever knows the totals could subtract. Then a few more sessions stay out, of a kind that
can spare them; or where none can, the smallest kind (complementary suppression).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from scoring.cohort import SMALL_GROUP
from scoring.summary import Summary

Setting = tuple[str, str, str]  # scenario, MOU, jurisdiction
Place = tuple[str, str]  # seat, agency

# How many people of a place and sessions of a kind are remembered: what four more left out cannot make a small group of.
ENOUGH = 2 * SMALL_GROUP


class Kind(NamedTuple):
    """What sessions have in common that a reader could know from elsewhere."""

    setting: Setting
    month: str
    places: tuple[Place, ...]


class Row(NamedTuple):
    """A person in a session."""

    kind: Kind
    session: str
    place: Place
    person: str


@dataclass(frozen=True, slots=True)
class Known:
    """Of a kind: the people of each place and those of some sessions, all of them or ENOUGH."""

    people: dict[Place, set[str]] = field(default_factory=dict)
    sessions: dict[str, set[str]] = field(default_factory=dict)

    @property
    def everybody(self) -> set[str]:
        return set().union(*self.people.values())


@dataclass(frozen=True, slots=True)
class Telling:
    """The month or year that sessions of each kind are told with; a kind without one is not told, nor are the sessions `out`."""

    dates: Mapping[Kind, str]
    out: frozenset[str] = frozenset()

    def date(self, summary: Summary) -> str | None:
        return None if summary.session in self.out else self.dates.get(kind_of(summary))


def kind_of(summary: Summary) -> Kind:
    places = tuple(sorted((seat.seat, seat.agency) for seat in summary.seats))
    return Kind((summary.scenario, summary.mou, summary.jurisdiction), summary.day[:7], places)


def gather(rows: Iterable[Row]) -> Mapping[Kind, Known]:
    """Who plays in each kind of session. Memory stays flat, however many do. The rows of a session come together."""
    kinds: dict[Kind, Known] = {}
    for kind, session, place, person in rows:
        known = kinds.setdefault(kind, Known())
        found = known.people.setdefault(place, set())
        if len(found) < ENOUGH:
            found.add(person)
        if session in known.sessions or len(known.sessions) < ENOUGH:
            known.sessions.setdefault(session, set()).add(person)
    return kinds


def telling(kinds: Mapping[Kind, Known]) -> Telling:
    """What may be told."""
    gone: set[Kind] = set()
    while True:
        months = _large(kinds, kinds.keys() - gone, lambda kind: kind.month)
        years = _large(kinds, kinds.keys() - gone - months, lambda kind: kind.month[:4])
        told = months | years
        out: set[str] = set()
        more: set[Kind] = set()
        for setting in sorted({kind.setting for kind in told}):
            own = sorted(kind for kind in told if kind.setting == setting)
            unseen = set().union(*(kinds[k].everybody for k in kinds.keys() - told if k.setting == setting))
            if not 0 < len(unseen) < SMALL_GROUP:
                continue
            spared = next((found for k in own if (found := _spared(kinds[k], unseen))), None)
            if spared is not None:
                out |= spared
            else:
                more.add(min(own, key=lambda k: (len(kinds[k].everybody), k)))
        if not more:
            dates = {kind: kind.month if kind in months else kind.month[:4] for kind in told}
            return Telling(dates, frozenset(out))
        gone |= more


def _large(kinds: Mapping[Kind, Known], which: Collection[Kind], period: Callable[[Kind], str]) -> set[Kind]:
    """The kinds all of whose groups have enough people, counting only those kinds themselves."""
    held = set(which)
    while True:
        groups: dict[tuple[Setting, Place, str], set[str]] = defaultdict(set)
        for kind in held:
            for place, people in kinds[kind].people.items():
                groups[kind.setting, place, period(kind)] |= people
        small = {k for k in held if any(len(groups[k.setting, p, period(k)]) < SMALL_GROUP for p in k.places)}
        if not small:
            return held
        held -= small


def _spared(known: Known, unseen: Collection[str]) -> set[str] | None:
    """Sessions that make the people left out five, and leave five people in each place of their kind; None if there are none."""
    out: set[str] = set()
    people = set(unseen)
    for session in sorted(known.sessions):
        if len(people) >= SMALL_GROUP:
            break
        if known.sessions[session] - people:
            out.add(session)
            people |= known.sessions[session]
    if len(people) < SMALL_GROUP or any(len(found - people) < SMALL_GROUP for found in known.people.values()):
        return None
    return out
