"""Whole playthroughs, word for word. A change of a scenario or of the weighing shows here first."""

from __future__ import annotations

import pytest

from simulator.library import Library
from tests.golden import FOLDER, golden, playthrough, scripts


@pytest.mark.parametrize("script", scripts(), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_script_still_tells_and_weighs_the_same_story(script):
    assert playthrough(script).splitlines() == golden(script).read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("scenario", Library().names("scenario"))
def test_every_scenario_ships_an_expert_a_typical_and_a_harmful_playthrough(scenario):
    assert {path.stem for path in scripts() if path.parent.name == scenario} >= {"expert", "typical", "harmful"}


def test_no_golden_text_is_left_without_its_script():
    kept = {golden(script).name for script in scripts()}
    assert {path.name for path in FOLDER.glob("*.txt")} == kept
