"""What one seat sees: its own scenes, papers and knowledge, and nothing of what only the other has."""

from __future__ import annotations

from typing import Any

from simulator.engine import State
from simulator.game import Game
from simulator.view import Passage, View, view
from tests.small import MONDAY, SEATS, play, world

END = {"ending": {"title": "The end"}}


def passages(state: State, seat: str) -> list[tuple[str, str]]:
    return [(passage.kind, passage.text) for passage in view(state, seat).passages]


def story(**rest: Any) -> Game:
    """The officer alone at the door, then the advocate alone at her desk, then both at the table."""
    scenes = {
        "door": {
            "title": "The door",
            "turn": "officer",
            "text": "A door stands open.",
            "private": {"advocate": "The phone has not rung yet.", "officer": "You have been here before."},
            "actions": {
                "knock": {
                    "text": "Knock.",
                    "says": "Nobody answers.",
                    "minutes": 30,
                    "records": "knocked",
                    "learn": {"officer": "gun"},
                    "message": {"to": "advocate", "text": "Can you come?"},
                    "report": "Knocked at the door.",
                    "to": "desk",
                },
                "kick": {"when": "knocked", "closed": "You have not knocked.", "text": "Kick.", "to": "desk"},
            },
        },
        "desk": {
            "turn": "advocate",
            "text": "Your desk lamp flickers.",
            "actions": {
                "drive": {
                    "text": "Drive over.",
                    "minutes": 20,
                    "records": "drove",
                    "case": [{"need": "housing"}, {"offered": "a room"}, {"given": "a ride"}],
                    "to": "table",
                }
            },
        },
        "table": {
            "turn": ["officer", "advocate"],
            "text": "Everybody sits.",
            "to": "ending",
            "actions": {
                "speak": {"seat": "officer", "text": "Speak.", "says": "You are heard."},
                "listen": {"seat": "advocate", "text": "Listen."},
            },
        },
        "ending": END,
    }
    items = {"gun": {"text": "where the gun is"}, "plan": {"text": "her plan", "known_by": "advocate"}}
    return world(scenes, items=items, **rest)


# --- the transcript ------------------------------------------------------------------------------------------------


def test_a_seat_reads_the_scenes_it_is_present_for() -> None:
    state = play(story(), "knock")
    assert ("scene", "A door stands open.") in passages(state, "officer")
    assert ("scene", "Your desk lamp flickers.") in passages(state, "advocate")


def test_a_seat_reads_nothing_of_a_scene_it_is_not_present_for() -> None:
    seen = repr(view(play(story(), "knock"), "advocate"))
    assert "A door stands open." not in seen
    assert "Nobody answers." not in seen
    assert "Knock." not in seen
    assert "The door" not in seen


def test_a_private_text_is_read_by_its_seat_alone() -> None:
    state = play(story())
    assert passages(state, "advocate") == [("private", "The phone has not rung yet.")]
    assert "The phone" not in repr(view(state, "officer"))


def test_a_choice_is_told_with_what_came_of_it_in_order() -> None:
    assert passages(play(story(), "knock"), "officer") == [
        ("scene", "A door stands open."),
        ("private", "You have been here before."),
        ("choice", "Knock."),
        ("says", "Nobody answers."),
        ("message", "Can you come?"),
        ("learned", "where the gun is"),
    ]


def test_a_choice_stands_at_its_beginning_and_what_came_of_it_at_its_end() -> None:
    choice, says = (p for p in view(play(story(), "knock"), "officer").passages if p.kind in ("choice", "says"))
    assert (says.at - choice.at).total_seconds() == 30 * 60
    assert (choice.who, choice.step) == ("Officer Reyes", 1)


def test_a_message_reaches_its_recipient_who_saw_nothing_else() -> None:
    found = [p for p in view(play(story(), "knock"), "advocate").passages if p.kind == "message"]
    assert [(p.text, p.who) for p in found] == [("Can you come?", "Officer Reyes")]


def test_time_that_a_seat_did_not_witness_is_told_as_a_gap() -> None:
    officer = view(play(story(), "knock", "drive", "officer: speak", "advocate: listen"), "officer").passages
    gap = next(p for p in officer if p.kind == "gap")
    assert gap == Passage(kind="gap", at=gap.at, text="20 minutes pass.", step=2)


def test_a_narration_is_witnessed_by_those_it_names() -> None:
    scenes = {
        "here": {"turn": "officer", "actions": {"go": {"to": "alley"}}},
        "alley": {"present": ["officer"], "text": "An alley.", "to": "square"},
        "square": {"text": "A square.", "to": "ending"},
        "ending": END,
    }
    state = play(world(scenes), "go")
    assert ("scene", "An alley.") not in passages(state, "advocate")
    assert ("scene", "A square.") in passages(state, "advocate")


def test_what_chance_brings_is_told_to_those_present() -> None:
    scenes = {
        "sky": {"turn": "chance", "present": ["officer"], "actions": {"rain": {"text": "It rains.", "to": "ending"}}},
        "ending": END,
    }
    state = play(world(scenes), "chance: rain")
    assert ("chance", "It rains.") in passages(state, "officer")
    assert ("chance", "It rains.") not in passages(state, "advocate")


# --- the turn ------------------------------------------------------------------------------------------------------


def test_the_seat_on_turn_sees_its_options_with_their_reasons() -> None:
    knock, kick = view(play(story()), "officer").options
    assert (knock.open, knock.reason, knock.minutes) == (True, None, 30)
    assert (kick.open, kick.reason) == (False, "You have not knocked.")


def test_the_other_seat_sees_whose_turn_it_is_and_no_options() -> None:
    seen = view(play(story()), "advocate")
    assert (seen.my_turn, seen.options, seen.on_turn_names) == (False, (), ("Officer Reyes",))
    assert (seen.present, seen.scene, seen.scene_title) == (False, "", "")


def test_an_option_that_lasts_until_something_has_no_minutes() -> None:
    scenes = {
        "here": {"turn": "officer", "actions": {"sleep": {"until": "next day 08:00", "to": "ending"}}},
        "ending": END,
    }
    assert view(play(world(scenes)), "officer").options[0].minutes is None


def test_a_pending_choice_is_unseen() -> None:
    before = play(story(), "knock", "drive")
    pending = play(story(), "knock", "drive", "officer: speak")
    assert passages(pending, "advocate") == passages(before, "advocate")
    assert view(pending, "advocate").options == view(before, "advocate").options
    assert "Speak." not in repr(view(pending, "advocate"))


def test_the_own_pending_choice_leaves_nothing_to_choose() -> None:
    seen = view(play(story(), "knock", "drive", "officer: speak"), "officer")
    assert (seen.my_turn, seen.options, seen.together) == (False, (), True)


def test_both_choices_are_revealed_together() -> None:
    state = play(story(), "knock", "drive", "officer: speak", "advocate: listen")
    for seat in SEATS:
        assert [text for kind, text in passages(state, seat) if kind in ("choice", "says")][-3:] == [
            "Speak.",
            "You are heard.",
            "Listen.",
        ]


def guessing(present: list[str]) -> Game:
    scenes = {
        "door": {
            "turn": "officer",
            "present": present,
            "predict": "advocate",
            "actions": {
                "knock": {"text": "Knock.", "to": "ending"},
                "kick": {"when": "knocked", "closed": "Not yet.", "text": "Kick.", "to": "ending"},
            },
        },
        "ending": END,
    }
    return world(scenes, facts=("knocked",))


def test_a_seat_invited_to_guess_sees_what_could_be_done_and_not_what_is_closed() -> None:
    [question] = view(play(guessing(["officer", "advocate"])), "advocate").questions
    assert [answer.text for answer in question.answers] == ["Knock.", "Kick."]


def test_a_seat_guesses_only_at_what_it_witnesses() -> None:
    assert view(play(guessing(["officer"])), "advocate").questions == ()


def test_the_one_on_turn_is_not_asked_to_guess() -> None:
    assert view(play(guessing(["officer", "advocate"])), "officer").questions == ()


def test_before_a_together_scene_a_seat_guesses_until_it_has_chosen_whoever_has_chosen_before() -> None:
    scenes = {
        "table": {
            "turn": ["officer", "advocate"],
            "predict": "advocate",
            "to": "ending",
            "actions": {"speak": {"seat": "officer"}, "wait": {"seat": "officer"}, "listen": {"seat": "advocate"}},
        },
        "ending": END,
    }
    [question] = view(play(world(scenes)), "advocate").questions
    assert (question.of, [answer.id for answer in question.answers]) == ("officer", ["speak", "wait"])
    assert view(play(world(scenes), "officer: speak"), "advocate").questions == (question,)
    assert view(play(world(scenes), "advocate: listen"), "advocate").questions == ()


# --- knowledge and papers ------------------------------------------------------------------------------------------


def test_a_seat_sees_the_items_it_knows_and_no_others() -> None:
    state = play(story(), "knock")
    assert [(item.text, item.source) for item in view(state, "officer").items] == [("where the gun is", "survivor")]
    assert [(item.text, item.source) for item in view(state, "advocate").items] == [("her plan", "scene")]


def test_the_incident_report_belongs_to_its_agency() -> None:
    state = play(story(), "knock")
    assert [entry.text for entry in view(state, "officer").report] == ["Knocked at the door."]
    assert view(state, "advocate").report == ()


def test_the_case_file_belongs_to_its_agency() -> None:
    state = play(story(), "knock", "drive")
    assert [(e.kind, e.text) for e in view(state, "advocate").case_file] == [
        ("need", "housing"),
        ("offered", "a room"),
        ("given", "a ride"),
    ]
    assert view(state, "officer").case_file == ()


def test_a_colleague_reads_the_agencys_report_of_a_scene_she_did_not_see() -> None:
    seats = {**SEATS, "second": {**SEATS["officer"], "name": "Officer Lund"}}
    state = play(story(seats=seats), "knock")
    assert [entry.text for entry in view(state, "second").report] == ["Knocked at the door."]
    assert "Nobody answers." not in repr(view(state, "second"))


def test_a_message_is_kept_by_both_sides() -> None:
    state = play(story(), "knock")
    assert [(e.kind, e.who) for e in view(state, "officer").messages] == [("sent", "Ms. Okafor")]
    assert [(e.kind, e.who) for e in view(state, "advocate").messages] == [("received", "Officer Reyes")]


def test_a_meter_is_shown_to_the_seats_it_names() -> None:
    meters = {"trust": {"label": "Dana's trust", "to": 9, "start": 4, "shown_to": "officer"}}
    state = play(story(meters=meters))
    assert view(state, "officer").meters == (("Dana's trust", 0, 9, 4),)
    assert view(state, "advocate").meters == ()


def test_a_seat_reads_its_own_brief_only() -> None:
    state = play(story())
    assert view(state, "officer").brief == SEATS["officer"]["brief"]
    assert SEATS["advocate"]["brief"] not in repr(view(state, "officer"))


def test_the_clock_is_the_storys() -> None:
    assert view(play(story()), "officer").now.isoformat(timespec="minutes") == MONDAY


def test_the_ending_is_told_to_all() -> None:
    state = play(story(), "knock", "drive", "officer: speak", "advocate: listen")
    assert [view(state, seat).ending for seat in SEATS] == ["The end", "The end"]


# --- duties --------------------------------------------------------------------------------------------------------

POLICE = {"party": "police", "when": "knocked", "must": "drove", "within": "25 min"}
SHELTER = {**POLICE, "party": "shelter"}


def standing(seen: View) -> list[tuple[str, int | None]]:
    return [(duty.status, duty.left) for duty in seen.duties]


def test_a_triggered_duty_is_shown_with_the_time_left() -> None:
    assert standing(view(play(story(duties={"it": POLICE}), "knock"), "officer")) == [("due", 25)]


def test_a_duty_of_the_other_party_is_not_shown() -> None:
    assert standing(view(play(story(duties={"it": POLICE}), "knock"), "advocate")) == []


def test_a_duty_that_was_triggered_out_of_sight_is_not_shown() -> None:
    game = story(duties={"it": SHELTER})
    assert standing(view(play(game, "knock"), "advocate")) == []
    assert standing(view(play(game, "knock", "drive"), "advocate")) == []


def test_a_choice_pending_in_a_later_scene_shows_no_duty_of_an_unseen_one() -> None:
    scenes = {
        "door": {"turn": "officer", "actions": {"knock": {"records": "knocked", "to": "table"}}},
        "table": {
            "turn": ["officer", "advocate"],
            "to": "ending",
            "actions": {"speak": {"seat": "officer"}, "listen": {"seat": "advocate"}},
        },
        "ending": END,
    }
    game = world(scenes, facts=("drove",), duties={"it": SHELTER})
    assert standing(view(play(game, "knock", "officer: speak"), "advocate")) == []


def test_what_met_a_duty_out_of_sight_is_not_shown() -> None:
    state = play(story(duties={"it": POLICE}), "knock", "drive")
    assert standing(view(state, "officer")) == [("due", 5)]


def test_a_standing_never_is_shown_as_standing() -> None:
    assert standing(view(play(story(duties={"it": {"never": "drove"}})), "officer")) == [("standing", None)]


def test_an_overdue_duty_is_shown_with_the_minutes_it_is_late() -> None:
    duties = {"it": {**POLICE, "must": "sang", "within": "15 min"}}
    state = play(story(duties=duties, facts=("sang",)), "knock", "drive")
    assert standing(view(state, "officer")) == [("overdue", -5)]


def test_a_broken_never_is_no_verdict_during_play() -> None:
    state = play(story(duties={"it": {"never": "knocked"}}), "knock")
    assert standing(view(state, "officer")) == [("standing", None)]


def test_at_the_end_the_side_is_silent_and_the_debrief_speaks() -> None:
    state = play(story(duties={"it": POLICE}), "knock", "drive", "officer: speak", "advocate: listen")
    assert standing(view(state, "officer")) == []


def test_a_duty_that_a_narration_opened_is_seen_by_those_who_were_there() -> None:
    scenes = {
        "desk": {"turn": "advocate", "actions": {"wait": {"to": "arrival"}}},
        "arrival": {"present": "officer", "records": "knocked", "to": "door"},
        "door": {"turn": "officer", "actions": {"go": {"to": "ending"}}},
        "ending": END,
    }
    duties = {"police": POLICE, "shelter": SHELTER}
    state = play(world(scenes, facts=("drove",), duties=duties), "wait")
    assert standing(view(state, "officer")) == [("due", 25)]
    assert standing(view(state, "advocate")) == []
