"""Who is in the story, scene by scene: a seat may come in later (`Seat.enters`) or leave before the end (`Seat.leaves`).

Being in the story is not being present. Who is in it can be rung up, told something, sent a message; who is present
witnesses the scene. It is a property of the scene and not of the play: a seat is there if it is there on every way from
the opening by which the scene can be reached. So nothing that steps a story has to keep it, neither the engine nor the
compiled machine. Where ways disagree nobody knows, and the reader asks the author (HS263).

The data flow: a scene hands on to the next whether the seat is there. One that `enters` names makes it there, one that
`leaves` names makes it gone, and so does a scene that says by `present` or `turn` that it is. What comes together is
joined. All three make the answer the same whatever came in, and all else hands on what came in, so the answers only grow and
the least solution is found by walking until nothing changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from simulator.model import CHANCE, Scenario, Scene
from simulator.speaking import following, is_open

AWAY, THERE = 1, 2  # both together: it depends on the way
BOTH = AWAY | THERE


@dataclass(frozen=True)
class Attendance:
    """Who is in the story in which scene. Build it from a scenario without calls."""

    scenario: Scenario

    @cached_property
    def changing(self) -> tuple[str, ...]:
        """The seats that are not there from the first scene to the last."""
        return tuple(seat.id for seat in self.scenario.seats.values() if seat.enters or seat.leaves)

    @cached_property
    def everybody(self) -> frozenset[str]:
        return frozenset(self.scenario.seats)

    def at(self, scene: str) -> frozenset[str]:
        """The seats that are in the story in this scene, on every way to it."""
        if not self.changing:
            return self.everybody
        # What follows from something said unprompted happens where it was said: `scene~consequence`.
        return self._at.get(scene.partition("~")[0], self.everybody - frozenset(self.changing))

    @cached_property
    def _at(self) -> Mapping[str, frozenset[str]]:
        return {
            scene: self.everybody - {seat for seat in self.changing if self.arriving[seat][1].get(scene, AWAY) != THERE}
            for scene in self.scenario.scenes
        }

    def unsure(self, scene: str) -> tuple[str, ...]:
        """The seats of which it depends on the way."""
        return tuple(seat for seat in self.changing if self.arriving[seat][1].get(scene) == BOTH)

    def before(self, scene: str, seat: str) -> int:
        """How the ways into a scene have it, before the scene itself changes it; 0: no way leads there."""
        return self.arriving[seat][0].get(scene, 0) if seat in self.arriving else THERE

    @cached_property
    def arriving(self) -> Mapping[str, tuple[Mapping[str, int], Mapping[str, int]]]:
        """For each seat that comes or goes: how each scene that can be reached is come to, and how it is then."""
        return {seat: self._flow(seat) for seat in self.changing}

    def change(self, scene: Scene, seat: str) -> int:
        """What the scene makes of it: there, away, or 0 for as it was."""
        own = self.scenario.seats[seat]
        if scene.id in own.enters:
            return THERE
        if scene.id in own.leaves:
            return AWAY
        return THERE if named(scene, seat) else 0

    def _flow(self, seat: str) -> tuple[Mapping[str, int], Mapping[str, int]]:
        scenes = self.scenario.scenes
        came: dict[str, int] = {}
        then: dict[str, int] = {}
        left = [(self.scenario.opening, AWAY if self.scenario.seats[seat].enters else THERE)]
        while left:
            name, how = left.pop()
            if name not in scenes or came.get(name, 0) | how == came.get(name):
                continue
            came[name] = came.get(name, 0) | how
            then[name] = self.change(scenes[name], seat) or came[name]
            left += [(way, then[name]) for way in ways_on(self.scenario, scenes[name])]
        return came, then


def named(scene: Scene, seat: str) -> bool:
    """Whether the scene says itself that the seat is there."""
    return seat in scene.turn or (scene.present is not None and seat in scene.present)


def ways_on(scenario: Scenario, scene: Scene) -> Iterator[str]:
    """The scenes that this one can lead to, also by what is said unprompted in it."""
    for branch in scene.to:
        yield branch.to
    for action in scene.actions.values():
        for branch in action.to:
            yield branch.to
    if is_open(scenario, scene):
        for consequence in following(scenario, scene):
            if consequence.to is not None:
                yield consequence.to


def witnesses(scene: Scene, there: frozenset[str]) -> frozenset[str]:
    """Who is present in a scene: those it names; without that those who act; where nobody does, all who are in the story."""
    if scene.present is not None:
        return frozenset(scene.present)
    acting = frozenset(seat for seat in scene.turn if seat != CHANCE)
    return acting or there


class Stay(NamedTuple):
    """A seat in one step of a play: whether it was in the story as the step began, and in each scene that the step entered."""

    began: bool
    scenes: tuple[bool, ...]

    @property
    def now(self) -> bool:
        return self.scenes[-1] if self.scenes else self.began


def stays(attendance: Attendance, seat: str, entered: Iterator[tuple[str, ...]]) -> Iterator[Stay]:
    """The seat's way through a play whose steps entered these scenes."""
    changing = seat in attendance.changing
    here = not (changing and attendance.scenario.seats[seat].enters)
    for scenes in entered:
        began, found = here, []
        for scene in scenes:
            if changing and (entered_scene := attendance.scenario.scenes.get(scene)) is not None:
                change = attendance.change(entered_scene, seat)
                here = change == THERE if change else here
            found.append(here)
        yield Stay(began, tuple(found))
