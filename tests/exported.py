"""Sessions as the exports get them: made by hand, and made up by hypothesis; whatever somebody could type is in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from hypothesis import strategies as st

from facilitator.export.groups import Row, kind_of
from facilitator.export.told import Play, Played
from scoring.loss import Loss
from scoring.summary import (
    DecisionSummary,
    DutySummary,
    GuessSummary,
    LineSummary,
    ObjectiveSummary,
    SeatSummary,
    Summary,
)

PD, HOUSE = "Riverton PD", "Safe Harbor"
PARTIES = {"The Police": frozenset({"patrol-officer"}), "The House": frozenset({"community-advocate"})}
ROLES = {"officer": "patrol-officer", "advocate": "community-advocate"}
PRINCIPLES = ("choice", "peer-support", "safety")


class Some:
    """A `Source` of these sessions."""

    def __init__(self, played: Iterable[Played]) -> None:
        self.played = list(played)

    def sessions(self) -> Iterator[Played]:
        return iter(self.played)

    def seated(self) -> Iterator[Row]:
        for summary, _ in self.played:
            for seat in summary.seats:
                yield Row(kind_of(summary), summary.session, (seat.seat, seat.agency), seat.person)

    def principles(self) -> tuple[str, ...]:
        return tuple(sorted({name for s, _ in self.played for seat in s.seats for name, *_ in seat.practice}))

    def bound(self, summary: Summary, duty: DutySummary) -> frozenset[str]:
        return PARTIES.get(duty.party, frozenset())


def seat(name: str, agency: str, person: str, *practice: tuple[str, int, int, int]) -> SeatSummary:
    return SeatSummary(seat=name, role=ROLES[name], agency=agency, person=person, practice=practice)


def decision(seq: int, of: str, **other: object) -> DecisionSummary:
    about: dict[str, object] = {
        "scene": "door",
        "action": "knock",
        "minute": 2 * seq,
        "seconds": 4.25,
        "options": 3,
        "judgement": False,
        "points": (),
        "lost": None,
        **other,
    }
    return DecisionSummary(seq=seq, seat=of, **about)  # type: ignore[arg-type]


def summary(session: str = "5e55", **other: object) -> Summary:
    """A pair's session: two people of two agencies, each with a choice, a duty and a line of their own."""
    about: dict[str, object] = {
        "workshop": "Tuesday",
        "created": "2026-03-02T17:00:00.000+00:00",
        "day": "2026-03-02",
        "scenario": "kitchen-table",
        "mou": "riverton",
        "jurisdiction": "model-state",
        "ending": "she-stays",
        "story_minutes": 95,
        "seconds": 1234.5,
        "both_needed": 1,
        "lost": Loss(Fraction(1), Fraction(2), Fraction(1, 3)),
        "unknowable": Loss(),
        "seats": (seat("officer", PD, "p-1", ("safety", 3, 4, 1)), seat("advocate", HOUSE, "p-2")),
        "decisions": (
            decision(1, "officer", points=(("safety", 1, -2, 2),), lost=Loss(Fraction(1), Fraction(0), Fraction(1))),
            decision(6, "advocate", judgement=True),
        ),
        "duties": (
            DutySummary(duty="apart", clause="1.2", party="The Police", status="late", opened=3, deadline=9, met=11),
            DutySummary(duty="call", clause="2.1", party="The House", status="met", opened=None, deadline=None, met=4),
        ),
        "lines": (
            LineSummary(line="no-telling", kind="law", seat="advocate", minute=20),
            LineSummary(line="no-leaving", kind="life safety", seat="officer", minute=30),
            LineSummary(line="nobody-came", kind="life safety", seat="", minute=40),
        ),
        "objectives": (ObjectiveSummary(objective="screen", letter="S", by_hand="P"),),
        "guesses": (
            GuessSummary(seat="officer", of="advocate", agreed=True, credited=False),
            GuessSummary(seat="advocate", of="officer", agreed=False, credited=False),
        ),
        **other,
    }
    return Summary(session=session, events=9, outside="", names=(), **about)  # type: ignore[arg-type]


def played(*summaries: Summary) -> Some:
    return Some(Played(each, {s.seat: Play(1, "first") for s in each.seats}) for each in summaries)


def crowd(pairs: int, *, first: int = 0, **other: object) -> list[Summary]:
    """So many sessions of as many pairs of different people, alike but for that."""
    police, house = str(other.pop("police", PD)), str(other.pop("house", HOUSE))
    return [
        summary(
            f"{first + n:04x}",
            seats=(
                seat("officer", police, f"o-{first + n}", ("safety", 3, 4, 1)),
                seat("advocate", house, f"a-{first + n}"),
            ),
            **other,
        )
        for n in range(pairs)
    ]


# --- made up --------------------------------------------------------------------------------------------------------

# Whatever somebody could type as an agency or a workshop; with what spreadsheets take for formulas well represented.
typed = st.one_of(
    st.sampled_from(["", "=1+1", "+49", "-", "@home", "\tx", "\rx", " =1", "'=1", "'s-Hertogenbosch", 'a "b", c', "a\r\nb", "Ünïcode ☃", "＝1"]),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12),
)  # fmt: skip
names = st.from_regex(r"[a-z][a-z0-9_.-]{0,11}", fullmatch=True)
minutes = st.integers(0, 5_000)
seconds = st.floats(0, 10_000).map(lambda value: round(value, 3))
fractions = st.fractions(min_value=-3, max_value=9, max_denominator=12)
losses = st.none() | st.builds(Loss, fractions, fractions, fractions)
letters = st.sampled_from(["P", "S", "M", "U"])


@st.composite
def points(draw: st.DrawFn) -> tuple[tuple[str, int, int, int], ...]:
    seen = draw(st.lists(st.sampled_from(PRINCIPLES), unique=True))
    made = []
    for name in sorted(seen):
        worst = draw(st.integers(-2, 1))
        best = draw(st.integers(worst + 1, 2))
        made.append((name, draw(st.integers(worst, best)), worst, best))
    return tuple(made)


@st.composite
def summaries(draw: st.DrawFn, session: str = "5e55") -> Summary:
    sitting = draw(st.lists(st.sampled_from(["officer", "advocate"]), min_size=1, max_size=2, unique=True))
    made: list[DecisionSummary] = []
    practice: dict[str, dict[str, list[int]]] = {name: {} for name in sitting}
    for number in range(draw(st.integers(0, 5))):
        who, judgement = draw(st.sampled_from(sitting)), draw(st.booleans())
        seen = () if judgement else draw(points())
        for name, chosen, worst, best in seen:
            total = practice[who].setdefault(name, [0, 0, 0])
            for n, more in enumerate((chosen - worst, best - worst, 1)):
                total[n] += more
        made.append(
            decision(
                3 * number + 1,
                who,
                scene=draw(names),
                action=draw(names),
                minute=draw(minutes),
                seconds=draw(seconds),
                options=draw(st.integers(1, 9)),
                judgement=judgement,
                points=seen,
                lost=draw(losses),
            )
        )
    people = [
        seat(name, draw(typed), f"p-{draw(st.integers(0, 3))}", *((p, *total) for p, total in practice[name].items()))
        for name in sitting
    ]
    status = st.sampled_from(["met", "late", "missed", "excused", "open at the end"])
    maybe = st.none() | minutes
    duties = st.builds(
        DutySummary, duty=names, clause=typed, party=typed, status=status, opened=maybe, deadline=maybe, met=maybe
    )
    kinds = st.sampled_from(["law", "life safety"])
    lines = st.builds(LineSummary, line=names, kind=kinds, seat=st.sampled_from(["", *sitting]), minute=minutes)
    objectives = st.builds(
        ObjectiveSummary,
        objective=names,
        letter=st.none() | letters,
        by_hand=st.none() | letters,
        blind=st.booleans(),
    )
    guesses = st.builds(
        GuessSummary, seat=st.sampled_from(sitting), of=names, agreed=st.booleans(), credited=st.booleans()
    ) | st.builds(
        GuessSummary,
        seat=st.sampled_from(sitting),
        of=st.just(""),
        agreed=st.booleans(),
        credited=st.booleans(),
        about=st.sampled_from(["duty", "distress"]),
        same=st.none() | st.booleans(),
        apart=st.none() | st.integers(-10, 10),
    )
    return summary(
        session,
        workshop=draw(typed),
        ending=draw(names),
        story_minutes=draw(minutes),
        seconds=draw(seconds),
        both_needed=draw(st.integers(0, 3)),
        lost=draw(losses),
        unknowable=draw(losses),
        seats=tuple(people),
        decisions=tuple(made),
        duties=tuple(draw(st.lists(duties, max_size=3))),
        lines=tuple(draw(st.lists(lines, max_size=3))),
        objectives=tuple(draw(st.lists(objectives, max_size=2, unique_by=lambda each: each.objective))),
        guesses=tuple(draw(st.lists(guesses, max_size=2))),
    )
