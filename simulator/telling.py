"""One telling, put before the ledger: gathers what `scoring.ledger.judge` needs from a game and its record."""

from __future__ import annotations

from typing import NamedTuple

from scoring.ledger import Paper, Telling, Verdict, applicable, judge
from scoring.record import FormState, Record
from scoring.rights import Channel
from simulator.game import Game
from simulator.model import ReleaseForm

SURVIVOR = "survivor"  # the source of what she told herself
_BLANK = FormState()


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


def weigh(
    game: Game, record: Record, seat: str, told: str, item: str, channel: Channel = "in-person"
) -> BrokenTelling | None:
    """The line that `seat` crosses by telling `item` to `told` now; None if it is lawful."""
    verdict = verdict_on(game, record, seat, told, item, channel)
    if verdict.breach is None:
        return None
    line, bound = game.telling_lines.get(verdict.breach, (None, frozenset()))
    if line is None or seat not in bound:
        return None
    telling = put(game, seat, told, item, record.known[(seat, item)].source, channel)
    unasked = any(right.needs == "release" for right in applicable(game.rights, telling)) and any(
        form.id not in record.forms and askable(paper_of(game, form)) for form in covering(game, seat, told, item)
    )
    return BrokenTelling(line.id, seat, told, item, verdict.right, record.now, record.step, unasked)


def verdict_on(
    game: Game, record: Record, seat: str | None, told: str, item: str, channel: Channel = "in-person"
) -> Verdict:
    """What the ledger says if `seat` (None: the survivor herself) tells `item` to `told` now, whoever a line binds."""
    if seat is None:
        telling = put(game, None, told, item, SURVIVOR, channel)
        return judge(game.rights, telling, papers=(), statute=None, minute=record.now)
    return judge(
        game.rights,
        put(game, seat, told, item, record.known[(seat, item)].source, channel),
        papers=[
            paper_of(game, form, _as_it_stands(game, record, form))
            for form in covering(game, seat, told, item)
            if form.id in record.forms
        ],
        statute=statute(game, record, seat, told, item),
        minute=record.now,
    )


def confidence(game: Game, seat: str, told: str, item: str) -> bool:
    """Whether it would break a confidence if `seat` told `told` the item, had she heard it from the survivor and were there no
    paper. An agreement may forbid to ask for such a thing, whatever was signed."""
    telling = put(game, seat, told, item, SURVIVOR, "message")
    breach = judge(game.rights, telling, papers=(), statute=None, minute=0).breach
    line, bound = game.telling_lines.get(breach or "", (None, frozenset[str]()))
    return breach == "confidential" and line is not None and seat in bound


def _as_it_stands(game: Game, record: Record, form: ReleaseForm) -> FormState:
    """A form's moments; her word that she takes it back counts before anybody has written it down."""
    state, word = record.forms[form.id], game.taken_back.get(form.id)
    if word is None or state.revoked is not None or not word(record):
        return state
    return state._replace(revoked=record.now)


def put(game: Game, seat: str | None, told: str, item: str, source: str, channel: Channel) -> Telling:
    """A telling as the rights ask about it."""
    thing = game.scenario.items[item]
    origin = game.tellers.get(source)
    return Telling(
        teller=game.tellers[seat] if seat is not None else None,
        told=game.tellers[told],
        about=thing.about,
        kind=thing.kind,
        source=source,
        source_confidence=origin.confidence if origin is not None else None,
        channel=channel,
    )


def covering(game: Game, seat: str, told: str, item: str) -> list[ReleaseForm]:
    """The forms that would cover this telling, in the author's order."""
    return [
        form
        for form in game.scenario.releases.values()
        if form.holder == seat and told in form.recipient and item in form.items
    ]


def paper_of(game: Game, form: ReleaseForm, state: FormState = _BLANK) -> Paper:
    """A form as the ledger reads it."""
    signer = game.signers.get(form.signer)
    return Paper(
        written=form.written,
        informed=form.informed,
        limited=form.lasts is not None,
        free=form.free,
        signer=signer,
        permitted=signer is not None and game.may_sign(signer),
        state=state,
    )


def askable(paper: Paper) -> bool:
    """Whether it is a release that she could have been asked for and that would have permitted telling."""
    return paper.makes == "release" and paper.sound


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
