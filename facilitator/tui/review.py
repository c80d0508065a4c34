"""What was played: a table of sessions, words to filter it, and the debrief of the one that is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import DataTable, Input, Static

from facilitator.listing import matches
from simulator.tui.page import Page
from simulator.tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from simulator.log import SessionRow
    from simulator.session import Session

COLUMNS = ("Last played", "Scenario", "Who", "State", "Agreement", "Law", "Workshop", "Session")


class ReviewScreen(Page[None]):
    """For coordinators. Reactions stay with those who wrote them: nothing written in a debrief shows here."""

    CSS_PATH = "review.tcss"
    help_text = (
        "Every session kept in this store, the last played first. Type words to narrow the list; Enter on a line opens "
        "its debrief. What people wrote in their debriefs is not shown."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", key_display="/", id="review.filter", tooltip="Type words that must occur"),
        Binding("ctrl+r", "reload", "Read again", id="review.reload", tooltip="Read the store again", show=False),
        Binding("escape", "back", "Back", key_display="Esc", id="review.back", tooltip="Back to the first page"),
    ]

    def __init__(self, words: str = ""):
        super().__init__()
        self._words = words
        self._rows: list[SessionRow] = []

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

    def _read(self) -> list[SessionRow]:
        return self.desk.store.sessions()

    def _fill(self, rows: list[SessionRow]) -> None:
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
        from simulator.session import Session

        ident = str(event.row_key.value)
        self.in_background(lambda: Session.reopen(self.desk.store, ident), self._opened)

    def _opened(self, session: Session) -> None:
        if session.finished and session.debrief_phase is None and session.human_seats:
            self.notify(
                "These people have not finished their first reactions yet; the debrief opens after that.",
                title="Still closed", severity="warning", markup=False,
            )  # fmt: skip
        elif not session.finished:
            self.notify(
                "This play has not reached an ending yet.", title="Still under way", severity="warning", markup=False
            )
        else:
            self.shell.open_debrief(session, reading=True)

    def action_back(self) -> None:
        if self.query_one(Input).has_focus:
            self.query_one(DataTable).focus()
        else:
            self.shell.go_home()


def _cells(row: SessionRow) -> tuple[str, ...]:
    people = ", ".join(place.alias or "no alias" if place.player == "human" else "computer" for place in row.seats)
    state = "finished" if row.finished else "unfinished"
    when = row.updated.astimezone()
    return (f"{when:%Y-%m-%d %H:%M}", row.title, people, state, row.mou, row.jurisdiction, row.workshop, row.id[:8])
