"""Protocols played where they are called: a scenario without `call`.

The calling scene keeps its id and becomes a narration that leads to `<scene>.<opening>`; each scene of the protocol
becomes `<scene>.<id>`, with seats in place of parts, `{part}` in texts read as that seat's name, and `return.EXIT`
read as the scene that the call names for that exit.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar, cast

from scoring.conditions import Condition
from simulator.model import RETURN, Branch, Scenario, Scene
from simulator.references import KEYS, VALUES, names_what

T = TypeVar("T")
_PART = re.compile(r"\{([a-z][a-z0-9_]*)\}")


class Circular(Exception):
    """A protocol calls itself, directly or through others; `chain` names them in order."""

    def __init__(self, chain: tuple[str, ...]) -> None:
        self.chain = chain
        super().__init__(" → ".join(chain))


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays which part in one call, and where its scenes and exits are."""

    seats: Mapping[str, str]  # part → seat
    names: Mapping[str, str]  # part → the seat's name
    prefix: str  # before the ids of the protocol's scenes
    exits: Mapping[str, str]  # exit → scene


def inline(scenario: Scenario) -> tuple[Scenario, dict[str, tuple[str, ...]]]:
    """The scenario without calls, and for each of its scenes the path of keys where it is written.

    Expects a scenario whose names are sound. Raises Circular, or KeyError for a name that does not exist.
    """
    if not any(scene.call for scene in scenario.scenes.values()):
        return scenario, {name: ("scenes", name) for name in scenario.scenes}
    scenes: dict[str, Scene] = {}
    origins: dict[str, tuple[str, ...]] = {}

    def place(scene: Scene, path: tuple[str, ...], chain: tuple[str, ...]) -> None:
        origins[scene.id] = path
        if scene.call is None:
            scenes[scene.id] = scene
            return
        if scene.call in chain:
            raise Circular((*chain, scene.call))
        protocol = scenario.protocols[scene.call]
        prefix = f"{scene.id}."
        scenes[scene.id] = replace(scene, call=None, seats={}, returns={}, to=(Branch(to=prefix + protocol.opening),))
        names = {part: scenario.seats[seat].name for part, seat in scene.seats.items()}
        playing = Cast(scene.seats, names, prefix, scene.returns)
        for inner in protocol.scenes.values():
            played = replace(_recast(inner, playing), id=prefix + inner.id)
            place(played, ("protocols", protocol.id, "scenes", inner.id), (*chain, scene.call))

    for scene in scenario.scenes.values():
        place(scene, ("scenes", scene.id), ())
    return replace(scenario, scenes=scenes), origins


def _recast(thing: T, playing: Cast) -> T:
    """A copy of a model object with this call's seats, names and scenes in it."""
    changed: dict[str, Any] = {}
    for field in fields(cast(Any, thing)):
        old = getattr(thing, field.name)
        if not old or field.name == "id":
            continue
        kind = names_what(VALUES, type(thing), field.name)
        key_kind = names_what(KEYS, type(thing), field.name)
        new = _value(old, kind, key_kind, playing)
        if new is not old:
            changed[field.name] = new
    return replace(cast(Any, thing), **changed) if changed else thing


def _value(old: Any, kind: str | None, key_kind: str | None, playing: Cast) -> Any:
    if isinstance(old, str):
        return _text(old, kind, playing)
    if isinstance(old, tuple):
        new = tuple(_value(each, kind, None, playing) for each in old)
        return old if new == old else new
    if isinstance(old, Mapping):
        return {_text(key, key_kind or "", playing): _value(each, kind, None, playing) for key, each in old.items()}
    if isinstance(old, Condition):
        return _condition(old, playing)
    if is_dataclass(old) and type(old).__module__.endswith("model"):
        return _recast(old, playing)
    return old


def _text(text: str, kind: str | None, playing: Cast) -> str:
    """`kind` None: prose; empty: a name that no call changes."""
    if kind is None:
        return _PART.sub(lambda found: playing.names.get(found[1], found[0]), text)
    if kind in ("seat", "actor"):
        return playing.seats.get(text, text)
    if kind == "scene":
        if text.startswith(RETURN):
            return playing.exits[text.removeprefix(RETURN)]
        return playing.prefix + text
    return text


def _condition(condition: Condition, playing: Cast) -> Condition:
    """`knows(part, item)` with the seat in the part's place."""
    if "knows" not in condition.text:
        return condition
    tree = cast(ast.expr, _Recast(playing.seats).visit(ast.parse(condition.text, mode="eval").body))
    return Condition(ast.unparse(tree), tree)


class _Recast(ast.NodeTransformer):
    def __init__(self, seats: Mapping[str, str]) -> None:
        self.seats = seats

    def visit_Call(self, node: ast.Call) -> ast.Call:
        if isinstance(node.func, ast.Name) and node.func.id == "knows" and isinstance(node.args[0], ast.Name):
            node.args[0].id = self.seats.get(node.args[0].id, node.args[0].id)
        return node
