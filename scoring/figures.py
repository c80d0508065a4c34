"""Sums become figures here, and nowhere else: what is too little to say, to count or to put an interval around.

Fewer than `ENOUGH`: only n. Fewer than `RAW_BELOW`: counts. Fewer than `WORKSHOPS` workshops: no interval.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from scoring.cohort import ENOUGH, NOT_ENOUGH, RAW_BELOW, Agreement, Figure, Sums
from scoring.kappa import Matrix, clustered_kappa, size_in_words, sum_of
from scoring.medians import Histogram, Median, median, median_of
from scoring.statistics import NONE, Estimate, mean, paired, share

SKEW = "Where nearly all letters are the same, kappa is low however well they agree: read the table."


def share_figure(sums: Sums, *, trials: int | None = None) -> Figure:
    """The share Σy of Σn. `trials`: of practice points, the decisions they come from; the figure's n."""
    n = int(sums.n) if trials is None else trials
    value, low, high = share(sums, trials) if n >= RAW_BELOW else NONE
    shown = n >= ENOUGH
    return Figure(
        n=n,
        hits=float(sums.y) if shown else None,
        value=value,
        low=low,
        high=high,
        clusters=sums.clusters,
        possible=float(sums.n) if shown and trials is not None else None,
    )


def mean_figure(sums: Sums, unit: Literal["minutes", "points"]) -> Figure:
    """The mean of y per n."""
    n = int(sums.n)
    value, low, high = mean(sums) if n >= RAW_BELOW else (None, None, None)
    return Figure(n=n, hits=None, value=value, low=low, high=high, clusters=sums.clusters, unit=unit, kind="mean")


def median_figure(histogram: Histogram, below: Sums) -> tuple[Figure, tuple[float, float] | None]:
    """The median in minutes, and the quartiles where it may be shown. `below`: as for `medians.median`."""
    return _median_figure(median(histogram, below), below.clusters)


def median_figure_of(rows: Iterable[tuple[float, str, int]]) -> tuple[Figure, tuple[float, float] | None]:
    """The same from rows (minutes, workshop, how many)."""
    rows = list(rows)
    return _median_figure(median_of(rows), len({cluster for _, cluster, count in rows if count}))


def paired_figure(sums: Sums, squares: float) -> tuple[Figure, float | None]:
    """Later less first, in shares, with Cohen's d_z where there is enough. Arguments as for `statistics.paired`."""
    n = int(sums.n)
    *estimate, effect = paired(sums, squares) if n >= RAW_BELOW else (*NONE, None)
    value, low, high = _spread(Estimate(*estimate))
    figure = Figure(
        n=n, hits=None, value=value, low=low, high=high, clusters=sums.clusters, unit="points", kind="difference"
    )
    return figure, effect


def suppressed(why: str) -> Figure:
    """A figure that must not be shown: it holds nothing but the reason."""
    return Figure(n=0, hits=None, value=None, suppressed=why)


def agreement(workshops: Iterable[Matrix], seen: int) -> Agreement:
    """Facilitators' letters (rows) against the rule's (columns), one 4 × 4 matrix a workshop, P S M U."""
    matrices = [matrix for matrix in workshops if any(map(any, matrix))]
    whole = sum_of(matrices) if matrices else ()
    n = sum(map(sum, whole))
    agreed = sum(row[i] for i, row in enumerate(whole))
    value = low = high = None
    if n < ENOUGH:
        words = f"{NOT_ENOUGH} (n = {n})"
    elif n < RAW_BELOW:
        words = f"the same letter {agreed} of {n} times"
    else:
        value, _, low, high, why = clustered_kappa(matrices)
        if value is None:
            words = f"no kappa: {why}; the same letter {agreed:,} of {n:,} times"
        else:
            around = f" ({_signed(low)} to {_signed(high)})" if low is not None and high is not None else ""
            limit = f"; {why}" if why else ""
            words = f"kappa {_signed(value)}{around}, {size_in_words(value)}, n = {n:,}{limit}. {SKEW}"
    return Agreement(
        matrix=whole if n >= ENOUGH else (),
        n=n,
        kappa=value,
        low=low,
        high=high,
        clusters=len(matrices),
        seen=seen,
        words=words,
    )


def _spread(estimate: Estimate) -> Estimate:
    """Without its interval where that has no width: workshops that are all alike by chance are no certainty."""
    return estimate if estimate.low != estimate.high else Estimate(estimate.value, None, None)


def _signed(value: float) -> str:
    return f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−")


def _median_figure(found: Median, clusters: int) -> tuple[Figure, tuple[float, float] | None]:
    shown = found.n >= RAW_BELOW
    figure = Figure(
        n=found.n,
        hits=None,
        value=found.value if shown else None,
        low=found.low if shown else None,
        high=found.high if shown else None,
        clusters=clusters,
        unit="minutes",
        kind="median",
    )
    return figure, found.quartiles if shown else None
