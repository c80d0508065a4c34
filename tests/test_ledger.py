"""The ledger: who may tell what to whom, by what right, read at the moment of telling."""

from __future__ import annotations

from typing import Any

import pytest

from scoring.first_rights import FIRST_SIGNERS
from scoring.ledger import Paper
from scoring.record import FormState
from scoring.scorecard import Breach
from simulator.assess import scorecard
from simulator.engine import State
from simulator.game import Game
from tests.small import CONFIDENTIAL, RECORDS_LINE, SEATS, hub, play, world

FORM = {
    "holder": "advocate",
    "recipient": "officer",
    "items": ["plan"],
    "purpose": "so that patrol knows where not to park",
    "lasts": "60 min",
}
ITEMS = {"plan": {"text": "her safety plan", "known_by": "advocate"}}
LAWS = {"confidence": CONFIDENTIAL, "records": RECORDS_LINE}
TELL = {"tell": {"to": "officer", "items": "plan"}, "minutes": 5}
MOVES: dict[str, Any] = {
    "tell": TELL,
    "ask": {"asks_release": "form"},
    "sign": {"signs_release": "form"},
    "refuse": {"refuses_release": "form"},
    "revoke": {"revokes_release": "form"},
    "wait": {"minutes": 10},
}


def desk(form: dict[str, Any] | None = None, **rest: Any) -> Game:
    """The advocate at her desk, with a plan that the officer would like to know, and a release form."""
    given = {"items": ITEMS, "laws": LAWS, "releases": {"form": {**FORM, **(form or {})}}, **rest}
    return hub(MOVES, turn="advocate", **given)


def between(teller: dict[str, str], told: dict[str, str], item: dict[str, Any] | None = None, **rest: Any) -> Game:
    """A desk at which `teller` sits; `told` (role and employer) is the one who is told."""
    seats = {"teller": {**SEATS["advocate"], **teller}, "told": {**SEATS["officer"], **told}}
    actions = {"tell": {"tell": {"to": "told", "items": "thing"}, "to": "desk"}}
    return world(
        {"desk": {"turn": "teller", "actions": actions}, "ending": {"ending": {"title": "The end"}}},
        seats=seats,
        laws=LAWS,
        items={"thing": {"text": "the thing", "known_by": "teller", **(item or {})}},
        **rest,
    )


OFFICER = {"role": "patrol-officer", "employer": "riverside-pd"}
ADVOCATE = {"role": "community-advocate", "employer": "harbor-house"}
COLOCATED = {"role": "co-located-advocate", "employer": "harbor-house"}
SPECIALIST = {"role": "police-specialist", "employer": "riverside-pd"}
PROSECUTOR = {"role": "prosecutor", "employer": "county"}
NURSE = {"role": "nurse", "employer": "hospital"}


def crossed(state: State) -> list[str]:
    return [breach.line for breach in scorecard(state).lines]


def breach(state: State) -> Breach:
    [found] = scorecard(state).lines
    return found


# --- by role, employer and source ----------------------------------------------------------------------------------


def test_police_may_tell_an_advocate_freely() -> None:
    assert crossed(play(between(OFFICER, ADVOCATE), "tell")) == []


def test_police_may_not_pass_a_criminal_history_record_to_an_advocate() -> None:
    game = between(OFFICER, ADVOCATE, {"kind": "criminal-history", "about": "offender"})
    assert crossed(play(game, "tell")) == ["records"]


def test_police_may_pass_a_criminal_history_record_to_a_prosecutor() -> None:
    game = between(OFFICER, PROSECUTOR, {"kind": "criminal-history", "about": "offender"})
    assert crossed(play(game, "tell")) == []


def test_an_advocate_may_not_tell_an_officer_what_she_was_told_in_confidence() -> None:
    assert crossed(play(between(ADVOCATE, OFFICER), "tell")) == ["confidence"]


def test_a_co_located_advocate_is_bound_like_any_community_advocate() -> None:
    assert crossed(play(between(COLOCATED, OFFICER), "tell")) == ["confidence"]


def test_a_co_located_advocate_may_tell_a_colleague_of_her_own_agency() -> None:
    assert crossed(play(between(COLOCATED, ADVOCATE), "tell")) == []


def test_a_police_based_specialist_discloses_and_needs_no_release() -> None:
    assert crossed(play(between(SPECIALIST, OFFICER), "tell")) == []
    assert crossed(play(between(SPECIALIST, PROSECUTOR), "tell")) == []


def test_an_advocate_may_not_tell_a_police_based_specialist_either() -> None:
    assert crossed(play(between(ADVOCATE, SPECIALIST), "tell")) == ["confidence"]


def test_an_advocate_may_not_tell_another_confidential_agency_without_a_release() -> None:
    assert crossed(play(between(ADVOCATE, NURSE), "tell")) == ["confidence"]


def test_that_she_is_a_client_at_all_is_a_confidence() -> None:
    game = between(ADVOCATE, OFFICER, {"text": "that she is a client"})
    assert breach(play(game, "tell")).detail == "Officer Reyes was told that she is a client: no release was signed"


def test_what_everybody_could_see_of_the_offender_is_no_confidence() -> None:
    assert crossed(play(between(ADVOCATE, OFFICER, {"about": "offender"}), "tell")) == []


def test_what_the_survivor_told_about_the_offender_is_a_confidence() -> None:
    learns = {"learn": {"advocate": "gun"}}
    tells = {"tell": {"to": "officer", "items": "gun"}}
    game = hub(
        {"learn": learns, "tell": tells},
        turn="advocate",
        laws=LAWS,
        items={"gun": {"text": "where his handgun is", "about": "offender"}},
    )
    assert crossed(play(game, "learn", "tell")) == ["confidence"]


def relay(about: str) -> Game:
    """The officer tells the advocate; the advocate tells the officer back, or the nurse on."""
    seats = {**SEATS, "nurse": {**SEATS["advocate"], **NURSE, "name": "Nurse Abe"}}
    back = {"tell": {"to": "officer", "items": "thing"}, "to": "desk"}
    on = {"tell": {"to": "nurse", "items": "thing"}, "to": "desk"}
    scenes = {
        "car": {"turn": "officer", "actions": {"tell": {"tell": {"to": "advocate", "items": "thing"}, "to": "desk"}}},
        "desk": {"turn": "advocate", "actions": {"back": back, "on": on}},
        "ending": {"ending": {"title": "The end"}},
    }
    item = {"text": "the thing", "about": about, "known_by": "officer"}
    return world(scenes, seats=seats, laws=LAWS, items={"thing": item})


def test_what_came_from_the_one_who_is_told_may_be_said_back() -> None:
    assert crossed(play(relay("survivor"), "tell", "back")) == []


def test_what_came_from_the_police_about_him_may_be_told_on() -> None:
    assert crossed(play(relay("offender"), "tell", "on")) == []


def test_what_came_from_the_police_about_her_stays_with_the_advocate() -> None:
    assert crossed(play(relay("survivor"), "tell", "on")) == ["confidence"]


def test_the_first_source_counts_even_if_the_one_told_says_it_later() -> None:
    scenes = {
        "talk": {"turn": "advocate", "actions": {"listen": {"learn": {"advocate": "thing"}, "to": "car"}}},
        "car": {"turn": "officer", "actions": {"say": {"tell": {"to": "advocate", "items": "thing"}, "to": "desk"}}},
        "desk": {"turn": "advocate", "actions": {"tell": {"tell": {"to": "officer", "items": "thing"}, "to": "desk"}}},
        "ending": {"ending": {"title": "The end"}},
    }
    game = world(scenes, laws=LAWS, items={"thing": {"text": "the thing", "known_by": "officer"}})
    assert crossed(play(game, "listen", "say", "tell")) == ["confidence"]


def test_nobody_can_tell_what_they_do_not_know() -> None:
    state = play(desk(items={"plan": {"text": "her safety plan"}}), "tell")
    assert crossed(state) == []
    assert ("officer", "plan") not in state.record.known


def test_who_is_told_knows_it_from_then_on_and_from_whom() -> None:
    known = play(desk(), "wait", "tell").record.known["officer", "plan"]
    assert (known.source, known.minute) == ("advocate", 15)


def test_a_line_that_binds_other_roles_is_not_crossed() -> None:
    laws = {"confidence": {**CONFIDENTIAL, "roles": ["nurse"]}}
    assert crossed(play(desk(laws=laws), "tell")) == []


# --- once per holder, item and recipient ---------------------------------------------------------------------------


def test_the_same_telling_is_counted_once() -> None:
    assert breach(play(desk(), "tell", "wait", "tell")).minute == 5


def test_another_item_is_another_breach() -> None:
    items = {**ITEMS, "address": {"text": "her address", "known_by": "advocate"}}
    game = hub(
        {"tell": {"tell": {"to": "officer", "items": ["plan", "address"]}}}, turn="advocate", items=items, laws=LAWS
    )
    assert crossed(play(game, "tell")) == ["confidence", "confidence"]


def test_another_recipient_is_another_breach() -> None:
    seats = {**SEATS, "nurse": {**SEATS["advocate"], **NURSE}}
    tell = {"tell": {"to": ["officer", "nurse"], "items": "plan"}}
    game = hub({"tell": tell}, turn="advocate", items=ITEMS, laws=LAWS, seats=seats)
    assert crossed(play(game, "tell")) == ["confidence", "confidence"]


def test_a_breach_is_a_fact_if_the_vocabulary_has_a_word_for_it() -> None:
    state = play(desk(facts=("told_without_right",)), "tell", "tell")
    assert [o.seat for o in state.record.facts["told_without_right"]] == ["advocate"]


# --- releases ------------------------------------------------------------------------------------------------------


def test_a_written_informed_limited_signed_release_permits_telling() -> None:
    assert crossed(play(desk(), "ask", "sign", "tell")) == []


@pytest.mark.parametrize(
    ("form", "lacking"),
    [
        ({"written": False}, "a spoken yes is no release"),
        ({"informed": False}, "the release was signed without its risks and alternatives explained"),
        ({"lasts": None}, "a release without an end is no release"),
        ({"signer": "abuser"}, "the release was signed by somebody who may not sign"),
        ({"signer": "someone-else"}, "the release was signed by somebody who may not sign"),
    ],
)
def test_a_release_with_a_flaw_permits_nothing(form: dict[str, Any], lacking: str) -> None:
    assert (
        breach(play(desk(form), "ask", "sign", "tell")).detail == f"Officer Reyes was told her safety plan: {lacking}"
    )


def test_a_guardian_may_sign() -> None:
    assert crossed(play(desk({"signer": "guardian"}), "sign", "tell")) == []


def test_a_release_that_was_asked_for_and_not_signed_permits_nothing() -> None:
    assert "no release was signed" in breach(play(desk(), "ask", "tell")).detail


def test_a_refused_release_permits_nothing() -> None:
    assert "the survivor declined to sign" in breach(play(desk(), "ask", "refuse", "tell")).detail


def test_refusing_a_release_costs_nobody_anything() -> None:
    assert crossed(play(desk(), "ask", "refuse", "end")) == []


def test_a_revoked_release_permits_nothing() -> None:
    assert "taken back" in breach(play(desk(), "sign", "revoke", "tell")).detail


def test_what_was_told_before_the_release_was_taken_back_stays_lawful() -> None:
    assert crossed(play(desk(), "sign", "tell", "revoke", "end")) == []


def test_a_release_signed_again_after_it_was_taken_back_permits_again() -> None:
    assert crossed(play(desk(), "sign", "revoke", "sign", "tell")) == []


def test_a_release_signed_after_the_telling_heals_nothing() -> None:
    assert crossed(play(desk(), "tell", "sign", "end")) == ["confidence"]


def test_a_release_is_valid_in_its_last_minute() -> None:
    moves = ["sign", *["wait"] * 5, "tell"]  # the telling ends at minute 55
    assert crossed(play(desk({"lasts": "55 min"}), *moves)) == []


def test_a_release_has_run_out_one_minute_later() -> None:
    moves = ["sign", *["wait"] * 5, "tell"]
    assert "run out" in breach(play(desk({"lasts": "54 min"}), *moves)).detail


def test_a_release_covers_its_own_items_only() -> None:
    items = {**ITEMS, "address": {"text": "her address", "known_by": "advocate"}}
    assert crossed(play(desk({"items": ["address"]}, items=items), "sign", "tell")) == ["confidence"]


def test_a_release_names_one_recipient_and_no_other() -> None:
    seats = {**SEATS, "nurse": {**SEATS["advocate"], **NURSE}}
    assert crossed(play(desk({"recipient": "nurse"}, seats=seats), "sign", "tell")) == ["confidence"]


def test_a_release_belongs_to_its_holder() -> None:
    seats = {**SEATS, "nurse": {**SEATS["advocate"], **NURSE}}
    assert crossed(play(desk({"holder": "nurse"}, seats=seats), "sign", "tell")) == ["confidence"]


def test_one_sound_release_among_flawed_ones_is_enough() -> None:
    game = hub(
        {**MOVES, "sign-other": {"signs_release": "other"}},
        turn="advocate",
        items=ITEMS,
        laws=LAWS,
        releases={"form": {**FORM, "written": False}, "other": FORM},
    )
    assert crossed(play(game, "sign", "sign-other", "tell")) == []


def test_a_release_signed_in_the_same_action_comes_before_the_telling() -> None:
    game = hub(
        {"sign-and-tell": {**TELL, "signs_release": "form"}},
        turn="advocate",
        items=ITEMS,
        laws=LAWS,
        releases={"form": FORM},
    )
    assert crossed(play(game, "sign-and-tell")) == []


# --- statutes ------------------------------------------------------------------------------------------------------

COMPELLED = {"by": "community-advocate", "to": "patrol-officer", "kinds": "child-abuse"}


def test_a_statute_may_compel_telling() -> None:
    game = between(ADVOCATE, OFFICER, {"kind": "child-abuse"}, compelled={"report": COMPELLED})
    assert crossed(play(game, "tell")) == []


def test_a_statute_covers_its_own_kind_of_item_only() -> None:
    game = between(ADVOCATE, OFFICER, {"kind": "ordinary"}, compelled={"report": COMPELLED})
    assert crossed(play(game, "tell")) == ["confidence"]


def test_a_statute_names_who_may_be_told() -> None:
    game = between(ADVOCATE, NURSE, {"kind": "child-abuse"}, compelled={"report": COMPELLED})
    assert crossed(play(game, "tell")) == ["confidence"]


def test_a_statute_applies_only_when_its_condition_holds() -> None:
    compelled = {"report": {**COMPELLED, "kinds": "ordinary", "when": "child_hurt"}}
    game = hub(
        {**MOVES, "see": {"records": "child_hurt"}}, turn="advocate", items=ITEMS, laws=LAWS, compelled=compelled,
        releases={"form": FORM},
    )  # fmt: skip
    assert crossed(play(game, "tell")) == ["confidence"]
    assert crossed(play(game, "see", "tell")) == []


# --- one paper -----------------------------------------------------------------------------------------------------


def test_a_sound_paper_has_no_flaw() -> None:
    state = FormState(signed=0, expires=10)
    assert (
        Paper(written=True, informed=True, limited=True, signer=FIRST_SIGNERS["survivor"], state=state).flaw(10) is None
    )
