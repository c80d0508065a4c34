"""What is asked of a store and what is written, in the SQL that both backends read. Opening one is their own matter."""

from __future__ import annotations

import json
import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Unpack

from simulator.log import (
    Damaged,
    Finding,
    Kept,
    LogError,
    NoSuchSession,
    Place,
    Remark,
    SessionRow,
    Stale,
    Text,
    chain,
    listing,
)
from simulator.log.audit import UNPLAYED, audit
from simulator.log.dialect import Sql, storable
from simulator.log.following import Follower
from simulator.log.listing import Column, Listed, Wanted, stamp
from simulator.log.read_models import ReadModels, leaving, order_plays
from simulator.log.rooms import Rooms, clear_ended, forget_tickets
from simulator.log.tables import known_as
from simulator.log.tallies import mark
from simulator.log.votes import Votes, forget_votes, unname_votes


class SqlStore(ReadModels, Votes, Rooms, ABC):
    """A `simulator.log.Store` over whatever a backend opens. `name` is what messages call it."""

    name: str
    row_lock = ""  # what a SELECT says to keep its row as it is until the transaction ends
    unreadable: type[Exception]  # what the backend raises where it cannot read on
    _now: Callable[[], datetime]

    @abstractmethod
    def _using(self) -> AbstractContextManager[Sql]:
        """The connection, for this thread alone. What goes wrong inside is raised as a LogError."""

    @abstractmethod
    def _writing(self, *, alone: bool = False) -> AbstractContextManager[Sql]:
        """One transaction, all or nothing. `alone`: nobody else writes to the store meanwhile."""

    @abstractmethod
    def backup(self, path: str | Path) -> None:
        """Copy the whole store to a new file, while it is in use. Raises Unwritable."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the store; closing twice is fine."""

    @abstractmethod
    def _picture(self) -> AbstractContextManager[Sql]:
        """One moment's picture of the whole store, while others go on writing."""

    def picture(self) -> AbstractContextManager[Sql]:
        return self._picture()

    @abstractmethod
    def follower(self) -> Follower:
        """Something to hear of other programs' appends with. Its thread closes it."""

    def _announce(self, db: Sql, session: str) -> None:
        """Tell who listens that the session has grown; in the transaction under way. A file is asked instead."""

    @abstractmethod
    def _scrub(self) -> None:
        """Leave nothing readable of what was just erased, as far as that is in the backend's hands."""

    @abstractmethod
    def _unsound(self, db: Sql) -> Iterator[Finding]:
        """What the backend itself finds wrong with the whole store."""

    def create(
        self,
        *,
        scenario: str,
        title: str,
        mou: str,
        jurisdiction: str,
        workshop: str,
        start: Mapping[str, Any],
        texts: Iterable[Text],
        places: Sequence[Place],
    ) -> str:
        """Keep a new session with its event 0, all or nothing. Returns its id, which is random."""
        session, at = secrets.token_hex(8), self._stamp()
        with self._writing() as db:
            db.execute(
                "INSERT INTO sessions"
                " (id, created, updated, scenario, title, workshop, mou, jurisdiction, events, head)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, '')",
                (session, at, at, scenario, title, storable(workshop), mou, jurisdiction),
            )
            for position, (kind, name, digest, text, path) in enumerate(texts):
                if chain.text_digest(text) != digest:
                    raise LogError(f"The text of the {kind} “{name}” changed while it was read; begin again.")
                db.execute("INSERT INTO texts (digest, body) VALUES (?, ?) ON CONFLICT DO NOTHING", (digest, text))
                db.execute(
                    "INSERT INTO session_texts (session, position, kind, name, path, digest) VALUES (?, ?, ?, ?, ?, ?)",
                    (session, position, kind, name, storable(path), digest),
                )
            _seat(db, session, places)
            self._append(db, session, 0, [start], None, True)
        return session

    def append(
        self, session: str, seq: int, body: Mapping[str, Any], *, finished: bool | None = None, played: bool = True
    ) -> Kept:
        """Keep an event; on disk when this returns. `finished` is left as it was if None. Raises Stale.

        `played`: whether the session was played by it; looking at a session must not make it seem younger to `purge`.
        """
        return self.append_many(session, seq, [body], finished=finished, played=played)[0]

    def append_many(
        self,
        session: str,
        seq: int,
        bodies: Sequence[Mapping[str, Any]],
        *,
        finished: bool | None = None,
        played: bool = True,
    ) -> list[Kept]:
        """Keep several events, the first at `seq`, all or none. Raises Stale."""
        with self._writing() as db:
            return self._append(db, session, seq, bodies, finished, played)

    def read(self, session: str, after: int = -1, *, verify: bool = False) -> list[Kept]:
        """The events after `after`. `verify` recomputes every digest on the way. Raises Damaged."""
        with self._using() as db:
            # In this order: what somebody appends between the two questions may be more than promised, never less.
            events, head = self._end(db, session)
            rows = db.execute(
                "SELECT seq, at, body, before, digest FROM events WHERE session = ? AND seq > ? ORDER BY seq",
                (session, after),
            ).fetchall()
        if verify:
            for seq, wrong in chain.breaks(session, rows, after + 1, "" if after < 0 else None):
                raise _damaged(session, seq, wrong)
            for seq, _, _, _, digest in rows:
                if seq + 1 == events and digest != head:
                    raise _damaged(session, seq, f"event {seq} is not the one that was kept")
        kept = []
        for seq, (found, at, body, _, digest) in enumerate(rows, start=after + 1):
            if found != seq:
                raise _damaged(session, seq, f"event {seq} is missing")
            try:
                kept.append(Kept(seq, json.loads(body), at, digest))
            except ValueError:
                raise _damaged(session, seq, f"event {seq} cannot be read") from None
        following = after + 1 + len(kept)
        if following < events:
            raise _damaged(session, following, f"event {following} is missing")
        return kept

    def last(self, session: str) -> int:
        """The number of the session's last event."""
        with self._using() as db:
            return self._end(db, session)[0] - 1

    def texts(self, session: str) -> list[Text]:
        """The exact texts the session plays, in the order they were given."""
        with self._using() as db:
            self._end(db, session)
            return db.execute(
                "SELECT kind, name, digest, body, path FROM session_texts JOIN texts USING (digest)"
                " WHERE session = ? ORDER BY position",
                (session,),
            ).fetchall()

    def places(self, session: str) -> tuple[Place, ...]:
        """Who sits where."""
        with self._using() as db:
            self._end(db, session)
            return _places(db, "= ?", (session,)).get(session, ())

    def people(self, session: str) -> dict[str, str]:
        """Who sits where, as random ids: seat → person, the same wherever the same alias of the same agency plays."""
        with self._using() as db:
            self._end(db, session)
            return dict(db.execute("SELECT seat, person FROM aliases WHERE session = ?", (session,)).fetchall())

    def set_places(self, session: str, places: Sequence[Place]) -> None:
        """Seat people anew; who sat there before is no longer known."""
        with self._writing() as db:
            self._end(db, session, self.row_lock)
            _seat(db, session, places)

    def sessions(self, **wanted: Unpack[Listed]) -> list[SessionRow]:
        """A page of the sessions that a filter takes, in an order; by default all, last played first."""
        found: dict[str, SessionRow] = {}
        with self._using() as db:
            ids = [ident for (ident,) in db.execute(*listing.ids(wanted)).fetchall()]
            for which, some in listing.batches(ids):
                seated = _places(db, which, some)
                rows = db.execute(f"SELECT {_LISTED} FROM sessions WHERE id {which}", some).fetchall()
                found |= {row[0]: _row(row, seated.get(row[0], ())) for row in rows}
        return [found[ident] for ident in ids if ident in found]

    def count(self, **wanted: Unpack[Wanted]) -> int:
        """How many sessions a filter takes."""
        with self._using() as db:
            return int(db.execute(*listing.count(wanted)).fetchone()[0])

    def choices(self, column: Column, **wanted: Unpack[Wanted]) -> list[tuple[str, int]]:
        """The values of a column among the sessions a filter takes, with how many have each, by name; no empty one."""
        with self._using() as db:
            found = db.execute(*listing.choices(column, wanted)).fetchall()
        return sorted(((str(name), int(number)) for name, number in found), key=lambda each: each[0].casefold())

    def about(self, session: str) -> SessionRow:
        """The session's line of the list. Raises NoSuchSession."""
        with self._using() as db:
            self._end(db, session)
            row = db.execute(f"SELECT {_LISTED} FROM sessions WHERE id = ?", (session,)).fetchone()
            return _row(row, _places(db, "= ?", (session,)).get(session, ()))

    def remark(self, session: str, seat: str, phase: str, text: str) -> None:
        """Keep what a seat wrote in a phase of the debrief, in place of what it wrote before; empty erases it."""
        with self._writing() as db:
            self._end(db, session, self.row_lock)
            if text.strip():
                db.execute(
                    "INSERT INTO remarks (session, seat, phase, text, at) VALUES (?, ?, ?, ?, ?)"
                    " ON CONFLICT (session, seat, phase) DO UPDATE SET text = excluded.text",
                    (session, seat, phase, storable(text), self._after_remarks(db, session)),
                )
            else:
                # An empty row stays, so that a copy of the session made earlier does not bring it back.
                db.execute(
                    "UPDATE remarks SET text = '' WHERE session = ? AND seat = ? AND phase = ?", (session, seat, phase)
                )

    def remarks(self, session: str) -> list[Remark]:
        """Everything written in the debrief, in the order it was first written."""
        with self._using() as db:
            self._end(db, session)
            query = "SELECT seat, phase, text FROM remarks WHERE session = ? AND text <> '' ORDER BY at, seat, phase"
            return db.execute(query, (session,)).fetchall()

    def forget(self, alias: str) -> int:
        """Erase an alias, in whatever case it was typed, the remarks of its seats and what was written about them; of its votes, name and reason.

        Returns how many sessions.
        """
        wanted = storable(alias).strip().casefold()
        if not wanted:
            return 0
        with self._writing(alone=True) as db:
            known = [name for (name,) in db.execute("SELECT DISTINCT alias FROM aliases").fetchall()]
            seats: list[tuple[str, str]] = []
            for name in known:
                if name.strip().casefold() == wanted:
                    seats += db.execute("SELECT session, seat FROM aliases WHERE alias = ?", (name,)).fetchall()
            for place in seats:
                db.execute("UPDATE aliases SET alias = '', known = '' WHERE session = ? AND seat = ?", place)
                db.execute("DELETE FROM remarks WHERE session = ? AND (seat = ? OR seat = 'facilitator')", place)
            forget_votes(db, alias)
            forget_tickets(db, wanted)
        self._scrub()
        return len({session for session, _ in seats})

    def purge(self, older_than_days: int) -> int:
        """Erase sessions last played more than this many days ago, and the names on votes that old. Returns how many sessions."""
        limit = stamp(self._now() - timedelta(days=older_than_days))
        with self._writing(alone=True) as db:
            groups, people = leaving(db, "SELECT id FROM sessions WHERE updated < ?", (limit,))
            gone = db.execute("DELETE FROM sessions WHERE updated < ?", (limit,)).rowcount
            db.execute(f"DELETE FROM texts WHERE {UNPLAYED}")
            unname_votes(db, limit)
            clear_ended(db, self._now())
            mark(db, groups | order_plays(db, people))
        self.tally()
        if gone:
            self.prune_keys()
        self._scrub()
        return gone

    def audit(self, session: str | None = None) -> list[Finding]:
        """Recompute every chain and check the store, or one session of it. Empty if all is well."""
        with self._picture() as db:
            if session is not None:
                self._end(db, session)
                return list(audit(db, session, self.unreadable))
            return [*self._unsound(db), *audit(db, None, self.unreadable)]

    def fingerprint(self, session: str | None = None) -> tuple[int, str]:
        """How many sessions there are, and one digest over the ends of all their chains (or of one session's)."""
        which, values = ("", ()) if session is None else (" WHERE id = ?", (session,))
        whole, count = sha256(), 0
        with self._picture() as db:
            for ident, events, head in db.stream(f"SELECT id, events, head FROM sessions{which} ORDER BY id", values):
                whole.update(f"{ident} {events} {head}\n".encode())
                count += 1
        return count, whole.hexdigest()[:32]

    # --- under the lock ---------------------------------------------------------------------------------------

    def _append(
        self,
        db: Sql,
        session: str,
        seq: int,
        bodies: Sequence[Mapping[str, Any]],
        finished: bool | None,
        played: bool,
    ) -> list[Kept]:
        events, head = self._end(db, session, self.row_lock)
        if seq != events:
            raise Stale("Somebody else acted first in this session; see what changed and choose again.")
        kept, rows, at = [], [], self._stamp()
        for number, body in enumerate(bodies, start=seq):
            text = chain.canonical(body)
            digest = chain.event_digest(head, session, number, at, text)
            rows.append((session, number, at, text, head, digest))
            kept.append(Kept(number, json.loads(text), at, digest))
            head = digest
        db.executemany("INSERT INTO events (session, seq, at, body, before, digest) VALUES (?, ?, ?, ?, ?, ?)", rows)
        db.execute(
            "UPDATE sessions SET updated = coalesce(?, updated), events = ?, head = ?, finished = coalesce(?, finished)"
            " WHERE id = ?",
            (at if played else None, seq + len(kept), head, None if finished is None else int(finished), session),
        )
        self._announce(db, session)
        return kept

    def _end(self, db: Sql, session: str, lock: str = "") -> tuple[int, str]:
        """How many events the session has, and the digest of the last. Raises NoSuchSession."""
        row = db.execute(f"SELECT events, head FROM sessions WHERE id = ?{lock}", (session,)).fetchone()
        if row is None:
            raise NoSuchSession(
                f"There is no session “{session}” in “{self.name}”; `handoff review` lists what there is."
            )
        return row[0], row[1]

    def _moment(self) -> datetime:
        return self._now()

    def _stamp(self) -> str:
        return stamp(self._now())

    def _after_remarks(self, db: Sql, session: str) -> str:
        """Now, or just after the session's last remark: their times tell their order."""
        now = self._now()
        (last,) = db.execute("SELECT max(at) FROM remarks WHERE session = ?", (session,)).fetchone()
        return stamp(max(now, datetime.fromisoformat(last) + timedelta(milliseconds=1)) if last else now)


_LISTED = "id, created, updated, scenario, title, workshop, mou, jurisdiction, events, finished"


def _seat(db: Sql, session: str, places: Sequence[Place]) -> None:
    before = dict(db.execute("SELECT seat, person FROM aliases WHERE session = ?", (session,)).fetchall())
    db.execute("DELETE FROM aliases WHERE session = ?", (session,))
    for position, place in enumerate(places):
        known = known_as(storable(place.alias), storable(place.agency))
        person = _person(db, known) or before.get(place.seat) or secrets.token_hex(8)
        db.execute(
            "INSERT INTO aliases (session, seat, position, alias, agency, player, person, known)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                session,
                place.seat,
                position,
                storable(place.alias),
                storable(place.agency),
                place.player,
                person,
                known,
            ),
        )


def _person(db: Sql, known: str) -> str | None:
    row = db.execute("SELECT person FROM aliases WHERE known = ? LIMIT 1", (known,)).fetchone() if known else None
    return row[0] if row else None


def _row(row: tuple[Any, ...], seats: tuple[Place, ...]) -> SessionRow:
    ident, created, updated, scenario, title, workshop, mou, jurisdiction, events, finished = row
    return SessionRow(
        ident,
        datetime.fromisoformat(created),
        datetime.fromisoformat(updated),
        scenario,
        title,
        workshop,
        mou,
        jurisdiction,
        bool(finished),
        events,
        seats,
    )


def _places(db: Sql, which: str, values: Sequence[Any]) -> dict[str, tuple[Place, ...]]:
    found: dict[str, tuple[Place, ...]] = {}
    query = f"SELECT session, seat, alias, player, agency FROM aliases WHERE session {which} ORDER BY session, position"
    for session, *place in db.execute(query, values).fetchall():
        found[session] = (*found.get(session, ()), Place(*place))
    return found


def _damaged(session: str, seq: int, wrong: str) -> Damaged:
    return Damaged(
        f"Session “{session}” is damaged: {wrong}; `handoff audit` says more, and a backup may have it whole.",
        session,
        seq,
    )
