"""The store in one SQLite file. What is asked of it is `sql`'s matter, the open file `database`'s."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from simulator.log import Finding
from simulator.log.database import OpenFile
from simulator.log.dialect import Sql
from simulator.log.following import Follower, Polling
from simulator.log.sql import SqlStore


class SqliteStore(OpenFile, SqlStore):
    """A `simulator.log.Store` in a file, made if it does not exist. Raises LogError."""

    unreadable = sqlite3.DatabaseError

    def follower(self) -> Follower:
        return Polling(self.activity, self._written)

    def _unsound(self, db: Sql) -> Iterator[Finding]:
        try:
            yield from _damage(db)
        except sqlite3.DatabaseError:
            yield Finding(None, None, "SQLite cannot read all of it: the file is damaged.")


def _damage(db: Sql) -> Iterator[Finding]:
    for (report,) in db.execute("PRAGMA integrity_check").fetchall():
        for wrong in report.splitlines():
            if wrong != "ok" and not wrong.startswith("***"):
                yield Finding(None, None, f"SQLite finds the file damaged: {wrong}.")
    orphans: dict[tuple[str, str], int] = {}
    for table, _, parent, _ in db.execute("PRAGMA foreign_key_check").fetchall():
        orphans[table, parent] = orphans.get((table, parent), 0) + 1
    for (table, parent), count in orphans.items():
        yield Finding(None, None, f"{count} of the rows in “{table}” belong to nothing in “{parent}”.")
