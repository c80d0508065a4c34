"""What a play has come to: asking changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from scoring.scorecard import Scorecard
from scoring.turning import Hindsight
from simulator import engine
from simulator.assess import scorecard
from simulator.engine import State
from simulator.events import Event
from simulator.injecting import brought
from simulator.library import Bundle
from simulator.play import Play, unanswered
from simulator.predictions import Question
from simulator.timeline import Moment, timeline
from simulator.told import Told, told
from simulator.view import View, view

if TYPE_CHECKING:
    from simulator.log import Store
    from simulator.panel import Panels


class Played:
    """One play as far as its log goes, branches that were left included."""

    id: str
    bundle: Bundle
    store: Store
    _events: list[Event]
    _plays: list[Play]

    @property
    def play(self) -> Play:
        return self._plays[-1]

    @property
    def plays(self) -> Sequence[Play]:
        """The play after each event, abandoned branches included."""
        return tuple(self._plays)

    @property
    def state(self) -> State:
        return self.play.state

    @property
    def events(self) -> tuple[Event, ...]:
        return tuple(self._events)

    @property
    def seats(self) -> tuple[str, ...]:
        return self.state.game.seats

    @property
    def human_seats(self) -> tuple[str, ...]:
        return tuple(seat for seat in self.seats if self.play.players.get(seat) == "human")

    @property
    def on_turn(self) -> tuple[str, ...]:
        return engine.turn(self.state)

    @property
    def paused(self) -> bool:
        """Whether nothing moves just now: those who play have paused, or whoever runs the room has."""
        return self.play.paused or self.play.held

    @property
    def countdowns(self) -> bool:
        return self.play.countdowns

    @property
    def finished(self) -> bool:
        """Whether the story has reached an ending."""
        return self.state.ended

    @property
    def over(self) -> bool:
        """Whether there is nothing left to play: an ending, or the debrief that whoever runs the room has moved it to."""
        return self.state.ended or self.play.concluded

    @property
    def debrief_phase(self) -> str | None:
        """The last phase of the debrief that was finished; scores are closed until `reactions` is."""
        return self.play.phase

    def view(self, seat: str) -> View:
        return view(self.state, seat)

    def scorecard(self) -> Scorecard:
        """How the play was weighed so far. What seats answered in private is not in it before the play has ended."""
        return scorecard(self.state, self.play.guesses if self.finished else ())

    def timeline(self) -> tuple[Moment, ...]:
        return timeline(self.state)

    def told(self) -> tuple[Told, ...]:
        """Who told whom what, and by what right; for the debrief and for whoever reads it later."""
        return told(self.state)

    def hindsight(self) -> Hindsight | None:
        """The turning points of the play, once its outlook is worked out; None if this scenario has none.

        Blocks: about a second for a library scenario, unless `foresee` began it before.
        """
        from simulator.outlook.costs import NoPlanEnds
        from simulator.outlook.turning import hindsight
        from simulator.outlooks import NoOutlook, outlook_of

        try:
            ready = outlook_of(self.bundle, brought(self.state))
            return hindsight(ready.outlook, self.state, ready.observers)
        except (NoOutlook, NoPlanEnds):
            return None

    def panels(self) -> Panels:
        """What real panels think of this scenario's judgement scenes, as far as this store has their votes. Raises LogError."""
        from simulator.panel import panels, questions

        # As written: a panel has read it so, whatever names this play drew.
        scenario, vocabulary = self.bundle.drawn({}).scenario, self.bundle.vocabulary
        return panels(scenario, vocabulary, self.store.votes(scenario.id)) if questions(scenario, vocabulary) else {}

    def foresee(self) -> None:
        """Begin to work out the outlook in the background, so that the debrief need not wait for it."""
        from simulator.outlooks import begin

        begin(self.bundle, brought(self.state))

    def has_acted(self, seat: str) -> bool:
        """Whether this seat's person has done anything yet."""
        return any(getattr(each, "seat", None) == seat for each in self._events)

    def may_predict(self, seat: str) -> bool:
        """Whether this seat is asked anything in private now that it has not answered yet."""
        return bool(self.questions(seat))

    def questions(self, seat: str) -> tuple[Question, ...]:
        """What this seat is asked in private now, and has neither answered nor passed."""
        return () if self.paused or self.over else unanswered(self.play, seat)

    def needs_curtain(self, from_seat: str | None, to_seat: str) -> bool:
        """Whether `to_seat`'s screen would show anything that `from_seat` may not see."""
        if from_seat == to_seat:
            return False
        if from_seat is None:
            return len(self.human_seats) > 1
        seen = {(p.step, p.kind, p.text) for p in self.view(from_seat).passages}
        other = self.view(to_seat)
        return bool(other.brief) or any((p.step, p.kind, p.text) not in seen for p in other.passages)
