"""Many writers at once: nothing that was acknowledged is lost, nothing is kept twice, and each session has one order.

    python -m tests.appending                        # 10,000 appends from 50 writers, on SQLite and on a PostgreSQL of its own
    python -m tests.appending --appends 2000 --writers 10 --sessions 3

Writers are threads of several programs, each program with a store of its own, as several hosts are. They share a few sessions; whoever
comes too late reads on and tries again. Every event says who wrote it and as which, so that each can be counted afterwards.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from simulator.log import Stale, Store
from simulator.log.postgres import PostgresStore
from simulator.log.sqlite import SqliteStore
from tests.logs import begin, choose
from tests.servers import Server

BUSY = 60.0  # seconds a writer waits for its turn


class Wrong(AssertionError):
    """An append was lost, kept twice, or is out of order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a writer was told was kept: by whom, its how many-th, where."""

    writer: int
    number: int
    session: str
    seq: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What came of it. `too_late`: appends that were refused because another writer was first, and tried again."""

    kept: int
    too_late: int
    seconds: float

    def __str__(self) -> str:
        return (
            f"{self.kept} appends in {self.seconds:.1f} s: none lost, none twice, one order in each session"
            f" ({self.too_late} came too late and were tried again)"
        )


def opened(where: str) -> SqliteStore | PostgresStore:
    """As `open_store`, but patient."""
    return PostgresStore(where, busy=BUSY) if "://" in where else SqliteStore(where, busy=BUSY)


def write(where: str, writers: Sequence[int], sessions: Sequence[str], each: int) -> tuple[list[Told], int]:
    """One program: its writers append `each` events, to sessions drawn at random. Returns what was kept, and how often it was too late."""
    with closing(opened(where)) as store, ThreadPoolExecutor(len(writers)) as threads:
        done = list(threads.map(lambda writer: _write(store, writer, sessions, each), writers))
    return [told for some, _ in done for told in some], sum(late for _, late in done)


def _write(store: Store, writer: int, sessions: Sequence[str], each: int) -> tuple[list[Told], int]:
    rng, told, late = random.Random(writer), list[Told](), 0
    for number in range(each):
        session = rng.choice(sessions)
        while True:
            try:
                kept = store.append(session, store.last(session) + 1, choose(f"{writer}-{number}"))
            except Stale:
                late += 1
            else:
                told.append(Told(writer=writer, number=number, session=session, seq=kept.seq, digest=kept.digest))
                break
    return told, late


def append_all(where: str, *, appends: int, writers: int, programs: int, sessions: int) -> Tally:
    """Let them all write at once to an empty store, then count. `appends`: of all writers together. Raises Wrong."""
    with closing(opened(where)) as store:
        idents = [begin(store) for _ in range(sessions)]
    shares = [range(writers)[program::programs] for program in range(programs)]
    # Not by fork: the parent's connections and threads are no business of theirs.
    spawned = multiprocessing.get_context("spawn")
    begun = time.monotonic()
    with ProcessPoolExecutor(programs, mp_context=spawned) as pool:
        running = [pool.submit(write, where, share, idents, appends // writers) for share in shares]
        done = [each.result() for each in running]
    seconds = time.monotonic() - begun
    told = [each for some, _ in done for each in some]
    if len(told) != appends // writers * writers:
        raise Wrong(f"{len(told)} appends were acknowledged")
    with closing(opened(where)) as store:
        count(store, idents, told)
    return Tally(kept=len(told), too_late=sum(late for _, late in done), seconds=seconds)


def count(store: Store, sessions: Sequence[str], told: Sequence[Told]) -> None:
    """Each that was told is in the log once, where it was told, and nothing else is; the order is total. Raises Wrong."""
    if findings := store.audit():
        raise Wrong(f"the store is not sound: {findings}")
    found: Counter[str] = Counter()
    for session in sessions:
        events = store.read(session)
        if [each.seq for each in events] != list(range(len(events))):
            raise Wrong(f"session {session} has gaps, or two events in one place")
        digests = {each.seq: each.digest for each in events}
        for each in told:
            if each.session == session and digests.get(each.seq) != each.digest:
                raise Wrong(f"append {each.number} of writer {each.writer} is not where it was kept")
        found.update(str(each.body["action"]) for each in events[1:])
    if wrong := found - Counter(f"{each.writer}-{each.number}" for each in told):
        raise Wrong(f"kept twice, or by nobody: {dict(wrong)}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.appending", description=__doc__.splitlines()[0])
    parser.add_argument("--appends", type=int, default=10_000, help="of all writers together")
    parser.add_argument("--writers", type=int, default=50)
    parser.add_argument("--programs", type=int, default=5, help="that the writers are threads of")
    parser.add_argument("--sessions", type=int, default=5, help="that they share")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="handoff-appending-") as folder:
        _on("SQLite", str(Path(folder) / "appending.sqlite3"), given)
        server = Server(Path(folder) / "postgres")
        try:
            with server.database() as url:
                _on("PostgreSQL", url, given)
        finally:
            server.stop()


def _on(name: str, where: str, given: argparse.Namespace) -> None:
    sizes = {each: getattr(given, each) for each in ("appends", "writers", "programs", "sessions")}
    print(f"{name}: {append_all(where, **sizes)}", flush=True)


if __name__ == "__main__":
    main()
