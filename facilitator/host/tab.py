"""One browser tab: an app of its own in the host's loop, between a websocket's two ends.

The wire format is textual-serve's, whose page is at the other end. In: JSON lists `["stdin", text]`, `["resize", {width, height}]`,
`["ping", text]`, `["focus"]`, `["blur"]`. Out: binary frames of what a terminal draws, `["pong", text]` as text.
Whatever an app does wrong ends this tab and no other.
"""

from __future__ import annotations

import asyncio
import io
import json
import logging
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from aiohttp import WSMsgType, web
from rich.console import Console

from facilitator.host.driver import TabDriver
from facilitator.host.gate import Bucket
from facilitator.host.logs import where
from simulator.tui.shell import Shell

if TYPE_CHECKING:
    from textual.driver import Driver
    from textual.filter import LineFilter

log = logging.getLogger("handoff.host")

# Why a tab was closed; the page has a text for each.
LEFT, TAKEN_OVER, UNHEARD_OF, CRASHED, ROOM_CLOSED, TOO_SLOW, GIVEN_UP = 4000, 4001, 4002, 4003, 4004, 4005, 4006

BEHIND = 2_000_000  # characters a tab may be behind before it is let go; it paints all anew when it is back
MESSAGES = (120.0, 60.0)  # how many may come at once, and how many a second after that; more have to wait
END = 5.0  # seconds in which an app has to end before it is ended
PING = 32  # characters that a ping may bring back


class Hosted(Shell):
    """What a host needs of an app that it runs beside others; to be named before the app's own class."""

    crash: Exception | None = None

    def __init__(self, *args: Any, **others: Any):
        super().__init__(*args, **others)
        self.animation_level = "none"  # each step of one would be a frame for every tab
        # Each app would put itself in the place of the process's streams, and the next one itself in its place; whoever
        # ends first would leave them to somebody who is gone.
        self._capture_stdout = sys.stdout  # type: ignore[assignment]
        self._capture_stderr = sys.stderr  # type: ignore[assignment]
        # All colours, whatever the terminal shows that the host was started in.
        self.console = Console(
            file=io.StringIO(),
            color_system="truecolor",
            force_terminal=True,
            legacy_windows=False,
            highlight=False,
            emoji=False,
            safe_box=False,
            _environ={},
        )

    def trouble(self, error: Exception) -> None:
        """As everywhere; and whoever runs the host learns that there was some, and of which kind."""
        log.error("a seat was told of trouble: %s", where(error))
        super().trouble(error)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """None: a terminal's own sixteen colours occur nowhere on our pages, and each line would be searched for them."""
        return ()

    def _handle_exception(self, error: Exception) -> None:
        """End this app. The framework would print all local variables, which hold what only one seat may see."""
        if self.is_nobodys_fault(error):
            return
        if self.crash is None:
            self.crash = error
            log.error("a seat's app failed: %s", where(error))
        self._return_code = 1
        self._close_messages_no_wait()


class Tab:
    """Runs `app` for as long as the websocket and the app both live."""

    def __init__(self, socket: web.WebSocketResponse, app: Hosted, size: tuple[int, int], *, room: str = ""):
        self.app, self.room = app, room  # `room`: the id of the room of a seat; empty for whoever runs one
        self._socket, self._size = socket, size
        self._waiting: list[str] = []  # what is to be sent
        self._behind = 0
        self._something = asyncio.Event()
        self._bucket = Bucket(*MESSAGES)
        self._code = LEFT
        app.driver_class = cast("type[Driver]", partial(TabDriver, write=self._write))

    async def run(self) -> None:
        """Until the tab is closed from either side. Raises nothing of the app's."""
        play = asyncio.create_task(self._play(), name="seat")
        parts = [asyncio.create_task(self._hear()), asyncio.create_task(self._send())]
        try:
            await asyncio.wait([play, *parts], return_when=asyncio.FIRST_COMPLETED)
        finally:
            await self._end(play)
            if play.done() and not parts[1].done():
                await self._flush()
            for part in parts:
                part.cancel()
            await asyncio.gather(*parts, return_exceptions=True)
            await self._close()

    async def close(self, code: int) -> None:
        """End it from the host's side, and tell the page why."""
        self._code = code
        await self._close()

    # --- the app ------------------------------------------------------------------------------------------------

    async def _play(self) -> None:
        try:
            await self.app.run_async(size=self._size)
        except Exception as error:
            self.app.crash = self.app.crash or error
            log.error("a seat's app failed: %s", where(error))
        if self.app.crash is not None and self._code == LEFT:
            self._code = CRASHED

    async def _end(self, play: asyncio.Task[None]) -> None:
        if not play.done():
            self.app.exit()
            await asyncio.wait([play], timeout=END)
        if not play.done():
            log.error("a seat's app did not end by itself")
            play.cancel()
            await asyncio.wait([play], timeout=END)

    # --- in -----------------------------------------------------------------------------------------------------

    async def _hear(self) -> None:
        async for message in self._socket:
            if message.type is not WSMsgType.TEXT or not await self._obey(message.data):
                self._code = UNHEARD_OF
                return
            while (pause := self._bucket.take()) > 0:
                await asyncio.sleep(pause)

    async def _obey(self, text: str) -> bool:
        """Do what a message says. False if it is none that a page of ours sends."""
        try:
            said = json.loads(text)
        except (ValueError, RecursionError):
            return False
        driver = self.app._driver
        match said:
            case ["stdin", str(typed)]:
                if isinstance(driver, TabDriver):
                    driver.feed(typed)
            case ["resize", {"width": int(width), "height": int(height)}]:
                if isinstance(driver, TabDriver):
                    driver.resize(width, height)
            case ["ping", str(sent)] if len(sent) <= PING:
                await self._tell("pong", sent)
            case ["focus"] | ["blur"]:
                pass  # a tab in the background keeps its place: what has the focus within the app keeps it
            case _:
                return False
        return True

    async def _tell(self, what: str, text: str) -> None:
        with suppress(ConnectionError, RuntimeError):
            await self._socket.send_str(json.dumps([what, text]))

    # --- out ----------------------------------------------------------------------------------------------------

    def _write(self, data: str) -> None:
        self._waiting.append(data)
        self._behind += len(data)
        self._something.set()
        if self._behind > BEHIND and self._code == LEFT:
            self._code = TOO_SLOW

    async def _send(self) -> None:
        while self._code != TOO_SLOW:
            await self._something.wait()
            self._something.clear()
            if not await self._flush():
                return

    async def _flush(self) -> bool:
        """Send what waits, all at once. False if nobody is there any more."""
        data, self._waiting = "".join(self._waiting), []
        if not data:
            return True
        try:
            await self._socket.send_bytes(data.encode())
        except (ConnectionError, RuntimeError):
            return False
        self._behind -= len(data)
        return True

    async def _close(self) -> None:
        if not self._socket.closed:
            with suppress(ConnectionError, RuntimeError, asyncio.TimeoutError):
                await asyncio.wait_for(self._socket.close(code=self._code), END)


Sizes = Mapping[str, str]


def size_asked(query: Sizes) -> tuple[int, int]:
    """The size that a page asks for in its address, in columns and rows; the usual one where it says none."""

    def number(name: str, usual: int) -> int:
        text = query.get(name, "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else usual

    return number("width", 80), number("height", 24)
