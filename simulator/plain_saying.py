"""Saying something unprompted in lines of text: whom, then what; Enter goes back without a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.engine import NotAllowed
from simulator.listeners import MESSAGE_STAYS, NOT_JUDGED, Listener, Thing, form, is_message, listeners
from simulator.log import Stale
from simulator.saying import Sayable

if TYPE_CHECKING:
    from simulator.plain import Plain

OFFER = " s. Say something: tell, ask …"


def say(plain: Plain, seat: str) -> bool:
    """Let whoever sits here say something. Returns whether the story moved. Raises Stopped, LogError."""
    found = listeners(plain.session.view(seat).sayable)
    plain.line(f"Say something. {NOT_JUDGED} Enter alone goes back.")
    whom = found[0].key if len(found) == 1 else _whom(plain, seat, found)
    moved = False
    while whom:
        listener = next((each for each in listeners(plain.session.view(seat).sayable) if each.key == whom), None)
        way = _what(plain, seat, listener) if listener is not None else None
        if way is None or not _read(plain, seat, way):
            return moved
        before = plain.session.state.scene
        try:
            plain.session.say(way.event)
        except (NotAllowed, Stale) as error:
            plain.line(str(error))
            return True
        moved = True
        if way.kind != "call" or plain.session.state.scene != before or seat not in plain.session.on_turn:
            return True
        plain.tell_news(seat)  # whoever rings somebody has something to say: the list again, now on the phone
    return moved


def _whom(plain: Plain, seat: str, found: tuple[Listener, ...]) -> str | None:
    for number, listener in enumerate(found, 1):
        plain.line(f" {number}. {listener.name}{f' ({listener.where})' if listener.where else ''}", hang=4)
    number = _number(plain, seat, "to whom> ", len(found))
    return found[number - 1].key if number else None


def _what(plain: Plain, seat: str, listener: Listener) -> Sayable | None:
    rows = [(thing, way) for thing in listener.things for way in thing.ways]
    plain.line(f"{listener.name}{f', {listener.where}' if listener.where else ''}:")
    for number, (thing, way) in enumerate(rows, 1):
        plain.line(f" {number}. {_row(thing, way)}", hang=4)
    if any(is_message(way) for _, way in rows):
        plain.line(MESSAGE_STAYS)
    number = _number(plain, seat, "what> ", len(rows))
    return rows[number - 1][1] if number else None


def _row(thing: Thing, way: Sayable) -> str:
    return thing.by(way).text + (f" ({way.minutes} min)" if way.minutes else "")


def _read(plain: Plain, seat: str, way: Sayable) -> bool:
    """A release is read before she is asked for it."""
    if way.kind != "ask-release":
        return True
    plain.line("The release:")
    for name, words in form(way):
        plain.line(f"  {name}: {words}", hang=4)
    return _answer(plain, seat, "Ask for it to be signed? y, or Enter alone to go back> ") in ("y", "yes")


def _answer(plain: Plain, seat: str, prompt: str) -> str:
    """What was typed; pausing, stepping out and looking things up work here as everywhere."""
    while True:
        answer = plain.ask(prompt).lower()
        if not answer or not plain.aside(answer, seat, plain.session.view(seat)):
            return answer


def _number(plain: Plain, seat: str, prompt: str, last: int) -> int:
    """A number from 1 to `last`; 0 for going back."""
    while True:
        answer = _answer(plain, seat, prompt)
        if not answer:
            return 0
        if answer.isdecimal() and 1 <= int(answer) <= last:
            return int(answer)
        plain.line(f"“{answer}” is none of them. Type a number from 1 to {last}, or Enter alone to go back.")
