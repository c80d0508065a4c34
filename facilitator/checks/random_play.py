"""What plays lose on average if every open choice is as likely as the next: by adding up, not by sampling."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from simulator.compiled.draft import Array
from simulator.compiled.graph import Edges
from simulator.outlook.paths import Knot
from simulator.outlook.witness import Ways

SWEEPS = 500  # around loops; what is left out then is far below a point


def expected_at_random(ways: Ways) -> tuple[float, float, float]:
    """Lines, points on duties, points of practice. Only for a graph of which every state can come to an ending."""
    graph = ways.graph
    losses: Array = np.zeros((graph.states + 1, 3))
    for step in ways.order.steps:
        if isinstance(step, Knot):
            _around(losses, step)
        elif step.block.edges:
            rows = np.arange(step.block.size) if step.rows is None else step.rows
            total = np.zeros((len(rows), 3))
            weight = np.zeros(len(rows))
            for edges in step.block.edges:
                to = edges.to[rows]
                share = (to >= 0) * _weight(edges)
                weight += share
                total += share[:, None] * (losses[to] + _points(edges, rows))
            losses[step.where] = total / np.maximum(weight, 1e-300)[:, None]
    first = losses[graph.start]
    lines, duties = graph.initial
    return float(first[0]) + lines, float(first[1]) + duties, float(first[2])


def _around(losses: Array, knot: Knot) -> None:
    weight = np.zeros(len(knot.states))
    for piece in knot.pieces:
        np.add.at(weight, piece.at, _weight(piece.edges))
    for _ in range(SWEEPS):
        total = np.zeros((len(knot.states), 3))
        for piece in knot.pieces:
            points = _weight(piece.edges) * (losses[piece.to] + _points(piece.edges, piece.rows))
            np.add.at(total, piece.at, points)
        total /= weight[:, None]
        done = np.allclose(total, losses[knot.states], rtol=0, atol=1e-6)
        losses[knot.states] = total
        if done:
            return


def _weight(edges: Edges) -> float:
    return float(edges.move.weight or 1) if edges.move.speech is None else 0.0  # nobody says anything unprompted


def _points(edges: Edges, rows: Array) -> Array:
    columns: Iterable[Array] = (np.asarray(each) for each in (edges.lines, edges.duties, edges.practice))
    points: Array = np.stack([np.broadcast_to(c if c.ndim == 0 else c[rows], (len(rows),)) for c in columns], axis=-1)
    return points
