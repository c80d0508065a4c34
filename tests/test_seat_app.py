"""The app at one seat: its door, its play, its debrief, its goodbye; and nothing of the app that belongs to somebody else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from facilitator.tui import seat_app
from facilitator.tui.seat_app import Given, SeatApp
from simulator.library import Library
from simulator.log import Damaged, Unwritable, open_store
from simulator.log.rooms import new_code, new_secret
from simulator.seated import Seated, Seating
from simulator.session import Session
from simulator.tui.turns import look
from simulator.tui.widgets.choices import Choices
from tests.app_helpers import Table, scenario


class Room:
    """A room with an officer's seat at a screen; the advocate's person plays by calls."""

    def __init__(self, folder: Path):
        self.store = open_store(folder / "store.sqlite3")
        self.seating = Seating(Library(), self.store)
        self.room = self.store.open_room(new_code(), new_secret(), workshop="spring", scenario=str(scenario(folder)))
        self.officer = self.seating.admit(self.room, alias="Heron", wish="officer")
        self.advocate = ""

    def advocate_comes(self) -> None:
        self.advocate = self.seating.admit(self.room, alias="Wren", wish="advocate")

    @property
    def session(self) -> Session:
        found = self.seating.find(self.officer)
        assert isinstance(found, Seated)
        return found.session

    def close(self) -> None:
        self.seating.close()
        self.store.close()


def seat(
    folder: Path, story: Callable[[Table, Room], Awaitable[None]], *, advocate: bool = True, found: bool = False
) -> None:
    async def run() -> None:
        room = Room(folder)
        if advocate:
            room.advocate_comes()
        given = Given(support="Ana, in room 3")
        first = room.seating.find(room.officer) if found else None
        app = SeatApp(room.seating, room.officer, remembered=given, found=first)
        try:
            async with app.run_test(size=(100, 30), notifications=True) as pilot:
                await story(Table(app, pilot, folder), room)  # type: ignore[arg-type]
        finally:
            room.close()

    asyncio.run(run())


def played(session: Session) -> None:
    for who, action in (
        ("officer", "apart"), ("advocate", "listen"), ("officer", "officer-stay"), ("advocate", "advocate-go"), ("officer", "this"),
    ):  # fmt: skip
        session.choose(who, action)


async def begin(table: Table) -> None:
    """Go in, past what the story holds where that is shown before it begins."""
    await table.until(lambda: table.name in ("SeatScreen", "Before"), "the seat")
    if table.name == "Before":
        await table.press("f9")
    await table.on("SeatScreen")
    await table.ready()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seat_app, "LOOK", 0.05)
    monkeypatch.setattr(seat_app, "THERE", 0.05)


def test_alone_one_waits_at_the_door_and_goes_in_when_somebody_comes(tmp_path: Path) -> None:
    async def story(table: Table, room: Room) -> None:
        await table.shows("You are in. Nobody else waits yet.")
        assert "Somebody to talk to: Ana, in room 3" in table.text()
        room.advocate_comes()
        await begin(table)

    seat(tmp_path, story, advocate=False)


def test_those_who_wait_too_are_counted(tmp_path: Path) -> None:
    async def story(table: Table, room: Room) -> None:
        room.seating.admit(room.room, alias="Robin", wish="officer")
        await table.shows("One other person wait")

    seat(tmp_path, story, advocate=False)


def test_a_seat_that_was_found_before_is_drawn_at_once(tmp_path: Path) -> None:
    async def story(table: Table, room: Room) -> None:
        assert table.name != "Door"
        await begin(table)

    seat(tmp_path, story, found=True)


def test_whoever_has_begun_the_story_comes_straight_back_to_it(tmp_path: Path) -> None:
    async def story(table: Table, room: Room) -> None:
        await begin(table)
        await table.until(lambda: room.seating.find(room.officer).ticket.began == room.session.id)
        await table.press("escape")
        await table.press("y")
        await table.on("Door")
        await table.press("enter")
        await table.until(lambda: table.name != "Door")
        assert table.name == "SeatScreen"

    seat(tmp_path, story)


def test_a_first_look_that_comes_late_does_not_begin_the_looking_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a slow device the second timer's look may find the seat before the first one was begun."""
    looks: list[Callable[[], None]] = []
    monkeypatch.setattr(seat_app.Door, "call_after_refresh", lambda door, look, *others: looks.append(look))

    async def story(table: Table, room: Room) -> None:
        await table.until(lambda: looks, "the first look")
        await table.until(lambda: room.store.connected(room.store.tickets(room.room.id)[0]), "a sign by the timer")
        assert table.name == "Door"
        looks[-1]()
        await begin(table)
        room.store.revoke(room.store.tickets(room.room.id)[0].id)
        await table.shows("This seat is not open any more.")

    seat(tmp_path, story)


def test_the_device_is_there_while_its_app_runs(tmp_path: Path) -> None:
    async def story(table: Table, room: Room) -> None:
        await table.until(lambda: room.store.connected(room.store.tickets(room.room.id)[0]))

    seat(tmp_path, story)


def test_after_the_story_comes_the_debrief_and_then_a_goodbye(tmp_path: Path) -> None:
    async def story(table: Table, room: Room) -> None:
        session = room.session
        await begin(table)
        played(session)
        await table.shows("Go to the debrief")
        await table.press("enter")
        await table.on("DebriefScreen")
        for phase in ("reactions", "description", "analysis", "summary"):
            session.catch_up()
            session.finish_phase(phase, "officer")
            session.catch_up()
            session.finish_phase(phase, "advocate")
        own = table.app.desk.session
        await table.until(lambda: own is not None and own.has_finished("summary", "officer"))
        table.app.go_home()
        await table.shows("Thank you. You have come to the end.")

    seat(tmp_path, story)


def test_the_last_page_of_a_debrief_offers_nothing_that_is_for_others_to_begin(tmp_path: Path) -> None:
    async def story(table: Table, room: Room) -> None:
        session = room.session
        await begin(table)
        played(session)
        session.finish_phase("summary")
        table.app.go_home()
        await table.press("enter")
        await table.on("DebriefScreen")
        table.screen._open("done")
        await table.shows("Thank you. That was the whole of it.")
        assert "seats exchanged" not in table.text()
        await table.press("f4")
        await table.press("f9")
        await table.shows("Thank you. You have come to the end.")

    seat(tmp_path, story)


def test_choices_that_the_story_has_left_while_they_were_laid_out_are_not_shown(tmp_path: Path) -> None:
    async def story(table: Table, room: Room) -> None:
        await begin(table)
        await table.ready()
        screen, own = table.screen, frozenset(["officer"])
        before = look(screen.session, "officer", own)
        room.session.choose("officer", "apart")
        screen.session.catch_up()
        screen._rest()
        screen._shown = None
        screen._show(before)
        screen._show(look(screen.session, "officer", own))
        await table.shows("She tells her part.")
        await screen.workers.wait_for_complete()
        assert [row.option.text for row in screen.query_one(Choices)._rows] == ["Listen", "Hurry"]  # what is asked now

    seat(tmp_path, story)


def test_what_is_asked_in_private_is_taken_away_when_the_story_has_left_its_scene(tmp_path: Path) -> None:
    async def story(table: Table, room: Room) -> None:
        await begin(table)
        room.session.choose("officer", "apart")
        await table.is_asked()
        room.session.choose("advocate", "listen")
        await table.until(lambda: table.asked is None, "the end of the question")
        await table.ready()
        assert "What do you think" not in table.text()

    seat(tmp_path, story)


def test_the_side_makes_way_for_a_private_question(tmp_path: Path) -> None:
    async def story(table: Table, room: Room) -> None:
        await begin(table)
        await table.press("f2")
        await table.shows("Only you see this side.")
        assert "Dana opens" not in table.text()  # it lies over the story
        room.session.choose("officer", "apart")
        await table.shows("What do you think Maya Ellison will do?")

    seat(tmp_path, story)


def test_what_is_half_answered_stays_while_the_story_stays_in_its_scene(tmp_path: Path) -> None:
    async def story(table: Table, room: Room) -> None:
        await begin(table)
        room.session.choose("officer", "apart")
        await table.is_asked()
        await table.press("down")
        await table.until(lambda: table.screen.query_one(Choices).selected == 0)
        room.session.set_countdowns(not room.session.countdowns)
        seen = table.screen._shown
        await table.until(lambda: table.screen._shown != seen, "what was done elsewhere")
        await table.pilot.pause()
        assert table.asked is not None and table.screen.query_one(Choices).selected == 0

    seat(tmp_path, story)


def test_a_seat_does_not_look_again_at_what_it_wrote_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(table: Table, room: Room) -> None:
        await begin(table)
        read = []
        monkeypatch.setattr(table.screen.session, "catch_up", lambda: read.append(len(table.screen.session.events)))
        table.screen._heard(len(table.screen.session.events))
        await table.screen.workers.wait_for_complete()
        assert read == []
        table.screen._heard(len(table.screen.session.events) + 1)
        await table.until(lambda: read, "a look at the log")

    seat(tmp_path, story)


def test_what_the_computer_does_is_told_at_once_to_whoever_plays_at_the_same_host(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(table: Table, room: Room) -> None:
        await begin(table)
        session, told = table.screen.session, []
        monkeypatch.setattr(table.screen.desk.watcher, "look", lambda: told.append(session.transcript()))
        room.session.resume({"advocate": "typical"})
        await table.until(lambda: session.human_seats == ("officer",))
        await table.choose("1")
        await table.answer("s")
        await table.until(lambda: told and "advocate: " in told[-1], "what the advocate does")

    seat(tmp_path, story)


def test_whoever_steps_out_for_good_is_told_and_sees_no_more(tmp_path: Path) -> None:
    async def story(table: Table, room: Room) -> None:
        await begin(table)
        await table.press("f6")
        await table.shows("Let the computer play my part to the end")
        await table.press("down", "down", "enter")
        await table.shows("The computer plays your part from here.")
        await table.press("enter")
        await table.shows("The computer plays your part from here.")

    seat(tmp_path, story)


def test_a_seat_is_told_of_a_store_that_is_not_sound_but_not_where_it_is(tmp_path: Path) -> None:
    async def story(table: Table, room: Room) -> None:
        await begin(table)
        table.app.trouble(Damaged("“/srv/evening.sqlite3” is damaged; restore a backup.", "s", 3))
        await table.shows("Please tell whoever runs the room.")
        assert "evening.sqlite3" not in table.text() and "evening.sqlite3" not in "".join(table.app.troubles)

    seat(tmp_path, story)


def test_a_ticket_that_is_taken_back_ends_what_it_led_to(tmp_path: Path) -> None:
    async def story(table: Table, room: Room) -> None:
        await begin(table)
        room.store.revoke(room.store.tickets(room.room.id)[0].id)
        await table.shows("This seat is not open any more.")
        assert "OFFICERSECRET" not in table.text()
        await table.press("enter")
        await table.pilot.pause()
        assert table.name == "Door"

    seat(tmp_path, story)


def test_a_store_that_does_not_answer_is_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(table: Table, room: Room) -> None:
        await table.shows("You are in.")
        with monkeypatch.context() as broken:

            def fails(secret: str) -> Any:
                raise Unwritable("gone")

            broken.setattr(room.store, "ticket", fails)
            await table.shows("does not answer just now")
        await table.shows("You are in.")

    seat(tmp_path, story, advocate=False)


def test_no_other_part_of_the_app_opens_from_a_seat(tmp_path: Path) -> None:
    async def story(table: Table, room: Room) -> None:
        await begin(table)
        app = table.app
        app.open_lobby("kitchen-table")
        app.open_swap(room.session.id)
        app.open_next("series", room.session.id)
        app.resume_session(room.session.id)
        app.open_review()
        app.open_tutorial()
        await table.pilot.pause()
        assert table.name == "SeatScreen"

    seat(tmp_path, story)


def test_light_or_dark_is_a_seat_s_own_and_kept_nowhere(tmp_path: Path) -> None:
    given = Given(support="Ana")
    assert given.keep("light", "yes") and given.get("light") == "yes"
    assert Given(support="Ana").get("light") == ""


def test_what_is_half_chosen_stays_when_the_other_chooses(tmp_path: Path) -> None:
    async def story(table: Table, room: Room) -> None:
        session = room.session
        session.choose("officer", "apart")
        session.choose("advocate", "listen")
        await table.shows("You look at each other.")
        await table.ready()
        await table.press("2")
        session.choose("advocate", "advocate-go")
        await table.until(lambda: table.screen.session.on_turn == ("officer",), "the other's choice")
        await table.pilot.pause()
        await table.press("enter")
        await table.until(lambda: table.screen._drawn.scene == "hard", "the next scene")

    seat(tmp_path, story)
