"""Sessions to keep in a store, and a clock to keep them by, for the tests of the log."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from simulator.log import Place
from simulator.log.chain import text_digest

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
