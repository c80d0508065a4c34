"""A series: what one episode leaves to the next, and what it keeps to itself."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from scoring.clock import Span
from scoring.duties import status
from simulator import engine
from simulator.assess import scorecard
from simulator.carried import NOTHING, from_plain, to_plain
from simulator.engine import State
from simulator.events import Start, from_json, to_json
from simulator.following import CannotFollow, carries_on, following, next_of
from simulator.library import Library
from simulator.log import Place, Store, open_store
from simulator.log.copying import copy
from simulator.plain import Plain
from simulator.rejudging import Rejudged, rejudge
from simulator.series import Carries, Episode
from simulator.session import Session
from simulator.variants import Wanted
from simulator.view import HER_VOICE, view
from tests import serial
from tests.serial import GAP, NIGHT, THREE_DAYS, played, shelf, walk
from tests.small import hub, play

SEEDS = range(60)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "store.sqlite3")
    yield opened
    opened.close()


def first(store: Store, script: str = NIGHT, **more: object) -> Session:
    return played(store, shelf().episode(THREE_DAYS), script, **more)


def second(store: Store, before: Session) -> Session:
    found = following(shelf(), before, THREE_DAYS)
    return Session.begin(store, found.bundle, found.places, seed=1, draw=found.draw)


def duty(session: Session, name: str) -> str:
    return next((d.status for d in session.scorecard().duties if d.duty == name), "not told of")


# --- one long story, told in two ------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_playing_on_from_a_carried_state_is_playing_on_in_one_long_scenario(seed: int) -> None:
    short, long = serial.twice(seed, layers=2, width=2, calendar=seed % 2 == 1)
    draw = Random(seed)
    one, all_of_it = engine.start(short), engine.start(long)
    while not one.ended:
        event = serial.pick(one, draw)
        one, all_of_it = engine.step(one, event), engine.step(all_of_it, event)
    ended = one
    bridge = engine.step(all_of_it, serial.Chance(action="go"))
    two = engine.start(serial.next_game(ended, short))
    while not two.ended:
        assert two.scene == bridge.scene.removeprefix("b_")
        event = serial.pick(two, draw)
        two, bridge = engine.step(two, event), engine.step(bridge, event)
    assert_same(ended, two, bridge)


def assert_same(ended: State, two: State, long: State) -> None:
    gap = ended.now + GAP
    assert two.now + gap == long.now
    assert two.record.meters == long.record.meters
    assert two.record.statuses == long.record.statuses
    assert {k: v.source for k, v in two.record.known.items()} == {k: v.source for k, v in long.record.known.items()}
    assert {k: [o.minute + gap for o in v] for k, v in two.record.facts.items()} == {
        k: [o.minute for o in v] for k, v in long.record.facts.items()
    }
    for key, rule in two.game.watchers.items():
        assert len(two.watches[key]) == len(long.watches[key])
        for index, (here, there) in enumerate(zip(two.watches[key], long.watches[key], strict=True)):
            if rule.rule.never is None and index < len(ended.watches[key]):
                stood = status(rule, ended.watches[key][index], ended.now, ended=True)
                open_still = stood in ("open at the end", "not triggered", "not played")
                assert here.settled is (not open_still or (key, index) in two.game.carried.settled)
            expected = serial.shifted(there, gap)
            if rule.rule.never is not None:  # a breach belongs to the episode in which it was
                expected = expected._replace(broken=expected.broken[len(ended.watches[key][0].broken) :])
            assert serial.shifted(here, 0)._replace(settled=False) == expected


def test_what_is_due_after_the_episode_is_counted_from_the_real_moment() -> None:
    game = hub(
        {"ask": {"minutes": 10, "records": "asked"}, "do": {"minutes": 5, "records": "done"}},
        duties={"d": {"when": "asked", "must": "done", "within": "2 h"}},
    )
    ended = play(game, "ask", "end")
    after = {hours: Episode(scenario="small", after=Span.parse(f"{hours} h")) for hours in (1, 2)}
    late = play(serial.next_game(ended, game, episode=after[2]), "do", "end")
    in_time = play(serial.next_game(ended, game, episode=after[1]), "do", "end")
    watch = late.game.watchers["duty:d"]
    assert status(watch, late.watches["duty:d"][0], late.now, ended=True) == "late"
    assert status(watch, in_time.watches["duty:d"][0], in_time.now, ended=True) == "met"


def test_without_a_span_an_episode_begins_at_its_own_hour_or_when_the_one_before_is_over() -> None:
    game = hub({"wait": {"minutes": 60}})
    ended = play(game, "wait", "end")
    assert serial.next_game(ended, game, episode=Episode(scenario="small")).begins == ended.game.calendar.at(60)


def test_what_is_not_declared_begins_as_its_scenario_says() -> None:
    game = hub({"ask": {"records": "asked", "change": {"trust": 2}}}, meters={"trust": {"label": "Trust", "start": 3}})
    ended = play(game, "ask", "end")
    begun = engine.start(serial.next_game(ended, game, Carries(facts=("asked",))))
    assert begun.record.meters == {"trust": 3}
    assert list(begun.record.facts) == ["asked"]


# --- in sessions ----------------------------------------------------------------------------------------------------


def test_open_duties_go_on_and_settled_ones_are_told_of_no_more(store: Store) -> None:
    before = first(store)
    after = second(store, before)
    assert duty(before, "promised-call") == "open at the end"
    assert duty(after, "promised-call") == "due"
    assert duty(before, "advocate-within-thirty") == "met"
    assert duty(after, "advocate-within-thirty") == "not told of"


def test_a_session_begins_again_from_its_log_alone(store: Store) -> None:
    after = second(store, first(store))
    again = Session.reopen(store, after.id)
    assert again.state.record == after.state.record
    assert again.state.watches == after.state.watches
    assert again.bundle.stands == {"id": "three-days", "episode": 2, "after": after.bundle.follows}


def test_a_log_without_a_series_reads_as_before() -> None:
    event = from_json({"kind": "start", "scenario": "s", "texts": {}, "seats": {}, "seed": 1})
    assert isinstance(event, Start)
    assert from_plain(event.carried) == NOTHING


def test_a_carried_state_reads_back_as_it_was_written(store: Store) -> None:
    carried = second(store, first(store)).bundle.carried
    assert from_plain(to_plain(carried)) == carried
    assert from_json(to_json(second(store, first(store)).events[0]))  # plain data all through


def test_the_same_names_are_drawn_in_every_episode(store: Store) -> None:
    before = first(store, draw=Wanted({"cover": 1}))
    assert "Officer Lund" in second(store, before).view("advocate").brief


def test_whoever_played_a_seat_plays_the_seat_that_goes_on_from_it(store: Store) -> None:
    places = [Place("officer", "Ash", "human", "Riverside PD"), Place("advocate", "Bo", "typical")]
    found = following(shelf(), first(store, places=places), THREE_DAYS)
    assert found.places == (Place("detective", "Ash", "human", "Riverside PD"), Place("advocate", "", "typical"))


def test_a_release_goes_on_until_it_runs_out(store: Store) -> None:
    after = second(store, first(store))
    after.choose("advocate", "ring")
    after.choose("advocate", "tell")
    assert not after.scorecard().lines


def test_without_the_paper_the_same_telling_crosses_a_line(store: Store) -> None:
    after = second(store, first(store, NIGHT.replace("explain", "later")))
    after.choose("advocate", "ring")
    after.choose("advocate", "tell")
    assert [line.line for line in after.scorecard().lines] == ["confidences"]


def test_three_episodes_carry_a_duty_from_the_second_to_the_third(store: Store) -> None:
    two = second(store, first(store))
    for seat, action in (("advocate", "ring"), ("advocate", "ask_her"), ("detective", "reach")):
        two.choose(seat, action)
    three = second(store, two)
    assert three.state.game.begins.isoformat() == "2026-01-15T10:00:00"
    assert duty(three, "tell-of-changes") == "due"
    assert duty(three, "promised-call") == "not told of"  # kept in the second
    three.choose("detective", "tell_her")
    assert duty(three, "tell-of-changes") == "met"
    with pytest.raises(CannotFollow, match="last episode"):
        following(shelf(), three, THREE_DAYS)


def test_a_session_that_has_not_ended_is_not_followed(store: Store) -> None:
    bundle = shelf().episode(THREE_DAYS)
    session = Session.begin(store, bundle, [Place(seat, "", "human") for seat in bundle.scenario.seats])
    with pytest.raises(CannotFollow, match="has not ended"):
        following(shelf(), session, THREE_DAYS)


# --- what a seat may know -------------------------------------------------------------------------------------------


def test_her_voice_is_heard_by_those_who_were_at_the_ending(store: Store) -> None:
    after = second(store, first(store))
    for seat in ("detective", "advocate"):
        [voice] = [p for p in after.view(seat).passages if p.title == HER_VOICE]
        assert voice.text == "I did not think you would come back."


@pytest.mark.parametrize("seed", SEEDS)
def test_a_seat_sees_nothing_in_the_next_episode_that_it_could_not_know_before(seed: int) -> None:
    """Two plays that a seat cannot tell apart open the next episode alike to it."""
    short, _ = serial.twice(seed, layers=2, width=2)
    told: dict[tuple[str, str], tuple[object, str]] = {}
    for walked in range(12):
        ended = walk(engine.start(short), Random(f"{seed} {walked}"))
        begun = engine.start(serial.next_game(ended, short))
        for seat in short.seats:
            seen, opens = view(ended, seat), view(begun, seat)
            if ended.game.scenes[ended.scene].present != frozenset(short.seats):
                continue
            key = (seat, repr((seen.passages, seen.items, seen.meters, ended.now, duties_seen(ended, seat))))
            opening = (opens.passages, opens.items, opens.meters, opens.duties)
            assert told.setdefault(key, (opening, ended.scene))[0] == opening


def duties_seen(state: State, seat: str) -> object:
    """The duties a seat saw before the ending took them from its screen."""
    return view(state.prev, seat).duties if state.prev is not None else ()


def test_a_duty_that_opened_elsewhere_stays_hidden_in_the_next_episode(store: Store) -> None:
    after = second(store, first(store))
    assert "promised-call" in {d.id for d in after.view("advocate").duties}
    begun = engine.start(after.state.game)
    assert not {m for m in begun.game.carried.moments if "detective" in m.seats and "followup_agreed" in dict(m.facts)}


# --- in lines of text -----------------------------------------------------------------------------------------------


def test_the_debrief_tells_what_was_brought_along_and_what_goes_on(store: Store) -> None:
    import io

    out = io.StringIO()
    after = second(store, first(store))
    for seat, action in (("advocate", "wait"), ("advocate", "ask_her"), ("detective", "reach")):
        after.choose(seat, action)
    Plain(after, io.StringIO(), out, interactive=False).debrief()
    text = " ".join(out.getvalue().split())
    assert "What this episode began with" in text
    assert "An agreed follow-up is made by the next business day, due Mon 12 Jan, 23:59." in text
    assert "Episode 3 of 3 goes on from here." in text
    assert "A court date is told to her within five business days (clause 4.4)." in text


# --- in stores ------------------------------------------------------------------------------------------------------


def test_an_episode_outlives_the_session_it_follows_and_goes_along_to_another_store(
    store: Store, tmp_path: Path
) -> None:
    before = first(store, places=[Place("officer", "Ash", "human"), Place("advocate", "Bo", "human")])
    after = second(store, before)
    after.choose("advocate", "ring")
    store.forget("Ash")
    assert store.audit() == []
    other = open_store(tmp_path / "other.sqlite3")
    copy(store, other)
    again = Session.reopen(other, after.id)
    other.close()
    assert [place.alias for place in again.places] == ["", "Bo"]
    assert again.state.watches == after.state.watches


def test_a_play_of_a_series_is_resumed_whatever_becomes_of_its_files(store: Store, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(serial.FOLDER, tmp_path / "own"))
    series = folder / "series" / "three-days.yaml"
    before = played(store, Library([folder]).episode(series), NIGHT)
    shutil.rmtree(folder)
    again = Session.reopen(store, before.id)
    assert again.bundle.series is not None
    assert next_of(again) == 2
    assert carries_on(again) == carries_on(before) != ()


# --- weighed ---------------------------------------------------------------------------------------------------------


def test_a_later_episode_weighed_again_by_its_own_rules_comes_out_the_same(store: Store) -> None:
    after = second(store, first(store))
    for seat, action in (("advocate", "wait"), ("advocate", "tell"), ("detective", "reach")):
        after.choose(seat, action)
    game = after.state.game
    again = Rejudged(
        game.scenario, game.mou, game.jurisdiction, game.framework, game.vocabulary, played_under=game.jurisdiction
    )
    assert scorecard(rejudge(after.state, again)) == after.scorecard()


def test_the_outlook_of_an_episode_is_that_of_what_it_began_with(store: Store) -> None:
    """What was promised on the first night can still be lost in the morning; what nobody promised cannot."""
    promised = second(store, first(store))
    unpromised = second(store, first(store, NIGHT.replace("advocate: agree, advocate: explain", "advocate: comfort")))
    for session in (promised, unpromised):
        for seat, action in (("advocate", "wait"), ("advocate", "ask_her"), ("detective", "reach")):
            session.choose(seat, action)
    with_it, without = (session.hindsight() for session in (promised, unpromised))
    assert with_it is not None and without is not None
    assert "clause 5.5 could still have been kept" in str(with_it.points)
    assert "clause 5.5" not in str(without.points)


def test_the_computers_expert_plays_a_later_episode(store: Store) -> None:
    found = following(shelf(), first(store), THREE_DAYS)
    places = [Place("detective", "", "human"), Place("advocate", "", "expert")]
    after = Session.begin(store, found.bundle, places, seed=1, draw=found.draw)
    after.run_others()
    assert after.transcript().splitlines()[0] == "advocate: ring"
