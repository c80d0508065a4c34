"""Areas for improvement of one session: by which rule, what happened, the cause as far as the record shows, and a plan to fill in.

Nothing here guesses. A cause is named only where the record holds it: the turning point that opened it, what the partner knew
and the seat did not, a scene decided together, chance, a computer partner.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from facilitator.report.document import Definitions, Fill, Paragraph, Section, Table
from facilitator.report.told import Told, capital
from scoring.objectives import ENOUGH
from scoring.scorecard import Breach, Decision, DutyResult, Scorecard
from scoring.turning import Hindsight, TurningPoint
from simulator.at_table import others_knew
from simulator.citations import source
from simulator.debrief import clock, stronger

NOT_SHOWN = "The record shows what was done and when, not why. Ask those who sat there."
HEADING = "Areas for improvement and improvement plan"
_LEAD = (
    "Named by clause or line, in the order in which law, agreement and practice outrank each other. The fields are for those "
    "who answer for both agencies to fill in."
)


_Weighed = TypeVar("_Weighed", Breach, DutyResult)


@dataclass(frozen=True, slots=True)
class Area:
    """One area. `reference`: the clause, or the line with its source."""

    heading: str
    reference: str
    happened: tuple[str, ...]
    cause: tuple[str, ...]


def areas(card: Scorecard, hindsight: Hindsight | None, told: Told) -> Section:
    """The section of the report, with a plan for each area."""
    found = list(_found(card, _Record(card, hindsight, told), told))
    if not found:
        none = "No line was crossed, no duty was late or missed, and nowhere does a stronger choice stand against the practice."
        return Section(HEADING, (Paragraph(none), plan("the area you choose")))
    return Section(
        HEADING, (Paragraph(_LEAD),), tuple(area_section(number, area) for number, area in enumerate(found, 1))
    )


def area_section(number: int, area: Area) -> Section:
    """An area with its empty fields."""
    pairs = [
        ("Clause or line", (area.reference,)),
        ("What happened", area.happened),
        ("Root cause, as far as the record shows", area.cause),
    ]
    return Section(f"Area {number}. {area.heading}", (Definitions(tuple(pairs)), plan(f"area {number}")))


def plan(what: str) -> Table:
    """Empty fields: what is done, who sees to it, by when."""
    return Table(
        caption=f"Improvement plan, {what}",
        head=("Action", "Owner", "Date"),
        rows=((Fill(label=f"Action, {what}"), Fill(label=f"Owner, {what}"), Fill(label=f"Date, {what}", kind="date")),),
    )


def _found(card: Scorecard, record: _Record, told: Told) -> Iterator[Area]:
    for breaches in _grouped(card.lines, lambda breach: breach.line):
        first = breaches[0]
        yield Area(
            f"{capital(first.kind)}: {first.text.rstrip('.')}",
            f"Line of {first.kind}: {first.text} Source: {source(first.citation)}.",
            tuple(record.crossed(breach) for breach in breaches),
            record.causes(first.text, [(record.crossing(breach), breach.seat) for breach in breaches]),
        )
    amiss = [duty for duty in card.duties if duty.status in ("missed", "overdue", "late")]
    amiss.sort(key=lambda duty: duty.status == "late")
    for duties in _grouped(amiss, lambda duty: duty.duty):
        worst = duties[0]
        yield Area(
            f"Clause {worst.clause}: {worst.text.rstrip('.')}",
            f"Clause {worst.clause}, {worst.party}: “{worst.words or worst.text}”",
            tuple(record.failed(duty) for duty in duties),
            record.causes(worst.text, [(record.failing(duty), None) for duty in duties]),
        )
    for seat in told.people:
        weak = [r for r in card.principles if r.seat == seat and r.share is not None and r.share < ENOUGH]
        if choices := record.practice(seat, [result.principle for result in weak]):
            yield Area(
                f"Practice of the seat {told.name(seat)}",
                f"No clause and no line: {told.game.framework.title}, {', '.join(result.label for result in weak)}",
                tuple(
                    f"{result.label}: {result.words} ({result.decisions} decision{'s' * (result.decisions != 1)})."
                    for result in weak
                ),
                choices,
            )


def _grouped(values: Iterable[_Weighed], key: Callable[[_Weighed], str]) -> list[list[_Weighed]]:
    """Those of one rule together, in the order in which each rule first came."""
    found: dict[str, list[_Weighed]] = {}
    for value in values:
        found.setdefault(key(value), []).append(value)
    return list(found.values())


class _Record:
    """What the record of a play tells of a step."""

    def __init__(self, card: Scorecard, hindsight: Hindsight | None, told: Told) -> None:
        self.card, self.told = card, told
        self.points = hindsight.points if hindsight is not None else ()
        self.unforeseen = hindsight.unforeseen if hindsight is not None else ()

    def crossed(self, breach: Breach) -> str:
        """One crossing: when, where, by which choice, and what was told to whom."""
        detail = f" {capital(breach.detail)}." if breach.detail else ""
        kept = [d for d in self.card.duties if d.step == breach.step and d.status == "met" and d.why]
        also = "".join(f" The same step kept clause {duty.clause}." for duty in kept)
        return f"{self.told.when(breach.minute)}{self._choices(breach.step, breach.seat)}.{detail}{also}"

    def failed(self, duty: DutyResult) -> str:
        """One instance of a duty that was missed or late."""
        when = clock(duty, self.told.calendar)
        if duty.status == "late":
            return f"Kept late{when}."
        if duty.met is not None:
            return f"Done, but only after what it had to come before{when}."
        failing = self.failing(duty)
        choices = self._choices(failing, None) if failing is not None else ""
        if self.told.game.mou.duties[duty.duty].never is not None:
            return f"It happened{choices}{when}."
        if choices:
            return f"Not done, and with this it was too late{choices}{when}."
        if duty.status == "overdue":
            return f"Not done in time, and still open when the play was ended{when}."
        return f"Not done by the end of the play{when}."

    def crossing(self, breach: Breach) -> int | None:
        """The step whose choice crossed the line; None where only time did."""
        rule = self.told.game.lines[breach.line]
        return breach.step if rule.within is None or rule.never is not None else None

    def failing(self, duty: DutyResult) -> int | None:
        """The step whose choice broke the duty or shut it out; None where it was left undone, or done late."""
        rule = self.told.game.mou.duties[duty.duty]
        if rule.never is not None:
            return duty.step
        watches = self.told.state.watches[f"duty:{duty.duty}"]
        shut = any(
            w.shut for w in watches if w.opened and w.opened.minute == duty.opened and w.deadline == duty.deadline
        )
        return duty.step if shut and duty.met is None else None

    def causes(self, text: str, steps: Sequence[tuple[int | None, str | None]]) -> tuple[str, ...]:
        """What the record shows of why the rule with this text failed in these steps; `NOT_SHOWN` if nothing."""
        own = {(d.seat, d.scene, d.minute) for step, seat in steps for d in self._decisions(step, seat)}
        found = [self._opened_by(point, own) for point in self.points if _hangs_on(point, text)]
        moves = {self.told.moves[step] for step, _ in steps if step is not None}
        found += [f"{self.told.beyond(each).rstrip('.')}." for each in self.unforeseen if each.move in moves]
        for step, seat in steps:
            for decision in self._decisions(step, seat):
                found += self._about(decision)
        return tuple(dict.fromkeys(found)) or (NOT_SHOWN,)

    def practice(self, seat: str, principles: Sequence[str]) -> tuple[str, ...]:
        """The choices that counted most against these principles, each with one the authors rate stronger over all principles.

        Empty where none was open: a choice that serves another principle better is nobody's shortcoming.
        """
        weighed = []
        for decision in self.card.decisions:
            if decision.seat != seat or decision.judgement or decision.by_computer:
                continue
            gap = sum(
                max(dict(o.ratings).get(p, 0) for o in decision.open) - dict(decision.chosen.ratings).get(p, 0)
                for p in principles
            )
            if gap > 0 and (better := stronger(decision)):
                weighed.append((gap, decision, better))
        weighed.sort(key=lambda each: each[0], reverse=True)
        shown = sorted(weighed[:3], key=lambda each: each[1].step)
        return tuple(
            f"{self.told.when(decision.minute)}, “{decision.scene_title}”: {_sentence(decision.chosen.text)} "
            f"Rated stronger: {_sentence(better)}"
            for _, decision, better in shown
        )

    def _about(self, decision: Decision) -> Iterator[str]:
        scene = self.told.game.scenes[decision.scene]
        if decision.seat not in self.told.people:
            yield "The computer partner made this choice; it says nothing of anybody's practice."
        if len(scene.seats) > 1:
            yield f"In “{decision.scene_title}” the seats chose at the same time, unseen by each other."
        if decision.partner_knew:
            knew = "; ".join(decision.partner_knew)
            words = others_knew(len(self.told.game.seats), then=" then", seat=self.told.name(decision.seat))
            yield f"{words}{knew}."
        if decision.chosen.because:
            yield f"The authors' note on the choice in “{decision.scene_title}”: {_sentence(decision.chosen.because)}"

    def _opened_by(self, point: TurningPoint, own: Collection[tuple[str, str, int]]) -> str:
        better = f" More stayed open with: {_sentence(point.better)}"
        if (point.seat, point.scene, point.minute) in own:
            return f"It hung on this choice.{better}"
        return (
            f"It could still have gone otherwise until {self.told.when(point.minute)}, “{point.scene_title}”, where "
            f"{self.told.who(point.seat)} chose: {_sentence(point.chosen)}{better}"
        )

    def _choices(self, step: int, seat: str | None) -> str:
        """What was chosen in the step, as the end of a sentence."""
        chosen = [
            f", “{decision.scene_title}”, {self.told.who(decision.seat)}: {decision.chosen.text.rstrip('.')}"
            for decision in self._decisions(step, seat)
        ]
        return ";".join(chosen)

    def _decisions(self, step: int | None, seat: str | None) -> list[Decision]:
        """The choices that made up the step: one, or in a scene decided together several; of one seat, if it is named."""
        last = next((d for d in reversed(self.card.decisions) if d.step == step), None)
        if last is None:
            return []
        together = [
            d
            for d in self.card.decisions
            if d.scene == last.scene and d.minute == last.minute and 0 <= last.step - d.step < len(self.told.game.seats)
        ]
        return [d for d in together if d.seat == seat] or together


def _hangs_on(point: TurningPoint, text: str) -> bool:
    return any(sentence.endswith(f": {text}") for sentence in point.could_still)


def _sentence(text: str) -> str:
    """Text that ends as a sentence does."""
    return text if text.endswith((".", "!", "?", "”", "…")) else f"{text}."
