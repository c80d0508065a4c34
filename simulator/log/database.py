"""The open SQLite file: one connection, one transaction at a time, nothing half-written.

Several processes may play from one file at the same time. Write-ahead logging lets screens read while somebody
appends; `BEGIN IMMEDIATE` takes the write lock before looking, so that what was looked at is still so when writing.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database

from simulator.log import LogError, Unwritable
from simulator.log.migrations import STEPS, Step, check_version, migrate
from simulator.log.trouble import sentence, told, usable


def _now() -> datetime:
    return datetime.now(UTC)


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
        self._now, self._busy = now, busy
        self._lock = threading.RLock()  # the app calls from worker threads, and there is one connection
        self._closed = False
        usable(self.path)
        with told(self.path):
            connection = sqlite3.connect(self.path, timeout=busy, isolation_level=None, check_same_thread=False)
            # Plugins of sqlite-utils are somebody else's code, and finding them costs time.
            self.db = Database(connection, recursive_triggers=False, execute_plugins=False)
            try:
                current = check_version(self.db, str(self.path), steps)  # before anything is written
                self.db.execute("PRAGMA synchronous = FULL")
                self.db.execute("PRAGMA secure_delete = ON")  # what is forgotten is overwritten, not just unlisted
                self._write_ahead()
                if not current:
                    migrate(self.db, str(self.path), steps)
                # Only now: a migration that rebuilds a table has to be free of them.
                self.db.execute("PRAGMA foreign_keys = ON")
            except BaseException:
                connection.close()
                raise
        self._file = self.path.stat()

    def backup(self, path: str | Path) -> None:
        """Copy the whole store to a new file, while it is in use. Raises Unwritable."""
        target = Path(path).expanduser()
        usable(target)
        if target.exists():
            raise Unwritable(f"“{target}” exists already; name a new file for the backup.")
        # Under a name of its own until it is whole: what is called a backup is one.
        half = target.with_name(f"{target.name}.{secrets.token_hex(4)}.part")
        with self._using() as db:
            copy = None
            try:
                copy = sqlite3.connect(half, isolation_level=None)
                db.conn.backup(copy)
                copy.close()
                half.replace(target)
            except (sqlite3.Error, OSError) as error:
                if copy is not None:
                    copy.close()
                with suppress(OSError):
                    half.unlink(missing_ok=True)
                if isinstance(error, sqlite3.Error):
                    raise sentence(error, target) from error
                raise Unwritable(f"The backup “{target}” cannot be written ({error.strerror}).") from error

    def close(self) -> None:
        """Let go of the store; closing twice is fine."""
        with self._lock:
            self._closed = True
            self.db.close()

    @contextmanager
    def _using(self) -> Iterator[Database]:
        with self._lock, told(self.path):
            if self._closed:
                raise LogError(f"“{self.path}” has been closed; open it again.")
            yield self.db

    @contextmanager
    def _writing(self) -> Iterator[Database]:
        """One transaction, all or nothing."""
        with self._using() as db:
            self._still_there()
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                if db.conn.in_transaction:  # a full disk has already undone it
                    db.execute("ROLLBACK")
                raise

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
