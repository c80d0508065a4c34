"""`each` on many states at once: every occurrence of the trigger wants an answer of its own.

An instance is awaited from its trigger to the next step that brings the trigger again. Undecided instances stand in a few
slots, each a code and minutes + 1 until the deadline.
"""

from __future__ import annotations

from dataclasses import dataclass

from simulator.compiled.draft import Draft, Number, Truth, at_least, both, choose, counted, either, negate
from simulator.compiled.fields import Field
from simulator.compiled.memory import SlotsFull
from simulator.compiled.rules import (
    AWAITED,
    AWAITED_LATE,
    AWAITED_PARDONED,
    EXCUSED,
    FREE,
    LATE,
    MET,
    MISSED,
    OPEN_AT_END,
    PASSED,
    UNTRIGGERED,
    Book,
    Rule,
    is_,
)


def _positive(count: Number) -> Truth:
    return bool(count > 0) if isinstance(count, int) else count > 0


@dataclass(slots=True)
class Each(Rule):
    """`each`: the fact in `when` triggers an instance, the fact in `each` answers it."""

    slots: tuple[tuple[Field, Field | None], ...] = ()
    ever: Field = None  # type: ignore[assignment]

    @property
    def limited(self) -> bool:
        return self.watcher.rule.within is not None or self.before is not None

    def begin(self, d: Draft) -> None:
        for field in self.fields:
            d.set(field, 0)

    def _book(self, d: Draft) -> Book:
        book = d.rules.get(self.number)
        if book is None:
            book = d.rules[self.number] = Book(at_moment=0)
            for n, (code, timer) in enumerate(self.slots):
                book[f"code{n}"] = d.get(code)
                book[f"timer{n}"] = d.get(timer) if timer is not None else 0
                for flag in ("met", "late", "shut", "shut_now", "excused", "closed", "now"):
                    book[f"{flag}{n}"] = False
        return book

    def ask(self, d: Draft, seat: str | None) -> None:
        book = self._book(d)
        assert self.watcher.when_fact is not None and self.watcher.goal_fact is not None
        happened = d.recorded.get(self.watcher.when_fact, 0)
        self._open(d, book, happened - book["at_moment"])
        book["at_moment"] = happened
        answered = _positive(d.recorded.get(self.watcher.goal_fact, 0))
        for n in range(len(self.slots)):
            code = book[f"code{n}"]
            alive = both(negate(is_(code, FREE)), negate(book[f"met{n}"]))
            if d.never(alive):
                continue
            in_time = self._in_time(d, book, n)
            met = both(both(alive, answered), both(negate(is_(code, PASSED)), negate(book[f"closed{n}"])))
            timely = both(in_time, both(negate(book[f"shut{n}"]), negate(is_(code, AWAITED_LATE))))
            book[f"late{n}"] = either(book[f"late{n}"], both(met, negate(timely)))
            book[f"met{n}"] = either(book[f"met{n}"], met)
            if self.before is not None:
                shutting = both(both(alive, negate(book[f"shut{n}"])), self.before(d))
                book[f"late{n}"] = either(book[f"late{n}"], both(met, shutting))
                book[f"shut{n}"] = either(book[f"shut{n}"], shutting)
                book[f"shut_now{n}"] = either(book[f"shut_now{n}"], shutting)
            if self.unless is not None:
                still = both(either(negate(book[f"shut{n}"]), book[f"shut_now{n}"]), in_time)
                may = both(both(alive, still), negate(is_(code, AWAITED_LATE)))
                if not d.never(may):
                    book[f"excused{n}"] = either(book[f"excused{n}"], both(may, self.unless(d)))

    def _open(self, d: Draft, book: Book, triggers: Number) -> None:
        triggered = _positive(triggers)
        if d.never(triggered):
            return
        d.set(self.ever, choose(triggered, 1, self.memory._own(d, self.ever)))
        for n in range(len(self.slots)):
            awaited = is_(book[f"code{n}"], AWAITED, AWAITED_LATE, AWAITED_PARDONED)
            closing = both(both(triggered, awaited), both(negate(book[f"now{n}"]), negate(book[f"met{n}"])))
            book[f"closed{n}"] = either(book[f"closed{n}"], closing)
        due = self.due(d) if self.watcher.rule.within is not None else 0
        for _ in range(triggers if isinstance(triggers, int) else int(triggers.max(initial=1))):
            wanted: Truth = _positive(triggers)
            for n in range(len(self.slots)):
                free = both(wanted, is_(book[f"code{n}"], FREE))
                book[f"code{n}"] = choose(free, AWAITED, book[f"code{n}"])
                book[f"timer{n}"] = choose(free, due, book[f"timer{n}"])
                book[f"now{n}"] = either(book[f"now{n}"], free)
                wanted = both(wanted, negate(free))
            if not d.never(wanted) and not d.tracing:
                raise SlotsFull(f"more than {len(self.slots)} open instances of “{self.key}” at a time")
            triggers = triggers - 1

    def _in_time(self, d: Draft, book: Book, n: int) -> Truth:
        if self.watcher.rule.within is None:
            return True
        left = book[f"timer{n}"] - d.elapsed
        return bool(left >= 1) if isinstance(left, int) else left >= 1

    def settle(self, d: Draft) -> None:
        book = d.rules[self.number]
        full = 1 if self.line else 2
        for n, (code_field, timer_field) in enumerate(self.slots):
            code, met, late = book[f"code{n}"], book[f"met{n}"], book[f"late{n}"]
            active = negate(is_(code, FREE))
            if d.never(active):
                d.set(code_field, FREE)
                if timer_field is not None:
                    d.set(timer_field, 0)
                continue
            excused = either(book[f"excused{n}"], is_(code, AWAITED_PARDONED))
            was_late = is_(code, AWAITED_LATE)
            over = both(active, either(either(book[f"shut{n}"], negate(self._in_time(d, book, n))), was_late))
            window = both(negate(book[f"closed{n}"]), negate(is_(code, PASSED)))
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
            self._charge(d, both(either(late_out, now_over), negate(was_late)), 1)
            self._charge(d, both(lost, negate(was_late)), full)
            self._charge(d, both(lost, was_late), full - 1)
            d.emit(self.number, MET, good)
            d.emit(self.number, LATE, late_out)
            d.emit(self.number, MISSED, lost)
            d.emit(self.number, EXCUSED, both(both(active, both(excused, negate(good))), negate(pardoned)))
            new = choose(waits, AWAITED, choose(now_over, AWAITED_LATE, choose(pardoned, AWAITED_PARDONED, FREE)))
            d.set(code_field, choose(passed, PASSED, new))
            if timer_field is not None:
                running = either(either(waits, pardoned), passed)
                d.set(timer_field, choose(running, at_least(book[f"timer{n}"] - d.elapsed, 0), 0))

    def _charge(self, d: Draft, where: Truth, points: int) -> None:
        if points and not d.never(where):
            d.charge(line=self.line, by=counted(where) * points)

    def tick(self, d: Draft) -> None:
        if self.watcher.rule.within is None or (isinstance(d.elapsed, int) and d.elapsed == 0):
            return
        if not d.tracing and all(d.never(negate(is_(d.get(code), FREE))) for code, _ in self.slots):
            return
        self._book(d)
        self.settle(d)

    def dilemma(self, d: Draft) -> None:
        for code_field, timer in self.slots:
            code = d.get(code_field)
            passed = is_(code, PASSED)
            d.emit(self.number, EXCUSED, passed)
            d.set(code_field, choose(passed, FREE, choose(is_(code, AWAITED), AWAITED_PARDONED, code)))
            if timer is not None:
                d.set(timer, choose(passed, 0, d.get(timer)))

    def retire(self, d: Draft, ended: bool, most: int | None) -> None:
        full = 1 if self.line else 2
        d.emit(self.number, UNTRIGGERED, is_(d.get(self.ever), 0))
        d.set(self.ever, 0 if ended else 1)  # said once
        for code_field, timer in self.slots:
            code = d.get(code_field)
            late, waiting = is_(code, AWAITED_LATE), is_(code, AWAITED, PASSED)
            self._charge(d, late, full - 1)
            d.emit(self.number, MISSED, late)
            d.emit(self.number, EXCUSED, is_(code, AWAITED_PARDONED))
            if timer is not None and not ended:
                left = d.get(timer)
                if most is not None:  # a deadline beyond every ending
                    never = both(waiting, bool(left > most) if isinstance(left, int) else left > most)
                    d.emit(self.number, OPEN_AT_END, never)
                    waiting = both(waiting, negate(never))
                d.set(code_field, choose(waiting, PASSED, FREE))
                d.set(timer, choose(waiting, left, 0))
                continue
            if self.limited:
                d.emit(self.number, OPEN_AT_END, waiting)
            else:
                self._charge(d, waiting, full)
                d.emit(self.number, MISSED, waiting)
            d.set(code_field, FREE)
            if timer is not None:
                d.set(timer, 0)
