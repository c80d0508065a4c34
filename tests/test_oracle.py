"""The oracle's own numbers, worked out by hand on tiny worlds, before anything is compared with it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from simulator import engine
from simulator.engine import State
from simulator.events import Chance, Choose
from simulator.game import Game
from tests.oracle import (
    NOTHING,
    Loss,
    costs,
    loss_of,
    made,
    moves_of,
    outlook,
    shapley,
)
from tests.small import hub, move, play, world

ENDING = {"ending": {"title": "The end"}}
OWES_CALL = {"it": {"must": "called"}}  # no deadline: missed at the ending if nobody called
NEVER_SHOT = {"fire": {"never": "shot"}}


def loss(lines: Fraction | int = 0, duties: Fraction | int = 0, practice: Fraction | int = 0) -> Loss:
    return Loss(Fraction(lines), Fraction(duties), Fraction(practice))


def once(actions: dict[str, Any], **rest: Any) -> Game:
    """The officer acts once, and that is the end."""
    scene = {"turn": "officer", "actions": {name: {"to": "ending", **action} for name, action in actions.items()}}
    return world({"here": scene, "ending": ENDING}, **rest)


def outlook_of(game: Game, moves: int) -> Loss | None:
    return outlook(engine.start(game), moves)


# --- the loss of a play --------------------------------------------------------------------------------------------


def test_a_play_in_which_nothing_was_lost_has_no_loss() -> None:
    assert loss_of(play(once({"call": {"records": "called"}}, duties=OWES_CALL), "call")) == NOTHING


def test_a_missed_duty_costs_two() -> None:
    assert loss_of(play(once({"go": {}}, facts=("called",), duties=OWES_CALL), "go")) == loss(duties=2)


def test_a_late_duty_costs_one() -> None:
    duty = {"it": {"must": "called", "within": "5 min"}}
    game = once({"call": {"minutes": 6, "records": "called"}}, duties=duty)
    assert loss_of(play(game, "call")) == loss(duties=1)


def test_a_duty_that_is_open_at_the_end_costs_nothing() -> None:
    duty = {"it": {"must": "called", "within": "5 min"}}
    assert loss_of(play(once({"go": {"minutes": 5}}, facts=("called",), duties=duty), "go")) == NOTHING


def test_every_instance_of_a_duty_costs() -> None:
    duty = {"it": {"when": "arrived", "each": "called", "within": "5 min"}}
    game = hub({"arrive": {"minutes": 6, "records": "arrived"}}, facts=("called",), duties=duty)
    # arrived at 6, 12 and 18: the first two are past their deadlines of 11 and 17, the last one is open
    assert loss_of(play(game, "arrive", "arrive", "arrive", "end")) == loss(duties=4)


def test_every_crossing_of_a_line_counts() -> None:
    game = hub({"shoot": {"records": "shot"}}, lines=NEVER_SHOT)
    assert loss_of(play(game, "shoot", "shoot", "end")) == loss(lines=2)


PRACTICE: dict[str, Any] = {
    "well": {"practice": {"safety": 2, "choice": -1}},
    "fair": {"practice": {"choice": 2}},
    "ill": {"practice": {"safety": -2}},
    "plain": {},
    "shut": {"practice": {"safety": 2, "choice": 2}, "when": "flying", "closed": "No."},
}


def test_practice_lost_is_the_best_open_sum_less_the_chosen_one() -> None:
    game = once(PRACTICE, facts=("flying",))
    lost = {action: loss_of(play(game, action)).practice for action in ("well", "fair", "ill", "plain")}
    assert lost == {"well": 1, "fair": 0, "ill": 4, "plain": 2}


def test_a_judgement_scene_costs_no_practice() -> None:
    judgement = {"question": "Which?", "collide": [], "both_sides": []}
    scene = {"turn": "officer", "judgement": judgement}
    actions = {name: {"to": "ending", **PRACTICE[name]} for name in ("well", "ill")}
    assert loss_of(play(world({"here": {**scene, "actions": actions}, "ending": ENDING}), "ill")) == NOTHING


def test_what_a_computer_chose_is_lost_as_well() -> None:
    start = engine.start(once(PRACTICE, facts=("flying",)))
    ill = engine.step(start, Choose(seat="officer", action="ill", by="computer"))
    assert loss_of(ill) == loss(practice=4)


def test_both_choices_of_a_together_scene_are_weighed() -> None:
    assert loss_of(play(meeting(), "officer: stay", "advocate: phone")) == loss(practice=3)


def test_a_play_that_goes_on_has_no_loss_yet() -> None:
    with pytest.raises(ValueError, match="ended"):
        loss_of(play(once({"go": {}})))


def test_losses_are_compared_lines_first_then_duties_then_practice() -> None:
    rising = [NOTHING, loss(practice=9), loss(duties=1), loss(0, 1, 1), loss(0, 9, 9), loss(lines=Fraction(1, 100))]
    assert sorted(reversed(rising)) == rising


def test_losses_are_added_part_by_part() -> None:
    assert loss(1, 2, 3) + loss(10, 20, 30) == loss(11, 22, 33)
    assert loss(11, 22, 33) - loss(1, 2, 3) == loss(10, 20, 30)
    assert loss(1, 2, 3).times(Fraction(1, 2)) == loss(Fraction(1, 2), 1, Fraction(3, 2))


# --- moves ---------------------------------------------------------------------------------------------------------


def meeting(*, to: str = "ending", **rest: Any) -> Game:
    """Both act at once; the officer goes (2 points better) or stays, the advocate knocks (1 point better) or phones."""
    acts = {
        "phone": {"seat": "advocate", "practice": {"choice": -1}},
        "knock": {"seat": "advocate", "practice": {"choice": 0}},
        "go": {"seat": "officer", "practice": {"safety": 2}},
        "stay": {"seat": "officer"},
        "fly": {"seat": "officer", "when": "flying", "closed": "No."},
    }
    scene = {"turn": ["officer", "advocate"], "actions": acts, "to": to}
    after_it = {"turn": "officer", "actions": {"leave": {"to": "ending"}}}
    return world({"here": scene, "later": after_it, "ending": ENDING}, facts=("flying",), **rest)


def actions(state: State) -> list[tuple[str, ...]]:
    return [tuple(event.action for event in events) for events in moves_of(state)]


def test_the_moves_of_one_seat_are_its_open_actions_in_the_authors_order() -> None:
    start = engine.start(once(PRACTICE, facts=("flying",)))
    assert actions(start) == [("well",), ("fair",), ("ill",), ("plain",)]
    assert moves_of(start)[0] == (Choose(seat="officer", action="well"),)


def test_the_moves_of_a_together_scene_are_all_joint_choices_in_seat_order() -> None:
    start = engine.start(meeting())
    assert actions(start) == [("go", "phone"), ("go", "knock"), ("stay", "phone"), ("stay", "knock")]
    assert [event.seat for event in moves_of(start)[0] if isinstance(event, Choose)] == ["officer", "advocate"]


def test_the_moves_of_a_together_scene_under_way_are_those_of_who_is_left() -> None:
    assert actions(play(meeting(), "advocate: knock")) == [("go",), ("stay",)]


def test_the_moves_of_chance_are_its_open_outcomes() -> None:
    luck = {"rain": {"to": "ending"}, "snow": {"when": "flying", "to": "ending"}, "sun": {"to": "ending"}}
    start = engine.start(world({"sky": {"turn": "chance", "actions": luck}, "ending": ENDING}, facts=("flying",)))
    assert moves_of(start) == [(Chance(action="rain"),), (Chance(action="sun"),)]


def test_nothing_moves_at_an_ending() -> None:
    assert moves_of(play(once({"go": {}}), "go")) == []


def test_the_moves_made_are_told_with_the_states_around_them() -> None:
    end = play(meeting(to="later"), "advocate: knock", "officer: stay", "leave")
    found = [(before.scene, [event.action for event in events], now.scene) for before, events, now in made(end)]
    assert found == [("here", ["knock", "stay"], "later"), ("later", ["leave"], "ending")]


# --- the outlook ---------------------------------------------------------------------------------------------------


def test_the_outlook_of_a_play_that_has_ended_is_its_loss() -> None:
    end = play(once(PRACTICE, facts=("flying",)), "ill")
    assert outlook(end, 0) == loss(practice=4)


def test_the_outlook_is_the_least_loss_of_all_choices() -> None:
    assert outlook_of(once({"ill": {"records": "shot"}, "well": {}}, lines=NEVER_SHOT), 1) == NOTHING


def test_one_line_outranks_any_number_of_duties() -> None:
    choice = {"shoot": {"records": "shot"}, "flee": {"records": ["a", "b", "c"], "practice": {"safety": -2}}}
    rules = {name: {"never": name} for name in "abc"}
    # shooting: 1 line, nothing else; fleeing: no line, 3 duties missed, 2 points of practice
    assert outlook_of(once(choice, lines=NEVER_SHOT, duties=rules), 1) == loss(0, 6, 2)


def test_one_duty_outranks_any_practice() -> None:
    choice = {"call": {"records": "called", "practice": {"safety": -2, "choice": -2}}, "charm": PRACTICE["well"]}
    assert outlook_of(once(choice, duties=OWES_CALL), 1) == loss(practice=5)


PACK: dict[str, Any] = {"take": {"records": "packed"}, "leave": {"practice": {"safety": 1}}}
LUCK: dict[str, Any] = {"rain": {"weight": 1, "records": "rained"}, "sun": {"weight": 3}}


def weather(first: str) -> Game:
    """Dry three times in four. Who leaves the umbrella misses a duty in the rain; who takes it loses 1 point of practice.

    `first`: what comes first, "home" (where one packs, or not) or "sky" (which nobody decides).
    """
    then = {"home": "sky", "sky": "ending"} if first == "home" else {"sky": "home", "home": "ending"}
    scenes = {
        "home": {"turn": "officer", "actions": {key: {**act, "to": then["home"]} for key, act in PACK.items()}},
        "sky": {"turn": "chance", "actions": {key: {**luck, "to": then["sky"]} for key, luck in LUCK.items()}},
        "ending": ENDING,
    }
    return world(scenes, opening=first, duties={"it": {"when": "rained", "must": "packed"}})


def test_chance_is_averaged_by_its_weights() -> None:
    start = engine.start(weather("home"))
    # without an umbrella: one time in four a duty is missed (2)
    assert outlook(move(start, "leave"), 1) == loss(duties=Fraction(1, 2))
    assert outlook(move(start, "take"), 1) == loss(practice=1)


def test_chance_is_not_foreseen_by_who_acts_before_it() -> None:
    assert outlook_of(weather("home"), 2) == loss(practice=1)


def test_what_chance_has_brought_is_used_by_who_acts_after_it() -> None:
    # the umbrella is taken only when it rains, one time in four
    assert outlook_of(weather("sky"), 2) == loss(practice=Fraction(1, 4))


def test_a_closed_outcome_has_no_part_in_the_average() -> None:
    luck = {
        "rain": {"weight": 1, "records": "shot", "to": "ending"},
        "snow": {"weight": 8, "when": "flying", "to": "ending"},
        "sun": {"weight": 1, "to": "ending"},
    }
    game = world({"sky": {"turn": "chance", "actions": luck}, "ending": ENDING}, facts=("flying",), lines=NEVER_SHOT)
    assert outlook_of(game, 1) == loss(lines=Fraction(1, 2))


def handshake() -> Game:
    """Together: both go left, or both right; else a duty is missed. Left costs the officer 1 point, right the advocate 2."""
    acts = {
        "o-left": {"seat": "officer", "records": "o_left"},
        "o-right": {"seat": "officer", "records": "o_right", "practice": {"safety": 1}},
        "a-left": {"seat": "advocate", "records": "a_left", "practice": {"choice": 2}},
        "a-right": {"seat": "advocate", "records": "a_right"},
    }
    scene = {"turn": ["officer", "advocate"], "actions": acts, "to": "ending"}
    met = "(o_left and a_left) or (o_right and a_right)"
    return world({"here": scene, "ending": ENDING}, duties={"it": {"must": met}})


def test_a_together_scene_is_weighed_jointly_over_all_pairs_of_choices() -> None:
    # left-left 0+1+0, right-right 0+0+2, mixed 2 duties: left-left is the least, though right is the officer's own best
    assert outlook_of(handshake(), 1) == loss(practice=1)


def test_a_together_scene_is_one_move() -> None:
    assert outlook_of(handshake(), 0) is None
    assert [len(events) for events in moves_of(engine.start(handshake()))] == [2] * 4


def test_while_a_together_scene_waits_the_choice_made_stands() -> None:
    assert outlook(play(handshake(), "advocate: a-right"), 1) == loss(practice=2)


def test_a_loop_that_costs_nothing_to_leave_is_left_at_once() -> None:
    game = hub({"wait": {"practice": {"safety": -1}}})
    assert [outlook_of(game, moves) for moves in (1, 2, 3)] == [NOTHING] * 3


def test_a_loop_is_used_when_it_helps_and_the_horizon_allows() -> None:
    game = hub({"call": {"records": "called"}}, duties=OWES_CALL)
    assert [outlook_of(game, moves) for moves in (0, 1, 2)] == [None, loss(duties=2), NOTHING]


def test_there_is_no_outlook_where_no_plan_ends_within_the_horizon() -> None:
    scenes = {"here": {"turn": "officer", "actions": {"on": {"to": "there"}}}, "there": {}, "ending": ENDING}
    scenes["there"] = {"turn": "officer", "actions": {"on": {"to": "ending"}, "back": {"to": "here"}}}
    assert [outlook_of(world(scenes), moves) for moves in (0, 1, 2, 3)] == [None, None, NOTHING, NOTHING]


def test_there_is_no_outlook_where_no_ending_can_be_reached() -> None:
    scenes = {"here": {"turn": "officer", "actions": {"on": {"to": "here"}}}, "ending": ENDING}
    assert outlook_of(world(scenes), 6) is None


def test_a_way_that_never_ends_is_no_plan_however_little_it_costs() -> None:
    acts = {"spin": {"to": "spin"}, "shoot": {"records": "shot", "to": "ending"}}
    spin = {"turn": "officer", "actions": {"on": {"to": "spin"}}}
    game = world({"here": {"turn": "officer", "actions": acts}, "spin": spin, "ending": ENDING}, lines=NEVER_SHOT)
    assert outlook_of(game, 5) == loss(lines=1)


def test_there_is_no_outlook_where_chance_may_take_the_way_that_does_not_end() -> None:
    luck = {"heads": {"to": "ending"}, "tails": {"to": "sky"}}
    game = world({"sky": {"turn": "chance", "actions": luck}, "ending": ENDING})
    assert outlook_of(game, 8) is None  # it ends with probability one, yet surely within no number of moves


def test_a_scene_in_which_nothing_is_open_has_no_outlook() -> None:
    acts = {"fly": {"when": "flying", "closed": "No.", "to": "ending"}}
    game = world({"here": {"turn": "officer", "actions": acts}, "ending": ENDING}, facts=("flying",))
    assert outlook_of(game, 3) is None


def test_what_happened_before_is_part_of_the_outlook() -> None:
    game = hub({"shoot": {"records": "shot"}}, lines=NEVER_SHOT)
    assert outlook(play(game, "shoot"), 1) == loss(lines=1)


# --- the costs of a play -------------------------------------------------------------------------------------------


def drops(end: State, moves: int) -> list[tuple[str, Loss]]:
    return [(cost.kind, cost.drop) for cost in costs(end, moves)]


def test_the_best_choice_costs_nothing_and_another_what_it_gives_away() -> None:
    game = once(PRACTICE, facts=("flying",))
    assert drops(play(game, "fair"), 1) == [("decision", NOTHING)]
    assert drops(play(game, "ill"), 1) == [("decision", loss(practice=4))]


def test_the_outlook_falls_by_choice_and_by_chance() -> None:
    end = play(weather("home"), "leave", "rain")
    # from 1 point to half a duty by the choice, then to a whole missed duty by chance
    assert drops(end, 2) == [
        ("decision", loss(0, Fraction(1, 2), -1)),
        ("chance", loss(duties=Fraction(3, 2))),
    ]


def test_good_luck_is_a_drop_below_nothing() -> None:
    assert drops(play(weather("home"), "leave", "sun"), 2)[1] == ("chance", loss(duties=Fraction(-1, 2)))


def test_a_together_scene_is_one_cost() -> None:
    assert drops(play(handshake(), "advocate: a-right", "officer: o-left"), 1) == [("decision", loss(0, 2, 2))]


@pytest.mark.parametrize("path", [("leave", "rain"), ("leave", "sun"), ("take", "rain"), ("take", "sun")])
def test_the_loss_is_the_outlook_at_the_start_and_all_costs(path: tuple[str, ...]) -> None:
    end = play(weather("home"), *path)
    first = outlook_of(end.game, 2)
    assert first is not None
    assert first + sum((cost.drop for cost in costs(end, 2)), NOTHING) == loss_of(end)


def test_a_loop_taken_is_charged_only_once_the_horizon_no_longer_makes_up_for_it() -> None:
    game = hub({"call": {"records": "called"}, "wait": {}}, duties=OWES_CALL)
    end = play(game, "wait", "wait", "end")
    assert drops(end, 4) == [("decision", NOTHING), ("decision", NOTHING), ("decision", loss(duties=2))]
    assert drops(end, 3) == [("decision", NOTHING), ("decision", loss(duties=2)), ("decision", NOTHING)]


def test_a_play_longer_than_the_horizon_has_no_costs() -> None:
    with pytest.raises(ValueError, match="no plan surely ends"):
        costs(play(hub({"wait": {}}), "wait", "wait", "end"), 2)


# --- who is charged in a together scene ----------------------------------------------------------------------------


def test_two_seats_share_what_only_both_together_bring_about() -> None:
    v = {frozenset(): NOTHING, frozenset("a"): loss(1), frozenset("b"): NOTHING, frozenset("ab"): loss(4, 0, 1)}
    # a first: 1, then b adds 3 and 1; b first: 0, then a adds 4 and 1
    assert shapley(v, ["a", "b"]) == {
        "a": loss(Fraction(5, 2), 0, Fraction(1, 2)),
        "b": loss(Fraction(3, 2), 0, Fraction(1, 2)),
    }


def test_three_seats_share_by_the_orders_in_which_they_may_join() -> None:
    # a duty is missed (2) as soon as a and one of the others join
    v = {
        frozenset(joined): loss(duties=2 if "a" in joined and len(joined) > 1 else 0)
        for joined in ("", "a", "b", "c", "ab", "ac", "bc", "abc")
    }
    # a tips it in 4 of the 6 orders (bac, bca, cab, cba), b in one (abc), c in one (acb)
    assert shapley(v, ["a", "b", "c"]) == {
        "a": loss(duties=Fraction(4, 3)),
        "b": loss(duties=Fraction(1, 3)),
        "c": loss(duties=Fraction(1, 3)),
    }
