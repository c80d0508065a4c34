"""What `explore` claims, compared with every play tried out by the slow oracle, and each claim's play played by the engine."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache

import pytest

from scoring.practice import rating
from scoring.scorecard import Decision
from simulator import engine
from simulator.assess import scorecard
from simulator.compiled.graph import Cancelled
from simulator.engine import State
from simulator.events import Inject
from simulator.game import Game
from simulator.outlook.claims import Bound, Claims, claims
from simulator.outlook.paths import strong
from simulator.outlook.witness import Witness
from tests import generator
from tests.oracle import Reached, fits, loss_of, made, outlook, reached, within
from tests.sizes import examples
from tests.small import CONFIDENTIAL, hub, play, status, world

SEEDS = range(examples(26))
KINDS: dict[str, dict[str, bool]] = {"plain": {}, "loops": {"loops": True}, "calendar": {"calendar": True}}
HORIZON = 9
MANY = 1000  # states, plays apart, that the oracle looks at
LIMIT = 300  # states that are explored; what is larger is left to its witnesses
ENDING = {"ending": {"title": "The end"}}


@cache
def compared(seed: int, kind: str) -> tuple[Claims, Reached | None, list[State], bool]:
    """The claims, the oracle's findings, its finished plays, and whether those are all there are."""
    game = generator.game(seed, layers=3, width=2, actions=2, **KINDS[kind])
    found = claims(game, limit=LIMIT)
    if not found.whole.complete:
        return found, None, [], False
    longest = found.lengths["moves"].most if found.lengths else None
    whole = longest is not None and longest <= HORIZON and not found.reach.dead
    moves = longest if whole and longest is not None else 4
    if not fits(engine.start(game), moves, MANY):
        return found, None, [], False
    ends = [state for state in within(engine.start(game), moves) if state.ended]
    return found, reached(game, moves), ends, whole


def cases(*, whole: bool) -> Iterator[tuple[Claims, Reached, list[State]]]:
    """What can be compared; `whole`: only where the oracle has seen every play."""
    number = 0
    for kind in KINDS:
        for seed in SEEDS:
            found, truth, ends, complete = compared(seed, kind)
            if truth is not None and (complete or not whole):
                number += 1
                yield found, truth, ends
    assert number >= 55


def replayed(game: Game, witness: Witness) -> State:
    state = play(game, *witness.lines)
    assert state.ended == witness.ends
    return state


def plays(end: State) -> list[State]:
    return list(engine.chain(end))


# --- against the oracle --------------------------------------------------------------------------------------------


def test_exactly_the_scenes_that_some_play_enters_are_reachable() -> None:
    for found, truth, _ in cases(whole=True):
        assert set(found.reach.scenes) == truth.scenes


def test_exactly_the_actions_that_some_play_takes_can_be_taken() -> None:
    for found, truth, _ in cases(whole=True):
        assert set(found.reach.actions) == truth.actions


def test_exactly_the_guarded_actions_that_are_never_shown_closed_are_always_open() -> None:
    for found, truth, _ in cases(whole=True):
        scenes = found.game.scenes
        always = {key for key in truth.open - truth.closed if scenes[key[0]].actions[key[1]].open is not None}
        assert set(found.reach.always_open) == always


def test_paths_to_each_ending_are_counted_exactly() -> None:
    for found, truth, _ in cases(whole=True):
        assert {end.scene: end.paths for end in found.endings} == truth.endings


def test_the_shortest_and_longest_play_have_the_oracles_moves_and_minutes() -> None:
    for found, truth, _ in cases(whole=True):
        moves, minutes = found.lengths["moves"], found.lengths["minutes"]
        assert ((moves.least, moves.most), (minutes.least, minutes.most)) == (truth.lengths, truth.minutes)


def test_the_decisions_of_a_play_are_those_of_its_scorecard() -> None:
    for found, _, ends in cases(whole=True):
        counts = [len(scorecard(end).decisions) for end in ends]
        assert (found.lengths["decisions"].least, found.lengths["decisions"].most) == (min(counts), max(counts))


def test_a_duty_comes_to_exactly_what_it_comes_to_in_some_finished_play() -> None:
    for found, truth, _ in cases(whole=True):
        for duty, statuses in truth.statuses.items():
            assert set(found.rules.get(f"duty:{duty}", {"not played": None})) == statuses


def test_each_outcome_of_a_duty_names_the_endings_it_comes_with() -> None:
    for found, _, ends in cases(whole=True):
        seen: dict[tuple[str, str], set[str]] = {}
        for end in ends:
            for result in scorecard(end).duties:
                seen.setdefault((f"duty:{result.duty}", result.status), set()).add(end.scene)
        for rule, outcomes in found.rules.items():
            for outcome, each in outcomes.items():
                assert not rule.startswith("duty:") or set(each.endings) == seen[rule, outcome]


def test_points_lost_on_a_principle_lie_exactly_within_the_bounds() -> None:
    for found, _, ends in cases(whole=True):
        for each in found.practice:
            lost = [points(decisions(end, each.seat), each.principle) for end in ends]
            seen = [observable(decisions(end, each.seat), each.principle) for end in ends]
            assert (each.lost.least, each.lost.most) == (min(lost), max(lost))
            assert (each.decisions.least, each.decisions.most) == (min(seen), max(seen))


def test_the_worst_losses_are_the_most_that_any_play_loses() -> None:
    for found, _, ends in cases(whole=True):
        losses = [loss_of(end) for end in ends]
        for part in ("lines", "duties", "practice"):
            assert found.worst[part].most == max(getattr(loss, part) for loss in losses)


def test_the_outlook_at_the_start_is_the_oracles() -> None:
    for found, _, _ in list(cases(whole=True))[:40]:
        most = found.lengths["moves"].most
        assert most is not None and found.least_loss == outlook(engine.start(found.game), most)


def test_what_plays_of_some_moves_come_to_is_never_denied() -> None:
    for found, truth, _ in cases(whole=False):
        if not found.settled:  # it stopped at its limit, and denies nothing
            continue
        assert set(found.reach.scenes) >= truth.scenes
        assert set(found.reach.actions) >= truth.actions
        assert not set(found.reach.always_open) & truth.closed
        counts = {end.scene: end.paths for end in found.endings}
        assert all(counts[ending] is None or counts[ending] >= number for ending, number in truth.endings.items())
        for duty, statuses in truth.statuses.items():
            assert set(found.rules.get(f"duty:{duty}", {"not played": None})) >= statuses


def decisions(end: State, seat: str) -> list[Decision]:
    return [d for d in scorecard(end).decisions if d.seat == seat and not d.judgement]


def points(faced: list[Decision], principle: str) -> int:
    return sum(max(rating(o, principle) for o in d.open) - rating(d.chosen, principle) for d in faced)


def observable(faced: list[Decision], principle: str) -> int:
    return sum(len({rating(option, principle) for option in d.open}) > 1 for d in faced)


# --- witnesses -----------------------------------------------------------------------------------------------------


def every() -> Iterator[Claims]:
    for kind in KINDS:
        for seed in SEEDS:
            yield compared(seed, kind)[0]


def test_the_play_shown_for_a_scene_enters_it() -> None:
    for found in every():
        for scene, each in found.reach.scenes.items():
            states = plays(replayed(found.game, each.witness))
            assert scene in {entered for state in states for entered, _ in state.entered}


def test_the_play_shown_for_an_action_takes_it() -> None:
    for found in every():
        for key, each in found.reach.actions.items():
            end = replayed(found.game, each.witness)
            taken = {
                (before.scene, event.action)
                for before, move, _ in made(end)
                for event in move
                if not isinstance(event, Inject)
            }
            assert key in taken


def test_the_play_shown_for_an_ending_is_a_shortest_one_that_ends_there() -> None:
    for found, truth, ends in cases(whole=False):
        for each in found.endings:
            end = replayed(found.game, each.witness)
            others = [len(list(made(other))) for other in ends if other.scene == each.scene]
            assert end.scene == each.scene
            assert each.scene not in truth.endings or len(list(made(end))) == min(others)


def test_the_play_shown_for_an_outcome_of_a_duty_has_that_outcome() -> None:
    for found in every():
        for rule, outcomes in found.rules.items():
            for outcome, each in outcomes.items() if rule.startswith("duty:") else ():
                for witness in (each.witness, *each.seats.values()):
                    results = scorecard(replayed(found.game, witness)).duties
                    assert outcome in {r.status for r in results if f"duty:{r.duty}" == rule}


def test_the_play_shown_for_a_crossed_line_crosses_it() -> None:
    number = 0
    for found in every():
        for rule, outcomes in found.rules.items():
            if rule.startswith("line:") and "missed" in outcomes:
                number += 1
                end = replayed(found.game, outcomes["missed"].witness)
                assert rule in {f"line:{breach.line}" for breach in scorecard(end).lines}
    assert number > 20


def test_the_plays_shown_for_a_bound_gather_what_it_says() -> None:
    for found in every():
        for each in found.practice:
            for bound, measure in ((each.lost, points), (each.decisions, observable)):
                assert shown(found.game, bound, lambda end: measure(decisions(end, each.seat), each.principle))  # noqa: B023
        for part, bound in found.worst.items():
            end = replayed(found.game, bound.witness)
            assert getattr(loss_of(end), part) == bound.most or (bound.most is None and getattr(loss_of(end), part) > 0)
        if found.lengths:
            assert shown(found.game, found.lengths["minutes"], lambda end: end.now)
            assert shown(found.game, found.lengths["moves"], lambda end: len(list(made(end))))


def shown(game: Game, bound: Bound, measure) -> bool:
    """Whether the two plays have the least and the most; what has no most is shown by a play that goes around once."""
    least, most = measure(replayed(game, bound.shows_least)), measure(replayed(game, bound.shows_most))
    return least == bound.least and (most == bound.most if bound.most is not None else most > 0)


def test_the_play_shown_for_a_circle_stands_twice_in_the_same_scene() -> None:
    number = 0
    for found in every():
        for scene, each in found.reach.circles.items():
            scenes = [state.scene for state in plays(replayed(found.game, each.witness))]
            assert scenes.count(scene) > 1
            number += 1
    assert number > 10


def test_no_ending_follows_from_where_a_play_is_said_to_be_lost() -> None:
    number = 0
    for found in every():
        for dead in found.reach.dead:
            state = replayed(found.game, dead.witness)
            assert state.scene == dead.scene and not state.ended
            assert not any(ahead.ended for ahead in within(state, 4))
            number += 1
    assert number > 0


# --- small worlds --------------------------------------------------------------------------------------------------


def once(actions: dict, **rest) -> Game:
    scene = {"turn": "officer", "actions": {name: {"to": "ending", **action} for name, action in actions.items()}}
    return world({"here": scene, "ending": ENDING}, **rest)


def test_with_a_loop_paths_and_the_longest_play_are_without_bound() -> None:
    found = claims(hub({"wait": {"minutes": 5}}))
    assert [end.paths for end in found.endings] == [None]
    assert found.lengths["moves"].least == 1
    assert found.lengths["moves"].most is found.lengths["minutes"].most is None


def test_a_loop_that_loses_no_points_bounds_what_can_be_lost() -> None:
    found = claims(hub({"wait": {"practice": {"safety": 1}}}))
    assert found.worst["practice"].most == 1
    assert found.worst["lines"].most == 0


def test_a_loop_that_loses_points_has_no_worst_loss() -> None:
    found = claims(hub({"harm": {"practice": {"safety": -1}}}))
    assert found.worst["practice"].most is None
    assert found.worst["practice"].witness.lines == ("officer: harm", "officer: end")


def test_a_duty_that_every_round_misses_has_no_worst_loss() -> None:
    duty = {"it": {"when": "arrived", "each": "called"}}
    found = claims(hub({"arrive": {"records": "arrived"}}, duties=duty, facts=("called",)))
    assert found.worst["duties"].most is None and found.worst["lines"].most == 0


def test_a_loop_that_cannot_be_turned_for_ever_is_counted_out() -> None:
    found = claims(hub({"wait": {"records": "waited", "when": "times(waited) < 3", "closed": "Enough."}}))
    assert [end.paths for end in found.endings] == [4]
    assert found.lengths["moves"].most == 4


def test_an_ending_that_no_loop_leads_to_keeps_its_number_of_paths() -> None:
    game = world({
        "here": {"turn": "officer", "actions": {"leave": {"to": "gone"}, "stay": {"to": "round"}}},
        "round": {"turn": "officer", "actions": {"again": {"to": "round"}, "stop": {"to": "ending"}}},
        "gone": ENDING,
        "ending": ENDING,
    })  # fmt: skip
    assert {end.scene: end.paths for end in claims(game).endings} == {"gone": 1, "ending": None}


def test_more_paths_than_a_machine_word_holds_are_counted_exactly() -> None:
    scenes = {
        f"s{n}": {"turn": "officer", "actions": {f"a{i}": {"to": f"s{n + 1}"} for i in range(3)}} for n in range(150)
    }
    game = world({**scenes, "s150": ENDING})
    assert [end.paths for end in claims(game).endings] == [3**150]


def test_a_scene_that_no_arrow_opens_is_never_reached() -> None:
    game = world({
        "here": {"turn": "officer", "actions": {"go": {"to": "ending"}, "no": {"when": "rang", "closed": "No.", "to": "lost"}}},
        "lost": {"turn": "officer", "actions": {"go": {"records": "rang", "to": "ending"}}},
        "ending": ENDING,
    })  # fmt: skip
    found = claims(game)
    assert set(found.reach.scenes) == {"here", "ending"}
    assert set(found.reach.actions) == {("here", "go")}


def test_a_breach_that_spares_something_is_rewarded_unless_it_is_only_an_excused_duty() -> None:
    actions = {"shoot": {"records": ["shot", "called"]}, "wait": {}}
    duties, lines = {"it": {"must": "called"}}, {"fire": {"never": "shot"}}
    # a duty that only a breach could keep is excused, so that it rewards none
    assert claims(once(actions, duties=duties, lines=lines)).rewarded == []
    better = claims(once({"shoot": {"records": "shot", "practice": {"safety": 1}}, "wait": {}}, lines=lines)).rewarded
    assert [(r.choice, r.lawful, r.breach) for r in better] == [
        ((("officer", "shoot"),), (Fraction(0), Fraction(1)), (Fraction(0), Fraction(0)))
    ]


def test_a_breach_that_gains_nothing_is_not_rewarded() -> None:
    assert claims(once({"shoot": {"records": "shot"}, "wait": {}}, lines={"fire": {"never": "shot"}})).rewarded == []


def test_a_seat_with_nothing_but_harm_to_choose_is_found() -> None:
    actions = {"shoot": {"records": "shot"}, "shout": {"practice": {"safety": -1}}}
    [each] = claims(once(actions, lines={"fire": {"never": "shot"}})).harmful
    assert (each.scene, each.seat, each.states) == ("here", "officer", 1)


def test_one_harmless_option_is_enough() -> None:
    assert claims(once({"wait": {}, "shout": {"practice": {"safety": -1}}})).harmful == []


def test_a_duty_names_the_seats_that_can_keep_it() -> None:
    scenes = {
        "here": {"turn": "officer", "actions": {"call": {"records": "called", "to": "there"}, "wait": {"to": "there"}}},
        "there": {"turn": "advocate", "actions": {"call": {"records": "called", "to": "ending"}, "wait": {"to": "ending"}}},
        "ending": ENDING,
    }  # fmt: skip
    duty = {"it": {"must": "called"}}
    found = claims(world(scenes, duties=duty)).rules["duty:it"]
    assert set(found["met"].seats) == {"officer", "advocate"}
    assert status(play(world(scenes, duties=duty), *found["missed"].witness.lines)) == "missed"


def test_an_action_that_only_a_broken_confidence_opens_can_be_taken() -> None:
    actions = {
        "tell": {"tell": {"to": "officer", "items": "plan"}},
        "own-up": {"when": "told_without_right", "closed": "There is nothing to own up to."},
    }
    game = hub(
        actions,
        turn="advocate",
        items={"plan": {"text": "her plan", "about": "survivor", "known_by": "advocate"}},
        laws={"confidence": CONFIDENTIAL},
        facts=("told_without_right",),
    )
    found = claims(game).reach
    assert found.actions["hub", "own-up"].witness.lines[:2] == ("advocate: tell", "advocate: own-up")
    assert found.always_open == []


def test_duties_with_too_many_open_instances_leave_the_story_proven() -> None:
    duty = {"it": {"when": "arrived", "each": "called", "within": "60 min"}}
    game = hub({"arrive": {"minutes": 1, "records": "arrived"}}, duties=duty, facts=("called",))
    found = claims(game)
    assert found.settled and set(found.reach.actions) == {("hub", "arrive"), ("hub", "end")}
    assert found.unknown and not found.rules and found.least_loss is None


# --- too large -----------------------------------------------------------------------------------------------------


LONG = {
    f"s{n}": {
        "turn": "officer",
        "actions": {
            "go": {"records": f"f{n}", "to": f"s{n + 1}"},
            "shout": {"practice": {"safety": -1}, "to": f"s{n + 1}"},
            "stop": {"to": "ending"},
        },
    }
    for n in range(8)
}
ALL = " and ".join(f"f{n}" for n in range(8))


def long_game() -> Game:
    last = {
        "turn": "officer",
        "actions": {"end": {"to": "ending"}, "all": {"when": ALL, "closed": "No.", "to": "late"}},
    }
    return world({**LONG, "s8": last, "ending": ENDING, "late": ENDING}, duties={"it": {"must": "f0 and f7"}})


def test_an_exploration_that_stops_early_says_so_and_how_far_it_got() -> None:
    found = claims(long_game(), limit=20)
    assert not found.whole.complete and not found.settled
    assert found.whole.unlooked > 0 and found.whole.scenes < 11


def test_an_exploration_that_stops_early_claims_only_what_plays_have_shown() -> None:
    found, whole = claims(long_game(), limit=20), claims(long_game())
    assert set(found.reach.scenes) < set(whole.reach.scenes)
    for rule, outcomes in found.rules.items():
        assert set(outcomes) <= set(whole.rules[rule])
    assert found.reach.dead == [] and found.reach.always_open == [] and found.rewarded == []


def test_the_outlook_lies_within_the_bounds_of_an_exploration_that_stopped_early() -> None:
    found, whole = claims(long_game(), limit=20), claims(long_game())
    assert found.least_loss is None
    assert found.at_least is not None and found.at_most is not None and whole.least_loss is not None
    assert found.at_least <= whole.least_loss <= found.at_most


def test_a_play_seen_before_the_limit_replays_to_its_ending() -> None:
    game = long_game()
    for end in claims(game, limit=20).endings:
        assert replayed(game, end.witness).scene == end.scene


def test_exploring_can_be_cancelled() -> None:
    def stop(states: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        claims(long_game(), watch=stop)


def test_circles_are_told_apart_from_what_lies_between_them() -> None:
    import numpy as np

    # 0 → 1 ⇄ 2 → 3 → 4 ⇄ 5, 6 to itself
    source, target = np.array([0, 1, 2, 2, 3, 4, 5, 6]), np.array([1, 2, 1, 3, 4, 5, 4, 6])
    label = strong(7, source, target).tolist()
    assert label[1] == label[2] and label[4] == label[5]
    assert len(set(label)) == 5
