"""What a host answers: the way in, seats, the page of whoever runs the room. All it knows stands in the store but who is at which tab.

Calls of the store block, so they run in threads; a hundred seats share one loop.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol, cast

from aiohttp import web

from facilitator.host import pages
from facilitator.host.gate import Callers, Guesses, Names
from facilitator.host.guard import address_of, guarded, html, put_headers
from facilitator.host.lean import ARRIVING, set_aside, sweep
from facilitator.host.static_files import TYPES, static_files
from facilitator.host.tab import GIVEN_UP, ROOM_CLOSED, TAKEN_OVER, Hosted, Tab, size_asked
from facilitator.tui.seat_app import Given, SeatApp
from simulator.events import BadEvent
from simulator.log import LogError
from simulator.log.rooms import digest, is_secret, new_secret, said_aloud, typed_code
from simulator.problems import Unreadable
from simulator.seated import NoSuchCode

if TYPE_CHECKING:
    from simulator.log.rooms import Room, Ticket
    from simulator.seated import Seated, Seating, Waiting

log = logging.getLogger("handoff.host")

RoomApp = Callable[["Seating", str], Hosted]

LARGEST_FORM = 64 * 1024  # bytes
LARGEST_MESSAGE = 16 * 1024  # bytes of one message of a tab: a page of pasted text
THERE = 5.0  # seconds between two times that the store is told who is there
HEARTBEAT = 20.0  # seconds after which a tab that does not answer counts as gone
TABS = 400  # at once, in all
TOO_MANY = "Too many wrong codes were typed. Wait five minutes, look at the code again, and ask whoever runs the room."


class TextSeats(Protocol):
    """Seats as plain pages of text. Safe to call from several threads."""

    def page(self, secret: str, path: str) -> TextPage:
        """What the seat of a ticket shows, asked for by this path and query."""

    def act(self, secret: str, form: Mapping[str, str]) -> TextPage | Onward:
        """Do what a form says."""

    def there(self) -> list[str]:
        """The tickets whose people have looked lately."""


class TextPage(Protocol):
    """A whole page and its status."""

    @property
    def status(self) -> int: ...

    @property
    def html(self) -> str: ...


class Onward(Protocol):
    """Where to go on, on this host."""

    @property
    def to(self) -> str: ...


class HostedSeat(Hosted, SeatApp):
    """A seat's app beside others in one process."""


class Host:
    """One process's pages and tabs. `rooms`: those whose seats the way in names before a code is typed.

    `text_seats`: seats as plain pages; None: this host has only terminals.
    `room_app`: the app of whoever runs a room, for a key that opens one. None: this host has no such page.
    """

    def __init__(
        self,
        seating: Seating,
        names: Names,
        *,
        support: str,
        rooms: tuple[Room, ...] = (),
        text_seats: TextSeats | None = None,
        room_app: RoomApp | None = None,
        tabs: int = TABS,
        guesses: Guesses | None = None,
        callers: Callers | None = None,
    ):
        self.seating, self.names, self.support, self.rooms = seating, names, support, rooms
        self._text_seats, self._room_app = text_seats, room_app
        self._most = tabs
        self._guesses, self._callers = guesses or Guesses(), callers or Callers()
        self._files = static_files()
        self._shown: dict[str, tuple[str, Mapping[str, str]]] = {}  # room → its title, its seats by name
        self.tabs: dict[str, Tab] = {}  # by the digest of the secret in their path
        self._presence: asyncio.Task[None] | None = None
        self._closed = 0  # tabs, since what they left was taken away
        self._opened_at = -ARRIVING  # when the last tab was
        self.last_word = ROOM_CLOSED  # what tabs are told when the host ends

    def application(self) -> web.Application:
        """What aiohttp serves."""
        app = web.Application(middlewares=[guarded(self.names, self._callers)], client_max_size=LARGEST_FORM)
        app.on_response_prepare.append(put_headers)
        app.on_startup.append(self._begin)
        app.on_shutdown.append(self._end)
        app.add_routes(
            [
                web.get("/", self._way_in),
                web.post("/join", self._join),
                web.get("/join", self._back_to_the_way_in),
                web.get("/s/{ticket}", self._seat),
                web.get("/s/{ticket}/ws", self._seat_socket),
                web.get("/room/{key}", self._room),
                web.get("/room/{key}/table", self._table),
                web.get("/room/{key}/table/ws", self._table_socket),
                web.get("/static/{name}", self._static),
                web.get("/favicon.ico", self._no_picture),
            ]
        )
        if self._text_seats is not None:
            app.add_routes([web.get("/t/{ticket}", self._text), web.post("/t/{ticket}", self._text)])
        return app

    # --- the way in ---------------------------------------------------------------------------------------------

    async def _way_in(self, request: web.Request) -> web.Response:
        """With a code in the address, as a phone reads it from the wall, it need not be typed."""
        typed = typed_code(request.query.get("code", "")[:20])
        return await self._ask(self._own_room(), pages.Entry(code=said_aloud(typed) if typed else ""))

    async def _back_to_the_way_in(self, request: web.Request) -> web.Response:
        raise web.HTTPSeeOther("/")

    async def _join(self, request: web.Request) -> web.Response:
        form = await _form(request)
        typed = pages.Entry(
            code=form.get("code", "")[:20],
            alias=_line(form, "alias", pages.ALIAS_LENGTH),
            agency=_line(form, "agency", pages.AGENCY_LENGTH),
            seat=form.get("seat", ""),
        )
        address = address_of(request, self._callers)
        if not self._guesses.may(address):
            return await self._ask(None, replace(typed, wrong=TOO_MANY, wrong_code=True), 429)
        try:
            room = await asyncio.to_thread(self.seating.room, typed.code)
        except NoSuchCode as error:
            self._guesses.was_wrong(address)
            return await self._ask(self._own_room(), replace(typed, wrong=str(error), wrong_code=True), 422)
        if "seat" not in form:  # the page did not know the room yet
            return await self._ask(room, typed)
        _, seats = await self._about(room)
        wish = typed.seat if typed.seat in seats else ""
        once = form.get("once", "") if is_secret(form.get("once", "")) else ""
        secret = await asyncio.to_thread(
            self.seating.admit, room, alias=typed.alias, agency=typed.agency, wish=wish, once=once
        )
        way = "t" if form.get("how") == "text" and self._text_seats is not None else "s"
        raise web.HTTPSeeOther(f"/{way}/{secret}")

    async def _ask(self, room: Room | None, entry: pages.Entry, status: int = 200) -> web.Response:
        """The way in, with what was typed; it offers the seats of `room`."""
        title, seats = await self._about(room) if room is not None else ("", None)
        entry = replace(entry, title=title, seats=seats, once=new_secret(), text=self._text_seats is not None)
        return html(pages.join(entry, self.support), status)

    def _own_room(self) -> Room | None:
        return self.rooms[0] if len(self.rooms) == 1 else None

    async def _about(self, room: Room) -> tuple[str, Mapping[str, str]]:
        """The title of what a room plays, and its seats by name."""
        if room.id not in self._shown:
            scenario = (await asyncio.to_thread(self.seating.bundle, room)).scenario
            self._shown[room.id] = (scenario.title, {ident: seat.name for ident, seat in scenario.seats.items()})
        return self._shown[room.id]

    # --- seats --------------------------------------------------------------------------------------------------

    async def _seat(self, request: web.Request) -> web.Response:
        secret = request.match_info["ticket"]
        if await asyncio.to_thread(self.seating.store.ticket, secret) is None:
            raise web.HTTPNotFound
        return html(pages.seat_terminal(f"/t/{secret}" if self._text_seats is not None else ""))

    async def _seat_socket(self, request: web.Request) -> web.StreamResponse:
        secret = request.match_info["ticket"]
        self._let_in(request)
        ticket = await asyncio.to_thread(self.seating.store.ticket, secret)
        if ticket is None:
            raise web.HTTPNotFound
        await asyncio.to_thread(self.seating.store.heard_of, [ticket.id])
        found = await asyncio.to_thread(self._find, secret)
        given = Given(support=self.support)
        app = HostedSeat(self.seating, secret, remembered=given, signs_of_life=False, found=found)
        return await self._serve(request, ticket.id, app, room=ticket.room)

    def _find(self, secret: str) -> Seated | Waiting | None:
        """Where a ticket leads; None if its app had better find out and tell its person what is wrong."""
        with suppress(LogError, Unreadable, BadEvent):
            return self.seating.find(secret)
        return None

    async def _text(self, request: web.Request) -> web.Response:
        assert self._text_seats is not None
        secret = request.match_info["ticket"]
        if await asyncio.to_thread(self.seating.store.ticket, secret) is None:
            raise web.HTTPNotFound
        if request.method == "POST":
            answer = await asyncio.to_thread(self._text_seats.act, secret, await _form(request))
        else:
            answer = await asyncio.to_thread(self._text_seats.page, secret, request.path_qs)
        to = getattr(answer, "to", None)
        if to is not None:
            raise web.HTTPSeeOther(to)
        page = cast("TextPage", answer)
        return html(page.html, page.status)

    def _let_in(self, request: web.Request) -> None:
        """A websocket: only from a page of ours, and only as many as this host can bear."""
        if "Origin" not in request.headers or not self.names.from_our_page(request.headers):
            raise web.HTTPForbidden
        if len(self.tabs) >= self._most:
            raise web.HTTPServiceUnavailable

    async def _serve(self, request: web.Request, whose: str, app: Hosted, *, room: str = "") -> web.WebSocketResponse:
        """Run an app on a websocket. Whoever had the same address open before is told that it has moved."""
        socket = web.WebSocketResponse(max_msg_size=LARGEST_MESSAGE, heartbeat=HEARTBEAT, compress=False)
        await socket.prepare(request)
        tab = Tab(socket, app, size_asked(request.query), room=room)
        before, self.tabs[whose] = self.tabs.get(whose), tab
        self._opened_at = time.monotonic()
        if before is not None:
            await before.close(TAKEN_OVER)
        try:
            await tab.run()
        finally:
            self._closed += 1
            if self.tabs.get(whose) is tab:
                del self.tabs[whose]
        return socket

    # --- whoever runs the room ------------------------------------------------------------------------------------

    async def _room(self, request: web.Request) -> web.Response:
        key = request.match_info["key"]
        room = await asyncio.to_thread(self.seating.store.room_of_key, key)
        if room is None:
            raise web.HTTPNotFound
        title, seats = await self._about(room)
        people = await asyncio.to_thread(self._people, room, seats)
        table = f"/room/{key}/table" if self._room_app is not None else ""
        return html(pages.room(title, room.workshop, people, table))

    def _people(self, room: Room, seats: Mapping[str, str]) -> list[pages.Person]:
        store, tables = self.seating.store, dict[str, int]()
        return [
            pages.Person(
                alias=each.alias,
                agency=each.agency,
                seat=seats.get(each.seat, each.seat),
                here=store.connected(each),
                table=tables.setdefault(each.session, len(tables) + 1) if each.session else 0,
            )
            for each in store.tickets(room.id)
        ]

    async def _table(self, request: web.Request) -> web.Response:
        if self._room_app is None or await self._no_room(request):
            raise web.HTTPNotFound
        return html(pages.room_terminal())

    async def _table_socket(self, request: web.Request) -> web.StreamResponse:
        self._let_in(request)
        if self._room_app is None or await self._no_room(request):
            raise web.HTTPNotFound
        key = request.match_info["key"]
        return await self._serve(request, digest(key), self._room_app(self.seating, key))

    async def _no_room(self, request: web.Request) -> bool:
        return await asyncio.to_thread(self.seating.store.room_of_key, request.match_info["key"]) is None

    # --- files ----------------------------------------------------------------------------------------------------

    async def _static(self, request: web.Request) -> web.StreamResponse:
        file = self._files.get(request.match_info["name"])
        if file is None:
            raise web.HTTPNotFound
        return web.FileResponse(
            file, headers={"Cache-Control": "max-age=3600", "Content-Type": f"{TYPES[file.suffix]}; charset=utf-8"}
        )

    async def _no_picture(self, request: web.Request) -> web.Response:
        return web.Response(status=204)

    # --- who is there ---------------------------------------------------------------------------------------------

    async def _begin(self, _: web.Application) -> None:
        self._presence = asyncio.create_task(self._keep_telling())

    async def _end(self, _: web.Application) -> None:
        if self._presence is not None:
            self._presence.cancel()
        await asyncio.gather(*(tab.close(self.last_word) for tab in list(self.tabs.values())), return_exceptions=True)

    async def _keep_telling(self) -> None:
        while True:
            await asyncio.sleep(THERE)
            try:
                await self.tell_who_is_there()
            except LogError as error:
                log.error("the store failed: %s", type(error).__name__)
            if sweep(self._closed, len(self.tabs)):
                self._closed = 0
            elif time.monotonic() - self._opened_at < ARRIVING:
                set_aside()

    async def tell_who_is_there(self) -> None:
        """Tell the store which devices are there, and the seats what became of their tickets: taken back, or seated elsewhere."""
        seats = {whose: tab for whose, tab in self.tabs.items() if tab.room}
        reading = self._text_seats.there() if self._text_seats is not None else []
        rooms = {tab.room for tab in seats.values()}
        tickets = await asyncio.to_thread(self._tickets_of, [*seats, *reading], rooms)
        for whose, tab in seats.items():
            if whose not in tickets:
                await tab.close(GIVEN_UP)
            elif isinstance(tab.app, SeatApp):
                tab.app.call_later(tab.app.ticket_now, tickets[whose])

    def _tickets_of(self, here: list[str], rooms: set[str]) -> dict[str, Ticket]:
        store = self.seating.store
        store.heard_of(here)
        return {each.id: each for room in rooms if store.room(room) is not None for each in store.tickets(room)}


async def _form(request: web.Request) -> dict[str, str]:
    """What was sent with a form; files are left out."""
    return {name: value for name, value in (await request.post()).items() if isinstance(value, str)}


def _line(form: Mapping[str, str], name: str, length: int) -> str:
    """What was typed, in one line and no longer than its box."""
    return " ".join(form.get(name, "").split())[:length]
