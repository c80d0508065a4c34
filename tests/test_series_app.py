"""A series in the app: chosen on the first page, gone on with after the debrief."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from textual.widgets import Input, OptionList

from simulator.log import Place, open_store
from simulator.session import Session
from tests.app_helpers import Table, play
from tests.serial import FOLDER, NIGHT, THREE_DAYS, played, shelf


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(FOLDER, tmp_path / "shelf")
    return tmp_path


def night(folder: Path, *phases: str) -> str:
    """The first episode, played to its ending, and these parts of its debrief done."""
    store = open_store(folder / "store.sqlite3")
    places = [Place("officer", "Ash", "human", "Riverside PD"), Place("advocate", "", "typical")]
    session = played(store, shelf().episode(THREE_DAYS), NIGHT, places=places, workshop="Tuesday")
    for phase in phases:
        session.finish_phase(phase)
    store.close()
    return session.id


def last_begun(folder: Path) -> Session:
    store = open_store(folder / "store.sqlite3")
    return Session.reopen(store, store.sessions()[0].id)


def choose(table: Table, ident: str) -> None:
    entries = table.screen.query_one(OptionList)
    entries.highlighted = [option.id for option in entries.options].index(ident)


async def listed(table: Table) -> None:
    """Wait until the first page lists the series; below a whole library it is not on a small screen."""
    await table.until(
        lambda: any(o.id == "play:three-days" for each in table.screen.query(OptionList) for o in each.options),
        "series",
    )


def test_a_series_is_shown_with_its_episodes(folder):
    async def story(table: Table) -> None:
        await listed(table)
        choose(table, "play:three-days")
        await table.shows("2  The morning after")

    play(folder, story)


def test_the_lobby_says_which_episode_it_is(folder):
    async def story(table: Table) -> None:
        await listed(table)
        choose(table, "play:three-days")
        await table.press("enter")
        await table.shows("Episode 1 of 3: Three days")
        await table.press("f9")
        await table.shows("Hand the keyboard to")

    play(folder, story, size=(100, 30))
    assert last_begun(folder).bundle.stands == {"id": "three-days", "episode": 1, "after": ""}


def test_after_the_debrief_the_next_episode_is_offered_with_the_same_people(folder):
    ident = night(folder, "reactions", "description", "analysis")

    async def story(table: Table) -> None:
        await table.until(lambda: table.screen.query("#write-keep"))
        await table.press("f9")
        await table.shows("Episode 2 of 3 goes on from here.")
        await table.press("f9")
        await table.shows("Episode 2 of 3: Three days")
        await table.until(lambda: table.screen.query("#lobby-begin"))
        assert table.screen.query_one("#alias-0", Input).value == "Ash"
        await table.press("f9")
        await table.on("PlayScreen")

    play(folder, story, size=(100, 40), start="resume", session=ident)
    after = last_begun(folder)
    assert after.bundle.stands == {"id": "three-days", "episode": 2, "after": ident}
    assert [(place.seat, place.alias) for place in after.places] == [("detective", "Ash"), ("advocate", "")]
    assert after.store.about(after.id).workshop == "Tuesday"


def test_an_episode_that_waits_is_listed_until_somebody_begins_it(folder):
    ident = night(folder, "reactions", "description", "analysis", "summary")

    async def story(table: Table) -> None:
        await table.shows("Episode 2: Three days")
        choose(table, f"next:{ident}:three-days")
        await table.shows("It goes on from “The first night”")
        await table.press("enter")
        await table.until(lambda: table.screen.query("#lobby-begin"))
        await table.press("f9")
        await table.on("PlayScreen")

    play(folder, story, size=(100, 30))

    async def later(table: Table) -> None:
        await table.shows("Play a series")
        assert "Episode 2: Three days" not in table.text()

    play(folder, later, size=(100, 40))


def test_the_analysis_has_a_page_for_what_the_episode_began_with(folder):
    from simulator.following import following
    from simulator.tui.findings import pages

    ident = night(folder)
    store = open_store(folder / "store.sqlite3")
    found = following(shelf(), Session.reopen(store, ident), THREE_DAYS)
    after = Session.begin(store, found.bundle, found.places, draw=found.draw)
    last = pages(after.scorecard(), after.state.game)[-1]
    assert last.name == "Before"
    assert any("An agreed follow-up is made" in block.plain for block in last.blocks)
