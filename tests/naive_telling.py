"""Everything that can be said and done, tried out: what the exploration of open telling is compared with.

A state is known by all that the engine keeps of it, and by every choice that led there; only the order of what was said within
one turn is forgotten. Nothing is left out because it might not matter.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from simulator import engine
from simulator.assess import scorecard
from simulator.engine import State
from simulator.events import Ask, Choose, Event, Unprompted
from simulator.game import ASKED_FACT
from simulator.view import view
from tests import oracle
from tests.oracle import NOTHING, Loss, Move


class TooMany(Exception):
    """More states than a test wants to wait for."""


@dataclass(slots=True)
class Search:
    """Every state of a game. `worth`: of each, the least expected loss of lines and duties at the end, and of practice from there."""

    limit: int
    worth: dict[Hashable, Loss | None] = field(default_factory=dict)
    states: dict[Hashable, State] = field(default_factory=dict)

    def value(self, state: State) -> Loss | None:
        """The least expected loss over all plans from a state; None if none ends. Raises TooMany."""
        key = _key(state)
        if key in self.worth:
            return self.worth[key]
        if len(self.states) > self.limit:
            raise TooMany
        self.states[key] = state
        self.worth[key] = found = self._value(state)
        return found

    def _value(self, state: State) -> Loss | None:
        if state.ended:
            card = scorecard(state)
            statuses = [duty.status for duty in card.duties]
            lost = 2 * statuses.count("missed") + statuses.count("late")
            return Loss(Fraction(len(card.lines)), Fraction(lost), Fraction(0))
        found = []
        for move in moves_of(state):
            after = self.value(oracle.after(state, move))
            found.append(None if after is None else after + lost_by(state, move))
        ends = [each for each in found if each is not None]
        if not state.game.scenes[state.scene].chance:
            return min(ends, default=None)
        if len(ends) < len(found) or not found:
            return None
        weights = [outcome.action.weight for outcome in engine.outcomes(state)]
        shares = [each.times(Fraction(weight, sum(weights))) for weight, each in zip(weights, ends, strict=True)]
        return sum(shares, NOTHING)


def lost_by(state: State, move: tuple[Event, ...]) -> Loss:
    """The practice lost by a move: of each choice, the best open rating less its own."""
    lost = 0
    scene = state.game.scenes[state.scene]
    for event in move:
        if isinstance(event, Choose) and scene.scene.judgement is None:
            open_ = [option.action.action for option in engine.options(state, event.seat) if option.open]
            rated = {action.id: sum(action.practice.values()) for action in open_}
            lost += max(rated.values()) - rated[event.action]
    return Loss(Fraction(0), Fraction(0), Fraction(lost))


def moves_of(state: State) -> Iterator[tuple[Event, ...]]:
    """Every move, and everything that can be said and makes any difference to who knows what, papers, facts, lines or time."""
    moves: list[Move] = oracle.moves_of(state)
    yield from moves
    for seat in engine.turn(state):
        for each in view(state, seat).sayable:
            if isinstance(each.event, Ask) and ASKED_FACT in state.record.facts:
                continue  # asked once, a rule that forbids it is broken; nothing here counts how often
            if _key(engine.step(state, each.event)) != _key(state):
                yield (each.event,)


def _key(state: State) -> Hashable:
    record = state.record
    steps = sorted({o.step for occurrences in record.facts.values() for o in occurrences})
    rank = {step: n for n, step in enumerate(steps)}
    facts = tuple(
        sorted((f, tuple((o.minute, rank[o.step], str(o.seat)) for o in times)) for f, times in record.facts.items())
    )
    known = tuple(sorted((*who, knowing.source) for who, knowing in record.known.items()))
    path = tuple(
        (at.scene, str(at.event), at.now, frozenset(at.record.known))
        for at in engine.chain(state)
        if not isinstance(at.event, Unprompted)
    )
    broken = frozenset((each.seat, each.told, each.item) for each in state.tellings)
    return (
        state.scene, record.now, facts, tuple(sorted(record.meters.items())), tuple(sorted(record.statuses.items())), known,
        tuple(sorted((name, str(form)) for name, form in record.forms.items())), broken, state.pending, path,
        engine.reached(state),
    )  # fmt: skip
