"""Private questions on the screen: one press answers, one press skips, and the other person sees nothing of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from simulator.library import Library
from simulator.log import Place, open_store
from simulator.session import Session
from simulator.tui.screens import curtain
from simulator.tui.widgets.scale import Scale
from tests.app_helpers import Table, events, play

HALL = """\
id: hall
title: Three questions
summary: For tests.
starts: 2026-01-09T23:52
advisories: [none]
framework: trauma-informed
mou: riverside-dv
jurisdiction: model-state
objectives: {}
seats:
  officer: {role: patrol-officer, employer: Riverside PD, name: Officer Reyes, brief: You arrive first.}
  advocate: {role: community-advocate, employer: Harbor House, name: Maya Ellison, brief: You answer.}
opening: kitchen
scenes:
  kitchen:
    turn: officer
    present: [officer, advocate]
    text: Dana leans on the stove.
    actions:
      here: {text: Ask her here., minutes: 5, distress: 8, to: hall}
      apart: {text: Ask her apart., minutes: 5, distress: 3, to: hall}
  hall:
    turn: [officer, advocate]
    predict: [officer, advocate]
    whose_duty: {what: Asking whether the line is safe., duty: safe-line-first}
    how_distressing: {question: How distressing was that for Dana?}
    text: Both of you stand in the hall.
    actions:
      call: {seat: officer, text: Ring the hotline.}
      hand: {seat: officer, text: Hand her the phone.}
      listen: {seat: advocate, text: Listen to her.}
      ask: {seat: advocate, text: Ask the officer.}
    to: end
  end: {text: Over., ending: {title: The night ends}}
"""


def begun(folder: Path, advocate: str = "human") -> str:
    """A session in the hall, where both are asked. Returns its id."""
    path = folder / "shelf" / "library" / "hall.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HALL, encoding="utf-8")
    store = open_store(folder / "store.sqlite3")
    places = (Place("officer", "Heron", "human"), Place("advocate", "Plover", advocate))
    session = Session.begin(store, Library().bundle(path), places, seed=1)
    session.choose("officer", "here")
    store.close()
    return session.id


def answers(folder: Path, ident: str) -> list[tuple[Any, ...]]:
    return [(e["seat"], e["about"], e["action"]) for e in events(folder, ident) if e["kind"] == "predict"]


def place(table: Table, text: str) -> tuple[int, int]:
    """The column and the row at which a text begins on the screen."""
    lines = ["".join(part.text for part in strip) for strip in table.screen._compositor.render_strips(table.app.size)]
    [(column, row)] = [(line.index(text), number) for number, line in enumerate(lines) if text in line]
    return column, row


def test_one_press_answers_each_question(tmp_path):
    ident = begun(tmp_path, "typical")

    async def story(table: Table) -> None:
        await table.shows("How distressing was that for Dana?")
        await table.press("6")
        await table.shows("Whose duty is this?")
        await table.press("2")
        await table.shows("What do you think Maya Ellison will do?")
        await table.press("1")
        await table.on("PlayScreen")
        await table.ready()

    play(tmp_path, story, start="resume", session=ident)
    assert answers(tmp_path, ident) == [
        ("officer", "distress", "6"), ("officer", "duty", "advocate"), ("officer", "partner", "listen"),
    ]  # fmt: skip


def test_one_press_skips_and_ten_has_a_key_of_its_own(tmp_path):
    ident = begun(tmp_path, "typical")

    async def story(table: Table) -> None:
        await table.shows("How distressing")
        await table.press("t")
        await table.shows("Whose duty is this?")
        await table.press("s")
        await table.shows("What do you think")
        await table.press("escape")
        await table.on("PlayScreen")
        await table.ready()

    play(tmp_path, story, start="resume", session=ident)
    assert [answer for *_, answer in answers(tmp_path, ident)] == ["10", None, None]


def test_the_arrows_and_enter_answer_too(tmp_path):
    ident = begun(tmp_path, "typical")

    async def story(table: Table) -> None:
        await table.shows("How distressing")
        await table.press("right", "right", "right", "left", "enter")
        await table.shows("Whose duty is this?")
        await table.press("down", "down", "down", "enter")
        await table.shows("What do you think")

    play(tmp_path, story, start="resume", session=ident)
    assert [answer for *_, answer in answers(tmp_path, ident)] == ["1", "all-of-us"]


def test_what_has_just_happened_can_be_read_above_the_question(tmp_path):
    ident = begun(tmp_path, "typical")

    async def story(table: Table) -> None:
        await table.shows("How distressing")
        assert "Ask her here." in table.text() and "Both of you stand in the hall." in table.text()

    play(tmp_path, story, start="resume", session=ident)


def test_a_press_meant_for_the_screen_before_answers_nothing(tmp_path, monkeypatch: pytest.MonkeyPatch):
    ident = begun(tmp_path, "typical")
    monkeypatch.setattr(curtain, "DOUBLE_PRESS", 3600.0)

    async def story(table: Table) -> None:
        await table.shows("How distressing")
        await table.press("6", "s", "enter")
        await table.shows("How distressing")

    play(tmp_path, story, start="resume", session=ident)
    assert answers(tmp_path, ident) == []


def test_whoever_sits_down_next_is_asked_anew_and_sees_nothing_of_what_was_answered(tmp_path):
    ident = begun(tmp_path)

    async def story(table: Table) -> None:
        seen = []
        for answered in ("6", "2", "1"), ("s", "s", "s"):
            await table.on("Curtain")
            await table.press("enter")
            await table.is_asked()
            seen.append(table.text().partition("Only you: How distressing")[2])
            assert table.screen.query_one(Scale).selected is None
            for key in answered:
                await table.answer(key)
            await table.choose("1")
        assert seen[0] and seen[0] == seen[1]  # the same question, whatever was answered

    play(tmp_path, story, start="resume", session=ident)
    assert [(seat, answer) for seat, _, answer in answers(tmp_path, ident)] == [
        ("officer", "6"), ("officer", "advocate"), ("officer", "listen"),
        ("advocate", None), ("advocate", None), ("advocate", None),
    ]  # fmt: skip


@pytest.mark.parametrize("size", [(40, 12), (40, 24), (80, 24)], ids=str)
def test_a_number_can_be_clicked_whatever_the_size(tmp_path, size):
    ident = begun(tmp_path, "typical")

    async def story(table: Table) -> None:
        await table.shows("How distressing")
        assert table.screen.query_one("#story").size.height >= 4
        (six, row), (ten, same) = place(table, " 6 "), place(table, " 10 ")
        assert row == same and six < ten  # all of them stand in one line
        column, row = place(table, " 7 ")
        await table.pilot.click(offset=(column + 1, row))
        await table.shows("Whose duty is this?")

    play(tmp_path, story, start="resume", session=ident, size=size)
    assert answers(tmp_path, ident) == [("officer", "distress", "7")]


@pytest.mark.parametrize("size", [(40, 12), (40, 24), (80, 24)], ids=str)
def test_a_press_on_its_words_skips_what_is_asked(tmp_path, size):
    ident = begun(tmp_path, "typical")

    async def story(table: Table) -> None:
        for asked in "How distressing", "Whose duty is this?", "What do you think":
            await table.shows(asked)
            await table.pilot.click(offset=place(table, "skips it"))
        await table.ready()

    play(tmp_path, story, start="resume", session=ident, size=size)
    assert [answer for *_, answer in answers(tmp_path, ident)] == [None, None, None]


def test_no_key_answers_a_question_that_the_side_covers(tmp_path):
    ident = begun(tmp_path, "typical")

    async def story(table: Table) -> None:
        await table.shows("How distressing")
        await table.press("f2")
        await table.shows("Only you see this side.")
        await table.press("6", "enter", "f2")
        await table.shows("How distressing")

    play(tmp_path, story, start="resume", session=ident)
    assert answers(tmp_path, ident) == []


def test_the_key_that_leaves_skips_what_is_asked_first(tmp_path):
    ident = begun(tmp_path, "typical")

    async def story(table: Table) -> None:
        await table.answer("escape")
        await table.shows("Whose duty is this?")
        await table.answer("escape")
        await table.answer("escape")
        await table.ready()
        await table.press("escape")
        await table.shows("Leave this play for now?")

    play(tmp_path, story, start="resume", session=ident)


def test_help_says_that_what_is_asked_in_private_is_weighed_for_nobody(tmp_path):
    async def story(table: Table) -> None:
        await table.is_asked()
        await table.press("f1")
        await table.shows("What is asked in private is weighed")

    play(tmp_path, story, start="resume", session=begun(tmp_path, "typical"), size=(100, 50))
