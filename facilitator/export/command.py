"""`handoff export csv|json|xapi`: which sessions, at which level, to where."""

from __future__ import annotations

import argparse
import gc
import secrets
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from itertools import chain, islice
from pathlib import Path

from facilitator.choosing import cohort_of
from facilitator.export import as_csv, as_json, as_xapi, explaining, groups, levels, tables
from facilitator.export.levels import Teller
from facilitator.export.source import Kept, Source
from facilitator.export.told import LevelName, Told
from facilitator.export.whole import free, write_whole
from simulator.log import LogError, Unwritable, open_store
from simulator.log.each_session import PARTS, Part

FINE, PROBLEMS, WRONG_USE = 0, 1, 2
SHUFFLED = 2_000  # sessions among which nobody can tell which were played together


def export(args: argparse.Namespace) -> int:
    """Run the command; returns its exit code. Raises LogError."""
    wrong = _wrong_use(args)
    if wrong:
        print(f"handoff: {wrong}", file=sys.stderr)
        return WRONG_USE
    if args.explain:
        return _print(explaining.levels())
    if args.dictionary:
        return _print(_dictionary(args, ()))
    target = None if args.output in (None, "-") else Path(args.output)
    if target is not None:
        for path in (target, _beside(target)):
            free(path, force=args.force)
    from simulator.summing import bring_up_to_date

    store = open_store(args.store)
    try:
        bring_up_to_date(store)
        with store.picture() as db, _no_collecting():
            return _export(args, Kept(store, db, cohort_of(args), _parts(args)), target)
    finally:
        store.close()


def _wrong_use(args: argparse.Namespace) -> str:
    """What does not go together, in a sentence; empty if all is well."""
    if args.format is None and not args.explain:
        return "say which format: handoff export csv, json or xapi; or what the levels are: handoff export --explain."
    if args.level == "employer" and not args.agency and not (args.explain or args.dictionary):
        return "--for employer is about one agency's own people; say which: --agency NAME."
    if args.key and args.level == "employer":
        return "--key keeps codes the same between exports; --for employer has none."
    for option, given, formats in (
        ("--table", args.table, ("csv",)),
        ("--lines", args.lines, ("json", "xapi")),
        ("--home-page", args.home_page, ("xapi",)),
    ):
        if given and args.format not in formats:
            return f"{option} is for {' and '.join(formats)} only."
    if args.since and args.until and args.since > args.until:
        return f"no day is both since {args.since} and until {args.until}."
    try:
        as_xapi.home_page(args.home_page or as_xapi.HOME)
    except as_xapi.BadHomePage as error:
        return str(error)
    return ""


@contextmanager
def _no_collecting() -> Iterator[None]:
    """No search for cycles meanwhile: it would look at millions of short-lived values, none of which is in one. Saves a fifth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _parts(args: argparse.Namespace) -> tuple[Part, ...]:
    return tables.table(args.table or "decisions", ()).parts if args.format == "csv" else PARTS


def _export(args: argparse.Namespace, source: Kept, target: Path | None) -> int:
    counts = Counts()
    tolds = iter(counts.of(told_of(source, args.level, args.agency or "", key_of(args.key))))
    first = next(tolds, None)
    if first is None:
        print(f"handoff: {_nothing(args, source)}", file=sys.stderr)
        return PROBLEMS
    principles = source.principles() if args.format == "csv" else ()
    text = _text(args, chain([first], tolds), principles)
    if target is None:
        _pour(text)
        return FINE
    beside = _beside(target)
    write_whole({target: counts.shown(text), beside: _dictionary(args, principles)}, force=args.force)
    out = source.sessions_in_all() - counts.sessions
    print(f"{_many(counts.sessions, 'session')} with {_many(counts.decisions, 'decision')} in “{target}”.")
    print(f"“{beside}” says what is in it, for whom it is and what it leaves out.")
    if out:
        print(f"{_many(out, 'session')} left out: small groups of people could be recognised.")
    return FINE


def told_of(source: Source, level: LevelName, agency: str, key: bytes) -> Iterator[Told]:
    """What a level tells of the source's sessions, in an order that says nothing."""
    if level == "employer":
        yield from _told(source, levels.employer(agency, source.bound))
        return
    telling = groups.telling(groups.gather(source.seated()))
    if not telling.dates:
        return
    tolds = _told(source, (levels.partner if level == "partner" else levels.research)(telling, key))
    while some := list(islice(tolds, SHUFFLED)):
        yield from sorted(some, key=lambda told: told.session)


def _told(source: Source, tell: Teller) -> Iterator[Told]:
    return (told for told in map(tell, source.sessions()) if told is not None)


def key_of(file: str | None) -> bytes:
    """What codes are made with: new each time, or as the file has it, which is made if there is none. Raises LogError."""
    if not file:
        return secrets.token_bytes(32)
    path = Path(file)
    try:
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_hex(32) + "\n", encoding="ascii")
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except OSError as error:
        raise Unwritable(f"The key “{path}” cannot be used ({error.strerror}).") from None
    except ValueError:
        key = b""
    if len(key) != 32:
        raise LogError(f"“{path}” is no key of an export; name a new file, and one is made.")
    return key


class Counts:
    """How much has gone out so far."""

    def __init__(self) -> None:
        self.sessions = self.decisions = 0

    def of(self, tolds: Iterable[Told]) -> Iterator[Told]:
        for told in tolds:
            self.sessions += 1
            self.decisions += len(told.decisions)
            yield told

    def shown(self, text: Iterable[str]) -> Iterator[str]:
        """The same text, with the count on the terminal meanwhile."""
        shows = sys.stderr.isatty()
        for number, block in enumerate(text):
            if shows and number % 500 == 0:
                print(f"\r{self.sessions} sessions; Ctrl-C leaves nothing behind", end="", file=sys.stderr, flush=True)
            yield block
        if shows:
            print("\r" + " " * 60 + "\r", end="", file=sys.stderr, flush=True)


def _text(args: argparse.Namespace, tolds: Iterable[Told], principles: tuple[str, ...]) -> Iterator[str]:
    if args.format == "csv":
        return as_csv.lines(tolds, args.table or "decisions", principles)
    if args.format == "json":
        return as_json.texts(tolds, args.level, lines=args.lines)
    home = as_xapi.home_page(args.home_page or as_xapi.HOME)
    return as_xapi.texts(tolds, args.level, home=home, lines=args.lines)


def _dictionary(args: argparse.Namespace, principles: tuple[str, ...]) -> Iterator[str]:
    if args.format == "csv":
        return explaining.of_csv(args.level, args.table or "decisions", principles)
    return explaining.of_json(args.level) if args.format == "json" else explaining.of_xapi(args.level)


def _beside(target: Path) -> Path:
    """Where the data dictionary of an export goes."""
    return target.with_name(f"{target.stem}-dictionary.md")


def _pour(text: Iterable[str]) -> None:
    # As bytes: a text stream on Windows would make each end of line two.
    out = sys.stdout.buffer
    for block in text:
        out.write(block.encode("utf-8", "replace"))
    out.flush()


def _print(text: Iterable[str]) -> int:
    print("".join(text), end="")
    return FINE


def _nothing(args: argparse.Namespace, source: Kept) -> str:
    if source.sessions_in_all():
        return (
            "every session that fits is left out: fewer than 5 people of one agency played, and could be recognised. "
            "Choose more sessions, or another level: handoff export --explain."
        )
    near = get_close_matches(args.agency, source.agencies(), n=1) if args.agency else []
    hint = f" Did you mean the agency “{near[0]}”?" if near else ""
    return f"no finished session fits; unfinished ones are never exported.{hint}"


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"
