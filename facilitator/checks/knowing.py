"""What is seen in the text alone about releases, and about guards that read what their seat cannot know (HS405, HS406, HS411)."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from facilitator.checks.gates import Finding, Subject, rule
from scoring.conditions import Condition
from scoring.rules import Vocabulary
from simulator.inlining import Circular, inline
from simulator.model import CHANCE, Effects, Scenario, Scene
from simulator.presence import Attendance, witnesses

_FORMS = ("asked", "refused", "signed", "revoked", "valid")


@rule("HS405", draft="warning", publish="warning")
def never_expires(subject: Subject) -> Iterator[Finding]:
    scenario: Scenario = subject.read.draft
    for form in scenario.releases.values():
        meant = form.written and form.informed and form.free and form.signer in ("survivor", "guardian", "minor")
        if form.lasts is None and meant:
            yield Finding(
                subject.read.reading.key(form),
                f"the release “{form.id}” has no end, so it permits nothing",
                "For how long does she want it to hold (“lasts: 7 days”)?",
            )


@rule("HS411", draft="warning", publish="warning")
def several_recipients(subject: Subject) -> Iterator[Finding]:
    scenario: Scenario = subject.read.draft
    mou = subject.shelf.mou
    if mou is None or not mou.one_recipient_per_release:
        return
    for form in scenario.releases.values():
        if len(form.recipient) > 1:
            yield Finding(
                subject.read.reading.key(form, "recipient"),
                f"the release “{form.id}” names {len(form.recipient)} recipients; “{mou.title}” wants one form for each",
                "Which of them does this form name, and does the other need one of its own?",
            )


@dataclass
class Seen:
    """Who witnesses what is done to the record: the seats there, by (kind, name)."""

    seats: dict[tuple[str, str], set[str]] = field(default_factory=dict)

    def note(self, kind: str, name: str, present: set[str]) -> None:
        self.seats.setdefault((kind, name), set()).update(present)

    def hidden(self, kind: str, name: str, seat: str) -> bool:
        """Whether it is done somewhere, and nowhere that this seat could know of it."""
        return (kind, name) in self.seats and seat not in self.seats[kind, name]


@rule("HS406", draft="warning", publish="warning")
def reads_the_hidden(subject: Subject) -> Iterator[Finding]:
    """A seat knows what it did or witnessed, what it learned, and what it was sent; so much is certain from the text."""
    draft: Scenario = subject.read.draft
    try:
        scenario, origins = inline(draft)
    except (Circular, KeyError):
        return
    vocabulary: Vocabulary | None = subject.shelf.vocabulary
    spans = {**(vocabulary.spans if vocabulary is not None else {}), **scenario.spans}
    seen = witnessed(scenario)
    told: set[tuple[tuple[str, ...], str]] = set()
    for scene in scenario.scenes.values():
        for action in scene.actions.values():
            seat = action.seat or (scene.turn[0] if len(scene.turn) == 1 else None)
            if seat is None or seat == CHANCE or action.when is None:
                continue
            hidden = hidden_in(action.when, seat, seen, scenario, {name: (s.begin, s.end) for name, s in spans.items()})
            path = (*origins.get(scene.id, ("scenes", scene.id)), "actions", action.id)
            for what in hidden:
                if (path, what) not in told:
                    told.add((path, what))
                    yield Finding(
                        subject.read.source.find(*path, "when"),
                        f"whether this is open tells {scenario.seats[seat].name} {what}",
                        "Should somebody tell them first, or could the condition ask what they do know?",
                    )


def witnessed(scenario: Scenario) -> Seen:
    seen = Seen()
    attendance = Attendance(scenario)
    for scene in scenario.scenes.values():
        present = _present(scene, attendance)
        _note(seen, scene, present)
        for action in scene.actions.values():
            sent = {seat for message in action.message for seat in message.to}
            _note(seen, action, present | sent)
    for inject in scenario.injects.values():
        there = set(scenario.seats if inject.present is None else inject.present) | set(inject.private)
        _note(seen, inject.effects, there)
    return seen


def _present(scene: Scene, attendance: Attendance) -> set[str]:
    """Who is there; a seat that is told something of its own here may be told just this."""
    acting = {seat for seat in scene.turn if seat != CHANCE}
    return {*witnesses(scene, attendance.at(scene.id)), *acting, *scene.private}


def _note(seen: Seen, effects: Effects, present: set[str]) -> None:
    for fact in effects.records:
        seen.note("fact", fact, present)
    for status in effects.set:
        seen.note("status", status, present)
    for meter in effects.change:
        seen.note("meter", meter, present)
    for form in (effects.asks_release, effects.signs_release, effects.refuses_release, effects.revokes_release):
        if form is not None:
            seen.note("form", form, present)
    for seat, items in effects.learn.items():
        for item in items:
            seen.note(f"item {seat}", item, present | {seat})
    for tell in effects.tell:
        for seat in tell.to:
            for item in tell.items:
                seen.note(f"item {seat}", item, present | {seat})


def hidden_in(
    condition: Condition, seat: str, seen: Seen, scenario: Scenario, spans: Mapping[str, tuple[str, str]]
) -> Iterator[str]:
    """What the condition reads of which this seat can know nothing, in words."""
    for node in ast.walk(condition.tree):
        match node:
            case ast.Call(func=ast.Name(id="knows"), args=[ast.Name(id=who), ast.Name(id=item)]):
                start = who in scenario.items[item].known_by
                if who != seat and not start and seen.hidden(f"item {who}", item, seat):
                    yield f"whether {scenario.seats[who].name} knows “{item}”"
            case ast.Call(func=ast.Name(id=test), args=[ast.Name(id=form)]) if test in _FORMS:
                release = scenario.releases[form]
                if seat not in (release.holder, *release.recipient) and seen.hidden("form", form, seat):
                    yield f"what became of the release “{form}”"
            case ast.Name(id=name):
                if name in scenario.meters:
                    if seat not in scenario.meters[name].shown_to and seen.hidden("meter", name, seat):
                        yield f"how “{name}” stands"
                elif name in scenario.statuses:
                    if seen.hidden("status", name, seat):
                        yield f"how “{name}” stands"
                elif all(seen.hidden("fact", fact, seat) for fact in spans.get(name, (name,))):
                    yield f"whether “{name}” has happened"


RULES = (never_expires, several_recipients, reads_the_hidden)
