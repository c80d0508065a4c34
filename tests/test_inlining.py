"""Protocols become plain scenes where they are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.inlining import Circular, inline
from simulator.library import Library
from simulator.model import Scenario

SHELF = Path(__file__).parent / "fixtures" / "shelf"
PORCH = (SHELF / "library" / "porch.yaml").read_text(encoding="utf-8")
library = Library([SHELF])


def scenario(*changes: tuple[str, str]) -> Scenario:
    text = PORCH
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    value = library.check_text(text, "library/porch.yaml").draft
    assert isinstance(value, Scenario)
    return value


def played(*changes: tuple[str, str]) -> Scenario:
    return inline(scenario(*changes))[0]


NESTED = (
    (
        "protocols:\n",
        """protocols:
  greeting:
    parts: [guest]
    opening: hello
    exits: [met]
    scenes:
      hello:
        text: "{guest} says hello."
        to: return.met
""",
    ),
    ("    opening: ask\n", "    opening: greet\n"),
    (
        "    scenes:\n      ask:\n",
        """    scenes:
      greet:
        call: greeting
        with: {guest: listener}
        returns: {met: ask}
      ask:
""",
    ),
)


def test_the_calling_scene_leads_into_the_protocol() -> None:
    scene = played().scenes["screen"]
    assert scene.call is None
    assert [branch.to for branch in scene.to] == ["screen.ask"]


def test_no_call_is_left() -> None:
    assert not any(scene.call for scene in played().scenes.values())


def test_each_call_has_scenes_of_its_own() -> None:
    assert {"screen.ask", "screen.thanks", "again.ask", "again.thanks"} <= played().scenes.keys()


def test_seats_take_the_places_of_parts() -> None:
    scenes = played().scenes
    assert scenes["screen.ask"].turn == ("advocate",)
    assert scenes["again.ask"].turn == ("officer",)
    assert scenes["again.ask"].present == ("officer", "advocate")
    assert scenes["screen.ask"].actions["gently"].learn == {"officer": ("truck",)}


def test_a_part_in_braces_is_read_as_the_seats_name() -> None:
    scenes = played().scenes
    assert scenes["screen.ask"].text == "Sam Okafor sits down; Officer Reyes waits."
    assert scenes["again.ask"].actions["gently"].text == "Ask gently, with Sam Okafor beside."


def test_braces_around_anything_else_stay() -> None:
    scenes = played(('text: "{asker} sits down', 'text: "{nobody} sits down')).scenes
    assert scenes["screen.ask"].text.startswith("{nobody} sits")


def test_a_condition_asks_what_the_seat_knows() -> None:
    when = played().scenes["screen.ask"].actions["gently"].when
    assert when is not None
    assert when.text == "not knows(advocate, record)"


def test_exits_lead_where_the_call_says() -> None:
    scenes = played().scenes
    assert [branch.to for branch in scenes["screen.ask"].actions["gently"].to] == ["end"]
    assert [branch.to for branch in scenes["screen.thanks"].to] == ["again"]


def test_scenes_within_a_protocol_lead_to_their_own_copies() -> None:
    assert [branch.to for branch in played().scenes["again.ask"].actions["stop"].to] == ["again.thanks"]


def test_a_protocol_may_call_another() -> None:
    scenes = played(*NESTED).scenes
    assert scenes["screen.greet.hello"].text == "Officer Reyes says hello."
    assert [branch.to for branch in scenes["screen.greet.hello"].to] == ["screen.ask"]


def test_a_nested_call_leaves_no_problems() -> None:
    text = PORCH
    for old, new in NESTED:
        text = text.replace(old, new, 1)
    assert library.check_text(text, "library/porch.yaml").problems == ()


def test_each_scene_tells_where_it_is_written() -> None:
    origins = inline(scenario())[1]
    assert origins["again.thanks"] == ("protocols", "screening", "scenes", "thanks")
    assert origins["porch"] == ("scenes", "porch")


def test_every_way_leads_to_a_scene_that_exists() -> None:
    scenes = played(*NESTED).scenes
    ways = {branch.to for scene in scenes.values() for branch in scene.to}
    ways |= {branch.to for scene in scenes.values() for act in scene.actions.values() for branch in act.to}
    assert ways <= scenes.keys()


def test_a_protocol_that_calls_itself_is_refused() -> None:
    circle = ("        returns: {met: ask}\n", "        returns: {met: ask}\n")
    nested = scenario(*NESTED, circle, ("call: greeting", "call: screening"))
    with pytest.raises(Circular, match="screening → screening"):
        inline(nested)


def test_a_scenario_without_calls_stays_as_it_is() -> None:
    plain = library.check_text(
        PORCH.replace("call: screening", "to: end", 1).replace("call: screening", "to: end", 1), "library/porch.yaml"
    ).draft
    assert inline(plain)[0] is plain
