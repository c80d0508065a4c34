"""What the screens work with: the library, the store, what this computer remembers, and the session under way.

Library and store are opened on first use, which is always in a worker: the first frame never waits for a disk.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.tui.remembered import Remembered

if TYPE_CHECKING:
    from simulator.library import Library
    from simulator.log import Store
    from simulator.session import Session
    from simulator.watching import Watcher


class Desk:
    """One for each app. `lock` is held by every job that touches store or session: one at a time, whoever asks."""

    def __init__(
        self,
        library: Library | Callable[[], Library] | None = None,
        store: str | Path | Store | None = None,
        remembered: Remembered | None = None,
        watcher: Watcher | None = None,
    ):
        self._library = library
        self.watcher = watcher  # hears of what others at this play append, where they sit at screens of their own
        self._store = store
        self._opened: Store | None = None
        self.remembered = remembered or Remembered()
        self.lock = threading.RLock()
        self.session: Session | None = None
        self.own: frozenset[str] | None = (
            None  # the seats of this screen, where others sit at screens of their own; None: all
        )
        self.series_at: dict[str, str] = {}  # series that lie on no shelf: by id, the file they were played from

    @property
    def library(self) -> Library:
        """The library. Reads files: call it from a worker."""
        with self.lock:
            if self._library is None:
                from simulator.library import Library  # deferred: the reader and YAML are not needed to draw

                self._library = Library()
            elif callable(self._library):
                self._library = self._library()
            return self._library

    @property
    def store(self) -> Store:
        """The store, opened. Raises log.LogError. Call it from a worker."""
        with self.lock:
            if self._opened is None:
                if self._store is None or isinstance(self._store, str | Path):
                    from simulator.log import open_store  # deferred: SQLite is not needed to draw

                    self._opened = open_store(self._store)
                else:
                    self._opened = self._store
            return self._opened

    @property
    def support(self) -> str:
        """Whom somebody here can talk to, as the last lobby on this computer named it."""
        return self.remembered.get("support")

    def people(self, session: Session) -> tuple[str, ...]:
        """The seats of the session that people play at this screen."""
        return tuple(seat for seat in session.human_seats if self.own is None or seat in self.own)

    def close(self) -> None:
        """Let go of the store, if it was opened here."""
        with self.lock:
            if self._opened is not None and self._opened is not self._store:
                self._opened.close()
                self._opened = None
