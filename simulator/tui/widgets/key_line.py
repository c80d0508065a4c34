"""The last line of every screen: the keys that work now. A key can also be clicked.

One widget that draws a line, where the framework's own footer is one styled widget per key: on a first frame that
difference is a fifth of the waiting.
"""

from __future__ import annotations

from typing import Any

from textual.binding import Binding
from textual.content import Content
from textual.events import Click
from textual.screen import Screen
from textual.widget import Widget

CARE = ("help", "pause", "step_out")  # nobody may have to look for these


def _rank(binding: Binding) -> int:
    action = binding.action.removeprefix("app.")
    return CARE.index(action) if action in CARE else len(CARE)


class KeyLine(Widget):
    """The shown bindings of the screen, in order; always true, because it is drawn anew when they change.

    Where they do not all fit, help, pause and stepping out come first, and the last of the others are left out.
    """

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
        column = 1
        for binding in self._fitting():
            key = self.app.get_key_display(binding)
            width = self._width(binding)
            self._spans.append((column, column + width, binding.key))
            parts += [(key, "bold $footer-key-foreground"), Content(f" {binding.description}  ")]
            column += width + 2
        return Content.assemble(*parts)

    def _fitting(self) -> list[Binding]:
        """The bindings that there is room for."""
        shown: dict[str, Binding] = {}
        for active in self.screen.active_bindings.values():
            if active.binding.show and active.enabled:
                shown.setdefault(active.binding.action, active.binding)
        found = list(shown.values())
        if self._needs(found) > self.size.width:
            found.sort(key=_rank)
            while found and self._needs(found) > self.size.width:
                found.pop()
        return found

    def _needs(self, bindings: list[Binding]) -> int:
        """The columns of a line with these, one column free at its begin."""
        return 1 + sum(self._width(binding) + 2 for binding in bindings) - 2

    def _width(self, binding: Binding) -> int:
        return len(f"{self.app.get_key_display(binding)} {binding.description}")

    def on_click(self, event: Click) -> None:
        for begin, end, key in self._spans:
            if begin <= event.x < end:
                self.app.simulate_key(key)
                return
