"""The story on the page: where reading begins, what stays when the page changes, and that no width loses a word."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.content import Content
from textual.geometry import Offset
from textual.pilot import Pilot
from textual.selection import Selection
from textual.widgets import Static

from simulator.tui.shell import Shell
from simulator.tui.theme import NIGHT
from simulator.tui.widgets.top_bar import TopBar
from simulator.tui.widgets.transcript import LOOKS, WIDEST, Block, Transcript
from simulator.view import Passage
from tests.app_helpers import read

LONG = "She puts the kettle on. It gives her hands something to do, and nobody has to look at anybody. "


def passage(text: str, kind: str = "says") -> Passage:
    return Passage(kind=kind, at=datetime(2026, 1, 9, 23, 52), text=text)  # type: ignore[arg-type]


FIVE = [passage(f"{number}. {LONG * (2 if number < 4 else 6)}") for number in range(5)]


class Page(App[None]):
    """A story above, and below it what may take some of its room."""

    def compose(self) -> ComposeResult:
        yield Transcript(id="story")
        below = Static("\n" * 9, id="below")
        below.display = False
        yield below

    def on_transcript_more(self, message: Transcript.More) -> None:
        self.told.append(message.more)

    def on_mount(self) -> None:
        self.told: list[bool] = []
        self.register_theme(NIGHT)
        self.theme = NIGHT.name


def at(story: Callable[[Transcript, Pilot[None]], Awaitable[None]], size: tuple[int, int] = (60, 20)) -> None:
    async def run() -> None:
        app = Page()
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await story(app.query_one(Transcript), pilot)

    asyncio.run(run())


@contextmanager
def narrower(page: Transcript) -> Iterator[None]:
    """Something below takes half of the room."""
    below = page.app.query_one("#below")
    below.display = True
    yield
    below.display = False


def first_line(page: Transcript) -> str:
    return read(page).split("\n")[round(page.scroll_y)].strip()


async def until(pilot: Pilot[None], holds: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not holds():
            await pilot.pause()


def test_reading_begins_at_the_first_line_that_is_new() -> None:
    async def story(page: Transcript, pilot: Pilot[None]) -> None:
        page.show(FIVE, whose="officer", read=3)
        await until(pilot, lambda: first_line(page).startswith("3."))

    at(story, size=(60, 8))


def test_reading_still_begins_there_when_the_choices_take_half_of_the_page() -> None:
    async def story(page: Transcript, pilot: Pilot[None]) -> None:
        page.show(FIVE, whose="officer", read=4)
        await pilot.pause()
        assert not first_line(page).startswith("4.")  # the page is long enough for more
        with narrower(page):
            await until(pilot, lambda: first_line(page).startswith("4."))

    at(story)


def test_reading_still_begins_there_when_the_window_becomes_wide_and_narrow_again() -> None:
    async def story(page: Transcript, pilot: Pilot[None]) -> None:
        page.show(FIVE, whose="officer", read=3)
        for width in (100, 40, 60):
            await pilot.resize_terminal(width, 8)
            await until(pilot, lambda width=width: page.size.width == width - 2 and first_line(page).startswith("3."))

    at(story, size=(60, 8))


def test_whoever_has_scrolled_stays_where_they_are() -> None:
    async def story(page: Transcript, pilot: Pilot[None]) -> None:
        page.show(FIVE, whose="officer", read=4)
        await pilot.pause()
        page.scroll_to(y=0, animate=False)
        with narrower(page):
            await until(pilot, lambda: page.size.height < 12)
            assert page.scroll_y == 0

    at(story)


def test_a_story_told_to_somebody_else_is_drawn_anew() -> None:
    async def story(page: Transcript, pilot: Pilot[None]) -> None:
        page.show(FIVE, whose="officer", read=0)
        page.end_with("An ending")
        page.show([passage("For her alone.", "private")], whose="advocate", read=0)
        await until(pilot, lambda: read(page).strip() == "Only you: For her alone.")

    at(story)


def test_what_is_waited_for_stands_at_the_end_until_the_story_goes_on() -> None:
    async def story(page: Transcript, pilot: Pilot[None]) -> None:
        page.show(FIVE[:1], whose="officer", read=0)
        page.wait_for("Maya is thinking …")
        await until(pilot, lambda: read(page).strip().endswith("Maya is thinking …"))
        page.show(FIVE[:2], whose="officer", read=1)
        await until(pilot, lambda: "thinking" not in read(page) and "1." in read(page))

    at(story)


def test_a_cleared_page_holds_nothing() -> None:
    async def story(page: Transcript, pilot: Pilot[None]) -> None:
        page.show(FIVE, whose="officer", read=0)
        page.wait_for("Maya is thinking …")
        page.clear()
        await until(pilot, lambda: read(page) == "")

    at(story)


def test_it_says_whether_there_is_more_below() -> None:
    async def story(page: Transcript, pilot: Pilot[None]) -> None:
        told = pilot.app.told
        page.show(FIVE, whose="officer", read=0)
        page.scroll_end(animate=False, immediate=True)
        await until(pilot, lambda: told[-2:] == [True, False])

    at(story, size=(60, 8))


def test_what_is_selected_with_the_mouse_is_copied_without_margins() -> None:
    async def story(page: Transcript, pilot: Pilot[None]) -> None:
        page.show([passage("Only for her eyes.", "private"), passage("And this for all.")], whose="officer", read=0)
        await pilot.pause()
        whole = page.get_selection(Selection(Offset(0, 0), Offset(60, 2)))
        assert whole is not None and whole[0].split("\n") == ["Only you: Only for her eyes.", "", "And this for all."]

    at(story)


def test_nothing_stays_selected_of_a_story_that_was_told_to_somebody_else() -> None:
    async def story(page: Transcript, pilot: Pilot[None]) -> None:
        page.show(FIVE, whose="officer", read=0)
        await pilot.pause()
        page.text_select_all()
        await until(pilot, lambda: page.text_selection is not None)
        page.show([passage("For her alone.", "private")], whose="advocate", read=0)
        assert page.text_selection is None

    at(story)


def test_a_mouse_that_is_drawn_over_the_story_selects_what_it_says() -> None:
    async def story(page: Transcript, pilot: Pilot[None]) -> None:
        page.show([passage("Only for her eyes.", "private"), passage("And this for all.")], whose="officer", read=0)
        await pilot.pause()
        await pilot.mouse_down(page, offset=(3, 1))
        await pilot.hover(page, offset=(40, 3))
        await pilot.mouse_up(page, offset=(40, 3))
        await until(pilot, lambda: (pilot.app.screen.get_selected_text() or "").endswith("And this for all."))
        assert "Only for her eyes." in (pilot.app.screen.get_selected_text() or "")

    at(story)


@given(
    st.sampled_from([*LOOKS, "scene"]),
    st.lists(st.text("abcdefg-éß", min_size=1, max_size=30), min_size=1, max_size=40),
    st.integers(12, 200),
)
def test_no_width_loses_a_word_or_is_overrun(kind: str, words: list[str], width: int) -> None:
    block = Block(Content(" ".join(words)), kind)
    lines = block.lines(width)
    assert "".join("".join(line.plain.split()) for line in lines) == "".join(words)
    for number in range(len(lines)):
        assert block.line(number, width).cell_length <= min(width, WIDEST)


@pytest.mark.parametrize("colours", [True, False])
def test_the_ground_has_no_colours_where_none_are_wished_for(colours: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    if not colours:
        monkeypatch.setenv("NO_COLOR", "1")

    class Bar(Shell):
        def compose(self) -> ComposeResult:
            yield TopBar()

    async def run() -> set[bool]:
        app = Bar()
        async with app.run_test() as pilot:
            await pilot.pause()
            line = app.query("_Line").first()
            strip = line.render_lines(line.size.region)[0]
            grounds = [segment.style.bgcolor.get_truecolor() for segment in strip if segment.style]
            return {ground.red == ground.green == ground.blue for ground in grounds}

    assert asyncio.run(run()) == {not colours}
