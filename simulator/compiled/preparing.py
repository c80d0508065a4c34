"""A game made ready to run on many states at once: its moves, conditions, rules and fields, made before the first program runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from scoring.clock import Span
from scoring.conditions import Condition
from scoring.duties import Watcher
from simulator.compiled.beginning import open_instances
from simulator.compiled.conditions import Test, compile_truth
from simulator.compiled.draft import Draft
from simulator.compiled.each import Each
from simulator.compiled.memory import Memory
from simulator.compiled.must import Must
from simulator.compiled.never import Never
from simulator.compiled.order import components, most_on_a_way, recorded_in, story_ways, ways
from simulator.compiled.rules import Rule
from simulator.compiled.speaking import Speaking
from simulator.compiled.tellings import Tellings
from simulator.game import ASKED_FACT, Game, PlayAction, PlayEffects, PlayInject, PlayScene
from simulator.model import Branch, Effects
from simulator.speaking import Speech

if TYPE_CHECKING:
    from simulator.compiled.onward import Onward

Way = tuple[Test | None, str]  # where to go if the test holds; None: whatever holds
Brought = frozenset[tuple[str, str]]  # injects by hand that may be brought, each with the scene it is brought in
NOTHING_BROUGHT: Brought = frozenset()


@dataclass(frozen=True, slots=True)
class Move:
    """What can happen in a scene as one step: an action of one seat, one action each of several, or one thing of chance.

    `weight`: parts of the whole that fall to it, where chance decides; else 0. `inject`: brought by hand instead, and then
    nobody acts.
    """

    acts: tuple[tuple[str | None, PlayAction], ...]
    weight: int
    inject: str = ""

    @property
    def ids(self) -> tuple[str, ...]:
        """Its actions' ids, in the order of the scene's seats: the name of the move."""
        if self.inject:
            return name_of(self.inject)
        return tuple(action.id for _, action in self.acts)

    @property
    def speech(self) -> Speech | None:
        """What it is, if it is something said unprompted."""
        return self.acts[0][1].speech if self.acts else None


def name_of(inject: str) -> tuple[str, ...]:
    """The name of the move that an inject by hand is. No action is called so: ids have no colon."""
    return (f"inject: {inject}",)


class Prepared:
    """The parts of a game's programs. Raises TooIntricate for what there is no room for.

    `rules` False: duties and lines are left out (for counting states without them, and for following what a seat sees).
    `keep`: names of fields that are never dropped from a state. `slots`: undecided instances of one `each` at a time. `hears`:
    a seat that notices whatever is said in its hearing. `brought`: the injects by hand that are to be reckoned with. They are
    no moves of the story: nothing plans with them.
    """

    def __init__(
        self,
        game: Game,
        *,
        rules: bool = True,
        keep: frozenset[str] = frozenset(),
        slots: int = 2,
        hears: str | None = None,
        onward: Onward | None = None,
        slots_before: Mapping[str, int] | None = None,
        brought: Brought = NOTHING_BROUGHT,
    ) -> None:
        """`onward`: what an episode after this one reads. `slots_before`: instances that one before may leave open, by rule."""
        self.game = game
        self.hears = hears
        self.onward = onward
        self.slots_before = slots_before or {}
        self.keep = keep
        self.brought = brought
        hands = {inject for inject, _ in brought}
        self.by_hand = tuple(inject for inject in game.injects.values() if inject.id in hands)
        self.injects = (*game.scheduled, *self.by_hand)
        self.slots = slots
        self.memory = Memory(game.names, game.switches, game.calendar, game.scenario)
        self.memory.measure(self._conditions(rules))
        if onward is not None:
            onward.widen(self)
        self._tests: dict[Condition, Test] = {}
        self.leads_to = ways(game)
        self.story = story_ways(game)
        self.parts = components(self.leads_to)  # endings first
        keys = [
            key
            for key, watcher in game.watchers.items()
            if rules and (watcher.played or (onward is not None and key in onward.rules))
        ]
        self.rules: list[Rule] = [self._rule(n, key, game.watchers[key]) for n, key in enumerate(keys)]
        telling_lines = [line.id for line, _ in game.telling_lines.values()]
        self.line_numbers = {line: len(keys) + n for n, line in enumerate(telling_lines)}
        self.rule_keys = [*keys, *(f"line:{line}" for line in telling_lines)]
        self._by_key = {rule.key: rule for rule in self.rules}
        self.clock_readers = tuple(self._by_key[k] for k in game.clock_readers if k in self._by_key)
        self.tellings = Tellings(game, self.memory, self.line_numbers)
        self.speaking = Speaking(game, self.memory)
        self._asked: dict[int, tuple[Rule, ...]] = {}
        self._prepare(rules)

    def _rule(self, number: int, key: str, watcher: Watcher) -> Rule:
        """The automaton of a rule of the game."""
        if watcher.rule.must is not None:
            return Must(number, key, watcher, self.memory)
        if watcher.rule.each is not None:
            return Each(number, key, watcher, self.memory, self._slots(watcher.when_fact or "", key))
        return Never(number, key, watcher, self.memory)

    def _slots(self, fact: str, key: str) -> int:
        """How many slots a rule that is triggered by this fact can need, for what is carried over too."""
        scenes = self.game.scenes
        counts = most_on_a_way(self.leads_to, self.parts, lambda scene: recorded_in(scenes[scene], fact))
        most = counts[self.game.scenario.opening]
        before = open_instances(self.game, key) + self.slots_before.get(key, 0)
        if most is not None:
            most += sum(fact in inject.effects.records for inject in self.injects)
        return self.slots + before if most is None else min(most, self.slots) + before

    def _conditions(self, rules: bool) -> Iterator[Condition]:
        game = self.game
        for scene in game.scenario.scenes.values():
            yield from (branch.when for branch in scene.to if branch.when is not None)
            for action in scene.actions.values():
                yield from (branch.when for branch in action.to if branch.when is not None)
                if action.when is not None:
                    yield action.when
        for form in game.scenario.releases.values():
            yield from (c for c in (form.signs, form.taken_back) if c is not None)
        yield from (each.when for each in game.scenario.consequences.values())
        yield from (each.inject.when for each in game.scheduled if each.inject.when is not None)
        yield from (c.when for c in game.jurisdiction.compelled.values() if c.when is not None)
        if rules:
            yield from self.rule_conditions()

    def rule_conditions(self) -> Iterator[Condition]:
        """Every condition of a line or duty."""
        for watcher in self.game.watchers.values():
            rule = watcher.rule
            yield from (c for c in (rule.when, rule.must, rule.never, rule.before, rule.unless) if c is not None)

    def _prepare(self, rules: bool) -> None:
        """Compile every condition and make every field before the first program runs."""
        game = self.game
        # Without rules a telling need be judged only where the story itself asks whether one was a breach.
        self.judged = rules or any(
            game.breach_fact in condition.text for condition in self._conditions(False) if game.breach_fact
        )
        self.moves: dict[str, tuple[Move, ...]] = {}
        self.routes: dict[str, tuple[Way, ...]] = {}
        self.action_routes: dict[tuple[str, str], tuple[Way, ...]] = {}
        self.guards: dict[tuple[str, str], Test] = {}
        for scene in game.scenes.values():
            self.moves[scene.id] = tuple(_moves(scene, self.speaking))
            self.routes[scene.id] = self._route(scene.scene.to)
            for name, action in scene.actions.items():
                self.action_routes[scene.id, name] = self._route(action.action.to)
                if action.action.when is not None:
                    self.guards[scene.id, name] = self._test(action.action.when)
            for action in self.speaking.moves(scene):
                assert action.speech is not None
                self.guards[scene.id, action.id] = self.speaking.opened(action.speech, self._test)
                self.action_routes[scene.id, action.id] = self.speaking.route(scene, action.speech, self._test)
            for effects, seats in _tellers(scene):
                for seat, tell in product(seats, effects.tell):
                    for told, item in product(tell.to, tell.items):
                        if self.judged:
                            self.tellings.prepare(seat, told, item, tell.channel)
                        else:
                            self.memory.known(seat, item)
                            self.memory.known(told, item)
        self._prepare_injects()
        if self.onward is not None:
            self.onward.sources(self)
        self.tellings.finish()
        if any(span.minutes is None for span in self._spans()):
            _ = self.memory.clock
        for name in self.keep:
            kind, _, rest = name.partition(" ")
            if kind == "clock":
                _ = self.memory.clock
            elif kind == "meter":
                self.memory.meter(rest)
            elif kind == "known":
                self.memory.known(*rest.split(" "))
        self.remembering: list[Must] = []
        if self.onward is None:  # else what comes of rules here is not asked
            self._prepare_evidence()
        self.tellings.asking_matters = bool(self.remembering)
        self._prepare_collisions()
        self.handed_on: tuple[Rule, ...] = ()
        if self.onward is not None:
            self.keep = self.keep | self.onward.fields(self)
            self.handed_on = tuple(rule for rule in self.rules if rule.key in self.onward.rules)

    def rule_of(self, key: str) -> Rule | None:
        """The rule of that key; None if nobody of its party plays here."""
        return self._by_key.get(key)

    def _prepare_injects(self) -> None:
        memory = self.memory
        self.comes_when = {
            each.id: self._test(each.inject.when) for each in self.game.scheduled if each.inject.when is not None
        }
        self.inject_timers = {
            each.id: timer for each in self.game.scheduled if (timer := memory.inject_timer(each)) is not None
        }
        for each in self.injects:
            memory.come(each.id)
        self.hands: dict[str, tuple[Move, ...]] = {
            scene: tuple(Move((), 0, each.id) for each in self.by_hand if (each.id, scene) in self.brought)
            for scene in {scene for _, scene in self.brought}
        }

    def comes_in(self, scene_id: str) -> tuple[PlayInject, ...]:
        """The injects that may come by themselves at the end of a step that led to this scene, in the author's order."""
        scene = self.game.scenes[scene_id]
        return tuple(each for each in self.game.scheduled if not scene.narration and each.may_come_in(scene))

    def comes_after(self, scene_id: str) -> tuple[PlayInject, ...]:
        """The injects that may come in a step from this scene."""
        scene = self.game.scenes[scene_id]
        stops = {to for route in _routes(scene) for found, to in self.ways_on(route) if found is None}
        if scene_id in self.hands:
            stops.add(scene_id)
        brought = {inject for inject, where in self.brought if where == scene_id}
        coming = {each.id for to in stops for each in self.comes_in(to)} | brought
        return tuple(each for each in self.injects if each.id in coming)

    @property
    def inject_minutes(self) -> int:
        """Story minutes that injects can take in a whole play: each comes once at most."""
        return sum(each.effects.minutes for each in self.injects)

    def _spans(self) -> Iterator[Span]:
        """Every span of time that something in the game may measure."""
        for scene in self.game.scenes.values():
            for effects in (scene.effects, *(action.effects for action in scene.actions.values())):
                if effects is not None and effects.until is not None:
                    yield effects.until
        yield from (rule.watcher.rule.within for rule in self.rules if rule.watcher.rule.within is not None)
        yield from (form.lasts for form in self.game.scenario.releases.values() if form.lasts is not None)

    def _prepare_evidence(self) -> None:
        """Duties that some action may keep by crossing a line: there it has to be remembered how they could have been kept."""
        timed = any(rule.line and rule.timed for rule in self.rules)
        for scene in self.game.scenes.values():
            if len(scene.seats) != 1:
                continue
            for action in scene.steps.values():
                effects = list(self._effects_of(action))
                asked = {rule.number: rule for each in effects for rule in self.asked(each)}
                tells = any(each.ledger is not None and each.ledger.tell for each in effects)
                ends = any(self.game.scenes[to].ending for _, to in self.ways_on(action.route))
                late = timed and any(each.minutes or each.until is not None for each in effects)
                if not (tells or ends or late or any(rule.line for rule in asked.values())):
                    continue  # it crosses no line
                recorded = {fact for each in effects for fact in each.records}
                for rule in asked.values():
                    if isinstance(rule, Must) and not rule.line and rule.law is None:
                        may_keep = rule.watcher.clock or not rule.watcher.names.isdisjoint(recorded)
                        if may_keep and scene.seats[0] in rule.watcher.bound:
                            rule.remember_how()
                            self.remembering.append(rule)

    def _effects_of(self, action: PlayAction) -> Iterator[PlayEffects]:
        """Everything that may happen in the step that begins with an action."""
        yield action.effects
        for scene, _ in self.ways_on(action.route):
            if scene is not None and scene.effects is not None:
                yield scene.effects
        stops = (to for scene, to in self.ways_on(action.route) if scene is None)
        yield from {inject.id: inject.effects for to in stops for inject in self.comes_in(to)}.values()

    def ways_on(self, route: Sequence[tuple[object, str]]) -> Iterator[tuple[PlayScene | None, str]]:
        """The narrations that a route may lead through (with None for where it stops), and the scenes it may come to."""
        seen: set[str] = set()
        ahead = [to for _, to in route]
        while ahead:
            scene = self.game.scenes[ahead.pop()]
            if scene.id in seen:
                continue
            seen.add(scene.id)
            yield (scene if scene.narration else None), scene.id
            if scene.narration:
                ahead += [to for _, to in scene.route]

    def _prepare_collisions(self) -> None:
        self.colliding: dict[str, tuple[Rule, ...]] = {}
        for scene in self.game.scenario.scenes.values():
            if scene.judgement is not None:
                keys = (f"duty:{name}" for name in scene.judgement.collide)
                self.colliding[scene.id] = tuple(self._by_key[key] for key in keys if key in self._by_key)
        for rule in self.rules:
            if isinstance(rule, Never):
                rule.colliding = frozenset(s for s, colliding in self.colliding.items() if rule in colliding)

    def _test(self, condition: Condition) -> Test:
        if condition not in self._tests:
            self._tests[condition] = compile_truth(condition, self.memory)
        return self._tests[condition]

    def _route(self, branches: Sequence[Branch]) -> tuple[Way, ...]:
        return tuple((self._test(b.when) if b.when is not None else None, b.to) for b in branches)

    def telling_changes(self, scene_id: str, move: Move) -> set[str] | None:
        """The fields that a telling or question can change; None for any other move, where a consequence may follow or an
        inject come by it, and where somebody hears it who notices whatever is said."""
        speech = move.speech
        if speech is None or speech.kind not in ("tell", "ask") or len(move.acts[0][1].route) > 1:
            return None
        if self.hears in speech.heard_by or (speech.kind == "ask" and self.hears is not None):
            return None
        found = self._asking_changes() if speech.kind == "ask" else self._tells(speech)
        return None if any(not found.isdisjoint(self._read_by(each)) for each in self.comes_in(scene_id)) else found

    def _tells(self, speech: Speech) -> set[str]:
        """The fields that a telling can change."""
        assert speech.channel is not None
        found = self.tellings.changes(speech.seat, speech.to, speech.thing, speech.channel)
        breach = self.game.breach_fact
        if breach is not None and self.judged:
            found |= self.memory.names_of_fact(breach)
            keys = {*self.game.readers.get(breach, ()), *self.game.ledger_readers}
            found |= {field.name for rule in self.rules if rule.key in keys for field in rule.fields}
        return found

    def _asking_changes(self) -> set[str]:
        """The fields that asking for a confidence can change."""
        keys = self.game.readers.get(ASKED_FACT, ())
        return self.memory.names_of_fact(ASKED_FACT) | {
            f.name for rule in self.rules if rule.key in keys for f in rule.fields
        }

    def _read_by(self, inject: PlayInject) -> set[str]:
        """The fields that decide whether an inject has fallen due."""
        test = self.comes_when.get(inject.id)
        if test is None:
            return set()
        d = Draft([np.zeros(0, dtype=np.int64) for _ in range(self.memory.layout.words)], None, tracing=True)
        test(d)
        return set().union(*d.reads.values())

    def breach_told(self) -> bool:
        """Whether anything asks if somebody told without right: then telling may be noticed though nobody learns from it."""
        breach = self.game.breach_fact
        return breach is not None and bool(self.memory.names_of_fact(breach) or self.game.readers.get(breach))

    def asked(self, effects: PlayEffects) -> tuple[Rule, ...]:
        """The rules that these effects may change, in order."""
        found = self._asked.get(id(effects))
        if found is None:
            game = self.game
            names = [*effects.records, *(n for n, _ in effects.change), *(n for n, _ in effects.set)]
            keys = set(game.clock_readers)
            if effects.ledger is not None:
                keys.update(game.ledger_readers)
                if effects.ledger.tell and game.breach_fact is not None:
                    names.append(game.breach_fact)
            for name in names:
                keys.update(game.readers.get(name, ()))
            found = tuple(rule for rule in self.rules if rule.key in keys)
            self._asked[id(effects)] = found
        return found


def _routes(scene: PlayScene) -> list[tuple[tuple[object, str], ...]]:
    """The ways that may lead on from a scene in which somebody or chance acts."""
    return [scene.route] if len(scene.seats) > 1 else [action.route for action in scene.steps.values()]


def _moves(scene: PlayScene, speaking: Speaking) -> Iterator[Move]:
    if scene.chance:
        for action in scene.actions.values():
            yield Move(((None, action),), action.action.weight)
    elif len(scene.seats) == 1:
        for action in (*scene.actions.values(), *speaking.moves(scene)):
            yield Move(((scene.seats[0], action),), 0)
    elif scene.seats:
        per_seat = [[(s, a) for a in scene.actions.values() if a.seat == s] for s in scene.seats]
        for acts in product(*per_seat):
            yield Move(tuple(acts), 0)


def _tellers(scene: PlayScene) -> Iterator[tuple[Effects, tuple[str, ...]]]:
    """Effects with tellings, and the seats that may do the telling."""
    for action in scene.steps.values():
        if action.effects.ledger is not None and action.effects.ledger.tell:
            yield action.effects.ledger, (action.seat,) if action.seat is not None else scene.seats
    if scene.narration and scene.effects is not None and scene.effects.ledger is not None:
        yield scene.effects.ledger, tuple(scene.present)
