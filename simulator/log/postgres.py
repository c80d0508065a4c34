"""The store on a PostgreSQL server. What is asked of it is `sql`'s matter, the line to the server `server`'s."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg

from simulator.log import Finding
from simulator.log.dialect import Sql
from simulator.log.server import OpenServer
from simulator.log.sql import SqlStore


class PostgresStore(OpenServer, SqlStore):
    """A `simulator.log.Store` in a database's schema `handoff`, made if it does not exist. Raises LogError."""

    unreadable = psycopg.InternalError
    row_lock = " FOR UPDATE"

    def _scrub(self) -> None:
        """Write the tables anew, so that what was erased is in none of their files. The server's log is its admin's."""
        with self._using() as db:
            for table in ("aliases", "remarks"):
                try:
                    db.execute(f"VACUUM FULL {table}")
                except (
                    psycopg.errors.LockNotAvailable
                ):  # somebody is looking at it: then freed, and overwritten in time
                    db.execute(f"VACUUM {table}")

    def _unsound(self, db: Sql) -> Iterator[Finding]:
        for table, column, parent, key in _BELONGS:
            (count,) = db.execute(
                f"SELECT count(*) FROM {table} WHERE NOT EXISTS"
                f" (SELECT 1 FROM {parent} WHERE {parent}.{key} = {table}.{column})"
            ).fetchone()
            if count:
                yield Finding(None, None, f"{count} of the rows in “{table}” belong to nothing in “{parent}”.")


_BELONGS = tuple((table, "session", "sessions", "id") for table in ("aliases", "events", "remarks", "session_texts"))
