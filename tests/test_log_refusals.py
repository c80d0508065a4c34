"""Files that are no stores, and stores that take nothing: each is said in one sentence, and nothing is lost."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from simulator.log import Damaged, LogError, Unwritable, open_store
from simulator.log.sqlite import SqliteStore
from tests.logs import begin, choose, tamper, text


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "handoff.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    opened = SqliteStore(path, busy=0.05)
    yield opened
    opened.close()


@contextmanager
def without_rights() -> Iterator[None]:
    """As a user whom file permissions bind: they do not bind root, as which containers often run tests."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that any user can reach; pytest's own belong to one."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    yield folder
    folder.chmod(0o777)
    for file in folder.iterdir():
        file.chmod(stat.S_IREAD | stat.S_IWRITE)
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    "junk", [b"not a store at all, just some words\n" * 50, b"\x00\x01", b"SQLite format 3\x00junk"]
)
def test_a_file_of_something_else_is_refused_and_left_alone(path: Path, junk: bytes) -> None:
    path.write_bytes(junk)
    with pytest.raises(Damaged, match="is not a store of Handoff"):
        open_store(path)
    assert path.read_bytes() == junk
    assert os.listdir(path.parent) == [path.name]


def test_another_program_s_database_is_refused_and_left_alone(path: Path) -> None:
    tamper(path, "CREATE TABLE migrations (version INTEGER)")
    before = path.read_bytes()
    with pytest.raises(LogError, match="another program's database"):
        open_store(path)
    assert path.read_bytes() == before


def test_an_empty_file_becomes_a_store(path: Path) -> None:
    """A computer that died while the first store was being made leaves an empty file; that must not lock anyone out."""
    path.touch()
    store = open_store(path)
    assert store.sessions() == []
    begin(store)
    store.close()


def test_a_folder_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(Unwritable, match="is a folder; name a file in it"):
        open_store(tmp_path)


def test_a_store_in_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unwritable, match="There is no folder"):
        open_store(tmp_path / "nowhere" / "handoff.sqlite3")
    assert list(tmp_path.iterdir()) == []


def test_a_read_only_file_is_said_to_be_read_only(open_folder: Path) -> None:
    path = open_folder / "handoff.sqlite3"
    SqliteStore(path).close()
    path.chmod(stat.S_IREAD | stat.S_IRGRP | stat.S_IROTH)
    with without_rights(), pytest.raises(Unwritable, match="may not be written to"):
        open_store(path)


@pytest.mark.skipif(sys.platform == "win32", reason="folders have no such permission on Windows")
def test_a_read_only_folder_is_said_to_be_read_only(open_folder: Path) -> None:
    open_folder.chmod(0o555)
    with without_rights(), pytest.raises(Unwritable, match="may not be written to"):
        open_store(open_folder / "handoff.sqlite3")


def test_a_store_that_turns_read_only_refuses_and_keeps_what_it_had(store: SqliteStore) -> None:
    session = begin(store)
    store.db.execute("PRAGMA query_only = ON")
    with pytest.raises(Unwritable, match="may not be written to"):
        store.append(session, 1, choose("knock"))
    assert store.last(session) == 0


def fill(store: SqliteStore) -> None:
    """Leave the store no page to grow by."""
    (pages,) = store.db.execute("PRAGMA page_count").fetchone()
    store.db.execute(f"PRAGMA max_page_count = {pages}").fetchall()


def test_a_full_disk_refuses_and_keeps_what_it_had(store: SqliteStore) -> None:
    session = begin(store)
    fill(store)
    with pytest.raises(Unwritable, match="no room left"):
        store.append_many(session, 1, [choose("knock" * 100) for _ in range(100)])
    assert [kept.seq for kept in store.read(session)] == [0]
    assert store.audit() == []


def test_a_full_disk_keeps_no_half_of_a_new_session(store: SqliteStore) -> None:
    fill(store)
    with pytest.raises(Unwritable, match="no room left"):
        begin(store, texts=[text("scenario", "x" * 100_000)])
    assert store.sessions() == []
    assert store.audit() == []


def test_a_store_goes_on_once_the_disk_has_room_again(store: SqliteStore) -> None:
    session = begin(store)
    fill(store)
    with pytest.raises(Unwritable):
        store.append(session, 1, choose("knock" * 10_000))
    store.db.execute("PRAGMA max_page_count = 1000000").fetchall()
    store.append(session, 1, choose("knock" * 10_000))
    assert store.last(session) == 1
    assert store.audit() == []


LOCKER = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
"""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another program holds the store's write lock."""
    program = [sys.executable, "-c", LOCKER, str(path)]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"locked"
        try:
            yield
        finally:
            other.kill()


def test_a_store_locked_by_another_program_refuses_and_goes_on_afterwards(store: SqliteStore, path: Path) -> None:
    session = begin(store)
    with locked(path):
        with pytest.raises(Unwritable, match="Another program holds"):
            store.append(session, 1, choose("knock"))
        assert store.last(session) == 0
    store.append(session, 1, choose("knock"))
    assert store.last(session) == 1


def test_a_store_can_be_opened_and_read_while_somebody_writes(store: SqliteStore, path: Path) -> None:
    session = begin(store)
    with locked(path):
        other = SqliteStore(path, busy=0.05)
        assert other.last(session) == 0
        other.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not let an open file go")
@pytest.mark.parametrize("then", [None, b"another file"], ids=["deleted", "replaced"])
def test_a_store_whose_file_is_gone_refuses_instead_of_writing_to_nowhere(
    store: SqliteStore, path: Path, then: bytes | None
) -> None:
    session = begin(store)
    path.rename(path.with_name("elsewhere"))
    if then:
        path.write_bytes(then)
    with pytest.raises(Unwritable, match="was moved or deleted"):
        store.append(session, 1, choose("knock"))


def test_a_closed_store_says_that_it_is_closed(store: SqliteStore) -> None:
    store.close()
    store.close()
    with pytest.raises(LogError, match="has been closed"):
        store.sessions()


def test_a_store_of_a_kind_nobody_knows_is_refused_in_one_sentence() -> None:
    with pytest.raises(LogError, match="no kind of store that Handoff knows.*postgresql://"):
        open_store("mysql://room/handoff")


def test_without_a_name_the_store_is_the_user_s_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "data" / "handoff"
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: home)
    open_store().close()
    assert (home / "handoff.sqlite3").is_file()


def test_a_data_folder_that_cannot_be_made_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: tmp_path / "file" / "handoff")
    with pytest.raises(Unwritable, match="cannot be made"):
        open_store()


def test_a_store_may_have_an_odd_name(tmp_path: Path) -> None:
    path = tmp_path / "Zoë's #1 store?mode=ro%20.sqlite3" if sys.platform != "win32" else tmp_path / "Zoë's #1 %20.db"
    store = open_store(path)
    begin(store)
    store.close()
    assert path.is_file()


def test_importing_the_log_does_not_load_its_database() -> None:
    program = (
        "import sys, simulator.log; print([m for m in ('sqlite3', 'sqlite_utils', 'platformdirs') if m in sys.modules])"
    )
    root = Path(__file__).parent.parent
    assert subprocess.check_output([sys.executable, "-c", program], cwd=root, text=True) == "[]\n"


def test_a_store_in_a_file_does_not_load_the_library_of_servers(path: Path) -> None:
    program = f"import sys; from simulator.log import open_store; open_store({str(path)!r}).close(); print('psycopg' in sys.modules)"
    root = Path(__file__).parent.parent
    assert subprocess.check_output([sys.executable, "-c", program], cwd=root, text=True) == "False\n"
