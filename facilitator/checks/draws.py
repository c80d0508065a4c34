"""What has to be told apart has to be so in every draw (HS608)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product

from facilitator.checks.decisions import scenes
from facilitator.checks.gates import Finding, Subject, rule
from simulator.model import Action, Scenario, Seat
from simulator.reading.wording import PLACE
from simulator.variants import Variants, filled, whole, words


@rule("HS608", draft="warning", publish="warning")
def read_alike(subject: Subject) -> Iterator[Finding]:
    """Two seats with one name, or two options with one text."""
    scenario: Scenario = subject.read.draft
    if not scenario.variants:
        return
    seats = ((one, other, one.name, other.name) for one, other in combinations(scenario.seats.values(), 2))
    hint = "Which entry could be another name?"
    yield from _alike(subject, seats, "two seats can have the same name", "name", hint)
    options = (
        (one, other, one.text, other.text)
        for scene in scenes(scenario)
        for one, other in combinations(scene.actions.values(), 2)
        if one.seat == other.seat
    )
    yield from _alike(subject, options, "two options can read the same", "text", "Which words would tell them apart?")


def _alike(
    subject: Subject,
    pairs: Iterator[tuple[Seat, Seat, str, str]] | Iterator[tuple[Action, Action, str, str]],
    what: str,
    key: str,
    hint: str,
) -> Iterator[Finding]:
    reading = subject.read.reading
    for one, other, text, beside in pairs:
        same = meet(text, beside, subject.read.draft.variants)
        if same is not None:
            related = ((reading.node(one, key), "the first of the two"),)
            yield Finding(reading.node(other, key), f"{what}: “{same}”", hint, related=related)


def meet(one: str, other: str, variants: Variants) -> str | None:
    """What both texts come to in some draw; None if they differ in all, or if nothing is drawn in either."""
    places = PLACE.findall(one) + PLACE.findall(other)
    lists = [name for name in variants if any(_list(place) in (name, name.capitalize()) for place in places)]
    for numbers in product(*(range(len(variants[name])) for name in lists)) if lists else ():
        table = words(variants, whole(variants, dict(zip(lists, numbers, strict=True))))
        if (same := filled(one, table)) == filled(other, table):
            return same
    return None


def _list(place: str) -> str:
    return place.partition(".")[0]
