"""The facilitator's shelf: what whoever runs the room may bring into a play by hand.

It tells what is still to come, so it opens closed: a page that says whose it is, and only then what lies on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from simulator.injecting import by_hand, why_not
from simulator.tui.screens.ask import Confirm
from simulator.tui.widgets.choices import Choices
from simulator.tui.widgets.key_line import KeyLine
from simulator.view import Option

if TYPE_CHECKING:
    from simulator.session import Session


def offers(session: Session) -> tuple[tuple[Option, str], ...]:
    """What could still be brought: as an option, closed where it may not come now, and what the seats present then read."""
    state = session.state
    found = []
    for each in by_hand(state):
        why = why_not(state, each.id)
        expected = f"\nExpected: {each.inject.expected}" if each.inject.expected else ""
        text = f"{each.inject.synopsis}{expected}"
        option = Option(action=each.id, text=text, open=why is None, reason=why, minutes=each.inject.minutes)
        found.append((option, each.inject.text))
    return tuple(found)


class Shelf(ModalScreen[str | None]):
    """The shelf, closed at first. Gives the id of the inject to bring, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "open", "Open", id="shelf.open", tooltip="Open the shelf: I run this room"),
        Binding("escape", "close", "Close", key_display="Esc", id="shelf.close", tooltip="Leave it; nothing comes"),
    ]

    def __init__(self, offered: Sequence[tuple[Option, str]]):
        super().__init__()
        self._options = tuple(option for option, _ in offered)
        self._texts = {option.action: text for option, text in offered}
        self._opened = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog dialog-wide"):
            yield Static("The facilitator's shelf", classes="dialog-title", markup=False)
            yield Static(
                "It tells what may still come in this story, and it is for whoever runs the room. "
                "If you play in it, press Esc.",
                id="shelf-whose",
                markup=False,
            )
            yield Choices(id="shelf-choices", verb="Bring it")
            with Horizontal(classes="dialog-buttons", id="shelf-buttons"):
                yield Button("I run this room: open it (O)", id="shelf-open", flat=True)
                yield Button("Leave it closed (Esc)", id="shelf-leave", variant="primary", flat=True)
        yield KeyLine()

    def on_mount(self) -> None:
        self.query_one(Choices).display = False
        self.query_one("#shelf-leave").focus()

    def action_open(self) -> None:
        if self._opened:
            return
        self._opened = True
        self.query_one("#shelf-buttons").display = False
        whose = self.query_one("#shelf-whose", Static)
        if not self._options:
            whose.update("Nothing is left on it: all that can be brought by hand has come.")
            return
        whose.update("For whoever runs the room. What you bring stays in the log; its costs are on nobody's account.")
        choices = self.query_one(Choices)
        choices.display = True
        choices.offer(self._options)

    def action_close(self) -> None:
        self.dismiss(None)

    @on(Button.Pressed, "#shelf-open")
    def _open_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.action_open()

    @on(Button.Pressed, "#shelf-leave")
    def _leave_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.dismiss(None)

    def on_choices_committed(self, message: Choices.Committed) -> None:
        message.stop()
        wanted = message.option.action
        note = f"Those present will read: {self._texts[wanted]}"
        self.app.push_screen(
            Confirm("Bring it into the story now?", yes="Bring it", no="Not now", note=note),
            lambda sure: self._sure(wanted, sure),
        )

    def _sure(self, wanted: str, sure: bool | None) -> None:
        if sure:
            self.dismiss(wanted)
        else:
            self.query_one(Choices).reopen()
