"""The page of a play: the story, what can be done now, and beside them what a seat may look up.

Everything drawn comes from the view of one seat. Who sits at the page and what comes next is `play`'s matter; what is on
it and what its keys do to it is here. Every call of the session happens in a worker; what comes back is a `Look`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.style import Style
from textual.widgets import Button

from simulator.at_table import unseen
from simulator.listeners import NOT_JUDGED
from simulator.saying import Sayable
from simulator.tui.page import Page
from simulator.tui.screens import curtain
from simulator.tui.turns import Look, already_read, choose, look_after
from simulator.tui.widgets.choices import Choices
from simulator.tui.widgets.ground import Covered
from simulator.tui.widgets.key_line import KeyLine
from simulator.tui.widgets.main import Main
from simulator.tui.widgets.onward import Onward
from simulator.tui.widgets.scale import Scale
from simulator.tui.widgets.side import Side
from simulator.tui.widgets.top_bar import TopBar
from simulator.tui.widgets.transcript import Transcript
from simulator.tui.words import and_list, day_and_clock
from simulator.view import Option, View

if TYPE_CHECKING:
    from simulator.predictions import Question
    from simulator.session import Session

# A press on it skips too: a telephone has no S, and no room for it in the line of keys.
SKIP = Content("S skips it.").stylize(Style.from_meta({"@click": "screen.skip"}))
NOT_WEIGHED = "What is asked in private is weighed for nobody, and shown to nobody before the debrief. S skips it."


class Table(Covered, Horizontal):
    """The story and its choices, and what lies beside them."""


class StoryPage(Covered, Page[None]):
    """One play as one seat sees it, and what this seat can do."""

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
        self._offered_at = 0.0  # when the way onward, or a private question, came on the screen
        self._asked: Question | None = None  # what is asked in private now
        self._answer_sent = False  # whether its answer is on its way to the log
        self._answered_at = 0.0
        self._unread = False  # whether whoever sits here has something on the screen and has not acted since

    def compose(self) -> ComposeResult:
        yield TopBar()
        with Table(id="table"):
            yield Main(id="main")
            yield Side(id="side")
        yield KeyLine()

    def _show(self, seen: Look) -> None:
        """Draw what is now, and let the right person act."""
        raise NotImplementedError

    def come_back(self) -> None:
        """Look again, after a pause or when somebody else has moved the story."""
        raise NotImplementedError

    def _after(self, job: Callable[[], object]) -> Callable[[], Look]:
        """Do something with the session in a worker, then look."""
        return partial(look_after, job, self.session, self._at, self._own)

    # --- drawing ------------------------------------------------------------------------------------------------

    def _draw(self, seen: Look, seat: str, *, resting: bool = True) -> None:
        """`resting`: nothing can be chosen any more until something is offered."""
        if not self._read:
            self.call_after_refresh(self.shell.settle)
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
        self._offered = self._asked = None
        self.query_one(Choices).display = False
        self.query_one(Scale).display = False
        self.query_one(Onward).display = False
        self._onward = None
        self.refresh_bindings()

    def _offer_onward(self, text: str, then: Callable[[], None]) -> None:
        self._onward = then
        self._offered_at = monotonic()
        self.query_one(Onward).offer(text)

    def _is_offered(self, view: View) -> bool:
        """Whether the same choices of the same scene stand on the screen or are about to, and none is on its way to the log."""
        before, choices = self._offered, self.query_one(Choices)
        if before is None or (choices.display and choices.held):
            return False
        return (before.seat, before.scene, before.options) == (view.seat, view.scene, view.options)

    def _offer(self, view: View) -> None:
        self._offered = view
        choices = self.query_one(Choices)
        choices.offer(view.options, _question(view, len(self.session.seats)))
        choices.name_commit("Do it")
        self.refresh_bindings()

    # --- what is asked in private -------------------------------------------------------------------------------

    def _ask(self, question: Question) -> None:
        """Put a private question in the place of the choices, below what has just happened: one press answers it, one skips it.

        It is weighed for nobody, and shown to nobody before the debrief.
        """
        self._asked, self._answer_sent, self._offered_at = question, False, monotonic()
        asked = Content.assemble(("Only you: ", "bold $accent"), (question.text, "bold"))
        about = Content.assemble((f"{question.note} ", "$quiet"), SKIP)
        if question.about == "distress":
            self.query_one(Scale).ask(asked, about, question.answers, brief=SKIP)
        else:
            below = Content.assemble(" ", SKIP) if self.query_one(Main).has_class("-cramped") else Content("\n") + about
            choices = self.query_one(Choices)
            answers = [Option(action=answer.id, text=answer.text, open=True) for answer in question.answers]
            choices.offer(answers, asked + below, at_once=True)
            choices.name_commit("That is my answer")
        self.remove_class("-side-open")
        self.refresh_bindings()

    def _answer(self, answer: str | None) -> None:
        question, seat = self._asked, self._at
        if question is None or seat is None or self._answer_sent:
            return
        if monotonic() - self._offered_at < curtain.DOUBLE_PRESS:
            self.query_one(Choices).reopen()  # a press that was meant for what was on the screen before
            return
        self._answer_sent, self._answered_at = True, monotonic()
        self.query_one(Choices).hold()
        job = partial(self.session.answer, seat, question, answer)
        self.in_background(self._after(job), self._show, self._too_late)

    def _too_late(self, error: Exception) -> None:
        """Somebody at another screen has acted meanwhile: there is nothing left to answer, and no harm done."""
        from simulator.engine import NotAllowed
        from simulator.log import Stale  # deferred: drawing a play needs no store

        self._asked = None
        if not isinstance(error, Stale | NotAllowed):
            self.shell.trouble(error)
        self.come_back()

    def on_scale_chosen(self, message: Scale.Chosen) -> None:
        message.stop()
        self._answer(message.answer)

    def action_skip(self) -> None:
        if self._is_covered():
            self.action_side()
        else:
            self._answer(None)

    # --- keys and presses ---------------------------------------------------------------------------------------

    def on_choices_committed(self, message: Choices.Committed) -> None:
        message.stop()
        seat, option = self._at, message.option
        if self._asked is not None:
            self._answer(option.action)
        elif seat is not None and self._offered is not None and option in self._offered.options:
            self._unread = False
            self._committed()
            job = partial(choose, self.session, seat, option.action)
            self.in_background(self._after(job), self._show, self._not_kept)

    def action_say(self) -> None:
        """Open what can be said; nothing is said yet. A doubled key that skipped a question opens nothing."""
        if self._drawn is not None and monotonic() - self._answered_at >= curtain.DOUBLE_PRESS:
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
        # Asked for each key of each page that is drawn: the cheap questions come first.
        offered = self._offered is not None and self._drawn is not None and bool(self._drawn.sayable)
        return offered and not self.query_one(Choices).held

    def help_for_now(self) -> str:
        if self._asked is not None:
            return f"{self.help_text} {NOT_WEIGHED}"
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
        self.query_one(Scale).say_more(message.more)
        self.query_one(Onward).say_more(message.more)

    def action_onward(self) -> None:
        if self._onward is not None:
            if monotonic() - self._offered_at < curtain.DOUBLE_PRESS:
                return
            then, self._onward = self._onward, None
            then()
        else:
            self._now_open().action_commit()

    def _now_open(self) -> Choices | Scale:
        scale = self.query_one(Scale)
        return scale if scale.display else self.query_one(Choices)

    @on(Button.Pressed, "#onward-button")
    def _onward_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.action_onward()

    def on_key(self, event: object) -> None:
        """A choice's key works wherever the focus is, as long as the choices can be seen."""
        key, now = getattr(event, "character", None), self._now_open()
        if key and len(key) == 1 and now.display and not self._is_covered() and now.press(key.lower()):
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

    def _is_covered(self) -> bool:
        """Whether the side lies over the story and what can be done; nothing that cannot be seen is done by accident."""
        return self.has_class("-side-open") and not self.has_class("-wide")

    def _focus_choices(self) -> None:
        now = self._now_open()
        if not now.display:
            self.query_one(Transcript).focus()
        else:
            (now if isinstance(now, Scale) else now.query_one("#choices-list")).focus()

    def action_page(self) -> None:
        self.query_one(Side).turn_page()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "page":
            return self._side_is_open()
        if action == "say":
            return self._can_say()
        if action == "onward":
            return not self._is_covered()
        if action == "skip":
            return self._asked is not None
        if action == "leave":  # the same key skips what is asked
            return self._asked is None
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


def _question(view: View, seats: int) -> Content | str:
    if view.judgement:
        return Content.assemble(("No right answer here. ", "bold $accent"), view.judgement)
    if view.together:
        words = "You both choose, unseen by each other." if seats <= 2 else unseen(seats, view.together_with)
        return Content.styled(words, "bold $accent")
    return ""
