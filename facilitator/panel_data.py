"""Panels as plain JSON values, for programs that read a debrief."""

from __future__ import annotations

from typing import Any

from scoring.scorecard import Scorecard
from simulator.panel import Panel, Panels


def panels_of(card: Scorecard, panels: Panels) -> list[dict[str, Any]]:
    """For each judgement scene that was passed and each seat that decided there, what a panel thinks, if it is enough.

    A panel that is not enough yet is told as just that: how many have voted is nobody's business. No credit is told, since nobody
    is scored by a panel.
    """
    asked = ((judgement.scene_id, seat) for judgement in card.judgements for seat, _ in judgement.chosen)
    return [_panel(scene, seat, panels.get((scene, seat))) for scene, seat in dict.fromkeys(asked)]


def _panel(scene: str, seat: str, panel: Panel | None) -> dict[str, Any]:
    if panel is None or not panel.full:
        return {"scene": scene, "seat": seat, "enough": False, "votes": None, "spread": []}
    return {"scene": scene, "seat": seat, "enough": True, "votes": len(panel.voted), "spread": spread_of(panel)}


def spread_of(panel: Panel) -> list[dict[str, Any]]:
    """How the votes of a panel fall on the options, with the reasons; no discipline of fewer than three people by name."""
    return [
        {
            "option": one.option,
            "votes": one.votes,
            "by_discipline": dict(one.disciplines),
            "reasons": list(one.reasons),
        }
        for one in panel.spread
    ]
