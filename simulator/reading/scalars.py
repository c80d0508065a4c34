"""Single values: a plain word is read as what is wanted there, never as what YAML would make of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from scoring.clock import BadSpan, Span
from scoring.conditions import BadCondition, Condition
from simulator.model import Entry
from simulator.problems import did_you_mean
from simulator.reading.faults import NAME, WORD, bad_name, double, empty, no_date, unspeakable, wrong_shape
from simulator.reading.places import Reading
from simulator.reading.source import MappingNode, Node, ScalarNode, SequenceNode

Converter = Callable[[Node, Reading], Any]

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


def prose(node: Node, reading: Reading) -> str:
    value = node.value
    if node.__class__ is not ScalarNode:
        wrong_shape(node, reading, "a text")
        return ""
    if not node.style:
        if not value:
            empty(node, reading)
        elif value[0] in _SUSPECT and _NO_TEXT.fullmatch(value):
            reading.source.report(
                "HS109",
                node,
                f"text is wanted here, and YAML would not take {value} for text",
                f"Do you mean the text “{value}”? Then put it in quotes: '{value}'.",
            )
    return value  # type: ignore[no-any-return]


def name(node: Node, reading: Reading) -> str:
    if node.__class__ is not ScalarNode:
        wrong_shape(node, reading, "a name")
        return ""
    if not node.value:
        empty(node, reading)
    return node.value  # type: ignore[no-any-return]


def word(node: Node, reading: Reading) -> str:
    value = name(node, reading)
    if value and (WORD.fullmatch(value) is None or unspeakable(value)):
        bad_name(node, reading, value, True)
    return value


def identifier(node: Node, reading: Reading) -> str:
    value = name(node, reading)
    if value and NAME.fullmatch(value) is None:
        bad_name(node, reading, value, False)
    return value


def whole(low: int | None, high: int | None) -> Converter:
    def read(node: Node, reading: Reading) -> int:
        value = node.value
        if node.__class__ is not ScalarNode or node.style or not _WHOLE.fullmatch(value):
            if node.__class__ is ScalarNode and not value:
                empty(node, reading)
            else:
                wrong_shape(node, reading, "a whole number")
            return low or 0
        number = int(value)
        if (low is not None and number < low) or (high is not None and number > high):
            bounds = f"from {low} to {high}" if low is not None and high is not None else f"{low} or more"
            reading.source.report(
                "HS111", node, f"{number} is out of range", f"Which whole number {bounds} did you mean?"
            )
        return number

    return read


def choice(choices: tuple[str, ...]) -> Converter:
    allowed = {choice: choice for choice in choices}

    def read(node: Node, reading: Reading) -> str:
        found = allowed.get(node.value) if node.__class__ is ScalarNode else None
        if found is None:
            if node.__class__ is not ScalarNode:
                wrong_shape(node, reading, "one of: " + ", ".join(choices))
            elif not node.value:
                empty(node, reading)
            else:
                reading.source.report(
                    "HS110",
                    node,
                    f"“{node.value}” is none of the values this can have",
                    did_you_mean(node.value, choices, "value", fixed=True),
                )
            return choices[0]
        return found

    return read


def truth(node: Node, reading: Reading) -> bool:
    found = _TRUTH.get(node.value.lower()) if node.__class__ is ScalarNode and not node.style else None
    if found is None:
        if node.__class__ is ScalarNode and not node.value:
            empty(node, reading)
        else:
            wrong_shape(node, reading, "true or false")
        return False
    return found


def day(node: Node, reading: Reading) -> date | None:
    try:
        if node.__class__ is ScalarNode and _DATE.fullmatch(node.value):
            return date.fromisoformat(node.value)
    except ValueError:
        pass
    no_date(node, reading, "a date", "2026-01-09")
    return None


def moment(node: Node, reading: Reading) -> datetime | None:
    try:
        if node.__class__ is ScalarNode and _MOMENT.fullmatch(node.value):
            return datetime.fromisoformat(node.value)
    except ValueError:
        pass
    no_date(node, reading, "a local date and time", "2026-01-09T23:52")
    return None


def drawn(node: Node, reading: Reading) -> Entry:
    """An entry of a list of variants: a text, or a mapping of texts."""
    texts: dict[str, str] = {}
    if node.__class__ is MappingNode:
        for key_node, value_node in node.value:
            key = key_node.value
            if key.__class__ is not str or NAME.fullmatch(key) is None:
                bad_name(key_node, reading, str(key) if key.__class__ is str else "", False)
            elif key in texts:
                double(key_node, reading, key, node)
            else:
                texts[key] = prose(value_node, reading)
    elif node.__class__ is SequenceNode:
        wrong_shape(node, reading, "a text, or texts that are drawn together, such as {name: Dana, she: she}")
    else:
        texts[""] = prose(node, reading)
    made = Entry(texts=texts)
    reading.nodes[id(made)] = node
    return made


def span(node: Node, reading: Reading) -> Span | None:
    if node.__class__ is not ScalarNode:
        wrong_shape(node, reading, "a span of time, such as “30 min”")
    elif not node.value:
        empty(node, reading)
    else:
        try:
            return Span.parse(node.value)
        except BadSpan as error:
            reading.source.report(
                "HS113", node, str(error).partition(";")[0], "Do you mean “30 min”, “2 h” or “3 business days”?"
            )
    return None


def condition(node: Node, reading: Reading) -> Condition | None:
    if node.__class__ is not ScalarNode:
        wrong_shape(node, reading, "a condition, such as: advocate_notified and trust >= 2")
    elif not node.value.strip():
        empty(node, reading)
    else:
        try:
            return Condition.parse(node.value)
        except BadCondition as error:
            hint = did_you_mean(error.name, error.known, "function", fixed=True) if error.name else ""
            reading.source.report(
                "HS114",
                node,
                str(error),
                hint or "Would names, and/or/not, comparisons and brackets say it?",
                offset=error.column,
                length=len(error.name or "") or None,
            )
    return None
