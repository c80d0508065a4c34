"""Agreement on letters: kappa and its error are statsmodels', the interval keeps a workshop's ratings together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.inter_rater import cohens_kappa

from scoring.kappa import FRAGILE, NO_SPREAD, NOBODY, ONE_LETTER, clustered_kappa, kappa, size_in_words

cell = st.integers(0, 9)
matrices = st.lists(st.lists(cell, min_size=4, max_size=4), min_size=4, max_size=4)
Counts = list[list[int]]

GOOD = [[20, 4, 0, 0], [3, 10, 2, 0], [0, 2, 8, 1], [0, 0, 2, 5]]
OTHER = [[9, 1, 0, 2], [2, 4, 4, 0], [0, 1, 3, 1], [1, 0, 2, 6]]
THIRD = [[5, 3, 1, 0], [1, 7, 1, 0], [0, 3, 2, 3], [0, 0, 0, 9]]


def only(*, row: int, column: int, count: int = 12) -> Counts:
    return [[count * (i == row and j == column) for j in range(4)] for i in range(4)]


def plus(*parts: Counts) -> Counts:
    return np.sum(parts, axis=0).tolist()


@given(matrices, st.sampled_from(["linear", "none"]))
def test_kappa_and_its_error_are_statsmodels(matrix: Counts, weights: str) -> None:
    assume(np.count_nonzero(np.sum(matrix, axis=0)) > 1 and np.count_nonzero(np.sum(matrix, axis=1)) > 1)
    theirs = cohens_kappa(np.array(matrix), wt=None if weights == "none" else weights)
    found = kappa(matrix, weights)  # type: ignore[arg-type]
    assert found.value == pytest.approx(theirs.kappa, abs=1e-12)
    assert found.error == pytest.approx(theirs.std_kappa, abs=1e-9)


@given(st.lists(matrices, min_size=2, max_size=5))
def test_the_workshops_kappa_is_that_of_their_sum(parts: list[Counts]) -> None:
    assert clustered_kappa(parts).value == kappa(plus(*parts)).value


@given(st.lists(matrices, min_size=2, max_size=5))
def test_the_jackknifes_kappas_are_those_of_the_other_workshops(parts: list[Counts]) -> None:
    found = clustered_kappa(parts)
    assume(found.error is not None)
    parts = [part for part in parts if np.any(part)]
    k = len(parts)
    without = [kappa(plus(*parts[:i], *parts[i + 1 :])).value for i in range(k)]
    jackknife = np.sqrt((k - 1) / k * np.sum((np.array(without) - np.mean(without)) ** 2))
    assert found.error == pytest.approx(max(kappa(plus(*parts)).error, jackknife))


def test_the_interval_leaves_out_one_workshop_at_a_time() -> None:
    without = [kappa(plus(OTHER, THIRD)).value, kappa(plus(GOOD, THIRD)).value, kappa(plus(GOOD, OTHER)).value]
    error = np.sqrt(2 / 3 * np.sum((np.array(without) - np.mean(without)) ** 2))
    found = clustered_kappa([GOOD, OTHER, THIRD])
    half = stats.t.ppf(0.975, 2) * error
    assert found.error == pytest.approx(error)
    assert found[2:4] == pytest.approx((max(-1, found.value - half), min(1, found.value + half)))


def test_a_workshop_in_which_nobody_rated_is_none() -> None:
    assert clustered_kappa([GOOD, OTHER, only(row=0, column=0, count=0)]) == clustered_kappa([GOOD, OTHER])


def test_the_interval_stays_within_what_kappa_can_be() -> None:
    apart = [only(row=0, column=3), only(row=3, column=0), GOOD]
    found = clustered_kappa(apart)
    assert (found.low, found.high) == (-1, 1)


def test_one_workshop_has_a_kappa_and_no_interval() -> None:
    found = clustered_kappa([GOOD])
    assert found.value == pytest.approx(kappa(GOOD).value)
    assert (found.low, found.high, found.why) == (None, None, "one workshop: no interval")


@pytest.mark.parametrize(
    "one", [only(row=1, column=1), only(row=1, column=2), plus(only(row=1, column=2), only(row=3, column=2))]
)
def test_a_rater_who_gave_one_letter_throughout_leaves_no_kappa(one: Counts) -> None:
    assert kappa(one) == (None, None, None, None, ONE_LETTER)
    assert clustered_kappa([one, one]) == (None, None, None, None, ONE_LETTER)


def test_workshops_that_are_all_alike_are_no_surer_than_independent_ratings() -> None:
    assert clustered_kappa([GOOD, GOOD, GOOD]).error == kappa(plus(GOOD, GOOD, GOOD)).error > 0


def test_agreement_without_exception_has_no_interval() -> None:
    perfect = plus(only(row=0, column=0), only(row=2, column=2))
    found = clustered_kappa([perfect, perfect])
    assert found == (pytest.approx(1), None, None, None, NO_SPREAD)


def test_nothing_rated_has_no_kappa() -> None:
    nothing = only(row=0, column=0, count=0)
    assert kappa(nothing).why == clustered_kappa([nothing]).why == clustered_kappa([]).why == NOBODY


def test_where_all_hangs_on_one_workshop_there_is_no_interval() -> None:
    found = clustered_kappa([only(row=0, column=0), plus(only(row=0, column=0), only(row=2, column=2))])
    assert found.value == pytest.approx(1)
    assert (found.low, found.high, found.why) == (None, None, FRAGILE)


def test_high_agreement_with_skew_gives_a_low_kappa() -> None:
    skewed = [[190, 5, 0, 0], [5, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]
    assert kappa(skewed).value < 0


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (-0.2, "poor"),
        (0.0, "slight"),
        (0.204, "slight"),
        (0.21, "fair"),
        (0.41, "moderate"),
        (0.60, "moderate"),
        (0.61, "substantial"),
        (0.80, "substantial"),
        (0.81, "almost perfect"),
        (1.0, "almost perfect"),
    ],
)
def test_kappas_size_has_a_name(value: float, name: str) -> None:
    assert size_in_words(value) == name


def test_kappas_interval_holds_the_true_one_as_often_as_it_says() -> None:
    chance = np.random.default_rng(5)
    letters = np.arange(4)
    usual = np.array([0.4, 0.3, 0.2, 0.1])
    strict = [0.0, 0.3]  # a strict facilitator moves a letter down more often; one a workshop
    kept = [0.75, 0.5]
    tables = []
    for moved, same in zip(strict, kept, strict=True):
        table = np.zeros((4, 4))
        for rule in letters:
            for hand in letters:
                table[hand, rule] = usual[rule] * (
                    same * (hand == rule) + moved * (hand == min(3, rule + 1)) + (1 - same - moved) / 4
                )
        tables.append(table)
    truth = kappa((np.mean(tables, axis=0) * 1e9).astype(int).tolist()).value
    hits = 0
    for _ in range(600):
        which = chance.integers(0, 2, size=16)
        parts = [chance.multinomial(12, tables[w].ravel()).reshape(4, 4).tolist() for w in which]
        found = clustered_kappa(parts)
        hits += found.low <= truth <= found.high
    assert 0.92 <= hits / 600 <= 0.98
