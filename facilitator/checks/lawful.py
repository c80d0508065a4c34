"""What duties come to in the plays that cross no line."""

from __future__ import annotations

import numpy as np

from simulator.compiled.draft import Array
from simulator.compiled.graph import Block, Edges
from simulator.compiled.rules import OUTCOMES
from simulator.outlook.paths import in_parts
from simulator.outlook.witness import Ways


def lawful_outcomes(ways: Ways) -> dict[str, set[str]]:
    """By rule: everything it can come to in a play that ends and crosses no line on the whole way."""
    graph = ways.graph
    found: dict[str, set[str]] = {key: set() for key in graph.machine.rule_keys}
    if graph.initial[0]:
        return found
    come, goes_on = _forward(ways), _backward(ways)
    if not goes_on[graph.start]:
        return found
    for rule, outcome in graph.initial_emitted:
        found[graph.machine.rule_keys[rule]].add(OUTCOMES[outcome])
    for block in graph.blocks:
        here = come[block.first : block.first + block.size]
        for edges in block.edges if here.any() else ():
            if not edges.emitted:
                continue
            fine = here & _clean(edges) & goes_on[edges.to]
            for rule, outcome, rows in edges.emitted:
                if bool(fine.any() if isinstance(rows, bool) else fine[rows].any()):
                    found[graph.machine.rule_keys[rule]].add(OUTCOMES[outcome])
    return found


def _clean(edges: Edges) -> Array:
    open_and_clean: Array = (edges.to >= 0) & (np.asarray(edges.lines) == 0)
    return open_and_clean


def _forward(ways: Ways) -> Array:
    """By state: whether some play comes to it without having crossed a line."""
    come: Array = np.zeros(ways.graph.states + 1, dtype=bool)
    come[ways.graph.start] = True
    for looping, blocks in reversed(list(in_parts(ways.graph))):
        again = True
        while again:
            before = _count(come, blocks) if looping else 0
            for block in blocks:
                here = come[block.first : block.first + block.size]
                for edges in block.edges:
                    come[edges.to[here & _clean(edges)]] = True
            again = looping and _count(come, blocks) > before
    come[-1] = False
    return come


def _backward(ways: Ways) -> Array:
    """By state: whether some play ends from it without crossing a line; False for GONE."""
    scenes = ways.graph.machine.game.scenes
    ends: Array = np.zeros(ways.graph.states + 1, dtype=bool)
    for looping, blocks in in_parts(ways.graph):
        again = True
        while again:
            before = _count(ends, blocks) if looping else 0
            for block in reversed(blocks):
                here = ends[block.first : block.first + block.size]
                here |= scenes[block.scene].ending
                for edges in block.edges:
                    here |= _clean(edges) & ends[edges.to]
            again = looping and _count(ends, blocks) > before
    return ends


def _count(marks: Array, blocks: list[Block]) -> int:
    return sum(int(np.count_nonzero(marks[block.first : block.first + block.size])) for block in blocks)
