"""`handoff export csv` of 100,000 sessions, 2 million decisions, against a plain GROUP BY over the raw events of the same store.

ours: the whole command, from the store's file to the CSV file on disk, small groups looked for and left out;
reference: how often each action was chosen, counted from the events.
`python -m tests.bench.exporting [N] [STORE]` prints decisions a second and how much memory it took at most.
"""

from __future__ import annotations

import io
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from facilitator.cli import main
from tests.bench import Row
from tests.bench.cohorts import RAW, SESSIONS, kept_store

TARGET = 50_000  # decisions a second


def measure() -> list[Row]:
    store = kept_store()
    with store.reading() as db:
        raw = _seconds(lambda: db.execute(RAW).fetchall())
    store.close()
    took, _ = exported(str(where(SESSIONS)))
    return [Row(f"csv of {SESSIONS:,} sessions", took, raw, 25)]


def where(sessions: int) -> Path:
    """The file of the store that `kept_store` made."""
    store: Any = kept_store(sessions)
    store.close()
    return Path(store.path)


def exported(store: str, *args: str) -> tuple[float, int]:
    """How many seconds an export took, and how many lines it has."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "out.csv"
        with redirect_stdout(io.StringIO()):
            took = _seconds(lambda: main(["export", "csv", "-o", str(target), "--store", store, *args]))
        with target.open("rb") as file:
            return took, sum(1 for _ in file)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    import resource

    took, lines = exported(sys.argv[2] if len(sys.argv) > 2 else str(where(int(sys.argv[1]))))
    rate = (lines - 1) / took
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{lines - 1:,} decisions in {took:.1f} s: {rate:,.0f} a second, {peak} MB{'' if rate >= TARGET else '  MISSED'}"
    )
