"""Three to six seats: nothing in the program counts on two."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from facilitator.cli import main
from simulator.at_table import others_knew, took, unseen
from simulator.debrief import analysis
from simulator.log import open_store
from simulator.plain import Plain
from tests.app_helpers import Table, play
from tests.ward import MOVES, WARD, WORD, begun, long_names, played, shelf


def spoken(folder: Path, answers: str, **players: str) -> str:
    """What the plain mode prints to people who answer so."""
    out = io.StringIO()
    session = begun(folder, **players)
    Plain(session, io.StringIO(answers), out).play()
    return out.getvalue()


ANSWERS = "\napart\nstep-out\nexplain\nask\n\nslow\ncall-first\n"


def test_plain_hands_over_to_each_in_turn_and_to_nobody_who_is_not_there(tmp_path: Path) -> None:
    told = spoken(tmp_path, ANSWERS)
    handed = [line.split("(")[0] for line in told.splitlines() if line.startswith("--- Next: ")]
    assert [line.split(", ")[1].split()[0] for line in handed] == [
        "Maya", "Officer", "Maya", "Nurse", "Maya", "Nurse", "Detective", "Maya", "Nurse", "Detective",
    ]  # fmt: skip


def test_plain_says_a_brief_when_its_seat_comes_in(tmp_path: Path) -> None:
    told = " ".join(spoken(tmp_path, ANSWERS).split())
    before, _, after = told.partition("Nurse Park comes into the story now.")
    assert WORD["nurse"] not in before
    assert "NURSEWORD Your shift begins at eleven." in after


def test_plain_names_those_who_choose_unseen(tmp_path: Path) -> None:
    told = " ".join(spoken(tmp_path, ANSWERS).split())
    assert "You, Officer Reyes and Maya Ellison choose unseen; when everybody has, all choices are shown." in told


def test_two_at_the_table_are_still_both_of_you() -> None:
    assert unseen(2, ("Maya",)) == "Both of you choose unseen; then both choices are shown."
    assert took(2) == "It took both of you: "
    assert others_knew(2, then=" then") == "What the other seat knew then and this one did not: "


def test_many_are_counted_instead_of_named() -> None:
    assert (
        unseen(6, ("A", "B", "C", "D")) == "You and 4 others choose unseen; when everybody has, all choices are shown."
    )


def test_with_more_nobody_is_the_other_seat(tmp_path: Path) -> None:
    session = played(begun(tmp_path))
    blocks = analysis(session.scorecard(), session.state.game, session.hindsight())
    said = "\n".join(line for block in blocks for line in block.lines)
    assert "What another seat knew and this one did not: whose car it was" in said
    assert "the other seat" not in said
    assert "both of you" not in said


def test_computers_play_the_seats_that_nobody_sits_at(tmp_path: Path) -> None:
    session = begun(tmp_path, officer="expert", advocate="typical", detective="random")
    session.run_others()
    assert session.on_turn == ("nurse",)
    session.choose("nurse", "ask")
    session.run_others()
    session.choose("nurse", "slow")
    session.run_others()
    assert session.finished


def test_alone_at_a_late_seat_one_waits_until_one_comes_in(tmp_path: Path) -> None:
    session = begun(tmp_path, officer="typical", advocate="typical", nurse="typical")
    assert session.view("detective").standing == "to come"
    session.run_others()
    assert session.view("detective").my_turn


def test_every_guess_of_four_is_judged_on_its_own(tmp_path: Path) -> None:
    session = begun(tmp_path)
    session.predict("advocate", "officer", "apart")
    for seat, action in MOVES[:4]:
        session.choose(seat, action)
    assert not session.may_predict("officer")
    session.predict("advocate", "nurse", "quick")
    played(session, MOVES[4:])
    assert [(guess.of, guess.agreed) for guess in session.scorecard().predictions] == [
        ("officer", True),
        ("nurse", False),
    ]


def test_each_command_takes_a_play_of_four(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = open_store(tmp_path / "sessions.sqlite3")
    session = played(begun(tmp_path, store))
    session.finish_phase("reactions")
    store.close()
    at = ["--store", str(tmp_path / "sessions.sqlite3")]
    for command in (
        ["score", session.id, "--json", *at],
        ["replay", session.id, *at],
        ["review", "--plain", *at],
        ["report", "session", session.id, "--format", "md", *at],
        ["export", "json", "--for", "employer", "--agency", "Riverton PD", *at],
        ["review", "--cohort", "--plain", *at],
    ):
        assert main(command) == 0, command
    assert "detective: call-first" in capsys.readouterr().out


def test_explore_and_simulate_know_four_seats(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shelf(tmp_path)
    at = ["--library", str(tmp_path / "shelf"), "--json"]
    assert main(["explore", "ward", *at]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["complete"]
    assert found["scenes"]["never"] == []
    assert main(["simulate", "ward", "-n", "200", "--seed", "1", *at]) == 0


# --- the app ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def four(tmp_path: Path):
    store = open_store(tmp_path / "store.sqlite3")
    ident = begun(tmp_path, store).id
    store.close()

    def run(story, **options):
        return play(tmp_path, story, start="resume", session=ident, **options)

    return run


async def step(table: Table, handed: list[str]) -> None:
    """Do what the screen asks for, with the first choice wherever there is one; look at what it shows before."""
    text = table.text()
    if table.name == "Curtain":
        assert not [word for word in WORD.values() if word in text]
        await table.until(lambda: table.screen.query("#curtain-who"), "the curtain")
        handed.append(table.screen.query_one("#curtain-who").render().plain)
        await table.press("enter")
        await table.until(lambda: table.name != "Curtain")
    elif table.asked is not None:
        await table.answer("s")
    elif table.name == "PlayScreen" and (table.can_choose() or table.can_go_on()):
        seat = table.screen._at
        meeting = {"DETECTIVEWORD"} if seat == "advocate" else {"ADVOCATEWORD"} if seat == "detective" else set()
        foreign = {word for other, word in WORD.items() if other != seat} - meeting
        assert not [word for word in foreign if word in text]
        screen, drawn = table.screen, table.screen._drawn
        await table.press(*(("1", "enter") if table.can_choose() else ("enter",)))
        await table.until(lambda: table.screen is not screen or screen._drawn is not drawn)
    await table.pilot.pause()


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
def test_no_screen_of_four_shows_what_another_seat_alone_may_see(four, size):
    handed: list[str] = []

    async def story(table: Table) -> None:
        while "Go to the debrief" not in table.text():
            await step(table, handed)

    four(story, size=size)
    assert handed == ["Ana, Officer Reyes", "Ben, Maya Ellison", "Cleo, Nurse Park", "Dov, Detective Abara"]


def test_the_curtain_says_that_a_seat_comes_in(four):
    async def story(table: Table) -> None:
        handed: list[str] = []
        while not (table.name == "Curtain" and "Nurse Park" in table.text()):
            if table.name == "Curtain":
                assert "comes into the story now" not in table.text()
            await step(table, handed)
        assert "This seat comes into the story now." in table.text()

    four(story)


def test_alone_at_a_late_seat_the_screen_says_so_and_tells_nothing(tmp_path):
    store = open_store(tmp_path / "store.sqlite3")
    session = begun(tmp_path, store, officer="typical", advocate="typical", nurse="typical")
    session.pause()
    store.close()
    assert session.view("detective").passages == ()

    async def story(table: Table) -> None:
        await table.ready()
        assert "DETECTIVEWORD" in table.text()
        assert "DESKWORD" not in table.text()

    play(tmp_path, story, start="resume", session=session.id)


@pytest.mark.parametrize("text", [WARD, long_names()], ids=["short names", "long names"])
def test_in_80_by_24_every_seat_has_its_row_in_the_lobby(tmp_path, text):
    shelf(tmp_path, text)

    async def story(table: Table) -> None:
        await table.on("LobbyScreen")
        await table.until(lambda: table.screen.query("#player-3"))
        for number in range(4):
            row = table.screen.query_one(f"#alias-{number}")
            assert row.region.width >= 12
            assert row.region.right <= 80
        assert "comes in later" in table.screen.query_one("#who-2").render().plain

    play(tmp_path, story, start="lobby", scenario="ward")
