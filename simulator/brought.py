"""For the debrief: what an episode of a series began with, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.engine import State, start
from simulator.game import Game

BROUGHT = "What this episode began with"


def brought_along(game: Game) -> tuple[str, ...]:
    """What was carried over; nothing if the play began as its scenario says."""
    return () if game.carried.nothing else tuple(_brought(start(game)))


def _brought(begun: State) -> Iterator[str]:
    game, record = begun.game, begun.record
    carried, scenario = game.carried, begun.game.scenario
    kinds = {**game.vocabulary.facts, **scenario.facts}
    facts = dict.fromkeys(fact for moment in carried.moments for fact, _ in moment.facts if fact in kinds)
    if facts:
        yield "What had happened: " + " ".join(kinds[fact].text.rstrip(".") + "." for fact in facts)
    yield from _still_open(begun)
    for name in carried.meters:
        meter = scenario.meters[name]
        yield f"{meter.label}: {record.meters[name]} ({meter.low} to {meter.high})."
    for name, value in carried.statuses.items():
        yield f"{scenario.statuses[name].label or name}: {value}."
    for (seat, item), knowing in carried.known.items():
        source = scenario.seats[knowing.source].name if knowing.source in scenario.seats else knowing.source
        yield f"{scenario.seats[seat].name} knew {scenario.items[item].text} (from {source})."
    for name, form in carried.forms.items():
        stands = "valid" if form.valid_at(0) else "not valid"
        yield f"A release {scenario.releases[name].purpose.rstrip('.')}: {stands}."


def _still_open(begun: State) -> Iterator[str]:
    game = begun.game
    for key, rule in game.watchers.items():
        if rule.rule.when is None or rule.rule.never is not None or not rule.played:
            continue  # what holds from the start is no news
        for watch in begun.watches[key]:
            if watch.opened is not None and watch.opened.step < 0 and watch.met is None and not watch.settled:
                due = game.calendar.at(watch.deadline) if watch.deadline is not None else None
                until = f", due {due:%a} {due.day} {due:%b, %H:%M}" if due is not None else ""
                yield f"Still open: {rule.rule.text.rstrip('.')}{until}."
