"""`handoff map` on the screen: a scenario's graph to walk through, or its outline."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Static

from facilitator.chart import Chart, chart_of
from facilitator.chart_cells import ZOOMS, Cells, Zoom, cells
from facilitator.lenses import LENSES, Lens, LensName, Measure, look, nothing_measured
from facilitator.outline import card, heading
from facilitator.tui.map_canvas import MapCanvas
from facilitator.tui.map_card import CardScreen
from facilitator.tui.map_outline import MapOutline
from simulator.problems import Unreadable, render
from simulator.tui.page import Page
from simulator.tui.widgets.key_line import KeyLine

SEVERAL = 10  # problems that are told when a file cannot be drawn
OPENS = "Enter opens its card"


@dataclass(frozen=True, slots=True)
class Wanted:
    """How the map is to be shown."""

    lens: LensName
    zoom: Zoom = "titles"


@dataclass(frozen=True, slots=True)
class Shown:
    """A map that is ready to draw."""

    chart: Chart
    wanted: Wanted
    lens: Lens
    cells: Cells


class MapScreen(Page[None]):
    """The map of one scenario. Reading and laying out happen in the background."""

    CSS_PATH = "map.tcss"
    help_text = (
        "The scenes of a scenario and the ways between them, from the opening at the top down to the endings. The arrows "
        "go along the ways, Enter opens a scene's card. A box with one line is a decision, with two lines one taken "
        "together; dashed is chance, round is a scene where nobody decides, heavy an ending; ↺ means that something "
        "there leads back. Each scene carries a mark; the line at the bottom says what the marks mean, and L looks at "
        "the scenes in another way. In the outline, Enter on an action goes where the action leads."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "turn_over", "Outline", key_display="Tab", id="map.outline", tooltip="Map or outline", priority=True),
        Binding("slash", "search", "Find", key_display="/", id="map.search", tooltip="Words to look for in the scenes"),
        Binding("n", "hit(1)", "Next", id="map.next", tooltip="To the next scene found", show=False),
        Binding("p", "hit(-1)", "Previous", id="map.previous", tooltip="To the scene found before", show=False),
        Binding("l", "lens", "Lens", id="map.lens", tooltip="Look at seats, duties, coverage, cost, what is unreviewed"),
        Binding("plus,equals_sign", "zoom(1)", "Zoom", key_display="+ -", id="map.nearer", tooltip="More in each scene"),
        Binding("minus", "zoom(-1)", "Less", key_display="-", id="map.farther", tooltip="Less in each scene", show=False),
        Binding("escape", "back", "Back", id="map.back", tooltip="Close the search, then back to the first page"),
    ]  # fmt: skip

    def __init__(
        self,
        scenario: str,
        *,
        lens: LensName = "seat",
        mou: str | None = None,
        measure: Measure = nothing_measured,
    ):
        """`scenario`: an id or a file. `measure`: where figures for coverage and cost come from, if there are any."""
        super().__init__()
        self._scenario, self._mou, self._measure = scenario, mou, measure
        self._wanted = Wanted(lens)
        self._shown: Shown | None = None
        self._here, self._enter = "", OPENS
        self._hits: tuple[str, ...] = ()
        self._listed: tuple[Chart, LensName] | None = None  # what the outline holds

    def compose(self) -> ComposeResult:
        yield Static(f"Reading {self._scenario} …", id="map-title", markup=False)
        yield Input(placeholder="words to look for: a title, an action, a person", id="map-search", compact=True)
        yield MapCanvas(id="map-canvas")
        yield MapOutline(id="map-outline")
        yield Static(id="map-here", markup=False)
        yield Static(id="map-legend", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        self.query_one(MapCanvas).focus()
        self.in_background(self._read, self._show, self._failed)

    # --- reading and drawing --------------------------------------------------------------------------------------

    def _read(self) -> Shown:
        chart = chart_of(self.desk.library.bundle(self._scenario, mou=self._mou))
        return self._lay_out(chart, self._wanted)

    def _lay_out(self, chart: Chart, wanted: Wanted) -> Shown:
        lens = self._look(chart, wanted)
        return Shown(chart, wanted, lens, cells(chart, lens, wanted.zoom))

    def _look(self, chart: Chart, wanted: Wanted) -> Lens:
        return look(chart, wanted.lens, self._measure(chart, wanted.lens))

    def _failed(self, error: Exception) -> None:
        if isinstance(error, Unreadable):  # nothing to show: what is wrong is better read in the terminal
            self.app.exit(return_code=1, message=Text(_told(error)))
        else:
            self.shell.trouble(error)

    def _show(self, shown: Shown) -> None:
        if shown.wanted != self._wanted:
            return  # somebody has asked for another lens or zoom meanwhile
        self._shown = shown
        self._here = self._here or shown.chart.opening
        self.query_one(MapCanvas).show(shown.chart, shown.lens, shown.cells, self._here)
        if self.has_class("-outline"):
            self._list()
        self._say()

    def _say(self) -> None:
        """The lines above and below the map."""
        shown = self._shown
        if shown is None:
            return
        chart, wanted = shown.chart, shown.wanted
        title = Content.assemble(
            (chart.title, "bold $primary"),
            f"  {len(chart.scenes)} scenes · lens: {wanted.lens} · zoom: {ZOOMS.index(wanted.zoom) + 1} of {len(ZOOMS)}",
        )
        self.query_one("#map-title", Static).update(title)
        here = f"▶ {heading(chart, shown.lens, self._here)}"
        on, back = len(chart.after[self._here]), len(chart.before[self._here])
        ways = f"{self._enter} · leads to {on} scene{'s' * (on != 1)}, reached from {back}"
        if self.query_one(Input).value.strip():
            place = f"{self._hits.index(self._here) + 1} of " if self._here in self._hits else ""
            here = f"◆ {place}{len(self._hits)} found · {here}"
        self.query_one("#map-here", Static).update(Content.assemble(here, "\n", (ways, "$quiet")))
        self.query_one("#map-legend", Static).update(Content(shown.lens.legend))

    def _again(self, wanted: Wanted) -> None:
        if self._shown is None:
            return
        self._wanted = wanted
        chart = self._shown.chart
        self.in_background(lambda: self._lay_out(chart, wanted), self._show)

    def action_lens(self) -> None:
        following = LENSES[(LENSES.index(self._wanted.lens) + 1) % len(LENSES)]
        self._again(replace(self._wanted, lens=following))

    def action_zoom(self, step: int) -> None:
        index = ZOOMS.index(self._wanted.zoom) + step
        if 0 <= index < len(ZOOMS):
            self._again(replace(self._wanted, zoom=ZOOMS[index]))

    # --- map and outline ------------------------------------------------------------------------------------------

    def action_turn_over(self) -> None:
        self.toggle_class("-outline")
        if self.has_class("-outline"):
            self._list()
        elif self._shown is not None:
            self.query_one(MapCanvas).select(self._here)
            self._stand(self._here)
        self._focus_view()

    def _list(self) -> None:
        if self._shown is None:
            return
        outline = self.query_one(MapOutline)
        held = (self._shown.chart, self._shown.wanted.lens)
        if self._listed != held:
            self._listed = held
            outline.show(self._shown.chart, self._shown.lens)
        outline.go_to(self._here)

    def _focus_view(self) -> None:
        self.query_one(MapOutline if self.has_class("-outline") else MapCanvas).focus()

    def on_map_canvas_moved(self, event: MapCanvas.Moved) -> None:
        self._stand(event.scene)

    def on_map_outline_moved(self, event: MapOutline.Moved) -> None:
        enter = f"Enter goes to {event.target}" if event.target else "Enter folds it" if event.folds else OPENS
        self._stand(event.scene, enter)

    def _stand(self, scene: str, enter: str = OPENS) -> None:
        self._here, self._enter = scene, enter
        self._say()

    def on_map_canvas_opened(self, event: MapCanvas.Opened) -> None:
        self._open(event.scene)

    def on_map_outline_opened(self, event: MapOutline.Opened) -> None:
        self._open(event.scene)

    def _open(self, scene: str) -> None:
        if self._shown is not None:
            chart = self._shown.chart
            self.app.push_screen(CardScreen(chart.name(scene), card(chart, self._shown.lens, scene)))

    # --- searching --------------------------------------------------------------------------------------------------

    def action_search(self) -> None:
        self.add_class("-searching")
        self.query_one(Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._hits = self._shown.chart.find(event.value) if self._shown is not None else ()
        self.query_one(MapCanvas).mark_found(self._hits)
        self._say()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._focus_view()
        if self._here not in self._hits:
            self.action_hit(1)

    def action_hit(self, step: int) -> None:
        """Go to the next scene that was found, in the order of the story; after the last comes the first."""
        if not self._hits or self._shown is None:
            return
        place = {scene: index for index, scene in enumerate(self._shown.chart.order)}
        here = place[self._here]
        if step > 0:
            target = next((hit for hit in self._hits if place[hit] > here), self._hits[0])
        else:
            target = next((hit for hit in reversed(self._hits) if place[hit] < here), self._hits[-1])
        self._stand(target)
        self.query_one(MapCanvas).select(target)
        if self.has_class("-outline"):
            self.query_one(MapOutline).go_to(target)

    def action_back(self) -> None:
        if self.has_class("-searching"):
            self.remove_class("-searching")
            self.query_one(Input).value = ""
            self._focus_view()
        else:
            self._leave()

    def _leave(self) -> None:
        self.shell.go_home()


def _told(error: Unreadable) -> str:
    """The first problems of a file that cannot be drawn, and how to see the others."""
    lines = [render(problem) for problem in error.problems[:SEVERAL]]
    more = len(error.problems) - SEVERAL
    if more > 0:
        lines.append(f"and {more} more; “handoff check {error.problems[0].file}” names them all")
    return "\n".join(lines)
