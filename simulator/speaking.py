"""What a seat may say unprompted on its turn, where telling is open: tell, ask, ask for a release, note its taking back, consult.

Each is made once into an action like an author's, with the same effects on time, record and ledger, so that the engine, the
outlook and every screen know one kind of step. An act of speech leaves the turn where it is, unless an authored consequence
leads on. What is open depends only on what the speaker can know.

The channels: a word in person to somebody who is there; by phone to somebody who is not, after a call that takes its minutes
once a turn; by secure message to anybody, and a message stays in the record of both. What is said takes less than a minute,
so only the call, a request for a release, the noting of one taken back and a consultation take time.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

from scoring.conditions import Condition
from scoring.record import FormState, Record
from simulator.events import Ask, AskRelease, Call, Revoke, Unprompted
from simulator.events import Consult as Consulted
from simulator.events import Tell as Said
from simulator.model import Action, Branch, Consequence, Effects, Message, ReleaseForm, Scenario, Scene, Tell

if TYPE_CHECKING:
    from simulator.game import Game

By = Literal["in-person", "phone", "message"]
BY_WORD: dict[By, str] = {
    "in-person": "in person",
    "phone": "by phone",
    "message": "by message",
}  # as a script writes it
_HOW: dict[By, str] = {"in-person": "", "phone": " on the phone", "message": " by secure message"}
_NOTING = 1  # story minutes to write a word of hers down and pass it on; common practice, no source
_BLANK = FormState()
Noted = Callable[[str, str, str], str | None]  # who asks, who is asked, which item → the fact that is recorded


class Speech(NamedTuple):
    """One thing a seat may say in a scene. `to`: the seat that is told or rung; `thing`: item, release or consult.

    `answer`: of a release asked for, whether this is her yes or her no. `heard_by`: the seats that notice it.
    """

    kind: Literal["call", "tell", "ask", "ask-release", "revoke", "consult"]
    seat: str
    to: str
    thing: str
    channel: By | None
    answer: bool | None
    action: Action
    heard_by: frozenset[str]


def silenced(scenario: Scenario) -> Scenario:
    """The scenario as it is for players who say nothing unprompted."""
    if not any(is_open(scenario, scene) for scene in scenario.scenes.values()):
        return scenario
    scenes = {name: replace(scene, telling=None) for name, scene in scenario.scenes.items()}
    return replace(scenario, telling="scripted", scenes=scenes)


def is_open(scenario: Scenario, scene: Scene) -> bool:
    """Whether the seat on turn may speak unprompted: one seat, no dilemma, and the scenario or the scene says so."""
    one = len(scene.turn) == 1 and scene.turn[0] in scenario.seats and scene.judgement is None
    return one and (scene.telling or scenario.telling) == "open"


def speeches(
    scenario: Scenario, scene: Scene, present: frozenset[str], there: frozenset[str], noted: Noted
) -> Iterator[Speech]:
    """All that the seat on turn in `scene` may say there, whatever it knows.

    `there`: the seats that are in the story; nobody else can be rung, told, asked or written to. `noted`: the fact
    that is recorded when one seat asks another for an item, if there is one.
    """
    if not is_open(scenario, scene):
        return
    [seat] = scene.turn
    yield from _to_seats(scenario, seat, present, there)
    yield from _questions(scenario, seat, there, noted)
    if scene.survivor_here:
        yield from _requests(scenario, seat)
    for form in scenario.releases.values():
        if form.holder == seat and form.taken_back is not None:
            yield _revoking(scenario, form, there)
    for consult in scenario.consults.values():
        if seat in consult.seats and (not consult.scenes or scene.id in consult.scenes):
            action = Action(
                id=f"consult {consult.id}",
                text=consult.text,
                minutes=consult.minutes,
                records=consult.records,
                says=consult.says or None,
            )
            yield Speech("consult", seat, "", consult.id, None, None, action, frozenset((seat,)))


def _to_seats(scenario: Scenario, seat: str, present: frozenset[str], there: frozenset[str]) -> Iterator[Speech]:
    for other in scenario.seats.values():
        if other.id == seat or other.id not in there:
            continue
        pair = frozenset((seat, other.id))
        if other.id not in present:
            ring = Action(id=f"call {other.id}", text=f"Ring {other.name}.", minutes=scenario.call)
            yield Speech("call", seat, other.id, "", None, None, ring, pair)
        for channel in channels(other.id, present):
            for item in scenario.items.values():
                action = Action(
                    id=f"tell {other.id} {item.id} {channel}",
                    text=f"Tell {other.name}{_HOW[channel]}: {item.text}.",
                    tell=(Tell(to=(other.id,), items=(item.id,), channel=channel),),
                    message=(Message(to=(other.id,), text=f"About {item.text}."),) if channel == "message" else (),
                )
                yield Speech("tell", seat, other.id, item.id, channel, None, action, pair)


def _questions(scenario: Scenario, seat: str, there: frozenset[str], noted: Noted) -> Iterator[Speech]:
    """Questions to seats. Whether the other knows it, and whether the asking seat does, makes no difference: one asks to hear it
    confirmed, too. It takes no time; whether there is an answer is the other's turn to say."""
    for other in scenario.seats.values():
        if other.id == seat or other.id not in there:
            continue
        for item in scenario.items.values():
            if item.question:
                fact = noted(seat, other.id, item.id)
                action = Action(
                    id=f"ask {other.id} {item.id}",
                    text=f"Ask {other.name}: “{item.question}”",
                    records=(fact,) if fact is not None else (),
                )
                yield Speech("ask", seat, other.id, item.id, None, None, action, frozenset((seat, other.id)))


def channels(other: str, present: frozenset[str]) -> tuple[By, ...]:
    """How `other` can be told something from a scene in which these seats are present."""
    return ("in-person", "message") if other in present else ("phone", "message")


def _requests(scenario: Scenario, seat: str) -> Iterator[Speech]:
    """She is asked aside: what the paper would cover is not for everybody in the room."""
    for form in scenario.releases.values():
        if form.holder != seat or form.signs is None:
            continue
        for answer in (True, False):
            action = Action(
                id=f"ask-release {form.id} {'yes' if answer else 'no'}",
                text=f"Ask the survivor to sign a release: {covered(scenario, form)}.",
                minutes=form.asking,
                asks_release=form.id,
                signs_release=form.id if answer else None,
                refuses_release=None if answer else form.id,
                says=(form.yes if answer else form.no) or ("She signs." if answer else "She would rather not."),
            )
            yield Speech("ask-release", seat, "", form.id, None, answer, action, frozenset((seat,)))


def _revoking(scenario: Scenario, form: ReleaseForm, there: frozenset[str]) -> Speech:
    told = tuple(seat for seat in form.recipient if seat in there)
    action = Action(
        id=f"revoke {form.id}",
        text=f"Note that the survivor takes back the release to {_names(scenario, form.recipient)}, and say so.",
        minutes=_NOTING,
        revokes_release=form.id,
        message=(Message(to=told, text="The release has been taken back. Please use nothing further of it."),)
        if told
        else (),
    )
    return Speech("revoke", form.holder, "", form.id, None, None, action, frozenset((form.holder, *told)))


def _names(scenario: Scenario, seats: tuple[str, ...]) -> str:
    return " and ".join(scenario.seats[seat].name for seat in seats)


def covered(scenario: Scenario, form: ReleaseForm) -> str:
    """What a release is for, in words: items, recipient, purpose, and how long."""
    things = "; ".join(scenario.items[item].text for item in form.items)
    whom = _names(scenario, form.recipient)
    until = f"for {form.lasts}" if form.lasts is not None else "without an end"
    return f"{things}, to {whom}, {form.purpose}, {until}"


def opened(game: Game, speech: Speech, record: Record, reached: frozenset[str]) -> bool:
    """Whether the speaker can say it now. `reached`: the seats it has rung this turn. Telling again changes nothing, and is
    not forbidden: whether the other knows it already is not the speaker's to know."""
    seat, thing, form = speech.seat, speech.thing, record.forms.get(speech.thing, _BLANK)
    if speech.kind == "call":
        return speech.to not in reached
    if speech.kind == "tell":
        return (seat, thing) in record.known and (speech.channel != "phone" or speech.to in reached)
    if speech.kind == "ask":
        return True
    if speech.kind == "ask-release":
        knows = all((seat, item) in record.known for item in game.scenario.releases[thing].items)
        return knows and form == _BLANK and bool(game.answers[thing](record)) is speech.answer
    if speech.kind == "revoke":
        return form.signed is not None and form.revoked is None and bool(game.taken_back[thing](record))
    return any(fact not in record.facts for fact in game.scenario.consults[thing].records)


def event_of(speech: Speech) -> Unprompted:
    """The event that says it."""
    match speech.kind:
        case "call":
            return Call(seat=speech.seat, to=speech.to)
        case "tell":
            assert speech.channel is not None
            return Said(seat=speech.seat, to=speech.to, item=speech.thing, channel=speech.channel)
        case "ask":
            return Ask(seat=speech.seat, to=speech.to, item=speech.thing)
        case "ask-release":
            return AskRelease(seat=speech.seat, form=speech.thing)
        case "revoke":
            return Revoke(seat=speech.seat, form=speech.thing)
        case "consult":
            return Consulted(seat=speech.seat, whom=speech.thing)


def words_of(event: Unprompted) -> str:
    """An event as a line of a script writes it, without its seat: `tell officer gun by phone`."""
    match event:
        case Call(to=to):
            return f"call {to}"
        case Said(to=to, item=item, channel=channel):
            return f"tell {to} {item} {BY_WORD[channel]}"
        case Ask(to=to, item=item):
            return f"ask {to} {item}"
        case AskRelease(form=form):
            return f"ask-release {form}"
        case Revoke(form=form):
            return f"revoke {form}"
        case Consulted(whom=whom):
            return f"consult {whom}"


def following(scenario: Scenario, scene: Scene) -> Iterator[Consequence]:
    """The consequences that may follow what is said in a scene, in the author's order."""
    return (each for each in scenario.consequences.values() if not each.scenes or scene.id in each.scenes)


def can_follow(consequence: Consequence, speech: Speech, breach_fact: str | None) -> bool:
    """Whether saying it can make the consequence's condition true: the condition reads something that the speech changes."""
    given, when = speech.action, consequence.when
    names = {name.id for name in ast.walk(when.tree) if isinstance(name, ast.Name)}
    if speech.kind == "tell":
        return knows_asked(when, speech.to, speech.thing) or (breach_fact is not None and breach_fact in names)
    timed = bool(given.minutes) and not names.isdisjoint(("minutes_since", "valid"))
    return timed or not names.isdisjoint({*given.records, speech.thing})


def knows_asked(condition: Condition, seat: str, item: str) -> bool:
    """Whether it asks `knows(seat, item)`."""
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "knows"
        and [arg.id for arg in node.args if isinstance(arg, ast.Name)] == [seat, item]
        for node in ast.walk(condition.tree)
    )


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
