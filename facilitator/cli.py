"""The command line. `handoff` alone opens the app.

Exit codes: 0 fine, 1 found problems, 2 wrong use. Everything a command needs is imported when it runs, so that the
app's first frame waits for nothing it does not show.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from argparse import Namespace

OK, PROBLEMS, WRONG_USE = 0, 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code. Never lets a traceback reach a user's bad input."""
    _speak_utf8()
    args = _parsed(sys.argv[1:] if argv is None else argv)
    try:
        return int(args.run(args))
    except Exception as error:
        return _told(error)
    except KeyboardInterrupt:
        print("\nhandoff: stopped; what was played is kept.", file=sys.stderr)
        return PROBLEMS


def _parsed(argv: Sequence[str]) -> Any:
    if not argv:  # the app's first frame waits for no parser
        return SimpleNamespace(store=None, library=None, run=run_home)
    from facilitator.usage import build_parser

    return build_parser().parse_args(argv)


def _told(error: Exception) -> int:
    """Tell a user what is wrong, in its own words. What is nobody's bad input is raised again."""
    from simulator.log import LogError
    from simulator.partner import NoExpert
    from simulator.problems import Unreadable, render

    if isinstance(error, Unreadable):
        for problem in error.problems:
            print(render(problem, colour=_colour(sys.stderr)), file=sys.stderr)
        return PROBLEMS
    if isinstance(error, LogError | NoExpert):
        print(f"handoff: {error}", file=sys.stderr)
        return PROBLEMS
    if isinstance(error, BrokenPipeError):
        # The reader of our output has gone (`| head`): nothing to tell, and nobody to tell it to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    raise error


def _speak_utf8() -> None:
    # Redirected output on Windows, and the C locale, would fail at the first “ – ”.
    for stream in (sys.stdout, sys.stderr, sys.stdin):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")


def _colour(stream: object) -> bool:
    return not os.environ.get("NO_COLOR") and bool(getattr(stream, "isatty", lambda: False)())


def has_screen() -> bool:
    """Whether a full-screen app can run here."""
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def run_home(args: Namespace) -> int:
    if not has_screen():
        print("handoff: there is no terminal here for the app. “handoff play --plain” plays in lines of text;")
        print("“handoff list” shows what there is, “handoff --help” every command.")
        return WRONG_USE
    return _open_app(args, "home")


def run_review(args: Namespace) -> int:
    if has_screen() and not args.plain and not args.json:
        return _open_app(args, "review")
    if args.cohort:
        from facilitator.cohort_plain import print_cohort

        return print_cohort(args)
    from facilitator.listing import print_sessions

    return print_sessions(args)


def run_map(args: Namespace) -> int:
    if has_screen() and not (args.outline or args.json or args.output):
        return _open_app(args, "map")
    from facilitator.mapping import run

    return run(args)


def run_studio(args: Namespace) -> int:
    if args.file and not Path(args.file).is_file():
        print(f"handoff: there is no file “{args.file}”; “handoff new NAME” writes one to begin from", file=sys.stderr)
        return WRONG_USE
    if not has_screen():
        print(
            "handoff: there is no terminal here for the studio. Write in any editor; “handoff check --watch FILE”",
            file=sys.stderr,
        )
        print("names the problems whenever you save, and “handoff preview FILE” plays it.", file=sys.stderr)
        return WRONG_USE
    return _open_app(args, "studio")


def run_panel(args: Namespace) -> int:
    from facilitator.voting import panel, refuse

    if not has_screen() or args.plain or args.list or args.json:
        return panel(args)
    return WRONG_USE if refuse(args) else _open_app(args, "panel")


def run_room(args: Namespace) -> int:
    from facilitator.rooming import print_room, refuse

    if not has_screen() or args.plain:
        return print_room(args)
    return refuse(args) or _open_app(args, "room")


def run_play(args: Namespace) -> int:
    if args.swap or args.sits:
        return _run_swap(args)
    if args.plain or args.script or args.json or not has_screen():
        from facilitator.playing import play_plain

        if not (args.plain or args.script or args.json):
            print(
                "handoff: no full-screen terminal here, so this is plain mode (handoff play --plain).", file=sys.stderr
            )
        return play_plain(args)
    return _open_app(args, "lobby", scenario=args.scenario)


def _run_swap(args: Namespace) -> int:
    from facilitator.exchanging import play_swapped, wrong_use

    if args.plain or args.script or args.json or not has_screen() or wrong_use(args):
        return play_swapped(args)
    from facilitator.playing import named_session

    args.session = args.swap
    return _open_app(args, "swap", session=named_session(args))


def run_resume(args: Namespace) -> int:
    if args.plain or not has_screen():
        from facilitator.playing import resume_plain

        return resume_plain(args)
    from facilitator.playing import named_session

    session = named_session(args)
    return _open_app(args, "resume", session=session)


def _open_app(args: Namespace, start: str, **more: str | None) -> int:
    from facilitator.app import HandoffApp

    app = HandoffApp(
        folders=tuple(Path(folder) for folder in args.library or ()),
        store=args.store,
        start=start,
        options=SimpleNamespace(**{**vars(args), **more}),
    )
    app.run()
    return app.return_code or OK


if __name__ == "__main__":
    sys.exit(main())
