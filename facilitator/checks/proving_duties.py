"""What is proven of duties, lines and losses under the scenario's own agreement and law (HS401 to HS404, HS407, HS410, HS506, HS508)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from facilitator.checks.judging import unlawful_options
from facilitator.checks.lawful import lawful_outcomes
from facilitator.checks.proof import Path, Proof, shown
from facilitator.checks.random_play import expected_at_random
from facilitator.checks.setting import Setting
from simulator.compiled.draft import Array
from simulator.compiled.graph import Block, Edges, Graph
from simulator.compiled.rules import OUTCOMES
from simulator.compiled.values import Values
from simulator.game import Game, PlayScene
from simulator.outlook import measures
from simulator.outlook.bounds import Extremes, endings_ahead
from simulator.outlook.findings import Outcome, outcomes, rewarded
from simulator.outlook.witness import Ways

ALIKE = 2  # points that random play must lose, two for a line, else those for duties, or…
ALIKE_PRACTICE = 0.1  # …the share of all practice points that can be lost
_NO = frozenset(["no", "none", "nobody", "never", "declined", "declines", "refused", "refuses", "not_now", "unwilling"])
_YES = frozenset(["yes", "accepted", "accepts", "agreed", "agrees", "consented", "consents", "willing"])
_MISSED = OUTCOMES.index("missed")


def proofs(setting: Setting, ways: Ways, story: Ways) -> Iterator[Proof]:
    """`ways`: of the graph with duties and lines, complete; `story`: of the one without."""
    endings = [scene.id for scene in setting.game.scenes.values() if scene.ending]
    found = outcomes(ways, endings_ahead(ways.order, endings), endings)
    yield from _duties(setting, found, lawful_outcomes(ways))
    yield from _harmful(setting, ways)
    yield from unlawful_options(setting, ways)
    values = Values(ways.graph)
    yield from _rewarded(setting, ways, values)
    yield from _her_answer(setting, ways, values)
    yield from _alike(setting, ways, story, values)


# --- duties ------------------------------------------------------------------------------------------------------------


def _duties(
    setting: Setting, found: Mapping[str, Mapping[str, Outcome]], lawful: Mapping[str, set[str]]
) -> Iterator[Proof]:
    game = setting.game
    idle: list[str] = []
    for duty in game.mou.duties.values():
        outcome = found.get(f"duty:{duty.id}")
        if outcome is None:
            continue  # nobody sits for its party
        called = f"clause {duty.clause}, “{duty.id}”"
        if set(outcome) <= {"not triggered"}:
            if objective := _objective(game, duty.id):
                hint = "What should bring it up, or does the objective rest on another duty?"
                yield Proof("HS402", objective, f"{called}, never comes up in any play", hint, grave=True)
            else:
                idle.append(called)
            continue
        failed = next((name for name in ("missed", "late") if name in outcome), None)
        if failed is None:
            continue
        where = _objective(game, duty.id) or ("mou",)
        name = f"duty {duty.id} {'broken' if failed == 'missed' and duty.never is not None else failed}"
        lines = outcome[failed].witness.lines
        if "met" not in outcome:
            hint = shown("Which action could keep it in time, or should this story not bring it up?", lines, name)
            yield Proof("HS401", where, f"{called}, comes up, and in no play can anybody keep it", hint)
        elif lawful[f"duty:{duty.id}"] & {"missed", "late"} and "met" not in lawful[f"duty:{duty.id}"]:
            kept = outcome["met"].witness.lines
            hint = shown("Which lawful way could keep it, or should “unless:” excuse it?", kept, f"duty {duty.id} kept")
            yield Proof("HS403", where, f"{called}, can only be kept in plays that cross a line", hint)
    if idle:
        listed = "; ".join(idle[:4]) + (f"; and {len(idle) - 4} more" if len(idle) > 4 else "")
        message = f"{len(idle)} of {len(game.mou.duties)} duties of the agreement never come up: {listed}"
        yield Proof(
            "HS402", ("mou",), message, "Is that what this story leaves out, or was one of them meant to matter?"
        )


def _objective(game: Game, duty: str) -> Path | None:
    for objective in game.scenario.objectives.values():
        if duty in objective.duties:
            return ("objectives", objective.id, "duties")
    return None


# --- choices -----------------------------------------------------------------------------------------------------------


def _rewarded(setting: Setting, ways: Ways, values: Values) -> Iterator[Proof]:
    told: set[Path] = set()
    for number, each in enumerate(rewarded(ways, values), 1):
        action = each.choice[0][1]
        path = setting.path(each.scene, action)
        if path in told:
            continue
        told.add(path)
        gained = [float(better - worse) for better, worse in zip(each.lawful, each.breach, strict=True)]
        what, points = ("duties", gained[0]) if gained[0] else ("practice", gained[1])
        together = "" if len(each.choice) == 1 else ", together with what the others choose,"
        lines = tuple(f"{who}: {chosen}" for who, chosen in each.choice)
        yield Proof(
            "HS404",
            path,
            f"this{together} can cross a line and still lose {points:g} points on {what} less than any lawful choice here",
            shown("What makes the lawful way at least as good?", each.witness.lines, f"rewarded {number}", until=lines),
        )


def _harmful(setting: Setting, ways: Ways) -> Iterator[Proof]:
    """Scenes in which some state leaves a seat only options that are rated as harm, or that themselves cross a line.

    That a deadline of the law runs out whatever is done here, is the harm of an earlier choice.
    """
    nearest: dict[tuple[Path, str], tuple[int, int]] = {}
    for block in ways.graph.blocks:
        scene = ways.graph.machine.game.scenes[block.scene]
        if scene.chance or not block.edges:
            continue
        for seat in scene.seats:
            rows = _without_good(ways.graph, block, scene, seat)
            if len(rows):
                state = int(rows[ways.nearest(rows + block.first)]) + block.first
                key = setting.path(block.scene), seat
                nearest[key] = min(nearest.get(key, (1 << 62, 0)), (int(ways.moves[state]), state))
    for (path, seat), (_, state) in nearest.items():
        who = setting.game.scenario.seats[seat].name
        yield Proof(
            "HS506",
            path,
            f"in some plays {who} has only harmful options left here",
            shown("What could a good professional do at this moment?", ways.to(state, end=False).lines, f"scene {path[-1]}"),
        )  # fmt: skip


def _without_good(graph: Graph, block: Block, scene: PlayScene, seat: str) -> Array:
    good: Array = np.zeros(block.size, dtype=bool)
    going: Array = np.zeros(block.size, dtype=bool)
    mixed = False  # an option rated as harm everywhere is HS506 without any proof
    for edges in block.edges:
        if edges.move.speech is not None:
            continue
        is_open = edges.to >= 0
        going |= is_open
        if sum(sum(action.action.practice.values()) for who, action in edges.move.acts if who == seat) < 0:
            continue
        mixed = True
        good |= is_open & ~_crosses(graph, block, edges)
        if good.all():
            break
    # A scene whose every written option is harmful is told from the text already.
    written = [a for a in scene.scene.actions.values() if a.seat in (None, seat)]
    if not mixed and all(sum(a.practice.values()) < 0 for a in written) and scene.scene.judgement is None:
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(going & ~good)


def _crosses(graph: Graph, block: Block, edges: Edges) -> Array:
    """From which rows the move itself crosses a line: one that forbids something, or that the ledger judges."""
    found: Array = np.zeros(block.size, dtype=bool)
    if not np.any(np.asarray(edges.lines) > 0):
        return found
    for rule, outcome, rows in edges.emitted:
        kind, _, name = graph.machine.rule_keys[rule].partition(":")
        line = graph.machine.game.lines[name] if kind == "line" else None
        if line is not None and outcome == _MISSED and (line.never is not None or line.telling is not None):
            found[slice(None) if isinstance(rows, bool) else rows] = True
    return found & np.broadcast_to(np.asarray(edges.lines) > 0, (block.size,))


# --- her yes and her no ------------------------------------------------------------------------------------------------


def _her_answer(setting: Setting, ways: Ways, values: Values) -> Iterator[Proof]:
    """Where chance decides what she answers: from the states in which all went as well as it can, both must be as good."""
    told: set[Path] = set()
    packing = values.packing
    for scene in ways.graph.machine.game.scenes.values():
        no = {action.id for action in scene.actions.values() if _is_no(scene, action.id)} if scene.chance else set()
        yes = [action for action in scene.actions if action not in no]
        path = setting.path(scene.id)
        if not no or not yes or path in told:
            continue
        best = None
        for block in ways.graph.in_scene(scene.id):
            after = {edges.move.acts[0][1].id: values.after(block, edges) >> packing.width for edges in block.edges}
            never = packing.never >> packing.width
            for one in (action for action in after if action not in no):
                for other in (action for action in after if action in no):
                    both = np.flatnonzero(((after[one] < never) & (after[other] < never)).astype(bool))
                    if not len(both):
                        continue
                    pair = _fairest(after[one][both], after[other][both])
                    found = (int(after[one][both[pair]]), int(after[other][both[pair]]))
                    rank = min(found), abs(found[0] - found[1])
                    if best is None or rank < (min(best[0]), abs(best[0][0] - best[0][1])):
                        best = found, (one, other), int(both[pair]) + block.first
        if best is not None and best[0][0] != best[0][1]:
            told.add(path)
            yield _unequal(path, ways, values, *best)


def _fairest(one: Array, other: Array) -> int:
    """Of the states from which least is lost, one in which the two answers differ least."""
    lower = np.minimum(one, other)
    rows = np.flatnonzero((lower == lower.min()).astype(bool))
    return int(rows[np.argmin(np.abs(one[rows] - other[rows]))])


def _is_no(scene: PlayScene, action: str) -> bool:
    """Whether this outcome is her no: a release she declines where another outcome does not, or a status that says so."""
    chosen = scene.actions[action].action
    others = [other.action for other in scene.actions.values() if other.id != action]
    if chosen.refuses_release is not None:
        return any(other.refuses_release is None for other in others)
    said = {status for status, value in chosen.set.items() if value in _NO}
    return any(other.set.get(status) in _YES for status in said for other in others)


def _unequal(
    path: Path, ways: Ways, values: Values, pair: tuple[int, int], names: tuple[str, str], state: int
) -> Proof:
    width, scale = values.packing.width, values.packing.scale

    def words(packed: int) -> str:
        lines, duties = packed >> width, packed & ((1 << width) - 1)
        return f"{lines / scale:g} lines and {duties / scale:g} points on duties"

    return Proof(
        "HS407",
        path,
        f"the best that can be attained depends on what she answers: after “{names[0]}” {words(pair[0])} are lost at least, "
        f"after “{names[1]}” {words(pair[1])}",
        shown("What keeps every line and duty after her no as after her yes?", ways.to(state, end=False).lines, f"scene {path[-1]}"),
        tuple(((*path, "actions", name), "one of her answers") for name in names),
    )  # fmt: skip


# --- random play -------------------------------------------------------------------------------------------------------


def _alike(setting: Setting, ways: Ways, story: Ways, values: Values) -> Iterator[Proof]:
    best = values[ways.graph.start]
    if best is None or not bool(ways.can_end[:-1].all()):
        return  # told otherwise
    worst = Extremes(story.order, 1, measures.practice_lost, most=True).at(story.graph.start)
    at_random = expected_at_random(ways)
    lines, duties, practice = (float(x) - float(y) for x, y in zip(at_random, best, strict=True))
    if worst is None or worst < 0 or 2 * lines + duties >= ALIKE or (worst and practice >= ALIKE_PRACTICE * worst):
        return
    yield Proof(
        "HS508",
        ("scenes",),
        f"whoever chooses blindly does nearly as well as the best play: {lines:.1f} lines, {duties:.1f} points on duties and "
        f"{practice:.1f} of {worst} practice points more are lost on average",
        "Where does it matter what they choose?",
    )
