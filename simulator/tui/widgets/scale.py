"""A scale from 0 to 10 in one row: a digit answers, T for ten; or the arrows and Enter, or a click."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from simulator.predictions import MOST, Answer

CELL = 5  # columns of a number
KEYS = "0123456789t"


class Scale(Static, can_focus=True):
    """The numbers side by side, what the first and the last mean below. Posts `Chosen` for every press that answers."""

    DEFAULT_CSS = """
    Scale { height: 3; width: auto; margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "move(-1)", "Less", id="scale.less", tooltip="Select the number before", show=False),
        Binding("right", "move(1)", "More", id="scale.more", tooltip="Select the next number", show=False),
        Binding("enter", "commit", "Answer", key_display="Enter", id="scale.commit", tooltip="Answer what is selected"),
    ]

    selected: reactive[int | None] = reactive(None)

    class Chosen(Message):
        """A number was chosen for good. `answer`: its id."""

        def __init__(self, answer: str):
            super().__init__()
            self.answer = answer

    def __init__(self, answers: Sequence[Answer], id: str | None = None):
        super().__init__(id=id, markup=False)
        self._answers = tuple(answers)

    def render(self) -> Content:
        cells: list[tuple[str, str]] = []
        for number, answer in enumerate(self._answers):
            style = (
                "bold $block-cursor-foreground on $block-cursor-background"
                if number == self.selected
                else "bold $primary"
            )
            cells.append((answer.id.center(CELL), style))
        lowest, highest = (self._answers[at].text.partition("  ")[2] for at in (0, -1))
        words = f" {lowest}".ljust(CELL * len(self._answers) - len(highest) - 1) + highest
        hint = f" One press answers: 0–{MOST - 1}, T for {MOST}. Or ←→ and Enter."
        return Content.assemble(*cells, "\n", words, "\n", (hint, "$quiet"))

    def action_move(self, by: int) -> None:
        last = len(self._answers) - 1
        if self.selected is None:
            self.selected = 0 if by > 0 else last
        else:
            self.selected = min(last, max(0, self.selected + by))

    def action_commit(self) -> None:
        if self.selected is not None:
            self.post_message(self.Chosen(self._answers[self.selected].id))

    def _choose(self, number: int) -> None:
        if 0 <= number < len(self._answers):
            self.selected = number
            self.action_commit()

    def on_key(self, event: events.Key) -> None:
        if event.character and len(event.character) == 1 and event.character.lower() in KEYS:
            event.stop()
            self._choose(KEYS.index(event.character.lower()))

    def on_click(self, event: events.Click) -> None:
        if event.y == 0:
            self._choose(event.x // CELL)
