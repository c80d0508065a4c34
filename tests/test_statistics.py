"""Intervals: they agree with scipy and statsmodels, know about workshops, and hold the true value as often as they say."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from scoring.cohort import Sums
from scoring.medians import median, median_of, quantile
from scoring.quantiles import normal_quantile, t_quantile
from scoring.statistics import design_effect, mean, paired, share, sums_of, variance, wilson

Units = list[list[float]]  # by workshop, its values

yes_no = st.lists(st.lists(st.sampled_from([0.0, 1.0]), min_size=1, max_size=12), min_size=2, max_size=9)
values = st.lists(st.lists(st.integers(-40, 400).map(lambda v: v / 8), min_size=1, max_size=8), min_size=2, max_size=9)


def sums(units: Units) -> Sums:
    return sums_of((len(each), sum(each)) for each in units)


def by_statsmodels(units: Units) -> tuple[float, float, float, float]:
    """Mean, its cluster-robust variance, and the interval, of a model with a constant only."""
    flat = np.array([value for each in units for value in each])
    of = np.repeat(np.arange(len(units)), [len(each) for each in units])
    fit = sm.OLS(flat, np.ones(len(flat))).fit(cov_type="cluster", cov_kwds={"groups": of}, use_t=True)
    low, high = fit.conf_int()[0]
    return float(fit.params[0]), float(fit.cov_params()[0, 0]), float(low), float(high)


@pytest.mark.parametrize("df", [0.7, 1, 1.5, 2, 3, 4, 5, 9, 30, 99, 500, 999, 1000, 5000, 1e6])
@pytest.mark.parametrize("p", [1e-6, 0.025, 0.3, 0.5, 0.6, 0.9, 0.975, 0.999])
def test_students_quantile_is_scipys(p: float, df: float) -> None:
    assert t_quantile(p, df) == pytest.approx(stats.t.ppf(p, df), rel=1e-8, abs=1e-8)


@given(st.floats(1e-9, 1 - 1e-9), st.floats(0.5, 2000))
def test_students_quantile_is_scipys_anywhere(p: float, df: float) -> None:
    assert t_quantile(p, df) == pytest.approx(stats.t.ppf(p, df), rel=1e-7, abs=1e-8)


def test_the_normal_quantile_is_the_limit_of_students() -> None:
    assert normal_quantile(0.975) == pytest.approx(t_quantile(0.975, 1e12), rel=1e-10)


@pytest.mark.parametrize(("p", "df"), [(0.0, 3), (1.0, 3), (0.5, 0), (0.5, -1)])
def test_a_quantile_that_is_none_is_refused(p: float, df: float) -> None:
    with pytest.raises(ValueError, match="no t quantile"):
        t_quantile(p, df)


@given(values)
def test_a_mean_and_its_interval_are_statsmodels(units: Units) -> None:
    value, _, low, high = by_statsmodels(units)
    assert mean(sums(units)) == pytest.approx((value, low, high), rel=1e-9, abs=1e-7)


@given(yes_no)
def test_the_variance_of_a_share_is_statsmodels_robust_one(units: Units) -> None:
    assert variance(sums(units)) == pytest.approx(by_statsmodels(units)[1], rel=1e-9, abs=1e-14)


@given(yes_no)
def test_a_shares_interval_is_wilsons_for_the_effective_number(units: Units) -> None:
    p, robust, _, _ = by_statsmodels(units)
    n = sum(map(len, units))
    effective = n if robust <= 1e-14 else min(n, p * (1 - p) / robust)
    alpha = 2 * stats.norm.sf(stats.t.ppf(0.975, len(units) - 1))  # Student's t in the place of z
    expected = proportion_confint(p * effective, effective, alpha=alpha, method="wilson")
    assert share(sums(units)) == pytest.approx((p, *expected), rel=1e-6, abs=1e-9)


@given(yes_no)
def test_a_shares_interval_holds_the_share_and_stays_a_share(units: Units) -> None:
    value, low, high = share(sums(units))
    assert value is not None and low is not None and high is not None
    assert 0 <= low <= value <= high <= 1
    assert high - low > 0


@pytest.mark.parametrize("hit", [0, 1])
def test_none_or_all_still_has_an_interval(hit: int) -> None:
    value, low, high = share(sums([[hit] * 10] * 6))
    assert value == hit
    expected = stats.t.ppf(0.975, 5) ** 2 / (60 + stats.t.ppf(0.975, 5) ** 2)
    assert (1 - low if hit else high) == pytest.approx(expected)
    assert (high if hit else low) == hit


def test_people_who_are_alike_within_a_workshop_make_the_interval_wider() -> None:
    alike = share(sums([[1] * 10, [0] * 10] * 4))
    mixed = share(sums([[1, 0] * 5] * 8))
    assert alike.value == mixed.value == 0.5
    assert alike.high - alike.low > 2 * (mixed.high - mixed.low)


def test_workshops_that_happen_to_be_equal_make_it_no_narrower_than_independent_people() -> None:
    equal = [[1, 0] * 5] * 8
    assert variance(sums(equal)) == 0
    assert design_effect(sums(equal)) == 1
    assert share(sums(equal))[1:] == pytest.approx(wilson(0.5, 80, stats.t.ppf(0.975, 7)))


def test_wholly_alike_workshops_count_as_one_person_each() -> None:
    assert design_effect(sums([[1] * 10, [0] * 10] * 4)) == pytest.approx(10 * 8 / 7)


def test_points_are_no_trials() -> None:
    points = sums_of([(20, 11), (20, 9), (20, 10), (20, 12)])  # five decisions of four points in each workshop
    by_decision = share(points, trials=20)
    by_point = share(points)
    assert by_decision.value == by_point.value == 42 / 80
    assert by_decision[1:] == pytest.approx(wilson(42 / 80, 20, stats.t.ppf(0.975, 3)))
    assert by_decision.high - by_decision.low > by_point.high - by_point.low


@pytest.mark.parametrize("estimate", [share, mean])
def test_one_workshop_has_a_value_and_no_interval(estimate: type) -> None:
    assert estimate(sums([[1, 0, 0, 0]])) == (0.25, None, None)


@pytest.mark.parametrize("estimate", [share, mean])
def test_nothing_counted_has_no_value(estimate: type) -> None:
    assert estimate(sums([[], []])) == (None, None, None)


def test_a_workshop_with_nothing_to_count_is_no_workshop() -> None:
    assert sums([[1, 0], [], [1, 1]]) == sums([[1, 0], [1, 1]])


def test_more_hits_than_trials_are_refused() -> None:
    with pytest.raises(ValueError, match="is no share"):
        share(sums_of([(3, 4), (3, 3)]))


def test_the_sums_may_be_what_a_database_gives() -> None:
    whole = sums_of([(10, 4), (12, 8), (30, 20)])
    decimals = Sums(clusters=3, **{name: Decimal(int(getattr(whole, name))) for name in ("n", "y", "nn", "ny", "yy")})  # type: ignore[arg-type]
    assert share(decimals, trials=40) == share(whole, trials=40)


def test_big_sums_lose_nothing_where_their_terms_cancel() -> None:
    n, y = 3_000_000, 1_000_000
    big = Sums(clusters=3, n=3 * n, y=3 * y + 2, nn=3 * n * n, ny=n * (3 * y + 2), yy=2 * y * y + (y + 2) ** 2)
    assert variance(big) == pytest.approx(3 / 2 * (8 / 3) / (3 * n) ** 2, rel=1e-9)


@given(st.lists(st.integers(-100, 100).map(lambda v: v / 100), min_size=2, max_size=30))
def test_one_pair_a_workshop_is_the_paired_t_test(differences: list[float]) -> None:
    assume(len(set(differences)) > 1)
    found = paired(sums_of((1, d) for d in differences), sum(d * d for d in differences))
    test = stats.ttest_1samp(differences, 0)
    interval = test.confidence_interval()
    assert found[:3] == pytest.approx((np.mean(differences), interval.low, interval.high), abs=1e-9)
    assert found.effect == pytest.approx(test.statistic / math.sqrt(len(differences)), rel=1e-6, abs=1e-9)


@given(values)
def test_pairs_of_one_workshop_are_kept_together(units: Units) -> None:
    flat = [value for each in units for value in each]
    assume(np.std(flat) > 0)
    found = paired(sums(units), sum(value * value for value in flat))
    value, _, low, high = by_statsmodels(units)
    assert found[:3] == pytest.approx((value, low, high), rel=1e-9, abs=1e-7)
    assert found.effect == pytest.approx(value / np.std(flat, ddof=1), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("differences", [[0.1], [0.1, 0.1, 0.1]])
def test_no_spread_no_effect(differences: list[float]) -> None:
    found = paired(sums_of((1, d) for d in differences), sum(d * d for d in differences))
    assert found.value == pytest.approx(0.1)
    assert found.effect is None


rows = st.lists(
    st.tuples(st.integers(0, 60).map(float), st.sampled_from("abcdefg"), st.integers(1, 5)), min_size=1, max_size=40
)


@given(rows)
def test_the_median_is_numpys_of_the_values_one_by_one(rows: list[tuple[float, str, int]]) -> None:
    flat = [value for value, _, count in rows for _ in range(count)]
    found = median_of(rows)
    assert found.value == np.median(flat)
    assert found.quartiles == tuple(np.quantile(flat, [0.25, 0.75], method="averaged_inverted_cdf"))
    assert found.n == len(flat)


@given(rows)
def test_the_medians_interval_is_the_shares_read_back(rows: list[tuple[float, str, int]]) -> None:
    units: dict[str, list[float]] = {}
    for value, cluster, count in rows:
        units.setdefault(cluster, []).extend([value] * count)
    assume(len(units) > 1)
    flat = [value for each in units.values() for value in each]
    below = [[float(value <= np.median(flat)) for value in each] for each in units.values()]
    p, robust, _, _ = by_statsmodels(below)
    effect = max(1.0, robust / (p * (1 - p) / len(flat))) if 0 < p < 1 else 1.0
    t = stats.t.ppf(0.975, len(units) - 1)
    ends = [0.5 + side * t / 2 / math.sqrt(t * t + len(flat) / effect) for side in (-1, 1)]
    assume(all(abs(end * len(flat) - round(end * len(flat))) > 1e-6 for end in ends))
    assert median_of(rows)[1:3] == tuple(np.quantile(flat, ends, method="inverted_cdf"))


def test_the_median_of_a_histogram_is_that_of_its_rows() -> None:
    rows = [(12.0, "a", 3), (15.0, "a", 1), (15.0, "b", 4), (40.0, "b", 2), (41.0, "c", 5)]
    histogram = [(12.0, 3), (15.0, 5), (40.0, 2), (41.0, 5)]
    assert quantile(histogram, 0.5) == 15
    assert median(histogram, sums_of([(4, 4), (6, 4), (5, 0)])) == median_of(rows)


def test_minutes_that_are_all_the_same_leave_no_doubt() -> None:
    assert median_of([(30.0, "a", 20), (30.0, "b", 20)])[:4] == (30, 30, 30, (30, 30))


def test_a_median_of_one_workshop_has_no_interval() -> None:
    assert median_of([(10.0, "a", 1), (20.0, "a", 1)]) == (15, None, None, (10, 20), 2)


def test_a_median_of_nothing_is_none() -> None:
    assert median_of([]) == median_of([(10.0, "a", 0)]) == (None, None, None, None, 0)


SAMPLES = 1500


def covered(intervals: Sequence[tuple[float | None, ...]], truth: float) -> float:
    return sum(low <= truth <= high for low, high in intervals) / len(intervals)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("workshops", "most", "alike", "truth", "ceiling"),
    [
        (8, 12, 0.15, 0.7, 0.98),
        (25, 20, 0.15, 0.7, 0.98),
        (25, 20, 0.05, 0.95, 0.98),
        (8, 12, 0.0, 0.7, 0.995),  # nobody alike: the floor of the design effect errs on the wide side
    ],
)
def test_the_interval_of_a_share_holds_the_true_one_as_often_as_it_says(
    workshops: int, most: int, alike: float, truth: float, ceiling: float
) -> None:
    chance = np.random.default_rng(20)
    sizes = chance.integers(4, most, size=(SAMPLES, workshops))
    spread = 1 / alike - 1 if alike else 1e9
    hits = chance.binomial(sizes, chance.beta(truth * spread, (1 - truth) * spread, size=sizes.shape))
    found = [share(sums_of(zip(n, y, strict=True)))[1:] for n, y in zip(sizes.tolist(), hits.tolist(), strict=True)]
    assert 0.93 <= covered(found, truth) <= ceiling


def test_the_interval_of_practice_points_holds_the_true_share_at_least_as_often_as_it_says() -> None:
    chance = np.random.default_rng(21)
    sizes = chance.integers(4, 12, size=(SAMPLES, 10))  # decisions of two points, each point gained or not
    room = chance.beta(0.6 * 9, 0.4 * 9, size=sizes.shape)
    gained = chance.binomial(2 * sizes, room)
    found = [
        share(sums_of(zip(n, y, strict=True)), trials=sum(n) // 2)[1:]
        for n, y in zip((2 * sizes).tolist(), gained.tolist(), strict=True)
    ]
    assert 0.93 <= covered(found, 0.6) <= 0.99


def test_the_interval_of_a_median_holds_the_true_one_as_often_as_it_says() -> None:
    chance = np.random.default_rng(22)
    room = chance.normal(0, 0.3, size=(SAMPLES, 15, 1))
    minutes = np.exp(3.5 + room + chance.normal(0, 0.5, size=(SAMPLES, 15, 8)))
    found = []
    for sample in minutes.tolist():
        found.append(median_of((value, str(i), 1) for i, each in enumerate(sample) for value in each)[1:3])
    assert 0.93 <= covered(found, math.exp(3.5)) <= 0.98
