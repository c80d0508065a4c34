"""What a seat cannot tell apart where much is said out of its hearing."""

from __future__ import annotations

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from scoring.loss import NOTHING, Loss
from simulator import engine
from simulator.engine import chain
from simulator.outlook import move_of
from simulator.outlook.costs import NoPlanEnds, account
from simulator.outlook.knowledge import Mind, Observer
from simulator.outlook.turning import hindsight
from tests import generator, oracle
from tests.naive_telling import Search, TooMany
from tests.oracle_views import tells
from tests.sizes import examples
from tests.test_open_telling_explored import LIMIT, SEEDS, outlook

checked = settings(deadline=None, max_examples=examples(20), suppress_health_check=list(HealthCheck))


@checked
@given(SEEDS, st.booleans(), SEEDS)
def test_costs_add_up_to_the_loss_of_a_play_in_which_much_is_said(seed: int, telling: bool, walk: int) -> None:
    found = outlook(seed, telling)
    *_, end = generator.walk(engine.start(found.game), walk, limit=60)
    assume(end.ended)
    try:
        costs = account(found, end)
    except NoPlanEnds:
        assume(False)
    assert costs.lost == Loss(*oracle.loss_of(end))


@checked
@given(SEEDS, st.booleans(), SEEDS)
def test_a_seat_holds_possible_every_state_in_which_it_would_be_told_the_same(
    seed: int, telling: bool, walk: int
) -> None:
    found, search = outlook(seed, telling), Search(LIMIT)
    try:
        search.value(engine.start(found.game))
    except TooMany:
        assume(False)
    for seat in found.game.seats:
        mind = Mind(found.graph, Observer(found.game, seat))
        for at in generator.walk(engine.start(found.game), walk, limit=12):
            if at.prev is not None and not at.pending:
                mind.step(move_of(at))
            if seat not in engine.turn(at) or at.pending:
                continue
            told = tells(at, seat)
            alike = [
                s for s in search.states.values() if seat in engine.turn(s) and not s.pending and tells(s, seat) == told
            ]
            held = set(mind.states().states.tolist())
            assert {found.follow(s)[-1][0] for s in (*alike, at)} <= held


@checked
@given(SEEDS, SEEDS)
def test_the_turning_points_of_a_play_in_which_much_is_said_can_be_told(seed: int, walk: int) -> None:
    found = outlook(seed, True)
    *_, end = generator.walk(engine.start(found.game), walk, limit=60)
    assume(end.ended)
    try:
        points = hindsight(found, end).points
    except NoPlanEnds:
        assume(False)
    moves = sum(not each.pending for each in chain(end)) - 1
    assert all(point.loss > NOTHING and point.better and 0 < point.move <= moves for point in points)
