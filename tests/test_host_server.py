"""What a host answers: the way in, seats, the page of whoever runs the room, and what every answer has in common."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from facilitator.host.gate import Callers, Guesses
from simulator.log import Unwritable
from simulator.log.rooms import said_aloud
from simulator.seated import Seated, Waiting
from tests.hosted import SUPPORT, House, at, until


def test_the_way_in_names_the_story_its_seats_and_somebody_to_talk_to(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        status, text, _ = await house.get("/")
        assert status == 200
        assert all(each in text for each in ("An evening", "Officer Reyes", "Maya Ellison", SUPPORT))

    at(tmp_path, story)


def test_a_code_that_a_phone_read_from_the_wall_need_not_be_typed(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        _, text, _ = await house.get(f"/?code={said_aloud(house.code)}")
        assert f'value="{said_aloud(house.code)}"' in text

    at(tmp_path, story)


def test_whoever_has_the_code_comes_in(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        form = {
            "code": said_aloud(house.code).lower(),
            "alias": " He\nron ",
            "agency": "Riverside PD",
            "seat": "officer",
        }
        status, _, headers = await house.post("/join", form)
        found = house.host.seating.find(headers["Location"].removeprefix("/s/"))
        assert status == 303 and isinstance(found, Waiting)
        assert (found.ticket.alias, found.ticket.agency, found.ticket.wish) == ("He ron", "Riverside PD", "officer")

    at(tmp_path, story)


def test_two_who_came_in_play_together(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        paths = [await house.join("Heron", "officer"), await house.join("Wren")]
        found = [house.host.seating.find(path.removeprefix("/s/")) for path in paths]
        assert [each.seat for each in found if isinstance(each, Seated)] == ["officer", "advocate"]

    at(tmp_path, story)


def test_a_form_that_is_sent_twice_lets_in_one_person(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        _, page, _ = await house.get("/")
        once = re.search(r'name="once" value="([\w-]{32})"', page)
        assert once is not None
        form = {"code": house.code, "alias": "Heron", "seat": "officer", "once": once[1]}
        first, again = [(await house.post("/join", form))[2]["Location"] for _ in range(2)]
        assert first == again
        assert len(house.store.tickets(house.room.id)) == 1

    at(tmp_path, story)


def test_a_wrong_code_is_told_and_what_was_typed_stays(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        status, text, _ = await house.post("/join", {"code": "AAAAA-AAAAA", "alias": "Heron", "seat": "officer"})
        assert status == 422
        assert "No room is open under this code" in text and 'value="Heron"' in text
        assert 'value="officer" checked' in text

    at(tmp_path, story)


def test_after_too_many_wrong_codes_no_code_is_looked_at(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        for _ in range(3):
            await house.post("/join", {"code": "AAAAA-AAAAA", "seat": ""})
        status, text, _ = await house.post("/join", {"code": house.code, "seat": ""})
        assert status == 429 and "Too many wrong codes" in text
        assert house.store.tickets(house.room.id) == []

    at(tmp_path, story, guesses=Guesses(each=3))


def test_behind_a_proxy_only_whoever_typed_wrong_codes_is_kept_out_whatever_they_write(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        for number in range(3):
            await house.post(
                "/join", {"code": "AAAAA-AAAAA"}, **{"X-Forwarded-For": f"198.51.100.{number}, 203.0.113.9"}
            )
        form = {"code": house.code, "seat": ""}
        assert (await house.post("/join", form, **{"X-Forwarded-For": "198.51.100.7, 203.0.113.9"}))[0] == 429
        assert (await house.post("/join", form, **{"X-Forwarded-For": "203.0.113.8"}))[0] == 303
        assert (await house.post("/join", form))[0] == 303  # no header: the balancer itself, which typed nothing

    at(tmp_path, story, guesses=Guesses(each=3), callers=Callers(1))


def test_without_a_proxy_a_client_s_own_header_changes_nothing(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        for number in range(3):
            await house.post("/join", {"code": "AAAAA-AAAAA"}, **{"X-Forwarded-For": f"198.51.100.{number}"})
        assert (await house.post("/join", {"code": house.code}, **{"X-Forwarded-For": "198.51.100.9"}))[0] == 429

    at(tmp_path, story, guesses=Guesses(each=3))


def test_behind_a_proxy_each_device_has_so_many_lines_of_its_own(tmp_path: Path) -> None:
    one, other = {"X-Forwarded-For": "203.0.113.9"}, {"X-Forwarded-For": "203.0.113.8"}

    async def story(house: House) -> None:
        path = await house.join("Heron")
        tab = await house.sit(path, **one)
        await tab.shows("You are in")
        status, text, _ = await house.get("/", **one)
        assert status == 503 and "Too many pages are open" in text
        assert (await house.get("/", **other))[0] == 200
        await tab.leave()
        await until(lambda: not house.host.tabs)
        assert (await house.get("/", **one))[0] == 200

    at(tmp_path, story, callers=Callers(1, most=1))


def test_a_seat_is_asked_for_once_the_room_is_known(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        house.host.rooms = ()  # as on a host that serves other hosts' rooms
        _, text, _ = await house.get("/")
        assert "Officer Reyes" not in text
        status, text, _ = await house.post("/join", {"code": house.code, "alias": "Heron"})
        assert status == 200 and "Officer Reyes" in text and 'value="Heron"' in text

    at(tmp_path, story)


def test_a_form_from_a_foreign_page_is_refused(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        status, _, _ = await house.post("/join", {"code": house.code, "seat": ""}, Origin="http://evil.example")
        assert status == 403
        assert house.store.tickets(house.room.id) == []

    at(tmp_path, story)


def test_a_form_that_is_too_large_is_refused(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        status, _, _ = await house.post("/join", {"code": house.code, "alias": "x" * 100_000})
        assert status == 413

    at(tmp_path, story)


def test_a_host_called_by_a_foreign_name_answers_nothing(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        status, text, _ = await house.get("/", Host="evil.example")
        assert status == 421 and "An evening" not in text

    at(tmp_path, story)


@pytest.mark.parametrize("path", ["/", "/s/none", "/room/none", "/nowhere", "/static/host.css", "/static/../pages.py"])
def test_every_answer_forbids_what_no_page_needs(tmp_path: Path, path: str) -> None:
    async def story(house: House) -> None:
        _, _, headers = await house.get(path)
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == ("same-origin" if path == "/" else "no-referrer")
        assert headers["Server"] == "handoff"

    at(tmp_path, story)


def test_no_page_is_kept_by_a_browser(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        path = await house.join("Heron")
        for page in ("/", path, f"/room/{house.key}"):
            _, _, headers = await house.get(page)
            assert headers["Cache-Control"] == "no-store"
            assert "Set-Cookie" not in headers

    at(tmp_path, story)


def test_a_seat_s_page_needs_its_ticket(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        path = await house.join("Heron")
        assert (await house.get(path))[0] == 200
        assert (await house.get("/s/" + "A" * 32))[0] == 404

    at(tmp_path, story)


def test_a_ticket_that_was_taken_back_opens_nothing(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        path = await house.join("Heron")
        house.store.revoke(house.store.tickets(house.room.id)[0].id)
        assert (await house.get(path))[0] == 404

    at(tmp_path, story)


def test_whoever_runs_the_room_sees_who_has_come(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.join("Heron", "officer")
        await house.join("Wren", "advocate")
        await house.join("Robin", "officer")
        status, text, _ = await house.get(f"/room/{house.key}")
        assert status == 200
        assert "2 seated, 1 waiting" in text and "Robin" in text

    at(tmp_path, story)


def test_no_ticket_and_no_code_opens_the_page_of_whoever_runs_the_room(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        secret = (await house.join("Heron")).removeprefix("/s/")
        assert [(await house.get(f"/room/{each}"))[0] for each in (secret, house.code)] == [404, 404]

    at(tmp_path, story)


def test_no_page_of_a_trainee_holds_the_facilitator_s_key(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        path = await house.join("Heron")
        for page in ("/", path):
            assert house.key not in (await house.get(page))[1]

    at(tmp_path, story)


@pytest.mark.parametrize("name", ["host.css", "seat.js", "textual.js", "xterm.css", "RobotoMono-VariableFont_wght.ttf"])
def test_scripts_styles_and_fonts_are_this_host_s_own(tmp_path: Path, name: str) -> None:
    async def story(house: House) -> None:
        async with house.browser.get(f"{house.url}/static/{name}") as answer:
            assert answer.status == 200 and len(await answer.read()) > 1000

    at(tmp_path, story)


@pytest.mark.parametrize("name", ["server.py", "..%2fserver.py", "%2fetc%2fpasswd", "app_index.html"])
def test_no_other_file_can_be_asked_for(tmp_path: Path, name: str) -> None:
    async def story(house: House) -> None:
        assert (await house.get(f"/static/{name}"))[0] == 404

    at(tmp_path, story)


class Plain:
    """Seats as plain text that note what they were asked."""

    status, html = 200, "<h1>plain</h1>"

    def __init__(self) -> None:
        self.asked: list[tuple[str, object]] = []
        self.reading: list[str] = []

    def page(self, secret: str, path: str) -> Plain:
        self.asked.append((secret, path))
        return self

    def act(self, secret: str, form: object) -> SimpleNamespace:
        self.asked.append((secret, form))
        return SimpleNamespace(to=f"/t/{secret}?told=kept")

    def there(self) -> list[str]:
        return self.reading


def test_a_seat_as_plain_text_is_given_its_ticket_and_its_form(tmp_path: Path) -> None:
    plain = Plain()

    async def story(house: House) -> None:
        _, _, headers = await house.post("/join", {"code": house.code, "seat": "", "how": "text"})
        path = headers["Location"]
        secret = path.removeprefix("/t/")
        assert path.startswith("/t/")
        _, text, headers = await house.get(f"{path}?more=1")
        assert text == "<h1>plain</h1>" and headers["Referrer-Policy"] == "same-origin"
        status, _, headers = await house.post(path, {"choose": "x"})
        assert (status, headers["Location"]) == (303, f"{path}?told=kept")
        assert plain.asked == [(secret, f"{path}?more=1"), (secret, {"choose": "x"})]

    at(tmp_path, story, text_seats=plain)


def test_a_form_of_a_plain_seat_comes_from_its_own_page(tmp_path: Path) -> None:
    plain = Plain()

    async def story(house: House) -> None:
        _, _, headers = await house.post("/join", {"code": house.code, "seat": "", "how": "text"})
        status, _, _ = await house.post(headers["Location"], {"choose": "x"}, Origin="http://evil.example")
        assert status == 403 and plain.asked == []

    at(tmp_path, story, text_seats=plain)


def test_somebody_who_reads_plain_pages_is_there(tmp_path: Path) -> None:
    plain = Plain()

    async def story(house: House) -> None:
        await house.join("Heron")
        plain.reading = [house.store.tickets(house.room.id)[0].id]
        await house.host.tell_who_is_there()
        assert house.store.connected(house.store.tickets(house.room.id)[0])

    at(tmp_path, story, text_seats=plain)


def test_a_store_that_fails_is_told_in_plain_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(house: House) -> None:
        def fails(code: str) -> None:
            raise Unwritable(f"no {code}")

        monkeypatch.setattr(house.host.seating, "room", fails)
        status, text, _ = await house.post("/join", {"code": house.code, "seat": ""})
        assert status == 503 and "Nothing is lost" in text

    at(tmp_path, story)


def test_logs_hold_no_code_no_ticket_no_key_and_no_name(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "handoff")
    secrets: list[str] = []

    async def story(house: House) -> None:
        path = await house.join("Heron")
        secrets.extend([house.code, said_aloud(house.code), house.key, path.removeprefix("/s/"), "Heron"])
        for page in (f"/?code={house.code}", path, f"/room/{house.key}", f"/nowhere/{house.key}"):
            await house.get(page)
        tab = await house.sit(path)
        await tab.shows("You are in")
        await tab.leave()

    at(tmp_path, story)
    said = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("handoff"))
    assert "GET /s/{ticket} 200" in said
    assert not [each for each in secrets if each in said]
