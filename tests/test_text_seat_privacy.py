"""Whole plays at text-only seats: no page of any seat holds what another seat alone may see, or anything that weighs the play."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from simulator.library import bundle_from_texts
from tests.generator import generate, marks, texts
from tests.sizes import examples
from tests.speaking import opened_up
from tests.test_text_seat import at_both
from tests.text_reader import Reader, Table, evening, room, store

__all__ = ["evening", "store"]

PAGES = ("", "?seen=0", "?page=say", "?page=say&seen=0", "?page=quiet", "?page=out", "?page=go-on&seen=0", "?page=debrief", "?page=analysis", "?page=description")  # fmt: skip
SECRETS = {"officer": "OFFICERSECRET", "advocate": "ADVOCATESECRET"}
IN_PLAY = ("?seen=0", "?page=say&seen=0", "?page=debrief")  # of these, while a generated play goes on
MOVES = 60


def allowed(table: Table, seat: str) -> set[tuple[str, ...]]:
    """Every mark that the seat's own view and its own questions hold."""
    session = table.session
    return marks(repr(session.view(seat)).lower()) | marks(repr(session.questions(seat)).lower())


def foreign(found: set[tuple[str, ...]], seat: str) -> set[tuple[str, ...]]:
    """The marks that name another seat as the one who alone may read them."""
    return {mark for mark in found if mark[0] in ("private", "brief") and seat not in mark}


def seen_on(reader: Reader, page: str) -> set[tuple[str, ...]]:
    """Every mark on a page; a sentence may have given it a capital."""
    reader.look(page)
    return marks(reader.html.lower())


def look_everywhere(table: Table, seat: str, pages: tuple[str, ...] = PAGES) -> None:
    reader = table[seat]
    for page in pages:
        found = seen_on(reader, page)
        may = allowed(table, seat)  # after looking: chance and the computer may have moved on for it
        assert found <= may, (page, found - may)
        assert not foreign(found, seat)


def move(reader: Reader, random: Random) -> bool:
    """Do something that the page offers. Returns whether there was anything to do."""
    sheet = reader.look("?seen=0")
    if "Say something of your own first" in sheet.links and random.random() < 0.4:
        sheet = reader.follow("Say something of your own first")
    forms = [form for form in sheet.forms if form.radios]
    if not forms:
        return False
    form = random.choice(forms)
    name, value, _ = random.choice(form.radios)
    reader.send({**form.hidden, name: value, "do": form.buttons[0][1]})
    return True


@pytest.mark.parametrize("seed", range(examples(3)))
def test_a_generated_play_tells_each_seat_its_own_view_and_nothing_else(store: Any, seed: int) -> None:
    size = {"telling": True, "asking": True, "injects": bool(seed % 2), "late": seed % 3 == 2, "seats": 2 + seed % 2}
    bundle = bundle_from_texts(texts(opened_up(generate(seed, **size), seed)))
    random = Random(seed)
    with room(store, bundle) as opened:
        table = Table(*opened, seats=tuple(bundle.scenario.seats))
        for _ in range(MOVES):
            if table.session.finished:
                break
            for seat in table.readers:
                look_everywhere(table, seat, IN_PLAY)
            moved = [reader for reader in table.readers.values() if move(reader, random)]
            assert moved or table.session.finished
        for seat in table.readers:
            look_everywhere(table, seat)


def test_the_search_would_find_what_it_looks_for(store: Any) -> None:
    bundle = bundle_from_texts(texts(generate(3, asking=True)))
    with room(store, bundle) as opened:
        table = Table(*opened, seats=tuple(bundle.scenario.seats))
        found = {seat: seen_on(table[seat], "?seen=0") for seat in table.readers}
        assert all(found.values())
        assert any(foreign(found["officer"], "advocate")) and any(foreign(found["advocate"], "officer"))


def test_no_page_of_the_small_scenario_shows_the_other_seat_s_word(evening: Table) -> None:
    at_both(evening)
    for seat, reader in evening.readers.items():
        other = next(word for name, word in SECRETS.items() if name != seat)
        for page in PAGES:
            reader.look(page)
            assert other not in reader.html


def test_the_number_of_a_form_tells_nothing_of_what_a_partner_answers_in_private(evening: Table) -> None:
    evening["officer"].press("Do it", "Take her apart")
    evening["advocate"].look()
    before = evening["advocate"].html
    evening["officer"].press("That is my answer", "Hurry")
    evening["advocate"].look()
    assert evening["advocate"].html == before


def test_a_partner_s_unseen_choice_changes_nothing_on_the_page_of_whoever_still_chooses(evening: Table) -> None:
    at_both(evening)
    before = parts_of_turn(evening["advocate"])
    evening["officer"].press("Do it", "You go")
    assert parts_of_turn(evening["advocate"]) == before


def parts_of_turn(reader: Reader) -> str:
    reader.look("?seen=0")
    return reader.html


def test_no_page_holds_the_ticket_of_anybody(evening: Table) -> None:
    for reader in evening.readers.values():
        for page in PAGES:
            reader.look(page)
            assert not any(each.secret in reader.html for each in evening.readers.values())
