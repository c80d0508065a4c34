"""What a rule of `handoff check` is made of, and what it lets through two gates.

*draft*: the file can be previewed. *publish*: it can be played in a workshop. An error fails at either gate, a warning
fails at publish, a notice never does; a rule says how much its code counts at each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal

from facilitator.checks.texts import Prose, prose
from simulator.problems import Problem, Severity
from simulator.reading import Read
from simulator.reading.shelf import Shelf
from simulator.reading.source import Node
from simulator.variants import filled, whole, words

Gate = Literal["draft", "publish"]


@dataclass(frozen=True)
class Subject:
    """What is examined: one sound file as it was read, what stands beside it, and which day it is."""

    read: Read
    shelf: Shelf
    today: date

    @cached_property
    def prose(self) -> tuple[Prose, ...]:
        """Every text of a scenario that somebody will read."""
        return tuple(prose(self.read.draft))

    def told(self, text: str) -> str:
        """A text as a play of the first draw tells it, whose names may be longer or shorter than their placeholders."""
        return filled(text, self._words) if "{" in text else text

    @cached_property
    def _words(self) -> Mapping[str, str]:
        variants = getattr(self.read.draft, "variants", {})
        return words(variants, whole(variants, {}))


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a rule has to say, and the node of the file it is said about.

    `offset`, `length`: the part of that node's text that is meant, in characters, blanks folded. None: all of it.
    """

    node: Node | None
    message: str
    hint: str
    related: tuple[tuple[Node | None, str], ...] = field(default=(), kw_only=True)
    offset: int = field(default=0, kw_only=True)
    length: int | None = field(default=None, kw_only=True)


Find = Callable[[Subject], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One code: how it is found, and how much it counts at each gate."""

    code: str
    draft: Severity
    publish: Severity
    find: Find

    def severity(self, gate: Gate) -> Severity:
        return self.draft if gate == "draft" else self.publish


def rule(code: str, *, draft: Severity, publish: Severity) -> Callable[[Find], Rule]:
    """Makes a rule of a function that finds one code."""
    return lambda find: Rule(code, draft, publish, find)


def fails(problem: Problem, gate: Gate) -> bool:
    """Whether a file with this problem is held back at the gate."""
    return problem.severity == "error" or (gate == "publish" and problem.severity == "warning")


def run(rules: Iterable[Rule], subject: Subject, gate: Gate) -> tuple[Problem, ...]:
    """What the rules find, as problems with their places. The file's own list of problems stays as it was."""
    subject.read.source.keys  # noqa: B018 - worked out once, on the original, which every check of it shares
    page = copy(subject.read.source)
    problems: list[Problem] = []
    for each in rules:
        page.problems = []  # each rule has its own, so that no flood of one hides the others
        for found in each.find(subject):
            page.report(
                each.code,
                found.node,
                found.message,
                found.hint,
                severity=each.severity(gate),
                related=tuple((node, text) for node, text in found.related[:8] if node is not None),
                offset=found.offset,
                length=found.length,
            )
        problems += page.problems
    return tuple(problems)
