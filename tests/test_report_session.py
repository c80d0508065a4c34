"""The after-action report of one play: word for word for two transcripts, and what must never be in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from facilitator.report.document import Definitions, Document, Fill, Paragraph, Section, Table
from facilitator.report.markdown import markdown
from facilitator.report.session import About, session_report
from facilitator.report.told import Told, length
from simulator.by_hand import ByHand
from simulator.debrief import CAUTION
from simulator.events import Choose
from simulator.log import Place, Store
from simulator.script import parse, play_line
from simulator.session import Session
from tests.golden import FOLDER
from tests.reports import ABOUT, HOSTILE, PAIR, SCRIPTS, play, store_in


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = store_in(tmp_path_factory.mktemp("reports"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def harmful(store: Store) -> Session:
    return play(store, "harmful")


@pytest.fixture(scope="module")
def expert(store: Store) -> Session:
    return play(store, "expert")


def told(session: Session, **other: object) -> str:
    text = markdown(session_report(session, ABOUT, **other))  # type: ignore[arg-type]
    return text.replace(session.id, "SESSION")


def sections(document: Document, heading: str) -> Section:
    return next(section for section in document.sections if section.heading.startswith(heading))


@pytest.mark.parametrize("script", ["expert", "harmful"])
def test_the_report_still_says_the_same_word_for_word(script: str, request: pytest.FixtureRequest) -> None:
    text = told(request.getfixturevalue(script))
    kept = FOLDER / f"report-kitchen-table-{script}.md"
    assert text == kept.read_text(encoding="utf-8"), "python -m tests.reports writes it anew; read the difference"


def test_every_area_has_a_rule_what_happened_a_cause_and_empty_fields(harmful: Session) -> None:
    found = sections(session_report(harmful, ABOUT), "Areas for improvement").sections
    assert len(found) == 19
    for area in found:
        definitions, plan = area.blocks
        assert isinstance(definitions, Definitions) and isinstance(plan, Table)
        assert [term for term, _ in definitions.pairs] == [
            "Clause or line",
            "What happened",
            "Root cause, as far as the record shows",
        ]
        assert all(texts and all(texts) for _, texts in definitions.pairs)
        assert plan.head == ("Action", "Owner", "Date")
        assert all(isinstance(cell, Fill) for cell in plan.rows[0])


def test_lines_come_before_duties_and_duties_before_practice(harmful: Session) -> None:
    found = sections(session_report(harmful, ABOUT), "Areas for improvement").sections
    kinds = [
        0 if ". Law" in area.heading or ". Life safety" in area.heading else 1 if ". Clause" in area.heading else 2
        for area in found
    ]
    assert kinds == sorted(kinds)
    assert set(kinds) == {0, 1, 2}


def test_a_cause_is_the_turning_point_that_opened_it(harmful: Session) -> None:
    found = sections(session_report(harmful, ABOUT), "Areas for improvement").sections
    [area] = [area for area in found if "Clause 4.4" in area.heading]
    assert isinstance(area.blocks[0], Definitions)
    cause = area.blocks[0].pairs[2][1]
    assert len(cause) == 1
    assert cause[0].startswith("It could still have gone otherwise until Mon 12 Jan, 09:30, “The form in the tray”")


def test_where_the_record_shows_no_cause_it_says_so(
    store: Store, harmful: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Session, "hindsight", lambda self: None)
    document = session_report(harmful, ABOUT)
    [area] = [area for area in sections(document, "Areas").sections if "Clause 4.4" in area.heading]
    assert isinstance(area.blocks[0], Definitions)
    assert area.blocks[0].pairs[2][1] == ("The record shows what was done and when, not why. Ask those who sat there.",)
    assert "no exact outlook" in markdown(document)


def test_a_play_without_fault_still_has_a_plan_to_fill_in(expert: Session) -> None:
    none = sections(session_report(expert, ABOUT), "Areas for improvement")
    assert none.sections == ()
    assert isinstance(none.blocks[0], Paragraph) and "No line was crossed" in none.blocks[0].text
    assert isinstance(none.blocks[1], Table)


def test_what_people_wrote_in_the_debrief_is_not_in_it(store: Store) -> None:
    session = play(store, "typical")
    session.remark("officer", "reactions", "I was thinking of my sister")
    session.remark("advocate", "keep", "the blue umbrella")
    text = told(session)
    assert "my sister" not in text and "blue umbrella" not in text


def test_the_attendance_record_is_no_certificate(expert: Session) -> None:
    text = told(expert)
    assert "| Officer Reyes | Patrol officer | Riverside Police Department | Heron | Riverton PD |" in text
    assert "It is not a certificate" in text
    assert text.lower().count("certificate") == 1


def test_a_facilitators_letter_stands_beside_the_rules(expert: Session) -> None:
    objective = next(iter(expert.bundle.scenario.objectives))
    given = {objective: ByHand(objective=objective, letter="S", blind=False, why="She waited for a nod.")}
    text = told(expert, ratings=given)
    assert "By the facilitator" in text
    said = "S: performed with some challenges (given after the rule's letter was seen). She waited for a nod."
    assert said in text
    assert "not rated" in text
    assert "By the facilitator" not in told(expert)


# --- who stepped out ----------------------------------------------------------------------------------------------


def test_a_seat_the_computer_took_over_is_the_computers_from_the_beginning(store: Store) -> None:
    session = _stepped_out(store)
    played = {event.by for event in session.events if isinstance(event, Choose) and event.seat == "officer"}
    assert played == {"human", "computer"}
    text = told(session)
    assert "Heron" not in text and "Riverton PD" not in text
    assert "| computer partner | – |" in text
    assert "Officer Reyes:" not in text.replace("Officer Reyes (computer partner):", "").split("## Every duty")[0]
    assert "### Officer Reyes" not in text


def test_a_report_of_a_play_somebody_left_reads_like_one_with_a_computer_from_the_start(store: Store) -> None:
    left = told(_stepped_out(store)).lower()
    for word in ("stepped", "took over", "resumed", "paused"):
        assert word not in left.split("## how this report was made")[0]


def _stepped_out(store: Store) -> Session:
    """The officer's player leaves after a few choices; a computer partner finishes in the seat."""
    source = play(store, "harmful")
    session = Session.begin(store, source.bundle, PAIR, seed=1, workshop="Spring")
    for line in parse((SCRIPTS / "harmful.script").read_text(encoding="utf-8"), "harmful")[:4]:
        play_line(session, line, "harmful")
    session.pause()
    session.resume({"officer": "typical"})
    while not session.finished:
        session.run_others()
        for seat in session.on_turn[:1]:
            option = next(option for option in session.view(seat).options if option.open)
            session.choose(seat, option.action)
    session.finish_phase("reactions")
    return session


def test_seats_are_never_in_one_table_with_their_practice(harmful: Session) -> None:
    document = session_report(harmful, ABOUT)
    practice = sections(document, "Practice")
    assert [section.heading for section in practice.sections] == ["Officer Reyes", "Maya Ellison"]
    assert all(isinstance(block, Paragraph) for block in practice.blocks)


# --- small things -------------------------------------------------------------------------------------------------


def test_hostile_aliases_and_agencies_come_out_as_text(store: Store) -> None:
    places = (Place("officer", HOSTILE[0], "human", HOSTILE[1]), Place("advocate", HOSTILE[7], "human", HOSTILE[8]))
    document = session_report(play(store, "expert", places, workshop=HOSTILE[5]), ABOUT)
    assert "\\<script\\>" in markdown(document)


def test_times_are_told_in_words() -> None:
    assert length(1_501) == "1 day 1 hour 1 minute"
    assert length(45) == "45 minutes"
    assert length(0) == ""


def test_a_play_shorter_than_a_minute_says_so(expert: Session) -> None:
    text = markdown(session_report(expert, replace(ABOUT, seconds=12.0)))
    assert "under a minute, pauses left out" in text


def test_a_scene_decided_together_is_one_move(harmful: Session) -> None:
    moves = Told(harmful).moves
    assert moves[0] == 0 and moves[1] == 1
    assert len(set(moves)) < len(moves)


def test_it_begins_and_ends_with_the_caution_and_tells_its_method(expert: Session) -> None:
    text = told(expert)
    lines = [line for line in text.splitlines() if line]
    assert CAUTION in lines[2] and CAUTION in lines[-1]
    assert "## How this report was made" in lines


def test_the_same_play_makes_the_same_report(expert: Session) -> None:
    about: About = ABOUT
    assert session_report(expert, about) == session_report(expert, about)
