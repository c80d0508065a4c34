"""Sampling plays, in seconds a choice, against playing them and against the least that could sample.

ours: plays that walk the explored graph in lockstep, their trails kept; the graph, its tables and the draws are ready. What those
take stands in a row of its own (against exploring), and so do the figures made from the trails.
reference, kitchen table: the readable engine plays at random: it asks for the open options, picks one, steps.
reference, synthetic: `plain_dp.sample_numpy`: facts, meter and guards as bits, without duties, clock, reasons or trails.
The names of the rows say how many million choices a second ours makes here.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from random import Random
from statistics import median
from typing import Any

from simulator import engine
from simulator.compiled.graph import Graph, explored
from simulator.game import Game
from simulator.library import Library
from simulator.outlook.policies import Draws, prepare
from simulator.outlook.sampling import walks
from simulator.outlook.tables import Tables
from simulator.outlook.tally import Fold, notes_of
from simulator.session import game_of
from tests.bench import Row
from tests.bench.plain_dp import sample_numpy
from tests.bench.synthetic import MEDIUM, generate
from tests.generator import next_events
from tests.small import game_from

ROUNDS, PLAYS, BY_ENGINE = 5, 200_000, 100
LIMIT = 3_000_000


def measure() -> list[Row]:
    kitchen = game_of(Library().bundle("kitchen-table"))
    graph, exploring = _timed(lambda: explored(kitchen, limit=LIMIT, exact_clock=True))
    (tables, draws), laying = _timed(lambda: _ready(kitchen, graph))
    ours, played = _race(lambda: _sample(tables, draws), lambda: _engine(kitchen))
    fold, noting = _timed(lambda: Fold(tables, notes_of(tables)))
    weighing, _ = _race(lambda: _weigh(fold, tables, draws), lambda: _sample(tables, draws))

    trees = generate(MEDIUM, duties=False)
    medium = game_from(trees)
    medium_tables, medium_draws = _ready(medium, explored(medium, limit=LIMIT, rules=False))
    sampled, plain = _race(lambda: _sample(medium_tables, medium_draws), lambda: sample_numpy(trees, PLAYS, 1))
    return [
        Row(f"a choice, kitchen table ({_speed(ours)}), against the engine", ours, played, 1 / 15),
        Row("a choice with all figures, against the engine", weighing, played, 1 / 15),
        Row("laying out its graph, notes included, against exploring", laying + noting, exploring, 1.0),
        Row(f"a choice, MEDIUM ({_speed(sampled)}), against plain numpy", sampled, plain, 4.0),
    ]


def _ready(game: Game, graph: Graph) -> tuple[Tables, Draws]:
    tables = Tables.of(graph)
    return tables, prepare(tables, dict.fromkeys(game.seats, "random"))


def _sample(tables: Tables, draws: Draws) -> int:
    """How many choices were made, those of chance included."""
    return sum(len(taken) for trail in walks(tables, draws, PLAYS, 1) for _, taken in trail.steps)


def _weigh(fold: Fold, tables: Tables, draws: Draws) -> int:
    return sum(fold.sample(trail).moves for trail in walks(tables, draws, PLAYS, 1))


def _engine(game: Game) -> int:
    random, made = Random(1), 0
    opening = engine.start(game)
    for _ in range(BY_ENGINE):
        state = opening
        while not state.ended:
            state = engine.step(state, random.choice(next_events(state)))
            made += 1
    return made


def _speed(seconds: float) -> str:
    return f"{1e-6 / seconds:.0f} M/s"


def _timed(run: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    found = run()
    return found, time.perf_counter() - began


def _race(ours: Callable[[], int], reference: Callable[[], int]) -> tuple[float, float]:
    """Medians of alternating rounds, in seconds a choice."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for run, kept in zip((ours, reference), times, strict=True):
            gc.collect()
            made, took = _timed(run)
            kept.append(took / made)
    return median(times[0]), median(times[1])
