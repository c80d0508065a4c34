"""Private questions: what will your partner do, whose duty is this, how distressing was that?

A seat may be asked before anybody acts in a scene, and each seat of a together scene until it has chosen. Answers change
no story; the debrief compares them with what happened, with the agreement, and with the scenario's own account. Nothing
here asks what a seat may not see: which questions there are follows from the scene and from what the seat witnessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from simulator.game import Game
from simulator.model import Action, Scene

About = Literal["partner", "duty", "distress"]

# Answers to “whose duty is this?” beside the seats themselves; no seat can be called so.
ALL, SEVERAL, NOBODY = "all-of-us", "several-of-us", "nobodys"
SHARED = (ALL, SEVERAL, NOBODY)
MOST = 10  # distress: from 0 to this
_SAID = {0: "not at all", 5: "in between", MOST: "as much as can be"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One thing that can be answered."""

    id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A private question to one seat. `of`: whose step is guessed at; empty for the other questions.

    `note`: what the answer will be compared with.
    """

    about: About
    of: str
    text: str
    answers: tuple[Answer, ...]
    note: str


def questions(
    game: Game, scene_id: str, seat: str, chosen: Iterable[str], led_here: Sequence[Action | Scene]
) -> Iterator[Question]:
    """What a seat may be asked in a scene. `chosen`: the seats that have acted in it; `led_here`: what the seat witnessed
    of the step that led here. First what was, then whose duty it is, then what comes."""
    scene = game.scenes[scene_id]
    if seat not in scene.present or not scene.seats or seat in chosen:
        return
    felt = scene.scene.how_distressing
    if felt is not None and seat in (felt.ask or scene.present) and account(led_here) is not None:
        note = "The debrief sets it beside the scenario's own account."
        yield Question(about="distress", of="", text=felt.question, answers=_SCALE, note=note)
    duty = scene.scene.whose_duty
    if duty is not None and seat in (duty.ask or scene.present):
        note = "The debrief sets it beside the agreement, and beside what the others answered."
        text = f"Whose duty is this? {duty.what}"
        yield Question(about="duty", of="", text=text, answers=_whose(game), note=note)
    for other in _guessed_at(scene.scene, seat):
        # A closed option would tell what its guard reads, so the list is the scene's, open or not.
        answers = tuple(
            Answer(id=action.id, text=action.action.text)
            for action in scene.actions.values()
            if action.seat in (None, other)
        )
        text = f"What do you think {game.scenario.seats[other].name} will do?"
        note = "The debrief compares it with what happened."
        yield Question(about="partner", of=other, text=text, answers=answers, note=note)


def account(steps: Iterable[Action | Scene]) -> int | None:
    """How distressing a step was by the scenario's own account: the most of what it carries; None if it carries nothing."""
    return max((step.distress for step in steps if step.distress is not None), default=None)


def whose(game: Game, duties: Iterable[str]) -> str:
    """Whose duty it is by the agreement that is played, as an answer's id: by the roles of the party that owes it."""
    mou = game.mou
    bound = {
        seat
        for duty in duties
        if duty in mou.duties
        for seat in game.in_roles(mou.parties[mou.duties[duty].party].roles)
    }
    if not bound:
        return NOBODY
    if len(bound) == 1:
        return next(iter(bound))
    return ALL if len(bound) == len(game.seats) else SEVERAL


def clauses(game: Game, duties: Iterable[str]) -> tuple[str, ...]:
    """The clauses of the agreement that say so; empty where it says nothing of it."""
    return tuple(game.mou.duties[duty].clause for duty in duties if duty in game.mou.duties)


def answer_text(game: Game, answer: str) -> str:
    """An answer to “whose duty is this?” as it is read."""
    seats = game.scenario.seats
    if answer in seats:
        return seats[answer].name
    return {ALL: "Both of us" if len(seats) == 2 else "All of us", SEVERAL: "Several of us, not all"}.get(
        answer, "Nobody's at this table"
    )


def _whose(game: Game) -> tuple[Answer, ...]:
    number = len(game.seats)
    more = [ALL] if number > 1 else []
    found = (*game.seats, *more, *([SEVERAL] if number > 2 else []), NOBODY)
    return tuple(Answer(id=each, text=answer_text(game, each)) for each in found)


def _guessed_at(scene: Scene, seat: str) -> tuple[str, ...]:
    """Whose step a seat may guess at here, in the order they are named."""
    found: list[str] = []
    for guesser in scene.predict:
        if guesser.seat == seat:
            found += [other for other in guesser.of or scene.turn if other != seat and other in scene.turn]
    return tuple(dict.fromkeys(found))


_SCALE = tuple(Answer(id=str(n), text=f"{n}  {_SAID[n]}" if n in _SAID else str(n)) for n in range(MOST + 1))
