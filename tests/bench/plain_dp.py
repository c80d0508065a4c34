"""The yardstick: the least that could count or play a synthetic scenario, without duties, clock, reasons or views.

A state is a scene, the facts that have happened as bits, and the meter. `reachable` counts exactly, in plain Python:
states, and paths from the opening to an ending as sequences of actions. `reachable_numpy` does the same a layer at a
time over states packed into integers, paths as float64. `sample_numpy` plays at random, many plays in lockstep.
All three take the trees of `tests.bench.synthetic`, without loops: with one, paths have no number. `python -m
tests.bench.plain_dp` prints the counts that the sizes are tuned to.
"""

from __future__ import annotations

import ast
import sys
import time
from collections.abc import Callable
from math import isclose, lcm
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tests.bench.synthetic import LARGE, MEDIUM, METER, SMALL, generate
from tests.small import Tree

Ints = npt.NDArray[np.int64]
DENSE = 16
BATCH = 1 << 15  # plays in lockstep: their arrays stay in the processor's cache


class Move(NamedTuple):
    """One action. Open if the facts in `need` have happened, none in `lack`, and the meter is in `low`…`high`."""

    need: int
    lack: int
    low: int
    high: int
    records: int
    change: int
    to: int


class Plain(NamedTuple):
    """A scenario stripped to numbers. `layers`: scenes by the longest way to them, so that arrows only lead on."""

    scenes: list[list[Move]]
    layers: list[list[int]]
    opening: int
    facts: int
    top: int
    start: int
    chance: frozenset[int]

    @property
    def bits(self) -> int:
        """How many bits the meter takes."""
        return self.top.bit_length()


def plain(trees: dict[str, Tree]) -> Plain:
    """Raises ValueError for a scenario with a loop, or with a guard that is more than facts and meter joined by and."""
    story, names = trees["scenario"], [*trees["vocabulary"]["facts"]]
    meter = story["meters"][METER]
    if meter["from"] != 0:
        raise ValueError("the meter runs from 0")
    numbers = {name: n for n, name in enumerate(story["scenes"])}
    opening = numbers[story["opening"]]
    layers = _layers(
        [[numbers[action["to"]] for action in scene.get("actions", {}).values()] for scene in story["scenes"].values()],
        opening,
    )
    scenes = [
        [_move(action, names, numbers, meter["to"]) for action in scene.get("actions", {}).values()]
        for scene in story["scenes"].values()
    ]
    chance = frozenset(numbers[name] for name, scene in story["scenes"].items() if scene.get("turn") == "chance")
    return Plain(scenes, layers, opening, len(names), meter["to"], meter["start"], chance)


def _move(action: Tree, names: list[str], numbers: dict[str, int], top: int) -> Move:
    need = lack = low = 0
    high = top
    for part in _parts(action.get("when")):
        match part:
            case ast.Name(id=fact):
                need |= 1 << names.index(fact)
            case ast.UnaryOp(op=ast.Not(), operand=ast.Name(id=fact)):
                lack |= 1 << names.index(fact)
            case ast.Compare(left=ast.Name(id="trust"), ops=[ast.GtE()], comparators=[ast.Constant(value=int(number))]):
                low = max(low, number)
            case ast.Compare(left=ast.Name(id="trust"), ops=[ast.LtE()], comparators=[ast.Constant(value=int(number))]):
                high = min(high, number)
            case _:
                raise ValueError(f"“{action['when']}” is more than facts and the meter, joined by “and”")
    records = 1 << names.index(action["records"]) if "records" in action else 0
    change = action.get("change", {}).get(METER, 0)
    return Move(need, lack, low, high, records, change, numbers[action["to"]])


def _parts(guard: str | None) -> list[ast.expr]:
    if guard is None:
        return []
    tree = ast.parse(guard, mode="eval").body
    return tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else [tree]


def _layers(arrows: list[list[int]], opening: int) -> list[list[int]]:
    depth = {opening: 0}
    into = [0] * len(arrows)
    for ways in arrows:
        for to in ways:
            into[to] += 1
    ready = [at for at, count in enumerate(into) if count == 0]
    for at in ready:
        for to in arrows[at]:
            if at in depth:
                depth[to] = max(depth.get(to, 0), depth[at] + 1)
            into[to] -= 1
            if into[to] == 0:
                ready.append(to)
    if len(ready) < len(arrows):
        raise ValueError("the scenario has a loop, so its paths have no number")
    layers: list[list[int]] = [[] for _ in range(max(depth.values()) + 1)]
    for at in ready:
        if at in depth:
            layers[depth[at]].append(at)
    return layers


# --- plain Python ------------------------------------------------------------------------------------------------


def reachable(trees: dict[str, Tree]) -> tuple[int, int]:
    """States that can be reached, and paths from the opening to an ending; both exact."""
    graph = plain(trees)
    bits, top = graph.bits, graph.top
    meters = (1 << bits) - 1
    moved = {by: [min(top, max(0, m + by)) for m in range(meters + 1)] for by in range(-top, top + 1)}
    ways: list[dict[int, int]] = [{} for _ in graph.scenes]  # for each scene: facts and meter in one number → paths
    ways[graph.opening][graph.start] = 1
    states = paths = 0
    for layer in graph.layers:
        for at in layer:
            here, ways[at] = ways[at], {}
            states += len(here)
            if not graph.scenes[at]:
                paths += sum(here.values())
            for need, lack, low, high, records, change, to in graph.scenes[at]:
                there = ways[to]
                known, need, lack, records = there.get, need << bits, lack << bits, records << bits
                shift = moved[change]
                for state, count in here.items():
                    if state & need == need and not state & lack and low <= state & meters <= high:
                        after = (state | records) & ~meters | shift[state & meters]
                        there[after] = known(after, 0) + count
    return states, paths


# --- numpy -------------------------------------------------------------------------------------------------------


class _Tables(NamedTuple):
    """The moves as columns, one row a scene; a scene with fewer moves has rows that are never open."""

    need: Ints
    lack: Ints
    low: Ints
    high: Ints
    records: Ints
    change: Ints
    to: Ints


def _tables(graph: Plain) -> _Tables:
    most = max(len(moves) for moves in graph.scenes)
    closed = Move(0, 0, graph.top + 1, -1, 0, 0, 0)
    rows = [[*moves, *[closed] * (most - len(moves))] for moves in graph.scenes]
    return _Tables(*np.ascontiguousarray(np.array(rows, dtype=np.int64).transpose(2, 1, 0)))


def reachable_numpy(trees: dict[str, Tree]) -> tuple[int, float]:
    """As `reachable`, with paths as float64: (scene, facts, meter) packed into one integer, a layer at a time."""
    graph = plain(trees)
    tables, bits, most = _tables(graph), graph.bits, max(len(moves) for moves in graph.scenes)
    meters, shift = (1 << bits) - 1, graph.facts + bits
    ending = np.array([not moves for moves in graph.scenes])
    waiting: list[list[tuple[Any, Any]]] = [[] for _ in graph.layers]
    layer_of = np.zeros(len(graph.scenes), dtype=np.int64)
    for number, layer in enumerate(graph.layers):
        layer_of[layer] = number
    waiting[0].append((np.array([graph.opening << shift | graph.start]), np.array([1.0])))
    states, paths = 0, 0.0
    for number in range(len(graph.layers)):
        state, count = _merged(waiting[number])
        waiting[number] = []
        scene = state >> shift
        states += len(state)
        ended = ending[scene]
        paths += float(count[ended].sum())
        state, count, scene = state[~ended], count[~ended], scene[~ended]
        facts, meter = state >> bits & ((1 << graph.facts) - 1), state & meters
        for at in range(most):
            need = tables.need[at][scene]
            is_open = (facts & need == need) & (facts & tables.lack[at][scene] == 0)
            is_open &= (meter >= tables.low[at][scene]) & (meter <= tables.high[at][scene])
            by = scene[is_open]
            after = np.clip(meter[is_open] + tables.change[at][by], 0, graph.top)
            after |= (facts[is_open] | tables.records[at][by]) << bits
            to = tables.to[at][by]
            after |= to << shift
            _deliver(waiting, layer_of[to], after, count[is_open])
    return states, paths


def _deliver(waiting: list[list[tuple[Any, Any]]], layers: Ints, state: Any, count: Any) -> None:
    if not len(state):
        return
    if (layers == layers[0]).all():
        waiting[layers[0]].append((state, count))
        return
    for layer in np.unique(layers):
        here = layers == layer
        waiting[layer].append((state[here], count[here]))


def _merged(parts: list[tuple[Any, Any]]) -> tuple[Any, Any]:
    """Each state once, with its paths added up."""
    if not parts:
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    states = np.concatenate([state for state, _ in parts])
    counts = np.concatenate([count for _, count in parts])
    first = states.min()
    if states.max() - first < DENSE * len(states):  # then counting in a row of all numbers is quicker than sorting
        added = np.bincount(states - first, weights=counts)
        (found,) = np.nonzero(added)  # a path is at least one, so whatever was reached is not zero
        return found + first, added[found]
    unique, which = np.unique(states, return_inverse=True)
    return unique, np.bincount(which, weights=counts)


def sample_numpy(trees: dict[str, Tree], n: int, seed: int) -> int:
    """`n` random plays, every open action as likely as the next; returns the choices made. Raises ValueError for a
    scenario with chance scenes, whose outcomes are not equally likely."""
    graph = plain(trees)
    if graph.chance:
        raise ValueError("the sampler knows no chance")
    draw, random = _Draw(graph), np.random.default_rng(seed)
    return sum(draw.plays(min(BATCH, n - begun), random) for begun in range(0, n, BATCH))


class _Draw:
    """Tables for playing in lockstep. The meter is kept as a thermometer (a bit for each value it has reached) above
    the facts, so that a guard is one mask and what it wants to find under it."""

    def __init__(self, graph: Plain) -> None:
        self.graph = graph
        self.most = most = max(len(moves) for moves in graph.scenes)
        self.ends = np.array([not moves for moves in graph.scenes])
        columns: list[list[int]] = [[], [], [], [], []]
        for moves in graph.scenes:
            for move in moves:
                at_least, at_most = _thermometer(move.low), _thermometer(graph.top) & ~_thermometer(move.high)
                never = 1 << 31 if move.low > move.high else 0  # a bit that no play ever has
                want = move.need | at_least << graph.facts | never
                row = (want | move.lack | at_most << graph.facts, want, move.records, move.change + graph.top, move.to)
                for column, value in zip(columns, row, strict=True):
                    column.append(value)
            for _ in range(most - len(moves)):
                for column, value in zip(columns, (1 << 31, 1 << 31, 0, 0, 0), strict=True):
                    column.append(value)
        self.mask, self.want, self.records, self.change, self.to = (np.array(column) for column in columns)
        self.slots = lcm(*range(1, most + 1))  # a number that any number of open actions divides
        picks = []
        for pattern in range(1 << most):
            is_open = [at for at in range(most) if pattern >> at & 1] or [0]
            picks += [is_open[slot * len(is_open) // self.slots] for slot in range(self.slots)]
        self.pick = np.array(picks)
        values = range(graph.top + 1)
        self.moved = np.array(
            [[min(graph.top, max(0, v + by)) for by in range(-graph.top, graph.top + 1)] for v in values]
        ).ravel()
        self.shown = np.array([_thermometer(v) << graph.facts for v in values])

    def plays(self, n: int, random: np.random.Generator) -> int:
        scene = np.full(n, self.graph.opening)
        facts, meter, made = np.zeros(n, dtype=np.int64), np.full(n, self.graph.start), 0
        while len(scene):
            row, known = scene * self.most, facts | self.shown.take(meter)
            pattern = np.zeros(len(scene), dtype=np.int64)
            for at in range(self.most):
                pattern |= (known & self.mask.take(row + at) == self.want.take(row + at)).astype(np.int64) << at
            slot = random.integers(0, self.slots, len(scene), dtype=np.uint16)
            row += self.pick.take(pattern * self.slots + slot)
            facts |= self.records.take(row)
            meter = self.moved.take(meter * (2 * self.graph.top + 1) + self.change.take(row))
            scene = self.to.take(row)
            made += len(scene)
            if (ended := self.ends.take(scene)).any():
                scene, facts, meter = scene[~ended], facts[~ended], meter[~ended]
        return made


def _thermometer(value: int) -> int:
    return (1 << value) - 1


# --- the table ---------------------------------------------------------------------------------------------------


def main(wanted: list[str]) -> None:
    print(f"{'':<10}{'states':>12}{'paths':>12}{'Python':>10}{'numpy':>10}{'choices/s':>12}")
    for name, size in (("small", SMALL), ("medium", MEDIUM), ("large", LARGE)):
        if wanted and name not in wanted:
            continue
        trees = generate(size, duties=False)
        python, (states, paths) = _timed(reachable, trees)
        packed, (same, nearly) = _timed(reachable_numpy, trees)
        assert same == states and isclose(nearly, paths)
        drawing, made = _timed(sample_numpy, trees, 200_000, 1)
        print(f"{name:<10}{states:>12,}{paths:>12.2e}{python:>8.2f} s{packed:>8.2f} s{made / drawing:>12.2e}")


def _timed(run: Callable[..., Any], *given: Any) -> tuple[float, Any]:
    began = time.perf_counter()
    result = run(*given)
    return time.perf_counter() - began, result


if __name__ == "__main__":
    main(sys.argv[1:])
