"""The story so far, as passages a person can read and scroll. It draws what one seat's view holds and nothing else.

One widget draws every line. With a widget for each passage a story that went on was styled, mounted, laid out and painted several
times over, and a room of a hundred seats did little else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from simulator.tui.widgets.lines import drawn
from simulator.tui.words import clock, paragraphs, sentence
from simulator.view import Passage

SOURCES = {"survivor": "from the survivor", "scene": "seen here"}
WIDEST = 88  # columns that a passage takes at most, its margins among them
BAR = "▌"


class Look(NamedTuple):
    """How a kind of passage stands on the page. `bar`: the colour of the line at its left edge; `ink`: that of its text, and its style."""

    left: int = 1  # columns before the text, the bar's own among them
    bar: str = ""
    ink: str = ""
    centred: bool = False


LOOKS = {
    "scene": Look(0),
    "private": Look(2, bar="$accent", ink="on $surface"),
    "learned": Look(2, bar="$accent"),
    "inject": Look(2, bar="$warning"),
    "message": Look(3, bar="$secondary"),
    "choice": Look(3),
    "says": Look(3),
    "chance": Look(3),
    "gap": Look(ink="$quiet", centred=True),
    "ending": Look(2, bar="$primary"),
    "waiting": Look(ink="italic $primary"),
}


class Block:
    """A passage, or what stands below the last one, and the lines that it takes at a width."""

    def __init__(self, content: Content, kind: str, *, read: bool = False):
        self.content, self.read = content, read
        self.look = LOOKS.get(kind, Look())
        self._folded: tuple[int, list[Content]] = (0, [])

    def lines(self, width: int) -> list[Content]:
        """The text folded into its column, where the page has so many columns."""
        if self._folded[0] != width:
            self._folded = (width, self.content.wrap(max(2, self.room(width))))
        return self._folded[1]

    def room(self, width: int) -> int:
        """Columns for the text."""
        return min(width, WIDEST) - self.look.left - 1

    def line(self, number: int, width: int) -> Content:
        """One of the lines as it stands on the page, from edge to edge."""
        look, text = self.look, self.lines(width)[number]
        before = max(0, self.room(width) - text.cell_length) // 2 if look.centred else 0
        bar = Content.styled(BAR, look.bar) if look.bar else Content("")
        margin = " " * (look.left - bar.cell_length + before)
        after = " " * (min(width, WIDEST) - look.left - before - text.cell_length)
        body = Content.assemble(margin, text, after)
        for style in (look.ink, "$quiet" if self.read else ""):
            body = body.stylize_before(style) if style else body
        return bar + body


def _content(passage: Passage) -> Content:
    """Its kind is said in words or by a mark, and only then by a colour."""
    text = Content(paragraphs(passage.text))
    if passage.kind == "scene":
        head = f"{passage.title} · {clock(passage.at)}" if passage.title else clock(passage.at)
        return Content.assemble((head, "bold $primary"), "\n", text)
    if passage.kind == "private":
        return Content.assemble(("Only you: ", "bold $accent"), text)
    if passage.kind == "learned":
        came = SOURCES.get(passage.who or "", f"from {passage.who}" if passage.who else "")
        told = (f" ({came})", "$quiet") if came else ""
        return Content.assemble(("You learn: ", "bold $accent"), text, told)
    if passage.kind == "message":
        return Content.assemble((f"Message from {passage.who} · {clock(passage.at)}", "bold $secondary"), "\n", text)
    if passage.kind == "choice":
        return Content.assemble(
            ("▸ ", "bold"), (f"{passage.who}: ", "bold"), Content(sentence(paragraphs(passage.text)))
        )
    if passage.kind == "chance":
        return Content.assemble(("◆ ", "bold"), text)
    if passage.kind == "inject":
        return Content.assemble((f"Then · {clock(passage.at)}", "bold $warning"), "\n", text)
    if passage.kind == "gap":
        return Content.assemble("· · ·  ", text, "  · · ·")
    return text


class Transcript(ScrollView):
    """Passages only grow, except when somebody else sits down or the pair goes back: then it is drawn anew."""

    DEFAULT_CSS = """
    Transcript {
        height: 1fr; padding: 1 1 0 1; overflow-x: hidden; overflow-y: scroll;
        scrollbar-size-vertical: 1; scrollbar-background: $background;
    }
    """

    def __init__(self, id: str | None = None):
        super().__init__(id=id)
        self._shown: tuple[Passage, ...] = ()
        self._whose = ""
        self._passages: list[Block] = []
        self._ending: Block | None = None
        self._waiting: Block | None = None
        self._lines: list[tuple[Block, int] | None] = []  # each line of the page: whose and which; None: an empty one
        self._width = 0  # what they were folded for
        self._from: Block | None = None  # where reading begins, until somebody scrolls
        self._moving = False  # whether it is moved by what is written here, and not by somebody
        self._told: bool | None = None

    class More(Message):
        """Whether there is more of the story below what can be seen."""

        def __init__(self, more: bool):
            super().__init__()
            self.more = more

    # --- what it holds ------------------------------------------------------------------------------------------

    def show(self, passages: Sequence[Passage], *, whose: str, read: int) -> None:
        """Draw `whose` passages; the first `read` were on the screen before and are set back a little."""
        new = tuple(passages)
        self._waiting = None
        if self._whose != whose or new[: len(self._shown)] != self._shown:
            self._shown, self._passages, self._ending, self._from = (), [], None, None
            if self.text_selection is not None:  # it would mark lines of the new text
                self.screen.clear_selection()
        for old in self._passages:
            old.read = True
        fresh = [
            Block(_content(passage), passage.kind, read=index < read)
            for index, passage in enumerate(new[len(self._shown) :], len(self._shown))
        ]
        self._passages += fresh
        self._shown, self._whose = new, whose
        # The first new line goes to the top: reading begins where it stopped, and nobody has to scroll back up.
        first_new = next((each for each in fresh if not each.read), None)
        self._from = first_new or self._from
        self._changed()

    def wait_for(self, text: str) -> None:
        """A line at the end that says what is being waited for; empty takes it away."""
        self._waiting = Block(Content(text), "waiting") if text else None
        self._changed()

    def end_with(self, title: str) -> None:
        """The ending, once reached."""
        if self._ending is None:
            text = Content.assemble(("The story ends here", "$quiet"), "\n", (title, "bold"))
            self._ending = Block(text, "ending")
            self._changed()

    def clear(self) -> None:
        """Take everything off the screen."""
        self._shown, self._whose, self._from = (), "", None
        self._passages, self._ending, self._waiting = [], None, None
        self._changed()

    # --- lines --------------------------------------------------------------------------------------------------

    def _changed(self) -> None:
        self._width = 0
        self._fold()
        self.refresh(layout=self.styles.auto_dimensions)
        self._place()

    def _fold(self) -> bool:
        """Lay the lines out again, if the page has another width or other passages. Whether that was so."""
        width = self.scrollable_content_region.width
        if width == self._width or not width:
            return False
        self._width, self._lines = width, []
        for block in filter(None, [*self._passages, self._ending, self._waiting]):
            self._lines += [(block, number) for number in range(len(block.lines(width)))]
            self._lines.append(None)
        size = Size(width, len(self._lines))
        if size != self.virtual_size:
            with self._by_itself():
                self.virtual_size = size
                self._scroll_update(size)
        return True

    def _size_updated(self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True) -> bool:
        """The framework tells the new size before it paints: what has to move moves in the same frame."""
        with self._by_itself():
            changed = super()._size_updated(size, virtual_size, container_size, layout)
        if changed:
            self._fold()
            self._place()
        return changed

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        blocks = filter(None, [*self._passages, self._ending, self._waiting])
        return sum(len(block.lines(width)) + 1 for block in blocks)

    def render_lines(self, crop: Region) -> list[Strip]:
        if self._fold():  # another margin at the same size, which nobody tells
            self.call_later(self._place)
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        number = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        line = self._lines[number] if number < len(self._lines) else None
        style = self.visual_style
        if line is None:
            return Strip.blank(width, style.rich_style)
        block, at = line
        return self._selected(drawn(block.line(at, self._width), style, width), number).apply_offsets(0, number)

    # --- what is selected with the mouse ------------------------------------------------------------------------

    def _selected(self, strip: Strip, number: int) -> Strip:
        selection = self.text_selection
        span = selection.get_span(number) if selection is not None else None
        if span is None:
            return strip
        begin, end = span[0], span[1] if span[1] >= 0 else strip.cell_length
        before, inside, after = strip.crop(0, begin), strip.crop(begin, end), strip.crop(end)
        return Strip.join(
            [before, inside.apply_style(self.screen.get_component_rich_style("screen--selection")), after]
        )

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        lines = (line[0].line(line[1], self._width).plain if line else "" for line in self._lines)
        found = selection.extract("\n".join(lines))
        return "\n".join(line.strip(f" {BAR}") for line in found.split("\n")), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        self.refresh()

    # --- where it stands ----------------------------------------------------------------------------------------

    def _place(self) -> None:
        """Scroll to where reading begins. Asked again when the layout changes, until somebody has scrolled."""
        first = next((at for at, line in enumerate(self._lines) if line is not None and line[0] is self._from), None)
        if first is not None:
            with self._by_itself():
                self.scroll_to(y=first, animate=False)
        self._tell()

    @contextmanager
    def _by_itself(self) -> Iterator[None]:
        before, self._moving = self._moving, True
        try:
            yield
        finally:
            self._moving = before

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if not self._moving:
            self._from = None
        self._tell()

    def _tell(self) -> None:
        more = self.max_scroll_y - self.scroll_y > 1
        if more != self._told:
            self._told = more
            self.post_message(self.More(more))
