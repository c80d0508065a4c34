"""`handoff host`: open a room, serve its seats to browsers until somebody presses Ctrl+C, and close the room."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from argparse import Namespace
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TextIO
from urllib.parse import urlsplit

from aiohttp import WSCloseCode, web

from facilitator.host import logs
from facilitator.host.gate import FROM_ONE, Callers, Names
from facilitator.host.lean import Threads, lean, settle
from facilitator.host.listening import CONNECTIONS, CannotListen, Porter, bound, own_address, tls_of, urls
from facilitator.host.parts import room_app, text_seats
from facilitator.host.server import Host
from simulator.library import Library
from simulator.log import LogError, open_store
from simulator.log.rooms import new_code, new_secret, said_aloud
from simulator.seated import Seating

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator

    from simulator.log.rooms import Room


def host(args: Namespace) -> int:
    """Exit code 0 when it was ended, 1 if it cannot be begun, 2 for options that do not fit together."""
    if problem := _wrong_use(args):
        print(f"handoff: {problem}", file=sys.stderr)
        return 2
    os.environ.pop("NO_COLOR", None)  # a wish about this terminal, not about everybody's browser
    try:
        with_tls = tls_of(args.tls_cert, args.tls_key)
        with logs.written_to(args.log), lean(), _seating(args) as seating:
            return asyncio.run(Evening(args, seating, with_tls).serve())
    except (CannotListen, OSError) as error:
        print(f"handoff: {error}", file=sys.stderr)
        return 1


@contextmanager
def _seating(args: Namespace) -> Iterator[Seating]:
    store = open_store(args.store)
    try:
        seating = Seating(Library([Path(folder) for folder in args.library or ()]), store)
        try:
            yield seating
        finally:
            seating.close()
    finally:
        with suppress(LogError):  # everything acknowledged is kept already
            store.close()


def _wrong_use(args: Namespace) -> str | None:
    if not args.support.strip():
        return "--support names whom somebody can talk to; it is shown whenever somebody pauses"
    if args.no_room and (args.scenario or args.workshop or args.keep_room):
        return "with --no-room this host opens no room; leave out the scenario, --workshop and --keep-room"
    if not args.no_room and not args.scenario:
        return "say which scenario the room plays: handoff host kitchen-table --support “…”; “handoff list” names them"
    if args.url and (urlsplit(args.url).scheme not in ("http", "https") or not urlsplit(args.url).netloc):
        return "--url is a whole address, such as https://training.example.org"
    return None


class Evening:
    """One run of a host: its room, its address, its end."""

    def __init__(self, args: Namespace, seating: Seating, with_tls: ssl.SSLContext | None, out: TextIO | None = None):
        self._args, self._seating, self._tls = args, seating, with_tls
        self._out = out or sys.stdout
        self._over = asyncio.Event()
        self.room: Room | None = None
        self.host: Host | None = None

    async def serve(self, ready: Callable[[], object] = lambda: None) -> int:
        """Until it is ended. Raises CannotListen, LogError, Unreadable; then no room was left open."""
        args, loop = self._args, asyncio.get_running_loop()
        loop.set_default_executor(Threads())
        loop.set_exception_handler(logs.said_by_the_loop)
        address = (args.lan or own_address()) if args.lan is not None else "127.0.0.1"
        door = bound(address if args.lan != "" else "0.0.0.0", args.port)
        known = urls(
            address, door.getsockname()[1], lan=args.lan is not None, tls=self._tls is not None, public=args.url or ""
        )
        code, key = new_code(), new_secret()
        try:
            if not args.no_room:
                self.room = await asyncio.to_thread(self._open, code, key)
            rooms = (self.room,) if self.room is not None else ()
            self.host = Host(
                self._seating,
                Names.of(known),
                support=args.support,
                rooms=rooms,
                text_seats=text_seats(self._seating, args.support),
                room_app=room_app(args.support),
                callers=Callers(args.behind_proxy),
            )
            if args.no_room or args.keep_room:
                self.host.last_word = (
                    WSCloseCode.GOING_AWAY
                )  # seats look for another host, or for this one when it is back
            runner = web.AppRunner(self.host.application(), access_log=None, handle_signals=False, shutdown_timeout=5.0)
            await runner.setup()
            assert runner.server is not None
            porter = Porter(runner.server, from_one=CONNECTIONS if args.behind_proxy else FROM_ONE)
            server = await loop.create_server(porter, sock=door, ssl=self._tls, backlog=256)
            self._end_with_signals(loop)
            settle()
            self._tell(known[0], code, key)
            ready()
            try:
                await self._over.wait()
            finally:
                server.close()
                await runner.cleanup()
        finally:
            door.close()
            if self.room is not None and not args.keep_room:
                await asyncio.to_thread(self._seating.store.close_room, self.room.id)
        self._say(
            "\nThe room stays open for the next host."
            if args.keep_room
            else "\nThe host has ended; what was played is kept."
        )
        return 0

    def end(self) -> None:
        self._over.set()

    def _open(self, code: str, key: str) -> Room:
        args, store = self._args, self._seating.store
        # Read first, so that a room that cannot be played is not opened.
        self._seating.library.bundle(args.scenario, mou=args.mou, jurisdiction=args.jurisdiction)
        return store.open_room(
            code,
            key,
            workshop=args.workshop or "",
            scenario=args.scenario,
            mou=args.mou or "",
            jurisdiction=args.jurisdiction or "",
            pairing=args.pairing,
            hours=args.hours,
        )

    def _end_with_signals(self, loop: asyncio.AbstractEventLoop) -> None:
        for each in (signal.SIGINT, signal.SIGTERM):
            with suppress(
                NotImplementedError, ValueError, RuntimeError
            ):  # Windows, where Ctrl+C ends the loop; a test's thread
                loop.add_signal_handler(each, self.end)

    # --- what is told to whoever runs it ----------------------------------------------------------------------------

    def _tell(self, url: str, code: str, key: str) -> None:
        args = self._args
        if args.no_room:
            self._say(f"This host serves the rooms that others open on the same store, at {url}/")
        else:
            self._say(f"For you alone, not for the wall:\n    {url}/room/{key}\n")
            self._say(f"For those who play:\n    {url}/\n    Code: {said_aloud(code)}\n")
            self._say(qr(f"{url}/?code={said_aloud(code)}"))
        if args.lan is None and not args.url:
            self._say("Only this computer can open these. For other devices in the room: --lan")
        elif self._tls is None and not (args.url or "").startswith("https:"):
            self._say("Whoever can listen in on this network can read what is sent. See --tls-cert in docs/host.md.")
        self._say("Ctrl+C ends the host" + ("." if args.no_room or args.keep_room else " and closes the room."))

    def _say(self, text: str) -> None:
        print(text, file=self._out, flush=True)


def qr(url: str) -> str:
    """A QR code of characters, for the terminal."""
    import io

    import segno

    drawn = io.StringIO()
    segno.make(url, error="m", micro=False).terminal(drawn, border=2, compact=True)
    return drawn.getvalue()
