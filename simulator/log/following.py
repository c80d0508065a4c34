"""Hearing that somebody else has appended: a file is asked again and again, a server says so by itself.

A follower belongs to one thread; `wake` may be called from any. What it tells are counts, never contents: whoever follows reads
the log as everybody does.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import psycopg

CHANNEL = "handoff_events"
POLL = 0.02  # seconds between two looks whether a file was written to: under a tenth of a second for whoever waits
PATIENCE = 0.25  # seconds after which a listener looks whether it was woken
AGAIN = 1.0  # seconds before a line that broke is tried again

Activity = Callable[[Sequence[str]], dict[str, int]]


class Follower(Protocol):
    """Waits for appends to sessions."""

    def wait(self, known: Mapping[str, int], seconds: float) -> dict[str, int]:
        """The sessions of `known` that have other than so many events now, with how many; empty after `seconds`, or when woken.

        `known`: session → how many events whoever follows has read. Raises LogError.
        """

    def wake(self) -> None:
        """End a wait that is under way, or the next one."""

    def close(self) -> None:
        """Let go of what it listens with; closing twice is fine."""


class Polling:
    """A `Follower` that looks again and again whether anybody has written, and asks the store when somebody has.

    `mark`: something cheap that is another after anybody has written.
    """

    def __init__(self, activity: Activity, mark: Callable[[], object]):
        self._activity, self._mark, self._woken = activity, mark, threading.Event()

    def wait(self, known: Mapping[str, int], seconds: float) -> dict[str, int]:
        deadline, seen = time.monotonic() + seconds, None
        while True:
            mark = self._mark()  # before it is asked: what is written meanwhile is asked for again
            if known and mark != seen:
                seen = mark
                if news := _news(known, self._activity(list(known))):
                    return news
            left = deadline - time.monotonic()
            if left <= 0 or self._woken.wait(min(POLL, left)):
                self._woken.clear()
                return {}

    def wake(self) -> None:
        self._woken.set()

    def close(self) -> None:
        self.wake()


class Listening:
    """A `Follower` to which PostgreSQL speaks. A line that breaks is made anew; what was said meanwhile is found by asking."""

    def __init__(self, activity: Activity, connect: Callable[[], psycopg.Connection[Any]]):
        self._activity, self._connect = activity, connect
        self._line: psycopg.Connection[Any] | None = None
        self._woken = threading.Event()
        self._asked: Mapping[str, int] = {}

    def wait(self, known: Mapping[str, int], seconds: float) -> dict[str, int]:
        import psycopg

        deadline = time.monotonic() + seconds
        # Listen first, then ask: nothing falls between. Asked again too for whoever came later and has read less than the others.
        ask = self._line is None or not known.items() <= self._asked.items()
        while True:
            try:
                line = self._listening()
                if ask:
                    self._asked = {}  # a store that does not answer raises; then whoever comes back asks again
                if ask and known and (news := _news(known, self._activity(list(known)))):
                    self._asked = {**known, **news}
                    return news
                ask, self._asked = False, dict(known)
                left = deadline - time.monotonic()
                if left <= 0 or self._woken.is_set():
                    self._woken.clear()
                    return {}
                said = {each.payload for each in line.notifies(timeout=min(PATIENCE, left), stop_after=1)}
                ask = not said.isdisjoint(known)
            except psycopg.Error:
                self._drop()
                ask = True
                if self._woken.wait(min(AGAIN, max(0.0, deadline - time.monotonic()))) or time.monotonic() >= deadline:
                    self._woken.clear()
                    return {}

    def wake(self) -> None:
        self._woken.set()

    def close(self) -> None:
        self.wake()
        self._drop()

    def _listening(self) -> psycopg.Connection[Any]:
        if self._line is None:
            self._line = self._connect()
            self._line.execute(f"LISTEN {CHANNEL}".encode())
        return self._line

    def _drop(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            with suppress(Exception):  # it is broken, or about to be
                line.close()


def _news(known: Mapping[str, int], now: Mapping[str, int]) -> dict[str, int]:
    return {session: count for session, count in now.items() if count != known.get(session)}
