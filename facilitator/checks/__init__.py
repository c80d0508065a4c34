"""Rules about what a file says, beyond whether it can be read: fairness, care and language, sources and review.

`examine` is all of it. What needs the graph's states explored is brought along by the caller as further rules.
"""

from __future__ import annotations

from collections.abc import Sequence

from facilitator.checks import draws, fairness, language, private, review, shelf, training
from facilitator.checks.gates import Finding, Gate, Rule, Subject, fails, rule, run
from facilitator.checks.suppress import BY_READING, allowed
from simulator.problems import Problem

__all__ = ["Finding", "Gate", "Rule", "Subject", "examine", "fails", "rule", "rules_for"]

_OF_LAWS = (review.no_citation, review.out_of_date)
RULES: dict[str, tuple[Rule, ...]] = {
    "scenario": (
        *fairness.RULES,
        *language.RULES,
        draws.read_alike,
        *private.RULES,
        *shelf.RULES,
        training.only_named,
        training.an_error_that_is_none,
        *(rule for rule in review.RULES if rule not in _OF_LAWS),
    ),
    "mou": (review.sign_off_missing, review.sign_off_awaited, review.out_of_date),
    "jurisdiction": _OF_LAWS,
    "vocabulary": _OF_LAWS,
    "framework": (),
}


def rules_for(kind: str | None) -> tuple[Rule, ...]:
    """The rules a file of this kind is examined by."""
    return RULES.get(kind or "", ())


def examine(subject: Subject, gate: Gate = "draft", more: Sequence[Rule] = ()) -> tuple[Problem, ...]:
    """Every problem of a file that was read and checked, in the order of the file.

    A file that cannot be read has only its reading problems. `more`: further rules, for this file's kind.
    """
    read = subject.read
    if not read.sound or read.draft is None:
        return read.problems
    rules = (*rules_for(read.kind), *more)
    found = (*read.problems, *run(rules, subject, gate))
    looked_for = BY_READING | {rule.code for rule in rules}
    left = allowed(subject, found, gate, looked_for)
    return tuple(sorted(left, key=lambda problem: (problem.line, problem.column, problem.code)))
