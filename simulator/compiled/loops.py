"""Loops: states of which none comes last, valued exactly by policy iteration over fractions.

A plan counts only if it surely ends: with probability one. From a plan that does, strict improvements never lead to one that does
not, because losses are never negative: a round of states that gained strictly and never ends would have to lose less than nothing.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from scoring.loss import NOTHING, Loss
from simulator.compiled.memory import TooIntricate

if TYPE_CHECKING:
    from simulator.compiled.draft import Array
    from simulator.compiled.graph import Block
    from simulator.compiled.values import Values

MOST_STATES = 3000  # with chance in it; exact fractions take their time
Zero = Fraction(0)


class Step(NamedTuple):
    """A move out of a looping state: its loss, and where it leads; `sure` is the rest's value where that is known."""

    weight: int
    cost: Loss
    to: int


def solve(values: Values, circling: list[tuple[Block, Array]]) -> dict[int, Loss | None]:
    """The outlook of these states, which lead to each other and to states that have one already."""
    graph = values.graph
    steps: dict[int, list[Step]] = {}
    chance: set[int] = set()
    for block, rows in circling:
        by_chance = graph.machine.game.scenes[block.scene].chance
        for row in rows.tolist():
            ahead: list[Step] = []
            for edges in block.edges:
                to = int(edges.to[row])
                if to >= 0:
                    parts = (edges.lines, edges.duties, edges.practice)
                    cost = Loss(*(Fraction(p if isinstance(p, int) else int(p[row])) for p in parts))
                    ahead.append(Step(edges.move.weight, cost, to))
            steps[block.first + row] = ahead
            if by_chance:
                chance.add(block.first + row)
    known = {
        step.to: values.packing.unpack(int(values.packed[step.to]))
        for each in steps.values() for step in each if step.to not in steps
    }  # fmt: skip
    if chance and len(steps) > MOST_STATES:
        raise TooIntricate(f"chance turns in a loop of {len(steps)} states; that is too many to solve exactly")
    if not chance:
        return _shortest(steps, known)
    ending = _surely_ending(steps, chance, known)
    plan = _some_plan(steps, chance, known, ending)
    while True:
        found = _evaluate(steps, chance, known, ending, plan)
        better = False
        for state in ending - chance:
            value = found[state]
            for step in steps[state]:
                rest = found[step.to] if step.to in ending else known.get(step.to)
                if rest is not None and step.cost.plus(rest) < value:
                    value, plan[state], better = step.cost.plus(rest), step, True
        if not better:
            return {state: found.get(state) for state in steps}


def _shortest(steps: dict[int, list[Step]], known: dict[int, Loss | None]) -> dict[int, Loss | None]:
    """Without chance, the best plan is the shortest way out (Dijkstra)."""
    from heapq import heappop, heappush

    into: dict[int, list[tuple[int, Step]]] = {}
    for state, ahead in steps.items():
        for step in ahead:
            into.setdefault(step.to, []).append((state, step))
    found: dict[int, Loss | None] = dict.fromkeys(steps)
    waiting: list[tuple[Loss, int]] = [(loss, state) for state, loss in known.items() if loss is not None]
    waiting.sort()
    while waiting:
        loss, at = heappop(waiting)
        if at in steps:
            if found[at] is not None:
                continue
            found[at] = loss
        for state, step in into.get(at, ()):
            if found[state] is None:
                heappush(waiting, (loss.plus(step.cost), state))
    return found


def _surely_ending(steps: dict[int, list[Step]], chance: set[int], known: dict[int, Loss | None]) -> set[int]:
    """The states from which some plan ends with probability one: drop what cannot reach an end, and chance that may fall there."""
    left = set(steps)
    while True:

        def good(step: Step, left: set[int] = left) -> bool:
            return step.to in left or known.get(step.to) is not None

        left = {s for s in left if (all if s in chance else any)(good(step) for step in steps[s])}
        reached: set[int] = set()
        again = True
        while again:
            more = {
                s for s in left - reached
                if any(step.to in reached or known.get(step.to) is not None for step in steps[s])
            }  # fmt: skip
            again = bool(more)
            reached |= more
        bad = {s for s in chance & reached if not all(good(step) for step in steps[s])}
        if reached - bad == left:
            return left
        left = reached - bad


def _some_plan(
    steps: dict[int, list[Step]], chance: set[int], known: dict[int, Loss | None], ending: set[int]
) -> dict[int, Step]:
    """A plan that surely ends: always one step nearer to an end."""
    plan: dict[int, Step] = {}
    reached: set[int] = set()
    while True:
        more: dict[int, Step | None] = {}
        for state in ending - reached:
            usable = [s for s in steps[state] if s.to in ending or known.get(s.to) is not None]
            near = [s for s in usable if s.to in reached or known.get(s.to) is not None]
            if near:
                more[state] = None if state in chance else near[0]
        if not more:
            return plan
        reached |= set(more)
        plan.update({state: step for state, step in more.items() if step is not None})


def _evaluate(
    steps: dict[int, list[Step]],
    chance: set[int],
    known: dict[int, Loss | None],
    ending: set[int],
    plan: dict[int, Step],
) -> dict[int, Loss]:
    """What a plan is expected to lose from each state: one linear equation a state, solved by elimination."""
    rows: dict[int, tuple[dict[int, Fraction], Loss]] = {}
    for state in ending:
        taken = steps[state] if state in chance else [plan[state]]
        whole = sum(step.weight for step in taken) if state in chance else 1
        row: dict[int, Fraction] = {}
        constant = NOTHING
        for step in taken:
            part = Fraction(step.weight if state in chance else 1, whole)
            constant = constant.plus(step.cost.times(part))
            if step.to in ending:
                row[step.to] = row.get(step.to, Zero) + part
            else:
                rest = known[step.to]
                assert rest is not None
                constant = constant.plus(rest.times(part))
        rows[state] = (row, constant)
    order: list[int] = []
    used: dict[int, list[int]] = {}
    for state, (row, _) in rows.items():
        for other in row:
            used.setdefault(other, []).append(state)
    done: dict[int, tuple[dict[int, Fraction], Loss]] = {}
    for state in list(rows):
        row, constant = rows.pop(state)
        own = row.pop(state, Zero)
        if own:
            row = {other: part / (1 - own) for other, part in row.items()}
            constant = constant.times(1 / (1 - own))
        done[state] = (row, constant)
        order.append(state)
        for user in used.get(state, ()):
            if user in rows and state in rows[user][0]:
                mine, base = rows[user]
                share = mine.pop(state)
                for other, part in row.items():
                    mine[other] = mine.get(other, Zero) + share * part
                    used.setdefault(other, []).append(user)
                rows[user] = (mine, base.plus(constant.times(share)))
    found: dict[int, Loss] = {}
    for state in reversed(order):
        row, constant = done[state]
        total = constant
        for other, part in row.items():
            total = total.plus(found[other].times(part))
        found[state] = Loss(*total)
    return found
