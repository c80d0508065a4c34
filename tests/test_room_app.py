"""The facilitator's room on the screen, and what a seat sees of it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from facilitator.tui import room_watch
from simulator.log import open_store
from simulator.session import Session
from tests import app_helpers
from tests.app_helpers import Table, events, play
from tests.rooms import at_a_seat, opened, other
from tests.test_store_away import Away


def kinds(folder: Path, ident: str) -> list[str]:
    return [event["kind"] for event in events(folder, ident)]


def note_of(folder: Path, ident: str) -> str:
    found: list[str] = []
    other(folder, ident, lambda session: found.append(session.note))
    return found[0]


async def ready(table: Table) -> None:
    await table.on("RoomScreen")
    await table.shows("At the door")


# --- the table -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
def test_twenty_four_pairs_are_in_one_table(tmp_path: Path, size: tuple[int, int]) -> None:
    opened(tmp_path, 24)

    async def story(table: Table) -> None:
        await ready(table)
        text = table.text()
        assert "The room  spring" in text and "24 pairs: 24 play" in text
        assert "Heron" in text and "Plover" in text and "Officer" in text and "23:52" in text
        await table.press("end")
        await table.until(
            lambda: any(line.split()[:1] == ["24"] for line in table.text().splitlines()), "the last pair"
        )

    play(tmp_path, story, size=size, start="room")


def test_what_a_pair_does_shows_by_itself(tmp_path: Path) -> None:
    _, (first, _) = opened(tmp_path)

    async def story(table: Table) -> None:
        await ready(table)
        other(tmp_path, first, lambda session: session.choose("officer", "apart"))
        await table.shows("The phone")
        assert "Take her apart" not in table.text() and "SECRET" not in table.text()

    play(tmp_path, story, start="room")


def test_a_pair_is_watched_side_by_side_and_goes_on_there(tmp_path: Path) -> None:
    _, (first, _) = opened(tmp_path)

    async def story(table: Table) -> None:
        await ready(table)
        await table.press("enter")
        await table.on("WatchScreen")
        await table.shows("OFFICERSECRET one.")
        assert "ADVOCATESECRET one." in table.text() and "clause" not in table.text().lower()
        other(tmp_path, first, lambda session: session.choose("officer", "apart"))
        await table.shows("She tells her part.")
        await table.press("escape")
        await table.on("RoomScreen")

    play(tmp_path, story, size=(140, 40), start="room")


def test_on_a_phone_all_keys_are_told_and_the_arrows_turn_to_the_other_seat(tmp_path: Path) -> None:
    opened(tmp_path)

    async def story(table: Table) -> None:
        await ready(table)
        for key in ("Enter Watch", "E End play", "W Wall", "Step out", "Leave"):
            await table.shows(key)
        await table.press("enter")
        await table.on("WatchScreen")
        for text in ("OFFICERSECRET one.", "Seat after", "Back"):
            await table.shows(text)
        assert "ADVOCATESECRET" not in table.text()
        await table.press("right")
        await table.shows("ADVOCATESECRET one.")
        assert "OFFICERSECRET" not in table.text()

    play(tmp_path, story, size=(55, 40), start="room")


def test_a_stray_enter_ends_no_play(tmp_path: Path) -> None:
    _, (first, _) = opened(tmp_path)

    async def story(table: Table) -> None:
        await ready(table)
        await table.press("e")
        await table.on("Whom")
        await table.press("enter")
        await table.on("Whom")
        await table.press("escape")
        await table.on("RoomScreen")

    play(tmp_path, story, start="room")
    assert kinds(tmp_path, first) == ["start"]


def test_what_is_watched_goes_on_by_itself_when_a_store_that_was_away_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room_watch, "AGAIN", 0.05)
    _, (first,) = opened(tmp_path, pairs=1)

    async def story(table: Table) -> None:
        await ready(table)
        await table.press("enter")
        await table.shows("OFFICERSECRET one.")
        away = Away(table.app.desk.store)
        away.fails("read")
        other(tmp_path, first, lambda session: session.choose("officer", "apart"))
        await table.until(lambda: away.asked > 1, "that it is asked again")
        assert table.name == "WatchScreen"
        away.is_back()
        await table.shows("She tells her part.")

    play(tmp_path, story, size=(140, 40), start="room")


def test_all_are_paused_and_one_goes_on(tmp_path: Path) -> None:
    _, (first, second) = opened(tmp_path)

    async def story(table: Table) -> None:
        await ready(table)
        await table.press("p", "a")
        await table.shows("2 paused")
        await table.press("g", "t")
        await table.shows("1 play, 1 paused")

    play(tmp_path, story, start="room")
    assert kinds(tmp_path, first) == ["start", "held", "held"] and kinds(tmp_path, second) == ["start", "held"]


def test_a_message_goes_to_one_seat(tmp_path: Path) -> None:
    _, (first, _) = opened(tmp_path)

    async def story(table: Table) -> None:
        await ready(table)
        await table.press("m")
        await table.on("Whom")
        await table.press("2")
        await table.on("WriteLine")
        await table.press(*"Hurry", "enter")
        await table.shows("Said to Plover.")

    play(tmp_path, story, start="room")
    assert events(tmp_path, first)[1]["to"] == "advocate"


def test_a_note_is_kept_and_can_be_changed(tmp_path: Path) -> None:
    _, (first, _) = opened(tmp_path)

    async def story(table: Table) -> None:
        await ready(table)
        await table.press("n")
        await table.on("WriteLine")
        await table.press(*"Quiet", "enter")
        await table.shows("Your note is kept.")
        await table.press("n")
        await table.on("WriteLine")
        await table.press(*"er", "enter")
        await table.until(lambda: note_of(tmp_path, first) == "Quieter", "the note")

    play(tmp_path, story, start="room")


def test_a_pair_is_asked_to_go_back(tmp_path: Path) -> None:
    _, (first, _) = opened(tmp_path)
    other(tmp_path, first, lambda session: session.choose("officer", "apart"))

    async def story(table: Table) -> None:
        await table.on("RoomScreen")
        await table.shows("The phone")
        await table.press("b")
        await table.on("Back")
        await table.shows("At the door")
        await table.press("enter")
        await table.shows("asked back")
        other(tmp_path, first, partial(_answers, yes=False))
        await table.shows("would stay")

    play(tmp_path, story, start="room")


def _answers(session: Session, *, yes: bool) -> None:
    asked = session.play.proposal
    assert asked is not None
    session.consent("officer", asked.seq, yes)


def test_everybody_is_moved_to_the_debrief(tmp_path: Path) -> None:
    key, sessions = opened(tmp_path)

    async def story(table: Table) -> None:
        await ready(table)
        await table.press("e", "a")
        await table.shows("2 in the debrief")

    play(tmp_path, story, start="room", key=key)
    assert [kinds(tmp_path, ident)[-1] for ident in sessions] == ["concluded", "concluded"]
    store = open_store(tmp_path / "store.sqlite3")
    room = store.room_of_key(key)
    assert room is not None and room.stage == "debrief"
    store.close()


def test_whoever_has_no_seat_is_named_and_can_be_seated_beside_the_computer(tmp_path: Path) -> None:
    key, _ = opened(tmp_path, 1)
    store = open_store(tmp_path / "store.sqlite3")
    room = store.room_of_key(key)
    assert room is not None
    store.issue("secret", room.id, alias="Kestrel", wish="officer")
    store.close()

    async def story(table: Table) -> None:
        await table.shows("Waiting for a seat (S): Kestrel")
        await table.press("s")
        await table.on("Whom")
        await table.press("t")
        await table.shows("0 plays begun.")
        await table.press("s")
        await table.on("Whom")
        await table.press("c")
        await table.shows("2 pairs: 2 play")
        assert "Waiting for a seat" not in table.text()

    play(tmp_path, story, start="room")


# --- at a seat -------------------------------------------------------------------------------------------------------


def test_a_seat_sees_a_message_and_keeps_what_it_had_selected(tmp_path: Path) -> None:
    _, (first, _) = opened(tmp_path, 2)

    async def story(table: Any) -> None:
        await table.ready()
        await table.press("1")
        other(tmp_path, first, lambda session: session.announce("Read the [b]order[/b] once more."))
        await table.shows("Message from whoever runs the room")
        await table.shows("Read the [b]order[/b] once more.")
        await table.press("enter")
        await table.shows("The phone")

    at_a_seat(tmp_path, first, "officer", story)
    assert "choose" in kinds(tmp_path, first)


def test_a_message_to_the_other_seat_does_not_show(tmp_path: Path) -> None:
    _, (first, _) = opened(tmp_path)

    async def story(table: Any) -> None:
        await table.ready()
        other(
            tmp_path,
            first,
            lambda session: (session.announce("HERS", "advocate"), session.announce("YOURS", "officer")),
        )
        await table.shows("YOURS")
        assert "HERS" not in table.text()

    at_a_seat(tmp_path, first, "officer", story)


def test_a_seat_that_is_held_can_do_nothing_and_goes_on_by_itself(tmp_path: Path) -> None:
    _, (first, _) = opened(tmp_path)

    async def story(table: Any) -> None:
        await table.ready()
        other(tmp_path, first, lambda session: session.hold())
        await table.shows("Whoever runs the room has paused the story.")
        assert not table.can_choose() and not table.can_go_on()
        other(tmp_path, first, lambda session: session.hold(False))
        await table.ready()

    at_a_seat(tmp_path, first, "officer", story)


def test_two_seats_that_say_yes_are_back_at_the_scene(tmp_path: Path) -> None:
    _, (first, _) = opened(tmp_path)
    other(tmp_path, first, lambda session: (session.choose("officer", "apart"), session.propose(0)))

    async def story(table: Any) -> None:
        await table.on("Confirm")
        await table.shows("offers to go back to “At the door”")
        await table.press("y")
        await table.until(lambda: kinds(tmp_path, first)[-1] == "consented", "the answer")
        other(tmp_path, first, _she_agrees)
        await table.shows("Take her apart")
        await table.until(lambda: table.can_choose() and table.name == "SeatScreen", "a choice")

    at_a_seat(tmp_path, first, "officer", story)
    assert kinds(tmp_path, first)[-1] == "rewind"


def _she_agrees(session: Session) -> None:
    asked = session.play.proposal
    assert asked is not None
    session.consent("advocate", asked.seq, True)


def test_a_question_that_is_taken_back_leaves_the_screen(tmp_path: Path) -> None:
    _, (first, _) = opened(tmp_path)
    other(tmp_path, first, lambda session: (session.choose("officer", "apart"), session.propose(0)))

    async def story(table: Any) -> None:
        await table.on("Confirm")
        other(tmp_path, first, lambda session: session.propose(None))
        await table.shows("What do you think Maya Ellison will do?")

    at_a_seat(tmp_path, first, "officer", story)
    assert "consented" not in kinds(tmp_path, first)


def test_a_seat_is_moved_to_its_debrief(tmp_path: Path) -> None:
    _, (first, _) = opened(tmp_path)

    async def story(table: Any) -> None:
        await table.ready()
        other(tmp_path, first, lambda session: session.conclude())
        await table.on("DebriefScreen")
        await table.shows("how was that for you?")

    at_a_seat(tmp_path, first, "officer", story)


def test_whoever_waits_for_somebodys_reactions_can_be_let_on(tmp_path: Path) -> None:
    _, (first, second) = opened(tmp_path)
    for ident in (first, second):
        other(tmp_path, ident, lambda session: session.conclude())

    async def story(table: Table) -> None:
        await table.on("RoomScreen")
        await table.shows("2 in the debrief")
        await table.press("o", "t")
        await table.shows("debrief 2/4")

    play(tmp_path, story, start="room")
    assert kinds(tmp_path, first)[-1] == "debrief" and kinds(tmp_path, second)[-1] == "concluded"


def test_whoever_has_stepped_out_is_left_alone_until_they_come_back(tmp_path: Path) -> None:
    _, (first, _) = opened(tmp_path)

    async def story(table: Any) -> None:
        await table.ready()
        await table.press("f6")
        await table.on("Quiet")
        await table.until(lambda: kinds(tmp_path, first)[-1] == "paused", "the pause")
        other(tmp_path, first, lambda session: session.conclude())
        await table.until(lambda: table.app.desk.session.over, "the seat to hear of it")
        assert table.name == "Quiet"
        await table.press("escape")
        await table.on("DebriefScreen")

    at_a_seat(tmp_path, first, "officer", story)


def test_two_at_one_keyboard_are_held_and_moved_on_too(tmp_path: Path) -> None:
    ident = app_helpers.kept(tmp_path, advocate="typical")

    async def story(table: Table) -> None:
        await table.ready()
        other(tmp_path, ident, lambda session: session.hold())
        await table.press("1", "enter")
        await table.on("Trouble")
        await table.press("enter")
        await table.shows("Whoever runs the room has paused the story. Look again")
        other(tmp_path, ident, lambda session: session.conclude())
        await table.press("enter")
        await table.on("DebriefScreen")

    play(tmp_path, story, start="resume", session=ident)


SHELF = """
injects:
  sister:
    text: A phone rings in the hall.
    synopsis: the sister calls.
    expected: they let her answer.
    by: hand
    in: both
opening: door
"""


def test_an_inject_from_the_shelf_comes_to_one_pair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = app_helpers.SCENARIO.replace("\nopening: door\n", SHELF.replace("    in: both\n", ""))
    monkeypatch.setattr(app_helpers, "SCENARIO", told)
    _, (first, second) = opened(tmp_path)

    async def story(table: Table) -> None:
        await ready(table)
        await table.press("i")
        await table.on("Shelf")
        await table.press("o")
        await table.shows("the sister calls.")
        await table.press("1", "enter")
        await table.on("Confirm")
        await table.press("y")
        await table.shows("Brought to Heron, Plover.")

    play(tmp_path, story, start="room")
    assert "inject" in kinds(tmp_path, first) and "inject" not in kinds(tmp_path, second)
