"""A panel for judgement scenes: what a panelist is asked, and what the votes in a store come to.

A question is what one seat sees as it has to decide. Votes are counted by a digest of everything a panelist read, so a scene that has been
edited since is another question, which nobody has answered yet. Nothing of a panel is in a scenario's file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from scoring.panel import Spread, Vote, enough, spread
from scoring.rules import Vocabulary
from simulator.model import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """A lawful option of a judgement scene. `guarded`: it is open in some plays and closed in others."""

    id: str
    text: str
    guarded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a panelist is asked: the situation as one seat sees it, and what that seat may do. Nothing of what follows."""

    scene: str
    seat: str
    title: str
    who: str  # the seat's name and role
    brief: str  # what the seat is told before the story; not part of the question
    situation: tuple[str, ...]  # what all see; then what only this seat does, if anything
    question: str
    options: tuple[Alternative, ...]

    @property
    def digest(self) -> str:
        """Over all that was read: votes on another wording are not votes on this one."""
        read = [self.seat, self.situation, self.question, [(option.id, option.text) for option in self.options]]
        return sha256(json.dumps(read, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The votes on a question. `full`: they are enough to be shown; if not, `lacks` says why, and `spread` is empty."""

    question: Question
    voted: tuple[Vote, ...]
    full: bool
    lacks: str
    spread: tuple[Spread, ...]


Panels = Mapping[tuple[str, str], Panel]  # by scene and seat
Cast = Mapping[tuple[str, str], Sequence[Vote]]  # a scenario's votes as a store keeps them: by scene and digest


def questions(scenario: Scenario, vocabulary: Vocabulary) -> tuple[Question, ...]:
    """Everything a panel can be asked of a scenario: each judgement scene, once for each seat that decides in it."""
    return tuple(_questions(scenario, vocabulary))


def _questions(scenario: Scenario, vocabulary: Vocabulary) -> Iterator[Question]:
    for scene in scenario.scenes.values():
        for seat in scene.turn if scene.judgement is not None else ():
            assert scene.judgement is not None
            sits = scenario.seats[seat]
            yield Question(
                scene=scene.id,
                seat=seat,
                title=scene.title or scene.id,
                who=f"{sits.name}, {vocabulary.roles[sits.role].label}",
                brief=sits.brief,
                situation=tuple(text for text in (scene.text, scene.private.get(seat, "")) if text),
                question=scene.judgement.question,
                options=tuple(
                    Alternative(id=action.id, text=action.text, guarded=action.when is not None)
                    for action in scene.actions.values()
                    if action.seat in (None, seat)
                ),
            )


def seated(scenario: Scenario, vocabulary: Vocabulary) -> frozenset[str]:
    """The disciplines at the table: the services of the seats' roles."""
    return frozenset(vocabulary.roles[seat.role].service for seat in scenario.seats.values())


def disciplines(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Every discipline that a panelist can be of, in the order of the vocabulary."""
    return tuple(dict.fromkeys(role.service for role in vocabulary.roles.values()))


def panels(scenario: Scenario, vocabulary: Vocabulary, cast: Cast) -> Panels:
    """What the votes on a scenario's judgement scenes come to."""
    at_table = seated(scenario, vocabulary)

    def counted(question: Question) -> Panel:
        voted = tuple(cast.get((question.scene, question.digest), ()))
        full, lacks = enough(voted, at_table)
        shown = spread(voted, [option.id for option in question.options]) if full else ()
        return Panel(question=question, voted=voted, full=full, lacks=lacks, spread=shown)

    return {(each.scene, each.seat): counted(each) for each in questions(scenario, vocabulary)}
