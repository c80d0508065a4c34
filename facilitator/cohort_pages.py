"""The pages of the cohort view in words and figures: one text for the screen, for plain lines and for screen readers.

A page about seats has a sheet for each seat: seats are never compared with each other. Agencies stand in the order of the
alphabet, never by how they did.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from facilitator import dilemma_words as words
from facilitator.cohort_method import method
from facilitator.plots import SHARE, Row, Scale, apart
from scoring.cohort import (
    ENOUGH,
    NOT_ENOUGH,
    RAW_BELOW,
    Agreement,
    ChangeFigure,
    Cohort,
    Coordination,
    DilemmaFigure,
    DutyFigure,
    Figure,
    LineFigure,
    ObjectiveFigure,
    Overview,
    PracticeFigure,
    SceneFigure,
)
from scoring.objectives import LETTERS
from scoring.printing import DAYS_FROM, HOURS_FROM

if TYPE_CHECKING:
    from simulator.log import Store
    from simulator.summing import Progress

PartName = Literal[
    "overview",
    "lines",
    "duties",
    "practice",
    "turning",
    "dilemmas",
    "coordination",
    "change",
    "objectives",
    "agreement",
    "method",
]


class Block(NamedTuple):
    """A heading, sentences, figures on one scale, and lines that keep their columns."""

    heading: str = ""
    lines: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    scale: Scale = SHARE
    axis: bool = True  # whether the scale is written under the drawing, or under a later one
    table: tuple[str, ...] = ()  # for eyes; `lines` say the same
    letters: tuple[tuple[str, int], ...] = ()  # a bar of letters


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is on the screen at one time. `of`: the seat it is about, if it is about one."""

    lead: str
    blocks: tuple[Block, ...]
    of: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A page: its name, how its values become sheets, one at least, and the key that opens it (else the next digit)."""

    name: PartName
    title: str
    sheets: Callable[[Any], Iterator[Sheet]]
    key: str = ""


@dataclass(frozen=True, slots=True)
class Hidden:
    """In place of a page's values: why nothing of this cohort may be shown."""

    why: str


def read(store: Store, part: PartName, cohort: Cohort, progress: Progress | None = None) -> Any:
    """The values of one page, or `Hidden`. Reads the store: call it from a worker. Raises LogError.

    progress: called while sessions are summed up that were not yet, with how many are done, of how many. Without it
        nothing is summed up: for the second page and those after it.
    """
    if part == "method":
        return None
    from facilitator import cohort as figures  # deferred: the first frame needs no figures

    with figures.looking(store, cohort, progress, as_it_is=progress is None) as look:
        return Hidden(look.hidden) if look.hidden else figures.PAGES[part](look)


def sheets(part: PartName, found: Any) -> tuple[Sheet, ...]:
    """What a page shows of its values; one sheet at least."""
    if isinstance(found, Hidden):
        return (Sheet("Nothing is shown here, so that nobody can be recognised.", (Block(lines=(found.why,)),)),)
    return tuple(PARTS[NAMES.index(part)].sheets(found))


def row(label: str, figure: Figure) -> Row:
    return Row(label, figure.words, figure.value, figure.low, figure.high)


def _several(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


# --- the pages ----------------------------------------------------------------------------------------------------

OUTSIDE = {
    "unfinished": "not played to an ending",
    "rewound": "taken back before they ended",
    "nobody": "played by the computer alone",
    "rescored": "judged again under another agreement or law",
    "unreadable": "cannot be read; `handoff audit` says why",
}


def _overview(found: Overview) -> Iterator[Sheet]:
    lead = "Whom these figures speak of."
    if not found.sessions:
        nothing = Block(lines=("No finished session is among those chosen. There is nothing to say yet.",))
        yield Sheet(lead, (nothing, *_outside(found)))
        return
    days = found.first_day if found.first_day == found.last_day else f"{found.first_day} to {found.last_day}"
    who = (
        f"{_several(found.sessions, 'session')} in {_several(found.workshops, 'workshop')}, {days}.",
        f"People of {found.agencies} agenc{'y' if found.agencies == 1 else 'ies'} played.",
    )
    crossed = Block(
        "A line of law or life safety was crossed",
        ("Any line, at least once in the session.",),
        (row("sessions", found.crossed),),
    )
    yield Sheet(lead, (Block("Sessions", who), crossed, *_outside(found)))


def _outside(found: Overview) -> Iterator[Block]:
    if found.outside:
        lines = [f"{number:,}: {OUTSIDE.get(reason, reason)}" for reason, number in found.outside]
        yield Block("Kept, and in no figure", tuple(lines))


def _lines(found: Sequence[LineFigure]) -> Iterator[Sheet]:
    blocks = []
    for kind, same in groupby(found, key=lambda line: line.kind):
        own = list(same)
        for line in own:
            times = f"{_several(line.times, 'time')} in all." if line.sessions.hits is not None else ""
            blocks.append(
                Block(
                    kind.capitalize() if line is own[0] else "",
                    tuple(each for each in (line.text.strip(), times) if each),
                    (row("sessions", line.sessions),),
                    axis=line is own[-1],
                )
            )
    if not blocks:
        blocks = [Block(lines=("Among these sessions no line was crossed.",))]
    yield Sheet("Law and life safety come first. Nothing else makes up for them.", tuple(blocks))


def _duties(found: Sequence[DutyFigure]) -> Iterator[Sheet]:
    """A sheet for each agreement: figures under one say nothing about another."""
    if not found:
        yield Sheet("What the agencies owe each other and the survivor.", (Block(lines=("No duty has come up.",)),))
    for (_, agreement), same in groupby(found, key=lambda duty: (duty.mou, duty.agreement)):
        blocks = []
        parties: dict[str, list[DutyFigure]] = {}
        for duty in same:
            parties.setdefault(duty.party, []).append(duty)
        for party in sorted(parties, key=str.casefold):
            own = parties[party]
            blocks += [_duty(duty, party if duty is own[0] else "", axis=duty is own[-1]) for duty in own]
        yield Sheet(
            "What the agencies owe each other and the survivor. Kept: in time, of those that came due.",
            tuple(blocks),
            agreement,
        )


def _duty(duty: DutyFigure, heading: str, *, axis: bool) -> Block:
    lines = [f"{duty.clause}  {duty.text.strip()}" if duty.clause else duty.text.strip()]
    if not duty.kept.suppressed and duty.kept.hits is not None:
        for what, counted in (
            ("Not kept in time", ((duty.late, "late"), (duty.missed, "missed"))),
            ("Not counted", ((duty.excused, "excused"), (duty.open, "not yet due at the end"))),
        ):
            if any(number for number, _ in counted):
                lines.append(f"{what}: {', '.join(f'{number:,} {how}' for number, how in counted if number)}.")
    if duty.minutes.n:
        lines.append(f"Time to keep it, in the story: {duty.minutes.words}.{_middle_half(duty)}")
    return Block(heading, tuple(lines), (row("kept", duty.kept),), axis=axis)


def _middle_half(duty: DutyFigure) -> str:
    """The quartiles in words, where they differ."""
    if duty.quartiles is None or duty.minutes.value is None or duty.quartiles[0] == duty.quartiles[1]:
        return ""
    low, high = duty.quartiles
    size, unit = (1, "minutes") if high < HOURS_FROM else (60, "hours") if high < DAYS_FROM else (24 * 60, "days")
    return f" The middle half took {round(low / size, 1):g} to {round(high / size, 1):g} {unit}."


def _practice(found: Sequence[PracticeFigure]) -> Iterator[Sheet]:
    lead = "Points gained, of the points that could be gained. Seats are not compared: they face other choices."
    if not found:
        yield Sheet(lead, (Block(lines=("No choice has shown any principle yet.",)),))
    for name, own in _by_seat(found):
        blocks = [Block("All agencies", (), tuple(row(each.label, each.overall) for each in own))]
        for each in own:
            agencies = sorted(each.agencies, key=lambda agency: agency[0].casefold())
            blocks.append(Block(f"{each.label}, by agency", (), tuple(row(*agency) for agency in agencies)))
        yield Sheet(lead, tuple(block for block in blocks if block.rows), name)


def _turning(found: Sequence[SceneFigure]) -> Iterator[Sheet]:
    lead = "Choices that narrowed what was still possible, as far as the seat could know when it chose."
    if not found:
        yield Sheet(lead, (Block(lines=(NO_TURNING,)),))
    for name, own in _by_seat(found):
        titles = Counter(scene.title for scene in own)
        blocks = [
            Block(
                scene.title if titles[scene.title] == 1 else f"{scene.title} ({scene.scene})".strip(),
                (_loss(scene),) if scene.losing.value is not None else (),
                (row("choices", scene.losing),),
                axis=scene is own[-1],
            )
            for scene in own
        ]
        yield Sheet(lead, tuple(blocks), name)


NO_TURNING = "There is nothing to show: no choice has been made here yet, or this scenario has too many states for an exact outlook."


def _loss(scene: SceneFigure) -> str:
    parts = [
        f"{value:.2f} {what}"
        for value, what in ((scene.lines, "lines"), (scene.duties, "duty points"), (scene.practice, "practice points"))
        if value  # None: too few
    ]
    return f"A choice here gave away on average: {', '.join(parts) or 'nothing'}."


def _dilemmas(found: Sequence[DilemmaFigure]) -> Iterator[Sheet]:
    """A sheet for each seat of each scenario: seats are not compared."""
    if not found:
        yield Sheet(words.LEAD, (Block(lines=(words.NOTHING,)),))
    seats: dict[tuple[str, str], list[DilemmaFigure]] = {}
    for each in found:
        seats.setdefault((each.scenario, each.seat), []).append(each)
    for own in seats.values():
        blocks = []
        for each in own:
            few = words.too_few(each)
            said = tuple(line for line in (each.question, few) if line)
            rows = () if few else tuple(row(option.text, option.chosen) for option in each.options)
            blocks.append(Block(each.title, said, rows))
            blocks.append(Block(words.panel_heading(each), tuple(words.panel_lines(each))))
        yield Sheet(words.LEAD, tuple(blocks), f"{own[0].seat_name} · {own[0].scenario_title}")


def _coordination(found: Coordination) -> Iterator[Sheet]:
    guesses = Block(
        "What people foresaw of their partner's next step",
        ("Credited: it came true and was no breach.",),
        (row("came true", found.agreed), row("credited", found.credited)),
    )
    both = Block(
        "What took both",
        ("Sessions in which a duty was kept that needs a step from each agency.",),
        (row("sessions", found.both_needed),),
    )
    duties = Block(
        "Whose duty it is",
        (
            "Asked in private. The same: both gave one answer. The agreement's: what the agreement that was played says.",
        ),
        (row("the same", found.same), row("the agreement's", found.right)),
    )
    yield Sheet("The pair's shared picture. It is described, and weighs nothing.", (guesses, duties, both))
    for each in found.distress:
        meant = "The guess less the scenario's own account, in points of 0 to 10. Below 0: thought less distressing."
        rows = (row("guess less account", each.apart),)
        blocks = (Block("How distressing a step was for the survivor", (meant,), rows, DISTRESS),)
        yield Sheet(
            "Asked in private. Seats are not compared: they were asked about other steps.", blocks, each.seat_name
        )


DISTRESS = Scale(-10.0, 10.0, ((-10.0, "−10"), (-5.0, "−5"), (0.0, "0"), (5.0, "+5"), (10.0, "+10")))
AGAIN = {
    "first": ("First play", "the first that these people played in this seat."),
    "replay": ("The same scenario again", "memory of the story helps here; this alone shows no learning."),
    "parallel": ("Another scenario", "the story is new; what shows here was carried over."),
}


def _change(found: Sequence[ChangeFigure]) -> Iterator[Sheet]:
    lead = "First and later plays of the same people. Nobody was drawn by lot, so this shows change and not its cause."
    if not found:
        yield Sheet(lead, (Block(lines=("Nobody has played yet.",)),))
    for name, own in _by_seat(found):
        played = tuple(row(AGAIN[change.again][0], change.plays) for change in own)
        about = tuple(f"{AGAIN[change.again][0]}: {AGAIN[change.again][1]}" for change in own)
        blocks = [Block("Practice by how often they had played", about, played)]
        paired = [(change, change.paired) for change in own if change.paired is not None]
        rows = [row(AGAIN[change.again][0], figure) for change, figure in paired]
        if rows:
            effects = tuple(
                f"{AGAIN[change.again][0]}: effect size d = {_minus(change.effect)} (the difference over its standard deviation)."
                for change, _ in paired
                if change.effect is not None
            )
            meant = "Later play less the same person's first, in percentage points of practice."
            blocks.append(Block("The difference", (meant, *effects), tuple(rows), apart(rows)))
        yield Sheet(lead, tuple(blocks), name)


def _minus(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def _objectives(found: Sequence[ObjectiveFigure]) -> Iterator[Sheet]:
    blocks = []
    for each in found:
        rated = sum(number for _, number in each.letters)
        said = " · ".join(f"{letter} {number:,}" for letter, number in each.letters)
        unrated = f" · not observed {each.unrated:,}" if each.unrated else ""
        bar = each.letters if rated >= RAW_BELOW else ()
        if rated < ENOUGH:
            said = f"{NOT_ENOUGH} (n = {rated}){unrated}"
        else:
            said = f"{said}{unrated}, n = {rated:,}"
        blocks.append(Block(each.text.strip(), (said,), letters=bar))
    if not blocks:
        blocks = [Block(lines=("No objective has been rated yet.",))]
    blocks.append(Block("The letters", tuple(f"{letter}: {words}" for letter, words in LETTERS.items())))
    yield Sheet("How often each objective got each letter, by the rule of the debrief.", tuple(blocks))


def _agreement(found: Agreement) -> Iterator[Sheet]:
    lead = "Facilitators' own letters beside the rule's, given before the rule's was shown."
    names = tuple(LETTERS)
    sentences = tuple(
        f"Facilitator {letter}: " + ", ".join(f"the rule {n} {m:,}" for n, m in zip(names, counts, strict=True)) + "."
        for letter, counts in zip(names, found.matrix, strict=False)
    )
    blocks = [Block("Weighted kappa", (found.words,))]
    if found.matrix:
        blocks.append(Block("Who gave which letter", sentences, table=tuple(_matrix(names, found.matrix))))
    if found.seen:
        one = "One rating was" if found.seen == 1 else f"{found.seen:,} ratings were"
        blocks.append(Block(lines=(f"{one} left out: given after the rule's letter had been seen.",)))
    blocks.append(Block("How to read it", ("0.41 to 0.60 is called moderate, 0.61 to 0.80 substantial.",)))
    yield Sheet(lead, tuple(blocks))


def _matrix(names: Sequence[str], matrix: Sequence[Sequence[int]]) -> Iterator[str]:
    width = max([4, *(len(f"{number:,}") for counts in matrix for number in counts)]) + 2
    yield f"{'':<15}the rule"
    yield f"{'facilitator':<13}" + "".join(f"{name:>{width}}" for name in names)
    for name, counts in zip(names, matrix, strict=True):
        yield f"{name:>11}  " + "".join(f"{f'{number:,}' if number else '·':>{width}}" for number in counts)


def _method(_: object) -> Iterator[Sheet]:
    yield Sheet(
        "How each figure is made, and what it may not be used for.",
        tuple(Block(heading, lines) for heading, lines in method()),
    )


def _by_seat(found: Sequence[Any]) -> Iterator[tuple[str, list[Any]]]:
    """The figures of each seat, with what it is called; seats in the order they come."""
    seats: dict[str, list[Any]] = {}
    for each in found:
        seats.setdefault(each.seat, []).append(each)
    for seat, own in seats.items():
        yield own[0].seat_name or seat, own


PARTS = (
    Part("overview", "Overview", _overview),
    Part("lines", "Lines", _lines),
    Part("duties", "Duties", _duties),
    Part("practice", "Practice", _practice),
    Part("turning", "Turning points", _turning),
    Part("dilemmas", "Dilemmas", _dilemmas, "d"),
    Part("coordination", "Together", _coordination),
    Part("change", "Change", _change),
    Part("objectives", "Objectives", _objectives),
    Part("agreement", "Agreement", _agreement),
    Part("method", "Method", _method),
)
NAMES = tuple(part.name for part in PARTS)
_DIGITS = iter("1234567890")
KEYS = tuple(part.key or next(_DIGITS) for part in PARTS)
