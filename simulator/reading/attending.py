"""Seats that come in later or leave: that no scene counts on somebody who is not there (HS263–HS265).

Walked like the graph, over arrows alone: what holds on every way holds whatever the conditions are. A scene in which it
depends on the way is a problem only where somebody would have to know.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from itertools import islice
from typing import Any

from simulator.model import Effects, Scenario, Scene, Seat
from simulator.presence import AWAY, BOTH, THERE, Attendance, named
from simulator.reading.places import Reading
from simulator.reading.source import Node
from simulator.speaking import following, is_open

_MOST = 8  # places named beside the first


def check_attendance(
    draft: Scenario, scenario: Scenario, reading: Reading, origins: Mapping[str, tuple[str, ...]]
) -> None:
    """`scenario`: the draft without calls; `origins`: where each of its scenes is written. Notes problems in the source."""
    attendance = Attendance(scenario)
    for seat in attendance.changing:
        if not _counted_on(draft, reading, origins, attendance, seat):
            _changes(draft, reading, attendance, seat)  # else what is wrong there may be what makes it idle
        _unsure(draft, reading, origins, attendance, seat)


def _changes(draft: Scenario, reading: Reading, attendance: Attendance, seat: str) -> None:
    """What `enters` and `leaves` name has to change something."""
    own = draft.seats[seat]
    for key, scenes, already, how in (
        ("enters", own.enters, THERE, "is in the story already when it comes to"),
        ("leaves", own.leaves, AWAY, "is not in the story when it comes to"),
    ):
        for at, scene in enumerate(scenes):
            node = reading.node(own, key, at)
            if key == "leaves" and scene in own.enters:
                message = f"“{own.name}” would come in and leave with “{scene}”"
                reading.source.report("HS265", node, message, "Which of the two is meant?", severity="warning")
            elif attendance.before(scene, seat) == already:
                hint = "Which scene is meant, or can this go?"
                reading.source.report("HS265", node, f"“{own.name}” {how} “{scene}”", hint, severity="warning")


def _counted_on(
    draft: Scenario,
    reading: Reading,
    origins: Mapping[str, tuple[str, ...]],
    attendance: Attendance,
    seat: str,
) -> bool:
    """A seat that is not there has no turn, sees nothing and is told nothing. Told once for each place it is written.

    Returns whether there was anything to tell.
    """
    name = draft.seats[seat].name
    told: set[tuple[object, ...]] = set()
    for scene in attendance.scenario.scenes.values():
        path = origins[scene.id]
        why, uses = _why(draft.seats[seat], scene, attendance.before(scene.id, seat))
        _following(draft, reading, attendance, scene, seat, told)
        for what, *where in uses:
            if (path, *where) not in told:
                told.add((path, *where))
                doubtful = attendance.before(scene.id, seat) == BOTH and scene.id not in draft.seats[seat].leaves
                when = f"come in with “{path[-1]}” on every way" if doubtful else "be in the story by then"
                reading.source.report(
                    "HS264",
                    reading.node(_written(draft, path), *where),
                    f"“{name}” {what}, and {why}",
                    f"Should “{seat}” {when} (“enters:”, “leaves:”), or is somebody else meant?",
                )
    return bool(told)


def _following(
    draft: Scenario, reading: Reading, attendance: Attendance, scene: Scene, seat: str, told: set[tuple[object, ...]]
) -> None:
    """What follows from something said unprompted reaches only who is in the story where it was said."""
    if not is_open(attendance.scenario, scene) or seat in attendance.at(scene.id):
        return
    if not attendance.before(scene.id, seat):
        return
    for each in following(attendance.scenario, scene):
        follows = Scene(id=scene.id, present=each.present, private=each.private, **effects_of(each))
        for what, *where in (*_naming(follows, seat), *_reaching(follows, seat)):
            if (each.id, *where) not in told:
                told.add((each.id, *where))
                reading.source.report(
                    "HS264",
                    reading.node(draft.consequences[each.id], *where),
                    f"“{draft.seats[seat].name}” {what}, and is not in the story in “{scene.id}”, where it may follow",
                    "Should it follow only in scenes in which this seat is there (“in:”), or is somebody else meant?",
                )


def effects_of(thing: Effects) -> dict[str, Any]:
    return {field.name: getattr(thing, field.name) for field in fields(Effects)}


def _why(own: Seat, scene: Scene, before: int) -> tuple[str, list[tuple[Any, ...]]]:
    """Why a scene may not count on the seat, in words, and where it does."""
    if not before or scene.id in own.enters:
        return "", []
    if scene.id in own.leaves:
        return "leaves the story with this scene", [*_naming(scene, own.id), *_reaching(scene, own.id)]
    if before == BOTH:
        why = "is in the story on some ways to this scene and not on others"
        if named(scene, own.id):  # where `present` says so, it comes in here at the latest
            return why, [] if scene.present is not None else list(_naming(scene, own.id))
        return why, list(_reaching(scene, own.id))
    if before == AWAY:
        why = "is not in the story then" if own.enters and own.leaves else ""
        why = why or ("is not in the story yet" if own.enters else "has left the story by then")
        return why, list(_naming(scene, own.id) if named(scene, own.id) else _reaching(scene, own.id))
    return "", []


def _naming(scene: Scene, seat: str) -> Iterator[tuple[Any, ...]]:
    """Where a scene says that the seat is there: what for, and the path of keys."""
    if seat in scene.turn:
        yield "acts here", "turn", scene.turn.index(seat)
    elif scene.present is not None and seat in scene.present:
        yield "is to be present here", "present", scene.present.index(seat)


def _reaching(scene: Scene, seat: str) -> Iterator[tuple[Any, ...]]:
    """Where something in a scene reaches the seat."""
    if seat in scene.private:
        yield "would read this", "private", seat
    for where, effects in _happenings(scene):
        for what, *path in _reached(effects, seat):
            yield (what, *where, *path)


def _happenings(scene: Scene) -> Iterator[tuple[tuple[str, ...], Effects]]:
    yield (), scene
    for action in scene.actions.values():
        yield ("actions", action.id), action


def _reached(effects: Effects, seat: str) -> Iterator[tuple[Any, ...]]:
    if seat in effects.learn:
        yield "would learn this", "learn", seat
    for at, tell in enumerate(effects.tell):
        if seat in tell.to:
            yield "is told something here", "tell", at, "to", tell.to.index(seat)
    for at, message in enumerate(effects.message):
        if seat in message.to:
            yield "gets a message here", "message", at, "to", message.to.index(seat)


def _unsure(
    draft: Scenario,
    reading: Reading,
    origins: Mapping[str, tuple[str, ...]],
    attendance: Attendance,
    seat: str,
) -> None:
    """Scenes that all witness who are in the story, where it depends on the way whether this seat is. Told at the first."""
    found: dict[tuple[str, ...], Node | None] = {}
    for scene in attendance.scenario.scenes.values():
        acting = [each for each in scene.turn if each in draft.seats]
        if scene.present is None and not acting and seat in attendance.unsure(scene.id):
            path = origins[scene.id]
            found.setdefault(path, reading.key(_written(draft, path)))
    if not found:
        return
    (first, node), *others = found.items()
    reading.source.report(
        "HS263",
        node,
        f"on some ways to “{first[-1]}”, “{draft.seats[seat].name}” is in the story, and on others not",
        "Who sees this scene (“present:”), or should the seat come in with it on every way (“enters:”)?",
        related=tuple(islice(((other, f"nor in “{path[-1]}”") for path, other in others if other is not None), _MOST)),
    )


def _written(draft: Scenario, path: tuple[str, ...]) -> Scene:
    scenes = draft.protocols[path[1]].scenes if path[0] == "protocols" else draft.scenes
    return scenes[path[-1]]
