"""`never` on many states at once: every new occurrence breaks it."""

from __future__ import annotations

from dataclasses import dataclass

from scoring.duties import Watcher
from simulator.compiled.draft import Draft, Number, Truth, above, both, choose, counted, either, negate
from simulator.compiled.memory import Memory
from simulator.compiled.rules import EXCUSED, MET, MISSED, UNTRIGGERED, Book, Rule, is_

# What is still to come of it. A line can be broken again and again; a duty is done with once it is broken.
DONE, WAITING, BROKEN, BROKEN_IN_DILEMMA, OPEN = 0, 1, 2, 3, 5


@dataclass(slots=True)
class NeverBook(Book):
    """`before`: it was opened before the step. `counted`: new breaches. `looked_at`: occurrences of this moment, seen already."""

    opened: Truth
    before: Truth
    done: Truth
    broken: Truth
    in_dilemma: Truth
    counted: Number = 0
    looked_at: Number = 0

    def new_moment(self) -> None:
        self.looked_at = 0


class Never(Rule):
    """From its trigger on, something must not become true. `seen`: whether it was true when last asked, if it is no bare fact.

    `colliding`: the judgement scenes in which it collides with another rule.
    """

    def __init__(self, number: int, key: str, watcher: Watcher, memory: Memory) -> None:
        super().__init__(number, key, watcher, memory)
        bare = watcher.goal_fact is not None
        self.when = self._test(watcher.rule.when)
        self.goal = None if bare else self._test(watcher.rule.never)
        self.code = memory.layout.add(f"rule {key}", OPEN)
        self.seen = None if bare else memory.layout.add(f"seen {key}", 1)
        self.fields = (self.code,) if self.seen is None else (self.code, self.seen)
        self.colliding: frozenset[str] = frozenset()

    def begin(self, d: Draft) -> None:
        d.set(self.code, WAITING)
        if self.seen is not None:
            d.set(self.seen, 0)

    def _book(self, d: Draft) -> NeverBook:
        book = d.rules.get(self.number)
        if book is None:
            code = d.get(self.code)
            opened = negate(is_(code, WAITING, DONE))
            book = d.rules[self.number] = NeverBook(
                opened=opened,
                before=opened,
                done=is_(code, DONE),
                broken=is_(code, BROKEN),
                in_dilemma=is_(code, BROKEN_IN_DILEMMA),
            )
        assert isinstance(book, NeverBook)
        return book

    def ask(self, d: Draft, seat: str | None) -> None:
        book = self._book(d)
        alive = negate(book.done)
        if d.never(alive):
            return
        book.opened = either(book.opened, alive if self.when is None else both(alive, self.when(d)))
        fresh: Number
        if self.watcher.goal_fact is not None:
            happened = d.recorded.get(self.watcher.goal_fact, 0)
            fresh = happened - book.looked_at
            book.looked_at = happened
            if not (self.watcher.everyone or seat is None or seat in self.watcher.bound):
                return
        else:
            assert self.goal is not None and self.seen is not None
            holds = self.goal(d)
            fresh = counted(both(holds, negate(d.flag(self.seen))))
            d.set(self.seen, counted(holds))
        if isinstance(fresh, int) and fresh == 0:
            return
        where = both(book.opened, alive)
        if self.unless is not None and not d.never(where):
            where = both(where, negate(self.unless(d)))
        broken = choose(where, fresh, 0)
        if d.scene in self.colliding:
            book.in_dilemma = either(book.in_dilemma, both(book.before, above(broken, 0)))
            broken = choose(book.before, 0, broken)
        book.counted = book.counted + broken

    def settle(self, d: Draft) -> None:
        book = self._book(d)
        broke = above(book.counted, 0)
        alive = negate(book.done)
        if self.line:
            d.charge(line=True, by=book.counted)
            d.emit(self.number, MISSED, both(broke, negate(book.broken)))
            code = choose(either(broke, book.broken), BROKEN, choose(book.opened, OPEN, WAITING))
        else:
            broke = both(broke, alive)
            self.charge(d, broke, 2)
            d.emit(self.number, MISSED, broke)
            code = choose(book.in_dilemma, BROKEN_IN_DILEMMA, choose(book.opened, OPEN, WAITING))
            code = choose(either(broke, book.done), DONE, code)
        d.set(self.code, choose(book.done, DONE, code))

    def hand_on(self, d: Draft) -> None:
        d.set(self.code, choose(is_(d.get(self.code), WAITING), WAITING, OPEN))

    def retire(self, d: Draft, ended: bool, most: int | None) -> None:
        code = d.get(self.code)
        d.emit(self.number, UNTRIGGERED, is_(code, WAITING))
        d.emit(self.number, MET, is_(code, OPEN))
        d.emit(self.number, EXCUSED, is_(code, BROKEN_IN_DILEMMA))
        d.set(self.code, DONE)
        if self.seen is not None:
            d.set(self.seen, 0)
