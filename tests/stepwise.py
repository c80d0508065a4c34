"""The compiled graph one state at a time, in plain Python: what tests put beside the engine and the oracle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache
from random import Random

from scoring.loss import NOTHING, Loss
from simulator import engine
from simulator.assess import scorecard
from simulator.compiled.draft import Number
from simulator.compiled.graph import Edges, Graph
from simulator.compiled.memory import WEEK
from simulator.compiled.rules import OUTCOMES
from simulator.engine import State
from simulator.events import Inject
from tests import oracle

Ids = tuple[str, ...]  # the actions of one move, in seat order
Outcome = tuple[str, str]  # a rule's key, and what an instance of it came to


def moves(graph: Graph, at: int) -> dict[Ids, Edges]:
    """The open moves of a state of the graph."""
    block = graph.block_of(at)
    found = {tuple(action.id for _, action in edges.move.acts): edges for edges in block.edges}
    return {ids: edges for ids, edges in found.items() if edges.to[at - block.first] >= 0}


def number(value: Number, row: int) -> int:
    """One row of a number that may be the same for all."""
    return value if isinstance(value, int) else int(value[row])


def lost(edges: Edges, row: int) -> Loss:
    """The points that a move charges in one row of its block."""
    return Loss(*(Fraction(number(each, row)) for each in (edges.lines, edges.duties, edges.practice)))


def initial(graph: Graph) -> Loss:
    """What was lost before the first move."""
    return Loss(Fraction(graph.initial[0]), Fraction(graph.initial[1]))


@dataclass(frozen=True, slots=True)
class Walk:
    """One play in both worlds: the engine's state, and the state of the graph with all that was met on the way to it."""

    graph: Graph
    state: State
    at: int
    lost: Loss
    minutes: int
    outcomes: tuple[Outcome, ...] = field(default=())

    @classmethod
    def begin(cls, graph: Graph) -> Walk:
        state = engine.start(graph.machine.game)
        named = tuple((graph.machine.rule_keys[rule], OUTCOMES[outcome]) for rule, outcome in graph.initial_emitted)
        return cls(graph, state, graph.start, initial(graph), state.now, named)

    def step(self, ids: Ids) -> Walk:
        """Both worlds after this move. Raises KeyError or NotAllowed if it is not open in one of them."""
        edges = moves(self.graph, self.at)[ids]
        events = next(move for move in oracle.moves_of(self.state) if _ids(move) == ids)
        return self._by(edges, oracle.after(self.state, events))

    def bring(self, inject: str) -> Walk:
        """Both worlds after an inject by hand. Raises NotAllowed, or StopIteration if the graph knows it not here."""
        block = self.graph.block_of(self.at)
        edges = next(e for e in block.by_hand if e.move.inject == inject and e.to[self.at - block.first] >= 0)
        return self._by(edges, engine.step(self.state, Inject(inject=inject)))

    def _by(self, edges: Edges, state: State) -> Walk:
        row = self.at - self.graph.block_of(self.at).first
        named = tuple(
            (self.graph.machine.rule_keys[rule], OUTCOMES[outcome])
            for rule, outcome, where in edges.emitted
            if where is True or (not isinstance(where, bool) and row in where)
        )
        return replace(
            self,
            state=state,
            at=int(edges.to[row]),
            lost=self.lost.plus(lost(edges, row)),
            minutes=self.minutes + number(edges.minutes, row) - self._made_up_for(edges, row),
            outcomes=self.outcomes + named,
        )

    def _made_up_for(self, edges: Edges, row: int) -> int:
        """Minutes by which the graph had set this state's clock back, if the move lasts until a time of day."""
        clocks = self.graph.clocks(self.graph.block_of(self.at))
        if not number(edges.calendar, row) or clocks is None:
            return 0
        memory = self.graph.machine.memory
        return (self.minutes + memory.began - int(clocks[row])) % WEEK

    def check(self) -> None:
        """Both worlds say the same about where the play stands, and if it has ended, about what it came to."""
        assert self.graph.scene(self.at) == self.state.scene
        assert self.minutes == self.state.now
        open_ = [_ids(move) for move in oracle.moves_of(self.state)]
        assert sorted(moves(self.graph, self.at)) == sorted(open_)
        if self.state.ended:
            assert self.lost == Loss(*oracle.loss_of(self.state))
            played = [duty for duty in scorecard(self.state).duties if duty.status != "not played"]
            came_to = [(key, outcome) for key, outcome in self.outcomes if key.startswith("duty:")]
            assert sorted(came_to) == sorted((f"duty:{duty.duty}", duty.status) for duty in played)


def _ids(move: oracle.Move) -> Ids:
    return tuple(event.action for event in move if not isinstance(event, Inject))


def walk(graph: Graph, seed: int, limit: int = 40) -> Iterator[Walk]:
    """A random play in both worlds, the start included, until it ends, is stuck, or has `limit` moves."""
    random, at = Random(seed), Walk.begin(graph)
    yield at
    for _ in range(limit):
        open_ = sorted(moves(graph, at.at))
        if not open_:
            return
        at = at.step(random.choice(open_))
        yield at


def outlook(graph: Graph, within: int) -> Loss | None:
    """The least expected loss of the whole play over the plans that surely end within so many moves; None: there is none.

    The same question as `oracle.outlook`, asked of the graph.
    """
    scenes = graph.machine.game.scenes

    @cache
    def value(at: int, left: int) -> Loss | None:
        block = graph.block_of(at)
        if scenes[block.scene].ending:
            return NOTHING
        row, open_ = at - block.first, moves(graph, at).values()
        if not left or not open_:
            return None
        rest = [value(int(edges.to[row]), left - 1) for edges in open_]
        found = [lost(edges, row).plus(r) for edges, r in zip(open_, rest, strict=True) if r is not None]
        if not scenes[block.scene].chance:
            return min(found, default=None)
        if len(found) < len(open_):
            return None
        whole, total = sum(edges.move.weight for edges in open_), NOTHING
        for edges, each in zip(open_, found, strict=True):
            total = total.plus(each.times(Fraction(edges.move.weight, whole)))
        return total

    found = value(graph.start, within)
    return None if found is None else found.plus(initial(graph))


def sweep(graph: Graph, values: list[Loss | None]) -> list[Loss | None]:
    """One round of value iteration: what every state is worth if what follows is worth `values`."""
    scenes = graph.machine.game.scenes
    after: list[Loss | None] = [None] * graph.states
    for block in graph.blocks:
        for row in range(block.size):
            at = block.first + row
            if scenes[block.scene].ending:
                after[at] = NOTHING
                continue
            open_ = [edges for edges in block.edges if edges.to[row] >= 0]
            rest = [values[int(edges.to[row])] for edges in open_]
            found = [lost(edges, row).plus(r) for edges, r in zip(open_, rest, strict=True) if r is not None]
            if not scenes[block.scene].chance:
                after[at] = min(found, default=None)
            elif open_ and len(found) == len(open_):
                whole = sum(edges.move.weight for edges in open_)
                parts = [each.times(Fraction(e.move.weight, whole)) for e, each in zip(open_, found, strict=True)]
                after[at] = Loss(*(sum(part, Fraction(0)) for part in zip(*parts, strict=True)))
    return after
