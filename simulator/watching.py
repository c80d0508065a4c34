"""Sessions that several screens play: one thread of a process hears of what others append, and tells the screens that show it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from simulator.log import LogError

if TYPE_CHECKING:
    from simulator.log import Store

WAIT = 30.0  # seconds of one wait; whoever comes or goes ends it early
AGAIN = 1.0  # seconds before a store that did not answer is asked again

Heard = Callable[[int], object]


def in_loop(heard: Heard) -> Heard:
    """The same, called in the loop that runs now, from whatever thread."""
    loop = asyncio.get_running_loop()
    return lambda events: loop.call_soon_threadsafe(heard, events)


class Watcher:
    """Follows the sessions that somebody here looks at. Its thread lives as long as there are any.

    A callback is called in that thread with how many events the session has now, and no event: whoever gets it reads on by itself. It
    must be quick and must not raise.
    """

    def __init__(self, store: Store):
        self._store = store
        self._lock = threading.Lock()
        self._known: dict[str, int] = {}
        self._callbacks: dict[str, list[Heard]] = {}
        self._thread: threading.Thread | None = None
        self._follower = store.follower()
        self._closed = False

    def watch(self, session: str, known: int, callback: Heard) -> Callable[[], None]:
        """Call `callback` whenever the session has other than `known` events, from now on. Returns what ends it."""
        with self._lock:
            self._callbacks.setdefault(session, []).append(callback)
            self._known[session] = min(known, self._known.get(session, known))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)
                self._thread.start()
        self._follower.wake()

        def stop() -> None:
            with self._lock, suppress(KeyError, ValueError):
                self._callbacks[session].remove(callback)
                if not self._callbacks[session]:
                    del self._callbacks[session], self._known[session]
            self._follower.wake()

        return stop

    def look(self) -> None:
        """Somebody in this process has just appended: look at once, for those who watch the same session here."""
        self._follower.wake()

    def close(self) -> None:
        """End the thread and wait for it; closing twice is fine."""
        with self._lock:
            self._closed = True
            self._callbacks.clear()
            self._known.clear()
            thread = self._thread
        self._follower.wake()
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def _run(self) -> None:
        while True:
            with self._lock:
                if self._closed or not self._callbacks:
                    self._thread = None
                    if self._closed:
                        self._follower.close()
                    return
                known = dict(self._known)
            try:
                news = self._follower.wait(known, WAIT)
            except LogError:
                news = {}
                threading.Event().wait(AGAIN)
            with self._lock:
                self._known |= {session: count for session, count in news.items() if session in self._known}
                told = [(each, count) for session, count in news.items() for each in self._callbacks.get(session, ())]
            for callback, count in told:
                callback(count)
