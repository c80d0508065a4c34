"""What is asked of the read models for a cohort: sums over workshops, and names. Numbers only; `scoring` makes figures of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from scoring.cohort import Cohort, Sums

if TYPE_CHECKING:
    from simulator.log.dialect import Sql

Key = tuple[str, ...]


class Keyed(NamedTuple):
    """A figure's key, its sums over workshops, and totals of further columns."""

    key: Key
    sums: Sums
    more: tuple[float, ...]


def where(cohort: Cohort) -> tuple[str, list[str]]:
    """The condition on `groups AS g` that picks the cohort, and its values."""
    wanted = {
        "g.workshop = ?": cohort.workshop,
        "g.scenario = ?": cohort.scenario,
        "g.mou = ?": cohort.mou,
        "g.jurisdiction = ?": cohort.jurisdiction,
        "g.day >= ?": cohort.since,
        "g.day <= ?": cohort.until,
        "EXISTS (SELECT 1 FROM group_agencies AS a WHERE a.grp = g.id AND a.agency = ?)": cohort.agency,
    }
    given = {test: value for test, value in wanted.items() if value}
    return " AND ".join(given) or "1 = 1", list(given.values())


def sums(
    db: Sql,
    cohort: Cohort,
    table: str,
    keys: Sequence[str],
    n: str,
    y: str,
    more: Sequence[str] = (),
) -> list[Keyed]:
    """Sums over workshops of `n` and `y` for each key. `keys`, `n`, `y`, `more`: SQL over `table AS t` and `groups AS g`."""
    test, values = where(cohort)
    key = "".join(f"{each} AS k{number}, " for number, each in enumerate(keys))
    extra = "".join(f", sum({each}) AS m{number}" for number, each in enumerate(more))
    inner = (
        f"SELECT {key}g.cluster AS cluster, sum({n}) AS n, sum({y}) AS y{extra} FROM {table} AS t"
        f" JOIN groups AS g ON g.id = t.grp WHERE {test} GROUP BY {', '.join([*keys, 'g.cluster'])}"
    )
    named = [f"k{number}" for number in range(len(keys))]
    totals = "".join(f", sum(m{number})" for number in range(len(more)))
    chosen = "".join(f"{name}, " for name in named)
    by = f" GROUP BY {', '.join(named)} ORDER BY {', '.join(named)}" if named else ""
    rows = db.execute(
        f"SELECT {chosen}sum(CASE WHEN n > 0 THEN 1 ELSE 0 END), sum(n), sum(y), sum(1.0 * n * n), sum(1.0 * n * y),"
        f" sum(1.0 * y * y){totals} FROM ({inner}) AS c{by}",
        values,
    ).fetchall()
    width = len(keys)
    return [
        Keyed(tuple(row[:width]), _sums(row[width : width + 6]), tuple(float(v or 0) for v in row[width + 6 :]))
        for row in rows
        if row[width]
    ]


def _sums(row: Sequence[Any]) -> Sums:
    clusters, n, y, nn, ny, yy = (float(value or 0) for value in row)
    return Sums(clusters=int(clusters), n=n, y=y, nn=nn, ny=ny, yy=yy)


def sessions(db: Sql, cohort: Cohort, hits: str) -> Sums:
    """Sessions by workshop, and in how many of them `hits` (a column of `groups`) holds."""
    test, values = where(cohort)
    row = db.execute(
        "SELECT count(*), sum(n), sum(y), sum(1.0 * n * n), sum(1.0 * n * y), sum(1.0 * y * y) FROM ("
        f"SELECT sum(g.sessions) AS n, sum(g.{hits}) AS y FROM groups AS g WHERE {test} GROUP BY g.cluster) AS c",
        values,
    ).fetchone()
    return _sums(row)


def crossings(db: Sql, cohort: Cohort) -> list[Keyed]:
    """For each line (line, kind): in how many of all the cohort's sessions it was crossed, and how often in all."""
    test, values = where(cohort)
    everything = sessions(db, cohort, "crossed")
    rows = db.execute(
        "SELECT line, kind, sum(y), sum(1.0 * n * y), sum(1.0 * y * y), sum(times) FROM ("
        "SELECT t.line AS line, t.kind AS kind, g.cluster AS cluster, sum(t.sessions) AS y, sum(t.times) AS times"
        f" FROM line_tallies AS t JOIN groups AS g ON g.id = t.grp WHERE {test} GROUP BY t.line, t.kind, g.cluster) AS c"
        f" JOIN (SELECT g.cluster AS cluster, sum(g.sessions) AS n FROM groups AS g WHERE {test} GROUP BY g.cluster) AS k"
        " ON k.cluster = c.cluster GROUP BY line, kind ORDER BY kind, line",
        [*values, *values],
    ).fetchall()
    return [
        Keyed(
            (line, kind),
            Sums(
                clusters=everything.clusters, n=everything.n, y=float(y), nn=everything.nn, ny=float(ny), yy=float(yy)
            ),
            (float(times),),
        )
        for line, kind, y, ny, yy, times in rows
    ]


def duty_minutes(db: Sql, cohort: Cohort) -> dict[Key, list[tuple[int, int]]]:
    """For each duty (MOU, duty): story minutes from its trigger until it was done, and how often, in order."""
    test, values = where(cohort)
    rows = db.execute(
        "SELECT g.mou, t.duty, t.minutes, sum(t.n) FROM duty_times AS t JOIN groups AS g ON g.id = t.grp"
        f" WHERE {test} GROUP BY g.mou, t.duty, t.minutes ORDER BY g.mou, t.duty, t.minutes",
        values,
    ).fetchall()
    found: dict[Key, list[tuple[int, int]]] = {}
    for mou, duty, minutes, n in rows:
        found.setdefault((mou, duty), []).append((int(minutes), int(n)))
    return found


def ratings(db: Sql, cohort: Cohort) -> tuple[list[tuple[str, str, str, int]], int]:
    """Facilitators' letters before the rule's was seen, as (workshop, by hand, the rule's, how often); and how many came after."""
    test, values = where(cohort)
    rows = db.execute(
        "SELECT g.cluster, t.by_hand, t.letter, sum(t.n), sum(t.seen) FROM rating_tallies AS t"
        f" JOIN groups AS g ON g.id = t.grp WHERE {test} GROUP BY g.cluster, t.by_hand, t.letter"
        " ORDER BY g.cluster, t.by_hand, t.letter",
        values,
    ).fetchall()
    blind = [(cluster, by_hand, letter, int(n)) for cluster, by_hand, letter, n, _ in rows if n]
    return blind, sum(int(row[4]) for row in rows)


class Span(NamedTuple):
    """Whom a cohort is made of. Days are ISO dates, empty where there is no session."""

    agencies: int
    first_day: str
    last_day: str


def span(db: Sql, cohort: Cohort) -> Span:
    test, values = where(cohort)
    first, last = db.execute(f"SELECT min(g.day), max(g.day) FROM groups AS g WHERE {test}", values).fetchone()
    (agencies,) = db.execute(
        "SELECT count(DISTINCT a.agency) FROM group_agencies AS a JOIN groups AS g ON g.id = a.grp"
        f" WHERE a.agency <> '' AND {test}",
        values,
    ).fetchone()
    return Span(int(agencies), first or "", last or "")


def outside(db: Sql, cohort: Cohort) -> list[tuple[str, int]]:
    """The sessions that are kept but enter no figure, by reason: unfinished, rewound, nobody, unreadable."""
    wanted = {
        "s.workshop = ?": cohort.workshop,
        "s.scenario = ?": cohort.scenario,
        "s.mou = ?": cohort.mou,
        "s.jurisdiction = ?": cohort.jurisdiction,
        "s.created >= ?": cohort.since,
        "s.created < ?": f"{cohort.until}U" if cohort.until else "",  # sorts after every moment of that day
        "EXISTS (SELECT 1 FROM aliases AS a WHERE a.session = s.id AND a.agency = ?)": cohort.agency,
    }
    given = {test: value for test, value in wanted.items() if value}
    test = "".join(f" AND {each}" for each in given)
    rows = db.execute(
        "SELECT coalesce(m.outside, 'unfinished') AS reason, count(*) FROM sessions AS s"
        " LEFT JOIN summaries AS m ON m.session = s.id"
        f" WHERE ((m.session IS NULL AND s.finished = 0) OR m.outside <> ''){test} GROUP BY reason ORDER BY reason",
        list(given.values()),
    ).fetchall()
    return [(reason, int(count)) for reason, count in rows]


def people(db: Sql, cohort: Cohort, agency: str, role: str = "", *, limit: int) -> int:
    """How many different people of an agency played (in a role), counted no further than `limit`."""
    test, values = where(cohort)
    own = " AND s.role = ?" if role else ""
    (count,) = db.execute(
        "SELECT count(*) FROM (SELECT DISTINCT s.person FROM seatings AS s JOIN groups AS g ON g.id = s.grp"
        f" WHERE s.agency = ?{own} AND {test} LIMIT {int(limit)}) AS p",
        [agency, *([role] if role else []), *values],
    ).fetchone()
    return int(count)


def choices(db: Sql, cohort: Cohort, *columns: str) -> list[Key]:
    """What a filter can be set to: the different values of `columns` of `groups` in the cohort, in order."""
    test, values = where(cohort)
    what = ", ".join(f"g.{column}" for column in columns)
    rows = db.execute(f"SELECT DISTINCT {what} FROM groups AS g WHERE {test} ORDER BY {what}", values).fetchall()
    return [tuple(row) for row in rows]


def agencies(db: Sql, cohort: Cohort) -> list[str]:
    """The agencies whose people played in the cohort, in order; unnamed ones left out."""
    test, values = where(cohort)
    rows = db.execute(
        "SELECT DISTINCT a.agency FROM group_agencies AS a JOIN groups AS g ON g.id = a.grp"
        f" WHERE a.agency <> '' AND {test} ORDER BY a.agency",
        values,
    ).fetchall()
    return [agency for (agency,) in rows]


def names(db: Sql, *kinds: str) -> dict[tuple[str, str, str], str]:
    """What ids are called: (kind, owner, id) → text."""
    marks = ", ".join("?" for _ in kinds)
    rows = db.execute(f"SELECT kind, owner, id, text FROM names WHERE kind IN ({marks})", kinds).fetchall()
    return {(kind, owner, ident): text for kind, owner, ident, text in rows}
