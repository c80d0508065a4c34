"""Home, lobby, tutorial and review: the ways into a play and the looks back at one."""

from __future__ import annotations

import threading

import pytest
from textual.widgets import Input, OptionList, Select

from simulator.log import open_store
from tests.app_helpers import Table, events, kept, play


def sessions(folder):
    store = open_store(folder / "store.sqlite3")
    rows = store.sessions()
    store.close()
    return rows


async def lobby(table: Table) -> None:
    await table.shows("An evening")
    table.app.open_lobby("evening")
    await table.until(lambda: table.screen.query("#lobby-begin"))
    await table.pilot.pause()
    await table.pick("#player-1", "typical")


def test_the_first_frame_does_not_wait_for_the_library(tmp_path):
    async def story(table: Table) -> None:
        gate = threading.Event()
        real = table.app.desk._library
        table.app.desk._library = lambda: (gate.wait(20), real())[1]  # type: ignore[operator]
        await table.shows("Two people play one case together")
        assert not table.screen.query_one(OptionList).option_count
        gate.set()
        await table.shows("An evening")

    play(tmp_path, story)


def test_a_scenario_is_shown_with_what_it_holds_and_who_plays(tmp_path):
    async def story(table: Table) -> None:
        await table.shows("Raised voices.")
        for words in ("A small one, for tests.", "Officer Reyes (Patrol officer)", "about 3 minutes"):
            assert words in table.text()

    play(tmp_path, story)


def test_a_play_can_be_gone_on_with_from_the_first_page(tmp_path):
    kept(tmp_path, advocate="typical")

    async def story(table: Table) -> None:
        await table.shows("Go on")
        entries = table.screen.query_one(OptionList)
        ids = [option.id or "" for option in entries.options]
        entries.highlighted = next(index for index, ident in enumerate(ids) if ident.startswith("open:"))
        await table.press("enter")
        await table.ready()

    play(tmp_path, story)


def test_a_scenario_that_cannot_be_played_says_so_and_harms_no_other(tmp_path):
    broken = tmp_path / "shelf" / "library" / "broken.yaml"
    broken.parent.mkdir(parents=True)
    broken.write_text("id: broken\ntitle: Broken [b\n", encoding="utf-8")

    async def story(table: Table) -> None:
        await table.shows("An evening")
        await table.shows("This file cannot be played yet")
        await table.press("enter")
        await table.on("Trouble")
        await table.press("enter")
        await table.on("HomeScreen")

    play(tmp_path, story)


def test_the_lobby_says_first_what_the_story_holds(tmp_path):
    async def story(table: Table) -> None:
        await lobby(table)
        text = table.text()
        assert text.index("A door that slams.") < text.index("What is said here stays here")
        assert "nobody asks why" in text and "Dana" not in text

    play(tmp_path, story)


def test_the_lobby_asks_for_an_alias_and_remembers_whom_one_can_talk_to(tmp_path):
    async def story(table: Table) -> None:
        await lobby(table)
        assert any("An alias, no real names." in str(widget.render()) for widget in table.screen.query("Static"))
        table.screen.query_one("#alias-0", Input).value = "[b]Heron"
        table.screen.query_one("#agency-0", Input).value = "Riverside"
        table.screen.query_one("#lobby-support", Input).value = "Ms. Ito"
        await table.press("f9")
        await table.on("PlayScreen")
        await table.ready()
        assert "Your turn: [b]Heron, Officer Reyes" in table.text()

    async def later(table: Table) -> None:
        await lobby(table)
        assert table.screen.query_one("#lobby-support", Input).value == "Ms. Ito"

    play(tmp_path, story, size=(100, 30))
    [row] = sessions(tmp_path)
    assert [(place.alias, place.player, place.agency) for place in row.seats] == [
        ("[b]Heron", "human", "Riverside"), ("", "typical", ""),
    ]  # fmt: skip
    play(tmp_path, later)


def test_the_lobby_does_not_begin_without_a_person(tmp_path):
    async def story(table: Table) -> None:
        await lobby(table)
        await table.pick("#player-0", "random")
        await table.press("f9")
        await table.pilot.pause()
        assert table.name == "LobbyScreen"

    play(tmp_path, story)
    assert sessions(tmp_path) == []


def test_beginning_twice_begins_one_play(tmp_path):
    async def story(table: Table) -> None:
        await lobby(table)
        await table.press("f9", "f9")
        await table.on("PlayScreen")
        await table.ready()

    play(tmp_path, story)
    assert len(sessions(tmp_path)) == 1


def test_the_law_chosen_in_the_lobby_is_the_one_that_is_played(tmp_path):
    async def story(table: Table) -> None:
        await lobby(table)
        await table.pick("#lobby-law", "harbor-state")
        await table.press("f9")
        await table.on("PlayScreen")
        await table.ready()

    play(tmp_path, story)
    assert [row.jurisdiction for row in sessions(tmp_path)] == ["harbor-state"]


def test_what_nobody_here_has_signed_is_said(tmp_path):
    async def story(table: Table) -> None:
        await lobby(table)
        assert any("Awaiting local sign-off" in str(widget.render()) for widget in table.screen.query("#lobby-notices"))

    play(tmp_path, story)


def test_what_the_command_line_said_is_filled_in(tmp_path):
    async def story(table: Table) -> None:
        await table.until(lambda: table.screen.query("#lobby-begin"))
        await table.pilot.pause()
        players = [str(table.screen.query_one(f"#player-{number}", Select).value) for number in (0, 1)]
        assert players == ["random", "human"]
        assert table.screen.query_one("#alias-1", Input).value == "Plover"

    options = {"scenario": "evening", "seat": ["advocate"], "partner": "random", "name": "Plover"}
    play(tmp_path, story, start="lobby", **options)


def test_the_tutorial_teaches_each_key_and_keeps_nothing(tmp_path):
    async def story(table: Table) -> None:
        await table.shows("An evening")
        await table.press("t")
        await table.on("TutorialScreen")
        await table.ready()
        await table.shows("Hint 1 of 7")
        await table.press("1")
        await table.shows("Hint 2 of 7")
        await table.press("enter")
        await table.answer("s")
        await table.on("TutorialScreen")
        await table.ready()
        await table.shows("Hint 3 of 7")
        await table.press("f2")
        await table.shows("Hint 4 of 7")
        await table.press("f2")
        await table.shows("Hint 5 of 7")
        await table.press("f5")
        await table.on("Quiet")
        await table.press("escape")
        await table.shows("Hint 6 of 7")
        await table.choose("1")
        await table.until(table.can_go_on)
        await table.shows("Hint 7 of 7")
        await table.press("enter")
        await table.on("HomeScreen")

    play(tmp_path, story)
    assert sessions(tmp_path) == []


def test_review_narrows_the_list_to_the_words_typed(tmp_path):
    kept(tmp_path, finished=True)

    async def story(table: Table) -> None:
        await table.shows("1 session")
        await table.press("slash", *"heron")
        await table.shows("1 of 1 sessions")
        await table.press(*"x")
        await table.shows("0 of 1 sessions")

    play(tmp_path, story, start="review")


@pytest.mark.parametrize(("words", "shown"), [("HERON finished", 1), ("nobody", 0)])
def test_review_begins_with_the_words_of_the_command_line(tmp_path, words, shown):
    kept(tmp_path, finished=True)

    async def story(table: Table) -> None:
        await table.shows(f"{shown} of 1 sessions")
        assert words in table.text()

    play(tmp_path, story, start="review", filter=words)


def test_review_keeps_a_debrief_closed_until_the_reactions_are_done(tmp_path):
    kept(tmp_path, finished=True)

    async def story(table: Table) -> None:
        await table.shows("1 session")
        await table.press("enter")
        await table.shows("Still closed")
        assert table.name == "ReviewScreen"

    play(tmp_path, story, start="review")


def test_review_opens_a_debrief_to_read_and_shows_nothing_that_was_written(tmp_path):
    ident = kept(tmp_path, finished=True)
    from simulator.session import Session

    store = open_store(tmp_path / "store.sqlite3")
    session = Session.reopen(store, ident)
    session.remark("officer", "reactions", "WRITTEN")
    session.finish_phase("reactions")
    store.close()

    async def story(table: Table) -> None:
        await table.shows("1 session")
        await table.press("enter")
        await table.shows("before you see the program's letters?")
        await table.press("l")
        await table.shows("What only one of you could see")
        assert "WRITTEN" not in table.text()
        await table.press("f9")
        await table.shows("Law and life safety come first.")
        assert "WRITTEN" not in table.text()
        await table.press("escape")
        await table.on("ReviewScreen")

    play(tmp_path, story, start="review")
    assert [event["kind"] for event in events(tmp_path, ident)][-2:] == ["debrief", "revealed"]


def test_a_session_that_does_not_exist_is_told_and_the_first_page_comes(tmp_path):
    async def story(table: Table) -> None:
        await table.on("Trouble")
        await table.press("enter")
        await table.on("HomeScreen")
        await table.shows("An evening")

    play(tmp_path, story, start="resume", session="nobody")
