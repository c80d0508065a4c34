"""Sampling walks the graph that the engine defines: sampled plays are stepped through the readable engine and weighed by its scorecard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache, cached_property

import numpy as np
import pytest

from scoring.loss import Loss
from simulator import engine
from simulator.assess import scorecard
from simulator.compiled.graph import explored
from simulator.compiled.values import Values
from simulator.engine import State
from simulator.game import Game
from simulator.library import Library
from simulator.outlook.policies import Draws, Kind, prepare
from simulator.outlook.sampling import Bits, Trail, least_first, replay, walks
from simulator.outlook.tables import Key, Tables
from simulator.outlook.tally import Fold, Sample, mean, notes_of, samples, spread, unreachable
from simulator.session import game_of
from simulator.speaking import silenced
from tests.generator import game as generated
from tests.oracle import loss_of
from tests.small import hub, world

LIMIT = 700_000
KINDS: tuple[Kind, ...] = ("random", "typical", "expert", "least-used")
SMALL = [0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 15, 18, 21, 22, 25, 27, 30, 31, 32, 39, 41, 42, 43, 47, 48, 51, 53, 56, 57, 59]
# Others of this generator's scenarios turn in loops and have too many states for a quick test.


class Sampled:
    """A game laid out for sampling."""

    def __init__(self, game: Game) -> None:
        self.game, self.graph = game, explored(game, limit=LIMIT, exact_clock=True)
        assert self.graph.complete
        self.tables = Tables.of(self.graph)
        self.notes = notes_of(self.tables)

    @cached_property
    def values(self) -> Values:
        return Values(self.graph)

    def draws(self, policy: dict[str, Kind]) -> Draws:
        mix: dict[str, Kind] = dict.fromkeys(self.game.seats, "random") | policy
        return prepare(self.tables, mix, self.values if "expert" in mix.values() else None)

    def trails(self, n: int, seed: int = 1, company: int = 1 << 17, **policy: Kind) -> Iterator[Trail]:
        return walks(self.tables, self.draws(policy), n, seed, company=company)

    def everyone(self, kind: Kind) -> dict[str, Kind]:
        return dict.fromkeys(self.game.seats, kind)

    def sample(self, n: int, seed: int = 1, company: int = 1 << 17, **policy: Kind) -> Sample:
        return list(samples(self.tables, self.notes, self.draws(policy), n, seed, company=company))[-1]


@cache
def kitchen() -> Sampled:
    game = game_of(Library().bundle("kitchen-table"))
    return Sampled(replace(game, scenario=silenced(game.scenario)))  # simulated players say nothing unprompted


def small(seed: int) -> Sampled:
    return Sampled(generated(seed, seats=2 + seed % 2, calendar=seed % 3 == 0))


def choice(weights: dict[str, int], appeal: str = "appeal", **rest: object) -> dict[str, object]:
    """A scene of one decision, an ending for each action."""
    seat = "chance" if appeal == "weight" else "officer"
    actions = {name: {"to": f"end-{name}", appeal: weight} for name, weight in weights.items()}
    ends = {f"end-{name}": {"ending": {"title": name}} for name in weights}
    return {"only": {"turn": seat, "actions": actions, **rest}, **ends}


def paths(sampled: Sampled, trail: Trail, play: int) -> tuple[State, list[int]]:
    """The play stepped by the engine, which must stand in the same scenes; and the states of the graph along it."""
    tables, moves = sampled.tables, trail.moves(play)
    ways = [tables.graph.start, *(int(tables.to[t]) for t in trail.transitions(play))]
    end = replay(sampled.game, moves)
    stood = [state.scene for state in engine.chain(end) if not state.pending]
    assert stood == [tables.patterns[tables.pattern[way]].scene for way in ways]
    assert ways[-1] == trail.last[play]
    return end, ways


def agree(sampled: Sampled, trail: Trail, *, weighed: int) -> int:
    """Steps every play of the company through the engine; the first `weighed` are compared with their scorecards too."""
    fold = Fold(sampled.tables, sampled.notes)
    finished = fold.ends[sampled.tables.pattern[trail.last]]
    columns, marks, _, _ = fold.accounts(trail)
    places = dict(zip(sampled.notes.names, columns, strict=True))
    objectives = sampled.game.scenario.objectives
    letters = {name: fold.letters(places, marks, name) for name in objectives}
    for play in range(trail.size):
        end, _ = paths(sampled, trail, play)
        assert end.now == places["minutes",][play] + sampled.notes.start_minutes
        assert end.ended == finished[play]
        if play >= weighed or not end.ended:
            continue
        card = scorecard(end)
        lost = Loss(*(Fraction(int(places[part,][play])) for part in ("lines", "duties", "practice")))
        assert lost == loss_of(end)
        assert len(card.decisions) == places["decisions",][play]
        for result in card.objectives:
            assert ("U", "M", "S", "P", None)[letters[result.objective][play]] == result.letter
        for described in card.principles:
            gained, possible = (
                int(places[what, "principle", described.principle, described.seat][play])
                for what in ("gained", "possible")
            )
            assert (Fraction(gained, possible) if possible else None) == described.share
        crossed = {breach.line for breach in card.lines}
        assert crossed == {
            n for kind, n in sampled.notes.mark_names if kind == "line" and fold.mark(marks, (kind, n))[play]
        }
    return trail.size


# --- agreement with the engine ---------------------------------------------------------------------------------------


def test_a_thousand_plays_of_the_kitchen_table_are_plays_of_the_engine() -> None:
    for kind in ("random", "expert"):
        for trail in kitchen().trails(500, **kitchen().everyone(kind)):
            assert agree(kitchen(), trail, weighed=25) == 500


@pytest.mark.parametrize("seed", SMALL)
def test_plays_of_small_scenarios_are_plays_of_the_engine(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulator.outlook.sampling.LONGEST", 60)  # some have no way out
    sampled = small(seed)
    kind = KINDS[seed % len(KINDS)]
    for trail in sampled.trails(300, seed, **sampled.everyone(kind)):
        assert agree(sampled, trail, weighed=9) == 300


@pytest.mark.parametrize("seed", [2, 8, 32])
def test_a_sample_counts_what_the_scorecards_of_its_plays_say(seed: int) -> None:
    sampled = small(seed)
    [trail] = sampled.trails(40)
    sample = Fold(sampled.tables, sampled.notes).sample(trail)
    ends = [end for end in (replay(sampled.game, trail.moves(play)) for play in range(40)) if end.ended]
    cards = [scorecard(end) for end in ends]
    came = Counter((f"duty:{duty.duty}", duty.status) for card in cards for duty in card.duties)
    assert {key: n for key, n in sample.outcomes.items() if key[0].startswith("duty:")} == {
        key: n for key, n in came.items() if key[1] != "not played"
    }
    assert sample.finished == len(ends)
    assert sample.endings == Counter(end.scene for end in ends)
    assert sample.minutes == Counter(end.now for end in ends)
    assert sample.letters == Counter((o.objective, o.letter) for card in cards for o in card.objectives)
    assert sample.lost["lines"] == sum(len(card.lines) for card in cards)
    assert sample.crossed == Counter(line for card in cards for line in {breach.line for breach in card.lines})


# --- the random numbers ----------------------------------------------------------------------------------------------


def test_the_random_bits_of_a_play_are_those_that_the_module_documents() -> None:
    source = np.random.PCG64(7)
    source.advance((2 << 64) + 41)  # play 41, steps 4 and 5
    word = int(source.random_raw())
    bits = Bits(7, begin=40, size=3)
    assert int(bits.of(4, None)[1]) == word & 0xFFFFFFFF
    assert int(bits.of(5, np.array([1]))[0]) == word >> 32


def test_a_seed_gives_these_plays_on_every_machine() -> None:
    sampled = Sampled(world(choice({"a": 1, "b": 1, "c": 1})))
    [trail] = sampled.trails(12, seed=2026)
    assert [trail.moves(play)[0].acts[0][1].id for play in range(12)] == list("cababccccaac")


@pytest.mark.parametrize("kind", KINDS)
def test_a_sample_does_not_depend_on_how_many_plays_walk_together(kind: Kind) -> None:
    sampled = small(32)
    policy = sampled.everyone(kind)
    assert sampled.sample(500, company=500, **policy) == sampled.sample(500, company=7, **policy)


def test_another_seed_gives_other_plays() -> None:
    sampled = small(32)
    assert sampled.sample(500, seed=1) != sampled.sample(500, seed=2)


# --- policies --------------------------------------------------------------------------------------------------------


def test_random_takes_every_open_action_about_equally_often() -> None:
    taken = Sampled(world(choice({"a": 5, "b": 0, "c": 1}))).sample(30_000).endings
    assert all(9_600 < taken[f"end-{name}"] < 10_400 for name in "abc")


def test_typical_draws_in_proportion_to_appeal() -> None:
    taken = Sampled(world(choice({"a": 5, "b": 0, "c": 1}))).sample(30_000, officer="typical").endings
    assert taken["end-b"] == 0 and 24_600 < taken["end-a"] < 25_400


def test_typical_draws_evenly_where_nothing_appeals() -> None:
    taken = Sampled(world(choice({"a": 0, "b": 0, "c": 0}))).sample(30_000, officer="typical").endings
    assert all(9_600 < taken[f"end-{name}"] < 10_400 for name in "abc")


def test_chance_draws_in_proportion_to_weight_whatever_the_policy() -> None:
    taken = Sampled(world(choice({"a": 3, "b": 1}, "weight"))).sample(40_000, officer="expert").endings
    assert 29_600 < taken["end-a"] < 30_400


def test_least_used_takes_each_action_in_turn() -> None:
    taken = Sampled(world(choice({"a": 5, "b": 0, "c": 1}))).sample(10, officer="least-used").endings
    assert taken == {"end-a": 4, "end-b": 3, "end-c": 3}


@pytest.mark.parametrize(
    ("counts", "expected"), [([0, 0], [0, 1, 0, 1]), ([3, 0], [1, 1, 1, 0]), ([1, 2], [0, 0, 1, 0])]
)
def test_least_first_is_what_taking_the_least_used_one_by_one_gives(counts: list[int], expected: list[int]) -> None:
    assert least_first(np.array(counts), 4).tolist() == expected


def test_the_expert_takes_the_first_of_equally_good_actions() -> None:
    assert set(Sampled(world(choice({"b": 0, "a": 9}))).sample(50, officer="expert").endings) == {"end-b"}


@pytest.mark.parametrize("seed", [0, 3, 15, 18, 21, 39])
def test_the_expert_loses_what_the_outlook_says_where_there_is_no_chance(seed: int) -> None:
    sampled = small(seed)
    sample = sampled.sample(20, **sampled.everyone("expert"))
    outlook = sampled.values[sampled.graph.start]
    assert outlook is not None
    assert [sample.lost[part] for part in ("lines", "duties", "practice")] == [20 * part for part in outlook]


def test_the_expert_never_turns_in_circles_where_an_end_is_as_good() -> None:
    sampled = Sampled(hub({"round": {}}))
    assert sampled.sample(5, officer="expert").endings == {"ending": 5}


def test_seats_of_a_together_scene_draw_apart() -> None:
    scenes = {
        "both": {
            "turn": ["officer", "advocate"],
            "actions": {
                name: {"seat": seat, "appeal": appeal}
                for seat, name, appeal in [
                    ("officer", "a", 0), ("officer", "b", 1), ("advocate", "c", 1), ("advocate", "d", 1), ("advocate", "e", 2),
                ]
            },
            "to": "end",
        },
        "end": {"ending": {"title": "The end"}},
    }  # fmt: skip
    taken = Sampled(world(scenes)).sample(8_000, officer="typical", advocate="typical").taken
    assert taken["both", "a"] == 0 and taken["both", "b"] == 8_000
    assert 3_800 < taken["both", "e"] < 4_200
    mixed = Sampled(world(scenes)).sample(9_000, officer="least-used", advocate="random").taken
    assert mixed["both", "a"] == mixed["both", "b"] == 4_500
    assert all(2_800 < mixed["both", name] < 3_200 for name in "cde")


# --- plays that do not end -------------------------------------------------------------------------------------------


def test_a_play_that_stops_where_nothing_is_open_is_counted_apart() -> None:
    scenes = choice({"a": 1, "b": 1})
    scenes["end-a"] = {"turn": "officer", "actions": {"x": {"when": "False", "closed": "no", "to": "end-b"}}}
    sample = Sampled(world(scenes)).sample(1_000)
    assert sample.plays == 1_000 and sample.stuck + sample.finished == 1_000
    assert 400 < sample.stuck < 600
    assert sample.minutes.total() == sample.finished == sample.endings["end-b"]


def test_a_play_that_turns_in_circles_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulator.outlook.sampling.LONGEST", 100)
    loop = {"loop": {"turn": "officer", "actions": {"round": {"to": "loop"}}}}
    sample = Sampled(world(loop)).sample(3)
    assert (sample.endless, sample.finished, sample.moves) == (3, 0, 300)


def long_way(rounds: int, **stuck: object) -> dict[str, object]:
    """Round and round, 5 minutes and a weak choice each time, then on to the ending."""
    again = {"minutes": 5, "records": "turned", "when": f"times(turned) < {rounds}", "closed": "no", "to": "way"}
    on = {
        "when": f"times(turned) >= {rounds}",
        "closed": "no",
        "to": "ending",
        "practice": {"safety": 2},
        "because": "so",
    }
    return {
        "way": {"turn": "officer", "actions": {"again": again, "on": on, **stuck}},
        "ending": {"ending": {"title": "The end"}},
    }


def test_a_play_longer_than_the_window_is_summed_whole() -> None:
    sample = Sampled(world(long_way(150), facts={"turned": "They turned round."})).sample(7)
    assert sample.minutes == {750: 7} and sample.decisions == {151: 7} and sample.taken["way", "again"] == 1050


def test_the_outcomes_of_unfinished_plays_are_left_out() -> None:
    scenes = long_way(1, off={"to": "shut"})
    scenes["shut"] = {"turn": "officer", "actions": {"x": {"when": "False", "closed": "no", "to": "ending"}}}
    duty = {"text": "It.", "clause": "1", "party": "police", "when": "turned", "never": "turned"}
    game = world(scenes, facts={"turned": "They turned round."}, duties={"it": duty})
    sample = Sampled(game).sample(400)
    assert 0 < sample.stuck < 400 and sample.minutes == {5: sample.finished}
    assert sum(n for (key, _), n in sample.outcomes.items() if key == "duty:it") == sample.finished


# --- figures ---------------------------------------------------------------------------------------------------------


def test_a_spread_tells_quartiles_of_what_was_observed_and_how_often_it_was_not() -> None:
    found = spread({(0, 4): 1, (1, 4): 1, (1, 2): 1, (4, 4): 1, (0, 0): 5})
    assert (found.observed, found.not_observed, found.mean) == (4, 5, Fraction(7, 16))
    assert (found.quarter, found.middle, found.three_quarters) == (Fraction(0), Fraction(1, 4), Fraction(1, 2))


def test_what_was_never_observed_has_no_share() -> None:
    assert spread({(0, 0): 3}).mean is None and mean({}) is None


def test_what_no_play_can_reach_is_told_from_what_this_sample_missed() -> None:
    scenes = choice({"a": 1, "b": 1})
    scenes["only"]["actions"]["shut"] = {"when": "False", "closed": "no", "to": "far"}  # type: ignore[index]
    scenes["far"] = {"ending": {"title": "Far"}}
    sampled = Sampled(world(scenes))
    assert unreachable(sampled.graph) == (["far"], [("only", "shut")])


def test_rows_are_told_apart_however_many_parts_their_key_has() -> None:
    rows = np.arange(4_000)
    key = Key(np.zeros(4_000, dtype=np.int64))
    for part in range(12):
        key.add((rows >> part) & 1)
        key.add(rows * 0 + ((rows >> part) & 1) * 1_000_000)
    first, kind = key.kinds()
    assert len(first) == 4_000 and len(set(kind.tolist())) == 4_000
