"""What the command line accepts from whoever looks at more than one play: review, reports, exports, ratings, panels, stores."""

from __future__ import annotations

import argparse

from facilitator.arguments import command, day, hours, later, port, proxies


def rescoring(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    rescore = command(
        commands,
        "rescore",
        "judge finished sessions under another agreement or law",
        later("facilitator.rescoring", "rescore"),
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
        "--since", type=day, metavar="DAY", help="only sessions played on or after this day, such as 2026-03-02"
    )
    rescore.add_argument("--json", action="store_true", help="one JSON object a line instead of text")


def reporting(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The reports: of one session, of a workshop, of any sessions."""
    report = commands.add_parser(
        "report", help="write an after-action report and improvement plan", description="Write a report."
    )
    kinds = report.add_subparsers(title="commands", metavar="COMMAND", required=True)
    session = command(kinds, "session", "one play", later("facilitator.report.reporting", "report_session"))
    session.add_argument("session", help="its id")
    session.add_argument(
        "--with-note",
        action="store_true",
        help="with the note that you wrote about this pair in the room; keep it to yourself",
    )
    workshop = command(
        kinds, "workshop", "all plays of a workshop", later("facilitator.report.reporting", "report_workshop")
    )
    workshop.add_argument("workshop", metavar="NAME", help="its name")
    cohort = command(
        kinds, "cohort", "all plays, or those that fit", later("facilitator.report.reporting", "report_cohort")
    )
    choosing(cohort)
    for each in (session, workshop, cohort):
        _written(each, "html")
    guide = command(
        commands,
        "guide",
        "write a scenario's guide page, for whoever runs the room",
        later("facilitator.report.guide", "write_guide"),
    )
    guide.epilog = "It gives the story away; keep it from those who are going to play."
    guide.add_argument("scenario", help="its id or its file")
    guide.add_argument("--mou", metavar="FILE", help="an agreement of your own, its id or its file")
    guide.add_argument("--jurisdiction", metavar="FILE", help="the law, its id or its file")
    _written(guide, "md")


def _written(command: argparse.ArgumentParser, usual: str) -> None:
    """In which format, and where to."""
    command.add_argument(
        "--format", choices=("html", "md", "docx"), default=usual, help=f"what is written (default: {usual})"
    )
    command.add_argument("-o", "--output", metavar="FILE", help="write it here; docx needs it (default: to the screen)")
    command.add_argument("--force", action="store_true", help="replace a file that is there already")


def exporting(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """What was played, for other programs."""
    export = command(
        commands, "export", "write what was played, for other programs", later("facilitator.export.command", "export")
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
    choosing(export)
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


def rating(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command of a facilitator who rates by hand."""
    rate = command(
        commands,
        "rate",
        "rate a session's objectives by hand, before you see the program's letters",
        later("facilitator.rating", "rate"),
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


def polling(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command of somebody who collects a panel."""
    panel = command(
        commands,
        "panel",
        "ask people who do this work about a scenario's judgement scenes",
        later("facilitator.cli", "run_panel"),
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
    panel.add_argument("--plain", action="store_true", help="lines of text, for screen readers and pipes")
    panel.add_argument(
        "--json",
        action="store_true",
        help="one JSON object a line; answers are read as lines: an option, then a reason",
    )


def running(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The room of whoever runs a workshop."""
    room = command(
        commands,
        "room",
        "see what every pair of a workshop does now, and lead them",
        later("facilitator.cli", "run_room"),
    )
    room.epilog = (
        "Opens the newest room of the store that has not ended. Pause, inject, message, offer to go back, end: for one pair or for all. "
        "Exit code 1: no such room."
    )
    which = room.add_mutually_exclusive_group()
    which.add_argument("--key", metavar="KEY", help="the room's key, as it was told to whoever opened it")
    which.add_argument("--workshop", metavar="NAME", help="the room of this workshop; if it has ended, its sessions")
    room.add_argument("--plain", action="store_true", help="the table once, as lines of text")


def reviewing(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The list of sessions, and the figures of many."""
    review = command(commands, "review", "look at the sessions played", later("facilitator.cli", "run_review"))
    review.epilog = (
        "Filters are for the list and for the figures; words narrow the list alone. Figures weigh simulated choices against "
        "authors' ratings; they are not for discipline, hiring or certification."
    )
    review.add_argument("words", nargs="*", metavar="WORDS", help="only sessions that contain these words")
    review.add_argument("--filter", metavar="WORDS", default="", help="the same, as one argument")
    choosing(review)
    review.add_argument("--cohort", action="store_true", help="the figures of these sessions together, page by page")
    review.add_argument("--plain", action="store_true", help="lines of text instead of the full screen")
    review.add_argument("--json", action="store_true", help="as JSON")


def choosing(parser: argparse.ArgumentParser) -> None:
    """The filter of a coordinator, the same for every command that looks at many sessions."""
    parser.add_argument("--workshop", metavar="NAME", help="only sessions of this workshop")
    parser.add_argument("--scenario", metavar="ID", help="only sessions of this scenario")
    parser.add_argument("--agency", metavar="NAME", help="only sessions in which somebody of this agency played")
    parser.add_argument("--mou", metavar="ID", help="only sessions under this agreement")
    parser.add_argument("--jurisdiction", metavar="ID", help="only sessions under this law")
    parser.add_argument("--since", type=day, metavar="DAY", help="only sessions begun on this day or later: 2026-06-03")
    parser.add_argument("--until", type=day, metavar="DAY", help="only sessions begun on this day or earlier")


def between_stores(kept: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The commands about more than one's own file: store copy, store coordinator."""
    copy = command(kept, "copy", "copy sessions into another store, all or none", later("facilitator.keeping", "copy"))
    copy.add_argument("source", metavar="FROM", help="a file or postgresql://…")
    copy.add_argument("target", metavar="TO", help="a file or postgresql://…; made if it does not exist")
    copy.add_argument("--workshop", metavar="NAME", help="only this workshop's sessions")
    copy.epilog = (
        "A session that is there already is left as it is; one that went on here goes on there; one that went on "
        "differently in both stops the copy. What was erased there stays erased."
    )
    coordinator = command(
        kept,
        "coordinator",
        "let a login of the server look at one agency's sessions",
        later("facilitator.keeping", "coordinator"),
    )
    coordinator.add_argument("login", help="a login that an administrator has made on the server")
    coordinator.add_argument("--agency", metavar="NAME", help="as people type it when they play (--employer)")
    coordinator.add_argument("--remove", action="store_true", help="take it away again; without --agency for all")
    coordinator.epilog = (
        "It sees the sessions in which that agency sat and those that name no agency; of aliases its own agency's, of "
        "remarks none; and it can change nothing. Run it with --store as the store's owner, once for each agency."
    )


def hosting(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command of whoever runs a room in which everybody plays on a device of their own."""
    host = command(
        commands,
        "host",
        "open a room that others play in with their browsers",
        later("facilitator.host.command", "host"),
    )
    host.epilog = (
        "Prints the address, the code of the room and a QR code; Ctrl+C ends it and closes the room. Nobody but this computer can reach it "
        "without --lan. docs/host.md says what a facilitator does, and what --lan and TLS mean."
    )
    host.add_argument("scenario", nargs="?", help="what the room plays: a scenario's id or file")
    host.add_argument(
        "--support", metavar="TEXT", required=True, help="whom somebody can talk to; shown at every pause"
    )
    host.add_argument("--workshop", metavar="NAME", help="the workshop these plays belong to")
    host.add_argument("--mou", metavar="ID|FILE", help="the agreement to play under")
    host.add_argument("--jurisdiction", metavar="ID|FILE", help="the law to play under")
    host.add_argument(
        "--pairing",
        choices=("self", "facilitator"),
        default="self",
        help="self: whoever comes next sits beside whoever waits; facilitator: you say who plays with whom (default: self)",
    )
    host.add_argument("--hours", type=hours, default=12, metavar="N", help="the room ends after so long (default: 12)")
    host.add_argument("--port", type=port, default=8080, metavar="N", help="the port (default: 8080; 0: any free one)")
    host.add_argument(
        "--lan",
        nargs="?",
        const="",
        metavar="ADDRESS",
        help="let other devices of this network in; with an address of this computer: only through that one",
    )
    host.add_argument(
        "--url", metavar="URL", help="the address that people type, where something stands before this host"
    )
    host.add_argument(
        "--behind-proxy",
        type=proxies,
        default=0,
        metavar="N",
        help="so many balancers of yours stand before this host and write X-Forwarded-For: tell devices apart by it (default: 0)",
    )
    host.add_argument("--tls-cert", metavar="FILE", help="a certificate (PEM), for https")
    host.add_argument("--tls-key", metavar="FILE", help="its key (PEM)")
    host.add_argument("--keep-room", action="store_true", help="leave the room open when this host ends")
    host.add_argument(
        "--no-room", action="store_true", help="open no room; serve those of other hosts on the same store"
    )
    host.add_argument("--log", metavar="FILE", help="write down which pages were asked for: no codes, tickets or names")


def joining(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command of somebody who takes a seat in a room from a terminal."""
    join = command(
        commands, "join", "take a seat in a room, in a terminal of your own", later("facilitator.joining", "join")
    )
    join.epilog = (
        "Everybody names the same store: a file on this computer, or a PostgreSQL database from several. What others do shows within a "
        "tenth of a second; whoever leaves comes back with “handoff resume” or a new code. For browsers there is “handoff host”."
    )
    join.add_argument("code", nargs="?", help="the room's code, such as K7QM2-9XW4T")
    join.add_argument("--new", metavar="SCENARIO", help="open a room for this scenario, and take the first seat in it")
    join.add_argument("--seat", metavar="ID", help="the seat you ask for (default: what is left)")
    join.add_argument("--name", metavar="ALIAS", help="what you want to be called; no real name")
    join.add_argument("--employer", metavar="NAME", help="your agency")
    join.add_argument("--workshop", metavar="NAME", help="with --new: the workshop the play belongs to")
    join.add_argument("--mou", metavar="ID|FILE", help="with --new: the agreement to play under")
    join.add_argument("--jurisdiction", metavar="ID|FILE", help="with --new: the law to play under")
