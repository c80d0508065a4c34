"""Outlooks at hand: each is worked out once in a process, by the content of the texts it was made from."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import Future

from simulator.compiled.memory import TooIntricate
from simulator.compiled.preparing import NOTHING_BROUGHT, Brought
from simulator.game import Game
from simulator.library import Bundle
from simulator.outlook import Outlook, TooLarge
from simulator.outlook.adviser import Adviser
from simulator.outlook.knowledge import Observer
from simulator.partner import NoExpert
from simulator.session import game_of

KEPT = 4  # outlooks kept; one of a library scenario takes some tens of megabytes


class NoOutlook(Exception):
    """This scenario has no exact outlook; the message says why, in a trainee's words."""


class Ready:
    """An outlook with what is used beside it."""

    def __init__(self, game: Game, brought: Brought = NOTHING_BROUGHT) -> None:
        self.outlook = Outlook.of(game, brought=brought)
        self.outlook.graph.forget_words()
        self.observers: Mapping[str, Observer] = {seat: Observer(game, seat, brought) for seat in game.seats}


_lock = threading.Lock()
_kept: OrderedDict[tuple[str, ...], Future[Ready]] = OrderedDict()


def begin(bundle: Bundle, brought: Brought = NOTHING_BROUGHT) -> Future[Ready]:
    """Start working an outlook out in the background, unless it is at hand or under way. `brought`: see `injecting.brought`."""
    texts = sorted(text.digest for text in bundle.texts if text.kind != "series")
    key = (*texts, bundle.carried.digest, *(f"{each} in {where}" for each, where in sorted(brought)))
    with _lock:
        found = _kept.get(key)
        if found is None:
            found = _kept[key] = Future()
            threading.Thread(target=_work, args=(found, bundle, brought), daemon=True, name="outlook").start()
        _kept.move_to_end(key)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
        return found


def outlook_of(bundle: Bundle, brought: Brought = NOTHING_BROUGHT) -> Ready:
    """The outlook of a scenario under its setting; waits until it is worked out. Raises NoOutlook.

    `brought`: the injects by hand of the play that is looked at; one of another play does not know its states.
    """
    try:
        return begin(bundle, brought).result()
    except TooLarge as error:
        raise NoOutlook(f"this scenario is too large to be explored whole: {error}") from None
    except TooIntricate as error:
        raise NoOutlook(f"this scenario cannot be explored: {error}") from None


def advisers_of(bundle: Bundle, brought: Brought = NOTHING_BROUGHT) -> Mapping[str, Adviser]:
    """An expert for every seat. Blocks until the outlook is worked out. Raises NoExpert."""
    try:
        ready = outlook_of(bundle, brought)
    except NoOutlook as error:
        raise NoExpert(
            f"the expert partner has to know every way this scenario can go: {error}. Choose “typical”."
        ) from None
    return {seat: Adviser(ready.outlook, observer) for seat, observer in ready.observers.items()}


def _work(found: Future[Ready], bundle: Bundle, brought: Brought) -> None:
    try:
        found.set_result(Ready(game_of(bundle.drawn({})), brought))  # by the texts, so the same whatever a session drew
    except BaseException as error:  # whoever waits is told
        found.set_exception(error)
