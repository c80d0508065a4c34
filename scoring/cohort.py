"""What many sessions show together: figures that carry their n, and say so where there is not enough to say.

Values only; `facilitator.cohort` asks a store for them. Seats are never compared with each other, people never ranked.
An interval is cluster-robust: people of one workshop are more alike than people of different ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from scoring import printing

if TYPE_CHECKING:
    from scoring.summary import Again

RAW_BELOW = 30  # fewer: counts, no percentage (FACTS §9, Items)
ENOUGH = 10  # fewer: nothing is said but n
SMALL_GROUP = 5  # people; a smaller group does not appear in an agency table
WORKSHOPS = 2  # an interval over workshops needs as many

NOT_ENOUGH = "not enough to say"
ONE_WORKSHOP = "one workshop: no interval"
ALL_ALIKE = "all workshops alike: no interval"
SUPPRESSED = "fewer than 5 people"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """Which sessions are looked at. An empty field takes all; days are ISO dates, both inclusive.

    `agency`: sessions in which somebody of it played.
    """

    workshop: str = ""
    scenario: str = ""
    mou: str = ""
    jurisdiction: str = ""
    agency: str = ""
    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Sums over workshops of each one's size n and its total y: all that a ratio and its interval need."""

    clusters: int
    n: float
    y: float
    nn: float
    ny: float
    yy: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A share (0 to 1), or a mean, median or difference in `unit`. `n`: the decisions, plays, duties … it rests on.

    `hits`: for a share, how many of them; of points, those gained of `possible`. `low`, `high`: the 95 % interval, None
    where none can be given. `clusters`: the workshops it rests on. `suppressed`: why it must not be shown, empty if it may.
    What may not be shown is not there: no `value` below `RAW_BELOW`, no `hits` below `ENOUGH`, nothing at all where
    suppressed. `scoring.figures` makes figures by these rules; one that breaks them cannot be built (ValueError).
    """

    n: int
    hits: float | None
    value: float | None
    low: float | None = None
    high: float | None = None
    clusters: int = 0
    unit: Literal["share", "minutes", "points"] = "share"  # a difference's points are percentage points
    kind: Literal["share", "mean", "median", "difference"] = "share"
    possible: float | None = None  # practice: the points that could be gained in n decisions
    suppressed: str = ""

    def __post_init__(self) -> None:
        if self.suppressed and (self.n, self.clusters, self.hits, self.value) != (0, 0, None, None):
            raise ValueError("a suppressed figure holds no number")
        if self.n < ENOUGH and self.hits is not None:
            raise ValueError(f"fewer than {ENOUGH}: no count may be shown, n = {self.n}")
        if self.n < RAW_BELOW and self.value is not None:
            raise ValueError(f"fewer than {RAW_BELOW}: counts only, n = {self.n}")
        if (self.low is not None or self.high is not None) and (self.value is None or self.clusters < WORKSHOPS):
            raise ValueError("an interval needs a value, and two workshops")

    @classmethod
    def nothing(cls) -> Figure:
        """A figure that rests on nothing."""
        return cls(n=0, hits=None, value=None)

    @property
    def words(self) -> str:
        """As it is printed everywhere: “64 % (58–70 %), n = 412”, “7 of 12”, “not enough to say (n = 4)”."""
        if self.suppressed:
            return self.suppressed
        if self.n < ENOUGH:
            return f"{NOT_ENOUGH} (n = {self.n})"
        if self.value is None:
            return self._counts()
        if self.kind == "share":
            text = printing.percent(self.value, self.low, self.high)
        elif self.kind == "difference":
            text = printing.points_apart(self.value, self.low, self.high)
        elif self.unit == "minutes":
            text = f"{self.kind} {printing.duration(self.value, self.low, self.high)}"
        else:
            text = f"{self.kind} {printing.plain(self.value, self.low, self.high, self.unit)}"
        if self.low is not None:
            return f"{text}, n = {self.n:,}"
        return f"{text}, n = {self.n:,}; {ONE_WORKSHOP if self.clusters < WORKSHOPS else ALL_ALIKE}"

    def _counts(self) -> str:
        if self.hits is None:
            return f"too few for a {self.kind} (n = {self.n})"
        if self.possible is not None:
            return f"{self.hits:g} of {self.possible:g} points in {self.n} decisions"
        return f"{self.hits:g} of {self.n}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Whom the figures speak of. `outside`: sessions kept but in no figure, by reason (unfinished, rewound, nobody)."""

    sessions: int
    workshops: int
    agencies: int
    first_day: str
    last_day: str
    crossed: Figure  # sessions in which any line was crossed
    outside: tuple[tuple[str, int], ...]

    @classmethod
    def nothing(cls) -> Overview:
        """Of a cohort that may not be shown."""
        return cls(sessions=0, workshops=0, agencies=0, first_day="", last_day="", crossed=Figure.nothing(), outside=())


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFigure:
    """How often one line was crossed. `sessions`: share of sessions in which it was; `times`: how often in all."""

    line: str
    text: str
    kind: str
    sessions: Figure
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyFigure:
    """One clause of one agreement. `kept`: in time, of those that came due. Minutes are story minutes from trigger to done, also if late.

    `mou`, `agreement`: its id and its title.
    """

    mou: str
    agreement: str
    duty: str
    clause: str
    party: str
    text: str
    kept: Figure
    late: int
    missed: int
    excused: int
    open: int
    minutes: Figure  # the median, unit “minutes”
    quartiles: tuple[float, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeFigure:
    """One principle in one seat. `overall`: points gained of points possible, n counts decisions; `agencies`: the same by employer."""

    seat: str
    seat_name: str
    principle: str
    label: str
    overall: Figure
    agencies: tuple[tuple[str, Figure], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneFigure:
    """A scene of a scenario, in one seat: how many decisions there gave something away, and what they lost on average."""

    scene: str
    title: str
    seat: str
    seat_name: str
    losing: Figure  # share of the decisions here that narrowed what was possible, as far as the seat could know
    # Lost per decision on average: lines, duty points, practice points; None below RAW_BELOW decisions.
    lines: float | None
    duties: float | None
    practice: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DistressFigure:
    """Guesses at distress in one role. `apart`: the mean of guess less the scenario's own account, in points of 0 to 10."""

    seat: str
    seat_name: str
    apart: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Coordination:
    """The pair's shared picture. `agreed`: predictions that came true; `credited`: those that were no breach foreseen.

    `same`: questions of whose duty something is that both answered the same; `right`: answers that were the agreement's.
    """

    agreed: Figure
    credited: Figure
    both_needed: Figure  # sessions in which a duty that takes both agencies was kept
    same: Figure = Figure.nothing()
    right: Figure = Figure.nothing()
    distress: tuple[DistressFigure, ...] = ()

    @classmethod
    def nothing(cls) -> Coordination:
        """Of a cohort that may not be shown."""
        return cls(agreed=Figure.nothing(), credited=Figure.nothing(), both_needed=Figure.nothing())


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionFigure:
    """One option of a judgement scene. `chosen`: by how many of those who decided there, people only.

    `panel`: how many of a panel chose it, None where no panel is enough; `disciplines`, `reasons`: theirs, without names.
    """

    option: str
    text: str
    chosen: Figure
    panel: int | None
    disciplines: tuple[tuple[str, int], ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DilemmaFigure:
    """A judgement scene as one seat decided in it, beside a panel's spread. Neither is a key; nobody is scored by it.

    `decisions`: how often people decided there. `panel`: how many voted on it, None where they are not enough to be shown.
    """

    scenario: str
    scenario_title: str
    scene: str
    title: str
    seat: str
    seat_name: str
    question: str
    both_sides: tuple[str, ...]
    decisions: int
    panel: int | None
    options: tuple[OptionFigure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFigure:
    """A seat's practice by how often its people had played. `paired`: later play less the same person's first, in share points.

    `effect`: that difference over its standard deviation (Cohen's d_z), None where there is not enough.
    """

    seat: str
    seat_name: str
    again: Again
    plays: Figure
    paired: Figure | None
    effect: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectiveFigure:
    """How often an objective got each letter; `unrated`: nothing it rests on came up."""

    objective: str
    text: str
    letters: tuple[tuple[str, int], ...]
    unrated: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Facilitators' letters (rows) against the rule's (columns), P S M U; only ratings made before the rule's was seen.

    `kappa` with linear weights, None below `RAW_BELOW` and where it is not defined; `words` say which. `matrix` is empty
    below `ENOUGH`. `seen`: ratings left out because they were made after.
    """

    matrix: tuple[tuple[int, ...], ...]
    n: int
    kappa: float | None
    low: float | None
    high: float | None
    clusters: int
    seen: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortFigures:
    """Every page of the cohort view. `turning` is empty unless the cohort is of one scenario.

    `hidden`: why nothing of this cohort may be shown, in a sentence; all figures are then empty.
    """

    cohort: Cohort
    hidden: str
    overview: Overview
    lines: tuple[LineFigure, ...]
    duties: tuple[DutyFigure, ...]
    practice: tuple[PracticeFigure, ...]
    turning: tuple[SceneFigure, ...]
    coordination: Coordination
    change: tuple[ChangeFigure, ...]
    objectives: tuple[ObjectiveFigure, ...]
    agreement: Agreement
    dilemmas: tuple[DilemmaFigure, ...] = ()
