"""xAPI statements, as an independent validator and a careful reader see them."""

from __future__ import annotations

import json
import re
import uuid
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings

from facilitator.export import as_xapi
from facilitator.export.as_xapi import BadHomePage, home_page
from facilitator.export.command import told_of
from tests.exported import HOUSE, PD, crowd, played, summaries, summary

LEVELS = ("employer", "partner", "research")
KEYS = {"id", "version", "timestamp", "actor", "verb", "object", "result", "context"}
RESULT = {"score", "response", "completion", "duration", "extensions"}
CONTEXT = {"registration", "contextActivities", "extensions"}
DURATION = re.compile(r"PT\d+(\.\d{1,2})?S")


@pytest.fixture(scope="module")
def validator() -> Any:
    with warnings.catch_warnings():
        # Its dependencies' own, about themselves.
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        from ralph.models.xapi.base.statements import BaseXapiStatement
    return BaseXapiStatement


def exported(level: str, *made, agency: str | None = None, key: bytes = b"k" * 32, **options: Any) -> str:
    tolds = told_of(played(*made), level, made[0].seats[0].agency if agency is None else agency, key)  # type: ignore[arg-type]
    return "".join(as_xapi.texts(tolds, level, **{"lines": False, **options}))  # type: ignore[arg-type]


def statements(level: str, *made, **options: Any) -> list[dict[str, Any]]:
    found = json.loads(exported(level, *made, **options))
    assert isinstance(found, list)
    return found


def values(thing: Any) -> Iterator[Any]:
    yield thing
    if isinstance(thing, (dict, list)):
        for each in thing.values() if isinstance(thing, dict) else thing:
            yield from values(each)


def five(made):
    import dataclasses

    return [
        dataclasses.replace(
            made,
            session=f"{n}",
            seats=tuple(dataclasses.replace(s, person=f"{s.seat}{n}") for s in made.seats),
        )
        for n in range(5)
    ]


@pytest.mark.parametrize("level", LEVELS)
def test_every_kind_of_statement_passes_an_independent_validator(level, validator) -> None:
    found = statements(level, *crowd(5), agency=PD)
    kinds = {(s["verb"]["id"], "score" in s["result"]) for s in found}
    assert len(kinds) >= 2
    for statement in found:
        validator.model_validate(statement)
        validator.model_validate_json(json.dumps(statement))


@pytest.mark.parametrize("level", LEVELS)
@settings(max_examples=12)
@given(made=summaries())
def test_whatever_was_played_the_validator_finds_nothing(level, validator, made) -> None:
    for statement in statements(level, *five(made)):
        validator.model_validate(statement)


@pytest.mark.parametrize(
    "wrong",
    [
        {"verb": {"id": "no iri"}},
        {"actor": {"objectType": "Agent"}},
        {"result": {"score": {"scaled": 1.5}}},
        {"result": {"score": {"min": 0, "raw": 5, "max": 4}}},
        {"context": None},
        {"more": 1},
        {"id": "no uuid"},
    ],
)
def test_the_validator_would_say_so(wrong, validator) -> None:
    good = statements("employer", summary())[0]
    with pytest.raises(ValueError):
        validator.model_validate({**good, **wrong})


@pytest.mark.parametrize("level", LEVELS)
@settings(max_examples=12)
@given(made=summaries())
def test_no_statement_has_a_null_an_unknown_key_a_success_or_numbers_that_disagree(level, made) -> None:
    for statement in statements(level, *five(made)):
        assert set(statement) == KEYS and statement["version"] == "1.0.3"
        assert set(statement["result"]) <= RESULT and set(statement["context"]) == CONTEXT
        assert None not in list(values(statement)) and "success" not in json.dumps(statement)
        assert set(statement["actor"]) == {"objectType", "account"}
        assert set(statement["actor"]["account"]) == {"homePage", "name"} and statement["actor"]["account"]["name"]
        extensions = [v["extensions"] for v in values(statement) if isinstance(v, dict) and "extensions" in v]
        assert all(key.startswith(f"{as_xapi.TERMS}/") for each in extensions for key in each)
        if (score := statement["result"].get("score")) is not None:
            assert set(score) == {"min", "raw", "max", "scaled"}
            assert score["min"] == 0 <= score["raw"] <= score["max"] and score["max"] > 0
            assert score["scaled"] == score["raw"] / score["max"] and 0 <= score["scaled"] <= 1
        if level == "partner":
            assert "duration" not in statement["result"]
        else:
            assert DURATION.fullmatch(statement["result"]["duration"])


def test_the_score_of_a_play_is_the_points_gained_of_those_possible() -> None:
    found = {s["verb"]["id"].rpartition("/")[2]: s for s in statements("employer", summary())}
    assert found["completed"]["result"]["score"] == {"min": 0, "max": 4, "raw": 3, "scaled": 0.75}
    assert found["answered"]["result"]["score"]["raw"] == 3
    assert found["completed"]["result"]["completion"] is True
    assert found["completed"]["result"]["duration"] == "PT1234.5S"


def test_where_nothing_was_observed_there_is_no_score() -> None:
    found = statements("employer", summary(), agency=HOUSE)
    assert [s["verb"]["id"].rpartition("/")[2] for s in found] == ["answered", "completed"]
    assert not any("score" in s["result"] for s in found)


def test_results_by_clause_stand_in_an_extension_without_nulls() -> None:
    (done,) = [s for s in statements("employer", summary(), agency=HOUSE) if "completion" in s["result"]]
    assert done["result"]["extensions"][f"{as_xapi.TERMS}/duties"] == [
        {"duty": "call", "clause": "2.1", "party": "The House", "status": "met", "met": 4}
    ]
    assert [x["line"] for x in done["result"]["extensions"][f"{as_xapi.TERMS}/lines"]] == ["no-telling"]


@pytest.mark.parametrize("level", LEVELS)
def test_nothing_that_anybody_typed_is_in_a_statement(level) -> None:
    out = exported(level, *crowd(5, workshop="Hush Hush", police="Typed PD", house="Typed House"), agency="Typed PD")
    assert "Hush" not in out and "Typed" not in out


@pytest.mark.parametrize("level", LEVELS)
def test_a_second_export_with_the_same_codes_is_the_same_to_the_byte(level) -> None:
    assert exported(level, *crowd(6), agency=PD) == exported(level, *crowd(6), agency=PD)


def test_an_employers_statements_have_the_same_ids_in_every_export_though_more_was_played_since() -> None:
    first = {s["id"] for s in statements("employer", *crowd(2), key=b"1" * 32)}
    second = {s["id"] for s in statements("employer", *crowd(3), key=b"2" * 32)}
    assert first < second


def test_research_has_other_ids_and_actors_in_each_export() -> None:
    one, two = (statements("research", *crowd(5), key=key) for key in (b"1" * 32, b"2" * 32))
    for path in (lambda s: s["id"], lambda s: s["actor"]["account"]["name"], lambda s: s["context"]["registration"]):
        assert not {path(s) for s in one} & {path(s) for s in two}


@given(summaries())
def test_ids_are_one_each_and_one_registration_a_session(made) -> None:
    found = statements("partner", *five(made))
    idents = [s["id"] for s in found]
    assert len(set(idents)) == len(idents) and {uuid.UUID(each).version for each in idents} <= {5}
    assert len({s["context"]["registration"] for s in found}) == 5


def test_the_moment_is_the_beginning_of_what_is_told_and_an_extension_says_how_exact_it_is() -> None:
    def moment(level: str, *made) -> tuple[str, str]:
        one = statements(level, *made)[0]
        return one["timestamp"], one["context"]["extensions"][f"{as_xapi.TERMS}/date"]

    assert moment("employer", summary()) == ("2026-03-02T00:00:00Z", "2026-03-02")
    assert moment("research", *crowd(5)) == ("2026-03-01T00:00:00Z", "2026-03")
    apart = [*crowd(3), *crowd(3, first=9, day="2026-08-01")]
    assert moment("research", *apart) == ("2026-01-01T00:00:00Z", "2026")


def test_lines_hold_the_same_statements_as_an_array() -> None:
    lines = exported("employer", *crowd(2), lines=True).splitlines()
    assert [json.loads(line) for line in lines] == statements("employer", *crowd(2))
    assert json.loads("".join(as_xapi.texts([], "employer", lines=False))) == []


def test_accounts_live_where_one_says() -> None:
    found = statements("employer", summary(), home=home_page("https://training.example.org/"))
    assert {s["actor"]["account"]["homePage"] for s in found} == {"https://training.example.org"}
    assert all(s["object"]["id"].startswith("https://training.example.org/scenarios/kitchen-table") for s in found)


@pytest.mark.parametrize("bad", ["example.org", "https://", "https://a b", 'https://"', ""])
def test_what_is_no_web_address_is_refused(bad) -> None:
    with pytest.raises(BadHomePage):
        home_page(bad)
