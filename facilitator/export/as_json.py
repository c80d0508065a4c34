"""One object a session, nested. `SCHEMA` counts up whenever a name or a meaning changes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from facilitator.export.tables import plain
from facilitator.export.told import LevelName, Told, rounded
from scoring.loss import Loss

SCHEMA = 2


def texts(tolds: Iterable[Told], level: LevelName, *, lines: bool) -> Iterator[str]:
    """A JSON array, one session a line; with `lines` no array, but an object a line."""
    if lines:
        for told in tolds:
            yield _dumps(session(told, level)) + "\n"
        return
    before = "[\n"
    for told in tolds:
        yield before + _dumps(session(told, level))
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def session(told: Told, level: LevelName) -> dict[str, Any]:
    """A session as plain data. null: left out at this level, or there is none."""
    return {
        "schema": SCHEMA,
        "for": level,
        "session": told.session,
        "workshop": told.workshop or None,
        "date": told.date,
        "scenario": told.scenario,
        "mou": told.mou,
        "jurisdiction": told.jurisdiction,
        "ending": told.ending,
        "story_minutes": told.story_minutes,
        "seconds": _number(rounded(told.seconds, told.tick)),
        "both_needed": told.both_needed,
        "lost": _loss(told.lost),
        "unknowable": _loss(told.unknowable),
        "seats": [
            {
                "seat": seat.seat,
                "role": seat.role,
                "agency": seat.agency or None,
                "person": seat.person or None,
                "play": seat.nth,
                "again": seat.again,
                "practice": {
                    name: {"gained": gained, "possible": possible, "decisions": decisions}
                    for name, gained, possible, decisions in seat.practice
                },
            }
            for seat in told.seats
        ],
        "other_seats": [{"seat": seat, "role": role} for seat, role in told.others],
        "decisions": [
            {
                "decision": number,
                "seat": each.seat,
                "scene": each.scene,
                "action": each.action,
                "minute": each.minute,
                "seconds": _number(rounded(each.seconds, told.tick)),
                "options": each.options,
                "judgement": each.judgement,
                "points": {
                    name: {"gained": chosen - worst, "possible": best - worst}
                    for name, chosen, worst, best in each.points
                },
                "lost": _loss(each.lost),
            }
            for number, each in enumerate(told.decisions, 1)
        ],
        "duties": [
            {
                "duty": duty.duty,
                "clause": duty.clause,
                "party": duty.party,
                "status": duty.status,
                "opened": duty.opened,
                "deadline": duty.deadline,
                "met": duty.met,
            }
            for duty in told.duties
        ],
        "lines": [
            {"line": line.line, "kind": line.kind, "seat": line.seat or None, "minute": line.minute}
            for line in told.lines
        ],
        "objectives": [
            {
                "objective": each.objective,
                "letter": each.letter,
                "by_hand": each.by_hand,
                "blind": each.blind if each.by_hand else None,
            }
            for each in told.objectives
        ],
        "guesses": [
            {
                "about": each.about,
                "seat": each.seat,
                "of": each.of or None,
                "agreed": each.agreed,
                "credited": each.credited,
                "apart": each.apart,
            }
            for each in told.guesses
        ],
    }


def _loss(loss: Loss | None) -> dict[str, int | float] | None:
    if loss is None:
        return None
    return {"lines": plain(loss.lines), "duties": plain(loss.duties), "practice": plain(loss.practice)}


def _number(value: float | None) -> int | float | None:
    return None if value is None else plain(value)
