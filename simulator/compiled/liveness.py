"""What a state must keep in each scene, so that it forgets everything else.

Why this is sound is told in ARCHITECTURE.md. A field is needed in a scene if some program from there reads it, or changes
another needed field by it, before it is overwritten. Programs are run once on no rows to see what they read. A rule is alive where
something ahead may still ask it, or where its deadline may still pass.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from simulator.compiled.draft import Draft
from simulator.compiled.each import Each
from simulator.compiled.fields import Field
from simulator.compiled.must import Must
from simulator.compiled.order import most_on_a_way
from simulator.compiled.rules import Rule

if TYPE_CHECKING:
    from simulator.compiled.machine import Machine


class Liveness:
    """The analysis of one machine. Everything in it is known before the first state is made."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.leads_to, self.parts = machine.leads_to, machine.parts
        self._touches()
        # The most story minutes from entering a scene to an ending; None where a loop may take any time.
        self.most_minutes = most_on_a_way(self.leads_to, self.parts, self._longest_action)
        self._timed: dict[str, tuple[Rule, ...]] = {}
        self._retiring: dict[tuple[str, str], tuple[Rule, ...]] = {}
        self._longest: dict[str, tuple[tuple[Field, int], ...]] = {}
        self._needed: dict[str, frozenset[str]] | None = None  # None: still being found out; all count
        self._masks: dict[str, tuple[int, ...]] = {}

    def analyse(self) -> None:
        """Run every program on no rows, and find out what each scene needs."""
        self._needed = self._analyse()

    # --- asked while programs run -------------------------------------------------------------------------------------

    def needs(self, scene: str, field: Field) -> bool:
        """Whether a state in this scene must keep the field."""
        return self._needed is None or field.name in self._needed[scene]

    def needed(self, scene: str) -> frozenset[str]:
        """The fields a state in this scene keeps."""
        assert self._needed is not None
        return self._needed[scene]

    def forget(self, scene: str, name: str) -> None:
        """Drop a field though the scene needs it: for tests, which show that this is noticed. Before the first state is made."""
        assert self._needed is not None
        self._needed[scene] -= {name}

    def mask(self, scene: str) -> tuple[int, ...]:
        """Per word, the bits a state keeps on entering this scene."""
        if self._needed is None:
            return (0,) * self.machine.memory.layout.words
        found = self._masks.get(scene)
        if found is None:
            found = self._masks[scene] = self.machine.memory.layout.masks(self._needed[scene])
        return found

    def alive(self, scene: str, rule: Rule) -> bool:
        """Whether something may still become of the rule after a state in this scene; everything may before the first."""
        if not scene:
            return True
        if self.touched[scene] >> rule.number & 1:
            return True
        return rule.timed and not self.machine.game.scenes[scene].ending

    def timed(self, scene: str) -> tuple[Rule, ...]:
        """The rules whose countdowns go on in steps from this scene."""
        found = self._timed.get(scene)
        if found is None:
            rules = self.machine.rules
            timed = [r for r in rules if r.timed and scene and self.alive(scene, r)]
            found = self._timed[scene] = tuple(r for r in timed if isinstance(r, Must | Each))
        return found

    def retiring(self, source: str, to: str) -> tuple[Rule, ...]:
        """The rules of which, on the way from one scene to another, it becomes certain that nothing will ask them again."""
        found = self._retiring.get((source, to))
        if found is None:
            found = tuple(
                rule
                for rule in self.machine.rules
                if self.alive(source, rule) and not self.touched[to] >> rule.number & 1
            )
            self._retiring[source, to] = found
        return found

    def longest(self, scene: str) -> tuple[tuple[Field, int], ...]:
        """Countdowns that can be longer than anything ahead takes, with what then counts as never."""
        most = self.most_minutes[scene]
        if most is None or self._needed is None:
            return ()
        found = self._longest.get(scene)
        if found is None:
            names = [name for name in self._needed[scene] if "timer " in name or name.startswith("expires ")]
            fields = self.machine.memory.layout.fields
            found = tuple((fields[n], most + 1) for n in sorted(names) if fields[n].mask > most + 1)
            self._longest[scene] = found
        return found

    # --- found out once -----------------------------------------------------------------------------------------------

    def _touches(self) -> None:
        """Which rules something in a scene, or after it, may ask; a bit each."""
        machine = self.machine
        own: dict[str, int] = {}
        for scene in machine.game.scenes.values():
            effects = [action.effects for action in scene.actions.values()]
            if scene.narration and scene.effects is not None:
                effects.append(scene.effects)
            own[scene.id] = 0
            for each in effects:
                for rule in machine.asked(each):
                    own[scene.id] |= 1 << rule.number
        self.touched: dict[str, int] = {}
        for part in self.parts:
            found = 0
            for scene_id in part:
                found |= own[scene_id]
                for to in self.leads_to[scene_id]:
                    found |= self.touched.get(to, 0)
            for scene_id in part:
                self.touched[scene_id] = found

    def _longest_action(self, scene_id: str) -> int:
        """The most story minutes that a step may spend in this scene."""
        scene = self.machine.game.scenes[scene_id]
        effects = [action.effects for action in scene.actions.values()]
        if scene.narration and scene.effects is not None:
            effects.append(scene.effects)
        longest = self.machine.memory.longest
        return max((e.minutes if e.until is None else longest(e.until) for e in effects), default=0)

    def _analyse(self) -> dict[str, frozenset[str]]:
        machine = self.machine
        names = list(machine.memory.layout.fields)
        bit = {name: 1 << n for n, name in enumerate(names)}

        def bits(found: Iterator[str] | frozenset[str] | set[str]) -> int:
            total = 0
            for name in found:
                total |= bit[name]
            return total

        kept = bits(machine.keep)
        needed = dict.fromkeys(machine.game.scenes, kept)
        programs: dict[str, list[tuple[str, int, int, list[tuple[int, int]]]]] = {}
        for scene in machine.game.scenes.values():
            if scene.narration or scene.ending:
                continue
            guards, ways = self._trace(scene.id)
            needed[scene.id] |= bits(guards)
            programs[scene.id] = [
                (
                    to,
                    bits(reads.get(None, set())),
                    bits(changed),
                    [(bit[target.name], bits(read)) for target, read in reads.items() if target is not None],
                )
                for to, reads, changed in ways
            ]
        # Endings first; within a loop until nothing changes.
        for part in self.parts:
            again = True
            while again:
                again = False
                for scene_id in part:
                    now = needed[scene_id]
                    for to, always, changed, for_target in programs.get(scene_id, ()):
                        after = needed[to]
                        now |= always | (after & ~changed)
                        for target, read in for_target:
                            if after & target:
                                now |= read
                    if now != needed[scene_id]:
                        needed[scene_id] = now
                        again = len(part) > 1 or scene_id in self.leads_to[scene_id]
            # A narration stands between two scenes of a loop; programs know only where they arrive.
        return {scene: frozenset(n for n in names if found & bit[n]) for scene, found in needed.items()}

    def _trace(self, scene_id: str) -> tuple[set[str], list[tuple[str, dict[Field | None, set[str]], set[str]]]]:
        """What the scene's guards read; and for each way a program may end: where, what it read for what, what it changed."""
        machine = self.machine
        scene = machine.game.scenes[scene_id]
        empty = [np.zeros(0, dtype=np.int64) for _ in range(machine.memory.layout.words)]
        guards = Draft(empty, None, scene_id, tracing=True)
        for name in scene.actions:
            guard = machine.guards.get((scene_id, name))
            if guard is not None:
                guard(guards)
        ways = []
        for move in machine.moves[scene_id]:
            d = Draft(empty, None, scene_id, tracing=True)
            for to, part in machine.take(d, scene, move):
                machine.settle_lines(part, scene_id, to)
                machine.settle_duties(part, scene_id, to)
                ways.append((to, part.reads, {field.name for field in part.changed}))
        return guards.reads.get(None, set()), ways
