"""Saying something of one's own at a text-only seat: whom, then forms by kind, and the turn goes on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.speaking import OPEN, leading_on
from tests.text_reader import Table, room, store

__all__ = ["store"]


@pytest.fixture
def ward(store: Any):
    """Open telling, the advocate on turn, both people past what stands before the first scene."""
    with room(store, name=str(OPEN)) as (seating, text, opened):
        table = Table(seating, text, opened, seating.bundle(opened).scenario.seats)
        for reader in table.readers.values():
            reader.begin()
        yield table


def test_what_can_be_said_is_grouped_by_whom_and_by_kind(ward: Table) -> None:
    sheet = ward["advocate"].follow("Say something of your own first")
    legends = [words for words in sheet.words if words in ("What do you tell?", "What do you ask?", "Ring")]
    assert sheet.headings[0] == "Say something of your own" and len(sheet.headings) > 2
    assert "What do you tell?" in legends
    assert "Nothing you say is judged while you play" in sheet.text


def test_a_release_is_read_before_she_is_asked_for_it(ward: Table) -> None:
    sheet = ward["advocate"].follow("Say something")
    papers = {
        given["aria-describedby"] for tag, given in sheet.elements if tag == "input" and "aria-describedby" in given
    }
    assert papers and papers <= {given.get("id") for tag, given in sheet.elements if tag == "dl"}
    assert "What for" in sheet.words and "How long" in sheet.words


def test_a_message_says_that_it_stays(ward: Table) -> None:
    assert "A message stays in the record of both." in ward["advocate"].follow("Say something").text


def test_what_is_said_is_an_event_and_the_turn_goes_on(ward: Table) -> None:
    ward["advocate"].follow("Say something")
    sheet = ward["advocate"].press("Tell it", "Tell")
    assert ward.kinds()[-1] == "tell"
    assert sheet.title.startswith("Your turn")


def test_saying_it_twice_by_a_double_click_says_it_once(ward: Table) -> None:
    ward["advocate"].follow("Say something")
    form = ward["advocate"].filled("Tell it", "Tell")
    ward["advocate"].send(form)
    assert "done once already, or not at all" in ward["advocate"].send(form).text
    assert ward.kinds().count("tell") == 1


def test_whoever_rings_somebody_goes_on_to_what_to_say(ward: Table) -> None:
    ward["advocate"].follow("Say something")
    sheet = ward["advocate"].press("Ring", "Ring Jo")
    assert ward.kinds()[-1] == "call"
    assert sheet.headings[0] == "Say something of your own"


def test_what_nobody_offered_cannot_be_said(ward: Table) -> None:
    ward["advocate"].follow("Say something")
    form = ward["advocate"].filled("Tell it", "Tell") | {"said": "tell officer moon by phone"}
    assert "Nothing was chosen yet." in ward["advocate"].send(form).text
    assert ward.kinds() == ["start"]


def test_nobody_says_anything_out_of_turn(ward: Table) -> None:
    assert ward["officer"].look("?page=say&seen=0").headings[0] == "Maya Ellison is thinking"


def test_where_telling_is_not_open_the_page_offers_none(store: Any) -> None:
    with room(store, name="kitchen-table") as opened:
        table = Table(*opened)
        assert "Say something" not in table["officer"].begin().text


def test_what_is_said_may_lead_on(store: Any, tmp_path) -> None:
    with room(store, name=str(leading_on(tmp_path))) as (seating, text, opened):
        table = Table(seating, text, opened, seating.bundle(opened).scenario.seats)
        for reader in table.readers.values():
            reader.begin()
        table["advocate"].follow("Say something")
        sheet = table["advocate"].press("Tell it", "Tell: where he keeps")
        assert sheet.title.startswith("Not your turn: Officer Reyes")
