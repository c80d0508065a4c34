"""What whoever runs the room says to people in their debrief: told once as it comes, and readable above the debrief from then on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from simulator.led import WHO

if TYPE_CHECKING:
    from simulator.session import Session

FROM = f"From {WHO}"


class FromLeader(VerticalScroll):
    """Not there before anything was said. The newest stands last, where it is scrolled to."""

    DEFAULT_CSS = """
    FromLeader { display: none; height: auto; max-height: 8; padding: 0 2; background: $surface; scrollbar-size-vertical: 1; }
    FromLeader Static { height: auto; max-width: 100; }
    .-short FromLeader { max-height: 4; }
    """

    def __init__(self) -> None:
        super().__init__(id="debrief-said")
        self._texts: tuple[str, ...] | None = None

    def compose(self) -> ComposeResult:
        yield Static("", markup=False)

    def say(self, texts: Sequence[str]) -> tuple[str, ...]:
        """Show all that was said. Returns what is new; nothing the first time, when somebody has come back to it."""
        before, self._texts = self._texts, tuple(texts)
        if before == self._texts:
            return ()
        lines = [Content.assemble((f"{FROM}: ", "bold $secondary"), text) for text in texts]
        self.query_one(Static).update(Content("\n").join(lines))
        self.display = bool(texts)
        self.call_after_refresh(self.scroll_end, animate=False)
        return self._texts[len(before) :] if before is not None else ()


def said_to(session: Session, seats: Sequence[str]) -> tuple[str, ...]:
    """What was said since the story's last step to everybody who sits at one screen. Raises LogError."""
    heard = [{said.note: said.text for said in session.said_since(seat)} for seat in seats]
    return tuple(text for note, text in heard[0].items() if all(note in each for each in heard)) if heard else ()
