"""Letting people in, seating them, and finding their seats again."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.library import Library
from simulator.log.rooms import Ticket, digest, new_code, new_secret, said_aloud
from simulator.seated import GIVEN_UP, RESERVED, NoSuchCode, Seated, Seating, Waiting, full_table

LIBRARY = Library()


@pytest.fixture
def seating(store: Any) -> Any:
    made = Seating(LIBRARY, store)
    yield made
    made.close()


def room_of(seating: Seating, **other: Any) -> tuple[Any, str]:
    code = new_code()
    room = seating.store.open_room(code, new_secret(), **({"workshop": "spring", "scenario": "kitchen-table"} | other))
    return room, code


def ticket(alias: str, wish: str = "") -> Ticket:
    return Ticket(alias, "room", "", "", wish, alias, "", "")


# --- tables ----------------------------------------------------------------------------------------------------------


def test_everybody_sits_where_they_asked_to() -> None:
    table = full_table(("officer", "advocate"), [ticket("Wren", "advocate"), ticket("Heron", "officer")])
    assert table is not None and {seat: each.alias for seat, each in table.items()} == {
        "officer": "Heron",
        "advocate": "Wren",
    }


def test_whoever_asked_for_nothing_takes_what_is_left() -> None:
    table = full_table(("officer", "advocate"), [ticket("Robin"), ticket("Heron", "officer")])
    assert table is not None and table["advocate"].alias == "Robin"


def test_two_officers_make_no_table() -> None:
    assert full_table(("officer", "advocate"), [ticket("Heron", "officer"), ticket("Crane", "officer")]) is None


def test_those_who_came_first_are_seated_first() -> None:
    waiting = [ticket("Heron", "officer"), ticket("Crane", "officer"), ticket("Wren", "advocate")]
    table = full_table(("officer", "advocate"), waiting)
    assert table is not None and table["officer"].alias == "Heron"


# --- coming in -------------------------------------------------------------------------------------------------------


def test_a_code_is_found_however_it_is_typed(seating: Seating) -> None:
    room, code = room_of(seating)
    assert seating.room(said_aloud(code).lower()).id == room.id


def test_a_wrong_code_is_told_as_one(seating: Seating) -> None:
    with pytest.raises(NoSuchCode, match="No room is open under this code"):
        seating.room("AAAAA-AAAAA")


def test_the_first_one_waits_and_the_second_brings_both_to_a_play(seating: Seating) -> None:
    room, _ = room_of(seating)
    first = seating.admit(room, alias="Heron", agency="Riverside PD", wish="officer")
    waiting = seating.find(first)
    second = seating.admit(room, alias="Wren", wish="advocate")
    one, two = seating.find(first), seating.find(second)
    assert isinstance(waiting, Waiting) and waiting.others == 0
    assert isinstance(one, Seated) and isinstance(two, Seated)
    assert (one.session.id, one.seat, two.seat) == (two.session.id, "officer", "advocate")
    assert [(place.alias, place.agency) for place in one.session.places] == [("Heron", "Riverside PD"), ("Wren", "")]


def test_where_the_facilitator_makes_the_pairs_nobody_is_seated_by_themselves(seating: Seating) -> None:
    room, _ = room_of(seating, pairing="facilitator")
    secrets = [
        seating.admit(room, alias=name, wish=seat) for name, seat in (("Heron", "officer"), ("Wren", "advocate"))
    ]
    assert all(isinstance(seating.find(secret), Waiting) for secret in secrets)


def test_somebody_alone_can_be_seated_beside_the_computer(seating: Seating) -> None:
    room, _ = room_of(seating, pairing="facilitator")
    secret = seating.admit(room, alias="Heron", wish="officer")
    (waiting,) = seating.store.tickets(room.id)
    seating.begin(room, {"officer": waiting})
    found = seating.find(secret)
    assert isinstance(found, Seated) and found.session.human_seats == ("officer",)


def test_nobody_is_seated_twice(seating: Seating) -> None:
    room, _ = room_of(seating, pairing="facilitator")
    seating.admit(room, alias="Heron", wish="officer")
    (waiting,) = seating.store.tickets(room.id)
    assert seating.begin(room, {"officer": waiting}) is not None
    assert seating.begin(room, {"officer": waiting}) is None


def test_a_table_that_cannot_begin_waits_again(seating: Seating, monkeypatch: pytest.MonkeyPatch) -> None:
    room, _ = room_of(seating, pairing="facilitator")
    secret = seating.admit(room, alias="Heron", wish="officer")
    (waiting,) = seating.store.tickets(room.id)
    monkeypatch.setattr(seating, "bundle", lambda room: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        seating.begin(room, {"officer": waiting})
    assert isinstance(seating.find(secret), Waiting)


def test_those_whose_seating_was_cut_short_are_seated_by_whoever_looks_next(seating: Seating) -> None:
    room, _ = room_of(seating)
    secret = seating.admit(room, alias="Heron", wish="officer")
    other = seating.store.issue(new_secret(), room.id, alias="Wren", wish="advocate")
    (first,) = (ticket for ticket in seating.store.tickets(room.id) if ticket.alias == "Heron")
    # As a process leaves it that dies between two steps.
    begun = int(seating._clock() - GIVEN_UP - 2)
    assert seating.store.seat([(first.id, "officer"), (other.id, "advocate")], f"{RESERVED}{begun:x}.left")
    assert isinstance(seating.find(secret), Seated)


def test_those_who_are_being_seated_are_left_to_whoever_seats_them(seating: Seating) -> None:
    room, _ = room_of(seating)
    secret = seating.admit(room, alias="Heron", wish="officer")
    (waiting,) = seating.store.tickets(room.id)
    reserved = f"{RESERVED}{int(seating._clock()):x}.now"
    assert seating.store.seat([(waiting.id, "officer")], reserved)
    found = seating.find(secret)
    assert isinstance(found, Waiting) and found.ticket.session == reserved


def test_whoever_sends_the_form_again_because_no_answer_came_is_one_person(seating: Seating) -> None:
    room, _ = room_of(seating)
    once = new_secret()
    assert [seating.admit(room, alias="Heron", wish="officer", once=once) for _ in range(2)] == [once, once]
    assert len(seating.store.tickets(room.id)) == 1


def test_a_form_that_somebody_has_a_seat_from_lets_in_the_next_as_somebody_else(seating: Seating) -> None:
    room, _ = room_of(seating)
    once = new_secret()
    seating.admit(room, alias="Heron", once=once)
    assert seating.admit(room, alias="Wren", once=once) != once
    seating.store.heard_of([digest(once)])
    assert seating.admit(room, alias="Heron", once=once) != once


def test_a_revoked_ticket_leads_nowhere(seating: Seating) -> None:
    room, _ = room_of(seating, pairing="facilitator")
    secret = seating.admit(room, alias="Heron")
    seating.store.revoke(seating.store.tickets(room.id)[0].id)
    assert seating.find(secret) is None


def test_a_seat_is_found_again_by_another_process(seating: Seating, backend: Any, clock: Any) -> None:
    room, _ = room_of(seating)
    secret = seating.admit(room, alias="Heron", wish="officer")
    seating.admit(room, alias="Wren", wish="advocate")
    elsewhere = Seating(LIBRARY, backend.open(now=clock))
    try:
        found = elsewhere.find(secret)
    finally:
        elsewhere.close()
    assert isinstance(found, Seated) and found.seat == "officer"


def test_who_is_there_is_known_by_seat(seating: Seating) -> None:
    room, _ = room_of(seating)
    secret = seating.admit(room, alias="Heron", wish="officer")
    seating.admit(room, alias="Wren", wish="advocate")
    found = seating.find(secret)
    assert isinstance(found, Seated)
    seating.store.heard_of([found.ticket.id])
    assert seating.connected(found.session.id) == {"officer"}
