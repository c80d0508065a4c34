"""The log of sessions: what was kept is there again, and what cannot be kept is said in one sentence."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.log import (
    Damaged,
    LogError,
    NoSuchSession,
    Place,
    Stale,
    Unwritable,
    open_store,
)
from simulator.log.chain import canonical, event_digest, text_digest
from simulator.log.sqlite import SqliteStore

REYES = Place("officer", "Heron", "human", "Riverton PD")
OKAFOR = Place("advocate", "Wren", "human", "Safe Harbor")


class Clock:
    """A clock that stands still until it is told to move on."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_days(self, days: float) -> None:
        self.now += timedelta(days=days)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "handoff.sqlite3"


@pytest.fixture
def store(path: Path, clock: Clock) -> Iterator[SqliteStore]:
    opened = SqliteStore(path, busy=0.05, now=clock)
    yield opened
    opened.close()


def text(kind: str, words: str, name: str = "kitchen-table") -> tuple[str, str, str, str, str]:
    return kind, name, text_digest(words), words, f"library/{name}.yaml"


def begin(store: Any, **other: Any) -> str:
    texts = other.pop("texts", [text("scenario", "id: kitchen-table\n"), text("mou", "id: riverton\n", "riverton")])
    start = {"kind": "start", "texts": {kind: digest for kind, _, digest, _, _ in texts}, "seed": 7}
    about = {
        "scenario": "kitchen-table",
        "title": "The kitchen table",
        "mou": "riverton",
        "jurisdiction": "northern",
        "workshop": "spring",
        "start": start,
        "texts": texts,
        "places": (REYES, OKAFOR),
    }
    session: str = store.create(**{**about, **other})
    return session


def choose(action: str) -> dict[str, Any]:
    return {"kind": "choose", "seat": "officer", "action": action, "by": "human"}


def tamper(path: Path, sql: str, *values: Any) -> None:
    """Change the file behind the store's back."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute(sql, values)
    other.close()


@contextmanager
def without_rights() -> Iterator[None]:
    """As a user whom file permissions bind: they do not bind root, as which containers often run tests."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that any user can reach; pytest's own belong to one."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    yield folder
    folder.chmod(0o777)
    for file in folder.iterdir():
        file.chmod(stat.S_IREAD | stat.S_IWRITE)
    shutil.rmtree(folder)


# --- keeping ------------------------------------------------------------------------------------------------------


def test_events_come_back_as_they_were_kept(store: SqliteStore) -> None:
    session = begin(store)
    store.append(session, 1, choose("knock"))
    store.append(session, 2, {"kind": "chance", "action": "Übergabe “gun” \U0001f697"})
    assert [(kept.seq, kept.body["kind"]) for kept in store.read(session)] == [
        (0, "start"),
        (1, "choose"),
        (2, "chance"),
    ]
    assert store.read(session)[2].body["action"] == "Übergabe “gun” \U0001f697"


def test_a_store_opened_again_still_has_everything(store: SqliteStore, path: Path) -> None:
    session = begin(store)
    store.append(session, 1, choose("knock"))
    before = store.read(session)
    store.close()
    again = SqliteStore(path)
    assert again.read(session) == before
    again.close()


WORDS = st.text(st.characters(codec="utf-8"), max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)


@given(bodies=st.lists(st.dictionaries(WORDS, JSON, max_size=4), min_size=1, max_size=4))
def test_any_body_that_json_can_hold_comes_back_and_passes_the_audit(bodies: list[dict[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder, closing(SqliteStore(Path(folder) / "store")) as store:
        session = begin(store)
        store.append_many(session, 1, bodies)
        assert [kept.body for kept in store.read(session, after=0, verify=True)] == bodies
        assert store.audit() == []


def test_an_append_returns_what_a_read_will_find(store: SqliteStore) -> None:
    session = begin(store)
    assert store.append(session, 1, choose("knock")) == store.read(session)[1]


def test_reading_after_an_event_gives_only_the_later_ones(store: SqliteStore) -> None:
    session = begin(store)
    store.append_many(session, 1, [choose("a"), choose("b"), choose("c")])
    assert [kept.seq for kept in store.read(session, after=1)] == [2, 3]


def test_reading_after_the_last_event_gives_nothing(store: SqliteStore) -> None:
    assert store.read(begin(store), after=0) == []


def test_last_is_the_number_of_the_last_event(store: SqliteStore) -> None:
    session = begin(store)
    store.append(session, 1, choose("knock"))
    assert store.last(session) == 1


def test_every_session_gets_an_id_of_its_own(store: SqliteStore) -> None:
    assert len({begin(store) for _ in range(5)}) == 5


def test_an_event_carries_the_digest_of_itself_and_the_one_before(store: SqliteStore) -> None:
    session = begin(store)
    one = store.append(session, 1, choose("knock"))
    (zero,) = store.read(session)[:1]
    assert one.digest == event_digest(zero.digest, session, 1, one.at, canonical(choose("knock")))


def test_the_spelling_of_a_body_does_not_depend_on_its_order() -> None:
    assert canonical({"b": 1, "a": "ü"}) == canonical({"a": "ü", "b": 1}) == '{"a":"ü","b":1}'


def test_an_event_that_json_cannot_hold_keeps_nothing(store: SqliteStore) -> None:
    session = begin(store)
    with pytest.raises(ValueError):
        store.append_many(session, 1, [choose("knock"), {"kind": "choose", "odd": float("nan")}])
    assert store.last(session) == 0


# --- two at once --------------------------------------------------------------------------------------------------


def test_an_append_to_a_taken_place_is_stale(store: SqliteStore) -> None:
    session = begin(store)
    store.append(session, 1, choose("knock"))
    with pytest.raises(Stale, match="acted first"):
        store.append(session, 1, choose("wait"))
    assert [kept.body["action"] for kept in store.read(session, after=0)] == ["knock"]


def test_an_append_that_would_leave_a_gap_is_stale(store: SqliteStore) -> None:
    session = begin(store)
    with pytest.raises(Stale):
        store.append(session, 2, choose("knock"))


def test_a_stale_append_of_several_keeps_none_of_them(store: SqliteStore) -> None:
    session = begin(store)
    store.append(session, 1, choose("knock"))
    with pytest.raises(Stale):
        store.append_many(session, 1, [choose("wait"), choose("leave")], finished=True)
    assert store.last(session) == 1
    assert not store.sessions()[0].finished


def test_a_second_screen_sees_what_the_first_one_kept(store: SqliteStore, path: Path) -> None:
    session = begin(store)
    other = SqliteStore(path)
    store.append(session, 1, choose("knock"))
    assert [kept.seq for kept in other.read(session, after=0)] == [1]
    other.append(session, 2, choose("wait"))
    assert store.last(session) == 2
    other.close()


def test_threads_that_contend_lose_nothing(store: SqliteStore, path: Path) -> None:
    session = begin(store)
    other = SqliteStore(path, busy=10)

    def play(mine: SqliteStore, name: str) -> None:
        done = 0
        while done < 20:
            try:
                mine.append(session, mine.last(session) + 1, choose(f"{name}{done}"))
                done += 1
            except Stale:
                pass

    store.db.execute("PRAGMA busy_timeout = 10000")
    threads = [
        threading.Thread(target=play, args=(mine, name)) for mine, name in ((store, "a"), (store, "b"), (other, "c"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    played = [kept.body["action"] for kept in store.read(session, after=0)]
    assert sorted(played) == sorted(f"{name}{n}" for name in "abc" for n in range(20))
    assert [move for move in played if move[0] == "c"] == [f"c{n}" for n in range(20)]
    assert store.audit() == []


# --- the list of sessions -----------------------------------------------------------------------------------------


def test_a_session_is_listed_with_what_it_is_about(store: SqliteStore, clock: Clock) -> None:
    session = begin(store)
    clock.pass_days(1)
    store.append(session, 1, choose("knock"))
    (row,) = store.sessions()
    assert (row.id, row.scenario, row.title, row.workshop) == (session, "kitchen-table", "The kitchen table", "spring")
    assert (row.mou, row.jurisdiction, row.events, row.finished) == ("riverton", "northern", 2, False)
    assert row.seats == (REYES, OKAFOR)
    assert row.updated == clock.now
    assert row.created == clock.now - timedelta(days=1)


def test_the_session_played_last_is_listed_first(store: SqliteStore, clock: Clock) -> None:
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
def test_the_list_can_be_narrowed(store: SqliteStore, clock: Clock, wanted: dict[str, Any]) -> None:
    begin(store)
    clock.pass_days(2)
    later = begin(store, workshop="autumn", scenario="porch-light")
    store.append(later, 1, choose("leave"), finished=True)
    assert [row.id for row in store.sessions(**wanted)] == [later]


def test_unfinished_sessions_can_be_asked_for(store: SqliteStore) -> None:
    finished, unfinished = begin(store), begin(store)
    store.append(finished, 1, choose("leave"), finished=True)
    assert [row.id for row in store.sessions(finished=False)] == [unfinished]


def test_the_list_can_be_cut_short(store: SqliteStore, clock: Clock) -> None:
    begin(store)
    clock.pass_days(1)
    newest = begin(store)
    assert [row.id for row in store.sessions(limit=1)] == [newest]


def test_a_session_that_went_on_after_its_end_is_unfinished_again(store: SqliteStore) -> None:
    session = begin(store)
    store.append(session, 1, choose("leave"), finished=True)
    store.append(session, 2, {"kind": "rewind", "to": 0}, finished=False)
    assert not store.sessions()[0].finished


def test_an_append_that_says_nothing_of_the_end_leaves_it(store: SqliteStore) -> None:
    session = begin(store)
    store.append(session, 1, choose("leave"), finished=True)
    store.append(session, 2, {"kind": "debrief", "phase": "reactions"})
    assert store.sessions()[0].finished


@pytest.mark.parametrize(("last", "paused"), [("paused", True), ("resumed", False)])
def test_the_list_says_whether_a_session_is_paused(store: SqliteStore, last: str, paused: bool) -> None:
    session = begin(store)
    store.append_many(session, 1, [{"kind": "resumed"}, {"kind": "paused"}, {"kind": last}, choose("knock")])
    assert store.sessions()[0].paused is paused


def test_a_session_nobody_paused_is_not_paused(store: SqliteStore) -> None:
    begin(store)
    assert store.sessions()[0].paused is False


@pytest.mark.parametrize("ask", ["read", "last", "texts", "places", "remarks", "audit"])
def test_asking_for_a_session_that_is_not_there_says_so(store: SqliteStore, ask: str) -> None:
    with pytest.raises(NoSuchSession, match="no session “nowhere”"):
        getattr(store, ask)("nowhere")


def test_an_event_of_a_session_that_is_not_there_is_refused(store: SqliteStore) -> None:
    with pytest.raises(NoSuchSession):
        store.append("nowhere", 0, choose("knock"))


# --- texts --------------------------------------------------------------------------------------------------------


def test_a_session_keeps_the_exact_texts_it_plays(store: SqliteStore) -> None:
    texts = [text("scenario", "\ufeffid: x\r\n# “é”\x00\n"), text("mou", "id: y", "y")]
    session = begin(store, texts=texts)
    assert store.texts(session) == texts


def test_sessions_that_play_the_same_text_share_one_copy(store: SqliteStore) -> None:
    begin(store, texts=[text("scenario", "the same words")])
    begin(store, texts=[text("scenario", "the same words", "another-name")])
    assert store.db["texts"].count == 1
    assert {store.texts(row.id)[0][1] for row in store.sessions()} == {"kitchen-table", "another-name"}


def test_a_text_that_does_not_match_its_digest_keeps_no_session(store: SqliteStore) -> None:
    kind, name, digest, words, path = text("scenario", "as it was checked")
    with pytest.raises(LogError, match="scenario “kitchen-table” changed"):
        begin(store, texts=[(kind, name, digest, words + " and edited", path)])
    assert store.sessions() == []
    assert store.audit() == []


# --- what can be erased -------------------------------------------------------------------------------------------


def test_seats_can_be_taken_by_others(store: SqliteStore) -> None:
    session = begin(store)
    partner = Place("advocate", "", "typical")
    store.set_places(session, (REYES, partner))
    assert store.places(session) == (REYES, partner)


def test_a_remark_replaces_the_seat_s_earlier_one_of_the_same_phase(store: SqliteStore) -> None:
    session = begin(store)
    store.remark(session, "officer", "reactions", "Tense.")
    store.remark(session, "advocate", "reactions", "Relieved.")
    store.remark(session, "officer", "reactions", "Tense, then better.")
    assert sorted(store.remarks(session)) == [
        ("advocate", "reactions", "Relieved."),
        ("officer", "reactions", "Tense, then better."),
    ]


def test_an_empty_remark_erases_the_earlier_one(store: SqliteStore) -> None:
    session = begin(store)
    store.remark(session, "officer", "reactions", "Tense.")
    store.remark(session, "officer", "reactions", "  ")
    assert store.remarks(session) == []


def test_half_a_character_from_a_terminal_is_kept_as_a_question_mark(store: SqliteStore) -> None:
    session = begin(store)
    store.remark(session, "officer", "reactions", "Tense\udce9.")
    assert store.remarks(session) == [("officer", "reactions", "Tense?.")]


def test_forgetting_an_alias_erases_it_and_its_remarks_everywhere(store: SqliteStore) -> None:
    first, second, _ = begin(store), begin(store), begin(store, places=(OKAFOR,))
    store.remark(first, "officer", "reactions", "Tense.")
    store.remark(first, "advocate", "reactions", "Relieved.")
    assert store.forget(" heron ") == 2
    assert store.places(first)[0].alias == store.places(second)[0].alias == ""
    assert store.remarks(first) == [("advocate", "reactions", "Relieved.")]


def test_forgetting_leaves_other_people_and_the_chain_alone(store: SqliteStore) -> None:
    session = begin(store)
    before = store.read(session)
    store.forget("Heron")
    assert store.places(session)[1] == OKAFOR
    assert store.read(session) == before
    assert store.audit() == []


def test_forgetting_nobody_forgets_nobody(store: SqliteStore) -> None:
    session = begin(store, places=(Place("officer", "", "random"), OKAFOR))
    assert store.forget("") == 0
    assert store.forget("Sparrow") == 0
    assert store.places(session)[1] == OKAFOR


def test_what_was_forgotten_is_in_no_file_of_the_store(store: SqliteStore, path: Path) -> None:
    session = begin(store, places=(Place("officer", "Quetzalcoatlus", "human"), OKAFOR))
    for phase in ("reactions", "description", "analysis"):
        store.remark(session, "officer", phase, "Quetzalcoatlus thought so.")

    def mentions() -> int:
        return sum(file.read_bytes().count(b"Quetzalcoatlus") for file in path.parent.iterdir())

    assert mentions() > 0
    store.forget("Quetzalcoatlus")
    assert mentions() == 0


def test_purging_erases_only_sessions_not_played_for_long(store: SqliteStore, clock: Clock) -> None:
    begin(store)
    played_again = begin(store)
    clock.pass_days(300)
    store.append(played_again, 1, choose("knock"))
    clock.pass_days(100)
    assert store.purge(365) == 1
    assert [row.id for row in store.sessions()] == [played_again]


def test_purging_erases_the_texts_that_nobody_plays_any_more(store: SqliteStore, clock: Clock) -> None:
    begin(store, texts=[text("scenario", "old"), text("mou", "shared")])
    clock.pass_days(400)
    begin(store, texts=[text("scenario", "new"), text("mou", "shared")])
    store.purge(365)
    assert {row["body"] for row in store.db["texts"].rows} == {"new", "shared"}
    assert store.audit() == []


# --- damage -------------------------------------------------------------------------------------------------------


def damaged(store: SqliteStore, path: Path, sql: str) -> str:
    session = begin(store)
    store.append_many(session, 1, [choose("knock"), choose("wait"), choose("leave")])
    tamper(path, sql)
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
def test_an_audit_tells_where_the_chain_is_broken(store: SqliteStore, path: Path, damage: str) -> None:
    sql, expected = DAMAGE[damage]
    session = damaged(store, path, sql)
    assert [(f.session, f.seq, f.message) for f in store.audit(session)] == [(session, *each) for each in expected]


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_verified_read_of_a_broken_chain_is_refused(store: SqliteStore, path: Path, damage: str) -> None:
    session = damaged(store, path, DAMAGE[damage][0])
    with pytest.raises(Damaged, match=f"Session “{session}” is damaged: event") as caught:
        store.read(session, verify=True)
    assert caught.value.session == session


def test_a_verified_read_of_a_sound_chain_is_like_any_other(store: SqliteStore) -> None:
    session = begin(store)
    store.append_many(session, 1, [choose("knock"), choose("wait")])
    assert store.read(session, verify=True) == store.read(session)
    assert store.read(session, 0, verify=True) == store.read(session, 0)


def test_an_event_that_was_rewritten_with_its_digest_breaks_the_next(store: SqliteStore, path: Path) -> None:
    session = begin(store)
    store.append_many(session, 1, [choose("knock"), choose("wait")])
    zero, one, _ = store.read(session)
    body = canonical(choose("kick"))
    forged = event_digest(zero.digest, session, 1, one.at, body)
    tamper(path, "UPDATE events SET body = ?, digest = ? WHERE seq = 1", body, forged)
    assert [f.message for f in store.audit()] == ["Event 2 does not follow from the event before it."]


def test_a_last_event_that_was_rewritten_with_its_digest_is_noticed(store: SqliteStore, path: Path) -> None:
    session = begin(store)
    one = store.append(session, 1, choose("knock"))
    body = canonical(choose("kick"))
    before = store.read(session)[0].digest
    forged = event_digest(before, session, 1, one.at, body)
    tamper(path, "UPDATE events SET body = ?, digest = ? WHERE seq = 1", body, forged)
    assert [f.message for f in store.audit()] == ["The log ends with event 1, which is not the last that was kept."]
    with pytest.raises(Damaged, match="event 1 is not the one that was kept"):
        store.read(session, verify=True)


@pytest.mark.parametrize("seq", [1, 3], ids=["in the middle", "at the end"])
def test_even_an_unverified_read_does_not_step_over_a_gap(store: SqliteStore, path: Path, seq: int) -> None:
    session = damaged(store, path, f"DELETE FROM events WHERE seq = {seq}")
    with pytest.raises(Damaged, match=f"event {seq} is missing") as caught:
        store.read(session)
    assert caught.value.seq == seq


def test_a_body_that_is_no_json_is_refused(store: SqliteStore, path: Path) -> None:
    session = damaged(store, path, "UPDATE events SET body = '{' WHERE seq = 2")
    with pytest.raises(Damaged, match="event 2 cannot be read"):
        store.read(session)


def test_one_damaged_session_spoils_no_other(store: SqliteStore, path: Path) -> None:
    broken = damaged(store, path, "UPDATE events SET body = '{' WHERE seq = 2")
    sound = begin(store)
    assert {row.id for row in store.sessions()} == {broken, sound}
    assert {finding.session for finding in store.audit()} == {broken}
    assert store.audit(sound) == []


def test_an_audit_finds_a_text_that_was_changed(store: SqliteStore, path: Path) -> None:
    session = begin(store)
    tamper(path, "UPDATE texts SET body = body || ' ' WHERE body LIKE '%riverton%'")
    assert [(f.session, f.message) for f in store.audit()] == [
        (session, "The text of the mou “riverton” has been changed since it was kept.")
    ]


def test_an_audit_finds_a_text_that_is_lost(store: SqliteStore, path: Path) -> None:
    session = begin(store)
    tamper(path, "DELETE FROM texts WHERE body LIKE '%riverton%'")
    assert [(f.session, f.message) for f in store.audit(session)] == [
        (session, "The text of the mou “riverton” is missing.")
    ]


def test_an_audit_finds_a_text_that_was_swapped_with_its_digest(store: SqliteStore, path: Path) -> None:
    session = begin(store)
    tamper(path, "INSERT INTO texts VALUES (?, ?)", text_digest("forged"), "forged")
    tamper(path, "UPDATE session_texts SET digest = ? WHERE kind = 'mou'", text_digest("forged"))
    assert [f.message for f in store.audit(session)] == [
        "The session began with another text of its mou than the one it holds."
    ]


def test_an_audit_finds_rows_that_belong_to_nothing(store: SqliteStore, path: Path) -> None:
    begin(store)
    tamper(path, "DELETE FROM sessions")
    messages = [finding.message for finding in store.audit()]
    assert "2 of the rows in “aliases” belong to nothing in “sessions”." in messages
    assert "1 of the rows in “events” belong to nothing in “sessions”." in messages


def spoil(path: Path, page: int) -> None:
    whole = bytearray(path.read_bytes())
    whole[page * 4096 : (page + 1) * 4096] = b"\xff" * 4096
    path.write_bytes(whole)


def test_a_file_with_any_page_spoiled_is_found_damaged(store: SqliteStore, path: Path) -> None:
    session = begin(store, texts=[text("scenario", "x" * 10_000)])
    store.append_many(session, 1, [choose("knock" * 20) for _ in range(40)])
    store.close()
    whole = path.read_bytes()
    for page in range(len(whole) // 4096):
        path.write_bytes(whole)
        spoil(path, page)
        found: list[str] = []
        try:
            with closing(SqliteStore(path)) as again:
                found = [finding.message for finding in again.audit()]
        except Damaged as error:
            found = [str(error)]
        assert found and all("damaged" in message and "\n" not in message for message in found), page


def test_a_text_whose_bytes_are_no_longer_words_is_damaged(store: SqliteStore, path: Path) -> None:
    session = begin(store)
    tamper(path, "UPDATE events SET body = CAST(x'ff' AS TEXT)")
    with pytest.raises(Damaged, match="is damaged"):
        store.read(session)


# --- stores that are none, and stores that take nothing -----------------------------------------------------------


@pytest.mark.parametrize(
    "junk", [b"not a store at all, just some words\n" * 50, b"\x00\x01", b"SQLite format 3\x00junk"]
)
def test_a_file_of_something_else_is_refused_and_left_alone(path: Path, junk: bytes) -> None:
    path.write_bytes(junk)
    with pytest.raises(Damaged, match="is not a store of Handoff"):
        open_store(path)
    assert path.read_bytes() == junk
    assert os.listdir(path.parent) == [path.name]


def test_another_program_s_database_is_refused_and_left_alone(path: Path) -> None:
    tamper(path, "CREATE TABLE migrations (version INTEGER)")
    before = path.read_bytes()
    with pytest.raises(LogError, match="another program's database"):
        open_store(path)
    assert path.read_bytes() == before


def test_an_empty_file_becomes_a_store(path: Path) -> None:
    """A computer that died while the first store was being made leaves an empty file; that must not lock anyone out."""
    path.touch()
    store = open_store(path)
    assert store.sessions() == []
    begin(store)
    store.close()


def test_a_folder_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(Unwritable, match="is a folder; name a file in it"):
        open_store(tmp_path)


def test_a_store_in_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unwritable, match="There is no folder"):
        open_store(tmp_path / "nowhere" / "handoff.sqlite3")
    assert list(tmp_path.iterdir()) == []


def test_a_read_only_file_is_said_to_be_read_only(open_folder: Path) -> None:
    path = open_folder / "handoff.sqlite3"
    SqliteStore(path).close()
    path.chmod(stat.S_IREAD | stat.S_IRGRP | stat.S_IROTH)
    with without_rights(), pytest.raises(Unwritable, match="may not be written to"):
        open_store(path)


@pytest.mark.skipif(sys.platform == "win32", reason="folders have no such permission on Windows")
def test_a_read_only_folder_is_said_to_be_read_only(open_folder: Path) -> None:
    open_folder.chmod(0o555)
    with without_rights(), pytest.raises(Unwritable, match="may not be written to"):
        open_store(open_folder / "handoff.sqlite3")


def test_a_store_that_turns_read_only_refuses_and_keeps_what_it_had(store: SqliteStore) -> None:
    session = begin(store)
    store.db.execute("PRAGMA query_only = ON")
    with pytest.raises(Unwritable, match="may not be written to"):
        store.append(session, 1, choose("knock"))
    assert store.last(session) == 0


def fill(store: SqliteStore) -> None:
    """Leave the store no page to grow by."""
    (pages,) = store.db.execute("PRAGMA page_count").fetchone()
    store.db.execute(f"PRAGMA max_page_count = {pages}").fetchall()


def test_a_full_disk_refuses_and_keeps_what_it_had(store: SqliteStore) -> None:
    session = begin(store)
    fill(store)
    with pytest.raises(Unwritable, match="no room left"):
        store.append_many(session, 1, [choose("knock" * 100) for _ in range(100)])
    assert [kept.seq for kept in store.read(session)] == [0]
    assert store.audit() == []


def test_a_full_disk_keeps_no_half_of_a_new_session(store: SqliteStore) -> None:
    fill(store)
    with pytest.raises(Unwritable, match="no room left"):
        begin(store, texts=[text("scenario", "x" * 100_000)])
    assert store.sessions() == []
    assert store.audit() == []


def test_a_store_goes_on_once_the_disk_has_room_again(store: SqliteStore) -> None:
    session = begin(store)
    fill(store)
    with pytest.raises(Unwritable):
        store.append(session, 1, choose("knock" * 10_000))
    store.db.execute("PRAGMA max_page_count = 1000000").fetchall()
    store.append(session, 1, choose("knock" * 10_000))
    assert store.last(session) == 1
    assert store.audit() == []


LOCKER = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
"""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another program holds the store's write lock."""
    program = [sys.executable, "-c", LOCKER, str(path)]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"locked"
        try:
            yield
        finally:
            other.kill()


def test_a_store_locked_by_another_program_refuses_and_goes_on_afterwards(store: SqliteStore, path: Path) -> None:
    session = begin(store)
    with locked(path):
        with pytest.raises(Unwritable, match="Another program holds"):
            store.append(session, 1, choose("knock"))
        assert store.last(session) == 0
    store.append(session, 1, choose("knock"))
    assert store.last(session) == 1


def test_a_store_can_be_opened_and_read_while_somebody_writes(store: SqliteStore, path: Path) -> None:
    session = begin(store)
    with locked(path):
        other = SqliteStore(path, busy=0.05)
        assert other.last(session) == 0
        other.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not let an open file go")
@pytest.mark.parametrize("then", [None, b"another file"], ids=["deleted", "replaced"])
def test_a_store_whose_file_is_gone_refuses_instead_of_writing_to_nowhere(
    store: SqliteStore, path: Path, then: bytes | None
) -> None:
    session = begin(store)
    path.rename(path.with_name("elsewhere"))
    if then:
        path.write_bytes(then)
    with pytest.raises(Unwritable, match="was moved or deleted"):
        store.append(session, 1, choose("knock"))


def test_a_closed_store_says_that_it_is_closed(store: SqliteStore) -> None:
    store.close()
    store.close()
    with pytest.raises(LogError, match="has been closed"):
        store.sessions()


@pytest.mark.parametrize(
    ("where", "why"),
    [("postgresql://room/handoff", "later version"), ("mysql://room/handoff", "no kind of store")],
)
def test_a_store_elsewhere_is_refused_in_one_sentence(where: str, why: str) -> None:
    with pytest.raises(LogError, match=why):
        open_store(where)


def test_without_a_name_the_store_is_the_user_s_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "data" / "handoff"
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: home)
    open_store().close()
    assert (home / "handoff.sqlite3").is_file()


def test_a_data_folder_that_cannot_be_made_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: tmp_path / "file" / "handoff")
    with pytest.raises(Unwritable, match="cannot be made"):
        open_store()


def test_a_store_may_have_an_odd_name(tmp_path: Path) -> None:
    path = tmp_path / "Zoë's #1 store?mode=ro%20.sqlite3" if sys.platform != "win32" else tmp_path / "Zoë's #1 %20.db"
    store = open_store(path)
    begin(store)
    store.close()
    assert path.is_file()


def test_importing_the_log_does_not_load_its_database() -> None:
    program = (
        "import sys, simulator.log; print([m for m in ('sqlite3', 'sqlite_utils', 'platformdirs') if m in sys.modules])"
    )
    root = Path(__file__).parent.parent
    assert subprocess.check_output([sys.executable, "-c", program], cwd=root, text=True) == "[]\n"


# --- backups ------------------------------------------------------------------------------------------------------


def test_a_backup_is_a_whole_store(store: SqliteStore, tmp_path: Path) -> None:
    session = begin(store)
    store.append(session, 1, choose("knock"))
    store.backup(tmp_path / "backup.sqlite3")
    copy = SqliteStore(tmp_path / "backup.sqlite3")
    assert copy.read(session) == store.read(session)
    assert copy.sessions() == store.sessions()
    assert copy.audit() == []
    copy.close()


def test_a_backup_does_not_overwrite_a_file(store: SqliteStore, path: Path) -> None:
    session = begin(store)
    with pytest.raises(Unwritable, match="exists already"):
        store.backup(path)
    assert store.last(session) == 0


def test_a_backup_that_cannot_be_written_leaves_nothing_behind(
    store: SqliteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    before = set(tmp_path.iterdir())
    with pytest.raises(Unwritable, match="No space left on device"):
        store.backup(tmp_path / "backup.sqlite3")
    assert set(tmp_path.iterdir()) == before
