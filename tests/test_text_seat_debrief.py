"""The debrief at a text-only seat: reactions before anything is weighed, then each at their own pace."""

from __future__ import annotations

import pytest

from simulator.debrief import CAUTION
from tests.text_reader import Sheet, Table, evening, store

__all__ = ["evening", "store"]


@pytest.fixture
def over(evening: Table) -> Table:
    """The small scenario, played to its end; both people look at it."""
    session = evening.session
    for seat, action in (
        ("officer", "apart"), ("advocate", "listen"), ("officer", "officer-stay"), ("advocate", "advocate-go"),
        ("officer", "this"),
    ):  # fmt: skip
        session.choose(seat, action)
    for reader in evening.readers.values():
        reader.look()
    return evening


def to_reactions(table: Table) -> None:
    for reader in table.readers.values():
        reader.follow("Go to the debrief")


def to_analysis(table: Table, seat: str) -> Sheet:
    to_reactions(table)
    for reader in table.readers.values():
        reader.press("Done")
    table[seat].look()
    return table[seat].press("On to: analysis")


def test_the_story_ends_before_the_debrief_begins(over: Table) -> None:
    sheet = over["officer"].sheet
    assert sheet.headings[0] == "The end" and "The night ends" in sheet.text
    assert over["officer"].follow("Go to the debrief").headings[0] == "Debrief: reactions"


def test_reactions_may_stay_empty_and_name_nobody(over: Table) -> None:
    to_reactions(over)
    assert "No real people. Kept with this play and nowhere else. Can be left empty." in over["officer"].sheet.text
    over["officer"].press("Done")
    assert over.session.remarks() == []


def test_nothing_is_weighed_before_everybody_has_said_how_it_was(over: Table) -> None:
    to_reactions(over)
    for query in ("?page=analysis", "?page=description", "?page=debrief", ""):
        sheet = over["officer"].look(query)
        assert CAUTION not in sheet.text and "I slept." not in sheet.text and "ADVOCATESECRET" not in sheet.text
    over["officer"].look("?page=debrief")
    sheet = over["officer"].press("Done", reactions="Hard.")
    assert "as soon as everybody has said how it was for them" in sheet.text
    for query in ("?page=analysis", "?page=description"):
        assert "ADVOCATESECRET" not in over["officer"].look(query).text


def test_the_waiting_one_goes_on_when_the_other_is_done(over: Table) -> None:
    to_reactions(over)
    over["officer"].press("Done")
    over["advocate"].press("Done")
    assert over["officer"].follow("Look again").headings[0] == "Debrief: what happened"


def test_what_is_written_is_kept_and_shown_to_nobody(over: Table) -> None:
    to_reactions(over)
    over["officer"].press("Done", reactions="  It was <b>hard</b>.\nVery. ")
    assert over.session.remarks() == [("officer", "reactions", "It was <b>hard</b>. Very.")]
    over["advocate"].press("Done")
    for reader in over.readers.values():
        assert "Very." not in reader.look().text


def test_handing_in_twice_counts_once(over: Table) -> None:
    to_reactions(over)
    form = over["officer"].filled("Done", reactions="Hard.")
    over["officer"].send(form)
    sheet = over["officer"].send(form | {"reactions": "Something else."})
    assert "done once already" in sheet.text
    assert over.session.remarks() == [("officer", "reactions", "Hard.")]


def test_what_happened_opens_what_each_alone_saw(over: Table) -> None:
    to_reactions(over)
    for reader in over.readers.values():
        reader.press("Done")
    text = over["officer"].look().text
    assert "ADVOCATESECRET two. (only Maya Ellison saw this)" in text
    assert "Her own account, some weeks later" in text and "I slept." in text


def test_the_analysis_stands_under_headings_and_says_what_it_is_not_for(over: Table) -> None:
    sheet = to_analysis(over, "officer")
    assert "Lines of law and life safety" in sheet.headings and "Decision by decision" in sheet.headings
    assert CAUTION in sheet.text


def test_each_goes_at_their_own_pace(over: Table) -> None:
    to_analysis(over, "officer")
    assert over["advocate"].look().headings[0] == "Debrief: what happened"


def test_a_part_that_was_read_can_be_read_again(over: Table) -> None:
    to_analysis(over, "officer")
    assert over["officer"].follow("What happened (done)").headings[0] == "Debrief: what happened"
    assert over["officer"].follow("Back to where you were").headings[0] == "Debrief: analysis"


def test_no_part_can_be_skipped_by_a_made_up_form(over: Table) -> None:
    to_reactions(over)
    for form in (
        {"do": "read", "number": "analysis"},
        {"do": "read", "number": "reactions"},
        {"do": "write", "number": "summary"},
    ):
        assert "this is how things stand" in over["officer"].send(form).text
    assert over.session.debrief_phase is None and not over.session.has_finished("reactions", "officer")


def test_keep_and_change_end_in_a_goodbye(over: Table) -> None:
    to_analysis(over, "officer")
    over["officer"].press("On to: keep and change")
    sheet = over["officer"].press("Done", keep="Ask apart.", change="")
    assert sheet.headings[0] == "Thank you" and "Ms. Ito, room 4" in sheet.text
    assert over.session.remarks() == [("officer", "keep", "Ask apart.")]
    assert over["officer"].look("").headings[0] == "Thank you"


def test_a_pause_in_the_debrief_keeps_no_event(over: Table) -> None:
    to_reactions(over)
    before = over.kinds()
    assert over["officer"].press("Step out").headings == ["You have stepped out"]
    assert over["officer"].press("Take a break, then go on here").headings[0] in ("The end", "Debrief: reactions")
    assert over.kinds() == before


def test_whoever_left_the_seat_to_the_computer_is_not_waited_for(evening: Table) -> None:
    evening["officer"].press("Step out")
    evening["officer"].press("Let the computer play my part to the end")
    advocate = evening["advocate"]
    advocate.look()
    while advocate.sheet.headings[0] != "The end":
        [form] = [form for form in advocate.sheet.forms if form.radios]
        advocate.press("Do it", form.radios[0][2])
    advocate.follow("Go to the debrief")
    assert advocate.press("Done").headings[0] == "Debrief: what happened"
