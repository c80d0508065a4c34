"""The ledger's one question: may this person tell this item to that person, and by what right?

Information may flow from police to a community-based advocate; back only under a written, informed, time-limited, revocable
release (FACTS §2, §3; 34 USC 12291(b)(2)). The rights themselves are data (`scoring.rights`): an ordered list, of which the
first that fits decides. Here is only how that list is read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from scoring.record import FormState
from scoring.rights import MAY_NOT_SIGN, Breach, Channel, Confidence, Origin, Owed, Right, Signer, Standing
from scoring.rules import Role

NOT_SIGNED = "no release was signed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """One side of a telling. `grant`: a victim-services grant pays for this seat, whoever employs it."""

    seat: str
    role: Role
    employer: str
    grant: bool = False

    @property
    def confidence(self) -> Confidence:
        """The duty follows role, employer and funding: a seat paid by such a grant is as bound as a community advocate."""
        return "confidential" if self.grant else self.role.confidence


class Telling(NamedTuple):
    """What the rights are asked about. `teller` None: the survivor herself. `source`: a seat, `survivor` or `scene`;
    `source_confidence`: that seat's confidentiality, None for the other two."""

    teller: Teller | None
    told: Teller
    about: str
    kind: str
    source: str
    source_confidence: Confidence | None
    channel: Channel = "in-person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper that covers this holder, this item and this recipient, as it stands now.

    `signer`: None if nobody's signature of that kind is known to the vocabulary. `permitted`: whether the law here lets
    that signer sign.
    """

    written: bool
    informed: bool
    limited: bool  # it has an end
    free: bool = True  # no help hung on it
    signer: Signer | None
    permitted: bool = True
    state: FormState

    @property
    def makes(self) -> str | None:
        """`release` or `order`, if this signer can make one here."""
        return self.signer.makes if self.signer is not None and self.permitted else None

    @property
    def sound(self) -> bool:
        """Whether it would permit telling once it is signed. A court's order needs no consent."""
        return self.written and (
            self.makes == "order" or (self.makes == "release" and self.informed and self.limited and self.free)
        )

    def flaw(self, minute: int) -> str | None:
        """Why it permits nothing at that story minute; None if it does."""
        order = self.makes == "order"
        if self.state.signed is None:
            return "the survivor declined to sign" if self.state.refused is not None else NOT_SIGNED
        if not self.written:
            return "a spoken yes is no release"
        if self.makes is None:
            return self.signer.lacking if self.signer is not None else MAY_NOT_SIGN
        if not self.informed and not order:
            return "the release was signed without its risks and alternatives explained"
        if not self.free and not order:
            return "the release was signed because help hung on it"
        if not self.limited and not order:
            return "a release without an end is no release"
        if self.state.revoked is not None:
            return "the release had been taken back"
        if self.state.expires is not None and minute > self.state.expires:
            return "the release had run out"
        return None


class Verdict(NamedTuple):
    """What the ledger says of a telling: `standing`, the `id` of the right that decided, and in words by what right, or what
    is lacking. `breach` names the kind of line it crosses. `owes`: what comes with the right."""

    breach: Breach | None
    right: str
    standing: Standing
    id: str
    owes: tuple[Owed, ...] = ()


def applicable(rights: Iterable[Right], telling: Telling) -> Sequence[Right]:
    """The rights that come into question, in order: those that still need a paper or a statute, then the first that needs
    nothing. Raises LookupError if the list ends before one does."""
    found = []
    for right in rights:
        if _fits(right, telling):
            found.append(right)
            if right.needs in (None, "herself"):
                return found
    raise LookupError("the last right needs something, or does not fit everything")


def judge(
    rights: Iterable[Right], telling: Telling, *, papers: Collection[Paper], statute: str | None, minute: int
) -> Verdict:
    """Weigh one telling of one item.

    Args:
        papers: those that cover this teller, item and recipient.
        statute: the law that compels this telling now, if one does.
        minute: story minute of the telling; a paper is read at that moment.
    """
    flaws = [flaw for paper in papers if (flaw := paper.flaw(minute)) is not None]
    *needing, last = applicable(rights, telling)
    for right in needing:
        if right.needs == "statute":
            if statute is not None:
                return Verdict(None, statute, right.verdict, right.id, right.owes)
        elif any(paper.makes == right.needs and paper.flaw(minute) is None for paper in papers):
            return Verdict(None, right.text, right.verdict, right.id, right.owes)
    asked = any(right.needs == "release" for right in needing)
    words = flaws[0] if last.crosses is not None and asked and flaws else last.text
    return Verdict(last.crosses, words, last.verdict, last.id, last.owes)


def _fits(right: Right, telling: Telling) -> bool:
    teller, told = telling.teller, telling.told
    if (right.needs == "herself") is not (teller is None):
        return False
    if teller is None:
        return True
    return (
        (right.same_employer is None or right.same_employer is (teller.employer == told.employer))
        and (not right.teller or teller.confidence in right.teller)
        and (not right.told or told.confidence in right.told)
        and (not right.from_service or teller.role.service in right.from_service)
        and (not right.to_service or told.role.service in right.to_service)
        and (not right.about or telling.about in right.about)
        and (not right.kinds or telling.kind in right.kinds)
        and (not right.channel or telling.channel in right.channel)
        and (not right.source or bool(_origins(telling) & set(right.source)))
    )


def _origins(telling: Telling) -> set[Origin]:
    """All that can be said of where the teller knows it from."""
    found: set[Origin] = {telling.source_confidence} if telling.source_confidence is not None else set()
    if telling.source == telling.told.seat:
        found.add("told")
    if telling.source == "survivor":
        found.add("survivor")
    if telling.source == "scene":
        found.add("scene")
    return found
