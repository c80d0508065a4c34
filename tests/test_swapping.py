"""Playing again with seats exchanged, and the two plays beside each other."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from facilitator.cli import main
from facilitator.report.markdown import markdown
from facilitator.report.session import About, session_report
from simulator.beside import GOES_ON, HEADING, OUT_OF_REACH, STILL_CLOSED, beside, beside_for_others, blocks
from simulator.debrief import Block
from simulator.discretion import discreet
from simulator.events import Start
from simulator.log import Store, open_store
from simulator.log.sqlite import SqliteStore
from simulator.plain import Plain
from simulator.session import Session
from simulator.swapping import CannotSwap, again, chosen, rotated, swap
from tests.app_helpers import Table, kept, play
from tests.logs import Clock
from tests.ward import MOVES, SEATS, begun, played

OTHERWISE = (
    ("officer", "here"), ("officer", "stay"), ("advocate", "sit"), ("nurse", "begin"), ("nurse", "quick"), ("detective", "go"),
)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "sessions.sqlite3")
    yield opened
    opened.close()


@pytest.fixture
def first(tmp_path: Path, store: Store) -> Session:
    """A play of four that has ended, its reactions done."""
    session = played(begun(tmp_path, store))
    session.finish_phase("reactions")
    return session


@pytest.fixture
def second(store: Store, first: Session) -> Session:
    """The play that follows it, told otherwise."""
    return played(again(store, swap(first)), OTHERWISE)


def start(session: Session) -> Start:
    event = session.events[0]
    assert isinstance(event, Start)
    return event


# --- who sits where --------------------------------------------------------------------------------------------------


def test_two_exchange_their_seats() -> None:
    assert rotated(("officer", "advocate")) == {"officer": "advocate", "advocate": "officer"}


def test_more_move_on_by_one(first: Session) -> None:
    assert [(place.seat, place.alias) for place in swap(first).places] == [
        ("officer", "Dov"), ("advocate", "Ana"), ("nurse", "Ben"), ("detective", "Cleo"),
    ]  # fmt: skip


def test_people_take_their_agency_along(first: Session) -> None:
    assert {place.alias: place.agency for place in swap(first).places}["Cleo"] == "St. Anne"


def test_who_had_which_seat_can_be_chosen_and_the_others_keep_theirs() -> None:
    assert chosen(SEATS, {"officer": "nurse", "nurse": "officer"}) == {
        "officer": "nurse", "advocate": "advocate", "nurse": "officer", "detective": "detective",
    }  # fmt: skip


def test_whoever_loses_a_seat_takes_what_is_left() -> None:
    assert chosen(SEATS, {"officer": "nurse"}) == {
        "officer": "nurse", "advocate": "advocate", "nurse": "officer", "detective": "detective",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "why"),
    [({"officer": "chef"}, "no seat “chef”"), ({"officer": "nurse", "advocate": "nurse"}, "two seats")],
)
def test_what_cannot_be_chosen_is_said(asked: dict[str, str], why: str) -> None:
    with pytest.raises(CannotSwap, match=why):
        chosen(SEATS, asked)


def test_computer_partners_move_on_like_everybody(tmp_path: Path, store: Store) -> None:
    session = begun(tmp_path, store, advocate="expert", nurse="typical", detective="random")
    played(session, MOVES)
    assert {place.seat: (place.player, place.alias) for place in swap(session).places} == {
        "officer": ("random", ""), "advocate": ("human", "Ana"), "nurse": ("expert", ""), "detective": ("typical", ""),
    }  # fmt: skip


def test_whoever_stepped_out_is_asked_to_sit_down_again(tmp_path: Path, store: Store) -> None:
    session = begun(tmp_path, store)
    session.choose("officer", "apart")
    session.resume({"advocate": "typical"})
    session.run_others()
    played(session, (("officer", "step-out"), ("nurse", "ask"), ("nurse", "slow"), ("detective", "call-first")))
    assert [(place.seat, place.player, place.alias) for place in swap(session).places][2] == ("nurse", "human", "Ben")


def test_an_unfinished_play_cannot_be_followed(tmp_path: Path, store: Store) -> None:
    with pytest.raises(CannotSwap, match="not reached an ending"):
        swap(begun(tmp_path, store))


# --- what stays ------------------------------------------------------------------------------------------------------


def test_all_but_the_people_stays_as_it_was(store: Store, first: Session) -> None:
    one, two = start(first), start(again(store, swap(first)))
    assert (two.texts, two.seed, two.draw, two.countdowns) == (one.texts, one.seed, one.draw, one.countdowns)


def test_event_0_names_the_play_it_follows_and_who_came_from_where(first: Session, second: Session) -> None:
    assert (start(second).follows, start(second).exchanged) == (first.id, rotated(SEATS))


def test_no_alias_stands_in_the_log(store: Store, second: Session) -> None:
    log = json.dumps([row.body for row in store.read(second.id)])
    assert not [alias for alias in ("Ana", "Ben", "Cleo", "Dov") if alias in log]


def test_a_log_from_before_follows_nothing() -> None:
    old = Start(scenario="s", texts={}, seats={}, seed=1)
    assert (old.follows, old.exchanged) == ("", {})


def test_both_plays_pass_the_audit(store: Store, second: Session) -> None:
    assert store.audit() == []
    assert beside(second) is not None


# --- beside each other -----------------------------------------------------------------------------------------------


def test_a_play_that_follows_none_stands_alone(first: Session) -> None:
    assert beside(first) is None


def test_each_seat_says_who_sat_there_and_how_it_was_done(second: Session) -> None:
    found = beside(second)
    assert found is not None
    officer = found.seats[0]
    assert (officer.first, officer.then) == ("Ana", "Dov")
    assert [(row.what, row.first.split(" ")[0], row.then.split(" ")[0]) for row in officer.practice] == [
        ("Safety", "nearly", "mostly"), ("Empowerment, voice and choice", "nearly", "mostly"),
    ]  # fmt: skip


def test_turning_points_stand_with_their_seat_and_play(second: Session) -> None:
    found = beside(second)
    assert found is not None
    officer = found.seats[0]
    assert officer.turning_first == ()
    assert officer.turning_then[0] == (
        "Fri 22:00 The front desk: Begin at the desk; more stayed open with: Ask for a room of her own"
    )


def test_objectives_and_endings_stand_side_by_side(second: Session) -> None:
    found = beside(second)
    assert found is not None
    assert found.ending is not None
    assert (found.ending.first, found.ending.then) == ("ENDTITLE A long night", "ENDTITLE A long night")
    assert [(row.first[0], row.then[0]) for row in found.objectives] == [("P", "S")]


def test_duties_and_lines_of_either_play_have_a_row(tmp_path: Path) -> None:
    kept(tmp_path, finished=True)  # writes the small scenario of two
    store = open_store(tmp_path / "store.sqlite3")
    try:
        one = Session.reopen(store, store.sessions()[0].id)
        one.finish_phase("reactions")
        two = again(store, swap(one))
        for seat, action in (
            ("officer", "ask"), ("advocate", "hurry"), ("officer", "officer-go"), ("advocate", "advocate-go"), ("officer", "that"),
        ):  # fmt: skip
            two.choose(seat, action)
        found = beside(two)
    finally:
        store.close()
    assert found is not None
    assert [(row.first, row.then) for row in found.lines] == [("not crossed", "crossed: Officer Reyes (Plover)")]
    hotline = next(row for row in found.duties if row.what.startswith("2.4"))
    assert (hotline.first, hotline.then) == ("open at the end", "did not come up")


def test_nothing_in_it_says_who_did_better(second: Session) -> None:
    found = beside(second)
    assert found is not None
    said = " ".join(line for block in blocks(found) for line in (block.heading, *block.lines)).lower()
    assert not [word for word in ("winner", "better than", "improved", "worse", "beat", "ahead") if word in said]


def test_a_name_that_was_forgotten_is_not_said_in_either_column(store: Store, second: Session) -> None:
    store.forget("Ana")
    found = beside(Session.reopen(store, second.id))
    assert found is not None
    assert "Ana" not in repr(found)
    assert found.seats[0].first == "whoever plays Maya Ellison now"


def test_if_the_first_was_purged_one_sentence_says_so(tmp_path: Path) -> None:
    clock = Clock()
    store = SqliteStore(str(tmp_path / "purged.sqlite3"), now=clock)
    one = played(begun(tmp_path, store))
    clock.pass_days(20)
    two = played(again(store, swap(one)), OTHERWISE)
    assert store.purge(10) == 1
    found = beside(two)
    assert found is not None
    assert blocks(found) == (Block(HEADING, (OUT_OF_REACH,)),)
    assert Session.reopen(store, two.id).finished
    assert store.audit() == []
    store.close()


def test_if_people_have_gone_back_into_the_first_one_sentence_says_so(first: Session, second: Session) -> None:
    first.rewind(1)
    found = beside(second)
    assert found is not None
    assert blocks(found) == (Block(HEADING, (GOES_ON,)),)


def test_scores_of_the_first_stay_closed_until_its_own_reactions_are_done(tmp_path: Path, store: Store) -> None:
    two = played(again(store, swap(played(begun(tmp_path, store)))))
    found = beside(two)
    assert found is not None
    assert found.missing == STILL_CLOSED


# --- for others ------------------------------------------------------------------------------------------------------


def test_a_coordinator_sees_both_where_everybody_stayed(second: Session) -> None:
    assert beside_for_others(second) == beside(second)


def test_where_somebody_stepped_out_a_coordinator_is_told_of_no_first_play(tmp_path: Path, store: Store) -> None:
    one = begun(tmp_path, store)
    one.choose("officer", "apart")
    one.resume({"advocate": "typical"})
    one.run_others()
    played(one, (("officer", "step-out"), ("nurse", "ask"), ("nurse", "slow"), ("detective", "call-first")))
    one.finish_phase("reactions")
    two = played(again(store, swap(one)), OTHERWISE)
    assert beside_for_others(two) is None
    assert beside(two) is not None


def test_what_a_coordinator_looks_at_names_no_other_play(second: Session) -> None:
    told = start(discreet(second))
    assert (told.follows, told.exchanged) == ("", {})


def test_the_report_lays_them_beside_each_other(store: Store, second: Session) -> None:
    about = store.about(second.id)
    document = session_report(second, About(workshop="", day=about.created.date(), seconds=60))
    assert HEADING in markdown(document)
    assert "| Who sat here | Ana | Dov |" in markdown(document)


# --- plain and the command line --------------------------------------------------------------------------------------


def test_plain_shows_both_in_the_debrief(second: Session) -> None:
    out = io.StringIO()
    Plain(second, io.StringIO(), out, interactive=False).debrief()
    assert HEADING in out.getvalue()
    assert "Who sat here · first: Ana · then: Dov" in out.getvalue()


def test_score_as_json_has_both(
    store: Store, second: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", second.id, "--json", "--store", str(tmp_path / "sessions.sqlite3")]) == 0
    assert json.loads(capsys.readouterr().out)["beside"]["seats"][0]["then"] == "Dov"


def test_swap_plays_a_script_with_the_seats_exchanged(
    first: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = tmp_path / "again.txt"
    script.write_text("".join(f"{seat}: {action}\n" for seat, action in OTHERWISE), encoding="utf-8")
    at = ["--store", str(tmp_path / "sessions.sqlite3")]
    assert main(["play", "--swap", first.id, "--script", str(script), *at]) == 0
    said = capsys.readouterr().out
    assert "  Officer Reyes: Dov (played Detective Abara before)" in said
    assert HEADING in said


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (["kitchen-table"], 2, "a scenario cannot be said with it"),
        (["--mou", "riverside-dv"], 2, "--mou cannot be said with it"),
        (["--sits", "officer=chef"], 1, "there is no seat “chef”"),
    ],
)
def test_what_does_not_go_with_a_swap_is_said_in_one_line(
    first: Session, tmp_path: Path, more: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ["--plain", "--store", str(tmp_path / "sessions.sqlite3")]
    assert main(["play", "--swap", first.id, *at, *more]) == code
    assert said in capsys.readouterr().err


def test_sits_alone_means_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["play", "--sits", "officer=advocate", "--plain"]) == 2
    assert "goes with --swap" in capsys.readouterr().err


def test_a_swap_of_no_session_is_one_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["play", "--swap", "nothing", "--plain", "--store", str(tmp_path / "s.sqlite3")]) == 1
    assert "There is no session “nothing”" in capsys.readouterr().err


# --- the app ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def ended(tmp_path: Path) -> str:
    """A play of two in the app's store, its debrief done."""
    ident = kept(tmp_path, finished=True)
    store = open_store(tmp_path / "store.sqlite3")
    session = Session.reopen(store, ident)
    for phase in ("reactions", "description", "analysis"):
        session.finish_phase(phase)
    store.close()
    return ident


def last(folder: Path) -> Session:
    store = open_store(folder / "store.sqlite3")
    try:
        return Session.reopen(store, store.sessions(limit=1)[0].id)
    finally:
        store.close()


def test_the_end_of_the_debrief_leads_to_a_play_with_seats_exchanged(tmp_path: Path, ended: str) -> None:
    async def story(table: Table) -> None:
        await table.on("DebriefScreen")
        for _ in range(2):
            await table.until(lambda: table.screen.query("Writing"))
            await table.pilot.pause()
            await table.press("f9")
            await table.pilot.pause()
        await table.shows("F4 plays it again with your seats exchanged")
        await table.press("f4")
        await table.on("SwapScreen")
        await table.until(lambda: table.screen.query("#alias-1"))
        await table.until(lambda: table.screen.query_one("#alias-0").value == "Plover")
        await table.press("f9")
        await table.on("Curtain")
        assert "Plover, Officer Reyes" in table.text()

    play(tmp_path, story, start="resume", session=ended)
    assert start(last(tmp_path)).follows == ended


def test_the_first_page_offers_to_exchange_seats(tmp_path: Path, ended: str) -> None:
    store = open_store(tmp_path / "store.sqlite3")
    Session.reopen(store, ended).finish_phase("summary")
    store.close()

    async def story(table: Table) -> None:
        await table.shows("Seats exchanged: An evening")

    play(tmp_path, story)


def test_the_debrief_has_a_page_for_both_plays(tmp_path: Path, ended: str) -> None:
    store = open_store(tmp_path / "store.sqlite3")
    two = again(store, swap(Session.reopen(store, ended)))
    for seat, action in (
        ("officer", "ask"), ("advocate", "hurry"), ("officer", "officer-go"), ("advocate", "advocate-go"), ("officer", "that"),
    ):  # fmt: skip
        two.choose(seat, action)
    for phase in ("reactions", "description"):
        two.finish_phase(phase)
    store.close()

    async def story(table: Table) -> None:
        await table.on("DebriefScreen")
        await table.until(lambda: table.screen._analysis() is not None)
        count = table.screen._analysis().count
        await table.press(str(count))
        await table.shows("Both plays")
        await table.shows("The same night, played twice")
        said = "\n".join(block.plain for block in table.screen._analysis()._pages[-1].blocks)
        assert f"Officer Reyes\n  {'First play':<35}  Second play\n  {'Heron':<35}  Plover" in said

    play(tmp_path, story, start="resume", session=two.id)
