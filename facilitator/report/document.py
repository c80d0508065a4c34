"""A report as it is before it has a format: sections of paragraphs, lists, tables and pictures. Plain values.

Every text in it is plain text. What comes from authors or from people may hold anything; each renderer shows it as text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """A cell for people to write in. `label`: what belongs there, with what it is for: “Action, area 3”."""

    label: str
    kind: Literal["text", "date"] = "text"


Cell = str | tuple[str, ...] | Fill  # a text, several lines, or a place to write in


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `strong`: one that must not be overlooked."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A list without numbers."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Definitions:
    """Terms, each with one sentence or several."""

    pairs: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under a head; the first cell of a row is its head. `counts`: the columns of bare numbers, set to the right."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    counts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A drawing: SVG as text, what it says in words, and the same figures as tables. Only HTML shows the drawing."""

    svg: str
    alternative: str
    tables: tuple[Table, ...]


Block = Paragraph | Items | Definitions | Table | Picture


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it."""

    heading: str
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole report. `subtitle`: one line under the title; `caution`: what it may not be used for, told first and last.

    `day`: the ISO day the document is dated, so that the same figures make the same file.
    """

    title: str
    subtitle: str
    caution: str
    sections: tuple[Section, ...]
    day: str = ""
    language: str = "en-US"


def clean(text: str) -> str:
    """Text for one place on paper: in one line, without what no file may hold or what turns its neighbours round."""
    return " ".join(_UNPRINTABLE.sub("", text).split())


def is_right_to_left(text: str) -> bool:
    """Whether any of it is written from right to left, so that its direction has to be found from itself."""
    return _RIGHT_TO_LEFT.search(text) is not None
