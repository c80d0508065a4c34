"""Quantiles of the normal and of Student's t distribution, without scipy: the package must start fast and install small."""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

_NORMAL = NormalDist()
_LARGE = 1000.0  # degrees of freedom from which the expansion around the normal is exact to a double


def normal_quantile(p: float) -> float:
    """The z with P(Z ≤ z) = p, 0 < p < 1."""
    return _NORMAL.inv_cdf(p)


@lru_cache(maxsize=4096)
def t_quantile(p: float, df: float) -> float:
    """The t with P(T ≤ t) = p for Student's t with `df` degrees of freedom. ValueError outside 0 < p < 1, df > 0."""
    if not 0 < p < 1 or not df > 0:
        raise ValueError(f"no t quantile for p = {p}, df = {df}")
    if p == 0.5:
        return 0.0
    if p < 0.5:
        return -t_quantile(1 - p, df)
    if df == 1:
        return math.tan(math.pi * (p - 0.5))
    if df == 2:
        return (2 * p - 1) * math.sqrt(2 / (4 * p * (1 - p)))
    start = _expansion(normal_quantile(p), df)
    return start if df >= _LARGE else _solve(1 - p, df, start)


def t_tail(t: float, df: float) -> float:
    """P(T > t) for t ≥ 0: half the regularised incomplete beta function at df / (df + t²), a = df / 2, b = ½."""
    return _incomplete_beta(df / (df + t * t), df / 2, 0.5) / 2


def _expansion(z: float, df: float) -> float:
    """Cornish and Fisher's expansion of t around the normal, to df⁻⁴ (Abramowitz & Stegun 26.7.5)."""
    s = z * z
    first = (s + 1) / 4
    second = ((5 * s + 16) * s + 3) / 96
    third = (((3 * s + 19) * s + 17) * s - 15) / 384
    fourth = ((((79 * s + 776) * s + 1482) * s - 1920) * s - 945) / 92160
    return z * (1 + first / df + second / df**2 + third / df**3 + fourth / df**4)


def _solve(tail: float, df: float, start: float) -> float:
    """Newton's method on the tail, kept inside a bracket; a handful of steps."""
    low, high = 0.0, max(2 * start, 2.0)
    while t_tail(high, df) > tail:
        low, high = high, 2 * high
    t = start if low < start < high else (low + high) / 2
    scale = math.exp(math.lgamma((df + 1) / 2) - math.lgamma(df / 2)) / math.sqrt(df * math.pi)
    for _ in range(200):
        over = t_tail(t, df) - tail
        if over > 0:
            low = t
        else:
            high = t
        density = scale * (1 + t * t / df) ** (-(df + 1) / 2)
        following = t + over / density if density else (low + high) / 2
        if not low < following < high:
            following = (low + high) / 2
        if abs(following - t) <= 1e-13 * t:
            return following
        t = following
    return t


def _incomplete_beta(x: float, a: float, b: float) -> float:
    """I_x(a, b) by its continued fraction (Abramowitz & Stegun 26.5.8), mirrored where that converges faster."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - _incomplete_beta(1 - x, b, a)
    front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(front) / (a * _fraction(x, a, b))


def _fraction(x: float, a: float, b: float) -> float:
    """1 + d₁/(1 + d₂/(1 + …)), evaluated forwards (Thompson & Barnett's form of Lentz's method)."""
    tiny = 1e-300
    value = c = 1.0
    d = 0.0
    for step in range(1, 2000):
        m = step // 2
        if step % 2:
            term = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            term = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1 / ((1 + term * d) or tiny)
        c = (1 + term / c) or tiny
        value *= c * d
        if abs(c * d - 1) < 1e-16:
            break
    return value
