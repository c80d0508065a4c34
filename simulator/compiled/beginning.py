"""What a play begins with, written into the fields of a state: the authored start, or what was carried over.

The prologue is played by the definition itself (`simulator.prologue`), once for each carried state; here its result is written
down as it stood when the episode before ended. The machine then lets the time go by until the opening.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring.conditions import Condition, compile_test
from scoring.duties import Watch
from scoring.record import Record
from simulator.compiled.draft import Draft
from simulator.compiled.each import AWAITED, PASSED, Each
from simulator.compiled.memory import SCENE, SURVIVOR
from simulator.compiled.must import DONE, WAITING, WAITING_LATE, WAITING_MET, WAITING_SHUT, Must
from simulator.compiled.must import OPEN as MUST_OPEN
from simulator.compiled.never import OPEN as NEVER_OPEN
from simulator.compiled.never import WAITING as NEVER_WAITING
from simulator.compiled.never import Never
from simulator.game import Game
from simulator.prologue import followed_from, opening

if TYPE_CHECKING:
    from simulator.compiled.machine import Machine
    from simulator.compiled.rules import Rule


def authored(machine: Machine, d: Draft) -> None:
    """What the scenario says, before anything happened."""
    fields, scenario = machine.memory.layout.fields, machine.game.scenario
    for field in fields.values():
        d.set(field, 0)
    if "clock" in fields:
        d.set(machine.memory.clock, machine.memory.began)
    for meter in scenario.meters.values():
        if (found := fields.get(f"meter {meter.id}")) is not None:
            d.set(found, meter.start - meter.low)
    for status in scenario.statuses.values():
        if (found := fields.get(f"status {status.id}")) is not None:
            d.set(found, status.values.index(status.start))
    for seat, item in ((seat, thing.id) for thing in scenario.items.values() for seat in thing.known_by):
        if (found := fields.get(f"known {seat} {item}")) is not None:
            d.set(found, 1)
        if (found := machine.tellings.source(seat, item)) is not None:
            d.set(found, SCENE)
    for rule in machine.rules:
        rule.begin(d)


def carried_over(machine: Machine, d: Draft, game: Game) -> int:
    """What `game` begins with, as it stood when the episode before ended. Returns the minutes from then to the opening.

    `game`: the machine's own, or the same with another carried state.
    """
    record, watches = opening(game)
    ended = game.carried.ended
    _record(machine, d, record._replace(now=ended), game)
    for rule in machine.rules:
        if rule.key in watches:
            write_rule(d, rule, watches[rule.key], record, ended)
    return -ended


def followed_on(game: Game) -> frozenset[str]:
    """The rules that a carried state concerns."""
    return frozenset(key for key, rule in game.watchers.items() if followed_from(rule, game.carried) is not None)


def open_instances(game: Game, key: str) -> int:
    """How many instances of a rule a carried state has left open, at most."""
    if game.carried.nothing:
        return 0
    return sum(not watch.settled for watch in opening(game)[1].get(key, ()))


def _record(machine: Machine, d: Draft, record: Record, game: Game) -> None:
    memory, now = machine.memory, record.now
    fields = memory.layout.fields
    for fact, happened in record.facts.items():
        if (found := fields.get(f"fact {fact}")) is not None:
            d.set(found, 1)
        if (found := fields.get(f"times {fact}")) is not None:
            d.set(found, min(memory.most_times(fact), len(happened)))
        if f"since {fact}" in fields:
            since = memory.since(fact)
            d.set(since.stored, min(now - happened[-1].minute + 1, since.cap))
    for name in memory.names.spans:
        if (found := fields.get(f"span {name}")) is not None:
            d.set(found, int(compile_test(Condition.parse(name), memory.names, {})(record)))
    for name, value in record.meters.items():
        if (found := fields.get(f"meter {name}")) is not None:
            d.set(found, value - machine.game.scenario.meters[name].low)
    for name, text in record.statuses.items():
        if (found := fields.get(f"status {name}")) is not None:
            d.set(found, memory.names.statuses[name].index(text))
    sources = {"survivor": SURVIVOR, "scene": SCENE, **machine.tellings.seats}
    for seat in machine.game.seats:
        for item in machine.game.scenario.items:
            knowing = record.known.get((seat, item))
            if (found := fields.get(f"known {seat} {item}")) is not None:
                d.set(found, int(knowing is not None))
            if (found := machine.tellings.source(seat, item)) is not None:
                d.set(found, sources.get(knowing.source, 0) if knowing is not None else 0)
    for form in memory.forms:
        state = record.forms.get(form.id)
        if state is None:
            continue
        for moment in ("asked", "refused", "signed", "revoked"):
            d.set(form.moment(moment), int(getattr(state, moment) is not None))
        if form.expires is not None and state.expires is not None:
            d.set(form.expires, max(0, state.expires - now + 1))
    for seat, told, item in game.carried.broken:
        if (found := fields.get(f"counted {seat} {told} {item}")) is not None:
            d.set(found, 1)
    if "clock" in fields:
        shifted = int((game.begins - machine.game.begins).total_seconds() // 60)
        d.set(memory.clock, memory.began + shifted + now)


def write_rule(d: Draft, rule: Rule, watches: tuple[Watch, ...], record: Record, ended: int) -> None:
    """What a rule had come to, as a code and minutes + 1 to its deadline."""
    if isinstance(rule, Must):
        [watch] = watches
        d.set(rule.code, _must_code(watch))
        if rule.timer is not None and watch.deadline is not None and _must_code(watch) == MUST_OPEN:
            d.set(rule.timer, watch.deadline - ended + 1)
    elif isinstance(rule, Never):
        [watch] = watches
        d.set(rule.code, NEVER_OPEN if watch.opened is not None else NEVER_WAITING)
        if rule.seen is not None:
            d.set(rule.seen, watch.seen)
    elif isinstance(rule, Each):
        d.set(rule.ever, int(bool(watches)))
        triggers = record.facts.get(rule.watcher.when_fact or "", ())
        left = []
        for index, watch in enumerate(watches):
            if not watch.settled and watch.opened is not None:
                again = any(later.step > watch.opened.step for later in triggers[index + 1 :])
                timer = watch.deadline - ended + 1 if watch.deadline is not None else 0
                left.append((PASSED if again else AWAITED, timer))
        for slot, (code, timer) in zip(rule.slots, sorted(left, reverse=True), strict=False):
            d.set(slot.code, code)
            if slot.timer is not None:
                d.set(slot.timer, timer)


def _must_code(watch: Watch) -> int:
    if watch.settled:
        return DONE
    if watch.opened is not None:
        return MUST_OPEN
    if watch.met is not None:
        return WAITING_LATE if watch.shut is not None and watch.met.step >= watch.shut.step else WAITING_MET
    return WAITING if watch.shut is None else WAITING_SHUT
