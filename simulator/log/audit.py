"""Is the store what it was when it was written? Recomputes everything; changes nothing."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from itertools import chain as joined
from typing import TYPE_CHECKING

from simulator.log import Finding, chain

if TYPE_CHECKING:
    from sqlite_utils import Database


def audit(db: Database, session: str | None = None) -> list[Finding]:
    """Everything found wrong in the store, or in one session of it."""
    if session is not None:
        return list(_readable(session, _session(db, session)))
    ids = [row[0] for row in db.execute("SELECT id FROM sessions ORDER BY created, id").fetchall()]
    return [
        *_readable(None, _file(db)),
        *joined.from_iterable(_readable(each, _session(db, each)) for each in ids),
    ]


def _readable(session: str | None, findings: Iterator[Finding]) -> Iterator[Finding]:
    """The findings, and one more where SQLite cannot read on: the rest of the store is still looked at."""
    try:
        yield from findings
    except sqlite3.DatabaseError:
        yield Finding(session, None, "SQLite cannot read all of it: the file is damaged.")


def _file(db: Database) -> Iterator[Finding]:
    for (report,) in db.execute("PRAGMA integrity_check").fetchall():
        for wrong in report.splitlines():
            if wrong != "ok" and not wrong.startswith("***"):
                yield Finding(None, None, f"SQLite finds the file damaged: {wrong}.")
    orphans: dict[tuple[str, str], int] = {}
    for table, _, parent, _ in db.execute("PRAGMA foreign_key_check").fetchall():
        orphans[table, parent] = orphans.get((table, parent), 0) + 1
    for (table, parent), count in orphans.items():
        yield Finding(None, None, f"{count} of the rows in “{table}” belong to nothing in “{parent}”.")
    for (digest,) in db.execute("SELECT digest FROM texts EXCEPT SELECT digest FROM session_texts").fetchall():
        yield Finding(None, None, f"The text {digest[:12]}… is kept, but no session plays it.")


def _session(db: Database, session: str) -> Iterator[Finding]:
    rows = db.execute(
        "SELECT seq, at, body, before, digest FROM events WHERE session = ? ORDER BY seq", (session,)
    ).fetchall()
    for seq, wrong in chain.breaks(session, rows):
        yield Finding(session, seq, f"{wrong[0].upper()}{wrong[1:]}.")
    events, head = db.execute("SELECT events, head FROM sessions WHERE id = ?", (session,)).fetchone()
    last, digest = (rows[-1][0], rows[-1][4]) if rows else (-1, "")
    if last + 1 < events:
        yield Finding(session, last + 1, f"The log ends with event {last}, but {events} events were kept.")
    elif (last + 1, digest) != (events, head):
        yield Finding(session, last, f"The log ends with event {last}, which is not the last that was kept.")
    yield from _texts(db, session, rows[0][2] if rows else "{}")


def _texts(db: Database, session: str, start: str) -> Iterator[Finding]:
    pinned = set()
    query = "SELECT kind, name, digest, body FROM session_texts LEFT JOIN texts USING (digest) WHERE session = ?"
    for kind, name, digest, body in db.execute(query, (session,)).fetchall():
        pinned.add(digest)
        if body is None:
            yield Finding(session, None, f"The text of the {kind} “{name}” is missing.")
        elif chain.text_digest(body) != digest:
            yield Finding(session, None, f"The text of the {kind} “{name}” has been changed since it was kept.")
    # Event 0 names the texts by digest, so the chain vouches for them: swapping text and digest together shows here.
    try:
        named = json.loads(start).get("texts", {})
    except (ValueError, AttributeError):
        return  # the chain has already said that event 0 is not what it was
    for kind, digest in named.items() if isinstance(named, dict) else ():
        if digest not in pinned:
            yield Finding(session, 0, f"The session began with another text of its {kind} than the one it holds.")
