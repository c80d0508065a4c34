"""Judgement scenes on paper: what was chosen, what speaks for each side, and what a panel thinks where one is enough. No score."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from facilitator.report.document import Definitions, Paragraph, Section
from facilitator.report.told import Told
from scoring.scorecard import JudgementResult
from simulator.debrief import asked_panel, chosen_by, full_panels, option_text
from simulator.panel import Panel, Panels

HEADING = "Where there was no right answer"
NO_PANEL = "No panel that is large and balanced enough has been asked yet. Argue both sides before you agree."
_LEAD = "Here only lawful ways were open and rules collide. There is no key, and no seat was weighed by it."


def dilemmas(judgements: Iterable[JudgementResult], panels: Panels, told: Told) -> Section:
    """The dilemmas of one play."""
    sections = tuple(
        Section(each.scene, (Definitions(tuple(pair for pair in _pairs(each, panels, told) if pair[1])),))
        for each in judgements
    )
    return Section(HEADING, (Paragraph(_LEAD),), sections)


def _pairs(judgement: JudgementResult, panels: Panels, told: Told) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "Question", (judgement.question,)
    yield "Chosen", tuple(f"{told.who(seat)}: {text}" for seat, text in judgement.chosen)
    yield "What speaks for each side", judgement.both_sides
    found = full_panels(judgement, panels)
    for panel in found:
        yield "What a panel thinks", tuple(_thinks(panel))
    if not found:
        yield "What a panel thinks", (NO_PANEL,)


def _thinks(panel: Panel) -> Iterator[str]:
    yield asked_panel(panel)
    for one in panel.spread:
        yield f"{option_text(panel, one)} {chosen_by(one)}"
        yield from (f"“{reason}”" for reason in one.reasons)
