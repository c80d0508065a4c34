"""What a seat may say unprompted on its turn, where telling is open: tell, ask, ask for a release, note its taking back, consult.

Each is made once into an action like an author's, with the same effects on time, record and ledger, so that the engine, the
outlook and every screen know one kind of step. An act of speech leaves the turn where it is, unless an authored consequence
leads on. What is open depends only on what the speaker can know: what they know, and what the two have told each other.

The channels: in person to somebody who is there; by phone to somebody who is not; by secure message to anybody, and a
message stays in the record of both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Literal, NamedTuple

from scoring.record import FormState, Record
from simulator.events import Ask, AskRelease, Revoke, Unprompted
from simulator.events import Consult as Consulted
from simulator.events import Tell as Said
from simulator.model import Action, Branch, Consequence, Effects, Message, ReleaseForm, Scenario, Scene, Tell

if TYPE_CHECKING:
    from simulator.game import Game

By = Literal["in-person", "phone", "message"]
USUAL: Mapping[By, int] = {"in-person": 1, "phone": 3, "message": 1}  # story minutes; common practice, no source
_HOW: Mapping[By, str] = {"in-person": "", "phone": " by phone", "message": " by secure message"}
_BLANK = FormState()


class Speech(NamedTuple):
    """One thing a seat may say in a scene. `to`: the seat that is told or asked; `thing`: item, release or consult.

    `answer`: of a release asked for, whether this is her yes (True) or her no. `heard_by`: the seats that notice it.
    """

    kind: Literal["tell", "ask-release", "revoke", "consult"]
    seat: str
    to: str | None
    thing: str
    channel: By | None
    answer: bool | None
    action: Action
    heard_by: frozenset[str]


def is_open(scenario: Scenario, scene: Scene) -> bool:
    """Whether the seat on turn may speak unprompted: one seat, no dilemma, and the scenario or the scene says so."""
    one = len(scene.turn) == 1 and scene.turn[0] in scenario.seats and scene.judgement is None
    return one and (scene.telling or scenario.telling) == "open"


def speeches(scenario: Scenario, scene: Scene, present: frozenset[str]) -> Iterator[Speech]:
    """All that the seat on turn in `scene` may say there, whatever it knows. Asking a seat is no step of the story."""
    if not is_open(scenario, scene):
        return
    [seat] = scene.turn
    yield from _tellings(scenario, seat, present)
    if scene.survivor_here:
        yield from _requests(scenario, seat, present)
    for form in scenario.releases.values():
        if form.holder == seat and form.taken_back is not None:
            yield _revoking(scenario, form)
    for consult in scenario.consults.values():
        if seat in consult.seats:
            action = Action(
                id=f"consult {consult.id}",
                text=consult.text,
                minutes=consult.minutes,
                records=consult.records,
                says=consult.says or None,
            )
            yield Speech("consult", seat, None, consult.id, None, None, action, frozenset((seat,)))


def _tellings(scenario: Scenario, seat: str, present: frozenset[str]) -> Iterator[Speech]:
    for other in scenario.seats.values():
        if other.id == seat:
            continue
        for item in scenario.items.values():
            for channel in channels(other.id, present):
                text = f"Tell {other.name}{_HOW[channel]}: {item.text}."
                action = Action(
                    id=f"tell {other.id} {item.id} {channel}",
                    text=text,
                    minutes=scenario.channels.get(channel, USUAL[channel]),
                    tell=(Tell(to=(other.id,), items=(item.id,), channel=channel),),
                    message=(Message(to=(other.id,), text=f"About {item.text}."),) if channel == "message" else (),
                )
                yield Speech("tell", seat, other.id, item.id, channel, None, action, frozenset((seat, other.id)))


def channels(other: str, present: frozenset[str]) -> tuple[By, ...]:
    """How `other` can be told something from a scene in which these seats are present."""
    return ("in-person", "message") if other in present else ("phone", "message")


def _requests(scenario: Scenario, seat: str, present: frozenset[str]) -> Iterator[Speech]:
    for form in scenario.releases.values():
        if form.holder != seat or form.signs is None:
            continue
        for answer in (True, False):
            action = Action(
                id=f"ask-release {form.id} {'yes' if answer else 'no'}",
                text=f"Ask her to sign a release: {covered(scenario, form)}.",
                minutes=form.asking,
                asks_release=form.id,
                signs_release=form.id if answer else None,
                refuses_release=None if answer else form.id,
                says=(form.yes if answer else form.no) or None,
            )
            yield Speech("ask-release", seat, None, form.id, None, answer, action, present)


def _revoking(scenario: Scenario, form: ReleaseForm) -> Speech:
    action = Action(
        id=f"revoke {form.id}",
        text=f"Note that she takes her release back, and say so: {covered(scenario, form)}.",
        minutes=USUAL["message"],
        revokes_release=form.id,
        message=(Message(to=form.recipient, text=f"She has taken her release back. It was for {_items(scenario, form)}."),),
    )
    return Speech("revoke", form.holder, None, form.id, None, None, action, frozenset((form.holder, *form.recipient)))


def covered(scenario: Scenario, form: ReleaseForm) -> str:
    """What a release is for, in words: items, recipient, purpose, and how long."""
    whom = " and ".join(scenario.seats[seat].name for seat in form.recipient)
    until = f"for {form.lasts}" if form.lasts is not None else "without an end"
    return f"{_items(scenario, form)}, to {whom}, {form.purpose}, {until}"


def _items(scenario: Scenario, form: ReleaseForm) -> str:
    return "; ".join(scenario.items[item].text for item in form.items)


def opened(game: Game, speech: Speech, record: Record) -> bool:
    """Whether the speaker can say it now. What was told between two seats either way is not told again."""
    seat, thing, form = speech.seat, speech.thing, record.forms.get(speech.thing, _BLANK)
    if speech.kind == "tell":
        told = record.told
        return (
            (seat, thing) in record.known
            and (seat, speech.to, thing) not in told
            and (speech.to, seat, thing) not in told
        )
    if speech.kind == "ask-release":
        return form == _BLANK and bool(game.answers[thing](record)) is speech.answer
    if speech.kind == "revoke":
        return form.signed is not None and form.revoked is None and bool(game.taken_back[thing](record))
    return any(fact not in record.facts for fact in game.scenario.consults[thing].records)


def words_of(event: Unprompted) -> tuple[str, ...]:
    """An event as a line of a script writes it, without its seat: `tell officer gun by phone`."""
    match event:
        case Said(to=to, item=item, channel=channel):
            how = "in person" if channel == "in-person" else f"by {channel}"
            return ("tell", to, item, how)
        case Ask(to=to, item=item):
            return ("ask", to, item)
        case AskRelease(form=form):
            return ("ask-release", form)
        case Revoke(form=form):
            return ("revoke", form)
        case Consulted(whom=whom):
            return ("consult", whom)


def following(scenario: Scenario, scene: Scene) -> Iterator[Consequence]:
    """The consequences that may follow what is said in a scene, in the author's order."""
    return (each for each in scenario.consequences.values() if not each.scenes or scene.id in each.scenes)


def as_narration(consequence: Consequence, scene: Scene, present: frozenset[str]) -> Scene:
    """A consequence where it follows in a scene: a narration that leads back there, or on."""
    return Scene(
        id=f"{scene.id}~{consequence.id}",
        title=scene.title,
        present=consequence.present if consequence.present is not None else tuple(sorted(present)),
        text=consequence.text,
        private=consequence.private,
        to=(Branch(to=consequence.to or scene.id),),
        **{field.name: getattr(consequence, field.name) for field in fields(Effects)},
    )
