"""`handoff review --cohort` without a screen: every page of the cohort view as lines of text, or as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

from facilitator import cohort_pages
from facilitator.choosing import cohort_of, said, wanted, words_of
from facilitator.cohort_method import method
from facilitator.cohort_pages import PARTS, Hidden, PartName, Sheet, sheets
from facilitator.plain_data import plain_data
from scoring.cohort import Cohort, Figure
from simulator.debrief import CAUTION
from simulator.log import Store, open_store


def print_cohort(args: argparse.Namespace) -> int:
    """Exit code 0. Raises LogError."""
    cohort, words = cohort_of(args), words_of(args)
    if words:
        print(f"handoff: the words “{words}” narrow the list alone; the figures take every session.", file=sys.stderr)
    store = open_store(args.store)
    try:
        if args.json:
            print(json.dumps(_data(store, cohort), ensure_ascii=False))
        else:
            for line in lines(store, cohort):
                print(line)
        return 0
    finally:
        store.close()


def lines(store: Store, cohort: Cohort) -> Iterator[str]:
    """The pages one after the other, each read when its turn comes. Sentences are not folded: whatever reads them does that."""
    yield f"Cohort: {said(cohort) or 'all sessions of this store'}"
    for number, part in enumerate(PARTS, 1):
        yield ""
        yield f"{number}. {part.title}"
        for scenario, found in _values(store, part.name, cohort):
            for sheet in sheets(part.name, found):
                yield from _sheet(sheet, scenario)
    yield ""
    yield CAUTION


def _values(store: Store, part: PartName, cohort: Cohort) -> Iterator[tuple[str, Any]]:
    """The values of a page; turning points scenario by scenario, with the scenario they are of."""
    if part != "turning" or cohort.scenario:
        yield "", cohort_pages.read(store, part, cohort, _progress if part == PARTS[0].name else None)
        return
    scenarios = [name for name, _ in store.choices("scenario", **wanted(cohort))]
    for scenario in scenarios:
        yield scenario, cohort_pages.read(store, part, replace(cohort, scenario=scenario))
    if not scenarios:
        yield "", ()


def _progress(done: int, of: int) -> None:
    if done == of or not done % 1000:
        print(f"handoff: summed up {done:,} of {of:,} sessions", file=sys.stderr)


def _sheet(sheet: Sheet, scenario: str) -> Iterator[str]:
    heading = " · ".join(each for each in (scenario, sheet.of) if each)
    yield f"{heading}: {sheet.lead}" if heading else sheet.lead
    for block in sheet.blocks:
        if block.heading:
            yield f"  {block.heading}"
        yield from (f"    {line}" for line in block.lines)
        yield from (f"    {row.label}: {row.words}" for row in block.rows)


def _data(store: Store, cohort: Cohort) -> dict[str, Any]:
    pages: dict[str, Any] = {}
    for part in PARTS:
        if part.name == "method":
            continue
        found = [(scenario, _figures(values)) for scenario, values in _values(store, part.name, cohort)]
        pages[part.name] = dict(found) if any(scenario for scenario, _ in found) else found[0][1]
    sections = [{"about": heading, "text": " ".join(text)} for heading, text in method()]
    return {"cohort": plain_data(cohort), **pages, "method": sections, "caution": CAUTION}


def _figures(value: Any) -> Any:
    """As JSON values, each figure with the words that every screen prints."""
    if isinstance(value, Hidden):
        return {"hidden": value.why}
    if isinstance(value, Figure):
        return {**plain_data(value), "words": value.words}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _figures(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_figures(each) for each in value]
    return plain_data(value)
