"""Where the compiled machine keeps things: small whole numbers, packed side by side into 62-bit words.

A set of states is a list of integer arrays, one per word (`Words`); row i of each together is one state. A field that
nobody needs any more is masked to zero, so that states which differ in nothing else become the same row.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

WORD = 62  # bits used of a signed 64-bit integer: what is packed never turns negative
Words = list[np.ndarray[Any, Any]]


@dataclass(frozen=True, slots=True, eq=False)  # a layout makes each field once, so that it is only equal to itself
class Field:
    """One named number. `mask`: its largest value, all bits set."""

    name: str
    word: int
    shift: int
    mask: int

    @property
    def bits(self) -> int:
        """Its bits within its word."""
        return self.mask << self.shift


@dataclass(slots=True)
class Layout:
    """Hands out places for fields, in the order they are asked for."""

    fields: dict[str, Field] = field(default_factory=dict)
    _used: list[int] = field(default_factory=list)

    def add(self, name: str, highest: int) -> Field:
        """A field for the numbers 0…highest. The same name gives the same field."""
        if name in self.fields:
            return self.fields[name]
        width = max(1, highest.bit_length())
        word = next((n for n, used in enumerate(self._used) if used + width <= WORD), len(self._used))
        if word == len(self._used):
            self._used.append(0)
        made = self.fields[name] = Field(name, word, self._used[word], (1 << width) - 1)
        self._used[word] += width
        return made

    @property
    def words(self) -> int:
        """How many words a state takes."""
        return max(1, len(self._used))

    def masks(self, names: frozenset[str] | set[str]) -> tuple[int, ...]:
        """For each word, the bits of these fields."""
        masks = [0] * self.words
        for name in names:
            found = self.fields[name]
            masks[found.word] |= found.bits
        return tuple(masks)
