"""A file that is either whole or not there."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from simulator.log import Unwritable


def write_whole(files: Mapping[Path, Iterable[str]], *, force: bool) -> None:
    """Write texts, in UTF-8 and as they are, and name the files only when all are on disk. Raises Unwritable.

    Until then they stand beside their place as “NAME.….part”, which is gone again whatever goes wrong. `force`: what has
    one of the names already is replaced.
    """
    parts = {path: path.with_name(f"{path.name}.{secrets.token_hex(4)}.part") for path in files}
    try:
        for path, text in files.items():
            free(path, force=force)
            with told(path), open(parts[path], "xb") as out:
                for block in text:
                    out.write(block.encode("utf-8", "replace"))
                out.flush()
                os.fsync(out.fileno())
        for path, part in parts.items():
            free(path, force=force)  # somebody may have come first
            with told(path):
                part.replace(path)
    finally:
        for part in parts.values():
            with suppress(OSError):
                part.unlink(missing_ok=True)


def free(path: Path, *, force: bool) -> None:
    """Raises Unwritable if the name is taken, or nothing of that name could be written."""
    if path.is_dir():
        raise Unwritable(f"“{path}” is a folder; name a file in it.")
    if path.exists() and not path.is_file():
        raise Unwritable(f"“{path}” is no ordinary file; without -o the export goes to standard output.")
    if path.exists() and not force:
        raise Unwritable(f"“{path}” exists already; name another file, or replace it with --force.")
    if not path.parent.is_dir():
        raise Unwritable(f"There is no folder “{path.parent}” to write “{path.name}” in.")


class told:
    """What the system says of a file, as a sentence."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError):
            raise Unwritable(
                f"“{self._path}” cannot be written ({error.strerror}); nothing half-written was left."
            ) from error
