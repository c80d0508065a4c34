"""One sheet of the cohort view on the screen: sentences folded to the window, figures drawn as wide as it is."""

from __future__ import annotations

from rich.cells import cell_len
from textual.containers import VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.widgets import Static

from facilitator import plots
from facilitator.cohort_pages import Block, Sheet
from facilitator.plots import Signs

WIDEST = 132  # cells of a page; longer lines are hard to read
PROSE = 92


class Paper(VerticalScroll):
    """Shows a sheet, drawn anew whenever the window changes."""

    DEFAULT_CSS = """
    Paper { padding: 1 2; scrollbar-size-vertical: 1; scrollbar-size-horizontal: 0; }
    Paper > Static { width: auto; }
    """

    def __init__(self, id: str | None = None):
        super().__init__(Static(id="paper-text", markup=False), id=id)
        self._sheet: Sheet | None = None
        self._instead = ""
        self._signs = plots.signs()

    def show(self, sheet: Sheet | None, instead: str = "") -> None:
        """Show a sheet, or one sentence while there is none."""
        self._sheet, self._instead = sheet, instead
        self._draw()

    def on_resize(self, event: Resize) -> None:
        self._draw()

    def _draw(self) -> None:
        width = max(min(self.scrollable_content_region.width - 1, WIDEST), 20)
        if self._sheet is None:
            told = Content.styled("\n".join(folded(self._instead, min(width, PROSE))), "$quiet")
        else:
            told = drawn(self._sheet, width, self._signs)
        self.query_one(Static).update(told)


def drawn(sheet: Sheet, width: int, signs: Signs) -> Content:
    """A sheet as the screen shows it, no line wider than `width` cells."""
    parts: list[Content] = []
    if sheet.of:
        parts.append(Content.styled(sheet.of, "bold $primary"))
    parts += [Content.styled(line, "$quiet") for line in folded(sheet.lead, min(width, PROSE))]
    for block in sheet.blocks:
        parts += [Content(""), *_block(block, width, signs)]
    return Content("\n").join(parts)


def _block(block: Block, width: int, signs: Signs) -> list[Content]:
    prose = min(width, PROSE)
    parts = [Content.styled(line, "bold $primary") for line in folded(block.heading, prose)] if block.heading else []
    if not block.table:  # where there is a table, the sentences are for those who hear it
        parts += [Content(line) for text in block.lines for line in folded(text, prose)]
    parts += [Content(line) for line in block.table]
    if block.letters:
        parts.append(Content.styled(plots.letters(block.letters, min(width, 60)), "bold"))
    if block.rows:
        parts += [Content(line) for line in plots.intervals(block.rows, block.scale, width, signs, below=block.axis)]
    return parts


def folded(text: str, width: int) -> list[str]:
    """A sentence in lines of at most `width` cells."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if cell_len(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
