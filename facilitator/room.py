"""A room as whoever runs it sees it: what every pair does now. Read from the store and the sessions, without any screen.

Nothing here tells how a play was weighed, whose part a computer has taken over, or what anybody answered in private.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from simulator.events import MOVES, BadEvent, Hold, Resume, Rewind, Start
from simulator.games import Games
from simulator.log import Damaged
from simulator.problems import Unreadable
from simulator.seated import RESERVED
from simulator.session import Session

if TYPE_CHECKING:
    from simulator.log import Store
    from simulator.log.rooms import Room, Ticket

_GOES_ON = MOVES | {Start.kind, Rewind.kind, Resume.kind, Hold.kind}  # from what on a pair waits anew
Stage = Literal["plays", "paused", "held", "debrief", "done"]
COMPUTER = "computer"  # the name of a seat that nobody ever sat in
MANY = 200  # sessions of a workshop that are looked at, at most


class NoRoom(Exception):
    """There is no such room; the message is for whoever asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A seat of a pair. `alias`: empty if none is kept. `there`: whether the device was heard of lately; None: there is none."""

    seat: str
    name: str
    alias: str
    there: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """What a pair does now. `turn`: the names of those who have to act. `clock`: in the story. `since`: UTC, when the story last moved.

    `stage`: `held` is paused by whoever runs the room, `paused` by the pair. `proposed`: asked to go back and not all have answered;
    `refused`: somebody would rather not. `phase`: the last part of the debrief that all have finished. `open`: whether letters, lines and
    duties may be looked at.
    """

    session: str
    people: tuple[Person, ...]
    scenario: str
    scene: str
    turn: tuple[str, ...]
    clock: datetime
    since: datetime
    stage: Stage
    finished: bool
    proposed: bool
    refused: bool
    phase: str | None
    rated: bool
    open: bool

    @property
    def who(self) -> str:
        return ", ".join(person.alias or person.name for person in self.people)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The whole room. `waiting`: the aliases of those who have no seat yet, with the seat they ask for."""

    workshop: str
    title: str
    pairs: tuple[Pair, ...]
    waiting: tuple[tuple[str, str], ...]
    counts: Mapping[str, int]  # session → how many events were read
    unreadable: int = 0  # sessions that this version cannot read, and leaves out


def find_room(store: Store, key: str | None = None, workshop: str | None = None) -> Room | None:
    """The room of a key, or the newest open one (of a workshop). None: that workshop has no open room, but sessions.

    Raises NoRoom, LogError.
    """
    if key is not None:
        if (room := store.room_of_key(key)) is None:
            raise NoRoom("This key opens no room. The room may have ended; --workshop NAME looks at its sessions.")
        return room
    for room in store.open_rooms():
        if workshop is None or room.workshop == workshop:
            return room
    if workshop is None:
        raise NoRoom("No room is open in this store. “handoff room --workshop NAME” looks at a workshop's sessions.")
    if not store.count(workshop=workshop):
        raise NoRoom(f"There is no room and no session of a workshop “{workshop}” in this store.")
    return None


class Reader:
    """Reads a room again and again; what has not changed is not read twice. Safe to call from several threads.

    `room` None: the sessions of `workshop`, whoever is there.
    """

    def __init__(self, store: Store, room: Room | None, workshop: str = ""):
        self.store, self.room = store, room
        self.workshop = room.workshop if room is not None else workshop
        self._games = Games()
        self._lock = threading.RLock()
        self._sessions: dict[str, Session] = {}
        self._since: dict[str, datetime] = {}
        self._unreadable: set[str] = set()

    def table(self) -> Table:
        """The room as it is now. Raises LogError."""
        with self._lock:
            tickets = self.store.tickets(self.room.id) if self.room is not None else []
            idents = self._idents(tickets)
            counts = self.store.activity(idents)
            pairs = tuple(self._pairs([ident for ident in idents if ident in counts], counts, tickets))
            title = pairs[0].scenario if pairs else ""
            waiting = tuple((each.alias or "no alias", each.wish) for each in tickets if _unseated(each))
            read = {ident: len(session.events) for ident, session in self._sessions.items()}
            return Table(
                workshop=self.workshop,
                title=title,
                pairs=pairs,
                waiting=waiting,
                counts=read,
                unreadable=len(self._unreadable),
            )

    def session(self, ident: str) -> Session:
        """A pair's session, read up to now. It is this reader's: whoever plays has their own."""
        with self._lock:
            if ident not in self._sessions:
                self._sessions[ident] = Session.reopen(self.store, ident, games=self._games)
                self._note_since(ident, -1)
            session = self._sessions[ident]
            before = len(session.events)
            if session.catch_up():
                self._note_since(ident, before - 1)
            return session

    def sessions(self) -> tuple[Session, ...]:
        """All pairs' sessions, in the order of the table."""
        return tuple(self.session(pair.session) for pair in self.table().pairs)

    def _pairs(self, idents: list[str], counts: Mapping[str, int], tickets: list[Ticket]) -> Iterator[Pair]:
        for ident in idents:
            if ident not in self._unreadable:
                try:
                    pair = self._pair(ident, counts[ident], tickets)
                except (Damaged, Unreadable, BadEvent):
                    self._unreadable.add(ident)  # one play that cannot be read is no reason to show none
                else:
                    yield pair

    def _idents(self, tickets: list[Ticket]) -> list[str]:
        if self.room is not None:
            return list(dict.fromkeys(each.session for each in tickets if not _unseated(each)))
        rows = self.store.sessions(workshop=self.workshop, sort="began", descending=False, limit=MANY)
        return [row.id for row in rows]

    def _note_since(self, ident: str, after: int) -> None:
        for row in self.store.read(ident, after=after):
            if row.body["kind"] in _GOES_ON:
                self._since[ident] = datetime.fromisoformat(row.at).astimezone(UTC)

    def _pair(self, ident: str, events: int, tickets: list[Ticket]) -> Pair:
        known = self._sessions.get(ident)
        session = known if known is not None and len(known.events) == events else self.session(ident)
        scenario, play = session.bundle.scenario, session.play
        there = {each.seat: self.store.connected(each) for each in tickets if each.session == ident}
        objectives = scenario.objectives
        rated = bool(objectives) and objectives.keys() <= play.ratings.keys()
        return Pair(
            session=ident,
            people=tuple(_people(session, there)),
            scenario=scenario.title,
            scene=scenario.scenes[session.state.scene].title or session.state.scene,
            turn=() if session.over else tuple(scenario.seats[seat].name for seat in session.on_turn),
            clock=session.state.game.calendar.at(session.state.now),
            since=self._since[ident],
            stage=_stage(session),
            finished=session.finished,
            proposed=play.proposal is not None and not play.proposal.refused and not session.over,
            refused=play.proposal is not None and play.proposal.refused and not session.over,
            phase=session.debrief_phase,
            rated=rated,
            open=rated or session.debrief_phase is not None,
        )


def _people(session: Session, there: Mapping[str, bool]) -> Iterator[Person]:
    """Everybody who sat down. Whether a computer has taken a part over later is nobody's business here."""
    start = session.events[0]
    assert isinstance(start, Start)
    for place in session.places:
        person = start.seats.get(place.seat) == "human"
        name = session.bundle.scenario.seats[place.seat].name
        yield Person(
            seat=place.seat,
            name=name if person else COMPUTER,
            alias=place.alias if person else "",
            there=there.get(place.seat) if person else None,
        )


def _stage(session: Session) -> Stage:
    if session.over:
        return "done" if session.debrief_phase == "summary" else "debrief"
    if session.held:
        return "held"
    return "paused" if session.paused else "plays"


def _unseated(ticket: Ticket) -> bool:
    return not ticket.session or ticket.session.startswith(RESERVED)


# --- in words ---------------------------------------------------------------------------------------------------------

STAGES = {"plays": "", "paused": "paused", "held": "paused by you", "debrief": "debrief", "done": "all done"}
PHASES = {"reactions": 1, "description": 2, "analysis": 3, "summary": 4}


def state_words(pair: Pair) -> str:
    """What is to be said of a pair beside its scene; short. A play that goes its way needs no word."""
    if pair.stage == "debrief":
        done = PHASES.get(pair.phase or "", 0)
        return f"debrief {done + 1}/4" if done < 4 else "all done"
    if pair.stage == "plays" and pair.proposed:
        return "asked back"
    if pair.stage == "plays" and pair.refused:
        return "would stay"
    return STAGES[pair.stage]


def waited(pair: Pair, now: datetime) -> str:
    """How long the story has stood still, in real minutes and seconds; nothing once it is over."""
    if pair.stage in ("debrief", "done"):
        return ""
    seconds = max(0, int((now - pair.since).total_seconds()))
    if seconds >= 3600:
        return f"{seconds // 3600}:{seconds // 60 % 60:02} h"
    return f"{seconds // 60}:{seconds % 60:02}"


def unreadable_words(number: int) -> str:
    return f"{number} play{'s' * (number != 1)} cannot be read in this version of Handoff, and {'are' if number != 1 else 'is'} left out."


def in_lines(table: Table, now: datetime) -> Iterator[str]:
    """The table as lines of text, for screen readers and pipes."""
    yield f"{table.title or 'Nobody plays yet'}{f', workshop “{table.workshop}”' if table.workshop else ''}"
    for number, pair in enumerate(table.pairs, 1):
        people = ", ".join(
            f"{each.alias or each.name}{' (away)' if each.there is False else ''}" for each in pair.people
        )
        parts = [f"{number}. {people}", pair.scene, f"story {pair.clock:%H:%M}"]
        if pair.turn:
            parts.append(f"turn: {' and '.join(pair.turn)}")
        if waits := waited(pair, now):
            parts.append(f"waiting {waits}")
        if words := state_words(pair):
            parts.append(words)
        yield " · ".join(parts)
    if table.unreadable:
        yield unreadable_words(table.unreadable)
    if table.waiting:
        yield f"Waiting for a seat: {', '.join(alias for alias, _ in table.waiting)}"
