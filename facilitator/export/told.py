"""What an export may tell of one session: the only values that the formats see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from scoring.loss import Loss
from scoring.summary import (
    Again,
    DecisionSummary,
    DutySummary,
    GuessSummary,
    LineSummary,
    ObjectiveSummary,
    Summary,
)

LevelName = Literal["employer", "partner", "research"]
LEVELS: tuple[LevelName, ...] = ("employer", "partner", "research")


class Play(NamedTuple):
    """Whether a person had played before: `nth` counts from 1, over the plays that enter cohort figures."""

    nth: int
    again: Again


class Played(NamedTuple):
    """A session that enters the cohorts' figures, whole, as the store knows it. `plays`: by seat."""

    summary: Summary
    plays: Mapping[str, Play]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldSeat:
    """A person in a seat. `actor`: who acts in an xAPI statement; the person, or where no person is told a code of this play alone.

    `agency`, `person`: empty where the level leaves them out; `nth`: None there. `practice` as in a SeatSummary.
    """

    seat: str
    role: str
    agency: str
    person: str
    actor: str
    nth: int | None
    again: Again
    practice: tuple[tuple[str, int, int, int], ...]

    @property
    def gained(self) -> int:
        return sum(gained for _, gained, _, _ in self.practice)

    @property
    def possible(self) -> int:
        return sum(possible for _, _, possible, _ in self.practice)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A session as one level lets it out. `date`: a day, a month or a year, ISO.

    `others`: seat and role of people of whom nothing else is told. Where the level leaves something out: the empty text,
    the empty tuple, or None. `decisions` stand in the order they were made; their `seq` is not for any reader: a gap in it could
    be a pause.
    """

    session: str
    workshop: str
    date: str
    scenario: str
    mou: str
    jurisdiction: str
    ending: str
    story_minutes: int
    seconds: float | None
    both_needed: int | None
    lost: Loss | None
    unknowable: Loss | None
    seats: tuple[ToldSeat, ...]
    others: tuple[tuple[str, str], ...]
    decisions: tuple[DecisionSummary, ...]
    tick: float | None  # to what a decision's seconds are rounded; None: they are left out
    duties: tuple[DutySummary, ...]
    lines: tuple[LineSummary, ...]
    objectives: tuple[ObjectiveSummary, ...]
    guesses: tuple[GuessSummary, ...]


def rounded(seconds: float | None, tick: float | None) -> float | None:
    """Real seconds, to a multiple of `tick` seconds; None where they are not told."""
    if seconds is None or tick is None:
        return None
    return round(round(seconds / tick) * tick, 3)


def points(decision: DecisionSummary) -> tuple[int, int]:
    """Practice points a decision gained, and how many it could have; (0, 0) where nothing could be observed."""
    gained = sum(chosen - worst for _, chosen, worst, _ in decision.points)
    return gained, sum(best - worst for _, _, worst, best in decision.points)
