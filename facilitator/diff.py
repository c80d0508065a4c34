"""`handoff diff OLD NEW`: what an edit adds, removes and changes, in words, and what it means for sessions under way."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, Literal

from facilitator.moving import Moving, moving
from facilitator.plain_data import plain_data
from facilitator.playing import library
from scoring.rules import Mou
from simulator.library import Library
from simulator.log import open_store
from simulator.model import Action, Branch, Entry, Scenario, Scene
from simulator.problems import Unreadable
from simulator.reading import Read

Bounds = Callable[[Read, Read], Sequence[str]]  # what an edit does to the best that can be attained, one line each

_ORDER = ("scene", "action", "rating", "ending", "duty", "party", "fact")  # first what play feels most
_RATING = ("practice", "appeal", "because")
_WIDTH = 60  # characters of a value that are shown
_OWN = {"scenes", "actions", "ending", "id", *_RATING}  # compared by themselves, not as a field
_FILES = {
    "": "nothing known",
    "scenario": "a scenario",
    "mou": "an agreement",
    "jurisdiction": "a law",
    "framework": "a framework",
}
_KINDS = {
    "seats": "seat",
    "facts": "fact",
    "spans": "span",
    "meters": "meter",
    "statuses": "status",
    "items": "item",
    "releases": "release",
    "objectives": "objective",
    "sign_offs": "sign-off",
    "duties": "duty",
    "parties": "party",
    "lines": "line",
    "switches": "switch",
    "compelled": "compelled report",
    "rights": "right",
    "principles": "principle",
    "roles": "role",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not as it was. `id` of an action: SCENE.ACTION; `details`: what changed in it, in words."""

    kind: str
    id: str
    what: Literal["added", "removed", "changed"]
    details: tuple[str, ...] = ()


def print_diff(args: argparse.Namespace, bounds: Bounds | None = None) -> int:
    """Exit code 0 whatever the difference, 1 if a file has problems, 2 if one is missing or they are of two kinds.

    `bounds` tells what the edit does to the best attainable outcome; exploration brings it.
    """
    shelf = library(args)
    for name in (args.old, args.new):
        if not Path(name).is_file():
            print(f"handoff: there is no file “{name}”", file=sys.stderr)
            return 2
    old, new = read(shelf, Path(args.old)), read(shelf, Path(args.new))
    if old.kind != new.kind:
        one, two = (_FILES[each.kind or ""] for each in (old, new))
        print(f"handoff: “{args.old}” is {one} and “{args.new}” {two}; compare two alike", file=sys.stderr)
        return 2
    changes = compare(old.value, new.value)
    effect = tuple(bounds(old, new)) if bounds is not None else ()
    store = open_store(args.store)
    try:
        moves = moving(store, old, new) if old.kind in ("scenario", "mou") else ()
    finally:
        store.close()
    if args.json:
        print(json.dumps(plain_data({"changes": changes, "bounds": effect, "sessions": moves}), ensure_ascii=False))
    else:
        print("\n".join(_words(changes, effect, moves)))
    return 0


def read(shelf: Library, path: Path) -> Read:
    """A file that can be trusted, its names looked up beside it. Raises Unreadable."""
    found, _ = shelf.read(path)
    if not found.sound:
        raise Unreadable(found.problems)
    return found


# --- what changed ---------------------------------------------------------------------------------------------


def compare(old: Any, new: Any) -> tuple[Change, ...]:
    """Every difference between two files of one kind: what play feels first, then the rest, each in the new order."""
    found = list(_compare(old, new))
    return tuple(sorted(found, key=lambda change: _ORDER.index(change.kind) if change.kind in _ORDER else len(_ORDER)))


def _compare(old: Any, new: Any) -> Iterator[Change]:
    if isinstance(old, Scenario) and isinstance(new, Scenario):
        yield from _scenes(_all_scenes(old), _all_scenes(new))
    name = {Scenario: "scenario", Mou: "agreement"}.get(type(new), type(new).__name__.lower())
    if details := tuple(_fields(old, new, {*_OWN, *_KINDS, "protocols"})):
        yield Change(name, new.id, "changed", details)
    for slot, kind in _KINDS.items():
        before, after = getattr(old, slot, None), getattr(new, slot, None)
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            yield from _named(kind, before, after)


def _all_scenes(scenario: Scenario) -> dict[str, Scene]:
    """The scenes, those of a protocol as PROTOCOL.SCENE."""
    inner = {f"{p.id}.{scene.id}": scene for p in scenario.protocols.values() for scene in p.scenes.values()}
    return {**scenario.scenes, **inner}


def _named(kind: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for ident in [*new, *(ident for ident in old if ident not in new)]:
        if ident not in old:
            yield Change(kind, ident, "added", _title(new[ident]))
        elif ident not in new:
            yield Change(kind, ident, "removed", _title(old[ident]))
        elif details := tuple(_fields(old[ident], new[ident], {"id"})):
            yield Change(kind, ident, "changed", details)


def _scenes(old: Mapping[str, Scene], new: Mapping[str, Scene]) -> Iterator[Change]:
    for ident in [*new, *(ident for ident in old if ident not in new)]:
        before, after = old.get(ident), new.get(ident)
        kind = "ending" if (after or before).ending is not None else "scene"  # type: ignore[union-attr]
        if before is None or after is None:
            yield Change(kind, ident, "added" if before is None else "removed", _title(after or before))
            continue
        if details := (*_fields(before, after, _OWN), *_fields(before.ending, after.ending, set())):
            yield Change(kind, ident, "changed", details)
        yield from _actions(ident, before.actions, after.actions)


def _actions(scene: str, old: Mapping[str, Action], new: Mapping[str, Action]) -> Iterator[Change]:
    for ident in [*new, *(ident for ident in old if ident not in new)]:
        before, after = old.get(ident), new.get(ident)
        name = f"{scene}.{ident}"
        if before is None or after is None:
            yield Change("action", name, "added" if before is None else "removed", _title(after or before))
            continue
        if details := tuple(_fields(before, after, _OWN)):
            yield Change("action", name, "changed", details)
        if rated := tuple(_fields(before, after, {f.name for f in fields(after)} - set(_RATING))):
            yield Change("rating", name, "changed", rated)


def _title(thing: Any) -> tuple[str, ...]:
    for slot in ("ending", "text", "title", "name", "label"):
        value = getattr(thing, slot, None)
        value = getattr(value, "title", None) if slot == "ending" else value
        if value:
            return (_short(value),)
    return ()


def _fields(old: Any, new: Any, left_out: set[str]) -> Iterator[str]:
    """The fields of two things of one class that differ, each in a few words."""
    if old is None or new is None or not is_dataclass(new):
        if old != new:
            yield f"{_short(old)} → {_short(new)}"
        return
    for slot in fields(new):
        before, after = getattr(old, slot.name), getattr(new, slot.name)
        if slot.name in left_out or before == after:
            continue
        label = str(slot.metadata.get("name") or slot.name)
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            for key in [*after, *(key for key in before if key not in after)]:
                if before.get(key) != after.get(key):
                    yield f"{label} {key}: {_from_to(before.get(key), after.get(key))}"
        else:
            yield f"{label}: {_from_to(before, after)}"


def _from_to(old: Any, new: Any) -> str:
    """Both values, cut to a few words around the first difference."""
    if not (isinstance(old, str) and isinstance(new, str)):
        return f"{_short(old)} → {_short(new)}"
    before, after = (" ".join(text.split()) for text in (old, new))
    if before == after:
        return "only its line breaks"
    same = next((at for at, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]), len(before))
    cut = before.rfind(" ", 0, max(0, same - 20)) + 1 if max(len(before), len(after)) > _WIDTH else 0
    lead = "… " if cut else ""
    return f"{lead}{_short(before[cut:])} → {lead}{_short(after[cut:])}"


def _short(value: Any) -> str:
    """A value as it might be written, cut to a few words."""
    if value is None or value == () or value == "":
        return "nothing"
    if isinstance(value, Branch):
        return f"{value.to} (when {value.when})" if value.when else value.to
    if isinstance(value, Entry):
        return "/".join(value.texts.values())
    if isinstance(value, tuple):
        return ", ".join(map(_short, value))
    if is_dataclass(value) and not isinstance(value, type) and "text" not in {f.name for f in fields(value)}:
        given = {f.name: getattr(value, f.name) for f in fields(value)}
        return ", ".join(f"{name} {_short(part)}" for name, part in given.items() if part and name != "id") or "nothing"
    text = " ".join(str(getattr(value, "text", value)).split())
    return text if len(text) <= _WIDTH else text[: _WIDTH - 3].rsplit(" ", 1)[0] + " …"


# --- in words -------------------------------------------------------------------------------------------------


def _words(changes: Sequence[Change], effect: Sequence[str], moves: Sequence[Moving]) -> Iterator[str]:
    for change in changes:
        where = _where(change)
        if change.what == "changed":
            yield f"{where} changed"
            yield from (f"    {detail}" for detail in change.details)
        else:
            yield f"{where} {change.what}" + (f": {change.details[0]}" if change.details else "")
    if not changes:
        yield "Nothing that is played has changed."
    if effect:
        yield "\nWhat can be attained"
        yield from (f"  {line}" for line in effect)
    yield "\nSessions under way"
    if not moves:
        yield "  none that this concerns"
    for move in moves:
        verdict = f"can move; it stands in “{move.scene}”" if move.can_move else f"stays with the old text: {move.why}"
        yield f"  {move.session}  {verdict}"


def _where(change: Change) -> str:
    if change.kind in ("action", "rating"):
        scene, _, action = change.id.rpartition(".")
        return f"{'rating of ' if change.kind == 'rating' else 'action '}“{action}” in “{scene}”"
    return f"{change.kind} “{change.id}”"
