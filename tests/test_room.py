"""The facilitator's room: what is read of every pair, and what its table shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from facilitator.cli import main
from facilitator.room import NoRoom, Reader, find_room, in_lines, state_words, waited
from facilitator.room_back import points
from facilitator.tui.room_rows import heading, row
from simulator.log import open_store
from tests.rooms import TO_THE_END, opened, other


@pytest.fixture
def room(tmp_path: Path) -> Any:
    """A reader of a room with two pairs, and the pairs' sessions."""
    key, sessions = opened(tmp_path)
    store = open_store(tmp_path / "store.sqlite3")
    yield Reader(store, find_room(store, key)), sessions
    store.close()


def test_every_pair_is_read_with_its_people_its_scene_and_whose_turn_it_is(room: Any) -> None:
    reader, sessions = room
    table = reader.table()
    assert [pair.session for pair in table.pairs] == sessions
    first = table.pairs[0]
    assert (first.who, first.scene, first.turn) == ("Heron, Plover", "At the door", ("Officer Reyes",))
    assert f"{first.clock:%H:%M}" == "23:52" and first.stage == "plays" and not first.open


def test_what_somebody_does_elsewhere_is_read_the_next_time(room: Any, tmp_path: Path) -> None:
    reader, (_, second) = room
    before = reader.table()
    other(tmp_path, second, lambda session: session.choose("officer", "apart"))
    after = reader.table()
    assert [pair.scene for pair in after.pairs] == ["At the door", "The phone"]
    assert after.pairs[1].since > before.pairs[1].since and after.pairs[0].since == before.pairs[0].since


def test_a_private_answer_does_not_show_in_the_waiting(room: Any, tmp_path: Path) -> None:
    reader, (first, _) = room
    other(tmp_path, first, lambda session: session.choose("officer", "apart"))
    before = reader.table().pairs[0].since
    other(
        tmp_path,
        first,
        lambda session: (
            session.predict("officer", "advocate", None)
            if session.questions("officer")
            else session.rate("o", "M", blind=True)
        ),
    )
    assert reader.table().pairs[0].since == before


def test_who_was_heard_of_is_there(room: Any) -> None:
    reader, _ = room
    tickets = reader.store.tickets(reader.room.id)
    reader.store.heard_of([tickets[0].id])
    assert [person.there for person in reader.table().pairs[0].people] == [True, False]


def test_whom_the_computer_plays_now_is_not_told(room: Any, tmp_path: Path) -> None:
    reader, (first, _) = room
    before = reader.table().pairs[0]
    other(tmp_path, first, lambda session: session.resume({"advocate": "typical"}))
    assert reader.table().pairs[0].people == before.people


@pytest.mark.parametrize(
    ("what", "words"),
    [
        (lambda session: session.pause(), "paused"),
        (lambda session: session.hold(), "paused by you"),
        (lambda session: session.conclude(), "debrief 1/4"),
        (lambda session: (session.choose("officer", "apart"), session.propose(0)), "asked back"),
        (lambda session: [session.choose(*move) for move in TO_THE_END], "debrief 1/4"),
    ],
)
def test_the_state_of_a_pair_is_told_in_words(room: Any, tmp_path: Path, what: Any, words: str) -> None:
    reader, (first, _) = room
    other(tmp_path, first, what)
    assert state_words(reader.table().pairs[0]) == words


def test_letters_open_once_everything_is_rated_or_the_debrief_is(room: Any, tmp_path: Path) -> None:
    reader, (first, second) = room
    other(tmp_path, first, lambda session: session.rate("o", "S", blind=True))
    other(tmp_path, second, lambda session: (session.conclude(), session.finish_phase("reactions")))
    assert [pair.open for pair in reader.table().pairs] == [True, True]


def test_waiting_is_told_in_minutes_and_stops_with_the_play(room: Any, tmp_path: Path) -> None:
    reader, (first, _) = room
    pair = reader.table().pairs[0]
    assert waited(pair, pair.since + timedelta(seconds=125)) == "2:05"
    assert waited(pair, pair.since + timedelta(hours=2)) == "2:00 h"
    other(tmp_path, first, lambda session: session.conclude())
    assert waited(reader.table().pairs[0], datetime.now(UTC)) == ""


@pytest.mark.parametrize("width", [76, 136])
def test_a_line_of_the_table_is_as_wide_as_its_room(room: Any, width: int) -> None:
    reader, _ = room
    pair = reader.table().pairs[0]
    assert row(1, pair, width, pair.since).cell_length == heading(width).cell_length == width


@pytest.mark.parametrize("width", [40, 69])
def test_on_a_phone_a_pair_takes_two_lines_that_name_everybody(room: Any, tmp_path: Path, width: int) -> None:
    reader, (first, _) = room
    other(tmp_path, first, lambda session: session.hold(True))
    pair = reader.table().pairs[0]
    lines = row(1, pair, width, pair.since).plain.split("\n")
    assert [len(line) for line in lines] == [width, width]
    assert lines[0].split() == ["1", "○Heron", "○Plover", "paused", "by", "you"]
    assert "At the door" in lines[1] and lines[1].endswith("23:52   0:00")


def test_a_room_is_found_by_its_key_by_its_workshop_or_as_the_newest(tmp_path: Path) -> None:
    opened(tmp_path, 0, workshop="old", hours=1)
    key, _ = opened(tmp_path, 0, workshop="new", hours=9)
    store = open_store(tmp_path / "store.sqlite3")
    newest, by_key, old = find_room(store), find_room(store, key), find_room(store, None, "old")
    assert newest is not None and old is not None
    assert newest == by_key and newest.workshop == "new" and old.workshop == "old"
    with pytest.raises(NoRoom, match="opens no room"):
        find_room(store, "wrong")
    with pytest.raises(NoRoom, match="no session of a workshop “winter”"):
        find_room(store, None, "winter")
    store.close()


def test_the_sessions_of_a_workshop_whose_room_has_ended_are_read(tmp_path: Path) -> None:
    key, sessions = opened(tmp_path)
    store = open_store(tmp_path / "store.sqlite3")
    ended = store.room_of_key(key)
    assert ended is not None
    store.close_room(ended.id)
    table = Reader(store, find_room(store, None, "spring"), "spring").table()
    assert {pair.session for pair in table.pairs} == set(sessions)
    store.close()


def test_a_pair_may_go_back_to_each_decision_of_its_way(room: Any, tmp_path: Path) -> None:
    reader, (first, _) = room
    for move in TO_THE_END[:4]:
        other(tmp_path, first, lambda session, move=move: session.choose(*move))
    found = points(reader.session(first), turning=False)
    assert [point.scene for point in found] == ["Together", "The phone", "At the door"]
    states = [reader.session(first).plays[point.event].state.scene for point in found]
    assert states == ["both", "phone", "door"]


def test_plain_tells_the_room_in_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    opened(tmp_path)
    assert main(["room", "--plain", "--store", str(tmp_path / "store.sqlite3")]) == 0
    out = capsys.readouterr().out
    assert "1. Heron (away), Plover (away) · At the door · story 23:52 · turn: Officer Reyes · waiting" in out
    assert "2. Wren" in out


def test_without_a_room_the_command_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["room", "--store", str(tmp_path / "empty.sqlite3")]) == 1
    assert "No room is open in this store." in capsys.readouterr().err


def test_a_play_that_cannot_be_read_is_left_out_and_said(room: Any) -> None:
    reader, (first, second) = room
    reader.store.append(first, 1, {"kind": "from-the-future"})
    table = reader.table()
    assert [pair.session for pair in table.pairs] == [second] and table.unreadable == 1
    assert "1 play cannot be read in this version of Handoff, and is left out." in list(
        in_lines(table, datetime.now(UTC))
    )


def test_nothing_of_a_weighing_is_in_the_lines(room: Any, tmp_path: Path) -> None:
    reader, (first, _) = room
    other(tmp_path, first, lambda session: [session.choose(*move) for move in TO_THE_END])
    said = "\n".join(in_lines(reader.table(), datetime.now(UTC)))
    assert "clause" not in said and "Take her apart" not in said and "SECRET" not in said
