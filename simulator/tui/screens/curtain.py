"""The privacy curtain: between two people at one keyboard, nothing of either seat's view is on the screen."""

from __future__ import annotations

from time import monotonic
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import CenterMiddle
from textual.widgets import Static

from simulator.tui.page import Page
from simulator.tui.widgets.key_line import KeyLine

# Seconds in which a press still belongs to whatever was on the screen before: a held or doubled Enter must not open
# somebody else's curtain.
DOUBLE_PRESS = 0.4


class Curtain(Page[bool]):
    """Shows only who is to sit down now. Enter opens it; the caller draws the view after that, not before."""

    help_text = "Change places. When the person named here sits at the keyboard and the others look away, press Enter."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "I am here", key_display="Enter", id="curtain.open", tooltip="Open the curtain"),
    ]

    def __init__(self, who: str, note: str = ""):
        super().__init__()
        self._who = who
        self._note = note
        self._shown_at = monotonic()

    def compose(self) -> ComposeResult:
        with CenterMiddle():
            yield Static("Hand the keyboard to", classes="quiet centred")
            yield Static(self._who, classes="name centred", id="curtain-who", markup=False)
            yield Static("Everybody else, please look away.", classes="quiet centred")
            if self._note:
                yield Static(self._note, classes="quiet centred", markup=False)
            yield Static("Enter when you sit here", classes="key-hint centred")
        yield KeyLine()

    def on_screen_resume(self) -> None:
        self._shown_at = monotonic()  # the Enter that closed the help must not open the curtain too

    def action_open(self) -> None:
        if monotonic() - self._shown_at >= DOUBLE_PRESS:
            self.dismiss(True)
