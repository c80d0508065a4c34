"""The exploration of open telling leaves out what nothing ahead can notice, and is yet equal to a search that tries everything."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from scoring.loss import Loss
from simulator import engine
from simulator.engine import State, chain
from simulator.events import Choose
from simulator.outlook import Outlook
from tests import generator, naive_telling, stepwise
from tests.naive_telling import Search, TooMany
from tests.stepwise import lost

LIMIT = 1500  # states tried out of one scenario
SIZE = {"layers": 2, "width": 2, "actions": 2, "speaking": True}
SEEDS = st.integers(0, 10**6)
checked = settings(deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])


@cache
def outlook(seed: int, telling: bool, seats: int = 2) -> Outlook:
    return Outlook.of(generator.game(seed, telling=telling, seats=seats, **SIZE))


def lost_so_far(found: Outlook, state: State) -> Loss:
    """What a play has been charged on the way: by the moves of the graph, and for lines crossed where it has no move."""
    total = stepwise.initial(found.graph)
    way = found.follow(state)
    made = [each for each in chain(state) if each.prev is not None and not each.pending]
    for (before, _), (_, edges), after in zip(way, way[1:], made, strict=False):
        assert after.prev is not None
        if edges is None:
            crossed = len(after.tellings) - len(after.prev.tellings)
            total = total.plus(Loss(Fraction(crossed), Fraction(0)))
        else:
            total = total.plus(lost(edges, before - found.graph.block_of(before).first))
    return total


def practice_so_far(state: State) -> Loss:
    steps = [
        naive_telling.lost_by(at.prev, (at.event,)) for at in chain(state) if at.prev and isinstance(at.event, Choose)
    ]
    return Loss(Fraction(0), Fraction(0), sum((each.practice for each in steps), Fraction(0)))


@checked
@given(SEEDS, st.booleans())
def test_in_every_state_there_is_the_least_expected_loss_is_that_of_trying_everything(seed: int, telling: bool) -> None:
    found, search = outlook(seed, telling), Search(LIMIT)
    try:
        search.value(engine.start(found.game))
    except TooMany:
        assume(False)
    for key, state in search.states.items():
        if state.pending:
            continue
        naive, ahead = search.worth[key], found[found.follow(state)[-1][0]]
        assert (naive is None) == (ahead is None)
        if naive is not None and ahead is not None:
            assert Loss(*naive).plus(practice_so_far(state)) == lost_so_far(found, state).plus(ahead)


@checked
@given(SEEDS, st.booleans(), SEEDS)
def test_a_play_in_which_much_is_said_is_charged_what_its_scorecard_says(seed: int, telling: bool, walk: int) -> None:
    found = outlook(seed, telling, 3)
    *_, end = generator.walk(engine.start(found.game), walk, limit=60)
    assume(end.ended)
    from tests.oracle import loss_of

    assert lost_so_far(found, end) == Loss(*loss_of(end))
