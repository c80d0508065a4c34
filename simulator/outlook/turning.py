"""From a play to its turning points: which decisions cost most, what would have been better, what that had left open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from scoring.loss import NOTHING
from scoring.turning import Hindsight, TurningPoint, Unforeseen
from simulator.compiled.graph import Edges
from simulator.compiled.rules import LATE, MISSED
from simulator.engine import State, chain, options, said
from simulator.events import Choose, Unprompted
from simulator.outlook import Outlook
from simulator.outlook.adviser import best_over
from simulator.outlook.costs import Cost, account, moves_at

if TYPE_CHECKING:
    from simulator.outlook.knowledge import Observer

A_SEAT = 3  # turning points shown of each seat
LEAVE_UNSAID = "Leave it unsaid, or ask first."


def hindsight(outlook: Outlook, state: State, observers: Mapping[str, Observer] | None = None) -> Hindsight:
    """The turning points of the play that led to `state`, in that play's own words. Raises NoPlanEnds.

    The outlook is one for all draws of a scenario's variants; only its ids and numbers are used here.
    """
    found = account(outlook, state, observers)
    # The engine's states before each move; in a together scene, the one before anybody chose.
    before = [each for each in chain(state) if not each.pending]
    story = _Story(outlook, state)
    points: list[TurningPoint] = []
    weighed = [
        cost for cost in found.costs if outlook.game.scenes[cost.scene].scene.judgement is None
    ]  # a dilemma has no key
    for seat in outlook.game.seats:
        own = [cost for cost in weighed if cost.seat == seat and cost.loss > NOTHING]
        own.sort(key=lambda cost: cost.loss, reverse=True)
        points += [_point(story, cost, before) for cost in own[:A_SEAT]]
    points.sort(key=lambda point: (point.move, outlook.game.seats.index(point.seat)))
    points = _named_once(points)
    unforeseen = [
        _unforeseen(cost, before)
        for cost in weighed
        if cost.seat is None and (cost.loss.lines > 0 or cost.loss.duties > 0)
    ]
    unforeseen.sort(key=lambda each: each.loss, reverse=True)
    return Hindsight(points=tuple(points), unforeseen=tuple(sorted(unforeseen[:A_SEAT], key=lambda each: each.move)))


def _point(story: _Story, cost: Cost, before: list[State]) -> TurningPoint:
    outlook = story.outlook
    at = before[cost.move - 1]
    seat, scene = cost.seat, at.game.scenes[cost.scene]
    assert seat is not None and cost.action is not None
    open_ = [option.action.id for option in options(at, seat) if option.open]
    better = best_over(outlook, cost.likely, open_)
    if better == cost.action:  # best over all it might have been, but not here
        better = best_over(outlook, [(cost.state, 1.0)], open_)
    known, items = at.record.known, at.game.scenario.items
    there = at.game.attendance.at(at.scene)  # what somebody will bring along was out of everybody's reach
    others = dict.fromkeys(
        item for holder, item in known if holder != seat and holder in there and (seat, item) not in known
    )
    event = _event(before[cost.move], seat)
    if cost.action in scene.speeches:
        chosen, instead, because = said(before[cost.move]).action.text, LEAVE_UNSAID, ""
    else:
        chosen, instead, because = (
            scene.actions[cost.action].action.text,
            scene.actions[better].action.text,
            scene.actions[better].action.because,
        )
    return TurningPoint(
        move=cost.move,
        minute=at.now,
        scene=cost.scene,
        scene_title=scene.scene.title or cost.scene,
        seat=seat,
        by_computer=event is not None and event.by == "computer",
        chosen=chosen,
        better=instead,
        because=because,
        loss=cost.loss,
        could_still=story.could_still(cost, better),
        partner_knew=tuple(items[item].text for item in others),
    )


def _named_once(points: list[TurningPoint]) -> list[TurningPoint]:
    """What a partner knew is told where it first counts, not again and again."""
    told: set[tuple[str, str]] = set()
    found = []
    for point in points:
        fresh = tuple(item for item in point.partner_knew if (point.seat, item) not in told)
        told.update((point.seat, item) for item in fresh)
        found.append(replace(point, partner_knew=fresh))
    return found


def _event(after: State, seat: str) -> Choose | Unprompted | None:
    """The seat's own choice in the move that led to `after`; in a together scene it may lie a state or two back."""
    at: State | None = after
    while at is not None and at.prev is not None:
        if isinstance(at.event, Choose | Unprompted) and at.event.seat == seat:
            return at.event
        at = at.prev if at.prev.pending else None
    return None


def _unforeseen(cost: Cost, before: list[State]) -> Unforeseen:
    scene = before[cost.move - 1].game.scenes[cost.scene]
    text = ""
    if cost.action is not None:
        shelf = before[cost.move - 1].game.injects
        brought = cost.kind == "inject"
        text = shelf[cost.action].inject.text if brought else scene.actions[cost.action].action.text
    return Unforeseen(
        move=cost.move,
        minute=before[cost.move - 1].now,
        scene_title=scene.scene.title or cost.scene,
        kind=cost.kind if cost.kind != "seat" else "not knowable",
        text=text,
        loss=cost.loss,
    )


class _Story:
    """What was lost along the play, and what would have been along another way on."""

    def __init__(self, outlook: Outlook, state: State) -> None:
        self.outlook = outlook
        self.way = outlook.follow(state)
        self.states = [each for each in chain(state) if not each.pending]
        # What chance brought in this play, by scene, so that every other way meets the same luck.
        self.luck = {
            outlook.graph.scene(at): edges.move.acts[0][1].id
            for (at, _), (_, edges) in zip(self.way, self.way[1:], strict=False)
            if edges is not None and edges.move.acts and edges.move.acts[0][0] is None
        }

    def could_still(self, cost: Cost, better: str) -> tuple[str, ...]:
        """The duties and lines that this choice gave up: lost on the best way on from it, and not on the one from the better option."""
        _, played = self.way[cost.move]
        if played is None:
            made = self.states[cost.move]
            assert made.prev is not None
            crossed = made.tellings[len(made.prev.tellings) :]
            return tuple(_sentence(self.outlook, f"line:{each.line}") for each in crossed)
        taken = played.move.ids
        moves = moves_at(self.outlook, cost.state)
        instead = tuple(better if seat == cost.seat else action.id for seat, action in played.move.acts)
        if instead not in moves:
            instead = min((move for move in moves if better in move), key=lambda move: moves[move])
        gave_up = self._lost_on(cost.state, taken) - self._lost_on(cost.state, instead)
        return tuple(_sentence(self.outlook, key) for key in gave_up)

    def _lost_on(self, state: int, move: tuple[str, ...]) -> Counter[str]:
        lost = Counter[str]()
        for at, edges in self._way_on(state, move):
            lost += _lost(self.outlook, at, edges)
        return lost

    def _way_on(self, state: int, move: tuple[str, ...]) -> Iterator[tuple[int, Edges]]:
        """From a state, by this move and then the best plan; chance as in the play, or else what is likeliest."""
        outlook, seen = self.outlook, set[int]()
        first = True
        while True:
            block = outlook.graph.block_of(state)
            scene = outlook.game.scenes[block.scene]
            if scene.ending or state in seen:
                return
            seen.add(state)
            found = {e.move.ids: (e, loss) for e, loss in outlook.values.moves(state)}
            if first:
                edges = found[move][0]
            elif scene.chance:
                lucky = self.luck.get(block.scene)
                edges = max(
                    (e for e, _ in found.values()), key=lambda e: (e.move.acts[0][1].id == lucky, e.move.weight)
                )
            else:
                best = min(loss for _, loss in found.values() if loss is not None)
                edges = next(e for e, loss in found.values() if loss == best)
            first = False
            yield state, edges
            state = int(edges.to[state - block.first])


def _lost(outlook: Outlook, state: int, edges: Edges) -> Counter[str]:
    """The rules that were missed, kept late or crossed by one move."""
    row = state - outlook.graph.block_of(state).first
    keys = outlook.graph.machine.rule_keys
    return Counter(
        keys[rule]
        for rule, outcome, where in edges.emitted
        if outcome in (LATE, MISSED) and (where is True or bool(np.any(where == row)))
    )


def _sentence(outlook: Outlook, key: str) -> str:
    kind, _, name = key.partition(":")
    if kind == "line":
        return f"this line need not have been crossed: {outlook.game.lines[name].text}"
    duty = outlook.game.mou.duties[name]
    return f"clause {duty.clause} could still have been kept in time: {duty.text}"
