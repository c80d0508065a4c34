"""Many apps in one process: what the framework keeps for one app on a fast terminal is too much for a hundred.

Measured with 12 seats of one scenario, each after its first screen: 5.1 MB and 0.32 s of processor time a seat without this, 2.2 MB and 0.15 s
with it. `lean` is for the process and as long as it hosts; `share_styles` is for each app.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from textual import strip
from textual.app import App
from textual.css.stylesheet import Stylesheet

# A seat's screen is some twenty thousand objects that live as long as its tab. At Python's own pace of looking for rubbish, nearly half
# of the time in which people join went into looking at them again and again.
PACE = (50_000, 10, 5)
_CACHE = "FIFOCache"  # what the framework's module of screen lines makes its caches with
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
    """Look for rubbish less often meanwhile, and let no line of a screen carry seven caches: a tab draws each line about once."""
    pace, kept = gc.get_threshold(), getattr(strip, _CACHE, None)
    gc.set_threshold(*PACE)
    never = _Never()
    if kept is not None:  # the framework's own; a version that does without it needs no help
        setattr(strip, _CACHE, lambda _: never)
    try:
        yield
    finally:
        gc.set_threshold(*pace)
        gc.unfreeze()
        if kept is not None:
            setattr(strip, _CACHE, kept)


def settle() -> None:
    """What is there before anybody comes stays; never look at it again."""
    gc.collect()
    gc.freeze()


def sweep(closed: int, still_open: int) -> bool:
    """Take away what closed tabs have left, once it is worth the third of a second that it may take. Whether it was done.

    Python's own looking waits for more than a room ever makes; without this each seat that is opened again would cost its memory twice.
    """
    if closed < max(FEW, still_open // 4):
        return False
    gc.collect()
    return True


def share_styles(app: App[Any]) -> None:
    """Parse the same styles once for all apps instead of three hundred times for each."""
    if hasattr(app.stylesheet, "_parse_cache") and hasattr(app.stylesheet, "_variables"):
        app.stylesheet._parse_cache = _Parsed(app.stylesheet)  # type: ignore[assignment]
