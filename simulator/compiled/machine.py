"""A game compiled: every move as a program that takes many states one step on at once.

`engine` is the definition; this is the same made fast, and proven equal by tests. A program is not code that was written
out: it is the engine's order of things (time, facts, meters, papers, tellings, then the rules that read what changed; then
narrations; then the next scene) run over arrays, with everything that is the same for all rows computed once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from scoring.clock import Span
from scoring.conditions import Condition
from simulator.compiled.conditions import Test, compile_truth
from simulator.compiled.draft import (
    Array,
    Draft,
    Number,
    Truth,
    at_least,
    at_most,
    both,
    choose,
)
from simulator.compiled.fields import Words
from simulator.compiled.memory import SCENE, Form, Memory
from simulator.compiled.order import components, most_on_a_way, recorded_in, ways
from simulator.compiled.rules import LAWFUL, LAWLESS, Must, Never, Rule, make_rule
from simulator.compiled.tellings import Tellings, learns
from simulator.game import Game, PlayAction, PlayEffects, PlayScene
from simulator.model import Branch, Effects

Way = tuple[Test | None, str]


@dataclass(frozen=True, slots=True)
class Move:
    """What can happen in a scene as one step: an action of one seat, one action each of several, or one thing of chance.

    `weight`: parts of the whole that fall to it, where chance decides; else 0.
    """

    acts: tuple[tuple[str | None, PlayAction], ...]
    weight: int


@dataclass(slots=True)
class Arrival:
    """Rows that a move has brought to a scene. `index`: which rows of the scene they left; None: all of them, in order.

    `lines`, `duties`: points charged on the way. `minutes`: story time it took. `emitted`: (rule, outcome, where).
    `path`: the scenes entered, narrations first, and minutes from the step's start to each.
    """

    scene: str
    index: Array | None
    words: Words
    lines: Number
    duties: Number
    minutes: Number
    emitted: list[tuple[int, int, Truth]]
    path: list[tuple[str, Number]]


@dataclass(slots=True)
class Taken:
    """One move, taken by all rows of a scene that may. `open`: which may. `practice`: points lost by it, per row or for all."""

    move: Move
    open: Truth
    practice: Number
    arrivals: list[Arrival]


class Machine:
    """The programs of a game. Raises TooIntricate for what it has no room for.

    `rules` False: duties and lines are left out (for counting states without them, and for following what a seat sees).
    `keep`: names of fields that are never dropped from a state. `slots`: undecided instances of one `each` at a time.
    """

    def __init__(self, game: Game, *, rules: bool = True, keep: frozenset[str] = frozenset(), slots: int = 2) -> None:
        from simulator.compiled.liveness import Liveness

        self.game = game
        self.keep = keep
        self.slots = slots
        self.memory = Memory(game.names, game.switches, game.calendar, game.scenario)
        self.memory.measure(self._conditions(rules))
        self._tests: dict[Condition, Test] = {}
        self.leads_to = ways(game)
        self.parts = components(self.leads_to)  # endings first
        keys = [key for key, watcher in game.watchers.items() if rules and watcher.played]
        self.rules: list[Rule] = [
            make_rule(n, key, game.watchers[key], self.memory, self._slots) for n, key in enumerate(keys)
        ]
        telling_lines = [line.id for line, _ in game.telling_lines.values()]
        self.line_numbers = {line: len(keys) + n for n, line in enumerate(telling_lines)}
        self.rule_keys = [*keys, *(f"line:{line}" for line in telling_lines)]
        self._by_key = {rule.key: rule for rule in self.rules}
        self.clock_readers = tuple(self._by_key[k] for k in game.clock_readers if k in self._by_key)
        self.tellings = Tellings(game, self.memory, self.line_numbers)
        self._asked: dict[int, tuple[Rule, ...]] = {}
        self._prepare(rules)
        self.live = Liveness(self)
        self.live.analyse()

    def _slots(self, fact: str) -> int:
        """How many slots a rule that is triggered by this fact can need."""
        scenes = self.game.scenes
        counts = most_on_a_way(self.leads_to, self.parts, lambda scene: recorded_in(scenes[scene], fact))
        most = counts[self.game.scenario.opening]
        return self.slots if most is None else min(most, self.slots)

    # --- compiling ----------------------------------------------------------------------------------------------------

    def _conditions(self, rules: bool) -> Iterator[Condition]:
        game = self.game
        for scene in game.scenario.scenes.values():
            yield from (branch.when for branch in scene.to if branch.when is not None)
            for action in scene.actions.values():
                yield from (branch.when for branch in action.to if branch.when is not None)
                if action.when is not None:
                    yield action.when
        yield from (c.when for c in game.jurisdiction.compelled.values() if c.when is not None)
        for watcher in game.watchers.values() if rules else ():
            rule = watcher.rule
            yield from (c for c in (rule.when, rule.must, rule.never, rule.before, rule.unless) if c is not None)

    def _prepare(self, rules: bool) -> None:
        """Compile every condition and make every field before the first program runs."""
        game = self.game
        # Without rules a telling need be judged only where the story itself asks whether one was a breach.
        judged = rules or any(game.breach_fact in condition.text for condition in self._conditions(False) if game.breach_fact)
        self.moves: dict[str, tuple[Move, ...]] = {}
        self.routes: dict[str, tuple[Way, ...]] = {}
        self._action_routes: dict[tuple[str, str], tuple[Way, ...]] = {}
        self._guards: dict[tuple[str, str], Test] = {}
        for scene in game.scenes.values():
            self.moves[scene.id] = tuple(_moves(scene))
            self.routes[scene.id] = self._route(scene.scene.to)
            for name, action in scene.actions.items():
                self._action_routes[scene.id, name] = self._route(action.action.to)
                if action.action.when is not None:
                    self._guards[scene.id, name] = self._test(action.action.when)
            for effects, seats in _tellers(scene):
                for seat, tell in product(seats, effects.tell):
                    for told, item in product(tell.to, tell.items):
                        if judged:
                            self.tellings.prepare(seat, told, item)
                        else:
                            self.memory.known(seat, item)
                            self.memory.known(told, item)
        self.judged = judged
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
        self._prepare_evidence()
        self._prepare_collisions()

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
        timed = any(rule.line and rule.watcher.rule.within is not None for rule in self.rules)
        for scene in self.game.scenes.values():
            if len(scene.seats) != 1:
                continue
            for action in scene.actions.values():
                effects = list(self._effects_of(action))
                asked = {rule.number: rule for each in effects for rule in self.asked(each)}
                tells = any(each.ledger is not None and each.ledger.tell for each in effects)
                ends = any(self.game.scenes[to].ending for _, to in self._ways_on(action.route))
                late = timed and any(each.minutes or each.until is not None for each in effects)
                if not (tells or ends or late or any(rule.line for rule in asked.values())):
                    continue  # it crosses no line
                recorded = {fact for each in effects for fact in each.records}
                for rule in asked.values():
                    if isinstance(rule, Must) and not rule.line and rule.law is None:
                        may_keep = rule.watcher.clock or not rule.watcher.names.isdisjoint(recorded)
                        if may_keep and scene.seats[0] in rule.watcher.bound:
                            rule.law = self.memory.layout.add(f"law {rule.key}", LAWFUL | LAWLESS)
                            rule.fields = (*rule.fields, rule.law)
                            self.remembering.append(rule)

    def _effects_of(self, action: PlayAction) -> Iterator[PlayEffects]:
        """Everything that may happen in the step that begins with an action."""
        yield action.effects
        for scene, _ in self._ways_on(action.route):
            if scene is not None and scene.effects is not None:
                yield scene.effects

    def _ways_on(self, route: Sequence[tuple[object, str]]) -> Iterator[tuple[PlayScene | None, str]]:
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

    # --- running ------------------------------------------------------------------------------------------------------

    def start(self) -> list[Arrival]:
        """One row, brought to the first scene in which somebody or chance acts, or to an ending."""
        d = Draft([np.zeros(1, dtype=np.int64) for _ in range(self.memory.layout.words)], None)
        fields, scenario = self.memory.layout.fields, self.game.scenario
        for field in fields.values():
            d.set(field, 0)
        for meter in scenario.meters.values():
            if (found := fields.get(f"meter {meter.id}")) is not None:
                d.set(found, meter.start - meter.low)
        for status in scenario.statuses.values():
            if (found := fields.get(f"status {status.id}")) is not None:
                d.set(found, status.values.index(status.start))
        for seat, item in ((seat, item.id) for item in scenario.items.values() for seat in item.known_by):
            if (found := fields.get(f"known {seat} {item}")) is not None:
                d.set(found, 1)
            if (found := self.tellings.source(seat, item)) is not None:
                d.set(found, SCENE)
        for rule in self.rules:
            rule.begin(d)
        for rule in self.rules:
            rule.ask(d, None)
        arrived = self._enter(d, scenario.opening, None)
        for to, part in arrived:
            self._settle_lines(part, "", to)
        return [self._finish(part, "", to) for to, part in arrived]

    def openings(self, d: Draft) -> dict[str, Truth]:
        """For each guarded action of the draft's scene: in which rows it is open."""
        return {
            name: self._guards[d.scene, name](d)
            for name in self.game.scenes[d.scene].actions
            if (d.scene, name) in self._guards
        }

    def expand(self, scene_id: str, words: Words) -> list[Taken]:
        """Every move of the scene, taken by all rows that may."""
        scene = self.game.scenes[scene_id]
        rows = Draft(words, None, scene_id)
        openings = self.openings(rows)
        best = self._best(scene, openings)
        taken: list[tuple[Taken, list[tuple[str, Draft]]]] = []
        for move in self.moves[scene_id]:
            may: Truth = True
            for _, action in move.acts:
                may = both(may, openings.get(action.id, True))
            if not isinstance(may, bool):
                count = int(np.count_nonzero(may))
                may = True if count == rows.n else False if count == 0 else may
            if may is False:
                continue
            d = Draft(words, None, scene_id).sharing(rows)
            if may is not True:
                d = d.take(may)
            made = Taken(move, may, self._practice(scene, move, best), [])
            taken.append((made, self._take(d, scene, move)))
        crossed = {id(part): self._settle_lines(part, scene_id, to) for _, arrived in taken for to, part in arrived}
        evidence = self._evidence(scene, rows.n, [part for _, arrived in taken for _, part in arrived], crossed)
        for made, arrived in taken:
            made.arrivals = [self._finish(part, scene_id, to, evidence) for to, part in arrived]
        return [made for made, _ in taken]

    def _best(self, scene: PlayScene, openings: dict[str, Truth]) -> dict[str, Number]:
        """Per seat, the rating of the best action that is open."""
        if scene.chance or scene.scene.judgement is not None:
            return {}
        best: dict[str, Number] = {}
        for seat in scene.seats:
            found: Number = -(1 << 30)
            for action in scene.actions.values():
                if len(scene.seats) > 1 and action.seat != seat:
                    continue
                rated = sum(action.action.practice.values())
                better = found < rated
                found = choose(both(better, openings.get(action.id, True)), rated, found)
            best[seat] = found
        return best

    def _practice(self, scene: PlayScene, move: Move, best: dict[str, Number]) -> Number:
        return sum((best[s] - sum(a.action.practice.values()) for s, a in move.acts if s in best), start=0)  # type: ignore[misc]

    def _take(self, d: Draft, scene: PlayScene, move: Move) -> list[tuple[str, Draft]]:
        """The move's own effects, and the way on."""
        if len(move.acts) == 1:
            seat, action = move.acts[0]
            self._happen(d, action.effects, seat)
            return self._go(d, self._action_routes[scene.id, action.id], seat)
        return [
            found for part, order in self._orders(d, move) for found in self._take_together(part, scene, move, order)
        ]

    def _orders(self, d: Draft, move: Move) -> Iterator[tuple[Draft, list[tuple[int, Number]]]]:
        """In which order the actions of a together scene end, and the minutes from each end to the next.

        Rows that differ in the order, or in which actions end at the same moment, go on apart.
        """
        ends = [self._length(d, action.effects) for _, action in move.acts]
        if all(isinstance(end, int) for end in ends):
            order = sorted(range(len(ends)), key=lambda n: (ends[n], n))
            yield d, [(n, ends[n] - (ends[order[i - 1]] if i else 0)) for i, n in enumerate(order)]
            return
        if d.tracing:
            yield d, list(enumerate(ends))
            return
        table = np.stack([np.broadcast_to(np.asarray(end), (d.n,)) for end in ends])
        orders = np.argsort(table, axis=0, kind="stable")
        gaps = np.diff(np.take_along_axis(table, orders, axis=0), axis=0, prepend=0)
        patterns = np.concatenate([orders, gaps == 0])
        for pattern in np.unique(patterns, axis=1).T:
            same = np.all(patterns == pattern[:, None], axis=0)
            together = pattern[len(ends) :]
            steps = [(int(n), 0 if together[i] else gaps[i][same]) for i, n in enumerate(pattern[: len(ends)])]
            yield d.take(same), steps

    def _take_together(
        self, d: Draft, scene: PlayScene, move: Move, order: list[tuple[int, Number]]
    ) -> list[tuple[str, Draft]]:
        for n, ahead in order:
            seat, action = move.acts[n]
            d.pass_time(ahead)
            self._become_true(d, action.effects, seat)
        return self._go(d, self.routes[scene.id], None)

    def _length(self, d: Draft, effects: PlayEffects) -> Number:
        return self.memory.until(d, effects.until) if effects.until is not None else effects.minutes

    def _happen(self, d: Draft, effects: PlayEffects, seat: str | None) -> None:
        d.pass_time(self._length(d, effects))
        self._become_true(d, effects, seat)

    def _become_true(self, d: Draft, effects: PlayEffects, seat: str | None) -> None:
        memory = self.memory
        for fact in effects.records:
            memory.record(d, fact)
        if effects.records:
            memory.settle_spans(d, effects.records)
        for name, by in effects.change:
            field = memory.layout.fields.get(f"meter {name}")
            if field is not None:
                meter = self.game.scenario.meters[name]
                d.set(field, at_most(at_least(memory._own(d, field) + by, 0), meter.high - meter.low))
        for name, value in effects.set:
            field = memory.layout.fields.get(f"status {name}")
            if field is not None:
                d.set(field, memory.names.statuses[name].index(value))
        if effects.ledger is not None:
            self._ledger(d, effects.ledger, seat)
        for rule in self.asked(effects):
            rule.ask(d, seat)

    def _ledger(self, d: Draft, given: Effects, seat: str | None) -> None:
        forms = {form.id: form for form in self.memory.forms}
        if form := forms.get(given.asks_release or ""):
            d.set(form.asked, 1)
        if form := forms.get(given.refuses_release or ""):
            d.set(form.refused, 1)
        if form := forms.get(given.signs_release or ""):
            self._sign(d, form)
        if form := forms.get(given.revokes_release or ""):
            d.set(form.revoked, 1)
        for learner, items in given.learn.items():
            for item in items:
                known = self.memory.layout.fields.get(f"known {learner} {item}")
                if known is not None:
                    learns(d, known, self.tellings.source(learner, item))
        if seat is not None and self.judged:
            self.tellings.tell(d, seat, given.tell)
        elif seat is not None:
            self._tell_unjudged(d, given, seat)

    def _tell_unjudged(self, d: Draft, given: Effects, seat: str) -> None:
        """What is told is known, whoever may tell it: where lines are left out."""
        fields = self.memory.layout.fields
        for told, item in ((to, item) for t in given.tell for to in t.to for item in t.items):
            knows, learner = fields[f"known {seat} {item}"], fields[f"known {told} {item}"]
            d.purpose = learner
            d.set(learner, choose(d.flag(knows), 1, d.get(learner)))
            d.purpose = None

    def _sign(self, d: Draft, form: Form) -> None:
        lasts = self.game.scenario.releases[form.id].lasts
        d.set(form.signed, 1)
        d.set(form.revoked, 0)
        if form.expires is not None:
            d.set(form.expires, self.memory.until(d, lasts) + 1 + d.elapsed)

    def _go(self, d: Draft, route: tuple[Way, ...], seat: str | None) -> list[tuple[str, Draft]]:
        """Follow a route; rows part where its conditions differ."""
        found: list[tuple[str, Draft]] = []
        left: Draft | None = d
        for test, to in route:
            assert left is not None
            holds: Truth = True if test is None else test(left)
            if holds is True:
                found += self._enter(left, to, seat)
                left = None
                break
            if left.never(holds):
                continue
            assert not isinstance(holds, bool)
            if not left.tracing and holds.all():
                found += self._enter(left, to, seat)
                left = None
                break
            found += self._enter(left.take(holds), to, seat)
            left = left.take(~holds)
        return found

    def _enter(self, d: Draft, scene_id: str, seat: str | None) -> list[tuple[str, Draft]]:
        scene = self.game.scenes[scene_id]
        d.path.append((scene_id, d.elapsed))
        if not scene.narration:
            return [(scene_id, d)]
        if scene.effects is not None:
            self._happen(d, scene.effects, seat if seat in scene.present else None)
        return self._go(d, self.routes[scene_id], seat)

    # --- the end of a step --------------------------------------------------------------------------------------------

    def _settle_lines(self, d: Draft, source: str, to: str) -> Truth:
        """Close the books of the lines. Returns where this step crossed one, as `assess` would see it."""
        self._close(d, source, lines=True)
        ended = self.game.scenes[to].ending
        crossed = d.lines
        self._retire(d, source, to, lines=True)
        if ended:  # a line left undone is crossed at the ending, even if that was certain before
            crossed = d.lines
        return bool(crossed > 0) if isinstance(crossed, int) else crossed > 0

    def _close(self, d: Draft, source: str, *, lines: bool) -> None:
        for number in sorted(d.rules):
            if self.rules[number].line == lines:
                self.rules[number].settle(d)
        for rule in self.live.timed(source):
            if rule.line == lines and rule.number not in d.rules:
                rule.tick(d)

    def _retire(self, d: Draft, source: str, to: str, *, lines: bool) -> None:
        ended, most = self.game.scenes[to].ending, self.live.most_minutes[to]
        for rule in self.live.retiring(source, to):
            if rule.line == lines:
                rule.retire(d, ended, most)

    def _evidence(self, scene: PlayScene, n: int, parts: list[Draft], crossed: dict[int, Truth]) -> dict[int, Array]:
        """For duties that may be kept by crossing a line: how each row's open options would keep them (LAWFUL, LAWLESS)."""
        found: dict[int, Array] = {}
        for rule in self.remembering:
            if scene.seats != (next(iter(scene.seats), ""),) or scene.seats[0] not in rule.watcher.bound:
                continue
            bits = np.zeros(n, dtype=np.int64)
            for part in parts:
                kept = rule.kept_now(part)
                if not part.never(kept):
                    bits[slice(None) if part.index is None else part.index] |= choose(
                        kept, choose(crossed[id(part)], LAWLESS, LAWFUL), 0
                    )
            if bits.any():
                found[rule.number] = bits
        return found

    def _finish(self, d: Draft, source: str, to: str, evidence: dict[int, Array] | None = None) -> Arrival:
        """Close the books of the duties, let go what nothing ahead can read, and pack the rows for the scene they come to."""
        for rule in self.remembering:
            if rule.law is not None and self.live.alive(source, rule):
                bits: Number = (evidence or {}).get(rule.number, 0)
                d.set(rule.law, d.get(rule.law) | (bits if isinstance(bits, int) or d.index is None else bits[d.index]))
        self._close(d, source, lines=False)
        for colliding in self.colliding.get(to, ()):
            colliding.dilemma(d)
        self._retire(d, source, to, lines=False)
        for rule in self.remembering:
            rule.forget_how(d)
        self._age(d, to)
        words = [
            np.broadcast_to(np.asarray(word & mask), (d.n,)) if mask else _zeros(d.n)
            for word, mask in zip(d.packed(), self.live.mask(to), strict=True)
        ]
        return Arrival(to, d.index, words, d.lines, d.duties, d.elapsed, d.emitted, d.path)

    def _age(self, d: Draft, to: str) -> None:
        """Ages and countdowns that are not a rule's go on; what cannot run out any more counts as much as may be left."""
        memory, live = self.memory, self.live
        for since in memory.ages:
            if live.needs(to, since.stored):
                d.purpose = since.stored
                d.set(since.stored, since.aged(d))
        for form in memory.forms:
            if form.expires is None:
                continue
            if live.needs(to, form.expires):
                d.purpose = form.expires
                d.set(form.expires, at_least(d.get(form.expires) - d.elapsed, 0))
            elif form.expires in d.changed:
                d.set(form.expires, 0)  # counted from the step's start, it may be too long for its field
        if "clock" in memory.layout.fields and live.needs(to, memory.clock):
            d.purpose = memory.clock
            d.set(memory.clock, memory.same_weekday(d.get(memory.clock) + d.elapsed))
        d.purpose = None
        for field, most in live.longest(to):
            if not d.tracing:
                d.set(field, at_most(d.get(field), most))


def _zeros(n: int) -> Array:
    return np.broadcast_to(np.int64(0), (n,))


def _moves(scene: PlayScene) -> Iterator[Move]:
    if scene.chance:
        for action in scene.actions.values():
            yield Move(((None, action),), action.action.weight)
    elif len(scene.seats) == 1:
        for action in scene.actions.values():
            yield Move(((scene.seats[0], action),), 0)
    elif scene.seats:
        per_seat = [[(s, a) for a in scene.actions.values() if a.seat == s] for s in scene.seats]
        for acts in product(*per_seat):
            yield Move(tuple(acts), 0)


def _tellers(scene: PlayScene) -> Iterator[tuple[Effects, tuple[str, ...]]]:
    """Effects with tellings, and the seats that may do the telling."""
    for action in scene.actions.values():
        if action.effects.ledger is not None and action.effects.ledger.tell:
            yield action.effects.ledger, (action.seat,) if action.seat is not None else scene.seats
    if scene.narration and scene.effects is not None and scene.effects.ledger is not None:
        yield scene.effects.ledger, tuple(scene.present)
