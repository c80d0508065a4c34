"""What can stand where the cursor is: ids of the scenario and of what it is played under, keys, fixed values.

Driven by the tables the reader looks names up by (`simulator.references`) and by the model's own annotations, so that
whatever is offered here is what `handoff check` accepts there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import Field, dataclass, fields, is_dataclass
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

from facilitator.spot import Spot, spot
from scoring.clock import Span
from scoring.conditions import FUNCTIONS, Condition
from scoring.rules import Jurisdiction, Mou, Vocabulary
from simulator.model import CHANCE, RETURN, Meter, Scenario, Status
from simulator.reading import KINDS, Shelf
from simulator.reading.convert import bare_optional, file_key
from simulator.references import KEYS, VALUES, names_what

MOST = 200  # candidates; nobody looks through more
_WORD = re.compile(r"[\w.]*$")
_ABOUT_FORMS = re.compile(rf"\b({'|'.join(FUNCTIONS[2:])})\([^)]*$")  # these ask about seats, items, releases
_COMPARED = re.compile(r"([a-z]\w*)\s*[=!]=\s*['\"]?([\w-]*)$")

Known = Mapping[str, Mapping[str, str]]  # kind of thing → name → what it is, in a few words


@dataclass(frozen=True, slots=True)
class Candidate:
    """One thing that could stand there. `insert` replaces what was typed from `start` on."""

    name: str
    about: str = ""
    insert: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """What fits at the cursor, the likeliest first. `start`: the column from which on it is replaced."""

    typed: str
    start: int
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """What can be named in a file: its own names, and those of the files beside it. `draft`: the file as last read."""

    kind: str
    draft: Any
    shelf: Shelf


def complete(lines: Sequence[str], row: int, column: int, names: Names) -> Offer | None:
    """What could be written at a place (from 0); None where nothing is known, or where nothing fits what was typed."""
    here = spot(lines, row, column)
    cls = KINDS.get(names.kind)
    if here is None or cls is None:
        return None
    known = _known(names, here.path)
    place = _place(cls, here.path)
    if place is None:
        return None
    typed, start = here.typed, here.start
    found: dict[str, str] = {}
    suffix = ""
    if here.value and place.field is not None:
        if place.condition:
            found, typed = _in_condition(typed, names, known)
            start = column - len(typed)
        else:
            found = _values(place, here.path, known, names)
    if here.key and not found:
        found = _keys(place, known, here.siblings)
        suffix = ": "
        if not typed and place.cls is not None:
            return None  # an empty line is no question; the keys of an entry are offered from their first letter on
    if len(typed.split()) > 1:
        return None
    fitting = _fitting(found, typed)
    if not fitting or (len(fitting) == 1 and fitting[0] == typed):
        return None
    return Offer(typed, start, tuple(Candidate(name, found[name], name + suffix) for name in fitting[:MOST]))


def _fitting(found: Mapping[str, str], typed: str) -> list[str]:
    """The names that begin with what was typed, then those with a part that does; else those that hold it."""
    wanted = typed.lower()

    def rank(name: str) -> int:
        low = name.lower()
        if low.startswith(wanted):
            return 0
        return 1 if any(part.startswith(wanted) for part in re.split(r"[._-]", low)) else 2

    ranked = sorted(((rank(name), name) for name in found if wanted in name.lower()), key=lambda pair: pair[0])
    good = [name for order, name in ranked if order < 2]
    return good or [name for _, name in ranked]


# --- where in the model ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Place:
    """A spot in terms of the model: in an entry of `cls` (None: in a plain list or mapping), at `field` of `owner`."""

    cls: type | None
    owner: type
    field: Field[Any] | None
    under: str | None  # in a mapping of plain values: the key whose value is meant
    condition: bool = False


@cache
def _fields(cls: type) -> dict[str, tuple[Field[Any], Any]]:
    hints = get_type_hints(cls)
    return {file_key(field): (field, bare_optional(hints[field.name])[0]) for field in fields(cls)}


def _place(cls: type, path: Sequence[str]) -> _Place | None:
    """Follow the keys down the annotations; None where they lead nowhere."""
    at, steps = cls, list(path)
    while steps:
        found = _fields(at).get(steps.pop(0))
        if found is None:
            return None
        field, wanted = found
        origin = get_origin(wanted)
        inner = get_args(wanted)[0] if origin is tuple else wanted
        if isinstance(origin, type) and issubclass(origin, Mapping):
            inner = get_args(wanted)[1]
            if not steps:
                return _Place(None, at, field, None)
            under = steps.pop(0)
            if not is_dataclass(inner):
                return _Place(None, at, field, under) if not steps else None
        if inner is Condition:
            return _Place(None, at, field, None, condition=True)
        if not is_dataclass(inner) or inner is Span:
            return _Place(None, at, field, None) if not steps else None
        if not steps:
            short = field.metadata.get("shorthand")
            owner = inner if short else at
            named = next((each for each in fields(inner) if each.name == short), field)
            return _Place(inner, owner, named, None)  # type: ignore[arg-type]
        at = inner  # type: ignore[assignment]
    return _Place(at, at, None, None)


# --- what can stand there ----------------------------------------------------------------------------------------


def _keys(place: _Place, known: Known, siblings: frozenset[str]) -> dict[str, str]:
    if place.cls is not None:
        table = _fields(place.cls)
        own = {name: field.metadata.get("doc", "") for name, (field, _) in table.items()}
    elif place.field is not None and place.under is None:
        own = dict(known.get(names_what(KEYS, place.owner, place.field.name) or "", {}))
        if not own and place.field.name == "returns":
            own = dict(known.get("exit", {}))
        elif not own and place.field.name == "seats":
            own = dict(known.get("part", {}))
    else:
        own = {}
    return {name: about for name, about in own.items() if name not in siblings}


def _values(place: _Place, path: Sequence[str], known: Known, names: Names) -> dict[str, str]:
    assert place.field is not None
    field = place.field
    draft = names.draft if isinstance(names.draft, Scenario) else None
    if (place.owner, field.name) == (Status, "start"):
        status = draft.statuses.get(path[1]) if draft is not None else None
        return dict.fromkeys(status.values, "") if status is not None else {}
    wanted = bare_optional(_fields(place.owner)[file_key(field)][1])[0]
    if place.under is not None:
        if field.name == "set":
            status = draft.statuses.get(place.under) if draft is not None else None
            return dict.fromkeys(status.values, "") if status is not None else {}
    elif isinstance(get_origin(wanted), type) and issubclass(get_origin(wanted), Mapping):
        return {}
    kind = names_what(VALUES, place.owner, field.name)
    if kind is not None:
        return dict(known.get(kind, {}))
    if get_origin(wanted) is Literal:
        return dict.fromkeys(map(str, get_args(wanted)), "")
    return {"true": "", "false": ""} if wanted is bool else {}


def _in_condition(typed: str, names: Names, known: Known) -> tuple[dict[str, str], str]:
    """What can come next in a condition, and the part of it that is being written."""
    draft = names.draft if isinstance(names.draft, Scenario) else None
    compared = _COMPARED.search(typed)
    if compared is not None and draft is not None and compared[1] in draft.statuses:
        return dict.fromkeys(draft.statuses[compared[1]].values, compared[1]), compared[2]
    word = _WORD.search(typed)
    kinds: tuple[str, ...] = ("fact", "span", "meter", "status")
    if _ABOUT_FORMS.search(typed):
        kinds = ("seat", "item", "release")
    found = {name: about or kind for kind in kinds for name, about in known.get(kind, {}).items()}
    found |= {f"law.{name}": "a legal switch" for name in sorted(names.shelf.switches or ())}
    found |= dict.fromkeys(FUNCTIONS, "a function")
    found |= dict.fromkeys(("and", "or", "not"), "")
    return found, word[0] if word is not None else ""


# --- the names there are -----------------------------------------------------------------------------------------


def _known(names: Names, path: Sequence[str]) -> Known:
    """Every kind of name that exists where these keys lead, with a few words about each."""
    draft, shelf = names.draft, names.shelf
    vocabulary = draft if isinstance(draft, Vocabulary) else shelf.vocabulary
    known: dict[str, dict[str, str]] = {}
    if vocabulary is not None:
        known |= {
            "fact": _about(vocabulary.facts, "text"),
            "span": _about(vocabulary.spans, "text"),
            "role": _about(vocabulary.roles, "label"),
            "need": _plain(vocabulary.needs),
            "topic": _plain(vocabulary.topics),
            "error": _plain(vocabulary.errors),
            "dilemma": _plain(vocabulary.dilemmas),
            "item kind": {**_plain(vocabulary.item_kinds), "ordinary": "what no law treats differently"},
            "line": _about(vocabulary.lines, "text"),
        }
    if isinstance(draft, Mou):
        known["party"] = _about(draft.parties, "name")
    known |= {kind: dict.fromkeys(ids, "") for kind, ids in shelf.names.items()}
    if shelf.framework is not None:
        known["principle"] = _about(shelf.framework.principles, "label", "name", "text")
    if shelf.mou is not None:
        known["duty"] = _about(shelf.mou.duties, "text")
    law = draft if isinstance(draft, Jurisdiction) else shelf.jurisdiction
    if law is not None:
        known["line"] = {**known.get("line", {}), **_about(law.lines, "text")}
    known["any duty"] = known.get("duty", {})
    known["rule"] = {**known.get("duty", {}), **known.get("line", {})}
    if isinstance(draft, Scenario):
        _of_scenario(draft, path, known)
    return known


def _of_scenario(draft: Scenario, path: Sequence[str], known: dict[str, dict[str, str]]) -> None:
    known["fact"] = {**_about(draft.facts, "text"), **known.get("fact", {})}
    known["span"] = {**_about(draft.spans, "text"), **known.get("span", {})}
    known["meter"] = {meter.id: _range(meter) for meter in draft.meters.values()}
    known["status"] = {status.id: " · ".join(status.values) for status in draft.statuses.values()}
    known["item"] = _about(draft.items, "text")
    known["release"] = _about(draft.releases, "purpose")
    known["protocol"] = _about(draft.protocols, "about")
    seats, scenes = _about(draft.seats, "name"), _about(draft.scenes, "title")
    protocol = draft.protocols.get(path[1]) if path[:1] == ("protocols",) and len(path) > 1 else None
    if protocol is not None:
        seats = {**dict.fromkeys(protocol.parts, "a part"), **seats}
        scenes = {**_about(protocol.scenes, "title"), **{RETURN + name: "a way out" for name in protocol.exits}}
    elif path[:1] == ("objectives",):
        for scene in draft.scenes.values():
            inner = draft.protocols.get(scene.call or "")
            if inner is not None:
                scenes |= {f"{scene.id}.{each.id}": each.title for each in inner.scenes.values()}
    known["seat"], known["scene"] = seats, scenes
    known["actor"] = {**seats, CHANCE: "nobody decides"}
    called = _called(draft, path)
    if called is not None:
        known["exit"] = dict.fromkeys(called.exits, "a way out")
        known["part"] = dict.fromkeys(called.parts, "a part")


def _called(draft: Scenario, path: Sequence[str]) -> Any:
    """The protocol that the scene of this path calls."""
    scene = draft.scenes.get(path[1]) if path[:1] == ("scenes",) and len(path) > 1 else None
    if path[:1] == ("protocols",) and len(path) > 3 and path[1] in draft.protocols:
        scene = draft.protocols[path[1]].scenes.get(path[3])
    return draft.protocols.get(scene.call or "") if scene is not None else None


def _about(things: Mapping[str, Any], *attributes: str) -> dict[str, str]:
    found = {}
    for name, thing in things.items():
        found[name] = next((str(text) for each in attributes if (text := getattr(thing, each, None))), "")
    return found


def _plain(things: Mapping[str, Any] | Iterable[str]) -> dict[str, str]:
    if not isinstance(things, Mapping):
        return dict.fromkeys(things, "")
    return {name: thing if isinstance(thing, str) else "" for name, thing in things.items()}


def _range(meter: Meter) -> str:
    return f"{meter.low} to {meter.high}: {meter.label}"


__all__ = ["Candidate", "Names", "Offer", "Spot", "complete"]
