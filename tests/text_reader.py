"""Somebody at a text-only seat: gets pages, reads them, fills in forms and sends them, as a browser without script does."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from facilitator.host.textseat import Page, Redirect, TextSeat
from simulator.library import Bundle, Library
from simulator.log.rooms import new_code, new_secret
from simulator.log.sqlite import SqliteStore
from simulator.seated import Seated, Seating
from simulator.session import Session
from tests.app_helpers import scenario
from tests.logs import Clock

VOID = {"meta", "link", "input", "br"}


@dataclass
class Sheet(HTMLParser):
    """What a page holds: the words in sight, its headings, links and forms. Refuses elements that are not closed as they were opened."""

    def __init__(self, text: str):
        super().__init__()
        self.title, self.headings, self.words = "", [], []
        self.links: dict[str, str] = {}
        self.forms: list[Form] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self._href = ""
        self._labels: dict[str, str] = {}
        self._label = ""
        self.feed(text)
        self.close()
        assert not self._open, self._open
        for form in self.forms:
            form.radios = [(name, value, self._labels[ident]) for name, value, ident in form.radios]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)
        if tag == "a":
            self._href = given["href"]
        if tag == "label":
            self._label = given["for"]
        if tag == "form":
            self.forms.append(Form())
        if tag == "input" and given["type"] == "hidden":
            self.forms[-1].hidden[given["name"]] = given["value"]
        if tag == "input" and given["type"] == "radio":
            self.forms[-1].radios.append((given["name"], given["value"], given["id"]))
        if tag == "textarea":
            self.forms[-1].boxes.append(given["name"])
        if tag == "button":
            self.forms[-1].buttons.append(["", given["value"]])

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not data.strip():
            return
        at = self._open[-1] if self._open else ""
        if at == "title":
            self.title = data
            return
        self.words.append(data)
        if at in ("h1", "h2", "h3"):
            self.headings.append(data)
        if at == "a":
            self.links[data] = self._href
        if at == "label":
            self._labels[self._label] = data
        if at == "button":
            self.forms[-1].buttons[-1][0] = data

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@dataclass
class Form:
    """A form: its hidden fields, radios (name, value, label), boxes, and buttons (words, value)."""

    hidden: dict[str, str] = field(default_factory=dict)
    radios: list[tuple[str, str, str]] = field(default_factory=list)
    boxes: list[str] = field(default_factory=list)
    buttons: list[list[str]] = field(default_factory=list)


class Reader:
    """One person at a text-only seat."""

    def __init__(self, text: TextSeat, secret: str):
        self.seat, self.secret, self.query, self.status, self.html = text, secret, "", 0, ""

    def look(self, query: str | None = None) -> Sheet:
        """Get the page of a query; without one, the same page anew."""
        self.query = self.query if query is None else query
        page = self.seat.page(self.secret, f"/t/{self.secret}{self.query}")
        self.status, self.html = page.status, page.html
        return self.sheet

    @property
    def sheet(self) -> Sheet:
        return Sheet(self.html)

    def follow(self, link: str) -> Sheet:
        links = self.sheet.links
        [href] = [links[link]] if link in links else [href for words, href in links.items() if words.startswith(link)]
        return self.look(href)

    def filled(self, button: str, choice: str = "", **boxes: str) -> dict[str, str]:
        """What pressing a button would send, with the radio whose label begins with `choice`."""
        for form in self.sheet.forms:
            for words, value in form.buttons:
                picked = [(name, value) for name, value, label in form.radios if choice and label.startswith(choice)]
                if words == button and bool(picked) == bool(choice):
                    return {**form.hidden, **dict(picked[:1]), **boxes, "do": value}
        raise AssertionError(f"no button “{button}” with “{choice}” on: {self.sheet.text}")

    def press(self, button: str, choice: str = "", **boxes: str) -> Sheet:
        return self.send(self.filled(button, choice, **boxes))

    def send(self, form: Mapping[str, str]) -> Sheet:
        answer = self.seat.act(self.secret, form)
        if isinstance(answer, Page):
            self.status, self.html = answer.status, answer.html
            return self.sheet
        assert isinstance(answer, Redirect)
        path, mark, query = answer.to.partition("?")
        assert path == f"/t/{self.secret}"
        return self.look(mark + query if query else "")

    def begin(self) -> Sheet:
        """Past what stands before the first scene."""
        self.look("")
        return self.follow("Begin the story")


@contextmanager
def room(
    store: Any, bundle: Bundle | None = None, *, name: str = "", library: Library | None = None, pairing: str = "self"
):
    """A room for a scenario, given by name or as read. Gives who seats people, its text-only seats and the room itself."""
    seating = Seating(library or Library(), store)
    if bundle is not None:
        seating.bundle = lambda room: bundle  # type: ignore[method-assign]
    opened = store.open_room(new_code(), new_secret(), workshop="", scenario=name or "generated", pairing=pairing)
    try:
        yield seating, TextSeat(seating, "Ms. Ito, room 4"), opened
    finally:
        seating.close()


class Table:
    """Everybody at one play of the small scenario, or of another, each at a text-only seat."""

    def __init__(self, seating: Seating, text: TextSeat, opened: Any, seats: Any = ("officer", "advocate")):
        names = {"officer": "Heron", "advocate": "Plover"}
        secrets = {seat: seating.admit(opened, alias=names.get(seat, seat), wish=seat) for seat in seats}
        self.seating, self.text = seating, text
        self.readers = {seat: Reader(text, secret) for seat, secret in secrets.items()}

    def __getitem__(self, seat: str) -> Reader:
        return self.readers[seat]

    @property
    def session(self) -> Session:
        """The play as the log holds it now."""
        found = self.seating.find(next(iter(self.readers.values())).secret)
        assert isinstance(found, Seated)
        return found.session

    def kinds(self) -> list[str]:
        """The kinds of events so far."""
        return [type(event).__name__.lower() for event in self.session.events]


def opened(folder: Path) -> SqliteStore:
    """A test's store, at a moment that stands still: nobody goes away because a machine is slow."""
    return SqliteStore(folder / "store.sqlite3", now=Clock())


@pytest.fixture
def store(tmp_path: Path):
    made = opened(tmp_path)
    yield made
    made.close()


@pytest.fixture
def evening(store: Any, tmp_path: Path):
    """The small scenario, with both people seated and past what stands before the first scene."""
    with room(store, name=str(scenario(tmp_path))) as opened:
        table = Table(*opened)
        for reader in table.readers.values():
            reader.begin()
        yield table
