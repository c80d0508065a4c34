"""Who is let in: by which name a host was called, from whose pages, and how often somebody may guess.

Nothing of it knows what a room is. Times are seconds of a clock that only goes forward.
"""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

Clock = Callable[[], float]

PERIOD = 300.0  # seconds for which a wrong code counts
EACH = 30  # wrong codes in that time from one address
ALL = 300  # and from all: of 2**50 codes
ADDRESSES = 4096  # how many addresses are remembered


class Bucket:
    """So many at once, and so many a second after that."""

    def __init__(self, holds: float, each_second: float, clock: Clock = time.monotonic):
        self._holds, self._each_second, self._clock = holds, each_second, clock
        self._left, self._at = holds, clock()

    def take(self) -> float:
        """Take one. Returns 0, or the seconds to wait before asking again; then nothing was taken."""
        now = self._clock()
        self._left = min(self._holds, self._left + (now - self._at) * self._each_second)
        self._at = now
        if self._left >= 1:
            self._left -= 1
            return 0.0
        return (1 - self._left) / self._each_second


class Guesses:
    """Counts wrong codes, for each address and for all; right ones cost nothing."""

    def __init__(self, each: int = EACH, all_: int = ALL, period: float = PERIOD, clock: Clock = time.monotonic):
        self._each, self._all, self._period, self._clock = each, all_, period, clock
        self._wrong: deque[float] = deque()
        self._from: OrderedDict[str, deque[float]] = OrderedDict()

    def may(self, address: str) -> bool:
        """Whether a code from there is looked at."""
        own = self._from.get(address, deque())
        return self._recent(own) < self._each and self._recent(self._wrong) < self._all

    def was_wrong(self, address: str) -> None:
        now = self._clock()
        self._wrong.append(now)
        self._from.setdefault(address, deque()).append(now)
        self._from.move_to_end(address)
        while len(self._from) > ADDRESSES:
            self._from.popitem(last=False)

    def _recent(self, times: deque[float]) -> int:
        while times and times[0] < self._clock() - self._period:
            times.popleft()
        return len(times)


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The names and ports a host answers to, each as a browser writes it in `Host`: `192.168.1.5:8080`, `training.example.org`."""

    known: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def of(cls, urls: Iterable[str]) -> Names:
        """The names in these addresses."""
        return cls(known=frozenset(_named(urlsplit(url).netloc) for url in urls))

    def called_right(self, host: str) -> bool:
        """Whether the name that a browser looked up is one of ours; any other may be a trap that was set with a name's answer."""
        return _named(host) in self.known

    def from_our_page(self, headers: Mapping[str, str]) -> bool:
        """Whether a form or a websocket was opened by a page of this host, by the same name."""
        source = headers.get("Origin") or headers.get(
            "Referer", ""
        )  # browsers that write no Origin on a form write this
        try:
            parts = urlsplit(source)
        except ValueError:
            return False
        ours = _named(headers.get("Host", ""))
        return parts.scheme in ("http", "https") and _named(parts.netloc) == ours and ours in self.known


def _named(netloc: str) -> str:
    """A name and port in one way of writing: the usual ports are left out, as browsers do."""
    name = netloc.rpartition("@")[2].lower()
    for usual in (":80", ":443"):
        name = name.removesuffix(usual)
    return name
