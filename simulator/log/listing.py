"""Which sessions are asked for, as SQL that every backend understands: pure, `?` for values, nothing of one database.

A list is read page by page. Order is total (the id breaks ties), so that no page repeats or leaves out a line.

Whoever asks by alias or agency learns of an answer no more than a coordinator may see (`simulator.discretion`): only people
of a play that has ended are found, and only in seats that no computer took over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal, NamedTuple, TypedDict, get_args

Sort = Literal["played", "began", "scenario", "agency", "workshop", "mou", "jurisdiction", "state"]
Column = Literal["workshop", "scenario", "agency", "mou", "jurisdiction"]
SORTS: tuple[Sort, ...] = get_args(Sort)
AT_ONCE = 500  # ids in one question; SQLite of old takes 999 values


class Wanted(TypedDict, total=False):
    """A filter. What is absent, None or empty takes all. Naive moments are local time.

    words: each must occur somewhere: in id, title, names, seats, people's aliases and agencies, or as the day it began (`2026`, `2026-06`,
        `2026-06-03`); `finished` and `unfinished` are taken at their word. Any case.
    agency: somebody of it played to the end. since: played at or after this moment.
    begun_since, begun_before: begun at or after the one, before the other.
    ident: how the id begins.
    """

    words: str
    workshop: str | None
    scenario: str | None
    mou: str | None
    jurisdiction: str | None
    agency: str | None
    finished: bool | None
    since: datetime | None
    begun_since: datetime | None
    begun_before: datetime | None
    ident: str | None


class Listed(Wanted, total=False):
    """A filter, an order, and a page of it. Default: last played first, all of them.

    past: only what comes after this moment of beginning and id, in the order “began”, latest first; a list read
        this way neither repeats nor misses a session while others are being added.
    """

    sort: Sort
    descending: bool
    limit: int | None
    offset: int
    past: tuple[datetime, str] | None


class Query(NamedTuple):
    """SQL and the values for its question marks."""

    sql: str
    values: tuple[Any, ...]


def ids(wanted: Listed) -> Query:
    """The ids of a page, in order."""
    tests = list(_tests(wanted))
    if past := wanted.get("past"):
        tests.append(Query("(created, id) < (?, ?)", (stamp(past[0]), past[1])))
    where, values = _all(tests)
    sort: Sort = wanted.get("sort", "played")
    sql = f"SELECT id FROM sessions WHERE {where} ORDER BY {_order(sort, wanted.get('descending'))}"
    limit = wanted.get("limit")
    if limit is not None:
        sql, values = f"{sql} LIMIT ? OFFSET ?", (*values, limit, wanted.get("offset", 0))
    return Query(sql, values)


def count(wanted: Wanted) -> Query:
    """How many there are."""
    where, values = _all(_tests(wanted))
    return Query(f"SELECT count(*) FROM sessions WHERE {where}", values)


def choices(column: Column, wanted: Wanted) -> Query:
    """The values of a column, with how many sessions have each; without the empty one, in no order."""
    where, values = _all(_tests(wanted))
    if column == "agency":
        sql = (
            "SELECT agency, count(DISTINCT session) FROM aliases JOIN sessions ON sessions.id = aliases.session"
            f" WHERE {_PERSON} AND finished = 1 AND agency <> '' AND {where} GROUP BY agency"
        )
    else:
        sql = f"SELECT {column}, count(*) FROM sessions WHERE {where} AND {column} <> '' GROUP BY {column}"
    return Query(sql, values)


def batches(found: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
    """Ids in portions that one question takes: `IN (?, ?, …)` and the ids."""
    for first in range(0, len(found), AT_ONCE):
        some = found[first : first + AT_ONCE]
        yield f"IN ({', '.join('?' * len(some))})", some


def stamp(moment: datetime) -> str:
    """UTC to the millisecond, always the same width, so that texts sort as times do."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


# --- the parts of a question --------------------------------------------------------------------------------------

_PERSON = "player = 'human'"

# By what a list is sorted; what is empty comes last either way.
_SORTED_BY: dict[Sort, str] = {
    "scenario": "lower(title)",
    "agency": (
        "CASE WHEN finished = 1 THEN coalesce((SELECT min(lower(agency)) FROM aliases"
        f" WHERE session = sessions.id AND agency <> '' AND {_PERSON}), '') ELSE '' END"
    ),
    "workshop": "lower(workshop)",
    "mou": "lower(mou)",
    "jurisdiction": "lower(jurisdiction)",
}
_LATEST_FIRST = ("played", "began")
_ABOUT = "lower(id || ' ' || title || ' ' || scenario || ' ' || workshop || ' ' || mou || ' ' || jurisdiction)"
_PEOPLE = f"session FROM aliases WHERE {_PERSON} AND lower(alias || ' ' || agency) LIKE ? ESCAPE '\\'"
_SEATS = "session FROM aliases WHERE lower(seat) LIKE ? ESCAPE '\\'"


def _order(sort: Sort, descending: bool | None) -> str:
    way = "DESC" if (sort in _LATEST_FIRST if descending is None else descending) else "ASC"
    if sort in _LATEST_FIRST:
        return f"{'updated' if sort == 'played' else 'created'} {way}, id {way}"
    if sort == "state":
        return f"finished {way}, created DESC, id DESC"
    key = _SORTED_BY[sort]
    return f"({key}) = '', {key} {way}, created DESC, id DESC"


def _tests(wanted: Wanted) -> Iterator[Query]:
    plain = {
        "workshop = ?": wanted.get("workshop"),
        "scenario = ?": wanted.get("scenario"),
        "mou = ?": wanted.get("mou"),
        "jurisdiction = ?": wanted.get("jurisdiction"),
        f"finished = 1 AND id IN (SELECT session FROM aliases WHERE agency = ? AND {_PERSON})": wanted.get("agency"),
    }
    yield from (Query(test, (value,)) for test, value in plain.items() if value)
    moments = {
        "updated >= ?": wanted.get("since"),
        "created >= ?": wanted.get("begun_since"),
        "created < ?": wanted.get("begun_before"),
    }
    yield from (Query(test, (stamp(moment),)) for test, moment in moments.items() if moment)
    finished = wanted.get("finished")
    if finished is not None:
        yield Query("finished = ?", (int(finished),))
    if ident := wanted.get("ident"):
        yield Query("id LIKE ? ESCAPE '\\'", (f"{_literal(ident)}%",))
    for word in wanted.get("words", "").split():
        yield _word(word)


def _word(word: str) -> Query:
    if word.lower() in ("finished", "unfinished"):
        return Query("finished = ?", (int(word.lower() == "finished"),))
    tests: list[Query] = []
    for spelt in _spellings(word):
        pattern = f"%{_literal(spelt)}%"
        tests.append(Query(f"{_ABOUT} LIKE ? ESCAPE '\\'", (pattern,)))
        tests.append(Query(f"finished = 1 AND id IN (SELECT {_PEOPLE})", (pattern,)))
        tests.append(Query(f"id IN (SELECT {_SEATS})", (pattern,)))
    if days := _days(word):
        tests.append(Query("created >= ? AND created < ?", tuple(map(stamp, days))))
    return Query(f"({' OR '.join(test.sql for test in tests)})", tuple(v for test in tests for v in test.values))


def _spellings(word: str) -> tuple[str, ...]:
    """How a word may stand in the store once `lower` was asked: SQLite's knows no letters but A to Z."""
    low = word.lower()
    return (low,) if low.isascii() else tuple(dict.fromkeys((low, *_with_large(low))))


def _with_large(low: str) -> Iterator[str]:
    """The word with its letters beyond A to Z large, all of them, or the first letter alone."""
    large = "".join(each if each.isascii() else each.upper() for each in low)
    yield large
    yield large[0] + low[1:]


def _literal(text: str) -> str:
    """The text for LIKE, with nothing in it that stands for something else."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _days(word: str) -> tuple[datetime, datetime] | None:
    """The local days that a year, a month or a day spans, if it is one: from the first to before the second moment."""
    numbers = word.split("-")
    if len(numbers) > 3 or [len(each) for each in numbers] != [4, 2, 2][: len(numbers)]:
        return None
    if not all(each.isascii() and each.isdecimal() for each in numbers):
        return None
    year, month, day = (*map(int, numbers), *[0] * (3 - len(numbers)))
    if not 1970 <= year < 9999:
        return None
    try:
        first = date(year, month or 1, day or 1)
        if day:
            following = first + timedelta(days=1)
        else:
            following = date(year + (month in (0, 12)), month % 12 + 1 if month else 1, 1)
    except ValueError:
        return None
    return _midnight(first), _midnight(following)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _all(tests: Iterable[Query]) -> Query:
    found = list(tests)
    return Query(" AND ".join(test.sql for test in found) or "1 = 1", tuple(v for test in found for v in test.values))
