"""The analysis part of the debrief: one tab for each way the play was weighed, the weightiest first."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static, TabbedContent, TabPane

from simulator.tui.findings import Page


class Analysis(Widget):
    """Tabs with blocks of text. Digits turn to a tab, the arrows scroll it."""

    DEFAULT_CSS = """
    Analysis {
        height: 1fr;
        TabbedContent { height: 1fr; }
        Tabs { height: 2; }
        TabPane { padding: 0; }
        VerticalScroll { padding: 1 2; scrollbar-size-vertical: 1; }
        VerticalScroll > Static { max-width: 92; margin-bottom: 1; }
    }
    """

    def __init__(self, pages: Sequence[Page], id: str | None = None, *, opens: int = 1):
        """`opens`: the number of the tab to begin with; -1 for the last one."""
        super().__init__(id=id)
        self._pages = pages
        self._opens = opens if opens > 0 else len(pages)

    def compose(self) -> ComposeResult:
        with TabbedContent(id="analysis-tabs"):
            for number, page in enumerate(self._pages, 1):
                with TabPane(f"{number} {page.name}", id=f"analysis-{number}"), VerticalScroll():
                    yield Static(page.lead, classes="quiet", markup=False)
                    for block in page.blocks:
                        yield Static(block, markup=False)

    def on_mount(self) -> None:
        self.turn_to(self._opens)

    @property
    def number(self) -> int:
        """The number of the open tab, from 1."""
        tabs = self.query(TabbedContent)
        return int(tabs.first().active.rpartition("-")[2] or self._opens) if tabs else self._opens

    @property
    def count(self) -> int:
        return len(self._pages)

    def turn_to(self, number: int) -> bool:
        """Open a tab by its number. False if there is none."""
        if not 1 <= number <= len(self._pages):
            return False
        self.query_one("#analysis-tabs", TabbedContent).active = f"analysis-{number}"
        self.query_one(f"#analysis-{number} VerticalScroll").focus()
        return True
