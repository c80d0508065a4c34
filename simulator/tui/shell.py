"""The app without its rooms: theme, care keys, troubles, and the ways between the screens of a play.

`facilitator.app` adds what coordinators and facilitators see. The keys for help, pause and stepping out are the
app's own and have priority, so that they work on every screen, whatever has the focus.
"""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual._context import active_message_pump
from textual.app import App
from textual.binding import Binding, BindingType
from textual.css.query import NoMatches
from textual.dom import DOMNode
from textual.widget import Widget

from simulator.tui.desk import Desk
from simulator.tui.theme import DAY, NIGHT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import SimpleNamespace as Namespace

    from textual.actions import ActionParseResult
    from textual.screen import Screen

    from simulator.session import Session


_KEYS = {
    "escape": "Esc",
    "enter": "Enter",
    "up": "↑",
    "down": "↓",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "ctrl+q": "Ctrl+Q",
}


class Shell(App[None]):
    """Holds the desk and moves between screens. Screens are imported when they are first needed."""

    TITLE = "Handoff"
    CSS_PATH = Path(__file__).with_name("app.tcss")  # a subclass elsewhere would look beside its own file
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (32, "-tall")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", "Help", id="app.help", tooltip="What this screen is for and its keys", priority=True),
        Binding("f5", "pause", "Pause", id="app.pause", tooltip="A quiet screen. No reason needed", priority=True),
        Binding("f6", "step_out", "Step out", id="app.step-out", tooltip="Leave for now. No reason needed", priority=True),
        Binding("f8", "light", "Light/dark", id="app.light", tooltip="Light or dark colours", show=False, priority=True),
        Binding("ctrl+q", "quit", "Quit", id="app.quit", tooltip="Close Handoff. Every choice is kept", show=False, priority=True),
    ]  # fmt: skip

    def __init__(self, desk: Desk | None = None):
        super().__init__()
        self.desk = desk or Desk()
        self._alone = False  # whether nothing else happens in this process; one for many apps looks after itself
        self.register_theme(NIGHT)
        self.register_theme(DAY)
        # Without its watcher, which runs at the start anyway: a second pass over all styles would delay the first frame.
        self.set_reactive(App.theme, DAY.name if self.desk.remembered.get("light") == "yes" else NIGHT.name)
        self.stylesheet.set_variables(self.get_css_variables())
        self.passing_through = False  # on the way to another screen: the first page need not read its lists
        self.troubles: list[str] = []  # what was told to the person, for tests and for the curious

    def run(self, *args: Any, **others: Any) -> None:
        """As the framework's: this app has its process to itself."""
        self._alone = True
        super().run(*args, **others)

    def on_unmount(self) -> None:
        self.desk.close()

    def settle(self) -> None:
        """A story has begun: what was loaded for it stays. Python's search for rubbish walked through all of it now and again, and stopped
        the screen for up to a tenth of a second."""
        if self._alone:
            gc.unfreeze()  # what the story before has left behind goes
            gc.collect()
            gc.freeze()

    # --- care -------------------------------------------------------------------------------------------------

    def action_help(self) -> None:
        from simulator.tui.screens.care import Help

        if not isinstance(self.screen, Help):
            self.push_screen(Help.about(self.screen))

    def action_pause(self) -> None:
        self._go_quiet(stepping_out=False)

    def action_step_out(self) -> None:
        self._go_quiet(stepping_out=True)

    def _go_quiet(self, stepping_out: bool) -> None:
        from simulator.tui.screens.care import Help, Quiet

        if isinstance(self.screen, Help):
            self.pop_screen()
        if isinstance(self.screen, Quiet):
            self.screen.offer_more(stepping_out)
            return
        self.push_screen(Quiet(stepping_out=stepping_out, playing=self.playing()))

    def playing(self) -> bool:
        """Whether a play is under way on this app's screens, and not yet at its end."""
        return self.desk.session is not None and not self.desk.session.over

    def action_light(self) -> None:
        light = self.theme != DAY.name
        self.theme = DAY.name if light else NIGHT.name
        self.desk.remembered.keep("light", "yes" if light else "")

    def get_key_display(self, binding: Binding) -> str:
        """Keys as they are printed on a keyboard."""
        if binding.key_display:
            return binding.key_display
        key = binding.key
        return _KEYS.get(key) or (
            key.upper() if len(key) == 1 or key[1:].isdigit() else super().get_key_display(binding)
        )

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """As the framework's; but a key that comes while its page is being built or taken away does nothing. There may be nothing on it
        yet, or any more, that it could be done to."""
        node = default_namespace
        if isinstance(node, Widget) and not (node.is_mounted and node.is_attached):
            return False
        return await super().run_action(action, default_namespace, namespaces)

    # --- troubles ---------------------------------------------------------------------------------------------

    def _handle_exception(self, error: Exception) -> None:
        if not self.is_nobodys_fault(error):
            super()._handle_exception(error)

    def is_nobodys_fault(self, error: Exception) -> bool:
        """Whether something was not found because its page is being closed.

        Somebody may leave a page while it is still being built. The framework mounts nothing more on it, and the
        handlers still under way, its own among them, then look for widgets that never came.
        """
        if not isinstance(error, NoMatches):
            return False
        page = active_message_pump.get(None)
        return not self.is_running or (
            isinstance(page, DOMNode)
            and any(node._pruning or node._closing for node in page.ancestors_with_self if node is not self)
        )

    def trouble(self, error: Exception) -> None:
        """Tell the person what went wrong in one plain message. Whatever was acknowledged before it is kept."""
        from simulator.tui.screens.care import Trouble

        self.passing_through = False
        said = str(error).strip() or type(error).__name__
        self.troubles.append(said)
        self.log.error(repr(error))
        self.push_screen(Trouble(said, kept=self.desk.session is not None))

    # --- the ways between screens -------------------------------------------------------------------------------

    def open_lobby(self, scenario: str, asked: Namespace | None = None) -> None:
        """Set up a play of this scenario. `asked`: what the command line already said about it."""
        from simulator.tui.screens.lobby import LobbyScreen

        self.passing_through = False
        self.push_screen(LobbyScreen(scenario, asked))

    def open_swap(self, ident: str, asked: Namespace | None = None) -> None:
        """Play a session again that has ended, with its seats exchanged. `asked`: what the command line said about it."""
        from simulator.tui.screens.swap import SwapScreen

        self.passing_through = False
        self.push_screen(SwapScreen(ident, asked))

    def open_next(self, series: str, session: str) -> None:
        """Set up the episode of a series that goes on from a session."""
        from types import SimpleNamespace

        self.open_lobby(self.desk.series_at.get(series, series), SimpleNamespace(after=session))

    def resume_session(self, ident: str) -> None:
        """Take up a kept session; its last acknowledged event is where it goes on."""
        from simulator.tui.page import Page

        def reopen() -> Session:
            from simulator.session import Session

            return Session.reopen(self.desk.store, ident)

        if isinstance(self.screen, Page):
            self.screen.in_background(reopen, self.open_session, group="open")

    def open_review(self) -> None:
        """The sessions played here. The simulator alone has no such screen; the facilitator's app brings it."""

    def open_tutorial(self) -> None:
        """Learn the keys by playing."""
        from simulator.tui.page import Page
        from simulator.tui.screens.tutorial import TutorialScreen

        if isinstance(self.screen, Page):
            self.screen.in_background(
                lambda: TutorialScreen.prepare(self.desk.library), self._show_tutorial, group="open"
            )

    def _show_tutorial(self, screen: Screen[None]) -> None:
        self.passing_through = False
        self.push_screen(screen)

    def open_session(self, session: Session, *, replacing: bool = False) -> None:
        """Play it on, or debrief it if there is nothing left to play. `replacing` leaves the screen this is called from."""
        self.desk.session = session
        self.passing_through = False
        if session.over:
            self.open_debrief(session, replacing=replacing)
            return
        from simulator.tui.screens.play import PlayScreen

        screen = PlayScreen(session)
        self.switch_screen(screen) if replacing else self.push_screen(screen)

    def back_to_play(self) -> None:
        """After a pause: take away whatever lay over the story, such as a curtain or a question, and look again."""
        from simulator.tui.screens.play import PlayScreen

        play = next((screen for screen in reversed(self.screen_stack) if isinstance(screen, PlayScreen)), None)
        if play is not None:
            while self.screen is not play:
                self.pop_screen()
            # In its own turn: what it asks next must be answered to it, and not to the screen that is just leaving.
            play.call_later(play.come_back)

    def open_debrief(self, session: Session, *, replacing: bool = False, reading: bool = False) -> None:
        """The debrief. `reading`: a coordinator looks at it; nothing is asked and nothing private is shown."""
        from simulator.tui.screens.debrief import DebriefScreen

        screen = DebriefScreen(session, reading=reading)
        self.switch_screen(screen) if replacing else self.push_screen(screen)

    def go_home(self) -> None:
        """Back to the first screen. The session stays in the store as it is."""
        self.desk.session = None
        while len(self.screen_stack) > 1:
            self.pop_screen()
