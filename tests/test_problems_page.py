"""The page of all problems is the problems' own pages, as they stand."""

from __future__ import annotations

from tests.tools.problems_page import PAGE, page


def test_the_page_of_problems_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.tools.problems_page"
