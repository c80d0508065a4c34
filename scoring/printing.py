"""Numbers as they are printed in figures: no more digits than the interval carries, and never a rounded zero for a few."""

from __future__ import annotations

HOURS_FROM = 180  # minutes; more are told in hours
DAYS_FROM = 72 * 60  # minutes; more are told in days


def percent(value: float, low: float | None, high: float | None) -> str:
    """A share (0 to 1): “64 % (58–70 %)”. A narrow interval shows up to two decimals, so that its ends stay apart.

    A share above nought is never printed as 0, one short of all never as 100: “under 1 %”, “over 99 %”.
    """
    places = _places(low, high)
    unit = 10.0**-places
    text = f"{100 * value:.{places}f} %"
    if value > 0 and round(100 * value, places) == 0:
        text = f"under {unit:.{places}f} %"
    elif value < 1 and round(100 * value, places) == 100:
        text = f"over {100 - unit:.{places}f} %"
    if low is None or high is None:
        return text
    least = min(100 * low, 100 - unit) if low < 1 else 100.0
    most = max(100 * high, unit) if high > 0 else 0.0
    return f"{text} ({least:.{places}f}–{most:.{places}f} %)"


def points_apart(value: float, low: float | None, high: float | None) -> str:
    """A difference of two shares (−1 to 1), with its sign: “+5 percentage points (−1 to +11)”."""
    places = _places(low, high)
    text = f"{_signed(100 * value, places)} percentage points"
    if low is None or high is None:
        return text
    return f"{text} ({_signed(100 * low, places)} to {_signed(100 * high, places)})"


def duration(value: float, low: float | None, high: float | None) -> str:
    """Story minutes: “34 minutes (31–40)”; long ones in hours or days, to one decimal."""
    if value < HOURS_FROM:
        return plain(value, low, high, "minutes")
    size, unit = (60, "hours") if value < DAYS_FROM else (24 * 60, "days")
    return plain(value / size, low and low / size, high and high / size, unit)


def plain(value: float, low: float | None, high: float | None, unit: str) -> str:
    """A number with its interval, to one decimal where it is not whole: “1.5 points (0.9–2)”."""
    text = f"{_short(value)} {unit}"
    if low is None or high is None:
        return text
    between = " to " if low < 0 else "–"
    return f"{text} ({_short(low)}{between}{_short(high)})"


def _places(low: float | None, high: float | None) -> int:
    """Decimals of a percentage: those in which an interval this wide still has two different ends."""
    if low is None or high is None or high - low >= 0.02:
        return 0
    return 1 if high - low >= 0.002 else 2


def _signed(value: float, places: int) -> str:
    number = f"{abs(value):.{places}f}"
    if float(number) == 0:
        return number
    return ("+" if value > 0 else "−") + number


def _short(value: float) -> str:
    number = f"{abs(value):.1f}".removesuffix(".0")
    return f"−{number}" if value < 0 and number != "0" else number
