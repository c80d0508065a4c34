"""Which sessions stay out because a small group of people could be recognised in them."""

from __future__ import annotations

import dataclasses
from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from facilitator.export.groups import ENOUGH, Kind, Row, gather, telling
from tests.exported import HOUSE, PD, crowd, played

SETTING = ("kitchen-table", "riverton", "model-state")


def told(*summaries) -> dict[str, str | None]:
    """Session → the date it is told with, or None."""
    source = played(*summaries)
    found = telling(gather(source.seated()))
    return {s.session: found.date(s) for s, _ in source.sessions()}


def test_five_people_of_each_agency_are_told_with_their_month() -> None:
    assert set(told(*crowd(5)).values()) == {"2026-03"}


def test_four_people_are_not_told() -> None:
    assert set(told(*crowd(4)).values()) == {None}


def test_one_person_playing_five_times_is_still_one_person() -> None:
    (one,) = crowd(1)
    assert set(told(*(dataclasses.replace(one, session=str(n)) for n in range(5))).values()) == {None}


def test_a_month_of_few_is_told_by_its_year() -> None:
    spring = crowd(3, day="2026-03-02")
    autumn = crowd(3, first=10, day="2026-09-02")
    assert set(told(*spring, *autumn).values()) == {"2026"}


def test_a_year_told_by_its_months_does_not_make_up_the_number_of_the_rest() -> None:
    many, few = crowd(9, day="2026-03-02"), crowd(5, first=10, day="2026-09-02", house="Small House")
    lone = crowd(1, first=30, day="2026-10-02")
    dated = told(*many, *few, *lone)
    assert dated[lone[0].session] is None


def test_a_small_agency_takes_its_partners_session_out_too() -> None:
    many, few = crowd(20), crowd(3, first=30, house="Tiny")
    dated = told(*many, *few)
    assert {dated[s.session] for s in few} == {None} and {dated[s.session] for s in many} == {"2026-03"}


def test_what_is_left_out_is_no_small_group_that_subtraction_would_give() -> None:
    # Two people would be left out alone, and whoever knows the totals has them: two pairs that can be spared go with them.
    big, small = crowd(20), crowd(1, first=60, house="Tiny", police="Tiny PD")
    dated = told(*big, *small)
    assert dated[small[0].session] is None
    assert sum(dated[s.session] is None for s in big) == 2


def test_a_kind_that_can_spare_nobody_stays_out_whole() -> None:
    big, middle = crowd(5), crowd(5, first=30, house="Elm House")
    small = crowd(1, first=60, house="Tiny", police="Tiny PD")
    dated = told(*big, *middle, *small)
    assert {dated[s.session] for s in small} == {None}
    assert sorted(str(dated[s.session]) for s in (*big, *middle)) == ["2026-03"] * 5 + ["None"] * 5


def test_another_scenario_is_another_group() -> None:
    dated = told(*crowd(4), *crowd(4, first=10, scenario="other"))
    assert set(dated.values()) == {None}


kinds = st.builds(
    lambda month, police, house, alone: Kind(
        SETTING,
        f"2026-{month:02}",
        (("officer", police),) if alone else (("advocate", house), ("officer", police)),
    ),
    st.integers(1, 3),
    st.sampled_from([PD, "Elm PD"]),
    st.sampled_from([HOUSE, "Elm House", ""]),
    st.booleans(),
)
rows = st.lists(st.tuples(kinds, st.integers(0, 14), st.integers(0, 14)), max_size=120).map(
    lambda made: [
        Row(kind, str(number), place, f"{place[1]}{n if place[0] == 'officer' else m}")
        for number, (kind, n, m) in enumerate(made)
        for place in kind.places
    ]
)


@given(rows)
def test_every_group_that_is_told_has_five_people_and_the_rest_has_five_or_none(made) -> None:
    found = telling(gather(made))
    groups, out = defaultdict(set), set()
    for kind, session, place, person in made:
        if kind in found.dates and session not in found.out:
            groups[place, found.dates[kind]].add(person)
        else:
            out.add(person)
    assert all(len(people) >= 5 for people in groups.values())
    assert not groups or len(out) == 0 or len(out) >= 5


def test_no_more_people_and_sessions_are_remembered_than_are_needed() -> None:
    ((_, known),) = gather(played(*crowd(50)).seated()).items()
    assert {place: len(people) for place, people in known.people.items()} == {
        ("officer", PD): ENOUGH,
        ("advocate", HOUSE): ENOUGH,
    }
    assert len(known.sessions) == ENOUGH
