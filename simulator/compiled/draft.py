"""One step of many states at once, while it is being made.

A `Draft` holds the rows that take this step, and what the step has changed so far. A value is an array with a number
per row, or a plain number when it is the same for all of them; most of what one action does is the same for all, so most of
the work is done once. Truth is `bool` or an array of them; `both`, `either`, `negate` and `choose` take either.

The liveness analysis runs every program once on no rows at all (`tracing`) and notes which fields it had to read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, Self

import numpy as np

from simulator.compiled.fields import Field, Words
from simulator.speaking import Speech

Array = np.ndarray[Any, Any]
Number = int | Array
Truth = bool | Array
UNKNOWN: Array = np.zeros(0, dtype=np.int64)  # while tracing: a value in each of no rows


def both(a: Truth, b: Truth) -> Truth:
    if a is False or b is False:
        return False
    if a is True:
        return b
    return a if b is True else a & b


def either(a: Truth, b: Truth) -> Truth:
    if a is True or b is True:
        return True
    if a is False:
        return b
    return a if b is False else a | b


def negate(a: Truth) -> Truth:
    return (not a) if isinstance(a, bool) else ~a


def choose(test: Truth, yes: Number, no: Number) -> Number:
    if test is True:
        return yes
    if test is False:
        return no
    return np.where(test, yes, no)


def at_least(a: Number, least: int) -> Number:
    return max(a, least) if isinstance(a, int) else np.maximum(a, least)


def at_most(a: Number, most: int) -> Number:
    return min(a, most) if isinstance(a, int) else np.minimum(a, most)


def above(value: Number, least: int) -> Truth:
    """Where the value is more than that."""
    return bool(value > least) if isinstance(value, int) else value > least


def counted(a: Truth) -> Number:
    """1 where it holds."""
    return int(a) if isinstance(a, bool) else a.astype(np.int64)


class OpenBook(Protocol):
    """What a rule remembers within a step (`rules.Book`)."""

    def cut(self, part: Callable[[Any], Any]) -> Self: ...

    def new_moment(self) -> None: ...


class Draft:
    """Rows on their way through one step.

    `elapsed`: story minutes since the step began. `recorded`: how often each fact was recorded at the present moment of
    this step; `last`: for facts whose age counts, minutes from the step's start to when it last happened (not above 0 if
    that was before), and in which rows it ever did. `rules`: the open books of the rules asked in this step. `lines`, `duties`: the
    loss charged so far.
    """

    __slots__ = (
        "_same", "_seen", "calendar", "changed", "duties", "elapsed", "emitted", "index", "injected", "last", "lines", "n", "path", "purpose", "reads", "recorded",
        "rules", "scene", "speech", "tracing", "unasked", "words",
    )  # fmt: skip

    def __init__(self, words: Words, index: Array | None, scene: str = "", *, tracing: bool = False) -> None:
        self.words = words
        self.scene = scene  # where the step began
        self.n = len(words[0])
        self.index = index  # which rows of the scene these are; None: all
        self.tracing = tracing
        self.changed: dict[Field, Number] = {}
        self._seen: dict[Field, Number] = {}  # fields decoded so far
        self._same: dict[
            int, tuple[int, int]
        ] = {}  # per word: the bits that are the same in all rows, and the first row
        self.elapsed: Number = 0
        self.recorded: dict[str, Number] = {}
        self.last: dict[str, tuple[Number, Truth]] = {}
        self.rules: dict[int, OpenBook] = {}
        self.lines: Number = 0
        self.duties: Number = 0
        self.calendar = False  # whether the step lasted until a time of day
        self.unasked: Truth = False  # where a line was crossed by telling for want of a release nobody asked for
        self.emitted: list[tuple[int, int, Truth]] = []
        self.path: list[tuple[str, Number]] = []  # scenes entered in this step, and at which of its minutes
        self.speech: Speech | None = None  # what is said unprompted by this step
        self.injected: list[tuple[str, Number]] = []  # injects that came in this step, and at which of its minutes
        self.purpose: Field | None = None
        self.reads: dict[Field | None, set[str]] = {}

    def sharing(self, other: Draft) -> Draft:
        """Use what `other`, of the same rows, has decoded already."""
        self._seen, self._same = other._seen, other._same
        return self

    def get(self, field: Field) -> Number:
        """The field's value now."""
        value = self.changed.get(field)
        if value is not None:
            self.depend(field)
            return value
        if self.tracing:
            self.reads.setdefault(self.purpose, set()).add(field.name)
            return UNKNOWN
        seen = self._seen.get(field)
        if seen is None:
            seen = self._seen[field] = self._decode(field)
        return seen

    def _decode(self, field: Field) -> Number:
        """A field that is the same in all rows, as most are in most scenes, is a plain number from here on."""
        word = self.words[field.word]
        same = self._same.get(field.word)
        if same is None:
            first = int(word[0])
            differ = int(np.bitwise_or.reduce(word)) ^ int(np.bitwise_and.reduce(word))
            same = self._same[field.word] = (~differ, first)
        if not field.bits & ~same[0]:
            return (same[1] >> field.shift) & field.mask
        value: Array = (word >> field.shift) & field.mask
        return value

    def depend(self, field: Field) -> None:
        """While tracing: what is made from the field's new value is made from all that this was made from."""
        if self.tracing and field is not self.purpose and field in self.reads:
            self.reads.setdefault(self.purpose, set()).update(self.reads[field])

    def set(self, field: Field, value: Number) -> None:
        self.changed[field] = value

    def before(self) -> Draft:
        """The same rows as they were before this step."""
        found = Draft(self.words, None, self.scene, tracing=self.tracing)
        found.purpose, found.reads = self.purpose, self.reads
        return found

    def flag(self, field: Field) -> Truth:
        """The field's value as a truth."""
        value = self.get(field)
        return bool(value) if isinstance(value, int) else value != 0

    def never(self, test: Truth) -> bool:
        """Whether it holds in no row, so that what follows from it can be skipped. Never so while tracing."""
        if isinstance(test, bool):
            return not test
        return not self.tracing and not test.any()

    def emit(self, rule: int, outcome: int, test: Truth) -> None:
        """Note that an instance of a rule came to this outcome, in the rows where `test` holds."""
        if not self.never(test):
            self.emitted.append((rule, outcome, test))

    def charge(self, *, line: bool, by: Number) -> None:
        if line:
            self.lines = self.lines + by
        else:
            self.duties = self.duties + by

    def pass_time(self, minutes: Number) -> None:
        """Story time goes by within the step; what happens next happens at another moment unless it is none."""
        if isinstance(minutes, int) and minutes == 0:
            return
        self.elapsed = self.elapsed + minutes
        self.recorded = {}
        for book in self.rules.values():
            book.new_moment()

    def take(self, test: Array) -> Draft:
        """The rows where `test` holds, as a draft of their own."""
        chosen = np.flatnonzero(test)
        part = Draft([_rows(word, chosen) for word in self.words], None, self.scene, tracing=self.tracing)
        part.index = chosen if self.index is None else self.index[chosen]
        part._same = dict(self._same)
        part.changed = {f: _cut(v, chosen) for f, v in self.changed.items()}
        part.elapsed = _cut(self.elapsed, chosen)
        part.recorded = {f: _cut(v, chosen) for f, v in self.recorded.items()}
        part.last = {f: (_cut(at, chosen), _cut(there, chosen)) for f, (at, there) in self.last.items()}
        part.rules = {key: book.cut(lambda v: _cut(v, chosen)) for key, book in self.rules.items()}
        part.calendar = self.calendar
        part.speech = self.speech
        part.unasked = _cut(self.unasked, chosen)
        part.lines, part.duties = _cut(self.lines, chosen), _cut(self.duties, chosen)
        part.emitted = [(rule, outcome, _cut(test, chosen)) for rule, outcome, test in self.emitted]
        part.path = [(scene, _cut(minute, chosen)) for scene, minute in self.path]
        part.injected = [(inject, _cut(minute, chosen)) for inject, minute in self.injected]
        part.purpose = self.purpose
        # Shared while tracing, so that what any branch reads counts; what a branch reads of an earlier change does not.
        part.reads = self.reads
        return part

    def perhaps(self, other: Draft) -> None:
        """While tracing: from here on it is not known whether what `other` did has happened. What it changed and this has not
        counts as still to be read; what both changed is unknown."""
        for field in other.changed:
            if field in self.changed:
                self.changed[field] = UNKNOWN
        self.rules = other.rules
        self.recorded = {**self.recorded, **other.recorded}
        if other.elapsed is not self.elapsed:
            self.elapsed = UNKNOWN

    def packed(self, keep: tuple[int, ...]) -> Words:
        """The rows with all changes written back. `keep`: per word, the bits that are wanted; the rest become 0."""
        changes = [(field, value) for field, value in self.changed.items() if field.bits & keep[field.word]]
        kept, constant = list(keep), [0] * len(keep)
        for field, value in changes:
            kept[field.word] &= ~field.bits
            if isinstance(value, int):
                constant[field.word] |= value << field.shift
        fresh: dict[int, Array] = {}
        for field, value in changes:
            if isinstance(value, int):
                continue
            if field.word in fresh:
                fresh[field.word] |= value << field.shift
            else:
                fresh[field.word] = value << field.shift
        words: Words = []
        for n, word in enumerate(self.words):
            same = not kept[n] or word.strides[0] == 0
            rest: Number = (int(word[0]) & kept[n] if kept[n] else 0) if same else word & kept[n]
            if n in fresh:
                rest = rest | constant[n]
                fresh[n] |= rest
                words.append(fresh[n])
            elif isinstance(rest, int):
                words.append(np.broadcast_to(np.int64(rest | constant[n]), (self.n,)))
            else:
                if constant[n]:
                    rest |= constant[n]
                words.append(rest)
        return words


def _rows(word: Array, chosen: Array) -> Array:
    """These rows of a word; one that is the same in all rows, as what nobody needs any more is, need not be copied."""
    if word.strides[0] == 0 and len(word):
        return np.broadcast_to(word[0], (len(chosen),))
    found: Array = word[chosen]
    return found


def _cut(value: Any, chosen: Array) -> Any:
    return value[chosen] if isinstance(value, np.ndarray) else value
