"""`handoff host` as a process of its own, and what a terminal at the other end of its websocket shows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import pyte

from tests.app_helpers import scenario

DEADLINE = 60.0  # seconds; far beyond what anything here takes
SUPPORT = "Ana at the desk"
ROOT = Path(__file__).parents[1]


class Shown:
    """A terminal's screen, drawn from what the host sends."""

    def __init__(self, columns: int = 80, rows: int = 24):
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)

    def feed(self, data: bytes) -> None:
        # The emulator takes the question about painting at once, which it does not know, for text.
        self._stream.feed(data.replace(b"\x1b[?2026$p", b""))

    def resize(self, columns: int, rows: int) -> None:
        self.screen.resize(rows, columns)

    @property
    def text(self) -> str:
        """Line by line, as a person sees it."""
        return "\n".join(self.screen.display)

    @property
    def words(self) -> str:
        """All in one line, wherever the lines were broken."""
        return " ".join(self.text.split())


class Hosted:
    """A host that runs, or is about to: asking for an address or a code waits until it has said so. `url` ends without a slash."""

    def __init__(self, process: subprocess.Popen[bytes], told: Path):
        self.process, self._told = process, told

    @cached_property
    def url(self) -> str:
        return self._find(r"(https?://[^\s/]+)/")

    @cached_property
    def code(self) -> str:
        return self._find(r"Code: (\S+)")

    @cached_property
    def key(self) -> str:
        return self._find(r"/room/(\S+)")

    def _find(self, pattern: str) -> str:
        deadline = time.monotonic() + DEADLINE
        while "Ctrl+C ends the host" not in self.told:
            assert time.monotonic() < deadline and self.process.poll() is None, f"the host did not begin:\n{self.told}"
            time.sleep(0.02)
        found = re.search(pattern, self.told)
        assert found is not None, self.told
        return found[1]

    def kill(self) -> None:
        """As if its computer had died."""
        self.process.kill()
        self.process.wait()

    @property
    def told(self) -> str:
        """What it has said to whoever runs it."""
        return self._told.read_text(encoding="utf-8")


@contextmanager
def hosted(folder: Path, *args: str, store: str = "", port: int = 0) -> Iterator[Hosted]:
    """A host with a home of its own, ended when the test does. `store`: a file in `folder` if empty. `port`: 0 for any free one."""
    told = folder / f"host-{time.monotonic_ns()}.txt"
    where = store or str(folder / "store.sqlite3")
    command = [sys.executable, "-c", "import sys; from facilitator.cli import main; sys.exit(main())", "host", *args]
    with told.open("wb") as out:
        process = subprocess.Popen(
            [*command, "--support", SUPPORT, "--port", str(port), "--store", where],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env={**os.environ, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_DATA_HOME": str(folder)},
        )
    try:
        yield Hosted(process, told)
    finally:
        process.terminate()
        try:
            process.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def evening(folder: Path) -> str:
    """The small scenario, as a host takes it."""
    return str(scenario(folder))


def until(holds: Callable[[], object], pause: Callable[[], object], what: Callable[[], str]) -> None:
    """Ask until something holds. AssertionError, with what is there instead, after the deadline."""
    deadline = time.monotonic() + DEADLINE
    while not holds():
        assert time.monotonic() < deadline, f"waited in vain; there is\n{what()}"
        pause()


class AtSeat:
    """Somebody at a seat: keys in, `shown` out. Who sits where a browser's tab or a bare websocket is says how they press and wait."""

    shown: Shown

    def press(self, keys: str) -> None:
        """Send what a terminal sends for these keys."""
        raise NotImplementedError

    def pause(self) -> None:
        """Let a moment pass, in which something may arrive."""
        raise NotImplementedError

    def shows(self, *texts: str) -> bool:
        return all(text in self.shown.words for text in texts)

    def wait_for(self, *texts: str) -> None:
        until(lambda: self.shows(*texts), self.pause, lambda: self.shown.text)

    def sit_down(self, *texts: str) -> None:
        """Go past what a seat is told before its first scene, to a screen with these texts."""
        before = "What this story holds"
        until(lambda: self.shows(before) or self.shows(*texts), self.pause, lambda: self.shown.text)
        if self.shows(before):
            self.press(F9)
        self.wait_for(*texts)

    def choose(self, key: str, option: str) -> None:
        """Wait until an option can be chosen, and choose it. What is asked in private before it is skipped."""
        skip = "S skips it"
        until(lambda: self.shows(option, "to select") or self.shows(skip), self.pause, lambda: self.shown.text)
        if self.shows(skip):
            self.onward("s", skip)
        self.wait_for(option, "to select")
        self.press(key)
        self.press("\r")

    def onward(self, keys: str, leaving: str) -> None:
        """Press until a text is gone: whatever has only just appeared takes no key yet, lest it was meant for what was there before."""
        deadline = time.monotonic() + DEADLINE
        while self.shows(leaving):
            assert time.monotonic() < deadline, self.shown.text
            self.press(keys)
            again = time.monotonic() + 1.0
            while self.shows(leaving) and time.monotonic() < again:
                self.pause()


F9 = "\x1b[20~"
ESC = "\x1b"
