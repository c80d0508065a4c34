"""What SQLite reports, told to the user in one sentence."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from simulator.log import Damaged, LogError, Unwritable


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Raises LogError in place of whatever SQLite raises about the store at `path`."""
    try:
        yield
    except sqlite3.Error as error:
        raise sentence(error, path) from error


def sentence(error: sqlite3.Error, path: Path) -> LogError:
    """The LogError that says what `error` means for the user."""
    kind = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the rest is the finer cause
    if str(error).startswith("Could not decode"):  # Python's own, without a code: the bytes are no longer text
        kind = sqlite3.SQLITE_CORRUPT
    match kind:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return Unwritable(
                f"Another program holds “{path}” locked; close it or wait a moment, then try again: nothing was lost."
            )
        case sqlite3.SQLITE_FULL:
            return Unwritable(
                f"There is no room left for “{path}”; free some space and try again: what was kept so far is safe."
            )
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            return read_only(path)
        case sqlite3.SQLITE_CANTOPEN:
            return Unwritable(f"“{path}” cannot be opened; see that its folder exists and may be written to.")
        case sqlite3.SQLITE_IOERR:
            return Unwritable(
                f"The disk refused to read or write “{path}”; see that it is there, sound and not full, then try again."
            )
        case sqlite3.SQLITE_NOTADB:
            return Damaged(f"“{path}” is not a store of Handoff, or is damaged; name another file or restore a backup.")
        case sqlite3.SQLITE_CORRUPT:
            return Damaged(f"“{path}” is damaged; make a copy of it, then restore a backup.")
        case _:
            return LogError(
                f"The store “{path}” did not take that ({error}); `handoff audit` says whether it is sound."
            )


def read_only(path: Path) -> Unwritable:
    """The store may be looked at but not written to."""
    return Unwritable(f"“{path}” may not be written to; allow writing to it and its folder, or name another file.")


def usable(path: Path) -> None:
    """The path can be a store at all. Raises Unwritable; SQLite's own reports of these are riddles."""
    folder = path.parent
    if path.is_dir():
        raise Unwritable(f"“{path}” is a folder; name a file in it.")
    if not folder.is_dir():
        raise Unwritable(f"There is no folder “{folder}” to keep “{path.name}” in; make it or name another file.")
    # Writing to the folder is needed too: SQLite puts its own files beside the store.
    if not _may_write(folder) or (path.exists() and not _may_write(path)):
        raise read_only(path)


def _may_write(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)
