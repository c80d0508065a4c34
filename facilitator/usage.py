"""What the command line accepts. Kept apart from what it does, so that `--help` reads like one page."""

from __future__ import annotations

import argparse

from facilitator.arguments import Version, command, count, days, later, minutes, seed, shared, sits, variant
from facilitator.usage_many import (
    between_stores,
    exporting,
    hosting,
    joining,
    polling,
    rating,
    reporting,
    rescoring,
    reviewing,
    running,
)


def build_parser() -> argparse.ArgumentParser:
    """The parser of every command; each sets `run`."""
    parser = argparse.ArgumentParser(
        prog="handoff",
        description="Police officers and victim advocates train together: play a scenario, then talk about it. "
        "Without a command the app opens.",
        epilog="Exit codes: 0 fine, 1 found problems, 2 wrong use.",
    )
    parser.add_argument("--version", action=Version, nargs=0, help="show the version and exit")
    shared(parser)
    parser.set_defaults(run=later("facilitator.cli", "run_home"))
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    play = command(commands, "play", "play a scenario", later("facilitator.cli", "run_play"))
    play.add_argument("scenario", nargs="?", help="a scenario's or series' id or file (default: kitchen-table)")
    play.add_argument("--episode", type=count, metavar="N", help="of a series: the episode (default: the first)")
    play.add_argument("--after", metavar="SESSION", help="of a series: go on from how this session ended")
    play.add_argument("--seat", metavar="ID", action="append", help="the seat you play; the others are the computer's")
    play.add_argument(
        "--partner",
        choices=("typical", "expert", "random", "none"),
        help="who plays the other seats (default: typical with --seat)",
    )
    play.add_argument("--mou", metavar="ID|FILE", help="the agreement to play under")
    play.add_argument("--jurisdiction", metavar="ID|FILE", help="the law to play under")
    play.add_argument("--plain", action="store_true", help="lines of text instead of the full screen")
    play.add_argument(
        "--script",
        metavar="FILE",
        help="play these choices, one “seat: action-id” a line, or “seat: tell officer gun by phone” and the like (- for stdin)",
    )
    play.add_argument("--seed", type=seed, metavar="N", help="what chance and computer partners do, made repeatable")
    play.add_argument(
        "--draw",
        choices=("first", "random"),
        help="which of the scenario's names and places: the first of every list, or drawn (default: first)",
    )
    play.add_argument(
        "--variant",
        metavar="LIST=N",
        type=variant,
        action="append",
        help="take entry N of this list of variants, whatever else is drawn",
    )
    play.add_argument(
        "--swap",
        metavar="SESSION",
        help="play this session again, which has ended: the same people and texts, the seats exchanged",
    )
    play.add_argument(
        "--sits",
        metavar="SEAT=FORMER",
        type=sits,
        action="append",
        help="with --swap: SEAT goes to whoever had FORMER (default: everybody moves on by one seat)",
    )
    play.add_argument("--name", metavar="ALIAS", help="what you are called in this session; no real names")
    play.add_argument("--employer", metavar="NAME", default="", help="your agency, for your coordinator's figures")
    play.add_argument("--workshop", metavar="NAME", default="", help="the workshop this play belongs to")
    play.add_argument("--json", action="store_true", help="one JSON object a line instead of text")

    resume = command(commands, "resume", "go on with a session", later("facilitator.cli", "run_resume"))
    resume.add_argument("session", nargs="?", help="its id (default: the last unfinished one)")
    resume.add_argument("--plain", action="store_true", help="lines of text instead of the full screen")

    replay = command(
        commands,
        "replay",
        "print a session as a script that plays again",
        later("facilitator.listing", "print_replay"),
    )
    replay.add_argument("session", help="its id")
    replay.add_argument("--to", type=int, metavar="SEQ", help="only up to this event; pauses are not counted")

    score = command(commands, "score", "print how a session was weighed", later("facilitator.listing", "print_score"))
    score.add_argument("session", help="its id")
    score.add_argument("--json", action="store_true", help="as JSON")

    hosting(commands)
    joining(commands)
    running(commands)
    reviewing(commands)

    listing = command(
        commands, "list", "scenarios, MOUs, jurisdictions at hand", later("facilitator.listing", "print_list")
    )
    listing.add_argument("--topics", action="store_true", help="which scenario trains which topic")
    listing.add_argument("--json", action="store_true", help="as JSON")

    check = command(commands, "check", "read files and name every problem", later("facilitator.checking", "run_check"))
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
        type=count,
        metavar="N",
        help="prove what takes no more than this many states to look at (default: 1000000)",
    )
    check.add_argument("--no-cache", action="store_true", help="prove everything anew, and keep nothing of it")

    _writing(commands)
    rescoring(commands)

    simulate = command(
        commands,
        "simulate",
        "let the computer play many times and sum up",
        later("facilitator.simulating", "simulate"),
    )
    simulate.epilog = (
        "Policies: random draws evenly; typical by the author's appeal; least-used takes what was taken least so far; expert plays "
        "the best plan as if it knew everything (the partner in a session knows only its view). A sample shows what is likely; it "
        "proves nothing. Exit code 1: too many states, stopped with Ctrl-C, or plays that came to no ending."
    )
    simulate.add_argument("scenario", help="a scenario's id or file")
    simulate.add_argument(
        "-n", dest="plays", type=count, default=10_000, metavar="N", help="how many plays (default: 10000)"
    )
    simulate.add_argument(
        "--seed", type=seed, default=1, metavar="S", help="the same seed gives the same plays (default: 1)"
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
        type=count,
        default=3_000_000,
        metavar="STATES",
        help="explore no more states than this (default: 3000000)",
    )
    simulate.add_argument("--json", action="store_true", help="as JSON")

    explain = command(commands, "explain", "explain a problem's code", later("facilitator.listing", "print_explain"))
    explain.add_argument("code", help="such as HS103")

    chart = command(commands, "map", "see a scenario as a graph", later("facilitator.cli", "run_map"))
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

    explore = command(
        commands, "explore", "prove what is true of all plays of a scenario", later("facilitator.exploring", "explore")
    )
    explore.add_argument("scenario", help="a scenario's or series' id or file")
    explore.add_argument("--mou", metavar="ID|FILE", help="the agreement to look at it under")
    explore.add_argument("--jurisdiction", metavar="ID|FILE", help="the law to look at it under")
    explore.add_argument("--limit", type=count, metavar="N", help="stop after this many states (default: 3000000)")
    explore.add_argument("--show", metavar="NAME", help="print the play that shows this claim, as a script")
    explore.add_argument("--json", action="store_true", help="as JSON")

    forget = command(commands, "forget", "erase an alias and what it wrote", later("facilitator.keeping", "forget"))
    forget.add_argument("alias")

    purge = command(commands, "purge", "erase old sessions", later("facilitator.keeping", "purge"))
    purge.add_argument(
        "--older-than", required=True, type=days, metavar="365d", help="last played longer ago than this"
    )

    audit = command(commands, "audit", "prove that no event was changed", later("facilitator.keeping", "audit"))
    audit.add_argument("session", nargs="?", help="only this one")
    audit.add_argument(
        "--expect",
        metavar="FINGERPRINT",
        help="what an earlier audit printed; tells whether anything is different since",
    )

    store = commands.add_parser("store", help="look after the store")
    kept = store.add_subparsers(title="commands", metavar="COMMAND", required=True)
    command(kept, "rebuild", "make the figures anew from the logs", later("facilitator.keeping", "rebuild"))
    backup = command(kept, "backup", "copy the store while it is in use", later("facilitator.keeping", "backup"))
    backup.add_argument("file", help="a new file")
    reporting(commands)
    exporting(commands)

    rating(commands)
    polling(commands)
    between_stores(kept)
    return parser


def _writing(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The commands of somebody who writes: new, preview, studio, diff."""
    new = command(commands, "new", "write a small scenario to begin from", later("facilitator.scaffold", "new"))
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
    new.add_argument("--minutes", type=minutes, metavar="N", help="how long a pair takes to play it")
    new.add_argument("--jurisdiction", metavar="ID", help="the law it is played under")
    new.add_argument("--opening", metavar="TEXT", help="what the first seat sees as it opens")
    new.add_argument("--police", metavar="NAME", help="with --mou: the police agency that signs")
    new.add_argument("--community", metavar="NAME", help="with --mou: the community program that signs")
    new.add_argument("--clauses", metavar="C06,C13,…", help="with --mou: these clauses instead of the usual ones")
    new.add_argument("--folder", metavar="FOLDER", help="where to write it (default: here)")
    new.add_argument("--yes", action="store_true", help="ask nothing; take what is usual")

    preview = command(
        commands, "preview", "play a scenario while you write it", later("facilitator.preview", "preview")
    )
    preview.add_argument("file", help="the scenario's file; saved again, it is read again")
    preview.add_argument("--mou", metavar="ID|FILE", help="the agreement to play under")
    preview.add_argument("--jurisdiction", metavar="ID|FILE", help="the law to play under")

    studio = command(
        commands,
        "studio",
        "write a scenario with its problems, map and play beside it",
        later("facilitator.cli", "run_studio"),
    )
    studio.add_argument(
        "file", nargs="?", metavar="FILE", help="the file to open (default: choose one from this folder)"
    )

    diff = command(commands, "diff", "what an edit changes, for play too", later("facilitator.attaining", "print_diff"))
    diff.add_argument("old", metavar="OLD", help="the file as it was")
    diff.add_argument("new", metavar="NEW", help="the file as it is")
    diff.add_argument("--json", action="store_true", help="as JSON")
