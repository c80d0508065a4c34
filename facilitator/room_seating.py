"""Seating those who wait: together where they fit, or one by one beside a computer partner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.seated import Seating

if TYPE_CHECKING:
    from simulator.library import Library
    from simulator.log import Store
    from simulator.log.rooms import Room


def seat_waiting(library: Library, store: Store, room: Room, *, alone: bool = False) -> int:
    """Begin a play for every full table; `alone`: then for each who is left, with the computer in the other seats. Returns how many plays.

    Nobody is put into a seat that they did not ask for; whoever asked for none gets the first. Raises LogError, Unreadable.
    """
    seating = Seating(library, store)
    try:
        begun = len(seating.seat_those_who_fit(room))
        if alone:
            first, *_ = seats = list(seating.bundle(room).scenario.seats)
            for ticket in store.tickets(room.id):
                seat = ticket.wish if ticket.wish in seats else first
                if not ticket.session and seating.begin(room, {seat: ticket}) is not None:
                    begun += 1
        return begun
    finally:
        seating.close()
