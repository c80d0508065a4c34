"""What can be done from the room's table: for the marked pair, or for all. Each is an event of the pair's session."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.widgets import OptionList

from facilitator.room import COMPUTER, Pair, Reader, Table
from facilitator.tui.asking import Ask
from facilitator.tui.room_ask import Back, Whom, WriteLine
from simulator.tui.page import Page

if TYPE_CHECKING:
    from facilitator.room_back import Point
    from simulator.session import Session
    from simulator.watching import Watcher

ALL = "all pairs"
IN_DEBRIEF = "This pair is in its debrief; there is nothing left to play."


class Doing(Page[None]):
    """The room's screen, as far as it acts. `_reader`, `_table` and `_watcher` are there once the room was found and read."""

    def __init__(self) -> None:
        super().__init__()
        self._reader: Reader | None = None
        self._table: Table | None = None
        self._watcher: Watcher | None = None

    def read(self) -> None:
        """Read the room anew."""
        raise NotImplementedError

    @property
    def pair(self) -> Pair | None:
        """The pair that is marked."""
        at = self.query_one(OptionList).highlighted
        pairs = self._table.pairs if self._table is not None else ()
        return pairs[at] if at is not None and at < len(pairs) else None

    def _say(self, text: str) -> None:
        self.notify(text, markup=False)

    # --- doing --------------------------------------------------------------------------------------------------

    def _do(self, pairs: Sequence[Pair], what: Callable[[Session], object], said: str) -> None:
        """Do something with the sessions of these pairs, one after the other."""
        reader = self._reader
        assert reader is not None

        def job() -> None:
            for pair in pairs:
                what(reader.session(pair.session))

        self.in_background(job, partial(self._done, said), self._refused, group="do")

    def _done(self, said: str, _: object) -> None:
        self._say(said)
        self.read()

    def _refused(self, error: Exception) -> None:
        from simulator.engine import NotAllowed
        from simulator.log import Stale

        if isinstance(error, NotAllowed | Stale):
            why = "somebody moved the story just now; look again" if isinstance(error, Stale) else str(error)
            self.notify(f"Not done: {why}.", severity="warning", markup=False)
        else:
            self.shell.trouble(error)
        self.read()

    def _ask_whom(self, question: str, note: str, then: Callable[[Sequence[Pair], str], object]) -> None:
        """This pair, or all."""
        pair, table = self.pair, self._table
        if pair is None or table is None:
            return

        def chosen(answer: str | None) -> None:
            if answer == "t":
                then((pair,), pair.who)
            elif answer == "a":
                then(table.pairs, ALL)

        self.app.push_screen(Whom(question, (("t", f"This pair: {pair.who}"), ("a", "All pairs")), note), chosen)

    def action_hold(self) -> None:
        note = "Their screens say that whoever runs the room has paused. A pause of their own stays theirs."
        self._ask_whom("Pause the story?", note, self._hold)

    def _hold(self, pairs: Sequence[Pair], who: str) -> None:
        self._do(pairs, lambda session: session.hold(True), f"Paused: {who}.")

    def action_go_on(self) -> None:
        note = "Whoever has paused for themselves stays paused until they come back."
        self._ask_whom("Let the story go on?", note, self._go_on)

    def _go_on(self, pairs: Sequence[Pair], who: str) -> None:
        self._do(pairs, lambda session: session.hold(False), f"It goes on: {who}.")

    def action_end(self) -> None:
        note = (
            "Their screens turn to the debrief at once. A play without an ending is debriefed as far as it came; it stays "
            "unfinished and enters no figures. This cannot be taken back."
        )
        self._ask_whom("Move on to the debrief?", note, self._end)

    def _end(self, pairs: Sequence[Pair], who: str) -> None:
        reader = self._reader
        assert reader is not None
        if who == ALL and reader.room is not None:
            room, store = reader.room, reader.store
            self.in_background(lambda: store.set_stage(room.id, "debrief"), lambda _: None, group="stage")
        self._do(pairs, lambda session: session.conclude(), f"Moved on to the debrief: {who}.")

    def action_open(self) -> None:
        note = (
            "What happened, and how it was weighed, opens once everybody has finished their first reactions. This opens it for those "
            "who wait; whoever still writes is not disturbed."
        )
        self._ask_whom("Wait no longer for first reactions?", note, self._open)

    def _open(self, pairs: Sequence[Pair], who: str) -> None:
        closed = [pair for pair in pairs if pair.stage == "debrief" and pair.phase is None]

        def unlock(session: Session) -> None:
            if session.over and session.debrief_phase is None:
                session.finish_phase("reactions")

        if closed:
            self._do(closed, unlock, f"Opened: {who}.")
        else:
            self._say("There is nobody in a debrief who waits for first reactions.")

    def action_seat(self) -> None:
        """Those who wait get a seat; where the pairs make themselves, only those are left who do not fit together."""
        reader, table = self._reader, self._table
        if reader is None or reader.room is None or table is None or not table.waiting:
            return
        note = "Nobody is put into a seat that they did not ask for. Together: a play for each table that is full."
        answers = (("t", "Together, as far as they fit"), ("c", "The others beside a computer partner"))
        self.app.push_screen(Whom("Seat those who wait?", answers, note), self._seat)

    def _seat(self, answer: str | None) -> None:
        from facilitator.room_seating import seat_waiting

        reader = self._reader
        if answer is None or reader is None or reader.room is None:
            return
        room = reader.room

        def job() -> int:
            return seat_waiting(self.desk.library, reader.store, room, alone=answer == "c")

        def done(begun: int) -> None:
            self._done(f"{begun} plays begun." if begun != 1 else "One play begun.", None)

        self.in_background(job, done, self._refused, group="do")

    # --- one pair -----------------------------------------------------------------------------------------------

    def _playing(self) -> Pair | None:
        """The marked pair, if it still plays; otherwise it is said why nothing comes of this."""
        pair = self.pair
        if pair is not None and pair.stage in ("debrief", "done"):
            self._say(IN_DEBRIEF)
            return None
        return pair

    @on(OptionList.OptionSelected, "#room-pairs")
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_watch()

    def action_watch(self) -> None:
        from facilitator.tui.room_watch import WatchScreen

        pair = self.pair
        if pair is not None and self._reader is not None and self._watcher is not None:
            self.app.push_screen(WatchScreen(self._reader, pair.session, self._watcher))

    def action_inject(self) -> None:
        from simulator.tui.screens.shelf import Shelf, offers

        pair, reader = self._playing(), self._reader
        if pair is None or reader is None:
            return

        def bring(inject: str | None) -> None:
            if inject is not None:
                self._do((pair,), lambda session: session.inject(inject), f"Brought to {pair.who}.")

        self.in_background(
            lambda: offers(reader.session(pair.session)),
            lambda offered: self.app.push_screen(Shelf(offered), bring),
            group="open",
        )

    def action_message(self) -> None:
        pair, table = self.pair, self._table
        if pair is None or table is None:
            return
        seats = [(str(number), person) for number, person in enumerate(pair.people, 1) if person.name != COMPUTER]
        answers = [("p", f"This pair: {pair.who}"), *((key, each.alias or each.name) for key, each in seats)]
        answers.append(("a", "Everybody in the room"))

        def to_whom(answer: str | None) -> None:
            if answer is not None:
                to, named = next(
                    ((each.seat, each.alias or each.name) for key, each in seats if key == answer), (None, pair.who)
                )
                self._write(
                    table.pairs if answer == "a" else (pair,), to, "everybody in the room" if answer == "a" else named
                )

        self.app.push_screen(Whom("A message to whom?", answers), to_whom)

    def _write(self, pairs: Sequence[Pair], seat: str | None, who: str) -> None:
        note = "It stands in their story, or above their debrief, as a message from whoever runs the room, and changes nothing. No real people."

        def written(text: str | None) -> None:
            if text:
                self._do(pairs, lambda session: session.announce(text, seat), f"Said to {who}.")

        self.app.push_screen(WriteLine(f"Message to {who}", note, enter="says it"), written)

    def action_note(self) -> None:
        pair, reader = self.pair, self._reader
        if pair is None or reader is None:
            return
        note = "For you alone; nobody who plays sees it. It stands in the session's report only if you ask for it (--with-note)."

        def ask(text: str) -> None:
            self.app.push_screen(WriteLine(f"Note on {pair.who}", note, text, enter="keeps it"), written)

        def written(text: str | None) -> None:
            if text is not None:
                self._do((pair,), lambda session: session.write_note(text), "Your note is kept.")

        self.in_background(lambda: reader.session(pair.session).note, ask, group="open")

    def action_back(self) -> None:
        pair = self._playing()
        if pair is None:
            return
        if pair.proposed:
            self.app.push_screen(
                Ask("They are asked already. Take the question back?", (("y", "Take it back"), ("n", "Let it stand"))),
                lambda answer: self._take_back(pair) if answer == "y" else None,
            )
        else:
            self._offer_back(pair)

    def _take_back(self, pair: Pair) -> None:
        self._do((pair,), lambda session: session.propose(None), "They are asked no more.")

    def _offer_back(self, pair: Pair) -> None:
        from facilitator.room_back import points

        reader = self._reader
        assert reader is not None
        rated = pair.open
        self.in_background(
            lambda: points(reader.session(pair.session), turning=rated), partial(self._choose_point, pair), group="open"
        )

    def _choose_point(self, pair: Pair, points: tuple[Point, ...]) -> None:
        if not points:
            self._say("Nobody has decided anything yet.")
            return

        def chosen(point: Point | None) -> None:
            if point is not None:
                self._do((pair,), lambda session: session.propose(point.event), "They are asked on their screens.")

        self.app.push_screen(Back(points, pair.who), chosen)

    def action_rate(self) -> None:
        from facilitator.tui.opening import rate_by_hand

        if self.pair is not None:
            rate_by_hand(self, self.pair.session)

    def action_debrief(self) -> None:
        from facilitator.tui.opening import open_to_read

        if self.pair is not None:
            open_to_read(self, self.pair.session)

    def action_wall(self) -> None:
        """The room's debrief, once nobody plays any more; it shows how choices are weighed, so those who still react are a question."""
        table = self._table
        if table is None or not table.pairs:
            return
        playing = [pair for pair in table.pairs if pair.stage not in ("debrief", "done")]
        closed = [pair for pair in table.pairs if pair.phase is None]
        if playing:
            self._say(
                f"{_pairs(playing)} still playing; the room's debrief opens when all plays are over. E ends them."
            )
        elif closed:
            note = (
                f"{_pairs(closed)} not through with the first reactions, and the wall shows how choices were weighed. "
                "It counts as having seen the program's letters of all pairs."
            )
            asking = Ask("Show it to the room all the same?", (("y", "Show it"), ("n", "Wait")), note)
            self.app.push_screen(asking, lambda answer: self._open_wall() if answer == "y" else None)
        else:
            self._open_wall()

    def _open_wall(self) -> None:
        from facilitator.tui.room_debrief import RoomDebrief

        if self._reader is not None:
            self.app.push_screen(RoomDebrief(self._reader))


def _pairs(pairs: Sequence[Pair]) -> str:
    return "One pair is" if len(pairs) == 1 else f"{len(pairs)} pairs are"
