"""What both backends understand: SQL as SQLite spells it, with `?` for a value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol


class Rows(Protocol):
    """The answer to one statement. `rowcount`: how many rows it changed."""

    @property
    def rowcount(self) -> int: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> list[Any]: ...
    def __iter__(self) -> Iterator[Any]: ...


class Sql(Protocol):
    """An open connection of either backend."""

    def execute(self, sql: str, parameters: Sequence[Any] = ..., /) -> Rows:
        """Run one statement."""

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]], /) -> None:
        """Run one statement for each of many rows."""

    def fill(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], /) -> None:
        """Add many new rows to a table, in the quickest way there is."""

    def stream(self, sql: str, parameters: Sequence[Any] = ..., /) -> Iterator[Any]:
        """The rows of a long answer, a few at a time. Inside `_picture` only; other questions may be asked meanwhile."""


def storable(text: str) -> str:
    """What somebody typed, without the half characters that a terminal may hand over and no store takes."""
    return text.encode("utf-8", "replace").decode()
