"""What Textual takes for a terminal: one browser tab at the other end of a websocket.

Unlike the framework's own drivers it touches nothing that belongs to the process: no signal, no standard stream, no thread, no file, no
other program. What arrives from outside becomes keys, presses, pastes and sizes within bounds, and nothing else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, Literal, TextIO

from textual import constants, events, messages
from textual._xterm_parser import XTermParser  # the framework offers no public way from bytes to keys
from textual.app import App
from textual.driver import Driver
from textual.geometry import Size
from textual.message import Message

Write = Callable[[str], object]

COLUMNS = (20, 300)  # the fewest and the most a screen may have, whatever a tab says
ROWS = (8, 120)
UNFINISHED = 32_768  # characters that may come without making sense before they are dropped
_WANTED = (events.Key, events.MouseEvent, events.Paste, messages.TerminalSupportsSynchronizedOutput)

_START = (
    "\x1b[?1049h"  # a screen of its own
    "\x1b[?1000h\x1b[?1002h\x1b[?1006h"  # presses and drags; a mouse that only moves is not worth a room's traffic
    "\x1b[?25l"  # no cursor
    "\x1b[?2004h"  # pastes come marked as such
    "\x1b[?2026$p"  # does it paint at once what belongs together?
)


def within(width: int, height: int) -> tuple[int, int]:
    """A size in columns and rows that may be drawn."""
    return max(COLUMNS[0], min(COLUMNS[1], width)), max(ROWS[0], min(ROWS[1], height))


class TabDriver(Driver):
    """Draws by `write`, which is set before the app starts; hears by `feed` and `resize`, which the tab calls in the app's loop."""

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
        write: Write = lambda data: None,
    ):
        super().__init__(app, debug=False, mouse=mouse, size=within(*(size or (80, 24))))
        self._to_tab = write
        self._parser = XTermParser()
        self._unfinished = 0
        self._later: asyncio.TimerHandle | None = None

    @property
    def is_web(self) -> bool:
        return True

    # --- out ----------------------------------------------------------------------------------------------------

    def write(self, data: str) -> None:
        self._to_tab(data)

    def start_application_mode(self) -> None:
        self.write(_START)  # the size need not be told: the app asks for it as it starts

    def disable_input(self) -> None:
        self._parser = XTermParser()
        if self._later is not None:
            self._later.cancel()

    def stop_application_mode(self) -> None:
        self.disable_input()

    def send_message(self, message: Message) -> None:
        """As the framework's, which expects to be called in another thread."""
        self._app.post_message(message)

    # --- in -----------------------------------------------------------------------------------------------------

    def feed(self, text: str) -> None:
        """What was typed, pressed or pasted, as a terminal sends it."""
        self._unfinished += len(text)
        if not text:  # for the parser that would be the end of all input
            return
        try:
            for message in self._parser.feed(text):
                self._take(message)
        except (ValueError, OverflowError, StopIteration, RuntimeError):
            self._forget()  # no terminal sends such a thing
        if self._unfinished > UNFINISHED:
            self._forget()
        if self._later is not None:
            self._later.cancel()
        # A lone Escape is one only after nothing followed it for a while.
        self._later = self._loop.call_later(constants.ESCAPE_DELAY + 0.01, self._tick)

    def resize(self, width: int, height: int) -> None:
        """The tab has another size now, in columns and rows."""
        size = within(width, height)
        if size != self._size:
            self._size = size
            self._tell_size()

    def _tell_size(self) -> None:
        assert self._size is not None
        size = Size(*self._size)
        self.send_message(events.Resize(size, size))

    def _tick(self) -> None:
        try:
            for message in self._parser.tick():
                self._take(message)
        except (ValueError, OverflowError, StopIteration, RuntimeError):
            self._forget()

    def _take(self, message: Message) -> None:
        self._unfinished = 0
        if isinstance(message, events.Key):
            # The parser keeps the keys that it has made, and a key knows its app: a tab that has closed would stay in memory.
            message = events.Key(message.key, message.character)
        if isinstance(message, _WANTED):
            self.process_message(message)

    def _forget(self) -> None:
        self._parser, self._unfinished = XTermParser(), 0

    # --- what the framework would do on the computer it runs on ------------------------------------------------------

    def open_url(self, url: str, new_tab: bool = True) -> None:
        """Nothing: it would open on the host's computer."""

    def deliver_binary(
        self,
        binary: BinaryIO | TextIO,
        *,
        delivery_key: str,
        save_path: Path,
        open_method: Literal["browser", "download"] = "download",
        encoding: str | None = None,
        mime_type: str | None = None,
        name: str | None = None,
    ) -> None:
        """Nothing: it would be written to the host's disk."""
        binary.close()
