"""What the room asks its facilitator: for whom, a line to write, and where a pair may go back to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from simulator.tui.widgets.key_line import KeyLine
from simulator.tui.words import clock

if TYPE_CHECKING:
    from facilitator.room_back import Point

LONGEST = 600  # characters of a line


class Whom(ModalScreen[str | None]):
    """For whom, one line each with its key. Nothing is marked beforehand, so that a stray Enter does nothing. Escape gives None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Back", key_display="Esc", id="whom.close", tooltip="Back; nothing is done"),
    ]

    def __init__(self, question: str, answers: Sequence[tuple[str, str]], note: str = ""):
        super().__init__()
        self._question, self._answers, self._note = question, tuple(answers), note

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog dialog-wide"):
            yield Static(self._question, classes="dialog-title", markup=False)
            if self._note:
                yield Static(self._note, markup=False)
            lines = (Content.assemble((f"{key.upper()}  ", "bold $primary"), words) for key, words in self._answers)
            yield OptionList(*(Option(line) for line in lines), id="whom", markup=False)
            yield Static("A key does it at once; or ↑↓ and Enter.", classes="key-hint")
        yield KeyLine()

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()
        self.query_one(OptionList).highlighted = None  # the framework marks the first one

    def on_key(self, event: events.Key) -> None:
        if event.key in dict(self._answers):
            event.stop()
            self.dismiss(event.key)

    @on(OptionList.OptionSelected)
    def _picked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._answers[event.option_index][0])

    def action_close(self) -> None:
        self.dismiss(None)


class WriteLine(ModalScreen[str | None]):
    """One line. Enter gives it, Escape gives None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Back", key_display="Esc", id="write-line.close", tooltip="Back; nothing is kept"),
    ]

    def __init__(self, title: str, note: str, text: str = "", *, enter: str):
        super().__init__()
        self._title, self._note, self._text, self._enter = title, note, text, enter

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog dialog-wide"):
            yield Static(self._title, classes="dialog-title", markup=False)
            yield Static(self._note, markup=False)
            yield Input(self._text, max_length=LONGEST, id="write-line", select_on_focus=False)
            yield Static(f"Enter {self._enter}, Esc goes back.", classes="key-hint", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        self.query_one(Input).focus()

    @on(Input.Submitted)
    def _written(self, event: Input.Submitted) -> None:
        event.stop()
        self.dismiss(event.value.strip())

    def action_close(self) -> None:
        self.dismiss(None)


class Back(ModalScreen["Point | None"]):
    """The decisions of a play so far, the last one first: which one to go back to."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Back", key_display="Esc", id="back.close", tooltip="Nobody is asked anything"),
    ]

    def __init__(self, points: Sequence[Point], who: str):
        super().__init__()
        self._points, self._who = tuple(points), who

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog dialog-wide"):
            yield Static(f"{self._who}: offer to go back to which decision?", classes="dialog-title", markup=False)
            yield Static(
                "Each of them is asked on their own screen, and all must say yes. Nobody learns who said no.",
                markup=False,
            )
            yield OptionList(*map(_option, self._points), id="back-points", markup=False)
            yield Static("Enter asks them, Esc goes back.", classes="key-hint")
        yield KeyLine()

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()
        self.query_one(OptionList).highlighted = 0 if self._points else None

    @on(OptionList.OptionSelected)
    def _picked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._points[event.option_index])

    def action_close(self) -> None:
        self.dismiss(None)


def _option(point: Point) -> Option:
    mark = "  ◆ turning point" if point.turning else ""
    return Option(Content(f"{clock(point.at)}  {point.scene}  ({', '.join(point.whose)}){mark}"))
