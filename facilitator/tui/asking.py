"""A question with a few answers, each one key. Escape answers nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from simulator.tui.widgets.key_line import KeyLine


class Ask(ModalScreen[str | None]):
    """`answers`: key and words of each; dismissed with the key. Nothing is chosen beforehand but the focus, on the first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", key_display="Esc", id="ask.back", tooltip="Back, without an answer"),
    ]

    def __init__(self, question: str, answers: Sequence[tuple[str, str]], note: str = ""):
        super().__init__()
        self._question, self._answers, self._note = question, answers, note

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(self._question, classes="dialog-title", markup=False)
            if self._note:
                yield Static(self._note, markup=False)
            with Horizontal(classes="dialog-buttons"):
                for key, words in self._answers:
                    yield Button(f"{words} ({key.upper()})", id=f"ask-{key}", flat=True)
        yield KeyLine()

    def on_mount(self) -> None:
        self.query(Button).first().focus()

    def on_key(self, event: events.Key) -> None:
        for key, _ in self._answers:
            if event.key == key:
                event.stop()
                self.dismiss(key)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.dismiss((event.button.id or "").removeprefix("ask-"))

    def action_back(self) -> None:
        self.dismiss(None)
