"""From many plays to figures: what they came to, counted exactly.

Every figure is a count or a sum, so that samples add up; shares and quartiles are read off at the end. Lines, duties, objectives and
principles are weighed as in a scorecard in which every seat counts as a person's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from fractions import Fraction
from typing import Any

import numpy as np

from scoring.objectives import ENOUGH
from scoring.scorecard import Letter
from simulator import engine
from simulator.compiled.draft import Array
from simulator.compiled.graph import Graph
from simulator.compiled.rules import OUTCOMES
from simulator.outlook.notes import WINDOW, Notes
from simulator.outlook.policies import Draws
from simulator.outlook.sampling import COMPANY, Trail, walks
from simulator.outlook.tables import Tables

_LETTERS: tuple[Letter | None, ...] = ("U", "M", "S", "P", None)
_DENSE = 1 << 20


@dataclass(frozen=True, slots=True)
class Sample:
    """What a number of plays came to. All but `plays`, `stuck`, `endless`, `moves`, `taken` and `visited` count finished plays only.

    plays: how many. stuck: stopped where nothing is open. endless: given up. moves: steps of all plays.
    endings: by scene. outcomes: instances of a rule, by (rule key, outcome). crossed: plays, by line. lost: lines, duties, practice
    in loss points, summed. letters: by (objective, letter). shares: by (principle, seat), how often (gained, possible).
    minutes, decisions: by their number in a play. taken: by (scene, action). visited: by scene in which somebody or chance acts.
    """

    plays: int = 0
    stuck: int = 0
    endless: int = 0
    moves: int = 0
    endings: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    crossed: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    letters: Counter[tuple[str, Letter | None]] = field(default_factory=Counter)
    shares: Mapping[tuple[str, str], Counter[tuple[int, int]]] = field(default_factory=dict)
    minutes: Counter[int] = field(default_factory=Counter)
    decisions: Counter[int] = field(default_factory=Counter)
    taken: Counter[tuple[str, str]] = field(default_factory=Counter)
    visited: Counter[str] = field(default_factory=Counter)

    @property
    def finished(self) -> int:
        return self.plays - self.stuck - self.endless

    def plus(self, other: Sample) -> Sample:
        """Both samples together, as a new one."""
        return Sample(**{each.name: _sum(getattr(self, each.name), getattr(other, each.name)) for each in fields(self)})


def _sum(one: Any, other: Any) -> Any:
    if isinstance(one, (int, Counter)):
        return one + other
    return {key: one.get(key, Counter()) + other.get(key, Counter()) for key in {**one, **other}}


def samples(
    tables: Tables, notes: Notes, draws: Draws, n: int, seed: int, *, company: int = COMPANY
) -> Iterator[Sample]:
    """`n` plays: after each company of plays, the sample so far."""
    total = Sample()
    fold = Fold(tables, notes)
    for trail in walks(tables, draws, n, seed, company=company):
        total = total.plus(fold.sample(trail))
        yield total


def notes_of(tables: Tables) -> Notes:
    """The notes of a graph, its story minutes before the first move included."""
    return Notes.of(tables, engine.start(tables.graph.machine.game).now)


class Fold:
    """Sums up companies of plays on one graph."""

    def __init__(self, tables: Tables, notes: Notes) -> None:
        self.tables, self.notes = tables, notes
        self.game = tables.graph.machine.game
        self.packed = notes.pack()
        scenes = [self.game.scenes[p.scene] for p in tables.patterns]
        self.ends = np.array([scene.ending for scene in scenes])
        self.closed = np.array([not p.moves for p in tables.patterns])

    def sample(self, trail: Trail) -> Sample:
        """What a company of plays came to."""
        kind = self.tables.pattern.take(trail.last)
        finished = self.ends.take(kind)
        stuck = int(np.count_nonzero(self.closed.take(kind) & ~finished))
        done = int(np.count_nonzero(finished))
        columns, marks, used, moved = self.accounts(trail, None if done == trail.size else finished)
        moves = np.bincount(self.notes.move[:-1], weights=moved[:-1], minlength=len(self.notes.moves))
        taken: Counter[tuple[str, str]] = Counter()
        visited: Counter[str] = Counter()
        for (scene, move), count in zip(self.notes.moves, moves, strict=True):
            if count:
                visited[scene] += int(count)
                for action in {action.id for _, action in move.acts}:
                    taken[scene, action] += int(count)
        places = dict(zip(self.notes.names, columns, strict=True))
        return Sample(
            plays=trail.size,
            stuck=stuck,
            endless=trail.size - done - stuck,
            moves=int(moved[:-1].sum()),
            endings=self._endings(kind[finished]),
            outcomes=self._outcomes(used),
            crossed=self._crossed(marks),
            lost=Counter({name: int(places[name,].sum()) for name in ("lines", "duties", "practice")}),
            letters=self._letters(places, marks),
            shares=self._shares(places),
            minutes=_counted(places["minutes",] + self.notes.start_minutes),
            decisions=_counted(places["decisions",]),
            taken=taken,
            visited=visited,
        )

    def accounts(self, trail: Trail, finished: Array | None = None) -> tuple[Array, Array, Array, Array]:
        """Columns and marks by finished play, and how often each note was used: in finished plays, and in all.

        `finished`: which plays have ended; None: all.
        """
        notes, size, count = self.notes, trail.size, self.notes.columns.shape[1]
        columns = np.repeat(notes.columns[:, -1:], size, axis=1).astype(np.int32)
        marks = np.repeat(notes.marks[:, -1:], size, axis=1)
        used, moved = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
        ended = size if finished is None else int(np.count_nonzero(finished))
        used[-1], moved[-1] = ended, size
        for begin in range(0, len(trail.steps), WINDOW):
            words = np.zeros((len(self.packed), size), dtype=np.int64)
            seen, all_ = [], []
            for live, taken in trail.steps[begin : begin + WINDOW]:
                here = notes.note.take(taken)
                all_.append(here)
                if finished is not None:
                    seen.append(here[finished if live is None else finished[live]])
                at = slice(None) if live is None else live
                for word, packed in zip(words, self.packed, strict=True):
                    word[at] += packed.take(here)
                for mark, bits in zip(marks, notes.marks, strict=True):
                    mark[at] |= bits.take(here)
            moved += np.bincount(np.concatenate(all_), minlength=count)
            if finished is not None:
                used += np.bincount(np.concatenate(seen), minlength=count)
            for value, parts in zip(words, notes.words, strict=True):
                for column, shift, width in parts:
                    columns[column] += ((value >> shift) & ((1 << width) - 1)).astype(np.int32)
        if finished is None:
            return columns, marks, moved, moved
        return columns[:, finished], marks[:, finished], used, moved

    def _endings(self, kinds: Array) -> Counter[str]:
        counts = np.bincount(kinds, minlength=len(self.tables.patterns))
        return Counter({self.tables.patterns[int(n)].scene: int(counts[n]) for n in np.flatnonzero(counts)})

    def _outcomes(self, used: Array) -> Counter[tuple[str, str]]:
        notes, keys = self.notes, self.tables.graph.machine.rule_keys
        counts = np.bincount(
            notes.outcome_code, weights=used[notes.outcome_note], minlength=len(keys) * len(OUTCOMES)
        ).astype(np.int64)
        found = ((divmod(int(code), len(OUTCOMES)), int(counts[code])) for code in np.flatnonzero(counts))
        return Counter({(keys[rule], OUTCOMES[outcome]): count for (rule, outcome), count in found})

    def mark(self, marks: Array, name: tuple[str, str]) -> Array:
        """In which plays a mark was made."""
        if name not in self.notes.mark_names:
            return np.zeros(marks.shape[1], dtype=bool)
        word, bit = divmod(self.notes.mark_names.index(name), 63)
        made: Array = (marks[word] >> bit & 1).astype(bool)
        return made

    def _crossed(self, marks: Array) -> Counter[str]:
        lines = [name for kind, name in self.notes.mark_names if kind == "line"]
        found = Counter({name: int(np.count_nonzero(self.mark(marks, ("line", name)))) for name in lines})
        return +found

    def letters(self, places: Mapping[Any, Array], marks: Array, objective: str) -> Array:
        """By play, the place of the objective's letter in `_LETTERS`: the rule of `scoring.objectives`."""
        missed, crossed, late, met = (
            self.mark(marks, (what, objective)) for what in ("missed", "crossed", "late", "met")
        )
        gained, possible = (places[what, "objective", objective].astype(np.int64) for what in ("gained", "possible"))
        weak = gained * ENOUGH.denominator < possible * ENOUGH.numerator
        return np.select([missed, crossed, late | weak, met | (possible > 0)], [0, 1, 2, 3], 4)

    def _letters(self, places: Mapping[Any, Array], marks: Array) -> Counter[tuple[str, Letter | None]]:
        found: Counter[tuple[str, Letter | None]] = Counter()
        for objective in self.game.scenario.objectives:
            counts = np.bincount(self.letters(places, marks, objective), minlength=len(_LETTERS))
            found.update({(objective, letter): int(n) for letter, n in zip(_LETTERS, counts, strict=True) if n})
        return found

    def _shares(self, places: Mapping[Any, Array]) -> dict[tuple[str, str], Counter[tuple[int, int]]]:
        found = {}
        for principle in self.game.framework.principles:
            for seat in self.game.seats:
                gained, possible = (places[what, "principle", principle, seat] for what in ("gained", "possible"))
                most = int(possible.max(initial=0)) + 1
                both = _counted(gained.astype(np.int64) * most + possible)
                found[principle, seat] = Counter({divmod(pair, most): n for pair, n in both.items()})
        return found


def _counted(values: Array) -> Counter[int]:
    """How often each whole number stands there."""
    if not len(values):
        return Counter()
    if int(values.max()) < _DENSE and int(values.min()) >= 0:
        counts = np.bincount(values)
        kinds = np.flatnonzero(counts)
        return Counter(dict(zip(kinds.tolist(), counts[kinds].tolist(), strict=True)))
    kinds, counts = np.unique(values, return_counts=True)
    return Counter(dict(zip(kinds.tolist(), counts.tolist(), strict=True)))


# --- reading a sample --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Spread:
    """How a share is spread over plays in which it was observed; None where it never was. `quarter`: a quarter of the plays have no more."""

    observed: int
    not_observed: int
    mean: Fraction | None
    quarter: Fraction | None
    middle: Fraction | None
    three_quarters: Fraction | None


def spread(counts: Mapping[tuple[int, int], int]) -> Spread:
    """The spread of gained ÷ possible. Quartiles are values that occurred: the first that the quarter of plays reaches."""
    shares: Counter[Fraction] = Counter()
    for (gained, possible), n in counts.items():
        if possible:
            shares[Fraction(gained, possible)] += n
    observed = shares.total()
    hidden = sum(counts.values()) - observed
    if not observed:
        return Spread(0, hidden, None, None, None, None)
    mean = Fraction(sum(share * n for share, n in shares.items()), observed)
    return Spread(observed, hidden, mean, *(_quantile(shares, quarter) for quarter in (1, 2, 3)))


def _quantile(counts: Mapping[Fraction, int], quarter: int) -> Fraction:
    """The least value that so many quarters of all have not above."""
    total, so_far = sum(counts.values()), 0
    for value in sorted(counts):
        so_far += counts[value]
        if 4 * so_far >= quarter * total:
            return value
    raise AssertionError("the parts add up")


def mean(counts: Mapping[int, int]) -> Fraction | None:
    """The mean of counted numbers; None if there are none."""
    total = sum(counts.values())
    return Fraction(sum(value * n for value, n in counts.items()), total) if total else None


def unreachable(graph: Graph) -> tuple[list[str], list[tuple[str, str]]]:
    """Scenes in which somebody or chance would act, or endings, that no play can reach; actions that no play can take, in scenes
    that can be reached. In the author's order. Narrations are passed on the way and are not looked at."""
    scenes = {block.scene for block in graph.blocks}
    taken = {
        (b.scene, action.id) for b in graph.blocks for e in b.edges if (e.to >= 0).any() for _, action in e.move.acts
    }
    game = graph.machine.game
    return (
        [name for name, scene in game.scenes.items() if not scene.narration and name not in scenes],
        [
            (name, action)
            for name, scene in game.scenes.items()
            if name in scenes
            for action in scene.actions
            if (name, action) not in taken
        ],
    )
