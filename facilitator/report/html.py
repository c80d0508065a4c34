"""A document as one HTML file that asks nobody for anything: style and pictures inside, no script.

It reads in any browser, with a screen reader, and on paper: A4 or Letter, whichever the printer holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from importlib.resources import files

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
    is_right_to_left,
)

_FIGURE = re.compile(r"\([−\d][^()]*(?:–| to )[^()]*\)|n = [\d,]+")  # an interval, a count: kept in one line
_WIDE = 5  # columns
_LONG = 24  # characters of a word that no column need be wide enough for


def html(document: Document) -> str:
    """The whole file. The same document gives the same bytes."""
    style = (files("facilitator.report") / "report.css").read_text(encoding="utf-8")
    caution = f'<p class="caution"{_way(document.caution)}>{_x(document.caution)}</p>'
    return "\n".join(
        [
            "<!DOCTYPE html>",
            f'<html lang="{_x(document.language)}">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
            f"<title>{_x(document.title)}</title>",
            f"<style>\n{style}</style>",
            "</head>",
            "<body>",
            '<a class="skip" href="#report">Skip to the report</a>',
            "<header>",
            f"<h1{_way(document.title)}>{_x(document.title)}</h1>",
            f'<p class="subtitle"{_way(document.subtitle)}>{_x(document.subtitle)}</p>',
            caution,
            "</header>",
            *_contents(document),
            '<main id="report" tabindex="-1">',
            *_sections(document.sections, "s", 2),
            "</main>",
            f"<footer>\n{caution}\n</footer>",
            "</body>",
            "</html>",
            "",
        ]
    )


def _contents(document: Document) -> Iterator[str]:
    yield '<nav aria-label="Contents">\n<ol>'
    for number, section in enumerate(document.sections, 1):
        yield f'<li><a href="#s{number}"{_way(section.heading)}>{_x(section.heading)}</a></li>'
    yield "</ol>\n</nav>"


def _sections(sections: tuple[Section, ...], name: str, level: int) -> Iterator[str]:
    for number, section in enumerate(sections, 1):
        own = f"{name}{number}"
        yield "<section>"  # without a name: dozens of landmarks would be none
        yield f'<h{level} id="{own}"{_way(section.heading)}>{_x(section.heading)}</h{level}>'
        for block in section.blocks:
            yield from _block(block)
        yield from _sections(section.sections, f"{own}-", min(level + 1, 6))
        yield "</section>"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph():
            kind = ' class="strong"' if block.strong else ""
            yield f"<p{kind}{_way(block.text)}>{_x(block.text)}</p>"
        case Items():
            yield "<ul>"
            yield from (f"<li{_way(item)}>{_x(item)}</li>" for item in block.items)
            yield "</ul>"
        case Definitions():
            yield "<dl>"
            for term, texts in block.pairs:
                yield f"<div><dt{_way(term)}>{_x(term)}</dt>"
                yield from (f"<dd{_way(text)}>{_x(text)}</dd>" for text in texts)
                yield "</div>"
            yield "</dl>"
        case Table():
            yield from _table(block)
        case Picture():
            yield f'<figure>\n<div class="drawing" tabindex="0" role="group" aria-label="{_x(block.alternative)}">'
            yield block.svg
            yield f"</div>\n<figcaption{_way(block.alternative)}>{_x(block.alternative)}</figcaption>\n</figure>"
            for table in block.tables:
                yield from _table(table)


def _table(table: Table) -> Iterator[str]:
    fill = any(isinstance(cell, Fill) for row in table.rows for cell in row)
    wide = len(table.head) >= _WIDE
    if wide:  # a small screen moves the table alone, and a keyboard can
        yield f'<div class="wide" tabindex="0" role="group" aria-label="{_x(table.caption)}">'
    yield '<table class="fill">' if fill else "<table>"
    yield f"<caption{_way(table.caption)}>{_x(table.caption)}</caption>"
    heads = (
        f'<th scope="col"{_kind(table, at, head)}{_way(head)}>{_x(head)}</th>' for at, head in enumerate(table.head)
    )
    yield f"<thead><tr>{''.join(heads)}</tr></thead>"
    yield "<tbody>"
    for row in table.rows:
        yield f"<tr>{''.join(_cell(table, at, cell) for at, cell in enumerate(row))}</tr>"
    yield "</tbody>\n</table>" + ("\n</div>" if wide else "")


def _cell(table: Table, at: int, cell: Cell) -> str:
    if isinstance(cell, Fill):
        return (
            f'<td><div class="blank" role="textbox" aria-multiline="true" contenteditable="plaintext-only" '
            f'tabindex="0" aria-label="{_x(cell.label)}"></div></td>'
        )
    if isinstance(cell, tuple):
        lines = "".join(f"<li{_way(line)}>{_x(line)}</li>" for line in cell)
        return f"<td{_kind(table, at, *cell)}><ul>{lines}</ul></td>"
    if at == 0:
        return f'<th scope="row"{_kind(table, at, cell)}{_way(cell)}>{_x(cell)}</th>'
    whole = _FIGURE.sub(r'<span class="whole">\g<0></span>', _x(cell))
    return f"<td{_kind(table, at, cell)}{_way(cell)}>{whole}</td>"


def _kind(table: Table, at: int, *texts: str) -> str:
    """The class of a cell: a bare number is kept whole; a word too long for any column may be broken anywhere."""
    if any(len(word) > _LONG for text in texts for word in text.split()):
        return ' class="long"'
    return ' class="count"' if at in table.counts else ""


def _way(text: str) -> str:
    return ' dir="auto"' if is_right_to_left(text) else ""


def _x(text: str) -> str:
    return escape(clean(text))
