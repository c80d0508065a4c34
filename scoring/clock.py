"""The story clock: naive local time, business days, deadlines.

Times are whole minutes since the scenario's start; a `Calendar` turns them into dates and back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

_UNITS = {
    "min": 1, "minute": 1, "minutes": 1, "m": 1,
    "h": 60, "hour": 60, "hours": 60,
    "day": 1440, "days": 1440, "d": 1440,
    "week": 10080, "weeks": 10080,
}  # fmt: skip
_LENGTH = re.compile(r"(\d+)\s*([a-z]+)")
_BUSINESS = re.compile(r"(\d+)\s+business\s+days?")
_NEXT = re.compile(r"next\s+(business\s+)?day\s+(\d{1,2}):(\d{2})")


class BadSpan(ValueError):
    """The text is no span of time; the message says what would be."""


@dataclass(frozen=True, slots=True)
class Span:
    """A length of story time: `30 min`, `2 h`, `3 business days`, `next business day 09:00`, `next day 08:00`.

    Exactly one of the three forms is set.
    """

    text: str
    minutes: int | None = None
    business_days: int | None = None
    at: time | None = None
    business: bool = False

    @classmethod
    def parse(cls, text: str) -> Span:
        """Read a span. Raises BadSpan."""
        tidy = " ".join(text.lower().split())
        if found := _NEXT.fullmatch(tidy):
            hour, minute = int(found[2]), int(found[3])
            if hour > 23 or minute > 59:
                raise BadSpan(f"“{text}” names no time of day")
            return cls(tidy, at=time(hour, minute), business=bool(found[1]))
        if found := _BUSINESS.fullmatch(tidy):
            return cls(tidy, business_days=int(found[1]))
        if (found := _LENGTH.fullmatch(tidy)) and found[2] in _UNITS:
            return cls(tidy, minutes=int(found[1]) * _UNITS[found[2]])
        raise BadSpan(
            f"“{text}” is no span of time; write “30 min”, “2 h”, “3 business days” or “next business day 09:00”"
        )

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Calendar:
    """Turns story minutes into local time. Saturdays, Sundays and `holidays` are no business days."""

    starts: datetime
    holidays: frozenset[date] = frozenset()

    def at(self, minute: int) -> datetime:
        return self.starts + timedelta(minutes=minute)

    def minute(self, moment: datetime) -> int:
        return int((moment - self.starts).total_seconds() // 60)

    def is_business_day(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.holidays

    def after(self, minute: int, span: Span) -> int:
        """The story minute at which `span`, begun at `minute`, ends; deadlines include it.

        `N business days` runs to the last minute of the Nth business day after the day it began: whoever
        promises three business days has the whole of the third.
        """
        if span.minutes is not None:
            return minute + span.minutes
        day = self.at(minute).date()
        if span.business_days is not None:
            left = span.business_days
            while left:
                day += timedelta(days=1)
                left -= self.is_business_day(day)
            return self.minute(datetime.combine(day, time(23, 59)))
        assert span.at is not None
        day += timedelta(days=1)
        while span.business and not self.is_business_day(day):
            day += timedelta(days=1)
        return self.minute(datetime.combine(day, span.at))
