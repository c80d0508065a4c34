"""A play that somebody leads who does not play: stopping it, saying something into it, offering to go back, ending it.

Whatever is said stands in the store's remarks, where it can be erased; the log holds only which remark it is.
"""

from __future__ import annotations

import secrets
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from simulator.engine import NotAllowed
from simulator.events import Announce, Conclude, Consent, Event, Hold, Propose, Resolve, Rewind
from simulator.play import all_agreed, fold, may_consent
from simulator.played import Played
from simulator.view import Passage, view

if TYPE_CHECKING:
    from datetime import datetime

    from simulator.view import View

LEADER = "facilitator"  # the seat of their remarks; nobody sits there
ROOM = "room"  # and of what a whole room resolved
RESOLVED = "resolved:"  # begins the phase of such a remark
WHO = "whoever runs the room"
_SAID = "said:"  # begins the phase of a remark that was announced
_NOTE = "note"  # the phase of the leader's own note about the pair


class Said(NamedTuple):
    """Something that whoever runs the room said to a seat. `step`: how many moves the story had then; `at`: the story's clock."""

    note: str
    text: str
    step: int
    at: datetime


class Asked(NamedTuple):
    """The question whether to go back, as one seat may be asked it: to which scene, empty if the seat was not there, and to what time."""

    proposal: int
    scene: str
    at: datetime


class Led(Played, ABC):
    """What a session offers to whoever runs the room, and to a seat that is led. Methods raise LogError, and NotAllowed where it says so."""

    _lock: threading.RLock

    @abstractmethod
    def _append(self, events: Iterable[Event]) -> None: ...

    @abstractmethod
    def _appended(self, events: Sequence[Event]) -> bool: ...

    @abstractmethod
    def resume(self) -> None: ...

    @property
    def held(self) -> bool:
        """Whether whoever runs the room has stopped the play."""
        return self.play.held

    @property
    def concluded(self) -> bool:
        """Whether whoever runs the room has moved the play to its debrief before it had an ending."""
        return self.play.concluded and not self.play.state.ended

    def hold(self, on: bool = True) -> None:
        """Stop the play, or let it go on; a pause of the pair's own is not touched. Keeps nothing where that changes nothing."""
        if self.play.held != on and not (on and self._over):
            self._append([Hold(on=on)])

    def take_up(self) -> None:
        """Go on, whoever stopped it: for those who come back to it without anybody who runs a room."""
        self.resume()
        self.hold(False)

    def conclude(self) -> None:
        """Move the play to its debrief as far as it has come; a play that has ended is there already."""
        if not self._over:
            self._append([Conclude()])

    # --- saying something -------------------------------------------------------------------------------------

    def announce(self, text: str, seat: str | None = None) -> None:
        """Say something to a seat, or to all. Raises NotAllowed if there is no such seat; an empty text says nothing."""
        if not text.strip():
            return
        event = Announce(note=secrets.token_hex(8), to=seat)
        fold(self.play, event, self._plays)
        self.store.remark(
            self.id, LEADER, _SAID + event.note, text
        )  # first: no seat ever finds an event without its words
        self._append([event])

    def announcements(self, seat: str) -> tuple[Said, ...]:
        """What was said to a seat, in order; without what was erased since. Reads the store if there is anything."""
        mine = [each for each in self.play.announced if each.to in (None, seat)]
        if not mine:
            return ()
        words = {phase: text for who, phase, text in self.store.remarks(self.id) if who == LEADER}
        calendar = self.play.state.game.calendar
        times = {each.moves: each.state.now for each in self._plays}
        return tuple(
            Said(each.note, words[_SAID + each.note], each.step, calendar.at(times[each.step]))
            for each in mine
            if _SAID + each.note in words
        )

    def said_since(self, seat: str) -> tuple[Said, ...]:
        """What was said to a seat since the story's last step: in a debrief, what its story did not show."""
        return tuple(each for each in self.announcements(seat) if each.step >= self.play.moves)

    @property
    def note(self) -> str:
        """The leader's own note about this pair; shown to nobody who plays. Reads the store."""
        return next((text for who, phase, text in self.store.remarks(self.id) if (who, phase) == (LEADER, _NOTE)), "")

    def write_note(self, text: str) -> None:
        """Keep the leader's own note, in place of the one before; empty erases it."""
        self.store.remark(self.id, LEADER, _NOTE, text)

    def resolve(self, words: str, note: str | None = None) -> str:
        """Write down what a room resolved (`hot_wash` makes the words); `note`: in place of that one, and empty words erase it.

        Returns the note. It stands with no seat, so that it outlasts the aliases of those who sat in this session.
        """
        fresh = note is None
        note = note or secrets.token_hex(8)
        self.store.remark(self.id, ROOM, RESOLVED + note, words)
        if fresh:
            self._append([Resolve(note=note)])
        return note

    # --- going back -------------------------------------------------------------------------------------------

    def propose(self, to: int | None) -> None:
        """Ask everybody who plays to go back to the play after event `to`; None takes the question back. Raises NotAllowed."""
        if to is not None or self.play.proposal is not None:
            self._append([Propose(to=to)])

    def asked_back(self, seat: str) -> Asked | None:
        """What a seat is asked now, in its own view's words; None if nothing is, or it has answered."""
        play = self.play
        if play.proposal is None or not may_consent(play, seat):
            return None
        then = view(self._plays[play.proposal.to].state, seat)
        return Asked(play.proposal.seq, then.scene_title, then.now)

    def consent(self, seat: str, proposal: int, yes: bool) -> None:
        """A seat's person answers. The last yes takes everybody back, in one write with it. Raises NotAllowed if it is asked no more."""
        with self._lock:
            while True:
                asked = self.play.proposal
                events: list[Event] = [Consent(seat=seat, proposal=proposal, yes=yes)]
                after = fold(self.play, events[0], self._plays)
                if asked is None:
                    raise NotAllowed("this is not asked any more")
                if all_agreed(after):
                    events.append(Rewind(to=asked.to))
                if self._appended(events):
                    return

    @property
    def _over(self) -> bool:
        return self.play.state.ended or self.play.concluded


def told_by_leader(seen: View, said: Sequence[Said]) -> View:
    """The view with what whoever runs the room said, where it was said. What was said on a branch since left stands at the end."""
    return replace(seen, passages=tuple(_woven(seen.passages, said))) if said else seen


def _woven(passages: Sequence[Passage], said: Sequence[Said]) -> Iterator[Passage]:
    left = list(said)
    for passage in passages:
        while left and left[0].step < passage.step:
            yield _passage(left.pop(0))
        yield passage
    yield from map(_passage, left)


def _passage(said: Said) -> Passage:
    return Passage(kind="message", at=said.at, text=said.text, who=WHO, step=said.step)
