"""Following what somebody does elsewhere: files that an editor saves, and lines that are typed meanwhile."""

from __future__ import annotations

import queue
import threading
import time
from pathlib import Path
from typing import TextIO

from simulator.reading import FOLDERS

SETTLE = 0.05  # seconds after which a file that is being written is looked at again


class Files:
    """The YAML files a scenario is read with: those beside it, and in the folders of its library."""

    def __init__(self, path: Path) -> None:
        self.path = path
        top = path.parent.parent if path.parent.name in FOLDERS.values() else path.parent
        self._folders = (path.parent, *(top / name for name in FOLDERS.values() if top / name != path.parent))
        self._seen = self._look()

    def saved(self) -> bool:
        """Whether any of them is not as it was when last asked. Waits until nobody is writing any more."""
        if not self._changed():
            return False
        while self._changed():
            time.sleep(SETTLE)
        return True

    def _changed(self) -> bool:
        now = self._look()
        if now == self._seen or not self.path.exists():  # an editor may be just putting another in its place
            return False
        self._seen = now
        return True

    def _look(self) -> list[tuple[Path, int, int]]:
        found = []
        for place in sorted(place for folder in self._folders for place in folder.glob("*.y*ml")):
            try:
                stat = place.stat()
            except OSError:
                continue
            found.append((place, stat.st_mtime_ns, stat.st_size))
        return found


class Lines:
    """Lines of a stream, awaited in a thread of their own so that files can be looked at meanwhile, on Windows too.

    One at a time: nothing is read before it is asked for.
    """

    def __init__(self, source: TextIO) -> None:
        self._source = source
        self._asked: queue.Queue[None] = queue.Queue()
        self._typed: queue.Queue[str] = queue.Queue()
        self._waiting = False
        self._thread: threading.Thread | None = None

    def next(self, seconds: float) -> str | None:
        """The next line with its end, empty at the end of input; None if none came within so many seconds."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._read, daemon=True)
            self._thread.start()
        if not self._waiting:
            self._asked.put(None)
            self._waiting = True
        try:
            raw = self._typed.get(timeout=seconds)
        except queue.Empty:
            return None
        self._waiting = False
        return raw

    def _read(self) -> None:
        raw = "begin"
        while raw:
            self._asked.get()
            try:
                raw = self._source.readline()
            except (OSError, ValueError):  # the stream was closed under it
                raw = ""
            self._typed.put(raw)
