"""What the log forgets on request, and the backups that are made of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulator.log import Place, Unwritable
from simulator.log.sqlite import SqliteStore
from tests.logs import OKAFOR, REYES, Clock, begin, choose, text


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "handoff.sqlite3"


@pytest.fixture
def store(path: Path, clock: Clock) -> Iterator[SqliteStore]:
    opened = SqliteStore(path, busy=0.05, now=clock)
    yield opened
    opened.close()


def test_seats_can_be_taken_by_others(store: SqliteStore) -> None:
    session = begin(store)
    partner = Place("advocate", "", "typical")
    store.set_places(session, (REYES, partner))
    assert store.places(session) == (REYES, partner)


def test_a_remark_replaces_the_seat_s_earlier_one_of_the_same_phase(store: SqliteStore) -> None:
    session = begin(store)
    store.remark(session, "officer", "reactions", "Tense.")
    store.remark(session, "advocate", "reactions", "Relieved.")
    store.remark(session, "officer", "reactions", "Tense, then better.")
    assert sorted(store.remarks(session)) == [
        ("advocate", "reactions", "Relieved."),
        ("officer", "reactions", "Tense, then better."),
    ]


def test_an_empty_remark_erases_the_earlier_one(store: SqliteStore) -> None:
    session = begin(store)
    store.remark(session, "officer", "reactions", "Tense.")
    store.remark(session, "officer", "reactions", "  ")
    assert store.remarks(session) == []


def test_half_a_character_from_a_terminal_is_kept_as_a_question_mark(store: SqliteStore) -> None:
    session = begin(store)
    store.remark(session, "officer", "reactions", "Tense\udce9.")
    assert store.remarks(session) == [("officer", "reactions", "Tense?.")]


def test_forgetting_an_alias_erases_it_and_its_remarks_everywhere(store: SqliteStore) -> None:
    first, second, _ = begin(store), begin(store), begin(store, places=(OKAFOR,))
    store.remark(first, "officer", "reactions", "Tense.")
    store.remark(first, "advocate", "reactions", "Relieved.")
    assert store.forget(" heron ") == 2
    assert store.places(first)[0].alias == store.places(second)[0].alias == ""
    assert store.remarks(first) == [("advocate", "reactions", "Relieved.")]


def test_forgetting_leaves_other_people_and_the_chain_alone(store: SqliteStore) -> None:
    session = begin(store)
    before = store.read(session)
    store.forget("Heron")
    assert store.places(session)[1] == OKAFOR
    assert store.read(session) == before
    assert store.audit() == []


def test_forgetting_nobody_forgets_nobody(store: SqliteStore) -> None:
    session = begin(store, places=(Place("officer", "", "random"), OKAFOR))
    assert store.forget("") == 0
    assert store.forget("Sparrow") == 0
    assert store.places(session)[1] == OKAFOR


def test_what_was_forgotten_is_in_no_file_of_the_store(store: SqliteStore, path: Path) -> None:
    session = begin(store, places=(Place("officer", "Quetzalcoatlus", "human"), OKAFOR))
    for phase in ("reactions", "description", "analysis"):
        store.remark(session, "officer", phase, "Quetzalcoatlus thought so.")

    def mentions() -> int:
        return sum(file.read_bytes().count(b"Quetzalcoatlus") for file in path.parent.iterdir())

    assert mentions() > 0
    store.forget("Quetzalcoatlus")
    assert mentions() == 0


def test_purging_erases_only_sessions_not_played_for_long(store: SqliteStore, clock: Clock) -> None:
    begin(store)
    played_again = begin(store)
    clock.pass_days(300)
    store.append(played_again, 1, choose("knock"))
    clock.pass_days(100)
    assert store.purge(365) == 1
    assert [row.id for row in store.sessions()] == [played_again]


def test_purging_erases_the_texts_that_nobody_plays_any_more(store: SqliteStore, clock: Clock) -> None:
    begin(store, texts=[text("scenario", "old"), text("mou", "shared")])
    clock.pass_days(400)
    begin(store, texts=[text("scenario", "new"), text("mou", "shared")])
    store.purge(365)
    assert {row["body"] for row in store.db["texts"].rows} == {"new", "shared"}
    assert store.audit() == []


# --- backups -----------------------------------------------------------------------------------------------------------


def test_a_backup_is_a_whole_store(store: SqliteStore, tmp_path: Path) -> None:
    session = begin(store)
    store.append(session, 1, choose("knock"))
    store.backup(tmp_path / "backup.sqlite3")
    copy = SqliteStore(tmp_path / "backup.sqlite3")
    assert copy.read(session) == store.read(session)
    assert copy.sessions() == store.sessions()
    assert copy.audit() == []
    copy.close()


def test_a_backup_does_not_overwrite_a_file(store: SqliteStore, path: Path) -> None:
    session = begin(store)
    with pytest.raises(Unwritable, match="exists already"):
        store.backup(path)
    assert store.last(session) == 0


def test_a_backup_that_cannot_be_written_leaves_nothing_behind(
    store: SqliteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    before = set(tmp_path.iterdir())
    with pytest.raises(Unwritable, match="No space left on device"):
        store.backup(tmp_path / "backup.sqlite3")
    assert set(tmp_path.iterdir()) == before
