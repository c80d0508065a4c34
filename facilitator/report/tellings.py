"""Who told whom what, on paper: a row for each telling, with the right it stands on and what came with it."""

from __future__ import annotations

from collections.abc import Sequence

from facilitator.report.document import Cell, Paragraph, Section, Table
from facilitator.report.told import Told as Names
from facilitator.report.told import capital
from simulator.game import Game
from simulator.told import Told
from simulator.told_words import HEADING, NOTHING, sentences

_LEAD = (
    "In the order of the play. What comes with a right is described as far as the record shows it. Only a line weighs anything here, and "
    "it is named above; what an agreement asks for besides stands among its duties."
)


def tellings(told: Sequence[Told], game: Game, names: Names) -> Section:
    """Every telling of one play."""
    if not told:
        return Section(HEADING, (Paragraph(NOTHING),))
    rows = []
    for each in sentences(told, game):
        first = each.first
        row: tuple[Cell, ...] = (
            names.when(first.minute),
            f"{names.who(first.seat)} to {names.who(first.told)}, {each.how}",
            capital(each.items),
            each.stands,
            each.owed or "–",
        )
        rows.append(row)
    head = ("When", "Who told whom", "What", "By what right", "What comes with it")
    return Section(HEADING, (Paragraph(_LEAD), Table(caption="Tellings", head=head, rows=tuple(rows))))
