"""A play that somebody leads: paused from outside, spoken to, taken back with everybody's consent, moved to its debrief."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from simulator.discretion import discreet
from simulator.engine import NotAllowed
from simulator.events import Announce, Conclude, Consent, Event, Hold, Propose, from_json, to_json
from simulator.led import WHO, told_by_leader
from simulator.log import open_store
from simulator.session import Session
from simulator.summing import spans
from tests.app_helpers import kept
from tests.rooms import TO_THE_END


@pytest.fixture
def session(tmp_path: Path) -> Any:
    ident = kept(tmp_path)
    store = open_store(tmp_path / "store.sqlite3")
    yield Session.reopen(store, ident)
    store.close()


def again(session: Session) -> Session:
    """The same session at another screen."""
    return Session.reopen(session.store, session.id)


@pytest.mark.parametrize(
    "event",
    [
        Hold(on=True),
        Announce(note="a1"),
        Announce(note="a1", to="officer"),
        Propose(to=3),
        Propose(to=None),
        Consent(seat="officer", proposal=4, yes=False),
        Conclude(),
    ],
)
def test_the_events_are_read_as_they_were_written(event: Event) -> None:
    assert from_json(to_json(event)) == event


# --- pausing ---------------------------------------------------------------------------------------------------------


def test_a_held_play_takes_no_choice(session: Session) -> None:
    session.hold()
    with pytest.raises(NotAllowed, match="whoever runs the room has paused"):
        session.choose("officer", "apart")


def test_going_on_for_all_leaves_a_pause_of_their_own_alone(session: Session) -> None:
    session.pause()
    session.hold()
    session.hold(False)
    assert session.paused and not session.held


def test_a_pair_that_goes_on_by_itself_stays_held(session: Session) -> None:
    session.pause()
    session.hold()
    session.resume()
    assert session.paused and session.held


def test_holding_twice_writes_once(session: Session) -> None:
    session.hold()
    session.hold()
    assert sum(isinstance(event, Hold) for event in session.events) == 1


def test_a_hold_takes_hold_wherever_the_story_is_by_then(session: Session) -> None:
    again(session).choose("officer", "apart")
    session.hold()
    assert session.held and session.state.scene == "phone"


def test_time_that_was_held_is_not_play(session: Session) -> None:
    session.hold()
    session.hold(False)
    assert spans(session.store.read(session.id))[2] == 0.0


def test_whoever_takes_a_play_up_without_a_room_goes_on(session: Session) -> None:
    session.hold()
    session.take_up()
    assert not session.paused


# --- saying something ------------------------------------------------------------------------------------------------


def test_a_message_reaches_its_seat_and_no_other(session: Session) -> None:
    session.announce("Five minutes left.", "officer")
    assert [said.text for said in session.announcements("officer")] == ["Five minutes left."]
    assert session.announcements("advocate") == ()


def test_a_message_to_all_reaches_all(session: Session) -> None:
    session.announce("Five minutes left.")
    assert all(len(session.announcements(seat)) == 1 for seat in session.seats)


def test_the_log_holds_no_word_of_a_message(session: Session) -> None:
    session.announce("UNSPOKEN words")
    assert all("UNSPOKEN" not in str(row.body) for row in session.store.read(session.id))


def test_an_erased_message_is_gone_everywhere(session: Session) -> None:
    session.announce("Ask Heron about it.")
    session.store.forget("Heron")
    assert session.announcements("advocate") == ()


def test_a_message_takes_no_choice_from_anybody(session: Session) -> None:
    again(session).announce("Five minutes left.")
    session.choose("officer", "apart")
    assert session.state.scene == "phone"


def test_a_message_stands_in_the_story_where_it_was_said(session: Session) -> None:
    session.announce("Before.")
    session.choose("officer", "apart")
    session.announce("After.")
    view = told_by_leader(session.view("officer"), session.announcements("officer"))
    said = [(at, passage.text) for at, passage in enumerate(view.passages) if passage.who == WHO]
    choice = next(at for at, passage in enumerate(view.passages) if passage.kind == "choice")
    assert [text for _, text in said] == ["Before.", "After."]
    assert said[0][0] < choice < said[1][0]


def test_a_message_to_a_seat_that_is_not_there_is_refused(session: Session) -> None:
    with pytest.raises(NotAllowed, match="no seat “nurse”"):
        session.announce("Hello", "nurse")
    assert session.remarks() == []


def test_a_note_is_nobodys_message(session: Session) -> None:
    session.write_note("They talk over each other.")
    assert session.note == "They talk over each other."
    assert session.announcements("officer") == ()


# --- going back ------------------------------------------------------------------------------------------------------


@pytest.fixture
def asked(session: Session) -> Session:
    session.choose("officer", "apart")
    session.propose(0)
    return session


def test_only_when_both_say_yes_does_the_play_go_back(asked: Session) -> None:
    proposal = asked.play.proposal
    assert proposal is not None
    asked.consent("officer", proposal.seq, True)
    assert asked.state.scene == "phone"
    asked.consent("advocate", proposal.seq, True)
    assert asked.state.scene == "door" and asked.play.rewound and asked.play.proposal is None


def test_one_no_is_enough_to_stay(asked: Session) -> None:
    proposal = asked.play.proposal
    assert proposal is not None
    asked.consent("officer", proposal.seq, False)
    with pytest.raises(NotAllowed, match="not asked any more"):
        asked.consent("advocate", proposal.seq, True)
    assert asked.state.scene == "phone" and asked.asked_back("advocate") is None


def test_two_who_say_yes_at_the_same_moment_go_back_once(asked: Session) -> None:
    proposal = asked.play.proposal
    assert proposal is not None
    second = again(asked)
    asked.consent("officer", proposal.seq, True)
    second.consent("advocate", proposal.seq, True)
    asked.catch_up()
    assert asked.state.scene == second.state.scene == "door"


def test_a_question_that_was_taken_back_cannot_be_answered(asked: Session) -> None:
    proposal = asked.play.proposal
    assert proposal is not None
    asked.propose(None)
    with pytest.raises(NotAllowed, match="not asked any more"):
        asked.consent("officer", proposal.seq, True)


def test_going_back_keeps_the_hold_and_what_was_said(asked: Session) -> None:
    proposal = asked.play.proposal
    assert proposal is not None
    asked.announce("Try it another way.")
    asked.hold()
    for seat in ("officer", "advocate"):
        asked.consent(seat, proposal.seq, True)
    assert asked.held and [said.text for said in asked.announcements("officer")] == ["Try it another way."]


def test_a_seat_is_asked_in_the_words_of_its_own_view(asked: Session) -> None:
    officer = asked.asked_back("officer")
    assert officer is not None and officer.scene == "At the door"
    asked_of_her = asked.asked_back("advocate")
    assert asked_of_her is not None and asked_of_her.scene == ""  # she was not there


# --- ending ----------------------------------------------------------------------------------------------------------


def test_a_concluded_play_is_over_and_stays_unfinished(session: Session) -> None:
    session.choose("officer", "apart")
    session.conclude()
    assert session.over and not session.finished and not session.store.about(session.id).finished
    with pytest.raises(NotAllowed, match="moved this play to its debrief"):
        session.choose("advocate", "listen")


def test_a_concluded_play_can_be_debriefed_as_far_as_it_came(session: Session) -> None:
    session.choose("officer", "ask")
    session.conclude()
    assert session.scorecard().ending is None
    assert session.timeline()
    session.hindsight()
    session.finish_phase("reactions")
    assert session.debrief_phase == "reactions"


def test_a_play_that_has_ended_is_not_concluded_again(session: Session) -> None:
    for seat, action in TO_THE_END:
        session.choose(seat, action)
    session.conclude()
    session.hold()
    assert not any(isinstance(event, Conclude | Hold) for event in session.events)


def test_others_do_not_learn_who_said_no(asked: Session) -> None:
    proposal = asked.play.proposal
    assert proposal is not None
    asked.consent("officer", proposal.seq, False)
    asked.hold()
    told = discreet(asked)
    assert not any(isinstance(event, Consent | Propose | Hold | Announce) for event in told.events)
    assert told.state.scene == asked.state.scene
