"""Exact exploration against plain dynamic programming over the same graphs, and against the readable engine.

ours: compile, explore every reachable state with duties and lines, and value them all.
reference for MEDIUM and LARGE: `plain_dp.reachable_numpy`, states packed into one integer a layer at a time, no duties, no values.
reference for the kitchen table: the readable engine, at the pace at which it takes single steps, for as many steps as the graph has.
reference for the debrief: exploring the scenario anew; with the outlook at hand it is the turning points alone that are worked out.
Run by itself (`python -m tests.bench.exploring`) it prints states, moves, seconds and memory, with and without duties.
"""

from __future__ import annotations

import gc
import itertools
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from statistics import median
from typing import Any

from simulator import engine
from simulator.compiled.graph import Graph, explored
from simulator.compiled.values import Values
from simulator.engine import State
from simulator.events import Choose
from simulator.game import Game
from simulator.library import Library
from simulator.outlook import Outlook
from simulator.outlook.knowledge import Observer
from simulator.outlook.turning import hindsight
from simulator.session import game_of
from tests.bench import Row
from tests.bench.plain_dp import reachable_numpy
from tests.bench.synthetic import LARGE, MEDIUM, generate
from tests.generator import next_events, walk
from tests.small import game_from

LIMIT = 100_000_000


@dataclass(frozen=True, slots=True)
class Explored:
    """One exploration: how much there was, and how long it took in seconds (compiling included)."""

    states: int
    moves: int
    seconds: float


def measure() -> list[Row]:
    kitchen = game_of(Library().bundle("kitchen-table"))
    rounds = [_explore(kitchen) for _ in range(5)]
    ours = median(each.seconds for each in rounds)
    rows = [Row("explore the kitchen table, against the engine's steps", ours, _engine_pace(kitchen) * rounds[0].moves, 1 / 15)]  # fmt: skip
    rows.append(Row("turning points with the outlook at hand, against exploring", _debrief(kitchen), ours, 0.3))
    for name, size, target, repeat in (("MEDIUM", MEDIUM, 20.0, 3), ("LARGE", LARGE, 12.5, 1)):
        trees, plain = generate(size), generate(size, duties=False)
        game = game_from(trees)
        _ = game.scenes
        ours = median(_explore(game).seconds for _ in range(repeat))
        reference = median(_timed(lambda plain=plain: reachable_numpy(plain)) for _ in range(repeat))
        rows.append(Row(f"explore {name} with duties, against plain numpy without", ours, reference, target))
    return rows


def _explore(game: Game, *, rules: bool = True) -> Explored:
    graph: list[Graph] = []

    def run() -> None:
        graph.append(explored(game, limit=LIMIT, rules=rules))
        Values(graph[0])

    seconds = _timed(run)
    return Explored(graph[0].states, graph[0].transitions, seconds)


def _timed(run: Callable[[], Any]) -> float:
    gc.collect()
    gc.disable()
    began = time.perf_counter()
    run()
    took = time.perf_counter() - began
    gc.enable()
    return took


def _engine_pace(game: Game) -> float:
    """Seconds the readable engine takes for one step, its options asked for first."""
    walks = [list(walk(engine.start(game), seed, limit=60)) for seed in range(30)]
    steps = sum(len(states) - 1 for states in walks)

    def play() -> None:
        for states in walks:
            for before, after in itertools.pairwise(states):
                assert after.event is not None
                if isinstance(after.event, Choose):
                    engine.options(before, after.event.seat)
                engine.step(before, after.event)

    return median(_timed(play) for _ in range(5)) / steps


def _debrief(game: Game) -> float:
    outlook = Outlook.of(game)
    observers = {seat: Observer(game, seat) for seat in game.seats}
    plays = [_random_play(game, seed) for seed in range(10)]
    return median(_timed(lambda state=state: hindsight(outlook, state, observers)) for state in plays)


def _random_play(game: Game, seed: int) -> State:
    random, state = Random(seed), engine.start(game)
    while not state.ended:
        state = engine.step(state, random.choice(next_events(state)))
    return state


def _table() -> None:
    print(f"{'':<16}{'duties':<9}{'states':>12}{'moves':>13}{'seconds':>9}{'memory':>9}")
    kitchen = game_of(Library().bundle("kitchen-table"))
    sizes: list[tuple[str, Callable[[], Game]]] = [("kitchen table", lambda: kitchen)]
    sizes += [
        (name, lambda size=size: game_from(generate(size))) for name, size in (("MEDIUM", MEDIUM), ("LARGE", LARGE))
    ]
    for name, made in sizes:
        game = made()
        _ = game.scenes
        for rules in (False, True):
            found = _explore(game, rules=rules)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(
                f"{name:<16}{'with' if rules else 'without':<9}{found.states:>12,}{found.moves:>13,}"
                f"{found.seconds:>9.2f}{peak:>6.0f} MB"
            )


if __name__ == "__main__":
    _table()
    sys.exit(0)
