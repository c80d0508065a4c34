"""The tables of a CSV export, column by column: what each holds, and the data dictionary that says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple, get_args

from facilitator.export.told import Told, ToldSeat, rounded
from scoring.loss import Loss
from simulator.log.each_session import Part

TableName = Literal["decisions", "seats", "sessions", "duties", "lines", "objectives", "guesses"]
TABLES: tuple[TableName, ...] = get_args(TableName)

Value = str | int | float | bool | None


class Column(NamedTuple):
    """One column. `empty`: what an empty cell means; empty itself where there are none."""

    name: str
    type: Literal["text", "whole number", "number", "yes or no", "date"]
    unit: str
    meaning: str
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A tidy table: `one` row for each thing of a kind."""

    name: TableName
    one: str
    columns: tuple[Column, ...]
    parts: tuple[Part, ...]  # what of a session its rows are made of


_CUT = "left out at this level"
_SESSION = (
    Column("session", "text", "", "The session's id. For partner and research a code, new in each export."),
    Column("workshop", "text", "", "The workshop's name, as people typed it; for research a code.", f"none, or {_CUT}"),
    Column("date", "date", "", "When it began: the day (2026-06-02), the month (2026-06) or the year (2026), as the level says."),
    Column("scenario", "text", "", "The scenario's id; “handoff list” gives its title."),
    Column("mou", "text", "", "The agreement it was played under, by id; for research a code."),
    Column("jurisdiction", "text", "", "The law it was played under, by id; for research a code."),
)  # fmt: skip
SESSION_COLUMNS = tuple(column.name for column in _SESSION)
_PERSON = (
    Column("seat", "text", "", "The seat, by the scenario's id for it. Seats are never to be compared with each other."),
    Column("role", "text", "", "The seat's role, such as patrol-officer."),
    Column("agency", "text", "", "Who employs the person, as they typed it; for research a code.", "none was named"),
    Column("person", "text", "", "A random id, the same wherever the same alias of the same agency plays; for research a code.", _CUT),
    Column("play", "whole number", "", "Which of the person's finished plays this is, from 1.", _CUT),
    Column("again", "text", "", "first: the person's first play; replay: this scenario again; parallel: another scenario."),
)  # fmt: skip
_UNSEEN = "nothing was observed; never the same as 0"
_POINTS = (
    Column("gained", "whole number", "points", "Practice points gained: chosen less worst open rating, added over principles.", _UNSEEN),
    Column("possible", "whole number", "points", "Practice points that could be gained: best less worst open rating.", _UNSEEN),
)  # fmt: skip
_LOST = (
    Column("lost_lines", "number", "lines", "Lines crossed, or expected to be, because of it.", ""),
    Column("lost_duties", "number", "duty points", "2 for each duty missed, 1 for each late, because of it.", ""),
    Column("lost_practice", "number", "points", "Practice points under the best open option, because of it.", ""),
)
_NO_OUTLOOK = "the scenario has no exact outlook"


def _losses(name: str, of: str, empty: str) -> tuple[Column, ...]:
    return tuple(
        column._replace(name=column.name.replace("lost", name), meaning=column.meaning.replace("it.", of), empty=empty)
        for column in _LOST
    )


_OTHERS = f"another agency's people were in it, and it is {_CUT}"
_TABLES: Mapping[TableName, Table] = {
    each.name: each
    for each in (
        Table("decisions", "choice of one person", (
            *_SESSION,
            *_PERSON,
            Column("decision", "whole number", "", "Which of the session's choices that are told here this is, from 1."),
            Column("scene", "text", "", "The scene, by the scenario's id for it."),
            Column("action", "text", "", "The action that was chosen, by id."),
            Column("minute", "whole number", "minutes of story time", "When, since the story began."),
            Column("seconds", "number", "seconds", "Real time since the event before; recorded, never judged. Pauses are left out.", _CUT),
            Column("options", "whole number", "", "How many actions were open."),
            Column("judgement", "yes or no", "", "Whether the scene has no key: lawful options only. What a panel thinks of it is in no export."),
            *_POINTS,
            *_losses("lost", "the choice, as far as the person could know.", f"{_NO_OUTLOOK}, or a judgement scene"),
        ), ("decisions",)),
        Table("seats", "person's play", (
            *_SESSION,
            *_PERSON,
            Column("decisions", "whole number", "", "How many choices the person made."),
            *_POINTS,
        ), ("practices", "decisions")),
        Table("sessions", "session", (
            *_SESSION,
            Column("ending", "text", "", "The scene it ended in, by id. No ending is a success or a failure."),
            Column("story_minutes", "whole number", "minutes of story time", "How long the story took."),
            Column("seconds", "number", "seconds", "Real time of play. Pauses are left out.", _CUT),
            Column("people", "whole number", "", "How many people of whom this export tells played in it."),
            Column("other_seats", "text", "", "Seats of people of other agencies, apart by blanks; nothing else is told of them.", "none"),
            Column("lines", "whole number", "lines", "Lines that were crossed, of those told here."),
            Column("both_needed", "whole number", "duties", "Duties kept that took both agencies.", _OTHERS),
            *_losses("lost", "the play.", f"{_NO_OUTLOOK}, or {_OTHERS}"),
            *_losses("unknowable", "what nobody could know, or chance.", f"{_NO_OUTLOOK}, or {_OTHERS}"),
        ), ("crossings",)),
        Table("duties", "instance of a duty", (
            *_SESSION,
            Column("duty", "text", "", "The duty, by the agreement's id for it."),
            Column("clause", "text", "", "The clause that says it."),
            Column("party", "text", "", "The party that owes it, as the agreement calls it; for research a code."),
            Column("status", "text", "", "met, late, missed, excused, or open at the end."),
            Column("opened", "whole number", "minutes of story time", "When it was triggered.", "never: it was kept before"),
            Column("deadline", "whole number", "minutes of story time", "Until when, inclusive.", "it has none"),
            Column("met", "whole number", "minutes of story time", "When it was kept.", "it was not"),
        ), ("duties",)),
        Table("lines", "crossing of a line", (
            *_SESSION,
            Column("line", "text", "", "The line of law or life safety, by id."),
            Column("kind", "text", "", "law, or life safety."),
            Column("seat", "text", "", "Who crossed it.", "nobody in particular"),
            Column("minute", "whole number", "minutes of story time", "When."),
        ), ("crossings",)),
        Table("objectives", "objective of a session", (
            *_SESSION,
            Column("objective", "text", "", "The objective, by the scenario's id for it."),
            Column("letter", "text", "", "P, S, M or U, by the rule.", "nothing it rests on came up"),
            Column("by_hand", "text", "", "P, S, M or U, by a facilitator.", "nobody rated it"),
            Column("blind", "yes or no", "", "Whether the facilitator rated before seeing the rule's letter.", "nobody rated it"),
        ), ("objectives",)),
        Table("guesses", "private answer that could be compared with something", (
            *_SESSION,
            Column("about", "text", "", "partner: the partner's next step; duty: whose duty something is; distress: how distressing a step was."),
            Column("seat", "text", "", "Who guessed."),
            Column("of", "text", "", "Whose next step.", "it is about no partner's step"),
            Column("agreed", "yes or no", "", "Whether it came true, was the agreement's answer, or the scenario's own account."),
            Column("credited", "yes or no", "", "The same; no for a breach that was foreseen."),
            Column("apart", "whole number", "points of 0 to 10", "Of distress: the guess less the scenario's own account.", "it is not about distress"),
        ), ("guesses",)),
    )
}  # fmt: skip


def table(name: TableName, principles: Sequence[str]) -> Table:
    """The table, with two columns for each principle where it speaks of practice."""
    found = _TABLES[name]
    if name not in ("decisions", "seats"):
        return found
    more = tuple(
        column._replace(name=f"{column.name}_{principle}", meaning=f"The same for the principle {principle}.")
        for principle in principles
        for column in _POINTS
    )
    return Table(found.name, found.one, found.columns + more, found.parts)


# --- rows; decisions, of which there are millions, are made in as_csv -----------------------------------------------


def session_cells(told: Told) -> tuple[str, ...]:
    return (told.session, told.workshop, told.date, told.scenario, told.mou, told.jurisdiction)


def person_cells(seat: ToldSeat) -> tuple[Value, ...]:
    return (seat.seat, seat.role, seat.agency, seat.person, seat.nth, seat.again)


def rows(name: TableName, told: Told, principles: Sequence[str]) -> Iterator[tuple[Value, ...]]:
    """The rows of a session in a table other than `decisions`."""
    own = session_cells(told)
    for cells in _ROWS[name](told, principles):
        yield (*own, *cells)


def _seats(told: Told, principles: Sequence[str]) -> Iterator[tuple[Value, ...]]:
    for seat in told.seats:
        seen = {name: (gained, possible) for name, gained, possible, _ in seat.practice}
        total = (seat.gained, seat.possible) if seat.practice else (None, None)
        made = sum(decision.seat == seat.seat for decision in told.decisions)
        pairs = (value for name in principles for value in seen.get(name, (None, None)))
        yield (*person_cells(seat), made, *total, *pairs)


def _sessions(told: Told, _: Sequence[str]) -> Iterator[tuple[Value, ...]]:
    yield (
        told.ending,
        told.story_minutes,
        rounded(told.seconds, told.tick),
        len(told.seats),
        " ".join(seat for seat, _ in told.others),
        len(told.lines),
        told.both_needed,
        *loss_cells(told.lost),
        *loss_cells(told.unknowable),
    )


def _duties(told: Told, _: Sequence[str]) -> Iterator[tuple[Value, ...]]:
    for duty in told.duties:
        yield (duty.duty, duty.clause, duty.party, duty.status, duty.opened, duty.deadline, duty.met)


def _lines(told: Told, _: Sequence[str]) -> Iterator[tuple[Value, ...]]:
    for line in told.lines:
        yield (line.line, line.kind, line.seat, line.minute)


def _objectives(told: Told, _: Sequence[str]) -> Iterator[tuple[Value, ...]]:
    for each in told.objectives:
        yield (each.objective, each.letter, each.by_hand, each.blind if each.by_hand else None)


def _guesses(told: Told, _: Sequence[str]) -> Iterator[tuple[Value, ...]]:
    for guess in told.guesses:
        yield (guess.about, guess.seat, guess.of or None, guess.agreed, guess.credited, guess.apart)


_ROWS = {
    "seats": _seats,
    "sessions": _sessions,
    "duties": _duties,
    "lines": _lines,
    "objectives": _objectives,
    "guesses": _guesses,
}


def loss_cells(loss: Loss | None) -> tuple[Value, ...]:
    return (None, None, None) if loss is None else tuple(plain(part) for part in loss)


def plain(exact: Fraction | float) -> int | float:
    """An exact number as a reader gets it: whole if it is, else to six places."""
    value = round(float(exact), 6)
    return int(value) if value.is_integer() else value
