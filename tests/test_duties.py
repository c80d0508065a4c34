"""The duties monitor: one example for each status and each timing rule of DESIGN, “How a choice is weighed”, 2."""

from __future__ import annotations

from typing import Any

from scoring.scorecard import DutyResult
from simulator.assess import LAW_EXCUSES
from simulator.game import Game
from tests.small import CONFIDENTIAL, SEATS, duties, hub, play, status, world

# The moves of the officer's day that most examples are made of; each is 10 minutes long.
DAY = {
    "arrive": {"minutes": 10, "records": "arrived"},
    "call": {"minutes": 10, "records": "called"},
    "leave": {"minutes": 10, "records": "left"},
    "wait": {"minutes": 10},
    "blink": {"minutes": 1},
}
CALL_IN_30 = {"when": "arrived", "must": "called", "within": "30 min"}


def day(duty: dict[str, Any], actions: dict[str, Any] | None = None, **rest: Any) -> Game:
    return hub({**DAY, **(actions or {})}, duties={"it": duty}, **rest)


def only(game: Game, *moves: str) -> DutyResult:
    [result] = duties(play(game, *moves))
    return result


# --- every status --------------------------------------------------------------------------------------------------


def test_a_duty_whose_trigger_has_not_come_is_not_triggered() -> None:
    assert status(play(day(CALL_IN_30), "wait")) == "not triggered"


def test_a_triggered_duty_is_due_until_its_deadline() -> None:
    assert status(play(day(CALL_IN_30), "arrive", "wait")) == "due"


def test_a_duty_done_in_time_is_met() -> None:
    assert status(play(day(CALL_IN_30), "arrive", "wait", "call")) == "met"


def test_a_duty_past_its_deadline_is_overdue() -> None:
    assert status(play(day(CALL_IN_30), "arrive", "wait", "wait", "wait", "blink")) == "overdue"


def test_a_duty_done_after_its_deadline_is_late() -> None:
    assert status(play(day(CALL_IN_30), "arrive", "wait", "wait", "wait", "call")) == "late"


def test_a_duty_overdue_at_the_ending_is_missed() -> None:
    assert status(play(day(CALL_IN_30), "arrive", "wait", "wait", "wait", "blink", "end")) == "missed"


def test_a_late_duty_stays_late_at_the_ending() -> None:
    assert status(play(day(CALL_IN_30), "arrive", "wait", "wait", "wait", "call", "end")) == "late"


def test_a_duty_not_yet_due_at_the_ending_is_open() -> None:
    assert status(play(day(CALL_IN_30), "arrive", "end")) == "open at the end"


def test_a_duty_of_a_party_that_nobody_plays_is_not_played() -> None:
    assert status(play(day({**CALL_IN_30, "party": "hospital"}), "arrive", "wait", "wait", "wait", "blink", "end")) == (
        "not played"
    )


def test_a_duty_without_a_deadline_is_missed_at_the_ending() -> None:
    assert status(play(day({"when": "arrived", "must": "called"}), "arrive", "end")) == "missed"


def test_a_duty_without_a_trigger_holds_from_the_start() -> None:
    game = day({"must": "called", "within": "30 min"})
    assert (only(game).status, only(game).opened, only(game).deadline) == ("due", 0, 30)


# --- the clock -----------------------------------------------------------------------------------------------------


def test_the_facts_of_an_action_become_true_at_its_end() -> None:
    result = only(day(CALL_IN_30), "arrive")
    assert (result.opened, result.deadline) == (10, 40)


def test_a_deadline_is_inclusive() -> None:
    result = only(day(CALL_IN_30), "arrive", "wait", "wait", "call")
    assert (result.met, result.deadline, result.status) == (40, 40, "met")


def test_a_duty_is_still_due_in_the_minute_of_its_deadline() -> None:
    assert status(play(day(CALL_IN_30), "arrive", "wait", "wait", "wait")) == "due"


def test_a_duty_one_minute_after_its_deadline_is_late() -> None:
    result = only(day(CALL_IN_30), "arrive", "blink", "wait", "wait", "call")
    assert (result.met, result.status) == (41, "late")


def test_an_ending_in_the_minute_of_the_deadline_leaves_the_duty_open() -> None:
    assert status(play(day(CALL_IN_30), "arrive", "wait", "wait", "wait", "end")) == "open at the end"


def test_a_long_action_that_ends_past_the_deadline_is_late_however_early_it_began() -> None:
    game = day(CALL_IN_30, {"search-for-a-phone": {"minutes": 31, "records": "called"}})
    assert status(play(game, "arrive", "search-for-a-phone")) == "late"


def test_only_the_first_trigger_starts_the_clock_of_a_must() -> None:
    assert only(day(CALL_IN_30), "arrive", "wait", "arrive").deadline == 40


def test_three_business_days_run_to_the_end_of_the_third() -> None:
    game = day(
        {"when": "arrived", "must": "called", "within": "3 business days"},
        {"work-until-thursday": {"until": "3 business days"}},
    )
    assert status(play(game, "arrive", "work-until-thursday")) == "due"
    assert status(play(game, "arrive", "work-until-thursday", "blink")) == "overdue"


def together(*, first: int, second: int, **rest: Any) -> Game:
    """Both act at once: the officer arrives in `first` minutes, the advocate calls in `second`."""
    scenes = {
        "both": {
            "turn": ["officer", "advocate"],
            "to": "after",
            "actions": {
                "arrive": {"seat": "officer", "minutes": first, "records": "arrived"},
                "call": {"seat": "advocate", "minutes": second, "records": "called"},
            },
        },
        "after": {"turn": "officer", "actions": {"end": {"to": "ending"}}},
        "ending": {"ending": {"title": "The end"}},
    }
    return world(scenes, **rest)


def test_a_together_scene_takes_its_longest_action() -> None:
    game = together(first=5, second=20)
    assert play(game, "officer: arrive", "advocate: call").now == 20


def test_each_action_of_a_together_scene_becomes_true_at_its_own_end() -> None:
    game = together(first=5, second=20, duties={"it": {**CALL_IN_30, "within": "15 min"}})
    result = only(game, "advocate: call", "officer: arrive")
    assert (result.opened, result.met, result.status) == (5, 20, "met")


def test_a_together_scene_can_make_a_duty_late() -> None:
    game = together(first=5, second=21, duties={"it": {**CALL_IN_30, "within": "15 min"}})
    assert status(play(game, "officer: arrive", "advocate: call")) == "late"


# --- met latches ---------------------------------------------------------------------------------------------------


def test_met_latches_even_before_the_trigger() -> None:
    assert status(play(day(CALL_IN_30), "call", "arrive")) == "met"


def test_a_duty_met_before_a_trigger_that_never_comes_is_not_triggered() -> None:
    assert status(play(day(CALL_IN_30), "call", "end")) == "not triggered"


def test_met_stays_met_when_what_met_it_ends() -> None:
    game = day(
        {"when": "arrived", "must": "watch_kept", "within": "30 min"},
        {"begin": {"records": "watch_began"}, "stop": {"records": "watch_ended"}},
        spans={"watch_kept": {"begin": "watch_began", "end": "watch_ended"}},
    )
    assert status(play(game, "arrive", "begin", "stop", "wait", "wait", "wait", "wait", "end")) == "met"


# --- before --------------------------------------------------------------------------------------------------------

CALL_BEFORE_LEAVING = {"when": "arrived", "must": "called", "before": "left"}


def test_before_is_kept_by_an_earlier_event() -> None:
    assert status(play(day(CALL_BEFORE_LEAVING), "arrive", "call", "leave", "end")) == "met"


def test_before_is_not_kept_in_the_same_event() -> None:
    game = day(CALL_BEFORE_LEAVING, {"call-on-the-way-out": {"records": ["called", "left"]}})
    assert status(play(game, "arrive", "call-on-the-way-out")) == "late"


def test_before_is_not_kept_by_a_narration_of_the_same_event() -> None:
    scenes = {
        "door": {"turn": "officer", "actions": {"call": {"records": "called", "to": "away"}}},
        "away": {"minutes": 5, "records": "left", "to": "car"},
        "car": {"turn": "officer", "actions": {"end": {"to": "ending"}}},
        "ending": {"ending": {"title": "The end"}},
    }
    assert status(play(world(scenes, duties={"it": {"must": "called", "before": "left"}}), "call")) == "late"


def test_what_should_have_come_before_is_overdue_once_the_other_has_come() -> None:
    assert status(play(day(CALL_BEFORE_LEAVING), "arrive", "leave")) == "overdue"


def test_what_should_have_come_before_and_never_came_is_missed() -> None:
    assert status(play(day(CALL_BEFORE_LEAVING), "arrive", "leave", "end")) == "missed"


def test_before_something_that_never_comes_stays_open() -> None:
    assert status(play(day(CALL_BEFORE_LEAVING), "arrive", "end")) == "open at the end"


# --- unless --------------------------------------------------------------------------------------------------------

UNLESS_BUSY = {**CALL_IN_30, "unless": "busy == yes"}
BUSY = {"busy": {"values": ["no", "yes"], "start": "no"}}
PHONE = {"get-busy": {"set": {"busy": "yes"}}, "get-free": {"set": {"busy": "no"}}}


def busy_day() -> Game:
    return day(UNLESS_BUSY, PHONE, statuses=BUSY)


def test_unless_excuses_between_trigger_and_deadline() -> None:
    result = only(busy_day(), "arrive", "wait", "get-busy", "wait", "wait", "wait", "end")
    assert (result.status, result.why) == ("excused", "excused: busy == yes")


def test_an_excuse_that_stops_still_excuses() -> None:
    assert (
        status(play(busy_day(), "arrive", "get-busy", "get-free", "wait", "wait", "wait", "blink", "end")) == "excused"
    )


def test_unless_excuses_in_the_minute_of_the_trigger() -> None:
    assert status(play(busy_day(), "get-busy", "arrive", "wait", "wait", "wait", "wait", "end")) == "excused"


def test_unless_excuses_in_the_minute_of_the_deadline() -> None:
    assert status(play(busy_day(), "arrive", "wait", "wait", "wait", "get-busy", "blink", "end")) == "excused"


def test_unless_does_not_excuse_after_the_deadline() -> None:
    game = busy_day()
    assert status(play(game, "arrive", "wait", "wait", "wait", "blink", "get-busy", "end")) == "missed"


def test_what_was_over_before_the_trigger_does_not_excuse() -> None:
    game = busy_day()
    assert status(play(game, "get-busy", "get-free", "arrive", "wait", "wait", "wait", "blink", "end")) == "missed"


def test_a_duty_that_was_excused_and_yet_kept_in_time_is_met() -> None:
    assert status(play(busy_day(), "arrive", "get-busy", "call", "end")) == "met"


def test_a_duty_that_was_excused_and_kept_after_its_deadline_is_excused() -> None:
    assert status(play(busy_day(), "arrive", "get-busy", "wait", "wait", "wait", "call", "end")) == "excused"


def test_unless_does_not_excuse_once_the_other_has_come() -> None:
    game = day({**CALL_BEFORE_LEAVING, "unless": "busy == yes"}, PHONE, statuses=BUSY)
    assert status(play(game, "arrive", "leave", "get-busy", "end")) == "missed"


def test_unless_excuses_in_the_event_that_should_have_come_after() -> None:
    busy_leaving = {"leave-in-a-hurry": {"records": "left", "set": {"busy": "yes"}}}
    game = day({**CALL_BEFORE_LEAVING, "unless": "busy == yes"}, busy_leaving, statuses=BUSY)
    assert status(play(game, "arrive", "leave-in-a-hurry", "end")) == "excused"


def test_unless_excuses_what_was_done_in_the_event_that_should_have_come_after() -> None:
    all_at_once = {"hurry": {"records": ["called", "left"], "set": {"busy": "yes"}}}
    game = day({**CALL_BEFORE_LEAVING, "unless": "busy == yes"}, all_at_once, statuses=BUSY)
    assert status(play(game, "arrive", "hurry", "end")) == "excused"


def test_unless_by_the_clock_excuses_when_the_time_is_up_at_the_end_of_an_action() -> None:
    game = day({**CALL_IN_30, "unless": "minutes_since(arrived) >= 20"})
    assert status(play(game, "arrive", "wait", "wait", "wait", "wait", "end")) == "excused"


# --- each ----------------------------------------------------------------------------------------------------------

EACH = {"when": "arrived", "each": "called", "within": "30 min"}


def test_each_occurrence_opens_an_instance_with_its_own_deadline() -> None:
    found = duties(play(day(EACH), "arrive", "wait", "arrive"))
    assert [(d.opened, d.deadline, d.status) for d in found] == [(10, 40, "due"), (30, 60, "due")]


def test_each_is_not_kept_by_what_came_before_its_occurrence() -> None:
    assert status(play(day(EACH), "call", "arrive", "wait", "wait", "wait", "blink", "end")) == "missed"


def test_each_is_kept_in_the_same_action() -> None:
    game = day(EACH, {"arrive-calling": {"minutes": 5, "records": ["arrived", "called"]}})
    assert status(play(game, "arrive-calling")) == "met"


def test_instances_of_each_stand_on_their_own() -> None:
    moves = ("arrive", "call", "wait", "wait", "arrive", "wait", "wait", "wait", "call")
    assert [d.status for d in duties(play(day(EACH), *moves))] == ["met", "late"]


def test_one_answer_answers_one_occurrence_of_each() -> None:
    found = duties(play(day(EACH), "arrive", "arrive", "call", "wait", "wait", "wait", "end"))
    assert [d.status for d in found] == ["missed", "met"]


def test_each_without_an_occurrence_is_not_triggered() -> None:
    assert status(play(day(EACH), "wait", "end")) == "not triggered"


def test_unless_excuses_only_the_instance_that_was_open() -> None:
    game = day({**EACH, "unless": "busy == yes"}, PHONE, statuses=BUSY)
    moves = ("arrive", "get-busy", "get-free", "wait", "wait", "wait", "wait", "arrive", "wait", "wait", "wait", "wait")
    assert [d.status for d in duties(play(game, *moves, "end"))] == ["excused", "missed"]


# --- never ---------------------------------------------------------------------------------------------------------


def test_a_never_that_was_kept_to_the_end_is_met() -> None:
    assert status(play(day({"never": "left"}), "wait", "end")) == "met"


def test_a_never_that_happened_is_missed_at_once() -> None:
    result = only(day({"never": "left"}), "wait", "leave")
    assert (result.status, result.step) == ("missed", 2)


def test_a_never_looks_only_at_what_comes_after_its_trigger() -> None:
    game = day({"when": "arrived", "never": "left"})
    assert status(play(game, "leave", "arrive", "end")) == "met"
    assert status(play(game, "leave", "arrive", "leave", "end")) == "missed"


def test_unless_excuses_a_never_while_it_holds() -> None:
    game = day({"never": "left", "unless": "busy == yes"}, PHONE, statuses=BUSY)
    assert status(play(game, "get-busy", "leave", "end")) == "met"
    assert status(play(game, "get-busy", "get-free", "leave", "end")) == "missed"


def test_a_never_of_a_condition_is_broken_when_it_becomes_true() -> None:
    game = day({"when": "arrived", "never": "minutes_since(arrived) > 20 and not called"})
    assert status(play(game, "arrive", "wait", "wait")) == "due"
    assert status(play(game, "arrive", "wait", "wait", "blink")) == "missed"


def test_a_never_is_not_broken_by_another_partys_hand() -> None:
    game = hub(DAY, turn="advocate", duties={"it": {"never": "left"}})
    assert status(play(game, "leave", "end")) == "met"


# --- what a duty may read ------------------------------------------------------------------------------------------


def test_a_duty_may_ask_who_knows_what() -> None:
    game = day(
        {"must": "knows(officer, gun)", "within": "5 min"},
        {"look": {"learn": {"officer": "gun"}}},
        items={"gun": {"text": "where the gun is"}},
    )
    assert status(play(game, "look")) == "met"
    assert status(play(game, "wait", "look")) == "late"


def test_a_duty_may_ask_what_became_of_a_release() -> None:
    form = {"holder": "officer", "recipient": "advocate", "items": "gun", "purpose": "safety"}
    game = day(
        {"must": "asked(form)", "within": "5 min"},
        {"ask": {"asks_release": "form"}},
        items={"gun": {"text": "where the gun is"}},
        releases={"form": form},
    )
    assert status(play(game, "ask")) == "met"


# --- who is bound --------------------------------------------------------------------------------------------------


def two_officers() -> Game:
    seats = {**SEATS, "second": {**SEATS["officer"], "name": "Officer Lund"}}
    scenes = {
        "car": {"turn": "officer", "actions": {"arrive": {"records": "arrived", "to": "door"}}},
        "door": {"turn": "second", "actions": {"call": {"records": ["called", "left"], "to": "ending"}}},
        "ending": {"ending": {"title": "The end"}},
    }
    rules = {"it": {"when": "arrived", "must": "called"}, "stay": {"never": "left"}}
    return world(scenes, seats=seats, duties=rules)


def test_a_duty_may_be_kept_by_any_seat_of_its_party() -> None:
    assert status(play(two_officers(), "arrive", "call")) == "met"


def test_a_duty_binds_every_seat_of_its_party() -> None:
    assert status(play(two_officers(), "arrive", "call"), "stay") == "missed"


# --- excused, because something stronger stood against it ---------------------------------------------------------


def telling_duty(**more: Any) -> Game:
    """The advocate owes the officer the plan; the plan is a confidence."""
    plan = {"tell": {"to": "officer", "items": "plan"}, "records": "plan_shared"}
    return hub(
        {"share": plan, "wait": {"minutes": 10}, **more},
        turn="advocate",
        laws={"confidence": CONFIDENTIAL},
        items={"plan": {"text": "her safety plan", "known_by": "advocate"}},
        duties={"it": {"party": "shelter", "must": "plan_shared", "within": "5 min"}},
    )


def test_a_duty_that_only_breaking_the_law_could_keep_is_excused() -> None:
    [result] = duties(play(telling_duty(), "wait", "end"))
    assert (result.status, result.why) == ("excused", LAW_EXCUSES)


def test_a_duty_that_a_lawful_choice_could_have_kept_is_not_excused() -> None:
    game = telling_duty(**{"ask-her-to-share": {"records": "plan_shared"}})
    assert status(play(game, "wait", "end")) == "missed"


def test_a_duty_that_nothing_could_have_kept_is_not_excused_by_the_law() -> None:
    game = day({"must": "sang", "within": "5 min"}, facts=("sang",))
    assert status(play(game, "wait", "end")) == "missed"


def test_a_lawful_way_that_opened_only_after_the_deadline_takes_no_excuse_away() -> None:
    game = telling_duty(
        **{"ask-her-to-share": {"records": "plan_shared", "when": "slept"}, "sleep": {"records": "slept"}}
    )
    assert status(play(game, "wait", "sleep", "wait", "end")) == "excused"


def dilemma(duty: dict[str, Any]) -> Game:
    """Before the dilemma one can wait or leave; in it one stays or leaves; after it one can leave, call or end."""
    judgement = {"question": "Stay, or leave?", "collide": ["it"], "both_sides": ["stay", "leave"]}
    acts = {"stay": {"minutes": 10, "to": "after"}, "leave": {"minutes": 10, "records": "left", "to": "after"}}
    after = {
        "leave": {"records": "left", "to": "after"},
        "wait": {"minutes": 60, "to": "after"},
        "end": {"to": "ending"},
    }
    scenes = {
        "before": {
            "turn": "officer",
            "actions": {
                "go": {"to": "dilemma"},
                "wait": {"minutes": 60, "to": "before"},
                "leave": {"records": "left", "to": "before"},
            },
        },
        "dilemma": {"turn": "officer", "judgement": judgement, "actions": acts},
        "after": {"turn": "officer", "actions": after},
        "ending": {"ending": {"title": "The end"}},
    }
    return world(scenes, duties={"it": duty}, facts=("called",))


def test_a_duty_that_collides_in_a_judgement_scene_is_excused_there() -> None:
    [result] = duties(play(dilemma({"must": "called", "within": "5 min"}), "go", "stay", "end"))
    assert result.status == "excused"
    assert result.why.startswith("dilemma")


def test_a_never_that_is_broken_in_its_judgement_scene_is_excused_there() -> None:
    assert status(play(dilemma({"never": "left"}), "go", "leave", "end")) == "excused"


def test_a_never_that_is_broken_elsewhere_is_not_excused_by_the_judgement_scene() -> None:
    game = dilemma({"never": "left"})
    assert status(play(game, "leave", "go", "stay", "end")) == "missed"
    assert status(play(game, "go", "stay", "leave", "end")) == "missed"


def test_a_duty_overdue_before_the_judgement_scene_is_not_excused_by_it() -> None:
    assert status(play(dilemma({"must": "called", "within": "30 min"}), "wait", "go", "stay", "end")) == "missed"


def test_a_duty_that_was_kept_through_the_dilemma_is_met() -> None:
    assert status(play(dilemma({"never": "left"}), "go", "stay", "end")) == "met"
