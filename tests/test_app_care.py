"""Care: pausing and stepping out work on every screen, without a reason, and hide what was there."""

from __future__ import annotations

import pytest

from tests.app_helpers import Table, events, kept, play
from tests.test_app_privacy import sit_down


async def quiet(table: Table, key: str) -> str:
    """Press the key and come back again. Returns what could be read in between."""
    before = table.name
    await table.press(key)
    await table.on("Quiet")
    text = table.text()
    await table.press("escape")
    await table.on(before)
    return text


@pytest.mark.parametrize("key", ["f5", "f6"])
def test_every_screen_can_be_paused_and_left(tmp_path, key):
    async def story(table: Table) -> None:
        await table.shows("An evening")
        await quiet(table, key)
        table.app.open_lobby("evening")
        await table.on("LobbyScreen")
        await table.shows("What this story holds")
        await quiet(table, key)
        table.app.go_home()
        table.app.open_review()
        await table.on("ReviewScreen")
        await quiet(table, key)
        table.app.go_home()
        await table.on("HomeScreen")
        await table.press("t")
        await table.on("TutorialScreen")
        await table.ready()
        assert "Paused" in (text := await quiet(table, key)) or "stepped out" in text

    play(tmp_path, story)


@pytest.mark.parametrize("key", ["f5", "f6"])
def test_a_play_can_be_paused_at_the_curtain_in_the_story_and_before_a_guess(tmp_path, key):
    async def story(table: Table) -> None:
        await table.on("Curtain")
        assert "SECRET" not in await quiet(table, key)
        await sit_down(table)
        await table.ready()
        await table.press(key)
        await table.on("Quiet")
        assert "SECRET" not in table.text() and "Dana" not in table.text()
        await table.press("escape")
        await sit_down(table)  # whoever comes back has to be the one whose screen it was
        await table.choose("1")
        await table.is_asked()
        await table.press(key)
        await table.on("Quiet")
        assert "SECRET" not in table.text()
        await table.press("escape")
        await sit_down(table)
        await table.is_asked()  # not answered yet, so it is asked again

    play(tmp_path, story, start="resume", session=kept(tmp_path))


def test_pausing_and_stepping_out_leave_the_same_event(tmp_path):
    logs = []
    for number, key in enumerate(("f5", "f6")):
        folder = tmp_path / str(number)
        folder.mkdir()
        ident = kept(folder, advocate="typical")

        async def story(table: Table, key: str = key) -> None:
            await table.ready()
            await quiet(table, key)
            await table.ready()

        play(folder, story, start="resume", session=ident)
        logs.append([event for event in events(folder, ident) if event["kind"] in ("paused", "resumed")])
    assert logs[0] == logs[1] != []


def test_the_quiet_screen_names_somebody_to_talk_to(tmp_path):
    (tmp_path / "settings.json").write_text('{"support": "Ms. Ito, room [4]"}', encoding="utf-8")

    async def story(table: Table) -> None:
        await table.shows("An evening")
        assert "Somebody to talk to: Ms. Ito, room [4]" in await quiet(table, "f5")

    play(tmp_path, story)


def test_stepping_out_can_finish_later(tmp_path):
    async def story(table: Table) -> None:
        await table.ready()
        await table.press("f6")
        await table.on("Quiet")
        await table.press("down", "enter")
        await table.on("HomeScreen")
        await table.shows("Go on")

    ident = kept(tmp_path, advocate="typical")
    play(tmp_path, story, start="resume", session=ident)
    assert events(tmp_path, ident)[-1]["kind"] == "paused"


def test_stepping_out_can_leave_the_own_part_to_the_computer_while_the_other_plays_on(tmp_path):
    async def story(table: Table) -> None:
        await sit_down(table)
        await table.ready()
        await table.press("f6")
        await table.on("Quiet")
        await table.press("down", "down", "enter")  # “Let the computer play Officer Reyes (Heron)”
        await table.on("Curtain")
        assert "Plover, Maya Ellison" in table.text()
        await table.press("enter")
        await table.ready()
        assert "OFFICERSECRET" not in table.text()

    ident = kept(tmp_path)
    play(tmp_path, story, start="resume", session=ident)
    assert [event["seats"] for event in events(tmp_path, ident) if event["kind"] == "resumed"] == [
        {"officer": "typical"}
    ]


def test_when_nobody_plays_any_more_the_computer_ends_it_and_the_app_goes_home(tmp_path):
    async def story(table: Table) -> None:
        await table.ready()
        await table.press("f6")
        await table.on("Quiet")
        await table.press("down", "down", "enter")
        await table.on("HomeScreen")

    ident = kept(tmp_path, advocate="typical")
    play(tmp_path, story, start="resume", session=ident)
    assert {event["by"] for event in events(tmp_path, ident) if event["kind"] == "choose"} == {"computer"}


def test_help_lists_the_keys_that_work_here(tmp_path):
    async def story(table: Table) -> None:
        await table.ready()
        await table.press("f1")
        await table.on("Help")
        for words in ("A quiet screen. No reason needed", "Duties, papers, messages", "Leave; the play is kept"):
            assert words in table.text()
        await table.press("escape")
        await table.on("PlayScreen")

    play(tmp_path, story, start="resume", session=kept(tmp_path, advocate="typical"), size=(80, 40))


def test_help_at_the_curtain_shows_nothing_of_a_seat(tmp_path):
    async def story(table: Table) -> None:
        await sit_down(table)
        await table.choose("1")
        await table.answer("s")
        await table.until(table.can_go_on)
        await table.press("enter")
        await table.on("Curtain")
        await table.press("f1")
        await table.on("Help")
        assert "Change places." in table.text() and "SECRET" not in table.text() and "Dana" not in table.text()
        await table.press("enter")
        await table.on("Curtain")

    play(tmp_path, story, start="resume", session=kept(tmp_path))


def test_help_over_a_pause_leads_back_to_the_same_pause(tmp_path):
    async def story(table: Table) -> None:
        await table.shows("An evening")
        await table.press("f5")
        await table.on("Quiet")
        await table.press("f1")
        await table.on("Help")
        await table.press("f6")
        await table.on("Quiet")
        await table.shows("You have stepped out")
        await table.press("escape")
        await table.on("HomeScreen")

    play(tmp_path, story)


@pytest.mark.parametrize("start", ["lobby", "resume"])
def test_a_trouble_speaks_of_kept_choices_only_in_a_play(tmp_path, start):
    async def story(table: Table) -> None:
        if start == "resume":
            await table.ready()
        else:
            await table.shows("What this story holds")
        table.app.trouble(OSError("the disk is full"))
        await table.on("Trouble")
        assert ("What you chose before this is kept." in table.text()) == (start == "resume")

    ident = kept(tmp_path, advocate="typical")
    play(tmp_path, story, start=start, session=ident, scenario="evening")
