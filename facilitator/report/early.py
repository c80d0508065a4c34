"""A play that whoever ran the room ended before its ending: what its report says of that, and how it calls what stayed open.

What was played is weighed as in any play (DESIGN: loss so far). What had not come up, or was still open, is not observed:
no letter, no zero. Nobody is named, because a play without an ending may be one that somebody left.
"""

from __future__ import annotations

from collections.abc import Mapping

from facilitator.report.document import Paragraph, Section
from facilitator.report.told import Told
from scoring.scorecard import DutyStatus
from simulator.engine import chain
from simulator.events import Choose
from simulator.session import Session

HEADING = "Ended before its ending"
NAMELESS = (
    "Nobody is named where a play has no ending: it may be one that somebody left, and nobody is to see that. Who was at the "
    "workshop stands in its own report (handoff report workshop)."
)
STANDING: Mapping[DutyStatus, str] = {"overdue": "not in time, still open"}
STATUSES = (
    ("not in time, still open", "Its time was over when the play was ended. It could still have been done late, so it counts as late and not as missed."),
    ("still open", "Not yet due when the play was ended, or something that must never happen and had not happened. Not observed; it counts for nothing."),
)  # fmt: skip


def where(session: Session) -> str:
    """The scene it was ended in, by name."""
    scene = session.bundle.scenario.scenes[session.state.scene]
    return scene.title or session.state.scene


def section(session: Session, told: Told) -> Section:
    """What stands before everything else."""
    choices = sum(isinstance(at.event, Choose) for at in chain(session.state))
    far = f"after {choices} decision{'s' * (choices != 1)}" if choices else "before the first decision"
    return Section(
        HEADING,
        (
            Paragraph(
                f"Whoever ran the room moved this play on to its debrief in “{where(session)}”, {told.when(session.state.now)} in the "
                f"story, {far}. The story has no ending here, and nobody failed to reach one."
            ),
            Paragraph(
                "What was played is weighed as in any play: lines, duties, and practice in the choices that were made. What had not come "
                "up, or was still open, is not observed. That is not zero; it weighs nothing and says nothing of anybody."
            ),
            Paragraph(
                "The letters rest on this part alone. Do not lay them beside those of whole plays. This play enters no figure "
                "of a workshop or of many sessions."
            ),
        ),
    )
