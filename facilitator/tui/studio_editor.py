"""The text of a file, to type in: YAML in colours, problems underlined, ids completed.

The colours are worked out line by line for what is on the screen (`get_line`). Textual's own highlighting was tried
and left out: it brings tree-sitter with fifteen languages (25 MB) for the sake of one, and looks through the whole file
again after each key: 12 ms at 2,700 lines, more than all the rest of a key's way to the screen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.events import Blur, Key, Resize
from textual.geometry import Offset, Size
from textual.message import Message
from textual.strip import Strip
from textual.widgets import OptionList, TextArea
from textual.widgets.option_list import Option

from facilitator.completion import Candidate, Offer
from simulator.problems import Problem

MOST_ROWS = 7  # candidates that are seen at once
WIDEST = 56

_KEY = re.compile(r"^( *(?:- +)*)([A-Za-z_][\w.-]*)(:)(?= |$)")
_INNER_KEY = re.compile(r"(?<=[{,])( *)([A-Za-z_][\w.-]*)(:)(?= )")
_REMARK = re.compile(r"(?:^|\s)#.*$")
_BLOCK = re.compile(r"[:-] +[|>][+-]?\d?\s*$")
_PLAIN = re.compile(r"(?<=[\s\[{,:])(-?\d[\d:.T-]*|true|false|yes|no)(?=\s*[,\]}]|\s*$)")
_NAMED = re.compile(r"^( *(?:- +)?)(?:to|turn|call|opening|seat|when|mou|framework|jurisdiction|until):? +(.+?)\s*$")
_INDENT = re.compile(r" *(?:- +)*")

_OTHERS = ("f6", "f7", "ctrl+z,super+z", "ctrl+y,super+y")

Complete = Callable[[Sequence[str], int, int], Offer | None]


class Editor(TextArea, inherit_bindings=False):
    """What is typed is never changed by anything else than a key. Tab completes where there is something to complete."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "editor--key", "editor--name", "editor--remark", "editor--prose", "editor--error", "editor--warning",
    }  # fmt: skip
    DEFAULT_CSS = """
    Editor {
        border: none; padding: 0; background: $background; color: $foreground; scrollbar-size-horizontal: 1;
        &:focus { border: none; }
        .editor--key { color: $primary; }
        .editor--name { color: $accent; }
        .editor--remark { color: $quiet; text-style: italic; }
        .editor--prose { color: $foreground; }
        .editor--error { color: $error; text-style: underline; }
        .editor--warning { color: $warning; text-style: underline; }
        .text-area--cursor-line { background: $surface; }
        .text-area--gutter { color: $quiet; background: $background; }
        .text-area--cursor-gutter { color: $primary; background: $surface; text-style: bold; }
        .text-area--cursor { background: $primary; color: $background; }
    }
    """
    # Two keys of the base are the app's own here: F6 steps out, F7 goes to the map.
    BINDINGS: ClassVar[list[BindingType]] = [
        *(each for each in TextArea.BINDINGS if isinstance(each, Binding) and each.key not in _OTHERS),
        Binding(
            "ctrl+z",
            "undo",
            "Undo",
            key_display="^Z",
            id="studio.undo",
            tooltip="Take back what was typed last",
            show=False,
        ),
        Binding("ctrl+y", "redo", "Redo", key_display="^Y", id="studio.redo", tooltip="Type it again", show=False),
        Binding(
            "ctrl+home", "top", "Top", key_display="^Home", id="studio.top", tooltip="To the first line", show=False
        ),
        Binding(
            "ctrl+end",
            "bottom",
            "Bottom",
            key_display="^End",
            id="studio.bottom",
            tooltip="To the last line",
            show=False,
        ),
    ]

    class Offered(Message):
        """What fits at the cursor has changed; `offer` None: nothing does."""

        def __init__(self, offer: Offer | None):
            super().__init__()
            self.offer = offer

    class Stood(Message):
        """The cursor is on another line."""

        def __init__(self, row: int):
            super().__init__()
            self.row = row

    def __init__(self, complete: Complete, id: str | None = None):
        super().__init__(id=id, show_line_numbers=True, tab_behavior="indent", soft_wrap=True, max_checkpoints=500)
        self.complete = complete
        self.indent_width = 2
        self.popup: Popup | None = None
        self._marked: dict[int, list[tuple[int, int, str]]] = {}
        self._prose: tuple[bool, ...] = ()  # whether each line is the text of a | or > block
        self._styles: dict[str, Style] = {}
        self._drawn: dict[object, Strip] = {}  # lines as they were drawn last
        self._shape: tuple[int, ...] = ()
        self._row = -1
        self._taken = False  # the change that comes next is a completion that was taken

    # --- text ---------------------------------------------------------------------------------------------------

    @property
    def lines(self) -> Sequence[str]:
        return self.document.lines

    def put(self, text: str) -> None:
        """Another text in place of this one; undo brings this one back."""
        self.replace(text, (0, 0), self.document.end)
        self.move_cursor((0, 0))

    def action_top(self) -> None:
        self.move_cursor((0, 0))

    def action_bottom(self) -> None:
        self.move_cursor(self.document.end)

    def show_problems(self, problems: Iterable[Problem]) -> None:
        """Underline them."""
        marked: dict[int, list[tuple[int, int, str]]] = {}
        for each in problems:
            name = "error" if each.severity == "error" else "warning"
            span = (each.column - 1, each.column - 1 + max(1, each.length), name)
            marked.setdefault(each.line - 1, []).append(span)
        if marked != self._marked:
            self._marked = marked
            self.notify_style_update()
            self.refresh()

    def notify_style_update(self) -> None:
        self._styles.clear()
        self._drawn.clear()
        super().notify_style_update()

    # --- colours ------------------------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """A key changes one line, but the base draws every line anew after it, and for each it adds up the heights of
        all lines of the file: at 2,700 lines that alone is more than a key may take. So what is drawn is kept."""
        at = y + self.scroll_offset.y
        start, end = self.selection
        if start != end or not self.soft_wrap or at >= self.virtual_size.height:
            return super().render_line(y)
        row, column = self.wrapped_document.offset_to_location(Offset(0, at))
        bracket = self.matching_bracket_location
        if row == end[0] or (bracket is not None and row == bracket[0]):
            return super().render_line(y)
        prose = row < len(self._prose) and self._prose[row]
        plain = self.document.get_line(row)
        # Where the line is broken is part of it: after a resize a line is drawn once before it is wrapped anew.
        breaks = tuple(self.wrapped_document.get_offsets(row))
        wide = (self.size.width, self.gutter_width, breaks)
        key = (plain, row, column, *wide, prose, tuple(self._marked.get(row, ())))
        if key not in self._drawn:
            if len(self._drawn) > 2000:
                self._drawn.clear()
            self._drawn[key] = super().render_line(y)
        return self._drawn[key]

    def get_line(self, line_index: int) -> Text:
        line = super().get_line(line_index)
        plain = line.plain
        if line_index < len(self._prose) and self._prose[line_index]:
            line.stylize(self._style("prose"))
        else:
            self._paint(line, plain)
        for start, end, name in self._marked.get(line_index, ()):
            line.stylize(self._style(name), min(start, max(0, len(plain) - 1)), end)
        return line

    def _paint(self, line: Text, plain: str) -> None:
        for found in _PLAIN.finditer(plain):
            line.stylize(self._style("name"), *found.span(1))
        if named := _NAMED.match(plain):
            line.stylize(self._style("name"), *named.span(2))
        if key := _KEY.match(plain):
            line.stylize(self._style("key"), *key.span(2))
        if "{" in plain:
            for inner in _INNER_KEY.finditer(plain):
                line.stylize(self._style("key"), *inner.span(2))
        if "#" in plain and (remark := _REMARK.search(plain)):
            line.stylize(self._style("remark"), *remark.span())

    def _style(self, name: str) -> Style:
        if name not in self._styles:
            self._styles[name] = self.get_component_rich_style(f"editor--{name}", partial=True)
        return self._styles[name]

    def find_prose(self) -> None:
        """Work out which lines are texts of | or > blocks: there nothing is a key."""
        row, _ = self.cursor_location
        line = self.document.get_line(row)
        shape = (self.document.line_count, row, len(line) - len(line.lstrip(" ")), bool(_BLOCK.search(line)))
        if shape == self._shape:
            return  # a letter more or less moves no block
        self._shape = shape
        found, inside = [], -1
        for line in self.lines:
            stripped = line.lstrip(" ")
            indent = len(line) - len(stripped)
            if inside >= 0 and (not stripped or indent > inside):
                found.append(True)
                continue
            inside = -1
            found.append(False)
            if line.endswith(("|", ">", "-", "+")) and _BLOCK.search(line):
                inside = len(_INDENT.match(line)[0]) if not line.lstrip().startswith("-") else indent  # type: ignore[index]
        fresh = tuple(found)
        if fresh != self._prose:
            changed = len(fresh) == len(self._prose)
            self._prose = fresh
            if changed:
                self.refresh()

    def on_text_area_changed(self) -> None:
        self.find_prose()
        taken, self._taken = self._taken, False
        if self.has_focus and not taken:
            self._offer()

    def on_text_area_selection_changed(self) -> None:
        row, _ = self.cursor_location
        if row != self._row:
            self._row = row
            self.post_message(self.Stood(row))
            self._close()

    # --- completion -----------------------------------------------------------------------------------------------

    def _offer(self) -> bool:
        """Show what fits at the cursor. Whether anything does."""
        start, end = self.selection
        offer = self.complete(self.lines, *end) if start == end else None
        if self.popup is None:
            return False
        if offer is None:
            self._close()
            return False
        self.popup.show(offer, self.cursor_screen_offset, self.screen.size)
        return True

    def _close(self) -> None:
        if self.popup is not None:
            self.popup.hide()

    def on_blur(self, event: Blur) -> None:
        self._close()

    def on_resize(self, event: Resize) -> None:
        self._close()
        self.call_after_refresh(self.scroll_cursor_visible)

    def on_key(self, event: Key) -> None:
        """Before the text takes the key: the list of completions, and what a line begins with."""
        if self.popup is not None and self.popup.display and self._in_popup(event.key):
            taken = True
        elif event.key == "tab":
            start, end = self.selection
            # A word that has just been begun asks for its end; anything else for two spaces.
            taken = (
                start == end and bool(re.search(r"[\w.-]$", self.document.get_line(end[0])[: end[1]])) and self._offer()
            )
        elif event.key == "enter":
            self._new_line()
            taken = True
        else:
            taken = event.key == "escape"  # the text would give the focus away
            if taken:
                self._close()
        if taken:
            event.stop()
            event.prevent_default()

    def _in_popup(self, key: str) -> bool:
        assert self.popup is not None
        if key in ("up", "down"):
            self.popup.step(1 if key == "down" else -1)
            return True
        if key == "escape":
            self._close()
            return True
        if key in ("tab", "enter"):
            chosen, offer = self.popup.chosen, self.popup.offer
            self._close()
            if chosen is None or offer is None or (key == "enter" and chosen.insert == offer.typed):
                return False  # nothing would change: then Enter is Enter
            self._take(offer, chosen)
            return True
        return False

    def _take(self, offer: Offer, chosen: Candidate) -> None:
        row, column = self.cursor_location
        self._taken = not chosen.insert.endswith(" ")  # after a key comes its value, which may be offered at once
        self.replace(chosen.insert, (row, offer.start), (row, column), maintain_selection_offset=False)

    def _new_line(self) -> None:
        """A line that begins below the one before, one step deeper after a key that has nothing behind it."""
        (row, column), _ = sorted(self.selection)
        before = self.document.get_line(row)[:column]
        indent = len(before) - len(before.lstrip(" "))
        if before.rstrip().endswith(":") or _BLOCK.search(before):
            indent = len(_INDENT.match(before)[0]) + 2  # type: ignore[index]
        elif before.lstrip().startswith("- ") and not before.lstrip("- ").startswith("{") and _KEY.match(before):
            indent = len(_INDENT.match(before)[0])  # type: ignore[index]
        self.replace("\n" + " " * indent, *self.selection, maintain_selection_offset=False)


class Popup(Container):
    """The short list of completions, over the text beside the cursor. Never has the focus: keys go to the text."""

    DEFAULT_CSS = """
    Popup {
        display: none; overlay: screen; constrain: none; position: absolute; width: auto; height: auto;
        OptionList {
            width: 100%; height: auto; border: none; padding: 0; background: $panel; scrollbar-size-vertical: 1;
        }
        border: round $primary; background: $panel; border-subtitle-color: $quiet;
    }
    """

    def __init__(self, id: str | None = None):
        super().__init__(id=id)
        self.offer: Offer | None = None
        self.border_subtitle = "Tab takes it · Esc"

    def compose(self) -> ComposeResult:
        names = OptionList(markup=False)
        names.can_focus = False
        yield names

    @property
    def chosen(self) -> Candidate | None:
        index = self.query_one(OptionList).highlighted
        if self.offer is None or index is None:
            return None
        return self.offer.candidates[index]

    def show(self, offer: Offer, cursor: Offset, screen: Size) -> None:
        if offer != self.offer or not self.display:
            self.offer = offer
            names = self.query_one(OptionList)
            longest = max(len(each.name) for each in offer.candidates)
            about = max(len(each.about) for each in offer.candidates)
            width = min(WIDEST, max(20, longest + (about + 2 if about else 0)))
            names.clear_options()
            names.add_options([Option(_line(each, longest, width)) for each in offer.candidates])
            names.highlighted = 0
            rows = min(MOST_ROWS, len(offer.candidates))
            names.styles.height = rows
            self.styles.width, self.styles.height = width + 4, rows + 2
        wide, high = int(self.styles.width.value), int(self.styles.height.value)  # type: ignore[union-attr]
        below = cursor.y + 1
        y = below if below + high <= screen.height - 1 else max(0, cursor.y - high)
        x = max(0, min(cursor.x - len(offer.typed) - 1, screen.width - wide))
        self.absolute_offset = Offset(x, y)
        self.display = True

    def hide(self) -> None:
        if self.display:
            self.display = False

    def step(self, by: int) -> None:
        names = self.query_one(OptionList)
        count = len(names.options)
        names.highlighted = ((names.highlighted or 0) + by) % count if count else None


def _line(candidate: Candidate, longest: int, width: int) -> Content:
    room = width - longest - 2
    about = candidate.about if len(candidate.about) <= room else candidate.about[: max(0, room - 1)] + "…"
    return Content.assemble(f"{candidate.name:<{longest}}  ", (about if room > 6 else "", "$quiet"))
