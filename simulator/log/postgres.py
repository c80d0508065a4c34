"""The store on a PostgreSQL server. What is asked of it is `sql`'s matter, the line to the server `server`'s."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from simulator.log import Finding, Unwritable, coordinators
from simulator.log.audit import attempt
from simulator.log.backups import whole
from simulator.log.copying import copy
from simulator.log.dialect import Sql
from simulator.log.following import CHANNEL, Follower, Listening
from simulator.log.server import OpenServer
from simulator.log.sql import SqlStore
from simulator.log.sqlite import SqliteStore


class PostgresStore(OpenServer, SqlStore):
    """A `simulator.log.Store` in a database's schema `handoff`, made if it does not exist. Raises LogError."""

    unreadable = psycopg.InternalError
    row_lock = " FOR UPDATE"

    def follower(self) -> Follower:
        return Listening(self.activity, self.line)

    def _announce(self, db: Sql, session: str) -> None:
        db.execute("SELECT pg_notify(?, ?)", (CHANNEL, session))

    @property
    def may_write(self) -> bool:
        """Whether this login may keep anything: a coordinator's may only look."""
        return self._may_write

    def admit(self, login: str, agency: str) -> None:
        """Let a login of the server look at the sessions of an agency and the shared ones, and no more. Raises LogError."""
        with self._governing() as db:
            coordinators.admit(db, login, agency)

    def dismiss(self, login: str, agency: str | None = None) -> int:
        """Take that away again, for all agencies if None. Returns for how many. Raises LogError."""
        with self._governing() as db:
            return coordinators.dismiss(db, login, agency)

    @contextmanager
    def _governing(self) -> Iterator[Sql]:
        with self._writing(alone=True) as db:
            try:
                yield db
            except psycopg.errors.InsufficientPrivilege:
                raise Unwritable(
                    f"This login may not say who coordinates in “{self.name}”: that takes the store's owner, with the"
                    f" right to make roles; or have an administrator run CREATE ROLE {coordinators.GROUP};"
                    f" GRANT {coordinators.GROUP} TO the coordinator's login; and try again."
                ) from None

    def settle(self, db: Sql) -> None:
        super().settle(db)
        if coordinators.has_walls(db):
            coordinators.raise_walls(db)

    def backup(self, path: str | Path) -> None:
        """Copy the whole store to a new SQLite file, while it is in use. Raises Unwritable; Damaged if it is."""
        with whole(Path(path).expanduser()) as half, closing(SqliteStore(half)) as file:
            copy(self, file)

    def _scrub(self) -> None:
        """Write the tables anew, so that what was erased is in none of their files. The server's log is its admin's."""
        with self._using() as db:
            for table in ("aliases", "remarks", "panelists", "tickets"):
                try:
                    db.execute(f"VACUUM FULL {table}")
                except psycopg.errors.LockNotAvailable:
                    # Somebody is looking at it: its place is freed, and overwritten in time.
                    db.execute(f"VACUUM {table}")

    def _unsound(self, db: Sql) -> Iterator[Finding]:
        for table in ("aliases", "events", "remarks", "session_texts"):
            query = f"SELECT count(*) FROM {table} WHERE NOT EXISTS (SELECT 1 FROM sessions WHERE id = {table}.session)"
            found = attempt(db, self.unreadable, partial(_one, db, query))
            if found is None:
                yield Finding(None, None, f"PostgreSQL cannot read all of “{table}”: the store is damaged.")
            elif found[0]:
                yield Finding(None, None, f"{found[0]} of the rows in “{table}” belong to nothing in “sessions”.")


def _one(db: Sql, query: str) -> Any:
    return db.execute(query).fetchone()
