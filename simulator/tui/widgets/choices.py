"""What a seat can do now: a digit, the arrows or a click selects; Enter, the button or a second click commits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import set_cell_size
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Button, Static

from simulator.tui.widgets.ground import Ground
from simulator.tui.widgets.lines import drawn
from simulator.tui.words import lasts, sentence
from simulator.view import Option

SELECTED = "bold $block-cursor-foreground on $block-cursor-background"
KEYS = "123456789abcdefghijklm"


class Row:
    """One option: its key, its text, the minutes it takes; a closed one is set back and says why."""

    KEY, TEXT, TOOK = 5, 88, 10  # columns: of the key, of the text at most, of the minutes

    def __init__(self, key: str, option: Option):
        self.key = key
        self.option = option
        self._folded: tuple[int, list[str]] = (-1, [])

    def lines(self, width: int) -> list[str]:
        """The text folded into its column, on a page of so many columns."""
        if self._folded[0] != width:
            columns = max(10, min(self.TEXT, width - self.KEY - self.TOOK))
            parts = [self.option.text.strip()]
            if not self.option.open:
                parts.append(f"Closed: {sentence(self.option.reason or 'not possible now')}")
            self._folded = (width, [line.plain for part in parts for line in Content(part).wrap(columns)])
        return self._folded[1]


class Rows(Widget):
    """The options below each other. One widget draws them all: a new list mounts nothing, and selecting lays nothing out."""

    DEFAULT_CSS = "Rows { height: auto; padding: 0 1 0 0; }"
    ALLOW_SELECT = False  # pressing here chooses; the story above is what can be copied

    class Clicked(Message):
        """An option was clicked, open or not."""

        def __init__(self, index: int):
            super().__init__()
            self.index = index

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self.selected: int | None = None
        self._lines: list[tuple[int, int] | None] = []  # each line: of which row, and its which; None: an empty one
        self._width, self._apart = 0, 0  # what they were folded for, and how many lines apart

    def offer(self, rows: list[Row]) -> None:
        """Show these, with none selected."""
        self.rows, self.selected, self._width = rows, None, 0
        self.refresh(layout=True)

    def select(self, index: int | None) -> None:
        """Mark the row of this index and no other."""
        self.selected = index
        self.refresh()

    def span(self, index: int) -> Region:
        """Where a row stands, within this widget."""
        self._fold(self.content_size.width)
        lines = [at for at, line in enumerate(self._lines) if line is not None and line[0] == index]
        return Region(0, lines[0], self.content_size.width, len(lines)) if lines else Region()

    def _fold(self, width: int) -> None:
        # How far apart they stand is a property of the style, so that a window that grows lays them out anew.
        apart = self.styles.grid_gutter_vertical
        if (width, apart) == (self._width, self._apart):
            return
        self._width, self._apart, self._lines = width, apart, []
        for index, row in enumerate(self.rows):
            self._lines += [(index, at) for at in range(len(row.lines(width)))]
            self._lines += [None] * apart

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return container.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        self._fold(width)
        return len(self._lines)

    def render_line(self, y: int) -> Strip:
        width = self.content_size.width
        self._fold(width)
        line = self._lines[y] if y < len(self._lines) else None
        style = self.visual_style
        if line is None:
            return Strip.blank(width, style.rich_style)
        index, at = line
        row, selected = self.rows[index], index == self.selected
        body = SELECTED if selected else "" if row.option.open else "$quiet"
        side = body or "$quiet"
        key = body or "bold $primary"
        mark = f"{'▶' if selected else ' '} {row.key if row.option.open else '–'} " if at == 0 else ""
        took = lasts(row.option.minutes) if at == 0 and row.option.open else ""
        room = max(0, min(row.TEXT, width - row.KEY - row.TOOK))
        text = set_cell_size(row.lines(width)[at], room)
        after = " " * (width - row.KEY - room - row.TOOK)
        parts = (mark.ljust(row.KEY), key), (text, body), (took.rjust(row.TOOK), side), (after, body)
        return drawn(Content.assemble(*((part, ink) if ink else part for part, ink in parts)), style, width)

    def on_click(self, event: events.Click) -> None:
        line = self._lines[event.y] if 0 <= event.y < len(self._lines) else None
        if line is not None:
            self.post_message(self.Clicked(line[0]))


class Choices(Vertical):
    """The list of options with its commit button. Posts `Committed` once for each list it was given."""

    DEFAULT_CSS = """
    Choices {
        height: auto; border-top: solid $rule; padding: 0 1;
        &:focus-within { border-top: solid $primary; }
        #choices-question { padding: 0 1; max-width: 94; }
        #choices-list { height: auto; max-height: 50vh; scrollbar-size-vertical: 1; }
        #choices-foot { height: 1; }
        #choices-commit { margin: 0 2 0 1; width: auto; }
        #choices-hint { width: 1fr; color: $quiet; text-overflow: ellipsis; text-wrap: nowrap; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "commit", "Choose", key_display="Enter", id="choices.commit", tooltip="Do what is selected"),
        Binding("up", "move(-1)", "Up", id="choices.up", tooltip="Select the one above", show=False),
        Binding("down", "move(1)", "Down", id="choices.down", tooltip="Select the one below", show=False),
    ]

    selected: reactive[int | None] = reactive(None, repaint=False)  # the rows draw it

    class Selected(Message):
        """An option was selected, not yet committed."""

        def __init__(self, option: Option):
            super().__init__()
            self.option = option

    class Committed(Message):
        """An open option was chosen for good."""

        def __init__(self, option: Option):
            super().__init__()
            self.option = option

    def __init__(self, id: str | None = None, verb: str = "Do it"):
        super().__init__(id=id)
        self._verb = verb
        self._at_once = False  # whether an option's key, or a click on it, commits it
        self._drawn = Rows()
        self._done = True  # nothing to commit yet
        self._said = ""
        self.more_above = False  # whether the story above has lines that are not on the screen yet

    def say_more(self, more: bool) -> None:
        """Whether somebody may have overlooked the end of the story."""
        if more != self.more_above:
            self.more_above = more
            self._hint()

    def compose(self) -> ComposeResult:
        with _List(id="choices-list"):
            yield Static(id="choices-question", markup=False)
            yield self._drawn
        with _Foot(id="choices-foot"):
            yield Button(self._verb, id="choices-commit", compact=True)
            yield Static(id="choices-hint", markup=False)

    def on_mount(self) -> None:
        self._show_commit(False)

    def _show_commit(self, shown: bool) -> None:
        self.query_one("#choices-commit").display = shown  # not `disabled`, which would style all the page anew

    def offer(self, options: Sequence[Option], question: Content | str = "", *, at_once: bool = False) -> None:
        """Show these options. Nothing is selected, so that a stray Enter commits nothing. `at_once`: a key of this list, or a
        click on it, commits."""
        keys = iter(KEYS)
        self.selected = None
        self._drawn.offer([Row(next(keys, "") if option.open else "", option) for option in options])
        self._done = False
        self._at_once = at_once
        asked = self.query_one("#choices-question", Static)
        asked.update(question)
        asked.display = bool(question)
        self._hint()
        self.display = True
        self.query_one(_List).focus()

    @property
    def _rows(self) -> list[Row]:
        return self._drawn.rows

    @property
    def picked(self) -> Option | None:
        """The option that is selected, whether or not it is committed."""
        return self._rows[self.selected].option if self.selected is not None else None

    def watch_selected(self, before: int | None, now: int | None) -> None:
        self._drawn.select(now)
        if (before is None) != (now is None):
            self._show_commit(now is not None)
        self._hint()
        if now is not None and now < len(self._rows):
            self._bring_into_sight(now)
            self.post_message(self.Selected(self._rows[now].option))

    def _bring_into_sight(self, index: int) -> None:
        row = self._drawn.span(index).translate(self._drawn.virtual_region.offset)
        self.query_one(_List).scroll_to_region(row, animate=False)

    def _hint(self) -> None:
        opened = sum(row.option.open for row in self._rows)
        last = KEYS[min(opened, len(KEYS)) - 1] if opened else "1"  # what has no key is reached by the arrows
        keys = f"1–{last}" if opened > 1 else "1"
        if self._at_once:
            hint = f"One press answers: {keys}. Or ↑↓ and Enter."
        elif self.selected is None:
            hint = f"Press {keys} or ↑↓ to select"
        else:
            hint = "Enter or a second click commits it"
        if self.more_above:
            hint += "   ▼ PgDn: more of the story"
        if hint != self._said:
            self._said = hint
            self.query_one("#choices-hint", Static).update(hint, layout=False)

    def action_move(self, by: int) -> None:
        opened = [index for index, row in enumerate(self._rows) if row.option.open]
        if not opened or self._done:
            return
        if self.selected is None:
            self.selected = opened[0] if by > 0 else opened[-1]
        else:
            self.selected = opened[(opened.index(self.selected) + by) % len(opened)]

    def press(self, key: str) -> bool:
        """Select the option that has this key. False if none has."""
        for index, row in enumerate(self._rows):
            if row.key and row.key == key and not self._done:
                self.selected = index
                if self._at_once:
                    self.action_commit()
                return True
        return False

    def action_commit(self) -> None:
        if self.selected is None or self._done:
            return
        self._done = True  # a second press, however quick, finds nothing left to commit
        self.post_message(self.Committed(self._rows[self.selected].option))

    @property
    def held(self) -> bool:
        """Whether nothing can be committed just now."""
        return self._done

    def hold(self) -> None:
        """Something else is on its way to the log: nothing can be committed until this is offered anew, or reopened."""
        self._done = True
        self._show_commit(False)

    def name_commit(self, text: str) -> None:
        """What the commit button says."""
        self.query_one("#choices-commit", Button).label = Content(text)

    def reopen(self) -> None:
        """The choice could not be kept: let it be made again."""
        self._done = False
        self._show_commit(self.selected is not None)

    def on_rows_clicked(self, message: Rows.Clicked) -> None:
        message.stop()
        option = self._rows[message.index].option
        self.query_one(_List).focus()
        if not option.open:
            self.notify(option.reason or "Not possible now.", title="Closed", markup=False)
        elif message.index == self.selected:
            self.action_commit()
        elif not self._done:
            self.selected = message.index
            if self._at_once:
                self.action_commit()

    @on(Button.Pressed, "#choices-commit")
    def _button(self, event: Button.Pressed) -> None:
        event.stop()
        self.action_commit()

    def on_key(self, event: events.Key) -> None:
        if event.character and len(event.character) == 1 and self.press(event.character.lower()):
            event.stop()


class _Foot(Ground, Horizontal):
    """The commit button and what the keys do."""


class _List(VerticalScroll, inherit_bindings=False):
    """The scrolling list. It has no scroll keys: the arrows move the selection, the page keys belong to the story."""
