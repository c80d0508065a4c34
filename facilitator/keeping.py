"""Commands that look after the store: forget, purge, audit, rebuild, backup, copy, coordinator."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from simulator.log import LogError, NoSuchSession, open_store

if TYPE_CHECKING:
    from simulator.log.postgres import PostgresStore
    from simulator.log.sql import SqlStore


def forget(args: argparse.Namespace) -> int:
    with _opened(args.store) as store:
        votes = store.votes_of(args.alias)
        touched = store.forget(args.alias)
    also = f" and {_votes(votes)}" if votes else ""
    print(f"“{args.alias}” is gone from {_sessions(touched)}{also}; the choices made stay, without a name.")
    return 0 if touched or votes else 1


def purge(args: argparse.Namespace) -> int:
    with _opened(args.store) as store:
        gone = store.purge(args.older_than)
    print(f"{_sessions(gone)} erased.")
    return 0


def audit(args: argparse.Namespace) -> int:
    """Exit code 1 if anything was changed, or if the store is not the one whose fingerprint is expected."""
    with _opened(args.store) as store:
        findings = store.audit(args.session)
        count, fingerprint = store.fingerprint(args.session)
    for finding in findings:
        print(f"{finding.session}: {finding.message}" if finding.session else finding.message)
    if not findings:
        print(f"{_sessions(count)}: every event is as it was written.")
    print(f"Fingerprint: {fingerprint}")
    if args.expect and args.expect.lower() != fingerprint:
        print(
            f"That is not {args.expect}: since that was noted, a session was played, copied here or erased,"
            " or somebody rewrote one."
        )
        return 1
    return 1 if findings else 0


def rebuild(args: argparse.Namespace) -> int:
    """Make the figures anew from the logs."""
    from simulator.summing import rebuild

    store = open_store(args.store)
    try:
        done = rebuild(store, progress if sys.stderr.isatty() else None)
    except KeyboardInterrupt:
        print("\nhandoff: stopped; the figures are made from here on when somebody looks at them.", file=sys.stderr)
        return 1
    finally:
        store.close()
    print(f"The figures of {done} session{'s' * (done != 1)} were made anew from their logs.")
    return 0


def progress(done: int, of: int) -> None:
    """How far the summing up is, on a terminal's last line."""
    if done % 20 == 0 or done == of:
        print(f"\r{done} of {of} sessions", end="\n" if done == of else "", file=sys.stderr, flush=True)


def backup(args: argparse.Namespace) -> int:
    with _opened(args.store) as store:
        store.backup(args.file)
    print(f"Copied to {args.file}.")
    return 0


def copy(args: argparse.Namespace) -> int:
    from simulator.events import Reveal
    from simulator.log.copying import copy as copy_sessions

    if "://" not in args.source and not Path(args.source).expanduser().is_file():
        raise NoSuchSession(f"There is no store “{args.source}” to copy from.")
    with _opened(args.source) as source, _opened(args.target) as target:
        done = copy_sessions(source, target, workshop=args.workshop, looks=frozenset([Reveal.kind]))
    print(f"{_sessions(done.new)} copied, {done.longer} went on, {done.there} there already.")
    if done.votes:
        print(f"{_votes(done.votes)} copied.")
    return 0


def coordinator(args: argparse.Namespace) -> int:
    if not args.agency and not args.remove:
        print(f"handoff: name the agency that “{args.login}” coordinates: --agency NAME", file=sys.stderr)
        return 2
    with _opened(args.store) as opened:
        if not hasattr(opened, "admit"):
            raise LogError(
                "A coordinator's login is for a store in PostgreSQL (--store postgresql://…);"
                " whoever has a file sees all of it."
            )
        store = cast("PostgresStore", opened)
        if args.remove:
            gone = store.dismiss(args.login, args.agency)
            print(f"“{args.login}” sees the sessions of {gone} agenc{'y' if gone == 1 else 'ies'} less.")
            return 0 if gone else 1
        store.admit(args.login, args.agency)
    print(
        f"“{args.login}” sees the sessions in which “{args.agency}” sat and those that name no agency,"
        " and can change nothing."
    )
    return 0


@contextmanager
def _opened(where: str | None) -> Iterator[SqlStore]:
    store = cast("SqlStore", open_store(where))
    try:
        yield store
    finally:
        store.close()


def _sessions(count: int) -> str:
    return f"{count} session{'s' * (count != 1)}"


def _votes(count: int) -> str:
    return f"{count} vote{'s' * (count != 1)} of a panel"
