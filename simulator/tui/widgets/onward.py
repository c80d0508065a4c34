"""The one thing left to do: hand over the keyboard, or go to the debrief. Enter or a click does it."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Button


class Onward(Vertical):
    """A single button at the foot of a screen."""

    DEFAULT_CSS = """
    Onward {
        height: auto; border-top: solid $primary; padding: 0 2;
        Button { width: auto; max-width: 100%; }
    }
    """

    def compose(self) -> ComposeResult:
        yield Button("", id="onward-button", variant="primary", compact=True, flat=True)

    def offer(self, text: str) -> None:
        from textual.content import Content  # an alias is a person's own text: never markup

        button = self.query_one(Button)
        button.label = Content(f" ▶ {text} (Enter) ")
        self.display = True
        button.focus()
