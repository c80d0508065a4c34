"""The expert: what a seat would best do, as far as it can know.

It looks at every state that its view cannot tell from the present one, each as likely as if everybody unseen drew evenly, and takes the
open action with the least expected loss over them, the best plan of all seats following; ties by the author's order.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from scoring.loss import NOTHING, Loss
from simulator.engine import State, chain, options
from simulator.outlook import Outlook, move_of
from simulator.outlook.costs import moves_at
from simulator.outlook.knowledge import Mind, Observer

GRAIN = 1 << 40  # weights are rounded to this, so that sums over states do not hang on the order of adding


class Adviser:
    """Advises one seat through one play at a time; keeps its place between questions."""

    def __init__(self, outlook: Outlook, observer: Observer) -> None:
        self.outlook, self.observer, self.seat = outlook, observer, observer.seat
        self._mind = Mind(outlook.graph, observer)
        self._followed: list[tuple[str, ...]] = []

    def best(self, state: State) -> str:
        """The id of the action to take; the seat is on turn and has not chosen."""
        mind = self._follow(state)
        likely = mind.states().likely()
        open_ = [option.action.id for option in options(state, self.seat) if option.open]
        return best_over(self.outlook, likely.items(), open_)

    def _follow(self, state: State) -> Mind:
        moves = [move_of(each) for each in chain(state) if each.prev is not None and not each.pending]
        if self._followed != moves[: len(self._followed)]:  # another play, or one taken back
            self._mind, self._followed = Mind(self.outlook.graph, self.observer), []
        for move in moves[len(self._followed) :]:
            self._mind.step(move)
            self._followed.append(move)
        return self._mind


def best_over(outlook: Outlook, likely: Iterable[tuple[int, float]], actions: list[str]) -> str:
    """The action with the least expected loss over these states; where others act too, they choose well."""
    likely = list(likely)
    if not any(weight for _, weight in likely):  # only what an inject brought unseen explains what the seat sees
        likely = [(state, 1.0) for state, _ in likely]
    whole = sum(weight for _, weight in likely)
    expected: dict[str, Loss] = {}
    for state, weight in likely:
        share = Fraction(round(weight / whole * GRAIN), GRAIN)
        moves = moves_at(outlook, state)
        for action in actions:
            reached = [loss for move, loss in moves.items() if action in move]
            if reached:
                expected[action] = expected.get(action, NOTHING).plus(min(reached).times(share))
    ready = [action for action in actions if action in expected]
    return min(ready or actions, key=lambda action: expected.get(action, NOTHING))
