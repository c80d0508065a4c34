"""Two plays side by side: one with seats exchanged, and the play it follows. Blame-free: no sum, no order, no better one.

A value, built from the two sessions, and its words; screens, plain lines, JSON and reports show the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from scoring.objectives import LETTERS
from scoring.scorecard import Scorecard
from scoring.turning import Hindsight
from simulator.debrief import Block
from simulator.discretion import discreet, people_of
from simulator.events import BadEvent, Start
from simulator.log import LogError
from simulator.problems import Unreadable
from simulator.session import Session

HEADING = "Both plays, side by side"
LEAD = (
    "The same night, played twice, with the seats exchanged. Neither play is the measure of the other: whoever played second "
    "knew the story. Read a seat at a time, and tell each other what it was like to sit there."
)
OUT_OF_REACH = (
    "This play followed another one with the seats exchanged; that one was erased, or is not in this store, so the two cannot "
    "be laid beside each other."
)
GOES_ON = (
    "This play followed another one with the seats exchanged; people have gone back into that one, so the two can be laid "
    "beside each other when it has ended again."
)
STILL_CLOSED = (
    "This play followed another one with the seats exchanged; the debrief of that one has not got past the first reactions, "
    "and when it has, the two stand here beside each other."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing that both plays can be asked about, and what each answers."""

    what: str
    first: str
    then: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatBeside:
    """One seat, who sat there in each play, its practice in words and its turning points."""

    seat: str
    name: str
    first: str
    then: str
    practice: tuple[Row, ...]
    turning_first: tuple[str, ...]
    turning_then: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Two plays beside each other; only `missing`, one sentence, if the first cannot be looked at."""

    follows: str
    missing: str = ""
    ending: Row | None = None
    lines: tuple[Row, ...] = ()
    duties: tuple[Row, ...] = ()
    objectives: tuple[Row, ...] = ()
    seats: tuple[SeatBeside, ...] = ()


@dataclass(frozen=True, slots=True)
class _Played:
    """One of the two plays, with who sat where in words."""

    session: Session
    card: Scorecard
    hindsight: Hindsight | None
    who: Mapping[str, str]


def beside(session: Session) -> Beside | None:
    """The play beside the one it follows, for those who played; None if it follows none. Blocks like `Session.hindsight`."""
    start = _start(session)
    if not start.follows:
        return None
    found = _first(session, start)
    return found if isinstance(found, Beside) else _laid(found, session, start)


def beside_for_others(session: Session) -> Beside | None:
    """As a coordinator may see it. `session` as it is kept, not as `discreet` tells it.

    Whoever sat where in the first play would tell who stepped out of it, or of this one; so where anybody did, nothing is told
    of the two being one after the other.
    """
    start = _start(session)
    if not start.follows or _left(session):
        return None
    found = _first(session, start)
    if isinstance(found, Beside):
        return found
    return None if _left(found) else _laid(discreet(found), discreet(session), start)


def _left(session: Session) -> bool:
    """Whether a seat that a person sat down at was not theirs to the end."""
    return people_of(session.events) != {seat for seat, player in _start(session).seats.items() if player == "human"}


def _start(session: Session) -> Start:
    start = session.events[0]
    assert isinstance(start, Start)
    return start


def _first(session: Session, start: Start) -> Session | Beside:
    """The play that this one follows, or why it cannot be looked at."""
    try:
        first = Session.reopen(session.store, start.follows)
    except (LogError, Unreadable, BadEvent):
        return Beside(follows=start.follows, missing=OUT_OF_REACH)
    if not first.finished:
        return Beside(follows=start.follows, missing=GOES_ON)
    if first.debrief_phase is None and "human" in _start(first).seats.values():
        return Beside(follows=start.follows, missing=STILL_CLOSED)
    return first


def _laid(first: Session, then: Session, start: Start) -> Beside:
    before = dict(start.exchanged)
    aliases = {place.seat: place.alias for place in then.places if place.alias}
    names = {seat.id: seat.name for seat in then.bundle.scenario.seats.values()}
    now = {had: seat for seat, had in before.items()}

    def person(seat: str, session: Session, alias: str | None, other: str) -> str:
        if session.play.players.get(seat) != "human" and _start(session).seats.get(seat) != "human":
            return "the computer"
        return alias or other

    one = _Played(
        first,
        first.scorecard(),
        first.hindsight(),
        {
            seat: person(
                seat, first, aliases.get(now.get(seat, seat)), f"whoever plays {names[now.get(seat, seat)]} now"
            )
            for seat in names
        },
    )
    two = _Played(
        then,
        then.scorecard(),
        then.hindsight(),
        {
            seat: person(seat, then, aliases.get(seat), f"whoever played {names[before.get(seat, seat)]} first")
            for seat in names
        },
    )
    return Beside(
        follows=start.follows,
        ending=Row(what="Ending", first=one.card.ending or "none", then=two.card.ending or "none"),
        lines=tuple(_lines(one, two)),
        duties=tuple(_duties(one.card, two.card)),
        objectives=tuple(_objectives(one.card, two.card)),
        seats=tuple(_seat(seat, name, one, two) for seat, name in names.items()),
    )


def _lines(one: _Played, two: _Played) -> Iterator[Row]:
    for line in dict.fromkeys(breach.line for breach in (*one.card.lines, *two.card.lines)):
        text = next(breach.text for breach in (*one.card.lines, *two.card.lines) if breach.line == line)
        yield Row(what=text, first=_crossed(line, one), then=_crossed(line, two))


def _crossed(line: str, play: _Played) -> str:
    found = [breach.seat for breach in play.card.lines if breach.line == line]
    if not found:
        return "not crossed"
    names = {seat.id: seat.name for seat in play.session.bundle.scenario.seats.values()}
    seats = dict.fromkeys(f"{names[seat]} ({play.who[seat]})" for seat in found if seat)
    times = f" {len(found)} times" if len(found) > 1 else ""
    return f"crossed{times}{': ' + ', '.join(seats) if seats else ''}"


def _duties(one: Scorecard, two: Scorecard) -> Iterator[Row]:
    """The duties that came up in either play."""
    both = (*one.duties, *two.duties)
    for duty in dict.fromkeys(d.duty for d in both if d.status not in ("not triggered", "not played")):
        known = next(d for d in both if d.duty == duty)
        first, then = _standing(duty, one), _standing(duty, two)
        if not (
            first == then == "met" and all(d.met is None for d in both if d.duty == duty)
        ):  # nobody had to do anything
            yield Row(what=f"{known.clause} {known.text}", first=first, then=then)


def _standing(duty: str, card: Scorecard) -> str:
    found = [each.status for each in card.duties if each.duty == duty]
    words = ["did not come up" if status == "not triggered" else status for status in found]
    return ", ".join(words) or "not a duty there"


def _objectives(one: Scorecard, two: Scorecard) -> Iterator[Row]:
    letters = {result.objective: result.letter for result in two.objectives}
    for result in one.objectives:
        yield Row(what=result.text, first=_letter(result.letter), then=_letter(letters.get(result.objective)))


def _letter(letter: str | None) -> str:
    return f"{letter} ({LETTERS[letter]})" if letter else "not observed"  # type: ignore[index]


def _seat(seat: str, name: str, one: _Played, two: _Played) -> SeatBeside:
    return SeatBeside(
        seat=seat,
        name=name,
        first=one.who[seat],
        then=two.who[seat],
        practice=tuple(_practice(seat, one, two)),
        turning_first=tuple(_turning(seat, one)),
        turning_then=tuple(_turning(seat, two)),
    )


def _practice(seat: str, one: _Played, two: _Played) -> Iterator[Row]:
    seen = [{r.principle: r for r in play.card.principles if r.seat == seat} for play in (one, two)]
    for principle, label in {r.principle: r.label for found in seen for r in found.values()}.items():
        first, then = (
            found[principle].words if principle in found and found[principle].share is not None else "not observed"
            for found in seen
        )
        if (first, then) != ("not observed", "not observed"):
            yield Row(what=label, first=first, then=then)


def _turning(seat: str, play: _Played) -> Iterator[str]:
    for point in play.hindsight.points if play.hindsight is not None else ():
        if point.seat == seat:
            when = play.session.state.game.calendar.at(point.minute)
            yield f"{when:%a %H:%M} {point.scene_title}: {point.chosen.rstrip('.')}; more stayed open with: {point.better}"


# --- its words -------------------------------------------------------------------------------------------------------


def blocks(found: Beside) -> tuple[Block, ...]:
    """Headings and lines, for whatever has only lines."""
    if found.missing:
        return (Block(HEADING, (found.missing,)),)
    assert found.ending is not None
    made = [Block(HEADING, (LEAD, *_rows([found.ending])))]
    made.append(Block("Lines in both plays", tuple(_rows(found.lines)) or ("No line was crossed in either.",)))
    made.append(Block("Duties in both plays", tuple(_rows(found.duties)) or ("None came up in either.",)))
    made.append(Block("Objectives in both plays", tuple(_rows(found.objectives))))
    made += [Block(f"The seat of {seat.name}", tuple(seat_lines(seat))) for seat in found.seats]
    return tuple(block for block in made if block.lines)


def seat_lines(seat: SeatBeside) -> Iterator[str]:
    """One seat in both plays."""
    yield f"Who sat here · first: {seat.first} · then: {seat.then}"
    yield from _rows(seat.practice)
    for word, points in (("First", seat.turning_first), ("Then", seat.turning_then)):
        yield from (f"{word}, a turning point · {point}" for point in points)


def _rows(rows: Iterable[Row]) -> Iterator[str]:
    for row in rows:
        yield f"{row.what.rstrip('.')} · first: {row.first} · then: {row.then}"
