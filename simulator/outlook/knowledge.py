"""What a seat cannot tell apart: the states the play may be in, as far as this seat has seen.

A seat sees the steps it was present for, the scenes it enters, its messages, its agency's papers, what it learns, and the
meters shown to it, each with its time (`simulator.view`). `Mind` follows a play from one seat's side: after every step it holds
all states that some other play would have led to with the very same things seen. Injects by hand are part of that: the other plays
are those in which the same ones may come in the same scenes, and one that the seat saw came when it saw it. The aid that shows a seat its duties is left
out: it is made from the steps that the seat saw.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from simulator.compiled.draft import Array, Draft, Number, Truth, either
from simulator.compiled.fields import Words
from simulator.compiled.graph import GONE, Graph, unique_rows
from simulator.compiled.machine import Arrival, Machine, Move
from simulator.compiled.preparing import NOTHING_BROUGHT, Brought
from simulator.game import Game
from simulator.injecting import readers, witnesses

MOST_SILENT = 200  # steps in a row that a seat sees nothing of
Label = tuple[Any, ...]


class Rows(NamedTuple):
    """Possible states of one scene. `states`: in the graph; `words`: in the seat's own machine; `weights`: how likely each is if
    everybody unseen drew evenly, and nobody brought an inject that the seat did not see."""

    states: Array
    words: Words
    weights: Array

    def likely(self) -> dict[int, float]:
        """Each state of the graph once, with its weight."""
        found: dict[int, float] = {}
        for state, weight in zip(self.states.tolist(), self.weights.tolist(), strict=True):
            found[state] = found.get(state, 0.0) + weight
        return found


class Observer:
    """A seat's own machine: it keeps what this seat may see, and drops lines and duties."""

    def __init__(self, game: Game, seat: str, brought: Brought = NOTHING_BROUGHT) -> None:
        self.game, self.seat = game, seat
        kept = {"clock", *(f"known {seat} {item}" for item in game.scenario.items)}
        kept |= {f"meter {meter.id}" for meter in game.scenario.meters.values() if seat in meter.shown_to}
        self.machine = Machine(game, rules=False, keep=frozenset(kept), hears=seat, brought=brought)
        fields = self.machine.memory.layout.fields
        self.clock = fields["clock"]
        self.shown = [fields[name] for name in sorted(kept - {"clock"})]
        self._static: dict[tuple[str, tuple[str, ...]], Label] = {}

    def there(self, *scenes: str) -> bool:
        """Whether the seat is in the story in these scenes: if not, it sees no meter move and no clock."""
        return all(self.seat in self.game.attendance.at(scene) for scene in scenes)

    def looks(self, words: Words) -> list[Array]:
        """What each row shows the seat at any time that it is in the story: the items it knows, the meters it may see."""
        return [(words[field.word] >> field.shift) & field.mask for field in self.shown]

    def minutes(self, words: Words) -> Array:
        clock: Array = (words[self.clock.word] >> self.clock.shift) & self.clock.mask
        return clock

    def witnesses(self, scene: str) -> bool:
        where = self.game.scenes[scene]
        return self.seat in where.present or self.seat in where.seats

    def sees_move(self, scene: str, move: Move) -> Label:
        """What the seat sees of the move itself, whatever it leads to. Empty: nothing."""
        key = (scene, move.ids)
        if move.inject:
            return (key[1],) if self.there_for(move.inject, scene) else ()
        if key not in self._static:
            seats, own = self.game.scenario.seats, self.game.scenario.seats[self.seat].employer
            there = self.witnesses(scene) if move.speech is None else self.seat in move.speech.heard_by
            parts: list[Any] = [("acts", key[1])] if there else []
            for who, action in move.acts:
                if who is None:
                    continue
                if any(who == self.seat or self.seat in message.to for message in action.action.message):
                    parts.append(("message", action.id))
                if seats[who].employer == own and (action.action.report or action.action.case):
                    parts.append(("papers", action.id))
            self._static[key] = tuple(parts)
        return self._static[key]

    def there_for(self, inject: str, scene: str) -> bool:
        """Whether the seat witnesses an inject that comes in this scene, or reads something of its own in it."""
        return self.seat in witnesses(self.game, inject, scene) | readers(self.game, inject, scene)

    def sees_told(self, arrival: Arrival) -> list[tuple[str, Number]]:
        """What a step tells: the scenes on its path that the seat is there for, or reads something of its own in; then injects."""
        scenes = self.game.scenes
        told = [
            (s, minute)
            for s, minute in arrival.path
            if self.seat in scenes[s].present or self.seat in scenes[s].scene.private
        ]
        return told + [
            (f"inject {inject}", minute) for inject, minute in arrival.injected if self.there_for(inject, arrival.scene)
        ]


class Mind:
    """One seat along one play. `possible`: the rows by scene, as of the last thing it saw."""

    def __init__(self, graph: Graph, observer: Observer) -> None:
        self.graph, self.observer = graph, observer
        machine = observer.machine
        [arrival] = machine.start()
        self.actual_words = [np.array(word) for word in arrival.words]
        self.actual_scene = arrival.scene
        self.possible: dict[str, Rows] = {
            arrival.scene: Rows(np.array([graph.start]), self.actual_words, np.array([1.0]))
        }

    def states(self) -> Rows:
        """The possible states in the scene where the play is now; call it when the seat is on turn there."""
        rows = self._with_unseen_injects(self.possible[self.actual_scene])
        machine = self.observer.machine
        own = [
            a.id
            for a in machine.game.scenes[self.actual_scene].actions.values()
            if a.seat in (None, self.observer.seat)
        ]
        actual = machine.openings(Draft(self.actual_words, None, self.actual_scene))
        found = machine.openings(Draft(rows.words, None, self.actual_scene))
        # Whoever is on turn sees what time it is: an inject it was not there for may have taken some.
        same: Array = self.observer.minutes(rows.words) == int(self.observer.minutes(self.actual_words)[0])
        for name in own:
            if name in found:
                same &= np.broadcast_to(np.asarray(found[name]), same.shape) == bool(np.all(actual[name]))
        for names in _own_speeches(machine, self.actual_scene):
            may, might = (_any([each[name] for name in names if name in each]) for each in (actual, found))
            same &= np.broadcast_to(np.asarray(might), same.shape) == bool(np.all(may))
        return _cut(rows, same)

    def _with_unseen_injects(self, rows: Rows) -> Rows:
        """These rows of the present scene, and what injects by hand may have made of them since, unseen by the seat."""
        found, frontier, scene, observer = [rows], rows, self.actual_scene, self.observer
        looks = [int(look[0]) for look in observer.looks(self.actual_words)]
        for _ in observer.machine.hands.get(scene, ()):
            further = []
            for move, arrival, came in self._steps(scene, frontier, by_hand=True):
                if not observer.sees_move(scene, move) and not observer.sees_told(arrival):
                    same = _all(a == b for a, b in zip(observer.looks(came.rows.words), looks, strict=True))
                    if (same := np.broadcast_to(same, (len(came.rows.states),))).any():
                        further.append(_unlikely(_cut(came.rows, same)))
            if not further:
                break
            frontier = _merged(further)
            found.append(frontier)
        return _merged(found) if len(found) > 1 else rows

    def step(self, move: tuple[str, ...]) -> None:
        """The play goes on by this move (its action ids in the order of seats)."""
        came = self._actual(move)
        if came is None:
            return
        arrival, taken, gone = came
        observer, scene = self.observer, self.actual_scene
        began = int(observer.minutes(self.actual_words)[0])
        seen = observer.sees_move(scene, taken)
        entered = [(s, began + int(np.max(m))) for s, m in observer.sees_told(arrival)]
        looks = [int(look[0]) for look in observer.looks(gone)]
        moved = looks != [int(look[0]) for look in observer.looks(self.actual_words)]
        if seen or entered or (moved and observer.there(scene, arrival.scene)):
            there = taken.speech is not None or observer.witnesses(scene)
            when = began if there and not taken.inject else None
            shown = looks if observer.there(arrival.scene) else None
            self._see(seen, entered, shown, when, int(observer.minutes(gone)[0]))
        self.actual_words, self.actual_scene = gone, arrival.scene

    def _actual(self, move: tuple[str, ...]) -> tuple[Arrival, Move, Words] | None:
        for taken in self.observer.machine.expand(self.actual_scene, self.actual_words):
            if taken.move.ids == move and taken.arrivals:
                [arrival] = taken.arrivals
                return arrival, taken.move, [np.array(word) for word in arrival.words]
        if set(move) <= set(self.observer.game.scenes[self.actual_scene].speeches):
            return None  # something was said that tells this seat nothing: out of its hearing, or a question
        raise ValueError(f"“{', '.join(move)}” is not open in “{self.actual_scene}”")

    def _see(
        self, seen: Label, entered: list[tuple[str, int]], looks: list[int] | None, when: int | None, until: int
    ) -> None:
        """Keep the states from which something unseen, and then just this, may have happened. `looks` None: it is not there to look."""
        found: dict[str, list[Rows]] = {}
        frontier = self.possible
        for _ in range(MOST_SILENT):
            further: dict[str, list[Rows]] = {}
            for scene, rows in frontier.items():
                for move, arrival, came in self._steps(scene, rows):
                    before = self.observer.minutes(rows.words)[came.source]
                    after = self.observer.looks(came.rows.words)
                    looking = looks is not None and self.observer.there(arrival.scene)
                    same_looks = _all(a == b for a, b in zip(after, looks or (), strict=True)) if looking else True
                    static = self.observer.sees_move(scene, move)
                    path = self.observer.sees_told(arrival)
                    if static == seen and [s for s, _ in path] == [s for s, _ in entered]:
                        fits = same_looks & (True if when is None else before == when)
                        for (_, minute), (_, at) in zip(path, entered, strict=True):
                            at_minute = minute if isinstance(minute, int) else np.asarray(minute)[came.kept]
                            fits = fits & (before + at_minute == at)
                        if seen and when is None:  # a message or a paper carries the minute it arrived
                            fits = fits & (self.observer.minutes(came.rows.words) == until)
                        if (fits := np.broadcast_to(fits, before.shape)).any():
                            found.setdefault(arrival.scene, []).append(_cut(came.rows, fits))
                    if not static and not path:
                        watched = self.observer.there(scene, arrival.scene)
                        unchanged = not watched or _all(
                            a == b[came.source] for a, b in zip(after, self.observer.looks(rows.words), strict=True)
                        )
                        quiet = np.broadcast_to(
                            unchanged & (self.observer.minutes(came.rows.words) <= until), before.shape
                        )
                        if quiet.any():
                            rows_on = _cut(came.rows, quiet)
                            further.setdefault(arrival.scene, []).append(_unlikely(rows_on) if move.inject else rows_on)
            frontier = {scene: _merged(parts) for scene, parts in further.items()}
            if not frontier:
                break
        self.possible = {scene: _merged(parts) for scene, parts in found.items()}

    def _steps(self, scene: str, rows: Rows, *, by_hand: bool = False) -> Iterator[tuple[Move, Arrival, _Came]]:
        """Every move from these rows, with where it leads in the graph and in the seat's machine. `by_hand`: injects only."""
        if self.observer.game.scenes[scene].ending:
            return
        taken = self.observer.machine.expand(scene, rows.words)
        whole = np.zeros(len(rows.states))
        for each in taken:
            if not each.move.inject:
                whole = whole + np.where(each.open, max(each.move.weight, 1), 0)
        for each in taken:
            if by_hand and not each.move.inject:
                continue
            to = self._successors(scene, rows.states, each.move.ids)
            speech = each.move.speech
            heard = speech is not None and self.observer.seat in speech.heard_by
            if speech is not None and (speech.kind == "tell" or (speech.kind == "ask" and heard)):
                to = np.where(to == GONE, rows.states, to)  # nothing ahead but this seat's own knowledge can notice it
            # Whoever runs the room brings an inject or does not; that is no draw (`_unlikely`).
            share = np.ones(len(whole)) if each.move.inject else max(each.move.weight, 1) / whole
            for arrival in each.arrivals:
                source = np.arange(len(rows.states)) if arrival.index is None else arrival.index
                kept = np.flatnonzero(to[source] != GONE)
                if len(kept):
                    source = source[kept]
                    words = [np.array(word[kept]) for word in arrival.words]
                    yield (
                        each.move,
                        arrival,
                        _Came(Rows(to[source], words, rows.weights[source] * share[source]), source, kept),
                    )

    def _successors(self, scene: str, states: Array, move: tuple[str, ...]) -> Array:
        to = np.full(len(states), GONE, dtype=np.int64)
        for block in self.graph.in_scene(scene):
            here = (states >= block.first) & (states < block.first + block.size)
            if here.any():
                for edges in (*block.edges, *block.by_hand):
                    if edges.move.ids == move:
                        to[here] = edges.to[states[here] - block.first]
        return to


class _Came(NamedTuple):
    """Rows after a move; `source`: which rows they came from; `kept`: which rows of the arrival they are."""

    rows: Rows
    source: Array
    kept: Array


def _cut(rows: Rows, which: Array) -> Rows:
    return Rows(rows.states[which], [word[which] for word in rows.words], rows.weights[which])


def _unlikely(rows: Rows) -> Rows:
    """What an inject brought unseen: possible, but nobody reckons with it, or their choice would tell that it came."""
    return rows._replace(weights=np.zeros(len(rows.weights)))


def _merged(parts: list[Rows]) -> Rows:
    """The rows together, each once; weights of what became the same add up."""
    states = np.concatenate([part.states for part in parts])
    words = [np.concatenate(word) for word in zip(*(part.words for part in parts), strict=True)]
    weights = np.concatenate([part.weights for part in parts])
    first, inverse = unique_rows([states, *words])
    return Rows(
        states[first], [word[first] for word in words], np.bincount(inverse, weights=weights, minlength=len(first))
    )


def _own_speeches(machine: Machine, scene: str) -> list[list[str]]:
    """What the seat on turn there may say, by what it chooses: her answer to a request is not its to choose."""
    found: dict[tuple[str, str, str, str | None], list[str]] = {}
    for name, action in machine.game.scenes[scene].speeches.items():
        speech = action.speech
        assert speech is not None
        found.setdefault((speech.kind, speech.to, speech.thing, speech.channel), []).append(name)
    return list(found.values())


def _any(tests: list[Truth]) -> Truth:
    found: Truth = False
    for test in tests:
        found = either(found, test)
    return found


def _all(tests: Iterator[Truth]) -> Truth:
    found: Truth = True
    for test in tests:
        found = test if found is True else found & test
    return found
