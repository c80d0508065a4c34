"""A game: one scenario under one setting (MOU, jurisdiction), prepared once so that stepping it is quick.

Everything here is derived from the texts and never changes during play. Two things ask what the law is: the story (what is
open, which way it goes, how long “next business day” is, when papers run out) and the rules (lines, duties, the ledger,
deadlines). Here both ask the same law; `rejudging` parts them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from scoring.clock import Calendar, Span
from scoring.conditions import Condition, Names, Test, compile_test
from scoring.duties import Watcher, watcher
from scoring.first_rights import FIRST_RIGHTS, FIRST_SIGNERS
from scoring.ledger import Teller
from scoring.rights import Right, Signer
from scoring.rules import Framework, Jurisdiction, Line, Mou, Role, Vocabulary
from simulator.carried import NOTHING, Carried
from simulator.model import CHANCE, Action, Branch, Effects, Inject, Scenario, Scene
from simulator.presence import Attendance, witnesses
from simulator.speaking import Speech, as_narration, can_follow, following, is_open, speeches

# Recorded by the engine, if the vocabulary has them: when the ledger finds a breach; when somebody asks for a confidence.
BREACH_FACT, ASKED_FACT = "told_without_right", "confidence_asked_of_advocate"


class PlayEffects(NamedTuple):
    """The effects of an action or a narration, in the shape the engine wants. `plain`: nothing but time and facts."""

    minutes: int
    until: Span | None
    records: tuple[str, ...]
    change: tuple[tuple[str, int], ...]
    set: tuple[tuple[str, str], ...]
    ledger: Effects | None  # the author's effects, when they touch the ledger


class PlayAction(NamedTuple):
    """An action ready to play. `open`: its guard, None if always open. `speech`: what it is, if it was said unprompted;
    then `speaking.opened` is its guard."""

    id: str
    seat: str | None
    open: Test | None
    effects: PlayEffects
    route: tuple[tuple[Test | None, str], ...]
    action: Action
    speech: Speech | None = None


class PlayScene(NamedTuple):
    """A scene ready to play. `seats`: who acts; empty for narration, chance and endings. `speeches`: what the seat on turn may
    say unprompted, by the name of its step."""

    id: str
    seats: tuple[str, ...]
    chance: bool
    ending: bool
    narration: bool
    actions: Mapping[str, PlayAction]
    effects: PlayEffects | None
    route: tuple[tuple[Test | None, str], ...]
    present: frozenset[str]
    scene: Scene
    speeches: Mapping[str, PlayAction]

    @property
    def steps(self) -> Mapping[str, PlayAction]:
        """Everything a seat or chance may do here: actions, then speeches."""
        return {**self.actions, **self.speeches} if self.speeches else self.actions


class PlayInject(NamedTuple):
    """An inject ready to play. `due`: the story minute from which it comes; `test`: the condition on which it does; both None: by hand."""

    id: str
    due: int | None
    test: Test | None
    scenes: frozenset[str]  # empty: any
    present: frozenset[str]
    effects: PlayEffects
    inject: Inject

    @property
    def by_hand(self) -> bool:
        return self.due is None and self.test is None

    def may_come_in(self, scene: PlayScene) -> bool:
        """Whether the scene is one it may come in; an ending never is."""
        return not scene.ending and (not self.scenes or scene.id in self.scenes)


def switches_of(law: Jurisdiction) -> Mapping[str, bool]:
    return {switch.id: switch.value for switch in law.switches.values()}


@dataclass(frozen=True)
class Game:
    """A scenario under a setting. Build it once with the texts; all plays of that setting share it.

    `carried`: what an episode of a series begins with.
    """

    scenario: Scenario
    mou: Mou
    jurisdiction: Jurisdiction
    framework: Framework
    vocabulary: Vocabulary
    carried: Carried = field(default=NOTHING, kw_only=True)

    @property
    def begins(self) -> datetime:
        """The moment of minute 0."""
        return self.carried.begins or self.scenario.starts

    @property
    def story_law(self) -> Jurisdiction:
        """The law that the story's guards and its calendar ask."""
        return self.jurisdiction

    @cached_property
    def calendar(self) -> Calendar:
        """The story's calendar: how long an `until` lasts, when papers run out."""
        return Calendar(self.begins, frozenset(h.date for h in self.story_law.holidays))

    @cached_property
    def deadlines(self) -> Calendar:
        """The calendar by which the deadlines of rules are counted."""
        return Calendar(self.begins, frozenset(h.date for h in self.jurisdiction.holidays))

    @cached_property
    def switches(self) -> Mapping[str, bool]:
        """The legal switches as rules read them."""
        return switches_of(self.jurisdiction)

    @cached_property
    def story_switches(self) -> Mapping[str, bool]:
        """The legal switches as the story's guards and routes read them."""
        return switches_of(self.story_law)

    @cached_property
    def names(self) -> Names:
        """Every name a condition of this game may use. A switch the jurisdiction lacks reads as false."""
        scenario, vocabulary = self.scenario, self.vocabulary
        spans = {**vocabulary.spans, **scenario.spans}
        return Names(
            facts=frozenset(vocabulary.facts) | frozenset(scenario.facts),
            spans={key: (span.begin, span.end) for key, span in spans.items()},
            meters=frozenset(scenario.meters),
            statuses={key: tuple(status.values) for key, status in scenario.statuses.items()},
            items=frozenset(scenario.items),
            seats=frozenset(scenario.seats),
            forms=frozenset(scenario.releases),
            switches=frozenset(self.switches),
        )

    @cached_property
    def seats(self) -> tuple[str, ...]:
        """The seats, in the author's order."""
        return tuple(self.scenario.seats)

    @cached_property
    def attendance(self) -> Attendance:
        """Who is in the story in which scene."""
        return Attendance(self.scenario)

    @cached_property
    def tellers(self) -> Mapping[str, Teller]:
        return {
            seat.id: Teller(
                seat=seat.id,
                role=self.role(seat.id),
                employer=seat.employer,
                grant=seat.victim_services_grant is not None,
            )
            for seat in self.scenario.seats.values()
        }

    def role(self, seat: str) -> Role:
        return self.vocabulary.roles[self.scenario.seats[seat].role]

    def in_roles(self, roles: tuple[str, ...]) -> frozenset[str]:
        """The seats that have one of these roles."""
        return frozenset(seat.id for seat in self.scenario.seats.values() if seat.role in roles)

    @cached_property
    def lines(self) -> Mapping[str, Line]:
        """Life-safety lines of the vocabulary, then legal lines; a jurisdiction cannot take one away."""
        return {**self.jurisdiction.lines, **self.vocabulary.lines}

    @cached_property
    def telling_lines(self) -> Mapping[str, tuple[Line, frozenset[str]]]:
        """What kind of telling each ledger line forbids, and the seats it binds: by role, or because a grant does."""
        granted = frozenset(seat for seat, teller in self.tellers.items() if teller.grant)
        return {
            line.telling: (
                line,
                (self.in_roles(line.roles) | (granted if line.telling == "confidential" else frozenset()))
                if line.roles
                else frozenset(self.seats),
            )
            for line in self.lines.values()
            if line.telling is not None
        }

    @cached_property
    def rights(self) -> tuple[Right, ...]:
        """By what right one seat tells another something, in the order in which they are asked: this law's own first."""
        everywhere = tuple(self.vocabulary.rights.values()) or FIRST_RIGHTS
        return (*self.jurisdiction.rights.values(), *everywhere)

    @cached_property
    def signers(self) -> Mapping[str, Signer]:
        """Under whose name a paper permits telling."""
        return self.vocabulary.signers or FIRST_SIGNERS

    def may_sign(self, signer: Signer) -> bool:
        """Whether the law here lets that signer sign. A switch the jurisdiction lacks reads as false."""
        return signer.where is None or self.switches.get(signer.where, False)

    @cached_property
    def watchers(self) -> Mapping[str, Watcher]:
        """Every rule that is monitored, lines first. Duties and lines speak only the vocabulary, which every scenario
        shares; the reader sees to that."""
        made: dict[str, Watcher] = {}
        for line in self.lines.values():
            if line.telling is None:
                made[f"line:{line.id}"] = watcher(
                    line, self.names, self.switches, self.in_roles(line.roles), everyone=not line.roles
                )
        for duty in self.mou.duties.values():
            bound = self.in_roles(self.mou.parties[duty.party].roles)
            made[f"duty:{duty.id}"] = watcher(duty, self.names, self.switches, bound)
        return made

    @cached_property
    def readers(self) -> Mapping[str, tuple[str, ...]]:
        """Which rules read a name of the record, so that only they are asked when it changes."""
        index: dict[str, list[str]] = {}
        for key, rule in self.watchers.items():
            for name in rule.names:
                index.setdefault(name, []).append(key)
        return {name: tuple(keys) for name, keys in index.items()}

    @cached_property
    def clock_readers(self) -> tuple[str, ...]:
        return tuple(key for key, rule in self.watchers.items() if rule.clock)

    @cached_property
    def ledger_readers(self) -> tuple[str, ...]:
        return tuple(key for key, rule in self.watchers.items() if rule.ledger)

    @cached_property
    def compelled(self) -> tuple[tuple[Test | None, frozenset[str], frozenset[str], frozenset[str], str], ...]:
        """Statutes that compel telling: condition, by whom, to whom, item kinds, what it is called."""
        return tuple(
            (
                self.test(rule.when),
                self.in_roles(rule.by),
                self.in_roles(rule.to),
                frozenset(rule.kinds),
                f"{rule.text} ({rule.citation})",
            )
            for rule in self.jurisdiction.compelled.values()
        )

    @cached_property
    def breach_fact(self) -> str | None:
        return BREACH_FACT if BREACH_FACT in self.vocabulary.facts else None

    def _noted(self, asking: str, asked: str, item: str) -> str | None:
        """The fact that is recorded when one seat asks another for an item."""
        from simulator.telling import confidence

        noted = ASKED_FACT in self.vocabulary.facts and confidence(self, asked, asking, item)
        return ASKED_FACT if noted else None

    @cached_property
    def scenes(self) -> Mapping[str, PlayScene]:
        """The scenario's scenes, and a narration for each consequence wherever it may follow."""
        found: dict[str, PlayScene] = {}
        for scene in self.scenario.scenes.values():
            found[scene.id] = made = self._scene(scene)
            if is_open(self.scenario, scene):
                narrations = (as_narration(each, scene, made.present) for each in following(self.scenario, scene))
                found.update((each.id, self._scene(each)) for each in narrations)
        return found

    @cached_property
    def injects(self) -> Mapping[str, PlayInject]:
        """The facilitator's shelf, in the author's order."""
        return {
            inject.id: PlayInject(
                id=inject.id,
                due=self.calendar.after(0, inject.at) if inject.at is not None else None,
                test=self.guard(inject.when),
                scenes=frozenset(inject.scenes),
                present=frozenset(self.seats if inject.present is None else inject.present),
                effects=self._effects(inject.effects),
                inject=inject,
            )
            for inject in self.scenario.injects.values()
        }

    @cached_property
    def scheduled(self) -> tuple[PlayInject, ...]:
        """The injects that come by themselves, in the author's order."""
        return tuple(inject for inject in self.injects.values() if not inject.by_hand)

    def test(self, condition: Condition | None) -> Test | None:
        """A condition of a rule."""
        return compile_test(condition, self.names, self.switches) if condition is not None else None

    def guard(self, condition: Condition | None) -> Test | None:
        """A condition of the story."""
        return compile_test(condition, self.names, self.story_switches) if condition is not None else None

    @cached_property
    def answers(self) -> Mapping[str, Test]:
        """Per release that can be asked for unprompted: when she signs."""
        forms = self.scenario.releases.values()
        return {form.id: self._story(form.signs) for form in forms if form.signs is not None}

    @cached_property
    def taken_back(self) -> Mapping[str, Test]:
        """Per release: when she has said that she takes it back."""
        forms = self.scenario.releases.values()
        return {form.id: self._story(form.taken_back) for form in forms if form.taken_back is not None}

    def _story(self, condition: Condition) -> Test:
        return compile_test(condition, self.names, self.story_switches)

    def _scene(self, scene: Scene) -> PlayScene:
        chance = scene.turn == (CHANCE,)
        seats = () if chance else scene.turn
        narration = not scene.turn and scene.ending is None
        there = self.attendance.at(scene.id)
        present = witnesses(scene, there)
        return PlayScene(
            id=scene.id,
            seats=seats,
            chance=chance,
            ending=scene.ending is not None,
            narration=narration,
            actions={action.id: self._action(action) for action in scene.actions.values()},
            effects=self._effects(scene),
            route=self._route(scene.to),
            present=present,
            scene=scene,
            speeches={
                speech.action.id: self._speech(speech, scene)
                for speech in speeches(self.scenario, scene, present, there, self._noted)
            },
        )

    def _action(self, action: Action) -> PlayAction:
        return PlayAction(
            id=action.id,
            seat=action.seat,
            open=self.guard(action.when),
            effects=self._effects(action),
            route=self._route(action.to),
            action=action,
        )

    def _speech(self, speech: Speech, scene: Scene) -> PlayAction:
        """What it says has the effects of an action; then what follows from it, or the turn goes on."""
        ahead = [
            (self._story(each.when), f"{scene.id}~{each.id}")
            for each in following(self.scenario, scene)
            if can_follow(each, speech, self.breach_fact)
        ]
        return PlayAction(
            id=speech.action.id,
            seat=None,
            open=None,
            effects=self._effects(speech.action),
            route=(*ahead, (None, scene.id)),
            action=speech.action,
            speech=speech,
        )

    def _route(self, branches: tuple[Branch, ...]) -> tuple[tuple[Test | None, str], ...]:
        return tuple((self.guard(branch.when), branch.to) for branch in branches)

    def _effects(self, effects: Effects) -> PlayEffects:
        touches = (
            effects.learn
            or effects.tell
            or effects.asks_release
            or effects.signs_release
            or effects.refuses_release
            or effects.revokes_release
        )
        return PlayEffects(
            minutes=effects.minutes,
            until=effects.until,
            records=effects.records,
            change=tuple(effects.change.items()),
            set=tuple(effects.set.items()),
            ledger=effects if touches else None,
        )
