"""What is proven of injects: that each can come (HS520), and that none breaks a rule by itself (HS521).

Injects by hand are no moves of a story, so what only they lead to lies beyond what plays come to of themselves: `Beyond`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from facilitator.checks.proof import Proof
from facilitator.checks.setting import Setting
from scoring.rules import Line
from simulator.compiled.graph import Block, Graph
from simulator.compiled.machine import Machine
from simulator.compiled.preparing import Brought
from simulator.game import Game, PlayInject
from simulator.model import Effects
from simulator.outlook.witness import Ways

Key = tuple[str, str]  # scene and action


@dataclass(slots=True)
class Beyond:
    """What plays come to if injects may be brought by hand wherever they may come: scenes, actions that are open, and closed."""

    scenes: set[str] = field(default_factory=set)
    opened: set[Key] = field(default_factory=set)
    closed: set[Key] = field(default_factory=set)

    @classmethod
    def of(cls, graphs: Iterable[Graph]) -> Beyond:
        """`graphs`: with injects by hand. A narration counts as come to wherever an open action may lead through it."""
        found = cls()
        for graph in graphs:
            for block in graph.blocks:
                found.scenes.add(block.scene)
                found._look_at(graph.machine, block)
        return found

    def _look_at(self, machine: Machine, block: Block) -> None:
        scene = machine.game.scenes[block.scene]
        rows = {name: np.zeros(block.size, dtype=bool) for name in scene.actions}
        for edges in block.edges:
            for _, action in edges.move.acts:
                if action.id in rows:
                    rows[action.id] |= edges.to >= 0
        for name, where in rows.items():
            if where.any():
                self.opened.add((block.scene, name))
                route = scene.route if len(scene.seats) > 1 else scene.actions[name].route
                self.scenes |= machine.narrations_after(route)
            if not where.all():
                self.closed.add((block.scene, name))


def everywhere(game: Game) -> Brought:
    """Every inject by hand that brings anything about, in each scene that it may come in; mere words make nothing possible."""
    stood = [scene for scene in game.scenes.values() if not scene.narration]
    by_hand = [inject for inject in game.injects.values() if inject.by_hand and inject.inject.effects != Effects()]
    return frozenset((inject.id, scene.id) for inject in by_hand for scene in stood if inject.may_come_in(scene))


def proofs(setting: Setting, stories: Sequence[Ways], beyond: Beyond | None) -> Iterator[Proof]:
    """`stories`: one for each of the setting's games, complete. `beyond` None: it is not known what injects by hand lead to."""
    come = {name for ways in stories for name in came(ways.graph)}
    for inject in setting.game.injects.values():
        if inject.by_hand:
            stood = (beyond.scenes if beyond is not None else set()) | {
                block.scene for w in stories for block in w.graph.blocks
            }
            never = beyond is not None and bool(inject.scenes) and not inject.scenes & stood
        else:
            # What only an inject by hand makes true may bring another.
            never = inject.id not in come and not any(each.by_hand for each in setting.game.injects.values())
        if never:
            what = (
                "no play stands in any of its scenes" if inject.by_hand else "no play ever comes to where it falls due"
            )
            yield Proof(
                "HS520",
                ("injects", inject.id),
                f"“{inject.id}” never comes: {what}",
                "What should bring it, in which scene, or can it go?",
            )
        yield from _breaks(setting.game, inject)


def came(graph: Graph) -> set[str]:
    """The injects that come by themselves in some play."""
    edges = (each for block in graph.blocks for each in block.edges)
    return {*graph.initial_injected, *(inject for each in edges for inject, _ in each.injected)}


def _breaks(game: Game, inject: PlayInject) -> Iterator[Proof]:
    recorded = inject.effects.records
    for watcher in game.watchers.values():
        rule = watcher.rule
        if rule.never is not None and watcher.played and watcher.goal_fact in recorded:
            what = "crosses a line" if isinstance(rule, Line) else "breaks a duty"
            yield Proof(
                "HS521",
                ("injects", inject.id, "records"),
                f"“{watcher.goal_fact}” {what} that nobody in the play can keep then: {rule.text}",
                "Could it record something of its own, and leave what must not happen to what people do?",
            )
