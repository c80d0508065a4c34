"""The other's move on my screen: two `handoff join` on one store, each a process in a terminal of its own.

ours: from Enter in one terminal to the story's new lines in the other, the slowest but for one in twenty. reference: a tenth of a second.
A story that goes to and fro, so that every move is witnessed by both, and asked about in private.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from statistics import median

from tests.bench import Row
from tests.bench.start import HANDOFF
from tests.bench.terminal import Terminal
from tests.servers import Server

MOVES = 40
NEW_TEXT = 4  # lines that change at once where a story goes on
F9, CODE = "\x1b[20~", re.compile(r"\b[0-9A-Z]{5}-[0-9A-Z]{5}\b")
SKIPS, SELECTS, COMMITS = "S skips it", "to select", "commits it"
BACK_AND_FORTH = """\
id: back-and-forth
title: Back and forth
summary: For measuring.
starts: 2026-01-09T23:52
advisories: [none]
framework: trauma-informed
mou: riverside-dv
jurisdiction: model-state
objectives: {}
seats:
  officer: {role: patrol-officer, employer: Riverside PD, name: Officer Reyes, brief: You arrive first.}
  advocate: {role: community-advocate, employer: Harbor House, name: Maya Ellison, brief: You answer.}
opening: hall
scenes:
  hall:
    title: In the hall
    turn: officer
    present: [officer, advocate]
    predict: advocate
    text: >
      Dana stands by the coats. She turns a key over in her hand and says that it is late, and that the two of them need not have come. Behind
      the door to the front room the television goes on, a little louder than before.
    actions:
      ask:
        text: Ask her whether there is a room in which she would rather talk, and wait until she has thought of one.
        minutes: 1
        says: She looks at the stairs for a while. Then she says the laundry room, if it has to be now.
        to: laundry
      stay: {text: Begin here and keep your voice down., minutes: 1, to: laundry}
      leave: {text: Leave., to: end}
  laundry:
    title: Among the baskets
    turn: advocate
    present: [officer, advocate]
    predict: officer
    text: >
      There is a back door, and a window over the machine. Dana sits on the edge of a basket and folds what lies in it, towel by towel. She says
      that the boy sleeps, or ought to, and that tomorrow is a school day like any other.
    actions:
      listen:
        text: Say that there is time, and that she may begin wherever she likes.
        minutes: 1
        says: She folds two more. Then she begins with the car, and with who has the second key to it.
        to: hall
      offer: {text: Say what the house has free tonight., minutes: 1, to: hall}
  end: {text: Over., ending: {title: The night ends}}
"""


def measure() -> list[Row]:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        scenario = folder / "library" / "back-and-forth.yaml"
        scenario.parent.mkdir()
        scenario.write_text(BACK_AND_FORTH, encoding="utf-8")
        found = {"one file": _evening(scenario, str(folder / "store.sqlite3"))}
        server = Server(folder / "postgres")
        try:
            with server.database() as url:
                found["PostgreSQL"] = _evening(scenario, url)
        finally:
            server.stop()
    for where, times in found.items():
        print(f"{where}: {len(times)} moves, p50 {median(times) * 1e3:.0f} ms, the slowest {max(times) * 1e3:.0f} ms")
    return [
        Row(
            f"the other's move, two terminals, {where}, p95",
            sorted(times)[int(len(times) * 0.95)],
            0.1,
            1.0,
        )
        for where, times in found.items()
    ]


def _evening(scenario: Path, store: str) -> list[float]:
    join = (*HANDOFF, "join", "--store", store)
    with Terminal((*join, "--new", str(scenario), "--seat", "officer", "--name", "Heron")) as officer:
        officer.wait(lambda: CODE.search(officer.text()) is not None)
        code = CODE.findall(officer.text())[0]
        with Terminal((*join, code, "--seat", "advocate", "--name", "Wren")) as advocate:
            for each in officer, advocate:
                each.wait(lambda each=each: "F9 Begin" in each.text())  # type: ignore[misc]
                each.settle(0.5)
                each.press(F9)
            return _play(officer, advocate)


def _play(officer: Terminal, advocate: Terminal) -> list[float]:
    """By turns; seconds from each Enter to the other's new lines."""
    found: list[float] = []
    mine, other = officer, advocate
    while len(found) < MOVES:
        for each in mine, other:
            each.settle(0.6)  # a press meant for what was there before would do nothing
            while SKIPS in each.text():
                each.press("s")
                each.settle(0.6)
        mine.wait(lambda: SELECTS in mine.text())  # noqa: B023
        mine.press("1")
        mine.wait(lambda: COMMITS in mine.text())  # noqa: B023
        mine.settle()
        before = other.text().split("\n")
        pressed = mine.press("\r")
        found.append(other.wait(lambda: _changed(before, other.text()) >= NEW_TEXT) - pressed)  # noqa: B023
        mine, other = other, mine
    return found


def _changed(before: list[str], now: str) -> int:
    return sum(line != old for line, old in zip(now.split("\n"), before, strict=True))
