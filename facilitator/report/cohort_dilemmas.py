"""Judgement scenes in a report of many: how people decided beside a panel's spread, and both sides to argue where there is none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from facilitator.dilemma_words import LEAD, NOTHING, chosen_by, heading, panel_heading, panel_lines, too_few
from facilitator.report.document import Block, Items, Paragraph, Section, Table
from scoring.cohort import DilemmaFigure

HEADING = "Where there was no right answer"


def dilemmas(found: Sequence[DilemmaFigure]) -> Section:
    """The section; it says so where nobody has decided in such a scene."""
    if not found:
        return Section(HEADING, (Paragraph(NOTHING),))
    several = len({each.scenario for each in found}) > 1
    sections = tuple(
        Section(f"{each.scenario_title}: {heading(each)}" if several else heading(each), tuple(_blocks(each)))
        for each in found
    )
    return Section(HEADING, (Paragraph(LEAD),), sections)


def _blocks(found: DilemmaFigure) -> Iterator[Block]:
    if found.question:
        yield Paragraph(found.question)
    few = too_few(found)
    if few:
        yield Paragraph(f"How people decided: {few}.")
    else:
        beside = found.panel is not None
        head = ("Option", "Chosen", *(("By the panel",) if beside else ()))
        rows = tuple(
            (option.text, option.chosen.words, *((chosen_by(option),) if beside else ())) for option in found.options
        )
        yield Table(caption=f"How people decided in “{found.title}”", head=head, rows=rows)
    lines = list(panel_lines(found))
    if found.panel is None:
        yield Paragraph(lines[0])
        if sides := tuple(line.removeprefix("· ") for line in lines[1:]):
            yield Items(sides)
    else:
        yield Paragraph(f"{panel_heading(found)}:")
        yield Items(tuple(lines))
