"""A store that does not answer for a while, as seats see it: they say so, lose nothing, and go on by themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from simulator.log import Unwritable
from simulator.log.following import Listening
from simulator.seated import Seating
from simulator.tui.screens import debrief, seat
from tests.app_helpers import Table
from tests.test_seat_app import Room, begin, played
from tests.test_seat_app import seat as at_one_seat
from tests.test_two_screens import at_two_screens, events_of

AWAY, NOT_KEPT = seat.AWAY[:40], seat.NOT_KEPT[:40]  # as much as stands in one line
WHERE = "postgresql://db.example.org/handoff"


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Screens ask again sooner than for people."""
    for each in (seat, debrief):
        monkeypatch.setattr(each, "AGAIN", 0.05)


class Away:
    """A store whose parts can be made to fail, and mended."""

    def __init__(self, store: Any):
        self._store = store
        self._patch = pytest.MonkeyPatch()
        self.asked = 0  # how often, while it was away

    def fails(self, what: str, *, after: bool = False) -> None:
        """`after`: it does its work first, and only the answer is lost."""
        real = getattr(self._store, what)

        def failing(*args: Any, **others: Any) -> Any:
            self.asked += 1
            if after:
                real(*args, **others)
            raise Unwritable(f"The server of “{WHERE}” does not answer.")

        self._patch.setattr(self._store, what, failing)

    def is_back(self) -> None:
        self._patch.undo()


def chosen(seating: Seating) -> list[str]:
    return [each["action"] for each in events_of(seating) if each["kind"] == "choose"]


def test_a_choice_that_a_store_could_not_take_is_made_again_when_it_is_back(tmp_path: Path) -> None:
    async def story(officer: Table, advocate: Table, seating: Seating) -> None:
        away = Away(seating.store)
        away.fails("append")
        away.fails("read")
        await officer.choose("1")
        await officer.shows(AWAY)
        assert WHERE not in officer.text() and officer.name == "SeatScreen"
        assert not officer.can_choose()
        away.is_back()
        await officer.shows(NOT_KEPT)
        await officer.choose("1")
        await advocate.ready()
        assert chosen(seating) == ["apart"]

    at_two_screens(tmp_path, story)


def test_a_choice_that_was_kept_though_its_answer_was_lost_is_there_once(tmp_path: Path) -> None:
    async def story(officer: Table, advocate: Table, seating: Seating) -> None:
        away = Away(seating.store)
        away.fails("append", after=True)
        away.fails("read")
        await officer.choose("1")
        await officer.shows(AWAY)
        away.is_back()
        await advocate.ready()
        await officer.until(lambda: AWAY not in officer.text(), "the story")
        assert NOT_KEPT not in officer.text()
        assert chosen(seating) == ["apart"]

    at_two_screens(tmp_path, story)


def test_a_move_that_could_not_be_read_when_it_was_made_arrives_when_the_store_is_back(tmp_path: Path) -> None:
    async def story(officer: Table, advocate: Table, seating: Seating) -> None:
        away = Away(seating.store)
        away.fails("read")
        await officer.choose("1")
        await advocate.shows(AWAY)
        away.is_back()
        await advocate.ready()
        await advocate.shows("Listen")
        assert AWAY not in advocate.text()

    at_two_screens(tmp_path, story)


def test_no_trouble_tells_a_seat_where_the_store_is(tmp_path: Path) -> None:
    async def story(officer: Table, advocate: Table, seating: Seating) -> None:
        Away(seating.store).fails("append")
        await officer.press("f5")
        await officer.on("Trouble")
        assert AWAY in officer.text() and WHERE not in officer.text()

    at_two_screens(tmp_path, story)


def test_in_the_debrief_whoever_waits_hears_of_the_others_when_the_store_is_back(tmp_path: Path) -> None:
    async def story(table: Table, room: Room) -> None:
        session = room.session
        await begin(table)
        played(session)
        await table.shows("Go to the debrief")
        await table.press("enter")
        await table.on("DebriefScreen")
        await table.press("f9")
        await table.shows("Thank you. What happened is shown as soon as")
        session.catch_up()
        away = Away(room.store)
        away.fails("read")
        session.finish_phase("reactions", "advocate")
        await table.until(lambda: away.asked > 1, "that it is asked again")
        assert table.name == "DebriefScreen"
        away.is_back()
        await table.shows("▶ What happened")

    at_one_seat(tmp_path, story)


class Line:
    """A line on which nothing is said."""

    def execute(self, sql: bytes) -> None: ...

    def notifies(self, **_: Any) -> list[Any]:
        return []

    def close(self) -> None: ...


def test_a_listener_whose_question_failed_asks_it_again() -> None:
    answers: list[Any] = [Unwritable("away"), {"evening": 2}]

    def activity(sessions: Any) -> Any:
        if isinstance(answer := answers.pop(0), Exception):
            raise answer
        return answer

    follower = Listening(activity, Line)  # type: ignore[arg-type]
    with pytest.raises(Unwritable):
        follower.wait({"evening": 1}, 0)
    assert follower.wait({"evening": 1}, 0) == {"evening": 2}
