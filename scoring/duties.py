"""The monitor: what every line and duty has come to, from record and clock alone.

A `Watcher` is a rule prepared for one game. After each change of the record the watchers that read what changed
are asked again; each keeps a tuple of `Watch`, one per instance of its rule. `status` then says in the contract's
words where an instance stands (DESIGN, “How a choice is weighed”, 2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from scoring.clock import Calendar
from scoring.conditions import Names, Test, compile_test, reads
from scoring.record import Record
from scoring.rules import Rule
from scoring.scorecard import DutyStatus


class Mark(NamedTuple):
    """A moment: story minute and number of the step."""

    minute: int
    step: int


class Broken(NamedTuple):
    """A `never` that happened: when, in which step, by whose hand (None: nobody's in particular)."""

    minute: int
    step: int
    seat: str | None


class Watch(NamedTuple):
    """One instance of a rule. `shut` is when `before` came true; `seen` what a `never` has already counted.

    `settled`: what became of it belongs to an episode before this one, and counts no more.
    """

    opened: Mark | None = None
    deadline: int | None = None
    met: Mark | None = None
    shut: Mark | None = None
    excused: Mark | None = None
    seen: int = 0
    broken: tuple[Broken, ...] = ()
    settled: bool = False


BLANK = Watch()
Watches = Mapping[str, tuple[Watch, ...]]


@dataclass(frozen=True, slots=True)
class Watcher:
    """A rule made ready to be asked. `bound`: the seats it binds; empty means nobody of its party plays."""

    rule: Rule
    bound: frozenset[str]
    everyone: bool  # a line that binds every seat, and the hand of nobody in particular
    when: Test | None
    goal: Test | None
    before: Test | None
    unless: Test | None
    when_fact: str | None
    goal_fact: str | None
    names: frozenset[str]
    ledger: bool
    clock: bool

    @property
    def played(self) -> bool:
        return self.everyone or bool(self.bound)

    def ask(self, watches: tuple[Watch, ...], record: Record, calendar: Calendar) -> tuple[Watch, ...]:
        """The instances after this record. Returns the same tuple if nothing changed."""
        rule = self.rule
        if rule.must is not None:
            watch = watches[0]
            after = self._ask_must(watch, record, calendar)
            return watches if after is watch else (after,)
        if rule.each is not None:
            return self._ask_each(watches, record, calendar)
        watch = watches[0]
        after = self._ask_never(watch, record)
        return watches if after is watch else (after,)

    def _ask_must(self, watch: Watch, record: Record, calendar: Calendar) -> Watch:
        opened, deadline, met, shut, excused = watch[:5]
        if opened is not None and met is not None and (shut is not None or self.before is None):
            return watch  # settled for good
        now = Mark(record.now, record.step)
        if met is None and self.goal is not None and self.goal(record):
            met = now
        just_opened = opened is None and (self.when is None or self.when(record))
        if just_opened:
            opened = now
            within = self.rule.within
            deadline = calendar.after(now.minute, within) if within is not None else None
        if shut is None and self.before is not None and self.before(record):
            shut = now
        if (
            opened is not None
            and excused is None
            and self.unless is not None
            and (just_opened or ((shut is None or shut == now) and (deadline is None or now.minute <= deadline)))
            and self.unless(record)
        ):
            excused = now
        if opened is watch.opened and met is watch.met and shut is watch.shut and excused is watch.excused:
            return watch
        return Watch(opened, deadline, met, shut, excused, settled=watch.settled)

    def _ask_each(self, watches: tuple[Watch, ...], record: Record, calendar: Calendar) -> tuple[Watch, ...]:
        assert self.when_fact is not None and self.goal_fact is not None
        triggers = record.facts.get(self.when_fact, ())
        done = record.facts.get(self.goal_fact, ())
        instances = list(watches)
        for trigger in triggers[len(instances) :]:
            within = self.rule.within
            deadline = calendar.after(trigger.minute, within) if within is not None else None
            instances.append(Watch(Mark(trigger.minute, trigger.step), deadline))
        now = Mark(record.now, record.step)
        changed = len(instances) != len(watches)
        for index, watch in enumerate(instances):
            if watch.met is not None:
                continue
            opened = watch.opened
            assert opened is not None
            # One answer answers one occurrence: what follows the next trigger is for that one.
            ends = next((later.step for later in triggers[index + 1 :] if later.step > opened.step), None)
            answer = next(
                (
                    d
                    for d in done
                    if d.step >= opened.step and d.minute >= opened.minute and (ends is None or d.step < ends)
                ),
                None,
            )
            met = Mark(answer.minute, answer.step) if answer else None
            shut, excused = watch.shut, watch.excused
            if shut is None and self.before is not None and self.before(record):
                shut = now
            in_time = (shut is None or shut == now) and (watch.deadline is None or now.minute <= watch.deadline)
            if excused is None and in_time and self.unless is not None and self.unless(record):
                excused = now
            if (met, shut, excused) != (watch.met, watch.shut, watch.excused):
                instances[index] = Watch(opened, watch.deadline, met, shut, excused, settled=watch.settled)
                changed = True
        return tuple(instances) if changed else watches

    def _ask_never(self, watch: Watch, record: Record) -> Watch:
        opened = watch.opened
        if opened is None and (self.when is None or self.when(record)):
            opened = Mark(record.now, record.step)
        if self.goal_fact is not None:
            happened = record.facts.get(self.goal_fact, ())
            fresh = [Broken(*occurrence) for occurrence in happened[watch.seen :]]
            seen = len(happened)
        else:
            assert self.goal is not None
            holds = self.goal(record)
            fresh = [Broken(record.now, record.step, None)] if holds and not watch.seen else []
            seen = int(holds)
        if fresh and (opened is None or (self.unless is not None and self.unless(record))):
            fresh = []
        broken = tuple(b for b in fresh if self.everyone or b.seat is None or b.seat in self.bound)
        if opened == watch.opened and seen == watch.seen and not broken:
            return watch
        return Watch(opened, seen=seen, broken=watch.broken + broken)


def watcher(
    rule: Rule, names: Names, switches: Mapping[str, Any], bound: frozenset[str], *, everyone: bool = False
) -> Watcher:
    """Prepare a rule for a game with these names, legal switches, and bound seats."""
    goal = rule.must or rule.each or rule.never
    parts = [part for part in (rule.when, goal, rule.before, rule.unless) if part is not None]
    depends = [reads(part, names) for part in parts]

    def test(part: Any) -> Test | None:
        return compile_test(part, names, switches) if part is not None else None

    def fact(part: Any) -> str | None:
        bare = part.bare_fact if part is not None else None
        return bare if bare in names.facts else None

    return Watcher(
        rule=rule,
        bound=bound,
        everyone=everyone,
        when=test(rule.when),
        goal=test(goal),
        before=test(rule.before),
        unless=test(rule.unless),
        when_fact=fact(rule.when),
        goal_fact=fact(goal),
        names=frozenset().union(*(d.names for d in depends)),
        ledger=any(d.ledger for d in depends),
        clock=any(d.clock for d in depends),
    )


def status(watcher: Watcher, watch: Watch, now: int, *, ended: bool) -> DutyStatus:
    """Where one instance stands at story minute `now`; `ended` once the play has reached an ending.

    Deadlines are inclusive. What was not yet due at the ending is open, and counts for nothing. A duty without a
    deadline is due by the ending. A `never` is kept until it is broken.
    """
    if not watcher.played:
        return "not played"
    if watch.opened is None or watch.settled:
        return "not triggered"
    if watcher.rule.never is not None:
        return "missed" if watch.broken else "met" if ended else "due"
    if watch.met is not None and in_time(watch, watch.met):
        return "met"
    if watch.excused is not None:
        return "excused"
    if watch.met is not None:
        return "late"
    overdue = watch.shut is not None or (watch.deadline is not None and now > watch.deadline)
    if overdue:
        return "missed" if ended else "overdue"
    if not ended:
        return "due"
    limited = watch.deadline is not None or watcher.before is not None
    return "open at the end" if limited else "missed"


def in_time(watch: Watch, done: Mark) -> bool:
    """Whether `done` was by the deadline (inclusive) and in an earlier step than `before`."""
    return (watch.deadline is None or done.minute <= watch.deadline) and (
        watch.shut is None or done.step < watch.shut.step
    )
