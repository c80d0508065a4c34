"""What `handoff rescore` says in lines of text: a block for each of a few sessions, a table for many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from scoring.clock import Calendar
from scoring.rescored import DutyChange, LineChange, ObjectiveChange
from scoring.rescored_many import DutyRow, Tally
from scoring.scorecard import DutyResult, DutyStatus, Letter
from simulator.citations import source
from simulator.debrief import CAUTION, clock

if TYPE_CHECKING:
    from facilitator.rejudged import Judged, Other, Sum

NOTES = (
    "What could be chosen, how long each step took, when papers ran out and which way the story went stay as they were played.",
    "People chose by the agreement and the law they had; by others they might have chosen otherwise.",
    "No verdict of this is stored, nothing is overwritten, and no cohort figure counts it.",
    CAUTION,
)
_WEIGHED: tuple[DutyStatus, ...] = ("met", "late", "missed", "excused")
_LETTERS: tuple[Letter | None, ...] = ("P", "S", "M", "U", None)


def heading(other: Other, count: int) -> Iterator[str]:
    mou, law = other.mou, other.jurisdiction
    agreement = f"“{mou.title}”" if mou else "the agreement each was played under"
    state = f"the law of {law.title}" if law else "the law each was played under"
    yield f"{_sessions(count)} judged again under {agreement} and {state}"


def one_session(judged: Judged) -> Iterator[str]:
    """A session's block: what comes out otherwise, old → new."""
    row, found = judged.row, judged.compared
    yield f"\nSession {row.id} · {row.title} · played under {row.mou}, {row.jurisdiction}"
    if judged.unreadable:
        yield f"  cannot be read: {judged.words}."
    elif found is None:
        yield "  not comparable: the story itself might have gone another way there"
        for each in judged.asked:
            yield f"    {_asked(each.title, each.reads)}"
        if judged.words:
            yield f"    {judged.words}"
    elif not judged.shown:
        yield "  counted, not shown: the reactions part of its debrief has not been finished yet"
    else:
        assert judged.calendar is not None
        change = found.change
        if not change.changes:
            yield "  Every line, duty and objective comes out the same."
        if change.lines:
            yield "  Lines of law and life safety"
            for line in change.lines:
                yield from _line(line, judged.calendar)
        if change.duties:
            yield "  Duties"
            for duty in change.duties:
                if duty.new is not None:
                    yield from _duty(duty, judged.calendar)
            if gone := [duty.old for duty in change.duties if duty.new is None and duty.old is not None]:
                yield f"    only as played: {_only(gone)}"
        if change.objectives:
            yield "  Objectives; what they name and is not there counts for nothing there"
            for objective in change.objectives:
                yield from _objective(objective)


def _asked(scene: str, reads: str) -> str:
    if reads.startswith("law."):
        return f"“{scene}” asks for {reads}, which stands otherwise there"
    return f"“{scene}” asks for {reads}, and there a telling is judged otherwise"


def _line(change: LineChange, calendar: Calendar) -> Iterator[str]:
    breach = change.breach
    verdict = "not crossed → crossed" if change.now else "crossed → not crossed"
    detail = f" {breach.detail[0].upper()}{breach.detail[1:]}." if breach.detail else ""
    when = calendar.at(breach.minute).strftime("%a %H:%M")
    yield f"    {verdict} · {breach.kind} · {when} · {breach.text}{detail} ({source(breach.citation)})"
    yield f"      {change.why}"


def _duty(change: DutyChange, calendar: Calendar) -> Iterator[str]:
    old, new = change.old, change.new
    shown = new or old
    assert shown is not None
    verdict = f"{old.status if old else '–'} → {new.status if new else '–'}"
    clause = shown.clause if old and new and old.clause == new.clause else f"{_clause(old)} → {_clause(new)}"
    yield f"    {verdict} · clause {clause}, {shown.party}: {shown.text}"
    yield f"      {change.why}"
    for label, result in (("as played:", old), ("there:", new)):
        if result is not None and (said := clock(result, calendar)):
            yield f"      {label} {said.strip()[1:-1]}"


def _clause(result: DutyResult | None) -> str:
    return result.clause if result else "–"


def _only(results: Sequence[DutyResult]) -> str:
    """Duties that the other agreement has not, by verdict: “met 2.1, 2.2; missed 4.2”."""
    by_status: dict[str, dict[str, None]] = {}
    for result in results:
        by_status.setdefault(result.status, {})[result.clause] = None
    return "; ".join(f"{status} {', '.join(clauses)}" for status, clauses in by_status.items())


def _objective(change: ObjectiveChange) -> Iterator[str]:
    letters = f"{change.old or '–'} → {change.new or '–'}"
    verdict = f"stays {change.new or 'not observed'}" if change.old == change.new else letters
    yield f"    {verdict} · {change.text}"
    if change.nothing:
        yield f"      not there: {_nothing(change.nothing)}"


def _nothing(lacking: Mapping[str, str]) -> str:
    clauses = [words.removeprefix("clause ") for words in lacking.values() if words.startswith("clause ")]
    rest = [words for words in lacking.values() if not words.startswith("clause ")]
    named = [f"clause{'s' * (len(clauses) > 1)} {', '.join(clauses)}"] if clauses else []
    return "; ".join([*named, *rest])


def closing(total: Sum, asked: int, done: int) -> Iterator[str]:
    """What stands below the blocks."""
    yield ""
    yield from _counts(total, asked, done)
    yield from NOTES


def together(total: Sum, asked: int, done: int) -> Iterator[str]:
    """The tables of many sessions."""
    tally = total.tally
    yield ""
    yield from _counts(total, asked, done)
    if tally.compared:
        yield f"Old and new are counted over the same {_sessions(tally.compared)}."
        yield from _duties("Duties, as played", tally.old_duties)
        yield from _duties("Duties, there", tally.new_duties)
        yield from _lines(tally)
        yield from _objectives(tally)
    yield ""
    yield from NOTES


def _counts(total: Sum, asked: int, done: int) -> Iterator[str]:
    tally = total.tally
    if done < asked:
        yield f"Stopped after {done} of {_sessions(asked)}."
    yield f"{_sessions(tally.compared)} compared, {tally.changed} of them with something that comes out otherwise."
    if total.apart:
        yield f"{_sessions(total.apart)} not comparable:"
        for (scenario, scene, reads), count in total.reasons.most_common():
            yield f"  {count:>5}  {scenario}: {_asked(scene, reads) if scene else reads}"
        if tally.compared:
            yield "  They are not like the others: in them the law decided how the story went on."
    if total.unreadable:
        yield f"{_sessions(len(total.unreadable))} could not be read:"
        for ident, why in list(total.unreadable.items())[:5]:
            yield f"  {ident}  {why}"


def _duties(title: str, rows: dict[tuple[str, str, str], DutyRow]) -> Iterator[str]:
    for mou in dict.fromkeys(row.mou for row in rows.values()):
        own = [row for row in rows.values() if row.mou == mou]
        came_up = [row for row in own if any(row.counts[status] for status in _WEIGHED)]
        yield f"\n{title}: {mou}"
        yield f"  {'clause':<7}{'kept':>7}{'late':>7}{'missed':>7}{'excused':>8}{'other':>7}   n is the sum of a row"
        for row in came_up:
            other = sum(count for status, count in row.counts.items() if status not in _WEIGHED)
            numbers = "".join(f"{row.counts[status]:>{7 + (status == 'excused')}}" for status in _WEIGHED)
            yield f"  {row.clause:<7}{numbers}{other:>7}   {row.text}"
        if quiet := [row.clause for row in own if row not in came_up]:
            yield f"  Did not come up, or nobody sat for that party: {', '.join(quiet)}"


def _lines(tally: Tally) -> Iterator[str]:
    yield "\nLines crossed"
    yield f"  {'as played':>9}{'there':>7}"
    for kind in ("life safety", "law"):
        rows = [row for row in tally.lines.values() if row.kind == kind]
        yield f"  {sum(row.old or 0 for row in rows):>9}{sum(row.new or 0 for row in rows):>7}   {kind}, all lines"
        for row in rows:
            if row.old or row.new:
                yield f"  {_number(row.old):>9}{_number(row.new):>7}     {row.text}"
    if any(None in (row.old, row.new) and (row.old or row.new) for row in tally.lines.values()):
        yield "  –: no such line there."


def _number(count: int | None) -> str:
    return "–" if count is None else str(count)


def _objectives(tally: Tally) -> Iterator[str]:
    yield "\nObjectives: P, S, M, U and not observed (–); what they name and is not there counts for nothing there"
    for scenario in dict.fromkeys(row.scenario for row in tally.objectives.values()):
        yield f"  {scenario}"
        for row in tally.objectives.values():
            if row.scenario == scenario:
                yield f"    {_spread(row.old)}  →  {_spread(row.new)}   {row.text}"
                if row.nothing:
                    yield f"      not there: {_nothing(row.nothing)}"


def _spread(letters: Counter[Letter | None]) -> str:
    return " ".join(f"{letter or '–'}{letters[letter]:>5}" for letter in _LETTERS)


def _sessions(count: int) -> str:
    return f"{count:,} session{'s' * (count != 1)}"
