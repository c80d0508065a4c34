"""Generated scenarios with loops and days: they are what they say, and the oracle's sums hold on them."""

from __future__ import annotations

import pytest

from simulator import engine
from simulator.library import bundle_from_texts
from simulator.telling import verdict_on
from tests.generator import DAYS, game, generate, texts, walk
from tests.oracle import NOTHING, costs, fits, loss_of, outlook, reached, within
from tests.small import game_from

WITH = [{"loops": True}, {"calendar": True}, {"loops": True, "calendar": True}]
MOVES = 6


def ways(seed: int) -> set[tuple[str, str]]:
    """From which scene an action leads to which, in a scenario with loops."""
    scenes = game(seed, loops=True).scenario.scenes.values()
    return {(s.id, branch.to) for s in scenes for action in s.actions.values() for branch in action.to}


@pytest.mark.parametrize("more", WITH)
def test_a_scenario_with_loops_and_days_is_read_as_it_was_written(more: dict[str, bool]) -> None:
    trees = generate(7, **more)
    read, written = bundle_from_texts(texts(trees)), game_from(trees)
    assert all(getattr(read, kind) == getattr(written, kind) for kind in trees)


def test_loops_lead_back_to_the_same_scene_and_now_and_then_into_a_trap() -> None:
    found = set().union(*(ways(seed) for seed in range(20)))
    assert {here == there for here, there in found} == {True, False}
    assert {there for here, there in found if here == "trap"} == {"trap"}
    assert any(there == "trap" for here, there in found if here != "trap")


def test_days_stand_in_deadlines_and_in_actions() -> None:
    trees = generate(3, calendar=True)
    within_ = {duty.get("within") for duty in trees["mou"]["duties"].values()}
    lasting = {a.get("until") for s in trees["scenario"]["scenes"].values() for a in s.get("actions", {}).values()}
    assert within_ & set(DAYS)
    assert lasting & set(DAYS)


def test_some_generated_play_goes_round() -> None:
    going = [list(walk(engine.start(game(seed, loops=True)), seed, limit=12))[-1] for seed in range(20)]
    assert any(not state.ended for state in going)


def test_telling_goes_by_many_rights() -> None:
    wanted = {"release", "order", "statute", "client-status", "criminal-history", "same-program", "back", "police"}
    for seed in range(300):
        drawn = game(seed, seats=3, telling=True)
        for state in walk(engine.start(drawn), seed):
            for seat, item in state.record.known:
                others = [told for told in drawn.seats if told != seat]
                wanted -= {verdict_on(drawn, state.record, seat, told, item).id for told in others}
        if not wanted:
            return
    raise AssertionError(f"no generated play comes to {wanted}")


@pytest.mark.parametrize("more", [{}, *WITH])
def test_costs_telescope_on_generated_plays(more: dict[str, bool]) -> None:
    tried = 0
    for seed in range(12):
        start = engine.start(game(seed, layers=3, width=2, actions=2, **more))
        first = outlook(start, MOVES) if fits(start, MOVES, 400) else None
        if first is None:
            continue
        for end in [state for state in within(start, MOVES) if state.ended][:2]:
            try:
                found = costs(end, MOVES)
            except ValueError:
                continue  # the play came where chance need not end it in time
            tried += 1
            assert first + sum((cost.drop for cost in found), NOTHING) == loss_of(end)
            assert all(cost.drop >= NOTHING for cost in found if cost.kind == "decision")
    assert tried >= 10


def test_the_outlook_is_one_of_the_losses_where_chance_has_no_part() -> None:
    tried = 0
    for seed in range(30):
        start = engine.start(game(seed, layers=2, width=1, actions=2, loops=True))
        if any(state.game.scenes[state.scene].chance for state in within(start, 4)):
            continue
        ends = [loss_of(state) for state in within(start, 4) if state.ended]
        assert outlook(start, 4) == min(ends, default=None)
        tried += 1
    assert tried >= 5


def test_what_is_reached_is_never_more_than_what_is_written() -> None:
    for seed in range(5):
        trees = generate(seed, layers=2, width=2, loops=True)
        found = reached(game_from(trees), 4)
        assert found.scenes <= set(trees["scenario"]["scenes"])
        assert found.actions <= found.open
