"""Two hosts, as processes, on one PostgreSQL: each seat at a host of its own, and one host dies in the middle of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, WSMsgType

from simulator.log import open_store
from tests.host_process import AtSeat, Hosted, Shown, evening, hosted, until


class Line(AtSeat):
    """A device with a websocket and no browser."""

    def __init__(self, loop: asyncio.AbstractEventLoop, device: ClientSession, alias: str):
        self._loop, self._device, self._alias = loop, device, alias
        self.ticket = ""
        self.shown = Shown()

    def come_in(self, host: Hosted, code: str, seat: str) -> Line:
        form = {"code": code, "alias": self._alias, "seat": seat}
        self.ticket = self._do(self._join(host, form)).rpartition("/")[2]
        return self

    async def _join(self, host: Hosted, form: dict[str, str]) -> str:
        sent = self._device.post(f"{host.url}/join", data=form, headers={"Origin": host.url}, allow_redirects=False)
        async with sent as answer:
            assert answer.status == 303, await answer.text()
            return answer.headers["Location"]

    def sit_at(self, host: Hosted) -> Line:
        """Open the seat at a host."""
        self.shown = Shown()
        self._socket = self._do(
            self._device.ws_connect(
                f"{host.url}/s/{self.ticket}/ws?width=80&height=24", headers={"Origin": host.url}
            ).__aenter__()
        )
        self._reading = self._loop.create_task(self._read(self.shown))
        return self

    async def _read(self, shown: Shown) -> None:
        async for message in self._socket:
            if message.type is WSMsgType.BINARY:
                shown.feed(message.data)

    @property
    def is_over(self) -> bool:
        """Whether the line has ended."""
        return self._reading.done()

    def press(self, keys: str) -> None:
        self._do(self._socket.send_str(json.dumps(["stdin", keys])))

    def pause(self) -> None:
        self._do(asyncio.sleep(0.02))

    def _do(self, job: Awaitable[Any]) -> Any:
        return self._loop.run_until_complete(job)


@pytest.fixture
def hosts(tmp_path: Path, url: str) -> Iterator[tuple[Hosted, Hosted]]:
    """The one that opened the room, and another that serves it too."""
    with ExitStack() as running:
        first = running.enter_context(hosted(tmp_path, evening(tmp_path), "--keep-room", store=url))
        yield first, running.enter_context(hosted(tmp_path, "--no-room", store=url))


@pytest.fixture
def people() -> Iterator[tuple[asyncio.AbstractEventLoop, ClientSession]]:
    loop = asyncio.new_event_loop()

    async def device() -> ClientSession:
        return ClientSession()

    session = loop.run_until_complete(device())
    yield loop, session
    loop.run_until_complete(session.close())
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.run_until_complete(asyncio.sleep(0.01))
    loop.close()


def test_a_seat_goes_on_at_another_host_when_its_own_dies_in_the_middle(
    hosts: tuple[Hosted, Hosted], people: tuple[asyncio.AbstractEventLoop, ClientSession], url: str
) -> None:
    first, second = hosts
    officer = Line(*people, "Heron").come_in(first, first.code, "officer").sit_at(first)
    # The room's code is good at every host.
    advocate = Line(*people, "Plover").come_in(second, first.code, "advocate").sit_at(second)
    officer.sit_down("At the door")
    advocate.sit_down("Officer Reyes is thinking")
    officer.choose("1", "Take her apart")
    advocate.choose("1", "Listen")
    officer.choose("1", "You stay")
    officer.wait_for("Maya Ellison is thinking")

    first.kill()
    until(lambda: officer.is_over, officer.pause, lambda: officer.shown.text)
    advocate.choose("2", "You hang up")
    officer.sit_at(second)

    officer.choose("1", "This way")
    for each in (officer, advocate):
        each.wait_for("The night ends")
    with closing(open_store(url)) as store:
        (row,) = store.sessions()
        chosen = [each.body["action"] for each in store.read(row.id, verify=True) if each.body["kind"] == "choose"]
        assert store.audit() == []
    assert chosen == ["apart", "listen", "officer-stay", "advocate-go", "this"]
