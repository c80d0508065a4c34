"""A sample of kills in the middle of a room's play (see `killing.py`), and that a loss and a double would be noticed."""

from __future__ import annotations

import asyncio
import random
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulator.library import Library
from simulator.log.rooms import new_code, new_secret
from simulator.seated import Seated, Seating
from tests.host_process import evening
from tests.killing import Room, Tally, kill_hosts, kill_server
from tests.pressing import Person, Pressed, Wrong
from tests.servers import Server

AT_ONCE, SMALL = (0.0, 0.1), (80, 24)


def test_of_a_host_killed_in_the_middle_of_play_nothing_is_lost_and_every_seat_resumes(tmp_path: Path) -> None:
    where = str(tmp_path / "store.sqlite3")
    tally = asyncio.run(
        kill_hosts(
            tmp_path,
            where,
            kills=2,
            pairs=1,
            seed=20262,
            scenario=evening(tmp_path),
            pace=AT_ONCE,
            size=SMALL,
            longest=0.2,
            enters=1.0,
        )
    )
    assert tally.kills == 2
    assert tally.acknowledged >= 5


@pytest.fixture
def own_server() -> Iterator[Server]:
    """A server that may be killed, since no other test needs it."""
    folder = Path(tempfile.mkdtemp(prefix="handoff-killed-"))
    server = Server(folder / "postgres")
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


def test_of_a_server_killed_under_two_hosts_nothing_is_lost_and_every_seat_resumes(
    tmp_path: Path, own_server: Server
) -> None:
    with own_server.database() as where:
        tally = asyncio.run(
            kill_server(
                tmp_path,
                own_server,
                where,
                kills=1,
                pairs=1,
                seed=2,
                scenario=evening(tmp_path),
                pace=AT_ONCE,
                size=SMALL,
                longest=0.2,
                enters=1.0,
                away=0.3,
            )
        )
    assert tally.kills == 1
    assert tally.acknowledged >= 5


# --- what would be noticed --------------------------------------------------------------------------------------------


@pytest.fixture
def seated(tmp_path: Path) -> Iterator[tuple[Room, Person, Seated]]:
    """An officer in a play, who is at the first scene."""
    from simulator.log import open_store

    where = str(tmp_path / "store.sqlite3")
    store = open_store(where)
    seating = Seating(Library(), store)
    opened = store.open_room(new_code(), new_secret(), workshop="", scenario=evening(tmp_path))
    person = Person("Heron", "officer", random.Random(1))
    person.path = "/s/" + seating.admit(opened, alias="Heron", wish="officer")
    seating.admit(opened, alias="Wren", wish="advocate")
    found = seating.find(person.path.rpartition("/")[2])
    assert isinstance(found, Seated)
    room = Room(where, random.Random(1), Tally(what="nothing"))
    room.people.append(person)
    yield room, person, found
    seating.close()
    store.close()


def pressed(text: str) -> Pressed:
    return Pressed(text=text, among=frozenset([text]))


def test_what_was_pressed_and_kept_but_not_shown_is_no_loss(seated: tuple[Room, Person, Any]) -> None:
    room, person, found = seated
    found.session.choose("officer", "apart")
    person.pressed = pressed("Take her apart")
    room.look()
    assert person.told == ["Take her apart"] and room.tally.unshown == 1


def test_a_choice_that_was_shown_and_is_not_there_is_noticed(seated: tuple[Room, Person, Any]) -> None:
    room, person, _ = seated
    person.told.append("Take her apart")
    with pytest.raises(Wrong, match="Heron was shown .*Take her apart.* and the log has \\[\\]"):
        room.look()


def test_a_choice_that_is_there_and_was_never_made_is_noticed(seated: tuple[Room, Person, Any]) -> None:
    room, person, found = seated
    found.session.choose("officer", "apart")
    person.pressed = pressed("Ask now")
    with pytest.raises(Wrong, match="the log has .*Take her apart.* who pressed .*Ask now"):
        room.look()
