"""What is offered at the cursor: what `handoff check` would accept there, and nothing in prose."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from facilitator.completion import Names, complete
from facilitator.spot import path_at, row_of, spot
from simulator.library import Library

KITCHEN = Path(__file__).parent.parent / "scenarios" / "library" / "kitchen-table.yaml"
CURSOR = "‸"


@cache
def names(kind: str = "scenario", folder: str = "library", name: str = "kitchen-table") -> Names:
    read, shelf = Library().read(KITCHEN.parent.parent / folder / f"{name}.yaml", kind)
    return Names(kind, read.draft, shelf)


def offered(text: str, known: Names | None = None) -> list[str]:
    """What would be inserted where the cursor sign stands."""
    lines = text.split("\n")
    row = next(row for row, line in enumerate(lines) if CURSOR in line)
    column = lines[row].index(CURSOR)
    lines[row] = lines[row].replace(CURSOR, "")
    offer = complete(lines, row, column, known or names())
    return [candidate.insert for candidate in offer.candidates] if offer is not None else []


def in_action(text: str) -> list[str]:
    return offered(f"scenes:\n  a:\n    actions:\n      x:\n        {text}")


ITEMS = ["gun_in_truck", "boy_hurt", "where_she_sleeps", "safe_number", "her_answers", "his_record"]
FORMS = ["gun_paper", "gun_word", "open_page", "number_paper"]
VALUES = ["open", "tells_herself", "on_paper", "nobody"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("to: kit‸", ["kitchen"]),
        ("to:\n          - {when: x, to: kit‸", ["kitchen"]),
        ("to:\n          - to: kit‸", ["kitchen"]),
        ("seat: ‸", ["officer", "advocate"]),
        ("records: officer_arr‸", ["officer_arrived"]),
        ("records: [separated_sight_and_sound, officer_arr‸", ["officer_arrived"]),
        ("records:\n        - officer_arr‸", ["officer_arrived"]),
        ("change: {tru‸", ["trust_in_reyes: "]),
        ("set: {gun_wish: ‸", VALUES),
        ("set:\n          gun_wish: ‸", VALUES),
        ("learn: {advocate: ‸", ITEMS),
        ("learn:\n          advocate: [gun_in_truck, his‸", ["his_record"]),
        ("tell: {to: officer, items: [‸", ITEMS),
        ("signs_release: ‸", FORMS),
        ("practice: {saf‸", ["safety: "]),
        ("practice: {safety: 1, tru‸", ["trustworthiness: "]),
        ("when: trust_in_‸", ["trust_in_reyes"]),
        ("when: not room_ch‸", ["room_checked"]),
        ("when: gun_wish == ‸", VALUES),
        ("when: law.rights‸", ["law.rights_card_at_first_contact"]),
        ("when: knows(officer, gun_in‸", ["gun_in_truck"]),
        ("bec‸", ["because: "]),
    ],
)
def test_an_action_is_offered_the_names_that_fit(text, expected):
    assert in_action(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("scenes:\n  a:\n    turn: ‸", ["officer", "advocate", "chance"]),
        ("scenes:\n  a:\n    present: [officer, ‸", ["officer", "advocate"]),
        ("scenes:\n  a:\n    call: ‸", ["risk-screen"]),
        ("scenes:\n  a: {turn: officer,\n    actions: {go: {text: Go,\n      to: kit‸", ["kitchen"]),
        ("seats:\n  o:\n    role: patrol‸", ["patrol-officer"]),
        ("items:\n  i:\n    about: ‸", ["survivor", "offender", "child", "case"]),
        ("items:\n  i:\n    kind: weap‸", ["weapon"]),
        ("releases:\n  r: {informed: ‸", ["true", "false"]),
        ("statuses:\n  gun_wish:\n    start: ‸", VALUES),
        ("mou: riv‸", ["riverside-dv"]),
        ("framework: ‸", ["trauma-informed"]),
        ("objectives:\n  o:\n    duties: [apart‸", ["apart-before-questions"]),
        ("protocols:\n  risk-screen:\n    scenes:\n      x:\n        turn: ask‸", ["asker"]),
        ("protocols:\n  risk-screen:\n    scenes:\n      x:\n        to: return.‸",
         ["return.high", "return.high-by-judgement", "return.not-high"]),
        ("openi‸", ["opening: "]),
    ],
)  # fmt: skip
def test_a_scenario_is_offered_the_names_that_fit(text, expected):
    assert offered(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "scenes:\n  a:\n    text: go to‸",
        "scenes:\n  a:\n    text: >-\n      Go to: kit‸",
        "scenes:\n  a:\n    text: Go\n      to: kit‸",
        'scenes:\n  a:\n    text: "to: kit‸',
        "scenes:\n  a:\n    # to: kit‸",
        "scenes:\n  a:\n    turn: officer # to: kit‸",
        "scenes:\n  a:\n    ‸",
        "nonsense:\n  to: kit‸",
        "scenes:\n  a:\n    actions: {x: {to: kitchen}} kit‸",
    ],
)
def test_nothing_is_offered_in_prose_in_remarks_and_where_nothing_is_known(text):
    assert offered(text) == []


def test_nothing_is_offered_when_the_name_is_complete():
    assert in_action("to: kitchen‸") == []


def test_a_key_that_is_there_already_is_not_offered_again():
    assert in_action("text: x\n        tex‸") == []


def test_the_beginning_of_a_name_comes_before_its_middle():
    assert in_action("practice: {s‸") == ["safety: ", "peer-support: "]


def test_an_agreement_is_offered_its_parties_and_shared_facts():
    mou = names("mou", "mous", "riverside-dv")
    party = next(iter(mou.draft.parties))
    assert party in offered("duties:\n  d:\n    party: ‸", mou)
    assert offered("duties:\n  d:\n    must: officer_arr‸", mou) == ["officer_arrived"]


def test_every_scene_of_the_library_file_is_found_by_its_line_and_its_line_by_it():
    lines = KITCHEN.read_text(encoding="utf-8").split("\n")
    for scene in names().draft.scenes:
        row = row_of(lines, ("scenes", scene))
        assert row is not None and path_at(lines, row) == ("scenes", scene)


def test_a_path_that_is_not_there_has_no_line():
    assert row_of(["scenes:", "  a:", "    turn: x"], ("scenes", "b")) is None


def test_a_line_deep_in_a_scene_belongs_to_it():
    lines = ["scenes:", "  a:", "    text: >-", "      Some words.", "", "    actions:", "      x: {text: X}"]
    assert path_at(lines, 3)[:2] == ("scenes", "a") and path_at(lines, 6) == ("scenes", "a", "actions", "x")


def test_what_is_offered_replaces_only_what_stands_before_the_cursor():
    lines = KITCHEN.read_text(encoding="utf-8").split("\n")
    for row in range(0, len(lines), 29):
        for column in range(0, len(lines[row]) + 1, 9):
            here = spot(lines, row, column)
            assert here is None or lines[row][here.start : column] == here.typed, (row, column)
            offer = complete(lines, row, column, names())
            assert offer is None or lines[row][offer.start : column] == offer.typed, (row, column)
