"""The order in which the states of a graph can be summed up: each after all it leads to, circles at once.

Most states lead only onward. In a loop of scenes they are peeled off as soon as all they lead to is known; what cannot be peeled
turns in circles, and is handed out as a `Knot` once everything outside the circles is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from simulator.compiled.draft import Array
from simulator.compiled.graph import Block, Edges, Graph


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a block (None: all) of which everything ahead is known."""

    block: Block
    rows: Array | None

    @property
    def where(self) -> slice | Array:
        """The numbers of these states."""
        first = self.block.first
        return slice(first, first + self.block.size) if self.rows is None else self.rows + first

    def to(self, edges: Edges) -> Array:
        """Where one move leads from each of these rows."""
        return edges.to if self.rows is None else edges.to[self.rows]


@dataclass(frozen=True, slots=True)
class Piece:
    """One move from the states of a knot that stand in one block. `at`: their places among the knot's states."""

    block: Block
    edges: Edges
    rows: Array
    at: Array
    to: Array


@dataclass(frozen=True, slots=True)
class Knot:
    """States that turn in circles; all that leaves them is known. `circle`: per state, a number shared by all of one circle."""

    states: Array
    circle: Array
    pieces: list[Piece]

    def inside(self, piece: Piece, circle_of: Array) -> Array:
        """Which rows of a piece stay in their circle. `circle_of`: from `circles`."""
        found: Array = circle_of[piece.to] == self.circle[piece.at]
        return found


class Order:
    """The states of a graph in an order that sums up. `circle_of`: by state, its circle's number, or -1; one more for GONE."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.starts = np.array([block.first for block in graph.blocks], dtype=np.int64)
        self.circle_of: Array = np.full(graph.states + 1, -1, dtype=np.int32)
        self.circles = 0
        self.steps: list[Rows | Knot] = list(self._steps())

    @property
    def knots(self) -> Iterator[Knot]:
        return (step for step in self.steps if isinstance(step, Knot))

    def block(self, state: int) -> Block:
        return self.graph.blocks[int(np.searchsorted(self.starts, state, side="right")) - 1]

    def _steps(self) -> Iterator[Rows | Knot]:
        for looping, together in in_parts(self.graph):
            if looping:
                yield from self._peel(together)
            else:
                yield from (Rows(block, None) for block in reversed(together))

    def _peel(self, blocks: list[Block]) -> Iterator[Rows | Knot]:
        done = np.ones(self.graph.states + 1, dtype=bool)
        for block in blocks:
            done[block.first : block.first + block.size] = False
        left = {block.first: np.arange(block.size) for block in blocks}
        while any(len(rows) for rows in left.values()):
            some = False
            for block in reversed(blocks):
                rows = left[block.first]
                if not len(rows):
                    continue
                ready = np.ones(len(rows), dtype=bool)
                for edges in block.edges:
                    ready &= done[edges.to[rows]]
                if ready.any():
                    some = True
                    yield Rows(block, None if len(rows) == block.size and ready.all() else rows[ready])
                    done[rows[ready] + block.first] = True
                    left[block.first] = rows[~ready]
            if not some:
                knot = self._knot(blocks, left)
                yield knot
                done[knot.states] = True
                for block in blocks:
                    rows = left[block.first]
                    left[block.first] = rows[~done[rows + block.first]]

    def _knot(self, blocks: list[Block], left: dict[int, Array]) -> Knot:
        """Of what is left, all circles that lead only to themselves and to what is known."""
        states = np.concatenate([left[block.first] + block.first for block in blocks])
        place = np.full(self.graph.states + 1, -1, dtype=np.int64)
        place[states] = np.arange(len(states))
        sources, targets = [], []
        for block in blocks:
            rows = left[block.first]
            for edges in block.edges:
                to = place[edges.to[rows]]
                stays = to >= 0
                sources.append(place[rows[stays] + block.first])
                targets.append(to[stays])
        source, target = np.concatenate(sources), np.concatenate(targets)
        label = strong(len(states), source, target)
        leaves = np.zeros(len(states), dtype=bool)
        leaves[label[source[label[source] != label[target]]]] = True
        chosen = ~leaves[label]
        picked = np.full(len(states), -1, dtype=np.int64)
        picked[chosen] = np.arange(int(chosen.sum()))
        names, circle = np.unique(label[chosen], return_inverse=True)
        circle = circle + self.circles
        self.circles += len(names)
        self.circle_of[states[chosen]] = circle
        pieces = []
        for block in blocks:
            rows = left[block.first]
            at = picked[place[rows + block.first]]
            rows, at = rows[at >= 0], at[at >= 0]
            for edges in block.edges:
                is_open = edges.to[rows] >= 0
                if is_open.any():
                    pieces.append(Piece(block, edges, rows[is_open], at[is_open], edges.to[rows[is_open]]))
        return Knot(states[chosen], circle, pieces)


def in_parts(graph: Graph) -> Iterator[tuple[bool, list[Block]]]:
    """The blocks, last first, together with those of the same loop of scenes (in the order found); and whether it is a loop."""
    machine = graph.machine
    part_of = {scene: n for n, part in enumerate(machine.parts) for scene in part}
    looping = [len(part) > 1 or any(s in machine.leads_to[s] for s in part) for part in machine.parts]
    together: list[Block] = []
    for block in reversed(graph.blocks):
        if together and part_of[block.scene] != part_of[together[-1].scene]:
            yield looping[part_of[together[-1].scene]], together[::-1]
            together = []
        together.append(block)
    if together:
        yield looping[part_of[together[-1].scene]], together[::-1]


def strong(count: int, source: Array, target: Array) -> Array:
    """The strongly connected parts of a graph: for each of `count` nodes a node that stands for its part. By colouring.

    Each round every node takes the largest number that leads to it; whoever of a colour leads back to the node of that number
    is one part with it. Rounds go on among the rest.
    """
    label: Array = np.full(count, -1, dtype=np.int64)
    while len(source):
        colour = np.where(label < 0, np.arange(count), -1)
        while True:
            wider = colour.copy()
            np.maximum.at(wider, target, colour[source])
            if np.array_equal(wider, colour):
                break
            colour = wider
        same = colour[source] == colour[target]
        back_from, back_to = source[same], target[same]
        found = colour == np.arange(count)
        while True:
            more = back_from[found[back_to] & ~found[back_from]]
            if not len(more):
                break
            found[more] = True
        found &= label < 0
        label[found] = colour[found]
        stays = (label[source] < 0) & (label[target] < 0)
        source, target = source[stays], target[stays]
    alone = label < 0
    label[alone] = np.flatnonzero(alone)
    return label
