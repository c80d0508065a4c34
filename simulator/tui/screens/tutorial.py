"""The tutorial: a small, harmless play in which each key is tried once. It is played like any other, with hints on top.

Its session lives in a store of its own that goes away with it, so that no list and no figure ever holds it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from simulator.tui.screens.care import Quiet
from simulator.tui.screens.play import PlayScreen
from simulator.tui.screens.story import Table
from simulator.tui.widgets.choices import Choices
from simulator.tui.widgets.key_line import KeyLine
from simulator.tui.widgets.main import Main
from simulator.tui.widgets.side import Side
from simulator.tui.widgets.top_bar import TopBar

if TYPE_CHECKING:
    from simulator.library import Library
    from simulator.log import Store
    from simulator.session import Session
    from simulator.tui.turns import Look


class Hint(NamedTuple):
    """A hint, and the thing that has to be done for the next one to come."""

    until: str
    text: str


HINTS = (
    Hint("selected", "Above is the story, below what you can do. Press 1 or 2. That selects, nothing more."),
    Hint("committed", "Changed your mind? Press the other number. When you are sure, press Enter."),
    Hint("side-opened", "F2 shows what you may look up: duties, papers, messages, what you know. Press F2."),
    Hint("side-closed", "F3 turns its page. Press F2 again to go back to the story."),
    Hint(
        "paused", "Press F5 at any time for a quiet screen, and F6 to step out. Nobody asks why. Try F5 now, then Esc."
    ),
    Hint("committed", "Here both of you choose, unseen by each other. Choose as before: a number, then Enter."),
    Hint(
        "ended",
        "PgUp and PgDn scroll the story. Some stories let you say something of your own too: then S stands in the last line. "
        "Read to the end, then press Enter.",
    ),
)


def begin_tutorial(library: Library, folder: Path) -> tuple[Session, Store]:
    """A fresh session of the tutorial, the trainee as the officer, in a store inside `folder`."""
    from simulator.log import Place, open_store
    from simulator.session import Session

    with as_file(files("scenarios").joinpath("tutorial", "tutorial.yaml")) as path:
        bundle = library.bundle(path)
    first, *others = bundle.scenario.seats
    places = [Place(first, "", "human"), *(Place(other, "", "typical") for other in others)]
    store = open_store(folder / "tutorial.sqlite3")
    return Session.begin(store, bundle, places, seed=1), store


class TutorialScreen(PlayScreen):
    """A play with a hint above the story that waits until the key has been tried."""

    help_text = "The tutorial: do what the box at the top says. Esc leaves it; you can come back whenever you like."

    def __init__(self, session: Session, put_away: Callable[[], None] = lambda: None):
        super().__init__(session)
        self._put_away = put_away
        self._step = 0
        self._went_quiet = False

    @classmethod
    def prepare(cls, library: Library) -> TutorialScreen:
        """Make everything ready. Reads and writes files: call it in a worker."""
        folder = tempfile.TemporaryDirectory(prefix="handoff-tutorial-", ignore_cleanup_errors=True)
        session, store = begin_tutorial(library, Path(folder.name))

        def put_away() -> None:
            store.close()
            folder.cleanup()

        return cls(session, put_away)

    def on_unmount(self) -> None:
        self.app.run_worker(self._put_away, thread=True, exit_on_error=False)

    def compose(self) -> ComposeResult:
        yield TopBar()
        yield Static(id="hint", markup=False)
        with Table(id="table"):
            yield Main(id="main")
            yield Side(id="side")
        yield KeyLine()

    def on_mount(self) -> None:
        self.add_class("-side-closed")  # so that F2 opens it on a wide screen too
        self._say()

    def _say(self) -> None:
        hint = HINTS[min(self._step, len(HINTS) - 1)]
        said = Content.assemble(
            (f"Hint {min(self._step, len(HINTS) - 1) + 1} of {len(HINTS)}  ", "bold $accent"), hint.text
        )
        self.query_one("#hint", Static).update(said)

    def did(self, what: str) -> None:
        """The trainee did something. If the hint asked for it, the next one comes; a play that runs ahead skips some."""
        if self._step >= len(HINTS):
            return
        if HINTS[self._step].until == what:
            self._step += 1
        elif what in ("committed", "ended"):
            later = [index for index, hint in enumerate(HINTS) if index > self._step and hint.until == what]
            self._step = later[0] + (what == "committed") if later else self._step
        self._say()

    def on_choices_selected(self, _: Choices.Selected) -> None:
        self.did("selected")

    def _committed(self) -> None:
        self.did("committed")

    def action_side(self) -> None:
        super().action_side()
        self.did("side-opened" if self._side_is_open() else "side-closed")

    def on_screen_suspend(self) -> None:
        self._went_quiet = isinstance(self.app.screen, Quiet)

    def on_screen_resume(self) -> None:
        if self._went_quiet:
            self._went_quiet = False
            self.did("paused")

    def _finish(self, seen: Look, seat: str) -> None:
        super()._finish(seen, seat)
        self.did("ended")

    def _to_debrief(self) -> None:
        self.notify(
            "After a real play comes the debrief: how it was, what happened, why, and what you keep.", markup=False
        )
        self.shell.go_home()

    _last_word = "That is all you need. To the first page"
    _leaving = "Leave the tutorial?"
    _leaving_note = "You can come back to it whenever you like."
