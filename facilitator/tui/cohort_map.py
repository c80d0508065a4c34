"""The turning points of many sessions on the scenario's map, and the question which scenario."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from facilitator.chart import Chart
from facilitator.lenses import Lens, loss
from facilitator.tui.map import MapScreen, Shown, Wanted
from scoring.cohort import SceneFigure


class LossMap(MapScreen):
    """A map with one seat's losses on it. The lens stays; Esc leads back to the figures."""

    CSS_PATH = "map.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("l", "lens", "Lens", id="loss.lens", tooltip="The same map keeps its lens", show=False),
    ]

    def __init__(self, scenario: str, figures: Sequence[SceneFigure], seat: str):
        super().__init__(scenario, lens="loss")
        self._figures, self._seat = tuple(figures), seat
        self._here = figures[0].scene if figures else ""  # where most was lost

    def _look(self, chart: Chart, wanted: Wanted) -> Lens:
        return loss(chart, self._figures, self._seat)

    def _show(self, shown: Shown) -> None:
        if self._here not in shown.chart.scenes:
            self._here = ""  # a scene that the file no longer has
        super()._show(shown)

    def _failed(self, error: Exception) -> None:
        self.dismiss()
        self.shell.trouble(error)

    def action_lens(self) -> None:
        """There is one lens here."""

    def _leave(self) -> None:
        self.dismiss()


class ChooseScenario(ModalScreen[str | None]):
    """Which scenario's turning points to look at."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Back", key_display="Esc", id="scenario.back", tooltip="Change nothing"),
    ]

    def __init__(self, scenarios: Sequence[tuple[str, int]]):
        super().__init__()
        self._scenarios = scenarios

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static("Whose turning points?", classes="dialog-title")
            yield OptionList(
                *(
                    Option(Content(f"{name}  ({number:,})"), id=f"s-{at}")
                    for at, (name, number) in enumerate(self._scenarios)
                )
            )
            yield Static("The arrows select, Enter takes it. Esc changes nothing.", classes="key-hint")

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._scenarios[event.option_index][0])
