"""Computer partners. They see what their seat's view shows, nothing more.

`random` draws evenly; `typical` draws by the authors' `appeal`: how tempting an action is to a decent, tired
professional. The draw is a function of the session's seed and the number of the event, so a log can be re-made.
`expert` does not draw: it takes what loses least over all states its view cannot tell apart (`outlook.adviser`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

Kind = Literal["random", "typical", "expert"]
KINDS: tuple[Kind, ...] = ("typical", "expert", "random")


class NoExpert(ValueError):
    """There can be no expert partner in this scenario; the message says why and what to choose instead."""


def draw(weights: Sequence[int], seed: int, number: int) -> int:
    """The index drawn in proportion to `weights` (whole numbers; all zero counts as all equal).

    A small integer mixer (splitmix64) instead of a generator object: the same on every Python and machine.
    """
    parts = list(weights) if any(weights) else [1] * len(weights)
    mixed = (seed * 0x9E3779B97F4A7C15 + (number + 1) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
    mixed ^= mixed >> 31
    point = mixed % sum(parts)
    for index, part in enumerate(parts):
        if point < part:
            return index
        point -= part
    raise AssertionError("the parts add up")


SILENT = 7  # times in eight a computer partner says nothing unprompted


def speak(kind: str, things: int, seed: int, number: int) -> int | None:
    """The index of what a computer partner says before it acts, of so many things; None if it says nothing, as the expert does.

    They speak so that a coordinator cannot tell a seat that somebody left by what was said on it before (`discretion`).
    """
    if kind == "expert" or not things:
        return None
    index = draw([SILENT * things, *[1] * things], seed, number)
    return index - 1 if index else None


def choose(kind: str, appeals: Sequence[int], seed: int, number: int) -> int:
    """The index of the open option a computer partner takes; `appeals` in the author's order."""
    return draw(appeals if kind == "typical" else [1] * len(appeals), seed, number)
