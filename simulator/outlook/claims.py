"""What is true of all plays of a game, exactly; every claim with the shortest play that shows it.

Duties and lines change nothing about where a play can go. So what is asked about scenes, endings, lengths and practice is read
from the graph without them, which is smaller; only what becomes of duties and lines needs the whole one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from scoring.loss import Loss
from simulator.compiled.draft import Array
from simulator.compiled.graph import Block, Graph, explored
from simulator.compiled.memory import TooIntricate
from simulator.compiled.values import Values
from simulator.engine import start
from simulator.game import BREACH_FACT, Game
from simulator.outlook import LIMIT, measures
from simulator.outlook.bounds import Extremes, endings_ahead, path_counts
from simulator.outlook.findings import Harmful, Outcome, Rewarded, harmful, outcomes, rewarded
from simulator.outlook.reach import Reach, reach
from simulator.outlook.witness import Ways, Witness

AT_ONCE = 40_000_000  # numbers kept at a time


@dataclass(frozen=True, slots=True)
class Explored:
    """How large a graph is. `seconds` of real time to explore it; `unlooked`: states found but not looked beyond."""

    states: int
    moves: int
    scenes: int
    seconds: float
    complete: bool
    unlooked: int


@dataclass(frozen=True, slots=True)
class End:
    """An ending: its scene, and how many plays come to it. `paths` None: without bound."""

    scene: str
    paths: int | None
    witness: Witness


@dataclass(frozen=True, slots=True)
class Bound:
    """The least and the most over all plays that end. `most` None: without bound."""

    least: int
    most: int | None
    shows_least: Witness
    shows_most: Witness


@dataclass(frozen=True, slots=True)
class Worst:
    """The most that some play loses; None: without bound."""

    most: int | None
    witness: Witness


@dataclass(frozen=True, slots=True)
class Practice:
    """What a seat can lose on a principle, in rating points, and in how many decisions it is observable."""

    principle: str
    seat: str
    lost: Bound
    decisions: Bound


@dataclass(frozen=True, slots=True)
class Claims:
    """The whole report.

    `whole`: the graph with duties and lines; `bare`: without them. `settled`: all about scenes, endings, lengths and practice is
    proven; `whole.complete`: all about duties, lines and losses too. What is not settled lists what was seen, and counts and
    bounds hold for the plays that were seen. `least_loss`: expected at the start; None if no plan surely ends. `at_least`,
    `at_most`: bounds of it where it is not known. `unknown`: what could not be worked out, and why. `worst`: by part (lines, duties, practice); None if no play was seen to end.
    """

    game: Game
    whole: Explored
    bare: Explored
    settled: bool
    unknown: tuple[str, ...]
    reach: Reach
    endings: list[End]
    lengths: dict[str, Bound]
    practice: list[Practice]
    rules: dict[str, dict[str, Outcome]]
    least_loss: Loss | None
    at_least: Loss | None
    at_most: Loss | None
    worst: dict[str, Worst]
    rewarded: list[Rewarded]
    harmful: list[Harmful]


def claims(
    game: Game,
    *,
    limit: int = LIMIT,
    watch: Callable[[int], None] | None = None,
    clock: Callable[[], float] = lambda: 0.0,
) -> Claims:
    """Explore a game and say what is true of it. `watch` hears the number of states; `clock` tells seconds of real time.

    Raises TooIntricate, Cancelled.
    """
    began = clock()
    bare = explored(game, limit=limit, rules=False, exact_clock=True, watch=watch)
    between = clock()
    unknown: list[str] = []
    whole, needs_lines = None, reads_breaches(bare)
    try:
        whole = explored(game, limit=limit, exact_clock=needs_lines, watch=watch)
    except TooIntricate as error:
        if needs_lines:
            raise
        unknown.append(f"what becomes of lines and duties: {error}")
    done = clock()
    plain = Ways(whole if whole is not None and needs_lines else bare)
    ways = plain if whole is None or whole is plain.graph else Ways(whole)
    found = reach(plain)
    weighed = _weighed(whole, unknown)
    endings = [scene.id for scene in game.scenes.values() if scene.ending]
    return Claims(
        game=game,
        whole=_explored(whole, done - between),
        bare=_explored(bare, between - began),
        settled=plain.graph.complete,
        unknown=tuple(unknown),
        reach=found,
        endings=_endings(plain, [ending for ending in endings if ending in found.scenes], found),
        lengths=_bounds(plain, measures.LENGTHS, measures.lengths, (0, 0, start(game).now)),
        practice=_practice(plain),
        rules=outcomes(ways, endings_ahead(ways.order, endings), endings) if whole is not None else {},
        least_loss=weighed.least if weighed.proven else None,
        at_least=weighed.at_least,
        at_most=weighed.least,
        worst={
            **(_most(ways, measures.LOSSES, measures.losses, whole.initial) if whole is not None else {}),
            **_most(plain, ("practice",), measures.practice_lost),
        },
        rewarded=rewarded(ways, weighed.values) if weighed.proven and weighed.values is not None else [],
        harmful=harmful(ways),
    )


def reads_breaches(bare: Graph) -> bool:
    """Whether the story itself reads what a broken confidence records; that happens only where there are lines."""
    spans = bare.machine.game.names.spans
    asked = [name.partition(" ")[::2] for name in bare.machine.memory.layout.fields]
    return any(
        name == BREACH_FACT if kind in ("fact", "times", "since") else kind == "span" and BREACH_FACT in spans[name]
        for kind, name in asked
    )


@dataclass(frozen=True, slots=True)
class _Weighed:
    """The outlook as far as it is known. `proven`: `least` is the least; otherwise it is what some plan loses at most."""

    values: Values | None
    proven: bool
    least: Loss | None
    at_least: Loss | None


def _weighed(graph: Graph | None, unknown: list[str]) -> _Weighed:
    if graph is None:
        return _Weighed(None, False, None, None)
    first = Loss(*(Fraction(n) for n in graph.initial))
    try:
        values = Values(graph)
        hopeful = values if graph.complete else _Hopeful(graph)
    except TooIntricate as error:
        unknown.append(f"the outlook: {error}")
        return _Weighed(None, False, None, first)
    least, at_least = (None if (v := each[graph.start]) is None else v.plus(first) for each in (values, hopeful))
    return _Weighed(values, graph.complete, least, at_least)


def _explored(graph: Graph | None, seconds: float) -> Explored:
    if graph is None:
        return Explored(0, 0, 0, seconds, False, 0)
    scenes = graph.machine.game.scenes
    unlooked = [b for b in graph.blocks if not b.edges and not scenes[b.scene].ending] if not graph.complete else []
    return Explored(
        states=graph.states,
        moves=graph.transitions,
        scenes=len({block.scene for block in graph.blocks}),
        seconds=seconds,
        complete=graph.complete,
        unlooked=sum(block.size for block in unlooked),
    )


def _endings(ways: Ways, reached: list[str], found: Reach) -> list[End]:
    counts = path_counts(ways.order, reached, endings_ahead(ways.order, reached))
    return [End(ending, counts[ending], found.scenes[ending].witness) for ending in reached]


def _bounds(
    ways: Ways, columns: Sequence[str], weights: Callable[[Block], list[Array]], first: Sequence[int] = ()
) -> dict[str, Bound]:
    """The bounds of each column from the start; `first` is added to each. Empty if no play ends."""
    least, most = (_extremes(ways, columns, weights, first, most=most) for most in (False, True))
    return {
        name: Bound(low, high, shows_low, most[name][1])
        for name, (low, shows_low) in least.items()
        for high in [most[name][0]]
        if low is not None
    }


def _most(
    ways: Ways, columns: Sequence[str], weights: Callable[[Block], list[Array]], first: Sequence[int] = ()
) -> dict[str, Worst]:
    return {name: Worst(*each) for name, each in _extremes(ways, columns, weights, first, most=True).items()}


def _extremes(
    ways: Ways, columns: Sequence[str], weights: Callable[[Block], list[Array]], first: Sequence[int], *, most: bool
) -> dict[str, tuple[int | None, Witness]]:
    at_first = ways.graph.start
    if not ways.can_end[at_first]:
        return {}
    sums = Extremes(ways.order, len(columns), weights, most=most)
    found: dict[str, tuple[int | None, Witness]] = {}
    for n, name in enumerate(columns):
        points = sums.at(at_first, n)
        assert points is not None
        found[name] = None if points < 0 else points + (first[n] if first else 0), ways.best(sums, n)
    return found


def _practice(ways: Ways) -> list[Practice]:
    measure = measures.Practice(ways.graph.machine.game)
    pairs = measure.pairs
    at_once = max(1, AT_ONCE // ((ways.graph.states + 1) * 2))
    found = []
    for n in range(0, len(pairs), at_once):
        measure.pairs = some = pairs[n : n + at_once]
        columns = [f"{kind} {i}" for kind in ("lost", "decisions") for i in range(len(some))]
        bounds = _bounds(ways, columns, measure.weights)
        for i, (seat, principle) in enumerate(some if bounds else ()):
            found.append(Practice(principle, seat, bounds[f"lost {i}"], bounds[f"decisions {i}"]))
    return found


class _Hopeful(Values):
    """The outlook if nothing more is lost beyond what has been looked at: no plan can lose less."""

    def _value(self, block: Block, rows: Array | None) -> None:
        if block.edges or self.graph.machine.game.scenes[block.scene].ending:
            super()._value(block, rows)
            return
        self.packed[slice(block.first, block.first + block.size) if rows is None else rows + block.first] = 0
