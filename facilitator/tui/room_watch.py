"""Watching a pair: its seats side by side, each as its own view shows it. Nothing can be done here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from simulator.tui.page import Page
from simulator.tui.turns import as_read
from simulator.tui.widgets.key_line import KeyLine
from simulator.tui.widgets.transcript import Transcript
from simulator.tui.words import and_list, day_and_clock
from simulator.watching import in_loop

if TYPE_CHECKING:
    from facilitator.room import Reader
    from simulator.session import Session
    from simulator.view import View
    from simulator.watching import Watcher

BESIDE = 2  # seats that are shown at once
WIDE = 70  # columns that two of them need; on a phone there is one at a time
AGAIN = 1.0  # seconds before a store that did not answer is asked again


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A pair as it stands: the view of every seat, and who sits there."""

    title: str
    views: Mapping[str, View]
    names: Mapping[str, str]
    said: str
    events: int


class WatchScreen(Page[None]):
    """Two seats beside each other; the arrows show the others, where there are more or the screen is narrow. No duties, lines or
    letters: only the story."""

    CSS_PATH = "room.tcss"
    help_text = (
        "The story of each seat, as that seat reads it, private passages too. It goes on by itself while they play; Tab goes to "
        "the other column, PgUp and PgDn scroll it; on a narrow screen ← and → turn to the other seat. Nobody sees that you look. Esc goes back to the room."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        # Before those of a column, which would go sideways and never can.
        Binding(
            "left",
            "others(-1)",
            "Seat before",
            key_display="←",
            id="watch.before",
            tooltip="The seat before",
            priority=True,
        ),
        Binding(
            "right",
            "others(1)",
            "Seat after",
            key_display="→",
            id="watch.after",
            tooltip="The seat after",
            priority=True,
        ),
        Binding("escape", "leave", "Back", key_display="Esc", id="watch.leave", tooltip="Back to the room"),
    ]

    def __init__(self, reader: Reader, session: str, watcher: Watcher):
        super().__init__()
        self._reader, self._ident, self._watcher = reader, session, watcher
        self._first = 0
        self._seen: Seen | None = None
        self._shown: dict[str, int] = {}
        self._stop: Callable[[], None] = lambda: None

    def compose(self) -> ComposeResult:
        yield Static("", id="watch-head", markup=False)
        with Horizontal(id="watch-seats"):
            for column in range(BESIDE):
                with Vertical(classes="watch-seat", id=f"watch-{column}"):
                    yield Static("", classes="watch-name", markup=False)
                    yield Transcript()
        yield KeyLine(rows=2)

    def on_mount(self) -> None:
        self.query(Transcript).first().focus()
        self._read()

    def on_unmount(self) -> None:
        self._stop()

    def on_resize(self, event: events.Resize) -> None:
        if self._seen is not None:
            self.action_others(0)

    @property
    def _beside(self) -> int:
        return BESIDE if self.size.width >= WIDE else 1

    def _read(self) -> None:
        self.in_background(self._look, self._show, self._not_read, group="watch")

    def _not_read(self, error: Exception) -> None:
        from simulator.log import Unwritable

        if isinstance(error, Unwritable):
            self.set_timer(AGAIN, self._read)
        else:
            self.shell.trouble(error)

    def _look(self) -> Seen:
        session = self._reader.session(self._ident)
        scenario = session.bundle.scenario
        alias = {place.seat: place.alias for place in session.places}
        return Seen(
            title=scenario.title,
            views={seat: as_read(session, seat) for seat in session.seats},
            names={
                seat: f"{alias[seat]}, {scenario.seats[seat].name}" if alias.get(seat) else scenario.seats[seat].name
                for seat in session.seats
            },
            said=_said(session),
            events=len(session.events),
        )

    def _show(self, seen: Seen) -> None:
        if self._seen is None:
            self._stop = self._watcher.watch(self._ident, seen.events, in_loop(self._heard))
        self._seen = seen
        self._draw()

    def _heard(self, _: int) -> None:
        if self.is_attached:
            self._read()

    def _draw(self) -> None:
        seen = self._seen
        assert seen is not None
        now = next(iter(seen.views.values())).now
        head = Content.assemble(
            ("Watching", "bold $primary"), f"  {seen.title}\n", (f"{day_and_clock(now)} · {seen.said}", "$quiet")
        )
        self.query_one("#watch-head", Static).update(head)
        seats = list(seen.views)[self._first : self._first + self._beside]
        for column in range(BESIDE):
            box = self.query_one(f"#watch-{column}", Vertical)
            box.display = column < len(seats)
            if column < len(seats):
                self._draw_seat(box, seen, seats[column])
        self.refresh_bindings()

    def _draw_seat(self, box: Vertical, seen: Seen, seat: str) -> None:
        view = seen.views[seat]
        doing = f"{view.scene_title} · has to decide" if view.my_turn else view.scene_title or "not in this scene"
        box.query_one(".watch-name", Static).update(Content.assemble(seen.names[seat], "\n", (doing, "$quiet")))
        read = min(self._shown.get(seat, max(0, len(view.passages) - 1)), len(view.passages))
        box.query_one(Transcript).show(view.passages, whose=seat, read=read)
        if view.ending:
            box.query_one(Transcript).end_with(view.ending)
        self._shown[seat] = len(view.passages)

    def action_others(self, by: int) -> None:
        if self._seen is not None:
            self._first = max(0, min(self._first + by, len(self._seen.views) - self._beside))
            self._draw()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "others" or (self._seen is not None and len(self._seen.views) > self._beside)

    def action_leave(self) -> None:
        self.dismiss()


def _said(session: Session) -> str:
    if session.over:
        return "in its debrief"
    if session.held:
        return "paused by you"
    if session.paused:
        return "paused"
    names = [session.bundle.scenario.seats[seat].name for seat in session.on_turn]
    return f"turn: {and_list(names)}" if names else "time goes on"
