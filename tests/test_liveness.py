"""What the graph forgets makes no difference: its outlook is the naive search's, and every field it keeps is wanted."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from scoring.loss import NOTHING, Loss
from simulator import engine
from simulator.compiled.graph import Graph, explore, explored
from simulator.compiled.machine import Machine
from simulator.compiled.memory import TooIntricate
from simulator.compiled.values import Values
from simulator.game import Game
from tests import generator, oracle
from tests.small import hub, world
from tests.stepwise import outlook, sweep, walk

MOVES = 5
TRIED = 250  # states that the naive search may visit
FILTERED = settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])


# --- the graph forgets nothing that counts -------------------------------------------------------------------------


@st.composite
def small_games(draw: st.DrawFn, *, loops: bool, calendar: bool) -> Game:
    size = {
        "layers": draw(st.integers(2, 4)),
        "width": draw(st.integers(1, 2)),
        "actions": draw(st.integers(2, 3)),
        "seats": draw(st.integers(1, 3)),
    }
    return generator.game(draw(st.integers(0, 10**6)), loops=loops, calendar=calendar, **size)


def same_as_tried(game: Game) -> None:
    """The graph's outlook within some moves is what trying every play comes to."""
    start = engine.start(game)
    assume(oracle.fits(start, MOVES, TRIED))
    try:
        graph = explored(game, limit=TRIED)
    except TooIntricate:
        assume(False)
    assume(graph.complete)
    tried = oracle.outlook(start, MOVES)
    assert outlook(graph, MOVES) == (None if tried is None else Loss(*tried))


@settings(FILTERED, max_examples=700)
@given(small_games(loops=False, calendar=False))
def test_the_outlook_on_the_graph_is_that_of_trying_every_play(game: Game) -> None:
    same_as_tried(game)


@settings(FILTERED, max_examples=500)
@given(small_games(loops=True, calendar=False))
def test_so_it_is_where_plays_go_round(game: Game) -> None:
    same_as_tried(game)


@settings(FILTERED, max_examples=500)
@given(small_games(loops=False, calendar=True))
def test_so_it_is_over_days(game: Game) -> None:
    same_as_tried(game)


@settings(FILTERED, max_examples=300)
@given(small_games(loops=True, calendar=True))
def test_so_it_is_where_plays_go_round_for_days(game: Game) -> None:
    same_as_tried(game)
