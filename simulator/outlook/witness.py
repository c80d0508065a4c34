"""Witnesses: plays, as transcripts that `handoff play --script` replays, that show that a claim is true.

A state is reached by the shortest way, in moves; among ways of the same length by the one through the state found first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from simulator.compiled.draft import Array
from simulator.compiled.graph import Block, Edges, Graph
from simulator.compiled.machine import Move
from simulator.outlook.bounds import Extremes, fewest_moves
from simulator.outlook.paths import Order, in_parts
from simulator.speaking import event_of, words_of

FAR = 1 << 62
Step = tuple[Block, Edges, int]  # the move, and the row it is made from


def script(move: Move) -> tuple[str, ...]:
    """The lines of a script that make this move."""
    return tuple(
        f"{seat or 'chance'}: {action.id if action.speech is None else words_of(event_of(action.speech))}"
        for seat, action in move.acts
    )


@dataclass(frozen=True)
class Witness:
    """A play, or its beginning, made when somebody asks for it."""

    make: Callable[[], tuple[tuple[str, ...], bool]]

    @cached_property
    def _made(self) -> tuple[tuple[str, ...], bool]:
        return self.make()

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of a script."""
        return self._made[0]

    @property
    def ends(self) -> bool:
        """Whether it goes on to an ending."""
        return self._made[1]


class Ways:
    """Shortest ways through a graph: from the start to each state, and from each state to the nearest ending."""

    def __init__(self, graph: Graph, order: Order | None = None) -> None:
        self.graph = graph
        self.order = order or Order(graph)
        self._from = _came_from(graph)
        self.moves: Array = self._from >> 32  # from the start; one more, for GONE
        self.to_go: Array = fewest_moves(self.order)  # to the nearest ending; `fewest_moves.far` if there is none
        self._known: dict[int, tuple[str, ...]] = {graph.start: ()}

    @property
    def can_end(self) -> Array:
        """By state, whether an ending can be reached; False for GONE."""
        found: Array = self.to_go < fewest_moves.far
        return found

    def nearest(self, states: Array) -> int:
        """Of some states, the place (in the array) of the one with the shortest way from the start."""
        return int(np.argmin(self.moves[states]))

    def to(self, state: int, *, end: bool = True) -> Witness:
        """The shortest way to a state, then on to the nearest ending if there is one."""
        return Witness(lambda: self._along(state, (), end))

    def through(self, block: Block, edges: Edges, row: int, *, end: bool = True) -> Witness:
        """The shortest way to a row of a block, then this move, then on to the nearest ending if there is one."""
        return Witness(lambda: self._along(block.first + row, [(block, edges, row)], end))

    def round(self, block: Block, edges: Edges, row: int) -> Witness:
        """The shortest way to a row that turns in a circle, then this move and around, then on to the nearest ending."""
        return Witness(lambda: self._along(block.first + row, self._around(block, edges, row), True))

    def best(self, found: Extremes, column: int) -> Witness:
        """A play from the start that gathers as little (or as much) as `found` says; of those a shortest."""
        lines = self._best(found, column)
        return Witness(lambda: lines)

    def _best(self, found: Extremes, column: int) -> tuple[tuple[str, ...], bool]:
        state = self.graph.start
        if found.at(state, column) == -1:
            return self._along(*self._endless(found, column), True)
        lines: list[str] = []
        while self.to_go[state]:
            block = self.order.block(state)
            row = state - block.first
            for edges, weights in zip(block.edges, found.packed(block), strict=True):
                to = int(edges.to[row])
                weight = int(weights[column] if weights.ndim == 1 else weights[row, column])
                if to >= 0 and weight + int(found.values[to, column]) == int(found.values[state, column]):
                    lines += script(edges.move)
                    state = to
                    break
            else:
                raise AssertionError("some move keeps what the state promises")
        return tuple(lines), True

    def _endless(self, found: Extremes, column: int) -> tuple[int, list[Step]]:
        """The nearest state from which a circle gathers, and once around."""
        best: tuple[int, Step] | None = None
        for knot in self.order.knots:
            for piece in knot.pieces:
                gains = knot.inside(piece, self.order.circle_of) & (found.weight(piece)[..., column] > 0)
                gains &= self.can_end[piece.to]
                rows = piece.rows[gains]
                if len(rows):
                    nearest = int(rows[self.nearest(rows + piece.block.first)])
                    moves = int(self.moves[nearest + piece.block.first])
                    if best is None or moves < best[0]:
                        best = moves, (piece.block, piece.edges, nearest)
        assert best is not None
        block, edges, row = best[1]
        return block.first + row, self._around(block, edges, row)

    def _along(self, state: int, steps: Iterable[Step], end: bool) -> tuple[tuple[str, ...], bool]:
        """The shortest way to a state, then these steps, then on to the nearest ending if there is one."""
        lines = list(self._lines(state))
        for _, edges, row in steps:
            lines += script(edges.move)
            state = int(edges.to[row])
        if not end or self.to_go[state] >= fewest_moves.far:
            return tuple(lines), False
        while self.to_go[state]:
            block = self.order.block(state)
            row = state - block.first
            for edges in block.edges:
                if self.to_go[edges.to[row]] == self.to_go[state] - 1:
                    lines += script(edges.move)
                    state = int(edges.to[row])
                    break
        return tuple(lines), True

    def _lines(self, state: int) -> tuple[str, ...]:
        trail: list[tuple[int, tuple[str, ...]]] = []
        while state not in self._known:
            before = int(self._from[state] & 0xFFFFFFFF)
            block = self.order.block(before)
            edges = next(e for e in block.edges if e.to[before - block.first] == state)
            trail.append((state, script(edges.move)))
            state = before
        lines = self._known[state]
        for state, more in reversed(trail):
            lines = self._known[state] = lines + more
        return lines

    def _around(self, block: Block, edges: Edges, row: int) -> list[Step]:
        """A move that stays in its circle, and the shortest way on from it to where it began."""
        goal, circle_of = block.first + row, self.order.circle_of
        came: dict[int, Step] = {int(edges.to[row]): (block, edges, row)}
        ahead = list(came)
        for at in ahead:
            if at == goal:
                break
            here = self.order.block(at)
            for move in here.edges:
                to = int(move.to[at - here.first])
                if to >= 0 and circle_of[to] == circle_of[goal] and to not in came:
                    came[to] = (here, move, at - here.first)
                    ahead.append(to)
        steps = [came[goal]]
        while steps[-1][1] is not edges or steps[-1][2] != row:
            steps.append(came[steps[-1][0].first + steps[-1][2]])
        return steps[::-1]


def _came_from(graph: Graph) -> Array:
    """By state: moves from the start, and before it the state it is reached from, in one number (moves << 32 | state)."""
    found: Array = np.full(graph.states + 1, FAR, dtype=np.int64)
    found[graph.start] = graph.start
    for looping, blocks in reversed(list(in_parts(graph))):
        looked = {block.first: np.full(block.size, FAR >> 32) for block in blocks}
        again = True
        while again:
            again = False
            for block in blocks:
                here = slice(block.first, block.first + block.size)
                moves = found[here] >> 32
                rows = np.flatnonzero(moves < looked[block.first]) if looping else None
                if rows is not None and not len(rows):
                    continue
                again = looping
                looked[block.first] = moves
                ways = (moves + 1 << 32) | np.arange(block.first, block.first + block.size)
                for edges in block.edges:
                    to, way = (edges.to, ways) if rows is None else (edges.to[rows], ways[rows])
                    np.minimum.at(found, to.astype(np.intp), way)
    found[-1] = FAR
    return found
