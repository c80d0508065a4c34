"""The pages of the cohort view: what they say, in which order, and what never stands together."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from facilitator import cohort_pages
from facilitator.cli import main
from facilitator.cohort_pages import NAMES, Block, Hidden, PartName, Sheet, sheets
from facilitator.lenses import loss
from scoring.cohort import SUPPRESSED, Agreement
from simulator.debrief import CAUTION
from tests.app_helpers import kept
from tests.cohorts import FIGURES, HIDDEN, figures_of, share


def shown(part: PartName) -> tuple[Sheet, ...]:
    return sheets(part, figures_of(None, part, FIGURES.cohort))


def words(sheet: Sheet) -> str:
    """All that a sheet says, to eyes and ears."""
    parts = [sheet.of, sheet.lead]
    for block in sheet.blocks:
        parts += [block.heading, *block.lines, *(f"{row.label}: {row.words}" for row in block.rows), *block.table]
    return "\n".join(parts)


@pytest.mark.parametrize("part", ["practice", "turning", "change", "dilemmas"])
def test_a_seat_never_stands_beside_another_one(part: PartName) -> None:
    figures = getattr(FIGURES, part)
    names = [sheet.of for sheet in shown(part)]
    assert len(names) == len({figure.seat for figure in figures}) == 2
    for sheet in shown(part):
        assert not any(name in words(sheet) for name in names if name != sheet.of)


def test_distress_is_told_seat_by_seat_with_its_interval_or_that_there_is_too_little() -> None:
    pair, officer, advocate = shown("coordination")
    assert (officer.of, advocate.of) == ("Patrol officer", "Community advocate")
    assert "guess less account: mean −1.5 points (−2.1 to −0.9), n = 120" in words(officer)
    assert "guess less account: too few for a mean (n = 20)" in words(advocate)
    assert "the same: 67 % (50–80 %), n = 90" in words(pair) and "the agreement's: 12 of 25" in words(pair)


def test_agencies_stand_in_the_order_of_the_alphabet_and_not_of_how_they_did() -> None:
    better = [
        ("Zeta PD", share(90, 100, 0.8, 0.95)),
        ("alma PD", share(20, 100, 0.1, 0.3)),
        ("Beta PD", share(50, 100, 0.4, 0.6)),
    ]
    figure = replace(FIGURES.practice[0], agencies=tuple(better))
    _, block = sheets("practice", (figure,))[0].blocks
    assert [row.label for row in block.rows] == ["alma PD", "Beta PD", "Zeta PD"]


def test_a_suppressed_group_says_why_and_is_not_drawn() -> None:
    rows = {row.label: row for row in shown("practice")[0].blocks[1].rows}
    assert rows["Millbrook Sheriff"].words == SUPPRESSED and rows["Millbrook Sheriff"].value is None


@pytest.mark.parametrize("part", [name for name in NAMES if name != "method"])
def test_every_drawn_figure_says_its_n(part: PartName) -> None:
    rows = [row for sheet in shown(part) for block in sheet.blocks for row in block.rows if row.value is not None]
    assert all("n = " in row.words for row in rows)


def test_the_figures_of_a_duty_stand_under_its_party_and_clause() -> None:
    (sheet,) = shown("duties")
    assert [block.heading for block in sheet.blocks] == ["Harbor House", "Riverside PD"]
    text = words(sheet)
    assert "4.2  Officers part the two" in text and "Not kept in time: 12 late, 28 missed." in text
    assert "Not counted: 3 excused, 1 not yet due at the end." in text
    assert "median 34 minutes (31–40), n = 120. The middle half took 20 to 55 minutes." in text
    assert "kept: 8 of 14" in text


def test_a_long_time_to_keep_a_duty_is_told_in_hours() -> None:
    duty = replace(FIGURES.duties[0], quartiles=(3384.0, 3408.0))
    assert "The middle half took 56.4 to 56.8 hours." in words(sheets("duties", (duty,))[0])


def test_two_scenes_of_one_name_are_told_apart() -> None:
    one, two = FIGURES.turning[0], replace(FIGURES.turning[0], scene="door-again")
    headings = [block.heading for block in sheets("turning", (one, two))[0].blocks]
    assert headings == ["At the door (door)", "At the door (door-again)"]


def test_replays_and_parallel_plays_are_told_apart() -> None:
    text = words(shown("change")[0])
    assert (
        "The same scenario again: 71 % (66–77 %), n = 420" in text
        and "Another scenario: 62 % (56–68 %), n = 320" in text
    )
    assert "+5 percentage points (−1 to +11)" in text and "effect size d = 0.31" in text


def test_an_objective_with_few_ratings_says_so_and_has_no_bar() -> None:
    talk, call, _ = shown("objectives")[0].blocks
    assert talk.letters and "P 120 · S 60 · M 20 · U 4 · not observed 2, n = 204" in talk.lines
    assert not call.letters and call.lines == ("not enough to say (n = 4)",)


def test_the_matrix_is_there_for_eyes_and_in_sentences_for_ears() -> None:
    block = next(block for block in shown("agreement")[0].blocks if block.table)
    assert "Facilitator P: the rule P 40, the rule S 6, the rule M 1, the rule U 0." in block.lines
    assert block.table[2].split() == ["P", "40", "6", "1", "·"]


def test_without_ratings_the_agreement_says_that_there_is_not_enough() -> None:
    none = Agreement(
        matrix=(), n=0, kappa=None, low=None, high=None, clusters=0, seen=0, words="not enough to say (n = 0)"
    )
    assert "not enough to say (n = 0)" in words(sheets("agreement", none)[0])


def test_a_cohort_that_may_not_be_shown_says_why_on_every_page() -> None:
    for part in NAMES:
        assert "Fewer than 5" in words(sheets(part, Hidden("Fewer than 5 people."))[0])


def test_sessions_outside_the_figures_are_told_with_the_reason() -> None:
    assert "12: not played to an ending" in words(shown("overview")[0])


@pytest.mark.parametrize(
    "empty", [(part, ()) for part in ("lines", "duties", "practice", "turning", "change", "objectives")]
)
def test_a_page_without_figures_says_so(empty: tuple[PartName, tuple[()]]) -> None:
    (sheet,) = sheets(*empty)
    assert sheet.blocks[0].lines and not sheet.blocks[0].rows


# --- on the map -------------------------------------------------------------------------------------------------------


def test_the_loss_lens_marks_the_share_of_losing_choices(tmp_path: Path) -> None:
    from facilitator.chart import chart_of
    from simulator.library import Library
    from tests.app_helpers import scenario

    chart = chart_of(Library().bundle(scenario(tmp_path)))
    own = tuple(figure for figure in FIGURES.turning if figure.seat == "officer")
    gone = replace(own[0], scene="burnt")
    lens = loss(chart, (*own, gone, replace(own[0], scene="both", losing=HIDDEN)), "Officer Reyes")
    assert lens.marks["door"].letters == "44%" and "44 % (35–52 %), n = 206" in lens.marks["door"].words
    assert lens.marks["hard"].letters == "?" and "not enough to say" in lens.marks["hard"].words
    assert lens.marks["both"].letters == "?" and lens.marks["phone"].letters == "–"
    assert "Officer Reyes" in lens.legend and "1 scene of the figures is not in this file any more" in lens.legend


# --- in plain lines ---------------------------------------------------------------------------------------------------


def printed(capsys: pytest.CaptureFixture[str], folder: Path, *args: str) -> tuple[int, str, str]:
    code = main(["review", "--cohort", "--store", str(folder / "store.sqlite3"), *args])
    out, err = capsys.readouterr()
    return code, out, err


def test_plain_lines_say_what_the_screen_says_page_by_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(tmp_path, finished=True)
    monkeypatch.setattr(cohort_pages, "read", figures_of)
    code, out, _ = printed(capsys, tmp_path, "--plain")
    assert code == 0 and out.rstrip().endswith(CAUTION)
    said = [line.strip() for line in out.splitlines()]
    for part in NAMES:
        for sheet in shown(part):
            for block in sheet.blocks:
                assert {*block.lines, *(f"{row.label}: {row.words}" for row in block.rows)} <= {*said}, part
    assert not set("├┤●└┘") & set(out)


def test_json_holds_every_page_with_the_figures_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(tmp_path, finished=True)
    monkeypatch.setattr(cohort_pages, "read", figures_of)
    found = json.loads(printed(capsys, tmp_path, "--json")[1])
    assert found["overview"]["crossed"]["words"] == "19 % (14–26 %), n = 206"
    assert found["turning"]["evening"][0]["scene"] == "door" and found["caution"] == CAUTION
    assert set(found) == {*NAMES, "cohort", "caution"}


def test_a_real_store_gives_every_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept(tmp_path, finished=True)
    code, out, _ = printed(capsys, tmp_path, "--plain", "--scenario", "evening")
    assert code == 0 and "1 session in 1 workshop" in out and "Cohort: scenario evening" in out
    assert out.count("not enough to say (n = 1)") >= 2


def test_words_narrow_the_list_alone_and_this_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept(tmp_path, finished=True)
    _, out, err = printed(capsys, tmp_path, "--plain", "nothing-like-this")
    assert "“nothing-like-this” narrow the list alone" in err and "1 session in 1 workshop" in out


def test_a_block_says_something() -> None:
    for part in NAMES:
        for sheet in shown(part):
            assert all(block != Block() and (block.lines or block.rows) for block in sheet.blocks), part
