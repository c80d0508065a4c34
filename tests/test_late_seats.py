"""Seats that come in later or leave: who is there, what they see, and what an author is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator import engine
from simulator.engine import State
from simulator.game import Game
from simulator.library import Library
from simulator.timeline import timeline
from simulator.view import ENDED, TO_COME, View, view
from tests.generator import game, generate, marks, next_events, texts, walk
from tests.small import SEATS, play, world
from tests.ward import MOVES, WARD, WORD, shelf

END = {"text": "It is over.", "ending": {"title": "The end"}}
NURSE = {"role": "nurse", "employer": "hospital", "name": "Nurse Park", "brief": "You begin at eleven."}
SEEDS = st.integers(0, 2**32)


def seats(**nurse: Any) -> dict[str, Any]:
    return {**SEATS, "nurse": {**NURSE, **nurse}}


def night(**nurse: Any) -> Game:
    """A street, a ward with which the nurse comes in (unless said otherwise), a talk, the end."""
    scenes = {
        "street": {"turn": "officer", "text": "A street.", "actions": {"drive": {"text": "Drive.", "minutes": 30, "to": "ward"}}},
        "ward": {"text": "A ward.", "to": "talk"},
        "talk": {"turn": "nurse", "present": ["nurse", "officer"], "text": "A talk.",
                 "actions": {"ask": {"text": "Ask.", "says": "She nods.", "minutes": 20, "change": {"ease": 1}, "to": "later"}}},
        "later": {"turn": "advocate", "text": "Later.", "actions": {"wait": {"minutes": 60, "change": {"ease": 1}, "to": "end"}}},
        "end": END,
    }  # fmt: skip
    return world(
        scenes,
        seats=seats(**{"enters": "ward", **nurse}),
        items={"injury": {"text": "that it hurts", "known_by": "nurse"}},
        meters={"ease": {"label": "Ease", "from": 0, "to": 5, "start": 2, "shown_to": "nurse"}},
    )


def bare(found: View) -> tuple[Any, ...]:
    """All of a view that could tell anything of the story."""
    return (
        found.scene, found.scene_title, found.on_turn, found.on_turn_names, found.my_turn, found.together, found.present,
        found.options, found.questions, found.sayable, found.passages, found.duties, found.items, found.report, found.case_file,
        found.messages, found.meters, found.judgement, found.now,
    )  # fmt: skip


# --- who is there ----------------------------------------------------------------------------------------------------


def test_a_seat_is_in_the_story_from_the_scene_it_enters_with() -> None:
    there = night().attendance
    assert [scene for scene in night().scenes if "nurse" in there.at(scene)] == ["ward", "talk", "later", "end"]


def test_a_seat_is_in_the_story_up_to_the_scene_it_leaves_with() -> None:
    there = night(leaves="later").attendance
    assert [scene for scene in night().scenes if "nurse" in there.at(scene)] == ["ward", "talk"]


def test_a_scene_that_all_witness_is_witnessed_by_those_who_are_in_the_story() -> None:
    assert night().scenes["ward"].present == {"officer", "advocate", "nurse"}
    assert night(leaves="later").scenes["end"].present == {"officer", "advocate"}
    assert night(enters="talk").scenes["ward"].present == {"officer", "advocate"}


def test_where_ways_disagree_a_seat_is_counted_as_not_there() -> None:
    scenes = {
        "fork": {"turn": "officer", "actions": {"call": {"to": "ward"}, "not": {"to": "end"}}},
        "ward": {"turn": "nurse", "actions": {"go": {"to": "end"}}},
        "end": END,
    }
    found = world(scenes, seats=seats(enters="ward")).attendance
    assert found.unsure("end") == ("nurse",)
    assert "nurse" not in found.at("end")


def test_where_ways_disagree_a_scene_that_names_the_seat_brings_it_in() -> None:
    scenes = {
        "fork": {"turn": "officer", "actions": {"call": {"to": "ward"}, "not": {"to": "hall"}}},
        "ward": {"turn": "nurse", "actions": {"go": {"to": "hall"}}},
        "hall": {"present": ["nurse"], "text": "A hall.", "to": "end"},
        "end": END,
    }
    made = world(scenes, seats=seats(enters="ward"))
    assert "nurse" in made.attendance.at("end")
    assert view(play(made, "not"), "nurse").standing == "there"


def test_in_a_loop_a_seat_can_come_back() -> None:
    scenes = {
        "hall": {"turn": "officer", "actions": {"call": {"to": "ward"}, "stop": {"to": "end"}}},
        "ward": {"turn": "nurse", "actions": {"go": {"to": "hall"}}},
        "end": {**END, "present": ["officer", "advocate"]},
    }
    made = world(scenes, seats=seats(enters="ward", leaves="hall"))
    assert [view(play(made, *moves), "nurse").standing for moves in ([], ["call"], ["call", "go"], ["call", "go", "call"])] == [
        "to come", "there", "gone", "there",
    ]  # fmt: skip


@given(SEEDS, st.booleans(), SEEDS)
def test_who_is_there_in_a_play_is_what_the_graph_says_of_its_scenes(seed: int, loops: bool, walked: int) -> None:
    made = game(seed, seats=3, late=True, loops=loops)
    for state in walk(engine.start(made), walked):
        for seat in made.seats:
            here = view(state, seat).standing == "there"
            assert here is (seat in made.attendance.at(state.scene)) or seat in made.attendance.unsure(state.scene)
            assert here or seat not in (*made.scenes[state.scene].present, *engine.turn(state))


# --- what a seat sees ------------------------------------------------------------------------------------------------


def test_before_it_comes_in_a_seat_reads_only_that_it_will() -> None:
    found = view(play(night()), "nurse")
    assert (found.brief, found.standing) == (TO_COME, "to come")
    assert "eleven" not in repr(found)
    assert bare(found)[:-1] == ("", "", (), (), False, False, False, (), (), (), (), (), (), (), (), (), (), None)


def test_before_it_comes_in_a_seat_does_not_see_the_clock_move() -> None:
    scenes = {
        "street": {"turn": "officer", "actions": {"drive": {"minutes": 30, "to": "ward"}}},
        "ward": {"turn": "officer", "actions": {"call": {"to": "talk"}}},
        "talk": {"turn": "nurse", "actions": {"ask": {"to": "end"}}},
        "end": END,
    }
    state = play(world(scenes, seats=seats(enters="talk")), "drive")
    assert state.now == 30
    assert view(state, "nurse").now == state.game.scenario.starts


def test_when_it_comes_in_a_seat_reads_its_brief_and_what_it_then_sees() -> None:
    found = view(play(night(), "drive"), "nurse")
    assert found.brief == "You begin at eleven."
    assert [passage.text for passage in found.passages] == ["A ward.", "A talk."]
    assert [item.id for item in found.items] == ["injury"]
    assert found.meters == (("Ease", 0, 5, 2),)


def test_what_a_seat_brings_along_it_knows_from_the_start() -> None:
    scenes = {
        "street": {"turn": "officer", "actions": {"go": {"when": "knows(nurse, injury)", "closed": "No.", "to": "ward"}}},
        "ward": {"turn": "nurse", "actions": {"rest": {"to": "end"}}},
        "end": END,
    }  # fmt: skip
    items = {"injury": {"text": "that it hurts", "known_by": "nurse"}}
    state = play(world(scenes, seats=seats(enters="ward"), items=items))
    assert engine.options(state, "officer")[0].open
    assert view(state, "nurse").items == ()


def test_after_it_has_left_a_seat_keeps_what_it_saw_and_sees_no_more() -> None:
    made = night(leaves="later")
    left, ended = (view(play(made, *moves), "nurse") for moves in (["drive", "ask"], ["drive", "ask", "wait"]))
    assert [passage.text for passage in ended.passages] == ["A ward.", "A talk.", "Ask.", "She nods."]
    assert (ended.now, ended.meters, ended.items) == (left.now, left.meters, left.items)
    assert (left.standing, left.on_turn, left.ending) == ("gone", (), None)
    assert ended.ending == ENDED


def test_what_one_has_learned_by_leaving_stays_known() -> None:
    scenes = {
        "talk": {"turn": "nurse", "actions": {"ask": {"learn": {"nurse": "injury"}, "to": "out"}}},
        "out": {"turn": "officer", "actions": {"go": {"to": "end"}}},
        "end": END,
    }
    made = world(scenes, seats=seats(leaves="out"), items={"injury": {"text": "that it hurts"}})
    assert [item.text for item in view(play(made, "ask", "go"), "nurse").items] == ["that it hurts"]


def test_nobody_is_told_later_that_somebody_knew_who_was_not_there_yet() -> None:
    from simulator.assess import scorecard

    first, second, *_ = scorecard(play(night(), "drive", "ask", "wait")).decisions
    assert first.partner_knew == ()
    assert second.seat == "nurse"


def test_the_debrief_says_who_alone_saw_a_scene_of_those_who_were_in_the_story() -> None:
    told = {moment.text: moment.private_to for moment in timeline(play(night(enters="talk"), "drive", "ask", "wait"))}
    assert told["A ward."] == ()
    assert told["A talk."] == ("Officer Reyes", "Nurse Park")


@given(SEEDS, SEEDS, SEEDS)
def test_whatever_happens_before_it_comes_in_its_view_is_the_same(seed: int, one: int, other: int) -> None:
    made = game(seed, seats=3, late=True)
    away: dict[str, set[str]] = {}
    for walked in (one, other):
        for state in walk(engine.start(made), walked):
            for seat in made.seats:
                found = view(state, seat)
                if found.standing == "to come":
                    assert not marks(repr(found)) - {("brief", seat)}
                    assert found.ending in (None, ENDED)
                    away.setdefault(seat, set()).add(repr(bare(found)))
    assert all(len(looks) == 1 for looks in away.values())


@given(SEEDS, SEEDS)
def test_once_it_has_left_nothing_that_happens_changes_its_view(seed: int, walked: int) -> None:
    made = game(seed, seats=3, late=True)
    random, state = Random(walked), engine.start(made)
    for _ in range(12):
        if state.ended:
            return
        following = engine.step(state, random.choice(next_events(state)))
        for seat in made.seats:
            before, after = view(state, seat), view(following, seat)
            if (before.standing, after.standing) == ("gone", "gone") and not _came_back(following, seat):
                assert bare(before) == bare(after)
        state = following


def _came_back(state: State, seat: str) -> bool:
    """Whether the seat came in and left again within this very step."""
    return any(seat in state.game.scenes[scene].present for scene, _ in state.entered)


# --- what an author is told ------------------------------------------------------------------------------------------


def problems(folder: Path, old: str, new: str) -> list[tuple[str, str, str]]:
    assert old in WARD
    path = folder / "shelf" / "library" / "ward.yaml"
    library = shelf(folder, WARD.replace(old, new))
    return [(p.code, p.severity, p.message) for p in library.check(path) if p.code in ("HS263", "HS264", "HS265")]


def test_the_ward_has_no_such_problem(tmp_path: Path) -> None:
    assert problems(tmp_path, "id: ward", "id: ward") == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("enters: room", "enters: exam", "acts here, and is not in the story yet"),
        ("private: {advocate: ADVOCATEWORD She looks at the door.}", "private: {nurse: She waits.}", "would read this"),
        ("report: She asked for a room.", "message: {to: nurse, text: Come.}", "gets a message here"),
        ("report: She asked for a room.", "tell: {to: nurse, items: car}", "is told something here"),
        ("report: She asked for a room.", "learn: {nurse: car}", "would learn this"),
        ("present: [officer, advocate]", "present: [officer, advocate, nurse]", "is to be present here"),
        ("present: [nurse, advocate]", "present: [nurse, advocate, officer]", "and leaves the story with this scene"),
        ("tell: {to: advocate, items: car}", "tell: {to: officer, items: car}", "and has left the story by then"),
    ],
)  # fmt: skip
def test_whoever_is_not_there_cannot_be_counted_on(tmp_path: Path, old: str, new: str, said: str) -> None:
    [(code, severity, message)] = problems(tmp_path, old, new)
    assert (code, severity) == ("HS264", "error")
    assert said in message


def test_where_ways_disagree_the_author_is_asked_once(tmp_path: Path) -> None:
    found = problems(tmp_path, "        to: room\n      here:", "        to: end\n      here:")
    assert [code for code, _, _ in found] == ["HS263"] * 3  # the officer, who leaves, and the two who come in
    assert "on some ways to “end”, “Detective Abara” is in the story, and on others not" in found[-1][2]


def test_coming_in_where_one_is_already_is_a_scene_too_many(tmp_path: Path) -> None:
    found = problems(tmp_path, "enters: morning", "enters: [morning, end]")
    assert [(code, severity) for code, severity, _ in found] == [("HS265", "warning")]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("loops", [False, True])
def test_a_generated_scenario_with_late_seats_has_no_errors(seed: int, loops: bool, tmp_path: Path) -> None:
    for text in texts(generate(seed, seats=3, late=True, loops=loops)):
        (tmp_path / f"{text.id}.yaml").write_text(text.text, encoding="utf-8")
    library = Library([tmp_path])
    errors = [p for path in tmp_path.iterdir() for p in library.check(path) if p.severity == "error"]
    assert [error for error in errors if error.code != "HS302"] == []  # loops may trap on purpose


def test_some_generated_seats_come_in_leave_and_come_back() -> None:
    met = {
        view(state, seat).standing
        for seed in range(20)
        for state in walk(engine.start(game(seed, seats=3, late=True)), seed)
        for seat in state.game.seats
    }
    assert met == {"to come", "there", "gone"}


def test_the_words_of_a_seat_stand_only_in_its_own_view(tmp_path: Path) -> None:
    bundle = shelf(tmp_path).bundle("ward")
    state = engine.start(Game(bundle.scenario, bundle.mou, bundle.jurisdiction, bundle.framework, bundle.vocabulary))
    from simulator.events import Choose

    for move in (None, *MOVES):
        if move is not None:
            state = engine.step(state, Choose(seat=move[0], action=move[1]))
        for seat in state.game.seats:
            shown = repr(view(state, seat))
            meeting = {"DETECTIVEWORD", "ADVOCATEWORD"} if seat in ("advocate", "detective") else set()
            foreign = {word for other, word in WORD.items() if other != seat} - meeting
            assert not [word for word in foreign if word in shown]


# --- what is said unprompted -----------------------------------------------------------------------------------------


def test_where_telling_is_open_nobody_can_be_rung_or_told_who_is_not_in_the_story() -> None:
    made = night(leaves="later")
    spoken = replace(made.scenario, telling="open")
    opened = Game(spoken, made.mou, made.jurisdiction, made.framework, made.vocabulary)
    named = {
        scene: {way.speech.to for way in opened.scenes[scene].speeches.values() if way.speech}
        for scene in opened.scenes
    }
    assert "nurse" not in named["street"] | named["later"]
    assert named["talk"] == {"officer", "advocate"}


@given(SEEDS, SEEDS)
def test_whatever_is_said_unprompted_reaches_nobody_who_is_away(seed: int, walked: int) -> None:
    made = game(seed, seats=3, late=True, speaking=True)
    for state in walk(engine.start(made), walked):
        for seat in made.seats:
            found = view(state, seat)
            assert found.standing != "to come" or bare(found)[:-1] == (
                "", "", (), (), False, False, False, (), (), (), (), (), (), (), (), (), (), None,
            )  # fmt: skip
        for speaker in engine.turn(state):
            assert speaker in made.attendance.at(state.scene)
            reached = {
                way.speech.to for way in made.scenes[state.scene].speeches.values() if way.speech and way.speech.to
            }
            assert reached <= made.attendance.at(state.scene)
