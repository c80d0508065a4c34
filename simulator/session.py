"""A session: one play of one scenario, kept in a log.

The functional core (`engine`) says what follows from an event; a Session writes the event to the log first and
believes it only when the log has it. So what a screen shows has always been kept, and what a kill interrupts was
never shown.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from scoring.scorecard import Letter
from simulator import engine
from simulator.carried import to_plain
from simulator.engine import NotAllowed, State
from simulator.events import (
    Announce,
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
    from_json,
    to_json,
)
from simulator.games import Games
from simulator.injecting import brought
from simulator.led import Led
from simulator.library import Bundle
from simulator.log import Place, Stale, Store
from simulator.partner import choose, speak
from simulator.partner import draw as pick
from simulator.play import PHASES, Play, Rating, begin, fold, game_of
from simulator.predictions import About, Question
from simulator.speaking import words_of
from simulator.variants import AS_WRITTEN, Wanted
from simulator.view import acts, view

if TYPE_CHECKING:
    from simulator.game import Game
    from simulator.outlook.adviser import Adviser

__all__ = ["Place", "Play", "Rating", "Session", "begin", "fold", "game_of"]

# What stands beside the play: nobody who plays has to look again because of it.
Aside = Rate | Reveal | Announce | Propose | Consent | Resolve
FromTheRoom = Aside | Hold | Conclude  # what holds wherever the story is just now


class Session(Led):
    """One play, bound to its place in a store. Safe to call from several threads."""

    def __init__(
        self,
        store: Store,
        ident: str,
        bundle: Bundle,
        start: Start,
        places: Sequence[Place],
        game: Game | None = None,
    ) -> None:
        self.id = ident
        self.bundle = bundle
        self.places = tuple(places)
        self.store = store
        self._start = start
        self._lock = threading.RLock()
        self._events: list[Event] = [start]
        self._plays: list[Play] = [begin(game or game_of(bundle), start)]
        self._advisers: Mapping[str, Adviser] | None = None
        self._advised_for: frozenset[tuple[str, str]] = frozenset()  # injects by hand that they reckon with

    @classmethod
    def begin(
        cls,
        store: Store,
        bundle: Bundle,
        places: Sequence[Place],
        *,
        seed: int | None = None,
        workshop: str = "",
        countdowns: bool | None = None,
        draw: Wanted = AS_WRITTEN,
        follows: str = "",
        exchanged: Mapping[str, str] | None = None,
    ) -> Session:
        """Start a session and keep it. `seed` (63 bits) decides chance, computer partners and what is drawn at random.

        `draw`: which of the scenario's variants its texts are told in. `follows`, `exchanged`: the session that these people played
        before, and the seat each seat's player had in it (`swapping`). Raises LogError, NoExpert, BadDraw.
        """
        seed = secrets.randbits(63) if seed is None else seed
        bundle = bundle.drawn(draw.draw(bundle.scenario.variants, seed))
        if any(place.player == "expert" for place in places):
            from simulator.outlooks import advisers_of

            advisers_of(bundle)  # before anything is kept
        start = Start(
            scenario=bundle.scenario.id,
            texts={text.kind: text.digest for text in bundle.texts},
            seats={place.seat: place.player for place in places},
            seed=seed,
            countdowns=bundle.scenario.countdowns if countdowns is None else countdowns,
            draw=dict(bundle.draw),
            follows=follows,
            exchanged=dict(exchanged or {}),
            carried=to_plain(bundle.carried),
            series=bundle.stands,
        )
        ident = store.create(
            scenario=bundle.scenario.id,
            title=bundle.scenario.title,
            mou=bundle.mou.id,
            jurisdiction=bundle.jurisdiction.id,
            workshop=workshop,
            start=to_json(start),
            texts=[(t.kind, t.id, t.digest, t.text, t.path) for t in bundle.texts],
            places=places,
        )
        return cls(store, ident, bundle, start, places)

    @classmethod
    def reopen(cls, store: Store, ident: str, *, games: Games | None = None) -> Session:
        """Take up a session where its log ends, with the texts it was begun with. `games`: those read before, for whoever reads many.

        Raises LogError, Unreadable (its texts no longer read in this version), BadEvent.
        """
        kept = store.read(ident, verify=True)
        start = from_json(kept[0].body)
        assert isinstance(start, Start)
        bundle, game = (games or Games()).of(store, ident, start)
        session = cls(store, ident, bundle, start, store.places(ident), game)
        for row in kept[1:]:
            session._believe(from_json(row.body))
        return session

    def retold(self, events: Iterable[Event], places: Sequence[Place]) -> Session:
        """The same play as other events tell it, to look at. Their numbers are not the log's: append nothing to it."""
        start, *others = events
        assert isinstance(start, Start)
        other = Session(self.store, self.id, self.bundle, start, places)
        for event in others:
            other._believe(event)
        return other

    # --- moving it --------------------------------------------------------------------------------------------

    def choose(self, seat: str, action: str) -> None:
        """A seat acts. Raises NotAllowed, Stale (somebody else was first; the session has read on), LogError."""
        self._append([Choose(seat=seat, action=action)])

    def say(self, event: Unprompted) -> None:
        """A seat on turn says something unprompted (`View.sayable`); its turn goes on. Raises NotAllowed, Stale, LogError."""
        self._append([event])

    def bring(self, action: str) -> None:
        """Chance brings this, as a script says. Raises NotAllowed if it is not chance's turn."""
        self._append([Chance(action=action)])

    def inject(self, inject: str) -> None:
        """Whoever runs the room brings an inject from the shelf. Raises NotAllowed, Stale (somebody moved the story meanwhile), LogError."""
        self._append([Inject(inject=inject)])

    def predict(self, seat: str, of: str, action: str | None, about: About = "partner") -> None:
        """A seat guesses privately what `of` will do, or answers another private question; None passes.

        Raises NotAllowed, Stale, LogError.
        """
        self._append([Predict(seat=seat, of=of, action=action, about=about)])

    def answer(self, seat: str, question: Question, answer: str | None) -> None:
        """A seat answers one of its `questions`, by the answer's id; None passes. Raises NotAllowed, Stale, LogError."""
        self.predict(seat, question.of, answer, question.about)

    def run_others(self, limit: int = 10_000, *, chance_alone: bool = False) -> list[Event]:
        """Chance and computer partners act until a human has to, or the play ends. Returns what happened.

        `chance_alone`: only until anybody has to, which takes no time to speak of; a computer partner may think for seconds.
        """
        done: list[Event] = []
        while len(done) < limit and not self.paused and not self.over:
            if chance_alone and not engine.outcomes(self.state):
                break
            event = self._next_automatic()
            if event is None:
                break
            try:
                self._append([event])
            except Stale:
                continue  # another screen was first with the same step; this session has read on
            done.append(event)
        return done

    def pause(self) -> None:
        if not self.play.paused:
            self._append([Pause()])

    def resume(self, seats: Mapping[str, str] | None = None) -> None:
        """Go on; `seats` names seats that a computer partner now plays (`random`, `typical`, `expert`), or a human again."""
        seats = dict(seats or {})
        if self.play.paused or seats:
            self._append([Resume(seats=seats)])
        if seats:
            # Read anew: an alias may have been forgotten meanwhile, and must not come back.
            now = self.store.places(self.id)
            self.places = tuple(Place(p.seat, p.alias, _listed(p.player, seats.get(p.seat)), p.agency) for p in now)
            self.store.set_places(self.id, self.places)

    def set_countdowns(self, on: bool) -> None:
        self._append([Display(countdowns=on)])

    def rewind(self, to: int) -> None:
        """Go back to the play after event `to`; what followed stays in the log as an abandoned branch."""
        self._append([Rewind(to=to)])

    def rate(self, objective: str, letter: Letter | None, *, blind: bool) -> None:
        """Rate an objective by hand; None takes a rating back. `blind`: the rater has not seen the program's letters.

        Keeps nothing where it would change nothing. Raises NotAllowed, LogError.
        """
        event = Rate(objective=objective, letter=letter, blind=blind)
        if fold(self.play, event, self._plays).ratings != self.play.ratings:
            self._append([event])

    def reveal(self) -> None:
        """The program's letters are shown to somebody outside the pair's own debrief; kept once. Raises LogError."""
        if not self.play.revealed:
            self._append([Reveal()])

    def finish_phase(self, phase: str, seat: str | None = None) -> None:
        """A phase of the debrief is done; `seat`: for this seat's person alone. Raises NotAllowed if it is none of PHASES."""
        if phase not in PHASES:
            raise NotAllowed(f"the debrief has no phase “{phase}”")
        self._append([Debrief(phase=phase, seat=seat)])  # type: ignore[arg-type]

    def has_finished(self, phase: str, seat: str) -> bool:
        """Whether a phase of the debrief is over for a seat."""
        over = self.debrief_phase
        return (phase, seat) in self.play.done or (over is not None and PHASES.index(over) >= PHASES.index(phase))

    def remark(self, seat: str, phase: str, text: str) -> None:
        """Keep what a seat wrote, outside the chain, erasable."""
        self.store.remark(self.id, seat, phase, text)

    def remarks(self) -> list[tuple[str, str, str]]:
        return self.store.remarks(self.id)

    def catch_up(self) -> bool:
        """Read what others have appended since. Returns whether there was anything."""
        with self._lock:
            fresh = self.store.read(self.id, after=len(self._events) - 1)
            for row in fresh:
                self._believe(from_json(row.body))
            return bool(fresh)

    def transcript(self, to: int | None = None) -> str:
        """The play as a script: one choice a line, `seat: action-id`; what chance brought stands as `chance: action-id`,
        what was said unprompted as `seat: tell officer gun by phone`, what whoever runs the room brought as `inject: inject-id`.

        `to`: as it stood after that event. `handoff play --script` plays it again, chance included.
        """
        play = self.play if to is None else self._plays[to]
        return "".join(line + "\n" for line in _script(play.state))

    def _next_automatic(self) -> Event | None:
        play, state = self.play, self.state
        seed, number = self._start.seed, len(self._events)
        if found := engine.outcomes(state):
            index = pick([outcome.action.weight for outcome in found], seed, number)
            return Chance(action=found[index].id)
        for seat in engine.turn(state):
            player = play.players.get(seat, "human")
            if player == "human":
                continue
            if player == "expert":
                return Choose(seat=seat, action=self._advice(seat), by="computer")
            seen = view(state, seat)
            things = [each.event for each in seen.sayable if not each.again and each.kind != "call"]
            said = speak(player, len(things), seed, number)
            if said is not None:
                return replace(things[said], by="computer")
            open_options = [option for option in seen.options if option.open]
            scene = state.game.scenes[state.scene]
            appeals = [scene.actions[option.action].action.appeal for option in open_options]
            picked = open_options[choose(player, appeals, seed, number)]
            return Choose(seat=seat, action=picked.action, by="computer")
        return None

    def _advice(self, seat: str) -> str:
        by_hand = brought(self.state)
        if self._advisers is None or self._advised_for != by_hand:
            from simulator.outlooks import advisers_of

            self._advisers, self._advised_for = advisers_of(self.bundle, by_hand), by_hand
        return self._advisers[seat].best(self.state)

    def _append(self, events: Iterable[Event]) -> None:
        with self._lock:
            for event in events:
                while not self._appended([event]):
                    pass

    def _appended(self, events: Sequence[Event]) -> bool:
        """Whether the events could be kept, all or none; False if they must be judged again, behind what others kept. Raises Stale."""
        seq, event = len(self._events), events[0]
        after = [fold(self.play, event, self._plays)]  # judged before it is written
        for each in events[1:]:
            after.append(fold(after[-1], each, [*self._plays, *after]))
        ended, played = after[-1].state.ended, not all(isinstance(each, Aside) for each in events)
        try:
            if len(events) == 1:
                self.store.append(self.id, seq, to_json(event), finished=ended, played=played)
            else:
                self.store.append_many(self.id, seq, [to_json(e) for e in events], finished=ended, played=played)
        except Stale:
            self.catch_up()
            news = self._events[seq:]
            # A facilitator who rates while a pair plays takes no choice from them, nor they a rating from her. And nobody
            # is to notice that a partner has answered something in private.
            if news and (isinstance(event, FromTheRoom) or all(isinstance(each, Aside | Predict) for each in news)):
                return False
            # Of those who choose together unseen, none takes the other's choice away by being first.
            if news and isinstance(event, Choose) and self._chosen_beside(event.seat, seq):
                return False
            # What the person of one seat finishes in a debrief leaves everybody else where they are.
            if news and isinstance(event, Debrief) and event.seat is not None:
                return False
            raise
        self._events += events
        self._plays += after
        return True

    def _chosen_beside(self, seat: str, seq: int) -> bool:
        """Whether all that came from `seq` on are others' unseen choices in the scene in which this seat still has to choose."""
        before = self._plays[seq - 1].state
        others = all(isinstance(each, Aside | Predict | Choose) for each in self._events[seq:])
        return (
            others and self.state.scene == before.scene and bool(self.state.pending) and seat in engine.turn(self.state)
        )

    def _believe(self, event: Event) -> None:
        self._plays.append(fold(self.play, event, self._plays))
        self._events.append(event)


def _listed(before: str, now: str | None) -> str:
    """Whose a seat is in lists: whoever comes back to it stays the computer's there, or lists would tell who had left."""
    return before if now in (None, "human") else now


def _script(state: State) -> Iterable[str]:
    for at in engine.chain(state):
        event = at.event
        if isinstance(event, Choose):
            yield f"{event.seat}: {event.action}"
        elif isinstance(event, Unprompted):
            yield f"{event.seat}: {words_of(event)}"
        elif isinstance(event, Chance):
            [(_, action)] = acts(at)
            yield f"chance: {action.id}"
        elif isinstance(event, Inject):
            yield f"inject: {event.inject}"
