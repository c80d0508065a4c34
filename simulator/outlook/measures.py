"""What a play gathers, move by move: its length, the points its practice loses, lines crossed and duties failed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from scoring.rules import Framework
from simulator.compiled.draft import Array, Truth, either
from simulator.compiled.graph import Block
from simulator.game import Game, PlayAction

LENGTHS = (
    "moves",
    "decisions",
    "minutes",
)  # in a `together` scene each seat decides, in one move; chance moves, and decides nothing
LOSSES = ("lines", "duties")
UNRATED = -1 << 10


def lengths(block: Block) -> list[Array]:
    """Weights for `LENGTHS`."""
    found = []
    for edges in block.edges:
        decisions = sum(seat is not None and action.speech is None for seat, action in edges.move.acts)
        minutes = np.asarray(edges.minutes)
        weights = np.empty((*minutes.shape, len(LENGTHS)), dtype=np.int64)
        weights[..., 0], weights[..., 1], weights[..., 2] = 1, decisions, minutes
        found.append(weights)
    return found


def losses(block: Block) -> list[Array]:
    """Weights for `LOSSES`."""
    return [np.stack(np.broadcast_arrays(edges.lines, edges.duties), axis=-1) for edges in block.edges]


def practice_lost(block: Block) -> list[Array]:
    """Weights for the one column of points lost over all principles."""
    return [np.asarray(edges.practice)[..., None] for edges in block.edges]


class Practice:
    """Weights per seat and principle: the points a choice gives away on it, and whether the open options differed on it.

    `pairs`: the seats and principles that any rated decision knows; the columns are points by pair, then decisions by pair.
    """

    def __init__(self, game: Game) -> None:
        self.game = game
        rated: dict[tuple[str, str], None] = {}
        for scene in game.scenes.values():
            if scene.chance or scene.scene.judgement is not None:
                continue
            for action in scene.actions.values():
                for seat in (action.seat,) if action.seat is not None else scene.seats:
                    rated.update({(seat or "", p): None for p, points in action.action.practice.items() if points})
        framework: Framework = game.framework
        self.pairs = tuple((seat, p) for p in framework.principles for seat in game.seats if (seat, p) in rated)

    def weights(self, block: Block) -> list[Array]:
        columns = 2 * len(self.pairs)
        scene = self.game.scenes[block.scene]
        if scene.chance or scene.scene.judgement is not None:
            return [np.zeros(columns, dtype=np.int64) for _ in block.edges]
        bounds = {seat: self._bounds(block, seat) for seat in scene.seats}
        by_row = any(best.ndim > 1 for _, best, _ in bounds.values())
        shape = (block.size, columns) if by_row else (columns,)
        found: list[Array] = [np.zeros(shape, dtype=np.int64) for _ in block.edges]
        for edges, weights in zip(block.edges, found, strict=True):
            for seat, action in edges.move.acts if edges.move.speech is None else ():
                where, best, differ = bounds[seat or ""]
                if len(where):
                    chosen = self._ratings(action, where)
                    weights[..., where] = best - chosen
                    weights[..., where + len(self.pairs)] = differ
        return found

    def _bounds(self, block: Block, seat: str) -> tuple[Array, Array, Array]:
        """The seat's columns, and by column (and row) the best rating that is open, and whether the open ones differ."""
        is_open: dict[str, Truth] = {}
        actions: dict[str, PlayAction] = {}
        for edges in block.edges:
            for who, action in edges.move.acts:
                if who == seat and action.speech is None:
                    actions[action.id] = action
                    is_open[action.id] = either(is_open.get(action.id, False), edges.open)
        mine = [n for n, (who, _) in enumerate(self.pairs) if who == seat]
        where = np.array([n for n in mine if any(self._rating(a, n) for a in actions.values())], dtype=np.int64)
        ratings = [self._ratings(action, where) for action in actions.values()]
        if not ratings or all(o is True for o in is_open.values()):
            table = np.stack(ratings) if ratings else np.zeros((1, 0), dtype=np.int64)
            best, worst = table.max(axis=0), table.min(axis=0)
            return where, best, best > worst
        best = np.full((block.size, len(where)), UNRATED, dtype=np.int64)
        worst = -best
        for rating, truth in zip(ratings, is_open.values(), strict=True):
            shown = np.broadcast_to(np.asarray(truth), (block.size,))[:, None]
            best = np.where(shown, np.maximum(best, rating), best)
            worst = np.where(shown, np.minimum(worst, rating), worst)
        return where, best, best > worst

    def _rating(self, action: PlayAction, pair: int) -> int:
        given: Mapping[str, int] = action.action.practice
        return given.get(self.pairs[pair][1], 0)

    def _ratings(self, action: PlayAction, where: Array) -> Array:
        return np.array([self._rating(action, int(n)) for n in where], dtype=np.int64)
