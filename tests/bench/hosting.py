"""A room that plays on one host: N browser tabs in pairs on one `handoff host` process, everybody in it at once.

    python -m tests.bench.hosting            100 tabs
    python -m tests.bench.hosting --quick     10 tabs

The tabs run in this process, the host in one of its own; figures are the host's. All come in within the same second, which is harsher than
a room. Then nobody presses anything (idle), then everybody presses a key every ten seconds, by turns within a pair: PgDn,
a digit, another, Enter; then the same every four seconds. People who play have 16 to 23 choices a pair in forty minutes, so ten seconds
are still some five times as fast as they. Reference: textual-serve, which starts a process for every tab, with the same play on the same machine.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import shlex
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from tests.bench import Row
from tests.bench.browsers import Browsers, Emulator, Press, Tab, at_once

SEATS = ("officer", "advocate")  # of the kitchen table
DOOR = ("Between us",)  # what stands before the story; F9 begins it
STORY = ("to select", "is thinking")  # either one's own turn, or the partner's
SCENE = ("our turn", "Turn: ", "The end", "One press answers")  # above every scene, or below what is asked in private
BEGIN, READ, OTHER, DIGIT, ENTER = "\x1b[20~", "\x1b[6~", "2", "1", "\r"
NEW_TEXT = 4  # lines that change at once where a story goes on; a mark changes fewer
KEYS = (READ, OTHER, DIGIT, ENTER)  # what somebody presses, in turn: reads on, thinks of one thing, does another
OFFERED = {
    READ: "PgDn: more",
    OTHER: "Press 1–",
    DIGIT: "commits it",
    ENTER: "commits it",
}  # what the screen says when this key does something
READING = 0.25  # seconds by which each person begins after another: what stands before the story is read
HUMAN, HURRIED = 10.0, 4.0  # seconds between two keys of one person
Paces = Sequence[tuple[float, float]]  # seconds between two keys, and for how many seconds
HANDOFF = "import sys; from facilitator.cli import main; sys.exit(main())"
REFERENCE_TABS = 4
FEW = 8  # tabs of a small group: what the host does by itself, without a queue
RELOADS = 20  # one after the other, while the others look on
# Under textual-serve nothing is a terminal; `handoff` would play in plain lines.
SERVED = (
    "import sys; from facilitator import cli; cli.has_screen = lambda: True\n"
    "sys.exit(cli.main('play kitchen-table --seat officer --partner typical'.split()))"
)
MB = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What was seen at one pace. Seconds from a digit to its mark, from Enter to the own story's new text, from Enter to the partner's.
    `unseen`: how many choices the partner saw nothing of (where both choose unseen). `cpu`: part of a core."""

    digits: Sequence[float]
    enters: Sequence[float]
    other: Sequence[float]
    unseen: int
    cpu: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Seconds, bytes, and parts of a core. `begun`: from F9 to the story; `back`: from a reload; `played` by the pace."""

    tabs: int
    joined: float
    joining_cpu: float
    empty: int
    memory: int
    memory_played: int
    idle: float
    begun: Sequence[float]
    back: Sequence[float]
    played: Mapping[float, Played]
    load: tuple[float, float]


def measure(tabs: int = 100, idle: float = 20.0, play: float = 120.0) -> list[Row]:
    few = asyncio.run(_run(FEW, 0.0, [(HURRIED, play)]))
    found = asyncio.run(_run(tabs, idle, [(HUMAN, play), (HURRIED, play / 2)]))
    each = textual_serve(REFERENCE_TABS)
    say(found, each)
    alone = few.played[HURRIED].other
    print(spread(f"with {FEW} tabs, Enter to new text at the other seat", alone))
    human = found.played[HUMAN]
    return [
        Row(f"the other's move with {FEW} tabs, p95, against 100 ms", percentile(alone, 95), 0.1, 1.0),
        Row(f"{tabs} tabs joined and painted, against 15 s", found.joined, 15.0, 1.0),
        Row("key to new text, p95, against 150 ms", percentile((*human.digits, *human.enters), 95), 0.150, 1.0),
        Row("the other seat's update, p95, against 250 ms", percentile(human.other, 95), 0.250, 1.0),
        Row("a reload to the same scene, p95, against 1 s", percentile(found.back, 95), 1.0, 1.0),
        Row(
            "a seat's memory, against a process per tab (1 s: 1 GB)", found.memory_played / tabs / 1e9, each / 1e9, 0.1
        ),
        Row("idle, against 5 % of a core", found.idle, 0.05, 1.0),
        Row("the host's memory, against 400 MB (1 s: 1 GB)", found.memory_played / 1e9, 0.4, 1.0),
    ]


def percentile(values: Sequence[float], part: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part / 100))]


# --- the host's process -----------------------------------------------------------------------------------------


class Process:
    """A process looked at from outside."""

    def __init__(self, pid: int):
        self.pid = pid

    def cpu(self) -> float:
        """Seconds of processor time so far, all threads."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident(self) -> int:
        """Bytes in memory now, those it shares with others included."""
        return self._kilobytes("status", "VmRSS") * 1024

    def own_part(self) -> int:
        """Bytes in memory now; those shared with others in equal parts."""
        return self._kilobytes("smaps_rollup", "Pss") * 1024

    def _kilobytes(self, file: str, name: str) -> int:
        found = re.search(rf"^{name}:\s+(\d+)", Path(f"/proc/{self.pid}/{file}").read_text(), re.MULTILINE)
        assert found is not None
        return int(found[1])


@contextmanager
def host(store: Path) -> Iterator[tuple[Process, str, str]]:
    """A host with a room; gives its process, its address and the room's code."""
    command = [
        sys.executable,
        "-c",
        HANDOFF,
        "--store",
        str(store),
        "host",
        "kitchen-table",
        "--support",
        "Kim, room 2",
    ]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "HOME": str(store.parent)}
    running = subprocess.Popen([*command, "--port", "0"], stdout=subprocess.PIPE, text=True, env=environment)
    try:
        assert running.stdout is not None
        said = ""
        while "Ctrl+C ends" not in said:
            line = running.stdout.readline()
            if not line:
                raise RuntimeError(f"the host did not start:\n{said}")
            said += line
        address = re.search(r"(http://\S+?)/\n\s+Code: (\S+)", said)
        assert address is not None, said
        yield Process(running.pid), address[1], address[2]
    finally:
        running.send_signal(signal.SIGINT)
        try:
            running.wait(20)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


async def _run(tabs: int, idle: float, paces: Paces) -> Figures:
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder, host(Path(folder) / "room.sqlite3") as (process, base, code):
        async with Browsers(base) as browsers:
            empty, before, began = process.resident(), process.cpu(), time.perf_counter()
            painted: list[float] = []
            await at_once([partial(_arrive, browsers, code, number, painted) for number in range(tabs)])
            joined, joining_cpu = max(painted) - began, process.cpu() - before
            begun: list[float] = []
            await at_once([partial(_begin, tab, number, begun) for number, tab in enumerate(browsers.tabs)])
            await asyncio.sleep(3)
            memory, before, began = process.resident(), process.cpu(), time.perf_counter()
            await asyncio.sleep(idle)
            idle_cpu = (process.cpu() - before) / (time.perf_counter() - began)
            seated = _in_pairs(browsers.tabs, Path(folder) / "room.sqlite3")
            spans: list[tuple[float, float, float, float]] = []
            for pace, seconds in paces:
                before, began = process.cpu(), time.perf_counter()
                await at_once([partial(_play, tab, number, tabs, pace, seconds) for number, tab in enumerate(seated)])
                ended = time.perf_counter()
                spans.append((pace, began, ended, (process.cpu() - before) / (ended - began)))
            memory_played = process.resident()
            back = [await _come_back(browsers, tab) for tab in seated[:RELOADS]]
            shown = [Replayed(tab) for tab in seated]
    return Figures(
        tabs=tabs,
        joined=joined,
        joining_cpu=joining_cpu,
        empty=empty,
        memory=memory,
        memory_played=memory_played,
        idle=idle_cpu,
        begun=begun,
        back=back,
        played={pace: _played(shown, pace, began, ended, cpu) for pace, began, ended, cpu in spans},
        load=(load, os.getloadavg()[0]),
    )


async def _arrive(browsers: Browsers, code: str, number: int, painted: list[float]) -> None:
    alias = f"Heron {number}"
    tab = await browsers.open(await browsers.come_in(code, SEATS[number % 2], alias), alias)
    painted.append(await tab.until((*DOOR, *STORY), 120))


def _in_pairs(tabs: Sequence[Tab], store: Path) -> list[Tab]:
    """The tabs of one play beside each other. Who sits with whom is the host's matter: whoever comes next, with whoever waits."""
    with closing(sqlite3.connect(store)) as db:
        play = {
            alias: (session, seat) for alias, session, seat in db.execute("SELECT alias, session, seat FROM tickets")
        }
    return sorted(tabs, key=lambda tab: play[tab.alias])


async def _begin(tab: Tab, number: int, begun: list[float]) -> None:
    """Read what stands before the story, each as long as they like, and begin it."""
    if tab.came_already(STORY):
        return
    await asyncio.sleep(number * READING)
    await tab.press(BEGIN)
    begun.append(await tab.until(STORY, 60) - tab.presses[-1].at)


async def _come_back(browsers: Browsers, tab: Tab) -> float:
    """Reload a tab in the middle of its scene; seconds until the scene stands there again."""
    began = time.perf_counter()
    return await (await browsers.reload(tab)).until(SCENE, 60) - began


async def _play(tab: Tab, number: int, tabs: int, pace: float, seconds: float) -> None:
    """Key after key; the two of a pair by turns, the pairs spread over the pace."""
    began = time.perf_counter() + (number // 2 / (tabs / 2) + number % 2) * pace / 2
    for turn in range(int(seconds / pace)):
        await asyncio.sleep(max(0.0, began + turn * pace - time.perf_counter()))
        await tab.press(KEYS[(turn + number // 2) % len(KEYS)])
    await asyncio.sleep(pace / 2)


# --- what was seen, afterwards --------------------------------------------------------------------------------------


class Replayed:
    """What a tab showed after each of its presses. `changes`: moments at which a character on its screen changed;
    `told`: moments at which so many lines did that it is new text, and no mark of what was chosen."""

    def __init__(self, tab: Tab):
        self.presses = [press for press in tab.presses if press.keys != BEGIN]
        self.changes: list[float] = []
        self.told: list[float] = []
        self._offered: list[bool] = []
        emulator, before, waiting = Emulator(), (), iter(self.presses)
        press = next(waiting, None)
        for moment, data in tab.frames:
            while press is not None and press.at <= moment:
                self._offered.append(any(OFFERED[press.keys] in line for line in before))
                press = next(waiting, None)
            emulator.feed(data)
            now = emulator.lines()
            if now != before:
                self.changes.append(moment)
            if sum(line != old for line, old in zip(now, before, strict=False)) >= NEW_TEXT:
                self.told.append(moment)
            before = now
        self._offered += [False] * (len(self.presses) - len(self._offered))

    def offered(self, index: int) -> bool:
        """Whether the screen said that this key would do something."""
        return self._offered[index]


def _played(shown: Sequence[Replayed], pace: float, began: float, ended: float, cpu: float) -> Played:
    """What was seen of the presses between two moments. What came after the partner's next press, half a pace later, is of that one."""

    def after(moments: Sequence[float], press: Press) -> float | None:
        return next((moment - press.at for moment in moments if 0 < moment - press.at < pace / 2), None)

    digits, enters, others, unseen = [], [], [], 0
    for number, tab in enumerate(shown):
        partner = shown[number ^ 1]
        for index, press in enumerate(tab.presses):
            if not tab.offered(index) or not began <= press.at <= ended:
                continue
            if press.keys != ENTER:
                if (mark := after(tab.changes, press)) is not None:
                    digits.append(mark)
                continue
            own, seen = after(tab.told, press), after(partner.told, press)
            if own is not None:
                enters.append(own)
            if own is not None and seen is not None:
                others.append(seen)
            else:
                unseen += 1
    return Played(digits=digits, enters=enters, other=others, unseen=unseen, cpu=cpu)


# --- the reference ----------------------------------------------------------------------------------------------------


def textual_serve(tabs: int) -> int:
    """Bytes in memory of each tab's process under textual-serve, with the same play at one seat against the computer."""
    return asyncio.run(_textual_serve(tabs))


async def _textual_serve(tabs: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "HOME": folder,
            "XDG_DATA_HOME": folder,
        }
        play = "exec " + shlex.join([sys.executable, "-c", SERVED])
        port = _free_port()
        serve = f"from textual_serve.server import Server; Server({play!r}, port={port}).serve()"
        running = subprocess.Popen(
            [sys.executable, "-c", serve], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
        )
        try:
            async with Browsers(f"http://localhost:{port}") as browsers:
                await _answers(port)
                for _ in range(tabs):
                    tab = await browsers.open("")
                    await tab.until(DOOR, 60)
                    await asyncio.sleep(1)  # it hears keys a moment later
                    await tab.press(BEGIN)
                    await tab.until(STORY, 60)
                await asyncio.sleep(1)
                children = Path(f"/proc/{running.pid}/task/{running.pid}/children").read_text().split()
                found = sum(Process(int(child)).own_part() for child in children) // len(children)
            for child in children:
                with suppress(ProcessLookupError):
                    os.kill(int(child), signal.SIGKILL)
            return found
        finally:
            running.kill()  # it waits for its tabs' processes in vain
            running.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _answers(port: int) -> None:
    async with asyncio.timeout(20):
        while True:
            with suppress(OSError):
                _, writer = await asyncio.open_connection("localhost", port)
                writer.close()
                return
            await asyncio.sleep(0.05)


def say(found: Figures, each: int) -> None:
    """Everything that was found, for whoever runs it by hand."""

    print(f"{found.tabs} tabs; load of the machine {found.load[0]:.1f} before, {found.load[1]:.1f} after")
    print(
        f"joined and painted: {found.joined:.1f} s, {found.joining_cpu / found.tabs * 1e3:.0f} ms of the host's core each"
    )
    print(spread("F9 to the story's first screen", found.begun))
    memory, played = found.memory, found.memory_played
    print(
        f"memory: {found.empty / MB:.0f} MB empty, {memory / MB:.0f} MB joined, {played / MB:.0f} MB played; "
        f"a seat {(played - found.empty) / found.tabs / MB:.2f} MB more, {played / found.tabs / MB:.2f} MB in all"
    )
    print(f"textual-serve: {each / MB:.1f} MB a tab, {each / (played / found.tabs):.1f} times as much")
    print(f"idle: {found.idle * 100:.1f} % of a core")
    for pace, seen in found.played.items():
        print(f"a key every {pace:.0f} s: {seen.cpu * 100:.0f} % of a core")
        print(spread("  a digit to its mark", seen.digits))
        print(spread("  Enter to new text at the own seat", seen.enters))
        print(spread("  Enter to new text at the other seat", seen.other), f"and {seen.unseen} chosen unseen")
    print(spread("a reload to the same scene", found.back))


def spread(name: str, values: Sequence[float]) -> str:
    """One line about a row of times."""
    if not values:
        return f"{name}: none"
    half, most = median(values) * 1e3, percentile(values, 95) * 1e3
    return f"{name}: p50 {half:.0f} ms, p95 {most:.0f} ms ({len(values)})"


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description="A room that plays on one host.")
    asked.add_argument("--quick", action="store_true", help="10 tabs instead of 100, and shorter")
    asked.add_argument("--tabs", type=int, default=100)
    given = asked.parse_args()
    rows = measure(10, idle=5.0, play=48.0) if given.quick else measure(given.tabs)
    for row in rows:
        print(f"{row.name:<60} {row.ratio:>6.2f} of {row.target:.2f}{'' if row.ok else '  MISSED'}")
