"""From YAML nodes to the typed model, driven by nothing but the model's annotations and its `doc(…)` notes.

Each type is compiled once into a function of (node, reading). Problems never stop the conversion: what cannot be read
is replaced by a harmless stand-in, so that everything else in the file is still looked at. Whoever finds problems in
the reading throws the result away.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from scoring.clock import Span
from scoring.conditions import Condition
from scoring.rules import FactKind, FactSpan, Switch
from simulator.model import Effects, Entry, Inject, Item, Meter, Protocol, ReleaseForm, Seat, Status
from simulator.reading.faults import NAME, WORD, bad_name, double, missing_keys, unknown_key, unspeakable, wrong_shape
from simulator.reading.places import Reading
from simulator.reading.scalars import (
    Converter,
    choice,
    condition,
    day,
    drawn,
    identifier,
    moment,
    name,
    prose,
    span,
    truth,
    whole,
    word,
)
from simulator.reading.source import MappingNode, Node, ScalarNode, SequenceNode
from simulator.references import KEYS, VALUES, names_what

SPOKEN = frozenset({FactKind, FactSpan, Meter, Status, Seat, Item, ReleaseForm, Switch})  # named in conditions

# Texts that are names rather than prose, beside the keys of mappings: there, yes and no are words like others.
_NAMES = {
    (Status, "values"),
    (Status, "start"),
    (Protocol, "parts"),
    (Protocol, "exits"),
    (Effects, "set"),
    (Inject, "set"),
}
_WORDS = {(Status, "values"), (Protocol, "parts")}


def convert(cls: type, reading: Reading) -> Any:
    """The whole file as a `cls`. Problems are noted in the source."""
    root = reading.source.root
    assert root is not None
    return _object(cls, None, False)(root, reading)


def file_key(field: Field[Any]) -> str:
    """The key a field is written under."""
    return field.metadata.get("name") or field.name


def bare_optional(wanted: Any) -> tuple[Any, bool]:
    """`X | None` as (X, True), anything else as (itself, False)."""
    if get_origin(wanted) in (Union, UnionType):
        inner = [part for part in get_args(wanted) if part is not type(None)]
        return inner[0], True
    return wanted, False


# --- one converter a type ------------------------------------------------------------------------------------


def _compile(wanted: Any, notes: Mapping[str, Any], style: str, own_names: bool) -> Converter:
    """`style`: how texts are read here: `prose`, `name` or `word` (a name that conditions can speak).

    `own_names`: the keys of a mapping are names the author gives here.
    """
    wanted, _ = bare_optional(wanted)
    origin = get_origin(wanted)
    if wanted is str:
        return {"prose": prose, "name": name, "word": word}[style]
    if wanted is int:
        return whole(notes.get("low"), notes.get("high"))
    if origin is Literal:
        return choice(get_args(wanted))
    if origin is tuple:
        return _list(_compile(get_args(wanted)[0], notes, style, own_names), bool(notes.get("one_or_many")))
    if origin is not None and issubclass(origin, Mapping):
        inner = get_args(wanted)[1]
        if is_dataclass(inner):
            return _entries(_object(inner, notes.get("shorthand"), _has_id(inner)), inner in SPOKEN)  # type: ignore[arg-type]
        return _mapping(_compile(inner, notes, style, own_names), own_names)
    if is_dataclass(wanted):
        if wanted is Condition:
            return condition
        if wanted is Span:
            return span
        if wanted is Entry:
            return drawn
        return _object(wanted, notes.get("shorthand"), False)  # type: ignore[arg-type]
    return {bool: truth, date: day, datetime: moment}[wanted]


def _has_id(cls: Any) -> bool:
    return any(field.name == "id" for field in fields(cls))


def text_style(cls: type, name: str) -> str:
    """How a field's texts are read: `prose`, `name` or `word` (a name that conditions can speak)."""
    for base in cls.__mro__:
        if (base, name) in _WORDS:
            return "word"
        if (base, name) in _NAMES:
            return "name"
    return "name" if names_what(VALUES, cls, name) else "prose"


@cache
def _object(cls: type, shorthand: str | None, keyed: bool) -> Callable[..., Any]:
    hints = get_type_hints(cls)
    table: dict[str, tuple[str, Converter]] = {}
    needed: list[tuple[str, str, Any]] = []
    for field in fields(cls):
        if field.name == "id" and keyed:
            continue
        style = "name" if field.name == "id" else text_style(cls, field.name)
        own = style == "prose" and names_what(KEYS, cls, field.name) is None
        converter = identifier if field.name == "id" else _compile(hints[field.name], field.metadata, style, own)
        table[file_key(field)] = (field.name, converter)
        if field.default is MISSING and field.default_factory is MISSING:
            needed.append((field.name, file_key(field), _stand_in(hints[field.name])))
    count = len(needed)
    names_needed = frozenset(name for name, _, _ in needed)
    short = table[shorthand] if shorthand else None
    several = any(field.name == shorthand and field.metadata.get("one_or_many") for field in fields(cls))
    lone = count == 0 or (short is not None and count == 1 and needed[0][0] == short[0])

    def read(node: Node, reading: Reading, key: str | None = None) -> Any:
        values: dict[str, Any] = {}
        if node.__class__ is MappingNode:
            for key_node, value_node in node.value:
                name = key_node.value
                entry = table.get(name) if name.__class__ is str else None
                if entry is None:
                    unknown_key(key_node, reading, table, keyed)
                elif entry[0] in values:
                    double(key_node, reading, name, node)
                else:
                    values[entry[0]] = entry[1](value_node, reading)
        elif (
            short is not None
            and lone
            and (node.__class__ is ScalarNode or (several and node.__class__ is SequenceNode))
        ):
            values[short[0]] = short[1](node, reading)
        else:
            wrong_shape(node, reading, "an entry with named parts: " + ", ".join(list(table)[:4]))
            values = {name: stand_in for name, _, stand_in in needed}
        if len(values) < count or not names_needed <= values.keys():
            missing_keys(node, reading, [file_name for name, file_name, _ in needed if name not in values])
            values = {name: stand_in for name, _, stand_in in needed} | values
        if keyed:
            values["id"] = key
        made = cls(**values)
        reading.nodes[id(made)] = node
        return made

    return read


def _stand_in(wanted: Any) -> Any:
    origin = get_origin(wanted)
    if origin is tuple:
        return ()
    if origin is Literal:
        return get_args(wanted)[0]
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return {}
    return {str: "", int: 0, bool: False}.get(wanted)


def _entries(entry: Callable[..., Any], spoken: bool) -> Converter:
    """A mapping of an author's own names to entries that know their name."""

    def read(node: Node, reading: Reading) -> Any:
        found: dict[str, Any] = {}
        if node.__class__ is not MappingNode:
            wrong_shape(node, reading, "named entries, each on a line of its own as “name: …”")
            return found
        for key_node, value_node in node.value:
            name = key_node.value
            if name.__class__ is not str:
                wrong_shape(key_node, reading, "a name before the colon")
            elif name in found:
                double(key_node, reading, name, node)
            else:
                if (WORD if spoken else NAME).fullmatch(name) is None or (spoken and unspeakable(name)):
                    bad_name(key_node, reading, name, spoken)
                found[name] = entry(value_node, reading, name)
        return found

    return read


def _mapping(value: Converter, own_names: bool) -> Converter:
    """A mapping of names to plain values: the author's own, or of other things and checked with all references."""

    def read(node: Node, reading: Reading) -> Any:
        found: dict[str, Any] = {}
        if node.__class__ is not MappingNode:
            wrong_shape(node, reading, "a value for each name, as “name: …”")
            return found
        for key_node, value_node in node.value:
            name = key_node.value
            if name.__class__ is not str:
                wrong_shape(key_node, reading, "a name before the colon")
            elif name in found:
                double(key_node, reading, name, node)
            else:
                if own_names and NAME.fullmatch(name) is None:
                    bad_name(key_node, reading, name, False)
                found[name] = value(value_node, reading)
        return found

    return read


def _list(entry: Converter, one_or_many: bool) -> Converter:
    def read(node: Node, reading: Reading) -> Any:
        if node.__class__ is SequenceNode:
            return tuple([entry(each, reading) for each in node.value])
        if one_or_many:
            return (entry(node, reading),)
        wrong_shape(node, reading, "a list: each entry on a line of its own after “- ”")
        return ()

    return read
