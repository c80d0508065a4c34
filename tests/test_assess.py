"""From a play to its scorecard and timeline."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from simulator.assess import Guess, scorecard
from simulator.engine import State
from simulator.game import Game
from simulator.timeline import timeline
from tests.small import CONFIDENTIAL, hub, play, world

END = {"ending": {"title": "The end", "felt": "I slept."}}


def talk(**rest: Any) -> Game:
    """One decision of the officer's, witnessed by both, and one of the advocate's."""
    scenes = {
        "where": {
            "title": "Where to talk",
            "turn": "officer",
            "present": ["officer", "advocate"],
            "predict": "advocate",
            "actions": {
                "kitchen": {
                    "text": "Talk in the kitchen.",
                    "minutes": 5,
                    "records": "talked",
                    "practice": {"safety": -2},
                    "felt": "He could hear us.",
                    "to": "after",
                },
                "back-room": {
                    "text": "Talk in the back room.",
                    "minutes": 5,
                    "records": "talked",
                    "practice": {"safety": 2, "choice": 1},
                    "because": "Out of his hearing.",
                    "to": "after",
                },
                "roof": {
                    "text": "Talk on the roof.",
                    "practice": {"safety": 2},
                    "when": "flying",
                    "closed": "No.",
                    "to": "after",
                },
            },
        },
        "after": {
            "turn": "advocate",
            "private": {"advocate": "You take a breath."},
            "actions": {
                "call": {
                    "text": "Call.",
                    "minutes": 5,
                    "records": "called",
                    "message": {"to": "officer", "text": "On my way."},
                    "to": "ending",
                },
                "wait": {"text": "Wait.", "minutes": 60, "to": "ending"},
            },
        },
        "ending": END,
    }
    return world(scenes, facts=("flying",), items={"gun": {"text": "where the gun is", "known_by": "advocate"}}, **rest)


# --- decisions -----------------------------------------------------------------------------------------------------


def test_a_decision_keeps_the_open_options_and_the_chosen_one() -> None:
    first, _ = scorecard(play(talk(), "back-room", "call")).decisions
    assert ([option.action for option in first.open], first.chosen.action) == (["kitchen", "back-room"], "back-room")
    assert (first.scene, first.scene_title, first.seat, first.step, first.minute) == (
        "where",
        "Where to talk",
        "officer",
        1,
        0,
    )


def test_a_decision_tells_why_it_is_rated_so_and_what_she_felt() -> None:
    good, bad = (scorecard(play(talk(), action)).decisions[0] for action in ("back-room", "kitchen"))
    assert (good.chosen.because, good.felt, bad.felt) == ("Out of his hearing.", None, "He could hear us.")


def test_a_decision_tells_what_the_partner_knew() -> None:
    first, second = scorecard(play(talk(), "kitchen", "call")).decisions
    assert (first.partner_knew, second.partner_knew) == (("where the gun is",), ())


def test_the_share_of_a_principle_is_exact() -> None:
    found = {(r.principle, r.seat): r.share for r in scorecard(play(talk(), "kitchen", "call")).principles}
    assert found["safety", "officer"] == Fraction(0)
    assert found["safety", "advocate"] is None


def test_a_scorecard_of_an_unfinished_play_says_so() -> None:
    card = scorecard(play(talk(), "kitchen"))
    assert (card.finished, card.ending, card.ending_felt) == (False, None, None)


def test_a_scorecard_of_a_finished_play_names_the_ending_and_what_she_says_of_it() -> None:
    card = scorecard(play(talk(), "kitchen", "call"))
    assert (card.finished, card.ending, card.ending_felt) == (True, "The end", "I slept.")


# --- lines ---------------------------------------------------------------------------------------------------------


def test_a_life_safety_line_is_told_apart_from_a_law() -> None:
    rules = {"text": "Never.", "never": "shot"}
    state = play(
        hub({"shoot": {"minutes": 3, "records": "shot"}}, lines={"fire": rules}, laws={"arms": rules}), "shoot"
    )
    assert {(b.line, b.kind, b.seat, b.step, b.minute) for b in scorecard(state).lines} == {
        ("fire", "life safety", "officer", 1, 3),
        ("arms", "law", "officer", 1, 3),
    }


def test_no_jurisdiction_can_replace_a_life_safety_line() -> None:
    lines, laws = {"fire": {"never": "shot"}}, {"fire": {"never": "sang"}}
    game = hub({"shoot": {"records": "shot"}}, facts=("sang",), lines=lines, laws=laws)
    assert [breach.kind for breach in scorecard(play(game, "shoot")).lines] == ["life safety"]


def test_a_line_is_crossed_once_for_each_time_it_happens() -> None:
    game = hub({"shoot": {"records": "shot"}}, lines={"fire": {"never": "shot"}})
    assert len(scorecard(play(game, "shoot", "shoot")).lines) == 2


def test_a_line_for_some_roles_is_not_crossed_by_others() -> None:
    game = hub(
        {"shoot": {"records": "shot"}}, turn="advocate", lines={"fire": {"never": "shot", "roles": "patrol-officer"}}
    )
    assert scorecard(play(game, "shoot")).lines == ()


def test_a_line_that_asks_for_something_in_time_is_crossed_when_the_time_is_up() -> None:
    rule = {"when": "hurt", "must": "helped", "within": "10 min"}
    game = hub({"hurt": {"records": "hurt"}, "wait": {"minutes": 11}}, facts=("helped",), lines={"help": rule})
    [breach] = scorecard(play(game, "hurt", "wait")).lines
    assert (breach.line, breach.minute) == ("help", 10)


def test_a_line_kept_in_time_is_not_crossed() -> None:
    rule = {"when": "hurt", "must": "helped", "within": "10 min"}
    game = hub({"hurt": {"records": "hurt"}, "help": {"minutes": 10, "records": "helped"}}, lines={"help": rule})
    assert scorecard(play(game, "hurt", "help", "end")).lines == ()


def test_lines_come_in_the_order_they_were_crossed() -> None:
    game = hub(
        {"shoot": {"records": "shot"}, "tell": {"tell": {"to": "officer", "items": "plan"}}},
        turn="advocate",
        items={"plan": {"text": "her plan", "known_by": "advocate"}},
        laws={"confidence": CONFIDENTIAL},
        lines={"fire": {"never": "shot"}},
    )
    assert [b.line for b in scorecard(play(game, "tell", "shoot")).lines] == ["confidence", "fire"]
    assert [b.line for b in scorecard(play(game, "shoot", "tell")).lines] == ["fire", "confidence"]


# --- objectives, judgement, coordination ---------------------------------------------------------------------------


def test_an_objective_rests_on_its_duties_lines_and_decisions() -> None:
    objectives = {"o": {"text": "Talk well.", "duties": "it", "decisions": "where"}}
    game = talk(objectives=objectives, duties={"it": {"party": "shelter", "when": "talked", "must": "called"}})
    letters = [
        scorecard(play(game, *moves)).objectives[0].letter
        for moves in (("back-room", "call"), ("kitchen", "call"), ("back-room", "wait"))
    ]
    assert letters == ["P", "S", "U"]


def test_a_judgement_scene_is_told_without_a_key() -> None:
    judgement = {"question": "Stay?", "collide": ["it"], "both_sides": ["She asked.", "He is near."]}
    actions = {"stay": {"text": "Stay.", "to": "ending"}, "go": {"text": "Go.", "to": "ending"}}
    game = world({"here": {"turn": "officer", "judgement": judgement, "actions": actions}, "ending": END})
    [found] = scorecard(play(game, "stay")).judgements
    assert (found.question, found.chosen, found.both_sides) == (
        "Stay?",
        (("officer", "Stay."),),
        ("She asked.", "He is near."),
    )


def predictions(game: Game, guess: str | None, *moves: str) -> list[tuple[bool, bool]]:
    guesses = [Guess(step=0, seat="advocate", of="officer", action=guess)]
    return [(p.agreed, p.credited) for p in scorecard(play(game, *moves), guesses).predictions]


def test_a_guess_agrees_with_what_happened() -> None:
    assert predictions(talk(), "back-room", "back-room") == [(True, True)]
    assert predictions(talk(), "kitchen", "back-room") == [(False, False)]


def test_who_passes_agrees_with_nothing() -> None:
    assert predictions(talk(), None, "back-room") == [(False, False)]


def test_a_guess_is_open_until_the_partner_has_acted() -> None:
    assert predictions(talk(), "kitchen") == []


def test_a_predicted_breach_earns_nothing() -> None:
    game = talk(lines={"hearing": {"never": "talked"}})
    assert predictions(game, "kitchen", "kitchen") == [(True, False)]


def test_a_duty_that_one_opened_and_the_other_kept_needed_both() -> None:
    game = talk(duties={"it": {"party": "shelter", "when": "talked", "must": "called", "clause": "3"}})
    assert scorecard(play(game, "kitchen", "call")).both_needed == ("clause 3: Duty it.",)
    assert scorecard(play(game, "kitchen", "wait")).both_needed == ()


# --- the timeline --------------------------------------------------------------------------------------------------


def told(state: State) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(m.kind, m.text, m.private_to) for m in timeline(state)]


def test_the_timeline_opens_what_only_one_seat_knew() -> None:
    found = told(play(talk(), "kitchen", "call"))
    assert ("private", "You take a breath.", ("Ms. Okafor",)) in found
    assert ("choice", "Talk in the kitchen.", ()) in found
    assert ("choice", "Call.", ("Ms. Okafor",)) in found


def test_a_message_in_the_timeline_names_those_who_had_it() -> None:
    assert ("message", "On my way.", ()) in told(play(talk(), "kitchen", "call"))


def test_what_somebody_learned_stands_in_the_timeline() -> None:
    game = hub({"look": {"learn": {"officer": "gun"}}}, items={"gun": {"text": "where the gun is"}})
    assert ("learned", "Officer Reyes learns where the gun is (from survivor)", ("Officer Reyes",)) in told(
        play(game, "look")
    )


def test_the_timeline_runs_forward() -> None:
    moments = [m.at for m in timeline(play(talk(), "kitchen", "call"))]
    assert moments == sorted(moments)
