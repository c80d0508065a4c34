"""A document as Markdown (GitHub's dialect). Pictures are left out: their figures stand in the table beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from facilitator.report.document import (
    Block,
    Cell,
    Definitions,
    Document,
    Fill,
    Items,
    Paragraph,
    Picture,
    Section,
    Table,
    clean,
)

_MARKUP = re.compile(r"([\\`*_\[\]<>|~&#@$])")
_ADDRESS = re.compile(r"(?i)(https?|ftp|mailto|xmpp)(:)|(www)(\.)")
_OPENING = re.compile(r"^(\d{1,9})([.)])(?=\s|$)|^([-+=:])")


def markdown(document: Document) -> str:
    """The whole file. The same document gives the same bytes."""
    parts = [
        f"# {_x(document.title)}",
        _x(document.subtitle),
        f"> **{_x(document.caution)}**",
        *_sections(document.sections, 2),
        f"> **{_x(document.caution)}**",
    ]
    return "\n\n".join(parts) + "\n"


def _sections(sections: tuple[Section, ...], level: int) -> Iterator[str]:
    for section in sections:
        yield f"{'#' * level} {_x(section.heading)}"
        for block in section.blocks:
            yield _block(block)
        yield from _sections(section.sections, min(level + 1, 6))


def _block(block: Block) -> str:
    match block:
        case Paragraph():
            return f"**{_x(block.text)}**" if block.strong else _x(block.text)
        case Items():
            return "\n".join(f"- {_x(item)}" for item in block.items)
        case Definitions():
            return "\n".join(_definition(term, texts) for term, texts in block.pairs)
        case Table():
            return _table(block)
        case Picture():
            return "\n\n".join(map(_table, block.tables))


def _definition(term: str, texts: tuple[str, ...]) -> str:
    if len(texts) == 1:
        return f"- **{_x(term)}:** {_x(texts[0])}"
    return "\n".join([f"- **{_x(term)}:**", *(f"  - {_x(text)}" for text in texts)])


def _table(table: Table) -> str:
    rule = ("--:" if at in table.counts else "---" for at in range(len(table.head)))
    first, *rest = (f"| {' | '.join(map(_cell, row))} |" for row in (table.head, *table.rows))
    return "\n".join([f"**{_x(table.caption)}**", "", first, f"| {' | '.join(rule)} |", *rest])


def _cell(cell: Cell) -> str:
    if isinstance(cell, Fill):
        return ""
    return _x(cell) if isinstance(cell, str) else "<br>".join(map(_x, cell))


def _x(text: str) -> str:
    """Text that no reader of Markdown takes for markup, a link or the beginning of a list."""
    escaped = _MARKUP.sub(r"\\\1", clean(text))
    escaped = _ADDRESS.sub(lambda found: "\\".join(part for part in found.groups() if part), escaped)
    return _OPENING.sub(lambda found: f"{found[1]}\\{found[2]}" if found[1] else f"\\{found[3]}", escaped)
