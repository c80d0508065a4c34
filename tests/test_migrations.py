"""Stores written by other versions of Handoff: older ones are brought up to date, newer ones are left alone."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from simulator.log import Damaged, LogError, TooNew
from simulator.log.dialect import Sql
from simulator.log.migrations import STEPS, Step, take
from simulator.log.sqlite import SqliteStore

# A store of version 1 with one session, as Handoff 0.1 wrote it. Never edit it: such files are out there.
VERSION_1 = (Path(__file__).parent / "fixtures" / "store-v1.sql").read_text(encoding="utf-8")
SESSION = "4f1c2a9be07d5368"
NEWEST = STEPS[-1][0]
NEXT = NEWEST + 1


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "handoff.sqlite3"


@pytest.fixture
def old(path: Path) -> Path:
    """A store of version 1."""
    connection = sqlite3.connect(path)
    connection.executescript(VERSION_1)
    connection.close()
    return path


def add_language(db: Sql) -> None:
    db.execute("ALTER TABLE sessions ADD COLUMN language TEXT NOT NULL DEFAULT 'en'")


def fail_halfway(db: Sql) -> None:
    add_language(db)
    db.execute("DELETE FROM events")
    db.execute("INSERT INTO nowhere VALUES (1)")


def be_interrupted(db: Sql) -> None:
    add_language(db)
    raise KeyboardInterrupt


def later(step: Step) -> tuple[Step, ...]:
    return (*STEPS, step)


def versions(path: Path) -> list[int]:
    connection = sqlite3.connect(path)
    found = [row[0] for row in connection.execute("SELECT version FROM migrations ORDER BY version")]
    connection.close()
    return found


def dump(path: Path) -> list[str]:
    connection = sqlite3.connect(path)
    lines = list(connection.iterdump())
    connection.close()
    return lines


def test_a_store_of_version_1_can_be_read_and_played_on(old: Path) -> None:
    store = SqliteStore(old)
    assert [kept.body["kind"] for kept in store.read(SESSION, verify=True)] == ["start", "choose"]
    assert [place.alias for place in store.places(SESSION)] == ["Heron", "Wren"]
    assert store.remarks(SESSION) == [("officer", "reactions", "Tense.")]
    store.append(SESSION, 2, {"kind": "choose", "seat": "advocate", "action": "wait", "by": "human"})
    assert store.audit() == []
    store.close()


def test_a_new_store_has_the_tables_of_version_1_and_every_later_step(old: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.sqlite3"
    SqliteStore(new).close()
    SqliteStore(old).close()

    def tables(path: Path) -> list[str]:
        return sorted(" ".join(line.split()) for line in dump(path) if line.startswith("CREATE"))

    assert tables(new) == tables(old)


def test_the_steps_are_numbered_from_one_without_a_gap() -> None:
    assert [number for number, _ in STEPS] == list(range(1, len(STEPS) + 1))


def test_a_new_store_has_taken_every_step(path: Path) -> None:
    SqliteStore(path).close()
    assert versions(path) == [number for number, _ in STEPS]


def test_opening_an_old_store_takes_only_the_missing_steps(old: Path) -> None:
    store = SqliteStore(old, steps=later((NEXT, add_language)))
    assert store.db.execute("SELECT language FROM sessions").fetchall() == [("en",)]
    assert store.audit() == []
    store.close()
    assert versions(old) == list(range(1, NEXT + 1))


def test_guesses_of_older_stores_are_about_the_partner(old: Path) -> None:
    SqliteStore(old, steps=STEPS[:3]).close()
    connection = sqlite3.connect(old)
    connection.execute("INSERT INTO summaries (session, events, outside, created, ending, story_minutes, seconds, both_needed,"
                       f" crossed) VALUES ('{SESSION}', 2, '', '', '', 0, 0, 0, 0)")  # fmt: skip
    connection.execute(f"INSERT INTO guesses VALUES ('{SESSION}', 0, 1, 'officer', 'advocate', 1, 1)")
    connection.commit()
    connection.close()
    store = SqliteStore(old)
    assert store.db.execute("SELECT seat, about, same, apart FROM guesses").fetchall() == [
        ("officer", "partner", None, None)
    ]
    store.close()


def test_a_step_is_taken_once(old: Path) -> None:
    for _ in range(2):
        SqliteStore(old, steps=later((NEXT, add_language))).close()
    assert versions(old) == list(range(1, NEXT + 1))


def test_a_store_that_is_up_to_date_is_not_written_to(old: Path) -> None:
    SqliteStore(old).close()
    before = old.read_bytes()
    SqliteStore(old).close()
    assert old.read_bytes() == before


def test_a_failing_step_leaves_the_store_as_it_was(old: Path) -> None:
    SqliteStore(old).close()
    before = dump(old)
    with pytest.raises(LogError, match="no such table: nowhere"):
        SqliteStore(old, steps=later((NEXT, fail_halfway)))
    assert dump(old) == before


def test_an_interrupted_step_leaves_the_store_as_it_was(old: Path) -> None:
    SqliteStore(old).close()
    before = dump(old)
    with pytest.raises(KeyboardInterrupt):
        SqliteStore(old, steps=later((NEXT, be_interrupted)))
    assert dump(old) == before
    store = SqliteStore(old)
    assert store.audit() == []
    store.close()


def test_an_interrupted_first_step_leaves_a_file_that_can_become_a_store(path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        SqliteStore(path, steps=((1, be_interrupted_at_once),))
    store = SqliteStore(path)
    assert store.audit() == []
    store.close()


def be_interrupted_at_once(db: Sql) -> None:
    take(db, STEPS[0][1])
    raise KeyboardInterrupt


KILLED = """
import os, sqlite3, sys
left, connect = int(sys.argv[2]), sqlite3.connect

def watched(*args, **kwargs):
    connection = connect(*args, **kwargs)
    connection.set_trace_callback(count)
    return connection

def count(_):
    global left
    left -= 1
    if not left:
        os._exit(9)

sqlite3.connect = watched
from simulator.log.sqlite import SqliteStore
SqliteStore(sys.argv[1])
"""


@pytest.mark.parametrize("statement", [2, 5, 8, 11, 14, 17])
def test_a_program_killed_while_it_makes_a_store_leaves_a_file_that_can_become_one(path: Path, statement: int) -> None:
    command = [sys.executable, "-c", KILLED, str(path), str(statement)]
    assert subprocess.run(command, cwd=Path(__file__).parent.parent, check=False).returncode == 9
    assert path.exists()
    store = SqliteStore(path)
    assert store.audit() == []
    store.close()
    assert versions(path) == [number for number, _ in STEPS]


def test_a_store_of_a_newer_handoff_is_refused_and_left_alone(path: Path) -> None:
    SqliteStore(path, steps=later((NEXT, add_language))).close()
    before = path.read_bytes()
    with pytest.raises(TooNew, match=rf"newer Handoff .store version {NEXT}, this one knows {NEWEST}.*upgrade"):
        SqliteStore(path)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def open_four_times_at_once(path: Path, steps: tuple[Step, ...]) -> list[BaseException]:
    """What went wrong."""
    ready = threading.Barrier(4)
    wrong: list[BaseException] = []

    def open_it() -> None:
        ready.wait()
        try:
            SqliteStore(path, steps=steps).close()
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def test_several_that_open_an_old_store_at_once_take_each_step_once(old: Path) -> None:
    assert open_four_times_at_once(old, later((NEXT, add_language))) == []
    assert versions(old) == list(range(1, NEXT + 1))


def test_several_that_make_a_new_store_at_once_make_one(path: Path) -> None:
    assert open_four_times_at_once(path, STEPS) == []
    assert versions(path) == [number for number, _ in STEPS]


def test_a_store_whose_list_of_migrations_is_empty_is_damaged(old: Path) -> None:
    connection = sqlite3.connect(old)
    connection.execute("DELETE FROM migrations")
    connection.commit()
    connection.close()
    with pytest.raises(Damaged, match="does not say which version"):
        SqliteStore(old)
