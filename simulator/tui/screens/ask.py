"""Questions that a screen asks on top of itself: yes or no, and what somebody is asked in private before anybody acts."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from simulator.tui.screens import curtain
from simulator.tui.widgets.choices import KEYS, Choices
from simulator.tui.widgets.key_line import KeyLine
from simulator.view import Option

if TYPE_CHECKING:
    from simulator.predictions import Question

SCALE = "0123456789t"  # a key each for 0 to 10


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
    """A private question: one press answers it, one press skips it. It is weighed for nobody, and shown to nobody before
    the debrief."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s,escape", "skip", "Skip", id="predict.skip", tooltip="Do not answer this"),
    ]

    def __init__(self, question: Question):
        super().__init__()
        self._question = question
        self._shown_at = monotonic()

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog dialog-wide", id="predict"):
            yield Static(self._question.text, classes="dialog-title", markup=False)
            yield Static(f"Only you see this. {self._question.note} S skips it.", classes="quiet", markup=False)
            keys = SCALE if self._question.about == "distress" else KEYS
            yield Choices(id="predict-choices", verb="That is my answer", keys=keys, at_once=True)
        yield KeyLine()

    async def on_mount(self) -> None:
        answers = [Option(action=answer.id, text=answer.text, open=True) for answer in self._question.answers]
        await self.query_one(Choices).offer(answers)
        self._shown_at = monotonic()

    def on_choices_committed(self, message: Choices.Committed) -> None:
        message.stop()
        if monotonic() - self._shown_at < curtain.DOUBLE_PRESS:
            self.query_one(Choices).reopen()  # that press was meant for what was on the screen before
            return
        self.dismiss(message.option.action)

    def action_skip(self) -> None:
        if monotonic() - self._shown_at >= curtain.DOUBLE_PRESS:
            self.dismiss(None)
