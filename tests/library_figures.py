"""What the library has to be good at, measured: how long, how fair, how readable a scenario is, and whether its ways differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from statistics import correlation, fmean, pstdev
from typing import NamedTuple

from facilitator.checks.decisions import Decision, decisions, total
from facilitator.checks.texts import prose
from facilitator.checks.words import grade
from simulator.inlining import inline
from simulator.library import Bundle
from simulator.model import CHANCE, Scenario
from simulator.session import game_of
from simulator.speaking import silenced
from simulator.variants import worded

PLAYS, SEED = 60, 1


class Option(NamedTuple):
    """An option of a rated decision. `length`: characters, less the mean of its decision; `rating`: points, less that mean."""

    length: float
    rating: float


class Place(NamedTuple):
    """Where the only best option of a decision stands, from 0, among `of` options."""

    at: int
    of: int


@dataclass(frozen=True)
class Shape:
    """A scenario as its author drew it, protocols played in their places."""

    scenes: int
    decisions: dict[str, int]  # by seat, as written
    together: int
    judgements: int
    predictions: int
    endings: int
    injects: int
    variants: int
    open: int  # scenes in which telling is open
    felt: float  # of all rated options, the share that has her account
    grade: float


def played(scenario: Scenario) -> Scenario:
    """With its protocols in their places and the first draw of its variants."""
    whole, _ = inline(worded(scenario, {}))
    return whole


def rated(scenario: Scenario) -> list[Decision]:
    """The decisions in which something is better than something else."""
    return [each for each in decisions(scenario.scenes.values()) if each.keyed]


def shape(scenario: Scenario) -> Shape:
    whole = played(scenario)
    scenes = list(whole.scenes.values())
    counts = Counter(each.seat for each in decisions(scenes))
    options = [option for each in rated(whole) for option in each.options]
    texts = "\n".join(each.text for each in prose(whole) if len(each.text.split()) > 3)
    return Shape(
        scenes=len(scenes),
        decisions={seat: counts[seat] for seat in whole.seats},
        together=sum(len([seat for seat in scene.turn if seat != CHANCE]) > 1 for scene in scenes),
        judgements=sum(scene.judgement is not None for scene in scenes),
        predictions=sum(bool(scene.predict) for scene in scenes),
        endings=sum(scene.ending is not None for scene in scenes),
        injects=len(whole.injects),
        variants=len(whole.variants),
        open=sum((scene.telling or whole.telling) == "open" and bool(scene.turn) for scene in scenes),
        felt=sum(option.felt is not None for option in options) / max(len(options), 1),
        grade=grade(texts),
    )


def options(scenario: Scenario) -> Iterator[Option]:
    """Every option of a rated decision: how long it is to read, and how it is rated, beside the others there."""
    for each in rated(played(scenario)):
        lengths = [len(" ".join(option.text.split())) for option in each.options]
        ratings = [total(option) for option in each.options]
        for length, rating in zip(lengths, ratings, strict=True):
            yield Option(length - fmean(lengths), rating - fmean(ratings))


def places(scenario: Scenario) -> Iterator[Place]:
    """Where the best option stands, in decisions that have only one."""
    for each in rated(played(scenario)):
        if len(each.best) == 1:
            yield Place(each.options.index(each.best[0]), len(each.options))


def related(found: list[Option]) -> float:
    """Pearson's correlation of length and rating."""
    return correlation([each.length for each in found], [each.rating for each in found])


def unevenness(found: list[Place]) -> tuple[float, int]:
    """Chi-square of how often the best option stands at each place, against chance; and its degrees of freedom."""
    most = max(place.of for place in found)
    expected = [sum(1 / place.of for place in found if place.of > at) for at in range(most)]
    seen = [sum(place.at == at for place in found) for at in range(most)]
    return sum((s - e) ** 2 / e for s, e in zip(seen, expected, strict=True)), most - 1


@dataclass(frozen=True)
class Plays:
    """What sampled plays of one kind of player lost on practice, and how many decisions they had."""

    practice: list[int]
    decisions: Counter[int]

    @property
    def mean(self) -> float:
        return fmean(self.practice)

    @property
    def spread(self) -> float:
        return pstdev(self.practice)


def sampled(bundle: Bundle, plays: int = PLAYS) -> dict[str, Plays]:
    """Expert, typical and random plays, with all seats alike."""
    from simulator.compiled.graph import explored
    from simulator.compiled.values import Values
    from simulator.outlook.policies import prepare
    from simulator.outlook.tables import Tables
    from simulator.outlook.tally import notes_of, samples

    game = game_of(bundle)
    game = replace(game, scenario=silenced(game.scenario))
    graph = explored(game, limit=3_000_000, exact_clock=True)
    tables, values = Tables.of(graph), Values(graph)
    notes = notes_of(tables)
    found = {}
    for kind in ("expert", "typical", "random"):
        draws = prepare(tables, dict.fromkeys(game.seats, kind), values)
        lost, before, last = [], 0, None
        for last in samples(tables, notes, draws, plays, SEED, company=1):
            lost.append(last.lost["practice"] - before)
            before = last.lost["practice"]
        assert last is not None
        found[kind] = Plays(lost, last.decisions)
    return found
