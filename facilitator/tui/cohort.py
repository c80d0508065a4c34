"""The figures of many sessions, page by page, each read when it is turned to and the next ones while it is being read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static, Tab, Tabs

from facilitator import cohort_pages
from facilitator.choosing import said, wanted
from facilitator.cohort_pages import KEYS, NAMES, PARTS, Block, Hidden, PartName, Sheet, sheets
from facilitator.tui.cohort_paper import Paper
from scoring.cohort import Cohort
from simulator.debrief import CAUTION
from simulator.tui.page import Page
from simulator.tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from simulator.summing import Progress


class Summing(Message, bubble=False):
    """Some of the sessions are summed up."""

    def __init__(self, done: int, of: int):
        super().__init__()
        self.done, self.of = done, of


class CohortScreen(Page[Cohort]):
    """The cohort view. Left with the cohort that it last showed, so that the list can follow."""

    CSS_PATH = "review.tcss"
    help_text = (
        "What the chosen sessions show together. A digit turns to a page, D to the dilemmas, F9 and F4 to the next and the one before, the "
        "arrows scroll. A page about seats has a sheet for each seat, which ← and → turn: seats are not compared. Every "
        "figure shows the number it rests on, and in brackets the range it may lie in; the last page says how each is made. "
        "F chooses other sessions."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f9", "turn(1)", "Next", id="cohort.next", tooltip="To the next page"),
        Binding("f4", "turn(-1)", "Page before", id="cohort.before", tooltip="To the page before", show=False),
        *(
            Binding(
                KEYS[number], f"open({number})", part.title, id=f"cohort.{part.name}", show=False,
                tooltip=f"To the page “{part.title}”",
            )
            for number, part in enumerate(PARTS)
        ),
        Binding("right", "sheet(1)", "Seat", key_display="← →", id="cohort.sheet", tooltip="The next seat, agreement", priority=True),
        Binding("left", "sheet(-1)", "Seat before", id="cohort.sheet-before", tooltip="The one before", show=False, priority=True),
        Binding("s", "scenario", "Scenario", id="cohort.scenario", tooltip="Whose turning points to look at"),
        Binding("m", "map", "Map", id="cohort.map", tooltip="The turning points on the scenario's map"),
        Binding("f", "choose", "Filter", id="cohort.choose", tooltip="Which sessions to look at", show=False),
        Binding("ctrl+r", "reload", "Read again", id="cohort.reload", tooltip="Read the store again", show=False),
        Binding("escape", "leave", "Back", key_display="Esc", id="cohort.leave", tooltip="Back to the list"),
    ]  # fmt: skip

    def __init__(self, cohort: Cohort, *, words: str = ""):
        """`words`: what narrows the list and not the figures, if anything does."""
        super().__init__()
        self._cohort, self._words = cohort, words
        self._scenario = cohort.scenario  # whose turning points
        self._scenarios: list[tuple[str, int]] = []
        self._values: dict[PartName, Any] = {}
        self._sheets: dict[PartName, tuple[Sheet, ...]] = {}
        self._troubles: dict[PartName, str] = {}
        self._reading: PartName | None = None
        self._fresh = False  # whether the store's sessions have been summed up since this was opened
        self._at = 0
        self._turned = 0  # which sheet of the page

    def compose(self) -> ComposeResult:
        with Vertical(id="cohort-head"):
            yield Static(id="cohort-title", markup=False)
            yield Tabs(
                *(Tab(f"{KEYS[n].upper()} {part.title}", id=part.name) for n, part in enumerate(PARTS)),
                id="cohort-tabs",
            )
        yield Paper(id="cohort-paper")
        yield Static(CAUTION, id="cohort-caution", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        self.query_one(Tabs).can_focus = False  # the arrows are the paper's
        self.query_one(Paper).focus()
        self._title()
        self._show()

    @property
    def part(self) -> PartName:
        return PARTS[self._at].name

    # --- reading ------------------------------------------------------------------------------------------------

    def _read_on(self) -> None:
        """Read the page that is open, or else the next one that is not read yet; one at a time."""
        if self._reading is not None:
            return
        order = [self._at, *range(self._at + 1, len(PARTS)), *range(self._at)]
        missing = [
            PARTS[at].name for at in order if PARTS[at].name not in (self._sheets.keys() | self._troubles.keys())
        ]
        if not missing:
            return
        part = self._reading = missing[0]
        asked, scenario, progress = self._cohort, self._scenario, None if self._fresh else self._progress
        self.in_background(
            lambda: self._read(part, asked, scenario, progress),
            lambda found: self._came(part, asked, scenario, found),
            lambda error: self._failed(part, asked, error),
            group="figures",
        )

    def _read(self, part: PartName, cohort: Cohort, scenario: str, progress: Progress | None) -> Any:
        store = self.desk.store
        if part != "turning":
            return cohort_pages.read(store, part, cohort, progress)
        scenarios = store.choices("scenario", **wanted(cohort))
        if not scenario and len(scenarios) == 1:
            scenario = scenarios[0][0]
        figures = (
            cohort_pages.read(store, part, replace(cohort, scenario=scenario)) if scenario else ()
        )  # else: asked for
        return scenario, scenarios, figures

    def _progress(self, done: int, of: int) -> None:
        """Called in the worker, while sessions are summed up for the first time."""
        if done % 20 == 0 or done == of:
            self.post_message(Summing(done, of))

    def on_summing(self, event: Summing) -> None:
        if self.part not in self._sheets:
            told = f"Adding up sessions for the first time: {event.done:,} of {event.of:,} …"
            self.query_one(Paper).show(None, told)

    def _came(self, part: PartName, asked: Cohort, scenario: str, found: Any) -> None:
        self._reading = None
        self._fresh |= part != "method" and not (part == "turning" and not found[2])
        if asked == self._cohort and (part != "turning" or scenario == self._scenario):
            if part == "turning":
                self._scenario, self._scenarios, found = found
            self._values[part] = found
            asks = part == "turning" and not self._scenario and not isinstance(found, Hidden)
            self._sheets[part] = (self._which(),) if asks else sheets(part, found)
            self._show(only=part)
        self._read_on()

    def _failed(self, part: PartName, asked: Cohort, error: Exception) -> None:
        self._reading = None
        if asked == self._cohort:
            self.log.error(repr(error))
            self._troubles[part] = str(error).strip() or type(error).__name__
            self._show(only=part)
        self._read_on()

    def _which(self) -> Sheet:
        if not self._scenarios:
            return Sheet(
                "Turning points belong to one scenario.", (Block(lines=("No session is among those chosen.",)),)
            )
        lines = tuple(f"{name}: {number:,} session{'s' * (number != 1)}" for name, number in self._scenarios)
        return Sheet("Turning points belong to one scenario. S chooses which.", (Block("Played here", lines),))

    # --- showing ------------------------------------------------------------------------------------------------

    def _show(self, only: PartName | None = None) -> None:
        """Show the open page, if it is the one named."""
        part = self.part
        if only not in (None, part):
            return
        paper = self.query_one(Paper)
        if held := self._sheets.get(part):
            self._turned %= len(held)
            paper.show(held[self._turned])
        elif part in self._troubles:
            paper.show(None, f"This page cannot be read: {self._troubles[part]}")
        else:
            paper.show(None, "Adding up …")
            self._read_on()
        paper.scroll_home(animate=False)
        self._title()
        self.refresh_bindings()

    def _title(self) -> None:
        narrowed = said(self._cohort) or "all sessions of this store"
        if self._words:
            narrowed += f" (the words “{self._words}” narrow the list alone)"
        if self.part == "turning" and self._scenario and self._scenario != self._cohort.scenario:
            narrowed += f" · scenario {self._scenario}"
        if (several := len(self._sheets.get(self.part, ()))) > 1:
            narrowed += f"   ← → {self._turned + 1} of {several}"
        self.query_one("#cohort-title", Static).update(Content.assemble(("Cohort", "bold $primary"), f"  {narrowed}"))

    def _open(self, at: int, sheet: int = 0) -> None:
        self._at, self._turned = at, sheet
        tabs = self.query_one(Tabs)
        if tabs.active != self.part:
            tabs.active = self.part
        self._show()

    def on_tabs_tab_activated(self, event: Tabs.TabActivated) -> None:
        event.stop()
        if event.tab.id != self.part and event.tab.id == event.tabs.active:
            self._open(next(at for at, page in enumerate(PARTS) if page.name == event.tab.id))
            self.query_one(Paper).focus()

    # --- keys ---------------------------------------------------------------------------------------------------

    def action_open(self, number: int) -> None:
        self._open(number)

    def action_turn(self, by: int) -> None:
        """On to the next sheet, and after the last one to the next page."""
        sheet = self._turned + by
        if 0 <= sheet < len(self._sheets.get(self.part, ())):
            self._open(self._at, sheet)
        elif 0 <= self._at + by < len(PARTS):
            self._open(self._at + by, 0 if by > 0 else -1)

    def action_sheet(self, by: int) -> None:
        self._open(self._at, self._turned + by)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A key is offered where it does something."""
        if action == "sheet":
            return len(self._sheets.get(self.part, ())) > 1
        if action == "scenario":
            return self.part == "turning" and len(self._scenarios) > 1
        if action == "map":
            found = self._values.get("turning")
            return self.part == "turning" and bool(found) and not isinstance(found, Hidden)
        if action == "turn":
            return self._at + 1 < len(PARTS) or (self._at > 0 and -1 in parameters)
        return True

    def action_reload(self) -> None:
        self._fresh = False
        self._again(self._cohort)

    def _again(self, cohort: Cohort, parts: tuple[PartName, ...] = NAMES) -> None:
        self._cohort = cohort
        for part in parts:
            for held in (self._values, self._sheets, self._troubles):
                held.pop(part, None)
        self._open(self._at, self._turned)

    def action_scenario(self) -> None:
        from facilitator.tui.cohort_map import ChooseScenario

        def chosen(scenario: str | None) -> None:
            if scenario:
                self._scenario, self._turned = scenario, 0
                self._again(self._cohort, ("turning",))

        self.app.push_screen(ChooseScenario(self._scenarios), chosen)

    def action_map(self) -> None:
        from facilitator.tui.cohort_map import LossMap  # deferred: only a map needs netext

        figures = self._values["turning"]
        sheet = self._sheets["turning"][self._turned]
        own = tuple(each for each in figures if (each.seat_name or each.seat) == sheet.of)
        self.app.push_screen(LossMap(self._scenario, own, sheet.of))

    def action_choose(self) -> None:
        from facilitator.tui.review_filter import FilterScreen, choices

        def chosen(cohort: Cohort | None) -> None:
            if cohort is not None and cohort != self._cohort:
                self._scenario, self._turned = cohort.scenario, 0
                self._again(cohort)

        asking = FilterScreen(self._cohort)
        self.app.push_screen(asking, chosen)
        self.in_background(lambda: choices(self.desk.store), asking.fill, group="choices")

    def action_leave(self) -> None:
        self.dismiss(self._cohort)
