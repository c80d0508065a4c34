"""What PostgreSQL reports, told to the user in one sentence. No sentence holds a password."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import errors

from simulator.log import Damaged, LogError, Unwritable

TOO_OLD = (
    "“{name}” is a store of an older Handoff, and this login may not bring it up to date;"
    " whoever owns the store has to open it once with this Handoff."
)
UNMADE = (
    "“{name}” holds no store yet, and this login may not make one;"
    " have an administrator run: CREATE SCHEMA handoff AUTHORIZATION your_login."
)


def named(given: Mapping[str, Any]) -> str:
    """An address as it may be shown: without its password."""
    user, host, port, name = (str(given.get(key) or "") for key in ("user", "host", "port", "dbname"))
    socket = host.startswith("/")
    line = f"{quote(user)}@" if user else ""
    line += ("" if socket else host) + (f":{port}" if port and not socket else "")
    return f"postgresql://{line}/{name}" + (f"?host={host}" if socket else "")


def sentence(error: psycopg.Error, name: str) -> LogError:
    """The LogError that says what `error` means for the user."""
    match error:
        case errors.LockNotAvailable() | errors.DeadlockDetected() | errors.SerializationFailure():
            return Unwritable(
                f"Another program is writing to “{name}”; wait a moment, then try again: nothing was lost."
            )
        case errors.DiskFull() | errors.OutOfMemory():
            return Unwritable(
                f"The server of “{name}” has no room left; its administrator has to free some, then try again:"
                " what was kept so far is safe."
            )
        case errors.InsufficientPrivilege() | errors.ReadOnlySqlTransaction():
            return Unwritable(f"This login may look at “{name}”, but not do that; use one that may, or another store.")
        case errors.DataCorrupted() | errors.IndexCorrupted() | errors.UndefinedTable() | errors.UndefinedColumn():
            return Damaged(f"“{name}” is damaged; its administrator has to look at it or restore a backup.")
        case psycopg.OperationalError() if error.sqlstate is None or error.sqlstate[:2] in ("08", "57", "28", "3D"):
            return _away(str(error), name)
        case psycopg.DataError() if "NUL" in str(error):
            return LogError(
                f"“{name}” cannot hold a text with the character NUL (U+0000); take it out of the file and begin again."
            )
        case _:
            return LogError(
                f"The store “{name}” did not take that ({_first_line(error)}); `handoff audit` says whether it is sound."
            )


def _away(report: str, name: str) -> Unwritable:
    """Why there is no line to the server. The reports are the server's own words, and may be in its language."""
    words = report.lower()
    if "authentication failed" in words or "no password supplied" in words or "pg_hba" in words:
        return Unwritable(f"The server of “{name}” did not let you in; check the user and password you gave.")
    if "database" in words and "does not exist" in words:
        return Unwritable(f"The server has no database “{name}”; check its name, or have it made.")
    if "role" in words and "does not exist" in words:
        return Unwritable(f"The server of “{name}” does not know that user; check the name, or have it made.")
    return Unwritable(
        f"The server of “{name}” does not answer; see that it runs and that the network is up, then try again:"
        " what was kept so far is safe."
    )


def _first_line(error: psycopg.Error) -> str:
    return (error.diag.message_primary or str(error)).partition("\n")[0]
