"""Injects by hand and the outlook: nobody is charged for them, and everybody knows of them what they saw."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from scoring.loss import NOTHING, Loss
from simulator import engine
from simulator.compiled.memory import TooIntricate
from simulator.engine import State
from simulator.game import Game
from simulator.injecting import brought
from simulator.outlook import Outlook, TooLarge, move_of
from simulator.outlook.adviser import Adviser
from simulator.outlook.costs import Account, NoPlanEnds, account
from simulator.outlook.knowledge import Mind, Observer
from simulator.outlook.turning import hindsight
from simulator.variants import rewritten
from tests import injected, oracle
from tests.generator import game
from tests.oracle_views import in_seat_order, tells
from tests.sizes import examples
from tests.small import Tree, play, world

SEEDS = st.integers(0, 2**32)
MOVES = 5
KINDS: list[dict[str, bool]] = [
    {}, {"loops": True}, {"calendar": True}, {"loops": True, "calendar": True}, {"speaking": True}, {"speaking": True, "telling": True},
]  # fmt: skip
SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])


def outlook_for(state: State, limit: int = 3000) -> Outlook:
    """The outlook of the play that led to `state`; examples without one are passed over."""
    try:
        return Outlook.of(state.game, limit=limit, brought=brought(state))
    except (TooLarge, TooIntricate):
        assume(False)
        raise AssertionError from None


def loss(lines: int = 0, duties: int = 0, practice: int = 0) -> Loss:
    return Loss(Fraction(lines), Fraction(duties), Fraction(practice))


def charged(found: Account, kind: str, seat: str | None = None) -> Loss:
    total = NOTHING
    for cost in found.costs:
        if cost.kind == kind and cost.seat == seat:
            total = total.plus(cost.loss)
    return total


# --- laws --------------------------------------------------------------------------------------------------------


@settings(SLOW, max_examples=examples(14))
@given(SEEDS, SEEDS, st.integers(1, 3), st.sampled_from(KINDS))
def test_with_injects_by_hand_the_parts_of_a_plays_loss_still_add_up_to_its_scorecard(
    seed: int, walked: int, seats: int, kind: dict[str, bool]
) -> None:
    layers = 2 if "speaking" in kind else 3
    made = game(seed, layers=layers, width=2, actions=2, seats=seats, injects=True, **kind)
    assume(not made.scenes["s0_0"].narration)
    *_, last = injected.play(engine.start(made), walked)
    assume(last.ended)
    outlook = outlook_for(last)
    try:
        found = account(outlook, last)
    except NoPlanEnds:
        assume(False)
    assert tuple(found.lost) == tuple(oracle.loss_of(last))
    by_hand = [cost for cost in found.costs if cost.kind == "inject"]
    assert len(by_hand) == len(brought(last))
    assert all(cost.seat is None for cost in by_hand)


@settings(SLOW, max_examples=examples(14))
@given(SEEDS, SEEDS, st.booleans())
def test_injects_by_hand_are_not_foreseen(seed: int, walked: int, calendar: bool) -> None:
    made = game(seed, layers=3, width=2, actions=2, seats=2, calendar=calendar, injects=True)
    assume(not made.scenes["s0_0"].narration)
    *_, last = injected.play(engine.start(made), walked)
    assume(brought(last))
    outlook = outlook_for(last)
    unaware = Outlook.of(made)
    at_start = [each[each.graph.start] for each in (outlook, unaware)]
    assume(at_start[0] is not None)
    expected = [
        value.plus(loss(*each.graph.initial))
        for value, each in zip(at_start, (outlook, unaware), strict=True)
        if value is not None
    ]
    assert expected[0] == expected[1]


@settings(SLOW, max_examples=examples(14))
@given(SEEDS, SEEDS, st.integers(2, 3))
def test_a_mind_holds_the_states_whose_view_is_the_same(seed: int, walked: int, seats: int) -> None:
    made = game(seed, layers=3, width=2, actions=2, seats=seats, calendar=True, injects=True)
    count = iter(range(1_000_000))  # what two options write or send counts as told apart, whatever the words
    made = replace(made, scenario=rewritten(made.scenario, lambda text: f"{text} {next(count)}"))
    start = engine.start(made)
    states = list(injected.play(start, walked, MOVES + 2))
    by_hand = brought(states[-1])
    every = []
    for other in injected.within(start, MOVES, by_hand):
        every.append(other)
        assume(len(every) < 800)
    outlook = outlook_for(states[-1])
    minds = {seat: Mind(outlook.graph, Observer(made, seat, by_hand)) for seat in made.seats}
    moves = 0
    for state in states:
        if state.prev is not None and not state.pending:
            for mind in minds.values():
                mind.step(move_of(state))
            moves += not move_of(state)[0].startswith("inject: ")
        if moves > MOVES or state.ended:
            return
        for seat in () if state.pending else engine.turn(state):
            told = tells(in_seat_order(state), seat)
            alike = [at for at in every if seat in engine.turn(at) and not at.pending and tells(at, seat) == told]
            by_view = {outlook.follow(other)[-1][0] for other in alike}
            found = set(minds[seat].states().states.tolist())
            assert outlook.follow(state)[-1][0] in found
            assert by_view == found


# --- by hand -----------------------------------------------------------------------------------------------------

END: Tree = {"ending": {"title": "The end"}}


def costs(made: Game, *moves: str) -> Account:
    state = play(made, *moves)
    return account(Outlook.of(made, brought=brought(state)), state)


def phone(present: Any = ("officer", "advocate"), **inject: Any) -> Game:
    """The officer calls or rests; by hand a phone rings, and then somebody should call."""
    scenes: Tree = {
        "desk": {
            "turn": "officer",
            "actions": {"call": {"records": "called", "minutes": 5, "to": "end"}, "rest": {"minutes": 5, "to": "end"}},
        },
        "end": END,
    }
    ring = {"by": "hand", "text": "A phone rings.", "records": "rung", "present": present, **inject}
    duties = {"answer": {"when": "rung", "must": "called"}}
    return world(scenes, injects={"ring": ring}, duties=duties, lines={"harm": {"never": "harmed"}})


def test_what_an_inject_makes_possible_to_lose_is_charged_to_whoever_then_loses_it() -> None:
    found = costs(phone(), "inject: ring", "rest")
    assert charged(found, "inject") == NOTHING
    assert charged(found, "seat", "officer") == loss(duties=2)


def test_who_was_not_there_when_it_came_could_not_know() -> None:
    found = costs(phone(present="advocate"), "inject: ring", "rest")
    assert charged(found, "seat", "officer") == NOTHING
    assert charged(found, "not knowable") == loss(duties=2)


def test_what_nobody_can_help_any_more_is_charged_to_neither_seat() -> None:
    found = costs(phone(records=["rung", "harmed"]), "inject: ring", "call")
    assert charged(found, "inject") == loss(lines=1)
    assert charged(found, "seat", "officer") == NOTHING
    assert found.expected == NOTHING and found.lost == loss(lines=1)


def test_what_an_inject_mends_counts_below_nothing() -> None:
    scenes: Tree = {
        "door": {"turn": "officer", "actions": {"slam": {"records": "slammed", "to": "desk"}, "close": {"to": "desk"}}},
        "desk": {"turn": "officer", "actions": {"rest": {"to": "end"}}},
        "end": END,
    }
    made = world(
        scenes,
        injects={"sorry": {"by": "hand", "text": "He says sorry for you.", "records": "mended"}},
        duties={"it": {"when": "slammed", "must": "mended"}},
    )
    found = costs(made, "slam", "inject: sorry", "rest")
    assert charged(found, "seat", "officer") == loss(duties=2)  # nobody could foresee that it would be mended
    assert charged(found, "inject") == loss(duties=-2)
    assert found.lost == NOTHING


def test_a_scheduled_inject_is_part_of_the_scenario_and_foreseen() -> None:
    scenes: Tree = {
        "desk": {
            "turn": "officer",
            "actions": {"dawdle": {"minutes": 30, "to": "then"}, "hurry": {"practice": {"safety": -1}, "to": "then"}},
        },
        "then": {"turn": "officer", "actions": {"go": {"to": "end"}}},
        "end": END,
    }
    made = world(
        scenes,
        injects={"he_comes": {"at": "20 min", "text": "He comes.", "records": "came"}},
        duties={"it": {"never": "came"}},
    )
    found = costs(made, "dawdle", "go")
    assert found.expected == loss(practice=1)
    assert charged(found, "seat", "officer") == loss(duties=2, practice=-1)


def test_the_debrief_says_of_an_inject_that_it_is_on_nobodys_account() -> None:
    made = phone(records=["rung", "harmed"])
    state = play(made, "inject: ring", "call")
    found = hindsight(Outlook.of(made, brought=brought(state)), state)
    assert [(each.kind, each.text) for each in found.unforeseen] == [("inject", "A phone rings.")]
    assert not found.points


def test_the_expert_knows_of_an_inject_only_if_it_was_there() -> None:
    for present, best in ((("officer",), "call"), (("advocate",), "rest")):
        scenes: Tree = {
            "desk": {"turn": "officer", "actions": {"rest": {"to": "end"}, "call": {"records": "called", "practice": {"safety": -1}, "to": "end"}}},
            "end": END,
        }  # fmt: skip
        made = world(
            scenes,
            injects={"ring": {"by": "hand", "text": "It rings.", "records": "rung", "present": present}},
            duties={"answer": {"when": "rung", "must": "called"}},
        )
        state = play(made, "inject: ring")
        adviser = Adviser(Outlook.of(made, brought=brought(state)), Observer(made, "officer", brought(state)))
        assert adviser.best(state) == best
