"""The section of a session's report that lays it beside the play it follows, seats exchanged."""

from __future__ import annotations

from collections.abc import Sequence

from facilitator.report.document import Block, Items, Paragraph, Section, Table
from simulator.beside import HEADING, LEAD, Beside, Row, SeatBeside


def side_by_side(found: Beside) -> Section:
    """Both plays, thing by thing and seat by seat; one sentence if the first cannot be looked at."""
    if found.missing:
        return Section(HEADING, (Paragraph(found.missing),))
    assert found.ending is not None
    blocks: list[Block] = [
        Paragraph(LEAD),
        _table("How both plays ended, and their objectives", [found.ending, *found.objectives]),
    ]
    blocks.append(_table("Lines", found.lines) if found.lines else Paragraph("No line was crossed in either play."))
    blocks.append(_table("Duties", found.duties) if found.duties else Paragraph("No duty came up in either play."))
    return Section(HEADING, tuple(blocks), tuple(map(_seat, found.seats)))


def _seat(seat: SeatBeside) -> Section:
    sat = Row(what="Who sat here", first=seat.first, then=seat.then)
    blocks: list[Block] = [_table("Who sat here, and practice in words", [sat, *seat.practice])]
    for word, points in (("first", seat.turning_first), ("second", seat.turning_then)):
        if points:
            blocks += [Paragraph(f"Turning points in the {word} play:"), Items(points)]
    return Section(f"The seat of {seat.name}", tuple(blocks))


def _table(caption: str, rows: Sequence[Row]) -> Table:
    return Table(
        caption=caption,
        head=("What", "First play", "Second play"),
        rows=tuple((row.what, row.first, row.then) for row in rows),
    )
