"""The one thing left to do: hand over the keyboard, or go to the debrief. Enter or a click does it."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Button, Static


class Onward(Vertical):
    """A single button at the foot of a screen."""

    DEFAULT_CSS = """
    Onward {
        height: auto; border-top: solid $primary; padding: 0 2;
        layout: horizontal;
        Button { width: auto; max-width: 100%; margin-right: 2; }
        #onward-more { width: auto; color: $quiet; display: none; }
    }
    """

    def __init__(self, id: str | None = None):
        super().__init__(id=id)
        self._more = False

    def compose(self) -> ComposeResult:
        yield Button("", id="onward-button", variant="primary", compact=True)
        yield Static("▼ PgDn: more", id="onward-more")

    def offer(self, text: str) -> None:
        button = self.query_one(Button)
        # An alias is a person's own text: never markup.
        button.label = Content(f" ▶ {text} (Enter) ")
        self.display = True
        self.say_more(self._more)
        button.focus()

    def say_more(self, more: bool) -> None:
        """Whether the story above goes on below the edge."""
        self._more = more
        hint = self.query_one("#onward-more")
        if self.display and hint.display != more:  # while nothing is offered, all would be laid out anew for nothing
            hint.display = more
