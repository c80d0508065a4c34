"""What an inject on the facilitator's shelf may be: one trigger, a time within the story, scenes in which somebody stands (HS25x)."""

from __future__ import annotations

from typing import Any

from scoring.clock import Span
from simulator.model import Inject, Scenario, Scene
from simulator.problems import did_you_mean
from simulator.reading.walk import Scope

TRIGGERS = ("at", "when", "by")
LONGEST = 366 * 1440  # minutes of story: no inject waits for more than a year


def inject_shape(inject: Inject, scope: Scope) -> None:
    """One trigger, a time within reason, and values that exist."""
    written = [key for key in TRIGGERS if scope.written(inject, key)]
    if len(written) != 1:
        found = " and ".join(f"“{key}”" for key in written) or "none of them"
        scope.report(
            "HS250",
            scope.reading.key(inject, written[1]) if written else scope.reading.key(inject),
            f"an inject comes by one of “at”, “when” and “by: hand”; this has {found}",
            "Does it come at a time, as soon as something holds, or when whoever runs the room brings it?",
        )
    if inject.at is not None and _least_minutes(inject.at) > LONGEST:
        scope.report(
            "HS251",
            scope.reading.node(inject, "at"),
            f"“{inject.at}” is more than a year into the story",
            "How long after the beginning should it come, such as “20 min” or “next day 08:00”?",
        )
    if inject.present == () and not inject.private and scope.written(inject, "present"):
        scope.report(
            "HS253",
            scope.reading.key(inject, "present"),
            "nobody sees it",
            "Which seats are there, or does one of them read something of its own (“private:”)?",
            severity="warning",
        )
    for status, value in inject.set.items():
        values = scope.names.statuses.get(status)
        if value and values is not None and value not in values:
            node = scope.reading.node(inject, "set", status)
            scope.report("HS207", node, f"“{status}” is never “{value}”", did_you_mean(value, values, "value"))


def check_places(scenario: Scenario, scope: Scope) -> None:
    """An inject waits for a scene in which somebody stands: one that is told, or called, is left in the same step."""
    for inject in scenario.injects.values():
        for at, name in enumerate(inject.scenes):
            scene = _scene(scenario, name)
            why = _not_stood_in(scene) if scene is not None else None
            if why is not None:
                scope.report(
                    "HS252",
                    scope.reading.node(inject, "in", at),
                    f"“{name}” {why}, so the inject never comes there",
                    "In which scene is somebody about to act when it comes?",
                )


def _scene(scenario: Scenario, name: str) -> Scene | None:
    """The scene of that name, as it is played: `CALL.SCENE` is one of a protocol."""
    if name in scenario.scenes:
        return scenario.scenes[name]
    call, _, inner = name.rpartition(".")
    calling: Any = _scene(scenario, call) if call else None
    protocol = scenario.protocols.get(calling.call or "") if calling is not None else None
    return protocol.scenes.get(inner) if protocol is not None else None


def _not_stood_in(scene: Scene) -> str | None:
    if scene.ending is not None:
        return "is an ending"
    if scene.call is not None:
        return f"calls a protocol, whose scenes are called {scene.id}.…"
    return "is told, and nobody acts in it" if not scene.turn else None


def _least_minutes(span: Span) -> int:
    if span.minutes is not None:
        return span.minutes
    return (span.business_days or 0) * 1440
