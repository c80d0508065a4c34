"""Plays with injects by hand: random ones, and by definition all that could have happened if the same ones had come."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from simulator import engine
from simulator.engine import NotAllowed, State
from simulator.events import Inject
from simulator.injecting import by_hand, why_not
from tests import oracle
from tests.generator import next_events

Brought = frozenset[tuple[str, str]]


def bringable(state: State) -> list[State]:
    """The states after each inject that whoever runs the room could bring now."""
    found = []
    for inject in by_hand(state):
        if why_not(state, inject.id) is None:
            try:
                found.append(engine.step(state, Inject(inject=inject.id)))
            except NotAllowed:
                continue  # it would leave nothing open
    return found


def play(start: State, seed: int, limit: int = 30) -> Iterator[State]:
    """The states of a random play in which somebody now and then brings an inject, the first included."""
    random, state = Random(seed), start
    yield state
    for _ in range(limit):
        injected = bringable(state) if random.random() < 0.4 else []
        events = next_events(state)
        if injected:
            state = random.choice(injected)
        elif events:
            state = engine.step(state, random.choice(events))
        else:
            return
        yield state


def within(state: State, moves: int, brought: Brought) -> Iterator[State]:
    """`state` and every state within so many further moves, where each of these injects may come in its scene, or not."""
    yield state
    for after in bringable(state):
        event = after.event
        assert isinstance(event, Inject)
        if (event.inject, state.scene) in brought:
            yield from within(after, moves, brought)
    if moves:
        for move in oracle.moves_of(state):
            yield from within(oracle.after(state, move), moves - 1, brought)
