"""What a coordinator may see of a session: everything, except who stepped out, and whether anybody did.

Whatever shows sessions to somebody other than the pair itself goes through `listed` (a line of a list) or `discreet` (a
whole session), and through nothing else. A seat that a computer took over halfway is told as the computer's from the
beginning: no alias, no agency, no guess by it or about it, every choice the computer's. Pauses are not told at all, since
stepping out writes the same event; nor is what whoever runs the room said and asked, and who said no. Of an unfinished session nothing is told about its seats: it may be one that somebody left.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from simulator.events import (
    Announce,
    Choose,
    Consent,
    Event,
    Hold,
    Pause,
    Predict,
    Propose,
    Resolve,
    Resume,
    Rewind,
    Start,
    Unprompted,
)
from simulator.log import Place, SessionRow
from simulator.session import Session

COMPUTER = "computer"  # which kind of partner it was might tell when it came


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A line of a coordinator's list. Moments are UTC. `seats`: each `human` or `computer`, or empty if unfinished."""

    id: str
    created: datetime
    updated: datetime
    scenario: str
    title: str
    workshop: str
    mou: str
    jurisdiction: str
    finished: bool
    seats: tuple[Place, ...]

    @property
    def who(self) -> str:
        """`Heron, computer`; a dash while the play is unfinished."""
        if not self.finished:
            return "–"
        return ", ".join(COMPUTER if place.player == COMPUTER else place.alias or "no alias" for place in self.seats)


def listed(row: SessionRow) -> Listed:
    """A session's line as a coordinator may see it."""
    people = {place.seat for place in row.seats if place.player == "human"}
    return Listed(
        id=row.id,
        created=row.created,
        updated=row.updated,
        scenario=row.scenario,
        title=row.title,
        workshop=row.workshop,
        mou=row.mou,
        jurisdiction=row.jurisdiction,
        finished=row.finished,
        seats=_seats(row.seats, people, row.finished),
    )


def discreet(session: Session) -> Session:
    """The session as a coordinator may see it: to be looked at, not to be played on. Its event numbers are its own."""
    people = people_of(session.events)
    return session.retold(told(session.events), _seats(session.places, people, session.finished))


def people_of(events: Sequence[Event]) -> frozenset[str]:
    """The seats that a person kept from the first event to the last."""
    start = events[0]
    assert isinstance(start, Start)
    handed_over = {
        seat
        for event in events
        if isinstance(event, Resume)
        for seat, player in event.seats.items()
        if player != "human"
    }
    return frozenset(seat for seat, player in start.seats.items() if player == "human") - handed_over


def _seats(places: Iterable[Place], people: Iterable[str], finished: bool) -> tuple[Place, ...]:
    if not finished:
        return tuple(Place(place.seat, "", "") for place in places)
    return tuple(place if place.seat in people else Place(place.seat, "", COMPUTER) for place in places)


def told(events: Sequence[Event]) -> Iterator[Event]:
    """The events as if each seat had been whose it was at the end, from the beginning, and nobody had paused."""
    people = people_of(events)
    became: list[int] = []  # for each event, the number that it, or what was told last before it, has now
    count = 0
    for event in events:
        shown = _one(event, people, became)
        if shown is not None:
            yield shown
            count += 1
        became.append(count - 1)


def _one(event: Event, people: frozenset[str], became: Sequence[int]) -> Event | None:
    if isinstance(event, Start):
        # Which play it follows would tell who sat where in that one, and so who left: `beside_for_others` decides that.
        seats = {seat: "human" if seat in people else COMPUTER for seat in event.seats}
        return replace(event, seats=seats, follows="", exchanged={})
    if isinstance(event, Choose | Unprompted) and event.seat not in people:
        return replace(event, by="computer")
    if isinstance(event, Pause | Resume | Hold | Announce | Propose | Consent | Resolve) or (
        isinstance(event, Predict) and not {event.seat, event.of or event.seat} <= people
    ):
        return None
    if isinstance(event, Rewind):
        return replace(event, to=became[event.to])
    return event
