"""What a scenario trains, by the decisions that turn on it: topics, typical errors, dilemmas."""

from __future__ import annotations

from collections.abc import Mapping

from simulator.model import Scenario


def trained(scenario: Scenario) -> Mapping[str, tuple[str, ...]]:
    """Topic, error or dilemma → the scenes that turn on it, those of protocols by their own names, in the author's order."""
    found: dict[str, dict[str, None]] = {}
    for scene in (*scenario.scenes.values(), *(s for p in scenario.protocols.values() for s in p.scenes.values())):
        marks = [*scene.topics, *(action.error for action in scene.actions.values() if action.error)]
        if scene.judgement is not None and scene.judgement.dilemma:
            marks.append(scene.judgement.dilemma)
        for mark in marks:
            found.setdefault(mark, {})[scene.id] = None
    return {mark: tuple(where) for mark, where in found.items()}
