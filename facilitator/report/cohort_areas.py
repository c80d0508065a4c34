"""Strengths and areas for improvement over many sessions: where the figures carry it, and no further than they do."""

from __future__ import annotations

from collections.abc import Iterator

from facilitator.report.areas import HEADING, Area, area_section, plan
from facilitator.report.document import Items, Paragraph, Section
from facilitator.report.drawing import share_of
from facilitator.report.told import capital
from scoring.cohort import ENOUGH, CohortFigures, DutyFigure, SceneFigure
from scoring.objectives import ENOUGH as STRONG

KEPT = 0.9  # of a duty, from here a strength
LINES, DUTIES, SCENES = 5, 8, 5  # areas at most of each kind
NOT_SHOWN = "Why, the figures do not show. The reports of single sessions tell what happened; ask those who were there."


def strengths(figures: CohortFigures) -> Section:
    """What most kept, by the rule that the method page tells."""
    sections = []
    if not figures.lines and figures.overview.sessions >= ENOUGH:
        none = f"No line of law or life safety was crossed in {figures.overview.sessions:,} sessions."
        sections.append(Section("Law and life safety", (Items((none,)),)))
    kept = [duty for duty in figures.duties if (share_of(duty.kept) or 0.0) >= KEPT]
    if kept:
        said = tuple(f"Clause {d.clause}, {d.party}: {_sentence(d.text)} Kept in time: {d.kept.words}." for d in kept)
        sections.append(Section("Duties kept in time", (Items(said),)))
    for name in dict.fromkeys(each.seat_name for each in figures.practice):
        strong = [p for p in figures.practice if p.seat_name == name and (share_of(p.overall) or 0.0) >= float(STRONG)]
        if strong:
            said = tuple(f"{each.label}: {each.overall.words}." for each in strong)
            sections.append(Section(f"Practice of the seat {name}", (Items(said),)))
    if not sections:
        return Section("Strengths", (Paragraph("The figures do not carry any by the rule of the method page."),))
    return Section("Strengths", (), tuple(sections))


def areas(figures: CohortFigures) -> Section:
    """The lines most often crossed, the clauses least often kept, the scenes where most is lost, each with a plan to fill in."""
    found = [*_lines(figures), *_duties(figures), *_scenes(figures)]
    if not found:
        none = (
            f"The figures do not carry any by the rule of the method page; where n is under {ENOUGH} nothing is said but n. "
            "The reports of single sessions name areas of their own."
        )
        return Section(HEADING, (Paragraph(none), plan("the area you choose")))
    lead = (
        "In the order in which law, agreement and practice outrank each other. The fields are for those who answer for the "
        "agencies to fill in."
    )
    sections = tuple(area_section(number, area) for number, area in enumerate(found, 1))
    return Section(HEADING, (Paragraph(lead),), sections)


def _lines(figures: CohortFigures) -> Iterator[Area]:
    said = [line for line in figures.lines if share_of(line.sessions)]
    for line in sorted(said, key=lambda line: -(share_of(line.sessions) or 0.0))[:LINES]:
        times = f"{line.times:,} time{'s' * (line.times != 1)} in all"
        yield Area(
            f"{capital(line.kind)}: {line.text.rstrip('.')}",
            f"Line of {line.kind}: {_sentence(line.text)}",
            (f"Crossed in this share of the sessions: {line.sessions.words}; {times}.",),
            (NOT_SHOWN,),
        )


def _duties(figures: CohortFigures) -> Iterator[Area]:
    said = [duty for duty in figures.duties if (share := share_of(duty.kept)) is not None and share < KEPT]
    for duty in sorted(said, key=lambda duty: share_of(duty.kept) or 0.0)[:DUTIES]:
        yield Area(
            f"Clause {duty.clause}: {duty.text.rstrip('.')}",
            f"Clause {duty.clause}, {duty.party}: {_sentence(duty.text)}",
            (f"Kept in time: {duty.kept.words}. Late: {duty.late:,}. Missed: {duty.missed:,}.",),
            tuple(_why(duty)),
        )


def _why(duty: DutyFigure) -> Iterator[str]:
    if duty.late > duty.missed:
        yield "Where it was not kept in time it was mostly done, only later than the clause allows."
    elif duty.missed:
        yield "Where it was not kept in time it was mostly not done at all."
    if duty.minutes.value is not None:
        yield f"Story time from its trigger until it was done: {duty.minutes.words}."
    yield NOT_SHOWN


def _scenes(figures: CohortFigures) -> Iterator[Area]:
    said = [scene for scene in figures.turning if share_of(scene.losing) and hung_on(scene)]
    said.sort(key=lambda each: (each.lines or 0.0, each.duties or 0.0, each.practice or 0.0), reverse=True)
    for scene in said[:SCENES]:
        yield Area(
            f"Scene “{scene.title}”, seat {scene.seat_name}",
            f"No clause by itself. What hung on the choice here: {hung_on(scene)}.",
            (f"Choices that gave something away, as far as the seat could know: {scene.losing.words}.",),
            ("The choice in this scene is where it was lost. " + NOT_SHOWN,),
        )


def hung_on(scene: SceneFigure) -> str:
    """What was lost by the choices in a scene, in the order of rank; never a number, which would be a score. Empty if too few."""
    ranks = (
        (scene.lines, "a line of law or life safety"),
        (scene.duties, "a duty of the agreement"),
        (scene.practice, "practice"),
    )
    return ", ".join(text for lost, text in ranks if lost)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
