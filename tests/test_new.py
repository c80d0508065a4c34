"""`handoff new`: from nothing to a file that reads, plays, and teaches the format."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from facilitator.agreement import sections
from facilitator.asking import Asker, Stopped
from facilitator.cli import main
from facilitator.rehearsal import Choice, replay
from scoring.clock import Span
from simulator.assess import scorecard
from simulator.library import Library

EXPERT = [
    Choice("officer", "ask-what-is-safe"),
    Choice("advocate", "say-how-it-stands"),
    Choice("chance", "says-pass-it-on"),
    Choice("advocate", "paper"),
    Choice("officer", "say-next-steps"),
    Choice("advocate", "what-the-paper-says"),
    Choice("officer", "number-she-gave"),
]
HER_NO = [
    *EXPERT[:2],
    Choice("chance", "says-keep-it"),
    Choice("advocate", "plan-around"),
    EXPERT[4],
    Choice("advocate", "say-what-you-offer"),
    EXPERT[6],
]
HARMFUL = [
    Choice("officer", "card-and-go"),
    Choice("advocate", "let-her-talk"),
    Choice("chance", "says-keep-it"),
    Choice("advocate", "tell-quickly"),
    Choice("officer", "ask-what-she-said"),
    Choice("advocate", "confirm-client"),
    Choice("officer", "leave-a-message"),
]


class Terminal(io.StringIO):
    """Standard input with somebody at it."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def new(monkeypatch, capsys, tmp_path):
    """Runs `handoff new ARGS` in an empty folder; `typed` makes it ask. Gives (code, out, err)."""
    monkeypatch.chdir(tmp_path)

    def runner(*args: str, typed: str | None = None):
        monkeypatch.setattr("sys.stdin", io.StringIO() if typed is None else Terminal(typed))
        try:
            code = main(["new", *args])
        except SystemExit as stop:
            code = stop.code
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return runner


@pytest.fixture
def sample(new, tmp_path):
    """The sample scenario's bundle."""
    assert new("back-soon", "--yes")[0] == 0
    return Library().bundle(tmp_path / "back-soon.yaml")


# --- a scenario -------------------------------------------------------------------------------------------------


def test_a_new_scenario_reads_without_a_problem(new, tmp_path):
    assert new("back-soon", "--yes")[0] == 0
    assert [p for p in Library().check(tmp_path / "back-soon.yaml") if p.severity != "notice"] == []


def test_a_new_scenario_has_five_to_eight_scenes_two_seats_and_one_together_scene(sample):
    scenes = sample.scenario.scenes.values()
    assert 5 <= len(scenes) <= 8 and len(sample.scenario.seats) == 2
    assert sum(len(scene.turn) == 2 for scene in scenes) == 1


def test_every_choice_of_a_seat_in_a_new_scenario_is_rated_with_a_reason(sample):
    actions = [a for s in sample.scenario.scenes.values() if s.turn != ("chance",) for a in s.actions.values()]
    assert actions and all(action.because and action.practice for action in actions)


def test_a_new_scenario_has_a_release_a_prediction_and_two_endings(sample):
    scenes = sample.scenario.scenes.values()
    assert sample.scenario.releases and any(scene.predict for scene in scenes)
    assert sum(scene.ending is not None for scene in scenes) == 2


@pytest.mark.parametrize("choices", [EXPERT, HER_NO, HARMFUL], ids=["expert", "her no", "harmful"])
def test_a_new_scenario_can_be_played_to_an_ending(sample, choices):
    play, lost, _ = replay(sample, None, choices)
    assert lost is None and play.finished


@pytest.mark.parametrize("choices", [EXPERT, HER_NO], ids=["her yes", "her no"])
def test_in_a_new_scenario_her_yes_and_her_no_can_both_be_taken_without_a_loss(sample, choices):
    play, _, _ = replay(sample, None, choices)
    card = scorecard(play.state, ())
    assert not card.lines and {duty.status for duty in card.duties} <= {"met", "kept", "open", "not triggered"}


def test_in_a_new_scenario_a_confidence_told_without_a_paper_crosses_a_line(sample):
    play, _, _ = replay(sample, None, HARMFUL)
    assert scorecard(play.state, ()).lines and play.state.scene == "words-travelled"


def test_the_duties_of_a_new_scenario_are_those_of_its_own_agreement(new, tmp_path):
    new("county", "--mou", "--yes")
    assert new("back-soon", "--mou", "county")[0] == 0
    scenario = Library().bundle(tmp_path / "back-soon.yaml").scenario
    assert "advocate-offered" in scenario.objectives["open-the-door"].duties


@pytest.mark.parametrize("first", ["detective", "police-based-specialist"])
def test_other_roles_may_take_the_seats(new, tmp_path, first):
    assert new("x", "--seats", f"{first},co-located-advocate")[0] == 0
    roles = [seat.role for seat in Library().bundle(tmp_path / "x.yaml").scenario.seats.values()]
    assert roles == [first, "co-located-advocate"]


@pytest.mark.parametrize("seats", ["patrol-officer", "patrol-officer,detective", "sheriff,community-advocate"])
def test_seats_that_the_sample_cannot_play_are_wrong_use(new, seats):
    code, _, err = new("x", "--seats", seats)
    assert code == 2 and err.startswith("handoff: ")


def test_an_unknown_agreement_is_wrong_use_and_names_the_nearest(new):
    code, _, err = new("x", "--mou", "riverside-dx")
    assert code == 2 and "riverside-dv" in err


def test_no_file_is_ever_overwritten(new, tmp_path):
    (tmp_path / "x.yaml").write_text("mine", encoding="utf-8")
    assert new("x", "--yes")[0] == 1
    assert (tmp_path / "x.yaml").read_text(encoding="utf-8") == "mine"


def test_a_name_with_blanks_and_capitals_becomes_a_file_name(new, tmp_path):
    assert new("He Comes Back", "--yes")[0] == 0
    assert (tmp_path / "he-comes-back.yaml").exists()


def test_a_name_of_which_no_file_name_can_be_made_is_wrong_use(new):
    assert new("123", "--yes")[0] == 2
    assert new()[0] == 2


@pytest.mark.parametrize(
    "text", ["yes", "a: b # c", '"quoted" \\ it', "- - [", "ends: \x1b[31m\ttab", "Ünï “ö”", "%&*!"]
)
def test_whatever_is_typed_as_title_and_opening_stays_text(new, tmp_path, text):
    assert new("x", "--title", text, "--opening", text)[0] == 0
    scenario = Library().bundle(tmp_path / "x.yaml").scenario
    said = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    assert (scenario.title, scenario.scenes["at-the-door"].text) == (said, said)


def test_at_a_terminal_what_is_needed_is_asked(new, tmp_path):
    code, out, _ = new("x", typed="The truck\n2\n\nsoon\n15\n\n1\nHe is back.\n")
    scenario = Library().bundle(tmp_path / "x.yaml").scenario
    assert code == 0 and "A whole number of minutes" in out
    assert (scenario.title, scenario.minutes_to_play, scenario.jurisdiction) == ("The truck", 15, "harbor-state")
    assert scenario.scenes["at-the-door"].text == "He is back." and "detective" in scenario.seats


@pytest.mark.parametrize("typed", ["q\n", "The truck\n", ""])
def test_whoever_stops_in_the_middle_leaves_no_file(new, tmp_path, typed):
    code, out, _ = new("x", typed=typed)
    assert code == 1 and "Nothing was written." in out and not list(tmp_path.iterdir())


# --- an agreement -----------------------------------------------------------------------------------------------


def test_a_new_agreement_reads_without_a_problem_and_can_be_played(new, tmp_path):
    assert new("county", "--mou", "--yes")[0] == 0
    assert [p for p in Library().check(tmp_path / "county.yaml") if p.severity != "notice"] == []
    assert Library().bundle("kitchen-table", mou=tmp_path / "county.yaml").mou.id == "county"


def test_every_clause_on_offer_becomes_duties_that_read(new, tmp_path):
    every = ",".join(clause.id for section in sections() for clause in section.clauses)
    assert new("county", "--mou", "--clauses", every)[0] == 0
    read = Library().check_text((tmp_path / "county.yaml").read_text(encoding="utf-8"), "county.yaml")
    assert {duty for s in sections() for c in s.clauses for duty in c.duties} == set(read.value.duties)


def test_the_sections_are_those_of_an_agreement():
    assert [section.id for section in sections()] == [
        "parties", "referral", "response", "confidentiality", "meetings", "disputes", "data",
    ]  # fmt: skip


def test_every_clause_says_what_it_means_and_where_it_comes_from():
    for section in sections():
        for clause in section.clauses:
            assert clause.why and ("[V:" in clause.source or "[CP]" in clause.source), clause.id
            assert clause.deadline is None or Span.parse(clause.deadline)


def test_only_the_clauses_asked_for_are_taken(new, tmp_path):
    assert new("county", "--mou", "--clauses", "C06, C13")[0] == 0
    duties = Library().check_text((tmp_path / "county.yaml").read_text(encoding="utf-8"), "county.yaml").value.duties
    assert set(duties) == {"advocate-offered", "release-explained"}


def test_an_unknown_clause_is_wrong_use(new):
    code, _, err = new("county", "--mou", "--clauses", "C99")
    assert code == 2 and "C99" in err


def test_an_agreement_without_a_clause_is_refused(new, tmp_path):
    assert new("county", "--mou", "--clauses", "")[0] == 2
    assert not list(tmp_path.iterdir())


def test_at_a_terminal_each_clause_is_offered_with_its_meaning_and_its_time_can_be_changed(new, tmp_path):
    # title, two agencies, five roles, C04 no, C06 yes within 45 min; then Enter all the way
    typed = "\nElm Police\nElm House\n" + "\n" * 5 + "n\ny\nsoon\n45 min\n" + "\n" * 60
    code, out, _ = new("county", "--mou", typed=typed)
    mou = Library().check_text((tmp_path / "county.yaml").read_text(encoding="utf-8"), "county.yaml").value
    assert code == 0 and "The offer is owed, not the meeting." in " ".join(out.split())
    assert mou.parties["police"].name == "Elm Police" and str(mou.duties["advocate-offered"].within) == "45 min"
    assert "within 45 min" in mou.duties["advocate-offered"].text


def test_a_role_that_nobody_signs_for_brings_no_clause_of_its_own(new, tmp_path):
    typed = "\n\n\n" + "y\nn\nn\n" + "\n" * 70  # title, agencies; of the police only patrol officers
    assert new("county", "--mou", typed=typed)[0] == 0
    mou = Library().check_text((tmp_path / "county.yaml").read_text(encoding="utf-8"), "county.yaml").value
    assert mou.parties["police"].roles == ("patrol-officer",) and "limits-at-outset" not in mou.duties


def test_a_new_agreement_names_the_duties_that_no_scenario_tests(new, monkeypatch):
    # The library puts every clause to the test; a shelf with one story does not.
    every = Library.names
    monkeypatch.setattr(
        Library, "names", lambda self, kind: ("kitchen-table",) if kind == "scenario" else every(self, kind)
    )
    _, out, _ = new("county", "--mou", "--yes")
    assert "No scenario at hand puts these to the test yet:" in out


def test_stopping_an_agreement_writes_nothing(new, tmp_path):
    assert new("county", "--mou", typed="\n\nq\n")[0] == 1
    assert not list(tmp_path.iterdir())


def test_a_question_is_asked_again_until_the_answer_fits():
    out = io.StringIO()
    asker = Asker(io.StringIO("x\n3\n2\n"), out, interactive=True)
    assert asker.pick("Which?", [("a", "A"), ("b", "B")], "a") == "b"
    assert out.getvalue().count("Type a number from 1 to 2") == 2


def test_the_end_of_input_stops_the_questions():
    with pytest.raises(Stopped):
        Asker(io.StringIO(), io.StringIO(), interactive=True).ask("Which?", "a")


def test_the_templates_are_beside_the_program():
    folder = Path(__import__("facilitator").__file__).parent / "templates"
    assert {"scenario.yaml", "clauses.yaml"} <= {path.name for path in folder.iterdir()}
