"""What a room resolves after its debrief: to keep or to change something, who sees to it, by when. It ends in the workshop's report.

The words are remarks of the room's first session, four lines each; they can be changed and erased.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from simulator.led import RESOLVED, ROOM

if TYPE_CHECKING:
    from simulator.log import Store
    from simulator.session import Session

NO_NAMES = "A role or an agency, no person: a role can still be asked next year."


class NotADay(ValueError):
    """What was typed is no day; the message says how to write one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """A line of the list. `owner`: a role or an agency; `due`: an ISO day, or empty. `session`, `note`: where it is kept."""

    kind: Literal["keep", "change"]
    what: str
    owner: str = ""
    due: str = ""
    session: str = ""
    note: str = ""


def write(session: Session, line: Resolved) -> None:
    """Keep a line, in place of the one with its note if it has one. Raises LogError."""
    words = "\n".join((line.kind, *(" ".join(text.split()) for text in (line.what, line.owner, line.due))))
    session.resolve(words, line.note or None)


def erase(session: Session, line: Resolved) -> None:
    """Take a line back. Raises LogError."""
    session.resolve("", line.note)


def read(store: Store, sessions: Iterable[str]) -> tuple[Resolved, ...]:
    """The lists of these sessions, in the order they were written. Raises LogError."""
    return tuple(line for ident in sessions for line in _of(store, ident))


def _of(store: Store, ident: str) -> Iterator[Resolved]:
    for seat, phase, text in store.remarks(ident):
        if seat == ROOM and phase.startswith(RESOLVED):
            kind, what, owner, due, *_ = [*text.split("\n"), "", "", ""]
            yield Resolved(
                kind="keep" if kind == "keep" else "change",
                what=what,
                owner=owner,
                due=due,
                session=ident,
                note=phase.removeprefix(RESOLVED),
            )


def day(text: str) -> str:
    """A day as it is kept: `2026-06-03`, or nothing. Raises NotADay."""
    text = text.strip()
    if not text:
        return ""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise NotADay("write the day as 2026-06-03, or leave it empty") from None
