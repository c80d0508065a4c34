"""Sessions made up for tests of the figures: seeded, with summaries that look like those of real plays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from random import Random
from typing import Any

from scoring.loss import Loss
from scoring.scorecard import DutyStatus
from scoring.summary import (
    DecisionSummary,
    DutySummary,
    GuessSummary,
    LineSummary,
    Named,
    ObjectiveSummary,
    SeatSummary,
    Summary,
)
from simulator.log import Place
from tests.logs import begin

ROLES = {"officer": "patrol-officer", "advocate": "community-advocate"}
STATUSES: tuple[DutyStatus, ...] = ("met", "met", "met", "late", "missed", "excused", "open at the end")
NAMES = (
    Named(
        kind="line", owner="north", id="confidences", text="What she said in confidence goes nowhere without her yes."
    ),
    Named(kind="line", owner="north", id="hearing", text="Risk questions are never asked in his hearing."),
    Named(kind="duty", owner="riverton", id="call", text="The advocate is called within 30 minutes."),
    Named(kind="duty", owner="riverton", id="card", text="The card is given."),
    Named(kind="principle", owner="", id="safety", text="Safety"),
    Named(kind="principle", owner="", id="choice", text="Voice and choice"),
    Named(kind="role", owner="", id="patrol-officer", text="Patrol officer"),
    Named(kind="role", owner="", id="community-advocate", text="Community-based advocate"),
    Named(kind="seat", owner="kitchen-table", id="officer", text="Officer Reyes"),
    Named(kind="seat", owner="kitchen-table", id="advocate", text="Sam Okafor"),
    Named(kind="scene", owner="kitchen-table", id="porch", text="On the porch"),
    Named(kind="scene", owner="kitchen-table", id="phone", text="On the phone"),
    Named(kind="objective", owner="kitchen-table", id="keep", text="Keep what she said where she left it."),
)
BEGIN = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def made_up(number: int, random: Random, **own: Any) -> Summary:
    """A summary of a session that never was; `own` replaces fields."""
    workshop = number % 5
    began = BEGIN + timedelta(days=7 * workshop, minutes=number)
    seats = tuple(
        SeatSummary(
            seat=seat,
            role=role,
            agency=random.choice(("Riverton PD", "Hill PD") if seat == "officer" else ("Safe Harbor",)),
            person=f"{seat}-{random.randrange(40)}",
            practice=tuple(
                (name, random.randrange(possible + 1), possible, random.randrange(1, 5))
                for name in ("choice", "safety")
                for possible in (random.randrange(4, 12),)
            ),
        )
        for seat, role in ROLES.items()
    )
    summary = Summary(
        session="",
        events=9,
        outside="",
        workshop=f"Week {workshop}",
        created=began.isoformat(timespec="milliseconds"),
        day=began.date().isoformat(),
        scenario="kitchen-table",
        mou="riverton",
        jurisdiction=random.choice(("north", "south")),
        ending="end",
        story_minutes=90,
        seconds=1800.0,
        both_needed=random.randrange(2),
        lost=Loss(Fraction(0), Fraction(1), Fraction(2)),
        unknowable=Loss(),
        seats=seats,
        decisions=tuple(
            DecisionSummary(
                seq=seq,
                seat=seat,
                scene=scene,
                action=random.choice(("wait", "ask")),
                minute=seq * 5,
                seconds=30.0,
                options=3,
                judgement=False,
                points=(("safety", random.randrange(3), 0, 2),),
                lost=Loss(Fraction(random.randrange(2)), Fraction(0), Fraction(random.randrange(3), 2)),
            )
            for seq, (seat, scene) in enumerate((("officer", "porch"), ("advocate", "phone"), ("officer", "porch")), 1)
        ),
        duties=tuple(
            DutySummary(
                duty=duty,
                clause=clause,
                party="Riverton PD",
                status=(status := random.choice(STATUSES)),
                opened=10,
                deadline=40,
                met=10 + random.randrange(60) if status in ("met", "late") else None,
            )
            for duty, clause in (("call", "3.2"), ("card", "3.10"))
        ),
        lines=tuple(
            LineSummary(line=line, kind=kind, seat="officer", minute=20)
            for line, kind in (("confidences", "law"), ("hearing", "life safety"), ("hearing", "life safety"))
            if random.random() < 0.2
        ),
        objectives=(
            ObjectiveSummary(
                objective="keep",
                letter=random.choice(("P", "S", "M", "U", None)),
                by_hand=random.choice(("P", "S", "M", "U", None)),
                blind=random.random() < 0.8,
            ),
        ),
        guesses=tuple(
            GuessSummary(seat="advocate", of="officer", agreed=agreed, credited=agreed and random.random() < 0.5)
            for agreed in (random.random() < 0.5,)
        )
        + in_private(Random(f"in private {number}")),
        names=NAMES,
    )
    return replace(summary, **own)


def in_private(random: Random) -> tuple[GuessSummary, ...]:
    """Answers to “whose duty is this?” of both seats, or of one, and at times a guess at distress of each."""
    said = [random.random() < 0.6 for _ in range(random.choice((0, 1, 2, 2)))]
    same = random.random() < 0.5 if len(said) == 2 else None
    duties = tuple(
        GuessSummary(seat=seat, of="", agreed=right, credited=right, about="duty", same=same if not number else None)
        for number, (seat, right) in enumerate(zip(ROLES, said, strict=False))
    )
    apart = {seat: random.randint(-6, 3) for seat in ROLES if random.random() < 0.7}
    return duties + tuple(
        GuessSummary(seat=seat, of="", agreed=not by, credited=not by, about="distress", apart=by)
        for seat, by in apart.items()
    )


def keep(store: Any, summaries: Sequence[Summary]) -> list[Summary]:
    """Put them into a store, each with a session of its own to stand on. Returns them with the sessions' ids."""
    kept = []
    for summary in summaries:
        places = [Place(seat.seat, "", "human", seat.agency) for seat in summary.seats]
        session = begin(store, workshop=summary.workshop, places=places)
        store.append(session, 1, {"kind": "paused"}, finished=True)
        own = replace(summary, session=session, events=2)
        store.keep_summary(own)
        kept.append(own)
    store.tally()
    return kept


def several(count: int, seed: int = 1) -> list[Summary]:
    random = Random(seed)
    return [made_up(number, random) for number in range(count)]
