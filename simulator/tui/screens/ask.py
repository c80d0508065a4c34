"""A question that a screen asks on top of itself."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Static


class Confirm(ModalScreen[bool]):
    """A yes or no. Escape means no."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Yes", id="confirm.yes", tooltip="Yes"),
        Binding("n,escape", "answer(False)", "No", id="confirm.no", tooltip="No, go back"),
    ]

    def __init__(self, question: str, *, yes: str = "Yes", no: str = "No", note: str = ""):
        super().__init__()
        self._texts = (question, note, yes, no)

    def compose(self) -> ComposeResult:
        question, note, yes, no = self._texts
        with Vertical(classes="dialog"):
            yield Static(question, classes="dialog-title", markup=False)
            if note:
                yield Static(note, markup=False)
            with Horizontal(classes="dialog-buttons"):
                yield Button(f"{yes} (Y)", id="confirm-yes", flat=True)
                yield Button(f"{no} (N)", id="confirm-no", variant="primary", flat=True)

    def on_mount(self) -> None:
        self.query_one("#confirm-no").focus()

    def action_answer(self, answer: bool) -> None:
        self.dismiss(answer)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.dismiss(event.button.id == "confirm-yes")
