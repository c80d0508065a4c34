"""`allow:` in a scenario: problems that the author has seen and stands by, each with its reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from facilitator.checks.gates import Finding, Gate, Rule, Subject, run
from facilitator.checks.review import blank
from simulator.model import Allowance, Scenario
from simulator.problems import Problem, codes, did_you_mean
from simulator.reading.source import MappingNode, Node, Source

NEVER = frozenset({"HS601", "HS701", "HS708"})  # care and sign-off are nobody's to wave through
BY_READING = frozenset({"HS258", "HS301", "HS306"})  # the warnings that come with reading a file


def allowed(
    subject: Subject, problems: Iterable[Problem], gate: Gate, looked_for: Collection[str]
) -> tuple[Problem, ...]:
    """The problems that are left, with those of the allowances themselves.

    `looked_for`: the codes that would have been found; an allowance for another one is not called idle.
    """
    draft = subject.read.draft
    if not isinstance(draft, Scenario):
        return tuple(problems)
    left = tuple(problems)
    faults: list[Finding] = []
    idle: list[Finding] = []
    for each in draft.allow:
        if fault := _fault(each):
            faults.append(Finding(subject.read.reading.node(each), *fault))
            continue
        kept = tuple(problem for problem in left if not _covers(each, problem, subject.read.source))
        if len(kept) == len(left) and each.code in looked_for:
            message = f"{each.code} is allowed, and nothing here would be told about it"
            idle.append(Finding(subject.read.reading.node(each), message, "Was it mended since? Then this can go."))
        left = kept
    rules = (
        Rule("HS708", "warning", "error", lambda _: faults),
        Rule("HS709", "notice", "notice", lambda _: idle),
    )
    return (*left, *run(rules, subject, gate))


def _fault(allowance: Allowance) -> tuple[str, str] | None:
    """What is wrong with an allowance, and a question; None if it may stand."""
    code = allowance.code
    if code not in codes():
        return f"there is no code “{code}”", did_you_mean(code, codes(), "code", fixed=True)
    if code in NEVER or code.startswith(("HS1", "HS2")):  # what cannot be read, or has no meaning
        return f"{code} cannot be allowed", "Could it be mended instead?"
    if blank(allowance.because):
        return f"{code} is allowed without a reason", "Why is it right here? Whoever signs the file off will ask."
    return None


def _covers(allowance: Allowance, problem: Problem, source: Source) -> bool:
    if problem.code != allowance.code:
        return False
    spans = [span for name in allowance.at for span in _spans(source, name)]
    return not allowance.at or any(first <= problem.line <= last for first, last in spans)


def _spans(source: Source, name: str) -> list[tuple[int, int]]:
    """The lines of the entries of that name, first and last, from 1."""

    def last(value: Node) -> int:
        end = value.end_mark  # of a block it is the beginning of what comes next, which is not part of it
        return end.line + bool(source.line(end.line + 1)[: end.column].strip())

    return [
        (key.start_mark.line + 1, last(value))
        for node in _mappings(source)
        for key, value in node.value
        if key.value == name
    ]


def _mappings(source: Source) -> list[MappingNode]:
    """Every mapping of the file, once."""
    parents = {id(parent): parent for _, parent in source.keys.values() if isinstance(parent, MappingNode)}
    return list(parents.values())
