"""The after-action report and improvement plan of one session, in the manner of HSEEP: built from its log alone.

A seat that a computer partner played at any time is told as the computer's throughout, so that nobody can read here who
stepped out. What people wrote in their debriefs does not come in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from facilitator.report import early, method
from facilitator.report.areas import areas
from facilitator.report.beside import side_by_side
from facilitator.report.dilemmas import dilemmas
from facilitator.report.document import Block, Cell, Definitions, Document, Items, Paragraph, Section, Table
from facilitator.report.tellings import tellings
from facilitator.report.told import Told, capital, length
from scoring.objectives import ENOUGH, LETTERS
from scoring.scorecard import DutyResult, Letter, Scorecard
from scoring.shared_picture import of_people
from scoring.turning import Hindsight
from simulator.at_table import others_knew
from simulator.beside import Beside, beside_for_others
from simulator.by_hand import ByHand
from simulator.debrief import CAUTION, NO_TURNING_POINT, clock, left_open
from simulator.engine import chain
from simulator.session import Session
from simulator.shared_words import felt, placed, summed
from simulator.view import acts

NOT_KNOWN = "This scenario has no exact outlook, so its turning points are not known."


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the store knows of a session beside its log's events. `seconds`: real time at the table, pauses left out.

    `note`: the facilitator's own about this pair, where they asked for it.
    """

    workshop: str
    day: date
    seconds: float
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A play as the report looks at it."""

    session: Session
    about: About
    card: Scorecard
    hindsight: Hindsight | None
    told: Told
    ratings: Mapping[str, ByHand] = field(default_factory=dict)
    beside: Beside | None = None


def session_report(session: Session, about: About, ratings: Mapping[str, ByHand] | None = None) -> Document:
    """The report. The session is over, by an ending or early, and its scores are open (`reporting` sees to it). Raises LogError."""
    play = Played(
        session=session,
        about=about,
        card=session.scorecard(),
        hindsight=session.hindsight(),
        told=Told(session),
        ratings=ratings or {},
        beside=beside_for_others(session),
    )
    workshop = f"Workshop “{about.workshop}”" if about.workshop else ""
    cut = "" if session.finished else early.HEADING.lower()
    return Document(
        title=f"After-action report and improvement plan: {session.bundle.scenario.title}",
        subtitle=", ".join(part for part in (workshop, _day(about.day), f"session {session.id}", cut) if part),
        caution=CAUTION,
        day=about.day.isoformat(),
        sections=tuple(_sections(play)),
    )


def _sections(play: Played) -> Iterator[Section]:
    if not play.session.finished:
        yield early.section(play.session, play.told)
    yield _overview(play)
    if play.about.note:
        yield Section("A note of the facilitator's own", (Paragraph(play.about.note),))
    yield _attendance(play)
    yield _objectives(play)
    yield _strengths(play)
    yield areas(play.card, play.hindsight, play.told)
    yield _turning(play)
    yield _unforeseen(play)
    yield _practice(play)
    if play.session.state.game.scenario.items:
        yield tellings(play.session.told(), play.session.state.game, play.told)
    if play.card.judgements:
        yield dilemmas(play.card.judgements, play.session.panels(), play.told)
    if together := tuple(_together(play)):
        yield Section("Working together", (Items(together),))
    yield _duties(play)
    if play.beside is not None:
        yield side_by_side(play.beside)
    yield from method.of_session(() if play.session.finished else early.STATUSES)


def _overview(play: Played) -> Section:
    session, game = play.session, play.session.state.game
    start, end = game.calendar.at(0), game.calendar.at(session.state.now)
    waiting = [sign.id for sign in game.scenario.sign_offs.values() if "await" in sign.name.lower()]
    pairs = [
        ("Scenario", game.scenario.title),
        ("Kind of exercise", "a game, discussion-based: a simulated case, played turn by turn"),
        ("Played", _day(play.about.day)),
        ("Workshop", play.about.workshop or "none named"),
        ("Agreement", game.mou.title),
        ("Law", f"{game.jurisdiction.title} (a profile made for training; not legal advice)"),
        ("Ended with", play.card.ending or f"no ending; ended by whoever ran the room, in “{early.where(session)}”"),
        ("Time in the story", f"{length(session.state.now)}, from {_moment(start)} to {_moment(end)}"),
        ("Time at the table", f"{length(round(play.about.seconds / 60)) or 'under a minute'}, pauses left out"),
    ]
    if waiting:
        pairs.append(("Awaiting sign-off", f"the scenario has not been signed off yet by: {', '.join(waiting)}"))
    if session.play.rewound:
        pairs.append(
            ("Played again", "The players went back and tried another way; this tells the last way they took.")
        )
    blocks: list[Block] = [Definitions(tuple((term, (text,)) for term, text in pairs)), Paragraph(_in_short(play))]
    return Section("Overview", tuple(blocks))


def _in_short(play: Played) -> str:
    kept = sum(duty.status == "met" for duty in play.card.duties)
    amiss = sum(duty.status in ("late", "missed", "overdue") for duty in play.card.duties)
    lines = len(play.card.lines)
    crossed = f"{lines} line{'s' * (lines != 1)} crossed" if lines else "No line was crossed"
    said = f"{crossed}; of {kept + amiss} duties that came due, {kept} kept in time and {amiss} late or missed."
    if not play.session.finished:
        said = f"{crossed} as far as it was played; of {kept + amiss} duties that came due so far, {kept} kept in time and {amiss} not."
    return (
        f"In short: {said[0].lower()}{said[1:]} These are counts of this one play; they are not added up into a score."
    )


def _attendance(play: Played) -> Section:
    game, told = play.session.state.game, play.told
    rows: list[tuple[Cell, ...]] = []
    named = play.session.finished
    for place in play.session.places:
        seat = game.scenario.seats[place.seat]
        party = next((p.name for p in game.mou.parties.values() if seat.role in p.roles), "")
        if not named:
            rows.append((seat.name, capital(game.vocabulary.roles[seat.role].label), party))
            continue
        person = place.seat in told.people
        who = (place.alias or "no alias kept") if person else "computer partner"
        own = place.agency if person else ""
        rows.append((seat.name, capital(game.vocabulary.roles[seat.role].label), party, who, own or "–"))
    head = ("Seat", "Role", "Party to the agreement", *(("Played by (alias)", "Own agency") if named else ()))
    return Section(
        "Seats and attendance record" if named else "Seats",
        (
            Table(caption="Who sat where" if named else "The seats", head=head, rows=tuple(rows)),
            Paragraph(method.NOT_A_CERTIFICATE if named else early.NAMELESS),
        ),
    )


def _objectives(play: Played) -> Section:
    by_hand = bool(play.ratings)
    rows: list[tuple[Cell, ...]] = []
    for result in play.card.objectives:
        row: list[Cell] = [result.text, _letter(result.letter), tuple(map(capital, result.grounds))]
        if by_hand:
            row.append(_given(play.ratings.get(result.objective)))
        rows.append(tuple(row))
    head = ("Objective", "By the rule", "Grounds", *(("By the facilitator",) if by_hand else ()))
    return Section(
        "Objectives",
        (
            Table(caption="How each objective was performed", head=head, rows=tuple(rows)),
            Paragraph(f"Letters: {' '.join(method.letters())} They rate this play of the objective, not the people."),
        ),
    )


def _letter(letter: Letter | None) -> str:
    return f"{letter}: {LETTERS[letter]}" if letter else "not observed"


def _given(by_hand: ByHand | None) -> str:
    if by_hand is None:
        return "not rated"
    after = "" if by_hand.blind else " (given after the rule's letter was seen)"
    return f"{_letter(by_hand.letter)}{after}{'. ' + by_hand.why if by_hand.why else ''}"


def _strengths(play: Played) -> Section:
    game, told = play.session.state.game, play.told
    met = [duty for duty in play.card.duties if duty.status == "met" and not duty.why]
    timed = [duty for duty in met if duty.met is not None]
    quiet = [duty for duty in met if duty.met is None]
    sections = []
    if not play.card.lines and play.card.decisions:
        far = "" if play.session.finished else " as far as it was played"
        none = f"No line of law or life safety was crossed{far}."
        sections.append(Section("Law and life safety", (Items((none,)),)))
    if timed:
        kept = tuple(f"{_duty(duty)}{clock(duty, game.calendar)}" for duty in timed)
        sections.append(Section("Duties kept in time", (Items(kept),)))
    if quiet:
        sections.append(Section("Kept from first to last", (Items(tuple(map(_duty, quiet))),)))
    if play.card.both_needed:
        sections.append(Section("What took both agencies", (Items(play.card.both_needed),)))
    if given := tuple(dict.fromkeys(_given_to_her(play))):
        sections.append(Section("Needs that were met", (Items(given),)))
    for seat in told.people:
        strong = [r for r in play.card.principles if r.seat == seat and r.share is not None and r.share >= ENOUGH]
        if strong:
            seen = tuple(f"{r.label}: {r.words} ({_decisions(r.decisions)})." for r in strong)
            sections.append(Section(f"Practice of the seat {told.name(seat)}", (Items(seen),)))
    if not sections:
        return Section("Strengths", (Paragraph("The record of this play shows none that its rules could name."),))
    return Section("Strengths", (), tuple(sections))


def _given_to_her(play: Played) -> Iterator[str]:
    """What the case files say was given, in the play's order."""
    for at in chain(play.session.state):
        for seat, action in acts(at):
            for note in action.case:
                if note.given and seat is not None:
                    yield f"{play.told.who(seat)}: {note.given}"


def _duty(duty: DutyResult) -> str:
    return f"Clause {duty.clause}, {duty.party}: {duty.text}"


def _decisions(count: int) -> str:
    return f"{count} decision{'s' * (count != 1)}"


def _turning(play: Played) -> Section:
    if play.hindsight is None:
        return Section("Turning points", (Paragraph(NOT_KNOWN),))
    if not play.hindsight.points:
        return Section("Turning points", (Paragraph(NO_TURNING_POINT),))
    found = []
    for point in play.hindsight.points:
        pairs: list[tuple[str, tuple[str, ...]]] = [
            ("Chosen", (point.chosen,)),
            ("More stayed open with", (point.better,)),
        ]
        if point.because:
            pairs.append(("Because", (point.because,)))
        pairs.append(("What hung on it", left_open(point)))
        if point.partner_knew:
            known = others_knew(len(play.told.game.seats), then=" then").rstrip(": ")
            pairs.append((known, ("; ".join(point.partner_knew),)))
        heading = f"{play.told.when(point.minute)}, {point.scene_title}: {play.told.who(point.seat)}"
        found.append(Section(heading, (Definitions(tuple(pairs)),)))
    lead = "The choices after which less was possible than before, as far as the seat could know. In the order of the play."
    return Section("Turning points", (Paragraph(lead),), tuple(found))


def _unforeseen(play: Played) -> Section:
    heading = "What nobody could have known"
    if play.hindsight is None:
        return Section(heading, (Paragraph(NOT_KNOWN),))
    if not play.hindsight.unforeseen:
        said = "Nothing that a duty or a line hung on was brought by chance or beyond what anybody there could know."
        return Section(heading, (Paragraph(said),))
    return Section(heading, (Items(tuple(play.told.beyond(each) for each in play.hindsight.unforeseen)),))


def _practice(play: Played) -> Section:
    framework = play.session.state.game.framework
    sections = []
    for seat in play.told.people:
        own = [result for result in play.card.principles if result.seat == seat]
        seen = tuple((r.label, (f"{r.words} ({_decisions(r.decisions)})",)) for r in own if r.share is not None)
        unseen = [result.label for result in own if result.share is None]
        blocks: list[Block] = [Definitions(seen)] if seen else []
        if unseen:
            blocks.append(Paragraph(f"Not observed, which is not zero: {', '.join(unseen)}."))
        sections.append(Section(play.told.name(seat), tuple(blocks)))
    lead = (
        f"After {framework.title}. Each seat faced choices of its own: read one at a time, and do not hold "
        "one against the other."
    )
    return Section("Practice, in words", (Paragraph(lead),), tuple(sections))


def _together(play: Played) -> Iterator[str]:
    told, card = play.told, of_people(play.card, play.told.people)
    for guess in card.predictions:
        if guess.guess is None:
            continue
        how = "It came so" if guess.agreed else f"It came otherwise: {guess.happened}"
        note = " Knowing that a line would be crossed earns nothing." if guess.agreed and not guess.credited else ""
        yield f"{told.name(guess.seat)} expected that {told.name(guess.of)} would: {guess.guess} {how.rstrip('.')}.{note}"
    names = {seat: told.name(seat) for seat in play.session.seats}
    for heading, came in (
        *(placed(duty, names, pair="They") for duty in card.whose_duties),
        *(felt(each, names) for each in card.distress),
    ):
        yield f"{heading} {came}"
    yield from summed(card.picture, names, pair="they")


_ORDER = ("missed", "overdue", "late", "excused", "met", "open at the end")


def _duties(play: Played) -> Section:
    calendar = play.session.state.game.calendar
    weighed = sorted((d for d in play.card.duties if d.status in _ORDER), key=lambda duty: _by_clause(duty.clause))
    rows = tuple(
        (
            duty.clause, duty.party, duty.text, early.STANDING.get(duty.status, duty.status),
            clock(duty, calendar).strip(" ()") or "–",
        )
        for duty in weighed
    )  # fmt: skip
    blocks: list[Block] = []
    if rows:
        head = ("Clause", "Party", "Duty", "How it stood", "When, and why")
        blocks.append(Table(caption=f"Duties under {play.session.state.game.mou.title}", head=head, rows=rows))
    for lead, status in (
        ("Still open when the play was ended, so not observed", "due"),
        ("Did not come up", "not triggered"),
        ("Not played, because nobody sat for that agency", "not played"),
    ):
        rest = list(dict.fromkeys(f"{d.clause} {d.text.rstrip('.')}" for d in play.card.duties if d.status == status))
        if rest:
            blocks.append(Paragraph(f"{lead}: {'; '.join(rest)}."))
    return Section("Every duty, clause by clause", tuple(blocks))


def _by_clause(clause: str) -> tuple[tuple[int, str], ...]:
    """Clause 10.2 comes after 2.1."""
    return tuple((int(part) if part.isdecimal() else 0, part) for part in clause.split("."))


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _moment(at: datetime) -> str:
    return f"{at:%a} {at.day} {at:%b, %H:%M}"
