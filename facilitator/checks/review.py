"""Sources and review: who stands by a file, why it says what it says, and whether that is still so (HS7xx)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from facilitator.checks.decisions import scenes
from facilitator.checks.gates import Finding, Subject, rule
from facilitator.checks.words import words
from scoring.rights import Right, Signer
from scoring.rules import Compelled, Jurisdiction, Line, Mou, Switch, Vocabulary
from simulator.model import Action, Scenario

GOOD_FOR = timedelta(days=365)  # laws change by the session; a citation is looked up again after a year


def blank(text: str) -> bool:
    """Whether a text says nothing yet."""
    return not text.strip() or text.strip().strip(".").lower() in words("placeholders")


@rule("HS701", draft="notice", publish="error")
def sign_off_missing(subject: Subject) -> Iterator[Finding]:
    draft = subject.read.draft
    hint = "Who has read this and stands by it, or should it say “awaiting local sign-off”?"
    node = subject.read.reading.key(draft, "sign_offs")
    if isinstance(draft, Scenario):
        missing = [who for who in words("sign_offs") if who not in draft.sign_offs or blank(draft.sign_offs[who].name)]
        if missing:
            yield Finding(node, f"nobody has signed it off as {_listed(missing)}", hint)
    elif isinstance(draft, Mou) and all(map(blank, draft.sign_offs)):
        yield Finding(node, "nobody has signed it off", hint)


@rule("HS702", draft="notice", publish="notice")
def sign_off_awaited(subject: Subject) -> Iterator[Finding]:
    draft = subject.read.draft
    node = subject.read.reading.key(draft, "sign_offs")
    names: dict[str, str] = {}
    if isinstance(draft, Scenario):
        names = {who: sign.name for who, sign in draft.sign_offs.items()}
    elif isinstance(draft, Mou):
        names = dict.fromkeys(draft.sign_offs, "") | {name: name for name in draft.sign_offs}
    awaited = [who for who, name in names.items() if words("awaiting") in name.lower()]
    if awaited:
        who = "" if isinstance(draft, Mou) else f": {_listed(awaited)}"
        yield Finding(node, f"it awaits local sign-off{who}", "Who in your own county could read it?")


def _listed(names: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


@rule("HS703", draft="notice", publish="warning")
def no_appeal(subject: Subject) -> Iterator[Finding]:
    reading = subject.read.reading
    for scene in scenes(subject.read.draft):
        rated = any(action.practice for action in scene.actions.values())
        silent = [action for action in scene.actions.values() if rated and not _written(subject, action, "appeal")]
        if silent:
            names = _listed([f"“{action.id}”" for action in silent])
            yield Finding(
                reading.key(silent[0]),
                f"nothing says how tempting {names} {'is' if len(silent) == 1 else 'are'}",
                "How many of five tired colleagues would do this? Write it as “appeal:”.",
                related=tuple((reading.key(action), "here, too") for action in silent[1:]),
            )


def _written(subject: Subject, action: Action, key: str) -> bool:
    return subject.read.reading.node(action, key) is not subject.read.reading.node(action)


@rule("HS704", draft="warning", publish="warning")
def no_reason(subject: Subject) -> Iterator[Finding]:
    for scene in scenes(subject.read.draft):
        for action in scene.actions.values():
            if any(action.practice.values()) and blank(action.because):
                yield Finding(
                    subject.read.reading.key(action, "practice"),
                    "the rating has no reason",
                    "What would you say to somebody who chose it and asks why? Write it as “because:”.",
                )


_Law = Switch | Line | Compelled | Right | Signer


def _laws(draft: Any) -> Iterator[_Law]:
    groups: tuple[Mapping[str, _Law], ...] = ()
    if isinstance(draft, Jurisdiction):
        groups = (draft.switches, draft.lines, draft.compelled, draft.rights)
    elif isinstance(draft, Vocabulary):
        groups = (draft.lines, draft.rights, draft.signers)
    for group in groups:
        yield from group.values()


@rule("HS705", draft="warning", publish="error")
def no_citation(subject: Subject) -> Iterator[Finding]:
    for law in _laws(subject.read.draft):
        if blank(law.citation):
            yield Finding(
                subject.read.reading.key(law, "citation"),
                "the law has no citation",
                "Where does it stand, and who looked it up? A rule without a source is left out.",
            )


@rule("HS706", draft="notice", publish="warning")
def out_of_date(subject: Subject) -> Iterator[Finding]:
    draft, reading = subject.read.draft, subject.read.reading
    if isinstance(draft, Mou) and draft.review_by is not None and draft.review_by < subject.today:
        yield Finding(
            reading.node(draft, "review_by"),
            f"the agreement was to be reviewed by {draft.review_by}",
            "Have the parties looked at it since, and when is the next time?",
        )
    for law in _laws(draft):
        if law.reviewed is not None and law.reviewed + GOOD_FOR < subject.today:
            yield Finding(
                reading.node(law, "reviewed"),
                f"the citation was last looked up on {law.reviewed}, more than a year ago",
                "Does it still stand, and who can look it up?",
            )


@rule("HS707", draft="notice", publish="warning")
def no_sources(subject: Subject) -> Iterator[Finding]:
    draft: Scenario = subject.read.draft
    if all(map(blank, draft.sources)):
        yield Finding(
            subject.read.reading.key(draft, "sources"),
            "the scenario names no sources",
            "Which practice, law or experience does it rest on?",
        )


RULES = (sign_off_missing, sign_off_awaited, no_appeal, no_reason, no_citation, out_of_date, no_sources)
