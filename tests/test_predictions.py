"""Private questions: who is asked what, what the answers are compared with, and that nobody else learns of them."""

from __future__ import annotations

import dataclasses
import io
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilitator.plain_data import plain_data
from facilitator.report.markdown import markdown
from facilitator.report.session import About, session_report
from scoring.scorecard import Scorecard
from simulator import engine
from simulator.assess import scorecard
from simulator.debrief import analysis
from simulator.discretion import discreet
from simulator.engine import State
from simulator.events import Choose, Predict, Start, from_json, to_json
from simulator.game import Game
from simulator.library import Bundle, bundle_from_texts
from simulator.log import Place, Store
from simulator.plain import Plain, Stopped
from simulator.play import Play, begin, fold, unanswered
from simulator.predictions import Question, account
from simulator.session import Session
from simulator.summing import summary_of
from simulator.view import led_here, view
from tests.generator import game, generate, marks, texts, walk
from tests.small import PARTIES, SEATS, game_from, play, world_trees

END = {"ending": {"title": "The end"}}
HUMANS = (Place("officer", "Heron", "human"), Place("advocate", "Wren", "human"))
NURSE = {
    **SEATS,
    "nurse": {"role": "nurse", "employer": "hospital", "name": "Nurse Cho", "brief": "You are on call."},
}


def evening(**changed: Any) -> dict[str, Any]:
    """The officer asks in the kitchen, seen by both; then both act at the table, and are asked before."""
    scenes = {
        "kitchen": {
            "turn": "officer",
            "present": ["officer", "advocate"],
            "actions": {
                "ask-here": {"distress": 8, "records": "screened", "to": "table"},
                "ask-apart": {"distress": 3, "to": "table"},
                "say-nothing": {"to": "table"},
            },
        },
        "table": {
            "turn": ["officer", "advocate"],
            "predict": ["officer", "advocate"],
            "whose_duty": {"what": "Calling the hotline.", "duty": "call"},
            "how_distressing": {"question": "How distressing was that for Dana?"},
            "actions": {
                "speak": {"seat": "officer"},
                "wait": {"seat": "officer"},
                "listen": {"seat": "advocate"},
                "leave": {"seat": "advocate"},
            },
            "to": "end",
        },
        "end": END,
    }
    duties = changed.pop("duties", {"call": {"must": "screened", "party": "police", "clause": "3.1"}})
    return world_trees({**scenes, **changed.pop("scenes", {})}, duties=duties, **changed)


def asked(state: State, seat: str) -> dict[str, Question]:
    return {question.about: question for question in view(state, seat).questions}


def at_table(how: str = "ask-here", **changed: Any) -> State:
    return play(game_from(evening(**changed)), how)


# --- what is asked -------------------------------------------------------------------------------------------------


def test_first_what_was_then_whose_duty_it_is_then_what_comes() -> None:
    found = view(at_table(), "officer").questions
    assert [(each.about, each.of) for each in found] == [("distress", ""), ("duty", ""), ("partner", "advocate")]
    assert [each.text for each in found] == [
        "How distressing was that for Dana?",
        "Whose duty is this? Calling the hotline.",
        "What do you think Ms. Okafor will do?",
    ]


def test_where_several_act_everybody_else_is_guessed_at_or_whom_the_author_names() -> None:
    actions = {f"{seat}-{n}": {"seat": seat} for seat in NURSE for n in range(2)}
    everybody: dict[str, Any] = {"turn": list(NURSE), "predict": "officer", "actions": actions, "to": "end"}
    one = {**everybody, "predict": [{"seat": "officer", "of": "nurse"}]}
    found = [
        [
            question.of
            for question in view(play(game_from(world_trees({"a": a, "end": END}, seats=NURSE))), "officer").questions
        ]
        for a in (everybody, one)
    ]
    assert found == [["advocate", "nurse"], ["nurse"]]


def test_distress_is_asked_from_nought_to_ten() -> None:
    assert [answer.id for answer in asked(at_table(), "officer")["distress"].answers] == [str(n) for n in range(11)]


def test_distress_is_not_asked_after_a_step_of_which_the_scenario_says_nothing() -> None:
    assert "distress" in asked(at_table("ask-apart"), "officer")
    assert "distress" not in asked(at_table("say-nothing"), "officer")


def test_distress_is_asked_only_of_those_who_were_there() -> None:
    scenes = evening()["scenario"]["scenes"]
    state = at_table(scenes={"kitchen": {**scenes["kitchen"], "present": ["officer"]}})
    assert "distress" in asked(state, "officer") and "distress" not in asked(state, "advocate")


def test_what_a_narration_on_the_way_says_of_distress_counts_and_the_most_of_it() -> None:
    scenes = evening()["scenario"]["scenes"]
    ways = {"ask-here": {"distress": 4, "to": "shout"}, "ask-apart": {"distress": 9, "to": "shout"}}
    told = {
        "kitchen": {**scenes["kitchen"], "actions": ways},
        "shout": {"distress": 7, "text": "He shouts.", "to": "table"},
    }
    known = [account(led_here(at_table(way, scenes=told), "officer")) for way in ways]
    assert known == [7, 9]


def test_only_those_named_are_asked() -> None:
    scenes = evening()["scenario"]["scenes"]
    table = {**scenes["table"], "how_distressing": "advocate", "predict": []}
    table["whose_duty"] = {**table["whose_duty"], "ask": "officer"}
    state = at_table(scenes={"table": table})
    assert [list(asked(state, seat)) for seat in ("officer", "advocate")] == [["duty"], ["distress"]]


# --- whose duty it is ----------------------------------------------------------------------------------------------


def answers(state: State) -> list[str]:
    return [answer.text for answer in asked(state, "officer")["duty"].answers]


def test_whose_duty_it_may_be_is_the_same_list_under_every_agreement() -> None:
    two = ["Officer Reyes", "Ms. Okafor", "Both of us", "Nobody's at this table"]
    assert answers(at_table()) == answers(at_table(duties={})) == two
    actions = {f"{seat}-go": {"seat": seat} for seat in NURSE}
    table = {"turn": list(NURSE), "whose_duty": {"what": "It.", "duty": "it"}, "actions": actions, "to": "end"}
    three = answers(play(game_from(world_trees({"a": table, "end": END}, seats=NURSE))))
    assert three == ["Officer Reyes", "Ms. Okafor", "Nurse Cho", "All of us", "Several of us, not all", two[-1]]


def card_of(state: State, *given: tuple[str, str, str | None]) -> Scorecard:
    """The scorecard after these answers (seat, about, answer), given where the state stands, and an ending."""
    at = Play(state, 1, dict.fromkeys(state.game.seats, "human"), True, False, None, (), False)
    for seat, about, answer in given:
        of = next(each.of for each in unanswered(at, seat) if each.about == about)
        at = fold(at, Predict(seat=seat, of=of, action=answer, about=about), [at])  # type: ignore[arg-type]
    for seat, action in (("officer", "speak"), ("advocate", "listen")):
        at = fold(at, Choose(seat=seat, action=action), [at])
    return scorecard(at.state, at.guesses)


@pytest.mark.parametrize(
    ("duties", "right"),
    [
        ({"call": {"must": "screened", "party": "police"}}, "Officer Reyes"),
        ({"call": {"must": "screened", "party": "shelter"}}, "Ms. Okafor"),
        ({"call": {"must": "screened", "party": "hospital"}}, "Nobody's at this table"),
        ({"other": {"must": "screened", "party": "police"}}, "Nobody's at this table"),
    ],
)
def test_the_agreement_that_is_played_has_the_answer(duties: dict[str, Any], right: str) -> None:
    [duty] = card_of(at_table(duties=duties), ("officer", "duty", "officer")).whose_duties
    assert (duty.answer, duty.answers[0][2]) == (right, right == "Officer Reyes")


def test_it_is_both_where_one_party_has_both_roles_or_agreements_name_both() -> None:
    both = {**PARTIES, "police": {"name": "One agency", "roles": ["patrol-officer", "community-advocate"]}}
    [duty] = card_of(at_table(parties=both), ("advocate", "duty", "all-of-us")).whose_duties
    assert (duty.answer, duty.answers) == ("Both of us", (("advocate", "Both of us", True),))
    scenes = evening()["scenario"]["scenes"]
    table = {**scenes["table"], "whose_duty": {"what": "It.", "duty": ["call", "come"]}}
    named = {
        "call": {"must": "screened", "party": "police"},
        "come": {"must": "screened", "party": "shelter", "clause": "4.2"},
    }
    [duty] = card_of(at_table(duties=named, scenes={"table": table}), ("officer", "duty", "officer")).whose_duties
    assert (duty.answer, duty.clauses) == ("Both of us", ("1.1", "4.2"))


# --- what the answers come to --------------------------------------------------------------------------------------


def test_both_may_say_the_same_and_both_be_wrong() -> None:
    card = card_of(at_table(), ("officer", "duty", "advocate"), ("advocate", "duty", "advocate"))
    [duty] = card.whose_duties
    assert duty.same is True and [right for *_, right in duty.answers] == [False, False]
    assert (card.picture.asked_both, card.picture.same, [p.right for p in card.picture.placed]) == (1, 1, [0, 0])


def test_one_answer_agrees_with_nobody_elses() -> None:
    card = card_of(at_table(), ("officer", "duty", "officer"), ("advocate", "duty", None))
    assert card.whose_duties[0].same is None and card.picture.asked_both == 0


def test_distress_is_the_guess_less_the_scenarios_own_account() -> None:
    card = card_of(at_table(), ("officer", "distress", "5"), ("advocate", "distress", "8"))
    assert [(each.seat, each.guess, each.account) for each in card.distress] == [("officer", 5, 8), ("advocate", 8, 8)]
    assert [(each.seat, each.guesses, each.apart) for each in card.picture.distress] == [
        ("officer", 1, -3),
        ("advocate", 1, 0),
    ]


def test_what_is_passed_is_in_no_figure() -> None:
    given = [(seat, about, None) for seat in ("officer", "advocate") for about in ("distress", "duty", "partner")]
    card = card_of(at_table(), *given)
    assert card.picture == dataclasses.replace(card.picture, foreseen=(), placed=(), distress=(), asked_both=0, same=0)


def test_the_pair_foresees_in_both_directions_and_a_breach_foreseen_is_not_right() -> None:
    harm = {"harm": {"text": "No.", "never": "screened_again", "citation": "the vocabulary"}}
    scenes = evening()["scenario"]["scenes"]
    actions = {**scenes["table"]["actions"], "speak": {"seat": "officer", "records": "screened_again"}}
    given = (("officer", "partner", "listen"), ("advocate", "partner", "speak"))
    for lines, right in (({}, 1), (harm, 0)):
        state = at_table(scenes={"table": {**scenes["table"], "actions": actions}}, lines=lines)
        found = {(each.seat, each.of): each.right for each in card_of(state, *given).picture.foreseen}
        assert found[("advocate", "officer")] == right
    assert set(found) == {("officer", "advocate"), ("advocate", "officer")}


def test_ones_own_breach_takes_nothing_from_what_was_foreseen_of_the_other() -> None:
    harm = {"harm": {"text": "No.", "never": "screened_again", "citation": "the vocabulary"}}
    scenes = evening()["scenario"]["scenes"]
    actions = {**scenes["table"]["actions"], "listen": {"seat": "advocate", "records": "screened_again"}}
    state = at_table(scenes={"table": {**scenes["table"], "actions": actions}}, lines=harm)
    found = card_of(state, ("officer", "partner", "listen"), ("advocate", "partner", "speak")).predictions
    assert [(each.of, each.agreed, each.credited) for each in found] == [
        ("advocate", True, False),
        ("officer", True, True),
    ]


def test_answers_weigh_nothing() -> None:
    state = at_table()
    given = (("officer", "distress", "0"), ("officer", "duty", "nobodys"), ("officer", "partner", "leave"))
    with_answers, without = card_of(state, *given), card_of(state)
    own = {"predictions", "whose_duties", "distress", "picture"}
    for field in dataclasses.fields(Scorecard):
        if field.name not in own:
            assert getattr(with_answers, field.name) == getattr(without, field.name)


def test_the_debrief_says_it_without_blame() -> None:
    state = at_table()
    given = (
        ("officer", "distress", "5"),
        ("officer", "duty", "officer"),
        ("advocate", "duty", "all-of-us"),
        ("officer", "partner", "listen"),
    )
    [together] = [
        block for block in analysis(card_of(state, *given), state.game) if block.heading == "Working together"
    ]
    assert together.lines == (
        "Officer Reyes guessed that Ms. Okafor would: Do listen.",
        "   It came as you thought: Do listen.",
        "Whose duty is this? Calling the hotline.",
        "   Officer Reyes said “Officer Reyes”; Ms. Okafor said “Both of us”. You answered differently. By clause 3.1 it is: Officer Reyes.",
        "How distressing was that for Dana? After: Do ask-here.",
        "   Officer Reyes thought it less distressing than the scenario's own account: 5 of 10, and 8 by that account.",
        "What you foresaw of each other came true 1 of 1 time (Officer Reyes of Ms. Okafor 1 of 1). A breach foreseen is not counted.",
        "Whose duty it is: You said the same 0 of 1 time. As the agreement has it: Officer Reyes 1 of 1; Ms. Okafor 0 of 1.",
        "Officer Reyes thought it less distressing than the scenario's own account: on average 3 points below (1 answer).",
    )


# --- kept ----------------------------------------------------------------------------------------------------------


def test_a_guess_of_an_older_log_is_about_the_partner() -> None:
    old = {"kind": "predict", "seat": "officer", "of": "advocate", "action": "listen"}
    assert from_json(old) == Predict(seat="officer", of="advocate", action="listen", about="partner")


def bundle() -> Bundle:
    return bundle_from_texts(texts(evening()))


@pytest.fixture
def session(store: Store) -> Session:
    begun = Session.begin(store, bundle(), HUMANS, seed=1)
    begun.choose("officer", "ask-here")
    return begun


def test_a_question_is_answered_once_or_passed_once(session: Session) -> None:
    for answer in ("4", "officer", None):
        session.answer("officer", session.questions("officer")[0], answer)
    assert session.questions("officer") == () and len(session.questions("advocate")) == 3


def test_after_its_own_choice_a_seat_is_asked_nothing_more(session: Session) -> None:
    session.choose("officer", "speak")
    assert session.questions("officer") == () and len(session.questions("advocate")) == 3


def test_a_question_answered_before_the_other_has_chosen_is_not_screened_again(session: Session) -> None:
    session.answer("advocate", session.questions("advocate")[0], "7")
    session.choose("officer", "speak")
    assert [each.about for each in session.questions("advocate")] == ["duty", "partner"]


def test_what_a_seat_answers_is_seen_by_nobody_else_in_plain_mode_either(store: Store) -> None:
    said = []
    for answered in ("4\n1\n2\n", "\n\n\n"):
        session, out = Session.begin(store, bundle(), HUMANS, seed=1), io.StringIO()
        typed = io.StringIO(
            f"1\n{answered}1\n"
        )  # the officer asks, answers or skips, and speaks; then the other sits down
        with pytest.raises(Stopped):
            Plain(session, typed, out).play()
        said.append(out.getvalue()[out.getvalue().rindex("--- Next") :])
        session.resume()  # the lines came to an end, which pauses
        assert len(session.questions("advocate")) == 3
    assert said[0] == said[1]


def test_an_answer_of_a_seat_that_was_left_is_not_told(session: Session) -> None:
    session.answer("officer", session.questions("officer")[0], "4")
    session.pause()
    session.resume({"officer": "typical"})
    session.run_others()
    session.choose("advocate", "listen")
    assert session.scorecard().distress != () == discreet(session).scorecard().distress


def test_the_figures_of_a_session_hold_what_was_answered_and_not_what_was_passed(
    store: Store, session: Session
) -> None:
    for seat, said in (("officer", ("5", "officer", "listen")), ("advocate", (None, "advocate", None))):
        for answer in said:
            session.answer(seat, session.questions(seat)[0], answer)
    session.choose("officer", "speak")
    session.choose("advocate", "listen")
    found = [(g.about, g.seat, g.of, g.agreed, g.same, g.apart) for g in summary_of(store, session.id).guesses]
    assert found == [
        ("partner", "officer", "advocate", True, None, None),
        ("duty", "officer", "", True, False, None),
        ("duty", "advocate", "", False, None, None),
        ("distress", "officer", "", False, None, -3),
    ]


def test_a_report_tells_what_people_answered_and_nothing_of_a_seat_that_was_left(
    store: Store, session: Session
) -> None:
    for seat in ("officer", "advocate"):
        for answer in ("5", "officer", None):
            session.answer(seat, session.questions(seat)[0], answer)
    left = Session.begin(store, bundle(), HUMANS, seed=1)
    left.choose("officer", "ask-here")
    for seat in ("officer", "advocate"):
        for answer in ("5", "officer", None):
            left.answer(seat, left.questions(seat)[0], answer)
    left.pause()
    left.resume({"officer": "typical"})
    left.run_others()
    session.choose("officer", "speak")
    session.choose("advocate", "listen")
    left.choose("advocate", "listen")
    about = About(workshop="", day=date(2026, 3, 2), seconds=60.0)
    whole, rest = (markdown(session_report(each, about)) for each in (session, left))
    assert "They answered the same. By clause 3.1 it is: Officer Reyes." in whole
    assert whole.count("thought it less distressing") == 4  # each step, and the mean
    assert rest.count("thought it less distressing") == 2 and "answered the same" not in rest


# --- the wall between seats, on generated scenarios ----------------------------------------------------------------

SIZES = st.fixed_dictionaries({"layers": st.integers(2, 4), "width": st.integers(1, 3), "seats": st.integers(1, 3)})
SEEDS = st.integers(0, 2**32)


def plays_of(made: Game, way: int) -> list[Play]:
    """A random play, as a session folds it, with every question of every seat answered, passed or left open."""
    start = Start(scenario="generated", texts={}, seats=dict.fromkeys(made.seats, "human"), seed=0)
    plays = [begin(made, start)]
    for number, state in enumerate(walk(engine.start(made), way)):
        if state.event is not None:
            plays.append(fold(plays[-1], state.event, plays))
        for seat in made.seats:
            for at, question in enumerate(unanswered(plays[-1], seat)):
                pick = (way + number + at) % (len(question.answers) + 2)
                if pick > len(question.answers):
                    continue
                answer = question.answers[pick].id if pick < len(question.answers) else None
                event = Predict(seat=seat, of=question.of, action=answer, about=question.about)
                plays.append(fold(plays[-1], event, plays))
    return plays


@given(SEEDS, SIZES, SEEDS)
def test_no_answer_changes_what_any_seat_sees_or_is_asked(seed: int, size: dict[str, int], way: int) -> None:
    plays = plays_of(game(seed, asking=True, **size), way)
    for before, after in pairwise(plays):
        if len(after.guesses) == len(before.guesses):
            continue
        assert after.state is before.state
        who = after.guesses[-1].seat
        for seat in before.state.game.seats:
            assert unanswered(after, seat) == unanswered(before, seat) or seat == who


@given(SEEDS, SIZES, SEEDS)
def test_a_seat_is_asked_only_about_what_it_witnesses(seed: int, size: dict[str, int], way: int) -> None:
    for state in walk(engine.start(game(seed, asking=True, **size)), way):
        scene = state.game.scenes[state.scene]
        for seat in state.game.seats:
            for question in view(state, seat).questions:
                assert seat in scene.present and question.of != seat
                assert not {kind for kind, *_ in marks(repr(question))} - {"question", "action"}
                assert {where for _, where, *_ in marks(repr(question))} <= {state.scene}
                if question.about == "distress":
                    assert any(step.distress is not None for step in led_here(state, seat))


@given(SEEDS, SIZES, SEEDS)
def test_no_view_tells_how_distressing_a_step_was(seed: int, size: dict[str, int], way: int) -> None:
    trees = generate(seed, asking=True, **size)
    made = game_from(trees)
    for scene in trees["scenario"]["scenes"].values():
        for effects in (scene, *scene.get("actions", {}).values()):
            if "distress" in effects:
                effects["distress"] = 10 - effects["distress"]
    other = game_from(trees)
    for one, two in zip(walk(engine.start(made), way), walk(engine.start(other), way), strict=True):
        for seat in made.seats:
            assert plain_data(view(one, seat)) == plain_data(view(two, seat))


@given(SEEDS, SIZES, SEEDS)
def test_whichever_way_a_partner_has_chosen_unseen_a_seat_is_asked_the_same(
    seed: int, size: dict[str, int], way: int
) -> None:
    for state in walk(engine.start(game(seed, asking=True, **size)), way):
        if len(engine.turn(state)) < 2:
            continue
        first, *others = engine.turn(state)
        for option in engine.options(state, first):
            if option.open:
                after = engine.step(state, Choose(seat=first, action=option.action.id))
                for seat in others if after.pending else ():
                    assert view(after, seat).questions == view(state, seat).questions


@given(SEEDS, SIZES, SEEDS)
def test_every_answer_of_every_play_can_be_weighed_and_comes_back_from_the_log(
    seed: int, size: dict[str, int], way: int
) -> None:
    last = plays_of(game(seed, asking=True, **size), way)[-1]
    card = scorecard(last.state, last.guesses)
    given = [guess for guess in last.guesses if guess.action is not None]
    assert sum(len(duty.answers) for duty in card.whose_duties) == sum(guess.about == "duty" for guess in given)
    assert len(card.distress) == sum(guess.about == "distress" for guess in given)
    assert all(-10 <= each.apart <= 10 for each in card.picture.distress)
    for guess in last.guesses:
        event = Predict(seat=guess.seat, of=guess.of, action=guess.action, about=guess.about)
        assert from_json(to_json(event)) == event
