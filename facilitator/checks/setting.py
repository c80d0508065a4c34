"""What a scenario is proven under: its own agreement and law, and the other laws at hand that it may be played under."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cached_property
from typing import Any

from scoring.conditions import Condition
from simulator.game import Game
from simulator.inlining import inline
from simulator.library import Library
from simulator.model import Scenario
from simulator.reading import Read
from simulator.variants import worded

LIMIT = 1_000_000  # states; beyond them `check` says so, and `handoff explore` takes its time
VERSION = 2  # of the proofs: what was proven by an older program is proven anew

# What people read and no proof does. Everything else of a file counts.
_PROSE = frozenset(
    [
        "about",
        "advisories",
        "because",
        "brief",
        "both_sides",
        "citation",
        "dilemma",
        "dilemmas",
        "error",
        "errors",
        "guide",
        "expected",
        "closed",
        "distress",
        "felt",
        "how_distressing",
        "indicators",
        "label",
        "minutes_to_play",
        "predict",
        "question",
        "report",
        "review_by",
        "reviewed",
        "says",
        "sign_offs",
        "signed",
        "source",
        "sources",
        "summary",
        "synopsis",
        "text",
        "topics",
        "whose_duty",
        "words",
        "allow",
        "private",
    ]
)


@dataclass(frozen=True)
class Setting:
    """`games`: the scenario under its own jurisdiction first, then under each other. `origins`: where scenes are written."""

    scenario: Scenario
    games: tuple[Game, ...]
    origins: Mapping[str, tuple[str, ...]]

    @property
    def game(self) -> Game:
        return self.games[0]

    @cached_property
    def key(self) -> str:
        """A digest of everything a proof may rest on: all of the files but their prose."""
        digest = hashlib.sha256(str(VERSION).encode())
        _feed(digest, self.scenario)
        for thing in (self.game.mou, self.game.framework, self.game.vocabulary, *(g.jurisdiction for g in self.games)):
            _feed(digest, thing)
        return digest.hexdigest()

    def path(self, scene: str, action: str | None = None) -> tuple[str, ...]:
        """Where a scene that is played, or an action of it, is written in the scenario's file."""
        where = self.origins.get(scene, ("scenes", scene))
        return where if action is None else (*where, "actions", action)


def setting_of(read: Read, library: Library) -> Setting | None:
    """The setting of a scenario that was read, under every law at hand. None if it, or what it leans on, has errors.

    `library`: with what stands beside the file (`Library.beside`).
    """
    scenario: Scenario | None = read.value
    if scenario is None:
        return None
    mou, framework = library.value("mou", scenario.mou), library.value("framework", scenario.framework)
    vocabulary = library.value("vocabulary")
    other = (name for name in library.names("jurisdiction") if name != scenario.jurisdiction)
    laws = [library.value("jurisdiction", name) for name in (scenario.jurisdiction, *other)]
    if mou is None or framework is None or vocabulary is None or laws[0] is None:
        return None
    played, origins = inline(scenario)
    played = worded(played, {})  # every draw plays the same story; proofs tell it as written
    games = tuple(Game(played, mou, law, framework, vocabulary) for law in laws if law is not None)
    return Setting(scenario, games, origins)


def _feed(digest: Any, thing: Any) -> None:
    """Everything but prose, each part with its kind and its end marked, so that no two different things look alike."""
    if isinstance(thing, Condition):
        digest.update(f"?{thing.text}\0".encode())
    elif is_dataclass(thing) and not isinstance(thing, type):
        digest.update(f"({type(thing).__name__}\0".encode())
        for slot in fields(thing):
            value = getattr(thing, slot.name)
            if slot.name not in _PROSE and value not in (None, (), {}):
                digest.update(f"{slot.name}=".encode())
                _feed(digest, value)
        digest.update(b")")
    elif isinstance(thing, Mapping):
        digest.update(b"{")
        for key, value in thing.items():
            digest.update(f"{key!r}:".encode())
            _feed(digest, value)
        digest.update(b"}")
    elif isinstance(thing, tuple):
        digest.update(b"[")
        for value in thing:
            _feed(digest, value)
        digest.update(b"]")
    else:
        digest.update(f"{thing!r}\0".encode())
