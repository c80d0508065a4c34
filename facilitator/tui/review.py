"""What was played: a list of sessions of any length, filters for it, the debrief of one, and the figures of many."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input, Static

from facilitator.choosing import EVERYTHING, said, wanted
from facilitator.tui.opening import open_to_read, rate_by_hand
from facilitator.tui.review_table import PAGE, SORTED, SessionTable
from scoring.cohort import Cohort
from simulator.tui.page import Page
from simulator.tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from simulator.discretion import Listed
    from simulator.log.listing import Sort

TYPING = 0.12  # seconds without a key after which the words are looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which list is on the screen, or will be in a moment."""

    cohort: Cohort
    words: str
    sort: Sort = "began"
    descending: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """A list that has been read: how long it is, how many sessions there are at all, and a page of it."""

    asked: Asked
    total: int
    of: int
    page: int
    rows: list[Listed]


class ReviewScreen(Page[None]):
    """For coordinators. Reactions stay with those who wrote them: nothing written in a debrief shows here."""

    CSS_PATH = "review.tcss"
    help_text = (
        "Every session kept in this store, the one begun last first. / finds words, F chooses by workshop, scenario, agency, "
        "agreement, law and day; a digit, or a click on a heading, sorts by that column, and once more the other way round. "
        "Enter opens a session's debrief, R rates its objectives by hand. C shows the figures of all sessions that F has "
        "chosen. What people wrote in their debriefs is not shown; who played shows once a play has ended."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Words", key_display="/", id="review.filter", tooltip="Type words that must occur"),
        Binding("f", "choose", "Filter", id="review.choose", tooltip="Choose by workshop, scenario, agency, agreement, day"),
        *(
            Binding(
                str(number), f"sort('{column.sort}')", "Sort", key_display=f"1–{len(SORTED)}",
                id=f"review.sort-{column.sort}", show=False,
                tooltip=f"Sort by {column.title.lower()}; once more: the other way round",
            )
            for number, column in enumerate(SORTED, 1)
        ),
        Binding("r", "rate", "Rate", id="review.rate", tooltip="Rate the objectives of this session by hand, also one under way"),
        Binding("c", "cohort", "Cohort", id="review.cohort", tooltip="The figures of these sessions together"),
        Binding("ctrl+r", "reload", "Read again", id="review.reload", tooltip="Read the store again", show=False),
        Binding("escape", "back", "Back", key_display="Esc", id="review.back", tooltip="Back to the first page"),
    ]  # fmt: skip

    def __init__(self, words: str = "", cohort: Cohort = EVERYTHING, *, figures: bool = False):
        """`figures`: open the cohort's figures at once, over the list."""
        super().__init__()
        self._asked = Asked(cohort=cohort, words=words.strip())
        self._figures = figures
        self._typing: Timer | None = None

    def compose(self) -> ComposeResult:
        yield Static(id="review-title", markup=False)
        yield Input(
            self._asked.words,
            placeholder="/ words that must occur: a scenario, an alias, a workshop, a day",
            id="review-filter",
            compact=True,
        )
        yield SessionTable(id="review-table")
        yield Static("Reading the store …", id="review-count", markup=False, classes="quiet")
        yield KeyLine()

    def on_mount(self) -> None:
        self._title()
        self.query_one(SessionTable).focus()
        if self._figures:
            self.action_cohort()

    def on_screen_resume(self) -> None:
        self.action_reload()

    # --- reading ------------------------------------------------------------------------------------------------

    def action_reload(self) -> None:
        """Read the list that is asked for; the cursor stays on its line if the list is the same."""
        asked, at = self._asked, self.query_one(SessionTable).cursor
        self.in_background(lambda: self._read(asked, at // PAGE), self._fill, group="list")

    def _read(self, asked: Asked, page: int) -> Found:
        store, chosen = self.desk.store, wanted(asked.cohort, asked.words)
        total = store.count(**chosen)
        page = min(page, max(total - 1, 0) // PAGE)
        return Found(asked, total, store.count(), page, self._page(asked, page))

    def _page(self, asked: Asked, page: int) -> list[Listed]:
        from simulator.discretion import listed

        rows = self.desk.store.sessions(
            **wanted(asked.cohort, asked.words),
            sort=asked.sort,
            descending=asked.descending,
            limit=PAGE,
            offset=page * PAGE,
        )
        return [listed(row) for row in rows]

    def _fill(self, found: Found) -> None:
        if found.asked != self._asked:
            return  # somebody has asked for another list meanwhile
        table = self.query_one(SessionTable)
        table.show(found.total, found.rows, found.page, found.asked.sort, found.asked.descending, table.cursor)
        narrowed = said(found.asked.cohort, found.asked.words)
        if not found.of:
            told = "Nothing has been played in this store yet."
        else:
            several = "s" * (found.of != 1 or bool(narrowed))
            told = (f"{found.total} of " if narrowed else "") + f"{found.of} session{several}"
        self.query_one("#review-count", Static).update(told)

    def _ask(self, asked: Asked) -> None:
        """Another list: from its top."""
        if asked != self._asked:
            self._asked = asked
            self.query_one(SessionTable).cursor = 0
            self.query_one("#review-count", Static).update("Looking …")
            self._title()
            self.action_reload()

    def on_session_table_asked(self, event: SessionTable.Asked) -> None:
        asked, reading, page = self._asked, event.reading, event.page
        table = self.query_one(SessionTable)

        def failed(error: Exception) -> None:
            table.give_up()
            self.shell.trouble(error)

        self.in_background(
            lambda: self._page(asked, page), lambda rows: table.put(reading, page, rows), failed, group="page"
        )

    def _title(self) -> None:
        narrowed = said(self._asked.cohort)
        self.query_one("#review-title", Static).update(
            Content.assemble(("Review", "bold $primary"), f"  {narrowed or 'the sessions played'}")
        )

    # --- narrowing and sorting ----------------------------------------------------------------------------------

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if self._typing is not None:
            self._typing.stop()
        self._typing = self.set_timer(TYPING, self._look_for_words)

    def _look_for_words(self) -> None:
        self._ask(replace(self._asked, words=self.query_one("#review-filter", Input).value.strip()))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._look_for_words()
        self.query_one(SessionTable).focus()

    def action_filter(self) -> None:
        self.query_one("#review-filter").focus()

    def action_choose(self) -> None:
        from facilitator.tui.review_filter import FilterScreen, choices

        asking = FilterScreen(self._asked.cohort)
        self.app.push_screen(asking, self._chosen)
        self.in_background(lambda: choices(self.desk.store), asking.fill, group="choices")

    def _chosen(self, cohort: Cohort | None) -> None:
        if cohort is not None:
            self._ask(replace(self._asked, cohort=cohort))

    def action_sort(self, sort: Sort) -> None:
        asked = self._asked
        turned = not asked.descending if sort == asked.sort else sort == "began"
        self._ask(replace(asked, sort=sort, descending=turned))

    def on_session_table_headed(self, event: SessionTable.Headed) -> None:
        self.action_sort(event.sort)

    # --- opening ------------------------------------------------------------------------------------------------

    def on_session_table_opened(self, event: SessionTable.Opened) -> None:
        open_to_read(self, event.session)

    def action_rate(self) -> None:
        row = self.query_one(SessionTable).current
        if row is not None:
            rate_by_hand(self, row.id)

    def action_cohort(self) -> None:
        from facilitator.tui.cohort import CohortScreen

        self.app.push_screen(CohortScreen(self._asked.cohort, words=self._asked.words), self._chosen)

    def action_back(self) -> None:
        if self.query_one("#review-filter").has_focus:
            self.query_one(SessionTable).focus()
        else:
            self.shell.go_home()
