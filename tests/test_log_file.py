"""What only a store in a file can suffer: spoiled pages, bytes that are no words; and the one thing only it can hold."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from simulator.log import Damaged
from simulator.log.sqlite import SqliteStore
from tests.logs import begin, choose, tamper, text


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "handoff.sqlite3"


@pytest.fixture
def file(path: Path) -> Iterator[SqliteStore]:
    opened = SqliteStore(path, busy=0.05)
    yield opened
    opened.close()


def test_a_text_may_hold_even_the_character_nul(file: SqliteStore) -> None:
    texts = [text("scenario", "id: x\x00\n")]
    assert file.texts(begin(file, texts=texts)) == texts


def spoil(path: Path, page: int) -> None:
    whole = bytearray(path.read_bytes())
    whole[page * 4096 : (page + 1) * 4096] = b"\xff" * 4096
    path.write_bytes(whole)


def test_a_file_with_any_page_spoiled_is_found_damaged(file: SqliteStore, path: Path) -> None:
    session = begin(file, texts=[text("scenario", "x" * 10_000)])
    file.append_many(session, 1, [choose("knock" * 20) for _ in range(40)])
    file.close()
    whole = path.read_bytes()
    for page in range(len(whole) // 4096):
        path.write_bytes(whole)
        spoil(path, page)
        found: list[str] = []
        try:
            with closing(SqliteStore(path)) as again:
                found = [finding.message for finding in again.audit()]
        except Damaged as error:
            found = [str(error)]
        assert found and all("damaged" in message and "\n" not in message for message in found), page


def test_a_text_whose_bytes_are_no_longer_words_is_damaged(file: SqliteStore, path: Path) -> None:
    session = begin(file)
    tamper(path, "UPDATE events SET body = CAST(x'ff' AS TEXT)")
    with pytest.raises(Damaged, match="is damaged"):
        file.read(session)
