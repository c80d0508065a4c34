"""`handoff panel` on a screen: what a panelist is asked, page by page, with a line why. What others chose is on none of them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from simulator.tui.page import Page
from simulator.tui.screens.ask import Confirm
from simulator.tui.widgets.choices import Choices
from simulator.tui.widgets.key_line import KeyLine
from simulator.tui.words import paragraphs, sentence
from simulator.view import Option

if TYPE_CHECKING:
    from facilitator.sitting import Sitting

WORK = "What is your work?"
WORD = "A word of your own, to change your votes later; not your name. Empty: none. Enter begins."
FIRST_WORK = "First your work, above: a digit and Enter."
WHY = "In one line, why? Enter keeps your vote and goes on."
FIRST_CHOICE = "First a choice, above: a digit and Enter. F9 leaves this one out."
GUARDED = " (not open in every play)"
MAY_STOP = "You may leave out a question (F9) or stop (Esc) at any time; nobody asks why."
THANKS = "Thank you. What you chose is counted without your name. It is no test, and nobody is measured by it."
ERASE = "Erase your votes in this scenario?"
ERASE_NOTE = "What you chose and why is taken out of this store, for every question of this scenario."


class PanelScreen(Page[None]):
    """A panelist at the screen. `scene`: only this judgement scene; `discipline`, `alias`: what is known before."""

    CSS_PATH = "panel.tcss"
    help_text = (
        "You are asked what you would do, as somebody who does this work. A digit or the arrows select an option, Enter takes it; then a line "
        "why, and Enter keeps both. F9 goes on and F4 back, as often as you like; what you change is kept anew. X erases all you "
        "chose. You see nothing of what others chose, so that nobody follows anybody."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f9", "next", "Next", id="panel.next", tooltip="On to the next page; an option that is selected is kept"),
        Binding("f9", "another", "Next panelist", id="panel.another", tooltip="Somebody else sits down: begin again, with nothing of yours"),
        Binding("f4", "back", "Back", id="panel.back", tooltip="To the page before; an option that is selected is kept"),
        Binding("x", "erase", "Erase mine", id="panel.erase", tooltip="Erase your own votes in this scenario"),
        Binding("x", "erase('here')", "Erase mine", id="panel.erase-here", tooltip="Erase your own votes in this scenario", show=False),
        Binding("pageup", "scroll(-1)", "Up", id="panel.up", tooltip="Scroll the text up", show=False),
        Binding("pagedown", "scroll(1)", "Down", id="panel.down", tooltip="Scroll the text down", show=False),
        Binding("escape", "leave", "Leave", key_display="Esc", id="panel.leave", tooltip="Leave; what was kept stays kept"),
    ]  # fmt: skip

    def __init__(
        self, scenario: str, *, scene: str | None = None, discipline: str | None = None, alias: str | None = None
    ):
        super().__init__()
        self._asked = (scenario, scene)
        self._given = (discipline or "", alias or "")
        self._discipline, self._alias = self._given
        self._sitting: Sitting | None = None
        self._at = -1  # -1: the first page; then the questions; after the last, the thanks
        self._busy = False

    def compose(self) -> ComposeResult:
        yield Static(id="panel-head", markup=False)
        with VerticalScroll(id="panel-text", can_focus=False):
            yield Static("Reading the scenario …", id="panel-words", markup=False)
        yield Choices(id="panel-choices", verb="Take it")
        with Vertical(id="panel-line"):
            yield Static(id="panel-asked", markup=False)
            yield Input(id="panel-input", select_on_focus=False)
            yield Static(id="panel-note", classes="quiet", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        self.query_one(Choices).display = False
        self.query_one("#panel-line").display = False
        self.in_background(self._read, self._came)

    def on_unmount(self) -> None:
        """However it is left: votes without a word of their own belong to nobody from now on."""
        if self._sitting is not None:
            with suppress(Exception):  # the store may be gone; what is kept there is kept
                self._sitting.end()

    def _read(self) -> Sitting:
        from facilitator.sitting import Sitting
        from facilitator.voting import asked_for

        scenario, scene = self._asked
        bundle = self.desk.library.bundle(scenario)
        return Sitting(self.desk.store, bundle, asked_for(bundle, scene))

    def _came(self, sitting: Sitting) -> None:
        self._sitting = sitting
        self._show(-1)

    # --- showing ------------------------------------------------------------------------------------------------

    @property
    def sitting(self) -> Sitting:
        assert self._sitting is not None
        return self._sitting

    @property
    def _last(self) -> int:
        return len(self.sitting.questions)

    def _show(self, at: int, lacking: dict[int, str] | None = None) -> None:
        self._at, self._busy = at, False
        if at < 0:
            self._welcome()
        elif at < self._last:
            self._question(at)
        else:
            self._thanks(lacking or {})
        self.query_one("#panel-text").scroll_home(animate=False)
        self._head()
        self.refresh_bindings()

    def _head(self) -> None:
        sitting, at = self.sitting, self._at
        title = sitting.bundle.scenario.title
        left = len(sitting.missing)
        where = "" if at < 0 else f"{at + 1} of {self._last} · " if at < self._last else ""
        still = f"{sitting.kept} kept, {left} still open" if at >= 0 else _several(self._last, "question")
        self.query_one("#panel-head", Static).update(
            Content.assemble(("Panel", "bold $primary"), f"  {title}\n{where}{still}")
        )

    def _welcome(self) -> None:
        from facilitator.voting import ASKED
        from simulator.panel import disciplines

        scenario = self.sitting.bundle.scenario
        advisories = f"Before you begin: this scenario has {', '.join(scenario.advisories)}."
        self._say(Content("\n\n").join(map(Content, (paragraphs(scenario.summary), advisories, f"{ASKED} {MAY_STOP}"))))
        known = disciplines(self.sitting.bundle.vocabulary)
        options = [Option(action=name, text=sentence(name).rstrip("."), open=True) for name in known]
        self._offer(options, WORK, self._discipline)
        self._ask_line(bool(self._discipline), self._alias)

    def _question(self, at: int) -> None:
        question, draft = self.sitting.questions[at], self.sitting.draft(at)
        parts = [
            Content.styled(question.title, "bold $primary"),
            Content(f"You are in the place of {question.who}. {paragraphs(question.brief)}".strip()),
            *(Content(paragraphs(text)) for text in question.situation),
        ]
        if at in self.sitting.earlier:
            parts.append(
                Content.styled("You have voted on this before. A choice now takes that one's place.", "italic $accent")
            )
        self._say(Content("\n\n").join(parts))
        options = [
            Option(action=each.id, text=each.text + (GUARDED if each.guarded else ""), open=True)
            for each in question.options
        ]
        self._offer(options, question.question, draft.option)
        self._ask_line(draft.option is not None, draft.reason)

    def _thanks(self, lacking: dict[int, str]) -> None:
        parts: list[Content] = [Content(THANKS)]
        for number, question in enumerate(self.sitting.questions):
            draft = self.sitting.draft(number)
            parts.append(
                Content.assemble(
                    (f"{number + 1}. {question.title}", "bold $primary"), f" · {question.who}\n{self._said(number)}"
                )
            )
            if draft.reason and draft.kept:
                parts[-1] = parts[-1].append(f"\n“{draft.reason}”")
            if number in lacking:
                short = (
                    f"Its panel is not complete yet, since {lacking[number]}."
                    if lacking[number]
                    else "Its panel is complete."
                )
                parts[-1] = parts[-1].append(Content.styled(f"\n{short}", "$quiet"))
        left = [str(number + 1) for number in self.sitting.missing]
        if left:
            parts.append(
                Content.styled(f"Left out: {', '.join(left)}. F4 goes back to it; leaving it out is fine.", "bold")
            )
        self._say(Content("\n\n").join(parts))
        self.query_one(Choices).display = False
        self.query_one("#panel-line").display = False
        self.set_focus(None)

    def _said(self, number: int) -> str:
        question, draft = self.sitting.questions[number], self.sitting.draft(number)
        if draft.kept:
            return "▸ " + next(each.text for each in question.options if each.id == draft.option)
        return "– Your vote of before stands." if number in self.sitting.earlier else "– Left out."

    def _say(self, words: Content) -> None:
        self.query_one("#panel-words", Static).update(words)

    def _offer(self, options: list[Option], question: str, chosen: str | None) -> None:
        choices = self.query_one(Choices)
        choices.offer(options, Content.styled(question, "bold"))
        for number, option in enumerate(options):
            if option.action == chosen:
                choices.selected = number

    def _ask_line(self, ready: bool, value: str) -> None:
        """The line below: the word on the first page, the reason on the others. Open once something is chosen above."""
        from facilitator.voting import MOST, NO_NAMES

        first = self._at < 0
        self.query_one("#panel-line").display = True
        asked = (WORD if first else WHY) if ready else (FIRST_WORK if first else FIRST_CHOICE)
        self.query_one("#panel-asked", Static).update(asked)
        self.query_one("#panel-note", Static).update("" if first else NO_NAMES)
        self.query_one("#panel-note").display = not first
        line = self.query_one(Input)
        line.max_length = 60 if first else MOST
        line.value = value
        line.cursor_position = len(value)
        line.disabled = not ready

    # --- choosing -----------------------------------------------------------------------------------------------

    def on_choices_committed(self, message: Choices.Committed) -> None:
        message.stop()
        self.query_one(Choices).reopen()  # it may be changed for as long as the page is up
        self._ask_line(True, self.query_one(Input).value)
        self.set_focus(self.query_one(Input))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._turn(1)

    # --- going on and back --------------------------------------------------------------------------------------

    def action_next(self) -> None:
        self._turn(1)

    def action_back(self) -> None:
        self._turn(-1)

    def _turn(self, by: int) -> None:
        """To another page. What is selected on this one is kept."""
        if self._sitting is None or self._busy:
            return
        picked, line = self.query_one(Choices).picked, self.query_one(Input).value
        if self._at < 0:
            if picked is None:
                self.notify("First your work: a digit, then Enter.", timeout=3)
                return
            self._discipline, self._alias = picked.action, line
            self._go(partial(self.sitting.begin, picked.action, line), 0)
        elif self._at < self._last:
            self._go(partial(self._keep, self._at, picked.action if picked is not None else None, line), self._at + by)
        else:
            self._go(lambda: None, self._at + by)

    def _keep(self, number: int, option: str | None, reason: str) -> None:
        """In a worker: keep what is on the page, unless nothing is or it is kept already."""
        draft = self.sitting.draft(number)
        if option is not None and not (draft.kept and (draft.option, draft.reason) == (option, reason)):
            self.sitting.keep(number, option, reason)

    def _go(self, job: Callable[[], object], to: int) -> None:
        """Do what the page asks for, then turn to another one; it stays up if it could not be done."""
        self._busy = True
        last = self._last

        def work() -> dict[int, str]:
            job()
            return self.sitting.lacking() if to == last else {}

        self.in_background(work, partial(self._show, to), self._not_done)

    def _not_done(self, error: Exception) -> None:
        self._busy = False
        self.shell.trouble(error)

    def action_scroll(self, by: int) -> None:
        text = self.query_one("#panel-text", VerticalScroll)
        text.scroll_page_down(animate=False) if by > 0 else text.scroll_page_up(animate=False)

    # --- erasing and leaving ------------------------------------------------------------------------------------

    def action_erase(self, where: str = "") -> None:
        def sure(yes: bool | None) -> None:
            if yes:
                self._busy = True
                self.in_background(self.sitting.erase, self._erased, self._not_done)

        self.app.push_screen(Confirm(ERASE, yes="Erase", no="Keep them", note=ERASE_NOTE), sure)

    def _erased(self, count: int) -> None:
        self.notify(f"{_several(count, 'vote')} erased.", timeout=4)
        self._show(min(self._at, 0))

    def action_another(self) -> None:
        def fresh() -> Sitting:
            self.sitting.end()
            return self._read()

        self._discipline, self._alias = "", ""
        self.in_background(fresh, self._came, self._not_done)

    def action_leave(self) -> None:
        if self._sitting is None:
            self.app.exit()
        else:
            self.in_background(self.sitting.end, lambda _: self.app.exit(), self._not_done)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A key is offered where it does something."""
        ready = self._sitting is not None
        thanks = ready and self._at >= self._last
        if action == "next":
            return not thanks
        if action == "another":
            return thanks
        if action == "back":
            return ready and self._at >= 0
        if action == "erase":
            return ready and self._at >= 0 and self.sitting.kept > 0 and bool(thanks) is not bool(parameters)
        return True


def _several(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"
