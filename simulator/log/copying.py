"""Sessions from one store into another, whichever their backends: complete or not at all, chain intact.

A session is the same session wherever it is kept: same id, same events, same digests. One that the other store has
already is left as it is there, one that went on here goes on there, and one that went on in both places differently
stops the whole copy: somebody has to decide which is meant. That it was looked at in both is no such difference. What was written beside it and is not there yet, such as a
facilitator's note, comes along in any case.

The votes of panels belong to no session; they come along where everything does. Rooms and tickets never do: what they open is this
store's, for one evening, and a copy that somebody keeps must let nobody in. What was erased in the other store stays erased: an
emptied alias or remark is not filled again, nor what a facilitator wrote about somebody forgotten there, and a session that is new
there does not bring them back.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from simulator.log import Damaged, LogError, chain
from simulator.log.dialect import Sql
from simulator.log.votes import copy_votes

if TYPE_CHECKING:
    from simulator.log.sql import SqlStore

_AT_ONCE = 200  # sessions
_LEADER = "facilitator"  # the seat that whoever runs a room writes from; nobody sits there
_SESSION = (
    *("id", "created", "updated", "scenario", "title", "workshop", "mou", "jurisdiction"),
    *("finished", "events", "head"),
)
_EVENT = ("session", "seq", "at", "body", "before", "digest")
_PLAYED = ("session", "position", "kind", "name", "path", "digest")
_PLACE = ("session", "seat", "position", "alias", "agency", "player", "person", "known")
_REMARK = ("session", "seat", "phase", "text", "at")

Row = tuple[Any, ...]
Rows = dict[str, list[Row]]  # by session


@dataclass(slots=True)
class Copied:
    """How many sessions: `new` there, `longer` than what was there, `there` already; and how many new `votes` of panels."""

    new: int = 0
    longer: int = 0
    there: int = 0
    votes: int = 0


def copy(
    source: SqlStore, target: SqlStore, *, workshop: str | None = None, looks: frozenset[str] = frozenset()
) -> Copied:
    """Copy every session of `source`, and the votes of its panels, into `target`; or the sessions of one workshop.

    `looks`: the kinds of events that say no more than that somebody looked; a session that was looked at in both did not go on differently.

    Raises Damaged for a source whose chain or texts are broken, LogError for a session that went on differently in
    both; nothing is copied then.
    """
    if source.name == target.name:
        raise LogError(f"“{source.name}” is both where to copy from and where to; name another store.")
    done = Copied()
    with source._picture() as ours, target._writing(alone=True) as theirs:
        texts: set[str] = set()
        people = _People(ours, theirs)
        for sessions in _batches(ours, workshop):
            _Batch(ours, theirs, sessions, (source.name, target.name), looks).copy(done, texts, people)
        if workshop is None:
            done.votes = copy_votes(ours, theirs)
    return done


class _People:
    """Who is who: the random ids that stand for people, here and there.

    Somebody known there keeps the id they have there. Somebody who was forgotten there stays forgotten.
    """

    def __init__(self, ours: Sql, theirs: Sql):
        self._renamed: dict[str, str] = {}
        unnamed = {person for (person,) in theirs.stream("SELECT DISTINCT person FROM aliases WHERE known = ''")}
        self._forgotten: set[str] = set()
        rows = ours.stream("SELECT DISTINCT known, person FROM aliases WHERE known <> ''")
        while some := dict(islice(rows, _AT_ONCE)):
            there: dict[str, str] = dict(_rows(theirs, "aliases", "known", ("known", "person"), list(some)))
            self._renamed |= {some[name]: person for name, person in there.items() if person != some[name]}
            self._forgotten |= unnamed.intersection(some.values())

    def theirs(self, place: Row, erased: str | None) -> Row:
        """A place as it is kept there. `erased`: the id of who sits there already, without an alias."""
        session, seat, position, alias, agency, player, person, known = place
        if erased is not None or person in self._forgotten:
            return (session, seat, position, "", agency, player, erased or person, "")
        return (session, seat, position, alias, agency, player, self._renamed.get(person, person), known)


class _Batch:
    """Some sessions on their way."""

    def __init__(self, ours: Sql, theirs: Sql, sessions: Sequence[Row], names: tuple[str, str], looks: frozenset[str]):
        self.ours, self.theirs, self.sessions = ours, theirs, {row[0]: row for row in sessions}
        self.looks = looks
        self.source, self.target = names
        self.ids = list(self.sessions)
        self.there = {row[0]: row for row in _rows(theirs, "sessions", "id", _SESSION, self.ids)}
        self.events = _by_session(_rows(ours, "events", "session", _EVENT, self.ids, "session, seq"))

    def copy(self, done: Copied, texts: set[str], people: _People) -> None:
        for session in self.ids:
            self._verify(session)
        known = {session: self._known(session) for session in self.ids}
        new = [session for session, events in known.items() if events == 0]
        longer = [session for session, events in known.items() if 0 < events < len(self.events[session])]
        self._add_sessions(new, longer)
        self._add_texts(new, texts)
        self.theirs.fill("events", _EVENT, (row for s in (*new, *longer) for row in self.events[s][known[s] :]))
        self._add_people(new, longer, people)
        self._add_remarks(longer)
        self._compare([*new, *longer])
        done.new += len(new)
        done.longer += len(longer)
        done.there += len(self.ids) - len(new) - len(longer)

    def _verify(self, session: str) -> None:
        """The session is what it was when it was written."""
        rows = self.events.get(session, [])
        for seq, wrong in chain.breaks(session, [_link(row) for row in rows]):
            self._refuse(session, seq, wrong)
        *_, events, head = self.sessions[session]
        if (len(rows), rows[-1][-1] if rows else "") != (events, head):
            self._refuse(session, len(rows), f"event {len(rows)} is missing or is not the one that was kept")

    def _refuse(self, session: str, seq: int | None, wrong: str) -> None:
        raise Damaged(
            f"Session “{session}” of “{self.source}” is damaged: {wrong}; nothing was copied."
            " `handoff audit` says more, and a backup may have it whole.",
            session,
            seq,
        )

    def _known(self, session: str) -> int:
        """How many of its events are there already. Raises LogError if it went on differently."""
        if session not in self.there:
            return 0
        *_, events, head = self.there[session]
        mine = self.events[session]
        if events <= len(mine):
            if mine[events - 1][-1] == head:
                return int(events)
        else:
            [(digest,)] = _asked(
                self.theirs, "SELECT digest FROM events WHERE session = ? AND seq = ?", session, len(mine) - 1
            ) or [("",)]
            if digest == mine[-1][-1]:
                return len(mine)
        theirs = _asked(self.theirs, "SELECT digest, body FROM events WHERE session = ? ORDER BY seq", session)
        there = [digest for digest, _ in theirs]
        parted = next((n for n, (row, digest) in enumerate(zip(mine, there, strict=False)) if row[-1] != digest), 0)
        mine_since = {json.loads(row[3])["kind"] for row in mine[parted:]}
        if mine_since <= self.looks and mine_since <= {json.loads(body)["kind"] for _, body in theirs[parted:]}:
            return len(mine)  # here it was only looked at, as it was there: nobody has to decide anything
        raise LogError(
            f"Session “{session}” went on differently in both stores, from event {parted} on; nothing was copied."
            f" Keep the one of “{self.target}”, or erase it there first."
        )

    def _add_sessions(self, new: Sequence[str], longer: Sequence[str]) -> None:
        self.theirs.fill("sessions", _SESSION, (self.sessions[session] for session in new))
        for session in longer:
            mine = dict(zip(_SESSION, self.sessions[session], strict=True))
            self.theirs.execute(
                "UPDATE sessions SET updated = ?, finished = ?, events = ?, head = ? WHERE id = ?",
                (*(mine[name] for name in ("updated", "finished", "events", "head")), session),
            )

    def _add_texts(self, new: Sequence[str], done: set[str]) -> None:
        """The texts the new sessions play. A session that is there already has its texts."""
        played = _rows(self.ours, "session_texts", "session", _PLAYED, new, "session, position")
        missing = sorted({row[-1] for row in played} - done)
        bodies: dict[str, str] = dict(_rows(self.ours, "texts", "digest", ("digest", "body"), missing))
        for session, _, kind, name, _, digest in played:
            if digest not in done and (digest not in bodies or chain.text_digest(bodies[digest]) != digest):
                self._refuse(session, None, f"the text of the {kind} “{name}” is not what it was")
        self.theirs.executemany(
            "INSERT INTO texts (digest, body) VALUES (?, ?) ON CONFLICT DO NOTHING", list(bodies.items())
        )
        self.theirs.fill("session_texts", _PLAYED, played)
        done.update(bodies)

    def _add_people(self, new: Sequence[str], longer: Sequence[str], people: _People) -> None:
        """Who sits where; of what was erased there, nothing."""
        places = _rows(self.ours, "aliases", "session", _PLACE, [*new, *longer])
        theirs = {row[:2]: row for row in _rows(self.theirs, "aliases", "session", _PLACE, longer)}
        erased = {seat for seat, row in theirs.items() if not row[3]}
        seated = [people.theirs(row, theirs[row[:2]][6] if row[:2] in erased else None) for row in places]
        for session in longer:
            self.theirs.execute("DELETE FROM aliases WHERE session = ?", (session,))
        self.theirs.fill("aliases", _PLACE, seated)

    def _add_remarks(self, longer: Sequence[str]) -> None:
        """What was written beside the sessions. Words that are there already change only where the session went on."""
        places = _rows(self.ours, "aliases", "session", _PLACE, self.ids)
        nameless = {row[:2] for row in _rows(self.theirs, "aliases", "session", _PLACE, self.ids) if not row[3]}
        forgotten = {row[:2] for row in places if row[3]} & nameless
        about = {(session, _LEADER) for session, _ in forgotten}
        remarks = _rows(self.ours, "remarks", "session", _REMARK, self.ids)
        wanted = [row for row in remarks if row[:2] not in forgotten | about]
        insert = f"INSERT INTO remarks ({', '.join(_REMARK)}) VALUES (?, ?, ?, ?, ?) ON CONFLICT"
        changed = " (session, seat, phase) DO UPDATE SET text = excluded.text WHERE remarks.text <> ''"
        self.theirs.executemany(insert + changed, [row for row in wanted if row[0] in longer])
        self.theirs.executemany(insert + " DO NOTHING", [row for row in wanted if row[0] not in longer])

    def _compare(self, sessions: Sequence[str]) -> None:
        """What was kept there is what is here, byte by byte."""
        kept = _by_session(_rows(self.theirs, "events", "session", _EVENT, sessions, "session, seq"))
        for session in sessions:
            if kept.get(session) != self.events[session]:
                raise LogError(
                    f"“{self.target}” did not keep session “{session}” as it is in “{self.source}”; nothing was copied."
                )


def _batches(db: Sql, workshop: str | None) -> Iterator[list[Row]]:
    last, only = "", "" if workshop is None else " AND workshop = ?"
    named = () if workshop is None else (workshop,)
    query = f"SELECT {', '.join(_SESSION)} FROM sessions WHERE id > ?{only} ORDER BY id LIMIT ?"
    while rows := _asked(db, query, last, *named, _AT_ONCE):
        yield rows
        last = rows[-1][0]


def _rows(db: Sql, table: str, key: str, columns: Sequence[str], keys: Sequence[str], order: str = "") -> list[Row]:
    if not keys:
        return []
    query = f"SELECT {', '.join(columns)} FROM {table} WHERE {key} IN ({', '.join('?' * len(keys))})"
    return _asked(db, query + (f" ORDER BY {order}" if order else ""), *keys)


def _asked(db: Sql, query: str, *values: Any) -> list[Row]:
    return db.execute(query, values).fetchall()


def _by_session(rows: Sequence[Row]) -> Rows:
    return {session: list(of_it) for session, of_it in groupby(rows, itemgetter(0))}


def _link(row: Row) -> chain.Row:
    _, seq, at, body, before, digest = row
    return seq, at, body, before, digest
