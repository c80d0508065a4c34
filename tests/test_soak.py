"""A sample of the soak (see `soak.py`), and that it would notice a loss."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from simulator.library import Library
from simulator.log import Place
from simulator.log.sqlite import SqliteStore
from simulator.session import Session
from tests.soak import SCENARIO, Lost, Told, look, soak


@pytest.fixture
def played(tmp_path: Path) -> tuple[Path, list[Told]]:
    """A store with one session, and what its player was told."""
    path = tmp_path / "soak.sqlite3"
    store = SqliteStore(path)
    bundle = Library().bundle(SCENARIO)
    session = Session.begin(store, bundle, [Place(seat, "Heron", "human") for seat in bundle.scenario.seats], seed=1)
    session.pause()
    session.resume()
    told = [Told(session.id, kept.seq, kept.digest) for kept in store.read(session.id)]
    store.close()
    return path, told


def change(path: Path, sql: str) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(sql)
    connection.close()


def test_players_killed_while_they_play_lose_nothing_they_were_told(tmp_path: Path) -> None:
    tally = soak(tmp_path, kills=5, seed=20261)
    assert tally.kills == 5
    assert len(tally.told) >= 8
    assert tally.too_late > 0, "the players never got in each other's way, so this shows nothing"


def test_a_sound_store_passes_the_look(played: tuple[Path, list[Told]]) -> None:
    look(*played)


def test_a_loss_that_leaves_the_chain_whole_is_noticed(played: tuple[Path, list[Told]]) -> None:
    path, told = played
    change(path, "DELETE FROM events WHERE seq = 2")
    change(path, "UPDATE sessions SET events = 2, head = (SELECT digest FROM events WHERE seq = 1)")
    with pytest.raises(Lost, match=r"event 2 of session .* is not there"):
        look(path, told)


def test_a_broken_chain_is_noticed(played: tuple[Path, list[Told]]) -> None:
    path, told = played
    change(path, "DELETE FROM events WHERE seq = 1")
    with pytest.raises(Lost, match="not sound"):
        look(path, told)


def test_a_player_that_falls_over_by_itself_is_no_success(tmp_path: Path) -> None:
    with pytest.raises(Lost, match="fell over"):
        soak(tmp_path, kills=1, seed=1, scenario="no-such-scenario")
