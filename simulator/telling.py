"""One telling, put before the ledger: gathers what `scoring.ledger.judge` needs from a game and its record."""

from __future__ import annotations

from typing import NamedTuple

from scoring.ledger import Paper, judge
from scoring.record import FormState, Record
from simulator.game import Game


class BrokenTelling(NamedTuple):
    """A line crossed by telling: counted once per (holder, item, recipient).

    `unasked`: a release that would have covered it could have been asked for, and was not.
    """

    line: str
    seat: str
    told: str
    item: str
    lacking: str
    minute: int
    step: int
    unasked: bool

    def same(self, other: BrokenTelling) -> bool:
        return (self.seat, self.told, self.item) == (other.seat, other.told, other.item)


def weigh(game: Game, record: Record, seat: str, told: str, item: str) -> BrokenTelling | None:
    """The line that `seat` crosses by telling `item` to `told` now; None if it is lawful."""
    thing = game.scenario.items[item]
    knowing = record.known[(seat, item)]
    source = game.tellers.get(knowing.source)
    covering = [
        form
        for form in game.scenario.releases.values()
        if form.holder == seat and form.recipient == told and item in form.items
    ]
    papers = {
        form.id: Paper(
            written=form.written,
            informed=form.informed,
            limited=form.lasts is not None,
            signer=form.signer,
            state=record.forms.get(form.id, FormState()),
        )
        for form in covering
    }
    verdict = judge(
        game.tellers[seat],
        game.tellers[told],
        about=thing.about,
        kind=thing.kind,
        knowing=knowing,
        source_confidence=source.role.confidence if source else None,
        papers=[paper for name, paper in papers.items() if name in record.forms],
        statute=statute(game, record, seat, told, item),
        minute=record.now,
    )
    if verdict.breach is None:
        return None
    line, bound = game.telling_lines.get(verdict.breach, (None, frozenset()))
    if line is None or seat not in bound:
        return None
    unasked = any(paper.sound and name not in record.forms for name, paper in papers.items())
    return BrokenTelling(line.id, seat, told, item, verdict.right, record.now, record.step, unasked)


def statute(game: Game, record: Record, seat: str, told: str, item: str) -> str | None:
    """The law that compels `seat` to tell `item` to `told` now, if one does."""
    kind = game.scenario.items[item].kind
    return next(
        (
            text
            for when, by, to, kinds, text in game.compelled
            if seat in by and told in to and kind in kinds and (when is None or when(record))
        ),
        None,
    )
