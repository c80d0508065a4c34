"""The report of many sessions: of a workshop, or of whatever a coordinator looks at. Built from `CohortFigures` alone.

Every figure is printed by `Figure.words`, which knows what may be said. Seats never stand in one table or drawing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

from facilitator.report import method
from facilitator.report.cohort_areas import areas, hung_on, strengths
from facilitator.report.cohort_dilemmas import dilemmas
from facilitator.report.document import Block, Cell, Definitions, Document, Paragraph, Picture, Section, Table
from facilitator.report.drawing import numbered, turning_map, whiskers
from scoring.cohort import ENOUGH, Agreement, ChangeFigure, CohortFigures, DutyFigure, Figure, PracticeFigure
from scoring.printing import duration
from scoring.summary import Again
from simulator.debrief import CAUTION

if TYPE_CHECKING:
    from facilitator.chart import Chart
    from facilitator.hot_wash import Resolved

Kind = Literal["workshop", "cohort"]
NOTHING_SAID = "–"

_OUTSIDE = {
    "unfinished": "not finished; stopping, pausing and stepping out look the same",
    "rewound": "went back before any ending, so that its first way never ended",
    "nobody": "no person played in it from beginning to end",
    "unreadable": "its log or its texts cannot be read by this version",
}
_AGAIN: dict[Again, str] = {
    "first": "First play",
    "replay": "Replay of the same scenario",
    "parallel": "Another scenario, later",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a report of many holds beside its figures.

    `scope`: which sessions, in words. `people`: how many by agency, or why that is not told. `seated`: the attendance
    record of a workshop, alias and agency, in order. `resolved`: what its room wrote down to keep and to change. `chart`: the one scenario's map, if it is at hand.
    """

    title: str
    scope: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, str], ...] = ()
    seated: tuple[tuple[str, str], ...] = ()
    resolved: tuple[Resolved, ...] = ()
    chart: Chart | None = None


def cohort_report(figures: CohortFigures, kind: Kind, around: Around) -> Document:
    """The report. The same figures make the same document."""
    span = _span(figures)
    return Document(
        title=f"After-action report and improvement plan: {around.title}",
        subtitle=f"{figures.overview.sessions:,} session{'s' * (figures.overview.sessions != 1)}{span}",
        caution=CAUTION,
        day=figures.overview.last_day,
        sections=tuple(_sections(figures, kind, around)),
    )


def _sections(figures: CohortFigures, kind: Kind, around: Around) -> Iterator[Section]:
    yield _overview(figures, around)
    yield _attendance(kind, around)
    yield _objectives(figures)
    yield strengths(figures)
    yield areas(figures)
    if around.resolved:
        yield _resolved(around.resolved)
    yield _lines(figures)
    yield _duties(figures)
    yield _practice(figures)
    yield _turning(figures, around)
    yield dilemmas(figures.dilemmas)
    yield _coordination(figures)
    yield _change(figures)
    yield _agreement(figures.agreement)
    yield from method.of_cohort(kind)


def _resolved(lines: tuple[Resolved, ...]) -> Section:
    rows = tuple(
        ("Keep" if line.kind == "keep" else "Change", line.what, line.owner or NOTHING_SAID, line.due or NOTHING_SAID)
        for line in sorted(lines, key=lambda line: line.kind == "change")
    )
    head = ("", "What", "Who sees to it", "By when")
    said = "As the room wrote it down in its hot wash; nothing of it was worked out from plays."
    return Section(
        "What the room keeps and changes", (Paragraph(said), Table(caption="Hot wash", head=head, rows=rows))
    )


def _overview(figures: CohortFigures, around: Around) -> Section:
    seen = figures.overview
    pairs = [
        *around.scope,
        ("Sessions in the figures", f"{seen.sessions:,}"),
        ("Workshops", f"{seen.workshops:,}"),
        ("Agencies that took part", f"{seen.agencies:,}"),
        ("Sessions in which a line was crossed", seen.crossed.words),
    ]
    blocks: list[Block] = [Definitions(tuple((term, (text,)) for term, text in pairs))]
    if seen.outside:
        rows = tuple((_OUTSIDE.get(reason, reason), f"{count:,}") for reason, count in seen.outside)
        blocks.append(Table(caption="Sessions that are in no figure", head=("Why", "Sessions"), rows=rows, counts=(1,)))
    return Section("Overview", tuple(blocks))


def _attendance(kind: Kind, around: Around) -> Section:
    heading = "Attendance record"
    blocks: list[Block] = []
    if kind == "workshop":
        rows = tuple((alias or "no alias kept", agency or NOTHING_SAID) for alias, agency in around.seated)
        if rows:
            blocks.append(Table(caption="Who sat at a seat", head=("Alias", "Agency"), rows=rows))
        blocks.append(Paragraph(method.NOT_A_CERTIFICATE))
        return Section(heading, tuple(blocks))
    if around.people:
        blocks.append(Table(caption="People by agency", head=("Agency", "People"), rows=around.people))
    blocks.append(
        Paragraph("Somebody who played more than once under one alias is counted once. Nobody is named here.")
    )
    return Section(heading, tuple(blocks))


def _objectives(figures: CohortFigures) -> Section:
    rows = []
    for objective in figures.objectives:
        letters = dict(objective.letters)
        n = sum(letters.values()) + objective.unrated
        counts = [*(letters.get(letter, 0) for letter in "PSMU"), objective.unrated]
        shown = [f"{count:,}" if n >= ENOUGH else NOTHING_SAID for count in counts]
        rows.append((objective.text, *shown, f"{n:,}"))
    if not rows:
        return Section("Objectives", (Paragraph("No objective was rated."),))
    head = ("Objective", *"PSMU", "Not observed", "n")
    blocks: list[Block] = [
        Table(caption="Letters by the rule, in sessions", head=head, rows=tuple(rows), counts=(1, 2, 3, 4, 5, 6))
    ]
    blocks.append(Paragraph(f"Letters: {' '.join(method.letters())} Under n = {ENOUGH} no count is printed."))
    return Section("Objectives", tuple(blocks))


def _lines(figures: CohortFigures) -> Section:
    heading = "Lines of law and life safety"
    sections = []
    for kind in ("law", "life safety"):
        found = [line for line in figures.lines if line.kind == kind]
        if not found:
            continue
        rows = tuple(
            (line.text, line.sessions.words, f"{line.times:,}" if line.sessions.hits is not None else NOTHING_SAID)
            for line in found
        )
        head = ("Line", "Sessions in which it was crossed", "Times in all")
        table = Table(caption=f"Lines crossed: {kind}", head=head, rows=rows, counts=(2,))
        drawn = [(line.text, line.sessions) for line in found]
        sections.append(
            Section(
                kind.capitalize(), tuple(_drawn(drawn, f"Sessions in which each line of {kind} was crossed", table))
            )
        )
    if not sections:
        return Section(heading, (Paragraph("No line was crossed in any of these sessions."),))
    return Section(heading, (), tuple(sections))


def _duties(figures: CohortFigures) -> Section:
    sections = []
    for (_, party), duties in _by(figures.duties, lambda duty: (duty.mou, duty.party)):
        rows = tuple(map(_duty, duties))
        head = ("Clause", "Duty", "Kept in time", "Late", "Missed", "Excused", "Open", "Story time to keep it")
        table = Table(caption=f"Duties of {party}", head=head, rows=rows, counts=(3, 4, 5, 6))
        drawn = [(f"{duty.clause} {duty.text}", duty.kept) for duty in duties]
        blocks = tuple(_drawn(drawn, f"Share of each duty of {party} kept in time, with its 95 % interval", table))
        sections.append(Section(f"{party}, under {duties[0].agreement}", blocks))
    if not sections:
        return Section("Duties, by clause and party", (Paragraph("No duty came up."),))
    lead = "Parties owe different duties: their shares are not set against each other. Late, missed, excused and open are counts."
    return Section("Duties, by clause and party", (Paragraph(lead),), tuple(sections))


def _duty(duty: DutyFigure) -> tuple[Cell, ...]:
    if duty.kept.hits is None:
        counts = [NOTHING_SAID] * 4
    else:
        counts = [f"{count:,}" for count in (duty.late, duty.missed, duty.excused, duty.open)]
    time = duty.minutes.words if duty.minutes.n else NOTHING_SAID
    if duty.quartiles is not None:
        low, high = duty.quartiles
        time += f"; half between {duration(low, None, None)} and {duration(high, None, None)}"
    return (duty.clause, duty.text, duty.kept.words, *counts, time)


def _practice(figures: CohortFigures) -> Section:
    sections = [
        Section(f"Seat: {name}", tuple(_practice_of(name, list(practices))))
        for (_, name), practices in _by(figures.practice, lambda each: (each.seat, each.seat_name))
    ]
    if not sections:
        return Section("Practice, seat by seat", (Paragraph("No principle was observed."),))
    lead = (
        "Each seat faced choices of its own, so seats are not compared with each other. Agencies stand within one seat, "
        "in the order of the alphabet."
    )
    return Section("Practice, seat by seat", (Paragraph(lead),), tuple(sections))


def _practice_of(name: str, practices: list[PracticeFigure]) -> Iterator[Block]:
    table = Table(
        caption=f"Principles in the seat {name}",
        head=("Principle", "Points gained of points possible"),
        rows=tuple((each.label, each.overall.words) for each in practices),
    )
    drawn = [(each.label, each.overall) for each in practices]
    yield from _drawn(
        drawn, f"Practice in the seat {name}: share of the points possible, with its 95 % interval", table
    )
    said = {(each.principle, agency): figure.words for each in practices for agency, figure in each.agencies}
    agencies = sorted({agency for _, agency in said}, key=str.casefold)
    if agencies:
        rows = tuple(
            (agency, *(said.get((each.principle, agency), NOTHING_SAID) for each in practices)) for agency in agencies
        )
        yield Table(
            caption=f"By agency, in the seat {name}: points gained of points possible",
            head=("Agency", *(each.label for each in practices)),
            rows=rows,
        )


def _turning(figures: CohortFigures, around: Around) -> Section:
    heading = "Where most is lost"
    if not figures.turning:
        said = (
            "This is shown for one scenario whose outlook is known, where people made choices in it: ask for the report of one "
            "with --scenario."
        )
        return Section(heading, (Paragraph(said),))
    numbers = numbered(around.chart, figures.turning) if around.chart is not None else {}
    tables = []
    for name, scenes in _by(figures.turning, lambda scene: scene.seat_name):
        rows = tuple(
            (
                f"{numbers[scene.scene]}. {scene.title}" if scene.scene in numbers else scene.title,
                scene.losing.words,
                hung_on(scene) or NOTHING_SAID,
            )
            for scene in scenes
        )
        head = ("Scene", "Choices that gave something away", "What hung on it")
        tables.append(Table(caption=f"Scenes of the seat {name}", head=head, rows=rows))
    lead = "Choices after which less was possible than before, as far as the seat could know. Scenes without a key are left out."
    if around.chart is None:
        return Section(heading, (Paragraph(lead), *tables))
    alternative = (
        "The scenes of the story from top to bottom, each with the number it has in the tables below. A full dot: half of the choices "
        "or more gave something away. An open ring: some did. A dash: none, or not enough to say."
    )
    svg = "\n".join(turning_map(around.chart, figures.turning))
    return Section(heading, (Paragraph(lead), Picture(svg=svg, alternative=alternative, tables=tuple(tables))))


def _coordination(figures: CohortFigures) -> Section:
    seen = figures.coordination
    pairs = (
        ("Predictions of the partner's next step that came true", seen.agreed.words),
        ("Of all predictions, those that came true and foresaw no breach", seen.credited.words),
        ("“Whose duty is this?”, answered the same by both", seen.same.words),
        ("“Whose duty is this?”, answered as the agreement has it", seen.right.words),
        ("Sessions in which a duty that takes both agencies was kept", seen.both_needed.words),
    )
    lead = "Described, and no part of any other figure. Predictions and answers were given in private, during the play."
    blocks = (Paragraph(lead), Definitions(tuple((term, (text,)) for term, text in pairs)))
    return Section("Working together", blocks, tuple(_distress(figures)))


def _distress(figures: CohortFigures) -> Iterator[Section]:
    for each in figures.coordination.distress:
        said = (
            f"Distress as guessed in private, from 0 to 10, less the scenario's own account: {each.apart.words}. Below 0, people "
            "thought a step less distressing for the survivor than it was by that account."
        )
        yield Section(f"Seat: {each.seat_name}", (Paragraph(said),))


def _change(figures: CohortFigures) -> Section:
    sections = []
    for (_, name), changes in _by(figures.change, lambda each: (each.seat, each.seat_name)):
        rows = tuple(map(_changed, changes))
        head = ("Play", "Practice", "Against the same person's first play", "Effect (d)")
        table = Table(caption=f"Plays of the seat {name}", head=head, rows=rows)
        drawn = [(_AGAIN[each.again], each.plays) for each in changes]
        blocks = tuple(_drawn(drawn, f"Practice in the seat {name} by how often its people had played", table))
        sections.append(Section(f"Seat: {name}", blocks))
    heading = "First plays and later ones"
    if not sections:
        return Section(heading, (Paragraph("Nobody has played more than once."),))
    lead = "A replay may show what people remember of the scenario; only another scenario can show more than that."
    return Section(heading, (Paragraph(lead),), tuple(sections))


def _changed(change: ChangeFigure) -> tuple[Cell, ...]:
    paired = change.paired.words if change.paired is not None else NOTHING_SAID
    effect = f"{change.effect:.2f}".replace("-", "−") if change.effect is not None else NOTHING_SAID
    return (_AGAIN[change.again], change.plays.words, paired, effect)


def _agreement(agreement: Agreement) -> Section:
    blocks: list[Block] = []
    if agreement.matrix:
        rows = tuple(
            (f"Facilitator {letter}", *(f"{count:,}" for count in row))
            for letter, row in zip("PSMU", agreement.matrix, strict=True)
        )
        head = ("By hand", *(f"Rule {letter}" for letter in "PSMU"))
        blocks.append(
            Table(caption="Facilitators' letters against the rule's", head=head, rows=rows, counts=(1, 2, 3, 4))
        )
    blocks.append(Paragraph(f"Agreement: {agreement.words}"))
    if agreement.seen:
        blocks.append(Paragraph(f"Left out, because the rule's letter had been seen before: {agreement.seen:,}."))
    return Section("Agreement between facilitators and the rule", tuple(blocks))


def _drawn(rows: list[tuple[str, Figure]], alternative: str, table: Table) -> Iterator[Block]:
    """The drawing with its table; the table alone where there is nothing to draw."""
    if any(figure.value is not None for _, figure in rows):
        said = f"{alternative}. Without a dot: no percentage can be given."
        yield Picture(svg=whiskers(rows, alternative), alternative=said, tables=(table,))
    else:
        yield table


_Value = TypeVar("_Value")
_Key = TypeVar("_Key")


def _by(values: Iterable[_Value], key: Callable[[_Value], _Key]) -> list[tuple[_Key, list[_Value]]]:
    """The values in groups, each group where its first value came."""
    found: dict[_Key, list[_Value]] = {}
    for value in values:
        found.setdefault(key(value), []).append(value)
    return list(found.items())


def _span(figures: CohortFigures) -> str:
    seen = figures.overview
    if not seen.first_day:
        return ""
    return f", {seen.first_day}" if seen.first_day == seen.last_day else f", {seen.first_day} to {seen.last_day}"
