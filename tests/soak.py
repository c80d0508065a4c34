"""Players killed in the middle of it: nothing that was acknowledged may be lost.

    python -m tests.soak --kills 200 --seed 1

Two programs play the same sessions from one store, getting in each other's way. Each tells, once an append has
returned, what was kept. One of them is killed (`kill -9`; on Windows its like) at a moment drawn from the seed; then
the store must be sound, hold everything that was told, and give the play back to go on with. Killing a program is not
pulling the plug: that the disk keeps what it took is the disk's promise and that of SQLite's `synchronous = FULL`.
"""

from __future__ import annotations

import argparse
import queue
import random
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from simulator.engine import NotAllowed
from simulator.library import Library
from simulator.log import Kept, Place, Stale
from simulator.log.sqlite import SqliteStore
from simulator.play import PHASES
from simulator.session import Session

SCENARIO = "kitchen-table"
TOO_LATE = "too late"  # what a player says when another was first
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
        self,
        session: str,
        seq: int,
        bodies: Sequence[Mapping[str, Any]],
        *,
        finished: bool | None = None,
        played: bool = True,
    ) -> list[Kept]:
        done = super().append_many(session, seq, bodies, finished=finished, played=played)
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
            try:
                move(session, rng)
            except Stale:
                print(TOO_LATE, flush=True)
            except NotAllowed:
                session.catch_up()
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
        self.too_late = 0
        self._last_words = ""
        self._lines: queue.Queue[str] = queue.Queue()  # an empty one is the end
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.endswith("\n"):  # a killed player's last word may be half a one
                self._lines.put(line)
        self._lines.put("")

    def tell(self) -> Told:
        """Wait for the next event it tells of. Raises Lost if it fell silent or fell over."""
        while True:
            try:
                line = self._lines.get(timeout=PATIENCE)
            except queue.Empty:
                raise Lost(f"a player fell silent: {self.last_words()}") from None
            if not line:
                raise Lost(f"a player fell over: {self.last_words()}")
            if told := self._hear(line):
                return told

    def kill_after(self, seconds: float) -> list[Told]:
        """Let it run so long, kill it, and give what else it told. Raises Lost if it was dead already."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.stop()
        else:
            raise Lost(f"a player fell over: {self.last_words()}")
        rest = iter(self._lines.get, "")
        return [told for line in rest if (told := self._hear(line))]

    def _hear(self, line: str) -> Told | None:
        if line.strip() == TOO_LATE:
            self.too_late += 1
            return None
        session, seq, digest = line.split()
        return Told(session, int(seq), digest)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        self._listener.join()
        if self.process.stdout is not None:
            self.process.stdout.close()
        if not self._errors.closed:
            self._errors.seek(0)
            self._last_words = self._errors.read().decode(errors="replace")
            self._errors.close()

    def last_words(self) -> str:
        self.stop()
        return self._last_words


@dataclass
class Tally:
    """What a soak has seen."""

    kills: int = 0
    told: list[Told] = field(default_factory=list)
    too_late: int = 0  # appends refused because another player was first
    untold: int = 0  # appends that were on disk, but whose player was killed before it could tell

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {len(self.told)} events in {len({told.session for told in self.told})} sessions: "
            f"all there ({self.untold} more had no time to be told; {self.too_late} came too late and were refused)"
        )


def soak(folder: Path, kills: int, seed: int, scenario: str = SCENARIO, players: int = 2) -> Tally:
    """Play, kill, look. Raises Lost."""
    rng, path, tally = random.Random(seed), folder / "soak.sqlite3", Tally()
    SqliteStore(path).close()
    running: list[Player] = []
    try:
        while tally.kills < kills:
            while len(running) < min(players, kills - tally.kills):
                running.append(Player(path, scenario, rng.getrandbits(32)))
            victim = rng.choice(running)
            told = [victim.tell() for _ in range(rng.randint(1, 40))]
            told += victim.kill_after(rng.uniform(0, 0.01))
            running.remove(victim)
            tally.kills += 1
            tally.told += told
            tally.too_late += victim.too_late
            look(path, told)
    finally:
        for player in running:
            player.stop()
    look(path, tally.told)
    store = SqliteStore(path)
    if findings := store.audit():
        raise Lost(f"the store is not sound: {findings}")
    tally.untold = sum(row.events for row in store.sessions()) - len(tally.told)
    store.close()
    return tally


def look(path: Path, told: Sequence[Told]) -> None:
    """All that was told is there, unbroken, and the session told of last can be taken up. Raises Lost."""
    told_of: dict[str, list[Told]] = {}
    for each in told:
        told_of.setdefault(each.session, []).append(each)
    store = SqliteStore(path, busy=PATIENCE)
    try:
        for ident, events in told_of.items():
            if findings := store.audit(ident):
                raise Lost(f"session {ident} is not sound: {findings}")
            kept = {each.seq: each.digest for each in store.read(ident)}
            for each in events:
                if kept.get(each.seq) != each.digest:
                    raise Lost(f"event {each.seq} of session {ident} was told to be kept and is not there")
        last = told[-1]
        if len(Session.reopen(store, last.session).events) <= last.seq:
            raise Lost(f"session {last.session} goes on from before event {last.seq}")
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
