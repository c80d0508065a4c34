"""CSV as other programs read it: everything comes back, and no spreadsheet runs anything."""

from __future__ import annotations

import csv
import io
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilitator.export import as_csv, explaining, tables
from facilitator.export.as_csv import cell, guarded, unguarded
from facilitator.export.command import told_of
from facilitator.export.tables import TABLES, plain
from facilitator.export.told import Told, rounded
from tests.exported import PD, PRINCIPLES, decision, played, seat, summaries, summary, typed

DANGER = "=+-@\t\r\n＝＋－＠"


def read(tolds: list[Told], name: str, principles: tuple[str, ...] = PRINCIPLES) -> list[dict[str, str]]:
    text = "".join(as_csv.lines(tolds, name, principles))  # type: ignore[arg-type]
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def told(made, agency: str | None = None) -> list[Told]:
    return list(told_of(played(made), "employer", made.seats[0].agency if agency is None else agency, b""))


def text_of(row: dict[str, str], *columns: str) -> tuple[str, ...]:
    return tuple(unguarded(row[column]) for column in columns)


def number(value: float | None) -> str:
    return "" if value is None else repr(plain(value))


@given(summaries())
def test_every_decision_comes_back_as_it_was(made) -> None:
    (one,) = told(made)
    rows = read([one], "decisions")
    people = {s.seat: s for s in one.seats}
    assert len(rows) == len(one.decisions)
    for number_, (row, was) in enumerate(zip(rows, one.decisions, strict=True), 1):
        who = people[was.seat]
        assert text_of(row, "session", "workshop", "date", "scenario", "agency", "person", "seat", "role") == (
            made.session, made.workshop, made.day, made.scenario, who.agency, who.person, who.seat, who.role,
        )  # fmt: skip
        assert text_of(row, "scene", "action") == (was.scene, was.action)
        assert (row["decision"], row["minute"], row["options"]) == (str(number_), str(was.minute), str(was.options))
        assert float(row["seconds"]) == rounded(was.seconds, one.tick)
        assert row["judgement"] == ("yes" if was.judgement else "no")
        lost = was.lost or (None, None, None)
        assert [row[f"lost_{part}"] for part in ("lines", "duties", "practice")] == [number(each) for each in lost]
        seen = {name: (chosen - worst, best - worst) for name, chosen, worst, best in was.points}
        for principle in PRINCIPLES:
            pair = seen.get(principle, ("", ""))
            assert (row[f"gained_{principle}"], row[f"possible_{principle}"]) == (str(pair[0]), str(pair[1]))
        total = [str(sum(each)) for each in zip(*seen.values(), strict=True)] or ["", ""]
        assert [row["gained"], row["possible"]] == total


@given(summaries())
def test_every_play_comes_back_as_it_was(made) -> None:
    (one,) = told(made)
    for row, was in zip(read([one], "seats"), one.seats, strict=True):
        assert text_of(row, "seat", "agency", "person") == (was.seat, was.agency, was.person)
        assert row["decisions"] == str(sum(d.seat == was.seat for d in one.decisions))
        seen = {name: [str(gained), str(possible)] for name, gained, possible, _ in was.practice}
        assert all([row[f"gained_{p}"], row[f"possible_{p}"]] == seen.get(p, ["", ""]) for p in PRINCIPLES)
        assert row["possible"] == (str(was.possible) if was.practice else "")


@given(summaries())
def test_sessions_duties_lines_objectives_and_guesses_come_back_as_they_were(made) -> None:
    (one,) = told(made)
    (row,) = read([one], "sessions")
    assert (row["ending"], row["story_minutes"], row["lines"]) == (
        one.ending, str(one.story_minutes), str(len(one.lines)),
    )  # fmt: skip
    assert (row["lost_duties"], row["both_needed"]) == (
        number(one.lost and one.lost.duties), number(one.both_needed),
    )  # fmt: skip
    assert [text_of(r, "duty", "clause", "party", "status", "opened", "deadline", "met") for r in read([one], "duties")] == [
        (d.duty, d.clause, d.party, d.status, number(d.opened), number(d.deadline), number(d.met)) for d in one.duties
    ]  # fmt: skip
    assert [text_of(r, "line", "kind", "seat", "minute") for r in read([one], "lines")] == [
        (x.line, x.kind, x.seat, str(x.minute)) for x in one.lines
    ]
    assert [text_of(r, "objective", "letter", "by_hand") for r in read([one], "objectives")] == [
        (o.objective, o.letter or "", o.by_hand or "") for o in one.objectives
    ]
    assert [text_of(r, "about", "seat", "of", "agreed", "apart") for r in read([one], "guesses")] == [
        (g.about, g.seat, g.of, "yes" if g.agreed else "no", number(g.apart)) for g in one.guesses
    ]


@given(typed)
def test_no_cell_of_text_begins_as_a_formula_and_all_of_it_comes_back(text) -> None:
    shown = guarded(text)
    assert shown.lstrip(" ")[:1] not in DANGER or not shown
    assert unguarded(shown) == text


@given(st.text(st.sampled_from("'=+ -@\t\n\rx"), max_size=5))
def test_the_guard_can_be_undone_whatever_the_text_was(text) -> None:
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("bad", ["=cmd|'/c calc'!A0", "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1"])
def test_an_agency_or_workshop_that_looks_like_a_formula_gets_an_apostrophe(bad) -> None:
    made = summary(workshop=bad, seats=(seat("officer", bad, "p-1"),), decisions=(decision(1, "officer"),))
    (row,) = read(told(made), "decisions")
    assert row["workshop"] == row["agency"] == "'" + bad


def test_numbers_below_nothing_stay_numbers() -> None:
    assert cell(-3) == "-3"


def test_lines_end_and_quotes_double_as_rfc_4180_says() -> None:
    made = summary(workshop='The "big", one\nhere')
    text = "".join(as_csv.lines(told(made, PD), "sessions", ()))
    header, row = text.split("\r\n")[:2]
    assert header.startswith("session,workshop,") and '"The ""big"", one\nhere"' in row and text.endswith("\r\n")


def test_nothing_observed_is_empty_and_not_nought() -> None:
    (row,) = read(told(summary(decisions=(decision(1, "officer"),)), PD), "decisions")
    assert (row["gained"], row["possible"], row["lost_lines"], row["gained_safety"]) == ("", "", "", "")


@pytest.mark.parametrize("name", TABLES)
def test_the_dictionary_has_every_column_of_its_table_in_order(name) -> None:
    words = "".join(explaining.of_csv("research", name, PRINCIPLES))
    described = [line.split(" | ")[0].removeprefix("| ") for line in words.splitlines() if line.startswith("| ")][1:]
    (header,) = as_csv.lines([], name, PRINCIPLES)
    assert described == header.strip().split(",") and "left out" in words


@pytest.mark.parametrize("name", TABLES)
def test_every_row_has_a_cell_for_each_column(name) -> None:
    for row in read(told(summary(), PD), name):
        assert None not in row and None not in row.values()


@pytest.mark.parametrize("name", TABLES)
def test_every_column_says_what_it_means_in_a_sentence(name) -> None:
    for column in tables.table(name, PRINCIPLES).columns:
        assert column.meaning[0] in string.ascii_letters + "2" and column.meaning.endswith(".")
