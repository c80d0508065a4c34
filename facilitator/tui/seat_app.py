"""The app at one seat: a place among those who wait, then the seat's play, its debrief, and a goodbye.

A terminal that joined a room runs one (`handoff join`), and a host runs one for every browser tab. It is driven by its ticket alone:
whatever it shows is read from the store, so it may end at any moment and be opened again anywhere.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import CenterMiddle
from textual.widgets import Static

from simulator.seated import RESERVED, Seated, Waiting
from simulator.tui.desk import Desk
from simulator.tui.page import Page
from simulator.tui.remembered import Remembered
from simulator.tui.shell import Shell
from simulator.tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from textual.screen import Screen

    from simulator.log.rooms import Ticket
    from simulator.seated import Seating
    from simulator.session import Session

LOOK = 1.0  # seconds between two looks of somebody who waits
THERE = 5.0  # seconds between two signs of life of a device
COUNT = 5  # how many looks pass before those who wait are counted anew

OPENING = ("Opening your seat …", "")
ALONE = ("You are in. Nobody else waits yet.", "As soon as there is somebody to play with, the story opens by itself.")
OTHERS = ("You are in. {others} wait with you.", "As soon as there is a place for you, the story opens by itself.")
LEFT = (
    "You have left for now. Your seat is kept.",
    "Enter brings you back to the same scene. You may also close this.",
)
COMPUTER = (
    "The computer plays your part from here.",
    "Nobody is asked why. If you want the part back, ask whoever runs the room.",
)
OVER = ("Thank you. You have come to the end.", "You may close this now. Enter shows the debrief once more.")
GONE = ("This seat is not open any more.", "The room has ended, or the seat was given up. Ask whoever runs the room.")
NOT_SOUND = "The place where the play is kept cannot be read as it should. Please tell whoever runs the room."
NOT_NOW = "The place where the play is kept does not answer just now. Nothing is lost; try again in a moment."
STORE = ("The place where the play is kept does not answer just now.", "Nothing is lost; this tries again by itself.")


class Given(Remembered):
    """What a seat is given by whoever runs the room, such as the local support; what it changes is forgotten with it."""

    def __init__(self, **values: str):
        super().__init__()
        self._values = dict(values)

    def keep(self, key: str, value: str) -> bool:
        assert self._values is not None
        self._values[key] = value
        return True


class Door(Page[None]):
    """Under everything: what somebody sees who does not play just now."""

    help_text = (
        "You are at your seat's door. Nothing is asked of you here; the story opens when there is a place for you."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Back to your seat", id="door.open", tooltip="Back to your seat"),
    ]

    def __init__(self, invitation: str = "") -> None:
        super().__init__()
        self._said = OPENING
        self._invitation = invitation  # how others come in, for whoever opened the room from a terminal
        self.may_open = False  # whether Enter leads back

    def compose(self) -> ComposeResult:
        with CenterMiddle():
            yield Static(self._said[0], classes="name centred", id="door-title", markup=False)
            yield Static(self._said[1], classes="centred", id="door-note", markup=False)
            yield Static(self._invitation, classes="centred", id="door-invitation", markup=False)
            support = self.desk.support
            yield Static(
                f"Somebody to talk to: {support}" if support else "",
                classes="centred quiet",
                id="door-support",
                markup=False,
            )
        yield KeyLine()

    def say(self, said: tuple[str, str], *, may_open: bool = False) -> None:
        if (said, may_open) == (self._said, self.may_open):
            return
        self._said, self.may_open = said, may_open
        if self.is_mounted:
            self.query_one("#door-title", Static).update(said[0])
            self.query_one("#door-note", Static).update(said[1])
            self.refresh_bindings()

    def action_open(self) -> None:
        assert isinstance(self.app, SeatApp)
        self.app.look()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self.may_open if action == "open" else True


class SeatApp(Shell):
    """One ticket's app. `seating` is the process's; it and its store stay open when the app ends.

    `remembered`: where support and colours are looked up. `signs_of_life`: whether the app itself tells the store every few seconds
    that its device is there; a host does it for all its tabs at once, and calls `ticket_now`. `found`: where the ticket leads, if that was looked up just now.
    """

    DEFAULT_MODE = "home"
    CSS = """
    Door CenterMiddle > * { max-width: 64; }
    Door #door-support { margin-top: 1; }
    """  # the door's, which as the default screen would come without any

    def __init__(
        self,
        seating: Seating,
        secret: str,
        *,
        remembered: Remembered | None = None,
        signs_of_life: bool = True,
        found: Seated | Waiting | None = None,
        invitation: str = "",
    ):
        super().__init__(Desk(seating.library, seating.store, remembered, seating.watcher))
        self._seating, self._secret = seating, secret
        self._signs_of_life = signs_of_life
        self._ticket: Ticket | None = None
        self._waiting = False  # whether it looks where the ticket leads, again and again
        self._looks = 0
        self._waits: Waiting | None = None  # as last counted
        self._first = found
        self.door = Door(invitation)

    def get_default_screen(self) -> Screen[Any]:
        return self.door

    def on_mount(self) -> None:
        self._looking = self.set_interval(LOOK, self._look_if_waiting, pause=True)
        if self._signs_of_life:
            self.set_interval(THERE, self._sign)
            self.door.call_after_refresh(self._sign)
        if self._first is not None:
            self._waiting = True
            self._looking.resume()
            self._found(self._first)  # before anything is drawn
            self._first = None
        else:
            self.door.call_after_refresh(self.look)

    # --- where the ticket leads ----------------------------------------------------------------------------------

    def look(self) -> None:
        """Look where the ticket leads, and go there."""
        self._waiting = True
        self.door.say(OPENING)
        self._looks, self._waits = 0, None
        self._looking.resume()
        self._look_if_waiting()

    def _look_if_waiting(self) -> None:
        if self._waiting and self._at_the_door():
            self._looks += 1
            count = self._looks % COUNT == 1
            self.door.in_background(partial(self._find, count), self._found, self._not_found, group="look")

    def _at_the_door(self) -> bool:
        return self.screen_stack[-1:] == [self.door]  # an app that is about to end has no screen any more

    def _find(self, count: bool) -> Seated | Waiting | None:
        """As `Seating.find`; but one who waits is only counted now and then, for there may be a hundred who look every second."""
        ticket = self._seating.store.ticket(self._secret)
        if not count and self._waits is not None and ticket is not None and _unseated(ticket):
            return self._waits
        return self._seating.find(self._secret)

    def _found(self, found: Seated | Waiting | None) -> None:
        if not self._waiting or not self._at_the_door():
            return
        if found is None:
            self._stop_looking()
            self.door.say(GONE)
            return
        self._ticket = found.ticket
        if isinstance(found, Waiting):
            self._waits = found
            self.door.say((OTHERS[0].format(others=_people(found.others)), OTHERS[1]) if found.others else ALONE)
            return
        self._stop_looking()
        self.desk.own = frozenset([found.seat])
        if found.seat not in found.session.human_seats:
            self.door.say(COMPUTER, may_open=True)
            return
        self.door.say(LEFT, may_open=True)
        self.open_session(found.session)

    def _not_found(self, error: Exception) -> None:
        from simulator.log import LogError

        if isinstance(error, LogError):
            self.door.say(STORE)  # and look again in a second
            return
        self._stop_looking()
        self.door.say(LEFT, may_open=True)
        self.trouble(error)

    def _stop_looking(self) -> None:
        self._waiting = False
        self._looking.pause()

    def trouble(self, error: Exception) -> None:
        """As everywhere; but where the store is, and what its server is called, is nothing that a seat has to know."""
        from simulator.log import LogError, Stale, Unwritable

        if isinstance(error, Unwritable):
            error = Unwritable(NOT_NOW)
        elif isinstance(error, LogError) and not isinstance(error, Stale):
            error = LogError(NOT_SOUND)
        super().trouble(error)

    # --- whether it still is this one's seat -----------------------------------------------------------------------

    def _sign(self) -> None:
        self.door.in_background(self._be_heard, self.ticket_now, lambda _: None, group="sign")

    def _be_heard(self) -> Ticket | None:
        ticket = self._seating.store.ticket(self._secret)
        if ticket is not None:
            self._seating.store.heard_of([ticket.id])
        return ticket

    def ticket_now(self, ticket: Ticket | None) -> None:
        """What the store says of the ticket now: it may have been taken back, or seated elsewhere. Called in the app's loop."""
        before = self._ticket
        if before is None or self._waiting:
            return  # whoever looks anyway finds out
        if ticket is None:
            self._ticket = None
            self._leave_all()
            self.door.say(GONE)
        elif (ticket.session, ticket.seat) != (before.session, before.seat):
            self._leave_all()
            self.look()

    def _leave_all(self) -> None:
        self.desk.session = None
        while len(self.screen_stack) > 1:
            self.pop_screen()

    # --- the ways of the app: a seat has only its own ----------------------------------------------------------------

    def open_session(self, session: Session, *, replacing: bool = False) -> None:
        from simulator.tui.screens.seat import SeatScreen

        self.desk.session = session
        if session.over:
            self.open_debrief(session, replacing=replacing)
            return
        ticket = self._ticket
        assert ticket is not None
        seat = ticket.seat
        screen = SeatScreen(session, seat, partial(self._seating.connected, session.id))
        if ticket.began == session.id or session.has_acted(seat):
            self.switch_screen(screen) if replacing else self.push_screen(screen)
            return
        from simulator.tui.screens.before import Before

        def begun(ready: bool | None) -> None:
            if not ready:
                self.go_home()
                return
            self.push_screen(screen)
            keep = partial(self._seating.store.begin_story, ticket.id, session.id)
            screen.in_background(keep, lambda _: None, lambda _: None, group="begun")  # at worst they read it twice

        self.push_screen(Before(session, seat), begun)

    def go_home(self) -> None:
        """Back to the door, which says how things are."""
        session, ticket = self.desk.session, self._ticket
        self._leave_all()
        if session is None or ticket is None:
            return
        if ticket.seat not in session.human_seats:
            self.door.say(COMPUTER, may_open=True)
        elif session.over and session.has_finished("summary", ticket.seat):
            self.door.say(OVER, may_open=True)
        else:
            self.door.say(LEFT, may_open=True)

    def open_lobby(self, scenario: str, asked: object = None) -> None:
        """Nothing is set up at a seat; whoever runs the room does."""

    def open_swap(self, ident: str, asked: object = None) -> None:
        """As `open_lobby`."""

    def open_next(self, series: str, session: str) -> None:
        """As `open_lobby`."""

    def resume_session(self, ident: str) -> None:
        """A seat has one session, its ticket's."""

    def open_tutorial(self) -> None:
        """As `open_lobby`."""


def _unseated(ticket: Ticket) -> bool:
    return not ticket.session or ticket.session.startswith(RESERVED)


def _people(number: int) -> str:
    return "One other person" if number == 1 else f"{number} others"
