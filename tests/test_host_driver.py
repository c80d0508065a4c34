"""What arrives from a tab becomes keys, presses, pastes and sizes within bounds, and nothing else."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual import events, messages

from facilitator.host.driver import COLUMNS, ROWS, UNFINISHED, TabDriver, within
from tests.hosted import until


class App:
    """Takes what a driver sends."""

    def __init__(self) -> None:
        self.got: list[Any] = []

    def post_message(self, message: Any) -> bool:
        self.got.append(message)
        return True

    def keys(self) -> list[str]:
        return [each.key for each in self.got if isinstance(each, events.Key)]


def fed(*texts: str) -> App:
    """What an app gets of this."""
    app = App()

    async def run() -> None:
        driver = TabDriver(app)  # type: ignore[arg-type]
        for text in texts:
            driver.feed(text)
        driver.disable_input()

    asyncio.run(run())
    return app


def driven(story: Callable[[TabDriver, App], Any]) -> App:
    app = App()

    async def run() -> None:
        driver = TabDriver(app)  # type: ignore[arg-type]
        await story(driver, app)
        driver.disable_input()

    asyncio.run(run())
    return app


def test_letters_and_function_keys_become_keys() -> None:
    assert fed("a", "\r", "\x1b[A", "\x1b[15~").keys() == ["a", "enter", "up", "f5"]


def test_an_escape_that_nothing_follows_is_the_key() -> None:
    async def story(driver: TabDriver, app: App) -> None:
        driver.feed("\x1b")
        await until(lambda: app.keys() == ["escape"])

    driven(story)


def test_a_press_of_the_mouse_arrives_where_it_was() -> None:
    (down,) = [each for each in fed("\x1b[<0;5;7M").got if isinstance(each, events.MouseDown)]
    assert (down.x, down.y) == (4, 6)


def test_a_paste_arrives_whole() -> None:
    (paste,) = [each for each in fed("\x1b[200~one\ntwo\x1b[201~x").got if isinstance(each, events.Paste)]
    assert paste.text == "one\ntwo"


def test_what_only_a_terminal_may_say_of_itself_is_not_taken_from_a_tab() -> None:
    got = fed("\x1b[48;99999;99999;9;9t", "\x1b[?2048;1$y", "\x1b[9;9R", "\x1b[I", "\x1b[O").got
    assert not [
        each for each in got if isinstance(each, events.Resize | messages.InBandWindowResize | events.CursorPosition)
    ]


@pytest.mark.parametrize(
    "odd", ["\x1b[99999999999;1u", "\x1b[1114112u", "\ud800", "\x1b" * 99, "\x00", "", "\x1b[<" + "9" * 99 + ";1;1M"]
)
def test_keys_are_still_heard_after_something_that_no_terminal_sends(odd: str) -> None:
    assert fed(odd, "\x1b[C", "k").keys()[-1] == "k"


def test_a_paste_that_never_ends_is_dropped() -> None:
    app = fed("\x1b[200~", *["x" * 8000] * (UNFINISHED // 8000 + 1), "k")
    assert app.keys() == ["k"]


def test_a_size_stays_within_bounds() -> None:
    assert within(1, 1) == (COLUMNS[0], ROWS[0])
    assert within(10**9, 10**9) == (COLUMNS[1], ROWS[1])
    assert within(100, 30) == (100, 30)


def test_a_new_size_is_told_once() -> None:
    async def story(driver: TabDriver, app: App) -> None:
        for _ in range(3):
            driver.resize(100, 30)

    assert [each.size for each in driven(story).got if isinstance(each, events.Resize)] == [(100, 30)]


def test_no_address_is_opened_on_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)

    async def story(driver: TabDriver, app: App) -> None:
        driver.open_url("https://example.org")

    driven(story)
    assert opened == []


def test_no_file_is_written_on_the_host(tmp_path: Path) -> None:
    async def story(driver: TabDriver, app: App) -> None:
        driver.deliver_binary(io.BytesIO(b"x"), delivery_key="k", save_path=tmp_path / "file")

    driven(story)
    assert not (tmp_path / "file").exists()
