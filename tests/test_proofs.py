"""What `check` proves from all plays: the places, the transcripts, the laws at hand, and that valid scenarios earn no error."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from facilitator.attaining import effect
from facilitator.checking import problems_of
from facilitator.checks import Gate, examine
from facilitator.checks.kept import Kept
from facilitator.checks.lawful import lawful_outcomes
from facilitator.checks.proofs import scenario_rules
from facilitator.checks.proving import prove
from facilitator.checks.random_play import expected_at_random
from facilitator.checks.setting import LIMIT, Setting, setting_of
from facilitator.measuring import measure
from simulator.compiled.graph import explored
from simulator.library import Library
from simulator.outlook.witness import Ways
from tests import generator
from tests.checked import FAIR, as_file, codes_of, examples, laid_over, proven, shelf_of_tests
from tests.small import game_from
from tests.test_checks import _generated

packaged = Library()
LIBRARY = Path(__file__).parent.parent / "scenarios" / "library"


def setting(text: str) -> Setting:
    found = setting_of(shelf_of_tests.check_text(text, "library/fair.yaml", "scenario"), shelf_of_tests)
    assert found is not None
    return found


def overlaid(example: str) -> str:
    tree = laid_over(yaml.safe_load(FAIR), yaml.safe_load(example))
    return yaml.safe_dump(tree, sort_keys=False, allow_unicode=True, width=110)


def only(code: str, text: str) -> list[str]:
    return [problem.message for problem in proven(text) if problem.code == code]


# --- the packaged library ------------------------------------------------------------------------------------


def test_what_only_another_law_brings_up_is_not_called_never() -> None:
    read, _ = packaged.read(LIBRARY / "kitchen-table.yaml")
    found = setting_of(read, packaged)
    assert found is not None and len(found.games) == len(packaged.names("jurisdiction"))
    alone = Setting(found.scenario, found.games[:1], found.origins)
    assert "HS307" not in {proof.code for proof in prove(found).proofs}
    assert ("scenes", "here-may-not") in {proof.path for proof in prove(alone).proofs if proof.code == "HS307"}


# --- places and plays ----------------------------------------------------------------------------------------


def test_a_problem_with_an_action_stands_at_the_action() -> None:
    text, _ = as_file(examples("HS309")[0])
    (problem,) = (problem for problem in proven(text) if problem.code == "HS309")
    assert problem.source_line.strip() == "drive-in:"


def test_a_duty_of_an_objective_is_told_at_the_objective_and_weighs_more() -> None:
    by_place = {p.source_line.strip(): p.severity for p in proven(overlaid(examples("HS402")[0])) if p.code == "HS402"}
    assert by_place == {"duties: call-hotline": "warning", "mou: plain": "notice"}


def test_the_play_in_a_hint_ends_where_the_fault_shows_and_names_the_command_that_prints_it() -> None:
    text, _ = as_file(examples("HS404")[0])
    (problem,) = (problem for problem in proven(text) if problem.code == "HS404")
    assert problem.hint.splitlines()[-1].strip() == "advocate: drive-in"
    assert problem.hint.splitlines()[0].endswith("?")


def test_a_long_play_is_cut_to_eight_lines_with_the_command_that_prints_it() -> None:
    from facilitator.checks.proof import shown

    lines = shown("Why?", [f"officer: act{n}" for n in range(30)], "dead car").splitlines()
    assert len(lines) <= 1 + 8
    assert "handoff explore {file} --show “dead car”" in lines[2]
    assert lines[-1].strip() == "officer: act29"


def test_what_would_teach_harm_is_held_back_at_publish() -> None:
    gates: tuple[Gate, ...] = ("draft", "publish")
    for code in ("HS308", "HS404", "HS407"):
        text, _ = as_file(examples(code)[0])
        severities = {gate: {p.severity for p in proven(text, gate=gate) if p.code == code} for gate in gates}
        assert severities == {"draft": {"warning"}, "publish": {"error"}}, code


def test_nothing_is_proven_where_the_agreement_cannot_be_read(tmp_path: Path) -> None:
    file = tmp_path / "fair.yaml"
    file.write_text(FAIR, encoding="utf-8")  # its agreement is not at hand
    codes = {problem.code for problem in problems_of(packaged, file, "draft")}
    assert "HS214" in codes and max(codes) < "HS307"


def test_an_allowance_covers_what_is_proven_too() -> None:
    text, _ = as_file(examples("HS310")[0])
    assert only("HS310", text)
    assert not only("HS310", text + "allow:\n  - {code: HS310, at: drive-in, because: It is to be edited.}\n")


def test_a_condition_that_some_law_never_fulfills_is_not_called_always_true(tmp_path: Path) -> None:
    file = tmp_path / "two-scenes.yaml"
    text = (Path(__file__).parent / "fixtures" / "two-scenes.yaml").read_text(encoding="utf-8")
    told = {}
    for condition in ("times(officer_arrived) > 0", "law.advocate_mandated_reporter"):
        file.write_text(text.replace("times(officer_arrived) > 0", condition), encoding="utf-8")
        told[condition] = "HS310" in {problem.code for problem in problems_of(packaged, file, "draft")}
    assert told == {"times(officer_arrived) > 0": True, "law.advocate_mandated_reporter": False}


# --- the claims ----------------------------------------------------------------------------------------------


def test_a_scene_that_hangs_on_an_unreached_one_is_told_with_it() -> None:
    example = (
        "scenes:\n"
        "  car: {actions: {go-home: {to: [{when: weapon_secured, to: garden}, {to: end}]}}}\n"
        "  garden: {title: G, text: A gate stands open., to: shed}\n"
        "  shed: {title: S, text: It is dark., to: end}\n"
    )
    found = [problem for problem in proven(overlaid(example)) if problem.code == "HS307"]
    assert len(found) == 1
    assert [about for _, about in found[0].related] == ["nor to “shed”, which hangs on it"]


def test_a_deadline_that_runs_out_whatever_is_done_is_not_this_scenes_harm() -> None:
    example = (
        "scenes:\n"
        "  door: {actions: {call-out: {records: officer_arrived}, step-back: {records: officer_arrived}}}\n"
        "  hall: {actions: {kitchen: {records: weapon_secured}, sit-down: {practice: {safety: 2}}}}\n"
        "  car: {actions: {drive-in: {minutes: 40}, wait-word: {minutes: 40}, go-home: {minutes: 40}}}\n"
    )
    assert only("HS506", overlaid(example)) == []


def test_only_telling_what_is_not_ones_to_tell_is_harm_in_itself() -> None:
    tell = "{tell: {to: officer, items: worry}, practice: {safety: 1}}"
    example = (
        "items: {worry: {text: what she fears, known_by: advocate}}\n"
        f"scenes: {{car: {{actions: {{drive-in: {tell}, wait-word: {tell}, go-home: {tell}}}}}}}\n"
    )
    assert only("HS506", overlaid(example)) == [
        "scene “car”: in some plays Sam Okafor has only harmful options left here"
    ]


def test_a_fact_that_a_message_brings_is_not_hidden() -> None:
    example = examples("HS406")[0]
    sent = example.replace("{records: he_left}", "{records: he_left, message: {to: advocate, text: He left.}}")
    assert sent != example
    assert only("HS406", overlaid(example))
    assert not only("HS406", overlaid(sent))


def test_a_bad_form_may_lack_an_end() -> None:
    bad = examples("HS405")[0]
    assert only("HS405", overlaid(bad))
    assert not only("HS405", overlaid(bad.replace("purpose:", "informed: false, purpose:")))


def test_lawful_outcomes_leave_out_plays_that_cross_a_line() -> None:
    ways = Ways(explored(setting(overlaid(examples("HS403")[0])).game, limit=LIMIT))
    assert lawful_outcomes(ways)["duty:call-hotline"] == {"missed"}
    mended = Ways(explored(setting(overlaid(examples("HS403")[1])).game, limit=LIMIT))
    assert "met" in lawful_outcomes(mended)["duty:call-hotline"]


def test_random_play_is_added_up_exactly() -> None:
    lines, duties, practice = expected_at_random(Ways(explored(setting(FAIR).game, limit=LIMIT)))
    # Each of the four decisions has a best option, and two that lose 3 and 4 points against it.
    assert (lines, duties) == (0, 0)
    assert practice == pytest.approx(4 * (0 + 3 + 4) / 3)


def test_a_scenario_past_the_limit_is_told_so_and_not_guessed_at() -> None:
    text, _ = as_file(examples("HS309")[0])
    told = {problem.code: problem.severity for problem in proven(text, limit=2) if problem.code < "HS5"}
    assert told == {"HS311": "notice"}


def test_a_loop_that_lasts_and_lasts_is_given_up_in_time() -> None:
    endless = generator.generate(25, layers=3, width=2, actions=2)
    game = game_from(endless)
    found = prove(Setting(game.scenario, (game,), {}), 10_000_000, 0.2)
    assert found.hurried
    assert "HS311" in {proof.code for proof in found.proofs}


# --- no false alarms -----------------------------------------------------------------------------------------


def test_five_hundred_generated_scenarios_are_proven_without_an_error_in_a_draft() -> None:
    told: set[str] = set()
    kept = Kept(None, 1_000, 0.5)
    for seed in range(500):
        subject = _generated(seed)
        game = game_from(generator.generate(seed, layers=3, width=2, actions=2))
        rules = scenario_rules(Setting(game.scenario, (game,), {}), kept)
        told |= {problem.code for problem in examine(subject, "draft", rules) if problem.severity == "error"}
    assert told == set()


# --- diff and map --------------------------------------------------------------------------------------------


def test_diff_says_what_an_edit_does_to_the_bounds_and_the_duties() -> None:
    bad, good = (setting(overlaid(example)) for example in examples("HS401"))
    told = effect(bad, good)
    assert "“call-hotline” can now be kept" in told
    assert any(line.startswith("the best play loses 0 lines, 0 points on duties") for line in told)
    assert effect(good, good) == effect(setting(FAIR), setting(FAIR.replace("breathes", ""))) != told


def test_the_map_measures_where_random_plays_pass_and_where_choices_cost() -> None:
    from facilitator.chart import chart_of

    chart = chart_of(packaged.bundle("kitchen-table"))
    coverage, cost = (measure()(chart, lens) for lens in ("coverage", "cost"))
    assert coverage is not None and cost is not None
    assert coverage["page"] == 1.0 and coverage["here-may-not"] == 0.0
    assert 0.2 < coverage["kitchen"] < 0.3  # a narration, after one of four choices
    assert 0 < cost["inside"] <= 100 and "screen.her-answers" not in cost


def test_what_is_not_explored_has_no_figures() -> None:
    from facilitator.chart import chart_of

    assert measure()(chart_of(packaged.bundle("kitchen-table")), "seat") is None


def test_codes_of_a_fair_scenario_are_only_what_its_story_leaves_out() -> None:
    assert codes_of(proven(FAIR)) == ["HS402"]
