"""What is asked of the read models for a cohort: sums over workshops, and names. Numbers only; `scoring` makes figures of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from scoring.cohort import Cohort, Sums
from simulator.log.read_models import TALLIES

if TYPE_CHECKING:
    from simulator.log.dialect import Sql

Key = tuple[str, ...]


class Keyed(NamedTuple):
    """A figure's key, its sums over workshops, and totals of further columns."""

    key: Key
    sums: Sums
    more: tuple[float, ...]


class Asked(NamedTuple):
    """A cohort of a store. `tallies`: whether its sums may be read; somebody who may see some sessions only asks the sessions."""

    db: Sql
    cohort: Cohort
    tallies: bool = True

    def rows(self, name: str) -> tuple[str, list[str]]:
        """What stands behind FROM for the rows of a tally, as `t`, and its values."""
        tally = _BY_NAME[name]
        which, values = "", []
        if self.cohort.agency:
            which, values = "{at}session IN (SELECT session FROM seatings WHERE agency = ?)", [self.cohort.agency]
        source = name if self.tallies and not which else f"({tally.rows(which)})"
        test, more = self.groups()
        joined = f"{source} AS t" + (f" JOIN groups AS g ON g.id = t.grp WHERE {test}" if test else "")
        return joined, [*values, *more]

    def groups(self) -> tuple[str, list[str]]:
        """The condition on `groups AS g` that picks the cohort (its agency apart), and its values; empty for all."""
        cohort = self.cohort
        wanted = {
            "g.workshop = ?": cohort.workshop,
            "g.scenario = ?": cohort.scenario,
            "g.mou = ?": cohort.mou,
            "g.jurisdiction = ?": cohort.jurisdiction,
            "g.day >= ?": cohort.since,
            "g.day <= ?": cohort.until,
        }
        given = {test: value for test, value in wanted.items() if value}
        return " AND ".join(given), list(given.values())


_BY_NAME = {tally.name: tally for tally in TALLIES}


def sums(asked: Asked, tally: str, keys: Sequence[str], n: str, y: str, more: Sequence[str] = ()) -> list[Keyed]:
    """Sums over workshops of `n` and `y` for each key. `keys`: columns of the tally; `n`, `y`, `more`: SQL over it."""
    source, values = asked.rows(tally)
    extra = "".join(f", sum({each}) AS m{number}" for number, each in enumerate(more))
    by = ", ".join(f"t.{key}" for key in [*keys, "cluster"])
    inner = f"SELECT {by}, sum({n}) AS n, sum({y}) AS y{extra} FROM {source} GROUP BY {by}"
    chosen = "".join(f"{key}, " for key in keys)
    group = f" GROUP BY {', '.join(keys)} ORDER BY {', '.join(keys)}" if keys else ""
    totals = "".join(f", sum(m{number})" for number in range(len(more)))
    rows = asked.db.execute(f"SELECT {chosen}{_SUMS}{totals} FROM ({inner}) AS c{group}", values).fetchall()
    width = len(keys)
    return [
        Keyed(tuple(row[:width]), _sums(row[width : width + 6]), tuple(float(v or 0) for v in row[width + 6 :]))
        for row in rows
        if row[width]
    ]


_SUMS = "sum(CASE WHEN n > 0 THEN 1 ELSE 0 END), sum(n), sum(y), sum(1.0 * n * n), sum(1.0 * n * y), sum(1.0 * y * y)"


def _sums(row: Sequence[Any]) -> Sums:
    clusters, n, y, nn, ny, yy = (float(value or 0) for value in row)
    return Sums(clusters=int(clusters), n=n, y=y, nn=nn, ny=ny, yy=yy)


NONE = Sums(clusters=0, n=0, y=0, nn=0, ny=0, yy=0)


def sessions(asked: Asked, hits: str) -> Sums:
    """Sessions by workshop, and in how many of them `hits` (`crossed`, `both_needed`) holds."""
    found = sums(asked, "session_tallies", (), "t.sessions", f"t.{hits}")
    return found[0].sums if found else NONE


def crossings(asked: Asked) -> list[Keyed]:
    """For each line (line, kind): in how many of all the cohort's sessions it was crossed, and how often in all."""
    all_of_them = sessions(asked, "crossed")
    lines, values = asked.rows("line_tallies")
    whole, more = asked.rows("session_tallies")
    rows = asked.db.execute(
        "SELECT line, kind, sum(y), sum(1.0 * n * y), sum(1.0 * y * y), sum(times) FROM ("
        "SELECT t.line, t.kind, t.cluster, sum(t.sessions) AS y, sum(t.times) AS times"
        f" FROM {lines} GROUP BY t.line, t.kind, t.cluster) AS c"
        f" JOIN (SELECT t.cluster, sum(t.sessions) AS n FROM {whole} GROUP BY t.cluster) AS k"
        " ON k.cluster = c.cluster GROUP BY line, kind ORDER BY kind, line",
        [*values, *more],
    ).fetchall()
    return [
        Keyed((line, kind), replace(all_of_them, y=float(y), ny=float(ny), yy=float(yy)), (float(times),))
        for line, kind, y, ny, yy, times in rows
    ]


def duty_minutes(asked: Asked) -> dict[Key, list[tuple[int, int]]]:
    """For each duty (MOU, duty): story minutes from its trigger until it was done, and how often, in order."""
    source, values = asked.rows("duty_times")
    rows = asked.db.execute(
        f"SELECT t.mou, t.duty, t.minutes, sum(t.n) FROM {source} GROUP BY t.mou, t.duty, t.minutes"
        " ORDER BY t.mou, t.duty, t.minutes",
        values,
    ).fetchall()
    found: dict[Key, list[tuple[int, int]]] = {}
    for mou, duty, minutes, n in rows:
        found.setdefault((mou, duty), []).append((int(minutes), int(n)))
    return found


def ratings(asked: Asked) -> tuple[list[tuple[int, str, str, int]], int]:
    """Facilitators' letters before the rule's was seen, as (workshop, by hand, the rule's, how often); and how many came after."""
    source, values = asked.rows("rating_tallies")
    rows = asked.db.execute(
        f"SELECT t.cluster, t.by_hand, t.letter, sum(t.n), sum(t.seen) FROM {source}"
        " GROUP BY t.cluster, t.by_hand, t.letter ORDER BY t.cluster, t.by_hand, t.letter",
        values,
    ).fetchall()
    blind = [(cluster, by_hand, letter, int(n)) for cluster, by_hand, letter, n, _ in rows if n]
    return blind, sum(int(row[4]) for row in rows)


class Span(NamedTuple):
    """When a cohort played. ISO dates, empty where there is no session."""

    first_day: str
    last_day: str


def span(asked: Asked) -> Span:
    if asked.cohort.agency or not asked.tallies:
        joined, values = asked.rows("session_tallies")
        source = f"groups AS w WHERE w.id IN (SELECT t.grp FROM {joined})"
        first, last = asked.db.execute(f"SELECT min(w.day), max(w.day) FROM {source}", values).fetchone()
    else:
        test, values = asked.groups()
        where = f" WHERE {test}" if test else ""
        first, last = asked.db.execute(f"SELECT min(g.day), max(g.day) FROM groups AS g{where}", values).fetchone()
    return Span(first or "", last or "")


def outside(asked: Asked) -> list[tuple[str, int]]:
    """The sessions that are kept but enter no figure, by reason: unfinished, rewound, nobody, unreadable."""
    cohort = asked.cohort
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
    rows = asked.db.execute(
        "SELECT coalesce(m.outside, 'unfinished') AS reason, count(*) FROM sessions AS s"
        " LEFT JOIN summaries AS m ON m.session = s.id"
        f" WHERE ((m.session IS NULL AND s.finished = 0) OR m.outside <> ''){test} GROUP BY reason ORDER BY reason",
        list(given.values()),
    ).fetchall()
    return [(reason, int(count)) for reason, count in rows]


def _seated(asked: Asked, *, outside: bool = False) -> tuple[str, list[str]]:
    """The people of the cohort (or everybody outside it), all agencies of its sessions: what stands behind FROM, and its values."""
    test, values = asked.groups()
    tests = [test] if test else []
    if asked.cohort.agency:
        tests.append("s.session IN (SELECT session FROM seatings WHERE agency = ?)")
        values = [*values, asked.cohort.agency]
    joined = " JOIN groups AS g ON g.id = s.grp" if test else ""
    whole = " AND ".join(tests) or "1 = 1"
    return f"seatings AS s{joined} WHERE {f'NOT ({whole})' if outside else whole}", values


def people(asked: Asked, agency: str, role: str = "", *, limit: int, outside: bool = False) -> int:
    """How many different people of an agency played (in a role), counted no further than `limit`.

    `outside`: those with plays that are not in the cohort, and none in it.
    """
    own, who = " AND s.agency = ?", [agency]
    if role:
        own, who = f"{own} AND s.role = ?", [agency, role]
    source, values = _seated(asked, outside=outside)
    inside, more = _seated(asked)
    beside = f" AND s.person NOT IN (SELECT s.person FROM {inside}{own})" if outside else ""
    (count,) = asked.db.execute(
        f"SELECT count(*) FROM (SELECT DISTINCT s.person FROM {source}{own}{beside} LIMIT {int(limit)}) AS p",
        [*values, *who, *([*more, *who] if outside else [])],
    ).fetchone()
    return int(count)


def agencies(asked: Asked) -> list[str]:
    """The agencies whose people played in the cohort, in order; unnamed ones left out."""
    source, values = _seated(asked)
    rows = asked.db.execute(
        f"SELECT DISTINCT s.agency FROM {source} AND s.agency <> '' ORDER BY s.agency", values
    ).fetchall()
    return [agency for (agency,) in rows]


def choices(asked: Asked, *columns: str) -> list[Key]:
    """What a filter can be set to: the different values of `columns` of `groups` in the cohort, in order."""
    test, values = asked.groups()
    what, where = ", ".join(f"g.{column}" for column in columns), f" WHERE {test}" if test else ""
    rows = asked.db.execute(f"SELECT DISTINCT {what} FROM groups AS g{where} ORDER BY {what}", values).fetchall()
    return [tuple(row) for row in rows]


def names(db: Sql, *kinds: str) -> dict[tuple[str, str, str], str]:
    """What ids are called: (kind, owner, id) → text."""
    marks = ", ".join("?" for _ in kinds)
    rows = db.execute(f"SELECT kind, owner, id, text FROM names WHERE kind IN ({marks})", kinds).fetchall()
    return {(kind, owner, ident): text for kind, owner, ident, text in rows}
