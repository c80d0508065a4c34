"""`handoff simulate` as a user meets it: exit codes, messages, readable text, complete JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from facilitator.cli import main
from facilitator.simulating import WrongPolicy, policies
from simulator.outlook.tally import samples

MINI = str(Path(__file__).parent / "fixtures" / "two-scenes.yaml")


@pytest.fixture
def run(capsys):
    """Runs `handoff simulate ARGS`; gives (code, out, err)."""

    def runner(*args: str):
        try:
            code = main(["simulate", *args])
        except SystemExit as stop:
            code = stop.code
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return runner


def test_a_sample_tells_endings_duties_lines_objectives_practice_and_length(run):
    code, out, _ = run(MINI, "-n", "400", "--seed", "5")
    assert code == 0
    for heading in (
        "Two scenes: 400 plays, seed 5",
        "Endings",
        "Duties",
        "Lines of law",
        "Objectives",
        "Practice",
        "Length of a play",
    ):
        assert heading in out


def test_no_line_is_wider_than_a_hundred_columns(run):
    _, out, _ = run(MINI, "-n", "400", "--compare")
    assert max(len(line) for line in out.splitlines()) <= 100


def test_the_same_seed_prints_the_same(run):
    assert run(MINI, "-n", "300", "--seed", "9") == run(MINI, "-n", "300", "--seed", "9")


def test_json_is_one_object_with_every_figure(run):
    code, out, _ = run(MINI, "-n", "200", "--json", "--compare")
    found = json.loads(out)
    assert code == 0 and found["plays"] == found["finished"] == 200
    assert sum(ending["plays"] for ending in found["endings"]) == 200
    assert all(sum(o[k] for k in ("P", "S", "M", "U", "not observed")) == 200 for o in found["objectives"])
    assert [each["label"] for each in found["compared"]] == ["this mix", "all expert", "all typical", "all random"]
    assert (
        found["coverage"]["missed_actions"] == [] and found["minutes"]["least"] == 3 and found["minutes"]["most"] == 5
    )


def test_duties_of_a_party_that_nobody_sits_for_are_told_apart(run):
    found = json.loads(run(MINI, "-n", "50", "--json")[1])
    outcomes = ("met", "late", "missed", "excused", "open at the end", "not triggered")
    for duty in found["duties"]:
        count = sum(duty[outcome] for outcome in outcomes)
        assert count >= 50 if duty["played"] else count == 0


def test_what_this_sample_missed_is_named(run):
    found = json.loads(run(MINI, "-n", "1", "--json")[1])
    assert len(found["coverage"]["missed_actions"]) == 2
    assert found["coverage"]["unreachable_scenes"] == found["coverage"]["unreachable_actions"] == []


def test_an_expert_in_the_mix_is_said_to_know_everything(run):
    assert "as if it knew everything" in run(MINI, "-n", "20", "--policy", "officer=expert")[1]
    assert "as if it knew everything" not in run(MINI, "-n", "20")[1]


def test_the_comparison_says_in_words_how_far_the_policies_differ(run):
    out = run(MINI, "-n", "200", "--compare")[1]
    assert "Beside the expert play, the random play crosses" in out


def test_a_scenario_beyond_the_limit_is_not_sampled_and_says_which_flag_raises_it(run):
    code, out, err = run(MINI, "--limit", "1")
    assert code == 1 and out == "" and "more than 1 states" in err and "--limit 4" in err


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("nurse=random", "there is no seat “nurse” to give a policy; the seats are officer, advocate"),
        ("officer=best", "there is no policy “best”; write officer=random|typical|expert|least-used"),
        ("best", "there is no policy “best”; write SEAT=random|typical|expert|least-used"),
    ],
)
def test_a_wrong_policy_is_wrong_use_and_says_what_would_be_right(run, wrong, told):
    code, _, err = run(MINI, "--policy", wrong)
    assert code == 2 and told in err


@pytest.mark.parametrize("wrong", ["0", "-1", "many"])
def test_a_number_of_plays_that_is_none_is_wrong_use(run, wrong):
    assert run(MINI, "-n", wrong)[0] == 2


def test_a_policy_without_a_seat_is_for_all_the_others():
    assert policies(["advocate=expert", "typical"], ("officer", "advocate")) == {
        "officer": "typical",
        "advocate": "expert",
    }


def test_a_policy_that_nobody_gave_is_random():
    assert policies([], ("officer",)) == {"officer": "random"}
    with pytest.raises(WrongPolicy):
        policies(["officer="], ("officer",))


def test_stopping_it_prints_what_there_is(run, monkeypatch):
    def stopped(tables, notes, draws, n, seed):
        yield next(iter(samples(tables, notes, draws, 64, seed)))
        raise KeyboardInterrupt

    monkeypatch.setattr("simulator.outlook.tally.samples", stopped)
    code, out, _ = run(MINI, "-n", "1000")
    assert code == 1 and "stopped at 64 of 1,000" in out and "Endings" in out


def test_stopping_it_before_the_first_plays_are_done_is_said_too(run, monkeypatch):
    def stopped(*_: object):
        raise KeyboardInterrupt

    monkeypatch.setattr("simulator.outlook.tally.samples", stopped)
    code, out, _ = run(MINI, "-n", "1000")
    assert code == 1 and "stopped at 0 of 1,000" in out and "No play came to an ending" in out


def test_help_names_every_policy_and_says_what_the_expert_knows(run):
    code, out, _ = run("--help")
    assert code == 0 and all(kind in out for kind in ("random", "typical", "expert", "least-used"))
    assert "as if it knew" in " ".join(out.split())


def test_plays_that_come_to_no_ending_make_it_fail_and_are_counted_apart(run, tmp_path):
    text = (
        Path(MINI)
        .read_text(encoding="utf-8")
        .replace("when: times(officer_arrived) > 0", "when: times(officer_arrived) > 5")
    )
    shut = text.replace(
        "tell: {text: Tell him, minutes: 2,", 'tell: {text: Tell him, when: trust_lost, closed: "no", minutes: 2,'
    )
    assert shut != text
    file = tmp_path / "shut.yaml"
    file.write_text(shut.replace("items:", "facts: {trust_lost: Trust was lost.}\nitems:", 1), encoding="utf-8")
    code, out, _ = run(str(file), "-n", "30")
    assert code == 1 and "30 plays stopped where nothing was open" in out
