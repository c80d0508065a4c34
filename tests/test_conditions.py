"""The condition language: what it answers, and what it refuses to read."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.conditions import BadCondition, Condition, Names, check, compile_test, reads
from scoring.record import FormState, Knowing, Occurrence, Record

NAMES = Names(
    facts=frozenset({"arrived", "called", "came_home", "went_out"}),
    spans={"he_is_home": ("came_home", "went_out")},
    meters=frozenset({"trust"}),
    statuses={"wish": ("unknown", "yes", "no")},
    items=frozenset({"gun_in_truck"}),
    seats=frozenset({"officer", "advocate"}),
    forms=frozenset({"to_police"}),
    switches=frozenset({"mandatory_arrest"}),
)


def record(now: int = 100, **given: Any) -> Record:
    blank = Record(now=now, step=9, facts={}, meters={"trust": 4}, statuses={"wish": "unknown"}, known={}, forms={})
    return blank._replace(**given)


def happened(*minutes: int) -> tuple[Occurrence, ...]:
    return tuple(Occurrence(minute, step, "officer") for step, minute in enumerate(minutes, 1))


def holds(text: str, at: Record | None = None, **switches: bool) -> bool:
    condition = Condition.parse(text)
    check(condition, NAMES)
    return compile_test(condition, NAMES, switches)(at or record())


def complaint(text: str) -> BadCondition:
    with pytest.raises(BadCondition) as caught:
        check(Condition.parse(text), NAMES)
    return caught.value


# --- what it answers -----------------------------------------------------------------------------------------------


def test_a_fact_holds_once_it_has_happened() -> None:
    assert not holds("arrived")
    assert holds("arrived", record(facts={"arrived": happened(10)}))


def test_a_span_holds_from_its_beginning_to_its_end() -> None:
    home, out = happened(10), (Occurrence(20, 2, None),)
    assert not holds("he_is_home")
    assert holds("he_is_home", record(facts={"came_home": home}))
    assert not holds("he_is_home", record(facts={"came_home": home, "went_out": out}))


def test_a_span_may_begin_again() -> None:
    home, out = (Occurrence(10, 1, None), Occurrence(30, 3, None)), (Occurrence(20, 2, None),)
    assert holds("he_is_home", record(facts={"came_home": home, "went_out": out}))


def test_a_span_may_begin_again_later_in_the_step_that_ended_it() -> None:
    out, home = (Occurrence(20, 2, None),), (Occurrence(25, 2, None),)
    assert holds("he_is_home", record(facts={"came_home": home, "went_out": out}))


def test_a_span_begun_and_ended_in_the_same_moment_does_not_hold() -> None:
    moment = (Occurrence(20, 2, None),)
    assert not holds("he_is_home", record(facts={"came_home": moment, "went_out": moment}))


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("trust >= 4", True),
        ("trust > 4", False),
        ("trust <= 4", True),
        ("trust < 4", False),
        ("trust == 4", True),
        ("trust != 4", False),
        ("4 <= trust", True),
        ("trust > -1", True),
    ],
)
def test_a_meter_is_compared_with_a_number(text: str, answer: bool) -> None:
    assert holds(text) is answer


def test_a_status_is_compared_with_its_values() -> None:
    assert holds("wish == unknown")
    assert holds("wish != yes")
    assert not holds("wish == no")


def test_minutes_since_counts_from_the_last_time() -> None:
    at = record(now=100, facts={"arrived": happened(10, 70)})
    assert holds("minutes_since(arrived) == 30", at)


def test_every_comparison_with_minutes_since_what_never_happened_is_false() -> None:
    assert not any(holds(f"minutes_since(arrived) {sign} 5") for sign in ("<", "<=", ">", ">=", "=="))


def test_times_counts_how_often() -> None:
    assert holds("times(arrived) == 0")
    assert holds("times(arrived) == 2", record(facts={"arrived": happened(1, 2)}))


def test_knows_asks_the_ledger() -> None:
    assert not holds("knows(officer, gun_in_truck)")
    at = record(known={("officer", "gun_in_truck"): Knowing("survivor", 1, 1)})
    assert holds("knows(officer, gun_in_truck)", at)
    assert not holds("knows(advocate, gun_in_truck)", at)


@pytest.mark.parametrize("moment", ["asked", "refused", "signed", "revoked"])
def test_a_release_form_is_asked_about_by_what_became_of_it(moment: str) -> None:
    assert not holds(f"{moment}(to_police)")
    assert not holds(f"{moment}(to_police)", record(forms={"to_police": FormState()}))
    assert holds(f"{moment}(to_police)", record(forms={"to_police": FormState(**{moment: 0})}))


def test_a_release_is_valid_from_its_signing_to_its_last_minute() -> None:
    signed = {"to_police": FormState(signed=50, expires=80)}
    assert holds("valid(to_police)", record(now=80, forms=signed))
    assert not holds("valid(to_police)", record(now=81, forms=signed))
    assert not holds("valid(to_police)")


def test_a_revoked_release_is_not_valid() -> None:
    assert not holds("valid(to_police)", record(forms={"to_police": FormState(signed=50, expires=200, revoked=60)}))


def test_a_legal_switch_is_the_jurisdictions() -> None:
    assert holds("law.mandatory_arrest", mandatory_arrest=True)
    assert not holds("law.mandatory_arrest", mandatory_arrest=False)


def test_a_switch_the_jurisdiction_lacks_reads_as_false() -> None:
    assert not holds("law.mandatory_arrest")


def test_and_or_not_and_brackets_group_as_they_read() -> None:
    at = record(facts={"arrived": happened(1)})
    assert holds("arrived and (called or not called)", at)
    assert holds("called and called or arrived", at)
    assert not holds("called and (called or arrived)", at)


# --- what it depends on --------------------------------------------------------------------------------------------


def test_a_condition_depends_on_the_facts_of_its_spans() -> None:
    assert reads(Condition.parse("he_is_home and trust > 2"), NAMES).names == {"came_home", "went_out", "trust"}


@pytest.mark.parametrize(
    ("text", "ledger", "clock"),
    [
        ("arrived", False, False),
        ("minutes_since(arrived) > 3", False, True),
        ("knows(officer, gun_in_truck)", True, False),
        ("signed(to_police)", True, False),
        ("valid(to_police)", True, True),
        ("times(arrived) > 1", False, False),
    ],
)
def test_a_condition_tells_whether_it_reads_ledger_or_clock(text: str, ledger: bool, clock: bool) -> None:
    found = reads(Condition.parse(text), NAMES)
    assert (found.ledger, found.clock) == (ledger, clock)


def test_a_status_value_is_no_dependency() -> None:
    assert reads(Condition.parse("wish == yes"), NAMES).names == {"wish"}


def test_the_bare_name_of_a_condition_is_known_only_when_it_is_nothing_else() -> None:
    assert Condition.parse("arrived").bare_fact == "arrived"
    assert Condition.parse("not arrived").bare_fact is None


def test_conditions_are_equal_by_their_text_however_it_is_broken_into_lines() -> None:
    assert Condition.parse("arrived\n   and called") == Condition.parse("arrived and called")


# --- what it refuses -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("arrived and", "no condition"),
        ("gun of Dana", "no condition"),
        ("well-met", "more than the condition language"),
        ("1 < trust < 5", "one comparison at a time"),
        ("trust in trust", "compare with"),
        ("arrive()", "no function “arrive”"),
        ("knows(officer)", "takes 2 names"),
        ("times(arrived, called)", "takes 1 name"),
        ("times('arrived') > 1", "takes plain names"),
        ("state.x", "only “law.”"),
        ("(lambda: arrived)()", "more than the condition language"),
        ("'text'", "more than the condition language"),
        ("trust > 1.5", "more than the condition language"),
        ("trust > -True", "more than the condition language"),
        ("trust + 1 > 2", "more than the condition language"),
        ("__import__('os')", "no function"),
        ("trust", "is a number"),
        ("wish", "is a status"),
        ("arived", "nothing is called “arived”"),
        ("times(arrived)", "is a number"),
        ("law.mandatory_arest", "no jurisdiction has a switch"),
        ("3", "neither yes nor no"),
        ("wish < yes", "equal or not"),
        ("wish == 3", "has the values"),
        ("wish == maybe", "is never “maybe”"),
        ("arrived > 3", "is no number"),
        ("trust > True", "yes or no is no number"),
        ("trust > arrived", "is no number"),
        ("minutes_since(arrived) != 3", "minutes_since"),
        ("knows(sergeant, gun_in_truck)", "no seat “sergeant”"),
        ("knows(officer, knife)", "no item “knife”"),
        ("times(trust) > 1", "no fact “trust”"),
        ("valid(to_nobody)", "no release form"),
    ],
)
def test_what_is_no_condition_is_refused_with_the_reason(text: str, words: str) -> None:
    assert words in str(complaint(text))


def test_a_misspelt_name_comes_with_the_names_that_could_be_meant() -> None:
    error = complaint("trust > 2 and arived")
    assert (error.name, error.column) == ("arived", 14)
    assert "arrived" in error.known


@pytest.mark.parametrize(
    "text", ["not " * 100 + "arrived", "(" * 300 + "arrived" + ")" * 300, "not " * 20_000 + "arrived"]
)
def test_a_condition_nested_beyond_reason_is_refused(text: str) -> None:
    assert isinstance(complaint(text), BadCondition)


_NAMES = st.sampled_from(
    ["arrived", "he_is_home", "trust > 3", "wish == yes", "knows(officer, gun_in_truck)", "law.x", "1"]
)
_TEXTS = st.recursive(
    _NAMES,
    lambda inner: st.one_of(
        inner.map("not {}".format), st.tuples(inner, st.sampled_from(["and", "or", "<"]), inner).map(" ".join)
    ),
    max_leaves=6,
)


@given(st.one_of(st.text(max_size=30), _TEXTS))
def test_any_text_is_a_condition_or_refused_as_one(text: str) -> None:
    try:
        condition = Condition.parse(text)
        check(condition, NAMES)
    except BadCondition:
        return
    assert compile_test(condition, NAMES, {})(record()) in (True, False)
