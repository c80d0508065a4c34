"""The facilitator's guide is true: its commands run, in order, in an empty folder, and print what it shows."""

from __future__ import annotations

import io
import re
import shlex
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from facilitator.cli import main
from facilitator.usage import build_parser
from simulator.library import Library
from simulator.problems import codes

DOCS = Path(__file__).parent.parent / "docs"
GUIDE = (DOCS / "facilitator.md").read_text(encoding="utf-8")
FAIR = (DOCS / "writing-fair-options.md").read_text(encoding="utf-8")


class Block(NamedTuple):
    """A fenced block of a page: its language, its text, and the line (from 1) it begins on."""

    language: str
    text: str
    line: int


def blocks(page: str) -> list[Block]:
    found = re.finditer(r"(?ms)^```(\w+)\n(.*?)^```$", page)
    return [Block(match[1], match[2], page.count("\n", 0, match.start()) + 1) for match in found]


class Reader:
    """Somebody who does what the guide says, step by step, in one folder."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.monkeypatch, self.capsys = folder, monkeypatch, capsys
        self.ran: list[str] = []

    def read(self, block: Block) -> None:
        if block.language == "console":
            self._console(block)
        elif block.language == "diff":
            self._edit(block)
        elif block.language == "text" and (name := re.match(r"# (\S+\.script)\n", block.text)):
            (self.folder / name[1]).write_text(block.text, encoding="utf-8")

    def _console(self, block: Block) -> None:
        for part in re.split(r"(?m)^\$ ", block.text)[1:]:
            command, *shown = part.splitlines()
            code, out = self._run(command)
            wanted = int(found[1]) if (found := re.search(r"# exit code (\d)", command)) else 0
            assert code == wanted, f"line {block.line}: “{command}” ended with {code}:\n{out}"
            _shows(out, shown, f"line {block.line}: {command}")

    def _run(self, line: str) -> tuple[int, str]:
        before, _, after = line.partition(" | ")
        typed, command = (shlex.split(before)[1], after) if after else ("", before)
        words = shlex.split(command, comments=True)
        self.ran.append(words[0])
        if words[0] == "cp":
            shutil.copy(self.folder / words[1], self.folder / words[2])
            return 0, ""
        assert words[0] == "handoff", f"a command that no test can run: {line}"
        self.monkeypatch.setattr("sys.stdin", io.StringIO(typed.replace("\\n", "\n")))
        code = main([*words[1:], "--store", str(self.folder / "store.sqlite3")])
        captured = self.capsys.readouterr()
        return code, captured.out + captured.err

    def _edit(self, block: Block) -> None:
        head, *lines = block.text.splitlines()
        path = self.folder / head.removeprefix("--- ")
        old = "".join(line[1:] + "\n" for line in lines if line.startswith("-"))
        new = "".join(line[1:] + "\n" for line in lines if line.startswith("+"))
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, (
            f"line {block.line}: what the edit replaces stands {text.count(old)} times in {head}"
        )
        path.write_text(text.replace(old, new), encoding="utf-8")


def _shows(out: str, shown: list[str], where: str) -> None:
    """Every line shown is printed, in this order; “…” stands for anything."""
    lines = [" ".join(line.split()) for line in out.splitlines()]
    for wanted in shown:
        pattern = ".*".join(map(re.escape, " ".join(wanted.split()).split("…")))
        at = next((at for at, line in enumerate(lines) if re.search(pattern, line)), None)
        assert at is not None, f"{where} does not print “{wanted}” there; it prints:\n{out}"
        lines = lines[at + 1 :]


@pytest.fixture
def reader(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return Reader(tmp_path, monkeypatch, capsys)


def test_the_guide_leads_from_new_to_publish_as_it_says(reader):
    for block in blocks(GUIDE):
        reader.read(block)
    assert reader.ran.count("handoff") >= 10


def test_the_guide_shows_every_command_of_somebody_who_writes():
    for command in ("new", "preview", "check", "diff", "list", "play"):
        assert re.search(rf"(?m)^\$ (printf '.*' \| )?handoff {command}\b", GUIDE), command


def test_the_examples_of_files_read():
    for block in blocks(GUIDE):
        if block.language == "yaml":
            ident = re.search(r"(?m)^id: (\S+)", block.text)
            assert ident, f"line {block.line}: an example without an id"
            read = Library().check_text(block.text, f"{ident[1]}.yaml")
            assert read.sound, [str(problem) for problem in read.problems]


def test_every_command_that_the_pages_name_exists():
    known = {name for action in build_parser()._actions for name in getattr(action, "choices", None) or ()}
    named = {name for page in (GUIDE, FAIR) for name in re.findall(r"`handoff ([a-z]+)", page)}
    assert named and named <= known


def test_every_code_that_the_pages_name_has_a_page_of_its_own():
    named = {code for page in (GUIDE, FAIR) for code in re.findall(r"HS\d{3}", page)}
    assert named and named <= set(codes())


def test_every_page_that_the_pages_link_to_exists():
    for page in (GUIDE, FAIR):
        for link in re.findall(r"\]\(([^)#:]+)\)", page):
            assert (DOCS / link).exists(), link


def test_the_errors_that_the_page_on_fair_options_names_are_numbered_as_in_the_field():
    assert set(re.findall(r"\(E(\d+)\)", FAIR)) <= {str(number) for number in range(1, 22)}
