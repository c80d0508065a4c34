"""Lines and duties on many states at once: what every form of rule shares. `scoring.duties`, as small automata.

What a rule has come to is a code, and minutes + 1 until its deadline. The codes forget what can no longer matter: a duty
met in time and opened is `DONE`, whenever that was. What a play loses is charged as soon as it is certain: a line or an
overdue duty when it turns overdue, the second half of a missed duty when nothing can mend it. The charges of a play add up
to the loss of its scorecard.

Within a step a rule's book is open: it may be asked at several moments, and only at the end of the step is it
settled which of them counted (what is met in the very step that shuts it is late).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, Self

from scoring.conditions import Condition
from scoring.duties import Watcher
from scoring.rules import Duty
from simulator.compiled.conditions import Test, compile_truth
from simulator.compiled.draft import Draft, Number, Truth, counted, either
from simulator.compiled.fields import Field
from simulator.compiled.memory import Memory, TooIntricate

OUTCOMES = ("not triggered", "met", "late", "missed", "excused", "open at the end")
UNTRIGGERED, MET, LATE, MISSED, EXCUSED, OPEN_AT_END = range(len(OUTCOMES))
LONGEST = 1 << 18  # minutes + 1: half a year, the longest deadline


def is_(value: Number, *codes: int) -> Truth:
    """Where the value is one of these."""
    if isinstance(value, int):
        return value in codes
    found: Truth = False
    for code in codes:
        found = either(found, value == code)
    return found


@dataclass(slots=True)
class Book:
    """A rule's open book during a step: truths and numbers, one per row or one for all."""

    def cut(self, part: Callable[[Any], Any]) -> Self:
        """The book of some of the rows, of which `part` takes the values."""
        return type(self)(*(part(getattr(self, each.name)) for each in fields(self)))

    def new_moment(self) -> None:
        """Story time has gone by within the step."""


class Rule:
    """A rule as an automaton over many states.

    `number`: its place among the rules of the game. `line`: it is a line, else a duty. `fields`: where it keeps what it has
    come to. Raises TooIntricate for a deadline that is too long.
    """

    def __init__(self, number: int, key: str, watcher: Watcher, memory: Memory) -> None:
        rule = watcher.rule
        self.number, self.key, self.watcher, self.memory = number, key, watcher, memory
        self.line = not isinstance(rule, Duty)
        self.before, self.unless = self._test(rule.before), self._test(rule.unless)
        self.fields: tuple[Field, ...] = ()
        self.longest = memory.longest(rule.within) + 1 if rule.within is not None else 0  # minutes + 1; 0: no deadline
        self.room = memory.room(rule.within) if rule.within is not None else 0
        if self.longest > LONGEST:
            raise TooIntricate(f"the deadline of “{rule.id}” is too long to be explored")

    def _test(self, condition: Condition | None) -> Test | None:
        return compile_truth(condition, self.memory) if condition is not None else None

    @property
    def timed(self) -> bool:
        """Whether a deadline may pass while nobody asks."""
        return self.longest > 0

    def due(self, d: Draft) -> Number:
        """Minutes + 1 from the step's start to a deadline that begins to run now."""
        within = self.watcher.rule.within
        assert within is not None
        return self.memory.until(d, within) + 1 + d.elapsed

    def charge(self, d: Draft, where: Truth, points: int) -> None:
        """Points lost where that holds: lines crossed, or for duties 2 if missed and 1 if late."""
        if points and not d.never(where):
            d.charge(line=self.line, by=counted(where) * points)

    # What each form does:
    def begin(self, d: Draft) -> None:
        """Blank, before anything happened."""
        raise NotImplementedError

    def ask(self, d: Draft, seat: str | None) -> None:
        """Something that it reads may have changed by the hand of `seat` (None: nobody's in particular)."""
        raise NotImplementedError

    def settle(self, d: Draft) -> None:
        """At the end of a step in which it was asked: close the book."""
        raise NotImplementedError

    def tick(self, d: Draft) -> None:
        """At the end of a step in which it was not asked: its countdowns go on."""

    def dilemma(self, d: Draft) -> None:
        """The step has led to a judgement scene in which this rule collides with another."""

    def hand_on(self, d: Draft) -> None:
        """At the end of a step, where only what the next episode may take over matters: forget what is settled for certain."""
        raise NotImplementedError

    def retire(self, d: Draft, ended: bool, most: int | None) -> None:
        """Nothing ahead can ask it again: what it comes to is certain, but for a deadline that may still pass.

        `most`: the most story minutes that are still to come, None if there is no such number.
        """
        raise NotImplementedError
