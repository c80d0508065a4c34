"""The page on exports says what the program says."""

from __future__ import annotations

from facilitator.export import as_xapi
from facilitator.export.command import told_of
from tests.exported import crowd, played
from tests.tools.export_page import PAGE, page


def test_the_page_on_exports_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.tools.export_page"


def test_every_extension_of_a_statement_is_described_and_every_one_described_occurs() -> None:
    found: set[tuple[str, str]] = set()
    for told in told_of(played(*crowd(5)), "research", "", b"k" * 32):
        for statement in as_xapi.statements(told, "research"):
            found |= {("context", key) for key in statement["context"]["extensions"]}
            found |= {(statement["verb"]["display"]["en"], key) for key in statement["result"]["extensions"]}
    described = {
        (place, f"{as_xapi.TERMS}/{key}")
        for key, where, _ in as_xapi.EXTENSIONS
        for place in (["answered", "completed"] if where == "result" else [where.rpartition(" ")[2]])
    }
    assert found == described
