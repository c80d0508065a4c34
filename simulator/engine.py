"""The engine: pure functions from a state and an event to the next state.

In the spirit of OpenSpiel's state interface: `start` → `turn` → `options` → `step`. A state never changes; it points
to the one before, so that the transcript, the timeline and every save are walks along that chain.

The order within one step (DESIGN, “How a choice is weighed”): the actions chosen run their minutes; at the end of each
its facts, meters, statuses and papers become true; the rules that read what changed are asked; then the story moves
on, through narrations, to the next scene in which somebody or chance acts; then injects that have fallen due come.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from scoring.duties import Watches
from scoring.record import FormState, Knowing, Occurrence, Record
from simulator.events import Call, Chance, Choose, Event, Inject, Unprompted
from simulator.game import Game, PlayAction, PlayEffects, PlayScene
from simulator.injecting import Come, bring, come_due, why_not
from simulator.prologue import blank, opening, tellings
from simulator.speaking import event_of, opened, words_of
from simulator.telling import BrokenTelling, weigh


class NotAllowed(ValueError):
    """The event cannot happen in this state; the message says why, in a trainee's words."""


class State(NamedTuple):
    """Where a play stands.

    `entered`: the scenes this step went through, each with the story minute it was entered, the present one last. `pending`: choices already made in a
    together scene, still unseen. `tellings`: the confidences broken so far. `event` made this state out of `prev`. `injected`: the injects
    that came in this step; `come`: all that have come so far.
    """

    game: Game
    scene: str
    record: Record
    watches: Watches
    tellings: tuple[BrokenTelling, ...]
    pending: tuple[tuple[str, str], ...]
    entered: tuple[tuple[str, int], ...]
    prev: State | None
    event: Event | None
    injected: Come = ()
    come: frozenset[str] = frozenset()

    @property
    def now(self) -> int:
        """Story minutes since the start."""
        return self.record.now

    @property
    def ended(self) -> bool:
        return self.game.scenes[self.scene].ending


class OptionState(NamedTuple):
    """An action of a seat, and whether it is open; `reason` says why not."""

    action: PlayAction
    open: bool
    reason: str | None


def start(game: Game) -> State:
    """The state in which the play begins, narrations of the opening already told."""
    draft = _Draft(game, *opening(game), tellings(game.carried))
    draft.ask_all()
    entered = draft.move_to(game.scenario.opening, None)
    return _state(draft, entered[-1][0], entered, None, None, ())


def turn(state: State) -> tuple[str, ...]:
    """The seats that have to act now; in a together scene, those that have not chosen yet. Empty: chance, or the end."""
    seats = state.game.scenes[state.scene].seats
    if not state.pending:
        return seats
    chosen = {seat for seat, _ in state.pending}
    return tuple(seat for seat in seats if seat not in chosen)


def options(state: State, seat: str) -> tuple[OptionState, ...]:
    """What `seat` could do now, in the author's order; nothing if it is not on turn."""
    if seat not in turn(state):
        return ()
    scene = state.game.scenes[state.scene]
    together = len(scene.seats) > 1
    found = []
    for action in scene.actions.values():
        if together and action.seat != seat:
            continue
        is_open = action.open is None or action.open(state.record)
        found.append(OptionState(action, is_open, None if is_open else action.action.closed))
    return tuple(found)


def outcomes(state: State) -> tuple[PlayAction, ...]:
    """What chance can bring now; empty unless it is chance's turn."""
    scene = state.game.scenes[state.scene]
    if not scene.chance:
        return ()
    return tuple(a for a in scene.actions.values() if a.open is None or a.open(state.record))


def step(state: State, event: Event) -> State:
    """The state after `event`. Only `Choose`, `Chance`, `Inject` and what is said `Unprompted` move the story. Raises NotAllowed."""
    scene = state.game.scenes[state.scene]
    if isinstance(event, Unprompted):
        return _said(state, event, scene)
    if isinstance(event, Choose):
        action = _chosen(state, scene, event)
        if len(scene.seats) == 1:
            return _resolve(state, event, scene, ((event.seat, action),))
        pending = (*state.pending, (event.seat, event.action))
        if len(pending) < len(scene.seats):
            return State(
                state.game,
                state.scene,
                state.record,
                state.watches,
                state.tellings,
                pending,
                (),
                state,
                event,
                (),
                state.come,
            )
        by_seat = dict(pending)
        return _resolve(state, event, scene, tuple((s, scene.actions[by_seat[s]]) for s in scene.seats))
    if isinstance(event, Chance):
        brought = next((action for action in outcomes(state) if action.id == event.action), None)
        if brought is None:
            raise NotAllowed(f"chance does not bring “{event.action}” here")
        return _resolve(state, event, scene, ((None, brought),))
    if isinstance(event, Inject):
        return _bring(state, event)
    raise NotAllowed(f"a “{event.kind}” event moves no story")


def speeches(state: State, seat: str) -> tuple[PlayAction, ...]:
    """What `seat` may say unprompted now; of a release asked for, and of a question, the form that it would take."""
    if seat not in turn(state):
        return ()
    rung = reached(state)
    found = state.game.scenes[state.scene].speeches.values()
    return tuple(each for each in found if each.speech and opened(state.game, each.speech, state.record, rung))


def reached(state: State) -> frozenset[str]:
    """The seats that the one on turn has rung this turn; an inject does not end it."""
    rung: set[str] = set()
    at: State | None = state
    while (
        at is not None
        and isinstance(at.event, Unprompted | Inject)
        and at.prev is not None
        and at.prev.scene == at.scene
    ):
        if isinstance(at.event, Call):
            rung.add(at.event.to)
        at = at.prev
    return frozenset(rung)


def _said(state: State, event: Unprompted, scene: PlayScene) -> State:
    if event.seat not in turn(state):
        who = state.game.scenario.seats.get(event.seat)
        raise NotAllowed(f"it is not {who.name if who else event.seat}'s turn")
    found = _speech(state, event)
    if found is None:
        raise NotAllowed(f"{event.seat} cannot do that here: {words_of(event)}")
    return _resolve(state, event, scene, ((event.seat, found),))


def said(state: State) -> PlayAction:
    """What was said unprompted in the step that made this state."""
    before, event = state.prev, state.event
    assert before is not None and isinstance(event, Unprompted)
    found = _speech(before, event)
    assert found is not None
    return found


def _speech(state: State, event: Unprompted) -> PlayAction | None:
    """The speech that the event says, if it is open now."""
    meant = replace(event, by="human")
    return next((each for each in speeches(state, event.seat) if each.speech and event_of(each.speech) == meant), None)


def chain(state: State) -> Iterator[State]:
    """The states of this play, oldest first."""
    states = []
    at: State | None = state
    while at is not None:
        states.append(at)
        at = at.prev
    return reversed(states)


def _chosen(state: State, scene: PlayScene, event: Choose) -> PlayAction:
    if event.seat not in turn(state):
        who = state.game.scenario.seats.get(event.seat)
        raise NotAllowed(f"it is not {who.name if who else event.seat}'s turn")
    action = scene.actions.get(event.action)
    if action is None or (action.seat is not None and action.seat != event.seat):
        raise NotAllowed(f"there is no action “{event.action}” for {event.seat} in “{scene.id}”")
    if action.open is not None and not action.open(state.record):
        raise NotAllowed(f"“{action.action.text}” is closed: {action.action.closed}")
    return action


def _resolve(state: State, event: Event, scene: PlayScene, acts: tuple[tuple[str | None, PlayAction], ...]) -> State:
    game, record = state.game, state.record
    draft = _Draft(game, record, state.watches, state.tellings)
    draft.step += 1
    if len(acts) == 1:
        seat, action = acts[0]
        draft.happen(action.effects, seat)
        route = action.route
    else:
        seat = None
        began = record.now
        # Each action's facts become true at its own end; the scene lasts as long as its longest action.
        ends = sorted(((draft.end_of(action.effects, began), i) for i, (_, action) in enumerate(acts)))
        for end, index in ends:
            draft.now = end
            draft.become_true(acts[index][1].effects, acts[index][0])
        route = scene.route
    if len(acts) == 1 and acts[0][1].speech is not None:
        # Only what it has made true follows from it; what held before does not follow again.
        route = tuple((test, to) for test, to in route if test is None or not test(record))
    entered = draft.move_to(_next(route, draft), seat)
    to = entered[-1][0]
    if len(acts) == 1 and acts[0][1].speech is not None and to == state.scene:
        entered = entered[:-1]  # whoever spoke is still on turn; nothing was entered anew
    return _state(draft, to, entered, state, event, ())


def _bring(state: State, event: Inject) -> State:
    """An inject by hand: the story stays in its scene."""
    if (why := why_not(state, event.inject)) is not None:
        raise NotAllowed(why)
    draft = _Draft(state.game, state.record, state.watches, state.tellings)
    draft.step += 1
    after = _state(draft, state.scene, (), state, event, (bring(draft, state.game.injects[event.inject]),))
    acting = turn(after)
    if not (outcomes(after) or acting) or any(not any(o.open for o in options(after, seat)) for seat in acting):
        raise NotAllowed(f"after “{event.inject}” nothing would be open here; it can be brought elsewhere")
    return after


def _state(
    draft: _Draft, scene: str, entered: tuple[tuple[str, int], ...], prev: State | None, event: Event | None, come: Come
) -> State:
    """The state at the end of a step: what has fallen due comes now. `come`: what was brought by hand in it."""
    before = prev.come if prev is not None else frozenset()
    if draft.game.injects:
        come = (*come, *come_due(draft, scene, before))
        before = before.union(inject for inject, _ in come)
    return State(
        draft.game, scene, draft.record(), draft.watches, draft.tellings, (), entered, prev, event, come, before
    )


def _next(route: tuple[tuple[object, str], ...], draft: _Draft) -> str:
    if len(route) == 1:
        return route[0][1]
    record = draft.record()
    for test, to in route:
        if test is None or test(record):  # type: ignore[operator]
            return to
    raise AssertionError("the reader lets no route without a last way pass")


class _Draft:
    """The record of the next state while it is being made. Mappings are copied only when they change."""

    __slots__ = (
        "facts", "forms", "game", "known", "meters", "now", "old", "statuses", "step", "tellings", "watches",
    )  # fmt: skip

    def __init__(self, game: Game, record: Record, watches: Watches, tellings: tuple[BrokenTelling, ...]) -> None:
        self.game = game
        self.old = record
        self.now, self.step, self.facts, self.meters, self.statuses, self.known, self.forms = record
        self.watches = watches
        self.tellings = tellings

    def record(self) -> Record:
        return Record(self.now, self.step, self.facts, self.meters, self.statuses, self.known, self.forms)

    def end_of(self, effects: PlayEffects, began: int) -> int:
        if effects.until is not None:
            return self.game.calendar.after(began, effects.until)
        return began + effects.minutes

    def happen(self, effects: PlayEffects, seat: str | None) -> None:
        """The action runs its time, then its effects become true."""
        self.now = self.end_of(effects, self.now)
        self.become_true(effects, seat)

    def become_true(self, effects: PlayEffects, seat: str | None) -> None:
        changed: list[str] = []
        if effects.records:
            self.facts = facts = dict(self.facts)
            happened = (Occurrence(self.now, self.step, seat),)
            for fact in effects.records:
                facts[fact] = facts[fact] + happened if fact in facts else happened
            changed.extend(effects.records)
        if effects.change:
            self.meters = meters = dict(self.meters)
            bounds = self.game.scenario.meters
            for name, by in effects.change:
                meter = bounds[name]
                meters[name] = min(meter.high, max(meter.low, meters[name] + by))
                changed.append(name)
        if effects.set:
            self.statuses = {**self.statuses, **dict(effects.set)}
            changed.extend(name for name, _ in effects.set)
        if effects.ledger is not None:
            self._ledger(effects, seat, changed)
        self._ask(changed, effects.ledger is not None)

    def _ledger(self, effects: PlayEffects, seat: str | None, changed: list[str]) -> None:
        given = effects.ledger
        assert given is not None
        now, step = self.now, self.step
        forms = dict(self.forms)
        if given.asks_release:
            forms[given.asks_release] = forms.get(given.asks_release, FormState())._replace(asked=now)
        if given.refuses_release:
            forms[given.refuses_release] = forms.get(given.refuses_release, FormState())._replace(refused=now)
        if given.signs_release:
            lasts = self.game.scenario.releases[given.signs_release].lasts
            ends = self.game.calendar.after(now, lasts) if lasts is not None else None
            held = forms.get(given.signs_release, FormState())
            forms[given.signs_release] = held._replace(signed=now, expires=ends, revoked=None)
        if given.revokes_release:
            forms[given.revokes_release] = forms.get(given.revokes_release, FormState())._replace(revoked=now)
        self.forms = forms
        known = dict(self.known)
        for learner, items in given.learn.items():
            for item in items:
                known.setdefault((learner, item), Knowing("survivor", now, step))
        self.known = known
        if seat is None:
            return
        for telling in given.tell:
            for told in telling.to:
                for item in telling.items:
                    if (seat, item) not in known or told == seat:
                        continue  # nobody can tell what they do not know
                    broken = weigh(self.game, self.record(), seat, told, item, telling.channel)
                    known.setdefault((told, item), Knowing(seat, now, step))
                    if broken is not None and not any(broken.same(b) for b in self.tellings):
                        self.tellings = (*self.tellings, broken)
                        self._note_breach(seat, changed)

    def _note_breach(self, seat: str, changed: list[str]) -> None:
        fact = self.game.breach_fact
        if fact is not None:
            happened = (Occurrence(self.now, self.step, seat),)
            self.facts = {**self.facts, fact: (*self.facts.get(fact, ()), *happened)}
            changed.append(fact)

    def move_to(self, scene_id: str, seat: str | None) -> tuple[tuple[str, int], ...]:
        """Enter a scene; narrations are told at once and lead on. Returns the scenes entered, with the minute.

        What a narration records is the doing of the seat that acted, if that seat is there; else of nobody in particular.
        """
        entered = [(scene_id, self.now)]
        scenes = self.game.scenes
        scene = scenes[scene_id]
        while scene.narration:
            if scene.effects is not None:
                self.happen(scene.effects, seat if seat in scene.present else None)
            scene_id = _next(scene.route, self)
            entered.append((scene_id, self.now))
            scene = scenes[scene_id]
        return tuple(entered)

    def ask_all(self) -> None:
        """The first asking of every rule, at the start; those that were carried over go on."""
        record = self.record()
        asked = {}
        for key, rule in self.game.watchers.items():
            before = self.watches[key] if key in self.watches else blank(rule)
            asked[key] = rule.ask(before, record, self.game.deadlines)
        self.watches = asked

    def _ask(self, changed: list[str], ledger: bool) -> None:
        game = self.game
        readers = game.readers
        keys: set[str] = set(game.clock_readers)
        for name in changed:
            if name in readers:
                keys.update(readers[name])
        if ledger:
            keys.update(game.ledger_readers)
        if not keys:
            return
        record = self.record()
        watches = self.watches
        fresh = {}
        for key in keys:
            before = watches[key]
            after = game.watchers[key].ask(before, record, game.deadlines)
            if after is not before:
                fresh[key] = after
        if fresh:
            self.watches = {**watches, **fresh}
