"""Who told whom what: the fold over a play agrees with the engine, and says what became of what a right brings with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.rights import Owed
from simulator import engine
from simulator.debrief import analysis
from simulator.discretion import discreet
from simulator.engine import State, chain
from simulator.events import Call, Choose, Event, Tell
from simulator.game import Game
from simulator.library import Library
from simulator.log import Place, open_store
from simulator.reading import read_text
from simulator.session import Session
from simulator.told import Told, tellings_of, told
from simulator.told_words import HEADING, NOTHING, lines
from tests.app_helpers import SCENARIO
from tests.generator import game as generated
from tests.generator import generate, next_events, walk
from tests.situations import scripted, situations, under
from tests.small import SEATS, Tree, game_from, play, world
from tests.test_situations import ALL, played

ADVOCATE: Tree = {"role": "community-advocate", "employer": "harbor-house"}
POLICE: Tree = {"role": "patrol-officer", "employer": "riverside-pd"}
CHILD: Tree = {"harm": {"text": "the bruise", "about": "child", "kind": "child-abuse", "known_by": ["advocate"]}}
TELL: Tree = {"tell": {"to": "officer", "items": "harm"}, "minutes": 5}


def reported(*steps: Tree, law: str = "model-state", **more: Tree) -> State:
    """A play in which the advocate does these, one after another; both acts of telling are hers."""
    people = {"advocate": ADVOCATE, "officer": POLICE}
    tree = scripted(people, more.get("items", CHILD), more.get("papers", {}), [("advocate", step) for step in steps])
    state = engine.start(under(tree, law))
    while not state.ended:
        state = engine.step(state, Choose(seat="advocate", action="go"))
    return state


def seen(state: State) -> dict[str, tuple[str, int | None]]:
    """Of the only telling: each thing owed, by the first word of its text."""
    [telling] = told(state)
    return {owed.text.split()[0]: (owed.seen, owed.minute) for owed in telling.owes}


# --- it agrees with the engine -------------------------------------------------------------------------------


@given(st.integers(0, 400), st.integers(0, 30), st.booleans())
def test_its_lines_are_the_engines_own(seed: int, way: int, three: bool) -> None:
    *_, state = walk(engine.start(generated(seed, telling=True, seats=3 if three else 2)), way)
    numbers = {at.record.step: number for number, at in enumerate(chain(state)) if not at.pending}
    found = [
        (t.line, t.seat, t.told, t.item, t.lacking, t.minute, t.step, t.unasked)
        for t in told(state)
        if t.line is not None and not t.again
    ]
    assert found == [(*b[:6], numbers[b.step], b.unasked) for b in state.tellings]


@given(st.integers(0, 200), st.integers(0, 30))
def test_its_lines_are_the_engines_own_where_people_speak_unprompted(seed: int, way: int) -> None:
    state = unprompted(seed, way)
    found = [(t.line, t.seat, t.told, t.item, t.lacking, t.minute) for t in told(state) if t.line and not t.again]
    assert found == [broken[:6] for broken in state.tellings]


def test_such_plays_hold_tellings_that_no_action_is_made_of() -> None:
    plays = [unprompted(seed, seed) for seed in range(60)]
    said = [(each, at) for each in plays for at in chain(each) if isinstance(at.event, Tell)]
    assert len(said) > 15 and any(each.tellings for each in plays)
    for whole, at in said:
        assert any(t.step == number for number, each in enumerate(chain(whole)) if each is at for t in told(whole))


def unprompted(seed: int, way: int) -> State:
    """A random play of a generated scenario in which telling is open, and half of the moves are tellings."""
    trees = generate(seed, telling=True)
    trees["scenario"]["telling"] = "open"
    state, random = engine.start(game_from(trees)), Random(way)
    for _ in range(20):
        if state.ended:
            break
        says: list[Event] = [
            Call(seat=seat, to=each.speech.to)
            if each.speech.kind == "call"
            else Tell(seat=seat, to=each.speech.to, item=each.speech.thing, channel=each.speech.channel)
            for seat in engine.turn(state)
            for each in engine.speeches(state, seat)
            if each.speech.kind in ("tell", "call")
        ]
        state = engine.step(state, random.choice(says if says and random.random() < 0.5 else next_events(state)))
    return state


def test_the_generated_plays_hold_tellings_and_lines_enough_to_show_it() -> None:
    plays = [list(walk(engine.start(generated(seed, telling=True)), seed))[-1] for seed in range(60)]
    assert sum(len(told(each)) for each in plays) > 60
    assert sum(len(each.tellings) for each in plays) > 15


@given(st.integers(0, 200), st.integers(0, 30))
def test_each_is_judged_by_a_record_in_which_the_tellings_before_it_stand(seed: int, way: int) -> None:
    *_, state = walk(engine.start(generated(seed, telling=True)), way)
    for at in chain(state):
        said = list(tellings_of(at))
        for before, after in pairwise(said):
            assert (before.told, before.item) in after.record.known
        if said:
            assert at.prev is not None
            assert all(at.prev.now <= each.record.now <= at.now for each in said)


@ALL
def test_it_says_of_each_situation_what_the_ledger_said(situation) -> None:
    steps = played(situation)
    wanted = [
        (step.wanted.standing, step.wanted.right)
        for step, _, _ in steps
        if step.wanted is not None and step.telling is not None and step.telling[0] is not None
        for _ in step.telling[2]
    ]
    found = [(each.standing, each.right_id) for each in told(steps[-1][2]) if _asked(each, steps)]
    assert found == wanted


def _asked(each: Told, steps: list) -> bool:
    step = steps[each.step - 1][0]
    return step.wanted is not None


def test_situations_include_every_standing() -> None:
    found = {each.standing for situation in situations() for each in told(played(situation)[-1][2])}
    assert found >= {"lawful", "duty", "courtesy", "line"}


# --- what is listed ------------------------------------------------------------------------------------------


def hub(*tells: Tree, seats: Tree | None = None, **more: object) -> Game:
    actions = {f"t{number}": {"to": "hub", "minutes": 5, **tell} for number, tell in enumerate(tells)}
    scenes = {"hub": {"turn": "advocate", "actions": {**actions, "end": {"to": "ending"}}}, "ending": {"ending": {"title": "End"}}}  # fmt: skip
    return world(
        scenes,
        seats=seats or SEATS,
        items={"gun": {"text": "where the gun is", "about": "survivor", "known_by": ["advocate"]}, "far": {"text": "far"}},
        lines={"confidence": {"text": "Kept.", "telling": "confidential", "roles": ["community-advocate"], "citation": "a statute"}},
        **more,
    )  # fmt: skip


def test_what_is_told_a_second_time_is_listed_and_said_to_be_counted_once() -> None:
    state = play(hub({"tell": {"to": "officer", "items": "gun"}}), "t0", "t0")
    first, second = told(state)
    assert (first.line, first.again, second.line, second.again) == ("confidence", False, "confidence", True)
    assert len(state.tellings) == 1
    assert any("counted once" in line for line in lines([second], state.game, {"advocate": "A", "officer": "O"}))


def test_nobody_tells_what_they_do_not_know() -> None:
    assert told(play(hub({"tell": {"to": "officer", "items": "far"}}), "t0")) == ()


def test_a_role_that_no_line_binds_is_said_to_be_unbound() -> None:
    nurse = {"advocate": {**SEATS["advocate"], "role": "nurse"}, "officer": SEATS["officer"]}
    state = play(hub({"tell": {"to": "officer", "items": "gun"}}, seats=nurse), "t0")
    [telling] = told(state)
    assert (telling.standing, telling.line, telling.lacking) == ("unbound", None, "no release was signed")


def test_what_a_computer_told_is_the_computers() -> None:
    state = engine.start(hub({"tell": {"to": "officer", "items": "gun"}}))
    state = engine.step(state, Choose(seat="advocate", action="t0", by="computer"))
    [telling] = told(state)
    assert telling.by_computer
    assert "Ms. Okafor (computer) to Officer Reyes" in next(lines([telling], state.game, _names(state)))


def test_the_channel_is_told() -> None:
    state = play(hub({"tell": {"to": "officer", "items": "gun", "channel": "message"}}), "t0")
    assert "by message: where the gun is" in next(lines(told(state), state.game, _names(state)))


# --- what comes with a right ---------------------------------------------------------------------------------


def test_what_was_done_before_the_telling_is_said_to_be_so_with_its_time() -> None:
    state = reported({"records": ["survivor_told_of_report"], "minutes": 10}, {"records": ["safety_plan_made"], **TELL})
    assert seen(state) == {"The": ("not watched", None), "Try": ("before", 10), "Plan": ("with it", 15)}


def test_what_was_done_after_it_is_said_to_be_after() -> None:
    state = reported(TELL, {"records": ["survivor_told_of_report", "safety_plan_made"], "minutes": 30})
    assert seen(state)["Try"] == ("after", 35)
    assert seen(state)["Plan"] == ("after", 35)


def test_what_the_story_could_hold_and_nobody_did_is_not_seen() -> None:
    people = {"advocate": ADVOCATE, "officer": POLICE}
    tree = scripted(people, CHILD, {}, [("advocate", TELL)])
    tree["scenes"]["step0"]["actions"]["plan"] = {"text": "Plan.", "to": "step1", "records": ["safety_plan_made"]}
    state = engine.step(engine.start(under(tree, "model-state")), Choose(seat="advocate", action="go"))
    assert seen(state)["Plan"] == ("not seen", None)


def test_what_no_scene_could_record_is_not_held_against_anybody() -> None:
    assert seen(reported(TELL))["Plan"] == ("not watched", None)


def test_of_several_times_the_last_one_before_the_telling_counts() -> None:
    early: Tree = {"records": ["safety_plan_made"], "minutes": 10}
    assert seen(reported(early, early, TELL, early))["Plan"] == ("before", 20)


GUN: Tree = {"gun": {"text": "where the gun is", "about": "survivor", "known_by": ["advocate"]}}
FORM: Tree = {
    "form": {"holder": "advocate", "recipient": "officer", "items": "gun", "purpose": "help", "lasts": "7 days"}
}
BACK: Tree = {"revokes_release": "form", "records": ["release_revoked"], "minutes": 10}


def under_release(*after: Tree) -> tuple[str, int | None]:
    """What became of stopping, where she signed, it was told, and then this."""
    steps = ({"signs_release": "form"}, {"tell": {"to": "officer", "items": "gun"}, "minutes": 5}, *after)
    return seen(reported(*steps, items=GUN, papers=FORM))["Stop"]


def test_stopping_is_owed_once_she_has_taken_the_release_back_and_not_before() -> None:
    stop: Tree = {"records": ["sharing_stopped"], "minutes": 20}
    assert under_release(stop) == ("not watched", None)
    assert under_release(BACK, stop) == ("after", 35)
    assert under_release(stop, BACK) == ("not seen", None)
    assert under_release({**BACK, "records": ["release_revoked", "sharing_stopped"]}) == ("after", 15)


def test_a_courts_order_asks_for_her_to_be_told_of_the_order() -> None:
    items: Tree = {"notes": {"text": "the notes", "about": "survivor", "known_by": ["advocate"]}}
    papers: Tree = {"order": {"holder": "advocate", "recipient": "officer", "items": "notes", "purpose": "the court's", "signer": "court"}}  # fmt: skip
    state = reported(
        {"signs_release": "order", "minutes": 5},
        {"records": ["survivor_told_of_order"], "minutes": 5},
        {"tell": {"to": "officer", "items": "notes"}},
        items=items,
        papers=papers,
    )
    assert seen(state)["Try"] == ("before", 10)


def test_an_agreements_duty_is_what_weighs_it_and_not_the_list() -> None:
    """The same play with and without what is owed has the same lines and tellings of the engine."""
    assert reported(TELL).tellings == () == reported({"records": ["safety_plan_made"], **TELL}).tellings


# --- where it shows ------------------------------------------------------------------------------------------


def test_the_debrief_names_who_whom_what_and_the_right() -> None:
    state = reported({"records": ["survivor_told_of_report"], "minutes": 10}, TELL)
    text = "\n".join(_block(state))
    assert "Advocate to Officer, in person: the bruise" in text
    assert "The law asks for it: Harm to a child" in text and "[V:" not in text
    assert "(Done before, Mon 2 Mar, 09:10.)" in text


def test_a_play_in_which_nobody_told_anything_says_so() -> None:
    assert list(_block(reported({"minutes": 1}))) == [NOTHING]


def test_a_story_without_items_has_no_such_part() -> None:
    state = play(world({"hub": {"turn": "officer", "actions": {"end": {"to": "ending"}}}, "ending": {"ending": {"title": "E"}}}), "end")  # fmt: skip
    assert list(lines(told(state), state.game, _names(state))) == []


@pytest.mark.parametrize("word", ["should have", "failed", "fault", "wrong", "guilty"])
def test_nobody_is_blamed(word: str) -> None:
    state = play(hub({"tell": {"to": "officer", "items": "gun"}}), "t0", "t0")
    assert not any(word in line.casefold() for line in lines(told(state), state.game, _names(state)))


def _block(state: State) -> Iterator[str]:
    from simulator.assess import scorecard

    blocks = analysis(scorecard(state), state.game, told=told(state))
    yield from next(block.lines for block in blocks if block.heading == HEADING)


def _names(state: State) -> dict[str, str]:
    return {seat.id: seat.name for seat in state.game.scenario.seats.values()}


def test_a_coordinator_reads_it_as_the_computers_from_the_beginning_where_somebody_stepped_out(tmp_path: Path) -> None:
    path = tmp_path / "library" / "evening.yaml"
    path.parent.mkdir()
    telling = "learn: {advocate: gun}, tell: {to: officer, items: gun}, to: both"
    path.write_text(SCENARIO.replace("learn: {advocate: gun}, to: both", telling), encoding="utf-8")
    with closing(open_store(tmp_path / "store.sqlite3")) as store:
        places = (Place("officer", "Heron", "human"), Place("advocate", "Plover", "human"))
        session = Session.begin(store, Library().bundle(path), places, seed=1)
        session.choose("officer", "apart")
        session.choose("advocate", "listen")
        session.pause()
        session.resume({"advocate": "typical"})
        session.choose("officer", "officer-stay")
        session.run_others()
        session.choose("officer", "this")
        assert [each.by_computer for each in session.told()] == [False]  # the pair's own debrief
        assert [each.by_computer for each in discreet(session).told()] == [True]


# --- as it is written ----------------------------------------------------------------------------------------

RIGHTS = """
id: vocabulary
roles: {nurse: {label: Nurse, service: health, confidence: confidential}}
facts: {planned: A plan was made.}
rights:
  last:
    text: anything
    verdict: lawful
    owes: OWES
    citation: a statute
    reviewed: 2026-01-01
"""


def read(owes: str):
    return read_text("vocabulary", RIGHTS.replace("OWES", owes), "vocabulary.yaml")


@pytest.mark.parametrize("owes", ["Plan.", "[Plan.]", "{text: Plan.}", "[{text: Plan.}]"])
def test_what_is_owed_may_be_written_as_a_plain_sentence(owes: str) -> None:
    found = read(owes)
    assert found.problems == () and found.draft.rights["last"].owes == (Owed(text="Plan."),)


def test_and_with_the_fact_that_shows_it() -> None:
    found = read("[Say so., {text: Plan., fact: planned}]")
    assert found.problems == ()
    assert found.draft.rights["last"].owes == (Owed(text="Say so."), Owed(text="Plan.", fact="planned"))
