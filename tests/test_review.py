"""Sources and review (HS7xx), by the day that is given."""

from __future__ import annotations

from datetime import date

from facilitator.checks import Subject, examine, fails
from simulator.reading.shelf import Shelf
from tests.checked import BASES, FAIR, SHELF, TODAY, codes_of, examined, fair, shelf_of_tests


def test_a_review_date_is_judged_by_the_day_that_is_given() -> None:
    mou = (SHELF / "mous" / "plain.yaml").read_text(encoding="utf-8") + "review_by: 2026-03-01\nsign_offs: C. Cho\n"
    read = shelf_of_tests.check_text(mou, "mous/plain.yaml", "mou")
    assert read.sound

    def on(day: date) -> list[str]:
        return codes_of(examine(Subject(read, Shelf(), day), "publish"))

    assert on(date(2026, 3, 1)) == []
    assert on(date(2026, 3, 2)) == ["HS706"]


def test_an_agreement_wants_a_sign_off_too() -> None:
    mou = (SHELF / "mous" / "plain.yaml").read_text(encoding="utf-8")
    read = shelf_of_tests.check_text(mou, "mous/plain.yaml", "mou")
    assert codes_of(examine(Subject(read, Shelf(), TODAY), "publish")) == ["HS701"]
    read = shelf_of_tests.check_text(mou + "sign_offs: awaiting local sign-off\n", "mous/plain.yaml", "mou")
    assert codes_of(examine(Subject(read, Shelf(), TODAY), "publish")) == ["HS702"]


def test_the_lines_of_laws_and_of_the_vocabulary_want_a_citation() -> None:
    law = BASES["jurisdiction"].replace("citation: sample", "citation: TBD")
    assert codes_of(examined(law, "jurisdiction")) == ["HS705"] * 3  # a switch, a line, a compelled report
    words = (SHELF / "vocabulary.yaml").read_text(encoding="utf-8").replace("citation: life safety", 'citation: ""')
    read = shelf_of_tests.check_text(words, "vocabulary.yaml", "vocabulary")
    assert codes_of(examine(Subject(read, Shelf(), TODAY))) == ["HS705"] * 2  # each line


def test_a_rating_of_nothing_wants_no_reason() -> None:
    assert fair("        practice: {safety: -2}\n        appeal: 3\n        because: There are knives in it.\n",
                "        practice: {safety: 0}\n        appeal: 3\n") == []  # fmt: skip


def test_a_citation_is_good_for_a_year() -> None:
    text = BASES["jurisdiction"]
    assert examined(text, "jurisdiction", today=date(2027, 1, 2)) == ()
    assert set(codes_of(examined(text, "jurisdiction", today=date(2027, 1, 3)))) == {"HS706"}


def test_an_awaited_sign_off_passes_both_gates_with_a_notice() -> None:
    text = FAIR.replace("{name: B. Brandt, date: 2026-01-04}", "{name: awaiting local sign-off}")
    for gate in ("draft", "publish"):
        (problem,) = examined(text, gate=gate)
        assert (problem.code, problem.severity) == ("HS702", "notice")
        assert not fails(problem, gate)
