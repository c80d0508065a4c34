"""The last line of every screen: the keys that work now. A key can also be clicked.

One widget that draws a line, where the framework's own footer is one styled widget per key: on a first frame that
difference is a fifth of the waiting.
"""

from __future__ import annotations

from typing import Any

from textual.content import Content
from textual.events import Click
from textual.screen import Screen
from textual.widget import Widget


class KeyLine(Widget):
    """The shown bindings of the screen, in order; always true, because it is drawn anew when they change."""

    DEFAULT_CSS = """
    KeyLine { dock: bottom; height: 1; background: $footer-background; color: $footer-foreground; }
    """

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._spans: list[tuple[int, int, str]] = []  # columns from, to, and the key that a click there presses

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def on_unmount(self) -> None:
        self.screen.bindings_updated_signal.unsubscribe(self)

    def _changed(self, screen: Screen[Any]) -> None:
        if self.is_attached and screen is self.screen:
            self.refresh()

    def render(self) -> Content:
        self._spans = []
        parts: list[Content | tuple[str, str]] = [Content(" ")]
        column, told = 1, set()
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if not (binding.show and active.enabled) or binding.action in told:
                continue
            told.add(binding.action)
            key = self.app.get_key_display(binding)
            text = f"{key} {binding.description}"
            self._spans.append((column, column + len(text), binding.key))
            parts += [(key, "bold $footer-key-foreground"), Content(f" {binding.description}  ")]
            column += len(text) + 2
        return Content.assemble(*parts)

    def on_click(self, event: Click) -> None:
        for begin, end, key in self._spans:
            if begin <= event.x < end:
                self.app.simulate_key(key)
                return
