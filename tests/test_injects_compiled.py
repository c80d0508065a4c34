"""Injects on the graph and in the engine are one: those that come by themselves, and those that somebody brings."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from scoring.loss import Loss
from simulator import engine
from simulator.compiled.graph import Graph, explored
from simulator.compiled.memory import TooIntricate
from simulator.events import Inject
from simulator.game import Game
from simulator.injecting import brought
from simulator.outlook import Outlook
from tests import generator, injected, oracle
from tests.naive_telling import Search, TooMany
from tests.sizes import examples
from tests.stepwise import Walk, outlook, walk
from tests.test_open_telling_explored import lost_so_far, practice_so_far

MOVES = 8
SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])


def sizes(**kind: bool) -> st.SearchStrategy[dict[str, Any]]:
    """What `generator.game` wants: a seed, a small size, and a shelf."""
    small = {
        "layers": st.integers(2, 4),
        "width": st.integers(1, 2),
        "actions": st.integers(2, 3),
        "seats": st.integers(1, 3),
    }
    return st.fixed_dictionaries(
        {"seed": st.integers(0, 10**6), "injects": st.just(True), **small, **{k: st.just(v) for k, v in kind.items()}}
    )  # fmt: skip


def graph_of(game: Game, brought: frozenset[tuple[str, str]] = frozenset(), limit: int = 1500) -> Graph:
    """The whole graph; examples without one are passed over."""
    assume(not game.scenes["s0_0"].narration)  # a ring of narrations would be told for ever
    try:
        graph = explored(game, limit=limit, brought=brought)
    except TooIntricate:
        assume(False)
    assume(graph.complete)
    return graph


# --- any play of any scenario --------------------------------------------------------------------------------------

KINDS: list[dict[str, bool]] = [
    {}, {"calendar": True}, {"loops": True}, {"loops": True, "calendar": True}, {"telling": True},
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_play_with_scheduled_injects_is_the_same_in_the_engine_and_on_the_graph(kind: dict[str, bool]) -> None:
    @settings(SLOW, max_examples=examples(7))
    @given(sizes(**kind), st.integers(0, 10**6))
    def same(size: dict[str, Any], seed: int) -> None:
        graph = graph_of(generator.game(**size))
        for number in range(6):
            for at in walk(graph, seed + number, limit=14):
                at.check()

    same()


@pytest.mark.parametrize("kind", KINDS[:4], ids=str)
def test_the_outlook_with_scheduled_injects_is_that_of_trying_every_play(kind: dict[str, bool]) -> None:
    @settings(SLOW, max_examples=examples(11))
    @given(sizes(**kind))
    def same(size: dict[str, Any]) -> None:
        game = generator.game(**size)
        assume(not game.scenes["s0_0"].narration)
        assume(oracle.fits(engine.start(game), MOVES, 700))
        graph = graph_of(game)
        tried = oracle.outlook(engine.start(game), MOVES)
        assert outlook(graph, MOVES) == (None if tried is None else Loss(*tried))

    same()


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_play_with_injects_by_hand_is_the_same_in_the_engine_and_on_its_own_graph(kind: dict[str, bool]) -> None:
    @settings(SLOW, max_examples=examples(7))
    @given(sizes(**kind), st.integers(0, 10**6))
    def same(size: dict[str, Any], seed: int) -> None:
        *_, last = injected.play(engine.start(generator.game(**size)), seed, 16)
        at = Walk.begin(graph_of(last.game, brought(last)))
        for _, move, after in oracle.made(last):
            [*events] = move
            if isinstance(events[0], Inject):
                at = at.bring(events[0].inject)
            else:
                taken = {
                    getattr(event, "seat", None): event.action for event in events if not isinstance(event, Inject)
                }
                seats = at.state.game.scenes[at.state.scene].seats
                at = at.step(tuple(taken[seat] for seat in seats or [None]))
            assert (at.state.scene, at.state.record.facts.keys()) == (after.scene, after.record.facts.keys())
            at.check()

    same()


@settings(SLOW, max_examples=examples(11))
@given(st.integers(0, 10**6), st.booleans())
def test_so_it_is_where_much_is_said_unprompted(seed: int, telling: bool) -> None:
    """What is said may bring an inject, and what nothing ahead can notice is left out of the graph all the same."""
    game = generator.game(seed, layers=2, width=2, actions=2, speaking=True, telling=telling, injects=True)
    found, search = Outlook.of(game), Search(1000)
    try:
        search.value(engine.start(game))
    except TooMany:
        assume(False)
    for key, state in search.states.items():
        naive, ahead = search.worth[key], found[found.follow(state)[-1][0]]
        assert (naive is None) == (ahead is None)
        if naive is not None and ahead is not None and not state.pending:
            assert Loss(*naive).plus(practice_so_far(state)) == lost_so_far(found, state).plus(ahead)
