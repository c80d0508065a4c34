"""The card of one scene, over the map: its words, who is there, what can be done, how it is rated, where it leads."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from facilitator.outline import Block


class CardScreen(ModalScreen[None]):
    """Everything about one scene."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter", "close", "Close", id="card.close", tooltip="Back to the map"),
    ]

    def __init__(self, title: str, blocks: tuple[Block, ...]):
        super().__init__()
        self._title, self._blocks = title, blocks

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog dialog-wide", id="card"):
            yield Static(self._title, classes="dialog-title", markup=False)
            for block in self._blocks:
                parts = [Content.styled(block.heading, "bold $primary")] if block.heading else []
                yield Static(Content("\n").join([*parts, *map(Content, block.lines)]), classes="card-block")
            yield Static("The arrows scroll. Esc or Enter closes this.", classes="key-hint")

    def action_close(self) -> None:
        self.dismiss()
