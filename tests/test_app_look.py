"""How the app looks: the footer tells the truth at 80 columns, every key has a name, colour is never alone."""

from __future__ import annotations

import pytest
from textual.binding import Binding

from facilitator.app import HandoffApp
from facilitator.tui.asking import Ask
from facilitator.tui.cohort import CohortScreen
from facilitator.tui.cohort_map import ChooseScenario
from facilitator.tui.rating import RateScreen
from facilitator.tui.review import ReviewScreen
from facilitator.tui.review_filter import FilterScreen
from facilitator.tui.review_table import SessionTable
from simulator.library import Library
from simulator.log import Place, open_store
from simulator.session import Session
from simulator.tui.screens.ask import Confirm
from simulator.tui.screens.care import Help, Quiet, Trouble
from simulator.tui.screens.curtain import Curtain
from simulator.tui.screens.debrief import DebriefScreen
from simulator.tui.screens.home import HomeScreen
from simulator.tui.screens.lobby import LobbyScreen
from simulator.tui.screens.play import PlayScreen
from simulator.tui.screens.say import Say
from simulator.tui.screens.tutorial import TutorialScreen
from simulator.tui.shell import Shell
from simulator.tui.theme import DAY, NIGHT
from simulator.tui.widgets.choices import Choices
from simulator.tui.widgets.ground import Covered
from simulator.tui.widgets.transcript import Transcript
from tests.app_helpers import Table, kept, play

OURS = (
    Shell, HandoffApp, HomeScreen, LobbyScreen, PlayScreen, TutorialScreen, DebriefScreen, ReviewScreen, RateScreen, Ask, Curtain, Quiet,
    Help, Trouble, Confirm, Say, Choices, SessionTable, FilterScreen, CohortScreen, ChooseScenario,
)  # fmt: skip


@pytest.mark.parametrize("owner", OURS, ids=lambda owner: owner.__name__)
def test_every_key_has_an_id_and_says_what_it_does(owner):
    for binding in owner.__dict__.get("BINDINGS", ()):
        assert isinstance(binding, Binding) and binding.id and binding.tooltip, binding


def test_no_two_keys_share_an_id():
    ids = [binding.id for owner in OURS for binding in owner.__dict__.get("BINDINGS", ())]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("side", [False, True], ids=["story", "side"])
def test_the_footer_of_a_play_fits_eighty_columns(tmp_path, side):
    async def story(table: Table) -> None:
        await table.ready()
        if side:
            await table.press("f2")
            await table.shows("Next page")
        footer = table.text().splitlines()[-1]
        for words in ("F1 Help", "F5 Pause", "F6 Step out", "Esc Leave", "F2 Side"):
            assert words in " ".join(footer.split()), footer

    play(tmp_path, story, start="resume", session=kept(tmp_path, advocate="typical"))


def test_without_colour_the_selection_is_still_marked(tmp_path, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")

    async def story(table: Table) -> None:
        await table.ready()
        assert table.app.no_color
        await table.press("2")
        await table.until(lambda: "▶ 2" in table.text())

    play(tmp_path, story, start="resume", session=kept(tmp_path, advocate="typical"))


def test_light_and_dark_are_remembered(tmp_path):
    async def first(table: Table) -> None:
        await table.shows("An evening")
        assert table.app.theme == NIGHT.name
        await table.press("f8")
        assert table.app.theme == DAY.name

    async def second(table: Table) -> None:
        assert table.app.theme == DAY.name

    play(tmp_path, first)
    play(tmp_path, second)


@pytest.mark.parametrize("theme", [NIGHT, DAY], ids=lambda theme: theme.name)
def test_text_stands_out_from_its_ground(theme):
    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    inks = (theme.foreground, theme.primary, theme.secondary, theme.accent, theme.error, theme.success)
    for ground in (theme.background, theme.surface, theme.panel):
        for ink in (*inks, theme.variables["quiet"]):
            one, two = sorted((light(ink), light(ground)))
            assert (two + 0.05) / (one + 0.05) >= 4.5, (ink, ground)  # WCAG 2.2, AA for text


def test_a_play_survives_being_made_small_and_large_again(tmp_path):
    async def story(table: Table) -> None:
        await table.ready()
        for width, height in ((40, 12), (140, 40), (80, 24)):
            await table.pilot.resize_terminal(width, height)
            await table.until(lambda width=width: table.screen.size.width == width)
        await table.choose("1")
        await table.is_asked()

    play(tmp_path, story, start="resume", session=kept(tmp_path, advocate="typical"))


@pytest.mark.parametrize("size", [(40, 12), (60, 16)], ids=str)
def test_a_small_window_keeps_four_lines_of_the_story(tmp_path, size):
    async def story(table: Table) -> None:
        await table.ready()
        story = table.screen.query_one("#story")
        await table.until(lambda: story.size.height >= 4)

    play(tmp_path, story, size=size, start="resume", session=kept(tmp_path, advocate="typical"))


def test_the_story_scrolls_in_a_small_window(tmp_path):
    async def story(table: Table) -> None:
        await table.ready()
        story = table.screen.query_one("#story")
        await table.press("pageup", "pageup", "pageup")
        await table.until(lambda: story.scroll_y == 0)
        await table.press("pagedown")
        await table.until(lambda: story.scroll_y > 0)

    play(tmp_path, story, size=(40, 12), start="resume", session=kept(tmp_path, advocate="typical"))


def test_a_footer_without_room_keeps_help_pause_and_stepping_out(tmp_path):
    async def story(table: Table) -> None:
        await table.ready()
        assert table.text().splitlines()[-1].split() == ["F1", "Help", "F5", "Pause", "F6", "Step", "out"]

    play(tmp_path, story, size=(40, 12), start="resume", session=kept(tmp_path, advocate="typical"))


def test_reading_still_begins_at_what_is_new_when_a_wide_window_whose_side_was_closed_becomes_small(tmp_path):
    store = open_store(tmp_path / "store.sqlite3")
    places = (Place("officer", "Heron", "human"), Place("advocate", "Plover", "typical"))
    ident = Session.begin(store, Library().bundle("kitchen-table"), places, seed=1).id
    store.close()

    async def story(table: Table) -> None:
        await table.choose("3")
        await table.is_asked()
        await table.press("f2")
        await table.until(lambda: "Only you see this side." not in table.text())
        await table.pilot.resize_terminal(60, 20)
        await table.until(lambda: table.screen.query_one(Transcript).size.width == 58)
        await table.pilot.pause()
        await table.pilot.pause()
        assert "Officer Reyes: Ask Tran to stay" in table.text()

    play(tmp_path, story, size=(140, 40), start="resume", session=ident)


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (140, 40)], ids=str)
def test_what_draws_nothing_is_covered_from_edge_to_edge(tmp_path, size):
    def nothing_shows_through(table: Table) -> bool:
        seen = (table.screen.get_widget_at(x, y)[0] for x in range(size[0]) for y in range(size[1]))
        return not any(isinstance(widget, Covered) for widget in seen)

    async def story(table: Table) -> None:
        await table.ready()
        assert nothing_shows_through(table)  # choices
        await table.press("1")
        await table.until(lambda: table.screen.query_one(Choices).selected is not None)
        assert nothing_shows_through(table)
        await table.press("enter")
        await table.is_asked()
        assert nothing_shows_through(table)  # a private question
        await table.answer("s")
        await table.choose("1")
        await table.shows("A hard one")
        await table.choose("1")
        await table.until(table.can_go_on)
        await table.pilot.pause()
        assert nothing_shows_through(table)  # the way onward

    play(tmp_path, story, size=size, start="resume", session=kept(tmp_path, advocate="typical"))
