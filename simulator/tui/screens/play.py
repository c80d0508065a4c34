"""Playing: the story, what can be done now, and beside them what this seat may look up.

Everything drawn comes from the view of the seat that sits at the keyboard. Every call of the session happens in a
worker; what comes back is a `Look`, and `_show` decides from it what is drawn and who sits down next.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button

from simulator.at_table import unseen
from simulator.listeners import NOT_JUDGED
from simulator.saying import Sayable
from simulator.tui.page import Page
from simulator.tui.screens import curtain
from simulator.tui.screens.ask import Confirm, Predict
from simulator.tui.screens.curtain import Curtain
from simulator.tui.turns import Look, already_read, look, look_after, run
from simulator.tui.widgets.choices import Choices
from simulator.tui.widgets.key_line import KeyLine
from simulator.tui.widgets.main import Main
from simulator.tui.widgets.onward import Onward
from simulator.tui.widgets.side import Side
from simulator.tui.widgets.top_bar import TopBar
from simulator.tui.widgets.transcript import Transcript
from simulator.tui.words import and_list, day_and_clock
from simulator.view import View

if TYPE_CHECKING:
    from simulator.predictions import Question
    from simulator.session import Session


HELD = "Whoever runs the room has paused the story. Look again"
COMES_IN = "This seat comes into the story now."


class PlayScreen(Page[None]):
    """One play, for one person or for several at one keyboard."""

    CSS_PATH = "play.tcss"
    help_text = (
        "Above is the story as your seat sees it. Below is what you can do: a key selects, Enter does it. "
        "Lines marked “Only you” are for your eyes. Closed options say why. Nothing you choose here is graded while "
        "you play."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "onward", "Choose", key_display="Enter", id="play.commit", tooltip="Do what is selected, or go on"),
        Binding("s", "say", "Say", id="play.say", tooltip="Say something of your own: tell, ask, ring, ask for a release"),
        Binding("f2", "side", "Side", id="play.side", tooltip="Duties, papers, messages, what you know"),
        Binding("f3", "page", "Next page", id="play.page", tooltip="Turn to the next page of the side"),
        Binding("f10", "shelf", "Shelf", id="play.shelf", tooltip="For whoever runs the room: bring an inject", show=False),
        Binding("escape", "leave", "Leave", key_display="Esc", id="play.leave", tooltip="Leave; the play is kept"),
        Binding("f7", "clocks", "Clocks", id="play.clocks", tooltip="Show or hide the time left for duties"),
        Binding("pageup", "story(-1)", "Story up", id="play.story-up", tooltip="Scroll the story up", show=False),
        Binding("pagedown", "story(1)", "Story down", id="play.story-down", tooltip="Scroll the story down", show=False),
    ]  # fmt: skip

    _last_word = "Go to the debrief"
    _leaving = "Leave this play for now?"
    _leaving_note = "It is kept as it is. The first page lists it under “Go on”."

    def __init__(self, session: Session):
        super().__init__()
        self.session = session
        self._at: str | None = None  # the seat whose person sits at the keyboard
        self._own: frozenset[str] | None = None  # the seats of this screen; None: all that people play
        self._alone = len(session.human_seats) == 1  # then nobody has to look away
        self._drawn: View | None = None
        self._offered: View | None = None  # whose choices can be made now
        self._read: dict[str, int] = {}
        self._onward: Callable[[], None] | None = None
        self._offered_at = 0.0
        self._unread = False  # whether whoever sits here has something on the screen and has not acted since

    def compose(self) -> ComposeResult:
        yield TopBar()
        with Horizontal(id="table"):
            with Main(id="main"):
                yield Transcript(id="story")
                yield Choices(id="choices")
                yield Onward(id="onward")
            yield Side(id="side")
        yield KeyLine()

    def on_mount(self) -> None:
        self.query_one(TopBar).say(title=self.session.bundle.scenario.title, clock="", scene="", turn="")
        self._rest()
        self.in_background(self._after(self.session.take_up), self._show)

    def _after(self, job: Callable[[], object]) -> Callable[[], Look]:
        """Do something with the session in a worker, then look."""
        return partial(look_after, job, self.session, self._at, self._own)

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
                self.in_background(partial(run, self.session, self._at, self._own), self._ran)

    def _ran(self, seen: Look) -> None:
        if not (seen.moved or seen.paused or seen.waiting_for or seen.elsewhere or seen.finished):
            raise RuntimeError("nobody can act, and the story has not ended")
        self._show(seen)

    def _guesser(self, seen: Look) -> str:
        """Who is asked something in private: only whoever sits at the keyboard anyway; nobody is fetched for it."""
        return self._at if self._at is not None and self._at in seen.questions else ""

    def _ask_privately(self, seen: Look, seat: str) -> None:
        """One question after the other, each shown before anybody acts; then look again."""
        self._draw(seen, seat)
        question = seen.questions[seat][0]
        story = seen.views[seat].passages
        last = [passage for passage in story if passage.step == story[-1].step] if story else []
        self.app.push_screen(Predict(question, last), partial(self._answered, seat, question))

    def _answered(self, seat: str, question: Question, answer: str | None) -> None:
        job = partial(self.session.answer, seat, question, answer)
        self.in_background(self._after(job), self._show, self._too_late)

    def _too_late(self, error: Exception) -> None:
        """Somebody at another screen has acted meanwhile: there is nothing left to answer, and no harm done."""
        from simulator.engine import NotAllowed
        from simulator.log import Stale  # deferred: drawing a play needs no store

        if not isinstance(error, Stale | NotAllowed):
            self.shell.trouble(error)
        self.come_back()

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
        self._offered = view
        self.run_worker(self._offer(view), group="offer")

    def _is_offered(self, view: View) -> bool:
        """Whether the same choices of the same scene stand on the screen or are about to, and none is on its way to the log."""
        before, choices = self._offered, self.query_one(Choices)
        if before is None or (choices.display and choices.held):
            return False
        return (before.seat, before.scene, before.options) == (view.seat, view.scene, view.options)

    async def _offer(self, view: View) -> None:
        choices = self.query_one(Choices)
        with self.app.batch_update():  # the new story and what it asks are painted at once
            await choices.offer(view.options, _question(view, len(self.session.seats)))
            if self._offered is not view:
                choices.display = False  # the story has moved on while they were laid out
            self.refresh_bindings()

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
            self.in_background(partial(run, self.session, None, self._own), self._ran)
            return
        self.notify("The computer has played your part to the end.", title="Finished", markup=False)
        self.shell.go_home()

    # --- drawing ------------------------------------------------------------------------------------------------

    def _draw(self, seen: Look, seat: str, *, resting: bool = True) -> None:
        """`resting`: nothing can be chosen any more until something is offered."""
        view = seen.views[seat]
        read = self._read.get(seat, already_read(view))
        if read > len(view.passages):  # the play went back
            read = already_read(view)
        if resting:
            self._rest()
        self.query_one(TopBar).say(
            title=view.title,
            clock="" if view.standing == "to come" else day_and_clock(view.now),
            scene=view.scene_title,
            turn=self._turn_words(seen, seat),
        )
        same = self._drawn is not None and self._drawn.seat == seat and self._drawn.passages == view.passages
        if not same:
            self.query_one(Transcript).show(view.passages, whose=seat, read=read)
            self._unread = True
            self._read[seat] = len(view.passages)
        self.query_one(Side).show(view, seen.countdowns)
        self._drawn = view

    def _has_news(self, view: View) -> bool:
        return len(view.passages) > self._read.get(view.seat, 0)

    def _turn_words(self, seen: Look, seat: str) -> str:
        if seen.finished:
            return "The end"
        if seat in seen.on_turn:
            return f"Your turn: {self._person(seat)}"
        names = seen.views[seat].on_turn_names
        return f"Turn: {and_list(names)}" if names else ""

    def _person(self, seat: str) -> str:
        """`Sam, Officer Reyes`, or only the part's name if nobody gave an alias."""
        alias = next((place.alias for place in self.session.places if place.seat == seat), "")
        name = self.session.bundle.scenario.seats[seat].name
        return f"{alias}, {name}" if alias else name

    def _blank(self) -> None:
        """Before somebody else looks: nothing of the last view stays, not even under the curtain."""
        self.query_one(Transcript).clear()
        self.query_one(Side).clear()
        self.query_one(TopBar).say(title=self.session.bundle.scenario.title, clock="", scene="", turn="")
        self.remove_class("-side-open")
        self._drawn = None

    def _rest(self) -> None:
        """Nothing can be chosen until something is offered."""
        self._offered = None
        self.query_one(Choices).display = False
        self.query_one(Onward).display = False
        self._onward = None
        self.refresh_bindings()

    def _offer_onward(self, text: str, then: Callable[[], None]) -> None:
        self._onward = then
        self._offered_at = monotonic()
        self.query_one(Onward).offer(text)

    # --- keys and presses ---------------------------------------------------------------------------------------

    def on_choices_committed(self, message: Choices.Committed) -> None:
        message.stop()
        session, seat, action = self.session, self._at, message.option.action
        if seat is None:
            return
        self._unread = False
        self._committed()
        job = partial(session.choose, seat, action)
        self.in_background(self._after(job), self._show, self._not_kept)

    def action_say(self) -> None:
        """Open what can be said; nothing is said yet."""
        if self._drawn is not None:
            self._open_say(self._drawn)

    def _open_say(self, view: View, whom: str = "") -> None:
        from simulator.tui.screens.say import Say  # deferred: most stories never open it

        self.app.push_screen(Say(view.sayable, whom), partial(self._spoke, view.seat))

    def _spoke(self, seat: str, said: Sayable | None) -> None:
        if said is None or seat != self._at:
            return
        self._unread = False
        self.query_one(Choices).hold()
        self.refresh_bindings()
        job = partial(self.session.say, said.event)
        self.in_background(self._after(job), partial(self._was_said, seat, said), self._not_kept)

    def _was_said(self, seat: str, said: Sayable, seen: Look) -> None:
        before = self._drawn
        self._show(seen)
        now = seen.views.get(seat)
        if said.kind != "call" or before is None or now is None or not now.sayable or not self.is_current:
            return
        if now.scene == before.scene and len(now.passages) == len(before.passages) + 1:
            # Whoever rings somebody has something to say; nothing else came of it that would have to be read first.
            self._open_say(now, said.to or "")

    def _can_say(self) -> bool:
        choices = self.query(Choices)
        offered = bool(choices) and choices.first().display and not choices.first().held
        return self._drawn is not None and bool(self._drawn.sayable) and offered

    def help_for_now(self) -> str:
        more = f" S lets you say something of your own; your turn goes on afterwards. {NOT_JUDGED}"
        return self.help_text + (more if self._can_say() else "")

    def _committed(self) -> None:
        """A choice is on its way to the log. The tutorial listens here."""

    def _not_kept(self, error: Exception) -> None:
        from simulator.log import Stale  # deferred: drawing a play needs no store

        self.query_one(Choices).reopen()
        self.shell.trouble(error)
        if isinstance(error, Stale):
            self.come_back()

    def on_transcript_more(self, message: Transcript.More) -> None:
        message.stop()
        self.query_one(Choices).say_more(message.more)
        self.query_one(Onward).say_more(message.more)

    def action_onward(self) -> None:
        if self._onward is not None:
            if monotonic() - self._offered_at < curtain.DOUBLE_PRESS:
                return
            then, self._onward = self._onward, None
            then()
        else:
            self.query_one(Choices).action_commit()

    @on(Button.Pressed, "#onward-button")
    def _onward_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.action_onward()

    def on_key(self, event: object) -> None:
        """A choice's key works wherever the focus is."""
        key = getattr(event, "character", None)
        choices = self.query_one(Choices)
        if key and len(key) == 1 and choices.display and choices.press(key.lower()):
            event.stop()  # type: ignore[attr-defined]

    def action_story(self, pages: int) -> None:
        story = self.query_one(Transcript)
        story.scroll_relative(y=pages * max(1, story.size.height - 2), animate=False)

    def action_side(self) -> None:
        wide = self.has_class("-wide")
        self.toggle_class("-side-closed" if wide else "-side-open")
        if self._side_is_open():
            self.query_one(Side).focus_page()
        else:
            self._focus_choices()
        self.refresh_bindings()

    def _side_is_open(self) -> bool:
        return not self.has_class("-side-closed") if self.has_class("-wide") else self.has_class("-side-open")

    def _focus_choices(self) -> None:
        choices = self.query_one(Choices)
        (choices.query_one("#choices-list") if choices.display else self.query_one(Transcript)).focus()

    def action_page(self) -> None:
        self.query_one(Side).turn_page()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "page":
            return self._side_is_open()
        if action == "say":
            return self._can_say()
        if action == "onward":  # what is hidden by the side cannot be done by accident
            return self.has_class("-wide") or not self.has_class("-side-open")
        if action == "shelf":
            return any(inject.by == "hand" for inject in self.session.bundle.scenario.injects.values())
        return True

    def action_clocks(self) -> None:
        session = self.session
        job = partial(session.set_countdowns, not session.countdowns)
        self.in_background(self._after(job), self._clocks_changed)

    def _clocks_changed(self, seen: Look) -> None:
        if self._at is not None and self._at in seen.views:
            self.query_one(Side).show(seen.views[self._at], seen.countdowns)
        self.notify(
            "Duties show the time left." if seen.countdowns else "Duties no longer show the time left.", timeout=3
        )

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


def _question(view: View, seats: int) -> Content | str:
    if view.judgement:
        return Content.assemble(("No right answer here. ", "bold $accent"), view.judgement)
    if view.together:
        words = "You both choose, unseen by each other." if seats <= 2 else unseen(seats, view.together_with)
        return Content.styled(words, "bold $accent")
    return ""
