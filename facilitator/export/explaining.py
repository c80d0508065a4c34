"""What goes along with an export: for whom it is, what it leaves out, and what every column or field means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from facilitator.export import as_json, as_xapi, tables
from facilitator.export.levels import ALWAYS, KEPT, LEFT_OUT, STILL
from facilitator.export.tables import Column, TableName
from facilitator.export.told import LEVELS, LevelName
from simulator.debrief import CAUTION


def levels() -> Iterator[str]:
    """The three levels, for `--explain`; lines of text."""
    yield "Every export leaves out:\n"
    yield from _points(ALWAYS)
    for level in LEVELS:
        yield f"\n--for {level}\n{KEPT[level]} It leaves out, besides:\n"
        yield from _points(LEFT_OUT[level])
    yield f"\n{STILL}\n\n{CAUTION}\n"


def of_csv(level: LevelName, name: TableName, principles: Sequence[str]) -> Iterator[str]:
    """The data dictionary of a table, in Markdown."""
    table = tables.table(name, principles or ("PRINCIPLE",))
    yield from _head(f"Data dictionary: {name}", level)
    yield (
        f"One row a {table.one}. CSV by RFC 4180, UTF-8, a header line. A cell of text that a spreadsheet would take for "
        "a formula has an apostrophe before it.\n"
    )
    if not principles and "PRINCIPLE" in table.columns[-1].name:
        yield "\nThere is a pair of the last two columns for each principle that was observed, in place of PRINCIPLE.\n"
    yield "\n"
    yield from dictionary(table.columns)
    yield f"\n{CAUTION}\n"


def dictionary(columns: Iterable[Column]) -> Iterator[str]:
    yield "| column | type | unit | meaning | empty means |\n|---|---|---|---|---|\n"
    for each in columns:
        yield f"| {each.name} | {each.type} | {each.unit or '-'} | {each.meaning} | {each.empty or 'never empty'} |\n"


def of_json(level: LevelName) -> Iterator[str]:
    """What the fields of a JSON export mean, in Markdown."""
    yield from _head("Sessions as JSON", level)
    yield (
        f"One object a session, `schema` {as_json.SCHEMA}. null: left out at this level, or there is none. The fields are named "
        "and mean what the columns of the CSV tables do; what each of a session's lists holds is a table there.\n"
    )
    for name, field in _LISTS.items():
        yield f"\n## {field}\n\n| field | meaning | null means |\n|---|---|---|\n"
        skipped = () if name == "sessions" else tables.SESSION_COLUMNS
        for each in tables.table(name, ()).columns:
            if each.name not in skipped and not (name == "decisions" and each.name in _OF_SEAT):
                yield f"| {each.name} | {each.meaning} | {each.empty or 'never null'} |\n"
    yield (
        "\n`lost` and `unknowable` are objects with `lines`, `duties` and `practice`; `practice` of a seat and `points` of a "
        "decision name each principle that was observed, with `gained` and `possible`; `other_seats` is a list of seats with "
        f"their roles; `lines` is the list of those crossed.\n\n{CAUTION}\n"
    )


_LISTS: dict[TableName, str] = {
    "sessions": "A session",
    "seats": "`seats`",
    "decisions": "`decisions`",
    "duties": "`duties`",
    "lines": "`lines`",
    "objectives": "`objectives`",
    "guesses": "`guesses`",
}
_OF_SEAT = ("role", "agency", "person", "play", "again")


def of_xapi(level: LevelName) -> Iterator[str]:
    """What the statements hold, in Markdown."""
    yield from _head(f"xAPI {as_xapi.VERSION} statements", level)
    yield from _points(
        (
            f"actor: an account; its `name` is {'a code of one play' if level == 'partner' else 'the person’s random id or code'}",
            "“answered”: one choice; the object is the scene, `response` the action's id. The score is practice points gained of "
            "possible, and is missing where nothing was observed and in judgement scenes",
            "“completed”: a person's play came to its end; the object is the scenario. `duties` has the result of every clause, "
            "`lines` what this person crossed, `objectives` the letters",
            "no statement has a `success`: no ending is one",
            "`timestamp` is the beginning, in UTC, of the day, month or year that the extension `date` names",
            "`registration` is the session; the agency and the workshop are activities in `grouping`, told apart but not named",
            "ids are made from the session, the seat and the number of the choice; for partner and research from codes that "
            "are new in each export, unless --key names a file to keep them by",
        )
    )
    yield f"\nExtensions; all keys begin with {as_xapi.TERMS}/.\n\n"
    yield from extensions()
    yield f"\n{CAUTION}\n"


def extensions() -> Iterator[str]:
    """The extensions of statements, in Markdown."""
    yield "| key | in | meaning |\n|---|---|---|\n"
    for key, where, meaning in as_xapi.EXTENSIONS:
        yield f"| {key} | {where} | {meaning} |\n"


def _head(title: str, level: LevelName) -> Iterator[str]:
    yield f"# {title}\n\nLevel: {level}. {KEPT[level]}\n\nLeft out:\n\n"
    yield from _points((*ALWAYS, *LEFT_OUT[level]))
    yield f"\n{STILL}\n\n"


def _points(sentences: Sequence[str]) -> Iterator[str]:
    for each in sentences:
        yield f"- {each}\n"
