"""What a ticket leads to, without any screen: a seat in a play, or a place among those who wait for somebody to play with.

One `Seating` serves a process. Everything it knows stands in the store, so that any process on the same store can take a seat over.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator.games import Games
from simulator.log import Place
from simulator.log.rooms import Room, Ticket, new_secret, typed_code
from simulator.session import Session
from simulator.watching import Watcher

if TYPE_CHECKING:
    from simulator.library import Bundle, Library
    from simulator.log import Store

RESERVED = "?"  # begins what stands for a session that is just being made; then when that began, in seconds, in hex
GIVEN_UP = 20.0  # seconds after which whoever was making it must have died: it takes less than one
COMPUTER = "typical"  # who plays the seats that nobody came for


class NoSuchCode(Exception):
    """No room is open under this code; the message is for whoever typed it."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who has no seat yet. `others`: how many wait in the same room."""

    ticket: Ticket
    room: Room
    others: int


@dataclass(frozen=True, slots=True)
class Seated:
    """Somebody's seat in a play, read from the log. Each has a `Session` of its own, so that no screen waits for another."""

    ticket: Ticket
    room: Room
    session: Session

    @property
    def seat(self) -> str:
        return self.ticket.seat


class Seating:
    """Lets people in, seats them, and finds their seats again. Safe to call from several threads. Methods raise LogError."""

    def __init__(self, library: Library, store: Store, *, clock: Callable[[], float] = time.time):
        """`clock`: seconds since 1970, as every process on the same store has them."""
        self.library, self.store, self._clock = library, store, clock
        self.watcher = Watcher(store)
        self._games = Games()
        self._reading = threading.Lock()  # of `_games`

    def close(self) -> None:
        self.watcher.close()

    # --- coming in ----------------------------------------------------------------------------------------------

    def room(self, code: str) -> Room:
        """The room of a code as somebody typed it. Raises NoSuchCode."""
        room = self.store.room_of_code(typed_code(code))
        if room is None:
            raise NoSuchCode("No room is open under this code. Look at the code again, or ask whoever runs the room.")
        return room

    def admit(self, room: Room, *, alias: str, agency: str = "", wish: str = "", once: str = "") -> str:
        """Let somebody in; they are seated as soon as they fit. Returns their ticket's secret. `wish`: the seat they ask for, or none.

        `once`: a secret that was made when they were asked. Whoever sends it again, because no answer came, is one person and has one
        ticket: otherwise somebody would be seated beside a ticket that nobody ever got.
        """
        secret = once if once and self._is_theirs(once, room, alias, wish) else new_secret()
        self.store.issue(secret, room.id, alias=alias, agency=agency, wish=wish)
        if room.pairing == "self":
            self.seat_those_who_fit(room)
        return secret

    def _is_theirs(self, secret: str, room: Room, alias: str, wish: str) -> bool:
        """Whether a ticket may be issued under this secret, or was to the same person, who never saw their seat."""
        ticket = self.store.ticket(secret)
        return ticket is None or (
            (ticket.room, ticket.alias, ticket.wish) == (room.id, alias, wish) and not ticket.seen
        )

    def find(self, secret: str) -> Seated | Waiting | None:
        """Where a ticket leads now; None if it leads nowhere any more. Raises Unreadable, BadEvent where its session cannot be read."""
        ticket = self.store.ticket(secret)
        room = self.store.room(ticket.room) if ticket is not None else None
        if ticket is None or room is None:
            return None
        if _is_left_over(ticket.session, self._clock()):
            # Whoever was about to seat them has died in the middle of it.
            self.store.move_tickets(ticket.session, "")
            if room.pairing == "self":
                self.seat_those_who_fit(room)
            return self.find(secret)
        if not ticket.session or ticket.session.startswith(RESERVED):
            return Waiting(ticket, room, sum(not each.session for each in self.store.tickets(room.id)) - 1)
        with self._reading:
            return Seated(ticket, room, Session.reopen(self.store, ticket.session, games=self._games))

    def connected(self, session: str) -> frozenset[str]:
        """The seats of a session whose people are there now."""
        return frozenset(each.seat for each in self.store.tickets_of(session) if self.store.connected(each))

    # --- seating ------------------------------------------------------------------------------------------------

    def bundle(self, room: Room) -> Bundle:
        """What the room plays. Raises Unreadable."""
        return self.library.bundle(room.scenario, mou=room.mou or None, jurisdiction=room.jurisdiction or None)

    def seat_those_who_fit(self, room: Room) -> list[str]:
        """Begin a play for every full table of those who wait, in the order they came. Returns the sessions. Raises Unreadable."""
        seats = tuple(self.bundle(room).scenario.seats)
        made = []
        while table := full_table(seats, [each for each in self.store.tickets(room.id) if not each.session]):
            session = self.begin(room, table)
            if session is None:
                continue  # somebody of it was seated by another process meanwhile
            made.append(session)
        return made

    def begin(self, room: Room, table: Mapping[str, Ticket]) -> str | None:
        """Begin a play: seat → ticket; seats that nobody came for are the computer's. None if one of them was seated meanwhile.

        Raises Unreadable.
        """
        reserved = f"{RESERVED}{int(self._clock()):x}.{secrets.token_hex(8)}"
        if not self.store.seat([(ticket.id, seat) for seat, ticket in table.items()], reserved):
            return None
        try:
            bundle = self.bundle(room)
            session = Session.begin(
                self.store,
                bundle,
                [
                    Place(seat, table[seat].alias, "human", table[seat].agency)
                    if seat in table
                    else Place(seat, "", COMPUTER)
                    for seat in bundle.scenario.seats
                ],
                workshop=room.workshop,
            )
        except BaseException:
            self.store.move_tickets(reserved, "")
            raise
        self.store.move_tickets(reserved, session.id)
        return session.id


def _is_left_over(session: str, now: float) -> bool:
    """Whether this stands for a session that was being made too long ago to be made still."""
    begun, dot, _ = session.removeprefix(RESERVED).partition(".")
    return session.startswith(RESERVED) and (not dot or now - int(begun, 16) > GIVEN_UP)


def full_table(seats: Sequence[str], waiting: Sequence[Ticket]) -> dict[str, Ticket] | None:
    """Seat → ticket for the first of those who wait that fill all seats, each in the seat wished for; None if they do not fill them.

    Whoever wished for nothing takes what is left. Nobody is put into a seat that they did not ask for.
    """
    table: dict[str, Ticket] = {}
    for ticket in waiting:
        if ticket.wish in seats and ticket.wish not in table:
            table[ticket.wish] = ticket
    free = [seat for seat in seats if seat not in table]
    for seat, ticket in zip(free, [each for each in waiting if each.wish not in seats], strict=False):
        table[seat] = ticket
    return table if len(table) == len(seats) else None
