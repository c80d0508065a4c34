"""Where the sessions of an export come from: one moment's picture of a store."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import groupby
from typing import Protocol

from facilitator.export.groups import Kind, Row
from facilitator.export.told import Play, Played
from scoring.cohort import Cohort
from scoring.summary import DutySummary, Summary
from simulator.library import Text, bundle_from_texts
from simulator.log import Store
from simulator.log.dialect import Sql
from simulator.log.each_session import PARTS, Part, count, each_seated, each_session, principles
from simulator.problems import Unreadable


class Source(Protocol):
    """Some sessions, as often as they are asked for. Any method may raise LogError."""

    def sessions(self) -> Iterator[Played]:
        """Every session, one after the other."""

    def seated(self) -> Iterator[Row]:
        """Everybody who plays in them, those of a session together."""

    def principles(self) -> tuple[str, ...]:
        """The principles that any of them was observed on."""

    def bound(self, summary: Summary, duty: DutySummary) -> frozenset[str]:
        """The roles whose seats a duty binds; empty if nobody knows any more."""


class Kept:
    """The sessions of a cohort in a store. `db`: one moment's picture of it; `parts`: what is wanted of each."""

    def __init__(self, store: Store, db: Sql, cohort: Cohort, parts: Collection[Part] = PARTS) -> None:
        self._store, self._db, self._cohort, self._parts = store, db, cohort, parts
        self._parties: dict[str, Mapping[str, frozenset[str]]] = {}

    def sessions(self) -> Iterator[Played]:
        for summary, plays in each_session(self._db, self._cohort, self._parts):
            yield Played(summary, {seat: Play(*play) for seat, play in plays.items()})

    def seated(self) -> Iterator[Row]:
        for _, rows in groupby(each_seated(self._db, self._cohort), key=lambda row: row.session):
            people = list(rows)
            first = people[0]
            places = tuple(sorted((each.seat, each.agency) for each in people))
            kind = Kind((first.scenario, first.mou, first.jurisdiction), first.day[:7], places)
            for each in people:
                yield Row(kind, each.session, (each.seat, each.agency), each.person)

    def principles(self) -> tuple[str, ...]:
        return principles(self._db, self._cohort)

    def sessions_in_all(self) -> int:
        return count(self._db, self._cohort)

    def agencies(self) -> list[str]:
        """The agencies that anybody plays for in the whole store, for a “did you mean”."""
        return sorted({row[0] for row in self._db.execute("SELECT DISTINCT agency FROM seatings WHERE agency <> ''")})

    def bound(self, summary: Summary, duty: DutySummary) -> frozenset[str]:
        if summary.mou not in self._parties:
            self._parties[summary.mou] = self._read(summary.session)
        return self._parties[summary.mou].get(duty.party, frozenset())

    def _read(self, session: str) -> Mapping[str, frozenset[str]]:
        """The roles of each party, as the text says that this session played under."""
        try:
            mou = bundle_from_texts(Text(*text) for text in self._store.texts(session)).mou
        except Unreadable:
            return {}
        return {party.name: frozenset(party.roles) for party in mou.parties.values()}
