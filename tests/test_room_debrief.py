"""The debrief of a whole room: how the pairs split, without names, and what the room resolves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from facilitator.cli import main
from facilitator.hot_wash import NotADay, Resolved, day, erase, read, write
from facilitator.room import Reader, find_room
from facilitator.room_split import Together, together
from facilitator.tui.room_sheets import sheets
from simulator.log import open_store
from simulator.session import Session
from tests.app_helpers import Table, play
from tests.rooms import TO_THE_END, opened, other


def played(folder: Path, *first: str, over: bool = True) -> tuple[str, list[str]]:
    """A room whose pairs began with these choices and played to the end."""
    key, sessions = opened(folder, len(first))
    for ident, choice in zip(sessions, first, strict=True):
        other(folder, ident, lambda session, choice=choice: _play(session, choice, over))
    return key, sessions


def _play(session: Session, choice: str, over: bool) -> None:
    session.choose("officer", choice)
    for seat, action in TO_THE_END[1:]:
        session.choose(seat, action)
    if over:
        session.finish_phase("reactions")


def decided(folder: Path, key: str) -> Together:
    store = open_store(folder / "store.sqlite3")
    try:
        return together(Reader(store, find_room(store, key)).sessions())
    finally:
        store.close()


def said(found: Together) -> str:
    return "\n".join(
        f"{sheet.title}\n{sheet.lead}\n" + "\n".join(str(block) for block in sheet.blocks) for sheet in sheets(found)
    )


def test_from_three_pairs_on_the_ways_are_counted(tmp_path: Path) -> None:
    key, _ = played(tmp_path, "apart", "ask", "apart")
    door = decided(tmp_path, key).splits[0]
    assert (door.title, door.seat, door.pairs) == ("At the door", "Officer Reyes", 3)
    assert [(way.text, way.pairs) for way in door.ways] == [("Take her apart", 2), ("Ask now", 1)]


def test_each_way_says_why_it_is_weighed_so_and_how_it_was_for_her(tmp_path: Path) -> None:
    key, _ = played(tmp_path, "apart", "ask", "apart")
    told = said(decided(tmp_path, key))
    assert "It is quiet there." in told and "He hears it." in told and "Her own account: He was right there." in told


def test_of_two_pairs_nothing_is_told_but_what_was_open_to_anybody(tmp_path: Path) -> None:
    (one, other_) = (tmp_path / "one", tmp_path / "other")
    texts = []
    for folder, choices in ((one, ("apart", "ask")), (other_, ("apart", "apart"))):
        folder.mkdir()
        key, _ = played(folder, *choices)
        texts.append(said(decided(folder, key)))
    assert texts[0] == texts[1]
    assert "Fewer than 3 pairs decided here" in texts[0] and "With another way" not in texts[0]


def test_no_name_is_on_the_wall(tmp_path: Path) -> None:
    key, _ = played(tmp_path, "apart", "ask", "apart")
    told = said(decided(tmp_path, key))
    assert not any(name in told for name in ("Heron", "Plover", "Wren", "Crane", "SECRET"))


def test_what_a_computer_chose_is_counted_for_nobody(tmp_path: Path) -> None:
    key, sessions = opened(tmp_path, 3)
    for ident in sessions:
        other(
            tmp_path,
            ident,
            lambda session: (session.resume({"officer": "typical"}), session.run_others(), session.conclude()),
        )
    assert not any(split.seat == "Officer Reyes" for split in decided(tmp_path, key).splits)


def test_where_there_is_no_right_answer_nothing_is_weighed(tmp_path: Path) -> None:
    key, _ = played(tmp_path, "apart", "apart", "apart")
    hard = decided(tmp_path, key).splits[-1]
    assert hard.question == "Which of the two?" and hard.sides == ("this one", "that one")
    assert not any(way.cost for way in hard.ways)


def test_plays_that_were_concluded_are_counted_as_far_as_they_came(tmp_path: Path) -> None:
    key, sessions = opened(tmp_path, 3)
    for ident in sessions:
        other(tmp_path, ident, lambda session: (session.choose("officer", "apart"), session.conclude()))
    found = decided(tmp_path, key)
    assert [split.title for split in found.splits] == ["At the door"] and found.splits[0].pairs == 3


# --- the list --------------------------------------------------------------------------------------------------------


@pytest.fixture
def session(tmp_path: Path) -> Any:
    _, sessions = played(tmp_path, "apart")
    store = open_store(tmp_path / "store.sqlite3")
    yield Session.reopen(store, sessions[0])
    store.close()


def test_what_is_resolved_is_read_as_it_was_written(session: Session) -> None:
    write(session, Resolved(kind="change", what="Call before  the door opens", owner="Harbor House", due="2026-06-03"))
    (line,) = read(session.store, [session.id])
    assert (line.kind, line.what, line.owner, line.due) == (
        "change", "Call before the door opens", "Harbor House", "2026-06-03",
    )  # fmt: skip


def test_what_is_taken_back_is_gone_and_the_log_never_held_it(session: Session) -> None:
    write(session, Resolved(kind="keep", what="UNSPOKEN"))
    (line,) = read(session.store, [session.id])
    erase(session, line)
    assert read(session.store, [session.id]) == ()
    assert all("UNSPOKEN" not in str(row.body) for row in session.store.read(session.id))


def test_the_list_outlasts_the_aliases_of_those_who_sat_there(session: Session) -> None:
    write(session, Resolved(kind="keep", what="The quiet room"))
    session.store.forget("Heron")
    assert [line.what for line in read(session.store, [session.id])] == ["The quiet room"]


def test_a_day_that_is_none_is_refused() -> None:
    assert day(" 2026-06-03 ") == "2026-06-03" and day("") == ""
    with pytest.raises(NotADay):
        day("next week")


def test_the_list_ends_in_the_workshops_report(
    session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(session, Resolved(kind="change", what="Call before the door opens", owner="Harbor House", due="2026-06-03"))
    at = str(tmp_path / "store.sqlite3")
    assert main(["report", "workshop", "spring", "--format", "md", "--store", at]) == 0
    out = capsys.readouterr().out
    assert "What the room keeps and changes" in out and "Call before the door opens" in out and "Harbor House" in out


def test_a_note_stands_in_the_report_only_if_it_is_asked_for(
    session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session.write_note("THEIRS was a long silence")
    at = str(tmp_path / "store.sqlite3")
    main(["report", "session", session.id, "--format", "md", "--store", at])
    assert "THEIRS" not in capsys.readouterr().out
    main(["report", "session", session.id, "--format", "md", "--with-note", "--store", at])
    assert "THEIRS was a long silence" in capsys.readouterr().out


# --- on the wall -----------------------------------------------------------------------------------------------------


def test_the_wall_turns_from_the_decisions_to_the_list(tmp_path: Path) -> None:
    played(tmp_path, "apart", "ask", "apart")

    async def story(table: Table) -> None:
        await table.on("RoomScreen")
        await table.shows("3 in the debrief")
        await table.press("w")
        await table.on("RoomDebrief")
        await table.shows("3 pairs decided here.")
        assert "Take her apart" in table.text() and "Heron" not in table.text()
        await table.press("f9")
        await table.shows("It is quiet there.")
        await table.press("f4")
        await table.shows("3 pairs decided here.")
        await table.press("l")
        await table.shows("What we keep, and what we change")
        await table.press("a", "c")
        await table.on("WriteLine")
        await table.press(*"Call", "enter")
        await table.shows("Who sees to it?")
        await table.press(*"House", "enter")
        await table.shows("By when?")
        await table.press(*"soon", "enter")
        await table.shows("“soon” is no day")
        await table.press(*"2026-06-03", "enter")
        await table.shows("Change  Call  (House, 2026-06-03)")
        await table.press("x")
        await table.until(lambda: "Change  Call" not in table.text(), "the line to go")

    play(tmp_path, story, start="room")


def test_the_wall_waits_until_nobody_plays(tmp_path: Path) -> None:
    opened(tmp_path, 3)

    async def story(table: Table) -> None:
        await table.shows("At the door")
        await table.press("w")
        await table.shows("still playing")
        assert table.name == "RoomScreen"

    play(tmp_path, story, start="room")
