"""The loss of a play, split: it telescopes exactly, and nobody is charged for what they could not know."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scoring.loss import NOTHING, Loss
from simulator import engine
from simulator.compiled.memory import TooIntricate
from simulator.game import Game
from simulator.outlook import Outlook, TooLarge
from simulator.outlook.adviser import Adviser
from simulator.outlook.costs import Account, NoPlanEnds, account, shapley
from simulator.outlook.knowledge import Observer
from simulator.outlook.turning import hindsight
from tests.generator import game, walk
from tests.oracle import loss_of
from tests.sizes import examples
from tests.small import Tree, play, world

SEEDS = st.integers(0, 2**32)


def costs(game: Game, *moves: str) -> Account:
    return account(Outlook.of(game), play(game, *moves))


def charged(found: Account, kind: str, seat: str | None = None) -> Loss:
    total = NOTHING
    for cost in found.costs:
        if cost.kind == kind and cost.seat == seat:
            total = total.plus(cost.loss)
    return total


def loss(lines: int | Fraction = 0, duties: int | Fraction = 0, practice: int | Fraction = 0) -> Loss:
    return Loss(Fraction(lines), Fraction(duties), Fraction(practice))


# --- laws --------------------------------------------------------------------------------------------------------


@settings(max_examples=examples(18), deadline=None)
@given(SEEDS, SEEDS, st.integers(1, 3), st.booleans(), st.booleans())
def test_the_parts_of_a_plays_loss_add_up_to_its_scorecard(
    seed: int, walked: int, seats: int, loops: bool, late: bool
) -> None:
    made = game(seed, layers=3, width=2, actions=2, seats=seats, loops=loops, calendar=True, late=late)
    try:
        outlook = Outlook.of(made, limit=3000)
    except (TooLarge, TooIntricate):
        assume(False)
    *_, last = walk(engine.start(made), walked)
    assume(last.ended)
    try:
        found = account(outlook, last)
    except NoPlanEnds:
        assume(False)
    assert tuple(found.lost) == tuple(loss_of(last))


@settings(max_examples=examples(22), deadline=None)
@given(SEEDS, SEEDS)
def test_a_single_seats_decision_never_gains_and_is_never_charged_more_than_its_drop(seed: int, walked: int) -> None:
    made = game(seed, layers=3, width=2, actions=2, seats=2, calendar=True)
    try:
        outlook = Outlook.of(made, limit=3000)
        *_, last = walk(engine.start(made), walked)
        found = account(outlook, last)
    except (TooLarge, TooIntricate, NoPlanEnds):
        assume(False)
    for cost in found.costs:
        if len(made.scenes[cost.scene].seats) == 1:
            assert cost.loss >= NOTHING


@settings(max_examples=examples(22), deadline=None)
@given(SEEDS, SEEDS)
def test_a_play_of_experts_costs_nobody_anything_where_all_see_everything(seed: int, walked: int) -> None:
    made = game(seed, layers=3, width=2, actions=2, seats=1, calendar=True)
    try:
        outlook = Outlook.of(made, limit=3000)
    except (TooLarge, TooIntricate):
        assume(False)
    random, state = Random(walked), engine.start(made)
    adviser = Adviser(outlook, Observer(made, made.seats[0]))
    for _ in range(20):
        if state.ended:
            break
        if outcomes := engine.outcomes(state):
            state = engine.step(state, engine.Chance(action=random.choice(outcomes).id))
        else:
            seat = engine.turn(state)[0]
            state = engine.step(state, engine.Choose(seat=seat, action=adviser.best(state)))
    assume(state.ended)
    try:
        found = account(outlook, state)
    except NoPlanEnds:
        assume(False)
    assert charged(found, "seat", made.seats[0]) == NOTHING


# --- by hand -----------------------------------------------------------------------------------------------------


def letter(present: list[str]) -> Game:
    """The advocate learns by letter which door is right; the officer then chooses. `present`: who reads the letter."""
    doors = {"left": {"records": "left_door", "to": "end"}, "right": {"records": "right_door", "to": "end"}}
    scenes: Tree = {
        "post": {"turn": "chance", "present": present, "actions": {"says-left": {"to": "left-letter"}, "says-right": {"to": "right-letter"}}},
        "left-letter": {"text": "Left!", "present": present, "records": "letter_left", "to": "door"},
        "right-letter": {"text": "Right!", "present": present, "records": "letter_right", "to": "door"},
        "door": {"turn": "officer", "actions": doors},
        "end": {"ending": {"title": "The end"}},
    }  # fmt: skip
    duties = {
        "the-left": {"when": "letter_left", "must": "left_door"},
        "the-right": {"when": "letter_right", "must": "right_door"},
    }
    return world(scenes, duties=duties, opening="post")


def test_what_a_seat_could_not_know_is_charged_to_nobody() -> None:
    found = costs(letter(["advocate"]), "chance: says-left", "right")
    assert charged(found, "seat", "officer") == NOTHING
    assert charged(found, "not knowable") == loss(duties=2)


def test_what_a_seat_saw_is_charged_to_it() -> None:
    found = costs(letter(["officer"]), "chance: says-left", "right")
    assert charged(found, "seat", "officer") == loss(duties=2)
    assert charged(found, "not knowable") == NOTHING


def test_chance_is_charged_with_its_difference_from_what_was_expected() -> None:
    scenes = {
        "sky": {"turn": "chance", "actions": {"rain": {"weight": 3, "records": "wet", "to": "end"}, "sun": {"weight": 1, "to": "end"}}},
        "end": {"ending": {"title": "The end"}},
    }  # fmt: skip
    made = world(scenes, duties={"dry": {"never": "wet"}})
    found = costs(made, "chance: rain")
    assert found.expected == loss(duties=Fraction(3, 2))
    assert charged(found, "chance") == loss(duties=Fraction(1, 2))
    assert charged(costs(made, "chance: sun"), "chance") == loss(duties=Fraction(-3, 2))


def both_at_once() -> Game:
    """Whoever lifts alone spoils it; both must lift, or both must leave it."""
    actions = {f"{seat[0]}-{what}": {"seat": seat, "records": f"{seat}_{what}"} for seat in ("officer", "advocate") for what in ("lift", "leave")}  # fmt: skip
    scenes = {
        "table": {"turn": ["officer", "advocate"], "actions": actions, "to": "end"},
        "end": {"ending": {"title": "The end"}},
    }
    alone = "officer_lift and advocate_leave or officer_leave and advocate_lift"
    return world(scenes, duties={"level": {"never": alone}})


def test_a_together_scene_asks_of_an_absent_seat_only_what_changes_least() -> None:
    """Officer lifts, advocate leaves: to lift together and to leave together change as little; the author wrote lifting first."""
    found = costs(both_at_once(), "officer: o-lift", "advocate: a-leave")
    assert charged(found, "seat", "officer") == NOTHING
    assert charged(found, "seat", "advocate") == loss(duties=2)


def test_shapley_gives_each_seat_what_it_adds_on_average() -> None:
    worth = {
        frozenset[str](): NOTHING,
        frozenset({"a"}): loss(duties=2),
        frozenset({"b"}): NOTHING,
        frozenset({"a", "b"}): loss(duties=4),
    }
    assert shapley(worth, ["a", "b"]) == {"a": loss(duties=3), "b": loss(duties=1)}


def test_an_unfinished_play_counts_what_is_still_open_as_its_outlook() -> None:
    scenes: Tree = {
        "first": {"turn": "officer", "actions": {"well": {"to": "then"}, "ill": {"records": "broke", "to": "then"}}},
        "then": {"turn": "chance", "actions": {"wet": {"records": "wet", "to": "end"}, "dry": {"to": "end"}}},
        "end": {"ending": {"title": "The end"}},
    }
    found = costs(world(scenes, duties={"whole": {"never": "broke"}, "dry": {"never": "wet"}}), "ill")
    assert found.expected == loss(duties=1)
    assert found.lost == loss(duties=3)  # two for what is broken, one for rain that may come


def test_a_play_in_which_no_plan_surely_ends_has_no_account() -> None:
    scenes = {"round": {"turn": "officer", "actions": {"on": {"to": "round"}}}, "end": {"ending": {"title": "The end"}}}
    with pytest.raises(NoPlanEnds):
        costs(world(scenes), "on")


# --- turning points ----------------------------------------------------------------------------------------------


def test_a_turning_point_names_the_better_option_and_what_it_had_left_open() -> None:
    made = letter(["officer"])
    state = play(made, "chance: says-left", "right")
    [point] = hindsight(Outlook.of(made), state).points
    assert (point.seat, point.chosen, point.better) == ("officer", "Do right.", "Do left.")
    assert point.could_still == ("clause 1.1 could still have been kept in time: Duty the-left.",)


def test_what_nobody_could_know_is_told_apart_from_turning_points() -> None:
    made = letter(["advocate"])
    found = hindsight(Outlook.of(made), play(made, "chance: says-left", "right"))
    assert not found.points
    assert [each.kind for each in found.unforeseen] == ["not knowable"]


def test_a_dilemma_is_no_turning_point() -> None:
    judgement = {"question": "Which?", "both_sides": ["one", "other"]}
    scenes = {
        "weigh": {"turn": "officer", "judgement": judgement, "actions": {"keep": {"records": "kept", "to": "end"}, "break": {"to": "end"}}},
        "end": {"ending": {"title": "The end"}},
    }  # fmt: skip
    made = world(scenes, duties={"it": {"must": "kept"}})
    assert not hindsight(Outlook.of(made), play(made, "break")).points


def test_at_most_three_turning_points_a_seat_are_shown_in_the_order_of_the_play() -> None:
    scenes: Tree = {
        f"s{n}": {"turn": "officer", "actions": {"well": {"practice": {"safety": n}, "to": f"s{n + 1}"}, "ill": {"practice": {"safety": -1}, "to": f"s{n + 1}"}}}
        for n in range(5)
    }  # fmt: skip
    scenes["s5"] = {"ending": {"title": "The end"}}
    made = world(scenes)
    found = hindsight(Outlook.of(made), play(made, *["ill"] * 5)).points
    assert [point.scene for point in found] == ["s2", "s3", "s4"]


def test_the_expert_hedges_over_what_it_cannot_see() -> None:
    """One door is right in three cases of four, but the officer cannot see which case it is."""
    made = letter(["advocate"])
    outlook = Outlook.of(made)
    state = play(made, "chance: says-right")
    adviser = Adviser(outlook, Observer(made, "officer"))
    assert adviser.best(state) == "left"  # even odds as far as the officer knows: the author's order
    seeing = letter(["officer"])
    assert Adviser(Outlook.of(seeing), Observer(seeing, "officer")).best(play(seeing, "chance: says-right")) == "right"
