"""Where somebody may write a line in the debrief. Every box says what happens with it; every box may stay empty."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import Button, Input, Static

from simulator.tui.words import NO_REAL_PEOPLE


class Writing(VerticalScroll):
    """One person's boxes. Enter in a box goes to the next one, after the last one it is handed in."""

    DEFAULT_CSS = """
    Writing {
        padding: 1 2; scrollbar-size-vertical: 1;
        & > * { max-width: 92; }
        .who { text-style: bold; color: $primary; margin-bottom: 1; }
        .asked { margin-top: 1; }
        Button { margin-top: 1; }
    }
    """

    class Written(Message):
        """What was written, by the name of each box."""

        def __init__(self, seat: str, texts: dict[str, str]):
            super().__init__()
            self.seat = seat
            self.texts = texts

    def __init__(
        self, seat: str, who: str, lead: str, boxes: Sequence[tuple[str, str]], done: str, id: str | None = None
    ):
        super().__init__(id=id)
        self._seat, self._who, self._lead, self._done = seat, who, lead, done
        self._boxes = boxes

    def compose(self) -> ComposeResult:
        if self._who:
            yield Static(self._who, classes="who", markup=False)
        yield Static(self._lead, markup=False)
        for name, question in self._boxes:
            yield Static(question, classes="asked", markup=False)
            yield Input(id=f"write-{name}", max_length=500)
            yield Static(NO_REAL_PEOPLE, classes="quiet", markup=False)
        yield Button(self._done, id="write-done", variant="primary", flat=True)

    def on_mount(self) -> None:
        (self.query(Input).first() if self._boxes else self.query_one(Button)).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        boxes = list(self.query(Input))
        index = boxes.index(event.input)
        if index + 1 < len(boxes):
            boxes[index + 1].focus()
        else:
            self.hand_in()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.hand_in()

    def hand_in(self) -> None:
        """Hand in what is written, once."""
        if self.query_one(Button).disabled:
            return
        self.query_one(Button).disabled = True
        texts = {name: self.query_one(f"#write-{name}", Input).value.strip() for name, _ in self._boxes}
        self.post_message(self.Written(self._seat, texts))

    def take_back(self) -> None:
        """It could not be kept: let it be handed in again."""
        self.query_one(Button).disabled = False
