"""What is proven of scenes, actions and ways out, under every law the scenario can be played under (HS307 to HS310, HS408)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from facilitator.checks.proof import Path, Proof, shown
from facilitator.checks.proving_injects import Beyond
from facilitator.checks.setting import Setting
from simulator.game import Game
from simulator.outlook.reach import Dead, Reach, reach
from simulator.outlook.witness import Ways


def proofs(setting: Setting, stories: Sequence[Ways], beyond: Beyond | None = None) -> Iterator[Proof]:
    """`stories`: one for each of the setting's games, complete. `beyond`: what injects by hand lead to; None if that is not known."""
    found = [reach(ways) for ways in stories]
    yield from _dead(setting, found)
    if beyond is None:
        return
    scenes = {scene for each in found for scene in each.scenes} | beyond.scenes
    actions = {key for each in found for key in each.actions} | beyond.opened
    yield from _unreached(setting, scenes)
    yield from _never_open(setting, scenes, actions)
    yield from _always_open(setting, found, beyond.closed)
    yield from _unlearned(setting, scenes, actions)


def _under(games: Sequence[Game]) -> str:
    return f"under {games[0].jurisdiction.title}" if len(games) == 1 else f"under any of the {len(games)} laws at hand"


# --- scenes that no play comes to --------------------------------------------------------------------------------------


def _arrows(game: Game, scene: str) -> Iterator[str]:
    played = game.scenes[scene]
    for route in (played.route, *(action.route for action in played.actions.values())):
        yield from (to for _, to in route)


def _spread(game: Game, start: Iterable[str], without: frozenset[str] = frozenset()) -> list[str]:
    found = dict.fromkeys(start)
    left = list(found)
    while left:
        for to in _arrows(game, left.pop()):
            if to not in found and to not in without:
                found[to] = None
                left.append(to)
    return list(found)


def _unreached(setting: Setting, scenes: set[str]) -> Iterator[Proof]:
    """Scenes to which arrows lead (without them the reader says HS301), and no play does."""
    game = setting.game
    reached = {setting.path(scene) for scene in scenes}
    led_to = set(_spread(game, [game.scenario.opening]))
    lost = [scene for scene in game.scenes if scene in led_to and setting.path(scene) not in reached]
    entered = {to for scene in lost for to in _arrows(game, scene) if to != scene}
    told: set[Path] = set()
    for scene in sorted(lost, key=lambda scene: scene in entered):  # first those that others hang on
        path = setting.path(scene)
        if path in told:
            continue
        hanging = dict.fromkeys(setting.path(other) for other in _spread(game, [scene], frozenset(scenes)))
        hanging = {other: None for other in hanging if other != path and other not in told and other not in reached}
        yield Proof(
            "HS307",
            path,
            f"no play comes here {_under(setting.games)}, for every way to it is shut",
            f"Which condition on the way to “{path[-1]}” should hold sometimes, or can it go?",
            tuple((other, f"nor to “{other[-1]}”, which hangs on it") for other in hanging),
        )
        told.update((path, *hanging))


# --- places without a way out ------------------------------------------------------------------------------------------


def _dead(setting: Setting, found: Sequence[Reach]) -> Iterator[Proof]:
    told: set[Path] = set()
    for game, each in zip(setting.games, found, strict=True):
        for dead in sorted(each.dead, key=lambda dead: len(dead.witness.lines)):
            path = setting.path(dead.scene)
            if not told:  # the nearest stands for all; the others are related to it
                yield _no_way_out(setting, game, dead, each)
            told.add(path)


def _no_way_out(setting: Setting, game: Game, dead: Dead, each: Reach) -> Proof:
    what = (
        "everything is closed here, and the play cannot go on" if dead.stuck else "from here no ending can be reached"
    )
    law = f" under {game.jurisdiction.title}" if game is not setting.game else ""
    others = dict.fromkeys(setting.path(other.scene) for other in each.dead if other is not dead)
    return Proof(
        "HS308",
        setting.path(dead.scene),
        f"in some plays {what}{law}",
        shown("Which action should always be open?", dead.witness.lines, f"dead {dead.scene}"),
        tuple((path, "nor from here, in some plays") for path in others),
    )


# --- guards ------------------------------------------------------------------------------------------------------------


def _never_open(setting: Setting, scenes: set[str], actions: set[tuple[str, str]]) -> Iterator[Proof]:
    opened = {setting.path(*key) for key in actions}
    told: set[Path] = set()
    for scene in setting.game.scenes.values():
        for action in scene.actions:
            path = setting.path(scene.id, action)
            if scene.id in scenes and path not in opened and path not in told:
                told.add(path)
                yield Proof(
                    "HS309",
                    path,
                    f"no play ever has this open {_under(setting.games)}",
                    f"When should “{action}” be open, and what makes that so before this scene?",
                )


def _always_open(setting: Setting, found: Sequence[Reach], closed: set[tuple[str, str]]) -> Iterator[Proof]:
    always: dict[Path, list[bool]] = {}
    for each in found:
        for scene in each.scenes:
            for action in setting.game.scenes[scene].actions.values():
                if action.open is not None:
                    key = scene, action.id
                    here = key in each.actions and key in each.always_open and key not in closed
                    always.setdefault(setting.path(*key), []).append(here)
    for path, opened in always.items():
        if all(opened):
            yield Proof(
                "HS310",
                (*path, "when"),
                "this condition is true whenever the scene is played",
                f"Should “{path[-1]}” be closed sometimes, or can the condition go?",
            )


# --- information that nobody gets --------------------------------------------------------------------------------------


def _unlearned(setting: Setting, scenes: set[str], actions: set[tuple[str, str]]) -> Iterator[Proof]:
    game = setting.game
    known = {item.id for item in game.scenario.items.values() if item.known_by}
    for scene in (game.scenes[name].scene for name in scenes):
        taken = (action for action in scene.actions.values() if (scene.id, action.id) in actions)
        for effects in (scene, *taken):
            known.update(item for items in effects.learn.values() for item in items)
            known.update(item for tell in effects.tell for item in tell.items)
    for inject in game.injects.values():
        known.update(item for items in inject.inject.learn.values() for item in items)
    for item in game.scenario.items.values():
        if item.id not in known:
            yield Proof(
                "HS408",
                ("items", item.id),
                f"in no play does anybody learn “{item.id}”",
                "Where does somebody hear of it (“learn:”), or who knows it from the start (“known_by:”)?",
            )
