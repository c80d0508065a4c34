"""Nothing private to one seat reaches another: on generated scenarios with everything that keeps something from somebody.

Late seats, injects, private questions, what is said unprompted, scenes chosen together. Every text in them carries a mark that says what it is and who may read it (`generator.mark`). A play is walked with a session that
keeps it, much said unprompted, private questions answered, choices of together scenes waiting; and after each step
everything that is made for a seat is read: its view, what a program gets of it, and the passages that screens print. The
session's log holds no text at all. `python -m tests.test_leaks N` does it for N scenarios.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from facilitator.plain_data import plain_data
from scoring.panel import Vote
from simulator import engine
from simulator.engine import State, chain
from simulator.events import Ask, Chance, Choose, Predict, Start, Tell, Unprompted, to_json
from simulator.library import bundle_from_texts
from simulator.log import Place
from simulator.log.sqlite import SqliteStore
from simulator.panel import questions
from simulator.play import Play, begin, fold, unanswered
from simulator.session import Session
from simulator.summing import summarise
from simulator.view import View, view, witnessed
from tests.generator import EMPLOYER, game, generate, mark, marks, next_events, texts
from tests.sizes import examples

WHOSE = {"private": 1, "closed": 1}  # which part of the mark names the seat
PRIVATE = {"private", "item", "message", "report", "felt", "because", "brief", "purpose", "closed"}
HIDDEN = {"felt", "because"}  # before the debrief these are nobody's


def plays(seed: int) -> Iterator[Play]:
    """A random play of a random scenario, as a session folds it."""
    random = Random(seed)
    made = game(
        seed,
        layers=random.choice([2, 3]),
        width=2,
        actions=2,
        seats=random.choice([2, 3]),
        telling=random.random() < 0.5,
        speaking=random.random() < 0.8,
        asking=True,
        late=random.random() < 0.5,
        injects=random.random() < 0.5,
    )
    seats = dict.fromkeys(made.seats, "human")
    found = [begin(made, Start(scenario="generated", texts={}, seats=seats, seed=seed))]
    yield found[-1]
    for _ in range(25):
        state = found[-1].state
        for seat in made.seats:
            for question in unanswered(found[-1], seat):
                answer = random.choice([None, *(each.id for each in question.answers)])
                event = Predict(seat=seat, of=question.of, action=answer, about=question.about)
                found.append(fold(found[-1], event, found))
                yield found[-1]
        if state.ended:
            return
        found.append(fold(found[-1], random.choice(next_events(state)), found))
        yield found[-1]


def heard(state: State, seat: str) -> set[str]:
    """The items that were told, or asked for, in the hearing of a seat; and what stands on a paper that it holds, signed."""
    forms = state.game.scenario.releases.values()
    signed = [
        form
        for form in forms
        if form.holder == seat and (held := state.record.forms.get(form.id)) and held.signed is not None
    ]
    return (
        {item for form in signed for item in form.items}
        | {at.event.item for at in chain(state) if isinstance(at.event, Tell | Ask) and witnessed(at, seat)}
        | {item for holder, item in state.record.known if holder == seat}
    )


def check(play: Play) -> None:
    """Everything that is made for each seat of a play holds only what that seat may read."""
    state = play.state
    game = state.game
    for seat in game.seats:
        seats = game.scenario.seats
        colleagues = [each for each in game.seats if seats[each].employer == seats[seat].employer]
        seen = view(state, seat)
        found = marks(repr(seen)) | marks(json.dumps(plain_data(seen)))
        for kind, *parts in found:
            assert kind not in HIDDEN, (kind, parts)
            if kind in WHOSE:
                assert parts[WHOSE[kind]] == seat, (kind, parts, seat)
            elif kind in ("brief", "meter"):
                assert parts == [seat]
            elif kind == "message":
                assert seat in parts
            elif kind == "report":
                assert parts[0] in {EMPLOYER[each] for each in colleagues}
            elif kind == "item":
                assert parts[0] in heard(state, seat), (parts, seat)
            elif kind == "inject":
                assert seat in game.injects[parts[0]].present
            elif kind in ("scene", "title", "action", "says"):
                assert seat in game.scenes[parts[0]].present, (kind, parts, seat)
        _unseen(state, seat, seen)


def _unseen(state: State, seat: str, seen: View) -> None:
    """What is said out of a seat's hearing, and a choice that still waits, change nothing that it is shown."""
    before = state.prev
    if before is None:
        return
    waits = state.pending and state.pending[-1][0] != seat
    unheard = (
        isinstance(state.event, Unprompted) and not witnessed(state, seat) and not state.entered and not state.injected
    )
    if waits or unheard:
        was = view(before, seat)
        assert seen.passages == was.passages
        assert (seen.options, seen.items, seen.messages, seen.report) == (
            was.options,
            was.items,
            was.messages,
            was.report,
        )


@settings(deadline=None, max_examples=examples(22))
@given(st.integers(0, 10**6))
def test_nothing_private_to_one_seat_reaches_another(seed: int) -> None:
    for play in plays(seed):
        check(play)
        assert play.state.event is None or not marks(json.dumps(to_json(play.state.event)))


@settings(deadline=None, max_examples=examples(18))
@given(st.integers(0, 10**6))
def test_what_a_partner_says_where_one_does_not_hear_it_is_not_in_what_one_may_do(seed: int) -> None:
    for play in plays(seed):
        state = play.state
        for seat in state.game.seats:
            offered = {each.about for each in view(state, seat).sayable if each.kind == "tell"}
            assert offered <= {item for holder, item in state.record.known if holder == seat}
            assert bool(view(state, seat).sayable) <= (seat in engine.turn(state))


def kept(seed: int) -> None:
    """A play kept in a store, beside a panel's votes: its log, its transcript, and all that figures and exports are made of."""
    random = Random(seed)
    bundle = bundle_from_texts(texts(generate(seed, layers=2, seats=3, telling=True, speaking=True, late=True)))
    with TemporaryDirectory() as folder, closing(SqliteStore(Path(folder) / "store.sqlite3")) as store:
        for question in questions(bundle.scenario, bundle.vocabulary):
            vote = Vote(option=question.options[0].id, discipline="police", reason=mark("reason", question.scene))
            store.vote(bundle.scenario.id, question.scene, question.digest, vote, "Heron")
        places = [Place(seat, f"Bird{n}", "human") for n, seat in enumerate(bundle.scenario.seats)]
        session = Session.begin(store, bundle, places, seed=seed)
        for _ in range(60):
            if session.finished:
                break
            event = random.choice(next_events(session.state))
            if isinstance(event, Chance):
                session.bring(event.action)
            elif isinstance(event, Choose):
                session.choose(event.seat, event.action)
            else:
                session.say(event)
        log = store.read(session.id)
        assert not marks(json.dumps([row.body for row in log]))
        assert not marks(session.transcript())
        for seat in session.seats:
            assert not {kind for kind, *_ in marks(repr(session.view(seat)))} & {"reason"}
        assert not {kind for kind, *_ in marks(repr(summarise(session, log)))} & {"reason", *PRIVATE}


@settings(deadline=None, max_examples=examples(10))
@given(st.integers(0, 10**6))
def test_logs_transcripts_and_what_exports_are_made_of_hold_nothing_private_and_no_vote(seed: int) -> None:
    kept(seed)


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    for each in range(number):
        for play in plays(each):
            check(play)
        if each % 10 == 0:
            kept(each)
    print(f"{number} scenarios: nothing reached anybody it was not for")
