"""Backups: under a name of their own until they are whole, so that what is called a backup is one."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from simulator.log import Unwritable
from simulator.log.trouble import usable


@contextmanager
def whole(target: Path) -> Iterator[Path]:
    """Where to write what becomes `target` at the end, if nothing goes wrong. Raises Unwritable."""
    usable(target)
    if target.exists():
        raise Unwritable(f"“{target}” exists already; name a new file for the backup.")
    half = target.with_name(f"{target.name}.{secrets.token_hex(4)}.part")
    try:
        yield half
        half.replace(target)
    except OSError as error:
        raise Unwritable(f"The backup “{target}” cannot be written ({error.strerror}).") from error
    finally:
        for left in (half, half.with_name(f"{half.name}-wal"), half.with_name(f"{half.name}-shm")):
            with suppress(OSError):
                left.unlink(missing_ok=True)
