"""What a host serves beside terminals of seats: seats as plain text, and the table of whoever runs the room."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from facilitator.host.tab import Hosted
from facilitator.host.textseat import TextSeat
from facilitator.tui.room import RoomScreen
from facilitator.tui.seat_app import Given
from simulator.tui.desk import Desk

if TYPE_CHECKING:
    from facilitator.host.server import RoomApp, TextSeats
    from simulator.seated import Seating


def text_seats(seating: Seating, support: str) -> TextSeats:
    """Seats as plain pages of text."""
    return TextSeat(seating, support)


def room_app(support: str) -> RoomApp:
    """What opens the table of whoever runs a room."""
    return lambda seating, key: HostedRoom(seating, key, support)


class Table(RoomScreen):
    """The table where there is nothing else to go to."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "leave" and super().check_action(action, parameters)


class HostedRoom(Hosted):
    """The table of a room in a tab, for whoever has its key; it leads nowhere else."""

    DEFAULT_MODE = "home"

    def __init__(self, seating: Seating, key: str, support: str):
        super().__init__(Desk(seating.library, seating.store, Given(support=support), seating.watcher))
        self.add_mode("home", partial(Table, key))  # a default screen would come without its styles

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
