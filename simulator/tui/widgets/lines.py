"""Drawing a line of text that is one already, for widgets that draw all their lines themselves."""

from __future__ import annotations

from rich.segment import Segment
from textual.content import Content
from textual.strip import Strip
from textual.style import Style


def drawn(line: Content, style: Style, width: int) -> Strip:
    """A line as it stands on the screen, `width` columns of it; `style`: what its text has by itself.

    The framework's own way folds and aligns each line first and searches it for links, which takes longer than all the rest.
    """
    parts = line.render(style, end="", parse_style=_parsed)
    segments = [Segment(text, (style + each).rich_style) for text, each in parts]
    return Strip(segments, line.cell_length).adjust_cell_length(width, style.rich_style)


def _parsed(style: Style | str) -> Style:
    return style if isinstance(style, Style) else Style.parse(style)
