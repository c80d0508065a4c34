"""The ledger's one question: may this person tell this item to that person, and by what right?

Information may flow from police to a community-based advocate; back only under a written, informed, single-recipient,
time-limited, revocable release (FACTS §2, §3; 34 USC 12291(b)(2)). An MOU, a verbal yes or “need to know” replaces
nothing. Privilege is not permission: what counts is the teller's role, employer and funding.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from scoring.record import FormState, Knowing
from scoring.rules import Role

SIGNERS = ("survivor", "guardian")  # never the abuser, never a bystander (FACTS §3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """One side of a telling."""

    seat: str
    role: Role
    employer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A release form that covers this holder, this item and this recipient, as it stands now."""

    written: bool
    informed: bool
    limited: bool  # it has an end
    signer: str
    state: FormState

    @property
    def sound(self) -> bool:
        """Whether it would permit telling once she has signed it."""
        return self.written and self.informed and self.limited and self.signer in SIGNERS

    def flaw(self, minute: int) -> str | None:
        """Why it permits nothing at that story minute; None if it does."""
        if self.state.signed is None:
            return "she declined to sign" if self.state.refused is not None else "no release was signed"
        if not self.written:
            return "a spoken yes is no release"
        if not self.informed:
            return "the release was signed without its risks and alternatives explained"
        if not self.limited:
            return "a release without an end is no release"
        if self.signer not in SIGNERS:
            return "the release was signed by somebody who may not sign for her"
        if self.state.revoked is not None:
            return "the release had been taken back"
        if self.state.expires is not None and minute > self.state.expires:
            return "the release had run out"
        return None


class Verdict(NamedTuple):
    """What the ledger says of a telling. `breach` names the kind of line it crosses; `right` says by what right, or what is lacking."""

    breach: Literal["confidential", "criminal-history"] | None
    right: str


def judge(
    teller: Teller,
    told: Teller,
    *,
    about: str,
    kind: str,
    knowing: Knowing,
    source_confidence: str | None,
    papers: Iterable[Paper],
    statute: str | None,
    minute: int,
) -> Verdict:
    """Weigh one telling of one item.

    Args:
        about, kind: of the item (`survivor`, `offender`, …; a kind that some law treats differently).
        knowing: how the teller knows it; `source_confidence` is that source's confidence class, None for the
            survivor or the scene.
        papers: the forms that cover this teller, item and recipient.
        statute: the law that compels this telling now, if one does.
        minute: story minute of the telling; a release is read at that moment.
    """
    if teller.employer == told.employer:
        return Verdict(None, "a colleague of the same agency")
    if teller.role.confidence != "confidential":
        if kind == "criminal-history" and told.role.service not in ("police", "justice"):
            return Verdict("criminal-history", "criminal-history records go only to those the regulations name")
        return Verdict(None, "police and prosecution staff need no release to tell a partner")
    if knowing.source == told.seat:
        return Verdict(None, "it came from the person who was told")
    if about != "survivor" and source_confidence in ("police", "disclosing"):
        return Verdict(None, "it came from the police, not from her")
    if about != "survivor" and knowing.source == "scene":
        return Verdict(None, "it was there for anyone to see")
    flaws = []
    for paper in papers:
        flaw = paper.flaw(minute)
        if flaw is None:
            return Verdict(None, "her written release")
        flaws.append(flaw)
    if statute is not None:
        return Verdict(None, statute)
    return Verdict("confidential", flaws[0] if flaws else "no release was signed")
