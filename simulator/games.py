"""Games at hand for whoever reads many sessions: most of a store's sessions play the same texts."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping

from simulator.game import Game
from simulator.library import Bundle, Text, bundle_from_texts
from simulator.log import Store
from simulator.play import game_of


class Games:
    """The games of sessions read before, by the content of their texts: most sessions of a store play the same."""

    def __init__(self, keep: int = 8) -> None:
        self._keep = keep
        self._known: OrderedDict[tuple[str, ...], tuple[Bundle, Game]] = OrderedDict()

    def of(self, store: Store, ident: str, texts: Mapping[str, str]) -> tuple[Bundle, Game]:
        """What a session plays whose event 0 names these texts (kind → digest). Raises LogError, Unreadable."""
        key = tuple(sorted(texts.values()))
        found = self._known.get(key)
        if found is None:
            bundle = bundle_from_texts(Text(*text) for text in store.texts(ident))
            found = self._known[key] = (bundle, game_of(bundle))
            if len(self._known) > self._keep:
                self._known.popitem(last=False)
        self._known.move_to_end(key)
        return found
