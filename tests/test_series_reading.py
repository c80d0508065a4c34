"""What is wrong with a series is told before anybody plays it."""

from __future__ import annotations

import io
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from facilitator.checking import problems_of
from facilitator.cli import main
from simulator.library import Library
from simulator.problems import Unreadable, codes
from tests.fuzz import mutated
from tests.serial import FOLDER, THREE_DAYS, shelf

Edit = Callable[[str], str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "own"))


def told(folder: Path, file: str = "", old: str = "", new: str = "") -> list[str]:
    """The codes that the series earns after one edit of one of its files."""
    if file:
        path = next(folder.rglob(f"{file}.yaml"))
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
    return [problem.code for problem in Library([folder]).check(folder / "series" / "three-days.yaml")]


SERIES = "three-days"
BROKEN = {
    "a scenario that is nowhere": (SERIES, "- first-night", "- first-nite", "HS214"),
    "a scenario with problems": ("first-night", "opening: door", "opening: dor", "HS270"),
    "a seat that is not there": (SERIES, "{officer: detective}", "{sergeant: detective}", "HS272"),
    "a seat that is not here": (SERIES, "{officer: detective}", "{officer: detectiv}", "HS272"),
    "two seats played on by one": (SERIES, "{officer: detective}", "{officer: detective, advocate: detective}", "HS272"),
    "a meter nobody has": (SERIES, "      meters: trust", "      meters: thrust", "HS273"),
    "a fact under a name that is not here": (SERIES, "first_door_opened", "second_door_opened", "HS273"),
    "a meter of another range": ("morning-after", "to: 5, start", "to: 6, start", "HS274"),
    "a status with a value less": ("court-week", "[quiet, contact, distance]", "[quiet, contact]", "HS274"),
    "an item of another kind": ("morning-after", "kind: location", "kind: health", "HS274"),
    "a shared fact renamed": (SERIES, "facts: door_opened", "facts: [door_opened, officer_cleared]", ""),
    "another law": ("court-week", "jurisdiction: model-state", "jurisdiction: harbor-state", "HS275"),
    "a release whose item stays behind": (SERIES, "      items: sister\n", "", "HS276"),
    "a release to somebody not mapped": (SERIES, "    seats: {officer: detective}\n", "", "HS276"),
    "a release for other items": ("morning-after", "    lasts: 7 days\n", "    lasts: 7 days\n    informed: false\n", "HS276"),
    "nothing at all": (SERIES, "  duties: true\n  meters: trust\n  statuses: wish\n  items: sister\n  voice: says\n", "  renamed: {}\n", "HS277"),
    "no word of what is carried": (SERIES, "carries:\n  duties: true\n  meters: trust\n  statuses: wish\n  items: sister\n  voice: says\n", "", "HS277"),
    "half of a duty": (SERIES, "      duties: true\n      facts: door_opened", "      facts: [door_opened, followup_agreed, officer_cleared, release_asked]", "HS278"),
    "a voice nobody gives her": ("morning-after", "says: ", "felt: ", "HS279"),
    "a name renamed and left behind": (SERIES, "renamed: {door_opened", "renamed: {wisch: wish, door_opened", "HS280"),
}  # fmt: skip


def test_the_three_short_episodes_have_nothing_wrong(folder: Path) -> None:
    assert told(folder) == []


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_wrong_with_a_series_is_told(folder: Path, what: str) -> None:
    file, old, new, code = BROKEN[what]
    found = told(folder, file, old, new)
    assert code in found if code else found == []


def test_a_series_of_one_episode_is_none(tmp_path: Path) -> None:
    (tmp_path / "lonely.yaml").write_text(
        "id: lonely\ntitle: Lonely\nsummary: One.\nepisodes: [kitchen-table]\ncarries: {duties: true}\n",
        encoding="utf-8",
    )
    assert [problem.code for problem in Library([tmp_path]).check(tmp_path / "lonely.yaml")] == ["HS271"]


def test_a_guard_on_what_a_seat_did_not_see_in_the_episode_before_is_told(folder: Path) -> None:
    def found() -> list[str]:
        problems = problems_of(Library([folder]), folder / "series" / "three-days.yaml", "draft")
        return [f"{problem.code} {problem.message}" for problem in problems]

    assert found() == []
    path = folder / "library" / "morning-after.yaml"
    text = path.read_text(encoding="utf-8")
    guard = "file: {text: Close the file for today., when: followup_agreed, closed: Not today., minutes"
    path.write_text(text.replace("file: {text: Close the file for today., minutes", guard), encoding="utf-8")
    assert found() == [
        "HS281 in “morning-after”, whether “file” is open tells Detective Ames whether “followup_agreed” has happened, "
        "which happened in an episode before, out of their sight"
    ]


def test_an_episode_beyond_the_last_is_refused() -> None:
    with pytest.raises(Unreadable, match="has the episodes 1 to 3"):
        shelf().episode("three-days", 4)


def test_a_series_with_problems_is_not_played(folder: Path) -> None:
    told(folder, SERIES, "- first-night", "- first-nite")
    with pytest.raises(Unreadable, match="HS214"):
        Library([folder]).episode("three-days")


@pytest.mark.parametrize("seed", range(8))
def test_a_broken_series_is_told_in_problems_and_nothing_else(seed: int) -> None:
    text, library, draw = THREE_DAYS.read_text(encoding="utf-8"), shelf(), random.Random(seed)
    for _ in range(40):
        for problem in library.check_text(mutated(text, draw), "series/three-days.yaml").problems:
            assert problem.code in codes()


def test_a_series_is_listed_with_its_episodes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--library", str(FOLDER)]) == 0
    assert (
        "three-days           Three days — 3 episodes: first-night, morning-after, court-week"
        in capsys.readouterr().out
    )


def test_an_episode_of_no_series_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["play", "kitchen-table", "--episode", "2", "--plain"]) == 2
    assert "go with a series" in capsys.readouterr().err


def test_a_series_is_played_on_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    series, store = str(FOLDER / "series" / "three-days.yaml"), str(tmp_path / "store.sqlite3")
    one, two = tmp_path / "one.txt", tmp_path / "two.txt"
    one.write_text("officer: hurry\nofficer: call\nadvocate: agree\nadvocate: later\nofficer: card\n", encoding="utf-8")
    two.write_text("advocate: ring\nadvocate: ask_her\ndetective: reach\n", encoding="utf-8")
    assert main(["play", series, "--script", str(one), "--store", store]) == 0
    said = capsys.readouterr().out
    assert "Episode 1 of 3: Three days" in said
    ident = said.rsplit("--after ", 1)[1].strip()
    assert main(["play", series, "--episode", "2", "--after", ident, "--script", str(two), "--store", store]) == 0
    assert "Episode 2 of 3: Three days" in capsys.readouterr().out
    assert main(["play", series, "--episode", "3", "--after", ident, "--script", str(two), "--store", store]) == 1
    assert f"episode 2 follows the session {ident}, not 3" in capsys.readouterr().err


def test_a_series_is_explored_episode_by_episode(capsys: pytest.CaptureFixture[str]) -> None:
    series = str(FOLDER / "series" / "three-days.yaml")
    assert main(["explore", series]) == 0
    said = capsys.readouterr().out
    assert "it can begin with 1 state." in said
    assert "Duty 5.5 promised-call: met, missed." in said
    assert main(["explore", series, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["complete"] is True
    assert [episode["scenario"] for episode in found["episodes"]] == ["first-night", "morning-after", "court-week"]
    assert found["episodes"][1]["duties"]["promised-call"] == ["not triggered", "met", "missed"]
    assert main(["explore", series, "--limit", "10"]) == 1
    assert "NOT EVERYTHING WAS LOOKED AT: episode 1 has more than 10 states" in " ".join(
        capsys.readouterr().out.split()
    )


def test_where_so_much_may_be_said_that_there_are_too_many_states_it_is_explored_with_nothing_said(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    series, text = str(folder / "series" / "three-days.yaml"), folder / "library" / "first-night.yaml"
    assert main(["explore", series, "--json"]) == 0
    alone = json.loads(capsys.readouterr().out)
    assert alone["silent"] is False
    text.write_text(text.read_text(encoding="utf-8").replace("opening: door", "telling: open\nopening: door"), "utf-8")
    limit = str(max(episode["states"] for episode in alone["episodes"]) + 30)
    assert main(["explore", series, "--limit", limit]) == 0
    assert "nobody says anything unprompted" in " ".join(capsys.readouterr().out.split())
    assert main(["explore", series, "--limit", limit, "--json"]) == 0
    silent = json.loads(capsys.readouterr().out)
    assert silent["silent"] is True
    assert silent["episodes"] == alone["episodes"]


def test_lines_of_text_go_on_with_the_next_episode_at_a_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    series, store = str(FOLDER / "series" / "three-days.yaml"), str(tmp_path / "store.sqlite3")
    told = ["listen", "", "call", "", "agree", "later", "", "card", *[""] * 11, "q"]
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in told)))
    assert main(["play", series, "--plain", "--store", store]) == 0
    said = capsys.readouterr().out
    assert "Play episode 2 now?" in said
    assert "Episode 2 of 3: Three days" in said
    assert "You said you would ring." in said
