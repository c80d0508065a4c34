"""The store's tables, version by version.

A store is brought up to date when it is opened, one step at a time, each step and its mark in one transaction: an
interrupted step leaves nothing behind. Once released, a step is never edited; a change to the tables is a new step at
the end of `STEPS`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from simulator.log import Damaged, LogError, TooNew

if TYPE_CHECKING:
    from sqlite_utils import Database

Step = tuple[int, Callable[["Database"], None]]

APPLICATION = 0x48614F66  # “HaOf” in the file's header: other programs have tables called `migrations` too

_FIRST = (
    f"PRAGMA application_id = {APPLICATION}",
    "CREATE TABLE migrations (version INTEGER PRIMARY KEY, applied TEXT NOT NULL)",
    # `events` and `head` say how long the chain is and how it ends, so that a lost tail is noticed.
    """CREATE TABLE sessions (
        id TEXT PRIMARY KEY, created TEXT NOT NULL, updated TEXT NOT NULL,
        scenario TEXT NOT NULL, title TEXT NOT NULL, workshop TEXT NOT NULL,
        mou TEXT NOT NULL, jurisdiction TEXT NOT NULL,
        finished INTEGER NOT NULL DEFAULT 0, events INTEGER NOT NULL, head TEXT NOT NULL
    ) WITHOUT ROWID""",
    "CREATE INDEX sessions_updated ON sessions (updated)",
    "CREATE TABLE texts (digest TEXT PRIMARY KEY, body TEXT NOT NULL)",
    # Kind, name and path stand here and not with the text: two files may hold the same words.
    """CREATE TABLE session_texts (
        session TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE, position INTEGER NOT NULL,
        kind TEXT NOT NULL, name TEXT NOT NULL, path TEXT NOT NULL,
        digest TEXT NOT NULL REFERENCES texts,
        PRIMARY KEY (session, position)
    ) WITHOUT ROWID""",
    "CREATE INDEX session_texts_digest ON session_texts (digest)",
    """CREATE TABLE events (
        session TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE, seq INTEGER NOT NULL,
        at TEXT NOT NULL, body TEXT NOT NULL, before TEXT NOT NULL, digest TEXT NOT NULL,
        PRIMARY KEY (session, seq)
    ) WITHOUT ROWID""",
    # What can be erased: who played, and what they wrote.
    """CREATE TABLE aliases (
        session TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE, seat TEXT NOT NULL, position INTEGER NOT NULL,
        alias TEXT NOT NULL, agency TEXT NOT NULL, player TEXT NOT NULL,
        PRIMARY KEY (session, seat)
    ) WITHOUT ROWID""",
    """CREATE TABLE remarks (
        session TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE, seat TEXT NOT NULL, phase TEXT NOT NULL,
        text TEXT NOT NULL, at TEXT NOT NULL,
        PRIMARY KEY (session, seat, phase)
    )""",
)


def _first(db: Database) -> None:
    for statement in _FIRST:
        db.execute(statement)


STEPS: tuple[Step, ...] = ((1, _first),)


def version(db: Database, name: str) -> int:
    """Which version the store is; 0 is a new file. Raises Damaged; LogError if it is another program's database."""
    tables = db.table_names()
    if not tables:
        return 0
    (application,) = db.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION or "migrations" not in tables:
        raise LogError(f"“{name}” is another program's database, not a store of Handoff; name another file.")
    (found,) = db.execute("SELECT max(version) FROM migrations").fetchone()
    if found is None:
        raise Damaged(f"“{name}” is damaged: it does not say which version of a store it is; restore a backup.")
    return int(found)


def check_version(db: Database, name: str, steps: Sequence[Step]) -> bool:
    """Whether the store is up to date; reads only. Raises TooNew, LogError."""
    found, newest = version(db, name), steps[-1][0]
    if found > newest:
        raise TooNew(
            f"“{name}” was written by a newer Handoff (store version {found}, this one knows {newest}): "
            "upgrade Handoff to open it; nothing in it was touched."
        )
    return found == newest


def migrate(db: Database, name: str, steps: Sequence[Step]) -> None:
    """Bring the store up to date. Raises TooNew, LogError; sqlite3.Error from a step, which is then undone."""
    for number, step in steps:
        db.execute("BEGIN IMMEDIATE")
        try:
            # Asked again under the lock: another process may have done this step while we waited for it.
            check_version(db, name, steps)
            if version(db, name) < number:
                step(db)
                applied = datetime.now(UTC).isoformat(timespec="seconds")
                db.execute("INSERT INTO migrations (version, applied) VALUES (?, ?)", (number, applied))
            db.execute("COMMIT")
        except BaseException:
            if db.conn.in_transaction:
                db.execute("ROLLBACK")
            raise
