"""What was carried over, as a prologue: happenings before minute 0, in their order, at which the rules are asked.

So duties that the episode before left open come out by themselves, their deadlines running over the gap. What it settled
(kept, late, missed, excused; lines broken) belongs to it, and is charged, rated and counted no more. An episode that is
played alone has no prologue.
"""

from __future__ import annotations

from collections.abc import Iterable

from scoring.duties import BLANK, Watch, Watcher, Watches, status
from scoring.record import Knowing, Occurrence, Record
from simulator.carried import Carried
from simulator.game import Game
from simulator.telling import BrokenTelling

_SETTLED = frozenset({"met", "late", "missed", "excused"})


def opening(game: Game) -> tuple[Record, Watches]:
    """The record at minute 0, and what has become of those rules that the carried facts concern."""
    scenario, carried = game.scenario, game.carried
    known = {(seat, item.id): Knowing("scene", 0, 0) for item in scenario.items.values() for seat in item.known_by}
    record = Record(
        now=0,
        step=0,
        facts={},
        meters={meter.id: meter.start for meter in scenario.meters.values()},
        statuses={status.id: status.start for status in scenario.statuses.values()},
        known=known,
        forms={},
    )
    if carried.nothing:
        return record, {}
    authored = {k: v for k, v in known.items() if k[1] not in carried.items or k[0] not in carried.seats}
    record = record._replace(
        meters={**record.meters, **carried.meters},
        statuses={**record.statuses, **carried.statuses},
        known={**carried.known, **authored},
        forms=dict(carried.forms),
    )
    return _played(game, record)


def blank(rule: Watcher) -> tuple[Watch, ...]:
    """A rule before anything happened."""
    return () if rule.rule.each is not None else (BLANK,)


def followed_from(rule: Watcher, carried: Carried) -> int | None:
    """The step from which a rule is followed: the facts that it reads are carried; None if none is, and it begins anew."""
    steps = [carried.since[name] for name in rule.names if name in carried.since]
    return min(steps, default=None)


def settles(rule: Watcher, watch: Watch, ended: int) -> bool:
    """Whether an episode that ended at that minute has settled this instance."""
    return rule.rule.never is None and status(rule, watch, ended, ended=True) in _SETTLED


def tellings(carried: Carried) -> tuple[BrokenTelling, ...]:
    """The confidences that the episodes before broke: charged there, and not again where the same is told once more."""
    return tuple(
        BrokenTelling("", seat, told, item, "", carried.ended, -1, False) for seat, told, item in carried.broken
    )


def seen_before(game: Game, seat: str, names: Iterable[str]) -> set[int]:
    """The steps before the opening in which `seat` was there for what happened to a rule that reads these names."""
    names = frozenset(names)
    by_step: dict[int, list[tuple[bool, bool]]] = {}
    for moment in game.carried.moments:
        touches = not names.isdisjoint(fact for fact, _ in moment.facts)
        by_step.setdefault(moment.step, []).append((touches, seat in moment.seats))
    return {step for step, found in by_step.items() if _there(found)}


def _there(found: list[tuple[bool, bool]]) -> bool:
    """Whether a seat was there for the parts of a step that touch a rule; if none does, for its first."""
    touching = [there for touches, there in found if touches]
    return any(touching) if touching else found[0][1]


def _played(game: Game, record: Record) -> tuple[Record, Watches]:
    carried = game.carried
    rules = {
        key: (rule, since) for key, rule in game.watchers.items() if (since := followed_from(rule, carried)) is not None
    }
    watches = {key: blank(rule) for key, (rule, _) in rules.items()}
    facts: dict[str, tuple[Occurrence, ...]] = {}
    for moment in carried.moments:
        for fact, seat in moment.facts:
            facts[fact] = (*facts.get(fact, ()), Occurrence(moment.minute, moment.step, seat))
        at = record._replace(now=moment.minute, step=moment.step, facts=dict(facts))
        for key, (rule, since) in rules.items():
            if moment.step >= since:
                watches[key] = rule.ask(watches[key], at, game.deadlines)
    return record._replace(facts=facts), {
        key: _open_ones(key, rules[key][0], found, carried) for key, found in watches.items()
    }


def _open_ones(key: str, rule: Watcher, watches: tuple[Watch, ...], carried: Carried) -> tuple[Watch, ...]:
    """The instances of a rule as this episode takes them over."""
    if rule.rule.never is not None:
        return tuple(watch._replace(broken=()) for watch in watches)
    return tuple(
        watch._replace(settled=True)
        if (key, index) in carried.settled or settles(rule, watch, carried.ended)
        else watch
        for index, watch in enumerate(watches)
    )
