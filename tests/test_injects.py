"""Injects: events from outside. When they come, what they change, who sees them, and that nobody did them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from facilitator.chart import chart_of
from facilitator.explored import report
from facilitator.exploring import never_come
from facilitator.lenses import look
from facilitator.outline import card, outline
from simulator import engine
from simulator.assess import scorecard
from simulator.engine import NotAllowed, State
from simulator.events import Inject, Tell, from_json, to_json
from simulator.game import Game
from simulator.injecting import by_hand, why_not
from simulator.library import Library, bundle_from_texts
from simulator.log import Place, Store, open_store
from simulator.outlook.claims import claims
from simulator.plain import Plain
from simulator.rejudging import NotComparable, Rejudged, rejudge
from simulator.script import parse
from simulator.session import Session
from simulator.summing import sum_up, summary_of
from simulator.timeline import timeline
from simulator.view import view
from tests import app_helpers, injected
from tests.generator import game, generate, marks, texts
from tests.sizes import examples
from tests.small import SEATS, Tree, hub, hub_scenes, jurisdiction_of, move, play, status, world, world_trees
from tests.test_laws import told

SEEDS = st.integers(0, 2**32)
END: Tree = {"ending": {"title": "The end"}}
ACTIONS: Tree = {"wait": {"minutes": 10}, "call": {"records": "called"}, "rest": {}}
HUMANS = (Place("officer", "Heron", "human"), Place("advocate", "Wren", "human"))


def shelf(**injects: Tree) -> Tree:
    return {n: {"synopsis": f"What {n} is for.", "text": f"It comes: {n}.", **each} for n, each in injects.items()}


def waiting(actions: Tree | None = None, *, rest: Tree | None = None, **injects: Tree) -> Game:
    """One scene to which every action leads back, and a shelf."""
    return hub({**ACTIONS, **(actions or {})}, injects=shelf(**injects), **(rest or {}))


def came(state: State) -> list[str]:
    """All injects that have come, in order."""
    return [inject for at in engine.chain(state) for inject, _ in at.injected]


# --- when they come ----------------------------------------------------------------------------------------------


def test_an_inject_comes_at_the_end_of_the_step_in_which_its_time_is_reached() -> None:
    made = waiting(late={"at": "20 min"})
    assert came(play(made, "wait")) == []
    assert came(play(made, "wait", "wait")) == ["late"]  # the very minute counts


def test_an_inject_comes_once() -> None:
    assert came(play(waiting(late={"at": "10 min"}), "wait", "wait", "wait")) == ["late"]


def test_a_time_may_be_one_of_the_calendar() -> None:
    made = waiting({"sleep": {"until": "next day 08:00"}}, morning={"at": "next day 07:30"})
    assert came(play(made, "wait")) == []
    assert came(play(made, "wait", "sleep")) == ["morning"]


def test_an_inject_comes_as_soon_as_its_condition_holds() -> None:
    made = waiting(answer={"when": "called"})
    assert came(play(made, "wait")) == []
    assert came(play(made, "wait", "call")) == ["answer"]


def test_what_holds_from_the_start_comes_before_anybody_acts() -> None:
    state = engine.start(waiting(now={"when": "not called"}))
    assert came(state) == ["now"]
    assert state.event is None


def test_several_come_in_the_authors_order_and_each_sees_what_the_one_before_did() -> None:
    made = waiting(first={"when": "called", "records": "rung"}, then={"when": "rung"})
    assert came(play(made, "call")) == ["first", "then"]


def test_what_a_later_one_makes_due_comes_in_the_same_step() -> None:
    made = waiting(then={"when": "rung"}, first={"when": "called", "records": "rung"}, last={"when": "called"})
    assert came(play(made, "call")) == ["first", "then", "last"]


def test_what_is_said_unprompted_may_bring_one() -> None:
    made = waiting(
        he_knows={"when": "knows(officer, gun)"},
        rest={
            "items": {"gun": {"text": "where the gun is", "known_by": ("advocate",)}},
            "telling": "open",
            "turn": "advocate",
        },
    )
    state = engine.step(engine.start(made), Tell(seat="advocate", to="officer", item="gun", channel="in-person"))
    assert came(state) == ["he_knows"]


def test_none_comes_at_an_ending() -> None:
    assert came(play(waiting(late={"at": "0 min", "in": "elsewhere"}, also={"when": "called"}), "end")) == []
    scenes: Tree = {"a": {"turn": "officer", "actions": {"go": {"records": "gone", "to": "end"}}}, "end": END}
    assert came(play(world(scenes, injects=shelf(late={"when": "gone"})), "go")) == []


def test_one_that_is_limited_to_scenes_waits_until_the_story_stands_there() -> None:
    scenes: Tree = {
        "a": {"turn": "officer", "actions": {"go": {"minutes": 30, "to": "told"}}},
        "told": {"text": "On the way.", "to": "b"},
        "b": {"turn": "officer", "actions": {"go": {"to": "c"}}},
        "c": {"turn": "advocate", "actions": {"go": {"to": "end"}}},
        "end": END,
    }
    made = world(scenes, injects=shelf(late={"at": "5 min", "in": "c"}))
    assert came(play(made, "go")) == []
    assert came(play(made, "go", "go")) == ["late"]


def test_it_takes_its_minutes_before_the_next_decision() -> None:
    assert play(waiting(late={"when": "called", "minutes": 7}), "call").now == 7


# --- what they change --------------------------------------------------------------------------------------------


def test_what_it_records_is_recorded_by_nobody() -> None:
    [occurrence] = play(waiting(ring={"when": "called", "records": "rung"}), "call").record.facts["rung"]
    assert occurrence.seat is None


def test_it_moves_meters_sets_statuses_teaches_items_and_takes_releases_back() -> None:
    made = waiting(
        news={
            "by": "hand",
            "change": {"trust": -2},
            "set": {"wish": "no"},
            "learn": {"advocate": "gun"},
            "revokes_release": "form",
        },
        rest={
            "meters": {"trust": {"label": "Trust", "start": 5}},
            "statuses": {"wish": {"values": ["yes", "no"], "start": "yes"}},
            "items": {"gun": {"text": "where the gun is"}},
            "releases": {"form": {"holder": "advocate", "recipient": "officer", "items": "gun", "purpose": "safety"}},
        },
    )
    record = play(made, "inject: news").record
    assert (record.meters["trust"], record.statuses["wish"]) == (3, "no")
    assert record.known["advocate", "gun"].source == "survivor"
    assert record.forms["form"].revoked == 0


def test_it_may_trigger_a_duty_and_another_may_keep_it() -> None:
    made = waiting(
        ring={"by": "hand", "records": "rung"},
        rest={"duties": {"it": {"when": "rung", "must": "called", "within": "15 min"}}},
    )
    assert status(play(made, "inject: ring", "wait", "call", "end")) == "met"
    assert status(play(made, "inject: ring", "wait", "wait", "end")) == "missed"
    assert status(play(made, "wait", "end")) == "not triggered"


def test_what_must_never_happen_is_nobodys_doing_if_an_inject_records_it() -> None:
    made = waiting(harm={"by": "hand", "records": "harmed"}, rest={"lines": {"harm": {"never": "harmed"}}})
    [breach] = scorecard(play(made, "inject: harm", "end")).lines
    assert breach.seat is None


def test_an_inject_is_no_decision() -> None:
    made = waiting(ring={"by": "hand", "records": "rung"})
    card = scorecard(play(made, "inject: ring", "rest", "end"))
    assert [decision.chosen.action for decision in card.decisions] == ["rest", "end"]


def test_a_dilemma_is_weighed_once_though_an_inject_comes_in_it() -> None:
    scenes = hub_scenes({"rest": {}})
    scenes["hub"]["judgement"] = {"question": "Which?", "both_sides": ["one", "other"]}
    made = world(scenes, injects=shelf(ring={"by": "hand"}))
    assert len(scorecard(play(made, "inject: ring", "end")).judgements) == 1


# --- by hand -----------------------------------------------------------------------------------------------------


def test_by_hand_the_story_stays_in_its_scene_and_its_turn() -> None:
    made = waiting(ring={"by": "hand", "minutes": 3, "records": "rung"})
    state = play(made, "inject: ring")
    assert (state.scene, engine.turn(state), state.now, state.entered) == ("hub", ("officer",), 3, ())


def test_what_falls_due_by_it_comes_in_the_same_step() -> None:
    made = waiting(ring={"by": "hand", "records": "rung"}, answer={"when": "rung"})
    assert came(play(made, "inject: ring")) == ["ring", "answer"]


@pytest.mark.parametrize(
    ("moves", "inject", "why"),
    [
        ([], "nothing", "there is no inject"),
        ([], "late", "comes by itself"),
        (["inject: ring"], "ring", "has come already"),
        (["end"], "ring", "has ended"),
        ([], "there", "belongs to other scenes"),
    ],
)
def test_what_cannot_be_brought_is_refused_with_a_reason(moves: list[str], inject: str, why: str) -> None:
    scenes = {**hub_scenes(ACTIONS), "other": {"turn": "officer", "actions": {"go": {"to": "ending"}}}}
    made = world(scenes, injects=shelf(ring={"by": "hand"}, late={"at": "5 min"}, there={"by": "hand", "in": "other"}))
    state = play(made, *moves)
    with pytest.raises(NotAllowed, match=why):
        move(state, f"inject: {inject}")
    assert why in str(why_not(state, inject))


def test_none_is_brought_while_somebody_has_yet_to_choose_unseen() -> None:
    actions = {"o": {"seat": "officer"}, "a": {"seat": "advocate"}}
    scenes = {"both": {"turn": ["officer", "advocate"], "actions": actions, "to": "end"}, "end": END}
    made = world(scenes, injects=shelf(ring={"by": "hand"}))
    assert came(play(made, "inject: ring", "officer: o")) == ["ring"]
    with pytest.raises(NotAllowed, match="somebody has chosen already"):
        play(made, "officer: o", "inject: ring")


def test_none_is_brought_that_would_leave_nothing_to_do() -> None:
    scenes: Tree = {
        "a": {"turn": "officer", "actions": {"go": {"when": "not rung", "closed": "no", "to": "end"}}},
        "end": END,
    }
    with pytest.raises(NotAllowed, match="nothing would be open"):
        play(world(scenes, injects=shelf(ring={"by": "hand", "records": "rung"})), "inject: ring")


# --- who sees them -----------------------------------------------------------------------------------------------


def passages(state: State, seat: str) -> list[tuple[str, str]]:
    return [(p.kind, p.text) for p in view(state, seat).passages if p.kind in ("inject", "private")]


def test_those_present_read_it_and_somebody_may_read_something_of_their_own() -> None:
    made = waiting(ring={"by": "hand", "present": "officer", "private": {"advocate": "You hear it from afar."}})
    state = play(made, "inject: ring")
    assert passages(state, "officer") == [("inject", "It comes: ring.")]
    assert passages(state, "advocate") == [("private", "You hear it from afar.")]


def test_a_seat_that_is_not_in_the_story_yet_sees_nothing_of_it() -> None:
    scenes: Tree = {
        "a": {"turn": "officer", "actions": {"go": {"to": "b"}}},
        "b": {"turn": "advocate", "actions": {"go": {"to": "end"}}},
        "end": END,
    }
    seats = {**SEATS, "advocate": {**SEATS["advocate"], "enters": ("b",)}}
    private = {"advocate": "You hear it, too."}
    made = world(scenes, seats=seats, injects=shelf(ring={"by": "hand", "private": private}))
    assert passages(play(made, "inject: ring"), "advocate") == []
    assert passages(play(made, "go", "inject: ring"), "advocate") == [
        ("inject", "It comes: ring."),
        ("private", "You hear it, too."),
    ]


def test_the_debrief_tells_it_as_something_that_came_from_outside_and_who_alone_knew() -> None:
    state = play(waiting(ring={"by": "hand", "present": "officer"}), "inject: ring", "end")
    [moment] = [moment for moment in timeline(state) if moment.kind == "inject"]
    assert (moment.text, moment.who, moment.private_to) == ("It comes: ring.", None, ("Officer Reyes",))


def test_a_duty_that_an_inject_opened_shows_to_those_who_saw_it() -> None:
    rest = {"duties": {"it": {"when": "rung", "must": "called", "within": "15 min"}}}
    for present, shown in (("officer", 1), ("advocate", 0)):
        made = waiting(ring={"by": "hand", "records": "rung", "present": present}, rest=rest)
        assert len(view(play(made, "inject: ring"), "officer").duties) == shown


@settings(max_examples=examples(30), suppress_health_check=[HealthCheck.too_slow])
@given(SEEDS, SEEDS, st.integers(1, 3))
def test_no_seat_reads_of_an_inject_it_was_not_there_for_and_nobody_reads_the_shelf(
    seed: int, walked: int, seats: int
) -> None:
    for state in injected.play(engine.start(game(seed, seats=seats, injects=True)), walked):
        for seat in state.game.seats:
            for kind, *parts in marks(repr(view(state, seat))):
                assert kind not in ("synopsis", "expected")
                if kind == "inject":
                    assert parts[0] in came(state) and seat in state.game.injects[parts[0]].present
                if kind == "private":
                    assert parts[1] == seat
                    assert not parts[0].startswith("inject") or parts[0] in came(state)


# --- log, scripts, sessions --------------------------------------------------------------------------------------


@settings(max_examples=examples(22), suppress_health_check=[HealthCheck.too_slow])
@given(SEEDS, SEEDS)
def test_a_play_with_injects_replays_exactly_and_only_those_by_hand_are_in_its_log(seed: int, walked: int) -> None:
    start = engine.start(game(seed, injects=True))
    *_, last = injected.play(start, walked)
    again = start
    for at in list(engine.chain(last))[1:]:
        assert at.event is not None
        again = engine.step(again, from_json(to_json(at.event)))
        assert told(again) == told(at) and again.injected == at.injected
    logged = [at.event.inject for at in engine.chain(last) if isinstance(at.event, Inject)]
    assert logged == [inject for inject in came(last) if last.game.injects[inject].by_hand]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "store.sqlite3")
    yield opened
    opened.close()


def room(store: Store, **other: Any) -> Session:
    """A session of a hub with one scheduled and two injects by hand."""
    injects = shelf(
        ring={"by": "hand", "records": "rung", "expected": "They let her answer."},
        late={"at": "20 min"},
        knock={"by": "hand", "present": "officer"},
    )
    rated = {"listen": {"practice": {"safety": 2}}, "push": {"practice": {"safety": -2}}}
    trees = world_trees(
        hub_scenes({**ACTIONS, **rated}),
        injects=injects,
        duties={"it": {"when": "rung", "must": "called", "within": "15 min"}},
    )
    return Session.begin(store, bundle_from_texts(texts(trees)), HUMANS, seed=3, **other)


def test_a_session_keeps_what_was_brought_and_goes_on_from_there(store: Store) -> None:
    session = room(store)
    session.choose("officer", "wait")
    session.inject("ring")
    again = Session.reopen(store, session.id)
    assert told(again.state) == told(session.state)
    with pytest.raises(NotAllowed, match="has come already"):
        again.inject("ring")


def test_nothing_is_brought_while_the_play_is_paused(store: Store) -> None:
    session = room(store)
    session.pause()
    with pytest.raises(NotAllowed, match="paused"):
        session.inject("ring")


def test_what_was_brought_can_be_taken_back_and_brought_again(store: Store) -> None:
    session = room(store)
    session.inject("ring")
    session.rewind(0)
    assert [inject.id for inject in by_hand(session.state)] == ["ring", "knock"]
    session.inject("ring")
    assert came(session.state) == ["ring"]


def test_a_transcript_tells_what_was_brought_and_plays_again(store: Store) -> None:
    session = room(store)
    session.choose("officer", "wait")
    session.inject("ring")
    for action in ("wait", "end"):
        session.choose("officer", action)
    assert session.transcript().splitlines() == ["officer: wait", "inject: ring", "officer: wait", "officer: end"]
    other, out = room(store), io.StringIO()
    Plain(other, io.StringIO(), out, interactive=False).run_script(parse(session.transcript()), "again")
    assert told(other.state)[:-1] == told(session.state)[:-1]
    assert "It comes: ring." in out.getvalue() and "It comes: late." in out.getvalue()


def typed(session: Session, lines: str) -> str:
    out = io.StringIO()
    Plain(session, io.StringIO(lines), out).play()
    return out.getvalue()


def test_in_plain_mode_the_shelf_is_read_only_when_it_is_asked_for_twice(store: Store) -> None:
    assert "They let her answer." not in typed(room(store), "inject\n\nend\n")
    assert "They let her answer." in typed(room(store), "inject\nshelf\nend\n")


def test_in_plain_mode_an_inject_is_brought_by_its_name(store: Store) -> None:
    session = room(store)
    said = typed(session, "inject: ring\ninject: ring\nend\n")
    assert "It comes: ring." in said and "has come already" in said
    assert session.transcript() == "inject: ring\nofficer: end\n"


def test_the_debrief_and_the_figures_know_no_decision_of_an_inject(store: Store) -> None:
    figures = []
    for brought in (False, True):
        session = room(store, workshop="spring")
        for action in ("push", "wait", "end"):
            if brought and action == "wait":
                session.inject("knock")
            session.choose("officer", action)
        sum_up(session)
        summary = summary_of(store, session.id)
        figures.append(([(d.action, d.points, d.lost) for d in summary.decisions], [s.practice for s in summary.seats]))
        out = io.StringIO()
        Plain(session, io.StringIO(), out, interactive=False).debrief()
        assert ("from outside: It comes: knock." in out.getvalue()) == brought
    assert figures[0] == figures[1]


def test_the_outlook_of_a_session_knows_what_an_inject_changed(store: Store) -> None:
    session = room(store)
    session.inject("ring")
    for action in ("wait", "wait", "end"):
        session.choose("officer", action)
    found = session.hindsight()
    assert found is not None
    assert found.points[0].chosen == "Do wait."


def test_an_expert_partner_plays_on_after_an_inject(store: Store) -> None:
    scenes: Tree = {
        "phone": {"turn": "officer", "actions": {"rest": {"to": "end"}, "call": {"records": "called", "to": "end"}}},
        "end": END,
    }
    trees = world_trees(
        scenes,
        injects=shelf(ring={"by": "hand", "records": "rung"}),
        duties={"it": {"when": "rung", "must": "called"}},
    )
    places = (Place("officer", "", "expert"), Place("advocate", "Wren", "human"))
    for brought, chosen in ((True, "call"), (False, "rest")):
        session = Session.begin(store, bundle_from_texts(texts(trees)), places, seed=3)
        if brought:
            session.inject("ring")
        session.run_others()
        assert session.transcript().splitlines()[-1] == f"officer: {chosen}"


# --- under other rules -------------------------------------------------------------------------------------------


def under(made: Game, **switches: bool) -> Rejudged:
    reviewed = {"text": "It holds.", "citation": "a statute", "reviewed": "2026-01-01"}
    law = jurisdiction_of(
        {"id": "there", "title": "There", "switches": {k: {"value": v, **reviewed} for k, v in switches.items()}}
    )
    return Rejudged(made.scenario, made.mou, law, made.framework, made.vocabulary, played_under=made.jurisdiction)


def test_a_play_is_weighed_by_other_rules_with_its_injects() -> None:
    state = play(waiting(ring={"by": "hand", "records": "rung"}, late={"at": "5 min"}), "inject: ring", "wait", "end")
    assert came(rejudge(state, under(state.game))) == ["ring", "late"]


def test_a_play_in_which_an_inject_waited_for_the_law_is_not_compared() -> None:
    made = waiting(strict={"when": "law.strict and called"}, rest={"switches": ("strict",)})
    with pytest.raises(NotComparable, match=r"law\.strict"):
        rejudge(play(made, "rest", "end"), under(made, strict=False))


# --- files -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_a_shelf_read_from_its_file_is_the_one_that_was_written(seed: int) -> None:
    trees = generate(seed, injects=True, calendar=seed % 2 == 1)
    read = bundle_from_texts(texts(trees)).scenario
    assert read == game(seed, injects=True, calendar=seed % 2 == 1).scenario


def test_the_words_of_an_inject_are_drawn_like_any_other() -> None:
    trees = generate(1, injects=True)
    trees["scenario"]["variants"] = {"sister": ["Nora", "Ines"]}
    first = next(iter(trees["scenario"]["injects"].values()))
    first |= {
        "synopsis": "{sister} calls.",
        "text": "{sister} is on the phone.",
        "private": {"officer": "It is {sister}."},
    }
    bundle = bundle_from_texts(texts(trees)).drawn({"sister": 1})
    inject = next(iter(bundle.scenario.injects.values()))
    assert (inject.synopsis, inject.text, inject.private["officer"]) == (
        "Ines calls.", "Ines is on the phone.", "It is Ines.",
    )  # fmt: skip


# --- for whoever writes ------------------------------------------------------------------------------------------


def test_exploring_says_where_an_inject_comes_and_which_never_does() -> None:
    scenes: Tree = {
        "a": {"turn": "officer", "actions": {"long": {"minutes": 30, "to": "b"}, "short": {"to": "b"}}},
        "b": {"turn": "officer", "actions": {"go": {"to": "end"}}},
        "end": END,
    }
    injects = shelf(
        late={"at": "30 min"}, never={"at": "31 min"}, now={"when": "not rung"}, ring={"by": "hand", "records": "rung"}
    )
    found = claims(world(scenes, injects=injects))
    assert {name: each.states for name, each in found.reach.injects.items()} == {"late": 1, "now": 1}
    assert found.reach.injects["late"].witness.lines == ("officer: long", "officer: go")
    assert never_come(found) == ["never"]
    told = "\n".join(report(found, limit=100))
    assert "late comes in 1 move [inject ID]" in told and "now comes as the play begins" in told
    assert "Never come: never" in told and "foreseen by nothing above or below: ring" in told


def test_the_outline_of_the_map_lists_the_shelf(tmp_path: Path) -> None:
    text = app_helpers.SCENARIO.replace(
        "\nopening: door\n",
        "\ninjects: {ring: {synopsis: The sister calls., text: It rings., by: hand, in: hard, minutes: 2}}\nopening: door\n",
    )
    path = tmp_path / "library" / "evening.yaml"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    chart = chart_of(Library().bundle(path))
    line = "ring (by hand in hard): The sister calls. [takes 2 min]"
    assert f"   - {line}" in list(outline(chart, look(chart, "seat")))
    assert line in card(chart, look(chart, "seat"), "hard")[-1].lines
    assert all(line not in block.lines for block in card(chart, look(chart, "seat"), "door"))
