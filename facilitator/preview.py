"""`handoff preview`: play a scenario while it is being written.

Each time a file beside it is saved it is read again. What has problems is told and set aside; what is good is played
on: the recorded choices are made again by their ids, up to the same point or to the first that no longer fits.
Nothing is stored.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from facilitator.following import Files, Lines
from facilitator.playing import library
from facilitator.rehearsal import BadJump, Choice, Jump, Rehearsal, jump_to, parse_jump, rehearse, replay, written
from simulator import engine
from simulator.library import Bundle, Library
from simulator.plain import Plain, Stopped
from simulator.problems import Unreadable, render
from simulator.script import is_speech
from simulator.speaking import words_of
from simulator.view import Option, view

POLL = 0.3  # seconds between two looks at the files

COMMANDS = """\
  NUMBER, or an action's id
        it is chosen; chance too is yours to choose
  tell SEAT ITEM in person, and the like
        it is said, where telling is open; as scripts write it
  back  take the last choice back
  jump SCENE [what is true there]
        such as: jump handover officer_arrived trust=3 key_wish=stays_here
        also fact=2 (twice), knows:SEAT:ITEM, signed:FORM
  where the scene's place in the file, and what is true here
  t d k r c m
        as in play: story, duties, what is known, report, case file, messages
  quit  leave; nothing was stored"""


def preview(args: argparse.Namespace) -> int:
    """Exit code 0 when left on purpose, 1 if the file cannot be read and nobody is there to mend it, 2 if there is none."""
    path = Path(args.file)
    if not path.is_file():
        print(f"handoff: there is no file “{args.file}”; “handoff new NAME” writes one to begin from", file=sys.stderr)
        return 2
    width = min(100, shutil.get_terminal_size((80, 24)).columns)
    shown = Preview(path, library(args), sys.stdin, sys.stdout, width=width, waits=sys.stdin.isatty())
    shown.mou, shown.jurisdiction = args.mou, args.jurisdiction
    return shown.run()


class Preview(Plain):
    """A play on two streams that follows a file. `waits`: whether somebody can still mend a file with problems."""

    session: Rehearsal

    def __init__(
        self, path: Path, shelf: Library, source: TextIO, out: TextIO, *, width: int = 80, waits: bool = True
    ) -> None:
        super().__init__(None, source, out, width=width, interactive=False)  # type: ignore[arg-type]
        self.path, self.shelf, self.waits = path, shelf, waits
        self.mou: str | None = None
        self.jurisdiction: str | None = None
        self.jump: Jump | None = None
        self._good: Bundle | None = None
        # All that was chosen, also what a save cut off: the next save may mend it.
        self._wanted: tuple[Choice, ...] = ()
        self._troubled = False
        self._files = Files(path)
        self._lines = Lines(source)
        self._held: str | None = None  # typed just when the file was saved
        self.poll = POLL
        self._shown: list[Choice] = []  # what the numbers on the screen stand for

    def run(self) -> int:
        """Follow the file until whoever writes leaves. Returns the exit code."""
        try:
            while not self._load():
                if not self.waits:
                    return 1
                self.line("Save it again when it is mended; quit leaves.")
                self._answer("> ")
            self.line(f"{self.bundle.scenario.title}. ? shows the commands. Save the file, and the play goes on.")
            while True:
                self._show()
                self._obey()
        except (Stopped, KeyboardInterrupt):
            self.line("Nothing was stored.")
            return 0

    @property
    def bundle(self) -> Bundle:
        assert self._good is not None
        return self._good

    # --- the file ---------------------------------------------------------------------------------------------

    def _load(self) -> bool:
        """Read the text. Returns whether it is good; if not, its problems are told and the last good one stays."""
        try:
            fresh = self.shelf.bundle(self.path, mou=self.mou, jurisdiction=self.jurisdiction)
        except Unreadable as error:
            for problem in error.problems:
                self.out.write(render(problem) + "\n")
            if self._good is not None:
                self.line("The last good version stays.")
            self._troubled = True
            return False
        if self._good is None:
            self._good, self.session = fresh, rehearse(fresh)
        elif [text.digest for text in fresh.texts] != [text.digest for text in self._good.texts]:
            self._good = fresh
            self._go(self._wanted, "Saved, and read again.")
        elif self._troubled:
            self.line("It reads again, as before.")
        self._troubled = False
        if fresh.warnings:
            more = len(fresh.warnings)
            self.line(f"({more} warning{'s' * (more != 1)}; “handoff check {self.path.name}” tells more.)")
        return True

    def _go(self, choices: Sequence[Choice], why: str) -> None:
        """Begin anew and make these choices again, by their ids."""
        self.line()
        try:
            self.session, lost, reason = replay(self.bundle, self.jump, choices)
        except BadJump as error:
            self.line(f"{why} The jump no longer fits: {error} Back at the opening.")
            self.jump, self._wanted = None, ()
            self.session, lost, reason = rehearse(self.bundle), None, ""
        else:
            made = len(self.session.choices)
            again = f" {made} choice{'s' * (made != 1)} made again." if choices else ""
            self.line(why + again)
        if lost is not None:
            self.line(f"Stopped before “{lost}”: {reason.rstrip('.')}.", hang=2)
        self._orient()

    def _orient(self) -> None:
        """Tell each seat the last scene again, not the whole story."""
        for seat in self.session.seats:
            passages = self.session.view(seat).passages
            scenes = [at for at, passage in enumerate(passages) if passage.kind == "scene"]
            self._told[seat] = scenes[-1] if scenes else 0
        self._last = None

    # --- one turn ---------------------------------------------------------------------------------------------

    def _show(self) -> None:
        """The scene as the seat on turn sees it, and what can be done."""
        state = self.session.state
        seats = self.session.on_turn or tuple(
            seat for seat in self.session.seats if seat in state.game.scenes[state.scene].present
        )
        self._sits(seats[0] if seats else self.session.seats[0])
        self.tell_news(self._last or "")
        scene = state.game.scenes[state.scene].scene
        self.line()
        if scene.ending is not None:
            self.line(f"The play ends: {scene.ending.title}. back, jump, or quit.")
            self._shown = []
            return
        if scene.judgement is not None:
            self.line(f"{scene.judgement.question} There is no right answer here.")
        for seat in self.session.seats:
            for asked in view(state, seat).questions:
                self.line(f"({seat} may answer privately: {asked.text})")
        found = engine.outcomes(state)
        if found:
            self.line("Chance decides; here you do.")
            self._list([Option(action=o.id, text=o.action.text, open=True, minutes=o.action.minutes) for o in found])
            self._shown = [Choice("chance", outcome.id) for outcome in found]
            return
        seat = self.session.on_turn[0]
        seen = view(state, seat)
        self._list(seen.options)
        self._shown = [Choice(seat, option.action) for option in seen.options]
        if seen.sayable:
            self.line(f"Or say: {', '.join(words_of(each.event) for each in seen.sayable)}", hang=4)

    def _obey(self) -> None:
        """Take one line from whoever writes, or the file's next version."""
        who = self.session.on_turn[0] if self.session.on_turn else ("chance" if self._shown else "end")
        while True:
            answer = self._answer(f"{who}> ")
            if answer is None:  # the file was saved
                if self._load():
                    return
                continue
            word, *rest = answer.split() or [""]
            if word == "back":
                made = self.session.choices
                self._wanted = made[:-1]
                self._go(self._wanted, "One choice back." if made else "At the beginning.")
                return
            if word == "jump":
                if self._jump(rest):
                    return
            elif word == "where":
                self._where()
            elif word in ("?", "h", "help"):
                self.out.write(COMMANDS + "\n")
            elif len(word) == 1 and word in "tdkrcm":
                seat = self._last or self.session.seats[0]
                self.aside(word, seat, self.session.view(seat))
            elif word and self._take(answer):
                return

    def _take(self, answer: str) -> bool:
        """Make the choice that is meant; tell why if it cannot be made."""
        number = int(answer) if answer.isdecimal() else 0
        choice = next((choice for choice in self._shown if choice.action == answer), None)
        if 1 <= number <= len(self._shown):
            choice = self._shown[number - 1]
        if choice is None and self.session.on_turn and is_speech(answer):
            choice = Choice(self.session.on_turn[0], " ".join(answer.split()))
        if choice is None:
            self.line(f"“{answer}” is none of them; ? shows the commands.")
            return False
        try:
            self.session.take(choice)
        except engine.NotAllowed as error:
            said = str(error).rstrip(".")
            self.line(f"{said[0].upper()}{said[1:]}.")
            return False
        self._wanted = self.session.choices
        return True

    def _jump(self, words: Sequence[str]) -> bool:
        try:
            jump = parse_jump(words, self.bundle)
        except BadJump as error:
            self.line(str(error))
            return False
        self.jump, self._wanted = jump, ()
        self._go((), f"In “{jump.scene}”.")
        return True

    def _where(self) -> None:
        """Where this scene is written, and the record."""
        state = self.session.state
        game = state.game
        file, line, column = self.bundle.place("scenario", "scenes", state.scene)
        self.line(f"Scene “{state.scene}”, {file}:{line}:{column}; {game.calendar.at(state.now):%a %H:%M}.")
        self.line(f"Here again: jump {written(jump_to(state))}", hang=2)
        if self.session.choices:
            self.line("Choices: " + ", ".join(map(str, self.session.choices)), hang=2)

    # --- lines ------------------------------------------------------------------------------------------------

    def _answer(self, prompt: str) -> str | None:
        """The next line typed, or None as soon as the file was saved. Raises Stopped."""
        self.out.write(prompt)
        self.out.flush()
        while True:
            raw, self._held = self._held, None
            if raw is None:
                raw = self._lines.next(self.poll)
            if self._files.saved():
                self._held = self._meant(raw)
                self.line()
                return None
            if raw is not None:
                if not raw or raw.strip().lower() in ("q", "quit"):
                    raise Stopped
                return raw.strip()

    def _meant(self, raw: str | None) -> str | None:
        """A number means the list it was typed under, so it is kept as the action's id."""
        word = (raw or "").strip()
        if word.isdecimal() and 1 <= int(word) <= len(self._shown):
            return self._shown[int(word) - 1].action
        return raw
