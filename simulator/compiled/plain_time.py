"""How long a story can go on before the calendar next speaks, where the graph of scenes has loops and cannot say.

Guards often let each round of such a loop be walked only once. The states without duties and lines are few, and know that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from simulator.compiled.draft import Array
    from simulator.compiled.graph import Graph

MOST_SWEEPS = 60


def plain_minutes(graph: Graph) -> dict[str, int]:
    """Per scene, the most minutes from entering it to the next “until” or ending, in any state; without scenes that a loop keeps
    adding to. `graph`: complete, without rules, its clock exact.
    """
    most: Array = np.zeros(graph.states, dtype=np.int64)
    for sweep in range(MOST_SWEEPS):
        changed = False
        for block in reversed(graph.blocks):
            found = np.zeros(block.size, dtype=np.int64)
            for edges in block.edges:
                ahead = np.where(np.asarray(edges.calendar) == 1, graph.machine.longest_before_until(block.scene), 0)
                plain = np.asarray(edges.minutes) + most[edges.to]
                way = np.where(np.asarray(edges.calendar) == 1, ahead, plain)
                found = np.maximum(found, np.where(edges.to >= 0, way, 0))
            rows = slice(block.first, block.first + block.size)
            if not np.array_equal(found, most[rows]):
                most[rows] = found
                changed = True
        if not changed:
            return _by_scene(graph, most)
        if sweep == MOST_SWEEPS - 1:
            break
    return {}


def _by_scene(graph: Graph, most: Array) -> dict[str, int]:
    found: dict[str, int] = {}
    for block in graph.blocks:
        longest = int(most[block.first : block.first + block.size].max(initial=0))
        found[block.scene] = max(found.get(block.scene, 0), longest)
    return found
