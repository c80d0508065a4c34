"""Problems: what is wrong with a file, where, and how to mend it, in the author's own words.

A code is stable. `diagnostics/HSnnn-name.md` holds what it means, why it matters to trainees and how to mend it; that
page is all of `handoff explain HSnnn`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

Severity = Literal["error", "warning", "notice"]

_RED, _YELLOW, _BLUE, _BOLD, _PLAIN = "\033[31m", "\033[33m", "\033[34m", "\033[1m", "\033[0m"
_TINTS: dict[Severity, str] = {"error": _RED, "warning": _YELLOW, "notice": _BLUE}
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a file.

    Lines and columns count from 1; `length` is the width of the marked text in characters, within its line.
    `related` are other places in the same file that have to do with it, as (line, text).
    """

    code: str
    severity: Severity
    message: str
    file: str
    line: int = 1
    column: int = 1
    hint: str = ""
    source_line: str = ""
    related: tuple[tuple[int, str], ...] = ()
    length: int = 1

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    def __str__(self) -> str:
        return f"{self.place}: {self.code} {self.severity}: {self.message}"


class Unreadable(Exception):
    """A file cannot be played as it is; `problems` says why, all at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def render(problem: Problem, colour: bool = False) -> str:
    """The problem as a few lines of text: where and what, the source line with a caret, the hint."""

    def paint(style: str, text: str) -> str:
        return f"{style}{text}{_PLAIN}" if colour else text

    tint = _TINTS[problem.severity]
    lines = [
        f"{paint(_BOLD, problem.place)}: {paint(tint, f'{problem.code} {problem.severity}')}: {_safe(problem.message)}"
    ]
    if problem.source_line:
        number = str(problem.line)
        shown, start, width = _window(_safe(problem.source_line), problem.column - 1, problem.length)
        lines.append(f"{number:>6} | {shown}")
        lines.append(f"{'':>6} | {' ' * start}{paint(tint, '^' * width)}")
    lines += [f"{'':>6} = line {line}: {_safe(text)}" for line, text in problem.related]
    if problem.hint:
        lines.append(f"    {_safe(problem.hint)}")
    return "\n".join(lines)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that was most likely meant, or None."""
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return close[0] if close else None


def did_you_mean(name: str, known: Iterable[str], kind: str, *, fixed: bool = False) -> str:
    """A hint put as the author's own question: the closest known name, else the few there are.

    `fixed`: an author cannot add one.
    """
    choices = tuple(known)
    article = "an" if kind[:1] in "aeiou" else "a"
    if close := nearest(name, choices):
        return f"Did you mean “{close}”?"
    if not choices and not fixed:
        return f"There is no {kind} here yet. Do you need one called “{name}”?"
    listed = ", ".join(choices[:8]) + (", …" if len(choices) > 8 else "")
    if fixed:
        return f"Which {kind} did you mean: {listed}?"
    return f"Do you need {article} {kind} called “{name}”, or did you mean one of: {listed}?"


@cache
def _pages() -> dict[str, str]:
    found = {}
    for page in files("simulator").joinpath("diagnostics").iterdir():
        if page.name.startswith("HS") and page.name.endswith(".md"):
            found[page.name.split("-", 1)[0]] = page.read_text(encoding="utf-8")
    return dict(sorted(found.items()))


def codes() -> tuple[str, ...]:
    """Every code that has a page."""
    return tuple(_pages())


def explain(code: str) -> str:
    """The page of a code, as Markdown. Raises KeyError, with the nearest code, when there is none."""
    pages = _pages()
    wanted = code.strip().upper()
    if wanted not in pages:
        close = nearest(wanted, pages)
        raise KeyError(f"there is no code “{code}”" + (f"; did you mean {close}?" if close else ""))
    return pages[wanted]


def _safe(text: str) -> str:
    """Text of a file may hold anything; nothing in it may steer the terminal, and a tab is one column wide."""
    return _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text.replace("\t", " "))


def _window(line: str, start: int, length: int, width: int = 100) -> tuple[str, int, int]:
    """A long line cut to `width` around the marked text: what to show, where the mark starts, how long it is."""
    start = max(0, min(start, len(line)))
    first = max(0, start - width // 2) if len(line) > width and start > width // 2 else 0
    shown = line[first : first + width]
    if first:
        shown = "…" + shown[1:]
    if first + width < len(line):
        shown = shown[:-1] + "…"
    return shown, start - first, max(1, min(length, len(shown) - (start - first)))
