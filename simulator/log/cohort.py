"""What is asked of the read models for a cohort: sums over workshops, and names. Numbers only; `scoring` makes figures of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from scoring.cohort import Cohort, Sums
from scoring.medians import quantile
from simulator.log.tallies import BY_NAME, Key, Records, read_keys, unpack

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.log.dialect import Sql


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

    def records(self, name: str) -> tuple[Records, Mapping[int, Key]]:
        """A tally's records in the cohort, and what their keys are."""
        tally = BY_NAME[name]
        test, values = self.groups()
        if self.tallies and not self.cohort.agency:
            joined = f" JOIN groups AS g ON g.id = t.grp WHERE {test} AND" if test else " WHERE"
            rows = self.db.execute(
                f"SELECT t.cluster, t.records FROM tallies AS t{joined} t.tally = ?", [*values, name]
            ).fetchall()
            found = unpack(tally, rows)
            return found, read_keys(self.db, {int(key) for key in found.keys})
        tests = [f"{{at}}grp IN (SELECT g.id FROM groups AS g WHERE {test})"] if test else []
        if self.cohort.agency:
            tests.append("{at}session IN (SELECT session FROM seatings WHERE agency = ?)")
            values = [*values, self.cohort.agency]
        packed = list(tally.pack(self.db.execute(tally.query(" AND ".join(tests)), values)))
        keys = {number: key for *_, some in packed for number, key in some.items()}
        return unpack(tally, [(cluster, blob) for _, cluster, blob, _ in packed]), keys

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


NONE = Sums(clusters=0, n=0, y=0, nn=0, ny=0, yy=0)


def sums(
    asked: Asked, tally: str, n: str, y: str, more: Sequence[str] = (), *, by: Sequence[int] | None = None
) -> list[Keyed]:
    """Sums over workshops of `n` and `y` for each key, in the order of the keys.

    `n`, `y`, `more`: the tally's columns, or several as “met + late”. `by`: only these parts of the key, the rest summed.
    """
    records, keys = asked.records(tally)
    return summed(records, keys, n, y, more, by=by)


def summed(
    records: Records,
    keys: Mapping[int, Key],
    n: str,
    y: str,
    more: Sequence[str] = (),
    *,
    by: Sequence[int] | None = None,
) -> list[Keyed]:
    """The same of records at hand."""
    import numpy as np

    if not len(records.data):
        return []
    numbers, place = records.keys, records.places
    whole = [keys[int(number)] for number in numbers]
    short = [key if by is None else tuple(key[part] for part in by) for key in whole]
    different = sorted(set(short))
    index = {key: number for number, key in enumerate(different)}
    of_key = np.array([index[key] for key in short], dtype=np.intp)[place]
    cell = of_key * records.workshops + records.workshop
    if len(different) * records.workshops > 4 * len(cell):  # mostly empty: number those that are not
        used, cell = np.unique(cell, return_inverse=True)
    else:
        used = np.arange(len(different) * records.workshops)
    size = np.bincount(cell, records.column(n), minlength=len(used))
    total = np.bincount(cell, records.column(y), minlength=len(used))
    key_of = used // records.workshops

    def over(values: NDArray[Any]) -> list[float]:
        return [float(each) for each in np.bincount(key_of, values, minlength=len(different))]

    parts = zip(
        over((size > 0).astype(float)), over(size), over(total), over(size * size), over(size * total), over(total**2),
        strict=True,
    )  # fmt: skip
    rest = [np.bincount(of_key, records.column(each), minlength=len(different)).tolist() for each in more]
    return [
        Keyed(key, Sums(clusters=int(k), n=a, y=b, nn=c, ny=d, yy=e), tuple(each[number] for each in rest))
        for number, (key, (k, a, b, c, d, e)) in enumerate(zip(different, parts, strict=True))
    ]


def sessions(asked: Asked, hits: str) -> Sums:
    """Sessions by workshop, and in how many of them `hits` (`crossed`, `both_needed`) holds."""
    found = sums(asked, "sessions", "sessions", hits)
    return found[0].sums if found else NONE


def crossings(asked: Asked) -> list[Keyed]:
    """For each line (line, kind): in how many of all the cohort's sessions it was crossed, and how often in all."""
    import numpy as np

    whole, _ = asked.records("sessions")
    records, keys = asked.records("lines")
    size = np.bincount(whole.workshop, whole.column("sessions"), minlength=whole.workshops)
    by_number = dict(zip(whole.numbers.tolist(), size.tolist(), strict=True))
    of_workshop = np.array([by_number[number] for number in records.numbers.tolist()])
    everything = Sums(
        clusters=int((size > 0).sum()), n=float(size.sum()), y=0, nn=float((size * size).sum()), ny=0, yy=0
    )
    found = []
    for number, key in sorted(keys.items(), key=lambda each: each[1]):
        here = records.data["key"] == number
        total = np.bincount(records.workshop[here], records.column("sessions")[here], minlength=len(of_workshop))
        own = replace(
            everything, y=float(total.sum()), ny=float((of_workshop * total).sum()), yy=float((total * total).sum())
        )
        found.append(Keyed(key, own, (float(records.column("times")[here].sum()),)))
    return found


def duty_minutes(asked: Asked) -> dict[Key, tuple[list[tuple[float, int]], Sums]]:
    """For each duty (MOU, duty): story minutes from its trigger until it was done, and how often, in order.

    And, by workshop, how many took no longer than the median: what the interval of the median needs.
    """
    import numpy as np

    records, keys = asked.records("minutes")
    minutes, count = records.data["minutes"], records.column("n")
    order = np.argsort(records.places, kind="stable")
    ends = np.cumsum(np.bincount(records.places, minlength=len(records.keys)))
    found = {}
    for number, some in zip(records.keys, np.split(order, ends[:-1]), strict=True):
        values, place = np.unique(minutes[some], return_inverse=True)
        histogram = list(zip(values.tolist(), np.bincount(place, count[some]).astype(int).tolist(), strict=True))
        middle = quantile(histogram, 0.5)
        sizes = np.bincount(records.workshop[some], count[some], minlength=records.workshops)
        below = np.bincount(
            records.workshop[some], count[some] * (minutes[some] <= middle), minlength=records.workshops
        )
        sums = Sums(
            clusters=int((sizes > 0).sum()),
            n=float(sizes.sum()),
            y=float(below.sum()),
            nn=float((sizes * sizes).sum()),
            ny=float((sizes * below).sum()),
            yy=float((below * below).sum()),
        )
        found[keys[int(number)]] = ([(float(value), n) for value, n in histogram], sums)
    return found


def ratings(asked: Asked) -> tuple[list[tuple[int, str, str, int]], int]:
    """Facilitators' letters before the rule's was seen, as (workshop, by hand, the rule's, how often); and how many came after."""
    records, keys = asked.records("ratings")
    rows = []
    for workshop, record in zip(records.workshop, records.data, strict=True):
        by_hand, letter = keys[int(record["key"])]
        if record["n"]:
            rows.append((int(workshop), by_hand, letter, int(record["n"])))
    return rows, int(records.column("seen").sum())


class Span(NamedTuple):
    """When a cohort played. ISO dates, empty where there is no session."""

    first_day: str
    last_day: str


def span(asked: Asked) -> Span:
    test, values = asked.groups()
    tests = [test] if test else []
    if asked.cohort.agency:
        tests.append("g.id IN (SELECT grp FROM seatings WHERE agency = ?)")
        values = [*values, asked.cohort.agency]
    where = f" WHERE {' AND '.join(tests)}" if tests else ""
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
