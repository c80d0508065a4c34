"""xAPI 1.0.3 statements: one for each choice of a person, and one for each person's play that came to its end.

A duty binds a party and not a person, so results by clause are no statements of their own: they stand in an extension of
“completed”. Nothing has a `success`: no ending is one. A statement's id is made from the session, the seat and the number of the
choice within the seat, so the same export twice is the same statements once. An action's id is the response; nothing else is text.

A statement needs a moment, and a level tells a day, a month or a year: the `timestamp` is the beginning of that, in UTC, and
the extension `date` says how exact it is.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from facilitator.export.tables import plain
from facilitator.export.told import LevelName, Told, ToldSeat, points, rounded
from scoring.loss import Loss
from scoring.summary import DecisionSummary

VERSION = "1.0.3"
HOME = "https://handoff.invalid"  # reserved by RFC 6761: nobody's, and never found
TERMS = f"{HOME}/xapi/1"  # extension keys and the profile; not at `--home-page`, so that they mean the same everywhere
_IDS = uuid.uuid5(uuid.NAMESPACE_URL, TERMS)
_ADL = "http://adlnet.gov/expapi"
ANSWERED: Mapping[str, Any] = {"id": f"{_ADL}/verbs/answered", "display": {"en": "answered"}}
COMPLETED: Mapping[str, Any] = {"id": f"{_ADL}/verbs/completed", "display": {"en": "completed"}}
EXTENSIONS = (  # key, where it stands, what it holds
    ("for", "context", "The level: employer, partner or research."),
    ("date", "context", "When the session began, as exactly as the level tells."),
    ("mou", "context", "The agreement it was played under, by id; for research a code."),
    ("jurisdiction", "context", "The law it was played under, by id; for research a code."),
    ("seat", "context", "The seat, by the scenario's id for it."),
    ("role", "context", "The seat's role."),
    ("again", "context", "first, replay or parallel: whether this person had played before."),
    ("play", "context", "Which of the person's finished plays this is, from 1; not for partner."),
    ("decision", "result of answered", "Which of this person's choices in the session, from 1."),
    ("story-minute", "result of answered", "When, in minutes of story time since the story began."),
    ("open-options", "result of answered", "How many actions were open."),
    ("judgement", "result of answered", "Whether the scene has no key; then there is no score."),
    ("lost", "result of answered", "lines, duties and practice lost by the choice, as far as the person could know; if the scenario has an exact outlook."),
    ("practice", "result", "For each principle that was observed: points gained of those possible; for a play also in how many decisions."),
    ("ending", "result of completed", "The scene it ended in, by id."),
    ("story-minutes", "result of completed", "How long the story took."),
    ("duties", "result of completed", "Every instance of a duty of the session that the level tells: duty, clause, party, status, and opened, deadline and met in story minutes where there are such."),
    ("lines", "result of completed", "The lines of law and life safety that this person crossed: line, kind, minute."),
    ("objectives", "result of completed", "Each objective's letter by the rule; none where nothing it rests on came up."),
)  # fmt: skip
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s<>\"{}|\\^`]+")


class BadHomePage(ValueError):
    """Not an IRI that accounts could be said to live at."""


def home_page(text: str) -> str:
    """The IRI, without a slash at its end. Raises BadHomePage."""
    if not _IRI.fullmatch(text):
        raise BadHomePage(f"“{text}” is no web address; write one such as https://training.example.org.")
    return text.rstrip("/")


def texts(tolds: Iterable[Told], level: LevelName, *, home: str = HOME, lines: bool) -> Iterator[str]:
    """A JSON array, one statement a line; with `lines` no array, but a statement a line."""
    before, between, after = ("", "\n", "\n") if lines else ("[\n", ",\n", "\n]\n")
    for told in tolds:
        for statement in statements(told, level, home):
            yield before + json.dumps(statement, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
            before = between
    yield after if before == between else "" if lines else "[]\n"


def statements(told: Told, level: LevelName, home: str = HOME) -> Iterator[dict[str, Any]]:
    """The statements of a session: its choices in their order, then each person's play."""
    one = _Session(told, level, home)
    made: dict[str, int] = {}
    seats = {seat.seat: seat for seat in told.seats}
    for decision in told.decisions:
        number = made[decision.seat] = made.get(decision.seat, 0) + 1
        yield one.answered(seats[decision.seat], decision, number)
    for seat in told.seats:
        yield one.completed(seat)


class _Session:
    """What all statements of a session share."""

    def __init__(self, told: Told, level: LevelName, home: str) -> None:
        self._told, self._home = told, home
        self._scenario = f"{home}/scenarios/{_part(told.scenario)}"
        self._registration = str(uuid.uuid5(_IDS, told.session))
        self._timestamp = f"{(told.date + '-01-01')[:10]}T00:00:00Z"
        # Hashes and not the words: agencies and workshops are what people typed.
        self._workshop = [_activity(f"{home}/workshops/{uuid.uuid5(_IDS, told.workshop)}")] if told.workshop else []
        self._extensions = {
            f"{TERMS}/for": level,
            f"{TERMS}/date": told.date,
            f"{TERMS}/mou": told.mou,
            f"{TERMS}/jurisdiction": told.jurisdiction,
        }

    def answered(self, seat: ToldSeat, decision: DecisionSummary, number: int) -> dict[str, Any]:
        """A choice. `number`: which of this seat's it is, from 1."""
        gained, possible = points(decision)
        more: dict[str, Any] = {
            f"{TERMS}/decision": number,
            f"{TERMS}/story-minute": decision.minute,
            f"{TERMS}/open-options": decision.options,
            f"{TERMS}/judgement": decision.judgement,
        }
        if decision.points:
            more[f"{TERMS}/practice"] = {
                name: {"gained": chosen - worst, "possible": best - worst}
                for name, chosen, worst, best in decision.points
            }
        if decision.lost is not None:
            more[f"{TERMS}/lost"] = _loss(decision.lost)
        scored = possible if not decision.judgement else 0  # a judgement scene has no key
        return {
            **self._frame(seat, f"{number}", ANSWERED),
            "object": _activity(
                f"{self._scenario}/scenes/{_part(decision.scene)}",
                {"type": f"{_ADL}/activities/question", "name": {"en": decision.scene}},
            ),
            "result": {
                **_score(gained, scored),
                "response": decision.action,
                **_duration(rounded(decision.seconds, self._told.tick)),
                "extensions": more,
            },
            "context": self._context(seat, parent=True),
        }

    def completed(self, seat: ToldSeat) -> dict[str, Any]:
        told = self._told
        more: dict[str, Any] = {
            f"{TERMS}/ending": told.ending,
            f"{TERMS}/story-minutes": told.story_minutes,
            f"{TERMS}/duties": [_present(self._duty(each)) for each in told.duties],
            f"{TERMS}/lines": [
                {"line": line.line, "kind": line.kind, "minute": line.minute}
                for line in told.lines
                if line.seat == seat.seat
            ],
            f"{TERMS}/objectives": {each.objective: each.letter for each in told.objectives if each.letter},
            f"{TERMS}/practice": {
                name: {"gained": gained, "possible": possible, "decisions": n}
                for name, gained, possible, n in seat.practice
            },
        }
        return {
            **self._frame(seat, "completed", COMPLETED),
            "object": _activity(
                self._scenario, {"type": f"{_ADL}/activities/simulation", "name": {"en": told.scenario}}
            ),
            "result": {
                **_score(seat.gained, seat.possible),
                "completion": True,
                **_duration(rounded(told.seconds, told.tick)),
                "extensions": more,
            },
            "context": self._context(seat, parent=False),
        }

    def _frame(self, seat: ToldSeat, what: str, verb: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "id": str(uuid.uuid5(_IDS, "\0".join((self._told.session, seat.seat, what)))),
            "version": VERSION,
            "timestamp": self._timestamp,
            "actor": {"objectType": "Agent", "account": {"homePage": self._home, "name": seat.actor}},
            "verb": verb,
        }

    def _context(self, seat: ToldSeat, *, parent: bool) -> dict[str, Any]:
        agency = [_activity(f"{self._home}/agencies/{uuid.uuid5(_IDS, seat.agency)}")] if seat.agency else []
        around = [*self._workshop, *agency]
        play = {f"{TERMS}/play": seat.nth} if seat.nth is not None else {}
        return {
            "registration": self._registration,
            "contextActivities": {
                **({"parent": [_activity(self._scenario)]} if parent else {}),
                **({"grouping": around} if around else {}),
                "category": [_activity(TERMS)],
            },
            "extensions": {
                **self._extensions,
                f"{TERMS}/seat": seat.seat,
                f"{TERMS}/role": seat.role,
                f"{TERMS}/again": seat.again,
                **play,
            },
        }

    @staticmethod
    def _duty(duty: Any) -> dict[str, Any]:
        return {
            "duty": duty.duty,
            "clause": duty.clause,
            "party": duty.party,
            "status": duty.status,
            "opened": duty.opened,
            "deadline": duty.deadline,
            "met": duty.met,
        }


def _activity(iri: str, definition: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return {"objectType": "Activity", "id": iri, **({"definition": definition} if definition else {})}


def _part(ident: str) -> str:
    return quote(ident, safe="")


def _score(gained: int, possible: int) -> dict[str, Any]:
    """The score, whose four numbers agree; none where nothing could be observed, which is not 0."""
    if not possible:
        return {}
    return {"score": {"min": 0, "max": possible, "raw": gained, "scaled": gained / possible}}


def _duration(seconds: float | None) -> dict[str, str]:
    return {} if seconds is None else {"duration": f"PT{plain(seconds)}S"}


def _loss(loss: Loss) -> dict[str, int | float]:
    return {"lines": plain(loss.lines), "duties": plain(loss.duties), "practice": plain(loss.practice)}


def _present(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what there is none of: a statement holds no null, in extensions neither."""
    return {key: value for key, value in values.items() if value is not None}
