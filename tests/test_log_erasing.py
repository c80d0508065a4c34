"""What the log forgets on request, and the backups that are made of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from simulator.log import Place, Unwritable
from simulator.log.sql import SqlStore
from simulator.log.sqlite import SqliteStore
from tests.logs import OKAFOR, REYES, Backend, Clock, begin, choose, text
from tests.servers import Server


def test_seats_can_be_taken_by_others(store: SqlStore) -> None:
    session = begin(store)
    partner = Place("advocate", "", "typical")
    store.set_places(session, (REYES, partner))
    assert store.places(session) == (REYES, partner)


def test_a_remark_replaces_the_seat_s_earlier_one_of_the_same_phase(store: SqlStore) -> None:
    session = begin(store)
    store.remark(session, "officer", "reactions", "Tense.")
    store.remark(session, "advocate", "reactions", "Relieved.")
    store.remark(session, "officer", "reactions", "Tense, then better.")
    assert sorted(store.remarks(session)) == [
        ("advocate", "reactions", "Relieved."),
        ("officer", "reactions", "Tense, then better."),
    ]


def test_an_empty_remark_erases_the_earlier_one(store: SqlStore) -> None:
    session = begin(store)
    store.remark(session, "officer", "reactions", "Tense.")
    store.remark(session, "officer", "reactions", "  ")
    assert store.remarks(session) == []


def test_half_a_character_from_a_terminal_is_kept_as_a_question_mark(store: SqlStore) -> None:
    session = begin(store)
    store.remark(session, "officer", "reactions", "Tense\udce9.")
    assert store.remarks(session) == [("officer", "reactions", "Tense?.")]


def test_forgetting_an_alias_erases_it_and_its_remarks_everywhere(store: SqlStore) -> None:
    first, second, _ = begin(store), begin(store), begin(store, places=(OKAFOR,))
    store.remark(first, "officer", "reactions", "Tense.")
    store.remark(first, "advocate", "reactions", "Relieved.")
    assert store.forget(" heron ") == 2
    assert store.places(first)[0].alias == store.places(second)[0].alias == ""
    assert store.remarks(first) == [("advocate", "reactions", "Relieved.")]


def test_forgetting_leaves_other_people_and_the_chain_alone(store: SqlStore) -> None:
    session = begin(store)
    before = store.read(session)
    store.forget("Heron")
    assert store.places(session)[1] == OKAFOR
    assert store.read(session) == before
    assert store.audit() == []


def test_forgetting_nobody_forgets_nobody(store: SqlStore) -> None:
    session = begin(store, places=(Place("officer", "", "random"), OKAFOR))
    assert store.forget("") == 0
    assert store.forget("Sparrow") == 0
    assert store.places(session)[1] == OKAFOR


def test_what_was_forgotten_is_in_no_file_of_the_store(backend: Backend, server: Server) -> None:
    store = backend.open()
    session = begin(store, places=(Place("officer", "Quetzalcoatlus", "human"), OKAFOR))
    for phase in ("reactions", "description", "analysis"):
        store.remark(session, "officer", phase, "Quetzalcoatlus thought so.")

    def mentions() -> int:
        if backend.kind == "sqlite":
            files = [file for file in Path(backend.where).parent.iterdir() if file.is_file()]
        else:
            server.run("CHECKPOINT")  # what it keeps in memory, to its files
            [(number,)] = server.run("SELECT oid FROM pg_database WHERE datname = current_database()", at=backend.where)
            files = list((server.folder / "base" / str(number)).iterdir())
        return sum(file.read_bytes().count(b"Quetzalcoatlus") for file in files)

    assert mentions() > 0
    store.forget("Quetzalcoatlus")
    for _ in range(200):
        # The server keeps what it threw away as long as anybody's older transaction runs, another test's database included.
        if not mentions():
            break
        store.forget("Quetzalcoatlus")  # writes the tables anew, as it did the first time
    assert mentions() == 0


def test_purging_erases_only_sessions_not_played_for_long(store: SqlStore, clock: Clock) -> None:
    begin(store)
    played_again = begin(store)
    clock.pass_days(300)
    store.append(played_again, 1, choose("knock"))
    clock.pass_days(100)
    assert store.purge(365) == 1
    assert [row.id for row in store.sessions()] == [played_again]


def test_purging_erases_the_texts_that_nobody_plays_any_more(store: SqlStore, backend: Backend, clock: Clock) -> None:
    begin(store, texts=[text("scenario", "old"), text("mou", "shared")])
    clock.pass_days(400)
    begin(store, texts=[text("scenario", "new"), text("mou", "shared")])
    store.purge(365)
    assert set(backend.rows("SELECT body FROM texts")) == {("new",), ("shared",)}
    assert store.audit() == []


# --- backups -----------------------------------------------------------------------------------------------------------


def test_a_backup_is_a_whole_store(store: SqlStore, tmp_path: Path) -> None:
    session = begin(store)
    store.append(session, 1, choose("knock"))
    store.backup(tmp_path / "backup.sqlite3")
    copy = SqliteStore(tmp_path / "backup.sqlite3")
    assert copy.read(session) == store.read(session)
    assert copy.sessions() == store.sessions()
    assert copy.audit() == []
    copy.close()


def test_a_backup_does_not_overwrite_a_file(store: SqlStore, tmp_path: Path) -> None:
    session, taken = begin(store), tmp_path / "taken.sqlite3"
    taken.write_bytes(b"something of mine")
    with pytest.raises(Unwritable, match="exists already"):
        store.backup(taken)
    assert taken.read_bytes() == b"something of mine"
    assert store.last(session) == 0


def test_a_backup_that_cannot_be_written_leaves_nothing_behind(
    store: SqlStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    before = set(tmp_path.iterdir())
    with pytest.raises(Unwritable, match="No space left on device"):
        store.backup(tmp_path / "backup.sqlite3")
    assert set(tmp_path.iterdir()) == before
