"""The last line of every screen: the keys that work now. A key can also be clicked.

One widget that draws a line, where the framework's own footer is one styled widget per key: on a first frame that
difference is a fifth of the waiting.
"""

from __future__ import annotations

from typing import Any

from textual.binding import Binding
from textual.content import Content
from textual.events import Click
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget

CARE = ("help", "pause", "step_out")  # nobody may have to look for these


def _rank(binding: Binding) -> int:
    action = binding.action.removeprefix("app.")
    return CARE.index(action) if action in CARE else len(CARE)


class KeyLine(Widget):
    """The shown bindings of the screen, in order; always true, because it is drawn anew when they change.

    Where they do not all fit, help, pause and stepping out come first, and the last of the others are left out.
    `rows`: how many lines it may take, for a screen of many keys; it takes no more than it needs.
    """

    DEFAULT_CSS = """
    KeyLine { dock: bottom; height: 1; background: $footer-background; color: $footer-foreground; }
    KeyLine.-rows { height: auto; }
    """

    def __init__(self, rows: int = 1) -> None:
        super().__init__(markup=False, classes="-rows" if rows > 1 else None)
        self._rows = rows
        self._spans: list[
            tuple[int, int, int, str]
        ] = []  # row, columns from and to, and the key that a click there presses

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def on_unmount(self) -> None:
        self.screen.bindings_updated_signal.unsubscribe(self)

    def _changed(self, screen: Screen[Any]) -> None:
        if self.is_attached and screen is self.screen:
            self.refresh(layout=self._rows > 1)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def render(self) -> Content:
        self._spans = []
        lines = []
        for row, line in enumerate(self._lines(self.size.width)):
            parts: list[Content | tuple[str, str]] = [Content(" ")]
            column = 1
            for binding in line:
                key = self.app.get_key_display(binding)
                width = self._width(binding)
                self._spans.append((row, column, column + width, binding.key))
                parts += [(key, "bold $footer-key-foreground"), Content(f" {binding.description}  ")]
                column += width + 2
            lines.append(Content.assemble(*parts))
        return Content("\n").join(lines)

    def _lines(self, width: int) -> list[list[Binding]]:
        """The bindings that there is room for, line by line."""
        shown: dict[str, Binding] = {}
        for active in self.screen.active_bindings.values():
            if active.binding.show and active.enabled:
                shown.setdefault(active.binding.action, active.binding)
        found = list(shown.values())
        lines = self._broken(found, width)
        if len(lines) > self._rows:
            found.sort(key=_rank)
            lines = self._broken(found, width)[: self._rows]
        return lines

    def _broken(self, bindings: list[Binding], width: int) -> list[list[Binding]]:
        """All of these, in as many lines as they need."""
        lines: list[list[Binding]] = [[]]
        column = 1  # one column is free at the begin of a line, and two between keys
        for binding in bindings:
            needs = self._width(binding)
            if column + needs > width:
                lines.append([])
                column = 1
            lines[-1].append(binding)
            column += needs + 2
        return lines

    def _width(self, binding: Binding) -> int:
        return len(f"{self.app.get_key_display(binding)} {binding.description}")

    def on_click(self, event: Click) -> None:
        for row, begin, end, key in self._spans:
            if row == event.y and begin <= event.x < end:
                self.app.simulate_key(key)
                return
