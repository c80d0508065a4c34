"""What is found in the text that is being written: at once what reading it tells, and proofs once the hands have rested.

A proof lasts only as long as the text stays as it is.
"""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from textual.widgets import OptionList
from textual.widgets.option_list import Option

from facilitator.checks.apart import Apart, Once, Outdated
from facilitator.studying import Desk, Study, politely
from facilitator.tui.studio_ask import told
from facilitator.tui.studio_paper import Paper
from simulator.problems import Problem
from simulator.tui.page import Done

if TYPE_CHECKING:
    from textual.timer import Timer

REST = 1.5  # seconds without a key after which the text is proven
STATES = 300_000  # beyond them it is only said to be too large: a text that runs away must not take the machine along
SECONDS = 3.0


class Proofs(Paper):
    """A screen that proves its text in a process of its own, one at a time. What is proven is known while the app runs."""

    def __init__(self) -> None:
        super().__init__()
        self.prover = Apart(STATES, SECONDS)
        self._due: Timer | None = None
        self._proving: int | None = None  # the version
        self._once: Once | None = None  # what proves it
        self._unable = False
        self._study: Study | None = None  # the latest
        self._listed: tuple[Problem, ...] | None = None

    @property
    def proving(self) -> bool:
        """Whether the text as it is now is being proven."""
        return self._proving == self.version

    def _say(self) -> None:
        """Show how things stand."""

    def tell_study(self, study: Study) -> None:
        """Show what was found, at first without proofs, then with them."""
        self._study = study
        self._list(study.problems)
        if study.version == self.version:
            self.editor.show_problems(study.problems)
        self._say()

    def _list(self, problems: tuple[Problem, ...]) -> None:
        if problems == self._listed:
            return
        shown = self.query_one("#studio-problems", OptionList)
        before = shown.highlighted or 0
        self._listed = problems
        shown.clear_options()
        shown.add_options([Option(told(problem)) for problem in problems] or [Option("Nothing to mend here.")])
        shown.highlighted = min(before, max(0, len(problems) - 1))

    def prove_later(self, changed: float, study: Study, shelf: Desk) -> None:
        """Prove a study, if no key comes for a while. `changed`: when the last one came, by the monotonic clock."""
        if self._due is not None:
            self._due.stop()
        if study.subject is not None and not self._unable:
            wait = max(0.01, changed + REST - time.monotonic())
            self._due = self.set_timer(wait, partial(self._prove, study, shelf))

    def paper_changed(self) -> None:
        if self._proving not in (None, self.version):
            self.stop_proving()

    def paper_opened(self) -> None:
        self.stop_proving()

    def stop_proving(self) -> None:
        self._proving = None
        if self._once is not None:
            self._once.stop()
            self._once = None

    def _prove(self, study: Study, shelf: Desk) -> None:
        self._due = None
        if study.version != self.version or self.opened is None or self.opened.path != shelf.path or self.proving:
            return
        self.stop_proving()
        self._proving, self._once = study.version, Once(self.prover)
        prover = self._once

        def work() -> None:
            # Not by `in_background`: the next check must not wait for this.
            try:
                with politely():
                    proven = shelf.prove(study, prover)
            except Outdated:
                pass
            except Exception as error:
                self.post_message(Done(self._not_proven, error))
            else:
                self.post_message(Done(self._has_proven, proven))

        self.run_worker(work, thread=True, exit_on_error=False, group="proof")
        self.paper_changed()

    def _not_proven(self, error: Exception) -> None:
        self._unable = True  # said once: it would be so after each rest
        self.stop_proving()
        self.tell(f"What needs proofs is not looked at here, only by “handoff check”: {error}".rstrip(".") + ".")

    def _has_proven(self, study: Study) -> None:
        if study.version == self._proving:
            self.stop_proving()
            if study.version == self.version:
                self.tell_study(study)

    def on_unmount(self) -> None:
        self.stop_proving()
