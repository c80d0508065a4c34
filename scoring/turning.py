"""Turning points: the decisions on which most hung, as the debrief shows them. Plain values, made by `simulator.outlook`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from scoring.loss import Loss


@dataclass(frozen=True, slots=True, kw_only=True)
class TurningPoint:
    """A decision that narrowed what was still possible, as far as its seat could know.

    `minute`: story time; `move`: the move's number in the play, from 1. `could_still`: what the better option left open and
    the play then lost, one sentence each. `partner_knew`: items that another seat knew then and this one did not.
    """

    move: int
    minute: int
    scene: str
    scene_title: str
    seat: str
    by_computer: bool
    chosen: str
    better: str
    because: str
    loss: Loss
    could_still: tuple[str, ...]
    partner_knew: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unforeseen:
    """A move that narrowed what was possible in a way nobody at it could know, or that chance or an inject by hand brought."""

    move: int
    minute: int
    scene_title: str
    kind: Literal["not knowable", "chance", "inject"]
    text: str
    loss: Loss


@dataclass(frozen=True, slots=True, kw_only=True)
class Hindsight:
    """What the outlook tells of a play. `points`: up to three a seat, in the order of the play."""

    points: tuple[TurningPoint, ...]
    unforeseen: tuple[Unforeseen, ...]
