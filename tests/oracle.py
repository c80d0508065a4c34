"""What a scenario can come to, by definition: every plan is tried to its end and every end is weighed by the scorecard.

Nothing is shared between plays and nothing is remembered, so that there is nothing to get wrong; `simulator`'s fast
exploration is compared with this on small scenarios (some thousands of plays). A *move* is what happens at once: one
seat's choice, all choices of a together scene, or what chance brings. `moves` is always the horizon: how many more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product
from math import factorial
from typing import Literal, NamedTuple

from scoring.scorecard import Rated
from simulator import engine
from simulator.assess import scorecard
from simulator.engine import State
from simulator.events import Chance, Choose, Inject
from simulator.game import Game

Move = tuple[Choose | Chance | Inject, ...]


class Loss(NamedTuple):
    """What a play lost, or is expected to lose. Compared in this order, never summed over the three; added part by part."""

    lines: Fraction
    duties: Fraction  # 2 for each missed, 1 for each late
    practice: Fraction  # rating points

    def __add__(self, other: Loss) -> Loss:  # type: ignore[override]  # a loss is no sequence to be made longer
        return Loss(self.lines + other.lines, self.duties + other.duties, self.practice + other.practice)

    def __sub__(self, other: Loss) -> Loss:
        return self + other.times(Fraction(-1))

    def times(self, share: Fraction) -> Loss:
        return Loss(self.lines * share, self.duties * share, self.practice * share)


NOTHING = Loss(Fraction(0), Fraction(0), Fraction(0))


def loss_of(state: State) -> Loss:
    """The loss of a finished play, whoever chose, human or computer. Raises ValueError if it has not ended."""
    if not state.ended:
        raise ValueError("only a play that has ended has a loss")
    card = scorecard(state)
    statuses = [duty.status for duty in card.duties]
    lost = sum(
        max(_points(option) for option in decision.open) - _points(decision.chosen)
        for decision in card.decisions
        if not decision.judgement
    )
    return Loss(
        Fraction(len(card.lines)), Fraction(2 * statuses.count("missed") + statuses.count("late")), Fraction(lost)
    )


def _points(option: Rated) -> int:
    return sum(rating for _, rating in option.ratings)


# --- moves ---------------------------------------------------------------------------------------------------------


def moves_of(state: State) -> list[Move]:
    """What can happen next, in seat order × the author's order; each as the events that make it. None at an ending."""
    chance: list[Move] = [(Chance(action=outcome.id),) for outcome in engine.outcomes(state)]
    seats = engine.turn(state)
    if not seats:
        return chance
    return list(product(*([Choose(seat=seat, action=action) for action in _open(state, seat)] for seat in seats)))


def _open(state: State, seat: str) -> list[str]:
    return [option.action.id for option in engine.options(state, seat) if option.open]


def after(state: State, move: Move) -> State:
    """The state after all events of `move`."""
    for event in move:
        state = engine.step(state, event)
    return state


def within(state: State, moves: int) -> Iterator[State]:
    """`state` and every state within `moves` further moves, once for each way that leads there."""
    yield state
    if moves:
        for move in moves_of(state):
            yield from within(after(state, move), moves - 1)


def made(state: State) -> Iterator[tuple[State, Move, State]]:
    """The moves that led to `state`, injects by hand among them, each with the states before and after it; a move still under
    way is left out."""
    before, events = None, []
    for at in engine.chain(state):
        if isinstance(at.event, Choose | Chance | Inject):
            events.append(at.event)
        if not at.pending:
            if before is not None:
                yield before, tuple(events), at
            before, events = at, []


def fits(state: State, moves: int, limit: int = 4000) -> bool:
    """Whether trying everything from `state` means visiting no more than `limit` states."""
    return all(number < limit for number, _ in enumerate(within(state, moves)))


# --- the outlook ---------------------------------------------------------------------------------------------------


def outlook(state: State, moves: int) -> Loss | None:
    """The least expected loss of the whole play over the joint plans that surely end within `moves` more moves.

    Seats plan together and see everything, but do not foresee chance. None if no plan surely ends so soon.
    """
    if state.ended:
        return loss_of(state)
    if not moves:
        return None
    nexts = [outlook(after(state, move), moves - 1) for move in moves_of(state)]
    ends = [each for each in nexts if each is not None]
    if state.game.scenes[state.scene].chance:
        if not nexts or len(ends) < len(nexts):
            return None  # chance may take the way that does not end
        weights = [outcome.action.weight for outcome in engine.outcomes(state)]
        shares = [each.times(Fraction(weight, sum(weights))) for weight, each in zip(weights, ends, strict=True)]
        return sum(shares, NOTHING)
    return min(ends, default=None)


class Cost(NamedTuple):
    """How much one move of a play raised the outlook; below nothing when chance was kind."""

    kind: Literal["chance", "decision"]
    scene: str
    move: Move
    drop: Loss


def costs(end: State, moves: int) -> list[Cost]:
    """What each move of a finished play cost, views left aside; `moves` is counted from the start of the play.

    The horizon shrinks with each move made, so that the loss is the outlook at the start and all drops added.
    Raises ValueError if the play took more than `moves` moves, or came where no plan surely ends within the rest.
    """
    found = []
    for number, (before, move, now) in enumerate(made(end)):
        was, became = outlook(before, moves - number), outlook(now, moves - number - 1)
        if number >= moves or was is None or became is None:
            raise ValueError(f"from “{before.scene}” no plan surely ends within {moves - number} moves")
        chance = isinstance(move[0], Chance)
        found.append(Cost("chance" if chance else "decision", before.scene, move, became - was))
    return found


def shapley(v: Mapping[frozenset[str], Loss], seats: Sequence[str]) -> dict[str, Loss]:
    """Each seat's Shapley value: what its joining adds, averaged over every order in which the seats may join.

    v: what each set of seats brings about, the empty one and all of them included.
    """
    shares = {}
    for seat in seats:
        others = [other for other in seats if other != seat]
        shares[seat] = NOTHING
        for size in range(len(seats)):
            orders = Fraction(factorial(size) * factorial(len(others) - size), factorial(len(seats)))
            for joined in map(frozenset, combinations(others, size)):
                shares[seat] += (v[joined | {seat}] - v[joined]).times(orders)
    return shares


# --- what can be reached -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """What plays of at most so many moves come to. Actions are (scene, action).

    `endings`: by scene, in how many ways it is reached. `unfinished`: ways of that many moves that have not ended, or
    that stop where nothing is open. `lengths` in moves and `minutes` of story: shortest and longest finished play,
    None if there is none. `statuses`: by duty, what it came to in finished plays.
    """

    scenes: frozenset[str]
    actions: frozenset[tuple[str, str]]
    open: frozenset[tuple[str, str]]
    closed: frozenset[tuple[str, str]]
    endings: Mapping[str, int]
    unfinished: int
    lengths: tuple[int, int] | None
    minutes: tuple[int, int] | None
    statuses: Mapping[str, frozenset[str]]


def reached(game: Game, moves: int) -> Reached:
    """Every play of at most `moves` moves, summed up."""
    states = list(within(engine.start(game), moves))
    ends = [state for state in states if state.ended]
    lengths = [len(list(made(end))) for end in ends]
    minutes = [end.now for end in ends]
    shown = {(state.scene, action, is_open) for state in states for action, is_open in _shown(state)}
    cards = [scorecard(end).duties for end in ends]
    scenes = [end.scene for end in ends]
    stuck = [s for s in states if not s.ended and (s.record.step == moves or not moves_of(s))]
    return Reached(
        scenes=frozenset(scene for state in states for scene, _ in state.entered),
        actions=frozenset((b.scene, e.action) for state in states for b, move, _ in made(state) for e in move),
        open=frozenset((scene, action) for scene, action, is_open in shown if is_open),
        closed=frozenset((scene, action) for scene, action, is_open in shown if not is_open),
        endings={scene: scenes.count(scene) for scene in scenes},
        unfinished=len(stuck),
        lengths=(min(lengths), max(lengths)) if ends else None,
        minutes=(min(minutes), max(minutes)) if ends else None,
        statuses={d: frozenset(r.status for card in cards for r in card if r.duty == d) for d in game.mou.duties},
    )


def _shown(state: State) -> Iterator[tuple[str, bool]]:
    """Every action of the scene that `state` stands in, and whether it is open there."""
    can_happen = {outcome.id for outcome in engine.outcomes(state)}
    can_happen.update(action for seat in engine.turn(state) for action in _open(state, seat))
    for action in state.game.scenes[state.scene].actions:
        yield action, action in can_happen
