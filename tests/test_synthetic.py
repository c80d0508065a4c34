"""The synthetic scenarios and the yardstick are what the benchmarks say they are."""

from __future__ import annotations

import gc
from dataclasses import replace
from itertools import pairwise
from math import isclose

import pytest
import yaml

from simulator import engine
from simulator.engine import State
from simulator.game import Game
from simulator.library import Library
from simulator.reading import read_text
from tests.bench.growing import shelf
from tests.bench.plain_dp import plain, reachable, reachable_numpy, sample_numpy
from tests.bench.synthetic import ENDINGS, LARGE, MEDIUM, METER, SMALL, Size, game, generate, texts, widths
from tests.generator import next_events, walk
from tests.small import Tree, scenario_of

TINY = Size(scenes=14, layers=6, facts=3, top=3, guards=0.6, records=0.5)
LOOPS = replace(SMALL, loops=3)
CHANCE = replace(SMALL, chance=0.3)


def test_the_same_seed_writes_the_same_scenario() -> None:
    assert generate(SMALL, 3) == generate(SMALL, 3)
    assert generate(SMALL, 3) != generate(SMALL, 4)


@pytest.mark.parametrize("size", [SMALL, MEDIUM, LARGE])
def test_a_size_has_as_many_scenes_and_layers_as_it_says(size: Size) -> None:
    found = widths(size)
    assert (sum(found), len(found)) == (size.scenes, size.layers)
    assert all(there <= here * size.actions for here, there in pairwise(found))


def test_scenes_that_no_action_could_lead_to_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot stand"):
        widths(Size(scenes=100, layers=4, actions=3))


@pytest.mark.parametrize("size", [SMALL, MEDIUM, LOOPS, CHANCE])
def test_the_reader_finds_nothing_wrong(size: Size) -> None:
    with shelf(size) as (folder, _):
        assert Library([folder]).bundle("synthetic").warnings == ()


def test_the_texts_say_what_the_trees_say() -> None:
    trees = generate(CHANCE)
    files = {text.kind: text for text in texts(trees)}
    assert {kind: yaml.safe_load(file.text) for kind, file in files.items()} == trees
    read = read_text("scenario", files["scenario"].text, "synthetic.yaml").value
    assert read == scenario_of(trees["scenario"])


def test_without_duties_the_graph_is_the_same() -> None:
    bare, full = generate(SMALL, duties=False), generate(SMALL)
    assert bare["scenario"] == full["scenario"]
    assert (bare["mou"]["duties"], bare["vocabulary"]["lines"]) == ({}, {})
    assert (len(full["mou"]["duties"]), len(full["vocabulary"]["lines"])) == (8, 2)


@pytest.mark.parametrize("size", [SMALL, LOOPS, CHANCE])
def test_every_walk_ends(size: Size) -> None:
    opening = engine.start(game(size))
    for seed in range(20):
        *_, last = walk(opening, seed, limit=200)
        assert last.ended


def test_every_play_without_loops_takes_a_decision_a_layer() -> None:
    opening = engine.start(game(SMALL))
    assert {len(list(walk(opening, seed))) for seed in range(20)} == {SMALL.layers}


def test_the_seats_take_the_layers_in_turn() -> None:
    turns = [engine.turn(state) for state in walk(engine.start(game(SMALL)), 1)]
    assert turns[:4] == [("officer",), ("advocate",), ("officer",), ("advocate",)]


def test_every_scene_can_be_reached_and_every_fact_happens_somewhere() -> None:
    for size in (SMALL, MEDIUM):
        trees = generate(size)
        assert sum(map(len, plain(trees).layers)) == size.scenes
        assert _recorded(trees) == set(trees["vocabulary"]["facts"])


def test_a_loop_can_be_taken_twice_and_no_more() -> None:
    trees = generate(LOOPS)
    counted = {fact: 0 for fact in ("again0", "again1", "again2")}
    opening = engine.start(game(LOOPS))
    for seed in range(150):
        *_, last = walk(opening, seed, limit=200)
        for fact in counted:
            counted[fact] = max(counted[fact], len(last.record.facts.get(fact, ())))
    assert max(counted.values()) == 2
    assert counted.keys() <= _recorded(trees)


@pytest.mark.parametrize("seed", range(5))
def test_the_yardstick_counts_what_the_engine_can_reach(seed: int) -> None:
    trees = generate(TINY, seed, duties=False)
    assert reachable(trees) == _walked(game(TINY, seed, duties=False))


@pytest.mark.parametrize("seed", range(5))
def test_plain_python_and_numpy_count_the_same(seed: int) -> None:
    for size in (SMALL, CHANCE):
        trees = generate(size, seed)
        (states, paths), (packed, nearly) = reachable(trees), reachable_numpy(trees)
        assert states == packed
        assert isclose(paths, nearly)


def test_the_medium_scenario_has_the_states_and_paths_it_is_tuned_to() -> None:
    states, paths = reachable_numpy(generate(MEDIUM, duties=False))
    assert states == 401_113
    assert isclose(paths, 2.08e12, rel_tol=0.01)


def test_a_scenario_with_a_loop_has_no_number_of_paths() -> None:
    with pytest.raises(ValueError, match="loop"):
        reachable(generate(LOOPS))


def test_the_sampler_makes_a_choice_a_layer() -> None:
    assert sample_numpy(generate(SMALL), 70_000, 1) == 70_000 * (SMALL.layers - 1)


def test_the_sampler_takes_no_closed_action() -> None:
    """The only way to the second ending is an action that needs a fact nobody records."""
    trees = _two_ways("fact1")
    assert sample_numpy(trees, 100, 1) == 100


def test_the_sampler_takes_an_action_whose_guard_holds() -> None:
    made = sample_numpy(_two_ways(f"not fact1 and {METER} >= 1"), 1000, 1)
    assert 1400 < made < 1600


def test_a_sound_scenario_is_read_without_mapping_its_places() -> None:
    """The map of every node to its key takes as long as the rest of the reading, and only a problem needs it."""
    with shelf(SMALL) as (folder, _):
        source = Library([folder]).bundle("synthetic").places["scenario"].source
    assert "keys" not in vars(source)
    assert source.keys and "keys" in vars(source)


def test_the_collector_is_on_again_after_reading() -> None:
    read_text("scenario", "title: [", "broken.yaml")
    assert gc.isenabled()


def _two_ways(guard: str) -> dict[str, Tree]:
    """A scene with an action to the ending, and a guarded one that takes a choice more."""
    trees = generate(TINY, duties=False)
    trees["scenario"]["opening"] = "one"
    trees["scenario"]["scenes"] = {
        "one": {"actions": {"on": {"to": "end"}, "round": {"to": "two", "when": guard}}},
        "two": {"actions": {"on": {"to": "end"}}},
        "end": {"ending": {"title": "The end"}},
    }
    return trees


def _recorded(trees: dict[str, Tree]) -> set[str]:
    scenes = trees["scenario"]["scenes"].values()
    return {
        action["records"] for scene in scenes for action in scene.get("actions", {}).values() if "records" in action
    }


def _walked(played: Game) -> tuple[int, int]:
    """States by scene, facts and meter, and paths to an ending, by stepping the engine through every play."""
    seen: set[tuple[str, frozenset[str], int]] = set()
    paths = 0
    left: list[State] = [engine.start(played)]
    while left:
        state = left.pop()
        seen.add((state.scene, frozenset(state.record.facts), state.record.meters[METER]))
        paths += state.ended
        left += [engine.step(state, event) for event in next_events(state)]
    return len(seen), paths


def test_a_scenario_is_laid_out_with_its_endings_last() -> None:
    endings = [name for name, scene in generate(SMALL)["scenario"]["scenes"].items() if "ending" in scene]
    assert endings == [f"s{SMALL.layers - 1}_{n}" for n in range(ENDINGS)]
