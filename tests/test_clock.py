"""The story clock: spans of time, business days, deadlines."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from scoring.clock import BadSpan, Calendar, Span

FRIDAY_NIGHT = Calendar(datetime(2026, 1, 9, 23, 52))
NEW_YEAR = frozenset({date(2026, 1, 1), date(2026, 1, 2)})


def ends(calendar: Calendar, span: str, minute: int = 0) -> datetime:
    return calendar.at(calendar.after(minute, Span.parse(span)))


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("30 min", 30), ("1 minute", 1), ("2 h", 120), ("1 hour", 60), ("3 days", 4320), ("2 weeks", 20160), ("0 min", 0)],
)
def test_a_length_of_time_is_read_as_minutes(text: str, minutes: int) -> None:
    assert Span.parse(text).minutes == minutes


def test_space_and_case_do_not_matter() -> None:
    assert Span.parse("  3  Business   Days ").business_days == 3


def test_next_business_day_names_a_time_of_day() -> None:
    span = Span.parse("next business day 09:00")
    assert (span.at, span.business) == (time(9), True)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "30", "30 parsecs", "-5 min", "1.5 h", "next day", "next day 25:00", "next day 09:75", "three days"],
)
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(BadSpan, match="no span of time|no time of day"):
        Span.parse(text)


def test_minutes_run_over_midnight() -> None:
    assert ends(FRIDAY_NIGHT, "30 min") == datetime(2026, 1, 10, 0, 22)


def test_minutes_and_moments_turn_into_each_other() -> None:
    assert FRIDAY_NIGHT.minute(FRIDAY_NIGHT.at(12_345)) == 12_345


def test_the_next_business_day_after_a_friday_is_monday() -> None:
    assert ends(FRIDAY_NIGHT, "next business day 09:00") == datetime(2026, 1, 12, 9)


def test_the_next_day_after_a_friday_is_saturday() -> None:
    assert ends(FRIDAY_NIGHT, "next day 08:00") == datetime(2026, 1, 10, 8)


def test_the_next_business_day_is_never_today() -> None:
    early_monday = Calendar(datetime(2026, 1, 12, 2, 0))
    assert ends(early_monday, "next business day 09:00") == datetime(2026, 1, 13, 9)


def test_the_next_business_day_passes_over_holidays_and_the_weekend_after_them() -> None:
    eve = Calendar(datetime(2025, 12, 31, 16, 0), NEW_YEAR)  # a Wednesday; Thursday and Friday are holidays
    assert ends(eve, "next business day 09:00") == datetime(2026, 1, 5, 9)


def test_business_days_run_to_the_last_minute_of_the_last_one() -> None:
    assert ends(FRIDAY_NIGHT, "3 business days") == datetime(2026, 1, 14, 23, 59)


def test_business_days_do_not_count_holidays() -> None:
    eve = Calendar(datetime(2025, 12, 31, 16, 0), NEW_YEAR)
    assert ends(eve, "2 business days") == datetime(2026, 1, 6, 23, 59)


def test_business_days_count_from_the_day_they_began() -> None:
    assert ends(FRIDAY_NIGHT, "1 business day", minute=24 * 60) == datetime(2026, 1, 12, 23, 59)


@pytest.mark.parametrize(
    ("day", "works"), [(date(2026, 1, 9), True), (date(2026, 1, 10), False), (date(2026, 1, 1), False)]
)
def test_weekends_and_holidays_are_no_business_days(day: date, works: bool) -> None:
    assert Calendar(datetime(2026, 1, 1), NEW_YEAR).is_business_day(day) is works
