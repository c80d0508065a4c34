"""The order of a directed graph: its strongly connected parts, each after all it leads to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from simulator.game import Game, PlayScene


def components(successors: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """Tarjan's algorithm without recursion. Every part comes after the parts that it can reach."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    found: list[list[str]] = []
    for root in successors:
        if root in index:
            continue
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        work = [(root, iter(successors[root]))]
        while work:
            node, ahead = work[-1]
            for other in ahead:
                if other not in index:
                    index[other] = low[other] = len(index)
                    stack.append(other)
                    on_stack.add(other)
                    work.append((other, iter(successors[other])))
                    break
                if other in on_stack:
                    low[node] = min(low[node], index[other])
            else:
                work.pop()
                if work:
                    parent = work[-1][0]
                    low[parent] = min(low[parent], low[node])
                if low[node] == index[node]:
                    part: list[str] = []
                    while True:
                        other = stack.pop()
                        on_stack.discard(other)
                        part.append(other)
                        if other == node:
                            break
                    found.append(part)
    return found


def ways(game: Game) -> dict[str, tuple[str, ...]]:
    """Where each scene of a game may lead, narrations included."""
    found: dict[str, tuple[str, ...]] = {}
    for scene in game.scenes.values():
        routes = [scene.route] if scene.narration or len(scene.seats) > 1 else []
        if len(scene.seats) <= 1:
            routes += [action.route for action in scene.steps.values()]
        found[scene.id] = tuple(dict.fromkeys(to for route in routes for _, to in route))
    return found


def story_ways(game: Game) -> dict[str, tuple[str, ...]]:
    """Where each scene may lead, leaving out the ways back into a turn that only somebody's speaking interrupted."""
    found = ways(game)
    for scene in game.scenes.values():
        if scene.speeches:
            on = [to for action in scene.actions.values() for _, to in action.route]
            follow = [to for action in scene.speeches.values() for _, to in action.route if to != scene.id]
            found[scene.id] = tuple(dict.fromkeys((*on, *follow)))
            for narration in follow:
                found[narration] = tuple(to for to in found[narration] if to != scene.id)
    return found


def most_on_a_way(
    leads_to: Mapping[str, tuple[str, ...]], parts: list[list[str]], weight: Callable[[str], int]
) -> dict[str, int | None]:
    """Per scene, the largest sum of weights from it to an ending; None where a loop has no largest."""
    most: dict[str, int | None] = {}
    for part in parts:
        inside = set(part)
        looping = len(part) > 1 or any(scene in leads_to[scene] for scene in part)
        found: int | None = 0
        for scene in part:
            own = weight(scene)
            ahead = [most[to] for to in leads_to[scene] if to not in inside]
            if found is None or (looping and own) or None in ahead:
                found = None
            else:
                found = max(found, own + max((a for a in ahead if a is not None), default=0))
        for scene in part:
            most[scene] = found
    return most


def recorded_in(scene: PlayScene, fact: str) -> int:
    """How often one step from a scene may record a fact, narrations after it not counted."""
    effects = [action.effects for action in scene.steps.values()]
    if scene.narration and scene.effects is not None:
        effects.append(scene.effects)
    return max(1, len(scene.seats)) if any(fact in each.records for each in effects) else 0
