"""What `check` proves of a scenario by looking at every state it can reach (DESIGN, “Outlook, exactly”).

Scenes, actions and ways out are looked at without duties and lines, under every law at hand: what is said to be never so is so
under all of them. What becomes of duties, lines and losses is looked at under the scenario's own setting.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import NamedTuple

from facilitator.checks import proving_duties, proving_injects, proving_story
from facilitator.checks.proof import Proof
from facilitator.checks.setting import LIMIT, Setting
from simulator.compiled.graph import Cancelled, Graph, explored
from simulator.compiled.memory import TooIntricate
from simulator.compiled.preparing import NOTHING_BROUGHT, Brought
from simulator.game import Game
from simulator.outlook.claims import reads_breaches
from simulator.outlook.witness import Ways

SECONDS = 12.0


class Proven(NamedTuple):
    """`hurried`: it ran out of time, so that another run may find out more."""

    proofs: tuple[Proof, ...]
    hurried: bool


def prove(setting: Setting, limit: int = LIMIT, seconds: float = SECONDS) -> Proven:
    """Everything that is proven to be amiss. Never raises for what a sound scenario holds.

    `seconds` of real time for looking at states; a loop that lasts and lasts has no end of them.
    """
    clock = _Clock(seconds)
    found: list[Proof] = []
    try:
        found.extend(_prove(setting, limit, clock))
    except TooIntricate as error:
        found.append(
            Proof("HS311", ("scenes",), f"it cannot be proven whole: {error}", "Could this be said more simply?")
        )
    return Proven(tuple(found), clock.out)


class _Clock:
    """Tells an exploration to stop when time is up."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.until, self.out = seconds, time.monotonic() + seconds, False

    def late(self, share: float) -> bool:
        """Whether more than this share of the time has gone."""
        self.out = self.out or time.monotonic() > self.until - (1 - share) * self.seconds
        return self.out

    def watch(self, states: int) -> None:
        if time.monotonic() > self.until:
            self.out = True
            raise Cancelled

    def explored(self, game: Game, limit: int, *, rules: bool, brought: Brought = NOTHING_BROUGHT) -> Graph | None:
        """The whole graph; None if it is too large, or takes too long."""
        try:
            graph = explored(game, limit=limit, rules=rules, watch=self.watch, brought=brought)
        except Cancelled:
            return None
        return graph if graph.complete else None


def _prove(setting: Setting, limit: int, clock: _Clock) -> Iterator[Proof]:
    stories = []
    for game in setting.games:
        graph = clock.explored(game, limit, rules=False)
        if graph is not None and reads_breaches(graph):  # the story itself reads what a broken confidence records
            graph = clock.explored(game, limit, rules=True)
        if graph is None:
            yield _too_large(limit, clock, "Nothing that needs every play of it is proven.")
            return
        stories.append(Ways(graph))
    beyond = _beyond(setting, stories, limit, clock)
    yield from proving_story.proofs(setting, stories, beyond)
    yield from proving_injects.proofs(setting, stories, beyond)
    # With duties there are many more states: what has taken half of the time without them need not be begun.
    whole = None if clock.late(0.5) else clock.explored(setting.game, limit, rules=True)
    if whole is None:
        yield _too_large(limit, clock, "What becomes of duties and lines is not proven; scenes and actions are.")
    else:
        yield from proving_duties.proofs(setting, Ways(whole), stories[0])


def _beyond(setting: Setting, stories: list[Ways], limit: int, clock: _Clock) -> proving_injects.Beyond | None:
    """What plays come to with injects by hand; None if that cannot be looked at whole."""
    if not any(proving_injects.everywhere(game) for game in setting.games):
        return proving_injects.Beyond()  # nothing is brought that matters, so there is nothing beyond
    graphs = []
    for game, ways in zip(setting.games, stories, strict=True):
        by_hand = proving_injects.everywhere(game)
        graph = clock.explored(game, limit, rules=bool(ways.graph.machine.rules), brought=by_hand)
        if graph is None:
            return None
        graphs.append(graph)
    return proving_injects.Beyond.of(graphs)


def _too_large(limit: int, clock: _Clock, what: str) -> Proof:
    why = (
        "in a few seconds not all of its states could be looked at"
        if clock.out
        else f"it has more than {limit:,} states"
    )
    return Proof(
        "HS311",
        ("scenes",),
        f"the scenario is too large to be proven whole: {why}",
        f"{what} Could “handoff explore” take more time over it, or “handoff check --limit” look further?",
    )
