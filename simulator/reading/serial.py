"""What is looked up of a series: its scenarios, the seats that are played on, and every name that it carries over (HS27x)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any, NamedTuple, Protocol

from scoring.conditions import Condition, Names, reads
from scoring.rules import Jurisdiction, Mou, Rule, Vocabulary
from simulator.model import Effects, Scenario
from simulator.problems import did_you_mean
from simulator.reading.places import Reading
from simulator.series import NAMED, Carries, Episode, Series, seat_map

_LABEL = {
    "facts": "fact", "spans": "span", "meters": "meter", "statuses": "status", "items": "item", "releases": "release",
}  # fmt: skip


class AtHand(Protocol):
    """What a series is looked up in."""

    def names(self, kind: str) -> tuple[str, ...]:
        """The ids at hand of a kind of file."""

    def value(self, kind: str, name: str = "") -> Any:
        """What a file of that id holds, None if there is none or it has errors."""


class Step(NamedTuple):
    """From one episode to the next. `there`, `here`: their scenarios; `written`: where its carries are written."""

    number: int
    episode: Episode
    there: Scenario
    here: Scenario
    carries: Carries

    @property
    def seats(self) -> dict[str, str]:
        return seat_map(self.episode, self.there.seats, self.here.seats)


def check_series(series: Series, reading: Reading, library: AtHand) -> None:
    """Note every problem of a series in its source."""
    check = _Check(series, reading, library)
    if len(series.episodes) < 2:
        check.report(
            "HS271",
            reading.key(series, "episodes"),
            "a series has two episodes at least",
            "Which scenario goes on where this one ends?",
        )
    scenarios = [check.scenario(episode) for episode in series.episodes]
    for kind in ("framework", "mou", "jurisdiction"):
        check.same_setting(kind, scenarios)
    check.something()
    steps = [
        Step(number + 2, series.episodes[number + 1], there, here, series.taken_over(number + 2))
        for number, (there, here) in enumerate(pairwise(scenarios))
        if there is not None and here is not None
    ]
    for step in steps:
        check.seats(step)
        check.names(step)
    recorded: frozenset[str] = frozenset()
    for step in steps:
        recorded |= recorded_in(step.there)
        check.whole_rules(step, recorded)


def recorded_in(scenario: Scenario) -> frozenset[str]:
    """Every fact that something in the scenario may record, the engine's own note of a breach included."""
    scenes = [*scenario.scenes.values(), *(s for p in scenario.protocols.values() for s in p.scenes.values())]
    effects: list[Effects] = [each for scene in scenes for each in (scene, *scene.actions.values())]
    effects += scenario.consequences.values()
    found = frozenset(fact for each in effects for fact in each.records)
    found |= frozenset(fact for each in scenario.consults.values() for fact in each.records)
    spoken = any(how == "open" for how in (scenario.telling, *(scene.telling for scene in scenes)))
    return found | {"told_without_right"} if spoken or any(each.tell for each in effects) else found


class _Check:
    def __init__(self, series: Series, reading: Reading, library: AtHand) -> None:
        self.series, self.reading, self.library = series, reading, library
        vocabulary: Vocabulary | None = library.value("vocabulary")
        self.facts = frozenset(vocabulary.facts) if vocabulary else frozenset()
        self.spans = dict(vocabulary.spans) if vocabulary else {}
        self.lines = tuple(vocabulary.lines.values()) if vocabulary else ()

    def report(self, code: str, node: Any, message: str, hint: str, severity: Any = "error") -> None:
        self.reading.source.report(code, node, message, hint, severity=severity)

    def scenario(self, episode: Episode) -> Scenario | None:
        if not episode.scenario:
            return None
        node = self.reading.node(episode, "scenario")
        names = self.library.names("scenario")
        if episode.scenario not in names:
            hint = did_you_mean(episode.scenario, names, "scenario")
            self.report("HS214", node, f"there is no scenario “{episode.scenario}” at hand", hint)
            return None
        found: Scenario | None = self.library.value("scenario", episode.scenario)
        if found is None:
            said = f"the scenario “{episode.scenario}” has problems of its own"
            self.report("HS270", node, said, "What does “handoff check” say of it?")
        return found

    def same_setting(self, kind: str, scenarios: list[Scenario | None]) -> None:
        first = next((found for found in scenarios if found is not None), None)
        for episode, scenario in zip(self.series.episodes, scenarios, strict=True):
            if scenario is not None and first is not None and getattr(scenario, kind) != getattr(first, kind):
                label = "MOU" if kind == "mou" else kind
                self.report(
                    "HS275",
                    self.reading.node(episode, "scenario"),
                    f"“{scenario.id}” is played under the {label} “{getattr(scenario, kind)}”, “{first.id}” under “{getattr(first, kind)}”",
                    "Which of them holds for the whole series?",
                )

    def something(self) -> None:
        series = self.series
        for number, episode in enumerate(series.episodes[1:], 2):
            if not series.taken_over(number).anything:
                written = episode.carries or series.carries or episode
                hint = "What should this episode know of the one before?"
                self.report("HS277", self.reading.key(written), f"nothing is carried over to episode {number}", hint)
        for carries in (series.carries, *(episode.carries for episode in series.episodes)):
            if carries is not None:
                self._renamed(carries)

    def _renamed(self, carries: Carries) -> None:
        named = {name for kind in NAMED for name in getattr(carries, kind)}
        shared = [self.spans[span] for span in carries.spans if span in self.spans]
        spans = {fact for span in shared for fact in (span.begin, span.end)}
        for name in carries.renamed:
            if name not in named | spans:
                said = f"“{name}” is renamed, but not carried over"
                hint = did_you_mean(name, sorted(named), "name")
                self.report("HS280", self.reading.key(carries, "renamed", name), said, hint)

    def seats(self, step: Step) -> None:
        used: dict[str, str] = {}
        for old, new in step.episode.seats.items():
            key = self.reading.key(step.episode, "seats", old)
            for name, scenario in ((old, step.there), (new, step.here)):
                if name not in scenario.seats:
                    said = f"“{scenario.id}” has no seat “{name}”"
                    self.report("HS272", key, said, did_you_mean(name, scenario.seats, "seat", fixed=True))
            if new in used:
                self.report(
                    "HS272", key, f"“{used[new]}” and “{old}” are both played on as “{new}”", "Which of them is it?"
                )
            used[new] = old

    def names(self, step: Step) -> None:
        for kind in NAMED:
            for at, (old, new) in enumerate(step.carries.pairs(kind).items()):
                node = self.reading.node(step.carries, kind, at)
                known = [self._known(kind, scenario) for scenario in (step.there, step.here)]
                lacking = [
                    (name, scenario, names)
                    for name, scenario, names in ((old, step.there, known[0]), (new, step.here, known[1]))
                    if name not in names
                ]
                for name, scenario, names in lacking:
                    said = f"“{scenario.id}” has no {_LABEL[kind]} “{name}”"
                    self.report("HS273", node, said, did_you_mean(name, sorted(names), _LABEL[kind], fixed=True))
                if not lacking:
                    for code, said, hint in self._unlike(kind, old, new, step):
                        self.report(code, node, said, hint)
        voice = step.carries.voice
        endings = [scene.ending for scene in step.there.scenes.values() if scene.ending is not None]
        if voice is not None and not any(getattr(ending, voice) for ending in endings):
            said = f"no ending of “{step.there.id}” has a line “{voice}”"
            self.report(
                "HS279", self.reading.node(step.carries, "voice"), said, "What does she say as the next episode opens?"
            )

    def _known(self, kind: str, scenario: Scenario) -> Iterable[str]:
        own: Mapping[str, object] = getattr(scenario, kind)
        shared: Iterable[str] = {"facts": self.facts, "spans": self.spans}.get(kind, ())
        return {*own, *shared}

    def _unlike(self, kind: str, old: str, new: str, step: Step) -> Iterator[tuple[str, str, str]]:
        """In what a thing is not the same there and here: code, message, hint."""
        there, here = step.there, step.here
        if kind == "facts" and old != new and (old in self.facts or new in self.facts):
            yield (
                "HS274",
                f"“{old}” and “{new}” are not the same fact: rules read the shared vocabulary's by its name",
                ("Can it keep its name?"),
            )
        if kind == "spans":
            if old in self.spans and old != new:
                yield (
                    "HS274",
                    f"“{old}” is a word of the shared vocabulary, and keeps its name",
                    "Can it keep its name?",
                )
            elif old not in self.spans:
                one, other = there.spans[old], here.spans[new]
                named = step.carries.renamed
                if (named.get(one.begin, one.begin), named.get(one.end, one.end)) != (other.begin, other.end):
                    yield (
                        "HS274",
                        f"the span “{old}” begins and ends with other facts in “{here.id}”",
                        ("Are its facts renamed, too?"),
                    )
        if kind == "meters":
            a, b = there.meters[old], here.meters[new]
            if (a.low, a.high) != (b.low, b.high):
                said = f"“{old}” goes from {a.low} to {a.high} in “{there.id}”, “{new}” from {b.low} to {b.high} in “{here.id}”"
                yield "HS274", said, "Which range is meant in both?"
        if kind == "statuses" and (lost := set(there.statuses[old].values) - set(here.statuses[new].values)):
            said = f"“{old}” can be “{sorted(lost)[0]}” in “{there.id}”, “{new}” never in “{here.id}”"
            yield "HS274", said, "Which values are meant in both?"
        if kind == "items":
            c, d = there.items[old], here.items[new]
            if (c.kind, c.about) != (d.kind, d.about):
                yield (
                    "HS274",
                    f"“{old}” is of another kind, or about somebody else, in “{here.id}”",
                    "Is it the same item?",
                )
        if kind == "releases":
            yield from self._unlike_release(old, new, step)

    def _unlike_release(self, old: str, new: str, step: Step) -> Iterator[tuple[str, str, str]]:
        a, b, seats = step.there.releases[old], step.here.releases[new], step.seats
        for seat in (a.holder, *a.recipient):
            if seat not in seats:
                yield (
                    "HS276",
                    f"the release “{old}” names “{seat}”, who is not played on in “{step.here.id}”",
                    (f"Who of {', '.join(step.here.seats)} is it there?"),
                )
                return
        items = step.carries.pairs("items")
        if not set(a.items) <= set(items):
            lost = ", ".join(sorted(set(a.items) - set(items)))
            yield "HS276", f"the release “{old}” covers {lost}, not carried over", "Is it to be carried, too?"
            return
        same = (
            seats[a.holder] == b.holder
            and {seats[seat] for seat in a.recipient} == set(b.recipient)
            and {items[item] for item in a.items} == set(b.items)
            and (a.written, a.informed, a.free, a.signer, a.lasts) == (b.written, b.informed, b.free, b.signer, b.lasts)
            and str(a.taken_back) == str(b.taken_back)
        )
        if not same:
            said = f"the release “{new}” of “{step.here.id}” is not the paper that “{old}” is in “{step.there.id}”"
            yield "HS276", said, "Do holder, recipients, items and form agree?"
        elif a.taken_back is not None and (behind := self._left_behind(a.taken_back, step)):
            said = f"her word that she takes “{old}” back reads {', '.join(behind)}, not carried over"
            yield "HS276", said, "What was taken back must stay so. Is it to be carried, too?"

    def _left_behind(self, word: Condition, step: Step) -> list[str]:
        """What a condition reads that is not carried over under its own name."""
        spans = {name: (span.begin, span.end) for name, span in {**self.spans, **step.there.spans}.items()}
        names = Names(
            facts=self.facts | frozenset(step.there.facts),
            spans=spans,
            meters=frozenset(step.there.meters),
            statuses={name: status.values for name, status in step.there.statuses.items()},
        )
        carried = {*step.carries.facts, *step.carries.meters, *step.carries.statuses} - set(step.carries.renamed)
        carried |= {fact for span in step.carries.spans for fact in spans.get(span, ())}
        return sorted(f"“{name}”" for name in reads(word, names).names - carried)

    def whole_rules(self, step: Step, recorded: frozenset[str]) -> None:
        """A rule is carried over with all that it reads, or begins anew: with half of it, what was done would seem undone."""
        carried = {
            *step.carries.facts,
            *(f for s in step.carries.spans if s in self.spans for f in (self.spans[s].begin, self.spans[s].end)),
        }
        names = Names(facts=self.facts, spans={key: (s.begin, s.end) for key, s in self.spans.items()})
        mou: Mou | None = self.library.value("mou", step.here.mou)
        law: Jurisdiction | None = self.library.value("jurisdiction", step.here.jurisdiction)
        rules = [*self.lines, *(law.lines.values() if law else ()), *(mou.duties.values() if mou else ())]
        told: set[str] = set()
        for rule in rules if not step.carries.duties else ():
            read = facts_of(rule, names)
            lost = (read & recorded) - carried
            if read & carried and lost and not lost <= told:
                told |= lost
                what = ", ".join(f"“{fact}”" for fact in sorted(lost))
                self.report(
                    "HS278",
                    self.reading.key(step.carries, "facts"),
                    f"“{rule.id}” reads {what} too, which happens before episode {step.number} and is not carried over",
                    "Should it be carried, too? Else what was done would seem undone.",
                )


def facts_of(rule: Rule, names: Names) -> frozenset[str]:
    """The facts that a rule reads."""
    parts: tuple[Condition | None, ...] = (rule.when, rule.must, rule.each, rule.never, rule.before, rule.unless)
    return frozenset().union(*(reads(part, names).names for part in parts if part is not None))
