"""`handoff report session|workshop|cohort`: builds the document, writes it in the format asked for."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from facilitator.choosing import cohort_of
from facilitator.hot_wash import read as read_hot_wash
from facilitator.keeping import progress
from facilitator.playing import find_session, library
from facilitator.report.cohort import Around, Kind, cohort_report
from facilitator.report.document import Document
from facilitator.report.session import About, session_report
from scoring.cohort import Cohort, Figure
from scoring.suppression import Row, left_out, suppress
from simulator.by_hand import by_hand
from simulator.library import Library
from simulator.log import SessionRow, open_store
from simulator.log import cohort as ask
from simulator.problems import Unreadable
from simulator.session import Session
from simulator.summing import seconds_played

if TYPE_CHECKING:
    from facilitator.chart import Chart
from facilitator.cohort import Looking

OK, PROBLEMS, WRONG_USE = 0, 1, 2


def report_session(args: argparse.Namespace) -> int:
    """The report of one play. Exit code 1 while its scores are closed. Raises LogError, Unreadable."""
    if problem := wrong_target(args):
        return problem
    store = open_store(args.store)
    try:
        session = Session.reopen(store, find_session(store, args.session))
        if closed := still_closed(session):
            return _tell(closed, PROBLEMS)
        kept = store.about(session.id)
        about = About(
            workshop=kept.workshop,
            day=kept.created.astimezone().date(),
            seconds=seconds_played(store.read(session.id)),
            note=session.note if args.with_note else "",
        )
        document = session_report(session, about, by_hand(session))
        if store.may_write:
            session.reveal()  # whoever rates from now on may have read the rule's letters here
    finally:
        store.close()
    return deliver(document, args)


def report_workshop(args: argparse.Namespace) -> int:
    """The report of a workshop, with its attendance record. Raises LogError."""
    return _of_many(args, Cohort(workshop=args.workshop), "workshop")


def report_cohort(args: argparse.Namespace) -> int:
    """The report of the sessions that fit, without a name. Raises LogError."""
    return _of_many(args, cohort_of(args), "cohort")


def _of_many(args: argparse.Namespace, cohort: Cohort, kind: Kind) -> int:
    from facilitator.cohort import all_pages, looking

    if problem := wrong_target(args):
        return problem
    store = open_store(args.store)
    try:
        with looking(store, cohort, progress if sys.stderr.isatty() else None) as look:
            figures = all_pages(look)
            if figures.hidden:
                return _tell(figures.hidden, PROBLEMS)
            if not figures.overview.sessions and not figures.overview.outside:
                return _tell("no session fits; “handoff review” lists what there is", PROBLEMS)
            around = around_many(look, kind, library(args))
        if kind == "workshop":
            rows = store.sessions(workshop=cohort.workshop)
            resolved = read_hot_wash(store, [row.id for row in reversed(rows)])
            around = replace(around, seated=seated(rows), resolved=resolved)
    finally:
        store.close()
    return deliver(cohort_report(figures, kind, around), args)


def around_many(look: Looking, kind: Kind, shelf: Library) -> Around:
    """What a report of many holds beside its figures."""
    cohort = look.cohort
    asked = {
        "Workshop": cohort.workshop,
        "Scenario": cohort.scenario and look.called("scenario", cohort.scenario, cohort.scenario),
        "Agreement": cohort.mou and look.called("mou", cohort.mou, cohort.mou),
        "Law": cohort.jurisdiction and look.called("jurisdiction", cohort.jurisdiction, cohort.jurisdiction),
        "Sessions with somebody of": cohort.agency,
        "From": cohort.since,
        "Until": cohort.until,
    }
    scope = tuple((term, text) for term, text in asked.items() if text)
    scenarios = ask.choices(look.asked, "scenario")
    return Around(
        title=f"workshop “{cohort.workshop}”"
        if kind == "workshop"
        else ", ".join(t for _, t in scope) or "all sessions",
        scope=scope or (("Sessions", "all that this store holds"),),
        people=people(look) if kind == "cohort" else (),
        chart=_chart(shelf, scenarios[0][0]) if len(scenarios) == 1 else None,
    )


def people(look: Looking) -> tuple[tuple[str, str], ...]:
    """People by agency in words; small groups are left out, and what would betray them, here or beside a wider view."""
    here = _counted(look.asked)
    wide = _counted(look.asked._replace(cohort=Cohort())) if look.cohort != Cohort() else here
    also = left_out(suppress([Row(agency=each, people=n, figure=_NOTHING) for each, n in wide.items()], _NOTHING))
    rows = [
        Row(agency=agency, people=n, figure=_NOTHING, outside=wide.get(agency, n) - n) for agency, n in here.items()
    ]
    table = suppress(rows, _NOTHING, also=also)
    return tuple((agency, figure.suppressed or f"{here[agency]:,}") for agency, figure in table.agencies)


_NOTHING = Figure(n=0, hits=None, value=None)


def _counted(asked: ask.Asked) -> dict[str, int]:
    who = ask.people(asked)
    counts = {agency: who.of(agency) for agency in ["", *ask.agencies(asked)]}
    return {agency or "no agency named": n for agency, n in counts.items() if n}


def seated(rows: Sequence[SessionRow]) -> tuple[tuple[str, str], ...]:
    """Everybody who sat at a seat, once, by alias. Whether somebody stayed to the end is nobody's business."""
    found = {
        (place.alias, place.agency) for row in rows for place in row.seats if place.alias or place.player == "human"
    }
    return tuple(sorted(found, key=lambda each: (not each[0], each[0].casefold(), each)))


def _chart(shelf: Library, scenario: str) -> Chart | None:
    from facilitator.chart import chart_of

    try:
        return chart_of(shelf.bundle(scenario))
    except Unreadable:
        return None


def still_closed(session: Session) -> str:
    """Why the play may not be reported on yet; empty if it may."""
    if not session.over:
        return f"session {session.id} has not reached an ending yet; its scores are closed until the debrief"
    if session.debrief_phase is None and session.human_seats:
        return f"the people of session {session.id} have not finished their first reactions yet; the report opens after that"
    return ""


def deliver(document: Document, args: argparse.Namespace) -> int:
    """Write the document where it was asked for. Exit code 1 if it cannot be."""
    if args.format == "docx":
        from facilitator.report.word import word

        data = word(document)
    elif args.format == "html":
        from facilitator.report.html import html

        data = html(document).encode()
    else:
        from facilitator.report.markdown import markdown

        data = markdown(document).encode()
    if not args.output:
        sys.stdout.write(data.decode())
        return OK
    return _save(data, Path(args.output), force=args.force)


def _save(data: bytes, path: Path, *, force: bool) -> int:
    """The whole file or none: a half-written report is worse than none."""
    part = path.with_name(f".{path.name}.part")
    try:
        if not force and path.exists():
            return _tell(f"“{path}” is there already; name another file, or replace it with --force", PROBLEMS)
        try:
            part.write_bytes(data)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        return _tell(f"“{path}” cannot be written: {error.strerror or error}", PROBLEMS)
    print(f"{path}: written.")
    return OK


def wrong_target(args: argparse.Namespace) -> int:
    """The exit code, with a message, where what was asked for cannot be written to a screen; 0 if it can."""
    if args.format == "docx" and not args.output:
        return _tell("a Word document needs a file: add -o FILE.docx", WRONG_USE)
    return OK


def _tell(problem: str, code: int) -> int:
    print(f"handoff: {problem}", file=sys.stderr)
    return code
