"""What one session adds to the figures of many: plain values, made by `simulator.summing` from the log alone.

A summary holds no alias and no free text. It speaks of people only: choices a computer partner made are left out, and a
seat that a computer took over halfway counts as the computer's from the beginning, so that nobody can tell from any
figure who stepped out. Cohorts look at the first branch of a play: what was tried again after a rewind is practice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from scoring.loss import Loss
from scoring.scorecard import DutyStatus, Letter

# Why a session that ended enters no cohort figure; empty: it does enter. Unfinished ones have no summary at all.
Outside = Literal["", "rewound", "nobody", "unreadable"]
About = Literal["partner", "duty", "distress"]  # what a private question asked
Again = Literal["first", "replay", "parallel"]  # a person's play: the first; this scenario again; another scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatSummary:
    """A person in a seat. `person`: a random id, the same wherever the same alias of the same agency plays.

    `practice`: principle, points gained, points possible, decisions that made it observable; only principles observed.
    """

    seat: str
    role: str
    agency: str
    person: str
    practice: tuple[tuple[str, int, int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionSummary:
    """One choice of one person. `seq`: the event's number in the log; `minute`: story minutes since the start.

    `seconds`: real seconds since the event before, time paused left out. `points`: principle, chosen, worst and best open
    rating, where the open options differed. `lost`: what the choice cost its seat as far as it could know; None if the
    scenario has no exact outlook.
    """

    seq: int
    seat: str
    scene: str
    action: str
    minute: int
    seconds: float
    options: int
    judgement: bool
    points: tuple[tuple[str, int, int, int], ...]
    lost: Loss | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DutySummary:
    """One instance of a duty that people were bound by. `opened`, `deadline`, `met`: story minutes."""

    duty: str
    clause: str
    party: str
    status: DutyStatus
    opened: int | None
    deadline: int | None
    met: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSummary:
    """A line that was crossed, once. `seat`: who; empty for nobody in particular. `minute`: story time."""

    line: str
    kind: Literal["law", "life safety"]
    seat: str
    minute: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectiveSummary:
    """An objective: the rule's letter, and a facilitator's own. `blind`: given before the rule's was shown."""

    objective: str
    letter: Letter | None
    by_hand: Letter | None = None
    blind: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class GuessSummary:
    """A private answer that could be compared with something; one that was passed is not here.

    `about` partner: `agreed` if it came true, `credited` if that was no breach foreseen. duty: both if it was the
    agreement's answer. distress: both if it was the scenario's own account. `same`: of a duty, whether all who answered
    said the same; told with the first who answered, and only if two did. `apart`: the guess at distress less the account.
    """

    seat: str
    of: str
    agreed: bool
    credited: bool
    about: About = "partner"
    same: bool | None = None
    apart: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What an id is called on screens and in reports. `owner`: the scenario, MOU or jurisdiction it belongs to."""

    kind: Literal["scenario", "mou", "jurisdiction", "scene", "seat", "role", "objective", "duty", "line", "principle"]
    owner: str
    id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A session as the cohorts see it. `events`: how long its log was when this was made; `day`: ISO, when it began.

    `created`: the moment, UTC. `seconds`: real seconds of play, time paused left out. `both_needed`: duties kept that took both agencies.
    `lost`: the whole loss of the play; `unknowable`: the part of it that nobody could know or chance brought.
    """

    session: str
    events: int
    outside: Outside
    workshop: str
    created: str
    day: str
    scenario: str
    mou: str
    jurisdiction: str
    ending: str
    story_minutes: int
    seconds: float
    both_needed: int
    lost: Loss | None
    unknowable: Loss | None
    seats: tuple[SeatSummary, ...]
    decisions: tuple[DecisionSummary, ...]
    duties: tuple[DutySummary, ...]
    lines: tuple[LineSummary, ...]
    objectives: tuple[ObjectiveSummary, ...]
    guesses: tuple[GuessSummary, ...]
    names: tuple[Named, ...]
