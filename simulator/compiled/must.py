"""`must … within … before … unless` on many states at once."""

from __future__ import annotations

from dataclasses import dataclass

from scoring.duties import Watcher
from simulator.compiled.draft import UNKNOWN, Draft, Number, Truth, above, at_least, both, choose, either, negate
from simulator.compiled.fields import Field
from simulator.compiled.memory import Memory
from simulator.compiled.rules import EXCUSED, LATE, MET, MISSED, OPEN_AT_END, UNTRIGGERED, Book, Rule, is_

# What is still to come of it. WAITING…: its trigger has not come, but it is shut, or met already, in time or late.
DONE, WAITING, WAITING_SHUT, WAITING_LATE, WAITING_MET, OPEN, OVERDUE, PARDONED = range(8)
LAWFUL, LAWLESS = 1, 2  # bits: how it could have been kept so far


@dataclass(slots=True)
class MustBook(Book):
    """`met_now`: in this step. `shut_now`: at this moment. `timer`: minutes + 1 from the step's start to the deadline."""

    opened: Truth
    met: Truth
    late: Truth
    shut: Truth
    done: Truth
    overdue: Truth
    excused: Truth
    timer: Number
    met_now: Truth = False
    shut_now: Truth = False

    def new_moment(self) -> None:
        self.shut_now = False


UNOPENED = (WAITING, WAITING_SHUT, WAITING_LATE, WAITING_MET)


class Must(Rule):
    """Once triggered, something must become true. `law`: how it could have been kept, where that may count."""

    def __init__(self, number: int, key: str, watcher: Watcher, memory: Memory) -> None:
        super().__init__(number, key, watcher, memory)
        self.when, self.goal = self._test(watcher.rule.when), self._test(watcher.rule.must)
        self.timer = memory.layout.add(f"timer {key}", self.room) if self.timed else None
        self.code = memory.layout.add(f"rule {key}", PARDONED)
        self.law: Field | None = None
        self.fields = (self.code,) if self.timer is None else (self.code, self.timer)

    def remember_how(self) -> None:
        """Keep in mind how it could have been kept, lawfully or not."""
        self.law = self.memory.layout.add(f"law {self.key}", LAWFUL | LAWLESS)
        self.fields = (*self.fields, self.law)

    def begin(self, d: Draft) -> None:
        d.set(self.code, WAITING)
        if self.timer is not None:
            d.set(self.timer, 0)
        if self.law is not None:
            d.set(self.law, 0)

    def _book(self, d: Draft) -> MustBook:
        book = d.rules.get(self.number)
        if book is None:
            code = d.get(self.code)
            book = d.rules[self.number] = MustBook(
                opened=is_(code, OPEN, OVERDUE, PARDONED),
                met=is_(code, WAITING_LATE, WAITING_MET),
                late=is_(code, WAITING_LATE),
                shut=is_(code, WAITING_SHUT, WAITING_LATE),
                done=is_(code, DONE),
                overdue=is_(code, OVERDUE),
                excused=is_(code, PARDONED),
                timer=d.get(self.timer) if self.timer is not None else 0,
            )
        assert isinstance(book, MustBook)
        return book

    def ask(self, d: Draft, seat: str | None) -> None:
        book = self._book(d)
        alive = negate(book.done)
        if d.never(alive):
            return
        settled = both(both(book.opened, book.met), book.shut if self.before is not None else True)
        alive = both(alive, negate(settled))
        fresh = both(both(alive, negate(book.met)), self.goal(d) if self.goal is not None else False)
        opening = both(both(alive, negate(book.opened)), self.when(d) if self.when is not None else True)
        if self.timer is not None and opening is not False:
            book.timer = choose(opening, self.due(d), book.timer)
        book.opened = either(book.opened, opening)
        in_time = self._in_time(d, book)
        book.late = either(book.late, both(fresh, either(book.shut, both(book.opened, negate(in_time)))))
        book.late = either(book.late, both(fresh, book.overdue))
        book.met = either(book.met, fresh)
        book.met_now = either(book.met_now, fresh)
        if self.before is not None:
            shutting = both(both(alive, negate(either(book.shut, book.overdue))), self.before(d))
            book.shut = either(book.shut, shutting)
            book.shut_now = either(book.shut_now, shutting)
        if self.unless is not None:
            still = both(both(either(negate(book.shut), book.shut_now), in_time), negate(book.overdue))
            may = both(both(alive, negate(book.excused)), both(book.opened, either(opening, still)))
            if not d.never(may):
                book.excused = either(book.excused, both(may, self.unless(d)))

    def _in_time(self, d: Draft, book: MustBook) -> Truth:
        return True if self.timer is None else above(book.timer - d.elapsed, 0)

    def _only_lawless(self, d: Draft) -> Truth:
        assert self.law is not None
        return is_(d.get(self.law), LAWLESS)

    def forget_how(self, d: Draft) -> None:
        """How it could have been kept matters only while it may still fail."""
        if self.law is not None and not (isinstance(d.get(self.law), int) and d.get(self.law) == 0):
            may_fail = is_(d.get(self.code), WAITING, WAITING_SHUT, WAITING_LATE, OPEN)
            d.set(self.law, choose(may_fail, d.get(self.law), 0))

    def kept_now(self, d: Draft) -> Truth:
        """Where this step met it in time."""
        if self.number not in d.rules:
            return False
        book = self._book(d)
        return both(both(book.met_now, negate(book.late)), negate(book.shut))

    def _trace(self, d: Draft) -> None:
        """While tracing, all that closing the book reads and changes: besides the book only how it could have been kept."""
        if self.law is not None:
            d.get(self.law)
        for field in (self.code, self.timer):
            if field is not None:
                d.set(field, UNKNOWN)

    def settle(self, d: Draft) -> None:
        if d.tracing:
            self._trace(d)
            return
        book = self._book(d)
        opened, met, shut, excused = book.opened, book.met, book.shut, book.excused
        alive = negate(book.done)
        late = either(book.late, both(book.met_now, shut))
        good = both(both(alive, both(opened, met)), negate(late))
        failing = both(both(alive, opened), negate(excused))
        was_late = both(failing, both(met, late))
        over = either(either(shut, book.overdue), negate(self._in_time(d, book)))
        overdue = both(both(failing, negate(met)), over)
        pardon = both(both(alive, opened), both(excused, negate(good)))
        fresh = both(either(was_late, overdue), negate(book.overdue))
        if self.law is not None and not d.never(fresh):
            lawless = both(fresh, self._only_lawless(d))
            pardon = either(pardon, lawless)
            was_late, overdue, fresh = (both(part, negate(lawless)) for part in (was_late, overdue, fresh))
            over = either(over, lawless)
        self.charge(d, fresh, 1)
        pardoned = both(pardon, both(negate(met), negate(over)))
        d.emit(self.number, MET, good)
        d.emit(self.number, LATE, was_late)
        d.emit(self.number, EXCUSED, both(pardon, negate(pardoned)))
        open_ = both(both(alive, opened), negate(either(either(good, was_late), either(overdue, pardon))))
        waiting = both(alive, negate(opened))
        code: Number = choose(open_, OPEN, DONE)
        code = choose(overdue, OVERDUE, code)
        code = choose(pardoned, PARDONED, code)
        if waiting is not False:
            kind = choose(met, choose(late, WAITING_LATE, WAITING_MET), choose(shut, WAITING_SHUT, WAITING))
            code = choose(waiting, kind, code)
        d.set(self.code, code)
        if self.timer is not None:
            running = either(open_, pardoned)
            d.set(self.timer, 0 if d.never(running) else choose(running, at_least(book.timer - d.elapsed, 0), 0))

    def tick(self, d: Draft) -> None:
        if self.timer is None or (isinstance(d.elapsed, int) and d.elapsed == 0):
            return
        if d.tracing:
            self._book(d)
            self._trace(d)
            return
        code = d.get(self.code)
        running = is_(code, OPEN, PARDONED)
        if d.never(running):
            return
        left = at_least(d.get(self.timer) - d.elapsed, 0)
        d.set(self.timer, left)
        over = both(running, is_(left, 0))
        if d.never(over):
            return
        pardon, overdue = both(over, is_(code, PARDONED)), both(over, is_(code, OPEN))
        if self.law is not None:
            lawless = both(overdue, self._only_lawless(d))
            pardon, overdue = either(pardon, lawless), both(overdue, negate(lawless))
        self.charge(d, overdue, 1)
        d.emit(self.number, EXCUSED, pardon)
        d.set(self.code, choose(pardon, DONE, choose(overdue, OVERDUE, code)))

    def dilemma(self, d: Draft) -> None:
        code = d.get(self.code)
        d.set(self.code, choose(is_(code, OPEN), PARDONED, code))

    def hand_on(self, d: Draft) -> None:
        code = d.get(self.code)
        limited = self.timer is not None or self.before is not None
        goes_on = is_(code, *UNOPENED, OPEN) if limited else is_(code, *UNOPENED)
        d.set(self.code, choose(goes_on, code, DONE))
        if self.timer is not None:
            d.set(self.timer, choose(is_(code, OPEN), d.get(self.timer), 0))

    def retire(self, d: Draft, ended: bool, most: int | None) -> None:
        code = d.get(self.code)
        if d.never(negate(is_(code, DONE))):
            return
        d.emit(self.number, UNTRIGGERED, is_(code, WAITING, WAITING_SHUT, WAITING_LATE, WAITING_MET))
        overdue = is_(code, OVERDUE)
        pardon, missed = is_(code, PARDONED), overdue
        self.charge(d, overdue, 0 if self.line else 1)
        open_ = is_(code, OPEN)
        if self.timer is not None and not ended:
            left = d.get(self.timer)
            if most is not None:  # a deadline beyond every ending
                never = both(open_, above(left, most))
                d.emit(self.number, OPEN_AT_END, never)
                open_ = both(open_, negate(never))
            d.set(self.code, choose(open_, OPEN, DONE))
            d.set(self.timer, choose(open_, left, 0))
        else:
            if self.timer is None and self.before is None:  # due by the ending
                lawless = both(open_, self._only_lawless(d)) if self.law is not None else False
                pardon, open_ = either(pardon, lawless), both(open_, negate(lawless))
                self.charge(d, open_, 1 if self.line else 2)
                missed = either(missed, open_)
            else:
                d.emit(self.number, OPEN_AT_END, open_)
            d.set(self.code, DONE)
            if self.timer is not None:
                d.set(self.timer, 0)
        d.emit(self.number, EXCUSED, pardon)
        d.emit(self.number, MISSED, missed)
