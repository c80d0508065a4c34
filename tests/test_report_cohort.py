"""The report of many sessions: what is said at which n, what stands apart, and what is never there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from facilitator.chart import Chart, chart_of
from facilitator.cohort import looking
from facilitator.report.cohort import Around, cohort_report
from facilitator.report.document import Block, Definitions, Document, Fill, Picture, Section, Table
from facilitator.report.drawing import numbered, share_of, turning_map, whiskers
from facilitator.report.html import html
from facilitator.report.markdown import markdown
from facilitator.report.reporting import people, seated
from scoring.cohort import Cohort, Overview
from scoring.figures import suppressed
from simulator.library import Library
from simulator.log import Place, SessionRow
from simulator.script import parse, play_line
from simulator.session import Session
from tests.reports import HOSTILE, SCRIPTS, duty, figures, no_agreement, play, share, store_in

AROUND = Around(
    title="The kitchen table",
    scope=(("Scenario", "Screen at the Kitchen Table"),),
    people=(("North PD", "31"), ("Tiny PD", "fewer than 5 people")),
)


@pytest.fixture(scope="module")
def chart() -> Chart:
    return chart_of(Library().bundle("kitchen-table"))


def report(**other: object) -> Document:
    return cohort_report(figures(**other), "cohort", AROUND)


def section(document: Document, heading: str) -> Section:
    return next(each for each in document.sections if each.heading.startswith(heading))


def blocks(sections: tuple[Section, ...]) -> list[Block]:
    return [block for each in sections for block in (*each.blocks, *blocks(each.sections))]


def tables(document: Document) -> list[Table]:
    found: list[Table] = []
    for block in blocks(document.sections):
        found += [block] if isinstance(block, Table) else block.tables if isinstance(block, Picture) else []
    return found


def headings(document: Document, heading: str) -> list[str]:
    return [each.heading for each in section(document, heading).sections]


# --- figures ------------------------------------------------------------------------------------------------------


def test_every_figure_is_printed_as_it_says_itself() -> None:
    text = markdown(report())
    for figure in (
        figures().overview.crossed,
        figures().duties[1].kept,
        figures().duties[1].minutes,
        figures().practice[0].overall,
        figures().coordination.agreed,
        figures().lines[1].sessions,
    ):
        assert figure.words in text


def test_counts_under_the_stated_minimum_are_not_printed() -> None:
    document = report()
    [rare] = [row for table in tables(document) for row in table.rows if row[0] == "Seldom asked for."]
    assert rare == ("Seldom asked for.", "–", "–", "–", "–", "–", "3")
    [few] = [row for table in tables(document) for row in table.rows if row[0] == "6.4"]
    assert few[2:7] == ("not enough to say (n = 4)", "–", "–", "–", "–")


def test_a_suppressed_group_says_why_and_nothing_else() -> None:
    document = report()
    [row] = [row for table in tables(document) for row in table.rows if row[0] == "Tiny PD" and len(row) == 2 and table.head[1] == "Safety"]  # fmt: skip
    assert row == ("Tiny PD", "fewer than 5 people")
    assert ("Tiny PD", "fewer than 5 people") in [row for table in tables(document) for row in table.rows]


def test_sessions_in_no_figure_are_counted_with_the_reason() -> None:
    rows = [
        row for table in tables(report()) if table.caption == "Sessions that are in no figure" for row in table.rows
    ]
    assert [row[1] for row in rows] == ["7", "2"]
    assert "stepping out look the same" in str(rows[0][0])


def test_late_and_missed_are_told_of_a_clause() -> None:
    [row] = [row for table in tables(report()) for row in table.rows if row[0] == "3.1"]
    assert row[3:7] == ("200", "80", "1", "2")
    assert str(row[7]).endswith("half between 30 minutes and 55 minutes")


def test_the_agreement_of_facilitators_and_rule_is_a_matrix_with_kappa() -> None:
    document = report()
    [matrix] = [table for table in tables(document) if table.caption.startswith("Facilitators' letters")]
    assert matrix.rows[0] == ("Facilitator P", "80", "10", "2", "0")
    text = markdown(document)
    assert "kappa 0." in text
    assert "had been seen before: 5." in text


def test_without_ratings_there_is_no_matrix() -> None:
    document = report(agreement=no_agreement())
    assert not [table for table in tables(document) if table.caption.startswith("Facilitators' letters")]
    assert "not enough to say (n = 0)" in markdown(document)


# --- seats and people ---------------------------------------------------------------------------------------------


def test_no_table_and_no_drawing_holds_two_seats() -> None:
    names = ("Patrol officer", "Community-based advocate", "Officer Reyes", "Maya Ellison")
    for block in blocks(report().sections):
        for table in [block] if isinstance(block, Table) else block.tables if isinstance(block, Picture) else []:
            words = " ".join((table.caption, *table.head, *(str(cell) for row in table.rows for cell in row)))
            assert sum(name in words for name in names) <= 1, table.caption
        if isinstance(block, Picture):
            assert sum(name in block.svg for name in names) <= 1


def test_agencies_stand_in_the_order_of_the_alphabet_within_a_seat() -> None:
    practice = figures().practice[0]
    shuffled = replace(practice, agencies=(("South", share(9, 90)), ("east", share(80, 90)), ("North", share(40, 90))))
    document = report(practice=(shuffled,))
    [table] = [table for table in tables(document) if table.caption.startswith("By agency")]
    assert [row[0] for row in table.rows] == ["east", "North", "South"]


def test_a_cohort_report_names_nobody() -> None:
    around = replace(AROUND, seated=(("Heron", "North PD"),))
    assert "Heron" not in markdown(cohort_report(figures(), "cohort", around))
    assert "| Heron | North PD |" in markdown(cohort_report(figures(), "workshop", around))


def test_a_workshops_attendance_lists_everybody_once_however_they_left() -> None:
    def row(*places: Place) -> SessionRow:
        from datetime import UTC, datetime

        moment = datetime(2026, 3, 2, tzinfo=UTC)
        return SessionRow("s", moment, moment, "k", "K", "Spring", "m", "j", True, 9, places)

    found = seated(
        [
            row(Place("officer", "wren", "human", "Harbor"), Place("advocate", "Heron", "typical", "North PD")),
            row(Place("officer", "wren", "human", "Harbor"), Place("advocate", "", "typical", "")),
            row(Place("officer", "", "human", "South PD")),
        ]
    )
    assert found == (("Heron", "North PD"), ("wren", "Harbor"), ("", "South PD"))


# --- strengths and areas ------------------------------------------------------------------------------------------


def test_strengths_and_areas_are_those_the_figures_carry() -> None:
    document = report()
    strengths = markdown(replace(document, sections=(section(document, "Strengths"),)))
    assert "Clause 2.1" in strengths and "Clause 3.1" not in strengths and "Clause 6.4" not in strengths
    assert "Safety" in strengths and "Voice" not in strengths
    areas = headings(document, "Areas for improvement")
    assert [area.partition(". ")[2] for area in areas] == [
        "Life safety: The line crossed often",
        "Law: The line crossed now and then",
        "Clause 3.1: What clause 3.1 asks for",
        "Scene “Before you go”, seat Officer Reyes",
        "Scene “One bed”, seat Maya Ellison",
    ]


def test_every_area_has_empty_fields() -> None:
    for area in section(report(), "Areas for improvement").sections:
        plan = area.blocks[-1]
        assert isinstance(plan, Table) and all(isinstance(cell, Fill) for cell in plan.rows[0])


def test_a_cause_is_told_only_as_far_as_the_figures_go() -> None:
    [area] = [each for each in section(report(), "Areas").sections if "Clause 3.1" in each.heading]
    assert isinstance(area.blocks[0], Definitions)
    cause = area.blocks[0].pairs[2][1]
    assert cause[0] == "Where it was not kept in time it was mostly done, only later than the clause allows."
    assert cause[-1].startswith("Why, the figures do not show.")


def test_where_there_is_too_little_nothing_is_called_a_strength_or_an_area() -> None:
    small = Overview(sessions=4, workshops=1, agencies=2, first_day="2026-03-02", last_day="2026-03-02",
                     crossed=share(2, 4), outside=())  # fmt: skip
    document = report(overview=small, lines=(), duties=(duty("2.1", share(4, 4)),), practice=(), turning=())
    assert headings(document, "Strengths") == headings(document, "Areas") == []
    assert "do not carry any" in markdown(document)


def test_no_line_crossed_in_enough_sessions_is_a_strength() -> None:
    assert "No line of law or life safety was crossed in 412 sessions." in markdown(report(lines=()))


# --- drawings -----------------------------------------------------------------------------------------------------


def test_a_figure_is_drawn_only_where_a_percentage_may_be_said() -> None:
    rows = [("much", share(60, 100, 0.5, 0.7)), ("few", share(7, 12)), ("hidden", suppressed("fewer than 5 people"))]
    svg = whiskers(rows, "Shares")
    assert svg.count("<circle") == 1
    assert 'cx="480.0"' in svg  # 300 and six tenths of 300
    assert "M450.0" in svg and "H510.0" in svg
    assert "7 of 12" in svg and "fewer than 5 people" in svg


def test_where_no_percentage_may_be_said_there_is_no_drawing() -> None:
    document = report(lines=(figures().lines[1],))
    assert not any(isinstance(block, Picture) for each in section(document, "Lines").sections for block in each.blocks)


def test_the_order_of_figures_uses_no_more_than_may_be_shown() -> None:
    assert share_of(share(7, 12)) == pytest.approx(7 / 12)
    assert share_of(share(3, 4)) is None
    assert share_of(suppressed("why")) is None


def test_turning_points_are_drawn_on_the_map_with_the_numbers_of_the_tables(chart: Chart) -> None:
    document = cohort_report(figures(), "cohort", replace(AROUND, chart=chart))
    [picture] = [block for block in section(document, "Where most").blocks if isinstance(block, Picture)]
    numbers = numbered(chart, figures().turning)
    assert [table.rows[0][0] for table in picture.tables] == [
        f"{numbers['one-bed']}. One bed",
        f"{numbers['clearing']}. Before you go",
    ]
    assert sorted(numbers.values()) == [1, 2]
    pieces = turning_map(chart, figures().turning)
    assert len(pieces) > 1
    assert pieces[0].count('id="map-drawing"') == 1
    assert all('<use href="#map-drawing"/>' in piece for piece in pieces[1:])


def test_without_the_scenario_at_hand_the_tables_stand_alone() -> None:
    found = section(report(), "Where most").blocks
    assert not any(isinstance(block, Picture) for block in found)
    assert any(isinstance(block, Table) for block in found)


def test_hostile_names_come_out_as_text_in_tables_and_drawings(chart: Chart) -> None:
    lines = tuple(replace(figures().lines[0], text=text) for text in HOSTILE)
    text = html(cohort_report(figures(lines=lines), "cohort", replace(AROUND, title=HOSTILE[0], chart=chart)))
    assert "<script" not in text and "<img" not in text
    assert "&lt;script&gt;" in text


def test_the_method_says_the_minimum_counts_and_who_is_left_out() -> None:
    text = markdown(report())
    for said in (
        "n under 10",
        "n under 30",
        "fewer than 5 people does not appear",
        "Kappa is the agreement",
        "Who is left out",
    ):
        assert said in text


def test_people_by_agency_leave_out_small_groups_and_what_would_betray_them(tmp_path) -> None:
    store = store_in(tmp_path)
    bundle = play(store, "expert").bundle
    for number in range(12):
        agency = "North PD" if number < 6 else "South PD"
        places = (Place("officer", f"Bird {number}", "human", agency), Place("advocate", "", "typical"))
        session = Session.begin(store, bundle, places, seed=number)
        for line in parse((SCRIPTS / "expert.script").read_text(encoding="utf-8"), "expert"):
            play_line(session, line, "expert")
    with looking(store, Cohort()) as look:
        found = dict(people(look))
    store.close()
    assert found["Riverton PD"] == found["Safe Harbor"] == "fewer than 5 people"
    assert sorted(found) == ["North PD", "Riverton PD", "Safe Harbor", "South PD"]
    hidden = [agency for agency, said in found.items() if not said.isdecimal()]
    assert len(hidden) == 3 and {found["North PD"], found["South PD"]} >= {"6"}
