"""What the events of a session have come to: the state of the story, and all that stands around it.

`fold` is the definition of every event that is not the engine's own. Pure: it reads no store and no clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

from scoring.objectives import LETTERS
from scoring.scorecard import Letter
from simulator import engine
from simulator.assess import Guess
from simulator.carried import BadCarried, from_plain
from simulator.engine import NotAllowed, State
from simulator.events import (
    Announce,
    BadEvent,
    Chance,
    Choose,
    Conclude,
    Consent,
    Debrief,
    Display,
    Event,
    Hold,
    Inject,
    Pause,
    Predict,
    Propose,
    Rate,
    Resolve,
    Resume,
    Reveal,
    Rewind,
    Start,
    Unprompted,
)
from simulator.game import Game
from simulator.library import Bundle
from simulator.predictions import Question
from simulator.view import began, view

PHASES = ("reactions", "description", "analysis", "summary")  # of a debrief, PEARLS, in this order


class Rating(NamedTuple):
    """A facilitator's own letter for an objective. `blind`: given before the program's letters were seen."""

    letter: Letter
    blind: bool


class Proposal(NamedTuple):
    """A proposal to go back. `seq`: its event; `to`: the event it leads back to; `yes`: the seats that agreed."""

    seq: int
    to: int
    yes: frozenset[str] = frozenset()
    refused: bool = False


class Announced(NamedTuple):
    """Something said by whoever runs the room. `note`: which remark; `to`: which seat, None: all; `step`: moves before it."""

    note: str
    to: str | None
    step: int


class Play(NamedTuple):
    """What the events so far have come to. `moves`: how many have moved the story; `guesses`: answers to private questions."""

    state: State
    moves: int
    players: Mapping[str, str]  # seat → human, random, typical, expert
    countdowns: bool
    paused: bool
    phase: str | None  # the last phase of the debrief that was finished
    guesses: tuple[Guess, ...]
    rewound: bool
    ratings: Mapping[str, Rating] = MappingProxyType({})  # objective → what a facilitator thought of it
    revealed: bool = False  # whether the program's letters were shown outside the pair's own debrief
    blind: Mapping[str, Letter] = MappingProxyType({})  # objective → the letter that stood when they were first shown
    done: frozenset[tuple[str, str]] = frozenset()  # (phase of the debrief, seat) whose person has finished it
    held: bool = False  # whether whoever runs the room has stopped the play
    announced: tuple[Announced, ...] = ()  # what they said, in order
    proposal: Proposal | None = None  # what they last proposed, as long as it has not been done or taken back
    concluded: bool = False  # whether they have moved the play to its debrief, as far as it had come


def game_of(bundle: Bundle) -> Game:
    return Game(
        bundle.scenario, bundle.mou, bundle.jurisdiction, bundle.framework, bundle.vocabulary, carried=bundle.carried
    )


def begin(game: Game, event: Start) -> Play:
    """The play after event 0, with what that carries over. Raises BadEvent."""
    if event.carried and game.carried.nothing:
        try:
            game = replace(game, carried=from_plain(event.carried))
        except BadCarried as error:
            raise BadEvent(str(error)) from None
    return Play(engine.start(game), 0, dict(event.seats), event.countdowns, False, None, (), False)


def fold(play: Play, event: Event, plays: Sequence[Play]) -> Play:
    """The play after `event`; `plays` are the plays after each earlier event, for a rewind. Raises NotAllowed."""
    if isinstance(event, Choose | Chance | Unprompted | Inject):
        _judge_move(play)
        state = engine.step(play.state, event)
        return play._replace(state=state, moves=play.moves + 1)
    if isinstance(event, Predict):
        _judge_guess(play, event)
        guess = Guess(step=asked_at(play), seat=event.seat, of=event.of, action=event.action, about=event.about)
        return play._replace(guesses=(*play.guesses, guess))
    if isinstance(event, Pause):
        return play._replace(paused=True)
    if isinstance(event, Resume):
        return play._replace(paused=False, players={**play.players, **event.seats})
    if isinstance(event, Display):
        return play._replace(countdowns=event.countdowns)
    if isinstance(event, Debrief):
        return _debriefed(play, event)
    if isinstance(event, Rewind):
        _judge_back(play, event.to, plays)
        return plays[event.to]._replace(
            players=play.players,
            countdowns=play.countdowns,
            paused=False,
            phase=None,
            done=frozenset(),
            rewound=True,
            ratings=play.ratings,  # they speak of the whole evening
            revealed=play.revealed,  # and what was seen stays seen
            blind=play.blind,
            held=play.held,
            announced=play.announced,  # and what was said stays said
            proposal=None,
        )
    if isinstance(event, Rate):
        ratings = rated(play, event)
        blind = {objective: rating.letter for objective, rating in ratings.items() if rating.blind}
        return play._replace(ratings=ratings, blind=play.blind if play.revealed else blind)
    if isinstance(event, Reveal):
        return play._replace(revealed=True)
    return _led(play, event, plays)


def _led(play: Play, event: Event, plays: Sequence[Play]) -> Play:
    """What whoever runs the room does with a play, and what those who play answer. Raises NotAllowed."""
    if isinstance(event, Hold):
        return play._replace(held=event.on)
    if isinstance(event, Announce):
        if event.to is not None and event.to not in play.players:
            raise NotAllowed(f"there is no seat “{event.to}” here")
        return play._replace(announced=(*play.announced, Announced(event.note, event.to, play.moves)))
    if isinstance(event, Propose):
        if event.to is None:
            return play._replace(proposal=None)
        if play.state.ended:
            raise NotAllowed("the play has ended")
        _judge_back(play, event.to, plays)
        return play._replace(proposal=Proposal(len(plays), event.to))
    if isinstance(event, Consent):
        return play._replace(proposal=_answered(play, event))
    if isinstance(event, Resolve):
        return play
    if isinstance(event, Conclude):
        return play._replace(concluded=True, proposal=None)
    raise NotAllowed("a session begins only once")


def _judge_move(play: Play) -> None:
    if play.concluded:
        raise NotAllowed("whoever runs the room has moved this play to its debrief")
    if play.held:
        raise NotAllowed("whoever runs the room has paused the play")
    if play.paused:
        raise NotAllowed("the play is paused; go on first")


def _judge_back(play: Play, to: int, plays: Sequence[Play]) -> None:
    if play.concluded:
        raise NotAllowed("this play is in its debrief already")
    if not 0 <= to < len(plays):
        raise NotAllowed(f"there is no event {to} to go back to")


def may_consent(play: Play, seat: str) -> bool:
    """Whether the person of a seat is asked to go back, and has not answered yet."""
    asked = play.proposal
    open_ = asked is not None and not asked.refused and seat not in asked.yes
    return open_ and not play.state.ended and play.players.get(seat) == "human"


def all_agreed(play: Play) -> bool:
    """Whether everybody who plays has agreed to the proposal."""
    asked = play.proposal
    people = {seat for seat, player in play.players.items() if player == "human"}
    return asked is not None and not asked.refused and bool(people) and people <= asked.yes


def _answered(play: Play, event: Consent) -> Proposal:
    asked = play.proposal
    if asked is None or asked.seq != event.proposal or not may_consent(play, event.seat):
        raise NotAllowed("this is not asked any more")
    return asked._replace(yes=asked.yes | {event.seat}) if event.yes else asked._replace(refused=True)


def _debriefed(play: Play, event: Debrief) -> Play:
    """A phase is over for a seat, or for everybody; it never opens again by somebody who comes later."""
    if event.seat is None:
        return play._replace(phase=event.phase)
    done = play.done | {(event.phase, event.seat)}
    people = [seat for seat in play.state.game.seats if play.players.get(seat) == "human"]
    over = all((event.phase, seat) in done for seat in people)
    ahead = play.phase is None or PHASES.index(play.phase) < PHASES.index(event.phase)
    return play._replace(done=done, phase=event.phase if over and ahead else play.phase)


def rated(play: Play, event: Rate) -> dict[str, Rating]:
    """The ratings after `event`. Raises NotAllowed if the scenario has no such objective, or the letter is none.

    A rating is blind if nobody outside the pair's debrief had been shown the program's letters, and the rater said that
    they had not seen them either (they may have stood behind the pair). Until the letters are shown the last rater's
    word counts, also about this. From then on no rating becomes blind; one that is stays so as long as its letter stands:
    the program's letters may be looked at afterwards, and giving the same letter again changes nothing. A letter that is
    changed, or taken back and given anew, was given knowing them: it is not blind. The agreement between facilitators and
    the rule (kappa) goes on comparing the one it replaced (`Play.blind`): to drop it would drop disagreements and keep
    agreements. The phase of the debrief never matters, nor whether the play has ended.
    """
    known = play.state.game.scenario.objectives
    if event.objective not in known:
        raise NotAllowed(f"there is no objective “{event.objective}” here; there is {', '.join(known) or 'none'}")
    if event.letter is None:
        return {objective: rating for objective, rating in play.ratings.items() if objective != event.objective}
    if event.letter not in LETTERS:
        raise NotAllowed(f"“{event.letter}” is no rating; the ratings are {', '.join(LETTERS)}")
    stands = play.ratings.get(event.objective) == Rating(event.letter, True)
    blind = stands if play.revealed else event.blind
    return {**play.ratings, event.objective: Rating(event.letter, blind)}


def asked_at(play: Play) -> int:
    """How many moves the story had when this scene began: who has chosen in a together scene has led nowhere yet."""
    at, moves = play.state, play.moves
    while not began(at) and at.prev is not None:
        at, moves = at.prev, moves - 1
    return moves


def unanswered(play: Play, seat: str) -> tuple[Question, ...]:
    """What a seat is asked in private now and has not answered or passed yet."""
    here = asked_at(play)
    done = {(guess.about, guess.of) for guess in play.guesses if guess.seat == seat and guess.step == here}
    return tuple(asked for asked in view(play.state, seat).questions if (asked.about, asked.of) not in done)


def _judge_guess(play: Play, event: Predict) -> None:
    """An answer is for a seat that is asked, to that question, once. Raises NotAllowed."""
    asked = unanswered(play, event.seat) if event.seat in play.players else ()
    question = next((each for each in asked if (each.about, each.of) == (event.about, event.of)), None)
    if question is None:
        what = f"what {event.of} does" if event.about == "partner" else "this"
        raise NotAllowed(f"{event.seat} is not invited to guess {what} here, or has answered already")
    if event.action is not None and event.action not in {answer.id for answer in question.answers}:
        raise NotAllowed(f"“{event.action}” is no answer to “{question.text}”")
