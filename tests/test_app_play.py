"""Playing in the app: selecting, committing, what is shown of closed options, partners and troubles."""

from __future__ import annotations

import gc

import pytest
from textual.app import App

from simulator.log import Unwritable
from simulator.tui.shell import Shell
from simulator.tui.widgets.choices import Choices
from simulator.tui.widgets.side import Side
from tests.app_helpers import Table, events, kept, play


@pytest.fixture
def alone(tmp_path):
    """A session of one officer with a computer partner, opened by the app."""
    ident = kept(tmp_path, advocate="typical")

    def run(story, **options):
        play(tmp_path, story, start="resume", session=ident, **options)
        return [event for event in events(tmp_path, ident) if event["kind"] in ("choose", "predict")]

    return run


def test_a_digit_only_selects(alone):
    async def story(table: Table) -> None:
        await table.ready()
        await table.press("2")
        await table.until(lambda: table.screen.query_one(Choices).selected == 1)

    assert alone(story) == []


def test_enter_commits_what_is_selected(alone):
    async def story(table: Table) -> None:
        await table.choose("2")
        await table.is_asked()

    assert [event["action"] for event in alone(story)] == ["ask"]


def test_enter_without_a_selection_commits_nothing(alone):
    async def story(table: Table) -> None:
        await table.ready()
        await table.press("enter", "enter")

    assert alone(story) == []


def test_the_arrows_select_open_options_only(alone):
    async def story(table: Table) -> None:
        await table.ready()
        await table.press("up")
        assert table.screen.query_one(Choices).selected == 1  # the third is closed
        await table.press("down")
        assert table.screen.query_one(Choices).selected == 0

    alone(story)


def test_a_doubled_enter_commits_once(alone):
    async def story(table: Table) -> None:
        await table.ready()
        await table.press("1", "enter", "enter", "enter")
        await table.until(lambda: table.asked is not None)

    assert len([event for event in alone(story) if event["kind"] == "choose" and event["seat"] == "officer"]) == 1


def test_a_click_selects_and_a_second_click_commits(alone):
    async def story(table: Table) -> None:
        await table.ready()
        await table.click(0)
        assert table.screen.query_one(Choices).selected == 0 and table.can_choose()
        await table.click(0)
        await table.is_asked()

    assert [event["action"] for event in alone(story)] == ["apart"]


def test_a_closed_option_gives_its_reason_and_has_no_key(alone):
    async def story(table: Table) -> None:
        await table.ready()
        assert "Closed: Nobody is here yet." in table.text()
        await table.press("3")
        assert table.screen.query_one(Choices).selected is None

    alone(story)


def test_a_closed_option_cannot_be_clicked_into_being(alone):
    async def story(table: Table) -> None:
        await table.ready()
        await table.click(-1)
        await table.click(-1)
        assert table.screen.query_one(Choices).selected is None and table.can_choose()

    assert alone(story) == []


def test_text_that_looks_like_markup_is_shown_as_it_is(alone):
    async def story(table: Table) -> None:
        await table.ready()
        assert "Dana opens [b]the door[/b] and [oops." in table.text()

    alone(story)


def test_what_the_seat_alone_knows_says_so(alone):
    async def story(table: Table) -> None:
        await table.ready()
        assert "Only you: OFFICERSECRET two." in table.text()

    alone(story)


def test_the_clock_is_told_with_its_weekday(alone):
    async def story(table: Table) -> None:
        await table.ready()
        assert "Fri 9 Jan, 23:52" in table.text().splitlines()[0]

    alone(story)


def test_the_computer_partner_acts_by_itself(alone):
    async def story(table: Table) -> None:
        await table.choose("1")
        await table.answer("s")
        await table.ready()
        assert "Maya Ellison: " in table.text()

    assert [event["by"] for event in alone(story) if event["kind"] == "choose"][:2] == ["human", "computer"]


def test_a_guess_is_kept(alone):
    async def story(table: Table) -> None:
        await table.choose("1")
        await table.answer("2")

    [guess] = [event for event in alone(story) if event["kind"] == "predict"]
    assert (guess["seat"], guess["of"], guess["action"]) == ("officer", "advocate", "hurry")


def test_a_guess_can_be_skipped(alone):
    async def story(table: Table) -> None:
        await table.choose("1")
        await table.answer("escape")
        await table.ready()

    [guess] = [event for event in alone(story) if event["kind"] == "predict"]
    assert guess["action"] is None


def test_a_dilemma_says_that_there_is_no_right_answer(alone):
    async def story(table: Table) -> None:
        await table.choose("1")
        await table.answer("s")
        await table.choose("1")
        await table.shows("No right answer here. Which of the two?")

    alone(story)


def test_the_ending_leads_to_the_debrief(alone):
    async def story(table: Table) -> None:
        await table.choose("1")
        await table.answer("s")
        await table.choose("1")
        await table.shows("Which of the two?")
        await table.choose("1")
        await table.until(table.can_go_on)
        await table.shows("The night ends")
        await table.press("enter")
        await table.on("DebriefScreen")

    alone(story)


def test_a_choice_that_cannot_be_kept_is_told_and_can_be_made_again(alone):
    async def story(table: Table) -> None:
        await table.ready()
        store, full = table.app.desk.store, True
        real = store.append

        def append(*args, **kwargs):
            if full:
                raise Unwritable("The disk is full; make room and choose again.")
            return real(*args, **kwargs)

        store.append = append  # type: ignore[method-assign]
        await table.press("1", "enter")
        await table.on("Trouble")
        assert "The disk is full" in table.text()
        full = False
        await table.press("enter")
        await table.ready()
        await table.press("enter")
        await table.is_asked()

    assert [event["action"] for event in alone(story)] == ["apart"]


def test_the_side_opens_over_the_story_on_a_narrow_screen_and_closes_again(alone):
    async def story(table: Table) -> None:
        await table.ready()
        assert not table.screen.query_one(Side).display or not table.screen.query_one(Side).size.width
        await table.press("f2")
        await table.shows("Only you see this side.")
        await table.press("f2")
        await table.shows("Dana opens")

    alone(story)


def test_the_side_stands_beside_the_story_on_a_wide_screen(alone):
    async def story(table: Table) -> None:
        await table.ready()
        assert "Dana opens" in table.text() and "Only you see this side." in table.text()

    alone(story, size=(140, 40))


def test_the_pages_of_the_side_show_duties_papers_and_knowledge(alone):
    async def story(table: Table) -> None:
        await table.choose("1")
        await table.answer("s")
        await table.ready()
        await table.press("f2")
        await table.shows("clause 2.4")
        await table.press("f3")
        await table.shows("Parties apart.")
        await table.press("f3")
        await table.shows("No messages yet.")
        await table.press("f3")
        await table.shows("OFFICERSECRET one.")

    alone(story, size=(80, 40))


def test_clocks_of_duties_can_be_hidden_and_the_log_says_so(tmp_path):
    ident = kept(tmp_path, advocate="typical")

    async def story(table: Table) -> None:
        await table.choose("1")
        await table.answer("s")
        await table.ready()
        await table.press("f2")
        await table.shows("min left")
        await table.press("f7")
        await table.until(lambda: "min left" not in table.text() and "min over" not in table.text())

    play(tmp_path, story, start="resume", session=ident)
    assert [event["countdowns"] for event in events(tmp_path, ident) if event["kind"] == "display"] == [False]


def test_leaving_asks_first_and_keeps_the_play(tmp_path):
    ident = kept(tmp_path, advocate="typical")

    async def story(table: Table) -> None:
        await table.ready()
        await table.press("escape")
        await table.on("Confirm")
        await table.press("y")
        await table.on("HomeScreen")
        await table.shows("Go on")

    play(tmp_path, story, start="resume", session=ident)
    assert events(tmp_path, ident)[-1]["kind"] == "paused"


def test_staying_goes_on_where_it_was(alone):
    async def story(table: Table) -> None:
        await table.ready()
        await table.press("escape")
        await table.on("Confirm")
        await table.press("n")
        await table.on("PlayScreen")
        assert table.can_choose()

    alone(story)


def test_a_play_that_is_taken_up_again_stands_where_it_stopped(tmp_path):
    ident = kept(tmp_path, advocate="typical")

    async def first(table: Table) -> None:
        await table.choose("1")
        await table.answer("s")
        await table.ready()

    async def second(table: Table) -> None:
        await table.ready()
        await table.shows("You look at each other.")

    play(tmp_path, first, start="resume", session=ident)
    play(tmp_path, second, start="resume", session=ident)


@pytest.mark.parametrize("alone_in_its_process", [True, False])
def test_only_an_app_with_a_process_of_its_own_sets_aside_what_was_loaded(monkeypatch, alone_in_its_process):
    did = []
    monkeypatch.setattr(App, "run", lambda self: None)
    for step in "unfreeze", "collect", "freeze":
        monkeypatch.setattr(gc, step, lambda step=step: did.append(step))
    shell = Shell()
    if alone_in_its_process:
        shell.run()
    shell.settle()
    assert did == (["unfreeze", "collect", "freeze"] if alone_in_its_process else [])


def test_what_a_story_has_loaded_is_set_aside_once_it_stands_there(alone, monkeypatch):
    did = []
    monkeypatch.setattr(Shell, "settle", lambda self: did.append("set aside"))

    async def story(table: Table) -> None:
        await table.ready()
        await table.until(lambda: did)
        await table.choose("1")
        await table.answer("s")
        await table.ready()

    alone(story)
    assert did == ["set aside"]
