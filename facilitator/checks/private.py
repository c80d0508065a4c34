"""What private questions are compared with has to exist (HS524 to HS526)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from facilitator.checks.decisions import scenes
from facilitator.checks.gates import Finding, Subject, rule
from simulator.inlining import inline
from simulator.model import Scenario, Scene
from simulator.reading.source import Node


@rule("HS524", draft="warning", publish="warning")
def no_account(subject: Subject) -> Iterator[Finding]:
    """Asked how distressing it was, and no way here says."""
    for node, ways in _asked(subject):
        if not any(ways):
            message = "it is asked how distressing that was, and no step that leads here says so"
            hint = (
                "How distressing was each step that leads here, by her own account? Write it as “distress:”, 0 to 10."
            )
            yield Finding(node, message, hint)


@rule("HS525", draft="notice", publish="notice")
def some_without_account(subject: Subject) -> Iterator[Finding]:
    """Asked how distressing it was, and after some steps nobody is, because they do not say."""
    for node, ways in _asked(subject):
        if any(ways) and not all(ways):
            message = (
                f"{ways.count(False)} of {len(ways)} ways here say nothing of distress, so nobody is asked after those"
            )
            yield Finding(node, message, "Is that meant, or should those steps have “distress:”, too?")


@rule("HS526", draft="warning", publish="warning")
def nobodys_duty(subject: Subject) -> Iterator[Finding]:
    """“Whose duty is this?”, and the scenario's own agreement has no such duty."""
    mou = subject.shelf.mou
    for scene in scenes(subject.read.draft):
        asked = scene.whose_duty
        if mou is not None and asked is not None and not any(duty in mou.duties for duty in asked.duty):
            yield Finding(
                subject.read.reading.node(asked, "duty"),
                f"“{mou.title}” has no such duty, so the answer is “nobody's” wherever this is played as written",
                "Is that the point here, or which of its duties is meant?",
            )


RULES = (no_account, some_without_account, nobodys_duty)


def _asked(subject: Subject) -> Iterator[tuple[Node | None, list[bool]]]:
    """Where it is asked how distressing the step before was, with whether each way there has an account."""
    scenario: Scenario = subject.read.draft
    if not any(scene.how_distressing for scene in scenes(scenario)):
        return
    played, origins = inline(scenario)
    told: set[int] = set()
    for name, scene in played.scenes.items():
        if scene.how_distressing is None:
            continue
        node = subject.read.reading.key(scenario, *origins[name], "how_distressing")
        if id(node) not in told:  # a protocol's scene is looked at where it is called first
            told.add(id(node))
            yield node, _ways(played.scenes, played.opening, name, frozenset())


def _ways(played: Mapping[str, Scene], opening: str, name: str, passed: frozenset[str]) -> list[bool]:
    """Whether each step that leads to a scene says how distressing it was, by itself or in a narration on the way."""
    found = [False] if name == opening else []
    for scene in played.values():
        if scene.ending is not None or (not scene.turn and scene.id in passed):
            continue
        leads = any(way.to == name for way in scene.to)
        if not scene.turn:
            if leads:
                own = scene.distress is not None
                before = _ways(played, opening, scene.id, passed | {name})
                found += [own or each for each in before]
        elif leads:  # a together scene: one step, of several actions
            found.append(any(action.distress is not None for action in scene.actions.values()))
        else:
            found += [
                action.distress is not None
                for action in scene.actions.values()
                if any(way.to == name for way in action.to)
            ]
    return found
