"""Objectives get a letter of HSEEP's four, by DESIGN's rule; the letter comes with its grounds.

U: one of its duties was missed. Else M: a line was crossed. Else S: a duty was late, or practice under three quarters.
Else P. Nothing observed: no letter. Duties that were excused, open, not triggered or not played weigh nothing.

A play that was ended before its ending is rated by what was observed. A duty overdue then was not kept in time, but might
still have been done: it is late, not missed. One still due weighs nothing, and the grounds name it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from scoring.practice import share
from scoring.rules import Framework
from scoring.scorecard import Breach, Decision, DutyResult, Letter, ObjectiveResult

ENOUGH = Fraction(3, 4)
LETTERS: dict[Letter, str] = {
    "P": "performed without challenges",
    "S": "performed with some challenges",
    "M": "performed with major challenges",
    "U": "unable to be performed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHand:
    """A facilitator's rating of one objective. `blind`: given before the program's letters were seen; `why`: may be empty."""

    objective: str
    letter: Letter
    blind: bool
    why: str = ""

    @property
    def words(self) -> str:
        """`By hand: S · performed with some challenges, before the program's letter was seen. She asked twice.`"""
        when = "before" if self.blind else "after"
        why = f" {self.why}" if self.why else ""
        return f"By hand: {self.letter} · {LETTERS[self.letter]}, {when} the program's letter was seen.{why}"


def rate(
    objective: str,
    text: str,
    duties: Sequence[str],
    lines: Sequence[str],
    decisions: Sequence[str],
    *,
    results: Sequence[DutyResult],
    crossed: Sequence[Breach],
    faced: Sequence[Decision],
    framework: Framework,
) -> ObjectiveResult:
    """Rate one objective. `lines` empty means that any line crossed caps it (FACTS §9)."""
    own = [result for result in results if result.duty in duties]
    missed = [r for r in own if r.status == "missed"]
    late = [r for r in own if r.status in ("late", "overdue")]
    met = [r for r in own if r.status == "met"]
    due = list(dict.fromkeys(r.clause for r in own if r.status == "due"))
    caps = list({b.line: b for b in crossed if not lines or b.line in lines}.values())
    practice, observed = share([d for d in faced if d.scene in decisions], framework.principles)
    grounds = [f"{_clause(r)} was missed" for r in missed]
    grounds += [f"a line was crossed: {breach.text.rstrip('.')}" for breach in caps]
    grounds += [f"{_clause(r)} was {'kept late' if r.status == 'late' else 'not kept in time'}" for r in late]
    grounds += [f"{_clause(r)} was kept" for r in met]
    if practice is not None:
        weak = "" if practice >= ENOUGH else ", under the three quarters this asks for"
        grounds.append(
            f"practice over {observed} decision{'s' * (observed != 1)}: {float(practice):.0%} of the way{weak}"
        )
    letter: Letter | None
    if missed:
        letter = "U"
    elif caps:
        letter = "M"
    elif late or (practice is not None and practice < ENOUGH):
        letter = "S"
    elif met or practice is not None:
        letter = "P"
    else:
        letter = None
        grounds.append(
            "nothing that it rests on came up in this play" if not due else "nothing that it rests on came to its end"
        )
    if due:
        grounds.append(
            f"still open when the play was ended, so not observed: clause{'s' * (len(due) > 1)} {', '.join(due)}"
        )
    return ObjectiveResult(objective=objective, text=text, letter=letter, grounds=tuple(grounds))


def _clause(result: DutyResult) -> str:
    return f"clause {result.clause} ({result.text.rstrip('.')})"
