"""The analysis part of the debrief as headings and paragraphs of plain text, for every screen that has only lines.

Blame-free: it says what happened, by which clause or line, and what the stronger option would have been.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from scoring.clock import Calendar
from scoring.objectives import LETTERS, ByHand
from scoring.panel import EACH, OTHERS, Spread, by_discipline
from scoring.scorecard import Decision, DutyResult, JudgementResult, Scorecard
from scoring.turning import Hindsight, TurningPoint
from simulator.at_table import others_knew, took
from simulator.brought import BROUGHT, brought_along
from simulator.citations import source
from simulator.game import Game
from simulator.shared_words import felt, guessed, placed, summed
from simulator.told_words import HEADING as TELLINGS
from simulator.told_words import lines as tellings

if TYPE_CHECKING:
    from simulator.panel import Panel, Panels
    from simulator.told import Told

CAUTION = (
    "This weighs simulated choices against the authors' ratings. It is for talking and learning; "
    "it is not for discipline, hiring or certification."
)


class Block(NamedTuple):
    """A heading and what stands under it."""

    heading: str
    lines: tuple[str, ...]


def analysis(
    card: Scorecard,
    game: Game,
    hindsight: Hindsight | None = None,
    by_hand: Mapping[str, ByHand] | None = None,
    panels: Panels | None = None,
    told: Sequence[Told] | None = None,
) -> tuple[Block, ...]:
    """Lines, duties, objectives, turning points, practice, decisions, tellings, dilemmas, coordination: in the order they outrank each other.

    `by_hand`: objective → what a facilitator thought of it; not for the pair's own debrief. `panels`: what real panels think of
    judgement scenes; those that are not enough yet are left out. `told`: who told whom what.
    """
    names = {seat.id: seat.name for seat in game.scenario.seats.values()}
    blocks = [
        Block(BROUGHT, brought_along(game)),
        Block("Lines of law and life safety", tuple(_lines(card, game, names))),
        Block(f"Duties under {game.mou.title}", tuple(_duties(card, game.calendar))),
        Block("Objectives", tuple(_objectives(card, by_hand or {}))),
        Block("Turning points", tuple(_turning(hindsight, game, names)) if hindsight is not None else ()),
        Block("Practice, in words", tuple(_practice(card, names))),
        Block("Decision by decision", tuple(_decisions(card, game, names))),
        Block(TELLINGS, tuple(tellings(told, game, names)) if told is not None else ()),
    ]
    if card.judgements:
        blocks.append(Block("Where there was no right answer", tuple(_judgements(card, names, panels or {}))))
    blocks.append(Block("Working together", tuple(_together(card, names))))
    return tuple(block for block in blocks if block.lines)


def stronger(decision: Decision) -> str | None:
    """The text of the open option rated highest over all principles, if it was not the one chosen."""
    if decision.judgement:
        return None
    best = max(decision.open, key=lambda option: sum(value for _, value in option.ratings))
    gain = sum(v for _, v in best.ratings) - sum(v for _, v in decision.chosen.ratings)
    return best.text if gain > 0 else None


NO_TURNING_POINT = "No choice narrowed what was possible, as far as anybody could know when making it."


BEYOND = {
    "chance": "chance narrowed what was possible",
    "not knowable": "nobody there could have known",
    "inject": "what came from outside narrowed what was possible, on nobody's account",
}


def _turning(hindsight: Hindsight, game: Game, names: dict[str, str]) -> Iterator[str]:
    if not hindsight.points:
        yield NO_TURNING_POINT
    for point in hindsight.points:
        when = game.calendar.at(point.minute).strftime("%a %H:%M")
        who = names[point.seat] + (" (computer)" if point.by_computer else "")
        yield f"{when} {point.scene_title} · {who}: {point.chosen}"
        yield f"   More stayed open with: {point.better}"
        if point.because:
            yield f"   Because: {point.because}"
        for sentence in left_open(point):
            yield f"   {sentence}"
        if point.partner_knew:
            yield f"   {others_knew(len(names), then=' then')}{'; '.join(point.partner_knew)}"
    for each in hindsight.unforeseen:
        when = game.calendar.at(each.minute).strftime("%a %H:%M")
        how = BEYOND[each.kind]
        yield f"{when} {each.scene_title} · {how}{': ' + each.text if each.text else '.'}"


def left_open(point: TurningPoint) -> tuple[str, ...]:
    """What the better option would have made possible, as sentences."""
    if not point.could_still:
        return ("No clause and no line hung on it; it is the way the authors rate stronger.",)
    return tuple(f"With it, {sentence}" for sentence in point.could_still)


def _lines(card: Scorecard, game: Game, names: dict[str, str]) -> Iterator[str]:
    if not card.lines:
        yield "No line was crossed."
    for breach in card.lines:
        when = game.calendar.at(breach.minute).strftime("%a %H:%M")
        who = f"{names[breach.seat]}: " if breach.seat else ""
        detail = f" {breach.detail[0].upper()}{breach.detail[1:]}." if breach.detail else ""
        yield f"{when} · {breach.kind} · {who}{breach.text}{detail} ({source(breach.citation)})"


def _duties(card: Scorecard, calendar: Calendar) -> Iterator[str]:
    """Those that went amiss first; standing duties that nobody broke, and those that never came up, in one line each."""
    order = ("missed", "overdue", "late", "excused", "met", "due", "open at the end")
    weighed = [duty for duty in card.duties if duty.status in order]
    quiet = [duty for duty in weighed if duty.status == "met" and duty.met is None]
    for duty in sorted(weighed, key=lambda duty: order.index(duty.status)):
        if duty not in quiet:
            yield f"{duty.status.upper()} · clause {duty.clause}, {duty.party}: {duty.text}{clock(duty, calendar)}"
    for heading, found in (
        ("Kept from first to last", quiet),
        ("Did not come up", [duty for duty in card.duties if duty.status == "not triggered"]),
        ("Not played, because nobody sat for that agency", [d for d in card.duties if d.status == "not played"]),
    ):
        if found:
            yield f"{heading}: " + " · ".join(f"{duty.clause} {duty.text.rstrip('.')}" for duty in found) + "."


def clock(duty: DutyResult, calendar: Calendar) -> str:
    """When a duty began, was due and was kept, as words in brackets; empty if there is nothing to say."""

    def at(minute: int) -> str:
        moment = calendar.at(minute)
        return f"{moment:%a} {moment.day} {moment:%b, %H:%M}"

    parts = []
    if duty.opened is not None and (duty.deadline is not None or duty.met is not None) and duty.opened != 0:
        parts.append(f"began {at(duty.opened)}")
    if duty.deadline is not None:
        parts.append(f"due {at(duty.deadline)}")
    if duty.met is not None:
        parts.append(f"kept {at(duty.met)}")
    if duty.why:
        parts.append(duty.why)
    return f" ({', '.join(parts)})" if parts else ""


def _objectives(card: Scorecard, by_hand: Mapping[str, ByHand]) -> Iterator[str]:
    for result in card.objectives:
        letter = f"{result.letter} ({LETTERS[result.letter]})" if result.letter else "not observed"
        yield f"{letter} · {result.text.rstrip('.')}: " + "; ".join(result.grounds) + "."
        if result.objective in by_hand:
            yield f"   {by_hand[result.objective].words}"


def _practice(card: Scorecard, names: dict[str, str]) -> Iterator[str]:
    for result in card.principles:
        if result.share is not None:
            seen = f"{result.decisions} decision{'s' * (result.decisions != 1)}"
            yield f"{result.label} · {names[result.seat]}: {result.words} ({seen})"
    for seat, name in names.items():
        unseen = [r.label for r in card.principles if r.seat == seat and r.share is None]
        if unseen:
            yield f"Not observed for {name}, which is not zero: {', '.join(unseen)}."


def _decisions(card: Scorecard, game: Game, names: dict[str, str]) -> Iterator[str]:
    for number, decision in enumerate(card.decisions, 1):
        when = game.calendar.at(decision.minute).strftime("%a %H:%M")
        who = names[decision.seat] + (" (computer)" if decision.by_computer else "")
        yield f"{number}. {when} {decision.scene_title} · {who}: {decision.chosen.text}"
        if decision.chosen.because:
            yield f"   Why it matters: {decision.chosen.because}"
        better = stronger(decision)
        if better:
            yield f"   Rated stronger: {better}"
            reason = next(option.because for option in decision.open if option.text == better)
            if reason:
                yield f"   Because: {reason}"
        if decision.felt:
            yield f"   What it was like: {with_distress(decision)}"
        if decision.partner_knew:
            yield f"   {others_knew(len(names))}{'; '.join(decision.partner_knew)}"


def with_distress(decision: Decision) -> str:
    """The survivor's own account of a step, with how distressing it was where that is given."""
    said = (decision.felt or "").strip()
    return said if decision.distress is None else f"{said} (Distress: {decision.distress} of 10.)"


def _judgements(card: Scorecard, names: dict[str, str], panels: Panels) -> Iterator[str]:
    for judgement in card.judgements:
        chosen = "; ".join(f"{names[seat]}: {text}" for seat, text in judgement.chosen)
        yield f"{judgement.scene} · {judgement.question} You chose: {chosen}"
        yield "   There is no key here. Argue both sides before you agree:"
        for side in judgement.both_sides:
            yield f"   - {side}"
        for panel in full_panels(judgement, panels):
            yield f"   {asked_panel(panel)}"
            for found in panel.spread:
                yield f"   - {option_text(panel, found)} {chosen_by(found)}"
                for reason in found.reasons:
                    yield f"     “{reason}”"


def full_panels(judgement: JudgementResult, panels: Panels) -> tuple[Panel, ...]:
    """The panels on a judgement scene that are enough to be shown, one for each seat that decided there."""
    found = (panels.get((judgement.scene_id, seat)) for seat, _ in judgement.chosen)
    return tuple(panel for panel in found if panel is not None and panel.full)


def asked_panel(panel: Panel) -> str:
    """Who was asked, and what their answers are not."""
    who = ", ".join(f"{count} {name}" for name, count in by_discipline(panel.voted) if count >= EACH)
    rest = sum(count for _, count in by_discipline(panel.voted) if count < EACH)
    others = f", {rest} {OTHERS}" if rest else ""
    return (
        f"When you have argued both: {len(panel.voted)} people who do this work ({who}{others}) were asked the same, in "
        f"the place of {panel.question.who}. It is no key, and nobody is measured by it."
    )


def option_text(panel: Panel, found: Spread) -> str:
    """What the option says."""
    return next(option.text for option in panel.question.options if option.id == found.option)


def chosen_by(found: Spread) -> str:
    """How many chose it, and of which disciplines: `Chosen by 7: 4 community, 3 police.`"""
    if not found.votes:
        return "Chosen by nobody."
    return f"Chosen by {found.votes}: {', '.join(f'{count} {name}' for name, count in found.disciplines)}."


def _together(card: Scorecard, names: dict[str, str]) -> Iterator[str]:
    for duty in card.both_needed:
        yield f"{took(len(names))}{duty}"
    for heading, came in answered(card, names):
        yield heading
        yield f"   {came}"
    yield from summed(card.picture, names)


def answered(card: Scorecard, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What was answered in private, and how it came: what was guessed of a partner, whose duty it is, how it felt for her."""
    for guess in card.predictions:
        if guess.guess is not None:
            yield guessed(guess, names)
    for duty in card.whose_duties:
        yield placed(duty, names)
    for each in card.distress:
        yield felt(each, names)
