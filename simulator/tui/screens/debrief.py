"""The debrief, in the order of PEARLS: reactions, what happened, analysis, what to keep and to change.

Nothing that weighs the play is read from the session before the reactions are done. Each part that is finished is an
event of the log, so a debrief that was interrupted goes on where it stopped.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import CenterMiddle, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from simulator.following import carries_on, next_of
from simulator.tui.page import Page
from simulator.tui.screens.ask import Confirm
from simulator.tui.screens.care import Quiet
from simulator.tui.screens.curtain import Curtain
from simulator.tui.widgets.from_leader import FROM, FromLeader, said_to
from simulator.tui.widgets.key_line import KeyLine
from simulator.tui.widgets.writing import Writing

if TYPE_CHECKING:
    from scoring.scorecard import Scorecard
    from scoring.turning import Hindsight
    from simulator.beside import Beside
    from simulator.by_hand import ByHand
    from simulator.panel import Panels
    from simulator.session import Session
    from simulator.timeline import Moment
    from simulator.told import Told
    from simulator.tui.widgets.analysis import Analysis

PARTS = (
    ("reactions", "Reactions"),
    ("description", "What happened"),
    ("analysis", "Analysis"),
    ("summary", "Keep and change"),
)
READING = ("description", "analysis")
AGAIN = 1.0  # seconds before a store that did not answer is asked again
REACTION = "In one line: how was that for you?"
FIRST = "Before anything is explained or weighed. Nobody else sees what you write, and you need not write anything."
OTHERS = "Thank you. What happened is shown as soon as everybody has said how it was for them."
GO_ON = "The first page lists it under “Go on” for two days."
LAST = "You have seen it all now. Say yours to each other first, if you like; then write it down."


@dataclass(frozen=True)
class Findings:
    """What may be shown once the reactions are done. `by_hand`: a facilitator's letters, only for somebody who reads it later."""

    moments: tuple[Moment, ...]
    card: Scorecard
    hindsight: Hindsight | None
    by_hand: Mapping[str, ByHand]
    panels: Panels
    told: tuple[Told, ...]
    beside: Beside | None = None


class DebriefScreen(Page[None]):
    """Four parts, one after the other. `reading`: somebody looks at it later; nothing is asked, nothing written shows."""

    CSS_PATH = "debrief.tcss"
    help_text = (
        "Four parts, one after the other: how it was for each of you, what happened, why it was weighed as it was, and "
        "what you take along. F9 goes on to the next part. It is for talking; take your time."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f9", "next", "Next part", id="debrief.next", tooltip="On to the next part"),
        Binding("f9", "turn(1)", "Next page", id="debrief.next-page", tooltip="On to the next page; after the last one, the next part"),
        Binding("f9", "next_episode", "Next episode", id="debrief.next-episode", tooltip="On to the next episode of the series"),
        Binding("f9", "home", "First page", id="debrief.home", tooltip="Done: to the first page of Handoff"),
        Binding("f9", "close", "Close", id="debrief.close", tooltip="All read: back to the list"),
        Binding("f4", "earlier", "Part before", id="debrief.earlier", tooltip="Back to the part before"),
        Binding("f4", "turn(-1)", "Page before", id="debrief.page-before", tooltip="Back to the page before"),
        Binding("f4", "swap", "Seats exchanged", id="debrief.swap", tooltip="Play it again with your seats exchanged"),
        Binding("escape", "leave", "Leave", key_display="Esc", id="debrief.leave", tooltip="Leave; you can come back to it"),
    ]  # fmt: skip

    def __init__(self, session: Session, *, reading: bool = False):
        super().__init__()
        self.session = session
        self._reading = reading
        self._part = ""
        self._backwards = False  # whether this part was come to from the one after it
        self._findings: Findings | None = None
        self._to_ask: list[str] = []
        self._busy = False
        self._swapping = asyncio.Lock()
        self._stop: Callable[[], None] = lambda: None  # ends hearing of what others do

    def compose(self) -> ComposeResult:
        with Vertical(id="debrief-head"):
            yield Static(id="debrief-title", markup=False)
            yield Static(id="debrief-parts", markup=False)
        yield FromLeader()
        yield Vertical(id="debrief-body")
        yield Static(id="debrief-caution", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        from simulator.debrief import CAUTION
        from simulator.watching import in_loop  # deferred: a debrief that is only read needs no store

        self.session.foresee()  # while the reactions are written
        if self.desk.watcher is not None and self.desk.own is not None and not self._reading:
            self._stop = self.desk.watcher.watch(self.session.id, len(self.session.events), in_loop(self._heard))
        self.query_one("#debrief-caution", Static).update(CAUTION)
        done = self.session.debrief_phase
        names = [name for name, _ in PARTS]
        if self._reading:
            self._open(READING[0])
        elif done in names:
            self._open(names[names.index(done) + 1] if done != names[-1] else "analysis")
        else:
            self._open("reactions")

    def on_unmount(self) -> None:
        self._stop()

    # --- the parts ----------------------------------------------------------------------------------------------

    def _open(self, part: str, *, backwards: bool = False) -> None:
        self._part = part
        self._backwards = backwards
        self._progress()
        if not self._reading:
            self.in_background(self._said, self._hear, lambda _: None, group="said")
        if part == "reactions" or part == "summary":
            self._to_ask = [seat for seat in self.desk.people(self.session) if not self._has_finished(part, seat)]
            self._ask_next()
        elif part == "done":
            at_own = self.desk.own is not None  # what comes next is for whoever runs the room to say
            ahead = () if at_own else carries_on(self.session)[:2]
            self._show(_Goodbye(self.desk.support, ahead, swap=len(self.session.seats) > 1 and not at_own))
        elif self._findings is None:
            self._show(Static("Reading the play …", classes="quiet pad"))
            self.in_background(self._read, self._found)
        else:
            self._draw_findings()

    def _read(self) -> Findings:
        from simulator.by_hand import by_hand

        session = self.session
        letters = by_hand(session) if self._reading else {}
        return Findings(
            session.timeline(),
            session.scorecard(),
            session.hindsight(),
            letters,
            session.panels(),
            session.told(),
            self._beside(),
        )

    def _beside(self) -> Beside | None:
        from simulator.beside import beside, beside_for_others
        from simulator.session import Session

        session = self.session
        # Somebody who reads it later looks at what `discreet` tells; only the kept session knows which play it follows.
        return beside_for_others(Session.reopen(session.store, session.id)) if self._reading else beside(session)

    def _found(self, findings: Findings) -> None:
        self._findings = findings
        self._draw_findings()
        if not self._reading:
            # Beside the desk, whose lock the next part would wait for: session and store keep their own.
            self.run_worker(self._sum_up, thread=True, exit_on_error=False, group="figures")

    def _sum_up(self) -> None:
        from simulator.log import LogError
        from simulator.summing import sum_up

        with suppress(LogError):  # whoever looks at the figures next makes good for it
            sum_up(self.session)

    def _draw_findings(self) -> None:
        found = self._findings
        assert found is not None
        if self._part == "analysis":
            from simulator.tui.findings import pages
            from simulator.tui.widgets.analysis import Analysis

            shown = pages(
                found.card,
                self.session.state.game,
                found.hindsight,
                found.by_hand,
                found.panels,
                found.told,
                found.beside,
            )
            self._show(Analysis(shown, id="analysis", opens=-1 if self._backwards else 1))
        else:
            from simulator.tui.widgets.timeline import Timeline

            card = found.card
            timeline = Timeline(
                found.moments,
                ending=card.ending,
                account=card.ending_felt,
                seats=len(self.session.seats),
                id="timeline",
            )
            self._show(timeline, focus=True)

    def _show(self, widget: Widget, *, focus: bool = False) -> None:
        async def swap() -> None:
            body = self.query_one("#debrief-body", Vertical)
            # One after the other, never cancelled: a removal that is cut short leaves widgets half dead.
            async with self._swapping, body.batch():
                await body.remove_children()
                await body.mount(widget)
            self._title()
            self.refresh_bindings()
            if focus:
                widget.focus()

        self.run_worker(swap(), group="swap")
        weighed = self._part in ("analysis", "summary")
        self.query_one("#debrief-caution").display = weighed
        self._title()
        self.refresh_bindings()

    def _title(self) -> None:
        """The head line; in the analysis it also says how to turn to any page."""
        title = Content.assemble(("Debrief", "bold $primary"), f"  {self.session.bundle.scenario.title}")
        if analysis := self._analysis():
            title = title.append(f"   {digits(analysis.count)} turn the pages")
        self.query_one("#debrief-title", Static).update(title)

    def _progress(self) -> None:
        names = [name for name, _ in PARTS]
        now = names.index(self._part) if self._part in names else len(names)
        pieces: list[Content] = []
        for index, (name, title) in enumerate(PARTS):
            if self._reading and name not in READING:
                continue
            if index < now:
                pieces.append(Content.styled(f"✓ {title}", "$quiet"))
            elif index == now:
                pieces.append(Content.styled(f"▶ {title}", "bold"))
            else:
                pieces.append(Content.styled(f"{index + 1} {title}", "$quiet"))
        self.query_one("#debrief-parts", Static).update(Content("   ").join(pieces))

    # --- asking -------------------------------------------------------------------------------------------------

    def _ask_next(self) -> None:
        if not self._to_ask:
            self._finish()
            return
        seat = self._to_ask[0]
        private = self._part == "reactions"
        if private and len(self.desk.people(self.session)) > 1:
            self._show(Static(""))
            self.app.push_screen(Curtain(self._person(seat)), lambda _: self._ask(seat))
        else:
            self._ask(seat)

    def _ask(self, seat: str) -> None:
        several = len(self.desk.people(self.session)) > 1
        who = self._person(seat) if several else ""
        if self._part == "reactions":
            boxes = [("reactions", REACTION)]
            self._show(Writing(seat, who, FIRST, boxes, "Done"))
        else:
            boxes = [("keep", "One thing to keep:"), ("change", "One thing to change:")]
            self._show(Writing(seat, who, LAST, boxes, "Done"))

    def on_writing_written(self, message: Writing.Written) -> None:
        message.stop()
        session, seat = self.session, message.seat
        said = {box: text for box, text in message.texts.items() if text}

        def keep() -> None:
            for box, text in said.items():
                session.remark(seat, box, text)

        self.in_background(keep, lambda _: self._asked(), self._not_kept)

    def _asked(self) -> None:
        self._to_ask = self._to_ask[1:]
        self._ask_next()

    def _finish(self) -> None:
        """The part is done: the log says so, and the next one opens."""
        part = self._part
        names = [name for name, _ in PARTS]
        if part not in names or self._busy:
            return
        following = names[names.index(part) + 1] if part != names[-1] else "done"
        if self.desk.own is not None and not self._reading:
            self._finish_alone(part, following)
            return
        done = self.session.debrief_phase
        if self._reading or (done in names and names.index(done) >= names.index(part)):
            self._open(following)
            return
        self._busy = True
        self.in_background(
            partial(self.session.finish_phase, part), lambda _: self._finished(following), self._not_kept
        )

    def _finish_alone(self, part: str, following: str) -> None:
        """At a screen of one's own everybody goes at their own pace; only what is weighed waits until all have said how it was."""
        self._busy = True
        session = self.session
        own = [seat for seat in self.desk.people(session) if not session.has_finished(part, seat)]

        def keep() -> None:
            for seat in own:
                session.finish_phase(part, seat)

        self.in_background(keep, lambda _: self._finished_alone(part, following), self._not_kept)

    def _finished_alone(self, part: str, following: str) -> None:
        self._busy = False
        if part == "reactions" and self.session.debrief_phase is None:
            self._show(Static(OTHERS, classes="quiet pad", id="debrief-waiting"))
        else:
            self._open(following)

    def _heard(self, _: int = 0) -> None:
        """Somebody at another screen has finished a part; or whoever runs the room has opened the rest for all, or says something."""
        if self.is_attached:
            self.in_background(self._catch_up, self._caught_up, self._not_heard, group="heard")

    def _catch_up(self) -> tuple[str, ...]:
        self.session.catch_up()
        return self._said()

    def _caught_up(self, said: tuple[str, ...]) -> None:
        self._hear(said)
        self._all_have_reacted()

    def _said(self) -> tuple[str, ...]:
        return said_to(self.session, self.desk.people(self.session))

    def _hear(self, said: tuple[str, ...]) -> None:
        for text in self.query_one(FromLeader).say(said):
            if not isinstance(self.app.screen, Quiet):  # nobody is called out of a pause
                self.notify(text, title=FROM, timeout=12, markup=False)

    def _not_heard(self, error: Exception) -> None:
        """A store that is away is asked again by itself; whoever waits has nothing to press."""
        from simulator.log import Unwritable

        if isinstance(error, Unwritable):
            self.set_timer(AGAIN, self._heard)
        else:
            self.shell.trouble(error)

    def _all_have_reacted(self) -> None:
        if self._part == "reactions" and self.session.debrief_phase is not None and self.query("#debrief-waiting"):
            self._open("description")

    def _has_finished(self, part: str, seat: str) -> bool:
        return self.desk.own is not None and self.session.has_finished(part, seat)

    def _finished(self, following: str) -> None:
        self._busy = False
        self._open(following)

    def _not_kept(self, error: Exception) -> None:
        self._busy = False
        for writing in self.query(Writing):
            writing.take_back()
        self.shell.trouble(error)

    def _person(self, seat: str) -> str:
        alias = next((place.alias for place in self.session.places if place.seat == seat), "")
        name = self.session.bundle.scenario.seats[seat].name
        return f"{alias}, {name}" if alias else name

    # --- keys ---------------------------------------------------------------------------------------------------

    def action_next(self) -> None:
        if self._part in ("reactions", "summary"):
            for writing in self.query(Writing):
                writing.hand_in()
        elif self._findings is not None:
            self._finish()

    def action_earlier(self) -> None:
        names = [name for name, _ in PARTS]
        now = names.index(self._part) if self._part in names else len(names)
        if now > names.index("description"):
            self._open(names[now - 1], backwards=True)

    def action_turn(self, by: int) -> None:
        if analysis := self._analysis():
            analysis.turn_to(analysis.number + by)

    def action_next_episode(self) -> None:
        series = self.session.bundle.series
        assert series is not None
        self.shell.go_home()
        self.shell.open_next(series.id, self.session.id)

    def action_home(self) -> None:
        self.shell.go_home()

    def action_swap(self) -> None:
        ident = self.session.id
        self.shell.go_home()
        self.shell.open_swap(ident)

    def action_close(self) -> None:
        self.action_leave()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """F9 and F4 mean one thing at a time: a page of the analysis, a part, or the way out."""
        analysis = self._analysis()
        at, last = (analysis.number, analysis.count) if analysis else (1, 1)
        if action == "turn":
            return at < last if 1 in parameters else at > 1
        if action == "earlier":
            return self._part == "summary" or (self._part == "analysis" and at == 1)
        alone = self.desk.own is not None
        if action in ("home", "next_episode"):
            goes_on = next_of(self.session) is not None and not alone
            return self._part == "done" and goes_on == (action == "next_episode")
        if action == "swap":
            return self._part == "done" and not self._reading and len(self.session.seats) > 1 and not alone
        if action == "close":
            return self._reading and analysis is not None and at == last
        if action == "next" and self._part == "analysis":
            return not self._reading and analysis is not None and at == last
        return self._part != "done" if action == "next" else True

    def _analysis(self) -> Analysis | None:
        """The pages of the analysis, once they are on the screen."""
        if self._part != "analysis":
            return None
        from simulator.tui.widgets.analysis import Analysis

        return next((found for found in self.query(Analysis) if found.is_mounted), None)

    def on_tabbed_content_tab_activated(self) -> None:
        self.refresh_bindings()

    def on_key(self, event: events.Key) -> None:
        if event.key.isdigit() and (analysis := self._analysis()) and analysis.turn_to(int(event.key) or 10):
            event.stop()

    def help_for_now(self) -> str:
        if analysis := self._analysis():
            pages = (
                f"{digits(analysis.count)} turn to a page, F9 goes to the next one and after the last to the next part."
            )
            return f"{self.help_text} The analysis has {analysis.count} pages: {pages}"
        return self.help_text

    def action_leave(self) -> None:
        if self._reading:
            self.dismiss()
        elif self._part == "done":
            self.shell.go_home()
        else:
            back = "The same code or address brings you back." if self.desk.own is not None else GO_ON
            note = f"What is done is kept. {back}"
            self.app.push_screen(Confirm("Leave the debrief for now?", yes="Leave", no="Stay", note=note), self._leave)

    def _leave(self, sure: bool | None) -> None:
        if sure:
            self.shell.go_home()


def digits(pages: int) -> str:
    """The keys that turn to a page; 0 is the tenth."""
    return f"1–{pages}" if pages < 10 else "1–9 and 0"


class _Goodbye(CenterMiddle):
    """The end: thanks, and somebody to talk to."""

    def __init__(self, support: str, ahead: Sequence[str] = (), *, swap: bool):
        super().__init__()
        self._support, self._swap = support, swap
        self._ahead = ahead  # what the next episode of a series takes over

    def compose(self) -> ComposeResult:
        yield Static("Thank you. That was the whole of it.", classes="name centred")
        yield Static(
            "Talk on for a minute before you go. What would you want your own partner to know?", classes="centred"
        )
        if self._support:
            yield Static(f"Somebody to talk to: {self._support}", classes="centred quiet", markup=False)
        if self._swap:
            yield Static("F4 plays it again with your seats exchanged", classes="key-hint centred")
        if self._ahead:
            yield Static("\n".join(self._ahead), classes="centred", id="debrief-ahead", markup=False)
            yield Static("F9 goes to the next episode, Esc to the first page", classes="key-hint centred")
        else:
            yield Static("F9 goes to the first page", classes="key-hint centred")
