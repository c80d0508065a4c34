"""A play judged under another setting: the same moves through the same engine, other rules asked.

Recorded facts, the ledger and times are judged again. Guards are not: what was open, which way the story went, how long
each action took and when papers ran out stay as they were played. A play is comparable only if that is the whole truth of
it: no guard it met may read a legal switch that stands otherwise in the other law, nor the fact that the engine itself
records for a breach where the other law finds no such breach, or another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from scoring.conditions import switches_read
from scoring.rescored import Rescored, Rules, beside
from scoring.rules import Jurisdiction
from scoring.scorecard import Scorecard
from simulator import engine
from simulator.assess import Guess, scorecard
from simulator.engine import NotAllowed, State, chain
from simulator.game import Game, switches_of
from simulator.model import Action, Scenario, Scene
from simulator.speaking import following, is_open
from simulator.telling import statute


@dataclass(frozen=True)
class Rejudged(Game):
    """A game whose rules are those of another setting, while its story stays as it was told under `played_under`."""

    played_under: Jurisdiction

    @property
    def story_law(self) -> Jurisdiction:
        return self.played_under

    @cached_property
    def changed_switches(self) -> frozenset[str]:
        """The switches that stand otherwise in the two laws; one that a law does not have is off there."""
        old, new = switches_of(self.played_under), switches_of(self.jurisdiction)
        return frozenset(name for name in {**old, **new} if old.get(name, False) != new.get(name, False))

    @cached_property
    def asking(self) -> dict[str, tuple[str, ...]]:
        """Scene → the changed switches that its guards and routes read, those of every seat and of chance."""
        return {
            scene.id: found
            for scene in self.scenario.scenes.values()
            if (found := tuple(sorted(_read_in(self.scenario, scene) & self.changed_switches)))
        }


class Asked(NamedTuple):
    """Why a play cannot be compared. `reads`: what a guard of this scene reads: `law.SWITCH`, or the fact of a breach."""

    scene: str
    title: str
    reads: str


class NotComparable(Exception):
    """The play would not be the same play under the other law; `asked` says where, and what was read there."""

    def __init__(self, asked: tuple[Asked, ...]) -> None:
        super().__init__("; ".join(f"“{each.title}” reads {each.reads}" for each in asked))
        self.asked = asked


def rejudge(state: State, game: Rejudged) -> State:
    """The play that led to `state`, branches taken back left out, weighed by another setting. Raises NotComparable."""
    if game.carried is not state.game.carried:
        game = replace(game, carried=state.game.carried)
    states = list(chain(state))
    passed = dict.fromkeys(scene for at in states for scene, _ in at.entered)
    asked = tuple(
        Asked(scene, _title(game, scene), f"law.{switch}") for scene in passed for switch in game.asking.get(scene, ())
    )
    stood = dict.fromkeys(at.scene for at in states)
    asked += tuple(
        Asked(scene, _title(game, scene), f"law.{switch}")
        for inject in game.scheduled
        for switch in sorted(switches_read(inject.inject.when) & game.changed_switches if inject.inject.when else ())
        for scene in stood
        if inject.may_come_in(game.scenes[scene])
    )
    if asked:
        raise NotComparable(asked)
    again = engine.start(game)
    _same(states[0], again)
    for before in states[1:]:
        assert before.event is not None and before.prev is not None
        try:
            again = engine.step(again, before.event)
        except NotAllowed:
            raise _diverged(game, before.prev.scene) from None
        _same(before, again)
    return again


def _same(played: State, again: State) -> None:
    """Raises NotComparable where the story went another way, or something else came or was open. Records can differ only in the
    fact that the engine notes for a breach, so where that agrees every guard does."""
    if played.injected != again.injected:
        raise _diverged(again.game, played.scene)
    if played.entered != again.entered:
        came = played.prev.scene if played.prev is not None else played.game.scenario.opening
        for one, other in zip(played.entered, again.entered, strict=False):
            if one != other:
                break
            came = one[0]
        raise _diverged(again.game, came)
    if played.record.facts != again.record.facts and any(
        action.open is not None and action.open(played.record) != action.open(again.record)
        for action in again.game.scenes[played.scene].actions.values()
    ):
        raise _diverged(again.game, played.scene)


def _diverged(game: Game, scene: str) -> NotComparable:
    assert game.breach_fact is not None
    return NotComparable((Asked(scene, _title(game, scene), game.breach_fact),))


def _title(game: Game, scene: str) -> str:
    return game.scenes[scene].scene.title or scene


def _read_in(scenario: Scenario, scene: Scene) -> frozenset[str]:
    """The legal switches that the guards and routes of a scene read, and what answers or follows something said there."""
    parts: tuple[Scene | Action, ...] = (scene, *scene.actions.values())
    guards = [way.when for part in parts for way in part.to] + [action.when for action in scene.actions.values()]
    if is_open(scenario, scene):
        guards += [each.when for each in following(scenario, scene)]
        guards += [each for form in scenario.releases.values() for each in (form.signs, form.taken_back)]
    return frozenset().union(*(switches_read(guard) for guard in guards if guard is not None))


class Compared(NamedTuple):
    """Both scorecards of one play, the rules each was weighed by, and what is otherwise in the second."""

    old: Scorecard
    new: Scorecard
    before: Rules
    after: Rules
    change: Rescored


def compare(old: State, new: State, guesses: Sequence[Guess] = ()) -> Compared:
    """A play beside itself rejudged."""
    played, there = (scorecard(state, guesses) for state in (old, new))
    before, after = (
        Rules(mou=game.mou, lines=game.lines, everywhere=frozenset(game.vocabulary.lines))
        for game in (old.game, new.game)
    )
    named = {each.id: (*each.duties, *each.lines) for each in old.game.scenario.objectives.values()}
    return Compared(played, there, before, after, beside(played, there, before, after, named, _permits(old, new)))


def _permits(old: State, new: State) -> dict[int, str]:
    """Event → the statute by which a telling in it is lawful now that broke a confidence before."""
    found = {}
    for number, (before, after) in enumerate(zip(chain(old), chain(new), strict=True)):
        broken = after.tellings
        for telling in before.tellings[len(before.prev.tellings) if before.prev is not None else 0 :]:
            text = statute(new.game, after.record, telling.seat, telling.told, telling.item)
            if telling.step >= 0 and text is not None and not any(telling.same(other) for other in broken):
                found[number] = text
    return found
