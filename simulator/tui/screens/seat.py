"""Playing at a screen of one's own: one seat, while the others of the same play sit at theirs.

What others do arrives through the store (`simulator.watching`), never from screen to screen: any screen may be gone at any moment,
and whoever comes back reads on from the log.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from simulator.led import WHO
from simulator.tui.screens.ask import Confirm
from simulator.tui.screens.care import Quiet
from simulator.tui.screens.play import PlayScreen
from simulator.tui.turns import Look
from simulator.tui.widgets.choices import Choices
from simulator.tui.widgets.from_leader import FROM
from simulator.tui.widgets.transcript import Transcript
from simulator.tui.words import and_list, day_and_clock
from simulator.view import Passage
from simulator.watching import in_loop

if TYPE_CHECKING:
    from textual.timer import Timer

    from simulator.session import Session
    from simulator.view import View

T = TypeVar("T")

ASK_WHO = 5.0  # seconds between two looks at who is there
AGAIN = 1.0  # seconds before a store that did not answer is asked again
TOO_LATE = "Somebody else was first, or the story has moved on. Look again; nothing of yours is lost."
PAUSED = "Paused. Nobody is asked why, and nothing goes on meanwhile."
HELD = "Whoever runs the room has paused the story. It goes on here by itself."
BACK = "Whoever runs the room offers to go back to {where}."
ALL = "Only if everybody who plays with you says yes. What came after stays in the log and counts for nothing."
MOVED_ON = "Whoever runs the room has moved everybody on to the debrief."
AWAY = "The place where the play is kept does not answer just now. Nothing is lost; this goes on by itself."
NOT_KEPT = (
    "Your last choice could not be kept. Please make it again; if that does not help, tell whoever runs the room."
)
ANYWAY = "Whoever paused may not be back yet. Whoever runs the room can say."


class SeatScreen(PlayScreen):
    """One seat of a play, for the one person who sits in it.

    `connected`: the seats whose people are there now; asked now and then, in a worker. None: nobody can tell.
    """

    help_text = (
        PlayScreen.help_text + " Whoever plays with you sits at a screen of their own; what they do arrives by itself."
    )
    _leaving = "Leave this screen for now?"
    _leaving_note = "Your seat is kept. The same code or address brings you back to this scene."

    def __init__(
        self,
        session: Session,
        seat: str,
        connected: Callable[[], frozenset[str]] | None = None,
    ):
        super().__init__(session)
        self._own = frozenset([seat])
        self._at, self._seat, self._alone = seat, seat, True
        self._connected = connected
        self._there: frozenset[str] | None = None
        self._shown: tuple[object, ...] | None = None
        self._heard_of: int | None = None  # how much whoever runs the room had said when this screen last looked
        self._asking: Confirm | None = None  # the question whether to go back, while it is on the screen
        self._answering = -1  # the proposal that was put to this seat last
        self._stop: Callable[[], None] = lambda: None
        self._away = False  # whether the store did not answer when it was asked last
        self._again: Timer | None = None  # until it is asked again
        self._before = 0  # how long the log was when this seat last did something
        self._in_doubt: int | None = None  # the same, where nobody knows whether that was kept

    def on_mount(self) -> None:
        self._rest()
        assert self.desk.watcher is not None
        self._stop = self.desk.watcher.watch(self.session.id, len(self.session.events), in_loop(self._heard))
        self._look_again()
        if self._connected is not None:
            self.set_interval(ASK_WHO, self._ask_who_is_there)
            self._ask_who_is_there()

    def on_unmount(self) -> None:
        self._stop()

    # --- a store that is away -----------------------------------------------------------------------------------

    def in_background(
        self,
        job: Callable[[], T],
        then: Callable[[T], object],
        failed: Callable[[Exception], object] | None = None,
        group: str = "job",
    ) -> None:
        if failed == self._not_kept:
            self._before = len(self.session.events)
        super().in_background(job, then, failed or self._went_wrong, group)

    def _went_wrong(self, error: Exception) -> None:
        if not self._waits_for_the_store(error):
            self.shell.trouble(error)

    def _waits_for_the_store(self, error: Exception) -> bool:
        """Where the store does not answer: say so in the story, let nothing be chosen, and ask again until it does. False for any other error."""
        from simulator.log import Unwritable

        if not isinstance(error, Unwritable):
            return False
        if not self._away:
            self._rest()
            self._say_at_the_end(AWAY)
        self._away = True
        if self._again is not None:
            self._again.stop()  # one is enough, however much has failed
        self._again = self.set_timer(AGAIN, self._ask_the_store_again)
        return True

    def _ask_the_store_again(self) -> None:
        if self._away and self.is_attached:
            self.in_background(self._after(self.session.catch_up), self._show, group="again")

    def _is_back(self) -> None:
        """The store answers again: draw all anew, and tell whoever has to choose once more."""
        self._away, self._shown, self._in_doubt, before = False, None, None, self._in_doubt
        since = self.session.events[before:] if before is not None else ()
        lost = before is not None and all(getattr(each, "seat", None) != self._seat for each in since)
        self._say_at_the_end(NOT_KEPT if lost else "")

    def _say_at_the_end(self, text: str) -> None:
        """In the story and not over it: what can be chosen stays readable."""
        story = self.query_one(Transcript)
        story.wait_for(text)
        if text:
            story.call_after_refresh(story.scroll_end, animate=False)

    def _after(self, job: Callable[[], object]) -> Callable[[], Look]:
        def act() -> None:
            job()
            self._tell_those_here()

        return super()._after(act)

    def _let_others_act(self) -> Look:
        seen = super()._let_others_act()
        if seen.moved:
            self._tell_those_here()
        return seen

    def _tell_those_here(self) -> None:
        """Whoever plays with us may sit at this same host, and need not wait until the store is asked."""
        if self.desk.watcher is not None:
            self.desk.watcher.look()

    def _clocks_changed(self, seen: Look) -> None:
        super()._clocks_changed(seen)
        self._show(seen)  # somebody may have acted just before, and what is read here is not heard of again

    # --- what others do -----------------------------------------------------------------------------------------

    def _heard(self, events: int) -> None:
        """The log has grown: read on. In a group of its own, so that no choice under way is given up for it. What this seat itself
        has written it shows anyway."""
        if self.is_attached and events > len(self.session.events):
            self.in_background(super()._after(self.session.catch_up), self._show, group="heard")

    def _show(self, seen: Look) -> None:
        if self._away:
            self._is_back()
        if seen.concluded:
            self._move_on()
            return
        self._ask_back(seen)
        self._hear(seen)
        view = seen.views.get(self._seat)
        story = _without_leader(view) if view is not None else None
        now = (
            story, seen.on_turn, seen.questions, seen.paused, seen.held, seen.finished, seen.countdowns,
        )  # fmt: skip
        if now == self._shown and self._nothing_waits(seen):
            if view is not None and view != self._drawn:
                self._draw_around(view)
            return  # nothing that this seat could act upon has changed: what is half chosen stays
        self._shown = now
        if seen.paused and not seen.finished and self._seat in seen.views:
            self._draw(seen, self._seat)
            self.query_one(Transcript).wait_for(HELD if seen.held else PAUSED)
            if not seen.held:
                self._offer_onward("Go on all the same", self._ask_whether_to_go_on)
            return
        super()._show(seen)

    def _nothing_waits(self, seen: Look) -> bool:
        """Whether the screen is as it should be while nothing changes: the own choice is offered, or the turn is elsewhere."""
        if self._seat in seen.questions and self._asked is None:
            return False
        if seen.elsewhere and not seen.waiting_for:
            return seen.views.get(self._seat) == self._drawn
        choices = self.query_one(Choices)
        return self._asked is not None or (choices.display and not choices.held)

    def _draw_around(self, view: View) -> None:
        """Something was said from outside: it stands in the story, and the choice stays as it is."""
        self.query_one(Transcript).show(view.passages, whose=self._seat, read=self._read.get(self._seat, 0))
        self._read[self._seat] = len(view.passages)
        self._drawn = view

    # --- whoever runs the room ----------------------------------------------------------------------------------

    def _hear(self, seen: Look) -> None:
        view = seen.views.get(self._seat)
        said = [each.text for each in view.passages if _from_leader(each)] if view is not None else []
        before, self._heard_of = self._heard_of, len(said)
        if before is not None and not isinstance(self.app.screen, Quiet):  # nobody is called out of a pause
            for text in said[before:]:
                self.notify(text, title=FROM, timeout=12, markup=False)

    def _ask_back(self, seen: Look) -> None:
        """Put the question whether to go back, once; take it away when it is asked no more. Nobody is called out of a pause for it."""
        asked = seen.asked_back.get(self._seat)
        if self._asking is not None and (asked is None or asked.proposal != self._answering):
            if self._asking.is_current:
                self.app.pop_screen()
            self._asking = None
        if asked is None or asked.proposal == self._answering or isinstance(self.app.screen, Quiet):
            return
        self._answering = asked.proposal
        at = day_and_clock(asked.at)
        question = BACK.format(where=f"“{asked.scene}”, {at}" if asked.scene else at)
        self._asking = Confirm(question, yes="Go back", no="Stay here", note=ALL)
        self.app.push_screen(self._asking, partial(self._answered_back, asked.proposal))

    def _ask_privately(self, seen: Look, seat: str) -> None:
        if self._asking is not None:  # what is asked in private waits until it is clear whether the story stays here
            self._draw(seen, seat)
        else:
            super()._ask_privately(seen, seat)

    def _answered_back(self, proposal: int, yes: bool | None) -> None:
        self._asking = None
        job = partial(self.session.consent, self._seat, proposal, bool(yes))
        self.in_background(self._after(job), self._show, self._not_kept, group="back")

    def _move_on(self) -> None:
        """To the debrief, from whatever lies over the story. Whoever has paused or stepped out is left alone until they come back."""
        if any(isinstance(screen, Quiet) for screen in self.app.screen_stack) or self not in self.app.screen_stack:
            return
        while self.app.screen is not self:
            self.app.pop_screen()
        self._stop()
        self.notify(MOVED_ON, markup=False)
        self._to_debrief()

    # --- pauses -------------------------------------------------------------------------------------------------

    def _ask_whether_to_go_on(self) -> None:
        self.app.push_screen(Confirm("Go on playing?", yes="Go on", no="Wait", note=ANYWAY), self._go_on)

    def _go_on(self, sure: bool | None) -> None:
        self._shown = None
        self.in_background(self._after(self.session.resume if sure else self.session.catch_up), self._show)

    def _ask_who_is_there(self) -> None:
        assert self._connected is not None
        self.in_background(self._connected, self._they_are_there, lambda _: None, group="there")

    def _they_are_there(self, there: frozenset[str]) -> None:
        if there == self._there:
            return  # nearly always; to lay out a hundred screens every few seconds would be the host's main work
        self._there = there
        if self._drawn is not None:
            self._say_whose_turn(self._drawn)

    def _turn_words(self, seen: Look, seat: str) -> str:
        return self._with_company(super()._turn_words(seen, seat))

    def _say_whose_turn(self, view: View) -> None:
        from simulator.tui.widgets.top_bar import TopBar

        words = "Your turn" if self._seat in view.on_turn else f"Turn: {and_list(view.on_turn_names)}"
        self.query_one(TopBar).say_turn(self._with_company(words))

    def _with_company(self, words: str) -> str:
        """Whose turn it is, and who of the others is not there just now."""
        if self._there is None:
            return words
        seats = self.session.bundle.scenario.seats
        gone = [seats[s].name for s in self.session.human_seats if s not in self._there and s != self._seat]
        return f"{words} · away: {and_list(gone)}" if gone else f"{words} · all here"

    # --- what does not belong to one seat alone -----------------------------------------------------------------

    def _too_late(self, error: Exception) -> None:
        if not self._waits_for_the_store(error):
            super()._too_late(error)

    def _not_kept(self, error: Exception) -> None:
        from simulator.engine import NotAllowed
        from simulator.log import Stale

        if self._waits_for_the_store(error):
            self._in_doubt = self._before
            return
        if not isinstance(error, Stale | NotAllowed):
            super()._not_kept(error)
            return
        self.notify(TOO_LATE, title="Not taken", markup=False)
        self._shown = None
        self._look_again()

    def _without_us(self, seen: Look) -> None:
        """The computer plays this seat now, because somebody stepped out; the others play on, and this screen does not watch."""
        self.notify("The computer plays your part from here.", title="You stepped out", markup=False)
        self.shell.go_home()

    def _leave(self, sure: bool | None) -> None:
        if sure:
            self.shell.go_home()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("shelf", "clocks"):  # whoever runs the room has both
            return False
        return super().check_action(action, parameters)

    def come_back(self) -> None:
        self._shown = None
        self._look_again()


def _from_leader(passage: Passage) -> bool:
    return passage.kind == "message" and passage.who == WHO


def _without_leader(view: View) -> View:
    return replace(view, passages=tuple(each for each in view.passages if not _from_leader(each)))
