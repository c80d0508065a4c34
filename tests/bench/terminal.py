"""A program on a real pseudo-terminal, seen through a terminal emulator: what a person would see, and when."""

from __future__ import annotations

import os
import select
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType

import pyte
from ptyprocess import PtyProcess  # type: ignore[import-untyped]  # comes with pexpect

COLUMNS, ROWS = 110, 30


class Terminal:
    """Runs a program from its start; times are seconds by the monotonic clock."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self._home = tempfile.TemporaryDirectory()
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)
        environment = {
            **os.environ,
            "HOME": self._home.name,
            "XDG_DATA_HOME": self._home.name,
            "XDG_CONFIG_HOME": self._home.name,
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "PYTHONPATH": str(Path(__file__).parents[2]),
        }
        self.began = self._read_at = time.perf_counter()
        self._process = PtyProcess.spawn(
            [sys.executable, *arguments], dimensions=(ROWS, COLUMNS), env=environment, cwd=self._home.name
        )

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill(signal.SIGKILL)
        self._process.close(force=True)
        self._home.cleanup()

    def text(self) -> str:
        return "\n".join(self._screen.display)

    def look(self) -> tuple[object, ...]:
        """Every character on the screen with its colours, so that a moved highlight counts as news."""
        return tuple(tuple(self._screen.buffer[row][column] for column in range(COLUMNS)) for row in range(ROWS))

    def press(self, keys: str) -> float:
        """Write keys; returns the moment just before."""
        moment = time.perf_counter()
        self._process.write(keys.encode())
        return moment

    def wait(self, until: Callable[[], bool], seconds: float = 20.0) -> float:
        """Feed the screen until it shows something; returns the moment its bytes came, without the emulator's own
        work. Raises TimeoutError with the screen."""
        deadline = time.perf_counter() + seconds
        while not until():
            if not self._feed(deadline - time.perf_counter()):
                raise TimeoutError(f"the screen still shows:\n{self.text()}")
        return self._read_at

    def settle(self, seconds: float = 0.25) -> None:
        """Feed the screen until it has been quiet for so long."""
        while self._feed(seconds):
            pass

    def _feed(self, seconds: float) -> bool:
        ready, _, _ = select.select([self._process.fd], [], [], max(seconds, 0))
        if not ready:
            return False
        try:
            data = os.read(self._process.fd, 1 << 16)
            self._read_at = time.perf_counter()
            self._stream.feed(data)
        except OSError:
            raise TimeoutError(f"the program ended; the screen shows:\n{self.text()}") from None
        return True
