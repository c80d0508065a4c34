"""The decisions of a scenario as its author wrote them: who chooses, among what, and what is rated best."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from simulator.model import CHANCE, Action, Scenario, Scene


@dataclass(frozen=True, slots=True)
class Decision:
    """A seat, or a protocol's part, with at least two things to do in a scene; guards are not looked at."""

    scene: Scene
    seat: str
    options: tuple[Action, ...]

    @property
    def keyed(self) -> bool:
        """Whether the ratings tell a better option from a worse one. A judgement scene has no key."""
        return self.scene.judgement is None and len({total(option) for option in self.options}) > 1

    @property
    def best(self) -> tuple[Action, ...]:
        high = max(map(total, self.options))
        return tuple(option for option in self.options if total(option) == high)


def total(option: Action) -> int:
    """An option's ratings added over all principles."""
    return sum(option.practice.values())


def scenes(scenario: Scenario) -> Iterator[Scene]:
    """Every scene of the file, those of protocols once."""
    yield from scenario.scenes.values()
    for protocol in scenario.protocols.values():
        yield from protocol.scenes.values()


def decisions(where: Iterable[Scene]) -> tuple[Decision, ...]:
    """The decisions in these scenes, in the author's order."""
    found = []
    for scene in where:
        for seat in scene.turn:
            alone = len(scene.turn) == 1
            options = tuple(option for option in scene.actions.values() if alone or option.seat == seat)
            if seat != CHANCE and len(options) > 1:
                found.append(Decision(scene, seat, options))
    return tuple(found)


def luck(chances: Iterable[float], hits: int) -> float:
    """How likely it is to hit at least so often, trying once with each of these chances."""
    exactly = [1.0]
    for chance in chances:
        exactly = [
            miss * (1 - chance) + hit * chance for miss, hit in zip([*exactly, 0.0], [0.0, *exactly], strict=True)
        ]
    return sum(exactly[hits:])
