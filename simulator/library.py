"""The shelf of scenarios and what they are played under, and one play's bundle taken from it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from threading import RLock
from typing import Any

from scoring.rules import Framework, Jurisdiction, Mou, Vocabulary
from simulator.carried import NOTHING, Carried, from_plain
from simulator.inlining import Circular, inline
from simulator.model import Scenario
from simulator.problems import Problem, Unreadable, did_you_mean
from simulator.reading import (
    FOLDERS,
    PLAYED,
    Place,
    Read,
    Shelf,
    check,
    fetch,
    kind_of,
    kind_of_text,
    read_bytes,
    read_text,
)
from simulator.reading.serial import check_series
from simulator.series import Series
from simulator.trained import trained
from simulator.variants import Draw, whole, worded

__all__ = ["Bundle", "Card", "Library", "Text", "Unreadable", "bundle_from_texts"]

_ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Text:
    """The exact text of one file, as a session pins it. `digest`: SHA-256 of its UTF-8 bytes, in hex."""

    kind: str
    id: str
    digest: str
    text: str
    path: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """What one play is made of. Protocols are inlined; `origins` tells where each scene is written.

    `scenario`: in the words of `draw`; `written`: with its placeholders still in it. `series`, `episode` (from 1), `follows`
    (a session) and `carried`: where it stands in a series, and what it begins with.
    """

    scenario: Scenario
    mou: Mou
    jurisdiction: Jurisdiction
    framework: Framework
    vocabulary: Vocabulary
    texts: tuple[Text, ...]
    written: Scenario = field(compare=False, repr=False)
    draw: Draw = field(default_factory=dict)
    series: Series | None = None
    episode: int = 0
    follows: str = ""
    carried: Carried = NOTHING
    warnings: tuple[Problem, ...] = ()
    origins: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)
    places: Mapping[str, Read] = field(default_factory=dict, compare=False, repr=False)

    def drawn(self, draw: Draw) -> Bundle:
        """The same play in other words: of each list of variants the entry of this number, the first where it names none.

        Raises BadDraw.
        """
        whole_draw = whole(self.written.variants, draw)
        if whole_draw == self.draw:
            return self
        return replace(self, scenario=worded(self.written, whole_draw), draw=whole_draw)

    @property
    def stands(self) -> dict[str, Any]:
        """Its place in a series as event 0 keeps it; empty outside one."""
        if self.series is None:
            return {}
        return {"id": self.series.id, "episode": self.episode, "after": self.follows}

    def standing(self, stands: Mapping[str, Any], carried: Mapping[str, Any]) -> Bundle:
        """The bundle at the place in a series that event 0 tells. Raises BadCarried."""
        if not stands and not carried:
            return self
        number, after = int(stands.get("episode", 0)), str(stands.get("after", ""))
        return replace(self, episode=number, follows=after, carried=from_plain(carried))

    def place(self, kind: str, *path: str | int) -> tuple[str, int, int]:
        """File, line and column (from 1) of what stands at a path of keys in the file of that kind."""
        if kind == "scenario" and len(path) > 1 and path[0] == "scenes":
            path = (*self.origins.get(str(path[1]), path[:2]), *path[2:])
        source = self.places[kind].source
        return (source.file, *source.place(*path))


@dataclass(frozen=True, slots=True)
class Card:
    """A scenario as the home screen shows it. A file that cannot be played still has a card, with its problems."""

    id: str
    title: str
    summary: str
    path: str
    minutes_to_play: int = 0
    advisories: tuple[str, ...] = ()
    seats: tuple[str, ...] = ()  # “Officer Reyes (patrol officer)”
    topics: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    trains: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # topic, error or dilemma → scenes that turn on it

    @property
    def playable(self) -> bool:
        return not any(problem.severity == "error" for problem in self.problems)


class Library:
    """The files at hand: the given folders first, the packaged library last; in each the first of a name wins.

    A folder is laid out like the packaged one (`library/`, `mous/`, …), or just holds files side by side.
    """

    def __init__(self, folders: Sequence[Path] = ()) -> None:
        self.folders: tuple[Place, ...] = (*map(Path, folders), files("scenarios"))
        self._reads: dict[tuple[str, str, bytes], Read] = {}
        self._lock = RLock()  # a screen's worker threads read while the screen does

    # --- what there is -----------------------------------------------------------------------------------------

    def names(self, kind: str) -> tuple[str, ...]:
        """The ids at hand of `scenario`, `mou`, `jurisdiction` or `framework`, in the order of the folders."""
        return tuple(self._places(kind))

    def scenarios(self) -> tuple[Card, ...]:
        """A card for each scenario at hand. Never raises for what a file holds."""
        return tuple(self._card(name, place) for name, place in self._places("scenario").items())

    def all_series(self) -> tuple[Series, ...]:
        """The series at hand that can be played. Never raises for what a file holds."""
        found = []
        for place in self._places("series").values():
            try:
                read = self._checked(self._fresh(place, "series"))
            except Unreadable:
                continue
            if read.sound:
                found.append(read.value)
        return tuple(found)

    def episode(
        self,
        series: str | Path,
        number: int = 1,
        *,
        mou: str | Path | None = None,
        jurisdiction: str | Path | None = None,
    ) -> Bundle:
        """An episode of a series (from 1), with nothing carried over yet. Raises Unreadable."""
        own = self.beside(Path(series)) if _is_path(series) else self
        read = own.chosen("series", series)
        listed: Series = read.value
        if not 1 <= number <= len(listed.episodes):
            said = f"“{listed.title}” has the episodes 1 to {len(listed.episodes)}"
            raise Unreadable([Problem("HS271", "error", said, read.source.file)])
        bundle = own.bundle(listed.episodes[number - 1].scenario, mou=mou, jurisdiction=jurisdiction)
        return replace(
            bundle,
            series=listed,
            episode=number,
            texts=(*bundle.texts, _text("series", read)),
            places={**bundle.places, "series": read},
        )

    def is_series(self, which: str | Path) -> bool:
        """Whether that names a series: a file of that kind, or an id that no scenario has."""
        if _is_path(which):
            path = Path(which)
            return (
                path.is_file() and kind_of(str(which), path.read_text(encoding="utf-8", errors="replace")) == "series"
            )
        return which in self.names("series") and which not in self.names("scenario")

    def check(self, path: Path, kind: str | None = None) -> tuple[Problem, ...]:
        """Everything that is wrong with one file of any kind, in the order of the file."""
        return self.read(path, kind)[0].problems

    def read(self, path: Path, kind: str | None = None) -> tuple[Read, Shelf]:
        """One file of any kind, checked, and what its names were looked up in."""
        own = self.beside(path)
        read = own._checked(own._fresh(path, kind))
        return read, own.shelf(read)

    def check_text(self, text: str, file: str, kind: str | None = None) -> Read:
        """A text that no file holds yet, such as an editor's: its value, its problems, its places."""
        return self._checked(read_text(kind, text, file))

    def chosen(self, kind: str, which: str | Path) -> Read:
        """The file of a kind that an id or a path names, its names looked up beside it. Raises Unreadable if it has errors."""
        own = self.beside(Path(which)) if _is_path(which) else self
        read = own._checked(own._of(kind, which))
        if not read.sound:
            raise Unreadable(read.problems)
        return read

    def value(self, kind: str, name: str = "") -> Any:
        """What a file of that id holds (the vocabulary needs none); None if there is none, or it has errors."""
        try:
            read = self._vocabulary() if kind == "vocabulary" else self._named(kind, name)
        except Unreadable:
            return None
        return self._checked(read).value

    # --- one play ----------------------------------------------------------------------------------------------

    def bundle(
        self,
        scenario: str | Path,
        *,
        mou: str | Path | None = None,
        jurisdiction: str | Path | None = None,
    ) -> Bundle:
        """A scenario with what it is played under. An argument is an id, or the path of a file.

        Raises Unreadable, with every error in the files concerned.
        """
        if _is_path(scenario):
            return self.beside(Path(scenario))._bundle(self._fresh(Path(scenario), "scenario"), mou, jurisdiction)
        return self._bundle(self._named("scenario", str(scenario)), mou, jurisdiction)

    def _bundle(self, story: Read, mou: str | Path | None, jurisdiction: str | Path | None) -> Bundle:
        self._checked(story)
        draft: Scenario | None = story.draft
        reads = {"scenario": story}
        if draft is not None:
            for kind, chosen, default in (
                ("mou", mou, draft.mou),
                ("jurisdiction", jurisdiction, draft.jurisdiction),
                ("framework", None, draft.framework),
            ):
                if chosen is None and default not in self._places(kind):
                    continue  # the scenario's own problems say so
                reads[kind] = self._checked(self._of(kind, chosen or default))
        reads["vocabulary"] = self._vocabulary()
        problems = tuple(problem for read in reads.values() for problem in read.problems)
        if any(problem.severity == "error" for problem in problems):
            raise Unreadable(problems)
        return _assemble(reads, problems)

    # --- finding files -----------------------------------------------------------------------------------------

    def beside(self, path: Path) -> Library:
        """This library with the folder of a file before its own: a scenario may bring its agreement along."""
        folder = path.parent.parent if path.parent.name in FOLDERS.values() else path.parent
        own = copy(self)
        own.folders = (folder, *self.folders)
        return own

    def _places(self, kind: str) -> dict[str, Place]:
        found: dict[str, Place] = {}
        for folder in self.folders:
            for place in (*_files(folder.joinpath(FOLDERS[kind])), *_files(folder, kind)):
                found.setdefault(place.name.rpartition(".")[0], place)
        return found

    def _named(self, kind: str, name: str) -> Read:
        places = self._places(kind)
        if name not in places:
            label = {"mou": "MOU"}.get(kind, kind)
            raise Unreadable(
                [
                    Problem(
                        "HS214",
                        "error",
                        f"there is no {label} “{name}” at hand",
                        name,
                        hint=did_you_mean(name, places, label),
                    )
                ]
            )
        return self._fresh(places[name], kind)

    def _of(self, kind: str, chosen: str | Path) -> Read:
        return self._fresh(Path(chosen), kind) if _is_path(chosen) else self._named(kind, str(chosen))

    def _fresh(self, place: Place, kind: str | None) -> Read:
        """The file as it is now; read again only if its bytes changed."""
        shown = _shown(place)
        data = fetch(place, kind, shown)
        if isinstance(data, Read):
            return data
        key = (str(kind), shown, data)
        if key not in self._reads:
            self._reads[key] = read_bytes(kind, data, shown)
        return self._reads[key]

    def _vocabulary(self) -> Read:
        for folder in self.folders:
            place = folder.joinpath("vocabulary.yaml")
            if place.is_file():
                return self._checked(self._fresh(place, "vocabulary"))
        raise Unreadable([Problem("HS101", "error", "there is no such file", "vocabulary.yaml")])

    # --- checking ----------------------------------------------------------------------------------------------

    def _checked(self, read: Read) -> Read:
        with self._lock:
            if not read.checked:
                check(read, self.shelf(read))
                if read.draft is not None and read.kind == "series":
                    check_series(read.draft, read.reading, self)
        return read

    def shelf(self, read: Read) -> Shelf:
        """What the names of a file are looked up in. Raises Unreadable when there is no vocabulary."""
        if read.draft is None or read.kind in ("vocabulary", "framework"):
            return Shelf()
        vocabulary = self._vocabulary().draft
        if read.kind == "series":
            return Shelf(vocabulary=vocabulary)
        if read.kind == "jurisdiction":
            return Shelf(vocabulary=vocabulary)
        laws = [self._fresh(place, "jurisdiction").draft for place in self._places("jurisdiction").values()]
        switches = frozenset(switch for law in laws if law for switch in law.switches)
        if read.kind == "mou":
            return Shelf(vocabulary=vocabulary, switches=switches)
        draft: Scenario = read.draft
        return Shelf(
            vocabulary=vocabulary,
            framework=self._default("framework", draft.framework),
            mou=self._default("mou", draft.mou),
            jurisdiction=self._default("jurisdiction", draft.jurisdiction),
            switches=switches,
            names={kind: self.names(kind) for kind in ("mou", "jurisdiction", "framework")},
            other_rules=self._rules,
        )

    def _default(self, kind: str, name: str) -> Any:
        place = self._places(kind).get(name)
        return self._fresh(place, kind).draft if place is not None else None

    def _rules(self) -> frozenset[str]:
        found: set[str] = set()
        for kind in ("mou", "jurisdiction"):
            for place in self._places(kind).values():
                rules = self._fresh(place, kind).draft
                found.update(getattr(rules, "duties", ()), getattr(rules, "lines", ()))
        return frozenset(found)

    def _card(self, name: str, place: Place) -> Card:
        shown = _shown(place)
        try:
            read = self._fresh(place, "scenario")
            draft: Scenario | None = self._checked(read).draft
            problems = read.problems
            if read.sound:
                draft = self._bundle(read, None, None).scenario
        except Unreadable as error:
            draft, problems = read.draft, error.problems
        if draft is None:
            return Card(name, name, "", shown, problems=problems)
        return Card(
            name,
            draft.title or name,
            draft.summary,
            shown,
            draft.minutes_to_play,
            draft.advisories,
            tuple(self._part(seat.name, seat.role) for seat in draft.seats.values()),
            draft.topics,
            problems,
            trained(draft),
        )

    def _part(self, name: str, role: str) -> str:
        vocabulary: Vocabulary | None = self._vocabulary().draft
        known = vocabulary.roles.get(role) if vocabulary else None
        return f"{name} ({known.label if known else role})"


def bundle_from_texts(texts: Iterable[Text]) -> Bundle:
    """The bundle again from kept copies, without any file: a later edit never breaks a session.

    Raises Unreadable when a copy cannot be read or one of the five is missing.
    """
    reads = {text.kind: read_text(text.kind, text.text, text.path) for text in texts}
    problems = [problem for read in reads.values() for problem in read.problems if problem.severity == "error"]
    problems += [
        Problem("HS101", "error", f"the session kept no copy of its {kind}", kind)
        for kind in PLAYED
        if kind not in reads
    ]
    if problems:
        raise Unreadable(problems)
    return _assemble(reads, ())


def _assemble(reads: Mapping[str, Read], warnings: tuple[Problem, ...]) -> Bundle:
    try:
        scenario, origins = inline(reads["scenario"].value)
    except (Circular, KeyError) as error:
        file = reads["scenario"].source.file
        raise Unreadable([Problem("HS215", "error", f"a protocol cannot be played: {error}", file)]) from None
    texts = tuple(_text(kind, reads[kind]) for kind in (*PLAYED, *(("series",) if "series" in reads else ())))
    first = whole(scenario.variants, {})
    others = {kind: read.value for kind, read in reads.items() if kind != "scenario"}
    return Bundle(
        scenario=worded(scenario, first),
        written=scenario,
        draw=first,
        texts=texts,
        warnings=warnings,
        origins=origins,
        places=dict(reads),
        **others,
    )


def _text(kind: str, read: Read) -> Text:
    text = read.source.original
    path = read.source.file if not os.path.isabs(read.source.file) else os.path.basename(read.source.file)
    return Text(kind, read.value.id, hashlib.sha256(text.encode()).hexdigest(), text, path)


def _files(folder: Place, kind: str | None = None) -> list[Place]:
    """The YAML files of a folder by name; with `kind`, of a folder that mixes kinds, only those of that kind."""
    try:
        found = sorted((place for place in folder.iterdir() if place.name.endswith(_ENDINGS)), key=lambda p: p.name)
    except OSError:
        return []
    found = [place for place in found if not place.name.startswith(".") and place.is_file()]
    return [place for place in found if kind is None or _kind(place) == kind]


def _kind(place: Place) -> str | None:
    try:
        return kind_of_text(place.read_bytes().decode("utf-8", "replace"))
    except OSError:
        return None


def _is_path(chosen: str | Path) -> bool:
    return isinstance(chosen, Path) or chosen.endswith(_ENDINGS) or "/" in chosen or os.sep in chosen


def _shown(place: Place) -> str:
    """A file's name as problems show it: from here if it is below, else in full; a packaged file from `scenarios/`."""
    if not isinstance(place, Path):
        return f"scenarios/{place.name}"
    packaged = Path(str(files("scenarios").joinpath("vocabulary.yaml"))).parent
    for base, before in ((Path.cwd(), ""), (packaged, "scenarios/")):
        try:
            return before + place.resolve().relative_to(base.resolve()).as_posix()
        except (ValueError, OSError):
            continue
    return str(place)
