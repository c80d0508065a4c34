"""The rights by which one professional tells another something, and who may sign for a survivor: the shape of the data.

`scenarios/vocabulary.yaml` holds the rights, in the order in which the ledger asks them, each with its citation; what a
statute compels stands in the jurisdiction (`scoring.rules.Compelled`). `scoring.ledger` reads them and knows no law itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from scoring.fields import doc

Service = Literal["police", "community", "health", "justice", "protection", "language"]
Confidence = Literal["confidential", "disclosing", "police"]
Channel = Literal["in-person", "phone", "message", "meeting", "shared-database"]
About = Literal["survivor", "offender", "child", "case"]
Origin = Literal["survivor", "scene", "told", "confidential", "disclosing", "police"]
Breach = Literal["confidential", "criminal-history"]
Standing = Literal["lawful", "duty", "courtesy", "line"]
MAY_NOT_SIGN = "the release was signed by somebody who may not sign"
Signature = Literal["survivor", "guardian", "minor", "court", "attorney", "abuser", "someone-else"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """Something that comes with a right. The debrief says what became of it; it is weighed by an agreement's duties, or by nobody."""

    text: str = doc("What comes with the right, one short sentence.")
    fact: str | None = doc(
        "The fact of the vocabulary that shows it was done: the debrief then says whether, and before or after the telling.",
        default=None,
    )
    once: str | None = doc(
        "The fact from which on it is owed, if that comes after the telling: she took the release back.", default=None
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """One right to tell, or the line where none is left. The first one that fits a telling decides.

    An empty condition fits everything. A right with `crosses` may not ask where the teller knows it from; nor may one with
    `needs`: so a telling has at most one line that it can cross, whatever happened before.
    """

    id: str
    text: str = doc("The right in a few words, as a debrief says it: “a written release”; for a line, what is lacking.")
    verdict: Standing = doc(
        "lawful; duty: the law asks for it; courtesy: allowed, and owed to nobody; line: the law forbids it."
    )
    crosses: Breach | None = doc("For a line: the kind of telling that it is (lines, telling).", default=None)
    needs: Literal["herself", "release", "order", "statute"] | None = doc(
        "What else must be there: the survivor herself as the one who tells; a valid release; a court's order; a statute.",
        default=None,
    )
    teller: tuple[Confidence, ...] = doc("Confidentiality of the teller's seat.", default=(), one_or_many=True)
    told: tuple[Confidence, ...] = doc("Confidentiality of the one who is told.", default=(), one_or_many=True)
    from_service: tuple[Service, ...] = doc("The teller's kind of agency.", default=(), one_or_many=True)
    to_service: tuple[Service, ...] = doc("The kind of agency that is told.", default=(), one_or_many=True)
    same_employer: bool | None = doc("Whether both work for one agency.", default=None)
    about: tuple[About, ...] = doc("Whom the item is about.", default=(), one_or_many=True)
    kinds: tuple[str, ...] = doc("The kind of item (item_kinds).", default=(), one_or_many=True)
    source: tuple[Origin, ...] = doc(
        "Where the teller first knew it from: the survivor, the scene, the very one who is told, or another seat by its "
        "confidentiality.",
        default=(),
        one_or_many=True,
    )
    channel: tuple[Channel, ...] = doc("How it is told.", default=(), one_or_many=True)
    owes: tuple[Owed, ...] = doc(
        "What comes with this right, one short sentence each.", default=(), one_or_many=True, shorthand="text"
    )
    citation: str = doc("The statute or standard, and the mark of certainty.")
    reviewed: date = doc("When somebody last checked it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Somebody under whose name a paper stands. What it permits follows from `makes`."""

    id: Signature
    makes: Literal["release", "order"] | None = doc(
        "release: leave to tell; order: a court's mandate; without it the paper permits nothing.", default=None
    )
    where: str | None = doc("Only where this legal switch holds.", default=None)
    lacking: str = doc(
        "What is lacking if this paper permits nothing.",
        default=MAY_NOT_SIGN,
    )
    citation: str = doc("The statute or standard, and the mark of certainty.")
    reviewed: date = doc("When somebody last checked it.")
