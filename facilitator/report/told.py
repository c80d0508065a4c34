"""Small words that the parts of a session report share: who, when, how long."""

from __future__ import annotations

from itertools import accumulate

from scoring.turning import Unforeseen
from simulator.debrief import BEYOND
from simulator.engine import chain
from simulator.events import Choose, Unprompted
from simulator.session import Session


class Told:
    """How seats and moments of one session are named. `people`: the seats that only people played, from first to last."""

    def __init__(self, session: Session) -> None:
        self.state, self.game = session.state, session.state.game
        self.calendar = self.game.calendar
        computers = {e.seat for e in session.events if isinstance(e, Choose | Unprompted) and e.by == "computer"}
        settled = [not at.pending for at in chain(session.state)]
        # The move that each step is part of, from 1: a scene decided together is one move in several steps.
        self.moves = (0, *accumulate(int(each) for each in settled[:-1]))
        self.people = tuple(seat for seat in session.human_seats if seat not in computers)

    def name(self, seat: str) -> str:
        return self.game.scenario.seats[seat].name

    def who(self, seat: str) -> str:
        """The seat's name; a seat that a computer ever played is the computer's."""
        return self.name(seat) if seat in self.people else f"{self.name(seat)} (computer partner)"

    def when(self, minute: int) -> str:
        at = self.calendar.at(minute)
        return f"{at:%a} {at.day} {at:%b, %H:%M}"

    def beyond(self, each: Unforeseen) -> str:
        """What took away something that nobody there could have kept."""
        return (
            f"{self.when(each.minute)}, {each.scene_title}: {BEYOND[each.kind]}{': ' + each.text if each.text else '.'}"
        )


def length(minutes: int) -> str:
    """Minutes as days, hours and minutes; empty for none."""
    days, rest = divmod(minutes, 1440)
    hours, left = divmod(rest, 60)
    parts = [(days, "day"), (hours, "hour"), (left, "minute")]
    return " ".join(f"{count} {unit}{'s' * (count != 1)}" for count, unit in parts if count)


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]
