"""The rules of `check` that need every state of a scenario looked at (HS307 and on, HS4xx, HS506, HS508).

Exploring takes about a second; what was proven of a scenario is kept, and proven anew only if something else than its prose
has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from facilitator.checks.gates import Find, Finding, Rule, Subject
from facilitator.checks.knowing import RULES as BY_TEXT
from facilitator.checks.proof import Proof
from facilitator.checks.setting import Setting
from facilitator.untriggered import findings
from simulator.library import Library
from simulator.problems import Severity

Prover = Callable[[Setting], Sequence[Proof]]

# How much each counts in a draft and at publish, and in its graver cases. What would teach harm is held back at publish.
SEVERITIES: Final[tuple[tuple[str, Severity, Severity, bool], ...]] = (
    ("HS307", "warning", "warning", False),
    ("HS308", "warning", "error", False),
    ("HS309", "warning", "warning", False),
    ("HS310", "warning", "warning", False),
    ("HS311", "notice", "notice", False),
    ("HS401", "warning", "warning", False),
    ("HS402", "notice", "notice", False),
    ("HS402", "warning", "warning", True),
    ("HS403", "warning", "error", False),
    ("HS404", "warning", "error", False),
    ("HS407", "warning", "error", False),
    ("HS408", "warning", "warning", False),
    ("HS410", "warning", "error", False),
    ("HS506", "warning", "warning", False),
    ("HS508", "warning", "warning", False),
    ("HS520", "warning", "warning", False),
    ("HS521", "warning", "warning", False),
)
CODES = frozenset({"HS409", *(rule.code for rule in BY_TEXT), *(code for code, *_ in SEVERITIES)})


def scenario_rules(setting: Setting | None, prover: Prover) -> tuple[Rule, ...]:
    """The rules for one scenario. Without a setting, since what it leans on has problems, only those read from the text."""
    if setting is None:
        return BY_TEXT
    known: list[Sequence[Proof]] = []  # proven once, when the first rule asks

    def proven() -> Sequence[Proof]:
        if not known:
            known.append(prover(setting))
        return known[0]

    return (
        *BY_TEXT,
        *(Rule(code, draft, publish, _of(code, grave, proven)) for code, draft, publish, grave in SEVERITIES),
    )


def _of(code: str, grave: bool, proven: Callable[[], Sequence[Proof]]) -> Find:
    def find(subject: Subject) -> Iterator[Finding]:
        return (proof.finding(subject) for proof in proven() if proof.code == code and proof.grave == grave)

    return find


def mou_rules(library: Library) -> tuple[Rule, ...]:
    """The rules for an agreement that need the library's scenarios."""

    def untriggered(subject: Subject) -> Iterator[Finding]:
        for node, message, hint in findings(subject.read, library):
            yield Finding(node, message, hint)

    return (Rule("HS409", "notice", "notice", untriggered),)
