"""Figures for two lenses of the map, from plays in which everybody chooses blindly: where they pass, and where choices cost.

Exploring takes a second or so, so figures are worked out only when their lens is asked for, and kept as long as the measure is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from simulator.engine import start
from simulator.session import game_of

if TYPE_CHECKING:
    from facilitator.chart import Chart
    from facilitator.lenses import LensName, Measure
    from simulator.compiled.draft import Array
    from simulator.outlook.sampling import Trail
    from simulator.outlook.tables import Tables

PLAYS, SEED = 20_000, 1
LIMIT = 1_000_000  # states; a larger scenario is “not measured”
AT_ONCE = 4_096  # plays


def measure() -> Measure:
    """What the map's lenses are to be given as their `measure`."""
    known: dict[tuple[tuple[str, ...], LensName], Mapping[str, float] | None] = {}

    def measured(chart: Chart, lens: LensName) -> Mapping[str, float] | None:
        if lens not in ("coverage", "cost"):
            return None
        key = tuple(text.digest for text in chart.bundle.texts), lens
        if key not in known:
            known[key] = _figures(chart, lens)
        return known[key]

    return measured


def _figures(chart: Chart, lens: LensName) -> Mapping[str, float] | None:
    from simulator.compiled.graph import explored
    from simulator.compiled.memory import TooIntricate
    from simulator.outlook.tables import Tables

    try:
        graph = explored(game_of(chart.bundle), limit=LIMIT, rules=lens == "cost")
        if not graph.complete:
            return None
        tables = Tables.of(graph)
        return _coverage(tables) if lens == "coverage" else _cost(tables)
    except TooIntricate:
        return None


def _coverage(tables: Tables) -> Mapping[str, float]:
    """By scene: the share of random plays that pass it, from 0 to 1."""
    import numpy as np

    graph = tables.graph
    names = list(graph.machine.game.scenes)
    place = {name: n for n, name in enumerate(names)}
    starts = np.array([block.first for block in graph.blocks])
    scene_of = np.array([place[block.scene] for block in graph.blocks])
    narrated = _narrations(tables)
    passed = np.zeros(len(names), dtype=np.int64)
    for trail in _random_plays(tables):
        here = np.zeros((trail.size, len(names)), dtype=bool)
        here[:, scene_of[np.searchsorted(starts, graph.start, side="right") - 1]] = True
        for name, _ in start(graph.machine.game).entered:
            here[:, place[name]] = True
        for live, taken in trail.steps:
            plays = np.arange(trail.size) if live is None else live
            here[plays, scene_of[np.searchsorted(starts, tables.to[taken], side="right") - 1]] = True
            for name, through in narrated.items():
                here[plays[through[taken]], place[name]] = True
        passed += here.sum(axis=0)
    return {name: float(count) / PLAYS for name, count in zip(names, passed, strict=True)}


def _narrations(tables: Tables) -> dict[str, Array]:
    """By narration: which transitions lead through it. The moves that may are made again, to see which do."""
    import numpy as np

    from simulator.compiled.draft import Draft

    graph = tables.graph
    machine = graph.machine
    through = {name for name, scene in machine.game.scenes.items() if scene.narration}
    found: dict[str, Array] = {name: np.zeros(len(tables.to), dtype=bool) for name in through}
    for block, edges, rows, transitions in tables.places():
        scene = machine.game.scenes[block.scene]
        routes = [scene.route] if len(edges.move.acts) > 1 else [action.route for _, action in edges.move.acts]
        if not len(rows) or not any(to in through for route in routes for _, to in route):
            continue
        draft = Draft([word[rows] for word in block.words], None, block.scene)
        for _, part in machine.take(draft, scene, edges.move):
            for name, _ in part.path:
                if name in through:
                    found[name][transitions if part.index is None else transitions[part.index]] = True
    return found


def _cost(tables: Tables) -> Mapping[str, float]:
    """By scene in which somebody chooses: of 100 random choices, how many give away something that could still be kept."""
    import numpy as np

    from simulator.compiled.values import Values

    graph = tables.graph
    values = Values(graph)
    costs = np.zeros(len(tables.to), dtype=bool)
    names = [scene.id for scene in graph.machine.game.scenes.values() if scene.seats]
    place = {name: n for n, name in enumerate(names)}
    where = np.full(len(tables.to), -1, dtype=np.int64)
    for block, edges, rows, transitions in tables.places():
        if block.scene in place and len(rows):
            where[transitions] = place[block.scene]
            best = values.packed[rows + block.first]
            costs[transitions] = (values.after(block, edges)[rows] > best).astype(bool)
    made, lost = np.zeros(len(names) + 1, dtype=np.int64), np.zeros(len(names) + 1, dtype=np.int64)
    for trail in _random_plays(tables):
        for _, taken in trail.steps:
            made += np.bincount(where[taken] + 1, minlength=len(names) + 1)
            lost += np.bincount(where[taken][costs[taken]] + 1, minlength=len(names) + 1)
    return {name: 100 * float(lost[n + 1]) / float(made[n + 1]) for name, n in place.items() if made[n + 1]}


def _random_plays(tables: Tables) -> Iterator[Trail]:
    from simulator.outlook.policies import prepare
    from simulator.outlook.sampling import walks

    draws = prepare(tables, dict.fromkeys(tables.graph.machine.game.seats, "random"))
    return walks(tables, draws, PLAYS, SEED, company=AT_ONCE)
