"""A scenario as a graph: its scenes, the ways between them, and the order in which a story goes through them.

Protocols are inlined, so that the graph is what is played. Everything follows the author's order: the same file gives
the same graph, whatever the computer. What a map needs at once is worked out here in a few lines; networkx, whose import
alone takes a tenth of the second in which a map must be open, is for exports and for harder questions (`graph`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from simulator.library import Bundle
from simulator.model import CHANCE, Branch, Scene
from simulator.presence import Attendance, witnesses

Kind = Literal["decision", "together", "chance", "narration", "ending"]

KIND_WORDS: dict[Kind, str] = {
    "decision": "a decision",
    "together": "a decision taken together",
    "chance": "chance",
    "narration": "nobody decides",
    "ending": "an ending",
}


@dataclass(frozen=True, slots=True)
class Way:
    """One branch of an action, or of a scene that goes on by itself: then `action` is empty."""

    source: str
    target: str
    action: str = ""
    seat: str = ""
    text: str = ""
    when: str = ""  # the condition of this branch; empty: otherwise, or always


@dataclass(frozen=True)
class Chart:
    """The graph of a scenario. `ways`: every way, in the author's order."""

    bundle: Bundle
    ways: tuple[Way, ...]

    @property
    def id(self) -> str:
        return self.bundle.scenario.id

    @property
    def title(self) -> str:
        return self.bundle.scenario.title

    @property
    def opening(self) -> str:
        return self.bundle.scenario.opening

    @property
    def scenes(self) -> Mapping[str, Scene]:
        """The scenes by id, in the author's order."""
        return self.bundle.scenario.scenes

    @cached_property
    def _attendance(self) -> Attendance:
        return Attendance(self.bundle.scenario)

    @cached_property
    def graph(self) -> Any:
        """A networkx DiGraph: one edge from scene to scene, however many ways lead along it."""
        import networkx as nx

        graph = nx.DiGraph()
        graph.add_nodes_from(self.scenes)
        graph.add_edges_from((way.source, way.target) for way in self.ways)
        return graph

    @cached_property
    def after(self) -> Mapping[str, tuple[str, ...]]:
        """For each scene those it leads to, each once."""
        found: dict[str, dict[str, None]] = {scene: {} for scene in self.scenes}
        for way in self.ways:
            found[way.source][way.target] = None
        return {scene: tuple(targets) for scene, targets in found.items()}

    @cached_property
    def before(self) -> Mapping[str, tuple[str, ...]]:
        """For each scene those that lead to it, each once."""
        found: dict[str, list[str]] = {scene: [] for scene in self.scenes}
        for source, target in self.edges:
            found[target].append(source)
        return {scene: tuple(sources) for scene, sources in found.items()}

    @cached_property
    def edges(self) -> tuple[tuple[str, str], ...]:
        """Each pair of scenes of which the first leads to the second."""
        return tuple((source, target) for source, targets in self.after.items() for target in targets)

    @cached_property
    def leading_back(self) -> frozenset[tuple[str, str]]:
        """The edges that lead back into what was played already: without them the graph has no loop."""
        back: set[tuple[str, str]] = set()
        on_path: dict[str, bool] = {}
        for root in (self.opening, *self.scenes):
            if root in on_path:
                continue
            on_path[root] = True
            path: list[tuple[str, Iterator[str]]] = [(root, iter(self.after[root]))]
            while path:
                scene, targets = path[-1]
                target = next(targets, None)
                if target is None:
                    on_path[scene] = False
                    path.pop()
                elif on_path.get(target):
                    back.add((scene, target))
                elif target not in on_path:
                    on_path[target] = True
                    path.append((target, iter(self.after[target])))
        return frozenset(back)

    @cached_property
    def aside(self) -> frozenset[tuple[str, str]]:
        """The edges that have no part in the order of the story: those that lead back, and those from scenes that
        no play comes to into those that it does."""
        astray = ((source, target) for source, target in self.edges if source not in self.reached)
        return self.leading_back | {(source, target) for source, target in astray if target in self.reached}

    @cached_property
    def layers(self) -> tuple[tuple[str, ...], ...]:
        """The scenes by how far into the story they come: each after everything that leads forward to it."""
        waiting = dict.fromkeys(self.scenes, 0)  # for how many scenes each still has to wait
        for edge in self.edges:
            waiting[edge[1]] += edge not in self.aside
        layers: list[tuple[str, ...]] = []
        layer = [scene for scene, number in waiting.items() if not number]
        place = {scene: index for index, scene in enumerate(self.scenes)}
        while layer:
            layers.append(tuple(layer))
            following: list[str] = []
            for source in layer:
                for target in self.after[source]:
                    if (source, target) not in self.aside:
                        waiting[target] -= 1
                        following += [target] if not waiting[target] else []
            layer = sorted(following, key=place.__getitem__)
        return tuple(layers)

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The scenes in the order of the story; last those that no play comes to."""
        order = [scene for layer in self.layers for scene in layer]
        return tuple(sorted(order, key=lambda scene: scene not in self.reached))

    @cached_property
    def reached(self) -> frozenset[str]:
        """The scenes that some ways lead to from the opening, guards not considered."""
        found, left = {self.opening}, [self.opening]
        while left:
            new = [target for target in self.after[left.pop()] if target not in found]
            found.update(new)
            left += new
        return frozenset(found)

    @cached_property
    def letters(self) -> dict[str, str]:
        """A letter for each seat: the first of its id that no other seat has, or a digit."""
        given: dict[str, str] = {}
        for number, seat in enumerate(self.bundle.scenario.seats, 1):
            free = (letter for letter in seat.upper() if letter.isalnum() and letter not in given.values())
            given[seat] = next(free, str(number))
        return given

    def kind(self, scene: str) -> Kind:
        """What happens in a scene: who decides, or that nobody does."""
        found = self.scenes[scene]
        if found.ending is not None:
            return "ending"
        if found.turn == (CHANCE,):
            return "chance"
        if not found.turn:
            return "narration"
        return "together" if len(found.turn) > 1 else "decision"

    def name(self, scene: str) -> str:
        """Its title, or its id if it has none."""
        found = self.scenes[scene]
        return found.title or (found.ending.title if found.ending else "") or scene

    def who(self, scene: str) -> str:
        """Who acts there, in words."""
        found = self.scenes[scene]
        if found.turn and found.turn != (CHANCE,):
            return " and ".join(self.bundle.scenario.seats[seat].name for seat in found.turn)
        return KIND_WORDS[self.kind(scene)]

    def present(self, scene: str) -> tuple[str, ...]:
        """The seats that witness it."""
        there = witnesses(self.scenes[scene], self._attendance.at(scene))
        return tuple(seat for seat in self.bundle.scenario.seats if seat in there)

    def ways_from(self, scene: str, action: str | None = None) -> tuple[Way, ...]:
        """The ways out of a scene, or only those of one action (the empty string: of the scene itself)."""
        return tuple(way for way in self._out.get(scene, ()) if action is None or way.action == action)

    @cached_property
    def _out(self) -> dict[str, list[Way]]:
        found: dict[str, list[Way]] = {}
        for way in self.ways:
            found.setdefault(way.source, []).append(way)
        return found

    def find(self, words: str) -> tuple[str, ...]:
        """The scenes in which every word occurs: in id, title, text, who acts, or the actions; in story order."""
        wanted = words.lower().split()
        if not wanted:
            return ()
        return tuple(scene for scene in self.order if all(word in self._texts[scene] for word in wanted))

    @cached_property
    def _texts(self) -> dict[str, str]:
        texts: dict[str, str] = {}
        for scene in self.scenes.values():
            parts = [scene.id, self.name(scene.id), scene.text, self.who(scene.id)]
            for action in scene.actions.values():
                parts += [action.id, action.text]
            texts[scene.id] = " ".join(parts).lower()
        return texts


def chart_of(bundle: Bundle) -> Chart:
    """The graph of a scenario that has been read."""
    ways: list[Way] = []
    for scene in bundle.scenario.scenes.values():
        for action in scene.actions.values():
            seat = action.seat or (scene.turn[0] if len(scene.turn) == 1 and scene.turn != (CHANCE,) else "")
            ways += _ways(scene.id, action.to, action.id, seat, action.text)
        ways += _ways(scene.id, scene.to)
    return Chart(bundle, tuple(ways))


def _ways(source: str, branches: tuple[Branch, ...], action: str = "", seat: str = "", text: str = "") -> list[Way]:
    return [
        Way(source, branch.to, action, seat, text, branch.when.text if branch.when is not None else "")
        for branch in branches
    ]
