"""Which duties of an agreement no scenario of the library can ever open.

Read from the texts alone and on the safe side: a duty is named only if it is certain that no scenario opens it, because
nothing there ever records what its trigger needs, or because nobody sits for the party that owes it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from scoring.conditions import FUNCTIONS
from scoring.rules import Duty, FactSpan, Mou, Vocabulary
from simulator.game import BREACH_FACT
from simulator.library import Library
from simulator.model import Effects, Scenario
from simulator.problems import Unreadable
from simulator.reading import Read
from simulator.reading.source import Node


@dataclass(frozen=True, slots=True)
class Untriggered:
    """A duty that is never put to the test. `missing`: the facts it waits for; none when only its party is missing."""

    duty: str
    clause: str
    text: str
    missing: tuple[str, ...]
    message: str


def untriggered(mou: Mou, scenarios: Iterable[Scenario], vocabulary: Vocabulary) -> tuple[Untriggered, ...]:
    """The duties of `mou` that none of the scenarios opens, in the order of the agreement."""
    stories = [(recorded(scenario), {seat.role for seat in scenario.seats.values()}) for scenario in scenarios]
    everything = frozenset(fact for facts, _ in stories for fact in facts)
    found = []
    for duty in mou.duties.values():
        roles = set(mou.parties[duty.party].roles) if duty.party in mou.parties else set()
        if any(seated & roles and opens(duty, facts, vocabulary.spans) for facts, seated in stories):
            continue
        missing = tuple(sorted(_wanted(duty, vocabulary.spans) - everything))
        found.append(Untriggered(duty.id, duty.clause, duty.text, missing, _message(duty, missing)))
    return tuple(found)


def untriggered_in(library: Library, mou: Mou) -> tuple[Untriggered, ...]:
    """As `untriggered`, over every scenario of a library that can be read. Raises Unreadable without a vocabulary."""
    stories, vocabulary = [], None
    for name in library.names("scenario"):
        try:
            bundle = library.bundle(name)
        except Unreadable:
            continue  # a scenario that cannot be played opens no duty, and has problems of its own to tell
        stories.append(bundle.scenario)
        vocabulary = bundle.vocabulary
    if vocabulary is None:
        return ()
    return untriggered(mou, stories, vocabulary)


def findings(read: Read, library: Library) -> Iterator[tuple[Node | None, str, str]]:
    """For an agreement that was read: the place, the message and the hint for each such duty, as `check` tells them."""
    mou = read.value
    if isinstance(mou, Mou):
        for idle in untriggered_in(library, mou):
            hint = "Is there a scenario still to be written, or could the trigger be another fact of the vocabulary?"
            yield read.reading.key(mou.duties[idle.duty]), idle.message.partition(": ")[2], hint


def recorded(scenario: Scenario) -> frozenset[str]:
    """Every fact that some action or narration of the scenario, or the ledger in it, may record."""
    found: set[str] = set()
    for effects in _effects(scenario):
        found.update(effects.records)
        if effects.tell:
            found.add(BREACH_FACT)
    return frozenset(found)


def opens(duty: Duty, facts: frozenset[str], spans: Mapping[str, FactSpan]) -> bool:
    """Whether a scenario that records only `facts` might open this duty, as far as the text alone can tell.

    A duty without a trigger that forbids something counts as opened where the forbidden thing can be done.
    """
    condition = duty.when or duty.never
    return condition is None or _possible(condition.tree, facts, spans)


def _possible(node: ast.expr, facts: frozenset[str], spans: Mapping[str, FactSpan]) -> bool:
    """Whether a condition may come true. Whatever is not certain counts as possible."""

    def possible(part: ast.expr) -> bool:
        return _possible(part, facts, spans)

    match node:
        case ast.BoolOp(op=ast.And(), values=values):
            return all(map(possible, values))
        case ast.BoolOp(values=values):
            return any(map(possible, values))
        case ast.Name(id=name):
            return (spans[name].begin if name in spans else name) in facts
        case ast.Compare(left=ast.Call(func=ast.Name(id="minutes_since"), args=[ast.Name(id=fact)])):
            return fact in facts
        case ast.Compare(
            left=ast.Call(func=ast.Name(id="times"), args=[ast.Name(id=fact)]),
            ops=[ast.Gt() | ast.GtE() as op],
            comparators=[ast.Constant(value=int(number))],
        ):
            return fact in facts or number < (0 if isinstance(op, ast.Gt) else 1)
    return True


def _wanted(duty: Duty, spans: Mapping[str, FactSpan]) -> set[str]:
    condition = duty.when or duty.never
    if condition is None:
        return set()
    names = {node.id for node in ast.walk(condition.tree) if isinstance(node, ast.Name)} - {"law", *FUNCTIONS}
    return {spans[name].begin if name in spans else name for name in names}


def _message(duty: Duty, missing: tuple[str, ...]) -> str:
    if missing:
        listed = " or ".join(f"“{fact}”" for fact in missing)
        why = f"no scenario of the library records {listed}"
    else:
        why = f"no scenario of the library that could open it has a seat for “{duty.party}”"
    return f"clause {duty.clause}, “{duty.id}”: never put to the test, because {why}"


def _effects(scenario: Scenario) -> Iterable[Effects]:
    """Every set of effects in a scenario: of its scenes and their actions, those of protocols too, and of its injects."""
    for scenes in (scenario.scenes, *(protocol.scenes for protocol in scenario.protocols.values())):
        for scene in scenes.values():
            yield scene
            yield from scene.actions.values()
    yield from (inject.effects for inject in scenario.injects.values())
