"""Sessions put together again from the tables: each as it was kept, whatever is asked for."""

from __future__ import annotations

import dataclasses
import sqlite3
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.cohort import Cohort
from scoring.summary import Summary
from simulator.log import each_session as module
from simulator.log.database import Tables
from simulator.log.each_session import PARTS, count, each_seated, each_session, principles
from simulator.log.read_models import GUESSES, STATEMENTS, put
from tests.exported import HOUSE, PD, crowd, summaries, summary


def kept(*made: Summary) -> Tables:
    """A picture of tables with these sessions."""
    db = Tables(sqlite3.connect(":memory:", isolation_level=None))
    for statement in (*STATEMENTS, *GUESSES):
        db.execute(statement)
    for each in made:
        put(db, each)
    return db


def in_order(made: Summary) -> Summary:
    """The same, with what has no order of its own in the tables' order."""
    return dataclasses.replace(
        made,
        seats=tuple(
            dataclasses.replace(s, practice=tuple(sorted(s.practice))) for s in sorted(made.seats, key=lambda s: s.seat)
        ),
        decisions=tuple(dataclasses.replace(d, points=tuple(sorted(d.points))) for d in made.decisions),
        objectives=tuple(sorted(made.objectives, key=lambda o: o.objective)),
    )


def found(db: Any, **cohort: str) -> set[str]:
    return {each.summary.session for each in each_session(db, Cohort(**cohort))}


@given(st.lists(summaries(), max_size=4))
def test_every_session_comes_back_as_it_was_kept(made) -> None:
    named = [dataclasses.replace(each, session=f"{n:04x}") for n, each in enumerate(made)]
    back = {each.summary.session: in_order(each.summary) for each in each_session(kept(*named), Cohort())}
    assert back == {each.session: in_order(each) for each in named}


def test_sessions_in_no_figure_do_not_come() -> None:
    out = dataclasses.replace(summary("0001"), outside="rewound", seats=(), decisions=(), duties=(), lines=(),
                              objectives=(), guesses=())  # fmt: skip
    assert found(kept(out, summary("0002"))) == {"0002"}


def test_only_the_sessions_of_a_cohort_come() -> None:
    mine = summary("0001", workshop="mine", scenario="s", mou="m", jurisdiction="j", day="2026-05-05")
    db = kept(mine, *crowd(3, first=16))
    for cohort in (
        {"workshop": "mine"},
        {"scenario": "s"},
        {"mou": "m"},
        {"jurisdiction": "j"},
        {"since": "2026-05-05"},
    ):
        assert found(db, **cohort) == {"0001"}
        assert count(db, Cohort(**cohort)) == 1
    assert len(found(db, until="2026-05-04")) == 3 and len(found(db)) == 4


def test_an_agencys_sessions_are_those_in_which_somebody_of_it_played() -> None:
    db = kept(*crowd(2), *crowd(2, first=16, police="Elm PD"))
    assert len(found(db, agency="Elm PD")) == 2 and len(found(db, agency=HOUSE)) == 4 and not found(db, agency="None")
    assert {row.agency for row in each_seated(db, Cohort(agency="Elm PD"))} == {"Elm PD", HOUSE}


def test_what_is_not_asked_for_is_empty_and_the_rest_is_whole() -> None:
    db = kept(summary())
    for part in PARTS:
        (one,) = each_session(db, Cohort(), [part])
        got = one.summary
        filled = {
            "practices": any(seat.practice for seat in got.seats),
            "decisions": bool(got.decisions),
            "duties": bool(got.duties),
            "crossings": bool(got.lines),
            "objectives": bool(got.objectives),
            "guesses": bool(got.guesses),
        }
        assert [name for name, has in filled.items() if has] == [part] and len(got.seats) == 2


def test_many_groups_of_sessions_come_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    made = [s for n in range(7) for s in crowd(3, first=16 * n, workshop=f"w{n}")]
    whole = {each.summary.session: each for each in each_session(kept(*made), Cohort())}
    monkeypatch.setattr(module, "SOME", 4)
    monkeypatch.setattr(module, "GROUPS", 2)
    few = {each.summary.session: each for each in each_session(kept(*made), Cohort())}
    assert len(whole) == 21 and few == whole
    assert len(list(each_seated(kept(*made), Cohort()))) == 42


def test_a_persons_plays_are_counted_over_the_whole_store_whatever_is_asked_for() -> None:
    first = summary("0001", created="2026-03-01T10:00:00.000+00:00")
    later = summary("0002", created="2026-03-02T10:00:00.000+00:00", scenario="other")
    again = summary("0003", created="2026-03-03T10:00:00.000+00:00")
    (one,) = each_session(kept(first, later, again), Cohort(scenario="other"))
    assert one.plays == {"officer": (2, "parallel"), "advocate": (2, "parallel")}
    plays = {each.summary.session: each.plays["officer"] for each in each_session(kept(first, later, again), Cohort())}
    assert plays["0003"] == (3, "replay")


def test_the_principles_are_those_that_were_observed() -> None:
    assert principles(kept(summary()), Cohort()) == ("safety",)
    assert principles(kept(summary()), Cohort(agency=PD)) == ("safety",)
    assert principles(kept(summary()), Cohort(scenario="none")) == ()
