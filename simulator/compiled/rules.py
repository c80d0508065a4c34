"""Lines and duties on many states at once: `scoring.duties`, as small automata.

What a rule has come to is a code, and minutes + 1 until its deadline. The codes forget what can no longer matter: a duty
met in time and opened is `DONE`, whenever that was. What a play loses is charged as soon as it is certain: a line or an
overdue duty when it turns overdue, the second half of a missed duty when nothing can mend it. The charges of a play add up
to the loss of its scorecard.

Within a step a rule's book is open (a `Book`): it may be asked at several moments, and only at the end of the step is it
settled which of them counted (what is met in the very step that shuts it is late).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from scoring.duties import Watcher
from scoring.rules import Duty
from simulator.compiled.conditions import Test, compile_truth
from simulator.compiled.draft import Draft, Number, Truth, at_least, both, choose, counted, either, negate
from simulator.compiled.fields import Field
from simulator.compiled.memory import Memory, TooIntricate

OUTCOMES = ("not triggered", "met", "late", "missed", "excused", "open at the end")
UNTRIGGERED, MET, LATE, MISSED, EXCUSED, OPEN_AT_END = range(len(OUTCOMES))

# Codes of a `must`: what is still to come of it.
DONE, WAITING, WAITING_SHUT, WAITING_LATE, WAITING_MET, OPEN, OVERDUE, PARDONED = range(8)
# Codes of a `never`.
BROKEN, BROKEN_IN_DILEMMA = 2, 3
# Codes of one instance of an `each`; its window is open until the next trigger.
FREE, AWAITED, AWAITED_LATE, AWAITED_PARDONED, PASSED = range(5)
LAWFUL, LAWLESS = 1, 2  # bits: how it could have been kept so far


def is_(value: Number, *codes: int) -> Truth:
    """Where the value is one of these."""
    if isinstance(value, int):
        return value in codes
    found: Truth = False
    for code in codes:
        found = either(found, value == code)
    return found


class Book(dict[str, Any]):
    """A rule's open book during a step: names to truths and numbers, one per row or one for all."""

    def cut(self, part: Callable[[Any], Any]) -> Book:
        return Book({name: part(value) for name, value in self.items()})

    def new_moment(self) -> None:
        self["shut_now"] = False
        self["at_moment"] = 0


@dataclass(slots=True)
class Rule:
    """What all forms of a rule share. `number`: its place among the rules of the game."""

    number: int
    key: str
    watcher: Watcher
    memory: Memory
    line: bool
    when: Test | None
    goal: Test | None
    before: Test | None
    unless: Test | None
    fields: tuple[Field, ...] = ()

    def holds(self, d: Draft, test: Test | None, default: bool) -> Truth:
        return default if test is None else test(d)

    def due(self, d: Draft) -> Number:
        """Minutes + 1 from the step's start to a deadline that begins to run now."""
        within = self.watcher.rule.within
        assert within is not None
        return self.memory.until(d, within) + 1 + d.elapsed

    def fail(self, d: Draft, where: Truth, points: int) -> None:
        d.charge(line=self.line, by=counted(where) * points if where is not True else points)

    # What each form does:
    def begin(self, d: Draft) -> None:
        """Blank, before anything happened."""
        raise NotImplementedError

    def ask(self, d: Draft, seat: str | None) -> None:
        raise NotImplementedError

    def settle(self, d: Draft) -> None:
        """At the end of a step in which it was asked: close the book."""
        raise NotImplementedError

    def tick(self, d: Draft) -> None:
        """At the end of a step in which it was not asked: its countdowns go on."""

    def dilemma(self, d: Draft) -> None:
        """The step has led to a judgement scene in which this rule collides with another."""

    def retire(self, d: Draft, ended: bool, most: int | None) -> None:
        """Nothing ahead can ask it again: what it comes to is certain, but for a deadline that may still pass.

        `most`: the most story minutes that are still to come, None if there is no such number.
        """
        raise NotImplementedError


@dataclass(slots=True)
class Must(Rule):
    """`must … within … before … unless`."""

    code: Field = None  # type: ignore[assignment]
    timer: Field | None = None
    law: Field | None = None  # LAWFUL, LAWLESS

    def begin(self, d: Draft) -> None:
        d.set(self.code, WAITING)
        if self.timer is not None:
            d.set(self.timer, 0)
        if self.law is not None:
            d.set(self.law, 0)

    def _book(self, d: Draft) -> Book:
        book = d.rules.get(self.number)
        if book is None:
            code = d.get(self.code)
            book = d.rules[self.number] = Book(
                opened=is_(code, OPEN, OVERDUE, PARDONED),
                met=is_(code, WAITING_LATE, WAITING_MET),
                late=is_(code, WAITING_LATE),
                shut=is_(code, WAITING_SHUT, WAITING_LATE),
                done=is_(code, DONE),
                overdue=is_(code, OVERDUE),
                excused=is_(code, PARDONED),
                met_now=False,  # in this step
                shut_now=False,  # at this moment
                timer=d.get(self.timer) if self.timer is not None else 0,
            )
        return book

    def ask(self, d: Draft, seat: str | None) -> None:
        book = self._book(d)
        alive = negate(book["done"])
        if d.never(alive):
            return
        settled = both(both(book["opened"], book["met"]), book["shut"] if self.before is not None else True)
        alive = both(alive, negate(settled))
        fresh = both(both(alive, negate(book["met"])), self.holds(d, self.goal, False))
        opening = both(both(alive, negate(book["opened"])), self.holds(d, self.when, True))
        if self.timer is not None and opening is not False:
            book["timer"] = choose(opening, self.due(d), book["timer"])
        book["opened"] = either(book["opened"], opening)
        in_time = self._in_time(d, book)
        book["late"] = either(book["late"], both(fresh, either(book["shut"], both(book["opened"], negate(in_time)))))
        book["late"] = either(book["late"], both(fresh, book["overdue"]))
        book["met"] = either(book["met"], fresh)
        book["met_now"] = either(book["met_now"], fresh)
        if self.before is not None:
            shutting = both(both(alive, negate(either(book["shut"], book["overdue"]))), self.before(d))
            book["shut"] = either(book["shut"], shutting)
            book["shut_now"] = either(book["shut_now"], shutting)
        if self.unless is not None:
            still = both(both(either(negate(book["shut"]), book["shut_now"]), in_time), negate(book["overdue"]))
            may = both(both(alive, negate(book["excused"])), both(book["opened"], either(opening, still)))
            if not d.never(may):
                book["excused"] = either(book["excused"], both(may, self.unless(d)))

    def _in_time(self, d: Draft, book: Book) -> Truth:
        if self.timer is None:
            return True
        left = book["timer"] - d.elapsed
        return bool(left >= 1) if isinstance(left, int) else left >= 1

    def _only_lawless(self, d: Draft) -> Truth:
        assert self.law is not None
        return is_(d.get(self.law), LAWLESS)

    def forget_how(self, d: Draft) -> None:
        """How it could have been kept matters only while it may still fail."""
        if self.law is not None:
            d.set(
                self.law, choose(is_(d.get(self.code), WAITING, WAITING_SHUT, WAITING_LATE, OPEN), d.get(self.law), 0)
            )

    def kept_now(self, d: Draft) -> Truth:
        """Where this step met it in time."""
        book = d.rules.get(self.number)
        if book is None:
            return False
        return both(both(book["met_now"], negate(book["late"])), negate(book["shut"]))

    def settle(self, d: Draft) -> None:
        book = d.rules[self.number]
        opened, met, shut, excused = book["opened"], book["met"], book["shut"], book["excused"]
        alive = negate(book["done"])
        late = either(book["late"], both(book["met_now"], shut))
        good = both(both(alive, both(opened, met)), negate(late))
        failing = both(both(alive, opened), negate(excused))
        was_late = both(failing, both(met, late))
        over = either(either(shut, book["overdue"]), negate(self._in_time(d, book)))
        overdue = both(both(failing, negate(met)), over)
        pardon = both(both(alive, opened), both(excused, negate(good)))
        fresh = both(either(was_late, overdue), negate(book["overdue"]))
        if self.law is not None and not d.never(fresh):
            lawless = both(fresh, self._only_lawless(d))
            pardon = either(pardon, lawless)
            was_late, overdue, fresh = (both(part, negate(lawless)) for part in (was_late, overdue, fresh))
            over = either(over, lawless)
        if not d.never(fresh):
            self.fail(d, fresh, 1)
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
            left = at_least(book["timer"] - d.elapsed, 0)
            d.set(self.timer, choose(either(open_, pardoned), left, 0))

    def tick(self, d: Draft) -> None:
        if self.timer is None or (isinstance(d.elapsed, int) and d.elapsed == 0):
            return
        d.purpose = None
        code, before = d.get(self.code), d.get(self.timer)
        left = at_least(before - d.elapsed, 0)
        d.set(self.timer, left)
        over = both(is_(code, OPEN, PARDONED), bool(left == 0) if isinstance(left, int) else left == 0)
        if d.never(over):
            return
        pardon, overdue = both(over, is_(code, PARDONED)), both(over, is_(code, OPEN))
        if self.law is not None:
            lawless = both(overdue, self._only_lawless(d))
            pardon, overdue = either(pardon, lawless), both(overdue, negate(lawless))
        self.fail(d, overdue, 1)
        d.emit(self.number, EXCUSED, pardon)
        d.set(self.code, choose(pardon, DONE, choose(overdue, OVERDUE, code)))

    def dilemma(self, d: Draft) -> None:
        code = d.get(self.code)
        d.set(self.code, choose(is_(code, OPEN), PARDONED, code))

    def retire(self, d: Draft, ended: bool, most: int | None) -> None:
        code = d.get(self.code)
        d.emit(self.number, UNTRIGGERED, is_(code, WAITING, WAITING_SHUT, WAITING_LATE, WAITING_MET))
        overdue = is_(code, OVERDUE)
        pardon, missed = is_(code, PARDONED), overdue
        if not self.line and not d.never(overdue):
            self.fail(d, overdue, 1)
        open_ = is_(code, OPEN)
        if self.timer is not None and not ended:
            left = d.get(self.timer)
            if most is not None:  # a deadline beyond every ending
                never = both(open_, bool(left > most) if isinstance(left, int) else left > most)
                d.emit(self.number, OPEN_AT_END, never)
                open_ = both(open_, negate(never))
            d.set(self.code, choose(open_, OPEN, DONE))
            d.set(self.timer, choose(open_, left, 0))
        else:
            if self.timer is None and self.before is None:  # due by the ending
                lawless = both(open_, self._only_lawless(d)) if self.law is not None else False
                pardon, open_ = either(pardon, lawless), both(open_, negate(lawless))
                if not d.never(open_):
                    self.fail(d, open_, 1 if self.line else 2)
                missed = either(missed, open_)
            else:
                d.emit(self.number, OPEN_AT_END, open_)
            d.set(self.code, DONE)
            if self.timer is not None:
                d.set(self.timer, 0)
        d.emit(self.number, EXCUSED, pardon)
        d.emit(self.number, MISSED, missed)


@dataclass(slots=True)
class Never(Rule):
    """`never`: every new occurrence breaks it."""

    code: Field = None  # type: ignore[assignment]
    seen: Field | None = None
    colliding: frozenset[str] = frozenset()  # judgement scenes in which it collides

    def begin(self, d: Draft) -> None:
        d.set(self.code, WAITING)
        if self.seen is not None:
            d.set(self.seen, 0)

    def _book(self, d: Draft) -> Book:
        book = d.rules.get(self.number)
        if book is None:
            code = d.get(self.code)
            book = d.rules[self.number] = Book(
                opened=negate(is_(code, WAITING, DONE)),
                before=negate(is_(code, WAITING, DONE)),  # the step
                done=is_(code, DONE),
                broken=is_(code, BROKEN),
                in_dilemma=is_(code, BROKEN_IN_DILEMMA),
                counted=0,
                at_moment=0,  # occurrences of this moment already looked at
            )
        return book

    def ask(self, d: Draft, seat: str | None) -> None:
        book = self._book(d)
        alive = negate(book["done"])
        if d.never(alive):
            return
        if self.when is not None:
            book["opened"] = either(book["opened"], both(alive, self.when(d)))
        else:
            book["opened"] = either(book["opened"], alive)
        fact = self.watcher.goal_fact
        fresh: Number
        if fact is not None:
            happened = d.recorded.get(fact, 0)
            fresh = happened - book["at_moment"]
            book["at_moment"] = happened
            if not (self.watcher.everyone or seat is None or seat in self.watcher.bound):
                return
        else:
            assert self.goal is not None and self.seen is not None
            holds = self.goal(d)
            fresh = counted(both(holds, negate(d.flag(self.seen))))
            d.set(self.seen, counted(holds))
        if isinstance(fresh, int) and fresh == 0:
            return
        where = both(book["opened"], alive)
        if self.unless is not None and not d.never(where):
            where = both(where, negate(self.unless(d)))
        broken = choose(where, fresh, 0)
        if d.scene in self.colliding:
            pardoned = both(book["before"], bool(broken > 0) if isinstance(broken, int) else broken > 0)
            book["in_dilemma"] = either(book["in_dilemma"], pardoned)
            broken = choose(book["before"], 0, broken)
        book["counted"] = book["counted"] + broken

    def settle(self, d: Draft) -> None:
        book = d.rules[self.number]
        count = book["counted"]
        broke = bool(count > 0) if isinstance(count, int) else count > 0
        alive = negate(book["done"])
        if self.line:
            d.charge(line=True, by=count)
            d.emit(self.number, MISSED, both(broke, negate(book["broken"])))
            code = choose(either(broke, book["broken"]), BROKEN, choose(book["opened"], OPEN, WAITING))
        else:
            broke = both(broke, alive)
            if not d.never(broke):
                self.fail(d, broke, 2)
            d.emit(self.number, MISSED, broke)
            code = choose(book["in_dilemma"], BROKEN_IN_DILEMMA, choose(book["opened"], OPEN, WAITING))
            code = choose(either(broke, book["done"]), DONE, code)
        d.set(self.code, choose(book["done"], DONE, code))

    def retire(self, d: Draft, ended: bool, most: int | None) -> None:
        code = d.get(self.code)
        d.emit(self.number, UNTRIGGERED, is_(code, WAITING))
        d.emit(self.number, MET, is_(code, OPEN))
        d.emit(self.number, EXCUSED, is_(code, BROKEN_IN_DILEMMA))
        d.set(self.code, DONE)
        if self.seen is not None:
            d.set(self.seen, 0)


def make_rule(number: int, key: str, watcher: Watcher, memory: Memory, slots: Callable[[str], int]) -> Rule:
    """The automaton of a rule of the game, with its fields. `slots`: how many instances
    of an `each` to keep room for, by its trigger."""
    from simulator.compiled.each import Each

    rule = watcher.rule

    def test(condition: Any) -> Test | None:
        return compile_truth(condition, memory) if condition is not None else None

    bare = watcher.goal_fact is not None
    goal = rule.must or rule.never
    shared = dict(
        number=number,
        key=key,
        watcher=watcher,
        memory=memory,
        line=not isinstance(rule, Duty),
        when=test(rule.when) if rule.each is None else None,
        goal=test(goal) if rule.must is not None or not bare else None,
        before=test(rule.before),
        unless=test(rule.unless),
    )
    longest = memory.longest(rule.within) + 1 if rule.within is not None else 0
    if longest > 1 << 18:
        raise TooIntricate(f"the deadline of “{rule.id}” is too long to be explored")
    add = memory.layout.add
    timer = add(f"timer {key}", longest) if rule.within is not None else None
    if rule.must is not None:
        code = add(f"rule {key}", PARDONED)
        made: Rule = Must(**shared, code=code, timer=timer)
        made.fields = (code,) if timer is None else (code, timer)
        return made
    if rule.each is not None:
        each = Each(**shared, slots=tuple(
            (add(f"slot {n} {key}", PASSED), add(f"slot {n} timer {key}", longest) if longest else None)
            for n in range(slots(watcher.when_fact or ""))
        ))  # fmt: skip
        each.ever = add(f"ever {key}", 1)
        each.fields = (each.ever, *(field for slot in each.slots for field in slot if field is not None))
        return each
    code = add(f"rule {key}", OPEN)
    seen = None if bare else add(f"seen {key}", 1)
    never = Never(**shared, code=code, seen=seen)
    never.fields = (code,) if seen is None else (code, seen)
    return never
