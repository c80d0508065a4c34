"""The file under the studio's hands: opened, kept beside itself while somebody types, saved when they say so.

Nothing typed is ever lost and nothing on the disk overwritten unseen: what is not saved is in the side file within a
second; what somebody else wrote meanwhile is a question. Questions come when a key asks for something, never in the
middle of a word.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from textual.widgets import TextArea

from facilitator import autosave
from facilitator.autosave import Keeper, Opened, Refused, Unsaved
from facilitator.completion import Offer
from facilitator.tui.studio_ask import Ask, difference
from facilitator.tui.studio_editor import Editor
from simulator.tui.page import Done, Page

if TYPE_CHECKING:
    from textual.timer import Timer

_NOT_SEEN = b"\x00"  # stands for a file that nobody here has seen: no text is this
WATCH = 1.0  # seconds between two looks whether somebody else has written the file


class Theirs(NamedTuple):
    """What the file holds that is not ours; None: it is gone."""

    data: bytes | None


class Paper(Page[None]):
    """A screen with one `Editor` whose text is a file's."""

    def __init__(self) -> None:
        super().__init__()
        self.editor = Editor(self.complete, id="studio-text")
        self.opened: Opened | None = None
        self.version = 0  # grows with each change
        self.notice = ""
        self._keeper = Keeper(time.monotonic)
        self._keeping: Timer | None = None
        self._floor = 0  # what is older than this version need not be kept any more
        self._disk = threading.Lock()  # one reading or writing at a time; never waits for a check
        self._stamp: tuple[int, int] | None = None
        self._looking = False
        self.conflict = False  # the file is not as it was opened or saved here

    # --- what the screen adds -----------------------------------------------------------------------------------

    def paper_changed(self) -> None:
        """The text, its file, or how they stand to each other is another now."""

    def paper_opened(self) -> None:
        """Another file is open."""

    def complete(self, lines: Sequence[str], row: int, column: int) -> Offer | None:
        """What fits at a place of the text."""
        return None

    @property
    def text(self) -> str:
        return self.editor.text

    @property
    def unsaved(self) -> bool:
        """Whether there is anything that only the side file has."""
        return self.opened is not None and self.text != self.opened.text

    def tell(self, notice: str) -> None:
        """A sentence over the text; empty: take it away."""
        self.notice = notice
        if notice:
            self.shell.troubles.append(notice)
        self.paper_changed()

    def _on_disk(
        self,
        job: Callable[[], Any],
        then: Callable[[Any], object],
        refused: Callable[[Refused], object] | None = None,
    ) -> None:
        """As `in_background`, for files: waits for no check. A sentence that tells why not goes above the text."""

        def work() -> None:
            try:
                with self._disk:
                    result = job()
            except Refused as error:
                self.post_message(Done(refused or self._refused, error))
            except Exception as error:
                self.post_message(Done(self.shell.trouble, error))
            else:
                self.post_message(Done(then, result))

        self.run_worker(work, thread=True, exit_on_error=False, group="disk")

    def _refused(self, error: Refused) -> None:
        self._looking = False
        said = str(error)
        self.tell(f"{said[0].upper()}{said[1:]}" + ("" if said.endswith("?") else "."))

    def _not_kept(self, error: Refused) -> None:
        """The side file could not be written: said, unless a sentence stands there that somebody has yet to read."""
        if not self.notice:
            self._refused(error)

    # --- opening ------------------------------------------------------------------------------------------------

    def open_file(self, path: Path) -> None:
        """Open a file; what is unsaved of the one before is asked about first."""
        if self.unsaved and self.opened is not None:
            name = self.opened.path.name
            answers = [
                ("s", f"Save {name}, then open {path.name}", "save"),
                ("w", f"Open {path.name} without saving; what you typed is offered when you come back", "without"),
            ]
            self._ask(f"“{name}” is not saved.", "", answers, lambda answer: self._open_after(answer, path))
            return
        self._read(path)

    def _open_after(self, answer: str | None, path: Path) -> None:
        if answer == "save":
            self.action_save(then=lambda: self._read(path))
        elif answer == "without":
            self.keep_now()
            self._read(path)

    def _read(self, path: Path) -> None:
        def job() -> tuple[Opened, Unsaved | None]:
            opened = autosave.open_text(path)
            return opened, autosave.unsaved(opened)

        self._on_disk(job, lambda found: self._offer(*found))

    def _offer(self, opened: Opened, left: Unsaved | None) -> None:
        if left is None:
            self._show(opened, None)
            return
        lines = autosave.differences(opened.text, left.text, ("saved", "unsaved"), 0)
        count = sum(line[:1] in "+-" for line in lines[2:])
        answers = [
            ("t", "Take up what was not saved", "take"),
            ("d", "Show the difference", "difference"),
            ("f", "Take the file as it is, and throw the other away", "file"),
        ]

        def answered(answer: str | None) -> None:
            if answer == "difference":
                names = ("as it was saved", "as it was left")
                page = difference(f"{opened.path.name}, {count} lines", opened.text, left.text, names)
                self.app.push_screen(page, lambda _: self._offer(opened, left))
            elif answer == "take" and left.same_base:
                self._show(opened, left.text)
            elif answer == "take":
                # Somebody wrote the file after this text was begun: to save it over theirs is a question.
                self._show(replace(opened, data=_NOT_SEEN), left.text)
                self.conflict = True
                self.tell(
                    f"“{opened.path.name}” was changed on the disk since. F10 decides; nothing is overwritten until then."
                )
            elif answer == "file":
                autosave.forget(opened.path)
                self._show(opened, None)

        self._ask(
            f"“{opened.path.name}” was left without saving.",
            f"{left.when:%d %B, %H:%M}: {count} {'line is' if count == 1 else 'lines are'} not as in the file."
            + (f" The file was written after that, {left.later:%d %B, %H:%M}." if left.later else ""),
            answers,
            answered,
            "Esc: open neither, keep both",
        )

    def _show(self, opened: Opened, left: str | None) -> None:
        self.opened, self.conflict, self.notice = opened, False, ""
        self._stamp = autosave.stamp(opened.path)
        self._floor = self.version
        self.editor.read_only = False
        self.editor.load_text(opened.text)
        if left is not None:
            self.editor.put(left)
        self.paper_opened()

    # --- keeping ------------------------------------------------------------------------------------------------

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self.version += 1
        if self.opened is not None and self._keeping is None:
            self._keeping = self.set_timer(max(0.05, self._keeper.wait()), self._keep)
        self.paper_changed()

    def _keep(self) -> None:
        self._keeping = None
        if self.opened is None:
            return
        self._keeper.wrote()
        opened, text, version = self.opened, self.text, self.version

        def job() -> None:
            if version > self._floor:
                autosave.keep(opened, text)

        self._on_disk(job, lambda _: None, self._not_kept)

    def keep_now(self) -> None:
        """Write the side file before this returns: on leaving, whatever the way."""
        if self._keeping is not None:
            self._keeping.stop()
            self._keeping = None
        if self.opened is not None:
            with self._disk:
                try:
                    autosave.keep(self.opened, self.text)
                except Refused as error:
                    self.shell.troubles.append(str(error))

    def on_mount(self) -> None:
        self.watch(self.app, "app_focus", self._keep, init=False)  # another window is in front

    def on_screen_suspend(self) -> None:
        self._keep()

    def on_unmount(self) -> None:
        self.keep_now()

    # --- saving -------------------------------------------------------------------------------------------------

    def action_save(self, then: Callable[[], object] | None = None, *, over: Theirs | None = None) -> None:
        """Save, unless somebody else has written the file. `over`: what they wrote, if it is to be replaced."""
        if self.opened is None:
            return
        opened, text, version = self.opened, self.text, self.version

        def job() -> Opened | Theirs:
            now = Theirs(autosave.on_disk(opened))
            if now.data != opened.data and now != over:
                return now
            saved = autosave.save(opened, text)
            self._floor = max(self._floor, version)
            autosave.forget(opened.path)
            return saved

        def done(found: Opened | Theirs) -> None:
            if isinstance(found, Theirs):
                self._other(found, then)
            else:
                self._saved(found, then)

        self._on_disk(job, done)

    def _saved(self, saved: Opened, then: Callable[[], object] | None) -> None:
        self.opened, self.conflict = saved, False
        self._stamp = autosave.stamp(saved.path)
        self._keep()  # what was typed meanwhile
        self.tell("")
        if then is not None:
            then()

    # --- somebody else has written it ---------------------------------------------------------------------------

    def watch_disk(self) -> None:
        """Look whether the file is still as it was; called every `WATCH` seconds."""
        if self.opened is None or self._looking:
            return
        opened, before = self.opened, self._stamp
        self._looking = True

        def job() -> tuple[tuple[int, int] | None, bytes | None]:
            now = autosave.stamp(opened.path)
            return now, opened.data if now == before else autosave.on_disk(opened)

        def looked(found: tuple[tuple[int, int] | None, bytes | None]) -> None:
            self._looking = False
            if opened is not self.opened or found[0] == self._stamp:
                return
            self._stamp = found[0]
            was, self.conflict = self.conflict, found[1] != opened.data
            if self.conflict:
                gone = found[1] is None
                self.tell(
                    f"“{opened.path.name}” {'is gone from the disk' if gone else 'was changed on the disk'} meanwhile. "
                    "F10 decides; nothing is overwritten until then."
                )
                self._keep()  # a second studio that saves takes the side file away, and with it what was kept of ours
            elif was:
                self.tell("")

        self._on_disk(job, looked)

    def action_decide(self) -> None:
        """Ask what shall happen with a file that somebody else has written."""
        if self.opened is None or not self.conflict:
            return
        opened = self.opened
        self._on_disk(lambda: Theirs(autosave.on_disk(opened)), lambda theirs: self._other(theirs, None))

    def _other(self, found: Theirs, then: Callable[[], object] | None) -> None:
        opened = self.opened
        assert opened is not None
        if found.data == opened.data:
            self.conflict = False
            self.tell("")
            return
        try:
            theirs = autosave.decoded(opened.path, found.data or b"")
        except Refused as error:
            self._refused(error)
            return
        name = opened.path.name
        answers = [
            ("d", "Show the difference", "difference"),
            ("m", "Keep mine: save it in place of theirs", "mine"),
            ("t", "Take theirs; Ctrl+Z brings mine back", "theirs"),
        ]
        if found.data is None:
            answers = [("m", "Save mine: the file is there again", "mine")]

        def answered(answer: str | None) -> None:
            if answer == "difference":
                page = difference(f"{name}: − theirs, + mine", theirs.text, self.text, ("on the disk", "here"))
                self.app.push_screen(page, lambda _: self._other(found, then))
            elif answer == "mine":
                self.action_save(then, over=found)
            elif answer == "theirs":
                self.opened, self.conflict = theirs, False
                self._stamp = autosave.stamp(opened.path)
                self.editor.put(theirs.text)
                self.tell("")
                if then is not None:
                    then()

        note = (
            "It is gone from the disk." if found.data is None else "Somebody else, or another program, has written it."
        )
        self._ask(f"“{name}” is not as it was when you opened it.", note, answers, answered)

    # --- leaving ------------------------------------------------------------------------------------------------

    def may_leave(self, leave: Callable[[], object]) -> bool:
        """Whether the app can close now; if not, asks, and calls `leave` if the answer is to close."""
        if isinstance(self.app.screen, Ask):
            return False
        if not self.unsaved or self.opened is None:
            return True
        answers = [
            ("s", "Save, then close", "save"),
            ("w", "Close without saving; what you typed is offered next time", "without"),
        ]

        def answered(answer: str | None) -> None:
            if answer == "save":
                self.action_save(then=leave)
            elif answer == "without":
                self.keep_now()
                leave()

        self._ask(f"“{self.opened.path.name}” is not saved.", "", answers, answered, "Esc: go on writing")
        return False

    def _ask(
        self,
        question: str,
        note: str,
        answers: list[tuple[str, str, str]],
        answered: Callable[[str | None], None],
        leave: str = "",
    ) -> None:
        if not isinstance(self.app.screen, Ask):
            self.app.push_screen(Ask(question, note, answers, leave), answered)
