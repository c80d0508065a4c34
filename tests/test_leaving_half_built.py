"""Somebody leaves a page, or the app, while it is still being built."""

from __future__ import annotations

import asyncio

import pytest
from textual.app import ComposeResult
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
