"""Role swap: the same people play the same texts again with their seats exchanged, in a session that follows the first.

Everything that is not the people stays as it was: texts, setting, draw, seed, workshop, countdowns. The point is to see the
other side of the same night, and what differs should come from people and seats. The same seed brings the same luck as long as as
many events came before; a guess more or less, and chance falls anew.

Event 0 of the second session names the first by its random id, and for each seat the one its player had there. No alias is in
it, so forgetting somebody needs nothing here; if the first session is purged, or was never copied, the id leads nowhere and
`simulator.beside` says so. Who sat where is taken as the first session began: whoever stepped out of it is asked to sit
down again like everybody else, and nothing tells that they did.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from simulator.events import Start
from simulator.log import Place, Store
from simulator.session import Session
from simulator.variants import Wanted


class CannotSwap(ValueError):
    """These seats cannot be exchanged; the message says why, and what to do."""


class Swap(NamedTuple):
    """A play to come. `before`: each seat, and the seat its player had. `places`: who sits where now."""

    first: Session
    before: Mapping[str, str]
    places: tuple[Place, ...]


def rotated(seats: Sequence[str], by: int = 1) -> dict[str, str]:
    """Everybody moves on by so many seats, in the scenario's order, computer partners too; of two, that is the exchange."""
    return {seat: seats[(at - by) % len(seats)] for at, seat in enumerate(seats)}


def chosen(seats: Sequence[str], asked: Mapping[str, str]) -> dict[str, str]:
    """Who had which seat plays which now, as asked (seat → the seat they had); the others keep theirs or take what is left.

    Raises CannotSwap.
    """
    for now, then in asked.items():
        for seat in (now, then):
            if seat not in seats:
                raise CannotSwap(f"there is no seat “{seat}”; the seats are {', '.join(seats)}")
    if len(set(asked.values())) < len(asked):
        raise CannotSwap("somebody would play two seats; name each former seat once")
    before = dict(asked)
    free = [seat for seat in seats if seat not in asked.values()]
    for seat in seats:
        if seat not in before and seat in free:
            before[seat] = seat
            free.remove(seat)
    for seat in seats:
        if seat not in before:
            before[seat] = free.pop(0)
    return {seat: before[seat] for seat in seats}


def swap(first: Session, before: Mapping[str, str] | None = None) -> Swap:
    """The play that would follow `first`, everybody one seat further unless `before` says otherwise. Raises CannotSwap."""
    if not first.finished:
        raise CannotSwap(f"session {first.id} has not reached an ending yet; seats are exchanged after a whole play")
    if len(first.seats) < 2:
        raise CannotSwap(f"“{first.bundle.scenario.title}” has one seat; there is nobody to exchange it with")
    before = before or rotated(first.seats)
    start = first.events[0]
    assert isinstance(start, Start)
    sat = {place.seat: place for place in first.places}
    places = []
    for seat in first.seats:
        then = before[seat]
        player = start.seats[then]
        person = sat.get(then)
        known = person is not None and player == "human"
        places.append(
            Place(seat, person.alias if person and known else "", player, person.agency if person and known else "")
        )
    return Swap(first, before, tuple(places))


def again(
    store: Store,
    wanted: Swap,
    *,
    places: Sequence[Place] | None = None,
    seed: int | None = None,
    draw: Wanted | None = None,
    countdowns: bool | None = None,
) -> Session:
    """Begin it. What is not given is as in the first play. Raises LogError, NoExpert, BadDraw."""
    start = wanted.first.events[0]
    assert isinstance(start, Start)
    return Session.begin(
        store,
        wanted.first.bundle,
        places or wanted.places,
        seed=start.seed if seed is None else seed,
        workshop=store.about(wanted.first.id).workshop,
        countdowns=start.countdowns if countdowns is None else countdowns,
        draw=draw or Wanted(dict(start.draw)),
        follows=wanted.first.id,
        exchanged=wanted.before,
    )
