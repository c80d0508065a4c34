"""A walk through a model object that looks up every name in it, driven by the reference tables.

For each class the fields worth visiting are worked out once; most of a scenario is passed over at full speed.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Container, Iterable, Mapping
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from scoring.clock import Span
from scoring.conditions import BadCondition, Condition, Names, check
from simulator.problems import Severity, did_you_mean
from simulator.reading.convert import bare_optional, file_key
from simulator.reading.places import Reading
from simulator.reading.source import Node
from simulator.references import KEYS, VALUES, names_what

CODES = {
    "seat": "HS201", "actor": "HS201", "role": "HS202", "scene": "HS203", "fact": "HS204", "meter": "HS205",
    "status": "HS206", "item": "HS208", "release": "HS209", "principle": "HS210", "need": "HS211",
    "topic": "HS212", "party": "HS213", "duty": "HS213", "line": "HS213", "rule": "HS213", "any duty": "HS213", "mou": "HS214",
    "jurisdiction": "HS214", "framework": "HS214", "protocol": "HS215", "item kind": "HS216",
    "error": "HS219", "dilemma": "HS219",
}  # fmt: skip
_LABELS = {"actor": "seat", "mou": "MOU", "rule": "duty or line", "any duty": "duty"}

Hook = Callable[[Any, "Scope"], None]
Visit = Callable[[Any, Any, "Scope"], None]


class Scope:
    """The names that exist where the walk is: by kind, and for conditions. A kind that is not listed is not judged."""

    def __init__(
        self,
        reading: Reading,
        known: Mapping[str, Container[str]],
        names: Names,
        hooks: Mapping[type, Hook],
    ) -> None:
        self.reading, self.known, self.names, self.hooks = reading, known, names, hooks

    def report(
        self,
        code: str,
        node: Node | None,
        message: str,
        hint: str = "",
        *,
        severity: Severity = "error",
        related: tuple[tuple[Node, str], ...] = (),
    ) -> None:
        self.reading.source.report(code, node, message, hint, severity=severity, related=related)

    def written(self, thing: object, key: str) -> bool:
        """Whether the file has this key at all."""
        return self.reading.node(thing, key) is not self.reading.node(thing)

    def spoiled(self, thing: object, key: str) -> bool:
        """Whether the key is there and could not be read: then nothing follows from what it seems to hold."""
        if not self.reading.source.problems:
            return False
        node = self.reading.node(thing, key)
        if node is None or not self.written(thing, key):
            return False
        first = (self.reading.source.keys.get(id(node), (None, None))[0] or node).start_mark
        begin, end = (first.line + 1, first.column + 1), (node.end_mark.line + 1, node.end_mark.column + 1)
        return any(
            problem.code.startswith("HS1") and begin <= (problem.line, problem.column) <= end
            for problem in self.reading.source.problems
        )

    def missing(self, kind: str, name: str, node: Node | None) -> None:
        """Report a name that leads nowhere."""
        if self.reading.source.full:
            return None
        label = _LABELS.get(kind, kind)
        known = self.known[kind]
        choices = sorted(known) if isinstance(known, Iterable) else ()
        if kind == "role" and name == "advocate":
            return self.report(
                "HS220",
                node,
                "there is no role “advocate”: the law asks which kind",
                "Do you mean “community-advocate”, who needs a release to tell anything, or a police-based victim "
                "specialist, whose notes are police records?",
            )
        return self.report(CODES[kind], node, f"there is no {label} “{name}”", did_you_mean(name, choices, label))


def walk(thing: Any, scope: Scope) -> None:
    """Look up every name in `thing` and below it, and run the hooks of the classes on the way."""
    hook = scope.hooks.get(thing.__class__)
    if hook is not None:
        hook(thing, scope)
    for name, visit in plan(thing.__class__):
        value = getattr(thing, name)
        if value:
            visit(thing, value, scope)


@cache
def plan(cls: type) -> tuple[tuple[str, Visit], ...]:
    """The fields of a class that are worth visiting, and how."""
    hints = get_type_hints(cls)
    found = []
    for field in dataclasses.fields(cls):
        wanted, _ = bare_optional(hints[field.name])
        key = file_key(field)
        if kind := names_what(KEYS, cls, field.name):
            found.append((field.name, _keys(kind, key)))
        if kind := names_what(VALUES, cls, field.name):
            found.append((field.name, _references(kind, key, wanted)))
        elif wanted is Condition:
            found.append((field.name, _condition(key)))
        elif below := _below(wanted):
            found.append((field.name, below))
    return tuple(found)


def _below(wanted: Any) -> Visit | None:
    """How to go down into a field that holds model objects."""
    origin = get_origin(wanted)
    if dataclasses.is_dataclass(wanted) and wanted is not Span:
        return lambda thing, value, scope: walk(value, scope)
    if origin is tuple and dataclasses.is_dataclass(get_args(wanted)[0]):
        return _each
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _each_value if dataclasses.is_dataclass(get_args(wanted)[1]) else None
    return None


def _each(thing: Any, value: Any, scope: Scope) -> None:
    for each in value:
        walk(each, scope)


def _each_value(thing: Any, value: Any, scope: Scope) -> None:
    for each in value.values():
        walk(each, scope)


def _references(kind: str, key: str, wanted: Any) -> Visit:
    def one(thing: Any, value: str, scope: Scope) -> None:
        known = scope.known.get(kind)
        if known is not None and value not in known:
            scope.missing(kind, value, scope.reading.node(thing, key))

    def many(thing: Any, value: tuple[str, ...], scope: Scope) -> None:
        known = scope.known.get(kind)
        if known is not None:
            for at, name in enumerate(value):
                if name and name not in known:
                    scope.missing(kind, name, scope.reading.node(thing, key, at))

    def mapped(thing: Any, value: Mapping[str, Any], scope: Scope) -> None:
        known = scope.known.get(kind)
        if known is not None:
            for under, names in value.items():
                for at, name in enumerate(names if isinstance(names, tuple) else (names,)):
                    if name and name not in known:
                        scope.missing(kind, name, scope.reading.node(thing, key, under, at))

    if wanted is str:
        return one
    return many if get_origin(wanted) is tuple else mapped


def _keys(kind: str, key: str) -> Visit:
    def visit(thing: Any, value: Mapping[str, Any], scope: Scope) -> None:
        known = scope.known.get(kind)
        if known is not None:
            for name in value:
                if name not in known:
                    scope.missing(kind, name, scope.reading.key(thing, key, name))

    return visit


def _meant(message: str) -> str:
    """The kind of thing a condition's problem is about, by its message."""
    if found := re.match("there is no (.+?) “", message):
        return found[1]
    return "legal switch" if "switch" in message else "value" if "is never" in message else "fact"


def _condition(key: str) -> Visit:
    def visit(thing: Any, value: Condition, scope: Scope) -> None:
        try:
            check(value, scope.names)
        except BadCondition as error:
            hint = "Is a comparison missing, or did you mean something else?"
            if error.name:
                hint = did_you_mean(error.name, error.known, _meant(str(error)))
            node = scope.reading.node(thing, key)
            scope.reading.source.report(
                "HS217", node, str(error), hint, offset=error.column, length=len(error.name or "") or 1
            )

    return visit
