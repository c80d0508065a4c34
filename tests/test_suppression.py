"""Small groups: nobody can work out from a table, its total or a narrower view how a handful of people did."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from scoring.cohort import SUPPRESSED, Figure
from scoring.figures import share_figure
from scoring.statistics import sums_of
from scoring.suppression import WITH_IT, Row, Table, left_out, suppress, too_small
from tests.sizes import examples


def figure(n: int, hits: int) -> Figure:
    return share_figure(sums_of([(n, hits)]))


def row(agency: str, people: int, *, hits: int | None = None, outside: int | None = None) -> Row:
    n = 10 * people
    return Row(agency=agency, people=people, figure=figure(n, n // 2 if hits is None else hits), outside=outside)


def total(rows: Sequence[Row]) -> Figure:
    n = sum(10 * each.people for each in rows)
    return figure(n, n // 2)


def table(*rows: Row, also: Sequence[str] = (), known: Sequence[str] = ()) -> Table:
    return suppress(rows, total(rows), also=also, known=known)


def reasons(found: Table) -> dict[str, str]:
    return {agency: each.suppressed for agency, each in found.agencies if each.suppressed}


def test_a_table_of_large_groups_is_shown_whole() -> None:
    rows = [row("county", 5), row("city", 9)]
    found = suppress(rows, total(rows))
    assert found == Table(agencies=tuple((each.agency, each.figure) for each in rows), total=total(rows))


def test_one_small_group_takes_the_smallest_other_with_it() -> None:
    found = table(row("county", 20), row("shelter", 4), row("hospital", 6), row("city", 9))
    assert reasons(found) == {"shelter": SUPPRESSED, "hospital": WITH_IT}
    assert not found.total.suppressed
    assert [agency for agency, _ in found.agencies] == ["county", "shelter", "hospital", "city"]


def test_two_small_groups_hide_each_other_if_they_are_five_people_together() -> None:
    found = table(row("shelter", 2), row("hospital", 3), row("city", 9))
    assert reasons(found) == {"shelter": SUPPRESSED, "hospital": SUPPRESSED}
    assert not found.total.suppressed


def test_two_groups_of_four_people_together_take_a_third_with_them() -> None:
    found = table(row("shelter", 2), row("hospital", 2), row("county", 12), row("city", 9))
    assert reasons(found) == {"shelter": SUPPRESSED, "hospital": SUPPRESSED, "city": WITH_IT}


@pytest.mark.parametrize("people", [[4], [1, 3]])
def test_the_total_is_left_out_where_no_other_agency_is_left(people: list[int]) -> None:
    found = table(*(row(f"agency {i}", count) for i, count in enumerate(people)))
    assert len(reasons(found)) == len(people)
    assert found.total.suppressed == WITH_IT


def test_an_agency_of_nobody_protects_nobody() -> None:
    found = table(row("none", 0), row("shelter", 4), row("hospital", 6), row("city", 9))
    assert reasons(found) == {"none": SUPPRESSED, "shelter": SUPPRESSED, "hospital": WITH_IT}


def test_an_agency_of_nobody_alone_costs_no_other() -> None:
    assert reasons(table(row("none", 0), row("city", 9))) == {"none": SUPPRESSED}


@pytest.mark.parametrize("all_of_them", [False, True])
def test_a_rest_that_is_nothing_or_everything_tells_of_each_and_takes_more(all_of_them: bool) -> None:
    def of(people: int) -> int:
        return 10 * people * all_of_them

    rows = [row("shelter", 4, hits=of(4)), row("hospital", 6, hits=of(6)), row("county", 7), row("city", 9)]
    hits = of(10) + 35 + 45
    found = suppress(rows, figure(260, hits))
    assert reasons(found) == {"shelter": SUPPRESSED, "hospital": WITH_IT, "county": WITH_IT}
    assert not found.total.suppressed


def test_points_are_counted_of_points() -> None:
    def points(decisions: int, gained: int) -> Figure:
        return share_figure(sums_of([(4 * decisions, gained)]), trials=decisions)

    rows = [
        Row(agency="shelter", people=4, figure=points(20, 80)),
        Row(agency="hospital", people=5, figure=points(20, 80)),
        Row(agency="city", people=9, figure=points(40, 100)),
    ]
    found = suppress(rows, points(80, 260))
    assert len(reasons(found)) == 3
    assert not found.total.suppressed


def test_an_agency_the_reader_knows_protects_nobody() -> None:
    rows = [row("shelter", 4), row("own", 6), row("city", 9)]
    assert reasons(table(*rows)) == {"shelter": SUPPRESSED, "own": WITH_IT}
    assert reasons(table(*rows, known=["own"])) == {"shelter": SUPPRESSED, "city": WITH_IT}


def test_filtering_by_an_agency_does_not_bring_back_what_the_whole_table_kept() -> None:
    wide = table(row("shelter", 4), row("hospital", 6), row("city", 9))
    assert left_out(wide) == {"shelter", "hospital"}
    narrow = table(row("hospital", 6), also=sorted(left_out(wide)))
    assert reasons(narrow) == {"hospital": WITH_IT}
    assert narrow.total.suppressed == WITH_IT


def test_a_few_more_people_in_the_wider_view_keep_the_agency_out_of_the_narrower() -> None:
    found = table(row("shelter", 8, outside=3), row("hospital", 6, outside=2), row("city", 9, outside=0))
    assert reasons(found) == {"shelter": WITH_IT, "hospital": WITH_IT}
    assert not found.total.suppressed


def test_a_few_more_people_of_one_agency_only_are_in_no_pair_of_totals() -> None:
    found = table(row("shelter", 8, outside=3), row("hospital", 6, outside=0))
    assert found.total.suppressed == WITH_IT


def test_an_agency_that_stands_in_the_wider_view_all_the_same_protects_nobody() -> None:
    found = table(row("shelter", 1, outside=5), row("hospital", 5, outside=0), row("city", 9, outside=7))
    assert reasons(found) == {"shelter": SUPPRESSED, "hospital": WITH_IT, "city": WITH_IT}
    assert not found.total.suppressed


def test_an_agency_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        table(row("city", 9), row("city", 9))


@pytest.mark.parametrize(("people", "small"), [(0, True), (4, True), (5, False)])
def test_a_cohort_of_fewer_than_five_people_is_too_small(people: int, small: bool) -> None:
    assert too_small(people) is small


groups = st.lists(
    st.integers(0, 9).flatmap(
        lambda people: st.tuples(st.just(people), st.integers(people, 12 * people)).flatmap(
            lambda group: st.tuples(
                st.just(group[0]), st.just(group[1]), st.sampled_from([0, group[1]]) | st.integers(0, group[1])
            )
        )
    ),
    min_size=1,
    max_size=6,
)


@given(groups)
def test_no_small_groups_hits_can_be_solved_for(groups: list[tuple[int, int, int]]) -> None:
    """Even by a reader who knows of each agency how many decisions it had, and that hits are between none and all."""
    rows = [Row(agency=str(i), people=p, figure=figure(n, h)) for i, (p, n, h) in enumerate(groups)]
    whole = figure(sum(n for _, n, _ in groups), sum(h for _, _, h in groups))
    found = suppress(rows, whole)
    equations, sides = [], []
    for i, (_, each) in enumerate(found.agencies):
        if each.hits is not None:
            equations.append([float(i == j) for j in range(len(rows))])
            sides.append(each.hits)
    if found.total.hits is not None:
        equations.append([1.0] * len(rows))
        sides.append(found.total.hits)
    for i, (people, _, _) in enumerate(groups):
        if not 0 < people < 5:
            continue
        assert found.agencies[i][1].suppressed
        ends = [
            linprog(
                [side * (i == j) for j in range(len(rows))],
                A_eq=equations or None,
                b_eq=sides or None,
                bounds=[(0, n) for _, n, _ in groups],
            ).fun
            for side in (1, -1)
        ]
        assert -ends[1] - ends[0] > 0.5, "only one value fits"


@given(groups)
def test_groups_that_are_shown_are_shown_as_they_are(groups: list[tuple[int, int, int]]) -> None:
    rows = [Row(agency=str(i), people=p, figure=figure(n, h)) for i, (p, n, h) in enumerate(groups)]
    found = suppress(rows, figure(sum(n for _, n, _ in groups), sum(h for _, _, h in groups)))
    assert all(each == row.figure or each.suppressed for row, (_, each) in zip(rows, found.agencies, strict=True))


@settings(max_examples=examples(100))
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=6))
@example([(1, 5), (5, 0)])  # the second stands in the wider view
@example([(1, 0), (1, 5), (4, 0)])  # the wider view tells what the first and the last are together
def test_no_small_groups_value_can_be_solved_for_from_a_view_and_a_narrower_one(parts: list[tuple[int, int]]) -> None:
    """Each agency has people inside the narrower view and outside it: two unknowns, and all that both tables show."""
    wide_rows = [row(str(i), inside + outside) for i, (inside, outside) in enumerate(parts)]
    wide = suppress(wide_rows, total(wide_rows))
    narrow_rows = [row(str(i), inside, outside=outside) for i, (inside, outside) in enumerate(parts)]
    narrow = suppress(narrow_rows, total(narrow_rows), also=left_out(wide))
    size = len(parts)
    inside, outside = np.eye(2 * size)[:size], np.eye(2 * size)[size:]
    known = [inside[i] for i, (_, each) in enumerate(narrow.agencies) if not each.suppressed]
    known += [inside[i] + outside[i] for i, (_, each) in enumerate(wide.agencies) if not each.suppressed]
    known += [inside.sum(axis=0)] * (not narrow.total.suppressed)
    known += [(inside + outside).sum(axis=0)] * (not wide.total.suppressed)
    known += [inside[i] for i, (within, _) in enumerate(parts) if not within]  # nobody there: nothing to find out
    known += [outside[i] for i, (_, without) in enumerate(parts) if not without]
    asked = [inside[i] for i, (within, _) in enumerate(parts) if 0 < within < 5]
    asked += [outside[i] for i, (_, without) in enumerate(parts) if 0 < without < 5]
    asked += [inside[i] + outside[i] for i, both in enumerate(parts) if 0 < sum(both) < 5]
    rank = np.linalg.matrix_rank(np.array(known)) if known else 0
    for wanted in asked:
        assert np.linalg.matrix_rank(np.array([*known, wanted])) == rank + 1
