"""Variants in a file: whether every placeholder has its list, every list its use, and no logic hangs on a draw (HS24x).

A placeholder stands in prose or nowhere. So no id, condition, fact, time, rating or rule can depend on what is drawn,
whatever the lists hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from simulator.model import Scenario
from simulator.problems import did_you_mean
from simulator.reading.places import Reading
from simulator.reading.source import MappingNode, Node, ScalarNode, SequenceNode
from simulator.reading.wording import PLACE, drawable

_BRACES = re.compile(r"\{[^{}\s]*\}|[{}]")


@dataclass(slots=True)
class _Lists:
    """The lists of a scenario: the keys of each (the empty one for a text alone), and which of them some text uses."""

    keys: Mapping[str, tuple[str, ...]]
    used: set[str] = field(default_factory=set)


def check_variants(draft: Scenario, reading: Reading) -> None:
    """Look at every list and every placeholder. Notes problems in the reading's source.

    A file without lists may use braces as it likes, and is only warned of what looks like a placeholder: sessions that
    were kept before there were variants have to be read again.
    """
    if not draft.variants and not PLACE.search(reading.source.text):
        return
    lists = _Lists({name: tuple(entries[0].texts) if entries else () for name, entries in draft.variants.items()})
    _check_lists(draft, reading)
    prose: set[int] = set()
    for parts, thing in (((), draft), *((protocol.parts, protocol) for protocol in draft.protocols.values())):
        for node, text in _texts(thing, reading):
            prose.add(id(node))
            if "{" in text or "}" in text:
                _check_text(node, text, parts, lists, reading)
    if draft.variants:
        _check_elsewhere(draft, prose, reading)
    for name in draft.variants:
        if name not in lists.used and not (draft.protocols and _is_a_part(draft, name)):
            place = "{" + ".".join(filter(None, (name, *lists.keys[name][:1]))) + "}"
            reading.source.report(
                "HS245",
                _key(draft, name, reading),
                f"no text draws on “{name}”",
                f"Should “{place}” stand somewhere, or can the list go?",
                severity="warning",
            )


def _texts(thing: Any, reading: Reading) -> Iterator[tuple[Node | None, str]]:
    """Every text below a thing that a draw may change, blanks folded; a scenario's protocols are left to themselves."""
    for name, key, shape in drawable(thing.__class__):
        value = getattr(thing, name)
        if not value or (name == "protocols" and isinstance(thing, Scenario)):
            continue
        if shape == "text":
            yield reading.node(thing, key), " ".join(value.split())
        elif shape == "texts":
            for step, text in value.items() if isinstance(value, Mapping) else enumerate(value):
                yield reading.node(thing, key, step), " ".join(text.split())
        elif shape == "part":
            yield from _texts(value, reading)
        else:
            for part in value.values() if isinstance(value, Mapping) else value:
                yield from _texts(part, reading)


def _check_text(node: Node | None, text: str, parts: tuple[str, ...], lists: _Lists, reading: Reading) -> None:
    for found in _BRACES.finditer(text):
        place = PLACE.fullmatch(found[0])
        if place is None:
            reading.source.report(
                "HS242",
                node,
                f"“{found[0]}” is no placeholder, and everybody reads it as it stands",
                "Do you mean a placeholder, such as {name} or {name.key}, or would ( ) do?",
                severity="warning",
                offset=found.start(),
                length=len(found[0]),
            )
        elif place[1] not in parts:
            name, _, key = place[1].partition(".")
            if key:
                lists.used.add(name)
            elif name not in lists.keys:
                name = _lower(name)
            lists.used.add(name)
            if (keys := lists.keys.get(name)) is None or not {key, _lower(key)} & set(keys):
                message, hint = _unknown(name, key, keys, (*lists.keys, *parts))
                reading.source.report(
                    "HS241",
                    node,
                    message,
                    hint,
                    severity="error" if lists.keys else "warning",
                    offset=found.start(),
                    length=len(found[0]),
                )


def _unknown(name: str, key: str, keys: tuple[str, ...] | None, known: tuple[str, ...]) -> tuple[str, str]:
    """What is wrong with a placeholder that leads nowhere, and the question."""
    if keys is None:
        return f"there is no list of variants “{name}”", did_you_mean(name, known, "list of variants")
    if keys == ("",):
        return f"“{name}” is drawn as one text; it has no “{key}”", f"Did you mean {{{name}}}?"
    named = tuple(each for each in keys if each)
    if not key:
        choices = ", ".join(f"{{{name}.{each}}}" for each in named)
        return f"“{name}” is drawn as several texts together", f"Which did you mean: {choices}?"
    return f"the entries of “{name}” have no “{key}”", did_you_mean(_lower(key), named, "key")


def _check_lists(draft: Scenario, reading: Reading) -> None:
    for name, entries in draft.variants.items():
        if draft.protocols and _is_a_part(draft, name):
            reading.source.report(
                "HS218",
                _key(draft, name, reading),
                f"“{name}” is already a part of a protocol, and {{{name}}} there is that part's name",
                "Which name would tell the two apart?",
            )
        if not entries:
            reading.source.report(
                "HS244", _key(draft, name, reading), f"the list “{name}” is empty", "What should be drawn from it?"
            )
        if len(entries) == 1:
            reading.source.report(
                "HS245",
                _key(draft, name, reading),
                f"the list “{name}” has one entry: there is nothing to draw",
                "What else could it be, or could the text just say it?",
                severity="warning",
            )
        for entry in entries:
            if fault := _uneven(entry.texts, entries[0].texts):
                message, hint = fault
                reading.source.report("HS244", reading.node(entry), message, hint)


def _uneven(texts: Mapping[str, str], first: Mapping[str, str]) -> tuple[str, str] | None:
    """What is wrong with an entry beside the first of its list, and the question; None if nothing is."""
    if not texts or not all(text.strip() for text in texts.values()):
        return "an entry is empty, and so would be what it fills", "Which words should stand there?"
    if ("" in texts) != ("" in first):
        return "one entry is a text, another has several", "Should all of them have the same keys, or none?"
    if lacking := [key for key in first if key not in texts]:
        return f"the entry has no “{lacking[0]}”, and the first has", f"What should stand after “{lacking[0]}:” here?"
    if more := [key for key in texts if key not in first]:
        return f"the entry has a “{more[0]}”, and the first has none", did_you_mean(more[0], first, "key", fixed=True)
    return None


def _check_elsewhere(draft: Scenario, prose: set[int], reading: Reading) -> None:
    """A placeholder outside the prose is refused; what else was said of that value follows from it."""
    source = reading.source
    lists = reading.node(draft, "variants") if draft.variants else None
    for node, in_lists in _scalars(source.root, lists, False):
        found = PLACE.search(node.value)
        if found is None or id(node) in prose:
            continue
        begin = (node.start_mark.line + 1, node.start_mark.column + 1)
        end = (node.end_mark.line + 1, node.end_mark.column + 1)
        source.problems[:] = [
            problem
            for problem in source.problems
            if not (problem.severity == "error" and begin <= (problem.line, problem.column) < end)
        ]
        if in_lists:
            message, hint = "a list of variants cannot draw from another", "Could the entry be written out?"
        else:
            message = f"“{found[0]}” stands where every draw has to be the same"
            hint = "A draw changes what people read, never the story: what should stand here in every play?"
        source.report("HS243", node, message, hint)


def _scalars(node: Node | None, lists: Node | None, inside: bool) -> Iterator[tuple[ScalarNode, bool]]:
    """Every single value and key of a file, and whether it stands in the lists of variants."""
    inside = inside or (node is not None and node is lists)
    if isinstance(node, ScalarNode):
        yield node, inside
    elif isinstance(node, MappingNode):
        for key, value in node.value:
            yield from _scalars(key, lists, inside)
            yield from _scalars(value, lists, inside)
    elif isinstance(node, SequenceNode):
        for value in node.value:
            yield from _scalars(value, lists, inside)


def _is_a_part(draft: Scenario, name: str) -> bool:
    return any(name in protocol.parts for protocol in draft.protocols.values())


def _key(draft: Scenario, name: str, reading: Reading) -> Node | None:
    node = reading.node(draft, "variants", name)
    return reading.source.keys.get(id(node), (None, None))[0] or node


def _lower(word: str) -> str:
    return word[:1].lower() + word[1:]
