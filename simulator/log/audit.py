"""Is the store what it was when it was written? Recomputes everything; changes nothing.

Every text is weighed once, however many sessions play it, and events are read some sessions at a time: a store of a
hundred thousand sessions needs no more memory than one of a thousand.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeVar

from simulator.log import Finding, chain
from simulator.log.dialect import Sql

UNPLAYED = "NOT EXISTS (SELECT 1 FROM session_texts WHERE session_texts.digest = texts.digest)"

T = TypeVar("T")
Ends = Sequence[tuple[str, int, str]]  # id, events, head: what is said of each session's end
_AT_ONCE = 500  # sessions


def audit(db: Sql, session: str | None, unreadable: type[Exception]) -> Iterator[Finding]:
    """Everything found wrong in the store, or in one session of it. `unreadable`: what the backend raises at damage."""
    if session is not None:
        ends = db.execute("SELECT id, events, head FROM sessions WHERE id = ?", (session,)).fetchall()
        yield from _careful(db, ends, unreadable, None)
        return
    sound = attempt(
        db, unreadable, lambda: {digest: chain.text_digest(body) == digest for digest, body in db.stream(_TEXTS)}
    )
    unplayed = attempt(db, unreadable, lambda: db.execute(f"SELECT digest FROM texts WHERE {UNPLAYED}").fetchall())
    if sound is None or unplayed is None:
        yield Finding(None, None, "Not all of its texts can be read: the store is damaged.")
    for (digest,) in unplayed or ():
        yield Finding(None, None, f"The text {digest[:12]}… is kept, but no session plays it.")
    last = ""
    while True:
        some = attempt(db, unreadable, partial(_some, db, last))
        if some is None:
            yield Finding(None, None, "Not all of its sessions can be read: the store is damaged.")
        if not some:
            return
        yield from _careful(db, some, unreadable, sound)
        last = some[-1][0]


def attempt(db: Sql, unreadable: type[Exception], ask: Callable[[], T]) -> T | None:
    """What `ask` gives, or None where the backend cannot read on: PostgreSQL goes on after damage only from a mark."""
    db.execute("SAVEPOINT part")
    try:
        found = ask()
    except unreadable:
        db.execute("ROLLBACK TO part")
        return None
    db.execute("RELEASE part")
    return found


_TEXTS = "SELECT digest, body FROM texts"


def _some(db: Sql, last: str) -> list[tuple[str, int, str]]:
    query = "SELECT id, events, head FROM sessions WHERE id > ? ORDER BY id LIMIT ?"
    return db.execute(query, (last, _AT_ONCE)).fetchall()


def _careful(db: Sql, ends: Ends, unreadable: type[Exception], sound: Mapping[str, bool] | None) -> Iterator[Finding]:
    """The findings; where the backend cannot read on, session by session, so that one spoils no other."""
    found = attempt(db, unreadable, lambda: list(_sessions(db, ends, sound)))
    if found is not None:
        yield from found
    elif len(ends) == 1:
        yield Finding(ends[0][0], None, "Not all of it can be read: the store is damaged.")
    else:
        for end in ends:
            yield from _careful(db, [end], unreadable, sound)


def _sessions(db: Sql, ends: Ends, sound: Mapping[str, bool] | None) -> Iterator[Finding]:
    """`ends` are neighbours, in the order of their ids. `sound`: which texts are what their digests say, if known."""
    span = (ends[0][0], ends[-1][0])
    events = _by_session(db.execute(_EVENTS, span).fetchall())
    if sound is None:
        weighed = db.execute(_PLAYED, span).fetchall()
        sound = {digest: chain.text_digest(body) == digest for digest, body in weighed}
    pinned = _by_session(db.execute(_PINNED, span).fetchall())
    for session, count, head in ends:
        rows = events.get(session, [])
        yield from _chain(session, rows, count, head)
        yield from _texts(session, rows[0][2] if rows else "{}", pinned.get(session, []), sound)


_EVENTS = """
    SELECT session, seq, at, body, before, digest FROM events WHERE session >= ? AND session <= ? ORDER BY session, seq
"""
_PINNED = """
    SELECT session, kind, name, digest FROM session_texts WHERE session >= ? AND session <= ? ORDER BY session, position
"""
_PLAYED = """
    SELECT digest, body FROM texts
    WHERE digest IN (SELECT digest FROM session_texts WHERE session >= ? AND session <= ?)
"""


def _by_session(rows: Iterable[tuple[Any, ...]]) -> dict[str, list[Any]]:
    return {session: [row[1:] for row in of_it] for session, of_it in groupby(rows, itemgetter(0))}


def _chain(session: str, rows: Sequence[chain.Row], events: int, head: str) -> Iterator[Finding]:
    for seq, wrong in chain.breaks(session, rows):
        yield Finding(session, seq, f"{wrong[0].upper()}{wrong[1:]}.")
    last, digest = (rows[-1][0], rows[-1][4]) if rows else (-1, "")
    if last + 1 < events:
        yield Finding(session, last + 1, f"The log ends with event {last}, but {events} events were kept.")
    elif (last + 1, digest) != (events, head):
        yield Finding(session, last, f"The log ends with event {last}, which is not the last that was kept.")


def _texts(
    session: str, start: str, pinned: Sequence[tuple[str, str, str]], sound: Mapping[str, bool]
) -> Iterator[Finding]:
    for kind, name, digest in pinned:
        if digest not in sound:
            yield Finding(session, None, f"The text of the {kind} “{name}” is missing.")
        elif not sound[digest]:
            yield Finding(session, None, f"The text of the {kind} “{name}” has been changed since it was kept.")
    # Event 0 names the texts by digest, so the chain vouches for them: swapping text and digest together shows here.
    try:
        named = json.loads(start).get("texts", {})
    except (ValueError, AttributeError):
        return  # the chain has already said that event 0 is not what it was
    held = {digest for _, _, digest in pinned}
    for kind, digest in named.items() if isinstance(named, dict) else ():
        if digest not in held:
            yield Finding(session, 0, f"The session began with another text of its {kind} than the one it holds.")
