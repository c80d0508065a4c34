"""The smallest Textual app: says “ready”, then shows the key that was pressed last. The reference for start and keys."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.events import Key
from textual.widgets import Static


class EmptyApp(App[None]):
    ENABLE_COMMAND_PALETTE = False

    def compose(self) -> ComposeResult:
        yield Static("ready")

    def on_key(self, event: Key) -> None:
        self.query_one(Static).update(f"pressed {event.key}")


if __name__ == "__main__":
    EmptyApp().run()
