"""The list of rights as a vocabulary may write it, and what holds where it writes none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import yaml

from simulator.compiled.graph import explored
from simulator.game import Game
from simulator.reading import check, read_text
from simulator.reading.shelf import Shelf
from simulator.telling import verdict_on
from tests.situations import shipped, situations
from tests.small import CONFIDENTIAL, SEATS, game_from, hub, hub_scenes, play, status, world_trees
from tests.stepwise import Walk, walk

CITED = {"citation": "a statute", "reviewed": "2026-01-05"}
LAST = {"text": "no release was signed", "verdict": "line", "crosses": "confidential", **CITED}
PAPER = {"text": "a written release", "verdict": "lawful", "needs": "release", **CITED}


def told(**rights: dict[str, Any]) -> list[str]:
    """What is said of a vocabulary with these rights."""
    tree = {
        "id": "vocabulary",
        "roles": {"patrol-officer": {"label": "Patrol officer", "service": "police", "confidence": "police"}},
        "facts": {"officer_arrived": "An officer arrived"},
        "rights": {name.replace("_", "-"): right for name, right in rights.items()},
    }
    read = read_text("vocabulary", yaml.safe_dump(tree, sort_keys=False), "vocabulary.yaml")
    check(read, Shelf())
    return [problem.code for problem in read.problems]


def test_a_list_whose_last_right_fits_everything_is_sound() -> None:
    assert told(paper=PAPER, otherwise=LAST) == []


@pytest.mark.parametrize(
    "last", [PAPER, {**LAST, "kinds": "ordinary"}, {**LAST, "same_employer": False}, {**LAST, "channel": "meeting"}]
)
def test_a_last_right_that_asks_something_is_told(last: dict[str, Any]) -> None:
    assert told(otherwise=last) == ["HS230"]


@pytest.mark.parametrize(
    "wrong",
    [
        {**LAST, "crosses": None},
        {**LAST, "verdict": "lawful"},
        {**LAST, "needs": "statute"},
        {**LAST, "source": "scene"},
        {**PAPER, "source": "survivor"},
    ],
)
def test_a_right_that_would_tell_sources_apart_at_a_line_or_names_no_line_is_told(wrong: dict[str, Any]) -> None:
    assert told(wrong={key: value for key, value in wrong.items() if value is not None}, otherwise=LAST) == ["HS230"]


def test_a_right_for_an_unknown_kind_of_item_is_told() -> None:
    assert told(wrong={**PAPER, "kinds": "gossip"}, otherwise=LAST) == ["HS216"]


def test_a_session_whose_vocabulary_carries_no_rights_is_judged_as_it_was() -> None:
    items = {"client": {"text": "that she is a client", "kind": "client-status", "known_by": "officer"}}
    game = hub({"tell": {"tell": {"to": "advocate", "items": "client"}}}, items=items, seats=SEATS)
    assert not game.vocabulary.rights
    said = verdict_on(game, play(game, "tell").record, "advocate", "officer", "client")
    assert (said.standing, said.right) == ("lawful", "it came from the person who was told")


def test_every_right_of_the_library_decides_some_situation() -> None:
    decided = {step.wanted.right for each in situations() for step in each.steps if step.wanted}
    assert decided == set(shipped("vocabulary", "vocabulary.yaml").rights)


def test_every_signer_of_the_library_but_a_stranger_stands_in_some_situation() -> None:
    signers = {form.signer for each in situations() for form in each.game.scenario.releases.values()}
    assert signers == set(shipped("vocabulary", "vocabulary.yaml").signers) - {"someone-else"}


def test_a_state_may_know_a_right_of_its_own_and_it_is_asked_first() -> None:
    """A state that lets confidential helpers of two agencies speak with each other; the explored game knows it, too."""
    both = {
        **PAPER,
        "needs": None,
        "text": "this state lets helpers consult",
        "told": "confidential",
        "teller": "confidential",
    }
    items = {"plan": {"text": "her safety plan", "known_by": "advocate"}}
    seats = {**SEATS, "nurse": {**SEATS["advocate"], "role": "nurse", "employer": "hospital"}}
    tells = {f"tell-{told}": {"tell": {"to": told, "items": "plan"}} for told in ("nurse", "officer")}
    trees = world_trees(hub_scenes(tells, "advocate"), items=items, seats=seats, laws={"confidence": CONFIDENTIAL})
    trees["jurisdiction"]["rights"] = {"consult": both}
    game = game_from(trees)
    state = play(game, "tell-nurse", "tell-officer")
    assert [broken.told for broken in state.tellings] == ["officer"]
    assert verdict_on(game, state.record, "advocate", "nurse", "plan").right == "this state lets helpers consult"
    for seed in range(6):
        for at in walk(explored(game, limit=100), seed, limit=8):
            at.check()


def desk(form: dict[str, Any], channel: str) -> Game:
    """The advocate owes the officer a plan that is a confidence, under the library's rights; nothing is signed yet."""
    telling = {"to": "officer", "items": "plan", "channel": channel}
    paper = {
        "holder": "advocate",
        "recipient": "officer",
        "items": "plan",
        "purpose": "planning",
        "lasts": "1 day",
        **form,
    }
    trees = world_trees(
        hub_scenes({"tell": {"tell": telling, "records": "shared"}, "get": {"signs_release": "form"}, "wait": {"minutes": 10}}, "advocate"),
        items={"plan": {"text": "her safety plan", "known_by": "advocate"}},
        releases={"form": paper},
        laws={"confidence": CONFIDENTIAL},
        duties={"it": {"party": "shelter", "must": "shared"}},
    )  # fmt: skip
    game = game_from(trees)
    return Game(game.scenario, game.mou, game.jurisdiction, game.framework, replace(
        shipped("vocabulary", "vocabulary.yaml"), roles=game.vocabulary.roles, facts=game.vocabulary.facts, spans={}, lines={},
    ))  # fmt: skip


@pytest.mark.parametrize(
    ("form", "channel", "came_to"),
    [
        ({}, "in-person", "missed"),  # she could have been asked
        ({}, "shared-database", "excused"),  # no release covers that
        ({"signer": "court"}, "in-person", "excused"),  # a court's order is nothing to ask her for
        ({"signer": "attorney"}, "in-person", "excused"),
        ({"signer": "minor"}, "in-person", "excused"),  # may not sign alone here
        ({"free": False}, "in-person", "excused"),
    ],
)
def test_a_duty_that_only_a_breach_could_keep_is_excused_unless_a_release_could_have_been_asked_for(
    form: dict[str, Any], channel: str, came_to: str
) -> None:
    game = desk(form, channel)
    assert status(play(game, "wait", "end")) == came_to
    at = Walk.begin(explored(game, limit=100))
    for move in ("wait", "end"):
        at = at.step((move,))
    at.check()
