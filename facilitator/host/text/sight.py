"""A seat's play as it stands when a page is made of it: everything a page may say, and the number of its forms."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from simulator.events import Choose, Pause, Predict, Rewind, Unprompted
from simulator.speaking import words_of
from simulator.tui.turns import Look, already_read, look, run
from simulator.tui.words import and_list

if TYPE_CHECKING:
    from simulator.predictions import Question
    from simulator.session import Session
    from simulator.view import View


@dataclass(frozen=True, slots=True)
class Sight:
    """What one seat sees. `away`: the names of people who play too and are not there just now."""

    session: Session
    seat: str
    look: Look
    away: tuple[str, ...]

    @property
    def view(self) -> View:
        return self.look.views[self.seat]

    @property
    def questions(self) -> tuple[Question, ...]:
        return self.look.questions.get(self.seat, ())

    @property
    def my_turn(self) -> bool:
        return self.seat in self.look.on_turn

    @property
    def place(self) -> str:
        """Which play this is, and who sits here."""
        return f"{self.view.title}. You are {self.view.seat_name}, {self.view.role}."

    @property
    def company(self) -> str:
        """Who is there."""
        return f"Away just now: {and_list(self.away)}." if self.away else "Everybody is here."

    @property
    def number(self) -> str:
        """The number of this page's forms: it is good for one act, since whatever is done makes another one.

        Made of what the seat sees of the story, so that it tells nothing and every host knows it; and of how often the story went back,
        because then it looks as it looked before.
        """
        view = self.session.view(self.seat)
        rewinds = sum(isinstance(event, Rewind) for event in self.session.events)
        seen = (
            rewinds,
            len(view.passages),
            view.scene,
            [(option.action, option.open) for option in view.options],
            [words_of(each.event) for each in view.sayable],
            [(asked.about, asked.of) for asked in self.questions],
        )
        return sha256(repr(seen).encode()).hexdigest()[:16]

    def seen(self, asked: int | None) -> int:
        """How many passages were read: as the address says; if it does not, all but those of the last step."""
        passages = len(self.view.passages)
        return min(passages, already_read(self.view) if asked is None else asked)


def sight(session: Session, seat: str, there: frozenset[str], *, onward: bool = True) -> Sight:
    """Look at a play that people sit at. `onward`: chance and the computer act first, if it is for nobody else to act."""
    own = frozenset([seat])
    seen = look(session, seat, own)
    if onward and not (
        seen.paused or seen.finished or seen.concluded or seen.questions or seen.waiting_for or seen.elsewhere
    ):
        seen = run(session, seat, own)
    seats = session.bundle.scenario.seats
    away = tuple(seats[each].name for each in session.human_seats if each not in there and each != seat)
    return Sight(session, seat, seen, away)


def has_acted(session: Session, seat: str) -> bool:
    """Whether whoever sits here has done anything in this play."""
    return any(isinstance(event, Choose | Unprompted | Predict) and event.seat == seat for event in session.events)


def pauses(session: Session) -> str:
    """The number of a form that goes on after a pause: good for this pause alone."""
    return str(sum(isinstance(event, Pause) for event in session.events))
