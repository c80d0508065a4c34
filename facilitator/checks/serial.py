"""What is seen in the texts of a series: guards that read what was carried over and their seat could not know (HS281)."""

from __future__ import annotations

from collections.abc import Iterator

from facilitator.checks.gates import Finding, Rule, Subject
from facilitator.checks.knowing import Seen, hidden_in, witnessed
from simulator.inlining import Circular, inline
from simulator.library import Library
from simulator.model import CHANCE, Scenario
from simulator.series import Carries, Series, seat_map


def series_rules(library: Library) -> tuple[Rule, ...]:
    """The rules for a series. `library`: where its scenarios are."""
    return (Rule("HS281", "warning", "warning", lambda subject: _carried_unseen(subject, library)),)


def _carried_unseen(subject: Subject, library: Library) -> Iterator[Finding]:
    series: Series = subject.read.draft
    scenarios = [_whole(library.value("scenario", episode.scenario)) for episode in series.episodes]
    before: Seen | None = None
    for number, scenario in enumerate(scenarios, 1):
        if scenario is None:
            return
        own = witnessed(scenario)
        seen = own
        if before is not None and (there := scenarios[number - 2]) is not None:
            seats = seat_map(series.episodes[number - 1], there.seats, scenario.seats)
            seen = _joined(own, _carried(before, series.taken_over(number), seats, subject, there))
            for what in _hidden_guards(scenario, seen, own, subject):
                yield Finding(
                    subject.read.reading.node(series.episodes[number - 1], "scenario"),
                    f"in “{scenario.id}”, {what}, which happened in an episode before, out of their sight",
                    "Should somebody tell them first, or could the condition ask what they do know?",
                )
        before = seen


def _whole(scenario: Scenario | None) -> Scenario | None:
    try:
        return inline(scenario)[0] if scenario is not None else None
    except (Circular, KeyError):
        return None


def _carried(before: Seen, carries: Carries, seats: dict[str, str], subject: Subject, there: Scenario) -> Seen:
    """Who there witnessed what is carried over, in the names of here."""
    facts = carries.pairs("facts")
    for span in carries.spans:
        found = there.spans.get(span) or (
            subject.shelf.vocabulary.spans.get(span) if subject.shelf.vocabulary else None
        )
        facts |= {fact: carries.renamed.get(fact, fact) for fact in ((found.begin, found.end) if found else ())}
    if carries.duties:
        facts |= {name: name for kind, name in before.seats if kind == "fact" and name not in there.facts}
    names = {
        "fact": facts,
        "status": carries.pairs("statuses"),
        "meter": carries.pairs("meters"),
        "form": carries.pairs("releases"),
    }
    items, made = carries.pairs("items"), Seen()
    for (kind, name), present in before.seats.items():
        here = {seats[seat] for seat in present if seat in seats}
        if kind in names and name in names[kind]:
            made.note(kind, names[kind][name], here)
        elif kind.startswith("item ") and name in items and (who := kind.removeprefix("item ")) in seats:
            made.note(f"item {seats[who]}", items[name], here)
    return made


def _joined(one: Seen, other: Seen) -> Seen:
    made = Seen()
    for seen in (one, other):
        for (kind, name), present in seen.seats.items():
            made.note(kind, name, present)
    return made


def _hidden_guards(scenario: Scenario, seen: Seen, own: Seen, subject: Subject) -> Iterator[str]:
    """What guards tell their seats that happened before; what the scenario's own check says is left out."""
    vocabulary = subject.shelf.vocabulary
    spans = {**(vocabulary.spans if vocabulary is not None else {}), **scenario.spans}
    pairs = {name: (span.begin, span.end) for name, span in spans.items()}
    for scene in scenario.scenes.values():
        for action in scene.actions.values():
            seat = action.seat or (scene.turn[0] if len(scene.turn) == 1 else None)
            if seat is None or seat == CHANCE or action.when is None:
                continue
            told = set(hidden_in(action.when, seat, own, scenario, pairs))
            for what in hidden_in(action.when, seat, seen, scenario, pairs):
                if what not in told:
                    yield f"whether “{action.id}” is open tells {scenario.seats[seat].name} {what}"
