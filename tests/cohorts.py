"""Figures of a cohort, made by hand: for tests of what is shown of them."""

from __future__ import annotations

from typing import Any

from scoring.cohort import (
    SUPPRESSED,
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
    OptionFigure,
    Overview,
    PracticeFigure,
    SceneFigure,
)


def share(hits: int, n: int, low: float | None = None, high: float | None = None) -> Figure:
    """A share over ten workshops, as `scoring.figures` would make it."""
    few = n < 30
    return Figure(
        n=n,
        hits=hits if n >= 10 else None,
        value=None if few else hits / n,
        low=None if few else low,
        high=None if few else high,
        clusters=10,
    )


HIDDEN = Figure(n=0, hits=None, value=None, suppressed=SUPPRESSED)
MINUTES = Figure(n=120, hits=None, value=34, low=31, high=40, clusters=10, unit="minutes", kind="median")
PAIRED = Figure(n=90, hits=None, value=0.05, low=-0.01, high=0.11, clusters=10, unit="points", kind="difference")


def practice(seat: str, seat_name: str, principle: str, label: str, *agencies: tuple[str, Figure]) -> PracticeFigure:
    return PracticeFigure(
        seat=seat, seat_name=seat_name, principle=principle, label=label, overall=share(264, 412, 0.58, 0.70), agencies=agencies
    )  # fmt: skip


DISTRESS = (
    DistressFigure(
        seat="patrol-officer", seat_name="Patrol officer",
        apart=Figure(n=120, hits=None, value=-1.5, low=-2.1, high=-0.9, clusters=10, unit="points", kind="mean"),
    ),
    DistressFigure(
        seat="community-advocate", seat_name="Community advocate",
        apart=Figure(n=20, hits=None, value=None, clusters=4, unit="points", kind="mean"),
    ),
)  # fmt: skip
FIGURES = CohortFigures(
    cohort=Cohort(),
    hidden="",
    overview=Overview(
        sessions=206,
        workshops=10,
        agencies=4,
        first_day="2026-01-09",
        last_day="2026-06-03",
        crossed=share(40, 206, 0.14, 0.26),
        outside=(("unfinished", 12), ("nobody", 3)),
    ),
    lines=(
        LineFigure(
            line="told-without-a-right",
            text="Nobody tells what she said in confidence without her release.",
            kind="law",
            sessions=share(31, 206, 0.10, 0.21),
            times=44,
        ),
        LineFigure(line="left-alone", text="Nobody leaves her alone with him.", kind="life safety", sessions=share(9, 206, 0.02, 0.08), times=9),
    ),
    duties=(
        DutyFigure(
            mou="riverside-dv",
            agreement="Riverside Agreement",
            duty="apart-before-questions",
            clause="4.2",
            party="Riverside PD",
            text="Officers part the two before they ask about danger.",
            kept=share(150, 190, 0.72, 0.85),
            late=12,
            missed=28,
            excused=3,
            open=1,
            minutes=MINUTES,
            quartiles=(20.0, 55.0),
        ),
        DutyFigure(
            mou="riverside-dv",
            agreement="Riverside Agreement",
            duty="advocate-called",
            clause="5.1",
            party="Harbor House",
            text="The advocate calls back within thirty minutes.",
            kept=share(8, 14),
            late=2,
            missed=4,
            excused=0,
            open=0,
            minutes=Figure(n=8, hits=None, value=None, clusters=3, unit="minutes", kind="median"),
            quartiles=None,
        ),
    ),
    practice=(
        practice("officer", "Patrol officer", "safety", "Safety", ("Riverside PD", share(150, 220, 0.60, 0.75)), ("Millbrook Sheriff", HIDDEN)),
        practice("officer", "Patrol officer", "choice", "Voice and choice", ("Riverside PD", share(9, 20)), ("Millbrook Sheriff", share(2, 5))),
        practice("advocate", "Community advocate", "safety", "Safety", ("Harbor House", share(80, 100, 0.70, 0.88))),
    ),
    turning=(
        SceneFigure(
            scene="door", title="At the door", seat="officer", seat_name="Officer Reyes",
            losing=share(90, 206, 0.35, 0.52), lines=0.12, duties=0.4, practice=1.25,
        ),
        SceneFigure(
            scene="hard", title="A hard one", seat="officer", seat_name="Officer Reyes",
            losing=share(4, 9), lines=0.0, duties=0.0, practice=0.5,
        ),
        SceneFigure(
            scene="phone", title="The phone", seat="advocate", seat_name="Maya Ellison",
            losing=share(30, 200, 0.10, 0.20), lines=0.0, duties=0.0, practice=0.2,
        ),
    ),
    coordination=Coordination(agreed=share(100, 180, 0.47, 0.63), credited=share(90, 180, 0.42, 0.58), both_needed=share(140, 206, 0.6, 0.75), same=share(60, 90, 0.5, 0.8), right=share(12, 25), distress=DISTRESS),
    dilemmas=(
        DilemmaFigure(
            scenario="evening", scenario_title="An evening", scene="hard", title="A hard one", seat="officer", seat_name="Officer Reyes",
            question="Which of the two?", both_sides=("this one", "that one"), decisions=206, panel=11,
            options=(
                OptionFigure(option="this", text="This way", chosen=share(120, 206, 0.5, 0.66), panel=7,
                             disciplines=(("community", 3), ("police", 4)), reasons=("It is hers to say.",)),
                OptionFigure(option="that", text="That way", chosen=share(86, 206, 0.34, 0.5), panel=4, disciplines=(("police", 4),), reasons=()),
            ),
        ),
        DilemmaFigure(
            scenario="evening", scenario_title="An evening", scene="later", title="A later one", seat="advocate", seat_name="Maya Ellison",
            question="And now?", both_sides=("her wish", "her child"), decisions=9, panel=None,
            options=(
                OptionFigure(option="go", text="Go", chosen=share(4, 9), panel=None, disciplines=(), reasons=()),
                OptionFigure(option="stay", text="Stay", chosen=share(5, 9), panel=None, disciplines=(), reasons=()),
            ),
        ),
    ),
    change=(
        ChangeFigure(seat="officer", seat_name="Patrol officer", again="first", plays=share(600, 1000, 0.56, 0.64), paired=None, effect=None),
        ChangeFigure(seat="officer", seat_name="Patrol officer", again="replay", plays=share(300, 420, 0.66, 0.77), paired=PAIRED, effect=0.31),
        ChangeFigure(seat="officer", seat_name="Patrol officer", again="parallel", plays=share(200, 320, 0.56, 0.68), paired=PAIRED, effect=0.12),
        ChangeFigure(seat="advocate", seat_name="Community advocate", again="first", plays=share(7, 9), paired=None, effect=None),
    ),
    objectives=(
        ObjectiveFigure(objective="o", text="Talk apart", letters=(("P", 120), ("S", 60), ("M", 20), ("U", 4)), unrated=2),
        ObjectiveFigure(objective="p", text="Call the advocate", letters=(("P", 3), ("S", 1), ("M", 0), ("U", 0)), unrated=0),
    ),
    agreement=Agreement(
        matrix=((40, 6, 1, 0), (5, 22, 4, 0), (0, 3, 9, 2), (0, 0, 1, 3)),
        n=96,
        kappa=0.72,
        low=0.61,
        high=0.82,
        clusters=8,
        seen=5,
        words="weighted kappa 0.72 (0.61–0.82), n = 96",
    ),
)  # fmt: skip


def figures_of(store: Any, part: str, cohort: Cohort, progress: Any = None) -> Any:
    """Stands in for `facilitator.cohort_pages.read`."""
    return None if part == "method" else getattr(FIGURES, part)
