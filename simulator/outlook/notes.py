"""What each transition adds to the figures of a play. Transitions that add the same share a *note*, so that there are few.

A note has columns that add up over a play (loss, minutes, decisions, practice) and marks that hold once they were made (for an
objective: a duty missed, a line crossed, …). Several columns stand in one number, so that a play is summed in few passes.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from scoring.rules import Duty
from simulator.compiled.draft import Array, Number
from simulator.compiled.graph import Block, Edges
from simulator.compiled.machine import Move
from simulator.compiled.rules import LATE, MET, MISSED, OUTCOMES
from simulator.outlook.tables import Key, Pattern, Tables

WINDOW = 64  # steps that are summed before the numbers are taken apart
LOST = ("lines", "duties", "practice", "minutes", "decisions")
Column = tuple[str, ...]  # ("lines",) … ("decisions",), or (gained | possible, objective | principle, its id, …)
Mark = tuple[str, str]  # (missed | crossed | late | met, objective), (line, id)


@dataclass(slots=True)
class Notes:
    """`note`: by transition. By note: `columns` (a row each), `marks` as bits, `moves` (scene, move), `outcomes` as pairs of
    a note and rule · 6 + outcome. The last note belongs to no transition: what was lost or decided before the first move,
    which took `start_minutes` of the story."""

    note: Array
    names: list[Column]
    columns: Array
    mark_names: list[Mark]
    marks: Array
    moves: list[tuple[str, Move]]
    move: Array
    outcome_note: Array
    outcome_code: Array
    start_minutes: int
    words: list[list[tuple[int, int, int]]] = field(default_factory=list)  # by word: column, shift, width

    @classmethod
    def of(cls, tables: Tables, start_minutes: int = 0) -> Notes:
        """Read the notes off a graph. `start_minutes`: story minutes before the first move."""
        return _Maker(tables).made(start_minutes)

    def pack(self) -> list[Array]:
        """The columns several to a number, each with room for the sum of a window."""
        self.words = [[]]
        used = 0
        for column in range(len(self.names)):
            width = (int(self.columns[column].max(initial=0)) * WINDOW).bit_length()
            if not width:
                continue
            if used + width > 62:
                self.words.append([])
                used = 0
            self.words[-1].append((column, used, width))
            used += width
        packed = []
        for word in self.words:
            value = np.zeros(self.columns.shape[1], dtype=np.int64)
            for column, shift, _ in word:
                value |= self.columns[column] << shift
            packed.append(value)
        return packed


class _Maker:
    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.machine = tables.graph.machine
        game = self.machine.game
        self.scenes = {name: scene.scene for name, scene in game.scenes.items()}
        self.objectives = game.scenario.objectives
        self.principles = tuple(game.framework.principles)
        self.names: list[Column] = [(name,) for name in LOST]
        for principle in self.principles:
            for seat in game.seats:
                self.names += [(what, "principle", principle, seat) for what in ("gained", "possible")]
        for objective in self.objectives:
            self.names += [(what, "objective", objective) for what in ("gained", "possible")]
        self.place = {name: n for n, name in enumerate(self.names)}
        self.mark_names: list[Mark] = []
        self.marks_of = self._marks()
        self.ratings: dict[tuple[int, int], Array] = {}
        self.rows: list[Array] = []
        self.moves: list[tuple[str, Move]] = []
        self.move_numbers: dict[tuple[str, int], int] = {}
        self.move: list[Array] = []
        self.outcomes: list[tuple[Array, int]] = []
        self.count = 0

    def _marks(self) -> dict[int, int]:
        """By outcome of a rule, the marks it makes, as bits."""
        bits: dict[Mark, int] = {}

        def bit(mark: Mark) -> int:
            if mark not in bits:
                bits[mark] = 1 << len(bits)
                self.mark_names.append(mark)
            return bits[mark]

        found: dict[int, int] = {}
        for number, key in enumerate(self.machine.rule_keys):
            kind, _, name = key.partition(":")
            watcher = self.machine.game.watchers.get(key)
            for outcome, what in ((MISSED, "missed"), (LATE, "late"), (MET, "met")):
                mask = 0
                if watcher is not None and isinstance(watcher.rule, Duty):
                    for objective in self.objectives.values():
                        if name in objective.duties:
                            mask |= bit((what, objective.id))
                elif kind == "line" and outcome != MET:
                    mask |= bit(("line", name))
                    for objective in self.objectives.values():
                        if not objective.lines or name in objective.lines:
                            mask |= bit(("crossed", objective.id))
                found[number * len(OUTCOMES) + outcome] = mask
        return found

    def made(self, start_minutes: int) -> Notes:
        note = np.zeros(len(self.tables.to), dtype=np.int32)
        for block, edges, rows, transitions in self.tables.places():
            if len(rows):
                note[transitions] = self._note(block, edges, rows)
        self._start()
        columns = np.ascontiguousarray(np.concatenate(self.rows).T)
        marks = np.zeros((-(-len(self.mark_names) // 63) or 1, self.count), dtype=np.int64)
        for notes, code in self.outcomes:
            mask = self.marks_of.get(code, 0)
            for word in range(len(marks)):
                marks[word, notes] |= mask >> 63 * word & (1 << 63) - 1
        codes = [np.full(len(notes), code) for notes, code in self.outcomes]
        return Notes(
            note=note,
            names=self.names,
            columns=columns,
            mark_names=self.mark_names,
            marks=marks,
            moves=self.moves,
            move=np.concatenate(self.move),
            outcome_note=np.concatenate([notes for notes, _ in self.outcomes] or [np.zeros(0, dtype=np.int64)]),
            outcome_code=np.concatenate(codes or [np.zeros(0, dtype=np.int64)]),
            start_minutes=start_minutes,
        )

    def _start(self) -> None:
        """One more note, the last: what was lost or came to an end before the first move."""
        row = np.zeros((1, len(self.names)), dtype=np.int64)
        row[0, :2] = self.tables.graph.initial
        self.rows.append(row)
        self.move.append(np.array([-1]))
        for rule, outcome in self.tables.graph.initial_emitted:
            self.outcomes.append((np.array([self.count]), rule * len(OUTCOMES) + outcome))
        self.count += 1

    def _note(self, block: Block, edges: Edges, rows: Array) -> Array:
        """The notes of one move of a block, one per row in which it is open."""
        patterns = self.tables.pattern[block.first + rows]
        key = Key(patterns.astype(np.int64))
        for number in (edges.lines, edges.duties, edges.practice, edges.minutes):
            if not isinstance(number, int):
                key.add(number[rows].astype(np.int64))
        came: list[tuple[int, Array | None]] = []
        for rule, outcome, where in edges.emitted:
            code = rule * len(OUTCOMES) + outcome
            if where is True:
                came.append((code, None))
                continue
            there = np.zeros(block.size, dtype=np.int64)
            there[where] = 1
            there = there[rows]
            came.append((code, there))
            key.add(there)
        first, kind = key.kinds()
        numbers = self.count + np.arange(len(first))
        self.count += len(first)
        row = np.stack([self._rating(int(patterns[at]), edges.move) for at in first])
        lost = (edges.lines, edges.duties, edges.practice, edges.minutes)
        for column, number in enumerate(lost):
            row[:, column] = _at(number, rows[first])
        self.rows.append(row)
        move = self.move_numbers.setdefault((block.scene, id(edges.move)), len(self.moves))
        if move == len(self.moves):
            self.moves.append((block.scene, edges.move))
        self.move.append(np.full(len(first), move))
        for code, rows_there in came:
            notes = numbers if rows_there is None else numbers[rows_there[first] != 0]
            if len(notes):
                self.outcomes.append((notes, code))
        return numbers[kind]

    def _rating(self, number: int, move: Move) -> Array:
        """The columns that follow from what was open and what was chosen."""
        found = self.ratings.get((number, id(move)))
        if found is None:
            found = self.ratings[number, id(move)] = self._rate(self.tables.patterns[number], move)
        return found

    def _rate(self, pattern: Pattern, move: Move) -> Array:
        row = np.zeros(len(self.names), dtype=np.int64)
        if move.acts[0][0] is None:
            return row
        row[self.place["decisions",]] = len(move.acts)
        scene = self.scenes[pattern.scene]
        if scene.judgement is not None:
            return row
        rests = [name for name, objective in self.objectives.items() if pattern.scene in objective.decisions]
        for place, (seat, chosen) in enumerate(move.acts):
            own = {id(each.acts[place][1]): each.acts[place][1].action.practice for each in pattern.moves}
            for principle in self.principles:
                values = [practice.get(principle, 0) for practice in own.values()]
                low, high = min(values), max(values)
                if high == low:
                    continue
                gained = chosen.action.practice.get(principle, 0) - low
                for about in (("principle", principle, str(seat)), *(("objective", name) for name in rests)):
                    row[self.place["gained", *about]] += gained
                    row[self.place["possible", *about]] += high - low
        return row


def _at(number: Number, rows: Array) -> Number:
    return number if isinstance(number, int) else number[rows]
