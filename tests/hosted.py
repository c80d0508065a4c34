"""What the tests of a host share: a host on a port of its own, and a person at a browser tab, without a browser.

The tab is a websocket and a terminal emulator: keys in, text out. Waiting means asking for a condition until it holds or a deadline has passed.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pyte
from aiohttp import ClientSession, ClientWebSocketResponse, DummyCookieJar, WSMsgType
from aiohttp.test_utils import TestServer, unused_port

from facilitator.host.gate import Names
from facilitator.host.lean import Threads
from facilitator.host.server import Host
from simulator.library import Library
from simulator.log import open_store
from simulator.log.rooms import new_code, new_secret
from simulator.seated import Seating
from tests.app_helpers import scenario

DEADLINE = 60.0  # seconds; far beyond what anything here takes
SUPPORT = "Ana, in room 3"
HOLDS = "What this story holds"
F9 = "\x1b[20~"


class Tab:
    """A person at a tab."""

    def __init__(self, socket: ClientWebSocketResponse, columns: int = 100, rows: int = 30):
        self.socket = socket
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.told: list[Any] = []
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for message in self.socket:
            if message.type is WSMsgType.BINARY:
                # The emulator takes the question about painting at once, which it does not know, for text.
                self._stream.feed(message.data.replace(b"\x1b[?2026$p", b""))
            elif message.type is WSMsgType.TEXT:
                self.told.append(json.loads(message.data))

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display)

    async def says(self, *message: object) -> None:
        await self.socket.send_str(json.dumps(message))

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.says("stdin", key)

    async def shows(self, *texts: str) -> None:
        """Wait until all of these can be read; what a story holds is read on the way, where that is shown before it begins."""
        await until(
            lambda: HOLDS in self.text or all(each in self.text for each in texts), lambda: f"{texts} in\n{self.text}"
        )
        if HOLDS in self.text and HOLDS not in texts:
            await self.press(F9)
        await until(lambda: all(each in self.text for each in texts), lambda: f"{texts} in\n{self.text}")

    async def closed(self) -> int:
        """Wait until the host has ended the line; the code it gave."""
        await until(lambda: self.socket.closed, lambda: f"the end of the line; it shows\n{self.text}")
        await self._reading
        return int(self.socket.close_code or 0)

    async def leave(self) -> None:
        await self.socket.close()
        await self._reading


class House:
    """A host under test, its room, and a browser's way to it."""

    def __init__(self, host: Host, server: TestServer, browser: ClientSession, code: str, key: str, room: Any):
        self.host, self.server, self.browser = host, server, browser
        self.code, self.key, self.room = code, key, room
        self.url = f"http://127.0.0.1:{server.port}"

    @property
    def store(self) -> Any:
        return self.host.seating.store

    async def get(self, path: str, **headers: str) -> tuple[int, str, Any]:
        """Status, text and headers of a page."""
        async with self.browser.get(self.url + path, headers=headers, allow_redirects=False) as answer:
            return answer.status, await answer.text(), answer.headers

    async def post(self, path: str, form: dict[str, str], **headers: str) -> tuple[int, str, Any]:
        sent = {"Origin": self.url} | headers
        async with self.browser.post(self.url + path, data=form, headers=sent, allow_redirects=False) as answer:
            return answer.status, await answer.text(), answer.headers

    async def join(self, alias: str, seat: str = "") -> str:
        """Come in by the form; the path of the seat."""
        status, text, headers = await self.post("/join", {"code": self.code, "alias": alias, "seat": seat})
        assert status == 303, text
        return str(headers["Location"])

    async def sit(self, path: str, **headers: str) -> Tab:
        """Open a seat in a tab."""
        sent = {"Origin": self.url} | headers
        return Tab(
            await self.browser.ws_connect(f"{self.url}{path}/ws?width=100&height=30", headers=sent, max_msg_size=0)
        )

    async def pair(self) -> tuple[Tab, Tab]:
        """An officer and an advocate, both at the first scene."""
        paths = [await self.join("Heron", "officer"), await self.join("Wren", "advocate")]
        officer, advocate = [await self.sit(path) for path in paths]
        await officer.shows("Take her apart")
        await advocate.shows("is thinking")
        self.paths = paths
        return officer, advocate


async def until(holds: Callable[[], object], what: Callable[[], str] = lambda: "") -> None:
    deadline = time.monotonic() + DEADLINE
    while not holds():
        assert time.monotonic() < deadline, f"waited in vain for {what()}"
        await asyncio.sleep(0.01)


@asynccontextmanager
async def house(folder: Path, *, room: dict[str, Any] | None = None, **options: Any):
    """A host on a store in `folder`, its room playing the small scenario of the app's tests."""
    store = open_store(folder / "store.sqlite3")
    seating = Seating(Library([folder / "shelf"]), store)
    code, key = new_code(), new_secret()
    opened = store.open_room(code, key, **({"workshop": "spring", "scenario": str(scenario(folder))} | (room or {})))
    port = unused_port()
    host = Host(seating, Names.of([f"http://127.0.0.1:{port}"]), support=SUPPORT, rooms=(opened,), **options)
    server = TestServer(host.application(), host="127.0.0.1", port=port)
    await server.start_server()
    browser = ClientSession(cookie_jar=DummyCookieJar())
    try:
        yield House(host, server, browser, code, key, opened)
    finally:
        await browser.close()
        await server.close()
        seating.close()
        store.close()


def at(folder: Path, story: Callable[[House], Awaitable[None]], **options: Any) -> None:
    """Open a house, let a story happen in it, close it."""

    async def run() -> None:
        asyncio.get_running_loop().set_default_executor(Threads())  # as the command does
        async with house(folder, **options) as open_house:
            await story(open_house)

    asyncio.run(run())
