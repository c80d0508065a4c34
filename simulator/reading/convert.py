"""From YAML nodes to the typed model, driven by nothing but the model's annotations and its `doc(…)` notes.

Each type is compiled once into a function of (node, reading). Problems never stop the conversion: what cannot be read is
replaced by a harmless stand-in, so that everything else in the file is still looked at. Whoever finds problems in the
reading throws the result away.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from scoring.clock import BadSpan, Span
from scoring.conditions import FUNCTIONS, BadCondition, Condition
from scoring.rules import FactKind, FactSpan, Switch
from simulator.model import Effects, Item, Meter, Protocol, ReleaseForm, Seat, Status
from simulator.problems import did_you_mean
from simulator.reading.source import MappingNode, Node, ScalarNode, SequenceNode, Source

Converter = Callable[[Node, "Reading"], Any]

NAME = re.compile(r"[a-z][a-z0-9_-]*")
WORD = re.compile(r"[a-z][a-z0-9_]*")
RESERVED = frozenset(FUNCTIONS) | {"law", "true", "false", "none"}
SPOKEN = frozenset({FactKind, FactSpan, Meter, Status, Seat, Item, ReleaseForm, Switch})  # named in conditions

# Texts that are names rather than prose, beside the keys of mappings: there, yes and no are words like others.
_NAMES = {(Status, "values"), (Status, "start"), (Protocol, "parts"), (Protocol, "exits"), (Effects, "set")}
_WORDS = {(Status, "values"), (Protocol, "parts")}

# What YAML 1.1, and so many an editor, would not take for text.
_NO_TEXT = re.compile(
    r"(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF|null|Null|NULL|~"
    r"|[-+]?[0-9][0-9_]*|[-+]?0[box][0-9a-fA-F_]+|[-+]?(?:[0-9][0-9_]*)?\.[0-9_]*(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))"
)
_SUSPECT = frozenset("yYnNtTfFoO~0123456789+-.")
_WHOLE = re.compile(r"[-+]?[0-9]{1,9}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?")
_TRUTH = {"true": True, "false": False, "yes": True, "no": False, "on": True, "off": False}


class Reading:
    """One file on its way into the model: its source, and the node each object was read from."""

    __slots__ = ("nodes", "source")

    def __init__(self, source: Source) -> None:
        self.source = source
        self.nodes: dict[int, Node] = {}  # id of an object of the model → its node; the model keeps the object alive

    def node(self, thing: object, *path: str | int) -> Node | None:
        """The node a model object was read from, or what stands below it at a path of keys and positions.

        A single value that stands for a list of one counts as that list.
        """
        from simulator.reading.source import child

        node = self.nodes.get(id(thing))
        for step in path:
            below = child(node, step)
            if below is None and not (step == 0 and not isinstance(node, SequenceNode)):
                break
            node = below or node
        return node

    def key(self, thing: object, *path: str) -> Node | None:
        """The key under which a model object, or a field of it, is written; for a list entry, the entry."""
        node = self.node(thing, *path)
        found = self.source.keys.get(id(node), (None, None))[0] if node is not None else None
        return found or node


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


def _compile(wanted: Any, notes: Mapping[str, Any], style: str) -> Converter:
    """`style`: how texts are read here: `prose`, `name` or `word` (a name that conditions can speak)."""
    wanted, _ = bare_optional(wanted)
    origin = get_origin(wanted)
    if wanted is str:
        return {"prose": _prose, "name": _name, "word": _word}[style]
    if wanted is int:
        return _whole(notes.get("low"), notes.get("high"))
    if origin is Literal:
        return _choice(get_args(wanted))
    if origin is tuple:
        return _list(_compile(get_args(wanted)[0], notes, style), bool(notes.get("one_or_many")))
    if origin is not None and issubclass(origin, Mapping):
        inner = get_args(wanted)[1]
        if is_dataclass(inner):
            return _entries(_object(inner, notes.get("shorthand"), _has_id(inner)), inner in SPOKEN)  # type: ignore[arg-type]
        return _mapping(_compile(inner, notes, style))
    if is_dataclass(wanted):
        if wanted is Condition:
            return _condition
        if wanted is Span:
            return _span
        return _object(wanted, notes.get("shorthand"), False)  # type: ignore[arg-type]
    return {bool: _bool, date: _date, datetime: _moment}[wanted]


def _has_id(cls: Any) -> bool:
    return any(field.name == "id" for field in fields(cls))


def _style(cls: type, name: str) -> str:
    for base in cls.__mro__:
        if (base, name) in _WORDS:
            return "word"
        if (base, name) in _NAMES:
            return "name"
    return "prose"


@cache
def _object(cls: type, shorthand: str | None, keyed: bool) -> Callable[..., Any]:
    hints = get_type_hints(cls)
    table: dict[str, tuple[str, Converter]] = {}
    needed: list[tuple[str, str, Any]] = []
    for field in fields(cls):
        if field.name == "id" and keyed:
            continue
        style = "name" if field.name == "id" else _style(cls, field.name)
        converter = _id if field.name == "id" else _compile(hints[field.name], field.metadata, style)
        table[file_key(field)] = (field.name, converter)
        if field.default is MISSING and field.default_factory is MISSING:
            needed.append((field.name, file_key(field), _stand_in(hints[field.name])))
    count = len(needed)
    short = table[shorthand] if shorthand else None
    lone = count == 0 or (short is not None and count == 1 and needed[0][0] == short[0])

    def read(node: Node, reading: Reading, key: str | None = None) -> Any:
        values: dict[str, Any] = {}
        if node.__class__ is MappingNode:
            for key_node, value_node in node.value:
                name = key_node.value
                entry = table.get(name) if name.__class__ is str else None
                if entry is None:
                    _unknown_key(key_node, reading, table, keyed)
                elif entry[0] in values:
                    _double(key_node, reading, name, node)
                else:
                    values[entry[0]] = entry[1](value_node, reading)
        elif short is not None and lone and node.__class__ is ScalarNode:
            values[short[0]] = short[1](node, reading)
        else:
            _shape(node, reading, "an entry with named parts: " + ", ".join(list(table)[:4]))
            values = {name: stand_in for name, _, stand_in in needed}
        for name, file_name, stand_in in needed:
            if name not in values:
                at = reading.source.keys.get(id(node), (None, None))[0] or node
                reading.source.report(
                    "HS107", at, f"“{file_name}” is missing", f"What should stand after “{file_name}:” here?"
                )
                values[name] = stand_in
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
            _shape(node, reading, "named entries, each on a line of its own as “name: …”")
            return found
        for key_node, value_node in node.value:
            name = key_node.value
            if name.__class__ is not str:
                _shape(key_node, reading, "a name before the colon")
            elif name in found:
                _double(key_node, reading, name, node)
            else:
                if (WORD if spoken else NAME).fullmatch(name) is None or (spoken and unspeakable(name)):
                    bad_name(key_node, reading, name, spoken)
                found[name] = entry(value_node, reading, name)
        return found

    return read


def _mapping(value: Converter) -> Converter:
    """A mapping of names to plain values. Whose names they are is checked with all the others."""

    def read(node: Node, reading: Reading) -> Any:
        found: dict[str, Any] = {}
        if node.__class__ is not MappingNode:
            _shape(node, reading, "a value for each name, as “name: …”")
            return found
        for key_node, value_node in node.value:
            name = key_node.value
            if name.__class__ is not str:
                _shape(key_node, reading, "a name before the colon")
            elif name in found:
                _double(key_node, reading, name, node)
            else:
                found[name] = value(value_node, reading)
        return found

    return read


def _list(entry: Converter, one_or_many: bool) -> Converter:
    def read(node: Node, reading: Reading) -> Any:
        if node.__class__ is SequenceNode:
            return tuple([entry(each, reading) for each in node.value])
        if one_or_many:
            return (entry(node, reading),)
        _shape(node, reading, "a list: each entry on a line of its own after “- ”")
        return ()

    return read


def _prose(node: Node, reading: Reading) -> str:
    value = node.value
    if node.__class__ is not ScalarNode:
        _shape(node, reading, "a text")
        return ""
    if not node.style:
        if not value:
            _empty(node, reading)
        elif value[0] in _SUSPECT and _NO_TEXT.fullmatch(value):
            reading.source.report(
                "HS109",
                node,
                f"text is wanted here, and YAML would not take {value} for text",
                f"Do you mean the text “{value}”? Then put it in quotes: '{value}'.",
            )
    return value  # type: ignore[no-any-return]


def _name(node: Node, reading: Reading) -> str:
    if node.__class__ is not ScalarNode:
        _shape(node, reading, "a name")
        return ""
    if not node.value:
        _empty(node, reading)
    return node.value  # type: ignore[no-any-return]


def _word(node: Node, reading: Reading) -> str:
    value = _name(node, reading)
    if value and (WORD.fullmatch(value) is None or unspeakable(value)):
        bad_name(node, reading, value, True)
    return value


def _id(node: Node, reading: Reading) -> str:
    value = _name(node, reading)
    if value and NAME.fullmatch(value) is None:
        bad_name(node, reading, value, False)
    return value


def _whole(low: int | None, high: int | None) -> Converter:
    def read(node: Node, reading: Reading) -> int:
        value = node.value
        if node.__class__ is not ScalarNode or node.style or not _WHOLE.fullmatch(value):
            if node.__class__ is ScalarNode and not value:
                _empty(node, reading)
            else:
                _shape(node, reading, "a whole number")
            return low or 0
        number = int(value)
        if (low is not None and number < low) or (high is not None and number > high):
            bounds = f"from {low} to {high}" if low is not None and high is not None else f"{low} or more"
            reading.source.report(
                "HS111", node, f"{number} is out of range", f"Which whole number {bounds} did you mean?"
            )
        return number

    return read


def _choice(choices: tuple[str, ...]) -> Converter:
    allowed = {choice: choice for choice in choices}

    def read(node: Node, reading: Reading) -> str:
        found = allowed.get(node.value) if node.__class__ is ScalarNode else None
        if found is None:
            if node.__class__ is not ScalarNode:
                _shape(node, reading, "one of: " + ", ".join(choices))
            elif not node.value:
                _empty(node, reading)
            else:
                reading.source.report(
                    "HS110",
                    node,
                    f"“{node.value}” is none of the values this can have",
                    did_you_mean(node.value, choices, "value"),
                )
            return choices[0]
        return found

    return read


def _bool(node: Node, reading: Reading) -> bool:
    found = _TRUTH.get(node.value.lower()) if node.__class__ is ScalarNode and not node.style else None
    if found is None:
        if node.__class__ is ScalarNode and not node.value:
            _empty(node, reading)
        else:
            _shape(node, reading, "true or false")
        return False
    return found


def _date(node: Node, reading: Reading) -> date | None:
    try:
        if node.__class__ is ScalarNode and _DATE.fullmatch(node.value):
            return date.fromisoformat(node.value)
    except ValueError:
        pass
    _no_date(node, reading, "a date", "2026-01-09")
    return None


def _moment(node: Node, reading: Reading) -> datetime | None:
    try:
        if node.__class__ is ScalarNode and _MOMENT.fullmatch(node.value):
            return datetime.fromisoformat(node.value)
    except ValueError:
        pass
    _no_date(node, reading, "a local date and time", "2026-01-09T23:52")
    return None


def _span(node: Node, reading: Reading) -> Span | None:
    if node.__class__ is not ScalarNode:
        _shape(node, reading, "a span of time, such as “30 min”")
    elif not node.value:
        _empty(node, reading)
    else:
        try:
            return Span.parse(node.value)
        except BadSpan as error:
            reading.source.report(
                "HS113", node, str(error).partition(";")[0], "Do you mean “30 min”, “2 h” or “3 business days”?"
            )
    return None


def _condition(node: Node, reading: Reading) -> Condition | None:
    if node.__class__ is not ScalarNode:
        _shape(node, reading, "a condition, such as: advocate_notified and trust >= 2")
    elif not node.value.strip():
        _empty(node, reading)
    else:
        try:
            return Condition.parse(node.value)
        except BadCondition as error:
            hint = did_you_mean(error.name, error.known, "function") if error.name else ""
            reading.source.report(
                "HS114",
                node,
                str(error),
                hint or "Would names, and/or/not, comparisons and brackets say it?",
                offset=error.column,
                length=len(error.name or "") or None,
            )
    return None


# --- what can be wrong ---------------------------------------------------------------------------------------


def unspeakable(name: str) -> bool:
    """Whether the condition language, or Python behind it, already uses this word."""
    return name in RESERVED or keyword.iskeyword(name)


def bad_name(node: Node, reading: Reading, name: str, spoken: bool) -> None:
    tidy = re.sub(r"[^a-z0-9_]+" if spoken else r"[^a-z0-9_-]+", "_" if spoken else "-", name.lower()).strip("_-")
    if spoken and unspeakable(name):
        message = f"“{name}” is a word of the condition language"
        hint = f"Would “{name}_” with a word more, such as “{name}_now”, do?"
    else:
        signs = "small letters, digits and _" if spoken else "small letters, digits, - and _"
        message = f"“{name}” is no name: a name is made of {signs}, and begins with a letter"
        hint = f"Would “{tidy}” do?" if tidy and tidy[0].isalpha() else "Which name did you mean?"
    reading.source.report("HS115", node, message, hint)


def _unknown_key(key_node: Node, reading: Reading, table: Mapping[str, Any], keyed: bool) -> None:
    name = key_node.value
    if name == "<<":
        reading.source.report(
            "HS116", key_node, "“<<” merges another entry, which is not read here", "Could its parts be written out?"
        )
    elif name.__class__ is not str:
        _shape(key_node, reading, "a name before the colon")
    elif name == "id" and keyed:
        reading.source.report(
            "HS106", key_node, "“id” is not written here: the name before the colon is the id", "Can this line go?"
        )
    else:
        reading.source.report(
            "HS106", key_node, f"there is no “{name}” here", did_you_mean(name, table, "key").replace("a key", "a key")
        )


def _double(key_node: Node, reading: Reading, name: str, node: Node) -> None:
    first = next(key for key, _ in node.value if key.value == name)
    reading.source.report(
        "HS105",
        key_node,
        f"“{name}” is there twice",
        "Which of the two do you mean, or does one need another name?",
        related=((first, f"the first “{name}”"),),
    )


def _shape(node: Node, reading: Reading, wanted: str) -> None:
    if node.__class__ is ScalarNode and not node.value and not node.style:
        return _empty(node, reading)
    what = {MappingNode: "named parts", SequenceNode: "a list"}.get(node.__class__)
    found = what or f"“{node.value if len(node.value) < 40 else node.value[:39] + '…'}”"
    return reading.source.report("HS108", node, f"{found} stands where {wanted.partition(':')[0]} is wanted", _sample(wanted))


def _sample(wanted: str) -> str:
    return f"Could it be written as {wanted}?"


def _empty(node: Node, reading: Reading) -> None:
    key = reading.source.keys.get(id(node), (None, None))[0]
    name = key.value if key is not None and isinstance(key.value, str) else ""
    reading.source.report(
        "HS120",
        key or node,
        f"nothing stands after “{name}:”" if name else "an entry is empty",
        "Did you mean to write something here, or can the line go?",
    )


def _no_date(node: Node, reading: Reading, wanted: str, sample: str) -> None:
    if node.__class__ is ScalarNode and not node.value:
        return _empty(node, reading)
    if node.__class__ is not ScalarNode:
        return _shape(node, reading, wanted)
    return reading.source.report("HS112", node, f"“{node.value}” is not {wanted}", f"Do you mean one like {sample}?")
