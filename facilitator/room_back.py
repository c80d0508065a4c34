"""Where a pair could go back to: the decisions of the way they took."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from simulator import engine
from simulator.session import Session
from simulator.view import began


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A decision as it stood before anybody took it. `event`: after which event; `turning`: whether much hung on it, where that may be told."""

    event: int
    scene: str
    at: datetime
    whose: tuple[str, ...]
    turning: bool = False


def points(session: Session, *, turning: bool) -> tuple[Point, ...]:
    """The decisions taken so far, the last one first. `turning`: say where the turning points are; only for whoever may see letters.

    Blocks like `Session.hindsight` if so. Raises LogError.
    """
    return tuple(reversed(tuple(_points(session, _turning(session) if turning else frozenset()))))


def _points(session: Session, turning: frozenset[int]) -> Iterator[Point]:
    first: dict[int, int] = {}  # state → the first event after which the play stood there
    for seq, play in enumerate(session.plays):
        first.setdefault(id(play.state), seq)
    scenario, move = session.bundle.scenario, 0
    for state in engine.chain(session.state):
        if not state.pending:
            move += 1
        if state is session.state or state.pending or not began(state) or not engine.turn(state):
            continue
        yield Point(
            event=first[id(state)],
            scene=scenario.scenes[state.scene].title or state.scene,
            at=state.game.calendar.at(state.now),
            whose=tuple(scenario.seats[seat].name for seat in engine.turn(state)),
            turning=move in turning,
        )


def _turning(session: Session) -> frozenset[int]:
    """The moves that were turning points; looking at them is looking at how the program weighs, and the log says so."""
    found = session.hindsight()
    if found is None:
        return frozenset()
    session.reveal()
    return frozenset(point.move for point in found.points)
