"""The map on the screen: walking through it, reading cards, searching, lenses, and the outline."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest
from textual.binding import Binding
from textual.widgets import Input

from facilitator.app import HandoffApp
from facilitator.tui.map import MapScreen
from facilitator.tui.map_canvas import MapCanvas
from facilitator.tui.map_card import CardScreen
from facilitator.tui.map_outline import MapOutline
from simulator.tui.remembered import Remembered
from simulator.tui.theme import DAY
from tests.app_helpers import SCENARIO, Table, play, scenario

mapped = partial(play, start="map", scenario="evening", lens="seat")


async def drawn(table: Table) -> None:
    """Wait until the map is on the screen, with what was last asked for."""
    await table.on("MapScreen")
    await table.until(lambda: table.screen._shown is not None and table.screen._shown.wanted == table.screen._wanted)
    await table.shows("Enter opens its card")
    await table.pilot.pause()


def here(table: Table) -> str:
    """The scene that the line below the map names."""
    line = next(line for line in table.text().splitlines() if "▶ " in line and "—" in line)
    return line.split("▶ ")[1].split(":")[0]


def test_the_map_opens_at_the_opening_with_marks_and_what_they_mean(tmp_path):
    async def story(table: Table) -> None:
        await drawn(table)
        text = table.text()
        assert here(table) == "door" and "At the door" in text
        assert "O Officer Reyes · A Maya Ellison" in text and "─ A ─" in text and "═ OA ═" in text

    mapped(tmp_path, story, size=(80, 40))


def test_the_arrows_go_along_the_ways_and_back(tmp_path):
    async def story(table: Table) -> None:
        await drawn(table)
        for key, scene in (("down", "phone"), ("down", "both"), ("up", "phone"), ("end", "end"), ("home", "door")):
            await table.press(key)
            await table.until(lambda scene=scene: here(table) == scene, scene)

    mapped(tmp_path, story)


def test_up_goes_back_the_way_that_was_come(tmp_path):
    """Four scenes lead to hand-at-throat; the nearest is not the one that was gone through."""

    async def story(table: Table) -> None:
        await drawn(table)
        table.app.push_screen(MapScreen("kitchen-table"))
        await table.until(lambda: table.screen._shown is not None and table.screen._shown.chart.id == "kitchen-table")
        await table.press("down", "down", "down", "down", "right", "right", "right")
        await table.until(lambda: table.screen._here == "porch-door")
        await table.press("down")
        await table.until(lambda: table.screen._here == "hand-at-throat")
        await table.press("up")
        await table.until(lambda: table.screen._here == "porch-door")

    mapped(tmp_path, story)


def _mapped_as_written(folder, story) -> None:
    """As `mapped`, on the file as the test has written it."""

    async def run() -> None:
        from types import SimpleNamespace

        app = HandoffApp(
            store=folder / "store.sqlite3",
            folders=(folder / "shelf",),
            start="map",
            options=SimpleNamespace(scenario="evening", lens="seat"),
            remembered=Remembered(folder / "settings.json"),
        )
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            await story(Table(app, pilot, folder))

    asyncio.run(run())


def test_left_and_right_go_to_the_scenes_beside(tmp_path):
    async def story(table: Table) -> None:
        await drawn(table)
        table.app.push_screen(MapScreen("kitchen-table"))
        await table.until(lambda: table.screen._shown is not None and table.screen._shown.chart.id == "kitchen-table")
        await table.press("down", "down", "down", "down")
        await table.until(lambda: table.screen._here in ("kitchen", "one-room", "back-room", "porch-door"))
        first = table.screen._here
        await table.press("right")
        await table.until(lambda: table.screen._here != first)
        await table.press("left")
        await table.until(lambda: table.screen._here == first)

    mapped(tmp_path, story)


def test_a_click_selects_a_scene_and_a_second_one_opens_its_card(tmp_path):
    async def story(table: Table) -> None:
        await drawn(table)
        canvas = table.screen.query_one(MapCanvas)
        box = table.screen._shown.cells.plan.boxes["phone"]
        spot = (box.centre - canvas.scroll_offset.x, box.y + 1 - canvas.scroll_offset.y)
        await table.pilot.click(MapCanvas, offset=spot)
        await table.until(lambda: here(table) == "phone")
        await table.pilot.pause()
        spot = (box.centre - canvas.scroll_offset.x, box.y + 1 - canvas.scroll_offset.y)
        await table.pilot.click(MapCanvas, offset=spot)
        await table.on("CardScreen")

    mapped(tmp_path, story, size=(100, 50))


def test_enter_opens_a_card_that_takes_brackets_as_text_and_esc_closes_it(tmp_path):
    async def story(table: Table) -> None:
        await drawn(table)
        await table.press("enter")
        await table.on("CardScreen")
        for words in ("Dana opens [b]the door[/b] and [oops.", "present: Officer Reyes", "Safety +2", "→ phone"):
            await table.shows(words)
        await table.press("escape")
        await drawn(table)
        assert here(table) == "door"

    mapped(tmp_path, story, size=(110, 60))


def test_the_outline_lists_actions_with_their_targets_and_enter_goes_there(tmp_path):
    async def story(table: Table) -> None:
        await drawn(table)
        await table.press("tab")
        await table.shows("apart → phone: Take her apart")
        assert table.screen.query_one(MapOutline).has_focus
        await table.press("down")
        await table.shows("Enter goes to phone")
        await table.press("enter")
        await table.until(lambda: here(table) == "phone")
        await table.press("enter")
        await table.shows("She tells her part.")
        await table.press("escape")
        await drawn(table)
        await table.press("tab")
        await table.until(lambda: table.screen.query_one(MapCanvas).has_focus)
        assert table.screen.query_one(MapCanvas).selected == "phone"

    mapped(tmp_path, story)


def test_an_action_that_leads_to_several_scenes_unfolds_into_them(tmp_path):
    async def story(table: Table) -> None:
        await drawn(table)
        table.app.push_screen(MapScreen("kitchen-table"))
        await table.until(lambda: table.screen._shown is not None and table.screen._shown.chart.id == "kitchen-table")
        table.screen._here = "screen.how-to-ask"
        await table.press("tab", "down", "down")
        await table.shows("Enter folds it")
        await table.press("enter", "down")
        await table.shows("Enter goes to screen.asked-apart")

    mapped(tmp_path, story)


def test_a_scene_of_the_outline_can_be_folded_away_and_unfolded(tmp_path):
    async def story(table: Table) -> None:
        await drawn(table)
        await table.press("tab")
        await table.shows("Take her apart")
        await table.press("down", "left", "left")
        await table.until(lambda: "Take her apart" not in table.text())
        await table.press("right")
        await table.shows("Take her apart")

    mapped(tmp_path, story)


def test_a_search_goes_to_what_it_finds_and_n_to_the_next(tmp_path):
    async def story(table: Table) -> None:
        await drawn(table)
        await table.press("slash", *"way")
        await table.shows("1 found")
        await table.press("enter")
        await table.until(lambda: here(table) == "hard")
        await table.press("slash")
        table.screen.query_one(Input).value = "you"
        await table.press("enter")
        await table.until(lambda: here(table) == "both")
        await table.press("n")
        await table.until(lambda: "found" in table.text())
        await table.press("escape")
        await table.until(lambda: "found" not in table.text())

    mapped(tmp_path, story)


def test_a_found_scene_and_the_selected_one_are_marked_without_colour(tmp_path, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")

    async def story(table: Table) -> None:
        await drawn(table)
        assert table.app.no_color and "▶─ O ─" in table.text()
        await table.press("slash", *"tells", "enter")
        await table.until(lambda: "▶─ A ─" in table.text() and "◆" in table.text())

    mapped(tmp_path, story)


def test_each_lens_says_what_it_shows_and_the_last_one_is_followed_by_the_first(tmp_path):
    async def story(table: Table) -> None:
        await drawn(table)
        for words in (
            "duties: T can begin",
            "coverage: how many",
            "cost: of 100",
            "unreviewed: !n",
            "■ ending",
        ):
            await table.press("l")
            await table.shows(words)

    mapped(tmp_path, story)


def test_figures_that_somebody_measured_are_shown(tmp_path):
    async def story(table: Table) -> None:
        await drawn(table)
        screen = MapScreen("evening", lens="coverage", measure=lambda chart, lens: {"door": 1.0})
        table.app.push_screen(screen)
        await table.shows("100%")
        await table.shows("in 100 of 100 random plays")

    mapped(tmp_path, story)


def test_zooming_shows_more_and_less_and_keeps_the_scene(tmp_path):
    async def story(table: Table) -> None:
        await drawn(table)
        await table.press("down", "plus")
        await table.shows("· listen → both")
        await table.press("minus", "minus")
        await table.shows("A phone")
        assert here(table) == "phone" and "zoom: 1 of 3" in table.text()

    mapped(tmp_path, story)


def test_the_map_follows_light_and_dark(tmp_path):
    async def story(table: Table) -> None:
        await drawn(table)
        canvas = table.screen.query_one(MapCanvas)
        before = canvas._named("selected")
        await table.press("f8")
        await table.until(lambda: table.app.theme == DAY.name and canvas._named("selected") != before)

    mapped(tmp_path, story)


def test_help_tells_what_the_boxes_mean(tmp_path):
    async def story(table: Table) -> None:
        await drawn(table)
        await table.press("f1")
        await table.shows("dashed is chance")
        await table.shows("To a scene that this one leads to")

    mapped(tmp_path, story, size=(100, 45))


def test_esc_leads_to_the_first_page(tmp_path):
    async def story(table: Table) -> None:
        await drawn(table)
        await table.press("escape")
        await table.on("HomeScreen")
        await table.shows("An evening")

    mapped(tmp_path, story)


def test_a_scenario_that_cannot_be_read_ends_the_app_with_its_problems(tmp_path):
    async def story(table: Table) -> None:
        await table.until(lambda: table.app.return_code == 1)

    scenario(tmp_path).write_text(SCENARIO.replace("to: phone}", "to: telephone}"), encoding="utf-8")
    _mapped_as_written(tmp_path, story)


def test_the_footer_fits_eighty_columns(tmp_path):
    async def story(table: Table) -> None:
        await drawn(table)
        footer = " ".join(table.text().splitlines()[-1].split())
        for words in ("Tab Outline", "/ Find", "L Lens", "+ - Zoom", "Esc Back", "F1 Help", "F5 Pause", "F6 Step out"):
            assert words in footer

    mapped(tmp_path, story)


@pytest.mark.parametrize("size", [(40, 12), (200, 60)], ids=str)
def test_a_window_of_any_size_shows_the_selected_scene(tmp_path, size):
    async def story(table: Table) -> None:
        await drawn(table)
        await table.press("down", "down")
        await table.until(lambda: "▶═ OA" in table.text())

    mapped(tmp_path, story, size=size)


OURS = (MapScreen, MapCanvas, MapOutline, CardScreen)


@pytest.mark.parametrize("owner", OURS, ids=lambda owner: owner.__name__)
def test_every_key_of_the_map_has_an_id_and_says_what_it_does(owner):
    for binding in owner.__dict__["BINDINGS"]:
        assert isinstance(binding, Binding) and binding.id and binding.tooltip, binding


def test_no_two_keys_of_the_map_share_an_id():
    ids = [binding.id for owner in OURS for binding in owner.__dict__["BINDINGS"]]
    assert len(ids) == len(set(ids))
