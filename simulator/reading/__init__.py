"""The one way in: from the text of a file to the typed model, with every problem at once and never a traceback.

`read_text` converts one file and notes what is wrong with it (HS1xx). `check` looks its names up on a shelf (HS2xx)
and, for a scenario whose names are sound, walks its graph (HS3xx).
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from scoring.rules import Framework, Jurisdiction, Mou, Vocabulary
from simulator.model import Scenario
from simulator.problems import Problem
from simulator.reading.convert import convert
from simulator.reading.names import check_names
from simulator.reading.places import Reading
from simulator.reading.shelf import Shelf
from simulator.reading.source import MAX_BYTES, TOO_LARGE, Source
from simulator.series import Series

__all__ = [
    "FOLDERS",
    "KINDS",
    "PLAYED",
    "Place",
    "Read",
    "Shelf",
    "check",
    "fetch",
    "kind_of_text",
    "read_bytes",
    "read_file",
    "read_text",
]

Place = Path | Traversable

KINDS: dict[str, type] = {
    "scenario": Scenario,
    "mou": Mou,
    "jurisdiction": Jurisdiction,
    "framework": Framework,
    "vocabulary": Vocabulary,
    "series": Series,
}
PLAYED = tuple(kind for kind in KINDS if kind != "series")  # what every play is made of
_A = {
    "scenario": "a scenario", "mou": "an agreement (MOU)", "jurisdiction": "a jurisdiction", "framework": "a framework",
    "vocabulary": "a vocabulary", "series": "a series",
}  # fmt: skip
FOLDERS = {
    "scenario": "library", "mou": "mous", "jurisdiction": "jurisdictions", "framework": "frameworks", "series": "series",
}  # fmt: skip

_MANY = 100_000  # young objects

_TOP_KEY = re.compile(r"(?m)^([a-z_]+):")
_TELLING_KEYS = {  # a key that only one kind of file has at its top
    "scenes": "scenario", "seats": "scenario", "opening": "scenario", "duties": "mou", "parties": "mou",
    "principles": "framework", "switches": "jurisdiction", "holidays": "jurisdiction", "compelled": "jurisdiction",
    "item_kinds": "vocabulary", "needs": "vocabulary", "roles": "vocabulary",
    "episodes": "series", "carries": "series",
}  # fmt: skip


class Read:
    """What came of reading one file: its `value` (None when it cannot be trusted), its problems, its places."""

    def __init__(self, kind: str | None, source: Source) -> None:
        self.kind, self.source = kind, source
        self.reading = Reading(source)
        self.draft: Any = None  # the value with stand-ins for what could not be read; only for checks
        self.checked = False

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem so far, in the order of the file."""
        return tuple(sorted(self.source.problems, key=lambda problem: (problem.line, problem.column)))

    @property
    def sound(self) -> bool:
        """Whether there are no errors; warnings may be there."""
        return not any(problem.severity == "error" for problem in self.source.problems)

    @property
    def value(self) -> Any:
        return self.draft if self.sound else None


def read_text(kind: str | None, text: str, file: str) -> Read:
    """One file's text as the model. `kind` None: found out by `file`'s folder, then by its keys. Never raises."""
    with _growing():
        return _read_text(kind, text, file)


def _read_text(kind: str | None, text: str, file: str) -> Read:
    source = Source(text, file)
    kind = kind or kind_of(file, source.text)
    read = Read(kind, source)
    if source.root is None:
        return read
    if kind is None:
        source.report_at(
            "HS121",
            1,
            1,
            "nothing in this file tells what it is",
            "Does it lack “scenes:”, “duties:”, “switches:” or “principles:”?",
        )
        return read
    votes = _votes(source.text)
    if votes and kind not in votes:
        source.report_at(
            "HS121",
            1,
            1,
            f"{_A[kind]} is wanted here, and this looks like {_A[votes[0]]}",
            "Is it the file, and the folder, that you meant?",
        )
        return read
    read.draft = convert(KINDS[kind], read.reading)
    return read


@contextmanager
def _growing() -> Iterator[None]:
    """While nodes and model grow, the collector would walk all of them over and over and find nothing: for 5,000
    scenes that takes longer than the reading. Nested or in several threads, it is on again at the end."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if gc.get_count()[0] > _MANY and not gc.get_freeze_count():
            gc.freeze()  # there and back, what is young becomes old without the three walks it takes otherwise
            gc.unfreeze()
        if collecting:
            gc.enable()


def check(read: Read, shelf: Shelf) -> tuple[Problem, ...]:
    """Look up every name of a file that was read, and walk a scenario's graph. Notes problems in `read`; once only."""
    if not read.checked and read.draft is not None:
        with _growing():
            _check_id(read)
            check_names(read.draft, read.reading, shelf)
    read.checked = True
    return read.problems


def _check_id(read: Read) -> None:
    """A shelf finds files by their names, sessions and reports speak of ids; the two should agree."""
    stem = re.split(r"[/\\]", read.source.file)[-1].rpartition(".")[0]
    if read.kind != "vocabulary" and stem and read.draft.id and read.draft.id != stem:
        read.source.report(
            "HS122",
            read.reading.node(read.draft, "id"),
            f"the file is called “{stem}”, and its id is “{read.draft.id}”",
            f"Is it a copy that should be called “{stem}” inside, too?",
            severity="warning",
        )


def read_bytes(kind: str | None, data: bytes, file: str) -> Read:
    """As `read_text`, from the bytes of a file. Never raises."""
    try:
        return read_text(kind, data.decode("utf-8"), file)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        return _refused(
            kind,
            file,
            "HS102",
            "the file is not UTF-8 from here on",
            "Can your editor save it “as UTF-8”?",
            (before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1),
        )


def read_file(path: Path, kind: str | None = None, file: str | None = None) -> Read:
    """As `read_text`, from a file on disk. `file` is the name problems call it by. Never raises."""
    shown = file or str(path)
    data = fetch(path, kind, shown)
    return data if isinstance(data, Read) else read_bytes(kind, data, shown)


def fetch(place: Place, kind: str | None, file: str) -> bytes | Read:
    """The bytes of a file, or why there are none. Never raises."""
    try:
        if place.is_dir():
            return _refused(kind, file, "HS101", "this is a folder, not a file", "Which file in it did you mean?")
        if isinstance(place, Path) and place.exists() and not place.is_file():
            return _refused(kind, file, "HS101", "this is no ordinary file", "Which file did you mean?")
        if isinstance(place, Path) and place.stat().st_size > MAX_BYTES:
            return _refused(kind, file, "HS119", TOO_LARGE, "Is this really a scenario file?")
        return place.read_bytes()
    except FileNotFoundError:
        return _refused(kind, file, "HS101", "there is no such file", "Is the name spelt as in its folder?")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        hint = "May you read it, and does no other program lock it?"
        return _refused(kind, file, "HS101", f"the file cannot be read: {reason}", hint)


def kind_of(file: str, text: str) -> str | None:
    """Which kind of file this is: by the folder it stands in, else by the keys only that kind has."""
    parts = file.replace("\\", "/").split("/")
    if parts[-1] in ("vocabulary.yaml", "vocabulary.yml"):
        return "vocabulary"
    for kind, folder in FOLDERS.items():
        if len(parts) > 1 and parts[-2] == folder:
            return kind
    return kind_of_text(text)


def kind_of_text(text: str) -> str | None:
    """The kind of file most of whose telling keys stand at the left margin; None when there are none."""
    votes = _votes(text)
    return max(votes, key=votes.count) if votes else None


def _votes(text: str) -> list[str]:
    return [_TELLING_KEYS[key] for key in _TOP_KEY.findall(text) if key in _TELLING_KEYS]


def _refused(kind: str | None, file: str, code: str, message: str, hint: str, place: tuple[int, int] = (1, 1)) -> Read:
    source = Source("", file)
    source.problems.clear()
    source.report_at(code, *place, message, hint)
    return Read(kind, source)
