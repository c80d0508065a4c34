"""A facilitator rates by hand in the app, before the program's letters show."""

from __future__ import annotations

import pytest

from simulator.log import Unwritable, open_store
from simulator.session import Session
from tests.app_helpers import Table, events, kept, play

FIRST = "Rate it first, before you see the program's letters?"
SEEN = "Have you seen the program's letters of this play?"


@pytest.fixture
def ended(tmp_path):
    """A finished play whose pair is done with its reactions."""
    ident = kept(tmp_path, finished=True)
    store = open_store(tmp_path / "store.sqlite3")
    Session.reopen(store, ident).finish_phase("reactions")
    store.close()
    return ident


def after(folder, ident):
    """What was kept since the debrief began: the events without the phase, and the remarks."""
    store = open_store(folder / "store.sqlite3")
    remarks = store.remarks(ident)
    store.close()
    asides = ("rated", "revealed")
    return [event for event in events(folder, ident) if event["kind"] in asides], remarks


def rated(letter, blind):
    return {"kind": "rated", "objective": "o", "letter": letter, "blind": blind}


REVEALED = {"kind": "revealed"}


async def in_list(table: Table) -> None:
    await table.on("ReviewScreen")
    await table.shows("An evening")


async def rating(table: Table, *keys: str) -> None:
    """Open the objectives from the list; `keys` answer what is asked before."""
    await in_list(table)
    await table.press("r")
    if keys:
        await table.shows(SEEN)
        await table.press(*keys)
    await table.on("RateScreen")
    await table.shows("–Talk apart")


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
def test_a_session_under_way_is_rated_without_a_question(tmp_path, size):
    ident = kept(tmp_path)

    async def story(table: Table) -> None:
        await rating(table)
        text = table.text()
        assert "still under way" in text and "0 of 1 rated" in text
        for means in ("harm to others", "longer, or did less", "added risk, or a breach", "It was not done."):
            assert means in text
        assert "No real people." in text
        await table.press("s", *"late", "enter")
        await table.shows("1 of 1 rated")
        await table.shows("STalk apart")
        await table.press("f9")
        await in_list(table)

    play(tmp_path, story, start="review", size=size)
    assert after(tmp_path, ident) == ([rated("S", True)], [("facilitator", "rating:o", "late")])


def test_a_letter_is_kept_only_by_enter(tmp_path):
    ident = kept(tmp_path)

    async def story(table: Table) -> None:
        await rating(table)
        await table.press("m", *"no")
        await table.shows("M, performed with major challenges. Why?")
        await table.press("escape")
        await table.shows("P, S, M or U for what is marked")
        await table.press("escape")
        await in_list(table)

    play(tmp_path, story, start="review")
    assert after(tmp_path, ident) == ([], [])


def test_what_is_typed_right_behind_the_letter_belongs_into_the_line(tmp_path):
    ident = kept(tmp_path)

    async def story(table: Table) -> None:
        await rating(table)
        table.screen.action_pick("S")
        table.screen.set_focus(table.screen.query_one("#rate-list"))  # as it still is when somebody types fast
        await table.press(*"Psalm")
        await table.until(lambda: "Psalm" in table.text())
        await table.press("enter")
        await table.shows("1 of 1 rated")

    play(tmp_path, story, start="review")
    assert after(tmp_path, ident) == ([rated("S", True)], [("facilitator", "rating:o", "Psalm")])


def test_f9_keeps_what_is_being_written(tmp_path):
    ident = kept(tmp_path)

    async def story(table: Table) -> None:
        await rating(table)
        await table.press("p", *"calm", "f9")
        await in_list(table)

    play(tmp_path, story, start="review")
    assert after(tmp_path, ident) == ([rated("P", True)], [("facilitator", "rating:o", "calm")])


def test_a_letter_is_taken_back_with_its_line(tmp_path):
    ident = kept(tmp_path)

    async def story(table: Table) -> None:
        await rating(table)
        await table.press("u", *"x", "enter")
        await table.shows("1 of 1 rated")
        await table.press("x")
        await table.shows("0 of 1 rated")

    play(tmp_path, story, start="review")
    assert after(tmp_path, ident) == ([rated("U", True), rated(None, True)], [])


def test_the_line_why_can_be_changed_alone(tmp_path):
    ident = kept(tmp_path)

    async def story(table: Table) -> None:
        await rating(table)
        await table.press("u", *"one", "enter")
        await table.shows("1 of 1 rated")
        await table.press("w", *" two", "enter")
        await table.shows("one two")

    play(tmp_path, story, start="review")
    assert after(tmp_path, ident) == ([rated("U", True)], [("facilitator", "rating:o", "one two")])


@pytest.mark.parametrize(("key", "blind"), [("n", True), ("s", False)])
def test_after_the_pairs_debrief_it_asks_whether_the_letters_were_seen(tmp_path, ended, key, blind):
    async def story(table: Table) -> None:
        await rating(table, key)
        await table.shows("You have not seen" if blind else "You have seen")
        await table.press("s", "enter")
        await table.shows("1 of 1 rated")
        assert ("(not compared)" in table.text()) is not blind

    play(tmp_path, story, start="review")
    assert after(tmp_path, ended)[0] == [rated("S", blind)]


def test_escape_answers_nothing(tmp_path, ended):
    async def story(table: Table) -> None:
        await in_list(table)
        for key, question in (("r", SEEN), ("enter", FIRST)):
            await table.press(key)
            await table.shows(question)
            await table.press("escape")
            await in_list(table)

    play(tmp_path, story, start="review")
    assert after(tmp_path, ended) == ([], [])


def test_rating_first_leads_on_to_the_debrief_with_both_letters(tmp_path, ended):
    async def story(table: Table) -> None:
        await in_list(table)
        await table.press("enter")
        await table.shows(FIRST)
        await table.press("r")
        await table.shows(SEEN)
        await table.press("n")
        await table.on("RateScreen")
        await table.shows("F9 Debrief")
        await table.press("m", *"slow", "enter")
        await table.shows("All are rated. F9 goes on to the debrief.")
        await table.press("f9")
        await table.shows("What only one of you could see")
        await table.press("f9")
        await table.shows("Law and life safety come first.")
        await table.press("3")
        await table.shows("By hand: M · performed with major challenges, before the program's letter was seen.")
        await table.shows("slow")

    play(tmp_path, story, start="review", size=(120, 40))
    assert after(tmp_path, ended)[0] == [rated("M", True), REVEALED]


def test_going_on_with_objectives_unrated_is_asked_about(tmp_path, ended):
    async def story(table: Table) -> None:
        await in_list(table)
        await table.press("enter")
        await table.shows(FIRST)
        await table.press("r")
        await table.shows(SEEN)
        await table.press("n")
        await table.on("RateScreen")
        await table.press("f9")
        await table.shows("One objective is not rated yet.")
        await table.press("r")
        await table.on("RateScreen")
        await table.press("f9")
        await table.shows("One objective is not rated yet.")
        await table.press("g")
        await table.on("DebriefScreen")

    play(tmp_path, story, start="review")
    assert after(tmp_path, ended)[0] == [REVEALED]


def test_looking_without_rating_is_kept_once_and_not_asked_again(tmp_path, ended):
    async def story(table: Table) -> None:
        await in_list(table)
        await table.press("enter")
        await table.shows(FIRST)
        await table.press("l")
        for _ in range(2):
            await table.shows("What only one of you could see")
            await table.press("escape")
            await in_list(table)
            await table.press("enter")
        await table.on("DebriefScreen")

    play(tmp_path, story, start="review")
    assert after(tmp_path, ended)[0] == [REVEALED]


def test_a_blind_letter_is_changed_knowingly_once_the_letters_were_shown(tmp_path, ended):
    store = open_store(tmp_path / "store.sqlite3")
    session = Session.reopen(store, ended)
    session.rate("o", "S", blind=True)
    session.reveal()
    store.close()

    async def story(table: Table) -> None:
        await in_list(table)
        await table.press("r")
        await table.shows("STalk apart")
        await table.shows("were shown before")
        await table.press("p")
        await table.shows("You gave S before the letters were shown. Another one is not compared.")
        await table.press("enter")
        await table.shows("(not compared)")

    play(tmp_path, story, start="review")
    assert after(tmp_path, ended)[0] == [rated("S", True), REVEALED, rated("P", False)]


def test_what_the_computer_played_alone_is_opened_without_asking_for_a_rating(tmp_path):
    store = open_store(tmp_path / "store.sqlite3")
    store.close()
    ident = kept(tmp_path, officer="typical", advocate="typical", finished=True)

    async def story(table: Table) -> None:
        await in_list(table)
        await table.press("enter")
        await table.on("DebriefScreen")

    play(tmp_path, story, start="review")
    assert after(tmp_path, ident)[0] == [REVEALED]


def test_who_may_only_read_the_store_reads_the_debrief_all_the_same(tmp_path, ended, monkeypatch):
    def refuse(*_, **__):
        raise Unwritable("read-only")

    store = open_store(tmp_path / "store.sqlite3")
    store.close()
    monkeypatch.setattr(type(store), "append", refuse)

    async def story(table: Table) -> None:
        await in_list(table)
        await table.press("enter")
        await table.shows(FIRST)
        await table.press("l")
        await table.on("DebriefScreen")
        await table.shows("What only one of you could see")

    play(tmp_path, story, start="review")


def test_a_rating_that_cannot_be_kept_is_told_and_can_be_given_again(tmp_path, monkeypatch):
    ident = kept(tmp_path)
    store = open_store(tmp_path / "store.sqlite3")
    store.close()
    append = type(store).append

    def refuse(*_, **__):
        raise Unwritable("The disk is full.")

    async def story(table: Table) -> None:
        await rating(table)
        monkeypatch.setattr(type(store), "append", refuse)
        await table.press("s", *"late", "enter")
        await table.on("Trouble")
        assert "The disk is full." in table.text()
        monkeypatch.setattr(type(store), "append", append)
        await table.press("escape")
        await table.on("RateScreen")
        await table.press("enter")
        await table.shows("1 of 1 rated")

    play(tmp_path, story, start="review")
    assert after(tmp_path, ident) == ([rated("S", True)], [("facilitator", "rating:o", "late")])


def test_the_pairs_own_debrief_shows_no_letter_by_hand(tmp_path):
    ident = kept(tmp_path, advocate="typical", finished=True)
    store = open_store(tmp_path / "store.sqlite3")
    session = Session.reopen(store, ident)
    session.rate("o", "U", blind=True)
    session.finish_phase("reactions")
    session.finish_phase("description")
    store.close()

    async def story(table: Table) -> None:
        await table.shows("Law and life safety come first.")
        await table.press("3")
        await table.shows("Talk apart")
        assert "By hand" not in table.text()

    play(tmp_path, story, start="resume", session=ident, size=(120, 40))
    assert "revealed" not in [event["kind"] for event in events(tmp_path, ident)]


def test_a_rating_does_not_bring_a_finished_debrief_back_to_the_first_page(tmp_path):
    ident = kept(tmp_path, finished=True)
    store = open_store(tmp_path / "store.sqlite3")
    session = Session.reopen(store, ident)
    for phase in ("reactions", "description", "analysis", "summary"):
        session.finish_phase(phase)
    session.rate("o", "U", blind=True)
    session.reveal()
    store.close()

    async def story(table: Table) -> None:
        await table.shows("Tutorial")
        await table.shows("Quit")
        assert "Debrief: An evening" not in table.text()

    play(tmp_path, story)
