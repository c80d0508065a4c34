"""A seat as plain pages of HTML without any script, for screen readers and old devices: the same engine and the same events as the app.

No web server is in here: `TextSeat` makes a page of a ticket and the query of an address, and does what a form says. It remembers
nothing that would be lost with the process; any host on the same store can answer the next request.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING

from facilitator.host.text import acting, debriefing, quiet, saying, turn
from facilitator.host.text.frame import Asked, Page, Redirect, address
from facilitator.host.text.sight import has_acted, pauses, sight
from simulator.seated import Seated, Waiting

if TYPE_CHECKING:
    from simulator.seated import Seating

__all__ = ["Page", "Redirect", "TextSeat"]

READING = 180.0  # seconds for which somebody counts as there without asking for another page: a scene takes minutes to read aloud


class TextSeat:
    """Text-only seats of a process, by their tickets. Safe to call from several threads. Methods raise LogError, Unreadable, BadEvent.

    `support`: whom somebody here can talk to.
    """

    def __init__(self, seating: Seating, support: str = "", *, clock: Callable[[], float] = monotonic):
        self._seating, self._support, self._clock = seating, support, clock
        self._asked_at: dict[str, float] = {}  # ticket → when it last asked for a page
        self._locks = tuple(threading.Lock() for _ in range(16))  # one act at a time for each seat

    def page(self, secret: str, path: str = "") -> Page:
        """What the seat of a ticket shows. `path`: the address that was asked for, of which only the query counts."""
        asked = Asked.of(path)
        found = self._find(secret)
        if found is None:
            return Page(404, quiet.nowhere(self._support))
        if isinstance(found, Waiting):
            return Page(200, self._waiting(found, asked))
        return Page(200, self._seated(found, asked))

    def act(self, secret: str, form: Mapping[str, str]) -> Page | Redirect:
        """Do what a form says, once; then the browser has to get a page anew, so that looking again never does it twice."""
        found = self._find(secret)
        if found is None:
            return Page(404, quiet.nowhere(self._support))
        if isinstance(found, Waiting):
            pages = {"pause": "quiet", "out": "out"}
            return Redirect(
                address(secret, replace(acting.asked_by(form), page=pages.get(form.get("do", ""), "")).query())
            )
        with self._locks[hash(found.ticket.id) % len(self._locks)]:
            found.session.catch_up()
            then = acting.act(found.session, found.seat, form)
        return Redirect(address(secret, then.query(told=then.told)))

    def there(self) -> list[str]:
        """The tickets whose people have looked lately; for whoever tells the store who is there (`Store.heard_of`)."""
        now = self._clock()
        for ticket, at in list(self._asked_at.items()):
            if now - at > READING:
                self._asked_at.pop(ticket, None)
        return list(self._asked_at)

    def _find(self, secret: str) -> Seated | Waiting | None:
        found = self._seating.find(secret)
        if found is not None:
            self._asked_at[found.ticket.id] = self._clock()
            self._seating.store.heard_of([found.ticket.id])
        return found

    def _waiting(self, found: Waiting, asked: Asked) -> str:
        bundle = self._seating.bundle(found.room)
        if asked.page in ("quiet", "out"):
            out = asked.page == "out"
            return quiet.quiet(bundle.scenario.title, asked, self._support, "", out=out, may_leave=False)
        return quiet.waiting_room(bundle, found.others, asked, self._support)

    def _seated(self, found: Seated, asked: Asked) -> str:
        session, seat, support = found.session, found.seat, self._support
        title = session.bundle.scenario.title
        if seat not in session.human_seats:
            return quiet.left(title, support)
        if asked.page in ("quiet", "out"):
            out, playing = asked.page == "out", not session.over
            return quiet.quiet(title, asked, support, pauses(session), out=out, may_leave=playing)
        begun = found.ticket.began == session.id or has_acted(session, seat)
        if not session.over and (asked.page == "begin" or (asked.seen is None and not begun)):
            return quiet.door(session, seat, asked, support)
        now = sight(session, seat, self._seating.connected(session.id))
        if session.over:
            opened = session.concluded or session.has_finished("reactions", seat)
            if asked.page in ("debrief", "description", "analysis") or opened:
                return debriefing.debrief(session, seat, asked, support)
            return turn.ended(now, asked)
        if seat in now.look.asked_back:
            return turn.going_back(now, asked)
        if now.look.paused:
            return quiet.go_on(now, asked) if asked.page == "go-on" else turn.waiting(now, asked)
        if now.questions:
            return turn.asking(now, asked)
        if not now.my_turn:
            return turn.waiting(now, asked)
        return saying.saying(now, asked) if asked.page == "say" and now.view.sayable else turn.choosing(now, asked)
