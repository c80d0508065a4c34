"""What one seat could say now, unprompted, as it is offered to whoever plays it (`speaking` holds what can be said at all)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from simulator.engine import State, chain, questions, speeches
from simulator.events import Ask, AskRelease, Call, Consult, Revoke, Tell, Unprompted
from simulator.game import PlayAction
from simulator.model import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Sayable:
    """Something this seat could say now, unprompted. `event` says it. `to`: the seat it is said to; None: the survivor, an adviser.

    `about`: the item, release or adviser, “” for a call. `again`: it was said to that seat before. `minutes`: of story time.
    """

    event: Unprompted
    kind: Literal["call", "tell", "ask", "ask-release", "revoke", "consult"]
    to: str | None
    to_name: str
    about: str
    text: str
    minutes: int
    again: bool


def sayable(state: State, seat: str) -> Iterator[Sayable]:
    """What `seat` may say now: to each seat in turn, then to the survivor and advisers."""
    seats, items = state.game.scenario.seats, state.game.scenario.items
    events = [at.event for at in chain(state) if isinstance(at.event, Unprompted) and at.event.seat == seat]
    told = {(event.to, event.item) for event in events if isinstance(event, Tell)}
    wanted = {(event.to, event.item) for event in events if isinstance(event, Ask)}
    found = []
    for action in speeches(state, seat):
        speech = action.speech
        assert speech is not None
        event = event_of(action)
        again = speech.kind == "tell" and (speech.to, speech.thing) in told
        name = seats[speech.to].name if speech.to else ""
        found.append(
            Sayable(
                event=event,
                kind=speech.kind,
                to=speech.to or None,
                to_name=name,
                about=speech.thing,
                text=action.action.text,
                minutes=action.action.minutes,
                again=again,
            )
        )
    for other, item in questions(state, seat):
        found.append(
            Sayable(
                event=Ask(seat=seat, to=other, item=item),
                kind="ask",
                to=other,
                to_name=seats[other].name,
                about=item,
                text=asked(items[item], seats[other].name),
                minutes=0,
                again=(other, item) in wanted,
            )
        )
    order = list(seats)
    yield from sorted(found, key=lambda each: order.index(each.to) if each.to is not None else len(order))


def asked(item: Item, whom: str) -> str:
    """A question to another seat, as those who hear it read it."""
    return f"Ask {whom}: “{item.question}”"


def event_of(action: PlayAction) -> Unprompted:
    """The event that says it."""
    speech = action.speech
    assert speech is not None
    match speech.kind:
        case "call":
            return Call(seat=speech.seat, to=speech.to)
        case "tell":
            assert speech.channel is not None
            return Tell(seat=speech.seat, to=speech.to, item=speech.thing, channel=speech.channel)
        case "ask-release":
            return AskRelease(seat=speech.seat, form=speech.thing)
        case "revoke":
            return Revoke(seat=speech.seat, form=speech.thing)
        case "consult":
            return Consult(seat=speech.seat, whom=speech.thing)
