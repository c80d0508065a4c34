"""Reads the situations: a script becomes a small scenario, one scene a step, played under the library's own texts.

A step is one of: `survivor tells WHO ITEM[, ITEM]` · `WHO tells WHOM ITEM[, ITEM] [HOW]` · `PAPER is asked|signed|refused|
revoked` · `N days pass`, and may end in `-> VERDICT RIGHT [(WORDS)]`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from simulator.game import Game
from simulator.reading import read_text
from tests.small import MONDAY, Tree, many, scenario_of

HERE = Path(__file__).parent
CHANNELS = {
    "by phone": "phone",
    "by message": "message",
    "at a meeting": "meeting",
    "in the shared database": "shared-database",
}
_PAPER = {
    "asked": "asks_release",
    "signed": "signs_release",
    "refused": "refuses_release",
    "revoked": "revokes_release",
}
_TELLS = re.compile(rf"(\w+) tells (\w+) ([\w, ]+?)(?: ({'|'.join(CHANNELS)}))?")
_WANTED = re.compile(r"(\w+) ([\w-]+)(?: \((.+)\))?")


class Wanted(NamedTuple):
    """What the ledger must say after “->”; `words` None: in any words."""

    standing: str
    right: str
    words: str | None


class Step(NamedTuple):
    """One step. `telling`: who (None: the survivor), whom, items, channel; None for any other step."""

    text: str
    telling: tuple[str | None, str, tuple[str, ...], str] | None
    effects: Tree
    turn: str
    wanted: Wanted | None


@dataclass(frozen=True)
class Situation:
    """A script and the game it is played in."""

    facts: str
    title: str
    steps: tuple[Step, ...]
    owes: tuple[str, ...]
    game: Game


@cache
def situations() -> tuple[Situation, ...]:
    """All of them, in the file's order."""
    cast = yaml.safe_load((HERE / "cast.yaml").read_text(encoding="utf-8"))
    told = yaml.safe_load((HERE / "situations.yaml").read_text(encoding="utf-8"))
    return tuple(_situation(tree, cast) for tree in told)


@cache
def shipped(kind: str, place: str) -> Any:
    """One of the library's own files as the model."""
    read = read_text(kind, files("scenarios").joinpath(place).read_text(encoding="utf-8"), place)
    assert read.draft is not None
    return read.draft


def under(scenario: Tree, law: str) -> Game:
    """A scenario's tree as a game under the library's own texts."""
    return Game(
        scenario_of(scenario),
        shipped("mou", "mous/riverside-dv.yaml"),
        shipped("jurisdiction", f"jurisdictions/{law}.yaml"),
        shipped("framework", "frameworks/trauma-informed.yaml"),
        shipped("vocabulary", "vocabulary.yaml"),
    )


def _situation(tree: Tree, cast: Tree) -> Situation:
    text = str(tree)
    people = {name: each for name, each in cast["people"].items() if re.search(rf"\b{name}\b", text)}
    holds = {seat: many(items) for seat, items in tree.get("holds", {}).items()}
    items = {
        name: {**each, "known_by": [seat for seat, held in holds.items() if name in held]}
        for name, each in cast["items"].items()
        if re.search(rf"\b{name}\b", text)
    }
    papers = {name: _paper(each) for name, each in tree.get("papers", {}).items()}
    steps = tuple(_step(line, papers, next(iter(people))) for line in tree["steps"])
    scenario = scripted(people, items, papers, [(step.turn, step.effects) for step in steps])
    game = under(scenario, tree.get("law", "model-state"))
    return Situation(tree["facts"], tree["title"], steps, many(tree.get("owes")), game)


def scripted(people: Tree, items: Tree, papers: Tree, steps: list[tuple[str, Tree]]) -> Tree:
    """A scenario of one way: scene after scene, each with one action of one seat."""
    scenes: Tree = {
        f"step{n}": {"turn": turn, "actions": {"go": {"text": "Go on.", "to": f"step{n + 1}", **effects}}}
        for n, (turn, effects) in enumerate(steps)
    }
    scenes[f"step{len(steps)}"] = {"ending": {"title": "The end"}}
    return {
        "id": "situation",
        "title": "A situation",
        "summary": "For tests.",
        "starts": MONDAY,
        "advisories": ["none"],
        "framework": "trauma-informed",
        "mou": "riverside-dv",
        "jurisdiction": "model-state",
        "objectives": {},
        "seats": {name: {"name": name.capitalize(), "brief": "At work.", **each} for name, each in people.items()},
        "items": items,
        "releases": papers,
        "opening": "step0",
        "scenes": scenes,
    }


def _paper(tree: Tree) -> Tree:
    rest = {key: value for key, value in tree.items() if key not in ("from", "to")}
    return {"holder": tree["from"], "recipient": tree["to"], "purpose": "what she wants", "lasts": "7 days", **rest}


def _step(line: str, papers: Tree, somebody: str) -> Step:
    text, _, after = line.partition(" -> ")
    wanted = None
    if after:
        found = _WANTED.fullmatch(after)
        assert found is not None, line
        wanted = Wanted(found[1], found[2], found[3])
    if telling := _TELLS.fullmatch(text):
        who, whom, listed, how = telling.groups()
        items, channel = tuple(listed.split(", ")), CHANNELS.get(how or "", "in-person")
        if who == "survivor":
            return Step(line, (None, whom, items, channel), {"learn": {whom: list(items)}}, whom, wanted)
        effects = {"tell": {"to": whom, "items": list(items), "channel": channel}, "minutes": 5}
        return Step(line, (who, whom, items, channel), effects, who, wanted)
    if paper := re.fullmatch(r"(\w+) is (\w+)", text):
        return Step(line, None, {_PAPER[paper[2]]: paper[1]}, papers[paper[1]]["holder"], wanted)
    passing = re.fullmatch(r"(\d+) days pass", text)
    assert passing is not None, f"this step cannot be read: {line}"
    return Step(line, None, {"minutes": int(passing[1]) * 1440}, somebody, wanted)
