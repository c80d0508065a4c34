"""Whether what a file claims to train turns a decision in it: topics (HS509) and typical errors (HS510)."""

from __future__ import annotations

from collections.abc import Iterator

from facilitator.checks.decisions import Decision, decisions, scenes, total
from facilitator.checks.gates import Finding, Subject, rule
from simulator.model import Scenario, Scene


@rule("HS509", draft="warning", publish="warning")
def only_named(subject: Subject) -> Iterator[Finding]:
    scenario: Scenario = subject.read.draft
    reading = subject.read.reading
    turned: set[str] = set()
    for scene in scenes(scenario):
        if scene.topics and not turns(scene):
            yield Finding(
                reading.key(scene, "topics"),
                "topics stand here, and no choice in this scene is better than another",
                "Which scene do these topics turn on?",
            )
        turned.update(scene.topics)
    for topic in scenario.topics:
        if topic not in turned:
            yield Finding(
                reading.key(scenario, "topics"),
                f"no decision says that it turns on “{topic}”",
                "Which scene trains it? Name it there under `topics:`, or leave it out here.",
            )
    for topic in sorted(turned - set(scenario.topics)):
        yield Finding(
            reading.key(scenario, "topics"),
            f"a decision turns on “{topic}”, and the scenario does not name it",
            "Does it belong in the list?",
        )


def turns(scene: Scene) -> bool:
    """Whether there is something to weigh in a scene: options rated unlike, or a dilemma."""
    return scene.judgement is not None or any(decision.keyed for decision in decisions([scene]))


@rule("HS510", draft="warning", publish="warning")
def an_error_that_is_none(subject: Subject) -> Iterator[Finding]:
    for decision in decisions(scenes(subject.read.draft)):
        for option in decision.options:
            if option.error is not None and not _costs(decision, total(option)):
                yield Finding(
                    subject.read.reading.key(option, "error"),
                    f"this is named a typical error ({option.error}), and nothing here is rated better",
                    "What would have been the better act?",
                )


def _costs(decision: Decision, rating: int) -> bool:
    return decision.scene.judgement is None and rating < max(map(total, decision.options))
