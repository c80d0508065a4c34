"""Which sessions a coordinator looks at: one filter for the list and for the figures, and the same in words."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace

from scoring.cohort import Cohort
from simulator.log import SessionRow, Store
from simulator.log.listing import Wanted

AT_ONCE = 1000  # sessions in memory while a list is printed
EVERYTHING = Cohort()


def cohort_of(args: argparse.Namespace | SimpleNamespace) -> Cohort:
    """The command line's filter: --workshop, --scenario, --agency, --mou, --jurisdiction, --since, --until."""
    given = vars(args)
    names = ("workshop", "scenario", "mou", "jurisdiction", "agency", "since", "until")
    return Cohort(**{name: str(given.get(name) or "") for name in names})


def words_of(args: argparse.Namespace | SimpleNamespace) -> str:
    """The words that must occur, from --filter and those without a flag."""
    return " ".join([*(vars(args).get("words") or ()), vars(args).get("filter") or ""]).strip()


def day(text: str) -> date:
    """A day as it is typed. Raises ValueError, whose message is a sentence."""
    try:
        if len(text) != len("2026-06-03"):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"“{text}” is no day; write it as year-month-day, such as 2026-06-03") from None


def wanted(cohort: Cohort, words: str = "") -> Wanted:
    """The same filter as a store takes it. Days are local and those on which a session began."""
    found: Wanted = {
        "words": words,
        "workshop": cohort.workshop,
        "scenario": cohort.scenario,
        "mou": cohort.mou,
        "jurisdiction": cohort.jurisdiction,
        "agency": cohort.agency,
    }
    if cohort.since:
        found["begun_since"] = datetime.combine(day(cohort.since), time())
    if cohort.until:
        found["begun_before"] = datetime.combine(day(cohort.until) + timedelta(days=1), time())
    return found


def rows(store: Store, chosen: Wanted) -> Iterator[SessionRow]:
    """Every session the filter takes, the one begun last first, some at a time."""
    past = None
    while some := store.sessions(**chosen, sort="began", limit=AT_ONCE, past=past):
        yield from some
        past = some[-1].created, some[-1].id


def said(cohort: Cohort, words: str = "") -> str:
    """The filter in words; empty if it takes all."""
    parts = [
        ("workshop", cohort.workshop),
        ("scenario", cohort.scenario),
        ("agency", cohort.agency),
        ("agreement", cohort.mou),
        ("law", cohort.jurisdiction),
    ]
    found = [f"{what} {name}" for what, name in parts if name]
    if cohort.since and cohort.until:
        found.append(f"begun {cohort.since} to {cohort.until}")
    elif cohort.since or cohort.until:
        found.append(f"begun since {cohort.since}" if cohort.since else f"begun until {cohort.until}")
    return " · ".join([*found, *([f"“{words}”"] if words else [])])
