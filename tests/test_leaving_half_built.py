"""Somebody leaves a page, or the app, while it is still being built."""

from __future__ import annotations

import asyncio
from typing import ClassVar

import pytest
from textual.app import ComposeResult
from textual.binding import Binding
from textual.css.query import NoMatches
from textual.events import Compose
from textual.screen import Screen
from textual.widgets import Select, Static

from simulator.tui.shell import Shell


class Slow(Select[int]):
    """Is still being built when its page is left: it waits for that, and the framework then mounts nothing more."""

    building = False

    def on_compose(self, event: Compose) -> None:
        event.prevent_default()  # what it is made of stays away, as on a page that closes

    async def on_mount(self) -> None:
        type(self).building = True
        while self.app.is_running and not self.screen._pruning:
            await asyncio.sleep(0)


class Half(Screen[None]):
    def compose(self) -> ComposeResult:
        yield Slow([("one", 1)], value=1, allow_blank=False)


class Whole(Screen[None]):
    """A page with a fault of ours: it looks for what it never had."""

    def compose(self) -> ComposeResult:
        yield Static("here")

    def on_mount(self) -> None:
        self.query_one("#nowhere")


def visit(page: type[Screen[None]], *, back: bool) -> Exception | None:
    async def run() -> Exception | None:
        Slow.building = False
        app = Shell()
        async with app.run_test():
            app.push_screen(page())
            while not Slow.building and app._exception is None:
                await asyncio.sleep(0)
            if back:
                await app.pop_screen()
        return app._exception

    return asyncio.run(run())


@pytest.mark.parametrize("back", [True, False], ids=["the page", "the app"])
def test_what_is_left_while_it_is_being_built_is_no_fault(back):
    assert visit(Half, back=back) is None


def test_a_page_that_looks_for_what_it_never_had_is_a_fault():
    with pytest.raises(NoMatches):
        visit(Whole, back=False)


class Reading(Screen[None]):
    """A page whose key goes to a widget of its own."""

    BINDINGS: ClassVar = [Binding("x", "tell", "Tell")]

    def compose(self) -> ComposeResult:
        yield Static("here", id="text")

    def action_tell(self) -> None:
        self.query_one("#text", Static).update("told")


def test_a_key_does_nothing_on_a_page_that_is_not_built_yet_or_not_there_any_more() -> None:
    async def run() -> list[bool]:
        app = Shell()
        async with app.run_test() as pilot:
            page = Reading()
            here = app.push_screen(page)
            done = [await app.run_action("tell", page)]
            await here
            done.append(await app.run_action("tell", page))
            gone = app.pop_screen()
            await gone
            done.append(await app.run_action("tell", page))
            await pilot.pause()
            assert app._exception is None
        return done

    assert asyncio.run(run()) == [False, True, False]
