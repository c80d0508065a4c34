"""The open SQLite file: one connection, one transaction at a time, nothing half-written.

Several processes may play from one file at the same time. Write-ahead logging lets screens read while somebody
appends; `BEGIN IMMEDIATE` takes the write lock before looking, so that what was looked at is still so when writing.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from simulator.log import Damaged, LogError, Unwritable
from simulator.log.backups import whole
from simulator.log.dialect import Sql
from simulator.log.migrations import STEPS, Step, migrate, up_to_date
from simulator.log.sqlite_utils_alone import Database
from simulator.log.trouble import sentence, told, usable

APPLICATION = 0x48614F66  # “HaOf” in the file's header: other programs have tables called `migrations` too


def _now() -> datetime:
    return datetime.now(UTC)


class Tables(Database):
    """SQLite as a `dialect.Sql`."""

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]]) -> None:
        self.conn.executemany(sql, parameters)

    def fill(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        marks = ", ".join("?" * len(columns))
        self.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)

    def stream(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[Any]:
        return iter(self.execute(sql, parameters))


class OpenFile:
    """A store's file, made if it does not exist and brought up to date if it is old.

    `busy` is how long to wait for another program's lock, in seconds; `now` gives the UTC time; `steps`
    are the migrations. Raises LogError.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        busy: float = 5.0,
        now: Callable[[], datetime] = _now,
        steps: Sequence[Step] = STEPS,
    ):
        self.path = Path(path).absolute()  # the working folder may change under a long session
        self.name = str(self.path)
        self._now, self._busy = now, busy
        self._lock = threading.RLock()  # the app calls from worker threads, and there is one connection
        self._closed = False
        usable(self.path)
        with told(self.path):
            connection = sqlite3.connect(self.path, timeout=busy, isolation_level=None, check_same_thread=False)
            # Plugins of sqlite-utils are somebody else's code, and finding them costs time.
            self.db = Tables(connection, recursive_triggers=False, execute_plugins=False)
            try:
                current = up_to_date(self, steps)  # before anything is written
                self.db.execute("PRAGMA synchronous = FULL")
                self.db.execute("PRAGMA secure_delete = ON")  # what is forgotten is overwritten, not just unlisted
                self._write_ahead()
                if not current:
                    migrate(self, steps)
                # Only now: a migration that rebuilds a table has to be free of them.
                self.db.execute("PRAGMA foreign_keys = ON")
            except BaseException:
                connection.close()
                raise
        self._file = self.path.stat()

    def backup(self, path: str | Path) -> None:
        """Copy the whole store to a new file, while it is in use. Raises Unwritable."""
        target = Path(path).expanduser()
        with self._using() as db, whole(target) as half:
            try:
                with closing(sqlite3.connect(half, isolation_level=None)) as copy:
                    db.conn.backup(copy)
            except sqlite3.Error as error:
                raise sentence(error, target) from error

    def close(self) -> None:
        """Let go of the store; closing twice is fine."""
        with self._lock:
            self._closed = True
            self.db.close()

    # --- its age ----------------------------------------------------------------------------------------------

    def version(self) -> int:
        """Which version the store is; 0 is a new file. Raises Damaged; LogError if it is another program's database."""
        tables = self.db.table_names()
        if not tables:
            return 0
        (application,) = self.db.execute("PRAGMA application_id").fetchone()
        if application != APPLICATION or "migrations" not in tables:
            raise LogError(f"“{self.name}” is another program's database, not a store of Handoff; name another file.")
        (found,) = self.db.execute("SELECT max(version) FROM migrations").fetchone()
        if found is None:
            raise Damaged(
                f"“{self.name}” is damaged: it does not say which version of a store it is; restore a backup."
            )
        return int(found)

    @contextmanager
    def stepping(self) -> Iterator[Tables]:
        """One transaction, all or nothing; no other program writes meanwhile."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield self.db
            self.db.execute("COMMIT")
        except BaseException:
            if self.db.conn.in_transaction:  # a full disk has already undone it
                self.db.execute("ROLLBACK")
            raise

    def begin(self, db: Sql) -> None:
        """Mark a new file as a store of Handoff."""
        db.execute(f"PRAGMA application_id = {APPLICATION}")

    def settle(self, db: Sql) -> None:
        """A file needs nothing beside its tables."""

    # --- using it ---------------------------------------------------------------------------------------------

    @contextmanager
    def _using(self) -> Iterator[Tables]:
        with self._lock, told(self.path):
            if self._closed:
                raise LogError(f"“{self.path}” has been closed; open it again.")
            yield self.db

    @contextmanager
    def _writing(self, *, alone: bool = False) -> Iterator[Tables]:
        """One transaction, all or nothing. `alone` or not, nobody else writes to the file meanwhile."""
        with self._using():
            self._still_there()
            with self.stepping() as db:
                yield db

    @contextmanager
    def _picture(self) -> Iterator[Tables]:
        """One moment's picture of the whole store, while others go on writing."""
        with self._using() as db:
            db.execute("BEGIN")
            try:
                yield db
            finally:
                if db.conn.in_transaction:
                    db.execute("ROLLBACK")

    def _write_ahead(self) -> None:
        """Switch write-ahead logging on. SQLite does not wait for this lock by itself when two open a new file."""
        deadline = time.monotonic() + self._busy
        while True:
            try:
                self.db.execute("PRAGMA journal_mode = WAL").fetchall()
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(0.01)

    def _written(self) -> tuple[int, int]:
        """Another one after any program has written to the file, this one included."""
        with self._using() as db:
            (others,) = db.execute("PRAGMA data_version").fetchone()
            return int(others), db.conn.total_changes

    def _still_there(self) -> None:
        """Raises Unwritable if the file was moved or deleted: SQLite would go on writing to what nobody will find."""
        try:
            same = os.path.samestat(self.path.stat(), self._file)
        except OSError:
            same = False
        if not same:
            raise Unwritable(f"“{self.path}” was moved or deleted while it was open; put it back and start again.")

    def _scrub(self) -> None:
        """Move what was erased out of the write-ahead file too, where it would stay readable for a while."""
        with self._using() as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
