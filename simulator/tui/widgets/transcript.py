"""The story so far, as passages a person can read and scroll. It draws what one seat's view holds and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from simulator.tui.words import clock, paragraphs, sentence
from simulator.view import Passage

SOURCES = {"survivor": "from the survivor", "scene": "seen here"}


class PassageText(Static):
    """One passage. Its kind is said in words or by a mark, and only then by a colour."""

    DEFAULT_CSS = """
    PassageText {
        width: 100%; max-width: 88; padding: 0 1; margin-bottom: 1;
        &.-scene { padding-top: 0; }
        &.-private { border-left: outer $accent; padding: 0 1; background: $surface; }
        &.-inject { border-left: outer $warning; padding: 0 1; }
        &.-learned { border-left: outer $accent; padding: 0 1; }
        &.-choice, &.-says, &.-chance, &.-message { padding-left: 3; }
        &.-message { border-left: outer $secondary; padding-left: 2; }
        &.-gap { color: $quiet; text-align: center; }
        &.-read { color: $quiet; }
    }
    """

    def __init__(self, passage: Passage):
        self.passage = passage
        super().__init__(_content(passage), classes=f"-{passage.kind}", markup=False)


def _content(passage: Passage) -> Content:
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


class Transcript(VerticalScroll):
    """Passages only grow, except when somebody else sits down or the pair goes back: then it is drawn anew."""

    BORDER_TITLE = "Story"
    DEFAULT_CSS = """
    Transcript {
        height: 1fr; padding: 1 1 0 1; scrollbar-size-vertical: 1;
        #story-ending { max-width: 88; padding: 0 1; margin: 0 0 1 0; border-left: outer $primary; }
        .story-waiting { padding: 0 1 1 1; color: $primary; text-style: italic; }
    }
    """

    def __init__(self, id: str | None = None):
        super().__init__(id=id)
        self._shown: tuple[Passage, ...] = ()
        self._whose = ""
        self._from: PassageText | None = None  # where reading begins, until somebody scrolls
        self._placed = -1.0

    class More(Message):
        """Whether there is more of the story below what can be seen."""

        def __init__(self, more: bool):
            super().__init__()
            self.more = more

    def show(self, passages: Sequence[Passage], *, whose: str, read: int) -> None:
        """Draw `whose` passages; the first `read` were on the screen before and are set back a little."""
        new = tuple(passages)
        self.wait_for("")
        with self.app.batch_update():
            if self._whose != whose or new[: len(self._shown)] != self._shown:
                self.query("PassageText, #story-ending").remove()
                self._shown = ()
            fresh = [PassageText(passage) for passage in new[len(self._shown) :]]
            for old in self.query(PassageText):
                old.add_class("-read")
            for index, widget in enumerate(fresh, len(self._shown)):
                widget.set_class(index < read, "-read")
            first_new = next((widget for widget in fresh if not widget.has_class("-read")), None)
            self._shown, self._whose = new, whose
            if fresh:
                self.mount(*fresh)
        # The first new line goes to the top: reading begins where it stopped, and nobody has to scroll back up.
        self._from, self._placed = first_new or self._from, -1.0
        self.call_after_refresh(self._place)

    def _place(self) -> None:
        """Scroll to where reading begins. Asked again when the layout changes, until somebody has scrolled."""
        if self._from is not None and self._from.is_attached:
            if self._placed >= 0 and self.scroll_y != self._placed:
                self._from = None
            else:
                self.scroll_to_widget(self._from, top=True, animate=False, immediate=True)
                self._placed = self.scroll_y
        self._tell()

    def on_resize(self) -> None:
        self.call_after_refresh(self._place)

    def watch_virtual_size(self) -> None:
        self.call_after_refresh(self._place)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._tell()

    def _tell(self) -> None:
        self.post_message(self.More(self.max_scroll_y - self.scroll_y > 1))

    def wait_for(self, text: str) -> None:
        """A line at the end that says what is being waited for; empty takes it away."""
        self.query(".story-waiting").remove()  # by class: two in a row may be there until the first is gone
        if text:
            self.mount(Static(text, classes="story-waiting", markup=False))

    def end_with(self, title: str) -> None:
        """The ending, once reached."""
        if not self.query("#story-ending"):
            text = Content.assemble(("The story ends here", "$quiet"), "\n", (title, "bold"))
            self.mount(Static(text, id="story-ending", markup=False))

    def clear(self) -> None:
        """Take everything off the screen."""
        self._shown, self._whose, self._from = (), "", None
        self.remove_children()
