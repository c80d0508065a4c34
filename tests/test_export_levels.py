"""What each level of an export lets out of a session, and what not."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilitator.export import as_json
from facilitator.export.command import told_of
from facilitator.export.levels import coder
from facilitator.export.told import Play, Played, Told, rounded
from tests.exported import HOUSE, PD, Some, crowd, decision, played, seat, summaries, summary

KEY = b"k" * 32


def told(source: Some, level: str, agency: str = "", key: bytes = KEY) -> list[Told]:
    return list(told_of(source, level, agency, key))  # type: ignore[arg-type]


def text(tolds: list[Told], level: str) -> str:
    return "".join(as_json.texts(tolds, level, lines=True))  # type: ignore[arg-type]


# --- employer -------------------------------------------------------------------------------------------------------


def test_an_employer_gets_its_own_people_and_of_others_only_that_a_seat_was_theirs() -> None:
    (one,) = told(played(summary()), "employer", PD)
    assert [(s.seat, s.person, s.agency) for s in one.seats] == [("officer", "p-1", PD)]
    assert one.others == (("advocate", "community-advocate"),)
    assert [d.seat for d in one.decisions] == ["officer"]
    assert [d.duty for d in one.duties] == ["apart"]
    assert [line.line for line in one.lines] == ["no-leaving"]
    assert [guess.seat for guess in one.guesses] == ["officer"]


def test_what_a_pair_did_together_is_no_employers_where_somebody_of_another_agency_was_in_it() -> None:
    (one,) = told(played(summary()), "employer", PD)
    assert (one.lost, one.unknowable, one.both_needed, one.objectives) == (None, None, None, ())


def test_a_play_of_an_agencys_own_people_alone_is_told_whole() -> None:
    alone = summary(seats=(seat("officer", PD, "p-1"), seat("advocate", PD, "p-3")))
    (one,) = told(played(alone), "employer", PD)
    assert (one.lost, one.both_needed, len(one.lines), len(one.duties)) == (alone.lost, 1, 3, 2)
    assert len(one.objectives) == 1 and one.others == ()


def test_a_duty_whose_party_nobody_knows_is_told_to_no_employer() -> None:
    unknown = tuple(dataclasses.replace(duty, party="Who?") for duty in summary().duties)
    (one,) = told(played(summary(duties=unknown)), "employer", PD)
    assert one.duties == ()


def test_a_duty_that_also_binds_another_agencys_seat_is_told_to_no_employer() -> None:
    both = summary(seats=(seat("officer", PD, "p-1"), seat("advocate", HOUSE, "p-2")))
    source = played(both)
    source.bound = lambda whole, duty: frozenset({"patrol-officer", "community-advocate"})  # type: ignore[method-assign]
    (one,) = told(source, "employer", PD)
    assert one.duties == ()


def test_an_employer_gets_no_session_in_which_none_of_its_people_played() -> None:
    assert told(played(summary()), "employer", "Elsewhere PD") == []


def test_an_employer_gets_the_day_and_its_peoples_own_ids_again_and_again() -> None:
    first, second = (told(played(summary()), "employer", PD, key)[0] for key in (KEY, b"l" * 32))
    assert first == second and (first.date, first.session, first.seats[0].person) == ("2026-03-02", "5e55", "p-1")


# --- partner --------------------------------------------------------------------------------------------------------


def test_a_partner_gets_agencies_and_no_people_no_day_no_workshop_no_real_time() -> None:
    tolds = told(played(*crowd(5)), "partner")
    assert {s.agency for t in tolds for s in t.seats} == {PD, HOUSE}
    assert {s.person for t in tolds for s in t.seats} == {""} and {s.nth for t in tolds for s in t.seats} == {None}
    assert {(t.date, t.workshop, t.seconds) for t in tolds} == {("2026-03", "", None)}
    assert rounded(tolds[0].decisions[0].seconds, tolds[0].tick) is None


def test_a_partner_cannot_tell_that_two_plays_are_one_persons() -> None:
    again = dataclasses.replace(crowd(1)[0], session="ffff")
    tolds = told(played(*crowd(5), again), "partner")
    actors = [s.actor for t in tolds for s in t.seats]
    assert len(set(actors)) == len(actors) == 12


# --- research -------------------------------------------------------------------------------------------------------


def test_research_gets_codes_where_names_were() -> None:
    tolds = told(played(*crowd(5)), "research")
    out = text(tolds, "research")
    hidden = (PD, HOUSE, "Tuesday", "riverton", "model-state", "The Police", "2026-03-02", "o-1", '"0001"')
    assert [word for word in hidden if word in out] == []
    assert {t.date for t in tolds} == {"2026-03"} and "kitchen-table" in out


def test_research_can_follow_a_person_through_one_export_and_no_further() -> None:
    again = dataclasses.replace(crowd(1)[0], session="ffff")
    source = played(*crowd(5), again)
    people = [{s.person for t in told(source, "research", key=key) for s in t.seats} for key in (KEY, b"l" * 32)]
    assert len(people[0]) == len(people[1]) == 10 and not people[0] & people[1]


def test_research_gets_real_seconds_to_the_nearest_five() -> None:
    tolds = told(played(*crowd(5)), "research")
    assert tolds[0].seconds == 1235 and rounded(tolds[0].decisions[0].seconds, tolds[0].tick) == 5


def test_a_code_tells_kinds_apart_and_nothing_stays_nothing() -> None:
    code = coder(KEY)
    assert code("person", "x") != code("agency", "x") and code("agency", "") == ""


# --- all of them ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", ["employer", "partner", "research"])
@given(made=summaries(), seqs=st.lists(st.integers(1, 5), min_size=5, max_size=5))
def test_how_events_are_numbered_changes_nothing_so_no_pause_can_be_counted(level, made, seqs) -> None:
    gaps = [sum(seqs[: n + 1]) for n in range(5)]
    moved = dataclasses.replace(
        made,
        events=made.events + 7,
        decisions=tuple(dataclasses.replace(d, seq=gaps[n]) for n, d in enumerate(made.decisions)),
    )
    agency = made.seats[0].agency
    whole, other = (
        text(told(played(*_five(each)), level, agency), level) for each in (made, moved)
    )  # fmt: skip
    assert whole == other


def _five(made):
    """Five sessions like it, so that no level leaves it out."""
    return [
        dataclasses.replace(
            made,
            session=f"{n}",
            seats=tuple(dataclasses.replace(s, person=f"{s.seat}{n}") for s in made.seats),
        )
        for n in range(5)
    ]


@pytest.mark.parametrize("level", ["partner", "research"])
def test_the_order_of_an_export_says_nothing_of_the_order_of_play(level) -> None:
    sessions = [Played(s, {x.seat: Play(1, "first") for x in s.seats}) for s in crowd(40)]
    forth = told(Some(sessions), level)
    back = told(Some(reversed(sessions)), level)
    assert len(forth) == 40 and forth == back


def test_no_decision_of_another_seat_leaves_a_gap_in_an_employers_numbers() -> None:
    made = summary(decisions=tuple(decision(n, "officer" if n % 2 else "advocate") for n in range(1, 7)))
    (one,) = told(played(made), "employer", PD)
    assert [d["decision"] for d in as_json.session(one, "employer")["decisions"]] == [1, 2, 3]
