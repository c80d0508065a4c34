"""What can be wrong with one value, key or name, said in an author's words (HS105–HS120)."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from typing import Any

from scoring.conditions import FUNCTIONS
from simulator.problems import did_you_mean
from simulator.reading.places import Reading
from simulator.reading.source import MappingNode, Node, ScalarNode, SequenceNode

NAME = re.compile(r"[a-z][a-z0-9_-]*")
WORD = re.compile(r"[a-z][a-z0-9_]*")
RESERVED = frozenset(FUNCTIONS) | {"law", "true", "false", "none"}


def unspeakable(name: str) -> bool:
    """Whether the condition language, or Python behind it, already uses this word."""
    return name in RESERVED or keyword.iskeyword(name)


def bad_name(node: Node, reading: Reading, name: str, spoken: bool) -> None:
    tidy = re.sub(r"[^a-z0-9_]+" if spoken else r"[^a-z0-9_-]+", "_" if spoken else "-", name.lower()).strip("_-")
    if spoken and unspeakable(name):
        message = f"“{name}” is a word of the condition language"
        hint = f"Would a longer name do, such as “{name}_here”?"
    else:
        signs = "small letters, digits and _" if spoken else "small letters, digits, - and _"
        message = f"“{name}” is no name: a name is made of {signs}, and begins with a letter"
        hint = f"Would “{tidy}” do?" if tidy and tidy[0].isalpha() else "Which name did you mean?"
    reading.source.report("HS115", node, message, hint)


def unknown_key(key_node: Node, reading: Reading, table: Mapping[str, Any], keyed: bool) -> None:
    name = key_node.value
    if name == "<<":
        reading.source.report(
            "HS116", key_node, "“<<” merges another entry, which is not read here", "Could its parts be written out?"
        )
    elif name.__class__ is not str:
        wrong_shape(key_node, reading, "a name before the colon")
    elif name == "id" and keyed:
        reading.source.report(
            "HS106", key_node, "“id” is not written here: the name before the colon is the id", "Can this line go?"
        )
    else:
        reading.source.report(
            "HS106", key_node, f"there is no “{name}” here", did_you_mean(name, table, "key", fixed=True)
        )


def double(key_node: Node, reading: Reading, name: str, node: Node) -> None:
    first = next(key for key, _ in node.value if key.value == name)
    reading.source.report(
        "HS105",
        key_node,
        f"“{name}” is there twice",
        "Which of the two do you mean, or does one need another name?",
        related=((first, f"the first “{name}”"),),
    )


def wrong_shape(node: Node, reading: Reading, wanted: str) -> None:
    if node.__class__ is ScalarNode and not node.value and not node.style:
        return empty(node, reading)
    if isinstance(node, MappingNode):
        if place := _lone_placeholder(node):
            return reading.source.report(
                "HS108",
                node,
                f"{place} stands where {wanted.partition(':')[0]} is wanted: YAML takes braces at the beginning for named parts",
                f"Do you mean a text that begins with {place}? Then put all of it in quotes.",
            )
        found = "named parts"
    elif isinstance(node, SequenceNode):
        found = "a list"
    else:
        found = f"“{node.value if len(node.value) < 40 else node.value[:39] + '…'}”"
    message = f"{found} stands where {wanted.partition(':')[0]} is wanted"
    return reading.source.report("HS108", node, message, f"Could it be written as {wanted}?")


def _lone_placeholder(node: MappingNode) -> str | None:
    """`{street}` as the author wrote it, where YAML has read it as named parts of which nothing is said."""
    if len(node.value) != 1:
        return None
    [(key, value)] = node.value
    empty = isinstance(value, ScalarNode) and not value.value and not value.style
    return f"“{{{key.value}}}”" if node.flow_style and empty and isinstance(key, ScalarNode) else None


def missing_keys(node: Node, reading: Reading, names: list[str]) -> None:
    at = reading.source.keys.get(id(node), (None, None))[0] or node
    listed = " and ".join(filter(None, [", ".join(f"“{name}”" for name in names[:-1]), f"“{names[-1]}”"]))
    verb = "is" if len(names) == 1 else "are"
    hint = f"What should stand after “{names[0]}:”?"
    reading.source.report("HS107", at, f"{listed} {verb} missing", hint)


def empty(node: Node, reading: Reading) -> None:
    key = reading.source.keys.get(id(node), (None, None))[0]
    name = key.value if key is not None and isinstance(key.value, str) else ""
    reading.source.report(
        "HS120",
        key or node,
        f"nothing stands after “{name}:”" if name else "an entry is empty",
        "Did you mean to write something here, or can the line go?",
    )


def no_date(node: Node, reading: Reading, wanted: str, sample: str) -> None:
    if node.__class__ is ScalarNode and not node.value:
        return empty(node, reading)
    if node.__class__ is not ScalarNode:
        return wrong_shape(node, reading, wanted)
    return reading.source.report("HS112", node, f"“{node.value}” is not {wanted}", f"Do you mean one like {sample}?")
