"""Intervals in characters: where they lie, that they fit, and what is left out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from facilitator.plots import ASCII, BOX, SHARE, Row, Scale, apart, axis, draw, intervals, letters, signs

ROW = Row("Riverside PD", "64 % (58–70 %), n = 412", 0.64, 0.58, 0.70)
SHARES = st.floats(0, 1)


def test_an_interval_is_drawn_from_end_to_end_with_its_value_between() -> None:
    assert draw(Row("", "", 0.5, 0.25, 0.75), SHARE, 21) == "·    ├────●────┤    ·"


def test_a_value_without_an_interval_is_a_point_alone() -> None:
    assert draw(Row("", "", 0.5), SHARE, 21) == "·    ·    ●    ·    ·"


def test_what_may_not_be_shown_is_not_drawn() -> None:
    assert intervals([Row("Safe Steps", "fewer than 5 people")], SHARE, 60) == ["Safe Steps  fewer than 5 people"]


def test_a_value_at_an_end_of_its_interval_covers_the_end() -> None:
    assert draw(Row("", "", 1.0, 0.9, 1.0), SHARE, 21).endswith("├─●")


def test_an_interval_too_narrow_to_be_seen_is_a_point() -> None:
    assert draw(Row("", "", 0.5, 0.49, 0.53), SHARE, 21) == "·    ·    ●    ·    ·"


def test_a_terminal_without_box_characters_gets_plain_ones() -> None:
    lines = intervals([ROW], SHARE, 60, ASCII)
    assert "|--o---|" in lines[1] or "|---o--|" in lines[1]
    assert all(line.replace("–", "-").isascii() for line in lines)


@pytest.mark.parametrize(
    ("environ", "drawn"),
    [
        ({"LANG": "de_DE.ISO-8859-1"}, ASCII),
        ({"LANG": "en_US.UTF-8"}, BOX),
        ({"LANG": "en_US.utf8@euro"}, BOX),
        ({"LC_ALL": "en_US.UTF-8", "LANG": "de_DE.ISO-8859-1"}, BOX),
        ({"LANG": "C"}, BOX),  # Python takes it for UTF-8, and so does every terminal it meets there
        ({}, BOX),
    ],
    ids=str,
)
def test_the_locale_says_whether_a_terminal_has_box_characters(environ: dict[str, str], drawn: object) -> None:
    assert signs(environ) is drawn


def test_in_a_wide_window_label_drawing_and_words_share_a_line() -> None:
    first, *rest = intervals([ROW], SHARE, 110)
    assert first.startswith("Riverside PD  ·") and first.endswith("64 % (58–70 %), n = 412") and "●" in first
    assert len(rest) == 2


def test_in_a_narrow_window_the_drawing_stands_under_its_words() -> None:
    lines = intervals([ROW], SHARE, 60)
    assert lines[0] == "Riverside PD  64 % (58–70 %), n = 412" and "●" in lines[1] and len(lines) == 4


def test_a_scale_below_is_left_out_where_a_later_one_serves() -> None:
    assert len(intervals([ROW], SHARE, 60, below=False)) == 2


@given(
    st.lists(
        st.tuples(st.text("ab Ü", max_size=40), SHARES, SHARES, SHARES).map(
            lambda each: Row(each[0], "64 % (58–70 %), n = 412", *(sorted(each[1:])[at] for at in (1, 0, 2)))
        ),
        max_size=4,
    ),
    st.integers(30, 140),
)
def test_no_line_is_wider_than_the_window(rows: list[Row], width: int) -> None:
    assert all(cell_len(line) <= width for line in intervals(rows, SHARE, width))


@given(SHARES, SHARES, SHARES, st.integers(10, 80))
def test_a_drawing_has_one_value_no_lower_than_its_low_end_and_no_higher_than_its_high_end(
    a: float, b: float, c: float, width: int
) -> None:
    low, value, high = sorted((a, b, c))
    drawn = draw(Row("", "", value, low, high), SHARE, width)
    assert len(drawn) == width and drawn.count("●") == 1
    assert drawn.find("├") <= drawn.index("●") and (drawn.find("┤") == -1 or drawn.index("┤") >= drawn.index("●"))


def test_a_scale_for_differences_has_nought_in_its_middle_and_holds_every_end() -> None:
    scale = apart([Row("", "", -0.23, -0.31, -0.12), Row("", "", 0.05, -0.01, 0.11)])
    assert (scale.low, scale.high) == (-0.4, 0.4)
    assert [said for _, said in scale.ticks] == ["−40", "−20", "0", "+20", "+40"]


def test_a_scale_for_no_difference_still_has_two_ends() -> None:
    assert apart([Row("", "", 0.0, 0.0, 0.0)]).low < 0 < apart([]).high


def test_the_ends_of_a_scale_are_written_at_its_ends() -> None:
    rule, said = axis(SHARE, 61)
    assert (rule[0], rule[15], rule[30], rule[45], rule[60]) == tuple("└┴┴┴┘")
    assert said.startswith("0 %") and said.endswith("100 %") and len(said) == 61


def test_a_narrow_scale_leaves_out_what_does_not_fit() -> None:
    _, said = axis(Scale(0, 1, SHARE.ticks), 12)
    assert len(said) <= 12 and said.startswith("0 %")


@given(st.lists(st.integers(0, 500), min_size=4, max_size=4), st.integers(8, 80))
def test_a_bar_of_letters_fills_its_width_and_leaves_nobody_out(counts: list[int], width: int) -> None:
    bar = letters(tuple(zip("PSMU", counts, strict=True)), width)
    assert len(bar) == (width if any(counts) else 0)
    assert {letter for letter, number in zip("PSMU", counts, strict=True) if number} == set(bar)
