"""What lies under the widgets of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.strip import Strip

if TYPE_CHECKING:
    from textual.geometry import Region
    from textual.widget import Widget as _Widget
else:
    _Widget = object  # so that styles are looked up for the container's own class, which the framework finds by its first base


class Ground(_Widget):
    """To be named before a container's class: one without border or padding, of which nothing is seen but its colour.

    The framework draws each line of each container before what stands on it. On a page whose containers lie four deep that was more than
    half of the lines it drew.
    """

    def render_lines(self, crop: Region) -> list[Strip]:
        line = Strip.blank(crop.width, self.rich_style)
        for each in self.get_line_filters():  # no colours, where none are wished for
            line = line.apply_filter(each, self.background_colors[1])
        return [line] * crop.height


class Covered(_Widget):
    """The same for a container that is covered by what stands on it, from edge to edge: it draws nothing.

    Each line that is drawn is cut where anything on the page begins or ends, be it seen or not.
    """

    def render_lines(self, crop: Region) -> list[Strip]:
        return []
