"""Whether a scenario can be won without understanding it, and whether everybody in it has something to decide (HS5xx).

Only what the author wrote is looked at, never what can be reached. What might be luck is not told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from fractions import Fraction

from facilitator.checks.decisions import Decision, decisions, luck, scenes, total
from facilitator.checks.gates import Finding, Subject, rule
from facilitator.checks.words import kindness
from simulator.inlining import inline
from simulator.model import Action, Scenario

SHARE = Fraction(2, 3)  # a habit that finds the best option this often is worth having
LUCK = 0.02  # …unless it could find it by luck more often than this
SMALL = Fraction(2, 3)  # of an equal share of the decisions; with two seats, a third of all
TEMPTING = 2  # the least appeal of an option that somebody would take


def _habit(subject: Subject, pick: Callable[[Decision], Action | None], what: str, hint: str) -> Iterator[Finding]:
    """Whether always picking like this finds the best-rated options. `pick` gives None where it has no opinion."""
    scenario: Scenario = subject.read.draft
    picked = [(each, pick(each)) for each in decisions(scenes(scenario)) if each.keyed]
    tried = [(each, option) for each, option in picked if option is not None]
    hits = [(each, option) for each, option in tried if option in each.best]
    chances = [len(each.best) / len(each.options) for each, _ in tried]
    if not hits or Fraction(len(hits), len(tried)) < SHARE or luck(chances, len(hits)) > LUCK:
        return
    reading = subject.read.reading
    related = tuple((reading.key(option), f"in “{each.scene.id}”") for each, option in hits)
    yield Finding(
        reading.key(scenario, "scenes"),
        f"in {len(hits)} of {len(tried)} decisions the best-rated option is {what}",
        hint,
        related=related,
    )


@rule("HS501", draft="warning", publish="warning")
def best_by_its_place(subject: Subject) -> Iterator[Finding]:
    hint = "Could the options change places in some of these scenes?"
    yield from _habit(subject, lambda decision: decision.options[0], "the first", hint)
    yield from _habit(subject, lambda decision: decision.options[-1], "the last", hint)


@rule("HS502", draft="warning", publish="warning")
def best_by_its_length(subject: Subject) -> Iterator[Finding]:
    def longest(decision: Decision) -> Action | None:
        return _outstanding(decision, lambda option: len(subject.told(option.text)))

    hint = "Could some of the others say as much, or these say it in fewer words?"
    yield from _habit(subject, longest, "the longest", hint)


@rule("HS503", draft="warning", publish="warning")
def best_by_its_wording(subject: Subject) -> Iterator[Finding]:
    def kindest(decision: Decision) -> Action | None:
        return _outstanding(decision, lambda option: kindness(subject.told(option.text)))

    hint = "Would a decent, tired professional put the other options more kindly, too?"
    yield from _habit(subject, kindest, "the one with the kindest words", hint)


def _outstanding(decision: Decision, measure: Callable[[Action], int]) -> Action | None:
    """The option that has more of something than each of the others."""
    ordered = sorted(decision.options, key=measure, reverse=True)
    return ordered[0] if measure(ordered[0]) > measure(ordered[1]) else None


@rule("HS504", draft="warning", publish="warning")
def little_to_decide(subject: Subject) -> Iterator[Finding]:
    scenario: Scenario = subject.read.draft
    played, _ = inline(scenario)
    counts = Counter(each.seat for each in decisions(played.scenes.values()))
    everything, number = sum(counts.values()), len(scenario.seats)
    if number < 2:
        return
    for seat in scenario.seats.values():
        if counts[seat.id] < SMALL * everything / number:
            yield Finding(
                subject.read.reading.key(seat),
                f"{seat.name} has {counts[seat.id]} of {everything} decisions",
                f"Where could {seat.name} choose, rather than be told what happens?",
            )


@rule("HS505", draft="warning", publish="warning")
def never_observable(subject: Subject) -> Iterator[Finding]:
    scenario: Scenario = subject.read.draft
    framework = subject.shelf.framework
    seen = {
        principle
        for each in decisions(scenes(scenario))
        if each.scene.judgement is None
        for principle in _rated(each)
        if len({option.practice.get(principle, 0) for option in each.options}) > 1
    }
    told: set[str] = set()
    for scene in scenes(scenario):
        for action in scene.actions.values():
            for principle in action.practice:
                if principle in seen or principle in told:
                    continue
                told.add(principle)
                known = framework.principles.get(principle) if framework is not None else None
                yield Finding(
                    subject.read.reading.key(action, "practice", principle),
                    f"“{known.label if known else principle}” is rated, and in no scene do the options differ on it",
                    "Which other option here does better or worse on it, or can the rating go?",
                )


def _rated(decision: Decision) -> set[str]:
    return {principle for option in decision.options for principle in option.practice}


@rule("HS506", draft="warning", publish="warning")
def only_harm(subject: Subject) -> Iterator[Finding]:
    for each in decisions(scenes(subject.read.draft)):
        if each.scene.judgement is None and all(total(option) < 0 for option in each.options):
            yield Finding(
                subject.read.reading.key(each.scene),
                f"whatever {each.seat} does here is rated as harm",
                "What could a good professional do at this moment?",
            )


@rule("HS507", draft="warning", publish="warning")
def no_temptation(subject: Subject) -> Iterator[Finding]:
    reading = subject.read.reading
    for each in decisions(scenes(subject.read.draft)):
        worse = [option for option in each.options if option not in each.best]
        written = all(reading.node(option, "appeal") is not reading.node(option) for option in worse)
        if each.keyed and written and max(option.appeal for option in worse) < TEMPTING:
            yield Finding(
                reading.key(each.scene),
                f"no lower-rated option here has an appeal of {TEMPTING} or more, so nobody would choose wrongly",
                "What does a decent, tired professional really do here, and why does it seem right to them?",
            )


RULES = (
    best_by_its_place,
    best_by_its_length,
    best_by_its_wording,
    little_to_decide,
    never_observable,
    only_harm,
    no_temptation,
)
