"""Commands that look after the store: forget, purge, audit, rebuild, backup."""

from __future__ import annotations

import argparse
import sys

from simulator.log import open_store


def forget(args: argparse.Namespace) -> int:
    store = open_store(args.store)
    touched = store.forget(args.alias)
    store.close()
    print(
        f"“{args.alias}” is gone from {touched} session{'s' * (touched != 1)}; the choices made stay, without a name."
    )
    return 0 if touched else 1


def purge(args: argparse.Namespace) -> int:
    store = open_store(args.store)
    gone = store.purge(args.older_than)
    store.close()
    print(f"{gone} session{'s' * (gone != 1)} erased.")
    return 0


def audit(args: argparse.Namespace) -> int:
    store = open_store(args.store)
    findings = store.audit(args.session)
    count = 1 if args.session else len(store.sessions())
    store.close()
    for finding in findings:
        print(finding.message)
    if not findings:
        print(f"{count} session{'s' * (count != 1)}: every event is as it was written.")
    return 1 if findings else 0


def rebuild(args: argparse.Namespace) -> int:
    """Make the figures anew from the logs."""
    from simulator.summing import rebuild

    store = open_store(args.store)
    try:
        done = rebuild(store, _progress if sys.stderr.isatty() else None)
    except KeyboardInterrupt:
        print("\nhandoff: stopped; the figures are made from here on when somebody looks at them.", file=sys.stderr)
        return 1
    finally:
        store.close()
    print(f"The figures of {done} session{'s' * (done != 1)} were made anew from their logs.")
    return 0


def _progress(done: int, of: int) -> None:
    if done % 20 == 0 or done == of:
        print(f"\r{done} of {of} sessions", end="\n" if done == of else "", file=sys.stderr, flush=True)


def backup(args: argparse.Namespace) -> int:
    store = open_store(args.store)
    store.backup(args.file)
    store.close()
    print(f"Copied to {args.file}.")
    return 0
