"""Agreement of two raters on an ordered scale: Cohen's kappa, weighted, with its error and an interval over workshops.

Linear weights on P S M U: letters that are next to each other agree by two thirds, the outermost not at all.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Literal, NamedTuple

from scoring.cohort import ONE_WORKSHOP, WORKSHOPS
from scoring.statistics import t_of

Matrix = Sequence[Sequence[int]]
Weights = Literal["linear", "none"]

NOBODY = "nothing was rated by both"
ONE_LETTER = "one letter was given throughout, so there is nothing to tell agreement from chance by"
FRAGILE = "no interval, all hangs on one workshop"
NO_SPREAD = "no interval, the ratings show no spread to make one from"

_SIZES = ((0.20, "slight"), (0.40, "fair"), (0.60, "moderate"), (0.80, "substantial"))


class Kappa(NamedTuple):
    """Kappa, its standard error, its 95 % interval; `why`: in words, what is not given and why, empty if all is."""

    value: float | None
    error: float | None
    low: float | None
    high: float | None
    why: str


def kappa(matrix: Matrix, weights: Weights = "linear") -> Kappa:
    """Cohen's weighted kappa of counts (rows: one rater, columns: the other), with its asymptotic standard error.

    (p₀ − pₑ) / (1 − pₑ) on weighted agreement; the error is Fleiss, Cohen and Everitt's (1969), not assuming kappa 0, for
    ratings independent of each other. No interval: see `clustered_kappa`. None where a rater gave one letter throughout:
    kappa is then 0, or 0 / 0, whatever the other did.
    """
    size = len(matrix)
    n = sum(map(sum, matrix))
    if not n:
        return Kappa(None, None, None, None, NOBODY)
    rows = [sum(row) / n for row in matrix]
    columns = [sum(row[j] for row in matrix) / n for j in range(size)]
    if max(rows) == 1 or max(columns) == 1:
        return Kappa(None, None, None, None, ONE_LETTER)
    w = [[_agreement(i, j, size, weights) for j in range(size)] for i in range(size)]
    cells = [(i, j) for i in range(size) for j in range(size)]
    observed = sum(w[i][j] * matrix[i][j] for i, j in cells) / n
    expected = sum(w[i][j] * rows[i] * columns[j] for i, j in cells)
    value = (observed - expected) / (1 - expected)
    by_row = [sum(w[i][j] * columns[j] for j in range(size)) for i in range(size)]
    by_column = [sum(w[i][j] * rows[i] for i in range(size)) for j in range(size)]
    spread = sum(
        matrix[i][j] / n * (w[i][j] * (1 - expected) - (by_row[i] + by_column[j]) * (1 - observed)) ** 2
        for i, j in cells
    )
    spread -= (observed * expected - 2 * expected + observed) ** 2
    return Kappa(value, math.sqrt(max(0.0, spread) / n) / (1 - expected) ** 2, None, None, "")


def clustered_kappa(workshops: Iterable[Matrix]) -> Kappa:
    """Linearly weighted kappa of all workshops' counts together, its interval from leaving out one workshop at a time.

    The jackknife: error² = (k − 1)/k · Σ(kappa without i − their mean)², interval kappa ± t·error with k − 1 degrees of
    freedom (Efron and Tibshirani 1993, ch. 11), cut to −1 … 1. It takes in that one facilitator rates a whole workshop.
    The error is never taken below that of independent ratings; where both are nought (all agree) there is no interval.
    """
    matrices = [matrix for matrix in workshops if any(map(any, matrix))]
    k = len(matrices)
    if not k:
        return Kappa(None, None, None, None, NOBODY)
    together = kappa(sum_of(matrices))
    if together.value is None or together.error is None:
        return together
    value = together.value
    if k < WORKSHOPS:
        return Kappa(value, None, None, None, ONE_WORKSHOP)
    parts = [_part(matrix) for matrix in matrices]
    whole = tuple(map(sum, zip(*parts, strict=True)))
    without = [_value([a - b for a, b in zip(whole, part, strict=True)]) for part in parts]
    known = [each for each in without if each is not None]
    if len(known) < k:
        return Kappa(value, None, None, None, FRAGILE)
    centre = sum(known) / k
    error = max(together.error, math.sqrt((k - 1) / k * sum((each - centre) ** 2 for each in known)))
    if error < 1e-9:
        return Kappa(value, None, None, None, NO_SPREAD)
    half = t_of(k) * error
    return Kappa(value, error, max(-1.0, value - half), min(1.0, value + half), "")


def sum_of(matrices: Sequence[Matrix]) -> tuple[tuple[int, ...], ...]:
    """The counts of all of them together; there must be one."""
    return tuple(tuple(map(sum, zip(*rows, strict=True))) for rows in zip(*matrices, strict=True))


def size_in_words(value: float) -> str:
    """Landis and Koch's (1977) name for a kappa, by its two printed decimals; a description and no verdict (FACTS §9)."""
    rounded = round(value, 2)
    if rounded < 0:
        return "poor"
    return next((name for most, name in _SIZES if rounded <= most), "almost perfect")


def _agreement(i: int, j: int, size: int, weights: Weights) -> float:
    return 1 - abs(i - j) / (size - 1) if weights == "linear" else float(i == j)


def _part(matrix: Matrix) -> tuple[int, ...]:
    """What linearly weighted kappa needs of a matrix, as sums: n, Σ|i − j|, and both raters' counts up to each letter."""
    rows = list(map(sum, matrix))
    columns = list(map(sum, zip(*matrix, strict=True)))
    apart = sum(abs(i - j) * count for i, row in enumerate(matrix) for j, count in enumerate(row) if count)
    return (sum(rows), apart, *accumulate(rows[:-1]), *accumulate(columns[:-1]))


def _value(sums: Sequence[int]) -> float | None:
    """1 − observed distance / expected distance. Σ|i − j|·rᵢ·cⱼ is a sum over the steps of the scale: who is on which side."""
    n, apart = sums[0], sums[1]
    half = len(sums) // 2 + 1
    rows, columns = sums[2:half], sums[half:]
    if all(r in (0, n) for r in rows) or all(c in (0, n) for c in columns):
        return None
    return 1 - apart * n / sum(r * (n - c) + (n - r) * c for r, c in zip(rows, columns, strict=True))
