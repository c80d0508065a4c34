"""`handoff rescore`: finished sessions under another agreement or law, old beside new, nothing stored."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from facilitator import rescoring
from facilitator.cli import main
from facilitator.rejudged import Judge, Other
from simulator.library import Library
from simulator.log import Place, open_store
from simulator.script import parse, play_line
from simulator.session import Session

HERE = Path(__file__).parent
CEDAR = str(HERE / "fixtures" / "cedar-county.yaml")
MINI = HERE / "fixtures" / "two-scenes.yaml"
SCRIPTS = HERE.parent / "scenarios" / "transcripts" / "kitchen-table"


@pytest.fixture
def store(tmp_path):
    kept = open_store(tmp_path / "store.sqlite3")
    yield kept
    kept.close()


@pytest.fixture
def played(store):
    """Plays the kitchen table by one of its scripts, and gives the session."""

    def play(script: str, *, reactions: bool = True, alias: str = "", **more: Any) -> Session:
        seats = [Place("officer", alias, "human", "Riverton PD"), Place("advocate", "", "human")]
        session = Session.begin(store, Library().bundle("kitchen-table"), seats, seed=1, **more)
        name = f"{script}.script"
        for line in parse((SCRIPTS / name).read_text(encoding="utf-8"), name):
            play_line(session, line, name)
        assert session.finished
        if reactions:
            session.finish_phase("reactions")
        return session

    return play


@pytest.fixture
def run(capsys, tmp_path):
    def runner(*args: str):
        try:
            code = main(["rescore", *args, "--store", str(tmp_path / "store.sqlite3")])
        except SystemExit as stop:
            code = stop.code
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return runner


def as_json(out: str) -> tuple[dict[str, Any], list[dict[str, Any]], dict[str, Any]]:
    first, *sessions, last = map(json.loads, out.splitlines())
    assert [first["kind"], last["kind"]] == ["setting", "together"]
    return first, sessions, last


# --- the neighbouring county's agreement ---------------------------------------------------------------------------


def test_a_deadline_that_is_shorter_there_turns_met_into_late_and_says_why(run, played):
    session = played("expert")
    code, out, _ = run("--mou", CEDAR, session.id)
    assert code == 0
    block = out[out.index("met → late · clause 3.1 → A1, Cedar County Sheriff's Office") :].splitlines()
    assert block[1].strip() == "within 30 min → 15 min"
    assert "due Sat 10 Jan, 00:30, kept Sat 10 Jan, 00:25" in block[2]
    assert "due Sat 10 Jan, 00:15, kept Sat 10 Jan, 00:25" in block[3]


def test_a_duty_more_and_a_duty_less_are_told_apart(run, played):
    played("harmful")
    _, out, _ = run("--mou", CEDAR)
    assert "– → missed · clause – → A2" in out
    assert "only as played: missed 2.2, 2.3, 4.2, 4.4, 6.6, 6.7" in out


def test_a_clause_that_is_kept_by_telling_without_a_release_is_kept_by_a_breach_there_too(run, played):
    played("harmful")
    _, [session], _ = as_json(run("--mou", CEDAR, "--json")[1])
    [passed] = [duty for duty in session["new"]["duties"] if duty["clause"] == "C2"]
    assert (passed["status"], passed["why"]) == ("met", "kept by a step that crossed a line")
    assert session["new"]["lines"] == session["old"]["lines"]


def test_objectives_say_which_clauses_they_rest_on_that_are_not_there(run, played):
    played("expert")
    _, out, _ = run("--mou", CEDAR)
    assert "P → S · Bring a helper to her" in out and "not there: clauses 2.4, 2.5, 3.3" in out


def test_under_the_setting_it_was_played_everything_comes_out_the_same(run, played):
    played("typical")
    code, out, _ = run("--mou", "riverside-dv", "--jurisdiction", "model-state")
    assert code == 0 and "Every line, duty and objective comes out the same." in out and "not there" not in out


# --- another state's law -------------------------------------------------------------------------------------------


def test_a_play_that_met_a_changed_point_of_law_is_not_comparable_and_says_where(run, played):
    played("expert")
    code, out, _ = run("--jurisdiction", "harbor-state")
    assert code == 0 and "“What Dana says” asks for law.advocate_mandated_reporter" in out
    assert "They are not like the others" not in out  # there are no others


def test_a_play_that_never_came_there_is_compared_and_differs(run, played):
    played("typical")
    code, out, _ = run("--jurisdiction", "harbor-state")
    assert code == 0 and "crossed → not crossed · law" in out and "no such line there" in out


def test_a_law_in_a_file_of_ones_own_is_read(run, played, tmp_path):
    played("expert")
    own = (HERE.parent / "scenarios" / "jurisdictions" / "model-state.yaml").read_text(encoding="utf-8")
    file = tmp_path / "own-state.yaml"
    file.write_text(
        own.replace("id: model-state", "id: own-state").replace("within: 36 h", "within: 1 min"), encoding="utf-8"
    )
    _, out, _ = run("--jurisdiction", str(file))
    assert "not crossed → crossed · law" in out and "within 36 h → 1 min" in out


# --- which sessions ------------------------------------------------------------------------------------------------


def test_workshop_and_scenario_choose_the_sessions(run, played):
    session = played("typical", workshop="Tuesday")
    played("typical", workshop="Friday")
    _, [found], total = as_json(run("--mou", CEDAR, "--workshop", "Tuesday", "--json")[1])
    assert found["session"] == session.id and total["asked"] == 1
    assert run("--mou", CEDAR, "--scenario", "tutorial")[0] == 1


def test_since_is_a_day_on_which_it_was_played_or_later(run, played):
    played("typical")
    assert run("--mou", CEDAR, "--since", "2020-01-01")[0] == 0
    assert run("--mou", CEDAR, "--since", "2999-01-01")[0] == 1


def test_an_unfinished_session_is_not_judged(run, played, store):
    seats = [Place("officer", "", "human"), Place("advocate", "", "human")]
    begun = Session.begin(store, Library().bundle("kitchen-table"), seats)
    code, _, err = run("--mou", CEDAR, begun.id)
    assert code == 1 and f"session {begun.id} is not finished" in err
    assert run("--mou", CEDAR)[0] == 1
    played("typical")
    assert as_json(run("--mou", CEDAR, "--json")[1])[2]["asked"] == 1


def test_the_beginning_of_an_id_names_a_session_once(run, played):
    session = played("typical")
    played("expert")
    _, _, total = as_json(run("--mou", CEDAR, session.id[:8], session.id, "--json")[1])
    assert total["asked"] == 1


def test_only_the_branch_that_survived_is_judged(run, store):
    seats = [Place("officer", "", "human"), Place("advocate", "", "human")]
    session = Session.begin(store, Library().bundle(MINI), seats)
    session.choose("officer", "ask")
    session.rewind(0)
    session.choose("officer", "apart")
    session.choose("advocate", "keep")
    session.finish_phase("reactions")
    _, [found], _ = as_json(run("--mou", CEDAR, "--json")[1])
    assert found["old"]["lines"] == found["new"]["lines"] == []


def test_a_debrief_whose_reactions_are_open_is_counted_and_not_shown(run, played):
    session = played("typical", reactions=False)
    _, out, _ = run("--mou", CEDAR)
    assert "counted, not shown" in out and "→" not in out and "1 session compared" in out
    _, sessions, total = as_json(run("--mou", CEDAR, "--json")[1])
    assert sessions == [] and total["not_shown"] == total["compared"] == 1
    assert session.id in out


def test_no_alias_and_no_agency_is_ever_printed(run, played):
    played("typical", alias="Heron")
    for more in ((), ("--json",)):
        out = run("--mou", CEDAR, *more)[1]
        assert "Heron" not in out and "Riverton PD" not in out


# --- many ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def six(played):
    for script in ("expert", "expert", "typical", "typical", "harmful", "expert-her-no"):
        played(script, workshop="June")


def row(out: str, title: str, clause: str) -> list[int]:
    """The numbers of a clause in the table of that title: kept, late, missed, excused, other."""
    table = out[out.index(title) :]
    line = next(line for line in table.splitlines() if line.startswith(f"  {clause} "))
    return [int(number) for number in line.split()[1:6]]


def test_many_are_added_up_clause_by_clause_under_each_agreement(run, six):
    code, out, _ = run("--mou", CEDAR)
    assert code == 0 and "6 sessions compared" in out and "Session " not in out
    assert row(out, "Duties, as played", "3.1") == [5, 1, 0, 0, 0]
    assert row(out, "Duties, there", "A1") == [0, 6, 0, 0, 0]
    assert row(out, "Duties, there", "B1") == [3, 0, 3, 0, 0]


def test_old_and_new_are_counted_over_the_same_sessions(run, six):
    _, out, _ = run("--jurisdiction", "harbor-state")
    assert "3 sessions compared" in out and "3 sessions not comparable" in out
    assert "They are not like the others" in out
    assert row(out, "Duties, as played", "4.1") == row(out, "Duties, there", "4.1") == [1, 0, 2, 0, 0]


def test_lines_are_counted_by_kind_old_and_new(run, six):
    _, out, _ = run("--jurisdiction", "harbor-state")
    lines = [line.split(maxsplit=2) for line in out[out.index("Lines crossed") :].splitlines()]
    found = {line[2]: line[:2] for line in lines if len(line) == 3}
    assert found["law, all lines"] == ["6", "4"]
    assert found["life safety, all lines"] == ["4", "4"]
    assert found["The rights and resources card is given before the officers leave the first contact."] == ["2", "–"]


def test_objectives_letters_stand_old_beside_new(run, six):
    _, _, total = as_json(run("--mou", CEDAR, "--json")[1])
    [doors] = [each for each in total["objectives"] if each["objective"] == "two-doors"]
    assert doors["old"]["P"] == 3 and doors["new"].get("P", 0) == 0
    assert doors["nothing"]["hotline-at-once"] == "clause 2.4"


# --- nothing is stored, nothing is lost ----------------------------------------------------------------------------


def test_the_store_is_as_it_was(run, six, tmp_path):
    def everything() -> list[str]:
        with sqlite3.connect(tmp_path / "store.sqlite3") as db:
            return list(db.iterdump())

    before = everything()
    _, out, _ = run("--mou", CEDAR, "--jurisdiction", "harbor-state")
    assert everything() == before
    assert "No verdict of this is stored, nothing is overwritten, and no cohort figure counts it." in out
    assert "not for discipline, hiring or certification" in out


def test_texts_that_sessions_share_are_read_once(six, store, monkeypatch):
    asked: list[str] = []
    texts = store.texts
    monkeypatch.setattr(store, "texts", lambda session: asked.append(session) or texts(session))
    judge = Judge(store, Other(Library(), CEDAR, None))
    assert all(judge.judge(row).compared for row in store.sessions())
    assert len(asked) == 1


def test_a_damaged_session_is_counted_apart_and_the_others_are_judged(run, played, tmp_path):
    broken, sound = played("typical"), played("typical")
    with sqlite3.connect(tmp_path / "store.sqlite3") as db:
        db.execute(
            "UPDATE events SET body = replace(body, 'officer', 'advocate') WHERE session = ? AND seq = 2", (broken.id,)
        )
    code, out, _ = run("--mou", CEDAR)
    assert code == 0 and "1 session could not be read" in out and sound.id in out
    assert run("--mou", CEDAR, broken.id)[0] == 1


def test_words_that_a_session_never_pinned_make_it_not_comparable(run, played, store, monkeypatch, tmp_path):
    """An agreement written for a newer vocabulary than the one the session was played with."""
    vocabulary = (HERE.parent / "scenarios" / "vocabulary.yaml").read_text(encoding="utf-8")
    (tmp_path / "vocabulary.yaml").write_text(
        vocabulary.replace("\nfacts:\n", "\nfacts:\n  van_left: The van left.\n"), encoding="utf-8"
    )
    newer = Path(CEDAR).read_text(encoding="utf-8").replace("must: ems_called", "must: ems_called and van_left")
    (tmp_path / "cedar-county.yaml").write_text(newer, encoding="utf-8")
    played("typical")
    code, out, _ = run("--mou", str(tmp_path / "cedar-county.yaml"))
    assert code == 0 and "not comparable" in out and "nothing is called “van_left”" in out


def test_ctrl_c_keeps_what_was_judged_and_ends_with_1(run, six, monkeypatch):
    judge = Judge.judge
    left = iter(range(4))

    def interrupted(self, row):
        if next(left) == 3:
            raise KeyboardInterrupt
        return judge(self, row)

    monkeypatch.setattr(Judge, "judge", interrupted)
    code, out, err = run("--mou", CEDAR)
    assert code == 1 and "Stopped after 3 of 6 sessions." in out and "stopped after 3 of 6 sessions" in err
    assert "3 sessions compared" in out and "Traceback" not in err


def test_progress_is_told_on_a_terminal_and_wiped(capsys, monkeypatch):
    progress = rescoring._Progress(12_000, shown=True)
    progress.last -= 1
    progress.tell(3_000)
    progress.clear()
    assert capsys.readouterr().err == "\r3,000 of 12,000 sessions; Ctrl-C stops \r\x1b[K"


# --- wrong use and bad input ---------------------------------------------------------------------------------------


def test_without_a_setting_to_judge_by_it_is_wrong_use(run):
    code, _, err = run()
    assert code == 2 and "--mou ID|FILE" in err


def test_sessions_by_name_and_by_choice_at_once_is_wrong_use(run, played):
    session = played("typical")
    assert run("--mou", CEDAR, session.id, "--workshop", "June")[0] == 2


def test_a_day_that_is_none_is_wrong_use(run):
    code, _, err = run("--mou", CEDAR, "--since", "yesterday")
    assert code == 2 and "2026-03-02" in err


def test_an_empty_store_has_nothing_to_judge(run):
    code, _, err = run("--mou", CEDAR)
    assert code == 1 and "no finished session" in err


def test_an_unknown_session_is_one_sentence(run, played):
    played("typical")
    code, _, err = run("--mou", CEDAR, "nobody")
    assert code == 1 and "nobody" in err and "Traceback" not in err


def test_an_unknown_agreement_is_named_with_what_was_meant_perhaps(run):
    code, _, err = run("--mou", "riverside-dw")
    assert code == 1 and "riverside-dv" in err


def test_a_file_with_problems_is_told_as_everywhere(run, tmp_path):
    file = tmp_path / "own.yaml"
    file.write_text(
        Path(CEDAR).read_text(encoding="utf-8").replace("must: ems_called", "must: ems_caled"), encoding="utf-8"
    )
    code, _, err = run("--mou", str(file))
    assert code == 1 and "ems_caled" in err and "ems_called" in err and "own.yaml:" in err


def test_a_law_given_as_an_agreement_is_refused(run):
    code, _, err = run("--mou", str(HERE.parent / "scenarios" / "jurisdictions" / "harbor-state.yaml"))
    assert code == 1 and "HS121" in err
