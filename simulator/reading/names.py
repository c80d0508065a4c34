"""Which names exist in a file and beside it, and everything that is looked up in them (HS2xx)."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from itertools import chain
from typing import Any

from scoring.conditions import Names
from scoring.rights import Right
from scoring.rules import Duty, FactKind, FactSpan, Jurisdiction, Line, Mou, Vocabulary
from simulator.model import CHANCE, RETURN, Protocol, Scenario
from simulator.reading.drawing import check_variants
from simulator.reading.graph import check_graph
from simulator.reading.places import Reading
from simulator.reading.scenes import ACTORS, HOOKS, check_call, check_seats
from simulator.reading.shelf import Shelf
from simulator.reading.shelf_of_injects import check_places
from simulator.reading.speech import check_speech
from simulator.reading.walk import Hook, Scope, plan, walk
from simulator.series import Series

_RULES: Mapping[type, Hook] = {kind: HOOKS[kind] for kind in (Duty, Line, Right, Vocabulary)}


class _Anything(frozenset[str]):
    """Stands for names that cannot be known here: every one of them is taken to exist."""

    def __contains__(self, name: object) -> bool:
        return True


class _Either(Container[str]):
    """Names at hand, and others that are looked up only when the first do not have it."""

    def __init__(self, near: Iterable[str], far: Any) -> None:
        self.near, self.far = frozenset(near), far

    def __contains__(self, name: object) -> bool:
        return name in self.near or name in self.far()

    def __iter__(self) -> Any:
        return iter(self.near)


def check_names(draft: Any, reading: Reading, shelf: Shelf) -> None:
    """Look up every name of a file of any kind. Notes problems in the reading's source."""
    if isinstance(draft, Scenario):
        _scenario(draft, reading, shelf)
        return
    if isinstance(draft, Series):
        return  # its names are those of several scenarios: `serial` looks them up
    vocabulary: Vocabulary | None
    switches: frozenset[str] | None = None
    if isinstance(draft, Vocabulary):
        vocabulary = draft
    else:
        vocabulary, switches = shelf.vocabulary, shelf.switches
        if isinstance(draft, Jurisdiction):
            switches = frozenset(draft.switches)
    if vocabulary is None:
        return
    known: dict[str, Container[str]] = {
        "fact": vocabulary.facts,
        "role": vocabulary.roles,
        "item kind": {*vocabulary.item_kinds, "ordinary"},
    }
    if isinstance(draft, Mou):
        known["party"] = draft.parties
    names = Names(
        facts=frozenset(vocabulary.facts),
        spans=_spans(vocabulary.spans),
        switches=_Anything() if switches is None else switches,
    )
    walk(draft, Scope(reading, known, names, _RULES))
    if isinstance(draft, Vocabulary):
        _same_name(reading, {"fact": draft.facts, "span": draft.spans})


def _scenario(draft: Scenario, reading: Reading, shelf: Shelf) -> None:
    vocabulary = shelf.vocabulary
    facts: dict[str, FactKind] = {**(vocabulary.facts if vocabulary else {}), **draft.facts}
    spans: dict[str, FactSpan] = {**(vocabulary.spans if vocabulary else {}), **draft.spans}
    names = Names(
        facts=frozenset(facts),
        spans=_spans(spans),
        meters=frozenset(draft.meters),
        statuses={name: status.values or ("",) for name, status in draft.statuses.items()},
        items=frozenset(draft.items),
        seats=frozenset(draft.seats),
        forms=frozenset(draft.releases),
        switches=_Anything() if shelf.switches is None else shelf.switches,
    )
    known: dict[str, Container[str]] = {
        **({"seat": draft.seats} if draft.seats else {}),
        "scene": draft.scenes,
        "fact": facts,
        "meter": draft.meters,
        "status": draft.statuses,
        "item": draft.items,
        "release": draft.releases,
        "protocol": draft.protocols,
        **_beside(shelf),
    }
    scope = Scope(reading, known, names, HOOKS)
    _parts(draft, scope)
    if vocabulary is not None:
        _against_vocabulary(draft, vocabulary, reading)
    _same_name(
        reading,
        {"fact": draft.facts, "span": draft.spans, "meter": draft.meters, "status": draft.statuses},
    )
    check_seats(draft, scope)
    check_variants(draft, reading)
    check_speech(draft, reading)
    check_graph(draft, reading)


def _beside(shelf: Shelf) -> dict[str, Container[str]]:
    """The names that other files bring."""
    known: dict[str, Container[str]] = dict(shelf.names)
    vocabulary, mou, law = shelf.vocabulary, shelf.mou, shelf.jurisdiction
    if vocabulary is not None:
        known |= {
            "role": vocabulary.roles,
            "need": vocabulary.needs,
            "topic": frozenset(vocabulary.topics),
            "error": vocabulary.errors,
            "dilemma": vocabulary.dilemmas,
            "item kind": {*vocabulary.item_kinds, "ordinary"},
        }
    if shelf.framework is not None:
        known["principle"] = shelf.framework.principles
    if mou is not None:
        known["duty"] = mou.duties
    if mou is not None and law is not None and vocabulary is not None:
        lines = frozenset(chain(law.lines, vocabulary.lines))
        known["line"] = _Either(lines, shelf.other_rules)
        known["any duty"] = _Either(mou.duties, shelf.other_rules)
        known["rule"] = _Either(lines | frozenset(mou.duties), shelf.other_rules)
    return known


def _parts(draft: Scenario, scope: Scope) -> None:
    """Walk the scenario: its own part with its seats, each protocol with its parts in their place."""
    inlined = {
        f"{scene.id}.{inner}"
        for scene in draft.scenes.values()
        if scene.call is not None and scene.call in draft.protocols
        for inner in draft.protocols[scene.call].scenes
    }
    known, names = scope.known, scope.names
    for thing in (*draft.objectives.values(), *draft.injects.values()):
        walk(
            thing,
            Scope(scope.reading, {**known, "scene": {**draft.scenes, **dict.fromkeys(inlined)}}, names, HOOKS),
        )
    actors = {ACTORS: {*draft.seats, CHANCE}} if draft.seats else {}
    own = Scope(scope.reading, {**known, **actors}, names, HOOKS)
    _without(draft, {"objectives", "protocols", "injects"}, own)
    check_places(draft, own)
    for scene in draft.scenes.values():
        check_call(scene, draft, own)
    for protocol in draft.protocols.values():
        _protocol(protocol, draft, scope)


def _protocol(protocol: Protocol, draft: Scenario, scope: Scope) -> None:
    parts = frozenset(protocol.parts) | frozenset(draft.seats)  # a part of the same name as a seat stands before it
    exits = {RETURN + name for name in protocol.exits}
    known = {**scope.known, "seat": parts, ACTORS: {*parts, CHANCE}, "scene": {*protocol.scenes, *exits}}
    names = Names(**{**{slot: getattr(scope.names, slot) for slot in Names.__slots__}, "seats": parts})
    inside = Scope(scope.reading, known, names, HOOKS)
    walk(protocol, inside)
    if protocol.opening.startswith(RETURN):
        inside.report(
            "HS203",
            scope.reading.node(protocol, "opening"),
            "a protocol cannot open with its exit",
            "Which of its scenes comes first?",
        )
    for scene in protocol.scenes.values():
        check_call(scene, draft, inside)


def _without(draft: Scenario, left_out: set[str], scope: Scope) -> None:
    for name, visit in plan(Scenario):
        if name not in left_out and (value := getattr(draft, name)):
            visit(draft, value, scope)


def _spans(spans: Mapping[str, FactSpan]) -> dict[str, tuple[str, str]]:
    return {name: (span.begin, span.end) for name, span in spans.items()}


def _against_vocabulary(draft: Scenario, vocabulary: Vocabulary, reading: Reading) -> None:
    shared = {**vocabulary.facts, **vocabulary.spans}
    for kind, own in (
        ("facts", draft.facts),
        ("spans", draft.spans),
        ("meters", draft.meters),
        ("statuses", draft.statuses),
    ):
        for name in own:
            if name in shared:
                reading.source.report(
                    "HS218",
                    reading.key(own[name]),
                    f"“{name}” is already a word of the shared vocabulary",
                    "Do you mean the shared one? Then this entry can go; else, which name would tell them apart?"
                    if kind in ("facts", "spans")
                    else "Which other name would do?",
                )


def _same_name(reading: Reading, groups: Mapping[str, Mapping[str, Any]]) -> None:
    """Facts, spans, meters and statuses are spoken of by name alone, so no two of them share one."""
    seen: dict[str, tuple[str, Any]] = {}
    for kind, group in groups.items():
        for name, thing in group.items():
            if name in seen:
                other, first = seen[name]
                node = reading.key(first)
                reading.source.report(
                    "HS218",
                    reading.key(thing),
                    f"“{name}” is already the name of a {other}",
                    "Which name would tell the two apart?",
                    related=((node, f"the {other} “{name}”"),) if node is not None else (),
                )
            else:
                seen[name] = (kind, thing)
