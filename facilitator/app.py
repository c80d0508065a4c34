"""The one App, composed: the shell of the simulator, its screens, and the facilitator's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar

from textual.screen import Screen

from simulator.tui.desk import Desk
from simulator.tui.remembered import Remembered
from simulator.tui.screens.home import HomeScreen
from simulator.tui.shell import Shell

if TYPE_CHECKING:
    from simulator.library import Library
    from simulator.log import Store


def _review(options: SimpleNamespace) -> Screen[None]:
    from facilitator.choosing import cohort_of, words_of
    from facilitator.tui.review import ReviewScreen  # deferred: the list is not needed for the first frame

    return ReviewScreen(words_of(options), cohort_of(options), figures=bool(vars(options).get("cohort")))


def _map(options: SimpleNamespace) -> Screen[None]:
    from facilitator.measuring import measure
    from facilitator.tui.map import MapScreen  # deferred: only a map needs networkx and netext

    asked = vars(options)
    return MapScreen(
        asked.get("scenario") or "", lens=asked.get("lens") or "seat", mou=asked.get("mou"), measure=measure()
    )


def _panel(options: SimpleNamespace) -> Screen[None]:
    from facilitator.tui.panel import PanelScreen  # deferred: only a panelist needs it

    asked = vars(options)
    return PanelScreen(
        asked.get("scenario") or "",
        scene=asked.get("scene"),
        discipline=asked.get("discipline"),
        alias=asked.get("alias"),
    )


def _room(options: SimpleNamespace) -> Screen[None]:
    from facilitator.tui.room import RoomScreen  # deferred: only whoever runs a room needs it

    asked = vars(options)
    return RoomScreen(asked.get("key"), asked.get("workshop"))


class HandoffApp(Shell):
    """`start`: `home`, `lobby` (with `options.scenario`), `resume` or `swap` (with `options.session`), `tutorial`, `review`,
    `map` (with `options.scenario`, `options.lens`), `panel` (with `options.scenario`), `room` (with `options.key` or
    `options.workshop`) or `studio` (with `options.file`).

    `options` are the command line's; those a lobby asks for (seats, alias, agency, setting) are filled in there, and
    the filter in the review.
    """

    MODES: ClassVar[dict[str, str | Callable[[], Screen[Any]]]] = {"home": HomeScreen}
    DEFAULT_MODE = "home"

    def __init__(
        self,
        library: Library | None = None,
        store: str | Path | Store | None = None,
        *,
        folders: Sequence[Path] = (),
        start: str = "home",
        options: SimpleNamespace | None = None,
        remembered: Remembered | None = None,
    ):
        def shelf() -> Library:
            from simulator.library import Library  # deferred: the reader and YAML are not needed to draw

            return Library(folders)

        super().__init__(Desk(library or shelf, store, remembered))
        self._start = start
        self.passing_through = start != "home"
        self.options = options or SimpleNamespace()
        self.writing: Screen[None] | None = None  # the studio, once it was opened
        self.add_mode("map", partial(_map, self.options))
        self.add_mode("panel", partial(_panel, self.options))
        self.add_mode("room", partial(_room, self.options))
        self.add_mode("studio", self._studio)
        # What another command was told, such as which scenario to play, is no filter for the list.
        self.add_mode("review", partial(_review, self.options if start == "review" else SimpleNamespace()))

    def on_mount(self) -> None:
        if self._start == "review":
            self.switch_mode("review")
        elif self._start == "map":
            self.switch_mode("map")
        elif self._start == "panel":
            self.switch_mode("panel")
        elif self._start == "room":
            self.switch_mode("room")
        elif self._start == "studio":
            self.switch_mode("studio")
        elif self._start == "lobby":
            self.open_lobby(getattr(self.options, "scenario", None) or "kitchen-table", asked=self.options)
        elif self._start == "resume":
            self.resume_session(self.options.session)
        elif self._start == "swap":
            self.open_swap(self.options.session, self.options)
        elif self._start == "tutorial":
            self.open_tutorial()

    def action_help(self) -> None:
        explain = getattr(self.screen, "explain_here", None)  # a screen may know more about what is selected on it
        if explain is None or not explain():
            super().action_help()

    async def action_quit(self) -> None:
        asks = getattr(self.writing, "may_leave", None)  # what is not saved is a question
        if asks is None or asks(self.exit):
            self.exit()

    def _studio(self) -> Screen[None]:
        from facilitator.tui.studio import StudioScreen  # deferred: only those who write need an editor

        file = vars(self.options).get("file")
        self.writing = StudioScreen(Path(file) if file else None)
        return self.writing

    def open_review(self) -> None:
        self.switch_mode("review")

    def go_home(self) -> None:
        super().go_home()
        self.passing_through = False
        if self.current_mode != "home":
            self.switch_mode("home")
