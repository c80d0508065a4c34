"""A session: one play in a log, reopened, rewound, paused, debriefed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.engine import NotAllowed
from simulator.events import Chance, Choose, Predict
from simulator.library import Bundle, bundle_from_texts
from simulator.log import Place, Stale, Store, Unwritable, open_store
from simulator.session import Session
from simulator.tui.turns import choose
from tests.generator import generate, marks, texts
from tests.small import world_trees
from tests.test_laws import told

HUMANS = (Place("officer", "Heron", "human"), Place("advocate", "Wren", "human"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "store.sqlite3")
    yield opened
    opened.close()


def kitchen() -> Bundle:
    """Chance opens; the officer chooses, the advocate may guess; then both act unseen; then the advocate goes on."""
    scenes = {
        "sky": {"turn": "chance", "actions": {"rain": {"to": "door"}, "sun": {"to": "door"}}},
        "door": {
            "turn": "officer",
            "text": "A door.",
            "present": ["officer", "advocate"],
            "predict": "advocate",
            "actions": {
                "knock": {"minutes": 5, "records": "knocked", "practice": {"safety": 1}, "to": "table"},
                "kick": {"minutes": 5, "practice": {"safety": -1}, "appeal": 0, "to": "table"},
            },
        },
        "table": {
            "turn": ["officer", "advocate"],
            "to": "desk",
            "actions": {"speak": {"seat": "officer"}, "listen": {"seat": "advocate"}, "leave": {"seat": "advocate"}},
        },
        "desk": {
            "turn": "advocate",
            "private": {"advocate": "You are tired."},
            "actions": {"call": {"minutes": 9, "records": "called", "to": "end"}, "wait": {"to": "desk", "minutes": 1}},
        },
        "end": {"ending": {"title": "The end"}},
    }
    return bundle_from_texts(texts(world_trees(scenes, duties={"it": {"when": "knocked", "must": "called"}})))


@pytest.fixture
def session(store: Store) -> Session:
    """The kitchen, two humans, the weather already there."""
    begun = Session.begin(store, kitchen(), HUMANS, seed=7)
    begun.run_others()
    return begun


def finish(session: Session) -> Session:
    session.choose("officer", "knock")
    session.choose("officer", "speak")
    session.choose("advocate", "listen")
    session.choose("advocate", "call")
    return session


# --- kept and taken up again ---------------------------------------------------------------------------------------


def test_a_reopened_session_is_where_it_was(store: Store, session: Session) -> None:
    session.choose("officer", "knock")
    session.choose("advocate", "listen")
    again = Session.reopen(store, session.id)
    assert told(again.state) == told(session.state)
    assert (again.events, again.on_turn) == (session.events, ("officer",))


def test_a_reopened_session_has_the_same_scorecard(store: Store, session: Session) -> None:
    assert Session.reopen(store, finish(session).id).scorecard() == session.scorecard()


def test_what_is_not_allowed_is_not_kept(store: Store, session: Session) -> None:
    with pytest.raises(NotAllowed):
        session.choose("advocate", "call")
    assert store.last(session.id) == len(session.events) - 1 == 1


def test_who_comes_second_is_stale_and_has_read_what_came_first(store: Store, session: Session) -> None:
    other = Session.reopen(store, session.id)
    other.choose("officer", "kick")
    with pytest.raises(Stale):
        session.choose("officer", "knock")
    assert session.events[-1] == Choose(seat="officer", action="kick")


def test_a_session_catches_up_with_what_others_kept(store: Store, session: Session) -> None:
    other = Session.reopen(store, session.id)
    assert not session.catch_up()
    other.choose("officer", "kick")
    assert session.catch_up()
    assert told(session.state) == told(other.state)


# --- chance and computer partners ----------------------------------------------------------------------------------


def test_the_same_seed_brings_the_same(store: Store) -> None:
    def alone(seed: int) -> str:
        places = [Place("officer", "", "random"), Place("advocate", "", "typical")]
        played = Session.begin(store, kitchen(), places, seed=seed)
        played.run_others()
        assert played.finished
        return played.transcript()

    assert [alone(seed) for seed in range(5)] == [alone(seed) for seed in range(5)]
    assert len({alone(seed) for seed in range(8)}) > 1


def test_computer_partners_wait_for_a_human(store: Store) -> None:
    places = [Place("officer", "", "typical"), Place("advocate", "Wren", "human")]
    session = Session.begin(store, kitchen(), places, seed=1)
    session.run_others()
    assert session.on_turn == ("advocate",)
    assert all(event.by == "computer" for event in session.events if isinstance(event, Choose))


def test_chance_alone_stops_before_a_computer_partner(store: Store) -> None:
    places = [Place("officer", "", "typical"), Place("advocate", "Wren", "human")]
    session = Session.begin(store, kitchen(), places, seed=1)
    assert [type(event) for event in session.run_others(chance_alone=True)] == [Chance]
    assert session.on_turn == ("officer",)


def weather_after_a_choice(store: Store) -> Session:
    scenes = {
        "door": {"turn": "officer", "actions": {"knock": {"to": "sky"}, "kick": {"to": "sky"}}},
        "sky": {"turn": "chance", "actions": {"rain": {"to": "desk"}, "sun": {"to": "desk"}}},
        "desk": {"turn": "advocate", "actions": {"call": {"to": "end"}, "wait": {"to": "end"}}},
        "end": {"ending": {"title": "The end"}},
    }
    return Session.begin(store, bundle_from_texts(texts(world_trees(scenes))), HUMANS, seed=1)


def test_what_chance_makes_of_a_choice_is_there_with_it(store: Store) -> None:
    session = weather_after_a_choice(store)
    choose(session, "officer", "knock")
    assert session.on_turn == ("advocate",)


def test_a_choice_is_made_though_chance_cannot_be_kept(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise Unwritable("the disk is full")

    session = weather_after_a_choice(store)
    monkeypatch.setattr(session, "run_others", full)
    choose(session, "officer", "knock")
    assert session.on_turn == () and session.transcript() == "officer: knock\n"
    monkeypatch.undo()
    session.run_others()
    assert session.on_turn == ("advocate",)


def test_nothing_runs_while_the_session_is_paused(store: Store) -> None:
    session = Session.begin(store, kitchen(), HUMANS, seed=1)
    session.pause()
    assert session.run_others() == []


def test_a_computer_partner_may_take_over(store: Store, session: Session) -> None:
    session.pause()
    session.resume({"officer": "random"})
    session.run_others()
    assert (session.human_seats, session.on_turn) == (("advocate",), ("advocate",))
    assert [place.player for place in store.places(session.id)] == ["random", "human"]


def test_chance_may_be_told_what_to_bring(store: Store) -> None:
    session = Session.begin(store, kitchen(), HUMANS)
    session.bring("rain")
    with pytest.raises(NotAllowed, match="chance does not bring"):
        session.bring("sun")
    assert session.transcript() == "chance: rain\n"


# --- pause, countdowns, rewind -------------------------------------------------------------------------------------


def test_pausing_twice_is_kept_once(session: Session) -> None:
    session.pause()
    session.pause()
    assert [event.kind for event in session.events].count("paused") == 1


def test_a_resumed_session_is_no_longer_paused(session: Session) -> None:
    session.pause()
    session.resume()
    assert not session.paused


def test_countdowns_are_switched_in_the_log(store: Store, session: Session) -> None:
    session.set_countdowns(False)
    assert Session.reopen(store, session.id).countdowns is False


def test_a_rewind_goes_back_and_keeps_what_followed_in_the_log(store: Store, session: Session) -> None:
    session.choose("officer", "knock")
    session.rewind(1)
    assert (session.on_turn, session.play.rewound, session.transcript().count("knock")) == (("officer",), True, 0)
    assert Choose(seat="officer", action="knock") in store_events(store, session)


def test_a_rewind_goes_on_playing_and_closes_the_debrief(session: Session) -> None:
    finish(session)
    session.finish_phase("reactions")
    session.pause()
    session.rewind(1)
    assert (session.paused, session.debrief_phase) == (False, None)


def store_events(store: Store, session: Session) -> tuple[object, ...]:
    return Session.reopen(store, session.id).events


def test_scores_follow_the_surviving_branch(store: Store, session: Session) -> None:
    finish(session)
    session.rewind(1)
    session.choose("officer", "kick")
    assert [duty.status for duty in session.scorecard().duties] == ["not triggered"]
    assert Session.reopen(store, session.id).scorecard() == session.scorecard()


def test_there_is_no_going_back_to_what_has_not_been(session: Session) -> None:
    with pytest.raises(NotAllowed, match="no event 99"):
        session.rewind(99)


# --- guesses and the debrief ---------------------------------------------------------------------------------------


def test_a_seat_guesses_once(session: Session) -> None:
    assert session.may_predict("advocate")
    session.predict("advocate", "officer", "knock")
    assert not session.may_predict("advocate")


def test_nobody_guesses_while_the_session_is_paused(session: Session) -> None:
    session.pause()
    assert not session.may_predict("advocate")


def test_a_guess_moves_no_story_and_stands_in_the_scorecard(store: Store, session: Session) -> None:
    before = told(session.state)
    session.predict("advocate", "officer", "knock")
    assert told(session.state) == before
    [prediction] = Session.reopen(store, finish(session).id).scorecard().predictions
    assert prediction.agreed


def test_a_guess_stands_in_no_scorecard_before_the_play_has_ended(session: Session) -> None:
    session.predict("advocate", "officer", "knock")
    session.choose("officer", "knock")
    assert session.scorecard().predictions == ()


def test_a_guess_made_at_another_screen_takes_no_choice_from_anybody(store: Store, session: Session) -> None:
    other = Session.reopen(store, session.id)
    other.predict("advocate", "officer", None)
    session.choose("officer", "knock")
    assert [event.kind for event in session.events[-2:]] == ["predict", "choose"]


def test_a_guess_that_comes_after_the_choice_is_refused(store: Store, session: Session) -> None:
    other = Session.reopen(store, session.id)
    session.choose("officer", "knock")
    with pytest.raises(Stale):
        other.predict("advocate", "officer", "knock")
    with pytest.raises(NotAllowed):
        other.predict("advocate", "officer", "knock")


def test_a_guess_is_private(session: Session) -> None:
    before = session.view("officer")
    session.predict("advocate", "officer", "knock")
    assert session.view("officer") == before


def test_who_is_not_invited_to_guess_cannot(session: Session) -> None:
    for seat, of, action in (
        ("officer", "advocate", "listen"),
        ("advocate", "officer", "sing"),
        ("advocate", "advocate", None),
    ):
        with pytest.raises(NotAllowed):
            session.predict(seat, of, action)
    assert not any(isinstance(event, Predict) for event in session.events)


def test_the_debrief_opens_phase_by_phase(store: Store, session: Session) -> None:
    finish(session)
    assert session.debrief_phase is None
    session.finish_phase("reactions")
    assert Session.reopen(store, session.id).debrief_phase == "reactions"


def test_the_debrief_has_no_other_phases(session: Session) -> None:
    with pytest.raises(NotAllowed, match="no phase “party”"):
        session.finish_phase("party")


def test_a_remark_stands_beside_the_log(session: Session) -> None:
    session.remark("officer", "reactions", "That was hard.")
    assert session.remarks() == [("officer", "reactions", "That was hard.")]
    assert "hard" not in repr(session.events)


def test_the_transcript_is_a_script_of_the_play(session: Session) -> None:
    lines = finish(session).transcript().splitlines()
    assert lines[1:] == ["officer: knock", "officer: speak", "advocate: listen", "advocate: call"]
    assert lines[0] in ("chance: rain", "chance: sun")


# --- the curtain ---------------------------------------------------------------------------------------------------


def test_nobody_needs_a_curtain_from_themselves(session: Session) -> None:
    assert not session.needs_curtain("officer", "officer")


def test_a_curtain_falls_before_what_the_other_may_not_see(session: Session) -> None:
    assert session.needs_curtain("officer", "advocate")


# --- on generated scenarios ----------------------------------------------------------------------------------------


@given(st.integers(0, 2**32), st.integers(0, 2**32))
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_reopened_session_weighs_as_the_live_one_did(store: Store, seed: int, way: int) -> None:
    trees = generate(seed)
    places = [
        Place(seat, "", player) for seat, player in zip(trees["scenario"]["seats"], ("random", "typical"), strict=True)
    ]
    live = Session.begin(store, bundle_from_texts(texts(trees)), places, seed=way % 2**63)
    live.run_others(limit=12)
    again = Session.reopen(store, live.id)
    assert told(again.state) == told(live.state)
    assert (again.scorecard(), again.timeline()) == (live.scorecard(), live.timeline())
    assert [again.view(seat) for seat in again.seats] == [live.view(seat) for seat in live.seats]
    assert not marks(live.transcript() + repr(live.events))
