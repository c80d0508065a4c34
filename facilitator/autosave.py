"""A text file that somebody edits: opened, saved, and kept in a side file while it is not saved yet.

Whatever is written is written beside its place first, forced to the disk and then put in place at once: a crash or a full
disk leaves either the old file or the new one, never half of one. Every failure is one sentence for whoever writes.
"""

from __future__ import annotations

import contextlib
import difflib
import errno
import hashlib
import os
import re
import stat
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from simulator.reading.source import MAX_BYTES, TOO_LARGE

EVERY = 1.0  # seconds between two writings of the side file

# What the reader takes for the end of a line, and what no file may hold and an editor breaks lines at.
_BREAK = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_MARK = "\ufeff"
_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


class Refused(Exception):
    """A file cannot be opened or written; the message is one sentence, and whatever was typed is still there."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A file as it was read. `text`: its lines, each ended by “\\n” alone. `newline`, `mark`: how they are written."""

    path: Path
    text: str
    data: bytes
    newline: str = "\n"
    mark: bool = False  # the file begins with a byte order mark

    def encoded(self, text: str) -> bytes:
        """A text as this file would hold it."""
        return ((_MARK if self.mark else "") + text.replace("\n", self.newline)).encode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Unsaved:
    """A text that was not saved when the last edit ended."""

    text: str
    when: datetime
    later: datetime | None = None  # when the file itself was written, if that was after it
    same_base: bool = False  # the file is still the one that this text was made from


def open_text(path: Path) -> Opened:
    """The file, whole. Raises Refused."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise Refused(f"“{path.name}” is no ordinary file; which file in it did you mean?")
        if status.st_size > MAX_BYTES:
            raise Refused(f"“{path.name}” is not opened: {TOO_LARGE}; is it really a scenario?")
        return decoded(path, path.read_bytes())
    except FileNotFoundError:
        raise Refused(f"there is no file “{path.name}” here; “handoff new” writes one to begin from") from None
    except OSError as error:
        raise Refused(f"“{path.name}” cannot be read: {_reason(error)}") from None


def decoded(path: Path, data: bytes) -> Opened:
    """The bytes of a file as a text. Raises Refused."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Refused(
            f"“{path.name}” is not UTF-8 from line {line} on; can the program it comes from save it “as UTF-8”?"
        ) from None
    mark = text.startswith(_MARK)
    ends = _BREAK.findall(text)
    # Where a file mixes them, the line end that most lines have wins.
    newline = max(("\n", "\r\n", "\r"), key=ends.count) if ends else "\n"
    return Opened(path, _BREAK.sub("\n", text.removeprefix(_MARK)), data, newline, mark)


def on_disk(opened: Opened) -> bytes | None:
    """What the file holds now, None if it is gone. Raises Refused."""
    try:
        return opened.path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Refused(f"“{opened.path.name}” cannot be read: {_reason(error)}") from None


def stamp(path: Path) -> tuple[int, int] | None:
    """What changes when somebody writes the file; None if it is not there."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def save(opened: Opened, text: str) -> Opened:
    """Put this text in the file's place. Its mode, its line ends and a link to it stay. Raises Refused."""
    target = Path(os.path.realpath(opened.path))
    mode = _mode(target)
    if mode is not None and not mode & _WRITABLE:
        raise Refused(f"“{opened.path.name}” is write-protected, so it was not saved; your text is kept beside it")
    data = opened.encoded(text)
    try:
        replace(target, data, mode)
    except OSError as error:
        raise Refused(f"“{opened.path.name}” was not saved: {_reason(error)}; your text is still here") from None
    return Opened(opened.path, text, data, opened.newline, opened.mark)


def replace(target: Path, data: bytes, mode: int | None = None) -> None:
    """The file, whole or not at all. `mode`: its permissions; None: only its owner may read it. Raises OSError."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.", suffix=".part", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            os.chmod(name, mode)
        os.replace(name, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
    if os.name == "posix":
        folder = os.open(target.parent, os.O_RDONLY)  # the new name, too, must survive a power cut
        try:
            with contextlib.suppress(OSError):  # not every file system can
                os.fsync(folder)
        finally:
            os.close(folder)


# --- the side file -----------------------------------------------------------------------------------------------


def side_file(path: Path) -> Path:
    """Where what is not saved yet is kept."""
    return path.with_name(f".{path.name}.autosave")


def keep(opened: Opened, text: str) -> None:
    """Write the side file, or take it away if there is nothing in it that the file has not. Raises Refused."""
    if text == opened.text:
        forget(opened.path)
        return
    try:
        data = opened.encoded(f"{text}\n{_BASE}{_digest(opened.data)}\n")
        replace(side_file(opened.path), data, _mode(opened.path))
    except OSError as error:
        raise Refused(f"what you type is not kept beside “{opened.path.name}”: {_reason(error)}; save soon") from None


def unsaved(opened: Opened) -> Unsaved | None:
    """What an edit that ended unsaved has left, if it is anything else than the file."""
    side = side_file(opened.path)
    try:
        text, base = _parted(decoded(side, side.read_bytes()).text)
        left, written = side.stat().st_mtime, opened.path.stat().st_mtime
    except (OSError, Refused):
        return None
    if text == opened.text:
        return None
    later = datetime.fromtimestamp(written) if written > left else None
    return Unsaved(text, datetime.fromtimestamp(left), later, base == _digest(opened.data))


_BASE = "# handoff kept this beside the file whose digest is "


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _parted(kept: str) -> tuple[str, str]:
    """A side file's text, and the digest of the file it was made from; empty if it does not say."""
    text, mark, base = kept.rpartition(f"\n{_BASE}")
    return (text, base.strip()) if mark else (kept, "")


def forget(path: Path) -> None:
    """Take the side file away, if there is one."""
    with contextlib.suppress(OSError):
        side_file(path).unlink(missing_ok=True)


class Keeper:
    """Says when the side file is to be written: at once after a rest, and then at most once every `EVERY` seconds.

    `clock`: seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._last = float("-inf")

    def wait(self) -> float:
        """Seconds until the side file may be written again; 0 for now."""
        return max(0.0, self._last + EVERY - self._clock())

    def wrote(self) -> None:
        self._last = self._clock()


def differences(theirs: str, mine: str, names: tuple[str, str], around: int = 2) -> list[str]:
    """What tells two texts apart, as the lines of a unified diff."""
    return list(difflib.unified_diff(theirs.split("\n"), mine.split("\n"), names[0], names[1], lineterm="", n=around))


# --- words ---------------------------------------------------------------------------------------------------------


def _mode(path: Path) -> int | None:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return None


def _reason(error: OSError) -> str:
    known = {
        errno.ENOSPC: "the disk is full",
        errno.EDQUOT: "your share of the disk is full",
        errno.EROFS: "the disk can only be read",
        errno.EACCES: "you may not write or read there",
        errno.EPERM: "you may not write or read there",
        errno.ENOENT: "its folder is gone",
    }
    return known.get(error.errno or 0) or error.strerror or str(error)
