"""What a real panel thinks of a dilemma, as script concordance has it: counts and reasons, never a key.

A judgement scene is put to people who do this work. Their votes mean something once they are *enough* (FACTS §9: reliability .62 with
five panelists, .70 with ten), and none of the agencies at the table can outvote the others by sending more people. Credit, votes ÷
modal votes, is worked out for whoever studies a question; no person is ever scored by it, since one scene says nothing of anybody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

AT_LEAST = 10  # votes in all
EACH = 3  # votes of every discipline that has a seat in the scenario
TIMES = 2  # no discipline votes more often than this times the rarest of those
OTHERS = "of other work"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """One panelist's choice. `discipline`: a service of the vocabulary; `reason`: a line of their own, perhaps empty."""

    option: str
    discipline: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """What a panel thinks of one option. `disciplines`: how many of each chose it, without those that nobody is of."""

    option: str
    votes: int
    disciplines: tuple[tuple[str, int], ...]
    credit: Fraction  # votes ÷ modal votes, from 0 to 1; never shown as anybody's score
    reasons: tuple[str, ...]


def enough(votes: Iterable[Vote], seated: Iterable[str]) -> tuple[bool, str]:
    """Whether a panel is large and balanced enough to be shown, and if not, what it lacks, in words that follow “since”.

    `seated`: the disciplines that the scenario's seats have. At least ten votes; at least three of each of those; and of no
    discipline, seated or not, more than twice as many as of the rarest of those.
    """
    count, wanted = _counted(votes), sorted(set(seated))
    voted = sum(count.values())
    if voted < AT_LEAST:
        return False, f"it has {voted} of at least {AT_LEAST} votes"
    few = [name for name in wanted if count[name] < EACH]
    if few:
        return False, "it has " + " and ".join(f"{count[name]} of at least {EACH} votes from {name}" for name in few)
    rarest = min(wanted, key=lambda name: (count[name], name), default=None)
    many = max(sorted(count), key=count.__getitem__)
    if rarest is not None and count[many] > TIMES * count[rarest]:
        return False, f"it has {count[many]} votes from {many}, more than twice the {count[rarest]} from {rarest}"
    return True, ""


def spread(votes: Sequence[Vote], options: Iterable[str]) -> tuple[Spread, ...]:
    """What the panel thinks of each option, in the order of the options.

    A discipline of fewer than three people is counted among the others, so that nobody is known by theirs. Reasons stand in the order of
    their letters, so that none tells who wrote first.
    """
    found = list(options)
    of_all = _counted(votes)
    modal = max(Counter(vote.option for vote in votes).values(), default=0)

    def named(vote: Vote) -> str:
        return vote.discipline if of_all[vote.discipline] >= EACH else OTHERS

    def one(option: str) -> Spread:
        chosen = [vote for vote in votes if vote.option == option]
        disciplines = Counter(named(vote) for vote in chosen)
        return Spread(
            option=option,
            votes=len(chosen),
            disciplines=tuple(sorted(disciplines.items(), key=lambda each: (each[0] == OTHERS, each[0]))),
            credit=Fraction(len(chosen), modal) if modal else Fraction(0),
            reasons=tuple(sorted(vote.reason for vote in chosen if vote.reason)),
        )

    return tuple(map(one, found))


def by_discipline(votes: Iterable[Vote]) -> tuple[tuple[str, int], ...]:
    """How many votes each discipline gave, by name."""
    return tuple(sorted(_counted(votes).items()))


def _counted(votes: Iterable[Vote]) -> Counter[str]:
    return Counter(vote.discipline for vote in votes)
