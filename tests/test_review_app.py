"""The list of sessions on the screen: of any length, filtered, sorted, by keys and by mouse."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path

import pytest
from textual.widgets import Input, Select

from facilitator.tui.review_table import PAGE, SessionTable
from simulator.log import Place
from simulator.log.sqlite import SqliteStore
from tests.app_helpers import Table, kept, play
from tests.logs import Clock, begin, choose

reviewed = partial(play, start="review")
MANY = 2 * PAGE + 30


def filled(folder: Path, sessions: int = MANY) -> None:
    """Sessions begun an hour apart: workshop w0 the oldest; every third one in Harborview."""
    clock = Clock()
    store = SqliteStore(folder / "store.sqlite3", now=clock)
    for number in range(sessions):
        agency = "Harborview PD" if number % 3 == 0 else "Riverton PD"
        places = (Place("officer", "Heron", "human", agency), Place("advocate", "Wren", "human", "Safe Harbor"))
        ident = begin(store, workshop=f"w{number}", places=places, mou="lakeside" if number % 2 else "riverton")
        store.append(ident, 1, choose("leave"), finished=True)
        clock.pass_days(1 / 24)
    store.close()


def table_of(table: Table) -> SessionTable:
    return table.screen.query_one(SessionTable)


def line(table: Table) -> str:
    """The line the cursor stands on."""
    return next((text for text in table.text().splitlines() if text.startswith(("▶", " ▶"))), "")


async def listed(table: Table, text: str = "session") -> None:
    await table.on("ReviewScreen")
    await table.until(lambda: text in table.text().splitlines()[-2], text)
    await table.until(lambda: table_of(table).current is not None or not table_of(table).total)
    await table.pilot.pause()


def test_the_session_begun_last_stands_first_and_the_cursor_on_it(tmp_path):
    async def story(table: Table) -> None:
        await listed(table, f"{MANY} sessions")
        assert f"w{MANY - 1}" in line(table) and "Began ▼" in table.text()

    filled(tmp_path)
    reviewed(tmp_path, story, size=(140, 24))


def test_only_the_pages_in_sight_are_read(tmp_path):
    async def story(table: Table) -> None:
        await listed(table)
        assert set(table_of(table)._pages) == {0}
        await table.press("end")
        await table.until(lambda: "w0 " in line(table))
        assert table_of(table)._pages.keys() <= {0, 1, 2}
        await table.press("home")
        await table.until(lambda: f"w{MANY - 1} " in line(table))

    filled(tmp_path)
    reviewed(tmp_path, story, size=(140, 24))


def test_a_page_that_has_not_come_yet_is_told_by_dots_and_keys_work_on(tmp_path):
    async def story(table: Table) -> None:
        await listed(table)
        gate = threading.Event()
        real = table.screen._page
        table.screen._page = lambda asked, page: (gate.wait(20), real(asked, page))[1]
        await table.press("end")
        await table.until(lambda: line(table).strip().endswith("…"))
        await table.press("enter", "up")
        gate.set()
        await table.until(lambda: "w1 " in line(table))

    filled(tmp_path)
    reviewed(tmp_path, story, size=(140, 24))


def test_pages_can_be_walked_through_and_every_session_comes_once(tmp_path):
    async def story(table: Table) -> None:
        await listed(table)
        seen = []
        for number in range(MANY):
            await table.until(lambda number=number: table_of(table).current and table_of(table).cursor == number)
            seen.append(table_of(table).current.workshop)
            table_of(table).action_move(1)
        assert seen == [f"w{number}" for number in reversed(range(MANY))]

    filled(tmp_path)
    reviewed(tmp_path, story)


def test_a_digit_sorts_by_a_column_and_once_more_the_other_way(tmp_path):
    async def story(table: Table) -> None:
        await listed(table)
        await table.press("3")
        await table.shows("Agencies ▲")
        await table.until(lambda: "Harborview PD" in line(table))
        await table.press("3")
        await table.shows("Agencies ▼")
        await table.until(lambda: "Riverton PD" in line(table))
        await table.press("1")
        await table.shows("Began ▼")

    filled(tmp_path)
    reviewed(tmp_path, story)


def test_a_click_on_a_heading_sorts_and_a_click_on_a_line_goes_there(tmp_path):
    async def story(table: Table) -> None:
        await listed(table)
        await table.pilot.click(SessionTable, offset=(24, 0))
        await table.shows("Scenario ▲")
        await table.pilot.click(SessionTable, offset=(24, 5))
        await table.until(lambda: table_of(table).cursor == 4)

    filled(tmp_path)
    reviewed(tmp_path, story)


def test_the_filter_offers_what_there_is_with_how_many_and_the_list_follows(tmp_path):
    async def story(table: Table) -> None:
        await listed(table)
        await table.press("f")
        await table.on("FilterScreen")
        agency = table.screen.query_one("#filter-agency", Select)
        await table.until(lambda: "Harborview PD  (77)" in [str(prompt) for prompt, _ in agency._options])
        agency.value = "Harborview PD"
        await table.press("f9")
        await listed(table, f"77 of {MANY} sessions")
        await table.shows("Review  agency Harborview PD")
        await table.press("f")
        await table.on("FilterScreen")
        await table.shows("Harborview PD  (77)")
        await table.press("f4", "f9")
        await listed(table, f"{MANY} sessions")

    filled(tmp_path)
    reviewed(tmp_path, story)


def test_the_field_that_is_asked_for_is_marked_without_colour(tmp_path):
    async def story(table: Table) -> None:
        await listed(table)
        await table.press("f")
        await table.on("FilterScreen")
        await table.shows("▶ Workshop")
        await table.press("tab")
        await table.shows("▶ Scenario")
        assert "▶ Workshop" not in table.text()

    filled(tmp_path, 3)
    reviewed(tmp_path, story)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (("june", ""), "“june” is no day; write it as year-month-day, such as 2026-06-03."),
        (("2026-06-03", "2026-06-01"), "The first day lies after the last one."),
    ],
    ids=str,
)
def test_a_day_that_is_none_is_told_where_it_was_typed(tmp_path, days, said):
    async def story(table: Table) -> None:
        await listed(table)
        await table.press("f")
        await table.on("FilterScreen")
        for name, typed in zip(("since", "until"), days, strict=True):
            table.screen.query_one(f"#filter-{name}", Input).value = typed
        await table.press("f9")
        await table.shows(said)
        await table.press("escape")
        await listed(table, "3 sessions")

    filled(tmp_path, 3)
    reviewed(tmp_path, story, size=(110, 30))


def test_the_command_line_narrows_the_list(tmp_path):
    async def story(table: Table) -> None:
        await listed(table, "1 of 9 sessions")
        await table.shows("Review  workshop w3 · agreement lakeside")

    filled(tmp_path, 9)
    reviewed(tmp_path, story, size=(110, 24), workshop="w3", mou="lakeside")


def test_what_another_command_was_told_does_not_narrow_the_list(tmp_path):
    async def story(table: Table) -> None:
        await table.shows("An evening")
        table.app.open_review()
        await listed(table, "9 sessions")

    filled(tmp_path, 9)
    play(tmp_path, story, start="home", scenario="evening", mou="lakeside")


def test_words_and_filter_narrow_together(tmp_path):
    async def story(table: Table) -> None:
        await listed(table, "5 of 9 sessions")
        await table.press("slash", *"w2")
        await listed(table, "1 of 9 sessions")
        await table.press("enter")
        await table.until(lambda: table_of(table).has_focus)

    filled(tmp_path, 9)
    reviewed(tmp_path, story, mou="riverton")


def test_an_empty_store_says_so(tmp_path):
    async def story(table: Table) -> None:
        await table.shows("Nothing has been played in this store yet.")
        await table.press("down", "end", "enter", "3", "home")
        await table.shows("Agencies ▲")
        assert table.name == "ReviewScreen"

    reviewed(tmp_path, story)


def test_coming_back_from_a_session_finds_the_cursor_where_it_was(tmp_path):
    async def story(table: Table) -> None:
        await listed(table)
        await table.press("down", "down")
        await table.press("f1")
        await table.on("Help")
        await table.press("escape")
        await listed(table)
        await table.until(lambda: "w6 " in line(table))

    filled(tmp_path, 9)
    reviewed(tmp_path, story, size=(140, 24))


def test_a_store_that_cannot_be_read_is_told_in_a_sentence(tmp_path):
    async def story(table: Table) -> None:
        await table.on("Trouble")
        assert "store" in " ".join(table.app.troubles)

    (tmp_path / "store.sqlite3").write_bytes(b"no database at all, and long enough to be read as one" * 40)
    reviewed(tmp_path, story)


def test_without_colour_the_line_the_cursor_stands_on_is_marked(tmp_path, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")

    async def story(table: Table) -> None:
        await listed(table)
        await table.press("down")
        await table.until(lambda: table.app.no_color and "w1 " in line(table))

    filled(tmp_path, 3)
    reviewed(tmp_path, story, size=(140, 24))


def test_the_columns_on_the_right_can_be_looked_at(tmp_path):
    async def story(table: Table) -> None:
        await listed(table)
        assert "Session" not in table.text().splitlines()[2]
        await table.press(*["right"] * 9)
        await table.until(lambda: "Session" in table.text().splitlines()[2])
        assert line(table) and "2026-" not in line(table)  # the mark stays while the columns move
        await table.press(*["left"] * 9)
        await table.until(lambda: "1 Began" in table.text().splitlines()[2])

    filled(tmp_path, 3)
    reviewed(tmp_path, story)


def test_the_list_survives_being_made_small_and_large_again(tmp_path):
    async def story(table: Table) -> None:
        await listed(table)
        await table.press("end")
        for width, height in ((40, 12), (140, 40), (80, 24)):
            await table.pilot.resize_terminal(width, height)
            await table.until(lambda width=width: table.screen.size.width == width)
            await table.until(lambda: line(table))

    filled(tmp_path)
    reviewed(tmp_path, story)


def test_the_footer_of_the_list_fits_eighty_columns(tmp_path):
    async def story(table: Table) -> None:
        await listed(table)
        footer = " ".join(table.text().splitlines()[-1].split())
        for words in ("/ Words", "F Filter", "R Rate", "C Cohort", "Esc Back", "F1 Help", "F5 Pause", "F6 Step out"):
            assert words in footer

    kept(tmp_path)
    reviewed(tmp_path, story)
