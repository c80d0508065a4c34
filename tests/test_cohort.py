"""The figures of a cohort: counted over again from the summaries, page by page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from facilitator.cohort import PAGES, Looking, all_pages, looking
from facilitator.plain_data import plain_data
from scoring.cohort import Cohort
from scoring.summary import Summary
from simulator.log import Store
from simulator.log.postgres import PostgresStore
from simulator.log.sql import SqlStore
from simulator.log.sqlite import SqliteStore
from tests.servers import Server
from tests.summaries import keep, made_up, several

SESSIONS = 120


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def filled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, server: Server
) -> Iterator[tuple[SqlStore, list[Summary]]]:
    with ExitStack() as stack:
        if request.param == "sqlite":
            store: SqlStore = SqliteStore(tmp_path_factory.mktemp("cohort") / "store.sqlite3")
        else:
            store = PostgresStore(stack.enter_context(server.database()))
        stack.callback(store.close)
        yield store, keep(store, several(SESSIONS))


COHORTS = [
    Cohort(),
    Cohort(jurisdiction="north"),
    Cohort(workshop="Week 2"),
    Cohort(agency="Hill PD"),
    Cohort(since="2026-03-09", until="2026-03-20"),
    Cohort(agency="Riverton PD", jurisdiction="south", since="2026-03-03"),
]


def of(cohort: Cohort, summaries: Sequence[Summary]) -> list[Summary]:
    return [
        s
        for s in summaries
        if (not cohort.workshop or s.workshop == cohort.workshop)
        and (not cohort.jurisdiction or s.jurisdiction == cohort.jurisdiction)
        and (not cohort.agency or any(seat.agency == cohort.agency for seat in s.seats))
        and (not cohort.since or s.day >= cohort.since)
        and (not cohort.until or s.day <= cohort.until)
    ]


def look_at(store: Store, cohort: Cohort) -> Looking:
    with looking(store, cohort) as look:
        return look


def rounded(value: Any) -> Any:
    """Sums of fractions come out a last digit apart when they are added in another order."""
    if isinstance(value, dict):
        return {key: rounded(each) for key, each in value.items()}
    if isinstance(value, list):
        return [rounded(each) for each in value]
    return round(value, 9) if isinstance(value, float) else value


@pytest.mark.parametrize("cohort", COHORTS, ids=str)
def test_sessions_and_workshops_are_counted(filled: tuple[SqlStore, list[Summary]], cohort: Cohort) -> None:
    store, summaries = filled
    wanted = of(cohort, summaries)
    found = PAGES["overview"](look_at(store, cohort))
    assert (found.sessions, found.workshops) == (len(wanted), len({s.workshop for s in wanted}))
    assert found.crossed.hits == sum(bool(s.lines) for s in wanted)
    assert found.agencies == len({seat.agency for s in wanted for seat in s.seats})
    assert (found.first_day, found.last_day) == (min(s.day for s in wanted), max(s.day for s in wanted))


@pytest.mark.parametrize("cohort", COHORTS, ids=str)
def test_lines_are_counted_by_session_and_by_time(filled: tuple[SqlStore, list[Summary]], cohort: Cohort) -> None:
    store, summaries = filled
    wanted = of(cohort, summaries)
    times = Counter(b.line for s in wanted for b in s.lines)
    sessions = Counter(line for s in wanted for line in {b.line for b in s.lines})
    found = {each.line: each for each in PAGES["lines"](look_at(store, cohort))}
    assert {line: each.times for line, each in found.items()} == times
    assert {line: (each.sessions.n, each.sessions.hits) for line, each in found.items()} == {
        line: (len(wanted), count) for line, count in sessions.items()
    }


@pytest.mark.parametrize("cohort", COHORTS, ids=str)
def test_duties_are_counted_by_clause_with_their_median(filled: tuple[SqlStore, list[Summary]], cohort: Cohort) -> None:
    store, summaries = filled
    for duty in PAGES["duties"](look_at(store, cohort)):
        own = [d for s in of(cohort, summaries) for d in s.duties if d.duty == duty.duty]
        statuses = Counter(d.status for d in own)
        assert duty.kept.n == sum(statuses[name] for name in ("met", "late", "missed"))
        assert (duty.kept.hits, duty.late, duty.missed) == (statuses["met"], statuses["late"], statuses["missed"])
        assert (duty.excused, duty.open) == (statuses["excused"], statuses["open at the end"])
        took = sorted(d.met - d.opened for d in own if d.met is not None and d.opened is not None)
        assert duty.minutes.n == len(took)
        if duty.minutes.value is not None:
            middle = len(took) // 2
            assert duty.minutes.value == (took[middle] if len(took) % 2 else (took[middle - 1] + took[middle]) / 2)


def test_clauses_stand_in_the_order_people_count_them(filled: tuple[SqlStore, list[Summary]]) -> None:
    store, _ = filled
    assert [duty.clause for duty in PAGES["duties"](look_at(store, Cohort()))] == ["3.2", "3.10"]


@pytest.mark.parametrize("cohort", COHORTS, ids=str)
def test_practice_is_summed_over_points_in_each_seat(filled: tuple[SqlStore, list[Summary]], cohort: Cohort) -> None:
    store, summaries = filled
    for figure in PAGES["practice"](look_at(store, cohort)):
        own = [
            row
            for s in of(cohort, summaries)
            for seat in s.seats
            for row in seat.practice
            if seat.role == figure.seat and row[0] == figure.principle
        ]
        if not figure.overall.suppressed:
            assert figure.overall.hits == sum(gained for _, gained, _, _ in own)
            assert figure.overall.possible == sum(possible for _, _, possible, _ in own)
            assert figure.overall.n == sum(n for _, _, _, n in own)


@pytest.mark.parametrize("cohort", COHORTS, ids=str)
def test_private_answers_are_counted_by_what_they_are_about(
    filled: tuple[SqlStore, list[Summary]], cohort: Cohort
) -> None:
    store, summaries = filled
    wanted = of(cohort, summaries)
    guesses = [(g, s) for s in wanted for g in s.guesses]
    found = PAGES["coordination"](look_at(store, cohort))
    about = {name: [g for g, _ in guesses if g.about == name] for name in ("partner", "duty", "distress")}
    both = [g.same for g in about["duty"] if g.same is not None]
    assert (found.agreed.n, found.agreed.hits) == (len(about["partner"]), sum(g.agreed for g in about["partner"]))
    assert (found.right.n, found.right.hits) == (len(about["duty"]), sum(g.agreed for g in about["duty"]))
    assert (found.same.n, found.same.hits) == (len(both), sum(both))
    for each in found.distress:
        roles = {(s.session, seat.seat): seat.role for s in wanted for seat in s.seats}
        own = [g.apart for g, s in guesses if g.about == "distress" and roles[s.session, g.seat] == each.seat]
        assert each.apart.n == len(own)
        if each.apart.value is not None:
            assert each.apart.value == pytest.approx(sum(own) / len(own))
    assert len(found.distress) == 2


@pytest.mark.parametrize("cohort", COHORTS, ids=str)
def test_what_one_agencys_coordinator_may_ask_of_sessions_gives_the_same_figures(
    filled: tuple[SqlStore, list[Summary]], cohort: Cohort
) -> None:
    store, _ = filled
    with looking(store, cohort) as look:
        live = Looking(look.asked._replace(tallies=False), look.names)
        assert rounded(plain_data(all_pages(live))) == rounded(plain_data(all_pages(look)))


def test_turning_points_are_told_seat_by_seat_the_most_lost_first(
    filled: tuple[SqlStore, list[Summary]],
) -> None:
    store, summaries = filled
    found = PAGES["turning"](look_at(store, Cohort()))
    assert [(each.seat, each.title) for each in found] == [("advocate", "On the phone"), ("officer", "On the porch")]
    own = [d for s in summaries for d in s.decisions if d.scene == "porch"]
    assert found[1].losing.n == len(own)
    assert found[1].losing.hits == sum(d.lost is not None and d.lost > type(d.lost)() for d in own)
    assert found[1].lines == pytest.approx(sum(d.lost.lines for d in own if d.lost) / len(own))


def test_only_ratings_made_before_the_rules_letter_was_seen_are_compared(
    filled: tuple[SqlStore, list[Summary]],
) -> None:
    store, summaries = filled
    given = [o for s in summaries for o in s.objectives if o.by_hand]
    found = PAGES["agreement"](look_at(store, Cohort()))
    assert found.n == sum(o.blind and o.letter is not None for o in given)
    assert found.seen == sum(not o.blind for o in given)
    assert found.matrix[0][1] == sum(o.blind and (o.by_hand, o.letter) == ("P", "S") for o in given)


def test_replays_stand_apart_from_plays_of_another_scenario(store: SqlStore) -> None:
    random = Random(4)
    plays = []
    for number, scenario in enumerate(("kitchen-table", "kitchen-table", "other-night")):
        summary = made_up(number, random, scenario=scenario, workshop="one", jurisdiction="north")
        seats = tuple(replace(seat, person=seat.seat) for seat in summary.seats)
        plays.append(replace(summary, seats=seats))
    keep(store, plays)
    found = PAGES["change"](look_at(store, Cohort()))
    assert [(each.seat, each.again) for each in found] == [
        (role, again) for role in ("community-advocate", "patrol-officer") for again in ("first", "replay", "parallel")
    ]


def test_a_group_of_fewer_than_five_people_is_left_out_and_cannot_be_worked_out(store: SqlStore) -> None:
    random = Random(2)
    summaries = []
    for number in range(60):
        summary = made_up(number, random)
        officer, advocate = summary.seats
        small = number < 4
        officer = replace(officer, agency="Tiny PD" if small else "Riverton PD", person=f"p{number}")
        summaries.append(replace(summary, seats=(officer, advocate)))
    keep(store, summaries)
    figure = next(each for each in PAGES["practice"](look_at(store, Cohort())) if each.seat == "patrol-officer")
    shown = dict(figure.agencies)
    assert shown["Tiny PD"].suppressed == "fewer than 5 people"
    # With two agencies and the total, the one would be the rest of the other.
    assert shown["Riverton PD"].suppressed or figure.overall.suppressed


def test_a_cohort_of_an_agency_of_fewer_than_five_people_shows_nothing(store: SqlStore) -> None:
    summaries = several(40)
    officer, advocate = summaries[0].seats
    summaries[0] = replace(summaries[0], seats=(replace(officer, agency="Tiny PD"), advocate))
    keep(store, summaries)
    with looking(store, Cohort(agency="Tiny PD")) as look:
        pages = all_pages(look)
    assert "Fewer than 5 people" in pages.hidden
    assert (pages.overview.sessions, pages.lines, pages.duties, pages.practice) == (0, (), (), ())


def test_an_empty_store_has_pages_that_say_there_is_not_enough(store: SqlStore) -> None:
    with looking(store, Cohort()) as look:
        pages = all_pages(look)
    assert pages.overview.crossed.words == "not enough to say (n = 0)"
    assert (pages.lines, pages.duties, pages.practice, pages.turning, pages.change) == ((), (), (), (), ())
