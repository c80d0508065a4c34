"""What the studio knows about a text that no file holds yet."""

from __future__ import annotations

import gc
import sys

import pytest

from facilitator.studying import Desk, draw, politely, row_of_scene, scene_at
from facilitator.tui.studio_files import Found, find_files, top_of
from simulator.library import Library
from tests.app_helpers import SCENARIO, scenario


@pytest.fixture
def desk(tmp_path) -> Desk:
    return Desk(scenario(tmp_path), Library())


def test_a_good_text_can_be_played(desk):
    study = desk.study(SCENARIO, 7)
    assert study.version == 7 and study.kind == "scenario" and study.bundle is not None
    assert not any(problem.severity == "error" for problem in study.problems)


def test_a_text_is_checked_as_it_is_typed_and_not_as_the_file_is(desk):
    study = desk.study(SCENARIO.replace("to: both}\n      hurry", "to: bothe}\n      hurry"), 1)
    assert [problem.code for problem in study.problems if problem.severity == "error"] == ["HS203"]
    assert study.bundle is None and study.names is not None and "both" in study.names.draft.scenes


def test_a_text_that_is_no_yaml_has_its_problem_and_no_names(desk):
    study = desk.study(SCENARIO + "  [broken", 1)
    assert study.names is None and study.bundle is None and study.problems[0].code == "HS103"


def test_content_rules_are_examined_too(desk):
    codes = {problem.code for problem in desk.study(SCENARIO, 1).problems}
    assert any(code.startswith(("HS5", "HS6", "HS7")) for code in codes)


def test_an_agreement_beside_the_file_is_the_one_it_is_checked_under(tmp_path):
    path = scenario(tmp_path)
    mous = tmp_path / "shelf" / "mous"
    mous.mkdir()
    (mous / "riverside-dv.yaml").write_text("id: riverside-dv\nduties: {", encoding="utf-8")
    assert Desk(path, Library()).study(SCENARIO, 1).bundle is None


def test_an_empty_text_and_a_text_of_no_kind_are_problems_and_no_accident(desk):
    for text in ("", "\x00", "just: words\n", "\t"):
        study = desk.study(text, 1)
        assert study.problems and study.bundle is None


def test_each_scene_is_found_by_its_line_and_its_line_by_it(desk):
    bundle = desk.study(SCENARIO, 1).bundle
    lines = SCENARIO.split("\n")
    for each in ("door", "phone", "both", "hard", "end"):
        row = row_of_scene(lines, each, bundle)
        assert lines[row].startswith(f"  {each}:") and scene_at(lines, row, bundle) == each
    assert scene_at(lines, 1, bundle) is None


def test_a_map_is_drawn_from_a_text(desk):
    drawn = draw(desk.study(SCENARIO, 1).bundle, "ids")
    assert list(drawn.chart.scenes) == ["door", "phone", "both", "hard", "end"] and drawn.cells.height > 5


def test_the_collector_and_the_switches_are_as_before_after_polite_work():
    before = sys.getswitchinterval()
    with pytest.raises(ValueError), politely():
        assert not gc.isenabled()
        raise ValueError
    assert gc.isenabled() and sys.getswitchinterval() == before


def test_files_are_listed_by_what_they_are_and_hidden_ones_left_out(tmp_path):
    path = scenario(tmp_path)
    top = tmp_path / "shelf"
    (top / "mous").mkdir()
    (top / "mous" / "m.yaml").write_text("id: m\n", encoding="utf-8")
    (top / "j.yaml").write_text("switches: {}\n", encoding="utf-8")
    (top / "notes.yaml").write_text("a: b\n", encoding="utf-8")
    (top / "library" / ".evening.yaml.autosave").write_text("scenes:", encoding="utf-8")
    (top / "library" / ".hidden.yaml").write_text("scenes:", encoding="utf-8")
    assert top_of(path) == top
    assert set(find_files(top)) == {
        Found(path, "scenario"),
        Found(top / "mous" / "m.yaml", "mou"),
        Found(top / "j.yaml", "jurisdiction"),
        Found(top / "notes.yaml", None),
    }


def test_without_a_file_the_current_folder_is_shown(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert top_of(None) == tmp_path
