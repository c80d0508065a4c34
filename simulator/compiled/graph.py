"""Every reachable state of a game, exactly: explored scene by scene, many states at a time.

Two states are one if nothing that can still happen tells them apart (`liveness`). Scenes are taken in the order in which the story can
reach them; scenes in a loop are taken again until nothing new arrives.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from simulator.compiled.draft import Array, Number, Truth
from simulator.compiled.fields import Words
from simulator.compiled.machine import Arrival, Machine, Move
from simulator.compiled.memory import SlotsFull
from simulator.compiled.plain_time import plain_minutes
from simulator.compiled.preparing import NOTHING_BROUGHT, Brought
from simulator.game import Game

BARE_LIMIT = 300_000  # states looked at to find out how long a story can go on
LOOKS = 40  # a scene, on average, while finding that out
GONE = -1  # where a move is closed, it leads nowhere


class Cancelled(Exception):
    """Whoever asked for it wants it no more."""


@dataclass(slots=True)
class Edges:
    """One move of a scene, for a block of the scene's states.

    `to`: the state each row leads to, GONE where the move is closed. `lines`, `duties`, `practice`: points lost on the way, a number
    for all or one per row; `minutes`: story time; `calendar` 1: until a time of day, counted from the state's own
    clock, which may have been set back (`Graph.clocks`). `emitted`: what became of rules on the way: (rule, outcome, rows).
    `injected`: the injects that came on the way, each with the rows.
    """

    move: Move
    open: Truth
    to: Array
    lines: Number
    duties: Number
    practice: Number
    minutes: Number
    calendar: Number
    emitted: list[tuple[int, int, Truth | Array]]
    injected: list[tuple[str, Truth | Array]] = field(default_factory=list)


@dataclass(slots=True)
class Block:
    """States of one scene that were found and expanded together: numbers `first` … `first + size - 1`.

    `by_hand`: what injects by hand lead to. They are no moves: nobody plans with them.
    """

    scene: str
    first: int
    size: int
    words: Words
    edges: list[Edges] = field(default_factory=list)
    by_hand: list[Edges] = field(default_factory=list)


@dataclass(slots=True)
class Graph:
    """The reachable states. `complete` False: it stopped at the limit, and `frontier` are the states it had not expanded.

    `scene_of`: scene by block. States are numbered in the order in which they were found.
    """

    machine: Machine
    blocks: list[Block]
    states: int
    start: int
    complete: bool
    initial: tuple[int, int]  # lines and duties lost before the first move
    initial_emitted: list[tuple[int, int]]
    beginnings: tuple[tuple[int, int, int], ...] = ()  # where plays may begin, and lines and duties lost before
    initial_injected: list[str] = field(default_factory=list)

    @property
    def transitions(self) -> int:
        return sum(int(np.count_nonzero(edges.to >= 0)) for block in self.blocks for edges in block.edges)

    def block_of(self, state: int) -> Block:
        """The block a state stands in."""
        return self.blocks[bisect_right(self.blocks, state, key=lambda block: block.first) - 1]

    def clocks(self, block: Block) -> Array | None:
        """Minutes since the midnight before the story, for each state of a block; None where they are not kept.

        Where the time of day tells nothing it stands at midnight (`daytime`); what was so forgotten is less than a day.
        """
        memory = self.machine.memory
        if "clock" not in memory.layout.fields or "clock" not in self.machine.live.needed(block.scene):
            return None
        clocks: Array = (block.words[memory.clock.word] >> memory.clock.shift) & memory.clock.mask
        return clocks

    def forget_words(self) -> None:
        """Let the states' own words go; what they lead to stays."""
        for block in self.blocks:
            block.words = []

    def scene(self, state: int) -> str:
        return self.block_of(state).scene

    def in_scene(self, scene: str) -> Iterator[Block]:
        return (block for block in self.blocks if block.scene == scene)


@dataclass(slots=True)
class _Waiting:
    """Rows that have arrived in a scene and are not looked at yet, and where their numbers are to be written."""

    words: Words
    write: Callable[[Array], None]


class _Explorer:
    def __init__(self, machine: Machine, limit: int, watch: Callable[[int], None] | None) -> None:
        self.machine, self.limit, self.watch = machine, limit, watch
        self.waiting: dict[str, list[_Waiting]] = {}
        self.known: dict[str, _Known] = {}
        self.blocks: list[Block] = []
        self.states = 0

    def run(self, starts: Sequence[Arrival] | None = None) -> Graph:
        machine = self.machine
        arrivals = machine.start() if starts is None else list(starts)
        numbers: dict[int, Array] = {}
        for at, each in enumerate(arrivals):
            self._arrive(each, partial(numbers.__setitem__, at))
        complete = True
        for part in reversed(machine.live.parts):
            looping = len(part) > 1 or any(s in machine.live.leads_to[s] or s in machine.hands for s in part)
            while found := [scene for scene in part if scene in self.waiting]:
                for scene in found:
                    if self.states > self.limit:
                        complete = False
                        break
                    self._look_at(scene, looping)
                    if self.watch is not None:
                        self.watch(self.states)
                if not complete or not looping:
                    break
            if not complete:
                break
        if not complete:
            for scene in list(self.waiting):  # those still waiting are states, but not expanded
                self._look_at(scene, True, expand=False)
        emitted = list(dict.fromkeys((rule, outcome) for each in arrivals for rule, outcome, _ in each.emitted))
        beginnings = _beginnings(arrivals, numbers)
        start, *initial = beginnings[0]
        injected = list(dict.fromkeys(inject for each in arrivals for inject, _ in each.injected))
        return Graph(
            machine,
            self.blocks,
            self.states,
            start,
            complete,
            (initial[0], initial[1]),
            emitted,
            beginnings,
            injected,
        )

    def _arrive(self, arrival: Arrival, write: Callable[[Array], None]) -> None:
        self.waiting.setdefault(arrival.scene, []).append(_Waiting(arrival.words, write))

    def _look_at(self, scene: str, looping: bool, *, expand: bool = True) -> None:
        """Number the rows that wait in a scene, and expand those that are new."""
        waiting = self.waiting.pop(scene)
        mask = self.machine.live.mask(scene)
        used = [n for n, bits in enumerate(mask) if bits]
        words = [
            waiting[0].words[n] if len(waiting) == 1 else np.concatenate([w.words[n] for w in waiting]) for n in used
        ]
        count = sum(len(w.words[0]) for w in waiting)
        if used:
            first, inverse = unique_rows(words)
        else:
            first, inverse = np.zeros(1, dtype=np.int64), np.zeros(count, dtype=np.int64)
        rows = [w[first] for w in words]
        size = len(first)
        if looping:
            numbers, fresh = self.known.setdefault(scene, _Known()).add(rows, size, self.states)
            rows, size = [w[fresh] for w in rows], len(fresh)
        else:
            numbers = np.arange(self.states, self.states + size, dtype=np.int64)
        found = numbers[inverse]
        at = 0
        for each in waiting:
            length = len(each.words[0])
            each.write(found[at : at + length])
            at += length
        if not size:
            return
        full: Words = [np.broadcast_to(np.int64(0), (size,))] * len(mask)
        for n, row in zip(used, rows, strict=True):
            full[n] = row
        block = Block(scene, self.states, size, full)
        self.blocks.append(block)
        self.states += size
        if expand and not self.machine.game.scenes[scene].ending:
            self._expand(block)

    def _expand(self, block: Block) -> None:
        for taken in self.machine.expand(block.scene, block.words):
            to = np.full(block.size, GONE, dtype=np.int32)
            edges = Edges(taken.move, taken.open, to, 0, 0, taken.practice, 0, 0, [])
            for arrival in taken.arrivals:
                where = slice(None) if arrival.index is None else arrival.index
                self._arrive(arrival, _Writer(to, where))
                edges.lines = _spread(edges.lines, arrival.lines, arrival.index, block.size)
                edges.duties = _spread(edges.duties, arrival.duties, arrival.index, block.size)
                edges.minutes = _spread(edges.minutes, arrival.minutes, arrival.index, block.size)
                edges.calendar = _spread(edges.calendar, int(arrival.calendar), arrival.index, block.size)
                for rule, outcome, test in arrival.emitted:
                    edges.emitted.append((rule, outcome, _rows(test, arrival.index)))
                edges.injected += [(inject, _rows(True, arrival.index)) for inject, _ in arrival.injected]
            (block.by_hand if taken.move.inject else block.edges).append(edges)


def _beginnings(arrivals: Sequence[Arrival], numbers: Mapping[int, Array]) -> tuple[tuple[int, int, int], ...]:
    found: dict[tuple[int, int, int], None] = {}
    for at, each in enumerate(arrivals):
        states = numbers.get(at, np.zeros(1, dtype=np.int64))
        table = np.stack([np.broadcast_to(np.asarray(n), states.shape) for n in (states, each.lines, each.duties)])
        found.update(dict.fromkeys((int(s), int(li), int(du)) for s, li, du in np.unique(table, axis=1).T))
    return tuple(sorted(found))


@dataclass(slots=True)
class _Writer:
    to: Array
    where: slice | Array

    def __call__(self, found: Array) -> None:
        self.to[self.where] = found


class _Known:
    """The states of a scene in a loop that have a number already."""

    def __init__(self) -> None:
        self.rows: list[Array] = []
        self.numbers: Array = np.zeros(0, dtype=np.int64)

    def add(self, rows: list[Array], size: int, next_number: int) -> tuple[Array, Array]:
        """The numbers of these distinct rows, and which of them are new; new ones are numbered from `next_number`."""
        if not rows:
            if len(self.numbers):
                return self.numbers, np.zeros(0, dtype=np.int64)
            self.numbers = np.array([next_number], dtype=np.int64)
            return self.numbers, np.zeros(1, dtype=np.int64)
        before = len(self.numbers)
        if before == 0:
            self.rows, self.numbers = rows, np.arange(next_number, next_number + size, dtype=np.int64)
            return self.numbers, np.arange(size)
        joined = [np.concatenate([old, new]) for old, new in zip(self.rows, rows, strict=True)]
        first, inverse = unique_rows(joined)
        old_of = np.full(len(first), GONE, dtype=np.int64)
        old_of[inverse[:before]] = self.numbers
        numbers = old_of[inverse[before:]]
        fresh = np.flatnonzero(numbers == GONE)
        numbers[fresh] = np.arange(next_number, next_number + len(fresh))
        self.rows = [np.concatenate([old, new[fresh]]) for old, new in zip(self.rows, rows, strict=True)]
        self.numbers = np.concatenate([self.numbers, numbers[fresh]])
        return numbers, fresh


def unique_rows(words: list[Array]) -> tuple[Array, Array]:
    """For rows given word by word: an index of one row of each kind, and for every row which kind it is. Exact."""
    key = words[0] if len(words) == 1 else _mixed(words)
    order = np.argsort(key)
    ordered = key[order]
    edge = np.empty(len(key), dtype=bool)
    edge[:1] = True
    np.not_equal(ordered[1:], ordered[:-1], out=edge[1:])
    kind = np.cumsum(edge) - 1
    inverse = np.empty(len(key), dtype=np.int64)
    inverse[order] = kind
    first = order[edge]
    # Two different rows may mix to one key; then sort by the words themselves.
    if len(words) > 1 and any(not np.array_equal(word[first][inverse], word) for word in words):
        order = np.lexsort(words)
        edge[1:] = False
        for word in words:
            edge[1:] |= word[order][1:] != word[order][:-1]
        inverse[order] = np.cumsum(edge) - 1
        first = order[edge]
    return first, inverse


def _mixed(words: list[Array]) -> Array:
    """One number a row, different for different rows but for rare accidents."""
    key = np.zeros(len(words[0]), dtype=np.uint64)
    for word in words:
        key ^= word.view(np.uint64) if word.flags.c_contiguous else word.astype(np.uint64)
        key *= np.uint64(0x9E3779B97F4A7C15)
        key ^= key >> np.uint64(29)
    return key


def _spread(all_rows: Number, part: Number, index: Array | None, size: int) -> Number:
    """Write a number, or one per row of a part, into what is known for all rows."""
    if index is None:
        return part if isinstance(part, int) else part.astype(np.int32)
    if isinstance(part, int) and isinstance(all_rows, int) and part == all_rows:
        return all_rows
    if isinstance(all_rows, int):
        all_rows = np.full(size, all_rows, dtype=np.int32)
    all_rows[index] = part
    return all_rows


def _rows(test: Truth, index: Array | None) -> Truth | Array:
    """Which rows of the block: True for all, or their places."""
    if test is True:
        return True if index is None else index
    assert not isinstance(test, bool)
    chosen = np.flatnonzero(test)
    return chosen if index is None else index[chosen]


def explored(
    game: Game,
    *,
    limit: int,
    rules: bool = True,
    exact_clock: bool = False,
    watch: Callable[[int], None] | None = None,
    brought: Brought = NOTHING_BROUGHT,
) -> Graph:
    """The graph of a game, with as many slots as it needs. Raises TooIntricate, Cancelled."""
    plain = {} if exact_clock else _plain_minutes(game, rules, watch, brought)

    def machine(slots: int) -> Machine:
        return Machine(game, rules=rules, slots=slots, exact_clock=exact_clock, plain_minutes=plain, brought=brought)

    for slots in (3, 6):
        try:
            return explore(machine(slots), limit=limit, watch=watch)
        except SlotsFull:
            continue
    return explore(machine(12), limit=limit, watch=watch)


def _plain_minutes(game: Game, rules: bool, watch: Callable[[int], None] | None, brought: Brought) -> dict[str, int]:
    """What the states without rules tell of a calendar story with loops; nothing if there are none, or too many states."""
    bare = Machine(game, rules=False, exact_clock=True, brought=brought)
    if not rules or "clock" not in bare.memory.layout.fields or None not in bare.live.most_minutes.values():
        return {}
    looks = 0

    def enough(states: int) -> None:
        nonlocal looks
        looks += 1
        if looks > LOOKS * len(game.scenes):  # a loop that time goes by in has ever new states
            raise Cancelled
        if watch is not None:
            watch(states)

    try:
        graph = explore(bare, limit=BARE_LIMIT, watch=enough)
    except Cancelled:
        if looks > LOOKS * len(game.scenes):
            return {}
        raise
    return plain_minutes(graph) if graph.complete else {}


def explore(
    machine: Machine,
    *,
    limit: int = 20_000_000,
    watch: Callable[[int], None] | None = None,
    starts: Sequence[Arrival] | None = None,
) -> Graph:
    """All states that can be reached from the start, or from these. Stops, incomplete, once there are more than `limit`.

    `watch` is called with the number of states so far; it may raise Cancelled. Raises TooIntricate.
    """
    return _Explorer(machine, limit, watch).run(starts)
