"""Objectives rated by hand: a letter in the log, and the line why beside it, where it can be erased.

What is said here about a rating is the same in the debrief, in `handoff score` and wherever else letters are shown.
"""

from __future__ import annotations

from collections.abc import Mapping

from scoring.objectives import ByHand
from simulator.led import LEADER as RATER  # the remark's seat
from simulator.session import Session

__all__ = ["ByHand", "by_hand", "give_reason", "reasons"]

_PHASE = "rating:"  # and its phase, followed by the objective; `forget` looks for it


def by_hand(session: Session) -> Mapping[str, ByHand]:
    """Objective → its rating by hand, in the scenario's order; those not rated are not there. Reads the store. Raises LogError."""
    given = session.play.ratings
    whys = reasons(session) if given else {}
    return {
        objective: ByHand(
            objective=objective,
            letter=given[objective].letter,
            blind=given[objective].blind,
            why=whys.get(objective, ""),
        )
        for objective in session.bundle.scenario.objectives
        if objective in given
    }


def reasons(session: Session) -> dict[str, str]:
    """Objective → the line why, as far as one was written. Raises LogError."""
    return {
        phase.removeprefix(_PHASE): text
        for seat, phase, text in session.remarks()
        if seat == RATER and phase.startswith(_PHASE)
    }


def give_reason(session: Session, objective: str, text: str) -> None:
    """Keep the line why, in place of the one before; empty erases it. Raises LogError."""
    session.remark(RATER, f"{_PHASE}{objective}", text)
