"""Which scenes and actions plays come to, and where they get stuck or turn in circles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.compiled.draft import Array, Draft
from simulator.compiled.graph import Block, Edges, Graph
from simulator.compiled.machine import Machine
from simulator.engine import start
from simulator.outlook.witness import Ways, Witness


@dataclass(frozen=True, slots=True)
class Found:
    """Something that plays come to: in how many states, and the shortest play that does."""

    states: int
    witness: Witness


@dataclass(frozen=True, slots=True)
class Dead:
    """States of a scene from which no play can end. `stuck`: in how many of them nothing at all is open."""

    scene: str
    states: int
    stuck: int
    witness: Witness


@dataclass(frozen=True, slots=True)
class Reach:
    """`actions`: by (scene, action), where it can be taken. `always_open`: guarded, and yet never closed. `injects`: by inject
    that comes by itself, the moves in which it comes."""

    scenes: dict[str, Found]
    actions: dict[tuple[str, str], Found]
    always_open: list[tuple[str, str]]
    dead: list[Dead]
    circles: dict[str, Found]
    injects: dict[str, Found]


class _Nearest:
    """Collects places and keeps the nearest to the start."""

    def __init__(self) -> None:
        self.states = 0
        self.moves = 1 << 62
        self.place: tuple[Block, Edges | None, int] | None = None

    def add(self, ways: Ways, block: Block, edges: Edges | None, rows: Array | slice, count: int) -> None:
        if not count:
            return
        self.states += count
        moves = ways.moves[block.first : block.first + block.size][rows]
        at = int(np.argmin(moves))
        if int(moves[at]) < self.moves:
            self.moves = int(moves[at])
            self.place = block, edges, at if isinstance(rows, slice) else int(rows[at])

    def found(self, ways: Ways, *, end: bool) -> Found:
        assert self.place is not None
        block, edges, row = self.place
        witness = ways.to(block.first + row, end=end) if edges is None else ways.through(block, edges, row, end=end)
        return Found(self.states, witness)


EVERY = slice(None)


def reach(ways: Ways) -> Reach:
    """Look at every state and every move of a graph."""
    scenes: dict[str, _Nearest] = {}
    actions: dict[tuple[str, str], _Nearest] = {}
    dead: dict[str, tuple[_Nearest, int]] = {}
    circles: dict[str, _Nearest] = {}
    closed: set[tuple[str, str]] = set()
    machine = ways.graph.machine
    unfinished = {block.first for block in ways.graph.blocks if not _expanded(machine, block, ways.graph)}
    can_end = ways.can_end
    for block in ways.graph.blocks:
        scenes.setdefault(block.scene, _Nearest()).add(ways, block, None, EVERY, block.size)
        if block.first in unfinished:
            continue
        own = can_end[block.first : block.first + block.size]
        if ways.graph.complete and not own.all():
            rows = np.flatnonzero(~own)
            nearest, stuck = dead.get(block.scene, (_Nearest(), 0))
            nearest.add(ways, block, None, rows, len(rows))
            going = np.zeros(block.size, dtype=bool)
            for edges in block.edges:
                going |= edges.to >= 0
            dead[block.scene] = nearest, stuck + int((~going).sum())
        _look_at_actions(ways, block, actions, closed)
    for knot in ways.order.knots:
        for piece in knot.pieces:
            rows = piece.rows[knot.inside(piece, ways.order.circle_of) & can_end[piece.to]]
            circles.setdefault(piece.block.scene, _Nearest()).add(ways, piece.block, piece.edges, rows, len(rows))
    known = {name: each.found(ways, end=True) for name, each in scenes.items()}
    known.update(_narrated(ways))
    return Reach(
        scenes={name: known[name] for name in machine.game.scenes if name in known},
        actions={name: each.found(ways, end=True) for name, each in actions.items()},
        always_open=_always(ways, actions, closed),
        dead=[
            Dead(name, each.states, stuck, each.found(ways, end=False).witness) for name, (each, stuck) in dead.items()
        ],
        circles={name: Found(n.states, ways.round(*n.place)) for name, n in circles.items() if n.place},  # type: ignore[arg-type]
        injects=_injects(ways),
    )


def _injects(ways: Ways) -> dict[str, Found]:
    """The moves in which injects come by themselves, by state and move; one that comes at the opening comes in each play."""
    found: dict[str, _Nearest] = {}
    for block in ways.graph.blocks:
        for edges in block.edges:
            for inject, rows in edges.injected:
                where = np.arange(block.size) if isinstance(rows, bool) else rows
                found.setdefault(inject, _Nearest()).add(ways, block, edges, where, len(where))
    known = {name: each.found(ways, end=True) for name, each in found.items()}
    first = {name: Found(1, ways.to(ways.graph.start)) for name in ways.graph.initial_injected}
    come = {**known, **first}
    return {each.id: come[each.id] for each in ways.graph.machine.game.scheduled if each.id in come}


def _expanded(machine: Machine, block: Block, graph: Graph) -> bool:
    return graph.complete or bool(block.edges) or machine.game.scenes[block.scene].ending


def _look_at_actions(
    ways: Ways, block: Block, actions: dict[tuple[str, str], _Nearest], closed: set[tuple[str, str]]
) -> None:
    scene = ways.graph.machine.game.scenes[block.scene]
    everywhere: dict[str, Array | bool] = {}
    for edges in block.edges:
        if edges.move.speech is not None:
            continue  # no author wrote it there
        rows: Array | slice = EVERY if edges.open is True else np.flatnonzero(edges.to >= 0)
        count = block.size if isinstance(rows, slice) else len(rows)
        for _, action in edges.move.acts:
            actions.setdefault((block.scene, action.id), _Nearest()).add(ways, block, edges, rows, count)
            if action.open is not None:
                before = everywhere.get(action.id, False)
                everywhere[action.id] = True if before is True or edges.open is True else before | (edges.to >= 0)
    for name, action in scene.actions.items():
        if action.open is not None and not np.all(everywhere.get(name, False)):
            closed.add((block.scene, name))


def _always(
    ways: Ways, actions: dict[tuple[str, str], _Nearest], closed: set[tuple[str, str]]
) -> list[tuple[str, str]]:
    if not ways.graph.complete:
        return []
    scenes = ways.graph.machine.game.scenes
    return [key for key in actions if scenes[key[0]].actions[key[1]].open is not None and key not in closed]


def _narrated(ways: Ways) -> dict[str, Found]:
    """The narrations that plays pass through: the moves that may lead to one are made again, to see which do."""
    machine = ways.graph.machine
    found: dict[str, _Nearest] = {}
    at_start = [scene for scene, _ in start(machine.game).entered]
    through = {name for name, scene in machine.game.scenes.items() if scene.narration}
    for block in ways.graph.blocks if through else ():
        for edges in block.edges:
            routes = [action.route for _, action in edges.move.acts]
            if len(edges.move.acts) > 1:
                routes = [machine.game.scenes[block.scene].route]
            if not any(to in through for route in routes for _, to in route):
                continue
            rows = np.flatnonzero(edges.to >= 0)
            if not len(rows):
                continue
            draft = Draft([word[rows] for word in block.words], None, block.scene)
            for _, part in machine.take(draft, machine.game.scenes[block.scene], edges.move):
                places = rows if part.index is None else rows[part.index]
                for name, _ in part.path:
                    if name in through:
                        found.setdefault(name, _Nearest()).add(ways, block, edges, places, len(places))
    known = {name: each.found(ways, end=True) for name, each in found.items()}
    first = ways.to(ways.graph.start)
    known.update({name: Found(1, first) for name in at_start if name in through})
    return known
