"""People who play by themselves at a host's websockets: they read their screen, press keys, and remember what the screen took from them.

Nothing in here reads the store. What somebody was shown, and what they only pressed, is theirs to say; whoever kills hosts and
servers under them (`killing.py`) holds it against the log.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiohttp import ClientError, ClientSession, ClientWebSocketResponse, WSMsgType

from tests.host_process import F9, Shown

if TYPE_CHECKING:
    from simulator.view import View

SIZE = (109, 50)  # columns and rows; one column short of the width at which the side opens beside the story
PATIENCE = 60.0  # seconds without anything new for somebody who waits, before something is wrong
ANEW = 1.0  # seconds: what is redrawn because the partner chose stands there for less before one's own result does
MEANT = 1.0  # seconds after which a key that selects is pressed again, in case it came too early: the same, or Enter might mean the other
Pace = tuple[float, float]  # the fewest and the most seconds before somebody presses
PACE: Pace = (0.05, 0.6)
KEY, LONGEST, BESIDE = 6, 88, 12  # columns: before an option's text, of the text at most, and after it
HOLDS, SKIPS, LAST = "What this story holds", "S skips it", "Go to the debrief"
DEBRIEF = "▶ Reactions"
TROUBLE, AWAY = "This did not work", "does not answer just now"
_OPTION = re.compile(r" ([▶ ]) ([1-9a-m])  ")
_COMMITS, _SELECTS = "commits it", "to select"


class Wrong(AssertionError):
    """Something that was acknowledged is not there, is there twice, or a seat does not come back to where it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The choices on a screen: the text of each by its key, and the key of the one that is selected."""

    texts: dict[str, str]
    selected: str = ""


@dataclass(slots=True, kw_only=True)
class Pressed:
    """A choice that was committed, whose answer has not been seen yet. `among`: what stood beside it."""

    text: str
    among: frozenset[str]
    at: float = field(default_factory=time.monotonic)
    anew: float = 0.0  # since when the same choices stand there again, with none selected; 0: they do not


class Lines:
    """Where people reach a host, and when: `up` while somebody listens there, `going` while they may press."""

    def __init__(
        self,
        device: ClientSession,
        url: str,
        code: str,
        *,
        pace: Pace = PACE,
        size: tuple[int, int] = SIZE,
        forgiving: bool = False,
    ):
        """`forgiving`: a screen may say that the store is away."""
        self.device, self.url, self.code = device, url, code
        self.up, self.going = asyncio.Event(), asyncio.Event()
        self.pressed = asyncio.Event()  # whenever somebody commits a choice
        self.pace, self.size, self.forgiving = pace, size, forgiving


class Person:
    """Somebody with a seat. `told`: the texts of what they chose and were shown the result of, in order."""

    def __init__(self, alias: str, seat: str, rng: random.Random):
        self.alias, self.seat, self._rng = alias, seat, rng
        self.path = ""  # of the seat, once they are in; its last part is their key
        self.told: list[str] = []
        self.pressed: Pressed | None = None
        self.shown = Shown()
        self._words: str | None = None  # of what is shown, once they were read
        self.sits = False  # whether a line is open
        self.parked = False  # whether they wait for a host
        self.over = False  # whether they were shown the end
        self.waits: list[float] = []  # seconds from each press to its result
        self.away = 0  # how often the screen said that the store is away
        self._form: dict[str, str] = {}
        self._came = asyncio.Event()
        self._meant, self._meant_until = (
            "",
            0.0,
        )  # the key that selects which was pressed last, and how long it is waited for
        self._was_away = False

    # --- their whole evening ------------------------------------------------------------------------------------

    async def live(self, lines: Lines) -> None:
        """Come in, sit down, and play to the end, through as many hosts as it takes. Raises Wrong."""
        while not self.over:
            self.parked = not lines.up.is_set()
            await lines.up.wait()
            self.parked = False
            try:
                if not self.path:
                    await self._come_in(lines)
                await self._at_the_seat(lines)
            except (ClientError, OSError):
                await asyncio.sleep(0.05)  # as a page that asks until somebody answers
            finally:
                self.sits = False

    async def _come_in(self, lines: Lines) -> None:
        """The way in: its page once, its form until somebody answers it, as a browser that is told to send it again."""
        if not self._form:
            async with lines.device.get(f"{lines.url}/?code={lines.code}") as page:
                hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', await page.text()))
            self._form = {"code": lines.code, "alias": self.alias, "seat": self.seat} | hidden
        headers = {"Origin": lines.url}
        sent = lines.device.post(f"{lines.url}/join", data=self._form, headers=headers, allow_redirects=False)
        async with sent as answer:
            if answer.status == 503 and lines.forgiving:
                await asyncio.sleep(0.2)
                return
            if answer.status != 303:
                raise Wrong(f"the way in answers {answer.status}: {await answer.text()}")
            self.path = answer.headers["Location"]

    async def _at_the_seat(self, lines: Lines) -> None:
        if not self.path:
            return
        async with lines.device.get(lines.url + self.path) as page:
            if page.status >= 500:
                await asyncio.sleep(0.2)
                return
            if page.status != 200:
                raise Wrong(f"{self.alias}'s seat answers {page.status}")
        columns, rows = lines.size
        self.shown, self._words = Shown(columns, rows), None
        socket = await lines.device.ws_connect(
            f"{lines.url}{self.path}/ws?width={columns}&height={rows}", headers={"Origin": lines.url}, max_msg_size=0
        )
        self.sits, self._meant, self._meant_until = True, "", 0.0
        reading = asyncio.create_task(self._read(socket))
        try:
            await self._play(lines, socket, reading)
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
            await socket.close()
        if reading.done() and not reading.cancelled() and (error := reading.exception()):
            raise error

    async def _read(self, socket: ClientWebSocketResponse) -> None:
        async for message in socket:
            if message.type is WSMsgType.BINARY:
                self.shown.feed(message.data)
                self._words = None
                self._look_for_the_answer()
                self._came.set()
        self._came.set()
        if socket.close_code is not None and socket.close_code >= 4000:
            raise Wrong(f"{self.alias}'s tab was closed with {socket.close_code}; it showed\n{self.shown.text}")

    # --- reading the screen -------------------------------------------------------------------------------------

    def shows(self, *texts: str) -> bool:
        if self._words is None:
            self._words = self.shown.words
        return all(text in self._words for text in texts)

    def offer(self) -> Offer | None:
        """What can be chosen, if anything is on the screen to choose from."""
        lines = self.shown.screen.display
        foot = next((at for at, line in enumerate(lines) if _COMMITS in line or _SELECTS in line), None)
        if foot is None:
            return None
        head = max((at for at in range(foot) if lines[at].startswith("──")), default=-1)
        texts: dict[str, str] = {}
        ends = KEY + min(LONGEST, self.shown.screen.columns - KEY - BESIDE)
        key = selected = ""
        for line in lines[head + 1 : foot]:
            if found := _OPTION.match(line):
                key = found[2]
                selected = key if found[1] == "▶" else selected
                texts[key] = line[KEY:ends].strip()
            elif key and not line[:KEY].strip():
                texts[key] += " " + line[KEY:ends].strip()
            else:
                key = ""
        return Offer(texts={key: " ".join(text.split()) for key, text in texts.items()}, selected=selected)

    def _look_for_the_answer(self) -> None:
        """Whether what was pressed is acknowledged: the screen went on, to what came of it, to other choices or to waiting."""
        pressed = self.pressed
        if pressed is None or self.shows(TROUBLE) or self.shows(AWAY):
            return
        offer, came = self.offer(), self.shows(f": {' '.join(pressed.text.split()[:6])}")
        if offer is not None:
            same = frozenset(offer.texts.values()) == pressed.among
            anew = same and not offer.selected
            pressed.anew = (pressed.anew or time.monotonic()) if anew else 0.0
            # A note over the choices hides a part of them for a moment, and makes no other choices of them.
            went_on = bool(offer.texts) and (pressed.among.isdisjoint(offer.texts.values()) or (not same and came))
        else:
            pressed.anew = 0.0
            went_on = came or any(self.shows(each) for each in ("is thinking", SKIPS, LAST, DEBRIEF))
        if went_on:
            self.told.append(pressed.text)
            self.waits.append(time.monotonic() - pressed.at)
            self.pressed = None

    def is_answered(self) -> bool:
        """Whether nothing is on its way: all results were shown, or the same choices have stood there again for a while, to be made anew."""
        return self.pressed is None or 0 < self.pressed.anew < time.monotonic() - ANEW

    def is_at(self, view: View, asked: bool, *, acted: bool) -> bool:
        """Whether the screen shows the scene that this view of the seat is in. `asked`: in private; `acted`: ever, else it stands before the story."""
        if self.shows(HOLDS):
            return not acted
        if self.shows(TROUBLE):
            return False
        if view.ending:
            return self.shows(LAST) or self.shows(DEBRIEF)
        if asked:
            return self.shows(SKIPS)
        offer = self.offer()
        if not view.my_turn:
            return offer is None and not self.shows(SKIPS) and self.shows("thinking")
        return offer is not None and set(offer.texts.values()) == {
            plain(each.text) for each in view.options if each.open
        }

    # --- pressing keys ------------------------------------------------------------------------------------------

    async def _play(self, lines: Lines, socket: ClientWebSocketResponse, reading: asyncio.Task[None]) -> None:
        """Until the story has ended, or the line has."""
        heard = time.monotonic()
        while not reading.done():
            self._came.clear()
            if not lines.going.is_set() or await self._press_something(lines, socket):
                heard = time.monotonic()
            if self.over:
                return
            if time.monotonic() - heard > PATIENCE:
                raise Wrong(f"nothing moves at {self.alias}'s seat; it shows\n{self.shown.text}")
            try:
                await asyncio.wait_for(self._came.wait(), 0.25)
                heard = time.monotonic() if self.pressed is None else heard
            except TimeoutError:
                pass

    async def _press_something(self, lines: Lines, socket: ClientWebSocketResponse) -> bool:
        async def press(keys: str) -> bool:
            await asyncio.sleep(self._rng.uniform(*lines.pace))
            if lines.going.is_set():
                await socket.send_str(json.dumps(["stdin", keys]))
            return True

        away = self.shows(AWAY)
        if self.shows(TROUBLE) or (away and not lines.forgiving):
            raise Wrong(f"{self.alias}'s screen shows\n{self.shown.text}")
        self.away += away and not self._was_away
        self._was_away = away
        if away:
            return False
        if self.shows(LAST) or self.shows(DEBRIEF):
            self.over = True
            return True
        if self.pressed is not None:
            return False
        if self.shows(HOLDS):
            return await press(F9)
        if self.shows(SKIPS):
            return await press("s")
        offer = self.offer()
        if offer is None or not offer.texts:
            return False
        if not offer.selected:
            if time.monotonic() < self._meant_until:
                return False  # the key pressed last is still on its way
            if self._meant not in offer.texts:
                self._meant = self._rng.choice(sorted(offer.texts))
            pressed = await press(self._meant)
            self._meant_until = time.monotonic() + MEANT
            return pressed
        await asyncio.sleep(self._rng.uniform(*lines.pace))
        offer = self.offer()  # somebody may have acted meanwhile
        if not lines.going.is_set() or offer is None or not offer.selected or not self.shows(_COMMITS):
            return False
        self.pressed = Pressed(text=offer.texts[offer.selected], among=frozenset(offer.texts.values()))
        self._meant, self._meant_until = "", 0.0
        await socket.send_str(json.dumps(["stdin", "\r"]))
        lines.pressed.set()
        return True


def plain(text: str) -> str:
    """A text as a person reads it, wherever its lines were broken."""
    return " ".join(text.split())
