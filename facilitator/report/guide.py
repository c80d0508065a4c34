"""The guide page of a scenario, for whoever runs the room: a timed plan, what to watch for, what to have at hand, what to ask.

It is made of the scenario itself (objectives, decisions, shelf, dilemmas) and of its author's `guide:`. It gives the story away.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from facilitator.checks.decisions import decisions
from facilitator.report.document import (
    Block,
    Definitions,
    Document,
    Fill,
    Items,
    Paragraph,
    Section,
    Table,
)
from simulator.library import Bundle
from simulator.model import Inject, Scene

CAUTION = "For whoever runs the room. It gives the story away: nobody who is going to play it reads this page."

OPENING, CLOSING = 10, 10  # minutes before the play and after the debrief
# Parts of a debrief after PEARLS (FACTS §9), and their share of its time. The debrief is as long as the play.
_DEBRIEF = (
    ("Reactions", 0.15, "How it was, from everybody or passed. Scores are still closed."),
    ("What happened", 0.15, "The story in their words, from both seats; what one knew and the other did not."),
    ("Analysis", 0.5, "Turning points, duties, lines, who told whom what; then the questions below."),
    ("Summary", 0.2, "One thing to keep and one to change, from everybody."),
)


def write_guide(args: argparse.Namespace) -> int:
    """`handoff guide SCENARIO`. Exit code 1 if it cannot be written. Raises Unreadable."""
    from facilitator.playing import library
    from facilitator.report.reporting import deliver, wrong_target

    if problem := wrong_target(args):
        return problem
    bundle = library(args).bundle(args.scenario, mou=args.mou, jurisdiction=args.jurisdiction)
    return deliver(guide(bundle), args)


def guide(bundle: Bundle) -> Document:
    """The page, under the agreement and the law of the bundle, with the names of its first draw."""
    bundle = bundle.drawn({})
    scenario = bundle.scenario
    return Document(
        title=scenario.title,
        subtitle=scenario.summary,
        caution=CAUTION,
        sections=tuple(section for section in _sections(bundle) if section.blocks),
    )


def _sections(bundle: Bundle) -> Iterator[Section]:
    scenario, own = bundle.scenario, bundle.scenario.guide
    yield Section("At a glance", (Definitions(tuple(_glance(bundle))),))
    yield Section("Plan", (_plan(scenario.minutes_to_play),))
    yield Section("What it trains", (Items(tuple(each.text for each in scenario.objectives.values())),))
    if own is not None:
        yield Section("To have at hand", tuple(_local(own.local)))
        yield Section("What to watch for", (Items(own.watch),))
    yield Section("What turns where", tuple(_decisions(bundle)))
    yield Section("The shelf", tuple(_shelf(list(scenario.injects.values()))))
    yield Section("Without a key", tuple(_dilemmas(list(scenario.scenes.values()))))
    if own is not None:
        yield Section("Questions for the debrief", (Items(own.prompts),))
        yield Section("If a pair missed the point", (Paragraph(own.remedy),))


def _glance(bundle: Bundle) -> Iterator[tuple[str, tuple[str, ...]]]:
    scenario = bundle.scenario
    roles = bundle.vocabulary.roles
    yield "Seats", tuple(f"{seat.name}, {roles[seat.role].label.lower()}" for seat in scenario.seats.values())
    yield "Agreement", (bundle.mou.title,)
    yield "Law", (bundle.jurisdiction.title,)
    yield "Told beforehand", scenario.advisories
    yield "Topics", (", ".join(scenario.topics),)


def _plan(minutes: int) -> Table:
    """The lesson, minute by minute: opening, play, a debrief of the same length, closing."""
    steps = [
        (
            "Opening",
            OPENING,
            "Ground rules, what is told beforehand, pause and step out, seats, the agreement at hand.",
        ),
        ("Play", minutes, "You walk round and say nothing. Injects from the shelf only where a pair has time."),
    ]
    left = minutes
    for name, share, what in _DEBRIEF[:-1]:
        part = round(minutes * share)
        left -= part
        steps.append((f"Debrief: {name.lower()}", part, what))
    last, _, what = _DEBRIEF[-1]
    steps.append((f"Debrief: {last.lower()}", left, what))
    steps.append(
        ("Closing", CLOSING, "What changes on Monday, in which clause or order, by whom. Local support is named again.")
    )
    rows, clock = [], 0
    for name, length, what in steps:
        rows.append((f"{clock // 60}:{clock % 60:02}", f"{length}", name, what))
        clock += length
    return Table(
        caption=f"{clock // 60} h {clock % 60:02} min in all",
        head=("From", "Minutes", "Step", "What"),
        rows=tuple(rows),
        counts=(1,),
    )


def _local(lines: tuple[str, ...]) -> Iterator[Block]:
    rows = tuple((line, Fill(label=f"Here: {line}"), Fill(label=f"Checked: {line}", kind="date")) for line in lines)
    yield Table(caption="Local orders and resources, to be filled in", head=("What", "Here", "Checked"), rows=rows)


def _decisions(bundle: Bundle) -> Iterator[Block]:
    """Every decision, in the author's order: where, whose, what turns on it, which typical errors are on offer."""
    known = bundle.vocabulary.errors
    rows = []
    for each in decisions(bundle.scenario.scenes.values()):
        errors = dict.fromkeys(option.error for option in each.options if option.error)
        rows.append(
            (
                each.scene.title or each.scene.id,
                bundle.scenario.seats[each.seat].name,
                ", ".join(each.scene.topics),
                tuple(f"{error.upper()}: {known.get(error, '')}" for error in errors) or "",
            )
        )
    if rows:
        yield Table(
            caption="Decisions", head=("Scene", "Whose", "Turns on", "Typical errors on offer"), rows=tuple(rows)
        )


def _shelf(injects: list[Inject]) -> Iterator[Block]:
    rows = tuple((_comes(each), each.synopsis, each.expected) for each in injects)
    if rows:
        yield Table(caption="Injects", head=("How it comes", "What it is", "What a pair is expected to do"), rows=rows)


def _comes(inject: Inject) -> str:
    if inject.by == "hand":
        return f"by your hand: {inject.id}"
    return f"after {inject.at.text}" if inject.at is not None else "by itself, when the story has come so far"


def _dilemmas(scenes: list[Scene]) -> Iterator[Block]:
    for scene in scenes:
        if scene.judgement is not None:
            yield Paragraph(f"{scene.title}. {scene.judgement.question}", strong=True)
            if scene.judgement.both_sides:
                yield Items(scene.judgement.both_sides)
