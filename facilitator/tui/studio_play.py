"""Playing what is being written, beside it: from the cursor's scene, with the last good text, kept nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from facilitator.rehearsal import BadJump, Choice, Jump, Rehearsal, rehearse, replay
from simulator import engine
from simulator.library import Bundle
from simulator.speaking import words_of
from simulator.view import view


class Play(Vertical):
    """The scene as the seat on turn sees it, and what can be done there. Every seat, and chance, is yours to choose."""

    DEFAULT_CSS = """
    Play {
        #play-story { height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; }
        #play-choices { height: auto; max-height: 50%; border: none; border-top: solid $rule; padding: 0; background: $background; }
        #play-choices:focus { border: none; border-top: solid $primary; }
        .said { color: $warning; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("backspace,left", "back", "Back", key_display="←", id="studio.play-back", tooltip="Take the last choice back", show=False),
        Binding("pageup", "scroll_story(-1)", "Up", id="studio.play-up", tooltip="Up in the story", show=False),
        Binding("pagedown", "scroll_story(1)", "Down", id="studio.play-down", tooltip="Down in the story", show=False),
    ]  # fmt: skip

    class Reached(Message):
        """Somebody has played on into another scene; what a new text brings about moves nothing."""

        def __init__(self, scene: str):
            super().__init__()
            self.scene = scene

    def __init__(self, id: str | None = None):
        super().__init__(id=id)
        self._bundle: Bundle | None = None
        self._session: Rehearsal | None = None
        self._jump: Jump | None = None
        self._wanted: tuple[Choice, ...] = ()  # all that was chosen; a later text may mend what cuts it off
        self._choices: list[Choice] = []  # what the lines of the list stand for

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="play-story", can_focus=False):
            yield Static("", id="play-said", classes="said", markup=False)
            yield Static("", id="play-text")
        yield OptionList(id="play-choices", markup=False)

    @property
    def playing(self) -> bool:
        return self._session is not None

    def say(self, text: str) -> None:
        said = self.query_one("#play-said", Static)
        said.update(text)
        said.display = bool(text)

    def nothing(self, text: str) -> None:
        """There is nothing to play, and why."""
        if self._session is None:
            self.query_one("#play-text", Static).update(Content(text))

    def begin(self, bundle: Bundle, scene: str | None) -> None:
        """A new play: in this scene, or at the opening."""
        at_opening = scene is None or scene == bundle.scenario.opening
        self._bundle, self._jump, self._wanted = bundle, None if at_opening else Jump(scene or ""), ()
        try:
            self._session = rehearse(bundle, self._jump)
        except BadJump as error:
            self._session, self._jump = rehearse(bundle), None
            self._show(f"{error} So this is the opening.")
        else:
            self._show("")

    def again(self, bundle: Bundle) -> None:
        """The same choices on a newer text, as far as they go."""
        if self._session is None or bundle is self._bundle:
            return
        self._bundle = bundle
        try:
            self._session, lost, why = replay(bundle, self._jump, self._wanted)
        except BadJump as error:
            self.begin(bundle, None)
            self.say(f"The scene this began in is gone: {error} Back at the opening.")
        else:
            self._show("" if lost is None else f"Stopped before “{lost}”: {why.rstrip('.')}.")

    def action_back(self) -> None:
        if self._session is not None and self._bundle is not None:
            self._wanted = self._session.choices[:-1]
            self._session, _, _ = replay(self._bundle, self._jump, self._wanted)
            self._show("")
            self.post_message(self.Reached(self.scene))

    def action_scroll_story(self, pages: int) -> None:
        story = self.query_one("#play-story", VerticalScroll)
        story.scroll_relative(y=pages * max(1, story.size.height - 1), animate=False)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if self._session is None or event.option_index >= len(self._choices):
            return
        choice = self._choices[event.option_index]
        try:
            self._session.take(choice)
        except engine.NotAllowed as error:
            self.say(f"{str(error).rstrip('.')}.")
            return
        self._wanted = self._session.choices
        self._show("")
        self.post_message(self.Reached(self.scene))

    def _show(self, said: str) -> None:
        session = self._session
        assert session is not None
        state = session.state
        scene = state.game.scenes[state.scene].scene
        here = [seat for seat in session.seats if seat in state.game.scenes[state.scene].present]
        seat = (*session.on_turn, *here, *session.seats)[0]
        self.say(said)
        self.query_one("#play-text", Static).update(Content("\n").join(_story(session, seat)))
        self._choices, lines = [], []
        if scene.ending is None:
            outcomes = engine.outcomes(state)
            for outcome in outcomes:
                self._choices.append(Choice("chance", outcome.id))
                lines.append(Content.assemble(f"{outcome.action.text or outcome.id}", (f"  {outcome.id}", "$quiet")))
            seen = None if outcomes else view(state, seat)
            for option in seen.options if seen is not None else ():
                self._choices.append(Choice(seat, option.action))
                closed = "" if option.open else f"  closed: {option.reason}"
                lines.append(Content.assemble(option.text, (f"  {option.action}{closed}", "$quiet")))
            for each in seen.sayable if seen is not None else ():
                words = words_of(each.event)
                self._choices.append(Choice(seat, words))
                lines.append(Content.assemble(each.text, (f"  {words}", "$quiet")))
        choices = self.query_one("#play-choices", OptionList)
        choices.clear_options()
        choices.add_options([Option(line) for line in lines])
        choices.highlighted = 0 if lines else None
        self.query_one("#play-story", VerticalScroll).scroll_home(animate=False)

    @property
    def scene(self) -> str:
        """Where the play stands; empty if there is none."""
        return self._session.state.scene if self._session is not None else ""


def _story(session: Rehearsal, seat: str) -> Iterator[Content]:
    """The last scene, and how it came to it."""
    shown = session.view(seat)
    scenes = [at for at, passage in enumerate(shown.passages) if passage.kind == "scene"]
    begin = max(0, (scenes[-1] if scenes else 0) - 2)
    yield Content.assemble(
        (shown.seat_name, "bold $primary"), (f"  {shown.scene} · ", "$quiet"), (f"{shown.now:%a %H:%M}", "$quiet")
    )
    for passage in shown.passages[begin:]:
        yield Content("")
        if passage.title:
            yield Content.styled(passage.title, "bold")
        who = f"{passage.who}: " if passage.who else ""
        style = {"private": "$accent", "choice": "$quiet", "gap": "$quiet"}.get(passage.kind, "")
        yield Content.styled(who + passage.text, style)
    if shown.ending is not None:
        yield Content("")
        yield Content.styled(f"The play ends: {shown.ending}. ← takes the last choice back.", "bold")
