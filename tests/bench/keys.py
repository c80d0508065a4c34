"""From a key to what it changes on the screen, on a real pseudo-terminal.

ours: in play (the kitchen table's first scene), a digit that selects an action; and on the home screen, an arrow.
reference: an empty Textual app that shows the key that was pressed.
"""

from __future__ import annotations

from statistics import median

from tests.bench import Row
from tests.bench.start import EMPTY, HANDOFF
from tests.bench.terminal import Terminal

ROUNDS = 40
PLAY = (*HANDOFF, "play", "kitchen-table", "--partner", "typical", "--seat", "officer")
DOWN, UP, F9 = "\x1b[B", "\x1b[A", "\x1b[20~"


def measure() -> list[Row]:
    with Terminal(HANDOFF) as home, Terminal(PLAY) as play, Terminal(EMPTY) as empty:
        empty.wait(lambda: "ready" in empty.text())
        home.wait(lambda: "Kitchen" in home.text())
        play.wait(lambda: "F9 Begin" in play.text())
        play.settle(0.5)
        play.press(F9)
        play.wait(lambda: "Press 1" in play.text())
        play.settle(1.0)
        home.settle(1.0)
        playing, walking, reference = [], [], []
        for number in range(ROUNDS):
            playing.append(_latency(play, "12"[number % 2]))
            walking.append(_latency(home, (DOWN, UP)[number % 2]))
            reference.append(_latency(empty, "ab"[number % 2]))
    return [
        Row("key to new text in play, against an empty app", median(playing), median(reference), 2.0),
        Row("key to new text at home, against an empty app", median(walking), median(reference), 2.0),
    ]


def _latency(terminal: Terminal, key: str) -> float:
    before = terminal.look()
    pressed = terminal.press(key)
    seconds = terminal.wait(lambda: terminal.look() != before) - pressed
    terminal.settle(0.08)
    return seconds
