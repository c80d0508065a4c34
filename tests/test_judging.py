"""`check` proves that a judgement scene offers only what is lawful (HS410)."""

from __future__ import annotations

from typing import Any

from facilitator.checks.proof import Proof
from facilitator.checks.proving import prove
from facilitator.checks.setting import Setting
from simulator.game import Game
from tests.checked import as_file, examples, proven
from tests.small import CONFIDENTIAL, world

TELLS = {"tell": {"to": "officer", "items": "secret"}, "to": "end"}
JUDGEMENT = {"question": "Which?", "both_sides": ["one", "other"]}


def dilemma(
    actions: dict[str, Any],
    before: dict[str, Any] | None = None,
    turn: Any = "advocate",
    judgement: Any = JUDGEMENT,
    **rest: Any,
) -> Game:
    scenes: dict[str, Any] = {
        "before": {"turn": "advocate", "actions": before or {"go": {"to": "hard"}}},
        "hard": {"turn": turn, "actions": actions, **({"judgement": judgement} if judgement else {})},
        "end": {"ending": {"title": "The end"}},
    }
    if isinstance(turn, list):
        scenes["hard"]["to"] = "end"
    items = {"secret": {"text": "a secret", "about": "survivor", "known_by": "advocate"}}
    return world(scenes, opening="before", items=items, **rest)


def told(game: Game) -> list[Proof]:
    return [proof for proof in prove(Setting(game.scenario, (game,), {})).proofs if proof.code == "HS410"]


def places(game: Game) -> set[tuple[str, ...]]:
    return {proof.path for proof in told(game)}


LAW = {"confidences": CONFIDENTIAL}
OPTION = ("scenes", "hard", "actions")


def test_an_option_that_tells_without_a_release_is_told_with_the_play_that_shows_it() -> None:
    [proof] = told(dilemma({"tell": TELLS, "keep": {"to": "end"}}, laws=LAW))
    assert proof.path == (*OPTION, "tell")
    assert proof.hint.splitlines()[-1].strip() == "advocate: tell"


def test_the_same_option_where_there_is_a_key_is_left_to_the_line() -> None:
    assert told(dilemma({"tell": TELLS, "keep": {"to": "end"}}, laws=LAW, judgement=None)) == []


def test_lawful_options_are_told_nothing() -> None:
    assert told(dilemma({"ask": {"to": "end"}, "keep": {"to": "end"}}, laws=LAW)) == []


def test_an_option_that_is_unlawful_only_after_some_plays_is_found() -> None:
    lines = {"door": {"never": "opened and alone"}}
    before = {"go": {"to": "hard"}, "split": {"records": "alone", "to": "hard"}}
    game = dilemma({"open": {"records": "opened", "to": "end"}, "keep": {"to": "end"}}, before, lines=lines)
    [proof] = told(game)
    assert proof.path == (*OPTION, "open")
    assert [line.strip() for line in proof.hint.splitlines()[-2:]] == ["advocate: split", "advocate: open"]


def test_an_option_that_is_closed_whenever_it_would_cross_a_line_is_lawful() -> None:
    lines = {"door": {"never": "opened and alone"}}
    before = {"go": {"to": "hard"}, "split": {"records": "alone", "to": "hard"}}
    opens = {"records": "opened", "when": "not alone", "closed": "No.", "to": "end"}
    assert told(dilemma({"open": opens, "keep": {"to": "end"}}, before, lines=lines)) == []


def test_the_option_that_lets_a_deadline_of_the_law_pass_is_told_and_the_quick_one_is_not() -> None:
    laws = {"report": {"must": "reported", "within": "30 min"}}
    quick, slow = (
        {"minutes": 5, "records": "reported", "to": "end"},
        {"minutes": 60, "records": "reported", "to": "end"},
    )
    assert places(dilemma({"quick": quick, "slow": slow}, laws=laws)) == {(*OPTION, "slow")}


def test_a_deadline_that_passes_whatever_is_chosen_here_is_an_earlier_choice_s_harm() -> None:
    laws = {"report": {"must": "reported", "within": "30 min"}}
    slow = {"minutes": 60, "records": "reported", "to": "end"}
    assert told(dilemma({"one": slow, "other": slow}, laws=laws)) == []


def test_where_both_choose_the_option_is_named_whose_it_is() -> None:
    tell = {"seat": "advocate", "tell": {"to": "officer", "items": "secret"}}
    actions = {"tell": tell, "keep": {"seat": "advocate"}, "wait": {"seat": "officer"}, "go": {"seat": "officer"}}
    assert places(dilemma(actions, turn=["officer", "advocate"], laws=LAW)) == {(*OPTION, "tell")}


def test_where_only_both_choices_together_cross_a_line_the_scene_is_named() -> None:
    actions = {
        "in": {"seat": "officer", "records": "inside"},
        "out": {"seat": "officer"},
        "knock": {"seat": "advocate", "records": "knocked"},
        "wait": {"seat": "advocate"},
    }
    lines = {"apart": {"never": "inside and knocked"}}
    assert places(dilemma(actions, turn=["officer", "advocate"], lines=lines)) == {("scenes", "hard")}


def test_at_publish_it_is_an_error() -> None:
    text, _ = as_file(examples("HS410")[0])
    found = {problem.severity for problem in proven(text, gate="publish") if problem.code == "HS410"}
    assert found == {"error"}
