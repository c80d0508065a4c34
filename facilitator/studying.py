"""What the studio knows about a text that is being written: its problems, its names, its graph, and a play of it.

Everything here is worked out away from the screen; nothing is read from the disk but what the file leans on.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from threading import Lock

from facilitator.chart import Chart, chart_of
from facilitator.chart_cells import Cells, Zoom, cells
from facilitator.checking import proof_rules
from facilitator.checks import Rule, Subject, examine
from facilitator.checks.proof import Proof
from facilitator.checks.proofs import Prover, scenario_rules
from facilitator.checks.setting import Setting, setting_of
from facilitator.completion import Names
from facilitator.lenses import Lens, look
from facilitator.spot import path_at, row_of
from simulator.library import Bundle, Library
from simulator.problems import Problem, Unreadable
from simulator.reading import FOLDERS, Read, kind_of, read_text

Known = Callable[[Setting], Sequence[Proof] | None]


@dataclass(frozen=True)
class Study:
    """What came of one version of the text. `bundle`: None unless it is a scenario that can be played.

    `subject`: what is left to be proven (`Desk.prove`); None if nothing is.
    """

    version: int
    kind: str | None
    problems: tuple[Problem, ...]
    names: Names | None
    bundle: Bundle | None
    subject: Subject | None = None

    @property
    def counts(self) -> str:
        """How many problems of each kind there are."""
        severities = [problem.severity for problem in self.problems]
        told = [
            f"{count} {name}{'s' * (count != 1)}"
            for name in ("error", "warning", "notice")
            if (count := sum(each == name for each in severities))
        ]
        return ", ".join(told) or "no problems"


@dataclass(frozen=True)
class Drawn:
    """A map that is ready to be shown. `bundle`: what it was drawn from."""

    bundle: Bundle
    chart: Chart
    lens: Lens
    cells: Cells
    zoom: Zoom


class _Polite:
    """How many threads work politely; the last one puts all back."""

    lock, count, before = Lock(), 0, 0.005


_POLITE = _Polite()


@contextmanager
def politely() -> Iterator[None]:
    """Work beside somebody who types: a key waits for half a millisecond instead of five, and never for the collector
    of cycles, whose pauses over a large scenario's objects are longer than all the rest of a key's way."""
    with _POLITE.lock:
        if _POLITE.count == 0:
            _POLITE.before = sys.getswitchinterval()
            sys.setswitchinterval(0.0005)
            gc.disable()
        _POLITE.count += 1
    try:
        yield
    finally:
        with _POLITE.lock:
            _POLITE.count -= 1
            if _POLITE.count == 0:
                gc.enable()
                sys.setswitchinterval(_POLITE.before)


class Desk(Library):
    """The library as a file sees it that is being written: with the folder it stands in before all others."""

    def __init__(self, path: Path, shelf: Library) -> None:
        super().__init__()
        self.path = path
        folder = path.parent.parent if path.parent.name in FOLDERS.values() else path.parent
        self.folders = (folder, *shelf.folders)

    def study(self, text: str, version: int, known: Known = lambda _: None) -> Study:
        """Everything there is to say about a text without proving anything. Never raises for what files hold.

        `known`: what was proven before; then it is said too.
        """
        read: Read | None = None
        try:
            read = self._checked(read_text(None, text, str(self.path)))
            # Another file may be what is wrong; then the text has its problems, and cannot be played yet.
            beside = self.shelf(read)
            subject, more = Subject(read, beside, date.today()), self._proven(read, known)
            problems = examine(subject, "draft", more or ())
            if len(self._reads) > 200:
                self._reads.clear()
            names = Names(read.kind, read.draft, beside) if read.draft is not None and read.kind else None
            left = subject if more is None else None
            return Study(version, read.kind, problems, names, self._playable(read), left)
        except Unreadable as error:
            kind = read.kind if read is not None else kind_of(str(self.path), text)
            return Study(version, kind, error.problems, None, None)

    def prove(self, study: Study, prover: Prover) -> Study:
        """The study with what proofs find; takes a while. Raises what the prover raises."""
        if study.subject is None:
            return study
        try:
            more = proof_rules(study.subject.read, self, prover)
            return replace(study, problems=examine(study.subject, "draft", more), subject=None)
        except Unreadable as error:  # a file it leans on
            return replace(study, problems=error.problems, subject=None)

    def _proven(self, read: Read, known: Known) -> Sequence[Rule] | None:
        """The rules that need proofs, if there is nothing to prove for them; None if there is."""
        if not read.sound or read.draft is None or read.kind not in ("scenario", "mou"):
            return ()
        try:
            setting = setting_of(read, self) if read.kind == "scenario" else None
        except Unreadable:
            return None
        proofs = known(setting) if setting is not None else None
        return None if proofs is None else scenario_rules(setting, lambda _: proofs)

    def _playable(self, read: Read) -> Bundle | None:
        if read.kind != "scenario" or not read.sound:
            return None
        try:
            return self._bundle(read, None, None)
        except Unreadable:
            return None


def draw(bundle: Bundle, zoom: Zoom) -> Drawn:
    """The map of a scenario, by who acts."""
    chart = chart_of(bundle)
    lens = look(chart, "seat", None)
    return Drawn(bundle, chart, lens, cells(chart, lens, zoom), zoom)


def scene_at(lines: Sequence[str], row: int, bundle: Bundle) -> str | None:
    """The scene that a line of the text belongs to; of a protocol's scene the first place it is played in."""
    path = path_at(lines, row)
    length = 4 if path[:1] == ("protocols",) else 2
    if len(path) < length or path[0] not in ("scenes", "protocols"):
        return None
    wanted = path[:length]
    if wanted[-1] in bundle.scenario.scenes and length == 2:
        return wanted[-1]
    return next((scene for scene, origin in bundle.origins.items() if origin == wanted), None)


def row_of_scene(lines: Sequence[str], scene: str, bundle: Bundle) -> int | None:
    """The line on which a scene is written in the text as it is now."""
    return row_of(lines, bundle.origins.get(scene, ("scenes", scene)))


__all__ = ["Desk", "Drawn", "Study", "draw", "row_of_scene", "scene_at"]
