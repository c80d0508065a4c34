"""The time of day, forgotten where no calendar can tell: a state keeps the day alone.

Until the next “until 09:00” only minutes count, and they count from where they began. What reads the calendar on the way there sees
the day and nothing finer, if the day cannot change before. And the “until” itself ends at the same moment, whatever the time was.
So rows that differ only in the time of day are set back to that day's midnight, deadlines of the calendar kept where they are. Not so
where it would tell: where midnight may pass; where a deadline falls into this very day; where a countdown in minutes may still be running
when the “until” comes, and be cut by it sooner or later. ARCHITECTURE.md has the proof.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from simulator.compiled.draft import Draft, Truth, above, at_most, both, choose, either, negate
from simulator.compiled.each import Each
from simulator.compiled.fields import Field
from simulator.compiled.memory import DAY
from simulator.compiled.must import UNOPENED, Must
from simulator.compiled.order import components, most_on_a_way
from simulator.compiled.rules import is_
from simulator.game import PlayEffects

if TYPE_CHECKING:
    from simulator.compiled.machine import Machine


class Window(NamedTuple):
    """From entering a scene to the next “until” or the ending. `most`: the most minutes until then; `jump`: the fewest minutes an
    “until” then takes, None if there is none. `waiting`: rules whose countdown may begin on the way and outlast that jump."""

    most: int
    jump: int | None
    waiting: tuple[Must, ...]


class _Begun(NamedTuple):
    """A countdown or age that may begin, and its length in minutes; `rule`: it begins only once, and not before that is opened."""

    field: Field
    minutes: int
    rule: Must | None


class _Ahead(NamedTuple):
    """What a story may meet before the calendar next speaks: the “untils” it may come to (scene, fewest minutes), what may begin."""

    untils: frozenset[tuple[str, int]]
    begun: frozenset[_Begun]

    def joined(self, other: _Ahead) -> _Ahead:
        return _Ahead(self.untils | other.untils, self.begun | other.begun)


class Daytime:
    """Sets the clocks of a machine's states back to midnight where that tells nothing."""

    def __init__(self, machine: Machine, plain_minutes: Mapping[str, int]) -> None:
        """`plain_minutes`: where known, the most minutes from a scene to the next “until” or ending."""
        self.machine = machine
        self.windows = self._windows(plain_minutes)
        self._countdowns = list(self._find_countdowns())

    def forget(self, d: Draft, to: str) -> None:
        """At the end of a step to this scene, everything else counted on."""
        memory, live = self.machine.memory, self.machine.live
        window = self.windows.get(to)
        if window is None or "clock" not in memory.layout.fields or not live.needs(to, memory.clock):
            return
        clock = d.get(memory.clock)
        time = clock % DAY
        free: Truth = negate(above(time, DAY - 1 - window.most))
        if window.jump is not None:
            for since in memory.ages:
                if live.needs(to, since.stored):
                    age = d.get(since.stored)
                    free = both(free, either(is_(age, 0), above(age + window.jump, since.cap - 1)))
        for rule in window.waiting:
            if live.needs(to, rule.code):
                free = both(free, negate(is_(d.get(rule.code), *UNOPENED)))
        dated: list[tuple[Field, Truth]] = []
        for field, by_calendar in self._countdowns:
            if not live.needs(to, field) or (window.jump is None and not by_calendar):
                continue
            left = d.get(field)
            # A countdown in minutes that any “until” outlasts stays as it is; a longer one is a date like the calendar's.
            short = is_(left, 0) if by_calendar else negate(above(left, window.jump or 0))
            if not d.never(negate(short)):
                fits = negate(above(time + left, field.mask))
                free = both(free, either(short, both(above(time + left, DAY - 1), fits)))
                dated.append((field, negate(short)))
        if d.never(free):
            return
        back = choose(free, time, 0)
        d.set(memory.clock, clock - back)
        most = live.most_minutes[to]
        for field, which in dated:
            left = d.get(field)
            longer = choose(which, left + back, left)
            d.set(field, longer if most is None else at_most(longer, most + 1))

    def _find_countdowns(self) -> Iterator[tuple[Field, bool]]:
        """Every countdown's field, and whether the calendar set it."""
        for rule in self.machine.rules:
            within = rule.watcher.rule.within
            if within is None:
                continue
            if isinstance(rule, Must) and rule.timer is not None:
                yield rule.timer, within.minutes is None
            elif isinstance(rule, Each):
                yield from ((slot.timer, within.minutes is None) for slot in rule.slots if slot.timer is not None)
        yield from ((timer, False) for timer in self.machine.inject_timers.values())
        for form in self.machine.memory.forms:
            if form.expires is not None and form.lasts is not None:
                yield form.expires, form.lasts.minutes is None

    def _windows(self, plain_minutes: Mapping[str, int]) -> dict[str, Window]:
        """The scenes in which the time of day may be forgotten at all."""
        machine = self.machine
        effects = {scene: list(self._effects(scene)) for scene in machine.game.scenes}
        plain: dict[str, tuple[str, ...]] = {}
        for scene, found in effects.items():
            ways = [to for each, route in found for _, to in route if each is None or in_minutes(each) is not None]
            plain[scene] = tuple(dict.fromkeys(ways))
        parts = components(plain)

        def longest(scene: str) -> int:
            calls = machine.speaking.calls(machine.game.scenes[scene])
            return calls + max((in_minutes(each) or 0 for each, _ in effects[scene] if each is not None), default=0)

        most = most_on_a_way(plain, parts, longest)
        # An inject may come in any step, as far as is looked at here.
        brought = frozenset(begun for inject in machine.injects for begun in self._begins(inject.effects))
        ahead: dict[str, _Ahead] = {}
        for part in parts:
            whole = _Ahead(frozenset(), brought)
            for scene in part:
                for each, _ in effects[scene]:
                    if each is not None:
                        whole = whole.joined(self._ahead(scene, each))
                for to in plain[scene]:
                    whole = whole.joined(ahead.get(to, whole))
            ahead.update(dict.fromkeys(part, whole))
        windows: dict[str, Window] = {}
        for scene, coming in ahead.items():
            way = most[scene]
            length = plain_minutes.get(scene, way if way is None else way + machine.speaking.minutes)
            if length is None or (length := length + machine.inject_minutes) >= DAY:
                continue
            jump = min((minutes for _, minutes in coming.untils), default=None)
            outlasting = [begun for begun in coming.begun if self._outlasts(begun, jump, coming.untils)]
            if all(begun.rule is not None for begun in outlasting):
                waiting = {begun.rule.number: begun.rule for begun in outlasting if begun.rule is not None}
                windows[scene] = Window(length, jump, tuple(waiting.values()))
        return windows

    def _outlasts(self, begun: _Begun, jump: int | None, untils: frozenset[tuple[str, int]]) -> bool:
        """Whether a countdown or age may still tell something after a jump: it is longer, and somebody reads it there."""
        if jump is None or begun.minutes < jump:
            return False
        return any(self._matters(scene, begun.field) for scene, _ in untils)

    def _matters(self, scene_id: str, field: Field) -> bool:
        """Whether anything may read the field in or after an “until” of this scene."""
        machine, scene = self.machine, self.machine.game.scenes[scene_id]
        if not scene.narration:
            return machine.live.needs(scene_id, field)
        kind, _, name = field.name.partition(" ")
        if kind not in ("expires", "since"):
            return True  # a deadline that passes in this very step
        told = [scene, *(machine.game.scenes[each] for each in machine.narrations_after(scene.route))]
        effects = [each.effects for each in told] + [each.effects for each in machine.injects]
        if any(each is not None and each.ledger is not None for each in effects):
            return True
        asked = [each.inject.when.text for each in machine.game.scheduled if each.inject.when is not None]
        asked += [branch.when.text for each in told for branch in each.scene.to if branch.when is not None]
        asked += [condition.text for condition in machine.rule_conditions()]
        stops = [stop for found, stop in machine.ways_on(scene.route) if found is None]
        return any(name in text for text in asked) or any(machine.live.needs(stop, field) for stop in stops)

    def _ahead(self, scene: str, effects: PlayEffects) -> _Ahead:
        """What an action or narration adds: the “until” it lasts to, or the countdowns and ages that it may begin."""
        memory = self.machine.memory
        if effects.until is not None and in_minutes(effects) is None:
            return _Ahead(frozenset({(scene, memory.shortest(effects.until))}), frozenset())
        return _Ahead(frozenset(), frozenset(self._begins(effects)))

    def _effects(self, scene_id: str) -> Iterator[tuple[PlayEffects | None, tuple[tuple[object, str], ...]]]:
        """What may happen in a scene, with the routes that may follow it. Actions done together are taken as if each led on."""
        scene = self.machine.game.scenes[scene_id]
        on = self.machine.story[scene_id]
        if scene.narration:
            yield scene.effects, tuple(way for way in scene.route if way[1] in on)
        for action in scene.speeches.values():
            yield action.effects, tuple(way for way in action.route if way[1] != scene_id)
        for action in scene.actions.values():
            yield action.effects, scene.route if len(scene.seats) > 1 else action.route
        if len(scene.seats) > 1:  # the longest may be one with minutes, beside one that lasts until something
            yield None, scene.route

    def _begins(self, effects: PlayEffects) -> Iterator[_Begun]:
        """The countdowns in minutes, and the ages, that these effects may begin."""
        machine = self.machine
        for rule in machine.asked(effects):
            within = rule.watcher.rule.within
            if within is None or within.minutes is None:
                continue
            if isinstance(rule, Must) and rule.timer is not None:
                yield _Begun(rule.timer, within.minutes, rule)
            elif isinstance(rule, Each):
                yield from (_Begun(slot.timer, within.minutes, None) for slot in rule.slots if slot.timer is not None)
        facts = set(effects.records)
        if effects.ledger is not None:
            if effects.ledger.tell and machine.game.breach_fact is not None:
                facts.add(machine.game.breach_fact)
            form = machine.memory.asked_form(effects.ledger.signs_release)
            if (
                form is not None
                and form.expires is not None
                and form.lasts is not None
                and form.lasts.minutes is not None
            ):
                yield _Begun(form.expires, form.lasts.minutes, None)
        yield from (_Begun(since.stored, since.cap, None) for since in machine.memory.ages if since.fact in facts)


def in_minutes(effects: PlayEffects) -> int | None:
    """How long it takes, if that is a number of minutes; None if it lasts until a time of day."""
    return effects.minutes if effects.until is None else effects.until.minutes
