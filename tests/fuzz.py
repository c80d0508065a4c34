"""Damaged files: `handoff check` never shows a traceback, never takes over two seconds, and always tells a place.

    python -m tests.fuzz --files 10000 --seed 1

Each file is one of the packaged library's with a few changes drawn from the seed: lines lost, doubled, moved or cut, letters
changed, keys and values swapped between lines, conditions turned round. Most can no longer be read; the rest are proven, too.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import scenarios
from facilitator.checking import problems_of
from facilitator.checks.kept import Kept
from simulator.library import Library

LIBRARY = Path(str(scenarios.__file__)).parent
FILES = tuple(sorted(path for path in LIBRARY.rglob("*.yaml")))
SLOW = 2.0  # seconds for one file
PROVING = 0.5  # of these at most for looking at states: what takes longer is told as too large
STATES = 100_000
ODD = (
    "\t",
    "{",
    "}",
    "[",
    "]",
    ":",
    "- ",
    "&a ",
    "*a",
    "!!int ",
    "'",
    '"',
    "|",
    "#",
    "\x00",
    "é",
    "\u202e",
    "null",
    "-1",
)
WORDS = (
    "not ",
    "true",
    "false",
    "minutes_since(x) < 3",
    "0",
    "99999999999999999999",
    "[]",
    "{}",
    "~",
    "end",
    "return.x",
)


@dataclass
class Tally:
    """What came of it. `slowest`: seconds. `faults`: what must never be, in words."""

    files: int = 0
    readable: int = 0
    slowest: float = 0.0
    codes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def mutated(text: str, draw: random.Random) -> str:
    """The text with one to four changes."""
    lines = text.splitlines(keepends=True)
    for _ in range(draw.randint(1, 4)):
        lines = _changed(lines, draw) or ["\n"]
    return "".join(lines)


def _changed(lines: list[str], draw: random.Random) -> list[str]:
    at, other = draw.randrange(len(lines)), draw.randrange(len(lines))
    line = lines[at]
    key, colon, value = line.partition(": ")
    kind = draw.randrange(11)
    if kind == 0:
        return lines[:at] + lines[at + 1 :]
    if kind == 1:
        return [*lines[:at], line, *lines[at:]]
    if kind == 2:
        return lines[: max(at, 1)]
    if kind == 3:
        first, last = sorted((at, other))
        return [*lines[:first], *lines[last:]] if last - first < 40 else lines
    new = line
    if kind == 4:
        place = draw.randrange(len(line) + 1)
        new = line[:place] + draw.choice(ODD) + line[place:]
    elif kind == 5:
        new = lines[other]
    elif kind == 6:
        new = line[draw.randrange(len(line) + 1) :]
    elif kind == 7 and colon:
        new = f"{key}: {draw.choice(WORDS)}\n"
    elif kind == 8 and colon:
        new = f"{key}: {lines[other].partition(': ')[2] or value}"
    elif kind == 9:
        new = line.replace(" and ", " or ") if " and " in line else line.replace("when: ", "when: not ")
    elif kind == 10:
        new = line.replace(draw.choice("abcdefghij"), draw.choice("klmnop "), 1)
    return [*lines[:at], new, *lines[at + 1 :]]


def fuzz(files: int, seed: int, folder: Path, slow: float = SLOW) -> Tally:
    """Damage and check so many files; `folder` is where they are written."""
    tally, shelf = Tally(), Library()
    texts = {path: path.read_text(encoding="utf-8") for path in FILES}
    for number in range(files):
        draw = random.Random(f"{seed} {number}")
        path = draw.choice(FILES)
        place = folder / path.parent.name / path.name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(mutated(texts[path], draw), encoding="utf-8", newline="")
        tally.faults += (
            f"{path.name}, seed “{seed} {number}”: {fault}" for fault in _checked(shelf, place, tally, slow)
        )
        place.unlink()
        shelf = Library() if number % 50 == 49 else shelf  # which keeps what it has read
    return tally


def _checked(shelf: Library, place: Path, tally: Tally, slow: float) -> Iterator[str]:
    began = time.perf_counter()
    try:
        problems = problems_of(shelf, place, "publish", Kept(None, STATES, PROVING))
    except Exception as error:
        yield f"{type(error).__name__}: {error}"
        return
    taken = time.perf_counter() - began
    tally.files += 1
    tally.readable += not any(problem.severity == "error" and problem.code < "HS3" for problem in problems)
    tally.slowest = max(tally.slowest, taken)
    tally.codes.update({problem.code for problem in problems})
    if taken > slow:
        yield f"took {taken:.1f} seconds"
    for problem in problems:
        if problem.line < 1 or problem.column < 1 or not problem.file:
            yield f"{problem.code} has no place"


def main() -> int:
    parser = argparse.ArgumentParser(description="Check many damaged files.")
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tally = fuzz(args.files, args.seed, Path(folder))
    print(f"{tally.files} files, {tally.readable} of them readable; the slowest took {tally.slowest:.2f} s")
    print(", ".join(f"{code} {count}" for code, count in sorted(tally.codes.items())))
    for fault in tally.faults:
        print(fault, file=sys.stderr)
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())
