"""The pages of a host: plain HTML that reads without script, and holds nothing that the policy would forbid."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from facilitator.host import pages
from facilitator.host.pages import CLOSED, Entry, Person

SEATS = {"officer": "Officer Reyes", "advocate": "Maya Ellison"}
ENTRY = Entry(code="K7QM2-9XW4T", seats=SEATS, title="The table", text=True)
PEOPLE = [
    Person(alias="<b>Heron", agency="A & B", seat="Officer Reyes", here=True, table=1),
    Person(alias="", agency="", seat="", here=False),
]
ALL = {
    "join": pages.join(ENTRY, "Ana <3"),
    "join again": pages.join(Entry(wrong="No room", wrong_code=True), "Ana"),
    "message": pages.message("Nothing <here>", "Look & see"),
    "terminal": pages.seat_terminal("/t/secret"),
    "room's terminal": pages.room_terminal(),
    "room": pages.room("The table", "spring", PEOPLE, "/room/k/table"),
}


class Read(HTMLParser):
    """What stands on a page."""

    def __init__(self, text: str):
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.mark.parametrize("name", ALL)
def test_a_page_has_one_heading_a_language_and_a_title(name: str) -> None:
    read = Read(ALL[name])
    assert len(read.all("h1")) == 1
    assert read.all("html") == [{"lang": "en"}]
    assert read.all("title") and read.all("main")


@pytest.mark.parametrize("name", ALL)
def test_no_page_holds_a_style_or_a_script_of_its_own(name: str) -> None:
    read = Read(ALL[name])
    assert not read.all("style")
    assert all(each.get("src") for each in read.all("script"))
    assert not [key for _, attributes in read.tags for key in attributes if key == "style" or key.startswith("on")]


@pytest.mark.parametrize("name", ALL)
def test_no_page_asks_another_host_for_anything(name: str) -> None:
    asked = [
        value or ""
        for _, attributes in Read(ALL[name]).tags
        for key, value in attributes.items()
        if key in ("src", "href", "action")
    ]
    assert all(each == "" or (each.startswith("/") and not each.startswith("//")) for each in asked)


def test_every_box_of_the_way_in_has_a_label() -> None:
    read = Read(ALL["join"])
    labelled = {each.get("for") for each in read.all("label")}
    boxes = [each for each in read.all("input") if each.get("type") == "text"]
    assert len(boxes) == 3
    assert all(each["id"] in labelled for each in boxes)


def test_the_way_in_offers_the_seats_by_name_and_whichever_is_free() -> None:
    assert "Officer Reyes" in Read(ALL["join"]).words
    assert [each["value"] for each in Read(ALL["join"]).all("input") if each.get("name") == "seat"] == [
        "",
        "officer",
        "advocate",
    ]


def test_the_way_in_names_somebody_to_talk_to() -> None:
    assert "Somebody to talk to: Ana <3" in Read(ALL["join"]).words


def test_a_wrong_code_is_told_beside_the_box_it_was_typed_in() -> None:
    (box,) = [each for each in Read(ALL["join again"]).all("input") if each.get("id") == "code"]
    assert box["aria-invalid"] == "true" and "wrong" in (box["aria-describedby"] or "").split()


def test_what_people_call_themselves_is_text_and_no_tag() -> None:
    read = Read(ALL["room"])
    assert not read.all("b") and "<b>Heron" in read.words


def test_somebody_who_waits_is_listed_as_waiting() -> None:
    assert "1 seated, 1 waiting" in Read(ALL["room"]).words


@pytest.mark.parametrize("name", ["terminal", "room's terminal"])
def test_every_reason_for_the_end_of_a_line_has_its_words_on_the_page(name: str) -> None:
    assert [each["data-reason"] for each in Read(ALL[name]).all("div") if "data-reason" in each] == list(CLOSED)


def test_nothing_on_the_page_of_whoever_runs_the_room_speaks_of_a_seat() -> None:
    assert (
        "Your seat" not in Read(ALL["room's terminal"]).words and "your seat" not in Read(ALL["room's terminal"]).words
    )


def test_the_terminal_s_page_leads_to_the_plain_one_before_anything_else() -> None:
    assert Read(ALL["terminal"]).all("a")[0]["href"] == "/t/secret"
