"""`handoff rate`, and what `handoff score` shows of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from facilitator.cli import main
from simulator.log import Unwritable, open_store
from simulator.play import Rating
from simulator.session import Session
from tests.app_helpers import events, kept


@pytest.fixture
def ident(tmp_path: Path) -> str:
    """A finished play of the small evening, whose one objective is `o`."""
    return kept(tmp_path, finished=True)


@pytest.fixture
def run(tmp_path, capsys, ident):
    """Runs a command on that session; gives (code, out, err)."""

    def runner(command: str, *args: str) -> tuple[int, str, str]:
        code = main([command, ident, *args, "--store", str(tmp_path / "store.sqlite3")])
        said = capsys.readouterr()
        return code, said.out, said.err

    return runner


def ratings(folder: Path, ident: str) -> tuple[dict[str, Rating], list[tuple[str, str, str]]]:
    store = open_store(folder / "store.sqlite3")
    try:
        session = Session.reopen(store, ident)
        return dict(session.play.ratings), session.remarks()
    finally:
        store.close()


def test_without_ratings_it_lists_the_objectives_and_what_the_letters_mean(run):
    code, out, _ = run("rate")
    assert code == 0 and "  o\n    Talk apart." in out and "Not rated by hand." in out
    assert "S  performed with some challenges. Every task was done, but it took longer" in out
    assert "have not been shown" in out


@pytest.mark.parametrize("more", [(), ("--json",), ("o=S",)])
def test_it_shows_no_letter_of_the_program_and_reveals_none(run, tmp_path, ident, more):
    _, out, _ = run("rate", *more)
    grounds = ("was kept", "was missed", "practice over")
    assert not any(words in out for words in grounds)
    assert "revealed" not in [event["kind"] for event in events(tmp_path, ident)]


def test_a_rating_with_its_line_why_is_kept(run, tmp_path, ident):
    code, out, _ = run("rate", "o=s", "--why", "She asked twice.")
    assert code == 0
    assert out.startswith(
        "o: by hand: S · performed with some challenges, before the program's letter was seen. She asked twice."
    )
    assert ratings(tmp_path, ident) == ({"o": Rating("S", True)}, [("facilitator", "rating:o", "She asked twice.")])


def test_a_rater_who_has_seen_the_letters_says_so(run, tmp_path, ident):
    _, out, _ = run("rate", "o=P", "--seen")
    assert "after the program's letter was seen" in out
    assert ratings(tmp_path, ident)[0] == {"o": Rating("P", False)}


def test_after_the_pairs_debrief_it_reminds_of_seen(run, tmp_path, ident):
    assert "--seen" not in run("rate", "o=P")[1]
    store = open_store(tmp_path / "store.sqlite3")
    Session.reopen(store, ident).finish_phase("reactions")
    store.close()
    assert "--seen" in run("rate", "o=S")[1]


def test_a_rating_after_the_score_was_printed_stays_out_of_the_figures(run, tmp_path, ident):
    run("score")
    _, out, _ = run("rate", "o=P")
    assert "stays out of the agreement figures" in out
    assert ratings(tmp_path, ident)[0] == {"o": Rating("P", False)}


def test_a_rating_taken_back_takes_its_line_along(run, tmp_path, ident):
    run("rate", "o=S", "--why", "She asked twice.")
    assert run("rate", "o=-")[1].startswith("o: taken back.")
    assert ratings(tmp_path, ident) == ({}, [])


def test_another_letter_without_a_line_leaves_the_line(run, tmp_path, ident):
    run("rate", "o=S", "--why", "She asked twice.")
    run("rate", "o=M")
    assert ratings(tmp_path, ident) == ({"o": Rating("M", True)}, [("facilitator", "rating:o", "She asked twice.")])


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("x=S",), "no objective “x” here; there is o"),
        (("o=Q",), "“Q” is no letter; write P, S, M, U"),
        (("o",), "write OBJECTIVE=LETTER, such as o=S"),
        (("o=S", "o=P"), "“o” is rated twice here"),
        (("--why", "so"), "name one objective with it"),
    ],
)
def test_what_cannot_be_rated_is_one_sentence_and_keeps_nothing(run, tmp_path, ident, args, says):
    code, out, err = run("rate", *args)
    assert (code, out, err.count("\n")) == (2, "", 1) and says in err
    assert ratings(tmp_path, ident) == ({}, [])


def test_nothing_is_kept_if_one_of_several_ratings_is_wrong(run, tmp_path, ident):
    assert run("rate", "o=S", "x=S")[0] == 2
    assert ratings(tmp_path, ident) == ({}, [])


def test_json_tells_objectives_letters_and_whether_the_programs_were_shown(run, ident):
    told = json.loads(run("rate", "o=M", "--why", "Late.", "--json")[1])
    assert told["session"] == ident and told["shown"] is False and set(told["letters"]) == set("PSMU")
    assert told["objectives"] == [
        {
            "objective": "o",
            "text": "Talk apart",
            "by_hand": {"objective": "o", "letter": "M", "blind": True, "why": "Late."},
        }
    ]


# --- the score -----------------------------------------------------------------------------------------------------


def test_the_score_shows_the_letter_by_hand_beside_the_programs(run):
    run("rate", "o=M", "--why", "Late.")
    lines = run("score")[1].splitlines()
    at = next(number for number, line in enumerate(lines) if "Talk apart" in line)
    assert (
        lines[at + 1].strip()
        == "By hand: M · performed with major challenges, before the program's letter was seen. Late."
    )
    assert json.loads(run("score", "--json")[1])["by_hand"][0]["letter"] == "M"


def test_printing_the_score_twice_reveals_once(run, tmp_path, ident):
    run("score")
    run("score", "--json")
    assert [event["kind"] for event in events(tmp_path, ident)].count("revealed") == 1


def test_who_may_only_read_the_store_reads_the_score_all_the_same(run, tmp_path, ident, monkeypatch):
    store = open_store(tmp_path / "store.sqlite3")
    store.close()

    def refuse(*_: object, **__: object) -> None:
        raise Unwritable("read-only")

    monkeypatch.setattr(type(store), "append", refuse)
    code, out, _ = run("score")
    assert code == 0 and "Talk apart" in out
    assert "revealed" not in [event["kind"] for event in events(tmp_path, ident)]


def test_help_says_what_stays_out_of_the_agreement_figures(capsys):
    with pytest.raises(SystemExit):
        main(["rate", "--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert "“-” takes a rating back" in said and "stays out of it" in said and "no real people" in said
