"""Many apps of one process have the same styles in the same colours. The framework reads them anew for each app, and again for each of
its screens that brings some of its own: 65 ms of a core for a seat that comes in, nearly all it takes to let somebody in.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from textual.css import stylesheet
from textual.css.stylesheet import Stylesheet

_TOKENS = "tokenize_values"  # what the framework's module of stylesheets takes colours apart with
LOOKS = 8  # how many sets of colours are kept

_parsed: dict[frozenset[tuple[str, str]], dict[Any, Any]] = {}


class _Parsed:
    """What one stylesheet has parsed, shared with all whose colours are the same at the moment."""

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
def styles_read_once() -> Iterator[None]:
    """Share what is parsed of the same styles among all apps that begin meanwhile."""
    begin, tokens = Stylesheet.__init__, getattr(stylesheet, _TOKENS)

    @lru_cache(LOOKS)
    def tokens_of(colours: tuple[tuple[str, str], ...]) -> Any:
        return tokens(dict(colours))

    def begin_sharing(sheet: Stylesheet, *, variables: dict[str, str] | None = None) -> None:
        begin(sheet, variables=variables)
        sheet._parse_cache = _Parsed(sheet)  # type: ignore[assignment]

    def tokens_once(colours: dict[str, str]) -> Any:
        return tokens_of(tuple(colours.items()))

    Stylesheet.__init__ = begin_sharing  # type: ignore[assignment,method-assign]
    setattr(stylesheet, _TOKENS, tokens_once)
    try:
        yield
    finally:
        Stylesheet.__init__ = begin  # type: ignore[method-assign]
        setattr(stylesheet, _TOKENS, tokens)
