"""Injects: events from outside, which nobody in the play brings about.

What is scheduled, by time or by condition, is part of the scenario: it comes by itself at the end of the step in which it
falls due, after the narrations and before the next decision, in the author's order, never at an ending. An inject by hand is
an event of the log. Either comes once a play at most, and what it records is recorded by no seat.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from simulator.events import Inject
from simulator.game import Game, PlayEffects, PlayInject

if TYPE_CHECKING:
    from scoring.record import Record
    from simulator.engine import State

Come = tuple[tuple[str, int], ...]  # injects of one step, each with the story minute at which it came


class Draft(Protocol):
    """The record of the next state while it is being made (`engine`)."""

    game: Game
    now: int

    def record(self) -> Record: ...

    def happen(self, effects: PlayEffects, seat: str | None) -> None: ...


def bring(draft: Draft, inject: PlayInject) -> tuple[str, int]:
    """The inject comes now; it runs its time, then its effects become true, by nobody's hand."""
    came = (inject.id, draft.now)
    draft.happen(inject.effects, None)
    return came


def come_due(draft: Draft, scene_id: str, come: frozenset[str]) -> Come:
    """At the end of a step that led to this scene: again and again the first that is due comes. `come`: what has been there before."""
    scene = draft.game.scenes[scene_id]
    waiting = [each for each in draft.game.scheduled if each.id not in come and each.may_come_in(scene)]
    found = []
    while (inject := next((each for each in waiting if _due(draft, each)), None)) is not None:
        waiting.remove(inject)
        found.append(bring(draft, inject))
    return tuple(found)


def _due(draft: Draft, inject: PlayInject) -> bool:
    if inject.due is not None:
        return draft.now >= inject.due
    return inject.test is not None and inject.test(draft.record())


def witnesses(game: Game, inject: str, scene: str) -> frozenset[str]:
    """The seats that see an inject come in this scene: those present for it that are in the story there."""
    return game.injects[inject].present & game.attendance.at(scene)


def readers(game: Game, inject: str, scene: str) -> frozenset[str]:
    """The seats that read something of their own in it."""
    return frozenset(game.injects[inject].inject.private) & game.attendance.at(scene)


def by_hand(state: State) -> tuple[PlayInject, ...]:
    """What whoever runs the room could still bring, in the author's order, whether or not it may come just now."""
    return tuple(each for each in state.game.injects.values() if each.by_hand and each.id not in state.come)


def why_not(state: State, inject_id: str) -> str | None:
    """Why this inject cannot be brought now, in a facilitator's words; None if it can."""
    inject = state.game.injects.get(inject_id)
    if inject is None:
        return f"there is no inject “{inject_id}” in this scenario"
    if not inject.by_hand:
        return f"“{inject_id}” comes by itself; only what is marked “by: hand” can be brought"
    if inject_id in state.come:
        return f"“{inject_id}” has come already"
    if state.ended:
        return "the play has ended"
    if state.pending:
        return "somebody has chosen already and the others are about to; it can be brought once all have"
    if not inject.may_come_in(state.game.scenes[state.scene]):
        return f"“{inject_id}” belongs to other scenes: {', '.join(inject.inject.scenes)}"
    return None


def brought(state: State) -> frozenset[tuple[str, str]]:
    """The injects that were brought by hand in the play that led to `state`, each with the scene it was brought in."""
    found = set()
    at: State | None = state
    while at is not None:
        if isinstance(at.event, Inject):
            found.add((at.event.inject, at.scene))
        at = at.prev
    return frozenset(found)
