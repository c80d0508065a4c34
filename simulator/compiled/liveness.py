"""What a state must keep in each scene, so that it forgets everything else.

Why this is sound is told in ARCHITECTURE.md. A field is needed in a scene if some program from there reads it, or changes
another needed field by it, before it is overwritten. Programs are run once on no rows to see what they read. A rule is alive where
something ahead may still ask it, or where its deadline may still pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simulator.compiled.draft import Draft
from simulator.compiled.each import Each
from simulator.compiled.fields import Field
from simulator.compiled.must import Must
from simulator.compiled.order import components, most_on_a_way
from simulator.compiled.rules import Rule

if TYPE_CHECKING:
    from simulator.compiled.machine import Machine
    from simulator.compiled.preparing import Move


class Liveness:
    """The analysis of one machine. Everything in it is known before the first state is made."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.leads_to, self.parts = machine.leads_to, machine.parts
        self._touches()
        # The most story minutes from entering a scene to an ending; None where a loop may take any time.
        self.most_minutes = self._with_injects(self._most_minutes())
        self._timed: dict[str, tuple[Rule, ...]] = {}
        self._retiring: dict[tuple[str, str], tuple[Rule, ...]] = {}
        self._longest: dict[str, tuple[tuple[Field, int], ...]] = {}
        self._needed: dict[str, frozenset[str]] | None = None  # None: still being found out; all count
        self._masks: dict[str, tuple[int, ...]] = {}
        self._tells: dict[tuple[str, tuple[str, ...]], frozenset[str]] = {}
        self._spent: dict[str, list[tuple[str, str]]] = {}
        self._spent_fields: dict[str, tuple[tuple[Field, tuple[Field, ...]], ...]] = {}

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
            kept = self.machine.keep  # an episode after this one may take longer
            names = [n for n in self._needed[scene] - kept if "timer " in n or n.startswith("expires ")]
            fields = self.machine.memory.layout.fields
            found = tuple((fields[n], most + 1) for n in sorted(names) if fields[n].mask > most + 1)
            self._longest[scene] = found
        return found

    def at_start(self, followed: frozenset[str]) -> frozenset[str]:
        """The fields of which a play's beginning reads what was carried over, or which it hands on to a scene that needs them."""
        machine, found = self.machine, set[str]()
        empty = [np.zeros(0, dtype=np.int64) for _ in range(machine.memory.layout.words)]
        d = Draft(empty, None, tracing=True)
        d.pass_time(1)  # so that countdowns go on
        for to, part in machine.beginning(d, followed):
            after, changed = self.needed(to), {field.name for field in part.changed}
            found |= part.reads.get(None, set()) | (after - changed)
            for target, read in part.reads.items():
                if target is not None and target.name in after:
                    found |= read
        return frozenset(found)

    # --- found out once -----------------------------------------------------------------------------------------------

    def _touches(self) -> None:
        """Which rules something in a scene, or after it, may ask; a bit each."""
        machine = self.machine
        own: dict[str, int] = {}
        for scene in machine.game.scenes.values():
            effects = [action.effects for action in scene.steps.values()]
            if scene.narration and scene.effects is not None:
                effects.append(scene.effects)
            own[scene.id] = 0
            for each in effects:
                for rule in machine.asked(each):
                    own[scene.id] |= 1 << rule.number
            for inject in () if scene.narration or scene.ending else machine.comes_after(scene.id):
                for rule in machine.asked(inject.effects):
                    own[scene.id] |= 1 << rule.number
        onward = self.machine.onward  # the next episode may ask these rules, whatever is ahead here
        always = sum(1 << rule.number for rule in machine.rules if onward is not None and rule.key in onward.rules)
        self.touched: dict[str, int] = {}
        for part in self.parts:
            found = always
            for scene_id in part:
                found |= own[scene_id]
                for to in self.leads_to[scene_id]:
                    found |= self.touched.get(to, 0)
            for scene_id in part:
                self.touched[scene_id] = found

    def _most_minutes(self) -> dict[str, int | None]:
        """On the way of the story alone, and all that can still be said on it."""
        machine = self.machine
        speaking, scenes = machine.speaking, machine.game.scenes

        def longest(scene: str) -> int:
            return self._longest_action(scene) + speaking.calls(scenes[scene])

        most = most_on_a_way(machine.story, components(machine.story), longest)
        spoken = speaking.minutes
        return {scene: length if length is None else length + spoken for scene, length in most.items()}

    def _longest_action(self, scene_id: str) -> int:
        """The most story minutes that a step may spend in this scene."""
        scene = self.machine.game.scenes[scene_id]
        effects = [action.effects for action in scene.actions.values()]
        if scene.narration and scene.effects is not None:
            effects.append(scene.effects)
        longest = self.machine.memory.longest
        return max((e.minutes if e.until is None else longest(e.until) for e in effects), default=0)

    def _with_injects(self, most: dict[str, int | None]) -> dict[str, int | None]:
        """The minutes that injects may take come on top wherever the story has not ended: each comes once, wherever that is."""
        extra, scenes = self.machine.inject_minutes, self.machine.game.scenes
        return {name: m if m is None or scenes[name].ending else m + extra for name, m in most.items()}

    def _analyse(self) -> dict[str, frozenset[str]]:
        machine = self.machine
        names = list(machine.memory.layout.fields)
        bit = {name: 1 << n for n, name in enumerate(names)}

        def bits(found: Iterable[str]) -> int:
            total = 0
            for name in found:
                total |= bit[name]
            return total

        programs: dict[str, list[_Program]] = {}
        for scene in machine.game.scenes.values():
            if scene.narration or scene.ending:
                continue
            programs[scene.id] = [
                _Program(
                    move,
                    to,
                    bits(reads.get(None, set()) | guards),
                    bits(changed),
                    [(bit[target.name], bits(read)) for target, read in reads.items() if target is not None],
                    None if tells is None else bits(tells),
                )
                for move in (*machine.moves[scene.id], *machine.hands.get(scene.id, ()))
                for guards, tells in [self._guarded(scene.id, move)]
                for to, reads, changed in self._trace(scene.id, move)
            ]
        kept = bits(machine.keep)
        needed = self._solve(programs, kept)
        self._find_spent(programs, kept, bit)
        return {scene: frozenset(n for n in names if found & bit[n]) for scene, found in needed.items()}

    def _solve(self, programs: Mapping[str, Sequence[_Program]], kept: int) -> dict[str, int]:
        """What each scene needs: the least solution. Endings first; within a loop until nothing changes."""
        needed = dict.fromkeys(self.machine.game.scenes, kept)
        for part in self.parts:
            again = True
            while again:
                again = False
                for scene_id in part:
                    now = needed[scene_id]
                    for program in programs.get(scene_id, ()):
                        if program.tells is not None and not program.tells & now:
                            continue  # as far as is known nothing ahead notices it
                        after = needed[program.to]
                        now |= program.always | (after & ~program.changed)
                        for target, read in program.for_target:
                            if after & target:
                                now |= read
                    if now != needed[scene_id]:
                        needed[scene_id] = now
                        again = len(part) > 1 or scene_id in self.leads_to[scene_id] or scene_id in self.machine.hands
            # A narration stands between two scenes of a loop; programs know only where they arrive.
        return needed

    def _find_spent(self, programs: Mapping[str, Sequence[_Program]], kept: int, bit: Mapping[str, int]) -> None:
        """Per scene, the knowledge that serves only to be told on, unprompted: by whom, what, and to whom."""
        if self.machine.breach_told():
            return
        speakers = {
            (p.move.speech.seat, p.move.speech.thing)
            for scene in programs.values()
            for p in scene
            if p.move.speech is not None and p.move.speech.kind == "tell"
        }
        for seat, item in sorted(speakers):
            others = {scene: [p for p in found if not _tells(p, seat, item)] for scene, found in programs.items()}
            without = self._solve(others, kept)
            for scene in programs:
                if not without[scene] & bit[f"known {seat} {item}"]:
                    self._spent.setdefault(scene, []).append((seat, item))

    def explored(self, scene_id: str, move: Move) -> bool:
        """Whether something ahead can notice the move; all can be noticed but some tellings (`speaking`)."""
        tells = self._tells.get((scene_id, move.ids))
        return tells is None or self._needed is None or not tells.isdisjoint(self._needed[scene_id])

    def spent(self, scene: str) -> tuple[tuple[Field, tuple[Field, ...]], ...]:
        """Knowledge that serves only to be told on, with that of all others: once they know, it serves nothing (`speaking`)."""
        found = self._spent_fields.get(scene)
        if found is None and self._needed is not None:
            fields, needed, seats = self.machine.memory.layout.fields, self._needed[scene], self.machine.game.seats
            chosen = []
            for seat, item in self._spent.get(scene, ()):
                others = [f"known {other} {item}" for other in seats if other != seat]
                if f"known {seat} {item}" in needed and all(name in needed for name in others):
                    chosen.append((fields[f"known {seat} {item}"], tuple(fields[name] for name in others)))
            found = self._spent_fields[scene] = tuple(chosen)
        return found or ()

    def _guarded(self, scene_id: str, move: Move) -> tuple[set[str], set[str] | None]:
        """What the move's guards read; and for a telling, what of a state it can change, None for any other move."""
        machine = self.machine
        guards = self._draft(scene_id)
        if move.inject:
            guards.flag(machine.memory.come(move.inject))
        for _, action in move.acts:
            guard = machine.guards.get((scene_id, action.id))
            if guard is not None:
                guard(guards)
        tells = machine.telling_changes(scene_id, move)
        if tells is not None:
            self._tells[scene_id, move.ids] = frozenset(tells)
        return guards.reads.get(None, set()), tells

    def _trace(self, scene_id: str, move: Move) -> list[tuple[str, dict[Field | None, set[str]], set[str]]]:
        """For each way a move's program may end: where, what it read for what, what it changed."""
        machine = self.machine
        ways = []
        for to, part in machine.take(self._draft(scene_id), machine.game.scenes[scene_id], move):
            machine.settle_lines(part, scene_id, to)
            machine.settle_duties(part, scene_id, to)
            ways.append((to, part.reads, {field.name for field in part.changed}))
        return ways

    def _draft(self, scene_id: str) -> Draft:
        empty = [np.zeros(0, dtype=np.int64) for _ in range(self.machine.memory.layout.words)]
        return Draft(empty, None, scene_id, tracing=True)


class _Program(NamedTuple):
    """One way a move may end, in bits of fields: what it reads in any case, what it changes, what it reads to make which field.

    `tells`: for a telling, what it can change.
    """

    move: Move
    to: str
    always: int
    changed: int
    for_target: list[tuple[int, int]]
    tells: int | None


def _tells(program: _Program, seat: str, item: str) -> bool:
    speech = program.move.speech
    return speech is not None and speech.kind == "tell" and (speech.seat, speech.thing) == (seat, item)
