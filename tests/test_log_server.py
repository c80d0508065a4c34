"""A store on a server: who may open it, what it is told when the server goes away, and that nothing is lost then."""

from __future__ import annotations

import re
import secrets
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from simulator.library import Library
from simulator.log import Damaged, LogError, Place, Stale, TooNew, Unwritable, open_store
from simulator.log.dialect import Sql
from simulator.log.migrations import STEPS
from simulator.log.postgres import PostgresStore
from simulator.log.server import translated
from simulator.log.server_trouble import sentence
from simulator.session import Session
from tests.logs import OKAFOR, REYES, begin, choose, text
from tests.servers import Server, as_user, connect

NEWEST = STEPS[-1][0]


@pytest.fixture
def here(url: str) -> Iterator[PostgresStore]:
    with closing(PostgresStore(url, busy=0.05)) as store:
        yield store


# --- the server goes away ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def frail() -> Iterator[Server]:
    """A server that may be stopped, since no other test needs it."""
    folder = Path(tempfile.mkdtemp(prefix="handoff-frail-"))
    server = Server(folder / "postgres")
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def frail_url(frail: Server) -> Iterator[str]:
    frail.start()
    with frail.database() as where:
        yield where
        frail.start()


def test_an_append_without_a_server_is_refused_and_goes_on_when_it_is_back(frail: Server, frail_url: str) -> None:
    with closing(PostgresStore(frail_url)) as store:
        session = begin(store)
        store.append(session, 1, choose("knock"))
        frail.stop()
        for _ in range(2):
            with pytest.raises(Unwritable, match="does not answer.*what was kept so far is safe"):
                store.append(session, 2, choose("wait"))
        frail.start()
        store.append(session, 2, choose("wait"))
        assert [kept.body["action"] for kept in store.read(session, after=0, verify=True)] == ["knock", "wait"]
        assert store.audit() == []


def test_a_server_that_was_restarted_between_two_calls_is_not_even_noticed(frail: Server, frail_url: str) -> None:
    with closing(PostgresStore(frail_url)) as store:
        session = begin(store)
        frail.stop()
        frail.start()
        store.append(session, 1, choose("knock"))
        assert store.last(session) == 1


@contextmanager
def stopped_before_it_answers(frail: Server, store: PostgresStore) -> Iterator[None]:
    """The server keeps what it is given, and is gone before it can say so."""
    db, kept = store.db, store.db.commit

    def commit() -> None:
        kept()
        frail.stop()
        db.execute("SELECT 1")

    db.commit = commit  # type: ignore[method-assign]
    yield


def test_an_append_whose_answer_was_lost_is_stale_when_tried_again_and_is_there_once(
    frail: Server, frail_url: str
) -> None:
    with closing(PostgresStore(frail_url)) as store:
        session = begin(store)
        with stopped_before_it_answers(frail, store), pytest.raises(Unwritable):
            store.append(session, 1, choose("knock"))
        frail.start()
        with pytest.raises(Stale):
            store.append(session, 1, choose("knock"))
        assert [kept.body["action"] for kept in store.read(session, after=0)] == ["knock"]


def test_a_session_reads_on_after_an_answer_that_was_lost(frail: Server, frail_url: str) -> None:
    with closing(PostgresStore(frail_url)) as store:
        session = Session.begin(store, Library().bundle("kitchen-table"), (REYES, OKAFOR), seed=1)
        seat = session.on_turn[0]
        action = next(option.action for option in session.view(seat).options if option.open)
        with stopped_before_it_answers(frail, store), pytest.raises(Unwritable):
            session.choose(seat, action)
        assert len(session.events) == 1
        frail.start()
        with pytest.raises(Stale):
            session.choose(seat, action)
        assert len(session.events) == 2
        assert Session.reopen(store, session.id).state == session.state


def test_a_transaction_that_the_server_broke_off_leaves_nothing_half_done(frail: Server, frail_url: str) -> None:
    with closing(PostgresStore(frail_url)) as store:
        session = begin(store)
        with pytest.raises(Unwritable), store._writing() as db:
            db.execute("DELETE FROM events")
            frail.stop()
            db.execute("SELECT 1")
        frail.start()
        assert store.audit() == []
        assert store.last(session) == 0


def test_a_page_that_the_server_s_disk_spoiled_is_found(frail: Server, frail_url: str) -> None:
    with closing(PostgresStore(frail_url)) as store:
        session = begin(store)
        [(where,)] = frail.run("SELECT pg_relation_filepath('handoff.events')", at=frail_url)
        frail.stop()
        (frail.folder / str(where)).write_bytes(b"\xff" * 8192)
        frail.start()
        assert [(found.session, found.message) for found in store.audit()] == [
            (None, "PostgreSQL cannot read all of “events”: the store is damaged."),
            (session, "Not all of it can be read: the store is damaged."),
        ]
        with pytest.raises(Damaged, match="is damaged; its administrator"):
            store.read(session)
        assert store.places(session) == (REYES, OKAFOR)


# --- two at once ---------------------------------------------------------------------------------------------------------


def test_of_two_that_append_at_the_same_place_one_wins_and_the_other_is_stale(url: str) -> None:
    with closing(PostgresStore(url)) as one, closing(PostgresStore(url)) as two:
        session = begin(one)
        ready, ends = threading.Barrier(2), []

        def act(store: PostgresStore, action: str) -> None:
            ready.wait()
            try:
                ends.append(store.append(session, 1, choose(action)).body["action"])
            except Stale:
                ends.append("stale")

        threads = [threading.Thread(target=act, args=(store, name)) for store, name in ((one, "knock"), (two, "wait"))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(ends) == sorted(["stale", one.read(session)[1].body["action"]])


def test_a_session_that_another_program_holds_refuses_and_goes_on_afterwards(here: PostgresStore, url: str) -> None:
    session = begin(here)
    with connect(url) as other:
        other.execute(b"BEGIN")
        other.execute(b"SELECT 1 FROM handoff.sessions FOR UPDATE")
        with pytest.raises(Unwritable, match="Another program is writing.*nothing was lost"):
            here.append(session, 1, choose("knock"))
        other.execute(b"ROLLBACK")
    here.append(session, 1, choose("knock"))
    assert here.last(session) == 1


def test_a_store_can_be_read_while_somebody_writes(here: PostgresStore, url: str) -> None:
    session = begin(here)
    with closing(PostgresStore(url)) as other, other._writing(alone=True):
        assert here.last(session) == 0
        assert here.audit() == []


def test_what_is_acknowledged_is_on_disk_even_where_the_server_would_not_wait(own_url: str, server: Server) -> None:
    def waits(setting: str) -> str:
        name = own_url.split("/")[3].partition("?")[0]
        server.run(f"ALTER DATABASE {name} SET synchronous_commit = {setting}")
        with closing(PostgresStore(own_url)) as store, store._using() as db:
            return str(db.execute("SHOW synchronous_commit").fetchone()[0])

    assert waits("off") == "on"
    assert waits("remote_apply") == "remote_apply"


# --- who may open it -----------------------------------------------------------------------------------------------------


def test_a_database_without_a_store_gets_one(empty_url: str) -> None:
    with closing(open_store(empty_url)) as store:
        session = begin(store)
        assert [row.id for row in store.sessions()] == [session]


def test_other_tables_of_the_database_are_left_alone(empty_url: str, server: Server) -> None:
    server.run("CREATE TABLE public.sessions (id int)", "INSERT INTO public.sessions VALUES (7)", at=empty_url)
    with closing(PostgresStore(empty_url)) as store:
        assert store.sessions() == []
    assert server.run("SELECT id FROM public.sessions", at=empty_url) == [(7,)]


def test_another_program_s_schema_is_refused_and_left_alone(empty_url: str, server: Server) -> None:
    server.run("CREATE SCHEMA handoff", "CREATE TABLE handoff.migrations (version int)", at=empty_url)
    with pytest.raises(LogError, match="another program's"):
        PostgresStore(empty_url)
    assert server.run("SELECT relname FROM pg_class WHERE relnamespace = 'handoff'::regnamespace", at=empty_url) == [
        ("migrations",)
    ]


def test_a_store_whose_list_of_migrations_is_empty_is_damaged(own_url: str, server: Server) -> None:
    server.run("DELETE FROM handoff.migrations", at=own_url)
    with pytest.raises(Damaged, match="does not say which version"):
        PostgresStore(own_url)


def add_language(db: Sql) -> None:
    db.execute("ALTER TABLE sessions ADD COLUMN language TEXT NOT NULL DEFAULT 'en'")


def fail_halfway(db: Sql) -> None:
    add_language(db)
    db.execute("DELETE FROM sessions")
    db.execute("INSERT INTO nowhere VALUES (1)")


def test_a_store_of_a_newer_handoff_is_refused_and_left_alone(own_url: str) -> None:
    PostgresStore(own_url, steps=(*STEPS, (NEWEST + 1, add_language))).close()
    with pytest.raises(TooNew, match=f"store version {NEWEST + 1}, this one knows {NEWEST}.*upgrade"):
        PostgresStore(own_url)


def test_a_failing_step_leaves_the_store_as_it_was(own_url: str) -> None:
    with closing(PostgresStore(own_url)) as store:
        session = begin(store)
        with pytest.raises(LogError):
            PostgresStore(own_url, steps=(*STEPS, (NEWEST + 1, fail_halfway)))
        assert store.last(session) == 0
    PostgresStore(own_url).close()


def test_a_store_of_version_1_is_brought_up_to_date_with_what_it_holds(empty_url: str, server: Server) -> None:
    PostgresStore(empty_url, steps=STEPS[:1]).close()
    fixture = (Path(__file__).parent / "fixtures" / "store-v1.sql").read_text(encoding="utf-8")
    rows = [row for row in re.findall(r"^INSERT.*?\);$", fixture, re.M | re.S) if "migrations" not in row]
    server.run("SET search_path = handoff", "SET session_replication_role = replica", *rows, at=empty_url)
    with closing(PostgresStore(empty_url)) as store:
        assert [kept.body["kind"] for kept in store.read("4f1c2a9be07d5368", verify=True)] == ["start", "choose"]
        assert store.remarks("4f1c2a9be07d5368") == [("officer", "reactions", "Tense.")]
        assert store.audit() == []
    assert server.run("SELECT count(*) FROM handoff.migrations", at=empty_url) == [(NEWEST,)]


def test_several_that_make_a_new_store_at_once_make_one(empty_url: str, server: Server) -> None:
    ready, wrong = threading.Barrier(4), []

    def open_it() -> None:
        ready.wait()
        try:
            PostgresStore(empty_url, busy=30).close()
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert server.run("SELECT count(*) FROM handoff.migrations", at=empty_url) == [(NEWEST,)]


@pytest.fixture
def host(server: Server) -> Iterator[str]:
    with server.login("host") as name:
        yield name


def test_a_login_that_may_make_no_tables_is_told_what_an_administrator_can_do(
    empty_url: str, server: Server, host: str
) -> None:
    with pytest.raises(LogError, match="CREATE SCHEMA handoff AUTHORIZATION"):
        PostgresStore(as_user(empty_url, host))
    server.run(f"CREATE SCHEMA handoff AUTHORIZATION {host}", at=empty_url)
    with closing(PostgresStore(as_user(empty_url, host))) as store:
        begin(store)
    server.run("DROP SCHEMA handoff CASCADE", at=empty_url)


def test_a_database_that_cannot_hold_every_character_is_refused(server: Server) -> None:
    name = f"narrow_{secrets.token_hex(4)}"
    server.run(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING latin1 LOCALE 'C'")
    try:
        with pytest.raises(LogError, match="cannot hold every character.*UTF8"):
            PostgresStore(server.url(name))
    finally:
        server.run(f"DROP DATABASE {name} WITH (FORCE)")


# --- what is said --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "where",
    [
        "postgresql://eve:S3cret@127.0.0.1:1/handoff",
        "postgresql://eve:S3cret@[127.0.0.1/handoff",
        "postgresql://eve:S3cret@127.0.0.1:port/handoff",
        "postgresql://127.0.0.1:1/handoff?user=eve&password=S3cret",
    ],
)
def test_no_password_is_ever_told(where: str) -> None:
    with pytest.raises(LogError) as caught:
        open_store(where)
    told, cause = str(caught.value), caught.value.__cause__
    assert "S3cret" not in told + str(cause)
    assert "\n" not in told


def test_a_wrong_password_is_told_without_it(frail: Server, frail_url: str) -> None:
    frail.run("CREATE ROLE eve LOGIN PASSWORD 'Right1'")
    rules = frail.folder / "pg_hba.conf"
    rules.write_text("local all eve scram-sha-256\n" + rules.read_text(encoding="utf-8"), encoding="utf-8")
    frail.run("SELECT pg_reload_conf()")
    with pytest.raises(Unwritable, match="did not let you in; check the user and password") as caught:
        PostgresStore(as_user(frail_url, "eve:Wrong1"))
    assert "Wrong1" not in str(caught.value)
    with pytest.raises(LogError, match="may not look into") as refused:
        PostgresStore(as_user(frail_url, "eve:Right1"))
    assert "Right1" not in str(refused.value)


def test_a_database_that_is_not_there_is_told(server: Server) -> None:
    with pytest.raises(Unwritable, match="has no database"):
        PostgresStore(server.url("nowhere"))


def test_a_user_that_is_not_there_is_told(url: str) -> None:
    with pytest.raises(Unwritable, match="does not know that user"):
        PostgresStore(as_user(url, "nobody"))


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (psycopg.errors.DiskFull(), Unwritable, "no room left"),
        (psycopg.errors.DeadlockDetected(), Unwritable, "nothing was lost"),
        (psycopg.errors.AdminShutdown("gone"), Unwritable, "does not answer"),
        (psycopg.errors.ReadOnlySqlTransaction(), Unwritable, "may look at"),
        (psycopg.errors.DataCorrupted(), Damaged, "is damaged"),
        (psycopg.errors.UndefinedTable(), Damaged, "is damaged"),
        (psycopg.errors.NumericValueOutOfRange("out of range"), LogError, "did not take that .out of range"),
    ],
)
def test_what_a_server_reports_is_one_sentence(error: psycopg.Error, kind: type[LogError], words: str) -> None:
    told = sentence(error, "postgresql://room/handoff")
    assert type(told) is kind
    assert words.split(" .")[0] in str(told) and "“postgresql://room/handoff”" in str(told)


def test_a_text_that_no_database_holds_is_refused_and_keeps_no_session(here: PostgresStore) -> None:
    with pytest.raises(LogError, match="character NUL"):
        begin(here, texts=[text("scenario", "id: x\x00\n")])
    assert here.sessions() == []


def test_a_closed_store_says_that_it_is_closed(here: PostgresStore) -> None:
    here.close()
    here.close()
    with pytest.raises(LogError, match="has been closed"):
        here.sessions()


# --- the one spelling ----------------------------------------------------------------------------------------------------


def test_a_statement_is_translated_outside_of_its_quotations() -> None:
    assert translated("SELECT '?', \"?\", instr(a, ?) FROM t WHERE b = ? -- ?") == (
        "SELECT '?', \"?\", strpos(a, $1) FROM t WHERE b = $2 -- ?"
    )


def test_tables_are_made_to_compare_as_in_a_file(here: PostgresStore) -> None:
    with here._writing() as db:
        db.execute("CREATE TABLE odd (id INTEGER PRIMARY KEY, name TEXT NOT NULL, share REAL) WITHOUT ROWID")
        db.executemany("INSERT INTO odd (name, share) VALUES (?, ?)", [("é", 0.1), ("a", 0.2), ("Z", 0.3), ("b", 0.4)])
        rows = db.execute("SELECT name FROM odd ORDER BY name").fetchall()
        sums = db.execute("SELECT sum(id), sum(CAST(id AS BIGINT)), avg(id), sum(share) FROM odd").fetchone()
        db.execute("DROP TABLE odd")
    assert [name for (name,) in rows] == ["Z", "a", "b", "é"]
    assert sums == (10, 10, 2.5, pytest.approx(1.0))
    assert [type(value) for value in sums] == [int, int, float, float]


def test_a_long_answer_is_read_while_other_questions_are_asked(here: PostgresStore) -> None:
    for _ in range(3):
        begin(here)
    with here._picture() as db:
        events = [
            db.execute("SELECT events FROM sessions WHERE id = ?", (ident,)).fetchone()[0]
            for (ident,) in db.stream("SELECT id FROM sessions WHERE workshop = ? ORDER BY id", ("spring",))
        ]
    assert events == [1, 1, 1]


def test_places_of_somebody_forgotten_meanwhile_do_not_come_back(here: PostgresStore, url: str) -> None:
    session = begin(here, places=(Place("officer", "Heron", "human"), OKAFOR))
    with closing(PostgresStore(url)) as other:
        assert other.forget("Heron") == 1
    here.set_places(session, here.places(session))
    assert here.places(session)[0].alias == ""
