"""What the command line accepts. Kept apart from what it does, so that `--help` reads like one page."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Callable
from datetime import date
from typing import Any

Run = Callable[[argparse.Namespace], int]


def build_parser() -> argparse.ArgumentParser:
    """The parser of every command; each sets `run`."""
    parser = argparse.ArgumentParser(
        prog="handoff",
        description="Police officers and victim advocates train together: play a scenario, then talk about it. "
        "Without a command the app opens.",
        epilog="Exit codes: 0 fine, 1 found problems, 2 wrong use.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    _shared(parser)
    parser.set_defaults(run=_later("facilitator.cli", "run_home"))
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    play = _command(commands, "play", "play a scenario", _later("facilitator.cli", "run_play"))
    play.add_argument("scenario", nargs="?", help="a scenario's id or file (default: kitchen-table)")
    play.add_argument("--seat", metavar="ID", action="append", help="the seat you play; the others are the computer's")
    play.add_argument(
        "--partner",
        choices=("typical", "expert", "random", "none"),
        help="who plays the other seats (default: typical with --seat)",
    )
    play.add_argument("--mou", metavar="ID|FILE", help="the agreement to play under")
    play.add_argument("--jurisdiction", metavar="ID|FILE", help="the law to play under")
    play.add_argument("--plain", action="store_true", help="lines of text instead of the full screen")
    play.add_argument("--script", metavar="FILE", help="play these choices, one “seat: action-id” a line (- for stdin)")
    play.add_argument("--seed", type=_seed, metavar="N", help="what chance and computer partners do, made repeatable")
    play.add_argument(
        "--draw",
        choices=("first", "random"),
        help="which of the scenario's names and places: the first of every list, or drawn (default: first)",
    )
    play.add_argument(
        "--variant",
        metavar="LIST=N",
        type=_variant,
        action="append",
        help="take entry N of this list of variants, whatever else is drawn",
    )
    play.add_argument("--name", metavar="ALIAS", help="what you are called in this session; no real names")
    play.add_argument("--employer", metavar="NAME", default="", help="your agency, for your coordinator's figures")
    play.add_argument("--workshop", metavar="NAME", default="", help="the workshop this play belongs to")
    play.add_argument("--json", action="store_true", help="one JSON object a line instead of text")

    resume = _command(commands, "resume", "go on with a session", _later("facilitator.cli", "run_resume"))
    resume.add_argument("session", nargs="?", help="its id (default: the last unfinished one)")
    resume.add_argument("--plain", action="store_true", help="lines of text instead of the full screen")

    replay = _command(
        commands,
        "replay",
        "print a session as a script that plays again",
        _later("facilitator.listing", "print_replay"),
    )
    replay.add_argument("session", help="its id")
    replay.add_argument("--to", type=int, metavar="SEQ", help="only up to this event; pauses are not counted")

    score = _command(commands, "score", "print how a session was weighed", _later("facilitator.listing", "print_score"))
    score.add_argument("session", help="its id")
    score.add_argument("--json", action="store_true", help="as JSON")

    _reviewing(commands)

    listing = _command(
        commands, "list", "scenarios, MOUs, jurisdictions at hand", _later("facilitator.listing", "print_list")
    )
    listing.add_argument("--topics", action="store_true", help="which scenario trains which topic")
    listing.add_argument("--json", action="store_true", help="as JSON")

    check = _command(
        commands, "check", "read files and name every problem", _later("facilitator.checking", "run_check")
    )
    check.add_argument("paths", nargs="+", metavar="PATH", help="files or folders")
    check.add_argument(
        "--gate",
        choices=("draft", "publish"),
        default="draft",
        help="draft: errors fail, it can be previewed; publish: warnings fail too, it can be played in a workshop",
    )
    check.add_argument("--format", choices=("text", "json", "sarif"), default="text", help="how problems are told")
    check.add_argument("--json", action="store_true", help="the same as --format json")
    check.add_argument("--watch", action="store_true", help="check again whenever a file changes; Ctrl-C ends it")
    check.add_argument(
        "--limit",
        type=_count,
        metavar="N",
        help="prove what takes no more than this many states to look at (default: 1000000)",
    )
    check.add_argument("--no-cache", action="store_true", help="prove everything anew, and keep nothing of it")

    _writing(commands)
    _rescoring(commands)

    simulate = _command(
        commands,
        "simulate",
        "let the computer play many times and sum up",
        _later("facilitator.simulating", "simulate"),
    )
    simulate.epilog = (
        "Policies: random draws evenly; typical by the author's appeal; least-used takes what was taken least so far; expert plays "
        "the best plan as if it knew everything (the partner in a session knows only its view). A sample shows what is likely; it "
        "proves nothing. Exit code 1: too many states, stopped with Ctrl-C, or plays that came to no ending."
    )
    simulate.add_argument("scenario", help="a scenario's id or file")
    simulate.add_argument(
        "-n", dest="plays", type=_count, default=10_000, metavar="N", help="how many plays (default: 10000)"
    )
    simulate.add_argument(
        "--seed", type=_seed, default=1, metavar="S", help="the same seed gives the same plays (default: 1)"
    )
    simulate.add_argument(
        "--policy",
        action="append",
        metavar="SEAT=KIND",
        help="how a seat chooses: random (default), typical, expert or least-used; a KIND alone is for every other seat",
    )
    simulate.add_argument(
        "--compare",
        action="store_true",
        help="also sample expert, typical and random for all seats, and tell how far they differ",
    )
    simulate.add_argument("--mou", metavar="ID|FILE", help="the agreement to play under")
    simulate.add_argument("--jurisdiction", metavar="ID|FILE", help="the law to play under")
    simulate.add_argument(
        "--limit",
        type=_count,
        default=3_000_000,
        metavar="STATES",
        help="explore no more states than this (default: 3000000)",
    )
    simulate.add_argument("--json", action="store_true", help="as JSON")

    explain = _command(commands, "explain", "explain a problem's code", _later("facilitator.listing", "print_explain"))
    explain.add_argument("code", help="such as HS103")

    chart = _command(commands, "map", "see a scenario as a graph", _later("facilitator.cli", "run_map"))
    chart.add_argument("scenario", help="a scenario's id or file")
    chart.add_argument("-o", "--output", metavar="FILE", help="write it instead: .svg, .png, .dot, .mmd or .graphml")
    chart.add_argument(
        "--lens",
        choices=("seat", "duty", "coverage", "cost", "unreviewed"),
        default="seat",
        help="what the marks tell (default: seat)",
    )
    chart.add_argument("--outline", action="store_true", help="plain lines, scene by scene, instead of the full screen")
    chart.add_argument("--mou", metavar="ID|FILE", help="the agreement whose duties are shown")
    chart.add_argument("--json", action="store_true", help="as JSON")

    explore = _command(
        commands, "explore", "prove what is true of all plays of a scenario", _later("facilitator.exploring", "explore")
    )
    explore.add_argument("scenario", help="a scenario's id or file")
    explore.add_argument("--mou", metavar="ID|FILE", help="the agreement to look at it under")
    explore.add_argument("--jurisdiction", metavar="ID|FILE", help="the law to look at it under")
    explore.add_argument("--limit", type=_count, metavar="N", help="stop after this many states (default: 3000000)")
    explore.add_argument("--show", metavar="NAME", help="print the play that shows this claim, as a script")
    explore.add_argument("--json", action="store_true", help="as JSON")

    forget = _command(commands, "forget", "erase an alias and what it wrote", _later("facilitator.keeping", "forget"))
    forget.add_argument("alias")

    purge = _command(commands, "purge", "erase old sessions", _later("facilitator.keeping", "purge"))
    purge.add_argument(
        "--older-than", required=True, type=_days, metavar="365d", help="last played longer ago than this"
    )

    audit = _command(commands, "audit", "prove that no event was changed", _later("facilitator.keeping", "audit"))
    audit.add_argument("session", nargs="?", help="only this one")
    audit.add_argument(
        "--expect",
        metavar="FINGERPRINT",
        help="what an earlier audit printed; tells whether anything is different since",
    )

    store = commands.add_parser("store", help="look after the store")
    kept = store.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _command(kept, "rebuild", "make the figures anew from the logs", _later("facilitator.keeping", "rebuild"))
    backup = _command(kept, "backup", "copy the store while it is in use", _later("facilitator.keeping", "backup"))
    backup.add_argument("file", help="a new file")
    _reporting(commands)
    _exporting(commands)

    _rating(commands)
    _polling(commands)
    _between_stores(kept)
    return parser


def _writing(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The commands of somebody who writes: new, preview, studio, diff."""
    new = _command(commands, "new", "write a small scenario to begin from", _later("facilitator.scaffold", "new"))
    new.add_argument("name", nargs="?", help="what it is called; the file is NAME.yaml and is never overwritten")
    new.add_argument(
        "--mou",
        nargs="?",
        const=True,
        metavar="ID",
        help="the agreement the scenario is played under; without an ID: write an agreement, clause by clause",
    )
    new.add_argument("--title", help="its title")
    new.add_argument("--seats", metavar="ROLE,ROLE", help="who plays (default: patrol-officer,community-advocate)")
    new.add_argument("--minutes", type=_minutes, metavar="N", help="how long a pair takes to play it")
    new.add_argument("--jurisdiction", metavar="ID", help="the law it is played under")
    new.add_argument("--opening", metavar="TEXT", help="what the first seat sees as it opens")
    new.add_argument("--police", metavar="NAME", help="with --mou: the police agency that signs")
    new.add_argument("--community", metavar="NAME", help="with --mou: the community program that signs")
    new.add_argument("--clauses", metavar="C06,C13,…", help="with --mou: these clauses instead of the usual ones")
    new.add_argument("--folder", metavar="FOLDER", help="where to write it (default: here)")
    new.add_argument("--yes", action="store_true", help="ask nothing; take what is usual")

    preview = _command(
        commands, "preview", "play a scenario while you write it", _later("facilitator.preview", "preview")
    )
    preview.add_argument("file", help="the scenario's file; saved again, it is read again")
    preview.add_argument("--mou", metavar="ID|FILE", help="the agreement to play under")
    preview.add_argument("--jurisdiction", metavar="ID|FILE", help="the law to play under")

    studio = _command(
        commands,
        "studio",
        "write a scenario with its problems, map and play beside it",
        _later("facilitator.cli", "run_studio"),
    )
    studio.add_argument(
        "file", nargs="?", metavar="FILE", help="the file to open (default: choose one from this folder)"
    )

    diff = _command(
        commands, "diff", "what an edit changes, for play too", _later("facilitator.attaining", "print_diff")
    )
    diff.add_argument("old", metavar="OLD", help="the file as it was")
    diff.add_argument("new", metavar="NEW", help="the file as it is")
    diff.add_argument("--json", action="store_true", help="as JSON")


def _rescoring(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    rescore = _command(
        commands,
        "rescore",
        "judge finished sessions under another agreement or law",
        _later("facilitator.rescoring", "rescore"),
    )
    rescore.epilog = (
        "No verdict is stored. What could be chosen and which way the story went stay as they were played; a session in which that hung on "
        "a point of law that stands otherwise is not comparable. Exit code 1: nothing to judge, nothing readable, or stopped with Ctrl-C."
    )
    rescore.add_argument("sessions", nargs="*", metavar="SESSION", help="their ids (default: every finished session)")
    rescore.add_argument(
        "--mou", metavar="ID|FILE", help="the agreement to judge by (default: the one each played under)"
    )
    rescore.add_argument(
        "--jurisdiction", metavar="ID|FILE", help="the law to judge by (default: the one each played under)"
    )
    rescore.add_argument("--workshop", metavar="NAME", help="only sessions of this workshop")
    rescore.add_argument("--scenario", metavar="ID", help="only sessions of this scenario")
    rescore.add_argument(
        "--since", type=_day, metavar="DAY", help="only sessions played on or after this day, such as 2026-03-02"
    )
    rescore.add_argument("--json", action="store_true", help="one JSON object a line instead of text")


def _reporting(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The reports: of one session, of a workshop, of any sessions."""
    report = commands.add_parser(
        "report", help="write an after-action report and improvement plan", description="Write a report."
    )
    kinds = report.add_subparsers(title="commands", metavar="COMMAND", required=True)
    session = _command(kinds, "session", "one play", _later("facilitator.report.reporting", "report_session"))
    session.add_argument("session", help="its id")
    workshop = _command(
        kinds, "workshop", "all plays of a workshop", _later("facilitator.report.reporting", "report_workshop")
    )
    workshop.add_argument("workshop", metavar="NAME", help="its name")
    cohort = _command(
        kinds, "cohort", "all plays, or those that fit", _later("facilitator.report.reporting", "report_cohort")
    )
    cohort.add_argument("--workshop", metavar="NAME", default="", help="only this workshop")
    cohort.add_argument("--scenario", metavar="ID", default="", help="only this scenario")
    cohort.add_argument("--mou", metavar="ID", default="", help="only under this agreement")
    cohort.add_argument("--jurisdiction", metavar="ID", default="", help="only under this law")
    cohort.add_argument("--agency", metavar="NAME", default="", help="only sessions in which somebody of it played")
    cohort.add_argument("--since", metavar="DAY", type=_day, help="from this day on: 2026-01-31")
    cohort.add_argument("--until", metavar="DAY", type=_day, help="up to this day")
    for each in (session, workshop, cohort):
        each.add_argument(
            "--format", choices=("html", "md", "docx"), default="html", help="what is written (default: html)"
        )
        each.add_argument(
            "-o", "--output", metavar="FILE", help="write it here; docx needs it (default: to the screen)"
        )
        each.add_argument("--force", action="store_true", help="replace a file that is there already")


def _exporting(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """What was played, for other programs."""
    export = _command(
        commands, "export", "write what was played, for other programs", _later("facilitator.export.command", "export")
    )
    export.epilog = (
        "Only finished sessions are exported, and never an alias or anything that people wrote. “handoff export --explain” says what each "
        "level leaves out. Exit code 1: nothing to export, or it cannot be written."
    )
    export.add_argument(
        "format",
        nargs="?",
        choices=("csv", "json", "xapi"),
        help="csv: one row a decision; json: one object a session; xapi: statements (1.0.3)",
    )
    export.add_argument("-o", "--output", metavar="FILE", help="write it there, its data dictionary beside it")
    export.add_argument("--force", action="store_true", help="replace FILE if there is one")
    export.add_argument(
        "--for",
        dest="level",
        choices=("employer", "partner", "research"),
        default="research",
        help="who will read it; decides what is left out (default: research, which leaves out most)",
    )
    export.add_argument("--agency", metavar="NAME", help="only sessions in which its people played")
    export.add_argument("--workshop", metavar="NAME", help="only of this workshop")
    export.add_argument("--scenario", metavar="ID", help="only of this scenario")
    export.add_argument("--mou", metavar="ID", help="only under this agreement")
    export.add_argument("--jurisdiction", metavar="ID", help="only under this law")
    export.add_argument("--since", type=_day, metavar="DAY", help="begun on this day or later, such as 2026-01-31")
    export.add_argument("--until", type=_day, metavar="DAY", help="begun on this day or earlier")
    export.add_argument(
        "--table",
        choices=("decisions", "seats", "sessions", "duties", "lines", "objectives", "guesses"),
        help="csv: what a row is (default: decisions)",
    )
    export.add_argument("--lines", action="store_true", help="json, xapi: one object a line instead of an array")
    export.add_argument("--home-page", metavar="IRI", help="xapi: where the accounts are (default: nowhere real)")
    export.add_argument(
        "--key",
        metavar="FILE",
        help="partner, research: codes as this file has them, so that they stay; made if missing",
    )
    export.add_argument("--dictionary", action="store_true", help="print the data dictionary and nothing else")
    export.add_argument("--explain", action="store_true", help="print what each level leaves out")


def _rating(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command of a facilitator who rates by hand."""
    rate = _command(
        commands,
        "rate",
        "rate a session's objectives by hand, before you see the program's letters",
        _later("facilitator.rating", "rate"),
    )
    rate.epilog = (
        "Without ratings: the objectives, what the letters mean, and what was rated so far; the program's own letters are not "
        "shown. A rating may be given while the pair still plays, or any time after. What is rated before anybody outside the "
        "pair's debrief has seen the program's letters (handoff score, review and report show them) enters the agreement "
        "between facilitators and the program; what is rated or changed afterwards, or with --seen, is kept and stays out of it."
    )
    rate.add_argument("session", help="its id; it may be unfinished")
    rate.add_argument(
        "ratings", nargs="*", metavar="OBJECTIVE=LETTER", help="P, S, M or U for an objective; “-” takes a rating back"
    )
    rate.add_argument(
        "--why",
        metavar="TEXT",
        help="a line why, for one objective; no real people. Kept in this store, and can be erased",
    )
    rate.add_argument("--seen", action="store_true", help="you have seen the program's letters of this play already")
    rate.add_argument("--json", action="store_true", help="as JSON")


def _polling(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command of somebody who collects a panel."""
    panel = _command(
        commands,
        "panel",
        "ask people who do this work about a scenario's judgement scenes",
        _later("facilitator.voting", "panel"),
    )
    panel.epilog = (
        "A debrief shows what a panel thinks once at least ten have voted, at least three from each discipline that has a seat, and none "
        "more than twice as often as the rarest of those. Votes stay in the store, not in the scenario; “handoff forget ALIAS” takes name "
        "and reason from a vote. Exit code 2: a scene that is no judgement scene, or no such discipline."
    )
    panel.add_argument("scenario", help="a scenario's id or file")
    panel.add_argument("--scene", metavar="ID", help="only this judgement scene (default: all of them)")
    panel.add_argument("--discipline", metavar="NAME", help="the panelist's work, such as police, community or health")
    panel.add_argument(
        "--as",
        dest="alias",
        metavar="ALIAS",
        help="what the panelist is recognised by, to change a vote; no real names",
    )
    panel.add_argument("--list", action="store_true", help="how far the panels are; asks nobody anything")
    panel.add_argument("--plain", action="store_true", help="lines of text; a panel is always asked in them")
    panel.add_argument(
        "--json",
        action="store_true",
        help="one JSON object a line; answers are read as lines: an option, then a reason",
    )


def _reviewing(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The list of sessions, and the figures of many."""
    review = _command(commands, "review", "look at the sessions played", _later("facilitator.cli", "run_review"))
    review.epilog = (
        "Filters are for the list and for the figures; words narrow the list alone. Figures weigh simulated choices against "
        "authors' ratings; they are not for discipline, hiring or certification."
    )
    review.add_argument("words", nargs="*", metavar="WORDS", help="only sessions that contain these words")
    review.add_argument("--filter", metavar="WORDS", default="", help="the same, as one argument")
    _choosing(review)
    review.add_argument("--cohort", action="store_true", help="the figures of these sessions together, page by page")
    review.add_argument("--plain", action="store_true", help="lines of text instead of the full screen")
    review.add_argument("--json", action="store_true", help="as JSON")


def _choosing(parser: argparse.ArgumentParser) -> None:
    """The filter of a coordinator, the same for every command that looks at many sessions."""
    parser.add_argument("--workshop", metavar="NAME", help="only sessions of this workshop")
    parser.add_argument("--scenario", metavar="ID", help="only sessions of this scenario")
    parser.add_argument("--agency", metavar="NAME", help="only sessions in which somebody of this agency played")
    parser.add_argument("--mou", metavar="ID", help="only sessions under this agreement")
    parser.add_argument("--jurisdiction", metavar="ID", help="only sessions under this law")
    parser.add_argument(
        "--since", type=_day, metavar="DAY", help="only sessions begun on this day or later: 2026-06-03"
    )
    parser.add_argument("--until", type=_day, metavar="DAY", help="only sessions begun on this day or earlier")


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, text: str, run: Run
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
    _shared(parser, suppress=True)
    parser.set_defaults(run=run)
    return parser


def _shared(parser: argparse.ArgumentParser, *, suppress: bool = False) -> None:
    default = argparse.SUPPRESS if suppress else None
    parser.add_argument(
        "--store",
        metavar="FILE|URL",
        default=default,
        help="where sessions are kept: a file, or postgresql://USER@HOST/DATABASE (default: your own store)",
    )
    parser.add_argument(
        "--library", metavar="FOLDER", action="append", default=default, help="a folder with scenarios of your own"
    )


def _later(module: str, name: str) -> Run:
    """A command that imports its module only when it runs."""

    def run(args: argparse.Namespace) -> int:
        return int(getattr(importlib.import_module(module), name)(args))

    return run


def _variant(text: str) -> tuple[str, int]:
    """A list of variants and the number of an entry, counted from 1 by people and from 0 by programs."""
    name, equals, number = text.partition("=")
    if not (name and equals and number.isascii() and number.isdigit() and int(number[:9]) > 0):
        raise argparse.ArgumentTypeError("a variant is a list and the number of its entry, such as street=2")
    return name, int(number[:9]) - 1


def _seed(text: str) -> int:
    if not text.isdecimal() or int(text) >= 2**63:
        raise argparse.ArgumentTypeError("a seed is a whole number from 0 to 2^63-1")
    return int(text)


def _minutes(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 5 and 1 <= int(text) <= 600):
        raise argparse.ArgumentTypeError("write a whole number of minutes from 1 to 600, such as 20")
    return int(text)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("write a whole number above 0")
    return int(text)


def _days(text: str) -> int:
    digits = text.removesuffix("d")
    if not digits.isdecimal() or int(digits) < 1:
        raise argparse.ArgumentTypeError("write a number of days, such as 365d")
    return int(digits)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("write a day as 2026-03-02: year, month, day") from None


class _Version(argparse.Action):
    """Looks the version up only when it is asked for; that costs more than the rest of the parser."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from importlib.metadata import PackageNotFoundError, version

        try:
            known = version("handoff-trainer")
        except PackageNotFoundError:
            known = "from source"
        parser.exit(0, f"handoff {known}\n")


def _between_stores(kept: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The commands about more than one's own file: store copy, store coordinator."""
    copy = _command(
        kept, "copy", "copy sessions into another store, all or none", _later("facilitator.keeping", "copy")
    )
    copy.add_argument("source", metavar="FROM", help="a file or postgresql://…")
    copy.add_argument("target", metavar="TO", help="a file or postgresql://…; made if it does not exist")
    copy.add_argument("--workshop", metavar="NAME", help="only this workshop's sessions")
    copy.epilog = (
        "A session that is there already is left as it is; one that went on here goes on there; one that went on "
        "differently in both stops the copy. What was erased there stays erased."
    )
    coordinator = _command(
        kept,
        "coordinator",
        "let a login of the server look at one agency's sessions",
        _later("facilitator.keeping", "coordinator"),
    )
    coordinator.add_argument("login", help="a login that an administrator has made on the server")
    coordinator.add_argument("--agency", metavar="NAME", help="as people type it when they play (--employer)")
    coordinator.add_argument("--remove", action="store_true", help="take it away again; without --agency for all")
    coordinator.epilog = (
        "It sees the sessions in which that agency sat and those that name no agency; of aliases its own agency's, of "
        "remarks none; and it can change nothing. Run it with --store as the store's owner, once for each agency."
    )
