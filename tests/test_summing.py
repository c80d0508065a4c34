"""What one session adds to the figures of many, and that the tables of the store are nothing else than that."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scoring.cohort import Cohort
from scoring.loss import NOTHING
from simulator.library import Bundle, Library
from simulator.log import Place, Store, open_store
from simulator.log import cohort as ask
from simulator.log.read_models import DETAILS
from simulator.script import parse, play_line
from simulator.session import Session
from simulator.summing import bring_up_to_date, rebuild, sum_up, summary_of
from tests.golden import SCRIPTS
from tests.logs import Clock

OFFICER = Place("officer", "Heron", "human", "Riverton PD")
ADVOCATE = Place("advocate", "Wren", "human", "Safe Harbor")
TABLES = ("groups", "summaries", *DETAILS, "names", "tallies", "keys")


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return Library().bundle("kitchen-table")


def play(store: Store, bundle: Bundle, script: str = "expert", *, to: int | None = None, **other: Any) -> Session:
    """One of the kitchen table's transcripts, played by people; `to`: only so many of its lines."""
    places = other.pop("places", (OFFICER, ADVOCATE))
    session = Session.begin(store, bundle, places, seed=1, **{"workshop": "spring", **other})
    text = (SCRIPTS / "kitchen-table" / f"{script}.script").read_text(encoding="utf-8")
    for line in list(parse(text, script))[:to]:
        play_line(session, line, script)
    return session


def contents(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    with store.reading() as db:
        return {
            table: sorted(tuple(row) for row in db.execute(f"SELECT * FROM {table}").fetchall()) for table in TABLES
        }


# --- one session ------------------------------------------------------------------------------------------------------


def test_every_choice_of_a_person_is_a_decision_with_the_event_it_stands_in(store: Store, bundle: Bundle) -> None:
    session = play(store, bundle)
    summary = summary_of(store, session.id)
    kept = store.read(session.id)
    assert [(d.seat, d.action) for d in summary.decisions] == [
        (kept[d.seq].body["seat"], kept[d.seq].body["action"]) for d in summary.decisions
    ]
    assert len(summary.decisions) == sum(row.body["kind"] == "choose" for row in kept)


def test_what_a_play_lost_is_what_its_people_and_nobody_lost_together(store: Store, bundle: Bundle) -> None:
    summary = summary_of(store, play(store, bundle, "harmful").id)
    charged = NOTHING
    for decision in summary.decisions:
        assert decision.lost is not None or decision.judgement
        charged = charged.plus(decision.lost or NOTHING)
    assert summary.lost is not None and summary.unknowable is not None
    # The outlook at the start is nothing here, and a dilemma's cost is nobody's.
    assert charged.plus(summary.unknowable).lines == summary.lost.lines > 0


def test_time_paused_is_no_time_of_play(store: Store, bundle: Bundle, clock: Clock) -> None:
    session = play(store, bundle, to=3)
    session.pause()
    clock.pass_days(1)
    session.resume()
    text = (SCRIPTS / "kitchen-table" / "expert.script").read_text(encoding="utf-8")
    for line in list(parse(text, "expert"))[3:]:
        play_line(session, line, "expert")
    summary = summary_of(store, session.id)
    assert summary.seconds == 0
    assert {d.seconds for d in summary.decisions} == {0}


def test_the_debrief_and_whoever_looks_later_are_no_time_of_play(store: Store, bundle: Bundle, clock: Clock) -> None:
    session = play(store, bundle)
    clock.pass_days(1)
    session.finish_phase("reactions")
    clock.pass_days(7)
    session.reveal()
    assert summary_of(store, session.id).seconds == 0


def test_a_seat_that_a_computer_took_over_counts_as_the_computers_from_the_beginning(
    store: Store, bundle: Bundle
) -> None:
    session = play(store, bundle, to=6)
    session.pause()
    session.resume({"advocate": "random"})
    text = (SCRIPTS / "kitchen-table" / "expert.script").read_text(encoding="utf-8")
    for line in list(parse(text, "expert"))[6:]:
        play_line(session, line, "expert")
    summary = summary_of(store, session.id)
    assert [seat.seat for seat in summary.seats] == ["officer"]
    assert {d.seat for d in summary.decisions} == {"officer"}
    from_the_start = play(store, bundle, places=(OFFICER, Place("advocate", "", "random")))
    other = summary_of(store, from_the_start.id)
    assert [o.letter for o in summary.objectives] == [o.letter for o in other.objectives]
    assert not any(party.party.startswith("Safe Harbor") for party in summary.duties)


def test_a_cohort_sees_what_was_played_before_anything_was_taken_back(store: Store, bundle: Bundle) -> None:
    session = play(store, bundle, "harmful")
    first = summary_of(store, session.id)
    session.rewind(2)
    for line in list(parse((SCRIPTS / "kitchen-table" / "expert.script").read_text(encoding="utf-8"), "expert")):
        if session.finished:
            break
        if line.seat in session.on_turn:
            options = [option.action for option in session.view(line.seat).options if option.open]
            session.choose(line.seat, line.action if line.action in options else options[0])
    again = summary_of(store, session.id)
    assert again.ending == first.ending
    assert again.decisions == first.decisions


def test_a_play_taken_back_before_its_first_ending_is_practice(store: Store, bundle: Bundle) -> None:
    session = play(store, bundle, to=5)
    session.rewind(1)
    while not session.finished:
        session.run_others()
        if not session.finished:
            seat = session.on_turn[0]
            session.choose(seat, next(option.action for option in session.view(seat).options if option.open))
    assert summary_of(store, session.id).outside == "rewound"


def test_a_play_of_computers_alone_says_nothing_of_people(store: Store, bundle: Bundle) -> None:
    places = [Place("officer", "", "typical"), Place("advocate", "", "random")]
    session = Session.begin(store, bundle, places, seed=3)
    session.run_others()
    assert session.finished
    assert summary_of(store, session.id).outside == "nobody"


def test_a_session_that_cannot_be_read_stands_outside_and_stops_nobody(
    store: Store, bundle: Bundle, tmp_path: Path
) -> None:
    broken, sound = play(store, bundle), play(store, bundle, "typical")
    with store._writing() as db:  # type: ignore[attr-defined]
        db.execute('UPDATE events SET body = \'{"kind":"riot"}\' WHERE session = ? AND seq = 2', (broken.id,))
    assert bring_up_to_date(store) == 2
    with store.reading() as db:
        assert ask.outside(ask.Asked(db, Cohort())) == [("unreadable", 1)]
        assert db.execute("SELECT session FROM summaries WHERE outside = ''").fetchall() == [(sound.id,)]


# --- the tables ---------------------------------------------------------------------------------------------------------


def test_the_tables_filled_as_sessions_end_equal_those_made_anew_from_the_logs(
    store: Store, bundle: Bundle, clock: Clock
) -> None:
    for day, script in enumerate(("expert", "typical", "harmful", "typical", "expert-her-no")):
        clock.pass_days(day % 2)
        session = play(store, bundle, script, workshop=f"w{day % 2}")
        sum_up(session)
        session.finish_phase("reactions")
        if day == 1:
            session.rate("confidences", "S", blind=True)
    bring_up_to_date(store)
    kept = contents(store)
    assert kept["seatings"] and len({row[0] for row in kept["tallies"]}) == 10
    assert rebuild(store) == 5
    assert contents(store) == kept


def test_what_was_summed_up_is_not_read_again(store: Store, bundle: Bundle) -> None:
    sum_up(play(store, bundle))
    assert bring_up_to_date(store) == 0


def test_a_rating_given_later_reaches_the_figures(store: Store, bundle: Bundle) -> None:
    session = play(store, bundle)
    sum_up(session)
    session.rate("confidences", "M", blind=True)
    assert bring_up_to_date(store) == 1
    with store.reading() as db:
        tables, seen = ask.ratings(ask.Asked(db, Cohort()), "PM")
    assert (tables, seen) == ([[[0, 0], [1, 0]]], 0)


def test_a_letter_changed_after_the_rules_was_seen_leaves_the_one_it_replaced_in_the_comparison(
    store: Store, bundle: Bundle
) -> None:
    session = play(store, bundle)
    session.rate("confidences", "M", blind=True)
    session.reveal()
    session.rate("confidences", "P", blind=False)
    [objective] = [o for o in summary_of(store, session.id).objectives if o.by_hand]
    assert (objective.by_hand, objective.blind) == ("M", True)


def test_an_unfinished_play_enters_no_figure(store: Store, bundle: Bundle) -> None:
    play(store, bundle, to=4)
    assert bring_up_to_date(store) == 0
    with store.reading() as db:
        asked = ask.Asked(db, Cohort())
        assert ask.sessions(asked, "crossed").n == 0
        assert ask.outside(asked) == [("unfinished", 1)]


def test_a_purged_session_leaves_the_figures_and_the_next_play_becomes_the_first(
    store: Store, bundle: Bundle, clock: Clock
) -> None:
    play(store, bundle)
    clock.pass_days(100)
    play(store, bundle)
    bring_up_to_date(store)
    store.purge(30)
    after = contents(store)
    assert [row[:1] for row in after["summaries"]] == [(store.sessions()[0].id,)]
    with store.reading() as db:
        assert {row[0] for row in db.execute("SELECT again FROM seatings").fetchall()} == {"first"}
    rebuild(store)
    assert contents(store) == after


# --- people -------------------------------------------------------------------------------------------------------------


def again(store: Store) -> list[tuple[str, str, int]]:
    with store.reading() as db:
        rows = db.execute("SELECT seat, again, nth FROM seatings ORDER BY created, seat").fetchall()
        return [tuple(row) for row in rows]


def test_the_same_alias_of_the_same_agency_is_one_person_who_plays_again(
    store: Store, bundle: Bundle, clock: Clock
) -> None:
    play(store, bundle)
    clock.pass_days(1)
    other = Place("advocate", " wren ", "human", "SAFE HARBOR")
    play(store, bundle, places=(Place("officer", "Heron", "human", "Elsewhere PD"), other))
    bring_up_to_date(store)
    assert again(store) == [
        ("advocate", "first", 1),
        ("officer", "first", 1),
        ("advocate", "replay", 2),
        ("officer", "first", 1),
    ]


def test_people_without_an_alias_are_never_taken_for_one_another(store: Store, bundle: Bundle, clock: Clock) -> None:
    for _ in range(2):
        play(store, bundle, places=(Place("officer", "", "human", "PD"), Place("advocate", "", "human", "SH")))
        clock.pass_days(1)
    bring_up_to_date(store)
    assert {kind for _, kind, _ in again(store)} == {"first"}


def test_forgetting_an_alias_leaves_every_figure_as_it_was(store: Store, bundle: Bundle, clock: Clock) -> None:
    play(store, bundle)
    clock.pass_days(1)
    play(store, bundle, "harmful")
    bring_up_to_date(store)
    before = contents(store)
    assert store.forget("heron") == 2
    assert contents(store) == before
    rebuild(store)
    assert contents(store) == before
    assert store.audit() == []


def test_whoever_was_forgotten_and_comes_back_is_somebody_new(store: Store, bundle: Bundle, clock: Clock) -> None:
    first = play(store, bundle)
    store.forget("Heron")
    clock.pass_days(1)
    second = play(store, bundle)
    assert store.people(first.id)["officer"] != store.people(second.id)["officer"]
    assert store.people(first.id)["advocate"] == store.people(second.id)["advocate"]


def test_a_store_of_the_first_version_gets_persons_and_figures(tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "old.sqlite3"
    old = sqlite3.connect(path)
    old.executescript((Path(__file__).parent / "fixtures" / "store-v1.sql").read_text(encoding="utf-8"))
    old.close()
    store = open_store(path)
    with store.reading() as db:
        persons = db.execute("SELECT alias, person FROM aliases").fetchall()
    assert persons and all(len(person) == 16 for _, person in persons)
    store.close()
