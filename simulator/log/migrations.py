"""Bringing a store up to date, the same way on both backends.

It happens when a store is opened, one step at a time, each step and its mark in one transaction: an interrupted step
leaves nothing behind. Once released, a step is never edited; a change to the tables is a new step at the end of
`STEPS`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Protocol

from simulator.log import TooNew
from simulator.log.dialect import Sql
from simulator.log.tables import FIFTH, FIRST, FOURTH, THIRD, second

# A version, and what makes it out of the one before: statements in the common spelling, or a function that does it.
Step = tuple[int, "tuple[str, ...] | Callable[[Sql], None]"]

STEPS: tuple[Step, ...] = ((1, FIRST), (2, second), (3, THIRD), (4, FOURTH), (5, FIFTH))


class Aged(Protocol):
    """A store that is being opened: it can say how old it is, and be worked on by nobody else."""

    name: str

    def version(self) -> int:
        """Which version the store is; 0 is a new one. Reads only. Raises Damaged; LogError if it is no store."""

    def stepping(self) -> AbstractContextManager[Sql]:
        """One transaction, in which no other program takes a step."""

    def begin(self, db: Sql) -> None:
        """Mark what is still empty as a store of Handoff."""

    def settle(self, db: Sql) -> None:
        """Do what the backend needs beside the tables, now that a step has changed them."""


def up_to_date(store: Aged, steps: Sequence[Step]) -> bool:
    """Whether the store is of the newest version; reads only. Raises TooNew, Damaged, LogError."""
    found, newest = store.version(), steps[-1][0]
    if found > newest:
        raise TooNew(
            f"“{store.name}” was written by a newer Handoff (store version {found}, this one knows {newest}): "
            "upgrade Handoff to open it; nothing in it was touched."
        )
    return found == newest


def migrate(store: Aged, steps: Sequence[Step]) -> None:
    """Bring the store up to date. Raises TooNew, LogError; the backend's own error from a step, which is then undone."""
    for number, step in steps:
        with store.stepping() as db:
            # Asked again under the lock: another process may have done this step while we waited for it.
            up_to_date(store, steps)
            found = store.version()
            if found < number:
                if not found:
                    store.begin(db)
                take(db, step)
                store.settle(db)
                applied = datetime.now(UTC).isoformat(timespec="seconds")
                db.execute("INSERT INTO migrations (version, applied) VALUES (?, ?)", (number, applied))


def take(db: Sql, step: tuple[str, ...] | Callable[[Sql], None]) -> None:
    """Do what a step says, in the transaction under way."""
    if callable(step):
        step(db)
    else:
        for statement in step:
            db.execute(statement)
