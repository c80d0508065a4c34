"""Many apps in one process: what the framework keeps for one app on a fast terminal is too much for a hundred.

Measured with 12 seats of one scenario, each after its first screen: 5.1 MB and 0.32 s of processor time a seat without this, 2.2 MB and 0.15 s
with it. `lean` is for the process and as long as it hosts; `share_styles` is for each app.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from textual import screen, strip
from textual.app import App
from textual.css.stylesheet import Stylesheet

_CACHE = "FIFOCache"  # what the framework's module of screen lines makes its caches with
_PERIOD = "UPDATE_PERIOD"  # its module of screens: seconds between two paints
# A look for rubbish stops every seat, and looks at all that came since the one before. So looks are short and many, and what a seat holds
# for as long as its tab (some twenty thousand objects) is set aside soon after it came: with a hundred seats, a look at all takes a second.
PACE = (5_000, 10, 10)
ARRIVING = 60.0  # seconds after a tab was opened in which what it holds is set aside
PAINTS = 25  # of a screen a second, at most: what changes together is laid out once
FEW = 10  # closed tabs that may lie about
LOOKS = 8  # how many sets of colours are kept parsed

_parsed: dict[frozenset[tuple[str, str]], dict[Any, Any]] = {}


class _Never:
    """A cache that keeps nothing."""

    __slots__ = ()

    def get(self, key: object, default: Any = None) -> Any:
        return default

    def __setitem__(self, key: object, value: object) -> None:
        pass


class _Parsed:
    """What one app's stylesheet has parsed, shared with all apps whose colours are the same at the moment."""

    def __init__(self, sheet: Stylesheet):
        self._sheet = sheet
        self._rules: dict[Any, Any] | None = None

    def __getitem__(self, key: object) -> Any:
        return self._now()[key]

    def __setitem__(self, key: object, rules: object) -> None:
        self._now()[key] = rules

    def clear(self) -> None:
        """The colours have changed: from now on share with others."""
        self._rules = None

    def _now(self) -> dict[Any, Any]:
        if self._rules is None:
            colours = frozenset(self._sheet._variables.items())
            if colours not in _parsed and len(_parsed) >= LOOKS:
                _parsed.clear()
            self._rules = _parsed.setdefault(colours, {})
        return self._rules


@contextmanager
def lean() -> Iterator[None]:
    """Look for rubbish in small parts meanwhile, paint less often, and let no line of a screen carry seven caches: a tab draws each
    line about once."""
    pace, kept, period = gc.get_threshold(), getattr(strip, _CACHE, None), getattr(screen, _PERIOD, None)
    gc.set_threshold(*PACE)
    never = _Never()
    if kept is not None:  # the framework's own; a version that does without it needs no help
        setattr(strip, _CACHE, lambda _: never)
    if period is not None:
        setattr(screen, _PERIOD, 1 / PAINTS)
    try:
        yield
    finally:
        gc.set_threshold(*pace)
        gc.unfreeze()
        if kept is not None:
            setattr(strip, _CACHE, kept)
        if period is not None:
            setattr(screen, _PERIOD, period)


def settle() -> None:
    """What is there before anybody comes stays; never look at it again."""
    gc.collect()
    gc.freeze()


def set_aside() -> None:
    """What is there now stays for as long as its tab does; look at it again only in a `sweep`."""
    gc.freeze()


def sweep(closed: int, still_open: int) -> bool:
    """Take away what closed tabs have left, once it is worth the second that it may take. Whether it was done.

    Python's own looking waits for more than a room ever makes; without this each seat that is opened again would cost its memory twice.
    """
    if closed < max(FEW, still_open // 4):
        return False
    gc.unfreeze()
    settle()
    return True


def share_styles(app: App[Any]) -> None:
    """Parse the same styles once for all apps instead of three hundred times for each."""
    if hasattr(app.stylesheet, "_parse_cache") and hasattr(app.stylesheet, "_variables"):
        app.stylesheet._parse_cache = _Parsed(app.stylesheet)  # type: ignore[assignment]
