"""Saying something unprompted: what can be said, in what order, who hears it, and how a script writes it."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facilitator.rehearsal import Rehearsal, rehearse, replay
from simulator.engine import NotAllowed
from simulator.events import Ask, AskRelease, Call, Consult, Revoke, Tell, Unprompted
from simulator.library import Library, bundle_from_texts
from simulator.listeners import ADVISERS, SURVIVOR, form, listeners
from simulator.log import open_store
from simulator.script import BadScript, ScriptLine, is_speech, parse, play_line, spoken
from simulator.session import Session
from simulator.speaking import words_of
from simulator.view import View, witnessed
from tests.generator import generate, texts
from tests.small import world_trees
from tests.speaking import OPEN, begin, opened_up, perform, talkative
from tests.test_laws import told

GUN = Tell(seat="advocate", to="officer", item="gun", channel="in-person")


@pytest.fixture
def session(tmp_path):
    store = open_store(tmp_path / "s.sqlite3")
    yield begin(store)
    store.close()


def lines(view: View, whom: str) -> list[str]:
    """What can be said to somebody, as the list shows it."""
    return [thing.text for listener in listeners(view.sayable) if listener.key == whom for thing in listener.things]


# --- what can be said, and in what order --------------------------------------------------------------------------


def test_people_come_first_then_the_survivor_then_advice(session):
    found = listeners(session.view("advocate").sayable)
    assert [(each.key, each.where) for each in found] == [
        ("officer", "here"), ("nurse", "not here"), (SURVIVOR, ""), (ADVISERS, ""),
    ]  # fmt: skip


def test_what_can_be_said_stands_in_the_authors_order(session):
    assert lines(session.view("advocate"), "officer") == [
        "Tell: where he keeps the handgun",
        "Tell: that she stays with [Harbor House] tonight",
        "Ask: “How is her throat?”",
    ]


def test_a_signature_changes_nothing_in_the_list_of_what_can_be_told(session):
    before = lines(session.view("advocate"), "officer")
    session.choose("advocate", "sit")
    session.choose("advocate", "sit")
    session.say(AskRelease(seat="advocate", form="gun_paper"))
    assert session.state.record.forms["gun_paper"].signed is not None
    assert lines(session.view("advocate"), "officer") == before


def test_another_law_changes_nothing_in_what_can_be_said(session, tmp_path):
    bundle = Library().bundle(OPEN, jurisdiction="harbor-state")
    assert rehearse(bundle).view("advocate").sayable == session.view("advocate").sayable


def test_what_was_told_is_marked_and_keeps_its_place(session):
    session.say(GUN)
    assert lines(session.view("advocate"), "officer")[0] == "Tell: where he keeps the handgun (told)"


def test_what_an_authored_action_told_is_marked_too():
    trees = world_trees(
        {
            "room": {
                "turn": "advocate",
                "present": ["officer", "advocate"],
                "actions": {"say": {"text": "Say it.", "tell": {"to": "officer", "items": "gun"}, "to": "room"}},
            },
            "end": {"ending": {"title": "The end"}},
        },
        items={"gun": {"text": "where the gun is", "known_by": "advocate"}},
        telling="open",
    )
    play = rehearse(bundle_from_texts(texts(trees)))
    play.choose("advocate", "say")
    assert [thing.again for thing in play.view("advocate").sayable if thing.kind == "tell"] == [True, True]


def test_what_was_asked_is_marked(session):
    session.say(Ask(seat="advocate", to="nurse", item="neck"))
    assert lines(session.view("advocate"), "nurse")[-1] == "Ask: “How is her throat?” (asked)"


def test_somebody_in_the_room_can_be_told_in_person_or_by_message(session):
    [officer, *_] = listeners(session.view("advocate").sayable)
    assert [way.event.channel for way in officer.things[0].ways] == ["in-person", "message"]


def test_somebody_elsewhere_is_rung_before_being_told_on_the_phone(session):
    assert lines(session.view("advocate"), "nurse")[:2] == [
        "Ring Jo Adeyemi.",
        "Tell by message: where he keeps the handgun",
    ]
    session.say(Call(seat="advocate", to="nurse"))
    nurse = listeners(session.view("advocate").sayable)[1]
    assert (nurse.where, [way.event.channel for way in nurse.things[0].ways]) == ("on the phone", ["phone", "message"])


def test_a_release_is_a_form_with_items_recipient_purpose_and_end(session):
    survivor = listeners(session.view("advocate").sayable)[2]
    sound, endless = (dict(form(thing.usual)) for thing in survivor.things)
    assert sound == {
        "What": "where he keeps the handgun",
        "To": "Officer Reyes",
        "What for": "so that he can ask the court to have it removed",
        "How long": "72 h from when it is signed",
    }
    assert (endless["To"], endless["How long"]) == ("Officer Reyes and Jo Adeyemi", "no end is named")


def test_the_list_does_not_tell_what_she_will_answer(session):
    def asked() -> list[object]:
        found = [each for each in session.view("advocate").sayable if each.kind == "ask-release"]
        return [replace(each, minutes=0) for each in found]

    before = asked()
    session.choose("advocate", "sit")
    session.choose("advocate", "sit")  # now she would sign the other one too
    assert asked() == before


# --- who hears it ---------------------------------------------------------------------------------------------------


def heard(session: Session, seat: str) -> tuple[object, ...]:
    """All that a seat has seen, read or learned."""
    seen = session.view(seat)
    return seen.passages, seen.messages, seen.items, seen.report, seen.case_file


@pytest.mark.parametrize(
    ("event", "hears"),
    [
        (GUN, {"officer"}),
        (Tell(seat="advocate", to="nurse", item="gun", channel="message"), {"nurse"}),
        (Call(seat="advocate", to="nurse"), {"nurse"}),
        (Ask(seat="advocate", to="nurse", item="neck"), {"nurse"}),
        (AskRelease(seat="advocate", form="anything_paper"), set()),  # she is asked aside
        (Consult(seat="advocate", whom="counsel"), set()),
    ],
    ids=lambda case: case.kind if isinstance(case, Unprompted) else "",
)
def test_only_those_hear_it_who_are_spoken_to(session, event, hears):
    others = ("officer", "nurse")
    before = {seat: heard(session, seat) for seat in others}
    session.say(event)
    assert {seat for seat in others if heard(session, seat) != before[seat]} == hears


def test_a_recipient_reads_that_a_release_was_taken_back_and_nobody_else_does(session):
    session.say(AskRelease(seat="advocate", form="gun_paper"))
    session.choose("advocate", "step")
    before = heard(session, "nurse")
    session.say(Revoke(seat="advocate", form="gun_paper"))
    assert "release has been taken back" in session.view("officer").messages[-1].text
    assert heard(session, "nurse") == before


def test_a_message_is_in_the_messages_of_both(session):
    session.say(Tell(seat="advocate", to="nurse", item="gun", channel="message"))
    kinds = {seat: [entry.kind for entry in session.view(seat).messages] for seat in session.seats}
    assert kinds == {"officer": [], "advocate": ["sent"], "nurse": ["received"]}


@given(st.integers(0, 2**32), st.integers(0, 2**32))
@settings(max_examples=14)
def test_whoever_does_not_hear_what_is_said_sees_nothing_of_it(seed, steps):
    play = rehearse(bundle_from_texts(texts(opened_up(generate(seed, seats=3), seed))))
    random = Random(steps)
    for _ in range(15):
        if play.finished:
            return
        before = {seat: heard(play, seat) for seat in play.seats}
        perform(play, talkative(play.state, random))
        if isinstance(play.state.event, Unprompted) and not play.state.entered:
            deaf = [seat for seat in play.seats if not witnessed(play.state, seat)]
            assert {seat: heard(play, seat) for seat in deaf} == {seat: before[seat] for seat in deaf}


# --- scripts --------------------------------------------------------------------------------------------------------

EVENTS = {
    "call officer": Call(seat="advocate", to="officer"),
    "tell officer gun in person": GUN,
    "tell officer gun by phone": replace(GUN, channel="phone"),
    "tell officer gun by message": replace(GUN, channel="message"),
    "ask officer neck": Ask(seat="advocate", to="officer", item="neck"),
    "ask-release gun_paper": AskRelease(seat="advocate", form="gun_paper"),
    "revoke gun_paper": Revoke(seat="advocate", form="gun_paper"),
    "consult counsel": Consult(seat="advocate", whom="counsel"),
}


@pytest.mark.parametrize("words", EVENTS)
def test_what_is_said_is_written_in_a_script_and_read_again(words):
    assert words_of(EVENTS[words]) == words
    assert spoken("advocate", words) == EVENTS[words]


@pytest.mark.parametrize("words", ["tell", "ask", "call", "consult", "revoke", "ask-release", "tell-him"])
def test_an_action_may_be_named_like_a_verb(words):
    assert not is_speech(words)


def played_again(play: Rehearsal) -> Rehearsal:
    again = rehearse(play.bundle)
    for line in parse(play.transcript()):
        play_line(again, line)
    return again


@given(st.integers(0, 2**32), st.integers(0, 2**32))
@settings(max_examples=14)
def test_the_transcript_of_an_open_play_played_again_comes_to_the_same_state(seed, steps):
    play = rehearse(bundle_from_texts(texts(opened_up(generate(seed, seats=3), seed))))
    random = Random(steps)
    for _ in range(20):
        if play.finished:
            break
        perform(play, talkative(play.state, random))
    again = played_again(play)
    assert [told(each.state) for each in again.plays] == [told(each.state) for each in play.plays]


def test_generated_plays_say_every_kind_of_thing():
    kinds = set()
    for seed in range(60):
        play, random = rehearse(bundle_from_texts(texts(opened_up(generate(seed, seats=3), seed)))), Random(seed)
        while not play.finished and len(play.events) < 25:
            perform(play, talkative(play.state, random))
        kinds |= {event.kind for event in play.events if isinstance(event, Unprompted)}
    assert kinds == {"call", "tell", "ask", "ask-release", "revoke", "consult"}


def test_a_line_that_cannot_be_said_names_what_can(session):
    with pytest.raises(BadScript) as bad:
        play_line(session, ScriptLine(3, "advocate", "tell officer neck in person"), "night")
    said = str(bad.value)
    assert said.startswith("night:3: “advocate: tell officer neck in person” cannot be played in “room”: ")
    assert "what advocate could say here: tell officer gun in person, " in said and "consult counsel" in said


def test_a_line_without_a_channel_says_how_it_is_written(session):
    with pytest.raises(BadScript, match=r"tell SEAT ITEM in person \| by phone \| by message"):
        play_line(session, ScriptLine(1, "advocate", "tell officer gun"))


def test_a_line_of_somebody_not_on_turn_names_what_could_stand_there(session):
    with pytest.raises(
        BadScript, match="not Officer Reyes's turn; what could stand here: advocate: sit, .* such as “advocate: "
    ):
        play_line(session, ScriptLine(1, "officer", "ask advocate gun"))


def test_where_nothing_can_be_said_the_message_says_so(tmp_path):
    play = rehearse(Library().bundle(OPEN.with_name("two-scenes.yaml")))
    with pytest.raises(BadScript, match="nothing can be said unprompted here; what could stand here: officer: apart"):
        play_line(play, ScriptLine(1, "officer", "tell advocate gun in person"))


def test_saying_what_one_does_not_know_is_refused_and_nothing_is_kept(session):
    before = session.events
    with pytest.raises(NotAllowed):
        session.say(Tell(seat="advocate", to="officer", item="neck", channel="in-person"))
    assert session.events == before


def test_a_session_taken_up_again_remembers_what_was_said(session):
    session.say(GUN)
    assert told(Session.reopen(session.store, session.id).state) == told(session.state)


def test_what_was_said_is_said_again_on_an_edited_text():
    bundle = Library().bundle(OPEN)
    play = rehearse(bundle)
    play.say(GUN)
    play.choose("advocate", "go")
    again, lost, _ = replay(bundle, None, play.choices)
    assert lost is None and told(again.state) == told(play.state)
