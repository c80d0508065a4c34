"""`handoff new NAME --mou`: two agencies write their agreement, section by section.

Clauses are offered as choices, each with what it means and where it comes from; what they take becomes duties in the
words of the shared vocabulary, which are monitored in play. The catalogue is `templates/clauses.yaml`.
"""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from facilitator.asking import Asker
from facilitator.scaffold import WrongUse, folded, quoted, tidy
from facilitator.untriggered import untriggered_in
from scoring.clock import BadSpan, Span
from scoring.rules import Mou
from simulator.library import Library
from simulator.problems import did_you_mean

_ROLES = {
    "police": ("patrol-officer", "detective", "police-based-specialist"),
    "community": ("community-advocate", "co-located-advocate"),
}
_RULE = ("when", "must", "each", "never", "within", "before", "unless")


class Clause(NamedTuple):
    """A clause on offer. `deadline` is the usual one, None where nothing is counted; `duties`: id → its fields."""

    id: str
    section: str
    take: bool
    text: str
    why: str
    deadline: str | None
    source: str
    for_role: str | None
    duties: Mapping[str, Mapping[str, Any]]


class Section(NamedTuple):
    """A section of the agreement, and what it is about."""

    id: str
    title: str
    about: str
    clauses: tuple[Clause, ...]


class Taken(NamedTuple):
    """A clause that was agreed on, with its number in the agreement and its deadline."""

    clause: Clause
    number: str
    deadline: str | None


@dataclass
class Agreement:
    """What has been agreed so far."""

    id: str
    title: str
    names: dict[str, str]  # party → the agency's name
    roles: dict[str, tuple[str, ...]]
    taken: list[Taken] = field(default_factory=list)
    one_recipient: bool = True
    signed: date | None = None
    review_by: date | None = None


@cache
def sections() -> tuple[Section, ...]:
    """The catalogue, in the order it is asked."""
    import yaml

    found = []
    for part in yaml.safe_load(files("facilitator").joinpath("templates", "clauses.yaml").read_text(encoding="utf-8")):
        clauses = tuple(
            Clause(
                given["id"],
                part["id"],
                given["take"],
                given["text"],
                given["why"],
                given.get("deadline"),
                given["source"],
                given.get("for_role"),
                given["duties"],
            )
            for given in part["clauses"]
        )
        found.append(Section(part["id"], part["title"], part["about"], clauses))
    return tuple(found)


def compose(ident: str, args: argparse.Namespace, shelf: Library, asker: Asker) -> tuple[str, str]:
    """Walk through the agreement. Returns its YAML and what to tell about it. Raises WrongUse, Stopped."""
    asker.tell(
        "An agreement, section by section. Enter takes what stands in brackets; q stops, and nothing is written."
    )
    asker.tell("It adds to the law and replaces none of it. Have counsel read it before anybody signs.")
    deal = _parties(ident, args, asker)
    wanted = _wanted(args.clauses)
    for number, section in enumerate(sections(), 1):
        asker.tell()
        asker.tell(f"{number}. {section.title}")
        asker.tell(section.about)
        for clause in section.clauses:
            _offer(clause, number, deal, wanted, asker)
        if section.id == "confidentiality" and asker.interactive:
            asker.tell()
            asker.tell("One release form could name several recipients. One each is best practice, and not law. [V:19]")
            deal.one_recipient = asker.yes("One recipient for each form?", True)
    _term(deal, asker, len(sections()) + 1)
    if not deal.taken:
        raise WrongUse("an agreement without a clause binds nobody; take at least one")
    text = "".join(_yaml(deal))
    return text, _told(text, ident, shelf, asker.width)


def _parties(ident: str, args: argparse.Namespace, asker: Asker) -> Agreement:
    title = args.title or asker.ask("Its title:", ident.replace("-", " ").capitalize().replace("mou", "MOU"))
    police = args.police or asker.ask("The police agency:", "Riverside Police Department")
    community = args.community or asker.ask("The community program:", "Harbor House")
    roles = {}
    for party, name in (("police", police), ("community", community)):
        asker.tell()
        asker.tell(f"Which roles does {tidy(name)} sign for? Its duties bind every seat with such a role.")
        roles[party] = tuple(role for role in _ROLES[party] if asker.yes(f"  {role}?", True)) or _ROLES[party][:1]
    return Agreement(ident, title, {"police": police, "community": community}, roles)


def _wanted(text: str | None) -> frozenset[str] | None:
    if text is None:
        return None
    known = {clause.id for section in sections() for clause in section.clauses}
    wanted = [part.strip() for part in text.split(",") if part.strip()]
    for ident in wanted:
        if ident not in known:
            raise WrongUse(f"there is no clause “{ident}”. {did_you_mean(ident, sorted(known), 'clause', fixed=True)}")
    return frozenset(wanted)


def _offer(clause: Clause, section: int, deal: Agreement, wanted: frozenset[str] | None, asker: Asker) -> None:
    """One clause: what it says, what it means, where it is from; then yes or no, and how long."""
    if clause.for_role is not None and clause.for_role not in deal.roles["police"]:
        return
    usual = clause.take if wanted is None else clause.id in wanted
    asker.tell()
    asker.tell(f"{clause.id:<5}{clause.text}", indent=2, hang=5)
    asker.tell(f"{clause.why} Source: FACTS {clause.id.rstrip('b')} {clause.source}", indent=7)
    if not asker.yes("  Agreed?", usual):
        return
    deadline = clause.deadline
    if deadline is not None:
        deadline = asker.ask("  Within:", deadline, _span)
    number = f"{section}.{1 + sum(taken.number.startswith(f'{section}.') for taken in deal.taken)}"
    deal.taken.append(Taken(clause, number, deadline))


def _span(answer: str) -> str | None:
    try:
        Span.parse(answer)
    except BadSpan as error:
        return str(error)
    return None


def _term(deal: Agreement, asker: Asker, number: int) -> None:
    asker.tell()
    asker.tell(f"{number}. Term")
    asker.tell(
        "Agreements that nobody reads again grow old. It is amended in writing only, and either side may end it on "
        "written notice; thirty days are common. [V:62]"
    )
    today = date.today()
    signed = asker.ask("Signed on, as 2026-01-31, or not yet:", "not yet", _day)
    deal.signed = None if signed == "not yet" else date.fromisoformat(signed)
    later = (deal.signed or today).replace(day=1)
    review = asker.ask("Reviewed by:", later.replace(year=later.year + 1).isoformat(), _day)
    deal.review_by = None if review == "not yet" else date.fromisoformat(review)


def _day(answer: str) -> str | None:
    if answer != "not yet":
        try:
            date.fromisoformat(answer)
        except ValueError:
            return "Write the day as 2026-01-31."
    return None


# --- YAML --------------------------------------------------------------------------------------------------------


def _yaml(deal: Agreement) -> Iterator[str]:
    yield f"# {tidy(deal.title)}\n#\n"
    yield "# Made by “handoff new --mou”. Each duty is watched by the clock and the record; nobody marks it.\n"
    yield "# `words:` is what your people will read: put the sentence of your own paper there.\n\n"
    yield f"id: {deal.id}\ntitle: {quoted(deal.title)}\nabout: >-\n"
    names = " and ".join(tidy(name) for name in deal.names.values())
    about = f"{names} answer calls together. It is amended in writing only; either side may end it on written notice."
    yield folded(about, 2) + "\n"
    if deal.signed:
        yield f"signed: {deal.signed}\n"
    if deal.review_by:
        yield f"review_by: {deal.review_by}\n"
    yield f"one_recipient_per_release: {str(deal.one_recipient).lower()}\n"
    yield "sign_offs: [awaiting local sign-off]\n\nparties:\n"
    for party, name in deal.names.items():
        yield f"  {party}:\n    name: {quoted(name)}\n    roles: [{', '.join(deal.roles[party])}]\n"
    yield "\nduties:\n"
    for section in sections():
        taken = [each for each in deal.taken if each.clause.section == section.id]
        if taken:
            yield f"  # --- {section.title.lower()} ---\n"
        for each in taken:
            yield from _duties(each)


def _duties(taken: Taken) -> Iterator[str]:
    clause = taken.clause
    for ident, given in clause.duties.items():
        rule = dict(given)
        if rule.pop("deadline", None) != "none" and taken.deadline is not None:
            rule["within"] = taken.deadline
        yield f'  {ident}:\n    party: {rule["party"]}\n    clause: "{taken.number}"\n'
        text = rule["text"].replace("in time", f"within {rule['within']}") if "within" in rule else rule["text"]
        yield f"    text: {quoted(text)}\n    words: >-\n{folded(clause.text, 6)}\n"
        for key in _RULE:
            if key in rule:
                yield f"    {key}: {rule[key]}\n"
        yield f'    source: "FACTS {clause.id.rstrip("b")} {clause.source}"\n'


def _told(text: str, ident: str, shelf: Library, width: int) -> str:
    """How many duties there are, and which of them no scenario at hand puts to the test."""
    mou: Mou | None = shelf.check_text(text, f"{ident}.yaml", "mou").value
    if mou is None:
        return ""
    idle: Sequence[Any] = untriggered_in(shelf, mou)
    lines = [f"{len(mou.duties)} duties. Play under it: handoff play kitchen-table --mou {ident}.yaml"]
    if idle:
        listed = ", ".join(duty.duty for duty in idle)
        lines.append(textwrap.fill(f"No scenario at hand puts these to the test yet: {listed}.", width))
    return "\n".join(lines)
