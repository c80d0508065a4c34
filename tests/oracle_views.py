"""Which states a seat cannot tell apart, by definition: all states there are, those whose view is the same."""

from __future__ import annotations

from dataclasses import replace

from simulator import engine
from simulator.engine import State
from simulator.events import Choose
from simulator.view import View, view
from tests.oracle import Move, after, made, within


def alike(state: State, seat: str, moves: int) -> list[State]:
    """The states within `moves` moves of the start in which `seat` is on turn and is told what it is told in `state`.

    One for each play that leads there, `state`'s own included if it is within reach. In which order the choices of a
    together scene came in tells nothing: `state` is compared as if they had come in seat order, and while such a scene
    waits for somebody, as if nobody had chosen yet.
    """
    told = tells(in_seat_order(state), seat)
    every = within(engine.start(state.game), moves)
    return [at for at in every if seat in engine.turn(at) and tells(at, seat) == told]


def tells(state: State, seat: str) -> View:
    """The view of `seat`, without the numbers of the steps (nobody counts what happens elsewhere) and without the
    duties (one that a partner's unseen step helped to open would give that step away)."""
    seen = view(state, seat)
    return replace(seen, duties=(), passages=tuple(replace(passage, step=0) for passage in seen.passages))


def in_seat_order(state: State) -> State:
    """The same play with the choices of every together scene in seat order, none of one that is still waiting."""
    at = engine.start(state.game)
    for before, move, _ in made(state):
        at = after(at, _sorted(before, move))
    return at


def _sorted(before: State, move: Move) -> Move:
    seats = before.game.scenes[before.scene].seats
    choices = [event for event in move if isinstance(event, Choose)]
    return tuple(sorted(choices, key=lambda choice: seats.index(choice.seat))) or move
