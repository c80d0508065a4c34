"""Sums over all sessions of a group, packed: what a page of figures reads of a hundred thousand sessions.

A `Tally` is a query over the detail tables with `GROUP BY` group and key. Its rows for one group are kept as one blob of
fixed-width records: reading eight thousand blobs takes less than a tenth of the time of summing two hundred and fifty
thousand rows in SQL. Each sum is kept twice over: of all sessions of the group (agency empty), and
of those in which somebody of an agency played. Whoever may see only some sessions runs the same query live, so there is
one definition of every sum. Keys are numbers made from their texts; `keys` holds the texts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from simulator.log.dialect import Sql

Key = tuple[str, ...]

TABLES = (
    """CREATE TABLE tallies (
        tally TEXT NOT NULL, agency TEXT NOT NULL, grp BIGINT NOT NULL REFERENCES groups ON DELETE CASCADE,
        cluster BIGINT NOT NULL, records BLOB NOT NULL,
        PRIMARY KEY (tally, agency, grp)
    )""",
    "CREATE INDEX tallies_grp ON tallies (grp)",
    "CREATE TABLE keys (id BIGINT PRIMARY KEY, parts TEXT NOT NULL)",
    # Groups whose sums are out of date: marked with what changed them, so that nothing is forgotten if somebody is cut short.
    "CREATE TABLE untallied (grp BIGINT PRIMARY KEY)",
)


class Tally:
    """Sums by key over the sessions of each group.

    `source`: rows that have `grp`, where `{which}` limits the sessions; `at`: what stands before its columns there.
    `keys`: SQL over the rows (as `r`) and the groups (as `g`). `counts`: name → SQL for whole numbers; `sums`: for others.
    """

    def __init__(
        self,
        name: str,
        source: str,
        *,
        keys: Sequence[str] = (),
        counts: Mapping[str, str],
        sums: Mapping[str, str] | None = None,
        also: str = "",
        at: str = "",
    ) -> None:
        self.name, self._source, self._at = name, source, at
        self._keys, self._counts, self._sums = tuple(keys), dict(counts), dict(sums or {})
        self._also = also  # a count that is a key, too: minutes

    def query(self, which: str = "", *, by_agency: bool = False) -> str:
        """Rows of agency, group, workshop, keys, counts, sums, in this order. `which`: a condition, `{at}` before its columns.

        `by_agency`: each session once for every agency whose people played in it; otherwise all sessions, agency empty.
        """
        source = self._source.format(which=which.format(at=self._at) or "1 = 1")
        agency = "o.agency" if by_agency else "''"
        columns = [agency, "r.grp", "g.cluster", *self._keys, *self._counts.values(), *self._sums.values()]
        by = [*(["o.agency"] if by_agency else []), "r.grp", "g.cluster", *self._keys]
        by += [self._counts[self._also]] if self._also else []
        return (
            f"SELECT {', '.join(columns)} FROM ({source}) AS r JOIN groups AS g ON g.id = r.grp{_AGENCIES * by_agency}"
            f" GROUP BY {', '.join(by)} ORDER BY {', '.join(by)}"
        )

    @cached_property
    def dtype(self) -> np.dtype[np.void]:
        import numpy as np

        counts = [(name, "<i8" if name == "who" else "<i4") for name in self._counts]
        sums = [(name, "<f8") for name in self._sums]
        return np.dtype([("key", "<i8"), *counts, *sums])

    def pack(self, rows: Iterable[Sequence[Any]]) -> Iterator[tuple[str, int, int, bytes, dict[int, Key]]]:
        """Agency, group, workshop, records and the keys they name, for each group of `rows` (as `query` gives them)."""
        import numpy as np

        width = 3 + len(self._keys)
        for (agency, grp, cluster), some in groupby(rows, key=itemgetter(0, 1, 2)):
            keys: dict[int, Key] = {}
            records = []
            for row in some:
                key = tuple(row[3:width])
                number = number_of(*key)
                keys[number] = key
                records.append((number, *row[width:]))
            yield agency, grp, cluster, np.array(records, dtype=self.dtype).tobytes(), keys


def number_of(*parts: str) -> int:
    """A number (63 bits) for these texts: the same in every store."""
    return int.from_bytes(sha256(json.dumps(parts, ensure_ascii=False).encode()).digest()[:8], "big") >> 1


def _count(condition: str) -> str:
    return f"sum(CASE WHEN {condition} THEN 1 ELSE 0 END)"


# Each session once for every agency, also where two of its people sat in it.
_AGENCIES = (
    " JOIN seatings AS o ON o.session = r.session AND o.agency <> '' AND NOT EXISTS"
    " (SELECT 1 FROM seatings AS e WHERE e.session = o.session AND e.agency = o.agency AND e.seat < o.seat)"
)
_SHARE = "1.0 * r.gained / r.possible - 1.0 * r.first_gained / r.first_possible"
_PAIR = "r.nth > 1 AND r.possible > 0 AND r.first_possible > 0"

TALLIES = (
    Tally(
        "sessions",
        "SELECT * FROM summaries WHERE grp IS NOT NULL AND {which}",
        counts={"sessions": "count(*)", "crossed": _count("r.crossed > 0"), "both_needed": _count("r.both_needed > 0")},
    ),
    # One record a person of a group: how often they played, and which principles their plays made observable.
    Tally(
        "people",
        "SELECT * FROM seatings WHERE {which}",
        keys=("r.agency", "r.role", "r.observed"),
        counts={"who": "r.who", "plays": "count(*)"},
        also="who",
    ),
    Tally(
        "lines",
        "SELECT * FROM crossings WHERE {which}",
        keys=("r.line", "r.kind"),
        counts={"sessions": "count(DISTINCT r.session)", "times": "count(*)"},
    ),
    Tally(
        "duties",
        "SELECT * FROM duties WHERE {which}",
        keys=("g.mou", "r.duty", "r.clause", "r.party"),
        counts={
            "met": _count("r.status = 'met'"),
            "late": _count("r.status = 'late'"),
            "missed": _count("r.status = 'missed'"),
            "excused": _count("r.status = 'excused'"),
            "undue": _count("r.status = 'open at the end'"),
        },
    ),
    # Done before the trigger counts as done at once.
    Tally(
        "minutes",
        "SELECT session, grp, duty, CASE WHEN met > opened THEN met - opened ELSE 0 END AS took FROM duties"
        " WHERE met IS NOT NULL AND opened IS NOT NULL AND {which}",
        keys=("g.mou", "r.duty"),
        counts={"minutes": "r.took", "n": "count(*)"},
        also="minutes",
    ),
    Tally(
        "practice",
        "SELECT p.session, p.grp, p.principle, p.gained, p.possible, p.decisions, s.role, s.agency FROM practices AS p"
        " JOIN seatings AS s ON s.session = p.session AND s.seat = p.seat WHERE {which}",
        keys=("r.role", "r.principle", "r.agency"),
        counts={"gained": "sum(r.gained)", "possible": "sum(r.possible)", "decisions": "sum(r.decisions)"},
        at="p.",
    ),
    Tally(
        "scenes",
        "SELECT * FROM decisions WHERE lost_lines IS NOT NULL AND {which}",
        keys=("g.scenario", "r.scene", "r.seat"),
        counts={
            "decisions": "count(*)",
            "losing": _count("r.lost_lines > 0 OR r.lost_duties > 0 OR r.lost_practice > 0"),
        },
        sums={"lines": "sum(r.lost_lines)", "duties": "sum(r.lost_duties)", "practice": "sum(r.lost_practice)"},
    ),
    Tally(
        "plays",
        "SELECT * FROM seatings WHERE {which}",
        keys=("r.role", "r.again"),
        counts={
            "plays": "count(*)",
            "gained": "sum(r.gained)",
            "possible": "sum(r.possible)",
            "decisions": "sum(r.decisions)",
            "pairs": _count(_PAIR),
        },
        sums={
            "change": f"sum(CASE WHEN {_PAIR} THEN {_SHARE} ELSE 0 END)",
            "change2": f"sum(CASE WHEN {_PAIR} THEN ({_SHARE}) * ({_SHARE}) ELSE 0 END)",
        },
    ),
    Tally(
        "objectives",
        "SELECT * FROM objectives WHERE {which}",
        keys=("g.scenario", "r.objective", "r.letter"),
        counts={"sessions": "count(*)"},
    ),
    Tally(
        "ratings",
        "SELECT * FROM objectives WHERE by_hand <> '' AND {which}",
        keys=("r.by_hand", "r.letter"),
        counts={"n": _count("r.blind = 1"), "seen": _count("r.blind <> 1")},
    ),
    Tally(
        "guesses",
        "SELECT * FROM guesses WHERE about = 'partner' AND {which}",
        counts={"guesses": "count(*)", "agreed": "sum(r.agreed)", "credited": "sum(r.credited)"},
    ),
    Tally(
        "whose_duty",
        "SELECT * FROM guesses WHERE about = 'duty' AND {which}",
        counts={
            "answers": "count(*)",
            "right": "sum(r.agreed)",
            "both": _count("r.same IS NOT NULL"),
            "same": _count("r.same = 1"),
        },
    ),
    # Guesses less the scenario's own account, summed: below 0, thought less distressing.
    Tally(
        "distress",
        "SELECT d.session, d.grp, d.apart, s.role FROM guesses AS d"
        " JOIN seatings AS s ON s.session = d.session AND s.seat = d.seat WHERE d.about = 'distress' AND {which}",
        keys=("r.role",),
        counts={"guesses": "count(*)", "apart": "sum(r.apart)"},
        at="d.",
    ),
)
# What people chose in judgement scenes. Asked of the sessions each time: there are few such scenes, and no sum is kept of it.
SPLITS = Tally(
    "splits",
    "SELECT * FROM decisions WHERE judgement = 1 AND {which}",
    keys=("g.scenario", "r.scene", "r.seat", "r.action"),
    counts={"chosen": "count(*)"},
)
AT_ONCE = 100  # groups made anew in one transaction: others who write wait so long
BY_NAME = {tally.name: tally for tally in TALLIES}


# --- writing ------------------------------------------------------------------------------------------------------


def mark(db: Sql, groups: Iterable[int]) -> None:
    """The sums of these groups are out of date."""
    db.executemany("INSERT INTO untallied (grp) VALUES (?) ON CONFLICT (grp) DO NOTHING", [(grp,) for grp in groups])


def tally_some(db: Sql) -> bool:
    """Make the sums of some groups anew that are out of date; a group without sessions goes. Returns whether there were any."""
    some = [int(grp) for (grp,) in db.execute("SELECT grp FROM untallied ORDER BY grp LIMIT ?", (AT_ONCE,)).fetchall()]
    if not some:
        return False
    marks = ", ".join("?" for _ in some)
    db.execute(
        f"DELETE FROM groups WHERE id IN ({marks}) AND NOT EXISTS (SELECT 1 FROM summaries WHERE grp = groups.id)", some
    )
    db.execute(f"DELETE FROM tallies WHERE grp IN ({marks})", some)
    for tally in TALLIES:
        for by_agency in (False, True):
            _fill(db, tally, db.execute(tally.query(f"{{at}}grp IN ({marks})", by_agency=by_agency), some).fetchall())
    db.execute(f"DELETE FROM untallied WHERE grp IN ({marks})", some)
    return True


def prune_keys(db: Sql) -> None:
    """Drop the texts of keys that no record has."""
    import numpy as np

    used: set[int] = set()
    for tally in TALLIES:
        for (blob,) in db.execute("SELECT records FROM tallies WHERE tally = ?", (tally.name,)).fetchall():
            used.update(np.frombuffer(blob, dtype=tally.dtype)["key"].tolist())
    known = [int(number) for (number,) in db.execute("SELECT id FROM keys").fetchall()]
    db.executemany("DELETE FROM keys WHERE id = ?", [(number,) for number in known if number not in used])


def _fill(db: Sql, tally: Tally, rows: Iterable[Sequence[Any]]) -> None:
    packed = list(tally.pack(rows))
    named = {number: key for *_, keys in packed for number, key in keys.items()}
    db.executemany(
        "INSERT INTO keys (id, parts) VALUES (?, ?) ON CONFLICT (id) DO NOTHING",
        [(number, json.dumps(key, ensure_ascii=False)) for number, key in sorted(named.items())],
    )
    db.executemany(
        "INSERT INTO tallies (tally, agency, grp, cluster, records) VALUES (?, ?, ?, ?, ?)",
        [(tally.name, *row) for *row, _ in packed],
    )


# --- reading ------------------------------------------------------------------------------------------------------


class Records:
    """A tally's records of many groups, as arrays of one entry a record.

    `workshop`: which workshop it belongs to, from 0; `numbers`: the workshops' numbers; `places`: which of `keys` it has.
    """

    def __init__(self, data: NDArray[np.void], workshop: NDArray[np.intp], numbers: NDArray[np.int64]) -> None:
        import numpy as np

        self.data, self.workshop, self.numbers = data, workshop, numbers
        given = np.ascontiguousarray(data["key"])
        # There are few keys, and sorting all records to find them costs more than all the rest.
        self.keys = np.unique(given[:: 1 + len(given) // 20_000])
        self.places = np.minimum(np.searchsorted(self.keys, given), max(0, len(self.keys) - 1))
        if len(given) and not np.array_equal(self.keys[self.places], given):
            self.keys, self.places = np.unique(given, return_inverse=True)

    @property
    def workshops(self) -> int:
        return len(self.numbers)

    def column(self, names: str) -> NDArray[np.float64]:
        """A column, or the sum of several: “met + late”."""
        first, *more = names.split(" + ")
        total = self.data[first].astype(float)
        for name in more:
            total = total + self.data[name]
        return total


def unpack(tally: Tally, rows: Sequence[tuple[int, bytes]]) -> Records:
    """The records of these (workshop's number, blob)."""
    import numpy as np

    data = np.frombuffer(b"".join([blob for _, blob in rows]), dtype=tally.dtype)
    lengths = np.array([len(blob) for _, blob in rows], dtype=np.intp) // tally.dtype.itemsize
    numbers, index = np.unique(np.array([cluster for cluster, _ in rows], dtype=np.int64), return_inverse=True)
    return Records(data, np.repeat(index, lengths), numbers)


def read_keys(db: Sql, numbers: Iterable[int]) -> dict[int, Key]:
    """The texts of these keys."""
    wanted = set(numbers)
    if not wanted:
        return {}
    marks = ", ".join("?" for _ in wanted)
    rows = db.execute(f"SELECT id, parts FROM keys WHERE id IN ({marks})", sorted(wanted)).fetchall()
    return {int(number): tuple(json.loads(parts)) for number, parts in rows}
