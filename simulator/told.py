"""Who told whom what, and by what right: a fold over the states of a play, for the debrief.

Every telling in its order, judged as the engine judged it: against the record of its own moment, other tellings of the same
action behind it. Of what comes with a right it says what the record shows: done before, with or after the telling, or not
seen. That is described and never scored; where an agreement makes a duty of it, the duty is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from scoring.record import Occurrence, Record
from scoring.rights import Channel, Owed, Standing
from simulator.engine import State, _Draft, chain, said
from simulator.events import Chance, Choose, Inject, Unprompted
from simulator.game import Game, PlayEffects
from simulator.model import Effects, Tell
from simulator.telling import verdict_on, weigh

Seen = Literal["before", "with it", "after", "not seen", "not watched"]


class Said(NamedTuple):
    """One telling of one item to one seat, and the record as it stood then."""

    seat: str
    told: str
    item: str
    channel: Channel
    record: Record


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedThing:
    """What came with a telling's right. `minute`: story minute of the fact that shows it, None where there is none.

    `seen`: when, measured by the telling. *not watched*: no fact stands for it, or none that this story could record, or it
    never came to be owed.
    """

    text: str
    fact: str | None
    seen: Seen
    minute: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One telling. `step`: the event it happened in; `minute`: story time.

    `standing`: as the ledger has it; *unbound* where it knows no right and no line here binds that role. `right`: by what
    right, in words, or what is lacking; `right_id`: the right that decided. `line`: the line it crossed. `again`: that line
    was named before, for the same holder, item and recipient. `unasked`: a release that would have covered it could have
    been asked for.
    """

    step: int
    minute: int
    seat: str
    told: str
    item: str
    channel: Channel
    by_computer: bool
    standing: Standing | Literal["unbound"]
    right: str
    right_id: str
    line: str | None
    again: bool
    unasked: bool
    owes: tuple[OwedThing, ...]

    @property
    def lacking(self) -> str:
        """What right was lacking, in words; empty where there was one."""
        return self.right if self.standing in ("line", "unbound") else ""


def told(state: State) -> tuple[Told, ...]:
    """Every telling of the play that led to `state`."""
    return tuple(_told(state))


def tellings_of(state: State) -> Iterator[Said]:
    """The tellings of the step that made `state`, as the engine took them. Whatever event tells, it is read here."""
    before = state.prev
    if before is None or state.pending:
        return
    draft = _Draft(state.game, before.record, before.watches, before.tellings)  # so that both see the same record
    draft.step += 1
    for minute, effects, seat in _happenings(state):
        draft.now = minute
        given = effects.ledger
        if given is None or seat is None or not given.tell:
            draft.become_true(effects, seat)
            continue
        draft.become_true(effects._replace(ledger=replace(given, tell=())), seat)
        for telling in given.tell:
            for whom in telling.to:
                for item in telling.items:
                    if (seat, item) in draft.known and whom != seat:  # nobody can tell what they do not know
                        yield Said(seat, whom, item, telling.channel, draft.record())
                        draft.become_true(_one(whom, item, telling.channel), seat)


def _happenings(state: State) -> Iterator[tuple[int, PlayEffects, str | None]]:
    """What happened in the step, in the engine's order: story minute, effects, and whose doing it was."""
    before, scenes = state.prev, state.game.scenes
    assert before is not None
    scene = scenes[before.scene]
    event = state.event
    if isinstance(event, Inject):
        return  # injects come last in a step, and in them nobody tells anything
    if isinstance(event, Choose) and len(scene.seats) > 1:
        chosen = {**dict(before.pending), event.seat: event.action}
        acts = [(scene.actions[chosen[seat]].effects, seat) for seat in scene.seats]
        ends = [_end(state.game, effects, before.now) for effects, _ in acts]
        for end, (effects, seat) in sorted(zip(ends, acts, strict=True), key=lambda each: each[0]):
            yield end, effects, seat
        actor = None
    else:
        assert isinstance(event, Choose | Chance | Unprompted)
        actor = None if isinstance(event, Chance) else event.seat
        if isinstance(event, Unprompted):
            effects = said(state).effects
        else:
            effects = scene.actions[event.action].effects
        yield _end(state.game, effects, before.now), effects, actor
    lefts = [*(minute for _, minute in state.entered[1:]), state.now]
    for (scene_id, _), left in zip(state.entered, lefts, strict=False):
        narration = scenes[scene_id]  # told on the way
        if narration.narration and narration.effects is not None:
            yield left, narration.effects, actor if actor in narration.present else None


def _end(game: Game, effects: PlayEffects, began: int) -> int:
    return game.calendar.after(began, effects.until) if effects.until is not None else began + effects.minutes


def _one(whom: str, item: str, channel: Channel) -> PlayEffects:
    given = Effects(tell=(Tell(to=(whom,), items=(item,), channel=channel),))
    return PlayEffects(minutes=0, until=None, records=(), change=(), set=(), ledger=given)


def _told(state: State) -> Iterator[Told]:
    game, final = state.game, state.record
    recordable = _recordable(game)
    crossed: set[tuple[str, str, str]] = set()
    for number, at in enumerate(chain(state)):
        computers = _computers(at)
        for each in tellings_of(at):
            what = (each.seat, each.told, each.item)
            verdict = verdict_on(game, each.record, *what, each.channel)
            broken = weigh(game, each.record, *what, each.channel)
            yield Told(
                step=number,
                minute=each.record.now,
                seat=each.seat,
                told=each.told,
                item=each.item,
                channel=each.channel,
                by_computer=each.seat in computers,
                standing="unbound" if verdict.breach is not None and broken is None else verdict.standing,
                right=verdict.right,
                right_id=verdict.id,
                line=broken.line if broken is not None else None,
                again=broken is not None and what in crossed,
                unasked=broken is not None and broken.unasked,
                owes=tuple(_became(owed, each.record, final, recordable) for owed in verdict.owes),
            )
            if broken is not None:
                crossed.add(what)


def _computers(state: State) -> frozenset[str]:
    """The seats whose part in this step a computer chose."""
    if isinstance(state.event, Unprompted):
        return frozenset((state.event.seat,)) if state.event.by == "computer" else frozenset()
    found, at = set[str](), state
    while isinstance(at.event, Choose):
        if at.event.by == "computer":
            found.add(at.event.seat)
        if at.prev is None or not at.prev.pending:
            break
        at = at.prev
    return frozenset(found)


def _recordable(game: Game) -> frozenset[str]:
    """The facts that something in this story can record."""
    scenes = game.scenes.values()
    told_on_the_way = {fact for scene in scenes if scene.effects is not None for fact in scene.effects.records}
    return frozenset(
        told_on_the_way | {fact for scene in scenes for each in scene.steps.values() for fact in each.effects.records}
    )


def _became(owed: Owed, at: Record, final: Record, recordable: frozenset[str]) -> OwedThing:
    """What the record shows of it: the last time before the telling or with it, else the first time after."""
    if owed.fact is None or owed.fact not in recordable:
        return OwedThing(text=owed.text, fact=owed.fact, seen="not watched", minute=None)
    times = final.facts.get(owed.fact, ())
    if owed.once is not None:
        return _since(owed, owed.once, at, final)
    earlier = [each for each in times if _order(each) <= (at.now, at.step)]
    if earlier:
        last = max(earlier, key=_order)
        seen: Seen = "with it" if last.step == at.step else "before"
        return OwedThing(text=owed.text, fact=owed.fact, seen=seen, minute=last.minute)
    if times:
        return OwedThing(text=owed.text, fact=owed.fact, seen="after", minute=min(times, key=_order).minute)
    return OwedThing(text=owed.text, fact=owed.fact, seen="not seen", minute=None)


def _since(owed: Owed, once: str, at: Record, final: Record) -> OwedThing:
    """The same of what is owed only from another fact on, which has to come after the telling: the first time from then on."""
    begun = [_order(each) for each in final.facts.get(once, ()) if _order(each) >= (at.now, at.step)]
    if not begun or owed.fact is None:
        return OwedThing(text=owed.text, fact=owed.fact, seen="not watched", minute=None)
    done = [_order(each) for each in final.facts.get(owed.fact, ()) if _order(each) >= min(begun)]
    if not done:
        return OwedThing(text=owed.text, fact=owed.fact, seen="not seen", minute=None)
    return OwedThing(text=owed.text, fact=owed.fact, seen="after", minute=min(done)[0])


def _order(each: Occurrence) -> tuple[int, int]:
    return each.minute, each.step
