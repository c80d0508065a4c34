"""Sessions as JSON: one object each, with all that a level tells."""

from __future__ import annotations

import json

from hypothesis import given

from facilitator.export import as_json
from facilitator.export.command import told_of
from tests.exported import PD, crowd, played, summaries, summary


def employer(*made, lines: bool = False) -> str:
    tolds = told_of(played(*made), "employer", made[0].seats[0].agency if made else PD, b"")
    return "".join(as_json.texts(tolds, "employer", lines=lines))


def test_an_array_and_lines_hold_the_same_objects() -> None:
    made = crowd(3)
    assert json.loads(employer(*made)) == [json.loads(line) for line in employer(*made, lines=True).splitlines()]


def test_no_session_is_an_empty_array_and_no_line() -> None:
    assert json.loads("".join(as_json.texts([], "employer", lines=False))) == []
    assert "".join(as_json.texts([], "employer", lines=True)) == ""


def test_every_object_says_which_schema_and_level_it_is_of() -> None:
    (one,) = json.loads(employer(summary()))
    assert (one["schema"], one["for"]) == (2, "employer")


def test_a_session_holds_its_people_choices_duties_lines_and_guesses() -> None:
    (one,) = json.loads(employer(summary()))
    assert one["seats"][0]["practice"] == {"safety": {"gained": 3, "possible": 4, "decisions": 1}}
    assert one["decisions"][0]["points"] == {"safety": {"gained": 3, "possible": 4}}
    assert one["decisions"][0]["lost"] == {"lines": 1, "duties": 0, "practice": 1}
    assert [duty["status"] for duty in one["duties"]] == ["late"]
    assert one["other_seats"] == [{"seat": "advocate", "role": "community-advocate"}]


@given(summaries())
def test_every_choice_and_every_point_is_there(made) -> None:
    (one,) = json.loads(employer(made))
    agency = made.seats[0].agency
    own = {seat.seat for seat in made.seats if seat.agency == agency}
    assert [(d["scene"], d["action"]) for d in one["decisions"]] == [
        (d.scene, d.action) for d in made.decisions if d.seat in own
    ]
    for seat in one["seats"]:
        mine = [d["points"].values() for d in one["decisions"] if d["seat"] == seat["seat"]]
        for key in ("gained", "possible"):
            total = sum(each[key] for each in seat["practice"].values())
            assert total == sum(point[key] for points in mine for point in points)
