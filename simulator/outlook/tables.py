"""A graph laid out flat for walking: the open moves of every state side by side, so that a step is two look-ups.

A *transition* is one open move of one state; those of a state stand together, in the author's order. States of a scene in which
the same moves are open share a *pattern*; whatever a policy does, it does by pattern.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from simulator.compiled.draft import Array
from simulator.compiled.graph import Block, Edges, Graph
from simulator.compiled.machine import Move

_BITS = 62  # what a whole number of 64 bits takes without its sign and one to spare


@dataclass(frozen=True, slots=True)
class Pattern:
    """The moves that are open in some states of a scene, in the author's order; none where a play stops."""

    scene: str
    moves: tuple[Move, ...]


@dataclass(slots=True)
class Tables:
    """`first`: by state, its first transition. `pattern`: by state, a number in `patterns`. `to`: by transition, where it leads."""

    graph: Graph
    first: Array
    pattern: Array
    patterns: list[Pattern]
    to: Array

    @classmethod
    def of(cls, graph: Graph) -> Tables:
        """Lay out a complete graph."""
        degree = np.zeros(graph.states, dtype=np.int32)
        pattern = np.zeros(graph.states, dtype=np.int32)
        patterns: list[Pattern] = []
        numbers: dict[tuple[object, ...], int] = {}
        for block in graph.blocks:
            here = slice(block.first, block.first + block.size)
            for edges in moves_made(block):
                degree[here] += edges.to >= 0
            kind, examples = _kinds(block)
            found = []
            for row in examples:
                moves = tuple(edges.move for edges in moves_made(block) if edges.to[row] >= 0)
                key = (block.scene, *(id(move) for move in moves))
                if key not in numbers:
                    numbers[key] = len(patterns)
                    patterns.append(Pattern(block.scene, moves))
                found.append(numbers[key])
            pattern[here] = np.array(found, dtype=np.int32)[kind]
        ends = np.cumsum(degree, dtype=np.int64)
        tables = cls(graph, (ends - degree).astype(np.int32), pattern, patterns, np.zeros(int(ends[-1]), np.int32))
        for _, edges, rows, transitions in tables.places():
            tables.to[transitions] = edges.to[rows]
        return tables

    def places(self) -> Iterator[tuple[Block, Edges, Array, Array]]:
        """Every move of every block: the rows of the block in which it is open, and their transitions."""
        for block in self.graph.blocks:
            rank = self.first[block.first : block.first + block.size].astype(np.int64)
            for edges in moves_made(block):
                rows = np.flatnonzero(edges.to >= 0)
                yield block, edges, rows, rank[rows]
                rank[rows] += 1


def moves_made(block: Block) -> list[Edges]:
    """The moves of a block that simulated players make: they say nothing unprompted."""
    return [edges for edges in block.edges if edges.move.speech is None]


def _kinds(block: Block) -> tuple[Array, list[int]]:
    """For each row of the block which moves are open there, as a number; and a row of each kind."""
    key = Key(np.zeros(block.size, dtype=np.int64))
    for edges in moves_made(block):
        key.add((edges.to >= 0).astype(np.int64))
    first, kind = key.kinds()
    return kind, [int(row) for row in first]


class Key:
    """What tells rows apart, packed into one number a row; sorted only when there is no more room."""

    def __init__(self, start: Array) -> None:
        self.value: Array = np.zeros(len(start), dtype=np.int64)
        self.bits = 0
        self.add(start)

    def add(self, part: Array) -> None:
        """Rows that differ in `part` differ."""
        if not len(part):
            return
        low, high = int(part.min()), int(part.max())
        width = (high - low).bit_length()
        if not width:
            return
        if self.bits + width > _BITS:
            self.value = self.kinds()[1].astype(np.int64)
            self.bits = int(self.value.max()).bit_length()
        self.value = (self.value << width) | (part - low)
        self.bits += width

    def kinds(self) -> tuple[Array, Array]:
        """A row of each kind, and the kind of every row."""
        if not self.bits:
            return np.zeros(min(1, len(self.value)), dtype=np.int64), np.zeros(len(self.value), dtype=np.int64)
        _, first, kind = np.unique(self.value, return_index=True, return_inverse=True)
        return first, kind
