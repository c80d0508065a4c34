"""The middle of a play: the story above, and below it what can be done now."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical

from simulator.tui.widgets.choices import Choices
from simulator.tui.widgets.ground import Covered
from simulator.tui.widgets.onward import Onward
from simulator.tui.widgets.scale import Scale
from simulator.tui.widgets.transcript import Transcript

STORY = 4  # lines of the story that are always on the screen
FRAME = 2  # lines around the list of choices: the rule above it, the commit button below it
ROOMY = 16  # lines from which the story also has an empty line above it


class Main(Covered, Vertical):
    """In a small window the list of choices scrolls, so that the story stays in sight."""

    DEFAULT_CSS = """
    Main.-cramped Transcript { padding: 0 1; }
    """

    def compose(self) -> ComposeResult:
        yield Transcript(id="story")
        yield Choices(id="choices")
        yield Scale(id="scale")
        yield Onward(id="onward")

    def on_resize(self, event: events.Resize) -> None:
        height = event.size.height
        self.set_class(height < ROOMY, "-cramped")
        room = height - STORY - FRAME - (height >= ROOMY)
        self.query_one(Scale).make_room(max(1, room + 1))  # it has a rule above and no button
        choices = self.query_one(Choices)
        choices.query_one("#choices-list").styles.max_height = max(1, min(self.app.size.height // 2, room))
