"""A play judged under another setting: what is asked again, what never is, and when that cannot be done."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scoring.record import Record
from scoring.rescored import Rescored
from scoring.rules import Holiday, Jurisdiction, Mou
from scoring.scorecard import Scorecard
from simulator import engine
from simulator.assess import scorecard
from simulator.engine import State, chain
from simulator.game import Game
from simulator.rejudging import Compared, NotComparable, Rejudged, compare, rejudge
from tests.generator import generate, walk
from tests.small import (
    CONFIDENTIAL,
    Tree,
    duties,
    game_from,
    hub,
    jurisdiction_of,
    mou_of,
    move,
    play,
    status,
    world,
    world_trees,
)

SEEDS = st.integers(0, 2**32)
NOTED = "told_without_right"
GUN: Tree = {"gun": {"text": "where the gun is", "known_by": []}}


def under(game: Game, *, mou: Mou | None = None, law: Jurisdiction | None = None) -> Rejudged:
    return Rejudged(
        game.scenario,
        mou or game.mou,
        law or game.jurisdiction,
        game.framework,
        game.vocabulary,
        played_under=game.jurisdiction,
    )


def law(**parts: Any) -> Jurisdiction:
    """Another law: `switches` (name → value), `laws`, `compelled`, `holidays`, as in `world_trees`."""
    values = parts.pop("values", {})
    tree = world_trees({}, opening="x", switches=tuple(values), **parts)["jurisdiction"]
    for name, value in values.items():
        tree["switches"][name]["value"] = value
    return jurisdiction_of(tree)


def pact(**rules: Tree) -> Mou:
    """Another agreement with these duties of the police."""
    return mou_of(world_trees({}, opening="x", duties=rules)["mou"])


def again(state: State, **other: Any) -> State:
    return rejudge(state, under(state.game, **other))


def beside(state: State, **other: Any) -> Compared:
    return compare(state, again(state, **other))


def otherwise(state: State, **other: Any) -> Rescored:
    return beside(state, **other).change


def why_not(state: State, **other: Any) -> set[tuple[str, str]]:
    """Scene and what is read there, of a play that cannot be compared."""
    with pytest.raises(NotComparable) as refused:
        again(state, **other)
    return {(each.scene, each.reads) for each in refused.value.asked}


def generated(seed: int, **size: Any) -> Game:
    return game_from(generate(seed, **size))


# --- laws that hold for every play ---------------------------------------------------------------------------------


@given(SEEDS, SEEDS, st.booleans())
def test_under_the_same_setting_the_scorecard_is_identical(seed: int, steps: int, calendar: bool) -> None:
    [*_, last] = walk(engine.start(generated(seed, calendar=calendar)), steps)
    found = beside(last)
    assert found.new == found.old == scorecard(last)
    assert not found.change.changes and not found.change.objectives


@given(SEEDS, SEEDS, SEEDS, st.booleans(), st.data())
def test_facts_times_and_the_path_never_change_under_another_setting(
    seed: int, steps: int, elsewhere: int, calendar: bool, data: st.DataObject
) -> None:
    game, other = generated(seed, calendar=calendar), generated(elsewhere, calendar=calendar)
    [*_, last] = walk(engine.start(game), steps)
    try:
        there = again(last, mou=other.mou, law=data.draw(laws(other.jurisdiction)))
    except NotComparable:
        assume(False)
    for before, after in zip(chain(last), chain(there), strict=True):
        assert before._replace(**JUDGED) == after._replace(**JUDGED)
        assert as_recorded(before) == as_recorded(after)
        assert is_open(before) == is_open(after)


JUDGED: dict[str, Any] = dict.fromkeys(("game", "record", "watches", "tellings", "prev"))  # the record by itself


@st.composite
def laws(draw: st.DrawFn, law: Jurisdiction) -> Jurisdiction:
    """A law that differs in its holidays, and perhaps in its lines and statutes."""
    lines = draw(st.sets(st.sampled_from(sorted(law.lines))))
    days = draw(st.sets(st.sampled_from([date(2026, 3, day) for day in range(2, 7)])))
    return replace(
        law,
        lines={name: law.lines[name] for name in lines},
        compelled=law.compelled if draw(st.booleans()) else {},
        holidays=tuple(Holiday(date=day, name="a holiday") for day in sorted(days)),
    )


def as_recorded(state: State) -> Record:
    """The record, without the fact that the engine itself notes for a breach."""
    facts = {fact: times for fact, times in state.record.facts.items() if fact != NOTED}
    return state.record._replace(facts=facts)


def is_open(state: State) -> list[bool]:
    actions = state.game.scenes[state.scene].actions.values()
    return [action.open is None or action.open(state.record) for action in actions]


@given(SEEDS, SEEDS, SEEDS)
def test_no_agreement_makes_a_telling_lawful(seed: int, steps: int, elsewhere: int) -> None:
    [*_, last] = walk(engine.start(generated(seed)), steps)
    there = again(last, mou=generated(elsewhere).mou)  # an agreement alone changes no guard
    assert there.tellings == last.tellings
    assert scorecard(there).lines == scorecard(last).lines


def test_generated_plays_do_come_out_otherwise_elsewhere() -> None:
    """So that the laws above are about something."""
    changed: list[Scorecard] = []
    for seed in range(60):
        [*_, last] = walk(engine.start(generated(seed)), seed)
        other = generated(seed + 1000)
        try:
            found = beside(last, mou=other.mou, law=other.jurisdiction)
        except NotComparable:
            continue
        if found.change.changes:
            changed.append(found.new)
    assert 10 < len(changed) < 60


# --- what is judged again ------------------------------------------------------------------------------------------

CALL: Tree = {"call": {"minutes": 20, "records": "called"}, "wait": {"minutes": 5}}


def test_another_deadline_judges_the_same_minutes_otherwise_and_says_why() -> None:
    state = play(hub(CALL, duties={"it": {"must": "called", "within": "30 min"}}), "call", "end")
    [change] = otherwise(state, mou=pact(it={"must": "called", "within": "15 min", "clause": "A7"})).duties
    assert change.old and change.new
    assert (change.old.status, change.new.status) == ("met", "late")
    assert (change.old.clause, change.new.clause) == ("1.1", "A7")
    assert change.why == "within 30 min → 15 min"


def test_a_duty_of_one_agreement_only_stands_alone() -> None:
    state = play(hub(CALL, duties={"old": {"must": "called"}}), "wait", "end")
    new, gone = otherwise(state, mou=pact(fresh={"must": "called"})).duties
    assert new.old is None and new.new and new.new.status == "missed"
    assert gone.new is None and gone.old and gone.old.status == "missed"
    assert gone.why == "no such duty there"


def test_a_duty_that_never_came_up_is_no_change() -> None:
    state = play(hub(CALL, duties={"old": {"when": "called", "must": "called"}}), "wait", "end")
    assert otherwise(state, mou=pact()).duties == ()


def test_where_nobody_sits_for_the_party_a_duty_is_not_played() -> None:
    state = play(hub(CALL, duties={"it": {"must": "called"}}), "call", "end")
    there = again(state, mou=pact(it={"must": "called", "party": "hospital"}))
    assert status(there) == "not played"
    [change] = compare(state, there).change.duties
    assert "another party owes it" in change.why


def test_each_occurrence_is_compared_with_its_own() -> None:
    game = hub(
        {"ring": {"records": "rang", "minutes": 1}, "ask": {"records": "asked_first", "minutes": 7}},
        duties={"it": {"when": "rang", "each": "asked_first", "within": "10 min"}},
    )
    state = play(game, "ring", "ask", "ring", "ask", "end")
    changes = otherwise(state, mou=pact(it={"when": "rang", "each": "asked_first", "within": "5 min"})).duties
    assert [(c.old and c.old.opened, c.new and c.new.status) for c in changes] == [(1, "late"), (9, "late")]


def test_a_line_that_only_the_other_law_has_is_crossed_there() -> None:
    state = play(hub({"record": {"records": "taped"}}), "record", "end")
    [change] = otherwise(
        state, law=law(laws={"no-tape": {"never": "taped", "text": "No tape.", "citation": "s"}})
    ).lines
    assert change.now and change.breach.line == "no-tape"
    assert change.why == "the law it was played under has no such line"


def test_a_line_of_life_safety_stands_everywhere() -> None:
    state = play(
        hub({"hit": {"records": "harmed"}}, lines={"harm": {"never": "harmed", "text": "No harm.", "citation": "v"}}),
        "hit",
        "end",
    )
    found = beside(state, law=law(), mou=pact())
    assert [breach.line for breach in found.new.lines] == ["harm"] and not found.change.changes


def test_the_same_line_with_other_terms_says_which() -> None:
    state = play(
        hub(CALL, laws={"call": {"must": "called", "within": "10 min", "text": "Call.", "citation": "s"}}),
        "call",
        "end",
    )
    new = law(laws={"call": {"must": "called", "within": "60 min", "text": "Call.", "citation": "s"}})
    [change] = otherwise(state, law=new).lines
    assert not change.now and change.why == "within 10 min → 60 min"


def test_a_statute_that_covers_a_telling_is_named() -> None:
    state = told_the_officer()
    assert state.tellings
    statute = {
        "by": ["community-advocate"],
        "to": ["patrol-officer"],
        "kinds": ["ordinary"],
        "text": "Weapons are told.",
    }
    new = law(laws={"confidence": CONFIDENTIAL}, compelled={"weapons": statute})
    [change] = otherwise(state, law=new).lines
    assert not change.now and "there a statute covers it: Weapons are told." in change.why


def told_the_officer(**actions: Tree) -> State:
    """A play in which the advocate told the officer a confidence without a release."""
    game = hub(
        {
            "hear": {"learn": {"advocate": "gun"}},
            "tell": {"tell": {"to": "officer", "items": "gun"}},
            **actions,
        },
        turn="advocate",
        laws={"confidence": CONFIDENTIAL},
        items=GUN,
        facts=(NOTED,),
    )
    return play(game, "hear", "tell", "end")


def test_what_the_ledger_notes_for_a_breach_follows_the_new_law() -> None:
    state = told_the_officer()
    other = {"law": law(), "mou": pact(it={"never": NOTED, "party": "shelter"})}
    assert NOTED in state.record.facts and NOTED not in again(state, **other).record.facts
    assert status(again(state, **other)) == "met"
    assert status(again(state, mou=other["mou"])) == "missed"


# --- the calendar --------------------------------------------------------------------------------------------------

TUESDAY = ("2026-03-03",)


def test_deadlines_in_business_days_are_counted_by_the_new_laws_holidays() -> None:
    game = hub(CALL, duties={"it": {"must": "called", "within": "1 business day"}})
    [here] = duties(play(game, "call", "end"))
    [there] = duties(again(play(game, "call", "end"), law=law(holidays=TUESDAY)))
    assert here.deadline is not None and there.deadline == here.deadline + 24 * 60


def test_a_change_that_only_holidays_make_says_so() -> None:
    game = hub(
        {"late": {"minutes": 2900, "records": "called"}}, duties={"it": {"must": "called", "within": "1 business day"}}
    )
    [change] = otherwise(play(game, "late", "end"), law=law(holidays=TUESDAY)).duties
    assert change.new and change.new.status == "met"
    assert change.why == "business days are counted by other holidays"


def test_how_long_an_action_took_stays_as_it_was_played() -> None:
    state = play(hub({"sleep": {"until": "next business day 09:00"}}), "sleep", "end")
    assert again(state, law=law(holidays=TUESDAY)).now == state.now == 24 * 60


def test_when_a_paper_ran_out_stays_as_it_was_played() -> None:
    game = hub(
        {"sign": {"signs_release": "form"}},
        items=GUN,
        releases={
            "form": {
                "holder": "advocate",
                "recipient": "officer",
                "items": "gun",
                "purpose": "p",
                "lasts": "1 business day",
            }
        },
    )
    state = play(game, "sign", "end")
    assert again(state, law=law(holidays=TUESDAY)).record.forms == state.record.forms


# --- guards --------------------------------------------------------------------------------------------------------

STRICT, LAX = law(values={"strict": True}), law(values={"strict": False})
END: Tree = {"ending": {"ending": {"title": "The end"}}}


def asking(scenes: Tree, *moves: str) -> State:
    return play(world({**scenes, **END}, switches=("strict",)), *moves)


def test_a_play_whose_action_guard_reads_a_changed_switch_is_not_comparable() -> None:
    scenes = {
        "door": {
            "turn": "officer",
            "actions": {"go": {"to": "ending"}, "arrest": {"when": "law.strict", "to": "ending"}},
        }
    }
    assert why_not(asking(scenes, "go"), law=LAX) == {("door", "law.strict")}


def test_the_guards_of_every_seat_count() -> None:
    scenes = {
        "door": {
            "turn": ["officer", "advocate"],
            "actions": {
                "go": {"seat": "officer"},
                "stay": {"seat": "advocate"},
                "leave": {"seat": "advocate", "when": "not law.strict"},
            },
            "to": "ending",
        }
    }
    assert why_not(asking(scenes, "officer: go", "advocate: stay"), law=LAX) == {("door", "law.strict")}


def test_a_route_a_narration_and_chance_count() -> None:
    ways = [{"when": "law.strict", "to": "ending"}, {"to": "ending"}]
    by_route = {"door": {"turn": "officer", "actions": {"go": {"to": ways}}}}
    by_narration = {"door": {"turn": "officer", "actions": {"go": {"to": "told"}}}, "told": {"text": "On.", "to": ways}}
    by_chance = {
        "door": {"turn": "chance", "actions": {"go": {"to": "ending"}, "no": {"when": "law.strict", "to": "ending"}}}
    }
    assert why_not(asking(by_route, "go"), law=LAX) == {("door", "law.strict")}
    assert why_not(asking(by_narration, "go"), law=LAX) == {("told", "law.strict")}
    assert why_not(asking(by_chance, "chance: go"), law=LAX) == {("door", "law.strict")}


def test_a_scene_that_the_play_never_came_to_does_not_count() -> None:
    scenes = {
        "door": {"turn": "officer", "actions": {"go": {"to": "ending"}, "in": {"to": "room"}}},
        "room": {
            "turn": "officer",
            "actions": {"out": {"to": "ending"}, "arrest": {"when": "law.strict", "to": "ending"}},
        },
    }
    assert again(asking(scenes, "go"), law=LAX).ended
    assert why_not(asking(scenes, "in", "out"), law=LAX) == {("room", "law.strict")}


def test_a_switch_that_stands_the_same_does_not_count_and_a_missing_one_is_off() -> None:
    scenes = {
        "door": {
            "turn": "officer",
            "actions": {"go": {"to": "ending"}, "arrest": {"when": "law.strict", "to": "ending"}},
        }
    }
    state = asking(scenes, "arrest")
    assert again(state, law=STRICT).ended
    assert why_not(state, law=law()) == {("door", "law.strict")}


def test_what_was_not_chosen_leads_where_it_would_have_led() -> None:
    """Whether only a breach could have kept a duty is tried out on the story as it was told."""
    scenes = {
        "door": {"turn": "officer", "actions": {"go": {"to": "ending"}, "wait": {"to": "told"}}},
        "told": {"text": "On.", "to": [{"when": "law.strict", "to": "strictly"}, {"to": "ending"}]},
        "strictly": {"ending": {"title": "Strictly"}},
    }
    [first, _] = chain(again(asking(scenes, "go"), law=LAX))
    assert move(first, "wait").scene == "strictly"


def test_a_rule_may_read_a_changed_switch() -> None:
    rule = {"never": "called", "unless": "law.strict"}
    state = play(hub(CALL, duties={"it": rule}, switches=("strict",)), "call", "end")
    assert (status(state), status(again(state, law=LAX))) == ("met", "missed")


def test_an_option_that_hung_on_a_breach_makes_a_play_not_comparable() -> None:
    state = told_the_officer(sorry={"when": NOTED})
    assert why_not(state, law=law()) == {("hub", NOTED)}


def test_a_way_that_hung_on_a_breach_makes_a_play_not_comparable() -> None:
    game = world(
        {
            "hub": {
                "turn": "advocate",
                "actions": {"tell": {"tell": {"to": "officer", "items": "gun"}, "to": "after"}},
            },
            "after": {"text": "Later.", "to": [{"when": NOTED, "to": "sorry"}, {"to": "ending"}]},
            "sorry": {"ending": {"title": "Sorry"}},
            **END,
        },
        laws={"confidence": CONFIDENTIAL},
        items={"gun": {"text": "where the gun is", "known_by": ["advocate"], "about": "survivor"}},
        facts=(NOTED,),
    )
    state = play(game, "tell")
    assert state.scene == "sorry"
    assert why_not(state, law=law()) == {("after", NOTED)}


def test_a_play_without_a_breach_may_meet_guards_that_ask_for_one() -> None:
    game = told_the_officer(sorry={"when": NOTED}).game
    assert again(play(game, "hear", "end"), law=law()).ended


# --- objectives ----------------------------------------------------------------------------------------------------


def test_an_objective_says_which_of_its_rules_are_not_there() -> None:
    game = hub(
        CALL,
        duties={"it": {"must": "called", "clause": "3.1"}},
        laws={"tape": {"never": "taped", "text": "No tape.", "citation": "s"}},
        facts=("taped",),
        objectives={"call": {"text": "Call.", "duties": ["it"], "lines": ["tape", "of-another-state"]}},
    )
    [change] = otherwise(play(game, "call", "end"), mou=pact(), law=law()).objectives
    assert (change.old, change.new) == ("P", None)
    assert change.nothing == {"it": "clause 3.1", "tape": "No tape"}


def test_an_objective_follows_the_new_verdicts() -> None:
    game = hub(
        CALL,
        duties={"it": {"must": "called", "within": "30 min"}},
        objectives={"call": {"text": "Call.", "duties": ["it"]}},
    )
    [change] = otherwise(play(game, "call", "end"), mou=pact(it={"must": "called", "within": "15 min"})).objectives
    assert (change.old, change.new, change.nothing) == ("P", "S", {})
