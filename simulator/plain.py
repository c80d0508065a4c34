"""Plain mode: the whole game as lines of text on two streams, for screen readers, pipes and scripts."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TextIO

from simulator.at_table import unseen
from simulator.beside import beside
from simulator.beside import blocks as beside_blocks
from simulator.debrief import CAUTION, analysis
from simulator.engine import NotAllowed
from simulator.following import carries_on, place_in
from simulator.injecting import by_hand, why_not
from simulator.log import Stale
from simulator.plain_saying import OFFER, say
from simulator.play import PHASES
from simulator.predictions import Question
from simulator.script import BadScript, ScriptLine, is_speech, play_line
from simulator.session import Session
from simulator.speaking import words_of
from simulator.tui.words import length
from simulator.view import Entry, Option, Passage, View

HELP = """\
Type the number of an action, or its id, and press Enter.
  t  tell the story so far again     d  duties and time left
  k  what you know                   r  incident report
  c  case file                       m  messages
  p  pause                           o  step out; no reason is asked
  s  say something, where it is offered; nothing is judged during play,
     the debrief says by what right something was said
  q  stop here; the session is kept  ?  this help"""
SHELF_HELP = "  inject  the shelf of whoever runs the room; trainees do not read it"

NO_NAMES = "No real people, please. What you write stays in this store; Enter alone leaves it empty."


class Stopped(Exception):
    """The people stopped before the end; the session is kept."""


class Plain:
    """A session played on an input and an output stream. `width`: columns; `interactive`: somebody is there to ask."""

    def __init__(
        self, session: Session, source: TextIO, out: TextIO, *, width: int = 80, interactive: bool = True
    ) -> None:
        self.session = session
        self.source = source
        self.out = out
        self.width = width
        self.interactive = interactive
        self._told: dict[str, int] = {}
        self._last: str | None = None

    # --- the play ---------------------------------------------------------------------------------------------

    def play(self) -> None:
        """Play to the ending. Raises Stopped, LogError."""
        self._preamble()
        if self.session.paused:
            self.session.take_up()
        while True:
            try:
                self._ask_privately([seat for seat in self.session.human_seats if seat not in self.session.on_turn])
            except _SeatLeft:
                continue
            if self.session.run_others(limit=1):
                continue  # one step, and whoever is asked about the next is asked before it happens
            if self.session.over:
                break
            seat = self.session.on_turn[0]
            self._hand_over(seat)
            self.tell_news(seat)
            try:
                self._ask_privately([seat])
                self._choose(seat)
            except _SeatLeft:
                continue
        for seat in self.session.human_seats or self.session.seats[:1]:
            if self.session.view(seat).standing == "there":  # who has left, or never came, hears the end in the debrief
                self._hand_over(seat)
                self.tell_news(seat)
        self.line()
        ending = self.session.state.game.scenario.scenes[self.session.state.scene].ending
        self.line(
            f"The play ends: {ending.title}" if ending is not None else "The play stops here; its debrief follows."
        )

    def run_script(self, lines: Sequence[ScriptLine], name: str) -> None:
        """Play a script, telling the story as the acting seats see it. Raises BadScript."""
        self._preamble()
        for number, line in enumerate(lines):
            # What is brought by hand before chance has its turn comes before chance.
            then = next((later.seat for later in lines[number:] if later.seat != "inject"), "")
            if line.seat == "inject":
                self.session.run_others() if then != "chance" else None
            elif line.seat != "chance":
                self.session.run_others()
            elif not self.session.state.game.scenes[self.session.state.scene].chance:
                raise BadScript(f"{name}:{line.number}: it is not chance's turn in “{self.session.state.scene}”")
            if line.seat in self.session.seats:
                self._sits(line.seat)
                self.tell_news(line.seat)
            self._play_line(line, name)
        self.session.run_others()
        if not self.session.finished:
            raise BadScript(
                f"{name}: the script stops in “{self.session.state.scene}”, before an ending; "
                f"{', '.join(self.session.on_turn)} would be next"
            )
        for seat in self.session.seats:
            if self._told.get(seat, 0) < len(self.session.view(seat).passages):
                self._sits(seat)
                self.tell_news(seat)

    def _play_line(self, line: ScriptLine, name: str) -> None:
        """One line of a script, told as what was chosen or said. Raises BadScript."""
        session = self.session
        known = line.seat in session.seats
        possible = session.view(line.seat).sayable if known and is_speech(line.action) else ()
        scene = session.state.game.scenes[session.state.scene]
        play_line(session, line, name)
        if line.seat == "inject":
            self.line(f"> inject: {line.action}")
        if known:
            said = next((each.text for each in possible if words_of(each.event) == line.action), None)
            text = scene.actions[line.action].action.text if said is None else said
            self.line(f"> {line.seat}: {line.action} — {text}")

    def debrief(self) -> None:
        """The debrief in the order of PEARLS: reactions, what happened, analysis, summary."""
        session = self.session
        done = PHASES.index(session.debrief_phase) if session.debrief_phase in PHASES else -1
        self._heading("Debrief")
        if done < 0:
            self._ask_each("reactions", "In one line: how was that for you?")
            session.finish_phase("reactions")
        self._heading("What happened")
        for moment in session.timeline():
            secret = f" [only {', '.join(moment.private_to)}]" if moment.private_to else ""
            who = f"{moment.who}: " if moment.who and moment.kind in ("choice", "message") else ""
            label = {
                "message": "message, ", "private": "privately, ", "chance": "chance: ", "inject": "from outside: ",
            }.get(moment.kind, "")  # fmt: skip
            self.line(f"{moment.at:%a %H:%M}{secret} {label}{who}{moment.text}", hang=10)
        if done < 1:
            session.finish_phase("description")
        card = session.scorecard()
        found = analysis(card, session.state.game, session.hindsight(), panels=session.panels(), told=session.told())
        for block in found:
            self._heading(block.heading)
            for text in block.lines:
                self.line(text, hang=3)
        if (both := beside(session)) is not None:
            for block in beside_blocks(both):
                self._heading(block.heading)
                for text in block.lines:
                    self.line(text, hang=3)
        if card.ending_felt:
            self._heading("The survivor's own account, some weeks later")
            self.line(card.ending_felt)
        if done < 2:
            session.finish_phase("analysis")
        self.line()
        self.line(CAUTION)
        if done < 3:
            self._ask_each("keep", "One thing you will keep doing:")
            self._ask_each("change", "One thing you will do differently:")
            session.finish_phase("summary")
        if after := carries_on(session):
            self._heading("What goes on")
            for text in after:
                self.line(text, hang=3)

    def offers(self, question: str) -> bool:
        """Whether somebody presses Enter alone to a question."""
        self.line()
        self.line(question)
        try:
            return self.ask("> ").lower() in ("", "y", "yes")
        except Stopped:
            return False

    # --- one turn ---------------------------------------------------------------------------------------------

    def _ask_privately(self, seats: Sequence[str]) -> None:
        """Whoever of these is asked something in private answers it, or skips it."""
        for seat in seats if self.interactive else ():
            for question in self.session.questions(seat):
                self._hand_over(seat)
                self.tell_news(seat)
                self._answer_privately(seat, question)

    def _hand_over(self, seat: str) -> None:
        if len(self.session.human_seats) > 1 and self.session.needs_curtain(self._last, seat):
            view = self.session.view(seat)
            alias = next((p.alias for p in self.session.places if p.seat == seat and p.alias), "")
            if self.interactive:
                self.out.write("\n" * 30 if self.out.isatty() else "\n")
            who = f"{alias}, " if alias else ""
            comes = seat not in self._told and self.session.bundle.scenario.seats[seat].enters
            now = f" {view.seat_name} comes into the story now." if comes else ""
            self.line(f"--- Next: {who}{view.seat_name} ({view.role}).{now} The others look away. ---")
            if self.interactive and self.out.isatty():
                self.ask("Press Enter when you have the keyboard. ")
            if self.out.isatty():
                self._told[seat] = max(0, self._told.get(seat, 0) - 2)  # the last lines again, for orientation
        self._last = seat

    def _sits(self, seat: str) -> None:
        """In a script nobody hands a keyboard over; the line says whose eyes the story is told through."""
        if seat != self._last:
            self.line()
            self.line(f"--- {self.session.view(seat).seat_name} ---")
        self._last = seat

    def tell_news(self, seat: str) -> None:
        """The story as this seat sees it, from where it stopped reading."""
        view = self.session.view(seat)
        told = self._told.get(seat)
        if told is None:
            self.line()
            self.line(f"You are {view.seat_name}, {view.role}.")
            self.line(view.brief)
        for passage in view.passages[told or 0 :]:
            self._passage(passage, seat)
        self._told[seat] = len(view.passages)

    def _passage(self, passage: Passage, seat: str) -> None:
        if passage.kind == "scene":
            self.line()
            self.line(f"{passage.at:%a %H:%M}  {passage.title}".rstrip())
            self.line(passage.text)
        elif passage.kind == "private":
            self.line(f"Only you: {passage.text}")
        elif passage.kind == "choice":
            self.line(f"{passage.who}: {passage.text}", hang=2)
        elif passage.kind == "message":
            self.line(f"Message from {passage.who}: {passage.text}", hang=2)
        elif passage.kind == "inject":
            self.line()
            self.line(f"{passage.at:%a %H:%M}  {passage.text}")
        elif passage.kind == "learned":
            source = {"survivor": "from the survivor", "scene": "you can see it"}.get(
                str(passage.who), f"from {passage.who}"
            )
            self.line(f"You now know {passage.text} ({source}).", hang=2)
        else:
            self.line(passage.text)

    def _choose(self, seat: str) -> None:
        while self._speaks(seat, self._turn(seat)):
            self.tell_news(seat)

    def _speaks(self, seat: str, said: bool) -> bool:
        """Whether the turn goes on after this, because something was only said."""
        return said and not self.session.finished and seat in self.session.on_turn

    def _turn(self, seat: str) -> bool:
        """One choice, or one thing said. Returns whether it was said."""
        view = self.session.view(seat)
        self.line()
        if view.judgement:
            self.line(f"{view.judgement} There is no right answer here.")
        if view.together:
            self.line(unseen(len(self.session.seats), view.together_with))
        self._offer(view)
        while True:
            answer = self.ask(f"{view.seat_name}, {view.now:%H:%M}> ").lower()
            if answer == "inject" or answer.startswith("inject:"):
                if self._inject(answer.partition(":")[2].strip()):
                    return True
                continue
            if answer == "s" and view.sayable:
                if say(self, seat):
                    return True
                self._offer(view)
                continue
            if self.aside(answer, seat, view):
                continue
            option = _picked(answer, view.options)
            if option is None:
                self.line(f"“{answer}” is none of them. Type a number from 1 to {len(view.options)}, or ? for help.")
                continue
            if not option.open:
                self.line(f"That is closed: {option.reason}")
                continue
            try:
                self.session.choose(seat, option.action)
            except (NotAllowed, Stale) as error:
                self.line(str(error))
            return False

    def _offer(self, view: View) -> None:
        """What can be done, and below it that something can be said."""
        self._list(view.options)
        if view.sayable:
            self.line(OFFER)

    def _list(self, found: Sequence[Option]) -> None:
        for number, option in enumerate(found, 1):
            if option.open:
                took = f" ({length(option.minutes)})" if option.minutes else ""
                self.line(f" {number}. {option.text}{took}", hang=4)
            else:
                self.line(f" -  closed: {option.text} ({option.reason})", hang=4)

    def _answer_privately(self, seat: str, question: Question) -> None:
        """One line answers; Enter alone skips."""
        self.line()
        self.line(f"Privately: {question.text} {question.note} Enter alone skips.")
        options = [Option(action=answer.id, text=answer.text, open=True) for answer in question.answers]
        if question.about == "distress":
            self.line(f" {question.answers[0].text} … {question.answers[-1].text}")
        else:
            self._list(options)
        while True:
            said = self.ask("privately> ").lower()
            if said and self.aside(said, seat, self.session.view(seat)):
                if question not in self.session.questions(seat):
                    return  # whoever was asked has left the seat
                continue
            by_id = next((option for option in options if option.action == said), None)
            option = by_id if question.about == "distress" else _picked(said, options)
            if said and option is None:
                keys = f"0 to {len(options) - 1}" if question.about == "distress" else f"1 to {len(options)}"
                self.line(f"“{said}” is none of them. Type a number from {keys}, or press Enter to skip.")
                continue
            self.session.answer(seat, question, option.action if option else None)
            return

    def aside(self, answer: str, seat: str, view: View) -> bool:
        """Keys that look something up or pause; True if the answer was one."""
        match answer:
            case "":
                return True
            case "?" | "h" | "help":
                self.out.write(HELP + "\n" + (f"{SHELF_HELP}\n" if by_hand(self.session.state) else ""))
            case "t":
                for passage in view.passages:
                    self._passage(passage, seat)
                self._offer(view)
            case "d":
                self._duties(view)
            case "k":
                self._block("You know", [f"{i.text} ({i.source}, {i.at:%a %H:%M})" for i in view.items])
            case "r":
                self._block("Incident report", _written(view.report))
            case "c":
                self._block("Case file", _written(view.case_file))
            case "m":
                self._block("Messages", _written(view.messages))
            case "p" | "o":
                self._pause(seat)
            case "q":
                self.session.pause()
                raise Stopped
            case _:
                return False
        return True

    def _inject(self, wanted: str) -> bool:
        """Bring what is wanted from the shelf; nothing wanted: read the shelf out, once it is clear who reads. True if one came."""
        shelf = {inject.id.lower(): inject for inject in by_hand(self.session.state)}
        if wanted:
            try:
                self.session.inject(shelf[wanted].id if wanted in shelf else wanted)
            except (NotAllowed, Stale) as error:
                self.line(f"Not now: {error}.".replace("..", "."))
                return isinstance(error, Stale)
            return True
        if not shelf:
            self.line("There is nothing on the shelf to be brought by hand.")
            return False
        self.line("The shelf is for whoever runs the room: it tells what may still come. Whoever plays looks away.")
        if self.ask("Type “shelf” to read it, Enter to leave it closed. ").lower() != "shelf":
            return False
        for inject in shelf.values():
            why = why_not(self.session.state, inject.id)
            self.line(f"inject: {inject.id} — {inject.inject.synopsis}" + (f" (not now: {why})" if why else ""), hang=4)
            if inject.inject.expected:
                self.line(f"    Expected: {inject.inject.expected}", hang=4)
        self.line("Type “inject: ID” to bring one.")
        return False

    def _duties(self, view: View) -> None:
        if not self.session.countdowns:
            self.line("Duties and countdowns are switched off for this session.")
            return
        rows = []
        for duty in view.duties:
            left = f", {duty.left} min left" if duty.left is not None else ""
            rows.append(f"{duty.status}{left}: {duty.text} (clause {duty.clause})")
        self._block("Your agency's duties", rows)

    def _pause(self, seat: str) -> None:
        self.session.pause()
        self.line("Paused. Nothing is running. Take the time you need; nobody asks why.")
        self.line("Enter: go on · c: let the computer play your part · q: stop here, the session is kept")
        while True:
            answer = self.ask("paused> ").lower()
            if answer == "q":
                raise Stopped
            if answer == "c":
                self.session.resume({seat: "typical"})
                raise _SeatLeft
            if answer == "":
                self.session.resume()
                return

    # --- lines ------------------------------------------------------------------------------------------------

    def line(self, text: str = "", *, hang: int = 0) -> None:
        """One paragraph, wrapped; `hang` spaces before its second line and the next."""
        for part in text.rstrip("\n").split("\n"):
            wrapped = textwrap.fill(part, self.width, subsequent_indent=" " * hang, break_on_hyphens=False)
            self.out.write(wrapped + "\n")
        self.out.flush()

    def _heading(self, text: str) -> None:
        self.line()
        self.line(text)
        self.line("-" * min(len(text), self.width))

    def _block(self, heading: str, rows: Sequence[str]) -> None:
        self.line(f"{heading}:" if rows else f"{heading}: nothing yet.")
        for row in rows:
            self.line(f"  - {row}", hang=4)

    def ask(self, prompt: str) -> str:
        """A line from whoever sits here. Raises Stopped at the end of the input."""
        self.out.write(prompt)
        self.out.flush()
        answer = self.source.readline()
        if not answer:
            self.out.write("\n")
            if not self.session.over:
                self.session.pause()
            raise Stopped
        return answer.strip()

    def _ask_each(self, phase: str, question: str) -> None:
        if not self.interactive:
            return
        for seat in self.session.human_seats:
            name = self.session.view(seat).seat_name
            self.line()
            self.line(f"{name}. {question} {NO_NAMES}")
            text = self.ask("> ")
            if text:
                self.session.remark(seat, phase, text)

    def _preamble(self) -> None:
        scenario = self.session.bundle.scenario
        if part := place_in(self.session.bundle):
            self.line(part)
        self.line(scenario.title)
        self.line("=" * len(scenario.title))
        self.line(scenario.summary)
        self.line(f"Before you begin: this scenario has {', '.join(scenario.advisories)}.")
        self.line(f"Agreement: {self.session.bundle.mou.title} · Law: {self.session.bundle.jurisdiction.title}")
        waiting = [key for key, sign in scenario.sign_offs.items() if "awaiting" in sign.name]
        if waiting:
            self.line(f"Awaiting local sign-off: {', '.join(waiting)}.")
        if self.interactive:
            self.line("You can pause (p) or step out (o) at any prompt, without giving a reason. ? shows all keys.")


class _SeatLeft(Exception):
    """A seat was handed to the computer; the turn begins anew."""


def _picked(answer: str, found: Sequence[Option]) -> Option | None:
    if answer.isdecimal() and 1 <= int(answer) <= len(found):
        return found[int(answer) - 1]
    return next((option for option in found if option.action == answer), None)


def _written(entries: Sequence[Entry]) -> list[str]:
    rows = []
    for entry in entries:
        label = {"sent": f"to {entry.who}: ", "received": f"from {entry.who}: ", "report": ""}
        rows.append(f"{entry.at:%a %H:%M} {label.get(entry.kind, f'{entry.kind}: ')}{entry.text}")
    return rows
