"""`handoff room` in lines, and what is wrong with what was asked for."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime

from facilitator.room import NoRoom, Reader, find_room, in_lines
from simulator.log import open_store


def print_room(args: argparse.Namespace) -> int:
    """The room as it is now, one pair a line. Exit code 1 if there is none. Raises LogError."""
    store = open_store(args.store)
    try:
        table = Reader(store, find_room(store, args.key, args.workshop), args.workshop or "").table()
    except NoRoom as error:
        return _tell(error)
    finally:
        store.close()
    for line in in_lines(table, datetime.now(UTC)):
        print(line)
    return 0


def refuse(args: argparse.Namespace) -> int:
    """The exit code, with a message, where there is no such room; 0 if there is. Raises LogError."""
    store = open_store(args.store)
    try:
        find_room(store, args.key, args.workshop)
    except NoRoom as error:
        return _tell(error)
    finally:
        store.close()
    return 0


def _tell(error: NoRoom) -> int:
    print(f"handoff: {error}", file=sys.stderr)
    return 1
