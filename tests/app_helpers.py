"""What the tests of the app share: a small scenario, an app on a store of its own, and waiting without sleeping.

A test is an ordinary function that hands a coroutine to `play`. Waiting means asking for a condition until it holds
or a deadline has passed; no test counts on how long something takes.
"""

from __future__ import annotations

import asyncio
import html
import re
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from textual.selection import SELECT_ALL
from textual.widgets import Select

from facilitator.app import HandoffApp
from simulator.library import Library
from simulator.log import Place, open_store
from simulator.session import Session
from simulator.tui.remembered import Remembered
from simulator.tui.screens import curtain
from simulator.tui.widgets.choices import Choices, Rows
from simulator.tui.widgets.onward import Onward
from simulator.tui.widgets.transcript import Transcript

curtain.DOUBLE_PRESS = 0.0  # tests press faster than people; one test puts it back

DEADLINE = 60.0  # seconds; far beyond what anything here takes, also beside eight others on two cores

# Every text that only one seat may see holds the seat's own word, so that a test can look for it on a screen.
SCENARIO = """
id: evening
title: An evening
summary: A small one, for tests.
minutes_to_play: 3
starts: 2026-01-09T23:52
advisories: [raised voices, a door that slams]
framework: trauma-informed
mou: riverside-dv
jurisdiction: model-state
objectives:
  o: {text: Talk apart, duties: [apart-before-questions], decisions: [door]}
seats:
  officer: {role: patrol-officer, employer: riverside-pd, name: Officer Reyes, brief: OFFICERSECRET one.}
  advocate: {role: community-advocate, employer: harbor-house, name: Maya Ellison, brief: ADVOCATESECRET one.}
items:
  gun: {text: where the gun is, about: survivor}
opening: door
scenes:
  door:
    title: At the door
    turn: officer
    text: Dana opens [b]the door[/b] and [oops.
    private: {advocate: ADVOCATESECRET two., officer: OFFICERSECRET two.}
    actions:
      apart:
        text: Take her apart
        minutes: 3
        records: [officer_arrived, separated_sight_and_sound, high_danger_found]
        practice: {safety: 2}
        because: It is quiet there.
        says: OFFICERSECRET three.
        report: Parties apart.
        to: phone
      ask: {text: Ask now, minutes: 1, records: [officer_arrived, risk_questions_asked, risk_questions_in_hearing],
        practice: {safety: -2}, because: He hears it., felt: "He was right there.", to: phone}
      later: {text: Come back later, when: officer_arrived, closed: nobody is here yet, to: phone}
  phone:
    title: The phone
    turn: advocate
    present: [officer, advocate]
    predict: officer
    text: She tells her part.
    private: {advocate: ADVOCATESECRET three.}
    actions:
      listen: {text: Listen, minutes: 2, practice: {safety: 1}, learn: {advocate: gun}, to: both}
      hurry: {text: Hurry, minutes: 2, to: both}
  both:
    title: Together
    turn: [officer, advocate]
    text: You look at each other.
    actions:
      officer-stay: {seat: officer, text: You stay, minutes: 1}
      officer-go: {seat: officer, text: You go, minutes: 1}
      advocate-stay: {seat: advocate, text: You keep the line, minutes: 1}
      advocate-go: {seat: advocate, text: You hang up, minutes: 1}
    to: hard
  hard:
    title: A hard one
    turn: officer
    present: [officer, advocate]
    text: Nobody knows.
    judgement: {question: Which of the two?, both_sides: [this one, that one]}
    actions:
      this: {text: This way, to: end}
      that: {text: That way, to: end}
  end: {title: Later, text: Over., ending: {title: The night ends, felt: "I slept."}}
"""


def scenario(folder: Path) -> Path:
    """The small scenario as a file of its own in a folder of the test."""
    path = folder / "shelf" / "library" / "evening.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(SCENARIO, encoding="utf-8")
    return path


def kept(folder: Path, officer: str = "human", advocate: str = "human", *, finished: bool = False) -> str:
    """A session of the small scenario in the test's store, played to its end if `finished`. Returns its id."""
    store = open_store(folder / "store.sqlite3")
    places = (Place("officer", "Heron", officer), Place("advocate", "Plover", advocate))
    session = Session.begin(store, Library().bundle(scenario(folder)), places, seed=1)
    if finished:
        for seat, action in (
            ("officer", "apart"), ("advocate", "listen"), ("officer", "officer-stay"), ("advocate", "advocate-go"),
            ("officer", "this"),
        ):  # fmt: skip
            session.choose(seat, action)
    store.close()
    return session.id


def events(folder: Path, ident: str) -> list[dict[str, Any]]:
    """The events of a session as its log holds them."""
    store = open_store(folder / "store.sqlite3")
    try:
        return [row.body for row in store.read(ident)]
    finally:
        store.close()


def read(story: Transcript) -> str:
    """All of a story that can be read or scrolled to, as it is copied."""
    found = story.get_selection(SELECT_ALL)
    return found[0] if found is not None else ""


class Table:
    """An app under test: keys in, text out."""

    def __init__(self, app: HandoffApp, pilot: Any, folder: Path):
        self.app, self.pilot, self.folder = app, pilot, folder

    @property
    def screen(self) -> Any:
        return self.app.screen

    @property
    def name(self) -> str:
        """The class name of the screen that is up."""
        return type(self.app.screen).__name__

    async def until(self, holds: Callable[[], object], what: str = "") -> None:
        """Wait until something holds. AssertionError, with what the screen shows, after the deadline."""
        deadline = time.monotonic() + DEADLINE
        while time.monotonic() < deadline:
            if holds():
                return
            await self.pilot.pause()
        raise AssertionError(f"waited in vain{f' for {what}' if what else ''}; {self.app.troubles}\n{self.text()}")

    async def on(self, name: str) -> None:
        """Wait until this screen is up and drawn."""
        await self.until(lambda: self.name == name, name)
        await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def ready(self) -> None:
        """Wait until the play asks for a choice."""
        await self.until(self.can_choose, "a choice")
        await self.pilot.pause()

    def can_choose(self) -> bool:
        return any(choices.display and not choices._done for choices in self.screen.query(Choices)) and not self.asked

    @property
    def asked(self) -> Any:
        """What is asked in private just now, or None."""
        return getattr(self.screen, "_asked", None)

    async def is_asked(self) -> None:
        """Wait until something is asked in private."""
        await self.until(lambda: self.asked is not None, "a private question")
        await self.pilot.pause()

    async def answer(self, key: str) -> None:
        """Answer what is asked in private by a key, or skip it with `s`, and wait until that is kept."""
        await self.is_asked()
        screen, before = self.screen, self.asked
        await self.press(key)
        await self.until(lambda: screen._asked is not before, "the answer to be kept")

    def can_go_on(self) -> bool:
        return any(onward.display for onward in self.screen.query(Onward))

    async def choose(self, key: str) -> None:
        """Select by a key and commit."""
        await self.ready()
        await self.press(key, "enter")

    async def click(self, option: int) -> None:
        """Click on an option, by its place in the list; negative: from the end."""
        rows = self.screen.query_one(Rows)
        await self.pilot.click(Rows, offset=(6, rows.span(option % len(rows.rows)).y))

    async def pick(self, field: str, value: str) -> None:
        """Set a list to one of its entries, once it has been built."""
        await self.until(lambda: self.screen.query(f"{field} #label"), field)
        self.screen.query_one(field, Select).value = value

    async def shows(self, text: str) -> None:
        """Wait until a text can be read on the screen."""
        await self.until(lambda: text in self.text(), f"“{text}”")

    def text(self) -> str:
        """What can be read on the screen, line by line, as a person sees it."""
        svg = self.app.export_screenshot()
        lines: dict[int, list[tuple[float, str]]] = {}
        for x, number, text in re.findall(r'<text[^>]*?x="([\d.]+)"[^>]*?line-(\d+)\)">(.*?)</text>', svg):
            lines.setdefault(int(number), []).append((float(x), html.unescape(text).replace("\xa0", " ")))
        return "\n".join("".join(part for _, part in sorted(lines[number])) for number in sorted(lines))


def play(
    folder: Path,
    story: Callable[[Table], Awaitable[None]],
    *,
    size: tuple[int, int] = (80, 24),
    start: str = "home",
    **options: object,
) -> None:
    """Open the app on the test's own store and shelf, run the story, and see that nothing went wrong unseen."""
    import argparse

    scenario(folder)

    async def run() -> None:
        app = HandoffApp(
            store=folder / "store.sqlite3",
            folders=(folder / "shelf",),
            start=start,
            options=argparse.Namespace(**options),
            remembered=Remembered(folder / "settings.json"),
        )
        async with app.run_test(size=size, notifications=True) as pilot:
            await story(Table(app, pilot, folder))

    asyncio.run(run())
