"""Seats in tabs: played together, taken up again, and each ended without harm to another."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest
from aiohttp import WSServerHandshakeError

from facilitator.host import tab as tabs
from facilitator.host.server import LARGEST_MESSAGE, HostedSeat
from facilitator.host.tab import size_asked
from tests.hosted import SUPPORT, House, at, until


def test_whoever_is_alone_waits_and_plays_as_soon_as_there_is_somebody(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        officer = await house.sit(await house.join("Heron", "officer"))
        await officer.shows("You are in. Nobody else waits yet.", SUPPORT)
        advocate = await house.sit(await house.join("Wren", "advocate"))
        await officer.shows("At the door", "Take her apart")
        await advocate.shows("Officer Reyes is thinking")

    at(tmp_path, story)


def test_what_one_does_is_on_the_other_s_screen(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        officer, advocate = await house.pair()
        await officer.press("1", "\r")
        await advocate.shows("The phone", "Listen")

    at(tmp_path, story)


def test_no_tab_shows_what_only_the_other_seat_may_see(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        officer, advocate = await house.pair()
        await officer.shows("OFFICERSECRET one.", "OFFICERSECRET two.")
        await advocate.shows("ADVOCATESECRET one.", "ADVOCATESECRET two.")
        assert "ADVOCATESECRET" not in officer.text and "OFFICERSECRET" not in advocate.text

    at(tmp_path, story)


def test_a_seat_that_is_opened_again_is_at_the_same_scene(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        officer, advocate = await house.pair()
        await advocate.leave()
        await officer.press("1", "\r")
        await officer.shows("What do you think Maya Ellison will do?")
        again = await house.sit(house.paths[1])
        await again.shows("The phone")

    at(tmp_path, story)


def test_a_pause_is_seen_by_both_and_names_somebody_to_talk_to(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        officer, advocate = await house.pair()
        await officer.press("\x1b[15~")
        await officer.shows("Paused", SUPPORT)
        await advocate.shows("Nobody is asked why")

    at(tmp_path, story)


def test_a_new_tab_takes_over_and_the_old_one_is_told(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        officer, _advocate = await house.pair()
        other = await house.sit(house.paths[0])
        assert await officer.closed() == tabs.TAKEN_OVER
        await other.shows("Take her apart")
        assert len(house.host.tabs) == 2

    at(tmp_path, story)


def test_a_seat_that_was_closed_by_its_person_says_so(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        officer, _ = await house.pair()
        await officer.press("\x11")  # Ctrl+Q
        assert await officer.closed() == tabs.LEFT
        await until(lambda: len(house.host.tabs) == 1)

    at(tmp_path, story)


def test_a_seat_that_was_left_is_opened_by_enter(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        officer, _ = await house.pair()
        await officer.press("\x1b[17~")
        await officer.shows("You have stepped out", "Finish later")
        await officer.press("\x1b[B", "\r")
        await officer.shows("You have left for now.")
        await officer.press("\r")
        await officer.shows("At the door")

    at(tmp_path, story)


def test_a_ping_comes_back(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        officer, _ = await house.pair()
        await officer.says("ping", "17")
        await until(lambda: officer.told == [["pong", "17"]])

    at(tmp_path, story)


def test_a_tab_that_changes_its_size_is_drawn_anew(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        officer, _ = await house.pair()
        officer.screen.resize(20, 60)
        await officer.says("resize", {"width": 60, "height": 20})
        await until(lambda: next(each.app.size for each in house.host.tabs.values()) == (60, 20))

    at(tmp_path, story)


@pytest.mark.parametrize(
    "message",
    ["", "no json", "{}", "[]", '["quit"]', '["exec", "ls"]', '["stdin"]', '["stdin", 7]', '["stdin", "a", "b"]', "[" * 5000,
     '["resize", {"width": "9", "height": 9}]', '["resize", {"width": 80}]', '["ping", "%s"]' % ("9" * 99),
     '["deliver_file_start", "x"]'],
)  # fmt: skip
def test_whoever_sends_what_no_seat_sends_is_let_go_and_nobody_else(tmp_path: Path, message: str) -> None:
    async def story(house: House) -> None:
        officer, advocate = await house.pair()
        await officer.socket.send_str(message)
        assert await officer.closed() == tabs.UNHEARD_OF
        await advocate.says("ping", "1")
        await until(lambda: advocate.told)

    at(tmp_path, story)


def test_bytes_are_nothing_that_a_seat_sends(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        officer, _ = await house.pair()
        await officer.socket.send_bytes(b'["stdin", "1"]')
        assert await officer.closed() == tabs.UNHEARD_OF

    at(tmp_path, story)


def test_a_message_that_is_too_large_ends_the_line(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        officer, advocate = await house.pair()
        await officer.says("stdin", "x" * (LARGEST_MESSAGE + 1))
        assert await officer.closed() == 1009
        await advocate.says("ping", "1")
        await until(lambda: advocate.told)

    at(tmp_path, story)


def test_more_messages_than_anybody_sends_have_to_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabs, "MESSAGES", (5.0, 0.001))

    async def story(house: House) -> None:
        officer = await house.sit(await house.join("Heron", "officer"))
        for number in range(20):
            await officer.says("ping", str(number))
        await until(lambda: len(officer.told) >= 6)
        await officer.shows("You are in")
        assert len(officer.told) == 6  # the sixth was read before its turn to wait came

    at(tmp_path, story)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1"])
def test_a_tab_of_a_foreign_page_is_refused(tmp_path: Path, origin: str) -> None:
    async def story(house: House) -> None:
        path = await house.join("Heron")
        with pytest.raises(WSServerHandshakeError) as refused:
            await house.sit(path, Origin=origin)
        assert refused.value.status == 403

    at(tmp_path, story)


def test_a_tab_that_does_not_say_where_it_comes_from_is_refused(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        path = await house.join("Heron")
        with pytest.raises(WSServerHandshakeError) as refused:
            await house.browser.ws_connect(f"{house.url}{path}/ws", headers={"Referer": house.url})
        assert refused.value.status == 403

    at(tmp_path, story)


def test_a_tab_with_a_wrong_ticket_is_refused(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        with pytest.raises(WSServerHandshakeError) as refused:
            await house.sit("/s/" + "A" * 32)
        assert refused.value.status == 404

    at(tmp_path, story)


def test_there_are_no_more_tabs_than_a_host_can_bear(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.sit(await house.join("Heron"))
        path = await house.join("Wren")
        with pytest.raises(WSServerHandshakeError) as refused:
            await house.sit(path)
        assert refused.value.status == 503

    at(tmp_path, story, tabs=1)


def test_a_crash_of_one_seat_touches_no_other_and_tells_nobody_what_it_held(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    async def story(house: House) -> None:
        officer, advocate = await house.pair()
        (crashing,) = [
            each.app for whose, each in house.host.tabs.items() if house.store.tickets(house.room.id)[0].id == whose
        ]

        def fails() -> None:
            held = "OFFICERSECRET"
            raise ValueError(f"with {held}")

        crashing.call_later(fails)
        assert await officer.closed() == tabs.CRASHED
        await advocate.says("ping", "1")
        await until(lambda: advocate.told)
        again = await house.sit(house.paths[0])
        await again.shows("Take her apart")

    caplog.set_level(logging.DEBUG, "handoff")
    at(tmp_path, story)
    said = caplog.text + "".join(capfd.readouterr())
    assert "ValueError in test_host_tab.py" in said and "OFFICERSECRET" not in said


def test_an_app_that_cannot_begin_is_a_crash_like_any_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(house: House) -> None:
        path = await house.join("Heron")
        monkeypatch.setattr(HostedSeat, "CSS", "Screen {")
        tab = await house.sit(path)
        assert await tab.closed() == tabs.CRASHED

    at(tmp_path, story)


def test_the_streams_of_the_process_stay_its_own(tmp_path: Path) -> None:
    import sys

    before = sys.stdout, sys.stderr

    async def story(house: House) -> None:
        officer, _advocate = await house.pair()
        await officer.leave()
        await until(lambda: len(house.host.tabs) == 1)
        assert (sys.stdout, sys.stderr) == before

    at(tmp_path, story)
    assert (sys.stdout, sys.stderr) == before


def test_a_ticket_that_is_taken_back_ends_its_tab(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        officer, advocate = await house.pair()
        house.store.revoke(house.store.tickets(house.room.id)[0].id)
        await house.host.tell_who_is_there()
        assert await officer.closed() == tabs.GIVEN_UP
        assert not advocate.socket.closed

    at(tmp_path, story)


def test_somebody_who_is_seated_elsewhere_is_taken_there(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        officer, _advocate = await house.pair()
        await officer.press("1", "\r")
        await officer.shows("What do you think Maya Ellison will do?")
        before = house.store.tickets(house.room.id)[0].session
        house.store.move_tickets(before, "")
        house.host.seating.seat_those_who_fit(house.room)
        await house.host.tell_who_is_there()
        await officer.shows("Take her apart")

    at(tmp_path, story)


def test_a_room_that_closes_ends_its_tabs(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        officer, _ = await house.pair()
        house.store.close_room(house.room.id)
        await house.host.tell_who_is_there()
        assert await officer.closed() == tabs.GIVEN_UP

    at(tmp_path, story)


def test_who_has_a_tab_open_is_there(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        await house.pair()
        seats = {each.seat for each in house.store.tickets(house.room.id) if house.store.connected(each)}
        assert seats == {"officer", "advocate"}

    at(tmp_path, story)


def test_a_host_that_ends_tells_its_tabs(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        officer, _ = await house.pair()
        ended = asyncio.create_task(house.server.close())
        assert await officer.closed() == tabs.ROOM_CLOSED
        await ended

    at(tmp_path, story)


def test_the_app_of_whoever_runs_the_room_needs_the_key(tmp_path: Path) -> None:
    from textual.widgets import Static

    from facilitator.host.tab import Hosted

    class Table(Hosted):
        def compose(self):
            yield Static("all pairs")

    async def story(house: House) -> None:
        assert f"/room/{house.key}/table" in (await house.get(f"/room/{house.key}"))[1]
        assert (await house.get(f"/room/{house.key}/table"))[0] == 200
        table = await house.sit(f"/room/{house.key}/table")
        await table.shows("all pairs")
        with pytest.raises(WSServerHandshakeError):
            await house.sit(f"/room/{house.code}/table")

    at(tmp_path, story, room_app=lambda seating, key: Table())


def test_a_size_that_a_page_asks_for_is_a_number_or_the_usual_one() -> None:
    assert size_asked({"width": "100", "height": "30"}) == (100, 30)
    assert size_asked({"width": "-1", "height": "99999999999"}) == (80, 24)
    assert size_asked({}) == (80, 24)


def test_a_tab_that_was_in_the_background_keeps_what_has_the_focus(tmp_path: Path) -> None:
    async def story(house: House) -> None:
        officer, _ = await house.pair()
        await officer.says("blur")
        await officer.press("1", "\r")
        await officer.shows("What do you think Maya Ellison will do?")

    at(tmp_path, story)
