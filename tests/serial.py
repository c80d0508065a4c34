"""Series for tests: three short episodes in files, and generated ones beside the one long scenario that tells the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from scoring.duties import Watch
from simulator import engine
from simulator.carried import Carried
from simulator.continuing import carry
from simulator.engine import State
from simulator.events import Chance, Choose, Event
from simulator.game import Game
from simulator.library import Library
from simulator.log import Place, Store
from simulator.series import Carries, Episode
from simulator.session import Session
from tests import generator
from tests.small import Tree, game_from

FOLDER = Path(__file__).parent / "series"
THREE_DAYS = FOLDER / "series" / "three-days.yaml"
NIGHT = "officer: listen, officer: call, advocate: agree, advocate: explain, officer: clear"
GAP = 90  # minutes


def shelf() -> Library:
    """The packaged library with the three short episodes before it."""
    return Library([FOLDER])


def played(store: Store, bundle: Any, script: str, **more: Any) -> Session:
    """A session of people, played to its ending by a script: “seat: action, seat: action”."""
    places = more.pop("places", [Place(seat, "", "human") for seat in bundle.scenario.seats])
    session = Session.begin(store, bundle, places, seed=1, **more)
    for line in script.split(","):
        seat, _, action = line.strip().partition(": ")
        session.choose(seat, action)
    assert session.finished
    return session


def everything(game: Game) -> Carries:
    """A series of a scenario and itself: all it names is carried over."""
    scenario = game.scenario
    return Carries(
        facts=tuple({**game.vocabulary.facts, **scenario.facts}),
        meters=tuple(scenario.meters),
        statuses=tuple(scenario.statuses),
        items=tuple(scenario.items),
        releases=tuple(scenario.releases),
    )


def twice(seed: int, **size: Any) -> tuple[Game, Game]:
    """A generated scenario, and one long scenario in which it is played, an hour and a half goes by, and it is played again.

    The gap is a step of its own, as the opening of an episode is.
    """
    trees = generator.generate(seed, **size)
    return game_from(trees), game_from({**trees, "scenario": _long(trees["scenario"])})


def _long(scenario: Tree) -> Tree:
    scenes: Tree = {}
    for name, scene in scenario["scenes"].items():
        if "ending" in scene:
            scenes[f"a_{name}"] = {"turn": [], "to": "gap"}
        else:
            scenes[f"a_{name}"] = _renamed(scene, "a_")
        scenes[f"b_{name}"] = scene if "ending" in scene else _renamed(scene, "b_")
    pause = {"text": "Time goes by.", "minutes": GAP, "to": f"b_{scenario['opening']}"}
    scenes["gap"] = {"turn": "chance", "actions": {"go": pause}}
    return {**scenario, "opening": f"a_{scenario['opening']}", "scenes": scenes, "objectives": {}}


def _renamed(scene: Tree, before: str) -> Tree:
    def to(value: Any) -> Any:
        if isinstance(value, str):
            return before + value
        if isinstance(value, Mapping):
            return {**value, "to": before + value["to"]}
        return [to(each) for each in value]

    changed = {**scene}
    if "to" in scene:
        changed["to"] = to(scene["to"])
    if "actions" in scene:
        changed["actions"] = {
            name: {**action, "to": to(action["to"])} if "to" in action else action
            for name, action in scene["actions"].items()
        }
    return changed


def next_game(state: State, game: Game, carries: Carries | None = None, episode: Episode | None = None) -> Game:
    """The next episode, which plays the same scenario, from where the play ended."""
    return replace(game, carried=carried_from(state, game, carries, episode))


def carried_from(state: State, game: Game, carries: Carries | None = None, episode: Episode | None = None) -> Carried:
    gap = Episode(scenario=game.scenario.id, after=_span(GAP))
    return carry(state, episode or gap, carries or everything(state.game), game.scenario)


def _span(minutes: int) -> Any:
    from scoring.clock import Span

    return Span.parse(f"{minutes} min")


def walk(state: State, draw: Any) -> State:
    """To an ending, by open moves that `draw` picks."""
    while not state.ended:
        state = engine.step(state, pick(state, draw))
    return state


def pick(state: State, draw: Any) -> Event:
    """An open move."""
    if found := engine.outcomes(state):
        return Chance(action=draw.choice([outcome.id for outcome in found]))
    seat = engine.turn(state)[0]
    return Choose(
        seat=seat, action=draw.choice([option.action.id for option in engine.options(state, seat) if option.open])
    )


def shifted(watch: Watch, minutes: int) -> Watch:
    """The instance as another clock tells it, steps left out."""

    def mark(found: Any) -> Any:
        return found._replace(minute=found.minute - minutes, step=0) if found is not None else None

    return watch._replace(
        opened=mark(watch.opened),
        deadline=watch.deadline - minutes if watch.deadline is not None else None,
        met=mark(watch.met),
        shut=mark(watch.shut),
        excused=mark(watch.excused),
        broken=tuple(mark(broken) for broken in watch.broken),
    )
