"""The JSON schemas say what the reader does, and stand in the repository as generated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from simulator.reading import KINDS, read_text
from simulator.schema import as_text, schema, write

HERE = Path(__file__).parent
ROOT = HERE.parent
SHELF = HERE / "fixtures" / "shelf"
GOOD = {
    "scenario": "library/porch.yaml",
    "mou": "mous/plain.yaml",
    "jurisdiction": "jurisdictions/here.yaml",
    "framework": "frameworks/simple.yaml",
    "vocabulary": "vocabulary.yaml",
    "series": "../../series/series/three-days.yaml",
}


class EditorLoader(yaml.SafeLoader):
    """YAML as editors read it for a schema: without timestamps."""

    yaml_implicit_resolvers = {
        first: [resolver for resolver in resolvers if "timestamp" not in resolver[0]]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def faults(kind: str, text: str) -> list[str]:
    content: Any = yaml.load(text, EditorLoader)
    return [error.message for error in jsonschema.Draft202012Validator(schema(kind)).iter_errors(content)]


def good(kind: str) -> str:
    return (SHELF / GOOD[kind]).read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_in_the_repository_is_the_generated_one(kind: str) -> None:
    stored = (ROOT / "scenarios" / "schema" / f"{kind}.json").read_text(encoding="utf-8")
    assert stored == as_text(kind), "stale: run python -m simulator.schema"


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_is_valid_json_schema(kind: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_the_reader_takes_fits_its_schema(kind: str) -> None:
    assert faults(kind, good(kind)) == []


@pytest.mark.parametrize(
    "old, new",
    [
        ("title: On the porch", "titel: On the porch"),
        ("opening: porch\n", ""),
        ("minutes: 5", "minutes: five"),
        ("minutes: 5", "minutes: -5"),
        ("{safety: 2,", "{safety: 3,"),
        ("about: offender", "about: ofender"),
        ("2026-01-09T23:52", "tomorrow"),
        ("lasts: 3 business days", "lasts: a while"),
        ("title: On the porch", "title: no"),
        ("advisories: [talk of violence]", "advisories: {a: b}"),
        ("  trust: {label", "  Trust: {label"),
    ],
)
def test_what_the_schema_refuses_the_reader_refuses_too(old: str, new: str) -> None:
    text = good("scenario").replace(old, new, 1)
    assert text != good("scenario")
    assert faults("scenario", text)
    assert not read_text("scenario", text, "library/porch.yaml").sound


@pytest.mark.parametrize("kind", KINDS)
def test_every_part_of_a_schema_is_described(kind: str) -> None:
    def undescribed(part: Any, name: str) -> list[str]:
        found = []
        for key, value in part.get("properties", {}).items():
            if not value.get("description"):
                found.append(f"{name}.{key}")
        return found

    whole = schema(kind)
    parts = {kind: whole, **whole["$defs"]}
    assert [gap for name, part in parts.items() for gap in undescribed(part, name)] == []


def test_schemas_are_written_one_file_a_kind(tmp_path: Path) -> None:
    write(tmp_path / "schema")
    assert sorted(path.name for path in (tmp_path / "schema").iterdir()) == sorted(f"{kind}.json" for kind in KINDS)
