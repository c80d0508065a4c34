"""Practice in words: how a seat's decisions are described on each principle.

A principle's share is Σ(chosen − worst) / Σ(best − worst) over the decisions this seat faced in which its open options
differed on it. No such decision: not observed, which is not zero (SAMHSA's principles are no checklist, FACTS §1.1).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from scoring.rules import Framework
from scoring.scorecard import Decision, PrincipleResult, Rated

_WORDS = (
    (Fraction(9, 10), "nearly always the stronger choice here"),
    (Fraction(3, 4), "mostly the stronger choice here"),
    (Fraction(1, 2), "mixed, more often the stronger choice"),
    (Fraction(1, 4), "mixed, more often the weaker choice"),
    (Fraction(0), "mostly the weaker choice here"),
)
NOT_OBSERVED = "not observed in this play"


def rating(option: Rated, principle: str) -> int:
    """The option's rating on the principle; 0 where the author gave none."""
    return dict(option.ratings).get(principle, 0)


def share(decisions: Iterable[Decision], principles: Iterable[str]) -> tuple[Fraction | None, int]:
    """The share over these decisions and principles, and the number of decisions that made any of them observable."""
    principles = tuple(principles)
    gained = possible = observed = 0
    for decision in decisions:
        if decision.judgement:
            continue
        seen = False
        for principle in principles:
            values = [rating(option, principle) for option in decision.open]
            low, high = min(values), max(values)
            if high > low:
                seen = True
                gained += rating(decision.chosen, principle) - low
                possible += high - low
        observed += seen
    return (Fraction(gained, possible) if possible else None), observed


def describe(framework: Framework, seats: Sequence[str], decisions: Sequence[Decision]) -> tuple[PrincipleResult, ...]:
    """Each principle for each seat, in the framework's order. Computer partners' choices are not described."""
    results = []
    for principle in framework.principles.values():
        for seat in seats:
            own = [d for d in decisions if d.seat == seat and not d.by_computer]
            value, observed = share(own, [principle.id])
            results.append(
                PrincipleResult(
                    principle=principle.id,
                    label=principle.label,
                    seat=seat,
                    share=value,
                    decisions=observed,
                    words=words(value),
                )
            )
    return tuple(results)


def words(value: Fraction | None) -> str:
    """A share in words, never a letter."""
    if value is None:
        return NOT_OBSERVED
    return next(text for least, text in _WORDS if value >= least)
