"""Panels: when they are enough, what they come to, and how a store keeps their votes. The store's tests run on both backends."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.panel import AT_LEAST, EACH, OTHERS, TIMES, Vote, enough, spread
from simulator.library import Library
from simulator.log.copying import Copied, copy
from simulator.log.migrations import STEPS
from simulator.log.postgres import PostgresStore
from simulator.log.sql import SqlStore
from simulator.log.sqlite import SqliteStore
from simulator.panel import panels, questions
from tests.logs import Backend, Clock, begin
from tests.panels import asked, collect, votes
from tests.servers import Server, as_user
from tests.small import vocabulary_of, world_trees

TABLE = ("police", "community")
DISCIPLINES = (*TABLE, "health", "justice")

cast_votes = st.lists(
    st.builds(
        Vote,
        option=st.sampled_from("abc"),
        discipline=st.sampled_from(DISCIPLINES),
        reason=st.sampled_from(["", "so", "as"]),
    ),
    max_size=30,
)
tables = st.sets(st.sampled_from(DISCIPLINES), min_size=1)


# --- when it is enough ---------------------------------------------------------------------------------------


def test_ten_votes_balanced_between_the_agencies_at_the_table_are_enough() -> None:
    assert enough(votes("a", police=5, community=5), TABLE) == (True, "")


def test_nine_votes_are_not() -> None:
    assert enough(votes("a", police=4, community=5), TABLE) == (False, "it has 9 of at least 10 votes")


def test_three_of_every_discipline_at_the_table_are_needed() -> None:
    found = enough(votes("a", police=2, community=5, health=5), TABLE)
    assert found == (False, "it has 2 of at least 3 votes from police")


def test_no_discipline_may_vote_more_than_twice_as_often_as_the_rarest_at_the_table() -> None:
    assert enough(votes("a", police=4, community=8), TABLE)[0]
    found = enough(votes("a", police=4, community=9), TABLE)
    assert found == (False, "it has 9 votes from community, more than twice the 4 from police")


def test_a_discipline_without_a_seat_cannot_outvote_the_table_either() -> None:
    assert enough(votes("a", police=3, community=3, health=6), TABLE)[0]
    assert not enough(votes("a", police=3, community=3, health=7), TABLE)[0]


@given(cast_votes, tables)
def test_enough_means_ten_in_all_three_of_each_and_none_more_than_twice_the_rarest(
    cast: list[Vote], table: set[str]
) -> None:
    count = Counter(vote.discipline for vote in cast)
    least = min(count[name] for name in table)
    wanted = len(cast) >= AT_LEAST and least >= EACH and max(count.values(), default=0) <= TIMES * least
    full, lacks = enough(cast, table)
    assert full == wanted and bool(lacks) != full


@given(cast_votes, tables, st.randoms(use_true_random=False))
def test_the_order_of_votes_tells_nothing(cast: list[Vote], table: set[str], chance: object) -> None:
    mixed = list(cast)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert (enough(mixed, table), spread(mixed, "abc")) == (enough(cast, table), spread(cast, "abc"))


@given(cast_votes, tables)
def test_what_people_chose_has_no_part_in_whether_they_are_enough(cast: list[Vote], table: set[str]) -> None:
    assert enough([replace(vote, option="z") for vote in cast], table) == enough(cast, table)


# --- what it comes to ----------------------------------------------------------------------------------------


@given(cast_votes)
def test_every_vote_and_every_reason_is_counted_once(cast: list[Vote]) -> None:
    found = spread(cast, "abc")
    assert sum(one.votes for one in found) == len(cast)
    assert all(sum(count for _, count in one.disciplines) == one.votes for one in found)
    assert Counter(r for one in found for r in one.reasons) == Counter(v.reason for v in cast if v.reason)


@given(cast_votes)
def test_credit_is_votes_over_modal_votes(cast: list[Vote]) -> None:
    found = spread(cast, "abc")
    most = max(one.votes for one in found)
    assert [one.credit * most for one in found] == [one.votes for one in found]
    assert not cast or max(one.credit for one in found) == 1


@given(cast_votes)
def test_no_discipline_of_fewer_than_three_people_is_told_by_name(cast: list[Vote]) -> None:
    count = Counter(vote.discipline for vote in cast)
    named = {name for one in spread(cast, "abc") for name, _ in one.disciplines}
    assert named <= {name for name in count if count[name] >= EACH} | {OTHERS}


def test_an_option_nobody_chose_is_told_too() -> None:
    [one, none] = spread(votes("a", police=3), "ab")
    assert (one.credit, none.votes, none.credit, none.disciplines) == (1, 0, 0, ())


# --- what is asked -------------------------------------------------------------------------------------------


def test_a_question_holds_the_situation_and_the_options_and_nothing_of_what_follows() -> None:
    bundle = Library().bundle("kitchen-table")
    question = asked(bundle)
    scene = bundle.scenario.scenes[question.scene]
    assert question.seat == "advocate" and [each.id for each in question.options] == list(scene.actions)
    shown = str(question)
    for action in scene.actions.values():
        assert action.text in shown and action.says not in shown
    assert not any(side in shown for side in scene.judgement.both_sides)  # type: ignore[union-attr]


def both(text: str = "A door is ajar.", **rest: str) -> list[object]:
    """The questions of a judgement scene in which both seats decide."""
    from tests.small import scenario_of

    judgement = {"question": rest.get("question", "In, or not?"), "both_sides": ["in", "out"]}
    actions = {
        "in": {"seat": "officer", "text": rest.get("option", "Go in.")},
        "out": {"seat": "officer", "text": "Stay.", "when": "seen"},
        "call": {"seat": "advocate", "text": "Call."},
    }
    scene = {
        "turn": ["officer", "advocate"],
        "text": text,
        "private": {"officer": rest.get("private", "A shadow.")},
        "judgement": judgement,
        "actions": actions,
        "to": "end",
    }
    trees = world_trees({"door": scene, "end": {"ending": {"title": "The end"}}}, facts=("seen",))
    return list(questions(scenario_of(trees["scenario"]), vocabulary_of(trees["vocabulary"])))


def test_where_both_decide_each_seat_is_a_question_of_its_own_with_what_only_it_sees() -> None:
    officer, advocate = both()
    assert [each.id for each in officer.options] == ["in", "out"]  # type: ignore[attr-defined]
    assert [each.guarded for each in officer.options] == [False, True]  # type: ignore[attr-defined]
    assert "A shadow." in str(officer) and "A shadow." not in str(advocate)


@pytest.mark.parametrize("edit", [{"text": "A gate."}, {"question": "Now?"}, {"option": "Go."}, {"private": "A cat."}])
def test_whatever_is_edited_of_what_was_read_makes_it_another_question(edit: dict[str, str]) -> None:
    assert both(**edit)[0].digest != both()[0].digest == both()[0].digest  # type: ignore[attr-defined]


# --- how it is kept ------------------------------------------------------------------------------------------


def reasons(store: SqlStore) -> list[tuple[str, str, str]]:
    found = store.votes("tale").get(("door", "d1"), [])
    return sorted((vote.option, vote.discipline, vote.reason) for vote in found)


def vote(store: SqlStore, option: str, alias: str = "", reason: str = "", **other: str) -> bool:
    found = Vote(option=option, discipline=other.get("discipline", "police"), reason=reason)
    return store.vote("tale", other.get("scene", "door"), other.get("asked", "d1"), found, alias)


def test_a_new_store_has_no_votes(store: SqlStore) -> None:
    assert store.votes("kitchen-table") == {}


def test_an_alias_changes_its_vote_in_whatever_case_it_is_typed(store: SqlStore) -> None:
    assert not vote(store, "in", "Heron", "Quick.")
    assert vote(store, "out", " heron ", "Slow.", discipline="health")
    assert reasons(store) == [("out", "health", "Slow.")]


def test_without_an_alias_every_vote_is_somebody_else_s(store: SqlStore) -> None:
    assert not vote(store, "in") and not vote(store, "in", "  ")
    assert reasons(store) == [("in", "police", "")] * 2


def test_an_alias_votes_once_on_each_question_and_on_each_wording(store: SqlStore) -> None:
    vote(store, "in", "Heron")
    assert not vote(store, "in", "Heron", scene="gate")
    assert not vote(store, "in", "Heron", asked="d2")
    assert store.has_voted("tale", "gate", "d1", "HERON") and not store.has_voted("tale", "gate", "d2", "Heron")
    assert store.votes_of("Heron") == 3 and {len(some) for some in store.votes("tale").values()} == {1}


def test_own_votes_are_taken_back_whole_and_nobody_elses(store: SqlStore) -> None:
    vote(store, "in", "Heron", "Mine.")
    vote(store, "out", "Heron", "Mine too.", scene="gate")
    vote(store, "out", "Wren", "Hers.")
    assert store.take_votes_back("tale", "  ") == 0
    assert store.take_votes_back("tale", "heron", [("gate", "d1")]) == 1
    assert store.take_votes_back("tale", "HERON ") == 1
    assert reasons(store) == [("out", "police", "Hers.")]
    assert (store.votes_of("Heron"), store.votes_of("Wren")) == (0, 1) and store.audit() == []


def test_an_alias_let_go_leaves_votes_and_reasons_as_nobodys(store: SqlStore) -> None:
    vote(store, "in", "Heron", "Mine.")
    store.let_votes_go("heron")
    assert reasons(store) == [("in", "police", "Mine.")] and store.votes_of("Heron") == 0
    assert not vote(store, "in", "Heron")  # a new one: nothing tells whose the first was


def test_votes_on_another_wording_are_not_counted(store: SqlStore) -> None:
    bundle = Library().bundle("kitchen-table")
    question = asked(bundle)
    ten = votes(question.options[0].id, police=5, community=5)
    for each in ten:
        store.vote("kitchen-table", question.scene, "before the edit", each)
    [panel] = panels(bundle.scenario, bundle.vocabulary, store.votes("kitchen-table")).values()
    assert not panel.full and panel.voted == ()
    collect(store, bundle, ten)
    [panel] = panels(bundle.scenario, bundle.vocabulary, store.votes("kitchen-table")).values()
    assert panel.full and panel.spread[0].votes == 10


def test_who_is_forgotten_takes_name_and_reason_along_and_leaves_the_vote(store: SqlStore) -> None:
    vote(store, "in", "Heron", "Quick.")
    vote(store, "out", "Wren", "Slow.")
    store.forget(" HERON ")
    assert reasons(store) == [("in", "police", ""), ("out", "police", "Slow.")]
    assert store.votes_of("Heron") == 0 and not vote(store, "in", "Heron")


def test_a_forgotten_panelist_is_in_no_file_of_the_store(backend: Backend, server: Server) -> None:
    store = backend.open()
    vote(store, "in", "Quetzalcoatlus", "Quetzalcoatlus thinks so.")

    def mentions() -> int:
        if backend.kind == "sqlite":
            files = [file for file in Path(backend.where).parent.iterdir() if file.is_file()]
        else:
            server.run("CHECKPOINT")
            [(number,)] = server.run("SELECT oid FROM pg_database WHERE datname = current_database()", at=backend.where)
            files = list((server.folder / "base" / str(number)).iterdir())
        return sum(file.read_bytes().lower().count(b"quetzalcoatlus") for file in files)

    assert mentions() > 0
    store.forget("Quetzalcoatlus")
    for _ in range(100):  # a transaction of another test on the same server may hold old rows until it ends
        if not mentions():
            break
        store.forget("Quetzalcoatlus")  # writes the tables anew, as it did the first time
    assert mentions() == 0


def test_purging_takes_the_name_off_old_votes_and_leaves_them(store: SqlStore, clock: Clock) -> None:
    vote(store, "in", "Heron", "Quick.")
    clock.pass_days(300)
    vote(store, "out", "Wren")
    clock.pass_days(100)
    store.purge(365)
    assert (store.votes_of("Heron"), store.votes_of("Wren")) == (0, 1)
    assert reasons(store) == [("in", "police", "Quick."), ("out", "police", "")]


def test_votes_stand_outside_the_chain(store: SqlStore) -> None:
    begin(store)
    before = store.fingerprint()
    vote(store, "in", "Heron")
    assert store.fingerprint() == before and store.audit() == []


def test_a_backup_holds_the_votes_and_who_may_change_them(store: SqlStore, tmp_path: Path) -> None:
    vote(store, "in", "Heron", "Quick.")
    vote(store, "out")
    store.backup(tmp_path / "backup.sqlite3")
    with closing(SqliteStore(tmp_path / "backup.sqlite3")) as kept:
        assert kept.votes("tale") == store.votes("tale") and kept.votes_of("Heron") == 1


@pytest.fixture
def other(tmp_path: Path, clock: Clock) -> object:
    with closing(SqliteStore(tmp_path / "other.sqlite3", now=clock)) as made:
        yield made


def test_a_copy_takes_votes_along_once(store: SqlStore, other: SqliteStore) -> None:
    vote(store, "in", "Heron", "Quick.")
    assert copy(store, other) == Copied(votes=1)
    assert copy(store, other) == Copied()
    assert reasons(other) == [("in", "police", "Quick.")]


def test_a_vote_that_was_changed_after_the_copy_is_changed_there_with_the_next(
    store: SqlStore, other: SqliteStore, clock: Clock
) -> None:
    vote(store, "in", "Heron", "Quick.")
    copy(store, other)
    clock.pass_days(1)
    vote(store, "out", "Heron", "Slow.")
    copy(other, store)  # the older one changes nothing here
    copy(store, other)
    assert reasons(store) == reasons(other) == [("out", "police", "Slow.")]


def test_who_was_forgotten_there_is_not_brought_back_by_a_copy(
    store: SqlStore, other: SqliteStore, clock: Clock
) -> None:
    vote(store, "in", "Heron", "Quick.")
    copy(store, other)
    other.forget("Heron")
    clock.pass_days(1)
    vote(store, "out", "Heron", "Slow.")
    copy(store, other)
    assert reasons(other) == [("in", "police", "")]


def test_an_alias_that_voted_in_both_stores_is_counted_once(store: SqlStore, other: SqliteStore) -> None:
    vote(store, "in", "Heron")
    vote(other, "out", "Heron")
    copy(store, other)
    assert reasons(other) == [("out", "police", "")]


def test_a_copy_of_one_workshop_takes_no_votes_along(store: SqlStore, other: SqliteStore) -> None:
    vote(store, "in", "Heron")
    assert copy(store, other, workshop="spring") == Copied()


# --- stores that are older -----------------------------------------------------------------------------------


def test_an_older_file_takes_votes_once_it_is_opened(tmp_path: Path) -> None:
    with closing(SqliteStore(tmp_path / "old.sqlite3", steps=STEPS[:2])) as old:
        session = begin(old)
    with closing(SqliteStore(tmp_path / "old.sqlite3")) as opened:
        vote(opened, "in", "Heron")
        assert reasons(opened) == [("in", "police", "")] and opened.about(session).id == session


def test_an_older_store_on_a_server_takes_votes_and_keeps_its_walls(own_url: str, server: Server) -> None:
    with server.login("pat") as pat:
        with closing(PostgresStore(own_url)) as owner:
            owner.admit(pat, "Riverton PD")
        server.run(
            "DROP TABLE handoff.votes, handoff.panelists, handoff.tickets, handoff.rooms CASCADE",
            *(
                f"ALTER TABLE handoff.guesses DROP COLUMN {column}" for column in ("about", "same", "apart")
            ),  # of version 4
            f"DELETE FROM handoff.migrations WHERE version > {STEPS[1][0]}",
            at=own_url,
        )
        with closing(PostgresStore(own_url)) as owner, closing(PostgresStore(as_user(own_url, pat))) as seen:
            vote(owner, "in", "Heron")
            assert owner.votes_of("Heron") == 1
            assert (seen.votes("tale"), seen.votes_of("Heron")) == ({}, 0)
