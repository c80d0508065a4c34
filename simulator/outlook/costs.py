"""What each step of a play cost: the loss of the play, split exactly over those who could have known.

The outlook before a step and after it, with what the step itself lost, differ by the step's drop. What chance brought is chance's.
What an inject by hand brought is nobody's: it goes to neither seat. A decision's drop is charged to its seat only as far as it would have been a drop in every state that the seat could not tell from
this one; the rest nobody could know. In a together scene the drop is first split between the seats by Shapley value. The parts
telescope: loss of the play = outlook at the start + all costs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise
from math import factorial
from typing import Literal

from scoring.loss import NOTHING, Loss
from simulator.compiled.graph import Edges, Graph
from simulator.engine import State, chain, said
from simulator.outlook import Outlook, move_of
from simulator.outlook.knowledge import Mind, Observer

Kind = Literal["seat", "not knowable", "chance", "inject"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one move cost, or the part of it that falls to one seat.

    `move`: its number in the play, from 1. `action`: what was chosen or brought (with `inject`: which). `state`: the graph's state it was made in. `likely`: the states its seat could not tell
    apart, each with its weight (empty unless a seat is charged).
    """

    move: int
    state: int
    scene: str
    kind: Kind
    seat: str | None
    action: str | None
    loss: Loss
    likely: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """A play's loss, split. `expected`: the outlook at the start, the story's opening included; `open`: the outlook where an unfinished play stands.

    `lost` = `expected` + all costs; for an unfinished play `lost` is what it has lost so far and `open` together.
    """

    expected: Loss
    costs: tuple[Cost, ...]
    lost: Loss


class NoPlanEnds(Exception):
    """From some state of this play no plan surely ends, so that there is no outlook to compare with."""


def account(outlook: Outlook, state: State, observers: Mapping[str, Observer] | None = None) -> Account:
    """Split the loss of the play that led to `state`. `observers`: the seats' machines, if they are at hand. Raises NoPlanEnds."""
    graph, game = outlook.graph, outlook.game
    way = outlook.follow(state)
    if any(outlook[at] is None for at, _ in way):
        raise NoPlanEnds(game.scenario.id)
    observers = observers or {seat: Observer(game, seat, graph.machine.brought) for seat in game.seats}
    minds = {seat: Mind(graph, observers[seat]) for seat in game.seats}
    costs: list[Cost] = []
    moves = [each for each in chain(state) if each.prev is not None and not each.pending]
    for (number, ((before, _), (_, edges))), made in zip(enumerate(pairwise(way), 1), moves, strict=True):
        costs += _said(graph, number, before, made) if edges is None else _step(outlook, minds, number, before, edges)
        for mind in minds.values():
            mind.step(move_of(made))
    start = outlook[way[0][0]]
    assert start is not None
    initial = Loss(Fraction(graph.initial[0]), Fraction(graph.initial[1]))
    expected = start.plus(initial)
    lost = expected
    for cost in costs:
        lost = lost.plus(cost.loss)
    return Account(expected, tuple(costs), lost)


def _step(outlook: Outlook, minds: Mapping[str, Mind], number: int, before: int, edges: Edges) -> Iterator[Cost]:
    scene = outlook.graph.scene(before)
    if edges.move.inject:
        loss = _changed_by(outlook, before, edges)
        yield Cost(
            move=number, state=before, scene=scene, kind="inject", seat=None, action=edges.move.inject, loss=loss
        )
        return
    drop = fall(outlook, before, edges.move.ids)
    assert drop is not None
    if outlook.game.scenes[scene].chance:
        brought = edges.move.acts[0][1].id
        yield Cost(move=number, state=before, scene=scene, kind="chance", seat=None, action=brought, loss=drop)
        return
    rest = drop
    shares = _shares(outlook, before, edges)
    assert shares is not None
    for seat, action in edges.move.acts:
        assert seat is not None
        likely = minds[seat].states().likely()
        charged = shares[seat]
        for other in likely:
            if other != before and charged > NOTHING:
                there = _shares(outlook, other, edges)
                if there is not None:
                    charged = min(charged, there[seat])
        yield Cost(
            move=number,
            state=before,
            scene=scene,
            kind="seat",
            seat=seat,
            action=action.id,
            loss=charged,
            likely=tuple(likely.items()),
        )
        rest = rest.minus(charged)
    if rest != NOTHING:
        yield Cost(move=number, state=before, scene=scene, kind="not knowable", seat=None, action=None, loss=rest)


def _said(graph: Graph, number: int, state: int, made: State) -> Iterator[Cost]:
    """Something said that nothing ahead can notice: the lines it crossed, which whoever told knew from their own papers."""
    assert made.prev is not None
    lines = len(made.tellings) - len(made.prev.tellings)
    if lines:
        seat, action = made.tellings[-1].seat, said(made).id
        loss = Loss(Fraction(lines), Fraction(0))
        scene = graph.scene(state)
        yield Cost(
            move=number,
            state=state,
            scene=scene,
            kind="seat",
            seat=seat,
            action=action,
            loss=loss,
            likely=((state, 1.0),),
        )


def _changed_by(outlook: Outlook, state: int, edges: Edges) -> Loss:
    """How much an inject by hand raised the expected loss, its own losses included; below nothing where it helped."""
    row = state - outlook.graph.block_of(state).first
    now, after = outlook[state], outlook[int(edges.to[row])]
    assert now is not None and after is not None
    parts = (each if isinstance(each, int) else int(each[row]) for each in (edges.lines, edges.duties, edges.practice))
    return after.plus(Loss(*(Fraction(part) for part in parts))).minus(now)


def moves_at(outlook: Outlook, state: int) -> dict[tuple[str, ...], Loss]:
    """The open moves of a state, by action ids, each with the least expected loss if it is taken; without those that may never end."""
    return {edges.move.ids: loss for edges, loss in outlook.values.moves(state) if loss is not None}


def fall(outlook: Outlook, state: int, move: tuple[str, ...]) -> Loss | None:
    """How much taking this move from this state raises the expected loss; None where it is closed or the state has no outlook."""
    now, after = outlook[state], moves_at(outlook, state).get(move)
    return after.minus(now) if now is not None and after is not None else None


def _shares(outlook: Outlook, state: int, edges: Edges) -> dict[str, Loss] | None:
    """What the same move would cost each of its seats in this state; None where it is closed."""
    played = edges.move.ids
    drop = fall(outlook, state, played)
    if drop is None:
        return None
    seats = [seat for seat, _ in edges.move.acts if seat is not None]
    if len(seats) == 1:
        return {seats[0]: drop}
    moves = moves_at(outlook, state)
    best = min(moves.values())
    # Seats that are left out play the best joint move that changes least of what was played; ties in the author's order.
    plan = min(
        (move for move, loss in moves.items() if loss == best),
        key=lambda move: sum(a != b for a, b in zip(move, played, strict=True)),
    )
    worth: dict[frozenset[str], Loss] = {}
    for size in range(len(seats) + 1):
        for who in combinations(seats, size):
            mixed = tuple(played[n] if seat in who else plan[n] for n, seat in enumerate(seats))
            worth[frozenset(who)] = moves[mixed].minus(best) if mixed in moves else drop
    return shapley(worth, seats)


def shapley(worth: Mapping[frozenset[str], Loss], seats: Sequence[str]) -> dict[str, Loss]:
    """Each seat's part of `worth` of all: what it adds on average, over all orders in which the seats could come in (Shapley 1953)."""
    found: dict[str, Loss] = {}
    for seat in seats:
        others = [other for other in seats if other != seat]
        part = NOTHING
        for size in range(len(seats)):
            weight = Fraction(factorial(size) * factorial(len(seats) - size - 1), factorial(len(seats)))
            for who in combinations(others, size):
                part = part.plus(worth[frozenset((*who, seat))].minus(worth[frozenset(who)]).times(weight))
        found[seat] = part
    return found
