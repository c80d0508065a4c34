"""What the oracle says can be reached, and what a seat cannot tell apart, on tiny worlds worked out by hand."""

from __future__ import annotations

from typing import Any

from simulator import engine
from simulator.engine import State
from simulator.game import Game
from simulator.view import view
from tests.oracle import fits, made, reached, within
from tests.oracle_views import alike, in_seat_order
from tests.small import hub, play, world

ENDING = {"ending": {"title": "The end"}}


def meeting() -> Game:
    """Both act at once, the officer goes or stays (flying is closed), the advocate knocks or phones; then he leaves."""
    acts = {
        "knock": {"seat": "advocate"},
        "phone": {"seat": "advocate"},
        "go": {"seat": "officer"},
        "stay": {"seat": "officer"},
        "fly": {"seat": "officer", "when": "flying", "closed": "No."},
    }
    scenes = {
        "here": {"turn": ["officer", "advocate"], "actions": acts, "to": "later"},
        "later": {"turn": "officer", "actions": {"leave": {"to": "ending"}}},
        "ending": ENDING,
    }
    return world(scenes, facts=("flying",))


# --- what can be reached -------------------------------------------------------------------------------------------


def errand() -> Game:
    """Call or walk; who walks may be sent back by chance. `fly` is never open, `rest` only once one has walked."""
    scenes = {
        "home": {
            "turn": "officer",
            "actions": {
                "call": {"minutes": 5, "records": "called", "to": "told"},
                "walk": {"minutes": 20, "records": "walked", "to": "street"},
                "rest": {"minutes": 60, "when": "walked", "closed": "Not yet.", "to": "asleep"},
                "fly": {"when": "flying", "closed": "No.", "to": "moon"},
            },
        },
        "street": {"turn": "chance", "actions": {"clear": {"to": "told"}, "blocked": {"to": "home"}}},
        "told": {"minutes": 1, "records": "told", "to": "done"},
        "moon": {"to": "done"},
        "done": ENDING,
        "asleep": ENDING,
    }
    rules = {"it": {"must": "told", "within": "30 min"}, "never-walk": {"never": "walked"}}
    return world(scenes, facts=("flying",), duties=rules)


def test_what_one_move_reaches() -> None:
    found = reached(errand(), 1)
    assert found.scenes == {"home", "street", "told", "done"}
    assert found.actions == {("home", "call"), ("home", "walk")}
    assert (found.endings, found.unfinished) == ({"done": 1}, 1)
    assert (found.lengths, found.minutes) == ((1, 1), (6, 6))
    assert found.statuses == {"it": {"met"}, "never-walk": {"met"}}


def test_what_three_moves_reach() -> None:
    found = reached(errand(), 3)
    # call · walk clear · walk blocked call · walk blocked rest; walk blocked walk goes on
    assert (found.endings, found.unfinished) == ({"done": 3, "asleep": 1}, 1)
    assert (found.lengths, found.minutes) == ((1, 3), (6, 80))
    assert found.statuses == {"it": {"met", "missed"}, "never-walk": {"met", "missed"}}


def test_an_action_is_open_in_some_states_and_closed_in_others() -> None:
    found = reached(errand(), 3)
    assert ("home", "rest") in found.open & found.closed
    assert ("home", "fly") in found.closed - found.open
    assert ("home", "call") in found.open - found.closed


def test_what_leads_past_the_horizon_is_seen_open_but_not_taken() -> None:
    found = reached(errand(), 2)
    assert ("home", "rest") in found.open
    assert ("home", "rest") not in found.actions


def test_every_pair_of_choices_of_a_together_scene_is_a_way() -> None:
    found = reached(meeting(), 2)
    assert (found.endings, found.unfinished) == ({"ending": 4}, 0)
    assert ("here", "fly") in found.closed


def test_the_longest_in_minutes_need_not_be_the_longest_in_moves() -> None:
    game = hub({"blink": {"minutes": 1}, "sleep": {"minutes": 400, "to": "ending"}})
    found = reached(game, 3)
    assert (found.lengths, found.minutes) == ((1, 3), (0, 402))
    assert found.endings == {"ending": 6}  # after none, one or two blinks: sleep or end


def test_nothing_ends_where_there_is_no_way_out() -> None:
    found = reached(world({"here": {"turn": "officer", "actions": {"on": {"to": "here"}}}, "ending": ENDING}), 4)
    assert (found.endings, found.unfinished, found.lengths, found.minutes) == ({}, 1, None, None)


def test_a_scenario_too_wide_to_try_out_is_told_before() -> None:
    start = engine.start(hub({"a": {}, "b": {}, "c": {}}))
    # 1 + 4 + 3·4 states within two moves
    assert len(list(within(start, 2))) == 17
    assert (fits(start, 2, limit=17), fits(start, 2, limit=16)) == (True, False)


# --- what a seat cannot tell apart ---------------------------------------------------------------------------------


WAIT = {"records": "waited", "to": "his"}


def parted(*, present: bool = False, **rest: Any) -> Game:
    """The advocate promises or refuses in 5 minutes, dawdles for 20, or promises in two steps; then the officer acts."""
    hers = {
        "promise": {"minutes": 5, "records": "promised", "to": "his"},
        "refuse": {"minutes": 5, "records": "refused", "to": "his"},
        "dawdle": {"minutes": 20, "records": "promised", "to": "his"},
        "think": {"minutes": 3, "to": "thinking"},
    }
    seen = {"present": ["advocate", "officer"]} if present else {}
    scenes = {
        "hers": {"turn": "advocate", "text": "Her room.", "actions": hers, **seen},
        "thinking": {
            "turn": "advocate",
            "actions": {"promise-after-all": {"minutes": 2, "records": "promised", "to": "his"}},
        },
        "his": {"turn": "officer", "text": "The car.", "actions": {"wait": WAIT, "leave": {"to": "ending"}}},
        "ending": ENDING,
    }
    return world(scenes, **rest)


def recorded(states: list[State]) -> list[list[str]]:
    return [list(state.record.facts) for state in states]


def test_a_partners_unseen_move_cannot_be_told_apart() -> None:
    assert recorded(alike(play(parted(), "promise"), "officer", 1)) == [["promised"], ["refused"]]


def test_a_partners_move_that_took_another_time_can_be_told_apart() -> None:
    assert recorded(alike(play(parted(), "dawdle"), "officer", 1)) == [["promised"]]


def test_a_partners_move_that_was_witnessed_can_be_told_apart() -> None:
    assert recorded(alike(play(parted(present=True), "promise"), "officer", 2)) == [["promised"]]


def test_nobody_counts_the_steps_that_were_taken_elsewhere() -> None:
    found = alike(play(parted(), "think", "promise-after-all"), "officer", 2)
    assert sorted(state.record.step for state in found) == [1, 1, 2]


def test_only_states_within_the_moves_are_looked_at() -> None:
    assert [state.record.step for state in alike(play(parted(), "promise"), "officer", 1)] == [1, 1]
    assert alike(play(parted(), "think", "promise-after-all"), "officer", 1) != []
    assert alike(play(parted(), "promise", "wait"), "officer", 1) == []


def test_ones_own_moves_are_remembered() -> None:
    waited = play(parted(), "promise", "wait")
    assert [[e.action for _, m, _ in made(state) for e in m] for state in alike(waited, "officer", 2)] == [
        ["promise", "wait"],
        ["refuse", "wait"],
    ]


def test_a_seat_that_is_not_on_turn_has_nothing_to_tell_apart() -> None:
    assert alike(play(parted(), "promise"), "advocate", 2) == []


def test_the_advocate_knows_her_own_move() -> None:
    found = alike(play(parted(), "think"), "advocate", 3)
    assert [state.scene for state in found] == ["thinking"]


def test_the_duties_shown_make_no_difference() -> None:
    """The officer's waiting opens a duty if the advocate promised: seeing it would give her unseen step away."""
    duty = {"it": {"when": "promised and waited", "must": "kept"}}
    found = alike(play(parted(duties=duty, facts=("kept",)), "promise", "wait"), "officer", 2)
    assert [len(view(state, "officer").duties) for state in found] == [1, 0]


def test_while_a_together_scene_waits_a_seat_knows_what_it_knew_before() -> None:
    start = engine.start(meeting())
    for state in (start, play(meeting(), "advocate: knock"), play(meeting(), "advocate: phone")):
        [found] = alike(state, "officer", 1)
        assert (found.scene, found.pending) == ("here", ())


def test_in_which_order_a_together_scene_was_chosen_makes_no_difference() -> None:
    one, other = (play(meeting(), *both) for both in
                  (("officer: go", "advocate: knock"), ("advocate: knock", "officer: go")))  # fmt: skip
    assert in_seat_order(other).record == one.record
    assert [state.record for state in alike(other, "officer", 1)] == [one.record]


def test_a_chance_that_one_seat_did_not_see_leaves_it_in_the_dark() -> None:
    luck = {"quiet": {"minutes": 5, "to": "his"}, "noise": {"minutes": 5, "records": "heard", "to": "his"}}
    scenes = {
        "night": {"turn": "chance", "present": ["advocate"], "actions": luck},
        "his": {"turn": "officer", "actions": {"leave": {"to": "hers"}}},
        "hers": {"turn": "advocate", "actions": {"leave": {"to": "ending"}}},
        "ending": ENDING,
    }
    game = world(scenes)
    assert len(alike(play(game, "noise"), "officer", 1)) == 2
    assert len(alike(play(game, "noise", "leave"), "advocate", 2)) == 1
