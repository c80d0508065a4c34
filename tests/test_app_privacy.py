"""Two people at one keyboard: nothing that only one of them may see is ever on the other's screen."""

from __future__ import annotations

import pytest

from simulator.tui.screens import curtain
from tests.app_helpers import Table, events, kept, play

SECRETS = {"officer": "OFFICERSECRET", "advocate": "ADVOCATESECRET"}


@pytest.fixture
def pair(tmp_path):
    """A session of two people, opened by the app."""
    ident = kept(tmp_path)

    def run(story, **options):
        play(tmp_path, story, start="resume", session=ident, **options)
        return events(tmp_path, ident)

    return run


async def sit_down(table: Table) -> None:
    """Open the curtain for whoever it names."""
    await table.on("Curtain")
    await table.press("enter")
    await table.until(lambda: table.name != "Curtain")


def in_turn(table: Table) -> bool:
    return table.name == "PlayScreen" and table.can_choose()


async def hand_over(table: Table) -> None:
    """Read what came of the own choice, then give the keyboard away."""
    await table.until(lambda: table.name == "Curtain" or table.can_go_on())
    if table.name != "Curtain":
        await table.press("enter")
    await sit_down(table)


def test_the_curtain_names_who_sits_down_and_shows_nothing_of_any_seat(pair):
    async def story(table: Table) -> None:
        await table.on("Curtain")
        text = table.text()
        assert "Heron, Officer Reyes" in text
        assert "SECRET" not in text and "Dana" not in text

    pair(story)


def test_behind_the_curtain_the_own_private_text_shows_and_no_other(pair):
    async def story(table: Table) -> None:
        await sit_down(table)
        await table.ready()
        assert SECRETS["officer"] in table.text() and SECRETS["advocate"] not in table.text()

    pair(story)


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
def test_no_screen_of_a_whole_play_shows_what_another_seat_alone_may_see(pair, size):
    async def story(table: Table) -> None:
        turns = []
        await sit_down(table)
        for seat in ("officer", "advocate", "officer", "advocate", "officer"):
            await table.ready()
            other = next(word for name, word in SECRETS.items() if name != seat)
            assert other not in table.text()
            await table.press("f2")
            assert other not in table.text()
            await table.press("f2")
            await table.choose("1")
            turns.append(seat)
            await table.until(lambda: not in_turn(table))
            while len(turns) < 5 and not in_turn(table):
                await table.pilot.pause()
                if table.asked is not None:
                    assert SECRETS["advocate"] not in table.text()
                    await table.answer("s")
                elif table.name == "Curtain":
                    assert "SECRET" not in table.text()
                    await table.press("enter")
                elif table.can_go_on():
                    assert other not in table.text()
                    await table.press("enter")

    log = pair(story, size=size)
    assert [event["seat"] for event in log if event["kind"] == "choose"] == [
        "officer", "advocate", "officer", "advocate", "officer",
    ]  # fmt: skip


def test_nothing_of_the_last_view_stays_under_the_curtain(pair):
    async def story(table: Table) -> None:
        await sit_down(table)
        await table.choose("1")
        await table.answer("s")
        await table.until(table.can_go_on)
        await table.press("enter")
        await table.on("Curtain")
        below = table.app.screen_stack[-2]
        left = " ".join(str(widget.render()) for widget in below.query("Static"))
        assert "SECRET" not in left

    pair(story)


def test_whoever_chose_reads_what_came_of_it_before_giving_the_keyboard_away(pair):
    async def story(table: Table) -> None:
        await sit_down(table)
        await table.choose("1")
        await table.answer("s")
        await table.shows("OFFICERSECRET three.")
        await table.shows("Hand the keyboard to Plover, Maya Ellison")

    pair(story)


def test_in_a_together_scene_the_first_choice_stays_unseen_until_the_second(pair):
    async def story(table: Table) -> None:
        await sit_down(table)
        await table.choose("1")
        await table.answer("s")
        await hand_over(table)
        await table.choose("1")
        await hand_over(table)
        await table.shows("You both choose, unseen by each other.")
        await table.choose("2")
        await sit_down(table)
        await table.ready()
        assert "You go" not in table.text()
        await table.choose("1")
        await table.shows("Officer Reyes: You go.")

    pair(story)


def test_a_held_enter_does_not_open_somebody_elses_curtain(pair, monkeypatch):
    monkeypatch.setattr(curtain, "DOUBLE_PRESS", 3600.0)

    async def story(table: Table) -> None:
        await table.on("Curtain")
        await table.press("enter", "enter")
        assert table.name == "Curtain"

    pair(story)


def test_alone_there_is_no_curtain(tmp_path):
    ident = kept(tmp_path, advocate="typical")

    async def story(table: Table) -> None:
        await table.until(lambda: table.name == "Curtain" or table.can_choose())
        assert table.name == "PlayScreen"

    play(tmp_path, story, start="resume", session=ident)
