"""What is proven of judgement scenes: that every option they offer is lawful (HS410). A panel's votes cannot legalise one (FACTS §5).

An option is not lawful if from some state it crosses a line whatever the others there choose with it: because it does what the line forbids,
or because a line's deadline can no longer be kept after it and could be after another option.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from facilitator.checks.proof import Path, Proof, shown
from facilitator.checks.setting import Setting
from simulator.compiled.draft import Array
from simulator.compiled.graph import Block, Edges
from simulator.compiled.rules import OUTCOMES
from simulator.outlook.witness import Ways, script

_MISSED = OUTCOMES.index("missed")


def unlawful_options(setting: Setting, ways: Ways) -> Iterator[Proof]:
    """Each option of a judgement scene that crosses a line in some play, with the shortest play that shows it."""
    found: dict[Path, tuple[int, tuple[Block, Edges, int], str]] = {}  # the nearest of each
    for block in ways.graph.blocks:
        scene = ways.graph.machine.game.scenes[block.scene]
        if scene.scene.judgement is None or not block.edges:
            continue
        crossing = [_crosses(ways, block, edges) for edges in block.edges]
        for path, edges, rows, text in _culprits(setting, block, crossing):
            row = int(rows[ways.nearest(rows + block.first)])
            moves = int(ways.moves[row + block.first])
            if moves < found.get(path, (1 << 62,))[0]:
                found[path] = moves, (block, edges, row), text
    for path, (_, (block, edges, row), text) in found.items():
        lines = ways.through(block, edges, row, end=False).lines
        question = "What may be done lawfully instead, or is this no dilemma?"
        yield Proof("HS410", path, text, shown(question, lines, f"scene {block.scene}", until=script(edges.move)))


def _culprits(setting: Setting, block: Block, crossing: list[Array]) -> Iterator[tuple[Path, Edges, Array, str]]:
    """Where it shows: the option, a move with it, and from which rows; the scene, if only options together cross a line."""
    explained: Array = np.zeros(block.size, dtype=bool)
    moves = list(zip(block.edges, crossing, strict=True))
    for act in dict.fromkeys((seat, action.id) for edges in block.edges for seat, action in edges.move.acts):
        own = [(edges, bad) for edges, bad in moves if act in [(seat, action.id) for seat, action in edges.move.acts]]
        lawful = np.logical_or.reduce([(edges.to >= 0) & ~bad for edges, bad in own])
        for edges, bad in own:
            rows = np.flatnonzero(bad & ~lawful)
            if len(rows):
                explained[rows] = True
                yield (
                    setting.path(block.scene, act[1]),
                    edges,
                    rows,
                    "this crosses a line in some play, and a judgement scene offers only what is lawful",
                )
    for edges, bad in moves:
        rows = np.flatnonzero(bad & ~explained)
        if len(rows):
            yield (
                setting.path(block.scene),
                edges,
                rows,
                "what is chosen here can together cross a line, and a judgement scene offers only what is lawful",
            )


def _crosses(ways: Ways, block: Block, edges: Edges) -> Array:
    """From which rows the move is open and crosses a line."""
    game, keys = ways.graph.machine.game, ways.graph.machine.rule_keys
    lines: Array = np.broadcast_to(np.asarray(edges.lines), (block.size,))
    found: Array = np.zeros(block.size, dtype=bool)
    for rule, outcome, rows in edges.emitted if lines.any() else ():
        kind, _, name = keys[rule].partition(":")
        line = game.lines[name] if kind == "line" else None
        if line is not None and outcome == _MISSED and (line.never is not None or line.telling is not None):
            found[slice(None) if isinstance(rows, bool) else rows] = True
    # A deadline of the law that runs out whatever is done here is the harm of an earlier choice.
    least = np.min(
        [
            np.where(other.to >= 0, np.broadcast_to(np.asarray(other.lines), (block.size,)), 1 << 30)
            for other in block.edges
        ],
        axis=0,
    )
    crossed: Array = (edges.to >= 0) & (lines > 0) & (found | (lines > least))
    return crossed
