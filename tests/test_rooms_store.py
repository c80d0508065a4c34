"""Rooms, tickets and hearing of others' appends, on both backends."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from simulator.log.rooms import CODE_LENGTH, digest, new_code, new_secret, said_aloud, typed_code
from simulator.watching import Watcher
from tests.logs import Clock, begin, choose

DEADLINE = 60.0  # seconds a test waits for what has to come


def room_of(store: Any, **other: Any) -> tuple[Any, str, str]:
    code, key = new_code(), new_secret()
    return store.open_room(code, key, **({"workshop": "spring", "scenario": "kitchen-table"} | other)), code, key


def test_a_code_has_fifty_bits_and_is_typed_as_people_type() -> None:
    code = new_code()
    assert len(code) == CODE_LENGTH == 10
    assert typed_code(f" {said_aloud(code).lower()} ") == code
    assert typed_code("ol1-i0") == "01110"


def test_a_room_opens_by_its_code_and_by_its_key_and_by_nothing_else(store: Any) -> None:
    room, code, key = room_of(store)
    assert store.room_of_code(code) == store.room_of_key(key) == store.room(room.id) == room
    assert store.room_of_code(key) is None and store.room_of_key(code) is None and store.room("") is None


def test_a_room_that_has_ended_opens_no_more(store: Any, clock: Clock) -> None:
    room, code, _ = room_of(store, hours=4)
    secret = new_secret()
    store.issue(secret, room.id, alias="Heron")
    clock.pass_days(1)
    assert store.room_of_code(code) is None and store.ticket(secret) is None


def test_a_closed_room_takes_its_tickets_along(store: Any) -> None:
    room, code, _ = room_of(store)
    secret = new_secret()
    store.issue(secret, room.id, alias="Heron")
    store.close_room(room.id)
    assert store.room_of_code(code) is None and store.ticket(secret) is None and store.tickets(room.id) == []


def test_what_a_host_that_died_has_left_goes_with_the_next_room_or_a_purge(store: Any, clock: Clock) -> None:
    for clear in (lambda: store.purge(365), lambda: room_of(store)):
        room, *_ = room_of(store, hours=4)
        store.issue(new_secret(), room.id, alias="Heron")
        clock.pass_days(1)
        clear()
        assert store.tickets(room.id) == []


def test_whoever_is_forgotten_is_forgotten_at_the_door_too_and_keeps_their_seat(store: Any) -> None:
    room, *_ = room_of(store)
    secret = new_secret()
    store.issue(secret, room.id, alias="Heron ")
    store.forget("heron")
    assert store.ticket(secret).alias == ""


def test_no_secret_stands_in_the_store(store: Any) -> None:
    room, code, key = room_of(store)
    secret = new_secret()
    ticket = store.issue(secret, room.id, alias="Heron")
    with store.reading() as db:
        held = [str(row) for table in ("rooms", "tickets") for row in db.execute(f"SELECT * FROM {table}").fetchall()]
    assert not any(each in row for row in held for each in (code, key, secret))
    assert ticket.id == digest(secret)


def test_two_tickets_are_seated_together_or_not_at_all(store: Any) -> None:
    room, _, _ = room_of(store)
    first, second, third = (store.issue(new_secret(), room.id, alias=name) for name in ("Heron", "Wren", "Robin"))
    assert store.seat([(first.id, "officer"), (second.id, "advocate")], "s1")
    assert not store.seat([(third.id, "officer"), (second.id, "advocate")], "s2")
    seated = {each.alias: (each.session, each.seat) for each in store.tickets(room.id)}
    assert seated == {"Heron": ("s1", "officer"), "Wren": ("s1", "advocate"), "Robin": ("", "")}


def test_a_revoked_ticket_opens_nothing(store: Any) -> None:
    room, _, _ = room_of(store)
    secret = new_secret()
    store.revoke(store.issue(secret, room.id, alias="Heron").id)
    assert store.ticket(secret) is None


def test_whoever_has_begun_a_story_has_begun_that_story(store: Any) -> None:
    room, _, _ = room_of(store)
    store.issue("one", room.id, alias="Heron")
    store.begin_story(store.ticket("one").id, "evening")
    assert store.ticket("one").began == "evening" and store.tickets(room.id)[0].began == "evening"


def test_a_device_counts_as_connected_for_a_while_after_it_was_heard_of(store: Any, clock: Clock) -> None:
    room, _, _ = room_of(store)
    secret = new_secret()
    ticket = store.issue(secret, room.id, alias="Heron")
    assert not store.connected(ticket)
    store.heard_of([ticket.id])
    assert store.connected(store.ticket(secret))
    clock.pass_days(1 / 24)
    assert not store.connected(store.ticket(secret))


def test_activity_counts_the_events_of_the_sessions_asked_for(store: Any) -> None:
    session, other = begin(store), begin(store)
    store.append(session, 1, choose("knock"))
    assert store.activity([session, other, "nobody"]) == {session: 2, other: 1}


# --- hearing of it ---------------------------------------------------------------------------------------------------


def test_a_follower_tells_at_once_what_came_before_it_was_asked(store: Any) -> None:
    session = begin(store)
    store.append(session, 1, choose("knock"))
    follower = store.follower()
    try:
        assert follower.wait({session: 1}, DEADLINE) == {session: 2}
    finally:
        follower.close()


def test_a_follower_hears_of_what_another_program_appends(store: Any, backend: Any) -> None:
    session, other = begin(store), backend.open()
    follower = store.follower()
    heard: list[dict[str, int]] = []
    thread = threading.Thread(target=lambda: heard.append(follower.wait({session: 1}, DEADLINE)))
    try:
        thread.start()
        other.append(session, 1, choose("knock"))
        thread.join(DEADLINE)
    finally:
        follower.close()
        other.close()
    assert heard == [{session: 2}]


def test_a_follower_that_is_woken_tells_nothing(store: Any) -> None:
    follower = store.follower()
    follower.wake()
    try:
        assert follower.wait({begin(store): 1}, DEADLINE) == {}
    finally:
        follower.close()


def waited(condition: Any) -> bool:
    deadline = time.monotonic() + DEADLINE
    while not condition() and time.monotonic() < deadline:
        threading.Event().wait(0.01)
    return bool(condition())


def test_a_watcher_tells_each_screen_of_its_own_session(store: Any) -> None:
    one, two = begin(store), begin(store)
    watcher, told = Watcher(store), []
    try:
        watcher.watch(one, 1, lambda _: told.append("one"))
        watcher.watch(two, 1, lambda _: told.append("two"))
        store.append(two, 1, choose("knock"))
        assert waited(lambda: told)
    finally:
        watcher.close()
    assert told == ["two"]


def test_a_watcher_tells_nobody_who_has_left(store: Any) -> None:
    session = begin(store)
    watcher, told = Watcher(store), []
    try:
        stop = watcher.watch(session, 1, lambda _: told.append("gone"))
        watcher.watch(session, 1, lambda _: told.append("there"))
        stop()
        store.append(session, 1, choose("knock"))
        assert waited(lambda: told)
    finally:
        watcher.close()
    assert told == ["there"]


@pytest.mark.parametrize("times", [1, 2])
def test_closing_a_watcher_ends_its_thread(store: Any, times: int) -> None:
    watcher = Watcher(store)
    watcher.watch(begin(store), 1, lambda _: None)
    for _ in range(times):
        watcher.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "watcher"]


def test_open_rooms_are_listed_with_the_one_that_ends_last_first(store: Any, clock: Clock) -> None:
    short, _, _ = room_of(store, workshop="short", hours=4)
    long, _, _ = room_of(store, workshop="long", hours=72)
    assert store.open_rooms() == [long, short]
    clock.pass_days(1)
    assert store.open_rooms() == [long]


def test_whoever_comes_later_and_has_read_less_is_told_too(store: Any) -> None:
    session = begin(store)
    watcher = Watcher(store)
    first, second = threading.Event(), threading.Event()
    try:
        watcher.watch(session, 1, lambda _: first.set())
        store.append(session, 1, choose("knock"))
        assert first.wait(DEADLINE)
        watcher.watch(session, 1, lambda _: second.set())
        assert second.wait(DEADLINE)
    finally:
        watcher.close()
