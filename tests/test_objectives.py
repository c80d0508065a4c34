"""Objectives: U, else M, else S, else P; nothing observed, no letter."""

from __future__ import annotations

import pytest

from scoring.objectives import rate
from scoring.scorecard import Breach, Decision, DutyResult, DutyStatus, ObjectiveResult
from tests.test_practice import FRAMEWORK, decision, rated

GOOD = decision(rated(safety=2), rated(safety=-2))
THREE_QUARTERS = decision(rated(safety=1), rated(safety=2), rated(safety=-2))
POOR = decision(rated(safety=0), rated(safety=2), rated(safety=-2))


def duty(status: DutyStatus, name: str = "call") -> DutyResult:
    return DutyResult(duty=name, text="Call in time.", clause="4.2", words="", party="Police", status=status)


def breach(line: str = "confidence") -> Breach:
    return Breach(
        line=line, text="A confidence was told", citation="a statute", kind="law", step=1, minute=0, seat="advocate"
    )


def objective(
    *found: DutyResult, lines: tuple[str, ...] = (), crossed: tuple[Breach, ...] = (), faced: tuple[Decision, ...] = ()
) -> ObjectiveResult:
    return rate(
        "hand-over",
        "Hand over in the same call.",
        ["call", "screen"],
        lines,
        ["here"],
        results=found,
        crossed=crossed,
        faced=faced,
        framework=FRAMEWORK,
    )


def test_a_missed_duty_is_u_whatever_else_went_well() -> None:
    assert objective(duty("missed"), duty("met", "screen"), faced=(GOOD,)).letter == "U"


def test_a_missed_duty_outranks_a_line_that_was_crossed() -> None:
    assert objective(duty("missed"), crossed=(breach(),)).letter == "U"


def test_a_line_that_was_crossed_is_m_whatever_else_went_well() -> None:
    assert objective(duty("met"), crossed=(breach(),), faced=(GOOD,)).letter == "M"


def test_a_line_outranks_a_late_duty() -> None:
    assert objective(duty("late"), crossed=(breach(),)).letter == "M"


def test_any_line_caps_an_objective_that_names_none() -> None:
    assert objective(duty("met"), crossed=(breach("something-else"),)).letter == "M"


def test_only_named_lines_cap_an_objective_that_names_some() -> None:
    assert objective(duty("met"), lines=("confidence",), crossed=(breach("something-else"),)).letter == "P"
    assert objective(duty("met"), lines=("confidence",), crossed=(breach("confidence"),)).letter == "M"


def test_a_late_duty_is_s() -> None:
    assert objective(duty("late"), faced=(GOOD,)).letter == "S"


def test_practice_under_three_quarters_is_s() -> None:
    assert objective(duty("met"), faced=(POOR,)).letter == "S"


def test_practice_of_three_quarters_is_enough() -> None:
    assert objective(duty("met"), faced=(THREE_QUARTERS,)).letter == "P"


def test_duties_kept_and_good_practice_are_p() -> None:
    assert objective(duty("met"), faced=(GOOD,)).letter == "P"


def test_duties_kept_are_enough_where_no_practice_was_observed() -> None:
    assert objective(duty("met")).letter == "P"


def test_good_practice_is_enough_where_no_duty_came_up() -> None:
    assert objective(faced=(GOOD,)).letter == "P"


@pytest.mark.parametrize("status", ["not triggered", "excused", "open at the end", "not played"])
def test_what_was_not_counted_is_not_observed(status: DutyStatus) -> None:
    result = objective(duty(status))
    assert (result.letter, result.grounds) == (None, ("nothing that it rests on came up in this play",))


def test_a_duty_still_due_when_a_play_is_ended_early_weighs_nothing_and_is_named() -> None:
    alone, beside = objective(duty("due")), objective(duty("due"), duty("met", "screen"))
    assert (alone.letter, beside.letter) == (None, "P")
    assert "still open when the play was ended, so not observed: clause 4.2" in alone.grounds
    assert alone.grounds[-1] == beside.grounds[-1]


def test_a_duty_overdue_when_a_play_is_ended_early_is_late_and_not_missed() -> None:
    result = objective(duty("overdue"))
    assert (result.letter, result.grounds) == ("S", ("clause 4.2 (Call in time) was not kept in time",))


def test_a_duty_of_another_objective_weighs_nothing() -> None:
    assert objective(duty("missed", "something-else")).letter is None


def test_a_decision_in_another_scene_weighs_nothing() -> None:
    elsewhere = decision(rated(safety=-2), rated(safety=2))
    assert rate(
        "x", "X.", ["call"], [], ["there"], results=[duty("met")], crossed=[], faced=[elsewhere], framework=FRAMEWORK
    ).letter == "P"  # fmt: skip


def test_the_grounds_name_the_clause_and_the_share() -> None:
    grounds = objective(duty("late"), duty("met", "screen"), faced=(POOR,)).grounds
    assert grounds == (
        "clause 4.2 (Call in time) was kept late",
        "clause 4.2 (Call in time) was kept",
        "practice over 1 decision: 50% of the way, under the three quarters this asks for",
    )
