"""Sessions to keep in a store, and a clock to keep them by, for the tests of the log; both backends by one name."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from simulator.log import Place
from simulator.log.chain import text_digest
from simulator.log.postgres import PostgresStore
from simulator.log.server import translated
from simulator.log.sql import SqlStore
from simulator.log.sqlite import SqliteStore
from tests.servers import connect

REYES = Place("officer", "Heron", "human", "Riverton PD")
OKAFOR = Place("advocate", "Wren", "human", "Safe Harbor")


class Clock:
    """A clock that stands still until it is told to move on."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_days(self, days: float) -> None:
        self.now += timedelta(days=days)


def text(kind: str, words: str, name: str = "kitchen-table") -> tuple[str, str, str, str, str]:
    return kind, name, text_digest(words), words, f"library/{name}.yaml"


def begin(store: Any, **other: Any) -> str:
    texts = other.pop("texts", [text("scenario", "id: kitchen-table\n"), text("mou", "id: riverton\n", "riverton")])
    start = {"kind": "start", "texts": {kind: digest for kind, _, digest, _, _ in texts}, "seed": 7}
    about = {
        "scenario": "kitchen-table",
        "title": "The kitchen table",
        "mou": "riverton",
        "jurisdiction": "northern",
        "workshop": "spring",
        "start": start,
        "texts": texts,
        "places": (REYES, OKAFOR),
    }
    session: str = store.create(**{**about, **other})
    return session


def choose(action: str) -> dict[str, Any]:
    return {"kind": "choose", "seat": "officer", "action": action, "by": "human"}


def tamper(path: Path, sql: str, *values: Any) -> None:
    """Change the file behind the store's back."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute(sql, values)
    other.close()


class Backend:
    """A place for one store that can be opened several times, and tampered with."""

    def __init__(self, kind: str, where: str, opener: Callable[..., SqlStore]):
        self.kind, self.where, self._opener = kind, where, opener
        self._opened: list[SqlStore] = []

    def open(self, **options: Any) -> SqlStore:
        store = self._opener(self.where, **options)
        self._opened.append(store)
        return store

    def tamper(self, sql: str, *values: Any) -> None:
        """Change the store behind its back, rules about what belongs to what set aside."""
        if self.kind == "sqlite":
            tamper(Path(self.where), sql, *values)
            return
        with connect(self.where) as line:
            line.execute(b"SET search_path = handoff; SET session_replication_role = replica")
            line.execute(translated(sql).encode(), values or None)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What the store holds, asked behind its back."""
        with self._opened[0]._using() as db:
            return list(db.execute(sql).fetchall())

    def close(self) -> None:
        for store in self._opened:
            store.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", "postgres"])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Backend]:
    if request.param == "sqlite":
        made = Backend("sqlite", str(tmp_path / "handoff.sqlite3"), SqliteStore)
    else:
        made = Backend("postgres", request.getfixturevalue("url"), PostgresStore)
    yield made
    made.close()


@pytest.fixture
def store(backend: Backend, clock: Clock) -> SqlStore:
    return backend.open(busy=0.05, now=clock)
