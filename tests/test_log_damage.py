"""A log that was altered behind the store's back, by hand or by a failing disk: it never goes unnoticed."""

from __future__ import annotations

import pytest

from simulator.log import Damaged
from simulator.log.chain import canonical, event_digest, text_digest
from simulator.log.sql import SqlStore
from tests.logs import Backend, begin, choose


def damaged(store: SqlStore, backend: Backend, sql: str) -> str:
    session = begin(store)
    store.append_many(session, 1, [choose("knock"), choose("wait"), choose("leave")])
    backend.tamper(sql)
    return session


DAMAGE = {
    "an event is changed": (
        """UPDATE events SET body = replace(body, 'wait', 'kick') WHERE seq = 2""",
        [(2, "Event 2 has been changed since it was kept.")],
    ),
    "an event's time is changed": (
        "UPDATE events SET at = '2020-01-01T00:00:00.000+00:00' WHERE seq = 1",
        [(1, "Event 1 has been changed since it was kept.")],
    ),
    "an event is lost": ("DELETE FROM events WHERE seq = 1", [(2, "Event 1 is missing.")]),
    "two events are lost": ("DELETE FROM events WHERE seq IN (1, 2)", [(3, "Events 1 to 2 are missing.")]),
    "the last events are lost": (
        "DELETE FROM events WHERE seq >= 2",
        [(2, "The log ends with event 1, but 4 events were kept.")],
    ),
    "events change places": (
        "UPDATE events SET body = CASE seq WHEN 1 THEN replace(body, 'knock', 'wait') ELSE"
        " replace(body, 'wait', 'knock') END WHERE seq IN (1, 2)",
        [(1, "Event 1 has been changed since it was kept."), (2, "Event 2 has been changed since it was kept.")],
    ),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_an_audit_tells_where_the_chain_is_broken(store: SqlStore, backend: Backend, damage: str) -> None:
    sql, expected = DAMAGE[damage]
    session = damaged(store, backend, sql)
    assert [(f.session, f.seq, f.message) for f in store.audit(session)] == [(session, *each) for each in expected]


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_verified_read_of_a_broken_chain_is_refused(store: SqlStore, backend: Backend, damage: str) -> None:
    session = damaged(store, backend, DAMAGE[damage][0])
    with pytest.raises(Damaged, match=f"Session “{session}” is damaged: event") as caught:
        store.read(session, verify=True)
    assert caught.value.session == session


def test_a_verified_read_of_a_sound_chain_is_like_any_other(store: SqlStore) -> None:
    session = begin(store)
    store.append_many(session, 1, [choose("knock"), choose("wait")])
    assert store.read(session, verify=True) == store.read(session)
    assert store.read(session, 0, verify=True) == store.read(session, 0)


def test_an_event_that_was_rewritten_with_its_digest_breaks_the_next(store: SqlStore, backend: Backend) -> None:
    session = begin(store)
    store.append_many(session, 1, [choose("knock"), choose("wait")])
    zero, one, _ = store.read(session)
    body = canonical(choose("kick"))
    forged = event_digest(zero.digest, session, 1, one.at, body)
    backend.tamper("UPDATE events SET body = ?, digest = ? WHERE seq = 1", body, forged)
    assert [f.message for f in store.audit()] == ["Event 2 does not follow from the event before it."]


def test_a_last_event_that_was_rewritten_with_its_digest_is_noticed(store: SqlStore, backend: Backend) -> None:
    session = begin(store)
    one = store.append(session, 1, choose("knock"))
    body = canonical(choose("kick"))
    before = store.read(session)[0].digest
    forged = event_digest(before, session, 1, one.at, body)
    backend.tamper("UPDATE events SET body = ?, digest = ? WHERE seq = 1", body, forged)
    assert [f.message for f in store.audit()] == ["The log ends with event 1, which is not the last that was kept."]
    with pytest.raises(Damaged, match="event 1 is not the one that was kept"):
        store.read(session, verify=True)


@pytest.mark.parametrize("seq", [1, 3], ids=["in the middle", "at the end"])
def test_even_an_unverified_read_does_not_step_over_a_gap(store: SqlStore, backend: Backend, seq: int) -> None:
    session = damaged(store, backend, f"DELETE FROM events WHERE seq = {seq}")
    with pytest.raises(Damaged, match=f"event {seq} is missing") as caught:
        store.read(session)
    assert caught.value.seq == seq


def test_a_body_that_is_no_json_is_refused(store: SqlStore, backend: Backend) -> None:
    session = damaged(store, backend, "UPDATE events SET body = '{' WHERE seq = 2")
    with pytest.raises(Damaged, match="event 2 cannot be read"):
        store.read(session)


def test_one_damaged_session_spoils_no_other(store: SqlStore, backend: Backend) -> None:
    broken = damaged(store, backend, "UPDATE events SET body = '{' WHERE seq = 2")
    sound = begin(store)
    assert {row.id for row in store.sessions()} == {broken, sound}
    assert {finding.session for finding in store.audit()} == {broken}
    assert store.audit(sound) == []


def test_an_audit_finds_a_text_that_was_changed(store: SqlStore, backend: Backend) -> None:
    session = begin(store)
    backend.tamper("UPDATE texts SET body = body || ' ' WHERE body LIKE '%riverton%'")
    assert [(f.session, f.message) for f in store.audit()] == [
        (session, "The text of the mou “riverton” has been changed since it was kept.")
    ]


def test_an_audit_finds_a_text_that_is_lost(store: SqlStore, backend: Backend) -> None:
    session = begin(store)
    backend.tamper("DELETE FROM texts WHERE body LIKE '%riverton%'")
    assert [(f.session, f.message) for f in store.audit(session)] == [
        (session, "The text of the mou “riverton” is missing.")
    ]


def test_an_audit_finds_a_text_that_was_swapped_with_its_digest(store: SqlStore, backend: Backend) -> None:
    session = begin(store)
    backend.tamper("INSERT INTO texts VALUES (?, ?)", text_digest("forged"), "forged")
    backend.tamper("UPDATE session_texts SET digest = ? WHERE kind = 'mou'", text_digest("forged"))
    assert [f.message for f in store.audit(session)] == [
        "The session began with another text of its mou than the one it holds."
    ]


def test_an_audit_finds_rows_that_belong_to_nothing(store: SqlStore, backend: Backend) -> None:
    begin(store)
    backend.tamper("DELETE FROM sessions")
    messages = [finding.message for finding in store.audit()]
    assert "2 of the rows in “aliases” belong to nothing in “sessions”." in messages
    assert "1 of the rows in “events” belong to nothing in “sessions”." in messages
