"""Who may tell whom: the page is what the ledger says, and every cell of it is what happens in play."""

from __future__ import annotations

import pytest

from simulator.compiled.graph import explored
from tests.situations import shipped
from tests.situations.table import STANDINGS, Cell, cells, played, prepared, roles, word
from tests.stepwise import walk
from tests.tools.telling_page import PAGE, page

BOUND = ("community-advocate", "co-located-advocate", "forensic-nurse")


def shown() -> dict[Cell, str]:
    """The cells as they stand on the page."""
    found: dict[Cell, str] = {}
    sections = PAGE.read_text(encoding="utf-8").split("\n### ")[1:]
    for name, section in zip(STANDINGS, sections, strict=True):
        rows = [line for line in section.splitlines() if line.startswith("| ")][1:]
        for teller, row in zip(roles(), rows, strict=True):
            for told, mark in zip(roles(), row.strip("| ").split(" | ")[1:], strict=True):
                found[Cell(name, teller, told)] = mark
    return found


SHOWN = shown()


def test_the_page_of_who_may_tell_whom_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.tools.telling_page"


@pytest.mark.parametrize("teller", roles())
@pytest.mark.parametrize("name", STANDINGS)
def test_a_cell_is_a_line_where_telling_crosses_one_in_play(name: str, teller: str) -> None:
    """A row of the page; what is listed are the cells that are wrong."""
    row = [cell for cell in cells() if (cell.standing, cell.teller) == (name, teller)]
    assert row
    assert [cell for cell in row if SHOWN[cell] != word(cell)] == []
    crossed = {cell for cell, (before, after) in played(name).items() if len(after.tellings) > len(before.tellings)}
    assert [cell for cell in row if (cell in crossed) != (SHOWN[cell] == "line")] == []


@pytest.mark.parametrize("name", STANDINGS)
def test_the_explored_game_judges_every_cell_as_the_engine_does(name: str) -> None:
    game, scenes = prepared(name)
    for at in walk(explored(game, limit=len(scenes) + 10), 0, limit=len(scenes) + 10):
        at.check()


@pytest.mark.parametrize(
    "name",
    ["nothing-signed", "taken-back", "spoken-yes", "uninformed", "help-hung-on-it", "without-end", "abuser-signed",
     "minor-signed-harbor", "subpoena", "child-harm-harbor", "meeting", "database", "client"],
)  # fmt: skip
@pytest.mark.parametrize("teller", BOUND)
def test_nothing_short_of_a_right_lets_a_confidential_helper_tell(name: str, teller: str) -> None:
    assert {SHOWN[Cell(name, teller, told)] for told in roles()} == {"line"}


@pytest.mark.parametrize("name", ["release", "minor-signed", "totals", "back", "from-police", "in-sight"])
@pytest.mark.parametrize("teller", BOUND)
def test_with_a_right_it_is_lawful_whoever_is_told(name: str, teller: str) -> None:
    assert {SHOWN[Cell(name, teller, told)] for told in roles()} == {"lawful"}


def test_whoever_a_victim_services_grant_pays_is_bound_like_a_community_advocate() -> None:
    assert {SHOWN[Cell("grant", teller, told)] for teller in roles() for told in roles()} == {"line"}


def test_within_one_agency_such_a_seat_tells_those_alone_who_are_bound_as_it_is() -> None:
    confidential = {name for name, role in shipped("vocabulary", "vocabulary.yaml").roles.items() if role.confidence == "confidential"}  # fmt: skip
    for told in roles():
        # In this table a grant pays the teller only.
        wanted = "lawful" if told in confidential else "line"
        assert SHOWN[Cell("colleague-grant", "police-based-specialist", told)] == wanted


def test_a_court_is_obeyed_to_the_letter_by_everyone_who_is_bound() -> None:
    assert {SHOWN[Cell("order", teller, told)] for teller in BOUND for told in roles()} == {"duty"}


def test_a_statute_names_who_tells_and_who_is_told() -> None:
    met = {(teller, told) for teller in BOUND for told in roles() if SHOWN[Cell("child-harm", teller, told)] == "duty"}
    assert met == {
        (teller, told) for teller in BOUND for told in ("child-protection-worker", "patrol-officer", "detective")
    }


def test_a_criminal_history_record_stays_with_police_and_prosecution() -> None:
    told_it = {told for told in roles() if SHOWN[Cell("record", "patrol-officer", told)] != "line"}
    services = {shipped("vocabulary", "vocabulary.yaml").roles[told].service for told in told_it}
    assert services == {"police", "justice"}
