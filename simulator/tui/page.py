"""The base of our screens: work in the background, and a screen's own words for the help page."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast

from textual.app import ReturnType
from textual.message import Message
from textual.reactive import Reactive
from textual.screen import Screen

if TYPE_CHECKING:
    from textual.widget import Widget

    from simulator.tui.desk import Desk
    from simulator.tui.shell import Shell

T = TypeVar("T")


class Done(Message, bubble=False):
    """A background job has ended: with a result, or with an error."""

    def __init__(self, then: Callable[[Any], object], result: Any):
        super().__init__()
        self.then = then
        self.result = result


class Page(Screen[ReturnType], Generic[ReturnType]):
    """A screen that can work in the background. `help_text` is shown by F1, above the list of keys."""

    help_text: ClassVar[str] = ""
    pauses_story: ClassVar[bool] = False  # whether pausing here means pausing a play under way
    # What gets or loses the focus is painted for itself; the framework would paint the whole screen besides.
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    @property
    def shell(self) -> Shell:
        return cast("Shell", self.app)

    @property
    def desk(self) -> Desk:
        return self.shell.desk

    def in_background(
        self,
        job: Callable[[], T],
        then: Callable[[T], object],
        failed: Callable[[Exception], object] | None = None,
        group: str = "job",
    ) -> None:
        """Run `job` in a thread, then `then` with its result here. An error goes to `failed`, and by default to
        a plain message on the screen. The result of a screen that has been left is dropped."""
        work = partial(self._work, job, then, failed or self.shell.trouble)
        self.run_worker(work, thread=True, exclusive=True, exit_on_error=False, group=group)

    def _work(self, job: Callable[[], T], then: Callable[[T], object], failed: Callable[[Exception], object]) -> None:
        try:
            with self.desk.lock:
                result = job()
        except Exception as error:
            # Whatever it is, the person must be told, and the app must live.
            self.post_message(Done(failed, error))
        else:
            self.post_message(Done(then, result))

    async def on_done(self, message: Done) -> None:
        waiting = message.then(message.result)
        if isawaitable(waiting):
            await waiting

    def help_for_now(self) -> str:
        """What F1 says about this screen; a screen that changes says what is true now."""
        return self.help_text
