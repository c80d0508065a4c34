"""The debrief of a whole room, for a projector: the decisions, the questions, and at last what the room resolves."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from facilitator.hot_wash import NO_NAMES, NotADay, Resolved, day, erase, read, write
from facilitator.tui.asking import Ask
from facilitator.tui.room_ask import WriteLine
from facilitator.tui.room_sheets import Sheet, sheets
from simulator.debrief import CAUTION
from simulator.tui.page import Page
from simulator.tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from facilitator.room import Reader

LAST = Sheet("list", "What we keep, and what we change", "A or Enter adds a line; X takes the marked one back.", ())


class RoomDebrief(Page[None]):
    """One sheet at a time; the last one is the list. No name of anybody who played stands on any of them."""

    CSS_PATH = "room.tcss"
    help_text = (
        "For the wall: at each decision how the pairs split, then what each way cost and why; then the questions of the story's "
        "author; at last what the room keeps and changes, which ends in the workshop's report. Counts only, from three pairs on. "
        "F9 or → goes on, F4 or ← goes back."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f9,right", "turn(1)", "Next", key_display="F9 →", id="room-debrief.next", tooltip="The next sheet"),
        Binding("f4,left", "turn(-1)", "Before", key_display="F4 ←", id="room-debrief.before", tooltip="The sheet before"),
        Binding("t", "turning", "Turning point", id="room-debrief.turning", tooltip="On to the next turning point"),
        Binding("q", "questions", "Questions", id="room-debrief.questions", tooltip="On to the questions"),
        Binding("l", "list", "List", id="room-debrief.list", tooltip="On to what the room keeps and changes"),
        Binding("a", "add", "Add", id="room-debrief.add", tooltip="Write down something to keep or to change"),
        Binding("x", "take_back", "Take back", id="room-debrief.take-back", tooltip="Take the marked line back"),
        Binding("escape", "leave", "Back", key_display="Esc", id="room-debrief.leave", tooltip="Back to the room"),
    ]  # fmt: skip

    def __init__(self, reader: Reader):
        super().__init__()
        self._reader = reader
        self._sheets: tuple[Sheet, ...] = ()
        self._at = 0
        self._lines: tuple[Resolved, ...] = ()
        self._home = ""  # the session that keeps the list

    def compose(self) -> ComposeResult:
        yield Static("", id="wall-title", markup=False)
        with VerticalScroll(id="wall"):
            yield Static("Reading what the pairs decided …", id="wall-lead", markup=False)
            yield Vertical(id="wall-blocks")
        yield OptionList(id="wall-list", markup=False)
        yield Static(CAUTION, id="wall-caution", markup=False)
        yield KeyLine(rows=3)

    def on_mount(self) -> None:
        self.query_one("#wall-list").display = False
        self.in_background(self._read, self._found)

    def _read(self) -> tuple[tuple[Sheet, ...], tuple[Resolved, ...], str]:
        from facilitator.room_split import together

        sessions = self._reader.sessions()
        for session in sessions:
            session.reveal()  # whoever rates from now on has seen what the program thinks
        idents = [session.id for session in sessions]
        return (*sheets(together(sessions)), LAST), read(self._reader.store, idents), idents[0] if idents else ""

    def _found(self, found: tuple[tuple[Sheet, ...], tuple[Resolved, ...], str]) -> None:
        self._sheets, self._lines, self._home = found
        self._draw()

    # --- drawing ------------------------------------------------------------------------------------------------

    @property
    def _sheet(self) -> Sheet | None:
        return self._sheets[self._at] if self._sheets else None

    def _draw(self) -> None:
        sheet = self._sheet
        if sheet is None:
            return
        is_list = sheet is LAST
        where = f"  {self._at + 1} of {len(self._sheets)}"
        self.query_one("#wall-title", Static).update(
            Content.assemble((sheet.title, "bold $primary"), (where, "$quiet"))
        )
        self.query_one("#wall-lead", Static).update(sheet.lead)
        self.query_one("#wall-caution").display = sheet.name in ("why", "decision")
        shown = self.query_one("#wall-list", OptionList)
        shown.display = is_list
        self.query_one("#wall").set_class(is_list, "-list")
        self.run_worker(self._swap(sheet), group="swap", exclusive=False)
        if is_list:
            at = shown.highlighted
            shown.set_options(Option(_line(line)) for line in self._lines)
            shown.highlighted = min(at or 0, len(self._lines) - 1) if self._lines else None
            shown.focus()
        else:
            self.query_one("#wall").focus()
        self.refresh_bindings()

    async def _swap(self, sheet: Sheet) -> None:
        blocks = self.query_one("#wall-blocks", Vertical)
        async with blocks.batch():
            await blocks.remove_children()
            if sheet is self._sheet:
                await blocks.mount_all(Static(block, markup=False) for block in sheet.blocks)
        self.query_one("#wall", VerticalScroll).scroll_home(animate=False)

    # --- turning ------------------------------------------------------------------------------------------------

    def action_turn(self, by: int) -> None:
        self._go(self._at + by)

    def action_turning(self) -> None:
        ahead = range(self._at + 1, len(self._sheets))
        self._go(
            next((at for at in ahead if self._sheets[at].name == "decision" and self._sheets[at].turning), self._at)
        )

    def action_questions(self) -> None:
        self._go(next((at for at, sheet in enumerate(self._sheets) if sheet.name == "question"), self._at))

    def action_list(self) -> None:
        self._go(len(self._sheets) - 1)

    def _go(self, at: int) -> None:
        if self._sheets and 0 <= at < len(self._sheets):
            self._at = at
            self._draw()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        on_list = self._sheet is LAST
        if action in ("add", "take_back"):
            return on_list and (action == "add" or bool(self._lines))
        if action == "turning":
            return any(sheet.turning for sheet in self._sheets[self._at + 1 :])
        if action == "questions":
            return any(sheet.name == "question" for sheet in self._sheets)
        return not on_list if action == "list" else True

    # --- the list -----------------------------------------------------------------------------------------------

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_add()

    def action_add(self) -> None:
        self.app.push_screen(Ask("To keep, or to change?", (("k", "Keep"), ("c", "Change"))), self._ask_what)

    def _ask_what(self, kind: str | None) -> None:
        if kind is None or not self._home:
            return
        line = Resolved(kind="keep" if kind == "k" else "change", what="")
        title = "What do we keep?" if kind == "k" else "What do we change?"
        note = "One thing, as somebody would do it on Monday. No real people."
        self.app.push_screen(WriteLine(title, note, enter="goes on"), partial(self._ask_owner, line))

    def _ask_owner(self, line: Resolved, what: str | None) -> None:
        if what:
            screen = WriteLine(f"Who sees to it? “{what}”", NO_NAMES, enter="goes on")
            self.app.push_screen(screen, partial(self._ask_day, line, what))

    def _ask_day(self, line: Resolved, what: str, owner: str | None, wrong: str = "") -> None:
        if owner is not None:
            note = wrong or "The day, as 2026-06-03. Can be left empty."
            self.app.push_screen(WriteLine("By when?", note, enter="keeps it"), partial(self._keep, line, what, owner))

    def _keep(self, line: Resolved, what: str, owner: str, due: str | None) -> None:
        if due is None:
            return
        try:
            whole = Resolved(kind=line.kind, what=what, owner=owner, due=day(due))
        except NotADay as error:
            self._ask_day(line, what, owner, f"“{due}” is no day: {error}.")
            return
        reader, home = self._reader, self._home
        self._change(lambda: write(reader.session(home), whole))

    def action_take_back(self) -> None:
        at = self.query_one("#wall-list", OptionList).highlighted
        if at is not None and at < len(self._lines):
            reader, line = self._reader, self._lines[at]
            self._change(lambda: erase(reader.session(line.session), line))

    def _change(self, job: Callable[[], object]) -> None:
        reader = self._reader

        def change() -> tuple[Resolved, ...]:
            job()
            return read(reader.store, [pair.session for pair in reader.table().pairs])

        self.in_background(change, self._changed)

    def _changed(self, lines: tuple[Resolved, ...]) -> None:
        self._lines = lines
        self._draw()

    def action_leave(self) -> None:
        self.dismiss()


def _line(line: Resolved) -> Content:
    after = ", ".join(part for part in (line.owner, line.due) if part)
    head = "Keep    " if line.kind == "keep" else "Change  "
    return Content.assemble((head, "bold $primary"), line.what, (f"  ({after})" if after else "", "$quiet"))
