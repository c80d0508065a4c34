"""Figures say what there is enough for, in words, and hold nothing that may not be shown."""

from __future__ import annotations

from statistics import fmean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.cohort import Figure, Sums
from scoring.figures import (
    SKEW,
    agreement,
    mean_figure,
    median_figure,
    median_figure_of,
    paired_figure,
    share_figure,
    suppressed,
)
from scoring.statistics import share, sums_of


def rooms(n: int, hits: int, workshops: int = 4) -> Sums:
    """`n` trials with `hits`, spread over workshops as evenly as they go."""
    return sums_of(((n + i) // workshops, (hits + i) // workshops) for i in range(workshops))


def shown(figure: Figure) -> list[str]:
    return [name for name in ("hits", "value", "low", "high", "possible") if getattr(figure, name) is not None]


def test_under_ten_only_the_number_is_said() -> None:
    figure = share_figure(rooms(9, 6))
    assert figure.words == "not enough to say (n = 9)"
    assert shown(figure) == []


@pytest.mark.parametrize("n", [10, 29])
def test_under_thirty_the_counts_are_said(n: int) -> None:
    figure = share_figure(rooms(n, 7))
    assert figure.words == f"7 of {n}"
    assert shown(figure) == ["hits"]


def test_from_thirty_on_a_share_has_its_interval_and_n() -> None:
    figure = share_figure(rooms(30, 18))
    assert (figure.value, figure.low, figure.high) == share(rooms(30, 18))
    assert figure.words == f"60 % ({100 * figure.low:.0f}–{100 * figure.high:.0f} %), n = 30"


def test_a_figure_is_printed_as_the_method_page_shows_it() -> None:
    figure = Figure(n=412, hits=264, value=0.64, low=0.58, high=0.7, clusters=12)
    assert figure.words == "64 % (58–70 %), n = 412"


def test_one_workshop_has_a_share_and_no_interval() -> None:
    figure = share_figure(rooms(40, 10, workshops=1))
    assert figure.words == "25 %, n = 40; one workshop: no interval"
    assert shown(figure) == ["hits", "value"]


def test_practice_counts_decisions_and_says_points() -> None:
    figure = share_figure(rooms(48, 31), trials=12)
    assert figure.words == "31 of 48 points in 12 decisions"
    assert share_figure(rooms(48, 31), trials=9).words == "not enough to say (n = 9)"
    assert shown(share_figure(rooms(48, 31), trials=9)) == []


def test_practice_from_thirty_decisions_on_has_an_interval() -> None:
    figure = share_figure(rooms(120, 90), trials=30)
    assert figure.n == 30
    assert (figure.value, figure.low, figure.high) == share(rooms(120, 90), 30)


@pytest.mark.parametrize(
    ("value", "low", "high", "words"),
    [
        (0.0, 0.0, 0.09, "0 % (0–9 %)"),
        (0.004, 0.0004, 0.03, "under 1 % (0–3 %)"),
        (0.996, 0.97, 0.9996, "over 99 % (97–100 %)"),
        (1.0, 0.93, 1.0, "100 % (93–100 %)"),
        (0.642, 0.637, 0.647, "64.2 % (63.7–64.7 %)"),
        (0.6421, 0.6417, 0.6424, "64.21 % (64.17–64.24 %)"),
        (0.0, 0.0, 0.00004, "0.00 % (0.00–0.01 %)"),
        (1.0, 0.99996, 1.0, "100.00 % (99.99–100.00 %)"),
    ],
)
def test_a_share_is_printed_with_the_digits_its_interval_carries(
    value: float, low: float, high: float, words: str
) -> None:
    figure = Figure(n=100_000, hits=0, value=value, low=low, high=high, clusters=9)
    assert figure.words == f"{words}, n = 100,000"


def minutes(value: float, low: float | None, high: float | None) -> str:
    clusters = 1 if low is None else 5
    return Figure(
        n=80, hits=None, value=value, low=low, high=high, clusters=clusters, unit="minutes", kind="median"
    ).words


def test_minutes_are_a_median_with_its_interval() -> None:
    assert minutes(34, 31, 40) == "median 34 minutes (31–40), n = 80"
    assert minutes(34.5, 0, 40) == "median 34.5 minutes (0–40), n = 80"


def test_long_times_are_told_in_hours_and_days() -> None:
    assert minutes(190, 60, 1500) == "median 3.2 hours (1–25), n = 80"
    assert minutes(3 * 1440, 1440, 4 * 1440) == "median 3 days (1–4), n = 80"


def test_a_median_of_one_workshop_says_so() -> None:
    assert minutes(34, None, None) == "median 34 minutes, n = 80; one workshop: no interval"


def test_a_median_is_made_from_rows_or_from_sums() -> None:
    rows = [(10.0, "a", 12), (20.0, "a", 3), (20.0, "b", 9), (35.0, "b", 11), (40.0, "c", 5)]
    figure, quartiles = median_figure_of(rows)
    assert figure.value == 20
    assert quartiles == (10, 35)
    histogram = [(10.0, 12), (20.0, 12), (35.0, 11), (40.0, 5)]
    assert median_figure(histogram, sums_of([(15, 15), (20, 9), (5, 0)])) == (figure, quartiles)


@pytest.mark.parametrize(("n", "words"), [(9, "not enough to say (n = 9)"), (29, "too few for a median (n = 29)")])
def test_too_few_minutes_show_no_median_and_no_quartiles(n: int, words: str) -> None:
    figure, quartiles = median_figure_of([(10.0, "a", n - 4), (20.0, "b", 4)])
    assert figure.words == words
    assert shown(figure) == []
    assert quartiles is None


def test_a_mean_says_that_it_is_one() -> None:
    figure = mean_figure(sums_of([(10, 12), (12, 20), (14, 15)]), "points")
    assert figure.value == 47 / 36
    assert figure.words.startswith("mean 1.3 points (")
    assert mean_figure(sums_of([(10, 12), (12, 20)]), "points").words == "too few for a mean (n = 22)"


def test_an_interval_that_reaches_below_nought_is_printed_with_its_sign() -> None:
    figure = Figure(n=40, hits=None, value=0.5, low=-0.25, high=1.25, clusters=3, unit="points", kind="mean")
    assert figure.words == "mean 0.5 points (−0.2 to 1.2), n = 40"


def test_a_difference_has_a_sign_and_percentage_points() -> None:
    figure = Figure(n=80, hits=None, value=0.05, low=-0.012, high=0.11, clusters=6, unit="points", kind="difference")
    assert figure.words == "+5 percentage points (−1 to +11), n = 80"


def test_pairs_give_a_difference_and_its_effect() -> None:
    differences = [[0.1, 0.2, 0.0] * 4, [0.3, -0.1] * 6, [0.25, 0.05] * 6]
    sums = sums_of((len(each), sum(each)) for each in differences)
    figure, effect = paired_figure(sums, sum(d * d for each in differences for d in each))
    assert figure.n == 36
    flat = [d for each in differences for d in each]
    assert figure.value == pytest.approx(fmean(flat))
    assert effect == pytest.approx(fmean(flat) / stdev(flat))


def test_too_few_pairs_have_no_effect() -> None:
    figure, effect = paired_figure(sums_of([(10, 1.0), (12, 2.0)]), 1.3)
    assert figure.words == "too few for a difference (n = 22)"
    assert (shown(figure), effect) == ([], None)


def test_workshops_that_are_all_alike_give_no_interval_without_width() -> None:
    figure, effect = paired_figure(sums_of([(20, 0), (20, 0)]), 0)
    assert figure.words == "0 percentage points, n = 40; all workshops alike: no interval"
    assert effect is None


def test_a_suppressed_figure_says_only_why() -> None:
    figure = suppressed("fewer than 5 people")
    assert figure.words == "fewer than 5 people"
    assert (figure.n, figure.clusters, shown(figure)) == (0, 0, [])


@pytest.mark.parametrize(
    "fields",
    [
        {"n": 9, "hits": 3, "value": None},
        {"n": 29, "hits": 3, "value": 0.1},
        {"n": 40, "hits": 3, "value": None, "low": 0.1, "high": 0.2, "clusters": 3},
        {"n": 40, "hits": 3, "value": 0.1, "low": 0.1, "high": 0.2, "clusters": 1},
        {"n": 40, "hits": None, "value": None, "suppressed": "fewer than 5 people"},
        {"n": 0, "hits": None, "value": None, "clusters": 3, "suppressed": "fewer than 5 people"},
    ],
)
def test_a_figure_that_holds_what_may_not_be_shown_cannot_be_built(fields: dict[str, float | str | None]) -> None:
    with pytest.raises(ValueError):
        Figure(**fields)  # type: ignore[arg-type]


@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 5))
def test_what_a_figure_shows_depends_on_n_alone(n: int, hits: int, workshops: int) -> None:
    figure = share_figure(rooms(n, min(n, hits), workshops))
    assert (figure.hits is not None) == (n >= 10)
    assert (figure.value is not None) == (n >= 30)
    assert (figure.low is not None) == (figure.high is not None) == (n >= 30 and workshops > 1)


ROOM = [[8, 2, 0, 0], [1, 6, 1, 0], [0, 1, 4, 1], [0, 0, 1, 3]]
OTHER = [[6, 0, 0, 0], [3, 5, 2, 0], [0, 0, 3, 0], [1, 0, 1, 4]]


def test_agreement_has_a_matrix_a_kappa_with_its_interval_and_a_word_for_it() -> None:
    found = agreement([ROOM, OTHER], seen=3)
    assert found.matrix[1] == (4, 11, 3, 0)
    assert (found.n, found.clusters, found.seen) == (53, 2, 3)
    assert found.kappa is not None and found.low is not None and found.high is not None
    low = f"{found.low:.2f}".replace("-", "−")
    assert found.words == f"kappa {found.kappa:.2f} ({low} to {found.high:.2f}), substantial, n = 53. {SKEW}"


def test_agreement_of_one_workshop_has_no_interval() -> None:
    twice = [[2 * count for count in row] for row in ROOM]
    found = agreement([twice, [[0] * 4] * 4], seen=0)
    assert found.clusters == 1
    assert found.words.endswith(f"n = 56; one workshop: no interval. {SKEW}")


def test_few_ratings_are_counted_and_fewer_are_not() -> None:
    some = agreement([ROOM], seen=0)
    assert (some.kappa, some.words) == (None, "the same letter 21 of 28 times")
    few = agreement([[[2, 1, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]], seen=0)
    assert (few.matrix, few.kappa, few.words) == ((), None, "not enough to say (n = 4)")


def test_one_letter_throughout_says_why_there_is_no_kappa() -> None:
    one = [[20, 0, 0, 0], *([[0] * 4] * 3)]
    assert agreement([one, one], seen=0).words == (
        "no kappa: one letter was given throughout, so there is nothing to tell agreement from chance by;"
        " the same letter 40 of 40 times"
    )


def test_no_rating_at_all_is_not_enough() -> None:
    assert agreement([], seen=2).words == "not enough to say (n = 0)"
