"""People at browser tabs, as a host sees them: they come in by the join page, open their seat's websocket and press keys.

While anything is measured a tab only notes what came and when; what it showed is found afterwards, by a terminal emulator that is fed
all of it, so that reading the screens takes nothing from what is measured.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from types import TracebackType

import aiohttp
import pyte

COLUMNS, ROWS = 110, 30
_CONTROL = re.compile(rb"\x1b\[[0-9;?<>=]*[ -/]*[@-~]")


@dataclass(slots=True)
class Press:
    """A key that was pressed, and when (seconds by the monotonic clock)."""

    at: float
    keys: str


@dataclass(slots=True)
class Tab:
    """One browser tab. `frames`: what came since it was opened, each with when."""

    alias: str
    path: str
    socket: aiohttp.ClientWebSocketResponse
    frames: list[tuple[float, bytes]] = field(default_factory=list)
    presses: list[Press] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)
    reader: asyncio.Task[None] | None = None

    async def read(self) -> None:
        async for message in self.socket:
            if message.type is aiohttp.WSMsgType.BINARY:
                self.frames.append((time.perf_counter(), message.data))
                self.came.set()

    async def press(self, keys: str) -> None:
        self.presses.append(Press(time.perf_counter(), keys))
        await self.socket.send_str(json.dumps(["stdin", keys]))

    def came_already(self, words: Sequence[str]) -> bool:
        """Whether one of these words has come over the line."""
        return any(word.encode() in _CONTROL.sub(b"", data) for _, data in self.frames for word in words)

    async def until(self, words: Sequence[str], seconds: float) -> float:
        """Wait until one of these words came over the line; returns when it did. Raises TimeoutError."""
        wanted = [word.encode() for word in words]
        at = 0
        async with asyncio.timeout(seconds):
            while True:
                for moment, data in self.frames[at:]:
                    plain = _CONTROL.sub(b"", data)
                    if any(word in plain for word in wanted):
                        return moment
                at = len(self.frames)
                self.came.clear()
                await self.came.wait()


class Browsers:
    """All tabs of a run, in one loop. Used with `async with`."""

    def __init__(self, base: str):
        self.base = base
        self.tabs: list[Tab] = []

    async def __aenter__(self) -> Browsers:
        self._client = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), headers={"Origin": self.base}, max_line_size=32_768
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for tab in self.tabs:
            await tab.socket.close()
            if tab.reader is not None:
                tab.reader.cancel()
        await self._client.close()

    async def come_in(self, code: str, seat: str, alias: str) -> str:
        """The join page and its form; returns the path of the seat."""
        async with self._client.get(f"{self.base}/?code={code}") as page:
            await page.read()
        form = {"code": code, "alias": alias, "agency": "", "seat": seat}
        async with self._client.post(f"{self.base}/join", data=form, allow_redirects=False) as answer:
            if answer.status != 303:
                raise RuntimeError(f"the way in answers {answer.status}")
            path = answer.headers["Location"]
        async with self._client.get(self.base + path) as page:
            await page.read()
        return path

    async def open(self, path: str, alias: str = "") -> Tab:
        """The seat's page has been read; open its line, as its script does."""
        url = f"{self.base}{path}/ws?width={COLUMNS}&height={ROWS}"
        tab = Tab(alias, path, await self._client.ws_connect(url, max_msg_size=0))
        tab.reader = asyncio.create_task(tab.read())
        await tab.socket.send_str(json.dumps(["resize", {"width": COLUMNS, "height": ROWS}]))
        await tab.socket.send_str(json.dumps(["focus"]))
        self.tabs.append(tab)
        return tab

    async def reload(self, tab: Tab) -> Tab:
        """The same address in a new tab, its page read anew; the old one is gone."""
        await tab.socket.close()
        async with self._client.get(self.base + tab.path) as page:
            await page.read()
        return await self.open(tab.path, tab.alias)


class Emulator:
    """What a tab's terminal shows as its frames come in."""

    def __init__(self) -> None:
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)

    def feed(self, data: bytes) -> None:
        self._stream.feed(data)

    def lines(self) -> tuple[str, ...]:
        return tuple(self._screen.display)


async def at_once(jobs: Sequence[Callable[[], Awaitable[object]]]) -> None:
    """All of them together; the first error ends the run."""
    async with asyncio.TaskGroup() as group:
        for job in jobs:
            group.create_task(_run(job))


async def _run(job: Callable[[], Awaitable[object]]) -> None:
    await job()
