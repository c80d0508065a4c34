"""The HTML reports in a real browser: they ask nobody for anything, keep nobody out, and print well on A4 and on Letter."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from facilitator.chart import chart_of
from facilitator.report.cohort import cohort_report
from facilitator.report.document import Document
from facilitator.report.html import html
from facilitator.report.session import session_report
from simulator.library import Library
from tests.reports import ABOUT, HOSTILE, document, figures, play, store_in
from tests.test_report_cohort import AROUND

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

pytestmark = pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("CI"), reason="no chromium here; where tests must be whole, CI is set"
)

REPORTS = ("session", "cohort", "hostile")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("reports")
    store = store_in(folder)
    chart = chart_of(Library().bundle("kitchen-table"))
    documents: dict[str, Document] = {
        "session": session_report(play(store, "harmful"), ABOUT),
        "cohort": cohort_report(figures(), "cohort", replace(AROUND, chart=chart)),
        "hostile": document(*HOSTILE),
    }
    store.close()
    for name, text in documents.items():
        (folder / f"{name}.html").write_text(html(text), encoding="utf-8")
    return {name: folder / f"{name}.html" for name in documents}


@pytest.fixture
def page(browser: Any, files: dict[str, Path], request: pytest.FixtureRequest) -> Iterator[Any]:
    context = browser.new_context()
    opened = context.new_page()
    opened.asked = asked = []
    opened.said = said = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.goto(files[request.param].as_uri())
    yield opened
    context.close()


each_report = pytest.mark.parametrize("page", REPORTS, indirect=True)


@each_report
def test_nothing_but_the_document_is_asked_for(page: Any) -> None:
    page.wait_for_load_state("networkidle")
    assert page.asked == [page.url]
    assert page.said == []
    assert page.evaluate("document.scripts.length + document.images.length") == 0


@each_report
def test_axe_finds_nothing_that_keeps_people_out(page: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()
    assert len(found.response["passes"]) > 20


@each_report
def test_nothing_runs_over_the_side_of_a_small_screen(page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    wide, room = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= room


@pytest.mark.parametrize("page", ["session"], indirect=True)
def test_the_first_tab_skips_to_the_report(page: Any) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "report"


@pytest.mark.parametrize("page", ["session"], indirect=True)
def test_a_plan_can_be_typed_into_the_page(page: Any) -> None:
    field = page.get_by_role("textbox", name="Owner, area 1", exact=True)
    field.click()
    page.keyboard.type("Sgt. Lopez <b>")
    assert field.inner_text() == "Sgt. Lopez <b>"


@each_report
@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_it_prints_with_nothing_cut_off(page: Any, paper: str) -> None:
    pdf = page.pdf(format=paper)
    assert pdf.startswith(b"%PDF")
    pages = len(re.findall(rb"/Type\s*/Page\b", pdf))
    assert pages > 1
    page.emulate_media(media="print")
    inner = {"A4": 210 - 32, "Letter": 216 - 32}[paper] * 96 / 25.4
    page.set_viewport_size({"width": int(inner), "height": 1000})
    over = page.evaluate(
        "[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
        ".map(e => e.tagName + ': ' + e.textContent.slice(0, 40))"
    )
    assert over == []


@each_report
def test_paper_shows_no_contents_no_link_and_repeats_the_heads(page: Any) -> None:
    page.emulate_media(media="print")
    look = page.evaluate(
        "name => [...new Set([...document.querySelectorAll(name)].map(e => getComputedStyle(e).display))]", "nav, .skip"
    )
    assert look == ["none"]
    heads = "[...document.querySelectorAll('thead')].every(e => getComputedStyle(e).display === 'table-header-group')"
    rows = "[...document.querySelectorAll('tr')].every(e => getComputedStyle(e).breakInside === 'avoid')"
    kept = "[...document.querySelectorAll('h2, h3, caption')].every(e => getComputedStyle(e).breakAfter === 'avoid')"
    assert [page.evaluate(each) for each in (heads, rows, kept)] == [True, True, True]
