"""The scorecard in words and marks for the analysis part of the debrief. Blame-free: what happened, by which rule,
and what the stronger option would have been. No total, because there is none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content

from scoring.clock import Calendar
from scoring.objectives import LETTERS, ByHand
from scoring.scorecard import Decision, DutyResult, Scorecard
from scoring.turning import Hindsight, TurningPoint
from simulator.at_table import others_knew, took
from simulator.brought import BROUGHT, brought_along
from simulator.citations import source
from simulator.debrief import (
    BEYOND,
    NO_TURNING_POINT,
    answered,
    asked_panel,
    chosen_by,
    full_panels,
    left_open,
    option_text,
    stronger,
    with_distress,
)
from simulator.debrief import clock as duty_clock
from simulator.shared_words import summed
from simulator.told_words import MARKS as TOLD_MARKS
from simulator.told_words import NOTHING, sentences, who
from simulator.tui.both_plays import NAME, both_plays
from simulator.tui.words import clock, sentence

if TYPE_CHECKING:
    from simulator.beside import Beside
    from simulator.game import Game
    from simulator.panel import Panel, Panels
    from simulator.told import Told

MARKS = {"missed": "✗", "overdue": "!", "late": "!", "excused": "–", "met": "✓", "due": "○", "open at the end": "○"}
ORDER = ("missed", "overdue", "late", "excused", "met", "due", "open at the end")
STYLES = {"missed": "bold $error", "overdue": "bold $error", "late": "bold $warning", "met": "bold $success"}


@dataclass(frozen=True)
class Page:
    """One tab of the analysis: a short name, a sentence above, and blocks of text."""

    name: str
    lead: str
    blocks: tuple[Content, ...]


def pages(
    card: Scorecard,
    game: Game,
    hindsight: Hindsight | None = None,
    by_hand: Mapping[str, ByHand] | None = None,
    panels: Panels | None = None,
    told: Sequence[Told] | None = None,
    both: Beside | None = None,
) -> tuple[Page, ...]:
    """The tabs, in the order in which the parts outrank each other. `hindsight` None: the scenario has no outlook.

    `by_hand`: objective → what a facilitator thought of it; not for the pair's own debrief. `panels`: what real panels think
    of judgement scenes; those that are not enough yet are left out. `told`: who told whom what. `both`: this play beside the one it
    follows, seats exchanged.
    """
    names = {seat.id: seat.name for seat in game.scenario.seats.values()}
    found = [
        Page(
            "Lines", "Law and life safety come first. Nothing else makes up for them.", tuple(_lines(card, game, names))
        ),
        Page(
            "Duties",
            f"What the agencies owe each other and the survivor under {game.mou.title}.",
            tuple(_duties(card, game.calendar)),
        ),
        Page(
            "Objectives",
            "What this scenario trains. A letter always comes with its grounds.",
            tuple(_objectives(card, by_hand or {})),
        ),
        *(
            [
                Page(
                    "Turning points",
                    "Where most was still open, and what would have kept it open. Hindsight is for next time.",
                    tuple(_turning(hindsight, game, names)),
                )
            ]
            if hindsight is not None
            else []
        ),
        Page(
            "Practice",
            f"How it was done, by {game.framework.title}. Words, no grades.",
            tuple(_practice(card, game, names)),
        ),
        Page(
            "Decisions",
            "Each choice with its reason and what it was like to be there.",
            tuple(_decisions(card, game.calendar, names)),
        ),
    ]
    if told is not None and (told or game.scenario.items):
        lead = "Who told whom what, and by what right. Only the lines weigh anything; the rest is for talking."
        found.append(Page("Telling", lead, tuple(_told(told, game, names))))
    if card.judgements:
        lead = "There is no right answer here. Argue both sides before you agree."
        found.append(Page("Dilemmas", lead, tuple(_dilemmas(card, game, names, panels or {}))))
    found.append(
        Page(
            "Together",
            f"Where it took {'both' if len(names) <= 2 else 'more than one'} of you.",
            tuple(_together(card, names)),
        )
    )
    if before := brought_along(game):
        found.append(Page("Before", f"{BROUGHT}.", tuple(Content(line) for line in before)))
    if both is not None:
        found.append(Page(NAME, *both_plays(both)))
    return tuple(found)


def _lines(card: Scorecard, game: Game, names: Mapping[str, str]) -> Iterator[Content]:
    if not card.lines:
        yield Content.assemble(("✓ ", "bold $success"), "No line of law or life safety was crossed.")
    for breach in card.lines:
        who = f"{names[breach.seat]} · " if breach.seat else ""
        kind = "Life safety" if breach.kind == "life safety" else "Law"
        when = clock(game.calendar.at(breach.minute))
        detail = f"\n{sentence(breach.detail)}" if breach.detail else ""
        yield Content.assemble(
            (f"✗ {kind}", "bold $error"), (f"  {who}{when}", "$quiet"), f"\n{breach.text}{detail}\n", (source(breach.citation), "$quiet")
        )  # fmt: skip


def _duties(card: Scorecard, calendar: Calendar) -> Iterator[Content]:
    weighed = [duty for duty in card.duties if duty.status in ORDER]
    steady = [duty for duty in weighed if duty.status == "met" and duty.met is None]
    for duty in sorted(weighed, key=lambda duty: ORDER.index(duty.status)):
        if duty not in steady:
            yield _duty(duty, calendar)
    for heading, found in (
        ("Kept from first to last", steady),
        ("Did not come up", [duty for duty in card.duties if duty.status == "not triggered"]),
        ("Not played: nobody sat for that agency", [duty for duty in card.duties if duty.status == "not played"]),
    ):
        if found:
            lines = "\n".join(f"· {duty.clause}  {duty.text}" for duty in found)
            yield Content.assemble((heading, "bold"), "\n", (lines, "$quiet"))


def _duty(duty: DutyResult, calendar: Calendar) -> Content:
    head = f"{MARKS[duty.status]} {duty.status.capitalize()}"
    words = f"\n“{duty.words.strip()}”" if duty.words else ""
    return Content.assemble(
        (head, STYLES.get(duty.status, "bold")), (f"  clause {duty.clause} · {duty.party}", "$quiet"),
        f"\n{duty.text}{duty_clock(duty, calendar)}", (words, "italic $quiet"),
    )  # fmt: skip


def _objectives(card: Scorecard, by_hand: Mapping[str, ByHand]) -> Iterator[Content]:
    for result in card.objectives:
        said = f"{result.letter} · {LETTERS[result.letter]}" if result.letter else "Not observed in this play"
        grounds = "\n".join(f"· {sentence(ground)}" for ground in result.grounds)
        yield Content.assemble(
            (result.text, "bold"),
            "\n",
            (said, "bold $primary" if result.letter else "$quiet"),
            f"\n{grounds}" if grounds else "",
            (f"\n{by_hand[result.objective].words}" if result.objective in by_hand else "", "$accent"),
        )


def _turning(hindsight: Hindsight, game: Game, names: Mapping[str, str]) -> Iterator[Content]:
    if not hindsight.points:
        yield Content.assemble(("✓ ", "bold $success"), NO_TURNING_POINT)
    for point in hindsight.points:
        yield _turning_point(point, clock(game.calendar.at(point.minute)), names)
    for each in hindsight.unforeseen:
        how = sentence(BEYOND[each.kind]).rstrip(".")
        when = clock(game.calendar.at(each.minute))
        yield Content.assemble(
            (f"– {how}", "bold"), (f"  {each.scene_title} · {when}", "$quiet"), f"\n{each.text}" if each.text else ""
        )


def _turning_point(point: TurningPoint, when: str, names: Mapping[str, str]) -> Content:
    who = names[point.seat] + (" (computer)" if point.by_computer else "")
    parts: list[Content | str | tuple[str, str]] = [
        (f"◆ {point.scene_title}", "bold $primary"), (f"  {who} · {when}", "$quiet"),
        "\n▸ ", (point.chosen.strip(), "bold"),
        "\n", ("More stayed open with: ", "bold"), point.better.strip(),
    ]  # fmt: skip
    if point.because:
        parts += [("  " + point.because.strip(), "$quiet")]
    for each in left_open(point):
        parts += ["\n· ", each]
    if point.partner_knew:
        parts += ["\n", (others_knew(len(names), then=" then"), "bold"), "; ".join(point.partner_knew)]
    return Content.assemble(*parts)


def _practice(card: Scorecard, game: Game, names: Mapping[str, str]) -> Iterator[Content]:
    for principle in game.framework.principles.values():
        own = [result for result in card.principles if result.principle == principle.id and result.share is not None]
        if own:
            lines = "\n".join(f"· {names[r.seat]}: {r.words} ({_decided(r.decisions)})" for r in own)
            yield Content.assemble((principle.label, "bold"), "\n", (principle.text, "$quiet"), f"\n{lines}")
    for seat, name in names.items():
        unseen = [result.label for result in card.principles if result.seat == seat and result.share is None]
        if unseen:
            yield Content.assemble(
                (f"Not observed for {name}, which is not zero: ", "$quiet"), (f"{', '.join(unseen)}.", "$quiet")
            )


def _decided(count: int) -> str:
    return f"{count} decision{'s' * (count != 1)}"


def _decisions(card: Scorecard, calendar: Calendar, names: Mapping[str, str]) -> Iterator[Content]:
    for number, decision in enumerate(card.decisions, 1):
        yield _decision(number, decision, calendar, names)


def _decision(number: int, decision: Decision, calendar: Calendar, names: Mapping[str, str]) -> Content:
    who = names[decision.seat] + (" (computer)" if decision.by_computer else "")
    when = clock(calendar.at(decision.minute))
    parts: list[Content | str | tuple[str, str]] = [
        (f"{number}. {decision.scene_title}", "bold $primary"), (f"  {who} · {when}", "$quiet"),
        "\n▸ ", (decision.chosen.text.strip(), "bold"),
    ]  # fmt: skip
    if decision.chosen.because:
        parts += ["\n", ("Why it matters: ", "bold"), decision.chosen.because.strip()]
    if decision.felt:
        parts += ["\n", ("What it was like: ", "bold $accent"), with_distress(decision)]
    better = stronger(decision)
    if better:
        parts += ["\n", ("Rated stronger here: ", "bold"), better.strip()]
        reason = next((option.because for option in decision.open if option.text == better), "")
        if reason:
            parts += [("  " + reason.strip(), "$quiet")]
    if decision.partner_knew:
        parts += ["\n", (others_knew(len(names)), "bold"), "; ".join(decision.partner_knew)]
    if decision.judgement:
        parts += ["\n", ("A dilemma: no key, no rating.", "italic $quiet")]
    return Content.assemble(*parts)


def _told(told: Sequence[Told], game: Game, names: dict[str, str]) -> Iterator[Content]:
    if not told:
        yield Content.styled(NOTHING, "$quiet")
    for each in sentences(told, game):
        first = each.first
        style = {"line": "bold $error", "unbound": "bold"}.get(first.standing, "bold $success")
        parts: list[Content | str | tuple[str, str]] = [
            (f"{TOLD_MARKS[first.standing]} {who(first, names)}", style),
            (f"  {each.how} · {clock(game.calendar.at(first.minute))}", "$quiet"),
            "\n▸ ", (sentence(each.items), "bold"), f"\n{each.stands}",
        ]  # fmt: skip
        for owed in each.owed:
            parts += ["\n", ("With it comes: ", "bold"), owed]
        yield Content.assemble(*parts)


def _dilemmas(card: Scorecard, game: Game, names: Mapping[str, str], panels: Panels) -> Iterator[Content]:
    rules = {rule.id: rule.text for rule in (*game.mou.duties.values(), *game.lines.values())}
    for judgement in card.judgements:
        chosen = "\n".join(f"▸ {names[seat]}: {text}" for seat, text in judgement.chosen)
        sides = "\n".join(f"· {side}" for side in judgement.both_sides)
        collide = "\n".join(f"· {rules.get(rule, rule)}" for rule in judgement.collide)
        yield Content.assemble(
            (judgement.scene, "bold $primary"), f"\n{judgement.question}\n", (chosen, "bold"),
            ("\nWhat speaks for each side\n", "bold"), sides,
            ("\nWhat cannot all be kept here, and is excused\n" if collide else "", "bold"), collide,
        )  # fmt: skip
        for panel in full_panels(judgement, panels):
            yield _panel(panel)


def _panel(panel: Panel) -> Content:
    parts: list[Content | str | tuple[str, str]] = [("What a panel thinks", "bold $primary"), f"\n{asked_panel(panel)}"]
    for found in panel.spread:
        parts += ["\n▸ ", (option_text(panel, found), "bold"), f" {chosen_by(found)}"]
        parts += [(f"\n  “{reason}”", "$quiet") for reason in found.reasons]
    return Content.assemble(*parts)


def _together(card: Scorecard, names: Mapping[str, str]) -> Iterator[Content]:
    for duty in card.both_needed:
        yield Content.assemble((f"✓ {took(len(names))}", "bold $success"), duty)
    found = list(answered(card, names))
    for heading, came in found:
        yield Content.assemble((heading, "bold"), f"\n{came}")
    for sum_of_it in summed(card.picture, names):
        yield Content.assemble(("▸ ", "bold $primary"), sum_of_it)
    if not card.both_needed and not found:
        nothing = "No duty needed a step from each agency in this play, and nobody answered anything in private."
        yield Content.styled(nothing, "$quiet")
