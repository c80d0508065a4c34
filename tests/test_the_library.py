"""What every scenario of the library has to be, and what the library has to cover. `python -m tests.tools.library_report` prints the figures."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from facilitator.checking import problems_of
from facilitator.checks.kept import Kept
from facilitator.checks.setting import LIMIT
from facilitator.checks.texts import prose
from facilitator.matrix import as_data
from scoring.loss import NOTHING
from simulator.library import Library
from simulator.model import Item, Scenario
from tests.costs_of_scripts import DoesNotPlay, cost
from tests.golden import SCRIPTS, setting_of
from tests.library_figures import options, places, related, sampled, shape, unevenness
from tests.tools.guides import FOLDER as GUIDES
from tests.tools.guides import contents, page

LIBRARY = Library()
HOME = SCRIPTS.parent / "library"
NAMES = LIBRARY.names("scenario")
# Everybody's hotline night came first, and is longer than what was agreed on afterwards.
LONGER = {"kitchen-table"}
SEVERAL = {"two-doors-one-hospital", "small-words", "room-118", "the-family-room"}
CHI_SQUARE_95 = {1: 3.84, 2: 5.99, 3: 7.81, 4: 9.49, 5: 11.07}
# What a volunteer on her first night would have to ask about.
JARGON = re.compile(
    r"\b(perpetrator|perp|batterer|recidivism|adjudicat\w+|arraign\w*|exculpatory|affiant|decompensat\w*|dysregulat\w*|"
    r"triag\w+|modalit\w+|psychoeducation\w*|stakeholders?|deconflict\w*|exigent|forensically|respondent|petitioner|"
    r"disclosing party|memorandum)\b",
    re.IGNORECASE,
)


@cache
def scenario(name: str) -> Scenario:
    return LIBRARY.bundle(name).scenario


@pytest.fixture(params=NAMES, scope="module")
def name(request: pytest.FixtureRequest) -> str:
    """A scenario of the library; what is measured of one is measured one after the other, so that its states are explored once."""
    found: str = request.param
    return found


# --- every scenario --------------------------------------------------------------------------------------------------


def test_it_passes_the_publish_gate_without_a_suppression(name: str) -> None:
    told = problems_of(LIBRARY, HOME / f"{name}.yaml", "publish", Kept(None, LIMIT))
    assert [(each.code, each.line, each.message) for each in told if each.severity != "notice"] == []
    assert scenario(name).allow == ()


def test_it_has_what_a_training_hour_needs(name: str) -> None:
    found = shape(scenario(name))
    assert 30 <= found.scenes <= (90 if name in LONGER else 70)
    assert found.together >= 1
    assert found.judgements >= 1
    assert found.predictions >= 1
    assert found.endings >= 4
    assert found.injects >= 2
    assert any(inject.by == "hand" for inject in scenario(name).injects.values())
    assert found.variants >= 2
    assert found.felt == 1
    assert scenario(name).guide is not None
    assert len(scenario(name).seats) == 2 or name in SEVERAL


def test_its_decisions_are_shared_fairly(name: str) -> None:
    counts = shape(scenario(name)).decisions
    least = {2: 0.38, 3: 0.2, 4: 0.14}[len(counts)]
    assert min(counts.values()) >= least * sum(counts.values()), counts


def test_it_reads_easily_and_without_the_words_of_a_trade(name: str) -> None:
    assert shape(scenario(name)).grade <= 8
    assert [each.text for each in prose(scenario(name)) if JARGON.search(each.text)] == []


def test_it_turns_on_a_confidence_or_another_item_that_only_one_seat_has(name: str) -> None:
    played = scenario(name)
    assert played.items
    assert played.releases


def test_typical_plays_lie_between_expert_and_random_ones_and_all_take_twelve_to_twenty_decisions(name: str) -> None:
    plays = sampled(LIBRARY.bundle(name))
    expert, typical, random = plays["expert"], plays["typical"], plays["random"]
    assert typical.mean - expert.mean >= max(expert.spread, typical.spread)
    assert random.mean - typical.mean >= max(typical.spread, random.spread)
    taken = {count for each in plays.values() for count in each.decisions}
    assert min(taken) >= 12
    assert max(taken) <= (24 if name in LONGER else 20)


def test_what_is_right_under_another_agreement_or_law_is_wrong_at_home(name: str) -> None:
    home = LIBRARY.bundle(name)
    kinds = set()
    for script in sorted((SCRIPTS / name).glob("expert*.script")):
        mou, law = setting_of(script)
        there = LIBRARY.bundle(name, mou=mou, jurisdiction=law)
        assert cost(script, there) == NOTHING, f"{script.name} gives something away where it is meant for"
        if mou or law:
            kinds.add("agreement" if mou else "law")
            assert _costs_at_home(script, home), f"{script.name} is as right at home"
    assert kinds == {"agreement", "law"}


def _costs_at_home(script: Path, home: object) -> bool:
    try:
        return cost(script, home) > NOTHING  # type: ignore[arg-type]
    except DoesNotPlay:
        return True


def test_its_guide_page_is_as_the_scenario_is(name: str) -> None:
    assert (GUIDES / f"{name}.md").read_text(encoding="utf-8") == page(name), "python -m tests.tools.guides"


def test_the_list_of_scenarios_is_as_the_library_is() -> None:
    assert (GUIDES / "README.md").read_text(encoding="utf-8") == contents(), "python -m tests.tools.guides"


# --- the library as a whole ------------------------------------------------------------------------------------------


def test_every_topic_every_typical_error_and_every_dilemma_is_a_decision_somewhere() -> None:
    assert [mark for mark, where in as_data(LIBRARY).items() if not where] == []


def test_there_are_sixteen_scenarios_two_series_five_agreements_and_four_states() -> None:
    assert len(NAMES) >= 16
    assert len(LIBRARY.all_series()) >= 2
    assert len(LIBRARY.names("mou")) >= 5
    assert len(LIBRARY.names("jurisdiction")) >= 4
    assert {each for each in NAMES if len(scenario(each).seats) > 2} == SEVERAL


def test_at_least_half_of_them_allow_open_telling() -> None:
    assert 2 * sum(shape(scenario(each)).open > 0 for each in NAMES) >= len(NAMES)


def test_longer_options_are_neither_better_nor_worse() -> None:
    assert abs(related([option for each in NAMES for option in options(scenario(each))])) <= 0.15


def test_the_best_option_stands_anywhere() -> None:
    chi_square, degrees = unevenness([place for each in NAMES for place in places(scenario(each))])
    assert chi_square <= CHI_SQUARE_95[degrees]


def test_no_sentence_stands_in_two_scenarios() -> None:
    told: dict[str, set[str]] = defaultdict(set)
    for each in NAMES:
        for text in prose(scenario(each)):
            if isinstance(text.thing, Item):
                continue  # what is carried through a series is the same thing in each of its episodes
            for sentence in re.split(r"(?<=[.!?])\s+", text.text):
                if len(sentence.split()) >= 7:
                    told[sentence.casefold()].add(each)
    assert {sentence: where for sentence, where in told.items() if len(where) > 1} == {}
