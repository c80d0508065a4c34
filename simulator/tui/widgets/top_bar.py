"""The two lines at the top of a play: which scenario and scene, what time it is there, whose turn it is."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from simulator.tui.widgets.ground import Ground


class _Line(Ground, Horizontal):
    """Two texts beside each other."""


class TopBar(Vertical):
    """Four texts in two lines. The story clock stands top right, where a clock is looked for."""

    DEFAULT_CSS = """
    TopBar {
        height: 2; background: $panel; padding: 0 1;
        _Line { height: 1; }
        Static { height: 1; width: 1fr; text-overflow: ellipsis; text-wrap: nowrap; }
        .right { width: auto; max-width: 60%; text-align: right; padding-left: 2; }
        #bar-title { color: $quiet; }
        #bar-clock { text-style: bold; }
        #bar-scene { text-style: bold; }
        #bar-turn { color: $primary; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[str, str] = {}

    def compose(self) -> ComposeResult:
        with _Line():
            yield Static(id="bar-title", markup=False)
            yield Static(id="bar-clock", classes="right", markup=False)
        with _Line():
            yield Static(id="bar-scene", markup=False)
            yield Static(id="bar-turn", classes="right", markup=False)

    def say(self, *, title: str, clock: str, scene: str, turn: str) -> None:
        for name, text in (("title", title), ("clock", clock), ("scene", scene), ("turn", turn)):
            self._say(name, text)

    def say_turn(self, turn: str) -> None:
        self._say("turn", turn)

    def _say(self, name: str, text: str) -> None:
        if self._said.get(name) != text:  # most stay from choice to choice, and each that changes is laid out anew
            self._said[name] = text
            self.query_one(f"#bar-{name}", Static).update(text)
