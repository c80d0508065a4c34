"""A document as a Word file that can be edited: real headings, tables whose heads repeat, fields to write in, page numbers.

Pictures are left out: their figures stand in the table beside them.
"""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any

from docx import Document as new_document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Length, Pt, RGBColor

from facilitator.report.document import (
    Block,
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

_INK, _DEEP = RGBColor(0x1B, 0x24, 0x2C), RGBColor(0x12, 0x30, 0x3F)
_WIDTH = 17.0  # centimetres between the margins, on A4 and on Letter
IN_SHORT = "Simulated choices. For talking and learning; not for discipline, hiring or certification."
_LETTER = 0.17  # centimetres of one, on average, in a table
_FIRST_DAY = datetime(2000, 1, 1)  # where a document has no day of its own


def word(document: Document) -> bytes:
    """The file. The same document gives the same bytes: nothing in it tells when it was written."""
    paper = new_document()
    _look(paper, document)
    paper.add_paragraph(clean(document.title), style="Title")
    paper.add_paragraph(clean(document.subtitle), style="Subtitle")
    _caution(paper, document.caution)
    _sections(paper, document.sections, 1)
    _caution(paper, document.caution)
    written = io.BytesIO()
    paper.save(written)
    return _undated(written.getvalue())


def _look(paper: Any, document: Document) -> None:
    """Styles, language, margins, properties, footer."""
    about = paper.core_properties
    about.title, about.subject, about.author = clean(document.title)[:255], clean(document.subtitle)[:255], "Handoff"
    about.last_modified_by, about.comments, about.language = "Handoff", "", document.language
    about.created = about.modified = datetime.fromisoformat(document.day) if document.day else _FIRST_DAY
    for name in ("Normal", "Title", "Subtitle", "Heading 1", "Heading 2", "Heading 3", "Caption", "List Bullet"):
        style = paper.styles[name]
        style.font.name, style.font.color.rgb = "Arial", _INK if name in ("Normal", "List Bullet") else _DEEP
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):  # the theme's fonts would win
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        for script in ("w:hAnsi", "w:cs"):
            fonts.set(qn(script), "Arial")
    paper.styles["Normal"].font.size = Pt(10)
    paper.styles["Normal"].paragraph_format.space_after = Pt(5)
    for name, size, before in (
        ("Title", 20, 0),
        ("Heading 1", 14, 18),
        ("Heading 2", 11.5, 12),
        ("Heading 3", 10.5, 8),
    ):
        paper.styles[name].font.size, paper.styles[name].font.bold = Pt(size), True
        paper.styles[name].paragraph_format.space_before = Pt(before)
        paper.styles[name].paragraph_format.space_after = Pt(4)
    caption = paper.styles["Caption"]
    caption.font.size, caption.font.bold = Pt(10), True
    caption.paragraph_format.keep_with_next, caption.paragraph_format.space_before = True, Pt(8)
    paper.styles["Subtitle"].font.size, paper.styles["Subtitle"].font.italic = Pt(11), False
    for style in (paper.styles["Normal"], paper.styles["Default Paragraph Font"]):
        _set(style.element.get_or_add_rPr(), "w:lang", val=document.language)
    for page in paper.sections:
        page.left_margin = page.right_margin = Cm(2)
        page.top_margin = page.bottom_margin = Cm(2)
        line = page.footer.paragraphs[0]
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.add_run(f"{IN_SHORT} Page ")
        _field(line, "PAGE")
        line.add_run(" of ")
        _field(line, "NUMPAGES")
        for run in line.runs:
            run.font.size = Pt(8)


def _caution(paper: Any, text: str) -> None:
    line = paper.add_paragraph()
    line.add_run(clean(text)).bold = True
    line.paragraph_format.left_indent = Cm(0.3)
    edges = OxmlElement("w:pBdr")
    _set(edges, "w:left", val="single", sz="24", space="8", color="8A5200")
    line._p.get_or_add_pPr().insert_element_before(edges, "w:shd", "w:spacing", "w:ind", "w:jc", "w:rPr")


def _sections(paper: Any, sections: tuple[Section, ...], level: int) -> None:
    for section in sections:
        _directed(paper.add_heading(clean(section.heading), level), section.heading)
        before = len(paper.paragraphs) if _to_keep(section) else None
        for block in section.blocks:
            _block(paper, block)
        if before is not None:
            for line in paper.paragraphs[before:-1]:
                line.paragraph_format.keep_with_next = True
        _sections(paper, section.sections, min(level + 1, 3))


def _to_keep(section: Section) -> bool:
    """Whether the section ends in fields to fill in, which belong on the page of what they are for."""
    last = section.blocks[-1] if section.blocks else None
    return isinstance(last, Table) and any(isinstance(cell, Fill) for row in last.rows for cell in row)


def _block(paper: Any, block: Block) -> None:
    match block:
        case Paragraph():
            line = paper.add_paragraph()
            line.add_run(clean(block.text)).bold = block.strong or None
            _directed(line, block.text)
        case Items():
            for item in block.items:
                _directed(paper.add_paragraph(clean(item), style="List Bullet"), item)
        case Definitions():
            for term, texts in block.pairs:
                line = paper.add_paragraph()
                line.add_run(clean(term) + ": ").bold = True
                if len(texts) == 1:
                    line.add_run(clean(texts[0]))
                    _directed(line, texts[0])
                    continue
                line.paragraph_format.keep_with_next = True
                for text in texts:
                    _directed(paper.add_paragraph(clean(text), style="List Bullet"), text)
        case Table():
            _table(paper, block)
        case Picture():
            for table in block.tables:
                _table(paper, table)


def _table(paper: Any, table: Table) -> None:
    _directed(paper.add_paragraph(clean(table.caption), style="Caption"), table.caption)
    grid = paper.add_table(rows=1 + len(table.rows), cols=len(table.head), style="Table Grid")
    grid.alignment = WD_TABLE_ALIGNMENT.LEFT
    widths = _widths(table)
    for column, width in zip(grid.columns, widths, strict=True):
        column._gridCol.w = width
    rows = list(grid.rows)  # asked for once: python-docx looks through the table for each
    for number, (row, cells) in enumerate(zip(rows, (table.head, *table.rows), strict=True)):
        about = row._tr.get_or_add_trPr()
        _set(about, "w:cantSplit")
        if number == 0:
            _set(about, "w:tblHeader")
        for at, (place, cell) in enumerate(zip(row._tr.tc_lst, cells, strict=True)):
            line = place.p_lst[0]
            place.width = widths[at]
            if isinstance(cell, Fill):
                _set(about, "w:trHeight", val="700", hRule="atLeast")
                _to_fill(line, cell)
                continue
            lines = (cell,) if isinstance(cell, str) else tuple(f"• {text}" for text in cell) or ("",)
            _write(line, lines[0], bold=not (number and at), right=at in table.counts)
            for more in lines[1:]:
                _write(place.add_p(), more)
            if number == 0:
                _set(place.get_or_add_tcPr(), "w:shd", val="clear", color="auto", fill="E8EEF2")
    paper.add_paragraph().paragraph_format.space_after = Pt(2)


def _widths(table: Table) -> list[Length]:
    """What each column gets of the page: room for its longest word, and more where there is more to read."""
    least, weights = [], []
    for column in zip(table.head, *table.rows, strict=True):
        texts = [
            text
            for cell in column
            if not isinstance(cell, Fill)
            for text in ((cell,) if isinstance(cell, str) else cell)
        ]
        longest = max((len(word) for text in texts for word in text.split()), default=0)
        least.append(_LETTER * (min(longest, 24) + 3))
        weights.append(float(sum(map(len, texts)) or 1))
    if sum(least) > _WIDTH:
        return [Cm(_WIDTH * each / sum(least)) for each in least]
    rest = _WIDTH - sum(least)
    return [Cm(each + rest * weight / sum(weights)) for each, weight in zip(least, weights, strict=True)]


def _write(line: Any, text: str, *, bold: bool = False, right: bool = False) -> None:
    run = line.add_r()
    if bold:
        _set(run.get_or_add_rPr(), "w:b")
    _set(run.get_or_add_rPr(), "w:sz", val="18")  # half points
    run.text = clean(text)
    about = line.get_or_add_pPr()
    if is_right_to_left(text):  # before the rest: the order of these is fixed
        _set(about, "w:bidi")
    _set(about, "w:spacing", before="40", after="40")
    if right:
        _set(about, "w:jc", val="right")


def _to_fill(line: Any, cell: Fill) -> None:
    """A content control: a field that Word lets one click into and type, or pick a day."""
    field = OxmlElement("w:sdt")
    about = _set(field, "w:sdtPr")
    _set(about, "w:alias", val=clean(cell.label)[:64])
    _set(about, "w:tag", val=clean(cell.label).lower().replace(" ", "-")[:64])
    _set(about, "w:showingPlcHdr")
    if cell.kind == "date":
        _set(_set(about, "w:date"), "w:dateFormat", val="yyyy-MM-dd")
    else:
        _set(about, "w:text", multiLine="1")
    run = _set(_set(field, "w:sdtContent"), "w:r")
    look = _set(run, "w:rPr")
    _set(look, "w:color", val="55616C")
    _set(look, "w:sz", val="18")
    _set(run, "w:t").text = "Pick a day" if cell.kind == "date" else "Write here"
    line.append(field)


def _directed(line: Any, text: str) -> None:
    if is_right_to_left(text):
        _set(line._p.get_or_add_pPr(), "w:bidi")


def _field(line: Any, name: str) -> None:
    """A number that Word works out: the page, or how many there are."""
    for kind in ("begin", None, "separate", "1", "end"):
        run = line.add_run()
        if kind is None:
            _set(run._r, "w:instrText", **{"xml:space": "preserve"}).text = f" {name} "
        elif kind == "1":
            run.text = kind
        else:
            _set(run._r, "w:fldChar", fldCharType=kind)


def _set(parent: Any, tag: str, **values: str) -> Any:
    """Add an element with these attributes, in place of one of the same name."""
    old = parent.find(qn(tag))
    if old is not None:
        parent.remove(old)
    made = OxmlElement(tag)
    for name, value in values.items():
        made.set(qn(name if ":" in name else f"w:{name}"), value)
    parent.append(made)
    return made


def _undated(written: bytes) -> bytes:
    """The same file with every part dated 1980, the first day a zip knows."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(written)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for part in given.infolist():
            made.writestr(zipfile.ZipInfo(part.filename, (1980, 1, 1, 0, 0, 0)), given.read(part), zipfile.ZIP_DEFLATED)
    return out.getvalue()
