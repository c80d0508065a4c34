"""The command line as a user meets it: exit codes, messages, and nothing lost."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from facilitator.cli import main

MINI = str(Path(__file__).parent / "fixtures" / "two-scenes.yaml")


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    """Runs `handoff ARGS` with a store of its own and `typed` as standard input; gives (code, out, err)."""

    def runner(*args: str, typed: str = "", store: bool = True):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        extra = ["--store", str(tmp_path / "store.sqlite3")] if store else []
        try:
            code = main([*args, *extra])
        except SystemExit as stop:
            code = stop.code
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return runner


GOOD = "officer: apart\nadvocate: keep\n"


def test_without_a_terminal_the_app_says_how_to_play_in_lines(run):
    code, out, _ = run()
    assert code == 2 and "handoff play --plain" in out


def test_play_without_a_terminal_falls_into_plain_mode_with_a_hint(run):
    code, out, err = run("play", MINI, typed="1\n2\n\n\n\n\n\n\n")
    assert code == 0 and "plain mode" in err and "The play ends: The night ends" in out


def test_a_script_plays_to_the_end_and_debriefs(run):
    code, out, _ = run("play", MINI, "--script", "-", typed=GOOD)
    assert code == 0 and "No line was crossed." in out


def test_a_script_with_a_wrong_action_names_the_line_and_what_could_stand_there(run):
    code, _, err = run("play", MINI, "--script", "-", typed="officer: apart\nadvocate: kep\n")
    assert code == 1 and "-:2:" in err and "advocate: keep" in err


def test_a_script_that_stops_before_an_ending_is_refused(run):
    code, _, err = run("play", MINI, "--script", "-", typed="officer: apart\n")
    assert code == 1 and "before an ending" in err


def test_a_script_line_without_a_colon_is_refused_with_its_number(run):
    code, _, err = run("play", MINI, "--script", "-", typed="# fine\nofficer apart\n")
    assert code == 1 and "-:2:" in err


def test_a_script_file_that_does_not_exist_is_one_sentence(run):
    code, _, err = run("play", MINI, "--script", "nowhere.txt")
    assert code == 1 and "nowhere.txt" in err and "Traceback" not in err


def test_json_play_ends_with_a_scorecard(run):
    code, out, _ = run("play", MINI, "--script", "-", "--json", typed=GOOD)
    last = json.loads(out.splitlines()[-1])
    assert code == 0 and last["kind"] == "end" and last["scorecard"]["ending"] == "The night ends"


def test_json_turns_show_only_the_acting_seats_view(run):
    _, out, _ = run("play", MINI, "--script", "-", "--json", typed=GOOD)
    first = json.loads(out.splitlines()[0])
    assert first["seat"] == "officer" and "The phone is quiet." not in json.dumps(first)


def test_alone_the_computer_plays_the_other_seat(run):
    code, out, _ = run("play", MINI, "--plain", "--seat", "officer", "--seed", "1", typed="1\n\n\n\n")
    assert code == 0 and "The play ends" in out


def test_an_unknown_seat_is_wrong_use_and_names_the_seats(run):
    code, _, err = run("play", MINI, "--plain", "--seat", "sheriff")
    assert code == 2 and "officer, advocate" in err


def test_an_unknown_scenario_is_a_problem_not_a_traceback(run):
    code, _, err = run("play", "kitchen-tabel", "--plain")
    assert code == 1 and "kitchen-table" in err


def test_end_of_input_keeps_the_session_and_says_how_to_go_on(run):
    _, out, _ = run("play", MINI, "--plain", typed="1\n")
    assert "handoff resume" in out
    code, out, _ = run("resume", "--plain", typed="2\n\n\n\n\n\n\n")
    assert code == 0 and "The play ends" in out


def test_resume_without_a_session_says_how_to_begin_one(run):
    code, _, err = run("resume", "--plain")
    assert code == 1 and "handoff play" in err


def test_replay_prints_a_script_that_plays_again(run):
    _, out, _ = run("play", MINI, "--script", "-", "--json", typed=GOOD)
    ident = json.loads(out.splitlines()[-1])["session"]
    code, script, _ = run("replay", ident)
    assert code == 0 and script == GOOD


def test_replay_to_an_event_stops_there(run):
    _, out, _ = run("play", MINI, "--script", "-", "--json", typed=GOOD)
    ident = json.loads(out.splitlines()[-1])["session"]
    assert run("replay", ident, "--to", "1")[1] == "officer: apart\n"
    assert run("replay", ident, "--to", "99")[0] == 2


def test_review_lists_the_sessions_that_match_every_word(run):
    run("play", MINI, "--script", "-", "--workshop", "Tuesday", typed=GOOD)
    assert "1 session" in run("review", "--filter", "tuesday two")[1]
    assert "0 sessions" in run("review", "--filter", "wednesday")[1]


def test_a_filter_for_finished_leaves_unfinished_sessions_out(run):
    run("play", MINI, "--plain", typed="1\n")
    assert "0 sessions" in run("review", "--filter", "finished")[1]
    assert "1 session" in run("review", "--filter", "unfinished")[1]


def test_the_beginning_of_a_session_id_is_enough(run):
    _, out, _ = run("play", MINI, "--script", "-", "--json", typed=GOOD)
    ident = json.loads(out.splitlines()[-1])["session"]
    assert run("replay", ident[:8])[1] == GOOD
    assert run("replay", ident[:3])[0] == 1


def test_score_of_an_unknown_session_is_one_sentence(run):
    code, _, err = run("score", "nobody")
    assert code == 1 and "nobody" in err


def test_score_prints_the_analysis(run):
    _, out, _ = run("play", MINI, "--script", "-", "--json", typed="officer: ask\nadvocate: keep\n")
    ident = json.loads(out.splitlines()[-1])["session"]
    code, out, _ = run("score", ident)
    assert code == 0 and "life safety" in out and "not for discipline" in out


def test_forget_erases_an_alias(run):
    run("play", MINI, "--script", "-", "--name", "Heron", typed=GOOD)
    assert run("forget", "heron")[0] == 0
    assert "Heron" not in run("review", "--plain")[1]
    assert run("forget", "heron")[0] == 1


def test_audit_finds_a_changed_event(run, tmp_path):
    run("play", MINI, "--script", "-", typed=GOOD)
    assert run("audit")[0] == 0
    import sqlite3

    with sqlite3.connect(tmp_path / "store.sqlite3") as db:
        db.execute("UPDATE events SET body = replace(body, 'apart', 'ask') WHERE seq = 1")
    db.close()
    assert run("audit")[0] == 1


def test_purge_wants_days(run):
    assert run("purge", "--older-than", "soon")[0] == 2
    assert run("purge", "--older-than", "30d")[0] == 0


def test_backup_copies_the_store(run, tmp_path):
    run("play", MINI, "--script", "-", typed=GOOD)
    assert run("store", "backup", str(tmp_path / "copy.sqlite3"))[0] == 0
    assert (tmp_path / "copy.sqlite3").exists()


def test_check_of_a_path_that_does_not_exist_is_wrong_use(run):
    assert run("check", "nowhere.yaml", store=False)[0] == 2


def test_check_of_a_broken_file_names_the_place_and_exits_1(run, tmp_path):
    broken = tmp_path / "broken.yaml"
    broken.write_text(Path(MINI).read_text(encoding="utf-8").replace("to: call", "to: cal", 1), encoding="utf-8")
    code, out, _ = run("check", str(broken), store=False)
    assert code == 1 and "“cal”" in out and "^^^" in out


def test_explain_prints_a_page_and_refuses_an_unknown_code(run):
    assert run("explain", "HS101", store=False)[0] == 0
    assert run("explain", "HS999", store=False)[0] == 2


def test_every_command_has_help(run):
    for command in (
        "play",
        "resume",
        "replay",
        "score",
        "review",
        "list",
        "check",
        "explain",
        "forget",
        "purge",
        "audit",
    ):
        code, out, _ = run(command, "--help", store=False)
        assert code == 0 and out.startswith("usage: handoff")
