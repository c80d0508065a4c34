"""Each file in tests/broken is wrong in one way and says where: `# expect: CODE line:column`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.library import Library, Unreadable, bundle_from_texts
from simulator.problems import codes, render
from tests.sizes import examples

HERE = Path(__file__).parent
SHELF = HERE / "fixtures" / "shelf"
FILES = sorted((HERE / "broken").glob("*.yaml"))
EXPECT = re.compile(r"(?m)^# expect: (HS\d{3}) (\d+):(\d+)$")
NOT_IN_A_FILE = {"HS101", "HS102"}  # about files that cannot become text; see test_reading
OF_SERIES = {f"HS{number}" for number in range(270, 286)}  # about several files; see test_series_reading

library = Library([SHELF])
GOOD = (SHELF / "library" / "porch.yaml").read_text(encoding="utf-8").splitlines(keepends=True)


def expected(path: Path) -> list[tuple[str, int, int]]:
    found = EXPECT.findall(path.read_text(encoding="utf-8"))
    return [(code, int(line), int(column)) for code, line, column in found]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_broken_file_is_reported_where_it_is_broken(path: Path) -> None:
    read = library.check_text(path.read_text(encoding="utf-8"), path.name)
    places = [(problem.code, problem.line, problem.column) for problem in read.problems]
    assert expected(path), "the file says nothing about what is expected"
    for place in expected(path):
        assert place in places, "\n".join(map(render, read.problems))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_broken_file_is_not_blamed_for_what_follows_from_its_fault(path: Path) -> None:
    read = library.check_text(path.read_text(encoding="utf-8"), path.name)
    assert len(read.problems) <= len(expected(path)) + 1, "\n".join(map(render, read.problems))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_problem_of_a_broken_file_shows_its_line_a_caret_and_a_question(path: Path) -> None:
    for problem in library.check_text(path.read_text(encoding="utf-8"), path.name).problems:
        shown = render(problem)
        assert shown.startswith(f"{path.name}:{problem.line}:{problem.column}: {problem.code} {problem.severity}: ")
        assert "^" in shown or not problem.source_line
        assert problem.hint.rstrip(".").endswith("?") or "?" in problem.hint
        assert "\033[" in render(problem, colour=True)


def test_every_code_a_file_can_earn_has_a_broken_file() -> None:
    shown = {code for path in FILES for code, _, _ in expected(path)}
    assert shown == {code for code in codes() if code < "HS307"} - NOT_IN_A_FILE - OF_SERIES


lines = st.lists(
    st.tuples(
        st.sampled_from(["delete", "double", "cut", "swap", "indent", "garble"]),
        st.integers(0, len(GOOD) - 1),
        st.integers(0, 40),
    ),
    min_size=1,
    max_size=4,
)


def damaged(changes: list[tuple[str, int, int]]) -> str:
    text = list(GOOD)
    for what, at, much in changes:
        at %= len(text)
        match what:
            case "delete":
                text[at : at + 1 + much % 3] = [""]
            case "double":
                text.insert(at, text[at])
            case "cut":
                text[at] = text[at][:much] + "\n"
            case "swap":
                other = much % len(text)
                text[at], text[other] = text[other], text[at]
            case "indent":
                text[at] = "  " + text[at]
            case "garble":
                text[at] = (
                    text[at][:much] + ["[", "{", ": ", "- ", "'", "&a ", "*a", "\t", "yes", "~"][much % 10] + "\n"
                )
    return "".join(text)


@settings(max_examples=examples(80), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lines)
def test_a_damaged_file_is_unreadable_or_playable_but_never_a_crash(changes: list[tuple[str, int, int]]) -> None:
    read = library.check_text(damaged(changes), "library/porch.yaml")
    for problem in read.problems:
        assert problem.code in codes()
        render(problem)
    if read.sound:
        assert read.value.scenes


@settings(max_examples=examples(40), deadline=None)
@given(lines)
def test_damaged_kept_copies_are_unreadable_or_playable_but_never_a_crash(changes: list[tuple[str, int, int]]) -> None:
    from dataclasses import replace

    texts = library.bundle("porch").texts
    try:
        bundle_from_texts(replace(text, text=damaged(changes)) if text.kind == "scenario" else text for text in texts)
    except Unreadable as error:
        assert error.problems
