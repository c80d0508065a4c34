"""Cold start to the first frame, on a real pseudo-terminal, each in a fresh process.

ours: `handoff`, until its home screen shows its name.
reference: an empty Textual app, until it shows its one word.
"""

from __future__ import annotations

from statistics import median

from tests.bench import Row
from tests.bench.terminal import Terminal

ROUNDS = 9
HANDOFF = ("-c", "import sys; from facilitator.cli import main; sys.exit(main())")
EMPTY = ("-m", "tests.bench.empty_app")


def measure() -> list[Row]:
    _first_frame(HANDOFF, "Handoff"), _first_frame(EMPTY, "ready")  # warm the file cache and the bytecode
    ours, reference = [], []
    for _ in range(ROUNDS):
        ours.append(_first_frame(HANDOFF, "Handoff"))
        reference.append(_first_frame(EMPTY, "ready"))
    return [Row("cold start to first frame, against an empty app", median(ours), median(reference), 1.4)]


def _first_frame(arguments: tuple[str, ...], word: str) -> float:
    with Terminal(arguments) as terminal:
        return terminal.wait(lambda: word in terminal.text()) - terminal.began
