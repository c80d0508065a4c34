"""What a play lost: a vector that orders plans and is never shown as a score.

Law and life safety > MOU > practice, compared in that order, never summed (DESIGN, “Outlook, exactly”).
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple


class Loss(NamedTuple):
    """Points lost, or expected to be lost, each exact.

    `lines`: lines crossed. `duties`: 2 for each missed, 1 for each late. `practice`: rating points under the best open option,
    over all principles and decisions that are no judgement.
    """

    lines: Fraction = Fraction(0)
    duties: Fraction = Fraction(0)
    practice: Fraction = Fraction(0)

    def plus(self, other: Loss) -> Loss:
        return Loss(self.lines + other.lines, self.duties + other.duties, self.practice + other.practice)

    def minus(self, other: Loss) -> Loss:
        return Loss(self.lines - other.lines, self.duties - other.duties, self.practice - other.practice)

    def times(self, factor: Fraction | int) -> Loss:
        return Loss(self.lines * factor, self.duties * factor, self.practice * factor)


NOTHING = Loss()
