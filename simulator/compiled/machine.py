"""A game compiled: every move as a program that takes many states one step on at once.

`engine` is the definition; this is the same made fast, and proven equal by tests. A program is not code that was written
out: it is the engine's order of things (time, facts, meters, papers, tellings, then the rules that read what changed; then
narrations; then the next scene) run over arrays, with everything that is the same for all rows computed once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.compiled.beginning import authored, carried_over, followed_on
from simulator.compiled.daytime import Daytime, in_minutes
from simulator.compiled.draft import Array, Draft, Number, Truth, above, at_least, at_most, both, choose, either, negate
from simulator.compiled.fields import Words
from simulator.compiled.happening import Order, become_true, happen, orders
from simulator.compiled.liveness import Liveness
from simulator.compiled.must import LAWFUL, LAWLESS
from simulator.compiled.preparing import NOTHING_BROUGHT, Brought, Move, Prepared, Way
from simulator.compiled.rules import Rule
from simulator.game import Game, PlayInject, PlayScene

if TYPE_CHECKING:
    from simulator.compiled.onward import Onward

__all__ = ["Arrival", "Machine", "Move", "Taken"]


@dataclass(slots=True)
class Arrival:
    """Rows that a move has brought to a scene. `index`: which rows of the scene they left; None: all of them, in order.

    `lines`, `duties`: points charged on the way. `minutes`: story time it took; `calendar`: it lasted until a time
    of day, so that what was forgotten of the time before is made up for in it. `emitted`: (rule, outcome, where).
    `path`: the scenes entered, narrations first, and minutes from the step's start to each; `injected`: likewise the injects that came.
    """

    scene: str
    index: Array | None
    words: Words
    lines: Number
    duties: Number
    minutes: Number
    calendar: bool
    emitted: list[tuple[int, int, Truth]]
    path: list[tuple[str, Number]]
    injected: list[tuple[str, Number]]


@dataclass(slots=True)
class Taken:
    """One move, taken by all rows of a scene that may. `open`: which may. `practice`: points lost by it, per row or for all."""

    move: Move
    open: Truth
    practice: Number
    arrivals: list[Arrival]


def _where_changed(arrival: Arrival, words: Words) -> Arrival | None:
    """The rows of a telling that come to another state than they were in: told again, nothing is left to be noticed."""
    rows = slice(None) if arrival.index is None else arrival.index
    changed: Truth = False
    for old, new in zip(words, arrival.words, strict=True):
        if old.strides[0] or new.strides[0] or (len(old) and len(new) and old[0] != new[0]):
            changed = either(changed, old[rows] != new)
    if not isinstance(changed, bool) and changed.all():
        return arrival
    if isinstance(changed, bool) or not changed.any():
        return None
    chosen = np.flatnonzero(changed)

    def cut(value: Any) -> Any:
        return value[chosen] if isinstance(value, np.ndarray) else value

    return Arrival(
        arrival.scene,
        chosen if arrival.index is None else arrival.index[chosen],
        [cut(word) for word in arrival.words],
        cut(arrival.lines),
        cut(arrival.duties),
        cut(arrival.minutes),
        arrival.calendar,
        [(rule, outcome, cut(test)) for rule, outcome, test in arrival.emitted],
        [(scene, cut(minute)) for scene, minute in arrival.path],
        [(inject, cut(minute)) for inject, minute in arrival.injected],
    )


class Machine(Prepared):
    """The programs of a game."""

    def __init__(
        self,
        game: Game,
        *,
        rules: bool = True,
        keep: frozenset[str] = frozenset(),
        slots: int = 2,
        exact_clock: bool = False,
        plain_minutes: Mapping[str, int] | None = None,
        hears: str | None = None,
        onward: Onward | None = None,
        slots_before: Mapping[str, int] | None = None,
        brought: Brought = NOTHING_BROUGHT,
    ) -> None:
        """`exact_clock`: the time of day is kept even where it tells nothing, so that minutes on the way to a time of day are true.

        `plain_minutes`: see `plain_time`; without it, what the graph of scenes can tell.
        """
        super().__init__(
            game,
            rules=rules,
            keep=keep,
            slots=slots,
            hears=hears,
            onward=onward,
            slots_before=slots_before,
            brought=brought,
        )
        self.unasked: tuple[Rule, ...] = ()  # at the beginning: rules that go on without being asked
        self.live = Liveness(self)
        self.live.analyse()
        self.daytime = (
            None if exact_clock or onward is not None or "clock" in keep else Daytime(self, plain_minutes or {})
        )

    def longest_before_until(self, scene_id: str) -> int:
        """The most minutes that a step from this scene can spend before an “until” in it begins: its own, and its narrations'."""
        scene = self.game.scenes[scene_id]
        own = max((in_minutes(a.effects) or 0 for a in scene.steps.values()), default=0)
        told = {s for a in scene.steps.values() for s in self.narrations_after(a.route)} | self.narrations_after(
            scene.route
        )
        narrated = (self.game.scenes[name].effects for name in told)
        return own + sum(in_minutes(each) or 0 for each in narrated if each is not None)

    def narrations_after(self, route: Sequence[tuple[object, str]]) -> set[str]:
        """The narrations that a route may lead through."""
        return {scene.id for scene, _ in self.ways_on(route) if scene is not None}

    def start(self) -> list[Arrival]:
        """One row, brought to the first scene in which somebody or chance acts, or to an ending."""
        d = self.rows(1)
        if self.game.carried.nothing:
            return self.begin(d, 0)
        return self.begin(d, carried_over(self, d, self.game), followed_on(self.game))

    def rows(self, count: int) -> Draft:
        """So many rows as the scenario begins, before anything happened."""
        d = Draft([np.zeros(count, dtype=np.int64) for _ in range(self.memory.layout.words)], None)
        authored(self, d)
        return d

    def begin(self, d: Draft, gap: Number, followed: frozenset[str] = frozenset()) -> list[Arrival]:
        """Rows as they stood `gap` minutes before the opening, brought to the first scene in which somebody or chance acts.

        `followed`: the rules that are followed on from an episode before.
        """
        d.pass_time(gap)
        found = []
        for to, part in self.beginning(d, followed):
            made = self._pack(part, to)
            before = gap if isinstance(gap, int) or made.index is None else gap[made.index]
            made.minutes = made.minutes - before
            made.path = [(scene, minute - before) for scene, minute in made.path]
            made.injected = [(inject, minute - before) for inject, minute in made.injected]
            found.append(made)
        return found

    def beginning(self, d: Draft, followed: frozenset[str]) -> list[tuple[str, Draft]]:
        """The rows at the opening, their first narrations told.

        A rule that is followed on was asked whenever anything it reads happened, and nothing has happened since: it need not be
        asked again unless it reads the clock.
        """
        self.unasked = tuple(
            rule for rule in self.rules if rule.key in followed and not rule.watcher.clock and not rule.watcher.ledger
        )
        for rule in self.rules:
            if rule not in self.unasked:
                rule.ask(d, None)
        for inject in self.game.scheduled:
            if (timer := self.inject_timers.get(inject.id)) is not None:
                d.set(timer, (inject.due or 0) + d.elapsed)  # counted from the opening, whatever went before
        arrived = self._enter(d, self.game.scenario.opening, None)
        for to, part in arrived:
            self.settle_lines(part, "", to)
            self.settle_duties(part, "", to)
        return arrived

    def openings(self, d: Draft) -> dict[str, Truth]:
        """For each guarded action of the draft's scene: in which rows it is open."""
        return {
            name: self.guards[d.scene, name](d)
            for name in self.game.scenes[d.scene].steps
            if (d.scene, name) in self.guards
        }

    def expand(self, scene_id: str, words: Words) -> list[Taken]:
        """Every move of the scene, taken by all rows that may; then every inject that may be brought by hand."""
        scene = self.game.scenes[scene_id]
        rows = Draft(words, None, scene_id)
        openings = self.openings(rows)
        best = self._best(scene, openings)
        taken: list[tuple[Taken, list[tuple[str, Draft]]]] = []
        for move in self.moves[scene_id]:
            if not self.live.explored(scene_id, move):
                continue
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
            taken.append((made, self.take(d, scene, move)))
        by_hand = list(self._taken_by_hand(scene, rows, words))
        # How a duty could have been kept is asked of what seats could do and say, and an inject is nobody's doing.
        crossed = {id(part): self.settle_lines(part, scene_id, to) for _, arrived in taken for to, part in arrived}
        evidence = self._evidence(scene, rows.n, [part for _, arrived in taken for _, part in arrived], crossed)
        for _, arrived in by_hand:
            for to, part in arrived:
                self.settle_lines(part, scene_id, to)
        for made, arrived in (*taken, *by_hand):
            for to, part in arrived:
                self.settle_duties(part, scene_id, to, evidence)
                came = self._pack(part, to)
                speech = made.move.speech
                kept = (
                    speech is None or self.hears in speech.heard_by or (speech.kind == "ask" and self.hears is not None)
                )
                told = to == scene_id and not kept
                arrival = _where_changed(came, words) if told else came
                if arrival is not None:
                    made.arrivals.append(arrival)
        return [made for made, _ in (*taken, *by_hand)]

    def _taken_by_hand(
        self, scene: PlayScene, rows: Draft, words: Words
    ) -> Iterator[tuple[Taken, list[tuple[str, Draft]]]]:
        for move in self.hands.get(scene.id, ()):
            may = negate(rows.flag(self.memory.come(move.inject)))
            if rows.never(may):
                continue
            d = Draft(words, None, scene.id).sharing(rows)
            if not isinstance(may, bool):
                may = True if may.all() else may
            if not isinstance(may, bool):
                d = d.take(may)
            yield Taken(move, may, 0, []), self.take(d, scene, move)

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
        """Points lost by the move: over its seats, the best open rating less the chosen one."""
        lost: Number = 0
        for seat, action in move.acts:
            if seat in best and action.speech is None:
                lost = lost + best[seat] - sum(action.action.practice.values())
        return lost

    def take(self, d: Draft, scene: PlayScene, move: Move) -> list[tuple[str, Draft]]:
        """The move's own effects, and the way on."""
        if move.inject:
            self._bring(d, self.game.injects[move.inject])
            return self._come_due(d, scene.id)
        if len(move.acts) == 1:
            seat, action = move.acts[0]
            d.speech = action.speech
            self.speaking.begin(d, action.speech)
            happen(self, d, action.effects, seat)
            return self._go(d, self.action_routes[scene.id, action.id], seat)
        return [
            found for part, order in orders(self, d, move) for found in self._take_together(part, scene, move, order)
        ]

    def _take_together(self, d: Draft, scene: PlayScene, move: Move, order: Order) -> list[tuple[str, Draft]]:
        self.speaking.begin(d, None)
        for n, ahead in order:
            seat, action = move.acts[n]
            d.pass_time(ahead)
            become_true(self, d, action.effects, seat)
        return self._go(d, self.routes[scene.id], None)

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
        if d.speech is not None and scene_id == d.scene:  # whoever spoke is still on turn
            return self._come_due(d, scene_id)
        d.path.append((scene_id, d.elapsed))
        if not scene.narration:
            return self._come_due(d, scene_id)
        if scene.effects is not None:
            happen(self, d, scene.effects, seat if seat in scene.present else None)
        return self._go(d, self.routes[scene_id], seat)

    def _come_due(self, d: Draft, scene_id: str) -> list[tuple[str, Draft]]:
        """Again and again the first inject that is due comes; rows part where it comes in some of them."""
        injects = self.comes_in(scene_id)
        if d.tracing:
            self._trace_injects(d, injects)
            return [(scene_id, d)]
        settled: list[tuple[str, Draft]] = []
        ahead = [d] if injects else []
        while ahead:
            part = ahead.pop()
            for inject in injects:
                due = self._due(part, inject)
                if part.never(due):
                    continue
                if not isinstance(due, bool) and not due.all():
                    ahead.append(part.take(~due))
                    part = part.take(due)
                self._bring(part, inject)
                ahead.append(part)
                break
            else:
                settled.append((scene_id, part))
        return settled or [(scene_id, d)]

    def _trace_injects(self, d: Draft, injects: Sequence[PlayInject]) -> None:
        """While tracing: each may come or not, in any order. Twice, for what one leaves open the next may read: after the first
        time nothing that one of them may change is known any more, so that a third would read nothing else."""
        for inject in (*injects, *injects):
            self._due(d, inject)
            coming = d.take(np.zeros(0, dtype=bool))
            self._bring(coming, inject)
            d.perhaps(coming)

    def _due(self, d: Draft, inject: PlayInject) -> Truth:
        waits = negate(d.flag(self.memory.come(inject.id)))
        if waits is False:
            return False
        timer = self.inject_timers.get(inject.id)
        if timer is None:
            return both(waits, self.comes_when[inject.id](d))
        return both(waits, negate(above(d.get(timer) - d.elapsed, 0)))

    def _bring(self, d: Draft, inject: PlayInject) -> None:
        d.injected.append((inject.id, d.elapsed))
        d.set(self.memory.come(inject.id), 1)
        happen(self, d, inject.effects, None)

    # --- the end of a step --------------------------------------------------------------------------------------------

    def settle_lines(self, d: Draft, source: str, to: str) -> Truth:
        """Close the books of the lines. Returns where this step crossed one, as `assess` would see it."""
        self._close(d, source, lines=True)
        ended = self.game.scenes[to].ending
        crossed = d.lines
        self._retire(d, source, to, lines=True)
        if ended:  # a line left undone is crossed at the ending, even if that was certain before
            crossed = d.lines
        return above(crossed, 0)

    def _close(self, d: Draft, source: str, *, lines: bool) -> None:
        for number in sorted(d.rules):
            if self.rules[number].line == lines:
                self.rules[number].settle(d)
        for rule in self.live.timed(source) if source else self.unasked:
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
                    # A telling that wanted only a release nobody asked her for is neither: asking was the lawful way.
                    how = choose(crossed[id(part)], choose(part.unasked, 0, LAWLESS), LAWFUL)
                    bits[slice(None) if part.index is None else part.index] |= choose(kept, how, 0)
            if bits.any():
                found[rule.number] = bits
        return found

    def settle_duties(self, d: Draft, source: str, to: str, evidence: dict[int, Array] | None = None) -> None:
        """Close the books of the duties, and let go what nothing ahead can read."""
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

    def _pack(self, d: Draft, to: str) -> Arrival:
        """The rows for the scene they come to."""
        for rule in self.handed_on:
            rule.hand_on(d)
        words = d.packed(self.live.mask(to))
        return Arrival(to, d.index, words, d.lines, d.duties, d.elapsed, d.calendar, d.emitted, d.path, d.injected)

    def _age(self, d: Draft, to: str) -> None:
        """Ages and countdowns that are not a rule's go on; what cannot run out any more counts as much as may be left."""
        memory, live = self.memory, self.live
        for since in memory.ages:
            if live.needs(to, since.stored):
                d.purpose = since.stored
                d.set(since.stored, since.aged(d))
        for timer in self.inject_timers.values():
            if live.needs(to, timer):
                d.purpose = timer
                d.set(timer, at_least(d.get(timer) - d.elapsed, 0))
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
        if d.tracing:
            return
        for field, most in live.longest(to):
            d.set(field, at_most(d.get(field), most))
        for knows, others in live.spent(to):
            everybody: Truth = True
            for other in others:
                everybody = both(everybody, d.flag(other))
            if not d.never(everybody):
                d.set(knows, choose(everybody, 1, d.get(knows)))
        if self.daytime is not None:
            self.daytime.forget(d, to)
