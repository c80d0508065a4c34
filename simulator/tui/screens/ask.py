"""Questions that a screen asks on top of itself: yes or no, and what somebody is asked in private before anybody acts."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from simulator.tui.screens import curtain
from simulator.tui.widgets.choices import Choices
from simulator.tui.widgets.key_line import KeyLine
from simulator.tui.widgets.scale import Scale
from simulator.tui.widgets.transcript import Transcript
from simulator.view import Option, Passage

if TYPE_CHECKING:
    from simulator.predictions import Question


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
    """A private question, under what has just happened: one press answers it, one press skips it.

    It is weighed for nobody, and shown to nobody before the debrief. `story`: what the seat saw last.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s,escape", "skip", "Skip", key_display="S", id="predict.skip", tooltip="Do not answer this"),
        Binding("pageup", "story(-1)", "Story up", id="predict.story-up", tooltip="Scroll the story up", show=False),
        Binding("pagedown", "story(1)", "Story down", id="predict.story-down", tooltip="Scroll it down", show=False),
    ]  # fmt: skip

    def __init__(self, question: Question, story: Sequence[Passage] = ()):
        super().__init__()
        self._question = question
        self._story = story
        self._shown_at = monotonic()

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog dialog-wide", id="predict"):
            yield Transcript(id="predict-story")
            yield Static(self._question.text, classes="dialog-title", id="predict-question", markup=False)
            keys = "S skips it, F5 pauses, F6 steps out."
            yield Static(f"Only you see this. {self._question.note} {keys}", classes="quiet", markup=False)
            if self._question.about == "distress":
                yield Scale(self._question.answers, id="predict-scale")
            else:
                yield Choices(id="predict-choices", verb="That is my answer", at_once=True)
        yield KeyLine()

    def on_mount(self) -> None:
        story = self.query_one(Transcript)
        story.can_focus, story.display = False, bool(self._story)
        # The scene as it is now; distress is about what was before.
        story.show(self._story, whose="", read=0, at_end=self._question.about != "distress")
        if self._question.about == "distress":
            self.query_one(Scale).focus()
        else:
            answers = [Option(action=answer.id, text=answer.text, open=True) for answer in self._question.answers]
            self.query_one(Choices).offer(answers)
        self._shown_at = monotonic()

    def on_scale_chosen(self, message: Scale.Chosen) -> None:
        message.stop()
        self._answer(message.answer)

    def on_choices_committed(self, message: Choices.Committed) -> None:
        message.stop()
        self.query_one(Choices).reopen()
        self._answer(message.option.action)

    def action_skip(self) -> None:
        self._answer(None)

    def _answer(self, answer: str | None) -> None:
        # A press that was meant for what was on the screen before must not answer.
        if monotonic() - self._shown_at >= curtain.DOUBLE_PRESS and self.is_current:
            self.dismiss(answer)

    def action_story(self, pages: int) -> None:
        story = self.query_one(Transcript)
        story.scroll_relative(y=pages * max(1, story.size.height - 1), animate=False)
