"""`handoff explore` as a facilitator meets it: words, plays that replay, honest limits."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
import yaml

from facilitator import exploring
from facilitator.cli import main
from facilitator.explored import report
from facilitator.exploring import Progress, as_data, witnesses
from simulator.outlook.claims import claims
from tests.small import hub, play, world

MINI = str(Path(__file__).parent / "fixtures" / "two-scenes.yaml")
ENDING = {"ending": {"title": "The end"}}


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    """Runs `handoff ARGS` with `typed` as standard input; gives (code, out, err)."""

    def runner(*args: str, typed: str = ""):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        try:
            code = main([*args, "--store", str(tmp_path / "store.sqlite3")])
        except SystemExit as stop:
            code = stop.code
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return runner


def once(actions, **rest):
    scene = {"turn": "officer", "actions": {name: {"to": "ending", **action} for name, action in actions.items()}}
    return world({"here": scene, "ending": ENDING}, **rest)


def told(game, limit: int = 1000) -> str:
    return "\n".join(report(claims(game, limit=limit), limit=limit))


def test_a_scenario_that_was_looked_at_wholly_is_fine(run):
    code, out, err = run("explore", MINI)
    assert code == 0 and err == ""
    assert "With duties and lines:" in out and "Without duties and lines:" in out and "The night ends" in out


def test_no_line_of_the_report_is_wider_than_a_hundred_columns(run):
    _, out, _ = run("explore", MINI)
    assert max(len(line) for line in out.splitlines()) <= 100


def test_every_play_of_the_report_is_accepted_by_play(run):
    _, out, _ = run("explore", MINI, "--json")
    found = json.loads(out)
    plays = {tuple(each["play"]) for each in [*found["endings"]["reached"], *found["actions"]["open"]]}
    plays |= {tuple(o["play"]) for duty in found["duties"].values() for o in duty["outcomes"].values()}
    assert len(plays) > 1
    for lines in plays:
        code, _, err = run("play", MINI, "--script", "-", typed="\n".join(lines))
        assert (code, err) == (0, "")


def test_the_play_that_shows_a_claim_is_printed_as_a_script(run):
    code, script, _ = run("explore", MINI, "--show", "line confidences crossed")
    assert code == 0 and "advocate: tell" in script
    assert "No line was crossed." not in run("play", MINI, "--script", "-", typed=script)[1]


def test_a_claim_that_the_report_does_not_make_is_wrong_use(run):
    code, _, err = run("explore", MINI, "--show", "ending nowhere")
    assert code == 2 and "ending nowhere" in err


def test_a_limit_that_was_reached_is_said_first_and_gives_exit_code_one(run):
    code, out, _ = run("explore", MINI, "--limit", "1")
    assert code == 1 and out.split("\n\n")[1].startswith("NOT EVERYTHING WAS LOOKED AT")
    assert "not looked beyond" in out and "--limit raises it" in out


def test_json_of_a_limited_exploration_claims_nothing_never(run):
    code, out, _ = run("explore", MINI, "--limit", "1", "--json")
    found = json.loads(out)
    assert code == 1 and not found["complete"]
    assert found["scenes"]["never"] is found["actions"]["never_open"] is found["endings"]["never"] is None


def test_a_limit_below_one_is_wrong_use(run):
    code, _, err = run("explore", MINI, "--limit", "0")
    assert code == 2 and "--limit" in err and "whole number" in err


def test_a_scenario_that_does_not_exist_is_one_sentence(run):
    code, _, err = run("explore", "nowhere")
    assert code == 1 and "nowhere" in err and "Traceback" not in err


def test_stopping_with_ctrl_c_leaves_one_sentence(run, monkeypatch):
    def interrupted(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(exploring, "claims", interrupted)
    assert run("explore", MINI) == (1, "", "handoff: stopped; nothing was changed.\n")


def test_another_agreement_is_looked_at_when_it_is_named(run, tmp_path):
    mou = yaml.safe_load(Path("scenarios/mous/riverside-dv.yaml").read_text(encoding="utf-8"))
    mou["duties"] = {key: duty for key, duty in mou["duties"].items() if key == "apart-before-questions"}
    other = tmp_path / "short.yaml"
    other.write_text(yaml.safe_dump({**mou, "id": "short"}, sort_keys=False), encoding="utf-8")
    code, out, err = run("explore", MINI, "--mou", str(other), "--json")
    assert (code, err) == (0, "") and list(json.loads(out)["duties"]) == ["apart-before-questions"]


def test_progress_is_shown_on_a_terminal_only(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    shown = []
    for stream in (io.StringIO(), Terminal()):
        monkeypatch.setattr("sys.stderr", stream)
        progress = Progress()
        progress.last -= 1
        progress.watch(1234)
        shown.append(stream.getvalue())
    assert shown[0] == "" and "1,234 states" in shown[1]


# --- words -----------------------------------------------------------------------------------------------------------


def test_a_duty_is_told_in_words_with_who_keeps_it():
    text = told(once({"call": {"records": "called"}, "wait": {}}, duties={"it": {"must": "called"}}))
    assert "Clause 1.1 (it) can be kept (by officer) or missed" in text


def test_a_duty_that_every_play_keeps_says_so():
    text = told(once({"call": {"records": "called"}}, duties={"it": {"must": "called"}}))
    assert "Clause 1.1 (it) is kept on every play" in text


def test_a_duty_that_nothing_triggers_never_comes_up():
    duty = {"it": {"when": "rang", "must": "called"}}
    text = told(once({"call": {"records": "called"}}, facts=("rang",), duties=duty))
    assert "Clause 1.1 (it) never comes up in any play" in text


def test_a_duty_that_some_endings_never_bring_up_counts_them():
    scenes = {
        "here": {"turn": "officer", "actions": {"ring": {"records": "rang", "to": "there"}, "go": {"to": "gone"}}},
        "there": {
            "turn": "officer",
            "actions": {"call": {"records": "called", "to": "ending"}, "no": {"to": "ending"}},
        },
        "gone": ENDING,
        "ending": ENDING,
    }
    text = told(world(scenes, duties={"it": {"when": "rang", "must": "called"}}))
    assert "can be kept (by officer) or missed; it never comes up in 1 of 2 endings" in " ".join(text.split())


def test_a_duty_that_only_a_breach_could_keep_can_only_be_excused():
    game = once(
        {"call": {"records": ["called", "shot"]}},
        duties={"it": {"must": "called", "before": "shot"}},
        lines={"fire": {"never": "shot"}},
    )
    late = once(
        {"shoot": {"records": ["called", "shot"]}, "wait": {}},
        duties={"it": {"must": "called"}},
        lines={"fire": {"never": "shot"}},
    )
    assert "missed" not in told(late).split("Duties")[1].split("[duty")[0]
    assert "fire can be crossed by officer" in told(game)


def test_a_loop_is_told_as_unbounded():
    text = told(hub({"wait": {"minutes": 5}}))
    assert "unbounded" in text and "go round and round through: hub" in text


def test_a_loop_has_no_number_in_json():
    found = as_data(claims(hub({"wait": {}})))
    assert found["endings"]["reached"][0]["paths"] is None and found["lengths"]["moves"]["most"] is None


def test_long_lists_are_shortened_with_how_many_more_there_are():
    lost = {f"lost{n}": {"turn": "officer", "actions": {"go": {"to": "ending"}}} for n in range(20)}
    game = world({"here": {"turn": "officer", "actions": {"go": {"to": "ending"}}}, **lost, "ending": ENDING})
    assert "lost7 and 12 more (--json has all)" in " ".join(told(game).split())


def test_every_named_play_replays_through_the_engine():
    game = hub(
        {"wait": {"minutes": 5, "practice": {"safety": -1}}}, duties={"it": {"must": "called"}}, facts=("called",)
    )
    names = dict(witnesses(claims(game)))
    assert {"ending ending", "action hub/wait", "fewest moves", "most moves", "worst practice", "loop hub"} <= set(
        names
    )
    assert all(play(game, *witness.lines).ended for witness in names.values())


def test_fractions_are_exact_in_json():
    scenes = {
        "here": {
            "turn": "chance",
            "actions": {"bad": {"weight": 1, "to": "shoot"}, "good": {"weight": 2, "to": "ending"}},
        },
        "shoot": {"turn": "officer", "actions": {"fire": {"records": "shot", "to": "ending"}}},
        "ending": ENDING,
    }
    found = as_data(claims(world(scenes, lines={"fire": {"never": "shot"}})))
    assert found["outlook"]["least_expected"] == {"lines": "1/3", "duties": "0", "practice": "0"}
