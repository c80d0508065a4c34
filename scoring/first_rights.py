"""The rights as they stood before a vocabulary carried them, for the vocabularies that older sessions keep."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from scoring.rights import About, Right, Signer

_CITED = "34 USC 12291(b)(2); 28 CFR 90.4 [V:21,22]"
_SEEN = date(2026, 1, 5)
_NOT_HER: tuple[About, ...] = ("offender", "child", "case")

FIRST_RIGHTS: tuple[Right, ...] = (
    Right(id="colleague", text="a colleague of the same agency", verdict="lawful", same_employer=True, citation=_CITED, reviewed=_SEEN),
    Right(
        id="records",
        text="criminal-history records go only to those the regulations name",
        verdict="line",
        crosses="criminal-history",
        teller=("police", "disclosing"),
        to_service=("community", "health", "protection", "language"),
        kinds=("criminal-history",),
        citation="28 CFR 20.33 [V:100]",
        reviewed=_SEEN,
    ),
    Right(
        id="police",
        text="police and prosecution staff need no release to tell a partner",
        verdict="courtesy",
        teller=("police", "disclosing"),
        citation="Information flows one way [V:19]",
        reviewed=_SEEN,
    ),
    Right(id="back", text="it came from the person who was told", verdict="lawful", source=("told",), citation=_CITED, reviewed=_SEEN),
    Right(
        id="from-police",
        text="it came from the police, not from the survivor",
        verdict="lawful",
        about=_NOT_HER,
        source=("police", "disclosing"),
        citation=_CITED,
        reviewed=_SEEN,
    ),
    Right(
        id="in-sight",
        text="it was there for anyone to see",
        verdict="lawful",
        about=_NOT_HER,
        source=("scene",),
        citation=_CITED,
        reviewed=_SEEN,
    ),
    Right(id="release", text="a written release", verdict="lawful", needs="release", citation=_CITED, reviewed=_SEEN),
    Right(id="statute", text="a statute compels it", verdict="duty", needs="statute", citation=_CITED, reviewed=_SEEN),
    Right(id="no-release", text="no release was signed", verdict="line", crosses="confidential", citation=_CITED, reviewed=_SEEN),
)  # fmt: skip

FIRST_SIGNERS: Mapping[str, Signer] = {
    "survivor": Signer(id="survivor", makes="release", citation=_CITED, reviewed=_SEEN),
    "guardian": Signer(id="guardian", makes="release", citation=_CITED, reviewed=_SEEN),
}
