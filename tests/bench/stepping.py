"""Playing against a bare interpreter of the same graph.

ours: `engine.options` and `engine.step`: immutable states, guards with reasons, clock, duties and lines monitored, every
telling put before the ledger, the chain back to the start.
reference: `Bare`, the least that could play the same graph: one mutable object, guards as compiled expressions, facts in a
dict, meters, statuses, minutes, routing. No duties, no ledger, no history, no reasons, no way back.
Both play the same random walks through the kitchen table, and end in the same scenes.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from random import Random
from statistics import median

from scoring.record import FormState, Knowing, Occurrence
from simulator import engine
from simulator.engine import State
from simulator.events import Chance, Choose, Event
from simulator.game import Game, PlayAction, PlayEffects
from simulator.library import Library
from simulator.session import game_of
from tests.bench import Row
from tests.generator import next_events

WALKS, ROUNDS, LIMIT = 60, 15, 60
Walk = tuple[list[Event], str]  # the moves, and the scene they end in


class Bare:
    """Plays the graph and knows nothing else. It reads guards as the engine compiled them, from its own attributes."""

    def __init__(self, game: Game) -> None:
        scenario = game.scenario
        self.scenes, self.calendar, self.bounds = game.scenes, game.calendar, scenario.meters
        self.now = 0
        self.step = 0
        self.facts: dict[str, list[Occurrence]] = {}
        self.meters = {meter.id: meter.start for meter in scenario.meters.values()}
        self.statuses = {status.id: status.start for status in scenario.statuses.values()}
        self.known: dict[tuple[str, str], Knowing] = {
            (seat, item.id): Knowing("scene", 0, 0) for item in scenario.items.values() for seat in item.known_by
        }
        self.forms: dict[str, object] = {}
        self.pending: dict[str, PlayAction] = {}
        self.enter(scenario.opening)

    def options(self, seat: str) -> list[PlayAction]:
        scene = self.scenes[self.scene]
        together = len(scene.seats) > 1
        return [
            action
            for action in scene.actions.values()
            if (not together or action.seat == seat) and (action.open is None or action.open(self))  # type: ignore[arg-type]
        ]

    def do(self, seat: str | None, name: str) -> None:
        scene = self.scenes[self.scene]
        action = scene.actions[name]
        self.step += 1
        if len(scene.seats) > 1:
            assert seat is not None
            self.pending[seat] = action
            if len(self.pending) == len(scene.seats):
                began, longest = self.now, self.now
                for each in self.pending.values():
                    self.now = began
                    self.happen(each.effects)
                    longest = max(longest, self.now)
                self.now, self.pending = longest, {}
                self.enter(self.route(scene.route))
            return
        self.happen(action.effects)
        if seat is not None and (given := action.effects.ledger) is not None:
            for telling in given.tell:
                for told in telling.to:
                    for item in telling.items:
                        if (seat, item) in self.known:
                            self.known.setdefault((told, item), Knowing(seat, self.now, self.step))
        self.enter(self.route(action.route))

    def happen(self, effects: PlayEffects) -> None:
        self.now = self.calendar.after(self.now, effects.until) if effects.until else self.now + effects.minutes
        for fact in effects.records:
            self.facts.setdefault(fact, []).append(Occurrence(self.now, self.step, None))
        for name, by in effects.change:
            meter = self.bounds[name]
            self.meters[name] = min(meter.high, max(meter.low, self.meters[name] + by))
        for name, value in effects.set:
            self.statuses[name] = value
        if (given := effects.ledger) is not None:
            for seat, items in given.learn.items():
                for item in items:
                    self.known.setdefault((seat, item), Knowing("survivor", self.now, self.step))
            for form, moment in (
                (given.asks_release, "asked"),
                (given.signs_release, "signed"),
                (given.refuses_release, "refused"),
                (given.revokes_release, "revoked"),
            ):
                if form:
                    held = self.forms.get(form, FormState())
                    self.forms[form] = held._replace(**{moment: self.now})  # type: ignore[attr-defined]

    def route(self, route: tuple[tuple[object, str], ...]) -> str:
        return next(to for test, to in route if test is None or test(self))  # type: ignore[operator]

    def enter(self, name: str) -> None:
        self.scene = name
        while self.scenes[self.scene].narration:
            scene = self.scenes[self.scene]
            if scene.effects is not None:
                self.happen(scene.effects)
            self.scene = self.route(scene.route)


def measure() -> list[Row]:
    game = game_of(Library().bundle("kitchen-table"))
    opening = engine.start(game)  # a state never changes: every play may begin with the same one
    walks = [_walk(opening, seed) for seed in range(WALKS)]
    moves = sum(len(events) for events, _ in walks)
    ours, reference = [], []
    for _ in range(ROUNDS):
        ours.append(_time(lambda events: _play_engine(opening, events), walks))
        reference.append(_time(lambda events: _play_bare(game, events), walks))
    return [
        Row("a step with duties and ledger, against a bare dict", median(ours) / moves, median(reference) / moves, 5.0)
    ]


def _walk(state: State, seed: int) -> Walk:
    random = Random(seed)
    events: list[Event] = []
    while not state.ended and len(events) < LIMIT:
        events.append(random.choice(next_events(state)))
        state = engine.step(state, events[-1])
    return events, state.scene


def _time(play: Callable[[list[Event]], str], walks: list[Walk]) -> float:
    gc.collect()
    began = time.perf_counter()
    scenes = [play(events) for events, _ in walks]
    took = time.perf_counter() - began
    assert scenes == [scene for _, scene in walks]
    return took


def _play_engine(state: State, events: list[Event]) -> str:
    for event in events:
        if isinstance(event, Choose):
            engine.options(state, event.seat)
        state = engine.step(state, event)
    return state.scene


def _play_bare(game: Game, events: list[Event]) -> str:
    bare = Bare(game)
    for event in events:
        if isinstance(event, Choose):
            bare.options(event.seat)
            bare.do(event.seat, event.action)
        elif isinstance(event, Chance):
            bare.do(None, event.action)
    return bare.scene
