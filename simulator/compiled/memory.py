"""What a compiled game remembers: which field holds what, made when a condition first asks for it.

What no condition ever reads gets no field. Ages and countdowns are kept as lengths, not as dates: two evenings that differ
only in when they began are one state, unless something ahead reads the calendar; then the clock itself is kept.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from scoring.clock import Calendar, Span
from scoring.conditions import Condition, Names
from simulator.compiled.draft import Array, Draft, Number, Truth, above, at_most, both, choose, either, negate
from simulator.compiled.fields import Field, Layout
from simulator.game import PlayInject
from simulator.model import Scenario

FOREVER = (1 << 20) - 1  # minutes: two years, the longest story
MANY = 255
DAY = 1440  # minutes
WEEK = 7 * DAY
LONG = 240  # minutes: a countdown that the calendar may cut short
SURVIVOR, SCENE = 1, 2  # how a seat came to know an item; a seat's own number follows


class TooIntricate(Exception):
    """The scenario does something that the compiled machine has no room for; the message says what."""


class SlotsFull(TooIntricate):
    """More instances of an `each` are undecided at a time than there is room for; a machine with more `slots` may do."""


@dataclass(frozen=True, slots=True)
class Since:
    """How long ago a fact last happened. `stored`: minutes + 1, at most `cap`; 0: never."""

    fact: str
    stored: Field
    cap: int

    def last(self, d: Draft) -> tuple[Number, Truth]:
        found = d.last.get(self.fact)
        if found is None:
            stored = d.get(self.stored)
            return 1 - stored, bool(stored > 0) if isinstance(stored, int) else stored > 0
        d.depend(self.stored)
        return found

    def read(self, d: Draft) -> tuple[Number, Truth]:
        at, there = self.last(d)
        return d.elapsed - at, there

    def happened(self, d: Draft, where: Truth) -> None:
        at, there = self.last(d) if where is not True else (0, True)
        d.last[self.fact] = (choose(where, d.elapsed, at), either(where, there))

    def aged(self, d: Draft) -> Number:
        """What to store at the end of the step."""
        at, there = self.last(d)
        return choose(there, at_most(d.elapsed - at + 1, self.cap), 0)


@dataclass(frozen=True, slots=True)
class Form:
    """A release form's moments as bits, and minutes + 1 until it runs out. `expires` None: it has no end."""

    id: str
    lasts: Span | None
    asked: Field
    refused: Field
    signed: Field
    revoked: Field
    expires: Field | None

    def moment(self, name: str) -> Field:
        found: Field = getattr(self, name)
        return found

    def valid(self, d: Draft) -> Truth:
        holds = both(d.flag(self.signed), negate(d.flag(self.revoked)))
        if holds is False or self.expires is None:
            return holds
        left = d.get(self.expires) - d.elapsed
        return both(holds, bool(left >= 1) if isinstance(left, int) else left >= 1)


@dataclass(slots=True)
class Memory:
    """The fields of one game."""

    names: Names
    switches: Mapping[str, Any]
    calendar: Calendar
    scenario: Scenario
    layout: Layout = field(default_factory=Layout)
    _facts: dict[str, Field] = field(default_factory=dict)
    _times: dict[str, Field] = field(default_factory=dict)
    _since: dict[str, Since] = field(default_factory=dict)
    _spans: dict[str, Field] = field(default_factory=dict)
    _forms: dict[str, Form] = field(default_factory=dict)
    _begins: dict[str, list[Field]] = field(default_factory=dict)
    _ends: dict[str, list[Field]] = field(default_factory=dict)
    _span_ends: dict[Field, str] = field(default_factory=dict)
    _caps: dict[tuple[str, str], int] = field(default_factory=dict)
    _tables: dict[Span, Array] = field(default_factory=dict)
    dated: bool = False  # the clock tells the date itself, beyond the last holiday too

    # --- fields, on demand ----------------------------------------------------------------------------------------

    def measure(self, conditions: Iterable[Condition]) -> None:
        """Find how far counts and ages matter: one beyond the largest number they are compared with."""
        for condition in conditions:
            for node in ast.walk(condition.tree):
                if isinstance(node, ast.Compare):
                    sides = (node.left, node.comparators[0])
                    for side, other in (sides, sides[::-1]):
                        if isinstance(side, ast.Call) and isinstance(side.func, ast.Name):
                            assert isinstance(side.args[0], ast.Name)
                            key = (side.func.id, side.args[0].id)
                            most = FOREVER if key[0] == "minutes_since" else MANY
                            if isinstance(other, ast.Constant) and isinstance(other.value, int):
                                most = min(most, other.value + 1)
                            elif isinstance(other, ast.UnaryOp):
                                most = 1
                            self._caps[key] = max(self._caps.get(key, 1), most)

    @property
    def caps(self) -> dict[tuple[str, str], int]:
        """How far counts and ages matter: by what is asked (`times`, `minutes_since`) and the fact."""
        return self._caps

    def fact_field(self, name: str) -> Field:
        """Whether a fact has happened: the one field of it."""
        return self._facts[name] if name in self._facts else self.fact(name)

    def fact(self, name: str) -> Field:
        found = self._facts[name] = self.layout.add(f"fact {name}", 1)
        return found

    def names_of_fact(self, name: str) -> set[str]:
        """The names of all fields that a happening of the fact changes."""
        found = [self._facts.get(name), self._times.get(name), *self._begins.get(name, ()), *self._ends.get(name, ())]
        if name in self._since:
            found.append(self._since[name].stored)
        return {field.name for field in found if field is not None}

    def meter(self, name: str) -> tuple[Field, int]:
        """The field, and the meter's lowest value, from which it counts."""
        meter = self.scenario.meters[name]
        return self.layout.add(f"meter {name}", meter.high - meter.low), meter.low

    def status(self, name: str) -> Field:
        return self.layout.add(f"status {name}", len(self.names.statuses[name]) - 1)

    def times(self, fact: str) -> Field:
        found = self._times[fact] = self.layout.add(f"times {fact}", self._caps.get(("times", fact), MANY))
        return found

    def most_times(self, fact: str) -> int:
        """How far occurrences of a fact are counted."""
        return times_cap(self._caps, fact)

    def since(self, fact: str) -> Since:
        if fact not in self._since:
            cap = self._caps.get(("minutes_since", fact), FOREVER - 1) + 1
            self._since[fact] = Since(fact, self.layout.add(f"since {fact}", cap), cap)
        return self._since[fact]

    def span(self, name: str) -> Field:
        if name not in self._spans:
            begin, end = self.names.spans[name]
            made = self._spans[name] = self.layout.add(f"span {name}", 1)
            self._begins.setdefault(begin, []).append(made)
            self._ends.setdefault(end, []).append(made)
            self._span_ends[made] = end
        return self._spans[name]

    def known(self, seat: str, item: str) -> Field:
        return self.layout.add(f"known {seat} {item}", 1)

    def source(self, seat: str, item: str) -> Field:
        return self.layout.add(f"source {seat} {item}", SCENE + len(self.scenario.seats))

    def form(self, name: str) -> Form:
        if name not in self._forms:
            add, lasts = self.layout.add, self.scenario.releases[name].lasts
            self._forms[name] = Form(
                id=name,
                lasts=lasts,
                asked=add(f"asked {name}", 1),
                refused=add(f"refused {name}", 1),
                signed=add(f"signed {name}", 1),
                revoked=add(f"revoked {name}", 1),
                expires=add(f"expires {name}", self.room(lasts)) if lasts is not None else None,
            )
        return self._forms[name]

    @property
    def began(self) -> int:
        """The minute of the day at which the story starts."""
        return self.calendar.starts.hour * 60 + self.calendar.starts.minute

    @property
    def clock(self) -> Field:
        """Minutes since the midnight before the story starts."""
        return self.layout.add("clock", FOREVER)

    def come(self, inject: str) -> Field:
        """Whether an inject has come already."""
        return self.layout.add(f"inject {inject}", 1)

    def inject_timer(self, inject: PlayInject) -> Field | None:
        """Minutes until an inject falls due, 0 from then on; and room for a day more where it may be dated back. None: it has no date."""
        if inject.due is None:
            return None
        if inject.due >= FOREVER:
            raise TooIntricate(f"the inject “{inject.id}” comes later than any story that can be explored")
        return self.layout.add(f"inject timer {inject.id}", inject.due + DAY)

    def asked_form(self, name: str | None) -> Form | None:
        """The form's fields, if anything in the game reads it."""
        return self._forms.get(name) if name is not None else None

    @property
    def forms(self) -> Iterable[Form]:
        return self._forms.values()

    @property
    def ages(self) -> Iterable[Since]:
        return self._since.values()

    # --- time -------------------------------------------------------------------------------------------------------

    def longest(self, span: Span) -> int:
        """The most minutes the span can take, whenever it begins."""
        if span.minutes is not None:
            if span.minutes >= FOREVER:
                raise TooIntricate(f"“{span}” is longer than any story that can be explored")
            return span.minutes
        ends = self._table(span, 1)
        return int(max(ends[day] - self._midnight(day) for day in range(len(ends))))

    def room(self, span: Span) -> int:
        """The largest number that a countdown of this span may be kept as: minutes + 1, and a day more where it may be dated back."""
        longest = self.longest(span) + 1
        return longest + DAY if span.minutes is not None and span.minutes >= LONG else longest

    def until(self, d: Draft, span: Span) -> Number:
        """Minutes from the draft's present moment to the span's end."""
        if span.minutes is not None:
            return span.minutes
        now = d.get(self.clock) + d.elapsed
        if isinstance(now, int):
            return self.calendar.after(now - self.began, span) - (now - self.began)
        days = now // DAY
        table = self._table(span, int(days.max(initial=0)))
        left: Array = table[days] - (now - self.began)
        return left

    def shortest(self, span: Span) -> int:
        """The fewest minutes the span can take, whenever it begins."""
        if span.minutes is not None:
            return span.minutes
        ends = self._table(span, 1)
        return int(min(ends[day] - (self._midnight(day) + DAY - 1) for day in range(len(ends))))

    def same_weekday(self, clock: Number) -> Number:
        """The clock, or after the last holiday the same time of the same weekday in the first week: no calendar tells them apart."""
        if self.dated:
            return clock
        starts = self.calendar.starts.date()
        last = max((day for day in self.calendar.holidays if day >= starts), default=starts)
        first = ((last - starts).days + 1) * DAY
        if isinstance(clock, int):
            return clock if clock < first else first + (clock - first) % WEEK
        return np.where(clock < first, clock, first + (clock - first) % WEEK)

    def _midnight(self, day: int) -> int:
        """The story minute at which the day's first minute falls; day 0 is the day the story starts."""
        return day * DAY - self.began

    def _table(self, span: Span, day: int) -> Array:
        known = self._tables.get(span)
        if known is None or day >= len(known):
            days = max(400, 2 * day)  # a year and more, so that every holiday listed is in it
            ends = [self.calendar.after(self._midnight(each), span) for each in range(days)]
            known = self._tables[span] = np.array(ends, dtype=np.int64)
        return known

    # --- what happens -----------------------------------------------------------------------------------------------

    def record(self, d: Draft, fact: str, where: Truth = True) -> None:
        """The fact happens now, in the rows where `where` holds."""
        if d.never(where):
            return
        self._record_fact(d, fact, where)
        happened: Number = 1 if where is True else where.astype(np.int64) if not isinstance(where, bool) else 0
        d.recorded[fact] = d.recorded.get(fact, 0) + happened

    def _record_fact(self, d: Draft, fact: str, where: Truth) -> None:
        bit = self._facts.get(fact)
        if bit is not None:
            d.set(bit, 1 if where is True else choose(where, 1, self.own(d, bit)))
        times = self._times.get(fact)
        if times is not None:
            before = self.own(d, times)
            d.set(times, choose(where, at_most(before + 1, times_cap(self._caps, fact)), before))
        since = self._since.get(fact)
        if since is not None:
            d.purpose = since.stored
            since.happened(d, where)
            d.purpose = None

    def settle_spans(self, d: Draft, facts: Iterable[str]) -> None:
        """After facts of one moment: a span holds from its begin to its end; at the same moment the end has the last word."""
        for fact in facts:
            for span in self._begins.get(fact, ()):
                ended = d.recorded.get(self._span_ends[span], 0)
                begun = d.recorded.get(fact, 0)
                self._set_span(d, span, above(begun, 0), above(ended, 0))
            for span in self._ends.get(fact, ()):
                self._set_span(d, span, False, above(d.recorded.get(fact, 0), 0))

    def _set_span(self, d: Draft, span: Field, begun: Truth, ended: Truth) -> None:
        value: Number = 1 if begun is True else choose(begun, 1, self.own(d, span)) if begun is not False else -1
        if ended is True:
            value = 0
        else:
            value = self.own(d, span) if isinstance(value, int) and value == -1 else value
            value = choose(ended, 0, value)
        d.set(span, value)

    @staticmethod
    def own(d: Draft, own: Field) -> Number:
        """Reads a field in order to change that very field: worth nothing to a row whose field nobody reads later."""
        d.purpose, before = own, d.purpose
        value = d.get(own)
        d.purpose = before
        return value


def times_cap(caps: Mapping[tuple[str, str], int], fact: str) -> int:
    return caps.get(("times", fact), MANY)
