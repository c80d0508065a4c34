"""What happened, in order, with everybody's private knowledge open: the second part of the debrief."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from simulator.at_table import everybody
from simulator.tui.words import and_list, clock, paragraphs, sentence

if TYPE_CHECKING:
    from simulator.timeline import Moment


class Timeline(VerticalScroll):
    """Scenes as headings, below them who did, said and learned what. What only some knew at the time says so."""

    DEFAULT_CSS = """
    Timeline {
        padding: 1 2; scrollbar-size-vertical: 1;
        Static { max-width: 92; }
        .-scene { margin-top: 1; }
        .-choice, .-message, .-chance, .-inject, .-learned { padding-left: 2; }
        .-private { margin-left: 2; padding-left: 1; border-left: outer $accent; }
        .-account { margin-top: 1; padding: 0 2; border: round $accent; border-title-color: $accent; }
    }
    """

    def __init__(
        self,
        moments: Iterable[Moment],
        *,
        ending: str | None,
        account: str | None,
        seats: int = 2,
        id: str | None = None,
    ):
        super().__init__(id=id)
        self._lines = list(_lines(moments))
        self._ending, self._account, self._seats = ending, account, seats

    def compose(self) -> Iterator[Widget]:
        some = "one" if self._seats <= 2 else "some"
        yield Static(
            f"What only {some} of you could see then is open to {everybody(self._seats)} now.", classes="quiet"
        )
        for kind, content in self._lines:
            yield Static(content, classes=f"-{kind}", markup=False)
        if self._ending:
            yield Static(Content.assemble(("The story ended: ", "bold"), self._ending), classes="-scene", markup=False)
        if self._account:
            box = Static(paragraphs(self._account), classes="-account", markup=False)
            box.border_title = "The survivor's own account, some weeks later"
            yield box


def _lines(moments: Iterable[Moment]) -> Iterator[tuple[str, Content]]:
    scene: tuple[str, ...] = ()  # who alone was in the scene that is being told; it need not be said on every line
    for moment in moments:
        said = moment.private_to and (moment.kind == "scene" or moment.private_to != scene)
        scene = moment.private_to if moment.kind == "scene" else scene
        only = (f"  (only {and_list(moment.private_to)})", "$accent") if said else ""
        text = Content(paragraphs(moment.text))
        if moment.kind == "scene":
            yield "scene", Content.assemble((f"{clock(moment.at)}  ", "$quiet"), (moment.text, "bold $primary"), only)
        elif moment.kind == "private":
            yield "private", Content.assemble((f"{moment.who}, privately: ", "bold $accent"), text)
        elif moment.kind == "message":
            yield "message", Content.assemble((f"Message from {moment.who}: ", "bold $secondary"), text, only)
        elif moment.kind == "learned":
            yield "learned", Content.assemble(("+ ", "bold"), sentence(moment.text))
        elif moment.kind == "inject":
            yield "inject", Content.assemble(("From outside: ", "bold $warning"), text, only)
        elif moment.kind == "chance":
            yield "chance", Content.assemble(("◆ ", "bold"), text, only)
        else:
            yield "choice", Content.assemble(("▸ ", "bold"), (f"{moment.who}: ", "bold"), text, only)
