"""On to the debrief: what becomes of seats that whoever runs the room moves on, and what is said to people there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from facilitator.tui.seat_app import SeatApp
from simulator.library import Library
from simulator.log import open_store
from simulator.seated import Seating
from tests.app_helpers import Table, events, play
from tests.rooms import at_a_seat, opened, other


def test_what_is_said_in_a_debrief_is_told_as_it_comes_and_stays_to_be_read(tmp_path: Path) -> None:
    _, (first, _) = opened(tmp_path)
    other(tmp_path, first, lambda session: session.conclude())

    async def story(table: Any) -> None:
        await table.on("DebriefScreen")
        await table.shows("how was that for you?")
        other(
            tmp_path,
            first,
            lambda session: (session.announce("HERS", "advocate"), session.announce("Back at [b]ten[/b].")),
        )
        await table.shows("From whoever runs the room: Back at [b]ten[/b].")
        assert [each.message for each in table.app._notifications][1:] == ["Back at [b]ten[/b]."]
        await table.press("enter")
        await table.shows("Thank you. What happened is shown")
        assert "From whoever runs the room: Back at [b]ten[/b]." in table.text() and "HERS" not in table.text()

    at_a_seat(tmp_path, first, "officer", story)


def test_a_pair_in_its_debrief_can_be_spoken_to(tmp_path: Path) -> None:
    _, (first, second) = opened(tmp_path)
    other(tmp_path, first, lambda session: session.conclude())

    async def story(table: Table) -> None:
        await table.on("RoomScreen")
        await table.shows("1 in the debrief")
        await table.press("m")
        await table.on("Whom")
        await table.press("a")
        await table.on("WriteLine")
        await table.press(*"Tea", "enter")
        await table.shows("Said to everybody in the room.")

    play(tmp_path, story, start="room")
    assert [events(tmp_path, ident)[-1]["kind"] for ident in (first, second)] == ["announced", "announced"]


def test_a_seat_that_left_comes_back_to_the_debrief_it_was_moved_to(tmp_path: Path) -> None:
    async def story(table: Any, ident: str) -> None:
        await table.press("f9")
        await table.ready()
        other(tmp_path, ident, lambda session: session.conclude())
        await table.on("DebriefScreen")
        await table.press("escape")
        await table.on("Confirm")
        await table.press("y")
        await table.shows("You have left for now.")
        await table.press("enter")
        await table.on("DebriefScreen")

    at_a_ticket(tmp_path, story)


def test_a_seat_that_has_not_begun_is_moved_to_its_debrief_by_itself(tmp_path: Path) -> None:
    async def story(table: Any, ident: str) -> None:
        await table.press("f1")
        await table.on("Help")
        other(tmp_path, ident, lambda session: session.conclude())
        await table.on("DebriefScreen")
        await table.shows("how was that for you?")

    at_a_ticket(tmp_path, story)


def test_a_seat_that_has_paused_before_it_began_is_moved_on_when_it_is_back(tmp_path: Path) -> None:
    async def story(table: Any, ident: str) -> None:
        await table.press("f5")
        await table.on("Quiet")
        other(tmp_path, ident, lambda session: session.conclude())
        await table.until(lambda: table.app.desk.session.concluded, "the seat has heard of it")
        assert table.name == "Quiet"
        await table.press("escape")
        await table.on("DebriefScreen")

    at_a_ticket(tmp_path, story)


def at_a_ticket(folder: Path, story: Callable[[Any, str], Awaitable[None]]) -> None:
    """The app of an officer who has just got a seat, on the page before the story; and what happens there."""
    opened(folder)

    async def run() -> None:
        store = open_store(folder / "store.sqlite3")
        seating = Seating(Library([folder / "shelf"]), store)
        room = store.open_rooms()[0]
        secret = seating.admit(room, alias="Kestrel", wish="officer")
        seating.admit(room, alias="Merlin", wish="advocate")
        app = SeatApp(seating, secret)
        try:
            async with app.run_test(size=(80, 24), notifications=True) as pilot:
                table = Table(app, pilot, folder)  # type: ignore[arg-type]
                await table.shows("What this story holds")
                ticket = store.ticket(secret)
                assert ticket is not None
                await story(table, ticket.session)
        finally:
            seating.close()
            store.close()

    asyncio.run(run())
