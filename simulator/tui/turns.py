"""Who looks at the screen next. Read from a session in one go, in a worker, and then decided without it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from simulator.led import told_by_leader
from simulator.view import Passage, View

if TYPE_CHECKING:
    from simulator.led import Asked
    from simulator.predictions import Question
    from simulator.session import Session


@dataclass(frozen=True)
class Look:
    """A session as it stood when it was looked at. `humans`: the seats that people play at this screen; `views`: theirs. `curtain`: the
    seats whose screen holds something that whoever sits at the keyboard may not see. `questions`: what they are asked in private now.
    `elsewhere`: the seats on turn whose people sit at other screens. `held`, `concluded`: whoever runs the room has stopped the play, or
    moved it to its debrief before its end. `asked_back`: the seats here that are asked whether to go back."""

    on_turn: tuple[str, ...]
    on_turn_names: tuple[str, ...]
    humans: tuple[str, ...]
    views: Mapping[str, View]
    curtain: frozenset[str]
    questions: Mapping[str, tuple[Question, ...]]
    finished: bool
    paused: bool
    countdowns: bool
    elsewhere: tuple[str, ...] = ()
    held: bool = False
    concluded: bool = False
    asked_back: Mapping[str, Asked] = field(default_factory=dict)
    moved: bool = True  # whether the job that ended with this look brought anything about

    @property
    def there(self) -> tuple[str, ...]:
        """The seats of people that are in the story; nobody hands the keyboard to another."""
        return tuple(seat for seat in self.humans if self.views[seat].standing == "there")

    @property
    def waiting_for(self) -> str:
        """The seat of a person who has to act, or nothing."""
        return next((seat for seat in self.on_turn if seat in self.humans), "")


def look(session: Session, at: str | None, own: frozenset[str] | None = None) -> Look:
    """Look at the session; `at` is the seat whose person sits at the keyboard. `own`: the seats of this screen; None: all."""
    people = session.human_seats
    humans = people if own is None else tuple(seat for seat in people if seat in own)
    seats = session.bundle.scenario.seats
    return Look(
        on_turn=session.on_turn,
        on_turn_names=tuple(seats[seat].name for seat in session.on_turn),
        humans=humans,
        views={seat: as_read(session, seat) for seat in humans},
        curtain=frozenset(seat for seat in humans if session.needs_curtain(at, seat)),
        questions={seat: asked for seat in humans if (asked := session.questions(seat))},
        finished=session.finished,
        paused=session.paused,
        countdowns=session.countdowns,
        elsewhere=tuple(seat for seat in session.on_turn if seat in people and seat not in humans),
        held=session.held,
        concluded=session.concluded,
        asked_back={seat: back for seat in humans if (back := session.asked_back(seat)) is not None},
    )


def look_after(job: Callable[[], object], session: Session, at: str | None, own: frozenset[str] | None = None) -> Look:
    """Do something with the session, then look. Raises what the job raises."""
    job()
    return look(session, at, own)


def choose(session: Session, seat: str, action: str) -> None:
    """Make a choice, and let chance bring what follows of it, so that nobody is shown the moment between. Raises what `Session.choose` raises;
    what chance cannot keep now it brings later, in `run`."""
    from simulator.log import LogError  # deferred: drawing a play needs no store

    session.choose(seat, action)
    with suppress(LogError):
        session.run_others(chance_alone=True)


def run(session: Session, at: str | None, own: frozenset[str] | None = None) -> Look:
    """Let chance and the computer act, then look."""
    moved = bool(session.run_others())
    return replace(look(session, at, own), moved=moved)


def as_read(session: Session, seat: str) -> View:
    """A seat's view as it is read: with its brief, and with what whoever runs the room said to it. Raises LogError."""
    return told_by_leader(_with_brief(session.view(seat)), session.announcements(seat))


def _with_brief(view: View) -> View:
    """A seat's brief stands before everything else it reads."""
    if not view.brief:
        return view
    first = Passage(kind="private", at=view.passages[0].at if view.passages else view.now, text=view.brief)
    return replace(view, passages=(first, *view.passages))


def already_read(view: View) -> int:
    """How many passages to set back when a play is taken up again: all but those of its last event."""
    last = max((passage.step for passage in view.passages), default=0)
    return 0 if last == 0 else sum(passage.step < last for passage in view.passages)
