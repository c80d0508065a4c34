"""`handoff new`: a small, whole, commented scenario to begin from, or (`--mou`) an agreement, clause by clause."""

from __future__ import annotations

import argparse
import json
import re
import shlex
import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any, NamedTuple

from facilitator.asking import Asker, Stopped
from facilitator.untriggered import opens, recorded
from scoring.rules import Jurisdiction, Mou, Rule, Vocabulary
from simulator.library import Library
from simulator.model import Scenario
from simulator.problems import did_you_mean, render

OPENING = (
    "Ten in the morning. Lena opens the door by a hand's breadth. There was shouting in the night, a neighbor said. He "
    "is at work now, she says; but he forgets things, and then he comes back for them."
)
LONGEST = 600  # minutes; who sits down to more than ten hours has mistyped
_SEATS = ("patrol-officer", "community-advocate")
_PEOPLE: Mapping[str, tuple[str, str, str]] = {  # role → seat, name, short name
    "patrol-officer": ("officer", "Officer Vance", "Vance"),
    "detective": ("detective", "Detective Vance", "Vance"),
    "police-based-specialist": ("specialist", "Kim Vance", "Vance"),
    "community-advocate": ("advocate", "Noor Haddad", "Noor"),
    "co-located-advocate": ("advocate", "Noor Haddad", "Noor"),
}


class WrongUse(Exception):
    """What was asked for cannot be made; the message is one sentence for the user."""


class Wanted(NamedTuple):
    """What a new scenario is to be. `seats`: the two roles, the one that tells freely first."""

    id: str
    title: str
    seats: tuple[str, str]
    minutes: int
    mou: str
    jurisdiction: str
    opening: str


def new(args: argparse.Namespace) -> int:
    """Write a new file. Exit code 1 if it exists already or nothing was decided, 2 for what cannot be made."""
    width = min(100, shutil.get_terminal_size((80, 24)).columns)
    asker = Asker(sys.stdin, sys.stdout, interactive=sys.stdin.isatty() and not args.yes, width=width)
    if args.name is None and isinstance(args.mou, str):
        args.name, args.mou = args.mou, True  # “handoff new --mou NAME”
    try:
        if args.name is None and not asker.interactive:
            raise WrongUse("what is it called? Write “handoff new NAME”")
        if args.name is None:
            usual = "our-agreement" if args.mou is True else "he-comes-back"
            args.name = asker.ask("What shall the file be called?", usual, lambda name: _free(name, args.folder))
        path = place_for(args.name, args.folder)
        if path.exists():
            print(f"handoff: there is a file “{path}” already; choose another name", file=sys.stderr)
            return 1
        shelf = Library([path.parent, *(Path(folder) for folder in args.library or ())])
        if args.mou is True:
            from facilitator.agreement import compose

            text, told = compose(path.stem, args, shelf, asker)
        else:
            text = scenario_text(_wanted(path.stem, args, shelf, asker), shelf)
            told = f"A scenario that can be played: handoff preview {shlex.quote(str(path))}"
        return write(path, text, shelf, told)
    except WrongUse as error:
        print(f"handoff: {error}", file=sys.stderr)
        return 2
    except Stopped:
        print("Nothing was written.")
        return 1


def place_for(name: str, folder: str | None) -> Path:
    """The file that a name means. Raises WrongUse if no id can be made of it."""
    given = Path(name.removesuffix(".yaml").removesuffix(".yml"))
    bare = "".join(c for c in unicodedata.normalize("NFKD", given.name.lower()) if not unicodedata.combining(c))
    stem = re.sub(r"[^a-z0-9]+", "-", bare).strip("-")
    if not re.match(r"[a-z]", stem):
        raise WrongUse(f"“{name}” makes no file name; begin it with a letter, such as “he-comes-back”")
    return Path(folder or given.parent) / f"{stem}.yaml"


def _free(name: str, folder: str | None) -> str | None:
    """What is wrong with a name, or None."""
    try:
        path = place_for(name, folder)
    except WrongUse as error:
        return f"{str(error)[0].upper()}{str(error)[1:]}."
    return f"There is a file “{path}” already; choose another name." if path.exists() else None


def write(path: Path, text: str, shelf: Library, told: str) -> int:
    """Write the text to a file that does not exist yet, if it reads without errors."""
    read = shelf.check_text(text, path.name)
    if not read.sound:
        for problem in read.problems:
            print(render(problem), file=sys.stderr)
        print("handoff: nothing was written", file=sys.stderr)
        return 1
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise WrongUse(f"there is a file “{path}” already; choose another name") from None
    except OSError as error:
        raise WrongUse(f"“{path}” cannot be written: {error.strerror}; is the folder yours?") from None
    print(f"Wrote {path}.")
    print(told)
    print(f"What is still to mend: handoff check {shlex.quote(str(path))}")
    return 0


# --- a scenario -----------------------------------------------------------------------------------------------


def _wanted(ident: str, args: argparse.Namespace, shelf: Library, asker: Asker) -> Wanted:
    """What is wanted, from the flags and, where nothing was said, from whoever sits there."""
    asker.tell("A new scenario. Enter takes what stands in brackets; q stops, and nothing is written.")
    vocabulary = shelf.bundle("kitchen-table").vocabulary
    title = args.title or asker.ask("Its title:", ident.replace("-", " ").capitalize())
    seats = _roles(args.seats) if args.seats else _ask_seats(asker, vocabulary)
    _fitting(seats, vocabulary)
    minutes = args.minutes or int(asker.ask("How long a pair plays, in minutes:", "20", _whole))
    mou = args.mou or asker.pick("Played under which agreement?", _named(shelf, "mou"), "riverside-dv")
    law = args.jurisdiction or asker.pick("Under which law?", _named(shelf, "jurisdiction"), "model-state")
    for kind, label, chosen in (("mou", "agreement", mou), ("jurisdiction", "jurisdiction", law)):
        if chosen not in shelf.names(kind):
            raise WrongUse(f"there is no {label} “{chosen}” at hand. {did_you_mean(chosen, shelf.names(kind), label)}")
    asker.tell()
    asker.tell("What is it about? Say what the first one sees, such as: he comes back while you are talking.")
    opening = args.opening or asker.ask("It opens with:", "a sample")
    return Wanted(ident, title, seats, minutes, mou, law, OPENING if opening == "a sample" else opening)


def _roles(text: str) -> tuple[str, str]:
    roles = [part.strip() for part in text.split(",") if part.strip()]
    if len(roles) != 2:
        raise WrongUse("--seats takes two roles, such as “patrol-officer,community-advocate”")
    return roles[0], roles[1]


def _ask_seats(asker: Asker, vocabulary: Vocabulary) -> tuple[str, str]:
    known = [(role.id, role.label) for role in vocabulary.roles.values() if role.id in _PEOPLE]
    firsts = [pair for pair in known if vocabulary.roles[pair[0]].confidence != "confidential"]
    seconds = [pair for pair in known if pair not in firsts]
    return asker.pick("Who plays first?", firsts, _SEATS[0]), asker.pick("Who is the other?", seconds, _SEATS[1])


def _fitting(seats: tuple[str, str], vocabulary: Vocabulary) -> None:
    """The sample turns on what only one of the two may tell. Raises WrongUse."""
    for role, confidential in zip(seats, (False, True), strict=True):
        known = vocabulary.roles.get(role)
        fitting = [r for r in _PEOPLE if (vocabulary.roles[r].confidence == "confidential") == confidential]
        if known is None or role not in fitting:
            what = "keeps confidences" if confidential else "is with the police"
            raise WrongUse(
                f"the sample needs a {'second' if confidential else 'first'} seat that {what}, and “{role}” is not one "
                f"it can play; take {', '.join(fitting)}, and change “role:” in the file afterwards"
            )


def _named(shelf: Library, kind: str) -> list[tuple[str, str]]:
    return [(name, "") for name in shelf.names(kind)]


def _whole(answer: str) -> str | None:
    fits = answer.isascii() and answer.isdecimal() and len(answer) < 5 and 0 < int(answer) <= LONGEST
    return None if fits else f"A whole number of minutes from 1 to {LONGEST}, such as 20."


def scenario_text(wanted: Wanted, shelf: Library) -> str:
    """The sample scenario with what was wanted in it, as YAML. It speaks of duties that this agreement really has."""
    template = Template(files("facilitator").joinpath("templates", "scenario.yaml").read_text(encoding="utf-8"))
    one, two = (_PEOPLE[role] for role in wanted.seats)
    bundle = shelf.bundle("kitchen-table", mou=wanted.mou, jurisdiction=wanted.jurisdiction)
    given: dict[str, Any] = {
        "id": wanted.id,
        "id_pad": _pad("id", wanted.id),
        "file": f"{wanted.id}.yaml",
        "title": quoted(wanted.title),
        "title_comment": tidy(wanted.title),
        "minutes": wanted.minutes,
        "mou": wanted.mou,
        "mou_pad": _pad("mou", wanted.mou),
        "jurisdiction": wanted.jurisdiction,
        "jurisdiction_pad": _pad("jurisdiction", wanted.jurisdiction),
        "opening": folded(wanted.opening, 6),
        **_seat("one", wanted.seats[0], one, bundle.mou, bundle.vocabulary),
        **_seat("two", wanted.seats[1], two, bundle.mou, bundle.vocabulary),
        "lines": _lines(bundle.jurisdiction),
    }
    bare = template.substitute(given, duties_one="", duties_two="")
    sample: Scenario = shelf.check_text(bare, f"{wanted.id}.yaml").draft
    facts = recorded(sample)
    for key, role in zip(("duties_one", "duties_two"), wanted.seats, strict=True):
        given[key] = _duties(bundle.mou, role, facts, bundle.vocabulary)
    return template.substitute(given)


def _seat(key: str, role: str, person: tuple[str, str, str], mou: Mou, vocabulary: Vocabulary) -> dict[str, str]:
    """A seat belongs to the party of the agreement that its role speaks for."""
    party = next((party.id for party in mou.parties.values() if role in party.roles), vocabulary.roles[role].service)
    seat, name, short = person
    return {key: seat, f"{key}_role": role, f"{key}_employer": party, f"{key}_name": name, f"{key}_short": short}


def _duties(mou: Mou, role: str, facts: frozenset[str], vocabulary: Vocabulary) -> str:
    """The line `duties:` of an objective: those of the role's party that this story puts to the test."""
    mine = [
        duty.id
        for duty in mou.duties.values()
        if role in mou.parties[duty.party].roles
        and (duty.when or duty.never)
        and opens(duty, facts, vocabulary.spans)
        and _asked_for(duty, facts)
    ]
    return "" if not mine else wrapped_list("duties", mine[:5], 4)


def _asked_for(duty: Rule, facts: frozenset[str]) -> bool:
    goal = duty.must or duty.each or duty.never
    return goal is not None and any(fact in goal.text.split() for fact in facts)


def _lines(law: Jurisdiction) -> str:
    telling = [line.id for line in law.lines.values() if line.telling == "confidential"]
    return wrapped_list("lines", telling, 4) if telling else ""


# --- YAML by hand, so that the comments stay ---------------------------------------------------------------------


def tidy(text: str) -> str:
    """One line of text without anything that could steer a terminal or break a file."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def quoted(text: str) -> str:
    """A text as a YAML scalar; in quotes wherever it might be taken for something else."""
    clean = tidy(text)
    plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9 ,.'’“”()—–-]*", clean) and clean.lower() not in _WORDS
    return clean if plain else json.dumps(clean, ensure_ascii=False)


_WORDS = {"yes", "no", "on", "off", "true", "false", "null", "y", "n"}


def folded(text: str, indent: int) -> str:
    """The lines of a `>-` block, indented by so many spaces."""
    return textwrap.indent(textwrap.fill(tidy(text), 120 - indent, break_on_hyphens=False), " " * indent)


def wrapped_list(key: str, items: Iterable[str], indent: int) -> str:
    """`key: [a, b]` on a line of its own, so indented; one item a line if they do not fit."""
    pad = " " * indent
    line = f"{pad}{key}: [{', '.join(items)}]\n"
    return line if len(line) <= 120 else f"{pad}{key}:\n" + "".join(f"{pad}  - {item}\n" for item in items)


def _pad(key: str, value: str) -> str:
    return " " * max(1, 30 - len(f"{key}: {value}"))
