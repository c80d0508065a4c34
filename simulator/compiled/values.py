"""The outlook of every reachable state: the least expected loss that is still attainable, exactly.

A loss is (lines, duties, practice), compared in that order. It is kept as one whole number: the three parts side by side, each
times a common denominator. Whole numbers of that kind add up and compare as losses do, so one array operation serves all three.
States are valued after all they lead to; what is left are loops, in which no state comes last.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from scoring.loss import Loss
from simulator.compiled.draft import Array, Number
from simulator.compiled.graph import Block, Edges, Graph


@dataclass(slots=True)
class Packing:
    """How losses stand in one number. `width`: bits a part; `scale`: the common denominator.

    A few bits a part fit a machine word; where denominators grow too large for it, numbers of any length take over.
    """

    width: int = 20
    scale: int = 1

    @property
    def never(self) -> int:
        """Stands for: no plan from here surely ends."""
        return 1 << (3 * self.width + 2)

    @property
    def dtype(self) -> Any:
        return np.int64 if self.width <= 20 else object

    def pack(self, lines: Number, duties: Number, practice: Number) -> Number:
        parts = [p if isinstance(p, int) else p.astype(self.dtype) for p in (lines, duties, practice)]
        return (((parts[0] << self.width) + parts[1] << self.width) + parts[2]) * self.scale

    def unpack(self, value: int) -> Loss | None:
        if value >= self.never:
            return None
        mask = (1 << self.width) - 1
        parts = (value >> 2 * self.width, (value >> self.width) & mask, value & mask)
        return Loss(*(Fraction(int(part), self.scale) for part in parts))

    def divides(self, whole: int, values: Array) -> bool:
        """Whether every part of every value is a multiple of `whole`."""
        mask = (1 << self.width) - 1
        parts = (values >> 2 * self.width, (values >> self.width) & mask, values & mask)
        return not any(bool((part % whole != 0).any()) for part in parts)

    def largest(self, values: Array) -> int:
        """The largest part of any of these."""
        finite = values[values < self.never]
        if not len(finite):
            return 0
        mask = (1 << self.width) - 1
        return int(max((finite >> 2 * self.width).max(), ((finite >> self.width) & mask).max(), (finite & mask).max()))


class Values:
    """The outlook of each state of a complete graph. Raises TooIntricate for chance in a loop of too many states."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.packing = Packing()
        self.packed: Array = np.full(graph.states, self.packing.never, dtype=np.int64)
        self._solve()

    def __getitem__(self, state: int) -> Loss | None:
        """The least expected loss still to come from a state; None if no plan from there surely ends."""
        return self.packing.unpack(int(self.packed[state]))

    def after(self, block: Block, edges: Edges) -> Array:
        """For each row of the block, the least expected loss from it if this move is taken; `never` where it is closed."""
        open_ = edges.to >= 0
        gone = np.where(open_, self.packed[edges.to], self.packing.never)
        total: Array = gone + self.packing.pack(edges.lines, edges.duties, edges.practice)
        return np.where(gone >= self.packing.never, self.packing.never, total)

    # --- solving ------------------------------------------------------------------------------------------------------

    def _solve(self) -> None:
        graph = self.graph
        parts = {scene: n for n, part in enumerate(graph.machine.parts) for scene in part}
        loops = [len(p) > 1 or p[0] in graph.machine.leads_to[p[0]] for p in graph.machine.parts]
        blocks = graph.blocks
        at = len(blocks) - 1
        while at >= 0:
            part = parts[blocks[at].scene]
            if not loops[part]:
                self._value(blocks[at], None)
                at -= 1
                continue
            together = []
            while at >= 0 and parts[blocks[at].scene] == part:
                together.append(blocks[at])
                at -= 1
            self._solve_loop(together)

    def _value(self, block: Block, rows: Array | None) -> None:
        """Value these rows of a block (None: all), whose successors are all valued."""
        where: slice | Array = slice(block.first, block.first + block.size) if rows is None else rows + block.first
        scene = self.graph.machine.game.scenes[block.scene]
        if scene.ending:
            self.packed[where] = 0
        elif scene.chance:
            self.packed[where] = self._expected(block, rows)
        else:
            best = None
            for edges in block.edges:
                found = self._row_values(block, edges, rows)
                best = found if best is None else np.minimum(best, found)
            if best is not None:
                self.packed[where] = best

    def _row_values(self, block: Block, edges: Edges, rows: Array | None) -> Array:
        if rows is None:
            return self.after(block, edges)
        part = Edges(edges.move, True, edges.to[rows], _at(edges.lines, rows), _at(edges.duties, rows), _at(edges.practice, rows), 0, 0, [])  # fmt: skip
        return self.after(block, part)

    def _expected(self, block: Block, rows: Array | None) -> Array:
        count = block.size if rows is None else len(rows)
        weights = sum(
            (np.where((e.to if rows is None else e.to[rows]) >= 0, e.move.weight, 0) for e in block.edges),
            start=np.zeros(count, dtype=np.int64),
        )
        self._make_room(block, int(weights.max(initial=1)))
        total, never = self._weighed(block, rows, weights)
        for whole in {int(w) for w in np.unique(weights)}:
            if whole > 1 and not self.packing.divides(whole, total[(weights == whole) & ~never]):
                self._rescale(whole)
                total, never = self._weighed(block, rows, weights)
        return np.where(never, self.packing.never, total // np.maximum(weights, 1))

    def _weighed(self, block: Block, rows: Array | None, weights: Array) -> tuple[Array, Array]:
        total: Array = np.zeros(len(weights), dtype=self.packing.dtype)
        never = weights == 0
        for edges in block.edges:
            found = self._row_values(block, edges, rows)
            closed = (edges.to if rows is None else edges.to[rows]) < 0
            lost = ~closed & (found >= self.packing.never)
            never = never | lost.astype(bool)
            total = total + np.where(closed | lost, 0, found * edges.move.weight)
        return total, never

    def _make_room(self, block: Block, factor: int) -> None:
        """Before sums are made that are `factor` times as large: widen the parts if they would run into each other."""
        ahead = [self.packed[e.to[e.to >= 0]] for e in block.edges]
        most = max((self.packing.largest(values) for values in ahead if len(values)), default=0)
        if (most + 64 * self.packing.scale) * factor >= 1 << self.packing.width:
            self._widen()

    def _rescale(self, factor: int) -> None:
        if (self.packing.largest(self.packed) + 64 * self.packing.scale) * factor * factor >= 1 << self.packing.width:
            self._widen()
        self.packed = np.where(self.packed >= self.packing.never, self.packing.never, self.packed * factor)
        self.packing.scale *= factor

    def _widen(self) -> None:
        if self.packing.width > 20:
            return  # there is always room
        old, new = self.packing, Packing(512, self.packing.scale)
        mask = (1 << old.width) - 1
        values = self.packed.astype(object)
        wide = ((values >> 2 * old.width << new.width) + ((values >> old.width) & mask) << new.width) + (values & mask)
        self.packing, self.packed = new, np.where(self.packed >= old.never, new.never, wide)

    # --- loops --------------------------------------------------------------------------------------------------------

    def _solve_loop(self, blocks: list[Block]) -> None:
        """Value what leads only to valued states, again and again; what is left turns in circles."""
        from simulator.compiled.loops import solve

        left = {id(block): np.arange(block.size) for block in blocks}
        solved = np.ones(self.graph.states, dtype=bool)
        for block in blocks:
            solved[block.first : block.first + block.size] = False
        again = True
        while again:
            again = False
            for block in blocks:
                rows = left[id(block)]
                if not len(rows):
                    continue
                ready = np.ones(len(rows), dtype=bool)
                for edges in block.edges:
                    to = edges.to[rows]
                    ready &= (to < 0) | solved[to]
                if ready.any():
                    done = rows[ready]
                    self._value(block, done)
                    solved[done + block.first] = True
                    left[id(block)] = rows[~ready]
                    again = True
        circling = [(block, left[id(block)]) for block in blocks if len(left[id(block)])]
        if circling:
            self._put(solve(self, circling))

    def _put(self, found: dict[int, Loss | None]) -> None:
        """Write what the loop solver found; its fractions may need a finer common denominator."""
        finer = 1
        for loss in found.values():
            for part in loss or ():
                denominator = (part * self.packing.scale * finer).denominator
                finer *= denominator
        if finer > 1:
            self._widen()
            self._rescale(finer)
        for state, loss in found.items():
            if loss is None:
                self.packed[state] = self.packing.never
            else:
                whole = [int(part * self.packing.scale) for part in loss]
                if max(whole) >= 1 << self.packing.width:
                    self._widen()
                value = (((whole[0] << self.packing.width) + whole[1]) << self.packing.width) + whole[2]
                self.packed[state] = value

    def moves(self, state: int) -> Iterator[tuple[Edges, Loss | None]]:
        """The open moves of a state, each with the least expected loss if it is taken."""
        block = self.graph.block_of(state)
        row = np.array([state - block.first])
        for edges in block.edges:
            if edges.to[row[0]] >= 0:
                yield edges, self.packing.unpack(int(self._row_values(block, edges, row)[0]))


def _at(number: Number, rows: Array) -> Number:
    return number if isinstance(number, int) else number[rows]
