"""Votes of panels (`simulator.panel`): what was chosen in one table, who chose it and why in another that can be erased.

A vote belongs to no session and stands in no chain. `known` is what a panelist typed to be recognised by, so as to change the vote;
neither it nor the moment leaves the store. Whoever is forgotten takes name, reason and moment along; the vote stays, as nobody's.
"""

from __future__ import annotations

import secrets
from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from typing import Any

from scoring.panel import Vote
from simulator.log.dialect import Sql, storable

STATEMENTS = (
    """CREATE TABLE votes (
        vote TEXT PRIMARY KEY, scenario TEXT NOT NULL, scene TEXT NOT NULL, asked TEXT NOT NULL,
        chosen TEXT NOT NULL, discipline TEXT NOT NULL
    ) WITHOUT ROWID""",
    "CREATE INDEX votes_scenario ON votes (scenario, scene, asked)",
    """CREATE TABLE panelists (
        vote TEXT PRIMARY KEY REFERENCES votes ON DELETE CASCADE,
        known TEXT NOT NULL, reason TEXT NOT NULL, at TEXT NOT NULL
    )""",
    "CREATE INDEX panelists_known ON panelists (known)",
)
VOTE = ("vote", "scenario", "scene", "asked", "chosen", "discipline")
PANELIST = ("vote", "known", "reason", "at")
_AT_ONCE = 200
_OWN = "vote IN (SELECT vote FROM panelists WHERE known = ?)"


class Votes(ABC):
    """What a `Store` offers over these tables; a backend brings `_using`, `_writing` and `_stamp`."""

    @abstractmethod
    def _using(self) -> AbstractContextManager[Sql]:
        """The connection, for this thread alone."""

    @abstractmethod
    def _writing(self, *, alone: bool = False) -> AbstractContextManager[Sql]:
        """One transaction, all or nothing."""

    @abstractmethod
    def _stamp(self) -> str:
        """This moment, as the store writes it."""

    @abstractmethod
    def _scrub(self) -> None:
        """Leave nothing readable of what was just erased, as far as that is in the backend's hands."""

    def vote(self, scenario: str, scene: str, asked: str, vote: Vote, alias: str = "") -> bool:
        """Keep a panelist's vote, in place of the one that the alias gave on the same question; without one it is a new vote.

        `asked`: the digest of what the panelist read. Returns whether it replaces one.
        """
        known, reason = recognised(alias), storable(vote.reason).strip()
        with self._writing(alone=True) as db:  # so that one alias cannot vote twice at once
            before = self._before(db, scenario, scene, asked, known)
            ident = before or secrets.token_hex(8)
            if before:
                db.execute(
                    "UPDATE votes SET chosen = ?, discipline = ? WHERE vote = ?", (vote.option, vote.discipline, ident)
                )
                db.execute("UPDATE panelists SET reason = ?, at = ? WHERE vote = ?", (reason, self._stamp(), ident))
            else:
                db.execute(
                    f"INSERT INTO votes ({', '.join(VOTE)}) VALUES (?, ?, ?, ?, ?, ?)",
                    (ident, scenario, scene, asked, vote.option, vote.discipline),
                )
                db.execute(
                    f"INSERT INTO panelists ({', '.join(PANELIST)}) VALUES (?, ?, ?, ?)",
                    (ident, known, reason, self._stamp()),
                )
        return before is not None

    def has_voted(self, scenario: str, scene: str, asked: str, alias: str) -> bool:
        """Whether the alias has a vote on this question."""
        with self._using() as db:
            return self._before(db, scenario, scene, asked, recognised(alias)) is not None

    def take_votes_back(self, scenario: str, alias: str, only: Collection[tuple[str, str]] | None = None) -> int:
        """Erase the alias's votes on a scenario whole, with what was chosen. Returns how many there were.

        `only`: those on these questions (scene and digest) alone.
        """
        known = recognised(alias)
        if not known:
            return 0
        with self._writing(alone=True) as db:
            query = f"SELECT vote, scene, asked FROM votes WHERE scenario = ? AND {_OWN}"
            rows = db.execute(query, (scenario, known)).fetchall()
            votes = [vote for vote, scene, asked in rows if only is None or (scene, asked) in only]
            for vote in votes:
                db.execute("DELETE FROM panelists WHERE vote = ?", (vote,))
                db.execute("DELETE FROM votes WHERE vote = ?", (vote,))
        if votes:
            self._scrub()
        return len(votes)

    def let_votes_go(self, alias: str) -> None:
        """Take the alias from its votes; they and their reasons stay, and nothing tells any more that they are one person's."""
        if known := recognised(alias):
            with self._writing(alone=True) as db:
                db.execute("UPDATE panelists SET known = '' WHERE known = ?", (known,))

    def _before(self, db: Sql, scenario: str, scene: str, asked: str, known: str) -> str | None:
        if not known:
            return None
        query = f"SELECT vote FROM votes WHERE scenario = ? AND scene = ? AND asked = ? AND {_OWN} LIMIT 1"
        row = db.execute(query, (scenario, scene, asked, known)).fetchone()
        return None if row is None else str(row[0])

    def votes(self, scenario: str) -> dict[tuple[str, str], list[Vote]]:
        """The votes on a scenario, by scene and by the digest of what was asked, in no order that tells anything."""
        found: dict[tuple[str, str], list[Vote]] = {}
        query = (
            "SELECT scene, asked, chosen, discipline, coalesce(reason, '') FROM votes"
            " LEFT JOIN panelists ON panelists.vote = votes.vote WHERE scenario = ? ORDER BY votes.vote"
        )
        with self._using() as db:
            for scene, asked, chosen, discipline, reason in db.execute(query, (scenario,)).fetchall():
                found.setdefault((scene, asked), []).append(Vote(option=chosen, discipline=discipline, reason=reason))
        return found

    def votes_of(self, alias: str) -> int:
        """How many votes the alias is recognised by."""
        known = recognised(alias)
        if not known:
            return 0
        with self._using() as db:
            (count,) = db.execute("SELECT count(*) FROM panelists WHERE known = ?", (known,)).fetchone()
            return int(count)


def forget_votes(db: Sql, alias: str) -> None:
    """Take name, reason and moment from the alias's votes. In a transaction."""
    if known := recognised(alias):
        db.execute("DELETE FROM panelists WHERE known = ?", (known,))


def unname_votes(db: Sql, before: str) -> None:
    """Take the name from votes given before a moment; they and their reasons stay. In a transaction."""
    db.execute("UPDATE panelists SET known = '' WHERE at < ? AND known <> ''", (before,))


def copy_votes(ours: Sql, theirs: Sql) -> int:
    """Bring the votes of one store into another. Returns how many are new there.

    The later of two wordings of a vote stands. What was forgotten there stays forgotten, and an alias that has another vote there on the
    same question keeps that one.
    """
    new = 0
    rows = ours.execute(
        "SELECT votes.vote, scenario, scene, asked, chosen, discipline, known, reason, at FROM votes"
        " LEFT JOIN panelists ON panelists.vote = votes.vote ORDER BY votes.vote"
    ).fetchall()
    for first in range(0, len(rows), _AT_ONCE):
        some = rows[first : first + _AT_ONCE]
        there = _there(theirs, some)
        new += sum(_copied(theirs, row, there) for row in some)
    return new


def _there(theirs: Sql, rows: Sequence[Any]) -> dict[str, str | None]:
    """Of these votes, those that are there: when given, or None if whoever gave it is forgotten there."""
    marks = ", ".join("?" * len(rows))
    query = (
        f"SELECT votes.vote, at FROM votes LEFT JOIN panelists ON panelists.vote = votes.vote"
        f" WHERE votes.vote IN ({marks})"
    )
    return {vote: at for vote, at in theirs.execute(query, [row[0] for row in rows]).fetchall()}


def _copied(theirs: Sql, row: Any, there: dict[str, str | None]) -> bool:
    """Whether the vote is new there."""
    vote, scenario, scene, asked, chosen, discipline, known, reason, at = row
    if vote in there:
        given = there[vote]
        if at is not None and given is not None and given < at:
            theirs.execute("UPDATE votes SET chosen = ?, discipline = ? WHERE vote = ?", (chosen, discipline, vote))
            theirs.execute("UPDATE panelists SET reason = ?, at = ? WHERE vote = ?", (reason, at, vote))
        return False
    if known:
        other = f"SELECT 1 FROM votes WHERE scenario = ? AND scene = ? AND asked = ? AND {_OWN}"
        if theirs.execute(other, (scenario, scene, asked, known)).fetchone() is not None:
            return False
    theirs.execute(
        f"INSERT INTO votes ({', '.join(VOTE)}) VALUES (?, ?, ?, ?, ?, ?)",
        (vote, scenario, scene, asked, chosen, discipline),
    )
    if at is not None:
        theirs.execute(f"INSERT INTO panelists ({', '.join(PANELIST)}) VALUES (?, ?, ?, ?)", (vote, known, reason, at))
    return True


def recognised(alias: str) -> str:
    """What a panelist is recognised by, in whatever case it was typed; empty without an alias."""
    return storable(alias).strip().casefold()
