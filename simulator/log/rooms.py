"""Rooms and tickets: who may play in a workshop that several devices share. Of every secret the store holds a digest only.

A room is one evening: a join code, a facilitator's key, and an end after which neither opens anything. A ticket is a person at a
device; it is seated in a session, or waits to be. `seen` is when a host last heard of the device, for “connected” on the screens.

Nothing of it stands in a chain, and nothing outlives the room but the places in its sessions: `close_room` erases the tickets, and
what a host that died has left goes with the next room, or with a purge.
"""

from __future__ import annotations

import secrets
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from simulator.log.dialect import Sql, storable

STATEMENTS = (
    """CREATE TABLE rooms (
        room TEXT PRIMARY KEY, code TEXT NOT NULL UNIQUE, key TEXT NOT NULL UNIQUE, workshop TEXT NOT NULL,
        scenario TEXT NOT NULL, mou TEXT NOT NULL, jurisdiction TEXT NOT NULL, pairing TEXT NOT NULL,
        stage TEXT NOT NULL DEFAULT 'play', ends TEXT NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE tickets (
        ticket TEXT PRIMARY KEY, room TEXT NOT NULL REFERENCES rooms ON DELETE CASCADE,
        session TEXT NOT NULL DEFAULT '', seat TEXT NOT NULL DEFAULT '', wish TEXT NOT NULL DEFAULT '',
        alias TEXT NOT NULL, agency TEXT NOT NULL, joined TEXT NOT NULL, seen TEXT NOT NULL DEFAULT '',
        began TEXT NOT NULL DEFAULT ''
    )""",
    "CREATE INDEX tickets_room ON tickets (room)",
    "CREATE INDEX tickets_session ON tickets (session)",
)

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: nothing that is mistaken for something else
CODE_LENGTH = 10  # five bits each: 50 bits
HEARD = timedelta(seconds=15)  # a device that was heard of so lately counts as connected


@dataclass(frozen=True, slots=True)
class Room:
    """An evening's room. `pairing`: `self` (whoever comes next sits beside whoever waits) or `facilitator`. `ends`: UTC, ISO 8601."""

    id: str
    workshop: str
    scenario: str
    mou: str
    jurisdiction: str
    pairing: str
    stage: str
    ends: str


@dataclass(frozen=True, slots=True)
class Ticket:
    """A person at a device. `id`: the digest of the secret. `session` and `seat`: empty while they wait. `wish`: the seat asked for.
    `began`: the session whose story they have begun, having read what it holds."""

    id: str
    room: str
    session: str
    seat: str
    wish: str
    alias: str
    agency: str
    seen: str
    began: str = ""


def new_code() -> str:
    """A join code of 50 bits, to be read aloud."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def said_aloud(code: str) -> str:
    """A code in two halves: `K7QM2-9XW4T`."""
    return f"{code[:5]}-{code[5:]}"


def typed_code(text: str) -> str:
    """What somebody typed as a code, as it was made: in capitals, without blanks and dashes, O as 0, I and L as 1."""
    plain = "".join(each for each in text.upper() if each.isalnum())
    return plain.translate(str.maketrans("OIL", "011"))


def new_secret() -> str:
    """A ticket or a facilitator's key: 192 bits, fit for a path."""
    return secrets.token_urlsafe(24)


def is_secret(text: str) -> bool:
    """Whether a text has the form of what `new_secret` makes."""
    return len(text) == 32 and text.isascii() and all(each.isalnum() or each in "-_" for each in text)


def digest(secret: str) -> str:
    """What the store holds of a secret."""
    return sha256(secret.encode()).hexdigest()


class Rooms(ABC):
    """What a `Store` offers over these tables; a backend brings `_using`, `_writing` and `_now`."""

    @abstractmethod
    def _using(self) -> AbstractContextManager[Sql]:
        """The connection, for this thread alone."""

    @abstractmethod
    def _writing(self, *, alone: bool = False) -> AbstractContextManager[Sql]:
        """One transaction, all or nothing."""

    @abstractmethod
    def _moment(self) -> datetime:
        """This moment, UTC."""

    # --- rooms ------------------------------------------------------------------------------------------------

    def open_room(
        self,
        code: str,
        key: str,
        *,
        workshop: str,
        scenario: str,
        mou: str = "",
        jurisdiction: str = "",
        pairing: str = "self",
        hours: float = 12,
    ) -> Room:
        """Keep a new room; `code` and `key` are the secrets themselves, of which only digests are kept."""
        ends = (self._moment() + timedelta(hours=hours)).isoformat(timespec="seconds")
        room = Room(secrets.token_hex(8), storable(workshop), scenario, mou, jurisdiction, pairing, "play", ends)
        with self._writing() as db:
            clear_ended(db, self._moment())
            db.execute(
                "INSERT INTO rooms (room, code, key, workshop, scenario, mou, jurisdiction, pairing, stage, ends)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (room.id, digest(code), digest(key), room.workshop, scenario, mou, jurisdiction, pairing, "play", ends),
            )
        return room

    def room_of_code(self, code: str) -> Room | None:
        """The room that a join code opens; None if there is none, or it has ended."""
        return self._room("code", digest(code))

    def room_of_key(self, key: str) -> Room | None:
        """The room that a facilitator's key opens; None if there is none, or it has ended."""
        return self._room("key", digest(key))

    def room(self, ident: str) -> Room | None:
        """A room by its id; None if there is none, or it has ended."""
        return self._room("room", ident)

    def open_rooms(self) -> list[Room]:
        """All rooms that have not ended, the one that ends last first."""
        now = self._moment().isoformat(timespec="seconds")
        with self._using() as db:
            rows = db.execute(f"SELECT {_ROOM} FROM rooms WHERE ends > ? ORDER BY ends DESC, room", (now,)).fetchall()
        return [Room(*row) for row in rows]

    def set_stage(self, room: str, stage: str) -> None:
        """Where the whole room is: `play` or `debrief`."""
        with self._writing() as db:
            db.execute("UPDATE rooms SET stage = ? WHERE room = ?", (stage, room))

    def close_room(self, room: str) -> None:
        """The evening is over: its code, its key and its tickets open nothing any more."""
        with self._writing() as db:
            db.execute("DELETE FROM tickets WHERE room = ?", (room,))
            db.execute("DELETE FROM rooms WHERE room = ?", (room,))

    def _room(self, column: str, value: str) -> Room | None:
        now = self._moment().isoformat(timespec="seconds")
        with self._using() as db:
            row = db.execute(
                f"SELECT {_ROOM} FROM rooms WHERE {column} = ? AND ends > ?",
                (value, now),
            ).fetchone()
        return Room(*row) if row else None

    # --- tickets ----------------------------------------------------------------------------------------------

    def issue(self, secret: str, room: str, *, alias: str, agency: str = "", wish: str = "") -> Ticket:
        """Keep a new ticket, not seated yet. One that is there already stays as it is."""
        ticket = Ticket(digest(secret), room, "", "", wish, storable(alias), storable(agency), "")
        with self._writing() as db:
            db.execute(
                "INSERT INTO tickets (ticket, room, wish, alias, agency, joined) VALUES (?, ?, ?, ?, ?, ?)"
                " ON CONFLICT DO NOTHING",
                (ticket.id, room, wish, ticket.alias, ticket.agency, self._moment().isoformat()),
            )
        return ticket

    def ticket(self, secret: str) -> Ticket | None:
        """The ticket of a secret; None if there is none, it was revoked, or its room has ended."""
        now = self._moment().isoformat(timespec="seconds")
        with self._using() as db:
            row = db.execute(
                f"SELECT {_TICKET} FROM tickets JOIN rooms USING (room) WHERE ticket = ? AND ends > ?",
                (digest(secret), now),
            ).fetchone()
        return Ticket(*row) if row else None

    def tickets(self, room: str) -> list[Ticket]:
        """All tickets of a room, in the order they were issued."""
        return self._tickets("room", room)

    def tickets_of(self, session: str) -> list[Ticket]:
        """The tickets seated in a session."""
        return self._tickets("session", session)

    def _tickets(self, column: str, value: str) -> list[Ticket]:
        with self._using() as db:
            rows = db.execute(f"SELECT {_TICKET} FROM tickets WHERE {column} = ? ORDER BY joined, ticket", (value,))
            return [Ticket(*row) for row in rows.fetchall()]

    def seat(self, seated: Iterable[tuple[str, str]], session: str) -> bool:
        """Seat tickets (id, seat) in a session, all or none; False if one of them was seated meanwhile, or is gone."""
        with self._writing(alone=True) as db:
            wanted = list(seated)
            for ident, _ in wanted:
                row = db.execute("SELECT session FROM tickets WHERE ticket = ?", (ident,)).fetchone()
                if row is None or row[0]:
                    return False
            for ident, seat in wanted:
                db.execute("UPDATE tickets SET session = ?, seat = ? WHERE ticket = ?", (session, seat, ident))
        return True

    def move_tickets(self, session: str, to: str) -> None:
        """Those seated in one session sit in another now; `to` empty: they wait again."""
        with self._writing() as db:
            db.execute("UPDATE tickets SET session = ? WHERE session = ?", (to, session))

    def revoke(self, ident: str) -> None:
        """Take a ticket back: whoever holds it is let in no more. The place in its session stays as it was."""
        with self._writing() as db:
            db.execute("DELETE FROM tickets WHERE ticket = ?", (ident,))

    def heard_of(self, idents: Sequence[str]) -> None:
        """These devices are there now."""
        at = self._moment().isoformat()
        with self._writing() as db:
            db.executemany("UPDATE tickets SET seen = ? WHERE ticket = ?", [(at, ident) for ident in idents])

    def begin_story(self, ident: str, session: str) -> None:
        """Whoever holds this ticket has read what the story holds and goes in: whatever brings them back leads straight to it."""
        with self._writing() as db:
            db.execute("UPDATE tickets SET began = ? WHERE ticket = ?", (session, ident))

    def connected(self, ticket: Ticket) -> bool:
        """Whether the device was heard of lately."""
        return bool(ticket.seen) and datetime.fromisoformat(ticket.seen) >= self._moment() - HEARD

    # --- what is going on ---------------------------------------------------------------------------------------

    def activity(self, sessions: Sequence[str]) -> dict[str, int]:
        """How many events each of these sessions has."""
        found: dict[str, int] = {}
        with self._using() as db:
            for begin in range(0, len(sessions), 200):
                some = sessions[begin : begin + 200]
                marks = ", ".join("?" * len(some))
                rows = db.execute(f"SELECT id, events FROM sessions WHERE id IN ({marks})", tuple(some))
                found |= {str(ident): int(events) for ident, events in rows.fetchall()}
        return found


def clear_ended(db: Sql, now: datetime) -> None:
    """Take away rooms that have ended, and their tickets. In a transaction."""
    ended = (now.isoformat(timespec="seconds"),)
    db.execute("DELETE FROM tickets WHERE room IN (SELECT room FROM rooms WHERE ends <= ?)", ended)
    db.execute("DELETE FROM rooms WHERE ends <= ?", ended)


def forget_tickets(db: Sql, alias: str) -> None:
    """Take an alias, in whatever case it was typed, from all tickets; whoever holds one keeps their seat. In a transaction."""
    for (name,) in db.execute("SELECT DISTINCT alias FROM tickets").fetchall():
        if name.strip().casefold() == alias.strip().casefold():
            db.execute("UPDATE tickets SET alias = '' WHERE alias = ?", (name,))


_ROOM = "room, workshop, scenario, mou, jurisdiction, pairing, stage, ends"
_TICKET = "ticket, tickets.room, session, seat, wish, alias, agency, seen, began"
