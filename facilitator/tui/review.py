"""What was played: a table of sessions, words to filter it, and the debrief of the one that is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import DataTable, Input, Static

from facilitator.listing import matches
from facilitator.tui.opening import open_to_read, rate_by_hand
from simulator.tui.page import Page
from simulator.tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from simulator.discretion import Listed

COLUMNS = ("Last played", "Scenario", "Who", "State", "Agreement", "Law", "Workshop", "Session")


class ReviewScreen(Page[None]):
    """For coordinators. Reactions stay with those who wrote them: nothing written in a debrief shows here."""

    CSS_PATH = "review.tcss"
    help_text = (
        "Every session kept in this store, the last played first. Type words to narrow the list; Enter on a line opens "
        "its debrief, R rates its objectives by hand. What people wrote in their debriefs is not shown; who played shows "
        "once a play has ended."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", key_display="/", id="review.filter", tooltip="Type words that must occur"),
        Binding("r", "rate", "Rate by hand", id="review.rate", tooltip="Rate the objectives of this session by hand, also one under way"),
        Binding("ctrl+r", "reload", "Read again", id="review.reload", tooltip="Read the store again", show=False),
        Binding("escape", "back", "Back", key_display="Esc", id="review.back", tooltip="Back to the first page"),
    ]  # fmt: skip

    def __init__(self, words: str = ""):
        super().__init__()
        self._words = words
        self._rows: list[Listed] = []

    def compose(self) -> ComposeResult:
        yield Static(Content.assemble(("Review", "bold $primary"), "  the sessions played"), id="review-title")
        yield Input(
            self._words,
            placeholder="words that must occur: a scenario, an alias, a workshop, a date",
            id="review-filter",
        )
        yield DataTable(id="review-table", cursor_type="row", zebra_stripes=True)
        yield Static(id="review-count", markup=False, classes="quiet")
        yield KeyLine()

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        for column in COLUMNS:
            table.add_column(column, key=column)
        table.focus()

    def on_screen_resume(self) -> None:
        self.action_reload()

    def action_reload(self) -> None:
        self.in_background(self._read, self._fill)

    def _read(self) -> list[Listed]:
        from simulator.discretion import listed

        return [listed(row) for row in self.desk.store.sessions()]

    def _fill(self, rows: list[Listed]) -> None:
        self._rows = rows
        self._draw()

    def _draw(self) -> None:
        table = self.query_one(DataTable)
        table.clear()
        wanted = self.query_one(Input).value.strip()
        shown = 0
        for row in self._rows:
            if matches(row, wanted):
                table.add_row(*(Text(cell) for cell in _cells(row)), key=row.id)
                shown += 1
        said = f"{shown} of {len(self._rows)} sessions" if wanted else f"{shown} session{'s' * (shown != 1)}"
        self.query_one("#review-count", Static).update(
            said if self._rows else "Nothing has been played in this store yet."
        )

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._draw()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.query_one(DataTable).focus()

    def action_filter(self) -> None:
        self.query_one(Input).focus()

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        open_to_read(self, str(event.row_key.value))

    def action_rate(self) -> None:
        table = self.query_one(DataTable)
        if table.row_count:
            rate_by_hand(self, str(table.coordinate_to_cell_key(table.cursor_coordinate).row_key.value))

    def action_back(self) -> None:
        if self.query_one(Input).has_focus:
            self.query_one(DataTable).focus()
        else:
            self.shell.go_home()


def _cells(row: Listed) -> tuple[str, ...]:
    state = "finished" if row.finished else "unfinished"
    when = row.updated.astimezone()
    return (f"{when:%Y-%m-%d %H:%M}", row.title, row.who, state, row.mou, row.jurisdiction, row.workshop, row.id[:8])
