"""The text-only seat in a real browser: nothing on it keeps anybody out, it needs no script, and it fits the smallest screens."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from facilitator.host.textseat import Page, TextSeat
from simulator.seated import Seating
from tests.speaking import OPEN
from tests.test_report_browser import CHROMIUM, browser
from tests.test_text_seat import at_both, at_the_phone
from tests.test_text_seat_debrief import over, to_reactions
from tests.text_reader import Reader, Table, evening, room, store

__all__ = ["browser", "evening", "over", "store"]

pytestmark = pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("CI"), reason="no chromium here; where tests must be whole, CI is set"
)
STYLE = (files("facilitator.host") / "static" / "text.css").read_text(encoding="utf-8")
HOST = "http://handoff.test"
POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'"


def answer(text: TextSeat, route: Any) -> None:
    """What a host would answer; whatever is none of its pages is refused, and noticed by `asked`."""
    request = route.request
    path = urlsplit(request.url)
    secret = path.path.removeprefix("/t/")
    headers = {"Content-Security-Policy": POLICY}
    if path.path == "/static/text.css":
        route.fulfill(body=STYLE, content_type="text/css")
        return
    if request.method == "POST":
        form = {name: values[-1] for name, values in parse_qs(request.post_data or "", keep_blank_values=True).items()}
        done = text.act(secret, form)
        page = done if isinstance(done, Page) else text.page(secret, done.to)
    else:
        page = text.page(secret, request.url)
    route.fulfill(status=page.status, body=page.html, content_type="text/html; charset=utf-8", headers=headers)


@pytest.fixture
def visit(browser: Any) -> Iterator[Callable[..., Any]]:
    contexts = []

    def opened(reader: Reader, *, script: bool = True, width: int = 320, dark: bool = False) -> Any:
        """The page that a reader has got, in a browser."""
        context = browser.new_context(
            java_script_enabled=script,
            bypass_csp=script,  # for axe itself
            viewport={"width": width, "height": 640},
            color_scheme="dark" if dark else "light",
        )
        contexts.append(context)
        context.set_default_timeout(20_000)
        context.route("**/*", lambda route: answer(reader.seat, route))
        page = context.new_page()
        page.asked = asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{HOST}/t/{reader.secret}{reader.query}")
        return page

    yield opened
    for context in contexts:
        context.close()


def clean(page: Any) -> None:
    """Axe finds nothing, and nothing runs over the side."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()
    assert len(found.response["passes"]) > 10
    wide, there = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= there


Visit = Callable[..., Any]


def test_axe_finds_nothing_while_somebody_waits_to_be_seated(store: Any, visit: Visit) -> None:
    with room(store, name="kitchen-table") as (seating, text, opened):
        reader = Reader(text, seating.admit(opened, alias="Heron"))
        reader.look("")
        clean(visit(reader))


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing_before_and_in_a_story(evening: Table, visit: Visit, dark: bool) -> None:
    officer, advocate = evening["officer"], evening["advocate"]
    officer.look("")
    clean(visit(officer, dark=dark))
    officer.look("?seen=0")
    clean(visit(officer, dark=dark))
    clean(visit(advocate, dark=dark))
    officer.press("Do it", "Take her apart")
    clean(visit(officer, dark=dark))
    officer.press("Skip this question")
    advocate.look()
    advocate.press("Do it")
    clean(visit(advocate, dark=dark))  # it says that nothing was chosen


def test_axe_finds_nothing_on_the_quiet_pages(evening: Table, visit: Visit) -> None:
    officer, advocate = evening["officer"], evening["advocate"]
    officer.press("Pause")
    clean(visit(officer))
    clean(visit(advocate))
    advocate.look()
    advocate.follow("Go on all the same")
    clean(visit(advocate))
    officer.press("Step out")
    clean(visit(officer))
    officer.press("Let the computer play my part to the end")
    clean(visit(officer))


def test_axe_finds_nothing_where_something_can_be_said(store: Any, visit: Visit) -> None:
    with room(store, name=str(OPEN)) as (seating, text, opened):
        table = Table(seating, text, opened, seating.bundle(opened).scenario.seats)
        table["advocate"].begin()
        table["advocate"].follow("Say something")
        clean(visit(table["advocate"]))


def test_axe_finds_nothing_in_the_debrief(over: Table, visit: Visit) -> None:
    officer, advocate = over["officer"], over["advocate"]
    clean(visit(officer))
    to_reactions(over)
    clean(visit(officer))
    officer.press("Done", reactions="Hard.")
    clean(visit(officer))
    advocate.press("Done")
    officer.look()
    clean(visit(officer))
    officer.press("On to: analysis")
    clean(visit(officer))
    officer.press("On to: keep and change")
    clean(visit(officer))
    officer.press("Done")
    clean(visit(officer))


def test_axe_finds_nothing_at_a_ticket_that_leads_nowhere(store: Any, visit: Visit) -> None:
    text = TextSeat(Seating(None, store))  # type: ignore[arg-type]
    clean(visit(Reader(text, "no-such-ticket")))


def test_what_looks_again_by_itself_is_all_that_axe_minds_where_somebody_asked_for_it(
    evening: Table, visit: Visit
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    evening["advocate"].follow("Look again by itself")
    found = Axe().run(visit(evening["advocate"])).response["violations"]
    assert [each["id"] for each in found] == ["meta-refresh"]


def test_it_looks_again_by_itself_until_it_is_the_seat_s_turn(evening: Table, visit: Visit) -> None:
    evening["advocate"].follow("Look again by itself")
    page = visit(evening["advocate"], script=False)
    at_the_phone(evening)
    page.get_by_role("heading", name="It is your turn").wait_for()


def test_a_turn_is_taken_without_script_by_keys_alone(evening: Table, visit: Visit) -> None:
    page = visit(evening["officer"], script=False)
    page.get_by_role("radio", name="Take her apart (3 min)").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="A private question").wait_for()
    assert evening.kinds() == ["start", "choose"]


def test_a_form_without_a_choice_is_not_even_sent(evening: Table, visit: Visit) -> None:
    page = visit(evening["officer"], script=False)
    page.get_by_role("button", name="Do it").click()
    page.get_by_role("radio", name="Take her apart (3 min)").check()
    assert len([url for url in page.asked if "/t/" in url]) == 1


def test_pausing_needs_no_choice(evening: Table, visit: Visit) -> None:
    page = visit(evening["officer"], script=False)
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("heading", name="Paused").wait_for()
    page.get_by_role("button", name="Go on", exact=True).click()
    page.get_by_role("heading", name="It is your turn").wait_for()


def test_the_first_tab_skips_to_the_page_itself_and_the_next_ones_pause_and_step_out(
    evening: Table, visit: Visit
) -> None:
    page = visit(evening["officer"])
    order = []
    for _ in range(4):
        page.keyboard.press("Tab")
        order.append(page.evaluate("document.activeElement.textContent"))
    assert order == ["Skip to the page itself", "Pause", "Step out", "New since you last looked"]


def test_one_first_heading_a_language_and_the_landmarks(evening: Table, visit: Visit) -> None:
    at_both(evening)
    page = visit(evening["officer"])
    count = "name => document.querySelectorAll(name).length"
    assert [page.evaluate(count, each) for each in ("h1", "main", "header", "html[lang=en]", "script", "[style]", "img")] == [
        1, 1, 1, 1, 0, 0, 0,
    ]  # fmt: skip


def test_nothing_but_the_page_and_its_style_is_asked_for(evening: Table, visit: Visit) -> None:
    page = visit(evening["officer"])
    page.wait_for_load_state("networkidle")
    assert {urlsplit(url).path for url in page.asked} == {f"/t/{evening['officer'].secret}", "/static/text.css"}


def test_every_button_is_big_enough_for_a_thumb(evening: Table, visit: Visit) -> None:
    page = visit(evening["officer"])
    low = page.evaluate(
        "Math.min(...[...document.querySelectorAll('button, .one')].map(e => e.getBoundingClientRect().height))"
    )
    assert low >= 44
