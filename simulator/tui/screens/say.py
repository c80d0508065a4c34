"""Saying something of one's own, on top of the scene: to whom, then what, then by which channel.

It does not warn, colour or sort by what is lawful: what may be told and what may not stand side by side, in the author's
order. What a message leaves behind and what a release holds is said, because one would know it in life too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import Key
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from simulator.listeners import MESSAGE_STAYS, NOT_JUDGED, Thing, form, is_message, listeners
from simulator.saying import Sayable
from simulator.tui.widgets.choices import Choices
from simulator.tui.widgets.key_line import KeyLine
from simulator.tui.words import length
from simulator.view import Option

FORM = 84  # columns that a form takes at most
FRAME = 7  # lines of the dialog that are neither list nor form: borders, title, buttons, and the keys below it
_LEAD = {
    "ask": "Whether there is an answer is theirs to say, when their turn comes.",
    "revoke": "It goes into the file, and whoever had the release is told.",
}


class Say(ModalScreen[Sayable | None]):
    """What can be said now. Dismissed with what is to be said, or with None."""

    help_text = (
        "Whom, then what. Tell what you know, ask, ring somebody who is not here, ask for a release, or take advice; "
        f"your turn goes on afterwards. {MESSAGE_STAYS} {NOT_JUDGED}"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "commit", "Say it", key_display="Enter", id="say.commit", tooltip="Say what is selected"),
        Binding("w", "write", "Send as a message", id="say.write", tooltip="Write it as a secure message, which stays in the record of both"),
        Binding("pageup", "turn(-1)", "Up", id="say.up", tooltip="Scroll a long form up", show=False),
        Binding("pagedown", "turn(1)", "Down", id="say.down", tooltip="Scroll a long form down", show=False),
        Binding("escape", "back", "Back", key_display="Esc", id="say.back", tooltip="Back, without saying anything"),
        # The app's own keys work here anyway; named so that the foot shows them on top of a scene too.
        Binding("f1", "app.help", "Help", id="say.help", tooltip="What this screen is for and its keys"),
        Binding("f5", "app.pause", "Pause", id="say.pause", tooltip="A quiet screen. No reason needed"),
        Binding("f6", "app.step_out", "Step out", id="say.step-out", tooltip="Leave for now. No reason needed"),
    ]  # fmt: skip

    def __init__(self, sayable: Sequence[Sayable], whom: str = ""):
        """`whom`: the listener to begin with, if it is still one (`Listener.key`)."""
        super().__init__()
        self._listeners = listeners(sayable)
        self._whom = next((each for each in self._listeners if each.key == whom), None)
        if len(self._listeners) == 1:
            self._whom = self._listeners[0]
        self._thing: Thing | None = None

    def compose(self) -> ComposeResult:
        with Vertical(id="say-dialog", classes="dialog dialog-wide"):
            yield Static("", id="say-title", classes="dialog-title", markup=False)
            yield Choices(id="say-choices")
            with Vertical(id="say-below"):
                yield Static("", id="say-about", markup=False)
                with Horizontal(id="say-message"):
                    yield Button("Send as a message (W)", id="say-write", compact=True)
                    yield Static(MESSAGE_STAYS, classes="quiet", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        self._offer()

    def _offer(self) -> None:
        """The list for where this stands: people, or what can be said to one of them."""
        self._thing = None
        whom = self._whom
        if whom is None:
            title = Content("Say something: to whom?")
            rows = [f"{each.name}{f' ({each.where})' if each.where else ''}" for each in self._listeners]
            options = [Option(action=str(n), text=text, open=True, minutes=0) for n, text in enumerate(rows)]
        else:
            title = Content.assemble(whom.name, (f" · {whom.where}" if whom.where else "", "$quiet not bold"))
            options = [
                Option(action=str(n), text=thing.text, open=True, minutes=thing.usual.minutes)
                for n, thing in enumerate(whom.things)
            ]
        self.query_one("#say-title", Static).update(title)
        self._make_room()
        self._describe()
        self.query_one(Choices).offer(options, at_once=whom is None)

    def on_resize(self) -> None:
        self._make_room()

    def _make_room(self) -> None:
        """Room for what belongs to a line stays there, or all the lines would jump when one is selected; the list has the rest."""
        width = max(20, min(FORM, self.size.width - 10))
        below = 0
        for thing in self._whom.things if self._whom is not None else ():
            about = _about(thing)
            below = max(below, len(about.wrap(width)) + 1 if about.plain else 0, 2 if len(thing.ways) > 1 else 0)
        self.query_one("#say-below").styles.min_height = below
        rows = self.query_one("#choices-list")
        rows.styles.max_height = max(2, self.size.height - FRAME - below)

    def _describe(self) -> None:
        """What is to be known about the thing selected, before it is said."""
        thing = self._thing
        about = _about(thing) if thing is not None else Content("")
        self.query_one("#say-about", Static).update(about)
        self.query_one("#say-about").display = bool(about.plain)
        self.query_one("#say-message").display = thing is not None and len(thing.ways) > 1
        if thing is not None:
            self.query_one(Choices).name_commit(_verb(thing.usual))
        self.refresh_bindings()

    def on_choices_selected(self, message: Choices.Selected) -> None:
        message.stop()
        if self._whom is not None:
            self._thing = self._whom.things[int(message.option.action)]
            self._describe()

    def on_choices_committed(self, message: Choices.Committed) -> None:
        message.stop()
        number = int(message.option.action)
        if self._whom is None:
            self._whom = self._listeners[number]
            self._offer()
        else:
            self.dismiss(self._whom.things[number].usual)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "write":
            return self._thing is not None and self._thing.by_message is not None
        return True

    def action_commit(self) -> None:
        self.query_one(Choices).action_commit()

    def action_write(self) -> None:
        message = self._thing.by_message if self._thing is not None else None
        choices = self.query_one(Choices)
        if message is not None and not choices.held:
            choices.hold()
            self.dismiss(message)

    @on(Button.Pressed, "#say-write")
    def _written(self, event: Button.Pressed) -> None:
        event.stop()
        self.action_write()

    def on_key(self, event: Key) -> None:
        """A choice's key works wherever the focus is."""
        if event.character and len(event.character) == 1 and self.query_one(Choices).press(event.character.lower()):
            event.stop()

    def action_turn(self, pages: int) -> None:
        dialog = self.query_one("#say-dialog")
        dialog.scroll_relative(y=pages * max(1, dialog.size.height - 2), animate=False)

    def action_back(self) -> None:
        """To the people, or off."""
        if self._whom is None or len(self._listeners) == 1:
            self.dismiss(None)
        else:
            self._whom = None
            self._offer()


def _verb(way: Sayable) -> str:
    """What pressing Enter does with it."""
    if is_message(way):
        return "Send as a message"
    channel = getattr(way.event, "channel", None)
    if channel is not None:
        return "Tell on the phone" if channel == "phone" else "Tell in person"
    return {"call": "Ring", "ask": "Ask", "ask-release": "Ask", "revoke": "Write it down"}.get(way.kind, "Consult")


def _about(thing: Thing) -> Content:
    way = thing.usual
    lines = [Content.assemble((f"{name}: ", "bold"), words) for name, words in form(way)]
    if way.minutes and lines:
        lines.append(Content.assemble(("Takes: ", "bold"), length(way.minutes)))
    if is_message(way):
        lines.append(Content(MESSAGE_STAYS))
    elif way.kind in _LEAD:
        lines.append(Content(_LEAD[way.kind]))
    return Content("\n").join(lines)
