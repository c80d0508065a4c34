"""What `check` proves of a scenario with a shelf: what only an inject leads to is not said to be never so."""

from __future__ import annotations

from typing import Any

import yaml

from tests.checked import BASES, codes_of, laid_over, proven


def told(**parts: Any) -> list[str]:
    """The codes that the fair scenario is told with these parts laid over it."""
    text = yaml.safe_dump(laid_over(yaml.safe_load(BASES["scenario"]), parts), sort_keys=False, allow_unicode=True)
    return codes_of(proven(text))


def shelf(**inject: Any) -> dict[str, Any]:
    return {"ring": {"synopsis": "A call.", "expected": "They answer.", "text": "A phone rings in the hall.", **inject}}


SAFE = {"car": {"actions": {"drive-in": {"when": "weapon_secured", "closed": "Nobody has said yet that it is safe."}}}}
ALWAYS = {"car": {"actions": {"drive-in": {"when": "not weapon_secured", "closed": "It is secured."}}}}


def test_an_action_that_an_inject_by_hand_opens_is_not_said_to_be_never_open() -> None:
    assert "HS309" in told(scenes=SAFE)
    assert "HS309" not in told(scenes=SAFE, injects=shelf(by="hand", records="weapon_secured"))
    assert "HS309" in told(scenes=SAFE, injects=shelf(by="hand"))


def test_an_action_that_a_scheduled_inject_opens_is_not_said_to_be_never_open() -> None:
    assert "HS309" not in told(scenes=SAFE, injects=shelf(at="0 min", records="weapon_secured", **{"in": "phone"}))


def test_a_guard_that_an_inject_by_hand_shuts_is_not_said_to_be_always_open() -> None:
    assert "HS310" in told(scenes=ALWAYS)
    assert "HS310" not in told(scenes=ALWAYS, injects=shelf(by="hand", records="weapon_secured"))


def test_an_inject_that_waits_for_what_nothing_records_never_comes() -> None:
    assert "HS520" in told(injects=shelf(when="he_came_home"))
    assert "HS520" not in told(injects=shelf(at="0 min"))


def test_an_inject_by_hand_whose_only_scene_no_play_comes_to_never_comes() -> None:
    scenes = {
        "attic": {
            "title": "The attic",
            "turn": "officer",
            "text": "Dust lies on the boards.",
            "actions": {
                name: {"text": f"Look {name}.", "because": "It is dark.", "appeal": 1, "to": "end"}
                for name in ("left", "right")
            },
        },
        "phone": {"actions": {"ask-safe": {"to": [{"when": "he_came_home", "to": "attic"}, {"to": "car"}]}}},
    }
    assert "HS520" in told(scenes=scenes, injects=shelf(by="hand", **{"in": "attic"}))
    assert "HS520" not in told(scenes=scenes, injects=shelf(by="hand", **{"in": "car"}))


def test_what_only_an_inject_teaches_is_learned_by_somebody() -> None:
    items = {"key": {"text": "where the key is"}}
    assert "HS408" in told(items=items)
    assert "HS408" not in told(items=items, injects=shelf(by="hand", learn={"officer": "key"}))


def test_a_guard_may_read_what_its_seat_saw_of_an_inject() -> None:
    scenes = {"car": {"actions": {"drive-in": {"when": "he_left", "closed": "Nobody has said yet that he is gone."}}}}
    injects = shelf(by="hand", records="he_left")
    assert "HS406" not in told(scenes=scenes, injects=injects)
    assert "HS406" in told(scenes=scenes, injects=shelf(by="hand", records="he_left", present=["officer"]))
