"""How times, lengths and findings read on a screen. Pure text: no widget, no colour."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

NO_REAL_PEOPLE = "No real people. Kept with this play and nowhere else. Can be left empty."


def clock(moment: datetime) -> str:
    """`Fri 23:52`. Written out by hand so that every machine, whatever its language, shows the same."""
    return f"{_DAYS[moment.weekday()]} {moment:%H:%M}"


def day_and_clock(moment: datetime) -> str:
    """`Fri 9 Jan, 23:52`."""
    return f"{_DAYS[moment.weekday()]} {moment.day} {_MONTHS[moment.month - 1]}, {moment:%H:%M}"


def length(minutes: int) -> str:
    """A length of story time as people say it: `40 min`, `2 h 5 min`, `3 days`."""
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    days, hours = divmod(hours, 24)
    said = f"{days} day{'s' * (days != 1)}"
    return f"{said} {hours} h" if hours else said


def time_left(minutes: int | None) -> str:
    """What is left until a deadline: `25 min left`, `10 min over`, or nothing where there is no deadline."""
    if minutes is None:
        return ""
    if minutes < 0:
        return f"{length(-minutes)} over"
    return f"{length(minutes)} left" if minutes else "due now"


def lasts(minutes: int | None) -> str:
    """How long an action takes. None: it lasts until something, and its text says what."""
    if minutes is None:
        return "takes a while"
    return f"{minutes} min" if 0 < minutes < 60 else (length(minutes) if minutes else "")


def paragraphs(text: str) -> str:
    """An author's text, with the line ends of its file undone: blank lines part paragraphs, lists keep their lines."""
    parts = []
    for part in re.split(r"\n\s*\n", text.strip()):
        parts.append(re.sub(r"\s*\n\s*(?![-–•*]\s|\s)", " ", part))
    return "\n\n".join(parts)


def and_list(words: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *first, last = list(words) or [""]
    return f"{', '.join(first)} and {last}" if first else last


def sentence(text: str) -> str:
    """The text with a capital at its front and a stop at its end."""
    text = text.strip()
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in '.!?…”"' else ".")


def bullets(texts: Iterable[str]) -> str:
    """One line for each text, each a sentence."""
    return "\n".join(f"· {sentence(text)}" for text in texts)
