"""Kept proofs: told again without being proven again, as long as nothing but prose has changed, whatever becomes of the files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from facilitator.checks import kept as kept_module
from facilitator.checks import proving
from facilitator.checks.kept import Kept
from facilitator.checks.proof import Proof
from facilitator.checks.proving import Proven
from facilitator.checks.setting import Setting, setting_of
from facilitator.cli import main
from tests.checked import FAIR, shelf_of_tests

FOUND = (Proof("HS309", ("scenes", "car"), "m", "why?", ((("scenes", "hall"), "here, too"),), True),)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The keys of what was really proven, in order."""
    keys: list[str] = []

    def prove(setting: Setting, limit: int, seconds: float) -> Proven:
        keys.append(setting.key)
        return Proven(FOUND, False)

    monkeypatch.setattr(proving, "prove", prove)
    return keys


def setting(text: str = FAIR) -> Setting:
    found = setting_of(shelf_of_tests.check_text(text, "library/fair.yaml", "scenario"), shelf_of_tests)
    assert found is not None
    return found


def test_the_same_text_is_proven_once_in_a_process(asked: list[str]) -> None:
    kept = Kept(None, 1000)
    assert kept(setting()) == kept(setting()) == FOUND
    assert len(asked) == 1


def test_the_next_process_reads_what_was_proven(asked: list[str], tmp_path: Path) -> None:
    Kept(tmp_path / "new" / "folder", 1000)(setting())
    assert Kept(tmp_path / "new" / "folder", 1000)(setting()) == FOUND
    assert len(asked) == 1


def test_prose_may_change_and_nothing_else(asked: list[str]) -> None:
    kept = Kept(None, 1000)
    kept(setting())
    kept(setting(FAIR.replace("A low voice says hello.", "Somebody breathes.")))
    assert len(asked) == 1
    kept(setting(FAIR.replace("to: phone", "to: car", 1)))
    assert len(asked) == 2
    kept(setting(FAIR.replace("{safety: 2}", "{safety: 1}", 1)))
    assert len(asked) == 3


def test_another_limit_is_another_question(asked: list[str], tmp_path: Path) -> None:
    Kept(tmp_path, 1000)(setting())
    Kept(tmp_path, 2000)(setting())
    assert len(asked) == 2


def test_a_new_program_proves_anew(asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Kept(tmp_path, 1000)(setting())
    monkeypatch.setattr("facilitator.checks.setting.VERSION", 10_000)
    Kept(tmp_path, 1000)(setting())
    assert len(asked) == 2


@pytest.mark.parametrize(
    "broken", ["", "{", "null", "[1]", '[{"code": 3}]', '[{"code": "HS309"}]', "\x00", "[" * 5000, '"text"']
)
def test_a_broken_file_is_as_good_as_none(asked: list[str], tmp_path: Path, broken: str) -> None:
    Kept(tmp_path, 1000)(setting())
    (file,) = tmp_path.iterdir()
    file.write_text(broken, encoding="utf-8")
    assert Kept(tmp_path, 1000)(setting()) == FOUND
    assert len(asked) == 2
    assert json.loads(file.read_text(encoding="utf-8"))  # and was mended


def test_a_folder_that_cannot_be_written_is_done_without(asked: list[str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    assert Kept(tmp_path / "file" / "folder", 1000)(setting()) == FOUND


def test_a_write_that_fails_leaves_nothing_half_written(
    asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("os.replace", full)
    assert Kept(tmp_path, 1000)(setting()) == FOUND
    assert list(tmp_path.iterdir()) == []


def test_what_was_used_longest_ago_makes_room(
    asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_module, "MOST", 3)
    for limit in range(1, 8):
        Kept(tmp_path, limit)(setting())
    assert len(list(tmp_path.iterdir())) == 3


def test_what_ran_out_of_time_is_tried_again_next_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proving, "prove", lambda *_: Proven(FOUND, True))
    assert Kept(tmp_path, 1000)(setting()) == FOUND
    assert not tmp_path.exists() or list(tmp_path.iterdir()) == []


def test_check_keeps_nothing_where_it_is_told_not_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("facilitator.checking.cache_folder", lambda: tmp_path / "cache")
    file = Path("scenarios/tutorial/tutorial.yaml")
    main(["check", "--no-cache", str(Path(kept_module.__file__).parents[2] / file)])
    assert not (tmp_path / "cache").exists()
    main(["check", str(Path(kept_module.__file__).parents[2] / file)])
    assert list((tmp_path / "cache").iterdir())
