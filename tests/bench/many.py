"""A store with very many sessions, for measuring: seeded, so that the same figures come out everywhere.

Some hundred real plays of the kitchen table are played and summarised by the program; then each session of the store is one
of them under another id, with people, agencies, a workshop and a day of its own, its chain of digests made anew. So what
is measured is spread as real plays are, and the audit finds nothing wrong.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from scoring.summary import SeatSummary, Summary
from simulator.library import Library
from simulator.log import Kept, Place, Store, chain, open_store
from simulator.log.read_models import group_id, group_row, keep_names, rows_of
from simulator.partner import choose
from simulator.session import Session
from simulator.summing import summarise

PLAYS = 160  # real ones that the others are copies of
PAIRS = 12  # in a workshop
COUNTIES = 20
SOME = 500  # sessions written at once
BEGIN = datetime(2021, 1, 4, 15, 0, tzinfo=UTC)
LETTERS = ("P", "S", "M", "U")


class Played(NamedTuple):
    """A real play: its texts, its events, and what it adds to the figures."""

    texts: list[tuple[str, str, str, str, str]]
    kept: list[Kept]
    summary: Summary


def fill(store: Store, sessions: int, seed: int = 1, *, say: bool = False) -> None:
    """Put this many finished sessions into an empty store, with their read models. About 20 decisions each."""
    plays = _real_plays(PLAYS, seed)
    laws = [plays[0::2], plays[1::2]]
    with store._writing() as db:  # type: ignore[attr-defined]
        for played in plays[:2]:
            for _, _, digest, text, _ in played.texts:
                db.execute("INSERT INTO texts (digest, body) VALUES (?, ?) ON CONFLICT DO NOTHING", (digest, text))
            keep_names(db, played.summary.names, played.summary.created)
    made = _copies(laws, sessions, seed)
    done = 0
    while some := list(islice(made, SOME)):
        with store._writing() as db:  # type: ignore[attr-defined]
            for table, rows in _tables(some):
                _insert(db, table, rows)
        done += len(some)
        if say:
            print(f"\r{done} sessions", end="", file=sys.stderr, flush=True)
    with store._writing() as db:  # type: ignore[attr-defined]
        order_everybodys_plays(db)
        db.execute("INSERT INTO untallied (grp) SELECT id FROM groups")
    store.tally()
    if say:
        print(file=sys.stderr)


def _real_plays(plays: int, seed: int) -> list[Played]:
    """Plays in which people choose by appeal, some more at random than others, under both laws."""
    library, found = Library(), []
    bundles = [library.bundle("kitchen-table", jurisdiction=law) for law in ("model-state", "harbor-state")]
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "plays.sqlite3")
        for number in range(plays):
            bundle = bundles[number % 2]
            places = [Place(seat, "", "human") for seat in bundle.scenario.seats]
            session = Session.begin(store, bundle, places, seed=seed + number)
            turn = 0
            while not session.finished:
                session.run_others()
                if session.finished:
                    break
                seat = session.on_turn[0]
                open_ = [option for option in session.view(seat).options if option.open]
                scene = session.state.game.scenes[session.state.scene]
                appeals = [scene.actions[option.action].action.appeal for option in open_]
                kind = "typical" if number % 3 else "random"
                session.choose(seat, open_[choose(kind, appeals, seed + number, turn)].action)
                turn += 1
            session.finish_phase("reactions")
            kept = store.read(session.id)
            found.append(Played(store.texts(session.id), kept, summarise(session, kept)))
        store.close()
    return found


class Copy(NamedTuple):
    ident: str
    played: Played
    summary: Summary
    places: tuple[tuple[str, str, str, str], ...]  # seat, alias, agency, person
    began: datetime


def _copies(laws: Sequence[Sequence[Played]], sessions: int, seed: int) -> Iterator[Copy]:
    random = Random(seed)
    for number in range(sessions):
        workshop = number // PAIRS
        county = workshop % COUNTIES
        began = BEGIN + timedelta(hours=7 * workshop // 2, minutes=random.randrange(30))
        plays = laws[county % 2]  # a county has one law
        played = plays[random.randrange(len(plays))]
        shown = f"County {county:02}, workshop {workshop:05}"
        seats, places = [], []
        for seat in played.summary.seats:
            police = seat.role == "patrol-officer"
            house = (workshop + number % 2) % 3 if police else workshop % 2  # two departments and a shelter meet
            agency = f"{'Police' if police else 'Shelter'} {county:02}-{house}"
            # One in four has played before.
            who = random.randrange(PAIRS) if random.random() < 0.25 else number * 4 + police
            person = f"{Random(f'{agency}/{who}').getrandbits(64):016x}"
            seats.append(replace(seat, agency=agency, person=person))
            places.append((seat.seat, f"{'Heron' if police else 'Wren'} {who}", agency, person))
        ident = f"{random.getrandbits(64):016x}"
        yield Copy(ident, played, _own(played.summary, ident, shown, began, seats, random), tuple(places), began)


def _own(
    summary: Summary, ident: str, workshop: str, began: datetime, seats: Iterable[SeatSummary], random: Random
) -> Summary:
    rated = random.random() < 0.05
    return replace(
        summary,
        session=ident,
        workshop=workshop,
        created=began.isoformat(timespec="milliseconds"),
        day=began.date().isoformat(),
        seats=tuple(seats),
        objectives=tuple(
            replace(
                each,
                by_hand=(each.letter if random.random() < 0.7 else random.choice(LETTERS)) if rated else None,
                blind=random.random() < 0.9,
            )
            for each in summary.objectives
        ),
    )


def _tables(some: Sequence[Copy]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The rows of these sessions by table, in an order the tables' references allow."""
    sessions, texts, events, aliases = [], [], [], []
    groups: dict[int, dict[str, Any]] = {}
    models: dict[str, list[dict[str, Any]]] = {}
    for copy in some:
        summary, head, rows = copy.summary, "", []
        moved = copy.began - datetime.fromisoformat(copy.played.kept[0].at)
        for kept in copy.played.kept:
            at = (datetime.fromisoformat(kept.at) + moved).isoformat(timespec="milliseconds")
            body = chain.canonical(kept.body)
            digest = chain.event_digest(head, copy.ident, kept.seq, at, body)
            rows.append(
                {"session": copy.ident, "seq": kept.seq, "at": at, "body": body, "before": head, "digest": digest}
            )
            head = digest
        events += rows
        sessions.append(
            {
                "id": copy.ident,
                "created": summary.created,
                "updated": rows[-1]["at"],
                "scenario": summary.scenario,
                "title": "Screen at the Kitchen Table",
                "workshop": summary.workshop,
                "mou": summary.mou,
                "jurisdiction": summary.jurisdiction,
                "finished": 1,
                "events": len(rows),
                "head": head,
            }
        )
        for position, (kind, name, digest, _, path) in enumerate(copy.played.texts):
            texts.append(
                {
                    "session": copy.ident,
                    "position": position,
                    "kind": kind,
                    "name": name,
                    "path": path,
                    "digest": digest,
                }
            )
        for position, (seat, alias, agency, person) in enumerate(copy.places):
            aliases.append(
                {
                    "session": copy.ident,
                    "seat": seat,
                    "position": position,
                    "alias": alias,
                    "agency": agency,
                    "player": "human",
                    "person": person,
                    "known": f"{alias}\n{agency}".casefold(),
                }
            )
        grp = group_id(summary)
        groups[grp] = group_row(summary, grp)
        for table, found in rows_of(summary, grp):
            models.setdefault(table, []).extend(found)
    yield "sessions", sessions
    yield "session_texts", texts
    yield "events", events
    yield "aliases", aliases
    yield "groups", list(groups.values())
    yield from models.items()


def _insert(db: Any, table: str, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        columns, marks = ", ".join(rows[0]), ", ".join("?" for _ in rows[0])
        again = " ON CONFLICT DO NOTHING" if table == "groups" else ""
        db.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({marks}){again}", [tuple(row.values()) for row in rows]
        )


def order_everybodys_plays(db: Any) -> None:
    """What `order_plays` does for each person, for all in one statement."""
    db.execute(
        "UPDATE seatings SET nth = o.nth, again = CASE WHEN o.nth = 1 THEN 'first' ELSE 'replay' END,"
        " first_gained = o.first_gained, first_possible = o.first_possible FROM (SELECT session, seat,"
        " dense_rank() OVER (PARTITION BY person ORDER BY created, session) AS nth,"
        " first_value(gained) OVER (PARTITION BY person, role ORDER BY created, session) AS first_gained,"
        " first_value(possible) OVER (PARTITION BY person, role ORDER BY created, session) AS first_possible"
        " FROM seatings) AS o WHERE o.session = seatings.session AND o.seat = seatings.seat"
    )
