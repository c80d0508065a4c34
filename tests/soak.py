"""Players killed in the middle of it: nothing that was acknowledged may be lost.

    python -m tests.soak --kills 200 --seed 1

Two programs play the same sessions from one store, getting in each other's way. Each tells, once an append has
returned, what was kept. One of them is killed (`kill -9`; on Windows its like) at a moment drawn from the seed; then the
store must be sound, hold everything that was told, and give the play back to go on with. Killing a program is not
pulling the plug: that the disk keeps what it said it kept is the disk's promise and SQLite's `synchronous = FULL`.
"""

from __future__ import annotations

import argparse
import queue
import random
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from simulator.engine import NotAllowed
from simulator.library import Library
from simulator.log import Kept, Place, Stale
from simulator.log.sqlite import SqliteStore
from simulator.session import PHASES, Session

SCENARIO = "kitchen-table"
PATIENCE = 60.0  # seconds without a word from a player, or for a lock, before something is wrong


class Lost(AssertionError):
    """Something that was acknowledged is not there, or the store is not sound."""


class Told(NamedTuple):
    """What a player says was kept."""

    session: str
    seq: int
    digest: str


# --- a player, in a process of its own ------------------------------------------------------------------------------


class TellingStore(SqliteStore):
    """A store that tells on standard output what was kept, once it was."""

    def create(self, **given: Any) -> str:
        session = super().create(**given)
        for kept in self.read(session)[:1]:
            print(session, kept.seq, kept.digest, flush=True)
        return session

    def append_many(
        self, session: str, seq: int, bodies: Sequence[Mapping[str, Any]], *, finished: bool | None = None
    ) -> list[Kept]:
        done = super().append_many(session, seq, bodies, finished=finished)
        for kept in done:
            print(session, kept.seq, kept.digest, flush=True)
        return done


def play_until_killed(path: Path, scenario: str, seed: int) -> None:
    """Take up the newest unfinished session or begin one; play it to its end; again."""
    rng = random.Random(seed)
    store = TellingStore(path, busy=PATIENCE)
    bundle = Library().bundle(scenario)
    places = [Place(seat, f"Bird {number}", "human") for number, seat in enumerate(bundle.scenario.seats)]
    while True:
        unfinished = store.sessions(finished=False, limit=1)
        if unfinished:
            session = Session.reopen(store, unfinished[0].id)
        else:
            session = Session.begin(store, bundle, places, seed=rng.getrandbits(63), workshop="soak")
        while not session.finished:
            # Another player writes here too: being too late, or finding the play elsewhere, is part of the game.
            with suppress(Stale, NotAllowed):
                move(session, rng)
        with suppress(Stale):
            session.finish_phase(rng.choice(PHASES))


def move(session: Session, rng: random.Random) -> None:
    """Do something that a room might do. Raises Stale, NotAllowed."""
    if session.paused:
        session.resume()
    session.run_others()
    turn = session.on_turn
    if not turn:
        return
    seat = rng.choice(turn)
    whim = rng.random()
    if whim < 0.03:
        session.pause()
    elif whim < 0.05:
        session.rewind(rng.randrange(len(session.events)))
    elif whim < 0.08:
        session.set_countdowns(not session.countdowns)
    elif whim < 0.13:
        session.remark(seat, "reactions", f"Thought number {rng.random()}")
    else:
        session.choose(seat, rng.choice([option.action for option in session.view(seat).options if option.open]))


# --- the one who kills ----------------------------------------------------------------------------------------------


class Player:
    """A running player, and a thread that listens to it."""

    def __init__(self, store: Path, scenario: str, seed: int) -> None:
        command = [
            sys.executable,
            "-m",
            "tests.soak",
            "--play",
            str(store),
            "--seed",
            str(seed),
            "--scenario",
            scenario,
        ]
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the process
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=self._errors, text=True, cwd=Path(__file__).parent.parent
        )
        self._lines: queue.Queue[str] = queue.Queue()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.endswith("\n"):  # a killed player's last word may be half a one
                self._lines.put(line)

    def next_told(self) -> Told:
        """Wait for the next word. Raises Lost if the player fell silent or fell over."""
        try:
            return _told(self._lines.get(timeout=PATIENCE))
        except queue.Empty:
            raise Lost(f"a player fell silent: {self.last_words()}") from None

    def kill_after(self, seconds: float) -> list[Told]:
        """Let it run so long, kill it, and give what else it told. Raises Lost if it was dead already."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.stop()
        else:
            raise Lost(f"a player fell over: {self.last_words()}")
        told = []
        with suppress(queue.Empty):
            while True:
                told.append(_told(self._lines.get_nowait()))
        return told

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        self._listener.join()
        if self.process.stdout is not None:
            self.process.stdout.close()

    def last_words(self) -> str:
        self._errors.seek(0)
        return self._errors.read().decode(errors="replace")


def _told(line: str) -> Told:
    session, seq, digest = line.split()
    return Told(session, int(seq), digest)


@dataclass
class Tally:
    """What a soak has seen."""

    kills: int = 0
    told: list[Told] = field(default_factory=list)
    cut_off: int = 0  # appends that were on disk before the player could tell

    def __str__(self) -> str:
        sessions = Counter(told.session for told in self.told)
        return (
            f"{self.kills} kills, {len(self.told)} events in {len(sessions)} sessions, all there; {self.cut_off} untold"
        )


def soak(folder: Path, kills: int, seed: int, scenario: str = SCENARIO, players: int = 2) -> Tally:
    """Play, kill, look. Raises Lost."""
    rng, path, tally = random.Random(seed), folder / "soak.sqlite3", Tally()
    SqliteStore(path).close()
    running: list[Player] = []
    try:
        while tally.kills < kills:
            while len(running) < players:
                running.append(Player(path, scenario, rng.getrandbits(32)))
            victim = running.pop(rng.randrange(len(running)))
            try:
                told = [victim.next_told() for _ in range(rng.randint(1, 40))]
                told += victim.kill_after(rng.uniform(0, 0.01))
            finally:
                victim.stop()
            tally.kills += 1
            tally.told += told
            look(path, told)
    finally:
        for player in running:
            player.stop()
    store = SqliteStore(path)
    tally.cut_off = sum(row.events for row in store.sessions()) - len(tally.told)
    store.close()
    look(path, tally.told)
    return tally


def look(path: Path, told: Sequence[Told]) -> None:
    """The store is sound, holds all that was told, and the sessions told of can be taken up. Raises Lost."""
    store = SqliteStore(path, busy=PATIENCE)
    try:
        if findings := store.audit():
            raise Lost(f"the store is not sound: {findings}")
        for ident in {each.session for each in told}:
            kept = {each.seq: each.digest for each in store.read(ident, verify=True)}
            for each in told:
                if each.session == ident and kept.get(each.seq) != each.digest:
                    raise Lost(f"event {each.seq} of session {ident} was told to be kept and is not there")
            session = Session.reopen(store, ident)
            if len(session.events) < len(kept):
                raise Lost(f"session {ident} goes on from event {len(session.events)} of {len(kept)}")
    finally:
        store.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument(
        "--seed", type=int, default=None, help="the same seed draws the same kills; printed if not given"
    )
    parser.add_argument("--scenario", default=SCENARIO)
    parser.add_argument("--play", type=Path, metavar="STORE", help=argparse.SUPPRESS)  # a player's own start
    given = parser.parse_args()
    seed = random.SystemRandom().getrandbits(32) if given.seed is None else given.seed
    if given.play:
        play_until_killed(given.play, given.scenario, seed)
        return
    print(f"seed {seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="handoff-soak-") as folder:
        print(soak(Path(folder), given.kills, seed, given.scenario))


if __name__ == "__main__":
    main()
