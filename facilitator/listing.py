"""Commands that print: list, explain, review, replay, score."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from facilitator.choosing import cohort_of, rows, wanted, words_of
from facilitator.matrix import as_data, as_lines
from facilitator.panel_data import panels_of
from facilitator.plain_data import plain_data
from facilitator.playing import find_session, library
from facilitator.rating import show_letters
from simulator.beside import beside_for_others, blocks
from simulator.by_hand import by_hand
from simulator.debrief import CAUTION, analysis
from simulator.discretion import Listed, discreet, listed
from simulator.log import open_store
from simulator.problems import explain
from simulator.session import Session


def print_list(args: argparse.Namespace) -> int:
    shelf = library(args)
    if args.topics:
        print(json.dumps(as_data(shelf), ensure_ascii=False) if args.json else "\n".join(as_lines(shelf)))
        return 0
    cards = shelf.scenarios()
    if args.json:
        series = [
            {"id": s.id, "title": s.title, "episodes": [e.scenario for e in s.episodes]} for s in shelf.all_series()
        ]
        names = {k: shelf.names(k) for k in _SHELVES}
        print(json.dumps({"scenarios": plain_data(cards), "series": series, **names}, ensure_ascii=False))
        return 0
    print("Scenarios")
    for card in cards:
        print(f"  {card.id:<20} {card.title} — {card.minutes_to_play} min, {len(card.seats)} seats")
        print(f"  {'':<20} {', '.join(card.advisories) or 'no advisories'}")
        if not card.playable:
            print(f"  {'':<20} cannot be played: {len(card.problems)} problems; see handoff check {card.path}")
    found = shelf.all_series()
    print("Series") if found else None
    for each in found:
        print(
            f"  {each.id:<20} {each.title} — {len(each.episodes)} episodes: {', '.join(e.scenario for e in each.episodes)}"
        )
    for kind, heading in _SHELVES.items():
        print(heading)
        for name in shelf.names(kind):
            print(f"  {name}")
    return 0


_SHELVES = {"mou": "Agreements (MOUs)", "jurisdiction": "Jurisdictions", "framework": "Frameworks"}


def print_explain(args: argparse.Namespace) -> int:
    try:
        print(explain(args.code.upper()))
    except KeyError as error:
        print(f"handoff: {error.args[0]}; codes look like HS103", file=sys.stderr)
        return 2
    return 0


def print_sessions(args: argparse.Namespace) -> int:
    """The sessions the filter takes, one a line, printed as they are read."""
    store = open_store(args.store)
    try:
        found = map(listed, rows(store, wanted(cohort_of(args), words_of(args))))
        if args.json:
            _print_list(found)
            return 0
        count = 0
        for row in found:
            state = "finished" if row.finished else "unfinished"
            when = f"{row.created.astimezone():%Y-%m-%d %H:%M}"
            print(f"{row.id}  {when}  {state:<10}  {row.title}  [{row.workshop or '-'}]  {row.who}")
            count += 1
        print(f"{count} session{'s' * (count != 1)}")
        return 0
    finally:
        store.close()


def _print_list(found: Iterator[Listed]) -> None:
    """A JSON list, an entry a line, of which no more than a page is held."""
    print("[", end="")
    for number, row in enumerate(found):
        print("," * bool(number), json.dumps(plain_data(row), ensure_ascii=False), sep="\n" if number else "", end="")
    print("]")


def print_replay(args: argparse.Namespace) -> int:
    with _reopened(args) as session:
        session = discreet(session)
    if args.to is not None and not 0 <= args.to < len(session.events):
        print(f"handoff: session {session.id} has the events 0 to {len(session.events) - 1}", file=sys.stderr)
        return 2
    print(_stands(session) + _drawn(session) + session.transcript(args.to), end="")
    return 0


def _stands(session: Session) -> str:
    """A comment line for a script: which episode it was, and after which session; nothing outside a series."""
    bundle = session.bundle
    if bundle.series is None:
        return ""
    after = f" --after {bundle.follows}" if bundle.follows else ""
    return f"# played with: handoff play {bundle.series.id} --episode {bundle.episode}{after}\n"


def _drawn(session: Session) -> str:
    """A comment line for a script: what plays it again in the same names and places; nothing if they are as written."""
    asked = [f"--variant {name}={number + 1}" for name, number in session.bundle.draw.items() if number]
    return f"# drawn: {' '.join(asked)}\n" if asked else ""


def print_score(args: argparse.Namespace) -> int:
    with _reopened(args) as session:
        show_letters(session)
        letters = by_hand(session)
        panels = session.panels()
        both = beside_for_others(session)
        session = discreet(session)
    card = session.scorecard()
    hindsight, told = session.hindsight(), session.told()
    if args.json:
        more = {
            "hindsight": plain_data(hindsight) if hindsight is not None else None,
            "by_hand": plain_data(list(letters.values())),
            "told": [{**plain_data(each), "lacking": each.lacking} for each in told],
            "panels": panels_of(card, panels),
            "beside": plain_data(both),
        }
        print(json.dumps({**plain_data(card), **more}, ensure_ascii=False))
        return 0
    early = "ended before its ending, by whoever ran the room" if session.concluded else "not finished"
    print(f"{session.bundle.scenario.title}: {card.ending or early}")
    weighed = analysis(card, session.state.game, hindsight, letters, panels, told)
    for block in (*weighed, *(blocks(both) if both else ())):
        print(f"\n{block.heading}")
        for line in block.lines:
            print(f"  {line}")
    print(f"\n{CAUTION}")
    return 0


@contextmanager
def _reopened(args: argparse.Namespace) -> Iterator[Session]:
    """The session the command line names, as long as its store is open."""
    store = open_store(args.store)
    try:
        yield Session.reopen(store, find_session(store, args.session))
    finally:
        store.close()
