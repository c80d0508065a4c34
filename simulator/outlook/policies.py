"""How a seat chooses when nobody plays it, for many states at once.

- `random`: every open action is as likely as the next.
- `typical`: drawn by the author's `appeal`, as a computer partner draws; where no open action has any, evenly.
- `expert`: the plan of the outlook: the move with the least loss still to come, ties in the author's order. It plays as if it
  knew everything, also what its seat cannot see and what the other seats are about to do; the partner in a session knows only
  its view.
- `least-used`: the open action taken least often so far in the run, ties in the author's order: to test what is rarely seen.

In a together scene each seat draws its own action. The products of their shares are drawn from at once, which is the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import gcd, prod
from typing import Literal

import numpy as np

from simulator.compiled.draft import Array
from simulator.compiled.machine import Move
from simulator.compiled.values import Values
from simulator.outlook.tables import Pattern, Tables, moves_made

Kind = Literal["random", "typical", "expert", "least-used"]
KINDS: tuple[Kind, ...] = ("random", "typical", "expert", "least-used")
FINEST = 1 << 16  # parts of a whole; shares finer than this are rounded


@dataclass(frozen=True, slots=True)
class Turn:
    """A seat's turn by `least-used`: its open actions by number, and how far apart in the pattern's moves they stand."""

    actions: tuple[int, ...]
    stride: int


@dataclass(slots=True)
class Draws:
    """A policy made ready to draw. `kind`: by state, which of the draws is made there.

    By draw: `total` parts, of which part n falls to the move `pick[base + n]` of the pattern; 0 parts where a play stops. `turns`:
    what `least-used` adds to that.
    """

    kind: Array
    total: Array
    base: Array
    pick: Array
    turns: dict[int, tuple[Turn, ...]]
    actions: list[tuple[str, str]]  # scene and action, by their number in `turns`


def prepare(tables: Tables, policy: Mapping[str, Kind], values: Values | None = None) -> Draws:
    """Draws for these policies by seat. `values` are needed, and used, only by `expert`."""
    scenes = tables.graph.machine.game.scenes
    experts = {seat for seat, kind in policy.items() if kind == "expert"}
    kind, picked = tables.pattern, [(number, 0) for number in range(len(tables.patterns))]
    if experts:
        assert values is not None, "an expert has a plan"
        asked = np.array([not experts.isdisjoint(scenes[p.scene].seats) for p in tables.patterns])
        most = max(len(p.moves) for p in tables.patterns) + 1
        best = np.where(asked[tables.pattern], plan(tables, values), 0)
        found, inverse = np.unique(tables.pattern.astype(np.int64) * most + best, return_inverse=True)
        kind, picked = inverse.astype(np.int32), [divmod(int(each), most) for each in found]
    numbers: dict[tuple[str, str], int] = {}
    totals, bases, picks, turns = [], [], [], {}
    at = 0
    for n, (number, move) in enumerate(picked):
        pattern = tables.patterns[number]
        pick = _pick(_shares(pattern, policy, move))
        totals.append(len(pick))
        bases.append(at)
        picks.append(pick)
        at += len(pick)
        if found_turns := _turns(pattern, policy, numbers):
            turns[n] = found_turns
    return Draws(
        kind=kind,
        total=np.array(totals, dtype=np.uint64),
        base=np.array(bases, dtype=np.int64),
        pick=np.concatenate(picks) if picks else np.zeros(0, dtype=np.int32),
        turns=turns,
        actions=list(numbers),
    )


def _shares(pattern: Pattern, policy: Mapping[str, Kind], best: int) -> list[int]:
    """By move: how many parts of the whole fall to it."""
    moves = pattern.moves
    if not moves:
        return []
    if moves[0].acts[0][0] is None:
        weights = [move.weight for move in moves]
        return weights if any(weights) else [1] * len(moves)
    shares = [1] * len(moves)
    for place, (seat, chosen) in enumerate(moves[best].acts):
        own = _open(moves, place)
        kind = policy[seat or ""]
        if kind == "random":
            parts = dict.fromkeys(own, 1)
        elif kind == "typical":
            appeals = {action: appeal for action, appeal in own.items() if appeal}
            parts = appeals or dict.fromkeys(own, 1)
        elif kind == "expert":
            parts = {chosen.id: 1}
        else:
            parts = {next(iter(own)): 1}  # `turns` leads on from the first
        shares = [share * parts.get(move.acts[place][1].id, 0) for share, move in zip(shares, moves, strict=True)]
    return shares


def _open(moves: Sequence[Move], place: int) -> dict[str, int]:
    """The open actions of the seat that stands in this place, in the author's order, with their appeal."""
    return {move.acts[place][1].id: move.acts[place][1].action.appeal for move in moves}


def _turns(pattern: Pattern, policy: Mapping[str, Kind], numbers: dict[tuple[str, str], int]) -> tuple[Turn, ...]:
    if not pattern.moves or pattern.moves[0].acts[0][0] is None:
        return ()
    seats = [seat or "" for seat, _ in pattern.moves[0].acts]
    own = [list(_open(pattern.moves, place)) for place in range(len(seats))]
    found = []
    for place, seat in enumerate(seats):
        if policy[seat] == "least-used":
            actions = tuple(numbers.setdefault((pattern.scene, action), len(numbers)) for action in own[place])
            found.append(Turn(actions, prod(len(later) for later in own[place + 1 :])))
    return tuple(found)


def _pick(shares: list[int]) -> Array:
    """For each part of the whole, the move it falls to."""
    whole = gcd(*shares) if shares else 1
    parts = [share // whole for share in shares]
    if (total := sum(parts)) > FINEST:
        exact = [share * FINEST for share in parts]
        parts = [share // total for share in exact]
        # What rounding left over goes to those it took most from.
        for n in sorted(range(len(parts)), key=lambda n: -(exact[n] % total))[: FINEST - sum(parts)]:
            parts[n] += 1
    return np.repeat(np.arange(len(parts), dtype=np.int32), parts)


def plan(tables: Tables, values: Values) -> Array:
    """For each state the place of its best move among its open ones: least loss, ties in the author's order.

    In a loop a best move might lead round for ever; there only moves count from which the play surely comes nearer to an end.
    Where no plan surely ends, the first open move stands for all.
    """
    graph, game = tables.graph, tables.graph.machine.game
    best = np.zeros(graph.states, dtype=np.int64)
    ready = np.zeros(graph.states, dtype=bool)
    waiting, again = graph.blocks[::-1], True
    while again:
        again, blocks, waiting = False, waiting, []
        for block in blocks:
            here = slice(block.first, block.first + block.size)
            if game.scenes[block.scene].ending:
                ready[here] = True
                continue
            left = ~ready[here] & (values.packed[here] < values.packing.never).astype(bool)
            if not block.edges or not left.any():
                continue
            waiting.append(block)
            rank, choice = np.zeros(block.size, dtype=np.int64), np.full(block.size, -1)
            moves = moves_made(block)
            least = np.minimum.reduce([values.after(block, edges) for edges in moves])
            for edges in moves:
                open_ = edges.to >= 0
                good = left & open_ & (choice < 0) & ready[edges.to]
                if not game.scenes[block.scene].chance:
                    good &= (values.after(block, edges) == least).astype(bool)
                choice[good] = rank[good]
                rank += open_
            found = np.flatnonzero(choice >= 0)
            if len(found):
                best[found + block.first] = choice[found]
                ready[found + block.first] = True
                again = True
    return best
