"""The room of a whole workshop, for whoever runs it: every pair in one table, and what can be done for a pair or for all.

It reads when it hears that somebody has acted, and every few seconds to see who is there. What it does are events of the sessions.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from facilitator.room import NoRoom, Reader, Table, find_room, unreadable_words
from facilitator.tui.room_doing import Doing
from facilitator.tui.room_rows import NARROW, heading, row
from simulator.tui.widgets.key_line import KeyLine
from simulator.watching import Watcher, in_loop

LOOK = 3.0  # seconds between two looks at who is there and who has come
KEY_ROWS = 4  # of the line of keys, which can be pressed there: a phone has no others


class Pairs(OptionList):
    """The pairs, one an option."""

    BINDINGS: ClassVar[list[BindingType]] = [  # of its own, or the list's would hide what Enter does
        Binding("enter", "select", "Watch", id="room.watch", tooltip="Watch the seats of this pair, side by side"),
    ]


class RoomScreen(Doing):
    """The table. `key`: of the room; without one the newest open room, or that of `workshop`."""

    CSS_PATH = Path(__file__).with_name("room.tcss")  # a subclass elsewhere would look beside its own file
    help_text = (
        "Every pair of the room, read as they play. ● is at their device, ○ is away. “Waits” is how long the story has stood still in "
        "real time; it is never judged. Nothing here shows how a play was weighed: R rates a pair by hand first, D reads its debrief "
        "once it is open. Whatever you do here stays in the pair's log; what you write can be erased."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "hold", "Pause room", id="room.hold", tooltip="Pause this pair, or all of them"),
        Binding("g", "go_on", "Go on", id="room.go-on", tooltip="Let this pair go on, or all of them"),
        Binding("i", "inject", "Inject", id="room.inject", tooltip="Bring an inject from the shelf into this pair's story"),
        Binding("m", "message", "Message", id="room.message", tooltip="Say something to a seat, to the pair or to everybody"),
        Binding("n", "note", "Note", id="room.note", tooltip="A note of your own about this pair; nobody else sees it"),
        Binding("b", "back", "Back to", id="room.back", tooltip="Offer the pair to go back to an earlier decision"),
        Binding("e", "end", "End play", id="room.end", tooltip="Move this pair, or everybody, to the debrief"),
        Binding("o", "open", "Open rest", id="room.open", tooltip="Open the rest of the debrief for those who wait for somebody's reactions"),
        Binding("r", "rate", "Rate", id="room.rate", tooltip="Rate this pair's objectives by hand"),
        Binding("d", "debrief", "Debrief", id="room.debrief", tooltip="Read this pair's debrief, once it is open"),
        Binding("s", "seat", "Seat", id="room.seat", tooltip="Seat those who wait"),
        Binding("w", "wall", "Wall", id="room.wall", tooltip="The debrief of the whole room, for a projector"),
        Binding("escape", "leave", "Leave", key_display="Esc", id="room.leave", tooltip="Leave; the room goes on without you"),
    ]  # fmt: skip

    def __init__(self, key: str | None = None, workshop: str | None = None):
        super().__init__()
        self._which = (key, workshop)
        self._own_watcher = False
        self._watched: dict[str, Callable[[], None]] = {}
        self._reading = self._again = False

    def compose(self) -> ComposeResult:
        yield Static("Reading the room …", id="room-head", markup=False)
        yield Static("", id="room-columns", markup=False)
        yield Pairs(id="room-pairs", markup=False)
        yield Static("", id="room-foot", markup=False)
        yield KeyLine(rows=KEY_ROWS)

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()
        self.in_background(self._find, self._found, self._not_found)

    def on_unmount(self) -> None:
        for stop in self._watched.values():
            stop()
        if self._own_watcher and self._watcher is not None:
            self._watcher.close()

    # --- reading ------------------------------------------------------------------------------------------------

    def _find(self) -> Reader:
        store = self.desk.store
        self._watcher, self._own_watcher = self.desk.watcher, self.desk.watcher is None
        if self._watcher is None:
            self._watcher = Watcher(store)
        key, workshop = self._which
        return Reader(store, find_room(store, key, workshop), workshop or "")

    def _not_found(self, error: Exception) -> None:
        if isinstance(error, NoRoom):
            self.query_one("#room-head", Static).update(str(error))
        else:
            self.shell.trouble(error)

    def _found(self, reader: Reader) -> None:
        self._reader = reader
        self.set_interval(LOOK, self.read)
        self.set_interval(1.0, self._draw)
        self.read()

    def read(self) -> None:
        """Read the room, now or as soon as the reading under way is done."""
        if self._reader is None:
            return
        if self._reading:
            self._again = True
            return
        self._reading = True
        self.in_background(self._reader.table, self._show, self._not_read, group="read")

    def _not_read(self, error: Exception) -> None:
        from simulator.log import LogError

        self._reading = False
        if not isinstance(error, LogError):  # a store that does not answer is asked again in a moment
            self.shell.trouble(error)

    def _show(self, table: Table) -> None:
        before, self._table = self._table, table
        self._reading = False
        self._watch(table)
        self._draw()
        if before is not None:
            self._tell_answers(before, table)
        if self._again:
            self._again = False
            self.read()

    def _watch(self, table: Table) -> None:
        assert self._watcher is not None
        for pair in table.pairs:
            if pair.session not in self._watched:
                known = table.counts.get(pair.session, 0)
                self._watched[pair.session] = self._watcher.watch(pair.session, known, in_loop(self._heard))

    def _heard(self, _: int) -> None:
        if self.is_attached:
            self.read()

    def _tell_answers(self, before: Table, now: Table) -> None:
        """What became of a question whether to go back."""
        asked = {pair.session for pair in before.pairs if pair.proposed}
        for pair in now.pairs:
            if pair.session in asked and pair.refused:
                self._say(f"{pair.who}: they would rather go on as they are.")
            elif pair.session in asked and not pair.proposed and pair.stage == "plays":
                self._say(f"{pair.who}: they have gone back, or are asked no more.")

    # --- drawing ------------------------------------------------------------------------------------------------

    def on_resize(self, event: events.Resize) -> None:
        self._draw()

    def _draw(self) -> None:
        table = self._table
        if table is None or not self.is_attached:
            return
        shown, now = self.query_one(OptionList), datetime.now(UTC)
        width = self.size.width - 5
        columns = self.query_one("#room-columns", Static)
        columns.update(heading(width))
        columns.display = width >= NARROW
        self.query_one("#room-head", Static).update(self._headline(table))
        lines = [row(number, pair, width, now) for number, pair in enumerate(table.pairs, 1)]
        if [option.id for option in shown.options] != [pair.session for pair in table.pairs]:
            at = shown.highlighted or 0
            shown.set_options(Option(line, id=pair.session) for line, pair in zip(lines, table.pairs, strict=True))
            shown.highlighted = min(at, len(lines) - 1) if lines else None
        else:
            for index, line in enumerate(lines):
                if str(shown.get_option_at_index(index).prompt) != str(line):
                    shown.replace_option_prompt_at_index(index, line)
        waiting = ", ".join(alias for alias, _ in table.waiting)
        foot = f"Waiting for a seat (S): {waiting}" if waiting else ""
        if table.unreadable:
            foot = "\n".join(part for part in (foot, unreadable_words(table.unreadable)) if part)
        self.refresh_bindings()
        below = self.query_one("#room-foot", Static)
        below.update(foot or "Nobody has a seat yet.")
        below.display = bool(foot) or not table.pairs

    def _headline(self, table: Table) -> Content:
        stages = [pair.stage for pair in table.pairs]
        plays, still = stages.count("plays"), stages.count("paused") + stages.count("held")
        over = stages.count("debrief") + stages.count("done")
        pairs = f"{len(stages)} pair{'s' * (len(stages) != 1)}"
        counts = f"{pairs}: {plays} play, {still} paused, {over} in the debrief or done"
        name = f"  {table.workshop}" if table.workshop else ""
        return Content.assemble((f"The room{name}", "bold $primary"), f"  {table.title}\n", (counts, "$quiet"))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "seat" or bool(self._table is not None and self._table.waiting)

    def action_leave(self) -> None:
        self.shell.go_home()
