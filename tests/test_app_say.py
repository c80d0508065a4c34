"""Saying something of one's own in the app: whom, what, by which channel; few keys, no warning, no verdict."""

from __future__ import annotations

import pytest
from textual.screen import Screen

from simulator.log import Unwritable, open_store
from simulator.saying import Sayable
from simulator.tui.screens.say import Say
from simulator.tui.widgets.choices import KEYS, Choices, Rows
from simulator.tui.widgets.transcript import Transcript
from tests.app_helpers import Table, events, kept, play, read
from tests.speaking import begin, leading_on

SAID = ("call", "tell", "ask", "ask-release", "revoke", "consult")


@pytest.fixture
def night(tmp_path):
    """The small scenario with open telling, opened by the app. Returns what was said, in the order of the log."""

    def run(story, officer="typical", nurse="typical", **options):
        store = open_store(tmp_path / "store.sqlite3")
        ident = begin(store, officer=officer, nurse=nurse).id
        store.close()
        play(tmp_path, story, start="resume", session=ident, **options)
        return [event for event in events(tmp_path, ident) if event["kind"] in SAID]

    return run


async def press_when_ready(table: Table, *keys: str) -> None:
    """Press keys one after the other, each once the list it is meant for is up."""
    for key in keys:
        await table.until(table.can_choose, "a list")
        await table.pilot.pause()
        await table.press(key)


def rows(table: Table) -> list[str]:
    return [row.option.text for drawn in table.screen.query(Rows) for row in drawn.rows]


async def on_list(table: Table, first: str) -> None:
    """Wait until a list is up that begins so."""
    await table.until(lambda: isinstance(table.screen, Say) and rows(table)[:1] == [first], first)
    await table.pilot.pause()


# --- few presses ----------------------------------------------------------------------------------------------------


def test_four_keys_tell_somebody_who_is_here(night):
    async def story(table: Table) -> None:
        await press_when_ready(table, "s", "1", "1", "enter")
        await table.shows("▸ Maya Ellison: Tell Officer Reyes: where he keeps the handgun.")

    [said] = night(story)
    assert (said["kind"], said["to"], said["item"], said["channel"]) == ("tell", "officer", "gun", "in-person")


def test_four_keys_send_it_as_a_message(night):
    async def story(table: Table) -> None:
        await press_when_ready(table, "s", "1", "2", "w")
        await table.shows("by secure message")

    [said] = night(story)
    assert (said["item"], said["channel"]) == ("client", "message")


def test_whoever_is_rung_can_be_told_at_once_on_the_phone(night):
    async def story(table: Table) -> None:
        await press_when_ready(table, "s", "2", "1", "enter")
        await on_list(table, "Tell: where he keeps the handgun")
        assert "Jo Adeyemi · on the phone" in table.text()
        await press_when_ready(table, "1", "enter")
        await table.shows("Tell Jo Adeyemi on the phone: where he keeps the handgun.")

    assert [(said["kind"], said.get("channel")) for said in night(story)] == [("call", None), ("tell", "phone")]


def test_whoever_cannot_be_told_on_the_phone_yet_is_sent_a_message_by_enter(night):
    async def story(table: Table) -> None:
        await press_when_ready(table, "s", "2", "2")
        await table.shows("Send as a message Enter or a second click")
        await table.press("enter")
        await table.shows("by secure message")

    assert [said["channel"] for said in night(story)] == ["message"]


def test_a_digit_alone_says_nothing(night):
    async def story(table: Table) -> None:
        await press_when_ready(table, "s", "1", "1")
        await table.shows("Tell in person")

    assert night(story) == []


def test_a_held_enter_says_nothing_and_opens_nobody(night):
    async def story(table: Table) -> None:
        await press_when_ready(table, "s", "enter", "enter", "1", "enter", "enter")
        assert table.can_choose()

    assert night(story) == []


def test_escape_goes_back_a_step_and_then_off(night):
    async def story(table: Table) -> None:
        await press_when_ready(table, "s", "2")
        await on_list(table, "Ring Jo Adeyemi.")
        await table.press("escape")
        await on_list(table, "Officer Reyes (here)")
        await table.press("escape")
        await table.on("PlayScreen")

    assert night(story) == []


def test_the_mouse_does_it_too(night):
    async def story(table: Table) -> None:
        await press_when_ready(table, "s")
        await on_list(table, "Officer Reyes (here)")
        await table.click(0)
        await on_list(table, "Tell: where he keeps the handgun")
        await table.click(0)
        await table.shows("Send as a message (W)")
        await table.pilot.click("#say-write")
        await table.shows("by secure message")

    assert [said["channel"] for said in night(story)] == ["message"]


def test_a_second_click_says_it(night):
    async def story(table: Table) -> None:
        await press_when_ready(table, "s", "1")
        await on_list(table, "Tell: where he keeps the handgun")
        for _ in range(2):
            await table.click(0)
        await table.on("PlayScreen")
        await table.shows("Tell Officer Reyes: where he keeps the handgun.")

    assert [said["channel"] for said in night(story)] == ["in-person"]


# --- the turn goes on, and the story says what came of it ------------------------------------------------------------


def test_the_turn_goes_on_and_the_story_shows_what_came_of_it(night):
    async def story(table: Table) -> None:
        await press_when_ready(table, "s", "1", "1", "enter")
        await table.shows("speaks into his radio")
        await table.ready()
        assert "Your turn" in table.text() and rows(table)[0] == "Sit down beside her and wait."

    night(story)


def test_a_release_is_read_as_one_form_and_her_answer_stands_in_the_story(night):
    async def story(table: Table) -> None:
        await press_when_ready(table, "s", "3", "1")
        await table.shows("What: where he keeps the handgun")
        for line in (
            "To: Officer Reyes",
            "What for: so that he can ask the court to have it removed",
            "How long: 72 h from when it is signed",
            "Takes: 4 min",
        ):
            assert line in table.text()
        await table.press("enter")
        await table.shows("She reads it twice and signs.")

    assert [said["form"] for said in night(story)] == ["gun_paper"]


def test_a_release_without_an_end_says_so_on_the_form(night):
    async def story(table: Table) -> None:
        await press_when_ready(table, "s", "3", "2")
        await table.shows("How long: no end is named")

    night(story)


def test_taking_back_is_offered_once_she_has_said_so(night):
    async def story(table: Table) -> None:
        await press_when_ready(table, "s", "3", "1", "enter")
        await table.shows("She reads it twice")
        await press_when_ready(table, "2", "enter")  # she says that she would rather he did not know
        await table.shows("I would rather he did not know")
        await press_when_ready(table, "s", "3", "2")
        assert (
            rows(table)[1]
            == "Note that the survivor takes back the release: where he keeps the handgun, to Officer Reyes"
        )
        await table.press("enter")
        await table.shows("Note that the survivor takes back the release to")

    assert [said["kind"] for said in night(story)] == ["ask-release", "revoke"]


def test_what_an_adviser_says_stands_in_the_story(night):
    async def story(table: Table) -> None:
        await press_when_ready(table, "s", "4", "1", "enter")
        await table.shows("“Without her paper or a court's order, no. Ask her.”")

    assert [said["whom"] for said in night(story)] == ["counsel"]


# --- nothing is judged, and nothing leans ----------------------------------------------------------------------------


def test_what_was_told_is_marked_and_stays_where_it_was(night):
    async def story(table: Table) -> None:
        await press_when_ready(table, "s", "1", "1", "enter")
        await table.shows("speaks into his radio")
        await press_when_ready(table, "s", "1")
        await on_list(table, "Tell: where he keeps the handgun (told)")
        assert rows(table) == [
            "Tell: where he keeps the handgun (told)",
            "Tell: that she stays with [Harbor House] tonight",
            "Ask: “How is her throat?”",
        ]

    night(story)


def test_no_line_looks_different_from_another(night):
    async def story(table: Table) -> None:
        await press_when_ready(table, "s", "2")
        await on_list(table, "Ring Jo Adeyemi.")
        rows = table.screen.query_one(Rows)
        firsts = [rows.render_line(rows.span(number).y) for number in range(len(rows.rows))]
        assert len(firsts) > 1 and len({tuple(segment.style for segment in line) for line in firsts}) == 1

    night(story)


def test_help_says_that_the_debrief_speaks_of_right_and_not_the_play(night):
    async def story(table: Table) -> None:
        await table.ready()
        for screen in ("PlayScreen", "Say"):
            await table.on(screen)
            await table.press("f1")
            await table.on("Help")
            help_page = " ".join(table.text().replace("│", " ").split())
            assert "Nothing you say is judged while you play; the debrief says by what right it was said." in help_page
            await table.press("escape")
            await table.on(screen)
            if screen == "PlayScreen":
                await table.press("s")

    night(story)


# --- where it is offered ---------------------------------------------------------------------------------------------


def test_the_foot_offers_it_where_something_can_be_said(night):
    async def story(table: Table) -> None:
        await table.ready()
        foot = " ".join(table.text().splitlines()[-1].split())
        for words in ("S Say", "F1 Help", "F5 Pause", "F6 Step out", "Enter Choose", "Esc Leave"):
            assert words in foot, foot

    night(story)


def test_where_nothing_can_be_said_there_is_no_such_key(tmp_path):
    async def story(table: Table) -> None:
        await table.ready()
        assert "S Say" not in " ".join(table.text().splitlines()[-1].split())
        await table.press("s")
        await table.pilot.pause()
        assert table.name == "PlayScreen"

    play(tmp_path, story, start="resume", session=kept(tmp_path, advocate="typical"))


def test_pausing_from_it_says_nothing_and_comes_back_to_the_scene(night):
    async def story(table: Table) -> None:
        await press_when_ready(table, "s", "1", "1", "f5")
        await table.on("Quiet")
        await table.press("escape")
        await table.on("PlayScreen")
        await table.ready()

    assert night(story) == []


def test_what_cannot_be_kept_is_told_and_can_be_said_again(night, monkeypatch):
    async def story(table: Table) -> None:
        await table.ready()
        session = table.app.desk.session
        good = session.say

        def fail(event: object) -> None:
            raise Unwritable("the disk is full")

        monkeypatch.setattr(session, "say", fail)
        await press_when_ready(table, "s", "1", "1", "enter")
        await table.on("Trouble")
        assert "the disk is full" in table.text()
        monkeypatch.setattr(session, "say", good)
        await table.press("enter")
        await press_when_ready(table, "s", "1", "1", "enter")
        await table.shows("speaks into his radio")

    assert len(night(story)) == 1


@pytest.mark.parametrize("size", [(80, 24), (140, 40), (60, 16)], ids=str)
def test_it_fits_the_window_and_text_that_looks_like_markup_is_shown_as_it_is(night, size):
    async def story(table: Table) -> None:
        await press_when_ready(table, "s", "1", "2")
        await table.shows("▶ 2  Tell: that she stays with [Harbor")
        assert "Send as a message (W)" in table.text()
        await table.press("escape")
        await press_when_ready(table, "3", "1")
        await table.shows("What for: so that he can ask")
        await table.shows("Takes: 4 min")

    night(story, size=size)


def test_more_than_the_keys_can_name_is_reached_by_the_arrows(tmp_path):
    many = [
        Sayable(event=None, kind="tell", to="officer", to_name="Lee", about=str(n), text="", what=f"thing {n}", minutes=0, again=False)  # type: ignore[arg-type]
        for n in range(len(KEYS) + 5)
    ]  # fmt: skip
    got = []

    async def story(table: Table) -> None:
        table.app.push_screen(Say(many), got.append)
        await on_list(table, "Tell: thing 0")
        await table.press("up", "enter")
        await table.until(lambda: got)

    play(tmp_path, story)
    assert [each.about for each in got] == [str(len(KEYS) + 4)]


# --- two people at one keyboard --------------------------------------------------------------------------------------


async def hand_over(table: Table) -> None:
    """Read to the end, give the keyboard away, and sit down."""
    await table.until(lambda: table.name == "Curtain" or table.can_go_on())
    if table.name != "Curtain":
        await table.press("enter")
    await table.on("Curtain")
    await table.press("enter")
    await table.on("PlayScreen")


def everything(table: Table) -> str:
    """All the text that is on the screen or could be scrolled to."""
    return on_page(table.screen)


def on_page(screen: Screen[object]) -> str:
    parts = [" ".join(read(story).split()) for story in screen.query(Transcript)]
    return " ".join([*parts, *(str(page.render()) for page in screen.query(".page"))])


def test_whoever_is_told_reads_it_when_the_keyboard_comes_and_nothing_else(night):
    async def story(table: Table) -> None:
        await table.on("Curtain")
        await table.press("enter")
        await press_when_ready(table, "s", "2", "3", "enter")  # to the nurse, by message: where she sleeps
        await table.shows("by secure message")
        await press_when_ready(table, "s", "1", "1", "enter")
        await table.shows("speaks into his radio")
        await press_when_ready(table, "3", "enter")
        await hand_over(table)
        await table.ready()
        read = everything(table)
        assert "You learn: where he keeps the handgun (from Maya Ellison)" in read
        assert "Harbor House] tonight" not in read
        assert "Adeyemi" not in read
        await press_when_ready(table, "2", "enter")
        await hand_over(table)
        await table.ready()
        read = everything(table)
        assert "Tell Jo Adeyemi by secure message: that she stays with [Harbor House] tonight." in read
        assert "About that she stays with [Harbor House] tonight." in read  # on the page of messages
        assert "handgun" not in read

    assert len(night(story, officer="human", nurse="human")) == 2


def test_whoever_said_what_leads_on_reads_what_came_of_it_before_giving_the_keyboard_away(tmp_path):
    async def story(table: Table) -> None:
        await table.on("Curtain")
        await table.press("enter")
        await press_when_ready(table, "s", "1", "1", "enter")
        await table.shows("Hand the keyboard to Officer, Officer Reyes")
        assert "speaks into his radio" in table.text() and "You are in the hall" not in everything(table)
        assert "S Say" not in table.text()
        await hand_over(table)
        await table.ready()
        assert "You are in the hall" in everything(table)

    store = open_store(tmp_path / "store.sqlite3")
    ident = begin(store, leading_on(tmp_path)).id
    store.close()
    play(tmp_path, story, start="resume", session=ident)


def test_the_curtain_shows_nothing_of_what_was_said(night):
    async def story(table: Table) -> None:
        await table.on("Curtain")
        await table.press("enter")
        await press_when_ready(table, "s", "2", "2", "enter")
        await table.shows("by secure message")
        await press_when_ready(table, "3", "enter")
        await table.until(table.can_go_on)
        await table.press("enter")
        await table.on("Curtain")
        assert "handgun" not in table.text() + everything(table)
        below = table.app.screen_stack[-2]
        assert "handgun" not in on_page(below)
        assert not any("handgun" in str(widget.render()) for widget in below.query("Static"))
        assert not below.query_one(Choices).display

    night(story, officer="human", nurse="human")
