"""`each` on many states at once: every occurrence of the trigger wants an answer of its own.

An instance is awaited from its trigger to the next step that brings the trigger again. Undecided instances stand in a few
slots, each a code and minutes + 1 until the deadline.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from scoring.duties import Watcher
from simulator.compiled.draft import UNKNOWN, Draft, Number, Truth, above, at_least, both, choose, either, negate
from simulator.compiled.fields import Field
from simulator.compiled.memory import Memory, SlotsFull
from simulator.compiled.rules import (
    EXCUSED,
    LATE,
    MET,
    MISSED,
    OPEN_AT_END,
    UNTRIGGERED,
    Book,
    Rule,
    is_,
)

# What is still to come of one instance; PASSED: its trigger has come again, so that no answer is for it any more.
FREE, AWAITED, AWAITED_LATE, AWAITED_PARDONED, PASSED = range(5)


class Slot(NamedTuple):
    """Room for one undecided instance. `timer` None: there is no deadline."""

    code: Field
    timer: Field | None


@dataclass(slots=True)
class SlotBook(Book):
    """One slot during a step. `timer`: minutes + 1 from the step's start. `shut_now`: at this moment. `closed`: the trigger
    has come again. `now`: triggered in this step."""

    code: Number
    timer: Number
    met: Truth = False
    late: Truth = False
    shut: Truth = False
    shut_now: Truth = False
    excused: Truth = False
    closed: Truth = False
    now: Truth = False


@dataclass(slots=True)
class EachBook(Book):
    """All slots, and how many triggers of this moment were looked at."""

    slots: list[SlotBook]
    looked_at: Number = 0

    def cut(self, part: Callable[[Any], Any]) -> Self:
        return type(self)([slot.cut(part) for slot in self.slots], part(self.looked_at))

    def new_moment(self) -> None:
        self.looked_at = 0
        for slot in self.slots:
            slot.shut_now = False


class Each(Rule):
    """The fact in `when` triggers an instance, the fact in `each` answers it. `ever`: whether it was ever triggered."""

    def __init__(self, number: int, key: str, watcher: Watcher, memory: Memory, slots: int) -> None:
        super().__init__(number, key, watcher, memory)
        add = memory.layout.add
        self.slots = tuple(
            Slot(
                add(f"slot {n} {key}", PASSED),
                add(f"slot {n} timer {key}", self.room) if self.timed else None,
            )
            for n in range(slots)
        )
        self.ever = add(f"ever {key}", 1)
        self.fields = (self.ever, *(field for slot in self.slots for field in slot if field is not None))

    @property
    def limited(self) -> bool:
        """Whether an instance that is never answered may be open at the end."""
        return self.timed or self.before is not None

    def begin(self, d: Draft) -> None:
        for field in self.fields:
            d.set(field, 0)

    def _book(self, d: Draft) -> EachBook:
        book = d.rules.get(self.number)
        if book is None:
            slots = [
                SlotBook(d.get(slot.code), d.get(slot.timer) if slot.timer is not None else 0) for slot in self.slots
            ]
            book = d.rules[self.number] = EachBook(slots)
        assert isinstance(book, EachBook)
        return book

    def ask(self, d: Draft, seat: str | None) -> None:
        book = self._book(d)
        assert self.watcher.when_fact is not None and self.watcher.goal_fact is not None
        happened = d.recorded.get(self.watcher.when_fact, 0)
        self._open(d, book, happened - book.looked_at)
        book.looked_at = happened
        answered = above(d.recorded.get(self.watcher.goal_fact, 0), 0)
        for slot in book.slots:
            alive = both(negate(is_(slot.code, FREE)), negate(slot.met))
            if d.never(alive):
                continue
            in_time = self._in_time(d, slot)
            was_late = is_(slot.code, AWAITED_LATE)
            met = both(both(alive, answered), both(negate(is_(slot.code, PASSED)), negate(slot.closed)))
            timely = both(in_time, both(negate(slot.shut), negate(was_late)))
            slot.late = either(slot.late, both(met, negate(timely)))
            slot.met = either(slot.met, met)
            if self.before is not None:
                shutting = both(both(alive, negate(slot.shut)), self.before(d))
                slot.late = either(slot.late, both(met, shutting))
                slot.shut = either(slot.shut, shutting)
                slot.shut_now = either(slot.shut_now, shutting)
            if self.unless is not None:
                still = both(either(negate(slot.shut), slot.shut_now), in_time)
                may = both(both(alive, still), negate(was_late))
                if not d.never(may):
                    slot.excused = either(slot.excused, both(may, self.unless(d)))

    def _open(self, d: Draft, book: EachBook, triggers: Number) -> None:
        triggered = above(triggers, 0)
        if d.never(triggered):
            return
        d.set(self.ever, choose(triggered, 1, self.memory.own(d, self.ever)))
        for slot in book.slots:
            awaited = is_(slot.code, AWAITED, AWAITED_LATE, AWAITED_PARDONED)
            closing = both(both(triggered, awaited), both(negate(slot.now), negate(slot.met)))
            slot.closed = either(slot.closed, closing)
        due = self.due(d) if self.timed else 0
        for _ in range(triggers if isinstance(triggers, int) else int(triggers.max(initial=1))):
            wanted = above(triggers, 0)
            for slot in book.slots:
                free = both(wanted, is_(slot.code, FREE))
                slot.code = choose(free, AWAITED, slot.code)
                slot.timer = choose(free, due, slot.timer)
                slot.now = either(slot.now, free)
                wanted = both(wanted, negate(free))
            if not d.never(wanted) and not d.tracing:
                raise SlotsFull(f"more than {len(self.slots)} open instances of “{self.key}” at a time")
            triggers = triggers - 1

    def _in_time(self, d: Draft, slot: SlotBook) -> Truth:
        return above(slot.timer - d.elapsed, 0) if self.timed else True

    def settle(self, d: Draft) -> None:
        book = self._book(d)
        if d.tracing:  # closing the book reads nothing else
            for field in self.fields[1:]:
                d.set(field, UNKNOWN)
            return
        for (code, timer), slot in zip(self.slots, book.slots, strict=True):
            self._settle(d, code, timer, slot)

    def _settle(self, d: Draft, code_field: Field, timer_field: Field | None, slot: SlotBook) -> None:
        code, met, late = slot.code, slot.met, slot.late
        full = 1 if self.line else 2
        active = negate(is_(code, FREE))
        if d.never(active):
            d.set(code_field, FREE)
            if timer_field is not None:
                d.set(timer_field, 0)
            return
        excused = either(slot.excused, is_(code, AWAITED_PARDONED))
        was_late = is_(code, AWAITED_LATE)
        over = both(active, either(either(slot.shut, negate(self._in_time(d, slot))), was_late))
        window = both(negate(slot.closed), negate(is_(code, PASSED)))
        good = both(both(active, met), negate(late))
        unmet = both(both(active, negate(met)), negate(excused))
        late_out = both(both(active, both(met, late)), negate(excused))
        now_over = both(both(unmet, over), window)
        waits = both(both(unmet, negate(over)), window)
        lost = both(both(unmet, over), negate(window))
        passed = both(both(unmet, negate(over)), negate(window))
        if not self.limited and self.unless is None:
            lost, passed = either(lost, passed), False
        pardoned = both(both(both(active, excused), negate(met)), both(negate(over), window))
        self.charge(d, both(either(late_out, now_over), negate(was_late)), 1)
        self.charge(d, both(lost, negate(was_late)), full)
        self.charge(d, both(lost, was_late), full - 1)
        d.emit(self.number, MET, good)
        d.emit(self.number, LATE, late_out)
        d.emit(self.number, MISSED, lost)
        d.emit(self.number, EXCUSED, both(both(active, both(excused, negate(good))), negate(pardoned)))
        new = choose(waits, AWAITED, choose(now_over, AWAITED_LATE, choose(pardoned, AWAITED_PARDONED, FREE)))
        d.set(code_field, choose(passed, PASSED, new))
        if timer_field is not None:
            running = either(either(waits, pardoned), passed)
            d.set(timer_field, choose(running, at_least(slot.timer - d.elapsed, 0), 0))

    def tick(self, d: Draft) -> None:
        if not self.timed or (isinstance(d.elapsed, int) and d.elapsed == 0):
            return
        if not d.tracing and all(d.never(negate(is_(d.get(slot.code), FREE))) for slot in self.slots):
            return
        self.settle(d)

    def dilemma(self, d: Draft) -> None:
        for slot in self.slots:
            code = d.get(slot.code)
            passed = is_(code, PASSED)
            d.emit(self.number, EXCUSED, passed)
            d.set(slot.code, choose(passed, FREE, choose(is_(code, AWAITED), AWAITED_PARDONED, code)))
            if slot.timer is not None:
                d.set(slot.timer, choose(passed, 0, d.get(slot.timer)))

    def hand_on(self, d: Draft) -> None:
        for slot in self.slots:
            code = d.get(slot.code)
            goes_on = is_(code, AWAITED, PASSED) if self.limited else False
            d.set(slot.code, choose(goes_on, code, FREE))
            if slot.timer is not None:
                d.set(slot.timer, choose(goes_on, d.get(slot.timer), 0))

    def retire(self, d: Draft, ended: bool, most: int | None) -> None:
        d.emit(self.number, UNTRIGGERED, is_(d.get(self.ever), 0))
        d.set(self.ever, 0 if ended else 1)  # said once
        for slot in self.slots:
            self._retire(d, slot, ended, most)

    def _retire(self, d: Draft, slot: Slot, ended: bool, most: int | None) -> None:
        full = 1 if self.line else 2
        code = d.get(slot.code)
        if d.never(negate(is_(code, FREE))):
            return
        late, waiting = is_(code, AWAITED_LATE), is_(code, AWAITED, PASSED)
        self.charge(d, late, full - 1)
        d.emit(self.number, MISSED, late)
        d.emit(self.number, EXCUSED, is_(code, AWAITED_PARDONED))
        if slot.timer is not None and not ended:
            left = d.get(slot.timer)
            if most is not None:  # a deadline beyond every ending
                never = both(waiting, above(left, most))
                d.emit(self.number, OPEN_AT_END, never)
                waiting = both(waiting, negate(never))
            d.set(slot.code, choose(waiting, PASSED, FREE))
            d.set(slot.timer, choose(waiting, left, 0))
            return
        if self.limited:
            d.emit(self.number, OPEN_AT_END, waiting)
        else:
            self.charge(d, waiting, full)
            d.emit(self.number, MISSED, waiting)
        d.set(slot.code, FREE)
        if slot.timer is not None:
            d.set(slot.timer, 0)
