"""Games at hand for whoever reads many sessions: most of a store's sessions play the same texts."""

from __future__ import annotations

from collections import OrderedDict

from simulator.carried import BadCarried
from simulator.events import BadEvent, Start
from simulator.game import Game
from simulator.library import Bundle, Text, bundle_from_texts
from simulator.log import Store
from simulator.play import game_of
from simulator.variants import BadDraw


class Games:
    """The games of sessions read before, by the content of their texts and by what they drew.

    Most sessions of a store play the same texts: they are read once, however many draws there are of them.
    """

    def __init__(self, keep: int = 8, draws: int = 32) -> None:
        self._keep, self._draws = keep, draws
        self._read: OrderedDict[tuple[str, ...], Bundle] = OrderedDict()
        self._known: OrderedDict[tuple[object, ...], tuple[Bundle, Game]] = OrderedDict()

    def of(self, store: Store, ident: str, start: Start) -> tuple[Bundle, Game]:
        """What a session plays whose event 0 this is. Raises LogError, Unreadable, BadEvent (it has no such draw)."""
        texts = tuple(sorted(start.texts.values()))
        bundle = self._bundle(store, ident, texts)
        try:
            bundle = bundle.drawn(start.draw).standing(start.series, start.carried)
        except BadDraw as error:
            raise BadEvent(f"the session's draw does not fit its texts: {error}") from None
        except BadCarried as error:
            raise BadEvent(str(error)) from None
        key = (texts, tuple(sorted(bundle.draw.items())), *bundle.stands.values(), bundle.carried.digest)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = (bundle, game_of(bundle))
            if len(self._known) > self._draws:
                self._known.popitem(last=False)
        self._known.move_to_end(key)
        return found

    def _bundle(self, store: Store, ident: str, texts: tuple[str, ...]) -> Bundle:
        """The texts as written, by their digests."""
        found = self._read.get(texts)
        if found is None:
            found = self._read[texts] = bundle_from_texts(Text(*text) for text in store.texts(ident))
            if len(self._read) > self._keep:
                self._read.popitem(last=False)
        self._read.move_to_end(texts)
        return found
