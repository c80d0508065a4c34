"""Many apps in one process: what they share changes nothing that anybody sees."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path

import pytest
from textual import screen, strip
from textual.css.stylesheet import Stylesheet
from textual.widget import Widget

from facilitator.host.lean import FEW, PACE, Threads, lean, settle, sweep
from facilitator.host.styles import LOOKS, _parsed, styles_read_once
from tests.hosted import House, at, until


@pytest.fixture
def leanly() -> Iterator[None]:
    with lean():
        yield


@pytest.fixture(autouse=True)
def shared() -> Iterator[None]:
    with styles_read_once():
        yield


def sheet(**colours: str) -> Stylesheet:
    made = Stylesheet(variables=colours)
    made.add_source("Screen { color: $ink; }", ("file", "Screen"))
    made.parse()
    return made


def test_styles_of_the_same_colours_are_parsed_once() -> None:
    assert sheet(ink="#112233").rules[0] is sheet(ink="#112233").rules[0]


def test_styles_of_other_colours_are_not_shared() -> None:
    dark, light = sheet(ink="#eeeeee"), sheet(ink="#111111")
    assert dark.rules[0].styles.color != light.rules[0].styles.color


def test_a_change_of_colours_leaves_others_as_they_are() -> None:
    one, other = sheet(ink="#eeeeee"), sheet(ink="#eeeeee")
    one.set_variables({"ink": "#111111"})
    one.parse()
    other.parse()
    assert one.rules[0].styles.color.hex == "#111111"
    assert other.rules[0].styles.color.hex == "#EEEEEE"


def test_not_every_set_of_colours_is_kept() -> None:
    for number in range(3 * LOOKS):
        sheet(ink=f"#1111{number:02}")
    assert len(_parsed) <= LOOKS


def test_a_process_that_hosts_no_more_is_as_before() -> None:
    def how() -> tuple[object, ...]:
        sized = vars(Widget)["virtual_size"]
        every = gc.get_threshold(), screen.UPDATE_PERIOD, strip.FIFOCache, Stylesheet.__init__
        return (*every, sized._layout, sized._repaint)

    before = how()
    with lean():
        settle()
    assert how() == before and gc.get_freeze_count() == 0


def test_rubbish_is_looked_for_less_often(leanly: None) -> None:
    settle()
    assert gc.get_threshold() == PACE and gc.get_freeze_count() > 0


def test_what_closed_tabs_left_is_taken_away_when_there_is_enough_of_it() -> None:
    assert not sweep(9, 0)
    assert sweep(10, 12)
    assert not sweep(10, 100)


def test_a_thread_keeps_nothing_of_the_work_it_has_done() -> None:
    class Work:
        pass

    under_way: ContextVar[Work] = ContextVar("under_way")

    def do() -> weakref.ref[Work]:
        under_way.set(Work())
        return weakref.ref(under_way.get())

    with Threads() as threads:
        assert threads.submit(do).result()() is None


def test_a_tab_that_was_closed_leaves_nothing(tmp_path: Path) -> None:
    apps: list[weakref.ref[object]] = []

    async def story(house: House) -> None:
        officer, _ = await house.pair()
        await officer.press("\x1bOQ", "\x1b[20~", "\x1b[15~", "\x1b[B", "x")
        await officer.shows("Paused")
        apps.extend(weakref.ref(tab.app) for tab in house.host.tabs.values() if tab.app.size)
        await officer.leave()
        await until(lambda: len(house.host.tabs) == 1)
        await until(lambda: sweep(FEW, 0) and sum(each() is None for each in apps) == 1)

    at(tmp_path, story)


def test_a_lean_host_shows_what_any_other_does(leanly: None, tmp_path: Path) -> None:
    async def story(house: House) -> None:
        officer, advocate = await house.pair()
        await officer.press("1", "\r")
        await advocate.shows("The phone", "Listen")
        assert strip.Strip([])._divide_cache.get((1,)) is None

    at(tmp_path, story)


def test_light_in_one_tab_leaves_the_others_dark(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        officer, advocate = await house.pair()
        before = advocate.screen.buffer[0][0].bg
        await officer.press("\x1b[19~")
        await until(lambda: officer.screen.buffer[0][0].bg != before)
        third = await house.sit(house.paths[1])
        await third.shows("is thinking")
        assert third.screen.buffer[0][0].bg == before

    at(tmp_path, story)
