"""Painting a screen once it stands still.

When a story goes on, its screen is laid out two or three times in a row: the new lines, then the place where reading begins, then what is
offered below it. The framework paints after each: three screens of text for a change that a person sees as one, and in a room of a
hundred seats most of what the host does.
"""

from __future__ import annotations

import asyncio
from typing import Generic

from textual.app import ReturnType
from textual.geometry import Size
from textual.screen import Screen

STILL = 0.012  # seconds without another layout after which the screen is painted
LATEST = 0.100  # seconds after `settle` at which it is painted, whatever follows


class SettlingScreen(Screen[ReturnType], Generic[ReturnType]):
    """Paints as any other screen; for a moment after `settle` only once no layout has followed the last one."""

    _moving = False  # whether a layout is under way
    _latest = 0.0  # until when painting may wait, by the loop's clock
    _waiting: asyncio.TimerHandle | None = None

    def settle(self) -> None:
        """What is drawn now takes several layouts: paint it when they are through."""
        self._latest = asyncio.get_running_loop().time() + LATEST

    def _refresh_layout(self, size: Size | None = None, scroll: bool = False) -> None:
        self._moving = True
        try:
            super()._refresh_layout(size, scroll)
        finally:
            self._moving = False

    def _compositor_refresh(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        if self._waiting is None and (not self._moving or now >= self._latest):
            super()._compositor_refresh()
            return
        self._dirty_widgets.clear()  # the compositor knows already where they are
        self._wait_until(min(now + STILL, self._latest))

    def _wait_until(self, due: float) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
        self._waiting = asyncio.get_running_loop().call_at(due, self._paint)

    def _paint(self) -> None:
        self._waiting = None
        if (self._layout_required or self._scroll_required) and asyncio.get_running_loop().time() < self._latest:
            self._wait_until(self._latest)  # the layout that is about to come will ask for less
        elif self.is_running and self.app.is_running:
            super()._compositor_refresh()
