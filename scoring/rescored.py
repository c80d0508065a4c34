"""One play weighed twice, old beside new: which lines, duties and objectives change their verdict, and why.

Nothing here is stored, and none of it enters a figure of cohorts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from scoring.rules import Duty, Line, Mou
from scoring.scorecard import Breach, DutyResult, DutyStatus, Letter, Scorecard

QUIET: tuple[DutyStatus, ...] = ("not triggered", "not played", "open at the end")  # what weighs nothing
_TERMS = ("when", "must", "each", "never", "within", "before", "unless")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The rules of one side: the agreement, and every line of law and life safety (`everywhere`: those of life safety)."""

    mou: Mou
    lines: Mapping[str, Line]
    everywhere: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChange:
    """A crossing that only one of the two finds: `now` True if it is the new one. `why`: what makes the difference."""

    breach: Breach
    now: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyChange:
    """An instance of a duty that comes out otherwise; None where an agreement has no such duty, or no such instance."""

    old: DutyResult | None
    new: DutyResult | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectiveChange:
    """An objective's letter, old and new. `nothing`: the duties and lines it names that the new setting does not have: their
    ids, with the clause of the duty or the text of the line."""

    objective: str
    text: str
    old: Letter | None
    new: Letter | None
    nothing: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescored:
    """What another setting changes about one play. Objectives whose letter stays are here if they rest on something lacking."""

    lines: tuple[LineChange, ...]
    duties: tuple[DutyChange, ...]
    objectives: tuple[ObjectiveChange, ...]

    @property
    def changes(self) -> bool:
        """Whether anything comes out otherwise."""
        return bool(self.lines or self.duties) or any(each.old != each.new for each in self.objectives)


def beside(
    old: Scorecard,
    new: Scorecard,
    before: Rules,
    after: Rules,
    named: Mapping[str, Sequence[str]],
    permits: Mapping[int, str] | None = None,
) -> Rescored:
    """Compare two scorecards of one play.

    Args:
        before, after: the rules each was weighed by.
        named: objective → the duties and lines that it names.
        permits: event → the statute that makes a telling in it lawful by the new law.
    """
    return Rescored(
        lines=tuple(_lines(old.lines, new.lines, before, after, permits or {})),
        duties=tuple(_duties(old.duties, new.duties, before.mou, after.mou)),
        objectives=tuple(_objectives(old, new, before, after, named)),
    )


def _lines(
    old: Sequence[Breach], new: Sequence[Breach], before: Rules, after: Rules, permits: Mapping[int, str]
) -> Iterator[LineChange]:
    for here, other, now in ((old, new, False), (new, old, True)):
        left = Counter(map(_name, other))
        for breach in here:
            if left[_name(breach)]:
                left[_name(breach)] -= 1  # both find it
            else:
                why = _line_why(breach.line, before, after, now, permits.get(breach.step, ""))
                yield LineChange(breach=breach, now=now, why=why)


def _name(breach: Breach) -> tuple[object, ...]:
    """What makes two breaches the same one. Of a telling: who was told what, whatever right was lacking."""
    return (breach.line, breach.step, breach.seat, breach.detail.rpartition(": ")[0])


def _line_why(line: str, before: Rules, after: Rules, now: bool, statute: str) -> str:
    if now and line not in before.lines:
        return "the law it was played under has no such line"
    if not now and line not in after.lines:
        return "no such line there"
    terms = _terms(before.lines[line], after.lines[line])
    if before.lines[line].roles != after.lines[line].roles:
        terms.append("it binds other roles")
    if not now and statute:
        terms.append(f"there a statute covers it: {statute}")
    return "; ".join(terms) or "what it rests on stands otherwise there"


def _duties(old: Sequence[DutyResult], new: Sequence[DutyResult], before: Mou, after: Mou) -> Iterator[DutyChange]:
    """In the order of the new agreement, then what only the old one has."""
    for duty in dict.fromkeys([*after.duties, *before.duties]):
        olds, news = ([result for result in results if result.duty == duty] for results in (old, new))
        for one, other in zip_longest(olds, news):
            given = [result.status for result in (one, other) if result is not None]
            if (len(given) == 2 and given[0] == given[1]) or (len(given) == 1 and given[0] in QUIET):
                continue
            yield DutyChange(
                old=one, new=other, why=_duty_why(before.duties.get(duty), after.duties.get(duty), one, other)
            )


def _duty_why(before: Duty | None, after: Duty | None, old: DutyResult | None, new: DutyResult | None) -> str:
    if before is None:
        return "a duty of that agreement only"
    if after is None:
        return "no such duty there"
    terms = _terms(before, after)
    if old is not None and new is not None:
        if (old.status == "not played") != (new.status == "not played"):
            terms.append("another party owes it")
        if not terms and old.deadline != new.deadline:
            terms.append("business days are counted by other holidays")
    return "; ".join(terms) or "what it rests on stands otherwise there"


def _terms(before: Duty | Line, after: Duty | Line) -> list[str]:
    """The terms of a rule that two texts put otherwise, such as “within 30 min → 15 min”."""
    pairs = ((term, getattr(before, term), getattr(after, term)) for term in _TERMS)
    return [f"{term} {_term(one)} → {_term(other)}" for term, one, other in pairs if one != other]


def _term(value: object) -> str:
    return "nothing" if value is None else str(value)


def _objectives(
    old: Scorecard, new: Scorecard, before: Rules, after: Rules, named: Mapping[str, Sequence[str]]
) -> Iterator[ObjectiveChange]:
    for one, other in zip(old.objectives, new.objectives, strict=True):
        # Scenarios name lines of several laws on purpose; only what the play's own setting had can be missed.
        lacking = {
            name: words
            for name in named.get(one.objective, ())
            if name not in after.mou.duties and name not in after.lines and (words := _words(name, before))
        }
        if one.letter != other.letter or lacking:
            yield ObjectiveChange(
                objective=one.objective, text=one.text, old=one.letter, new=other.letter, nothing=lacking
            )


def _words(name: str, rules: Rules) -> str:
    """A duty by its clause, a line by its text; empty if it is neither."""
    if name in rules.mou.duties:
        return f"clause {rules.mou.duties[name].clause}"
    return rules.lines[name].text.rstrip(".") if name in rules.lines else ""
