"""The facilitator's shelf in the app: it opens only when asked twice, brings what is wanted, and tells trainees nothing."""

from __future__ import annotations

import pytest

from tests import app_helpers
from tests.app_helpers import Table, events, kept, play

SHELF = """
injects:
  sister:
    synopsis: SYNOPSIS the sister calls.
    expected: EXPECTED they let her answer.
    text: A phone rings in the hall.
    by: hand
  late:
    synopsis: SYNOPSIS a car stops.
    text: A car stops outside.
    by: hand
    in: both
opening: door
"""


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        app_helpers, "SCENARIO", app_helpers.SCENARIO.replace("\nopening: door\n", SHELF.replace("\n\n", "\n"))
    )


@pytest.mark.usefixtures("shelf")
def test_whoever_runs_the_room_brings_an_inject_from_the_shelf(tmp_path):
    ident = kept(tmp_path, advocate="typical")

    async def story(table: Table) -> None:
        await table.ready()
        await table.press("f10")
        await table.on("Shelf")
        assert "SYNOPSIS" not in table.text() and "facilitator's shelf" in table.text()
        await table.press("o")
        await table.shows("SYNOPSIS the sister calls.")
        assert "EXPECTED they let her answer." in table.text()
        await table.press("1", "enter")
        await table.on("Confirm")
        await table.shows("A phone rings in the hall.")
        await table.press("y")
        await table.on("PlayScreen")
        await table.shows("A phone rings in the hall.")
        await table.ready()
        assert "SYNOPSIS" not in table.text()

    play(tmp_path, story, start="resume", session=ident)
    assert {"kind": "inject", "inject": "sister"} in events(tmp_path, ident)


@pytest.mark.usefixtures("shelf")
def test_a_shelf_opened_by_accident_tells_nothing_and_brings_nothing(tmp_path):
    ident = kept(tmp_path, advocate="typical")

    async def story(table: Table) -> None:
        await table.ready()
        assert "Shelf" not in table.text()
        await table.press("f10")
        await table.on("Shelf")
        await table.press("enter")  # the button that stays selected leaves it closed
        await table.on("PlayScreen")
        await table.ready()

    play(tmp_path, story, start="resume", session=ident)
    assert not any(event["kind"] == "inject" for event in events(tmp_path, ident))


@pytest.mark.usefixtures("shelf")
def test_what_may_not_come_here_is_closed_and_says_why(tmp_path):
    async def story(table: Table) -> None:
        await table.ready()
        await table.press("f10")
        await table.on("Shelf")
        await table.press("o")
        await table.shows("belongs to other scenes: both")

    play(tmp_path, story, start="resume", session=kept(tmp_path, advocate="typical"))


def test_without_a_shelf_the_key_does_nothing(tmp_path):
    async def story(table: Table) -> None:
        await table.ready()
        await table.press("f10")
        assert table.name == "PlayScreen"

    play(tmp_path, story, start="resume", session=kept(tmp_path, advocate="typical"))
