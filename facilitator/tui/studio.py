"""`handoff studio`: a scenario's text with its problems, its map and a play of it beside it."""

from __future__ import annotations

import gc
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import Resize
from textual.widgets import OptionList, Static

from facilitator.chart_cells import ZOOMS
from facilitator.completion import Names, Offer, complete
from facilitator.studying import Desk, Drawn, Study, draw, politely, row_of_scene, scene_at
from facilitator.tui.map_canvas import MapCanvas
from facilitator.tui.studio_ask import explained
from facilitator.tui.studio_editor import Editor, Popup
from facilitator.tui.studio_files import LEGEND, WORDS, Files, Found, find_files, top_of
from facilitator.tui.studio_paper import WATCH
from facilitator.tui.studio_play import Play
from facilitator.tui.studio_proofs import Proofs
from simulator.problems import explain
from simulator.tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from textual.timer import Timer

    from simulator.library import Bundle

REST = 0.25  # seconds without a key after which the text is checked
PANES = ("files", "text", "problems", "map", "play")


class StudioScreen(Proofs):
    """One pane at a time in a small window; from 120 columns on three: files, text with problems, map or play."""

    CSS_PATH = "studio.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-one"), (120, "-three")]
    help_text = (
        "A scenario's text. Letters are typed; ids are offered while you type, Tab takes one. The text is checked when "
        "your hands rest, and proven when they rest longer: F4 goes to the problems, Enter there to the place, F1 there to what the problem means. The map "
        "(F7) and the play (F9) show the last text that could be played, and say so when it is an older one; moving in "
        "the map moves the cursor. What you type is kept in a side file every second, the file itself changes only by "
        "Ctrl+S. If somebody else changes it meanwhile, F10 asks what shall happen."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Save", key_display="^S", id="studio.save", tooltip="Save the file", priority=True),
        Binding("f10", "decide", "Decide", id="studio.decide", tooltip="The file was changed on the disk: mine or theirs", priority=True),
        Binding("f2", "pane('files')", "Files", id="studio.files", tooltip="To the files", priority=True),
        Binding("f3", "pane('text')", "Text", id="studio.text", tooltip="To the text", priority=True),
        Binding("f4", "pane('problems')", "Checks", id="studio.problems", tooltip="To the problems; Enter goes to the place", priority=True),
        Binding("f7", "pane('map')", "Map", id="studio.map", tooltip="To the map; + and - show more or less", priority=True),
        Binding("f9", "pane('play')", "Play", id="studio.play", tooltip="Play from the scene the cursor is in", priority=True),
        Binding("escape", "pane('text')", "Text", id="studio.back", tooltip="Back to the text", show=False),
        Binding("plus,equals_sign", "zoom(1)", "More", key_display="+ -", id="studio.nearer", tooltip="More in each scene of the map", show=False),
        Binding("minus", "zoom(-1)", "Less", key_display="-", id="studio.farther", tooltip="Less in each scene of the map", show=False),
    ]  # fmt: skip

    AUTO_FOCUS = ""  # `_to` says which pane has the keys; the framework, a moment later, would say the first

    def __init__(self, file: Path | None = None):
        super().__init__()
        self._file = file
        self._pane = "text" if file is not None else "files"
        self._shelf: Desk | None = None
        self._names: Names | None = None
        self._good: Study | None = None  # the latest that could be played
        self._drawn: Drawn | None = None
        self._zoom = 0
        self._resting: Timer | None = None
        self._changed_at = 0.0
        self._studying = False
        self._scene = ""  # the scene that was looked at last, in text, map or play
        self._at: str | None = None  # the scene the cursor is in
        self._began: str | None = None  # the scene a play was begun from
        self._said: dict[str, object] = {}

    def compose(self) -> ComposeResult:
        yield Static("Studio", id="studio-title", markup=False)
        yield Static(id="studio-notice", markup=False)
        with Horizontal(id="studio-panes"):
            with Vertical(id="studio-left"):
                yield Files(top_of(self._file), id="studio-files")
                yield Static(LEGEND, id="studio-legend", markup=False)
            with Vertical(id="studio-middle"):
                yield self.editor
                yield Static(id="studio-at", markup=False)
                yield OptionList(id="studio-problems", markup=False)
            with Vertical(id="studio-side"):
                yield MapCanvas(id="studio-map")
                yield Play(id="studio-play")
                yield Static(id="studio-where", markup=False)
        yield KeyLine()
        yield Popup(id="studio-popup")

    def on_mount(self) -> None:
        self.editor.popup = self.query_one(Popup)
        self.editor.read_only = True
        self.add_class("side-map")
        self._to(self._pane)
        self._list_files()
        self.set_interval(WATCH, self.watch_disk)
        if self._file is not None:
            self.open_file(self._file.absolute())

    # --- panes --------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "pane":
            return parameters != (self._pane,)  # the key line needs no key for where one is already
        if action == "decide":
            return self.conflict
        if action == "zoom":
            return self._pane == "map"
        return True

    def action_pane(self, name: str) -> None:
        if name == "play":
            self._play()
        elif name == "files":
            self._list_files()
        self._to(name)

    def _to(self, name: str) -> None:
        self._pane = name
        for each in PANES:
            self.set_class(each == name, f"pane-{each}")
        if name in ("map", "play"):
            self.set_class(name == "map", "side-map")
            self.set_class(name == "play", "side-play")
        self._draw()
        self.query_one("#play-choices" if name == "play" else f"#studio-{name}").focus()
        self.refresh_bindings()
        self.paper_changed()

    def on_descendant_focus(self) -> None:
        """A click or Tab goes to a pane as well as its key does."""
        focused = self.focused
        while focused is not None and focused is not self:
            name = (focused.id or "").removeprefix("studio-")
            if name in PANES:
                if name != self._pane:
                    self._to(name)
                return
            focused = focused.parent if not isinstance(focused.parent, type(self.app)) else None  # type: ignore[assignment]

    def on_resize(self, event: Resize) -> None:
        self.call_after_refresh(self._draw)

    def _sees(self, name: str) -> bool:
        return self._pane == name or (self.has_class("-three") and self.has_class(f"side-{name}"))

    # --- files --------------------------------------------------------------------------------------------------

    def _list_files(self) -> None:
        files = self.query_one(Files)

        def show(found: Sequence[Found]) -> None:
            files.show(found)
            if self.opened is not None:
                files.go_to(self.opened.path)

        self.in_background(lambda: find_files(files.top), show, group="files")

    def on_files_chosen(self, event: Files.Chosen) -> None:
        self.open_file(event.path)

    def paper_opened(self) -> None:
        super().paper_opened()
        self._shelf = self._names = self._study = self._good = self._drawn = None
        self._listed = None
        self.query_one("#studio-problems", OptionList).clear_options()
        self.editor.show_problems(())
        self._to("text")
        self._rested()

    # --- checking -----------------------------------------------------------------------------------------------

    def paper_changed(self) -> None:
        if not self.is_mounted:
            return
        super().paper_changed()
        if self._study is None or self._study.version != self.version:
            self._changed_at = time.monotonic()
            if self._resting is None:
                self._resting = self.set_timer(REST, self._rested)
        self._say()

    def _rested(self) -> None:
        self._resting = None
        if self._studying or self.opened is None:
            return
        left = self._changed_at + REST - time.monotonic()
        if left > 0.01:
            self._resting = self.set_timer(left, self._rested)  # somebody has typed on meanwhile
            return
        self._studying = True
        path, text, version = self.opened.path, self.text, self.version

        def job() -> Study:
            if self._shelf is None or self._shelf.path != path:
                self._shelf = Desk(path, self.desk.library)
            with politely():
                return self._shelf.study(text, version, self.prover.known)

        self.in_background(job, self._studied, self._not_studied, group="study")

    def _not_studied(self, error: Exception) -> None:
        self._studying = False
        self.shell.trouble(error)

    def _studied(self, study: Study) -> None:
        self._studying = False
        if self._shelf is None or self.opened is None or self._shelf.path != self.opened.path:
            self._rested()
            return
        if self._study is None:
            gc.freeze()  # all that was loaded up to here stays; the collector need not walk through it again and again
        if study.names is not None:
            self._names = study.names
        if study.bundle is not None:
            self._good = study
            self.query_one(Play).again(study.bundle)
        self.tell_study(study)
        if study.version == self.version:
            self.prove_later(self._changed_at, study, self._shelf)
        elif self._resting is None:
            self._rested()
        self._draw()
        self._at = self._here()
        self._say()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        if event.option_list.id == "studio-problems" and self._listed:
            problem = self._listed[event.option_index]
            self._to("text")
            self._go(problem.line - 1, problem.column - 1)

    def _go(self, row: int, column: int = 0) -> None:
        row = max(0, min(row, self.editor.document.line_count - 1))
        column = min(column, len(self.editor.document.get_line(row)))
        self.editor.move_cursor((row, column), center=True)

    def explain_here(self) -> bool:
        """F1 on a problem: its page. Whether there was one."""
        index = self.query_one("#studio-problems", OptionList).highlighted
        if self._pane != "problems" or not self._listed or index is None:
            return False
        code = self._listed[index].code
        self.app.push_screen(explained(code, explain(code)))
        return True

    def complete(self, lines: Sequence[str], row: int, column: int) -> Offer | None:
        return complete(lines, row, column, self._names) if self._names is not None else None

    # --- map and play -------------------------------------------------------------------------------------------

    @property
    def _playable(self) -> Bundle | None:
        return self._good.bundle if self._good is not None else None

    def _draw(self) -> None:
        """The map of the last good text, if it is on the screen and not drawn yet."""
        bundle, zoom = self._playable, ZOOMS[self._zoom]
        drawn = self._drawn
        if bundle is None or not self._sees("map") or (drawn and drawn.bundle is bundle and drawn.zoom == zoom):
            return
        self.in_background(lambda: draw(bundle, zoom), self._drew, group="draw")

    def _drew(self, drawn: Drawn) -> None:
        if drawn.bundle is not self._playable or drawn.zoom != ZOOMS[self._zoom]:
            return
        self._drawn = drawn
        here = self._here() or self._scene
        self._scene = here if here in drawn.chart.scenes else drawn.chart.opening
        self.query_one(MapCanvas).show(drawn.chart, drawn.lens, drawn.cells, self._scene)
        self._say()

    def action_zoom(self, step: int) -> None:
        self._zoom = max(0, min(len(ZOOMS) - 1, self._zoom + step))
        self._draw()

    def on_map_canvas_moved(self, event: MapCanvas.Moved) -> None:
        self._stand_in(event.scene)

    def on_map_canvas_opened(self, event: MapCanvas.Opened) -> None:
        self._stand_in(event.scene)
        self._to("text")

    def on_play_reached(self, event: Play.Reached) -> None:
        self._stand_in(event.scene)

    def _stand_in(self, scene: str) -> None:
        """Put the cursor on a scene."""
        bundle = self._playable
        row = row_of_scene(self.editor.lines, scene, bundle) if bundle is not None else None
        self._scene = scene
        if row is not None and self._here() != scene:
            self._go(row, 0)
        self._say()

    def on_editor_stood(self, event: Editor.Stood) -> None:
        self._at = here = self._here()
        if here is not None and here != self._scene:
            self._scene = here
            drawn = self._drawn
            if drawn is not None and here in drawn.chart.scenes:
                self.query_one(MapCanvas).select(here)
        self._say()

    def _here(self) -> str | None:
        """The scene the cursor is in. A protocol's scene is written once and played in several places: the one that
        was last looked at counts."""
        bundle = self._playable
        if bundle is None:
            return None
        found = scene_at(self.editor.lines, self.editor.cursor_location[0], bundle)
        if found is not None and bundle.origins.get(found) == bundle.origins.get(self._scene):
            return self._scene
        return found

    def _play(self) -> None:
        play, bundle = self.query_one(Play), self._playable
        if bundle is None:
            play.nothing("Nothing can be played yet: F4 shows what has to be mended first.")
            return
        here = self._here()
        # Back from mending a sentence, the play goes on; from another scene, or by F9 in the play, it begins there.
        elsewhere = here is not None and here not in (play.scene, self._began)
        if not play.playing or elsewhere or self._pane == "play":
            self._began = here
            play.begin(bundle, here)

    # --- words --------------------------------------------------------------------------------------------------

    def _say(self) -> None:
        """The lines that say how things stand."""
        opened, study = self.opened, self._study
        self.set_class(bool(self.notice), "-notice")
        self._put("#studio-notice", self.notice, layout=True)
        unsaved = self.unsaved
        files = (opened.path if opened else None, unsaved)
        if self._said.get("files") != files:
            self._said["files"] = files
            self.query_one(Files).mark(*files)
        if opened is None:
            self._put("#studio-title", "Studio  choose a file: the arrows and Enter")
            return
        kind = WORDS.get(study.kind or "", "") if study is not None else ""
        saved = "not saved" if unsaved else "saved"
        parts = [part for part in (kind, saved, self._counts()) if part]
        title = Content.assemble((opened.path.name, "bold $primary"), f"{'*' if unsaved else ''}  {' · '.join(parts)}")
        self._put("#studio-title", title)
        self._put("#studio-at", self._about_line())
        self._put("#studio-where", self._about_side())

    def _put(self, where: str, what: str | Content, layout: bool = False) -> None:
        """Show a line, if it is not shown already: most keys change none of them."""
        if self._said.get(where) != what:
            self._said[where] = what
            self.query_one(where, Static).update(what, layout=layout)

    def _counts(self) -> str:
        study = self._study
        if study is None:
            return "checking …"
        older = " (of an older text)" if study.version != self.version else ""
        return study.counts + older + (", proving …" if self.proving else "")

    def _about_line(self) -> str:
        """The problem on the cursor's line, or where the cursor is."""
        row, _ = self.editor.cursor_location
        study = self._study
        if study is not None and study.version == self.version:
            for problem in study.problems:
                if problem.line == row + 1:
                    return f"{problem.code} {problem.severity}: {problem.message}. {problem.hint}"
        return f"line {row + 1}" + (f" · scene {self._at}" if self._at else "")

    def _about_side(self) -> str:
        good, study = self._good, self._study
        if good is None:
            return "no map yet: the text cannot be played" if study is not None else ""
        older = study is not None and good.version != study.version
        return f"{self._scene}" + (" · of an older text, the last that could be played" if older else "")
