"""`handoff check`: every problem of files and folders, once or whenever a file changes."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from facilitator.checks import Gate, Rule, Subject, examine, fails
from facilitator.checks.kept import Kept, cache_folder
from facilitator.checks.proofs import Prover, mou_rules, scenario_rules
from facilitator.checks.sarif import sarif
from facilitator.checks.serial import series_rules
from facilitator.checks.setting import LIMIT, setting_of
from facilitator.plain_data import plain_data
from facilitator.playing import library
from simulator.library import Library
from simulator.problems import Problem, Unreadable, render
from simulator.reading import Read, kind_of
from simulator.variants import number_of_draws

POLL_SECONDS = 0.3
_ENDINGS = (".yaml", ".yml")

Found = dict[Path, tuple[Problem, ...]]


def run_check(args: argparse.Namespace) -> int:
    """Exit code 1 if a file is held back at the gate, 2 if a path does not exist; a watch ends with 0."""
    paths = [Path(name) for name in args.paths]
    for path in paths:
        if not path.exists():
            print(f"handoff: there is no file or folder “{path}”", file=sys.stderr)
            return 2
        if not _files([path]):
            print(f"handoff: the folder “{path}” holds no .yaml files", file=sys.stderr)
            return 2
    form = "json" if args.json else args.format
    if args.watch and form != "text":
        print("handoff: --watch tells in text only; leave out --format or --watch", file=sys.stderr)
        return 2
    prover = Kept(None if args.no_cache else cache_folder(), args.limit or LIMIT)
    if args.watch:
        return watch(paths, args.gate, lambda: library(args), prover=prover)
    shelf = library(args)
    problems = [problem for file in _files(paths) for problem in problems_of(shelf, file, args.gate, prover)]
    if form == "json":
        print(json.dumps(plain_data(problems), ensure_ascii=False))
    elif form == "sarif":
        print(json.dumps(sarif(problems), ensure_ascii=False, indent=1))
    else:
        for problem in problems:
            print(render(problem))
        for said in filter(None, (_draws(shelf, file) for file in _files(paths))):
            print(said)
        print(_summary(problems))
    return 1 if any(fails(problem, args.gate) for problem in problems) else 0


_HERE = Kept(None, LIMIT)  # for whoever brings none: what is proven is kept while the program runs


def problems_of(shelf: Library, file: Path, gate: Gate, prover: Prover = _HERE) -> tuple[Problem, ...]:
    """Everything that is wrong with one file, today, at a gate. Never raises for what files hold."""
    try:
        read, beside = shelf.read(file)
        more = proof_rules(read, shelf.beside(file), prover)
    except Unreadable as error:
        return error.problems
    return examine(Subject(read, beside, date.today()), gate, more)


def _draws(shelf: Library, file: Path) -> str | None:
    """What holds for every draw of a scenario's variants; nothing for a file without them, or with errors."""
    try:
        read, _ = shelf.read(file)
    except Unreadable:
        return None
    if read.kind != "scenario" or not read.sound or not read.value.variants:
        return None
    lists, draws = len(read.value.variants), number_of_draws(read.value.variants)
    return (
        f"{read.source.file}: {_number(draws, 'draw')} from {_number(lists, 'list')} of variants. They stand in prose alone: "
        "no id, condition, time or rule reads them, so every draw plays the same story."
    )


def proof_rules(read: Read, library: Library, prover: Prover = _HERE) -> tuple[Rule, ...]:
    """The rules for a file that need more than its text, for `examine(…, more=)`. `library`: with what stands beside it."""
    if not read.sound or read.draft is None:
        return ()
    if read.kind == "mou":
        return mou_rules(library)
    if read.kind == "series":
        return series_rules(library)
    return scenario_rules(setting_of(read, library), prover) if read.kind == "scenario" else ()


def watch(
    paths: Sequence[Path],
    gate: Gate,
    open_library: Callable[[], Library],
    wait: Callable[[float], object] = time.sleep,
    prover: Prover = _HERE,
) -> int:
    """Look again whenever a file changes, and tell only what is different; until Ctrl-C, which is no failure.

    A changed scenario is looked at alone. What scenarios lean on, such as an agreement, may change what is wrong with
    any of them, so after it everything is read anew.
    """
    found: Found = {}
    stamps: Mapping[Path, object] = {}
    try:
        shelf = open_library()
        while True:
            now = _stamps(paths)
            if now != stamps:
                changed = [file for file, stamp in now.items() if stamps.get(file) != stamp]
                if stamps and not (stamps.keys() <= now.keys() and all(map(_stands_alone, changed))):
                    shelf, changed = open_library(), list(now)
                looked = {file: problems_of(shelf, file, gate, prover) for file in changed}
                new = {file: looked[file] if file in looked else found[file] for file in now}
                _tell(found, new, first=not stamps)
                found, stamps = new, now
            wait(POLL_SECONDS)
    except KeyboardInterrupt:
        return 0


def _stands_alone(file: Path) -> bool:
    """Whether no other file can lean on this one: it is a scenario, or nothing that is read here."""
    try:
        return kind_of(str(file), file.read_text(encoding="utf-8", errors="replace")) in ("scenario", None)
    except OSError:
        return False


def _tell(old: Found, new: Found, *, first: bool) -> None:
    before = [problem for problems in old.values() for problem in problems]
    after = [problem for problems in new.values() for problem in problems]
    known, still = {_gist(problem) for problem in before}, {_gist(problem) for problem in after}
    for problem in after:
        if _gist(problem) not in known:
            print(render(problem))
    for file in sorted(old.keys() - new.keys()):
        print(f"{file} is no longer there; it is looked at again once it is back.", flush=True)
    # A text that cannot be read is not looked at any further: that mends nothing that was found in it before.
    unread = {problem.file for problem in after if problem.severity == "error" and problem.code < "HS3"}
    for problem in before:
        if _gist(problem) not in still and not (problem.file in unread and problem.code >= "HS3"):
            print(f"{problem.file}: {problem.code} is gone: {problem.message}")
    if new and (first or known != still):
        print(_summary(after), flush=True)


def _gist(problem: Problem) -> tuple[str, str, str]:
    """What a problem is about wherever it has moved to: a line put in above it is no news."""
    return problem.file, problem.code, problem.message


def _summary(problems: Iterable[Problem]) -> str:
    severities = [problem.severity for problem in problems]
    parts = [_number(severities.count(each), each) for each in ("error", "warning")]
    if notices := severities.count("notice"):
        parts.append(_number(notices, "notice"))
    return ", ".join(parts)


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"


def _files(paths: Iterable[Path]) -> list[Path]:
    """The given files, and the YAML files of the given folders by name; each once."""
    found: dict[Path, None] = {}
    for path in paths:
        inside = sorted(each for each in path.rglob("*") if each.suffix in _ENDINGS) if path.is_dir() else [path]
        found.update(dict.fromkeys(inside))
    return list(found)


def _stamps(paths: Iterable[Path]) -> dict[Path, object]:
    stamps: dict[Path, object] = {}
    for file in _files(paths):
        try:
            now = file.stat()
        except OSError:  # an editor that saves by renaming: the file is back at the next look
            continue
        stamps[file] = (now.st_mtime_ns, now.st_size)
    return stamps
