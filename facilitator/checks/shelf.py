"""What the facilitator's shelf says to whoever runs the room (HS522)."""

from __future__ import annotations

from collections.abc import Iterator

from facilitator.checks.gates import Finding, Subject, rule
from simulator.model import Scenario


@rule("HS522", draft="notice", publish="notice")
def nothing_expected(subject: Subject) -> Iterator[Finding]:
    scenario: Scenario = subject.read.draft
    for inject in scenario.injects.values():
        if inject.by == "hand" and not inject.expected.strip():
            yield Finding(
                subject.read.reading.key(inject),
                f"the shelf does not say what a pair is expected to do when “{inject.id}” comes",
                "What would you look out for in the room (“expected:”)?",
            )


RULES = (nothing_expected,)
