"""What the graph forgets makes no difference: its outlook is the naive search's, and every field it keeps is wanted."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from scoring.loss import Loss
from simulator import engine
from simulator.compiled.graph import Graph, explore, explored
from simulator.compiled.machine import Machine
from simulator.compiled.memory import TooIntricate
from simulator.compiled.values import Values
from simulator.game import Game
from tests import generator, oracle
from tests.sizes import examples
from tests.small import world
from tests.stepwise import outlook, sweep, walk

MOVES = 5
TRIED = 250  # states that the naive search may visit
MANY = 250  # states of a graph
FILTERED = settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])


# --- the graph forgets nothing that counts -------------------------------------------------------------------------


@st.composite
def small(draw: st.DrawFn, *, loops: bool = False, calendar: bool = False, telling: bool = False) -> dict[str, Any]:
    """What `generator.game` wants: a seed and a small size."""
    return {
        "seed": draw(st.integers(0, 10**6)),
        "layers": draw(st.integers(2, 4)),
        "width": draw(st.integers(1, 2)),
        "actions": draw(st.integers(2, 3)),
        "seats": draw(st.integers(1, 3)),
        "loops": loops,
        "calendar": calendar,
        "telling": telling,
    }


def same_as_tried(game: Game) -> None:
    """The graph's outlook within some moves is what trying every play comes to."""
    assume(not game.scenes["s0_0"].narration)  # a ring of narrations would be told for ever
    start = engine.start(game)
    assume(oracle.fits(start, MOVES, TRIED))
    try:
        graph = explored(game, limit=MANY)
    except TooIntricate:
        assume(False)
    assume(graph.complete)
    tried = oracle.outlook(start, MOVES)
    assert outlook(graph, MOVES) == (None if tried is None else Loss(*tried))


@settings(FILTERED, max_examples=examples(50))
@given(small(loops=False, calendar=False))
def test_the_outlook_on_the_graph_is_that_of_trying_every_play(size: dict[str, Any]) -> None:
    same_as_tried(generator.game(**size))


@settings(FILTERED, max_examples=examples(50))
@given(small(loops=True, calendar=False))
def test_so_it_is_where_plays_go_round(size: dict[str, Any]) -> None:
    same_as_tried(generator.game(**size))


@settings(FILTERED, max_examples=examples(50))
@given(small(loops=False, calendar=True))
def test_so_it_is_over_days(size: dict[str, Any]) -> None:
    same_as_tried(generator.game(**size))


@settings(FILTERED, max_examples=examples(30))
@given(small(loops=True, calendar=True))
def test_so_it_is_where_plays_go_round_for_days(size: dict[str, Any]) -> None:
    same_as_tried(generator.game(**size))


@settings(FILTERED, max_examples=examples(30))
@given(small(telling=True))
def test_so_it_is_where_much_is_told_by_many_rights(size: dict[str, Any]) -> None:
    same_as_tried(generator.game(**size))


# --- the graph keeps nothing that does not count --------------------------------------------------------------------


def forgetful(game: Game, random: Random) -> Graph:
    """The graph as it would be if the analysis had overlooked one field that a scene needs. Raises TooIntricate."""
    machine = Machine(game, slots=4)
    needed = {scene: machine.live.needed(scene) for scene in game.scenes}
    scene, name = random.choice(sorted((scene, name) for scene, names in needed.items() for name in names))
    machine.live.forget(scene, name)
    return explore(machine, limit=MANY)


def differs(graph: Graph) -> bool:
    """Whether plays, or what is expected of them, come out otherwise than they should."""
    try:
        for seed in range(6):
            for at in walk(graph, seed, limit=12):
                at.check()
    except (AssertionError, KeyError, StopIteration):
        return True
    tried = oracle.outlook(engine.start(graph.machine.game), MOVES)
    return outlook(graph, MOVES) != (None if tried is None else Loss(*tried))


def test_to_overlook_one_field_is_noticed() -> None:
    noticed = tried = 0
    for seed in range(60):
        game = generator.game(seed, layers=3, width=2, actions=2, seats=2)
        if not oracle.fits(engine.start(game), MOVES, TRIED):
            continue
        try:
            whole, mutilated = explored(game, limit=MANY), forgetful(game, Random(seed))
        except TooIntricate:
            continue
        if whole.complete and mutilated.complete:
            tried += 1
            noticed += differs(mutilated)
            assert not differs(whole)
    assert tried >= 20
    assert noticed >= 2  # most fields count in few plays


# --- values --------------------------------------------------------------------------------------------------------


def all_of(values: Values) -> list[Loss | None]:
    return [values[state] for state in range(values.graph.states)]


def graph_of(size: dict[str, Any], limit: int) -> Graph:
    """The whole graph of a generated scenario; examples without one are passed over."""
    game = generator.game(**size)
    assume(not game.scenes["s0_0"].narration)  # a ring of narrations would be told for ever
    try:
        graph = explored(game, limit=limit)
    except TooIntricate:
        assume(False)
    assume(graph.complete)
    return graph


def goes_round(graph: Graph) -> bool:
    parts, leads_to = graph.machine.parts, graph.machine.leads_to
    return any(len(part) > 1 or part[0] in leads_to[part[0]] for part in parts)


@settings(FILTERED, max_examples=examples(18))
@given(small(loops=False, calendar=False))
def test_the_values_are_those_of_sweeps_from_the_endings_backwards(size: dict[str, Any]) -> None:
    graph = graph_of(size, 300)
    assume(not goes_round(graph))
    values: list[Loss | None] = [None] * graph.states
    for _ in range(graph.states):
        values, before = sweep(graph, values), values
        if values == before:
            break
    assert all_of(Values(graph)) == values


@settings(FILTERED, max_examples=examples(18))
@given(small(loops=True, calendar=False))
def test_where_plays_go_round_a_sweep_changes_no_value(size: dict[str, Any]) -> None:
    graph = graph_of(size, 200)
    found = all_of(Values(graph))
    assert sweep(graph, found) == found


@settings(FILTERED, max_examples=examples(18))
@given(small(loops=True, calendar=False))
def test_where_plays_go_round_sweeps_from_above_come_down_to_the_values(size: dict[str, Any]) -> None:
    graph = graph_of(size, 60)
    found = all_of(Values(graph))
    values: list[Loss | None] = [None] * graph.states
    for _ in range(graph.states + 1):
        values = sweep(graph, values)
        assert all(
            now is None or (least is not None and least <= now) for least, now in zip(found, values, strict=True)
        )
    by_chance = any(scene.chance for scene in graph.machine.game.scenes.values())
    assert by_chance or values == found


def value(game: Game, limit: int = 5000) -> Loss | None:
    graph = explored(game, limit=limit)
    assert graph.complete
    return Values(graph)[graph.start]


def loss(lines: Fraction | int = 0, duties: Fraction | int = 0, practice: Fraction | int = 0) -> Loss:
    return Loss(Fraction(lines), Fraction(duties), Fraction(practice))


ENDING: dict[str, Any] = {"ending": {"title": "The end"}}


def luck(**weights: int) -> dict[str, Any]:
    """A scene of chance that leads to scenes by weight."""
    return {"turn": "chance", "actions": {f"to-{to}": {"weight": weight, "to": to} for to, weight in weights.items()}}


def choice(**ways: tuple[str, int]) -> dict[str, Any]:
    """A scene in which the officer goes where they like. `ways`: where to, and how it is rated."""
    actions = {name: {"to": to, "practice": {"safety": rated}} for name, (to, rated) in ways.items()}
    return {"turn": "officer", "actions": actions}


def test_to_try_until_it_succeeds_one_time_in_three_costs_three_tries() -> None:
    # a try costs 2 points of practice, but for giving up one crosses a line
    scenes = {
        "try": choice(again=("luck", 0), stop=("harm", 2)),
        "luck": luck(ending=1, **{"try": 2}),
        "harm": {"records": "harmed", "to": "ending"},
        "ending": ENDING,
    }
    assert value(world(scenes, lines={"harm": {"never": "harmed"}})) == loss(practice=6)


def test_to_give_up_is_better_where_trying_costs_more() -> None:
    # a try costs 2 and succeeds one time in three: 6; giving up costs 2 more than the best, once
    scenes = {
        "start": choice(enter=("try", 0)),
        "try": choice(again=("luck", 0), rest=("luck", 1), stop=("ending", -1)),
        "luck": luck(ending=1, **{"try": 2}),
        "ending": ENDING,
    }
    assert value(world(scenes)) == loss(practice=0)
    scenes["try"] = choice(again=("luck", 0), stop=("ending", -1), never=("try", 1))
    assert value(world(scenes)) == loss(practice=2)


def test_a_circle_that_only_chance_leaves_is_left_in_the_end() -> None:
    scenes = {"round": luck(other=1), "other": luck(round=5, ending=1), "ending": ENDING}
    assert value(world(scenes)) == loss()


def test_chance_that_loses_something_each_time_round_adds_up() -> None:
    # each time round costs 1 point; it is left one time in seven
    scenes = {
        "round": luck(pay=1),
        "pay": choice(go=("out", 0), shine=("trap", 1)),
        "trap": choice(on=("trap", 0)),
        "out": luck(round=6, ending=1),
        "ending": ENDING,
    }
    assert value(world(scenes)) == loss(practice=7)


def test_a_circle_that_costs_nothing_is_no_way_to_end() -> None:
    scenes = {
        "start": choice(turn=("other", 1), leave=("ending", 0)),
        "other": choice(back=("start", 0)),
        "ending": ENDING,
    }
    assert value(world(scenes)) == loss(practice=1)


def test_from_where_no_plan_surely_ends_there_is_no_value() -> None:
    assert (
        value(
            world(
                {
                    "start": choice(round=("start", 0), on=("luck", 0)),
                    "luck": luck(ending=1, trap=1),
                    "trap": choice(on=("trap", 0)),
                    "ending": ENDING,
                }
            )
        )
        is None
    )


def test_a_plan_that_ends_only_perhaps_is_not_taken() -> None:
    scenes = {
        "start": choice(risk=("luck", 2), leave=("ending", 0)),
        "luck": luck(ending=9, trap=1),
        "trap": choice(on=("trap", 0)),
        "ending": ENDING,
    }
    assert value(world(scenes)) == loss(practice=2)


PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)


def test_denominators_beyond_a_machine_word_are_exact() -> None:
    scenes: dict[str, Any] = {}
    expected = Fraction(0)
    names = [f"n{prime}" for prime in PRIMES]
    for name, prime, after in zip(names, PRIMES, [*names[1:], "last"], strict=True):
        scenes[name] = luck(**{f"{name}-pay": 1, f"{name}-free": prime - 1})
        scenes[f"{name}-pay"] = choice(go=(after, 0), shine=("trap", 1))
        scenes[f"{name}-free"] = choice(go=(after, 0))
        expected += Fraction(1, prime)
    scenes |= {"last": choice(go=("ending", 0)), "trap": choice(on=("trap", 0)), "ending": ENDING}
    assert value(world(scenes)) == loss(practice=expected)
    assert expected.denominator > 1 << 40


def test_denominators_beyond_a_machine_word_are_exact_in_loops() -> None:
    scenes: dict[str, Any] = {}
    names = [f"n{prime}" for prime in PRIMES]
    expected = Fraction(0)
    for name, prime, after in zip(names, PRIMES, [*names[1:], "ending"], strict=True):
        scenes[name] = choice(go=(f"{name}-luck", 0), shine=("trap", 1))
        scenes[f"{name}-luck"] = luck(**{after: prime, name: 1})
        expected += Fraction(prime + 1, prime)
    scenes |= {"trap": choice(on=("trap", 0)), "ending": ENDING}
    assert value(world(scenes)) == loss(practice=expected)


def test_what_is_large_in_one_part_does_not_run_into_the_next() -> None:
    scenes = {
        "start": luck(**{"pay": 1, "ending": 1_000_002}),
        "pay": choice(go=("owe", -2), shine=("trap", 2)),
        "owe": {"records": "harmed", "to": "ending"},
        "trap": choice(on=("trap", 0)),
        "ending": ENDING,
    }
    one = Fraction(1, 1_000_003)
    assert value(world(scenes, lines={"harm": {"never": "harmed"}})) == loss(one, 0, 4 * one)


def test_the_value_of_each_move_is_its_loss_and_what_follows() -> None:
    graph = explored(world({"start": choice(well=("ending", 2), ill=("ending", -2)), "ending": ENDING}), limit=10)
    found = {edges.move.acts[0][1].id: after for edges, after in Values(graph).moves(graph.start)}
    assert found == {"well": loss(), "ill": loss(practice=4)}
