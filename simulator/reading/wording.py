"""Which fields of the model hold words that somebody reads, and which of them a draw of variants may change.

Worked out once for each class. What is not named here as prose is what the story, a rule or a figure reads.
"""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

from scoring.clock import Span
from scoring.conditions import Condition
from simulator.model import Entry, Scenario, Seat
from simulator.reading.convert import bare_optional, file_key, text_style

Shape = Literal["text", "texts", "part", "parts"]
_OTHER = (Condition, Span, Entry)  # dataclasses that are single values, or words of their own

# A placeholder: `{list}` or `{list.key}`; its last word may begin with a capital, and then so does the text.
PLACE = re.compile(r"\{([A-Za-z][A-Za-z0-9_-]*(?:\.[A-Za-z][A-Za-z0-9_-]*)?)\}")

# Prose that is the same in every draw: lists and figures know a scenario by its title and summary, advisories come before
# anything is drawn, employers decide whose records are shared, and the rest is the authors' own.
SAME = frozenset(
    {
        (Scenario, "title"), (Scenario, "summary"), (Scenario, "advisories"), (Scenario, "sources"),
        (Scenario, "sign_offs"), (Scenario, "allow"), (Seat, "employer"),
    }
)  # fmt: skip


class Slot(NamedTuple):
    """A field worth looking into: its name, its key in the file, and what stands there: prose, or parts of the model."""

    name: str
    key: str
    shape: Shape


@cache
def slots(cls: type) -> tuple[Slot, ...]:
    """The fields of a class that hold prose, or parts that may."""
    found = []
    hints = get_type_hints(cls)
    for field in fields(cls):
        shape = _shape(bare_optional(hints[field.name])[0])
        if shape and field.name != "id" and ("part" in shape or text_style(cls, field.name) == "prose"):
            found.append(Slot(field.name, file_key(field), shape))
    return tuple(found)


@cache
def drawable(cls: type) -> tuple[Slot, ...]:
    """The fields of a class whose words a draw may change, and those below which there may be some."""
    return tuple(slot for slot in slots(cls) if not any((base, slot.name) in SAME for base in cls.__mro__))


def _shape(wanted: Any) -> Shape | None:
    """What a field holds; None for what holds no text."""
    if wanted is str:
        return "text"
    if is_dataclass(wanted):
        return None if wanted in _OTHER else "part"
    if get_origin(wanted) is not None and get_origin(wanted) is not Literal:
        inner = [arg for arg in get_args(wanted) if arg is not Ellipsis][-1]
        many: dict[Shape | None, Shape] = {"text": "texts", "part": "parts"}
        return many.get(_shape(inner))
    return None
