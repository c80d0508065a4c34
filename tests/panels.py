"""Panels for tests: votes that are enough, or nearly, on a question."""

from __future__ import annotations

from scoring.panel import Vote
from simulator.library import Bundle
from simulator.log import Store
from simulator.panel import Question, questions


def votes(option: str, reason: str = "", **disciplines: int) -> list[Vote]:
    """So many votes of each discipline for an option, the first with a reason."""
    found = [Vote(option=option, discipline=name) for name, count in disciplines.items() for _ in range(count)]
    return [Vote(option=option, discipline=found[0].discipline, reason=reason), *found[1:]] if found else []


def asked(bundle: Bundle) -> Question:
    """The one question that a panel is asked of this scenario."""
    [question] = questions(bundle.scenario, bundle.vocabulary)
    return question


def collect(store: Store, bundle: Bundle, cast: list[Vote]) -> None:
    """Have a panel vote on the scenario's one question, each under an alias of their own."""
    question = asked(bundle)
    for number, vote in enumerate(cast):
        store.vote(bundle.scenario.id, question.scene, question.digest, vote, f"Panelist{number}")
