"""`handoff play` and `handoff resume` in plain lines, from a script, or as JSON lines."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TextIO

from facilitator.plain_data import plain_data
from simulator.engine import NotAllowed
from simulator.following import CannotFollow, following, next_of
from simulator.library import Bundle, Library
from simulator.log import LogError, NoSuchSession, Place, Store, open_store
from simulator.plain import Plain, Stopped
from simulator.script import BadScript, ScriptLine, parse, play_line
from simulator.session import Session
from simulator.summing import sum_up
from simulator.variants import BadDraw, Wanted

DEFAULT_SCENARIO = "kitchen-table"


def play_plain(args: argparse.Namespace) -> int:
    """Play on stdin and stdout. Exit code 0 at an ending or a deliberate stop, 1 for a script that does not fit."""
    shelf = library(args)
    if problem := wrong_episode(args, shelf):
        print(f"handoff: {problem}", file=sys.stderr)
        return 2
    if args.after:
        return _play_after(args, shelf)
    bundle = bundle_asked(args, shelf)
    draw = wanted(args)
    problem = _wrong_seats(args, bundle) or wrong_variant(draw, bundle)
    if problem:
        print(f"handoff: {problem}", file=sys.stderr)
        return 2
    script: tuple[ScriptLine, ...] | None = None
    name = args.script or "stdin"
    try:
        if args.script:
            script = parse(read_script(args.script), name)
        with _store(args, temporary=bool(args.script)) as store:
            seats = places(args, bundle, scripted=script is not None)
            session = Session.begin(store, bundle, seats, seed=args.seed, workshop=args.workshop, draw=draw)
            return run(session, args, script, name, shelf)
    except BrokenPipeError:
        raise
    except (BadScript, OSError, UnicodeDecodeError) as error:
        print(f"handoff: {error}", file=sys.stderr)
        return 1


def resume_plain(args: argparse.Namespace) -> int:
    ident = named_session(args)
    with _store(args) as store:
        session = Session.reopen(store, ident)
        return run(session, argparse.Namespace(json=False, scenario=None), None, "", library(args))


def _play_after(args: argparse.Namespace, shelf: Library) -> int:
    """The episode that follows a session. The seats are the same people's, unless the command line says otherwise."""
    name = args.script or "stdin"
    try:
        script = parse(read_script(args.script), name) if args.script else None
        with _store(args) as store:
            before = Session.reopen(store, find_session(store, args.after))
            found = following(shelf, before, args.scenario)
            if args.episode not in (None, found.bundle.episode):
                raise CannotFollow(
                    f"episode {found.bundle.episode} follows the session {before.id}, not {args.episode}"
                )
            if problem := _wrong_seats(args, found.bundle):
                print(f"handoff: {problem}", file=sys.stderr)
                return 2
            seats = places(args, found.bundle) if args.seat or args.partner else found.places
            workshop = args.workshop or store.about(before.id).workshop
            session = Session.begin(store, found.bundle, seats, seed=args.seed, workshop=workshop, draw=found.draw)
            return run(session, args, script, name, shelf)
    except BrokenPipeError:
        raise
    except (BadScript, CannotFollow, OSError, UnicodeDecodeError) as error:
        print(f"handoff: {error}", file=sys.stderr)
        return 1


def wrong_episode(args: argparse.Namespace, shelf: Library) -> str | None:
    """Why `--episode` and `--after` do not fit what is to be played, or nothing."""
    if (args.episode or args.after) and not (args.scenario and shelf.is_series(args.scenario)):
        return "--episode and --after go with a series: handoff play SERIES --episode 2 --after SESSION"
    if args.after and (args.variant or args.draw):
        return "the next episode keeps the names of the one before; leave out --draw and --variant"
    if args.after and (args.mou or args.jurisdiction):
        return "the next episode keeps the agreement and the law of the one before; leave out --mou and --jurisdiction"
    return None


def bundle_asked(args: argparse.Namespace, shelf: Library) -> Bundle:
    """The scenario, or the episode of a series, that the command line names. Raises Unreadable."""
    if args.scenario and shelf.is_series(args.scenario):
        return shelf.episode(args.scenario, args.episode or 1, mou=args.mou, jurisdiction=args.jurisdiction)
    return shelf.bundle(args.scenario or DEFAULT_SCENARIO, mou=args.mou, jurisdiction=args.jurisdiction)


def latest_unfinished(args: argparse.Namespace) -> str:
    """The id of the session last played that has not ended. Raises NoSuchSession."""
    with _store(args) as store:
        rows = store.sessions(finished=False, limit=1)
    if not rows:
        raise NoSuchSession(
            "There is no unfinished play to resume; “handoff review” lists the others, “handoff play” begins one."
        )
    return rows[0].id


def named_session(args: argparse.Namespace) -> str:
    """The session the command line asks for: the one it names, or the unfinished one last played."""
    if not args.session:
        return latest_unfinished(args)
    with _store(args) as store:
        return find_session(store, args.session)


def find_session(store: Store, text: str) -> str:
    """The id that `text` is, or alone begins with (6 characters or more); otherwise `text`, which the store refuses."""
    if len(text) < 6:
        return text
    found = store.sessions(ident=text, limit=2)
    return found[0].id if len(found) == 1 else text


def library(args: argparse.Namespace) -> Library:
    return Library([Path(folder) for folder in args.library or ()])


def places(args: argparse.Namespace, bundle: Bundle, *, scripted: bool = False) -> tuple[Place, ...]:
    """Who sits where: the seats asked for are human, the others the computer's, unless the partner is `none`."""
    partner = args.partner or ("typical" if args.seat else "none")
    seats = list(bundle.scenario.seats)
    mine = args.seat or (seats if partner == "none" else seats[:1])
    return tuple(
        Place(
            seat,
            (args.name or "") if seat in mine else "",
            "human" if seat in mine or partner == "none" else partner,
            args.employer if seat in mine else "",
        )
        for seat in seats
    )


def run(
    session: Session, args: argparse.Namespace, script: tuple[ScriptLine, ...] | None, name: str, shelf: Library
) -> int:
    if args.json:
        return _run_json(session, script, name)
    width = min(100, shutil.get_terminal_size((80, 24)).columns)
    plain = Plain(session, sys.stdin, sys.stdout, width=width, interactive=script is None)
    try:
        if script is not None:
            plain.run_script(script, name)
        else:
            if not session.over:
                plain.play()
        plain.debrief()
    except Stopped:
        print(f"The session is kept. Go on with: handoff resume {session.id}")
    else:
        print(f"Session {session.id}.")
        if plain.interactive and len(session.seats) > 1 and session.human_seats:
            print(f"To play it again with seats exchanged: handoff play --swap {session.id}")
        _sum_up(session)
        if next_of(session) is not None and (script is None or args.store):
            return _go_on(session, args, plain, shelf, ask=script is None)
    return 0


def _go_on(session: Session, args: argparse.Namespace, plain: Plain, shelf: Library, *, ask: bool) -> int:
    """Offer the next episode of the series."""
    assert session.bundle.series is not None
    which, number = args.scenario or session.bundle.series.id, next_of(session)
    later = f"handoff play {which} --episode {number} --after {session.id}"
    if not ask or not plain.offers(f"Play episode {number} now? Enter: yes · q: later"):
        print(f"The next episode: {later}")
        return 0
    try:
        found = following(shelf, session, args.scenario)
    except CannotFollow as error:
        print(f"handoff: {error}", file=sys.stderr)
        return 1
    workshop = session.store.about(session.id).workshop
    after = Session.begin(session.store, found.bundle, found.places, workshop=workshop, draw=found.draw)
    return run(after, args, None, "", shelf)


def _sum_up(session: Session) -> None:
    """Add it to the figures of many; where that fails, whoever looks at them next makes good for it."""
    with suppress(LogError):
        sum_up(session)


def _run_json(session: Session, script: tuple[ScriptLine, ...] | None, name: str) -> int:
    """One JSON object a line: `turn` with the view of the seat that acts, at last `end` with the scorecard."""
    queue: Iterator[ScriptLine] = iter(script) if script is not None else _typed(session, sys.stdin)
    while True:
        session.run_others() if script is None else None
        if session.over:
            break
        line = next(queue, None)
        if line is None:
            if script is not None and not session.on_turn:
                session.run_others()
                continue
            raise BadScript(f"{name}: the choices stop in “{session.state.scene}”, before an ending")
        if script is not None and line.seat not in ("chance", "inject"):
            session.run_others()
        if script is not None and line.seat in session.seats:
            _emit("turn", seat=line.seat, view=plain_data(session.view(line.seat)))
        try:
            play_line(session, line, name)
        except NotAllowed as error:
            raise BadScript(str(error)) from None
    _sum_up(session)
    _emit(
        "end",
        session=session.id,
        ending=session.scorecard().ending,
        script=session.transcript().splitlines(),
        scorecard=plain_data(session.scorecard()),
    )
    return 0


def _typed(session: Session, source: TextIO) -> Iterator[ScriptLine]:
    number = 0
    while True:
        seat = session.on_turn[0]
        _emit("turn", seat=seat, view=plain_data(session.view(seat)))
        raw = source.readline()
        if not raw:
            return
        number += 1
        text = raw.strip()
        yield from parse(text if ":" in text else f"{seat}: {text}", f"stdin line {number}") if text else ()


def _emit(kind: str, **fields: Any) -> None:
    print(json.dumps({"kind": kind, **fields}, ensure_ascii=False), flush=True)


def read_script(path: str) -> str:
    return sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")


def wanted(args: argparse.Namespace) -> Wanted:
    """What the command line asks to be drawn."""
    return Wanted(dict(args.variant or ()), at_random=args.draw == "random")


def wrong_variant(draw: Wanted, bundle: Bundle) -> str | None:
    """Why this scenario cannot draw that, or nothing."""
    try:
        draw.draw(bundle.scenario.variants, 0)
    except BadDraw as error:
        return str(error)
    return None


def _wrong_seats(args: argparse.Namespace, bundle: Bundle) -> str | None:
    seats = bundle.scenario.seats
    for seat in args.seat or ():
        if seat not in seats:
            return f"“{bundle.scenario.title}” has no seat “{seat}”; its seats are {', '.join(seats)}"
    return None


@contextmanager
def _store(args: argparse.Namespace, *, temporary: bool = False) -> Iterator[Store]:
    """The store asked for; a script without `--store` leaves nothing behind."""
    if temporary and not args.store:
        with tempfile.TemporaryDirectory(prefix="handoff-") as folder:
            store = open_store(Path(folder) / "script.sqlite3")
            try:
                yield store
            finally:
                store.close()
        return
    store = open_store(args.store)
    try:
        yield store
    finally:
        with suppress(LogError):  # everything acknowledged is on disk already
            store.close()
