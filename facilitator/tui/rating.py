"""A facilitator's own letters: one objective after the other, a key for the letter, a line why, Enter."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from rich.table import Table
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from facilitator.rating import MEANS, rate_one, unrated
from facilitator.tui.asking import Ask
from scoring.objectives import LETTERS
from simulator.by_hand import ByHand, by_hand
from simulator.tui.page import Page
from simulator.tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from scoring.scorecard import Letter
    from simulator.session import Session

UNSEEN = "You have not seen the program's letters. Yours will be compared with them."
SEEN = "You have seen the program's letters. Yours are kept, and not compared."
SHOWN = "The program's letters were shown before. What you rate now is not compared."
IDLE = "P, S, M or U for what is marked; then a line why, if you like; then Enter."
NOTE = "No real people. Can be left empty. Kept where it can be erased."
LEAVES = "You gave {} before the letters were shown. Another one is not compared."


class RateScreen(Page[bool]):
    """Dismissed with whether the rater was done. `blind`: they have not seen the program's letters, by their own word."""

    CSS_PATH = "rating.tcss"
    help_text = (
        "What you saw, in your own judgment. The letters belong to an objective, not to a person. The arrows mark an "
        "objective; P, S, M or U is your letter for it; Enter keeps it. You can change it as often as you like. The program's "
        "own letters do not show here."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "pick('P')", "Rate", key_display="P S M U", id="rate.p", tooltip="Your letter. P: performed without challenges"),
        Binding("s", "pick('S')", "Letter", id="rate.s", tooltip="S: performed with some challenges", show=False),
        Binding("m", "pick('M')", "Letter", id="rate.m", tooltip="M: performed with major challenges", show=False),
        Binding("u", "pick('U')", "Letter", id="rate.u", tooltip="U: unable to be performed", show=False),
        Binding("f9", "done", "Done", id="rate.done", tooltip="Done: back to the list"),
        Binding("f9", "on", "Debrief", id="rate.debrief", tooltip="Done: on to the debrief, with the program's letters"),
        Binding("w", "why", "Why", id="rate.why", tooltip="Write or change the line why"),
        Binding("x", "take_back", "Take back", id="rate.back", tooltip="Take the letter and its line back", show=False),
        Binding("escape", "leave", "Back", key_display="Esc", id="rate.leave", tooltip="Back; what was kept stays kept"),
    ]  # fmt: skip

    def __init__(self, session: Session, *, blind: bool, read_after: bool = False):
        super().__init__()
        self.session = session
        self._blind = blind
        self._read_after = read_after
        self._given: Mapping[str, ByHand] = {}
        self._picked: Letter | None = None  # a letter that Enter will keep
        self._for = ""  # and the objective it is for

    def compose(self) -> ComposeResult:
        with Vertical(id="rate-head"):
            yield Static(id="rate-title", markup=False)
            yield Static(id="rate-seen", markup=False)
        yield OptionList(id="rate-list", markup=False)
        with Vertical(id="rate-letters"):
            yield Static("\n".join(f"{key}  {means}" for key, means in MEANS.items()), id="rate-short", markup=False)
            yield Static(
                "\n".join(f"{key}  {name[0].upper()}{name[1:]}. {MEANS[key]}" for key, name in LETTERS.items()),
                id="rate-long",
                markup=False,
            )
        with Vertical(id="rate-why"):
            yield Static(IDLE, id="rate-asked", markup=False)
            yield Input(
                id="rate-line", max_length=500, placeholder="why, in one line", disabled=True, select_on_focus=False
            )
            yield Static(NOTE, id="rate-note", classes="quiet", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        entries = self.query_one(OptionList)
        entries.add_options([Option("", id=objective) for objective in self.session.bundle.scenario.objectives])
        entries.highlighted = 0
        entries.focus()
        self.in_background(partial(by_hand, self.session), self._came)

    # --- drawing ------------------------------------------------------------------------------------------------

    def _came(self, given: Mapping[str, ByHand]) -> None:
        self._given = given
        self._draw()
        self._mark_next()

    def _draw(self) -> None:
        session, scenario = self.session, self.session.bundle.scenario
        done = len(scenario.objectives) - len(unrated(session))
        under_way = "" if session.finished else " · still under way"
        head = f"  {scenario.title}{under_way}   {done} of {len(scenario.objectives)} rated"
        self.query_one("#rate-title", Static).update(Content.assemble(("Rate by hand", "bold $primary"), head))
        seen = SHOWN if session.play.revealed else UNSEEN if self._blind else SEEN
        self.query_one("#rate-seen", Static).update(seen)
        entries = self.query_one(OptionList)
        for number, objective in enumerate(scenario.objectives.values()):
            entries.replace_option_prompt_at_index(number, _line(objective.text, self._given.get(objective.id)))
        self._say_what_next()

    def _say_what_next(self) -> None:
        asked, note = IDLE, NOTE
        if self._picked is not None:
            asked = f"{self._picked}, {LETTERS[self._picked]}. Why? Enter keeps it, Esc does not."
            before = self._given.get(self._for)
            if self.session.play.revealed and before is not None and before.blind and before.letter != self._picked:
                note = LEAVES.format(before.letter)
        elif not unrated(self.session):
            asked = "All are rated. " + (
                "F9 goes on to the debrief." if self._read_after else "F9 goes back to the list."
            )
        self.query_one("#rate-asked", Static).update(asked)
        self.query_one("#rate-note", Static).update(note)

    def _mark_next(self) -> None:
        """Mark the next objective that is not rated, if there is any."""
        left = unrated(self.session)
        entries = self.query_one(OptionList)
        names = list(self.session.bundle.scenario.objectives)
        now = entries.highlighted or 0
        following = [number for number, name in enumerate(names) if name in left]
        if following:
            entries.highlighted = next((number for number in following if number >= now), following[0])

    def _marked(self) -> str:
        option = self.query_one(OptionList).highlighted_option
        return (option.id if option is not None else None) or ""

    # --- rating -------------------------------------------------------------------------------------------------

    def action_pick(self, letter: str) -> None:
        self._picked, self._for = cast("Letter", letter), self._marked()
        given = self._given.get(self._for)
        line = self.query_one(Input)
        line.disabled = False
        line.value = given.why if given is not None else ""
        line.cursor_position = len(line.value)
        self.set_focus(line)  # at once: what is typed next is the line why
        self._say_what_next()
        self.refresh_bindings()

    def action_why(self) -> None:
        given = self._given.get(self._marked())
        if given is None:
            self.notify("First a letter: P, S, M or U.", timeout=3)
        else:
            self.action_pick(given.letter)

    def action_take_back(self) -> None:
        if self._marked() in self._given:
            self._for = self._marked()
            self._keep(None, None)

    def on_key(self, event: events.Key) -> None:
        """Letters at once, and what is typed right behind one into its line, even before the line has the focus.

        A binding runs only when its key has wandered up to the app; whoever types fast is ahead of that.
        """
        line = self.query_one(Input)
        if line.has_focus or not event.is_printable or not event.character:
            return
        if self._picked is not None:
            event.stop()
            line.insert_text_at_cursor(event.character)
        elif event.key.upper() in LETTERS:
            event.stop()
            self.action_pick(event.key.upper())

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if self._picked is not None and event.option_id == self._for:  # Enter, right behind the letter
            self._commit()
        elif self._picked is not None:  # another objective was clicked
            self._put_away()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._commit()

    def _commit(self, *, then_done: bool = False) -> None:
        line = self.query_one(Input)
        if self._picked is not None and not line.disabled:
            line.disabled = True
            self._keep(self._picked, line.value.strip(), then_done=then_done)

    def _keep(self, letter: Letter | None, why: str | None, *, then_done: bool = False) -> None:
        session, objective, blind = self.session, self._for, self._blind

        def keep() -> Mapping[str, ByHand]:
            rate_one(session, objective, letter, blind=blind, why=why)
            return by_hand(session)

        self.in_background(keep, partial(self._kept, then_done), self._not_kept)

    def _kept(self, then_done: bool, given: Mapping[str, ByHand]) -> None:
        picked = self._picked is not None
        self._put_away()
        self._given = given
        self._draw()
        if picked:
            self._mark_next()
        if then_done:
            self.action_done()

    def _not_kept(self, error: Exception) -> None:
        self.query_one(Input).disabled = self._picked is None
        self.shell.trouble(error)

    def _put_away(self) -> None:
        """Nothing is being written any more."""
        self._picked = None
        line = self.query_one(Input)
        line.value = ""
        line.disabled = True
        self.set_focus(self.query_one(OptionList))
        self._say_what_next()
        self.refresh_bindings()

    # --- leaving ------------------------------------------------------------------------------------------------

    def action_done(self) -> None:
        left = len(unrated(self.session))
        if self._picked is not None:
            self._commit(then_done=True)
        elif left and self._read_after:
            many = "One objective is" if left == 1 else f"{left} objectives are"
            question = Ask(
                f"{many} not rated yet. Go on to the debrief?",
                (("r", "Rate the rest"), ("g", "Go on")),
                "There you see the program's letters.",
            )
            self.app.push_screen(question, self._sure)
        else:
            self.dismiss(True)

    def _sure(self, answer: str | None) -> None:
        if answer == "g":
            self.dismiss(True)

    def action_on(self) -> None:
        self.action_done()

    def action_leave(self) -> None:
        if self._picked is not None:
            self._put_away()
        else:
            self.dismiss(False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("pick", "why", "take_back"):
            return self._picked is None
        return self._read_after is (action == "on") if action in ("on", "done") else True


def _line(text: str, given: ByHand | None) -> Table:
    """An objective with its letter in front, and what was written why below it. A table, so that long ones stay in line."""
    table = Table.grid(padding=(0, 1, 0, 0), expand=True)
    table.add_column(width=1)
    table.add_column(ratio=1)
    table.add_row(Text(given.letter if given is not None else "–", style="bold"), Text(text))
    if given is not None and (given.why or not given.blind):
        apart = "" if given.blind else "(not compared) "
        table.add_row(Text(""), Text(apart + given.why, style="italic"))
    return table
