"""The list of 100,000 sessions, on a real pseudo-terminal, each time in a fresh process.

ours: `handoff review`, until its screen is painted (half a second where an empty app takes 0.21), and until the first sessions
stand in it;
reference: an empty Textual app, until it shows its one word.
"""

from __future__ import annotations

from statistics import median

from tests.bench import Row
from tests.bench.cohorts import SESSIONS
from tests.bench.exporting import where
from tests.bench.start import EMPTY
from tests.bench.terminal import Terminal

ROUNDS = 7


def measure() -> list[Row]:
    command = (
        "-c",
        # Without pandas, which sqlite-utils would load: the tests' statistics brought it, and nobody else has it.
        "import sys; sys.modules['pandas'] = None\n"
        f"from facilitator.cli import main; sys.exit(main(['review', '--store', {str(where(SESSIONS))!r}]))",
    )
    for arguments, word in ((command, "Screen at the"), (EMPTY, "ready")):  # warm the file cache and the bytecode
        shown(arguments, word)
    painted, rows, reference = [], [], []
    for _ in range(ROUNDS):
        paint, row = shown(command, "the sessions played", "Screen at the")
        painted.append(paint)
        rows.append(row)
        reference.append(shown(EMPTY, "ready")[0])
    return [
        Row(f"list of {SESSIONS:,} sessions: first paint", median(painted), median(reference), 2.4),
        Row(f"list of {SESSIONS:,} sessions: first rows", median(rows), median(reference), 4.0),
    ]


def shown(arguments: tuple[str, ...], *words: str) -> list[float]:
    """After how many seconds each of these words stood on the screen."""
    with Terminal(arguments) as terminal:
        return [terminal.wait(lambda word=word: word in terminal.text()) - terminal.began for word in words]


if __name__ == "__main__":
    for row in measure():
        print(f"{row.name}: {row.ours * 1000:.0f} ms, an empty app {row.reference * 1000:.0f} ms")
