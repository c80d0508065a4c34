"""`handoff export` as a user meets it: what is written, where, and what is said."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from facilitator.cli import main
from facilitator.export import whole
from simulator.library import Library
from simulator.log import Place, open_store
from simulator.session import Session

ROOT = Path(__file__).parent.parent
MINI = ROOT / "tests" / "fixtures" / "two-scenes.yaml"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six pairs of Riverton and Safe Harbor have played, one of Elm; one play is unfinished, and in one the officer stepped out."""
    path = tmp_path_factory.mktemp("store") / "store.sqlite3"
    kept = open_store(path)
    bundle = Library().bundle(str(MINI))

    def play(number: int, agency: str, *moves: tuple[str, str]) -> Session:
        places = (
            Place("officer", f"Heron{number}", "human", agency),
            Place("advocate", f"Wren{number}", "human", "Safe Harbor"),
        )
        session = Session.begin(kept, bundle, places, seed=number, workshop="=Tuesday")
        for seat, action in moves:
            session.choose(seat, action)
        return session

    for number in range(6):
        play(number, "Riverton PD", ("officer", "apart" if number else "ask"), ("advocate", "keep"))
    play(7, "Elm PD", ("officer", "apart"), ("advocate", "keep"))
    play(8, "Riverton PD", ("officer", "apart"))
    out = play(9, "Riverton PD", ("officer", "apart"))
    out.pause()
    out.resume({"officer": "typical"})
    out.choose("advocate", "keep")
    kept.close()
    return path


@pytest.fixture
def run(store: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    def runner(*args: str) -> tuple[int, str, str]:
        try:
            code = main(["export", *args, "--store", str(store)])
        except SystemExit as stop:
            code = int(stop.code or 0)
        sys.stdout.flush()
        captured = capfd.readouterr()
        return code, captured.out, captured.err

    return runner


RIVERTON = ("--for", "employer", "--agency", "Riverton PD")


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_an_employers_csv_goes_to_standard_output(run: Run) -> None:
    code, out, err = run("csv", *RIVERTON)
    assert (code, err) == (0, "") and [row["action"] for row in rows(out)].count("apart") == 5
    assert {row["agency"] for row in rows(out)} == {"Riverton PD"} and {row["workshop"] for row in rows(out)} == {
        "'=Tuesday"
    }


def test_an_employer_gets_the_duties_of_its_own_party_by_the_text_that_was_played(run: Run) -> None:
    _, police, _ = run("csv", *RIVERTON, "--table", "duties")
    _, house, _ = run("csv", "--for", "employer", "--agency", "Safe Harbor", "--table", "duties")
    pairs = {row["session"] for row in rows(police)}
    assert {row["party"] for row in rows(police)} == {"Riverside Police Department"}
    assert {row["party"] for row in rows(house) if row["session"] in pairs} <= {
        "Harbor House, the community domestic violence program"
    }


def test_only_sessions_of_the_days_asked_for_are_exported(run: Run) -> None:
    assert run("csv", *RIVERTON, "--until", "2020-01-01")[0] == 1
    assert run("csv", *RIVERTON, "--since", "2020-01-01")[0] == 0


def test_nobody_who_stepped_out_is_in_any_export(run: Run) -> None:
    _, employer, _ = run("xapi", *RIVERTON, "--lines")
    done = [json.loads(line) for line in employer.splitlines()]
    assert sum("completion" in each["result"] for each in done) == 6  # of eight evenings
    _, house, _ = run("json", "--for", "employer", "--agency", "Safe Harbor")
    alone = [one for one in json.loads(house) if not one["other_seats"]]
    assert len(alone) == 1 and [d["seat"] for d in alone[0]["decisions"]] == ["advocate"]
    assert "pause" not in employer + house and "Heron" not in employer + house


def test_without_a_level_agencies_are_codes_and_small_groups_are_missing(run: Run) -> None:
    code, out, _ = run("csv", "--table", "seats")
    assert code == 0 and len(rows(out)) == 10 and "Riverton" not in out and "Harbor" not in out


def test_a_file_gets_its_dictionary_beside_it_and_what_was_left_out_is_said(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("csv", "--for", "partner", "-o", str(tmp_path / "spring.csv"))
    assert code == 0 and "5 sessions with 10 decisions" in out and "3 sessions left out" in out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["spring-dictionary.md", "spring.csv"]
    assert "Level: partner" in (tmp_path / "spring-dictionary.md").read_text(encoding="utf-8")
    with (tmp_path / "spring.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == 10


@pytest.mark.parametrize("taken", ["spring.json", "spring-dictionary.md"])
def test_what_exists_is_not_replaced_unless_asked_for(run: Run, tmp_path: Path, taken: str) -> None:
    (tmp_path / taken).write_text("mine", encoding="utf-8")
    code, _, err = run("json", *RIVERTON, "-o", str(tmp_path / "spring.json"))
    assert code == 1 and taken in err and "--force" in err
    assert (tmp_path / taken).read_text(encoding="utf-8") == "mine" and len(list(tmp_path.iterdir())) == 1
    assert run("json", *RIVERTON, "-o", str(tmp_path / "spring.json"), "--force")[0] == 0
    assert json.loads((tmp_path / "spring.json").read_text(encoding="utf-8"))


def test_a_full_disk_leaves_nothing_half_written_and_is_told_in_a_sentence(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(number: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(whole.os, "fsync", full)
    code, _, err = run("csv", *RIVERTON, "-o", str(tmp_path / "spring.csv"))
    assert code == 1 and os.strerror(errno.ENOSPC) in err and err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_export_leaves_nothing(tmp_path: Path) -> None:
    def some():
        yield "a"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        whole.write_whole({tmp_path / "one.csv": ["whole"], tmp_path / "two.csv": some()}, force=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("where", ["no/such/folder/x.csv", "."])
def test_a_place_that_cannot_be_written_to_is_said_before_anything_is_read(
    run: Run, where: str, tmp_path: Path
) -> None:
    code, out, err = run("csv", "-o", str(tmp_path / where))
    assert code == 1 and out == "" and "folder" in err and err.count("\n") == 1


def test_nothing_that_fits_is_said_and_nothing_is_written(run: Run, tmp_path: Path) -> None:
    code, out, err = run("csv", "--scenario", "elsewhere", "-o", str(tmp_path / "x.csv"))
    assert (code, out) == (1, "") and "no finished session fits" in err and list(tmp_path.iterdir()) == []
    code, _, err = run("csv", "--for", "employer", "--agency", "Rivertom PD")
    assert code == 1 and "“Riverton PD”" in err


def test_too_few_people_is_said_as_the_reason(run: Run) -> None:
    code, out, err = run("xapi", "--agency", "Elm PD")
    assert (code, out) == (1, "") and "fewer than 5 people" in err


@pytest.mark.parametrize(
    ("args", "word"),
    [
        ((), "csv, json or xapi"),
        (("csv", "--for", "employer"), "--agency"),
        (("json", "--table", "seats"), "--table"),
        (("csv", "--lines"), "--lines"),
        (("json", "--home-page", "https://x.org"), "--home-page"),
        (("xapi", "--home-page", "x.org"), "web address"),
        (("csv", "--since", "2026-02-02", "--until", "2026-01-01"), "both since"),
        (("csv", "--since", "2026-02-30"), "2026-03-02"),
        (("csv", *RIVERTON, "--key", "k"), "--key"),
        (("pdf",), "csv"),
        (("csv", "--for", "me"), "research"),
    ],
)
def test_wrong_use_is_told_with_the_way_out(run: Run, args: tuple[str, ...], word: str) -> None:
    code, out, err = run(*args)
    assert (code, out) == (2, "") and word in err


def test_dictionary_and_levels_are_printed_alone(run: Run) -> None:
    code, out, _ = run("csv", "--dictionary", "--table", "duties", "--for", "partner")
    assert code == 0 and "| deadline |" in out and "Level: partner" in out
    assert "schema" in run("json", "--dictionary")[1] and "answered" in run("xapi", "--dictionary")[1]
    code, out, _ = run("--explain")
    assert code == 0 and all(f"--for {level}" in out for level in ("employer", "partner", "research"))


def test_a_key_keeps_the_codes_of_one_export_to_the_next(run: Run, tmp_path: Path) -> None:
    key = ("--key", str(tmp_path / "key"))
    first, second, other = run("xapi", *key), run("xapi", *key), run("xapi")
    assert first == second and first[0] == 0 and other[1] != first[1]
    if os.name == "posix":
        assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


def test_what_is_no_key_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("hello", encoding="utf-8")
    code, _, err = run("csv", "--key", str(tmp_path / "key"))
    assert code == 1 and "no key" in err
    assert (tmp_path / "key").read_text(encoding="utf-8") == "hello"


def test_a_reader_who_has_enough_hears_nothing(store: Path) -> None:
    export = [sys.executable, "-m", "facilitator.cli", "export", "csv", *RIVERTON, "--store", str(store)]
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(export, cwd=ROOT, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, "")
