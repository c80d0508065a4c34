"""What is said unprompted, on many states at once: `simulator.speaking` over arrays, and what of it need not be explored.

Where telling is open, a seat can tell anything it knows to anybody in nearly every scene. Followed blindly, six items
told or not in any order would multiply the states of a story by hundreds. Three arguments make that unnecessary; none
drops anything that could change a value, an ending or a duty. Tests compare the outcome with a search that tries everything.

*What is told takes no time.* A word or a message takes less than a minute; only the call takes minutes, once a turn. So a
telling changes nothing but what the hearer knows and from whom, whether the breach was counted, and what rules and
consequences make of that.

*Liveness.* A telling is explored in a scene only if it changes something that is kept there because something ahead reads it:
a guard, a route, a consequence, a rule, a later telling by an action that would count the same breach again, or another
telling that is itself explored (`Liveness`: the least solution of these equations, so two tellings do not keep each other
alive). Of such a telling only the rows are moves in which it changes anything (`Machine.expand`). Every other telling leads
from a state to one that agrees with it in all that is kept, hence to an alike one (ARCHITECTURE, “Why it is sound to
forget”): from both the same moves are open with the same charges, now and ever after. It can cost a line, which is that
step's own loss and is charged where a play takes it (`outlook.costs`), and it can gain nothing: no plan is better for it. So
leaving it out changes neither an outlook nor what can be reached. Only tellings and questions to seats are left out so; whatever takes time,
or puts a question to the survivor, is always a move.

*Symmetry.* Channels differ for the ledger only where a right asks for the channel. Where no right tells the channels of a
scene apart, the same words by any of them lead to one state at one charge, whatever the order of tellings within a turn; the
message, which is always open, stands for all. Questions to seats record the same fact, or nothing; the first of a scene that
records it stands for all.

How long speaking can delay a story is bounded: a call once a turn to each seat that is not there; she is asked for each
release once; an adviser is consulted until what that records has happened; only the taking back of a release may come
again, after an action signed it anew. `minutes` adds the latter up; calls belong to their scenes.
"""

from __future__ import annotations

from collections.abc import Callable

from scoring.conditions import Condition
from simulator.compiled.conditions import Test
from simulator.compiled.draft import Draft, Truth, both, either, negate
from simulator.compiled.fields import Field
from simulator.compiled.memory import Memory
from simulator.game import Game, PlayAction, PlayEffects, PlayScene
from simulator.speaking import BY_WORD, Speech, can_follow, following

CHANNELS = frozenset(BY_WORD)


def channels_alike(game: Game) -> bool:
    """Whether the ledger tells none of these channels from another."""
    return all(not CHANNELS & set(right.channel) or set(right.channel) >= CHANNELS for right in game.rights)


def _first_asked(scene: PlayScene) -> str | None:
    """The question that stands for all in a scene of which a fact is recorded: what is asked for makes no difference."""
    return next(
        (name for name, a in scene.speeches.items() if a.speech and a.speech.kind == "ask" and a.effects.records), None
    )


def stands_for(game: Game, scene: str, action: PlayAction) -> str:
    """The name of the move that stands for a speech in a graph."""
    speech = action.speech
    if speech is not None and speech.kind == "ask" and action.effects.records:
        return _first_asked(game.scenes[scene]) or action.id
    if speech is None or speech.kind != "tell" or not channels_alike(game):
        return action.id
    return f"tell {speech.to} {speech.thing} message"


class Speaking:
    """The guards and ways of a game's speeches."""

    def __init__(self, game: Game, memory: Memory) -> None:
        self.game, self.memory = game, memory
        self.alike = channels_alike(game)
        self.rung: dict[str, Field] = {}
        self.longest = self._longest()
        self.minutes = self._minutes()

    def moves(self, scene: PlayScene) -> list[PlayAction]:
        """The speeches of a scene that may be moves: one for all that nothing tells apart."""
        return [
            action
            for action in scene.speeches.values()
            if action.speech is not None
            and not (self.alike and action.speech.kind == "tell" and action.speech.channel != "message")
            and not (action.speech.kind == "ask" and action.id != _first_asked(scene))
        ]

    def opened(self, speech: Speech, test: Callable[[Condition], Test]) -> Test:
        """Where it can be said."""
        memory, scenario, seat = self.memory, self.game.scenario, speech.seat
        if speech.kind == "call":
            rung = self._rung(speech.to)
            return lambda d: negate(d.flag(rung))
        if speech.kind == "tell":
            knows = memory.known(seat, speech.thing)
            if speech.channel != "phone":
                return lambda d: d.flag(knows)
            line = self._rung(speech.to)
            return lambda d: both(d.flag(knows), d.flag(line))
        if speech.kind == "ask":
            return lambda d: True
        if speech.kind == "ask-release":
            form, signs = memory.form(speech.thing), scenario.releases[speech.thing].signs
            assert signs is not None
            moments, says = (form.asked, form.refused, form.signed, form.revoked), test(signs)
            items = [memory.known(seat, item) for item in scenario.releases[speech.thing].items]

            def asked(d: Draft) -> Truth:
                found: Truth = says(d) if speech.answer else negate(says(d))
                for moment in moments:
                    found = both(found, negate(d.flag(moment)))
                for item in items:
                    found = both(found, d.flag(item))
                return found

            return asked
        if speech.kind == "revoke":
            form, taken_back = memory.form(speech.thing), scenario.releases[speech.thing].taken_back
            assert taken_back is not None
            word = test(taken_back)
            return lambda d: both(both(d.flag(form.signed), negate(d.flag(form.revoked))), word(d))
        facts = [memory.fact(fact) for fact in scenario.consults[speech.thing].records]

        def unconsulted(d: Draft) -> Truth:
            found: Truth = False
            for fact in facts:
                found = either(found, negate(d.flag(fact)))
            return found

        return unconsulted

    def route(
        self, scene: PlayScene, speech: Speech, test: Callable[[Condition], Test]
    ) -> tuple[tuple[Test | None, str], ...]:
        """What follows from something said in a scene: the first consequence that it has made true, or the turn goes on."""
        game = self.game
        ahead = [
            (_made_true(test(each.when)), f"{scene.id}~{each.id}")
            for each in following(game.scenario, scene.scene)
            if can_follow(each, speech, game.breach_fact)
        ]
        return (*ahead, (None, scene.id))

    def begin(self, d: Draft, speech: Speech | None) -> None:
        """A call connects two seats until the turn ends; what is no speech ends it."""
        if speech is None:
            for field in self.rung.values():
                d.set(field, 0)
        elif speech.kind == "call":
            d.set(self._rung(speech.to), 1)

    def calls(self, scene: PlayScene) -> int:
        """The most minutes that calls take in one turn there, with what may follow from them."""
        calls = [a for a in scene.speeches.values() if a.speech is not None and a.speech.kind == "call"]
        return sum(action.effects.minutes + self.longest for action in calls)

    def _rung(self, other: str) -> Field:
        if other not in self.rung:
            self.rung[other] = self.memory.layout.add(f"rung {other}", 1)
        return self.rung[other]

    def _minutes(self) -> int:
        game = self.game
        slowest: dict[tuple[str, str, str], int] = {}
        for scene in game.scenes.values():
            for action in scene.speeches.values():
                speech = action.speech
                if speech is not None and speech.kind in ("ask-release", "revoke", "consult"):
                    slot = (speech.kind, speech.seat, speech.thing)
                    slowest[slot] = max(slowest.get(slot, 0), action.effects.minutes)
        again = sum(
            effects is not None and effects.ledger is not None and effects.ledger.signs_release is not None
            for scene in game.scenes.values()
            for effects in (scene.effects, *(action.effects for action in scene.actions.values()))
        )
        times = {slot: 1 + again if slot[0] == "revoke" else 1 for slot in slowest}
        learned = len(game.seats) * len(game.scenario.items)  # so often may a telling make something true
        follow = self.longest * (learned + sum(times.values()))
        return sum(minutes * times[slot] for slot, minutes in slowest.items()) + follow

    def _longest(self) -> int:
        """The most minutes that one consequence can take."""
        game = self.game
        effects = [
            game.scenes[f"{scene.id}~{each.id}"].effects
            for scene in game.scenario.scenes.values()
            if game.scenes[scene.id].speeches
            for each in following(game.scenario, scene)
        ]
        return max((self._length(each) for each in effects if each is not None), default=0)

    def _length(self, effects: PlayEffects) -> int:
        return effects.minutes if effects.until is None else self.memory.longest(effects.until)


def _made_true(test: Test) -> Test:
    """Where it holds now and did not hold before this step."""
    return lambda d: both(test(d), negate(test(d.before())))
