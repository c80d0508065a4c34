"""The benchmarks measure what they say: both sides do the same work. Their targets are `python -m tests.bench`'s matter."""

from __future__ import annotations

from simulator import engine
from tests.bench import Row
from tests.bench.stepping import Bare, _play_bare, _play_engine, _walk
from tests.generator import game


def test_the_bare_interpreter_ends_where_the_engine_does() -> None:
    for seed in range(10):
        played = game(seed)
        opening = engine.start(played)
        events, scene = _walk(opening, seed)
        assert _play_engine(opening, events) == _play_bare(played, events) == scene


def test_the_bare_interpreter_offers_what_the_engine_offers() -> None:
    for seed in range(10):
        state, bare = engine.start(game(seed)), Bare(game(seed))
        for seat in engine.turn(state):
            assert [o.action.id for o in engine.options(state, seat) if o.open] == [a.id for a in bare.options(seat)]


def test_a_row_is_fine_up_to_its_target() -> None:
    assert Row("x", ours=3.0, reference=1.0, target=3.0).ok
    assert not Row("x", ours=3.1, reference=1.0, target=3.0).ok
