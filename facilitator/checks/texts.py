"""Every text of a scenario that somebody will read, with whose voice it is in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any, Literal

from simulator.model import Action, Effects, Ending, Message, Scenario
from simulator.reading.wording import Slot, slots

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
    for (name, key, shape), voice in _plan(thing.__class__):
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
    if isinstance(thing, Scenario):
        for entry in chain.from_iterable(thing.variants.values()):
            for key, text in entry.texts.items():
                yield Prose(entry, (key,) if key else (), " ".join(text.split()), "author")


@cache
def _plan(cls: type) -> tuple[tuple[Slot, Voice], ...]:
    """The fields worth looking into, and in whose voice they are."""
    return tuple((slot, _voice(cls, slot.name)) for slot in slots(cls) if (cls, slot.name) not in _UNREAD)


def _voice(cls: type, name: str) -> Voice:
    return next((_VOICES[base, name] for base in cls.__mro__ if (base, name) in _VOICES), "author")
