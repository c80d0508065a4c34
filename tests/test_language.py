"""Care and language (HS6xx): what is told, and what is left alone."""

from __future__ import annotations

import pytest
import yaml

from facilitator.checks.words import grade, kindness
from tests.checked import FAIR, examined, fair


@pytest.mark.parametrize(
    "old, new",
    [
        ("text: Step back, and wait.", "text: Ask why she let it happen."),  # a choice may be wrong
        ("felt: They waited for me to finish.", "felt: I should have left him earlier."),  # and so may shame
        (
            "because: There are knives in it.",
            "because: “She should have left him earlier” is what people say.",
        ),  # and what is quoted
    ],
)
def test_blaming_words_are_left_alone_where_the_scenario_does_not_speak_for_itself(old: str, new: str) -> None:
    assert fair(old, new) == []


@pytest.mark.parametrize(
    "text",
    [
        "The MOU is on the desk.",
        "STOP, says the sign. Stop here.",
        "NO ENTRY HERE, it says.",
        "Two TVs are on.",
        "Unit 4A waits.",
        "It is 8 PM.",
    ],
)
def test_capitals_that_everybody_knows_need_no_long_form(text: str) -> None:
    assert fair("text: The center's car stands at the corner.", f"text: {text}") == []


def test_a_long_form_anywhere_in_the_scenario_is_enough() -> None:
    assert fair("text: The center's car stands at the corner.", "text: The VRT waits.") == ["HS607"]
    assert fair("text: The center's car stands at the corner.", "text: Two VRTs wait.") == ["HS607"]
    text = FAIR.replace("text: The center's car", "text: The VRT waits. The center's car")
    assert examined(text.replace("Lamps go on", "VRT (victim response team) it says. Lamps go on")) == ()


def test_a_state_that_is_only_a_place_is_no_law() -> None:
    assert fair("text: The center's car stands at the corner.", "text: Her sister lives in Ohio.") == []
    assert fair("text: The center's car stands at the corner.", "text: Ohio law asks for it.") == ["HS605"]


@pytest.mark.parametrize(
    "text, told",
    [("18 U.S.C. 2265 is on it.", True), ("See § 12.", True), ("The law office on virginia street.", False),
     ("There is a law on the wall in Virginia's room.", True), ("Two U. S. flags.", False)],
)  # fmt: skip
def test_a_statute_or_a_states_law_is_told(text: str, told: bool) -> None:
    assert fair("text: The center's car stands at the corner.", f"text: {text}") == ["HS605"] * told


def test_a_survivor_may_speak_of_the_law() -> None:
    assert fair("felt: They waited for me to finish.", "felt: Ohio law had nothing for me.") == []


@pytest.mark.parametrize(
    "old, new",
    [
        ("text: Make the place safe first, and listen before you plan.", "text: Persuade Dana to testify."),
        ("title: Two names and a number,", "title: The arrest,"),
        ("Lamps go on along the street.", "He was found guilty."),
        ("Nobody is hurt in it.", "They secure a conviction."),
    ],
)
def test_winning_is_found_in_objectives_endings_and_the_summary(old: str, new: str) -> None:
    assert fair(old, new) == ["HS604"]


def test_an_arrest_within_the_story_is_no_win() -> None:
    assert fair("text: The center's car stands at the corner.", "text: He was found guilty once, they say.") == []


def test_a_short_form_is_asked_for_once() -> None:
    assert fair("Behind her a radio plays.", "The VRT waits. The VRT has a key.") == ["HS607"]


def test_a_few_words_have_no_reading_grade() -> None:
    tree = yaml.safe_load(FAIR)
    hard = "Interdisciplinary accountability necessitates confidentiality."
    tree["scenes"] = {"door": {"text": hard, "to": "end"}, "end": {"text": hard, "ending": {"title": hard}}}
    tree["objectives"]["listen"] = {"text": hard}
    tree["topics"] = []
    assert examined(yaml.safe_dump(tree, sort_keys=False, width=110)) == ()


def test_the_scenario_as_a_whole_is_read_and_not_a_few_words_of_it() -> None:
    hard = "Interdisciplinary organizations necessitate jurisdictional accountability and confidentiality agreements."
    short = FAIR.replace("text: A woman opens the door by a hand's width.", f"text: {hard}")
    assert examined(short) == ()
    tree = yaml.safe_load(FAIR)
    for scene in tree["scenes"].values():
        for option in scene.get("actions", {}).values():
            option["because"] = hard
    (problem,) = examined(yaml.safe_dump(tree, sort_keys=False, width=110))
    assert (problem.code, problem.line) == ("HS606", 2)


@pytest.mark.parametrize(
    "text, by_hand",
    [
        ("The cat sat on the mat.", 0.39 * 6 + 11.8 * 6 / 6 - 15.59),
        ("She made a plan with her sister. They wrote it down!", 0.39 * 11 / 2 + 11.8 * 12 / 11 - 15.59),
        ("“Is it safe?” Nobody answers.", 0.39 * 5 / 2 + 11.8 * 8 / 5 - 15.59),
        ("", 0),
    ],
)
def test_a_reading_grade_is_what_the_formula_gives_by_hand(text: str, by_hand: float) -> None:
    assert grade(text) == pytest.approx(by_hand)


@pytest.mark.parametrize(
    "word, syllables",
    [("made", 1), ("table", 2), ("wanted", 2), ("walked", 1), ("faces", 2), ("doors", 1), ("agency", 3),
     ("advocate", 3), ("people", 2), ("the", 1), ("officers", 3), ("hmm", 1), ("she's", 1), ("asked", 1)],
)  # fmt: skip
def test_syllables_are_counted_by_their_vowels(word: str, syllables: int) -> None:
    assert (grade(word) + 15.59 - 0.39) / 11.8 == pytest.approx(syllables)


def test_kindness_counts_kind_words_less_harsh_ones() -> None:
    assert kindness("Ask gently and listen.") == 3
    assert kindness("Order her out.") == -1
