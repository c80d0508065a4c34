"""A coordinator's login on a real server: what it sees, and that no question of its own gets it further."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from facilitator.cli import main
from facilitator.cohort import figures
from scoring.cohort import Cohort
from simulator.library import Library
from simulator.log import LogError, NoSuchSession, Place, Unwritable
from simulator.log.coordinators import GROUP, POLICIES
from simulator.log.copying import copy
from simulator.log.migrations import STEPS
from simulator.log.postgres import PostgresStore
from simulator.log.sqlite import SqliteStore
from simulator.summing import bring_up_to_date
from tests.logs import begin, choose
from tests.servers import Server, as_user, connect
from tests.test_summing import play

HERON = Place("officer", "Heron", "human", "Riverton PD")
WREN = Place("advocate", "Wren", "human", "Safe Harbor")
JAY = Place("officer", "Jay", "human", "Lakeside PD")
LARK = Place("advocate", "Lark", "human")


@pytest.fixture(scope="module")
def room(server: Server) -> Iterator[SimpleNamespace]:
    """A store with four plays, of which Pat of Riverton PD and Sam of Safe Harbor may each see some."""
    with (
        server.login("pat") as pat,
        server.login("sam") as sam,
        server.database() as url,
        closing(PostgresStore(url)) as owner,
    ):
        bundle = Library().bundle("kitchen-table")
        both = play(owner, bundle, places=(HERON, WREN)).id
        lakeside = play(owner, bundle, "harmful", places=(JAY, WREN)).id
        other = play(owner, bundle, places=(JAY, LARK)).id
        shared = play(owner, bundle, places=(Place("officer", "Kite", "human"), LARK)).id
        owner.remark(both, "officer", "reactions", "Tense.")
        bring_up_to_date(owner)
        owner.admit(pat, "Riverton PD")
        owner.admit(sam, " safe harbor")
        yield SimpleNamespace(
            owner=owner,
            url=url,
            server=server,
            pat=as_user(url, pat),
            sam=as_user(url, sam),
            both=both,
            lakeside=lakeside,
            other=other,
            shared=shared,
        )


@pytest.fixture
def pat(room: SimpleNamespace) -> Iterator[PostgresStore]:
    with closing(PostgresStore(room.pat)) as store:
        yield store


def raw(room: SimpleNamespace, sql: str, where: str = "") -> list[tuple[Any, ...]]:
    with connect(where or room.pat) as line:
        line.execute(b"SET search_path = handoff")
        return line.execute(sql.encode()).fetchall()


def test_a_coordinator_sees_the_agency_s_sessions_and_the_shared_ones(
    room: SimpleNamespace, pat: PostgresStore
) -> None:
    assert {row.id for row in pat.sessions()} == {room.both, room.shared}


def test_a_session_of_two_agencies_is_seen_by_both_their_coordinators(room: SimpleNamespace) -> None:
    with closing(PostgresStore(room.sam)) as sam:
        assert {row.id for row in sam.sessions()} == {room.both, room.lakeside, room.shared}


def test_a_session_that_is_not_seen_is_not_there(room: SimpleNamespace, pat: PostgresStore) -> None:
    for ask in (pat.read, pat.texts, pat.places, pat.remarks, pat.audit):
        with pytest.raises(NoSuchSession):
            ask(room.other)


def test_of_aliases_only_those_of_the_own_agency_are_seen(room: SimpleNamespace, pat: PostgresStore) -> None:
    assert pat.places(room.both) == (HERON,)
    assert raw(room, "SELECT alias FROM aliases") == [("Heron",)]


def test_no_remark_is_ever_seen(room: SimpleNamespace, pat: PostgresStore) -> None:
    assert room.owner.remarks(room.both) == [("officer", "reactions", "Tense.")]
    assert pat.remarks(room.both) == []
    assert raw(room, "SELECT text FROM remarks") == []


@pytest.mark.parametrize("table", [*POLICIES, "sessions AS s JOIN events AS e ON e.session = s.id"])
def test_no_row_of_another_agency_s_session_is_reached_with_any_question(room: SimpleNamespace, table: str) -> None:
    hidden = (room.lakeside, room.other)
    assert not any(ident in str(row) for row in raw(room, f"SELECT * FROM {table}") for ident in hidden)
    assert "Lakeside" not in str(raw(room, f"SELECT * FROM {table}"))


@pytest.mark.parametrize("table", ["tallies", "keys", "coordinators", "session_agencies"])
def test_sums_and_the_list_of_coordinators_are_out_of_reach(room: SimpleNamespace, table: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        raw(room, f"SELECT * FROM {table}")


def test_every_table_is_either_behind_a_wall_or_out_of_reach(room: SimpleNamespace) -> None:
    open_ones = room.server.run(
        "SELECT relname FROM pg_class WHERE relnamespace = 'handoff'::regnamespace AND relkind = 'r' AND NOT relrowsecurity"
        f" AND has_table_privilege('{GROUP}', oid, 'SELECT')",
        at=room.url,
    )
    assert open_ones == [("migrations",)]
    assert room.server.run(
        f"SELECT DISTINCT privilege_type FROM information_schema.table_privileges WHERE grantee = '{GROUP}'",
        at=room.url,
    ) == [("SELECT",)]


def test_the_read_models_that_are_seen_are_those_of_the_sessions_that_are_seen(room: SimpleNamespace) -> None:
    for table in ("summaries", "seatings", "decisions", "duties", "practices"):
        assert {ident for (ident,) in raw(room, f"SELECT session FROM {table}")} == {room.both, room.shared}
    assert raw(room, "SELECT count(*) FROM groups") == [(1,)]
    assert raw(room, "SELECT count(*) > 0 FROM names") == [(True,)]


def test_the_figures_of_a_coordinator_are_of_the_sessions_that_are_seen(
    room: SimpleNamespace, pat: PostgresStore
) -> None:
    all_of_them, seen = figures(room.owner, Cohort()), figures(pat, Cohort())
    assert (all_of_them.overview.sessions, seen.overview.sessions) == (4, 2)
    assert all_of_them.lines and not seen.lines  # only Lakeside PD's play crossed any
    assert figures(pat, Cohort(agency="Lakeside PD")).overview.sessions == 0


def test_a_coordinator_can_change_nothing(room: SimpleNamespace, pat: PostgresStore) -> None:
    assert not pat.may_write
    assert room.owner.may_write
    attempts = (
        lambda: pat.append(room.both, pat.last(room.both) + 1, choose("knock")),
        lambda: begin(pat),
        lambda: pat.forget("Heron"),
        lambda: pat.purge(1),
        lambda: pat.remark(room.both, "officer", "reactions", "Calm."),
        lambda: pat.set_places(room.both, (HERON,)),
        lambda: pat.admit("postgres", "Lakeside PD"),
    )
    for attempt in attempts:
        with pytest.raises(Unwritable, match="This login may") as caught:
            attempt()
        assert "\n" not in str(caught.value)
    assert room.owner.audit() == []


def test_changing_who_one_pretends_to_be_shows_nothing_more(room: SimpleNamespace) -> None:
    with connect(room.pat) as line:
        line.execute(f"SET ROLE {GROUP}".encode())
        found = line.execute(b"SELECT id FROM handoff.sessions").fetchall()
        assert {ident for (ident,) in found} == {room.both, room.shared}
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            line.execute(b"SET SESSION AUTHORIZATION postgres")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            line.execute(b"SET row_security = off; SELECT id FROM handoff.sessions")


def test_the_list_on_the_command_line_holds_what_is_seen(
    room: SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["review", "--plain", "--store", room.pat]) == 0
    told = capsys.readouterr().out
    assert room.both in told and room.shared in told and "2 sessions" in told
    assert room.other not in told and "Jay" not in told


def test_an_audit_by_a_coordinator_is_of_what_is_seen(pat: PostgresStore) -> None:
    assert pat.audit() == []
    assert pat.fingerprint()[0] == 2


def test_a_copy_by_a_coordinator_holds_what_is_seen(room: SimpleNamespace, pat: PostgresStore, tmp_path: Path) -> None:
    with closing(SqliteStore(tmp_path / "mine.sqlite3")) as mine:
        assert copy(pat, mine).new == 2
        assert mine.places(room.both) == (HERON,) and mine.remarks(room.both) == []
        assert mine.audit() == []


def test_a_store_that_is_older_than_the_program_is_left_to_its_owner(room: SimpleNamespace) -> None:
    later = (*STEPS, (STEPS[-1][0] + 1, ("CREATE TABLE later (id INTEGER PRIMARY KEY)",)))
    with pytest.raises(LogError, match="of an older Handoff.*whoever owns the store has to open it"):
        PostgresStore(room.pat, steps=later)


@pytest.fixture
def login(server: Server) -> Iterator[str]:
    with server.login("lee") as name:
        yield name


def test_a_login_that_is_no_coordinator_sees_nothing(room: SimpleNamespace, login: str) -> None:
    where = as_user(room.url, login)
    with pytest.raises(LogError, match="may not look into"):
        PostgresStore(where)
    room.server.run(f"GRANT {GROUP} TO {login}")  # a coordinator of another database of the same server
    assert raw(room, "SELECT id FROM sessions", where) == []
    assert raw(room, "SELECT * FROM names", where) == []


def test_a_coordinator_taken_away_sees_nothing_any_more(own_url: str, login: str) -> None:
    with closing(PostgresStore(own_url)) as owner:
        session = begin(owner)
        owner.admit(login, "Riverton PD")
        owner.admit(login, "Lakeside PD")
        with closing(PostgresStore(as_user(own_url, login))) as store:
            assert [row.id for row in store.sessions()] == [session]
            assert owner.dismiss(login, "riverton pd") == 1
            assert store.sessions() == []
        assert owner.dismiss(login) == 1
        assert owner.dismiss(login) == 0
    with pytest.raises(LogError, match="may not look into"):
        PostgresStore(as_user(own_url, login))


def test_what_is_seen_follows_who_sits_there(own_url: str, login: str) -> None:
    with closing(PostgresStore(own_url)) as owner:
        before = begin(owner, places=(JAY,))
        owner.admit(login, "Riverton PD")
        with closing(PostgresStore(as_user(own_url, login))) as store:
            assert store.sessions() == []
            after = begin(owner, places=(HERON, LARK))
            assert [row.id for row in store.sessions()] == [after]
            owner.set_places(before, (HERON,))
            owner.set_places(after, (JAY, LARK))
            assert [row.id for row in store.sessions()] == [before]
            owner.set_places(after, (LARK,))
            assert {row.id for row in store.sessions()} == {before, after}
            owner.forget("Heron")
            assert {row.id for row in store.sessions()} == {before, after}
            with owner._writing() as db:
                db.execute("DELETE FROM sessions")
                assert db.execute("SELECT count(*) FROM session_agencies").fetchone() == (0,)


def test_tables_of_a_later_version_are_walled_as_soon_as_they_are_there(own_url: str, login: str) -> None:
    with closing(PostgresStore(own_url)) as owner:
        owner.admit(login, "Riverton PD")
    made = ("CREATE TABLE secrets (id INTEGER PRIMARY KEY)", f"GRANT SELECT ON secrets TO {GROUP}")
    PostgresStore(own_url, steps=(*STEPS, (STEPS[-1][0] + 1, made))).close()
    with connect(as_user(own_url, login)) as line, pytest.raises(psycopg.errors.InsufficientPrivilege):
        line.execute(b"SELECT * FROM handoff.secrets")


def test_a_login_that_is_not_there_or_owns_the_store_is_no_coordinator(own_url: str) -> None:
    with closing(PostgresStore(own_url)) as owner:
        with pytest.raises(LogError, match="knows no login “nobody”"):
            owner.admit("nobody", "Riverton PD")
        with pytest.raises(LogError, match="a login of its own"):
            owner.admit("postgres", "Riverton PD")


def test_the_command_admits_and_takes_away(own_url: str, login: str, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["store", "coordinator", login, "--store", own_url]
    assert main(command) == 2
    assert main([*command, "--agency", "Riverton PD"]) == 0
    assert "can change nothing" in capsys.readouterr().out
    assert main([*command, "--remove"]) == 0
    assert main([*command, "--remove"]) == 1


def test_a_store_in_a_file_has_no_coordinators(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = str(tmp_path / "store.sqlite3")
    assert main(["store", "coordinator", "kim", "--agency", "Riverton PD", "--store", where]) == 1
    assert "postgresql://" in capsys.readouterr().err
