"""Where sessions are kept: an append-only log of events, the texts they play, and who sat where.

`open_store` gives a `Store`. Whatever goes wrong with one is a `LogError`, whose message is one sentence for the user:

    LogError
     ├─ Stale           somebody else appended first; read again and choose again
     ├─ NoSuchSession   no session has that id
     ├─ Damaged         the chain is broken, or the file cannot be read as a store
     ├─ Unwritable      disk full, read-only, locked for too long, no such folder, no answer from the server
     └─ TooNew          a newer Handoff wrote the store

The store knows nothing of what an event means: it keeps plain dicts, in order, each with the digest of the one before.
Aliases and remarks are erasable and stand outside that chain.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Unpack

from simulator.log.listing import Column, Listed, Wanted

if TYPE_CHECKING:
    from scoring.panel import Vote
    from scoring.summary import Summary
    from simulator.log.dialect import Sql
    from simulator.log.following import Follower
    from simulator.log.rooms import Room, Ticket

# The backend, and sqlite-utils with it, is imported only by `open_store`: most of the app's start needs neither.

Text = tuple[str, str, str, str, str]  # kind, id, digest, text, path: one of the texts a session plays
Remark = tuple[str, str, str]  # seat, phase, text


class LogError(Exception):
    """Something is wrong with a store; the message is one sentence for the user: what, where, how to mend it."""


class Stale(LogError):
    """Another append won: this place in the log is taken, or is not the next."""


class NoSuchSession(LogError):
    """No session of this store has that id."""


class Damaged(LogError):
    """The store cannot be read, or a session's chain is broken: at event `seq` of `session`, where these are known."""

    def __init__(self, message: str, session: str | None = None, seq: int | None = None):
        super().__init__(message)
        self.session, self.seq = session, seq


class Unwritable(LogError):
    """The store cannot take anything just now. Whatever it held, it still holds."""


class TooNew(LogError):
    """The store was written by a newer Handoff. Nothing in it was touched."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An event as the log holds it. `at`: UTC, ISO 8601; `digest`: hex, over this event and the digest before it."""

    seq: int
    body: dict[str, Any]
    at: str
    digest: str


@dataclass(frozen=True, slots=True)
class Place:
    """Who sits where: `player` is `human`, `random` or `typical`; alias and agency are what they called themselves."""

    seat: str
    alias: str
    player: str
    agency: str = ""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A line of the list of sessions. Both moments are UTC; `events` counts event 0 too."""

    id: str
    created: datetime
    updated: datetime
    scenario: str
    title: str
    workshop: str
    mou: str
    jurisdiction: str
    finished: bool
    events: int
    seats: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something an audit found wrong, in one sentence. `session` and `seq` are None where it concerns the store."""

    session: str | None
    seq: int | None
    message: str


class Store(Protocol):
    """A place that keeps sessions. Safe to call from several threads. Every method may raise LogError."""

    def create(
        self,
        *,
        scenario: str,
        title: str,
        mou: str,
        jurisdiction: str,
        workshop: str,
        start: Mapping[str, Any],
        texts: Iterable[Text],
        places: Sequence[Place],
    ) -> str:
        """Keep a new session with its event 0, all or nothing. Returns its id, which is random."""

    def append(
        self, session: str, seq: int, body: Mapping[str, Any], *, finished: bool | None = None, played: bool = True
    ) -> Kept:
        """Keep an event; on disk when this returns. `finished` is left as it was if None. Raises Stale.

        `played`: whether the session was played by it; looking at a session must not make it seem younger to `purge`.
        """

    def append_many(
        self,
        session: str,
        seq: int,
        bodies: Sequence[Mapping[str, Any]],
        *,
        finished: bool | None = None,
        played: bool = True,
    ) -> list[Kept]:
        """Keep several events, the first at `seq`, all or none. Raises Stale."""

    def read(self, session: str, after: int = -1, *, verify: bool = False) -> list[Kept]:
        """The events after `after`. `verify` recomputes every digest on the way. Raises Damaged."""

    def last(self, session: str) -> int:
        """The number of the session's last event."""

    def texts(self, session: str) -> list[Text]:
        """The exact texts the session plays, in the order they were given."""

    def places(self, session: str) -> tuple[Place, ...]:
        """Who sits where."""

    def people(self, session: str) -> dict[str, str]:
        """Who sits where, as random ids: seat → person, the same wherever the same alias of the same agency plays."""

    def about(self, session: str) -> SessionRow:
        """The session's line of the list. Raises NoSuchSession."""

    @property
    def may_write(self) -> bool:
        """Whether anything can be kept: a coordinator of an agency may only look."""

    def behind(self) -> list[str]:
        """The sessions whose summary is missing or older than their log, in the order they began."""

    def keep_summary(self, summary: Summary) -> None:
        """Keep a session's summary in place of an older one; the sums follow with `tally`. Raises NoSuchSession."""

    def tally(self) -> None:
        """Bring the sums over many sessions up to date with the summaries."""

    def drop_summaries(self) -> None:
        """Take all summaries and sums away; the log stays."""

    def reading(self) -> AbstractContextManager[Sql]:
        """The tables, for `simulator.log.cohort` to ask. Raises LogError."""

    def picture(self) -> AbstractContextManager[Sql]:
        """One moment's picture of the tables, for `simulator.log.each_session` to stream; others go on writing. Raises LogError."""

    def set_places(self, session: str, places: Sequence[Place]) -> None:
        """Seat people anew; who sat there before is no longer known."""

    def sessions(self, **wanted: Unpack[Listed]) -> list[SessionRow]:
        """A page of the sessions that a filter takes, in an order; by default all, last played first."""

    def count(self, **wanted: Unpack[Wanted]) -> int:
        """How many sessions a filter takes."""

    def choices(self, column: Column, **wanted: Unpack[Wanted]) -> list[tuple[str, int]]:
        """The values of a column among the sessions a filter takes, with how many have each, by name; no empty one."""

    def remark(self, session: str, seat: str, phase: str, text: str) -> None:
        """Keep what a seat wrote in a phase of the debrief, in place of what it wrote before; empty erases it."""

    def remarks(self, session: str) -> list[Remark]:
        """Everything written in the debrief, in the order it was first written."""

    def forget(self, alias: str) -> int:
        """Erase an alias, in whatever case it was typed, and the remarks of its seats; of its votes, name and reason.

        Returns how many sessions.
        """

    def purge(self, older_than_days: int) -> int:
        """Erase sessions last played more than this many days ago, and the names on votes that old. Returns how many sessions."""

    def vote(self, scenario: str, scene: str, asked: str, vote: Vote, alias: str = "") -> bool:
        """Keep a panelist's vote, in place of the one that the alias gave on the same question; without one it is a new vote.

        `asked`: the digest of what the panelist read. Returns whether it replaces one.
        """

    def has_voted(self, scenario: str, scene: str, asked: str, alias: str) -> bool:
        """Whether the alias has a vote on this question."""

    def votes(self, scenario: str) -> dict[tuple[str, str], list[Vote]]:
        """The votes on a scenario, by scene and by the digest of what was asked, in no order that tells anything."""

    def votes_of(self, alias: str) -> int:
        """How many votes the alias is recognised by."""

    def take_votes_back(self, scenario: str, alias: str, only: Collection[tuple[str, str]] | None = None) -> int:
        """Erase the alias's votes on a scenario whole, with what was chosen. Returns how many there were.

        `only`: those on these questions (scene and digest) alone.
        """

    def let_votes_go(self, alias: str) -> None:
        """Take the alias from its votes; they and their reasons stay, and nothing tells any more that they are one person's."""

    def open_room(
        self,
        code: str,
        key: str,
        *,
        workshop: str,
        scenario: str,
        mou: str = "",
        jurisdiction: str = "",
        pairing: str = "self",
        hours: float = 12,
    ) -> Room:
        """Keep a new room; of `code` and `key` only digests are kept."""

    def room_of_code(self, code: str) -> Room | None:
        """The room that a join code opens; None if there is none, or it has ended."""

    def room_of_key(self, key: str) -> Room | None:
        """The room that a facilitator's key opens; None if there is none, or it has ended."""

    def room(self, ident: str) -> Room | None:
        """A room by its id; None if there is none, or it has ended."""

    def open_rooms(self) -> list[Room]:
        """All rooms that have not ended, the one that ends last first."""

    def set_stage(self, room: str, stage: str) -> None:
        """Where the whole room is: `play` or `debrief`."""

    def close_room(self, room: str) -> None:
        """The evening is over: its code, its key and its tickets open nothing any more."""

    def issue(self, secret: str, room: str, *, alias: str, agency: str = "", wish: str = "") -> Ticket:
        """Keep a new ticket, not seated yet."""

    def ticket(self, secret: str) -> Ticket | None:
        """The ticket of a secret; None if there is none, it was revoked, or its room has ended."""

    def tickets(self, room: str) -> list[Ticket]:
        """All tickets of a room, in the order they were issued."""

    def tickets_of(self, session: str) -> list[Ticket]:
        """The tickets seated in a session."""

    def move_tickets(self, session: str, to: str) -> None:
        """Those seated in one session sit in another now; `to` empty: they wait again."""

    def seat(self, seated: Iterable[tuple[str, str]], session: str) -> bool:
        """Seat tickets (id, seat) in a session, all or none; False if one of them was seated meanwhile, or is gone."""

    def revoke(self, ident: str) -> None:
        """Take a ticket back: whoever holds it is let in no more."""

    def begin_story(self, ident: str, session: str) -> None:
        """Whoever holds this ticket has read what the story holds and goes in."""

    def heard_of(self, idents: Sequence[str]) -> None:
        """The devices of these tickets are there now."""

    def connected(self, ticket: Ticket) -> bool:
        """Whether the ticket's device was heard of lately."""

    def activity(self, sessions: Sequence[str]) -> dict[str, int]:
        """How many events each of these sessions has."""

    def follower(self) -> Follower:
        """Something to hear of other programs' appends with. Its thread closes it."""

    def audit(self, session: str | None = None) -> list[Finding]:
        """Recompute every chain and check the store, or one session of it. Empty if all is well."""

    def fingerprint(self, session: str | None = None) -> tuple[int, str]:
        """How many sessions there are, and one digest over the ends of all their chains (or of one session's)."""

    def backup(self, path: str | Path) -> None:
        """Copy the whole store to a new file, while it is in use."""

    def close(self) -> None:
        """Let go of the store; closing twice is fine."""


def open_store(where: str | Path | None = None) -> Store:
    """Open the store in a file or at a postgresql:// address, made if it does not exist; None means the user's own.

    Raises LogError.
    """
    scheme, mark, _ = str(where or "").partition("://")
    if mark and scheme in ("postgresql", "postgres"):
        return _on_a_server(str(where))
    if mark:
        raise LogError(
            f"“{scheme}://” is no kind of store that Handoff knows; name a file, --store FILE.sqlite3, or a"
            " database, --store postgresql://USER@HOST/DATABASE."
        )
    from simulator.log.sqlite import SqliteStore

    return SqliteStore(Path(where).expanduser() if where else _own_place())


def _on_a_server(where: str) -> Store:
    try:
        from simulator.log.postgres import PostgresStore
    except ImportError as error:  # psycopg finds no library of PostgreSQL's on this computer
        raise LogError(
            f"A store in PostgreSQL needs “psycopg”, which does not load here ({str(error).splitlines()[0]});"
            " pip install “psycopg[binary]”, or name a file: --store FILE.sqlite3."
        ) from None
    return PostgresStore(where)


def _own_place() -> Path:
    from platformdirs import user_data_path

    folder = user_data_path("handoff", appauthor=False)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Unwritable(
            f"The folder “{folder}” for your sessions cannot be made ({error.strerror}); name a file with --store."
        ) from None
    return folder / "handoff.sqlite3"
