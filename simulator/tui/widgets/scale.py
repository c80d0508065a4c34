"""A question with a scale from 0 to 10 below it: a digit answers, T for ten; or the arrows and Enter, or a click."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from simulator.predictions import MOST, Answer
from simulator.tui.widgets.choices import SELECTED

CELL = range(3, 6)  # columns that a number may take
KEYS = "0123456789t"
MORE = "   ▼ PgDn: more"


class Scale(Widget, can_focus=True):
    """The numbers side by side, what the first and the last mean below. Posts `Chosen` for every press that answers."""

    DEFAULT_CSS = """
    Scale { height: auto; border-top: solid $rule; padding: 0 2; }
    Scale:focus { border-top: solid $primary; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "move(-1)", "Less", id="scale.less", tooltip="Select the number before", show=False),
        Binding("right", "move(1)", "More", id="scale.more", tooltip="Select the next number", show=False),
        Binding("enter", "commit", "Answer", key_display="Enter", id="scale.commit", tooltip="Answer what is selected"),
    ]

    selected: reactive[int | None] = reactive(None)

    class Chosen(Message):
        """A number was chosen. `answer`: its id."""

        def __init__(self, answer: str):
            super().__init__()
            self.answer = answer

    def __init__(self, id: str | None = None):
        super().__init__(id=id, markup=False)
        self._question = self._about = self._brief = Content("")
        self._room = 100
        self._answers: tuple[Answer, ...] = ()
        self._more = False

    def say_more(self, more: bool) -> None:
        """Whether the story above goes on below the edge."""
        if more != self._more:
            self._more = more
            self.refresh()

    def ask(self, question: Content, about: Content, answers: Sequence[Answer], *, brief: Content) -> None:
        """Show this question, with nothing selected. `about`: what stands below it; `brief`: the same where there is little room."""
        self._question, self._about, self._brief = question, about, brief
        self._answers, self.selected = tuple(answers), None
        self.display = True
        self.refresh(layout=True)
        self.focus()

    def make_room(self, lines: int) -> None:
        """Take no more than so many lines, if the question can be read in them."""
        if lines != self._room:
            self._room = lines
            self.refresh(layout=self.display)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._drawn(width).wrap(max(1, width)))

    def render(self) -> Content:
        return self._drawn(self.content_size.width)

    def _drawn(self, width: int) -> Content:
        if not self._answers:
            return Content("")
        cell = self._cell(width)
        cells = [
            (answer.id.center(cell), SELECTED if number == self.selected else "bold $primary")
            for number, answer in enumerate(self._answers)
        ]
        lowest, highest = (self._answers[at].text.partition("  ")[2] for at in (0, -1))
        words = f" {lowest}".ljust(cell * len(self._answers) - len(highest) - 1) + highest
        hint = f" One press answers: 0–{MOST - 1}, T for {MOST}. Or ←→ and Enter."
        if self._more and len(hint) + len(MORE) <= width:
            hint += MORE
        whole = Content.assemble(self._question, "\n", self._about, "\n\n", *cells, "\n", words, "\n", (hint, "$quiet"))
        if len(whole.wrap(max(1, width))) <= self._room:
            return whole
        return Content.assemble(
            self._question, "\n", *cells, "\n", (f" 0–{MOST - 1}, T for {MOST}. ", "$quiet"), self._brief
        )

    def _cell(self, width: int) -> int:
        return min(max(width // len(self._answers), CELL[0]), CELL[-1])

    def action_move(self, by: int) -> None:
        last = len(self._answers) - 1
        if self.selected is None:
            self.selected = 0 if by > 0 else last
        else:
            self.selected = min(last, max(0, self.selected + by))

    def action_commit(self) -> None:
        if self.selected is not None:
            self.post_message(self.Chosen(self._answers[self.selected].id))

    def press(self, key: str) -> bool:
        """Answer with the number that has this key. False if none has."""
        return len(key) == 1 and key in KEYS and self._choose(KEYS.index(key))

    def _choose(self, number: int) -> bool:
        if not 0 <= number < len(self._answers):
            return False
        self.selected = number
        self.action_commit()
        return True

    def on_key(self, event: events.Key) -> None:
        if event.character and self.press(event.character.lower()):
            event.stop()

    def on_click(self, event: events.Click) -> None:
        at, width = event.get_content_offset(self), self.content_size.width
        lines = [line.plain.split() for line in self._drawn(width).wrap(max(1, width))]
        if at is not None and self._answers and at.y == lines.index([answer.id for answer in self._answers]):
            self._choose(at.x // self._cell(width))
