"""From text to the typed model: what is taken, what is refused, and how problems are told."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path

import pytest
import yaml

from scoring.clock import Span
from scoring.conditions import Condition
from simulator.library import Library
from simulator.model import Branch, Scenario
from simulator.problems import Problem, codes, did_you_mean, explain, render
from simulator.reading import Read, kind_of_text, read_bytes, read_file, read_text, source

HERE = Path(__file__).parent
ROOT = HERE.parent
SHELF = HERE / "fixtures" / "shelf"
PORCH = (SHELF / "library" / "porch.yaml").read_text(encoding="utf-8")
library = Library([SHELF])


def porch(old: str = "", new: str = "") -> Read:
    assert old in PORCH
    return library.check_text(PORCH.replace(old, new, 1) if old else PORCH, "library/porch.yaml")


def story() -> Scenario:
    value = porch().value
    assert isinstance(value, Scenario)
    return value


def codes_of(read: Read) -> list[str]:
    return [problem.code for problem in read.problems]


# --- what is taken -------------------------------------------------------------------------------------------


def test_a_sound_file_has_no_problems() -> None:
    assert porch().problems == ()


def test_an_entry_knows_its_own_name() -> None:
    assert story().scenes["porch"].actions["knock"].id == "knock"


def test_a_key_that_is_a_python_word_fills_its_field() -> None:
    meter = story().meters["trust"]
    assert (meter.low, meter.high) == (0, 5)


def test_a_single_value_stands_for_a_list_of_one() -> None:
    assert story().scenes["porch"].turn == ("officer",)
    assert story().protocols["screening"].scenes["ask"].actions["gently"].learn == {"listener": ("truck",)}


def test_a_bare_scene_name_stands_for_a_branch() -> None:
    assert story().scenes["walk"].to == (Branch(to="together"),)


def test_a_bare_text_stands_for_a_fact() -> None:
    facts = story().facts
    assert facts["doors_shut"].text == "The doors were shut"
    assert facts["heard_child"].text == "A child was heard"


def test_texts_become_moments_spans_and_conditions() -> None:
    assert story().starts == datetime(2026, 1, 9, 23, 52)
    assert story().releases["share_truck"].lasts == Span.parse("3 business days")
    assert story().scenes["together"].to[0].when == Condition.parse("heard_child and signed(share_truck)")


def test_yes_and_no_are_words_where_a_status_speaks() -> None:
    assert story().statuses["wants_company"].values == ("unasked", "yes", "no")
    assert story().scenes["porch"].actions["knock"].set == {"wants_company": "yes"}


def test_a_date_becomes_a_date() -> None:
    law = read_file(SHELF / "jurisdictions" / "here.yaml").value
    assert law.holidays[0].date == date(2026, 1, 1)


def test_entries_keep_the_order_of_the_file() -> None:
    assert list(story().scenes) == ["porch", "weather", "walk", "together", "screen", "again", "end"]


@pytest.mark.parametrize("word", ["yes", "No", "on", "~", "null", "true", "12", "4.10", "0x1f", "1:30"])
def test_a_bare_word_that_yaml_would_not_take_for_text_needs_quotes(word: str) -> None:
    assert codes_of(porch("title: On the porch", f"title: {word}")) == ["HS109"]
    assert codes_of(porch("title: On the porch", f"title: '{word}'")) == []


@pytest.mark.parametrize("text", ["Yes, indeed", "No. 5", "2026-01-09", "12 minutes", "~ roughly", "Norm"])
def test_a_text_that_only_begins_like_a_number_or_a_no_needs_no_quotes(text: str) -> None:
    assert codes_of(porch("title: On the porch", f"title: {text}")) == []


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    marked = "\ufeff" + PORCH.replace("\n", "\r\n")
    read = library.check_text(marked, "library/porch.yaml")
    assert read.problems == ()
    assert read.value.scenes.keys() == story().scenes.keys()


def test_places_are_right_under_windows_line_ends() -> None:
    broken = PORCH.replace("opening: porch", "opening: parch").replace("\n", "\r\n")
    (problem,) = library.check_text(broken, "library/porch.yaml").problems
    assert problem.source_line == "opening: parch"
    assert problem.column == len("opening: ") + 1


def test_a_star_and_an_ampersand_within_prose_are_no_aliases() -> None:
    assert codes_of(porch("title: On the porch", "title: Dana *and* Sam, & others [&c]")) == []


# --- what is refused -----------------------------------------------------------------------------------------


def test_many_faults_are_told_at_once() -> None:
    text = PORCH.replace("start: 2, shown", "start: two, shown").replace("minutes: 5", "minutes: -5")
    text = text.replace("records: advocate_called", "records: advocate_caled").replace(
        "{need: safety}", "{nede: safety}"
    )
    assert codes_of(library.check_text(text, "library/porch.yaml")) == ["HS108", "HS111", "HS204", "HS106"]


def test_a_billion_laughs_are_refused_before_anybody_laughs() -> None:
    text = "a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a, *a]\n" for n in range(30))
    assert set(codes_of(read_text("scenario", text, "f.yaml"))) == {"HS116"}


@pytest.mark.parametrize("open_", ["[", "{a: ", "- ", "? ", "[{a: "])
def test_no_depth_of_nesting_brings_the_computer_down(open_: str) -> None:
    assert codes_of(read_text("scenario", "scenes: " + open_ * 100_000, "f.yaml")) in (["HS119"], ["HS103"])


def test_a_file_that_is_not_utf8_tells_the_place() -> None:
    (problem,) = read_bytes("scenario", "id: x\ntitle: é".encode("latin-1"), "f.yaml").problems
    assert (problem.code, problem.line, problem.column) == ("HS102", 2, 8)


def test_a_control_character_tells_its_place_and_never_reaches_the_screen() -> None:
    (problem,) = read_text("scenario", "id: x\ntitle: a\x1b[31mb", "f.yaml").problems
    assert (problem.code, problem.line, problem.column) == ("HS102", 2, 9)
    assert "\x1b" not in render(problem)


def test_a_lone_half_of_a_character_pair_is_refused() -> None:
    assert codes_of(read_text("scenario", "id: \ud800", "f.yaml")) == ["HS102"]


def test_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    assert codes_of(read_file(tmp_path / "none.yaml")) == ["HS101"]


def test_a_folder_is_a_problem(tmp_path: Path) -> None:
    assert codes_of(read_file(tmp_path)) == ["HS101"]


def test_a_name_no_file_can_have_is_a_problem() -> None:
    assert codes_of(read_file(Path("a\0b.yaml"))) == ["HS101"]


def test_a_file_the_system_will_not_open_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "f.yaml").write_text("id: x", encoding="utf-8")
    monkeypatch.setattr(Path, "read_bytes", refuse)
    (problem,) = read_file(tmp_path / "f.yaml").problems
    assert problem.code == "HS101"
    assert "Permission denied" in problem.message


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "f.yaml").open("wb") as file:
        file.truncate(6_000_000)
    assert codes_of(read_file(tmp_path / "f.yaml")) == ["HS119"]


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing yet\n", "---\n", "\ufeff"])
def test_an_empty_file_is_a_problem(text: str) -> None:
    assert "HS118" in codes_of(read_text("scenario", text, "f.yaml")) or text == "---\n"
    assert not read_text("scenario", text, "f.yaml").sound


@pytest.mark.parametrize("text", ["just words", "- a\n- list", "? [a, b]\n: c", "42", "'quoted'"])
def test_a_file_that_is_no_mapping_is_a_problem(text: str) -> None:
    assert not read_text("scenario", text, "f.yaml").sound


def test_what_could_not_be_read_is_never_given_out() -> None:
    read = porch("title: On the porch", "title: [a]")
    assert read.value is None


def test_after_two_hundred_problems_there_is_an_end() -> None:
    text = PORCH + "".join(f"x{number}: 1\n" for number in range(500))
    assert len(library.check_text(text, "library/porch.yaml").problems) == 200


def test_a_protocol_cannot_open_with_its_exit() -> None:
    assert codes_of(porch("    opening: ask\n", "    opening: return.done\n")) == ["HS203"]


def test_a_status_needs_values() -> None:
    assert "HS207" in codes_of(porch("values: [unasked, yes, no]", "values: []"))


def test_without_the_c_parser_the_same_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    class Pure(source._Untagged, yaml.SafeLoader):
        pass

    monkeypatch.setattr(source, "_Loader", Pure)
    assert porch().value == story()
    assert codes_of(porch("title: On the porch", "title: On: the porch")) == ["HS103"]
    assert codes_of(read_text("scenario", "scenes: " + "[" * 500, "f.yaml")) == ["HS119"]


def test_a_warning_does_not_keep_the_graph_from_being_walked() -> None:
    text = PORCH.replace("id: porch", "id: parch", 1).replace("  end:\n", "  garden: {text: Dark., to: end}\n  end:\n")
    assert codes_of(library.check_text(text, "library/porch.yaml")) == ["HS122", "HS301"]


# --- kinds ---------------------------------------------------------------------------------------------------


def test_a_folder_tells_the_kind() -> None:
    assert read_text(None, "id: x", "mous/x.yaml").kind == "mou"


def test_an_agreement_is_not_taken_for_a_scenario() -> None:
    text = (SHELF / "mous" / "plain.yaml").read_text(encoding="utf-8")
    (problem,) = read_text("scenario", text, "plain.yaml").problems
    assert problem.code == "HS121"


@pytest.mark.parametrize(
    "name", ["library/porch", "mous/plain", "jurisdictions/here", "frameworks/simple", "vocabulary"]
)
def test_keys_tell_the_kind_where_no_folder_does(name: str) -> None:
    by_folder = read_file(SHELF / f"{name}.yaml").kind
    assert kind_of_text((SHELF / f"{name}.yaml").read_text(encoding="utf-8")) == by_folder


# --- how problems are told -----------------------------------------------------------------------------------


def test_a_problem_is_shown_with_its_line_a_caret_and_a_question() -> None:
    problem = Problem(
        "HS203",
        "error",
        "scene “doorstep”, action “ask”: there is no scene “bak-room”",
        "scenarios/x.yaml",
        12,
        13,
        "Did you mean “back-room”?",
        "        to: bak-room",
        length=8,
    )
    assert render(problem).splitlines() == [
        "scenarios/x.yaml:12:13: HS203 error: scene “doorstep”, action “ask”: there is no scene “bak-room”",
        "    12 |         to: bak-room",
        "       |             ^^^^^^^^",
        "    Did you mean “back-room”?",
    ]


def test_a_problem_names_the_scene_and_the_action() -> None:
    (problem,) = porch("        to: weather", "        to: wether").problems
    assert problem.message == "scene “porch”, action “knock”: there is no scene “wether”"
    assert problem.hint == "Did you mean “weather”?"


def test_a_very_long_line_is_shown_around_the_fault() -> None:
    problem = Problem("HS103", "error", "m", "f", 1, 501, source_line="x" * 500 + "HERE" + "y" * 500, length=4)
    _, shown, carets = render(problem).splitlines()
    assert len(shown) < 120
    assert shown[carets.index("^") : carets.rindex("^") + 1] == "HERE"


def test_a_fault_in_a_quoted_condition_is_marked_within_the_quotes() -> None:
    (problem,) = porch("when: not knows(asker, record)", 'when: "not knows(asker,   recrd)"').problems
    marked = problem.source_line[problem.column - 1 : problem.column - 1 + problem.length]
    assert marked == "recrd"


def test_a_name_far_from_all_others_is_answered_with_what_there_is() -> None:
    hint = did_you_mean("xyz", ["door", "end"], "scene")
    assert hint == "Do you need a scene called “xyz”, or did you mean one of: door, end?"


def test_every_code_in_the_source_has_a_page_and_every_page_a_code() -> None:
    sources = [*(ROOT / "simulator").rglob("*.py"), *(ROOT / "facilitator").rglob("*.py")]
    raised = {code for path in sources for code in re.findall(r'"(HS\d{3})"', path.read_text(encoding="utf-8"))}
    assert raised == set(codes())


@pytest.mark.parametrize("code", codes())
def test_a_page_says_what_why_and_how_to_mend_it(code: str) -> None:
    page = explain(code)
    headings = re.findall(r"(?m)^#+ (.+)$", re.sub(r"(?s)```.*?```", "", page))
    assert headings[0].startswith(f"{code}: ")
    assert headings[1:] == ["What", "Why it matters", "Example", "Better", "Fix"]
    assert page.count("```yaml\n") == 2


def test_an_unknown_code_is_answered_with_the_nearest() -> None:
    with pytest.raises(KeyError, match="HS20"):
        explain("HS2033")


# --- speed ---------------------------------------------------------------------------------------------------
