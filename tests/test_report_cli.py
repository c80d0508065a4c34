"""`handoff report`: what it writes where, and what it refuses."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from facilitator.cli import main
from simulator.log import Kept, open_store
from simulator.session import Session
from simulator.summing import seconds_played
from tests.reports import play, store_in
from tests.rooms import opened, other


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str, str]:
    """A store's file, a session that may be reported on, and one whose reactions are not done."""
    folder = tmp_path_factory.mktemp("reports")
    store = store_in(folder)
    done, closed = play(store, "expert"), play(store, "harmful", reactions=False)
    store.close()
    return str(folder / "reports.sqlite3"), done.id, closed.id


def run(kept: tuple[str, str, str], *words: str) -> int:
    return main(["report", *words, "--store", kept[0]])


def test_markdown_goes_to_the_screen(kept, capsys) -> None:
    assert run(kept, "session", kept[1], "--format", "md") == 0
    assert capsys.readouterr().out.startswith(
        "# After-action report and improvement plan: Screen at the Kitchen Table\n"
    )


def test_html_is_the_format_unless_another_is_asked_for(kept, capsys) -> None:
    assert run(kept, "session", kept[1][:8]) == 0
    assert capsys.readouterr().out.startswith("<!DOCTYPE html>")


def test_a_word_document_needs_a_file(kept, capsys, tmp_path: Path) -> None:
    assert run(kept, "session", kept[1], "--format", "docx") == 2
    assert "add -o FILE.docx" in capsys.readouterr().err
    assert run(kept, "session", kept[1], "--format", "docx", "-o", str(tmp_path / "a.docx")) == 0
    assert (tmp_path / "a.docx").read_bytes().startswith(b"PK")


def test_a_file_that_is_there_is_replaced_only_with_force(kept, capsys, tmp_path: Path) -> None:
    path = tmp_path / "report.md"
    path.write_text("mine")
    assert run(kept, "session", kept[1], "--format", "md", "-o", str(path)) == 1
    assert "--force" in capsys.readouterr().err
    assert path.read_text() == "mine"
    assert run(kept, "session", kept[1], "--format", "md", "-o", str(path), "--force") == 0
    assert path.read_text(encoding="utf-8").startswith("# After-action")
    assert [each.name for each in tmp_path.iterdir()] == ["report.md"]


def test_a_folder_that_is_not_there_is_told_in_a_sentence(kept, capsys, tmp_path: Path) -> None:
    assert run(kept, "session", kept[1], "-o", str(tmp_path / "no" / "report.html")) == 1
    err = capsys.readouterr().err
    assert "cannot be written: No such file or directory" in err and "Traceback" not in err


def test_a_full_disk_is_told_in_a_sentence_and_leaves_the_old_file(kept, capsys, tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "report.html"
    path.write_text("old")

    def full(self: Path, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert run(kept, "session", kept[1], "-o", str(path), "--force") == 1
    assert "cannot be written: No space left on device" in capsys.readouterr().err
    assert path.read_text() == "old"


def test_scores_stay_closed_until_the_reactions_are_done(kept, capsys) -> None:
    assert run(kept, "session", kept[2]) == 1
    out, err = capsys.readouterr()
    assert out == "" and "first reactions" in err


def test_an_unfinished_play_has_no_report(kept, capsys, tmp_path: Path) -> None:
    store = store_in(tmp_path)
    whole = play(store, "expert")
    session = Session.begin(store, whole.bundle, whole.places, seed=1)
    store.close()
    assert main(["report", "session", session.id, "--store", str(tmp_path / "reports.sqlite3")]) == 1
    out, err = capsys.readouterr()
    assert out == "" and "has not reached an ending" in err


def test_a_play_that_was_ended_early_has_a_report_that_says_so_and_names_nobody(capsys, tmp_path: Path) -> None:
    _, (ident, _) = opened(tmp_path)
    at = ["report", "session", ident, "--format", "md", "--store", str(tmp_path / "store.sqlite3")]
    other(tmp_path, ident, lambda session: (session.choose("officer", "ask"), session.conclude()))
    assert main(at) == 1 and "first reactions" in capsys.readouterr().err
    other(tmp_path, ident, lambda session: session.finish_phase("reactions"))
    assert main(at) == 0
    out = capsys.readouterr().out
    assert "## Ended before its ending" in out and "in “The phone”" in out and "after 1 decision." in out
    assert "That is not zero" in out and "Not observed, which is not zero" in out
    assert "Still open when the play was ended, so not observed" in out
    assert not any(word in out for word in ("Heron", "Plover", "Kept from first to last", "| due |", "| overdue |"))


def test_an_unknown_session_is_told_in_a_sentence(kept, capsys) -> None:
    assert run(kept, "session", "nosuch") == 1
    assert "no session “nosuch”" in capsys.readouterr().err


def test_whoever_rates_after_the_report_has_seen_the_rules_letters(kept) -> None:
    assert run(kept, "session", kept[1], "--format", "md") == 0
    store = open_store(kept[0])
    session = Session.reopen(store, kept[1])
    store.close()
    assert session.play.revealed


def test_a_workshop_has_its_attendance_record(kept, capsys) -> None:
    assert run(kept, "workshop", "Spring", "--format", "md") == 0
    out = capsys.readouterr().out
    assert "| Heron | Riverton PD |" in out
    assert "not enough to say (n = 2)" in out


def test_a_cohort_names_nobody_and_hides_small_groups(kept, capsys) -> None:
    assert run(kept, "cohort", "--scenario", "kitchen-table", "--format", "md") == 0
    out = capsys.readouterr().out
    assert "Heron" not in out
    assert "| Riverton PD | fewer than 5 people |" in out
    assert "- **Scenario:** Screen at the Kitchen Table" in out


def test_where_no_session_fits_it_says_so(kept, capsys) -> None:
    for words in (("workshop", "Autumn"), ("cohort", "--scenario", "nosuch"), ("cohort", "--since", "2999-01-01")):
        assert run(kept, *words) == 1
        out, err = capsys.readouterr()
        assert out == "" and "no session fits" in err


def test_an_agency_of_few_people_has_no_report_of_its_own(kept, capsys) -> None:
    assert run(kept, "cohort", "--agency", "Riverton PD") == 1
    assert "Fewer than 5 people" in capsys.readouterr().err


def test_a_day_is_written_as_a_day(kept, capsys) -> None:
    with pytest.raises(SystemExit, match="2"):
        run(kept, "cohort", "--since", "yesterday")
    assert "write a day as 2026-03-02" in capsys.readouterr().err


def test_time_at_the_table_leaves_pauses_and_the_debrief_out() -> None:
    moments = (("start", 0), ("choose", 10), ("paused", 20), ("resumed", 500), ("choose", 530), ("debrief", 900))
    events = [
        Kept(seq, {"kind": kind}, f"2026-03-02T09:{second // 60:02}:{second % 60:02}+00:00", "")
        for seq, (kind, second) in enumerate(moments)
    ]
    assert seconds_played(events) == 50.0
