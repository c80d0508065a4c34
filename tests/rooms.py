"""What the tests of a room share: a room with pairs in it, and one seat's own screen."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from simulator.library import Library
from simulator.log import open_store
from simulator.log.rooms import new_code, new_secret
from simulator.seated import Seating
from simulator.session import Session
from simulator.tui.desk import Desk
from simulator.tui.remembered import Remembered
from simulator.tui.screens.seat import SeatScreen
from simulator.tui.shell import Shell
from simulator.watching import Watcher
from tests.app_helpers import Table, scenario

BIRDS = ("Heron", "Plover", "Wren", "Crane", "Robin", "Finch", "Egret", "Swift")
TO_THE_END = (
    ("officer", "apart"), ("advocate", "listen"), ("officer", "officer-stay"), ("advocate", "advocate-go"), ("officer", "this"),
)  # fmt: skip


def opened(folder: Path, pairs: int = 2, **other: Any) -> tuple[str, list[str]]:
    """A room in the test's store with so many pairs. Returns its key and the sessions."""
    store = open_store(folder / "store.sqlite3")
    scenario(folder)
    key = new_secret()
    asked = {"workshop": "spring", "scenario": "evening"} | other
    room = store.open_room(new_code(), key, **asked)
    seating = Seating(Library([folder / "shelf"]), store)
    for number in range(pairs):
        for place, seat in enumerate(("officer", "advocate")):
            bird = BIRDS[(2 * number + place) % len(BIRDS)]
            round_ = (2 * number + place) // len(BIRDS)
            seating.admit(room, alias=f"{bird}{round_ or ''}", wish=seat)
    sessions = list(dict.fromkeys(ticket.session for ticket in store.tickets(room.id)))
    seating.close()
    store.close()
    return key, sessions


def other(folder: Path, ident: str, what: Callable[[Session], object]) -> None:
    """Somebody at another screen does something."""
    store = open_store(folder / "store.sqlite3")
    try:
        what(Session.reopen(store, ident))
    finally:
        store.close()


def at_a_seat(
    folder: Path,
    ident: str,
    seat: str,
    story: Callable[[Any], Awaitable[None]],
    size: tuple[int, int] = (80, 24),
) -> None:
    """One seat's screen, and what happens there."""

    async def run() -> None:
        store = open_store(folder / "store.sqlite3")
        watcher = Watcher(store)
        desk = Desk(Library(), store, Remembered(folder / "settings.json"), watcher)
        desk.own = frozenset([seat])
        app = Shell(desk)
        try:
            async with app.run_test(size=size, notifications=True) as pilot:
                session = Session.reopen(store, ident)
                desk.session = session
                app.push_screen(SeatScreen(session, seat))
                await story(Table(app, pilot, folder))  # type: ignore[arg-type]
        finally:
            watcher.close()
            store.close()

    asyncio.run(run())
