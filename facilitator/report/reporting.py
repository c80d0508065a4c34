"""`handoff report session|workshop|cohort`: builds the document, writes it in the format asked for."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from facilitator.playing import find_session
from facilitator.report.document import Document
from facilitator.report.session import About, session_report
from simulator.events import Chance, Choose
from simulator.log import Kept, open_store
from simulator.session import Session

OK, PROBLEMS, WRONG_USE = 0, 1, 2


def report_session(args: argparse.Namespace) -> int:
    """The report of one play. Exit code 1 while its scores are closed. Raises LogError, Unreadable."""
    if problem := _wrong_target(args):
        return _tell(problem, WRONG_USE)
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
        )
        document = session_report(session, about)
    finally:
        store.close()
    return deliver(document, args)


def still_closed(session: Session) -> str:
    """Why the play may not be reported on yet; empty if it may."""
    if not session.finished:
        return f"session {session.id} has not reached an ending yet; its scores are closed until the debrief"
    if session.debrief_phase is None and session.human_seats:
        return (
            f"the people of session {session.id} have not finished their first reactions yet; the report opens after that"
        )
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


def seconds_played(events: Sequence[Kept]) -> float:
    """Real seconds from the beginning to the last move of the story, time paused left out."""
    total = waiting = 0.0
    paused = False
    for before, event in zip(events, events[1:], strict=False):
        if not paused:
            waiting += (datetime.fromisoformat(event.at) - datetime.fromisoformat(before.at)).total_seconds()
        kind = event.body["kind"]
        paused = kind == "paused" or (paused and kind != "resumed")
        if kind in (Choose.kind, Chance.kind):
            total, waiting = total + waiting, 0.0
    return total


def _wrong_target(args: argparse.Namespace) -> str:
    if args.format == "docx" and not args.output:
        return "a Word document needs a file: add -o FILE.docx"
    return ""


def _tell(problem: str, code: int) -> int:
    print(f"handoff: {problem}", file=sys.stderr)
    return code
