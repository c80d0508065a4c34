"""The graph of scenes: what can be reached, and whether every way has an end (HS3xx).

Only arrows are looked at, never conditions: what this finds is certain. Proofs with conditions are `check`'s business.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from itertools import islice

from simulator.inlining import Circular, inline
from simulator.model import Scenario, Scene
from simulator.reading.attending import check_attendance
from simulator.reading.places import Reading
from simulator.reading.source import Node
from simulator.speaking import following, is_open

_ARROWS_UNSURE = (
    "HS1",
    "HS201",
    "HS203",
    "HS215",
    "HS223",
    "HS224",
    "HS243",
)  # after these, the arrows are not what was meant


def check_graph(draft: Scenario, reading: Reading) -> None:
    """Walk the scenes as they are played. Notes problems in the reading's source."""
    errors = (problem for problem in reading.source.problems if problem.severity == "error")
    if any(problem.code.startswith(_ARROWS_UNSURE) for problem in errors):
        return
    try:
        scenario, origins = inline(draft)
    except Circular as error:
        node = reading.node(draft, "protocols", error.chain[-1])
        key = reading.source.keys.get(id(node), (None, None))[0]
        reading.source.report(
            "HS304",
            key or node,
            f"the protocol calls itself: {error}",
            "Which of these calls could lead to a scene instead?",
        )
        return
    arrows = {scene.id: _arrows(scenario, scene) for scene in scenario.scenes.values()}
    reached = _spread([scenario.opening], arrows)
    endings = [scene.id for scene in scenario.scenes.values() if scene.ending is not None]
    _unreached(draft, reading, origins, arrows, reached)
    check_attendance(draft, scenario, reading, origins)
    if not endings:
        reading.source.report(
            "HS305", reading.key(draft, "scenes"), "the scenario has no ending", "Which scene has “ending:”?"
        )
        return
    ringed = _narrations(draft, scenario, reading, origins, arrows)
    _endless(draft, reading, origins, arrows, reached - ringed, endings)


def _arrows(scenario: Scenario, scene: Scene) -> tuple[str, ...]:
    ways = [branch.to for branch in scene.to]
    ways += [branch.to for action in scene.actions.values() for branch in action.to]
    if is_open(scenario, scene):
        ways += [each.to for each in following(scenario, scene) if each.to is not None]
    return tuple(dict.fromkeys(ways))


def _spread(
    start: Iterable[str], arrows: Mapping[str, Iterable[str]], without: Container[str] = frozenset()
) -> set[str]:
    found = set(start)
    left = list(found)
    while left:
        for name in arrows.get(left.pop(), ()):
            if name not in found and name not in without:
                found.add(name)
                left.append(name)
    return found


def _unreached(
    draft: Scenario,
    reading: Reading,
    origins: Mapping[str, tuple[str, ...]],
    arrows: Mapping[str, tuple[str, ...]],
    reached: set[str],
) -> None:
    """Scenes no way leads to; those that hang on them are told with the first, for they come back with it."""
    used = {origins[name] for name in reached}
    lost = [name for name in arrows if origins[name] not in used]
    entered = {way for name in lost for way in arrows[name] if way != name}
    place = {name: at for at, name in enumerate(lost)}
    told: set[tuple[str, ...]] = set()
    seen = set(reached)  # with all they lead to, so that nothing is walked twice
    for name in sorted(lost, key=lambda name: name in entered):  # a stable sort: heads first, else the author's order
        path = origins[name]
        if path in told:
            continue
        found = _spread([name], arrows, seen)
        hanging = dict.fromkeys(origins[other] for other in sorted(found & place.keys(), key=place.__getitem__))
        nodes = ((_key(draft, reading, other), other[-1]) for other in hanging if other != path and other not in told)
        related = ((node, f"nor to “{other}”, which hangs on it") for node, other in nodes if node is not None)
        reading.source.report(
            "HS301",
            _key(draft, reading, path),
            "no way leads here",
            f"From which scene does one come to “{path[-1]}”, or can it go?",
            severity="warning",
            related=tuple(islice(related, 8)),
        )
        told.update(hanging)
        seen.update(found)
    called = {path[1] for path in origins.values() if path[0] == "protocols"}
    for name in draft.protocols:
        if name not in called:
            reading.source.report(
                "HS306",
                reading.key(draft.protocols[name]),
                "no scene calls this protocol",
                f"Should a scene have “call: {name}”, or can it go?",
                severity="warning",
            )


def _endless(
    draft: Scenario,
    reading: Reading,
    origins: Mapping[str, tuple[str, ...]],
    arrows: Mapping[str, tuple[str, ...]],
    reached: set[str],
    endings: Iterable[str],
) -> None:
    """Scenes that can be reached and never left for an ending, told together at the first of them."""
    back: dict[str, list[str]] = {}
    for name, ways in arrows.items():
        for way in ways:
            back.setdefault(way, []).append(name)
    ended = _spread(endings, back)
    lost = [name for name in arrows if name in reached and name not in ended]
    if not lost:
        return
    nodes = {origins[name]: _key(draft, reading, origins[name]) for name in lost}
    (first, node), *others = nodes.items()
    reading.source.report(
        "HS302",
        node,
        "from here no ending can be reached",
        f"Which way out of “{first[-1]}” leads on towards an ending?",
        related=tuple((other, f"nor from “{path[-1]}”") for path, other in others if other is not None)[:8],
    )


def _narrations(
    draft: Scenario,
    scenario: Scenario,
    reading: Reading,
    origins: Mapping[str, tuple[str, ...]],
    arrows: Mapping[str, tuple[str, ...]],
) -> set[str]:
    """Narrations follow each other by themselves, so a ring of them would never stop. The scenes in such rings."""
    flowing = {name for name, scene in scenario.scenes.items() if not scene.turn and scene.ending is None}
    inner = {name: tuple(way for way in arrows[name] if way in flowing) for name in flowing}
    ringed = _on_the_way_round(inner)
    told: set[str] = set()
    for name in scenario.scenes:
        if name not in ringed or name in told:
            continue
        ring = _spread(inner[name], inner)
        if name not in ring:
            continue
        round_ = [other for other in scenario.scenes if other in ring and name in _spread(inner[other], inner)]
        told.update(round_)
        reading.source.report(
            "HS303",
            _key(draft, reading, origins[name]),
            "narrations lead round in a ring, and nobody can ever act: " + " → ".join([*round_, name]),
            "In which of these scenes does somebody have a turn?",
        )
    return told


def _on_the_way_round(arrows: Mapping[str, tuple[str, ...]]) -> set[str]:
    """What is left when whatever leads nowhere has been taken away, again and again: rings, and what leads into them."""
    back: dict[str, list[str]] = {}
    for name, ways in arrows.items():
        for way in ways:
            back.setdefault(way, []).append(name)
    ways_left = {name: len(ways) for name, ways in arrows.items()}
    stopped = [name for name, count in ways_left.items() if count == 0]
    for name in stopped:
        for before in back.get(name, ()):
            ways_left[before] -= 1
            if ways_left[before] == 0:
                stopped.append(before)
    return arrows.keys() - set(stopped)


def _key(draft: Scenario, reading: Reading, path: tuple[str, ...]) -> Node | None:
    """The key of the scene at a path, found by the scene itself: looking for names in a long file takes long."""
    scenes = draft.protocols[path[1]].scenes if path[0] == "protocols" else draft.scenes
    return reading.key(scenes[path[-1]])
