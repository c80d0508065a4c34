"""Many plays at once: they walk the explored graph in lockstep, as arrays of state numbers.

Which plays a seed gives is fixed for every machine and every version of numpy. Play number i (from 0) takes its random bits from
the output of PCG64 that is seeded with the seed: its steps 2·j and 2·j + 1 use the lower and the upper 32 bits of output number
j·2^64 + i. A draw in n parts takes part ⌊bits·n / 2^32⌋. So a play never depends on how many others there are, or on how many
walk together; only `least-used`, which looks at what the plays before have done, goes by companies of a fixed size.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from simulator import engine
from simulator.compiled.draft import Array
from simulator.compiled.machine import Move
from simulator.engine import State
from simulator.events import Chance, Choose
from simulator.game import Game
from simulator.outlook.policies import Draws
from simulator.outlook.tables import Tables

COMPANY = 1 << 17  # plays that walk together; bounds the memory
LEAST_USED_COMPANY = 1 << 12
LONGEST = 10_000  # moves after which a play in a loop is given up
_LOWER, _UPPER = np.uint64(0xFFFFFFFF), np.uint64(32)


@dataclass(slots=True)
class Trail:
    """What a company of plays did. `steps`: for each step which plays moved (None: all), and their transitions.

    `last`: by play, the state it came to. `begin`: the number of the first play in the run.
    """

    tables: Tables
    begin: int
    size: int
    last: Array
    steps: list[tuple[Array | None, Array]] = field(default_factory=list)

    def transitions(self, play: int) -> list[int]:
        """The transitions of one play of the company, in order."""
        found = []
        for live, taken in self.steps:
            at = play if live is None else int(np.searchsorted(live, play))
            if at < len(taken) and (live is None or live[at] == play):
                found.append(int(taken[at]))
        return found

    def moves(self, play: int) -> list[Move]:
        """The moves of one play of the company, in order."""
        tables, state, found = self.tables, self.tables.graph.start, []
        for transition in self.transitions(play):
            found.append(tables.patterns[tables.pattern[state]].moves[transition - int(tables.first[state])])
            state = int(tables.to[transition])
        return found


def walks(tables: Tables, draws: Draws, n: int, seed: int, *, company: int = COMPANY) -> Iterator[Trail]:
    """`n` plays, a company at a time. `seed`: a whole number from 0."""
    counts = np.zeros(len(draws.actions), dtype=np.int64)
    company = LEAST_USED_COMPANY if draws.turns else company
    for begin in range(0, n, company):
        yield _walk(tables, draws, begin, min(company, n - begin), seed, counts)


def _walk(tables: Tables, draws: Draws, begin: int, size: int, seed: int, counts: Array) -> Trail:
    state: Array = np.full(size, tables.graph.start, dtype=np.int64)
    trail = Trail(tables, begin, size, state.copy())
    live: Array | None = None
    random = Bits(seed, begin, size)
    for step in range(LONGEST):
        kind = draws.kind.take(state)
        total = draws.total.take(kind)
        if not total.all():
            going = total != 0
            live = _leave(trail, live, state, going)
            state, kind, total = state[going], kind[going], total[going]
        if not len(state):
            return trail
        part = (random.of(step, live) * total) >> _UPPER
        move = draws.pick.take(draws.base.take(kind) + part.astype(np.int64))
        if draws.turns:
            move = move + _take_turns(draws, kind, counts)
        taken = tables.first.take(state) + move
        state = tables.to.take(taken)
        trail.steps.append((live, taken))
    trail.last[slice(None) if live is None else live] = state
    return trail


def _leave(trail: Trail, live: Array | None, state: Array, going: Array) -> Array:
    """Note where the plays stand that go no further; returns those that do."""
    stays = ~going
    if live is None:
        live = np.arange(trail.size)
    trail.last[live[stays]] = state[stays]
    return live[going]


class Bits:
    """Random bits for the plays `begin` … `begin + size - 1`, as the module says."""

    def __init__(self, seed: int, begin: int, size: int) -> None:
        self.begin, self.size = begin, size
        self.source = np.random.PCG64(seed)
        self.start = self.source.state
        self.words: Array = np.zeros(0, dtype=np.uint64)

    def of(self, step: int, live: Array | None) -> Array:
        """32 bits for each of these plays (None: all). Steps are asked for in order."""
        half, upper = divmod(step, 2)
        if not upper:
            self.source.state = self.start
            self.source.advance((half << 64) + self.begin)
            self.words = self.source.random_raw(self.size)
        words = self.words if live is None else self.words.take(live)
        return words >> _UPPER if upper else words & _LOWER


def _take_turns(draws: Draws, kind: Array, counts: Array) -> Array:
    """`least-used`: how far beyond the first move each play goes; its taking is counted."""
    beyond = np.zeros(len(kind), dtype=np.int64)
    order = np.argsort(kind, kind="stable")
    for group in np.split(order, np.flatnonzero(np.diff(kind[order])) + 1):
        for turn in draws.turns.get(int(kind[group[0]]), ()):
            actions = np.array(turn.actions)
            chosen = least_first(counts[actions], len(group))
            beyond[group] += chosen * turn.stride
            counts[actions] += np.bincount(chosen, minlength=len(actions))
    return beyond


def least_first(counts: Array, n: int) -> Array:
    """The next `n` choices if each takes what was taken least so far, the first of equals."""
    levels = counts[:, None] + np.arange(n)
    own = np.broadcast_to(np.arange(len(counts))[:, None], levels.shape)
    order = np.lexsort((own.ravel(), levels.ravel()))[:n]
    found: Array = own.ravel()[order]
    return found


def replay(game: Game, moves: list[Move]) -> State:
    """The same play by the readable engine. Raises NotAllowed for a move that is closed there."""
    state = engine.start(game)
    for move in moves:
        for seat, action in move.acts:
            state = engine.step(
                state, Chance(action=action.id) if seat is None else Choose(seat=seat, action=action.id)
            )
    return state
