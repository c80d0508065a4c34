"""What one seat may see: the only thing that screens, saves and exports for a seat are made from.

A seat sees the scenes and events it was present for, the facts recorded there, and the items it knows. The
dataclasses here are plain values; `view` in this module builds them from a state.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from scoring.duties import Mark, Watch, Watcher, status
from scoring.rules import Duty
from simulator import injecting
from simulator.engine import OptionState, State, chain, options, said, turn
from simulator.events import Chance, Choose, Inject, Unprompted
from simulator.game import Game
from simulator.model import Action, Scene
from simulator.predictions import Question, questions
from simulator.presence import Stay, stays
from simulator.prologue import seen_before, settles
from simulator.saying import Sayable, sayable


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One paragraph of the transcript.

    kind: `scene` (what those present see), `private` (only this seat), `choice` (somebody acted), `says` (what came
    of it), `chance`, `message` (one came in or went out), `learned` (an item), `gap` (time passed elsewhere), `inject`
    (an event from outside).
    """

    kind: Literal["scene", "private", "choice", "says", "chance", "message", "learned", "gap", "inject"]
    at: datetime
    text: str
    who: str | None = None  # the acting or sending person's name
    title: str = ""
    step: int = 0  # which event it belongs to; 0 is the opening


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An action this seat could take: open, or closed with the reason. `minutes` is None if it lasts `until` something."""

    action: str
    text: str
    open: bool
    reason: str | None = None
    minutes: int | None = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyView:
    """A duty of this seat's party that has been triggered. It carries no verdict: `standing` for what must never happen,
    else due, overdue, met, late or excused as far as this seat can tell. `left`: story minutes, negative when overdue, None without one."""

    id: str
    text: str
    clause: str
    status: str
    left: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownItem:
    """An item this seat knows, and how it came to know it: `survivor`, `scene`, or another person's name."""

    id: str
    text: str
    source: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of the incident report, of the case file (kind need/offered/given) or a message (kind sent/received)."""

    at: datetime
    kind: Literal["report", "need", "offered", "given", "sent", "received"]
    text: str
    who: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Everything one seat may see of a state."""

    seat: str
    seat_name: str
    role: str  # the role's label
    employer: str
    brief: str
    title: str  # of the scenario
    now: datetime
    scene: str
    scene_title: str
    on_turn: tuple[str, ...]  # seats that have to act; empty at an ending or while chance decides
    on_turn_names: tuple[str, ...]
    my_turn: bool
    together: bool  # this scene is chosen unseen by several seats
    present: bool  # this seat witnesses the current scene
    options: tuple[Option, ...]  # empty unless my_turn
    sayable: tuple[Sayable, ...]  # what this seat may say unprompted; empty unless my_turn and telling is open
    questions: tuple[Question, ...]  # what this seat is asked in private before anybody acts, answered or not
    passages: tuple[Passage, ...]
    duties: tuple[DutyView, ...]
    items: tuple[KnownItem, ...]
    report: tuple[Entry, ...]
    case_file: tuple[Entry, ...]
    messages: tuple[Entry, ...]
    meters: tuple[tuple[str, int, int, int], ...]  # label, lowest, highest, value: those shown to this seat
    judgement: str | None  # the question of a judgement scene
    ending: str | None  # the ending's title, once reached
    together_with: tuple[str, ...] = ()  # the names of those who choose unseen with this seat
    standing: Literal["there", "to come", "gone"] = "there"  # whether this seat is in the story


TO_COME = "You come into this story later. Until then there is nothing for you to read and nothing to do."
ENDED = "The story has ended."  # all that a seat learns of an ending that it is not in the story for


def view(state: State, seat: str) -> View:
    """Everything `seat` may see of `state`, and nothing else."""
    way = _way(state, seat)
    if not any(stay.now or any(stay.scenes) or stay.began for stay in way):
        return _to_come(state, seat)
    if not way[-1].now:
        return _gone(state, seat, way)
    return _there(state, seat, way)


def _way(state: State, seat: str) -> list[Stay]:
    """Whether the seat was in the story, step by step."""
    return list(stays(state.game.attendance, seat, (tuple(s for s, _ in at.entered) for at in chain(state))))


# What a view holds of the moment for a seat that is not in the story.
_OFF_STAGE: Mapping[str, Any] = {
    "scene": "",
    "scene_title": "",
    "on_turn": (),
    "on_turn_names": (),
    "my_turn": False,
    "together": False,
    "present": False,
    "options": (),
    "sayable": (),
    "questions": (),
}


def _to_come(state: State, seat: str) -> View:
    """The view of a seat that has not come in yet: nothing, whatever happens, and when."""
    game = state.game
    own = game.scenario.seats[seat]
    return View(
        seat=seat,
        seat_name=own.name,
        role=game.role(seat).label,
        employer=own.employer,
        brief=TO_COME,
        title=game.scenario.title,
        now=game.calendar.at(0),
        **_OFF_STAGE,
        passages=(),
        duties=(),
        items=(),
        report=(),
        case_file=(),
        messages=(),
        meters=(),
        judgement=None,
        ending=ENDED if state.ended else None,
        standing="to come",
    )


def _gone(state: State, seat: str, way: list[Stay]) -> View:
    """The view of a seat that has left: what it had seen by then, its clock standing still."""
    states = list(chain(state))
    left = max(number for number, stay in enumerate(way) if stay.began or any(stay.scenes))
    # As it left, somewhere within that step. What the step itself did is told as far as the seat was there for it.
    last, before = states[left], states[max(left - 1, 0)]
    scenes = last.entered[: max((n for n, here in enumerate(way[left].scenes, 1) if here), default=0)]
    minute = scenes[-1][1] if scenes else last.entered[0][1] if last.entered else last.now
    seen = _there(last, seat, way[: left + 1])
    shown = _there(before, seat, way[:left] or way[:1])
    return replace(
        seen,
        now=state.game.calendar.at(minute),
        **_OFF_STAGE,
        duties=(),
        items=tuple(item for item in seen.items if item.at <= state.game.calendar.at(minute)),
        meters=shown.meters,
        judgement=None,
        ending=ENDED if state.ended else None,
        together_with=(),
        standing="gone",
    )


def _there(state: State, seat: str, way: list[Stay]) -> View:
    game = state.game
    own = game.scenario.seats[seat]
    scene = game.scenes[state.scene]
    seats = turn(state)
    record = state.record
    return View(
        seat=seat,
        seat_name=own.name,
        role=game.role(seat).label,
        employer=own.employer,
        brief=own.brief,
        title=game.scenario.title,
        now=game.calendar.at(record.now),
        scene=state.scene if seat in scene.present else "",
        scene_title=scene.scene.title if seat in scene.present else "",
        on_turn=seats,
        on_turn_names=tuple(game.scenario.seats[other].name for other in seats),
        my_turn=seat in seats,
        together=len(scene.seats) > 1,
        present=seat in scene.present,
        options=tuple(_option(found) for found in options(state, seat)),
        sayable=tuple(sayable(state, seat)),
        questions=tuple(
            questions(
                game,
                state.scene,
                seat,
                dict(state.pending),
                led_here(state, seat) if scene.scene.how_distressing is not None else (),
            )
        ),
        passages=tuple(_with_gaps(_passages(state, seat, way))),
        duties=_duties(state, seat, way),
        items=tuple(
            KnownItem(
                id=item,
                text=game.scenario.items[item].text,
                source=_source(game, knowing.source),
                at=game.calendar.at(knowing.minute),
            )
            for (holder, item), knowing in record.known.items()
            if holder == seat
        ),
        report=tuple(_entries(state, seat, "report")),
        case_file=tuple(_entries(state, seat, "case")),
        messages=tuple(_entries(state, seat, "message")),
        meters=tuple(
            (meter.label, meter.low, meter.high, record.meters[meter.id])
            for meter in game.scenario.meters.values()
            if seat in meter.shown_to
        ),
        judgement=scene.scene.judgement.question
        if scene.scene.judgement is not None and seat in scene.present
        else None,
        ending=scene.scene.ending.title if scene.scene.ending is not None else None,
        together_with=tuple(
            game.scenario.seats[other].name for other in scene.seats if seat in scene.seats and other != seat
        ),
    )


def witnessed(state: State, seat: str) -> bool:
    """Whether `seat` was there for the event that made this state."""
    if state.prev is None:
        return True
    if isinstance(state.event, Inject):
        return seat in injecting.witnesses(state.game, state.event.inject, state.scene)
    scene = state.game.scenes[state.prev.scene]
    if isinstance(state.event, Unprompted):
        speech = said(state).speech
        return speech is not None and seat in speech.heard_by
    return seat in scene.present or seat in scene.seats


def acted_until(state: State) -> int:
    """The story minute at which what was done in the step was over; narrations and injects after it may have taken more."""
    if state.entered:
        return state.entered[0][1]
    return state.injected[0][1] if state.injected else state.now


def acts(state: State) -> tuple[tuple[str | None, Action], ...]:
    """The actions whose outcome this state is, with who took each; empty while a together scene waits for a choice, and for an
    inject by hand."""
    if state.prev is None or state.pending or isinstance(state.event, Inject):
        return ()
    scene = state.game.scenes[state.prev.scene]
    event = state.event
    if isinstance(event, Unprompted):
        return ((event.seat, said(state).action),)
    if isinstance(event, Choose):
        chosen = (*state.prev.pending, (event.seat, event.action))
        return tuple((seat, scene.actions[action].action) for seat, action in chosen)
    assert isinstance(event, Chance)
    return ((None, scene.actions[event.action].action),)


def began(state: State) -> bool:
    """Whether the scene of this state began with the step that made it."""
    return bool(state.entered) and state.entered[-1][0] == state.scene


def led_here(state: State, seat: str) -> Sequence[Action | Scene]:
    """What `seat` witnessed of the step that led to the scene of this state: its actions, and narrations on the way."""
    at = state
    while not began(at) and at.prev is not None:  # who has chosen or said something here has led nowhere yet
        at = at.prev
    done = [action for _, action in acts(at)] if witnessed(at, seat) else []
    passed = (at.game.scenes[scene] for scene, _ in at.entered)
    return [*done, *(scene.scene for scene in passed if scene.narration and seat in scene.present)]


def _option(found: OptionState) -> Option:
    action = found.action.action
    return Option(
        action=action.id,
        text=action.text,
        open=found.open,
        reason=found.reason,
        minutes=None if action.until is not None else action.minutes,
    )


def _passages(state: State, seat: str, way: list[Stay]) -> Iterator[Passage]:
    game = state.game
    if seat in game.carried.heard_by:
        yield Passage(kind="scene", at=game.calendar.at(0), text=game.carried.voice, title=HER_VOICE, step=0)
    for number, (at, stay) in enumerate(zip(chain(state), way, strict=True)):
        if not stay.began and not any(stay.scenes):
            continue
        names = {other.id: other.name for other in game.scenario.seats.values()}
        before = at.prev.now if at.prev is not None else 0
        for who, action in acts(at):
            when = game.calendar.at(acted_until(at))
            if stay.began and witnessed(at, seat):
                kind: Literal["chance", "choice"] = "chance" if who is None else "choice"
                name = names[who] if who is not None else None
                yield Passage(kind=kind, at=game.calendar.at(before), text=action.text, who=name, step=number)
                if action.says:
                    yield Passage(kind="says", at=when, text=action.says, step=number)
            for message in () if isinstance(at.event, Unprompted) or not stay.began else action.message:
                if who is not None and (seat == who or seat in message.to):
                    yield Passage(kind="message", at=when, text=message.text, who=names[who], step=number)
        for (scene_id, minute), here in zip(at.entered, stay.scenes, strict=True):
            if not here:
                continue
            scene = game.scenes[scene_id]
            when = game.calendar.at(minute)
            if seat in scene.present and scene.scene.text:
                yield Passage(kind="scene", at=when, text=scene.scene.text, title=scene.scene.title, step=number)
            if seat in scene.scene.private:
                yield Passage(kind="private", at=when, text=scene.scene.private[seat], step=number)
        for inject_id, minute in at.injected:
            inject = game.injects[inject_id]
            when = game.calendar.at(minute)
            if seat in injecting.witnesses(game, inject_id, at.scene) and inject.inject.text:
                yield Passage(kind="inject", at=when, text=inject.inject.text, step=number)
            if seat in injecting.readers(game, inject_id, at.scene):
                yield Passage(kind="private", at=when, text=inject.inject.private[seat], step=number)
        for item in _learned(at, seat):
            source = _source(game, at.record.known[(seat, item)].source)
            text = game.scenario.items[item].text
            yield Passage(
                kind="learned",
                at=game.calendar.at(at.record.known[(seat, item)].minute),
                text=text,
                who=source,
                step=number,
            )


def _with_gaps(passages: Iterable[Passage]) -> Iterator[Passage]:
    """Says how much time went by where this seat saw nothing for more than a few minutes."""
    last: Passage | None = None
    for passage in passages:
        if last is not None and passage.kind in ("scene", "private", "message", "choice", "inject"):
            away = int((passage.at - last.at).total_seconds() // 60)
            if away >= _GAP and passage.step > last.step:
                yield Passage(kind="gap", at=passage.at, text=_length(away), step=passage.step)
        yield passage
        last = passage


_GAP = 10  # story minutes
HER_VOICE = "What the survivor says now"


def _length(minutes: int) -> str:
    if minutes < 60:
        return f"{minutes} minutes pass."
    hours = round(minutes / 60)
    return "An hour passes." if hours == 1 else f"{hours} hours pass."


def _learned(state: State, seat: str) -> list[str]:
    if state.prev is None:
        return []  # what a seat brings along stands in its brief
    before = state.prev.record.known
    return [item for holder, item in state.record.known if holder == seat and (holder, item) not in before]


def _source(game: Game, source: str) -> str:
    return game.scenario.seats[source].name if source in game.scenario.seats else source


def _duties(state: State, seat: str, way: list[Stay]) -> tuple[DutyView, ...]:
    game = state.game
    if state.ended:
        return ()  # from here on the debrief speaks
    there = [at for at, stay in zip(chain(state), way, strict=True) if stay.began or any(stay.scenes)]
    settled = [at for at in there if not at.pending]
    found = []
    for key, rule in game.watchers.items():
        if not isinstance(rule.rule, Duty) or seat not in rule.bound:
            continue
        seen = {at.record.step for at in settled if _saw(at, seat, rule)} | seen_before(game, seat, rule.names)
        for instance in state.watches[key]:
            if instance.opened is None or instance.opened.step not in seen:
                continue
            watch = _as_seen(instance, seen)._replace(settled=False)
            before = _as_seen(instance, {step for step in seen if step < 0})._replace(settled=False)
            if instance.opened.step < 0 and settles(rule, before, game.carried.ended):
                continue  # to this seat's eyes, the episode before settled it
            left = watch.deadline - state.now if watch.deadline is not None and watch.met is None else None
            now = status(rule, watch, state.now, ended=False)
            # A broken `never` is a verdict, and verdicts wait for the debrief; until then the duty just stands.
            standing = rule.rule.never is not None
            found.append(
                DutyView(
                    id=rule.rule.id,
                    text=rule.rule.text,
                    clause=rule.rule.clause,
                    status="standing" if standing else now,
                    left=left if now in ("due", "overdue") else None,
                )
            )
    return tuple(found)


def _saw(at: State, seat: str, rule: Watcher) -> bool:
    """Whether `seat` was there for what this step did to the rule: the action itself, or a narration or inject that followed it."""
    scenes = (at.game.scenes[scene] for scene, _ in at.entered)
    told = [s.present for s in scenes if s.narration and not rule.names.isdisjoint(s.scene.records)]
    injects = (at.game.injects[inject] for inject, _ in at.injected)
    told += [
        injecting.witnesses(at.game, each.id, at.scene)
        for each in injects
        if not rule.names.isdisjoint(each.inject.records)
    ]
    acted = any(not rule.names.isdisjoint(action.records) for _, action in acts(at))
    there = any(seat in present for present in told)
    return there if told and not acted else there or witnessed(at, seat)


def _as_seen(watch: Watch, seen: set[int]) -> Watch:
    """A duty as it stands to somebody who witnessed only these steps: what happened elsewhere has not met it yet."""

    def known(mark: Mark | None) -> Mark | None:
        return mark if mark is not None and mark.step in seen else None

    return watch._replace(
        met=known(watch.met),
        shut=known(watch.shut),
        excused=known(watch.excused),
        broken=tuple(broken for broken in watch.broken if broken.step in seen),
    )


def _entries(state: State, seat: str, what: Literal["report", "case", "message"]) -> Iterator[Entry]:
    """The papers of the seat's own agency, and the messages it sent or received, in order."""
    seats = state.game.scenario.seats
    for at in chain(state):
        when = state.game.calendar.at(acted_until(at))
        for who, action in acts(at):
            if who is None:
                continue
            colleague = seats[who].employer == seats[seat].employer
            if what == "report" and colleague and action.report:
                yield Entry(at=when, kind="report", text=action.report, who=seats[who].name)
            if what == "case" and colleague:
                for note in action.case:
                    for kind in ("need", "offered", "given"):
                        text = getattr(note, kind)
                        if text:
                            label = state.game.vocabulary.needs.get(text, text) if kind == "need" else text
                            yield Entry(at=when, kind=kind, text=label, who=seats[who].name)
            if what == "message":
                for message in action.message:
                    if seat == who:
                        to = ", ".join(seats[other].name for other in message.to)
                        yield Entry(at=when, kind="sent", text=message.text, who=to)
                    elif seat in message.to:
                        yield Entry(at=when, kind="received", text=message.text, who=seats[who].name)
