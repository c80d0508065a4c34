"""The content rules of `handoff check`: every page's examples, gates, allowances, no false alarms."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from facilitator.checks import RULES, Finding, Gate, Rule, Subject, examine, fails, proofs
from simulator.library import Library
from simulator.problems import Problem, codes, render
from simulator.reading import Read, read_text
from simulator.reading.shelf import Shelf
from simulator.reading.source import Source
from tests import generator
from tests.checked import (
    BASES,
    CODES,
    FAIR,
    HERE,
    TODAY,
    as_file,
    codes_of,
    examined,
    examples,
    shelf_of_tests,
    told_of,
)
from tests.small import game_from
from tests.test_broken import damaged, lines

packaged = Library()


# --- the pages -----------------------------------------------------------------------------------------------


def test_the_file_under_the_examples_passes_the_publish_gate() -> None:
    assert examined(FAIR) == ()
    assert examined(BASES["jurisdiction"], "jurisdiction") == ()


@pytest.mark.parametrize("code", CODES)
def test_a_pages_example_earns_its_code(code: str) -> None:
    assert code in codes_of(told_of(code, *as_file(examples(code)[0])))


@pytest.mark.parametrize("code", CODES)
def test_a_pages_better_example_earns_nothing(code: str) -> None:
    told = told_of(code, *as_file(examples(code)[1]))
    assert [str(problem) for problem in told if problem.severity != "notice"] == []
    assert code == "HS402" or code not in codes_of(told)  # what a story leaves out is always listed


@pytest.mark.parametrize("code", CODES)
def test_a_problem_shows_a_line_of_the_file_a_caret_and_a_question(code: str) -> None:
    text, kind = as_file(examples(code)[0])
    problem = next(problem for problem in told_of(code, text, kind) if problem.code == code)
    assert problem.source_line == text.splitlines()[problem.line - 1]
    assert "^" in render(problem)
    assert "?" in problem.hint


def test_every_rule_has_a_page() -> None:
    written = {rule.code for rules in RULES.values() for rule in rules} | proofs.CODES
    assert written == set(CODES) - {"HS708", "HS709"}


# --- places --------------------------------------------------------------------------------------------------


def test_a_word_is_marked_where_it_stands_in_a_folded_text() -> None:
    text = FAIR.replace(
        "    text: The hotline's phone rings. A low voice says hello.",
        "    text: >-\n      The hotline's phone rings.\n      Somebody speaks of entrails.",
    )
    (problem,) = examined(text)
    assert problem.code == "HS602"
    assert problem.source_line[problem.column - 1 :][: problem.length] == "entrails"


def test_a_habit_names_every_scene_it_works_in() -> None:
    text, _ = as_file(examples("HS501")[0])
    problem = next(problem for problem in examined(text) if problem.code == "HS501")
    assert [about for _, about in problem.related] == ["in “door”", "in “hall”", "in “phone”", "in “car”"]


def test_examining_a_file_leaves_its_reading_problems_as_they_were() -> None:
    read = shelf_of_tests.check_text(FAIR.replace("sources: [written for the tests]\n", ""), "library/fair.yaml")
    subject = Subject(read, shelf_of_tests.shelf(read), TODAY)
    assert examine(subject) == examine(subject)
    assert read.problems == ()


def test_a_file_that_cannot_be_read_has_only_its_reading_problems() -> None:
    read = shelf_of_tests.check_text(FAIR.replace("opening: door", "opening: dor"), "library/fair.yaml")
    assert codes_of(examine(Subject(read, shelf_of_tests.shelf(read), TODAY))) == ["HS203"]


def test_a_flood_of_one_problem_hides_no_other() -> None:
    def many(subject: Subject) -> list[Finding]:
        return [Finding(None, "again", "Again?")] * 1000

    read = shelf_of_tests.check_text(FAIR.replace("a quarrel next door, spoken of and not shown", "' '"), "fair.yaml")
    rules = [Rule("HS499", "warning", "warning", many)]
    told = codes_of(examine(Subject(read, shelf_of_tests.shelf(read), TODAY), "publish", rules))
    assert "HS601" in told and len(told) < 500


# --- gates ---------------------------------------------------------------------------------------------------


def test_what_only_publishing_asks_is_a_notice_in_a_draft() -> None:
    text = FAIR.replace("  counsel: {name: C. Cho, date: 2026-01-05}\n", "")
    (draft,) = examined(text, gate="draft")
    (publish,) = examined(text, gate="publish")
    assert (draft.severity, publish.severity) == ("notice", "error")


@pytest.mark.parametrize(
    "severity, draft, publish", [("error", True, True), ("warning", False, True), ("notice", False, False)]
)
def test_errors_fail_in_a_draft_and_warnings_only_at_publish(severity: Any, draft: bool, publish: bool) -> None:
    problem = Problem("HS501", severity, "m", "f")
    assert (fails(problem, "draft"), fails(problem, "publish")) == (draft, publish)


# --- allowances ----------------------------------------------------------------------------------------------


SHORT = "text: The center's car stands at the corner."


def allowing(entry: str) -> list[str]:
    text = FAIR.replace(SHORT, "text: The VRT waits at the corner.") + f"allow:\n  - {entry}\n"
    return codes_of(examined(text))


def test_an_allowed_problem_with_a_reason_is_not_told() -> None:
    assert allowing("{code: HS607, because: It is the name of a shop.}") == []


def test_an_allowance_reaches_only_as_far_as_it_says() -> None:
    assert allowing("{code: HS607, at: car, because: It is the name of a shop.}") == []
    assert allowing("{code: HS607, at: hall, because: It is the name of a shop.}") == ["HS607", "HS709"]


def test_an_allowance_ends_with_its_entry() -> None:
    text = FAIR.replace("Lamps go on", "VRT lamps go on")
    assert codes_of(examined(text + "allow:\n  - {code: HS607, at: car, because: It is so.}\n")) == ["HS607", "HS709"]
    assert codes_of(examined(text + "allow:\n  - {code: HS607, at: [car, end], because: It is so.}\n")) == []


def test_an_allowance_for_one_entry_stops_before_the_next() -> None:
    untempting = "scenes: {phone: {actions: {ask-why: {appeal: 1}, take-notes: {appeal: 1}}}}"
    text, _ = as_file(untempting + "\nallow: [{code: HS507, at: hall, because: It is so.}]")
    assert codes_of(examined(text)) == ["HS507", "HS709"]
    assert codes_of(examined(text.replace("at: hall", "at: phone"))) == []


def test_an_allowance_reaches_a_text_on_one_line() -> None:
    text = FAIR.replace("Nobody is hurt in it.", "The VRT comes.")
    assert codes_of(examined(text + "allow: [{code: HS607, at: summary, because: It is so.}]\n")) == []


def test_an_allowance_reaches_no_other_code() -> None:
    assert allowing("{code: HS602, because: It is so.}") == ["HS607", "HS709"]


def test_an_allowance_without_a_reason_allows_nothing() -> None:
    assert allowing('{code: HS607, because: " "}') == ["HS607", "HS708"]


@pytest.mark.parametrize("code", ["HS999", "HS701", "HS601", "HS203", "nonsense"])
def test_what_cannot_be_allowed_is_said(code: str) -> None:
    assert allowing(f"{{code: {code}, because: It is so.}}") == ["HS607", "HS708"]


def test_an_allowance_for_a_rule_that_did_not_run_is_not_called_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("facilitator.checks.suppress.codes", lambda: (*codes(), "HS499"))
    text = FAIR + "allow:\n  - {code: HS499, because: It is so.}\n"
    read = shelf_of_tests.check_text(text, "library/fair.yaml")
    subject = Subject(read, shelf_of_tests.shelf(read), TODAY)
    brought = Rule("HS499", "warning", "warning", lambda _: ())
    assert codes_of(examine(subject, "publish")) == []
    assert codes_of(examine(subject, "publish", [brought])) == ["HS709"]


def test_further_rules_are_run_with_the_others_and_sorted_in() -> None:
    def find(subject: Subject) -> list[Finding]:
        return [Finding(subject.read.source.find("opening"), "it opens", "Does it?")]

    read = shelf_of_tests.check_text(FAIR.replace(SHORT, "text: The VRT waits."), "library/fair.yaml")
    found = examine(Subject(read, shelf_of_tests.shelf(read), TODAY), "draft", [Rule("HS499", "error", "error", find)])
    assert [(problem.code, problem.severity) for problem in found] == [("HS499", "error"), ("HS607", "warning")]


# --- no false alarms -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("gate", ["draft", "publish"])
@pytest.mark.parametrize("name", packaged.names("scenario"))
def test_a_packaged_scenario_earns_nothing_but_notices(name: str, gate: Gate) -> None:
    path = HERE.parent / "scenarios" / "library" / f"{name}.yaml"
    read, beside = packaged.read(path)
    problems = examine(Subject(read, beside, TODAY), gate)
    assert [str(problem) for problem in problems if problem.severity != "notice"] == []


def _generated(seed: int) -> Subject:
    """A generated scenario, sound by construction, without the detour of a YAML text."""
    game = game_from(generator.generate(seed, layers=3, width=2, actions=2))
    source = Source("id: generated\n", "generated.yaml")
    read = Read("scenario", source)
    read.draft, read.checked = game.scenario, True
    return Subject(read, Shelf(framework=game.framework), TODAY)


def test_five_hundred_generated_scenarios_earn_no_error() -> None:
    told = {
        problem.code
        for seed in range(500)
        for problem in examine(_generated(seed), "publish")
        if problem.severity == "error"
    }
    assert told == {"HS701"}  # which nobody has signed off, indeed


@settings(max_examples=100)
@given(lines)
def test_a_damaged_file_is_examined_without_a_crash(changes: list[tuple[str, int, int]]) -> None:
    read = shelf_of_tests.check_text(damaged(changes), "library/porch.yaml")
    for problem in examine(Subject(read, shelf_of_tests.shelf(read), TODAY), "publish"):
        assert problem.line >= 1
        assert problem.code in codes()


def test_a_generated_scenario_read_from_its_text_earns_no_error_either() -> None:
    texts = {text.kind: text.text for text in generator.texts(generator.generate(7))}
    read = read_text("scenario", texts["scenario"], "library/generated.yaml")
    assert read.sound
    problems = examine(Subject(read, Shelf(), TODAY), "draft")
    assert [problem for problem in problems if problem.severity == "error"] == []
