"""`handoff check`: gates, forms of output, and a watch that tells only what is new."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from facilitator.checking import problems_of, watch
from facilitator.checks.sarif import sarif
from facilitator.cli import main
from simulator.library import Library
from simulator.problems import Problem

HERE = Path(__file__).parent
SHELF = HERE / "fixtures" / "shelf"

# What is used of the standard's own schema (OASIS SARIF 2.1.0), which also takes what is written here.
_TEXT = {"type": "object", "properties": {"text": {"type": "string", "minLength": 1}}, "required": ["text"]}
_WHOLE = {"type": "integer", "minimum": 1}
_PLACE = {
    "type": "object",
    "properties": {
        "physicalLocation": {
            "type": "object",
            "properties": {
                "artifactLocation": {
                    "type": "object",
                    "properties": {"uri": {"type": "string", "pattern": r"^[^\s\\]+$"}},
                    "required": ["uri"],
                },
                "region": {
                    "type": "object",
                    "properties": dict.fromkeys(("startLine", "startColumn", "endLine", "endColumn"), _WHOLE),
                    "required": ["startLine"],
                    "additionalProperties": False,
                },
            },
            "additionalProperties": False,
        },
        "message": _TEXT,
    },
    "additionalProperties": False,
}
SARIF = {
    "type": "object",
    "required": ["version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string"},
        "version": {"enum": ["2.1.0"]},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tool"],
                "additionalProperties": False,
                "properties": {
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name"],
                                "additionalProperties": False,
                                "properties": {
                                    "name": {"type": "string"},
                                    "version": {"type": "string"},
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": {
                                            "type": "object",
                                            "required": ["id"],
                                            "additionalProperties": False,
                                            "properties": {
                                                "id": {"type": "string"},
                                                "shortDescription": _TEXT,
                                                "fullDescription": _TEXT,
                                                "help": _TEXT,
                                            },
                                        },
                                    },
                                },
                            }
                        },
                    },
                    "results": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["message"],
                            "additionalProperties": False,
                            "properties": {
                                "ruleId": {"type": "string"},
                                "ruleIndex": {"type": "integer", "minimum": 0},
                                "level": {"enum": ["none", "note", "warning", "error"]},
                                "message": _TEXT,
                                "locations": {"type": "array", "items": _PLACE},
                                "relatedLocations": {"type": "array", "items": _PLACE, "uniqueItems": True},
                            },
                        },
                    },
                },
            },
        },
    },
}


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A shelf of one's own with a fair scenario in it."""
    mine = Path(shutil.copytree(SHELF, tmp_path / "my shelf"))
    fair = (HERE / "fixtures" / "fair.yaml").read_text(encoding="utf-8")
    (mine / "library" / "fair.yaml").write_text(fair + NO_DUTIES, encoding="utf-8")
    return mine


NO_DUTIES = "allow:\n  - {code: HS402, because: It is a story about practice.}\n"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's own cache is read or written."""
    monkeypatch.setattr("facilitator.checking.cache_folder", lambda: tmp_path / "cache")


@pytest.fixture
def story(shelf: Path) -> Path:
    return shelf / "library" / "fair.yaml"


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def ran(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    try:
        code = main(["check", *args])
    except SystemExit as stop:
        code = int(str(stop.code))
    out, err = capsys.readouterr()
    return code, out, err


# --- gates ---------------------------------------------------------------------------------------------------


def test_a_fair_scenario_passes_the_publish_gate(story: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ran(capsys, str(story), "--gate", "publish") == (0, "0 errors, 0 warnings\n", "")


def test_a_warning_passes_a_draft_and_is_held_back_at_publish(story: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(story, "A low voice says hello.", "A low voice speaks of the VRT.")
    assert ran(capsys, str(story))[0] == 0
    code, out, _ = ran(capsys, str(story), "--gate", "publish")
    assert code == 1 and "HS607 warning" in out and "0 errors, 1 warning\n" in out


def test_a_notice_is_counted_and_holds_nothing_back(story: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(story, "C. Cho", "awaiting local sign-off")
    code, out, _ = ran(capsys, str(story), "--gate", "publish")
    assert code == 0 and out.endswith("0 errors, 0 warnings, 1 notice\n")


def test_an_unknown_gate_is_wrong_use(story: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ran(capsys, str(story), "--gate", "press")[0] == 2


def test_a_shelf_without_a_vocabulary_to_look_in_is_a_problem_and_no_traceback(tmp_path: Path) -> None:
    library = Library()
    library.folders = ()
    (tmp_path / "x.yaml").write_text((HERE / "fixtures" / "fair.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    assert [problem.code for problem in problems_of(library, tmp_path / "x.yaml", "draft")] == ["HS101"]


# --- forms ---------------------------------------------------------------------------------------------------


def test_json_is_one_list_of_problems_by_either_name(story: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(story, "A low voice says hello.", "A low voice speaks of the VRT.")
    _, by_format, _ = ran(capsys, str(story), "--format", "json")
    _, by_alias, _ = ran(capsys, str(story), "--json")
    assert by_format == by_alias
    (problem,) = json.loads(by_alias)
    assert (problem["code"], problem["severity"]) == ("HS607", "warning")


def test_sarif_fits_the_standard_and_points_at_the_line(shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = (str(HERE / "broken" / name) for name in ("a-key-twice.yaml", "a-scene-nobody-reaches.yaml", "a-tab.yaml"))
    code, out, _ = ran(capsys, str(shelf), *broken, "--gate", "publish", "--format", "sarif")
    log = json.loads(out)
    assert code == 1
    jsonschema.Draft202012Validator(SARIF).validate(log)
    (run,) = log["runs"]
    assert {result["level"] for result in run["results"]} == {"error", "warning"}
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_sarif_of_nothing_wrong_is_a_run_without_results(story: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = ran(capsys, str(story), "--gate", "publish", "--format", "sarif")
    assert code == 0 and json.loads(out)["runs"][0]["results"] == []


def test_a_notice_is_a_note_in_sarif() -> None:
    problem = Problem("HS702", "notice", "m", "my shelf/x.yaml", 3, 5, "Who?", related=((9, "here, too"),), length=4)
    (result,) = sarif([problem])["runs"][0]["results"]
    place: Any = result["locations"][0]["physicalLocation"]
    assert result["level"] == "note"
    assert place["artifactLocation"]["uri"] == "my%20shelf/x.yaml"
    assert place["region"] == {"startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 9}
    assert result["relatedLocations"][0]["physicalLocation"]["region"] == {"startLine": 9}


# --- watch ---------------------------------------------------------------------------------------------------


def watched(paths: list[Path], edits: list[Callable[[], object]], capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What a watch prints at first and after each edit; then Ctrl-C."""
    told: list[str] = []
    left: Iterator[Callable[[], object]] = iter(edits)

    def wait(seconds: float) -> None:
        told.append(capsys.readouterr().out)
        edit = next(left, None)
        if edit is None:
            raise KeyboardInterrupt
        edit()

    assert watch(paths, "draft", Library, wait) == 0
    return told


def test_a_watch_tells_only_what_is_new_and_what_is_gone(story: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def spoil() -> None:
        change(story, "A low voice says hello.", "A low voice speaks of the VRT.")

    def mend() -> None:
        change(story, "the VRT", "the victim response team")

    first, spoilt, mended = watched([story], [spoil, mend], capsys)
    assert first == "0 errors, 0 warnings\n"
    assert "HS607 warning" in spoilt and spoilt.endswith("0 errors, 1 warning\n")
    assert "HS607 is gone" in mended and mended.endswith("0 errors, 0 warnings\n")


def test_a_watch_is_silent_while_nothing_changes_and_when_a_problem_only_moves(
    story: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(story, "A low voice says hello.", "A low voice speaks of the VRT.")
    _, idle, moved = watched(
        [story], [lambda: None, lambda: change(story, "id: fair", "# a line more\nid: fair")], capsys
    )
    assert idle == ""
    assert moved == ""


def test_a_watch_sees_a_file_come_and_go(shelf: Path, story: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new = shelf / "library" / "new.yaml"
    _, came, went = watched([shelf / "library"], [lambda: new.write_text("a: [", encoding="utf-8"), new.unlink], capsys)
    assert "HS103" in came
    assert "HS103 is gone" in went


def test_a_watch_looks_at_every_scenario_again_when_their_agreement_changes(
    shelf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def rename() -> None:
        change(shelf / "mous" / "plain.yaml", "  call-hotline:", "  ring-hotline:")

    _, after = watched([shelf], [rename], capsys)
    assert "HS213" in after and "call-hotline" in after


def test_a_watch_tells_in_text_only(story: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = ran(capsys, str(story), "--watch", "--format", "sarif")
    assert code == 2 and "--watch" in err
