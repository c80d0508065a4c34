"""Tidy tables as CSV: RFC 4180, UTF-8, and harmless when a spreadsheet opens them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from facilitator.export import tables
from facilitator.export.tables import TableName, Value
from facilitator.export.told import Told
from scoring.loss import Loss

Points = tuple[tuple[str, int, int, int], ...]
K = TypeVar("K")
V = TypeVar("V")

NEWLINE = "\r\n"
# A spreadsheet takes a cell that begins so for a formula, and some skip blanks before it; the wide forms count in East Asian settings.
_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
_QUOTE = frozenset('",\r\n')


def guarded(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula. `unguarded` undoes it."""
    return f"'{text}" if _looks_like_formula(text) else text


def unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _looks_like_formula(cell[1:]) else cell


def _looks_like_formula(text: str) -> bool:
    # What already begins with an apostrophe gets another, so that taking one away gives the text back.
    return text[:1] in _FORMULA if text[:1] not in (" ", "'") else text.lstrip(" '")[:1] in _FORMULA


def cell(value: Value) -> str:
    """One cell, quoted where it has to be; nothing for None."""
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        text = guarded(value)
        return '"' + text.replace('"', '""') + '"' if not _QUOTE.isdisjoint(text) else text
    if isinstance(value, bool):
        return "yes" if value else "no"
    return repr(tables.plain(value))


def lines(tolds: Iterable[Told], name: TableName, principles: Sequence[str]) -> Iterator[str]:
    """The header, then the rows of each session together."""
    yield _line(column.name for column in tables.table(name, principles).columns)
    write = _decisions(principles) if name == "decisions" else None
    for told in tolds:
        if write is not None:
            text = write(told)
        else:
            text = "".join(_line(map(cell, row)) for row in tables.rows(name, told, principles))
        if text:
            yield text


def _line(cells: Iterable[str]) -> str:
    return ",".join(cells) + NEWLINE


class _decisions:
    """Writes a session's decisions. Nothing is done twice that is the same in many rows: there are millions."""

    def __init__(self, principles: Sequence[str]) -> None:
        self._at = {name: 2 * n for n, name in enumerate(principles)}
        self._blank = [""] * (2 * len(principles))
        self._ids: dict[str, str] = {}
        self._seconds: dict[float, str] = {}
        self._points: dict[Points, tuple[str, str]] = {}
        # By the object and not its value, since fractions are slow to compare; kept, so that no other gets its number.
        self._losses: dict[int, tuple[Loss | None, str]] = {}

    def __call__(self, told: Told) -> str:
        session = ",".join(map(cell, tables.session_cells(told)))
        heads = {seat.seat: f"{session},{','.join(map(cell, tables.person_cells(seat)))}" for seat in told.seats}
        tick, ids, out = told.tick, self._ids, []
        for number, each in enumerate(told.decisions, 1):
            scene = ids.get(each.scene) or self._id(each.scene)
            action = ids.get(each.action) or self._id(each.action)
            took = None if tick is None else round(each.seconds / tick) * tick
            seconds = "" if took is None else self._seconds.get(took) or self._time(took)
            judgement = "yes" if each.judgement else "no"
            total, pairs = self._points.get(each.points) or self._pointed(each.points)
            _, lost = self._losses.get(id(each.lost)) or self._lost(each.lost)
            out.append(
                f"{heads[each.seat]},{number},{scene},{action},{each.minute},{seconds},{each.options},{judgement},"
                f"{total},{lost}{pairs}"
            )
        return "".join(out)

    def _id(self, text: str) -> str:
        return _kept(self._ids, text, cell(text))

    def _time(self, seconds: float) -> str:
        return _kept(self._seconds, seconds, cell(seconds))

    def _lost(self, loss: Loss | None) -> tuple[Loss | None, str]:
        return _kept(self._losses, id(loss), (loss, ",".join(map(cell, tables.loss_cells(loss)))))

    def _pointed(self, seen: Points) -> tuple[str, str]:
        """The cells of the points in all, and those by principle with the end of the line."""
        gained = sum(chosen - worst for _, chosen, worst, _ in seen)
        possible = sum(best - worst for _, _, worst, best in seen)
        pairs = list(self._blank)
        for name, chosen, worst, best in seen:
            if (at := self._at.get(name)) is not None:
                pairs[at], pairs[at + 1] = str(chosen - worst), str(best - worst)
        total = f"{gained},{possible}" if seen else ","
        return _kept(self._points, seen, (total, "".join(f",{each}" for each in pairs) + NEWLINE))


def _kept(made: dict[K, V], key: K, value: V) -> V:
    """Keep what was made, unless there is so much of it that memory would grow."""
    if len(made) > 100_000:
        made.clear()
    made[key] = value
    return value
