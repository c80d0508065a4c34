"""Sessions from one store into another, in every direction: the same there as here, or nothing there at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import NamedTuple

import pytest

from facilitator import hot_wash
from facilitator.cli import main
from simulator.library import Library
from simulator.log import Damaged, LogError, Place
from simulator.log.copying import Copied, copy
from simulator.log.postgres import PostgresStore
from simulator.log.rooms import new_code, new_secret
from simulator.log.sql import SqlStore
from simulator.log.sqlite import SqliteStore
from simulator.seated import Seated, Seating
from simulator.session import Session
from tests.logs import OKAFOR, REYES, Backend, begin, choose, text
from tests.rooms import TO_THE_END, opened, other
from tests.servers import Server
from tests.test_summing import play


class Two(NamedTuple):
    """A store to copy from and one to copy to."""

    a: Backend
    b: Backend


@pytest.fixture(params=["sqlite to postgres", "postgres to sqlite", "sqlite to sqlite", "postgres to postgres"])
def two(request: pytest.FixtureRequest, server: Server, url: str, tmp_path: Path) -> Iterator[Two]:
    with ExitStack() as stack:
        urls = [url]

        def place(kind: str, name: str) -> Backend:
            if kind == "sqlite":
                made = Backend("sqlite", str(tmp_path / name), SqliteStore)
            else:
                where = urls.pop() if urls else stack.enter_context(server.database())
                made = Backend("postgres", where, PostgresStore)
            stack.callback(made.close)
            return made

        kinds = request.param.split(" to ")
        yield Two(place(kinds[0], "a.sqlite3"), place(kinds[1], "b.sqlite3"))


@pytest.fixture
def a(two: Two) -> SqlStore:
    return two.a.open()


@pytest.fixture
def b(two: Two) -> SqlStore:
    return two.b.open()


def whole(store: SqlStore) -> list[object]:
    """All that a store says of its sessions."""
    return [
        (row, store.read(row.id, verify=True), store.texts(row.id), store.places(row.id), store.remarks(row.id))
        for row in store.sessions()
    ]


def test_a_copied_session_is_the_same_there_in_every_part(a: SqlStore, b: SqlStore) -> None:
    session = begin(a)
    a.append_many(session, 1, [choose("knock"), {"kind": "chance", "action": "“é” \U0001f697 \x00"}], finished=True)
    a.remark(session, "officer", "reactions", "Tense.")
    a.remark(session, "advocate", "reactions", "Relieved.")
    begin(a, workshop="autumn", texts=[text("scenario", "another\n\\N\t“x”")])
    assert copy(a, b) == Copied(new=2)
    assert whole(b) == whole(a)
    assert b.fingerprint() == a.fingerprint()
    assert b.audit() == []


def test_a_session_goes_to_the_server_and_back_and_is_played_on(a: SqlStore, b: SqlStore, tmp_path: Path) -> None:
    bundle = Library().bundle("kitchen-table")
    begun = play(a, bundle, to=4)
    copy(a, b)
    there = Session.reopen(b, begun.id)
    assert there.state == begun.state
    there.pause()
    assert copy(b, a) == Copied(longer=1)
    assert begun.catch_up() and begun.paused
    with closing(SqliteStore(tmp_path / "third.sqlite3")) as third:
        copy(a, third)
        assert whole(third) == whole(a) == whole(b)


def test_copying_again_changes_nothing(a: SqlStore, b: SqlStore) -> None:
    begin(a)
    copy(a, b)
    before = whole(b)
    assert copy(a, b) == Copied(there=1)
    assert whole(b) == before


def test_a_session_that_went_on_here_goes_on_there(a: SqlStore, b: SqlStore) -> None:
    session = begin(a)
    copy(a, b)
    a.append_many(session, 1, [choose("knock"), choose("leave")], finished=True)
    a.remark(session, "officer", "reactions", "Tense.")
    assert copy(a, b) == Copied(longer=1)
    assert whole(b) == whole(a)
    assert b.audit() == []


def test_a_session_that_went_on_there_is_left_as_it_is(a: SqlStore, b: SqlStore) -> None:
    session = begin(a)
    copy(a, b)
    b.append(session, 1, choose("knock"))
    assert copy(a, b) == Copied(there=1)
    assert b.last(session) == 1


def test_a_session_that_went_on_differently_in_both_stops_the_whole_copy(a: SqlStore, b: SqlStore) -> None:
    session = begin(a)
    copy(a, b)
    a.append(session, 1, choose("knock"))
    b.append(session, 1, choose("wait"))
    others = [begin(a) for _ in range(3)]
    before = whole(b)
    with pytest.raises(LogError, match=f"“{session}” went on differently in both stores, from event 1 on; nothing"):
        copy(a, b)
    assert whole(b) == before
    assert not {row.id for row in b.sessions()} & set(others)


def test_a_session_that_was_only_looked_at_in_both_stops_nothing(a: SqlStore, b: SqlStore) -> None:
    session, looks = begin(a), frozenset(["looked"])
    copy(a, b)
    b.append_many(session, 1, [{"kind": "looked", "at": "home"}, choose("knock")])
    a.append(session, 1, {"kind": "looked", "at": "the laptop"})
    before = whole(b)
    assert copy(a, b, looks=looks) == Copied(there=1)
    assert whole(b) == before
    a.append(session, 2, choose("knock"))
    with pytest.raises(LogError, match="went on differently"):
        copy(a, b, looks=looks)


@pytest.mark.parametrize(
    ("damage", "seq"),
    [
        ("UPDATE events SET body = replace(body, 'wait', 'kick') WHERE seq = 2", 2),
        ("DELETE FROM events WHERE seq = 1", 2),
        ("DELETE FROM events WHERE seq = 3", 3),
        ("UPDATE texts SET body = body || ' ' WHERE body LIKE '%riverton%'", None),
        ("DELETE FROM texts WHERE body LIKE '%riverton%'", None),
    ],
)
def test_a_damaged_session_is_named_and_nothing_is_copied(
    two: Two, a: SqlStore, b: SqlStore, damage: str, seq: int | None
) -> None:
    session = begin(a)
    a.append_many(session, 1, [choose("knock"), choose("wait"), choose("leave")])
    two.a.tamper(damage)
    with pytest.raises(Damaged, match=f"Session “{session}” .*nothing was copied") as caught:
        copy(a, b)
    assert (caught.value.session, caught.value.seq) == (session, seq)
    assert b.sessions() == [] and two.b.rows("SELECT digest FROM texts") == []


def test_only_a_workshop_can_be_copied(a: SqlStore, b: SqlStore) -> None:
    begin(a)
    autumn = begin(a, workshop="autumn")
    assert copy(a, b, workshop="autumn") == Copied(new=1)
    assert [row.id for row in b.sessions()] == [autumn]


def test_many_sessions_are_copied_a_few_at_a_time(a: SqlStore, b: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulator.log.copying._AT_ONCE", 3)
    for number in range(10):
        begin(a, places=(Place("officer", f"Bird {number}", "human", "Riverton PD"),))
    assert copy(a, b) == Copied(new=10)
    assert whole(b) == whole(a)


def test_a_store_is_not_copied_into_itself(two: Two, a: SqlStore) -> None:
    with pytest.raises(LogError, match="both where to copy from and where to"):
        copy(a, two.a.open())


# --- what was erased -----------------------------------------------------------------------------------------------------


def test_an_alias_that_was_erased_there_stays_erased_when_its_session_goes_on(a: SqlStore, b: SqlStore) -> None:
    session = begin(a)
    a.remark(session, "officer", "reactions", "Tense.")
    copy(a, b)
    b.forget("Heron")
    a.append(session, 1, choose("knock"))
    a.remark(session, "officer", "description", "I waited.")
    copy(a, b)
    assert [place.alias for place in b.places(session)] == ["", "Wren"]
    assert b.remarks(session) == []
    assert b.people(session) == a.people(session)


def test_somebody_who_was_forgotten_there_is_not_brought_back_by_another_session(a: SqlStore, b: SqlStore) -> None:
    first = begin(a)
    copy(a, b)
    b.forget("Heron")
    second = begin(a)
    a.remark(second, "officer", "reactions", "Tense.")
    a.remark(second, "advocate", "reactions", "Relieved.")
    copy(a, b)
    assert [place.alias for place in b.places(second)] == ["", "Wren"]
    assert b.remarks(second) == [("advocate", "reactions", "Relieved.")]
    assert b.people(first) == b.people(second) == a.people(second)


def test_a_remark_that_was_erased_there_does_not_come_back(a: SqlStore, b: SqlStore) -> None:
    session = begin(a)
    a.remark(session, "officer", "reactions", "Tense.")
    copy(a, b)
    b.remark(session, "officer", "reactions", "")
    a.append(session, 1, choose("knock"))
    copy(a, b)
    assert b.remarks(session) == []


def test_what_a_facilitator_wrote_about_somebody_forgotten_there_does_not_come_back(a: SqlStore, b: SqlStore) -> None:
    session = begin(a)
    a.remark(session, "facilitator", "note", "Heron was quick.")
    copy(a, b)
    b.forget(REYES.alias)
    a.append(session, 1, choose("knock"))
    copy(a, b)
    assert b.remarks(session) == []


def test_what_somebody_without_an_alias_wrote_comes_along_when_their_session_goes_on(a: SqlStore, b: SqlStore) -> None:
    session = begin(a, places=(Place("officer", "", "human"), OKAFOR))
    copy(a, b)
    a.append(session, 1, choose("knock"))
    a.remark(session, "officer", "reactions", "Tense.")
    copy(a, b)
    assert b.remarks(session) == [("officer", "reactions", "Tense.")]


def test_a_note_written_after_its_session_was_copied_comes_along_and_changes_none_there(
    a: SqlStore, b: SqlStore
) -> None:
    first, second = begin(a), begin(a)
    a.remark(second, "facilitator", "note", "Ours.")
    copy(a, b)
    a.remark(first, "facilitator", "note", "Late.")
    b.remark(second, "facilitator", "note", "Theirs.")
    copy(a, b)
    assert [b.remarks(session) for session in (first, second)] == [
        [("facilitator", "note", "Late.")],
        [("facilitator", "note", "Theirs.")],
    ]


# --- a room ---------------------------------------------------------------------------------------------------------------


def test_a_room_comes_home_with_all_that_was_said_in_it_and_without_what_opens_it(a: SqlStore, b: SqlStore) -> None:
    code, key = new_code(), new_secret()
    where = str(Path(__file__).parent / "fixtures" / "two-scenes.yaml")
    room = a.open_room(code, key, workshop="spring", scenario=where)
    seating = Seating(Library(), a)
    tickets = [
        seating.admit(room, alias=alias, wish=seat) for alias, seat in (("Heron", "officer"), ("Wren", "advocate"))
    ]
    found = seating.find(tickets[0])
    assert isinstance(found, Seated)
    session = found.session
    session.hold()
    session.announce("Two minutes.")
    session.hold(False)
    session.choose("officer", "apart")
    session.conclude()
    session.write_note("They talked.")
    session.resolve("keep\nCall early\nRPD\n2027-01-01")
    copy(a, b)
    seating.close()
    there = Session.reopen(b, session.id)
    assert there.events == session.events and there.concluded
    assert [said.text for said in there.announcements("advocate")] == ["Two minutes."]
    assert there.note == "They talked." and [each.what for each in hot_wash.read(b, [session.id])] == ["Call early"]
    assert b.room_of_code(code) is None and b.room_of_key(key) is None and not b.open_rooms()
    assert [b.ticket(secret) for secret in tickets] == [None, None] and b.tickets_of(session.id) == []


def test_what_was_played_in_a_room_reads_the_same_at_home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key, (first, second) = opened(tmp_path)
    laptop, home = str(tmp_path / "store.sqlite3"), str(tmp_path / "home.sqlite3")
    for seat, action in TO_THE_END:
        other(tmp_path, first, lambda session, seat=seat, action=action: session.choose(seat, action))
    other(tmp_path, first, lambda session: (session.finish_phase("reactions"), session.write_note("They talked.")))
    other(tmp_path, second, lambda session: (session.choose("officer", "ask"), session.conclude()))
    assert main(["store", "copy", laptop, home]) == 0
    capsys.readouterr()

    def said(store: str, *command: str) -> tuple[int, str, str]:
        return main([*command, "--store", store]), *capsys.readouterr()

    for command in (
        ["review", "--plain"],
        ["report", "workshop", "spring"],
        ["report", "session", first, "--with-note"],
    ):
        here = said(laptop, *command)
        assert here[0] == 0 and here[1]
        assert said(home, *command) == here
    assert said(home, "room", "--workshop", "spring", "--plain")[0] == 0
    code, _, why = said(home, "room", "--key", key, "--plain")
    assert code == 1 and "opens no room" in why
    assert main(["store", "copy", laptop, home]) == 0  # though its letters were looked at in both by now


# --- who is who ----------------------------------------------------------------------------------------------------------


def test_the_same_person_of_two_stores_is_one_person_afterwards(a: SqlStore, b: SqlStore) -> None:
    there = begin(b)
    here = begin(a, places=(Place("officer", "HERON ", "human", "riverton pd"), OKAFOR))
    assert a.people(here)["officer"] != b.people(there)["officer"]
    copy(a, b)
    assert b.people(here) == b.people(there)


def test_one_person_in_two_sessions_is_one_person_there_too(a: SqlStore, b: SqlStore) -> None:
    first, second = begin(a), begin(a, places=(REYES,))
    copy(a, b)
    assert b.people(first)["officer"] == b.people(second)["officer"] == a.people(first)["officer"]
    assert b.people(first)["advocate"] != b.people(first)["officer"]


# --- the commands --------------------------------------------------------------------------------------------------------


def test_the_command_copies_and_says_what(two: Two, a: SqlStore, capsys: pytest.CaptureFixture[str]) -> None:
    begin(a)
    assert main(["store", "copy", two.a.where, two.b.where]) == 0
    assert "1 session copied, 0 went on, 0 there already." in capsys.readouterr().out
    assert main(["store", "copy", two.a.where, two.b.where, "--workshop", "spring"]) == 0
    assert "0 sessions copied, 0 went on, 1 there already." in capsys.readouterr().out


def test_a_store_that_is_not_there_is_not_made_to_copy_from(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = tmp_path / "nowhere.sqlite3"
    assert main(["store", "copy", str(where), str(tmp_path / "b.sqlite3")]) == 1
    assert "no store" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


PLAY = "officer: apart\nadvocate: keep\n"


def test_the_commands_that_look_after_a_store_work_on_both_backends(
    backend: Backend, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*command: str) -> tuple[int, str]:
        code = main([*command, "--store", backend.where])
        return code, capsys.readouterr().out

    script = tmp_path / "two-scenes.script"
    script.write_text(PLAY, encoding="utf-8")
    scenario = str(Path(__file__).parent / "fixtures" / "two-scenes.yaml")
    played, told = run("play", scenario, "--script", str(script), "--name", "Heron")
    assert played == 0
    session = told.split()[-1].rstrip(".")
    assert session in run("review", "--plain")[1] and "Heron" in run("review", "--plain")[1]
    assert run("replay", session) == (0, PLAY)
    code, told = run("audit")
    fingerprint = told.split()[-1]
    assert code == 0 and "1 session: every event is as it was written." in told
    assert run("audit", "--expect", fingerprint)[0] == 0
    assert run("forget", "heron")[0] == 0 and "Heron" not in run("review", "--plain")[1]
    assert run("audit", "--expect", fingerprint)[0] == 0
    assert run("store", "rebuild")[0] == 0
    assert run("store", "backup", str(tmp_path / "copy.sqlite3"))[0] == 0
    backend.tamper("UPDATE events SET body = replace(body, 'apart', 'ask') WHERE seq = 1")
    assert run("audit") == (1, f"{session}: Event 1 has been changed since it was kept.\nFingerprint: {fingerprint}\n")
    assert run("purge", "--older-than", "30d") == (0, "0 sessions erased.\n")
    backend.tamper("UPDATE sessions SET updated = '2020-01-01T00:00:00.000+00:00'")
    assert run("purge", "--older-than", "30d") == (0, "1 session erased.\n")
    code, told = run("audit", "--expect", fingerprint)
    assert code == 1 and f"That is not {fingerprint}" in told
