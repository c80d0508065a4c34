"""The compiled machine and the engine are one: the same moves, scenes, minutes, losses and outcomes on every play."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from simulator.compiled.graph import Graph, explored
from simulator.compiled.memory import TooIntricate
from simulator.game import Game
from tests import generator
from tests.sizes import examples
from tests.small import CONFIDENTIAL, hub, world
from tests.stepwise import Walk, walk

MOST = 4000  # states of a generated graph
MOST_IN_LOOPS = 600  # they come a few at a time
DAY: dict[str, Any] = {
    "arrive": {"minutes": 10, "records": "arrived"},
    "call": {"minutes": 10, "records": "called"},
    "leave": {"minutes": 10, "records": "left"},
    "wait": {"minutes": 10},
}


# --- any play of any scenario --------------------------------------------------------------------------------------


@st.composite
def graphs(draw: st.DrawFn, *, loops: bool = False, calendar: bool = False, telling: bool = False) -> Graph:
    size = {"layers": draw(st.integers(2, 5)), "width": draw(st.integers(1, 3)), "seats": draw(st.integers(1, 3))}
    game = generator.game(draw(st.integers(0, 10**6)), loops=loops, calendar=calendar, telling=telling, **size)
    assume(not game.scenes["s0_0"].narration)  # a ring of narrations would be told for ever
    try:
        graph = explored(game, limit=MOST_IN_LOOPS if loops else MOST)
    except TooIntricate:
        assume(False)
    assume(graph.complete)
    return graph


def check(graph: Graph, seed: int) -> None:
    for number in range(8):
        for at in walk(graph, seed + number, limit=16):
            at.check()


LARGE_ARE_LEFT_OUT = settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])


@settings(LARGE_ARE_LEFT_OUT, max_examples=examples(22))
@given(graphs(loops=False, calendar=False), st.integers(0, 10**6))
def test_a_play_is_the_same_in_the_engine_and_on_the_graph(graph: Graph, seed: int) -> None:
    check(graph, seed)


@settings(LARGE_ARE_LEFT_OUT, max_examples=examples(9))
@given(graphs(loops=False, calendar=True), st.integers(0, 10**6))
def test_a_play_over_days_is_the_same(graph: Graph, seed: int) -> None:
    check(graph, seed)


@settings(LARGE_ARE_LEFT_OUT, max_examples=examples(9))
@given(graphs(loops=True, calendar=False), st.integers(0, 10**6))
def test_a_play_that_goes_round_is_the_same(graph: Graph, seed: int) -> None:
    check(graph, seed)


@settings(LARGE_ARE_LEFT_OUT, max_examples=examples(8))
@given(graphs(loops=True, calendar=True), st.integers(0, 10**6))
def test_a_play_that_goes_round_for_days_is_the_same(graph: Graph, seed: int) -> None:
    check(graph, seed)


@settings(LARGE_ARE_LEFT_OUT, max_examples=examples(22))
@given(graphs(telling=True), st.integers(0, 10**6))
def test_a_play_in_which_much_is_told_by_many_rights_is_the_same(graph: Graph, seed: int) -> None:
    check(graph, seed)


# --- the subtle rules, one play each -------------------------------------------------------------------------------


def played(game: Game, *moves: str) -> Walk:
    """These moves in both worlds, compared at every step. A together scene's choices are one move: `stay+phone`."""
    at = Walk.begin(explored(game, limit=200_000))
    at.check()
    for move in moves:
        at = at.step(tuple(move.split("+")))
        at.check()
    return at


def outcomes(game: Game, *moves: str, duty: str = "it") -> list[str]:
    """What the instances of a duty came to in that play."""
    return [outcome for key, outcome in played(game, *moves).outcomes if key == f"duty:{duty}"]


def day(duty: dict[str, Any], actions: dict[str, Any] | None = None, **rest: Any) -> Game:
    return hub({**DAY, **(actions or {})}, duties={"it": duty}, **rest)


@pytest.mark.parametrize("both", [["began", "ended"], ["ended", "began"]])
def test_a_span_that_begins_and_ends_at_one_moment_does_not_hold(both: list[str]) -> None:
    actions = {"flash": {"records": both}, "peek": {"when": "lasting", "closed": "It is over."}}
    game = hub(actions, spans={"lasting": {"begin": "began", "end": "ended"}})
    assert played(game, "flash", "end").state.ended  # that `peek` is closed in both worlds is checked on the way


def test_a_span_that_begins_anew_holds_again() -> None:
    actions = {
        "begin": {"records": "began"},
        "stop": {"records": "ended"},
        "peek": {"when": "lasting", "closed": "It is over."},
    }
    game = hub(actions, spans={"lasting": {"begin": "began", "end": "ended"}})
    assert played(game, "begin", "stop", "begin", "peek", "end").state.ended


def story(*steps: dict[str, Any], **rest: Any) -> Game:
    """One scene after another, each with nothing to do but `go`."""
    ways = [f"scene{n}" for n in range(len(steps))] + ["ending"]
    scenes = {
        here: {"turn": "officer", "actions": {"go": {**step, "to": there}}}
        for here, there, step in zip(ways, ways[1:], steps, strict=False)
    }
    return world({**scenes, "ending": {"ending": {"title": "The end"}}}, **rest)


def test_an_answer_before_its_trigger_in_the_same_minute_is_no_answer() -> None:
    duties = {"it": {"when": "arrived", "each": "called", "within": "5 min"}}
    game = story({"records": "called"}, {"records": "arrived"}, {"minutes": 6}, duties=duties)
    assert outcomes(game, "go", "go", "go") == ["missed"]


def test_an_answer_in_the_very_step_of_its_trigger_is_one() -> None:
    game = day({"when": "arrived", "each": "called", "within": "5 min"}, {"both": {"records": ["called", "arrived"]}})
    assert outcomes(game, "both", "wait", "end") == ["met"]


def test_what_is_met_in_the_very_step_that_shuts_it_is_late() -> None:
    game = day({"when": "arrived", "must": "called", "before": "left"}, {"both": {"records": ["called", "left"]}})
    assert outcomes(game, "arrive", "both", "end") == ["late"]


def test_what_excuses_at_the_moment_that_shuts_it_excuses() -> None:
    duty = {"when": "arrived", "must": "called", "before": "left", "unless": "stormy"}
    game = day(duty, {"both": {"records": ["left", "stormy"]}})
    assert outcomes(game, "arrive", "both", "end") == ["excused"]


def test_what_would_excuse_comes_too_late_after_it_is_shut() -> None:
    duty = {"when": "arrived", "must": "called", "before": "left", "unless": "stormy"}
    game = day(duty, {"storm": {"records": "stormy"}})
    assert outcomes(game, "arrive", "leave", "storm", "end") == ["missed"]


def test_what_is_met_after_its_trigger_is_late_past_the_deadline_only() -> None:
    game = day({"when": "arrived", "must": "called", "within": "10 min"})
    assert outcomes(game, "arrive", "call", "end") == ["met"]
    assert outcomes(game, "arrive", "wait", "call", "end") == ["late"]


def test_three_triggers_at_a_time_want_three_answers_by_deadlines_of_their_own() -> None:
    game = day({"when": "arrived", "each": "called", "within": "25 min"})
    found = outcomes(game, "arrive", "arrive", "arrive", "call", "wait", "wait", "end")
    assert sorted(found) == ["met", "missed", "missed"]


def test_three_triggers_in_one_step_are_three_instances() -> None:
    thrice = {"minutes": 1, "records": "arrived", "to": "two"}
    scenes = {
        "one": {"turn": "officer", "actions": {"come": thrice}},
        "two": {**thrice, "to": "three"},
        "three": {**thrice, "to": "last"},
        "last": {"turn": "officer", "actions": {"call": {"records": "called", "to": "ending"}}},
        "ending": {"ending": {"title": "The end"}},
    }
    game = world(scenes, duties={"it": {"when": "arrived", "each": "called", "within": "2 min"}})
    assert outcomes(game, "come", "call") == ["met", "met", "met"]


def test_one_answer_answers_the_latest_of_three_triggers() -> None:
    game = day({"when": "arrived", "each": "called"})
    assert sorted(outcomes(game, "arrive", "arrive", "arrive", "call", "end")) == ["met", "missed", "missed"]


def test_a_breach_counts_anew_each_time_it_comes_true() -> None:
    game = hub({"shoot": {"records": "shot"}}, lines={"fire": {"never": "shot"}})
    assert played(game, "shoot", "shoot", "end").lost.lines == 2


# --- telling -------------------------------------------------------------------------------------------------------

PLAN: dict[str, Any] = {"plan": {"text": "where she sleeps", "about": "survivor", "known_by": "advocate"}}
FORM: dict[str, Any] = {
    "form": {
        "holder": "advocate",
        "recipient": "officer",
        "items": "plan",
        "purpose": "shelter",
        "lasts": "20 min",
    }
}
DESK: dict[str, Any] = {
    "sign": {"signs_release": "form"},
    "revoke": {"revokes_release": "form"},
    "tell": {"tell": {"to": "officer", "items": "plan"}},
    "wait": {"minutes": 10},
    "blink": {"minutes": 1},
}


def desk(actions: dict[str, Any] | None = None, **rest: Any) -> Game:
    actions = {**DESK, **(actions or {})}
    return hub(actions, turn="advocate", items=PLAN, releases=FORM, laws={"confidence": CONFIDENTIAL}, **rest)


def test_a_telling_without_a_release_crosses_the_line_once() -> None:
    assert played(desk(), "tell", "tell", "end").lost.lines == 1


def test_a_telling_within_the_last_minute_of_a_release_is_lawful() -> None:
    assert played(desk(), "sign", "wait", "wait", "tell", "end").lost.lines == 0


def test_a_telling_after_a_release_has_run_out_is_not() -> None:
    assert played(desk(), "sign", "wait", "wait", "blink", "tell", "end").lost.lines == 1


def test_a_release_revoked_in_between_is_none() -> None:
    assert played(desk(), "sign", "revoke", "tell", "end").lost.lines == 1


def test_a_release_signed_again_begins_anew() -> None:
    assert played(desk(), "sign", "revoke", "wait", "sign", "wait", "tell", "end").lost.lines == 0


def test_a_duty_that_only_a_telling_without_right_could_keep_is_excused() -> None:
    told = {"told": {"tell": {"to": "officer", "items": "plan"}, "records": "shared"}}
    duty = {"party": "shelter", "must": "shared"}
    game = desk({**told, "ask": {"asks_release": "form"}}, duties={"it": duty})
    assert outcomes(game, "ask", "wait", "end") == ["excused"]
    assert outcomes(game, "wait", "end") == ["missed"]  # asking for a release was the lawful way


def test_a_duty_that_could_have_been_kept_lawfully_as_well_is_missed() -> None:
    ways = {
        "told": {"tell": {"to": "officer", "items": "plan"}, "records": "shared"},
        "hint": {"records": "shared"},
    }
    duty = {"party": "shelter", "must": "shared"}
    assert outcomes(desk(ways, duties={"it": duty}), "wait", "end") == ["missed"]


# --- together ------------------------------------------------------------------------------------------------------


def meeting(officer: dict[str, Any], advocate: dict[str, Any], **rest: Any) -> Game:
    """They wait a while, then act at once. `officer`, `advocate`: the effects of what they do together."""
    scenes = {
        "hall": {
            "turn": "officer",
            "actions": {"soon": {"minutes": 60, "to": "room"}, "late": {"minutes": 600, "to": "room"}},
        },
        "room": {
            "turn": ["officer", "advocate"],
            "actions": {"stay": {"seat": "officer", **officer}, "phone": {"seat": "advocate", **advocate}},
            "to": "ending",
        },
        "ending": {"ending": {"title": "The end"}},
    }
    return world(scenes, **rest)


UNTIL = {"until": "next day 08:00", "records": "rested"}
CALLS = {"minutes": 840, "records": "called"}  # 14 hours: the night's end if they begin at 18:00


@pytest.mark.parametrize(("hall", "outcome"), [("soon", "late"), ("late", "open at the end")])
def test_in_a_together_scene_the_action_that_ends_first_comes_true_first(hall: str, outcome: str) -> None:
    # begun at 10:00 the call comes true at midnight, before the rest is over; begun at 19:00, at 09:00, after it
    game = meeting(UNTIL, CALLS, duties={"it": {"when": "called", "each": "rested", "within": "5 min"}})
    assert outcomes(game, hall, "stay+phone") == [outcome]


AT_EIGHT = {"minutes": 780, "records": "called"}  # begun at 19:00


@pytest.mark.parametrize(
    ("officer", "advocate", "outcome"), [(UNTIL, AT_EIGHT, "excused"), (AT_EIGHT, UNTIL, "missed")]
)
def test_actions_that_end_at_one_moment_come_true_in_the_order_of_the_seats(
    officer: dict[str, Any], advocate: dict[str, Any], outcome: str
) -> None:
    # what begins at the moment of its end holds only until the end is recorded
    spans = {"resting": {"begin": "rested", "end": "called"}}
    duty = {"it": {"must": "gone", "unless": "resting"}}
    game = meeting(officer, advocate, facts=("gone",), spans=spans, duties=duty)
    assert outcomes(game, "late", "stay+phone") == [outcome]


def test_a_together_scene_takes_its_longest_action() -> None:
    assert played(meeting(UNTIL, CALLS), "soon", "stay+phone").minutes == 1380


# --- the calendar --------------------------------------------------------------------------------------------------


def test_after_a_week_the_clock_goes_round_and_weekends_are_still_weekends() -> None:
    actions = {
        "sleep": {"until": "next day 09:00"},
        "ask": {"until": "next business day 09:00", "records": "asked"},
        "check": {"when": "minutes_since(asked) >= 0 and minutes_since(asked) < 1", "closed": "Not now."},
    }
    asked_on_friday = played(hub(actions), *["sleep"] * 11, "ask", "check", "end")
    assert asked_on_friday.minutes == 14 * 1440


def test_a_holiday_moves_a_deadline() -> None:
    duty = {"when": "arrived", "must": "called", "within": "1 business day"}
    night = {"sleep": {"until": "next day 09:00"}}
    assert outcomes(day(duty, night), "arrive", "sleep", "sleep", "call", "end") == ["late"]
    assert outcomes(day(duty, night, holidays=("2026-03-03",)), "arrive", "sleep", "sleep", "call", "end") == ["met"]


# --- dilemmas ------------------------------------------------------------------------------------------------------


def dilemma(duty: dict[str, Any]) -> Game:
    """A hall, then a judgement scene in which `it` collides with something."""
    go = {"minutes": 10, "to": "judge"}
    judgement = {"question": "Which?", "collide": ["it"], "both_sides": ["one", "other"]}
    ways = {"keep": {"records": "called", "to": "ending"}, "break": {"records": "left", "to": "ending"}}
    scenes: dict[str, Any] = {
        "hall": {
            "turn": "officer",
            "actions": {"arrive": {**go, "records": "arrived"}, "dawdle": {**go, "minutes": 60, "records": "arrived"}},
        },
        "between": {"turn": "officer", "actions": {"go": go, "dawdle-on": {**go, "minutes": 60}}},
        "judge": {"turn": "officer", "judgement": judgement, "actions": ways},
        "ending": {"ending": {"title": "The end"}},
    }
    for action in scenes["hall"]["actions"].values():
        action["to"] = "between"
    return world(scenes, duties={"it": duty})


def test_a_duty_that_collides_where_it_could_still_be_kept_is_excused() -> None:
    duty = {"when": "arrived", "must": "called", "within": "10 min"}
    assert outcomes(dilemma({**duty, "within": "30 min"}), "arrive", "go", "break") != ["missed"]
    assert outcomes(dilemma({"when": "arrived", "must": "called"}), "arrive", "go", "break") == ["excused"]


def test_a_duty_that_was_overdue_before_it_collides_is_not() -> None:
    duty = {"when": "arrived", "must": "called", "within": "30 min"}
    assert outcomes(dilemma(duty), "arrive", "dawdle-on", "break") == ["missed"]


def test_a_never_broken_only_where_it_collides_is_excused() -> None:
    assert outcomes(dilemma({"when": "arrived", "never": "left"}), "arrive", "go", "break") == ["excused"]


# --- where there is no room ----------------------------------------------------------------------------------------


def test_a_deadline_of_years_is_said_to_be_too_long() -> None:
    with pytest.raises(TooIntricate, match="too long"):
        explored(day({"when": "arrived", "must": "called", "within": "400 days"}), limit=10)
