"""A line that a widget draws by itself looks as the framework would have drawn it."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.content import Content
from textual.strip import Strip
from textual.visual import Visual
from textual.widgets import Static

from simulator.tui.theme import NIGHT
from simulator.tui.widgets.lines import drawn

INKS = ["", "bold", "bold $primary", "$quiet", "on $surface", "italic $accent"]
PARTS = st.lists(st.tuples(st.text("aé中 ▸·’", max_size=12), st.sampled_from(INKS)), min_size=1, max_size=4)


class Page(App[None]):
    def compose(self) -> ComposeResult:
        yield Static()

    def on_mount(self) -> None:
        self.register_theme(NIGHT)
        self.theme = NIGHT.name


def cells(strip: Strip) -> list[tuple[str, object, object, bool | None]]:
    """Each character with what can be seen of its style."""
    return [
        (sign, style.color, style.bgcolor, style.bold) for text, style, _ in strip for sign in text if style is not None
    ]


def test_a_line_is_drawn_as_the_framework_draws_it() -> None:
    async def run() -> None:
        app = Page()
        async with app.run_test() as pilot:
            await pilot.pause()
            widget = app.query_one(Static)
            style = widget.visual_style

            @given(PARTS)
            def same(parts: list[tuple[str, str]]) -> None:
                line = Content.assemble(*((text, ink) if ink else text for text, ink in parts))
                [theirs] = Visual.to_strips(widget, line, 80, 1, style) or [Strip.blank(80, style.rich_style)]
                assert cells(drawn(line, style, 80)) == cells(theirs.adjust_cell_length(80, style.rich_style))

            same()

    asyncio.run(run())
