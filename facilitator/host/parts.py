"""What a host serves beside terminals of seats: seats as plain text, and the table of whoever runs the room. Each by its name, where it is there."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from facilitator.host.tab import Hosted
from facilitator.tui.seat_app import Given
from simulator.tui.desk import Desk
from simulator.tui.shell import Shell

if TYPE_CHECKING:
    from textual.screen import Screen

    from facilitator.host.server import RoomApp, TextSeats
    from simulator.seated import Seating

TEXT, ROOM = "facilitator.host.textseat", "facilitator.tui.room"


def text_seats(seating: Seating, support: str) -> TextSeats | None:
    """Seats as plain pages of text, if this installation has them."""
    if find_spec(TEXT) is None:
        return None
    made: TextSeats = import_module(TEXT).TextSeat(seating, support)
    return made


def room_app(support: str) -> RoomApp | None:
    """What opens the table of whoever runs a room, if this installation has it."""
    return (lambda seating, key: HostedRoom(seating, key, support)) if find_spec(ROOM) is not None else None


class HostedRoom(Hosted, Shell):
    """The table of a room in a tab, for whoever has its key; it leads nowhere else."""

    DEFAULT_MODE = "home"

    def __init__(self, seating: Seating, key: str, support: str):
        super().__init__(Desk(seating.library, seating.store, Given(support=support), seating.watcher))
        self._key = key

    def get_default_screen(self) -> Screen[Any]:
        screen: Screen[Any] = import_module(ROOM).RoomScreen(self._key)
        return screen

    def go_home(self) -> None:
        """Back to the table."""
        self.desk.session = None
        while len(self.screen_stack) > 1:
            self.pop_screen()

    def open_lobby(self, scenario: str, asked: object = None) -> None:
        """Nothing is played at this screen."""

    def open_swap(self, ident: str, asked: object = None) -> None:
        """As `open_lobby`."""

    def open_next(self, series: str, session: str) -> None:
        """As `open_lobby`."""

    def resume_session(self, ident: str) -> None:
        """As `open_lobby`."""

    def open_tutorial(self) -> None:
        """As `open_lobby`."""
