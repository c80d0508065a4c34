"""From the endings of one episode to the starts of the next, on many states at once.

A carried-in state is one of what the next episode's machine keeps: of facts no more than whether, how often and how long ago, as far
as something ahead reads it; of rules the code and the countdown. So there are finitely many wherever the episode before has finitely
many states with these fields kept to its endings, and two plays that nothing ahead can tell apart carry in the same. Fields are
mapped one by one; codes of rules become what `prologue` makes of them: what the ending settled is settled.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scoring.clock import Calendar
from simulator.compiled.draft import Array, Draft, Number, choose
from simulator.compiled.each import AWAITED, FREE, PASSED, Each
from simulator.compiled.fields import Field, Words
from simulator.compiled.memory import SCENE, SURVIVOR, TooIntricate
from simulator.compiled.must import DONE, UNOPENED, Must
from simulator.compiled.must import OPEN as MUST_OPEN
from simulator.compiled.never import OPEN as NEVER_OPEN
from simulator.compiled.never import WAITING as NEVER_WAITING
from simulator.compiled.never import Never
from simulator.compiled.rules import LONGEST, Rule, is_
from simulator.continuing import facts_carried
from simulator.game import Game
from simulator.series import Carries, Episode, seat_map

if TYPE_CHECKING:
    from simulator.compiled.machine import Machine
    from simulator.compiled.preparing import Prepared

MOMENTS = ("asked", "refused", "signed", "revoked")


@dataclass(frozen=True)
class Step:
    """From the game of one episode to that of the next."""

    there: Game
    here: Game
    episode: Episode
    carries: Carries

    @property
    def facts(self) -> dict[str, str]:
        """Fact here → fact there."""
        return {new: old for old, new in facts_carried(self.there, self.carries).items()}

    @property
    def seats(self) -> dict[str, str]:
        """Seat here → seat there."""
        mapped = seat_map(self.episode, self.there.scenario.seats, self.here.scenario.seats)
        return {new: old for old, new in mapped.items()}

    def names(self, kind: str) -> dict[str, str]:
        """Name here → name there."""
        return {new: old for old, new in self.carries.pairs(kind).items()}

    @property
    def rules(self) -> frozenset[str]:
        """The rules that are followed on: some fact that they read is carried."""
        facts = self.facts
        return frozenset(key for key, rule in self.here.watchers.items() if not rule.names.isdisjoint(facts))

    @property
    def fixed_gap(self) -> int | None:
        """Minutes to the opening, where they hang on no date."""
        return self.episode.after.minutes if self.episode.after is not None else None

    def opens(self, ended: int) -> int:
        """The minute at which the next episode begins if this one ended at that minute of its own story."""
        there = Calendar(self.there.begins, frozenset(h.date for h in self.there.story_law.holidays))
        if self.episode.after is not None:
            return there.after(ended, self.episode.after)
        return max(there.minute(self.here.scenario.starts), ended)


class Onward:
    """What a machine keeps to its endings because the next episode reads it. `ahead`: a machine of that episode."""

    def __init__(self, step: Step, ahead: Machine) -> None:
        self.step, self.ahead = step, ahead
        wanted = ahead.live.at_start(step.rules)
        self.wanted = tuple(field for name, field in ahead.memory.layout.fields.items() if name in wanted)
        rules = (rule for rule in ahead.rules if rule.key in step.rules)
        self.rules = frozenset(rule.key for rule in rules if any(field.name in wanted for field in rule.fields))
        self.asks_date = step.fixed_gap is None or "clock" in wanted

    def widen(self, game: Prepared) -> None:
        """Before any field is made: count and age as far as the next episode does."""
        caps, facts = game.memory.caps, self.step.facts
        for (kind, fact), most in self.ahead.memory.caps.items():
            if fact in facts:
                key = (kind, facts[fact])
                caps[key] = max(caps.get(key, 1), most)
        game.memory.dated = self.asks_date and self.step.episode.after is None

    def sources(self, game: Prepared) -> None:
        """Remember where seats know items from, where the next episode asks."""
        for field in self.wanted:
            kind, _, rest = field.name.partition(" ")
            if kind == "source" and (found := self._known(rest)) is not None:
                game.tellings.follow_source(*found)

    def fields(self, game: Prepared) -> frozenset[str]:
        """Make every field that is carried over, and name them."""
        keep: set[str] = {field.name for _, field in self.plain(game)}
        for key in self.rules:
            rule = game.rule_of(key)
            if rule is not None:
                keep.update(field.name for field in rule.fields)
        if self.asks_date:
            keep.add(game.memory.clock.name)
        return frozenset(keep)

    def plain(self, game: Prepared) -> Iterator[tuple[Field, Field]]:
        """Each field there is over there that no rule owns, with the field here whose value it takes."""
        step, memory = self.step, game.memory
        facts, forms = step.facts, step.names("releases")
        meters, statuses = step.names("meters"), step.names("statuses")
        for field in self.wanted:
            kind, _, rest = field.name.partition(" ")
            if kind == "fact" and rest in facts:
                yield field, memory.fact_field(facts[rest])
            elif kind == "times" and rest in facts:
                yield field, memory.times(facts[rest])
            elif kind == "since" and rest in facts:
                yield field, memory.since(facts[rest]).stored
            elif kind == "span" and (found := self._span(game, rest)) is not None:
                yield field, found
            elif kind == "meter" and rest in meters:
                yield field, memory.meter(meters[rest])[0]
            elif kind == "status" and rest in statuses:
                yield field, memory.status(statuses[rest])
            elif kind == "known" and (pair := self._known(rest)) is not None:
                yield field, memory.known(*pair)
            elif kind == "source" and (pair := self._known(rest)) is not None:
                yield field, game.tellings.follow_source(*pair)
            elif kind in MOMENTS and rest in forms:
                yield field, memory.form(forms[rest]).moment(kind)
            elif kind == "expires" and rest in forms:
                expires = memory.form(forms[rest]).expires
                assert expires is not None
                yield field, expires
            elif kind == "counted" and (three := self._counted(rest)) is not None:
                yield field, memory.layout.add("counted " + " ".join(three), 1)

    def _known(self, rest: str) -> tuple[str, str] | None:
        seat, item = rest.split(" ")
        seats, items = self.step.seats, self.step.names("items")
        return (seats[seat], items[item]) if seat in seats and item in items else None

    def _counted(self, rest: str) -> tuple[str, str, str] | None:
        seat, told, item = rest.split(" ")
        seats, items = self.step.seats, self.step.names("items")
        return (seats[seat], seats[told], items[item]) if {seat, told} <= seats.keys() and item in items else None

    def _span(self, game: Prepared, name: str) -> Field | None:
        """The field there of which a span here takes the value; None if it holds for no carried state."""
        begin, end = self.ahead.memory.names.spans[name]
        facts, spans = self.step.facts, game.memory.names.spans
        if begin not in facts:
            return None
        if end not in facts:
            return game.memory.fact_field(facts[begin])  # nothing that is carried ends it
        wanted = (facts[begin], facts[end])
        found = next((there for there, both in spans.items() if both == wanted), None)
        if found is None:
            raise TooIntricate(f"the span “{name}” is none in “{game.game.scenario.title}”, whose facts it reads")
        return game.memory.span(found)


@dataclass(slots=True)
class Left:
    """Endings of an episode: their rows, and for each row when it ended and when the next episode opens (minutes of its story)."""

    words: Words
    scene: str
    ended: Array | None
    opens: Array | None


def left_by(onward: Onward, machine: Machine, scene: str, words: Words) -> Left:
    """The rows of an ending. Minutes are None where no date is asked for."""
    if not onward.asks_date:
        return Left(words, scene, None, None)
    memory = machine.memory
    ended = np.broadcast_to(np.asarray(Draft(words, None, scene).get(memory.clock)), (len(words[0]),)) - memory.began
    if (gap := onward.step.fixed_gap) is not None:
        return Left(words, scene, ended, ended + gap)
    minutes, back = np.unique(ended, return_inverse=True)
    return Left(words, scene, ended, np.array([onward.step.opens(int(m)) for m in minutes], dtype=np.int64)[back])


def taken_over(onward: Onward, machine: Machine, left: Left, to: Machine, earliest: int) -> tuple[Draft, Number]:
    """Rows of the next episode's machine as they stood when this one ended, and minutes to its opening.

    `earliest`: the minute of this story at which `to`'s own story begins.
    """
    source = Draft(left.words, None, left.scene)
    d = to.rows(len(left.words[0]))
    here = to.memory.layout.fields
    for ahead, there in onward.plain(machine):
        if ahead.name in here:
            _put(d, here[ahead.name], _translated(onward, ahead, source.get(there), machine, to))
    for rule in to.rules:
        if rule.key in onward.rules and (before := machine.rule_of(rule.key)) is not None:
            _rule(source, d, before, rule)
    gap: Number = onward.step.fixed_gap or 0
    if left.opens is not None and left.ended is not None:
        gap = left.opens - left.ended
        if "clock" in here:
            d.set(to.memory.clock, to.memory.began + left.ended - earliest)
    for rule in to.rules:
        if isinstance(rule, Never) and rule.seen is not None and rule.key in onward.rules:
            assert rule.goal is not None
            holds = rule.goal(d)
            d.set(rule.seen, int(holds) if isinstance(holds, bool) else holds.astype(np.int64))
    return d, gap


def _put(d: Draft, field: Field, value: Number) -> None:
    most = value if isinstance(value, int) else int(value.max(initial=0))
    if most > field.mask:
        raise TooIntricate(f"what is carried over does not fit “{field.name}”")
    d.set(field, value)


def _translated(onward: Onward, ahead: Field, value: Number, machine: Machine, to: Machine) -> Number:
    """A value there in the numbers of here: statuses in another order, sources by seats of other numbers, ages with other caps."""
    kind, _, name = ahead.name.partition(" ")
    step = onward.step
    if kind == "status":
        there = step.there.scenario.statuses[step.names("statuses")[name]].values
        here = step.here.scenario.statuses[name].values
        return _looked_up([here.index(each) for each in there], value)
    if kind == "source":
        seats = {old: new for new, old in step.seats.items()}
        numbers = [0] * (SCENE + 1 + len(machine.tellings.seats))
        numbers[SURVIVOR], numbers[SCENE] = SURVIVOR, SCENE
        for seat, number in machine.tellings.seats.items():
            numbers[number] = to.tellings.seats.get(seats.get(seat, ""), 0)
        return _looked_up(numbers, value)
    if kind == "times":
        return _at_most(value, to.memory.most_times(name))
    if kind == "since":
        return _at_most(value, to.memory.since(name).cap)
    return value


def _at_most(value: Number, most: int) -> Number:
    return min(value, most) if isinstance(value, int) else np.minimum(value, most)


def _looked_up(table: list[int], value: Number) -> Number:
    if isinstance(value, int):
        return table[value]
    found: Array = np.array(table, dtype=np.int64)[value]
    return found


def _rule(source: Draft, d: Draft, before: Rule, rule: Rule) -> None:
    """What the ending left of a rule."""
    if isinstance(rule, Must) and isinstance(before, Must):
        code = source.get(before.code)
        open_ = is_(code, MUST_OPEN) if rule.timed or rule.before is not None else False
        d.set(rule.code, choose(is_(code, *UNOPENED), code, choose(open_, MUST_OPEN, DONE)))
        if rule.timer is not None and before.timer is not None:
            _put(d, rule.timer, choose(open_, source.get(before.timer), 0))
    elif isinstance(rule, Never):
        assert isinstance(before, Never)
        d.set(rule.code, choose(is_(source.get(before.code), NEVER_WAITING), NEVER_WAITING, NEVER_OPEN))
    elif isinstance(rule, Each):
        assert isinstance(before, Each)
        d.set(rule.ever, source.get(before.ever))
        _slots(source, d, before, rule)


def _slots(source: Draft, d: Draft, before: Each, rule: Each) -> None:
    """The instances left open, in the order in which `beginning.write_rule` puts them: which slot one stands in tells nothing."""
    n, keys = source.n, []
    for slot in before.slots:
        code = source.get(slot.code)
        kept = is_(code, AWAITED, PASSED) if rule.limited else False
        timer = source.get(slot.timer) if slot.timer is not None else 0
        keys.append(np.broadcast_to(np.asarray(choose(kept, code * LONGEST + timer, FREE)), (n,)))
    if not keys:
        return
    ordered = -np.sort(-np.stack(keys), axis=0)
    for slot, key in zip(rule.slots, ordered, strict=False):
        d.set(slot.code, key // LONGEST)
        if slot.timer is not None:
            _put(d, slot.timer, key % LONGEST)


def slots_of(machine: Machine) -> Mapping[str, int]:
    """How many instances of each rule a machine can leave open."""
    return {rule.key: len(rule.slots) for rule in machine.rules if isinstance(rule, Each)}
