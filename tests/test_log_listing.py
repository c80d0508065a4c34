"""The list of sessions as it is asked for: filters, words, orders and pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from simulator.log import Place, Store, listing
from simulator.log.sql import SqlStore
from tests.logs import Clock, begin, choose


def seated(alias: str = "Heron", agency: str = "Riverton PD") -> tuple[Place, ...]:
    return (Place("officer", alias, "human", agency), Place("advocate", "Wren", "human", "Safe Harbor"))


def played(store: Store, clock: Clock, *abouts: dict[str, Any]) -> list[str]:
    """Finished sessions, begun a day apart, the first one first."""
    found = []
    for about in abouts:
        found.append(begin(store, **about))
        store.append(found[-1], 1, choose("leave"), finished=True)
        clock.pass_days(1)
    return found


def listed(store: Store, **wanted: Any) -> list[str]:
    return [row.id for row in store.sessions(**wanted)]


# --- filters ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wanted",
    [
        {"mou": "lakeside"},
        {"jurisdiction": "southern"},
        {"agency": "Lakeside PD"},
        {"workshop": "autumn", "scenario": "porch-light"},
        {"begun_since": datetime(2026, 3, 3, 9, tzinfo=UTC)},
        {"words": "lakeside"},
    ],
    ids=str,
)
def test_each_filter_takes_what_it_names_in_the_list_and_in_the_count(
    store: SqlStore, clock: Clock, wanted: dict[str, Any]
) -> None:
    other = {"mou": "lakeside", "jurisdiction": "southern", "workshop": "autumn", "scenario": "porch-light"}
    _, second = played(store, clock, {}, {**other, "places": seated(agency="Lakeside PD")})
    assert [row.id for row in store.sessions(**wanted)] == [second]
    assert store.count(**wanted) == 1


def test_a_day_that_ends_a_filter_is_left_out_itself(store: SqlStore, clock: Clock) -> None:
    first, _ = played(store, clock, {}, {})
    assert listed(store, begun_before=clock.now - timedelta(days=1)) == [first]


def test_an_empty_filter_takes_all(store: SqlStore, clock: Clock) -> None:
    played(store, clock, {}, {"workshop": ""})
    assert store.count(workshop="", agency=None, words="  ") == 2


def test_the_beginning_of_an_id_finds_a_session(store: SqlStore, clock: Clock) -> None:
    first, _ = played(store, clock, {}, {})
    assert listed(store, ident=first[:10]) == [first]
    assert listed(store, ident="%") == []


# --- words --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "heron",
        "HERON",
        "riverton pd",
        "kitchen spring",
        "officer northern",
        "finished",
        "2026",
        "2026-03",
        "2026-03-02",
    ],
)
def test_every_word_must_occur_somewhere_in_any_case(store: SqlStore, clock: Clock, words: str) -> None:
    (session,) = played(store, clock, {"places": seated()})
    assert listed(store, words=words) == [session]
    assert listed(store, words=f"{words} nowhere") == []


@pytest.mark.parametrize("words", ["unfinished", "2025", "2026-04", "2026-03-03", "2026-02-30", "02026", "2026-13"])
def test_words_that_do_not_occur_find_nothing(store: SqlStore, clock: Clock, words: str) -> None:
    played(store, clock, {})
    assert listed(store, words=words) == []


@pytest.mark.parametrize("sign", ["%", "_", "\\"])
def test_a_sign_that_means_something_to_the_database_is_only_itself(store: SqlStore, clock: Clock, sign: str) -> None:
    _, second = played(store, clock, {"workshop": "plain"}, {"workshop": f"with {sign} in it"})
    assert listed(store, words=sign) == [second]


@pytest.mark.parametrize("words", ["übergabe", "ÜBERGABE", "Übergabe", "gabe"])
def test_letters_beyond_the_english_ones_are_found_in_any_case(store: SqlStore, clock: Clock, words: str) -> None:
    (session,) = played(store, clock, {"workshop": "Übergabe im Juni"})
    assert listed(store, words=words) == [session]


def test_an_alias_that_was_forgotten_is_not_found_again(store: SqlStore, clock: Clock) -> None:
    played(store, clock, {"places": seated("Heron")})
    assert store.count(words="heron") == 1
    store.forget("Heron")
    assert store.count(words="heron") == 0


@pytest.mark.parametrize("asked", [{"words": "heron"}, {"agency": "Riverton PD"}, {"words": "riverton"}], ids=str)
def test_who_plays_is_not_found_before_the_play_has_ended(store: SqlStore, asked: dict[str, str]) -> None:
    """An unfinished session may be one that somebody left."""
    session = begin(store, mou="lakeside", places=seated())
    assert listed(store, **asked) == [] and store.count(**asked) == 0 and store.choices("agency") == []
    store.append(session, 1, choose("leave"), finished=True)
    assert listed(store, **asked) == [session]


@pytest.mark.parametrize("asked", [{"words": "heron"}, {"agency": "Riverton PD"}, {"words": "riverton"}], ids=str)
def test_whose_seat_a_computer_took_over_is_not_found(store: SqlStore, clock: Clock, asked: dict[str, str]) -> None:
    left = Place("officer", "Heron", "typical", "Riverton PD")
    stayed = Place("advocate", "Wren", "human", "Safe Harbor")
    (session,) = played(store, clock, {"mou": "lakeside", "places": (left, stayed)})
    assert listed(store, **asked) == [] and store.choices("agency") == [("Safe Harbor", 1)]
    assert listed(store, words="wren officer") == [session]


def test_a_list_by_agency_does_not_tell_who_left(store: SqlStore, clock: Clock) -> None:
    left = (Place("officer", "Heron", "typical", "Alma PD"), Place("advocate", "Wren", "human", "Safe Harbor"))
    unfinished = begin(store, places=seated(agency="Alma PD"))
    clock.pass_days(1)
    taken_over, kept = played(store, clock, {"places": left}, {"places": seated(agency="Beta PD")})
    assert listed(store, sort="agency") == [kept, taken_over, unfinished]


# --- orders and pages ----------------------------------------------------------------------------------------------------


def test_what_is_empty_comes_last_whichever_way_the_list_is_sorted(store: SqlStore, clock: Clock) -> None:
    a, empty, b = played(store, clock, {"workshop": "a"}, {"workshop": ""}, {"workshop": "B"})
    assert listed(store, sort="workshop") == [a, b, empty]
    assert listed(store, sort="workshop", descending=True) == [b, a, empty]


def test_an_agency_is_sorted_by_the_first_in_the_alphabet(store: SqlStore, clock: Clock) -> None:
    late, early = played(store, clock, {"places": seated(agency="Zeta PD")}, {"places": seated(agency="Alma PD")})
    assert listed(store, sort="agency") == [early, late]


def test_the_latest_begun_comes_first_however_long_others_went_on(store: SqlStore, clock: Clock) -> None:
    first, second = played(store, clock, {}, {})
    store.append(first, 2, choose("knock"))
    assert listed(store, sort="began") == [second, first]
    assert listed(store, sort="began", descending=False) == [first, second]
    assert listed(store) == [first, second]


@pytest.mark.parametrize("sort", listing.SORTS)
@pytest.mark.parametrize("descending", [True, False])
def test_pages_hold_every_session_once(store: SqlStore, clock: Clock, sort: listing.Sort, descending: bool) -> None:
    begun = {begin(store) for _ in range(7)}  # all alike: only the id tells them apart
    pages = [listed(store, sort=sort, descending=descending, limit=3, offset=offset) for offset in (0, 3, 6, 9)]
    assert [len(page) for page in pages] == [3, 3, 1, 0]
    assert {session for page in pages for session in page} == begun


def test_a_list_read_past_a_session_goes_on_after_it_though_others_were_added(store: SqlStore, clock: Clock) -> None:
    first, second, third = played(store, clock, {}, {}, {})
    (row,) = store.sessions(sort="began", limit=1)
    assert row.id == third
    played(store, clock, {})
    assert listed(store, sort="began", past=(row.created, row.id)) == [second, first]


def test_more_sessions_than_one_question_takes_come_in_order(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "AT_ONCE", 2)
    begun = sorted((begin(store) for _ in range(5)), reverse=True)
    assert [(row.id, len(row.seats)) for row in store.sessions()] == [(session, 2) for session in begun]


def test_a_column_is_counted_by_name_without_the_empty_one(store: SqlStore, clock: Clock) -> None:
    played(store, clock, {"workshop": "b"}, {"workshop": "A"}, {"workshop": ""}, {"workshop": "b", "mou": "lakeside"})
    assert store.choices("workshop") == [("A", 1), ("b", 2)]
    assert store.choices("workshop", mou="lakeside") == [("b", 1)]
    assert store.choices("agency") == [("Riverton PD", 4), ("Safe Harbor", 4)]
