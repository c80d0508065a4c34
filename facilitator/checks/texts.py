"""Every text of a scenario that somebody will read, with whose voice it is in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

from scoring.clock import Span
from scoring.conditions import Condition
from simulator.model import Action, Effects, Ending, Message, Scenario
from simulator.reading.convert import bare_optional, file_key, text_style

Voice = Literal["author", "choice", "survivor"]

_UNREAD = {(Scenario, "sources"), (Scenario, "sign_offs"), (Scenario, "allow")}  # what no trainee sees
_VOICES: dict[tuple[type, str], Voice] = {
    (Action, "felt"): "survivor",
    (Ending, "felt"): "survivor",
    (Action, "text"): "choice",
    (Action, "says"): "choice",
    (Message, "text"): "choice",
    (Effects, "report"): "choice",
}


@dataclass(frozen=True, slots=True)
class Prose:
    """One text, blanks folded, and the keys and positions that lead to it from the thing it belongs to.

    `voice`: the author's own; a choice, which may be a wrong one on purpose; or the survivor's.
    """

    thing: Any
    path: tuple[str | int, ...]
    text: str
    voice: Voice


def prose(thing: Any) -> Iterator[Prose]:
    """The texts of a scenario, or of a part of it, in the order of the model."""
    for name, key, shape, voice in _plan(thing.__class__):
        value = getattr(thing, name)
        if not value:
            continue
        if shape == "text":
            yield Prose(thing, (key,), " ".join(value.split()), voice)
        elif shape == "part":
            yield from prose(value)
        elif shape == "parts":
            for part in value.values() if isinstance(value, Mapping) else value:
                yield from prose(part)
        else:
            for step, text in value.items() if isinstance(value, Mapping) else enumerate(value):
                yield Prose(thing, (key, step), " ".join(text.split()), voice)


@cache
def _plan(cls: type) -> tuple[tuple[str, str, str, Voice], ...]:
    """The fields worth looking into: name, key in the file, what stands there, and in whose voice."""
    found = []
    hints = get_type_hints(cls)
    for field in fields(cls):
        shape = _shape(bare_optional(hints[field.name])[0])
        prosaic = "part" in shape or text_style(cls, field.name) == "prose"
        if shape and prosaic and field.name != "id" and (cls, field.name) not in _UNREAD:
            found.append((field.name, file_key(field), shape, _voice(cls, field.name)))
    return tuple(found)


def _shape(wanted: Any) -> str:
    """`text`, `texts`, `part` or `parts` of the model; empty for what holds no text."""
    if wanted is str:
        return "text"
    if is_dataclass(wanted):
        return "" if wanted in (Condition, Span) else "part"
    if get_origin(wanted) is not None and get_origin(wanted) is not Literal:
        inner = [arg for arg in get_args(wanted) if arg is not Ellipsis][-1]
        return {"text": "texts", "part": "parts"}.get(_shape(inner), "")
    return ""


def _voice(cls: type, name: str) -> Voice:
    return next((_VOICES[base, name] for base in cls.__mro__ if (base, name) in _VOICES), "author")
