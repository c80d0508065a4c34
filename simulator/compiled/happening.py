"""What an action brings about, on many states at once: time, facts, meters, statuses, papers, tellings; then the rules are asked."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

import numpy as np

from simulator.compiled.draft import Array, Draft, Number, at_least, at_most, choose
from simulator.compiled.preparing import Move, Prepared
from simulator.compiled.tellings import learns
from simulator.game import PlayEffects
from simulator.model import Effects

Order = list[tuple[int, Number]]  # places in `Move.acts`, each with the minutes since the one before


def happen(game: Prepared, d: Draft, effects: PlayEffects, seat: str | None) -> None:
    """The action runs its time, then its effects become true."""
    d.pass_time(_length(game, d, effects))
    become_true(game, d, effects, seat)


def become_true(game: Prepared, d: Draft, effects: PlayEffects, seat: str | None) -> None:
    """All effects of one action at one moment, and what the rules that read them make of it."""
    memory = game.memory
    fields = memory.layout.fields
    for fact in effects.records:
        memory.record(d, fact)
    if effects.records:
        memory.settle_spans(d, effects.records)
    for name, by in effects.change:
        if (field := fields.get(f"meter {name}")) is not None:
            meter = game.game.scenario.meters[name]
            d.set(field, at_most(at_least(memory.own(d, field) + by, 0), meter.high - meter.low))
    for name, value in effects.set:
        if (field := fields.get(f"status {name}")) is not None:
            d.set(field, memory.names.statuses[name].index(value))
    if effects.ledger is not None:
        _ledger(game, d, effects.ledger, seat)
    for rule in game.asked(effects):
        rule.ask(d, seat)


def orders(game: Prepared, d: Draft, move: Move) -> Iterator[tuple[Draft, Order]]:
    """In which order the actions of a together scene end. Rows that differ in it, or in which actions end at the same
    moment, go on apart."""
    ends = [_length(game, d, action.effects) for _, action in move.acts]
    fixed = [end for end in ends if isinstance(end, int)]
    if len(fixed) == len(ends):
        order = sorted(range(len(ends)), key=lambda n: (fixed[n], n))
        yield d, [(n, fixed[n] - (fixed[order[i - 1]] if i else 0)) for i, n in enumerate(order)]
        return
    if d.tracing:
        for each in permutations(range(len(ends))):
            yield d.take(np.zeros(0, dtype=bool)), [(n, ends[n]) for n in each]
        return
    table: Array = np.stack([np.broadcast_to(np.asarray(end), (d.n,)) for end in ends])
    sorted_ = np.argsort(table, axis=0, kind="stable")
    gaps = np.diff(np.take_along_axis(table, sorted_, axis=0), axis=0, prepend=0)
    patterns = np.concatenate([sorted_, gaps == 0])
    for pattern in np.unique(patterns, axis=1).T:
        same = np.all(patterns == pattern[:, None], axis=0)
        at_once = pattern[len(ends) :]
        yield d.take(same), [(int(n), 0 if at_once[i] else gaps[i][same]) for i, n in enumerate(pattern[: len(ends)])]


def _length(game: Prepared, d: Draft, effects: PlayEffects) -> Number:
    """Story minutes from now to the action's end."""
    if effects.until is None:
        return effects.minutes
    d.calendar = d.calendar or effects.until.minutes is None
    return game.memory.until(d, effects.until)


def _ledger(game: Prepared, d: Draft, given: Effects, seat: str | None) -> None:
    memory = game.memory
    if form := memory.asked_form(given.asks_release):
        d.set(form.asked, 1)
    if form := memory.asked_form(given.refuses_release):
        d.set(form.refused, 1)
    if form := memory.asked_form(given.signs_release):
        d.set(form.signed, 1)
        d.set(form.revoked, 0)
        if form.lasts is not None and form.expires is not None:
            d.set(form.expires, memory.until(d, form.lasts) + 1 + d.elapsed)
    if form := memory.asked_form(given.revokes_release):
        d.set(form.revoked, 1)
    for learner, items in given.learn.items():
        for item in items:
            if (known := memory.layout.fields.get(f"known {learner} {item}")) is not None:
                learns(d, known, game.tellings.source(learner, item))
    if seat is not None and game.judged:
        game.tellings.tell(d, seat, given.tell)
    elif seat is not None:
        _tell_unjudged(game, d, given, seat)


def _tell_unjudged(game: Prepared, d: Draft, given: Effects, seat: str) -> None:
    """What is told is known, whoever may tell it: where lines are left out."""
    fields = game.memory.layout.fields
    for told, item in ((to, item) for t in given.tell for to in t.to for item in t.items):
        knows, learner = fields[f"known {seat} {item}"], fields[f"known {told} {item}"]
        d.purpose = learner
        d.set(learner, choose(d.flag(knows), 1, d.get(learner)))
        d.purpose = None
