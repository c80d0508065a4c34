"""Text-only seats on any store, at any host, beside a screen of the app, and at tables of more than two."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from facilitator.host.textseat import TextSeat
from simulator.seated import Seated, Seating
from tests.app_helpers import scenario
from tests.text_reader import Reader, Table, room
from tests.ward import MOVES, SEATS, WORD, shelf


def test_a_page_of_one_host_is_sent_to_another(store: Any, backend: Any, clock: Any, tmp_path: Path) -> None:
    with room(store, name=str(scenario(tmp_path))) as (seating, text, opened):
        table = Table(seating, text, opened)
        officer = table["officer"]
        officer.begin()
        form = officer.filled("Do it", "Take her apart")
        elsewhere = Seating(seating.library, backend.open(now=clock))
        try:
            there = Reader(TextSeat(elsewhere), officer.secret)
            assert there.send(form).title.startswith("A question for you")
            assert "this is how things stand" in officer.send(form).text
        finally:
            elsewhere.close()
        assert table.kinds() == ["start", "choose"]


def test_a_choice_at_a_screen_of_the_app_is_on_the_next_page(store: Any, tmp_path: Path) -> None:
    with room(store, name=str(scenario(tmp_path))) as opened:
        table = Table(*opened)
        table["advocate"].begin()
        screen = table.seating.find(table["officer"].secret)
        assert isinstance(screen, Seated)
        screen.session.choose("officer", "apart")
        assert table["advocate"].follow("Look again").title.startswith("Your turn: Maya Ellison")


def test_a_seat_that_comes_in_later_reads_nothing_until_then(store: Any, tmp_path: Path) -> None:
    with room(store, name="ward", library=shelf(tmp_path)) as opened:
        table = Table(*opened, seats=SEATS)
        sheet = table["nurse"].begin()
        assert "You come into this story later." in sheet.text
        assert WORD["nurse"] not in sheet.text and "The whole story" not in sheet.headings


def test_four_play_to_the_end_and_read_only_their_own_words(store: Any, tmp_path: Path) -> None:
    with room(store, name="ward", library=shelf(tmp_path)) as opened:
        table = Table(*opened, seats=SEATS)
        for seat, action in MOVES:
            for other, reader in table.readers.items():
                reader.look("?seen=0")
                assert not [
                    word
                    for whose, word in WORD.items()
                    if whose != other and word in reader.html and not meets(whose, other)
                ]
            session = table.session
            session.run_others()
            session.choose(seat, action)
        assert {reader.look("?seen=0").headings[0] for reader in table.readers.values()} == {"The end"}


def meets(seat: str, other: str) -> bool:
    """Whether two seats are told each other's word in a scene of the ward."""
    return {seat, other} == {"advocate", "detective"}
