"""JSON schemas of the file formats, for editors: generated from the same annotations that `reading` converts by.

`python -m simulator.schema` writes `scenarios/schema/*.json`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from scoring.clock import Span
from scoring.conditions import Condition
from simulator.model import Entry
from simulator.reading import KINDS
from simulator.reading.convert import SPOKEN, bare_optional, file_key, text_style
from simulator.reading.faults import NAME, WORD

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TEXTS: dict[type, dict[str, Any]] = {
    Condition: {"type": "string", "description": "A condition: advocate_notified and trust >= 2"},
    Span: {
        "type": "string",
        "pattern": r"^\s*(\d+\s*[A-Za-z]+|\d+\s+[Bb]usiness\s+[Dd]ays?"
        r"|[Nn]ext\s+([Bb]usiness\s+)?[Dd]ay\s+\d{1,2}:\d{2})\s*$",
        "examples": ["30 min", "2 h", "3 business days", "next business day 09:00"],
    },
    date: {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$", "examples": ["2026-01-09"]},
    datetime: {
        "type": "string",
        "pattern": r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?$",
        "examples": ["2026-01-09T23:52"],
    },
    Entry: {
        "anyOf": [
            {"type": "string"},
            {
                "type": "object",
                "patternProperties": {f"^{NAME.pattern}$": {"type": "string"}},
                "additionalProperties": False,
                "minProperties": 1,
            },
        ],
        "examples": ["Alder Street", {"name": "Dana", "she": "she"}],
    },
}


def schema(kind: str) -> dict[str, Any]:
    """The JSON schema (draft 2020-12) of `scenario`, `mou`, `jurisdiction`, `framework` or `vocabulary` files."""
    cls = KINDS[kind]
    parts: dict[str, Any] = {}
    body = _object(cls, parts, keyed=False)
    return {
        "$schema": DIALECT,
        "$id": f"{kind}.json",
        "title": f"Handoff {kind}",
        **body,
        "$defs": dict(sorted(parts.items())),
    }


def as_text(kind: str) -> str:
    """The schema as it stands in `scenarios/schema/`."""
    return json.dumps(schema(kind), indent=1, ensure_ascii=False) + "\n"


def write(folder: Path) -> None:
    """Write every schema into a folder, which is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind in KINDS:
        (folder / f"{kind}.json").write_text(as_text(kind), encoding="utf-8", newline="\n")


def _object(cls: type, parts: dict[str, Any], *, keyed: bool) -> dict[str, Any]:
    hints = get_type_hints(cls)
    properties: dict[str, Any] = {}
    required = []
    for field in fields(cls):
        if field.name == "id" and keyed:
            continue
        key = file_key(field)
        if field.name == "id":
            shape: dict[str, Any] = {
                "type": "string",
                "pattern": f"^{NAME.pattern}$",
                "description": "Its name in files, the same as the file's.",
            }
        else:
            shape = {"description": field.metadata.get("doc", ""), **_shape(hints[field.name], field, cls, parts)}
        if field.default is MISSING and field.default_factory is MISSING:
            required.append(key)
        elif isinstance(field.default, bool | int | str):
            shape["default"] = field.default
        properties[key] = shape
    summary = (cls.__doc__ or "").strip().splitlines()[0]
    return {
        "description": summary,
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _shape(wanted: Any, field: Any, cls: type, parts: dict[str, Any]) -> dict[str, Any]:
    """The schema of one field's value, without its description."""
    notes: Mapping[str, Any] = field.metadata
    wanted, _ = bare_optional(wanted)
    origin = get_origin(wanted)
    if wanted in _TEXTS:
        return {key: value for key, value in _TEXTS[wanted].items() if key != "description"}
    if wanted is str:
        return _string(text_style(cls, field.name))
    if wanted is bool:
        return {"type": "boolean"}
    if wanted is int:
        bounds = {"minimum": notes.get("low"), "maximum": notes.get("high")}
        return {"type": "integer", **{name: value for name, value in bounds.items() if value is not None}}
    if origin is Literal:
        return {"enum": list(get_args(wanted))}
    if origin is tuple:
        entry = _shape(get_args(wanted)[0], field, cls, parts)
        many = {"type": "array", "items": entry}
        return {"anyOf": [entry, many]} if notes.get("one_or_many") else many
    if is_dataclass(wanted):
        return _entry(wanted, notes, parts, keyed=False)  # type: ignore[arg-type]
    inner = get_args(wanted)[1]
    if is_dataclass(inner):
        pattern = WORD if inner in SPOKEN else NAME
        value = _entry(inner, notes, parts, keyed=True)  # type: ignore[arg-type]
    else:
        pattern = NAME
        value = _shape(inner, field, cls, parts)
    return {"type": "object", "patternProperties": {f"^{pattern.pattern}$": value}, "additionalProperties": False}


def _string(style: str) -> dict[str, Any]:
    """YAML 1.1 editors take yes and no for booleans; where `reading` takes them for names, so does the schema."""
    if style == "prose":
        return {"type": "string"}
    return {"type": ["string", "boolean"]}


def _entry(cls: type, notes: Mapping[str, Any], parts: dict[str, Any], *, keyed: bool) -> dict[str, Any]:
    name = cls.__name__
    if name not in parts:
        parts[name] = {}
        parts[name] = _object(cls, parts, keyed=keyed)
    reference = {"$ref": f"#/$defs/{name}"}
    if short := notes.get("shorthand"):
        hints = get_type_hints(cls)
        field = next(field for field in fields(cls) if field.name == short)
        return {"anyOf": [_shape(hints[short], field, cls, parts), reference]}
    return reference


if __name__ == "__main__":
    write(Path(__file__).resolve().parent.parent / "scenarios" / "schema")
