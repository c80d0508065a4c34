"""Objectives rated by hand: what is kept, what counts as blind, and what forgetting erases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.by_hand import by_hand, give_reason
from simulator.engine import NotAllowed
from simulator.events import Choose, Rate, Reveal, from_json, to_json
from simulator.library import Library
from simulator.log import Place, Stale, Store, open_store
from simulator.play import Rating
from simulator.session import Session
from tests.app_helpers import scenario

HUMANS = (Place("officer", "Heron", "human", "Riverton PD"), Place("advocate", "Plover", "human", "Safe Harbor"))
TO_THE_END = (
    ("officer", "apart"), ("advocate", "listen"), ("officer", "officer-stay"), ("advocate", "advocate-go"),
    ("officer", "this"),
)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "store.sqlite3")
    yield opened
    opened.close()


@pytest.fixture
def session(tmp_path: Path, store: Store) -> Session:
    """The small evening with one objective, `o`; two people; nothing chosen yet."""
    return Session.begin(store, Library().bundle(scenario(tmp_path)), HUMANS, seed=1)


def finish(session: Session) -> None:
    for seat, action in TO_THE_END:
        session.choose(seat, action)


# --- what is kept --------------------------------------------------------------------------------------------------


def test_a_rating_is_there_again_when_the_session_is_reopened(store: Store, session: Session) -> None:
    session.rate("o", "S", blind=True)
    assert Session.reopen(store, session.id).play.ratings == {"o": Rating("S", True)}


@pytest.mark.parametrize(
    "event", [Rate(objective="o", letter="M", blind=False), Rate(objective="o", letter=None, blind=True), Reveal()]
)
def test_the_events_are_read_as_they_were_written(event: Rate | Reveal) -> None:
    assert from_json(to_json(event)) == event


def test_a_rating_can_be_given_under_way_and_after_every_phase_of_the_debrief(session: Session) -> None:
    session.rate("o", "P", blind=True)
    finish(session)
    session.rate("o", "S", blind=True)
    for phase in ("reactions", "description", "analysis", "summary"):
        session.finish_phase(phase)
    session.rate("o", "M", blind=True)
    assert session.play.ratings == {"o": Rating("M", True)}
    assert (session.finished, session.debrief_phase) == (True, "summary")


def test_a_rating_changes_no_score_and_no_story(session: Session) -> None:
    finish(session)
    before = session.scorecard(), session.timeline(), session.transcript()
    session.rate("o", "U", blind=True)
    assert (session.scorecard(), session.timeline(), session.transcript()) == before


def test_a_rating_is_taken_back(session: Session) -> None:
    session.rate("o", "S", blind=True)
    session.rate("o", None, blind=True)
    assert session.play.ratings == {}


def test_a_rating_that_changes_nothing_is_not_kept_twice(session: Session) -> None:
    session.rate("o", "S", blind=True)
    session.rate("o", "S", blind=True)
    session.reveal()
    session.reveal()
    assert [event.kind for event in session.events] == ["start", "rated", "revealed"]


def test_an_unknown_objective_is_refused_with_those_there_are(session: Session) -> None:
    with pytest.raises(NotAllowed, match="no objective “x” here; there is o"):
        session.rate("x", "S", blind=True)


def test_an_unknown_letter_is_refused(session: Session) -> None:
    with pytest.raises(NotAllowed, match="“Q” is no rating; the ratings are P, S, M, U"):
        session.rate("o", "Q", blind=True)  # type: ignore[arg-type]
    assert len(session.events) == 1


def test_a_rewind_keeps_ratings_given_since_and_what_was_seen(session: Session) -> None:
    session.choose("officer", "apart")
    session.rate("o", "S", blind=True)
    session.reveal()
    session.rewind(0)
    assert (session.play.ratings, session.play.revealed) == ({"o": Rating("S", True)}, True)


# --- what counts as blind ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("blind", "counts"), [(True, True), (False, False)])
def test_before_the_letters_are_shown_the_raters_word_counts(session: Session, blind: bool, counts: bool) -> None:
    session.rate("o", "S", blind=blind)
    assert session.play.ratings["o"].blind is counts


def test_a_rater_who_had_seen_the_letters_can_say_so_afterwards(session: Session) -> None:
    session.rate("o", "S", blind=True)
    session.rate("o", "S", blind=False)
    assert session.play.ratings == {"o": Rating("S", False)}


def test_a_first_rating_after_the_letters_were_shown_is_not_blind_whatever_the_rater_says(session: Session) -> None:
    session.reveal()
    session.rate("o", "S", blind=True)
    assert session.play.ratings == {"o": Rating("S", False)}


def test_a_blind_rating_stays_blind_when_the_letters_are_shown_afterwards(session: Session) -> None:
    session.rate("o", "S", blind=True)
    session.reveal()
    assert session.play.ratings == {"o": Rating("S", True)}


def test_the_same_letter_again_leaves_a_blind_rating_blind(session: Session) -> None:
    session.rate("o", "S", blind=True)
    session.reveal()
    session.rate("o", "S", blind=False)
    assert session.play.ratings == {"o": Rating("S", True)}


def test_a_blind_rating_changed_after_the_letters_were_shown_is_blind_no_more(session: Session) -> None:
    session.rate("o", "S", blind=True)
    session.reveal()
    session.rate("o", "P", blind=True)
    assert session.play.ratings == {"o": Rating("P", False)}
    session.rate("o", "S", blind=True)
    assert session.play.ratings == {"o": Rating("S", False)}


def test_a_blind_rating_taken_back_and_given_anew_is_blind_no_more(session: Session) -> None:
    session.rate("o", "S", blind=True)
    session.reveal()
    session.rate("o", None, blind=True)
    session.rate("o", "S", blind=True)
    assert session.play.ratings == {"o": Rating("S", False)}


# --- beside a play under way ---------------------------------------------------------------------------------------


def test_a_rating_takes_no_choice_from_those_who_play(store: Store, session: Session) -> None:
    Session.reopen(store, session.id).rate("o", "S", blind=True)
    session.choose("officer", "apart")
    assert [event.kind for event in session.events] == ["start", "rated", "choose"]
    assert store.audit() == []


def test_those_who_play_take_no_rating_from_the_facilitator(store: Store, session: Session) -> None:
    facilitators = Session.reopen(store, session.id)
    session.choose("officer", "apart")
    facilitators.rate("o", "S", blind=True)
    assert [event.kind for event in facilitators.events] == ["start", "choose", "rated"]


def test_a_rating_given_while_somebody_else_looked_at_the_letters_is_not_blind(store: Store, session: Session) -> None:
    other = Session.reopen(store, session.id)
    other.reveal()
    session.rate("o", "S", blind=True)
    assert session.play.ratings == {"o": Rating("S", False)}


def test_who_plays_second_is_still_stale_when_a_choice_came_with_the_rating(store: Store, session: Session) -> None:
    other = Session.reopen(store, session.id)
    other.rate("o", "S", blind=True)
    other.choose("officer", "ask")
    with pytest.raises(Stale):
        session.choose("officer", "apart")
    assert session.events[-1] == Choose(seat="officer", action="ask")


# --- the line why --------------------------------------------------------------------------------------------------


def test_the_line_why_stands_beside_the_log(session: Session) -> None:
    session.rate("o", "S", blind=True)
    give_reason(session, "o", "He asked with her husband in the room.")
    assert by_hand(session)["o"].why == "He asked with her husband in the room."
    assert "husband" not in repr(session.events)


def test_a_reason_without_a_rating_is_no_rating(session: Session) -> None:
    give_reason(session, "o", "Still thinking.")
    assert by_hand(session) == {}


@pytest.mark.parametrize("alias", ["Heron", "PLOVER "])
def test_forgetting_anybody_of_a_session_erases_its_lines_why_and_keeps_the_letters(
    store: Store, session: Session, alias: str
) -> None:
    session.rate("o", "S", blind=True)
    give_reason(session, "o", "Heron froze.")
    store.forget(alias)
    again = Session.reopen(store, session.id)
    assert again.remarks() == []
    assert again.play.ratings == {"o": Rating("S", True)}
    assert store.audit() == []


def test_forgetting_somebody_else_leaves_the_line_why(store: Store, session: Session) -> None:
    session.rate("o", "S", blind=True)
    give_reason(session, "o", "Quiet, and clear.")
    store.forget("Wren")
    assert by_hand(session)["o"].why == "Quiet, and clear."
