"""The debrief: four parts in the order of PEARLS, scores closed until the reactions are done."""

from __future__ import annotations

import pytest

from simulator.log import open_store
from tests.app_helpers import Table, events, kept, play
from tests.test_app_privacy import sit_down

WEIGHED = ("Missed", "Kept from first to last", "Rated stronger", "mostly the stronger", "P ·", "S ·", "U ·")


@pytest.fixture
def ended(tmp_path):
    """A play of one officer that has reached its ending; `run` opens its debrief. Returns the remarks and phases kept."""
    ident = kept(tmp_path, advocate="typical", finished=True)

    def run(story, **options):
        play(tmp_path, story, start="resume", session=ident, **options)
        store = open_store(tmp_path / "store.sqlite3")
        remarks = store.remarks(ident)
        store.close()
        return remarks, [event["phase"] for event in events(tmp_path, ident) if event["kind"] == "debrief"]

    return run


async def react(table: Table, text: str = "") -> None:
    await table.until(lambda: table.screen.query("#write-reactions"))
    await table.press(*text, "enter")


async def next_part(table: Table, shows: str) -> None:
    await table.press("f9")
    await table.shows(shows)


def test_reactions_come_first_and_nothing_is_weighed_before_them(ended):
    async def story(table: Table) -> None:
        await table.shows("In one line: how was that for you?")
        assert not any(words in table.text() for words in WEIGHED)
        assert table.screen._findings is None  # not even read

    assert ended(story) == ([], [])


def test_a_reaction_is_kept_for_its_seat(ended):
    async def story(table: Table) -> None:
        await react(table, "hard")
        await table.shows("What only one of you could see")

    remarks, phases = ended(story)
    assert remarks == [("officer", "reactions", "hard")] and phases == ["reactions"]


def test_a_reaction_can_be_left_empty(ended):
    async def story(table: Table) -> None:
        await react(table)
        await table.shows("What only one of you could see")

    assert ended(story) == ([], ["reactions"])


def test_every_box_says_what_happens_with_what_is_written(ended):
    async def story(table: Table) -> None:
        await table.shows("No real people. Kept with this play and nowhere else. Can be left empty.")

    ended(story)


def test_two_people_write_their_reactions_unseen_by_each_other(tmp_path):
    async def story(table: Table) -> None:
        await sit_down(table)
        await react(table, "mine")
        await table.on("Curtain")
        assert "Plover" in table.text() and "mine" not in table.text()
        await table.press("enter")
        await table.until(lambda: table.screen.query("#write-reactions"))
        assert "mine" not in table.text()

    play(tmp_path, story, start="resume", session=kept(tmp_path, finished=True))


def test_what_happened_opens_the_private_knowledge_of_both(ended):
    async def story(table: Table) -> None:
        await react(table)
        await table.shows("Maya Ellison, privately: ADVOCATESECRET two.")
        await table.shows("Officer Reyes, privately: OFFICERSECRET two.")

    ended(story, size=(100, 40))


def test_the_analysis_goes_from_lines_to_working_together(ended):
    async def story(table: Table) -> None:
        await react(table)
        await table.shows("What only one of you could see")
        await next_part(table, "No line of law or life safety was crossed.")
        for key, words in (
            ("2", "clause 2.4"),
            ("3", "Talk apart"),
            ("4", "Where most was still open"),
            ("5", "Safety"),
            ("6", "It is quiet there."),
            ("7", "Who told whom what, and by what right."),
            ("8", "There is no right answer here."),
            ("9", "Where it took both of you."),
        ):
            await table.press(key)
            await table.shows(words)
        assert "not for discipline, hiring or certification" in " ".join(table.text().split())

    ended(story, size=(100, 40))


def test_f9_shows_every_page_of_the_analysis_before_the_next_part(ended):
    async def story(table: Table) -> None:
        await react(table)
        await table.shows("What only one of you could see")
        await next_part(table, "Law and life safety come first.")
        await table.shows("1–9 turn the pages")
        await table.shows("F9 Next page")
        for number in range(2, 10):
            await table.press("f9")
            await table.until(lambda number=number: table.screen.query_one("#analysis").number == number)
        await table.shows("F9 Next part")
        await next_part(table, "One thing to keep:")
        await table.press("f4")
        await table.shows("Where it took both of you.")
        await table.press("f4")
        await table.until(lambda: table.screen.query_one("#analysis").number == 8)

    ended(story)


def test_each_names_one_thing_to_keep_and_one_to_change(ended):
    async def story(table: Table) -> None:
        await react(table)
        await table.shows("What only one of you could see")
        await next_part(table, "Law and life safety come first.")
        await table.press("9")
        await table.shows("Where it took both of you.")
        await next_part(table, "One thing to keep:")
        await table.press(*"ask", "enter", *"wait", "enter")
        await table.shows("Thank you.")
        await table.shows("F9 First page")
        await table.press("f9")
        await table.on("HomeScreen")

    remarks, phases = ended(story)
    assert remarks == [("officer", "keep", "ask"), ("officer", "change", "wait")]
    assert phases == ["reactions", "description", "analysis", "summary"]


def test_a_debrief_that_was_left_goes_on_where_it_stopped(ended):
    async def first(table: Table) -> None:
        await react(table)
        await table.shows("What only one of you could see")
        await next_part(table, "Law and life safety come first.")
        await table.press("escape")
        await table.on("Confirm")
        await table.press("y")
        await table.shows("Debrief: An evening")

    async def second(table: Table) -> None:
        await table.shows("Law and life safety come first.")

    ended(first)
    ended(second)


def test_going_back_a_part_finishes_nothing_twice(ended):
    async def story(table: Table) -> None:
        await react(table)
        await table.shows("What only one of you could see")
        await next_part(table, "Law and life safety come first.")
        await table.press("f4")
        await table.shows("What only one of you could see")
        await next_part(table, "Law and life safety come first.")

    assert ended(story)[1] == ["reactions", "description"]


def test_the_debrief_can_be_paused_without_a_trace_in_the_log(ended):
    async def story(table: Table) -> None:
        await react(table)
        await table.shows("What only one of you could see")
        await table.press("f5")
        await table.on("Quiet")
        await table.press("escape")
        await table.shows("What only one of you could see")

    ended(story)
