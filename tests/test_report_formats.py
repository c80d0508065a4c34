"""One document in three formats: sound structure, the same bytes each time, and whatever a text holds stays text."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from docx import Document as open_word
from docx.oxml.ns import qn
from lxml import html as reader
from markdown_it import MarkdownIt

from facilitator.report.document import Document, clean
from facilitator.report.html import html
from facilitator.report.markdown import markdown
from facilitator.report.word import word
from simulator.debrief import CAUTION
from tests.reports import HOSTILE, document


def page(text: Document) -> reader.HtmlElement:
    return reader.document_fromstring(html(text))


def words_of(paper: object) -> str:
    """Every text of a Word file, tables and footers included."""
    return "\n".join(node.text or "" for node in paper.element.iter(qn("w:t")))  # type: ignore[attr-defined]


# --- HTML ---------------------------------------------------------------------------------------------------------


class _Nesting(HTMLParser):
    """Notes elements that are closed in another order than they were opened."""

    ALONE = frozenset({"meta", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in self.ALONE:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        """A drawing's elements close themselves."""

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


@pytest.mark.parametrize("texts", [(), HOSTILE], ids=["plain", "hostile"])
def test_html_closes_every_element_it_opens(texts: tuple[str, ...]) -> None:
    nesting = _Nesting()
    nesting.feed(html(document(*texts)))
    assert (nesting.open, nesting.wrong) == ([], [])


def test_html_asks_nobody_for_anything() -> None:
    root = page(document(*HOSTILE))
    named = [
        value for element in root.iter() for name, value in element.attrib.items() if name in ("src", "href", "action")
    ]
    assert named and all(value.startswith("#") for value in named)
    assert not root.xpath("//script | //link | //iframe | //img | //object | //style[contains(., 'url(')]")


def test_html_has_landmarks_a_skip_link_and_headings_in_order() -> None:
    root = page(document())
    assert root.get("lang") == "en-US"
    assert [len(root.xpath(f"//{name}")) for name in ("header", "nav", "main", "footer", "h1", "title")] == [1] * 6
    skip = root.xpath("//body/a[1]")[0].get("href")
    assert root.xpath(f"//main[@id='{skip[1:]}']")
    levels = [int(heading.tag[1]) for heading in root.xpath("//h1 | //h2 | //h3 | //h4")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    targets = {anchor.get("href")[1:] for anchor in root.xpath("//nav//a")}
    assert targets == {heading.get("id") for heading in root.xpath("//h2")}


def test_html_tables_have_caption_and_scopes() -> None:
    tables = page(document(*HOSTILE)).xpath("//table")
    assert tables
    for table in tables:
        assert table.xpath("./caption[normalize-space()]")
        assert {head.get("scope") for head in table.xpath("./thead//th")} == {"col"}
        assert {head.get("scope") for head in table.xpath("./tbody//th")} <= {"row"}


def test_a_picture_has_words_and_its_figures_as_a_table() -> None:
    [figure] = page(document("plain")).xpath("//figure")
    assert figure.xpath(".//*[local-name()='svg'][@role='img'][@aria-label]")
    assert figure.xpath("./figcaption")[0].text_content() == "plain"
    assert figure.getnext().tag == "table"


def test_a_field_of_the_html_says_what_it_is_for() -> None:
    blanks = page(document()).xpath("//td/div[@contenteditable]")
    assert [blank.get("aria-label") for blank in blanks] == ["Action, plain", "Owner", "Date"]
    assert {blank.get("role") for blank in blanks} == {"textbox"}


def test_only_texts_from_right_to_left_find_their_own_direction() -> None:
    root = page(document("plain", "שלום"))
    assert {element.text_content() for element in root.xpath("//*[@dir='auto']")} == {"שלום"}


# --- Markdown -----------------------------------------------------------------------------------------------------


def tokens(text: str) -> list[object]:
    return MarkdownIt("gfm-like", {"linkify": False}).parse(text)


def test_markdown_has_headings_lists_and_tables() -> None:
    kinds = [token.type for token in tokens(markdown(document()))]
    for kind in ("heading_open", "bullet_list_open", "table_open", "blockquote_open"):
        assert kind in kinds


def test_markdown_takes_no_text_for_markup() -> None:
    plain, hostile = (
        [token for token in tokens(markdown(document(*texts)))] for texts in (("plain",) * len(HOSTILE), HOSTILE)
    )
    assert [token.type for token in hostile] == [token.type for token in plain]
    marks = {child.type for token in hostile for child in token.children or ()}
    assert marks <= {"text", "text_special", "softbreak", "strong_open", "strong_close", "html_inline"}
    raw = {child.content for token in hostile for child in token.children or () if child.type == "html_inline"}
    assert raw <= {"<br>"}


def test_markdown_keeps_every_text_whole() -> None:
    shown = "\n".join(
        "".join(child.content for child in token.children or ()) for token in tokens(markdown(document(*HOSTILE)))
    )
    for text in HOSTILE:
        assert clean(text) in shown


def test_markdown_breaks_the_beginning_of_addresses() -> None:
    text = markdown(document("see www.evil.example and http://evil.example or mailto:a@b.example"))
    assert not re.search(r"(?<!\\)(www\.|https?://|mailto:|@)", text)


# --- Word ---------------------------------------------------------------------------------------------------------


def test_word_has_real_headings_and_says_its_language() -> None:
    paper = open_word(io.BytesIO(word(document())))
    styles = [
        (line.style.name, line.text) for line in paper.paragraphs if line.style.name.startswith(("Heading", "Title"))
    ]
    assert styles == [
        ("Title", "Report plain"),
        ("Heading 1", "plain"),
        ("Heading 2", "Below"),
        ("Heading 1", "Second"),
    ]
    assert (paper.core_properties.title, paper.core_properties.language) == ("Report plain", "en-US")
    [language] = paper.styles["Normal"].element.iter(qn("w:lang"))
    assert language.get(qn("w:val")) == "en-US"


def test_word_repeats_the_head_of_every_table_and_splits_no_row() -> None:
    paper = open_word(io.BytesIO(word(document(*HOSTILE))))
    assert len(paper.tables) == 3
    for table in paper.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)


def test_word_has_fields_to_fill_in_and_a_day_to_pick() -> None:
    paper = open_word(io.BytesIO(word(document())))
    fields = list(paper.element.iter(qn("w:sdt")))
    assert len(fields) == 3
    names = [field.find(f"{qn('w:sdtPr')}/{qn('w:alias')}").get(qn("w:val")) for field in fields]
    assert names == ["Action, plain", "Owner", "Date"]
    assert [field.find(f"{qn('w:sdtPr')}/{qn('w:date')}") is not None for field in fields] == [False, False, True]


def test_word_numbers_its_pages() -> None:
    paper = open_word(io.BytesIO(word(document())))
    asked = [node.text.strip() for node in paper.sections[0].footer._element.iter(qn("w:instrText"))]
    assert asked == ["PAGE", "NUMPAGES"]


def test_word_keeps_the_parts_of_a_paragraph_in_the_order_word_wants() -> None:
    order = ["pStyle", "keepNext", "pBdr", "bidi", "spacing", "ind", "jc"]
    paper = open_word(io.BytesIO(word(document(*HOSTILE))))
    for about in paper.element.iter(qn("w:pPr")):
        names = [child.tag.rpartition("}")[2] for child in about]
        assert names == sorted(names, key=order.index)


# --- all three ----------------------------------------------------------------------------------------------------


def test_every_text_comes_out_as_text_in_html_and_word() -> None:
    hostile = document(*HOSTILE)
    shown = page(hostile).xpath("//main")[0].text_content()
    written = words_of(open_word(io.BytesIO(word(hostile))))
    for text in HOSTILE:
        assert clean(text) in shown
        assert clean(text) in written


def test_what_turns_its_neighbours_round_or_cannot_be_stored_is_left_out() -> None:
    for text in (html(document(*HOSTILE)), markdown(document(*HOSTILE))):
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08]", text)


@pytest.mark.parametrize("write", [html, markdown, word], ids=["html", "md", "docx"])
def test_the_same_document_makes_the_same_file(write: object) -> None:
    assert write(document(*HOSTILE)) == write(document(*HOSTILE))  # type: ignore[operator]


def test_every_format_begins_and_ends_with_what_it_may_not_be_used_for() -> None:
    text = document()
    parts = page(text).xpath("//header | //footer")
    assert len(parts) == 2
    assert all(CAUTION in part.text_content() for part in parts)
    lines = [line for line in markdown(text).splitlines() if line]
    assert CAUTION in lines[2]
    assert CAUTION in lines[-1]
    paper = open_word(io.BytesIO(word(text)))
    assert [number for number, line in enumerate(paper.paragraphs) if line.text == CAUTION] == [
        2,
        len(paper.paragraphs) - 1,
    ]
