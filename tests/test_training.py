"""What a scenario says that it trains: the matrix, the guide page, and what `check` makes of a claim."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from facilitator.checks.training import turns
from facilitator.cli import main
from facilitator.matrix import as_data, as_lines
from facilitator.report.document import Definitions, Document, Table
from facilitator.report.guide import guide
from facilitator.report.markdown import markdown
from simulator.library import Library
from simulator.trained import trained
from tests.checked import FAIR, codes_of, examined

LIBRARY = Library()
TABLE = LIBRARY.bundle("kitchen-table")


def fair(**changes: object) -> list[str]:
    return codes_of(examined(yaml.safe_dump(yaml.safe_load(FAIR) | changes, sort_keys=False, allow_unicode=True)))


def fair_scene(scene: str, **changes: object) -> list[str]:
    tree = yaml.safe_load(FAIR)
    tree["scenes"][scene] |= changes
    return codes_of(examined(yaml.safe_dump(tree, sort_keys=False, allow_unicode=True)))


# --- claims ----------------------------------------------------------------------------------------------------------


def test_a_topic_that_no_decision_turns_on_is_named() -> None:
    assert fair(topics=["hotline", "weapons"]) == ["HS509"]


def test_a_topic_that_only_a_decision_names_is_named() -> None:
    assert fair_scene("car", topics=["weapons"]) == ["HS509"]


def test_a_topic_in_a_scene_without_a_better_choice_is_named() -> None:
    actions = {f"do{n}": {"text": f"Do {n}.", "because": "So.", "appeal": 3, "to": "end"} for n in range(2)}
    assert "HS509" in fair_scene("car", topics=["hotline"], actions=actions)


def test_a_judgement_scene_may_turn_on_a_topic_without_a_key() -> None:
    (scene,) = [each for each in TABLE.scenario.scenes.values() if each.judgement is not None]
    assert turns(scene)


def test_what_is_trained_is_found_by_topic_error_and_dilemma() -> None:
    found = trained(TABLE.scenario)
    assert "craig" in found["e5"]
    assert "without-her-leave" in found["d1"]
    assert "caller" in found["confidentiality"]


# --- the matrix ------------------------------------------------------------------------------------------------------


def test_the_matrix_has_a_row_for_everything_that_can_be_trained() -> None:
    lines = list(as_lines(LIBRARY))
    rows = {line.split()[0] for line in lines if line and not line.startswith(" ")}
    assert set(as_data(LIBRARY)) <= rows


def test_the_matrix_fits_a_terminal_of_eighty_columns() -> None:
    assert max(map(len, as_lines(LIBRARY))) <= 80


def test_the_matrix_says_what_no_scenario_at_hand_trains(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = tuple(card for card in LIBRARY.scenarios() if card.id == "kitchen-table")
    monkeypatch.setattr(Library, "scenarios", lambda self: alone)
    assert as_data(LIBRARY)["e5"] == {"kitchen-table": ["craig"]} and as_data(LIBRARY)["community"] == {}
    (begin,) = (line for line in as_lines(LIBRARY) if line.startswith("No scenario at hand trains: "))
    assert "services-emotional" in begin


def test_the_matrix_says_that_every_row_is_trained() -> None:
    assert list(as_lines(LIBRARY))[-1] == "Every row is trained by some scenario."


def test_the_matrix_is_there_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--topics", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["confidentiality"]["kitchen-table"]


# --- the guide page --------------------------------------------------------------------------------------------------


def tables(document: Document) -> dict[str, Table]:
    return {s.heading: block for s in document.sections for block in s.blocks if isinstance(block, Table)}


def test_the_debrief_is_planned_as_long_as_the_play() -> None:
    rows = tables(guide(TABLE))["Plan"].rows
    minutes = {str(row[2]): int(str(row[1])) for row in rows}
    debrief = sum(length for step, length in minutes.items() if step.startswith("Debrief"))
    assert debrief == minutes["Play"] == TABLE.scenario.minutes_to_play


def test_the_plans_clock_goes_on_where_the_step_before_ends() -> None:
    clock = 0
    for row in tables(guide(TABLE))["Plan"].rows:
        assert row[0] == f"{clock // 60}:{clock % 60:02}"
        clock += int(str(row[1]))


def test_local_orders_have_a_place_to_be_filled_in() -> None:
    assert len(tables(guide(TABLE))["To have at hand"].rows[0]) == 3


def test_the_guide_names_the_agreement_and_the_law_it_is_made_for() -> None:
    bundle = LIBRARY.bundle("kitchen-table", mou="two-nations", jurisdiction="harbor-state")
    (glance,) = [block for block in guide(bundle).sections[0].blocks if isinstance(block, Definitions)]
    assert dict(glance.pairs)["Law"] == ("Harbor State",)


def test_the_guide_says_that_it_gives_the_story_away() -> None:
    assert "nobody who is going to play it reads this page" in markdown(guide(TABLE))


def test_a_scenario_without_a_guide_of_its_own_still_has_a_page() -> None:
    page = markdown(guide(LIBRARY.bundle(Path("scenarios/tutorial/tutorial.yaml"))))
    assert "What to watch for" not in page and "## Plan" in page


def test_the_guide_is_written_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "guide.html"
    assert main(["guide", "kitchen-table", "--format", "html", "-o", str(target)]) == 0
    assert "Screen at the Kitchen Table" in target.read_text(encoding="utf-8")


@pytest.mark.parametrize("form", ["html", "docx", "md"])
def test_the_page_of_every_scenario_can_be_written_in_every_format(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in LIBRARY.names("scenario"):
        assert main(["guide", name, "--format", form, "-o", str(tmp_path / f"{name}.{form}")]) == 0


def test_a_guide_in_word_needs_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["guide", "kitchen-table", "--format", "docx"]) == 2
    assert "-o FILE.docx" in capsys.readouterr().err
