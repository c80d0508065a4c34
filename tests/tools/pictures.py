"""Draws the README's pictures from the real app: `python -m tests.tools.pictures`.

They are pictures of *Screen at the Kitchen Table*, played along golden scripts, so they change only when the story
or the look does. Fonts and addresses are taken out of the SVG: it asks nobody for anything.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from facilitator.app import HandoffApp
from simulator.library import Library
from simulator.log import Place, open_store
from simulator.script import parse, play_line
from simulator.session import Session
from simulator.tui.remembered import Remembered
from tests.app_helpers import Table
from tests.bench.many import fill
from tests.golden import scripts

DOCS = Path(__file__).parents[2] / "docs"
SCENARIO = "kitchen-table"
CELL = 12.2  # the width of a character in the exported picture
PLAYERS = {"officer": ("Heron", "human"), "advocate": ("Plover", "typical")}


def main() -> None:
    """Write `docs/play.svg`, `docs/debrief.svg` and `docs/cohort.svg`."""
    _write("play", _picture("expert", _pressing))
    _write("debrief", _picture("typical", _ended))
    _write("cohort", _cohort())


def _write(name: str, picture: Coroutine[Any, Any, str]) -> None:
    path = DOCS / f"{name}.svg"
    path.write_text(plain(asyncio.run(picture)), encoding="utf-8")
    print(path.relative_to(DOCS.parent))


def plain(svg: str) -> str:
    """The picture with whatever monospace font is at hand, and without an address to fetch anything from."""
    svg = re.sub(r"@font-face\s*\{[^}]*\}", "", svg)
    svg = re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font-family:[^;}]*", "font-family: monospace", svg)
    svg = re.sub(r'x="([\d.]+)" y="([\d.]+)" textLength="([\d.]+)"([^>]*)>((?:&#160;)+)', _indent, svg)
    return "\n".join(line.rstrip() for line in svg.splitlines() if line.strip()) + "\n"


def _indent(found: re.Match[str]) -> str:
    """Spaces in front become a place further right: not every viewer keeps them."""
    x, y, length, more, spaces = found.groups()
    by = CELL * spaces.count("&#160;")
    return f'x="{float(x) + by:.1f}" y="{y}" textLength="{float(length) - by:.1f}"{more}>'


def _pressing(session: Session) -> bool:
    """The officer acts, and a duty of the officer's agency runs."""
    return "officer" in session.on_turn and any(
        duty.status == "due" and duty.left is not None for duty in session.view("officer").duties
    )


def _ended(session: Session) -> bool:
    return session.finished


async def _picture(script: str, until: Callable[[Session], bool]) -> str:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ident = _play(folder, script, until)
        app = HandoffApp(store=folder / "store.sqlite3", start="none", remembered=Remembered(folder / "settings.json"))
        async with app.run_test(size=(118, 34)) as pilot:
            table = Table(app, pilot, folder)
            app.resume_session(ident)
            if until is _pressing:
                await table.until(lambda: table.can_choose() or table.asked is not None)
                while table.asked is not None:
                    await table.answer("s")
                await table.ready()
                await table.press("1")
                await table.until(lambda: "▶ 1" in table.text())
            else:
                await table.shows("What only one of you could see")
                await table.press("f9")
                await table.shows("Law and life safety come first.")
                await table.press("4")
                await table.shows("Where most was still open")
            await pilot.pause()
            return app.export_screenshot()


async def _cohort() -> str:
    """The duties page over some hundred made-up sessions, seeded."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = open_store(folder / "store.sqlite3")
        fill(store, 480)
        store.close()
        options = SimpleNamespace(cohort=True)
        app = HandoffApp(store=folder / "store.sqlite3", start="review", options=options)
        async with app.run_test(size=(118, 34)) as pilot:
            table = Table(app, pilot, folder)
            await table.shows("Whom these figures speak of")
            await table.press("3")
            await table.shows("What the agencies owe each other")
            await pilot.pause()
            return app.export_screenshot()


def _play(folder: Path, name: str, until: Callable[[Session], bool]) -> str:
    """Play a golden script as far as the picture wants it. Returns the session's id."""
    script = next(path for path in scripts() if path.parent.name == SCENARIO and path.stem == name)
    store = open_store(folder / "store.sqlite3")
    places = [Place(seat, *who) for seat, who in PLAYERS.items()]
    session = Session.begin(store, Library().bundle(SCENARIO), places, seed=1)
    for line in parse(script.read_text(encoding="utf-8"), script.name):
        if until(session):
            break
        play_line(session, line)
    if session.finished:
        session.finish_phase("reactions")
    store.close()
    return session.id


if __name__ == "__main__":
    main()
