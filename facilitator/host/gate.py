"""Who is let in: by which name a host was called, from whose pages, from where, and how often somebody may guess.

Nothing of it knows what a room is. Times are seconds of a clock that only goes forward.
"""

from __future__ import annotations

import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

Clock = Callable[[], float]

PERIOD = 300.0  # seconds for which a wrong code counts
EACH = 30  # wrong codes in that time from one address
ALL = 300  # and from all: of 2**50 codes
ADDRESSES = 4096  # how many addresses are remembered
FROM_ONE = 400  # connections, or open requests, from one address


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


class Callers:
    """Where requests come from, and how many of each are open; a tab is one for as long as it stands.

    `proxies`: how many stand before this host, each of which adds whom it was called by to `X-Forwarded-For`; 0: nobody reads that.
    """

    def __init__(self, proxies: int = 0, most: int = FROM_ONE):
        self._proxies, self._most = proxies, most
        self._open: Counter[str] = Counter()

    def address(self, peer: str, forwarded: Iterable[str]) -> str:
        """The address of whoever asks; `peer`, if the header tells none. `forwarded`: all headers of that name, in their order.

        Counted from the right, where the own proxies write: whatever a client sends itself stands to the left of that.
        """
        hops = ",".join(forwarded).split(",")
        if not 0 < self._proxies <= len(hops):
            return peer
        return _address(hops[-self._proxies]) or peer

    @contextmanager
    def call(self, address: str) -> Iterator[bool]:
        """For as long as a request is open. Whether it is not one too many from there."""
        self._open[address] += 1
        try:
            yield self._open[address] <= self._most
        finally:
            self._open[address] -= 1
            if not self._open[address]:
                del self._open[address]


def _address(text: str) -> str:
    """An address in one way of writing, without its port; empty if it is none."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text)
    except ValueError:
        return ""
    return str((isinstance(found, IPv6Address) and found.ipv4_mapped) or found)


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
