"""Real situations before the ledger: the verdict, and the right that must come out of it (FACTS §2, §3, §5, §6)."""

from __future__ import annotations

import re

import pytest

from simulator import engine
from simulator.compiled.graph import explored
from simulator.engine import State
from simulator.events import Choose
from simulator.telling import verdict_on
from tests.situations import Situation, Step, situations
from tests.stepwise import walk

ALL = pytest.mark.parametrize(
    "situation",
    situations(),
    ids=lambda each: f"{each.facts}-{each.title}".replace(" ", "-").replace(",", "").replace("§", "sec-"),
)
MUST = {*(f"C{n:02}" for n in range(9, 21)), *(f"D{n}" for n in (1, 2, 3, 4, 5, 8, 10)), "E9", "E12", "E15", "E16"}


def played(situation: Situation) -> list[tuple[Step, State, State]]:
    """Each step with the state before and after it."""
    state, found = engine.start(situation.game), []
    for step in situation.steps:
        after = engine.step(state, Choose(seat=step.turn, action="go"))
        found.append((step, state, after))
        state = after
    assert state.ended
    return found


def test_there_are_forty_and_more_and_no_place_on_the_fact_page_is_left_out() -> None:
    assert len(situations()) >= 40
    assert {name for each in situations() for name in re.findall(r"\b[CDE]\d+\b", each.facts)} >= MUST


@ALL
def test_the_ledger_says_of_each_telling_what_the_fact_page_says(situation: Situation) -> None:
    asked = 0
    for step, _, after in played(situation):
        if step.wanted is None or step.telling is None:
            continue
        teller, told, items, channel = step.telling
        for item in items:
            verdict = verdict_on(situation.game, after.record, teller, told, item, channel)
            assert (verdict.standing, verdict.id) == step.wanted[:2], step.text
            assert step.wanted.words in (None, verdict.right)
            asked += 1
    assert asked


@ALL
def test_a_line_is_crossed_in_play_where_the_ledger_says_so_and_nowhere_else(situation: Situation) -> None:
    for step, before, after in played(situation):
        wanted = len(step.telling[2]) if step.telling and step.wanted and step.wanted.standing == "line" else 0
        assert len(after.tellings) - len(before.tellings) == wanted, step.text


@ALL
def test_the_explored_game_judges_as_the_engine_does(situation: Situation) -> None:
    for at in walk(explored(situation.game, limit=100), 0, limit=20):
        at.check()


@pytest.mark.parametrize("situation", [each for each in situations() if each.owes], ids=lambda each: each.title)
def test_the_verdict_says_what_comes_with_the_right(situation: Situation) -> None:
    owed = []
    for step, _, after in played(situation):
        if step.telling is not None and step.wanted is not None:
            teller, told, items, channel = step.telling
            for item in items:
                verdict = verdict_on(situation.game, after.record, teller, told, item, channel)
                owed.append(tuple(each.text for each in verdict.owes))
    assert situation.owes in owed
