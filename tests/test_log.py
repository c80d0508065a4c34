"""The log of sessions: what was kept is there again, and nothing else is."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.log import LogError, NoSuchSession, Stale
from simulator.log.chain import canonical, event_digest
from simulator.log.postgres import PostgresStore
from simulator.log.sql import SqlStore
from simulator.log.sqlite import SqliteStore
from tests.logs import OKAFOR, REYES, Backend, Clock, begin, choose, text
from tests.servers import Server

# --- keeping -----------------------------------------------------------------------------------------------------------


def test_events_come_back_as_they_were_kept(store: SqlStore) -> None:
    session = begin(store)
    store.append(session, 1, choose("knock"))
    store.append(session, 2, {"kind": "chance", "action": "Übergabe “gun” \U0001f697"})
    assert [(kept.seq, kept.body["kind"]) for kept in store.read(session)] == [
        (0, "start"),
        (1, "choose"),
        (2, "chance"),
    ]
    assert store.read(session)[2].body["action"] == "Übergabe “gun” \U0001f697"


def test_a_store_opened_again_still_has_everything(store: SqlStore, backend: Backend) -> None:
    session = begin(store)
    store.append(session, 1, choose("knock"))
    before = store.read(session)
    store.close()
    assert backend.open().read(session) == before


WORDS = st.text(st.characters(codec="utf-8"), max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)


@given(bodies=st.lists(st.dictionaries(WORDS, JSON, max_size=4), min_size=1, max_size=4))
def test_any_body_that_json_can_hold_comes_back_and_passes_the_audit(
    every_backend: list[SqlStore], bodies: list[dict[str, Any]]
) -> None:
    for store in every_backend:
        session = begin(store)
        store.append_many(session, 1, bodies)
        assert [kept.body for kept in store.read(session, after=0, verify=True)] == bodies
        assert store.audit(session) == []


@pytest.fixture(scope="module")
def every_backend(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[SqlStore]]:
    with server.database() as url:
        stores: list[SqlStore] = [SqliteStore(tmp_path_factory.mktemp("any") / "store"), PostgresStore(url)]
        yield stores
        for store in stores:
            store.close()


def test_an_append_returns_what_a_read_will_find(store: SqlStore) -> None:
    session = begin(store)
    assert store.append(session, 1, choose("knock")) == store.read(session)[1]


def test_reading_after_an_event_gives_only_the_later_ones(store: SqlStore) -> None:
    session = begin(store)
    store.append_many(session, 1, [choose("a"), choose("b"), choose("c")])
    assert [kept.seq for kept in store.read(session, after=1)] == [2, 3]


def test_reading_after_the_last_event_gives_nothing(store: SqlStore) -> None:
    assert store.read(begin(store), after=0) == []


def test_last_is_the_number_of_the_last_event(store: SqlStore) -> None:
    session = begin(store)
    store.append(session, 1, choose("knock"))
    assert store.last(session) == 1


def test_every_session_gets_an_id_of_its_own(store: SqlStore) -> None:
    assert len({begin(store) for _ in range(5)}) == 5


def test_an_event_carries_the_digest_of_itself_and_the_one_before(store: SqlStore) -> None:
    session = begin(store)
    one = store.append(session, 1, choose("knock"))
    (zero,) = store.read(session)[:1]
    assert one.digest == event_digest(zero.digest, session, 1, one.at, canonical(choose("knock")))


def test_the_spelling_of_a_body_does_not_depend_on_its_order() -> None:
    assert canonical({"b": 1, "a": "ü"}) == canonical({"a": "ü", "b": 1}) == '{"a":"ü","b":1}'


def test_an_event_that_json_cannot_hold_keeps_nothing(store: SqlStore) -> None:
    session = begin(store)
    with pytest.raises(ValueError):
        store.append_many(session, 1, [choose("knock"), {"kind": "choose", "odd": float("nan")}])
    assert store.last(session) == 0


# --- two at once -------------------------------------------------------------------------------------------------------


def test_an_append_to_a_taken_place_is_stale(store: SqlStore) -> None:
    session = begin(store)
    store.append(session, 1, choose("knock"))
    with pytest.raises(Stale, match="acted first"):
        store.append(session, 1, choose("wait"))
    assert [kept.body["action"] for kept in store.read(session, after=0)] == ["knock"]


def test_an_append_that_would_leave_a_gap_is_stale(store: SqlStore) -> None:
    session = begin(store)
    with pytest.raises(Stale):
        store.append(session, 2, choose("knock"))


def test_a_stale_append_of_several_keeps_none_of_them(store: SqlStore) -> None:
    session = begin(store)
    store.append(session, 1, choose("knock"))
    with pytest.raises(Stale):
        store.append_many(session, 1, [choose("wait"), choose("leave")], finished=True)
    assert store.last(session) == 1
    assert not store.sessions()[0].finished


def test_a_second_screen_sees_what_the_first_one_kept(store: SqlStore, backend: Backend) -> None:
    session = begin(store)
    other = backend.open()
    store.append(session, 1, choose("knock"))
    assert [kept.seq for kept in other.read(session, after=0)] == [1]
    other.append(session, 2, choose("wait"))
    assert store.last(session) == 2


def test_threads_that_contend_lose_nothing(backend: Backend) -> None:
    store, other = backend.open(busy=10), backend.open(busy=10)
    session = begin(store)

    def play(mine: SqlStore, name: str) -> None:
        done = 0
        while done < 20:
            try:
                mine.append(session, mine.last(session) + 1, choose(f"{name}{done}"))
                done += 1
            except Stale:
                pass

    threads = [
        threading.Thread(target=play, args=(mine, name)) for mine, name in ((store, "a"), (store, "b"), (other, "c"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    played = [kept.body["action"] for kept in store.read(session, after=0)]
    assert sorted(played) == sorted(f"{name}{n}" for name in "abc" for n in range(20))
    assert [move for move in played if move[0] == "c"] == [f"c{n}" for n in range(20)]
    assert store.audit() == []


# --- the list of sessions ----------------------------------------------------------------------------------------------


def test_a_session_is_listed_with_what_it_is_about(store: SqlStore, clock: Clock) -> None:
    session = begin(store)
    clock.pass_days(1)
    store.append(session, 1, choose("knock"))
    (row,) = store.sessions()
    assert (row.id, row.scenario, row.title, row.workshop) == (session, "kitchen-table", "The kitchen table", "spring")
    assert (row.mou, row.jurisdiction, row.events, row.finished) == ("riverton", "northern", 2, False)
    assert row.seats == (REYES, OKAFOR)
    assert row.updated == clock.now
    assert row.created == clock.now - timedelta(days=1)


def test_the_session_played_last_is_listed_first(store: SqlStore, clock: Clock) -> None:
    first, second = begin(store), begin(store)
    clock.pass_days(1)
    store.append(first, 1, choose("knock"))
    assert [row.id for row in store.sessions()] == [first, second]


@pytest.mark.parametrize(
    "wanted",
    [
        {"workshop": "autumn"},
        {"scenario": "porch-light"},
        {"since": datetime(2026, 3, 3, tzinfo=UTC)},
        {"finished": True},
    ],
    ids=str,
)
def test_the_list_can_be_narrowed(store: SqlStore, clock: Clock, wanted: dict[str, Any]) -> None:
    begin(store)
    clock.pass_days(2)
    later = begin(store, workshop="autumn", scenario="porch-light")
    store.append(later, 1, choose("leave"), finished=True)
    assert [row.id for row in store.sessions(**wanted)] == [later]


def test_unfinished_sessions_can_be_asked_for(store: SqlStore) -> None:
    finished, unfinished = begin(store), begin(store)
    store.append(finished, 1, choose("leave"), finished=True)
    assert [row.id for row in store.sessions(finished=False)] == [unfinished]


def test_the_list_can_be_cut_short(store: SqlStore, clock: Clock) -> None:
    begin(store)
    clock.pass_days(1)
    newest = begin(store)
    assert [row.id for row in store.sessions(limit=1)] == [newest]


def test_a_session_that_went_on_after_its_end_is_unfinished_again(store: SqlStore) -> None:
    session = begin(store)
    store.append(session, 1, choose("leave"), finished=True)
    store.append(session, 2, {"kind": "rewind", "to": 0}, finished=False)
    assert not store.sessions()[0].finished


def test_an_append_that_says_nothing_of_the_end_leaves_it(store: SqlStore) -> None:
    session = begin(store)
    store.append(session, 1, choose("leave"), finished=True)
    store.append(session, 2, {"kind": "debrief", "phase": "reactions"})
    assert store.sessions()[0].finished


@pytest.mark.parametrize("ask", ["read", "last", "texts", "places", "remarks", "audit"])
def test_asking_for_a_session_that_is_not_there_says_so(store: SqlStore, ask: str) -> None:
    with pytest.raises(NoSuchSession, match="no session “nowhere”"):
        getattr(store, ask)("nowhere")


def test_an_event_of_a_session_that_is_not_there_is_refused(store: SqlStore) -> None:
    with pytest.raises(NoSuchSession):
        store.append("nowhere", 0, choose("knock"))


# --- texts -------------------------------------------------------------------------------------------------------------


def test_a_session_keeps_the_exact_texts_it_plays(store: SqlStore) -> None:
    texts = [text("scenario", "\ufeffid: x\r\n# “é”\x01\n"), text("mou", "id: y", "y")]
    session = begin(store, texts=texts)
    assert store.texts(session) == texts


def test_sessions_that_play_the_same_text_share_one_copy(store: SqlStore, backend: Backend) -> None:
    begin(store, texts=[text("scenario", "the same words")])
    begin(store, texts=[text("scenario", "the same words", "another-name")])
    assert len(backend.rows("SELECT digest FROM texts")) == 1
    assert {store.texts(row.id)[0][1] for row in store.sessions()} == {"kitchen-table", "another-name"}


def test_a_text_that_does_not_match_its_digest_keeps_no_session(store: SqlStore) -> None:
    kind, name, digest, words, path = text("scenario", "as it was checked")
    with pytest.raises(LogError, match="scenario “kitchen-table” changed"):
        begin(store, texts=[(kind, name, digest, words + " and edited", path)])
    assert store.sessions() == []
    assert store.audit() == []
