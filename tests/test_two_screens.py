"""One play at two screens of their own, on one store: what each sees of the other, and what neither may."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from facilitator.tui.seat_app import Given, SeatApp
from simulator.library import Library
from simulator.log import open_store
from simulator.log.rooms import new_code, new_secret
from simulator.seated import Seating
from tests.app_helpers import Table, scenario

Story = Callable[[Table, Table, Seating], Awaitable[None]]
TO_THE_END = ((0, "1"), (1, "1"), (0, "1"), (1, "1"), (0, "1"))  # whose screen, which key


def at_two_screens(folder: Path, story: Story, *, began: bool = True) -> None:
    """Two people let into one room, each at an app of their own. `began`: both have read what the story holds."""
    path = scenario(folder)

    async def run() -> None:
        store = open_store(folder / "store.sqlite3")
        # Two readers of one store, as two processes would be: nothing but the store is between them.
        seatings = [Seating(Library([folder / "shelf"]), store) for _ in range(2)]
        room = store.open_room(new_code(), new_secret(), workshop="spring", scenario=str(path))
        secrets = [
            seatings[0].admit(room, alias=name, wish=seat)
            for name, seat in (("Heron", "officer"), ("Plover", "advocate"))
        ]
        async with AsyncExitStack() as open_apps:
            tables = []
            for seating, secret in zip(seatings, secrets, strict=True):
                app = SeatApp(seating, secret, remembered=Given(support="Room 4"))
                pilot = await open_apps.enter_async_context(app.run_test(size=(80, 24), notifications=True))
                tables.append(Table(app, pilot, folder))  # type: ignore[arg-type]
            if began:
                for table in tables:
                    await table.on("Before")
                    await table.press("f9")
                    await table.on("SeatScreen")
            await story(*tables, seatings[0])
        for seating in seatings:
            seating.close()
        store.close()

    asyncio.run(run())


def events_of(seating: Seating) -> list[dict[str, Any]]:
    (row,) = seating.store.sessions()
    return [each.body for each in seating.store.read(row.id)]


async def asked_nothing(table: Table) -> None:
    """Wait for the turn; what is asked in private before it is skipped."""

    def there() -> bool:
        return table.can_choose() or table.asked is not None

    await table.until(there, "a turn")
    while table.asked is not None:
        await table.answer("s")
        await table.until(there, "a turn")


async def turn(table: Table, key: str) -> None:
    await asked_nothing(table)
    await table.choose(key)


async def to_the_end(officer: Table, advocate: Table) -> None:
    tables = officer, advocate
    for at, key in TO_THE_END:
        await turn(tables[at], key)
    for table in tables:
        await table.shows("The night ends")


def test_what_the_story_holds_comes_before_the_first_scene(tmp_path: Path) -> None:
    async def story(officer: Table, advocate: Table, seating: Seating) -> None:
        await officer.on("Before")
        assert "Raised voices" in officer.text() and "Room 4" in officer.text()
        await advocate.on("Before")

    at_two_screens(tmp_path, story, began=False)


def test_the_others_choice_arrives_by_itself(tmp_path: Path) -> None:
    async def story(officer: Table, advocate: Table, seating: Seating) -> None:
        await advocate.shows("is thinking")
        await officer.choose("1")
        await advocate.ready()
        await advocate.shows("Listen")

    at_two_screens(tmp_path, story)


def test_no_screen_shows_what_only_the_other_may_see(tmp_path: Path) -> None:
    async def story(officer: Table, advocate: Table, seating: Seating) -> None:
        seen = {"officer": "", "advocate": ""}
        for at, key in TO_THE_END:
            table = (officer, advocate)[at]
            await asked_nothing(table)
            seen["officer"] += officer.text()
            seen["advocate"] += advocate.text()
            await table.choose(key)
        assert "ADVOCATESECRET" not in seen["officer"] and "OFFICERSECRET" in seen["officer"]
        assert "OFFICERSECRET" not in seen["advocate"] and "ADVOCATESECRET" in seen["advocate"]

    at_two_screens(tmp_path, story)


def test_a_pause_is_shown_to_both_and_whoever_paused_goes_on(tmp_path: Path) -> None:
    async def story(officer: Table, advocate: Table, seating: Seating) -> None:
        await officer.ready()
        await advocate.press("f5")
        await officer.shows("Nobody is asked why")
        assert not officer.can_choose()
        await advocate.press("escape")
        await officer.ready()

    at_two_screens(tmp_path, story)


def test_the_other_can_go_on_after_being_asked_once_more(tmp_path: Path) -> None:
    async def story(officer: Table, advocate: Table, seating: Seating) -> None:
        await officer.ready()
        await advocate.press("f5")
        await officer.until(officer.can_go_on)
        await officer.press("enter")
        await officer.on("Confirm")
        await officer.press("y")
        await officer.ready()

    at_two_screens(tmp_path, story)


def test_who_chooses_unseen_waits_and_learns_nothing_before_the_other_has_chosen(tmp_path: Path) -> None:
    async def story(officer: Table, advocate: Table, seating: Seating) -> None:
        for at, key in TO_THE_END[:2]:
            await turn((officer, advocate)[at], key)
        await turn(officer, "1")
        await officer.shows("is thinking")
        await advocate.ready()
        assert "You stay" not in advocate.text()
        await advocate.choose("1")
        await advocate.shows("You stay")

    at_two_screens(tmp_path, story)


def test_two_who_choose_unseen_at_the_same_moment_both_have_chosen(tmp_path: Path) -> None:
    async def story(officer: Table, advocate: Table, seating: Seating) -> None:
        for at, key in TO_THE_END[:2]:
            await turn((officer, advocate)[at], key)
        await asked_nothing(officer)
        await advocate.ready()
        await asyncio.gather(officer.choose("1"), advocate.choose("2"))
        await officer.ready()
        chosen = [each["action"] for each in events_of(seating) if each["kind"] == "choose"]
        assert sorted(chosen[-2:]) == ["advocate-go", "officer-stay"]

    at_two_screens(tmp_path, story)


def test_what_happened_is_shown_when_both_have_said_how_it_was(tmp_path: Path) -> None:
    async def story(officer: Table, advocate: Table, seating: Seating) -> None:
        await to_the_end(officer, advocate)
        for table in (officer, advocate):
            await table.until(table.can_go_on)
            await table.press("enter")
            await table.on("DebriefScreen")
            await table.shows("how was that for you")
        await officer.press("f9")
        await officer.shows("as soon as everybody has said")
        await advocate.press("f9")
        for table in (officer, advocate):
            await table.until(lambda table=table: table.screen._part == "description", "what happened")

    at_two_screens(tmp_path, story)


def test_the_same_ticket_leads_back_to_the_same_scene(tmp_path: Path) -> None:
    async def story(officer: Table, advocate: Table, seating: Seating) -> None:
        await officer.choose("1")
        await advocate.ready()
        await advocate.press("escape", "y")
        await advocate.on("Door")
        await advocate.press("enter")
        await advocate.shows("Listen")

    at_two_screens(tmp_path, story)


@pytest.mark.parametrize("key", ["f10", "f7"])
def test_a_seat_has_no_key_of_the_facilitators(tmp_path: Path, key: str) -> None:
    async def story(officer: Table, advocate: Table, seating: Seating) -> None:
        await officer.ready()
        before = len(events_of(seating))
        await officer.press(key)
        await officer.pilot.pause()
        assert officer.name == "SeatScreen" and len(events_of(seating)) == before

    at_two_screens(tmp_path, story)
