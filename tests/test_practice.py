"""Practice: shares are exact, what was not observed is not zero, principles get words."""

from __future__ import annotations

from fractions import Fraction

import pytest

from scoring.practice import NOT_OBSERVED, describe, share, words
from scoring.scorecard import Decision, Rated
from tests.small import PRINCIPLES, framework_of

FRAMEWORK = framework_of({"id": "plain", "title": "Plain", "principles": PRINCIPLES})


def rated(**ratings: int) -> Rated:
    return Rated(action="act", text="Act.", ratings=tuple(ratings.items()))


def decision(
    chosen: Rated, *others: Rated, seat: str = "officer", by_computer: bool = False, judgement: bool = False
) -> Decision:
    return Decision(
        step=1,
        minute=0,
        scene="here",
        scene_title="Here",
        seat=seat,
        by_computer=by_computer,
        chosen=chosen,
        open=(chosen, *others),
        felt=None,
        partner_knew=(),
        judgement=judgement,
    )


def test_no_decision_at_all_is_not_observed() -> None:
    assert share([], ["safety"]) == (None, 0)


def test_options_that_do_not_differ_observe_nothing() -> None:
    assert share([decision(rated(safety=2), rated(safety=2))], ["safety"]) == (None, 0)


def test_a_principle_that_nobody_rated_is_not_observed() -> None:
    assert share([decision(rated(safety=2), rated(safety=0))], ["choice"]) == (None, 0)


def test_the_worst_choice_is_zero_and_not_unobserved() -> None:
    assert share([decision(rated(safety=-2), rated(safety=2))], ["safety"]) == (Fraction(0), 1)


def test_the_best_choice_is_one() -> None:
    assert share([decision(rated(safety=2), rated(safety=-2))], ["safety"]) == (Fraction(1), 1)


def test_an_option_without_a_rating_stands_at_zero() -> None:
    assert share([decision(rated(), rated(safety=2), rated(safety=-1))], ["safety"]) == (Fraction(1, 3), 1)


def test_the_share_adds_up_over_decisions_before_it_divides() -> None:
    faced = [
        decision(rated(safety=1), rated(safety=2), rated(safety=-2)),  # 3 of 4
        decision(rated(safety=0), rated(safety=1)),  # 0 of 1
        decision(rated(safety=1), rated(safety=1)),  # nothing to see
    ]
    assert share(faced, ["safety"]) == (Fraction(3, 5), 2)


def test_a_decision_counts_once_however_many_principles_it_shows() -> None:
    faced = [decision(rated(safety=2, choice=0), rated(safety=0, choice=1))]
    assert share(faced, ["safety", "choice"]) == (Fraction(2, 3), 1)


def test_a_judgement_scene_describes_nobody() -> None:
    assert share([decision(rated(safety=2), rated(safety=0), judgement=True)], ["safety"]) == (None, 0)


def test_each_seat_is_described_by_its_own_decisions() -> None:
    faced = [
        decision(rated(safety=2), rated(safety=0), seat="officer"),
        decision(rated(safety=0), rated(safety=2), seat="advocate"),
    ]
    found = {(r.principle, r.seat): r.share for r in describe(FRAMEWORK, ["officer", "advocate"], faced)}
    assert found == {
        ("safety", "officer"): 1,
        ("safety", "advocate"): 0,
        ("choice", "officer"): None,
        ("choice", "advocate"): None,
    }


def test_a_computer_partner_is_not_described() -> None:
    faced = [decision(rated(safety=2), rated(safety=0), by_computer=True)]
    assert all(result.share is None for result in describe(FRAMEWORK, ["officer"], faced))


def test_principles_come_in_the_frameworks_order() -> None:
    assert [result.principle for result in describe(FRAMEWORK, ["officer"], [])] == list(FRAMEWORK.principles)


@pytest.mark.parametrize(
    ("value", "start"),
    [
        (None, NOT_OBSERVED),
        (Fraction(0), "mostly the weaker"),
        (Fraction(24, 100), "mostly the weaker"),
        (Fraction(1, 4), "mixed, more often the weaker"),
        (Fraction(1, 2), "mixed, more often the stronger"),
        (Fraction(3, 4), "mostly the stronger"),
        (Fraction(9, 10), "nearly always the stronger"),
        (Fraction(1), "nearly always the stronger"),
    ],
)
def test_a_share_is_told_in_words(value: Fraction | None, start: str) -> None:
    assert words(value).startswith(start)
