"""A story that goes on is painted once, when its page stands still."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from textual.app import App, ComposeResult
from textual.widgets import Static

from simulator.tui import settling
from simulator.tui.settling import SettlingScreen

DEADLINE = 60.0


class Story(SettlingScreen[None]):
    def compose(self) -> ComposeResult:
        yield Static("one", id="lines")


class Reader(App[None]):
    """Counts what is painted."""

    paints = 0

    def _display(self, screen, renderable):
        self.paints += renderable is not None
        super()._display(screen, renderable)


def at(story: Callable[[Reader, Story], Awaitable[None]]) -> None:
    async def run() -> None:
        app = Reader()
        async with app.run_test() as pilot:
            page = Story()
            await app.push_screen(page)
            await pilot.pause()
            await until(lambda: page._waiting is None and not page._layout_required)
            app.paints = 0
            await story(app, page)

    asyncio.run(run())


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(DEADLINE):
        while not holds():
            await asyncio.sleep(0)


async def lengthened(page: Story, lines: int) -> None:
    """Lay it out with so many lines."""
    text = page.query_one("#lines", Static)
    text.update("\n".join(["line"] * lines))
    await until(lambda: text.size.height == lines)


def test_layouts_that_follow_each_other_are_painted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling, "STILL", 0.4)  # on a busy machine a moment is longer

    async def story(app: Reader, page: Story) -> None:
        page.settle()
        page._latest += DEADLINE  # however slow the machine is
        for lines in (2, 3, 4):
            await lengthened(page, lines)
            assert app.paints == 0
        await until(lambda: app.paints)
        assert app.paints == 1

    at(story)


def test_what_never_stands_still_is_painted_all_the_same() -> None:
    async def story(app: Reader, page: Story) -> None:
        page.settle()
        lines = 2
        while not app.paints:
            await lengthened(page, lines := 2 + (lines - 1) % 8)

    at(story)


def test_a_page_that_does_not_go_on_is_painted_with_each_layout() -> None:
    async def story(app: Reader, page: Story) -> None:
        for paints, lines in enumerate((2, 3, 4), 1):
            await lengthened(page, lines)
            assert app.paints == paints

    at(story)
