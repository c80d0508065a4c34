"""A sample of many writers at once (see `appending.py`), and that a loss and a double would be noticed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.appending import Told, Wrong, append_all, count
from tests.logs import begin, choose


def test_of_many_writers_at_once_none_is_lost_and_none_is_kept_twice(backend: Any) -> None:
    tally = append_all(backend.where, appends=200, writers=8, programs=2, sessions=2)
    assert tally.kept == 200
    assert tally.too_late > 0, "the writers never got in each other's way, so this shows nothing"


def told(session: str, kept: Any, number: int) -> Told:
    return Told(writer=0, number=number, session=session, seq=kept.seq, digest=kept.digest)


def test_an_append_that_is_not_there_is_noticed(store: Any) -> None:
    session = begin(store)
    kept = store.append(session, 1, choose("0-0"))
    lost = Told(writer=0, number=1, session=session, seq=2, digest="nowhere")
    with pytest.raises(Wrong, match="append 1 of writer 0 is not where it was kept"):
        count(store, [session], [told(session, kept, 0), lost])


def test_an_append_that_is_there_twice_is_noticed(store: Any) -> None:
    session = begin(store)
    kept = store.append(session, 1, choose("0-0"))
    store.append(session, 2, choose("0-0"))
    with pytest.raises(Wrong, match="kept twice"):
        count(store, [session], [told(session, kept, 0)])
