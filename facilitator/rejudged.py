"""Sessions judged again under another agreement or law, one after the other: what `handoff rescore` prints is made from it.

A session is judged with the texts it pinned; only the agreement and the law are put in another's place. Sessions mostly play
the same texts, so what is made from them is kept by their digests.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from facilitator.rating import show_letters
from scoring.clock import Calendar
from scoring.rescored_many import Tally
from scoring.rules import Jurisdiction, Mou
from simulator.discretion import told
from simulator.engine import NotAllowed
from simulator.events import BadEvent, Start, from_json
from simulator.game import Game
from simulator.games import Games
from simulator.library import Library, Text, bundle_from_texts
from simulator.log import LogError, SessionRow, Store
from simulator.play import Play, begin, fold, game_of
from simulator.problems import Unreadable
from simulator.reading import Read, Shelf, check, read_text
from simulator.rejudging import Asked, Compared, NotComparable, Rejudged, compare, rejudge
from simulator.session import Session

_AT_HAND = 16  # games that are kept ready; a workshop plays one or two

Digests = tuple[tuple[str, str], ...]


class Other:
    """The setting to judge by: another agreement, another law, or both; what is not given stays as it was played.

    Raises Unreadable if a file is not at hand or has errors.
    """

    def __init__(self, shelf: Library, mou: str | Path | None, jurisdiction: str | Path | None) -> None:
        given = {"mou": mou, "jurisdiction": jurisdiction}
        self._reads = {kind: shelf.chosen(kind, which) for kind, which in given.items() if which is not None}

    @property
    def mou(self) -> Mou | None:
        return self._reads["mou"].value if "mou" in self._reads else None

    @property
    def jurisdiction(self) -> Jurisdiction | None:
        return self._reads["jurisdiction"].value if "jurisdiction" in self._reads else None

    def game(self, played: Game) -> Rejudged:
        """A game as it was played, with this setting's rules. Raises Unreadable if they do not speak its words."""
        for read in self._reads.values():
            _speaks(read, played)
        return Rejudged(
            played.scenario,
            self.mou or played.mou,
            self.jurisdiction or played.jurisdiction,
            played.framework,
            played.vocabulary,
            played_under=played.jurisdiction,
        )


def _speaks(read: Read, played: Game) -> None:
    """The vocabulary that a session pinned may be older or newer than the one the file was read against."""
    fresh = read_text(read.kind, read.source.original, read.source.file)
    check(fresh, Shelf(vocabulary=played.vocabulary))
    if not fresh.sound:
        raise Unreadable(problem for problem in fresh.problems if problem.severity == "error")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One session: `compared`, or why not: `asked` by a guard, or in `words`. `shown`: its reactions are behind it."""

    row: SessionRow
    compared: Compared | None = None
    calendar: Calendar | None = None
    shown: bool = False
    asked: tuple[Asked, ...] = ()
    words: str = ""
    unreadable: bool = False


@dataclass(slots=True)
class Sum:
    """What the sessions judged so far came to. `reasons`: how many sessions each reason kept apart."""

    tally: Tally = field(default_factory=Tally)
    apart: int = 0
    reasons: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # scenario's title, scene's title, reads
    closed: int = 0
    unreadable: dict[str, str] = field(default_factory=dict)

    def add(self, judged: Judged) -> None:
        row, found = judged.row, judged.compared
        if judged.unreadable:
            self.unreadable[row.id] = judged.words
        elif found is None:
            self.apart += 1
            whys = [(row.title, each.title, each.reads) for each in judged.asked] or [(row.title, "", judged.words)]
            self.reasons.update(dict.fromkeys(whys, 1))
        else:
            self.closed += not judged.shown
            self.tally.add(row.scenario, found.old, found.new, found.before, found.after, found.change)


class Judge:
    """Judges the sessions of a store by another setting. Raises nothing but what stops all of them."""

    def __init__(self, store: Store, other: Other) -> None:
        self._store, self._other = store, other
        self._seen = Games()
        self._games: dict[Digests, tuple[Game, Rejudged | str]] = {}

    def judge(self, row: SessionRow) -> Judged:
        try:
            events = list(told([from_json(kept.body) for kept in self._store.read(row.id, verify=True)]))
            start = events[0]
            assert isinstance(start, Start)
            game, again = self._prepared(row.id, start)
            plays: list[Play] = [begin(game, start)]
            for event in events[1:]:
                plays.append(fold(plays[-1], event, plays))
        except (LogError, BadEvent, Unreadable, NotAllowed, KeyError) as error:
            return Judged(row=row, words=str(error).splitlines()[0].rstrip("."), unreadable=True)
        play = plays[-1]  # what was taken back is not part of it
        if isinstance(again, str):
            return Judged(row=row, words=again)
        try:
            found = compare(play.state, rejudge(play.state, again), play.guesses)
        except NotComparable as error:
            return Judged(row=row, asked=error.asked)
        return Judged(row=row, compared=found, calendar=play.state.game.calendar, shown=play.phase is not None)

    def note_shown(self, judged: Judged) -> None:
        """The letters of this session were shown by itself: what is rated from now on is not rated blind."""
        if judged.shown:
            with suppress(LogError, Unreadable, BadEvent):
                show_letters(Session.reopen(self._store, judged.row.id, games=self._seen))

    def _prepared(self, ident: str, start: Start) -> tuple[Game, Rejudged | str]:
        """The game of a session, and the same by the other rules, or why they do not fit it."""
        key = tuple(sorted(start.texts.items()))
        if key not in self._games:
            game = game_of(bundle_from_texts(Text(*text) for text in self._store.texts(ident)))
            again: Rejudged | str
            try:
                again = self._other.game(game)
            except Unreadable as error:
                problem = error.problems[0]
                again = f"{problem.file} does not speak the words it was played with: {problem.message}"
            while len(self._games) >= _AT_HAND:
                del self._games[next(iter(self._games))]
            self._games[key] = (game, again)
        self._games[key] = self._games.pop(key)  # the one used last goes last
        return self._games[key]
