"""From the end of one episode to the beginning of the next: what is carried over, gathered from the play.

The play is told again to somebody who listens at every moment at which the rules are asked: these are the moments of the
prologue. What is declared is taken along under the names of the next scenario; everything else is left behind.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple, cast

from scoring.clock import Calendar
from scoring.duties import Watch, Watcher
from scoring.record import FormState, Knowing, Record
from scoring.rules import Duty
from simulator import engine
from simulator.assess import pardoned
from simulator.carried import NOTHING, SOMEBODY_ELSE, Before, Carried
from simulator.engine import State, chain
from simulator.game import Game
from simulator.model import Scenario
from simulator.prologue import followed_from
from simulator.series import Carries, Episode, seat_map
from simulator.view import witnessed


def carry(state: State, episode: Episode, carries: Carries, here: Scenario) -> Carried:
    """What the play that ended in `state` leaves to `episode`, which plays the scenario `here`."""
    game = state.game
    begins = next_opening(game, state.now, episode, here)
    gap = int((begins - game.calendar.at(state.now)).total_seconds() // 60)
    move = _Move(state.now + gap, state.record.step + 1)
    seats = seat_map(episode, game.scenario.seats, here.seats)
    facts, items = facts_carried(game, carries), carries.pairs("items")
    since = {facts[fact]: move.step(step) for fact, step in followed(game, facts).items()}
    ending = game.scenario.scenes[state.scene].ending
    voice = (getattr(ending, carries.voice) or "") if ending is not None and carries.voice else ""
    made = Carried(
        begins=begins,
        ended=-gap,
        moments=tuple(_moved(moment, move, facts, seats) for moment in moments(state)),
        since=since,
        meters={
            new: _within(here, new, state.record.meters[old])
            for old, new in carries.pairs("meters").items()
            if old in state.record.meters and new in here.meters
        },
        statuses={
            new: state.record.statuses[old]
            for old, new in carries.pairs("statuses").items()
            if old in state.record.statuses and new in here.statuses
        },
        items=frozenset(items.values()),
        seats=frozenset(seats.values()),
        known=dict(_known(state.record, items, seats, move)),
        forms={
            new: FormState(*(move.minute(m) if m is not None else None for m in state.record.forms[old]))
            for old, new in carries.pairs("releases").items()
            if old in state.record.forms
        },
        broken=tuple(
            dict.fromkeys(
                (seats[one.seat], seats[one.told], items[one.item])
                for one in state.tellings
                if one.seat in seats and one.told in seats and one.item in items
            )
        ),
        voice=voice,
        heard_by=tuple(
            seats[seat] for seat in game.seats if voice and seat in seats and seat in game.scenes[state.scene].present
        ),
    )
    return replace(made, settled=_settled(state, made, facts))


def next_opening(game: Game, minute: int, episode: Episode, here: Scenario) -> datetime:
    """When the next episode begins, if the one before ended at that story minute."""
    ended = game.calendar.at(minute)
    if episode.after is not None:
        there = Calendar(ended, frozenset(h.date for h in game.story_law.holidays))
        return there.at(there.after(0, episode.after))
    return max(here.starts, ended)


def facts_carried(game: Game, carries: Carries) -> dict[str, str]:
    """Fact there → fact here, those of declared spans included, and with `duties` all that a rule reads."""
    facts = carries.pairs("facts")
    if carries.duties:
        facts.update({name: name for rule in game.watchers.values() for name in rule.names})
    for span in carries.spans:
        for fact in game.names.spans.get(span, ()):
            facts.setdefault(fact, carries.renamed.get(fact, fact))
    return facts


def followed(game: Game, facts: dict[str, str]) -> dict[str, int]:
    """For each fact that is carried on, the step of this episode, or of one before, from which it is followed."""
    return {fact: game.carried.since.get(fact, 0) for fact in facts}


def moments(state: State) -> Iterator[Before]:
    """Every moment of a play at which the rules were asked, those before its opening included; minutes and steps are its own."""
    game = state.game
    yield from game.carried.moments
    heard: list[Record] = []
    listening = _Listening(
        game.scenario, game.mou, game.jurisdiction, game.framework, game.vocabulary, heard, carried=game.carried
    )
    seen: dict[str, int] = {}
    for moment in game.carried.moments:
        for fact, _ in moment.facts:
            seen[fact] = seen.get(fact, 0) + 1
    again = engine.start(listening)
    for at in chain(state):
        if at.event is not None:
            again = engine.step(again, at.event)
        told = [scene for scene, _ in at.entered if game.scenes[scene].narration]
        first = len(heard) - len(told)  # narrations come last, and each is one moment
        for number, record in enumerate(heard):
            if number >= first:
                present = game.scenes[told[number - first]].present
            else:
                present = frozenset(seat for seat in game.seats if witnessed(at, seat))
            facts = tuple(
                (fact, one.seat) for fact, found in record.facts.items() for one in found[seen.get(fact, 0) :]
            )
            for fact, _ in facts:
                seen[fact] = seen.get(fact, 0) + 1
            yield Before(record.now, record.step, facts, tuple(seat for seat in game.seats if seat in present))
        heard.clear()


class _Move(NamedTuple):
    """From the minutes and steps of one episode to those of the next: `minutes` to its opening, and `steps` made."""

    minutes: int
    steps: int

    def minute(self, minute: int) -> int:
        return minute - self.minutes

    def step(self, step: int) -> int:
        return step - self.steps


def _moved(moment: Before, move: _Move, facts: dict[str, str], seats: dict[str, str]) -> Before:
    return Before(
        move.minute(moment.minute),
        move.step(moment.step),
        tuple((facts[fact], seats.get(seat or "")) for fact, seat in moment.facts if fact in facts),
        tuple(seats[seat] for seat in moment.seats if seat in seats),
    )


def _known(
    record: Record, items: dict[str, str], seats: dict[str, str], move: _Move
) -> Iterator[tuple[tuple[str, str], Knowing]]:
    for (seat, item), (source, minute, step) in record.known.items():
        if seat in seats and item in items:
            kept = source if source in ("survivor", "scene") else seats.get(source, SOMEBODY_ELSE)
            yield (seats[seat], items[item]), Knowing(kept, move.minute(minute), move.step(step))


def _within(here: Scenario, meter: str, value: int) -> int:
    return min(here.meters[meter].high, max(here.meters[meter].low, value))


def _settled(state: State, made: Carried, facts: dict[str, str]) -> frozenset[tuple[str, int]]:
    """What a dilemma excused, here or before: no record tells that. Only of rules that are followed on from where they were."""
    game = state.game
    before = {
        (key, index)
        for key, index in game.carried.settled
        if key in game.watchers and followed_from(game.watchers[key], game.carried) is not None
    }
    names = {key: game.watchers[key].names for key, _ in before | pardoned(state)}
    return frozenset(each for each in before | pardoned(state) if not names[each[0]].isdisjoint(facts))


class _Ear(NamedTuple):
    """Asked at every moment like a rule that reads the clock, and only listens."""

    heard: list[Record]
    rule: Duty
    names: frozenset[str] = frozenset()
    clock: bool = True
    ledger: bool = False

    def ask(self, watches: tuple[Watch, ...], record: Record, calendar: Calendar) -> tuple[Watch, ...]:
        self.heard.append(record)
        return watches


@dataclass(frozen=True)
class _Listening(Game):
    """The game with an ear in it."""

    heard: list[Record]

    @cached_property
    def watchers(self) -> dict[str, Any]:
        silent = Duty(id="heard", text="", party="", clause="")
        return {**Game.watchers.func(self), "heard": cast(Watcher, _Ear(self.heard, silent))}  # type: ignore[attr-defined]


__all__ = ["NOTHING", "carry", "facts_carried", "followed", "moments", "next_opening"]
