"""Every session of a cohort, put together again from the read models: one after the other, however many there are.

Memory stays flat: sessions come some groups at a time, and of those the rows of each table stream side by side, in the
same order: by group and id. Both are random, so the order says nothing of when; but sessions of one workshop stand together.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, Literal, NamedTuple, get_args

from scoring.cohort import Cohort
from scoring.loss import Loss
from scoring.summary import (
    Again,
    DecisionSummary,
    DutySummary,
    GuessSummary,
    LineSummary,
    ObjectiveSummary,
    SeatSummary,
    Summary,
)
from simulator.log.dialect import Sql

SOME, GROUPS = 2_000, 400  # sessions, groups: read at once

Part = Literal["practices", "decisions", "duties", "crossings", "objectives", "guesses"]
PARTS: tuple[Part, ...] = get_args(Part)

_LOST = "lost_lines, lost_duties, lost_practice"
_DETAILS = {  # table → columns after `session`, and the order within a session
    "seatings": ("seat, role, agency, person, nth, again", "seat"),
    "practices": ("seat, principle, gained, possible, decisions", "seat, principle"),
    "decisions": (f"seq, seat, scene, action, minute, seconds, options, judgement, points, {_LOST}", "seq"),
    "duties": ("duty, clause, party, status, opened, deadline, met", "number"),
    "crossings": ("line, kind, seat, minute", "number"),
    "objectives": ("objective, letter, by_hand, blind", "objective"),
    "guesses": ("seat, of, agreed, credited, about, same, apart", "number"),
}
_SUMMARY = (
    "grp, events, created, ending, story_minutes, seconds, both_needed, "
    f"{_LOST}, unknowable_lines, unknowable_duties, unknowable_practice"
)


class Whole(NamedTuple):
    """A session's summary, without names. `plays`: seat → which of this person's finished plays it is, from 1, and of what kind."""

    summary: Summary
    plays: Mapping[str, tuple[int, Again]]


class Seated(NamedTuple):
    """A person in a seat, and where. `day`: ISO."""

    session: str
    day: str
    scenario: str
    mou: str
    jurisdiction: str
    seat: str
    agency: str
    person: str


def each_session(db: Sql, cohort: Cohort, parts: Collection[Part] = PARTS) -> Iterator[Whole]:
    """Every session that enters the cohort's figures. `db`: one moment's picture of a store.

    `parts`: what is wanted of each, besides who sat where; the rest of its summary is empty, and costs no time.
    """
    for some in _batches(db, cohort):
        which, values = _which(some, cohort)
        details = {
            table: _Details(db.stream(f"SELECT session, {columns} FROM {table} WHERE {which} ORDER BY grp, session, {order}", values))
            for table, (columns, order) in _DETAILS.items()
            if table == "seatings" or table in parts
        }  # fmt: skip
        for row in db.stream(f"SELECT session, {_SUMMARY} FROM summaries WHERE {which} ORDER BY grp, session", values):
            yield _whole(row, some[row[1]], details)


def each_seated(db: Sql, cohort: Cohort) -> Iterator[Seated]:
    """Everybody who plays in the cohort's sessions, those of one session together."""
    for some in _batches(db, cohort):
        which, values = _which(some, cohort)
        for session, grp, *own in db.stream(
            f"SELECT session, grp, seat, agency, person FROM seatings WHERE {which} ORDER BY grp, session, seat", values
        ):
            _, day, scenario, mou, jurisdiction = some[grp]
            yield Seated(session, day, scenario, mou, jurisdiction, *own)


def principles(db: Sql, cohort: Cohort) -> tuple[str, ...]:
    """The principles that any session of the cohort was observed on, in alphabetical order."""
    found = set()
    for some in _batches(db, cohort):
        which, values = _which(some, cohort)
        found |= {row[0] for row in db.execute(f"SELECT DISTINCT principle FROM practices WHERE {which}", values)}
    return tuple(sorted(found))


def count(db: Sql, cohort: Cohort) -> int:
    """How many sessions enter the cohort's figures."""
    return sum(
        db.execute(f"SELECT count(*) FROM summaries WHERE {which}", values).fetchone()[0]
        for which, values in (_which(some, cohort) for some in _batches(db, cohort))
    )


# --- which sessions -------------------------------------------------------------------------------------------------

_Groups = Mapping[int, tuple[str, str, str, str, str]]  # id → workshop, day, scenario, mou, jurisdiction


def _batches(db: Sql, cohort: Cohort) -> Iterator[_Groups]:
    """The cohort's groups, as many at a time as have about SOME sessions."""
    wanted = {
        "workshop = ?": cohort.workshop,
        "scenario = ?": cohort.scenario,
        "mou = ?": cohort.mou,
        "jurisdiction = ?": cohort.jurisdiction,
        "day >= ?": cohort.since,
        "day <= ?": cohort.until,
    }
    given = {test: value for test, value in wanted.items() if value}
    rows = db.execute(
        "SELECT id, n, workshop, day, scenario, mou, jurisdiction FROM groups"
        " JOIN (SELECT grp, count(*) AS n FROM summaries WHERE grp IS NOT NULL GROUP BY grp) AS s ON s.grp = groups.id"
        f" WHERE {' AND '.join(given) or '1 = 1'} ORDER BY id",
        list(given.values()),
    ).fetchall()
    some: dict[int, tuple[str, str, str, str, str]] = {}
    count = 0
    for ident, sessions, *about in rows:
        some[ident] = tuple(about)
        count += sessions
        if count >= SOME or len(some) == GROUPS:
            yield some
            some, count = {}, 0
    if some:
        yield some


def _which(some: _Groups, cohort: Cohort) -> tuple[str, list[Any]]:
    """The condition on a row of any table that picks the sessions of these groups, and its values."""
    marks = ", ".join("?" for _ in some)
    if not cohort.agency:
        return f"grp IN ({marks})", list(some)
    theirs = f"session IN (SELECT session FROM seatings WHERE grp IN ({marks}) AND agency = ?)"
    return f"grp IN ({marks}) AND {theirs}", [*some, *some, cohort.agency]


class _Details:
    """The rows of one table, asked for session by session, in order."""

    def __init__(self, rows: Iterator[Any]) -> None:
        self._groups = groupby(rows, key=itemgetter(0))
        self._next: tuple[str | None, Iterator[Any]] = next(self._groups, _NONE)

    def of(self, session: str) -> Sequence[Any]:
        at, rows = self._next
        if at != session:
            return ()
        found = list(rows)
        self._next = next(self._groups, _NONE)
        return found


_NONE: tuple[None, Iterator[Any]] = (None, iter(()))


# --- one of them ----------------------------------------------------------------------------------------------------


def _whole(row: Sequence[Any], about: tuple[str, str, str, str, str], details: Mapping[str, _Details]) -> Whole:
    session, _, events, created, ending, story_minutes, seconds, both_needed, *losses = row
    workshop, day, scenario, mou, jurisdiction = about

    def of(table: str) -> Sequence[Any]:
        found = details.get(table)
        return () if found is None else found.of(session)

    seated = of("seatings")
    practice: dict[str, list[tuple[str, int, int, int]]] = {}
    for _, seat, principle, gained, possible, n in of("practices"):
        practice.setdefault(seat, []).append((principle, gained, possible, n))
    summary = Summary(
        session=session,
        events=events,
        outside="",
        workshop=workshop,
        created=created,
        day=day,
        scenario=scenario,
        mou=mou,
        jurisdiction=jurisdiction,
        ending=ending,
        story_minutes=story_minutes,
        seconds=seconds,
        both_needed=both_needed,
        lost=_loss(*losses[:3]),
        unknowable=_loss(*losses[3:]),
        seats=tuple(
            SeatSummary(seat=seat, role=role, agency=agency, person=person, practice=tuple(practice.get(seat, ())))
            for _, seat, role, agency, person, _, _ in seated
        ),
        decisions=tuple(
            DecisionSummary(
                seq=seq,
                seat=seat,
                scene=scene,
                action=action,
                minute=minute,
                seconds=seconds,
                options=options,
                judgement=judgement == 1,
                points=_points(points),
                lost=_loss(lines, duties, practice_lost),
            )
            for _, seq, seat, scene, action, minute, seconds, options, judgement, points, lines, duties, practice_lost in (
                of("decisions")
            )
        ),
        duties=tuple(
            DutySummary(duty=duty, clause=clause, party=party, status=status, opened=opened, deadline=deadline, met=met)
            for _, duty, clause, party, status, opened, deadline, met in of("duties")
        ),
        lines=tuple(
            LineSummary(line=line, kind=kind, seat=seat, minute=minute)
            for _, line, kind, seat, minute in of("crossings")
        ),
        objectives=tuple(
            ObjectiveSummary(objective=name, letter=letter or None, by_hand=by_hand or None, blind=blind == 1)
            for _, name, letter, by_hand, blind in of("objectives")
        ),
        guesses=tuple(
            GuessSummary(
                seat=seat,
                of=whose,
                agreed=agreed == 1,
                credited=credited == 1,
                about=about,
                same=None if same is None else same == 1,
                apart=apart,
            )
            for _, seat, whose, agreed, credited, about, same, apart in of("guesses")
        ),
        names=(),
    )
    return Whole(summary, {seat: (nth, again) for _, seat, _, _, _, nth, again in seated})


# Most decisions of a cohort cost and gain one of a few things: each is made once.


@lru_cache(maxsize=10_000)
def _loss(lines: float | None, duties: float | None, practice: float | None) -> Loss | None:
    if lines is None or duties is None or practice is None:
        return None
    return Loss(_exact(lines), _exact(duties), _exact(practice))


def _exact(value: float) -> Fraction:
    return Fraction(value).limit_denominator(1_000_000)


@lru_cache(maxsize=10_000)
def _points(text: str) -> tuple[tuple[str, int, int, int], ...]:
    return tuple((name, *values) for name, values in json.loads(text).items())
