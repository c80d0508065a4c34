"""What is asked of the read models for a cohort: sums over workshops, and names. Numbers only; `scoring` makes figures of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from scoring.cohort import Cohort, Sums
from scoring.medians import quantile
from simulator.log.listing import stamp
from simulator.log.tallies import BY_NAME, SPLITS, Key, Records, Tally, read_keys, unpack

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
        if self.tallies:
            joined = f" JOIN groups AS g ON g.id = t.grp WHERE {test} AND" if test else " WHERE"
            rows = self.db.execute(
                f"SELECT t.cluster, t.records FROM tallies AS t{joined} t.tally = ? AND t.agency = ?",
                [*values, name, self.cohort.agency],
            ).fetchall()
            found = unpack(tally, rows)
            return found, read_keys(self.db, {int(key) for key in found.keys})
        packed = list(tally.pack(self.live(tally)))
        keys = {number: key for *_, some in packed for number, key in some.items()}
        return unpack(tally, [(cluster, blob) for _, _, cluster, blob, _ in packed]), keys

    def live(self, tally: Tally) -> Iterator[Sequence[Any]]:
        """The rows of a tally in the cohort, summed from its sessions now: agency (empty), group, workshop, keys, counts, sums."""
        test, values = self.groups()
        tests = [f"{{at}}grp IN (SELECT g.id FROM groups AS g WHERE {test})"] if test else []
        if self.cohort.agency:
            tests.append("{at}session IN (SELECT session FROM seatings WHERE agency = ?)")
            values = [*values, self.cohort.agency]
        yield from self.db.execute(tally.query(" AND ".join(tests)), values).fetchall()

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


class Split(NamedTuple):
    """How the people in one seat decided in a judgement scene: all their decisions, and those for each option that anybody chose."""

    whole: Sums
    options: Mapping[str, Sums]


def splits(asked: Asked) -> dict[Key, Split]:
    """How people decided in judgement scenes, by (scenario, scene, seat), in order."""
    counts: dict[Key, dict[str, dict[int, int]]] = {}  # question → option → workshop → how often
    for _, _, cluster, *question, option, chosen in asked.live(SPLITS):
        of_option = counts.setdefault(tuple(question), {}).setdefault(option, {})
        of_option[cluster] = of_option.get(cluster, 0) + int(chosen)
    found = {}
    for key, options in sorted(counts.items()):
        size: dict[int, int] = {}
        for workshops in options.values():
            for cluster, number in workshops.items():
                size[cluster] = size.get(cluster, 0) + number
        found[key] = Split(_sums(size, size), {option: _sums(size, own) for option, own in sorted(options.items())})
    return found


def _sums(size: Mapping[int, int], own: Mapping[int, int]) -> Sums:
    """Sums over workshops of each one's size and of what it has of `own`."""
    pairs = [(n, own.get(cluster, 0)) for cluster, n in size.items()]
    return Sums(
        clusters=len(pairs),
        n=sum(n for n, _ in pairs),
        y=sum(y for _, y in pairs),
        nn=sum(n * n for n, _ in pairs),
        ny=sum(n * y for n, y in pairs),
        yy=sum(y * y for _, y in pairs),
    )


def newest(asked: Asked, scenario: str) -> str:
    """The session of the cohort that was begun last in a scenario; empty if there is none."""
    test, values = asked._replace(cohort=replace(asked.cohort, scenario=scenario)).groups()
    if asked.cohort.agency:
        test += " AND m.session IN (SELECT session FROM seatings WHERE agency = ?)"
        values = [*values, asked.cohort.agency]
    row = asked.db.execute(
        f"SELECT m.session FROM summaries AS m JOIN groups AS g ON g.id = m.grp WHERE {test}"
        " ORDER BY m.created DESC, m.session LIMIT 1",
        values,
    ).fetchone()
    return row[0] if row is not None else ""


def duty_minutes(asked: Asked) -> dict[Key, tuple[list[tuple[float, int]], Sums]]:
    """For each duty (MOU, duty): story minutes from its trigger until it was done, and how often, in order.

    And, by workshop, how many took no longer than the median: what the interval of the median needs.
    """
    import numpy as np

    records, keys = asked.records("minutes")
    if not len(records.data):
        return {}
    minutes, count = np.ascontiguousarray(records.data["minutes"]), records.column("n")
    values, place = _ranks(minutes)
    size = (len(records.keys), len(values))
    table = np.bincount(records.places * size[1] + place, count, minlength=size[0] * size[1]).reshape(size)
    histograms = [[(float(values[at]), int(row[at])) for at in np.flatnonzero(row)] for row in table]
    middles = np.array([quantile(histogram, 0.5) for histogram in histograms])
    cell = records.places * records.workshops + records.workshop
    shape = (len(records.keys), records.workshops)
    sizes = np.bincount(cell, count, minlength=shape[0] * shape[1]).reshape(shape)
    below = np.bincount(cell, count * (minutes <= middles[records.places]), minlength=shape[0] * shape[1])
    below = below.reshape(shape)
    return {
        keys[int(number)]: (
            histogram,
            Sums(
                clusters=int((n > 0).sum()),
                n=float(n.sum()),
                y=float(y.sum()),
                nn=float((n * n).sum()),
                ny=float((n * y).sum()),
                yy=float((y * y).sum()),
            ),
        )
        for number, histogram, n, y in zip(records.keys, histograms, sizes, below, strict=True)
    }


def _ranks(numbers: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """The different numbers in order, and which of them each is."""
    import numpy as np

    if numbers.max() > 10_000_000:
        values, place = np.unique(numbers, return_inverse=True)
        return values, place
    there = np.zeros(int(numbers.max()) + 1, dtype=bool)
    there[numbers] = True
    return np.flatnonzero(there), (np.cumsum(there) - 1)[numbers]


def ratings(asked: Asked, letters: Sequence[str]) -> tuple[list[list[list[int]]], int]:
    """Facilitators' letters before the rule's was seen: for each workshop a table, by hand × the rule's, in this order of letters.

    And how many were given after it was seen. Where either gave no letter, there is nothing to compare.
    """
    import numpy as np

    records, keys = asked.records("ratings")
    pairs = [keys[int(number)] for number in records.keys]
    known = {letter: place for place, letter in enumerate(letters)}
    cells = np.array([known.get(a, -99) * len(letters) + known.get(b, -99) for a, b in pairs], dtype=np.intp)
    of_record = cells[records.places] if len(records.data) else np.array([], dtype=np.intp)
    fits = of_record >= 0
    size = len(letters) ** 2
    cell = records.workshop[fits] * size + of_record[fits]
    tables = np.bincount(cell, records.column("n")[fits], minlength=records.workshops * size)
    tables = tables.reshape(-1, len(letters), len(letters)).astype(int)
    return tables[tables.any(axis=(1, 2))].tolist(), int(records.column("seen").sum())


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
        "s.created >= ?": _midnight(cohort.since),
        "s.created < ?": _midnight(cohort.until, 1),
        "EXISTS (SELECT 1 FROM aliases AS a WHERE a.session = s.id AND a.agency = ?)": cohort.agency,
    }
    given = {test: value for test, value in wanted.items() if value}
    test = "".join(f" AND {each}" for each in given)
    own = list(given.values())
    (unfinished,) = asked.db.execute(
        "SELECT count(*) FROM sessions AS s WHERE s.finished = 0"
        f" AND NOT EXISTS (SELECT 1 FROM summaries AS m WHERE m.session = s.id){test}",
        own,
    ).fetchone()
    rows = asked.db.execute(
        "SELECT m.outside, count(*) FROM summaries AS m JOIN sessions AS s ON s.id = m.session"
        f" WHERE m.outside > ''{test} GROUP BY m.outside ORDER BY m.outside",
        own,
    ).fetchall()
    return [*([("unfinished", int(unfinished))] if unfinished else []), *((why, int(count)) for why, count in rows)]


def _midnight(day: str, later: int = 0) -> str:
    """The moment a local day begins, or one `later`, as the store spells moments; empty for no day."""
    if not day:
        return ""
    return stamp(datetime.combine(date.fromisoformat(day) + timedelta(days=later), time()))


class People:
    """Who played, as numbers: how many different people a figure of one agency, seat and principle rests on."""

    def __init__(self, records: Records, keys: Mapping[int, Key]) -> None:
        import numpy as np

        # (agency, role) → principles observed → the people's numbers, and how often each played.
        self._found: dict[Key, dict[str, tuple[NDArray[Any], NDArray[Any]]]] = {}
        self._known: dict[Key, tuple[NDArray[Any], NDArray[Any]]] = {}
        if not len(records.data):
            return
        order = np.argsort(records.places, kind="stable")
        ends = np.cumsum(np.bincount(records.places, minlength=len(records.keys)))
        who, plays = records.data["who"], records.column("plays")
        for number, some in zip(records.keys, np.split(order, ends[:-1]), strict=True):
            agency, role, observed = keys[int(number)]
            self._found.setdefault((agency, role), {})[observed] = who[some], plays[some]

    def count(self, agency: str, role: str, principle: str) -> int:
        """How many different people of an agency played the role so that the principle was observable."""
        return len(self._plays(agency, role, principle)[0])

    def beyond(self, here: People, agency: str, role: str, principle: str) -> int:
        """How many of those have such plays that are not in `here`, which holds some of these plays."""
        import numpy as np

        who, plays = self._plays(agency, role, principle)
        those, in_here = here._plays(agency, role, principle)
        rest = plays.copy()
        rest[np.searchsorted(who, those)] -= in_here
        return int((rest > 0).sum())

    def _plays(self, agency: str, role: str, principle: str) -> tuple[NDArray[Any], NDArray[Any]]:
        """People in the order of their numbers, and how many such plays each has."""
        import numpy as np

        sets = self._found.get((agency, role), {})
        seen = tuple(sorted(observed for observed in sets if principle in observed.split()))
        key = agency, role, *seen
        if key not in self._known:
            parts = [sets[observed] for observed in seen]
            if parts:
                who, place = np.unique(np.concatenate([who for who, _ in parts]), return_inverse=True)
                self._known[key] = who, np.bincount(place, np.concatenate([plays for _, plays in parts]))
            else:
                self._known[key] = np.array([], dtype=np.int64), np.array([])
        return self._known[key]

    def of(self, agency: str) -> int:
        """How many different people of an agency there are."""
        import numpy as np

        mine = [who for (name, _), sets in self._found.items() if name == agency for who, _ in sets.values()]
        return len(np.unique(np.concatenate(mine))) if mine else 0

    def in_role(self, role: str) -> list[str]:
        """The agencies whose people played this role, unnamed ones too, in order."""
        return sorted(agency for agency, other in self._found if other == role)


def people(asked: Asked) -> People:
    return People(*asked.records("people"))


def agencies(asked: Asked) -> list[str]:
    """The agencies whose people played in the cohort, in order; unnamed ones left out."""
    if asked.cohort.agency or not asked.tallies:
        _, keys = asked.records("people")
        return sorted({agency for agency, *_ in keys.values() if agency})
    test, values = asked.groups()
    joined = f" JOIN groups AS g ON g.id = t.grp WHERE {test} AND" if test else " WHERE"
    rows = asked.db.execute(
        f"SELECT DISTINCT t.agency FROM tallies AS t{joined} t.tally = 'sessions' AND t.agency > '' ORDER BY t.agency",
        values,
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
