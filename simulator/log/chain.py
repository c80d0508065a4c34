"""The chain of digests: why an event that was altered afterwards does not stay unnoticed.

Each event's digest covers the digest of the event before. Whoever changes, drops or slips in an event has to rewrite
everything after it. The chain shows accidents and clumsy hands; against somebody who rewrites the whole file, only a
digest noted elsewhere helps.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any

Row = tuple[int, str, str, str, str]  # seq, at, body as canonical JSON, digest before, digest


def canonical(body: Mapping[str, Any]) -> str:
    """The one spelling of an event as JSON. Raises ValueError or TypeError for what JSON cannot hold."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def text_digest(text: str) -> str:
    """The digest a text is known by: SHA-256 of its UTF-8, in hex."""
    return sha256(text.encode()).hexdigest()


def event_digest(before: str, session: str, seq: int, at: str, body: str) -> str:
    """The digest of an event, in hex. `before` is the digest of the event before, empty for event 0."""
    return sha256(f"{before}\n{session}\n{seq}\n{at}\n{body}".encode()).hexdigest()


def breaks(session: str, rows: Iterable[Row], first: int = 0, before: str | None = "") -> Iterator[tuple[int, str]]:
    """Where the chain is broken: (seq, what is wrong there), for rows in order, the first expected to be `first`.

    `before` is the digest of the event before `first`; None if it is not known.
    """
    expected = first
    for seq, at, body, said_before, digest in rows:
        if seq != expected:
            lost = f"event {expected} is" if seq == expected + 1 else f"events {expected} to {seq - 1} are"
            yield seq, f"{lost} missing"
        elif before is not None and said_before != before:
            yield seq, f"event {seq} does not follow from the event before it"
        if event_digest(said_before, session, seq, at, body) != digest:
            yield seq, f"event {seq} has been changed since it was kept"
        expected, before = seq + 1, digest
