"""Nobody can tell who stepped out, or whether: whatever a coordinator sees of such a session, another shows just so.

Each test holds two sessions side by side: in one the advocate stepped out halfway and a computer went on; in the other
the computer had that seat from the beginning and chose the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from facilitator.cli import main
from simulator.discretion import discreet, listed, people_of
from simulator.events import Choose, Debrief, Display, Event, Pause, Predict, Resume, Rewind, to_json
from simulator.library import Library
from simulator.log import Place, Store, open_store
from simulator.session import Session
from tests.app_helpers import Table, play, scenario

OFFICER = Place("officer", "Heron", "human", "Riverton PD")
STEPPED_OUT = Place("advocate", "Plover", "typical", "Safe Harbor")  # the alias is kept, so that it can be forgotten
COMPUTER = Place("advocate", "", "expert")


def officer(action: str) -> Choose:
    return Choose(seat="officer", action=action)


def advocate(action: str, by: Any = "human") -> Choose:
    return Choose(seat="advocate", action=action, by=by)


REACTIONS = Debrief(phase="reactions")
LEFT = (
    officer("ask"), Predict(seat="officer", of="advocate", action="hurry"), Pause(), Resume(), advocate("hurry"),
    Pause(), Resume(seats={"advocate": "typical"}),
    officer("officer-go"), advocate("advocate-go", "computer"), officer("this"), REACTIONS,
)  # fmt: skip
NEVER_THERE = (
    officer("ask"), advocate("hurry", "computer"), officer("officer-go"), advocate("advocate-go", "computer"),
    officer("this"), REACTIONS,
)  # fmt: skip
BEGUN = (officer("ask"), advocate("hurry"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "store.sqlite3")
    yield opened
    opened.close()


@pytest.fixture
def logged(tmp_path: Path, store: Store) -> Callable[..., str]:
    """Keep a session that went just so. `begun`: who sat there at the beginning; `now`: who sits there at the end."""

    def keep(events: Sequence[Event], begun: Place, now: Place | None = None) -> str:
        session = Session.begin(store, Library().bundle(scenario(tmp_path)), (OFFICER, begun), seed=1)
        finished = events[-1] == REACTIONS
        if events:
            store.append_many(session.id, 1, [to_json(event) for event in events], finished=finished)
        if now is not None:
            store.set_places(session.id, (OFFICER, now))
        return Session.reopen(store, session.id).id  # it must be a log that folds

    return keep


@pytest.fixture
def pair(logged: Callable[..., str]) -> tuple[str, str]:
    """Two finished sessions: one that somebody left, one in which the computer played all along."""
    left = logged(LEFT, Place("advocate", "Plover", "human", "Safe Harbor"), STEPPED_OUT)
    return left, logged(NEVER_THERE, COMPUTER)


@pytest.fixture
def unfinished(logged: Callable[..., str]) -> tuple[str, str]:
    """Two unfinished sessions: one paused, one just left lying."""
    human = Place("advocate", "Plover", "human", "Safe Harbor")
    return logged((*BEGUN, Pause()), human), logged(BEGUN, human)


@pytest.fixture
def said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """What a command says, with ids and times taken out."""

    def run(*words: str, code: int = 0) -> str:
        assert main([*words, "--store", str(tmp_path / "store.sqlite3")]) == code
        told = capsys.readouterr()
        return re.sub(r"\b[0-9a-f]{16}\b|\d{4}-\d\d-\d\d[T ][\d:.+]*", "·", told.out + told.err)

    return run


def read(table: Table) -> str:
    """What the screen says, without the line under the tabs, which moves."""
    return "\n".join(line for line in table.text().splitlines() if "━" not in line)


# --- a seat that was left is the computer's from the beginning ------------------------------------------------------


def test_the_events_are_those_of_a_session_the_computer_played_all_along(store: Store, pair: tuple[str, str]) -> None:
    left, never = (discreet(Session.reopen(store, ident)) for ident in pair)
    assert left.events == never.events
    assert left.places == never.places == (OFFICER, Place("advocate", "", "computer"))
    assert left.human_seats == ("officer",)


def test_the_scorecard_and_its_turning_points_are_the_same(store: Store, pair: tuple[str, str]) -> None:
    left, never = (discreet(Session.reopen(store, ident)) for ident in pair)
    assert left.scorecard() == never.scorecard()
    assert left.scorecard().predictions == ()
    assert left.hindsight() == never.hindsight()


def test_the_session_itself_is_left_as_it_is(store: Store, pair: tuple[str, str]) -> None:
    session = Session.reopen(store, pair[0])
    discreet(session)
    assert session.events[1:] == LEFT
    assert store.places(session.id)[1] == STEPPED_OUT


def test_a_guess_about_a_seat_that_was_left_is_not_told(store: Store, logged: Callable[..., str]) -> None:
    other = tuple(Resume(seats={"officer": "typical"}) if each == LEFT[6] else each for each in LEFT)
    for story in (LEFT, other):  # the one it was about leaves; the one who guessed leaves
        ident = logged(story, Place("advocate", "Plover", "human"))
        session = Session.reopen(store, ident)
        assert len(session.scorecard().predictions) == 1
        assert discreet(session).scorecard().predictions == ()


def test_the_list_shows_no_difference(said: Callable[..., str], pair: tuple[str, str]) -> None:
    first, second, _ = said("review", "--plain").splitlines()
    assert first == second
    assert "Heron, computer" in first and "Plover" not in first


def test_the_list_as_json_shows_no_difference(said: Callable[..., str], pair: tuple[str, str]) -> None:
    first, second = json.loads(said("review", "--json"))
    assert first == second
    assert first["seats"][1] == {"seat": "advocate", "alias": "", "player": "computer", "agency": ""}


@pytest.mark.parametrize("words", ["Plover", "Safe Harbor", "typical", "expert"])
def test_no_search_finds_whoever_left(said: Callable[..., str], pair: tuple[str, str], words: str) -> None:
    assert said("review", "--plain", "--filter", words) == "0 sessions\n"
    assert said("review", "--plain", "--filter", "Heron riverton").endswith("2 sessions\n")


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_the_score_shows_no_difference(said: Callable[..., str], pair: tuple[str, str], more: tuple[str, ...]) -> None:
    left, never = (said("score", ident, *more) for ident in pair)
    assert left == never
    assert "Plover" not in left and "guessed" not in left


def test_the_replay_shows_no_difference_at_any_event(said: Callable[..., str], pair: tuple[str, str]) -> None:
    for to in range(len(NEVER_THERE) + 1):
        left, never = (said("replay", ident, "--to", str(to)) for ident in pair)
        assert left == never
    left, never = (said("replay", ident, "--to", "99", code=2) for ident in pair)
    assert left == never


def test_the_debrief_a_coordinator_reads_shows_no_difference(
    tmp_path: Path, store: Store, pair: tuple[str, str]
) -> None:
    seen: list[list[str]] = [[], []]

    def reading(index: int) -> Callable[[Table], Any]:
        async def story(table: Table) -> None:
            await table.shows("2 sessions")
            await table.press(*["down"] * index, "enter")
            await table.shows("Rate it first")
            await table.press("l")
            await table.shows("What only one of you could see")
            seen[index].append(read(table))
            await table.press("f9")
            await table.shows("Law and life safety come first.")
            for key, words in (
                ("2", "What the agencies owe"),
                ("3", "Talk apart"),
                ("5", "How it was done"),
                ("6", "Each choice"),
            ):
                await table.press(key)
                await table.shows(words)
                seen[index].append(read(table))

        return story

    play(tmp_path, reading(0), start="review", size=(120, 60))
    # Looking moves nothing in the list: the other one is still second.
    play(tmp_path, reading(1), start="review", size=(120, 60))
    assert seen[0] == seen[1]
    assert "(computer)" in seen[0][-1] and "Maya Ellison (computer)" in seen[0][-1]


def test_whoever_comes_back_to_a_seat_stays_the_computers_in_lists(tmp_path: Path, store: Store) -> None:
    human = Place("advocate", "Plover", "human", "Safe Harbor")
    session = Session.begin(store, Library().bundle(scenario(tmp_path)), (OFFICER, human), seed=1)
    session.pause()
    session.resume({"advocate": "typical"})
    session.resume({"advocate": "human"})
    assert session.human_seats == ("officer", "advocate")
    assert people_of(session.events) == {"officer"}
    for event in LEFT:
        if isinstance(event, Choose):
            session.choose(event.seat, event.action)
    assert listed(store.sessions()[0]).who == "Heron, computer"


# --- unfinished: nothing about seats, nothing about pausing -----------------------------------------------------------


def test_paused_and_unfinished_are_one_in_the_list(said: Callable[..., str], unfinished: tuple[str, str]) -> None:
    first, second, _ = said("review", "--plain").splitlines()
    assert first == second
    assert "unfinished" in first and not any(word in first for word in ("Heron", "Plover", "paused"))


def test_paused_and_unfinished_are_one_in_json(said: Callable[..., str], unfinished: tuple[str, str]) -> None:
    first, second = json.loads(said("review", "--json"))
    assert first == second
    assert {(place["alias"], place["agency"], place["player"]) for place in first["seats"]} == {("", "", "")}


@pytest.mark.parametrize("words", ["Heron", "Plover", "Safe Harbor", "human", "paused"])
def test_no_search_finds_anybody_in_an_unfinished_session(
    said: Callable[..., str], unfinished: tuple[str, str], words: str
) -> None:
    assert said("review", "--plain", "--filter", words) == "0 sessions\n"


@pytest.mark.parametrize("command", ["replay", "score", "rate"])
def test_no_command_tells_paused_from_unfinished(
    said: Callable[..., str], unfinished: tuple[str, str], command: str
) -> None:
    paused, lying = (said(command, ident) for ident in unfinished)
    assert paused == lying


def test_a_pause_has_no_event_number_of_its_own_in_a_replay(
    said: Callable[..., str], unfinished: tuple[str, str]
) -> None:
    paused, lying = (said("replay", ident, "--to", "3", code=2) for ident in unfinished)
    assert paused == lying and "events 0 to 2" in paused


def test_the_app_lists_nobody_of_an_unfinished_session(tmp_path: Path, unfinished: tuple[str, str]) -> None:
    async def story(table: Table) -> None:
        await table.until(lambda: table.text().count("unfin") == 2, "both sessions")
        assert not any(name in table.text() for name in ("Her", "Plo", "Harb"))

    play(tmp_path, story, start="review", size=(140, 40))


def test_the_pair_itself_still_goes_on_with_its_own(tmp_path: Path, store: Store, unfinished: tuple[str, str]) -> None:
    async def story(table: Table) -> None:
        await table.shows("Go on")
        await table.shows("Heron: officer, a person")  # what one comes back for is listed first

    play(tmp_path, story, size=(120, 40))
    session = Session.reopen(store, unfinished[0])
    session.resume()
    session.choose("officer", "officer-stay")
    assert session.human_seats == ("officer", "advocate")


# --- numbers -----------------------------------------------------------------------------------------------------------


def test_a_rewind_leads_to_the_same_place_when_pauses_are_left_out(store: Store, logged: Callable[..., str]) -> None:
    events = (
        Pause(), Resume(), officer("ask"), Pause(), Resume(), advocate("hurry"), Rewind(to=5), Display(countdowns=False),
        advocate("listen"),
    )  # fmt: skip
    ident = logged(events, Place("advocate", "Plover", "human"))
    session = Session.reopen(store, ident)
    told = discreet(session)
    assert told.transcript() == session.transcript() == "officer: ask\nadvocate: listen\n"
    assert [event for event in told.events if isinstance(event, Rewind)] == [Rewind(to=1)]
