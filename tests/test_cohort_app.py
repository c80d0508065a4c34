"""The cohort view on the screen: pages, sheets, the scenario whose turning points are shown, and their map."""

from __future__ import annotations

import threading
from functools import partial

import pytest
from textual.widgets import OptionList

from facilitator import cohort_pages
from facilitator.cohort_pages import KEYS, PARTS, Hidden
from facilitator.tui.map_canvas import MapCanvas
from simulator.log import LogError
from tests.app_helpers import Table, kept, play
from tests.cohorts import figures_of
from tests.logs import begin

figured = partial(play, start="review", cohort=True)


@pytest.fixture
def made(monkeypatch):
    """The figures are the hand-made ones."""
    monkeypatch.setattr(cohort_pages, "read", figures_of)


def another_scenario(folder) -> None:
    from simulator.log import open_store

    store = open_store(folder / "store.sqlite3")
    begin(store)
    store.close()


def test_c_opens_the_figures_of_the_listed_sessions_and_esc_leads_back(tmp_path, made):
    async def story(table: Table) -> None:
        await table.shows("1 of 1 sessions")
        await table.press("c")
        await table.on("CohortScreen")
        await table.shows("Cohort  scenario evening")
        await table.shows("19 % (14–26 %), n = 206")
        await table.press("escape")
        await table.on("ReviewScreen")

    kept(tmp_path, finished=True)
    play(tmp_path, story, start="review", scenario="evening")


def test_every_page_can_be_turned_to_by_its_key_and_shows_the_caution(tmp_path, made):
    async def story(table: Table) -> None:
        await table.on("CohortScreen")
        for key, part in zip(KEYS, PARTS, strict=True):
            await table.press(key)
            lead = cohort_pages.sheets(part.name, figures_of(None, part.name, None))[0].lead
            if part.name != "turning":
                await table.shows(lead[:40])
            await table.until(lambda: "not for discipline" in " ".join(table.text().split()))

    kept(tmp_path, finished=True)
    figured(tmp_path, story, size=(140, 40))


def test_f9_and_f4_walk_through_sheets_and_pages(tmp_path, made):
    async def story(table: Table) -> None:
        await table.press("4")
        await table.shows("Patrol officer")
        await table.press("f9")
        await table.shows("Community advocate")
        assert "Patrol officer" not in table.text()
        await table.press("f4")
        await table.shows("Patrol officer")
        await table.press("f4")
        await table.shows("What the agencies owe each other")
        await table.press("f9", "f9", "f9")
        await table.shows("Choices that narrowed what was still possible")
        await table.press("f4")
        await table.shows("Community advocate")

    kept(tmp_path, finished=True)
    figured(tmp_path, story)


def test_left_and_right_turn_the_sheets_of_a_page_and_are_offered_only_there(tmp_path, made):
    async def story(table: Table) -> None:
        await table.shows("19 % (14–26 %)")
        assert "← → Seat" not in table.text()
        await table.press("4")
        await table.shows("← → Seat")
        await table.press("right")
        await table.shows("Community advocate")
        await table.press("right")
        await table.shows("Patrol officer")
        await table.press("left")
        await table.shows("Community advocate")

    kept(tmp_path, finished=True)
    figured(tmp_path, story)


def test_turning_points_ask_whose_they_are_where_there_are_several(tmp_path, made):
    async def story(table: Table) -> None:
        await table.press("5")
        await table.shows("evening: 1 session")
        await table.shows("kitchen-table: 1 session")
        await table.press("m")
        assert table.name == "CohortScreen"
        await table.press("s")
        await table.on("ChooseScenario")
        await table.until(lambda: table.screen.query_one(OptionList).has_focus)
        await table.press("enter")
        await table.on("CohortScreen")
        await table.shows("44 % (35–52 %), n = 206")
        await table.shows("scenario evening")

    kept(tmp_path, finished=True)
    another_scenario(tmp_path)
    figured(tmp_path, story)


def test_turning_points_are_drawn_on_the_map_seat_by_seat(tmp_path, made):
    async def story(table: Table) -> None:
        await table.press("5")
        await table.shows("Officer Reyes")
        await table.press("m")
        await table.on("LossMap")
        await table.shows("44%")
        await table.shows("loss, Officer Reyes")
        await table.shows("▶ door: At the door")  # where most was lost
        canvas = table.screen.query_one(MapCanvas)
        assert canvas._lens.marks["phone"].letters == "–"
        await table.press("l", "escape")
        await table.on("CohortScreen")
        await table.press("right")
        await table.shows("Maya Ellison")
        await table.press("m")
        await table.on("LossMap")
        await table.shows("loss, Maya Ellison")

    kept(tmp_path, finished=True)
    figured(tmp_path, story, size=(110, 40))


def test_a_scenario_that_is_no_longer_at_hand_has_no_map_and_the_figures_stay(tmp_path, made):
    async def story(table: Table) -> None:
        await table.press("5")
        await table.shows("Officer Reyes")
        table.screen._scenario = "burnt"
        await table.press("m")
        await table.on("Trouble")
        await table.press("enter")
        await table.on("CohortScreen")

    kept(tmp_path, finished=True)
    figured(tmp_path, story)


def test_a_filter_chosen_here_holds_for_the_list_too(tmp_path, made):
    async def story(table: Table) -> None:
        await table.shows("19 % (14–26 %)")
        await table.press("f")
        await table.on("FilterScreen")
        await table.until(lambda: "Looking up" not in table.text())
        await table.pick("#filter-scenario", "evening")
        await table.press("f9")
        await table.on("CohortScreen")
        await table.shows("Cohort  scenario evening")
        await table.press("escape")
        await table.shows("1 of 2 sessions")

    kept(tmp_path, finished=True)
    another_scenario(tmp_path)
    figured(tmp_path, story)


def test_while_figures_are_added_up_a_word_says_so_and_keys_work(tmp_path, monkeypatch):
    gate = threading.Event()

    def slow(store, part, cohort, progress=None):
        if progress is not None:
            progress(20, 400)
            gate.wait(20)
        return figures_of(store, part, cohort)

    monkeypatch.setattr(cohort_pages, "read", slow)

    async def story(table: Table) -> None:
        await table.on("CohortScreen")
        await table.shows("Adding up sessions for the first time: 20 of 400 …")
        await table.press("4")
        await table.shows("Adding up …")
        gate.set()
        await table.shows("Patrol officer")

    kept(tmp_path, finished=True)
    figured(tmp_path, story)


def test_a_page_that_cannot_be_read_says_why_and_the_others_can(tmp_path, monkeypatch):
    def broken(store, part, cohort, progress=None):
        if part == "lines":
            raise LogError(f"The store is locked. {'word ' * 30}Try again.")
        return figures_of(store, part, cohort)

    monkeypatch.setattr(cohort_pages, "read", broken)

    async def story(table: Table) -> None:
        await table.press("2")
        await table.shows("This page cannot be read: The store is locked.")
        await table.shows("Try again.")  # however long it is
        await table.press("3")
        await table.shows("What the agencies owe each other")
        monkeypatch.setattr(cohort_pages, "read", figures_of)
        await table.press("ctrl+r", "2")
        await table.shows("Nobody leaves her alone")

    kept(tmp_path, finished=True)
    figured(tmp_path, story)


def test_a_cohort_that_may_not_be_shown_says_why(tmp_path, monkeypatch):
    monkeypatch.setattr(cohort_pages, "read", lambda *_: Hidden("Fewer than 5 people of this agency have played."))

    async def story(table: Table) -> None:
        for key in "135":
            await table.press(key)
            await table.shows("Fewer than 5 people of this agency have played.")
        assert "M Map" not in table.text()

    kept(tmp_path, finished=True)
    figured(tmp_path, story)


def test_the_figures_of_a_store_with_one_session_are_not_enough_to_say(tmp_path):
    async def story(table: Table) -> None:
        await table.shows("1 session in 1 workshop")
        await table.shows("not enough to say (n = 1)")
        assert "●" not in table.text()

    kept(tmp_path, finished=True)
    figured(tmp_path, story)


def test_the_figures_of_an_empty_store_say_that_there_is_nothing_to_say(tmp_path):
    async def story(table: Table) -> None:
        await table.shows("No finished session is among those chosen.")
        await table.press("5")
        await table.shows("No session is among those chosen.")

    figured(tmp_path, story)


@pytest.mark.parametrize("width", [40, 60, 80, 140])
def test_figures_are_drawn_anew_for_the_width_of_the_window(tmp_path, made, width):
    async def story(table: Table) -> None:
        await table.press("4")
        await table.until(lambda: "●" in table.text())
        await table.pilot.resize_terminal(width, 40)
        await table.until(lambda: table.screen.size.width == width)
        await table.until(lambda: any("100 %" in line for line in table.text().splitlines()))
        paper = table.screen.query_one("#cohort-paper")
        await table.until(lambda: paper.virtual_size.width <= paper.size.width)

    kept(tmp_path, finished=True)
    figured(tmp_path, story, size=(100, 40))


def test_the_footer_of_the_cohort_fits_eighty_columns(tmp_path, made):
    async def story(table: Table) -> None:
        await table.press("5")
        await table.shows("evening: 1 session")
        await table.press("s")
        await table.on("ChooseScenario")
        await table.press("enter")
        await table.shows("M Map")
        footer = " ".join(table.text().splitlines()[-1].split())
        for words in ("← → Seat", "F9 Next", "S Scenario", "M Map", "Esc Back", "F1 Help", "F5 Pause", "F6 Step out"):
            assert words in footer

    kept(tmp_path, finished=True)
    another_scenario(tmp_path)
    figured(tmp_path, story)
