"""What a host serves beside terminals of seats: the same room as plain text, and as a table."""

from __future__ import annotations

from pathlib import Path

from facilitator.host.parts import HostedRoom, text_seats
from tests.hosted import SUPPORT, House, at


def test_whoever_has_the_key_sees_the_table_in_a_tab(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.pair()
        table = await house.sit(f"/room/{house.key}/table")
        await table.shows("The room", "Heron", "Wren")

    at(tmp_path, story, room_app=lambda seating, key: HostedRoom(seating, key, SUPPORT))


def test_one_plays_in_a_terminal_and_the_other_reads_plain_pages(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.host._text_seats = text_seats(house.host.seating, SUPPORT)
        officer = await house.sit(await house.join("Heron", "officer"))
        _, _, headers = await house.post("/join", {"code": house.code, "seat": "advocate", "how": "text"})
        await officer.shows("Take her apart")
        status, text, _ = await house.get(headers["Location"])
        assert (status, "An evening" in text, "OFFICERSECRET" in text) == (200, True, False)

    at(tmp_path, story, text_seats=_Later())


class _Later:
    """Stands in until the house is open, whose seats it is about."""

    def there(self) -> list[str]:
        return []
