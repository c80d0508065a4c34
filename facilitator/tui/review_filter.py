"""The question which sessions to look at: what there is to choose from, with how many there are of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import DescendantFocus
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Select, Static

from facilitator.choosing import EVERYTHING, day
from scoring.cohort import Cohort
from simulator.log import Store
from simulator.log.listing import Column
from simulator.tui.widgets.key_line import KeyLine

Choices = Mapping[Column, Sequence[tuple[str, int]]]
FIELDS: tuple[tuple[Column, str], ...] = (
    ("workshop", "Workshop"),
    ("scenario", "Scenario"),
    ("agency", "Agency"),
    ("mou", "Agreement"),
    ("jurisdiction", "Law"),
)
DAYS = (("since", "Begun since"), ("until", "Begun until"))


def choices(store: Store) -> Choices:
    """What each field can be set to. Reads the store: call it from a worker. Raises LogError."""
    return {column: store.choices(column) for column, _ in FIELDS}


class FilterScreen(ModalScreen[Cohort | None]):
    """Answers with the cohort that was chosen; Esc changes nothing."""

    CSS_PATH = "review.tcss"
    help_text = "Choose what the sessions have in common. An empty field takes all. The figures use the same filter."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f9", "show", "Show", id="filter.show", tooltip="Show the sessions that this takes"),
        Binding("f4", "everything", "Take all", id="filter.all", tooltip="Empty every field"),
        Binding("escape", "dismiss(None)", "Back", key_display="Esc", id="filter.back", tooltip="Change nothing"),
    ]

    def __init__(self, cohort: Cohort):
        super().__init__()
        self._cohort = cohort
        self._known: Choices | None = None

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog", id="filter"):
            yield Static("Which sessions?", classes="dialog-title")
            for column, title in FIELDS:
                chosen = getattr(self._cohort, column)
                with Horizontal(classes="filter-row"):
                    yield Static(f"  {title}", classes="filter-label", markup=False)
                    yield Select(
                        [(Content(chosen), chosen)] if chosen else [],
                        prompt="all",
                        value=chosen or Select.NULL,
                        id=f"filter-{column}",
                        compact=True,
                    )
            for name, title in DAYS:
                with Horizontal(classes="filter-row"):
                    yield Static(f"  {title}", classes="filter-label", markup=False)
                    yield Input(
                        getattr(self._cohort, name),
                        placeholder="year-month-day, such as 2026-06-03",
                        id=f"filter-{name}",
                        compact=True,
                    )
            yield Static("Looking up what there is to choose from …", id="filter-wrong", markup=False)
            with Horizontal(classes="dialog-buttons"):
                yield Button("Show (F9)", id="filter-show", variant="primary", flat=True)
                yield Button("Take all (F4)", id="filter-all", flat=True)
        yield KeyLine()

    def on_mount(self) -> None:
        self.query_one("#filter-workshop").focus()
        self.call_after_refresh(lambda: self._offer(self._known) if self._known is not None else None)

    def fill(self, choices: Choices) -> None:
        """What there is to choose from has been read. What is chosen already stays chosen."""
        self._known = choices
        if self.is_mounted and self.is_attached:  # else: once it is; or it was answered before this came
            self._offer(choices)

    def _offer(self, choices: Choices) -> None:
        for column, _ in FIELDS:
            select = self.query_one(f"#filter-{column}", Select)
            chosen = self._chosen(column)
            known = dict(choices.get(column, ()))
            if chosen:
                known.setdefault(chosen, 0)
            select.set_options([(Content(f"{name}  ({number:,})"), name) for name, number in known.items()])
            if chosen:
                select.value = chosen
        self.query_one("#filter-wrong", Static).update("")

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Mark the field that has the focus, with a sign that needs no colour."""
        for row in self.query(".filter-row"):
            here = event.widget in row.children
            label = row.query_one(".filter-label", Static)
            label.update(f"{'▶' if here else ' '} {str(label.content)[2:]}")
            label.set_class(here, "-here")

    def action_show(self) -> None:
        given: dict[str, str] = {column: self._chosen(column) for column, _ in FIELDS}
        for name, _ in DAYS:
            given[name] = text = self.query_one(f"#filter-{name}", Input).value.strip()
            try:
                if text:
                    day(text)
            except ValueError as error:
                self.query_one("#filter-wrong", Static).update(f"{error}.")
                self.query_one(f"#filter-{name}").focus()
                return
        if given["since"] and given["until"] and given["since"] > given["until"]:
            self.query_one("#filter-wrong", Static).update("The first day lies after the last one.")
            return
        self.dismiss(Cohort(**given))

    def _chosen(self, column: Column) -> str:
        value = self.query_one(f"#filter-{column}", Select).value
        return "" if value is Select.NULL else str(value)

    def action_everything(self) -> None:
        for field in fields(EVERYTHING):
            for select in self.query(f"#filter-{field.name}").results(Select):
                select.clear()
            for box in self.query(f"#filter-{field.name}").results(Input):
                box.value = ""
        self.query_one("#filter-wrong", Static).update("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_show()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        if event.button.id == "filter-show":
            self.action_show()
        else:
            self.action_everything()
