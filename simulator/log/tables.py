"""The store's tables, version by version, in the one spelling that both backends read.

Where PostgreSQL wants another word (`WITHOUT ROWID`, how texts are compared), `dialect` puts it in; the statements
themselves are SQLite's. Once released, a version is never edited: a change to the tables is a new one.
"""

from __future__ import annotations

import secrets

from simulator.log import read_models, rooms, votes
from simulator.log.dialect import Sql

FIRST = (
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

# Who plays is a random id beside the alias; `known`, by which the same person is recognised, is erased with the alias.
_PERSONS = (
    "ALTER TABLE aliases ADD COLUMN person TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE aliases ADD COLUMN known TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX aliases_known ON aliases (known)",
    "CREATE INDEX aliases_agency ON aliases (agency)",
    "CREATE INDEX sessions_finished ON sessions (finished)",
    "CREATE INDEX sessions_created ON sessions (created)",
)


def second(db: Sql) -> None:
    """Version 2: persons, and the tables that figures of many sessions are read from."""
    for statement in (*_PERSONS, *read_models.STATEMENTS):
        db.execute(statement)
    known: dict[str, str] = {}
    for session, seat, alias, agency in db.execute("SELECT session, seat, alias, agency FROM aliases").fetchall():
        name = known_as(alias, agency)
        person = known.setdefault(name, secrets.token_hex(8)) if name else secrets.token_hex(8)
        db.execute(
            "UPDATE aliases SET person = ?, known = ? WHERE session = ? AND seat = ?", (person, name, session, seat)
        )


# Version 3: what panels think of judgement scenes.
THIRD = votes.STATEMENTS

FOURTH = read_models.GUESSES

# Version 5: rooms that several devices share, and the tickets of those in them.
FIFTH = rooms.STATEMENTS


def known_as(alias: str, agency: str) -> str:
    """What a person is recognised by: alias and agency, in whatever case they were typed; empty without an alias."""
    name, employer = alias.strip().casefold(), agency.strip().casefold()
    return f"{name}\n{employer}" if name else ""
