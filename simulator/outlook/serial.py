"""What is true of all plays of a series, episode by episode, exactly: each begun from every state that can be carried into it.

The states an episode can begin with are those in which the one before can end, as far as anything from here on reads them
(`compiled.onward`). Two graphs are made of each episode: one that is reported, and where another follows, one that keeps to its
endings what that one reads. Where either has more states than the limit, nothing is sampled: that is said, and the rest left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from scoring.loss import Loss
from simulator.carried import Carried
from simulator.compiled.graph import Graph, explore
from simulator.compiled.machine import Arrival, Machine
from simulator.compiled.memory import SlotsFull, TooIntricate
from simulator.compiled.onward import Left, Onward, Step, left_by, slots_of, taken_over
from simulator.compiled.rules import OUTCOMES
from simulator.compiled.values import Values
from simulator.game import Game
from simulator.outlook import LIMIT, measures
from simulator.outlook.bounds import Extremes
from simulator.outlook.paths import Order
from simulator.series import Series

SLOTS = (3, 6, 12)
Watch = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Between:
    """The least and the most over all plays, from any start. `most` None: without bound."""

    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class EpisodeFound:
    """One episode. `starts`: how many states it can begin with.

    `endings`: those some play comes to; `lengths`: moves and decisions. `best_start`, `worst_start`: of the starts, the least and
    the greatest least expected loss; None if from some start no plan surely ends. `most_lost`: by part, on any play; None: without
    bound. `outcomes`: what becomes of each rule on some play; a rule that an episode before has settled comes to nothing more.
    """

    game: Game
    number: int
    states: int
    starts: int
    endings: tuple[str, ...]
    lengths: dict[str, Between]
    best_start: Loss | None
    worst_start: Loss | None
    most_lost: dict[str, int | None]
    outcomes: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class SeriesFound:
    """The episodes that could be explored whole, in order. `unknown`: in one sentence, why the rest could not; empty if all could."""

    episodes: tuple[EpisodeFound, ...]
    unknown: str = ""


class _TooMany(Exception):
    pass


def explore_series(
    series: Series, games: Sequence[Game], *, limit: int = LIMIT, watch: Watch | None = None
) -> SeriesFound:
    """Explore every episode of a series. `games`: theirs, in order, as they are played alone. Raises Cancelled."""
    found: list[EpisodeFound] = []
    entering: _Entering | None = None
    try:
        for number, game in enumerate(games, 1):
            last = number == len(games)
            machine, graph = _explored(game, entering, None, limit, watch, f"episode {number}")
            found.append(_found(number, graph))
            if not last:
                onward = _onward(series, games, number, machine.game)
                kept, whole = _explored(
                    game, entering, onward, limit, watch, f"what episode {number} can leave to the next"
                )
                entering = _Entering(onward, kept, _endings(onward, kept, whole))
    except _TooMany as error:
        return SeriesFound(
            tuple(found), f"{error} has more than {limit:,} states, so nothing is said of it and what follows"
        )
    except TooIntricate as error:
        return SeriesFound(tuple(found), f"from episode {len(found) + 1} on nothing can be said: {error}")
    return SeriesFound(tuple(found))


def carried_in(series: Series, games: Sequence[Game], number: int) -> tuple[Machine, list[Arrival]]:
    """The states that episode `number` (from 2) can begin with, and the machine whose states they are. Raises TooIntricate."""
    entering: _Entering | None = None
    for at in range(1, number):
        onward = _onward(series, games, at, entering.game(games[at - 1]) if entering is not None else games[at - 1])
        kept, whole = _explored(games[at - 1], entering, onward, LIMIT, None, f"episode {at}")
        entering = _Entering(onward, kept, _endings(onward, kept, whole))
    assert entering is not None
    machine, _ = _explored(games[number - 1], entering, None, LIMIT, None, f"episode {number}")
    return machine, entering.starts(machine)


def _onward(series: Series, games: Sequence[Game], number: int, now: Game) -> Onward:
    """What episode `number` keeps to its endings: all that the next reads, and what that one keeps for those after it."""
    ahead: Onward | None = None
    for at in range(len(games) - 1, number - 1, -1):
        step = Step(now if at == number else games[at - 1], games[at], series.episodes[at], series.taken_over(at + 1))
        ahead = Onward(step, Machine(games[at], slots=SLOTS[0], onward=ahead, exact_clock=True))
    assert ahead is not None
    return ahead


class _Entering:
    """The states in which the episode before can end, ready to be written into a machine of the next."""

    def __init__(self, onward: Onward, machine: Machine, left: Sequence[Left]) -> None:
        self.onward, self.machine, self.left = onward, machine, left
        opens = [int(each.opens.min()) for each in left if each.opens is not None and len(each.opens)]
        self.earliest = min(opens, default=0)
        self.dated = bool(opens)

    def game(self, game: Game) -> Game:
        """The next episode's game, its story beginning at the earliest of all openings."""
        if not self.dated:
            return game
        return replace(game, carried=Carried(begins=self.machine.game.calendar.at(self.earliest)))

    def starts(self, to: Machine) -> list[Arrival]:
        found: list[Arrival] = []
        for left in self.left:
            d, gap = taken_over(self.onward, self.machine, left, to, self.earliest)
            found += to.begin(d, gap, self.onward.step.rules)
        return found


def _explored(
    game: Game, entering: _Entering | None, onward: Onward | None, limit: int, watch: Watch | None, what: str
) -> tuple[Machine, Graph]:
    """The graph from every start, with as many slots as it needs. Raises TooIntricate, _TooMany."""
    before = slots_of(entering.machine) if entering is not None else {}
    played = entering.game(game) if entering is not None else game
    for slots in SLOTS:
        try:
            machine = Machine(played, slots=slots, onward=onward, slots_before=before)
            starts = entering.starts(machine) if entering is not None else None
            graph = explore(machine, limit=limit, watch=watch, starts=starts)
        except SlotsFull:
            if slots == SLOTS[-1]:
                raise
            continue
        if not graph.complete:
            raise _TooMany(what)
        return machine, graph
    raise AssertionError("the last number of slots returns or raises")


def _endings(onward: Onward, machine: Machine, graph: Graph) -> list[Left]:
    scenes = machine.game.scenes
    return [
        left_by(onward, machine, block.scene, list(block.words)) for block in graph.blocks if scenes[block.scene].ending
    ]


def _found(number: int, graph: Graph) -> EpisodeFound:
    order, values = Order(graph), Values(graph)
    game = graph.machine.game
    least = [
        None if (loss := values[state]) is None else loss.plus(Loss(Fraction(lines), Fraction(duties), Fraction(0)))
        for state, lines, duties in graph.beginnings
    ]
    sure = [loss for loss in least if loss is not None]
    return EpisodeFound(
        game=game,
        number=number,
        states=graph.states,
        starts=len({state for state, _, _ in graph.beginnings}),
        endings=tuple(s for s in game.scenes if game.scenes[s].ending and any(graph.in_scene(s))),
        lengths=_lengths(order),
        best_start=min(sure) if len(sure) == len(least) else None,
        worst_start=max(sure) if len(sure) == len(least) else None,
        most_lost=_most_lost(order),
        outcomes=_outcomes(graph),
    )


def _lengths(order: Order) -> dict[str, Between]:
    names = measures.LENGTHS[:2]  # minutes are true only where the time of day is kept
    sums = {most: Extremes(order, len(measures.LENGTHS), measures.lengths, most=most) for most in (False, True)}
    found = {}
    for n, name in enumerate(names):
        low, high = (
            [p for state, _, _ in order.graph.beginnings if (p := sums[most].at(state, n)) is not None]
            for most in (False, True)
        )
        if low:
            found[name] = Between(min(low), None if -1 in high else max(high))
    return found


def _most_lost(order: Order) -> dict[str, int | None]:
    found: dict[str, int | None] = {}
    for names, weights in ((measures.LOSSES, measures.losses), (("practice",), measures.practice_lost)):
        sums = Extremes(order, len(names), weights, most=True)
        for n, name in enumerate(names):
            before = {"lines": 1, "duties": 2}.get(name)
            points = [
                -1 if ahead == -1 else ahead + (beginning[before] if before else 0)
                for beginning in order.graph.beginnings
                if (ahead := sums.at(beginning[0], n)) is not None
            ]
            if points:
                found[name] = None if -1 in points else max(points)
    return found


def _outcomes(graph: Graph) -> dict[str, tuple[str, ...]]:
    keys = graph.machine.rule_keys
    seen = set(graph.initial_emitted)
    for block in graph.blocks:
        for edges in block.edges:
            taken = edges.to >= 0
            for rule, outcome, where in edges.emitted:
                if (rule, outcome) not in seen and (taken.any() if where is True else taken[where].any()):
                    seen.add((rule, outcome))
    found: dict[str, list[str]] = {key: [] for key in keys}
    for rule, outcome in sorted(seen):
        found[keys[rule]].append(OUTCOMES[outcome])
    return {key: tuple(outcomes) for key, outcomes in found.items() if outcomes}


__all__ = ["Between", "EpisodeFound", "SeriesFound", "explore_series"]
