"""A host as people meet it: a real browser, from the way in to the debrief, and what it refuses."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from simulator.library import Library
from simulator.log import open_store
from simulator.log.rooms import new_code, new_secret
from simulator.seated import Seated, Seating
from tests.host_process import ESC, F9, AtSeat, Hosted, Shown, evening, hosted
from tests.test_report_browser import CHROMIUM, QUIET

pytestmark = pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("CI"), reason="no chromium here; where tests must be whole, CI is set"
)

PHONE = {"width": 390, "height": 844}


class BrowserTab(AtSeat):
    """A page in a browser of its own; `shown` is what its terminal was sent to draw, since a canvas cannot be read."""

    def __init__(self, page: Any):
        self.page = page
        self.shown = Shown()
        self.asked: list[str] = []  # the addresses of all that the page asked for
        self.heard = b""  # all that the terminal was sent
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("websocket", self._opened)

    def _opened(self, socket: Any) -> None:
        self.asked.append(socket.url)
        asked = parse_qs(urlsplit(socket.url).query)
        self.shown = shown = Shown(*(int(asked[name][0]) if name in asked else 80 for name in ("width", "height")))
        socket.on("framereceived", lambda data: self._drawn(shown, data) if isinstance(data, bytes) else None)
        socket.on("framesent", lambda data: self._resized(shown, json.loads(data)))

    def _drawn(self, shown: Shown, data: bytes) -> None:
        self.heard += data
        shown.feed(data)

    def _resized(self, shown: Shown, said: list[Any]) -> None:
        if said[0] == "resize":
            shown.resize(said[1]["width"], said[1]["height"])

    def press(self, keys: str) -> None:
        for key in {"\r": ["Enter"], F9: ["F9"], ESC: ["Escape"]}.get(keys, list(keys)):
            self.page.keyboard.press(key)

    def pause(self) -> None:
        self.page.wait_for_timeout(20)

    def come_in(self, host: Hosted, seat: str, alias: str, code: str = "") -> BrowserTab:
        page = self.page
        page.goto(f"{host.url}/")
        page.get_by_label("Code of the room").fill((code or host.code).lower())
        page.get_by_label("What the others call you").fill(alias)
        page.get_by_label(seat).check()
        page.get_by_role("button", name="Come in").click()
        page.wait_for_url("**/s/*")
        return self


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("host")


@pytest.fixture(scope="module")
def host(folder: Path) -> Iterator[Hosted]:
    with hosted(folder, evening(folder)) as running:
        yield running


@pytest.fixture
def tab(browser: Any) -> Iterator[Callable[..., BrowserTab]]:
    """Opens tabs, each on a device of its own."""
    devices = []

    def open_tab(**device: Any) -> BrowserTab:
        devices.append(browser.new_context(**device))
        return BrowserTab(devices[-1].new_page())

    yield open_tab
    for device in devices:
        device.close()


@pytest.fixture
def elsewhere(folder: Path, host: Hosted) -> Iterator[Seating]:
    """Another program on the host's store."""
    store = open_store(folder / "store.sqlite3")
    seating = Seating(Library(), store)
    yield seating
    seating.close()
    store.close()


def admitted(seating: Seating, host: Hosted, seat: str = "advocate") -> tuple[str, Seated | None]:
    """Somebody who came in without a browser; their ticket, and their seat if they have one."""
    secret = seating.admit(seating.room(host.code), alias="Plover", wish=seat)
    found = seating.find(secret)
    return secret, found if isinstance(found, Seated) else None


def test_two_tabs_play_from_the_way_in_to_the_end_of_the_debrief_and_ask_nobody_else(
    host: Hosted, tab: Callable[..., BrowserTab]
) -> None:
    officer = tab().come_in(host, "Officer Reyes", "Heron")
    advocate = tab().come_in(host, "Maya Ellison", "Plover")
    officer.sit_down("At the door", "Heron, Officer Reyes")
    advocate.sit_down("Officer Reyes is thinking")
    officer.choose("1", "Take her apart")
    advocate.choose("1", "Listen")
    officer.choose("1", "You stay")
    assert not advocate.shows("1 You keep the line", "You stay")
    advocate.choose("2", "You hang up")
    officer.choose("1", "This way")
    for each in (officer, advocate):
        each.wait_for("Go to the debrief")
        each.onward("\r", "Go to the debrief")
        each.wait_for("In one line: how was that for you?")
        each.press("Long.")
        each.press("\r")
    for each in (officer, advocate):
        each.wait_for("▶ What happened", "The night ends")
        each.press(F9)
        each.wait_for("▶ Analysis", "1 Lines")
        each.press("9")
        each.wait_for("9 Together", "F9 Next part")
        each.press(F9)
        each.wait_for("One thing to keep:")
    assert {urlsplit(url).netloc for each in (officer, advocate) for url in each.asked} == {urlsplit(host.url).netloc}


def test_whoever_runs_the_room_watches_a_pair_pauses_it_speaks_to_it_and_moves_everybody_on(
    host: Hosted, folder: Path, tab: Callable[..., BrowserTab], elsewhere: Seating
) -> None:
    code, key = new_code(), new_secret()  # a room of its own on the same host
    elsewhere.store.open_room(code, key, workshop="spring", scenario=evening(folder))
    people = (("Officer Reyes", "Heron"), ("Maya Ellison", "Plover"), ("Officer Reyes", "Wren"))
    officer, advocate, other = seats = [tab().come_in(host, seat, alias, code) for seat, alias in people]
    crane = {"code": code, "alias": "Crane", "seat": "advocate"}  # who looks at no page of theirs
    other.page.request.post(f"{host.url}/join", form=crane, headers={"Origin": host.url}, max_redirects=0)
    for each in seats:
        each.sit_down("is thinking" if each is advocate else "At the door")

    leader = tab(viewport={"width": 1280, "height": 800})
    leader.page.goto(f"{host.url}/room/{key}")
    assert leader.page.get_by_role("row").filter(has_text="Plover").count() == 1
    leader.page.get_by_role("link", name="Open the table of pairs").click()
    leader.wait_for("2 pairs: 2 play", "●Heron ●Plover", "●Wren ○Crane", "Enter Watch", "W Wall")
    assert "▔" not in leader.shown.text  # a list without its styles would stand in a box

    leader.press("\r")
    leader.wait_for("Watching", "OFFICERSECRET one.", "ADVOCATESECRET one.")
    officer.choose("1", "Take her apart")
    leader.wait_for("She tells her part.")
    leader.press(ESC)

    leader.wait_for("2 pairs", "The phone")
    leader.press("p")
    leader.wait_for("Pause the story?")
    leader.press("t")
    leader.wait_for("1 play, 1 paused", "paused by you")
    for each in (officer, advocate):
        each.wait_for("Whoever runs the room has paused the story.")
    leader.press("m")
    leader.wait_for("A message to whom?")
    leader.press("2")
    leader.wait_for("Message to Plover")
    leader.press("Ten minutes left.")
    leader.press("\r")
    advocate.wait_for("Message from whoever runs the room", "Ten minutes left.")
    leader.wait_for("Said to Plover.")
    leader.press("g")
    leader.wait_for("Let the story go on?")
    leader.press("t")
    advocate.choose("1", "Listen")
    officer.wait_for("You look at each other.")

    leader.wait_for("2 pairs: 2 play")
    leader.press("e")
    leader.wait_for("Move on to the debrief?")
    leader.press("a")
    for each in seats:
        each.wait_for("In one line: how was that for you?")
    leader.wait_for("2 in the debrief")
    for said in (b"Ten minutes left.", b"has paused"):
        assert said in advocate.heard and said not in other.heard


def test_a_reload_in_the_middle_brings_the_same_scene_back(
    host: Hosted, tab: Callable[..., BrowserTab], elsewhere: Seating
) -> None:
    officer = tab().come_in(host, "Officer Reyes", "Heron")
    _, seated = admitted(elsewhere, host)
    assert seated is not None
    officer.sit_down("At the door")
    officer.choose("1", "Take her apart")
    officer.wait_for("She tells her part.")
    seated.session.catch_up()
    seated.session.choose("advocate", "listen")
    officer.choose("1", "You stay")
    officer.wait_for("Maya Ellison is thinking")
    before = officer.shown.words
    officer.page.reload()
    officer.wait_for("Together", "Maya Ellison is thinking")
    assert officer.shown.words == before


def test_a_tab_comes_back_by_itself_when_its_host_died_and_began_anew(
    tab: Callable[..., BrowserTab], tmp_path: Path
) -> None:
    with hosted(tmp_path, evening(tmp_path), "--keep-room") as first:
        officer = tab().come_in(first, "Officer Reyes", "Heron")
        tab().come_in(first, "Maya Ellison", "Plover")
        officer.sit_down("At the door")
        officer.choose("1", "Take her apart")
        officer.wait_for("She tells her part.")
        first.kill()
        officer.page.get_by_role("heading", name="The line is lost").wait_for()
        officer.shown = Shown()
        with hosted(tmp_path, "--no-room", port=urlsplit(first.url).port or 0):
            officer.wait_for("Officer Reyes: Take her apart.", "She tells her part.")


def test_a_ticket_that_leads_nowhere_gets_a_plain_page(host: Hosted, tab: Callable[..., BrowserTab]) -> None:
    stray = tab()
    answer = stray.page.goto(f"{host.url}/s/{'A' * 32}")
    assert answer.status == 404
    assert stray.page.get_by_role("heading", name="Nothing here").is_visible()
    assert stray.page.evaluate("document.scripts.length") == 0


OPEN = """([url, sent]) => new Promise(then => {
    const line = new WebSocket(url);
    line.onopen = () => sent ? line.send(sent) : then("open");
    line.onclose = event => then(event.code);
})"""


@pytest.fixture
def foreign_page() -> Iterator[str]:
    """A page of another server on the same computer; one from further away the browser itself would keep from asking."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<!DOCTYPE html><title>Elsewhere</title>")

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_a_page_of_somebody_else_cannot_open_a_seat(
    host: Hosted, tab: Callable[..., BrowserTab], elsewhere: Seating, foreign_page: str
) -> None:
    secret, _ = admitted(elsewhere, host)
    line = [f"{host.url.replace('http', 'ws')}/s/{secret}/ws", ""]
    foreign, own = tab(), tab()
    said: list[str] = []
    foreign.page.on("console", lambda message: said.append(message.text))
    foreign.page.goto(foreign_page)
    assert foreign.page.evaluate(OPEN, line) == 1006
    assert any("403" in each for each in said), said
    own.page.goto(f"{host.url}/")
    assert own.page.evaluate(OPEN, line) == "open"


def test_a_message_that_no_seat_sends_ends_only_the_line_that_sent_it(
    host: Hosted, tab: Callable[..., BrowserTab], elsewhere: Seating
) -> None:
    other = tab().come_in(host, "Officer Reyes", "Heron")
    secret, _ = admitted(elsewhere, host)
    stray = tab()
    stray.page.goto(f"{host.url}/")
    line = f"{host.url.replace('http', 'ws')}/s/{secret}/ws"
    assert stray.page.evaluate(OPEN, [line, json.dumps(["stdin", "x" * 20_000])]) == 1009
    assert stray.page.evaluate(OPEN, [line, json.dumps(["deliver_file_start", "x"])]) == 4002
    other.sit_down("At the door")
    other.choose("1", "Take her apart")
    other.wait_for("She tells her part.")


@pytest.mark.parametrize("path", ["/", "/?code=AAAAA-AAAAA", "/s/nobody", "/room/{key}", "/room/{key}/table"])
def test_axe_finds_nothing_that_keeps_people_out(
    host: Hosted, tab: Callable[..., BrowserTab], elsewhere: Seating, path: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    shown = tab(viewport=PHONE)
    page = shown.page
    if "key" in path:
        admitted(elsewhere, host)
    page.goto(host.url + path.format(key=host.key))
    if "table" in path:
        shown.wait_for("The room", "Plover")
    if "code" in path:
        page.get_by_role("button", name="Come in").click()
        page.get_by_role("alert").wait_for()
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_phone_held_upright_shows_the_story_and_the_choices_and_plays_by_touch(
    host: Hosted, tab: Callable[..., BrowserTab], elsewhere: Seating
) -> None:
    phone = tab(viewport=PHONE, has_touch=True, is_mobile=True).come_in(host, "Officer Reyes", "Heron")
    admitted(elsewhere, host)
    phone.sit_down("Dana opens", "Only you: OFFICERSECRET two.", "1 Take her apart", "2 Ask now", "Come back later")
    assert phone.shown.screen.columns >= 40
    drawn = phone.page.locator(".xterm-screen").bounding_box()
    assert drawn["x"] >= 0 and drawn["x"] + drawn["width"] <= PHONE["width"]
    phone.page.get_by_role("button", name="Down", exact=True).tap()
    phone.wait_for("Enter")
    phone.page.get_by_role("button", name="Enter", exact=True).tap()
    phone.wait_for("Officer Reyes: Take her apart.", "She tells her part.")
