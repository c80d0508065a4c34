"""Before the first scene at a seat of one's own: what the story holds, and the ground rules. Nobody is hurried past it.

Only where whoever runs the room ends the play meanwhile does it go away by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from simulator.tui.page import Page
from simulator.tui.screens.care import Quiet
from simulator.tui.screens.lobby import GROUND_RULES
from simulator.tui.widgets.key_line import KeyLine
from simulator.tui.words import bullets
from simulator.watching import in_loop

if TYPE_CHECKING:
    from simulator.session import Session

FREE = "If any of this is close to you, you need not play, and nobody asks why."


class Before(Page[bool]):
    """Closed with True by whoever wants to begin, with False by whoever does not."""

    CSS = """
    Before #before-page { padding: 1 2; }
    Before #before-page > * { max-width: 100; }
    """
    help_text = "What the story holds, before it begins. F9 begins; Esc leaves your seat for now, and nobody asks why."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f9", "begin", "Begin", id="before.begin", tooltip="Begin the story"),
        Binding("escape", "not_now", "Not now", id="before.not-now", tooltip="Leave your seat for now"),
    ]

    def __init__(self, session: Session, seat: str):
        super().__init__()
        self._session, self._seat = session, seat
        self._stop: Callable[[], None] = lambda: None

    def compose(self) -> ComposeResult:
        bundle = self._session.bundle
        scenario = bundle.scenario
        seat = scenario.seats[self._seat]
        role = bundle.vocabulary.roles[seat.role].label
        with VerticalScroll(id="before-page"):
            yield Static(Content.assemble((scenario.title, "bold $primary"), f"   you are {seat.name}, {role.lower()}"))
            yield Static("")
            holds = Static(Content.assemble((bullets(scenario.advisories), "bold"), "\n", FREE), classes="box")
            holds.border_title = "What this story holds"
            yield holds
            rules = Static(Content("\n").join(Content(f"· {rule}") for rule in GROUND_RULES), classes="box")
            rules.border_title = "Between us"
            yield rules
            support = self.desk.support
            yield Static(f"Somebody to talk to: {support}" if support else "", classes="quiet", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        assert self.desk.watcher is not None
        self._stop = self.desk.watcher.watch(self._session.id, len(self._session.events), in_loop(self._heard))

    def on_unmount(self) -> None:
        self._stop()

    def _heard(self, _: int) -> None:
        if self.is_attached:
            self.in_background(self._session.catch_up, lambda _: self._move_on(), lambda _: None, group="heard")

    def on_screen_resume(self) -> None:
        self._move_on()

    def _move_on(self) -> None:
        """Where whoever runs the room has ended the play there is nothing to begin: the seat goes on to its debrief by itself, but for
        whoever has paused or stepped out."""
        if not self._session.concluded or self not in self.app.screen_stack:
            return
        if any(isinstance(screen, Quiet) for screen in self.app.screen_stack):
            return
        while self.app.screen is not self:
            self.app.pop_screen()
        self.dismiss(True)

    def action_begin(self) -> None:
        self.dismiss(True)

    def action_not_now(self) -> None:
        self.dismiss(False)
