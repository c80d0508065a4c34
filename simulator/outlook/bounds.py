"""Sums over all plays of a graph, exactly: the least and the most of anything that is added up move by move, which endings lie
ahead, and how many plays come to each.

Every sum is kept per state (rows) and question (columns). There is one more row, for GONE, that stands for no play.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from simulator.compiled.draft import Array
from simulator.compiled.graph import Block
from simulator.outlook.paths import Knot, Order, Piece, Rows

Weights = Callable[[Block], list[Array]]  # per move of a block: points by column, or by row and column
MOVES = 20  # bits: among plays with the same points the shortest counts
FAR = 1 << 60
LIMB = 48  # bits of a path count in one number: the counts of 2^15 moves can be added before they have to be carried


def weight_of(found: Array, rows: Array | None) -> Array:
    return found if rows is None or found.ndim == 1 else found[rows]


class Extremes:
    """The least, or the most, that can be gathered from each state to an ending; by column.

    No play ends from a state: None. A circle that gathers can be run through for ever: `most` is then unbounded, -1.
    """

    def __init__(self, order: Order, columns: int, weights: Weights, *, most: bool) -> None:
        self.order, self.most, self.weights = order, most, weights
        self.none = -FAR if most else FAR
        self.values: Array = np.full((order.graph.states + 1, columns), self.none, dtype=np.int64)
        self._kept: dict[int, list[Array]] = {}
        self._better = np.maximum if most else np.minimum
        scenes = order.graph.machine.game.scenes
        for step in order.steps:
            if isinstance(step, Knot):
                self._settle(step)
            elif scenes[step.block.scene].ending:
                self.values[step.where] = 0
            else:
                self._look_ahead(step)

    def packed(self, block: Block) -> list[Array]:
        """The weights of a block's moves; of each move also that it is one."""
        found = self._kept.get(block.first)
        if found is None:
            each = -1 if self.most else 1
            found = self._kept[block.first] = [(np.asarray(w, np.int64) << MOVES) + each for w in self.weights(block)]
        return found

    def _look_ahead(self, step: Rows) -> None:
        best = None
        for edges, weight in zip(step.block.edges, self.packed(step.block), strict=True):
            found = self.values[step.to(edges)]
            found += weight_of(weight, step.rows)
            best = found if best is None else self._better(best, found, out=best)
        if step.rows is None:
            del self._kept[step.block.first]
        if best is not None:
            self.values[step.where] = self._real(best)

    def _real(self, found: Array) -> Array:
        """A sum beyond what no play gives is no play; one beyond all bounds stays there."""
        if self.most:
            found[found < -FAR // 2] = -FAR
            found[found > FAR // 2] = FAR
        else:
            found[found > FAR // 2] = FAR
        return found

    def _settle(self, knot: Knot) -> None:
        values = self.values
        for piece in knot.pieces:  # the ways out
            found = values[piece.to] + self.weight(piece)
            here = knot.states[piece.at]
            values[here] = self._better(values[here], self._real(found))
        if self.most:
            self._set_unbounded(knot)
        again = True
        while again:
            again = False
            for piece in knot.pieces:
                here = knot.states[piece.at]
                found = self._better(values[here], self._real(values[piece.to] + self.weight(piece)))
                if not np.array_equal(found, values[here]):
                    values[here] = found
                    again = True

    def _set_unbounded(self, knot: Knot) -> None:
        first = int(knot.circle.min(initial=0))
        count = int(knot.circle.max(initial=0)) - first + 1
        ends = np.zeros(count, dtype=bool)
        ends[knot.circle[(self.values[knot.states] > -FAR).any(axis=1)] - first] = True
        gathers = np.zeros((count, self.values.shape[1]), dtype=bool)
        for piece in knot.pieces:
            gains = np.broadcast_to(self.weight(piece) > 0, (len(piece.at), self.values.shape[1]))
            gains = gains & knot.inside(piece, self.order.circle_of)[:, None]
            for column in np.flatnonzero(gains.any(axis=0)):
                gathers[knot.circle[piece.at[gains[:, column]]] - first, column] = True
        endless = (gathers & ends[:, None])[knot.circle - first]
        self.values[knot.states] = np.where(endless, FAR, self.values[knot.states])

    def weight(self, piece: Piece) -> Array:
        """By row of a piece (or for all) and column."""
        index = next(n for n, edges in enumerate(piece.block.edges) if edges is piece.edges)
        return weight_of(self.packed(piece.block)[index], piece.rows)

    def at(self, state: int, column: int = 0) -> int | None:
        """The points from a state; -1: unbounded; None: no play from it ends."""
        value = int(self.values[state, column])
        if value == self.none:
            return None
        if value == FAR:
            return -1
        return (value + (1 << MOVES) - 1) >> MOVES if self.most else value >> MOVES

    def forget(self) -> None:
        """Let go what was kept while summing up."""
        self._kept.clear()


class _Fewest:
    """Moves to the nearest ending."""

    far = 1 << 30

    def __call__(self, order: Order) -> Array:
        found: Array = np.full(order.graph.states + 1, self.far, dtype=np.int32)
        scenes = order.graph.machine.game.scenes
        for step in order.steps:
            if isinstance(step, Knot):
                again = True
                while again:
                    again = False
                    for piece in step.pieces:
                        here = step.states[piece.at]
                        nearer = found[piece.to] + 1 < found[here]
                        if nearer.any():
                            found[here[nearer]] = found[piece.to[nearer]] + 1
                            again = True
            elif scenes[step.block.scene].ending:
                found[step.where] = 0
            elif step.block.edges:
                ahead = found[step.to(step.block.edges[0])]
                for edges in step.block.edges[1:]:
                    ahead = np.minimum(ahead, found[step.to(edges)])
                found[step.where] = np.minimum(ahead + 1, self.far)
        return found


fewest_moves = _Fewest()


def endings_ahead(order: Order, endings: Sequence[str]) -> Array:
    """By state and ending: whether some play from there comes to it."""
    words = max(1, (len(endings) + 62) // 63)
    found: Array = np.zeros((order.graph.states + 1, words), dtype=np.int64)
    place = {ending: divmod(n, 63) for n, ending in enumerate(endings)}
    for step in order.steps:
        if isinstance(step, Knot):
            again = True
            while again:
                again = False
                for piece in step.pieces:
                    here = step.states[piece.at]
                    more = found[here] | found[piece.to]
                    again = again or not np.array_equal(more, found[here])
                    found[here] = more
        elif step.block.scene in place:
            word, bit = place[step.block.scene]
            found[step.where, word] = 1 << bit
        elif step.block.edges:
            ahead = found[step.to(step.block.edges[0])]
            for edges in step.block.edges[1:]:
                ahead |= found[step.to(edges)]
            found[step.where] = ahead
    return found


def among(mask: Array, endings: Sequence[str]) -> list[str]:
    """The endings whose bits are set in one row of `endings_ahead`, or in several rows' common bits."""
    return [ending for n, ending in enumerate(endings) if int(mask[n // 63]) >> n % 63 & 1]


def path_counts(order: Order, endings: Sequence[str], ahead: Array) -> dict[str, int | None]:
    """Per ending, how many plays come to it: sequences of moves from the start. None: a circle on the way makes them endless.

    `ahead`: from `endings_ahead`.
    """
    endless: set[str] = set()
    for knot in order.knots:
        endless.update(among(np.bitwise_or.reduce(ahead[knot.states], axis=0), endings))
    found: dict[str, int | None] = dict.fromkeys(endings)
    counted = [ending for ending in endings if ending not in endless]
    at_once = max(1, 30_000_000 // (order.graph.states * 2 + 1))
    for n in range(0, len(counted), at_once):
        found.update(_counted(order, counted[n : n + at_once], 2))
    return found


def _counted(order: Order, endings: Sequence[str], limbs: int) -> dict[str, int]:
    counts: Array = np.zeros((order.graph.states + 1, limbs, len(endings)), dtype=np.int64)
    for step in order.steps:
        if isinstance(step, Knot):
            continue  # no play goes on from here to any of these endings
        if step.block.scene in endings:
            counts[step.where, 0, endings.index(step.block.scene)] = 1
        elif step.block.edges:
            total = counts[step.to(step.block.edges[0])]
            for edges in step.block.edges[1:]:
                total += counts[step.to(edges)]
            _carry(total)
            counts[step.where] = total
            if int(total[:, -1].max(initial=0)) >= 1 << LIMB:
                return _counted(order, endings, limbs * 2)
    row = counts[order.graph.start]
    return {ending: sum(int(row[limb, n]) << LIMB * limb for limb in range(limbs)) for n, ending in enumerate(endings)}


def _carry(total: Array) -> None:
    for limb in range(total.shape[1] - 1):
        total[:, limb + 1] += total[:, limb] >> LIMB
        total[:, limb] &= (1 << LIMB) - 1
