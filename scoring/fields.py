"""How a field of the typed model is written in a file, said once, beside the field.

The reader and the JSON schemas are both generated from these notes, so they cannot disagree.
"""

from __future__ import annotations

from dataclasses import MISSING, field
from typing import Any


def doc(
    text: str,
    *,
    default: Any = MISSING,
    factory: Any = MISSING,
    name: str | None = None,
    one_or_many: bool = False,
    shorthand: str | None = None,
    low: int | None = None,
    high: int | None = None,
) -> Any:
    """A dataclass field with the words an author sees in the editor.

    Args:
        text: what the field means, one sentence, for editors and `handoff explain`.
        name: the key in the file, where it is a Python keyword or too terse here.
        one_or_many: a single value may stand for a list of one.
        shorthand: a bare value stands for an entry with only this field set; a bare list, too, where it may hold many.
        low, high: inclusive bounds of a whole number.
    """
    notes = {
        "doc": text,
        "name": name,
        "one_or_many": one_or_many,
        "shorthand": shorthand,
        "low": low,
        "high": high,
    }
    if factory is not MISSING:
        return field(default_factory=factory, metadata=notes)
    if default is not MISSING:
        return field(default=default, metadata=notes)
    return field(metadata=notes)
