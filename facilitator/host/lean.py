"""Many apps in one process: what the framework keeps for one app on a fast terminal is too much for a hundred.

Measured with 12 seats of one scenario, each after its first screen: 5.1 MB and 0.32 s of processor time a seat without this, 2.2 MB and 0.15 s
with it. `lean` is for the process and as long as it hosts.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from functools import partial
from typing import Any, ParamSpec, TypeVar

from textual import screen, strip
from textual.widget import Widget

from facilitator.host.styles import styles_read_once

_CACHE = "FIFOCache"  # what the framework's module of screen lines makes its caches with
_PERIOD = "UPDATE_PERIOD"  # its module of screens: seconds between two looks whether anything is to be painted
# A property of its widgets that the layout itself sets, and what follows from a change of it: each page was laid out and painted
# twice, the second time as it was already.
_SIZED, _FOLLOWS = Widget.__dict__["virtual_size"], ("_layout", "_repaint")
# A look for rubbish stops every seat, and looks at all that came since the one before. So looks are short and many, and what a seat holds
# for as long as its tab (some twenty thousand objects) is set aside soon after it came: with a hundred seats, a look at all takes a second.
PACE = (5_000, 10, 10)
ARRIVING = 60.0  # seconds after a tab was opened in which what it holds is set aside
LOOKS_A_SECOND = 120  # whether there is something to paint; half of the time between two is what each change waits
FEW = 10  # closed tabs that may lie about
THREADS = 32  # that read and write the store for all seats

P = ParamSpec("P")
T = TypeVar("T")


class Threads(ThreadPoolExecutor):
    """Threads that keep nothing of what they have done.

    The framework notes in the thread which work it does, and that work knows its app. An idle thread would keep a closed tab in memory
    until it happened to be given something else.
    """

    def __init__(self) -> None:
        super().__init__(THREADS, "store")

    def submit(self, work: Callable[P, T], /, *args: P.args, **others: P.kwargs) -> Future[T]:
        return super().submit(partial(copy_context().run, work, *args, **others))


class _Never:
    """A cache that keeps nothing."""

    __slots__ = ()

    def get(self, key: object, default: Any = None) -> Any:
        return default

    def __setitem__(self, key: object, value: object) -> None:
        pass


@contextmanager
def lean() -> Iterator[None]:
    """Look for rubbish in small parts meanwhile, paint sooner and only once, read the same styles once, and let no line of a screen
    carry seven caches: a tab draws each line about once."""
    pace, kept, period = gc.get_threshold(), getattr(strip, _CACHE, None), getattr(screen, _PERIOD, None)
    follows = {name: getattr(_SIZED, name) for name in _FOLLOWS if hasattr(_SIZED, name)}
    gc.set_threshold(*PACE)
    never = _Never()
    if kept is not None:  # the framework's own; a version that does without it needs no help
        setattr(strip, _CACHE, lambda _: never)
    if period is not None:
        setattr(screen, _PERIOD, 1 / LOOKS_A_SECOND)
    for name in follows:
        setattr(_SIZED, name, False)
    try:
        with styles_read_once():
            yield
    finally:
        gc.set_threshold(*pace)
        gc.unfreeze()
        if kept is not None:
            setattr(strip, _CACHE, kept)
        if period is not None:
            setattr(screen, _PERIOD, period)
        for name, before in follows.items():
            setattr(_SIZED, name, before)


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
