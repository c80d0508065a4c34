"""Laws that hold in every play of every scenario, tried on generated ones.

The scenarios and walks come from numbers that hypothesis draws; a red example names them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.duties import status
from simulator import engine
from simulator.assess import Guess, scorecard
from simulator.engine import NotAllowed, State
from simulator.events import Choose, Event, Rewind, Start, from_json, to_json
from simulator.library import Library, bundle_from_texts
from simulator.session import begin, fold
from simulator.timeline import timeline
from simulator.view import View, view
from tests.generator import game, generate, marks, next_events, texts, walk
from tests.small import game_from

SEEDS = st.integers(0, 2**32)
SIZES = st.fixed_dictionaries(
    {
        "layers": st.integers(2, 5),
        "width": st.integers(1, 3),
        "seats": st.integers(1, 3),
        "asking": st.booleans(),
        "late": st.booleans(),
    }
)


class Walked(NamedTuple):
    """The states of one random play, the first included."""

    states: list[State]

    @property
    def last(self) -> State:
        return self.states[-1]

    @property
    def seats(self) -> tuple[str, ...]:
        return self.last.game.seats

    @property
    def events(self) -> list[Event]:
        return [state.event for state in self.states if state.event is not None]


@st.composite
def walks(draw: st.DrawFn) -> Walked:
    return Walked(list(walk(engine.start(game(draw(SEEDS), **draw(SIZES))), draw(SEEDS))))


def told(state: State) -> tuple[Any, ...]:
    """Everything a state says, but for the states before it."""
    return (state.scene, state.record, state.watches, state.tellings, state.pending, state.entered, state.event)


def replay(start: State, events: list[Event]) -> State:
    for event in events:
        start = engine.step(start, event)
    return start


def seen(walked: Walked) -> list[tuple[State, str, View]]:
    return [(state, seat, view(state, seat)) for state in walked.states for seat in walked.seats]


# --- the engine ----------------------------------------------------------------------------------------------------


@given(walks())
def test_a_seat_not_on_turn_has_no_options(walked: Walked) -> None:
    for state in walked.states:
        for seat in walked.seats:
            assert bool(engine.options(state, seat)) == (seat in engine.turn(state))


@given(walks())
def test_a_play_has_ended_or_can_go_on(walked: Walked) -> None:
    for state in walked.states:
        assert state.ended != bool(next_events(state))


@given(walks())
def test_every_open_option_can_be_taken_and_no_closed_one(walked: Walked) -> None:
    for state in walked.states:
        for seat in walked.seats:
            for option in engine.options(state, seat):
                event = Choose(seat=seat, action=option.action.id)
                if option.open:
                    assert engine.step(state, event).prev is state
                else:
                    with pytest.raises(NotAllowed):
                        engine.step(state, event)


@given(walks())
def test_stepping_changes_no_state(walked: Walked) -> None:
    for state in walked.states:
        before = repr(told(state))
        for event in next_events(state):
            engine.step(state, event)
        assert repr(told(state)) == before


@given(walks())
def test_the_clock_never_goes_backward(walked: Walked) -> None:
    for before, after in zip(walked.states, walked.states[1:], strict=False):
        minutes = [before.now, *(minute for _, minute in after.entered), after.now]
        assert minutes == sorted(minutes)


@given(walks())
def test_a_fact_never_unhappens(walked: Walked) -> None:
    for before, after in zip(walked.states, walked.states[1:], strict=False):
        for fact, times in before.record.facts.items():
            assert after.record.facts[fact][: len(times)] == times


@given(walks())
def test_meters_stay_within_their_bounds(walked: Walked) -> None:
    for state in walked.states:
        for meter in state.game.scenario.meters.values():
            assert meter.low <= state.record.meters[meter.id] <= meter.high


@given(walks())
def test_what_a_seat_knows_it_knows_for_good(walked: Walked) -> None:
    for before, after in zip(walked.states, walked.states[1:], strict=False):
        assert before.record.known.items() <= after.record.known.items()


# --- the log -------------------------------------------------------------------------------------------------------


@given(walks())
def test_the_same_log_gives_the_same_state(walked: Walked) -> None:
    again = replay(engine.start(walked.last.game), walked.events)
    assert told(again) == told(walked.last)


@given(walks())
def test_the_same_log_gives_the_same_state_by_way_of_json(walked: Walked) -> None:
    kept = json.loads(json.dumps([to_json(event) for event in walked.events]))
    again = replay(engine.start(walked.last.game), [from_json(event) for event in kept])
    assert told(again) == told(walked.last)


@given(SEEDS, SIZES, SEEDS)
def test_the_same_log_gives_the_same_state_in_a_game_prepared_anew(seed: int, size: dict[str, int], way: int) -> None:
    states = list(walk(engine.start(game(seed, **size)), way))
    again = replay(engine.start(game(seed, **size)), [state.event for state in states if state.event is not None])
    assert told(again) == told(states[-1])


@given(walks(), st.data())
def test_rewinding_and_replaying_gives_the_same_state(walked: Walked, data: st.DataObject) -> None:
    start = Start(scenario="generated", texts={}, seats={}, seed=0)
    plays = [begin(walked.last.game, start)]
    for event in walked.events:
        plays.append(fold(plays[-1], event, plays))
    back = data.draw(st.integers(0, len(walked.events)), label="rewind to")
    live, plays = plays[-1], [*plays, fold(plays[-1], Rewind(to=back), plays)]
    assert told(plays[-1].state) == told(walked.states[back])
    for event in walked.events[back:]:
        plays.append(fold(plays[-1], event, plays))
    assert told(plays[-1].state) == told(live.state)
    assert (plays[-1].moves, plays[-1].rewound) == (live.moves, True)
    assert scorecard(plays[-1].state) == scorecard(live.state)


# --- scores --------------------------------------------------------------------------------------------------------


@given(walks())
def test_the_scorecard_is_a_fold_of_the_log(walked: Walked) -> None:
    again = replay(engine.start(walked.last.game), walked.events)
    assert scorecard(again) == scorecard(walked.last)
    assert timeline(again) == timeline(walked.last)


@given(walks())
def test_every_state_of_a_play_can_be_weighed(walked: Walked) -> None:
    for state in walked.states:
        card = scorecard(state, [Guess(step=0, seat="officer", of=walked.seats[-1], action=None)])
        assert card.finished == state.ended
        assert {duty.duty for duty in card.duties} == set(state.game.mou.duties)


@given(walks())
def test_a_duty_once_met_stays_met(walked: Walked) -> None:
    for before, after in zip(walked.states, walked.states[1:], strict=False):
        for key, rule in before.game.watchers.items():
            if rule.rule.never is not None:
                continue
            for old, new in zip(before.watches[key], after.watches[key], strict=False):
                if old.met is not None:
                    assert new.met == old.met
                if status(rule, old, before.now, ended=before.ended) == "met":
                    assert status(rule, new, after.now, ended=after.ended) == "met"


@given(walks())
def test_a_breach_is_never_taken_back(walked: Walked) -> None:
    for before, after in zip(walked.states, walked.states[1:], strict=False):
        assert set(scorecard(before).lines) <= set(scorecard(after).lines) | _overdue(before)
        assert after.tellings[: len(before.tellings)] == before.tellings


def _overdue(state: State) -> set[Any]:
    """Breaches of lines with a deadline: what is late is told by the moment it was noticed, which moves."""
    return {breach for breach in scorecard(state).lines if breach.line == "help"}


@given(walks())
def test_nothing_counts_against_a_play_that_is_not_due_at_its_end(walked: Walked) -> None:
    for duty in scorecard(walked.last).duties:
        if walked.last.ended:
            assert duty.status not in ("due", "overdue")
        else:
            assert duty.status != "open at the end"


@given(walks())
def test_a_practice_share_is_none_or_between_nothing_and_all(walked: Walked) -> None:
    for result in scorecard(walked.last).principles:
        assert result.share is None or 0 <= result.share <= 1
        assert (result.share is None) == (result.decisions == 0)


@given(walks())
def test_only_what_changed_is_asked_again_and_nothing_is_forgotten(walked: Walked) -> None:
    """The index of who reads what is an optimisation: asking every rule anew finds nothing that was not found."""
    for state in walked.states:
        for key, rule in state.game.watchers.items():
            assert rule.ask(state.watches[key], state.record, state.game.deadlines) == state.watches[key], key


# --- the wall between seats ----------------------------------------------------------------------------------------


@given(walks())
def test_no_private_text_reaches_another_seat(walked: Walked) -> None:
    for state, seat, found in seen(walked):
        employer = state.game.scenario.seats[seat].employer
        for kind, *parts in marks(repr(found)):
            if kind == "private":
                assert parts[1] == seat
            elif kind in ("brief", "meter"):
                assert parts == [seat]
            elif kind == "message":
                assert seat in parts
            elif kind == "report":
                assert parts == [employer]
            elif kind == "closed":
                assert parts[1] == seat
            elif kind == "item":
                assert (seat, parts[0]) in state.record.known
            else:
                assert kind not in ("felt", "because", "purpose")


@given(walks())
def test_a_seat_reads_of_no_scene_that_it_was_not_present_for(walked: Walked) -> None:
    for state, seat, found in seen(walked):
        entered = {scene for at in engine.chain(state) for scene, _ in at.entered}
        for kind, scene, *_ in marks(repr(found)):
            if kind in ("scene", "title", "question"):
                assert scene in entered
                assert seat in state.game.scenes[scene].present
            if kind in ("action", "says"):
                assert seat in state.game.scenes[scene].present


@given(walks())
def test_a_pending_choice_is_seen_by_nobody_else(walked: Walked) -> None:
    for state, seat, found in seen(walked):
        chosen = {other for other, _ in state.pending}
        if state.pending and seat not in chosen:
            assert state.prev is not None
            before = view(state.prev, seat)
            assert found.passages == before.passages
            assert (found.options, found.duties, found.items) == (before.options, before.duties, before.items)


@given(walks())
def test_two_plays_that_a_seat_cannot_tell_apart_look_alike_to_it(walked: Walked) -> None:
    """Whichever way a partner has chosen unseen, the view is the same."""
    for state in walked.states:
        if state.pending or len(engine.turn(state)) < 2:
            continue
        first, other = engine.turn(state)[:2]
        ways = [o.action.id for o in engine.options(state, first) if o.open]
        looks = {repr(view(engine.step(state, Choose(seat=first, action=way)), other)) for way in ways}
        assert len(looks) == 1


@given(walks())
def test_no_text_stands_in_the_log(walked: Walked) -> None:
    assert not marks(json.dumps([to_json(event) for event in walked.events]))


@given(walks())
def test_what_a_seat_has_read_stays_read(walked: Walked) -> None:
    for before, after in zip(walked.states, walked.states[1:], strict=False):
        for seat in walked.seats:
            read = [p for p in view(before, seat).passages if p.kind != "gap"]
            assert [p for p in view(after, seat).passages if p.kind != "gap"][: len(read)] == read


# --- files ---------------------------------------------------------------------------------------------------------


@given(SEEDS, SIZES)
@settings(max_examples=15)
def test_a_scenario_read_from_its_file_is_the_one_that_was_written(seed: int, size: dict[str, int]) -> None:
    trees = generate(seed, **size)
    read, written = bundle_from_texts(texts(trees)), game_from(trees)
    for kind in trees:
        assert getattr(read, kind) == getattr(written, kind)


@pytest.mark.parametrize("seed", range(5))
def test_so_is_one_in_which_much_is_told_by_many_rights(seed: int) -> None:
    trees = generate(seed, telling=True)
    read, written = bundle_from_texts(texts(trees)), game_from(trees)
    for kind in trees:
        assert getattr(read, kind) == getattr(written, kind)


@pytest.mark.parametrize("seed", range(5))
def test_a_generated_scenario_has_no_errors(seed: int, tmp_path: Path) -> None:
    for text in texts(generate(seed)):
        (tmp_path / f"{text.id}.yaml").write_text(text.text, encoding="utf-8")
    library = Library([tmp_path])
    problems = [p for path in tmp_path.iterdir() for p in library.check(path) if p.severity == "error"]
    assert problems == []


def test_the_same_seed_writes_the_same_scenario() -> None:
    assert texts(generate(11)) == texts(generate(11))
    assert texts(generate(11)) != texts(generate(12))


def test_generated_plays_meet_what_the_laws_are_about() -> None:
    """A law over plays in which nothing happens would say nothing."""
    met: set[str] = set()
    for seed in range(40):
        last = list(walk(engine.start(game(seed)), seed))[-1]
        card = scorecard(last)
        met |= {duty.status for duty in card.duties} | {breach.line for breach in card.lines}
        met |= {kind for kind, *_ in marks(repr([view(last, seat) for seat in last.game.seats]))}
        met |= {type(at.event).__name__ for at in engine.chain(last)}
        met |= {"together" for at in engine.chain(last) if at.pending} | ({"ended"} if last.ended else set())
    assert met >= {
        "met", "missed", "late", "excused", "not triggered", "not played", "open at the end", "harm", "confidence",
        "help", "private", "message", "item", "report", "Chance", "Choose", "together", "ended",
    }  # fmt: skip
