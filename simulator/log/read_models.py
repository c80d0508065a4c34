"""The tables that figures of many sessions are read from: derived from the log, and thrown away without loss.

Three layers. A `summaries` row a session, with a row each for its people, decisions, duties, lines, objectives and
guesses. A `groups` row for all sessions of one workshop, day, scenario and setting. Tallies: sums of the first over each
of the second, so that a cohort of a hundred thousand sessions is read from some thousand rows. A question about one
agency's sessions, which a group does not tell apart, is asked of the first layer in the same words (`Tally.rows`).

The SQL is one for all backends. `simulator.summing` makes the summaries; nothing here knows what an event means.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

from scoring.loss import Loss
from scoring.summary import Named, Summary
from simulator.log import tallies
from simulator.log.tallies import mark, number_of, prune_keys, tally_some

if TYPE_CHECKING:
    from simulator.log.dialect import Sql

TABLES = (
    # `cluster`: whose sessions are alike for statistics: those of a workshop, or of a day if it has no name.
    """CREATE TABLE groups (
        id BIGINT PRIMARY KEY, cluster BIGINT NOT NULL, workshop TEXT NOT NULL, day TEXT NOT NULL, scenario TEXT NOT NULL,
        mou TEXT NOT NULL, jurisdiction TEXT NOT NULL
    )""",
    """CREATE TABLE summaries (
        session TEXT PRIMARY KEY REFERENCES sessions ON DELETE CASCADE,
        grp BIGINT REFERENCES groups, events INTEGER NOT NULL, outside TEXT NOT NULL,
        created TEXT NOT NULL, ending TEXT NOT NULL, story_minutes INTEGER NOT NULL, seconds DOUBLE PRECISION NOT NULL,
        both_needed INTEGER NOT NULL, crossed INTEGER NOT NULL,
        lost_lines DOUBLE PRECISION, lost_duties DOUBLE PRECISION, lost_practice DOUBLE PRECISION,
        unknowable_lines DOUBLE PRECISION, unknowable_duties DOUBLE PRECISION, unknowable_practice DOUBLE PRECISION
    )""",
    "CREATE INDEX summaries_grp ON summaries (grp)",
    "CREATE INDEX summaries_outside ON summaries (outside)",
    # `nth`, `again`: how often this person had played before; `first_…`: their first play of this role. `who`: the person as
    # a number; `observed`: the principles this play made observable.
    """CREATE TABLE seatings (
        session TEXT NOT NULL REFERENCES summaries ON DELETE CASCADE, seat TEXT NOT NULL, grp BIGINT NOT NULL,
        created TEXT NOT NULL, scenario TEXT NOT NULL, role TEXT NOT NULL, agency TEXT NOT NULL, person TEXT NOT NULL,
        who BIGINT NOT NULL, observed TEXT NOT NULL,
        gained INTEGER NOT NULL, possible INTEGER NOT NULL, decisions INTEGER NOT NULL,
        nth INTEGER NOT NULL DEFAULT 1, again TEXT NOT NULL DEFAULT 'first',
        first_gained INTEGER, first_possible INTEGER,
        PRIMARY KEY (session, seat)
    )""",
    "CREATE INDEX seatings_person ON seatings (person, created)",
    "CREATE INDEX seatings_agency ON seatings (agency, session)",
    "CREATE INDEX seatings_grp ON seatings (grp)",
    """CREATE TABLE practices (
        session TEXT NOT NULL REFERENCES summaries ON DELETE CASCADE, seat TEXT NOT NULL, principle TEXT NOT NULL,
        grp BIGINT NOT NULL, gained INTEGER NOT NULL, possible INTEGER NOT NULL, decisions INTEGER NOT NULL,
        PRIMARY KEY (session, seat, principle)
    )""",
    "CREATE INDEX practices_grp ON practices (grp)",
    """CREATE TABLE decisions (
        session TEXT NOT NULL REFERENCES summaries ON DELETE CASCADE, seq INTEGER NOT NULL, grp BIGINT NOT NULL,
        seat TEXT NOT NULL, scene TEXT NOT NULL, action TEXT NOT NULL, minute INTEGER NOT NULL,
        seconds DOUBLE PRECISION NOT NULL, options INTEGER NOT NULL, judgement INTEGER NOT NULL,
        gained INTEGER NOT NULL, possible INTEGER NOT NULL, points TEXT NOT NULL,
        lost_lines DOUBLE PRECISION, lost_duties DOUBLE PRECISION, lost_practice DOUBLE PRECISION,
        PRIMARY KEY (session, seq)
    )""",
    "CREATE INDEX decisions_grp ON decisions (grp)",
    """CREATE TABLE duties (
        session TEXT NOT NULL REFERENCES summaries ON DELETE CASCADE, number INTEGER NOT NULL, grp BIGINT NOT NULL,
        duty TEXT NOT NULL, clause TEXT NOT NULL, party TEXT NOT NULL, status TEXT NOT NULL,
        opened INTEGER, deadline INTEGER, met INTEGER,
        PRIMARY KEY (session, number)
    )""",
    "CREATE INDEX duties_grp ON duties (grp)",
    """CREATE TABLE crossings (
        session TEXT NOT NULL REFERENCES summaries ON DELETE CASCADE, number INTEGER NOT NULL, grp BIGINT NOT NULL,
        line TEXT NOT NULL, kind TEXT NOT NULL, seat TEXT NOT NULL, minute INTEGER NOT NULL,
        PRIMARY KEY (session, number)
    )""",
    "CREATE INDEX crossings_grp ON crossings (grp)",
    """CREATE TABLE objectives (
        session TEXT NOT NULL REFERENCES summaries ON DELETE CASCADE, objective TEXT NOT NULL, grp BIGINT NOT NULL,
        letter TEXT NOT NULL, by_hand TEXT NOT NULL, blind INTEGER NOT NULL,
        PRIMARY KEY (session, objective)
    )""",
    "CREATE INDEX objectives_grp ON objectives (grp)",
    """CREATE TABLE guesses (
        session TEXT NOT NULL REFERENCES summaries ON DELETE CASCADE, number INTEGER NOT NULL, grp BIGINT NOT NULL,
        seat TEXT NOT NULL, of TEXT NOT NULL, agreed INTEGER NOT NULL, credited INTEGER NOT NULL,
        PRIMARY KEY (session, number)
    )""",
    "CREATE INDEX guesses_grp ON guesses (grp)",
    # `since`: when the session began that last gave the name, so that a newer wording wins in whatever order they come.
    """CREATE TABLE names (
        kind TEXT NOT NULL, owner TEXT NOT NULL, id TEXT NOT NULL, text TEXT NOT NULL, since TEXT NOT NULL,
        PRIMARY KEY (kind, owner, id)
    )""",
)


STATEMENTS = (*TABLES, *tallies.TABLES)

# Version 4: a guess is about a partner's step, whose duty something is, or distress.
GUESSES = (
    "ALTER TABLE guesses ADD COLUMN about TEXT NOT NULL DEFAULT 'partner'",
    "ALTER TABLE guesses ADD COLUMN same INTEGER",
    "ALTER TABLE guesses ADD COLUMN apart INTEGER",
)
DETAILS = ("seatings", "practices", "decisions", "duties", "crossings", "objectives", "guesses")


def group_id(summary: Summary) -> int:
    """A number for all sessions of one workshop, day, scenario and setting: the same in every store."""
    return number_of(summary.workshop, summary.day, summary.scenario, summary.mou, summary.jurisdiction)


def cluster_id(summary: Summary) -> int:
    """A number for the workshop, or for all of a day's sessions that name none."""
    return number_of("workshop", summary.workshop) if summary.workshop else number_of("day", summary.day)


# --- writing ------------------------------------------------------------------------------------------------------


def put(db: Sql, summary: Summary) -> None:
    """Keep a summary in place of what was there, and mark the groups whose sums it changes."""
    grp = None if summary.outside else group_id(summary)
    changed = drop(db, summary.session)
    if grp is not None:
        _put_group(db, summary, grp)
        changed.add(grp)
    for table, rows in rows_of(summary, grp):
        for row in rows:
            db.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({_marks(row)})", tuple(row.values()))
    keep_names(db, summary.names, summary.created)
    mark(db, changed | order_plays(db, [seat.person for seat in summary.seats]))


def _put_group(db: Sql, summary: Summary, grp: int) -> None:
    row = group_row(summary, grp)
    db.execute(
        f"INSERT INTO groups ({', '.join(row)}) VALUES ({_marks(row)}) ON CONFLICT (id) DO NOTHING",
        tuple(row.values()),
    )


def group_row(summary: Summary, grp: int) -> dict[str, Any]:
    own = ("workshop", "day", "scenario", "mou", "jurisdiction")
    return {"id": grp, "cluster": cluster_id(summary), **{name: getattr(summary, name) for name in own}}


def rows_of(summary: Summary, grp: int | None) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The rows of a summary by table, in the order they must be written."""
    at = {"session": summary.session, "grp": grp}
    yield (
        "summaries",
        [
            {
                **at,
                "events": summary.events,
                "outside": summary.outside,
                "created": summary.created,
                "ending": summary.ending,
                "story_minutes": summary.story_minutes,
                "seconds": summary.seconds,
                "both_needed": summary.both_needed,
                "crossed": len(summary.lines),
                **_lost(summary.lost, "lost"),
                **_lost(summary.unknowable, "unknowable"),
            }
        ],
    )
    own: dict[str, Any] = {"created": summary.created, "scenario": summary.scenario}
    yield (
        "seatings",
        [
            {
                **at,
                **own,
                "seat": each.seat,
                "role": each.role,
                "agency": each.agency,
                "person": each.person,
                "who": number_of(each.person),
                "observed": " ".join(sorted(name for name, *_ in each.practice)),
                "gained": sum(gained for _, gained, _, _ in each.practice),
                "possible": sum(possible for _, _, possible, _ in each.practice),
                "decisions": sum(d.seat == each.seat and bool(d.points) for d in summary.decisions),
            }
            for each in summary.seats
        ],
    )
    yield (
        "practices",
        [
            {**at, "seat": each.seat, "principle": name, "gained": gained, "possible": possible, "decisions": n}
            for each in summary.seats
            for name, gained, possible, n in each.practice
        ],
    )
    yield (
        "decisions",
        [
            {
                **at,
                "seq": d.seq,
                "seat": d.seat,
                "scene": d.scene,
                "action": d.action,
                "minute": d.minute,
                "seconds": d.seconds,
                "options": d.options,
                "judgement": int(d.judgement),
                "gained": sum(chosen - worst for _, chosen, worst, _ in d.points),
                "possible": sum(best - worst for _, _, worst, best in d.points),
                "points": json.dumps({name: values for name, *values in d.points}, separators=(",", ":")),
                **_lost(d.lost, "lost"),
            }
            for d in summary.decisions
        ],
    )
    yield (
        "duties",
        [
            {
                **at,
                "number": number,
                "duty": d.duty,
                "clause": d.clause,
                "party": d.party,
                "status": d.status,
                "opened": d.opened,
                "deadline": d.deadline,
                "met": d.met,
            }
            for number, d in enumerate(summary.duties)
        ],
    )
    yield (
        "crossings",
        [
            {**at, "number": number, "line": b.line, "kind": b.kind, "seat": b.seat, "minute": b.minute}
            for number, b in enumerate(summary.lines)
        ],
    )
    yield (
        "objectives",
        [
            {
                **at,
                "objective": o.objective,
                "letter": o.letter or "",
                "by_hand": o.by_hand or "",
                "blind": int(o.blind),
            }
            for o in summary.objectives
        ],
    )
    yield (
        "guesses",
        [
            {
                **at,
                "number": number,
                "seat": g.seat,
                "of": g.of,
                "agreed": int(g.agreed),
                "credited": int(g.credited),
                "about": g.about,
                "same": None if g.same is None else int(g.same),
                "apart": g.apart,
            }
            for number, g in enumerate(summary.guesses)
        ],
    )


def _lost(loss: Loss | None, name: str) -> dict[str, float | None]:
    parts = ("lines", "duties", "practice")
    return {f"{name}_{part}": None if loss is None else float(getattr(loss, part)) for part in parts}


def keep_names(db: Sql, names: Iterable[Named], since: str) -> None:
    for each in names:
        db.execute(
            "INSERT INTO names (kind, owner, id, text, since) VALUES (?, ?, ?, ?, ?) ON CONFLICT (kind, owner, id)"
            " DO UPDATE SET text = excluded.text, since = excluded.since WHERE excluded.since >= names.since",
            (each.kind, each.owner, each.id, each.text, since),
        )


def drop(db: Sql, session: str) -> set[int]:
    """Take a session's summary out. Returns the group it was in, whose sums are then out of date."""
    found = db.execute("SELECT grp FROM summaries WHERE session = ?", (session,)).fetchall()
    db.execute("DELETE FROM summaries WHERE session = ?", (session,))
    return {grp for (grp,) in found if grp is not None}


def order_plays(db: Sql, persons: Sequence[str]) -> set[int]:
    """Number the plays of these people in the order they began. Returns the groups in which that changed something."""
    changed = set[int]()
    for person in sorted({*persons} - {""}):
        before = _plays(db, person)
        db.execute(
            "UPDATE seatings SET nth = o.nth, again = CASE WHEN o.nth = 1 THEN 'first' WHEN o.here > 1 THEN 'replay'"
            " ELSE 'parallel' END, first_gained = o.first_gained, first_possible = o.first_possible FROM ("
            "SELECT session, seat,"
            " dense_rank() OVER (ORDER BY created, session) AS nth,"
            " dense_rank() OVER (PARTITION BY scenario ORDER BY created, session) AS here,"
            " first_value(gained) OVER (PARTITION BY role ORDER BY created, session) AS first_gained,"
            " first_value(possible) OVER (PARTITION BY role ORDER BY created, session) AS first_possible"
            " FROM seatings WHERE person = ?) AS o WHERE o.session = seatings.session AND o.seat = seatings.seat",
            (person,),
        )
        changed |= {int(row[0]) for row in set(_plays(db, person)) - set(before)}
    return changed


def _plays(db: Sql, person: str) -> list[tuple[Any, ...]]:
    rows = db.execute(
        "SELECT grp, session, seat, nth, again, first_gained, first_possible FROM seatings WHERE person = ?", (person,)
    ).fetchall()
    return [tuple(row) for row in rows]


def leaving(db: Sql, sessions: str, values: Sequence[Any]) -> tuple[set[int], list[str]]:
    """The groups and the people of sessions that are about to be erased. `sessions`: a query for their ids."""
    rows = db.execute(f"SELECT grp, person FROM seatings WHERE session IN ({sessions})", values).fetchall()
    whole = db.execute(
        f"SELECT DISTINCT grp FROM summaries WHERE grp IS NOT NULL AND session IN ({sessions})", values
    ).fetchall()
    return {int(grp) for (grp,) in whole}, sorted({person for _, person in rows})


def _marks(values: Iterable[object]) -> str:
    return ", ".join("?" for _ in values)


# --- what a store offers --------------------------------------------------------------------------------------------


class ReadModels(ABC):
    """What a `Store` offers over these tables; a backend brings `_using` and `_writing`."""

    @property
    def may_write(self) -> bool:
        """Whether anything can be kept: a coordinator of an agency may only look."""
        return True

    @abstractmethod
    def _using(self) -> AbstractContextManager[Sql]:
        """The connection, for this thread alone."""

    @abstractmethod
    def _writing(self, *, alone: bool = False) -> AbstractContextManager[Sql]:
        """One transaction, all or nothing."""

    @contextmanager
    def reading(self) -> Iterator[Sql]:
        """The tables, to ask and not to change. Raises LogError."""
        with self._using() as db:
            yield db

    def behind(self) -> list[str]:
        """The sessions whose summary is missing or older than their log, in the order they began."""
        with self._using() as db:
            rows = db.execute(
                "SELECT s.id FROM sessions AS s LEFT JOIN summaries AS m ON m.session = s.id"
                " WHERE (m.session IS NULL AND s.finished = 1) OR m.events <> s.events ORDER BY s.created, s.id"
            ).fetchall()
        return [row[0] for row in rows]

    def keep_summary(self, summary: Summary) -> None:
        """Keep a session's summary in place of an older one; the sums follow with `tally`. Raises NoSuchSession."""
        with self._writing(alone=True) as db:
            self._end(db, summary.session)
            put(db, summary)

    def tally(self) -> None:
        """Bring the sums up to date with the summaries, some groups at a time: whoever plays meanwhile waits no longer than for those."""
        while self._tally_some():
            pass

    def _tally_some(self) -> bool:
        with self._using() as db:
            if not db.execute("SELECT 1 FROM untallied LIMIT 1").fetchall():
                return False
        with self._writing(alone=True) as db:
            return tally_some(db)

    def prune_keys(self) -> None:
        """Drop the texts of keys that no sum has any more: they name agencies."""
        with self._writing(alone=True) as db:
            prune_keys(db)

    def drop_summaries(self) -> None:
        """Take all summaries and sums away; the log stays."""
        with self._writing(alone=True) as db:
            for table in ("summaries", "groups", "names", "keys", "untallied"):
                db.execute(f"DELETE FROM {table}")

    @abstractmethod
    def _end(self, db: Sql, session: str, lock: str = "") -> tuple[int, str]:
        """How many events the session has, and the digest of the last. Raises NoSuchSession."""
