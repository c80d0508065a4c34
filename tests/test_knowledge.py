"""What a seat cannot tell apart: exactly the states in which its view would be the same."""

from __future__ import annotations

from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from simulator import engine
from simulator.compiled.memory import TooIntricate
from simulator.events import Inject
from simulator.outlook import Outlook, TooLarge
from simulator.outlook.knowledge import Mind, Observer
from tests import oracle
from tests.generator import game
from tests.oracle_views import alike
from tests.sizes import examples
from tests.small import play, world

SEEDS = st.integers(0, 2**32)
MOVES = 5


def ids(event_move: oracle.Move) -> tuple[str, ...]:
    return tuple(event.action for event in event_move if not isinstance(event, Inject))


@settings(max_examples=examples(18), deadline=None)
@given(SEEDS, SEEDS, st.integers(2, 3), st.booleans(), st.booleans())
def test_a_mind_holds_the_states_whose_view_is_the_same(
    seed: int, walked: int, seats: int, loops: bool, late: bool
) -> None:
    made = game(seed, layers=3, width=2, actions=2, seats=seats, loops=loops, calendar=True, late=late)
    state = engine.start(made)
    assume(oracle.fits(state, MOVES, limit=500))
    try:
        outlook = Outlook.of(made, limit=3000)
    except (TooLarge, TooIntricate):
        assume(False)
    random = Random(walked)
    minds = {seat: Mind(outlook.graph, Observer(made, seat)) for seat in made.seats}
    for _ in range(MOVES):
        if state.ended:
            return
        for seat in made.scenes[state.scene].seats:
            found = set(minds[seat].states().states.tolist())
            by_view = {outlook.follow(other)[-1][0] for other in alike(state, seat, MOVES)}
            assert by_view <= found
            # The naive search stops at its horizon; a play with more unseen steps may lie beyond it.
            assert found == by_view or loops
        move = random.choice(oracle.moves_of(state))
        state = oracle.after(state, move)
        for mind in minds.values():
            mind.step(ids(move))


def test_the_minutes_that_passed_unseen_tell_something() -> None:
    """The partner's short and long way look alike until the clock is seen."""
    scenes = {
        "away": {"turn": "advocate", "actions": {"short": {"minutes": 5, "to": "back"}, "long": {"minutes": 50, "to": "back"}, "brief": {"minutes": 5, "records": "brief", "to": "back"}}},
        "back": {"turn": "officer", "text": "She is back.", "actions": {"go": {"when": "brief", "closed": "no", "to": "end"}, "stay": {"to": "end"}}},
        "end": {"ending": {"title": "The end"}},
    }  # fmt: skip
    made = world(scenes)
    outlook = Outlook.of(made)

    def thought(*moves: str) -> int:
        mind = Mind(outlook.graph, Observer(made, "officer"))
        state = play(made, *moves)
        for move in moves:
            mind.step((move,))
        assert outlook.follow(state)[-1][0] in mind.states().states.tolist()
        return len(mind.states().states)

    assert thought("short") == 1  # “brief” would have opened a way, and the officer sees that it is closed
    assert thought("long") == 1


def test_a_step_the_seat_saw_nothing_of_leaves_every_way_it_could_have_gone() -> None:
    scenes = {
        "away": {"turn": "advocate", "actions": {"one": {"minutes": 5, "records": "one", "to": "back"}, "two": {"minutes": 5, "records": "two", "to": "back"}}},
        "back": {"turn": "officer", "text": "She is back.", "actions": {"stay": {"to": "desk"}}},
        "desk": {"turn": "advocate", "actions": {"so": {"to": "end"}, "then": {"when": "one", "closed": "no", "to": "end"}}},
        "end": {"ending": {"title": "The end"}},
    }  # fmt: skip
    made = world(scenes)
    outlook = Outlook.of(made)
    mind = Mind(outlook.graph, Observer(made, "officer"))
    mind.step(("one",))
    rows = mind.states()
    assert len(rows.states) == 2
    assert rows.weights.tolist() == [0.5, 0.5]
