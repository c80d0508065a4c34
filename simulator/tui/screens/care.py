"""Pause, stepping out, help and troubles: the screens that must work on top of every other one.

Nobody is asked for a reason, and nothing of the story can be read while one of the quiet screens is up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import CenterMiddle, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from simulator.tui.page import Page
from simulator.tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from simulator.session import Session

SUPPORT = "No local support was named here. Anybody in the room can ask the facilitator for a word alone."


class Quiet(Page[None]):
    """The quiet screen of a pause and of stepping out. Both write the same event, so nobody can tell them apart."""

    help_text = "A pause, for as long as you like. The arrows select, Enter does it, Esc goes back to where you were."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "go_on", "Go on", id="quiet.go-on", tooltip="Back to where you were"),
    ]

    def __init__(self, *, stepping_out: bool, playing: bool):
        super().__init__()
        self._stepping_out = stepping_out
        self._playing = playing

    def compose(self) -> ComposeResult:
        with CenterMiddle():
            yield Static("Paused", classes="name centred", id="quiet-title")
            yield Static("Take the time you need. Nothing goes on without you.", classes="centred")
            yield Static(self._support(), classes="centred quiet", id="quiet-support", markup=False)
            yield OptionList(id="quiet-options", markup=False)
        yield KeyLine()

    def _support(self) -> str:
        named = self.desk.support
        return f"Somebody to talk to: {named}" if named else SUPPORT

    def on_mount(self) -> None:
        self.offer_more(self._stepping_out)
        session = self.desk.session
        if self._playing and session is not None:
            self.in_background(session.pause, lambda _: None)

    def offer_more(self, stepping_out: bool) -> None:
        """Show the ways out below the pause, or only the way back."""
        self._stepping_out = stepping_out
        self.query_one("#quiet-title", Static).update("You have stepped out" if stepping_out else "Paused")
        options = self.query_one(OptionList)
        options.clear_options()
        if not stepping_out:
            options.add_option(Option("Go on", id="go-on"))
            options.add_option(Option("Step out …", id="more"))
        else:
            options.add_option(Option("Take a break, then go on here", id="go-on"))
            if self._playing and self.desk.session is not None:
                options.add_option(Option("Finish later: the play is kept as it is", id="later"))
                for seat, text in computer_takes(self.desk.session, self.desk.people(self.desk.session)):
                    options.add_option(Option(text, id=f"computer:{seat}"))
            elif len(self.app.screen_stack) > 2 or self.app.current_mode != "home":
                options.add_option(Option("Leave, back to the first page", id="later"))
            options.add_option(Option("Close Handoff (everything is kept)", id="quit"))
        options.highlighted = 0
        options.focus()

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        chosen = event.option_id or ""
        if chosen == "more":
            self.offer_more(True)
        elif chosen == "go-on":
            self.action_go_on()
        elif chosen == "later":
            self.shell.go_home()
        elif chosen == "quit":
            self.app.exit()
        else:
            self._go_on({chosen.removeprefix("computer:"): "typical"})

    def action_go_on(self) -> None:
        self._go_on({})

    def _go_on(self, computer: dict[str, str]) -> None:
        session = self.desk.session
        if not self._playing or session is None:
            self.dismiss()
            return
        self.in_background(lambda: session.resume(computer), self._gone_on)

    def _gone_on(self, _: object) -> None:
        self.dismiss()
        self.shell.back_to_play()


def computer_takes(session: Session, own: tuple[str, ...]) -> list[tuple[str, str]]:
    """For each seat that a person plays here: the seat, and the offer that the computer takes it."""
    people = {place.seat: place.alias for place in session.places}
    offers = []
    for seat in own:
        name = session.bundle.scenario.seats[seat].name
        whose = f"{name} ({people[seat]})" if people.get(seat) else name
        offers.append(
            (seat, "Let the computer play my part to the end" if len(own) == 1 else f"Let the computer play {whose}")
        )
    return offers


class Help(ModalScreen[None]):
    """What a screen is for, and every key that works on it. Made from the bindings, so that it cannot go stale."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q", "close", "Close", id="help.close", tooltip="Back to the screen"),
    ]

    def __init__(self, text: str, keys: list[tuple[str, str]]):
        super().__init__()
        self._text, self._keys = text, keys

    @classmethod
    def about(cls, screen: Screen[object]) -> Help:
        """Help for what is on the screen now."""
        text = screen.help_for_now() if isinstance(screen, Page) else getattr(screen, "help_text", "")
        app = screen.app
        keys: dict[str, list[str]] = {}
        for _, binding, enabled, tooltip in screen.active_bindings.values():
            said = tooltip or binding.description
            if said and enabled and binding.id:  # those of ours; what Tab and the arrows do is said once, below
                shown = keys.setdefault(said, [])
                key = app.get_key_display(binding)
                if key not in shown:
                    shown.append(key)
        return cls(text, [(" ".join(shown), said) for said, shown in keys.items()])

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog dialog-wide"):
            yield Static("Help", classes="dialog-title")
            if self._text:
                yield Static(self._text, markup=False, id="help-text")
            width = max((len(key) for key, _ in self._keys), default=0)
            lines = [Content.assemble((f"{key:<{width}}  ", "bold $primary"), said) for key, said in self._keys]
            yield Static(Content("\n").join(lines), id="help-keys", markup=False)
            yield Static("Tab goes from part to part, the arrows move within one. Esc closes this.", classes="key-hint")

    def action_close(self) -> None:
        self.dismiss()


class Trouble(ModalScreen[None]):
    """Something went wrong, in a sentence. What was acknowledged before it is kept."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter", "close", "Close", id="trouble.close", tooltip="Back to the screen"),
    ]

    def __init__(self, text: str, *, kept: bool):
        """`kept`: whether there is anything chosen before this that is kept."""
        super().__init__()
        self._text, self._kept = text, kept

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog"):
            yield Static("This did not work", classes="dialog-title")
            yield Static(self._text, id="trouble-text", markup=False)
            if self._kept:
                yield Static("What you chose before this is kept.", classes="quiet")
            yield Static("Enter closes this", classes="key-hint")

    def action_close(self) -> None:
        self.dismiss()
