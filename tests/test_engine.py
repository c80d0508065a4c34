"""The engine: every kind of turn, guards with reasons, effects in their order, and what is not allowed."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

import pytest

from simulator import engine
from simulator.engine import NotAllowed, State
from simulator.events import Chance, Choose, Pause
from simulator.game import Game
from simulator.partner import choose, draw
from tests.small import SEATS, hub, move, play, world

END = {"ending": {"title": "The end"}}


def one(actions: dict[str, Any], **rest: Any) -> Game:
    """The officer's scene `here`, a scene `there` of the advocate's, and the end."""
    there = {"turn": "advocate", "actions": {"finish": {"to": "ending"}}}
    return world({"here": {"turn": "officer", "actions": actions}, "there": there, "ending": END}, **rest)


def choices(state: State, seat: str) -> list[str]:
    return [option.action.id for option in engine.options(state, seat)]


# --- turns ---------------------------------------------------------------------------------------------------------


def test_a_scene_of_one_seat_is_that_seats_turn() -> None:
    state = play(one({"go": {"to": "there"}}))
    assert engine.turn(state) == ("officer",)
    assert (choices(state, "officer"), choices(state, "advocate")) == (["go"], [])


def test_an_action_leads_to_its_scene() -> None:
    state = play(one({"go": {"to": "there"}}), "go")
    assert (state.scene, engine.turn(state), state.record.step) == ("there", ("advocate",), 1)


def test_an_ending_is_nobodys_turn() -> None:
    state = play(one({"go": {"to": "ending"}}), "go")
    assert (state.ended, engine.turn(state), engine.outcomes(state)) == (True, (), ())


def test_options_come_in_the_authors_order() -> None:
    assert choices(play(one({"z": {"to": "there"}, "a": {"to": "there"}, "m": {"to": "there"}})), "officer") == [
        "z",
        "a",
        "m",
    ]


def test_a_chance_scene_is_nobodys_turn_and_has_outcomes() -> None:
    scenes = {"sky": {"turn": "chance", "actions": {"rain": {"to": "ending"}, "sun": {"to": "ending"}}}, "ending": END}
    state = play(world(scenes))
    assert (engine.turn(state), [action.id for action in engine.outcomes(state)]) == ((), ["rain", "sun"])
    assert move(state, "chance: sun").ended


def test_what_chance_records_is_nobodys_doing() -> None:
    scenes = {"sky": {"turn": "chance", "actions": {"rain": {"to": "ending", "records": "wet"}}}, "ending": END}
    [wet] = play(world(scenes), "chance: rain").record.facts["wet"]
    assert wet.seat is None


def test_a_closed_outcome_cannot_be_brought_by_chance() -> None:
    outcomes = {"rain": {"to": "ending", "when": "trust > 5"}, "sun": {"to": "ending"}}
    game = world(
        {"sky": {"turn": "chance", "actions": outcomes}, "ending": END},
        meters={"trust": {"label": "Trust", "start": 4}},
    )
    assert [action.id for action in engine.outcomes(play(game))] == ["sun"]
    with pytest.raises(NotAllowed, match="chance does not bring “rain” here"):
        play(game, "chance: rain")


# --- narration -----------------------------------------------------------------------------------------------------


def narrated(opening: str = "here") -> Game:
    scenes = {
        "here": {"turn": "officer", "actions": {"go": {"minutes": 1, "to": "drive"}}},
        "drive": {"minutes": 10, "records": "drove", "to": "knock"},
        "knock": {"minutes": 2, "records": "knocked", "to": "inside"},
        "inside": {"turn": "advocate", "actions": {"finish": {"to": "ending"}}},
        "ending": END,
    }
    return world(scenes, opening=opening)


def test_narrations_are_told_at_once_and_lead_on() -> None:
    assert play(narrated(), "go").entered == (("drive", 1), ("knock", 11), ("inside", 13))


def test_what_a_narration_records_happens_at_its_end() -> None:
    facts = play(narrated(), "go").record.facts
    assert (facts["drove"][0].minute, facts["knocked"][0].minute) == (11, 13)


def test_an_opening_narration_is_told_before_the_first_choice() -> None:
    state = play(narrated(opening="drive"))
    assert (state.scene, state.now, state.record.step) == ("inside", 12, 0)


def test_a_narration_may_branch() -> None:
    scenes = {
        "here": {"turn": "officer", "actions": {"nod": {"records": "nodded", "to": "then"}, "go": {"to": "then"}}},
        "then": {"to": [{"when": "nodded", "to": "there"}, {"to": "ending"}]},
        "there": {"turn": "officer", "actions": {"finish": {"to": "ending"}}},
        "ending": END,
    }
    assert (play(world(scenes), "nod").scene, play(world(scenes), "go").scene) == ("there", "ending")


# --- guards and branches -------------------------------------------------------------------------------------------


def guarded() -> Game:
    knock = {"when": "arrived", "closed": "You are not at the door yet.", "text": "Knock.", "to": "ending"}
    return hub({"arrive": {"records": "arrived"}, "knock": knock})


def test_a_closed_option_gives_its_reason() -> None:
    [knock] = [o for o in engine.options(play(guarded()), "officer") if o.action.id == "knock"]
    assert (knock.open, knock.reason) == (False, "You are not at the door yet.")


def test_an_option_opens_when_its_guard_holds() -> None:
    [knock] = [o for o in engine.options(play(guarded(), "arrive"), "officer") if o.action.id == "knock"]
    assert (knock.open, knock.reason) == (True, None)


def test_the_first_branch_that_holds_is_taken() -> None:
    branches = [{"when": "trust > 4", "to": "there"}, {"when": "trust > 3", "to": "ending"}, {"to": "here"}]
    meters = {"trust": {"label": "Trust", "start": 4}}
    game = one({"go": {"to": branches}, "smile": {"change": {"trust": 1}, "to": "here"}}, meters=meters)
    assert play(game, "go").scene == "ending"
    assert play(game, "smile", "go").scene == "there"


def test_a_branch_sees_what_its_own_action_did() -> None:
    branches = [{"when": "smiled", "to": "there"}, {"to": "ending"}]
    assert play(one({"smile": {"records": "smiled", "to": branches}}), "smile").scene == "there"


def test_the_last_branch_is_taken_when_none_holds() -> None:
    branches = [{"when": "smiled", "to": "there"}, {"to": "ending"}]
    assert play(one({"go": {"to": branches}}, facts=("smiled",)), "go").scene == "ending"


# --- together ------------------------------------------------------------------------------------------------------


def both() -> Game:
    actions = {
        "speak": {"seat": "officer", "minutes": 5, "records": "spoke", "change": {"trust": 1}},
        "wait": {"seat": "officer", "minutes": 1},
        "listen": {"seat": "advocate", "minutes": 10, "records": "listened"},
        "leave": {"seat": "advocate", "minutes": 2, "when": "spoke", "closed": "Nobody has spoken."},
    }
    scenes = {
        "both": {
            "turn": ["officer", "advocate"],
            "to": [{"when": "spoke", "to": "there"}, {"to": "ending"}],
            "actions": actions,
        },
        "there": {"turn": "advocate", "actions": {"finish": {"to": "ending"}}},
        "ending": END,
    }
    return world(scenes, meters={"trust": {"label": "Trust", "start": 4}})


def test_together_each_seat_sees_its_own_actions() -> None:
    state = play(both())
    assert engine.turn(state) == ("officer", "advocate")
    assert (choices(state, "officer"), choices(state, "advocate")) == (["speak", "wait"], ["listen", "leave"])


def test_together_a_first_choice_changes_nothing_yet() -> None:
    before, after = play(both()), play(both(), "officer: speak")
    assert (after.record, after.watches, after.scene, after.entered) == (before.record, before.watches, "both", ())
    assert (engine.turn(after), choices(after, "officer")) == (("advocate",), [])


def test_together_all_is_revealed_once_all_have_chosen() -> None:
    state = play(both(), "officer: speak", "advocate: listen")
    assert (state.scene, state.now, state.record.step, state.pending) == ("there", 10, 1, ())
    assert [(fact, o.minute, o.seat) for fact, [o] in state.record.facts.items()] == [
        ("spoke", 5, "officer"),
        ("listened", 10, "advocate"),
    ]


def test_together_the_order_of_choosing_makes_no_difference() -> None:
    first = play(both(), "officer: speak", "advocate: listen")
    second = play(both(), "advocate: listen", "officer: speak")
    assert (first.record, first.scene) == (second.record, second.scene)


def test_together_nobody_chooses_twice() -> None:
    with pytest.raises(NotAllowed, match="not Officer Reyes's turn"):
        play(both(), "officer: speak", "officer: wait")


def test_together_a_guard_does_not_see_the_partners_choice() -> None:
    with pytest.raises(NotAllowed, match="Nobody has spoken"):
        play(both(), "officer: speak", "advocate: leave")


def test_together_nobody_takes_the_partners_action() -> None:
    with pytest.raises(NotAllowed, match="no action “listen” for officer"):
        play(both(), "officer: listen")


def test_together_the_scene_decides_where_it_leads() -> None:
    assert play(both(), "officer: wait", "advocate: listen").scene == "ending"


# --- effects -------------------------------------------------------------------------------------------------------


def test_a_meter_stays_within_its_bounds() -> None:
    meters = {"trust": {"label": "Trust", "from": -2, "to": 3, "start": 0}}
    game = hub({"up": {"change": {"trust": 2}}, "down": {"change": {"trust": -5}}}, meters=meters)
    assert [play(game, *moves).record.meters["trust"] for moves in (["up"], ["up", "up"], ["up", "down"])] == [2, 3, -2]


def test_a_status_holds_its_latest_value() -> None:
    statuses = {"wish": {"values": ["unknown", "yes", "no"], "start": "unknown"}}
    game = hub({"yes": {"set": {"wish": "yes"}}, "no": {"set": {"wish": "no"}}}, statuses=statuses)
    assert [play(game, *moves).record.statuses["wish"] for moves in ([], ["yes"], ["yes", "no"])] == [
        "unknown",
        "yes",
        "no",
    ]


def test_a_fact_keeps_all_its_times() -> None:
    game = hub({"call": {"minutes": 5, "records": "called"}})
    assert [(o.minute, o.step) for o in play(game, "call", "call").record.facts["called"]] == [(5, 1), (10, 2)]


def test_an_action_may_last_until_the_next_business_day() -> None:
    game = hub({"sleep": {"until": "next business day 09:00"}}, starts="2026-01-09T23:52", holidays=("2026-01-12",))
    assert game.calendar.at(play(game, "sleep").now) == datetime(2026, 1, 13, 9)


def test_a_narration_may_last_until_the_next_day() -> None:
    scenes = {
        "here": {"turn": "officer", "actions": {"go": {"to": "night"}}},
        "night": {"until": "next day 08:00", "to": "ending"},
        "ending": END,
    }
    game = world(scenes)
    assert game.calendar.at(play(game, "go").now) == datetime(2026, 3, 3, 8)


def test_together_until_is_weighed_against_minutes() -> None:
    actions = {
        "sleep": {"seat": "officer", "until": "next day 08:00"},
        "talk": {"seat": "advocate", "minutes": 30},
    }
    scenes = {"both": {"turn": ["officer", "advocate"], "to": "ending", "actions": actions}, "ending": END}
    game = world(scenes)
    assert game.calendar.at(play(game, "officer: sleep", "advocate: talk").now) == datetime(2026, 3, 3, 8)


def test_what_a_seat_learns_is_not_a_telling_and_keeps_its_first_source() -> None:
    learns = {"learn": {"officer": "gun"}, "minutes": 5}
    game = hub({"look": learns}, items={"gun": {"text": "where the gun is"}})
    known = play(game, "look", "look").record.known["officer", "gun"]
    assert (known.source, known.minute) == ("survivor", 5)


def test_a_seat_knows_from_the_start_what_the_author_says() -> None:
    game = hub({}, items={"gun": {"text": "where the gun is", "known_by": ["officer"]}})
    assert list(play(game).record.known) == [("officer", "gun")]


def test_a_release_form_keeps_when_it_was_asked_signed_refused_and_taken_back() -> None:
    form = {"holder": "officer", "recipient": "advocate", "items": "gun", "purpose": "safety", "lasts": "60 min"}
    moves = {
        "ask": {"minutes": 1, "asks_release": "form"},
        "refuse": {"minutes": 1, "refuses_release": "form"},
        "sign": {"minutes": 1, "signs_release": "form"},
        "revoke": {"minutes": 1, "revokes_release": "form"},
    }
    game = hub(moves, items={"gun": {"text": "where the gun is"}}, releases={"form": form})
    held = play(game, "ask", "refuse", "sign", "revoke").record.forms["form"]
    assert held == (1, 2, 3, 63, 4)
    assert play(game, "ask", "refuse", "sign", "revoke", "sign").record.forms["form"].revoked is None


def test_a_state_never_changes() -> None:
    game = hub(
        {"call": {"minutes": 5, "records": "called", "change": {"trust": 1}}},
        meters={"trust": {"label": "T", "start": 4}},
    )
    state = play(game)
    move(state, "call")
    assert (state.now, state.record.facts, state.record.meters, state.record.step) == (0, {}, {"trust": 4}, 0)


def test_the_chain_leads_from_the_start_to_here() -> None:
    state = play(one({"go": {"to": "there"}}), "go", "finish")
    assert [at.scene for at in engine.chain(state)] == ["here", "there", "ending"]


# --- what is not allowed -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (Choose(seat="advocate", action="knock"), "it is not Ms. Okafor's turn"),
        (Choose(seat="sergeant", action="knock"), "it is not sergeant's turn"),
        (Choose(seat="officer", action="shout"), "there is no action “shout” for officer in “hub”"),
        (Choose(seat="officer", action="knock"), "“Knock.” is closed: You are not at the door yet."),
        (Chance(action="arrive"), "chance does not bring “arrive” here"),
        (Pause(), "a “paused” event moves no story"),
    ],
)
def test_what_cannot_happen_is_refused_in_words(event: Any, words: str) -> None:
    with pytest.raises(NotAllowed) as caught:
        engine.step(play(guarded()), event)
    assert str(caught.value) == words


def test_nothing_happens_after_the_ending() -> None:
    with pytest.raises(NotAllowed, match="not Officer Reyes's turn"):
        engine.step(play(guarded(), "end"), Choose(seat="officer", action="arrive"))


# --- what depends on the setting -----------------------------------------------------------------------------------


def test_a_guard_reads_the_law_of_the_jurisdiction() -> None:
    actions = {"arrest": {"when": "law.mandatory_arrest", "closed": "Not here.", "to": "ending"}}
    [arrest, *_] = engine.options(play(hub(actions, switches=("mandatory_arrest",))), "officer")
    assert arrest.open


def test_those_who_act_are_present_unless_said_otherwise() -> None:
    scenes = {
        "here": {"turn": "officer", "actions": {"go": {"to": "told"}}},
        "hall": {"turn": "officer", "present": ["advocate"], "actions": {"go": {"to": "told"}}},
        "told": {"to": "ending"},
        "ending": END,
    }
    present = {scene.id: scene.present for scene in world(scenes).scenes.values()}
    assert present == {
        "here": {"officer"},
        "hall": {"advocate"},
        "told": frozenset(SEATS),
        "ending": frozenset(SEATS),
    }


# --- draws ---------------------------------------------------------------------------------------------------------


def test_a_draw_is_the_same_for_the_same_seed_and_number() -> None:
    assert [draw([1, 2, 3], 7, n) for n in range(50)] == [draw([1, 2, 3], 7, n) for n in range(50)]


def test_other_seeds_and_numbers_draw_otherwise() -> None:
    assert len({tuple(draw([1] * 5, seed, n) for n in range(10)) for seed in range(20)}) == 20


def test_draws_follow_their_weights() -> None:
    counts = Counter(draw([1, 3, 0], 11, n) for n in range(4000))
    assert counts[2] == 0
    assert 900 < counts[0] < 1100


def test_weights_that_are_all_zero_count_as_equal() -> None:
    assert {draw([0, 0], 5, n) for n in range(50)} == {0, 1}


def test_the_typical_partner_never_takes_what_tempts_nobody() -> None:
    assert {choose("typical", [0, 2, 3], 3, n) for n in range(100)} == {1, 2}


def test_the_random_partner_takes_anything() -> None:
    assert {choose("random", [0, 2, 3], 3, n) for n in range(100)} == {0, 1, 2}
