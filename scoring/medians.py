"""The median and the quartiles of counted values, and Woodruff's interval for the median."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from scoring.cohort import Sums
from scoring.statistics import design_effect, sums_of, t_of, wilson

Histogram = Sequence[tuple[float, int]]  # value, how many have it


class Median(NamedTuple):
    """The median with its 95 % interval, the quartiles, and how many values. None where there is nothing, or no interval."""

    value: float | None
    low: float | None
    high: float | None
    quartiles: tuple[float, float] | None
    n: int


def quantile(histogram: Histogram, p: float) -> float:
    """The value under or at which the share p lies; halfway to the next where exactly p does (so the usual median).

    ValueError if nothing is counted.
    """
    rows = sorted((value, count) for value, count in histogram if count)
    wanted = p * sum(count for _, count in rows)
    reached = 0
    for place, (value, count) in enumerate(rows):
        reached += count
        if reached == wanted and place + 1 < len(rows):
            return (value + rows[place + 1][0]) / 2
        if reached >= wanted:
            return value
    if not rows:
        raise ValueError("no quantile of nothing")
    return rows[-1][0]


def median(histogram: Histogram, below: Sums) -> Median:
    """The median of the histogram. `below`: by workshop, n values and y of them at or below `quantile(histogram, 0.5)`.

    Woodruff's interval (1952): an interval for the share at or below the median is read back on the scale of the values.
    The share is one half by definition, so it is Wilson's around ½ for n over the design effect of `below`.
    """
    n = sum(count for _, count in histogram)
    if not n:
        return Median(None, None, None, None, 0)
    value = quantile(histogram, 0.5)
    quartiles = (quantile(histogram, 0.25), quantile(histogram, 0.75))
    effect = design_effect(below)
    if effect is None:
        return Median(value, None, None, quartiles, n)
    low, high = wilson(0.5, n / effect, t_of(below.clusters))
    return Median(value, quantile(histogram, low), quantile(histogram, high), quartiles, n)


def median_of(rows: Iterable[tuple[float, str, int]]) -> Median:
    """The same from rows (value, workshop, how many)."""
    rows = list(rows)
    counts: dict[float, int] = defaultdict(int)
    for value, _, count in rows:
        counts[value] += count
    histogram = list(counts.items())
    if not any(counts.values()):
        return median([], sums_of([]))
    middle = quantile(histogram, 0.5)
    sizes: dict[str, int] = defaultdict(int)
    under: dict[str, int] = defaultdict(int)
    for value, cluster, count in rows:
        sizes[cluster] += count
        under[cluster] += count * (value <= middle)
    return median(histogram, sums_of((size, under[cluster]) for cluster, size in sizes.items()))
