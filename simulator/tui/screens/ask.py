"""Questions that a screen asks on top of itself: yes or no, and the private guess before a partner acts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from simulator.tui.widgets.choices import Choices
from simulator.tui.widgets.key_line import KeyLine
from simulator.view import Option


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


class Predict(ModalScreen[str | None]):
    """A private guess at the partner's next step. One press and Enter, or skipped; it is weighed for nobody alone."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s,escape", "skip", "Skip", id="predict.skip", tooltip="Do not guess this time"),
    ]

    def __init__(self, options: Sequence[Option], of: str):
        super().__init__()
        self._options = options
        self._of = of

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog dialog-wide"):
            yield Static(f"What do you think {self._of} will do?", classes="dialog-title", markup=False)
            yield Static(
                "A private guess; the debrief compares it with what happened. S skips it, F5 pauses, F6 steps out.",
                classes="quiet",
            )
            yield Choices(id="predict-choices", verb="That is my guess")
        yield KeyLine()

    async def on_mount(self) -> None:
        await self.query_one(Choices).offer(self._options)

    def on_choices_committed(self, message: Choices.Committed) -> None:
        message.stop()
        self.dismiss(message.option.action)

    def action_skip(self) -> None:
        self.dismiss(None)
