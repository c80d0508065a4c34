"""What of a scenario can be won without understanding it (HS5xx)."""

from __future__ import annotations

from copy import deepcopy

import pytest
import yaml

from facilitator.checks.decisions import luck
from tests.checked import FAIR, as_file, codes_of, examined, examples


def fair_with(example: str) -> list[str]:
    return codes_of(examined(*as_file(example)))


def street(best: list[int], texts: tuple[str, str, str] = ("One.", "Two.", "Six.")) -> str:
    """A scenario of as many scenes as numbers, each of three options, of which the best stands at that position."""
    scenes = {}
    for number, position in enumerate(best):
        options = {
            f"do{at}": {
                "text": text,
                "practice": {"safety": 2 if at == position else -1},
                "appeal": 3,
                "because": "It is so.",
                "to": f"house{number + 1}" if number + 1 < len(best) else "end",
            }
            for at, text in enumerate(texts)
        }
        turn = ("officer", "advocate")[number % 2]
        scenes[f"house{number}"] = {"title": "A house", "turn": turn, "text": "A door.", "actions": options}
    tree = yaml.safe_load(FAIR)
    scenes["end"] = tree["scenes"]["end"]
    tree |= {
        "topics": [],
        "scenes": scenes,
        "opening": "house0",
        "objectives": {"walk": {"text": "Walk.", "decisions": ["house0"]}},
    }
    return yaml.safe_dump(tree, sort_keys=False, allow_unicode=True, width=110)


@pytest.mark.parametrize(
    "best, message",
    [
        ([0, 0, 0, 0], "in 4 of 4 decisions the best-rated option is the first"),
        ([2, 2, 2, 2], "in 4 of 4 decisions the best-rated option is the last"),
        ([0, 0, 1, 0, 0, 2, 0, 0], "in 6 of 8 decisions the best-rated option is the first"),
    ],
)
def test_a_place_that_is_nearly_always_right_is_told(best: list[int], message: str) -> None:
    (problem,) = examined(street(best))
    assert (problem.code, problem.message) == ("HS501", message)


@pytest.mark.parametrize(
    "best",
    [
        [0, 0],  # by luck, one time in nine
        [0, 0, 0, 1, 0, 0, 2, 0, 1, 0, 2, 0, 1, 0, 0, 2],  # hardly by luck, but of little use to anybody
        [1, 0, 2, 1, 0, 2],
    ],
)
def test_a_place_that_is_right_by_luck_or_too_seldom_is_not_told(best: list[int]) -> None:
    assert examined(street(best)) == ()


def test_a_habit_has_no_opinion_where_two_options_are_equally_long() -> None:
    assert examined(street([0, 2, 0, 2], ("Twelve.", "Six.", "Eleven."))) == ()
    (problem,) = examined(street([1, 1, 1, 1], ("Six.", "Seventeen.", "Eleven.")))
    assert problem.code == "HS502"


def test_luck_adds_up_the_chances_of_hitting_at_least_so_often() -> None:
    assert luck([1 / 2, 1 / 2], 1) == pytest.approx(3 / 4)
    assert luck([1 / 3] * 4, 4) == pytest.approx(1 / 81)
    assert luck([1 / 2, 1 / 3], 0) == pytest.approx(1)
    assert luck([1 / 2, 1 / 3], 2) == pytest.approx(1 / 6)


def test_a_third_of_the_decisions_is_enough_for_one_of_two_seats() -> None:
    tree = yaml.safe_load(street([1, 0, 2]))
    assert examined(yaml.safe_dump(tree, sort_keys=False, width=110)) == ()
    tree["scenes"]["house1"]["turn"] = "officer"
    (problem,) = examined(yaml.safe_dump(tree, sort_keys=False, width=110))
    assert problem.message == "seat “advocate”: Sam Okafor has 0 of 3 decisions"


def test_chance_is_nobodys_decision_and_a_together_scene_is_one_for_each() -> None:
    tree = yaml.safe_load(street([1, 0, 2]))
    first, second = tree["scenes"]["house1"], tree["scenes"]["house2"]
    first.update(
        turn="chance", actions={"rain": {"text": "Rain.", "to": "house2"}, "dry": {"text": "Dry.", "to": "end"}}
    )
    for at, option in enumerate([*second["actions"].values()]):
        del option["to"]
        second["actions"][f"also{at}"] = {**deepcopy(option), "seat": "advocate"}
        option["seat"] = "officer"
    second.update(turn=["officer", "advocate"], to="end")
    assert examined(yaml.safe_dump(tree, sort_keys=False, width=110)) == ()


def test_the_scenes_of_a_protocol_are_looked_at_too() -> None:
    tree = yaml.safe_load(FAIR)
    tree["protocols"] = {
        "talk": {"parts": "asker", "opening": "ask", "exits": "done", "scenes": {"ask": dict(tree["scenes"]["car"])}}
    }
    inner = tree["protocols"]["talk"]["scenes"]["ask"]
    inner["turn"] = "asker"
    inner["actions"] = {
        name: {**option, "to": "return.done", "practice": {"safety": -1}} for name, option in inner["actions"].items()
    }
    tree["scenes"]["car"] = {"call": "talk", "with": {"asker": "advocate"}, "returns": {"done": "end"}}
    tree["objectives"]["listen"]["decisions"] = ["door"]
    (problem,) = examined(yaml.safe_dump(tree, sort_keys=False, width=110))
    assert (problem.code, problem.message[:33]) == ("HS506", "protocol “talk”, scene “ask”: wha")


def test_ratings_of_a_judgement_scene_make_nothing_observable() -> None:
    text, _ = as_file(examples("HS505")[1])
    judged = text.replace(
        "    title: The door\n", "    title: The door\n    judgement: {question: Now, collide: [call-hotline]}\n"
    )
    assert codes_of(examined(judged)) == ["HS505"]


def test_a_seat_alone_has_all_decisions() -> None:
    text = FAIR.replace("    turn: advocate\n", "    turn: officer\n")
    tree = yaml.safe_load(text)
    del tree["seats"]["advocate"]
    assert examined(yaml.safe_dump(tree, sort_keys=False, width=110)) == ()


def test_a_judgement_scene_has_no_key_and_no_harm() -> None:
    text, _ = as_file(examples("HS506")[0])
    judged = text.replace(
        "    title: The door\n", "    title: The door\n    judgement: {question: Now, collide: [call-hotline]}\n"
    )
    assert "HS506" not in codes_of(examined(judged))


def test_an_appeal_of_two_is_temptation_enough() -> None:
    assert fair_with("scenes: {door: {actions: {call-out: {appeal: 2}, push-in: {appeal: 2}}}}") == []
    assert fair_with("scenes: {door: {actions: {call-out: {appeal: 1}, push-in: {appeal: 1}}}}") == ["HS507"]


def test_what_has_no_appeal_yet_is_not_called_untempting() -> None:
    tree = yaml.safe_load(FAIR)
    for option in tree["scenes"]["door"]["actions"].values():
        del option["appeal"]
    assert codes_of(examined(yaml.safe_dump(tree, sort_keys=False, width=110))) == ["HS703"]


def test_a_judgement_scene_gives_no_habit_away() -> None:
    tree = yaml.safe_load(street([0, 0, 0, 0]))
    tree["scenes"]["house0"]["judgement"] = {"question": "Now?", "collide": ["call-hotline"]}
    assert examined(yaml.safe_dump(tree, sort_keys=False, width=110)) == ()


def test_in_a_together_scene_each_seat_is_looked_at_alone() -> None:
    tree = yaml.safe_load(FAIR)
    scene = tree["scenes"]["car"]
    for option in scene["actions"].values():
        del option["to"]
        option["seat"] = "advocate"
    for name in ("stay", "go"):
        rated = {"practice": {"safety": -1}, "appeal": 3, "because": "It is so."}
        scene["actions"][name] = {"seat": "officer", "text": name.title(), **rated}
    scene.update(turn=["officer", "advocate"], to="end")
    (problem,) = examined(yaml.safe_dump(tree, sort_keys=False, width=110))
    assert problem.message == "scene “car”: whatever officer does here is rated as harm"
