"""What becomes of each duty and line over all plays, where a breach is rewarded, and where only harmful options remain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from simulator.compiled.draft import Array
from simulator.compiled.graph import Block, Edges
from simulator.compiled.rules import OUTCOMES
from simulator.compiled.values import Values
from simulator.outlook.bounds import among
from simulator.outlook.witness import Ways, Witness


@dataclass(frozen=True, slots=True)
class Outcome:
    """Something a rule can come to. `endings`: of the plays in which it does. `seats`: who made the deciding move; “chance”."""

    witness: Witness
    endings: tuple[str, ...]
    seats: dict[str, Witness]


@dataclass(slots=True)
class _Seen:
    """The nearest move that decides a rule's outcome, by the seats that made it, and the endings ahead of all such moves."""

    nearest: dict[tuple[str, ...], tuple[int, Block, Edges, int]] = field(default_factory=dict)
    endings: Array | None = None


def outcomes(ways: Ways, ahead: Array, endings: Sequence[str]) -> dict[str, dict[str, Outcome]]:
    """By rule (“duty:ID”, “line:ID”): what it comes to in plays that end. `ahead`: from `endings_ahead`."""
    graph = ways.graph
    seen: dict[tuple[int, int], _Seen] = {}
    everywhere = bool(ways.can_end[:-1].all())
    can_end = ways.can_end
    moves = ways.moves.astype(np.int32)
    for block in graph.blocks:
        own = moves[block.first : block.first + block.size]
        for edges in block.edges:
            if not edges.emitted:
                continue
            seats = tuple(seat or "chance" for seat, _ in edges.move.acts)
            ends = None if everywhere else can_end[edges.to]
            coming = ahead[edges.to]
            for rule, outcome, where in edges.emitted:
                rows = None if isinstance(where, bool) else where
                if ends is not None:
                    rows = np.flatnonzero(ends) if rows is None else rows[ends[rows]]
                if rows is not None and not len(rows):
                    continue
                each = seen.setdefault((rule, outcome), _Seen())
                mask = np.bitwise_or.reduce(coming if rows is None else coming[rows], axis=0)
                each.endings = mask if each.endings is None else each.endings | mask
                nearest = int(own.argmin()) if rows is None else int(rows[own[rows].argmin()])
                if seats not in each.nearest or own[nearest] < each.nearest[seats][0]:
                    each.nearest[seats] = int(own[nearest]), block, edges, nearest
    found: dict[str, dict[str, Outcome]] = {key: {} for key in graph.machine.rule_keys}
    for (rule, outcome), each in sorted(seen.items()):
        found[graph.machine.rule_keys[rule]][OUTCOMES[outcome]] = _outcome(ways, each, endings)
    if can_end[graph.start]:
        for rule, outcome in graph.initial_emitted:
            every = tuple(among(ahead[graph.start], endings))
            found[graph.machine.rule_keys[rule]].setdefault(OUTCOMES[outcome], Outcome(ways.to(graph.start), every, {}))
    return found


def _outcome(ways: Ways, each: _Seen, endings: Sequence[str]) -> Outcome:
    assert each.endings is not None
    _, block, edges, row = min(each.nearest.values(), key=lambda found: found[0])
    by_seat: dict[str, tuple[int, Block, Edges, int]] = {}
    for seats, found in each.nearest.items():
        for seat in seats:
            if seat not in by_seat or found[0] < by_seat[seat][0]:
                by_seat[seat] = found
    return Outcome(
        ways.through(block, edges, row),
        tuple(among(each.endings, endings)),
        {seat: ways.through(*found[1:]) for seat, found in by_seat.items()},
    )


@dataclass(frozen=True, slots=True)
class Rewarded:
    """A choice that crosses a line and comes out better, the line itself left aside, than all that cross none.

    `states`: in how many states. `lawful`, `breach`: in the nearest one, the least expected (duties, practice) still to lose.
    """

    scene: str
    choice: tuple[tuple[str, str], ...]
    states: int
    lawful: tuple[Fraction, Fraction]
    breach: tuple[Fraction, Fraction]
    witness: Witness


@dataclass(frozen=True, slots=True)
class Harmful:
    """A seat that has only options with a negative rating, or that cross a line. `states`: in how many states of the scene."""

    scene: str
    seat: str
    states: int
    witness: Witness


def rewarded(ways: Ways, values: Values) -> list[Rewarded]:
    """Every choice, by scene, that crosses a line on its own step and is rewarded for it in some state."""
    found: dict[tuple[str, tuple[tuple[str, str], ...]], tuple[int, int, Rewarded]] = {}
    packing = values.packing
    rest = (1 << 2 * packing.width) - 1
    for block in ways.graph.blocks:
        if ways.graph.machine.game.scenes[block.scene].chance:
            continue
        crossing = [edges for edges in block.edges if np.any(np.asarray(edges.lines) > 0)]
        if not crossing:
            continue
        never = packing.never
        lawful: Array = np.full(block.size, never, dtype=packing.dtype)
        ahead = {id(edges): values.after(block, edges) for edges in block.edges}
        for edges in block.edges:
            fine = (edges.to >= 0) & (edges.lines == 0) & (ahead[id(edges)] < never)
            lawful = np.where(fine, np.minimum(lawful, ahead[id(edges)] & rest), lawful)
        for edges in crossing:
            after = ahead[id(edges)]
            better = (edges.to >= 0) & (np.asarray(edges.lines) > 0) & (after < never) & (lawful < never)
            rows = np.flatnonzero((better & ((after & rest) < lawful)).astype(bool))
            if not len(rows):
                continue
            row = int(rows[ways.nearest(rows + block.first)])
            moves = int(ways.moves[row + block.first])
            choice = tuple((seat or "", action.id) for seat, action in edges.move.acts)
            pair = [packing.unpack(int(v) & rest) for v in (lawful[row], after[row])]
            assert pair[0] is not None and pair[1] is not None
            states, nearest, kept = found.get((block.scene, choice), (0, 1 << 62, None))
            if moves < nearest:
                kept = Rewarded(block.scene, choice, 0, pair[0][1:], pair[1][1:], ways.through(block, edges, row))
                nearest = moves
            assert kept is not None
            found[block.scene, choice] = states + len(rows), nearest, kept
    return [Rewarded(r.scene, r.choice, states, r.lawful, r.breach, r.witness) for states, _, r in found.values()]


def harmful(ways: Ways) -> list[Harmful]:
    """Every scene and seat for which some state leaves only harmful options open."""
    found: dict[tuple[str, str], tuple[int, int, int]] = {}
    for block in ways.graph.blocks:
        scene = ways.graph.machine.game.scenes[block.scene]
        if not block.edges or scene.chance:
            continue
        for seat in scene.seats:
            good: Array | bool = False
            going: Array | bool = False
            for edges in block.edges:
                if edges.move.speech is not None:
                    continue  # silence is always open, and no option
                rating = sum(sum(action.action.practice.values()) for who, action in edges.move.acts if who == seat)
                if rating >= 0:
                    fine = edges.lines == 0
                    if edges.open is True and np.all(fine):
                        good = True
                        break
                    good = good | ((edges.to >= 0) & fine)
                going = going | (edges.to >= 0)
            if good is True:
                continue
            rows = np.flatnonzero(np.broadcast_to(going & ~np.asarray(good), (block.size,)))
            if len(rows):
                state = int(rows[ways.nearest(rows + block.first)]) + block.first
                states, moves, nearest = found.get((block.scene, seat), (0, 1 << 62, state))
                if ways.moves[state] < moves:
                    moves, nearest = int(ways.moves[state]), state
                found[block.scene, seat] = states + len(rows), moves, nearest
    return [Harmful(scene, seat, states, ways.to(state)) for (scene, seat), (states, _, state) in found.items()]
