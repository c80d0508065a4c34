"""What the studio lays over itself: a question with a few answers, a difference to read, a problem's page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.events import Key
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from facilitator.autosave import differences
from simulator.problems import Problem

MOST_LINES = 2000  # of a difference; more is not read


class Ask(ModalScreen[str | None]):
    """A question. Each answer has a letter; the arrows and Enter do too. Esc answers nothing: all stays as it is."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Leave it open", id="ask.leave", tooltip="Decide later; nothing changes"),
    ]

    def __init__(self, question: str, note: str, answers: Sequence[tuple[str, str, str]], leave: str = ""):
        """`answers`: letter, what it says, what is returned. `leave`: what Esc means here."""
        super().__init__()
        self._question, self._note, self._answers, self._leave = question, note, answers, leave

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(self._question, classes="dialog-title", markup=False)
            if self._note:
                yield Static(self._note, markup=False, classes="ask-note")
            yield OptionList(
                *(
                    Option(Content.assemble((letter.upper(), "bold $primary"), f"  {text}"), id=value)
                    for letter, text, value in self._answers
                ),
                id="ask-answers",
            )
            yield Static(self._leave or "Esc: decide later", classes="key-hint", markup=False)

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()

    def on_key(self, event: Key) -> None:
        for letter, _, value in self._answers:
            if event.key == letter:
                event.stop()
                self.dismiss(value)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(event.option_id)


class Page(ModalScreen[None]):
    """Something to read, over the text."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter", "close", "Close", id="page.close", tooltip="Back to where you were"),
    ]

    def __init__(self, title: str, lines: Iterable[Content]):
        super().__init__()
        self._title, self._lines = title, list(lines)

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog dialog-wide", id="studio-page"):
            yield Static(self._title, classes="dialog-title", markup=False)
            yield Static(Content("\n").join(self._lines))
            yield Static("The arrows scroll. Esc or Enter closes this.", classes="key-hint")

    def action_close(self) -> None:
        self.dismiss()


def difference(title: str, theirs: str, mine: str, names: tuple[str, str]) -> Page:
    """What tells two texts apart: − only in the first, + only in the second."""
    styles = {"+": "$success", "-": "$error", "@": "$quiet"}
    lines = differences(theirs, mine, names)
    shown = [Content.styled(line, styles.get(line[:1], "")) for line in lines[:MOST_LINES]]
    if len(lines) > MOST_LINES:
        shown.append(Content(f"… and {len(lines) - MOST_LINES} lines more"))
    return Page(title, shown or [Content("They are the same.")])


def explained(code: str, page: str) -> Page:
    """The page of a problem's code, headings set apart."""
    lines = []
    for line in page.strip().splitlines()[1:]:
        if line.startswith("#"):
            lines.append(Content.styled(line.lstrip("# "), "bold $primary"))
        elif not line.startswith("```"):
            lines.append(Content(line))
    while lines and not lines[0].plain.strip():
        lines.pop(0)
    return Page(page.strip().splitlines()[0].lstrip("# ") if page.strip() else code, lines)


def told(problem: Problem) -> Content:
    """A problem as a line of a list: code, place, message, and how to mend it."""
    tint = {"error": "$error", "warning": "$warning"}.get(problem.severity, "$quiet")
    return Content.assemble(
        (f"{problem.code} {problem.severity:<7}", tint),
        (f" {problem.line:>5}:{problem.column:<3} ", "$quiet"),
        problem.message,
        (f"  {problem.hint}" if problem.hint else "", "$quiet"),
    )
