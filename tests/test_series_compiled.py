"""An episode begun from a carried state is the same on the graph as in the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from random import Random
from typing import Any

import numpy as np
import pytest

from scoring.clock import Span
from simulator import engine
from simulator.assess import scorecard
from simulator.compiled.beginning import carried_over, followed_on
from simulator.compiled.graph import explored
from simulator.compiled.machine import Arrival, Machine
from simulator.compiled.memory import TooIntricate
from simulator.continuing import carry
from simulator.game import Game
from simulator.outlook import Outlook
from simulator.outlook.serial import carried_in, explore_series
from simulator.series import Carries, Episode, Series
from tests import generator, oracle, serial, stepwise
from tests.small import game_from, hub, play, world
from tests.stepwise import walk


@pytest.mark.parametrize("seed", range(120))
def test_a_play_from_a_carried_state_is_the_same_in_the_engine_and_on_the_graph(seed: int) -> None:
    short, _ = serial.twice(seed, layers=2, width=2, calendar=seed % 3 == 1, telling=seed % 3 == 2)
    ended = serial.walk(engine.start(short), Random(seed))
    game = serial.next_game(ended, short)
    try:
        graph = explored(game, limit=20_000)
    except TooIntricate:
        pytest.skip("more open instances than there is room for")
    assert graph.complete
    for number in range(6):
        for at in walk(graph, seed * 10 + number):
            at.check()


# --- every state that can be carried in -----------------------------------------------------------------------------


def endings(state: engine.State) -> Iterator[engine.State]:
    """Every way a play can end, tried out."""
    if state.ended:
        yield state
    for move in oracle.moves_of(state):
        yield from endings(oracle.after(state, move))


def weighed(states: list[engine.State]) -> tuple[set[str], dict[str, int], dict[str, set[str]]]:
    """What all these plays came to: endings, the most that one lost, what became of each duty."""
    losses = [oracle.loss_of(state) for state in states]
    most = {part: int(max(getattr(loss, part) for loss in losses)) for part in ("lines", "duties", "practice")}
    outcomes: dict[str, set[str]] = {}
    for state in states:
        for duty in scorecard(state).duties:
            if duty.status != "not played":
                outcomes.setdefault(f"duty:{duty.duty}", set()).add(duty.status)
    return {state.scene for state in states}, most, outcomes


def series_of(game: Game, length: int, carries: Carries, after: str | None) -> Series:
    span = Span.parse(after) if after is not None else None
    episodes = [Episode(scenario=game.scenario.id), *[Episode(scenario=game.scenario.id, after=span)] * (length - 1)]
    return Series(id="s", title="S", summary="S.", episodes=tuple(episodes), carries=carries)


def partly(game: Game, random: Random) -> Carries:
    """Some of what a scenario names, and all or nothing of what its rules read."""
    whole = serial.everything(game)
    some = {
        kind: tuple(name for name in getattr(whole, kind) if random.random() < 0.6)
        for kind in ("meters", "statuses", "items")
    }
    return Carries(duties=random.random() < 0.8, **some)


MOST = 400  # plays of one episode


@pytest.mark.parametrize("after", ["90 min", "next business day 09:00", "2 business days", None])
@pytest.mark.parametrize("seed", range(24))
def test_what_is_said_of_a_series_is_what_trying_everything_shows(seed: int, after: str | None) -> None:
    random = Random(f"{seed} {after}")
    size = {"layers": 1 + seed % 2, "width": 1 + seed % 2, "actions": 2}
    game = generator.game(seed, calendar=seed % 3 == 1, telling=seed % 3 == 2, **size)
    carries = serial.everything(game) if seed % 2 else partly(game, random)
    series = series_of(game, 2, carries, after)
    first = list(islice(endings(engine.start(game)), MOST + 1))
    if len(first) > MOST:
        pytest.skip("too many plays to try")
    found = explore_series(series, [game, game], limit=50_000)
    assert not found.unknown
    begun = {}
    for state in first:
        carried = serial.carried_from(state, game, carries, series.episodes[1])
        begun.setdefault(carried.digest, engine.start(replace(game, carried=carried)))
    second = []
    for state in begun.values():
        second += list(islice(endings(state), MOST))
    for told, plays in zip(found.episodes, (first, second), strict=True):
        ends, most, outcomes = weighed(plays)
        assert set(told.endings) == ends
        assert told.most_lost == most
        assert {k: set(v) for k, v in told.outcomes.items() if k.startswith("duty:")} == outcomes
    told = found.episodes[1]
    least = [Outlook.of(state.game) for state in begun.values()]
    expected = [each[each.graph.start].plus(stepwise.initial(each.graph)) for each in least]  # type: ignore[union-attr]
    assert (told.best_start, told.worst_start) == (min(expected), max(expected))


Row = tuple[str, tuple[int, ...], int, int]


def rows(arrivals: list[Arrival]) -> set[Row]:
    """The states that arrive, each with its scene and what was lost on the way."""
    found: set[Row] = set()
    for each in arrivals:
        table = [np.broadcast_to(np.asarray(n), each.words[0].shape) for n in (*each.words, each.lines, each.duties)]
        for *words, lines, duties in np.stack(table).T.tolist():
            found.add((each.scene, tuple(words), lines, duties))
    return found


def begun_on(machine: Machine, game: Game) -> set[Row]:
    """The state that one carried state is on a machine."""
    d = machine.rows(1)
    return rows(machine.begin(d, carried_over(machine, d, game), followed_on(game)))


def shared(there: Game, here: Game) -> Carries:
    """All that two scenarios both name and mean alike."""
    one, other = there.scenario, here.scenario

    def both(kind: str, like: Callable[[Any, Any], bool]) -> tuple[str, ...]:
        a, b = getattr(one, kind), getattr(other, kind)
        return tuple(name for name in a if name in b and like(a[name], b[name]))

    items = both("items", lambda a, b: (a.kind, a.about) == (b.kind, b.about))
    return Carries(
        duties=True,
        meters=both("meters", lambda a, b: (a.low, a.high) == (b.low, b.high)),
        statuses=both("statuses", lambda a, b: set(a.values) <= set(b.values)),
        items=items,
        releases=tuple(
            n
            for n in both("releases", lambda a, b: replace(a, purpose=b.purpose) == b)
            if set(one.releases[n].items) <= set(items)
        ),
    )


@pytest.mark.parametrize("after", ["90 min", "next business day 09:00", None])
@pytest.mark.parametrize("seed", range(48))
def test_the_starts_of_an_episode_are_the_endings_of_the_one_before_and_no_others(seed: int, after: str | None) -> None:
    size = {
        "layers": 1 + seed // 4 % 2,
        "width": 1 + seed // 2 % 2,
        "actions": 2 + seed // 8 % 2,
        "calendar": seed % 3 == 1,
        "telling": seed % 3 == 2,
    }
    trees, others = generator.generate(seed, **size), generator.generate(seed + 1000, **size)
    there = game_from(trees)
    here = game_from({**trees, "scenario": others["scenario"]}) if seed % 4 else there
    carries = shared(there, here)
    series = series_of(there, 2, carries, after)
    plays = list(islice(endings(engine.start(there)), MOST + 1))
    if len(plays) > MOST:
        pytest.skip("too many plays to try")
    machine, arrivals = carried_in(series, [there, here], 2)
    tried: set[Row] = set()
    for state in plays:
        tried |= begun_on(machine, replace(here, carried=carry(state, series.episodes[1], carries, here.scenario)))
    assert rows(arrivals) == tried


@pytest.mark.parametrize("seed", range(12))
def test_a_third_episode_begins_with_what_two_before_it_left(seed: int) -> None:
    size = {"layers": 1, "width": 1 + seed % 2, "actions": 2, "calendar": seed % 3 == 1, "telling": seed % 3 == 2}
    game = generator.game(seed, **size)
    carries = serial.everything(game)
    series = series_of(game, 3, carries, "1 business day")
    machine, arrivals = carried_in(series, [game, game, game], 3)
    tried: set[Row] = set()
    begun: dict[str, Game] = {}
    for state in islice(endings(engine.start(game)), MOST):
        carried = carry(state, series.episodes[1], carries, game.scenario)
        begun.setdefault(carried.digest, replace(game, carried=carried))
    for two in begun.values():
        for state in islice(endings(engine.start(two)), MOST):
            tried |= begun_on(machine, replace(game, carried=carry(state, series.episodes[2], carries, game.scenario)))
    assert rows(arrivals) == tried


@pytest.mark.parametrize(
    "moves", [(), ("do",), ("leave",), ("leave", "do"), ("do", "leave"), ("ask",), ("ask", "leave")]
)
def test_a_duty_not_triggered_yet_keeps_what_came_before_its_trigger(moves: tuple[str, ...]) -> None:
    actions = {"do": {"records": "done"}, "ask": {"records": "asked"}, "leave": {"records": "left"}}
    game = hub(actions, duties={"d": {"when": "asked", "must": "done", "before": "left"}})
    carries = Carries(duties=True)
    series = series_of(game, 2, carries, "90 min")
    machine, arrivals = carried_in(series, [game, game], 2)
    ended = play(game, *moves, "end")
    begun = replace(game, carried=carry(ended, series.episodes[1], carries, game.scenario))
    assert begun_on(machine, begun) <= rows(arrivals)


def test_where_there_are_too_many_states_that_is_said_and_nothing_sampled() -> None:
    game = hub(
        {"wait": {"minutes": 10, "records": "asked"}}, duties={"d": {"when": "asked", "must": "done", "within": "2 h"}}
    )
    found = explore_series(series_of(game, 2, Carries(duties=True), None), [game, game], limit=500)
    assert [episode.number for episode in found.episodes] == [1]
    assert found.unknown == (
        "what episode 1 can leave to the next has more than 500 states, so nothing is said of it and what follows"
    )


def test_what_was_told_unprompted_in_one_episode_is_known_in_the_next() -> None:
    """Telling is explored as far as the next episode reads it."""
    items = {"gun": {"text": "where the gun is", "known_by": "officer"}}
    scenes = {
        "car": {"turn": "officer", "actions": {"go": {"minutes": 5, "to": "desk"}}},
        "desk": {"turn": "advocate", "actions": {
            "plan": {"when": "knows(advocate, gun)", "closed": "You lack a fact.", "to": "planned"},
            "wait": {"to": "waited"}}},
        "planned": {"ending": {"title": "A plan"}},
        "waited": {"ending": {"title": "No plan"}},
    }  # fmt: skip
    open_ = world(scenes, items=items, telling="open")
    closed = world(scenes, items=items)
    series = series_of(closed, 2, Carries(items=("gun",)), "90 min")
    _, arrivals = carried_in(series, [open_, closed], 2)
    assert len(rows(arrivals)) == 2
    found = explore_series(series, [open_, closed])
    assert [episode.endings for episode in found.episodes] == [("planned", "waited")] * 2


def asks_how_long(minutes: int, **more: Any) -> Game:
    """An episode whose one choice is open only so long after a fact."""
    scenes = {
        "desk": {"turn": "officer", "actions": {
            "soon": {"when": f"minutes_since(asked) < {minutes}", "closed": "Too late.", "to": "in_time"},
            "wait": {"to": "too_late"}}},
        "in_time": {"ending": {"title": "In time"}},
        "too_late": {"ending": {"title": "Too late"}},
    }  # fmt: skip
    return world(scenes, facts=("asked",), **more)


def starts(there: Game, here: Game, after: str | None) -> int:
    series = series_of(here, 2, Carries(facts=("asked",)), after)
    found = explore_series(series, [there, here]).episodes[1]
    assert found.endings == ("in_time", "too_late")
    return found.starts


def test_an_age_is_kept_as_far_as_the_next_episode_asks() -> None:
    scenes = {
        "car": {"turn": "officer", "actions": {"ask": {"records": "asked", "to": "road"}}},
        "road": {"turn": "officer", "actions": {
            "quick": {"minutes": 20, "to": "home"}, "slow": {"minutes": 200, "to": "home"}}},
        "home": {"turn": "officer", "actions": {
            "stop": {"when": "minutes_since(asked) < 5", "closed": "No.", "to": "end"}, "go": {"to": "end"}}},
        "end": {"ending": {"title": "The end"}},
    }  # fmt: skip
    assert starts(world(scenes), asks_how_long(100), "30 min") == 2


def test_the_date_of_an_ending_is_kept_where_the_next_episode_has_a_date_of_its_own() -> None:
    scenes = {
        "week": {"turn": "officer", "actions": {
            "short": {"minutes": 3 * 1440, "to": "ask"}, "long": {"minutes": 10 * 1440, "to": "ask"}}},
        "ask": {"turn": "officer", "actions": {"ask": {"records": "asked", "to": "end"}}},
        "end": {"ending": {"title": "The end"}},
    }  # fmt: skip
    assert starts(world(scenes), asks_how_long(7 * 1440, starts="2026-03-16T09:00"), None) == 2
