"""Synthetic scenarios of a given size, the same for the same seed: what the benchmarks of growth are measured on.

Scenes stand in layers, one action leads one layer on, and the two seats take the layers in turn; so every play of a
scenario without loops takes as many decisions as there are layers before the endings. The first action of a scene is
always open, so that every play can go on until it ends, and every scene can be reached by arrows.

Facts belong to a stretch of the story: a fact is recorded in the layers of its stretch, and read by guards later on.
`MEDIUM` and `LARGE` are tuned by `tests.bench.plain_dp` to the counts that stand beside them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import Any

import yaml

from simulator.game import Game
from simulator.library import Text
from tests.small import PARTIES, PRINCIPLES, ROLES, SEATS, Tree, game_from

METER = "trust"
MINUTES = (0, 5, 5, 5, 5, 10)  # few values, so that the clock stays readable
DEADLINES = ("15 min", "30 min", "45 min")
ENDINGS = 3
NEAR = 4  # a duty speaks of facts that stand near each other
READ_BACK = 6  # how many facts back a guard may look: a story reads what is recent rather than what is long past
_WORDS = [
    "ask", "listen", "wait", "call", "door", "kitchen", "phone", "report", "child", "quiet",
    "street", "again", "first", "tell", "write", "number", "light", "neighbour", "stay", "leave",
    "bring", "room", "table", "safe", "later", "plan", "word", "hand", "night", "corner",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """What to make. Shares are chances from 0 to 1 that one action (or scene) has the thing.

    scenes: all of them, endings included. layers: the opening's and the endings' included. actions: for each scene.
    top: the meter runs from 0 to it. guards: share of the actions after a scene's first. loops: how many actions lead
    back, each at most twice in a play. chance: share of scenes that nobody decides.
    """

    scenes: int
    layers: int
    actions: int = 3
    facts: int = 12
    top: int = 5
    guards: float = 0.35
    records: float = 0.2
    changes: float = 0.4
    rated: float = 0.6
    loops: int = 0
    chance: float = 0.0


SMALL = Size(scenes=30, layers=12, facts=6)
MEDIUM = Size(scenes=300, layers=30, top=4, guards=0.31, records=0.1)  # 401,113 states, 2.1e12 paths
LARGE = Size(scenes=5000, layers=60, facts=11, guards=0.34, records=0.05)  # 8,638,616 states, 7.7e24 paths


def generate(size: Size, seed: int = 0, *, duties: bool = True) -> dict[str, Tree]:
    """The five files, as trees by kind. Without `duties`: the same graph under an empty agreement, without lines."""
    facts = tuple(f"fact{n}" for n in range(size.facts))
    loops = tuple(f"again{n}" for n in range(size.loops))
    rules = _Rules(Random(f"{seed} rules"), facts)
    return {
        "scenario": _Author(Random(f"{seed} graph"), size, facts, loops).scenario(),
        "mou": {
            "id": "pact",
            "title": "The pact",
            "parties": PARTIES,
            "duties": rules.duties() if duties else {},
        },
        "jurisdiction": {"id": "here", "title": "Here"},
        "framework": {"id": "plain", "title": "Plain", "principles": PRINCIPLES},
        "vocabulary": {
            "id": "vocabulary",
            "roles": ROLES,
            "facts": {name: f"It happened: {name}." for name in (*facts, *loops)},
            "lines": rules.lines() if duties else {},
        },
    }


def game(size: Size, seed: int = 0, *, duties: bool = True) -> Game:
    """The scenario as a game, built from the model's own classes without reading any YAML."""
    return game_from(generate(size, seed, duties=duties))


def texts(trees: dict[str, Tree]) -> tuple[Text, ...]:
    """As `tests.generator.texts`, through the C emitter: the large scenario is a few megabytes."""
    made = []
    for kind, tree in trees.items():
        text = yaml.dump(tree, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=110)
        made.append(Text(kind, tree["id"], hashlib.sha256(text.encode()).hexdigest(), text, f"synthetic/{kind}.yaml"))
    return tuple(made)


class _Plain(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """Without anchors, as an author would write."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def widths(size: Size) -> list[int]:
    """How many scenes stand in each layer: as evenly as can be, where a layer is at most `actions` times as wide as
    the one before, so that each of its scenes can be led to. Raises ValueError for what cannot be laid out."""
    most = [size.actions**layer for layer in range(size.layers - 1)]
    left = size.scenes - ENDINGS
    if size.layers < 3 or not size.layers - 1 <= left <= sum(most):
        raise ValueError(f"{size.scenes} scenes cannot stand in {size.layers} layers of {size.actions} actions")
    found = [0] * len(most)
    level = 0
    while left:
        level += 1
        for layer in range(len(most)):
            if left and min(level, most[layer]) > found[layer]:
                found[layer] += 1
                left -= 1
    return [*found, ENDINGS]


class _Author:
    """Writes the graph."""

    def __init__(self, random: Random, size: Size, facts: tuple[str, ...], loops: tuple[str, ...]) -> None:
        self.random, self.size, self.loops = random, size, list(loops)
        self.layers = [[f"s{layer}_{n}" for n in range(width)] for layer, width in enumerate(widths(size))]
        span = 0.95 * size.layers / size.facts  # the last facts still have layers to be read in
        self.begins = {fact: n * span for n, fact in enumerate(facts)}
        self.stretch = size.layers / 6

    def scenario(self) -> Tree:
        scenes: dict[str, Tree] = {}
        for number, (layer, below) in enumerate(pairwise(self.layers)):
            targets = self.targets(layer, below)
            for name in layer:
                scenes[name] = self.scene(name, number, targets[name])
        for number, name in enumerate(self.layers[-1]):
            scenes[name] = {"text": self.prose(12), "ending": {"title": f"Ending {number}"}}
        self.lead_back(scenes)
        return {
            "id": "synthetic",
            "title": "Synthetic",
            "summary": "A scenario that nobody wrote.",
            "starts": "2026-03-02T09:00",
            "advisories": ["none"],
            "framework": "plain",
            "mou": "pact",
            "jurisdiction": "here",
            "objectives": {"all": {"text": "Do well."}},
            "seats": SEATS,
            "meters": {
                METER: {
                    "label": "Trust", "from": 0, "to": self.size.top, "start": self.size.top // 2, "shown_to": [*SEATS],
                }
            },
            "opening": self.layers[0][0],
            "scenes": scenes,
        }  # fmt: skip

    def targets(self, layer: list[str], below: list[str]) -> dict[str, list[str]]:
        """Where each scene's actions lead: every scene of the next layer at least once."""
        wanted = self.random.sample(below, len(below))
        places = len(layer) * self.size.actions
        wanted += [self.random.choice(below) for _ in range(places - len(wanted))]
        # Dealt round by round, so that it is the first actions, which are always open, that reach as many as they can.
        return {name: wanted[at :: len(layer)] for at, name in enumerate(layer)}

    def scene(self, name: str, layer: int, targets: list[str]) -> Tree:
        seat = tuple(SEATS)[layer % len(SEATS)]
        chance = self.random.random() < self.size.chance
        actions = {f"{name}-do{n}": self.action(layer, n, to, chance) for n, to in enumerate(targets)}
        return {"text": self.prose(16), "turn": "chance" if chance else seat, "actions": actions}

    def action(self, layer: int, number: int, to: str, chance: bool) -> Tree:
        random, size = self.random, self.size
        action: Tree = {"text": self.prose(8)}
        if number and random.random() < size.guards:
            action["when"] = self.guard(layer)
            if not chance:
                action["closed"] = self.prose(6)
        if minutes := random.choice(MINUTES):
            action["minutes"] = minutes
        if random.random() < size.records:
            action["records"] = random.choice(self.current(layer))
        if random.random() < size.changes:
            action["change"] = {METER: random.choice([-2, -1, 1, 2])}
        if chance:
            action["weight"] = random.randint(1, 3)
        elif random.random() < size.rated:
            action["practice"] = {p: random.randint(-2, 2) for p in random.sample([*PRINCIPLES], random.choice([1, 2]))}
            action["because"] = self.prose(10)
            action["appeal"] = random.randint(0, 5)
        action["to"] = to
        return action

    def current(self, layer: int) -> list[str]:
        """The facts that may be recorded in a layer."""
        found = [fact for fact, begin in self.begins.items() if begin <= layer < begin + self.stretch]
        return found or [[fact for fact, begin in self.begins.items() if begin <= layer][-1]]

    def guard(self, layer: int) -> str:
        random, top = self.random, self.size.top
        fact = random.choice([fact for fact, begin in self.begins.items() if begin <= layer][-READ_BACK:])
        by_fact = random.choice([fact, f"not {fact}"])
        by_meter = f"{METER} {random.choice(['>=', '<='])} {random.randint(1, top - 1)}"
        return random.choice([by_fact, by_fact, by_meter, f"{by_fact} and {by_meter}"])

    def lead_back(self, scenes: dict[str, Tree]) -> None:
        """Add the loops: from a scene to one that it was led to from."""
        into: dict[str, list[str]] = {}
        for name in scenes if self.loops else ():
            for action in scenes[name].get("actions", {}).values():
                into.setdefault(action["to"], []).append(name)
        for number, fact in enumerate(self.loops):
            layer = self.random.randrange(2, len(self.layers) - 1)
            name = target = self.random.choice(self.layers[layer])
            for _ in range(self.random.randrange(1, layer)):
                target = self.random.choice(into[target])
            scenes[name]["actions"][f"{name}-back{number}"] = {
                "text": self.prose(8),
                "when": f"times({fact}) < 2",
                "minutes": 5,
                "records": fact,
                "to": target,
            }

    def prose(self, words: int) -> str:
        return " ".join(self.random.choices(_WORDS, k=words)).capitalize() + "."


class _Rules:
    """Writes eight duties and two lines over the scenario's own facts, spread over the story."""

    def __init__(self, random: Random, facts: tuple[str, ...]) -> None:
        self.random, self.facts = random, facts

    def some(self, count: int, place: float) -> list[str]:
        """Different facts that stand near each other, in the order of their stretches; `place` from 0 to 1."""
        first = round(place * max(0, len(self.facts) - NEAR))
        return sorted(self.random.sample(self.facts[first : first + NEAR], count), key=self.facts.index)

    def duties(self) -> Tree:
        def in_time() -> str:
            return self.random.choice(DEADLINES)

        a, b, c, d, e, f, g, h = (self.some(3, n / 7) for n in range(8))
        forms: Tree = {
            "in-time": {"when": a[0], "must": a[1], "within": in_time()},
            "not-then": {"when": b[0], "never": b[1]},
            "earlier": {"must": c[0], "before": c[2]},
            "in-time-too": {"when": d[0], "must": d[2], "within": in_time(), "unless": d[1]},
            "at-some-time": {"when": e[0], "must": e[1]},
            "every-time": {"when": f[0], "each": f[1], "within": in_time()},
            "earlier-then": {"when": g[0], "must": g[1], "before": g[2]},
            "not-both": {"never": f"{h[0]} and {h[2]}", "unless": h[1]},
        }
        return {
            name: {"text": f"Duty {name}.", "clause": f"4.{n}", "party": ("police", "shelter")[n % 2], **form}
            for n, (name, form) in enumerate(forms.items(), 1)
        }

    def lines(self) -> Tree:
        first, second, third = self.some(3, 0.5)
        source = {"citation": "the vocabulary"}
        return {
            "harm": {"text": "Nobody is harmed.", "never": f"{self.facts[0]} and {self.facts[-1]}", **source},
            "help": {"text": "Help comes first.", "when": first, "must": second, "before": third, **source},
        }
