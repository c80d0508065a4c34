"""What binds the people in a scene: the law's lines, an agreement's duties, the principles of practice.

Plain frozen data, as authors write it (`scenarios/` holds the files). Lines and duties have one shape, a `Rule`:
who is bound, what triggers it, what must or must never happen, by when, and what excuses it. The difference is
rank: law and life safety > MOU > practice (DESIGN, “How a choice is weighed”).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from scoring.clock import Span
from scoring.conditions import Condition
from scoring.fields import doc
from scoring.rights import Breach, Confidence, Right, Service, Signer


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A kind of professional. What the law lets it tell follows from `confidence`, not from where its desk stands."""

    id: str
    label: str = doc("The role's name on the screen, never a bare “advocate”.")
    service: Service = doc("Which kind of agency it belongs to.")
    confidence: Confidence = doc(
        "confidential: tells nothing about a survivor without a release; disclosing: what it hears may reach "
        "prosecutor and defence; police: its notes are police records."
    )
    may: tuple[str, ...] = doc("What this role may do, one short sentence each.", default=())
    may_not: tuple[str, ...] = doc("What it may not do, one short sentence each.", default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class FactKind:
    """A fact of the shared vocabulary: something that happened, in words every agency reads the same way."""

    id: str
    text: str = doc("What happened, as it would stand in a timeline: “The hotline was called”.")


@dataclass(frozen=True, slots=True, kw_only=True)
class FactSpan:
    """Something that can stop: it holds from the latest `begin` to the next `end`."""

    id: str
    begin: str = doc("The fact that begins it.")
    end: str = doc("The fact that ends it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A line or a duty. Exactly one of `must`, `each`, `never` is set (the reader sees to it).

    must:  once `when` has held (from the start, if there is none), this must become true; true before counts too.
    each:  every time the fact in `when` happens, the fact in `each` must happen after it or in the same action, before
           the next time; one answer answers one occurrence.
    never: from `when` on, this must not become true; every new occurrence is a breach.
    """

    id: str
    text: str = doc("The rule in one plain sentence.")
    when: Condition | None = doc("What triggers it. Without it the rule holds from the start.", default=None)
    must: Condition | None = doc("What must have happened by the deadline.", default=None)
    each: Condition | None = doc("The fact that must follow each occurrence of the fact in `when`.", default=None)
    never: Condition | None = doc("What must not happen.", default=None)
    within: Span | None = doc("The deadline, counted from the trigger, inclusive.", default=None)
    before: Condition | None = doc("It must be done in an earlier step than this comes true.", default=None)
    unless: Condition | None = doc("What excuses it at any moment from trigger to deadline.", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty(Rule):
    """A duty of a memorandum of understanding, added on top of the law."""

    party: str = doc("The party that owes it; every seat of that party is bound.")
    clause: str = doc("The clause of the agreement, as it would be cited: “4.2”.")
    words: str = doc("The clause's own words, as the agreement states them.", default="")
    source: str = doc("Where the rule comes from in the field (FACTS id).", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Rule):
    """A line of law or life safety. It is named when crossed; nothing offsets it.

    A line with `telling` is judged by the ledger instead of a condition: one of `roles` tells an item without right.
    """

    roles: tuple[str, ...] = doc("The roles it binds. Empty: everyone.", default=(), one_or_many=True)
    telling: Breach | None = doc(
        "Judged by the ledger: telling a confidence without a valid release, or passing on a criminal-history record.",
        default=None,
    )
    citation: str = doc("The statute or standard, and the mark of certainty.")
    reviewed: date | None = doc("When somebody last checked the citation.", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """An agency that signed: its name here, and the roles whose seats it answers for."""

    id: str
    name: str = doc("The agency's full name.")
    roles: tuple[str, ...] = doc("The roles whose seats are bound by this party's duties.", one_or_many=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mou:
    """A memorandum of understanding."""

    id: str
    title: str = doc("The agreement's title.")
    about: str = doc("One paragraph: who, where, why it differs from others.", default="")
    signed: date | None = doc("When it was signed.", default=None)
    review_by: date | None = doc("When the parties review it next.", default=None)
    parties: Mapping[str, Party] = doc("The agencies that signed.")
    duties: Mapping[str, Duty] = doc("What each party owes.")
    one_recipient_per_release: bool = doc(
        "Whether one release form may name one recipient only (best practice, not law: FACTS §3).", default=True
    )
    sign_offs: tuple[str, ...] = doc("Who has reviewed the text.", default=(), one_or_many=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """A point on which the states differ. Readable in conditions as `law.<id>`."""

    id: str
    value: bool = doc("Whether it holds in this jurisdiction.")
    text: str = doc("What that means for the people in the scene, in one sentence.")
    citation: str = doc("The statute, and the mark of certainty.")
    reviewed: date = doc("When somebody last checked it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """A day that is no business day."""

    date: date = doc("The day.")
    name: str = doc("What it is called.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Jurisdiction:
    """What the law is here: switches, lines, holidays, each with citation and review date."""

    id: str
    title: str = doc("The jurisdiction's name.")
    about: str = doc("One paragraph on what is particular here.", default="")
    switches: Mapping[str, Switch] = doc("Points on which states differ.", factory=dict)
    lines: Mapping[str, Line] = doc("Legal lines that nobody may cross.", factory=dict)
    compelled: Mapping[str, Compelled] = doc("What a statute makes certain roles report.", factory=dict)
    rights: Mapping[str, Right] = doc(
        "Rights and lines of telling that this law alone knows; they are asked before those of the vocabulary.",
        factory=dict,
    )
    holidays: tuple[Holiday, ...] = doc("Days that are no business days.", default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Compelled:
    """A statute that compels or permits telling without a release: these items, by these roles, to these roles."""

    id: str
    text: str = doc("The rule in one plain sentence.")
    when: Condition | None = doc("What must have happened or hold for it to apply.", default=None)
    by: tuple[str, ...] = doc("The roles that must tell.", one_or_many=True)
    to: tuple[str, ...] = doc("The roles that may be told.", one_or_many=True)
    kinds: tuple[str, ...] = doc("The kinds of item it covers; only the minimum.", one_or_many=True)
    citation: str = doc("The statute, and the mark of certainty.")
    reviewed: date = doc("When somebody last checked it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The words that MOUs, jurisdictions and scenarios share."""

    id: str
    roles: Mapping[str, Role] = doc("The kinds of professional.")
    facts: Mapping[str, FactKind] = doc("Facts that agreements and laws speak of.", shorthand="text")
    spans: Mapping[str, FactSpan] = doc("Things that can stop, as a begin and an end fact.", factory=dict)
    lines: Mapping[str, Line] = doc("Life-safety lines. They hold everywhere.", factory=dict)
    rights: Mapping[str, Right] = doc(
        "By what right one professional tells another something: the first that fits decides, so the last fits everything.",
        factory=dict,
    )
    signers: Mapping[str, Signer] = doc("Under whose name a paper permits telling.", factory=dict)
    item_kinds: Mapping[str, str] = doc("Kinds of information that laws treat differently.", factory=dict)
    needs: Mapping[str, str] = doc("The needs a case file speaks of (ELERV: FACTS §1.2).", factory=dict)
    topics: tuple[str, ...] = doc("The topics a scenario can train.", default=())
    errors: Mapping[str, str] = doc("What decent, tired professionals do wrong most often (FACTS §6).", factory=dict)
    dilemmas: Mapping[str, str] = doc("Where no answer is right for everybody (FACTS §5).", factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Principle:
    """One principle of practice, with what an observer would see."""

    id: str
    label: str = doc("Its name on the screen.")
    text: str = doc("What it means, in one sentence.", default="")
    indicators: tuple[str, ...] = doc("What an observer would see or hear.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """The principles that practice is described by."""

    id: str
    title: str = doc("The framework's name.")
    source: str = doc("Where it comes from.", default="")
    principles: Mapping[str, Principle] = doc("The principles, in the order they are shown.")
