"""The scorecard: how a play was weighed. Plain values, made by `simulator.assess` from the log alone.

Law and life safety > MOU > practice: three parts, compared in that order, never summed. There is no total.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

DutyStatus = Literal[
    "not triggered", "due", "met", "overdue", "late", "missed", "excused", "open at the end", "not played"
]
Letter = Literal["P", "S", "M", "U"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A line that was crossed. `minute` is story time; `step` the event it happened in."""

    line: str
    text: str
    citation: str
    kind: Literal["law", "life safety"]
    step: int
    minute: int
    seat: str | None
    detail: str = ""  # for a telling: what was told to whom, and what right was lacking


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyResult:
    """One instance of a duty at one moment. `opened`, `deadline`, `met`: story minutes, None if there is none."""

    duty: str
    text: str
    clause: str
    words: str
    party: str  # the party's name
    status: DutyStatus
    opened: int | None = None
    deadline: int | None = None
    met: int | None = None
    step: int | None = None  # the event in which it was met, missed or broken
    why: str = ""  # why it is excused, or by what it was missed


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """An option of a decision with its rating on each principle (−2…+2)."""

    action: str
    text: str
    ratings: tuple[tuple[str, int], ...]
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One choice one seat faced: the open options, the chosen one, and what the debrief tells of it."""

    step: int
    minute: int
    scene: str
    scene_title: str
    seat: str
    by_computer: bool
    chosen: Rated
    open: tuple[Rated, ...]
    felt: str | None
    distress: int | None = None  # by that same account, 0 to 10
    partner_knew: tuple[str, ...]  # items another seat knew then and this one did not; each named once, at the first
    judgement: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PrincipleResult:
    """How one seat's practice on one principle is described. `share` is None when it was not observed."""

    principle: str
    label: str
    seat: str
    share: Fraction | None
    decisions: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectiveResult:
    """HSEEP letter of an objective and its grounds; None: not observed."""

    objective: str
    text: str
    letter: Letter | None
    grounds: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """A private guess and what happened. A correctly predicted breach earns nothing: `credited` is False."""

    step: int
    seat: str
    of: str
    guess: str | None
    happened: str
    agreed: bool
    credited: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyGuess:
    """“Whose duty is this?”, and what was answered in private. `what`: what has to be done.

    `answers`: seat, its answer, whether it is the agreement's; who passed is not there. `answer`: the agreement's, with the
    `clauses` that say so, none where it says nothing of it. `same`: whether all who answered said the same; None if only one did.
    """

    step: int
    scene: str
    what: str
    answers: tuple[tuple[str, str, bool], ...]
    answer: str
    clauses: tuple[str, ...]
    same: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DistressGuess:
    """How distressing a seat thought a step was for the survivor, and the scenario's own account; both 0 to 10.

    `after`: the step, as the seat witnessed it.
    """

    step: int
    scene: str
    question: str
    after: str
    seat: str
    guess: int
    account: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What one seat guessed of another's steps. `right`: it came so and was no breach foreseen."""

    seat: str
    of: str
    guesses: int
    right: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """How often one seat's answer to “whose duty is this?” was the agreement's."""

    seat: str
    answers: int
    right: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """One seat's guesses at distress. `apart`: their mean less the scenario's own account; below 0, thought less distressing."""

    seat: str
    guesses: int
    apart: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedPicture:
    """What the private answers of a play come to. It is described, and weighs nothing.

    `asked_both`: questions of whose duty something is that two seats or more answered; `same`: in how many they said the same.
    """

    foreseen: tuple[Foreseen, ...] = ()
    placed: tuple[Placed, ...] = ()
    asked_both: int = 0
    same: int = 0
    distress: tuple[Calibration, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgementResult:
    """A judgement scene that was passed: no key, both sides, the rules that collided there."""

    step: int
    scene: str
    scene_id: str
    question: str
    chosen: tuple[tuple[str, str], ...]  # seat, text
    both_sides: tuple[str, ...]
    collide: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """Everything the debrief shows about how a play was weighed."""

    lines: tuple[Breach, ...]
    duties: tuple[DutyResult, ...]
    objectives: tuple[ObjectiveResult, ...]
    principles: tuple[PrincipleResult, ...]
    decisions: tuple[Decision, ...]
    judgements: tuple[JudgementResult, ...]
    predictions: tuple[Prediction, ...]
    whose_duties: tuple[DutyGuess, ...] = ()
    distress: tuple[DistressGuess, ...] = ()
    picture: SharedPicture = SharedPicture()
    both_needed: tuple[str, ...]  # duties met in which seats of two parties had a hand, as text
    ending: str | None
    ending_felt: str | None
    finished: bool
