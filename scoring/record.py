"""The record of a play so far: everything that conditions, duties and lines may read.

One immutable value. `facts` keeps every time a fact happened and never loses one; `statuses` and `meters` hold
the latest value; `known` and `forms` are the ledger of who knows what, by what right.
Who may look at which part is the business of `view`, not of the record.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Occurrence(NamedTuple):
    """One happening of a fact: story minute, number of the step that recorded it, and whose step it was."""

    minute: int
    step: int
    seat: str | None


class Knowing(NamedTuple):
    """How a seat came to know an item: from whom (a seat, `survivor`, or `scene`), and when."""

    source: str
    minute: int
    step: int


class FormState(NamedTuple):
    """Where one release form stands. Minutes are story minutes; None means: not yet."""

    asked: int | None = None
    refused: int | None = None
    signed: int | None = None
    expires: int | None = None
    revoked: int | None = None

    def valid_at(self, minute: int) -> bool:
        """Signed, not past its expiry (inclusive), not revoked, at that moment."""
        return self.signed is not None and self.revoked is None and (self.expires is None or minute <= self.expires)


class Record(NamedTuple):
    """`now`: story minute. `step`: how many events made this record."""

    now: int
    step: int
    facts: Mapping[str, tuple[Occurrence, ...]]
    meters: Mapping[str, int]
    statuses: Mapping[str, str]
    known: Mapping[tuple[str, str], Knowing]
    forms: Mapping[str, FormState]
