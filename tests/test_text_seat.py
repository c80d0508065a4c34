"""A seat as plain pages of text: waiting, reading, choosing, being asked, and everybody's pause."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest

from facilitator.host.text.frame import Asked
from facilitator.host.textseat import TextSeat
from simulator.events import Pause
from simulator.seated import Seating
from tests.app_helpers import scenario
from tests.text_reader import Reader, Table, evening, opened, room, store

__all__ = ["evening", "store"]


def at_the_phone(table: Table) -> None:
    table["officer"].press("Do it", "Take her apart")
    table["officer"].press("Skip this question")


def at_both(table: Table) -> None:
    at_the_phone(table)
    table["advocate"].look()
    table["advocate"].press("Do it", "Listen")
    table["officer"].look()


# --- before the story --------------------------------------------------------------------------------------------


def test_a_ticket_that_leads_nowhere_is_told_so(store: Any) -> None:
    with room(store, name="kitchen-table") as (_, text, _):
        page = text.page("no-such-ticket", "")
        assert page.status == 404
        assert "leads nowhere" in page.html


def test_whoever_waits_reads_what_the_story_holds_and_looks_again(store: Any, tmp_path) -> None:
    with room(store, name=str(scenario(tmp_path))) as (seating, text, opened):
        reader = Reader(text, seating.admit(opened, alias="Heron", wish="officer"))
        sheet = reader.look()
        assert "raised voices" in sheet.text and "Ms. Ito, room 4" in sheet.text
        assert "refresh" not in reader.html
        seating.admit(opened, alias="Plover", wish="advocate")
        assert reader.follow("Look again").headings[0] == "Before you begin"


def test_the_first_scene_comes_after_advisories_ground_rules_and_support(store: Any, tmp_path) -> None:
    with room(store, name=str(scenario(tmp_path))) as opened:
        officer = Table(*opened)["officer"]
        before = officer.look()
        assert "a door that slams" in before.text and "Between us" in before.headings
        assert "Dana opens" not in before.text and "SECRET" not in before.text
        assert "Dana opens" in officer.follow("Begin the story").text


def test_whoever_has_acted_comes_straight_back_to_the_story(evening: Table) -> None:
    at_the_phone(evening)
    assert "She tells her part." in evening["officer"].look("").text


# --- the story ---------------------------------------------------------------------------------------------------


def test_the_title_says_whose_turn_it_is(evening: Table) -> None:
    assert evening["officer"].sheet.title == "Your turn: Officer Reyes · An evening – Handoff"
    assert evening["advocate"].sheet.title.startswith("Not your turn: Officer Reyes is thinking · An evening")


def test_an_author_s_brackets_and_angles_are_words(evening: Table) -> None:
    assert "Dana opens [b]the door[/b] and [oops." in evening["officer"].sheet.text


def parts(reader: Reader) -> dict[str, str]:
    """What stands under each second heading of the page."""
    return {part.partition("</h2>")[0].partition(">")[2]: part for part in reader.html.split("<h2")[1:]}


def test_what_is_new_stands_first_and_the_whole_story_below(evening: Table) -> None:
    at_both(evening)
    found = parts(evening["officer"])
    assert list(found)[:3] == ["New since you last looked", "What you can do", "The whole story"]
    assert "Maya Ellison:</strong> Listen." in found["New since you last looked"]
    assert "Dana opens" not in found["New since you last looked"]
    assert "Dana opens" in found["The whole story"] and "Listen." in found["The whole story"]


def test_what_was_looked_at_again_is_not_new_any_more(evening: Table) -> None:
    evening["advocate"].follow("Look again")
    assert "Nothing new." in parts(evening["advocate"])["New since you last looked"]


def test_looking_again_by_itself_keeps_what_is_new(evening: Table) -> None:
    evening["advocate"].follow("Look again by itself")
    evening["advocate"].look("?seen=0&auto=1")
    assert "ADVOCATESECRET two." in parts(evening["advocate"])["New since you last looked"]


def test_options_say_their_minutes_and_closed_ones_why(evening: Table) -> None:
    text = evening["officer"].sheet.text
    assert "Take her apart (3 min)" in text
    assert "Closed: Come back later. Why: Nobody is here yet." in text
    labels = [label for form in evening["officer"].sheet.forms for _, _, label in form.radios]
    assert labels == ["Take her apart (3 min)", "Ask now (1 min)"]


def test_a_choice_is_an_event_of_the_log(evening: Table) -> None:
    evening["officer"].press("Do it", "Take her apart")
    assert evening.kinds() == ["start", "choose"]


def test_pressing_without_a_choice_is_told_and_does_nothing(evening: Table) -> None:
    sheet = evening["officer"].press("Do it")
    assert "Nothing was chosen yet." in sheet.text and sheet.title.startswith("Not done: ")
    assert evening.kinds() == ["start"]


def test_a_closed_option_cannot_be_sent(evening: Table) -> None:
    form = evening["officer"].filled("Do it") | {"action": "later"}
    assert "Nothing was chosen yet." in evening["officer"].send(form).text
    assert evening.kinds() == ["start"]


def test_a_double_click_acts_once_and_is_told(evening: Table) -> None:
    form = evening["officer"].filled("Do it", "Take her apart")
    evening["officer"].send(form)
    again = evening["officer"].send(form)
    assert "done once already, or not at all" in again.text
    assert evening.kinds().count("choose") == 1


def test_a_stale_page_of_another_scene_does_nothing(evening: Table) -> None:
    old = evening["officer"].filled("Do it", "Ask now")
    at_both(evening)
    assert "this is how things stand" in evening["officer"].send(old).text
    assert evening.kinds().count("choose") == 2


def test_two_seats_never_share_a_form(evening: Table) -> None:
    form = evening["officer"].filled("Do it", "Take her apart")
    assert "this is how things stand" in evening["advocate"].send(form).text
    assert evening.kinds() == ["start"]


def test_a_form_nobody_wrote_does_nothing(evening: Table) -> None:
    for form in ({}, {"do": "rate"}, {"do": "choose", "action": "apart"}, {"do": "read", "number": "reactions"}):
        assert "this is how things stand" in evening["officer"].send(form).text
    assert evening.kinds() == ["start"]


@pytest.mark.parametrize(
    "query", ["?seen=-1", "?seen=99999999999999999999", "?page=../x&told=<b>", "?seen=٣", "?" + "a=1&" * 15]
)
def test_a_made_up_address_is_just_the_page(evening: Table, query: str) -> None:
    assert "<b>" not in evening["officer"].look(query).text
    assert evening["officer"].status == 200


def test_too_many_words_in_an_address_are_passed_over() -> None:
    assert Asked.of("/t/x?" + "a=1&" * 100 + "seen=3") == Asked()


def test_nothing_is_refreshed_unless_somebody_asked_for_it(evening: Table) -> None:
    assert "http-equiv" not in evening["advocate"].html
    sheet = evening["advocate"].follow("Look again by itself")
    assert '<meta http-equiv="refresh" content="5;url=?seen=0&amp;auto=1">' in evening["advocate"].html
    assert "Look again" in sheet.links
    evening["advocate"].follow("Stop looking again by itself")
    assert "http-equiv" not in evening["advocate"].html


def test_a_page_with_something_to_fill_in_never_refreshes_itself(evening: Table) -> None:
    evening["advocate"].follow("Look again by itself")
    at_the_phone(evening)
    evening["advocate"].look()
    assert "http-equiv" not in evening["advocate"].html
    evening["advocate"].press("Do it", "Listen")
    assert "http-equiv" not in evening["advocate"].html  # together: this seat has to choose too
    evening["advocate"].press("Do it", "You hang up")
    assert "http-equiv" in evening["advocate"].html


def test_who_is_away_is_said(store: Any, tmp_path) -> None:
    with room(store, name=str(scenario(tmp_path))) as opened:
        table = Table(*opened)
        assert "Away just now: Maya Ellison." in table["officer"].begin().text
        table["advocate"].begin()
        assert "Everybody is here." in table["officer"].look().text


def test_somebody_who_reads_for_two_minutes_is_still_there(evening: Table) -> None:
    now = [0.0]
    text = type(evening.text)(evening.seating, clock=lambda: now[0])
    Reader(text, evening["officer"].secret).look()
    now[0] = 120
    assert len(text.there()) == 1
    now[0] = 1200
    assert text.there() == []


# --- private questions -------------------------------------------------------------------------------------------


def test_a_private_question_is_asked_before_anybody_acts(evening: Table) -> None:
    sheet = evening["officer"].press("Do it", "Take her apart")
    assert sheet.title.startswith("A question for you")
    assert "What do you think Maya Ellison will do?" in sheet.text and "Only you see this." in sheet.text
    evening["officer"].press("That is my answer", "Hurry")
    assert evening.session.play.guesses[0].action == "hurry"


def test_a_question_can_be_skipped(evening: Table) -> None:
    evening["officer"].press("Do it", "Take her apart")
    sheet = evening["officer"].press("Skip this question")
    assert sheet.title.startswith("Not your turn")
    assert evening.session.play.guesses[0].action is None


def test_an_answer_of_somebody_s_own_making_is_not_taken(evening: Table) -> None:
    evening["officer"].press("Do it", "Take her apart")
    form = evening["officer"].filled("That is my answer") | {"answer": "run"}
    assert "Nothing was chosen yet." in evening["officer"].send(form).text
    assert evening.kinds() == ["start", "choose"]


def test_a_partner_s_private_answer_makes_no_form_stale(evening: Table) -> None:
    evening["officer"].press("Do it", "Take her apart")
    evening["advocate"].look()
    form = evening["advocate"].filled("Do it", "Listen")
    evening["officer"].press("That is my answer", "Hurry")
    evening["advocate"].send(form)
    assert evening.kinds() == ["start", "choose", "predict", "choose"]


# --- together ----------------------------------------------------------------------------------------------------


def test_together_each_chooses_unseen(evening: Table) -> None:
    at_both(evening)
    assert "Each chooses unseen." in evening["officer"].sheet.text
    waits = evening["officer"].press("Do it", "You go")
    assert waits.title.startswith("Not your turn: Maya Ellison is thinking")
    advocate = evening["advocate"].look()
    assert "You go" not in advocate.text and "Each chooses unseen." in advocate.text


def test_a_partner_s_unseen_choice_makes_no_form_stale(evening: Table) -> None:
    at_both(evening)
    evening["advocate"].look()
    form = evening["advocate"].filled("Do it", "You hang up")
    evening["officer"].press("Do it", "You go")
    text = evening["advocate"].send(form).text
    assert "Officer Reyes: You go." in text and "Maya Ellison: You hang up." in text


# --- pause and stepping out --------------------------------------------------------------------------------------


def test_pausing_hides_the_story_and_pauses_everybody(evening: Table) -> None:
    quiet = evening["officer"].press("Pause")
    assert quiet.headings == ["Paused"] and "Ms. Ito, room 4" in quiet.text
    assert "Dana" not in quiet.text and "SECRET" not in quiet.text
    assert "Nobody is asked why, and nothing goes on meanwhile." in evening["advocate"].look().text
    evening["officer"].press("Go on")
    assert evening.kinds() == ["start", "pause", "resume"]


def test_pause_stands_on_every_page(evening: Table) -> None:
    for query in (
        "",
        "?seen=0",
        "?page=begin",
        "?page=quiet",
        "?page=out",
        "?page=go-on",
        "?page=debrief",
        "?page=say",
    ):
        for reader in evening.readers.values():
            buttons = [button for form in reader.look(query).forms for button, _ in form.buttons]
            assert {"Pause", "Step out"} <= set(buttons)


def test_an_old_page_can_pause_too(evening: Table) -> None:
    form = evening["officer"].filled("Pause")
    at_both(evening)
    assert evening["officer"].send(form).headings == ["Paused"]
    assert evening.session.paused


def test_pausing_twice_is_one_pause(evening: Table) -> None:
    form = evening["officer"].filled("Pause")
    evening["officer"].send(form)
    evening["officer"].send(form)
    assert sum(isinstance(event, Pause) for event in evening.session.events) == 1


def test_a_choice_from_a_page_of_before_the_pause_is_not_taken(evening: Table) -> None:
    form = evening["officer"].filled("Do it", "Take her apart")
    evening["advocate"].press("Pause")
    sheet = evening["officer"].send(form)
    assert "this is how things stand" in sheet.text or "The play is paused" in sheet.text
    assert evening.kinds() == ["start", "pause"]


def test_somebody_else_may_go_on_after_being_asked(evening: Table) -> None:
    evening["officer"].press("Pause")
    evening["advocate"].look()
    asked = evening["advocate"].follow("Go on all the same")
    assert "Whoever paused may not be back yet." in asked.text
    evening["advocate"].press("Go on")
    assert not evening.session.paused


def test_going_on_is_good_for_one_pause(evening: Table) -> None:
    evening["officer"].press("Pause")
    form = evening["officer"].filled("Go on")
    evening["officer"].send(form)
    evening["officer"].press("Pause")
    evening["officer"].send(form)
    assert evening.session.paused


def test_stepping_out_keeps_the_same_event_as_a_pause(evening: Table) -> None:
    sheet = evening["officer"].press("Step out")
    assert sheet.headings == ["You have stepped out"]
    assert evening.kinds() == ["start", "pause"]


def test_whoever_steps_out_may_leave_the_seat_to_the_computer(evening: Table) -> None:
    evening["officer"].press("Step out")
    form = evening["officer"].filled("Let the computer play my part to the end")
    assert evening["officer"].send(form).headings == ["You stepped out"]
    evening["officer"].send(form)
    assert evening.session.human_seats == ("advocate",) and evening.kinds().count("resume") == 1
    assert evening["officer"].look("?page=debrief").headings == ["You stepped out"]
    assert evening["advocate"].look().title.startswith("Your turn: Maya Ellison")


def test_the_two_can_be_told_apart_by_nobody_else(evening: Table) -> None:
    evening["officer"].press("Pause")
    paused = evening["advocate"].look().text
    evening["officer"].press("Go on")
    evening["officer"].press("Step out")
    assert evening["advocate"].look().text == paused


def test_whoever_waits_can_pause_and_step_out_too(store: Any, tmp_path) -> None:
    with room(store, name=str(scenario(tmp_path))) as (seating, text, opened):
        reader = Reader(text, seating.admit(opened, alias="Heron"))
        reader.look()
        assert reader.press("Step out").headings == ["You have stepped out"]
        assert reader.press("Take a break, then go on here").headings[0].startswith("You are in.")


# --- beside the computer -----------------------------------------------------------------------------------------


def test_beside_the_computer_nobody_waits(store: Any, tmp_path) -> None:
    with room(store, name=str(scenario(tmp_path)), pairing="facilitator") as (seating, text, opened):
        reader = Reader(text, seating.admit(opened, alias="Heron", wish="officer"))
        seating.begin(opened, {"officer": seating.store.tickets(opened.id)[0]})
        reader.begin()
        reader.press("Do it", "Take her apart")
        sheet = reader.press("Skip this question")
        assert sheet.title.startswith("Your turn: Officer Reyes") and "Each chooses unseen." in sheet.text


# --- many at once ------------------------------------------------------------------------------------------------


def at_once(*jobs: Any) -> list[Any]:
    """Do all of it in the same moment, each in a thread of its own."""
    gate = Barrier(len(jobs))

    def wait_and(job: Any) -> Any:
        gate.wait()
        return job()

    with ThreadPoolExecutor(len(jobs)) as threads:
        return [each.result() for each in [threads.submit(wait_and, job) for job in jobs]]


def test_many_clicks_in_one_moment_act_once(evening: Table) -> None:
    form = evening["officer"].filled("Do it", "Take her apart")
    secret = evening["officer"].secret
    answers = at_once(*[lambda: evening.text.act(secret, form)] * 6)
    assert evening.kinds() == ["start", "choose"]
    assert sum("told" not in answer.to for answer in answers) == 1


def test_two_hosts_on_one_store_act_once(evening: Table, tmp_path) -> None:
    elsewhere = Seating(evening.seating.library, opened(tmp_path))
    form = evening["officer"].filled("Do it", "Take her apart")
    secret = evening["officer"].secret
    try:
        at_once(lambda: evening.text.act(secret, form), lambda: TextSeat(elsewhere).act(secret, form))
    finally:
        elsewhere.close()
        elsewhere.store.close()
    assert evening.kinds() == ["start", "choose"]


def test_together_both_choices_of_one_moment_are_kept(evening: Table) -> None:
    at_both(evening)
    evening["advocate"].look()
    forms = {
        "officer": evening["officer"].filled("Do it", "You go"),
        "advocate": evening["advocate"].filled("Do it", "You hang up"),
    }
    at_once(*(partial(evening.text.act, evening[seat].secret, form) for seat, form in forms.items()))
    assert evening.kinds()[-2:] == ["choose", "choose"]
    assert evening.session.on_turn == ("officer",)


def test_a_pause_is_taken_though_somebody_chooses_in_the_same_moment(evening: Table) -> None:
    form = evening["officer"].filled("Do it", "Take her apart")
    pause = evening["advocate"].filled("Pause")
    at_once(
        partial(evening.text.act, evening["officer"].secret, form),
        partial(evening.text.act, evening["advocate"].secret, pause),
    )
    assert evening.session.paused


# --- whoever runs the room -----------------------------------------------------------------------------------------


def test_a_message_stands_in_the_story(evening: Table) -> None:
    evening.session.announce("Read the order once more.", "officer")
    assert "Read the order once more." in evening["officer"].look().text
    assert "Read the order once more." not in evening["advocate"].look().text


def test_while_it_is_held_there_is_nothing_to_press(evening: Table) -> None:
    evening.session.hold()
    sheet = evening["officer"].look()
    assert "Whoever runs the room has paused the story." in sheet.text
    assert "Go on all the same" not in sheet.links


def test_a_seat_of_text_is_asked_whether_to_go_back(evening: Table) -> None:
    at_the_phone(evening)
    evening.session.catch_up()
    evening.session.propose(0)
    assert "offers to go back to “At the door”" in evening["officer"].look().text
    evening["officer"].press("Yes, go back")
    evening["advocate"].look()
    evening["advocate"].press("Yes, go back")
    evening.session.catch_up()
    assert evening.session.state.scene == "door"


def test_a_play_that_is_moved_on_opens_its_debrief(evening: Table) -> None:
    at_the_phone(evening)
    evening.session.catch_up()
    evening.session.conclude()
    assert "how was that for you?" in evening["officer"].look().text


def test_what_is_said_in_a_debrief_stands_above_it(evening: Table) -> None:
    evening.session.conclude()
    evening.session.announce("Back at <b>ten</b>.", "officer")
    assert "From whoever runs the room" in evening["officer"].look().text
    assert "Back at <b>ten</b>." in evening["officer"].look().text
    assert "From whoever runs the room" not in evening["advocate"].look().text
