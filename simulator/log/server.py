"""The open PostgreSQL store: one connection that comes back when the server does, one transaction at a time.

Everything is in a schema of its own, `handoff`, so that a store may live in a database beside other programs. What is
asked is spelled as SQLite spells it (`dialect`); the few words that differ are exchanged here.

Nothing is believed before the server has said that it is on disk. If the server goes away in between, whether the last
step was kept is unknown, and the next append at that place tells: it is taken, or it is Stale and is read.
"""

from __future__ import annotations

import re
import selectors
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import lru_cache
from itertools import count
from typing import Any

import psycopg
from psycopg.abc import Buffer
from psycopg.adapt import Dumper, Loader
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import TransactionStatus
from psycopg.types.numeric import NumericBinaryLoader

from simulator.log import Damaged, LogError, Unwritable
from simulator.log.dialect import Rows, Sql
from simulator.log.migrations import STEPS, Step, migrate, up_to_date
from simulator.log.server_trouble import TOO_OLD, UNMADE, named, sentence

SCHEMA = "handoff"
MARK = "Handoff store"  # the schema's comment: other programs may have a schema of that name
_KEY = 0x48614F66  # the advisory lock of migrations: “HaOf”

# A dead line is noticed in seconds, not in the two hours that TCP would wait.
_CARE: dict[str, str | int] = {
    "connect_timeout": 10,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
    "application_name": "handoff",
}


class OpenServer:
    """A store on a server, made if it does not exist and brought up to date if it is old.

    `busy` is how long to wait for another program's lock, in seconds; `now` gives the UTC time; `steps`
    are the migrations. Raises LogError.
    """

    def __init__(
        self,
        where: str,
        *,
        busy: float = 5.0,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        steps: Sequence[Step] = STEPS,
    ):
        self._now, self._busy, self._steps = now, busy, steps
        try:
            given = conninfo_to_dict(where)
        except psycopg.Error:
            raise LogError(
                "That is no address of a PostgreSQL database; write postgresql://USER@HOST:PORT/DATABASE"
                " (characters such as @ / : in a password as %40 %2F %3A)."
            ) from None
        self.name = named(given)
        self._address = make_conninfo(
            where, **{key: value for key, value in _CARE.items() if key not in given}, client_encoding="utf8"
        )
        self._lock = threading.RLock()  # the app calls from worker threads, and there is one connection
        self._depth, self._closed, self._may_write = 0, False, False
        self._db: Server | None = None
        try:
            with self._using():
                pass
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the store; closing twice is fine."""
        with self._lock:
            self._closed = True
            self._drop()

    # --- its age ----------------------------------------------------------------------------------------------

    def version(self) -> int:
        """Which version the store is; 0 is a new one. Raises Damaged; LogError if it is another program's schema."""
        comment, usable, held, migrations = self.db.execute(
            "SELECT obj_description(to_regnamespace(?), 'pg_namespace'),"
            " has_schema_privilege(to_regnamespace(?), 'USAGE'),"
            " (SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace(?)),"
            " (SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace(?) AND relname = 'migrations')",
            (SCHEMA,) * 4,
        ).fetchone()
        if not held:
            return 0
        if comment != MARK or not migrations:
            raise LogError(
                f"The schema “{SCHEMA}” of “{self.name}” is another program's, not a store of Handoff;"
                " name another database."
            )
        if not usable:
            raise Unwritable(
                f"This login may not look into “{self.name}”; have the store's owner or administrator let it."
            )
        (found,) = self.db.execute("SELECT max(version) FROM migrations").fetchone()
        if found is None:
            raise Damaged(
                f"“{self.name}” is damaged: it does not say which version of a store it is; restore a backup."
            )
        return int(found)

    @contextmanager
    def stepping(self) -> Iterator[Server]:
        """One transaction, in which no other program takes a step."""
        with self._transaction("BEGIN") as db:
            db.execute("SELECT pg_advisory_xact_lock(?)", (_KEY,))
            yield db

    def begin(self, db: Sql) -> None:
        """Make the schema, unless an administrator has, and mark it as a store of Handoff."""
        (encoding,) = db.execute("SHOW server_encoding").fetchone()
        if encoding != "UTF8":
            raise LogError(f"“{self.name}” cannot hold every character ({encoding}); name a database in UTF8.")
        (there,) = db.execute("SELECT to_regnamespace(?) IS NOT NULL", (SCHEMA,)).fetchone()
        if not there:
            db.execute(f"CREATE SCHEMA {SCHEMA}")
        db.execute(f"COMMENT ON SCHEMA {SCHEMA} IS '{MARK}'")

    def settle(self, db: Sql) -> None:
        """What a server needs beside the tables, whenever they have changed."""
        # Its statistics hold samples of what is in a column; no name and no remark may linger there.
        for table, column in db.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = ?"
            " AND (table_name, column_name) IN (('aliases', 'alias'), ('aliases', 'known'), ('remarks', 'text'),"
            " ('panelists', 'known'), ('panelists', 'reason'), ('tickets', 'alias'))",
            (SCHEMA,),
        ).fetchall():
            db.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")

    # --- using it ---------------------------------------------------------------------------------------------

    @property
    def db(self) -> Server:
        """The connection. Only while it is in use."""
        assert self._db is not None
        return self._db

    @contextmanager
    def _using(self) -> Iterator[Server]:
        with self._lock:
            if self._closed:
                raise LogError(f"“{self.name}” has been closed; open it again.")
            try:
                if not self._depth and not (self._db is not None and self._db.alive()):
                    self._drop()
                    self._connect()
                self._depth += 1
                try:
                    yield self.db
                finally:
                    self._depth -= 1
            except psycopg.Error as error:
                raise sentence(error, self.name) from error

    @contextmanager
    def _writing(self, *, alone: bool = False) -> Iterator[Server]:
        """One transaction, all or nothing. `alone`: nobody else writes to the store meanwhile."""
        with self._using(), self._transaction("BEGIN") as db:
            if alone:  # whoever writes anything holds a row of this table first
                db.execute("LOCK TABLE sessions IN EXCLUSIVE MODE")
            yield db

    @contextmanager
    def _picture(self) -> Iterator[Server]:
        """One moment's picture of the whole store, while others go on writing."""
        with self._using(), self._transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") as db:
            yield db

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[Server]:
        db = self.db
        db.execute(begin)
        try:
            yield db
            db.commit()
        except BaseException:
            with suppress(psycopg.Error):  # the server has gone, and has undone it by itself
                db.execute("ROLLBACK")
            raise

    def line(self) -> psycopg.Connection[Any]:
        """A connection of its own, for whoever listens. Raises psycopg.Error."""
        return psycopg.Connection.connect(self._address, autocommit=True)

    def _connect(self) -> None:
        connection = psycopg.Connection.connect(self._address, autocommit=True)
        self._db = Server(connection)
        try:
            self._db.execute(
                f"SET search_path = {SCHEMA}, pg_temp; SET lock_timeout = {int(self._busy * 1000)};"
                # What is acknowledged is on disk, whatever the server's own setting; stricter ones are left.
                " SELECT set_config('synchronous_commit', 'on', false)"
                " WHERE current_setting('synchronous_commit') = 'off'"
            )
            self._bring_up_to_date()
            (self._may_write,) = self._db.execute(
                "SELECT has_table_privilege('sessions', 'UPDATE') AND NOT pg_is_in_recovery()"
            ).fetchone()
        except BaseException:
            self._drop()
            raise

    def _bring_up_to_date(self) -> None:
        if up_to_date(self, self._steps):  # before anything is written
            return
        try:
            migrate(self, self._steps)
        except psycopg.errors.InsufficientPrivilege:
            raise LogError((TOO_OLD if self.version() else UNMADE).format(name=self.name)) from None

    def _drop(self) -> None:
        if self._db is not None:
            self._db.close()
        self._db = None


class Server:
    """A connection to PostgreSQL as a `dialect.Sql`."""

    def __init__(self, connection: psycopg.Connection[Any]):
        connection.cursor_factory = psycopg.RawCursor
        connection.server_cursor_factory = psycopg.RawServerCursor
        connection.adapters.register_dumper(bool, _BoolDumper)
        connection.adapters.register_loader("numeric", _NumberLoader)
        connection.adapters.register_loader("numeric", _BinaryNumberLoader)
        self._connection, self._cursors = connection, count()

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> Rows:
        # In binary: the records of tallies are bytes, and spelling ten megabytes of them in hex takes longer than all the rest.
        asks = sql.startswith("SELECT")  # several statements in one string cannot be answered in binary
        return self._connection.execute(translated(sql).encode(), parameters or None, binary=asks)

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]], /) -> None:
        self._connection.cursor().executemany(translated(sql).encode(), parameters)

    def stream(self, sql: str, parameters: Sequence[Any] = (), /) -> Iterator[Any]:
        with self._connection.cursor(name=f"rows{next(self._cursors)}") as cursor:
            cursor.itersize = 2000
            cursor.execute(translated(sql).encode(), parameters or None)
            yield from cursor

    def fill(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], /) -> None:
        with self._connection.cursor().copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN".encode()) as copy:
            for row in rows:
                copy.write_row(row)

    def commit(self) -> None:
        if self._connection.execute(b"COMMIT").statusmessage != "COMMIT":  # a failed statement inside was not noticed
            raise psycopg.errors.InFailedSqlTransaction("what went before had failed")

    def alive(self) -> bool:
        """Whether the connection is still there and idle, as far as this end can tell."""
        line = self._connection
        if line.closed or line.info.transaction_status != TransactionStatus.IDLE:
            return False
        with selectors.DefaultSelector() as selector:
            selector.register(line.fileno(), selectors.EVENT_READ)
            if not selector.select(0):
                return True
        try:  # an idle server says nothing, but for the one thing: that it has closed the line
            line.pgconn.consume_input()
            line.execute(b"SELECT 1")
        except psycopg.Error:
            return False
        return True

    def close(self) -> None:
        self._connection.close()


class _BoolDumper(Dumper):
    """True and false as 1 and 0: that is what SQLite makes of them, and what the tables hold."""

    oid = psycopg.postgres.types["int4"].oid

    def dump(self, obj: Any) -> bytes:
        return b"1" if obj else b"0"


class _NumberLoader(Loader):
    """Sums and means as SQLite gives them: int where it is whole by type, else float."""

    def load(self, data: Buffer) -> int | float:
        text = bytes(data).decode()
        return int(text) if text.lstrip("-").isdecimal() else float(text)


class _BinaryNumberLoader(NumericBinaryLoader):
    """The same of an answer in binary."""

    def load(self, data: Buffer) -> int | float:  # type: ignore[override]
        number = super().load(data)
        return (
            int(number) if number == number.to_integral_value() and number.as_tuple().exponent == 0 else float(number)
        )


_TOKEN = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|--[^\n]*|\?|\binstr\(")
_TABLE = re.compile(r"\s*(CREATE|ALTER) TABLE\b")
_WORDS: Mapping[str, str] = {
    r"\bINTEGER PRIMARY KEY\b": "INTEGER GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY",
    r"\bTEXT\b": 'TEXT COLLATE "C"',  # compared and sorted byte by byte, as SQLite does
    r"\bREAL\b": "DOUBLE PRECISION",
    r"\bBLOB\b": "BYTEA",
    r"\bWITHOUT ROWID\b": "",
}


@lru_cache(512)
def translated(sql: str) -> str:
    """A statement of the common spelling, in PostgreSQL's: `?` numbered, `instr` by its name there, types of tables."""
    numbers = count(1)

    def word(found: re.Match[str]) -> str:
        if found[0] == "?":
            return f"${next(numbers)}"
        return "strpos(" if found[0] == "instr(" else found[0]

    if _TABLE.match(sql):
        for theirs, ours in _WORDS.items():
            sql = re.sub(theirs, ours, sql)
    return _TOKEN.sub(word, sql)
