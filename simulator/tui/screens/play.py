"""Playing, for one person or for several at one keyboard: who sits down when, and what they are asked.

`_show` decides from each `Look` what is drawn and who sits down next; the page itself, and its keys, are `story`'s.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType

from simulator.tui.screens.ask import Confirm
from simulator.tui.screens.curtain import Curtain
from simulator.tui.screens.story import StoryPage
from simulator.tui.turns import Look, look, run
from simulator.tui.widgets.top_bar import TopBar
from simulator.tui.widgets.transcript import Transcript
from simulator.tui.words import and_list

HELD = "Whoever runs the room has paused the story. Look again"
COMES_IN = "This seat comes into the story now."


class PlayScreen(StoryPage):
    """One play, for one person or for several at one keyboard."""

    CSS_PATH = "play.tcss"
    help_text = (
        "Above is the story as your seat sees it. Below is what you can do: a key selects, Enter does it. "
        "Lines marked “Only you” are for your eyes. Closed options say why. Nothing you choose here is graded while "
        "you play."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "onward", "Choose", key_display="Enter", id="play.commit", tooltip="Do what is selected, or go on"),
        Binding("s", "skip", "Skip", id="predict.skip", tooltip="Do not answer what is asked in private"),
        Binding("s", "say", "Say", id="play.say", tooltip="Say something of your own: tell, ask, ring, ask for a release"),
        Binding("f2", "side", "Side", id="play.side", tooltip="Duties, papers, messages, what you know"),
        Binding("f3", "page", "Next page", id="play.page", tooltip="Turn to the next page of the side"),
        Binding("f10", "shelf", "Shelf", id="play.shelf", tooltip="For whoever runs the room: bring an inject", show=False),
        Binding("escape", "skip", "Skip", id="predict.escape", tooltip="Do not answer what is asked in private", show=False),
        Binding("escape", "leave", "Leave", key_display="Esc", id="play.leave", tooltip="Leave; the play is kept"),
        Binding("f7", "clocks", "Clocks", id="play.clocks", tooltip="Show or hide the time left for duties"),
        Binding("pageup", "story(-1)", "Story up", id="play.story-up", tooltip="Scroll the story up", show=False),
        Binding("pagedown", "story(1)", "Story down", id="play.story-down", tooltip="Scroll the story down", show=False),
    ]  # fmt: skip

    _last_word = "Go to the debrief"
    _leaving = "Leave this play for now?"
    _leaving_note = "It is kept as it is. The first page lists it under “Go on”."

    def on_mount(self) -> None:
        self.query_one(TopBar).say(title=self.session.bundle.scenario.title, clock="", scene="", turn="")
        self._rest()
        self.in_background(self._after(self.session.take_up), self._show)

    # --- what comes next ----------------------------------------------------------------------------------------

    def _show(self, seen: Look) -> None:
        """Draw what is now, or make way for whoever has to see it."""
        if not seen.humans:
            self._without_us(seen)
            return
        if seen.concluded:
            self._to_debrief()
            return
        if seen.held and not seen.finished:
            self._rest()
            self._offer_onward(HELD, lambda: self.in_background(self._after(self.session.catch_up), self._show))
            return
        if self._at not in seen.humans:
            self._at = seen.humans[0] if self._alone else None
        if seen.finished:
            there = seen.there or seen.humans
            seat = self._at if self._at in there else there[0]
            self._sit_down(seen, seat, partial(self._finish, seen, seat))
        elif guesser := self._guesser(seen):
            self._ask_privately(seen, guesser)
        elif seat := seen.waiting_for:
            self._sit_down(seen, seat, partial(self._act, seen, seat))
        else:
            if self._at is not None:
                self._draw(seen, self._at)
                names = and_list(seen.views[self._at].on_turn_names)
                self.query_one(Transcript).wait_for(f"{names} is thinking …" if names else "Time goes on …")
            if not seen.paused and not seen.elsewhere:
                self.in_background(self._let_others_act, self._ran)

    def _let_others_act(self) -> Look:
        """Chance and the computer, in a worker."""
        return run(self.session, self._at, self._own)

    def _ran(self, seen: Look) -> None:
        if not (seen.moved or seen.paused or seen.waiting_for or seen.elsewhere or seen.finished):
            raise RuntimeError("nobody can act, and the story has not ended")
        self._show(seen)

    def _guesser(self, seen: Look) -> str:
        """Who is asked something in private: only whoever sits at the keyboard anyway; nobody is fetched for it."""
        return self._at if self._at is not None and self._at in seen.questions else ""

    def _ask_privately(self, seen: Look, seat: str) -> None:
        """One question after the other, each shown before anybody acts; then look again."""
        question = seen.questions[seat][0]
        if question == self._asked:
            # What is half answered stays, though somebody acted meanwhile at a screen of their own.
            self._draw(seen, seat, resting=False)
            return
        self._draw(seen, seat)
        self._ask(question)

    def _sit_down(self, seen: Look, seat: str, then: Callable[[], None]) -> None:
        """Let the person of `seat` take the keyboard; the one before first reads what came of the own choice."""
        before = self._at
        if before == seat or self._alone:
            self._at = seat
            then()
            return
        if before is not None and before in seen.views and (self._unread or self._has_news(seen.views[before])):
            self._draw(seen, before)
            self._offer_onward(f"Hand the keyboard to {self._person(seat)}", lambda: self._hand_over(seen, seat, then))
        else:
            self._hand_over(seen, seat, then)

    def _hand_over(self, seen: Look, seat: str, then: Callable[[], None]) -> None:
        together = seen.views[seat].together
        private = seat in seen.curtain or together or self._at is None
        self._rest()
        self._at = seat
        self._unread = False
        if not private:
            then()
            return
        self._blank()
        notes = [COMES_IN] if seat not in self._read and self.session.bundle.scenario.seats[seat].enters else []
        if together:
            who = "You both" if len(self.session.seats) <= 2 else "Several of you"
            notes.append(f"{who} choose here, unseen. What you chose shows when everybody has.")
        self.app.push_screen(Curtain(self._person(seat), "\n".join(notes)), lambda _: then())

    def _act(self, seen: Look, seat: str) -> None:
        if seat in seen.questions:
            self._ask_privately(seen, seat)
            return
        view = seen.views[seat]
        if self._is_offered(view):
            # What is half chosen stays, though somebody acted meanwhile at a screen of their own.
            self._draw(seen, seat, resting=False)
            return
        self._draw(seen, seat)
        self._offer(view)

    def _finish(self, seen: Look, seat: str) -> None:
        self._draw(seen, seat)
        self.query_one(Transcript).end_with(seen.views[seat].ending or "")
        self._offer_onward(self._last_word, self._to_debrief)

    def _to_debrief(self) -> None:
        self.shell.open_debrief(self.session, replacing=True)

    def _without_us(self, seen: Look) -> None:
        """No person plays any more: the computer finishes what was begun, and nobody has to watch."""
        if not seen.finished and not seen.paused:
            self.query_one(Transcript).wait_for("The computer plays on to the end …")
            self.in_background(self._let_others_act, self._ran)
            return
        self.notify("The computer has played your part to the end.", title="Finished", markup=False)
        self.shell.go_home()

    def action_shelf(self) -> None:
        """The facilitator's key: it shows nothing of the shelf before it is asked for once more."""
        from simulator.tui.screens.shelf import Shelf, offers

        self.in_background(
            partial(offers, self.session), lambda offered: self.app.push_screen(Shelf(offered), self._bring)
        )

    def _bring(self, inject: str | None) -> None:
        if inject is not None:
            self.in_background(self._after(partial(self.session.inject, inject)), self._show, self._not_kept)

    def action_leave(self) -> None:
        if self.has_class("-side-open") and not self.has_class("-wide"):
            self.action_side()
            return
        self.app.push_screen(Confirm(self._leaving, yes="Leave", no="Stay", note=self._leaving_note), self._leave)

    def _leave(self, sure: bool | None) -> None:
        if sure:
            session = self.session
            self.in_background(lambda: None if session.over else session.pause(), lambda _: self.shell.go_home())

    def come_back(self) -> None:
        """After a pause, or when somebody else has moved the story: look again, and let the right person sit down."""
        if self._alone:
            self._look_again()
            return
        seat = self._at
        self._rest()
        self._blank()
        if seat is not None and seat in self.session.human_seats:
            # Who knows who sits here after a break: the curtain asks for the one whose screen it was.
            self.app.push_screen(Curtain(self._person(seat)), lambda _: self._look_again())
        else:
            self._at = None
            self._look_again()

    def _look_again(self) -> None:
        self.in_background(partial(look, self.session, self._at, self._own), self._show)
