"""The figures of a cohort, page by page, as `scoring.cohort` describes them: sums from the store, made into figures here.

`figures` brings what is out of date up to date first. Each page can be asked for alone with a `Looking`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from facilitator.cohort_dilemmas import dilemmas_of
from scoring.cohort import (
    RAW_BELOW,
    SMALL_GROUP,
    Agreement,
    ChangeFigure,
    Cohort,
    CohortFigures,
    Coordination,
    DilemmaFigure,
    DistressFigure,
    DutyFigure,
    Figure,
    LineFigure,
    ObjectiveFigure,
    Overview,
    PracticeFigure,
    SceneFigure,
    Sums,
)
from scoring.figures import agreement, mean_figure, median_figure, paired_figure, share_figure
from scoring.suppression import Row, left_out, suppress, too_small
from simulator.log import cohort as ask
from simulator.summing import Progress, bring_up_to_date

if TYPE_CHECKING:
    from scoring.summary import Again
    from simulator.log import Store

LETTERS = ("P", "S", "M", "U")
AGAIN: tuple[Again, ...] = ("first", "replay", "parallel")
NO_AGENCY = "no agency named"
HIDDEN = (
    f"Fewer than {SMALL_GROUP} people of this agency have played in what you chose, so nothing of them is shown. "
    "Choose more days, or all agencies."
)


@dataclass(frozen=True)
class Looking:
    """A cohort of an open store, looked at. `names`: (kind, owner, id) → what it is called."""

    asked: ask.Asked
    names: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    store: Store | None = None  # for the texts that were played, and the votes of panels

    @property
    def cohort(self) -> Cohort:
        return self.asked.cohort

    def called(self, kind: str, owner: str, ident: str) -> str:
        """What an id is called; where a name has several owners, the one asked for, else the first."""
        return self.names.get((kind, owner, ident)) or self._anybodys.get((kind, ident), ident)

    @cached_property
    def _anybodys(self) -> dict[tuple[str, str], str]:
        return {(kind, ident): text for (kind, _, ident), text in sorted(self.names.items(), reverse=True)}

    @property
    def hidden(self) -> str:
        """Why nothing of this cohort may be shown; empty if it may."""
        agency = self.cohort.agency
        return HIDDEN if agency and too_small(ask.people(self.asked).of(agency)) else ""


@contextmanager
def looking(
    store: Store, cohort: Cohort, progress: Progress | None = None, *, as_it_is: bool = False
) -> Iterator[Looking]:
    """Look at a cohort, brought up to date first, unless it was a moment ago (`as_it_is`). Raises LogError."""
    if not as_it_is:
        bring_up_to_date(store, progress)
    with store.reading() as db:
        names = ask.names(db, "scenario", "mou", "scene", "seat", "role", "objective", "duty", "line", "principle")
        yield Looking(ask.Asked(db, cohort, tallies=store.may_write), names, store)


def figures(store: Store, cohort: Cohort, progress: Progress | None = None) -> CohortFigures:
    """Every page of the cohort. Raises LogError."""
    with looking(store, cohort, progress) as look:
        return all_pages(look)


def all_pages(look: Looking) -> CohortFigures:
    hidden = look.hidden
    return CohortFigures(
        cohort=look.cohort,
        hidden=hidden,
        overview=overview(look) if not hidden else Overview.nothing(),
        lines=lines(look) if not hidden else (),
        duties=duties(look) if not hidden else (),
        practice=practice(look) if not hidden else (),
        turning=turning(look) if not hidden else (),
        coordination=coordination(look) if not hidden else Coordination.nothing(),
        change=change(look) if not hidden else (),
        objectives=objectives(look) if not hidden else (),
        agreement=agreed(look) if not hidden else agreement((), 0),
        dilemmas=dilemmas(look) if not hidden else (),
    )


# --- the pages ----------------------------------------------------------------------------------------------------


def overview(look: Looking) -> Overview:
    crossed = ask.sessions(look.asked, "crossed")
    span = ask.span(look.asked)
    return Overview(
        sessions=int(crossed.n),
        workshops=crossed.clusters,
        agencies=len(ask.agencies(look.asked)),
        first_day=span.first_day,
        last_day=span.last_day,
        crossed=share_figure(crossed),
        outside=tuple(ask.outside(look.asked)),
    )


def lines(look: Looking) -> tuple[LineFigure, ...]:
    """Lines that were crossed, life safety and law apart, the most often crossed first."""
    found = [
        LineFigure(
            line=line,
            text=look.called("line", look.cohort.jurisdiction, line),
            kind=kind,
            sessions=share_figure(sums),
            times=int(times),
        )
        for (line, kind), sums, (times,) in ask.crossings(look.asked)
    ]
    return tuple(sorted(found, key=lambda each: (each.kind != "life safety", -each.times, each.line)))


def duties(look: Looking) -> tuple[DutyFigure, ...]:
    """Clauses in the order of their agreement."""
    minutes = ask.duty_minutes(look.asked)
    found = []
    for (mou, duty, clause, party), sums, (late, missed, excused, undue) in ask.sums(
        look.asked, "duties", "met + late + missed", "met", ("late", "missed", "excused", "undue")
    ):
        took, quartiles = median_figure(*minutes.get((mou, duty), ((), ask.NONE)))
        found.append(
            DutyFigure(
                mou=mou,
                agreement=look.called("mou", mou, mou),
                duty=duty,
                clause=clause,
                party=party,
                text=look.called("duty", mou, duty),
                kept=share_figure(sums),
                late=int(late),
                missed=int(missed),
                excused=int(excused),
                open=int(undue),
                minutes=took,
                quartiles=quartiles,
            )
        )
    return tuple(sorted(found, key=lambda each: (each.mou, _clause(each.clause), each.duty)))


def _clause(clause: str) -> tuple[tuple[int, str], ...]:
    """Clauses as people count them: 3.2 before 3.10."""
    parts = clause.replace("(", ".").replace(")", "").split(".")
    return tuple((int(part), "") if part.isdecimal() else (10**6, part) for part in parts)


def practice(look: Looking) -> tuple[PracticeFigure, ...]:
    """Principles by seat, in the seat by agency in the order of the alphabet; small groups are left out."""
    records, keys = look.asked.records("practice")
    whole = {
        (role, principle): share_figure(sums, trials=int(decisions))
        for (role, principle), sums, (decisions,) in ask.summed(
            records, keys, "possible", "gained", ("decisions",), by=(0, 1)
        )
    }
    by_agency: dict[tuple[str, str], list[tuple[str, Figure]]] = {}
    for (role, principle, agency), sums, (decisions,) in ask.summed(
        records, keys, "possible", "gained", ("decisions",)
    ):
        by_agency.setdefault((role, principle), []).append((agency, share_figure(sums, trials=int(decisions))))
    groups = _Groups(look)
    found = []
    for (role, principle), total in whole.items():
        rows = [groups.row(agency, role, principle, figure) for agency, figure in by_agency.get((role, principle), [])]
        table = suppress(rows, total, also=groups.left_out(role, principle))
        found.append(
            PracticeFigure(
                seat=role,
                seat_name=look.called("role", "", role),
                principle=principle,
                label=look.called("principle", "", principle),
                overall=table.total,
                agencies=table.agencies,
            )
        )
    return tuple(sorted(found, key=lambda each: (each.seat, each.label)))


class _Groups:
    """How many people the figures of a table rest on, in this cohort and in the whole store."""

    def __init__(self, look: Looking) -> None:
        self._narrow = look.cohort != Cohort()
        self._here = ask.people(look.asked)
        self._all = ask.people(look.asked._replace(cohort=Cohort())) if self._narrow else self._here

    def row(self, agency: str, role: str, principle: str, figure: Figure) -> Row:
        outside = self._all.beyond(self._here, agency, role, principle) if self._narrow else None
        people = self._here.count(agency, role, principle)
        return Row(agency=agency or NO_AGENCY, people=people, figure=figure, outside=outside)

    def left_out(self, role: str, principle: str) -> frozenset[str]:
        """The agencies that the same table over the whole store leaves out."""
        if not self._narrow:
            return frozenset()
        counts = {agency: self._all.count(agency, role, principle) for agency in self._all.in_role(role)}
        rows = [
            Row(agency=agency or NO_AGENCY, people=people, figure=_ANY) for agency, people in counts.items() if people
        ]
        return left_out(suppress(rows, _ANY))


_ANY = Figure(n=0, hits=None, value=None)


def turning(look: Looking) -> tuple[SceneFigure, ...]:
    """Where choices gave something away, seat by seat, the most first; only for a cohort of one scenario."""
    scenario = look.cohort.scenario or only(ask.choices(look.asked, "scenario"))
    if not scenario:
        return ()
    one = look.asked._replace(cohort=replace(look.cohort, scenario=scenario))
    found = []
    for (_, scene, seat), sums, lost in ask.sums(one, "scenes", "decisions", "losing", ("lines", "duties", "practice")):
        mean = tuple(each / sums.n if sums.n >= RAW_BELOW else None for each in lost)
        figure = SceneFigure(
            scene=scene,
            title=look.called("scene", scenario, scene),
            seat=seat,
            seat_name=look.called("seat", scenario, seat),
            losing=share_figure(sums),
            lines=mean[0],
            duties=mean[1],
            practice=mean[2],
        )
        found.append((seat, lost, figure))
    found.sort(key=lambda each: (each[0], tuple(-part for part in each[1]), each[2].scene))
    return tuple(figure for _, _, figure in found)


def only(values: list[tuple[str, ...]]) -> str:
    """The one value there is; empty if there are none or several."""
    return values[0][0] if len(values) == 1 else ""


def dilemmas(look: Looking) -> tuple[DilemmaFigure, ...]:
    """Judgement scenes: how people decided, beside what a panel thinks."""
    return dilemmas_of(look.asked, look.store, look.called)


def coordination(look: Looking) -> Coordination:
    def answers(tally: str, n: str, hits: str) -> Sums:
        found = ask.sums(look.asked, tally, n, hits)
        return found[0].sums if found else ask.NONE

    distress = [
        DistressFigure(seat=role, seat_name=look.called("role", "", role), apart=mean_figure(sums, "points"))
        for (role,), sums, _ in ask.sums(look.asked, "distress", "guesses", "apart")
    ]
    return Coordination(
        agreed=share_figure(answers("guesses", "guesses", "agreed")),
        credited=share_figure(answers("guesses", "guesses", "credited")),
        both_needed=share_figure(ask.sessions(look.asked, "both_needed")),
        same=share_figure(answers("whose_duty", "both", "same")),
        right=share_figure(answers("whose_duty", "answers", "right")),
        distress=tuple(sorted(distress, key=lambda each: each.seat)),
    )


def change(look: Looking) -> tuple[ChangeFigure, ...]:
    """Practice by how often people had played, seat by seat. Playing a scenario again shows memory as well as learning."""
    records, keys = look.asked.records("plays")
    pairs = {
        key: (sums, squares) for key, sums, (squares,) in ask.summed(records, keys, "pairs", "change", ("change2",))
    }
    found = []
    for key, sums, (decisions,) in ask.summed(records, keys, "possible", "gained", ("decisions",)):
        role, again = key
        paired, effect = paired_figure(*pairs[key]) if key in pairs and again != "first" else (None, None)
        found.append(
            ChangeFigure(
                seat=role,
                seat_name=look.called("role", "", role),
                again=_again(again),
                plays=share_figure(sums, trials=int(decisions)),
                paired=paired,
                effect=effect,
            )
        )
    return tuple(sorted(found, key=lambda each: (each.seat, AGAIN.index(each.again))))


def objectives(look: Looking) -> tuple[ObjectiveFigure, ...]:
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for (scenario, objective, letter), sums, _ in ask.sums(look.asked, "objectives", "sessions", "sessions"):
        counts.setdefault((scenario, objective), {})[letter] = int(sums.n)
    return tuple(
        ObjectiveFigure(
            objective=objective,
            text=look.called("objective", scenario, objective),
            letters=tuple((letter, letters.get(letter, 0)) for letter in LETTERS),
            unrated=letters.get("", 0),
        )
        for (scenario, objective), letters in counts.items()
    )


def agreed(look: Looking) -> Agreement:
    """Facilitators' letters against the rule's. Where the rule gave none, there is nothing to agree with."""
    tables, seen = ask.ratings(look.asked, LETTERS)
    return agreement(tables, seen)


def _again(text: str) -> Again:
    return next(each for each in AGAIN if each == text)


PAGES: dict[str, Callable[[Looking], object]] = {
    "overview": overview,
    "lines": lines,
    "duties": duties,
    "practice": practice,
    "turning": turning,
    "dilemmas": dilemmas,
    "coordination": coordination,
    "change": change,
    "objectives": objectives,
    "agreement": agreed,
}
