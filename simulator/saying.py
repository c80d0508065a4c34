"""What one seat could say now, unprompted, as it is offered to whoever plays it (`speaking` holds what can be said at all)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from simulator.engine import State, chain, speeches
from simulator.events import Ask, Choose, Tell, Unprompted
from simulator.model import Item, ReleaseForm, Scenario
from simulator.speaking import Speech, event_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A release as its holder reads it before asking for it. `lasts`: None if it names no end."""

    items: tuple[str, ...]
    recipients: tuple[str, ...]
    purpose: str
    lasts: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sayable:
    """Something this seat could say now, unprompted. `event` says it. `to`: the seat it is said to; None: the survivor, an adviser.

    `about`: the item, release or adviser, “” for a call. `what`: the item or the question in words. `paper`: of a release.
    `again`: it was said to that seat before, unprompted or by an action. `minutes`: of story time.
    """

    event: Unprompted
    kind: Literal["call", "tell", "ask", "ask-release", "revoke", "consult"]
    to: str | None
    to_name: str
    about: str
    text: str
    what: str = ""
    paper: Paper | None = None
    minutes: int
    again: bool


def sayable(state: State, seat: str) -> Iterator[Sayable]:
    """What `seat` may say now: to each seat in turn, then to the survivor and advisers."""
    scenario = state.game.scenario
    seats, items = scenario.seats, scenario.items
    possible = speeches(state, seat)
    if not possible:
        return
    told, wanted = _before(state, seat)
    found = []
    for action in possible:
        speech = action.speech
        assert speech is not None
        if speech.kind == "ask" and (seat, speech.thing) in state.record.known:
            continue  # open, and nothing to offer
        form = scenario.releases.get(speech.thing) if speech.kind in ("ask-release", "revoke") else None
        found.append(
            Sayable(
                event=event_of(speech),
                kind=speech.kind,
                to=speech.to or None,
                to_name=seats[speech.to].name if speech.to else "",
                about=speech.thing,
                text=action.action.text,
                what=_what(items, speech),
                paper=_paper(scenario, form) if form is not None else None,
                minutes=action.action.minutes,
                again=(speech.to, speech.thing) in {"tell": told, "ask": wanted}.get(speech.kind, set()),
            )
        )
    order = list(seats)
    yield from sorted(found, key=lambda each: order.index(each.to) if each.to is not None else len(order))


def _before(state: State, seat: str) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """What `seat` has told, and asked for, so far: (seat told or asked, item)."""
    told: set[tuple[str, str]] = set()
    wanted: set[tuple[str, str]] = set()
    for at in chain(state):
        event = at.event
        if isinstance(event, Tell) and event.seat == seat:
            told.add((event.to, event.item))
        elif isinstance(event, Ask) and event.seat == seat:
            wanted.add((event.to, event.item))
        elif isinstance(event, Choose) and event.seat == seat and at.prev is not None:
            for tell in at.game.scenes[at.prev.scene].actions[event.action].action.tell:
                told.update((to, item) for to in tell.to for item in tell.items if (seat, item) in at.record.known)
    return told, wanted


def _paper(scenario: Scenario, form: ReleaseForm) -> Paper:
    return Paper(
        items=tuple(scenario.items[item].text for item in form.items),
        recipients=tuple(scenario.seats[to].name for to in form.recipient),
        purpose=form.purpose,
        lasts=str(form.lasts) if form.lasts is not None else None,
    )


def _what(items: Mapping[str, Item], speech: Speech) -> str:
    """The item that is told, or the question that is asked, in words."""
    if speech.kind == "tell":
        return items[speech.thing].text
    return items[speech.thing].question or "" if speech.kind == "ask" else ""
