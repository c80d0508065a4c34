"""`handoff join` as somebody at a terminal meets it: codes, seats, and what it says when something does not fit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from facilitator import joining
from facilitator.cli import main
from simulator.log import open_store
from simulator.log.rooms import new_code, new_secret, said_aloud
from simulator.seated import Seated, Seating


@pytest.fixture
def join(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs `handoff join ARGS` on a store of the test's own, with the app left out; gives (code, out, err, tickets that played)."""
    played: list[tuple[Seating, str]] = []
    monkeypatch.setattr("facilitator.cli.has_screen", lambda: True)
    monkeypatch.setattr(
        joining, "_play", lambda seating, secret, remembered, invitation: played.append((seating, secret))
    )
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))

    def run(*args: str) -> tuple[int, str, str, list[str]]:
        try:
            code = main(["join", *args, "--store", str(tmp_path / "store.sqlite3")])
        except SystemExit as stop:
            code = int(str(stop.code))
        told = capsys.readouterr()
        return code, told.out, told.err, [secret for _, secret in played]

    return run


@pytest.fixture
def room(tmp_path: Path) -> str:
    """The code of a room for the kitchen table."""
    store, code = open_store(tmp_path / "store.sqlite3"), new_code()
    store.open_room(code, new_secret(), workshop="spring", scenario="kitchen-table", pairing="facilitator")
    store.close()
    return said_aloud(code)


def test_whoever_opens_a_room_is_told_how_others_come_in(join: Any) -> None:
    code, out, _, played = join("--new", "kitchen-table", "--seat", "officer", "--name", "Heron")
    assert code == 0 and len(played) == 1
    assert "handoff join " in out


def test_a_room_to_which_nobody_came_is_closed_again(join: Any, tmp_path: Path) -> None:
    code, out, _, _ = join("--new", "kitchen-table")
    assert code == 0 and "the room is closed again" in out
    again = out.split("with the code ")[1].split(":")[0]
    assert join(again)[0] == 1


def test_a_code_lets_somebody_in_however_it_is_typed(join: Any, room: str) -> None:
    assert join(room.lower(), "--name", "Wren")[0] == 0


def test_whoever_leaves_while_waiting_is_not_waited_for(join: Any, room: str, tmp_path: Path) -> None:
    join(room, "--name", "Wren")
    store = open_store(tmp_path / "store.sqlite3")
    found = store.room_of_code(room.replace("-", ""))
    assert found is not None and store.tickets(found.id) == []
    store.close()


def test_the_same_computer_comes_back_to_its_own_seat(join: Any, room: str, tmp_path: Path, monkeypatch: Any) -> None:
    def seat_first(seating: Seating, secret: str, *_: object) -> None:
        secrets.append(secret)
        waiting = seating.find(secret)
        assert waiting is not None
        if not isinstance(waiting, Seated):
            seating.begin(waiting.room, {"officer": waiting.ticket})

    secrets: list[str] = []
    monkeypatch.setattr(joining, "_play", seat_first)
    assert "Your play is kept" in join(room, "--name", "Heron")[1]
    join(room)
    assert secrets[0] == secrets[1]


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("AAAAA-AAAAA",), 1, "No room is open under this code"),
        (("short",), 2, "ten letters and digits"),
        ((), 2, "say the code of a room, or --new SCENARIO"),
        (("AAAAA-AAAAA", "--new", "kitchen-table"), 2, "say the code of a room, or --new SCENARIO"),
        (("AAAAA-AAAAA", "--mou", "two-nations"), 2, "go with --new"),
        (("--new", "no-such-scenario"), 1, "no-such-scenario"),
        (("--new", "kitchen-table", "--mou", "no-such"), 1, "no-such"),
    ],
)
def test_what_does_not_fit_is_told_in_a_line(join: Any, args: tuple[str, ...], code: int, said: str) -> None:
    got, _, err, played = join(*args)
    assert (got, played) == (code, []) and said in err and "Traceback" not in err


def test_a_seat_that_is_not_there_is_told_with_those_that_are(join: Any, room: str) -> None:
    code, _, err, _ = join(room, "--seat", "nurse")
    assert code == 2 and "there is no seat “nurse”" in err and "advocate" in err


def test_without_a_screen_it_says_how_to_play_in_lines(join: Any, room: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("facilitator.cli.has_screen", lambda: False)
    code, _, err, _ = join(room)
    assert code == 2 and "handoff play --plain" in err
