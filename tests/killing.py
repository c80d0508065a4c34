"""Hosts and the database killed in the middle of a room's play: every acknowledged event is there, and every seat resumes.

    python -m tests.killing                             # 50 kills of a host on SQLite, 50 on PostgreSQL, 10 of PostgreSQL under two hosts
    python -m tests.killing --kills 5 --pairs 3 --seed 7 --only sqlite

Hosts are real processes, ended by SIGKILL at moments drawn from the seed: half of them at any moment, half within six hundredths of a second of
somebody's Enter, so that some fall between the press and its answer. People (`pressing.py`) sit at websockets and know nothing but what
their screens show; after each kill what they were shown is held against the log, and every seat has to come back, by its own
address, to the scene that the log says. PostgreSQL is ended by SIGKILL to all its processes, under two hosts that share each pair.
Killing programs is not pulling the plug: that the disk keeps what it took is the disk's promise.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from aiohttp import ClientSession, DummyCookieJar, TCPConnector

from simulator.events import Choose
from simulator.games import Games
from simulator.log import Store, open_store
from simulator.session import Session
from simulator.view import view
from tests.host_process import Hosted, hosted
from tests.pressing import PACE, PATIENCE, SIZE, Lines, Pace, Person, Wrong, plain
from tests.servers import Server

SCENARIO = "kitchen-table"
SEATS = ("officer", "advocate")
LONGEST = 1.5  # seconds between everybody's being back and the next kill, at most
CRASHES = ("app failed", "Traceback", "trouble in")  # what a host says when something in it fell over
SHORTLY = 0.06  # seconds after somebody's Enter


@dataclass(slots=True, kw_only=True)
class Tally:
    """What a run has seen. `unshown`: choices that were kept, but whose person was not shown so before the kill."""

    what: str
    kills: int = 0
    plays: int = 0
    acknowledged: int = 0
    in_flight: int = 0
    unshown: int = 0
    away: int = 0
    back: list[float] = field(
        default_factory=list
    )  # seconds from somebody's listening again to all seats at their scene

    def __str__(self) -> str:
        return (
            f"{self.kills} kills of {self.what} in {self.plays} plays: {self.acknowledged} acknowledged choices, all there, once and in"
            f" order; of {self.in_flight} that were pressed and not yet answered, {self.unshown} had been kept; all seats back at their"
            f" scene after {median(self.back):.1f} s, at most {max(self.back):.1f} s"
            + (f"; {self.away} screens said why they waited" if self.away else "")
        )


class Room:
    """Pairs that play at one or two hosts, one after the other, and what of them is in the store."""

    def __init__(self, where: str, rng: random.Random, tally: Tally):
        self._where, self._rng, self.tally = where, rng, tally
        self.people: list[Person] = []
        self.tables: list[asyncio.Task[None]] = []
        self.ending = False  # whether a pair that has come to its end is the last at its table
        self._heads: dict[str, list[str]] = {}  # session → the digests of its events, as last seen
        self._games = Games()
        self._sessions: dict[str, Session] = {}
        self._shown: dict[str, list[tuple[str, str]]] = {}  # session → its choices: seat, text

    async def table(self, number: int, lines: tuple[Lines, Lines]) -> None:
        """A table at which one pair after the other plays, each of the two through its own lines. Raises Wrong."""
        pairs = 0
        while not self.ending:
            pairs += 1
            alias = f"Bird {number}.{pairs}"
            pair = [Person(f"{alias} {seat}", seat, random.Random(self._rng.getrandbits(32))) for seat in SEATS]
            self.people += pair
            await asyncio.gather(*(person.live(line) for person, line in zip(pair, lines, strict=True)))
            with closing(open_store(self._where)) as store:
                for person in pair:
                    self.hold_against(store, person)
                    self.tally.acknowledged += len(person.told)
                    self.tally.away += person.away
                    self.people.remove(person)
            self.tally.plays += 1

    # --- what they were shown, and what the store says ---------------------------------------------------------

    def look(self) -> None:
        """The store is whole, nothing that was there is gone, and it holds what everybody was shown. Raises Wrong."""
        with closing(open_store(self._where)) as store:
            if findings := store.audit():
                raise Wrong(f"the store is not sound: {findings}")
            for person in self.people:
                self.hold_against(store, person)

    def hold_against(self, store: Store, person: Person) -> None:
        """All that somebody was shown is in the log, once and in order, and nothing else of theirs but what was on its way. Raises Wrong."""
        session = self._session(store, person)
        chosen = [text for seat, text in self._choices(store, session) if seat == person.seat] if session else []
        known = len(person.told)
        if chosen[:known] != person.told:
            raise Wrong(f"{person.alias} was shown {person.told}, and the log has {chosen}")
        if person.pressed is not None:
            self.tally.in_flight += 1
        if chosen[known:]:
            if person.pressed is None or chosen[known:] != [person.pressed.text]:
                raise Wrong(f"the log has {chosen[known:]} of {person.alias}, who pressed {person.pressed}")
            self.tally.unshown += 1
            person.told.append(person.pressed.text)
        person.pressed = None

    def _session(self, store: Store, person: Person) -> str:
        ticket = store.ticket(person.path.rpartition("/")[2]) if person.path else None
        if person.path and ticket is None:
            raise Wrong(f"{person.alias}'s ticket is gone")
        return ticket.session if ticket is not None and not ticket.session.startswith("?") else ""

    def _choices(self, store: Store, ident: str) -> list[tuple[str, str]]:
        """Every choice of a session, as its seat reads it."""
        digests = [each.digest for each in store.read(ident, verify=True)]
        before = self._heads.get(ident, [])
        if digests[: len(before)] != before:
            raise Wrong(f"session {ident} has lost events, or they are not what they were")
        if len(digests) > len(before):
            session = self._now(store, ident)
            self._shown.setdefault(ident, []).extend(
                (event.seat, _text(session, at - 1, event))
                for at, event in enumerate(session.events)
                if at >= len(before) and isinstance(event, Choose)
            )
            self._heads[ident] = digests
        return self._shown[ident]

    def _now(self, store: Store, ident: str) -> Session:
        """A session as the store has it. Read on, not anew: this process and the hosts share the machine."""
        if ident not in self._sessions:
            self._sessions[ident] = Session.reopen(store, ident, games=self._games)
        session = self._sessions[ident]
        session.store = store
        session.catch_up()
        return session

    # --- coming back --------------------------------------------------------------------------------------------

    async def all_back(self) -> None:
        """Wait until every seat shows the scene that the log says. Raises Wrong."""
        with closing(open_store(self._where)) as store:
            await self.until(lambda each: self._is_back(store, each), "these are not back at their scene")

    async def until(self, holds: Callable[[Person], object], what: str) -> None:
        """Ask until something holds for everybody. Raises Wrong, with the screens of the others."""
        deadline = time.monotonic() + PATIENCE
        while wanting := [each for each in self.people if not holds(each)]:
            self.ask()
            if time.monotonic() > deadline:
                raise Wrong(
                    "\n".join([what, *(f"{each.alias}: {each.pressed}\n{each.shown.text}" for each in wanting)])
                )
            await asyncio.sleep(0.05)

    def ask(self) -> None:
        """Whether all goes well. Raises what went wrong at a table."""
        for each in self.tables:
            if each.done():
                each.result()

    def _is_back(self, store: Store, person: Person) -> bool:
        if person.over:
            return True
        if not person.sits:
            return False
        ident = self._session(store, person)
        if not ident:
            return person.shows("You are in.")
        session = self._now(store, ident)
        asked = person.seat in session.human_seats and bool(session.questions(person.seat))
        return person.is_at(session.view(person.seat), asked, acted=session.has_acted(person.seat))


def _text(session: Session, before: int, event: Choose) -> str:
    options = view(session.plays[before].state, event.seat).options
    return next(plain(each.text) for each in options if each.action == event.action)


# --- killing ------------------------------------------------------------------------------------------------------


async def kill_hosts(
    folder: Path,
    where: str,
    *,
    kills: int,
    pairs: int,
    seed: int,
    scenario: str = SCENARIO,
    what: str = "a host",
    pace: Pace = PACE,
    size: tuple[int, int] = SIZE,
    longest: float = LONGEST,
    enters: float = 0.5,
) -> Tally:
    """One host, killed and started again on its port so many times while so many pairs play. Raises Wrong.

    `longest`: the most seconds between everybody's being back and the next moment; `enters`: the part of all kills that then waits for
    somebody's Enter.
    """
    rng, tally = random.Random(seed), Tally(what=what)
    room = Room(where, rng, tally)
    with ExitStack() as running:
        host = running.enter_context(hosted(folder, scenario, "--keep-room", store=where))
        async with _device() as device:
            lines = Lines(device, host.url, host.code, pace=pace, size=size)
            async with _playing(room, [(lines, lines)] * pairs):
                _open(lines)
                while tally.kills < kills:
                    await _moment(rng, room, lines, longest, enters)
                    host.kill()
                    tally.kills += 1
                    lines.up.clear()
                    lines.going.clear()
                    await room.until(lambda each: each.parked or each.over, "these still think they have a line")
                    room.look()
                    port = urlsplit(lines.url).port or 0
                    host = running.enter_context(hosted(folder, "--no-room", store=where, port=port))
                    await asyncio.to_thread(_listens, host)
                    begun = time.monotonic()
                    lines.up.set()
                    await room.all_back()
                    tally.back.append(time.monotonic() - begun)
                    lines.going.set()
                room.ending = True
            room.look()
    return tally


async def kill_server(
    folder: Path,
    server: Server,
    where: str,
    *,
    kills: int,
    pairs: int,
    seed: int,
    scenario: str = SCENARIO,
    pace: Pace = PACE,
    size: tuple[int, int] = SIZE,
    longest: float = LONGEST,
    enters: float = 0.5,
    away: float = 3.0,
) -> Tally:
    """PostgreSQL killed under two hosts, at each of which one seat of every pair sits, and brought back. Raises Wrong.

    `away`: for how many seconds at most, but for what it takes to recover. `longest`, `enters`: as above.
    """
    rng, tally = random.Random(seed), Tally(what="PostgreSQL under two hosts")
    room = Room(where, rng, tally)
    with hosted(folder, scenario, "--keep-room", store=where) as one, hosted(folder, "--no-room", store=where) as other:
        async with _device() as device:
            first, second = (
                Lines(device, host.url, one.code, pace=pace, size=size, forgiving=True) for host in (one, other)
            )
            async with _playing(room, [(first, second) if at % 2 else (second, first) for at in range(pairs)]):
                _open(first, second)
                while tally.kills < kills:
                    await _moment(rng, room, first, longest, enters)
                    await asyncio.to_thread(server.kill)  # people go on meanwhile
                    tally.kills += 1
                    await asyncio.sleep(rng.uniform(0.2, away))  # some press meanwhile
                    await asyncio.to_thread(server.start)
                    begun = time.monotonic()
                    for each in (first, second):
                        each.going.clear()
                    await room.until(Person.is_answered, "these pressed, and were answered nothing")
                    room.look()
                    await room.all_back()
                    tally.back.append(time.monotonic() - begun)
                    _open(first, second)
                room.ending = True
            room.look()
        for host in (one, other):
            if host.process.poll() is not None or any(each in host.told for each in CRASHES):
                raise Wrong(f"a host or a seat in it fell over:\n{host.told}")
    return tally


def _listens(host: Hosted) -> None:
    assert host.url


@asynccontextmanager
async def _device() -> AsyncIterator[ClientSession]:
    async with ClientSession(cookie_jar=DummyCookieJar(), connector=TCPConnector(limit=0)) as device:
        yield device


@asynccontextmanager
async def _playing(room: Room, tables: list[tuple[Lines, Lines]]) -> AsyncIterator[None]:
    """Pairs at so many tables while the block runs, and on to the ends of their stories after it. Raises what goes wrong at any table."""
    room.tables = [asyncio.create_task(room.table(number, lines)) for number, lines in enumerate(tables, 1)]
    try:
        yield
        await asyncio.gather(*room.tables)
    finally:
        for each in room.tables:
            each.cancel()
        await asyncio.gather(*room.tables, return_exceptions=True)


def _open(*lines: Lines) -> None:
    for each in lines:
        each.up.set()
        each.going.set()


async def _moment(rng: random.Random, room: Room, lines: Lines, longest: float, enters: float) -> None:
    """Wait for the next moment to kill at: any, or just after somebody's Enter."""
    await asyncio.sleep(rng.uniform(0.1, longest))
    if rng.random() < enters:
        lines.pressed.clear()
        await room.until(lambda _: lines.pressed.is_set(), "nobody of these presses anything")
        await asyncio.sleep(rng.uniform(0, SHORTLY))
    room.ask()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.killing", description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=50, help="of a host, on each backend")
    parser.add_argument("--server-kills", type=int, default=10, help="of PostgreSQL under two hosts")
    parser.add_argument("--pairs", type=int, default=6, help="that play at once")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scenario", default=SCENARIO)
    parser.add_argument("--only", choices=("sqlite", "postgresql", "server"))
    given = parser.parse_args()
    sizes = {"pairs": given.pairs, "seed": given.seed, "scenario": given.scenario}
    with tempfile.TemporaryDirectory(prefix="handoff-killing-") as name:
        folder = Path(name)
        if given.only in (None, "sqlite"):
            where = str(folder / "killing.sqlite3")
            print(
                asyncio.run(kill_hosts(folder, where, kills=given.kills, what="a host on SQLite", **sizes)), flush=True
            )
        if given.only in (None, "postgresql", "server"):
            server = Server(folder / "postgres")
            try:
                if given.only != "server":
                    with server.database() as url:
                        print(
                            asyncio.run(
                                kill_hosts(folder, url, kills=given.kills, what="a host on PostgreSQL", **sizes)
                            ),
                            flush=True,
                        )
                if given.only != "postgresql":
                    with server.database() as url:
                        print(
                            asyncio.run(kill_server(folder, server, url, kills=given.server_kills, **sizes)), flush=True
                        )
            finally:
                server.stop()


if __name__ == "__main__":
    main()
